//! One import: what a source made of one file (or folder), on its way into the store.

use std::fmt;

use arrow::array::RecordBatch;
use fupan_market::{Exchange, Finding, SessionDate, Wording};
use serde::{Deserialize, Serialize};

use crate::Table;

/// What identifies an import: the BLAKE3 digest, in hex, of the file's bytes and of the recipe
/// they were read by. The same bytes read in the same way are the same import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(pub String);

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Rows of one session and exchange that an import lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LostRows {
    /// The session; `None` where it cannot be told, so that it may be any of the file's.
    pub session: Option<SessionDate>,
    /// The exchange; `None` where it cannot be told.
    pub exchange: Option<Exchange>,
    /// How many.
    pub rows: u64,
}

/// The rows and findings of one file.
#[derive(Clone, Debug)]
pub struct Import {
    /// What identifies it.
    pub id: ImportId,
    /// The source's name, such as `tushare`; rows of two sources are never mixed.
    pub source: String,
    /// The recipe's name.
    pub recipe: String,
    /// The file's name without its folder.
    pub file: String,
    /// BLAKE3 digest of the file's bytes, in hex.
    pub digest: String,
    /// Rows, by table, in the table's schema.
    pub batches: Vec<(Table, RecordBatch)>,
    /// Rows read from the file.
    pub rows_read: u64,
    /// Of them, rows lost: they belong to the store's tables and could not be read, or speak
    /// against themselves.
    pub rows_left_out: u64,
    /// Of the rows lost, those of daily bars and quotes, by the session and exchange that they
    /// belong to as far as that can be told.
    pub lost: Vec<LostRows>,
    /// Of them, rows of kinds that no table holds: funds, B-shares, bonds, days without a session.
    pub rows_not_covered: u64,
    /// How the file was recognised to be laid out: encoding, delimiter, lines before the header.
    /// Empty where there was nothing to recognise.
    pub layout: Wording,
    /// What was found wrong or missing; rows that could not be read are left out and counted here.
    pub findings: Vec<Finding>,
}
