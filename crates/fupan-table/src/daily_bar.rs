//! `daily_bar`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
};
use fupan_market::{DailyBar, Price, Symbol, TurnoverBasis};

use crate::read::{Dates, Symbols};
use crate::{DailyBarColumns, Table, TableError};

/// A batch of `daily_bar`. A row without trade has volume 0 and no prices. An estimated turnover is
/// not stored: it is recomputed from the row.
///
/// # Errors
/// [`TableError::Value`] if a volume does not fit an `i64`; [`TableError::Arrow`] if Arrow refuses
/// the batch.
pub fn daily_bar_batch(
    rows: impl IntoIterator<Item = (Symbol, DailyBar)>,
) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let mut symbol = StringBuilder::new();
    let mut prices: [Int32Builder; 5] = std::array::from_fn(|_| Int32Builder::new());
    let mut volume = Int64Builder::new();
    let mut turnover = Int64Builder::new();
    for (row, (who, bar)) in rows.into_iter().enumerate() {
        session.append_value(bar.session.epoch_days());
        symbol.append_value(who.to_string());
        let traded = bar.traded;
        let values = [
            traded.map(|t| t.open),
            traded.map(|t| t.high),
            traded.map(|t| t.low),
            traded.map(|t| t.last),
            bar.prev_close,
        ];
        for (builder, value) in prices.iter_mut().zip(values) {
            builder.append_option(value.map(Price::raw));
        }
        let shares = traded.map_or(0, |t| t.volume);
        volume.append_value(i64::try_from(shares).map_err(|_| bad("volume", row, shares))?);
        turnover.append_option(traded.and_then(|t| match t.turnover.basis {
            TurnoverBasis::Reported => Some(t.turnover.fen.0),
            TurnoverBasis::Estimated => None,
        }));
    }
    let mut columns: Vec<ArrayRef> = vec![Arc::new(session.finish()), Arc::new(symbol.finish())];
    for mut builder in prices {
        columns.push(Arc::new(builder.finish()));
    }
    columns.push(Arc::new(volume.finish()));
    columns.push(Arc::new(turnover.finish()));
    Ok(RecordBatch::try_new(Table::DailyBar.schema(), columns)?)
}

/// The rows of a `daily_bar` batch with string symbols.
///
/// # Errors
/// If a column is missing or a value is invalid. The store checks files on import, so an error here
/// means that another program changed a file.
pub fn daily_bar_rows(batch: &RecordBatch) -> Result<Vec<(Symbol, DailyBar)>, TableError> {
    const TABLE: Table = Table::DailyBar;
    let session = Dates::of(TABLE, batch, "session")?;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let columns = DailyBarColumns::of(batch)?;
    (0..batch.num_rows())
        .map(|row| Ok((symbol.required(row)?, columns.bar(row, session.required(row)?)?)))
        .collect()
}

fn bad(column: &'static str, row: usize, value: u64) -> TableError {
    TableError::Value { table: Table::DailyBar.name(), column, row, value: value.to_string() }
}
