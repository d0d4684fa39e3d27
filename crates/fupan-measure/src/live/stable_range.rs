//! Ranges of prices within which a cell's marks cannot change.
//!
//! [`Cell::of`](crate::Cell::of) decides the marks of a day. Within a session only trading changes,
//! and marks depend only on which side of a few prices it is: the limits, the previous close, the
//! bounds of the classes of returns, earlier extremes, averages. While open, high, low and last
//! price stay between the same of these, and turnover between the same of its bounds, the marks stay
//! and only numbers change.

use fupan_market::{
    DayBuilder, ExtremeBasis, Fen, Lookback, MovingAverage, Price, PriceLimit, Return, SecurityDay,
    Traded, Turnover, TurnoverBasis,
};

use crate::total::cell::BIN_BOUNDS;
use crate::total::cell::{BILLION, TEN_BILLION};

/// The prices of a session at which marks may change, each as the first price on its far side.
#[derive(Clone, Debug)]
pub(crate) struct Breakpoints {
    /// For the last price.
    last: Box<[i32]>,
    /// For the high.
    high: Box<[i32]>,
    /// For the low.
    low: Box<[i32]>,
}

/// The ranges in which prices may move without any mark changing, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StableRange {
    high: [i32; 2],
    low: [i32; 2],
    last: [i32; 2],
    /// In fen, the end not included.
    turnover: [i64; 2],
    open: Price,
    basis: TurnoverBasis,
}

impl Breakpoints {
    /// The breakpoints of a session.
    pub(crate) fn of(open: &DayBuilder) -> Breakpoints {
        let mut limits = Vec::new();
        for limit in open.limits() {
            if let PriceLimit::Limited { up, down } = limit {
                limits.extend([up, down].map(|at| [at.raw(), at.raw().saturating_add(1)]));
            }
        }
        let limits = limits.concat();
        let steps = Steps { untraded: open.untraded() };
        let with_limits = |steps: Vec<i32>| sorted([limits.clone(), steps].concat());
        let intraday = ExtremeBasis::Intraday;
        Breakpoints {
            last: with_limits(steps.of_last()),
            high: with_limits(steps.new_highs(intraday).collect()),
            low: with_limits(steps.new_lows(intraday).collect()),
        }
    }

    /// The ranges around the prices of this trading.
    pub(crate) fn around(&self, traded: &Traded) -> StableRange {
        StableRange {
            high: between(&self.high, traded.high),
            low: between(&self.low, traded.low),
            last: between(&self.last, traded.last),
            turnover: turnover_around(traded.turnover.fen),
            open: traded.open,
            basis: traded.turnover.basis,
        }
    }
}

impl StableRange {
    /// Whether the marks of this range hold for the new trading.
    #[inline]
    pub(crate) fn holds(&self, new: &Traded) -> bool {
        let inside = |[from, to]: [i32; 2], price: Price| from <= price.raw() && price.raw() <= to;
        inside(self.last, new.last)
            && inside(self.high, new.high)
            && inside(self.low, new.low)
            && (self.turnover[0]..self.turnover[1]).contains(&new.turnover.fen.0)
            && self.open == new.open
            && self.basis == new.turnover.basis
    }
}

fn sorted(mut breaks: Vec<i32>) -> Box<[i32]> {
    breaks.sort_unstable();
    breaks.dedup();
    breaks.into()
}

/// The bounds of turnover at which marks change, around this one.
fn turnover_around(Fen(fen): Fen) -> [i64; 2] {
    match fen {
        ..BILLION => [i64::MIN, BILLION],
        BILLION..TEN_BILLION => [BILLION, TEN_BILLION],
        TEN_BILLION.. => [TEN_BILLION, i64::MAX],
    }
}

fn between(breaks: &[i32], price: Price) -> [i32; 2] {
    let behind = breaks.partition_point(|at| *at <= price.raw());
    let from = behind.checked_sub(1).map_or(0, |last| breaks[last]);
    [from, breaks.get(behind).map_or(i32::MAX, |next| next - 1)]
}

/// The prices from which on a day is judged differently than below; limits are handled apart.
struct Steps<'a> {
    untraded: &'a SecurityDay,
}

impl Steps<'_> {
    /// Steps of the last price.
    fn of_last(&self) -> Vec<i32> {
        let mut steps = Vec::new();
        let mut from = |holds: &dyn Fn(&SecurityDay) -> bool| steps.extend(self.first(holds));
        if let Some(prev) = self.untraded.prev_close {
            let last = |day: &SecurityDay| day.traded.map(|traded| traded.last);
            from(&|day| last(day) >= Some(prev));
            from(&|day| last(day) > Some(prev));
            for percent in BIN_BOUNDS {
                let step = Return(percent * (Return::PARTS / 100));
                from(&|day| day.day_return() >= Some(Return(-step.0)));
                from(&|day| day.day_return() > Some(step));
            }
        }
        for average in MovingAverage::ALL {
            from(&|day| day.above_average(average) == Some(true));
        }
        let closing = ExtremeBasis::Closing;
        steps.extend(self.new_highs(closing).chain(self.new_lows(closing)));
        steps
    }

    fn new_highs(&self, basis: ExtremeBasis) -> impl Iterator<Item = i32> {
        Lookback::ALL.into_iter().filter_map(move |lookback| {
            self.first(|day| day.new_high(lookback, basis) == Some(true))
        })
    }

    fn new_lows(&self, basis: ExtremeBasis) -> impl Iterator<Item = i32> {
        Lookback::ALL.into_iter().filter_map(move |lookback| {
            self.first(|day| day.new_low(lookback, basis) != Some(true))
        })
    }

    /// The first price from which on a condition holds for a day that trades at that price only.
    fn first(&self, holds: impl Fn(&SecurityDay) -> bool) -> Option<i32> {
        let turnover = Turnover { fen: Fen(0), basis: TurnoverBasis::Reported };
        first_price(|last| {
            let traded = Traded { open: last, high: last, low: last, last, volume: 1, turnover };
            holds(&SecurityDay { traded: Some(traded), ..*self.untraded })
        })
    }
}

/// The lowest price at which a condition holds, given that it holds at every higher price too.
fn first_price(holds: impl Fn(Price) -> bool) -> Option<i32> {
    let (mut low, mut high) = (0, i32::MAX);
    if !holds(Price::MAX) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if Price::from_raw(middle).is_some_and(&holds) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use fupan_market::{Calendar, DailyBar, Listing, Rulebook, SecurityFold, Symbol};

    use super::*;
    use crate::total::cell::Cell;
    use crate::total::cell::Mark;

    /// As the last price, the high and the low move up fen by fen, marks change at breakpoints
    /// only.
    #[test]
    fn marks_change_at_breaks() {
        let symbol: Symbol = "600000.SH".parse().unwrap();
        let listed_on = Some("2015-01-05".parse().unwrap());
        let listing = Listing { listed_on, ..Listing::unknown(symbol) };
        let calendar = Calendar::builtin();
        let number = calendar.number("2026-02-12".parse().unwrap()).unwrap();
        let session = |number| calendar.session(number).unwrap();
        let board = symbol.board().unwrap();
        let mut fold =
            SecurityFold::new(Rulebook::builtin(), &listing, board, session(number - 240));
        let traded = |[high, low, last]: [i64; 3]| {
            let [open, high, low, last] =
                [900, high, low, last].map(|fen| Price::from_fen(fen).unwrap());
            let turnover = Turnover { fen: Fen(100), basis: TurnoverBasis::Reported };
            Traded { open, high, low, last, volume: 1, turnover }
        };
        for back in (1..=240).rev() {
            let last = 960 + i64::from(back % 7) * 10 + i64::from(back / 12);
            let traded = Some(traded([last + 20, last - 20, last]));
            let bar = DailyBar { session: session(number - back), prev_close: None, traded };
            fold.advance(&bar, number - back);
        }
        let mut changes = 0_u128;
        // If no source states the previous close, prices beyond its limits rule it out.
        for prev_close in [None, Some(Price::from_fen(970).unwrap())] {
            let open = fold.day_builder(session(number), number, prev_close);
            let breaks = Breakpoints::of(&open);
            let walks: [&dyn Fn(i64) -> [i64; 3]; 3] =
                [&|fen| [1_200, 800, fen], &|fen| [fen, 800, 950], &|fen| [1_200, fen, 1_050]];
            for walk in walks {
                for fen in 800..1_200 {
                    let [now, next] = [fen, fen + 1].map(|fen| traded(walk(fen)));
                    let [was, is] = [now, next].map(|t| Cell::of(&open.day(Some(t))).marks.bits());
                    changes |= was ^ is;
                    assert!(was == is || !breaks.around(&now).holds(&next), "{fen}");
                }
            }
        }
        for mark in [
            Mark::Above20,
            Mark::Above50,
            Mark::Above200,
            Mark::NewHigh250,
            Mark::NewLow250,
            Mark::IntradayHigh250,
            Mark::IntradayLow250,
            Mark::Up,
        ] {
            assert!(changes >> mark as u8 & 1 == 1, "{mark:?} never changes");
        }
    }

    fn raw(raw: i32) -> Price {
        Price::from_raw(raw).unwrap()
    }

    #[test]
    fn a_range_reaches_from_break_to_break() {
        for (price, expected) in [
            (9, [0, 9]),
            (10, [10, 19]),
            (19, [10, 19]),
            (20, [20, i32::MAX]),
            (21, [20, i32::MAX]),
        ] {
            assert_eq!(between(&[10, 20], raw(price)), expected, "{price}");
        }
        assert_eq!(between(&[], raw(5)), [0, i32::MAX]);
        for first in [1, 2, 100_001, i32::MAX] {
            assert_eq!(first_price(|price| price >= raw(first)), Some(first));
        }
        assert_eq!(first_price(|_| false), None);
    }

    /// A range holds while each price stays in its own, and the open and the basis stay.
    #[test]
    fn a_range_holds_while_every_price_stays_in_its_own() {
        let breaks = |breaks: [i32; 2]| Box::from(breaks.as_slice());
        let breaks =
            Breakpoints { last: breaks([10, 20]), high: breaks([30, 40]), low: breaks([5, 8]) };
        let traded = |[open, high, low, last]: [i32; 4], basis| {
            let turnover = Turnover { fen: Fen(100), basis };
            let [open, high, low, last] = [open, high, low, last].map(raw);
            Traded { open, high, low, last, volume: 1, turnover }
        };
        use TurnoverBasis::{Estimated, Reported};
        let range = breaks.around(&traded([15, 35, 6, 15], Reported));
        for (prices, basis, holds) in [
            ([15, 30, 5, 10], Reported, true),
            ([15, 39, 7, 19], Reported, true),
            ([15, 39, 7, 20], Reported, false),
            ([15, 39, 7, 9], Reported, false),
            ([15, 40, 7, 15], Reported, false),
            ([15, 29, 7, 15], Reported, false),
            ([15, 35, 8, 15], Reported, false),
            ([15, 35, 4, 15], Reported, false),
            ([14, 35, 6, 15], Reported, false),
            ([15, 35, 6, 15], Estimated, false),
        ] {
            assert_eq!(range.holds(&traded(prices, basis)), holds, "{prices:?} {basis:?}");
        }
    }

    /// Marks of turnover change at a billion and at ten billion yuan.
    #[test]
    fn a_range_holds_while_turnover_stays_between_its_bounds() {
        let none = || Box::from([].as_slice());
        let breaks = Breakpoints { last: none(), high: none(), low: none() };
        let traded = |fen| {
            let turnover = Turnover { fen: Fen(fen), basis: TurnoverBasis::Reported };
            let [open, high, low, last] = [raw(10); 4];
            Traded { open, high, low, last, volume: 1, turnover }
        };
        for (from, to, holds) in [
            (0, BILLION - 1, true),
            (BILLION - 1, BILLION, false),
            (BILLION, BILLION - 1, false),
            (BILLION, TEN_BILLION - 1, true),
            (TEN_BILLION - 1, TEN_BILLION, false),
            (TEN_BILLION, TEN_BILLION - 1, false),
            (TEN_BILLION, 9 * TEN_BILLION, true),
        ] {
            assert_eq!(breaks.around(&traded(from)).holds(&traded(to)), holds, "{from} {to}");
        }
    }

    /// Of a share without a past: its limits, its previous close, and the bounds of the classes of
    /// returns. Of the high and the low the limits alone.
    #[test]
    fn marks_may_change_at_limits_and_at_bounds_of_classes_only() {
        let symbol: Symbol = "600000.SH".parse().unwrap();
        let session = "2026-02-12".parse().unwrap();
        let names = vec![fupan_market::NameOn { on: session, name: "平安".to_owned() }];
        let listed_on = Some("2015-01-05".parse().unwrap());
        let listing = Listing { listed_on, names, ..Listing::unknown(symbol) };
        let board = symbol.board().unwrap();
        let fold = SecurityFold::new(Rulebook::builtin(), &listing, board, session);
        let number = Calendar::builtin().number(session).unwrap();
        let open = fold.day_builder(session, number, Price::from_fen(1_000).ok());
        let Breakpoints { last, high, low } = Breakpoints::of(&open);
        let limits = [90_000, 90_001, 110_000, 110_001];
        // From zero on no price is a new low, as there is no past.
        assert_eq!((&*high, &*low), (&limits[..], &*[&[0], &limits[..]].concat()));
        let below = [93_000, 95_000, 97_000, 99_000, 100_000];
        let above = [100_001, 101_001, 103_001, 105_001, 107_001];
        let classes = [below, above].concat();
        assert_eq!(*last, *[&[0], &limits[..2], &classes, &limits[2..]].concat());
        // At a very high price a return rounds to zero a little above and below the previous close.
        let high = 2_147_400_000;
        let open = fold.day_builder(session, number, Price::from_raw(high));
        let last = Breakpoints::of(&open).last;
        assert!(last.contains(&high) && last.contains(&(high + 1)), "{last:?}");
    }
}
