//! Checks that the daily bars of a file follow each other: except on ex-rights days, the previous
//! close of a session is the close of the session before.

use std::ops::Range;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::{Calendar, SessionDate};

/// Fewest pairs of rows needed for a verdict.
const PAIRS_MIN: u64 = 50;

/// A file is refused if more than one pair in this many breaks. On the busiest ex-rights days one
/// share in twenty goes ex; over a season it is one pair in a hundred.
const ONE_IN: u64 = 5;

/// Number of pairs of daily bars of one security on consecutive sessions, and how many of them
/// break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    pub pairs: u64,
    pub breaks: u64,
}

impl Chain {
    /// Counts the pairs of daily bars sorted by their key: by session, then by symbol.
    pub fn of(bars: &RecordBatch, calendar: &Calendar) -> Option<Chain> {
        let sessions = bars.column_by_name("session")?.as_primitive_opt::<Date32Type>()?;
        let closes = bars.column_by_name("close")?.as_primitive_opt::<Int32Type>()?;
        let prev_closes = bars.column_by_name("prev_close")?.as_primitive_opt::<Int32Type>()?;
        let symbols = bars.column_by_name("symbol")?.as_string_opt::<i32>()?;
        let mut chain = Chain { pairs: 0, breaks: 0 };
        if prev_closes.null_count() == prev_closes.len() {
            return Some(chain);
        }
        // The rows of the previous session, and its number.
        let mut before: (Range<usize>, Option<u32>) = (0..0, None);
        while before.0.end < bars.num_rows() {
            let start = before.0.end;
            let day = sessions.value(start);
            let rows = start..start + sessions.values()[start..].partition_point(|of| *of == day);
            let date = SessionDate::from_epoch_days(day);
            let number = date.and_then(|date| calendar.number(date).ok());
            let follows = number.zip(before.1).is_some_and(|(number, before)| number == before + 1);
            if follows {
                let mut earlier = before.0.clone().peekable();
                for row in rows.clone() {
                    let symbol = symbols.value(row);
                    while earlier.next_if(|at| symbols.value(*at) < symbol).is_some() {}
                    let Some(last) = earlier.next_if(|at| symbols.value(*at) == symbol) else {
                        continue;
                    };
                    if closes.is_valid(row) && closes.is_valid(last) && prev_closes.is_valid(row) {
                        chain.pairs += 1;
                        chain.breaks += u64::from(prev_closes.value(row) != closes.value(last));
                    }
                }
            }
            before = (rows, number);
        }
        Some(chain)
    }

    /// Whether too many pairs break for a column to be what the recipe declares.
    pub fn is_broken(self) -> bool {
        self.pairs >= PAIRS_MIN && self.breaks * ONE_IN > self.pairs
    }
}
