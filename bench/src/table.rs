//! A Parquet table of daily bars: its shape, and its columns decoded in parts.

use std::fs::File;
use std::io::{Chain, Cursor, Read, Seek, SeekFrom, Take};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type};
use parquet::column::reader::ColumnReaderImpl;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

use crate::pages::{self, Plain, usual};

/// Rows decoded at a time: columns of them stay in a core's own cache.
const BATCH: usize = 8 * 1024;

/// Parts are about this long: long enough that a part's start costs nothing, short enough that
/// cores end together.
const PART_ROWS: usize = 512 * 1024;

/// Bytes read at once for a page's header; longer headers are read on from the file.
const HEADER_BYTES: u64 = 256;

/// Rows above this number are refused: their columns would not fit the memory of a workstation.
const ROWS_MAX: usize = 400_000_000;

/// A column of the table.
#[expect(missing_docs, reason = "docs/benchmarks.md says what the table's columns are")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Code,
    Board,
    Date,
    Open,
    High,
    Low,
    Close,
    PrevClose,
    Volume,
    Amount,
    FloatShares,
}

impl Column {
    /// All, in the order of the table.
    pub const ALL: [Column; 11] = [
        Column::Code,
        Column::Board,
        Column::Date,
        Column::Open,
        Column::High,
        Column::Low,
        Column::Close,
        Column::PrevClose,
        Column::Volume,
        Column::Amount,
        Column::FloatShares,
    ];

    /// The column's name.
    pub const fn name(self) -> &'static str {
        match self {
            Column::Code => "code",
            Column::Board => "board",
            Column::Date => "date",
            Column::Open => "open",
            Column::High => "high",
            Column::Low => "low",
            Column::Close => "close",
            Column::PrevClose => "pre_close",
            Column::Volume => "volume",
            Column::Amount => "amount",
            Column::FloatShares => "float_shares",
        }
    }

    /// The type in words, and Parquet's.
    const fn shape(self) -> (&'static str, Type) {
        match self {
            Column::Board => ("i8", Type::INT32),
            Column::Volume | Column::FloatShares => ("i64", Type::INT64),
            Column::Amount => ("f64", Type::DOUBLE),
            _ => ("i32", Type::INT32),
        }
    }
}

/// An opened table whose shape has been checked.
pub struct Table {
    path: PathBuf,
    metadata: ParquetMetaData,
    /// Where each of [`Column::ALL`] stands among the file's columns.
    places: [usize; Column::ALL.len()],
    rows: usize,
}

/// Rows that are decoded by one core at a time, in order.
#[derive(Clone, Debug)]
pub struct Part {
    /// Rows of the whole table.
    pub rows: Range<usize>,
    /// Where these rows lie.
    pub pieces: Vec<Piece>,
}

/// A row group, and rows of it.
pub type Piece = (usize, Range<usize>);

impl Table {
    /// Reads a file's metadata.
    ///
    /// # Errors
    /// Where the file cannot be read, is not Parquet, or is not of the table's shape; the message
    /// says what is expected.
    pub fn open(path: &Path) -> Result<Table> {
        let about = || format!("{}", path.display());
        let file = File::open(path).with_context(about)?;
        let metadata = ParquetMetaDataReader::new()
            .parse_and_finish(&file)
            .with_context(|| format!("{}: not a Parquet file", path.display()))?;
        let places = places(&metadata).with_context(about)?;
        let mut rows = 0_usize;
        let length = file.metadata()?.len();
        for group in metadata.row_groups() {
            let in_group = usize::try_from(group.num_rows()).unwrap_or(usize::MAX);
            rows = rows.saturating_add(in_group);
            ensure!(
                rows <= ROWS_MAX,
                "{}: {rows} rows or more; at most {ROWS_MAX} are provided for",
                path.display()
            );
            for place in places {
                let chunk = group.column(place);
                ensure!(
                    chunk_range(chunk).is_some_and(|range| range.end <= length),
                    "{}: column chunk of `{}` outside the file",
                    path.display(),
                    chunk.column_path()
                );
            }
        }
        ensure!(rows > 0, "{}: no rows", path.display());
        Ok(Table { path: path.to_owned(), metadata, places, rows })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How the file is laid out, in words.
    pub fn layout(&self) -> String {
        let groups = self.metadata.num_row_groups();
        let first = self.metadata.row_group(0);
        let close = first.column(self.places[Column::Close as usize]);
        let bytes: i64 = self.metadata.row_groups().iter().map(|g| g.compressed_size()).sum();
        format!(
            "{} rows in {groups} row groups, {}, {} MB",
            self.rows,
            close.compression(),
            bytes >> 20
        )
    }

    /// The table in parts: small row groups together, large ones cut.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut row = 0;
        let mut open = Part { rows: 0..0, pieces: Vec::new() };
        for (number, group) in self.metadata.row_groups().iter().enumerate() {
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            let cuts = (rows / (2 * PART_ROWS)).max(1);
            for cut in 0..cuts {
                let piece = rows * cut / cuts..rows * (cut + 1) / cuts;
                row += piece.len();
                open.rows.end = row;
                open.pieces.push((number, piece));
                if open.rows.len() >= PART_ROWS {
                    parts.push(std::mem::replace(
                        &mut open,
                        Part { rows: row..row, pieces: Vec::new() },
                    ));
                }
            }
        }
        if !open.rows.is_empty() {
            parts.push(open);
        }
        parts
    }

    /// A column of a piece of a row group, to be read in batches: `keep` makes what is kept of a
    /// value, and `null` is kept of a null.
    ///
    /// # Errors
    /// Where the file cannot be read, is damaged, or holds fewer rows.
    pub fn values<T: Plain, V: Copy, K: Fn(T::T) -> V>(
        &self,
        (group, rows): &Piece,
        column: Column,
        null: V,
        keep: K,
    ) -> Result<Values<T, V, K>> {
        let group = self.metadata.row_group(*group);
        let chunk = group.column(self.places[column as usize]);
        let in_group = usize::try_from(group.num_rows())?;
        let range = chunk_range(chunk).context("column chunk without a place")?;
        let bytes = ChunkBytes { file: File::open(&self.path)?, end: range.end };
        let pages = Box::new(SerializedPageReader::new(Arc::new(bytes), chunk, in_group, None)?);
        let mut values = if usual(chunk.encodings()) {
            let nullable = chunk.column_descr().max_def_level() > 0;
            pages::Values::of_pages(pages, nullable, null, keep)
        } else {
            let reader = ColumnReaderImpl::new(chunk.column_descr_ptr(), pages);
            pages::Values::of_reader(reader, null, keep)
        };
        values.skip(rows.start).with_context(|| about(column))?;
        Ok(Values { column, values })
    }
}

/// The lengths of the batches that a piece is read in.
pub fn batches((_, rows): &Piece) -> impl Iterator<Item = usize> + use<> {
    let rows = rows.len();
    (0..rows).step_by(BATCH).map(move |start| BATCH.min(rows - start))
}

/// A column of a piece of a row group.
pub struct Values<T: Plain, V, K> {
    column: Column,
    values: pages::Values<T, V, K>,
}

impl<T: Plain, V: Copy, K: Fn(T::T) -> V> Values<T, V, K> {
    /// The next so many values.
    ///
    /// # Errors
    /// Where the file holds fewer, or is damaged.
    pub fn next(&mut self, rows: usize) -> Result<&[V]> {
        let column = self.column;
        self.values.next(rows).with_context(|| about(column))
    }
}

fn about(column: Column) -> String {
    format!("column `{}`", column.name())
}

/// Where each column stands, if all are there and of their types.
fn places(metadata: &ParquetMetaData) -> Result<[usize; Column::ALL.len()]> {
    let schema = metadata.file_metadata().schema_descr();
    let mut places = [0; Column::ALL.len()];
    for (place, column) in places.iter_mut().zip(Column::ALL) {
        let (name, (words, physical)) = (column.name(), column.shape());
        let found = schema.columns().iter().position(|c| c.path().parts() == [name]);
        let Some(found) = found else {
            let all: Vec<String> =
                Column::ALL.iter().map(|c| format!("{} {}", c.name(), c.shape().0)).collect();
            bail!("no column `{name}`; a table of daily bars has {}", all.join(", "));
        };
        let descr = schema.column(found);
        let plain = match descr.logical_type_ref() {
            None => matches!(
                descr.converted_type(),
                ConvertedType::NONE
                    | ConvertedType::INT_8
                    | ConvertedType::INT_16
                    | ConvertedType::INT_32
                    | ConvertedType::INT_64
            ),
            Some(LogicalType::Integer(integer)) => integer.is_signed,
            Some(_) => false,
        };
        ensure!(
            descr.physical_type() == physical
                && plain
                && descr.max_rep_level() == 0
                && descr.self_type().get_basic_info().repetition() != Repetition::REPEATED,
            "column `{name}` is {}{}; it must be {words}",
            descr.physical_type(),
            descr.logical_type_ref().map_or(String::new(), |logical| format!(" ({logical:?})")),
        );
        *place = found;
    }
    Ok(places)
}

/// The bytes of a column chunk; `None` where the metadata speak of impossible ones.
fn chunk_range(chunk: &parquet::file::metadata::ColumnChunkMetaData) -> Option<Range<u64>> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let start = u64::try_from(start).ok()?;
    let size = u64::try_from(chunk.compressed_size()).ok()?;
    Some(start..start.checked_add(size)?)
}

/// The bytes of a column chunk. They are read page by page, so that those of a page are still in a
/// core's own cache when they are decompressed, and memory is bounded by a page.
struct ChunkBytes {
    /// Read by one reader alone, whose cursor it may move.
    file: File,
    /// Where the chunk ends.
    end: u64,
}

impl ChunkBytes {
    fn at(&self, start: u64) -> ParquetResult<Take<&File>> {
        let left = self.end.checked_sub(start).ok_or_else(outside)?;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))?;
        Ok(file.take(left))
    }
}

fn outside() -> ParquetError {
    ParquetError::EOF("outside the column chunk".to_owned())
}

impl Length for ChunkBytes {
    fn len(&self) -> u64 {
        self.end
    }
}

impl ChunkReader for ChunkBytes {
    /// Of the first bytes, and of the file from there on: a page's header is short.
    type T = Chain<Cursor<Vec<u8>>, Take<File>>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let mut first = Vec::with_capacity(HEADER_BYTES as usize);
        let mut from = self.at(start)?;
        from.by_ref().take(HEADER_BYTES).read_to_end(&mut first)?;
        let left = from.limit();
        Ok(Cursor::new(first).chain(self.file.try_clone()?.take(left)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let mut from = self.at(start)?;
        if length as u64 > from.limit() {
            return Err(outside());
        }
        let mut bytes = Vec::with_capacity(length);
        from.by_ref().take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(outside());
        }
        Ok(bytes.into())
    }
}
