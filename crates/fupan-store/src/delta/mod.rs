//! The store's tables as Delta tables: their folders, logs, commits and files.

pub(crate) mod commit;
pub(crate) mod encode;
pub(crate) mod kept_log;
pub(crate) mod lock;
pub(crate) mod log;
pub(crate) mod marker;
pub(crate) mod scan;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fupan_market::{Calendar, Rulebook, SessionDate};
use fupan_table::Table;
use tokio::runtime::Runtime;

use crate::StoreError;
use crate::delta::kept_log::KeptLog;
use crate::delta::log::{DataFile, TableLog};

/// The table that lists the complete imports.
pub(crate) const IMPORTS: &str = "import";

/// The tables of a store's folder.
#[derive(Debug)]
pub(crate) struct Tables {
    dir: PathBuf,
    rulebook: &'static Rulebook,
    runtime: OnceLock<Runtime>,
    /// The tables' logs as last read.
    logs: Mutex<BTreeMap<String, Arc<TableLog>>>,
}

impl Tables {
    /// Opens the tables of a folder that is a store.
    pub fn open(dir: &Path, rulebook: &'static Rulebook) -> Result<Tables, StoreError> {
        marker::check(dir)?;
        // Delta uses URLs, which are absolute.
        let dir = dir.canonicalize().map_err(|error| StoreError::io(dir, error))?;
        Ok(Tables { dir, rulebook, runtime: OnceLock::new(), logs: Mutex::default() })
    }

    /// The store's folder, as an absolute path.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The rules that the rows are read under.
    pub fn rulebook(&self) -> &'static Rulebook {
        self.rulebook
    }

    /// Their sessions.
    pub fn calendar(&self) -> &'static Calendar {
        self.rulebook.calendar()
    }

    /// The folder of a table.
    pub fn table_dir(&self, table: &str) -> PathBuf {
        self.dir.join("tables").join(table)
    }

    /// A table's latest log. It is read again only if there is a later commit.
    pub fn log(&self, table: &str) -> Result<Arc<TableLog>, StoreError> {
        let dir = self.table_dir(table);
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = logs.get(table).filter(|log| log.is_latest(&dir)) {
            return Ok(Arc::clone(log));
        }
        let kept = KeptLog::read(&kept_log::path(&self.dir, table), &dir.join("_delta_log"));
        let log = Arc::new(TableLog::read_on(&dir, kept)?);
        logs.insert(table.to_owned(), Arc::clone(&log));
        Ok(log)
    }

    /// Keeps a table's log in one file, if many of its commits are not in it yet. Call it while
    /// holding the store's lock.
    pub fn keep_log(&self, table: &str) -> Result<(), StoreError> {
        TableLog::keep(&self.table_dir(table), &kept_log::path(&self.dir, table))
    }

    /// The ids of complete imports, with the digests of their files.
    pub fn visible(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let log = self.log(IMPORTS)?;
        let ids = |file: &DataFile| (file.import_id.clone(), file.digest.clone());
        Ok(log.files.iter().map(ids).collect())
    }

    /// The files of a table that belong to complete imports, sorted by source and import.
    pub fn files(&self, table: Table) -> Result<Vec<DataFile>, StoreError> {
        // The record is committed last: the rows that it makes visible are in the table's log, read
        // after it.
        let visible = self.visible()?;
        self.files_among(table, &visible)
    }

    /// As [`Tables::files`], given the complete imports.
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

    /// The first and last session of the daily bars; `None` if there are none.
    pub fn sessions(&self) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        self.sessions_of(Table::DailyBar)
    }

    /// The first and last session of a table of bars; `None` if it has no rows.
    pub fn sessions_of(
        &self,
        table: Table,
    ) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        let files = self.files(table)?;
        let ranges = || files.iter().filter_map(|file| file.sessions);
        let first = ranges().map(|(first, _)| first).min();
        let last = ranges().map(|(_, last)| last).max();
        Ok(first.zip(last).and_then(dates))
    }

    /// The runtime of Delta and DataFusion, started when first needed.
    pub fn runtime(&self) -> Result<&Runtime, StoreError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let started = Runtime::new().map_err(|error| StoreError::io(&self.dir, error))?;
        Ok(self.runtime.get_or_init(|| started))
    }
}

/// Two days since 1970-01-01 as dates.
pub(crate) fn dates((first, last): (i32, i32)) -> Option<(SessionDate, SessionDate)> {
    SessionDate::from_epoch_days(first).zip(SessionDate::from_epoch_days(last))
}
