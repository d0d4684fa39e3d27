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
    returns: Vec<Place>,
    turnovers: Vec<Place>,
    sizes: Vec<Option<(Segment, i64)>>,
    /// By segment: places with their numbers.
    in_order: [[Vec<(i64, u32)>; Segment::COUNT]; 2],
}

/// The segment and the number of the security at a place, where it has one.
type Place = Option<(Segment, i64)>;

impl Standing {
    /// The numbers of cells by place; `by_size` are places in order of size.
    pub(crate) fn of<'a>(
        &mut self,
        cells: impl Iterator<Item = Option<&'a Cell>>,
        by_size: &[u32],
    ) -> &Columns {
        let Standing { columns, returns, turnovers, sizes, in_order } = self;
        [&mut *returns, &mut *turnovers, &mut *sizes].into_iter().for_each(Vec::clear);
        for cell in cells {
            let of = |of| cell.and_then(|cell| Some((cell.segment, number(cell, of)?)));
            returns.push(of(Number::Return));
            turnovers.push(of(Number::Turnover));
            let sized = cell.filter(|cell| cell.marks.has(Mark::SizeKnown));
            sizes.push(sized.map(|cell| (cell.segment, cell.ret)));
        }
        columns.by_size.clear();
        columns.by_size.extend(by_size.iter().filter_map(|place| sizes[*place as usize]));
        let [by_return, by_turnover] = in_order;
        mend(by_return, returns, &mut columns.returns);
        mend(by_turnover, turnovers, &mut columns.turnovers);
        columns
    }
}

/// Brings places of which the numbers have moved into order again.
fn mend(
    in_order: &mut [Vec<(i64, u32)>; Segment::COUNT],
    places: &[Place],
    columns: &mut [Vec<i64>; Segment::COUNT],
) {
    let mut counts = [0_usize; Segment::COUNT];
    places.iter().flatten().for_each(|(segment, _)| counts[segment.place()] += 1);
    for (of, (order, column)) in in_order.iter_mut().zip(columns).enumerate() {
        let now = |place: u32| {
            let (segment, number) = places[place as usize]?;
            (segment.place() == of).then_some((number, place))
        };
        order.retain_mut(|known| match now(known.1) {
            Some(moved) => {
                *known = moved;
                true
            }
            None => false,
        });
        // Who stays is still there; where others have come too, all are looked for.
        if order.len() < counts[of] {
            order.clear();
            order.extend((0..places.len() as u32).filter_map(now));
        }
        sort_nearly_sorted(order);
        column.clear();
        column.extend(order.iter().map(|(number, _)| *number));
    }
}

/// Sorts by insertion, which is fast where few numbers have moved, and otherwise gives up early.
fn sort_nearly_sorted(numbers: &mut [(i64, u32)]) {
    let mut steps_left = 16 * numbers.len();
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
            let mut in_order = <[Vec<(i64, u32)>; Segment::COUNT]>::default();
            let mut columns = <[Vec<i64>; Segment::COUNT]>::default();
            for reading in readings {
                let place = |at: &Option<(u8, i64)>| at.map(|(of, n)| (segments[of as usize], n));
                let places: Vec<Place> = reading.iter().map(place).collect();
                mend(&mut in_order, &places, &mut columns);
                for (segment, column) in segments.iter().zip(&columns) {
                    let held = places.iter().flatten().filter(|(of, _)| of == segment);
                    let mut sorted: Vec<i64> = held.map(|(_, number)| *number).collect();
                    sorted.sort_unstable();
                    prop_assert_eq!(column, &sorted);
                }
            }
        }
    }
}
