//! `security`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{Date32Builder, Int32Builder, RecordBatch, StringBuilder};
use fupan_market::{Price, SessionDate, Symbol};

use crate::read::{Dates, Prices, Symbols, Texts};
use crate::{Table, TableError};

/// What a source states about a security on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityRow {
    /// The security.
    pub symbol: Symbol,
    /// The date of the source's statement.
    pub observed_on: SessionDate,
    /// Its name, with the exchange's marks (`*ST`, `退`), if given.
    pub name: Option<String>,
    /// First trading day, if given.
    pub listed_on: Option<SessionDate>,
    /// Last trading day, if given.
    pub delisted_on: Option<SessionDate>,
    /// Issue price, if given.
    pub issue_price: Option<Price>,
    /// Industry in the source's own classification, if given.
    pub industry: Option<String>,
}

/// A batch of `security`.
///
/// # Errors
/// [`TableError::Arrow`] if Arrow refuses the batch.
pub fn security_batch(
    rows: impl IntoIterator<Item = SecurityRow>,
) -> Result<RecordBatch, TableError> {
    let mut symbol = StringBuilder::new();
    let mut observed_on = Date32Builder::new();
    let mut name = StringBuilder::new();
    let mut listed_on = Date32Builder::new();
    let mut delisted_on = Date32Builder::new();
    let mut issue_price = Int32Builder::new();
    let mut industry = StringBuilder::new();
    for row in rows {
        symbol.append_value(row.symbol.to_string());
        observed_on.append_value(row.observed_on.epoch_days());
        name.append_option(row.name);
        listed_on.append_option(row.listed_on.map(SessionDate::epoch_days));
        delisted_on.append_option(row.delisted_on.map(SessionDate::epoch_days));
        issue_price.append_option(row.issue_price.map(Price::raw));
        industry.append_option(row.industry);
    }
    let batch = RecordBatch::try_new(
        Table::Security.schema(),
        vec![
            Arc::new(symbol.finish()),
            Arc::new(observed_on.finish()),
            Arc::new(name.finish()),
            Arc::new(listed_on.finish()),
            Arc::new(delisted_on.finish()),
            Arc::new(issue_price.finish()),
            Arc::new(industry.finish()),
        ],
    )?;
    Ok(batch)
}

/// The rows of a `security` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn security_rows(batch: &RecordBatch) -> Result<Vec<SecurityRow>, TableError> {
    const TABLE: Table = Table::Security;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let observed_on = Dates::of(TABLE, batch, "observed_on")?;
    let name = Texts::of(TABLE, batch, "name")?;
    let listed_on = Dates::of(TABLE, batch, "listed_on")?;
    let delisted_on = Dates::of(TABLE, batch, "delisted_on")?;
    let issue_price = Prices::of(TABLE, batch, "issue_price")?;
    let industry = Texts::of(TABLE, batch, "industry")?;
    (0..batch.num_rows())
        .map(|row| {
            Ok(SecurityRow {
                symbol: symbol.required(row)?,
                observed_on: observed_on.required(row)?,
                name: name.get(row).map(str::to_owned),
                listed_on: listed_on.get(row)?,
                delisted_on: delisted_on.get(row)?,
                issue_price: issue_price.get(row)?,
                industry: industry.get(row).map(str::to_owned),
            })
        })
        .collect()
}
