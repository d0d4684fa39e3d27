//! `margin`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, Int64Builder, RecordBatch, StringBuilder};
use fupan_market::{Fen, SessionDate};

use crate::read::{Dates, Numbers, Texts};
use crate::{Table, TableError};

/// Margin balances of one market at the end of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarginRow {
    /// The session.
    pub session: SessionDate,
    /// The market, as a scope's name: `all-a`, `sse`, `szse`, `bse`.
    pub market: String,
    /// Money borrowed to buy shares and not yet repaid, if the source states it.
    pub financing_balance: Option<Fen>,
    /// Value of shares borrowed to sell and not yet returned, if the source states it.
    pub lending_balance: Option<Fen>,
    /// Purchases of the session with borrowed money, if the source states them.
    pub financing_buys: Option<Fen>,
}

/// A batch of `margin`.
///
/// # Errors
/// [`TableError::Arrow`] if Arrow refuses the batch.
pub fn margin_batch(rows: impl IntoIterator<Item = MarginRow>) -> Result<RecordBatch, TableError> {
    let mut session = Date32Builder::new();
    let mut market = StringBuilder::new();
    let mut amounts: [Int64Builder; 3] = std::array::from_fn(|_| Int64Builder::new());
    for row in rows {
        session.append_value(row.session.epoch_days());
        market.append_value(&row.market);
        let values = [row.financing_balance, row.lending_balance, row.financing_buys];
        for (builder, value) in amounts.iter_mut().zip(values) {
            builder.append_option(value.map(|fen| fen.0));
        }
    }
    let mut columns: Vec<ArrayRef> = vec![Arc::new(session.finish()), Arc::new(market.finish())];
    for mut builder in amounts {
        columns.push(Arc::new(builder.finish()));
    }
    Ok(RecordBatch::try_new(Table::Margin.schema(), columns)?)
}

/// The rows of a `margin` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn margin_rows(batch: &RecordBatch) -> Result<Vec<MarginRow>, TableError> {
    const TABLE: Table = Table::Margin;
    let session = Dates::of(TABLE, batch, "session")?;
    let market = Texts::of(TABLE, batch, "market")?;
    let financing_balance = Numbers::of(TABLE, batch, "financing_balance")?;
    let lending_balance = Numbers::of(TABLE, batch, "lending_balance")?;
    let financing_buys = Numbers::of(TABLE, batch, "financing_buys")?;
    (0..batch.num_rows())
        .map(|row| {
            Ok(MarginRow {
                session: session.required(row)?,
                market: market.required(row)?.to_owned(),
                financing_balance: financing_balance.fen(row),
                lending_balance: lending_balance.fen(row),
                financing_buys: financing_buys.fen(row),
            })
        })
        .collect()
}
