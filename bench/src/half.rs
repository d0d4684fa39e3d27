//! The first half of a table's history, for the growth of time with the history's length.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::{Array, BooleanArray, Int32Array, RecordBatch};
use arrow::compute::filter_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

use crate::table::Column;

/// Writes the sessions from the first on that hold half of a table's rows, in the codec and with
/// the row groups of the table.
///
/// # Errors
/// Where the table cannot be read or the half cannot be written.
pub fn write(bars: &Path, half: &Path) -> Result<()> {
    let open = || -> Result<_> { Ok(ParquetRecordBatchReaderBuilder::try_new(File::open(bars)?)?) };
    let mut rows: BTreeMap<i32, usize> = BTreeMap::new();
    for batch in open()?.build()? {
        for date in dates(&batch?)?.iter().flatten() {
            *rows.entry(date).or_default() += 1;
        }
    }
    let all: usize = rows.values().sum();
    let mut so_far = 0;
    let last = rows.iter().find(|(_, rows)| {
        so_far += *rows;
        2 * so_far >= all
    });
    let last = *last.context("no rows")?.0;
    let reader = open()?;
    let group = reader.metadata().row_group(0);
    let properties = WriterProperties::builder()
        .set_compression(group.column(0).compression())
        .set_max_row_group_row_count(Some(usize::try_from(group.num_rows())?.max(1)))
        .build();
    let schema = reader.schema().clone();
    let mut writer = ArrowWriter::try_new(File::create(half)?, schema, Some(properties))?;
    for batch in reader.build()? {
        let batch = batch?;
        let early = BooleanArray::from_unary(dates(&batch)?, |date| date <= last);
        writer.write(&filter_record_batch(&batch, &early)?)?;
    }
    writer.close()?;
    Ok(())
}

fn dates(batch: &RecordBatch) -> Result<&Int32Array> {
    let column = batch.column_by_name(Column::Date.name()).context("no column `date`")?;
    column.as_any().downcast_ref().context("`date` is no i32")
}
