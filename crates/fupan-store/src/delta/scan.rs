//! Reads row groups of Parquet files, in parallel.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, DictionaryArray, PrimitiveArray, RecordBatch,
    RecordBatchReader as _, StringArray,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Date32Type, Field, Int32Type, Schema};
use arrow::error::ArrowError;
use fupan_market::{Exchange, Symbol, Wording};
use fupan_table::TableError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
    RowFilter,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use crate::StoreError;
use crate::delta::log::DataFile;

/// An inclusive range of days since 1970-01-01.
pub(crate) type Days = (i32, i32);

/// A row group's rows, with the index of its file among those requested.
pub(crate) struct Group {
    /// Index of the file.
    pub file: usize,
    /// The rows; the symbol is a dictionary.
    pub batch: RecordBatch,
    path: PathBuf,
}

/// Reads the rows of the given days (all, if `None`) and the given columns (all, if empty), and
/// maps each row group, in parallel. Results are in the order of files and row groups.
pub(crate) fn groups<T: Send>(
    files: &[DataFile],
    days: Option<Days>,
    columns: &[&str],
    then: impl Fn(Group) -> Result<T, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    groups_as(files, days, columns, with_dictionary, then)
}

/// [`groups`] with every text as a dictionary, for tables in which the same words come back from row
/// to row: see [`Group::words`].
pub(crate) fn groups_of_words<T: Send>(
    files: &[DataFile],
    columns: &[&str],
    then: impl Fn(Group) -> Result<T, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    groups_as(files, None, columns, as_dictionary, then)
}

/// The type that a column is read as.
type ReadAs = fn(&Arc<Field>) -> Arc<Field>;

fn groups_as<T: Send>(
    files: &[DataFile],
    days: Option<Days>,
    columns: &[&str],
    read_as: ReadAs,
    then: impl Fn(Group) -> Result<T, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let wanted: Vec<(usize, &DataFile)> =
        files.iter().enumerate().filter(|(_, file)| overlaps(file.sessions, days)).collect();
    // The page index is read only if some pages may be skipped.
    let pages = if days.is_some() { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip };
    let opened: Vec<(usize, Opened)> = wanted
        .into_par_iter()
        .map(|(index, file)| Ok((index, Opened::with_pages(&file.path, pages, read_as)?)))
        .collect::<Result<_, StoreError>>()?;
    let of_days = days.map(|days| Rows::within("session", days));
    let tasks: Vec<(usize, &Opened, usize)> = opened
        .iter()
        .flat_map(|(index, file)| {
            let groups = file.groups(of_days.as_slice());
            groups.into_iter().map(move |group| (*index, file, group))
        })
        .collect();
    tasks
        .into_par_iter()
        .map(|(index, file, group)| then(file.rows_of(index, group, columns, of_days.as_ref())?))
        .collect()
}

/// A column of text as the keys of its rows and the texts of the keys.
pub(crate) struct Words {
    of: DictionaryArray<Int32Type>,
    texts: StringArray,
}

impl Words {
    /// The key of a row's text; `None` if it has none. Rows of one key have one text.
    pub(crate) fn key(&self, row: usize) -> Option<usize> {
        self.of.key(row).filter(|key| self.texts.is_valid(*key))
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: usize) -> &str {
        self.texts.value(key)
    }
}

/// Selects rows by a column's range, both ends included.
pub(crate) struct Rows<'a> {
    column: &'a str,
    range: (i32, i32),
}

impl<'a> Rows<'a> {
    pub(crate) fn within(column: &'a str, range: (i32, i32)) -> Rows<'a> {
        Rows { column, range }
    }

    /// Skips the other rows of a file, as far as its pages allow.
    pub(crate) fn sift(
        &self,
        builder: ParquetRecordBatchReaderBuilder<File>,
    ) -> ParquetRecordBatchReaderBuilder<File> {
        let of_column = ProjectionMask::columns(builder.parquet_schema(), [self.column]);
        let filter = ArrowPredicateFn::new(of_column, self.filter());
        builder.with_row_filter(RowFilter::new(vec![Box::new(filter)]))
    }

    /// Which rows are wanted, from a batch of that column only.
    fn filter(
        &self,
    ) -> impl FnMut(RecordBatch) -> Result<BooleanArray, ArrowError> + Send + 'static {
        let (first, last) = self.range;
        move |batch| {
            let days = batch.columns().first().and_then(|column| column.as_primitive_opt());
            let days: &PrimitiveArray<Date32Type> = days.ok_or_else(|| {
                ArrowError::SchemaError("a column of days is missing or of another type".to_owned())
            })?;
            Ok(BooleanArray::from_unary(days, |day| first <= day && day <= last))
        }
    }
}

/// All rows of a file, unchanged.
pub(crate) fn whole(path: &Path) -> Result<Vec<RecordBatch>, StoreError> {
    let file = File::open(path).map_err(|error| missing(path, error))?;
    let read = || -> Result<Vec<RecordBatch>, ParquetError> {
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options())?;
        let reader = reader.build()?;
        Ok(reader.collect::<Result<Vec<_>, _>>()?)
    };
    read().map_err(|error| StoreError::parquet(path, error))
}

/// Columns have the types that Parquet states. The Arrow schema inside a file adds nothing for the
/// store's types, and reading a damaged one may panic.
pub(crate) fn options() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

/// A file with its footer.
pub(crate) struct Opened {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl Opened {
    pub(crate) fn open(path: &Path) -> Result<Opened, StoreError> {
        Opened::with_pages(path, PageIndexPolicy::Skip, with_dictionary)
    }

    /// With columns as the store writes them.
    pub(crate) fn plain(path: &Path) -> Result<Opened, StoreError> {
        Opened::with_pages(path, PageIndexPolicy::Skip, Arc::clone)
    }

    /// With every text as a dictionary: see [`Group::words`].
    pub(crate) fn of_words(path: &Path) -> Result<Opened, StoreError> {
        Opened::with_pages(path, PageIndexPolicy::Skip, as_dictionary)
    }

    fn with_pages(
        path: &Path,
        pages: PageIndexPolicy,
        read_as: ReadAs,
    ) -> Result<Opened, StoreError> {
        let file = File::open(path).map_err(|error| missing(path, error))?;
        let read = || -> Result<ArrowReaderMetadata, ParquetError> {
            let options = || options().with_offset_index_policy(pages);
            let plain = ArrowReaderMetadata::load(&file, options())?;
            let fields: Vec<Arc<Field>> = plain.schema().fields().iter().map(read_as).collect();
            let options = options().with_schema(Arc::new(Schema::new(fields)));
            ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)
        };
        let metadata = read().map_err(|error| StoreError::parquet(path, error))?;
        Ok(Opened { path: path.to_path_buf(), metadata })
    }

    /// Number of rows, from the footer.
    pub(crate) fn rows(&self) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        groups.iter().map(|group| group.num_rows().unsigned_abs()).sum()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The row groups whose statistics do not rule out the wanted rows.
    pub(crate) fn groups(&self, wanted: &[Rows<'_>]) -> Vec<usize> {
        let may_hold = |group: &RowGroupMetaData, rows: &Rows<'_>| {
            overlaps(self.range(group, rows.column), Some(rows.range))
        };
        let groups = self.metadata.metadata().row_groups().iter().enumerate();
        let held = groups.filter(|(_, group)| wanted.iter().all(|rows| may_hold(group, rows)));
        held.map(|(index, _)| index).collect()
    }

    /// [`range_of`] a column given by its name.
    fn range(&self, group: &RowGroupMetaData, column: &str) -> Option<(i32, i32)> {
        range_of(group, self.metadata.schema().index_of(column).ok()?)
    }

    /// Whether a row group's statistics allow that a column of texts holds one.
    pub(crate) fn may_hold_text(&self, group: usize, column: &str, text: &str) -> bool {
        let group = self.metadata.metadata().row_group(group);
        let place = self.metadata.schema().index_of(column).ok();
        match place.and_then(|place| group.column(place).statistics()) {
            Some(Statistics::ByteArray(range)) => {
                range.max_opt().is_none_or(|max| max.data() >= text.as_bytes())
                    && range.min_opt().is_none_or(|min| min.data() <= text.as_bytes())
            }
            _ => true,
        }
    }

    /// The wanted rows of a row group, or all of them.
    pub(crate) fn rows_of(
        &self,
        file: usize,
        group: usize,
        columns: &[&str],
        wanted: Option<&Rows<'_>>,
    ) -> Result<Group, StoreError> {
        let all = |rows: &&Rows<'_>| {
            let held = self.range(self.metadata.metadata().row_group(group), rows.column);
            lies_within(held, rows.range)
        };
        let batch = self
            .read(group, columns, wanted.filter(|rows| !all(rows)))
            .map_err(|error| StoreError::parquet(&self.path, error))?;
        Ok(Group { file, batch, path: self.path.clone() })
    }

    /// Reads a row group of the file, some of its columns or all; `file` is the file's index among
    /// others.
    pub(crate) fn group(
        &self,
        file: usize,
        group: usize,
        columns: &[&str],
    ) -> Result<Group, StoreError> {
        self.rows_of(file, group, columns, None)
    }

    fn read(
        &self,
        group: usize,
        columns: &[&str],
        wanted: Option<&Rows<'_>>,
    ) -> Result<RecordBatch, ParquetError> {
        // Each reader opens the file itself: clones share their position.
        let file = File::open(&self.path)?;
        let rows = self.metadata.metadata().row_group(group).num_rows();
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = match columns {
            [] => ProjectionMask::all(),
            names => ProjectionMask::columns(builder.parquet_schema(), names.iter().copied()),
        };
        let builder = match wanted {
            Some(rows) => rows.sift(builder),
            None => builder,
        };
        let reader = builder
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(usize::try_from(rows).unwrap_or(1 << 20).max(1))
            .build()?;
        let schema = reader.schema();
        let batches = reader.collect::<Result<Vec<_>, _>>()?;
        match <[RecordBatch; 1]>::try_from(batches) {
            Ok([batch]) => Ok(batch),
            Err(batches) => Ok(concat_batches(&schema, &batches)?),
        }
    }
}

fn with_dictionary(field: &Arc<Field>) -> Arc<Field> {
    match field.name().as_str() {
        "symbol" => as_dictionary(field),
        _ => Arc::clone(field),
    }
}

/// A text as a dictionary; any other column as it is.
pub(crate) fn as_dictionary(field: &Arc<Field>) -> Arc<Field> {
    if *field.data_type() != DataType::Utf8 {
        return Arc::clone(field);
    }
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Arc::new(field.as_ref().clone().with_data_type(dictionary))
}

/// The least and the greatest value of a row group's column, from the footer.
pub(crate) fn range_of(group: &RowGroupMetaData, column: usize) -> Option<Days> {
    match group.column(column).statistics() {
        Some(Statistics::Int32(range)) => range.min_opt().copied().zip(range.max_opt().copied()),
        _ => None,
    }
}

/// Whether a range is known and lies within the given days.
pub(crate) fn lies_within(range: Option<Days>, (from, to): Days) -> bool {
    range.is_some_and(|(first, last)| from <= first && last <= to)
}

/// Whether a range may contain some of the days.
pub(crate) fn overlaps(range: Option<Days>, days: Option<Days>) -> bool {
    match (range, days) {
        (Some((first, last)), Some((from, to))) => first <= to && from <= last,
        _ => true,
    }
}

fn missing(path: &Path, error: std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::Damaged {
            path: path.to_path_buf(),
            detail: Wording::new(
                "the table lists the file, but it does not exist",
                "表中登记有该文件，但文件不存在",
            ),
        },
        _ => StoreError::io(path, error),
    }
}

impl Group {
    /// A column of numbers.
    pub(crate) fn numbers<T: ArrowPrimitiveType>(
        &self,
        name: &str,
    ) -> Result<PrimitiveArray<T>, StoreError> {
        let column = self.column(name)?;
        column.as_primitive_opt().cloned().ok_or_else(|| self.damaged(name))
    }

    /// A column of text.
    pub(crate) fn text(&self, name: &str) -> Result<StringArray, StoreError> {
        let column = self.column(name)?;
        column.as_string_opt().cloned().ok_or_else(|| self.damaged(name))
    }

    /// A column of text that was read as a dictionary.
    pub(crate) fn words(&self, name: &str) -> Result<Words, StoreError> {
        let column = self.column(name)?;
        let of = column.as_dictionary_opt::<Int32Type>().ok_or_else(|| self.damaged(name))?;
        let texts = of.values().as_string_opt::<i32>().ok_or_else(|| self.damaged(name))?;
        Ok(Words { of: of.clone(), texts: texts.clone() })
    }

    /// The symbols: each row's key, and the symbol of each key (`None` if the text is not one).
    pub(crate) fn symbols(
        &self,
    ) -> Result<(DictionaryArray<Int32Type>, Vec<Option<Symbol>>), StoreError> {
        let column = self.column("symbol")?;
        let keys = column.as_dictionary_opt::<Int32Type>().ok_or_else(|| self.damaged("symbol"))?;
        let texts = keys.values().as_string_opt::<i32>().ok_or_else(|| self.damaged("symbol"))?;
        if keys.null_count() > 0 {
            return Err(self.damaged("symbol"));
        }
        let symbols = (0..texts.len()).map(|key| symbol(texts.value(key))).collect();
        Ok((keys.clone(), symbols))
    }

    fn column(&self, name: &str) -> Result<&ArrayRef, StoreError> {
        self.batch.column_by_name(name).ok_or_else(|| self.damaged(name))
    }

    /// The error of a row or column that its table does not allow.
    pub(crate) fn unlike(&self, error: &TableError) -> StoreError {
        StoreError::unlike(&self.path, error)
    }

    fn damaged(&self, column: &str) -> StoreError {
        StoreError::Damaged {
            path: self.path.clone(),
            detail: Wording::new(
                format!("column `{column}` is missing or of another type"),
                format!("缺少`{column}`列，或类型不同"),
            ),
        }
    }
}

/// Reads a symbol, with a fast path for the form that the store writes.
pub(crate) fn symbol(text: &str) -> Option<Symbol> {
    let exchange = match text.get(6..) {
        Some(".SH") => Exchange::Sse,
        Some(".SZ") => Exchange::Szse,
        Some(".BJ") => Exchange::Bse,
        _ => return text.parse().ok(),
    };
    let code = text.get(..6)?.parse().ok()?;
    Symbol::new(exchange, code).ok()
}
