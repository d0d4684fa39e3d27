//! Daily bars of a window, security by security.

use arrow::buffer::ScalarBuffer;
use arrow::datatypes::Date32Type;
use fupan_market::{Codes, DailyBar, Exchange, SessionDate, Symbol};
use fupan_table::{DailyBarColumns, TableError};
use rayon::prelude::*;

use crate::delta::log::DataFile;
use crate::delta::scan;
use crate::delta::scan::Group;
use crate::read::source_choice::{Tally, best};
use crate::{SourceChoice, StoreError};

/// An inclusive range of dates.
pub(crate) struct Window {
    pub from: SessionDate,
    pub to: SessionDate,
    first_day: i32,
    dates: Vec<SessionDate>,
}

/// The daily bars of a window.
pub(crate) struct Bars {
    /// A-shares by their last code, each with its bars, earliest first; none is empty.
    pub securities: Vec<(Symbol, Vec<DailyBar>)>,
    /// Securities and sessions with a row under a code other than the session's, left out because
    /// it contradicts the row under the session's code.
    pub other_codes: Vec<(Symbol, SessionDate)>,
    /// For each source by name, day and exchange: what it holds, and whether it was chosen.
    pub held: Held,
    /// By slot: the files that rows were taken from, and the number of rows left out because
    /// another import of the same source holds other values.
    gave: Vec<(Vec<usize>, u64)>,
}

impl Bars {
    /// Rows left out because another import of the same source holds other values.
    pub(crate) fn conflicts(&self) -> u64 {
        self.gave.iter().map(|(_, conflicts)| conflicts).sum()
    }

    /// Every day and exchange of the window with rows, the files they were taken from, and the
    /// number of rows left out because another import of the same source holds other values.
    pub(crate) fn given<'a>(
        &'a self,
        window: &'a Window,
    ) -> impl Iterator<Item = (SessionDate, Exchange, &'a [usize], u64)> {
        self.gave.iter().enumerate().filter_map(|(slot, (files, conflicts))| {
            self.held.slots[slot].source?;
            let exchange = Exchange::ALL[slot % EXCHANGES];
            Some((window.dates[slot / EXCHANGES], exchange, files.as_slice(), *conflicts))
        })
    }
}

/// What each source holds of each exchange on each day.
pub(crate) struct Held {
    /// The sources' names, ascending.
    pub sources: Vec<String>,
    /// By source, then by slot.
    tallies: Vec<Vec<Tally>>,
    /// By slot.
    slots: Vec<Slot>,
}

/// A day and an exchange.
#[derive(Clone, Copy, Default)]
struct Slot {
    /// The chosen source.
    source: Option<u16>,
    /// Whether several of the source's imports hold rows.
    contested: bool,
}

/// The rows of a row group.
struct Chunk {
    file: usize,
    source: u16,
    days: ScalarBuffer<i32>,
    keys: ScalarBuffer<i32>,
    /// By key: the security's last code.
    symbols: Vec<Option<Symbol>>,
    /// By key: the code of the rows, if the security had several.
    codes: Vec<Option<Symbol>>,
    /// By key: the security's index among all, if it is an A-share with rows.
    places: Vec<u32>,
    columns: DailyBarColumns,
    tallies: Vec<Tally>,
    rows_by_key: Vec<u32>,
}

/// A row of a contested slot.
struct Contested {
    place: u32,
    file: usize,
    bar: DailyBar,
}

const EXCHANGES: usize = Exchange::ALL.len();
const NOWHERE: u32 = u32::MAX;

impl Window {
    pub(crate) fn new(from: SessionDate, to: SessionDate) -> Window {
        let (first_day, last_day) = (from.epoch_days(), to.epoch_days());
        let dates = (first_day..=last_day).filter_map(SessionDate::from_epoch_days).collect();
        Window { from, to, first_day, dates }
    }

    pub(crate) fn days(&self) -> scan::Days {
        (self.first_day, self.to.epoch_days())
    }

    fn offset(&self, day: i32) -> Option<usize> {
        usize::try_from(i64::from(day) - i64::from(self.first_day))
            .ok()
            .filter(|offset| *offset < self.dates.len())
    }

    /// The index of a date of the window and an exchange.
    fn slot(&self, date: SessionDate, exchange: Exchange) -> Option<usize> {
        Some(self.offset(date.epoch_days())? * EXCHANGES + exchange as usize)
    }

    /// The date of a day inside the window.
    pub(crate) fn date(&self, day: i32) -> Option<SessionDate> {
        self.offset(day).map(|offset| self.dates[offset])
    }
}

impl Held {
    /// What a source holds of an exchange on a date of the window.
    pub(crate) fn tally(
        &self,
        window: &Window,
        source: usize,
        date: SessionDate,
        exchange: Exchange,
    ) -> Tally {
        window.offset(date.epoch_days()).map_or_else(Tally::default, |o| {
            self.tallies[source][o * EXCHANGES + exchange as usize]
        })
    }

    /// The source chosen for an exchange on a date of the window.
    pub(crate) fn chosen(
        &self,
        window: &Window,
        date: SessionDate,
        exchange: Exchange,
    ) -> Option<usize> {
        let offset = window.offset(date.epoch_days())?;
        self.slots[offset * EXCHANGES + exchange as usize].source.map(usize::from)
    }
}

/// Reads the bars of a window from files sorted by source and import.
pub(crate) fn read(
    files: &[DataFile],
    window: &Window,
    choice: &SourceChoice,
    codes: &Codes,
) -> Result<Bars, StoreError> {
    let mut sources: Vec<String> = files.iter().map(|file| file.source.clone()).collect();
    sources.dedup();
    let source_of: Vec<u16> = files
        .iter()
        .map(|file| sources.partition_point(|source| *source < file.source) as u16)
        .collect();
    let mut chunks = scan::groups(files, Some(window.days()), &[], |group| {
        let source = source_of[group.file];
        Chunk::new(&group, source, window, codes)
    })?;
    let (symbols, rows) = place(&mut chunks);
    let held = hold(sources, &chunks, files, window, choice);
    // Bars then mostly arrive in session order.
    chunks.sort_by_key(|chunk| (chunk.days.first().copied(), chunk.file));
    let shards = rayon::current_num_threads().max(1);
    let width = symbols.len().div_ceil(shards).max(1);
    let assembled: Vec<Shard> = (0..shards)
        .into_par_iter()
        .map(|shard| {
            let first = (shard * width).min(symbols.len());
            let last = (first + width).min(symbols.len());
            let (symbols, rows) = (&symbols[first..last], &rows[first..last]);
            let range = Places { first, symbols, rows, codes };
            Shard::assemble(&range, &chunks, &held, window, files)
        })
        .collect::<Result<_, StoreError>>()?;
    let mut gave = vec![(Vec::new(), 0); held.slots.len()];
    for (slot, (used, conflicts)) in gave.iter_mut().enumerate() {
        *conflicts = assembled.iter().map(|shard| u64::from(shard.conflicts[slot])).sum();
        let gave_any = |file: &usize| assembled.iter().any(|s| s.used[slot * files.len() + file]);
        used.extend((0..files.len()).filter(gave_any));
    }
    let mut bars = Vec::with_capacity(symbols.len());
    let mut other_codes = Vec::new();
    for shard in assembled {
        bars.extend(shard.bars);
        other_codes.extend(shard.other_codes);
    }
    let securities = symbols.into_iter().zip(bars).filter(|(_, bars)| !bars.is_empty()).collect();
    Ok(Bars { securities, other_codes, held, gave })
}

/// Adds up what each source holds, and chooses the source of each slot.
fn hold(
    sources: Vec<String>,
    chunks: &[Chunk],
    files: &[DataFile],
    window: &Window,
    choice: &SourceChoice,
) -> Held {
    let slots = window.dates.len() * EXCHANGES;
    let mut tallies = vec![vec![Tally::default(); slots]; sources.len()];
    let mut imports: Vec<Vec<Option<(usize, bool)>>> = vec![vec![None; slots]; sources.len()];
    for chunk in chunks {
        let source = usize::from(chunk.source);
        for (slot, tally) in chunk.tallies.iter().enumerate().filter(|(_, t)| t.rows > 0) {
            tallies[source][slot].add(*tally);
            let (first, contested) = imports[source][slot].get_or_insert((chunk.file, false));
            *contested |= files[*first].import_id != files[chunk.file].import_id;
        }
    }
    let is_contested =
        |source: usize, slot: usize| imports[source][slot].is_some_and(|(_, contested)| contested);
    recount(&mut tallies, chunks, window, &is_contested);
    let named = match choice {
        SourceChoice::Best => None,
        SourceChoice::Named(name) => Some(sources.iter().position(|source| source == name)),
    };
    let slots = (0..slots)
        .map(|slot| {
            let source = match named {
                None => best(tallies.iter().map(|by_slot| by_slot[slot])),
                Some(source) => source.filter(|source| tallies[*source][slot].rows > 0),
            };
            Slot {
                source: source.map(|source| source as u16),
                contested: source.is_some_and(|source| is_contested(source, slot)),
            }
        })
        .collect();
    Held { sources, tallies, slots }
}

/// Counts securities instead of rows if several imports of a source hold rows of a slot, so that
/// importing twice does not count twice.
fn recount(
    tallies: &mut [Vec<Tally>],
    chunks: &[Chunk],
    window: &Window,
    is_contested: &impl Fn(usize, usize) -> bool,
) {
    let mut rows: Vec<(u16, usize, u32, usize, Tally)> = Vec::new();
    for chunk in chunks {
        let source = usize::from(chunk.source);
        let any = |(slot, tally): (usize, &Tally)| tally.rows > 0 && is_contested(source, slot);
        if !chunk.tallies.iter().enumerate().any(any) {
            continue;
        }
        for (row, (day, key)) in chunk.days.iter().zip(&chunk.keys).enumerate() {
            let key = key.cast_unsigned() as usize;
            let Some(symbol) = chunk.symbols[key].filter(|_| chunk.places[key] != NOWHERE) else {
                continue;
            };
            let Some(offset) = window.offset(*day) else { continue };
            let slot = offset * EXCHANGES + symbol.exchange() as usize;
            if is_contested(source, slot) {
                rows.push((chunk.source, slot, chunk.places[key], chunk.file, chunk.tally(row)));
            }
        }
    }
    rows.par_sort_unstable_by_key(|(source, slot, place, file, _)| (*source, *slot, *place, *file));
    rows.dedup_by_key(|(source, slot, place, _, _)| (*source, *slot, *place));
    for same in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let mut total = Tally::default();
        for (_, _, _, _, tally) in same {
            total.add(*tally);
        }
        tallies[usize::from(same[0].0)][same[0].1] = total;
    }
}

/// Assigns every A-share its index; returns the symbols in order, and an upper bound of their rows.
fn place(chunks: &mut [Chunk]) -> (Vec<Symbol>, Vec<u32>) {
    let mut symbols: Vec<Symbol> = chunks.iter().flat_map(Chunk::shares).collect();
    symbols.par_sort_unstable();
    symbols.dedup();
    chunks.par_iter_mut().for_each(|chunk| {
        chunk.places = chunk
            .symbols
            .iter()
            .map(|symbol| {
                let place =
                    symbol.filter(|s| s.board().is_some()).map(|s| symbols.binary_search(&s));
                match place {
                    Some(Ok(place)) => place as u32,
                    _ => NOWHERE,
                }
            })
            .collect();
    });
    let mut rows = vec![0; symbols.len()];
    for chunk in chunks {
        for (place, count) in chunk.places.iter().zip(&chunk.rows_by_key) {
            if let Some(rows) = rows.get_mut(*place as usize) {
                *rows += count;
            }
        }
    }
    (symbols, rows)
}

impl Chunk {
    fn new(
        group: &Group,
        source: u16,
        window: &Window,
        codes: &Codes,
    ) -> Result<Chunk, StoreError> {
        let (keys, coded) = group.symbols()?;
        let symbols: Vec<Option<Symbol>> =
            coded.iter().map(|code| code.map(|code| codes.last(code))).collect();
        let changed = |symbol: &Symbol| !codes.former(*symbol).is_empty();
        let of_key = |(code, symbol): (Option<Symbol>, &Option<Symbol>)| {
            code.filter(|_| symbol.as_ref().is_some_and(changed))
        };
        let codes = coded.into_iter().zip(&symbols).map(of_key).collect();
        let mut chunk = Chunk {
            file: group.file,
            source,
            days: group.numbers::<Date32Type>("session")?.values().clone(),
            keys: keys.keys().values().clone(),
            places: Vec::new(),
            columns: DailyBarColumns::of(&group.batch).map_err(|error| group.unlike(&error))?,
            tallies: vec![Tally::default(); window.dates.len() * EXCHANGES],
            rows_by_key: vec![0; symbols.len()],
            symbols,
            codes,
        };
        chunk.count(window);
        Ok(chunk)
    }

    fn count(&mut self, window: &Window) {
        let exchanges: Vec<Option<usize>> = self
            .symbols
            .iter()
            .map(|symbol| symbol.filter(|s| s.board().is_some()).map(|s| s.exchange() as usize))
            .collect();
        for (row, (day, key)) in self.days.iter().zip(&self.keys).enumerate() {
            let Some(offset) = window.offset(*day) else { continue };
            let key = key.cast_unsigned() as usize;
            let Some(exchange) = exchanges[key] else { continue };
            self.rows_by_key[key] += 1;
            let tally = self.tally(row);
            self.tallies[offset * EXCHANGES + exchange].add(tally);
        }
    }

    fn tally(&self, row: usize) -> Tally {
        Tally {
            rows: 1,
            traded: u32::from(self.columns.traded().has_volume(row)),
            reported: u32::from(self.columns.traded().reports_turnover(row)),
        }
    }

    /// The A-shares with rows inside the window.
    fn shares(&self) -> impl Iterator<Item = Symbol> {
        self.symbols
            .iter()
            .zip(&self.rows_by_key)
            .filter(|(_, rows)| **rows > 0)
            .filter_map(|(symbol, _)| symbol.filter(|s| s.board().is_some()))
    }
}

/// A range of securities, by index.
struct Places<'a> {
    first: usize,
    symbols: &'a [Symbol],
    /// An upper bound of their rows.
    rows: &'a [u32],
    codes: &'a Codes,
}

/// The bars of a range of securities.
struct Shard {
    bars: Vec<Vec<DailyBar>>,
    /// By slot, then by file: whether a row was taken from it.
    used: Vec<bool>,
    files: usize,
    /// By slot.
    conflicts: Vec<u32>,
    other_codes: Vec<(Symbol, SessionDate)>,
}

/// Rows set aside, to be resolved after the others.
#[derive(Default)]
struct Aside {
    /// Rows of contested slots.
    contested: Vec<Contested>,
    /// Rows under a code other than the security had in the session.
    other_code: Vec<Contested>,
}

impl Shard {
    fn assemble(
        range: &Places<'_>,
        chunks: &[Chunk],
        held: &Held,
        window: &Window,
        files: &[DataFile],
    ) -> Result<Shard, StoreError> {
        let slots = held.slots.len();
        let mut shard = Shard {
            bars: range.rows.iter().map(|rows| Vec::with_capacity(*rows as usize)).collect(),
            used: vec![false; slots * files.len()],
            files: files.len(),
            conflicts: vec![0; slots],
            other_codes: Vec::new(),
        };
        let mut aside = Aside::default();
        for chunk in chunks {
            let taken = shard.take(range, chunk, held, window, &mut aside);
            taken.map_err(|error| StoreError::unlike(&files[chunk.file].path, &error))?;
        }
        shard.settle(range, window, aside.contested);
        for (bars, symbol) in shard.bars.iter_mut().zip(range.symbols) {
            if !bars.is_sorted_by(|a, b| a.session < b.session) {
                bars.sort_by_key(|bar| bar.session);
                bars.dedup_by(|later, bar| {
                    let same = later.session == bar.session;
                    if same && let Some(slot) = window.slot(bar.session, symbol.exchange()) {
                        shard.conflicts[slot] += 1;
                    }
                    same
                });
            }
        }
        shard.fill_in(range, window, aside.other_code);
        Ok(shard)
    }

    fn take(
        &mut self,
        range: &Places<'_>,
        chunk: &Chunk,
        held: &Held,
        window: &Window,
        aside: &mut Aside,
    ) -> Result<(), TableError> {
        let (first, codes) = (range.first, range.codes);
        let range = first..first + self.bars.len();
        for (row, (day, key)) in chunk.days.iter().zip(&chunk.keys).enumerate() {
            let key = key.cast_unsigned() as usize;
            let place = chunk.places[key];
            if !range.contains(&(place as usize)) {
                continue;
            }
            let Some(offset) = window.offset(*day) else { continue };
            let Some(symbol) = chunk.symbols[key] else { continue };
            let place_of_slot = offset * EXCHANGES + symbol.exchange() as usize;
            let slot = held.slots[place_of_slot];
            if slot.source != Some(chunk.source) {
                continue;
            }
            let bar = chunk.columns.bar(row, window.dates[offset])?;
            let file = chunk.file;
            if chunk.codes[key].is_some_and(|code| codes.on(symbol, bar.session) != code) {
                aside.other_code.push(Contested { place, file, bar });
            } else if slot.contested {
                aside.contested.push(Contested { place, file, bar });
            } else {
                self.used[place_of_slot * self.files + chunk.file] = true;
                self.bars[place as usize - first].push(bar);
            }
        }
        Ok(())
    }

    /// Uses a row under a code other than the session's if there is none under the session's.
    /// Vendors write a security's whole history under its last code, or continue under the first.
    fn fill_in(&mut self, range: &Places<'_>, window: &Window, mut rows: Vec<Contested>) {
        rows.sort_unstable_by_key(|row| (row.place, row.bar.session, row.file));
        for row in rows {
            let place = row.place as usize - range.first;
            let (symbol, session) = (range.symbols[place], row.bar.session);
            let bars = &mut self.bars[place];
            match bars.binary_search_by_key(&session, |bar| bar.session) {
                Ok(at) if row.bar.traded.is_some() && row.bar.traded != bars[at].traded => {
                    self.other_codes.push((symbol, session));
                }
                Ok(_) => {}
                Err(at) => {
                    bars.insert(at, row.bar);
                    if let Some(slot) = window.slot(session, symbol.exchange()) {
                        self.used[slot * self.files + row.file] = true;
                    }
                }
            }
        }
    }

    /// Among several imports' rows for one security and session, keeps the first import's. Imports
    /// are ordered by their ids, so the order of importing does not matter.
    fn settle(&mut self, range: &Places<'_>, window: &Window, mut contested: Vec<Contested>) {
        contested.sort_unstable_by_key(|c| (c.place, c.bar.session, c.file));
        let mut kept: Option<&Contested> = None;
        for next in &contested {
            let place = next.place as usize - range.first;
            let exchange = range.symbols[place].exchange();
            let Some(slot) = window.slot(next.bar.session, exchange) else { continue };
            if let Some(kept) = kept
                && (kept.place, kept.bar.session) == (next.place, next.bar.session)
            {
                self.conflicts[slot] += u32::from(kept.bar != next.bar);
                continue;
            }
            self.used[slot * self.files + next.file] = true;
            self.bars[place].push(next.bar);
            kept = Some(next);
        }
    }
}
