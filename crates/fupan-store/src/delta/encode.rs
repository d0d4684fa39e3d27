//! Writes rows to Parquet: sorted by the table's key, in one file, columns encoded in parallel.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, Date32Array, RecordBatch, StringArray, UInt32Array, UInt64Array,
};
use arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take};
use arrow::datatypes::{DataType, Date32Type, FieldRef, Int32Type, SchemaRef};
use fupan_market::{SessionDate, Wording};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use crate::StoreError;

/// Rows of a row group: the unit that a review reads or skips.
pub(crate) const ROW_GROUP_ROWS: usize = 128 * 1024;

/// A complete file, flushed to the disk and not yet part of any table.
pub(crate) struct Written {
    /// Its path, relative to the table's folder.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// When it was written, in milliseconds since 1970.
    pub modified_ms: i64,
    /// Delta's statistics, as JSON.
    pub stats: String,
    /// BLAKE3 digest of the bytes, in hex.
    pub digest: String,
}

/// How rows are laid out in a file.
pub(crate) struct Layout<'a> {
    /// The columns to sort rows by; empty if they arrive sorted.
    pub sort_by: &'a [&'a str],
    /// The columns whose range the table's log records.
    pub statistics_of: &'a [&'a str],
    /// Rows of a row group.
    pub row_group_rows: usize,
}

impl<'a> Layout<'a> {
    /// Sorted by a key, in row groups of the usual size.
    pub(crate) fn by_key(key: &'a [&'a str]) -> Layout<'a> {
        Layout { sort_by: key, statistics_of: key, row_group_rows: ROW_GROUP_ROWS }
    }
}

/// Writes the rows of one table to a new file in the table's folder.
pub(crate) fn write(
    table_dir: &Path,
    name: &str,
    schema: &SchemaRef,
    layout: &Layout<'_>,
    batches: &[&RecordBatch],
) -> Result<Written, StoreError> {
    let path = table_dir.join(name);
    let parquet = |error| StoreError::parquet(&path, error);
    let written = (|| {
        let batch = concat_batches(schema, batches.iter().copied())?;
        let order = order(&batch, layout.sort_by)?;
        encode(&path, &batch, order.as_ref(), layout)?;
        Ok::<_, ParquetError>(batch)
    })();
    let batch = written.map_err(|error| {
        // A partial file is useless; the error at hand is the one to report.
        let _ = std::fs::remove_file(&path);
        parquet(error)
    })?;
    let mut stats = Stats::new(layout.statistics_of);
    stats.add(&batch);
    self::written(&path, name, stats.json())
}

/// A file that is complete.
fn written(path: &Path, name: &str, stats: String) -> Result<Written, StoreError> {
    let metadata = path.metadata().map_err(|error| StoreError::io(path, error))?;
    Ok(Written {
        name: name.to_owned(),
        bytes: metadata.len(),
        modified_ms: modified_ms(path, &metadata)?,
        stats,
        digest: digest(path)?,
    })
}

/// When a file was written, in milliseconds since 1970.
fn modified_ms(path: &Path, metadata: &std::fs::Metadata) -> Result<i64, StoreError> {
    let modified = metadata.modified().map_err(|error| StoreError::io(path, error))?;
    let age = modified.duration_since(std::time::UNIX_EPOCH).ok();
    age.and_then(|age| i64::try_from(age.as_millis()).ok()).ok_or_else(|| StoreError::Damaged {
        path: path.to_path_buf(),
        detail: Wording::new(
            "the system reports that it was written before 1970 or in the far future",
            "系统所报的写入时间早于1970年，或在遥远的将来",
        ),
    })
}

/// The BLAKE3 digest of a file's bytes, in hex.
pub(crate) fn digest(path: &Path) -> Result<String, StoreError> {
    let hashed = File::open(path).and_then(|file| {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(file)?;
        Ok(hasher.finalize().to_hex().to_string())
    });
    hashed.map_err(|error| StoreError::io(path, error))
}

/// A file being written from batches of rows that arrive sorted. A row group is written as soon as
/// it is full.
pub(crate) struct GroupedRows {
    path: PathBuf,
    schema: SchemaRef,
    row_group_rows: usize,
    writer: SerializedFileWriter<File>,
    factory: ArrowRowGroupWriterFactory,
    groups: usize,
    /// Rows of the next row group.
    waiting: Vec<RecordBatch>,
    stats: Stats,
    whole: bool,
}

/// Removes a partial file, which is of no use.
impl Drop for GroupedRows {
    fn drop(&mut self) {
        if !self.whole {
            // The error that stopped the writing is the one to report; the next backfill sweeps
            // too.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl GroupedRows {
    /// A new file, without rows.
    pub(crate) fn create(
        path: PathBuf,
        schema: &SchemaRef,
        layout: &Layout<'_>,
    ) -> Result<GroupedRows, StoreError> {
        let begun = (|| {
            let file = File::create_new(&path)?;
            let properties = properties(schema, layout);
            let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties))?;
            writer.into_serialized_writer()
        })();
        let (writer, factory) = begun.map_err(|error| StoreError::parquet(&path, error))?;
        Ok(GroupedRows {
            path,
            schema: Arc::clone(schema),
            row_group_rows: layout.row_group_rows,
            writer,
            factory,
            groups: 0,
            waiting: Vec::new(),
            stats: Stats::new(layout.statistics_of),
            whole: false,
        })
    }

    /// Appends rows.
    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        self.stats.add(batch);
        self.waiting.push(batch.clone());
        let rows: usize = self.waiting.iter().map(RecordBatch::num_rows).sum();
        if rows < self.row_group_rows {
            return Ok(());
        }
        self.write_groups(rows / self.row_group_rows * self.row_group_rows)
    }

    /// Writes the first `rows` of the waiting rows.
    fn write_groups(&mut self, rows: usize) -> Result<(), StoreError> {
        let written = (|| {
            let mut waiting = std::mem::take(&mut self.waiting).into_iter();
            let mut next = waiting.next();
            for start in (0..rows).step_by(self.row_group_rows) {
                let mut missing = self.row_group_rows.min(rows - start);
                let mut group: Vec<RecordBatch> = Vec::new();
                while missing > 0
                    && let Some(batch) = next
                {
                    let taken = batch.num_rows().min(missing);
                    missing -= taken;
                    group.push(batch.slice(0, taken));
                    next = match batch.num_rows() - taken {
                        0 => waiting.next(),
                        left => Some(batch.slice(taken, left)),
                    };
                }
                // One after the other: while rows arrive, all cores are busy.
                let writers = self.factory.create_column_writers(self.groups)?;
                let fields = self.schema.fields().iter();
                let columns = writers.into_iter().zip(fields).enumerate();
                let columns = columns
                    .map(|(place, (writer, field))| {
                        encode_column(writer, group.iter().map(|batch| batch.column(place)), field)
                    })
                    .collect::<Result<_, _>>()?;
                append_group(&mut self.writer, columns)?;
                self.groups += 1;
            }
            self.waiting = next.into_iter().chain(waiting).collect();
            Ok::<_, ParquetError>(())
        })();
        written.map_err(|error| StoreError::parquet(&self.path, error))
    }

    /// Completes the file; the caller names it.
    pub(crate) fn finish(mut self) -> Result<Written, StoreError> {
        let rows = self.waiting.iter().map(RecordBatch::num_rows).sum();
        if rows > 0 {
            self.write_groups(rows)?;
        }
        let finished = (|| {
            self.writer.finish()?;
            self.writer.inner().sync_all()?;
            Ok::<_, ParquetError>(())
        })();
        finished.map_err(|error| StoreError::parquet(&self.path, error))?;
        let written = written(&self.path, "", self.stats.json())?;
        self.whole = true;
        Ok(written)
    }
}

/// Encodes a column of a row group, in one piece or several.
fn encode_column<'a>(
    mut writer: ArrowColumnWriter,
    pieces: impl IntoIterator<Item = &'a ArrayRef>,
    field: &FieldRef,
) -> Result<ArrowColumnChunk, ParquetError> {
    for piece in pieces {
        for leaf in compute_leaves(field, piece)? {
            writer.write(&leaf)?;
        }
    }
    writer.close()
}

fn append_group(
    writer: &mut SerializedFileWriter<File>,
    columns: Vec<ArrowColumnChunk>,
) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in columns {
        column.append_to_row_group(&mut group)?;
    }
    group.close()?;
    Ok(())
}

fn encode(
    path: &Path,
    batch: &RecordBatch,
    order: Option<&UInt32Array>,
    layout: &Layout<'_>,
) -> Result<(), ParquetError> {
    let file = File::create_new(path)?;
    let row_group_rows = layout.row_group_rows;
    let properties = properties(batch.schema_ref(), layout);
    let writer = ArrowWriter::try_new(file, batch.schema(), Some(properties))?;
    let (mut writer, factory) = writer.into_serialized_writer()?;
    let groups = batch.num_rows().div_ceil(row_group_rows);
    // A few row groups at a time limit the memory; all their columns are encoded in parallel.
    let at_once = rayon::current_num_threads().max(1);
    for first in (0..groups).step_by(at_once) {
        let encoded: Vec<Vec<ArrowColumnChunk>> = (first..groups.min(first + at_once))
            .into_par_iter()
            .map(|group| {
                let writers = factory.create_column_writers(group)?;
                let columns = writers.into_par_iter().zip(batch.columns());
                columns
                    .zip(&batch.schema_ref().fields()[..])
                    .map(|((writer, column), field)| {
                        let start = group * row_group_rows;
                        let rows = group_rows(column, order, start, row_group_rows)?;
                        encode_column(writer, [&rows], field)
                    })
                    .collect::<Result<_, ParquetError>>()
            })
            .collect::<Result<_, ParquetError>>()?;
        encoded.into_iter().try_for_each(|columns| append_group(&mut writer, columns))?;
    }
    writer.finish()?;
    writer.inner().sync_all()?;
    Ok(())
}

/// The rows of one row group of a column.
fn group_rows(
    column: &ArrayRef,
    order: Option<&UInt32Array>,
    start: usize,
    rows: usize,
) -> Result<ArrayRef, ParquetError> {
    let rows = rows.min(column.len() - start);
    Ok(match order {
        Some(order) => take(column, &order.slice(start, rows), None)?,
        None => column.slice(start, rows),
    })
}

/// Dictionaries pay only for columns with few values; the others are plain, which reads fastest.
/// Ranges are recorded of the columns by which rows are chosen: keys, dates and texts. Of figures
/// they rule out nothing, and cost a tenth of the encoding.
fn properties(schema: &SchemaRef, layout: &Layout<'_>) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::PLAIN)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(layout.row_group_rows))
        .set_created_by(format!("fupan {}", env!("CARGO_PKG_VERSION")));
    for field in schema.fields() {
        let column = || ColumnPath::from(field.name().as_str());
        let few_values = matches!(field.data_type(), DataType::Utf8 | DataType::Date32);
        if few_values {
            properties = properties.set_column_dictionary_enabled(column(), true);
        }
        if few_values || layout.sort_by.contains(&field.name().as_str()) {
            properties =
                properties.set_column_statistics_enabled(column(), EnabledStatistics::Page);
        }
    }
    properties.build()
}

/// The order that sorts a batch by its key; `None` if it is already sorted.
fn order(batch: &RecordBatch, key: &[&str]) -> Result<Option<UInt32Array>, ParquetError> {
    if key.is_empty() {
        return Ok(None);
    }
    let mut columns: Vec<SortColumn> = Vec::new();
    let mut rest = key;
    if let Some((keys, packed)) = packed(batch, key) {
        rest = &key[packed..];
        // Rows equal in the first columns are ordered by the rest of the key.
        let sorted = match rest {
            [] => keys.is_sorted(),
            _ => keys.is_sorted_by(|a, b| a < b),
        };
        if sorted {
            return Ok(None);
        }
        if rest.is_empty() {
            let mut rows: Vec<(u64, u32)> =
                keys.into_par_iter().enumerate().map(|(row, key)| (key, row as u32)).collect();
            rows.par_sort_unstable();
            return Ok(Some(rows.into_iter().map(|(_, row)| row).collect()));
        }
        columns.push(SortColumn { values: Arc::new(UInt64Array::from(keys)), options: None });
    }
    let named = rest.iter().filter_map(|name| batch.column_by_name(name));
    columns.extend(named.map(|values| SortColumn { values: Arc::clone(values), options: None }));
    Ok(Some(lexsort_to_indices(&columns, None)?))
}

/// The first columns of a key (session, symbol and a time between them) packed into one sortable
/// number a row, and how many columns they are; `None` if the key begins otherwise, or a symbol is
/// not of the usual nine characters.
fn packed(batch: &RecordBatch, key: &[&str]) -> Option<(Vec<u64>, usize)> {
    let times = match key {
        ["session", "symbol", ..] => None,
        ["session", "time", "symbol", ..] => Some(batch.column_by_name("time")?),
        _ => return None,
    };
    let times = match times {
        Some(times) => Some(times.as_primitive_opt::<Int32Type>().filter(|t| t.null_count() == 0)?),
        None => None,
    };
    let sessions = batch.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
    let symbols = batch.column_by_name("symbol")?.as_string_opt::<i32>()?;
    let one = |row: usize| {
        let text: &[u8; 9] = symbols.value(row).as_bytes().try_into().ok()?;
        let (digits, suffix) = text.split_at(6);
        let code = digits.iter().try_fold(0_u64, |code, digit| {
            digit.is_ascii_digit().then(|| code * 10 + u64::from(digit - b'0'))
        })?;
        let exchange = [b".BJ", b".SH", b".SZ"].iter().position(|known| known[..] == *suffix)?;
        // 22 bits of days cover the years −3,700 to 7,700, 17 bits of seconds more than a day.
        let day = u64::try_from(i64::from(sessions.value(row)) + (1 << 21)).ok()?;
        let time = times.map_or(Some(0), |times| u64::try_from(times.value(row)).ok())?;
        let fits = day < 1 << 22 && time < 1 << 17;
        fits.then_some(day << 39 | time << 22 | code << 2 | exchange as u64)
    };
    let keys = (0..batch.num_rows()).into_par_iter().map(one).collect::<Option<Vec<u64>>>()?;
    Some((keys, 2 + usize::from(times.is_some())))
}

/// Delta's statistics of a file: rows, range of the key columns, nulls of all columns.
struct Stats {
    key: Vec<String>,
    rows: usize,
    /// By column, in the order of the schema.
    nulls: Vec<(String, usize)>,
    ranges: BTreeMap<String, (String, String)>,
}

impl Stats {
    fn new(key: &[&str]) -> Stats {
        let key = key.iter().map(|name| (*name).to_owned()).collect();
        Stats { key, rows: 0, nulls: Vec::new(), ranges: BTreeMap::new() }
    }

    fn add(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        let fields = batch.schema_ref().fields();
        if self.nulls.is_empty() {
            self.nulls = fields.iter().map(|field| (field.name().clone(), 0)).collect();
        }
        for ((name, nulls), column) in self.nulls.iter_mut().zip(batch.columns()) {
            *nulls += column.null_count();
            if !self.key.contains(name) {
                continue;
            }
            let Some((least, greatest)) = range(column) else { continue };
            let (least, greatest) = match self.ranges.remove(name) {
                Some((min, max)) => (min.min(least), max.max(greatest)),
                None => (least, greatest),
            };
            self.ranges.insert(name.clone(), (least, greatest));
        }
    }

    fn json(&self) -> String {
        let mut least = serde_json::Map::new();
        let mut greatest = serde_json::Map::new();
        let mut nulls = serde_json::Map::new();
        for (name, count) in &self.nulls {
            nulls.insert(name.clone(), (*count).into());
            if let Some((min, max)) = self.ranges.get(name) {
                least.insert(name.clone(), min.clone().into());
                greatest.insert(name.clone(), max.clone().into());
            }
        }
        serde_json::json!({
            "numRecords": self.rows,
            "minValues": least,
            "maxValues": greatest,
            "nullCount": nulls,
        })
        .to_string()
    }
}

fn range(column: &ArrayRef) -> Option<(String, String)> {
    if let Some(days) = column.as_any().downcast_ref::<Date32Array>() {
        let day = |days: Option<i32>| SessionDate::from_epoch_days(days?).map(|d| d.to_string());
        return day(arrow::compute::min(days)).zip(day(arrow::compute::max(days)));
    }
    let text = column.as_any().downcast_ref::<StringArray>()?;
    let min = arrow::compute::min_string(text)?;
    Some((min.to_owned(), arrow::compute::max_string(text)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use fupan_market::{Quote, Span, Symbol};
    use fupan_table::{Table, quote_batch};
    use proptest::prelude::*;

    use super::*;

    const SYMBOLS: [&str; 4] = ["600000.SH", "000001.SZ", "920000.BJ", "000001.SH"];

    /// The key's columns of a batch, row by row, as sortable text; nulls first.
    fn keys(batch: &RecordBatch, key: &[&str]) -> Vec<Vec<String>> {
        let cell = |name: &&str, row: usize| {
            let column = batch.column_by_name(name).unwrap();
            let text = arrow::util::display::array_value_to_string(column, row).unwrap();
            match column.is_null(row) {
                true => String::new(),
                false => format!("{text:0>12}"),
            }
        };
        (0..batch.num_rows()).map(|row| key.iter().map(|name| cell(name, row)).collect()).collect()
    }

    /// Rows added in several batches produce the same file as rows added at once, and an unfinished
    /// file is removed.
    #[test]
    fn rows_by_and_by_are_the_rows_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let day = |number: i32| SessionDate::from_epoch_days(20_000 + number).unwrap();
        let symbol: Symbol = SYMBOLS[0].parse().unwrap();
        let quote = Quote { time: 1, span: Span::SoFar, sequence: 0, revision: 0, traded: None };
        let rows = |days: std::ops::Range<i32>| {
            quote_batch(days.map(|number| (day(number), symbol, quote))).unwrap()
        };
        let layout = Layout { statistics_of: &["session"], sort_by: &[], row_group_rows: 5 };
        let schema = Table::Quote.schema();
        let once = write(folder.path(), "once", &schema, &layout, &[&rows(0..23)]).unwrap();
        let path = folder.path().join("by-and-by");
        let mut grouped = GroupedRows::create(path.clone(), &schema, &layout).unwrap();
        for (from, to) in [(0, 3), (3, 3), (3, 4), (4, 16), (16, 20), (20, 23)] {
            grouped.add(&rows(from..to)).unwrap();
        }
        let written = grouped.finish().unwrap();
        assert_eq!((written.digest, written.stats), (once.digest, once.stats));
        assert!(path.exists());

        let path = folder.path().join("never");
        let mut grouped = GroupedRows::create(path.clone(), &schema, &layout).unwrap();
        grouped.add(&rows(0..12)).unwrap();
        drop(grouped);
        assert!(!path.exists());
    }

    proptest! {
        /// Quotes are written in the order of the table's key, whatever their order was.
        #[test]
        fn quotes_are_put_in_the_order_of_their_key(
            rows in prop::collection::vec(
                (0_i32..3, 0_u32..3, 0_usize..4, prop::option::of(0_u32..2), 0_u64..2, 0_u32..2),
                0..40,
            ),
            sorted in any::<bool>(),
        ) {
            let quote = |(day, time, symbol, span, sequence, revision)| {
                let symbol: &str = SYMBOLS[symbol];
                let symbol: Symbol = symbol.parse().unwrap();
                let span = match span {
                    Some(seconds) => Span::Seconds(seconds),
                    None => Span::SoFar,
                };
                let day = SessionDate::from_epoch_days(20_000 + day).unwrap();
                (day, symbol, Quote { time, span, sequence, revision, traded: None })
            };
            let batch = quote_batch(rows.into_iter().map(quote)).unwrap();
            let key = Table::Quote.key();
            let taken = |batch: &RecordBatch, order: Option<UInt32Array>| match order {
                Some(order) => arrow::compute::take_record_batch(batch, &order).unwrap(),
                None => batch.clone(),
            };
            let mut ordered = taken(&batch, order(&batch, key).unwrap());
            if sorted {
                ordered = taken(&ordered, order(&ordered, key).unwrap());
            }
            let mut expected = keys(&batch, key);
            expected.sort();
            prop_assert_eq!(keys(&ordered, key), expected);
        }
    }
}
