//! The limit board: who stood at a limit, and how.

use fupan_fact::Unit;
use fupan_market::{Price, PriceLimit, SecurityDay, Touch, Traded};

use crate::measure::{Measure, Members, RestsOn, Sql, Text, text};
use crate::scope::Scopes;
use crate::shape::{Judged, Shape};

/// The population of counts at a limit.
pub(crate) const LIMITED: Text = text(
    "当日有成交且受涨跌幅限制的A股",
    "A-shares that traded in the session under a price limit",
);
const TRADED: Text = text("当日有成交的A股", "A-shares that traded in the session");

/// A day under a limit: its trading and its limit prices. Without a limit a day is outside the
/// population; with an undetermined one it cannot be judged.
fn limited(day: &SecurityDay) -> Judged<(Traded, Price, Price)> {
    match (day.traded, day.limit) {
        (None, _) | (_, PriceLimit::Unlimited(_)) => Judged::Outside,
        (Some(_), PriceLimit::Unknown(_)) => Judged::Unjudged,
        (Some(traded), PriceLimit::Limited { up, down }) => Judged::In((traded, up, down)),
    }
}

/// How a day under a limit stood against the limit-up price.
pub(crate) fn limit_up(day: &SecurityDay) -> Judged<Touch> {
    match limited(day) {
        Judged::In(_) => Judged::of(day.limit_up_touch()),
        Judged::Outside => Judged::Outside,
        Judged::Unjudged => Judged::Unjudged,
    }
}

/// How a day under a limit stood against the limit-down price.
pub(crate) fn limit_down(day: &SecurityDay) -> Judged<Touch> {
    match limited(day) {
        Judged::In(_) => Judged::of(day.limit_down_touch()),
        Judged::Outside => Judged::Outside,
        Judged::Unjudged => Judged::Unjudged,
    }
}

/// A count over the securities under a limit.
const fn limit_count(
    id: &'static str,
    label: Text,
    definition: Text,
    members: Members,
    shape: Shape,
    sql: &'static str,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        population: LIMITED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::LimitBoard,
        rests_on: RestsOn::Limits,
        members,
        shape,
        sql: Sql::Aggregate(sql),
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    limit_count(
        "limit_up_count",
        text("涨停家数", "Limit-ups"),
        text("最新价等于涨停价的股票只数", "Securities whose last price is their limit-up price."),
        Members::Listed,
        Shape::CountWhere(|day| limit_up(day).map(|touch| touch == Touch::Sealed)),
        "count(*) FILTER (WHERE close = limit_up)",
    ),
    limit_count(
        "limit_down_count",
        text("跌停家数", "Limit-downs"),
        text(
            "最新价等于跌停价的股票只数",
            "Securities whose last price is their limit-down price.",
        ),
        Members::Listed,
        Shape::CountWhere(|day| limit_down(day).map(|touch| touch == Touch::Sealed)),
        "count(*) FILTER (WHERE close = limit_down)",
    ),
    limit_count(
        "limit_up_broken_count",
        text("炸板家数", "Broken limit-ups"),
        text(
            "最高价触及涨停价而最新价低于涨停价的股票只数",
            "Securities whose high reached the limit-up price and whose last price is below it.",
        ),
        Members::Listed,
        Shape::CountWhere(|day| limit_up(day).map(|touch| touch == Touch::Broken)),
        "count(*) FILTER (WHERE high = limit_up AND close < limit_up)",
    ),
    limit_count(
        "limit_down_reopened_count",
        text("跌停打开家数", "Reopened limit-downs"),
        text(
            "最低价触及跌停价而最新价高于跌停价的股票只数",
            "Securities whose low reached the limit-down price and whose last price is above it.",
        ),
        Members::Counted,
        Shape::CountWhere(|day| limit_down(day).map(|touch| touch == Touch::Broken)),
        "count(*) FILTER (WHERE low = limit_down AND close > limit_down)",
    ),
    limit_count(
        "one_price_limit_up_count",
        text("一字涨停家数", "One-price limit-ups"),
        text(
            "开盘、最高、最低与最新价均等于涨停价的股票只数",
            "Securities whose open, high, low and last price all are the limit-up price.",
        ),
        Members::Counted,
        Shape::CountWhere(|day| {
            limited(day).map(|(t, up, _)| [t.open, t.high, t.low, t.last] == [up; 4])
        }),
        "count(*) FILTER (WHERE open = limit_up AND low = limit_up AND close = limit_up)",
    ),
    limit_count(
        "one_price_limit_down_count",
        text("一字跌停家数", "One-price limit-downs"),
        text(
            "开盘、最高、最低与最新价均等于跌停价的股票只数",
            "Securities whose open, high, low and last price all are the limit-down price.",
        ),
        Members::Counted,
        Shape::CountWhere(|day| {
            limited(day).map(|(t, _, down)| [t.open, t.high, t.low, t.last] == [down; 4])
        }),
        "count(*) FILTER (WHERE open = limit_down AND high = limit_down AND close = limit_down)",
    ),
    limit_count(
        "t_shaped_limit_up_count",
        text("T字涨停家数", "T-shaped limit-ups"),
        text(
            "以涨停价开盘并以涨停价收于最新价、盘中曾低于涨停价的股票只数",
            "Securities that opened at the limit-up price, traded below it and last stood at it.",
        ),
        Members::Counted,
        Shape::CountWhere(|day| {
            limited(day).map(|(t, up, _)| t.open == up && t.last == up && t.low < up)
        }),
        "count(*) FILTER (WHERE open = limit_up AND close = limit_up AND low < limit_up)",
    ),
    limit_count(
        "floor_to_ceiling_count",
        text("地天板家数", "Floor-to-ceiling days"),
        text(
            "最低价触及跌停价而最新价等于涨停价的股票只数",
            "Securities whose low was the limit-down price and whose last price is the limit-up \
             price.",
        ),
        Members::Counted,
        Shape::CountWhere(|day| limited(day).map(|(t, up, down)| t.low == down && t.last == up)),
        "count(*) FILTER (WHERE low = limit_down AND close = limit_up)",
    ),
    limit_count(
        "ceiling_to_floor_count",
        text("天地板家数", "Ceiling-to-floor days"),
        text(
            "最高价触及涨停价而最新价等于跌停价的股票只数",
            "Securities whose high was the limit-up price and whose last price is the limit-down \
             price.",
        ),
        Members::Counted,
        Shape::CountWhere(|day| limited(day).map(|(t, up, down)| t.high == up && t.last == down)),
        "count(*) FILTER (WHERE high = limit_up AND close = limit_down)",
    ),
    Measure {
        id: "seal_rate",
        label: text("封板率", "Seal rate"),
        definition: text(
            "涨停家数除以涨停与炸板家数之和",
            "Limit-ups over limit-ups plus broken limit-ups.",
        ),
        population: text(
            "当日最高价触及涨停价的A股",
            "A-shares whose high reached their limit-up price",
        ),
        unit: Unit::Share,
        version: 1,
        scopes: Scopes::LimitBoard,
        rests_on: RestsOn::Limits,
        members: Members::Counted,
        shape: Shape::ShareWhere(|day| match limit_up(day) {
            Judged::In(Touch::None) => Judged::Outside,
            other => other.map(|touch| touch == Touch::Sealed),
        }),
        sql: Sql::Aggregate(
            "count(*) FILTER (WHERE close = limit_up) AS part, \
             count(*) FILTER (WHERE high = limit_up) AS whole",
        ),
    },
    Measure {
        population: TRADED,
        ..limit_count(
            "limited_count",
            text("受涨跌幅限制家数", "Securities under a limit"),
            text(
                "当日有成交且受涨跌幅限制的股票只数",
                "Securities that traded under a price limit.",
            ),
            Members::Counted,
            Shape::CountWhere(|day| match limited(day) {
                Judged::Outside if day.traded.is_none() => Judged::Outside,
                Judged::Unjudged => Judged::Unjudged,
                other => Judged::In(matches!(other, Judged::In(_))),
            }),
            "count(*) FILTER (WHERE volume > 0 AND limit_kind = 'limited')",
        )
    },
    Measure {
        population: TRADED,
        ..limit_count(
            "unlimited_count",
            text("无涨跌幅限制家数", "Securities without a limit"),
            text(
                "当日有成交且按规则不设涨跌幅限制的股票只数，如上市初期与退市整理首日",
                "Securities that traded on a day the rules leave without a limit, such as the \
                 first days after listing.",
            ),
            Members::Counted,
            Shape::CountWhere(|day| match day.traded {
                None => Judged::Outside,
                Some(_) => match day.limit {
                    PriceLimit::Unknown(_) => Judged::Unjudged,
                    limit => Judged::In(matches!(limit, PriceLimit::Unlimited(_))),
                },
            }),
            "count(*) FILTER (WHERE volume > 0 AND limit_kind = 'unlimited')",
        )
    },
    Measure {
        population: TRADED,
        ..limit_count(
            "limit_undetermined_count",
            text("涨跌停价未定家数", "Securities with an undetermined limit"),
            text(
                "当日有成交而涨跌停价无法由数据确定、因而不计入涨跌停各项的股票只数",
                "Securities that traded and whose price limit the data does not determine; they \
                 are in no count at a limit.",
            ),
            Members::Listed,
            Shape::CountWhere(|day| match day.traded {
                None => Judged::Outside,
                Some(_) => Judged::In(matches!(day.limit, PriceLimit::Unknown(_))),
            }),
            "count(*) FILTER (WHERE volume > 0 AND limit_kind = 'unknown')",
        )
    },
];
