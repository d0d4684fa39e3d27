//! The `import` table, which lists the imports in the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{
    DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use arrow::error::ArrowError;
use fupan_market::{Finding, LostRows, SessionDate, Wording};
use fupan_table::{Import, ImportId, Table};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::delta::{IMPORTS, Tables, dates, scan};

/// One import in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRecord {
    /// Its id.
    pub id: ImportId,
    /// The source's name.
    pub source: String,
    /// The recipe's name.
    pub recipe: String,
    /// The file's name without its folder.
    pub file: String,
    /// BLAKE3 digest of the file's bytes, in hex.
    pub digest: String,
    /// When it was imported; `None` if the time was not given, as in stores of earlier versions.
    pub imported_at: Option<Timestamp>,
    /// Rows read from the file.
    pub rows_read: u64,
    /// Of them, rows lost; `None` if an earlier version imported the file.
    pub rows_left_out: Option<u64>,
    /// Of the rows lost, those of daily bars and quotes, by session and exchange; empty if an
    /// earlier version imported the file.
    pub lost: Vec<LostRows>,
    /// Of the rows read, rows of kinds that no table holds; `None` if an earlier version imported
    /// the file.
    pub rows_not_covered: Option<u64>,
    /// Rows stored, by table name.
    pub rows: BTreeMap<String, u64>,
    /// First and last session, or date of observation, of its rows.
    pub span: Option<(SessionDate, SessionDate)>,
    /// Earlier imports of the source that it replaced.
    pub replaces: Vec<Replaced>,
    /// If this is the rest of an import: the import that replaced the other rows.
    pub replaced_by: Option<ImportId>,
    /// What was found wrong or missing on import.
    pub findings: Vec<Finding>,
}

/// An import that was replaced by another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its id.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// The recipe's name.
    pub recipe: String,
    /// When it was imported, if the time was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported_at: Option<Timestamp>,
    /// Rows that it held.
    pub rows: u64,
    /// Of them, those that the new import holds with other values.
    pub rows_that_differ: u64,
    /// Of them, those that were removed although the new import does not hold them.
    pub rows_lost: u64,
    /// Of them, those kept under the id `rest`.
    pub rows_kept: u64,
    /// The import that holds the rows kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
}

impl ImportRecord {
    /// When it was imported, to the second, in Shanghai time.
    pub fn imported_at_in_shanghai(&self) -> Option<String> {
        self.imported_at.map(in_shanghai)
    }
}

impl Replaced {
    /// When it was imported, to the second, in Shanghai time.
    pub fn imported_at_in_shanghai(&self) -> Option<String> {
        self.imported_at.map(in_shanghai)
    }
}

fn in_shanghai(at: Timestamp) -> String {
    jiff::tz::Offset::constant(8).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The table's partition columns. With them, its log alone shows which imports are complete, and
/// the digests of their files.
pub(crate) const PARTITIONS: [&str; 2] = ["import_id", "digest"];

/// The schema of the table's files, without the partition columns. Files of earlier versions lack
/// the nullable columns.
pub(crate) fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        text("source"),
        text("recipe"),
        text("file"),
        Field::new("rows_read", DataType::Int64, false),
        text("rows"),
        text("findings"),
        Field::new("imported_at", utc, true),
        Field::new("rows_left_out", DataType::Int64, true),
        Field::new("rows_not_covered", DataType::Int64, true),
        Field::new("replaces", DataType::Utf8, true),
        Field::new("replaced_by", DataType::Utf8, true),
        Field::new("lost", DataType::Utf8, true),
    ]))
}

/// The record of an import about to be appended.
pub(crate) fn of(
    import: &Import,
    imported_at: Option<Timestamp>,
    rows: BTreeMap<String, u64>,
    replaces: Vec<Replaced>,
) -> ImportRecord {
    ImportRecord {
        id: import.id.clone(),
        source: import.source.clone(),
        recipe: import.recipe.clone(),
        file: import.file.clone(),
        digest: import.digest.clone(),
        imported_at,
        rows_read: import.rows_read,
        rows_left_out: Some(import.rows_left_out),
        lost: import.lost.clone(),
        rows_not_covered: Some(import.rows_not_covered),
        rows,
        span: None,
        replaces,
        replaced_by: None,
        findings: import.findings.clone(),
    }
}

/// A record as a row of the table.
pub(crate) fn batch(record: &ImportRecord) -> Result<RecordBatch, ArrowError> {
    let json = |error: serde_json::Error| ArrowError::from_external_error(error.into());
    let rows = serde_json::to_string(&record.rows).map_err(json)?;
    let findings = serde_json::to_string(&record.findings).map_err(json)?;
    let replaces = match &*record.replaces {
        [] => None,
        replaces => Some(serde_json::to_string(replaces).map_err(json)?),
    };
    let lost = match &*record.lost {
        [] => None,
        lost => Some(serde_json::to_string(lost).map_err(json)?),
    };
    let text = |value: &str| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let count = |rows: Option<u64>| -> Result<ArrayRef, ArrowError> {
        let rows = rows.map(i64::try_from).transpose();
        let rows = rows.map_err(|error| ArrowError::from_external_error(error.into()))?;
        Ok(Arc::new(Int64Array::from(vec![rows])))
    };
    let at = record.imported_at.map(Timestamp::as_microsecond);
    RecordBatch::try_new(
        schema(),
        vec![
            text(&record.source),
            text(&record.recipe),
            text(&record.file),
            count(Some(record.rows_read))?,
            text(&rows),
            text(&findings),
            Arc::new(TimestampMicrosecondArray::from(vec![at]).with_timezone("UTC")),
            count(record.rows_left_out)?,
            count(record.rows_not_covered)?,
            Arc::new(StringArray::from(vec![replaces])),
            Arc::new(StringArray::from(vec![record.replaced_by.as_ref().map(|id| id.0.as_str())])),
            Arc::new(StringArray::from(vec![lost])),
        ],
    )
}

/// Every import in the store, sorted by source, file and id.
pub(crate) fn all(tables: &Tables) -> Result<Vec<ImportRecord>, StoreError> {
    let mut records = read(tables, &|_| true)?;
    let spans = spans(tables)?;
    for record in &mut records {
        record.span = spans.get(&record.id.0).copied().and_then(dates);
    }
    let order = |r: &ImportRecord| (r.source.clone(), r.file.clone(), r.id.clone());
    records.sort_by_cached_key(order);
    Ok(records)
}

/// First and last day of each import's rows.
fn spans(tables: &Tables) -> Result<BTreeMap<String, (i32, i32)>, StoreError> {
    let mut spans = BTreeMap::new();
    for table in Table::ALL {
        for file in &tables.log(table.name())?.files {
            let Some((first, last)) = file.sessions.or(file.observed) else { continue };
            let span = spans.entry(file.import_id.clone()).or_insert((first, last));
            *span = (span.0.min(first), span.1.max(last));
        }
    }
    Ok(spans)
}

/// The imports whose id is wanted, without `span`.
pub(crate) fn read(
    tables: &Tables,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<ImportRecord>, StoreError> {
    let log = tables.log(IMPORTS)?;
    let mut records = Vec::new();
    for file in log.files.iter().filter(|file| wanted(&file.import_id)) {
        for batch in scan::whole(&file.path)? {
            let found = of_batch(&file.import_id, &file.digest, &batch).ok_or_else(|| {
                let detail = Wording::new(
                    "its columns are not those of an import",
                    "其各列不是导入记录应有的列",
                );
                StoreError::Damaged { path: file.path.clone(), detail }
            })?;
            records.extend(found);
        }
    }
    Ok(records)
}

/// The records in a batch of the table's rows; `None` if another program changed the columns.
fn of_batch(import_id: &str, digest: &str, batch: &RecordBatch) -> Option<Vec<ImportRecord>> {
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
                imported_at: match later_column::<TimestampMicrosecondType>(
                    batch,
                    "imported_at",
                    row,
                )? {
                    Some(at) => Some(Timestamp::from_microsecond(at).ok()?),
                    None => None,
                },
                rows_read: u64::try_from(rows_read.value(row)).ok()?,
                rows_left_out: later_count(batch, "rows_left_out", row)?,
                lost: match later_text(batch, "lost", row)? {
                    Some(json) => serde_json::from_str(json).ok()?,
                    None => Vec::new(),
                },
                rows_not_covered: later_count(batch, "rows_not_covered", row)?,
                rows: serde_json::from_str(rows.value(row)).ok()?,
                span: None,
                replaces: match later_text(batch, "replaces", row)? {
                    Some(json) => serde_json::from_str(json).ok()?,
                    None => Vec::new(),
                },
                replaced_by: later_text(batch, "replaced_by", row)?
                    .map(|id| ImportId(id.to_owned())),
                findings: serde_json::from_str(findings.value(row)).ok()?,
            })
        })
        .collect()
}

/// A cell of a column that files of earlier versions lack; the outer `None` if the column is of
/// another type.
fn later_column<T: arrow::datatypes::ArrowPrimitiveType>(
    batch: &RecordBatch,
    name: &str,
    row: usize,
) -> Option<Option<T::Native>> {
    let Some(column) = batch.column_by_name(name) else { return Some(None) };
    let column = column.as_primitive_opt::<T>()?;
    Some(column.is_valid(row).then(|| column.value(row)))
}

fn later_count(batch: &RecordBatch, name: &str, row: usize) -> Option<Option<u64>> {
    match later_column::<Int64Type>(batch, name, row)? {
        Some(count) => Some(Some(u64::try_from(count).ok()?)),
        None => Some(None),
    }
}

fn later_text<'a>(batch: &'a RecordBatch, name: &str, row: usize) -> Option<Option<&'a str>> {
    let Some(column) = batch.column_by_name(name) else { return Some(None) };
    let column = column.as_string_opt::<i32>()?;
    Some(column.is_valid(row).then(|| column.value(row)))
}

#[cfg(test)]
mod tests {
    use fupan_market::{DailyBar, Wording};
    use fupan_table::{Table, daily_bar_batch};

    use super::*;
    use crate::Store;
    use crate::append;
    use crate::delta::commit::{Commit, Placed};
    use crate::delta::encode::{self, Layout};

    fn import(file: &str) -> Import {
        let bar =
            DailyBar { session: "2026-02-12".parse().unwrap(), prev_close: None, traded: None };
        let rows = daily_bar_batch([("600000.SH".parse().unwrap(), bar)]).unwrap();
        Import {
            id: ImportId(file.to_owned()),
            source: "a".to_owned(),
            recipe: "a".to_owned(),
            file: file.to_owned(),
            digest: file.to_owned(),
            batches: vec![(Table::DailyBar, rows)],
            rows_read: 1,
            rows_left_out: 3,
            lost: vec![LostRows { session: None, exchange: None, symbol: None, rows: 3 }],
            rows_not_covered: 0,
            layout: Wording::none(),
            findings: Vec::new(),
        }
    }

    /// A table whose files and schema lack the later columns can be read and appended to.
    #[test]
    fn a_store_of_an_earlier_version_is_read_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_or_create(folder.path()).unwrap();
        let tables = Tables::open(folder.path(), fupan_market::Rulebook::builtin()).unwrap();
        let dir = tables.table_dir(IMPORTS);
        std::fs::create_dir_all(&dir).unwrap();
        let record = of(&import("old"), None, BTreeMap::new(), Vec::new());
        let old = batch(&record).unwrap().project(&[0, 1, 2, 3, 4, 5]).unwrap();
        let name = "part-old.parquet";
        let layout = Layout::by_key(&["file"]);
        let written = encode::write(&dir, name, &old.schema(), &layout, &[&old]).unwrap();
        let commit = Commit {
            table_dir: &dir,
            schema: &append::with_partitions(&old.schema(), &PARTITIONS),
            partition_by: &PARTITIONS,
            transaction: None,
            added: vec![Placed { written, values: vec!["old".to_owned(), "old".to_owned()] }],
            removed: &[],
        };
        tables.runtime().unwrap().block_on(commit.run()).unwrap();
        let before = store.imports().unwrap();
        assert_eq!((before.len(), before[0].imported_at, before[0].rows_left_out), (1, None, None));

        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_770_865_200);
        store.append_at(&import("new"), at, crate::Differing::Refuse).unwrap();
        let after = store.imports().unwrap();
        assert_eq!(after.len(), 2);
        assert_eq!((after[0].rows_left_out, &after[0].lost), (Some(3), &import("new").lost));
        assert_eq!(after[0].imported_at_in_shanghai().as_deref(), Some("2026-02-12 11:00:00"));
        let query = "SELECT file, imported_at IS NULL AS silent FROM import ORDER BY file";
        let shown = arrow::util::pretty::pretty_format_batches(&store.sql(query).unwrap());
        let shown = shown.unwrap().to_string();
        assert!(shown.contains("| new  | false  |"), "{shown}");
        assert!(shown.contains("| old  | true   |"), "{shown}");
    }
}
