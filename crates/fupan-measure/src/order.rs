//! Securities' numbers put in order, as far as somebody asks.

use std::cell::{OnceCell, RefCell};

use fupan_market::Symbol;

use crate::cell::{Cell, Mark};
use crate::scope::Segment;
use crate::shape::Number;

/// The numbers that securities are put in order by, part of the market by part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    returns: [Vec<i64>; Segment::COUNT],
    turnovers: [Vec<i64>; Segment::COUNT],
    /// The returns of `SizeKnown`, smallest total capitalisation first, then by symbol.
    by_size: Vec<(Segment, i64)>,
}

impl Columns {
    /// The numbers of cells.
    pub(crate) fn of(cells: &[Cell]) -> Columns {
        let mut columns = Columns::default();
        cells.iter().for_each(|cell| columns.push(cell));
        let sized = cells.iter().filter(|cell| cell.marks.has(Mark::SizeKnown));
        let mut sizes: Vec<(i128, Symbol, Segment, i64)> =
            sized.map(|cell| (cell.total_cap, cell.symbol, cell.segment, cell.ret)).collect();
        sizes.sort_unstable();
        columns.by_size = sizes.into_iter().map(|(.., segment, ret)| (segment, ret)).collect();
        columns
    }

    /// The numbers of cells that are put in with [`Columns::push`], in order of size.
    pub(crate) fn by_size<'a>(cells: impl Iterator<Item = &'a Cell>) -> Columns {
        let mut columns = Columns::default();
        for cell in cells {
            columns.push(cell);
            if cell.marks.has(Mark::SizeKnown) {
                columns.by_size.push((cell.segment, cell.ret));
            }
        }
        columns
    }

    fn push(&mut self, cell: &Cell) {
        let place = cell.segment.place();
        if cell.marks.has(Mark::Priced) {
            self.returns[place].push(cell.ret);
        }
        if cell.marks.has(Mark::Traded) {
            self.turnovers[place].push(cell.turnover);
        }
    }
}

/// The numbers of one scope, put in order when first asked.
pub(crate) struct Ordered<'a> {
    columns: &'a Columns,
    /// Which segments are in the scope.
    held: [bool; Segment::COUNT],
    returns: OnceCell<Ranked>,
    turnovers: OnceCell<Ranked>,
    by_size: OnceCell<Vec<i64>>,
}

impl<'a> Ordered<'a> {
    pub(crate) fn new(columns: &'a Columns, held: [bool; Segment::COUNT]) -> Ordered<'a> {
        let (returns, turnovers, by_size) = Default::default();
        Ordered { columns, held, returns, turnovers, by_size }
    }

    /// The numbers of the securities that have one.
    pub(crate) fn numbers(&self, number: Number) -> &Ranked {
        let (cell, parts) = match number {
            Number::Return => (&self.returns, &self.columns.returns),
            Number::Turnover => (&self.turnovers, &self.columns.turnovers),
        };
        cell.get_or_init(|| {
            let held = parts.iter().zip(self.held).filter(|(_, held)| *held);
            Ranked::of(held.flat_map(|(part, _)| part.iter().copied()).collect())
        })
    }

    /// Returns by total capitalisation, smallest first.
    pub(crate) fn by_size(&self) -> &[i64] {
        self.by_size.get_or_init(|| {
            let held = self.columns.by_size.iter();
            let held = held.filter(|(segment, _)| self.held[segment.place()]);
            held.map(|(_, ret)| *ret).collect()
        })
    }
}

/// Numbers of which some are where sorting would put them: those whose rank somebody asked for.
pub(crate) struct Ranked {
    numbers: RefCell<Vec<i64>>,
    /// Ranks that are in place, ascending. Between two of them lie the numbers that belong there.
    placed: RefCell<Vec<usize>>,
}

impl Ranked {
    fn of(numbers: Vec<i64>) -> Ranked {
        Ranked { numbers: RefCell::new(numbers), placed: RefCell::new(Vec::new()) }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.numbers.borrow().len()
    }

    /// The number of a rank, the smallest having rank zero.
    pub(crate) fn at(&self, rank: usize) -> Option<i64> {
        let mut numbers = self.numbers.borrow_mut();
        if rank >= numbers.len() {
            return None;
        }
        let mut placed = self.placed.borrow_mut();
        if let Err(place) = placed.binary_search(&rank) {
            let from = place.checked_sub(1).map_or(0, |before| placed[before] + 1);
            let to = placed.get(place).copied().unwrap_or(numbers.len());
            numbers[from..to].select_nth_unstable(rank - from);
            placed.insert(place, rank);
        }
        Some(numbers[rank])
    }

    /// The sum of the numbers from a rank on.
    pub(crate) fn sum_from(&self, rank: usize) -> i128 {
        if rank > 0 {
            self.at(rank);
        }
        let numbers = self.numbers.borrow();
        numbers[rank.min(numbers.len())..].iter().copied().map(i128::from).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_those_of_sorting(
            numbers in prop::collection::vec(-20_i64..20, 0..40),
            asked in prop::collection::vec(0_usize..42, 1..8),
        ) {
            let ranked = Ranked::of(numbers.clone());
            let mut sorted = numbers;
            sorted.sort_unstable();
            for rank in asked {
                prop_assert_eq!(ranked.at(rank), sorted.get(rank).copied());
                let from = sorted.iter().skip(rank).map(|number| i128::from(*number));
                prop_assert_eq!(ranked.sum_from(rank), from.sum::<i128>());
            }
        }
    }
}
