//! `quote`: rows to and from Arrow.
//!
//! One schema covers bars, ticks and snapshots. `time` is the end of what a row covers. `span` is
//! its length in seconds: 0 for a tick, null for a snapshot, which covers the session so far.
//! `sequence` distinguishes rows of one second, `revision` corrections of a row; null is 0.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
};
use fupan_market::{Price, Quote, SessionDate, Span, Symbol, TurnoverBasis};

use crate::read::{Dates, Numbers, Smalls, Symbols};
use crate::{Table, TableError, TradedColumns};

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
    let columns = QuoteColumns::of(batch)?;
    (0..batch.num_rows())
        .map(|row| Ok((session.required(row)?, symbol.required(row)?, columns.quote(row)?)))
        .collect()
}

/// The columns of a `quote` batch, apart from session and symbol.
pub struct QuoteColumns<'a> {
    time: Smalls<'a>,
    span: Smalls<'a>,
    sequence: Numbers<'a>,
    revision: Smalls<'a>,
    traded: TradedColumns,
}

impl<'a> QuoteColumns<'a> {
    /// The columns of a `quote` batch.
    ///
    /// # Errors
    /// If a column is missing or of another type.
    pub fn of(batch: &'a RecordBatch) -> Result<QuoteColumns<'a>, TableError> {
        Ok(QuoteColumns {
            time: Smalls::of(TABLE, batch, "time")?,
            span: Smalls::of(TABLE, batch, "span")?,
            sequence: Numbers::of(TABLE, batch, "sequence")?,
            revision: Smalls::of(TABLE, batch, "revision")?,
            traded: TradedColumns::of(TABLE, batch)?,
        })
    }

    /// The end of what a row covers, in seconds after midnight.
    ///
    /// # Errors
    /// If it is missing or negative.
    pub fn time(&self, row: usize) -> Result<u32, TableError> {
        self.time.required(row)
    }

    /// The quote in a row.
    ///
    /// # Errors
    /// If a number is missing that must be there, or is negative; and as for
    /// [`TradedColumns::get`].
    pub fn quote(&self, row: usize) -> Result<Quote, TableError> {
        Ok(Quote {
            time: self.time.required(row)?,
            span: self.span.get(row)?.map_or(Span::SoFar, Span::Seconds),
            sequence: self.sequence.count_or_zero(row)?,
            revision: self.revision.get(row)?.unwrap_or(0),
            traded: self.traded.get(row)?,
        })
    }
}
