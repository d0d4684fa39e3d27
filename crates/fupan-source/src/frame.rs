//! What a format hands on: columns of some rows, with the place they came from.

use std::sync::Arc;

use arrow::array::RecordBatch;

use fupan_market::Wording;

use crate::finding::Topic;

/// Rows of a frame at most, so that its columns stay in the processor's cache.
pub(crate) const FRAME_ROWS: usize = 8192;

/// Bytes of text that a frame of text holds before it is handed on: records may be long, and
/// several frames wait in memory.
pub(crate) const FRAME_BYTES: usize = 16 << 20;

/// Some rows of a file, as columns under the file's own names.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The file, as the reader gave it.
    pub file: Arc<str>,
    /// What the file's (or folder's) name speaks of, such as `sh600519`.
    pub subject: Arc<str>,
    /// Rows of the file before this frame.
    pub rows_before: u64,
    /// The rows.
    pub batch: RecordBatch,
    /// The place of each row among those of this frame, counted from one, where rows were left
    /// out between them; `None` where they follow each other.
    pub places: Option<Vec<u64>>,
    /// What the format itself found wrong.
    pub faults: Vec<Fault>,
}

/// What a format found wrong with a row, or with rows that it could not tell apart.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub topic: Topic,
    /// Rows that it concerns.
    pub rows: u64,
    /// The first of them among the rows of the frame, counted from one.
    pub place: u64,
    /// The day that the row speaks of, since 1970-01-01, where it can be told.
    pub day: Option<i32>,
    /// What it looks like.
    pub example: Wording,
}

impl Frame {
    /// The number of a row of the batch in its file, counted from one.
    pub fn number(&self, row: usize) -> u64 {
        let place = self.places.as_ref().and_then(|places| places.get(row).copied());
        self.rows_before + place.unwrap_or(row as u64 + 1)
    }
}

/// Takes frames as they are read; answers whether more are wanted.
pub(crate) type Take<'a> = dyn FnMut(Frame) -> std::ops::ControlFlow<()> + 'a;
