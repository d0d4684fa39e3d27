//! New highs and lows.

use fupan_fact::Unit;

use crate::cell::Mark;
use crate::measure::{Measure, Members, Population, RestsOn, Sql, text};
use crate::scope::Scopes;
use crate::shape::Shape;

const WINDOW: Population = Population::some(
    Mark::WindowKnown,
    Mark::WindowUnknown,
    text(
        "当日有成交且此前二百五十个交易日中至少有二百日成交的A股",
        "A-shares that traded, and did so in at least two hundred of the two hundred and fifty \
         sessions before",
    ),
);

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "new_high_250",
        label: text("创二百五十日新高家数", "New 250-session highs"),
        definition: text(
            "最新价严格高于此前二百五十个交易日全部复权收盘价的股票只数",
            "Securities whose last price is strictly above every adjusted close of the two \
             hundred and fifty sessions before.",
        ),
        population: WINDOW,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Listed,
        shape: Shape::CountWhere(Mark::NewHigh250),
        sql: Sql::Aggregate("count(*) FILTER (WHERE new_high)"),
    },
    Measure {
        id: "new_low_250",
        label: text("创二百五十日新低家数", "New 250-session lows"),
        definition: text(
            "最新价严格低于此前二百五十个交易日全部复权收盘价的股票只数",
            "Securities whose last price is strictly below every adjusted close of the two \
             hundred and fifty sessions before.",
        ),
        population: WINDOW,
        unit: Unit::Securities,
        version: 1,
        scopes: Scopes::Market,
        rests_on: RestsOn::Prices,
        members: Members::Listed,
        shape: Shape::CountWhere(Mark::NewLow250),
        sql: Sql::Aggregate("count(*) FILTER (WHERE new_low)"),
    },
];
