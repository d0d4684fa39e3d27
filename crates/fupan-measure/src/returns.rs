//! Returns across the market.

use fupan_fact::Unit;
use fupan_market::{Return, SecurityDay, Touch};

use crate::breadth::{TRADED, day_return};
use crate::measure::{Measure, Members, RestsOn, Sql, Text, text};
use crate::scope::Scopes;
use crate::shape::{Judged, Shape};

/// The classes of returns, in order.
pub(crate) const BINS: &[&str] = &[
    "down-limit",
    "down-over-7",
    "down-5-7",
    "down-3-5",
    "down-0-3",
    "flat",
    "up-0-3",
    "up-3-5",
    "up-5-7",
    "up-over-7",
    "up-limit",
];

/// The class of a day: sealed limits first, then the return's magnitude in intervals open below
/// and closed above.
fn bin(day: &SecurityDay) -> Judged<u16> {
    day_return(day).map(|parts| {
        if day.limit_up_touch() == Some(Touch::Sealed) {
            return 10;
        }
        if day.limit_down_touch() == Some(Touch::Sealed) {
            return 0;
        }
        let percent = Return::PARTS / 100;
        let step = [0, 3, 5, 7].iter().filter(|bound| parts.abs() > **bound * percent).count();
        let step = step as u16;
        if parts < 0 { 5 - step } else { 5 + step }
    })
}

/// The day's return and the float market capitalisation at the previous close.
fn by_float_cap(day: &SecurityDay) -> Judged<[i128; 2]> {
    match day_return(day) {
        Judged::In(parts) => Judged::of(day.shares.zip(day.prev_close).map(|(shares, price)| {
            [i128::from(parts), i128::from(shares.float) * i128::from(price.units())]
        })),
        Judged::Outside => Judged::Outside,
        Judged::Unjudged => Judged::Unjudged,
    }
}

/// A measure of the returns of securities that traded.
const fn of_returns(
    id: &'static str,
    label: Text,
    definition: Text,
    shape: Shape,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        population: TRADED,
        unit: Unit::Ppb,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Counted,
        shape,
        sql,
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_returns(
        "median_return",
        text("涨跌幅中位数", "Median return"),
        text(
            "个股涨跌幅的中位数；只数为偶数时取中间两值的均值",
            "The median of the securities' returns; with an even number, the mean of the two in \
             the middle.",
        ),
        Shape::MedianOf(day_return),
        Sql::Query(include_str!("sql/median_return.sql")),
    ),
    of_returns(
        "equal_weight_return",
        text("等权平均涨跌幅", "Equal-weight return"),
        text("个股涨跌幅的算术平均", "The arithmetic mean of the securities' returns."),
        Shape::MeanOf(day_return),
        Sql::Aggregate("CAST(round(avg(ret)) AS BIGINT)"),
    ),
    Measure {
        rests_on: RestsOn::Shares,
        ..of_returns(
            "cap_weight_return",
            text("流通市值加权涨跌幅", "Float-cap-weighted return"),
            text(
                "个股涨跌幅以流通股本乘昨收价为权重的平均；股本已知者不足九成则不给出",
                "The mean of returns weighted by float shares times the previous close; not told \
                 where shares are known for under nine tenths.",
            ),
            Shape::WeightedMeanOf(by_float_cap),
            Sql::Aggregate(
                "CASE WHEN count(float_cap) * 10 >= count(*) FILTER (WHERE volume > 0 AND prev_close > 0) * 9 \
                 THEN CAST(round(CAST(sum(CAST(ret AS DECIMAL(19, 0)) * float_cap) AS DOUBLE) \
                   / CAST(sum(float_cap) AS DOUBLE)) AS BIGINT) END",
            ),
        )
    },
    of_returns(
        "return_dispersion",
        text("涨跌幅离散度", "Return dispersion"),
        text(
            "个股涨跌幅的横截面总体标准差",
            "The cross-sectional population standard deviation of the securities' returns.",
        ),
        Shape::DeviationOf(day_return),
        Sql::Aggregate(
            "CAST(round(sqrt(CAST(count(ret) * sum(CAST(ret AS DECIMAL(19, 0)) * ret) AS DOUBLE) \
             - CAST(sum(ret) AS DOUBLE) * sum(ret)) / count(ret)) AS BIGINT)",
        ),
    ),
    of_returns(
        "return_p10",
        text("涨跌幅第十百分位", "Tenth percentile of returns"),
        text(
            "至少有一成股票涨跌幅不高于它的最小值",
            "The smallest return with at least a tenth of the securities at or below it.",
        ),
        Shape::QuantileOf(day_return, 10),
        Sql::Query(include_str!("sql/return_p10.sql")),
    ),
    of_returns(
        "return_p90",
        text("涨跌幅第九十百分位", "Ninetieth percentile of returns"),
        text(
            "至少有九成股票涨跌幅不高于它的最小值",
            "The smallest return with at least nine tenths of the securities at or below it.",
        ),
        Shape::QuantileOf(day_return, 90),
        Sql::Query(include_str!("sql/return_p90.sql")),
    ),
    Measure {
        unit: Unit::Securities,
        rests_on: RestsOn::Limits,
        ..of_returns(
            "return_bin",
            text("涨跌幅分布", "Return distribution"),
            text(
                "按涨跌幅分档的股票只数：涨停与跌停各为一档，其余按幅度分档，区间下开上闭",
                "Securities by class of return: those at a limit apart, the others by magnitude \
                 in intervals open below and closed above.",
            ),
            Shape::CountPerClass(bin, BINS),
            Sql::Aggregate(
                "count(*) FILTER (WHERE ret IS NOT NULL AND ':parameter' = CASE \
WHEN close = limit_up THEN 'up-limit' WHEN close = limit_down THEN 'down-limit' \
WHEN ret > 70000000 THEN 'up-over-7' WHEN ret > 50000000 THEN 'up-5-7' \
WHEN ret > 30000000 THEN 'up-3-5' WHEN ret > 0 THEN 'up-0-3' WHEN ret = 0 THEN 'flat' \
WHEN ret >= -30000000 THEN 'down-0-3' WHEN ret >= -50000000 THEN 'down-3-5' \
WHEN ret >= -70000000 THEN 'down-5-7' ELSE 'down-over-7' END)",
            ),
        )
    },
];
