//! What groups of shares did over the last sessions, and how their order changed.
//!
//! These figures exist in a review only: they rest on what each group's members of *that* day
//! returned in each of the last sessions (`docs/decisions/0031-rotation.md`). They are computed in
//! `evaluate/rotation.rs`.

use fupan_fact::Unit;

use crate::measure::{Kind, Measure, Needs, Rotation, Sql, Text, text};

/// The most sessions that a figure looks back on, the session itself included.
pub(crate) const SESSIONS: usize = 20;

/// The sessions of a percentile, the session itself included.
pub(crate) const PERCENTILE_SESSIONS: usize = 250;

/// Fewest themes over which figures of their order say anything.
pub(crate) const GROUPS_MIN: usize = 10;

/// Earlier sessions whose mean returns of groups a review reports.
pub(crate) const PAST_SESSIONS: usize = 9;

const MEMBERS: Text =
    text("各交易日当日名单中有成交的成份股", "in each session the members of its day that traded");
const PEERS: Text = text(
    "当日复盘所列的题材（成份大体相同者只计成份最多的一个），或同一分类的行业",
    "the themes that the review shows, of those that share most members only the largest; or the \
     industries of the classification",
);
const THEMES: Text = text(
    "当日复盘所列的题材，成份大体相同者只计成份最多的一个",
    "the themes that the review shows, of those that share most members only the largest",
);

const fn measure(
    id: &'static str,
    label: Text,
    definition: Text,
    (unit, population): (Unit, Text),
    rotation: Rotation,
    column: &'static str,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Rotation { population, rotation, sql: Sql::Value(column) },
    }
}

const OWN_PAST: Text = text(
    "该分组近二百五十个交易日，各日按当日成份",
    "the group's own last 250 sessions, each with the members of its day",
);
const TWO_DAYS: Text = text(
    "该分组当日与前一交易日，各日按当日成份",
    "the group in the session and in the one before, each with the members of its day",
);

/// How high a group's figure stands in its own past.
const fn percentile(
    id: &'static str,
    label: Text,
    definition: Text,
    needs: Needs,
    rotation: Rotation,
    sql: Sql,
) -> Measure {
    let kind = Kind::Rotation { population: OWN_PAST, rotation, sql };
    Measure { id, label, definition, unit: Unit::Share, version: 1, needs, kind }
}

/// The mean return of a group over several sessions.
macro_rules! group_return {
    ($id:literal, $sessions:literal, $zh:literal, $column:literal) => {
        measure(
            $id,
            text(
                concat!("分组近", $zh, "日涨跌幅"),
                concat!("Group return over ", $sessions, " sessions"),
            ),
            text(
                concat!(
                    "含当日在内近",
                    $zh,
                    "个交易日等权平均涨跌幅的连乘：以1起算，每日加上前一日之值与当日涨跌幅之积，",
                    "四舍五入（远离零）到十亿分之一，末值减1；每日按当日成份计算，任一日无值则不给出"
                ),
                concat!(
                    "The equal-weight returns of the last ",
                    $sessions,
                    " sessions, this one included, one upon another: from 1, each session adds the \
                     value before it times the session's return, rounded half away from zero to a \
                     part per billion, and 1 is taken off the last; each session counts its own \
                     members, and without a mean of each session there is no value."
                ),
            ),
            (Unit::Ppb, MEMBERS),
            Rotation::Return($sessions),
            $column,
        )
    };
}

/// The place of a group by its return over several sessions.
macro_rules! place {
    ($id:literal, $sessions:literal, $zh:literal, $en:literal, $column:literal) => {
        measure(
            $id,
            text(concat!($zh, "涨跌幅名次"), concat!("Place by return over ", $en)),
            text(
                concat!("按", $zh, "涨跌幅在题材（或行业）中的名次，由高到低，相同者名次并列"),
                concat!(
                    "The place among the themes, or among the industries, by return over ",
                    $en,
                    ", highest first; equal ones share the better place."
                ),
            ),
            (Unit::Rank, PEERS),
            Rotation::Place($sessions),
            $column,
        )
    };
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    group_return!("group_return_5", 5, "五", "return_5"),
    group_return!("group_return_20", 20, "二十", "return_20"),
    place!("theme_rank_1", 1, "当日", "the session", "place_1"),
    place!("theme_rank_5", 5, "近五日", "5 sessions", "place_5"),
    place!("theme_rank_20", 20, "近二十日", "20 sessions", "place_20"),
    measure(
        "top_tenth_20",
        text("二十日内居前一成日数", "Sessions in the best tenth of 20"),
        text(
            "含当日在内近二十个交易日中，当日等权平均涨跌幅的名次在前一成（向上取整）以内的日数；\
             分组不足十个则不给出",
            "In how many of the last 20 sessions, this one included, its equal-weight return was \
             among the highest tenth, rounded up; no value among fewer than ten groups.",
        ),
        (Unit::Sessions, PEERS),
        Rotation::TopTenth,
        "top_tenth",
    ),
    percentile(
        "group_return_percentile_250",
        text("分组涨跌幅百分位", "Percentile of a group's return"),
        text(
            "近二百五十个交易日（含当日）中该分组等权平均涨跌幅不高于当日值的交易日占比，\
             各日按当日成份；已知者不足八成则不给出；须先补算",
            "The share of the last 250 sessions, this one included, in which the group's \
             equal-weight return was no higher, each with the members of its day; no value if it \
             is known in less than 80% of them. It needs a backfill.",
        ),
        Needs::PRICES,
        Rotation::ReturnPercentile,
        Sql::Share("own_return_part", "own_return_whole"),
    ),
    percentile(
        "turnover_share_percentile_250",
        text("分组成交额占比百分位", "Percentile of a group's turnover share"),
        text(
            "近二百五十个交易日（含当日）中该分组成交额占全部A股的比重不高于当日值的交易日占比，\
             各日按当日成份；已知者不足八成则不给出；须先补算",
            "The share of the last 250 sessions, this one included, in which the group's share of \
             the turnover of all A-shares was no higher, each with the members of its day; no \
             value if it is known in less than 80% of them. It needs a backfill.",
        ),
        Needs::TURNOVER,
        Rotation::SharePercentile,
        Sql::Share("own_share_part", "own_share_whole"),
    ),
    Measure {
        needs: Needs::TURNOVER,
        ..measure(
            "turnover_share_change",
            text("分组成交额占比变动", "Change of a group's turnover share"),
            text(
                "该分组成交额占全部A股的比重减前一交易日的比重，各按当日成份，\
                 两数先分别四舍五入（远离零）到百万分之一；须先补算",
                "The group's share of the turnover of all A-shares less that of the session \
                 before, each with the members of its day and rounded half away from zero to a \
                 part per million before. It needs a backfill.",
            ),
            (Unit::Ppm, TWO_DAYS),
            Rotation::ShareChange,
            "own_share_change",
        )
    },
    measure(
        "theme_dispersion",
        text("题材涨跌幅离散度", "Dispersion of themes"),
        text(
            "各题材等权平均涨跌幅的总体标准差；题材不足十个则不给出",
            "The population standard deviation of the themes' equal-weight returns; no value with \
             fewer than ten themes.",
        ),
        (Unit::Ppb, THEMES),
        Rotation::Dispersion,
        "dispersion",
    ),
    measure(
        "theme_rotation_1",
        text("题材与前一日的秩相关", "Rank correlation of themes with the session before"),
        text(
            "各题材当日与前一交易日等权平均涨跌幅的斯皮尔曼秩相关系数，相同者取平均秩，\
             四舍五入（远离零）到百万分之一；两日均有值的题材不足十个则不给出",
            "Spearman's rank correlation of the themes' equal-weight returns with those of the \
             session before; equal ones take the mean of their ranks; rounded half away from zero \
             to a part per million; no value with fewer than ten themes known in both.",
        ),
        (Unit::Ppm, THEMES),
        Rotation::Correlation(1),
        "rotation_1",
    ),
    measure(
        "theme_rotation_5",
        text("题材与五日前的秩相关", "Rank correlation of themes with five sessions before"),
        text(
            "各题材当日与五个交易日前等权平均涨跌幅的斯皮尔曼秩相关系数，相同者取平均秩，\
             四舍五入（远离零）到百万分之一；两日均有值的题材不足十个则不给出",
            "Spearman's rank correlation of the themes' equal-weight returns with those of five \
             sessions before; equal ones take the mean of their ranks; rounded half away from zero \
             to a part per million; no value with fewer than ten themes known in both.",
        ),
        (Unit::Ppm, THEMES),
        Rotation::Correlation(5),
        "rotation_5",
    ),
];
