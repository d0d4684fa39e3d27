//! The store as its readers and writers see it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use arrow::array::RecordBatch;
use fupan_market::{Calendar, Codes, Groups, SessionDate};
use fupan_table::{Derived, Import, ImportId};

use crate::append::mend;
use crate::delta::{Tables, marker};
use crate::query::Workbench;
use crate::read::code_changes;
use crate::read::lists::{ListCache, ListFiles};
use crate::{
    Appended, DerivedRows, Deriving, Differing, ImportRecord, KeptPast, Loaded, QuoteReader,
    SourceChoice, StoreError, StoreReport, Thoroughness, append, derived, query, read, record,
    report,
};

/// A folder of Delta tables.
///
/// A store may be open in several processes: readers never wait, writers wait for each other.
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
        Ok(Store { tables: Tables::open(dir)?, lists: ListCache::default() })
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
        append::append(&self.tables, import, None, Differing::Refuse)
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
        append::append(&self.tables, import, Some(at), differing)
    }

    /// The import whose id begins with a text, complete or not.
    ///
    /// # Errors
    /// [`StoreError::NoImport`], [`StoreError::ManyImports`], or where the logs cannot be read.
    pub fn import_named(&self, prefix: &str) -> Result<ImportId, StoreError> {
        mend::named(&self.tables, prefix)
    }

    /// Takes imports out of the store; all of them become invisible at once, or none.
    ///
    /// # Errors
    /// Where the folder cannot be written. What is hidden by then stays hidden.
    pub fn drop_imports(&self, ids: &[ImportId]) -> Result<(), StoreError> {
        mend::drop(&self.tables, ids)
    }

    /// Every import in the store, by source, file and id.
    ///
    /// # Errors
    /// Where the `import` table cannot be read.
    pub fn imports(&self) -> Result<Vec<ImportRecord>, StoreError> {
        record::all(&self.tables)
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
        read::load(&self.tables, &self.lists, session, sessions_before, choice)
    }

    /// The sessions from one date to another, security by security, whether or not every one of
    /// them has rows; of indices also the sessions from `indices_from` on. What [`Loaded`] says of
    /// sources is about the last.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn range(
        &self,
        from: SessionDate,
        to: SessionDate,
        indices_from: SessionDate,
        choice: &SourceChoice,
    ) -> Result<Loaded, StoreError> {
        read::range(&self.tables, &self.lists, from, to, indices_from, choice, None)
    }

    /// A session of whose past enough is kept: its own bars, as [`Store::range`] gives them, with
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
        read::range(&self.tables, &self.lists, session, session, indices_from, choice, Some(kept))
    }

    /// Takes the right to write the derived tables, until what it gives is dropped; meanwhile no
    /// import comes or goes. `None` where working them out now, by `made_by`, would change
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process is at it, or where the tables cannot be read.
    pub fn derive(&self, made_by: &str) -> Result<Option<Deriving<'_>>, StoreError> {
        Deriving::begin(&self.tables, made_by)
    }

    /// The first session whose derived rows may not be what working them out now, by `made_by`,
    /// would give; `None` where all are.
    ///
    /// # Errors
    /// Where the tables' logs cannot be read.
    pub fn stale_from(&self, made_by: &str) -> Result<Option<SessionDate>, StoreError> {
        derived::stale_from(&self.tables, made_by)
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
        derived::read(&self.tables, table, rows)
    }

    /// The years that a derived table holds, with their rows.
    ///
    /// # Errors
    /// Where the table's log cannot be read.
    pub fn derived_years(&self, table: Derived) -> Result<BTreeMap<String, u64>, StoreError> {
        derived::years(&self.tables, table)
    }

    /// The ids of complete imports.
    ///
    /// # Errors
    /// Where the `import` table cannot be read.
    pub fn import_ids(&self) -> Result<BTreeSet<String>, StoreError> {
        Ok(self.tables.visible()?.into_keys().collect())
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
        QuoteReader::open(&self.tables, session, until, choice)
    }

    /// Which codes are one security: the changes that the rules know, and those imported.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn codes(&self) -> Result<Codes, StoreError> {
        code_changes::of(&self.tables)
    }

    /// The groups of securities, such as industries, that lists name.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn groups(&self) -> Result<Arc<Groups>, StoreError> {
        let files = ListFiles::of(&|table| self.tables.files(table))?;
        Ok(Arc::clone(&self.lists.read(&files)?.groups))
    }

    /// The first and last session of the daily bars; `None` where there are none.
    ///
    /// # Errors
    /// Where the table's log cannot be read.
    pub fn sessions(&self) -> Result<Option<(SessionDate, SessionDate)>, StoreError> {
        self.tables.sessions()
    }

    /// The answer to a query over the store's tables and `calendar`.
    ///
    /// # Errors
    /// [`StoreError::Sql`] where the query is not valid or would change anything.
    pub fn sql(&self, query: &str) -> Result<Vec<RecordBatch>, StoreError> {
        query::run(&self.tables, query)
    }

    /// A place to work on the store's tables in steps, which changes nothing in the store.
    ///
    /// # Errors
    /// As for [`Store::sql`].
    pub fn workbench(&self) -> Result<Workbench<'_>, StoreError> {
        Workbench::new(&self.tables, usize::MAX)
    }

    /// [`Store::workbench`], in so many bytes of memory beside the rows that it keeps; what does not
    /// fit goes to temporary files where it can.
    ///
    /// # Errors
    /// As for [`Store::sql`].
    pub fn workbench_within(&self, bytes: usize) -> Result<Workbench<'_>, StoreError> {
        Workbench::new(&self.tables, bytes)
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
        report::doctor(&self.tables, thoroughness, made_by)
    }

    /// The store's folder, absolute.
    pub fn dir(&self) -> &Path {
        self.tables.dir()
    }
}
