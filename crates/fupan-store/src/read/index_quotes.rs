//! The levels of indices inside one session.

use std::collections::BTreeMap;

use arrow::array::{Array as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Fen, Finding, IndexQuote, LevelRange, Price, SessionDate, Symbol, Wording};
use fupan_table::Table;

use crate::delta::Tables;
use crate::delta::scan;
use crate::delta::scan::Group;
use crate::read::{Inputs, conflict};
use crate::{StoreError, StoreInput};

/// The levels of indices in one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexQuotes {
    series: Vec<IndexSeries>,
    inputs: Vec<StoreInput>,
    conflicts: u64,
}

/// The levels of one index in one session, by one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexSeries {
    /// The index.
    pub symbol: Symbol,
    /// The source.
    pub source: String,
    /// The earliest first.
    pub quotes: Vec<IndexQuote>,
}

#[derive(Clone, Copy)]
struct Row {
    file: usize,
    quote: IndexQuote,
}

impl IndexQuotes {
    /// Reads those of a session; none if the store has none. Of several imports of a source, the row
    /// with the largest turnover counts: the others were of a time not yet over.
    pub(crate) fn read(tables: &Tables, session: SessionDate) -> Result<IndexQuotes, StoreError> {
        let digests = tables.visible()?;
        let files = tables.files_among(Table::IndexQuote, &digests)?;
        let day = session.epoch_days();
        let groups = scan::groups(&files, Some((day, day)), &[], |group| rows(&group, session))?;
        let mut by_source: BTreeMap<(Symbol, &str), Vec<Row>> = BTreeMap::new();
        for (symbol, row) in groups.into_iter().flatten() {
            by_source.entry((symbol, &files[row.file].source)).or_default().push(row);
        }
        let mut used = vec![false; files.len()];
        let mut found = IndexQuotes::default();
        for ((symbol, source), rows) in by_source {
            let mut quotes = Vec::new();
            found.conflicts += take(rows, &mut used, &mut quotes);
            found.series.push(IndexSeries { symbol, source: source.to_owned(), quotes });
        }
        let mut inputs = Inputs { digests: &digests, inputs: Vec::new() };
        inputs.add(Table::IndexQuote, &files, &used);
        found.inputs = inputs.sorted();
        Ok(found)
    }

    /// All levels, by index and source.
    pub fn series(&self) -> &[IndexSeries] {
        &self.series
    }

    /// Every imported file that rows were taken from, by source and digest.
    pub fn inputs(&self) -> &[StoreInput] {
        &self.inputs
    }

    /// What a reader must know about the rows.
    pub fn findings(&self) -> Option<Finding> {
        let rule = Wording::new(
            "those of the largest turnover were used, then of the import with the smallest id",
            "采用成交额最大的一行，其次采用编号最小的一次导入",
        );
        conflict(Table::IndexQuote, self.conflicts, &rule)
    }
}

impl IndexSeries {
    /// The index as it last was by a second.
    pub fn by(&self, second: u32) -> Option<&IndexQuote> {
        self.quotes[..self.quotes.partition_point(|quote| quote.time <= second)].last()
    }
}

/// Takes the rows of an index and a source that count; returns how many others held other values.
fn take(mut rows: Vec<Row>, used: &mut [bool], quotes: &mut Vec<IndexQuote>) -> u64 {
    rows.sort_by_key(|row| (row.quote.time, std::cmp::Reverse(row.quote.turnover), row.file));
    let mut conflicts = 0;
    for of_time in rows.chunk_by(|a, b| a.quote.time == b.quote.time) {
        let kept = of_time[0];
        conflicts += of_time[1..].iter().filter(|row| row.quote != kept.quote).count() as u64;
        used[kept.file] = true;
        quotes.push(kept.quote);
    }
    conflicts
}

/// A row group's rows of a session. What is no level or no time is left out.
fn rows(group: &Group, session: SessionDate) -> Result<Vec<(Symbol, Row)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let days = group.numbers::<Date32Type>("session")?;
    let times = group.numbers::<Int32Type>("time")?;
    let [open, high, low, last] = [
        group.numbers::<Int32Type>("open")?,
        group.numbers::<Int32Type>("high")?,
        group.numbers::<Int32Type>("low")?,
        group.numbers::<Int32Type>("last")?,
    ];
    let turnover = group.numbers::<Int64Type>("turnover")?;
    let row = |row: usize| {
        let level = |levels: &Int32Array| {
            levels.is_valid(row).then(|| Price::from_raw(levels.value(row))).flatten()
        };
        let range = match (level(&open), level(&high), level(&low)) {
            (Some(open), Some(high), Some(low)) => Some(LevelRange { open, high, low }),
            _ => None,
        };
        let quote = IndexQuote {
            time: u32::try_from(times.value(row)).ok()?,
            last: level(&last)?,
            range,
            turnover: turnover.is_valid(row).then(|| Fen(turnover.value(row))),
        };
        Some((symbols[keys.key(row)?]?, Row { file: group.file, quote }))
    };
    let day = session.epoch_days();
    Ok((0..group.batch.num_rows()).filter(|at| days.value(*at) == day).filter_map(row).collect())
}
