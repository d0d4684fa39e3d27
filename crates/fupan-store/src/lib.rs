//! The store: a folder of Delta tables that imports are appended to and reviews read from.
//!
//! A store holds `fupan-store.json`, one Delta table for each [`fupan_table::Table`] under
//! `tables/`, and the table `import`, which lists the appended imports. An import's rows become
//! visible when its row in `import` is committed, which happens last. If a process dies, the import
//! is therefore either complete or invisible, and appending it again completes it. Replacing or
//! dropping an import is also one commit to that table.
//!
//! Tables computed from the others ([`fupan_table::Derived`]) are kept next to them, one file a
//! year; `fupan-derived.json` records the imports they were computed from. They may be deleted at
//! any time, and so may `fupan-log/`, which holds the beginnings of long logs in one file each.
//!
//! [`Store::history`] reads one session and its past straight from the files; [`Store::sql`] runs a
//! query on DataFusion over the same files. Both see only complete imports.

mod append;
mod delta;
mod derived;
mod error;
mod query;
mod read;
mod record;
mod report;
mod store;

pub use append::{Appended, Differing, SortedEnd};
pub use derived::period::{NoPeriod, Period};
pub use derived::{DerivedRows, Deriving, PeriodRows};
pub use error::{Difference, EarlierImport, StoreError};
pub use query::Workbench;
pub use query::steps::{Kept, SqlStep};
pub use read::fund_bars::LoadedFunds;
pub use read::index_quotes::{IndexQuotes, IndexSeries};
pub use read::quotes::QuoteReader;
pub use read::source_choice::SourceChoice;
pub use read::{ExchangeRead, KeptPast, Loaded, SourceUse, StoreInput};
pub use record::{ImportRecord, Replaced};
pub use report::{
    Problem, ProblemKind, SessionRows, SourceReport, StoreReport, TableReport, Thoroughness,
};
pub use store::Store;
