//! What no row of the store may hold.
//!
//! Sources check what they read; this is the last gate, so that a fault in one of them stops at
//! the import and does not surface as a silent gap in a review.

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use fupan_table::Table;

use crate::scan;

/// Refuses symbols that are none, negative numbers, and trade without prices.
pub(crate) fn check(table: Table, batch: &RecordBatch) -> Result<(), String> {
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let least = match field.data_type() {
            DataType::Int32 => {
                arrow::compute::min(column.as_primitive::<Int32Type>()).map(i64::from)
            }
            DataType::Int64 => arrow::compute::min(column.as_primitive::<Int64Type>()),
            _ => None,
        };
        if let Some(least) = least.filter(|least| *least < 0) {
            return Err(format!(
                "column `{}` holds {least}; nothing here is negative",
                field.name()
            ));
        }
        if field.name() == "symbol" {
            let texts = column.as_string::<i32>();
            let mut last = "";
            for text in texts.iter().flatten() {
                let canonical = text.len() == 9 && text.as_bytes()[6] == b'.';
                if text != last && !(canonical && scan::symbol(text).is_some()) {
                    return Err(format!("`{text}` is not a symbol such as 600519.SH"));
                }
                last = text;
            }
        }
    }
    match table {
        Table::DailyBar => prices_with_trade(batch, ["open", "high", "low", "close"]),
        Table::Quote => {
            within_a_day(batch)?;
            prices_with_trade(batch, ["open", "high", "low", "last"])
        }
        _ => Ok(()),
    }
}

/// Refuses times that are none. Spans, numbers and revisions are bounded by their columns.
fn within_a_day(batch: &RecordBatch) -> Result<(), String> {
    let Some(times) = batch.column_by_name("time") else { return Ok(()) };
    match arrow::compute::max(times.as_primitive::<Int32Type>()) {
        Some(latest) if latest >= 86_400 => {
            Err(format!("column `time` holds {latest}; a day has 86400 seconds"))
        }
        _ => Ok(()),
    }
}

fn prices_with_trade(batch: &RecordBatch, prices: [&str; 4]) -> Result<(), String> {
    let Some(volume) = batch.column_by_name("volume") else { return Ok(()) };
    let volume = volume.as_primitive::<Int64Type>();
    for name in prices {
        let Some(prices) = batch.column_by_name(name).filter(|prices| prices.null_count() > 0)
        else {
            continue;
        };
        let row = (0..batch.num_rows()).find(|row| prices.is_null(*row) && volume.value(*row) > 0);
        if let Some(row) = row {
            return Err(format!("row {row} has volume and no `{name}`"));
        }
    }
    Ok(())
}
