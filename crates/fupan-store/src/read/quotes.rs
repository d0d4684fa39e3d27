//! Quotes of one session, in time order.
//!
//! A session of three-second snapshots has some 25 million rows. A first pass over a few columns
//! finds out which source holds what. The rows are then read a few row groups at a time, so that
//! memory use does not grow with the session.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Codes, Exchange, Finding, Quote, SessionDate, Symbol, Wording};
use fupan_table::{QuoteColumns, Table};
use rayon::prelude::*;

use crate::delta::Tables;
use crate::delta::log::DataFile;
use crate::delta::scan::{Group, Opened, Rows};
use crate::read::source_choice::{Tally, best};
use crate::read::{Inputs, SourceUse, StoreInput, code_changes, conflict};
use crate::{SourceChoice, StoreError};

/// Reads a session's quotes up to an instant, second by second, and records their origin. The
/// quotes do not depend on the order in which imports were appended.
pub struct QuoteReader {
    session: SessionDate,
    until: u32,
    files: Vec<Reading>,
    codes: Codes,
    /// The quotes of the last second read.
    second: Vec<Row>,
    quotes: Vec<(Symbol, Quote)>,
    conflicts: u64,
    seconds: BTreeSet<u32>,
    inputs: Vec<StoreInput>,
    sources_used: Vec<SourceUse>,
    sources_left: Vec<SourceUse>,
}

/// A quote, with the index of its file.
struct Row {
    symbol: Symbol,
    file: usize,
    quote: Quote,
}

/// One file being read.
struct Reading {
    file: usize,
    opened: Opened,
    /// The row groups not read yet, the next one last.
    groups: Vec<usize>,
    /// The exchanges whose quotes are taken from it.
    exchanges: [bool; Exchange::ALL.len()],
    /// Rows read and not yet returned, the next one last.
    rows: Vec<Row>,
    /// The last second returned.
    given: u32,
}

impl QuoteReader {
    pub(crate) fn open(
        tables: &Tables,
        session: SessionDate,
        until: u32,
        choice: &SourceChoice,
    ) -> Result<QuoteReader, StoreError> {
        let digests = tables.visible()?;
        let files = tables.files_among(Table::Quote, &digests)?;
        let mut sources: Vec<&str> = files.iter().map(|file| file.source.as_str()).collect();
        sources.dedup();
        let codes = code_changes::of(tables)?;
        let held = Held::of(&files, &sources, session, until, &codes)?;
        if held.securities.is_empty() {
            let later = Held::of(&files, &sources, session, u32::MAX, &codes)?;
            let first = later.seconds.iter().filter_map(|of_source| of_source.first()).min();
            return Err(nothing(session, until, first.copied(), &files));
        }
        let (sources_used, sources_left) = held.choose(&sources, choice);
        let day = session.epoch_days();
        let is_used = |source: &&str| sources_used.iter().any(|used| used.source == **source);
        let seconds = sources.iter().zip(&held.seconds).filter(|(source, _)| is_used(source));
        let seconds = seconds.flat_map(|(_, seconds)| seconds).copied().collect();
        let mut used = vec![false; files.len()];
        let mut readings = Vec::new();
        for (file, opened) in held.opened {
            let chosen = |exchange: Exchange| {
                held.exchanges[file][exchange as usize]
                    && sources_used
                        .iter()
                        .any(|of| of.exchange == exchange && of.source == files[file].source)
            };
            let exchanges = Exchange::ALL.map(chosen);
            used[file] = exchanges.contains(&true);
            if used[file] {
                let mut groups = groups(&opened, day, until);
                groups.reverse();
                let rows = Vec::new();
                readings.push(Reading { file, opened, groups, exchanges, rows, given: 0 });
            }
        }
        let mut inputs = Inputs { digests: &digests, inputs: Vec::new() };
        inputs.add(Table::Quote, &files, &used);
        Ok(QuoteReader {
            session,
            until,
            files: readings,
            codes,
            second: Vec::new(),
            quotes: Vec::new(),
            conflicts: 0,
            seconds,
            inputs: inputs.sorted(),
            sources_used,
            sources_left,
        })
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.session
    }

    /// Seconds of the day for which the sources used have quotes, ascending.
    pub fn instants(&self) -> impl Iterator<Item = u32> + '_ {
        self.seconds.iter().copied()
    }

    /// Every imported file that quotes are taken from, by source and digest.
    pub fn inputs(&self) -> &[StoreInput] {
        &self.inputs
    }

    /// The source of each exchange's quotes; `rows` counts securities.
    pub fn sources_used(&self) -> &[SourceUse] {
        &self.sources_used
    }

    /// The other sources that hold quotes of the session.
    pub fn sources_left(&self) -> &[SourceUse] {
        &self.sources_left
    }

    /// What a reader must know about the rows returned so far.
    pub fn findings(&self) -> Vec<Finding> {
        let rule = Wording::new(
            "those of the highest revision, then of the largest volume, were used",
            "采用修订号最大、其次成交量最大的一行",
        );
        conflict(Table::Quote, self.conflicts, &rule).into_iter().collect()
    }

    /// The next second of the day that has quotes; `None` after the last.
    ///
    /// # Errors
    /// If a file cannot be read, or its rows are not in time order.
    pub fn peek(&mut self) -> Result<Option<u32>, StoreError> {
        let (day, until) = (self.session.epoch_days(), self.until);
        let codes = &self.codes;
        self.files.iter_mut().try_for_each(|file| file.fill(day, until, codes))?;
        let next = |file: &Reading| file.rows.last().map(|row| row.quote.time);
        Ok(self.files.iter().filter_map(next).min())
    }

    /// The valid quotes of the next second, sorted by the security's last code, each security's in
    /// their own order; none after the last second.
    ///
    /// # Errors
    /// As for [`QuoteReader::peek`].
    pub fn next_second(&mut self) -> Result<&[(Symbol, Quote)], StoreError> {
        let second = self.peek()?;
        let (day, until) = (self.session.epoch_days(), self.until);
        self.second.clear();
        for file in &mut self.files {
            loop {
                while let Some(row) = file.rows.pop_if(|row| Some(row.quote.time) == second) {
                    self.second.push(row);
                }
                // A second may continue in the next row groups.
                file.given = second.unwrap_or(file.given);
                if !file.rows.is_empty() || file.groups.is_empty() {
                    break;
                }
                file.fill(day, until, &self.codes)?;
            }
        }
        self.stand();
        Ok(&self.quotes)
    }

    /// Selects the valid version of each quote of the second.
    fn stand(&mut self) {
        self.quotes.clear();
        self.second.sort_by_key(|row| (row.symbol, row.quote.place(), Reverse(row.quote.rank())));
        let same = |a: &Row, b: &Row| (a.symbol, a.quote.place()) == (b.symbol, b.quote.place());
        for versions in self.second.chunk_by(same) {
            self.quotes.push((versions[0].symbol, versions[0].quote));
            let of_revision = versions.chunk_by(|a, b| a.quote.revision == b.quote.revision);
            let differs = |own: &&[Row]| {
                own.iter().any(|row| row.file != own[0].file)
                    && own.iter().any(|row| row.quote != own[0].quote)
            };
            self.conflicts += of_revision.filter(differs).count() as u64;
        }
    }
}

impl Reading {
    /// Reads more row groups if no rows are left.
    fn fill(&mut self, day: i32, until: u32, codes: &Codes) -> Result<(), StoreError> {
        while self.rows.is_empty() && !self.groups.is_empty() {
            let at_once = rayon::current_num_threads().min(self.groups.len());
            let next: Vec<usize> = self.groups.drain(self.groups.len() - at_once..).rev().collect();
            let read = |group: &usize| {
                rows(&self.opened.group(self.file, *group, &[])?, day, until, codes)
            };
            let read: Vec<Vec<Row>> =
                next.par_iter().map(read).collect::<Result<_, StoreError>>()?;
            let taken = |row: &Row| self.exchanges[row.symbol.exchange() as usize];
            self.rows = read.into_iter().flatten().filter(taken).collect();
            let in_order = self.rows.is_sorted_by_key(|row| row.quote.time)
                && self.rows.first().is_none_or(|row| row.quote.time >= self.given);
            if !in_order {
                return Err(StoreError::Damaged {
                    path: self.opened.path().to_path_buf(),
                    detail: Wording::new("its rows are not in time order", "各行没有按时间排列"),
                });
            }
            self.rows.reverse();
        }
        Ok(())
    }
}

/// What each source and file holds of a session up to a second.
struct Held {
    /// The files that may hold some of it, by index.
    opened: Vec<(usize, Opened)>,
    /// For each file, the exchanges that it has rows of.
    exchanges: Vec<[bool; Exchange::ALL.len()]>,
    /// By source and security: whether it traded, and whether with a reported turnover.
    securities: BTreeMap<(usize, Symbol), [bool; 2]>,
    /// By source.
    seconds: Vec<BTreeSet<u32>>,
}

/// The securities and seconds in a row group.
#[derive(Default)]
struct Look {
    securities: BTreeMap<Symbol, [bool; 2]>,
    seconds: BTreeSet<u32>,
}

impl Held {
    fn of(
        files: &[DataFile],
        sources: &[&str],
        session: SessionDate,
        until: u32,
        codes: &Codes,
    ) -> Result<Held, StoreError> {
        let day = session.epoch_days();
        let of_day = |(first, last): (i32, i32)| first <= day && day <= last;
        let opened = files.iter().enumerate().filter(|(_, file)| file.sessions.is_none_or(of_day));
        let opened: Vec<(usize, Opened)> = opened
            .map(|(place, file)| Ok((place, Opened::open(&file.path)?)))
            .collect::<Result<_, StoreError>>()?;
        let tasks: Vec<(usize, &Opened, usize)> = opened
            .iter()
            .flat_map(|(file, opened)| {
                groups(opened, day, until).into_iter().map(move |group| (*file, opened, group))
            })
            .collect();
        let looks: Vec<(usize, Look)> = tasks
            .into_par_iter()
            .map(|(file, opened, group)| Ok((file, look(opened, file, group, day, until, codes)?)))
            .collect::<Result<_, StoreError>>()?;
        let mut exchanges = vec![[false; Exchange::ALL.len()]; files.len()];
        let mut securities = BTreeMap::new();
        let mut seconds = vec![BTreeSet::new(); sources.len()];
        for (file, look) in looks {
            let source = sources.partition_point(|source| *source < files[file].source.as_str());
            for (symbol, [traded, reported]) in look.securities {
                exchanges[file][symbol.exchange() as usize] = true;
                let of: &mut [bool; 2] = securities.entry((source, symbol)).or_default();
                *of = [of[0] | traded, of[1] | reported];
            }
            seconds[source].extend(look.seconds);
        }
        Ok(Held { opened, exchanges, securities, seconds })
    }

    /// The source of each exchange, and the others. A source is weighed by its securities, not by
    /// its rows, so that finer quotes do not outweigh wider ones. If a named source has no quotes
    /// of the session, the rule for the best source applies.
    fn choose(&self, sources: &[&str], choice: &SourceChoice) -> (Vec<SourceUse>, Vec<SourceUse>) {
        let mut tallies = vec![[Tally::default(); Exchange::ALL.len()]; sources.len()];
        for ((source, symbol), [traded, reported]) in &self.securities {
            let (traded, reported) = (u32::from(*traded), u32::from(*reported));
            tallies[*source][symbol.exchange() as usize].add(Tally { rows: 1, traded, reported });
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
}

/// The row groups that may hold quotes of a day up to a second.
fn groups(opened: &Opened, day: i32, until: u32) -> Vec<usize> {
    let until = i32::try_from(until).unwrap_or(i32::MAX);
    opened.groups(&[Rows::within("session", (day, day)), Rows::within("time", (0, until))])
}

/// Finds the securities and seconds in a row group.
fn look(
    opened: &Opened,
    file: usize,
    group: usize,
    day: i32,
    until: u32,
    codes: &Codes,
) -> Result<Look, StoreError> {
    const COLUMNS: [&str; 5] = ["session", "symbol", "time", "volume", "turnover"];
    let group = opened.group(file, group, &COLUMNS)?;
    let (keys, symbols) = group.symbols()?;
    let days = group.numbers::<Date32Type>("session")?;
    let times = group.numbers::<Int32Type>("time")?;
    let volume = group.numbers::<Int64Type>("volume")?;
    let turnover = group.numbers::<Int64Type>("turnover")?;
    let mut of_key: Vec<Option<[bool; 2]>> = vec![None; symbols.len()];
    let mut look = Look::default();
    let mut last = None;
    for row in (0..group.batch.num_rows()).filter(|row| days.value(*row) == day) {
        let (Some(key), Some(second)) = (keys.key(row), second(&times, row)) else { continue };
        let is_share = symbols[key].is_some_and(|symbol| symbol.board().is_some());
        if second > until || !is_share {
            continue;
        }
        let traded = volume.is_valid(row) && volume.value(row) > 0;
        let of = of_key[key].get_or_insert_default();
        *of = [of[0] | traded, of[1] | (traded && turnover.is_valid(row))];
        if last != Some(second) {
            look.seconds.insert(second);
            last = Some(second);
        }
    }
    for (symbol, [traded, reported]) in
        symbols.into_iter().zip(of_key).filter_map(|(symbol, of)| symbol.zip(of))
    {
        let of = look.securities.entry(codes.last(symbol)).or_default();
        *of = [of[0] | traded, of[1] | reported];
    }
    Ok(look)
}

fn second(times: &Int32Array, row: usize) -> Option<u32> {
    times.is_valid(row).then(|| u32::try_from(times.value(row)).ok()).flatten()
}

/// The rows of a day up to a second.
fn rows(group: &Group, day: i32, until: u32, codes: &Codes) -> Result<Vec<Row>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let symbols: Vec<Option<Symbol>> =
        symbols.into_iter().map(|code| code.map(|code| codes.last(code))).collect();
    let days = group.numbers::<Date32Type>("session")?;
    let columns = QuoteColumns::of(&group.batch).map_err(|error| group.unlike(&error))?;
    let mut rows = Vec::new();
    for row in (0..group.batch.num_rows()).filter(|row| days.value(*row) == day) {
        let symbol = keys.key(row).and_then(|key| symbols[key]);
        let Some(symbol) = symbol.filter(|symbol| symbol.board().is_some()) else { continue };
        if columns.time(row).map_err(|error| group.unlike(&error))? <= until {
            let quote = columns.quote(row).map_err(|error| group.unlike(&error))?;
            rows.push(Row { symbol, file: group.file, quote });
        }
    }
    Ok(rows)
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
