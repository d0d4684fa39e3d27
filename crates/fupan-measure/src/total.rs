//! Totals: what securities' days add up to.
//!
//! A total is a commutative group. `remove` undoes `insert`, order does not matter, and `merge`
//! agrees with inserting everything into one. From these laws follow batch, live, replayed and
//! distributed figures that are equal to the last digit; every total is integers or sets of them.

use std::collections::{BTreeMap, BTreeSet};

use fupan_market::Symbol;

/// What securities' days add up to.
pub trait Total: Clone + Default + Eq {
    /// What one security contributes.
    type Cell;

    /// Puts one security's cell in.
    fn insert(&mut self, cell: &Self::Cell);

    /// Takes one security's cell out again; it must have been inserted.
    fn remove(&mut self, cell: &Self::Cell);

    /// Adds all that another total holds.
    fn merge(&mut self, other: &Self);
}

/// Up to four sums, and how many cells they hold. Counts, sums, shares, means, weighted means and
/// deviations are readings of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The sums.
    pub of: [i128; 4],
    /// How many cells were added.
    pub cells: u64,
}

impl Total for Sums {
    type Cell = [i128; 4];

    fn insert(&mut self, cell: &[i128; 4]) {
        for (sum, value) in self.of.iter_mut().zip(cell) {
            *sum += value;
        }
        self.cells += 1;
    }

    fn remove(&mut self, cell: &[i128; 4]) {
        for (sum, value) in self.of.iter_mut().zip(cell) {
            *sum -= value;
        }
        self.cells -= 1;
    }

    fn merge(&mut self, other: &Sums) {
        for (sum, value) in self.of.iter_mut().zip(other.of) {
            *sum += value;
        }
        self.cells += other.cells;
    }
}

/// A multiset of integers. Order statistics are read off it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multiset {
    counts: BTreeMap<i64, u32>,
    size: u64,
}

impl Multiset {
    /// How many values it holds.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The value at a rank, counted from zero at the smallest.
    pub fn at(&self, rank: u64) -> Option<i64> {
        let mut before = 0;
        self.counts.iter().find_map(|(value, count)| {
            before += u64::from(*count);
            (rank < before).then_some(*value)
        })
    }

    /// The largest value.
    pub fn largest(&self) -> Option<i64> {
        self.counts.last_key_value().map(|(value, _)| *value)
    }

    /// The sum of the `n` largest values.
    pub fn sum_of_largest(&self, n: u64) -> i128 {
        let (mut left, mut sum) = (n, 0);
        for (value, count) in self.counts.iter().rev() {
            let taken = left.min(u64::from(*count));
            sum += i128::from(*value) * i128::from(taken);
            left -= taken;
            if left == 0 {
                break;
            }
        }
        sum
    }
}

impl Total for Multiset {
    type Cell = i64;

    fn insert(&mut self, cell: &i64) {
        *self.counts.entry(*cell).or_default() += 1;
        self.size += 1;
    }

    fn remove(&mut self, cell: &i64) {
        take_out(&mut self.counts, cell, 1);
        self.size -= 1;
    }

    fn merge(&mut self, other: &Multiset) {
        for (value, count) in &other.counts {
            *self.counts.entry(*value).or_default() += count;
        }
        self.size += other.size;
    }
}

/// Takes `n` occurrences out; a value without occurrences leaves no trace, so that equal contents
/// are equal totals.
fn take_out(counts: &mut BTreeMap<i64, u32>, value: &i64, n: u32) {
    if let Some(count) = counts.get_mut(value) {
        *count -= n;
        if *count == 0 {
            counts.remove(value);
        }
    }
}

/// One pair of sums per class: a histogram, or a share per class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    of: BTreeMap<u16, Sums>,
}

impl Classes {
    /// The sums of a class; zero where nothing fell into it.
    pub fn of(&self, class: u16) -> Sums {
        self.of.get(&class).copied().unwrap_or_default()
    }

    /// Every class that holds something, smallest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u16, Sums)> + '_ {
        self.of.iter().map(|(class, sums)| (*class, *sums))
    }
}

impl Total for Classes {
    type Cell = (u16, [i128; 4]);

    fn insert(&mut self, (class, cell): &(u16, [i128; 4])) {
        self.of.entry(*class).or_default().insert(cell);
    }

    fn remove(&mut self, (class, cell): &(u16, [i128; 4])) {
        if let Some(sums) = self.of.get_mut(class) {
            sums.remove(cell);
            if sums.cells == 0 {
                self.of.remove(class);
            }
        }
    }

    fn merge(&mut self, other: &Classes) {
        for (class, sums) in &other.of {
            self.of.entry(*class).or_default().merge(sums);
        }
    }
}

/// Securities in the order of a size, each with a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranked {
    of: BTreeSet<RankedCell>,
}

/// One security of a [`Ranked`] total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RankedCell {
    /// What orders it.
    pub size: i128,
    /// Who it is; settles ties.
    pub symbol: Symbol,
    /// Its number.
    pub value: i64,
}

impl Ranked {
    /// How many securities it holds.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The numbers of the securities of the ranks `from..to`, smallest first.
    pub fn values(&self, from: usize, to: usize) -> impl Iterator<Item = i64> + '_ {
        self.of.iter().skip(from).take(to.saturating_sub(from)).map(|cell| cell.value)
    }
}

impl Total for Ranked {
    type Cell = RankedCell;

    fn insert(&mut self, cell: &RankedCell) {
        self.of.insert(*cell);
    }

    fn remove(&mut self, cell: &RankedCell) {
        self.of.remove(cell);
    }

    fn merge(&mut self, other: &Ranked) {
        self.of.extend(&other.of);
    }
}
