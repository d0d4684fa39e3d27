//! Index bars of a window, index by index.

use arrow::array::Array as _;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Fen, IndexBar, IndexHistory, Price, Symbol};

use crate::bars::Window;
use crate::log::DataFile;
use crate::scan::{self, Group};
use crate::{SourceChoice, StoreError};

/// What a window holds of indices.
pub(crate) struct Indices {
    /// By symbol, each with its bars, earliest first.
    pub indices: Vec<IndexHistory>,
    /// Files that gave a row.
    pub files_used: Vec<bool>,
    /// Rows left out because another import of the same source holds other values.
    pub conflicts: u64,
}

struct Row {
    symbol: Symbol,
    file: usize,
    bar: IndexBar,
}

/// Reads the index bars of a window from files sorted by source and import. Where several sources
/// hold an index on a session, the named one comes first, then one with turnover, then the first
/// by name.
pub(crate) fn read(
    files: &[DataFile],
    window: &Window,
    choice: &SourceChoice,
) -> Result<Indices, StoreError> {
    let groups = scan::groups(files, Some(window.days()), |group| rows(&group, window))?;
    let mut rows: Vec<Row> = groups.into_iter().flatten().collect();
    let named = |row: &Row| match choice {
        SourceChoice::Named(name) => files[row.file].source == *name,
        SourceChoice::Best => false,
    };
    rows.sort_by_key(|row| {
        let rank = (!named(row), row.bar.turnover.is_none(), row.file);
        (row.symbol, row.bar.session, rank)
    });
    let mut found =
        Indices { indices: Vec::new(), files_used: vec![false; files.len()], conflicts: 0 };
    let mut kept: Option<&Row> = None;
    for row in &rows {
        if let Some(kept) = kept
            && (kept.symbol, kept.bar.session) == (row.symbol, row.bar.session)
        {
            let same_source = files[kept.file].source == files[row.file].source;
            found.conflicts += u64::from(same_source && kept.bar != row.bar);
            continue;
        }
        kept = Some(row);
        found.files_used[row.file] = true;
        match found.indices.last_mut().filter(|index| index.symbol == row.symbol) {
            Some(index) => index.bars.push(row.bar),
            None => {
                found.indices.push(IndexHistory { symbol: row.symbol, bars: vec![row.bar] });
            }
        }
    }
    Ok(found)
}

fn rows(group: &Group, window: &Window) -> Result<Vec<Row>, StoreError> {
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
        Some(Row { symbol: symbols[keys.key(row)?]?, file: group.file, bar })
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}
