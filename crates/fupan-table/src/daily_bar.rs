//! `daily_bar`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Date32Builder, Int32Array, Int32Builder, Int64Array,
    Int64Builder, RecordBatch, StringArray, StringBuilder,
};
use fupan_market::{DailyBar, Fen, Price, SessionDate, Symbol, Traded, Turnover, TurnoverBasis};

use crate::{Table, TableError};

/// A batch of `daily_bar`. A row without trade has volume 0 and no prices; an estimated turnover
/// is not stored, since it follows from the row.
pub fn daily_bar_batch(
    rows: impl IntoIterator<Item = (Symbol, DailyBar)>,
) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let mut symbol = StringBuilder::new();
    let mut prices: [Int32Builder; 5] = std::array::from_fn(|_| Int32Builder::new());
    let mut volume = Int64Builder::new();
    let mut turnover = Int64Builder::new();
    for (who, bar) in rows {
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
        volume.append_value(i64::try_from(shares).unwrap_or(i64::MAX));
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
/// Where a column is missing or a value has no meaning; the store checks files on import, so an
/// error here means that a file was changed by another program.
pub fn daily_bar_rows(batch: &RecordBatch) -> Result<Vec<(Symbol, DailyBar)>, TableError> {
    let session: &Date32Array = column(batch, "session")?;
    let symbol: &StringArray = column(batch, "symbol")?;
    let [open, high, low, close, prev_close] = [
        column::<Int32Array>(batch, "open")?,
        column::<Int32Array>(batch, "high")?,
        column::<Int32Array>(batch, "low")?,
        column::<Int32Array>(batch, "close")?,
        column::<Int32Array>(batch, "prev_close")?,
    ];
    let volume: &Int64Array = column(batch, "volume")?;
    let turnover: &Int64Array = column(batch, "turnover")?;
    (0..batch.num_rows())
        .map(|row| {
            let bad = |column: &'static str, value: String| TableError::Value {
                table: "daily_bar",
                column,
                row,
                value,
            };
            let who: Symbol = symbol
                .value(row)
                .parse()
                .map_err(|_| bad("symbol", symbol.value(row).to_owned()))?;
            let date = SessionDate::from_epoch_days(session.value(row))
                .ok_or_else(|| bad("session", session.value(row).to_string()))?;
            let price = |array: &Int32Array| {
                array
                    .is_valid(row)
                    .then(|| Price::from_units(i64::from(array.value(row))).ok())
                    .flatten()
            };
            let bar = DailyBar {
                session: date,
                prev_close: price(prev_close),
                traded: traded(
                    [price(open), price(high), price(low), price(close)],
                    volume.value(row),
                    turnover.is_valid(row).then(|| turnover.value(row)),
                ),
            };
            Ok((who, bar))
        })
        .collect()
}

/// The trading of a stored row; `None` where nothing traded.
fn traded(prices: [Option<Price>; 4], volume: i64, turnover: Option<i64>) -> Option<Traded> {
    let [Some(open), Some(high), Some(low), Some(last)] = prices else { return None };
    let volume = u64::try_from(volume).ok().filter(|v| *v > 0)?;
    let turnover = match turnover {
        Some(fen) => Turnover { fen: Fen(fen), basis: TurnoverBasis::Reported },
        None => Turnover::estimated(volume, open, high, low, last),
    };
    Some(Traded { open, high, low, last, volume, turnover })
}

/// The column of a `daily_bar` batch with a name and type.
fn column<'a, A: Array + 'static>(
    batch: &'a RecordBatch,
    name: &'static str,
) -> Result<&'a A, TableError> {
    crate::error::typed(Table::DailyBar, batch, name)
}
