//! Quotes of one session, security by security.

use arrow::array::{Array as _, Int32Array, Int64Array};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{
    Exchange, Fen, Finding, Price, Quote, SessionDate, SessionFold, Span, Symbol, Traded, Turnover,
    TurnoverBasis,
};
use fupan_table::Table;

use crate::choice::{Tally, best};
use crate::history::{Inputs, SourceUse, StoreInput, conflict};
use crate::log::DataFile;
use crate::scan::{self, Group};
use crate::{SourceChoice, Store, StoreError};

/// A session's quotes up to an instant, with where they come from. They do not depend on the order
/// in which imports were appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedQuotes {
    /// The session.
    pub session: SessionDate,
    /// A-shares by symbol, each with the quotes that stand, by time; none is empty.
    pub securities: Vec<(Symbol, Vec<Quote>)>,
    /// Every imported file that gave a row, by source and digest.
    pub inputs: Vec<StoreInput>,
    /// What a reader must know about the rows.
    pub findings: Vec<Finding>,
    /// The source of each exchange's quotes; `rows` counts securities.
    pub sources_used: Vec<SourceUse>,
    /// The other sources that hold quotes of the session.
    pub sources_left: Vec<SourceUse>,
}

struct Row {
    symbol: Symbol,
    /// Place of the source among the sources' names.
    source: usize,
    file: usize,
    quote: Quote,
}

pub(crate) fn load(
    store: &Store,
    session: SessionDate,
    until: u32,
    choice: &SourceChoice,
) -> Result<LoadedQuotes, StoreError> {
    let digests = store.visible()?;
    let files = store.files_among(Table::Quote, &digests)?;
    let mut sources: Vec<&str> = files.iter().map(|file| file.source.as_str()).collect();
    sources.dedup();
    let source_of =
        |file: usize| sources.partition_point(|source| *source < files[file].source.as_str());
    let day = session.epoch_days();
    let groups = scan::groups(&files, Some((day, day)), |group| {
        rows(&group, source_of(group.file), day, until)
    })?;
    let first = groups.iter().filter_map(|(_, first)| *first).min();
    let mut rows: Vec<Row> = groups.into_iter().flat_map(|(rows, _)| rows).collect();
    if rows.is_empty() {
        return Err(nothing(session, until, first, &files));
    }
    rows.sort_by_key(|row| (row.source, row.symbol, row.file));
    let (used, left) = choose(&rows, &sources, choice);
    let chosen = |row: &Row| {
        let exchange = row.symbol.exchange();
        used.iter().any(|u| u.exchange == exchange && u.source == sources[row.source])
    };
    rows.retain(chosen);
    let mut files_used = vec![false; files.len()];
    for row in &rows {
        files_used[row.file] = true;
    }
    let mut securities = Vec::new();
    let mut conflicts = 0;
    rows.sort_by_key(|row| row.symbol);
    for own in rows.chunk_by(|a, b| a.symbol == b.symbol) {
        conflicts += among_imports(own);
        let fold = SessionFold::of(own.iter().map(|row| row.quote).collect());
        securities.push((own[0].symbol, fold.quotes().to_vec()));
    }
    let mut inputs = Inputs { digests: &digests, inputs: Vec::new() };
    inputs.add(Table::Quote, &files, &files_used);
    Ok(LoadedQuotes {
        session,
        securities,
        inputs: inputs.sorted(),
        findings: conflict(
            Table::Quote,
            conflicts,
            "those of the highest revision, then of the largest volume, were used",
        )
        .into_iter()
        .collect(),
        sources_used: used,
        sources_left: left,
    })
}

/// The source of each exchange, and the others. A source is weighed by its securities, not by its
/// rows, so that finer quotes do not outweigh wider ones; one that was named and has none of the
/// session's leaves the choice to the rule.
fn choose(
    rows: &[Row],
    sources: &[&str],
    choice: &SourceChoice,
) -> (Vec<SourceUse>, Vec<SourceUse>) {
    let mut tallies = vec![[Tally::default(); Exchange::ALL.len()]; sources.len()];
    let same = |a: &Row, b: &Row| (a.source, a.symbol) == (b.source, b.symbol);
    for own in rows.chunk_by(same) {
        let traded = || own.iter().filter_map(|row| row.quote.traded);
        let reports = |t: Traded| t.turnover.basis == TurnoverBasis::Reported;
        let tally = Tally {
            rows: 1,
            traded: u32::from(traded().next().is_some()),
            reported: u32::from(traded().any(reports)),
        };
        tallies[own[0].source][own[0].symbol.exchange() as usize].add(tally);
    }
    let named = match choice {
        SourceChoice::Best => None,
        SourceChoice::Named(name) => sources.iter().position(|source| source == name),
    };
    let named = named.filter(|source| tallies[*source].iter().any(|tally| tally.rows > 0));
    let (mut used, mut left) = (Vec::new(), Vec::new());
    for exchange in Exchange::ALL {
        let of = |source: usize| tallies[source][exchange as usize];
        let chosen = named.or_else(|| best((0..sources.len()).map(of)));
        for (source, name) in sources.iter().enumerate().filter(|(s, _)| of(*s).rows > 0) {
            let list = if chosen == Some(source) { &mut used } else { &mut left };
            list.push(SourceUse {
                exchange,
                source: (*name).to_owned(),
                rows: u64::from(of(source).rows),
                rows_with_turnover: u64::from(of(source).reported),
            });
        }
    }
    (used, left)
}

/// Quotes of one security that imports hold in the same version with other values.
fn among_imports(rows: &[Row]) -> u64 {
    if rows.iter().all(|row| row.file == rows[0].file) {
        return 0;
    }
    let version = |row: &&Row| {
        let quote = row.quote;
        (quote.time, quote.span, quote.sequence, quote.revision)
    };
    let mut sorted: Vec<&Row> = rows.iter().collect();
    sorted.sort_by_key(version);
    let versions = sorted.chunk_by(|a, b| version(a) == version(b));
    let differs = |same: &&[&Row]| same.iter().any(|row| row.quote != same[0].quote);
    versions.filter(differs).count() as u64
}

/// The rows of a day up to a second, and the first second of the day's rows.
fn rows(
    group: &Group,
    source: usize,
    day: i32,
    until: u32,
) -> Result<(Vec<Row>, Option<u32>), StoreError> {
    let (keys, symbols) = group.symbols()?;
    let days = group.numbers::<Date32Type>("session")?;
    let time = group.numbers::<Int32Type>("time")?;
    let span = group.numbers::<Int32Type>("span")?;
    let sequence = group.numbers::<Int64Type>("sequence")?;
    let revision = group.numbers::<Int32Type>("revision")?;
    let prices = [
        group.numbers::<Int32Type>("open")?,
        group.numbers::<Int32Type>("high")?,
        group.numbers::<Int32Type>("low")?,
        group.numbers::<Int32Type>("last")?,
    ];
    let volume = group.numbers::<Int64Type>("volume")?;
    let turnover = group.numbers::<Int64Type>("turnover")?;
    let small = |column: &Int32Array, row: usize| {
        column.is_valid(row).then(|| u32::try_from(column.value(row)).ok()).flatten()
    };
    let (mut rows, mut first) = (Vec::new(), None::<u32>);
    for row in (0..group.batch.num_rows()).filter(|row| days.value(*row) == day) {
        let Some(symbol) = keys.key(row).and_then(|key| symbols[key]) else { continue };
        let Some(second) = small(&time, row).filter(|_| symbol.board().is_some()) else { continue };
        first = Some(first.map_or(second, |first| first.min(second)));
        if second > until {
            continue;
        }
        let number = |column: &Int64Array| {
            column.is_valid(row).then(|| u64::try_from(column.value(row)).ok()).flatten()
        };
        let quote = Quote {
            time: second,
            span: small(&span, row).map_or(Span::SoFar, Span::Seconds),
            sequence: number(&sequence).unwrap_or(0),
            revision: small(&revision, row).unwrap_or(0),
            traded: traded(&prices, number(&volume).unwrap_or(0), &turnover, row),
        };
        rows.push(Row { symbol, source, file: group.file, quote });
    }
    Ok((rows, first))
}

/// The trading of a row, by the same rule as `fupan_table::quote_rows`.
fn traded(
    prices: &[Int32Array; 4],
    volume: u64,
    turnover: &Int64Array,
    row: usize,
) -> Option<Traded> {
    let price = |column: usize| {
        let column = &prices[column];
        if column.is_valid(row) { Price::from_raw(column.value(row)) } else { None }
    };
    if volume == 0 {
        return None;
    }
    let (open, high, low, last) = (price(0)?, price(1)?, price(2)?, price(3)?);
    let turnover = if turnover.is_valid(row) {
        Turnover { fen: Fen(turnover.value(row)), basis: TurnoverBasis::Reported }
    } else {
        Turnover::estimated(volume, open, high, low, last)
    };
    Some(Traded { open, high, low, last, volume, turnover })
}

fn nothing(session: SessionDate, until: u32, first: Option<u32>, files: &[DataFile]) -> StoreError {
    if let Some(first) = first {
        return StoreError::NoQuotesYet { session, until: clock(until), first: clock(first) };
    }
    let day = |of: fn((i32, i32)) -> i32| files.iter().filter_map(move |f| f.sessions.map(of));
    let first = day(|(first, _)| first).min().and_then(SessionDate::from_epoch_days);
    let last = day(|(_, last)| last).max().and_then(SessionDate::from_epoch_days);
    StoreError::NoQuotes { session, held: first.zip(last) }
}

fn clock(second: u32) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}
