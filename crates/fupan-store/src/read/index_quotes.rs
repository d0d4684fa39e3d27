//! The levels of indices inside one session.

use std::collections::BTreeMap;

use arrow::array::{Array as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Fen, Finding, IndexQuote, LevelRange, Price, SessionDate, Symbol, Wording};
use fupan_table::Table;

use crate::delta::Tables;
use crate::delta::log::DataFile;
use crate::delta::scan;
use crate::delta::scan::Group;
use crate::read::{Inputs, conflict};
use crate::{SourceChoice, StoreError, StoreInput};

/// The levels of indices in one session, by time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexQuotes {
    /// By index, the earliest first.
    quotes: BTreeMap<Symbol, Vec<IndexQuote>>,
    inputs: Vec<StoreInput>,
    conflicts: u64,
}

#[derive(Clone, Copy)]
struct Row {
    file: usize,
    quote: IndexQuote,
}

impl IndexQuotes {
    /// Reads those of a session; none if the store has none. If several sources hold an index, the
    /// named one takes precedence, then one with turnover, then the first by name. Of several imports
    /// of a source, the row with the largest turnover counts: the others were of a time not yet over.
    pub(crate) fn read(
        tables: &Tables,
        session: SessionDate,
        choice: &SourceChoice,
    ) -> Result<IndexQuotes, StoreError> {
        let digests = tables.visible()?;
        let files = tables.files_among(Table::IndexQuote, &digests)?;
        let day = session.epoch_days();
        let groups = scan::groups(&files, Some((day, day)), &[], |group| rows(&group, session))?;
        let mut by_symbol: BTreeMap<Symbol, Vec<Row>> = BTreeMap::new();
        for (symbol, row) in groups.into_iter().flatten() {
            by_symbol.entry(symbol).or_default().push(row);
        }
        let mut used = vec![false; files.len()];
        let mut found = IndexQuotes::default();
        for (symbol, rows) in by_symbol {
            let quotes = found.quotes.entry(symbol).or_default();
            found.conflicts += take(rows, &files, choice, &mut used, quotes);
        }
        let mut inputs = Inputs { digests: &digests, inputs: Vec::new() };
        inputs.add(Table::IndexQuote, &files, &used);
        found.inputs = inputs.sorted();
        Ok(found)
    }

    /// Each index as it last was by a second; none of those that have no level by then.
    pub fn at(&self, second: u32) -> impl Iterator<Item = (Symbol, IndexQuote)> + '_ {
        self.quotes.iter().filter_map(move |(symbol, quotes)| {
            let past = quotes.partition_point(|quote| quote.time <= second);
            Some((*symbol, *quotes[..past].last()?))
        })
    }

    /// All of each index, the earliest first.
    pub fn all(&self) -> impl Iterator<Item = (Symbol, &[IndexQuote])> {
        self.quotes.iter().map(|(symbol, quotes)| (*symbol, quotes.as_slice()))
    }

    /// Every imported file that rows were taken from, by source and digest.
    pub fn inputs(&self) -> &[StoreInput] {
        &self.inputs
    }

    /// What a reader must know about the rows.
    pub fn findings(&self) -> Option<Finding> {
        let rule = Wording::new("those of the largest turnover were used", "采用成交额最大的一行");
        conflict(Table::IndexQuote, self.conflicts, &rule)
    }
}

/// Takes the rows of an index that count; returns how many others held other values.
fn take(
    mut rows: Vec<Row>,
    files: &[DataFile],
    choice: &SourceChoice,
    used: &mut [bool],
    quotes: &mut Vec<IndexQuote>,
) -> u64 {
    let source = |row: &Row| files[row.file].source.as_str();
    let named = |row: &Row| matches!(choice, SourceChoice::Named(name) if source(row) == name);
    let has_turnover =
        |name: &str| rows.iter().any(|row| source(row) == name && row.quote.turnover.is_some());
    let first =
        rows.iter().min_by_key(|row| (!named(row), !has_turnover(source(row)), source(row)));
    let Some(chosen) = first.map(|row| source(row).to_owned()) else { return 0 };
    rows.retain(|row| source(row) == chosen);
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
