//! A market while it moves.

use std::collections::HashMap;

use fupan_market::{Arrival, Price, Quote, Return, SecurityDay, SessionFold, Symbol, Traded};

use crate::cell::{Cell, Mark};
use crate::instant::Opening;
use crate::steady::{Breaks, Steady};
use crate::total::Totals;
use crate::walk::Opened;

/// Every security's session so far, out of its quotes, and totals that are always theirs.
///
/// Securities count from their first quote on. A quote that moves no price past one that a measure
/// asks for moves a few sums; any other has its security's cell taken out and the new one put in.
#[derive(Clone, Debug)]
pub struct Live {
    places: HashMap<Symbol, usize>,
    /// By symbol.
    securities: Vec<Security>,
    totals: Totals,
}

/// One security; what a quote asks for comes first.
#[derive(Clone, Debug)]
struct Security {
    quotes: SessionFold,
    /// While its cell is in the totals and it trades.
    steady: Option<Steady>,
    prev_close: Option<Price>,
    /// What it has in the totals.
    cell: Option<Cell>,
    open: Box<(Opened, Breaks)>,
}

impl Live {
    /// A market before its first quote. Securities keep the quotes of `seconds` only, where given:
    /// see [`SessionFold::keeping`].
    pub fn new(opening: &Opening, seconds: Option<u32>) -> Live {
        let securities: Vec<(Symbol, Security)> = opening
            .opened()
            .map(|(symbol, opened)| (symbol, Security::open(opened.clone(), seconds)))
            .collect();
        let places = securities.iter().enumerate().map(|(place, (symbol, _))| (*symbol, place));
        Live {
            places: places.collect(),
            totals: Totals::default(),
            securities: securities.into_iter().map(|(_, security)| security).collect(),
        }
    }

    /// A security's place, which stays its own; `None` where it has no past.
    pub fn place(&self, symbol: Symbol) -> Option<usize> {
        self.places.get(&symbol).copied()
    }

    /// Takes in a quote of the security at a place.
    ///
    /// # Panics
    /// Where no security has the place.
    #[inline]
    pub fn arrive(&mut self, place: usize, quote: Quote) -> Arrival {
        let security = &mut self.securities[place];
        let known = security.quotes.traded();
        let arrival = security.quotes.arrive(quote);
        let new = security.quotes.traded();
        let (Some(old), Some(new), Some(steady), Some(cell)) =
            (&known, &new, &security.steady, &mut security.cell)
        else {
            security.renew(new, &mut self.totals);
            return arrival;
        };
        if !steady.holds(old, new) {
            security.renew(Some(*new), &mut self.totals);
            return arrival;
        }
        if old.volume == new.volume && old.last == new.last && old.turnover == new.turnover {
            return arrival;
        }
        let ret = if old.last == new.last {
            cell.ret
        } else {
            let between = |prev: Price| Return::between(prev, new.last);
            security.prev_close.and_then(between).map_or(0, |ret| ret.0)
        };
        self.totals.shift(cell, ret, new.turnover.fen.0, new.volume);
        arrival
    }

    /// The day of the security at a place; `None` where it has no quote yet or is not listed.
    pub fn day(&self, place: usize) -> Option<SecurityDay> {
        self.securities[place].day()
    }

    /// The days as they stand, by symbol.
    pub fn days(&self) -> Vec<SecurityDay> {
        self.securities.iter().filter_map(Security::day).collect()
    }

    /// The cells as they stand, by symbol.
    pub fn cells(&self) -> Vec<Cell> {
        self.securities.iter().filter_map(|security| security.cell).collect()
    }

    /// The totals as they stand.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}

impl Security {
    fn open(opened: Opened, seconds: Option<u32>) -> Security {
        let quotes = opened.quotes();
        Security {
            quotes: match seconds {
                Some(seconds) => quotes.keeping(seconds),
                None => quotes,
            },
            steady: None,
            prev_close: opened.day.untraded().prev_close,
            cell: None,
            open: Box::new((opened.clone(), Breaks::of(&opened.day))),
        }
    }

    /// Takes the old cell out and puts the new one in.
    #[inline(never)]
    fn renew(&mut self, traded: Option<Traded>, totals: &mut Totals) {
        let (opened, breaks) = &*self.open;
        let cell = opened.day(traded).map(|day| Cell::of(&day));
        match (&self.cell, &cell) {
            (Some(old), Some(new)) => totals.replace(old, new),
            (Some(old), None) => totals.remove(old),
            (None, Some(new)) => totals.insert(new),
            (None, None) => {}
        }
        let moves = cell.as_ref().is_some_and(|cell| cell.marks.has(Mark::Traded));
        self.steady = traded.filter(|_| moves).map(|traded| breaks.around(&traded));
        self.cell = cell;
    }

    fn day(&self) -> Option<SecurityDay> {
        self.cell.as_ref()?;
        let (opened, _) = &*self.open;
        opened.day_with_seals(self.quotes.so_far(), |up| self.quotes.watched(up))
    }
}
