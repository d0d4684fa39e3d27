//! Index bars of a window, grouped by index.

use std::collections::BTreeMap;

use arrow::array::Array as _;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Fen, IndexBar, IndexHistory, Price, Symbol};

use crate::delta::log::DataFile;
use crate::delta::scan;
use crate::delta::scan::Group;
use crate::read::daily_bars::Window;
use crate::{SourceChoice, StoreError};

/// The index bars of a window.
pub(crate) struct Indices {
    /// By symbol, each with its bars, earliest first.
    pub indices: Vec<IndexHistory>,
    /// Files that rows were taken from.
    pub files_used: Vec<bool>,
    /// Rows left out because another import of the same source holds other values.
    pub conflicts: u64,
}

#[derive(Clone, Copy)]
struct Row {
    file: usize,
    bar: IndexBar,
}

/// Reads the index bars of a window from files sorted by source and import. If several sources hold
/// an index on a session, the named one takes precedence, then one with turnover, then the first by
/// name.
pub(crate) fn read(
    files: &[DataFile],
    window: &Window,
    choice: &SourceChoice,
) -> Result<Indices, StoreError> {
    let groups = scan::groups(files, Some(window.days()), &[], |group| rows(&group, window))?;
    let mut by_symbol: BTreeMap<Symbol, Vec<Row>> = BTreeMap::new();
    for (symbol, rows) in groups.into_iter().flatten() {
        by_symbol.entry(symbol).or_default().extend(rows);
    }
    let named = |row: &Row| match choice {
        SourceChoice::Named(name) => files[row.file].source == *name,
        SourceChoice::Best => false,
    };
    let mut found =
        Indices { indices: Vec::new(), files_used: vec![false; files.len()], conflicts: 0 };
    for (symbol, mut rows) in by_symbol {
        rows.sort_by_key(|row| {
            let rank = (!named(row), row.bar.turnover.is_none(), row.file);
            (row.bar.session, rank)
        });
        let mut bars = Vec::with_capacity(rows.len());
        for of_session in rows.chunk_by(|a, b| a.bar.session == b.bar.session) {
            let kept = of_session[0];
            let same_source = |row: &&Row| files[kept.file].source == files[row.file].source;
            let others = of_session[1..].iter().filter(same_source);
            found.conflicts += others.filter(|row| row.bar != kept.bar).count() as u64;
            found.files_used[kept.file] = true;
            bars.push(kept.bar);
        }
        found.indices.push(IndexHistory { symbol, bars });
    }
    Ok(found)
}

/// A row group's rows, grouped by index.
fn rows(group: &Group, window: &Window) -> Result<Vec<(Symbol, Vec<Row>)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let sessions = group.numbers::<Date32Type>("session")?;
    let [open, high, low, close] = [
        group.numbers::<Int32Type>("open")?,
        group.numbers::<Int32Type>("high")?,
        group.numbers::<Int32Type>("low")?,
        group.numbers::<Int32Type>("close")?,
    ];
    let turnover = group.numbers::<Int64Type>("turnover")?;
    let row = |row: usize| {
        let session = window.date(sessions.value(row))?;
        let level = |levels: &arrow::array::Int32Array| {
            Price::from_units(i64::from(levels.value(row))).ok()
        };
        let bar = IndexBar {
            session,
            open: level(&open)?,
            high: level(&high)?,
            low: level(&low)?,
            close: level(&close)?,
            turnover: turnover.is_valid(row).then(|| Fen(turnover.value(row))),
        };
        Some((keys.key(row)?, Row { file: group.file, bar }))
    };
    let mut by_key: Vec<Vec<Row>> = vec![Vec::new(); symbols.len()];
    for (key, row) in (0..group.batch.num_rows()).filter_map(row) {
        by_key[key].push(row);
    }
    let held = symbols.into_iter().zip(by_key).filter(|(_, rows)| !rows.is_empty());
    Ok(held.filter_map(|(symbol, rows)| Some((symbol?, rows))).collect())
}
