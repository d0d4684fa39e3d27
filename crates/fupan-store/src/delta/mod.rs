//! The tables as Delta tables: their folders, logs, commits and files.

pub(crate) mod commit;
pub(crate) mod encode;
pub(crate) mod lock;
pub(crate) mod log;
pub(crate) mod marker;
pub(crate) mod scan;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fupan_market::SessionDate;
use fupan_table::Table;
use tokio::runtime::Runtime;

use crate::StoreError;
use crate::delta::log::{DataFile, TableLog};

/// The table that lists the complete imports.
pub(crate) const IMPORTS: &str = "import";

/// The tables of a store's folder.
#[derive(Debug)]
pub(crate) struct Tables {
    dir: PathBuf,
    runtime: OnceLock<Runtime>,
    /// Tables' logs as they were last read.
    logs: Mutex<BTreeMap<String, Arc<TableLog>>>,
}

impl Tables {
    /// The tables of a folder that is a store.
    pub fn open(dir: &Path) -> Result<Tables, StoreError> {
        marker::check(dir)?;
        // Delta speaks in URLs, which are absolute.
        let dir = dir.canonicalize().map_err(|error| StoreError::io(dir, error))?;
        Ok(Tables { dir, runtime: OnceLock::new(), logs: Mutex::default() })
    }

    /// The store's folder, absolute.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of a table.
    pub fn table_dir(&self, table: &str) -> PathBuf {
        self.dir.join("tables").join(table)
    }

    /// A table's latest log. It is read again only where a later commit is there.
    pub fn log(&self, table: &str) -> Result<Arc<TableLog>, StoreError> {
        let dir = self.table_dir(table);
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = logs.get(table).filter(|log| log.is_latest(&dir)) {
            return Ok(Arc::clone(log));
        }
        let log = Arc::new(TableLog::read(&dir)?);
        logs.insert(table.to_owned(), Arc::clone(&log));
        Ok(log)
    }

    /// The ids of complete imports, with the digests of their files.
    pub fn visible(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let log = self.log(IMPORTS)?;
        let ids = |file: &DataFile| (file.import_id.clone(), file.digest.clone());
        Ok(log.files.iter().map(ids).collect())
    }

    /// The files of a table that belong to complete imports, by source and import.
    pub fn files(&self, table: Table) -> Result<Vec<DataFile>, StoreError> {
        // The record is committed last: what it lists is in the table's later log.
        let visible = self.visible()?;
        self.files_among(table, &visible)
    }

    /// As [`Tables::files`], with the complete imports known.
    pub fn files_among(
        &self,
        table: Table,
        visible: &BTreeMap<String, String>,
    ) -> Result<Vec<DataFile>, StoreError> {
        let log = self.log(table.name())?;
        let complete = |file: &&DataFile| visible.contains_key(&file.import_id);
        let mut files: Vec<DataFile> = log.files.iter().filter(complete).cloned().collect();
        let order = |f: &DataFile| (f.source.clone(), f.import_id.clone(), f.name.clone());
        files.sort_by_cached_key(order);
        Ok(files)
    }

    /// The first and last session of the daily bars; `None` where there are none.
    pub fn sessions(&self) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        let files = self.files(Table::DailyBar)?;
        let ranges = || files.iter().filter_map(|file| file.sessions);
        let first = ranges().map(|(first, _)| first).min();
        let last = ranges().map(|(_, last)| last).max();
        Ok(first
            .and_then(SessionDate::from_epoch_days)
            .zip(last.and_then(SessionDate::from_epoch_days)))
    }

    /// The runtime that Delta and DataFusion run on, started when first needed.
    pub fn runtime(&self) -> Result<&Runtime, StoreError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let started = Runtime::new().map_err(|error| StoreError::io(&self.dir, error))?;
        Ok(self.runtime.get_or_init(|| started))
    }
}
