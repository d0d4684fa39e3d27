//! The limit board: how many were at a limit, and how.

use fupan_fact::Unit;

use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, Population, SharesMeasure, Sql, Text, text};
use crate::total::cell::Mark;
use crate::total::segment::Scopes;

/// The population of counts at a limit.
pub(crate) const LIMITED: Population = Population::some(
    Mark::Limited,
    Mark::LimitUnknown,
    text(
        "当日有成交且受涨跌幅限制的A股",
        "A-shares that traded in the session under a price limit",
    ),
)
.by_name(Mark::LimitedByName);
const TOUCHED: Population = Population::some(
    Mark::TouchedUp,
    Mark::LimitUnknown,
    text("当日最高价触及涨停价的A股", "A-shares whose high reached their limit-up price"),
)
.by_name(Mark::TouchedByName);
const TRADED: Population = crate::catalogue::breadth::TRADED.by_name(Mark::TradedByName);
const LIMIT_KNOWN: Population =
    Population { judged: Mark::LimitKnown, unjudged: Some(Mark::LimitUnknown), ..TRADED };

/// A count over the securities under a limit.
const fn limit_count(
    id: &'static str,
    label: Text,
    definition: Text,
    members: Members,
    statistic: Statistic,
    sql: &'static str,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit: Unit::Securities,
        version: 2,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
            population: LIMITED,
            scopes: Scopes::LimitBoard,
            members,
            statistic,
            sql: Sql::Value(sql),
        }),
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    limit_count(
        "limit_up_count",
        text("涨停家数", "Limit-ups"),
        text("最新价等于涨停价的股票只数", "Securities whose last price is their limit-up price."),
        Members::Listed,
        Statistic::CountWhere(Mark::SealedUp),
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
        Statistic::CountWhere(Mark::SealedDown),
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
        Statistic::CountWhere(Mark::BrokenUp),
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
        Statistic::CountWhere(Mark::ReopenedDown),
        "count(*) FILTER (WHERE low = limit_down AND close > limit_down)",
    ),
    limit_count(
        "one_price_limit_up_count",
        text("一字涨停家数", "One-price limit-ups"),
        text(
            "开盘、最高、最低与最新价均等于涨停价的股票只数",
            "Securities whose open, high, low and last price are all the limit-up price.",
        ),
        Members::Counted,
        Statistic::CountWhere(Mark::OnePriceUp),
        "count(*) FILTER (WHERE open = limit_up AND low = limit_up AND close = limit_up)",
    ),
    limit_count(
        "one_price_limit_down_count",
        text("一字跌停家数", "One-price limit-downs"),
        text(
            "开盘、最高、最低与最新价均等于跌停价的股票只数",
            "Securities whose open, high, low and last price are all the limit-down price.",
        ),
        Members::Counted,
        Statistic::CountWhere(Mark::OnePriceDown),
        "count(*) FILTER (WHERE open = limit_down AND high = limit_down AND close = limit_down)",
    ),
    limit_count(
        "t_shaped_limit_up_count",
        text("T字涨停家数", "T-shaped limit-ups"),
        text(
            "以涨停价开盘并以涨停价收于最新价、盘中曾低于涨停价的股票只数",
            "Securities that opened at the limit-up price, traded below it and last traded at it.",
        ),
        Members::Counted,
        Statistic::CountWhere(Mark::TShaped),
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
        Statistic::CountWhere(Mark::FloorToCeiling),
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
        Statistic::CountWhere(Mark::CeilingToFloor),
        "count(*) FILTER (WHERE high = limit_up AND close = limit_down)",
    ),
    Measure {
        id: "seal_rate",
        label: text("封板率", "Seal rate"),
        definition: text(
            "涨停家数除以涨停与炸板家数之和",
            "Limit-ups over limit-ups plus broken limit-ups.",
        ),
        unit: Unit::Share,
        version: 2,
        needs: Needs::LIMITS,
        kind: Kind::Shares(SharesMeasure {
population: TOUCHED,
scopes: Scopes::LimitBoard,
members: Members::Counted,
statistic: Statistic::ShareWhere(Mark::SealedUp),
sql: Sql::Share(
            "count(*) FILTER (WHERE close = limit_up)",
            "count(*) FILTER (WHERE close = limit_up OR high = limit_up)",
        ),
}),
    },
    limit_count(
            "limited_count",
            text("受涨跌幅限制家数", "Securities under a limit"),
            text(
                "当日有成交且受涨跌幅限制的股票只数",
                "Securities that traded under a price limit.",
            ),
            Members::Counted,
            Statistic::CountWhere(Mark::Limited),
            "count(*) FILTER (WHERE volume > 0 AND limit_kind = 'limited')",
    )
    .over(LIMIT_KNOWN),
    limit_count(
            "unlimited_count",
            text("无涨跌幅限制家数", "Securities without a limit"),
            text(
                "当日有成交且按规则不设涨跌幅限制的股票只数，如上市初期与退市整理首日",
                "Securities that traded without a price limit under the rules, such as in the \
                 first days after listing or on the first day of the delisting period.",
            ),
            Members::Listed,
            Statistic::CountWhere(Mark::Unlimited),
            "count(*) FILTER (WHERE volume > 0 AND limit_kind = 'unlimited')",
    )
    .over(LIMIT_KNOWN),
    Measure {
        version: 3,
        ..limit_count(
            "limit_undetermined_count",
            text("涨跌停价未定家数", "Securities with an undetermined limit"),
            text(
                "当日有成交而涨跌停价无法由数据确定、因而不计入涨跌停各项的股票只数；价格超出其可能的\
                 任何涨跌停价的，也在其中",
                "Securities that traded but whose price limit the data do not determine, or whose \
                 prices are outside every limit they could have; limit-board counts leave them \
                 out.",
            ),
            Members::Listed,
            Statistic::CountWhere(Mark::LimitUnknown),
            "count(*) FILTER (WHERE volume > 0 AND limit_kind = 'unknown')",
        )
        .over(TRADED)
    },
];
