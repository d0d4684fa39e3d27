//! Securities' numbers, sorted.

use std::cell::OnceCell;

use fupan_market::Symbol;

use crate::total::cell::{Cell, Mark, Sum};
use crate::total::segment::Segment;

/// The numbers that securities are sorted by, with their segments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    /// Returns of `Priced`, smallest first.
    returns: [Vec<i64>; Segment::COUNT],
    /// Turnover of `Traded`, smallest first.
    turnovers: [Vec<i64>; Segment::COUNT],
    /// Last prices of `Traded`, smallest first.
    prices: [Vec<i64>; Segment::COUNT],
    /// The returns of `SizeKnown`, smallest total capitalisation first, then by symbol.
    by_size: Vec<i64>,
    /// The segments of the same.
    by_size_in: Vec<Segment>,
}

impl Columns {
    /// The columns of some cells.
    pub(crate) fn of(cells: &[Cell]) -> Columns {
        let mut columns = Columns::default();
        for cell in cells {
            if cell.marks.has(Mark::Priced) {
                columns.returns[cell.segment.place()].push(cell.ret);
            }
            if cell.marks.has(Mark::Traded) {
                columns.turnovers[cell.segment.place()].push(cell.turnover);
                columns.prices[cell.segment.place()].push(cell.price);
            }
        }
        let Columns { returns, turnovers, prices, .. } = &mut columns;
        let parts = returns.iter_mut().chain(turnovers).chain(prices);
        parts.for_each(|part| part.sort_unstable());
        let sized = cells.iter().filter(|cell| cell.marks.has(Mark::SizeKnown));
        let mut sizes: Vec<(i128, Symbol, Segment, i64)> =
            sized.map(|cell| (cell.total_cap, cell.symbol, cell.segment, cell.ret)).collect();
        sizes.sort_unstable();
        for (.., segment, ret) in sizes {
            columns.by_size.push(ret);
            columns.by_size_in.push(segment);
        }
        columns
    }
}

/// Sorted columns of a live market, re-sorted incrementally: consecutive readings differ little.
#[derive(Clone, Debug, Default)]
pub(crate) struct SortedColumns {
    columns: Columns,
    returns: Numbers,
    turnovers: Numbers,
    prices: Numbers,
    /// Places in order of size.
    by_size: Vec<u32>,
    /// By place: the segment, if the size is known.
    sized: Vec<Option<Segment>>,
    /// Places with a known size, in order of size; `None` if they must be recomputed.
    sized_places: Option<Vec<u32>>,
}

/// Some numbers by place, and the places in order of their numbers.
#[derive(Clone, Debug, Default)]
struct Numbers {
    now: Vec<i64>,
    /// By place: the segment, if there is a number.
    segments: Vec<Option<Segment>>,
    /// By segment: places sorted by their numbers at the last reading, with those numbers; `None`
    /// if a place has joined or left since.
    in_order: [Option<Vec<(i64, u32)>>; Segment::COUNT],
    /// Working space.
    moved: Vec<(i64, u32)>,
}

impl Numbers {
    fn renew(&mut self, place: usize, number: Option<(Segment, i64)>) {
        let segment = number.map(|(segment, _)| segment);
        let known = std::mem::replace(&mut self.segments[place], segment);
        if known != segment {
            for changed in [known, segment].into_iter().flatten() {
                self.in_order[changed.place()] = None;
            }
        }
        self.now[place] = number.map_or(0, |(_, number)| number);
    }

    /// Re-sorts all segments after numbers have changed, and writes the columns.
    fn mend(&mut self, columns: &mut [Vec<i64>; Segment::COUNT]) {
        let Numbers { now, segments, in_order, moved } = self;
        for ((segment, order), column) in Segment::all().zip(in_order).zip(columns) {
            let order = match order {
                Some(order) => {
                    mend(order, now, moved);
                    order
                }
                None => {
                    let held = (0..).zip(&*segments).filter(|(_, held)| **held == Some(segment));
                    let held = held.map(|(place, _)| (now[place as usize], place));
                    let mut held: Vec<(i64, u32)> = held.collect();
                    held.sort_unstable_by_key(|(number, _)| *number);
                    order.insert(held)
                }
            };
            column.clear();
            column.extend(order.iter().map(|(number, _)| *number));
        }
    }
}

impl SortedColumns {
    /// Columns without numbers; `by_size` holds all places in order of size.
    pub(crate) fn new(by_size: Vec<u32>) -> SortedColumns {
        let count = by_size.len();
        let none =
            || Numbers { now: vec![0; count], segments: vec![None; count], ..Numbers::default() };
        let (columns, sized) = (Columns::default(), vec![None; count]);
        let (returns, turnovers, prices) = (none(), none(), none());
        SortedColumns { columns, returns, turnovers, prices, by_size, sized, sized_places: None }
    }

    /// Sets the cell of the security at a place.
    pub(crate) fn renew(&mut self, place: usize, cell: Option<&Cell>) {
        let with = |mark: Mark| cell.filter(|cell| cell.marks.has(mark));
        self.returns.renew(place, with(Mark::Priced).map(|cell| (cell.segment, cell.ret)));
        let traded = with(Mark::Traded);
        self.turnovers.renew(place, traded.map(|cell| (cell.segment, cell.turnover)));
        self.prices.renew(place, traded.map(|cell| (cell.segment, cell.price)));
        let sized = with(Mark::SizeKnown).map(|cell| cell.segment);
        if std::mem::replace(&mut self.sized[place], sized) != sized {
            self.sized_places = None;
        }
    }

    /// Updates the numbers of the security at a place; its marks have not changed.
    #[inline]
    pub(crate) fn shift(&mut self, place: usize, cell: &Cell) {
        self.returns.now[place] = cell.ret;
        self.turnovers.now[place] = cell.turnover;
        self.prices.now[place] = cell.price;
    }

    /// Re-sorts the columns and returns them.
    pub(crate) fn columns(&mut self) -> &Columns {
        let SortedColumns { columns, returns, turnovers, prices, by_size, sized, sized_places } =
            self;
        returns.mend(&mut columns.returns);
        turnovers.mend(&mut columns.turnovers);
        prices.mend(&mut columns.prices);
        let places = sized_places.get_or_insert_with(|| {
            let held = |place: &u32| sized[*place as usize].map(|segment| (*place, segment));
            let (places, segments) = by_size.iter().filter_map(held).unzip();
            columns.by_size_in = segments;
            places
        });
        columns.by_size.clear();
        columns.by_size.extend(places.iter().map(|place| returns.now[*place as usize]));
        columns
    }
}

/// Re-sorts places by their current numbers; `order` holds the numbers at the last reading.
fn mend(order: &mut [(i64, u32)], now: &[i64], moved: &mut Vec<(i64, u32)>) {
    let count = order.len();
    let has_moved = |(number, place): &&(i64, u32)| now[*place as usize] != *number;
    if 3 * order.iter().filter(has_moved).count() > count {
        order.iter_mut().for_each(|(number, place)| *number = now[*place as usize]);
        return sort_nearly_sorted(order);
    }
    // Places that did not move are still in order. Those that moved are sorted, then merged in.
    // Both are picked without branches.
    moved.resize(count, (0, 0));
    let (mut stay, mut go) = (0, 0);
    for at in 0..count {
        let (number, place) = order[at];
        let new = now[place as usize];
        // `stay` and `go` never exceed `at`; `min` makes that known to the compiler.
        order[stay.min(at)] = (number, place);
        moved[go.min(at)] = (new, place);
        stay += usize::from(new == number);
        go += usize::from(new != number);
    }
    moved.truncate(go);
    moved.sort_unstable_by_key(|(number, _)| *number);
    for at in (0..count).rev() {
        let Some(last) = go.checked_sub(1) else { break };
        let goes = stay == 0 || moved[last].0 >= order[stay - 1].0;
        order[at] = if goes { moved[last] } else { order[stay - 1] };
        go -= usize::from(goes);
        stay -= usize::from(!goes);
    }
}

/// Insertion sort: fast if few numbers have moved. Beyond a number of steps it falls back to a full
/// sort.
fn sort_nearly_sorted(numbers: &mut [(i64, u32)]) {
    let mut steps_left = 6 * numbers.len();
    for from in 1..numbers.len() {
        let moving = numbers[from];
        let mut to = from;
        while to > 0 && numbers[to - 1].0 > moving.0 {
            numbers[to] = numbers[to - 1];
            to -= 1;
        }
        numbers[to] = moving;
        match steps_left.checked_sub(from - to) {
            Some(left) => steps_left = left,
            None => return numbers.sort_unstable_by_key(|(number, _)| *number),
        }
    }
}

/// The sorted numbers of one scope.
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

    /// The sorted numbers of one kind.
    pub(crate) fn numbers(&self, number: Number) -> Ranked<'a> {
        let parts = match number {
            Number::Return => &self.columns.returns,
            Number::Turnover => &self.columns.turnovers,
            Number::Price => &self.columns.prices,
        };
        let mut held = [&[] as &[i64]; Segment::COUNT];
        for (place, part) in parts.iter().enumerate().filter(|(place, _)| self.held[*place]) {
            held[place] = part;
        }
        Ranked { parts: held }
    }

    /// Returns by total capitalisation, smallest first.
    pub(crate) fn by_size(&self) -> &[i64] {
        let Columns { by_size, by_size_in, .. } = self.columns;
        if self.held.iter().all(|held| *held) {
            return by_size;
        }
        self.by_size.get_or_init(|| {
            let held = by_size.iter().zip(by_size_in);
            let held = held.filter(|(_, segment)| self.held[segment.place()]);
            held.map(|(ret, _)| *ret).collect()
        })
    }
}

/// Sorted parts, and ranks over all of them together.
pub(crate) struct Ranked<'a> {
    parts: [&'a [i64]; Segment::COUNT],
}

impl Ranked<'_> {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// The number with a rank; the smallest has rank zero.
    pub(crate) fn at(&self, rank: usize) -> Option<i64> {
        let split = self.split(rank);
        self.parts.iter().zip(split).filter_map(|(part, from)| part.get(from).copied()).min()
    }

    /// The sum of the numbers from a rank on.
    pub(crate) fn sum_from(&self, rank: usize) -> i128 {
        let parts = self.parts.iter().zip(self.split(rank));
        parts.flat_map(|(part, from)| &part[from..]).copied().map(i128::from).sum()
    }

    /// How many numbers of each part are among the `rank` smallest of all.
    fn split(&self, rank: usize) -> [usize; Segment::COUNT] {
        let count = self.count();
        let mut split = self.parts.map(<[i64]>::len);
        if rank >= count {
            return split;
        }
        let below = |number: i64| self.parts.map(|part| part.partition_point(|n| *n < number));
        // The parts are distributed alike, so a part's number at the same relative rank is a good
        // guess; the largest part is most like the whole.
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

/// A number that securities are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Returns of `Priced`.
    Return,
    /// Turnover of `Traded`.
    Turnover,
    /// Last prices of `Traded`.
    Price,
}

impl Number {
    /// The sum of these numbers.
    pub(crate) fn sum(self) -> Sum {
        match self {
            Number::Return => Sum::Return,
            Number::Turnover => Sum::Turnover,
            Number::Price => Sum::Price,
        }
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

        /// However places join, leave, move or change segment, few or most at a time, re-sorting
        /// equals sorting.
        #[test]
        fn mending_is_sorting(
            readings in prop::collection::vec(
                prop_oneof![changes(0.1), changes(0.3), changes(0.95)],
                1..12,
            ),
        ) {
            let segments: Vec<Segment> = Segment::all().collect();
            let (now, none) = (vec![0; PLACES], vec![None; PLACES]);
            let mut numbers = Numbers { now, segments: none, ..Numbers::default() };
            let mut held = [None; PLACES];
            for reading in readings {
                for (place, change) in reading.into_iter().enumerate() {
                    match (change, held[place]) {
                        (None, _) => continue,
                        // Most change their number and keep their segment.
                        (Some((5.., _, number)), Some((of, _))) => held[place] = Some((of, number)),
                        (Some((4, ..)), _) => held[place] = None,
                        (Some((_, of, number)), _) => held[place] = Some((of, number)),
                    }
                    let number = held[place].map(|(of, number)| (segments[of], number));
                    numbers.renew(place, number);
                }
                let mut columns = <[Vec<i64>; Segment::COUNT]>::default();
                numbers.mend(&mut columns);
                for (segment, column) in columns.iter().enumerate() {
                    let held = held.iter().flatten().filter(|(of, _)| *of == segment);
                    let mut sorted: Vec<i64> = held.map(|(_, number)| *number).collect();
                    sorted.sort_unstable();
                    prop_assert_eq!(column, &sorted);
                }
            }
        }
    }

    const PLACES: usize = 48;

    /// Changes by place, each present with probability `any`: a kind, a segment, a number.
    fn changes(any: f64) -> impl Strategy<Value = Vec<Option<(u8, usize, i64)>>> {
        let change = (0_u8..64, 0_usize..3, 0_i64..50);
        prop::collection::vec(prop::option::weighted(any, change), PLACES)
    }
}
