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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Int32Array, StringArray};
    use proptest::prelude::*;

    use super::*;

    /// A security's row in a session: its close and its previous close.
    type Rows = BTreeMap<(i32, String), (Option<i32>, Option<i32>)>;

    fn chain(rows: &Rows) -> Option<Chain> {
        let days = Date32Array::from_iter_values(rows.keys().map(|(day, _)| *day));
        let symbols = StringArray::from_iter_values(rows.keys().map(|(_, symbol)| symbol));
        let closes: Int32Array = rows.values().map(|(close, _)| *close).collect();
        let prev_closes: Int32Array = rows.values().map(|(_, prev)| *prev).collect();
        let batch = RecordBatch::try_from_iter([
            ("session", Arc::new(days) as ArrayRef),
            ("symbol", Arc::new(symbols)),
            ("close", Arc::new(closes)),
            ("prev_close", Arc::new(prev_closes)),
        ]);
        Chain::of(&batch.unwrap(), Calendar::builtin())
    }

    #[test]
    fn from_fifty_pairs_on_more_than_one_in_five_may_not_break() {
        for (pairs, breaks, broken) in
            [(49, 49, false), (50, 10, false), (50, 11, true), (54, 10, false), (100, 21, true)]
        {
            assert_eq!(Chain { pairs, breaks }.is_broken(), broken, "{pairs} {breaks}");
        }
    }

    proptest! {
        /// A pair is a row with a previous close and the security's close in the session before.
        #[test]
        fn pairs_are_of_one_security_on_consecutive_sessions(
            rows in proptest::collection::btree_map(
                (0_usize..5, 600_000_u32..600_004),
                (
                    proptest::option::weighted(0.9, 10_i32..12),
                    proptest::option::weighted(0.9, 10_i32..12),
                ),
                0..20,
            ),
        ) {
            // The fourth follows on the third, after closed days; between the fourth and the last
            // is another session.
            let days = ["2026-02-11", "2026-02-12", "2026-02-13", "2026-02-24", "2026-02-26"]
                .map(|day| day.parse::<SessionDate>().unwrap().epoch_days());
            let before = [None, Some(0), Some(1), Some(2), None];
            let mut expected = Chain { pairs: 0, breaks: 0 };
            for ((day, symbol), (close, prev)) in &rows {
                let last = before[*day].and_then(|day: usize| rows.get(&(day, *symbol))?.0);
                if let (Some(_), Some(prev), Some(last)) = (close, prev, last) {
                    expected.pairs += 1;
                    expected.breaks += u64::from(*prev != last);
                }
            }
            let listed = rows.iter().map(|((day, symbol), row)| {
                ((days[*day], format!("{symbol}.SH")), *row)
            });
            let listed: Rows = listed.collect();
            prop_assert_eq!(chain(&listed), Some(expected));
        }
    }
}
