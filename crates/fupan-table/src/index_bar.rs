//! `index_bar`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
};
use fupan_market::{IndexBar, Price, Symbol};

use crate::read::{Dates, Numbers, Prices, Symbols};
use crate::{Table, TableError};

/// A batch of `index_bar`.
///
/// # Errors
/// [`TableError::Arrow`] if Arrow refuses the batch.
pub fn index_bar_batch(
    rows: impl IntoIterator<Item = (Symbol, IndexBar)>,
) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let mut symbol = StringBuilder::new();
    let mut levels: [Int32Builder; 4] = std::array::from_fn(|_| Int32Builder::new());
    let mut turnover = Int64Builder::new();
    for (who, bar) in rows {
        session.append_value(bar.session.epoch_days());
        symbol.append_value(who.to_string());
        for (builder, level) in levels.iter_mut().zip([bar.open, bar.high, bar.low, bar.close]) {
            builder.append_value(Price::raw(level));
        }
        turnover.append_option(bar.turnover.map(|fen| fen.0));
    }
    let mut columns: Vec<ArrayRef> = vec![Arc::new(session.finish()), Arc::new(symbol.finish())];
    for mut builder in levels {
        columns.push(Arc::new(builder.finish()));
    }
    columns.push(Arc::new(turnover.finish()));
    Ok(RecordBatch::try_new(Table::IndexBar.schema(), columns)?)
}

/// The rows of an `index_bar` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn index_bar_rows(batch: &RecordBatch) -> Result<Vec<(Symbol, IndexBar)>, TableError> {
    const TABLE: Table = Table::IndexBar;
    let session = Dates::of(TABLE, batch, "session")?;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let open = Prices::of(TABLE, batch, "open")?;
    let high = Prices::of(TABLE, batch, "high")?;
    let low = Prices::of(TABLE, batch, "low")?;
    let close = Prices::of(TABLE, batch, "close")?;
    let turnover = Numbers::of(TABLE, batch, "turnover")?;
    (0..batch.num_rows())
        .map(|row| {
            let bar = IndexBar {
                session: session.required(row)?,
                open: open.required(row)?,
                high: high.required(row)?,
                low: low.required(row)?,
                close: close.required(row)?,
                turnover: turnover.fen(row),
            };
            Ok((symbol.required(row)?, bar))
        })
        .collect()
}
