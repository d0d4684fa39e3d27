//! Parquet files, read batch by batch, only the columns needed.

use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use fupan_market::Wording;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::columns_of;
use crate::files::{Member, Payload};
use crate::frame::{FRAME_ROWS, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    member: &Member,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let path = Path::new(member.shown.as_ref());
    let (builder, names) = open(&member.path, path)?;
    let wanted = columns_of(recipe, path, &names)?;
    if let Some(twice) = names
        .iter()
        .enumerate()
        .find(|(at, name)| wanted.contains(&name.as_str()) && names[..*at].contains(name))
    {
        let reason = Wording::new(
            format!("it has two columns `{}`", twice.1),
            format!("有两列都叫`{}`", twice.1),
        );
        return Err(member.wrong_format(recipe, reason));
    }
    let rows = builder.metadata().file_metadata().num_rows();
    if !payload.is_folder() {
        progress.expect(u64::try_from(rows).ok());
    }
    let roots = names.iter().enumerate().filter(|(_, n)| wanted.contains(&n.as_str()));
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots.map(|(i, _)| i));
    let reader = builder
        .with_projection(mask)
        .with_batch_size(FRAME_ROWS)
        .build()
        .map_err(|error| damaged(path, &error))?;
    let mut rows_before = 0;
    for batch in reader {
        let batch: RecordBatch = batch.map_err(|error| damaged(path, &error))?;
        let rows = batch.num_rows() as u64;
        let frame = Frame {
            file: member.shown.clone(),
            subject: member.subject.clone(),
            rows_before,
            batch,
            places: None,
            faults: Vec::new(),
        };
        if take(frame).is_break() {
            return Ok(());
        }
        rows_before += rows;
    }
    Ok(())
}

/// Opens a file; also returns the names of its columns.
fn open(
    path: &Path,
    shown: &Path,
) -> Result<(ParquetRecordBatchReaderBuilder<File>, Vec<String>), SourceError> {
    let file = File::open(path)
        .map_err(|reason| SourceError::Unreadable { path: shown.to_owned(), reason })?;
    // The vendor's embedded Arrow schema may name types that only the vendor's program has.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|error| damaged(shown, &error))?;
    let names = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    Ok((builder, names))
}

fn damaged(path: &Path, error: &impl std::fmt::Display) -> SourceError {
    SourceError::Damaged { path: path.to_owned(), reason: Wording::of_library("Parquet库", error) }
}

/// The columns of a file; an error if the recipe does not read them.
pub(super) fn fits(recipe: &Recipe, path: &Path) -> Result<Vec<String>, SourceError> {
    let (_, names) = open(path, path)?;
    columns_of(recipe, path, &names)?;
    Ok(names)
}
