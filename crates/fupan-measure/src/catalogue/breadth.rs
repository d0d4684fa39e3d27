//! Breadth: how many rose and fell.

use fupan_fact::Unit;

use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, Population, SharesMeasure, Sql, text};
use crate::session::held::are_many;
use crate::total::arithmetic::div_half_away;
use crate::total::cell::{Mark, Sum};
use crate::total::segment::Scopes;
use crate::total::value::{of_unit, unknown};

/// The population of most measures.
pub(crate) const PRICED: Population = Population::some(
    Mark::Priced,
    Mark::Unpriced,
    text(
        "当日有成交且有昨收价的A股",
        "A-shares that traded in the session and have a previous close",
    ),
);
const MOVED: Population = Population::some(
    Mark::Moved,
    Mark::Unpriced,
    text("上涨与下跌的A股，平盘不计入", "A-shares that advanced or declined"),
);
/// Those that traded.
pub(crate) const TRADED: Population =
    Population::all(Mark::Traded, text("当日有成交的A股", "A-shares that traded in the session"));
const LISTED: Population = Population::all(
    Mark::Listed,
    text(
        "当日在册的A股：有成交，或停牌但近期在册",
        "A-shares listed in the session: those that traded, and suspended ones with rows in recent \
         sessions",
    ),
);

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "advances",
        label: text("上涨家数", "Advances"),
        definition: text(
            "最新价高于昨收价的股票只数",
            "Securities whose last price is above their previous close.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: PRICED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::CountWhere(Mark::Up),
            sql: Sql::Value("count(*) FILTER (WHERE close > prev_close)"),
        }),
    },
    Measure {
        id: "declines",
        label: text("下跌家数", "Declines"),
        definition: text(
            "最新价低于昨收价的股票只数",
            "Securities whose last price is below their previous close.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: PRICED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::CountWhere(Mark::Down),
            sql: Sql::Value("count(*) FILTER (WHERE close < prev_close)"),
        }),
    },
    Measure {
        id: "unchanged",
        label: text("平盘家数", "Unchanged"),
        definition: text(
            "最新价等于昨收价的股票只数，停牌不计入",
            "Securities that traded and whose last price equals their previous close.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: PRICED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::CountWhere(Mark::Flat),
            sql: Sql::Value("count(*) FILTER (WHERE close = prev_close)"),
        }),
    },
    Measure {
        id: "advance_share",
        label: text("上涨占比", "Advance share"),
        definition: text("上涨家数除以上涨与下跌家数之和", "Advances over advances plus declines."),
        unit: Unit::Share,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: MOVED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::ShareWhere(Mark::Up),
            sql: Sql::Share(
                "count(*) FILTER (WHERE close > prev_close)",
                "count(*) FILTER (WHERE close <> prev_close)",
            ),
        }),
    },
    Measure {
        id: "traded",
        label: text("成交家数", "Traded securities"),
        definition: text(
            "当日成交量大于零的股票只数",
            "Securities with a volume above zero in the session.",
        ),
        unit: Unit::Securities,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: LISTED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::CountWhere(Mark::Traded),
            sql: Sql::Value("count(*) FILTER (WHERE volume > 0)"),
        }),
    },
    Measure {
        id: "suspended",
        label: text("停牌家数", "Suspended securities"),
        definition: text(
            "当日在册而全天没有成交的股票只数；前一交易日有成交而当日没有数据的过多，则不给出",
            "Listed securities without a trade in the session; no value if too many that traded in \
             the previous session have no row, which points to missing data rather than \
             suspensions.",
        ),
        unit: Unit::Securities,
        version: 2,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: LISTED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::Formula(|totals| {
                let (absent, listed) = (totals.count(Mark::Absent), totals.count(Mark::Listed));
                match are_many(absent, listed - absent) {
                    true => unknown("session_partial"),
                    false => of_unit(Unit::Securities, totals.count(Mark::Suspended).into()),
                }
            }),
            sql: Sql::Value(
                "CASE WHEN count(*) FILTER (WHERE absent) < 3 OR \
             count(*) FILTER (WHERE absent) * 50 <= count(*) \
             THEN count(*) FILTER (WHERE volume = 0) END",
            ),
        }),
    },
    Measure {
        id: "unjudged_count",
        label: text("缺昨收价家数", "Securities without a previous close"),
        definition: text(
            "当日有成交但没有昨收价、因而不计入涨跌的股票只数；数据未给出昨收价，而当日价格超出以\
             上一收盘价计算的任何涨跌停价的，也在其中",
            "Securities that traded but have no previous close, and so count neither as advances \
             nor as declines; they include those without a reported previous close whose prices \
             are outside every limit computed from the last traded close.",
        ),
        unit: Unit::Securities,
        version: 2,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: TRADED,
            scopes: Scopes::Market,
            members: Members::Listed,
            statistic: Statistic::CountWhere(Mark::Unpriced),
            sql: Sql::Value("count(*) FILTER (WHERE volume > 0 AND prev_close IS NULL)"),
        }),
    },
    Measure {
        id: "up_volume_share",
        label: text("上涨股成交量占比", "Up-volume share"),
        definition: text(
            "上涨股票的成交股数除以上涨与下跌股票的成交股数之和",
            "The share volume of advancing securities over that of advancing and declining ones.",
        ),
        unit: Unit::Share,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: MOVED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::ShareOf(Sum::VolumeUp, Sum::VolumeDown),
            sql: Sql::Share(
                "sum(CASE WHEN close > prev_close THEN volume ELSE 0 END)",
                "sum(CASE WHEN close <> prev_close THEN volume ELSE 0 END)",
            ),
        }),
    },
    Measure {
        id: "trin",
        label: text("阿姆氏指标", "Arms index (TRIN)"),
        definition: text(
            "上涨与下跌家数之比，除以上涨与下跌股票成交股数之比；小于一表示量能偏向上涨股",
            "The ratio of advances to declines, divided by the ratio of their share volumes; below \
             one, volume favours advancing securities.",
        ),
        unit: Unit::Ppm,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: MOVED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::Formula(|totals| {
                let count = |mark| i128::from(totals.count(mark));
                let (advances, declines) = (count(Mark::Up), count(Mark::Down));
                let (up, down) = (totals.sum(Sum::VolumeUp), totals.sum(Sum::VolumeDown));
                match div_half_away(advances * down * 1_000_000, declines * up) {
                    Some(ppm) => of_unit(Unit::Ppm, ppm),
                    None if declines == 0 => unknown("no_declines"),
                    None => unknown("no_advances"),
                }
            }),
            sql: Sql::Value(
                "CAST(round(count(*) FILTER (WHERE close > prev_close) * 1e6 \
             * sum(CASE WHEN close < prev_close THEN volume END) \
             / nullif(count(*) FILTER (WHERE close < prev_close) * 1e0 \
               * sum(CASE WHEN close > prev_close THEN volume END), 0)) AS BIGINT)",
            ),
        }),
    },
];
