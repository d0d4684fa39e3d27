//! A market while it moves.

use std::collections::HashMap;

use fupan_market::{SecurityDay, Symbol};

use crate::cell::Cell;
use crate::total::Totals;

/// Every security's latest day, and totals that are always theirs.
#[derive(Clone, Debug, Default)]
pub struct Live {
    places: HashMap<Symbol, usize>,
    days: Vec<SecurityDay>,
    cells: Vec<Cell>,
    totals: Totals,
}

impl Live {
    /// A market that starts from some days, such as the suspended days before the open.
    pub fn new(days: impl IntoIterator<Item = SecurityDay>) -> Live {
        let mut live = Live::default();
        for day in days {
            live.replace(day);
        }
        live
    }

    /// A security's place, which stays its own; `None` before its first day.
    pub fn place(&self, symbol: Symbol) -> Option<usize> {
        self.places.get(&symbol).copied()
    }

    /// Replaces one security's day: takes its old cell out and puts the new one in.
    pub fn replace(&mut self, day: SecurityDay) {
        match self.place(day.symbol) {
            Some(place) => self.replace_at(place, day),
            None => {
                let cell = Cell::of(&day);
                self.totals.insert(&cell);
                self.places.insert(day.symbol, self.days.len());
                self.days.push(day);
                self.cells.push(cell);
            }
        }
    }

    /// [`Live::replace`] of the security whose place is known.
    ///
    /// # Panics
    /// Where the place is not that of the day's security.
    #[inline]
    pub fn replace_at(&mut self, place: usize, day: SecurityDay) {
        assert!(self.days[place].symbol == day.symbol, "{} is not at {place}", day.symbol);
        let cell = Cell::of(&day);
        self.totals.replace(&self.cells[place], &cell);
        self.cells[place] = cell;
        self.days[place] = day;
    }

    /// The days as they stand.
    pub fn days(&self) -> &[SecurityDay] {
        &self.days
    }

    /// The cells as they stand.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The totals as they stand.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}
