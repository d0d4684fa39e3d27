//! Parquet files, batch by batch, only the columns that are read.

use std::fs::File;

use arrow::array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::columns_of;
use crate::files::Payload;
use crate::frame::{FRAME_ROWS, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let path = &payload.path;
    let damaged = |reason: String| SourceError::Damaged { path: path.clone(), reason };
    let file = File::open(path)
        .map_err(|reason| SourceError::Unreadable { path: path.clone(), reason })?;
    // The vendor's embedded Arrow schema may name types that only their program has.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|error| damaged(error.to_string()))?;
    let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    let wanted = columns_of(recipe, path, &names)?;
    let rows = builder.metadata().file_metadata().num_rows();
    progress.expect(u64::try_from(rows).ok());
    let roots = names.iter().enumerate().filter(|(_, n)| wanted.contains(&n.as_str()));
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots.map(|(i, _)| i));
    let reader = builder
        .with_projection(mask)
        .with_batch_size(FRAME_ROWS)
        .build()
        .map_err(|error| damaged(error.to_string()))?;
    let mut rows_before = 0;
    for batch in reader {
        let batch: RecordBatch = batch.map_err(|error| damaged(error.to_string()))?;
        let rows = batch.num_rows() as u64;
        let frame = Frame {
            file: payload.shown.clone(),
            subject: payload.subject.clone(),
            rows_before,
            batch,
            faults: Vec::new(),
        };
        if take(frame).is_break() {
            return Ok(());
        }
        rows_before += rows;
    }
    Ok(())
}
