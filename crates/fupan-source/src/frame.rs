//! Frames: what a format emits. Columns of some rows, with the place they came from.

use std::sync::Arc;

use arrow::array::RecordBatch;

use fupan_market::Wording;

use crate::finding::Topic;

/// Most rows of a frame, so that its columns fit in the processor's cache.
pub(crate) const FRAME_ROWS: usize = 8192;

/// Bytes of text at which a frame is emitted: records may be long, and several frames wait in
/// memory.
pub(crate) const FRAME_BYTES: usize = 16 << 20;

/// Some rows of a file, as columns under the file's own names.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The file, as the user gave it.
    pub file: Arc<str>,
    /// The symbol or date text in the file's (or folder's) name, such as `sh600519`.
    pub subject: Arc<str>,
    /// Rows of the file before this frame.
    pub rows_before: u64,
    /// The rows.
    pub batch: RecordBatch,
    /// The place of each row among those of this frame, counted from one, if rows between them were
    /// left out; `None` if they are consecutive.
    pub places: Option<Vec<u64>>,
    /// What the format itself found wrong.
    pub faults: Vec<Fault>,
}

/// What a format found wrong with a row, or with several rows that it could not separate.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub topic: Topic,
    /// Rows affected.
    pub rows: u64,
    /// The first of them among the rows of the frame, counted from one.
    pub place: u64,
    /// The row's day since 1970-01-01, if it can be read.
    pub day: Option<i32>,
    /// The beginning of the faulty text, as an example.
    pub example: Wording,
}

impl Frame {
    /// The number in its file of a row of the batch, counted from one.
    pub fn number(&self, row: usize) -> u64 {
        let place = self.places.as_ref().and_then(|places| places.get(row).copied());
        self.rows_before + place.unwrap_or(row as u64 + 1)
    }
}

/// Receives frames as they are read; returns whether more are wanted.
pub(crate) type Take<'a> = dyn FnMut(Frame) -> std::ops::ControlFlow<()> + 'a;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::Schema;

    use super::*;

    #[test]
    fn a_row_has_the_number_of_its_place_in_the_file() {
        let mut frame = Frame {
            file: "f".into(),
            subject: "f".into(),
            rows_before: 100,
            batch: RecordBatch::new_empty(Arc::new(Schema::empty())),
            places: None,
            faults: Vec::new(),
        };
        assert_eq!([0, 1, 5].map(|row| frame.number(row)), [101, 102, 106]);
        frame.places = Some(vec![1, 4]);
        assert_eq!([0, 1].map(|row| frame.number(row)), [101, 104]);
    }
}
