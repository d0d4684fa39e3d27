//! The limit-up ladder: streaks, promotion, and how yesterday's limit-ups fared.

use fupan_fact::Unit;
use fupan_market::{PriceLimit, Return, SecurityDay, Touch};

use crate::breadth::day_return;
use crate::limit_board::{LIMITED, limit_up};
use crate::measure::{Measure, Members, RestsOn, Sql, Text, text};
use crate::scope::Scopes;
use crate::shape::{Judged, Shape};

/// The population of measures about the previous session's limit-ups.
const COHORT: Text = text(
    "前一交易日涨停且当日有成交的A股",
    "A-shares sealed at their limit-up price in the previous session that traded in this one",
);

/// The streak of a security sealed today; 0 for one that is not.
fn sealed_streak(day: &SecurityDay) -> Judged<u16> {
    match limit_up(day) {
        Judged::In(Touch::Sealed) => Judged::of(day.limit_up_streak()),
        other => other.map(|_| 0),
    }
}

/// The streak with which a security was sealed in the previous session, whether or not it trades
/// today. `Outside` where it was not sealed or did not trade then.
fn prior_streak(day: &SecurityDay) -> Judged<u16> {
    match day.carried {
        carried if carried.gap_sessions > 0 => Judged::Outside,
        carried => match carried.streak {
            Some(0) => Judged::Outside,
            streak => Judged::of(streak),
        },
    }
}

/// [`prior_streak`] of securities that trade today.
fn cohort(day: &SecurityDay) -> Judged<u16> {
    if day.traded.is_none() { Judged::Outside } else { prior_streak(day) }
}

/// The previous streak, and whether the security is sealed again. A day without a limit is not.
fn promotion(day: &SecurityDay) -> Judged<(u16, bool)> {
    match (cohort(day), day.limit) {
        (Judged::In(_), PriceLimit::Unknown(_)) => Judged::Unjudged,
        (cohort, _) => cohort.map(|streak| (streak, day.limit_up_touch() == Some(Touch::Sealed))),
    }
}

/// The day's return, of the previous session's limit-ups.
fn return_after(day: &SecurityDay) -> Judged<i64> {
    match cohort(day) {
        Judged::In(_) => day_return(day),
        Judged::Outside => Judged::Outside,
        Judged::Unjudged => Judged::Unjudged,
    }
}

/// The open over the previous close, of the previous session's limit-ups.
fn open_after(day: &SecurityDay) -> Judged<i64> {
    let open = day.prev_close.zip(day.traded);
    match cohort(day) {
        Judged::In(_) => Judged::of(
            open.and_then(|(prev, traded)| Return::between(prev, traded.open)).map(|r| r.0),
        ),
        Judged::Outside => Judged::Outside,
        Judged::Unjudged => Judged::Unjudged,
    }
}

/// A measure of the previous session's limit-ups.
const fn of_cohort(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    shape: Shape,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        population: COHORT,
        unit,
        version: 1,
        scopes: Scopes::AllA,
        rests_on: RestsOn::Limits,
        members: Members::Counted,
        shape,
        sql,
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "max_streak",
        label: text("连板高度", "Longest limit-up streak"),
        definition: text(
            "当日涨停股票中最多的连续涨停板数；无涨停记零",
            "The longest run of consecutive limit-ups among the session's limit-ups; zero where \
             there is none.",
        ),
        population: LIMITED,
        unit: Unit::Sessions,
        version: 1,
        scopes: Scopes::LimitBoard,
        rests_on: RestsOn::Limits,
        members: Members::Counted,
        shape: Shape::LargestOf(|day| sealed_streak(day).map(i64::from)),
        sql: Sql::Aggregate("coalesce(max(streak), 0)"),
    },
    Measure {
        id: "limit_up_ladder",
        label: text("连板梯队", "Limit-up ladder"),
        definition: text(
            "当日涨停且恰为相应连板数的股票只数；连板按个股自身交易日计，停牌不中断",
            "Limit-ups of the session whose streak is exactly the step; a streak runs over a \
             security's own traded days, and a suspension does not end it.",
        ),
        population: LIMITED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::LimitBoard,
        rests_on: RestsOn::Limits,
        members: Members::Listed,
        shape: Shape::CountPerStep(sealed_streak),
        sql: Sql::Aggregate(
            "count(*) FILTER (WHERE streak > 0 AND CAST(streak AS VARCHAR) = ':parameter')",
        ),
    },
    of_cohort(
        "promotion_rate",
        text("连板晋级率", "Promotion rate"),
        text(
            "前一交易日处于相应连板数且当日有成交的股票中，当日再度涨停者的占比",
            "Of the securities sealed in the previous session with the given streak that traded \
             in this one, the share that is sealed again.",
        ),
        Unit::Share,
        Shape::SharePerStep(promotion),
        Sql::Aggregate(
            "count(*) FILTER (WHERE carried_streak > 0 AND gap_sessions = 0 AND ':parameter' IN (CAST(carried_streak AS VARCHAR), 'all') AND sealed) AS part, \
count(*) FILTER (WHERE carried_streak > 0 AND gap_sessions = 0 AND volume > 0 AND ':parameter' IN (CAST(carried_streak AS VARCHAR), 'all') AND limit_kind <> 'unknown') AS whole",
        ),
    ),
    Measure {
        population: text(
            "前一交易日涨停的A股",
            "A-shares sealed at their limit-up price in the previous session",
        ),
        ..of_cohort(
            "promotion_suspended:all",
            text("昨日涨停今日停牌家数", "Prior limit-ups suspended today"),
            text(
                "前一交易日涨停而当日没有成交的股票只数，不计入晋级率",
                "Securities sealed in the previous session without any trade in this one; they \
                 are in no promotion rate.",
            ),
            Unit::Securities,
            Shape::CountWhere(|day| prior_streak(day).map(|_| day.traded.is_none())),
            Sql::Aggregate(
                "count(*) FILTER (WHERE volume = 0 AND carried_streak > 0 AND gap_sessions = 0)",
            ),
        )
    },
    of_cohort(
        "prior_limit_up_return",
        text("昨日涨停今日涨跌幅", "Return of prior limit-ups"),
        text(
            "前一交易日涨停股票当日涨跌幅的算术平均",
            "The mean return in this session of the previous session's limit-ups.",
        ),
        Unit::Ppb,
        Shape::MeanOf(return_after),
        Sql::Aggregate(
            "CAST(round(avg(ret) FILTER (WHERE carried_streak > 0 AND gap_sessions = 0)) AS BIGINT)",
        ),
    ),
    of_cohort(
        "prior_limit_up_open_premium",
        text("昨日涨停今日开盘溢价", "Opening premium of prior limit-ups"),
        text(
            "前一交易日涨停股票当日开盘价相对昨收价涨跌幅的算术平均",
            "The mean of open over previous close, minus one, of the previous session's limit-ups.",
        ),
        Unit::Ppb,
        Shape::MeanOf(open_after),
        Sql::Aggregate(
            "CAST(round(avg(open_ret) FILTER (WHERE carried_streak > 0 AND gap_sessions = 0)) AS BIGINT)",
        ),
    ),
    of_cohort(
        "prior_limit_up_positive_share",
        text("昨日涨停今日红盘率", "Positive share of prior limit-ups"),
        text(
            "前一交易日涨停股票中当日涨跌幅为正者的占比",
            "The share of the previous session's limit-ups whose return in this session is above \
             zero.",
        ),
        Unit::Share,
        Shape::ShareWhere(|day| return_after(day).map(|parts| parts > 0)),
        Sql::Aggregate(
            "count(*) FILTER (WHERE carried_streak > 0 AND gap_sessions = 0 AND ret > 0) AS part, \
count(*) FILTER (WHERE carried_streak > 0 AND gap_sessions = 0 AND ret IS NOT NULL) AS whole",
        ),
    ),
];
