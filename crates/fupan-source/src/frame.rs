//! What a format hands on: columns of some rows, with the place they came from.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::findings::Topic;

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
    /// What the format itself found wrong.
    pub faults: Vec<(Topic, String)>,
}

/// Takes frames as they are read; answers whether more are wanted.
pub(crate) type Take<'a> = dyn FnMut(Frame) -> std::ops::ControlFlow<()> + 'a;
