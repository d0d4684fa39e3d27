//! Tables computed from the imported ones, kept in one file per year, and per month for the last
//! year. Files are replaced one at a time, and no result depends on them.

pub(crate) mod effect;
mod group_effect;
pub(crate) mod period;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use fupan_market::{SessionDate, Wording};
use fupan_table::{Derived, Table};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::append::mend;
use crate::delta::commit::{Commit, Placed};
use crate::delta::encode::{GroupedRows, Layout};
use crate::delta::lock::{Lock, Work};
use crate::delta::log::DataFile;
use crate::delta::scan::Opened;
use crate::delta::{Tables, commit, lock, marker, scan};
use crate::derived::effect::Known;
use crate::derived::period::Period;
use crate::read::code_changes;
use crate::{StoreError, append};

/// The column that derived tables are partitioned by.
pub(crate) const PARTITIONS: [&str; 1] = ["year"];

/// Rows of a row group: few, so that reading one scope's series is quick. Days of groups are read
/// many sessions at a time, and each row group names the groups again.
const fn row_group_rows(table: Derived) -> usize {
    match table {
        Derived::GroupSession => 64 * 1024,
        _ => 8 * 1024,
    }
}

/// Which rows of a derived table to read.
#[derive(Clone, Copy, Debug)]
pub struct DerivedRows<'a> {
    /// First session.
    pub from: SessionDate,
    /// Last session.
    pub to: SessionDate,
    /// For the table `fact`: only this scope. Rows of others may be returned too, and texts are
    /// returned as dictionaries.
    pub scope: Option<&'a str>,
    /// For the table `fact`: only these measures; all, if empty. Rows of others may be returned
    /// too.
    pub measures: &'a [&'a str],
    /// The columns to read, in the order of the schema; all, if empty.
    pub columns: &'a [&'a str],
}

/// File names by table and period; the names depend on the content.
type Files = BTreeMap<String, BTreeMap<String, String>>;

/// What the derived tables were computed from, and the resulting files.
#[derive(Deserialize, Serialize)]
struct State {
    /// What computed them: rules and measures with their versions, and the choice of sources.
    made_by: String,
    /// The imports they were computed from.
    imports: BTreeSet<String>,
    /// The last session they cover.
    until: SessionDate,
    files: Files,
}

/// A period of a derived table being written to its file, in the order of the table's key.
pub struct PeriodRows {
    table: Derived,
    period: Period,
    path: PathBuf,
    rows: GroupedRows,
}

impl PeriodRows {
    /// Appends rows.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        self.rows.add(batch)
    }
}

/// The lock for writing the derived tables, held by one process at a time.
#[derive(Debug)]
pub struct Deriving<'a> {
    tables: &'a Tables,
    _lock: Lock,
    made_by: String,
    imports: BTreeSet<String>,
    /// The first session to compute.
    from: SessionDate,
    /// The last year, whose months have files of their own.
    last_year: i16,
    /// Files kept as they are, and those written so far.
    files: Files,
}

impl<'a> Deriving<'a> {
    pub(crate) fn begin(
        tables: &'a Tables,
        made_by: &str,
    ) -> Result<Option<Deriving<'a>>, StoreError> {
        let lock = lock::take(tables.dir(), Work::Backfill)?;
        Derived::ALL.into_iter().try_for_each(|table| tables.keep_log(table.name()))?;
        let stale = stale_from(tables, made_by)?;
        // Only after `stale_from`, which may read the files of dropped imports.
        mend::sweep(tables, &lock)?;
        let Some((first, last)) = tables.sessions()? else {
            keep_only(tables, &Files::new())?;
            return Ok(None);
        };
        let Some(stale) = stale else { return Ok(None) };
        let mut files = match state(tables)?.filter(|state| state.made_by == made_by) {
            Some(state) => state.files,
            None => Files::new(),
        };
        let last_year = last.date().year();
        let begun = begun(&files, stale, last_year);
        for of_table in files.values_mut() {
            of_table.retain(|period, _| {
                let period = period.parse::<Period>().ok();
                period.zip(period.and_then(Period::first_day)).is_some_and(|(period, begins)| {
                    begins < begun && (begins > first || period.holds(first))
                })
            });
        }
        let imports = tables.visible()?.into_keys().collect();
        let (made_by, from) = (made_by.to_owned(), begun.max(first));
        Ok(Some(Deriving { tables, _lock: lock, made_by, imports, from, last_year, files }))
    }

    /// The first session to compute. It begins a file's period, since each file is computed as a
    /// whole.
    pub fn from(&self) -> SessionDate {
        self.from
    }

    /// The period whose file holds the rows of a session being computed.
    pub fn period(&self, session: SessionDate) -> Period {
        period(session, self.last_year)
    }

    /// Replaces a period of a derived table by rows in the order of its key; returns whether they
    /// differ from those replaced. Readers of the old rows are not disturbed.
    ///
    /// # Errors
    /// If the folder cannot be written; the visible rows are then unchanged.
    pub fn replace(
        &mut self,
        table: Derived,
        period: Period,
        batches: &[RecordBatch],
    ) -> Result<bool, StoreError> {
        let mut rows = self.begin_period(table, period)?;
        batches.iter().try_for_each(|batch| rows.add(batch))?;
        self.keep(rows)
    }

    /// Begins a period of a derived table, whose rows are added in batches.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn begin_period(&self, table: Derived, period: Period) -> Result<PeriodRows, StoreError> {
        let dir = self.tables.table_dir(table.name());
        fs::create_dir_all(&dir).map_err(|error| StoreError::io(&dir, error))?;
        let path = dir.join(format!("year-{period}.{}.tmp", std::process::id()));
        let row_group_rows = row_group_rows(table);
        let layout = Layout { statistics_of: &["session"], sort_by: &[], row_group_rows };
        let rows = GroupedRows::create(path.clone(), &table.schema(), &layout)?;
        Ok(PeriodRows { table, period, path, rows })
    }

    /// Finishes a period and replaces it, as [`Deriving::replace`] does.
    ///
    /// # Errors
    /// As for [`Deriving::replace`].
    pub fn keep(&mut self, rows: PeriodRows) -> Result<bool, StoreError> {
        let (table, period) = (rows.table, rows.period);
        let (name, differs) = replace(self.tables, rows)?;
        let of_table = self.files.entry(table.name().to_owned()).or_default();
        of_table.insert(period.to_string(), name);
        Ok(differs)
    }

    /// Records that the tables are computed up to a session. Periods that no import covers any more
    /// are removed.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn finish(self, until: SessionDate) -> Result<(), StoreError> {
        keep_only(self.tables, &self.files)?;
        let path = state_path(self.tables);
        let Deriving { made_by, imports, files, .. } = self;
        let text = serde_json::to_string_pretty(&State { made_by, imports, until, files })
            .map_err(|error| StoreError::Damaged {
                path: path.clone(),
                detail: Wording::of_library("JSON库", &error),
            })?;
        marker::write_whole(&path, text.as_bytes())
    }
}

/// The period whose file holds the rows of a session, given the last year.
fn period(session: SessionDate, last_year: i16) -> Period {
    let year = session.date().year();
    if year == last_year { Period::month(session) } else { Period::year(year) }
}

/// The first day to compute if a session is stale: the rows of one file are computed together. A
/// former last year keeps its month files until one of them is computed again.
fn begun(files: &Files, stale: SessionDate, last_year: i16) -> SessionDate {
    let whole_year = Period::year(stale.date().year());
    let year = whole_year.to_string();
    let in_one = files.values().any(|of_table| of_table.contains_key(&year));
    let first_day = match in_one {
        true => whole_year.first_day(),
        false => period(stale, last_year).first_day(),
    };
    first_day.unwrap_or(stale)
}

/// Removes all files but the given ones from the derived tables.
fn keep_only(tables: &Tables, keep: &Files) -> Result<(), StoreError> {
    for table in Derived::ALL {
        let dir = tables.table_dir(table.name());
        let kept = |file: &DataFile| {
            let of_table = keep.get(table.name());
            of_table.and_then(|of_table| of_table.get(&label(file))) == Some(&file.name)
        };
        let files = &tables.log(table.name())?.files;
        let removed: Vec<DataFile> = files.iter().filter(|file| !kept(file)).cloned().collect();
        if removed.is_empty() {
            continue;
        }
        let commit = Commit {
            table_dir: &dir,
            schema: &append::with_partitions(&table.schema(), &PARTITIONS),
            partition_by: &PARTITIONS,
            transaction: None,
            added: Vec::new(),
            removed: &removed,
        };
        tables.runtime()?.block_on(commit.run())?;
    }
    Ok(())
}

/// A file's period, as written in the state.
fn label(file: &DataFile) -> String {
    let period = Period::of_file(&file.name, &file.year);
    period.map_or_else(|| file.year.clone(), |period| period.to_string())
}

/// The files of the derived tables, by table and period.
fn files(tables: &Tables) -> Result<Files, StoreError> {
    let of_table = |table: Derived| {
        let log = tables.log(table.name())?;
        let by_period = log.files.iter().map(|file| (label(file), file.name.clone()));
        Ok((table.name().to_owned(), by_period.collect()))
    };
    Derived::ALL.into_iter().map(of_table).collect()
}

fn state_path(tables: &Tables) -> PathBuf {
    tables.dir().join("fupan-derived.json")
}

/// Whether the derived tables were ever computed.
pub(crate) fn was_made(tables: &Tables) -> Result<bool, StoreError> {
    Ok(state_path(tables).exists() || files(tables)?.values().any(|years| !years.is_empty()))
}

/// What the derived tables were computed from; `None` if they never were.
fn state(tables: &Tables) -> Result<Option<State>, StoreError> {
    let path = state_path(tables);
    match fs::read(&path) {
        // A state of another version may not parse; the tables are then computed again.
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io(&path, error)),
    }
}

/// The first session whose derived rows may differ from what computing them now would produce, up
/// to the last session of the store; `None` if there is none. A year or month with a missing file
/// is stale as a whole.
pub(crate) fn stale_from(
    tables: &Tables,
    made_by: &str,
) -> Result<Option<SessionDate>, StoreError> {
    let Some((first, last)) = tables.sessions()? else { return Ok(None) };
    let visible: BTreeSet<String> = tables.visible()?.into_keys().collect();
    let Some(state) = state(tables)?.filter(|state| state.made_by == made_by) else {
        return Ok(Some(first));
    };
    let mut stale = first_lost(&state.files, &files(tables)?).map(|period| {
        let begins = period.parse::<Period>().ok().and_then(Period::first_day);
        begins.map_or(first, |day| day.max(first))
    });
    let mut earlier = |day: SessionDate| stale = Some(stale.map_or(day, |stale| stale.min(day)));
    if state.imports != visible {
        let changed = state.imports.symmetric_difference(&visible).collect();
        let days = [
            changed_bars(tables, &changed, first)?,
            changed_securities(tables, &changed, (&state.imports, &visible), first)?,
        ];
        days.into_iter().flatten().for_each(|day| earlier(day.max(first)));
    }
    let calendar = tables.calendar();
    if state.until < last
        && let Some(next) = calendar.between(state.until, last).get(1)
    {
        earlier(*next);
    }
    if state.until > last {
        // Sessions at the end were removed, so the rest of their period is no longer valid.
        earlier(last);
    }
    Ok(stale.filter(|stale| *stale <= last))
}

/// The present and former files of a table.
fn ever(tables: &Tables, table: Table) -> Result<Vec<DataFile>, StoreError> {
    let log = tables.log(table.name())?;
    Ok(log.files.iter().chain(&log.gone).cloned().collect())
}

/// The first day of the bars added or removed since the derived tables were computed. Margin
/// balances and quotes do not count: no closing figure depends on them.
fn changed_bars(
    tables: &Tables,
    changed: &BTreeSet<&String>,
    data_from: SessionDate,
) -> Result<Option<SessionDate>, StoreError> {
    let mut first = None::<SessionDate>;
    for table in [Table::DailyBar, Table::IndexBar] {
        for file in ever(tables, table)?.iter().filter(|file| changed.contains(&file.import_id)) {
            // A log without this range was written by another program.
            let day = file.sessions.and_then(|(day, _)| SessionDate::from_epoch_days(day));
            let day = day.unwrap_or(data_from);
            first = Some(first.map_or(day, |first| first.min(day)));
        }
    }
    Ok(first)
}

/// Lists of securities that derived rows rest on.
const LISTS: [Table; 5] =
    [Table::Security, Table::ShareCapital, Table::Industry, Table::GroupMember, Table::Definition];

/// The first day on which changed data on securities may change a figure.
fn changed_securities(
    tables: &Tables,
    changed: &BTreeSet<&String>,
    (imports_before, imports_after): (&BTreeSet<String>, &BTreeSet<String>),
    data_from: SessionDate,
) -> Result<Option<SessionDate>, StoreError> {
    // A change of codes joins or splits histories.
    if ever(tables, Table::CodeChange)?.iter().any(|file| changed.contains(&file.import_id)) {
        return Ok(Some(data_from));
    }
    let sorted = |mut files: Vec<DataFile>| {
        files.sort_by_cached_key(|f| (f.source.clone(), f.import_id.clone(), f.name.clone()));
        files
    };
    let (mut were, mut are, mut any) = (BTreeMap::new(), BTreeMap::new(), false);
    for table in LISTS {
        let files = sorted(ever(tables, table)?);
        any |= files.iter().any(|file| changed.contains(&file.import_id));
        were.insert(table, files);
        // An import that was dropped and appended again also has a file among the former ones.
        are.insert(table, sorted(tables.log(table.name())?.files.clone()));
    }
    if !any {
        return Ok(None);
    }
    let among = |of: &BTreeMap<Table, Vec<DataFile>>, table, ids: &BTreeSet<String>| {
        let files = of.get(&table).into_iter().flatten();
        files.filter(|file| ids.contains(&file.import_id)).cloned().collect::<Vec<_>>()
    };
    let before = |table| among(&were, table, imports_before);
    let after = |table| among(&are, table, imports_after);
    let lost = |table| before(table).iter().any(|file| !file.path.exists());
    if LISTS.into_iter().any(lost) {
        // The former content is no longer known.
        return Ok(Some(data_from));
    }
    let (before, after) = (Known { of: &before }, Known { of: &after });
    let day = effect::first_day(
        &before,
        &after,
        &tables.files(Table::DailyBar)?,
        &code_changes::of(tables)?,
    )?;
    Ok(day.and_then(SessionDate::from_epoch_days))
}

/// The first period for which a table's file is missing or has changed, if any.
fn first_lost<'a>(had: &'a Files, has: &Files) -> Option<&'a String> {
    let lost = |(table, of_table): (&String, &'a BTreeMap<String, String>)| {
        let now = has.get(table);
        let same = |(period, name): &(&'a String, &'a String)| {
            now.and_then(|now| now.get(*period)) == Some(*name)
        };
        of_table.iter().find(|file| !same(file)).map(|(period, _)| period)
    };
    had.iter().filter_map(lost).min()
}

/// Replaces the rows of a period; returns the name of their file, and whether they differ from
/// those replaced.
fn replace(tables: &Tables, rows: PeriodRows) -> Result<(String, bool), StoreError> {
    let PeriodRows { table, period, path, rows } = rows;
    let dir = tables.table_dir(table.name());
    let meets = |file: &&DataFile| {
        Period::of_file(&file.name, &file.year).is_some_and(|other| other.meets(period))
    };
    let before: Vec<DataFile> =
        tables.log(table.name())?.files.iter().filter(meets).cloned().collect();
    let mut written = rows.finish()?;
    // Named by content: equal rows have the same file name.
    written.name = period.file_name(&written.digest);
    let name = written.name.clone();
    if before.iter().any(|file| file.name == name) {
        // Written again: the old file of that name may have been damaged since.
        fs::rename(&path, dir.join(&name)).map_err(|error| StoreError::io(&path, error))?;
        commit::sync(&dir)?;
        return Ok((name, false));
    }
    fs::rename(&path, dir.join(&written.name)).map_err(|error| StoreError::io(&path, error))?;
    commit::sync(&dir)?;
    let schema = append::with_partitions(&table.schema(), &PARTITIONS);
    let commit = Commit {
        table_dir: &dir,
        schema: &schema,
        partition_by: &PARTITIONS,
        transaction: None,
        added: vec![Placed { written, values: vec![period.of_year().to_string()] }],
        removed: &before,
    };
    tables.runtime()?.block_on(commit.run())?;
    Ok((name, true))
}

/// Rows of a derived table, period by period.
pub(crate) fn read(
    tables: &Tables,
    table: Derived,
    rows: &DerivedRows<'_>,
) -> Result<Vec<RecordBatch>, StoreError> {
    let log = tables.log(table.name())?;
    let days = (rows.from.epoch_days(), rows.to.epoch_days());
    let outside = |(first, last): (i32, i32)| first > days.1 || last < days.0;
    let mut files: Vec<&DataFile> =
        log.files.iter().filter(|file| !file.sessions.is_some_and(outside)).collect();
    files.sort_by_cached_key(|file| label(file));
    let read = |file: &&DataFile| read_file(file, table, rows, days);
    let batches: Vec<Vec<RecordBatch>> = files.par_iter().map(read).collect::<Result<_, _>>()?;
    Ok(batches.concat())
}

fn read_file(
    file: &DataFile,
    table: Derived,
    rows: &DerivedRows<'_>,
    days: (i32, i32),
) -> Result<Vec<RecordBatch>, StoreError> {
    // Texts that repeat from row to row are read as dictionaries, each row group with its own.
    let opened = match table {
        Derived::Fact | Derived::GroupSession => Opened::of_words(&file.path)?,
        _ => Opened::plain(&file.path)?,
    };
    let of_days = scan::Rows::within("session", days);
    let groups = opened.groups(std::slice::from_ref(&of_days)).into_iter().filter(|group| {
        let may_hold = |column, text: &&str| opened.may_hold_text(*group, column, text);
        let measures = rows.measures;
        rows.scope.is_none_or(|scope| may_hold("scope", &scope))
            && (measures.is_empty() || measures.iter().any(|of| may_hold("measure", of)))
    });
    groups
        .map(|group| opened.rows_of(0, group, rows.columns, Some(&of_days)))
        .map(|read| Ok(read?.batch))
        .collect()
}

/// The years of a derived table, with their row counts.
pub(crate) fn years(tables: &Tables, table: Derived) -> Result<BTreeMap<String, u64>, StoreError> {
    let log = tables.log(table.name())?;
    let mut years = BTreeMap::new();
    for file in &log.files {
        *years.entry(file.year.clone()).or_default() += file.rows.unwrap_or(0);
    }
    Ok(years)
}
