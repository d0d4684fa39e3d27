//! Measures of how much the quotes of an instant cover.

use fupan_fact::{Unit, Value};

use crate::measure::{Kind, Measure, Needs, Sql, Text, text};
use crate::session::pre_open::QuoteCoverage;
use crate::total::value::{of_unit, share, unknown};

const QUOTED: Text = text(
    "有分时数据的A股，以及按日线当日有成交的其余A股",
    "A-shares with quotes, and other A-shares that traded in the session according to its daily \
     bars",
);

const fn of_coverage(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    needs: Needs,
    read: fn(&QuoteCoverage) -> Value,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 1,
        needs,
        kind: Kind::Coverage { population: QUOTED, read, sql },
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_coverage(
        "quoted_count",
        text("有分时数据的股票数", "Securities with quotes"),
        text(
            "截至该时刻有分时数据的股票数；盘中各数字均只计这些股票",
            "Securities with quotes up to the instant; every figure at an instant covers only \
             these.",
        ),
        Unit::Securities,
        Needs::PRICES,
        |covered| of_unit(Unit::Securities, i128::from(covered.securities)),
        Sql::Value("quoted"),
    ),
    of_coverage(
        "quoted_turnover_share",
        text("有分时数据股票的成交额占比", "Turnover share of securities with quotes"),
        text(
            "有分时数据的股票占当日全部A股成交额之比，按当日日线全天成交额",
            "The share of the whole session's turnover, according to its daily bars, that is in \
             securities with quotes.",
        ),
        Unit::Share,
        Needs::TURNOVER,
        |covered| match covered.turnover {
            Some([part, whole]) => share(part, whole),
            None => unknown_share(),
        },
        Sql::Share("part", "whole"),
    ),
];

fn unknown_share() -> Value {
    unknown("no_daily_bars")
}
