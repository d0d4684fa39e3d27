//! Securities' numbers put in order.

use std::cell::OnceCell;

use fupan_market::Symbol;

use crate::cell::{Cell, Mark};
use crate::scope::Segment;
use crate::shape::Number;

/// The numbers that securities are put in order by, part of the market by part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    /// Returns of `Priced`, smallest first.
    returns: [Vec<i64>; Segment::COUNT],
    /// Turnover of `Traded`, smallest first.
    turnovers: [Vec<i64>; Segment::COUNT],
    /// The returns of `SizeKnown`, smallest total capitalisation first, then by symbol.
    by_size: Vec<(Segment, i64)>,
}

impl Columns {
    /// The numbers of cells.
    pub(crate) fn of(cells: &[Cell]) -> Columns {
        let mut columns = Columns::default();
        for cell in cells {
            if let Some(ret) = number(cell, Number::Return) {
                columns.returns[cell.segment.place()].push(ret);
            }
            if let Some(turnover) = number(cell, Number::Turnover) {
                columns.turnovers[cell.segment.place()].push(turnover);
            }
        }
        let parts = columns.returns.iter_mut().chain(&mut columns.turnovers);
        parts.for_each(|part| part.sort_unstable());
        let sized = cells.iter().filter(|cell| cell.marks.has(Mark::SizeKnown));
        let mut sizes: Vec<(i128, Symbol, Segment, i64)> =
            sized.map(|cell| (cell.total_cap, cell.symbol, cell.segment, cell.ret)).collect();
        sizes.sort_unstable();
        columns.by_size = sizes.into_iter().map(|(.., segment, ret)| (segment, ret)).collect();
        columns
    }
}

/// A cell's number, where it has one.
#[inline]
fn number(cell: &Cell, number: Number) -> Option<i64> {
    match number {
        Number::Return => cell.marks.has(Mark::Priced).then_some(cell.ret),
        Number::Turnover => cell.marks.has(Mark::Traded).then_some(cell.turnover),
    }
}

/// The numbers of a market that moves, in an order that is mended from one reading to the next: in
/// some seconds few securities overtake others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    columns: Columns,
    returns: Numbers,
    turnovers: Numbers,
    sized: Vec<Option<Segment>>,
    /// By segment: places with their numbers.
    in_order: [[Vec<(i64, u32)>; Segment::COUNT]; 2],
}

/// By place: who has a number, in which segment, and the number.
#[derive(Clone, Debug, Default)]
struct Numbers {
    segments: Vec<Option<Segment>>,
    numbers: Vec<i64>,
    counts: [usize; Segment::COUNT],
}

impl Numbers {
    fn clear(&mut self) {
        self.segments.clear();
        self.numbers.clear();
        self.counts = [0; Segment::COUNT];
    }

    #[inline]
    fn push(&mut self, segment: Segment, number: Option<i64>) {
        self.counts[segment.place()] += usize::from(number.is_some());
        self.segments.push(number.map(|_| segment));
        self.numbers.push(number.unwrap_or(0));
    }

    fn push_none(&mut self) {
        self.segments.push(None);
        self.numbers.push(0);
    }
}

impl Standing {
    /// The numbers of cells by place; `by_size` are places in order of size.
    pub(crate) fn of<'a>(
        &mut self,
        cells: impl Iterator<Item = Option<&'a Cell>>,
        by_size: &[u32],
    ) -> &Columns {
        let Standing { columns, returns, turnovers, sized, in_order } = self;
        returns.clear();
        turnovers.clear();
        sized.clear();
        for cell in cells {
            let Some(cell) = cell else {
                returns.push_none();
                turnovers.push_none();
                sized.push(None);
                continue;
            };
            returns.push(cell.segment, number(cell, Number::Return));
            turnovers.push(cell.segment, number(cell, Number::Turnover));
            sized.push(cell.marks.has(Mark::SizeKnown).then_some(cell.segment));
        }
        let sized = |place: &u32| {
            let place = *place as usize;
            sized[place].map(|segment| (segment, returns.numbers[place]))
        };
        columns.by_size.clear();
        columns.by_size.extend(by_size.iter().filter_map(sized));
        let [by_return, by_turnover] = in_order;
        for place in 0..Segment::COUNT {
            mend(&mut by_return[place], place, returns, &mut columns.returns[place]);
            mend(&mut by_turnover[place], place, turnovers, &mut columns.turnovers[place]);
        }
        columns
    }
}

/// Brings the places of a segment, of which the numbers have moved, into order again.
fn mend(order: &mut Vec<(i64, u32)>, segment: usize, now: &Numbers, column: &mut Vec<i64>) {
    let is_in = |place: u32| {
        now.segments[place as usize].is_some_and(|segment_now| segment_now.place() == segment)
    };
    let mut left = false;
    for (number, place) in order.iter_mut() {
        *number = now.numbers[*place as usize];
        left |= !is_in(*place);
    }
    // Where nobody left and as many are there as before, they are the same.
    if left || order.len() != now.counts[segment] {
        let places = (0..now.numbers.len() as u32).filter(|place| is_in(*place));
        order.clear();
        order.extend(places.map(|place| (now.numbers[place as usize], place)));
    }
    sort_nearly_sorted(order);
    column.clear();
    column.extend(order.iter().map(|(number, _)| *number));
}

/// Sorts by insertion, which is fast where few numbers have moved, and otherwise gives up early.
fn sort_nearly_sorted(numbers: &mut [(i64, u32)]) {
    let mut steps_left = 6 * numbers.len();
    for from in 1..numbers.len() {
        let moving = numbers[from];
        let mut to = from;
        while to > 0 && numbers[to - 1] > moving {
            numbers[to] = numbers[to - 1];
            to -= 1;
        }
        numbers[to] = moving;
        match steps_left.checked_sub(from - to) {
            Some(left) => steps_left = left,
            None => return numbers.sort_unstable(),
        }
    }
}

/// The numbers of one scope.
pub(crate) struct Ordered<'a> {
    columns: &'a Columns,
    /// Which segments are in the scope.
    held: [bool; Segment::COUNT],
    by_size: OnceCell<Vec<i64>>,
}

impl<'a> Ordered<'a> {
    pub(crate) fn new(columns: &'a Columns, held: [bool; Segment::COUNT]) -> Ordered<'a> {
        Ordered { columns, held, by_size: OnceCell::new() }
    }

    /// The numbers of the securities that have one.
    pub(crate) fn numbers(&self, number: Number) -> Ranked<'a> {
        let parts = match number {
            Number::Return => &self.columns.returns,
            Number::Turnover => &self.columns.turnovers,
        };
        let mut held = [&[] as &[i64]; Segment::COUNT];
        for (place, part) in parts.iter().enumerate().filter(|(place, _)| self.held[*place]) {
            held[place] = part;
        }
        Ranked { parts: held }
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

/// Numbers in some parts, each in order, and their ranks among all.
pub(crate) struct Ranked<'a> {
    parts: [&'a [i64]; Segment::COUNT],
}

impl Ranked<'_> {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// The number of a rank, the smallest having rank zero.
    pub(crate) fn at(&self, rank: usize) -> Option<i64> {
        let split = self.split(rank);
        self.parts.iter().zip(split).filter_map(|(part, from)| part.get(from).copied()).min()
    }

    /// The sum of the numbers from a rank on.
    pub(crate) fn sum_from(&self, rank: usize) -> i128 {
        let parts = self.parts.iter().zip(self.split(rank));
        parts.flat_map(|(part, from)| &part[from..]).copied().map(i128::from).sum()
    }

    /// How many of each part are among so many smallest of all.
    fn split(&self, rank: usize) -> [usize; Segment::COUNT] {
        let count = self.count();
        let mut split = self.parts.map(<[i64]>::len);
        if rank >= count {
            return split;
        }
        let below = |number: i64| self.parts.map(|part| part.partition_point(|n| *n < number));
        // A part is much like the whole, so that its number of like rank is near; the largest is
        // most like it.
        let Some(largest) = self.parts.iter().max_by_key(|part| part.len()) else { return split };
        let like = |rank: usize| largest[(rank * largest.len() / count).min(largest.len() - 1)];
        let mut aim = rank;
        for _ in 0..4 {
            split = below(like(aim));
            let found: usize = split.iter().sum();
            if found.abs_diff(rank) < 16 {
                break;
            }
            aim = (aim + rank).saturating_sub(found).min(count - 1);
        }
        let mut found: usize = split.iter().sum();
        while found < rank {
            let next = |place: &usize| self.parts[*place].get(split[*place]);
            let heads = (0..Segment::COUNT).filter(|place| next(place).is_some());
            let Some(place) = heads.min_by_key(next) else { break };
            split[place] += 1;
            found += 1;
        }
        while found > rank {
            let last = |place: &usize| self.parts[*place].get(split[*place].wrapping_sub(1));
            let tails = (0..Segment::COUNT).filter(|place| last(place).is_some());
            let Some(place) = tails.max_by_key(last) else { break };
            split[place] -= 1;
            found -= 1;
        }
        split
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_those_of_sorting(
            parts in prop::collection::vec(prop::collection::vec(-40_i64..40, 0..60), 10),
            far in prop::collection::vec(1_000_i64..9_000, 0..60),
        ) {
            let mut parts = parts;
            parts[3].extend(far);
            parts.iter_mut().for_each(|part| part.sort_unstable());
            let mut sorted = parts.concat();
            sorted.sort_unstable();
            let ranked = Ranked { parts: std::array::from_fn(|place| parts[place].as_slice()) };
            prop_assert_eq!(ranked.count(), sorted.len());
            for rank in 0..sorted.len() + 2 {
                prop_assert_eq!(ranked.at(rank), sorted.get(rank).copied());
                let from = sorted.iter().skip(rank).map(|number| i128::from(*number));
                prop_assert_eq!(ranked.sum_from(rank), from.sum::<i128>());
            }
        }

        /// Whoever comes, goes, moves or changes segment, mending gives what sorting gives.
        #[test]
        fn mending_is_sorting(
            readings in prop::collection::vec(
                prop::collection::vec(prop::option::weighted(0.8, (0_u8..3, 0_i64..50)), 24), 1..6,
            ),
        ) {
            let segments: Vec<Segment> = Segment::all().collect();
            let mut in_order = <[Vec<(i64, u32)>; 3]>::default();
            for reading in readings {
                let mut now = Numbers::default();
                for place in &reading {
                    match place {
                        Some((of, number)) => now.push(segments[*of as usize], Some(*number)),
                        None => now.push_none(),
                    }
                }
                for (segment, order) in in_order.iter_mut().enumerate() {
                    let mut column = Vec::new();
                    mend(order, segment, &now, &mut column);
                    let held = reading.iter().flatten().filter(|(of, _)| *of as usize == segment);
                    let mut sorted: Vec<i64> = held.map(|(_, number)| *number).collect();
                    sorted.sort_unstable();
                    prop_assert_eq!(column, sorted);
                }
            }
        }
    }
}
