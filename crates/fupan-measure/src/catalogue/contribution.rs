//! Which members moved an index, in points.
//!
//! An index moves as what its members are worth changes. A member's part of the move is its
//! contribution. What the contributions do not explain is published next to them. The members of the
//! SSE Composite follow from the rules, and it counts shares that the data do not hold
//! (`docs/decisions/0012-who-moved-the-index.md`); other indices have contributions where the data
//! hold published weights (`docs/decisions/0032-weights-carried-forward.md`). They are computed in
//! `evaluate/contribution.rs`.

use fupan_fact::Unit;

use crate::measure::statistic::Contribution;
use crate::measure::{Kind, Measure, Needs, Text, text};

const MEMBERS: Text = text(
    "上证指数：上交所A股中按当日规则计入者，停牌者在内；其余指数：最近一期权重表中的成份股",
    "of the SSE Composite, SSE A-shares counted in it under the rules of the date, including suspended \
     ones; of other indices, the members of the last list of weights",
);
const OF_COMPOSITE: Text = text(
    "上交所A股中按当日规则计入上证指数者，停牌者在内",
    "SSE A-shares counted in the SSE Composite under the rules of the date, including suspended \
     ones",
);
const OF_LIST: Text =
    text("该指数最近一期权重表中的成份股", "the members of the index's last list of weights");

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
        kind: Kind::Contribution {
            population: match contribution {
                Contribution::Member => OF_COMPOSITE,
                _ => MEMBERS,
            },
            contribution,
            column,
        },
    }
}

/// What a member of an index with published weights did to it. `$column` names the index.
macro_rules! of_member {
    ($code:literal, $zh:literal, $en:literal) => {
        Measure {
            needs: Needs::INDICES.and(Needs::WEIGHTS),
            kind: Kind::Contribution {
                population: OF_LIST,
                contribution: Contribution::Member,
                column: concat!("max(CASE WHEN index_symbol = '", $code, "' THEN points END)"),
            },
            ..of_members(
                concat!("index_contribution:", $code),
                text(concat!("对", $zh, "的贡献点数"), concat!("Contribution to the ", $en)),
                text(
                    concat!(
                        "指数前收盘点位乘以该股权重与当日涨跌幅之积，权重由最近一期权重表按股价推至前一交易日；\
                         给出贡献最大与拖累最大的各十只",
                    ),
                    concat!(
                        "The index's previous close times the security's weight times its return, with the \
                         weight carried by prices from the last list of weights to the session before; \
                         reported for the ten that lifted the ", $en, " most and the ten that weighed on \
                         it most.",
                    ),
                ),
                Unit::Points,
                Contribution::Member,
                "",
            )
        }
    };
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_members(
        "index_member_count",
        text("指数成份股数", "Index members"),
        text(
            "计入指数且昨收价与权重已知的股票只数：上证指数以流通股本为权重，其余指数为公布的权重",
            "Securities counted in the index, with a previous close and a known weight: tradable shares \
             for the SSE Composite, a published weight for others.",
        ),
        Unit::Securities,
        Contribution::Members,
        "member_count",
    ),
    of_members(
        "index_member_points",
        text("成份股贡献点数合计", "Points of all members"),
        text(
            "指数前收盘点位乘以全部成份股加权市值的变动率；权重已知者不足九成则不给出",
            "The index's previous close times the relative change in what its members are worth by \
             their weights; no value if weights are known for less than 90% of them.",
        ),
        Unit::Points,
        Contribution::Total,
        "member_points",
    ),
    of_members(
        "index_residual",
        text("成份股未能解释的点数", "Points not explained by members"),
        text(
            "指数涨跌点数减去成份股贡献点数合计：股本变动、除息、成份调整，上证指数另有限售股与B股的影响",
            "The index's change in points minus the points of all members: the effect of capital \
             changes, dividends and changes of members, and for the SSE Composite of locked shares and \
             B-shares.",
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
        "max(CASE WHEN index_symbol = '000001.SH' THEN points END)",
    ),
    of_member!("000300.SH", "沪深300", "CSI 300"),
    of_member!("000905.SH", "中证500", "CSI 500"),
    of_member!("000852.SH", "中证1000", "CSI 1000"),
    of_member!("399001.SZ", "深证成指", "SZSE Component"),
    of_member!("399006.SZ", "创业板指", "ChiNext index"),
    of_member!("000688.SH", "科创50", "STAR 50"),
    of_member!("000680.SH", "科创综指", "STAR Composite"),
    of_member!("899050.BJ", "北证50", "BSE 50"),
];
