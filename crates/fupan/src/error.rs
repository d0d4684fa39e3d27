//! What can go wrong between data and brief.

use fupan_fact::{FactKey, KeyError};
use fupan_market::{CalendarError, SessionDate};
use fupan_source::SourceError;
use fupan_store::StoreError;
use fupan_table::Derived;
use thiserror::Error;

/// Why a command has no answer. Each message says what, where, and what to do next.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The date is not a session, or the calendar does not know it.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The text is not a fact key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Rows could not be laid out as a table.
    #[error(transparent)]
    Layout(#[from] fupan_table::TableError),
    /// The store holds no bars.
    #[error(
        "the store holds no daily bars yet; import some with `fupan import RECIPE PATH…`, or see \
         the program at work with `fupan review --sample`"
    )]
    NoBars,
    /// The instant comes before the session's first price.
    #[error(
        "at {at} the session of {session} has no price yet: the opening auction ends at 09:25; ask \
         for a later instant, or for the session before"
    )]
    BeforeOpen {
        /// The session.
        session: SessionDate,
        /// The instant.
        at: fupan_fact::AsOf,
    },
    /// The data has no instants.
    #[error(
        "the simulated sample has daily bars only, and no instants: import quotes into a store, \
         for example with `fupan import bars-15m FILE`"
    )]
    NoInstants,
    /// The session is not in the data.
    #[error("{session} is not in the data, which reaches from {first} to {last}")]
    OutsideData {
        /// The session asked for.
        session: SessionDate,
        /// First session of the data.
        first: SessionDate,
        /// Last session of the data.
        last: SessionDate,
    },
    /// No fact has the key.
    #[error("no figure has the key {key}{}", nearest.as_ref().map(|k| format!("; did you mean {k}?")).unwrap_or_default())]
    NoFact {
        /// The key asked for.
        key: Box<FactKey>,
        /// The nearest one that exists.
        nearest: Option<Box<FactKey>>,
    },
    /// A path could not be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried: `read`, `write`.
        action: &'static str,
        /// Where.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// A table could not be written.
    #[error("cannot write the table: {0}")]
    Table(String),
    /// A derived table holds what no backfill wrote.
    #[error(
        "the derived table `{table}` is damaged: {detail}; delete its folder in `tables` of the \
         store and run `fupan backfill`, nothing is lost"
    )]
    DerivedDamaged {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        detail: String,
    },
}

/// What kind of thing went wrong, for exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request makes no sense as written: a wrong date, key, recipe or query.
    Usage,
    /// Data is missing, damaged, or cannot be read or written.
    Data,
}

impl Error {
    /// A derived table whose rows are not those of its schema.
    pub(crate) fn unreadable(table: Derived) -> Error {
        let detail = "its columns or values are not those that a backfill writes".to_owned();
        Error::DerivedDamaged { table: table.name(), detail }
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Calendar(_)
            | Error::Key(_)
            | Error::NoFact { .. }
            | Error::BeforeOpen { .. } => ErrorKind::Usage,
            Error::Source(
                SourceError::MissingColumns { .. }
                | SourceError::WrongFormat { .. }
                | SourceError::WrongType { .. }
                | SourceError::WrongUnits { .. }
                | SourceError::Contradiction { .. }
                | SourceError::NoRecipe { .. }
                | SourceError::BadRecipe { .. }
                | SourceError::AsOfNeeded { .. }
                | SourceError::UnknownRecipe { .. },
            ) => ErrorKind::Usage,
            Error::Store(error) if error.is_usage() => ErrorKind::Usage,
            _ => ErrorKind::Data,
        }
    }
}
