//! Tables that are worked out from what was imported: kept by year, replaced as a whole year, and
//! never needed to answer anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, FieldRef, Schema};
use fupan_market::SessionDate;
use fupan_table::{Derived, Table};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::commit::{self, Commit};
use crate::encode::{self, Layout};
use crate::log::DataFile;
use crate::{Store, StoreError, append, marker, scan};

/// The column that derived tables are partitioned by.
pub(crate) const PARTITIONS: [&str; 1] = ["year"];

/// Rows of a row group: small, so that one scope's series is a short read.
const ROW_GROUP_ROWS: usize = 8 * 1024;

/// What the derived tables were worked out from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedFrom {
    /// What worked them out: rules and measures with their versions, and the choice of sources.
    pub made_by: String,
    /// The imports they rest on.
    pub imports: BTreeSet<String>,
    /// The last session they tell of.
    pub until: SessionDate,
}

/// Which rows of a derived table to read.
#[derive(Clone, Copy, Debug)]
pub struct DerivedRows<'a> {
    /// First session.
    pub from: SessionDate,
    /// Last session.
    pub to: SessionDate,
    /// Of the table `fact`: only this scope. Rows of others may come too, and texts come as
    /// dictionaries.
    pub scope: Option<&'a str>,
    /// Of the table `fact`: only these measures; all, where empty. Rows of others may come too.
    pub measures: &'a [&'a str],
    /// The columns to read, in the order of the schema; all, where empty.
    pub columns: &'a [&'a str],
}

/// What the derived tables were worked out from, and the files that were there then.
#[derive(Deserialize, Serialize)]
struct State {
    #[serde(flatten)]
    from: DerivedFrom,
    /// By table, by year: the file's name, which is of its content.
    files: BTreeMap<String, BTreeMap<String, String>>,
}

/// The files of the derived tables, by table and year.
fn files(store: &Store) -> Result<BTreeMap<String, BTreeMap<String, String>>, StoreError> {
    let of_table = |table: Derived| {
        let log = store.log(table.name())?;
        let by_year = log.files.iter().map(|file| (file.year.clone(), file.name.clone()));
        Ok((table.name().to_owned(), by_year.collect()))
    };
    Derived::ALL.into_iter().map(of_table).collect()
}

fn state_path(store: &Store) -> PathBuf {
    store.dir().join("fupan-derived.json")
}

/// What the derived tables were worked out from; `None` before they ever were.
fn state(store: &Store) -> Result<Option<State>, StoreError> {
    let path = state_path(store);
    match fs::read(&path) {
        // A file that another version wrote says nothing to this one: the tables are made anew.
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io(&path, error)),
    }
}

/// Notes what the derived tables were worked out from, once all of them are.
pub(crate) fn set_state(store: &Store, from: DerivedFrom) -> Result<(), StoreError> {
    let path = state_path(store);
    let text = serde_json::to_string_pretty(&State { from, files: files(store)? })
        .map_err(|error| StoreError::Damaged { path: path.clone(), detail: error.to_string() })?;
    marker::write_whole(&path, text.as_bytes())
}

/// The first session whose derived rows may not be what working them out now would give; `None`
/// where all are, up to the last session of the store. A year of which a file is not there any
/// more is stale as a whole.
pub(crate) fn stale_from(store: &Store, made_by: &str) -> Result<Option<SessionDate>, StoreError> {
    let Some((first, last)) = store.sessions()? else { return Ok(None) };
    let visible: BTreeSet<String> = store.visible()?.into_keys().collect();
    let Some(state) = state(store)?.filter(|state| state.from.made_by == made_by) else {
        return Ok(Some(first));
    };
    let mut stale = first_year_lost(&state.files, &files(store)?).map(|year| {
        let january = year.parse().ok().and_then(|year| SessionDate::new(year, 1, 1).ok());
        january.map_or(first, |january| january.max(first))
    });
    let from = state.from;
    let changed: BTreeSet<&String> = from.imports.symmetric_difference(&visible).collect();
    if changed.is_empty() {
        let next = fupan_market::Calendar::builtin().between(from.until, last).get(1).copied();
        return Ok(stale.into_iter().chain(next).min());
    }
    for table in Table::ALL {
        for file in &store.log(table.name())?.files {
            if !changed.contains(&file.import_id) {
                continue;
            }
            // What is known of a security may change any of its sessions.
            let from = match (table, file.sessions) {
                (Table::DailyBar | Table::IndexBar, Some((from, _))) => {
                    SessionDate::from_epoch_days(from).unwrap_or(first)
                }
                // No figure of a close rests on them.
                (Table::Margin | Table::Quote, _) => continue,
                _ => first,
            };
            stale = Some(stale.map_or(from, |stale| stale.min(from)));
        }
    }
    Ok(stale)
}

/// The first year of which a table has another file than it had, or none.
fn first_year_lost<'a>(
    had: &'a BTreeMap<String, BTreeMap<String, String>>,
    has: &BTreeMap<String, BTreeMap<String, String>>,
) -> Option<&'a String> {
    let lost = |(table, years): (&String, &'a BTreeMap<String, String>)| {
        let now = has.get(table);
        let same = |(year, name): &(&'a String, &'a String)| {
            now.and_then(|now| now.get(*year)) == Some(*name)
        };
        years.iter().find(|of_year| !same(of_year)).map(|(year, _)| year)
    };
    had.iter().filter_map(lost).min()
}

/// Replaces the rows of a year, which must come in the order of the table's key; returns whether
/// they differ from what was there.
pub(crate) fn replace_year(
    store: &Store,
    table: Derived,
    year: i16,
    batches: &[RecordBatch],
) -> Result<bool, StoreError> {
    let dir = store.table_dir(table.name());
    fs::create_dir_all(&dir).map_err(|error| StoreError::io(&dir, error))?;
    let of_year = year.to_string();
    let of_this_year = |file: &&DataFile| file.year == of_year;
    let before: Vec<DataFile> =
        store.log(table.name())?.files.iter().filter(of_this_year).cloned().collect();
    let temporary = format!("year-{year}.{}.tmp", std::process::id());
    let schema = table.schema();
    let layout =
        Layout { statistics_of: &["session"], sort_by: &[], row_group_rows: ROW_GROUP_ROWS };
    let batches: Vec<&RecordBatch> = batches.iter().collect();
    let mut written = encode::write(&dir, &temporary, &schema, &layout, &batches)?;
    // Named by its content: the same rows are the same file.
    let path = dir.join(&temporary);
    let bytes = fs::read(&path).map_err(|error| StoreError::io(&path, error))?;
    written.name = format!("year-{year}-{}.parquet", &blake3::hash(&bytes).to_hex()[..32]);
    if before.iter().any(|file| file.name == written.name) {
        fs::remove_file(&path).map_err(|error| StoreError::io(&path, error))?;
        return Ok(false);
    }
    fs::rename(&path, dir.join(&written.name)).map_err(|error| StoreError::io(&path, error))?;
    commit::sync(&dir)?;
    let schema = append::with_partitions(&schema, &PARTITIONS);
    let commit = Commit {
        table_dir: &dir,
        schema: &schema,
        partition_by: &PARTITIONS,
        transaction: None,
        files: vec![written],
        removed: &before,
        values: &[&of_year],
    };
    store.runtime()?.block_on(commit.run())?;
    for file in before {
        // Nothing refers to it any more; a file that stays is only litter.
        let _ = fs::remove_file(&file.path);
    }
    Ok(true)
}

/// Rows of a derived table, year by year.
pub(crate) fn read(
    store: &Store,
    table: Derived,
    rows: &DerivedRows<'_>,
) -> Result<Vec<RecordBatch>, StoreError> {
    let log = store.log(table.name())?;
    let days = (rows.from.epoch_days(), rows.to.epoch_days());
    let outside = |(first, last): (i32, i32)| first > days.1 || last < days.0;
    let mut files: Vec<&DataFile> =
        log.files.iter().filter(|file| !file.sessions.is_some_and(outside)).collect();
    files.sort_by(|a, b| a.year.cmp(&b.year));
    let read = |file: &&DataFile| {
        read_file(file, table, rows, days).map_err(|error| StoreError::parquet(&file.path, error))
    };
    let batches: Vec<Vec<RecordBatch>> = files.par_iter().map(read).collect::<Result<_, _>>()?;
    Ok(batches.concat())
}

fn read_file(
    file: &DataFile,
    table: Derived,
    rows: &DerivedRows<'_>,
    days: (i32, i32),
) -> Result<Vec<RecordBatch>, ParquetError> {
    let input = File::open(&file.path)?;
    let mut metadata = ArrowReaderMetadata::load(&input, scan::options())?;
    if table == Derived::Fact {
        // Texts repeat from row to row.
        let fields: Vec<FieldRef> = metadata.schema().fields().iter().map(as_dictionary).collect();
        let options = scan::options().with_schema(Arc::new(Schema::new(fields)));
        metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)?;
    }
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(input, metadata);
    let schema = builder.schema();
    let place = |name: &str| schema.index_of(name).ok();
    let (session, scope, measure) = (place("session"), place("scope"), place("measure"));
    let groups: Vec<usize> = builder
        .metadata()
        .row_groups()
        .iter()
        .enumerate()
        .filter(|(_, group)| {
            session.is_none_or(|column| may_hold_days(group, column, days))
                && scope.zip(rows.scope).is_none_or(|(column, of)| may_hold_text(group, column, of))
                && measure.is_none_or(|column| {
                    rows.measures.is_empty()
                        || rows.measures.iter().any(|of| may_hold_text(group, column, of))
                })
        })
        .map(|(index, _)| index)
        .collect();
    let mask = match rows.columns {
        [] => ProjectionMask::all(),
        names => ProjectionMask::columns(builder.parquet_schema(), names.iter().copied()),
    };
    let reader = builder
        .with_row_groups(groups)
        .with_projection(mask)
        .with_batch_size(ROW_GROUP_ROWS)
        .build()?;
    Ok(reader.collect::<Result<Vec<_>, _>>()?)
}

fn as_dictionary(field: &FieldRef) -> FieldRef {
    match field.data_type() {
        DataType::Utf8 => {
            let dictionary =
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(field.as_ref().clone().with_data_type(dictionary))
        }
        _ => Arc::clone(field),
    }
}

fn may_hold_days(group: &RowGroupMetaData, column: usize, (from, to): (i32, i32)) -> bool {
    match group.column(column).statistics() {
        Some(Statistics::Int32(range)) => {
            range.max_opt().is_none_or(|max| *max >= from)
                && range.min_opt().is_none_or(|min| *min <= to)
        }
        _ => true,
    }
}

fn may_hold_text(group: &RowGroupMetaData, column: usize, text: &str) -> bool {
    match group.column(column).statistics() {
        Some(Statistics::ByteArray(range)) => {
            range.max_opt().is_none_or(|max| max.data() >= text.as_bytes())
                && range.min_opt().is_none_or(|min| min.data() <= text.as_bytes())
        }
        _ => true,
    }
}

/// The years that a derived table holds, with their rows.
pub(crate) fn years(store: &Store, table: Derived) -> Result<BTreeMap<String, u64>, StoreError> {
    let log = store.log(table.name())?;
    Ok(log.files.iter().map(|file| (file.year.clone(), file.rows.unwrap_or(0))).collect())
}
