//! The store as its readers and writers see it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use arrow::array::RecordBatch;
use fupan_market::{Calendar, Codes, Groups, SessionDate, Wording};
use fupan_table::{Derived, Import, ImportId, Table};
use tokio::runtime::Runtime;

use crate::log::{DataFile, TableLog};
use crate::query::Workbench;
use crate::{
    Appended, DerivedRows, Deriving, Differing, ImportRecord, KeptPast, Loaded, QuoteReader,
    SourceChoice, StoreError, StoreReport, Thoroughness, append, code_changes, derived, differ,
    history,
    lists::{ListFiles, Lists},
    marker, mend, query, record, report, scan,
};

/// A folder of Delta tables.
///
/// A store may be open in several processes: readers never wait, writers wait for each other.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    runtime: OnceLock<Runtime>,
    /// Tables' logs as they were last read.
    logs: Mutex<BTreeMap<String, Arc<TableLog>>>,
    /// What lists say, as it was last read.
    lists: Mutex<Option<Arc<Lists>>>,
}

impl Store {
    /// Opens the store in a folder.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`], [`StoreError::NewerStore`], [`StoreError::Damaged`], or an I/O
    /// error.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        marker::check(dir)?;
        // Delta speaks in URLs, which are absolute.
        let dir = dir.canonicalize().map_err(|error| StoreError::io(dir, error))?;
        let (logs, lists) = (Mutex::default(), Mutex::default());
        Ok(Store { dir, runtime: OnceLock::new(), logs, lists })
    }

    /// Opens the store in a folder, making the folder a store where it is none.
    ///
    /// # Errors
    /// As [`Store::open`], or where the folder cannot be written.
    pub fn open_or_create(dir: &Path) -> Result<Store, StoreError> {
        marker::create(dir)?;
        Store::open(dir)
    }

    /// Appends an import; all of it becomes visible at once, or nothing. An import that an
    /// earlier process left incomplete is completed; one that is present changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Differs`] where an earlier import of its source holds rows with other values;
    /// where rows do not fit their table, or the folder cannot be written. The store then shows
    /// what it showed before.
    pub fn append(&self, import: &Import) -> Result<Appended, StoreError> {
        append::append(self, import, None, Differing::Refuse)
    }

    /// Appends an import as [`Store::append`] does, notes the time, and does as told about rows
    /// that an earlier import of its source holds with other values. No figure depends on the
    /// time.
    ///
    /// # Errors
    /// As for [`Store::append`].
    pub fn append_at(
        &self,
        import: &Import,
        at: SystemTime,
        differing: Differing,
    ) -> Result<Appended, StoreError> {
        append::append(self, import, Some(at), differing)
    }

    /// The import whose id begins with a text, complete or not.
    ///
    /// # Errors
    /// [`StoreError::NoImport`], [`StoreError::ManyImports`], or where the logs cannot be read.
    pub fn import_named(&self, prefix: &str) -> Result<ImportId, StoreError> {
        mend::named(self, prefix)
    }

    /// Takes imports out of the store; all of them become invisible at once, or none.
    ///
    /// # Errors
    /// Where the folder cannot be written. What is hidden by then stays hidden.
    pub fn drop_imports(&self, ids: &[ImportId]) -> Result<(), StoreError> {
        mend::drop(self, ids)
    }

    /// Every import in the store, by source, file and id.
    ///
    /// # Errors
    /// Where the `import` table cannot be read.
    pub fn imports(&self) -> Result<Vec<ImportRecord>, StoreError> {
        let mut records = self.records(&|_| true)?;
        let spans = self.spans()?;
        for record in &mut records {
            record.span = differ::dates(spans.get(&record.id.0).copied());
        }
        let order = |r: &ImportRecord| (r.source.clone(), r.file.clone(), r.id.clone());
        records.sort_by_cached_key(order);
        Ok(records)
    }

    /// The imports whose id is wanted, without the days that they span.
    pub(crate) fn records(
        &self,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<ImportRecord>, StoreError> {
        let log = self.log(record::TABLE)?;
        let mut records = Vec::new();
        for file in log.files.iter().filter(|file| wanted(&file.import_id)) {
            for batch in scan::whole(&file.path)? {
                let found =
                    record::records(&file.import_id, &file.digest, &batch).ok_or_else(|| {
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

    /// First and last day of each import's rows.
    fn spans(&self) -> Result<BTreeMap<String, (i32, i32)>, StoreError> {
        let mut spans = BTreeMap::new();
        for table in Table::ALL {
            for file in &self.log(table.name())?.files {
                let Some((first, last)) = file.sessions.or(file.observed) else { continue };
                let span = spans.entry(file.import_id.clone()).or_insert((first, last));
                *span = (span.0.min(first), span.1.max(last));
            }
        }
        Ok(spans)
    }

    /// A session and the `sessions_before` sessions before it, security by security.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] where no stock has a row in the session, or where the store
    /// cannot be read.
    pub fn history(
        &self,
        session: SessionDate,
        sessions_before: u32,
        choice: &SourceChoice,
    ) -> Result<Loaded, StoreError> {
        history::load(self, session, sessions_before, choice)
    }

    /// The sessions from one date to another, security by security, whether or not every one of
    /// them has rows; of indices also the sessions from `indices_from` on. What [`Loaded`] says of
    /// sources is about the last.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn stretch(
        &self,
        from: SessionDate,
        to: SessionDate,
        indices_from: SessionDate,
        choice: &SourceChoice,
    ) -> Result<Loaded, StoreError> {
        history::stretch(self, from, to, indices_from, choice, None)
    }

    /// A session of whose past enough is kept: its own bars, as [`Store::stretch`] gives them, with
    /// what [`Loaded`] says of a whole window.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn session_with(
        &self,
        kept: &KeptPast<'_>,
        session: SessionDate,
        choice: &SourceChoice,
    ) -> Result<Loaded, StoreError> {
        let indices_from = Calendar::builtin().first();
        history::stretch(self, session, session, indices_from, choice, Some(kept))
    }

    /// Takes the right to write the derived tables, until what it gives is dropped; meanwhile no
    /// import comes or goes. `None` where working them out now, by `made_by`, would change
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process is at it, or where the tables cannot be read.
    pub fn derive(&self, made_by: &str) -> Result<Option<Deriving<'_>>, StoreError> {
        Deriving::begin(self, made_by)
    }

    /// The first session whose derived rows may not be what working them out now, by `made_by`,
    /// would give; `None` where all are.
    ///
    /// # Errors
    /// Where the tables' logs cannot be read.
    pub fn stale_from(&self, made_by: &str) -> Result<Option<SessionDate>, StoreError> {
        derived::stale_from(self, made_by)
    }

    /// Rows of a derived table, in the order of its key within each year. Rows of other sessions
    /// and scopes than those asked for may come too.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub fn read_derived(
        &self,
        table: Derived,
        rows: &DerivedRows<'_>,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        derived::read(self, table, rows)
    }

    /// The years that a derived table holds, with their rows.
    ///
    /// # Errors
    /// Where the table's log cannot be read.
    pub fn derived_years(&self, table: Derived) -> Result<BTreeMap<String, u64>, StoreError> {
        derived::years(self, table)
    }

    /// The ids of complete imports.
    ///
    /// # Errors
    /// Where the `import` table cannot be read.
    pub fn import_ids(&self) -> Result<BTreeSet<String>, StoreError> {
        Ok(self.visible()?.into_keys().collect())
    }

    /// The quotes of a session up to a second of the day, in seconds after midnight, that second
    /// included, second by second. Where several sources hold quotes of an exchange, `choice`
    /// decides as for [`Store::history`]; a named source without quotes of the session leaves the
    /// choice to the rule.
    ///
    /// # Errors
    /// [`StoreError::NoQuotes`] where there are none of the session, [`StoreError::NoQuotesYet`]
    /// where the first come later, or where the store cannot be read.
    pub fn quotes(
        &self,
        session: SessionDate,
        until: u32,
        choice: &SourceChoice,
    ) -> Result<QuoteReader, StoreError> {
        QuoteReader::open(self, session, until, choice)
    }

    /// Which codes are one security: the changes that the rules know, and those imported.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn codes(&self) -> Result<Codes, StoreError> {
        code_changes::codes(&self.files(Table::CodeChange)?)
    }

    /// The groups of securities, such as industries, that lists name.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn groups(&self) -> Result<Arc<Groups>, StoreError> {
        let files = ListFiles::of(&|table| self.files(table))?;
        Ok(Arc::clone(&self.lists(&files)?.groups))
    }

    /// What lists say in some files. Every stretch of a walk asks for the same.
    pub(crate) fn lists(&self, files: &ListFiles) -> Result<Arc<Lists>, StoreError> {
        let held = || self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = held().as_ref().filter(|lists| lists.is_of(files)) {
            return Ok(Arc::clone(lists));
        }
        // Not under the lock: who reads on several threads may be given another's work meanwhile,
        // which may ask for the lists too.
        let lists = Arc::new(Lists::read(files)?);
        *held() = Some(Arc::clone(&lists));
        Ok(lists)
    }

    /// The first and last session of the daily bars; `None` where there are none.
    ///
    /// # Errors
    /// Where the table's log cannot be read.
    pub fn sessions(&self) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        let files = self.files(Table::DailyBar)?;
        let ranges = || files.iter().filter_map(|file| file.sessions);
        let first = ranges().map(|(first, _)| first).min();
        let last = ranges().map(|(_, last)| last).max();
        Ok(first
            .and_then(SessionDate::from_epoch_days)
            .zip(last.and_then(SessionDate::from_epoch_days)))
    }

    /// The answer to a query over the store's tables and `calendar`.
    ///
    /// # Errors
    /// [`StoreError::Sql`] where the query is not valid or would change anything.
    pub fn sql(&self, query: &str) -> Result<Vec<RecordBatch>, StoreError> {
        query::run(self, query)
    }

    /// A place to work on the store's tables in steps, which changes nothing in the store.
    ///
    /// # Errors
    /// As for [`Store::sql`].
    pub fn workbench(&self) -> Result<Workbench<'_>, StoreError> {
        Workbench::new(self, usize::MAX)
    }

    /// [`Store::workbench`], in so many bytes of memory beside the rows that it keeps; what does not
    /// fit goes to temporary files where it can.
    ///
    /// # Errors
    /// As for [`Store::sql`].
    pub fn workbench_within(&self, bytes: usize) -> Result<Workbench<'_>, StoreError> {
        Workbench::new(self, bytes)
    }

    /// What the store holds, what is wrong with it, and what mends it. `made_by` is what would
    /// work out the derived tables now.
    ///
    /// # Errors
    /// Where the tables' logs cannot be read.
    pub fn doctor(
        &self,
        thoroughness: Thoroughness,
        made_by: &str,
    ) -> Result<StoreReport, StoreError> {
        report::doctor(self, thoroughness, made_by)
    }

    /// The store's folder, absolute.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A table's latest log. It is read again only where a later commit is there.
    pub(crate) fn log(&self, table: &str) -> Result<Arc<TableLog>, StoreError> {
        let dir = self.table_dir(table);
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = logs.get(table).filter(|log| log.is_latest(&dir)) {
            return Ok(Arc::clone(log));
        }
        let log = Arc::new(TableLog::read(&dir)?);
        logs.insert(table.to_owned(), Arc::clone(&log));
        Ok(log)
    }

    /// The folder of a table.
    pub(crate) fn table_dir(&self, table: &str) -> PathBuf {
        self.dir.join("tables").join(table)
    }

    /// The ids of complete imports, with the digests of their files.
    pub(crate) fn visible(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let log = self.log(record::TABLE)?;
        let ids = |file: &DataFile| (file.import_id.clone(), file.digest.clone());
        Ok(log.files.iter().map(ids).collect())
    }

    /// The files of a table that belong to complete imports, by source and import.
    pub(crate) fn files(&self, table: Table) -> Result<Vec<DataFile>, StoreError> {
        // The record is committed last: what it lists is in the table's later log.
        let visible = self.visible()?;
        self.files_among(table, &visible)
    }

    /// As [`Store::files`], with the complete imports known.
    pub(crate) fn files_among(
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

    /// The runtime that Delta and DataFusion run on, started when first needed.
    pub(crate) fn runtime(&self) -> Result<&Runtime, StoreError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let started = Runtime::new().map_err(|error| StoreError::io(&self.dir, error))?;
        Ok(self.runtime.get_or_init(|| started))
    }
}
