//! `index_quote`: rows to and from Arrow.
//!
//! A row is all of an index's session up to its time. Open, high and low are null together, where the
//! source states levels alone.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
};
use arrow::datatypes::{DataType, Field};
use fupan_market::{IndexQuote, LevelRange, Price, SessionDate, Symbol};

use crate::read::{Dates, Numbers, Prices, Smalls, Symbols};
use crate::{Null, Table, TableError, column, instant};

const TABLE: Table = Table::IndexQuote;

/// The columns.
pub(crate) fn fields() -> Vec<Field> {
    let points = |name, null| column(name, DataType::Int32, null, "0.0001 point");
    let [time, ..] = instant();
    vec![
        column("session", DataType::Date32, Null::No, "date"),
        column("symbol", DataType::Utf8, Null::No, "canonical symbol"),
        time,
        points("open", Null::Yes),
        points("high", Null::Yes),
        points("low", Null::Yes),
        points("last", Null::No),
        column("turnover", DataType::Int64, Null::Yes, "0.01 CNY"),
    ]
}

/// A batch of `index_quote`.
///
/// # Errors
/// [`TableError::Value`] if a time does not fit its column; [`TableError::Arrow`] if Arrow refuses
/// the batch.
pub fn index_quote_batch(
    rows: impl IntoIterator<Item = (SessionDate, Symbol, IndexQuote)>,
) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let mut symbol = StringBuilder::new();
    let mut time = Int32Builder::new();
    let mut levels: [Int32Builder; 4] = std::array::from_fn(|_| Int32Builder::new());
    let mut turnover = Int64Builder::new();
    for (row, (on, who, quote)) in rows.into_iter().enumerate() {
        let second = i32::try_from(quote.time).map_err(|_| TableError::Value {
            table: TABLE.name(),
            column: "time",
            row,
            value: quote.time.to_string(),
        })?;
        session.append_value(on.epoch_days());
        symbol.append_value(who.to_string());
        time.append_value(second);
        let range = quote.range;
        let said =
            [range.map(|r| r.open), range.map(|r| r.high), range.map(|r| r.low), Some(quote.last)];
        for (builder, level) in levels.iter_mut().zip(said) {
            builder.append_option(level.map(Price::raw));
        }
        turnover.append_option(quote.turnover.map(|fen| fen.0));
    }
    let mut columns: Vec<ArrayRef> =
        vec![Arc::new(session.finish()), Arc::new(symbol.finish()), Arc::new(time.finish())];
    for mut builder in levels {
        columns.push(Arc::new(builder.finish()));
    }
    columns.push(Arc::new(turnover.finish()));
    Ok(RecordBatch::try_new(TABLE.schema(), columns)?)
}

/// The rows of an `index_quote` batch. A row with some of open, high and low has none of them.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn index_quote_rows(
    batch: &RecordBatch,
) -> Result<Vec<(SessionDate, Symbol, IndexQuote)>, TableError> {
    let session = Dates::of(TABLE, batch, "session")?;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let time = Smalls::of(TABLE, batch, "time")?;
    let open = Prices::of(TABLE, batch, "open")?;
    let high = Prices::of(TABLE, batch, "high")?;
    let low = Prices::of(TABLE, batch, "low")?;
    let last = Prices::of(TABLE, batch, "last")?;
    let turnover = Numbers::of(TABLE, batch, "turnover")?;
    (0..batch.num_rows())
        .map(|row| {
            let range = match (open.get(row)?, high.get(row)?, low.get(row)?) {
                (Some(open), Some(high), Some(low)) => Some(LevelRange { open, high, low }),
                _ => None,
            };
            let quote = IndexQuote {
                time: time.required(row)?,
                last: last.required(row)?,
                range,
                turnover: turnover.fen(row),
            };
            Ok((session.required(row)?, symbol.required(row)?, quote))
        })
        .collect()
}
