//! Breadth: how many rose and fell.

use fupan_fact::Unit;
use fupan_market::{PrevCloseBasis, SecurityDay};

use crate::measure::{Measure, Members, RestsOn, Sql, Text, text};
use crate::scope::Scopes;
use crate::shape::{Judged, Shape, of_unit, unknown};

/// The population of most measures.
pub(crate) const TRADED: Text = text(
    "当日有成交且有昨收价的A股",
    "A-shares that traded in the session and have a previous close",
);
const WITH_TRADE: Text = text("当日有成交的A股", "A-shares that traded in the session");
const LISTED: Text = text(
    "当日在册的A股：有成交，或停牌但近期在册",
    "A-shares listed in the session: traded, or suspended with a row in the sessions before",
);

/// The day's return in parts per billion, of securities that traded.
pub(crate) fn day_return(day: &SecurityDay) -> Judged<i64> {
    match day.traded {
        None => Judged::Outside,
        Some(_) => Judged::of(day.day_return().map(|r| r.0)),
    }
}

/// The change of the price in its own units: the sign of the return without a division.
pub(crate) fn change(day: &SecurityDay) -> Judged<i64> {
    let Some(traded) = day.traded else { return Judged::Outside };
    let prev_close = day.prev_close.filter(|price| price.units() > 0);
    Judged::of(prev_close.map(|prev_close| traded.last.units() - prev_close.units()))
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "advances",
        label: text("上涨家数", "Advances"),
        definition: text(
            "最新价高于昨收价的股票只数",
            "Securities whose last price is above their previous close.",
        ),
        population: TRADED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::CountWhere(|day| change(day).map(|change| change > 0)),
        sql: Sql::Aggregate("count(*) FILTER (WHERE close > prev_close)"),
    },
    Measure {
        id: "declines",
        label: text("下跌家数", "Declines"),
        definition: text(
            "最新价低于昨收价的股票只数",
            "Securities whose last price is below their previous close.",
        ),
        population: TRADED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::CountWhere(|day| change(day).map(|change| change < 0)),
        sql: Sql::Aggregate("count(*) FILTER (WHERE close < prev_close)"),
    },
    Measure {
        id: "unchanged",
        label: text("平盘家数", "Unchanged"),
        definition: text(
            "最新价等于昨收价的股票只数，停牌不计入",
            "Securities that traded and whose last price equals their previous close.",
        ),
        population: TRADED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::CountWhere(|day| change(day).map(|change| change == 0)),
        sql: Sql::Aggregate("count(*) FILTER (WHERE close = prev_close)"),
    },
    Measure {
        id: "advance_share",
        label: text("上涨占比", "Advance share"),
        definition: text("上涨家数除以上涨与下跌家数之和", "Advances over advances plus declines."),
        population: text("上涨与下跌的A股，平盘不计入", "A-shares that advanced or declined"),
        unit: Unit::Share,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::ShareWhere(|day| match change(day) {
            Judged::In(0) => Judged::Outside,
            other => other.map(|change| change > 0),
        }),
        sql: Sql::Aggregate(
            "count(*) FILTER (WHERE close > prev_close) AS part, \
             count(*) FILTER (WHERE close <> prev_close) AS whole",
        ),
    },
    Measure {
        id: "traded",
        label: text("成交家数", "Traded securities"),
        definition: text(
            "当日成交量大于零的股票只数",
            "Securities with a volume above zero in the session.",
        ),
        population: LISTED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::CountWhere(|day| Judged::In(day.traded.is_some())),
        sql: Sql::Aggregate("count(*) FILTER (WHERE volume > 0)"),
    },
    Measure {
        id: "suspended",
        label: text("停牌家数", "Suspended securities"),
        definition: text(
            "当日在册而全天没有成交的股票只数",
            "Listed securities without any trade in the session.",
        ),
        population: LISTED,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::CountWhere(|day| Judged::In(day.traded.is_none())),
        sql: Sql::Aggregate("count(*) FILTER (WHERE volume = 0)"),
    },
    Measure {
        id: "unjudged_count",
        label: text("缺昨收价家数", "Securities without a previous close"),
        definition: text(
            "当日有成交但数据中没有昨收价、因而不计入涨跌的股票只数",
            "Securities that traded but have no previous close in the data, and so are neither \
             advances nor declines.",
        ),
        population: WITH_TRADE,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Listed,
        shape: Shape::CountWhere(|day| match change(day) {
            Judged::Outside => Judged::Outside,
            other => Judged::In(other == Judged::Unjudged),
        }),
        sql: Sql::Aggregate("count(*) FILTER (WHERE volume > 0 AND prev_close IS NULL)"),
    },
    Measure {
        id: "up_volume_share",
        label: text("上涨股成交量占比", "Up-volume share"),
        definition: text(
            "上涨股票的成交股数除以上涨与下跌股票的成交股数之和",
            "Shares traded in advancing securities over those traded in advancing and declining \
             ones.",
        ),
        population: text("上涨与下跌的A股，平盘不计入", "A-shares that advanced or declined"),
        unit: Unit::Share,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::ShareOf(|day| match arms(day) {
            Judged::In([0, 0, _, _]) => Judged::Outside,
            other => other.map(|[_, _, up, down]| [up as i64, (up + down) as i64]),
        }),
        sql: Sql::Aggregate(
            "sum(CASE WHEN close > prev_close THEN volume ELSE 0 END) AS part, \
             sum(CASE WHEN close <> prev_close THEN volume ELSE 0 END) AS whole",
        ),
    },
    Measure {
        id: "trin",
        label: text("阿姆斯指数", "Arms index (TRIN)"),
        definition: text(
            "上涨与下跌家数之比，除以上涨与下跌股票成交股数之比；小于一表示量能偏向上涨股",
            "The ratio of advances to declines over the ratio of their volumes in shares; below \
             one, volume leans to the advances.",
        ),
        population: text("上涨与下跌的A股，平盘不计入", "A-shares that advanced or declined"),
        unit: Unit::Ppm,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape: Shape::Formula(
            |day| match arms(day) {
                Judged::In([0, 0, _, _]) => Judged::Outside,
                other => other,
            },
            |sums| {
                let [advances, declines, up, down] = sums.of;
                let ratio =
                    crate::arithmetic::div_half_away(advances * down * 1_000_000, declines * up);
                match ratio {
                    Some(ppm) => of_unit(Unit::Ppm, ppm),
                    None if declines == 0 => unknown("no_declines"),
                    None => unknown("no_advances"),
                }
            },
        ),
        sql: Sql::Aggregate(
            "CAST(round(count(*) FILTER (WHERE close > prev_close) * 1e6 \
             * sum(CASE WHEN close < prev_close THEN volume END) \
             / nullif(count(*) FILTER (WHERE close < prev_close) * 1e0 \
               * sum(CASE WHEN close > prev_close THEN volume END), 0)) AS BIGINT)",
        ),
    },
];

/// Advance, decline, and the volume of either.
fn arms(day: &SecurityDay) -> Judged<[i128; 4]> {
    let volume = day.traded.map_or(0, |traded| i128::from(traded.volume));
    change(day).map(|change| match change.signum() {
        1 => [1, 0, volume, 0],
        -1 => [0, 1, 0, volume],
        _ => [0; 4],
    })
}

/// Whether a day's return rests on a previous close taken from the last traded close.
pub(crate) fn derived_prev_close(day: &SecurityDay) -> bool {
    day.traded.is_some()
        && day.prev_close.is_some()
        && day.prev_close_basis == PrevCloseBasis::Derived
}
