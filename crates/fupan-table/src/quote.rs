//! `quote`: rows to and from Arrow.
//!
//! One schema covers bars, ticks and snapshots. `time` is the end of what a row covers. `span` is
//! its length in seconds: 0 for a tick, null for a snapshot, which covers the session so far.
//! `sequence` distinguishes rows of one second, `revision` corrections of a row; null is 0.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
};
use fupan_market::{Price, Quote, SessionDate, Span, Symbol, Traded, Turnover, TurnoverBasis};

use crate::read::{Dates, Numbers, Prices, Smalls, Symbols};
use crate::{Table, TableError};

const TABLE: Table = Table::Quote;

/// A batch of `quote`. A row without trade has volume 0 and no prices. An estimated turnover is not
/// stored: it is recomputed from the row.
///
/// # Errors
/// [`TableError::Value`] if a number does not fit its column; [`TableError::Arrow`] if Arrow
/// refuses the batch.
pub fn quote_batch(
    rows: impl IntoIterator<Item = (SessionDate, Symbol, Quote)>,
) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let mut symbol = StringBuilder::new();
    let mut smalls: [Int32Builder; 3] = std::array::from_fn(|_| Int32Builder::new());
    let mut sequence = Int64Builder::new();
    let mut prices: [Int32Builder; 4] = std::array::from_fn(|_| Int32Builder::new());
    let (mut volume, mut turnover) = (Int64Builder::new(), Int64Builder::new());
    for (row, (on, who, quote)) in rows.into_iter().enumerate() {
        let bad = |column: &'static str, value: u64| TableError::Value {
            table: TABLE.name(),
            column,
            row,
            value: value.to_string(),
        };
        let small =
            |column, value: u32| i32::try_from(value).map_err(|_| bad(column, u64::from(value)));
        let wide = |column, value: u64| i64::try_from(value).map_err(|_| bad(column, value));
        session.append_value(on.epoch_days());
        symbol.append_value(who.to_string());
        smalls[0].append_value(small("time", quote.time)?);
        smalls[1].append_option(match quote.span {
            Span::Seconds(seconds) => Some(small("span", seconds)?),
            Span::SoFar => None,
        });
        smalls[2].append_value(small("revision", quote.revision)?);
        sequence.append_value(wide("sequence", quote.sequence)?);
        let traded = quote.traded;
        let values = [
            traded.map(|t| t.open),
            traded.map(|t| t.high),
            traded.map(|t| t.low),
            traded.map(|t| t.last),
        ];
        for (builder, value) in prices.iter_mut().zip(values) {
            builder.append_option(value.map(Price::raw));
        }
        volume.append_value(wide("volume", traded.map_or(0, |t| t.volume))?);
        turnover.append_option(traded.and_then(|t| match t.turnover.basis {
            TurnoverBasis::Reported => Some(t.turnover.fen.0),
            TurnoverBasis::Estimated => None,
        }));
    }
    let [time, span, revision] = &mut smalls;
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(session.finish()),
        Arc::new(symbol.finish()),
        Arc::new(time.finish()),
        Arc::new(span.finish()),
        Arc::new(sequence.finish()),
        Arc::new(revision.finish()),
    ];
    for mut builder in prices {
        columns.push(Arc::new(builder.finish()));
    }
    columns.push(Arc::new(volume.finish()));
    columns.push(Arc::new(turnover.finish()));
    Ok(RecordBatch::try_new(TABLE.schema(), columns)?)
}

/// The rows of a `quote` batch with string symbols.
///
/// # Errors
/// If a column is missing or a value is invalid. The store checks files on import, so an error here
/// means that another program changed a file.
pub fn quote_rows(batch: &RecordBatch) -> Result<Vec<(SessionDate, Symbol, Quote)>, TableError> {
    let session = Dates::of(TABLE, batch, "session")?;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let time = Smalls::of(TABLE, batch, "time")?;
    let span = Smalls::of(TABLE, batch, "span")?;
    let sequence = Numbers::of(TABLE, batch, "sequence")?;
    let revision = Smalls::of(TABLE, batch, "revision")?;
    let prices = ["open", "high", "low", "last"];
    let mut columns = Vec::with_capacity(prices.len());
    for name in prices {
        columns.push(Prices::of(TABLE, batch, name)?);
    }
    let volume = Numbers::of(TABLE, batch, "volume")?;
    let turnover = Numbers::of(TABLE, batch, "turnover")?;
    let traded = |row: usize| -> Result<Option<Traded>, TableError> {
        let volume = volume.count(row)?;
        if volume == 0 {
            return Ok(None);
        }
        let price = |column: usize| columns[column].required(row);
        let (open, high, low, last) = (price(0)?, price(1)?, price(2)?, price(3)?);
        let turnover = match turnover.fen(row) {
            Some(fen) => Turnover { fen, basis: TurnoverBasis::Reported },
            None => Turnover::estimated(volume, open, high, low, last),
        };
        Ok(Some(Traded { open, high, low, last, volume, turnover }))
    };
    (0..batch.num_rows())
        .map(|row| {
            let quote = Quote {
                time: time.required(row)?,
                span: span.get(row)?.map_or(Span::SoFar, Span::Seconds),
                sequence: sequence.count_or_zero(row)?,
                revision: revision.get(row)?.unwrap_or(0),
                traded: traded(row)?,
            };
            Ok((session.required(row)?, symbol.required(row)?, quote))
        })
        .collect()
}
