//! Which members moved the SSE Composite, in points.
//!
//! The index moves as its members' capitalisation changes. A member's part of the move is its
//! contribution. What the contributions do not explain is published next to them: the index counts
//! shares that the data do not hold (`docs/decisions/0012-who-moved-the-index.md`). They are
//! computed in `evaluate/contribution.rs`.

use fupan_fact::Unit;

use crate::measure::statistic::Contribution;
use crate::measure::{Kind, Measure, Needs, Text, text};

const MEMBERS: Text = text(
    "上交所A股中按当日规则计入上证指数者，停牌者在内",
    "SSE A-shares counted in the SSE Composite under the rules of the date, including suspended \
     ones",
);

const fn of_members(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    contribution: Contribution,
    column: &'static str,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 1,
        needs: Needs::INDICES.and(Needs::SHARES),
        kind: Kind::Contribution { population: MEMBERS, contribution, column },
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_members(
        "index_member_count",
        text("指数成份股数", "Index members"),
        text(
            "按当日规则计入指数、流通股本与昨收价已知的股票只数",
            "Securities counted in the index under the rules of the date, with a known number of \
             tradable shares and a previous close.",
        ),
        Unit::Securities,
        Contribution::Members,
        "member_count",
    ),
    of_members(
        "index_member_points",
        text("成份股贡献点数合计", "Points of all members"),
        text(
            "指数前收盘点位乘以全部成份股流通A股市值的变动率；股本已知者不足九成则不给出",
            "The index's previous close times the relative change in its members' tradable A-share \
             capitalisation; no value if share counts are known for less than 90% of them.",
        ),
        Unit::Points,
        Contribution::Total,
        "member_points",
    ),
    of_members(
        "index_residual",
        text("成份股未能解释的点数", "Points not explained by members"),
        text(
            "指数涨跌点数减去成份股贡献点数合计：限售股、B股、股本变动、除息与成份规则的出入",
            "The index's change in points minus the points of all members: the effect of locked \
             shares, B-shares, capital changes, dividends and differences in the membership rules.",
        ),
        Unit::Points,
        Contribution::Residual,
        "residual",
    ),
    of_members(
        "index_contribution:000001.SH",
        text("对上证指数的贡献点数", "Contribution to the SSE Composite"),
        text(
            "指数前收盘点位乘以该股流通A股市值的变动与全部成份股市值之比；给出贡献最大与拖累最大的各十只",
            "The index's previous close times the change in the security's tradable A-share \
                 capitalisation over the capitalisation of all members; reported for the ten that \
                 lifted the index most and the ten that weighed on it most.",
        ),
        Unit::Points,
        Contribution::Member,
        "points",
    ),
];
