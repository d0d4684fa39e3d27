//! Commits to a table's Delta log, through the Delta library.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use arrow::datatypes::Schema;
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;
use deltalake_core::kernel::transaction::{
    CommitBuilder, CommitConflictError, CommitProperties, TransactionError::CommitConflict,
};
use deltalake_core::kernel::{
    Action, Add, MetadataExt as _, Remove, StructField, StructType, Transaction,
};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError, TableProperty};
use fupan_market::Wording;

use crate::StoreError;
use crate::delta::encode::Written;
use crate::delta::log::{DIGEST_TAG, DataFile};

/// A change to a table, committed as a whole.
pub(crate) struct Commit<'a> {
    /// The table's folder.
    pub table_dir: &'a Path,
    /// The schema, with partition columns last.
    pub schema: &'a Schema,
    /// The columns that the table is partitioned by.
    pub partition_by: &'a [&'a str],
    /// The transaction and its number; two processes cannot both commit the same one.
    pub transaction: Option<(&'a str, i64)>,
    /// Files added to the table.
    pub added: Vec<Placed>,
    /// Files removed from the table.
    pub removed: &'a [DataFile],
}

/// A file written and flushed to the disk, with its partition.
pub(crate) struct Placed {
    pub written: Written,
    /// Its partition values, in the order of the partition columns.
    pub values: Vec<String>,
}

impl Commit<'_> {
    /// Commits, creating the table if it does not exist.
    pub(crate) async fn run(self) -> Result<(), StoreError> {
        let actions = self.actions()?;
        match self.commit(actions).await {
            Ok(()) => sync_log(self.table_dir),
            // Another process committed the same import in the meantime.
            Err(DeltaTableError::Transaction {
                source: CommitConflict(CommitConflictError::ConcurrentTransaction),
            }) => Ok(()),
            Err(error) => Err(StoreError::delta(self.table_dir, error)),
        }
    }

    fn actions(&self) -> Result<Vec<Action>, StoreError> {
        let removed = self.removed.iter().map(|file| Ok(Action::Remove(self.remove(file)?)));
        let added = self.added.iter().map(|file| Ok(Action::Add(self.add(file)?)));
        removed.chain(added).collect()
    }

    async fn commit(&self, mut actions: Vec<Action>) -> Result<(), DeltaTableError> {
        let table = self.table().await?;
        if let Some(wider) = self.wider(&table)? {
            let metadata = table.snapshot()?.metadata().clone();
            actions.push(Action::Metadata(metadata.with_schema(&wider)?));
        }
        let mut properties = CommitProperties::default()
            .with_max_retries(1000)
            .with_cleanup_expired_logs(Some(false));
        if let Some((transaction, number)) = self.transaction {
            properties =
                properties.with_application_transaction(Transaction::new(transaction, number));
        }
        let operation = DeltaOperation::Write {
            mode: if self.removed.is_empty() { SaveMode::Append } else { SaveMode::Overwrite },
            partition_by: Some(self.partition_by.iter().map(|name| (*name).to_owned()).collect()),
            predicate: None,
        };
        CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(table.snapshot()?), table.log_store(), operation)
            .await?;
        Ok(())
    }

    /// The table's schema extended by columns that an earlier version did not write; `None` if it
    /// has them all.
    fn wider(&self, table: &DeltaTable) -> Result<Option<StructType>, DeltaTableError> {
        let wanted: StructType = self.schema.try_into_kernel()?;
        let has = table.snapshot()?.schema();
        let mut fields: Vec<StructField> = has.fields().cloned().collect();
        let before = fields.len();
        fields.extend(wanted.fields().filter(|field| has.field(field.name()).is_none()).cloned());
        if fields.len() == before {
            return Ok(None);
        }
        Ok(Some(StructType::try_new(fields)?))
    }

    async fn table(&self) -> Result<DeltaTable, DeltaTableError> {
        match open(self.table_dir).await {
            Err(DeltaTableError::NotATable(_)) => {}
            other => return other,
        }
        match self.create().await {
            Err(DeltaTableError::VersionAlreadyExists(_)) => open(self.table_dir).await,
            other => other,
        }
    }

    async fn create(&self) -> Result<DeltaTable, DeltaTableError> {
        let schema: StructType = self.schema.try_into_kernel()?;
        let columns: Vec<StructField> = schema.fields().cloned().collect();
        DeltaTableBuilder::from_url(url_of(self.table_dir)?)?
            .build()?
            .create()
            .with_columns(columns)
            .with_partition_columns(self.partition_by.iter().copied())
            .with_save_mode(SaveMode::ErrorIfExists)
            // Reviews replay the log from its first commit.
            .with_configuration_property(TableProperty::EnableExpiredLogCleanup, Some("false"))
            .await
    }

    fn remove(&self, file: &DataFile) -> Result<Remove, StoreError> {
        Ok(Remove {
            path: file.name.clone(),
            data_change: true,
            // The log depends only on what was written, so the clock is not read.
            deletion_timestamp: Some(self.added.first().map_or(0, |file| file.written.modified_ms)),
            extended_file_metadata: Some(true),
            partition_values: Some(file.partition_values.clone()),
            size: Some(size(&file.path, file.bytes)?),
            ..Remove::default()
        })
    }

    fn add(&self, file: &Placed) -> Result<Add, StoreError> {
        let Placed { written, values } = file;
        let values = values.iter().map(|value| Some(value.clone()));
        let names = self.partition_by.iter().map(|name| (*name).to_owned());
        Ok(Add {
            path: written.name.clone(),
            partition_values: names.zip(values).collect(),
            size: size(&self.table_dir.join(&written.name), written.bytes)?,
            modification_time: written.modified_ms,
            data_change: true,
            stats: Some(written.stats.clone()),
            tags: Some(HashMap::from([(DIGEST_TAG.to_owned(), Some(written.digest.clone()))])),
            ..Add::default()
        })
    }
}

fn size(path: &Path, bytes: u64) -> Result<i64, StoreError> {
    i64::try_from(bytes).map_err(|_| StoreError::Damaged {
        path: path.to_path_buf(),
        detail: Wording::new(
            format!("it is reported to have {bytes} bytes"),
            format!("据称有{bytes}字节"),
        ),
    })
}

/// Opens the latest version of a table.
pub(crate) async fn open(table_dir: &Path) -> Result<DeltaTable, DeltaTableError> {
    DeltaTableBuilder::from_url(url_of(table_dir)?)?.load().await
}

fn url_of(table_dir: &Path) -> Result<url::Url, DeltaTableError> {
    url::Url::from_directory_path(table_dir)
        .map_err(|()| DeltaTableError::InvalidTableLocation(table_dir.display().to_string()))
}

/// Makes the last commit survive a power failure, which the Delta library does not.
fn sync_log(table_dir: &Path) -> Result<(), StoreError> {
    let log_dir = table_dir.join("_delta_log");
    let newest = fs::read_dir(&log_dir)
        .map_err(|error| StoreError::io(&log_dir, error))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .max();
    for path in newest.iter().map(|path| path.as_path()).chain([log_dir.as_path()]) {
        sync(path)?;
    }
    Ok(())
}

/// Flushes a file or folder to the disk.
pub(crate) fn sync(path: &Path) -> Result<(), StoreError> {
    fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| StoreError::io(path, error))
}
