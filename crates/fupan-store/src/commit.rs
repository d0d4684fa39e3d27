//! Commits to a table's Delta log, through the Delta library.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use arrow::datatypes::Schema;
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove, StructField, StructType, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError, TableProperty};

use crate::StoreError;
use crate::encode::Written;
use crate::log::DataFile;

/// A table's files to be committed under one transaction.
pub(crate) struct Commit<'a> {
    /// The table's folder.
    pub table_dir: &'a Path,
    /// The schema, with partition columns last.
    pub schema: &'a Schema,
    /// The columns that the table is partitioned by.
    pub partition_by: &'a [&'a str],
    /// The transaction: what was committed under it before is not committed again.
    pub transaction: Option<&'a str>,
    /// Files that are written and synchronised.
    pub files: Vec<Written>,
    /// Files that leave the table.
    pub removed: &'a [DataFile],
    /// Their partition values, in the order of `partition_by`.
    pub values: &'a [&'a str],
}

impl Commit<'_> {
    /// Commits, creating the table where it does not exist.
    pub(crate) async fn run(self) -> Result<(), StoreError> {
        match self.commit().await {
            Ok(()) => sync_log(self.table_dir),
            // Another process committed the same import in the meantime.
            Err(DeltaTableError::Transaction {
                source: TransactionError::CommitConflict(conflict),
            }) if conflict.to_string().contains("transaction") => Ok(()),
            Err(error) => Err(StoreError::delta(self.table_dir, error)),
        }
    }

    async fn commit(&self) -> Result<(), DeltaTableError> {
        let table = self.table().await?;
        let mut properties = CommitProperties::default()
            .with_max_retries(1000)
            .with_cleanup_expired_logs(Some(false));
        if let Some(transaction) = self.transaction {
            properties = properties.with_application_transaction(Transaction::new(transaction, 1));
        }
        let operation = DeltaOperation::Write {
            mode: if self.removed.is_empty() { SaveMode::Append } else { SaveMode::Overwrite },
            partition_by: Some(self.partition_by.iter().map(|name| (*name).to_owned()).collect()),
            predicate: None,
        };
        let removed = self.removed.iter().map(|file| Action::Remove(self.remove(file)));
        let added = self.files.iter().map(|file| Action::Add(self.add(file)));
        let actions = removed.chain(added).collect();
        CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(table.snapshot()?), table.log_store(), operation)
            .await?;
        Ok(())
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

    fn partition_values(&self) -> HashMap<String, Option<String>> {
        self.partition_by
            .iter()
            .zip(self.values)
            .map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())))
            .collect()
    }

    fn remove(&self, file: &DataFile) -> Remove {
        Remove {
            path: file.name.clone(),
            data_change: true,
            // The log is a function of what was written, so that no clock is asked.
            deletion_timestamp: Some(self.files.first().map_or(0, |file| file.modified_ms)),
            extended_file_metadata: Some(true),
            partition_values: Some(self.partition_values()),
            size: i64::try_from(file.bytes).ok(),
            ..Remove::default()
        }
    }

    fn add(&self, file: &Written) -> Add {
        Add {
            path: file.name.clone(),
            partition_values: self.partition_values(),
            size: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            modification_time: file.modified_ms,
            data_change: true,
            stats: Some(file.stats.clone()),
            ..Add::default()
        }
    }
}

/// Opens the latest version of a table.
pub(crate) async fn open(table_dir: &Path) -> Result<DeltaTable, DeltaTableError> {
    DeltaTableBuilder::from_url(url_of(table_dir)?)?.load().await
}

fn url_of(table_dir: &Path) -> Result<url::Url, DeltaTableError> {
    url::Url::from_directory_path(table_dir)
        .map_err(|()| DeltaTableError::InvalidTableLocation(table_dir.display().to_string()))
}

/// Makes the last commit survive a power failure; the Delta library does not.
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
