//! The columns of a whole table in memory, security by security.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use fupan_market::{Band, DayMarks, LimitRule, Rounding};
use fupan_measure::{RETURN_BELOW, SECURITIES_MAX};
use parquet::data_type::{DoubleType, Int32Type, Int64Type};
use rayon::prelude::*;

use crate::table::{Column, Part, Table, batches};

/// Turnovers above this are refused: a float holds no fen beyond.
const TURNOVER_MAX_FEN: f64 = (1_u64 << 53) as f64;
/// Market values in fen stay below this, so that sums over securities stay far inside an `i128`.
const CAP_BELOW: f64 = (1_u64 << 62) as f64;

/// The limits of boards 0, 1 and 2.
const LIMITS: [LimitRule; 3] = [
    LimitRule::of(Band { percent: 10, rounding: Rounding::HalfUp }),
    LimitRule::of(Band { percent: 20, rounding: Rounding::HalfUp }),
    LimitRule::of(Band { percent: 30, rounding: Rounding::Inward }),
];

/// What is kept of a table: a row for each of its rows. Prices and market values of rows that
/// did not trade mean nothing.
pub struct Bars {
    /// The sessions, as dates, earliest first.
    pub dates: Vec<i32>,
    /// The rows of each security, in order of code.
    pub securities: Vec<Range<usize>>,
    /// Numbers of sessions.
    pub sessions: Vec<u16>,
    /// Closes in fen.
    pub closes: Vec<i32>,
    /// Previous closes in fen.
    pub prev_closes: Vec<i32>,
    /// Turnovers in fen.
    pub turnovers: Vec<i64>,
    /// Float shares.
    pub float_shares: Vec<i64>,
    /// What each day's own prices decide.
    pub marks: Vec<DayMarks>,
}

impl Bars {
    /// Decodes a table, parts of it side by side.
    ///
    /// # Errors
    /// Where the file is damaged, rows are not in order, or a traded row lacks a value or has an
    /// impossible one.
    pub fn read(table: &Table) -> Result<Bars> {
        let parts = table.parts();
        let rows = table.rows();
        let mut sessions = vec![0_u16; rows];
        let dates = Dates::read(table, &parts, &mut sessions)?;
        let mut bars = Bars {
            dates: dates.sessions,
            securities: Vec::new(),
            sessions,
            closes: vec![0; rows],
            prev_closes: vec![0; rows],
            turnovers: vec![0; rows],
            float_shares: vec![0; rows],
            marks: vec![DayMarks::default(); rows],
        };
        let runs: Vec<Vec<Run>> = bars
            .cut(&parts)
            .into_par_iter()
            .map(|columns| {
                for slot in columns.sessions.iter_mut() {
                    *slot = dates.numbers[usize::from(*slot)];
                }
                columns.read(table)
            })
            .collect::<Result<_>>()?;
        bars.securities = securities(runs.into_iter().flatten())?;
        Ok(bars)
    }

    fn cut<'a>(&'a mut self, parts: &'a [Part]) -> Vec<PartColumns<'a>> {
        let mut rest = PartColumns {
            part: &parts[0],
            sessions: &mut self.sessions,
            closes: &mut self.closes,
            prev_closes: &mut self.prev_closes,
            turnovers: &mut self.turnovers,
            float_shares: &mut self.float_shares,
            marks: &mut self.marks,
        };
        let mut cut = Vec::with_capacity(parts.len());
        for part in parts {
            let (head, tail) = rest.split_at(part.rows.len());
            cut.push(PartColumns { part, ..head });
            rest = tail;
        }
        cut
    }
}

/// Rows of one security.
#[derive(Clone, Copy, Debug)]
struct Run {
    code: i32,
    rows: usize,
}

/// A part's share of the columns.
struct PartColumns<'a> {
    part: &'a Part,
    sessions: &'a mut [u16],
    closes: &'a mut [i32],
    prev_closes: &'a mut [i32],
    turnovers: &'a mut [i64],
    float_shares: &'a mut [i64],
    marks: &'a mut [DayMarks],
}

impl<'a> PartColumns<'a> {
    fn split_at(self, rows: usize) -> (PartColumns<'a>, PartColumns<'a>) {
        let (sessions, sessions_after) = self.sessions.split_at_mut(rows);
        let (closes, closes_after) = self.closes.split_at_mut(rows);
        let (prev_closes, prev_closes_after) = self.prev_closes.split_at_mut(rows);
        let (turnovers, turnovers_after) = self.turnovers.split_at_mut(rows);
        let (float_shares, float_shares_after) = self.float_shares.split_at_mut(rows);
        let (marks, marks_after) = self.marks.split_at_mut(rows);
        let part = self.part;
        (
            PartColumns { part, sessions, closes, prev_closes, turnovers, float_shares, marks },
            PartColumns {
                part,
                sessions: sessions_after,
                closes: closes_after,
                prev_closes: prev_closes_after,
                turnovers: turnovers_after,
                float_shares: float_shares_after,
                marks: marks_after,
            },
        )
    }

    /// Decodes all columns but the date's; the securities' rows in the order of the table.
    fn read(self, table: &Table) -> Result<Vec<Run>> {
        let mut runs = Vec::new();
        let mut at = 0;
        for piece in &self.part.pieces {
            let mut codes = table.values::<Int32Type>(piece, Column::Code, i32::MIN)?;
            let mut boards = table.values::<Int32Type>(piece, Column::Board, -1)?;
            let mut highs = table.values::<Int32Type>(piece, Column::High, 0)?;
            let mut closes = table.values::<Int32Type>(piece, Column::Close, 0)?;
            let mut prev_closes = table.values::<Int32Type>(piece, Column::PrevClose, 0)?;
            let mut volumes = table.values::<Int64Type>(piece, Column::Volume, 0)?;
            let mut amounts = table.values::<DoubleType>(piece, Column::Amount, f64::NAN)?;
            let mut float_shares = table.values::<Int64Type>(piece, Column::FloatShares, -1)?;
            // All columns advance together, so that a batch of them stays in a core's own cache
            // until its marks are made.
            for batch in batches(piece) {
                let rows = at..at + batch;
                add_runs(&mut runs, codes.next(batch)?)?;
                let turnovers = &mut self.turnovers[rows.clone()];
                for (fen, amount) in turnovers.iter_mut().zip(amounts.next(batch)?) {
                    *fen = whole_fen(*amount);
                }
                let days = Days {
                    volumes: volumes.next(batch)?,
                    boards: boards.next(batch)?,
                    highs: highs.next(batch)?,
                    closes: closes.next(batch)?,
                    prev_closes: prev_closes.next(batch)?,
                    turnovers,
                    float_shares: float_shares.next(batch)?,
                };
                self.closes[rows.clone()].copy_from_slice(days.closes);
                self.prev_closes[rows.clone()].copy_from_slice(days.prev_closes);
                self.float_shares[rows.clone()].copy_from_slice(days.float_shares);
                if !days.mark(&mut self.marks[rows]) {
                    return Err(days.complaint(self.part.rows.start + at));
                }
                at += batch;
            }
        }
        Ok(runs)
    }
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
    volumes: &'a [i64],
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
        let first = self.boards.first().copied().unwrap_or_default();
        if self.boards.iter().fold(true, |one, board| one & (*board == first)) {
            // One board, as in most batches: its rule is a constant of the loop.
            let limits = limits_of(first);
            self.mark_under(marks, |_| limits)
        } else {
            self.mark_under(marks, limits_of)
        }
    }

    #[inline]
    fn mark_under(&self, marks: &mut [DayMarks], limits: impl Fn(i32) -> LimitRule) -> bool {
        let n = marks.len();
        // Equal lengths, said where the compiler sees it.
        let (volumes, boards, highs) = (&self.volumes[..n], &self.boards[..n], &self.highs[..n]);
        let (closes, prev_closes) = (&self.closes[..n], &self.prev_closes[..n]);
        let (turnovers, float_shares) = (&self.turnovers[..n], &self.float_shares[..n]);
        let mut sound = true;
        for row in 0..n {
            let traded = volumes[row] > 0;
            let (close, prev_close) = (closes[row], prev_closes[row]);
            let good = sound_prices(highs[row], close, prev_close)
                & (0..=2).contains(&boards[row])
                & (turnovers[row] >= 0)
                & sound_cap(float_shares[row], prev_close);
            sound &= good | !traded;
            let limits = limits(boards[row]);
            let found = DayMarks::of_prices(limits, highs[row], close, prev_close & PRICE_BITS);
            marks[row] = if traded { found } else { DayMarks::default() };
        }
        sound
    }

    /// What is wrong with the first unsound row.
    #[cold]
    fn complaint(&self, first: usize) -> anyhow::Error {
        for row in 0..self.volumes.len() {
            let (high, close, prev) = (self.highs[row], self.closes[row], self.prev_closes[row]);
            let wrong = if self.volumes[row] <= 0 {
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

/// Keeps a price of a row that did not trade inside the range that limits are defined for.
const PRICE_BITS: i32 = (1 << 24) - 1;

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

/// Adds a batch of codes to the runs of rows with one code.
fn add_runs(runs: &mut Vec<Run>, codes: &[i32]) -> Result<()> {
    // Whether codes rise is looked at without branches; where one ends, by halving.
    ensure!(codes.windows(2).fold(true, |order, pair| order & (pair[0] <= pair[1])), UNSORTED);
    ensure!(!codes.contains(&i32::MIN), "a row without a code");
    let mut rest = codes;
    while let Some(&code) = rest.first() {
        let rows = rest.partition_point(|other| *other == code);
        match runs.last_mut().filter(|run| run.code == code) {
            Some(run) => run.rows += rows,
            None => runs.push(Run { code, rows }),
        }
        rest = &rest[rows..];
    }
    Ok(())
}

const UNSORTED: &str = "rows are not sorted by code, then date";

/// Joins runs that parts cut, and checks that codes rise.
fn securities(runs: impl Iterator<Item = Run>) -> Result<Vec<Range<usize>>> {
    let mut securities: Vec<Range<usize>> = Vec::new();
    let mut last: Option<i32> = None;
    let mut row = 0;
    for run in runs {
        let end = row + run.rows;
        match securities.last_mut().filter(|_| last == Some(run.code)) {
            Some(rows) => rows.end = end,
            None => {
                ensure!(last.is_none_or(|last| last < run.code), UNSORTED);
                securities.push(row..end);
            }
        }
        last = Some(run.code);
        row = end;
    }
    ensure!(
        securities.len() <= SECURITIES_MAX,
        "{} securities; at most {SECURITIES_MAX} are provided for",
        securities.len()
    );
    Ok(securities)
}

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
                table.read::<Int32Type>(part, Column::Date, 0, |at, dates| {
                    let mut sound = true;
                    for (slot, date) in slots[at..].iter_mut().zip(dates) {
                        let (found, good) = slot_of(*date);
                        sound &= good;
                        *slot = found;
                        seen[usize::from(found)] = true;
                    }
                    if !sound {
                        let wrong = dates.iter().find(|date| !slot_of(**date).1);
                        bail!(
                            "date {}: dates are numbers yyyymmdd from 1900 to 2075",
                            wrong.copied().unwrap_or_default()
                        );
                    }
                    Ok(())
                })?;
                Ok(seen)
            })
            .reduce_with(|mine, theirs| {
                let (mut mine, theirs) = (mine?, theirs?);
                mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine |= theirs);
                Ok(mine)
            });
        Ok(Dates::of(&seen.context("no rows")??))
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

/// A date's slot, and whether it is a date.
#[inline]
fn slot_of(date: i32) -> (u16, bool) {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let sound = (1900..=2075).contains(&year) & (1..=12).contains(&month) & (1..=31).contains(&day);
    let slot = ((year - Dates::FIRST_YEAR) * 12 + month - 1) * 31 + day - 1;
    (slot as u16, sound)
}
