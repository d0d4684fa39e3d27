//! `daily_bar` and `fund_bar`, which have the same columns: rows to and from Arrow.

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
    batch_of(Table::DailyBar, rows)
}

/// A batch of `fund_bar`, as [`daily_bar_batch`] makes one of shares.
///
/// # Errors
/// As for [`daily_bar_batch`].
pub fn fund_bar_batch(
    rows: impl IntoIterator<Item = (Symbol, DailyBar)>,
) -> Result<RecordBatch, TableError> {
    batch_of(Table::FundBar, rows)
}

fn batch_of(
    table: Table,
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
        volume.append_value(i64::try_from(shares).map_err(|_| bad(table, row, shares))?);
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
    Ok(RecordBatch::try_new(table.schema(), columns)?)
}

/// The rows of a `daily_bar` batch with string symbols.
///
/// # Errors
/// If a column is missing or a value is invalid. The store checks files on import, so an error here
/// means that another program changed a file.
pub fn daily_bar_rows(batch: &RecordBatch) -> Result<Vec<(Symbol, DailyBar)>, TableError> {
    rows_of(Table::DailyBar, batch)
}

/// The rows of a `fund_bar` batch with string symbols.
///
/// # Errors
/// As for [`daily_bar_rows`].
pub fn fund_bar_rows(batch: &RecordBatch) -> Result<Vec<(Symbol, DailyBar)>, TableError> {
    rows_of(Table::FundBar, batch)
}

fn rows_of(table: Table, batch: &RecordBatch) -> Result<Vec<(Symbol, DailyBar)>, TableError> {
    let session = Dates::of(table, batch, "session")?;
    let symbol = Symbols::of(table, batch, "symbol")?;
    let columns = DailyBarColumns::of_table(table, batch)?;
    (0..batch.num_rows())
        .map(|row| Ok((symbol.required(row)?, columns.bar(row, session.required(row)?)?)))
        .collect()
}

fn bad(table: Table, row: usize, volume: u64) -> TableError {
    TableError::Value { table: table.name(), column: "volume", row, value: volume.to_string() }
}
