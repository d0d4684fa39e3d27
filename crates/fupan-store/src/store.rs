//! The public interface of the store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use arrow::array::RecordBatch;
use fupan_market::{Codes, Groups, Rulebook, SessionDate, Symbol};
use fupan_table::{Derived, Import, ImportId, Table};

use crate::append::mend;
use crate::delta::{Tables, marker};
use crate::query::Workbench;
use crate::read::code_changes;
use crate::read::fund_bars::{self, LoadedFunds};
use crate::read::index_quotes::IndexQuotes;
use crate::read::lists::{ListCache, ListFiles};
use crate::{
    Appended, DerivedRows, Deriving, Differing, ImportRecord, KeptPast, Loaded, QuoteReader,
    SortedEnd, SourceChoice, StoreError, StoreReport, Thoroughness, append, derived, query, read,
    record, report,
};

/// A folder of Delta tables.
///
/// Several processes may open a store at once: readers never wait, writers wait for each other.
#[derive(Debug)]
pub struct Store {
    tables: Tables,
    lists: ListCache,
}

impl Store {
    /// Opens the store in a folder.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`], [`StoreError::NewerStore`], [`StoreError::Damaged`], or an I/O
    /// error.
    pub fn open(dir: &Path) -> Result<Store, StoreError> {
        Ok(Store { tables: Tables::open(dir, Rulebook::builtin())?, lists: ListCache::default() })
    }

    /// Opens the store in a folder, creating one if there is none.
    ///
    /// # Errors
    /// As [`Store::open`], or if the folder cannot be written.
    pub fn open_or_create(dir: &Path) -> Result<Store, StoreError> {
        marker::create(dir)?;
        Store::open(dir)
    }

    /// Appends an import. All of it becomes visible at once, or nothing. An import that an earlier
    /// process left incomplete is completed; one that is already present changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Differs`] if an earlier import of its source holds rows with other values.
    /// Also if rows do not fit their table, or the folder cannot be written. The visible content is
    /// then unchanged.
    pub fn append(&self, import: &Import) -> Result<Appended, StoreError> {
        append::append(&self.tables, import, None, Differing::Refuse)
    }

    /// Appends an import like [`Store::append`] and records the time. `differing` decides about
    /// rows that an earlier import of its source holds with other values. No figure depends on the
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
        append::append(&self.tables, import, Some(at), differing)
    }

    /// Appends an import of one table whose rows come in the order of its key, a batch at a time, so
    /// that they need not all be in memory; `import` holds none. When there are no more, `end` returns
    /// the rows that came out of their order, and what is known of the import only then. Rows are not
    /// compared with those of earlier imports. All of it becomes visible at once, or nothing.
    ///
    /// # Errors
    /// If a batch is an error or does not fit its table, or the folder cannot be written. The visible
    /// content is then unchanged.
    pub fn append_sorted<E: From<StoreError>, B>(
        &self,
        import: &Import,
        table: Table,
        batches: B,
        end: impl FnOnce(B) -> Result<SortedEnd, E>,
        at: SystemTime,
    ) -> Result<Appended, E>
    where
        B: Iterator<Item = Result<RecordBatch, E>>,
    {
        append::append_sorted(&self.tables, import, table, batches, end, at)
    }

    /// The import whose id begins with `prefix`, complete or not.
    ///
    /// # Errors
    /// [`StoreError::NoImport`], [`StoreError::ManyImports`], or if the logs cannot be read.
    pub fn import_named(&self, prefix: &str) -> Result<ImportId, StoreError> {
        mend::named(&self.tables, prefix)
    }

    /// Removes imports from the store; all of them become invisible at once, or none.
    ///
    /// # Errors
    /// If the folder cannot be written. Imports already hidden by then stay hidden.
    pub fn drop_imports(&self, ids: &[ImportId]) -> Result<(), StoreError> {
        mend::drop(&self.tables, ids)
    }

    /// Every import in the store, sorted by source, file and id.
    ///
    /// # Errors
    /// If the `import` table cannot be read.
    pub fn imports(&self) -> Result<Vec<ImportRecord>, StoreError> {
        record::all(&self.tables)
    }

    /// A session and the `sessions_before` sessions before it, security by security.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] if no stock has a row in the session. Also if the store cannot be
    /// read.
    pub fn history(
        &self,
        session: SessionDate,
        sessions_before: u32,
        choice: &SourceChoice,
    ) -> Result<Loaded, StoreError> {
        read::load(&self.tables, &self.lists, session, sessions_before, choice)
    }

    /// The sessions in a range of dates, security by security, whether or not each of them has
    /// rows; for indices also the sessions from `indices_from` on. The sources in [`Loaded`] are
    /// those of the last session.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn range(
        &self,
        from: SessionDate,
        to: SessionDate,
        indices_from: SessionDate,
        choice: &SourceChoice,
    ) -> Result<Loaded, StoreError> {
        read::range(&self.tables, &self.lists, (from, to), indices_from, choice)
    }

    /// A session whose past is already known: its own bars, as [`Store::range`] returns them, with
    /// the inputs and findings of the whole window.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn session_with<T: Send, E: From<StoreError> + Send>(
        &self,
        session: SessionDate,
        choice: &SourceChoice,
        past: impl FnOnce() -> Result<(KeptPast, T), E> + Send,
    ) -> Result<(Loaded, T), E> {
        read::with_past(&self.tables, &self.lists, session, choice, past)
    }

    /// The bars of some funds in a range of sessions. If several sources hold a fund, `choice` decides
    /// as for [`Store::history`].
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn funds(
        &self,
        symbols: &[Symbol],
        sessions: (SessionDate, SessionDate),
        choice: &SourceChoice,
    ) -> Result<LoadedFunds, StoreError> {
        fund_bars::read(&self.tables, symbols, sessions, choice)
    }

    /// The first and last session of the bars of funds; `None` if there are none.
    ///
    /// # Errors
    /// If the table's log cannot be read.
    pub fn fund_sessions(&self) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        self.tables.sessions_of(Table::FundBar)
    }

    /// Takes the lock for writing the derived tables, held until the returned value is dropped;
    /// meanwhile no import is added or removed. Returns `None` if computing them now with `made_by`
    /// would change nothing.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if another process holds it. Also if the tables cannot be read.
    pub fn derive(&self, made_by: &str) -> Result<Option<Deriving<'_>>, StoreError> {
        Deriving::begin(&self.tables, made_by)
    }

    /// The first session whose derived rows may differ from what computing them now with `made_by`
    /// would produce; `None` if there is none.
    ///
    /// # Errors
    /// If the tables' logs cannot be read.
    pub fn stale_from(&self, made_by: &str) -> Result<Option<SessionDate>, StoreError> {
        derived::stale_from(&self.tables, made_by)
    }

    /// Rows of a derived table, in the order of its key within each year. Rows of sessions and
    /// scopes outside the request may be returned too.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn read_derived(
        &self,
        table: Derived,
        rows: &DerivedRows<'_>,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        derived::read(&self.tables, table, rows)
    }

    /// The years of a derived table, with their row counts.
    ///
    /// # Errors
    /// If the table's log cannot be read.
    pub fn derived_years(&self, table: Derived) -> Result<BTreeMap<String, u64>, StoreError> {
        derived::years(&self.tables, table)
    }

    /// The ids of complete imports.
    ///
    /// # Errors
    /// If the `import` table cannot be read.
    pub fn import_ids(&self) -> Result<BTreeSet<String>, StoreError> {
        Ok(self.tables.visible()?.into_keys().collect())
    }

    /// Reads a session's quotes second by second, up to and including a second of the day, in
    /// seconds after midnight. If several sources hold quotes of an exchange, `choice` decides as
    /// for [`Store::history`]; if a named source has no quotes of the session, the rule for the
    /// best source applies.
    ///
    /// # Errors
    /// [`StoreError::NoQuotes`] if the session has none, [`StoreError::NoQuotesYet`] if the first
    /// come later. Also if the store cannot be read.
    pub fn quotes(
        &self,
        session: SessionDate,
        until: u32,
        choice: &SourceChoice,
    ) -> Result<QuoteReader, StoreError> {
        QuoteReader::open(&self.tables, session, until, choice)
    }

    /// The levels of indices inside a session; none if the store has none.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn index_quotes(&self, session: SessionDate) -> Result<IndexQuotes, StoreError> {
        IndexQuotes::read(&self.tables, session)
    }

    /// Which codes belong to one security: the changes in the rulebook, and those imported.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn codes(&self) -> Result<Codes, StoreError> {
        code_changes::of(&self.tables)
    }

    /// The groups of securities, such as industries, named in lists.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn groups(&self) -> Result<Arc<Groups>, StoreError> {
        let visible = self.tables.visible()?;
        let among = |table| self.tables.files_among(table, &visible);
        let files = ListFiles::of(&among, &visible)?;
        Ok(Arc::clone(&self.lists.read(&files, self.tables.rulebook())?.groups))
    }

    /// The first and last session of the daily bars; `None` if there are none.
    ///
    /// # Errors
    /// If the table's log cannot be read.
    pub fn sessions(&self) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        self.tables.sessions()
    }

    /// The result of a query over the store's tables and `calendar`.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if the query is not valid or would change anything.
    pub fn sql(&self, query: &str) -> Result<Vec<RecordBatch>, StoreError> {
        query::run(&self.tables, query)
    }

    /// A workbench for multi-step queries on the store's tables; it changes nothing in the store.
    ///
    /// # Errors
    /// As for [`Store::sql`].
    pub fn workbench(&self) -> Result<Workbench<'_>, StoreError> {
        Workbench::new(&self.tables, usize::MAX)
    }

    /// [`Store::workbench`], limited to `bytes` of memory in addition to the rows that it keeps;
    /// what does not fit is spilled to temporary files where possible.
    ///
    /// # Errors
    /// As for [`Store::sql`].
    pub fn workbench_within(&self, bytes: usize) -> Result<Workbench<'_>, StoreError> {
        Workbench::new(&self.tables, bytes)
    }

    /// Reports what the store holds, what is wrong with it, and how to mend it. `made_by`
    /// identifies the program that would compute the derived tables now.
    ///
    /// # Errors
    /// If the tables' logs cannot be read.
    pub fn doctor(
        &self,
        thoroughness: Thoroughness,
        made_by: &str,
    ) -> Result<StoreReport, StoreError> {
        report::doctor(&self.tables, thoroughness, made_by)
    }

    /// The rules that the store's rows are read under, with their calendar.
    pub fn rulebook(&self) -> &'static Rulebook {
        self.tables.rulebook()
    }

    /// The store's folder, as an absolute path.
    pub fn dir(&self) -> &Path {
        self.tables.dir()
    }
}
