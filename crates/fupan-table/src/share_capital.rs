//! `share_capital`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{Date32Builder, Int64Builder, RecordBatch, StringBuilder};
use fupan_market::{SessionDate, Shares, Symbol};

use crate::read::{Dates, Numbers, Symbols};
use crate::{Table, TableError};

/// A security's share capital, as a source states it for a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareCapitalRow {
    /// The security.
    pub symbol: Symbol,
    /// The date of the source's statement.
    pub observed_on: SessionDate,
    /// All shares.
    pub total_shares: u64,
    /// Shares that trade freely.
    pub float_shares: u64,
}

impl From<ShareCapitalRow> for Shares {
    fn from(row: ShareCapitalRow) -> Shares {
        Shares { total: row.total_shares, float: row.float_shares, on: row.observed_on }
    }
}

/// A batch of `share_capital`.
///
/// # Errors
/// [`TableError::Value`] if a count of shares does not fit an `i64`; [`TableError::Arrow`] if Arrow
/// refuses the batch.
pub fn share_capital_batch(
    rows: impl IntoIterator<Item = ShareCapitalRow>,
) -> Result<RecordBatch, TableError> {
    let mut symbol = StringBuilder::new();
    let mut observed_on = Date32Builder::new();
    let mut total_shares = Int64Builder::new();
    let mut float_shares = Int64Builder::new();
    for (row, capital) in rows.into_iter().enumerate() {
        symbol.append_value(capital.symbol.to_string());
        observed_on.append_value(capital.observed_on.epoch_days());
        total_shares.append_value(stored("total_shares", row, capital.total_shares)?);
        float_shares.append_value(stored("float_shares", row, capital.float_shares)?);
    }
    let batch = RecordBatch::try_new(
        Table::ShareCapital.schema(),
        vec![
            Arc::new(symbol.finish()),
            Arc::new(observed_on.finish()),
            Arc::new(total_shares.finish()),
            Arc::new(float_shares.finish()),
        ],
    )?;
    Ok(batch)
}

/// The rows of a `share_capital` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn share_capital_rows(batch: &RecordBatch) -> Result<Vec<ShareCapitalRow>, TableError> {
    const TABLE: Table = Table::ShareCapital;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let observed_on = Dates::of(TABLE, batch, "observed_on")?;
    let total_shares = Numbers::of(TABLE, batch, "total_shares")?;
    let float_shares = Numbers::of(TABLE, batch, "float_shares")?;
    (0..batch.num_rows())
        .map(|row| {
            Ok(ShareCapitalRow {
                symbol: symbol.required(row)?,
                observed_on: observed_on.required(row)?,
                total_shares: total_shares.count(row)?,
                float_shares: float_shares.count(row)?,
            })
        })
        .collect()
}

fn stored(column: &'static str, row: usize, shares: u64) -> Result<i64, TableError> {
    i64::try_from(shares).map_err(|_| TableError::Value {
        table: Table::ShareCapital.name(),
        column,
        row,
        value: shares.to_string(),
    })
}
