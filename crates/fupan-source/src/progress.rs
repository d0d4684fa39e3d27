//! Telling a reader how far an import has come.

/// Is told how an import advances. Implementations draw; this crate never prints.
pub trait Progress: Sync {
    /// Called once before reading: the rows that will come, where the file tells.
    fn expect(&self, rows: Option<u64>);
    /// Called after every batch with the rows read since the last call.
    fn advance(&self, rows: u64);
}

/// Progress that nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn expect(&self, _rows: Option<u64>) {}
    fn advance(&self, _rows: u64) {}
}
