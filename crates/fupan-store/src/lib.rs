//! The store: a folder of Delta tables that imports are appended to and reviews read from.
//!
//! A store holds `fupan-store.json`, one Delta table for each [`fupan_table::Table`] under
//! `tables/`, and the table `import`, which lists what was appended. An import's rows become
//! visible when its row in `import` is committed, which happens last: a process that dies at any
//! moment leaves an import either whole or invisible, and appending it again completes it.
//!
//! Tables that are worked out from the others ([`fupan_table::Derived`]) lie beside them, one file
//! a year; `fupan-derived.json` says from which imports. They may be deleted at any time.
//!
//! [`Store::history`] reads one session and its past straight from the files; [`Store::sql`] runs
//! a query on DataFusion over the same files. Both see whole imports only.

mod append;
mod bars;
mod choice;
mod code_changes;
mod commit;
mod derived;
mod encode;
mod error;
mod history;
mod indices;
mod listing;
mod log;
mod marker;
mod meaning;
mod query;
mod quotes;
mod record;
mod report;
mod scan;
mod store;

pub use append::Appended;
pub use choice::SourceChoice;
pub use derived::{DerivedFrom, DerivedRows};
pub use error::StoreError;
pub use history::{ExchangeRead, KeptPast, Loaded, SourceUse, StoreInput};
pub use query::Workbench;
pub use quotes::QuoteReader;
pub use record::ImportRecord;
pub use report::{SourceReport, StoreReport, TableReport};
pub use store::Store;
