//! The beginning of a table's log in one file.
//!
//! A log has a file for each commit, and a store has a commit for each import. What they say is
//! kept in one file, `fupan-log/<table>.jsonl`, so that of a long log only the last commits are read
//! one by one. The file holds no more than the log does and may be deleted at any time; one that
//! does not fit the log is ignored. Delta's own checkpoints are not enough: they drop the statistics
//! of files that are gone, and after a week the files.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::delta::marker;

/// Commits that lie beyond the kept ones before they are kept again.
pub(crate) const COMMITS_BEYOND: u64 = 64;

/// The lines of a log up to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptLog {
    /// The last commit that it holds.
    pub version: u64,
    /// The lines that say something about files, transactions or the protocol, in order.
    pub lines: String,
}

/// The first line of the file.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u64,
    /// The digest of the last commit's file: a table that was made again has another.
    commit: String,
    /// The digest of the lines.
    lines: String,
}

/// Where the beginning of a table's log is kept.
pub(crate) fn path(store_dir: &Path, table: &str) -> PathBuf {
    store_dir.join("fupan-log").join(format!("{table}.jsonl"))
}

/// The file of a commit.
pub(crate) fn commit_path(log_dir: &Path, version: u64) -> PathBuf {
    log_dir.join(format!("{version:020}.json"))
}

impl KeptLog {
    /// Reads what is kept of a log; `None` if nothing is, or if it is not the log's.
    pub(crate) fn read(path: &Path, log_dir: &Path) -> Option<KeptLog> {
        let text = fs::read_to_string(path).ok()?;
        let (head, lines) = text.split_once('\n')?;
        let head: Head = serde_json::from_str(head).ok()?;
        let commit = fs::read(commit_path(log_dir, head.version)).ok()?;
        let fits = digest(&commit) == head.commit && digest(lines.as_bytes()) == head.lines;
        fits.then(|| KeptLog { version: head.version, lines: lines.to_owned() })
    }

    /// Keeps the beginning of a log.
    pub(crate) fn write(&self, path: &Path, log_dir: &Path) -> Result<(), StoreError> {
        let last = commit_path(log_dir, self.version);
        let commit = fs::read(&last).map_err(|error| StoreError::io(&last, error))?;
        let head = Head {
            version: self.version,
            commit: digest(&commit),
            lines: digest(self.lines.as_bytes()),
        };
        let head = serde_json::to_string(&head).map_err(|error| StoreError::Damaged {
            path: path.to_path_buf(),
            detail: fupan_market::Wording::of_library("JSON库", &error),
        })?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::io(folder, error))?;
        }
        marker::write_whole(path, format!("{head}\n{}", self.lines).as_bytes())
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[cfg(test)]
mod tests;
