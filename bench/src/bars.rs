//! A whole table, decoded part by part and folded security by security as it is decoded.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use fupan_market::{Band, ColumnFold, DayMarks, LimitRule, Rounding, SecurityColumns};
use fupan_measure::{RETURN_BELOW, SECURITIES_MAX, TradedDay};
use parquet::data_type::{DoubleType, Int32Type, Int64Type};
use rayon::prelude::*;

use crate::fold::SecurityDays;
use crate::table::{Column, Part, Piece, Table, batches};
use crate::tiles::{self, Tiles};

/// Turnovers above this are refused: a float holds no fen beyond.
const TURNOVER_MAX_FEN: f64 = (1_u64 << 53) as f64;
/// Market values in fen stay below this, so that sums over securities stay far inside an `i128`.
const CAP_BELOW: f64 = (1_u64 << 62) as f64;

/// Float shares below this are below [`CAP_BELOW`] at every price.
const SHARES_BELOW: i64 = 1 << 38;
const _: () = assert!(RETURN_BELOW.count_ones() == 1);

/// The limits of boards 0, 1 and 2.
const LIMITS: [LimitRule; 3] = [
    LimitRule::of(Band { percent: 10, rounding: Rounding::HalfUp }),
    LimitRule::of(Band { percent: 20, rounding: Rounding::HalfUp }),
    LimitRule::of(Band { percent: 30, rounding: Rounding::Inward }),
];

/// What is kept of a table: the days that traded, folded.
pub struct Bars {
    /// The sessions, as dates, earliest first.
    pub dates: Vec<i32>,
    /// How many securities there are.
    pub securities: usize,
    /// The days of all securities; together in order of code.
    pub tiles: Vec<Tiles>,
    /// The time of folding, which is done between decoding, as an even share of all cores.
    pub folding: Duration,
}

impl Bars {
    /// Decodes a table and folds its securities, parts of it side by side.
    ///
    /// # Errors
    /// Where the file is damaged, rows are not in order, or a traded row lacks a value or has an
    /// impossible one.
    pub fn read(table: &Table) -> Result<Bars> {
        let parts = table.parts();
        let mut slots = vec![0_u16; table.rows()];
        let dates = Dates::read(table, &parts, &mut slots)?;
        let next = AtomicUsize::new(0);
        let read = rayon::broadcast(|_| -> Result<_> {
            let mut worker = Worker::new(table, &dates);
            let mut found = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(number) else { return Ok((worker.folding, found)) };
                match worker.part(part, &slots[part.rows.clone()]) {
                    Ok(part) => found.push((number, part)),
                    Err(error) => {
                        // The others need not go on.
                        next.store(parts.len(), Ordering::Relaxed);
                        return Err(error);
                    }
                }
            }
        });
        let (mut found, mut folding, cores) = (Vec::new(), Duration::ZERO, read.len());
        for read in read {
            let (time, parts) = read?;
            folding += time;
            found.extend(parts);
        }
        found.sort_unstable_by_key(|(number, _)| *number);
        let folding = folding / u32::try_from(cores)?;
        let mut bars = Bars { dates: Vec::new(), securities: 0, tiles: Vec::new(), folding };
        bars.join(found.into_iter().map(|(_, part)| part), dates.sessions.len())?;
        bars.dates = dates.sessions;
        ensure!(
            bars.securities <= SECURITIES_MAX,
            "{} securities; at most {SECURITIES_MAX} are provided for",
            bars.securities
        );
        Ok(bars)
    }

    /// Puts parts together: joins and folds the securities that their ends may have cut.
    fn join(&mut self, parts: impl Iterator<Item = FoldedPart>, sessions: usize) -> Result<()> {
        let mut seams: Vec<(Vec<Open>, Option<Tiles>)> = Vec::new();
        let (mut seam, mut carried) = (Vec::new(), None::<Open>);
        for part in parts {
            match &mut carried {
                Some(open) if open.code == part.first.code => open.join(&part.first)?,
                _ => {
                    let before = carried.replace(part.first);
                    ensure!(
                        before.as_ref().map(|open| open.code) < carried.as_ref().map(|o| o.code),
                        UNSORTED
                    );
                    seam.extend(before);
                }
            }
            if let Some(last) = part.last {
                seam.extend(carried.replace(last));
                self.securities += part.inside;
                seams.push((std::mem::take(&mut seam), Some(part.tiles)));
            }
        }
        seam.extend(carried);
        seams.push((seam, None));
        self.securities += seams.iter().map(|(seam, _)| seam.len()).sum::<usize>();
        let folded = seams
            .into_par_iter()
            .map(|(seam, tiles)| -> Result<_> { Ok([Some(fold_seam(seam, sessions)?), tiles]) });
        let folded: Vec<[Option<Tiles>; 2]> = folded.collect::<Result<_>>()?;
        self.tiles = folded.into_iter().flatten().flatten().collect();
        Ok(())
    }
}

/// Folds securities that parts' ends cut, after these have been joined.
fn fold_seam(seam: Vec<Open>, sessions: usize) -> Result<Tiles> {
    let traded = seam.iter().flat_map(|open| open.days.sessions.iter().copied());
    let rooms = tiles::rooms(sessions, traded);
    let mut tiles = tiles::Unfinished::with_room(&rooms);
    let mut fold = ColumnFold::default();
    for mut open in seam {
        open.fold(&mut fold, &mut tiles)?;
    }
    Ok(tiles.finish())
}

/// A security whose rows are being read.
#[derive(Debug, Default)]
struct Open {
    code: i32,
    /// The row of the table it begins with.
    row: usize,
    /// The sessions of its first and its last row; the first is above the last where it has none.
    sessions: (u16, u16),
    days: SecurityDays,
}

impl Open {
    /// Joins rows that come after those there are.
    fn join(&mut self, later: &Open) -> Result<()> {
        ensure!(self.sessions.1 < later.sessions.0, "row {}: {FALLING}", later.row);
        self.sessions.1 = later.sessions.1;
        self.days.append(&later.days);
        Ok(())
    }

    fn fold(&mut self, fold: &mut ColumnFold, tiles: &mut tiles::Unfinished) -> Result<()> {
        let SecurityDays { sessions, closes, prev_closes, marks, .. } = &mut self.days;
        let columns = SecurityColumns { sessions, closes, prev_closes };
        // Rows have been seen to rise.
        fold.fold(columns, marks).map_err(|_| anyhow!("row {}: {FALLING}", self.row))?;
        tiles.add(&self.days);
        Ok(())
    }
}

/// A part, decoded and folded but for the securities that its ends may have cut.
struct FoldedPart {
    first: Open,
    tiles: Tiles,
    /// How many securities are in the tiles.
    inside: usize,
    /// None where the first security is the only one.
    last: Option<Open>,
}

/// Decodes and folds parts; keeps its working space between them.
struct Worker<'a> {
    table: &'a Table,
    dates: &'a Dates,
    fold: ColumnFold,
    /// Working space of a security that has been folded.
    spare: SecurityDays,
    marks: Vec<DayMarks>,
    sessions: Vec<u16>,
    folding: Duration,
}

impl<'a> Worker<'a> {
    fn new(table: &'a Table, dates: &'a Dates) -> Worker<'a> {
        Worker {
            table,
            dates,
            fold: ColumnFold::default(),
            spare: SecurityDays::default(),
            marks: Vec::new(),
            sessions: Vec::new(),
            folding: Duration::ZERO,
        }
    }

    /// Decodes a part with the slots of its dates.
    fn part(&mut self, part: &Part, slots: &[u16]) -> Result<FoldedPart> {
        let table = self.table;
        let numbers = &self.dates.numbers;
        let sessions = slots.iter().map(|slot| numbers[usize::from(*slot)]);
        let rooms = tiles::rooms(self.dates.sessions.len(), sessions);
        let mut securities = Securities {
            first: None,
            open: None,
            inside: 0,
            tiles: tiles::Unfinished::with_room(&rooms),
        };
        let mut at = 0;
        for piece in &part.pieces {
            let mut codes = table.values::<Int32Type, _, _>(piece, Column::Code, i32::MIN, same)?;
            let mut boards = table.values::<Int32Type, _, _>(piece, Column::Board, -1, same)?;
            let mut highs = table.values::<Int32Type, _, _>(piece, Column::High, 0, same)?;
            let mut closes = table.values::<Int32Type, _, _>(piece, Column::Close, 0, same)?;
            let mut prev_closes =
                table.values::<Int32Type, _, _>(piece, Column::PrevClose, 0, same)?;
            let mut traded =
                table.values::<Int64Type, _, _>(piece, Column::Volume, false, |v| v > 0)?;
            let mut turnovers =
                table.values::<DoubleType, _, _>(piece, Column::Amount, -1, whole_fen)?;
            let mut float_shares =
                table.values::<Int64Type, _, _>(piece, Column::FloatShares, -1, same)?;
            // All columns advance together, so that a batch of them stays in a core's own cache
            // until its securities are folded.
            for batch in batches(piece) {
                let days = Days {
                    traded: traded.next(batch)?,
                    boards: boards.next(batch)?,
                    highs: highs.next(batch)?,
                    closes: closes.next(batch)?,
                    prev_closes: prev_closes.next(batch)?,
                    turnovers: turnovers.next(batch)?,
                    float_shares: float_shares.next(batch)?,
                };
                let row = part.rows.start + at;
                self.marks.resize(batch, DayMarks::default());
                if !days.mark(&mut self.marks) {
                    return Err(days.complaint(row));
                }
                self.sessions.clear();
                self.sessions
                    .extend(slots[at..at + batch].iter().map(|slot| numbers[usize::from(*slot)]));
                self.batch(&days, codes.next(batch)?, row, &mut securities)?;
                at += batch;
            }
        }
        let Securities { first, open, inside, tiles } = securities;
        let (first, last) = match first {
            Some(first) => (first, open),
            None => (open.context("a part without rows")?, None),
        };
        Ok(FoldedPart { first, tiles: tiles.finish(), inside, last })
    }

    /// Takes in a batch from a row of the table on.
    fn batch(
        &mut self,
        days: &Days<'_>,
        codes: &[i32],
        row: usize,
        securities: &mut Securities,
    ) -> Result<()> {
        // Whether codes rise is looked at without branches; where one ends, by halving.
        ensure!(codes.windows(2).fold(true, |order, pair| order & (pair[0] <= pair[1])), UNSORTED);
        ensure!(!codes.contains(&i32::MIN), "a row without a code");
        let mut at = 0;
        while let Some(&code) = codes.get(at) {
            let rows = at..at + codes[at..].partition_point(|other| *other == code);
            at = rows.end;
            let row = row + rows.start;
            let open = match &mut securities.open {
                Some(open) if open.code == code => open,
                _ => {
                    self.close(code, securities)?;
                    let mut days = std::mem::take(&mut self.spare);
                    days.clear();
                    securities.open.insert(Open { code, row, sessions: (1, 0), days })
                }
            };
            let sessions = &self.sessions[rows.clone()];
            let (first, last) = (sessions[0], sessions[sessions.len() - 1]);
            let begins = open.sessions.0 > open.sessions.1;
            let rising = (begins || open.sessions.1 < first)
                && sessions.windows(2).fold(true, |order, pair| order & (pair[0] < pair[1]));
            if !rising {
                let falls = sessions.windows(2).position(|pair| pair[0] >= pair[1]);
                bail!("row {}: {FALLING}", row + falls.map_or(0, |falls| falls + 1));
            }
            open.sessions = (if begins { first } else { open.sessions.0 }, last);
            days.keep(rows, &self.sessions, &self.marks, &mut open.days);
        }
        Ok(())
    }

    /// Folds the open security, if none comes before it that it may be cut from.
    fn close(&mut self, next: i32, securities: &mut Securities) -> Result<()> {
        let Some(mut open) = securities.open.take() else { return Ok(()) };
        ensure!(open.code < next, UNSORTED);
        if securities.first.is_none() {
            securities.first = Some(open);
            return Ok(());
        }
        let started = Instant::now();
        open.fold(&mut self.fold, &mut securities.tiles)?;
        self.folding += started.elapsed();
        securities.inside += 1;
        self.spare = open.days;
        Ok(())
    }
}

/// The securities of a part that is being read.
struct Securities {
    first: Option<Open>,
    open: Option<Open>,
    inside: usize,
    tiles: tiles::Unfinished,
}

fn same<T>(value: T) -> T {
    value
}

/// An amount in yuan as whole fen; -1 where it is none.
#[inline]
fn whole_fen(amount: f64) -> i64 {
    let fen = amount * 100.0 + 0.5;
    if (0.0..TURNOVER_MAX_FEN).contains(&fen) { fen as i64 } else { -1 }
}

#[inline]
fn limits_of(board: i32) -> LimitRule {
    match board {
        0 => LIMITS[0],
        1 => LIMITS[1],
        _ => LIMITS[2],
    }
}

/// A batch of rows with all that the marks and the checks need.
struct Days<'a> {
    traded: &'a [bool],
    boards: &'a [i32],
    highs: &'a [i32],
    closes: &'a [i32],
    prev_closes: &'a [i32],
    turnovers: &'a [i64],
    float_shares: &'a [i64],
}

impl Days<'_> {
    /// Marks each traded row by its own prices; whether all of them are sound.
    fn mark(&self, marks: &mut [DayMarks]) -> bool {
        let mut at = 0;
        for alike in self.boards.chunk_by(|a, b| a == b) {
            let rows = at..at + alike.len();
            at = rows.end;
            let (highs, closes) = (&self.highs[rows.clone()], &self.closes[rows.clone()]);
            let prev_closes = &self.prev_closes[rows.clone()];
            limits_of(alike[0]).mark(highs, closes, prev_closes, &mut marks[rows]);
        }
        self.all_sound() || (0..self.traded.len()).all(|row| !self.traded[row] | self.sound(row))
    }

    /// Whether all rows are sound, as is usual, even those that did not trade.
    fn all_sound(&self) -> bool {
        let within = |prices: &[i32]| {
            let bits = prices.iter().fold(0, |bits, price| bits | price | price.wrapping_sub(1));
            bits & !PRICE_BITS == 0
        };
        let returns = self.closes.iter().zip(self.prev_closes);
        let shares = self.float_shares.iter().fold(0, |bits, shares| bits | shares);
        within(self.highs)
            & within(self.closes)
            & within(self.prev_closes)
            // Whole quotients are below a whole number where the exact ones are.
            & returns.fold(true, |all, (close, prev)| {
                all & (*close >> RETURN_BELOW.trailing_zeros() < *prev)
            })
            & self.boards.iter().fold(true, |all, board| all & (0..=2).contains(board))
            & (self.turnovers.iter().fold(0, |bits, turnover| bits | turnover) >= 0)
            & (0..SHARES_BELOW).contains(&shares)
    }

    fn sound(&self, row: usize) -> bool {
        let prev_close = self.prev_closes[row];
        sound_prices(self.highs[row], self.closes[row], prev_close)
            & (0..=2).contains(&self.boards[row])
            & (self.turnovers[row] >= 0)
            & sound_cap(self.float_shares[row], prev_close)
    }

    /// Appends the rows that traded to a security's days.
    fn keep(
        &self,
        rows: Range<usize>,
        sessions: &[u16],
        marks: &[DayMarks],
        days: &mut SecurityDays,
    ) {
        let mut at = rows.start;
        while at < rows.end {
            let traded = self.traded[at];
            let rest = &self.traded[at..rows.end];
            let alike = rest.iter().position(|other| *other != traded).unwrap_or(rest.len());
            let rows = at..at + alike;
            at = rows.end;
            if traded {
                days.sessions.extend_from_slice(&sessions[rows.clone()]);
                days.closes.extend_from_slice(&self.closes[rows.clone()]);
                days.prev_closes.extend_from_slice(&self.prev_closes[rows.clone()]);
                days.turnovers.extend_from_slice(&self.turnovers[rows.clone()]);
                days.float_shares.extend_from_slice(&self.float_shares[rows.clone()]);
                days.marks.extend_from_slice(&marks[rows]);
            }
        }
    }

    /// What is wrong with the first unsound row.
    #[cold]
    fn complaint(&self, first: usize) -> anyhow::Error {
        for row in 0..self.traded.len() {
            let (high, close, prev) = (self.highs[row], self.closes[row], self.prev_closes[row]);
            let wrong = if !self.traded[row] {
                continue;
            } else if !(0..=2).contains(&self.boards[row]) {
                "a board that is none of 0, 1 and 2".to_owned()
            } else if !sound_prices(high, close, prev) {
                format!(
                    "high {high}, close {close}, pre_close {prev}: prices are from 1 to {} fen, \
                     a close below {RETURN_BELOW} times the previous one; null reads 0 here",
                    PRICE_BITS
                )
            } else if self.turnovers[row] < 0 {
                "an amount that is null, below zero or above 90 trillion yuan".to_owned()
            } else if !sound_cap(self.float_shares[row], prev) {
                format!("float_shares {}; null reads -1 here", self.float_shares[row])
            } else {
                continue;
            };
            return anyhow::anyhow!("row {} (counted from 0) traded, but has {wrong}", first + row);
        }
        anyhow::anyhow!("a row from {first} on is unsound")
    }
}

/// The highest price.
const PRICE_BITS: i32 = TradedDay::PRICE_MAX;

#[inline]
fn sound_prices(high: i32, close: i32, prev_close: i32) -> bool {
    let within = |price: i32| (price > 0) & (price <= PRICE_BITS);
    within(high)
        & within(close)
        & within(prev_close)
        & (i64::from(close) < i64::from(prev_close) * RETURN_BELOW)
}

#[inline]
fn sound_cap(float_shares: i64, prev_close: i32) -> bool {
    (float_shares >= 0) & (float_shares as f64 * f64::from(prev_close) < CAP_BELOW)
}

const UNSORTED: &str = "rows are not sorted by code, then date";
const FALLING: &str = "dates of a security do not rise";

/// The table's sessions.
struct Dates {
    sessions: Vec<i32>,
    /// Numbers of sessions by slot.
    numbers: Vec<u16>,
}

impl Dates {
    /// Years that have slots: a slot is a date's place in months of 31 days.
    const FIRST_YEAR: i32 = 1900;
    const SLOTS: usize = 1 << 16;

    /// Decodes the dates into slots.
    fn read(table: &Table, parts: &[Part], slots: &mut [u16]) -> Result<Dates> {
        let mut rest = slots;
        let mut cut = Vec::with_capacity(parts.len());
        for part in parts {
            let (head, tail) = std::mem::take(&mut rest).split_at_mut(part.rows.len());
            cut.push((part, head));
            rest = tail;
        }
        let seen = cut
            .into_par_iter()
            .map(|(part, slots)| -> Result<Vec<bool>> {
                let mut seen = vec![false; Dates::SLOTS];
                let mut at = 0;
                for piece in &part.pieces {
                    let mut dates =
                        table.values::<Int32Type, _, _>(piece, Column::Date, NO_DATE, slot_of)?;
                    for batch in batches(piece) {
                        let found = dates.next(batch)?;
                        slots[at..at + batch].copy_from_slice(found);
                        found.iter().for_each(|slot| seen[usize::from(*slot)] = true);
                        at += batch;
                    }
                    if seen[usize::from(NO_DATE)] {
                        return Err(Dates::complaint(table, piece)?);
                    }
                }
                Ok(seen)
            })
            .reduce_with(|mine, theirs| {
                let (mut mine, theirs) = (mine?, theirs?);
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine |= theirs);
                Ok(mine)
            });
        Ok(Dates::of(&seen.context("no rows")??))
    }

    /// What is wrong with the first date of a piece that is none.
    #[cold]
    fn complaint(table: &Table, piece: &Piece) -> Result<anyhow::Error> {
        let mut dates = table.values::<Int32Type, _, _>(piece, Column::Date, 0, same)?;
        for batch in batches(piece) {
            let dates = dates.next(batch)?;
            if let Some(date) = dates.iter().find(|date| slot_of(**date) == NO_DATE) {
                return Ok(anyhow!("date {date}: dates are numbers yyyymmdd from 1900 to 2075"));
            }
        }
        Ok(anyhow!("a date that is none"))
    }

    fn of(seen: &[bool]) -> Dates {
        let mut numbers = vec![0; seen.len()];
        let mut sessions = Vec::new();
        for slot in (0..seen.len()).filter(|slot| seen[*slot]) {
            numbers[slot] = sessions.len() as u16;
            let (month, day) = (slot as i32 / 31, slot as i32 % 31);
            let year = Dates::FIRST_YEAR + month / 12;
            sessions.push(year * 10_000 + (month % 12 + 1) * 100 + day + 1);
        }
        Dates { sessions, numbers }
    }
}

/// The slot of what is no date.
const NO_DATE: u16 = u16::MAX;

/// A date's slot.
#[inline]
fn slot_of(date: i32) -> u16 {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let sound = (1900..=2075).contains(&year) & (1..=12).contains(&month) & (1..=31).contains(&day);
    let slot = ((year - Dates::FIRST_YEAR) * 12 + month - 1) * 31 + day - 1;
    if sound { slot as u16 } else { NO_DATE }
}
