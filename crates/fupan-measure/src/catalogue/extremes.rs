//! Securities compared with their own past: new highs and lows, and moving averages.

use fupan_fact::Unit;

use crate::measure::statistic::Statistic;
use crate::measure::{Kind, Measure, Members, Needs, Population, SharesMeasure, Sql, Text, text};
use crate::total::cell::Mark;
use crate::total::segment::Scopes;

const WINDOW: Population = Population::some(
    Mark::WindowKnown,
    Mark::WindowUnknown,
    text(
        "当日有成交且此前二百五十个交易日中至少有二百日成交的A股",
        "A-shares that traded in the session and in at least 200 of the previous 250 sessions",
    ),
);
const YEAR: Population = Population::some(
    Mark::YearKnown,
    Mark::YearUnknown,
    text(
        "当日有成交且此前五十二周内至少有二百日成交的A股",
        "A-shares that traded in the session and in at least 200 sessions of the previous 52 weeks",
    ),
);
const EVER: Population = Population::some(
    Mark::EverKnown,
    Mark::EverUnknown,
    text(
        "当日有成交、数据含其上市以来全部交易日且至少成交过二百日的A股",
        "A-shares that traded in the session, with every session since listing in the data and \
         trades in at least 200 of them",
    ),
);
const AVERAGE_20: Population = Population::some(
    Mark::Average20Known,
    Mark::Average20Unknown,
    text(
        "当日有成交、且连同当日在最近二百五十个交易日内至少成交二十日的A股",
        "A-shares that traded in the session and, counting it, in at least 20 of the last 250 \
         sessions",
    ),
);
const AVERAGE_50: Population = Population::some(
    Mark::Average50Known,
    Mark::Average50Unknown,
    text(
        "当日有成交、且连同当日在最近二百五十个交易日内至少成交五十日的A股",
        "A-shares that traded in the session and, counting it, in at least 50 of the last 250 \
         sessions",
    ),
);
const AVERAGE_200: Population = Population::some(
    Mark::Average200Known,
    Mark::Average200Unknown,
    text(
        "当日有成交、且连同当日在最近二百五十个交易日内至少成交二百日的A股",
        "A-shares that traded in the session and, counting it, in at least 200 of the last 250 \
         sessions",
    ),
);

/// A count of securities beyond an extreme of their past.
const fn beyond(
    id: &'static str,
    label: Text,
    definition: Text,
    population: Population,
    mark: Mark,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit: Unit::Securities,
        version: 2,
        needs: Needs::PRICES,
        kind: Kind::Shares(SharesMeasure {
            population,
            scopes: Scopes::Market,
            members: Members::Listed,
            statistic: Statistic::CountWhere(mark),
            sql,
        }),
    }
}

/// The share of securities above a moving average.
const fn above(
    id: &'static str,
    label: Text,
    definition: Text,
    population: Population,
    mark: Mark,
    sql: Sql,
) -> Measure {
    Measure {
        unit: Unit::Share,
        kind: Kind::Shares(SharesMeasure {
            population,
            scopes: Scopes::Market,
            members: Members::Counted,
            statistic: Statistic::ShareWhere(mark),
            sql,
        }),
        ..beyond(id, label, definition, population, mark, sql)
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    beyond(
        "new_high_250",
        text("创二百五十日新高家数", "New 250-session highs"),
        text(
            "最新价严格高于此前二百五十个交易日全部复权收盘价的股票只数",
            "Securities whose last price is strictly above every adjusted close of the previous \
             250 sessions.",
        ),
        WINDOW,
        Mark::NewHigh250,
        Sql::Value("count(*) FILTER (WHERE new_high)"),
    ),
    beyond(
        "new_low_250",
        text("创二百五十日新低家数", "New 250-session lows"),
        text(
            "最新价严格低于此前二百五十个交易日全部复权收盘价的股票只数",
            "Securities whose last price is strictly below every adjusted close of the previous \
             250 sessions.",
        ),
        WINDOW,
        Mark::NewLow250,
        Sql::Value("count(*) FILTER (WHERE new_low)"),
    ),
    beyond(
        "new_high_52w",
        text("创五十二周新高家数", "New 52-week highs"),
        text(
            "最新价严格高于此前五十二周（三百六十四天）内全部复权收盘价的股票只数",
            "Securities whose last price is strictly above every adjusted close of the previous 52 \
             weeks (364 days).",
        ),
        YEAR,
        Mark::NewHigh52w,
        Sql::Value("count(*) FILTER (WHERE new_high_52w)"),
    ),
    beyond(
        "new_low_52w",
        text("创五十二周新低家数", "New 52-week lows"),
        text(
            "最新价严格低于此前五十二周（三百六十四天）内全部复权收盘价的股票只数",
            "Securities whose last price is strictly below every adjusted close of the previous 52 \
             weeks (364 days).",
        ),
        YEAR,
        Mark::NewLow52w,
        Sql::Value("count(*) FILTER (WHERE new_low_52w)"),
    ),
    beyond(
        "new_high_all_time",
        text("创历史新高家数", "New all-time highs"),
        text(
            "最新价严格高于上市以来全部复权收盘价的股票只数",
            "Securities whose last price is strictly above every adjusted close since listing.",
        ),
        EVER,
        Mark::NewHighEver,
        Sql::Value("count(*) FILTER (WHERE new_high_ever)"),
    ),
    beyond(
        "new_low_all_time",
        text("创历史新低家数", "New all-time lows"),
        text(
            "最新价严格低于上市以来全部复权收盘价的股票只数",
            "Securities whose last price is strictly below every adjusted close since listing.",
        ),
        EVER,
        Mark::NewLowEver,
        Sql::Value("count(*) FILTER (WHERE new_low_ever)"),
    ),
    beyond(
        "intraday_new_high_250",
        text("盘中创二百五十日新高家数", "New 250-session intraday highs"),
        text(
            "当日最高价严格高于此前二百五十个交易日全部复权最高价的股票只数",
            "Securities whose high is strictly above every adjusted high of the previous 250 \
             sessions.",
        ),
        WINDOW,
        Mark::IntradayHigh250,
        Sql::Value("count(*) FILTER (WHERE intraday_high)"),
    ),
    beyond(
        "intraday_new_low_250",
        text("盘中创二百五十日新低家数", "New 250-session intraday lows"),
        text(
            "当日最低价严格低于此前二百五十个交易日全部复权最低价的股票只数",
            "Securities whose low is strictly below every adjusted low of the previous 250 \
             sessions.",
        ),
        WINDOW,
        Mark::IntradayLow250,
        Sql::Value("count(*) FILTER (WHERE intraday_low)"),
    ),
    beyond(
        "intraday_new_high_52w",
        text("盘中创五十二周新高家数", "New 52-week intraday highs"),
        text(
            "当日最高价严格高于此前五十二周（三百六十四天）内全部复权最高价的股票只数",
            "Securities whose high is strictly above every adjusted high of the previous 52 weeks \
             (364 days).",
        ),
        YEAR,
        Mark::IntradayHigh52w,
        Sql::Value("count(*) FILTER (WHERE intraday_high_52w)"),
    ),
    beyond(
        "intraday_new_low_52w",
        text("盘中创五十二周新低家数", "New 52-week intraday lows"),
        text(
            "当日最低价严格低于此前五十二周（三百六十四天）内全部复权最低价的股票只数",
            "Securities whose low is strictly below every adjusted low of the previous 52 weeks \
             (364 days).",
        ),
        YEAR,
        Mark::IntradayLow52w,
        Sql::Value("count(*) FILTER (WHERE intraday_low_52w)"),
    ),
    beyond(
        "intraday_new_high_all_time",
        text("盘中创历史新高家数", "New all-time intraday highs"),
        text(
            "当日最高价严格高于上市以来全部复权最高价的股票只数",
            "Securities whose high is strictly above every adjusted high since listing.",
        ),
        EVER,
        Mark::IntradayHighEver,
        Sql::Value("count(*) FILTER (WHERE intraday_high_ever)"),
    ),
    beyond(
        "intraday_new_low_all_time",
        text("盘中创历史新低家数", "New all-time intraday lows"),
        text(
            "当日最低价严格低于上市以来全部复权最低价的股票只数",
            "Securities whose low is strictly below every adjusted low since listing.",
        ),
        EVER,
        Mark::IntradayLowEver,
        Sql::Value("count(*) FILTER (WHERE intraday_low_ever)"),
    ),
    above(
        "above_ma20",
        text("站上二十日均线占比", "Share above the 20-day average"),
        text(
            "最新价严格高于自身最近二十个成交日（含当日）复权收盘均价的股票占比",
            "The share of securities whose last price is strictly above the mean of their last 20 \
             adjusted closes, including this session's.",
        ),
        AVERAGE_20,
        Mark::Above20,
        Sql::Share("count(*) FILTER (WHERE above_ma20)", "count(above_ma20)"),
    ),
    above(
        "above_ma50",
        text("站上五十日均线占比", "Share above the 50-day average"),
        text(
            "最新价严格高于自身最近五十个成交日（含当日）复权收盘均价的股票占比",
            "The share of securities whose last price is strictly above the mean of their last 50 \
             adjusted closes, including this session's.",
        ),
        AVERAGE_50,
        Mark::Above50,
        Sql::Share("count(*) FILTER (WHERE above_ma50)", "count(above_ma50)"),
    ),
    above(
        "above_ma200",
        text("站上二百日均线占比", "Share above the 200-day average"),
        text(
            "最新价严格高于自身最近二百个成交日（含当日）复权收盘均价的股票占比",
            "The share of securities whose last price is strictly above the mean of their last 200 \
             adjusted closes, including this session's.",
        ),
        AVERAGE_200,
        Mark::Above200,
        Sql::Share("count(*) FILTER (WHERE above_ma200)", "count(above_ma200)"),
    ),
];
