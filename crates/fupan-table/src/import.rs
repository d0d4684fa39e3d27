//! One import: the rows and findings of one file (or folder), ready for the store.

use std::fmt;

use arrow::array::RecordBatch;
use fupan_market::{Finding, LostRows, Wording};

use crate::Table;

/// The identity of an import: the BLAKE3 digest, in hex, of the file's bytes and of the recipe they
/// were read with. The same bytes read in the same way are the same import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(pub String);

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The rows and findings of one file.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its identity.
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
    /// Of those, rows lost: they belong in the store's tables but could not be read, or contradict
    /// themselves.
    pub rows_left_out: u64,
    /// The lost rows of daily bars and quotes, by session and exchange as far as these are known.
    pub lost: Vec<LostRows>,
    /// Of the rows read, those of kinds that no table of the recipe holds, such as B-shares and bonds,
    /// and those of days without a session.
    pub rows_not_covered: u64,
    /// The layout recognised in the file: encoding, delimiter, lines before the header. Empty if
    /// there was nothing to recognise.
    pub layout: Wording,
    /// What was found wrong or missing. Rows that could not be read are left out and counted here.
    pub findings: Vec<Finding>,
}
