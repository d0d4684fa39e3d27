//! The store: a folder of Delta tables that imports are appended to and reviews read from.
//!
//! A store holds `fupan-store.json`, one Delta table for each [`fupan_table::Table`] under
//! `tables/`, and the table `import`, which lists what was appended. An import's rows become
//! visible when its row in `import` is committed, which happens last: a process that dies at any
//! moment leaves an import either whole or invisible, and appending it again completes it. What
//! replaces or drops an import changes that table by one commit as well.
//!
//! Tables that are worked out from the others ([`fupan_table::Derived`]) lie beside them, one file
//! a year; `fupan-derived.json` says from which imports. They may be deleted at any time.
//!
//! [`Store::history`] reads one session and its past straight from the files; [`Store::sql`] runs
//! a query on DataFusion over the same files. Both see whole imports only.

mod append;
mod delta;
mod derived;
mod error;
mod query;
mod read;
mod record;
mod report;
mod store;

pub use append::{Appended, Differing};
pub use derived::period::{NoPeriod, Period};
pub use derived::{DerivedRows, Deriving, PeriodRows};
pub use error::{Difference, EarlierImport, StoreError};
pub use query::Workbench;
pub use query::steps::{Kept, SqlStep};
pub use read::quotes::QuoteReader;
pub use read::source_choice::SourceChoice;
pub use read::{ExchangeRead, KeptPast, Loaded, SourceUse, StoreInput};
pub use record::{ImportRecord, Replaced};
pub use report::{
    Problem, ProblemKind, SessionRows, SourceReport, StoreReport, TableReport, Thoroughness,
};
pub use store::Store;
