//! `code_change`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{Date32Builder, RecordBatch, StringBuilder};
use fupan_market::Renamed;

use crate::read::{Dates, Symbols};
use crate::{Table, TableError};

/// A batch of `code_change`.
///
/// # Errors
/// [`TableError::Arrow`] if Arrow refuses the batch.
pub fn code_change_batch(
    rows: impl IntoIterator<Item = Renamed>,
) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let [mut symbol, mut old_symbol] = [StringBuilder::new(), StringBuilder::new()];
    for change in rows {
        session.append_value(change.on.epoch_days());
        symbol.append_value(change.new.to_string());
        old_symbol.append_value(change.old.to_string());
    }
    let batch = RecordBatch::try_new(
        Table::CodeChange.schema(),
        vec![Arc::new(session.finish()), Arc::new(symbol.finish()), Arc::new(old_symbol.finish())],
    )?;
    Ok(batch)
}

/// The rows of a `code_change` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn code_change_rows(batch: &RecordBatch) -> Result<Vec<Renamed>, TableError> {
    const TABLE: Table = Table::CodeChange;
    let session = Dates::of(TABLE, batch, "session")?;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let old_symbol = Symbols::of(TABLE, batch, "old_symbol")?;
    (0..batch.num_rows())
        .map(|row| {
            Ok(Renamed {
                on: session.required(row)?,
                old: old_symbol.required(row)?,
                new: symbol.required(row)?,
            })
        })
        .collect()
}
