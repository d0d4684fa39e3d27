//! `definition`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field};

use crate::read::Texts;
use crate::{Null, Table, TableError, column};

const COLUMNS: [&str; 3] = ["kind", "name", "text"];

/// The columns of the table.
pub(crate) fn fields() -> Vec<Field> {
    COLUMNS.map(|name| column(name, DataType::Utf8, Null::No, "text")).into()
}

/// A reader's definition, such as an industry chain, as its whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionRow {
    /// What it is of, a word of [`DefinitionKind`](fupan_market::DefinitionKind).
    pub kind: String,
    /// Its name among those of its kind.
    pub name: String,
    /// The text that it is read from.
    pub text: String,
}

/// A batch of `definition`.
///
/// # Errors
/// [`TableError::Arrow`] if Arrow refuses the batch.
pub fn definition_batch(
    rows: impl IntoIterator<Item = DefinitionRow>,
) -> Result<RecordBatch, TableError> {
    let mut columns: [StringBuilder; 3] = Default::default();
    for DefinitionRow { kind, name, text } in rows {
        for (column, value) in columns.iter_mut().zip([kind, name, text]) {
            column.append_value(value);
        }
    }
    let columns = columns.map(|mut column| Arc::new(column.finish()) as ArrayRef);
    Ok(RecordBatch::try_new(Table::Definition.schema(), columns.into())?)
}

/// The rows of a `definition` batch.
///
/// # Errors
/// If a column is missing or empty.
pub fn definition_rows(batch: &RecordBatch) -> Result<Vec<DefinitionRow>, TableError> {
    let [kind, name, text] = COLUMNS.map(|name| Texts::of(Table::Definition, batch, name));
    let (kind, name, text) = (kind?, name?, text?);
    let owned = |column: &Texts<'_>, row| column.required(row).map(str::to_owned);
    (0..batch.num_rows())
        .map(|row| {
            let (kind, name) = (owned(&kind, row)?, owned(&name, row)?);
            Ok(DefinitionRow { kind, name, text: owned(&text, row)? })
        })
        .collect()
}
