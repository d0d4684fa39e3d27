//! Bars of single funds in a range of sessions.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::Date32Type;
use fupan_market::{DailyBar, Finding, FundHistory, SessionDate, Symbol, TurnoverBasis, Wording};
use fupan_table::{DailyBarColumns, Table};

use crate::delta::log::DataFile;
use crate::delta::scan::Group;
use crate::delta::{Tables, scan};
use crate::read::daily_bars::Window;
use crate::read::{Inputs, StoreInput, conflict};
use crate::{SourceChoice, StoreError};

/// Funds in a range of sessions, with the origin of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedFunds {
    /// By symbol, each with its bars; those without a bar are left out.
    pub funds: Vec<FundHistory>,
    /// Every imported file that rows were taken from.
    pub inputs: Vec<StoreInput>,
    /// What a reader must know about the rows.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Copy)]
struct Row {
    file: usize,
    bar: DailyBar,
}

/// Reads the bars of some funds. If several sources hold a fund on a session, the named one takes
/// precedence, then one with turnover, then one with a previous close, then the first by name.
pub(crate) fn read(
    tables: &Tables,
    symbols: &[Symbol],
    (from, to): (SessionDate, SessionDate),
    choice: &SourceChoice,
) -> Result<LoadedFunds, StoreError> {
    let digests = tables.visible()?;
    let files = tables.files_among(Table::FundBar, &digests)?;
    let window = Window::new(from, to);
    let groups =
        scan::groups(&files, Some(window.days()), &[], |group| rows(&group, &window, symbols))?;
    let mut by_symbol: BTreeMap<Symbol, Vec<Row>> = BTreeMap::new();
    for (symbol, row) in groups.into_iter().flatten() {
        by_symbol.entry(symbol).or_default().push(row);
    }
    let mut conflicts = 0;
    let mut inputs = Inputs { digests: &digests, inputs: Vec::new() };
    let mut funds = Vec::new();
    for (symbol, rows) in by_symbol {
        let mut used = vec![false; files.len()];
        let bars = chosen(rows, &files, choice, &mut used, &mut conflicts);
        let mut own = Inputs { digests: &digests, inputs: Vec::new() };
        own.add(Table::FundBar, &files, &used);
        inputs.inputs.extend(own.inputs.iter().cloned());
        let of: BTreeSet<String> = own.inputs.into_iter().map(|input| input.digest).collect();
        funds.push(FundHistory { symbol, bars, files: of.into_iter().collect() });
    }
    let rule = Wording::new(
        "those of the import with the smallest id were used",
        "采用编号最小的一次导入",
    );
    let findings = conflict(Table::FundBar, conflicts, &rule).into_iter().collect();
    Ok(LoadedFunds { funds, inputs: inputs.sorted(), findings })
}

/// One bar a session of a fund's rows; notes the files they are from, and how many rows were left out
/// because another import of the same source holds other values.
fn chosen(
    mut rows: Vec<Row>,
    files: &[DataFile],
    choice: &SourceChoice,
    used: &mut [bool],
    conflicts: &mut u64,
) -> Vec<DailyBar> {
    let named = |row: &Row| match choice {
        SourceChoice::Named(name) => files[row.file].source == *name,
        SourceChoice::Best => false,
    };
    let states_turnover = |row: &Row| {
        row.bar.traded.is_some_and(|traded| traded.turnover.basis == TurnoverBasis::Reported)
    };
    rows.sort_by_key(|row| {
        let rank = (!named(row), !states_turnover(row), row.bar.prev_close.is_none(), row.file);
        (row.bar.session, rank)
    });
    let mut bars = Vec::with_capacity(rows.len());
    for of_session in rows.chunk_by(|a, b| a.bar.session == b.bar.session) {
        let kept = of_session[0];
        let same_source = |row: &&Row| files[kept.file].source == files[row.file].source;
        let others = of_session[1..].iter().filter(same_source);
        *conflicts += others.filter(|row| row.bar != kept.bar).count() as u64;
        used[kept.file] = true;
        bars.push(kept.bar);
    }
    bars
}

/// The rows of a row group that are of the funds.
fn rows(
    group: &Group,
    window: &Window,
    wanted: &[Symbol],
) -> Result<Vec<(Symbol, Row)>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let symbols: Vec<Option<Symbol>> =
        symbols.into_iter().map(|symbol| symbol.filter(|of| wanted.contains(of))).collect();
    if symbols.iter().all(Option::is_none) {
        return Ok(Vec::new());
    }
    let sessions = group.numbers::<Date32Type>("session")?;
    let columns = DailyBarColumns::of_table(Table::FundBar, &group.batch)
        .map_err(|error| group.unlike(&error))?;
    let mut found = Vec::new();
    for row in 0..group.batch.num_rows() {
        let Some(symbol) = keys.key(row).and_then(|key| symbols[key]) else { continue };
        let Some(session) = window.date(sessions.value(row)) else { continue };
        let bar = columns.bar(row, session).map_err(|error| group.unlike(&error))?;
        found.push((symbol, Row { file: group.file, bar }));
    }
    Ok(found)
}
