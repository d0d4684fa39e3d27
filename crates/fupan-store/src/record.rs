//! The `import` table: what was appended to the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use fupan_market::Finding;
use fupan_table::{Import, ImportId};

/// The table's name.
pub(crate) const TABLE: &str = "import";

/// One import in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRecord {
    /// What identifies it.
    pub id: ImportId,
    /// The source's name.
    pub source: String,
    /// The recipe's name.
    pub recipe: String,
    /// The file's name without its folder.
    pub file: String,
    /// BLAKE3 digest of the file's bytes, in hex.
    pub digest: String,
    /// Rows read from the file.
    pub rows_read: u64,
    /// Rows stored, by table name.
    pub rows: BTreeMap<String, u64>,
    /// What was found wrong or missing on import.
    pub findings: Vec<Finding>,
}

/// The columns that the table is partitioned by, so that its log alone tells which imports are
/// complete and of which bytes they were made.
pub(crate) const PARTITIONS: [&str; 2] = ["import_id", "digest"];

/// The schema of the table's files, without the partition columns.
pub(crate) fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![
        text("source"),
        text("recipe"),
        text("file"),
        Field::new("rows_read", DataType::Int64, false),
        text("rows"),
        text("findings"),
    ]))
}

/// The row of an import.
pub(crate) fn batch(
    import: &Import,
    rows: &BTreeMap<String, u64>,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let json =
        |error: serde_json::Error| arrow::error::ArrowError::from_external_error(error.into());
    let rows = serde_json::to_string(rows).map_err(json)?;
    let findings = serde_json::to_string(&import.findings).map_err(json)?;
    let text = |value: &str| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let rows_read = i64::try_from(import.rows_read).unwrap_or(i64::MAX);
    RecordBatch::try_new(
        schema(),
        vec![
            text(&import.source),
            text(&import.recipe),
            text(&import.file),
            Arc::new(Int64Array::from(vec![rows_read])),
            text(&rows),
            text(&findings),
        ],
    )
}

/// The records in a batch of the table's rows; `None` where another program changed the columns.
pub(crate) fn records(
    import_id: &str,
    digest: &str,
    batch: &RecordBatch,
) -> Option<Vec<ImportRecord>> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let [source, recipe, file] = [text("source")?, text("recipe")?, text("file")?];
    let [rows, findings] = [text("rows")?, text("findings")?];
    let rows_read = batch.column_by_name("rows_read")?.as_primitive_opt::<Int64Type>()?;
    (0..batch.num_rows())
        .map(|row| {
            Some(ImportRecord {
                id: ImportId(import_id.to_owned()),
                source: source.value(row).to_owned(),
                recipe: recipe.value(row).to_owned(),
                file: file.value(row).to_owned(),
                digest: digest.to_owned(),
                rows_read: u64::try_from(rows_read.value(row)).ok()?,
                rows: serde_json::from_str(rows.value(row)).ok()?,
                findings: serde_json::from_str(findings.value(row)).ok()?,
            })
        })
        .collect()
}
