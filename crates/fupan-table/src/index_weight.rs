//! `index_weight`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, Int32Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field};
use fupan_market::{SessionDate, Symbol, WHOLE_INDEX};

use crate::industry::{seen, who};
use crate::read::{Dates, Smalls, Symbols};
use crate::{Null, Table, TableError, column};

/// The columns of the table.
pub(crate) fn fields() -> Vec<Field> {
    let index = column("index_symbol", DataType::Utf8, Null::No, "canonical symbol");
    let weight = column("weight", DataType::Int32, Null::Yes, "0.0001 %");
    vec![who(), seen(), index, weight]
}

/// A source's statement that a security is a member of an index, as observed on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexWeightRow {
    /// The security.
    pub symbol: Symbol,
    /// The date of the source's statement.
    pub observed_on: SessionDate,
    /// The index.
    pub index: Symbol,
    /// Its weight in millionths of the index (0.0001 %), at most
    /// [`WHOLE_INDEX`](fupan_market::WHOLE_INDEX); `None` if the list names members only.
    pub weight: Option<u32>,
}

/// A batch of `index_weight`.
///
/// # Errors
/// [`TableError::Value`] if a weight is more than the whole index; [`TableError::Arrow`] if Arrow
/// refuses the batch.
pub fn index_weight_batch(
    rows: impl IntoIterator<Item = IndexWeightRow>,
) -> Result<RecordBatch, TableError> {
    let [mut symbol, mut index]: [StringBuilder; 2] = Default::default();
    let (mut observed_on, mut weight) = (Date32Builder::new(), Int32Builder::new());
    for (place, row) in rows.into_iter().enumerate() {
        symbol.append_value(row.symbol.to_string());
        observed_on.append_value(row.observed_on.epoch_days());
        index.append_value(row.index.to_string());
        let stored = part(Table::IndexWeight, place, row.weight)?;
        weight.append_option(stored.and_then(|weight| i32::try_from(weight).ok()));
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(symbol.finish()),
        Arc::new(observed_on.finish()),
        Arc::new(index.finish()),
        Arc::new(weight.finish()),
    ];
    Ok(RecordBatch::try_new(Table::IndexWeight.schema(), columns)?)
}

/// The rows of an `index_weight` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn index_weight_rows(batch: &RecordBatch) -> Result<Vec<IndexWeightRow>, TableError> {
    const TABLE: Table = Table::IndexWeight;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let observed_on = Dates::of(TABLE, batch, "observed_on")?;
    let index = Symbols::of(TABLE, batch, "index_symbol")?;
    let weight = Smalls::of(TABLE, batch, "weight")?;
    (0..batch.num_rows())
        .map(|row| {
            Ok(IndexWeightRow {
                symbol: symbol.required(row)?,
                observed_on: observed_on.required(row)?,
                index: index.required(row)?,
                weight: part(TABLE, row, weight.get(row)?)?,
            })
        })
        .collect()
}

/// A weight, if one is stated; an error if it is more than the whole.
pub(crate) fn part(
    table: Table,
    row: usize,
    weight: Option<u32>,
) -> Result<Option<u32>, TableError> {
    match weight {
        Some(weight) if weight > WHOLE_INDEX => Err(TableError::Value {
            table: table.name(),
            column: "weight",
            row,
            value: weight.to_string(),
        }),
        weight => Ok(weight),
    }
}
