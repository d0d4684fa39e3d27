//! Progress of an import.

/// Receives the progress of an import. Implementations draw; this crate never prints.
pub trait Progress: Sync {
    /// Called once before reading, with the number of rows to come if the file states it.
    fn expect(&self, rows: Option<u64>);
    /// Called after every batch, with the rows read since the last call.
    fn advance(&self, rows: u64);
}

/// Progress that is ignored.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn expect(&self, _rows: Option<u64>) {}
    fn advance(&self, _rows: u64) {}
}
