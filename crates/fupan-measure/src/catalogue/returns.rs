//! Returns and prices across the market.

use fupan_fact::Unit;

use crate::catalogue::breadth::{PRICED, TRADED};
use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, Population, SharesMeasure, Sql, Text, text};
use crate::total::cell::{Mark, Sum};
use crate::total::segment::Scopes;
use crate::total::sorted::Number;

/// The classes of returns, in order: sealed limits apart, the others by magnitude in intervals
/// open below and closed above.
const BINS: &[(&str, Mark)] = &[
    ("down-limit", Mark::BinDownLimit),
    ("down-over-7", Mark::BinDownOver7),
    ("down-5-7", Mark::BinDown5To7),
    ("down-3-5", Mark::BinDown3To5),
    ("down-1-3", Mark::BinDown1To3),
    ("down-0-1", Mark::BinDown0To1),
    ("flat", Mark::BinFlat),
    ("up-0-1", Mark::BinUp0To1),
    ("up-1-3", Mark::BinUp1To3),
    ("up-3-5", Mark::BinUp3To5),
    ("up-5-7", Mark::BinUp5To7),
    ("up-over-7", Mark::BinUpOver7),
    ("up-limit", Mark::BinUpLimit),
];

const CAPPED: Population = Population::some(Mark::CapKnown, Mark::CapUnknown, PRICED.text);

/// A measure of the returns of securities that traded.
const fn of_returns(
    id: &'static str,
    label: Text,
    definition: Text,
    statistic: Statistic,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population: PRICED,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic,
            sql,
        }),
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
        Statistic::MedianOf(Number::Return),
        Sql::Value(
            "CAST(round(avg(ret) FILTER \
             (WHERE ret_place IN ((ret_count + 1) / 2, ret_count / 2 + 1))) AS BIGINT)",
        ),
    ),
    of_returns(
        "equal_weight_return",
        text("等权平均涨跌幅", "Equal-weight return"),
        text("个股涨跌幅的算术平均", "The arithmetic mean of the securities' returns."),
        Statistic::MeanOf(Sum::Return),
        Sql::Value("CAST(round(avg(ret)) AS BIGINT)"),
    ),
    Measure {
        needs: Needs::SHARES,
        ..of_returns(
            "cap_weight_return",
            text("流通市值加权涨跌幅", "Float-cap-weighted return"),
            text(
                "个股涨跌幅以流通股本乘昨收价为权重的平均；股本已知者不足九成则不给出",
                "The mean return weighted by float shares times the previous close; no value if \
                 share counts are known for less than 90% of securities.",
            ),
            Statistic::WeightedMeanOf(Sum::ReturnByCap, Sum::Cap),
            Sql::Value(
                "CASE WHEN count(float_cap) * 10 >= count(*) FILTER (WHERE volume > 0) * 9 \
                 THEN CAST(round(CAST(sum(CAST(ret AS DECIMAL(19, 0)) * float_cap) AS DOUBLE) \
                   / CAST(sum(float_cap) AS DOUBLE)) AS BIGINT) END",
            ),
        )
        .over(CAPPED)
    },
    of_returns(
        "return_dispersion",
        text("涨跌幅离散度", "Return dispersion"),
        text(
            "个股涨跌幅的横截面总体标准差",
            "The cross-sectional population standard deviation of the securities' returns.",
        ),
        Statistic::DeviationOf(Sum::Return, Sum::ReturnSquared),
        Sql::Value(
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
        Statistic::QuantileOf(Number::Return, 10),
        Sql::Value("min(ret) FILTER (WHERE ret_place * 100 >= ret_count * 10)"),
    ),
    of_returns(
        "return_p90",
        text("涨跌幅第九十百分位", "Ninetieth percentile of returns"),
        text(
            "至少有九成股票涨跌幅不高于它的最小值",
            "The smallest return with at least nine tenths of the securities at or below it.",
        ),
        Statistic::QuantileOf(Number::Return, 90),
        Sql::Value("min(ret) FILTER (WHERE ret_place * 100 >= ret_count * 90)"),
    ),
    Measure {
        unit: Unit::Yuan,
        ..of_returns(
            "mean_price",
            text("平均股价", "Mean price"),
            text(
                "最新价的算术平均，每只股票一票，四舍五入到万分之一元",
                "The arithmetic mean of the last prices, each security alike, rounded half away \
                 from zero to a ten-thousandth of a yuan.",
            ),
            Statistic::MeanOf(Sum::Price),
            Sql::Value("CAST(round(avg(close)) AS BIGINT)"),
        )
        .over(TRADED)
    },
    Measure {
        unit: Unit::Yuan,
        ..of_returns(
            "median_price",
            text("股价中位数", "Median price"),
            text(
                "最新价的中位数；只数为偶数时取中间两价的均值，四舍五入到万分之一元",
                "The median of the last prices; with an even number, the mean of the two in the \
                 middle, rounded half away from zero to a ten-thousandth of a yuan.",
            ),
            Statistic::MedianOf(Number::Price),
            Sql::Value(
                "CAST(round(avg(close) FILTER \
                 (WHERE price_place IN ((price_count + 1) / 2, price_count / 2 + 1))) AS BIGINT)",
            ),
        )
        .over(TRADED)
    },
    Measure {
        unit: Unit::Securities,
        version: 2,
        needs: Needs::LIMITS,
        ..of_returns(
            "return_bin",
            text("涨跌幅分布", "Return distribution"),
            text(
                "按涨跌幅分档的股票只数：涨停与跌停各为一档，其余按幅度以1%、3%、5%、7%为界分档，区间下开上闭",
                "Securities by class of return: limit-up and limit-down are one class each, the \
                 others are classed by size of return, with bounds at 1%, 3%, 5% and 7%, in \
                 intervals open below and closed above.",
            ),
            Statistic::CountPerClass(BINS),
            Sql::Value("count(*) FILTER (WHERE return_bin = ':parameter')"),
        )
        .over(PRICED.by_name(Mark::PricedByName))
    },
];
