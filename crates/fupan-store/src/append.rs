//! Appending an import: its rows table by table, and last the record that makes them visible.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use fupan_table::{Import, Table};

use crate::commit::{self, Commit};
use crate::encode::{self, Layout};
use crate::log::TableLog;
use crate::{Store, StoreError, meaning, record};

/// What appending an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// The import is now in the store.
    Added {
        /// Rows of all tables.
        rows: u64,
        /// Files written.
        files: u64,
    },
    /// It was there; nothing changed.
    AlreadyPresent,
}

/// The columns that tables of rows are partitioned by.
pub(crate) const PARTITIONS: [&str; 2] = ["source", "import_id"];

pub(crate) fn append(store: &Store, import: &Import) -> Result<Appended, StoreError> {
    let _lock = lock(store.dir())?;
    let record_dir = store.table_dir(record::TABLE);
    let transaction = format!("import:{}", import.id);
    if store.visible()?.contains_key(&import.id.0) {
        return Ok(Appended::AlreadyPresent);
    }
    let mut rows_of: BTreeMap<String, u64> = BTreeMap::new();
    let mut files = 0;
    for table in Table::ALL {
        let batches = batches_of(import, table)?;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if rows == 0 {
            continue;
        }
        rows_of.insert(table.name().to_owned(), rows as u64);
        let writing = Writing {
            dir: &store.table_dir(table.name()),
            schema: table.schema(),
            key: table.key(),
            partition_by: &PARTITIONS,
            values: &[&import.source, &import.id.0],
            transaction: &transaction,
        };
        files += writing.run(store, &batches.iter().collect::<Vec<_>>())?;
    }
    let row = record::batch(import, &rows_of)
        .map_err(|error| StoreError::parquet(&record_dir, error.into()))?;
    let writing = Writing {
        dir: &record_dir,
        schema: record::schema(),
        key: &["file"],
        partition_by: &record::PARTITIONS,
        values: &[&import.id.0, &import.digest],
        transaction: &transaction,
    };
    files += writing.run(store, &[&row])?;
    Ok(Appended::Added { rows: rows_of.values().sum(), files })
}

/// One import's rows on their way into one table.
struct Writing<'a> {
    dir: &'a Path,
    schema: SchemaRef,
    key: &'a [&'a str],
    partition_by: &'a [&'a str],
    values: &'a [&'a str],
    transaction: &'a str,
}

impl Writing<'_> {
    /// Writes and commits one file, unless an earlier attempt did; returns the files written.
    fn run(&self, store: &Store, batches: &[&RecordBatch]) -> Result<u64, StoreError> {
        let log = TableLog::read(self.dir)?;
        if log.transactions.contains(self.transaction) {
            return Ok(0);
        }
        let stem = blake3::hash(self.transaction.as_bytes()).to_hex();
        let name = format!("part-{}.parquet", &stem[..32]);
        fs::create_dir_all(self.dir).map_err(|error| StoreError::io(self.dir, error))?;
        // An earlier attempt may have died between writing the file and committing it.
        match fs::remove_file(self.dir.join(&name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io(&self.dir.join(&name), error));
            }
            _ => {}
        }
        let written =
            encode::write(self.dir, &name, &self.schema, &Layout::by_key(self.key), batches)?;
        commit::sync(self.dir)?;
        let schema = with_partitions(&self.schema, self.partition_by);
        let commit = Commit {
            table_dir: self.dir,
            schema: &schema,
            partition_by: self.partition_by,
            transaction: Some(self.transaction),
            files: vec![written],
            removed: &[],
            values: self.values,
        };
        store.runtime()?.block_on(commit.run())?;
        Ok(1)
    }
}

/// A schema followed by its partition columns.
pub(crate) fn with_partitions(schema: &Schema, partition_by: &[&str]) -> Schema {
    let partitions = partition_by.iter().map(|name| Field::new(*name, DataType::Utf8, false));
    let fields = schema.fields().iter().map(|field| field.as_ref().clone());
    Schema::new(fields.chain(partitions).collect::<Vec<_>>())
}

/// The import's batches for a table, checked against its schema.
fn batches_of(import: &Import, table: Table) -> Result<Vec<RecordBatch>, StoreError> {
    let schema = table.schema();
    let refuse = |detail: String| StoreError::Rows {
        import: import.file.clone(),
        table: table.name(),
        detail,
    };
    let mut batches = Vec::new();
    for (_, batch) in import.batches.iter().filter(|(of, _)| *of == table) {
        let batch = RecordBatch::try_new(schema.clone(), batch.columns().to_vec())
            .map_err(|error| refuse(error.to_string()))?;
        meaning::check(table, &batch).map_err(refuse)?;
        batches.push(batch);
    }
    Ok(batches)
}

/// Waits for other writers of the store. The lock ends with the process, however it ends.
pub(crate) fn lock(dir: &Path) -> Result<Option<File>, StoreError> {
    let path = dir.join("fupan-store.lock");
    let file = File::create(&path).map_err(|error| StoreError::io(&path, error))?;
    match file.lock() {
        Ok(()) => Ok(Some(file)),
        // Some network file systems have no locks; Delta's commits stay atomic without.
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(StoreError::io(&path, error)),
    }
}
