//! Returns by size.

use fupan_fact::Unit;

use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, Population, SharesMeasure, Sql, text};
use crate::total::cell::Mark;
use crate::total::segment::Scopes;

const POPULATION: Population = Population::some(
    Mark::SizeKnown,
    Mark::SizeUnknown,
    text(
        "当日有成交的A股，剔除风险警示、退市整理与当日不设涨跌幅限制的股票",
        "A-shares that traded, excluding those under risk warning, in the delisting period, or \
         without a price limit",
    ),
);

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "micro_cap_return",
        label: text("微盘股涨跌幅", "Micro-cap return"),
        definition: text(
            "按昨收价计总市值最小的四百只股票涨跌幅的算术平均，每日重选；股本已知者不足九成则不给出",
            "The mean return of the 400 smallest by total market capitalisation at the previous \
             close, selected again each session; no value if share counts are known for less than \
             90% of securities.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::SHARES,
        kind: Kind::Shares(SharesMeasure {
            population: POPULATION,
            scopes: Scopes::AllA,
            members: Members::Counted,
            statistic: Statistic::MeanOfSmallest(400),
            sql: Sql::Value(
                "CAST(round(avg(ret) FILTER (WHERE size_place <= 400 AND size_count >= 400 \
             AND size_count * 10 >= calm_count * 9)) AS BIGINT)",
            ),
        }),
    },
    Measure {
        id: "size_decile_return",
        label: text("市值十分组涨跌幅", "Return by size decile"),
        definition: text(
            "按昨收价计总市值由小到大等分十组，各组涨跌幅的算术平均，第一组最小",
            "The mean return of each decile by total market capitalisation at the previous close; \
             the first decile is the smallest.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::SHARES,
        kind: Kind::Shares(SharesMeasure {
            population: POPULATION,
            scopes: Scopes::AllA,
            members: Members::Counted,
            statistic: Statistic::MeanPerTenth,
            sql: Sql::Value(
                "CAST(round(avg(ret) FILTER (WHERE size_place > size_count * (:parameter - 1) / 10 \
             AND size_place <= size_count * :parameter / 10 AND size_count >= 10 \
             AND size_count * 10 >= calm_count * 9)) AS BIGINT)",
            ),
        }),
    },
];
