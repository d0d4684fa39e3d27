//! A reader's own SQL queries.

use arrow::array::Array;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use fupan_store::Store;
use serde_json::Value as Json;

use crate::sheet::Csv;
use crate::{Error, sheet};

/// The rows of an answer, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryRows {
    /// Column names.
    pub columns: Vec<String>,
    /// Whether each column holds numbers, for alignment.
    pub numeric: Vec<bool>,
    /// Rows; `None` is SQL's NULL.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Runs a query on the store. A query cannot change anything.
///
/// # Errors
/// [`Error::Store`] if the query is wrong or would change something.
pub fn query(store: &Store, sql: &str) -> Result<QueryRows, Error> {
    let batches = store.sql(sql)?;
    let schema = batches.first().map(|batch| batch.schema());
    let fields = schema.iter().flat_map(|schema| schema.fields().iter());
    let (columns, numeric) =
        fields.map(|field| (field.name().clone(), field.data_type().is_numeric())).unzip();
    let failed = |error: arrow::error::ArrowError| Error::table(error);
    let mut rows = Vec::new();
    for batch in &batches {
        let options = FormatOptions::default();
        let cells = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &options).map_err(failed))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            rows.push(
                cells
                    .iter()
                    .zip(batch.columns())
                    .map(|(cell, column)| column.is_valid(row).then(|| cell.value(row).to_string()))
                    .collect(),
            );
        }
    }
    Ok(QueryRows { columns, numeric, rows })
}

impl QueryRows {
    /// The rows as CSV with a header; NULL is empty.
    ///
    /// # Errors
    /// [`Error::Table`] if a row cannot be written.
    pub fn to_csv(&self, written: Csv) -> Result<String, Error> {
        let texts = |row: &Vec<Option<String>>| -> Vec<String> {
            row.iter().map(|cell| cell.clone().unwrap_or_default()).collect()
        };
        let rows: Vec<Vec<String>> = self.rows.iter().map(texts).collect();
        let rows = rows.iter().map(|row| row.iter().map(String::as_str));
        sheet::csv(&self.columns, &self.numeric, rows, written)
    }

    /// The rows as a JSON array of objects; numbers as numbers.
    pub fn to_json(&self) -> Json {
        let objects: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                let cells = row.iter().zip(&self.numeric).map(|(cell, numeric)| match cell {
                    None => Json::Null,
                    Some(text) if *numeric => {
                        serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
                    }
                    Some(text) => text.as_str().into(),
                });
                Json::Object(self.columns.iter().cloned().zip(cells).collect())
            })
            .collect();
        Json::Array(objects)
    }
}
