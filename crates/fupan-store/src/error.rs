//! What can go wrong with a store, and what the reader can do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use fupan_market::{CalendarError, SessionDate};
use thiserror::Error;

/// Why the store could not do what was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder holds no store.
    #[error(
        "{} is not a store: create one with `fupan import RECIPE PATH…`, name another folder \
             with --store, or see the program at work with `fupan review --sample`",
        .0.display()
    )]
    NotAStore(PathBuf),
    /// A newer fupan wrote the store.
    #[error(
        "the store {} has format {found} and this fupan reads up to {readable}: \
         install fupan {needs} or later",
        dir.display()
    )]
    NewerStore {
        /// The store's folder.
        dir: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this version reads.
        readable: u32,
        /// The first fupan version that reads it.
        needs: String,
    },
    /// A file of the store is not what it should be.
    #[error("{} is damaged: {detail}; restore it from a copy, or import into a new store", path.display())]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Another program gave a table a feature that this version does not read.
    #[error(
        "table `{table}` uses {feature}, which this fupan does not read; \
         another program changed it: restore the table from a copy"
    )]
    Unsupported {
        /// The table.
        table: String,
        /// The feature.
        feature: String,
    },
    /// The store holds no bars.
    #[error("the store {} holds no daily bars yet: run `fupan import` first", .0.display())]
    Empty(PathBuf),
    /// The store has no bars of the session asked for.
    #[error(
        "the store has no daily bars of {session}{}; it holds {first} to {last}: \
         choose a session in that range, or import one",
        of_source(source_name.as_deref())
    )]
    NoSession {
        /// The session asked for.
        session: SessionDate,
        /// The source asked for, where one was named.
        source_name: Option<String>,
        /// First session in the store.
        first: SessionDate,
        /// Last session in the store.
        last: SessionDate,
    },
    /// The store has no quotes of the session asked for.
    #[error(
        "the store has no quotes of {session}, so nothing is known of its instants{}: import some, \
         for example with `fupan import bars-15m FILE`",
        between(*held)
    )]
    NoQuotes {
        /// The session asked for.
        session: SessionDate,
        /// First and last session of the quotes in the store, where there are any.
        held: Option<(SessionDate, SessionDate)>,
    },
    /// The quotes of the session begin after the instant asked for.
    #[error(
        "the store's quotes of {session} begin at {first}, after {until}: ask for a later instant, \
         or import finer quotes"
    )]
    NoQuotesYet {
        /// The session asked for.
        session: SessionDate,
        /// The instant asked for.
        until: String,
        /// The first instant of the quotes.
        first: String,
    },
    /// The date is no session.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The file system refuses to write.
    #[error("cannot write {}: {source}; make the folder writable, or use another store", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No room is left.
    #[error(
        "no space left for {}; nothing was changed: free some space and run the import again",
        path.display()
    )]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Any other fault of the file system.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An import's rows do not fit the table.
    #[error("import `{import}` does not fit table `{table}`: {detail}")]
    Rows {
        /// The import.
        import: String,
        /// The table.
        table: &'static str,
        /// What does not fit.
        detail: String,
    },
    /// An earlier import of the same source holds rows with other values.
    #[error("{0}")]
    Differs(Box<Difference>),
    /// No import has such an id.
    #[error("no import has an id that begins with `{0}`: `fupan imports` lists them")]
    NoImport(String),
    /// Several imports have such an id.
    #[error("several imports have ids that begin with `{prefix}`: {}", ids.join(", "))]
    ManyImports {
        /// What was asked for.
        prefix: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Another process works out the derived tables.
    #[error(
        "another `fupan backfill` is at work on the store {}, and nothing was changed: wait until \
         it is done, then run this again",
        .0.display()
    )]
    Busy(PathBuf),
    /// The time that an import was given cannot be noted.
    #[error("the system's clock is wrong: {0}; set it and run the import again")]
    Clock(String),
    /// A Parquet file could not be read or written.
    #[error("{}: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the Parquet library said.
        source: parquet::errors::ParquetError,
    },
    /// Delta refused.
    #[error("table {}: {source}", path.display())]
    Delta {
        /// The table's folder.
        path: PathBuf,
        /// What the Delta library said.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// The query is not valid, or asks for more than reading.
    #[error("{0}")]
    Sql(String),
    /// The query needs more memory than it may use.
    #[error(
        "the query needs more memory than it may use, half of the machine's: ask for fewer rows or \
         columns, with WHERE or LIMIT, or a part at a time ({0})"
    )]
    TooLarge(String),
}

/// What an import says otherwise than earlier ones of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The import's file.
    pub file: String,
    /// The source.
    pub source: String,
    /// The tables.
    pub tables: Vec<String>,
    /// Rows that differ.
    pub rows: u64,
    /// First and last day of those.
    pub days: Option<(SessionDate, SessionDate)>,
    /// The earlier imports.
    pub earlier: Vec<EarlierImport>,
    /// The first rows that differ: who, when, and what changes.
    pub examples: Vec<String>,
}

/// An earlier import that holds rows with other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierImport {
    /// Its id.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Rows that differ.
    pub rows: u64,
}

/// So many characters of an id are shown.
pub(crate) const ID_SHOWN: usize = 12;

/// An id as far as it is shown.
pub(crate) fn short(id: &str) -> &str {
    id.get(..ID_SHOWN).unwrap_or(id)
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = match self.days {
            Some((first, last)) if first == last => format!(" of {first}"),
            Some((first, last)) => format!(" between {first} and {last}"),
            None => String::new(),
        };
        let earlier: Vec<String> = self
            .earlier
            .iter()
            .map(|e| format!("{} (import {}, {} rows)", e.file, short(&e.id), e.rows))
            .collect();
        writeln!(
            f,
            "`{}` was not imported: {} rows of `{}`{days} are in the store from the same source, \
             `{}`, with other values, from {}",
            self.file,
            self.rows,
            self.tables.join("`, `"),
            self.source,
            earlier.join(", ")
        )?;
        for example in &self.examples {
            writeln!(f, "  {example}")?;
        }
        let ids: Vec<&str> = self.earlier.iter().map(|e| short(&e.id)).collect();
        write!(
            f,
            "if the new file is right, import it with --replace, or run `fupan drop {}` first; if \
             both are to be kept, give the recipe another `source`",
            ids.join(" ")
        )
    }
}

fn of_source(source: Option<&str>) -> String {
    source.map(|name| format!(" from source `{name}`")).unwrap_or_default()
}

fn between(held: Option<(SessionDate, SessionDate)>) -> String {
    held.map(|(first, last)| format!("; it holds quotes between {first} and {last}"))
        .unwrap_or_default()
}

impl StoreError {
    /// Whether the reader asked for something that cannot be, as against a fault of the data or
    /// the machine.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            StoreError::NoSession { .. }
                | StoreError::Calendar(_)
                | StoreError::Sql(_)
                | StoreError::TooLarge(_)
                | StoreError::NoImport(_)
                | StoreError::ManyImports { .. }
        )
    }

    /// An I/O error at a path, sorted by what the reader can do about it.
    pub(crate) fn io(path: &Path, source: io::Error) -> StoreError {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                StoreError::DiskFull { path, source }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path, source }
            }
            _ => StoreError::Io { path, source },
        }
    }

    /// A Parquet error at a path; an I/O error inside it keeps its meaning.
    pub(crate) fn parquet(path: &Path, source: parquet::errors::ParquetError) -> StoreError {
        match io_kind(&source) {
            Some(kind) if kind != io::ErrorKind::UnexpectedEof => {
                StoreError::io(path, io::Error::new(kind, source))
            }
            _ => StoreError::Parquet { path: path.to_path_buf(), source },
        }
    }

    /// A Delta error in a table's folder; an I/O error inside it keeps its meaning.
    pub(crate) fn delta(path: &Path, source: deltalake_core::DeltaTableError) -> StoreError {
        match io_kind(&source) {
            Some(kind) => StoreError::io(path, io::Error::new(kind, source)),
            None => StoreError::Delta { path: path.to_path_buf(), source: Box::new(source) },
        }
    }
}

/// The kind of the first I/O error among an error and its causes.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        if let Some(parquet::errors::ParquetError::External(inner)) = error.downcast_ref()
            && let Some(io) = inner.downcast_ref::<io::Error>()
        {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}
