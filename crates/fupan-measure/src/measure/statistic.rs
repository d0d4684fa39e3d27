//! Statistics of measures: how a figure is read from totals.

use fupan_fact::{Unit, Value};

use crate::total::arithmetic::{deviation, div_half_away, percent_up};
use crate::total::cell::{Cell, Mark, Sum};
use crate::total::sorted::{Number, Ordered, Ranked};
use crate::total::totals::PartTotals;
use crate::total::value::{mostly_known, nobody, of_unit, share, unknown};

/// How a figure of a set of shares is computed from its totals.
#[derive(Clone, Copy, Debug)]
pub enum Statistic {
    /// How many of the population carry a mark.
    CountWhere(Mark),
    /// The share of the population that carries a mark.
    ShareWhere(Mark),
    /// A sum.
    SumOf(Sum),
    /// The first sum as a share of both together.
    ShareOf(Sum, Sum),
    /// A sum as a share of the same sum over all A-shares.
    ShareOfMarket(Sum),
    /// The arithmetic mean over the population.
    MeanOf(Sum),
    /// A sum of weighted values over the sum of the weights; unknown if weights are known for under
    /// nine tenths of the population.
    WeightedMeanOf(Sum, Sum),
    /// The population standard deviation, from the sum and the sum of squares.
    DeviationOf(Sum, Sum),
    /// A formula over totals.
    Formula(fn(&PartTotals) -> Value),
    /// The median: the mean of the two middle values if their number is even.
    MedianOf(Number),
    /// The smallest value with at least this percentage of the population at or below it.
    QuantileOf(Number, u64),
    /// The share of the whole held by the largest values; their number is this percentage of the
    /// population, rounded up.
    TopShareOf(Number, u64),
    /// The longest limit-up streak; zero if there is none, unknown if the streak of a sealed
    /// security is unknown.
    LongestStreak,
    /// How many members carry each of these named marks.
    CountPerClass(&'static [(&'static str, Mark)]),
    /// How many sealed securities have each streak, from 1 to the longest. Unknown from the lowest
    /// rung that a security of unknown streak may be on.
    Ladder,
    /// How many sealed securities have an unknown streak, by its lower bound.
    OpenLadder,
    /// The share sealed again, for each streak of the previous session and for all together.
    Promotion,
    /// The mean return of the smallest securities; unknown if sizes are known for under nine tenths
    /// of the population, or if the population is smaller.
    MeanOfSmallest(usize),
    /// The mean return of each tenth by size, smallest first; unknown as above.
    MeanPerTenth,
}

/// What a figure is read from.
pub(crate) struct View<'a> {
    pub(crate) totals: &'a PartTotals,
    /// The totals of all A-shares.
    pub(crate) market: &'a PartTotals,
    pub(crate) ordered: &'a Ordered<'a>,
    /// Members of the population that were judged, and members that could not be.
    pub(crate) judged: u64,
    pub(crate) unjudged: u64,
}

/// One figure read from totals: its parameter, its value, and its denominator if that is not the
/// judged population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) parameter: Option<String>,
    pub(crate) value: Value,
    pub(crate) judged: Option<u64>,
}

impl Statistic {
    /// The class of a cell among a count's members: `None` if it is no member, `Some(None)` if the
    /// count has no classes.
    pub(crate) fn member(&self, cell: &Cell) -> Option<Option<u16>> {
        match self {
            Statistic::CountWhere(mark) => cell.marks.has(*mark).then_some(None),
            Statistic::Ladder => (cell.streak > 0).then_some(Some(cell.streak)),
            Statistic::OpenLadder => {
                (cell.streak_at_least > 0).then_some(Some(cell.streak_at_least))
            }
            _ => None,
        }
    }

    /// Whether the figure is read from sorted securities.
    pub(crate) fn is_of_order(&self) -> bool {
        use Statistic::{MeanOfSmallest, MeanPerTenth, MedianOf, QuantileOf, TopShareOf};
        matches!(
            self,
            MedianOf(_) | QuantileOf(..) | TopShareOf(..) | MeanOfSmallest(_) | MeanPerTenth
        )
    }

    /// Emits the figures of a scope, in a unit.
    pub(crate) fn read(&self, view: &View<'_>, unit: Unit, mut emit: impl FnMut(Reading)) {
        match self {
            Statistic::CountPerClass(classes) => {
                let class = |(name, mark): &(&str, Mark)| {
                    count(name.to_string(), i128::from(view.totals.count(*mark)))
                };
                classes.iter().map(class).for_each(emit);
            }
            Statistic::Ladder => ladder(view.totals).for_each(emit),
            Statistic::OpenLadder => {
                let steps = view.totals.open_ladder();
                let step = |(step, n): (u16, u32)| Reading {
                    judged: Some(n.into()),
                    ..count(step.to_string(), n.into())
                };
                steps.map(step).for_each(emit);
            }
            Statistic::Promotion => promotion(view.totals).into_iter().for_each(emit),
            Statistic::MeanOfSmallest(wanted) => emit(smallest(view, *wanted, unit)),
            Statistic::MeanPerTenth => tenths(view, unit).for_each(emit),
            _ => {
                let value = self.value(view, unit);
                emit(Reading { parameter: None, value, judged: None });
            }
        }
    }

    fn value(&self, view: &View<'_>, unit: Unit) -> Value {
        let View { totals, market, ordered, judged, unjudged } = *view;
        let n = i128::from(judged);
        let sum = |sum: &Sum| totals.sum(*sum);
        let count = |mark: &Mark| i128::from(totals.count(*mark));
        let in_unit = |number: Option<i128>| number.map_or(nobody(), |n| of_unit(unit, n));
        match self {
            Statistic::CountWhere(mark) => of_unit(unit, count(mark)),
            Statistic::ShareWhere(mark) => share(count(mark), n),
            Statistic::SumOf(of) => of_unit(unit, sum(of)),
            Statistic::ShareOf(part, rest) => share(sum(part), sum(part) + sum(rest)),
            Statistic::ShareOfMarket(of) => share(sum(of), market.sum(*of)),
            Statistic::MeanOf(of) => in_unit(div_half_away(sum(of), n)),
            Statistic::WeightedMeanOf(..) if !mostly_known(judged, unjudged) => {
                unknown("no_share_capital")
            }
            Statistic::WeightedMeanOf(of, weights) => in_unit(div_half_away(sum(of), sum(weights))),
            Statistic::DeviationOf(of, squares) => in_unit(deviation(n, sum(of), sum(squares))),
            Statistic::Formula(read) => read(totals),
            Statistic::MedianOf(number) => in_unit(median(&ordered.numbers(*number))),
            Statistic::QuantileOf(number, percent) => {
                let numbers = ordered.numbers(*number);
                let rank = percent_up(numbers.count() as u64, *percent).max(1) - 1;
                in_unit(numbers.at(rank as usize).map(i128::from))
            }
            Statistic::TopShareOf(number, percent) => {
                let numbers = ordered.numbers(*number);
                let top = percent_up(numbers.count() as u64, *percent) as usize;
                share(numbers.sum_from(numbers.count() - top), totals.sum(number.sum()))
            }
            Statistic::LongestStreak if totals.open_ladder().next().is_some() => {
                unknown(STREAK_OPEN)
            }
            Statistic::LongestStreak => {
                of_unit(unit, totals.ladder().next_back().map_or(0, |(streak, _)| streak.into()))
            }
            Statistic::CountPerClass(_)
            | Statistic::Ladder
            | Statistic::OpenLadder
            | Statistic::Promotion
            | Statistic::MeanOfSmallest(_)
            | Statistic::MeanPerTenth => unreachable!("its figures have parameters; see `read`"),
        }
    }
}

fn count(parameter: String, count: i128) -> Reading {
    let value = of_unit(Unit::Securities, count);
    Reading { parameter: Some(parameter), value, judged: None }
}

fn median(numbers: &Ranked<'_>) -> Option<i128> {
    let n = numbers.count();
    let middle = |rank: usize| numbers.at(rank).map(i128::from);
    let high = middle(n / 2)?;
    let low = if n.is_multiple_of(2) { middle(n / 2 - 1)? } else { high };
    div_half_away(low + high, 2)
}

/// Why a figure of streaks is unknown: a streak may have begun before the known data.
pub(crate) const STREAK_OPEN: &str = "streak_may_be_longer";

/// The lowest of the rungs that are lower bounds of unknown streaks.
fn lowest_open(steps: impl Iterator<Item = u16>) -> u16 {
    steps.min().unwrap_or(u16::MAX)
}

fn ladder(totals: &PartTotals) -> impl Iterator<Item = Reading> {
    let highest = |last: Option<(u16, u32)>| last.map_or(0, |(streak, _)| streak);
    let longest =
        highest(totals.ladder().next_back()).max(highest(totals.open_ladder().next_back()));
    let open = lowest_open(totals.open_ladder().map(|(streak, _)| streak));
    let of = move |wanted: u16| {
        totals.ladder().find(|(streak, _)| *streak == wanted).map_or(0, |(_, count)| count.into())
    };
    (1..=longest).map(move |streak| match streak < open {
        true => count(streak.to_string(), of(streak)),
        false => Reading {
            parameter: Some(streak.to_string()),
            value: unknown(STREAK_OPEN),
            judged: None,
        },
    })
}

fn promotion(totals: &PartTotals) -> Vec<Reading> {
    let rate = |parameter: String, [again, all]: [u64; 2]| Reading {
        parameter: Some(parameter),
        value: share(i128::from(again), i128::from(all)),
        judged: Some(all),
    };
    let open = lowest_open(totals.open_promotions().map(|(streak, _)| streak));
    let known_if = |known: bool, reading: Reading| match known {
        true => reading,
        false => Reading { value: unknown(STREAK_OPEN), ..reading },
    };
    let mut readings: Vec<Reading> = totals
        .promotions()
        .map(|(streak, counts)| {
            known_if(streak < open, rate(streak.to_string(), counts.map(u64::from)))
        })
        .collect();
    let together = |from: u16| {
        let of = totals.promotions().chain(totals.open_promotions());
        let counts = of.filter(|(streak, _)| *streak >= from).map(|(_, counts)| counts);
        counts.fold([0, 0], |[again, all], counts| {
            [again + u64::from(counts[0]), all + u64::from(counts[1])]
        })
    };
    readings.push(rate("all".to_owned(), together(0)));
    // A streak with the lower bound 1 may be 2.
    readings.push(known_if(open >= 2, rate("from-2".to_owned(), together(2))));
    readings
}

/// The mean return of the securities with ranks `from..to` by size; unknown if the population has
/// fewer than `enough`.
fn mean_by_size(view: &View<'_>, unit: Unit, from: usize, to: usize, enough: usize) -> Reading {
    let sizes = view.ordered.by_size();
    let sum: i128 = sizes[from..to].iter().copied().map(i128::from).sum();
    let is_enough = sizes.len() >= enough;
    let value = match div_half_away(sum, (to - from) as i128) {
        _ if !mostly_known(view.judged, view.unjudged) => unknown("no_share_capital"),
        Some(mean) if is_enough => of_unit(unit, mean),
        _ => unknown("population_too_small"),
    };
    let judged = if is_enough { (to - from) as u64 } else { 0 };
    Reading { parameter: None, value, judged: Some(judged) }
}

fn smallest(view: &View<'_>, wanted: usize, unit: Unit) -> Reading {
    let n = view.ordered.by_size().len();
    mean_by_size(view, unit, 0, n.min(wanted), wanted)
}

fn tenths(view: &View<'_>, unit: Unit) -> impl Iterator<Item = Reading> {
    let n = view.ordered.by_size().len();
    (1..=10).map(move |i| Reading {
        parameter: Some(i.to_string()),
        ..mean_by_size(view, unit, n * (i - 1) / 10, n * i / 10, 10)
    })
}

/// A figure across sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    /// The line's last figure, plus advances, minus declines.
    AdvanceDeclineLine,
    /// An exponential average of the ratio-adjusted net advances over this many days.
    NetAdvancesAverage(i128),
    /// The 19-day average minus the 39-day average.
    McClellanOscillator,
    /// The summation's last figure, plus the oscillator.
    McClellanSummation,
    /// A ten-day exponential average of the advance share.
    AdvanceShareAverage,
    /// Sessions the average took to rise from below its low bound to above its high bound.
    BreadthThrust,
    /// Sessions since a higher turnover.
    TurnoverHighSince,
    /// For each of some trillions of yuan, the sessions in a row with at least that turnover.
    TurnoverAbove,
    /// For each ranked figure, the share of this many sessions in which it was no higher than now.
    Percentile(usize),
    /// For each word, the sessions in a row for which it has held.
    WordSessions,
    /// For each word, the sessions since it last held, before those in a row for which it holds.
    WordLastHeld,
}

/// A figure of the contributions of an index's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contribution {
    /// One member's points.
    Member,
    /// How many members there are.
    Members,
    /// The points of all members.
    Total,
    /// The index's change in points that the members do not explain.
    Residual,
    /// A figure of the members that are in a group of shares.
    OfGroup(OfGroup),
    /// The points of the members that are in no group of a classification.
    Ungrouped,
}

/// A figure of the members of an index that are in a group of shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfGroup {
    /// Their points.
    Points,
    /// How many they are.
    Members,
    /// Their points as a share of the index's change.
    Share,
}
