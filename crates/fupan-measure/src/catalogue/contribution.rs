//! Which members moved an index, in points.
//!
//! An index moves as what its members are worth changes. A member's part of the move is its
//! contribution. What the contributions do not explain is published next to them. The members of the
//! SSE Composite follow from the rules, and it counts shares that the data do not hold
//! (`docs/decisions/0012-who-moved-the-index.md`); other indices have contributions where the data
//! hold published weights (`docs/decisions/0032-weights-carried-forward.md`). They are computed in
//! `evaluate/contribution.rs`, and what
//! industries did in `evaluate/group_points.rs`.

use fupan_fact::Unit;

use crate::measure::statistic::{Contribution, OfGroup};
use crate::measure::{Kind, Measure, Needs, Sql, Text, text};

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
    sql: Sql,
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
            sql,
        },
    }
}

/// What a member of an index did to it. The texts are the same for every index, as a page prints the
/// definition of a measure once.
macro_rules! of_member {
    ($code:literal, $needs:expr, $population:ident) => {
        Measure {
            needs: $needs,
            kind: Kind::Contribution {
                population: $population,
                contribution: Contribution::Member,
                sql: Sql::Value(concat!(
                    "max(CASE WHEN index_symbol = '",
                    $code,
                    "' THEN points END)"
                )),
            },
            ..of_members(
                concat!("index_contribution:", $code),
                text("对指数的贡献点数", "Contribution to the index"),
                text(
                    "指数前收盘点位乘以该股在指数中的权重与当日涨跌幅：上证指数以流通A股市值为权重，其余指数以最近一期\
                     权重表按股价推至前一交易日的权重；给出贡献最大与拖累最大的各十只，以及点名查询的股票",
                    "The index's previous close times the security's weight in it and its return. The weight \
                     is that of its tradable A-share capitalisation in the SSE Composite, and in other \
                     indices that of the last list of weights, carried by prices to the session before. \
                     Reported for the ten that lifted the index most, the ten that weighed on it most, and \
                     any that is asked for.",
                ),
                Unit::Points,
                Contribution::Member,
                Sql::Value(""),
            )
        }
    };
}

const BY_LIST: Needs = Needs::INDICES.and(Needs::WEIGHTS);

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
        Sql::Value("member_count"),
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
        Sql::Value("member_points"),
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
        Sql::Value("residual"),
    ),
    of_members(
        "index_group_points",
        text("行业对指数的贡献点数", "Points of an industry in an index"),
        text(
            "该行业成份股对指数的贡献点数合计，指标参数为指数；各行业与不属任何行业者之和等于成份股贡献点数合计，为此按\
             行业代码的次序累计后取整；同一名单列入多个行业的股票计入代码在前的一个",
            "The points of the index's members in the industry; the parameter is the index. Those of all \
             industries and of the members in none add up to the points of all members: sums are rounded \
             one upon another, in the order of the industries' codes. A share that a list names in \
             several industries counts in the first.",
        ),
        Unit::Points,
        Contribution::OfGroup(OfGroup::Points),
        Sql::Value("max(CASE WHEN index_symbol = ':parameter' THEN points END)"),
    ),
    of_members(
        "index_group_members",
        text("行业在指数中的成份股数", "Members of an index in an industry"),
        text(
            "该行业中计入指数且昨收价与权重已知的股票只数，指标参数为指数",
            "The index's members in the industry with a previous close and a known weight; the parameter \
             is the index.",
        ),
        Unit::Securities,
        Contribution::OfGroup(OfGroup::Members),
        Sql::Value("max(CASE WHEN index_symbol = ':parameter' THEN members END)"),
    ),
    of_members(
        "index_group_share",
        text("行业占指数涨跌点数的比例", "An industry's share of an index's change"),
        text(
            "该行业成份股的贡献点数除以指数涨跌点数，指标参数为指数；与指数方向相反者为负",
            "The points of the index's members in the industry over the index's change in points; the \
             parameter is the index. Negative if they moved the other way.",
        ),
        Unit::Share,
        Contribution::OfGroup(OfGroup::Share),
        Sql::Share(
            "max(CASE WHEN index_symbol = ':parameter' THEN points END)",
            "max(CASE WHEN index_symbol = ':parameter' THEN index_points END)",
        ),
    ),
    of_members(
        "index_ungrouped_points",
        text("不属任何行业的成份股贡献点数", "Points of members in no industry"),
        text(
            "不属于该分类任何行业的成份股对指数的贡献点数合计，指标参数为分类；取整使各行业与其之和等于成份股贡献点数合计",
            "The points of the index's members that are in no industry of the classification, which is \
             the parameter; rounded so that they and those of the industries add up to the points of all \
             members.",
        ),
        Unit::Points,
        Contribution::Ungrouped,
        Sql::Value(
            "CASE WHEN count(points) > 0 \
             THEN coalesce(max(CASE WHEN subject IS NULL THEN points END), 0) END",
        ),
    ),
    of_member!("000001.SH", Needs::INDICES.and(Needs::SHARES), OF_COMPOSITE),
    of_member!("000300.SH", BY_LIST, OF_LIST),
    of_member!("000905.SH", BY_LIST, OF_LIST),
    of_member!("000852.SH", BY_LIST, OF_LIST),
    of_member!("399001.SZ", BY_LIST, OF_LIST),
    of_member!("399006.SZ", BY_LIST, OF_LIST),
    of_member!("000688.SH", BY_LIST, OF_LIST),
    of_member!("000680.SH", BY_LIST, OF_LIST),
    of_member!("899050.BJ", BY_LIST, OF_LIST),
];
