//! The units that a recipe may state of a column of numbers.

use fupan_market::Wording;
use fupan_table::Table;

use super::Meaning;
use crate::spelling::decimal::Scale;

/// Units by what a table's column holds: the unit's name, the power of ten to the table's unit, and
/// the default number of decimals.
const PRICE_UNITS: &[(&str, u32, u32)] = &[("yuan", 4, 2), ("fen", 2, 2), ("yuan/1000", 1, 3)];
/// Funds are quoted in thousandths of a yuan.
const FUND_PRICE_UNITS: &[(&str, u32, u32)] = &[("yuan", 4, 3), ("fen", 2, 3), ("yuan/1000", 1, 3)];
const POINT_UNITS: &[(&str, u32, u32)] = &[("point", 4, 4), ("point/100", 2, 2)];
const SHARE_UNITS: &[(&str, u32, u32)] =
    &[("shares", 0, 0), ("lots", 2, 0), ("lots-star-shares", 2, 0), ("ten-thousand-shares", 4, 0)];
/// Of some vendors' funds only the turnover tells what the volume is in.
const FUND_SHARE_UNITS: &[(&str, u32, u32)] =
    &[("shares", 0, 0), ("lots", 2, 0), (SHARES_OR_LOTS, 0, 0)];
const MONEY_UNITS: &[(&str, u32, u32)] = &[
    ("fen", 0, 0),
    ("yuan", 2, 0),
    ("thousand-yuan", 5, 0),
    ("ten-thousand-yuan", 6, 0),
    ("hundred-million-yuan", 10, 0),
];
const WEIGHT_UNITS: &[(&str, u32, u32)] = &[("percent", 4, 0), ("fraction", 6, 0)];
const SECOND_UNITS: &[(&str, u32, u32)] = &[("seconds", 0, 0)];
const NUMBER_UNITS: &[(&str, u32, u32)] = &[("number", 0, 0)];

/// The unit of a volume that is in shares or in lots, whichever fits the row's turnover.
pub(crate) const SHARES_OR_LOTS: &str = "shares-or-lots";

/// What a column of numbers means: the table's unit, and the unit and decimals that a recipe states.
pub(super) fn scale(
    table: Table,
    table_unit: &str,
    unit: Option<&str>,
    decimals: Option<u32>,
) -> Result<Meaning, Wording> {
    let units = match table_unit {
        "0.0001 CNY" if table == Table::FundBar => FUND_PRICE_UNITS,
        "0.0001 CNY" => PRICE_UNITS,
        "0.0001 point" => POINT_UNITS,
        "shares" if table == Table::FundBar => FUND_SHARE_UNITS,
        "shares" => SHARE_UNITS,
        "0.0001 %" => WEIGHT_UNITS,
        "seconds" => SECOND_UNITS,
        "number" => NUMBER_UNITS,
        _ => MONEY_UNITS,
    };
    let known = |comma| units.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(comma);
    let Some(wanted) = unit else {
        return Err(Wording::new(
            format!("write the unit: {}", known(", ")),
            format!("请写明单位：`{}`", known("`、`")),
        ));
    };
    let Some((unit, power, usual)) = units.iter().find(|(name, ..)| *name == wanted) else {
        return Err(Wording::new(
            format!("no unit `{wanted}` here; write {}", known(", ")),
            format!("这里没有单位`{wanted}`；请写`{}`", known("`、`")),
        ));
    };
    let decimals = decimals.unwrap_or(*usual);
    let priced = matches!(table_unit, "0.0001 CNY" | "0.0001 point");
    let step = match (priced, decimals) {
        (false, _) => 1,
        (true, 0..=4) => 10_i64.pow(4 - decimals),
        (true, _) => {
            return Err(Wording::new("a price has at most 4 decimals", "价格最多4位小数"));
        }
    };
    Ok(Meaning::Number { scale: Scale { power: *power, step }, unit })
}
