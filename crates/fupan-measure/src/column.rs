//! Totals of every measure and scope, and the two ways of running them: all at once, and live.

use std::collections::BTreeMap;

use fupan_market::{LimitBasis, SecurityDay, Symbol, TurnoverBasis};
use rayon::prelude::*;

use crate::catalogue::catalogue;
use crate::measure::{Measure, RestsOn};
use crate::scope::{SCOPES, contains};
use crate::shape::{AnyTotal, Judged};

/// The totals of one scope of one measure, with what they cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Covered {
    pub(crate) total: AnyTotal,
    /// Members of the population that were judged.
    pub(crate) judged: u64,
    /// Members of the population that could not be judged.
    pub(crate) unjudged: u64,
    /// Judged members whose turnover is estimated.
    pub(crate) estimated: u64,
    /// Judged members whose limit rests on the nearest dated name.
    pub(crate) by_nearest_name: u64,
}

/// One measure's totals, one per scope.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    totals: [Option<Covered>; SCOPES.len()],
}

impl Column {
    fn empty(measure: &Measure) -> Column {
        let mut totals = [const { None }; SCOPES.len()];
        for (place, _) in measure.scopes.of_shares() {
            totals[place] = measure.shape.empty().map(|total| Covered {
                total,
                judged: 0,
                unjudged: 0,
                estimated: 0,
                by_nearest_name: 0,
            });
        }
        Column { totals }
    }

    /// The scopes of this column that hold a day.
    fn holding(&mut self, scopes: u16) -> impl Iterator<Item = &mut Covered> {
        self.totals
            .iter_mut()
            .enumerate()
            .filter(move |(place, _)| scopes & (1 << place) != 0)
            .filter_map(|(_, covered)| covered.as_mut())
    }

    fn insert(&mut self, measure: &Measure, day: &SecurityDay, scopes: u16) {
        match measure.shape.cell(day) {
            Judged::Outside => {}
            Judged::Unjudged => self.holding(scopes).for_each(|covered| covered.unjudged += 1),
            Judged::In(cell) => {
                let (estimated, hinted) = quality(measure, day);
                for covered in self.holding(scopes) {
                    covered.total.insert(&cell);
                    covered.judged += 1;
                    covered.estimated += estimated;
                    covered.by_nearest_name += hinted;
                }
            }
        }
    }

    fn remove(&mut self, measure: &Measure, day: &SecurityDay, scopes: u16) {
        match measure.shape.cell(day) {
            Judged::Outside => {}
            Judged::Unjudged => self.holding(scopes).for_each(|covered| covered.unjudged -= 1),
            Judged::In(cell) => {
                let (estimated, hinted) = quality(measure, day);
                for covered in self.holding(scopes) {
                    covered.total.remove(&cell);
                    covered.judged -= 1;
                    covered.estimated -= estimated;
                    covered.by_nearest_name -= hinted;
                }
            }
        }
    }

    fn merge(&mut self, other: &Column) {
        for (mine, theirs) in self.totals.iter_mut().zip(&other.totals) {
            let (Some(mine), Some(theirs)) = (mine, theirs) else { continue };
            mine.total.merge(&theirs.total);
            mine.judged += theirs.judged;
            mine.unjudged += theirs.unjudged;
            mine.estimated += theirs.estimated;
            mine.by_nearest_name += theirs.by_nearest_name;
        }
    }
}

/// Whether a day's contribution rests on an estimated turnover, and on a nearest name.
fn quality(measure: &Measure, day: &SecurityDay) -> (u64, u64) {
    let estimated =
        day.traded.is_some_and(|traded| traded.turnover.basis == TurnoverBasis::Estimated);
    match measure.rests_on {
        RestsOn::Turnover => (u64::from(estimated), 0),
        RestsOn::Limits => (0, u64::from(day.limit_basis == LimitBasis::NearestName)),
        _ => (0, 0),
    }
}

/// The totals of every measure over a set of securities' days. A commutative group like its
/// parts: see [`Total`](crate::Total).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    columns: Vec<Column>,
    days: [u64; SCOPES.len()],
}

impl Totals {
    /// The totals of nothing.
    pub fn empty() -> Totals {
        Totals {
            columns: catalogue().iter().map(|measure| Column::empty(measure)).collect(),
            days: [0; SCOPES.len()],
        }
    }

    /// The totals of all days at once, one measure beside another.
    pub fn of(days: &[SecurityDay]) -> Totals {
        let scopes: Vec<u16> = days.iter().map(scopes_of).collect();
        let columns = catalogue()
            .par_iter()
            .map(|measure| {
                let mut column = Column::empty(measure);
                for (day, scopes) in days.iter().zip(&scopes) {
                    column.insert(measure, day, *scopes);
                }
                column
            })
            .collect();
        let mut counts = [0; SCOPES.len()];
        for scopes in scopes {
            count(&mut counts, scopes, |count| *count += 1);
        }
        Totals { columns, days: counts }
    }

    /// Puts one security's day in.
    pub fn insert(&mut self, day: &SecurityDay) {
        let scopes = scopes_of(day);
        for (column, measure) in self.columns.iter_mut().zip(catalogue()) {
            column.insert(measure, day, scopes);
        }
        count(&mut self.days, scopes, |count| *count += 1);
    }

    /// Takes one security's day out again; it must have been inserted as it is.
    pub fn remove(&mut self, day: &SecurityDay) {
        let scopes = scopes_of(day);
        for (column, measure) in self.columns.iter_mut().zip(catalogue()) {
            column.remove(measure, day, scopes);
        }
        count(&mut self.days, scopes, |count| *count -= 1);
    }

    /// Adds all that other totals hold.
    pub fn merge(&mut self, other: &Totals) {
        for (mine, theirs) in self.columns.iter_mut().zip(&other.columns) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.days.iter_mut().zip(other.days) {
            *mine += theirs;
        }
    }

    /// How many securities a scope holds, suspended ones included.
    pub(crate) fn days(&self, scope: usize) -> u64 {
        self.days[scope]
    }

    /// The totals of a measure by its place in the catalogue.
    pub(crate) fn covered(&self, measure: usize, scope: usize) -> Option<&Covered> {
        self.columns[measure].totals[scope].as_ref()
    }
}

fn count(counts: &mut [u64; SCOPES.len()], scopes: u16, step: impl Fn(&mut u64)) {
    for (place, count) in counts.iter_mut().enumerate() {
        if scopes & (1 << place) != 0 {
            step(count);
        }
    }
}

fn scopes_of(day: &SecurityDay) -> u16 {
    SCOPES
        .iter()
        .enumerate()
        .filter(|(_, scope)| contains(scope, day))
        .fold(0, |mask, (place, _)| mask | 1 << place)
}

/// A market while it moves: every security's latest day, and totals that are always theirs.
#[derive(Clone, Debug)]
pub struct Live {
    days: BTreeMap<Symbol, SecurityDay>,
    totals: Totals,
}

impl Live {
    /// A market that starts from some days, such as the suspended days before the open.
    pub fn new(days: impl IntoIterator<Item = SecurityDay>) -> Live {
        let days: BTreeMap<_, _> = days.into_iter().map(|day| (day.symbol, day)).collect();
        let all: Vec<SecurityDay> = days.values().copied().collect();
        Live { days, totals: Totals::of(&all) }
    }

    /// Replaces one security's day: takes its old cells out and puts the new ones in.
    pub fn replace(&mut self, day: SecurityDay) {
        if let Some(old) = self.days.insert(day.symbol, day) {
            self.totals.remove(&old);
        }
        self.totals.insert(&day);
    }

    /// The days as they stand, by symbol.
    pub fn days(&self) -> impl Iterator<Item = &SecurityDay> {
        self.days.values()
    }

    /// The totals as they stand.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}
