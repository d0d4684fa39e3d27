//! The limit-up ladder: streaks, promotion, and how yesterday's limit-ups fared.

use fupan_fact::Unit;

use crate::catalogue::limit_board::LIMITED;
use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, Population, SharesMeasure, Sql, Text, text};
use crate::total::cell::{Mark, Sum};
use crate::total::segment::Scopes;

const COHORT: Text = text(
    "前一交易日涨停且当日有成交的A股",
    "A-shares sealed at their limit-up price in the previous session that traded in this one",
);
/// The previous session's limit-ups, for what becomes of their price.
const FOLLOWED: Population =
    Population::some(Mark::FollowKnown, Mark::FollowUnknown, COHORT).by_name(Mark::FollowByName);
/// The previous session's limit-ups, for whether they are sealed again.
const PROMOTED: Population = Population::some(Mark::PromotionKnown, Mark::PromotionUnknown, COHORT)
    .by_name(Mark::PromotionByName);
/// The previous session's limit-ups, whether or not they trade.
const SEALED_BEFORE: Population = Population::some(
    Mark::Cohort,
    Mark::CohortUnknown,
    text("前一交易日涨停的A股", "A-shares sealed at their limit-up price in the previous session"),
)
.by_name(Mark::CohortByName);
/// Securities under a limit whose streak is known if they are sealed.
const STREAKS: Population = Population::some(Mark::StreakKnown, Mark::StreakUnknown, LIMITED.text)
    .by_name(Mark::StreakByName);

/// A measure of the previous session's limit-ups.
const fn of_cohort(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    statistic: Statistic,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 3,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
            population: FOLLOWED,
            scopes: Scopes::AllA,
            members: Members::Counted,
            statistic,
            sql,
        }),
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "max_streak",
        label: text("连板高度", "Longest limit-up streak"),
        definition: text(
            "当日涨停股票中最多的连续涨停板数；无涨停记零，有涨停股票连板数不详则不给出",
            "The longest streak among the session's limit-ups; zero if there are none, no value if \
             the streak of any of them is unknown.",
        ),
        unit: Unit::Sessions,
        version: 3,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
            population: STREAKS,
            scopes: Scopes::LimitBoard,
            members: Members::Counted,
            statistic: Statistic::LongestStreak,
            sql: Sql::Value(
                "CASE WHEN count(*) FILTER (WHERE sealed AND streak IS NULL) = 0 \
             THEN coalesce(max(streak), 0) END",
            ),
        }),
    },
    Measure {
        id: "limit_up_ladder",
        label: text("连板梯队", "Limit-up ladder"),
        definition: text(
            "当日涨停且恰为相应连板数的股票只数；连板按个股自身交易日计，停牌不中断；有股票连板数\
             不详而可能在此板数则不给出",
            "Limit-ups of the session whose streak is exactly the rung; a streak counts the \
             security's own traded days, and a suspension does not end it. No value if a limit-up \
             of unknown streak may be on the rung.",
        ),
        unit: Unit::Securities,
        version: 3,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
            population: STREAKS,
            scopes: Scopes::LimitBoard,
            members: Members::Listed,
            statistic: Statistic::Ladder,
            sql: Sql::Value(
                "CASE WHEN count(*) FILTER (WHERE sealed AND streak IS NULL AND \
             streak_at_least <= :parameter) = 0 \
             THEN count(*) FILTER (WHERE streak > 0 AND streak = :parameter) END",
            ),
        }),
    },
    Measure {
        id: "limit_up_ladder_at_least",
        label: text("连板数不短于", "Limit-up ladder, lower bounds"),
        definition: text(
            "当日涨停、连板数不详而至少为相应板数的股票只数：此前的数据缺失，或涨跌停价不详",
            "Limit-ups of the session whose streak is not known exactly but is at least the rung: \
             earlier data are missing, or the price limit is not known.",
        ),
        unit: Unit::Securities,
        version: 2,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
            population: STREAKS,
            scopes: Scopes::LimitBoard,
            members: Members::Listed,
            statistic: Statistic::OpenLadder,
            sql: Sql::Value(
                "count(*) FILTER (WHERE sealed AND streak IS NULL AND streak_at_least = :parameter)",
            ),
        }),
    },
    of_cohort(
        "promotion_rate",
        text("晋级率", "Promotion rate"),
        text(
            "前一交易日处于相应连板数且当日有成交的股票中，当日再度涨停者的占比；all为全部涨停股，\
                 from-2为两板及以上，即通常所说的连板晋级率",
            "Of the securities sealed in the previous session with the given streak that \
                 traded in this one, the share that sealed again: `all` for every streak, `from-2` \
                 for two or more, the rate that desks quote.",
        ),
        Unit::Share,
        Statistic::Promotion,
        Sql::Share(
            "count(*) FILTER (WHERE sealed AND carried_at_least > 0 AND gap_sessions = 0 AND \
                 (':parameter' = 'all' OR ':parameter' = 'from-2' AND carried_at_least >= 2 OR \
                 carried_streak = TRY_CAST(':parameter' AS BIGINT)))",
            "CASE WHEN ':parameter' = 'all' OR count(*) FILTER (WHERE volume > 0 AND \
                 limit_kind <> 'unknown' AND carried_streak IS NULL AND gap_sessions = 0 AND \
                 carried_at_least BETWEEN 1 AND \
                 CASE ':parameter' WHEN 'from-2' THEN 1 \
                 ELSE TRY_CAST(':parameter' AS BIGINT) END) = 0 \
                 THEN count(*) FILTER (WHERE volume > 0 AND limit_kind <> 'unknown' AND \
                 carried_at_least > 0 AND gap_sessions = 0 AND (':parameter' = 'all' OR \
                 ':parameter' = 'from-2' AND carried_at_least >= 2 OR \
                 carried_streak = TRY_CAST(':parameter' AS BIGINT))) END",
        ),
    )
    .over(PROMOTED),
    of_cohort(
        "promotion_suspended:all",
        text("昨日涨停今日停牌家数", "Prior limit-ups suspended today"),
        text(
            "前一交易日涨停而当日没有成交的股票只数，不计入晋级率",
            "Securities sealed in the previous session that did not trade in this one; \
                 promotion rates do not count them.",
        ),
        Unit::Securities,
        Statistic::CountWhere(Mark::CohortSuspended),
        Sql::Value(
            "count(*) FILTER (WHERE volume = 0 AND carried_at_least > 0 AND gap_sessions = 0)",
        ),
    )
    .over(SEALED_BEFORE),
    Measure {
        id: "limit_up_resumed_count",
        label: text("停牌后续板家数", "Streaks resumed after a suspension"),
        definition: text(
            "当日涨停、前一交易日没有成交、而停牌前最后成交日亦涨停的股票只数：其连板不中断，但不计入\
             晋级率",
            "Limit-ups of the session that did not trade in the previous one and were sealed when \
             they last traded: their streaks go on, and promotion rates do not count them.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
            population: STREAKS,
            scopes: Scopes::AllA,
            members: Members::Listed,
            statistic: Statistic::CountWhere(Mark::Resumed),
            sql: Sql::Value(
                "count(*) FILTER (WHERE sealed AND carried_at_least > 0 AND gap_sessions > 0)",
            ),
        }),
    },
    of_cohort(
        "prior_limit_up_return",
        text("昨日涨停今日涨跌幅", "Return of prior limit-ups"),
        text(
            "前一交易日涨停股票当日涨跌幅的算术平均",
            "The mean return in this session of the previous session's limit-ups.",
        ),
        Unit::Ppb,
        Statistic::MeanOf(Sum::FollowReturn),
        Sql::Value(
            "CAST(round(avg(ret) FILTER (WHERE carried_at_least > 0 AND gap_sessions = 0)) AS BIGINT)",
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
        Statistic::MeanOf(Sum::FollowOpen),
        Sql::Value(
            "CAST(round(avg(open_ret) FILTER (WHERE carried_at_least > 0 AND gap_sessions = 0)) AS BIGINT)",
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
        Statistic::ShareWhere(Mark::FollowUp),
        Sql::Share(
            "count(*) FILTER (WHERE carried_at_least > 0 AND gap_sessions = 0 AND ret > 0)",
            "count(*) FILTER (WHERE carried_at_least > 0 AND gap_sessions = 0 AND ret IS NOT NULL)",
        ),
    ),
];
