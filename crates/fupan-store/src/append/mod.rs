//! Appends an import: its rows table by table, and last the record that makes them visible.

pub(crate) mod differ;
pub(crate) mod membership;
pub(crate) mod mend;
pub(crate) mod replace;
pub(crate) mod row_check;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use fupan_market::{Finding, Wording};
use fupan_table::{Import, Table};
use jiff::Timestamp;

use crate::append::replace::Plan;
use crate::delta::commit::{Commit, Placed};
use crate::delta::encode::{Layout, Written};
use crate::delta::lock::Work;
use crate::delta::log::{DataFile, TableLog};
use crate::delta::{IMPORTS, Tables, commit, encode, lock};
use crate::record::{ImportRecord, Replaced};
use crate::{StoreError, record};

/// The result of appending an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The import is now in the store.
    Added {
        /// Rows of all tables.
        rows: u64,
        /// Files written.
        files: u64,
        /// Earlier imports of its source that it replaced.
        replaced: Vec<Replaced>,
    },
    /// It was already in the store; nothing changed.
    AlreadyPresent,
}

/// What to do about rows that an earlier import of the same source holds with other values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differing {
    /// Refuse the import, and report what differs.
    Refuse,
    /// Replace them by the import's rows.
    Replace,
}

/// The partition columns of the imported tables.
pub(crate) const PARTITIONS: [&str; 2] = ["source", "import_id"];

/// The rows of an import, table by table; tables without rows are left out.
pub(crate) type Rows = BTreeMap<Table, Vec<RecordBatch>>;

pub(crate) fn append(
    tables: &Tables,
    import: &Import,
    at: Option<SystemTime>,
    differing: Differing,
) -> Result<Appended, StoreError> {
    let _lock = lock::take(tables.dir(), Work::Import)?;
    if tables.visible()?.contains_key(&import.id.0) {
        return Ok(Appended::AlreadyPresent);
    }
    let rows = rows_of(import)?;
    let plan = replace::plan(tables, import, &rows, differing)?;
    let mut files = 0;
    for (table, batches) in &rows {
        files += write_rows(tables, *table, &import.source, &import.id.0, batches)?;
    }
    for rest in &plan.rests {
        for (table, batches) in &rest.rows {
            files += write_rows(tables, *table, &rest.record.source, &rest.record.id.0, batches)?;
        }
    }
    let record = record::of(import, moment(at)?, counted(&rows), plan.replaced.clone());
    files += switch(tables, record, &plan)?;
    let replaced: BTreeSet<&str> = plan.replaced.iter().map(|old| old.id.as_str()).collect();
    mend::clear(tables, &replaced)?;
    Ok(Appended::Added { rows: counted(&rows).values().sum(), files, replaced: plan.replaced })
}

/// What is known of an import only once its rows have come in their order.
#[derive(Clone, Debug, Default)]
pub struct SortedEnd {
    /// Rows that came out of their order, in any order.
    pub late: Option<RecordBatch>,
    /// Rows of another table, in any order.
    pub other: Option<(Table, RecordBatch)>,
    /// Rows that belong to the table and could not be read.
    pub rows_left_out: u64,
    /// What is wrong with the rows.
    pub findings: Vec<Finding>,
}

/// Appends an import of one table whose rows come in the order of its key, a batch at a time, so that
/// they need not all be in memory. `import` holds no rows of its own; `end` takes what is left of the
/// batches when there are no more.
pub(crate) fn append_sorted<E: From<StoreError>, B>(
    tables: &Tables,
    import: &Import,
    table: Table,
    mut batches: B,
    end: impl FnOnce(B) -> Result<SortedEnd, E>,
    at: SystemTime,
) -> Result<Appended, E>
where
    B: Iterator<Item = Result<RecordBatch, E>>,
{
    let _lock = lock::take(tables.dir(), Work::Import)?;
    if tables.visible()?.contains_key(&import.id.0) {
        return Ok(Appended::AlreadyPresent);
    }
    let dir = tables.table_dir(table.name());
    tables.keep_log(table.name())?;
    let log = tables.log(table.name())?;
    // An earlier attempt may have died before the rows became visible: they are written again.
    let stale: Vec<_> =
        log.files.iter().filter(|file| file.import_id == import.id.0).cloned().collect();
    let name = file_name(&log, &import.id.0);
    let path = new_file(&dir, &name)?;
    let (schema, layout) = (table.schema(), Layout::by_key(table.key()));
    let check = |table: Table, batch: &RecordBatch| {
        let refuse =
            |detail| StoreError::Rows { import: import.file.clone(), table: table.name(), detail };
        row_check::check(table, batch).map_err(refuse)
    };
    let mut writer = encode::GroupedRows::create(path, &schema, &layout)?;
    let mut rows = 0;
    for batch in &mut batches {
        let batch = batch?;
        check(table, &batch)?;
        rows += batch.num_rows() as u64;
        writer.add(&batch)?;
    }
    let SortedEnd { late, other, rows_left_out, findings } = end(batches)?;
    let mut written = vec![Written { name: name.clone(), ..writer.finish()? }];
    if let Some(late) = late.filter(|late| late.num_rows() > 0) {
        check(table, &late)?;
        rows += late.num_rows() as u64;
        written.push(write_new(&dir, &format!("late-{name}"), &schema, table.key(), &[&late])?);
    }
    let of = (import.source.as_str(), import.id.0.as_str());
    let mut files = commit_files(tables, table, &log, of, written, &stale)?;
    let mut counted = BTreeMap::from([(table.name().to_owned(), rows)]);
    if let Some((table, batch)) = other.filter(|(_, batch)| batch.num_rows() > 0) {
        check(table, &batch)?;
        let batches = std::slice::from_ref(&batch);
        files += write_rows(tables, table, &import.source, &import.id.0, batches)?;
        counted.insert(table.name().to_owned(), batch.num_rows() as u64);
    }
    let rows = counted.values().sum();
    let record = ImportRecord {
        rows_read: rows + rows_left_out,
        rows_left_out: Some(rows_left_out),
        findings,
        ..record::of(import, moment(Some(at))?, counted, Vec::new())
    };
    let files = files + switch(tables, record, &Plan::default())?;
    Ok(Appended::Added { rows, files, replaced: Vec::new() })
}

/// The time of an import, to the microsecond.
fn moment(at: Option<SystemTime>) -> Result<Option<Timestamp>, StoreError> {
    let Some(at) = at else { return Ok(None) };
    let moment =
        Timestamp::try_from(at).and_then(|at| Timestamp::from_microsecond(at.as_microsecond()));
    Ok(Some(moment.map_err(|error| StoreError::Clock(error.to_string()))?))
}

/// Makes an import visible, with the rests of those it replaces, and hides the replaced ones. It is
/// one commit, so that readers see all of it or nothing.
fn switch(tables: &Tables, record: ImportRecord, plan: &Plan) -> Result<u64, StoreError> {
    let dir = tables.table_dir(IMPORTS);
    tables.keep_log(IMPORTS)?;
    let log = tables.log(IMPORTS)?;
    let transaction = transaction(&record.id.0);
    let mut added = Vec::new();
    for record in [&record].into_iter().chain(plan.rests.iter().map(|rest| &rest.record)) {
        let row = record::batch(record).map_err(|error| StoreError::parquet(&dir, error.into()))?;
        let name = file_name(&log, &record.id.0);
        let written = write_new(&dir, &name, &record::schema(), &["file"], &[&row])?;
        added.push(Placed { written, values: vec![record.id.0.clone(), record.digest.clone()] });
    }
    commit::sync(&dir)?;
    let files = added.len() as u64;
    let gone = |id: &str| plan.replaced.iter().any(|old| old.id == id);
    let removed: Vec<_> = log.files.iter().filter(|f| gone(&f.import_id)).cloned().collect();
    let commit = Commit {
        table_dir: &dir,
        schema: &with_partitions(&record::schema(), &record::PARTITIONS),
        partition_by: &record::PARTITIONS,
        transaction: Some((&transaction, next(&log, &transaction))),
        added,
        removed: &removed,
    };
    tables.runtime()?.block_on(commit.run())?;
    Ok(files)
}

/// Writes and commits an import's rows of one table, unless an earlier attempt did; returns the
/// number of files written.
fn write_rows(
    tables: &Tables,
    table: Table,
    source: &str,
    id: &str,
    batches: &[RecordBatch],
) -> Result<u64, StoreError> {
    let dir = tables.table_dir(table.name());
    tables.keep_log(table.name())?;
    let log = tables.log(table.name())?;
    if log.files.iter().any(|file| file.import_id == id) {
        return Ok(0);
    }
    let batches: Vec<&RecordBatch> = batches.iter().collect();
    let name = file_name(&log, id);
    let written = write_new(&dir, &name, &table.schema(), table.key(), &batches)?;
    commit_files(tables, table, &log, (source, id), vec![written], &[])
}

/// Commits files of an import to a table; returns how many there are. `log` is the table's as it was
/// before they were written.
fn commit_files(
    tables: &Tables,
    table: Table,
    log: &TableLog,
    (source, id): (&str, &str),
    written: Vec<Written>,
    removed: &[DataFile],
) -> Result<u64, StoreError> {
    let dir = tables.table_dir(table.name());
    commit::sync(&dir)?;
    let files = written.len() as u64;
    let values = || vec![source.to_owned(), id.to_owned()];
    let added = written.into_iter().map(|written| Placed { written, values: values() }).collect();
    let transaction = transaction(id);
    let commit = Commit {
        table_dir: &dir,
        schema: &with_partitions(&table.schema(), &PARTITIONS),
        partition_by: &PARTITIONS,
        transaction: Some((&transaction, next(log, &transaction))),
        added,
        removed,
    };
    tables.runtime()?.block_on(commit.run())?;
    Ok(files)
}

fn transaction(id: &str) -> String {
    format!("import:{id}")
}

/// The number of the next commit of a transaction.
fn next(log: &TableLog, transaction: &str) -> i64 {
    log.transactions.get(transaction).map_or(1, |last| last + 1)
}

/// The name of an import's file in a table. An import that is appended again after it was dropped
/// has another name, since a reader may still use the old file.
fn file_name(log: &TableLog, id: &str) -> String {
    let transaction = transaction(id);
    let stem = match next(log, &transaction) {
        1 => blake3::hash(transaction.as_bytes()),
        again => blake3::hash(format!("{transaction}#{again}").as_bytes()),
    };
    format!("part-{}.parquet", &stem.to_hex()[..32])
}

/// Writes a file under a name that no table lists.
fn write_new(
    dir: &Path,
    name: &str,
    schema: &SchemaRef,
    key: &[&str],
    batches: &[&RecordBatch],
) -> Result<Written, StoreError> {
    new_file(dir, name)?;
    encode::write(dir, name, schema, &Layout::by_key(key), batches)
}

/// The path of a file that is not there yet, in a folder that is.
fn new_file(dir: &Path, name: &str) -> Result<PathBuf, StoreError> {
    fs::create_dir_all(dir).map_err(|error| StoreError::io(dir, error))?;
    let path = dir.join(name);
    // An earlier attempt may have died between writing the file and committing it.
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io(&path, error))
        }
        _ => Ok(path),
    }
}

/// A schema followed by its partition columns.
pub(crate) fn with_partitions(schema: &Schema, partition_by: &[&str]) -> Schema {
    let partitions = partition_by.iter().map(|name| Field::new(*name, DataType::Utf8, false));
    let fields = schema.fields().iter().map(|field| field.as_ref().clone());
    Schema::new(fields.chain(partitions).collect::<Vec<_>>())
}

/// The number of rows of each table, by its name.
pub(crate) fn counted(rows: &Rows) -> BTreeMap<String, u64> {
    let count = |batches: &[RecordBatch]| batches.iter().map(|b| b.num_rows() as u64).sum();
    rows.iter().map(|(table, batches)| (table.name().to_owned(), count(batches))).collect()
}

/// The import's rows, checked against the schemas of their tables.
fn rows_of(import: &Import) -> Result<Rows, StoreError> {
    let mut rows = Rows::new();
    for (table, batch) in &import.batches {
        let refuse = |detail: Wording| StoreError::Rows {
            import: import.file.clone(),
            table: table.name(),
            detail,
        };
        let batch = RecordBatch::try_new(table.schema(), batch.columns().to_vec())
            .map_err(|error| refuse(Wording::of_library("Arrow库", &error)))?;
        row_check::check(*table, &batch).map_err(refuse)?;
        if batch.num_rows() > 0 {
            rows.entry(*table).or_default().push(batch);
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use fupan_market::{DailyBar, Fen, Price, Symbol, Traded, Turnover, TurnoverBasis};
    use fupan_table::{ImportId, daily_bar_batch};

    use super::*;
    use crate::{ProblemKind, SourceChoice, Store, Thoroughness};

    fn import(id: &str, close: i64) -> Import {
        let price = |fen| Price::from_fen(fen).unwrap();
        let turnover = Turnover { fen: Fen(100_000), basis: TurnoverBasis::Reported };
        let (open, high, low, last) = (price(1000), price(1100), price(900), price(close));
        let traded = Some(Traded { open, high, low, last, volume: 100, turnover });
        let session = "2026-02-12".parse().unwrap();
        let symbol: Symbol = "600000.SH".parse().unwrap();
        let bar = DailyBar { session, prev_close: None, traded };
        Import {
            id: ImportId(id.to_owned()),
            source: "a".to_owned(),
            recipe: "a".to_owned(),
            file: id.to_owned(),
            digest: id.to_owned(),
            batches: vec![(Table::DailyBar, daily_bar_batch([(symbol, bar)]).unwrap())],
            rows_read: 1,
            rows_left_out: 0,
            lost: Vec::new(),
            rows_not_covered: 0,
            layout: Wording::none(),
            findings: Vec::new(),
        }
    }

    /// Earlier versions allowed two imports of a source to disagree. Such a store reads as before,
    /// and the disagreement is reported.
    #[test]
    fn imports_that_disagree_from_before_read_as_they_did_and_are_reported() {
        let [one, two] = [import("1", 1010), import("2", 1020)];
        let read = |order: [&Import; 2]| {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open_or_create(folder.path()).unwrap();
            let tables = Tables::open(folder.path(), fupan_market::Rulebook::builtin()).unwrap();
            for import in order {
                let rows = rows_of(import).unwrap();
                for (table, batches) in &rows {
                    write_rows(&tables, *table, "a", &import.id.0, batches).unwrap();
                }
                let record = record::of(import, None, counted(&rows), Vec::new());
                switch(&tables, record, &Plan::default()).unwrap();
            }
            let report = store.doctor(Thoroughness::Bytes, "made up").unwrap();
            assert_eq!(report.problems[0].kind, ProblemKind::Conflict, "{report}");
            assert!(!report.is_sound() && report.problems[0].mend.en.contains("fupan drop"));
            store.history("2026-02-12".parse().unwrap(), 0, &SourceChoice::Best).unwrap()
        };
        let loaded = read([&one, &two]);
        assert_eq!(loaded, read([&two, &one]));
        let traded = loaded.history.securities[0].bars[0].traded.unwrap();
        assert_eq!(traded.last, Price::from_fen(1010).unwrap());
        assert_eq!(loaded.findings[0].count, 1);
    }
}
