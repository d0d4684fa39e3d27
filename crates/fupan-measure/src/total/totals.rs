//! Totals: what securities' cells add up to.
//!
//! Totals form a commutative group: `remove` undoes `insert`, order does not matter, and `merge`
//! equals inserting everything into one. Therefore batch, live, replayed, historical and
//! distributed figures are equal to the last digit. All totals are integers.

use std::collections::BTreeMap;

use fupan_market::SecurityDay;

use crate::total::cell::{Cell, Mark, Sum};
use crate::total::segment::Segment;

/// The totals of the cells of one segment, or of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartTotals {
    counts: [u32; Mark::ALL.len()],
    sums: [i128; Sum::COUNT],
    /// Sealed securities by streak.
    ladder: BTreeMap<u16, u32>,
    /// Sealed securities of unknown streak, by its lower bound.
    open_ladder: BTreeMap<u16, u32>,
    /// By the streak of the previous session: how many are sealed again, and how many there are.
    promotions: BTreeMap<u16, [u32; 2]>,
    /// The same for unknown streaks, by lower bound.
    open_promotions: BTreeMap<u16, [u32; 2]>,
}

impl Default for PartTotals {
    fn default() -> PartTotals {
        PartTotals {
            counts: [0; Mark::ALL.len()],
            sums: [0; Sum::COUNT],
            ladder: BTreeMap::new(),
            open_ladder: BTreeMap::new(),
            promotions: BTreeMap::new(),
            open_promotions: BTreeMap::new(),
        }
    }
}

impl PartTotals {
    /// How many securities carry a mark.
    pub fn count(&self, mark: Mark) -> u64 {
        u64::from(self.counts[mark as usize])
    }

    /// The value of a sum.
    pub fn sum(&self, sum: Sum) -> i128 {
        self.sums[sum as usize]
    }

    /// How many sealed securities have a streak, shortest streak first.
    pub fn ladder(&self) -> impl DoubleEndedIterator<Item = (u16, u32)> + '_ {
        self.ladder.iter().map(|(streak, count)| (*streak, *count))
    }

    /// How many sealed securities have an unknown streak, by its lower bound, lowest first.
    pub fn open_ladder(&self) -> impl DoubleEndedIterator<Item = (u16, u32)> + '_ {
        self.open_ladder.iter().map(|(streak, count)| (*streak, *count))
    }

    /// [`PartTotals::promotions`] of unknown streaks, by lower bound.
    pub fn open_promotions(&self) -> impl Iterator<Item = (u16, [u32; 2])> + '_ {
        self.open_promotions.iter().map(|(streak, counts)| (*streak, *counts))
    }

    /// For each streak of the previous session: how many are sealed again, and how many there are.
    pub fn promotions(&self) -> impl Iterator<Item = (u16, [u32; 2])> + '_ {
        self.promotions.iter().map(|(streak, counts)| (*streak, *counts))
    }

    #[inline]
    pub(crate) fn insert(&mut self, cell: &Cell) {
        let mut bits = cell.marks.bits();
        while bits != 0 {
            self.counts[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
        for (sum, number) in self.sums.iter_mut().zip(cell.numbers()) {
            *sum += number;
        }
        self.step(cell, 1);
    }

    #[inline]
    fn remove(&mut self, cell: &Cell) {
        let mut bits = cell.marks.bits();
        while bits != 0 {
            self.counts[bits.trailing_zeros() as usize] -= 1;
            bits &= bits - 1;
        }
        for (sum, number) in self.sums.iter_mut().zip(cell.numbers()) {
            *sum -= number;
        }
        self.step(cell, -1);
    }

    /// Same as `remove` of one cell and `insert` of another of the same segment, but touches only
    /// what differs.
    #[inline]
    fn replace(&mut self, old: &Cell, new: &Cell) {
        let mut bits = old.marks.bits() ^ new.marks.bits();
        while bits != 0 {
            let place = bits.trailing_zeros();
            let more = new.marks.bits() >> place & 1 == 1;
            let count = &mut self.counts[place as usize];
            *count = if more { *count + 1 } else { *count - 1 };
            bits &= bits - 1;
        }
        let numbers = old.numbers().into_iter().zip(new.numbers());
        for (sum, (old, new)) in self.sums.iter_mut().zip(numbers) {
            *sum += new - old;
        }
        let steps = |cell: &Cell| (cell.streak, cell.streak_at_least, promotion_of(cell));
        if steps(old) != steps(new) {
            self.step(old, -1);
            self.step(new, 1);
        }
    }

    /// Same as `replace` with a cell that has the same marks and new numbers.
    #[inline]
    fn shift(&mut self, cell: &Cell, new: &Shifted) {
        let Shifted { ret, turnover, volume, price } = *new;
        let mut add = |sum: Sum, number: i128| self.sums[sum as usize] += number;
        if volume != cell.volume {
            let more = i128::from(volume) - i128::from(cell.volume);
            if cell.marks.has(Mark::Up) {
                add(Sum::VolumeUp, more);
            } else if cell.marks.has(Mark::Down) {
                add(Sum::VolumeDown, more);
            }
        }
        if turnover != cell.turnover {
            let (new, old) = (i128::from(turnover), i128::from(cell.turnover));
            add(Sum::Turnover, new - old);
            add(Sum::TurnoverSquared, new * new - old * old);
            if cell.marks.has(Mark::TenBillionTraded) {
                add(Sum::TenBillionTurnover, new - old);
            }
        }
        if price != cell.price {
            add(Sum::Price, i128::from(price) - i128::from(cell.price));
        }
        if ret != cell.ret {
            let (new, old) = (i128::from(ret), i128::from(cell.ret));
            add(Sum::Return, new - old);
            add(Sum::ReturnSquared, new * new - old * old);
            add(Sum::ReturnByCap, (new - old) * cell.float_cap);
            if cell.marks.has(Mark::FollowKnown) {
                add(Sum::FollowReturn, new - old);
            }
        }
    }

    /// Adds a cell to the ladder and the promotions, `by` times.
    #[inline]
    fn step(&mut self, cell: &Cell, by: i32) {
        climb(&mut self.ladder, cell.streak, by);
        climb(&mut self.open_ladder, cell.streak_at_least, by);
        if let Some((of, sealed)) = promotion_of(cell) {
            let (promotions, streak) = match of {
                Prior::Known(streak) => (&mut self.promotions, streak),
                Prior::AtLeast(streak) => (&mut self.open_promotions, streak),
            };
            let [again, all] = promotions.entry(streak).or_default();
            *again = again.wrapping_add_signed(by * i32::from(sealed));
            *all = all.wrapping_add_signed(by);
            if *all == 0 {
                promotions.remove(&streak);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &PartTotals) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine += theirs;
        }
        for (mine, theirs) in self.sums.iter_mut().zip(other.sums) {
            *mine += theirs;
        }
        for (mine, theirs) in
            [(&mut self.ladder, &other.ladder), (&mut self.open_ladder, &other.open_ladder)]
        {
            for (streak, count) in theirs {
                *mine.entry(*streak).or_default() += count;
            }
        }
        for (mine, theirs) in [
            (&mut self.promotions, &other.promotions),
            (&mut self.open_promotions, &other.open_promotions),
        ] {
            for (streak, [again, all]) in theirs {
                let mine = mine.entry(*streak).or_default();
                *mine = [mine[0] + again, mine[1] + all];
            }
        }
    }
}

/// Adds `by` to the count of a rung; a streak of zero is no rung.
#[inline]
fn climb(ladder: &mut BTreeMap<u16, u32>, streak: u16, by: i32) {
    if streak > 0 {
        let count = ladder.entry(streak).or_default();
        *count = count.wrapping_add_signed(by);
        // Remove empty rungs, so that equal contents compare equal.
        if *count == 0 {
            ladder.remove(&streak);
        }
    }
}

/// The numbers of a cell that trading changes while its marks stay; see [`Cell`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shifted {
    pub(crate) ret: i64,
    pub(crate) turnover: i64,
    pub(crate) volume: u64,
    pub(crate) price: i64,
}

impl Shifted {
    /// Whether a cell has these numbers.
    #[inline]
    pub(crate) fn is_of(&self, cell: &Cell) -> bool {
        let Shifted { ret, turnover, volume, price } = *self;
        (ret, turnover, volume, price) == (cell.ret, cell.turnover, cell.volume, cell.price)
    }
}

/// The streak of the previous session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prior {
    Known(u16),
    AtLeast(u16),
}

/// A cell's streak in the previous session, and whether it is sealed again.
#[inline]
fn promotion_of(cell: &Cell) -> Option<(Prior, bool)> {
    let known = cell.marks.has(Mark::PromotionKnown);
    let prior = match cell.prior_at_least {
        0 => Prior::Known(cell.prior_streak),
        at_least => Prior::AtLeast(at_least),
    };
    known.then(|| (prior, cell.marks.has(Mark::SealedUp)))
}

/// The totals of a session, by segment. A scope's totals are those of its segments, merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    parts: [PartTotals; Segment::COUNT],
}

impl Totals {
    /// The totals of cells.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Totals {
        let mut totals = Totals::default();
        cells.into_iter().for_each(|cell| totals.insert(cell));
        totals
    }

    /// The totals of days.
    pub fn of_days(days: &[SecurityDay]) -> Totals {
        let mut totals = Totals::default();
        days.iter().for_each(|day| totals.insert(&Cell::of(day)));
        totals
    }

    /// Adds one security's cell.
    #[inline]
    pub fn insert(&mut self, cell: &Cell) {
        self.parts[cell.segment.place()].insert(cell);
    }

    /// Removes one security's cell, which must be the same as when it was inserted.
    #[inline]
    pub fn remove(&mut self, cell: &Cell) {
        self.parts[cell.segment.place()].remove(cell);
    }

    /// Replaces one cell by another.
    #[inline]
    pub fn replace(&mut self, old: &Cell, new: &Cell) {
        if old.segment == new.segment {
            self.parts[new.segment.place()].replace(old, new);
        } else {
            self.remove(old);
            self.insert(new);
        }
    }

    /// Replaces a cell's numbers; its marks stay.
    #[inline]
    pub(crate) fn shift(&mut self, cell: &mut Cell, new: &Shifted) {
        self.parts[cell.segment.place()].shift(cell, new);
        let Shifted { ret, turnover, volume, price } = *new;
        (cell.ret, cell.turnover, cell.volume, cell.price) = (ret, turnover, volume, price);
    }

    /// Adds other totals.
    pub fn merge(&mut self, other: &Totals) {
        for (mine, theirs) in self.parts.iter_mut().zip(&other.parts) {
            mine.merge(theirs);
        }
    }

    /// The totals of one segment.
    pub fn part(&self, segment: Segment) -> &PartTotals {
        &self.parts[segment.place()]
    }
}
