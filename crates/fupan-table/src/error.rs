//! Errors in a stored batch.

use fupan_market::{InLanguage, Wording};
use thiserror::Error;

/// A batch does not match its table's schema.
#[derive(Debug, Error)]
pub enum TableError {
    /// A column is missing or of another type.
    #[error("column `{column}` of table `{table}` is missing or not of type {expected}")]
    Column {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The type it should have.
        expected: String,
    },
    /// A value is outside the range that its column allows.
    #[error("row {row} of table `{table}`: column `{column}` holds {value}")]
    Value {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row, counted from zero.
        row: usize,
        /// The value found.
        value: String,
    },
    /// Arrow refused to build the batch.
    #[error(transparent)]
    Arrow(#[from] arrow::error::ArrowError),
}

impl InLanguage for TableError {
    fn wording(&self) -> Wording {
        let zh = match self {
            TableError::Column { table, column, expected } => {
                format!("`{table}`表缺少`{column}`列，或其类型不是`{expected}`")
            }
            TableError::Value { table, column, row, value } => {
                format!("`{table}`表第{row}行：`{column}`列的值是`{value}`")
            }
            TableError::Arrow(error) => {
                format!("数据表无法组成：{}", Wording::of_library("Arrow库", error).zh)
            }
        };
        Wording::new(self.to_string(), zh)
    }
}

/// The column of a batch with a name, as an array type.
pub(crate) fn typed<'a, A: arrow::array::Array + 'static>(
    table: crate::Table,
    batch: &'a arrow::array::RecordBatch,
    column: &'static str,
) -> Result<&'a A, TableError> {
    batch.column_by_name(column).and_then(|array| array.as_any().downcast_ref::<A>()).ok_or_else(
        || TableError::Column {
            table: table.name(),
            column,
            expected: std::any::type_name::<A>().to_owned(),
        },
    )
}
