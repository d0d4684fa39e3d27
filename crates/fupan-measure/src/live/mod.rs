//! A live market: figures that stay current as quotes arrive.

pub(crate) mod stable_range;

use std::collections::HashMap;

use fupan_market::{Arrival, Price, Quote, Return, SecurityDay, Symbol, Tape, Traded};

use crate::evaluate::scopes::{ScopeFigure, ScopeViews};
use crate::live::stable_range::{Breakpoints, StableRange};
use crate::session::pre_open::PreOpen;
use crate::session::walk::Opened;
use crate::total::cell::{Cell, Mark};
use crate::total::segment::Bands;
use crate::total::sorted::SortedColumns;
use crate::total::totals::{Shifted, Totals};

/// Every security's session so far, from its quotes, with totals kept current.
///
/// Securities count from their first quote on. A quote that crosses no price that a measure depends
/// on updates a few sums; any other quote replaces its security's cell.
#[derive(Clone, Debug)]
pub struct Live {
    places: HashMap<Symbol, usize>,
    /// By symbol.
    tape: Tape<Security>,
    totals: Totals,
    bands: Bands,
    standing: SortedColumns,
}

/// One security's contribution to the totals.
#[derive(Clone, Debug)]
struct Security {
    /// `None` before its first quote, and while it is not listed.
    cell: Option<Cell>,
    /// Set while its cell is in the totals and it trades.
    steady: Option<StableRange>,
    prev_close: Option<Price>,
    open: Box<(Opened, Breakpoints)>,
}

impl Live {
    /// A market before its first quote.
    pub fn new(opening: &PreOpen) -> Live {
        let mut live = Live {
            places: HashMap::new(),
            tape: Tape::default(),
            totals: Totals::default(),
            bands: Bands::on(opening.session(), opening.rulebook),
            standing: SortedColumns::default(),
        };
        for (symbol, opened) in opening.opened() {
            let security = Security {
                cell: None,
                steady: None,
                prev_close: opened.day.untraded().prev_close,
                open: Box::new((opened.clone(), Breakpoints::of(&opened.day))),
            };
            live.places.insert(symbol, live.tape.add(opened.watched(), security));
        }
        let total_cap = |security: &Security| {
            let day = security.open.0.day.untraded();
            let known = day.shares.zip(day.prev_close);
            known.map(|(shares, price)| i128::from(shares.total) * i128::from(price.units()))
        };
        // What decides sizes does not change within a session.
        let mut by_size: Vec<u32> = (0..live.tape.all().len() as u32).collect();
        by_size.sort_by_cached_key(|place| total_cap(live.tape.beside(*place as usize)));
        live.standing = SortedColumns::new(by_size);
        live
    }

    /// A security's place, which never changes; `None` if it has no past.
    pub fn place(&self, symbol: Symbol) -> Option<usize> {
        self.places.get(&symbol).copied()
    }

    /// Drops the quotes that had arrived before the previous rotation: see [`Tape::rotate`].
    pub fn rotate(&mut self) {
        self.tape.rotate();
    }

    /// Processes a quote of the security at a place.
    ///
    /// # Panics
    /// If no security has the place.
    #[inline]
    pub fn arrive(&mut self, place: usize, quote: &Quote) -> Arrival {
        let arrival = self.tape.arrive(place, quote);
        let (new, security) = self.tape.session_mut(place);
        let (Some(traded), Some(steady), Some(cell)) = (new, &security.steady, &mut security.cell)
        else {
            security.renew(*new, &mut self.totals);
            self.standing.renew(place, security.cell.as_ref());
            return arrival;
        };
        if !steady.holds(traded) {
            security.renew(*new, &mut self.totals);
            self.standing.renew(place, security.cell.as_ref());
            return arrival;
        }
        let between = |prev: Price| Return::between(prev, traded.last);
        let prev_close = security.prev_close.filter(|_| cell.marks.has(Mark::Priced));
        let ret = prev_close.and_then(between).map_or(0, |ret| ret.0);
        let (turnover, volume) = (traded.turnover.fen.0, traded.volume);
        let now = Shifted { ret, turnover, volume, price: traded.last.units() };
        if !now.is_of(cell) {
            self.totals.shift(cell, &now);
            self.standing.shift(place, cell);
        }
        arrival
    }

    /// Same as [`Live::arrive`] for each quote in order, but prefetches.
    ///
    /// # Panics
    /// If no security has the place.
    pub fn arrive_all(&mut self, arrivals: &[(u32, Quote)]) {
        // Far enough ahead for memory to respond, near enough for the data to stay in the cache.
        const AHEAD: usize = 8;
        for (number, (place, quote)) in arrivals.iter().enumerate() {
            if let Some((next, _)) = arrivals.get(number + AHEAD) {
                let hot = |security: &Security| {
                    let cell = security.cell.as_ref().map(|cell| (cell.marks.bits(), cell.volume));
                    (security.prev_close, security.steady, cell)
                };
                self.tape.fetch(*next as usize, hot);
            }
            self.arrive(*place as usize, quote);
        }
    }

    /// The day of the security at a place; `None` if it has no quote yet or is not listed.
    pub fn day(&self, place: usize) -> Option<SecurityDay> {
        let security = self.tape.beside(place);
        security.cell.as_ref()?;
        let (opened, _) = &*security.open;
        opened.day_with_seals(self.tape.traded(place), |up| self.tape.seals(place, up))
    }

    /// The current days, by symbol.
    pub fn days(&self) -> Vec<SecurityDay> {
        (0..self.tape.all().len()).filter_map(|place| self.day(place)).collect()
    }

    /// The current cells, by symbol.
    pub fn cells(&self) -> Vec<Cell> {
        self.tape.all().filter_map(|security| security.cell).collect()
    }

    /// Every current figure of sets of shares, with what its fact says. Figures that compare
    /// sessions and figures of single securities are not included.
    ///
    /// Counts and sums are always current. Medians, percentiles and figures over the largest or
    /// smallest are computed here, starting from the order at the last call.
    pub fn figures(&mut self) -> Vec<ScopeFigure> {
        ScopeViews::of(&self.bands, self.standing.columns(), &self.totals).all_figures()
    }

    /// The current totals.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}

impl Security {
    /// Recomputes the cell, replaces the old one in the totals, and sets the stable range.
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
}
