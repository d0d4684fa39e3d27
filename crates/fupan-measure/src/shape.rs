//! Shapes of measures: what one security contributes, and how the total is read.

use fupan_fact::{Unit, Value};
use fupan_market::{Fen, Return, SecurityDay};

use crate::arithmetic::{deviation, div_half_away, percent_up};
use crate::index::IndexView;
use crate::series::Comparison;
use crate::total::{Classes, Multiset, Ranked, RankedCell, Sums, Total};

/// What a measure makes of one security's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged<T> {
    /// Not in the population.
    Outside,
    /// In the population, but the data does not decide.
    Unjudged,
    /// In the population, with its cell.
    In(T),
}

impl<T> Judged<T> {
    /// `In` where the data decides, else `Unjudged`.
    pub fn of(decided: Option<T>) -> Judged<T> {
        decided.map_or(Judged::Unjudged, Judged::In)
    }

    /// The same judgement of something computed from the cell.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Judged<U> {
        match self {
            Judged::Outside => Judged::Outside,
            Judged::Unjudged => Judged::Unjudged,
            Judged::In(cell) => Judged::In(f(cell)),
        }
    }
}

/// From a security's day to its cell.
pub type Project<T> = fn(&SecurityDay) -> Judged<T>;

/// The shape of a measure.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// How many of the population satisfy a condition.
    CountWhere(Project<bool>),
    /// The share of the judged population that satisfies a condition.
    ShareWhere(Project<bool>),
    /// A sum.
    SumOf(Project<i64>),
    /// One sum as a share of another.
    ShareOf(Project<[i64; 2]>),
    /// The arithmetic mean.
    MeanOf(Project<i64>),
    /// The mean of values by weights (value, weight); unknown where weights are known for under
    /// nine tenths of the population.
    WeightedMeanOf(Project<[i128; 2]>),
    /// The population standard deviation.
    DeviationOf(Project<i64>),
    /// Four sums and a formula.
    Formula(Project<[i128; 4]>, fn(&Sums) -> Value),
    /// The median: the mean of the two middle values where their number is even.
    MedianOf(Project<i64>),
    /// The smallest value with at least this percentage of the population at or below it.
    QuantileOf(Project<i64>, u64),
    /// The share of the whole that the largest values have; their number is this percentage of
    /// the population, rounded up.
    TopShareOf(Project<i64>, u64),
    /// The largest value; zero for an empty population.
    LargestOf(Project<i64>),
    /// How many fall into each named class.
    CountPerClass(Project<u16>, &'static [&'static str]),
    /// How many fall into each class from 1 to the largest; class 0 is not told.
    CountPerStep(Project<u16>),
    /// For each class, and for all together, the share that satisfies a condition.
    SharePerStep(Project<(u16, bool)>),
    /// The mean over the smallest securities; unknown where sizes are known for under nine tenths
    /// of the population, or the population is smaller.
    MeanOfSmallest(Project<RankedCell>, usize),
    /// The mean over each tenth by size, smallest first; unknown as above.
    MeanPerTenth(Project<RankedCell>),
    /// A comparison of a scope's turnover with its own past.
    Series(Comparison),
    /// A figure of one index.
    Index(fn(&IndexView) -> Value),
    /// A figure of one security; `None` for securities it does not speak of.
    Each(fn(&SecurityDay) -> Option<Value>),
}

/// A security's cell, for any shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Sums([i128; 4]),
    Number(i64),
    Class(u16, [i128; 4]),
    Ranked(RankedCell),
}

/// A total, for any shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnyTotal {
    Sums(Sums),
    Multiset(Multiset),
    Classes(Classes),
    Ranked(Ranked),
}

impl AnyTotal {
    pub(crate) fn insert(&mut self, cell: &Cell) {
        match (self, cell) {
            (AnyTotal::Sums(total), Cell::Sums(cell)) => total.insert(cell),
            (AnyTotal::Multiset(total), Cell::Number(cell)) => total.insert(cell),
            (AnyTotal::Classes(total), Cell::Class(class, cell)) => total.insert(&(*class, *cell)),
            (AnyTotal::Ranked(total), Cell::Ranked(cell)) => total.insert(cell),
            _ => unreachable!("a shape makes cells of its own total"),
        }
    }

    pub(crate) fn remove(&mut self, cell: &Cell) {
        match (self, cell) {
            (AnyTotal::Sums(total), Cell::Sums(cell)) => total.remove(cell),
            (AnyTotal::Multiset(total), Cell::Number(cell)) => total.remove(cell),
            (AnyTotal::Classes(total), Cell::Class(class, cell)) => total.remove(&(*class, *cell)),
            (AnyTotal::Ranked(total), Cell::Ranked(cell)) => total.remove(cell),
            _ => unreachable!("a shape makes cells of its own total"),
        }
    }

    pub(crate) fn merge(&mut self, other: &AnyTotal) {
        match (self, other) {
            (AnyTotal::Sums(total), AnyTotal::Sums(other)) => total.merge(other),
            (AnyTotal::Multiset(total), AnyTotal::Multiset(other)) => total.merge(other),
            (AnyTotal::Classes(total), AnyTotal::Classes(other)) => total.merge(other),
            (AnyTotal::Ranked(total), AnyTotal::Ranked(other)) => total.merge(other),
            _ => unreachable!("totals of one measure have one shape"),
        }
    }
}

/// One figure read off a total: its parameter, its value, and the denominator where that is not
/// the judged population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) parameter: Option<String>,
    pub(crate) value: Value,
    pub(crate) judged: Option<u64>,
}

impl Shape {
    /// An empty total; `None` for shapes that are not totals over securities.
    pub(crate) fn empty(&self) -> Option<AnyTotal> {
        Some(match self {
            Shape::CountWhere(_)
            | Shape::ShareWhere(_)
            | Shape::SumOf(_)
            | Shape::ShareOf(_)
            | Shape::MeanOf(_)
            | Shape::WeightedMeanOf(_)
            | Shape::DeviationOf(_)
            | Shape::Formula(..) => AnyTotal::Sums(Sums::default()),
            Shape::MedianOf(_)
            | Shape::QuantileOf(..)
            | Shape::TopShareOf(..)
            | Shape::LargestOf(_) => AnyTotal::Multiset(Multiset::default()),
            Shape::CountPerClass(..) | Shape::CountPerStep(_) | Shape::SharePerStep(_) => {
                AnyTotal::Classes(Classes::default())
            }
            Shape::MeanOfSmallest(..) | Shape::MeanPerTenth(_) => {
                AnyTotal::Ranked(Ranked::default())
            }
            Shape::Series(_) | Shape::Index(_) | Shape::Each(_) => {
                return None;
            }
        })
    }

    /// What a security contributes.
    pub(crate) fn cell(&self, day: &SecurityDay) -> Judged<Cell> {
        let wide = i128::from;
        match self {
            Shape::CountWhere(of) | Shape::ShareWhere(of) => {
                of(day).map(|holds| Cell::Sums([i128::from(holds), 0, 0, 0]))
            }
            Shape::SumOf(of) | Shape::MeanOf(of) => {
                of(day).map(|value| Cell::Sums([wide(value), 0, 0, 0]))
            }
            Shape::ShareOf(of) => {
                of(day).map(|[part, whole]| Cell::Sums([wide(part), wide(whole), 0, 0]))
            }
            Shape::WeightedMeanOf(of) => {
                of(day).map(|[value, weight]| Cell::Sums([value * weight, weight, 0, 0]))
            }
            Shape::DeviationOf(of) => {
                of(day).map(|value| Cell::Sums([wide(value), wide(value) * wide(value), 0, 0]))
            }
            Shape::Formula(of, _) => of(day).map(Cell::Sums),
            Shape::MedianOf(of)
            | Shape::QuantileOf(of, _)
            | Shape::TopShareOf(of, _)
            | Shape::LargestOf(of) => of(day).map(Cell::Number),
            Shape::CountPerClass(of, _) | Shape::CountPerStep(of) => {
                of(day).map(|class| Cell::Class(class, [1, 0, 0, 0]))
            }
            Shape::SharePerStep(of) => {
                of(day).map(|(class, holds)| Cell::Class(class, [i128::from(holds), 1, 0, 0]))
            }
            Shape::MeanOfSmallest(of, _) | Shape::MeanPerTenth(of) => of(day).map(Cell::Ranked),
            Shape::Series(_) | Shape::Index(_) | Shape::Each(_) => Judged::Outside,
        }
    }

    /// Whether a security is a member of what a count counts, and of which class.
    pub(crate) fn member(&self, day: &SecurityDay) -> Option<Option<u16>> {
        match self {
            Shape::CountWhere(of) => matches!(of(day), Judged::In(true)).then_some(None),
            Shape::CountPerStep(of) => match of(day) {
                Judged::In(class) if class > 0 => Some(Some(class)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The figures a total says, in a unit.
    pub(crate) fn read(&self, total: &AnyTotal, unjudged: u64, unit: Unit) -> Vec<Reading> {
        let one = |value| vec![Reading { parameter: None, value, judged: None }];
        match total {
            AnyTotal::Sums(sums) => one(self.read_sums(sums, unjudged, unit)),
            AnyTotal::Multiset(values) => one(self.read_multiset(values, unit)),
            AnyTotal::Classes(classes) => self.read_classes(classes),
            AnyTotal::Ranked(ranked) => self.read_ranked(ranked, unjudged, unit),
        }
    }

    fn read_sums(&self, sums: &Sums, unjudged: u64, unit: Unit) -> Value {
        let [a, b, ..] = sums.of;
        let n = i128::from(sums.cells);
        let in_unit = |number: Option<i128>| number.map_or(nobody(), |n| of_unit(unit, n));
        match self {
            Shape::ShareWhere(_) => share(a, n),
            Shape::ShareOf(_) => share(a, b),
            Shape::MeanOf(_) => in_unit(div_half_away(a, n)),
            Shape::WeightedMeanOf(_) if !mostly_known(sums.cells, unjudged) => {
                unknown("no_share_capital")
            }
            Shape::WeightedMeanOf(_) => in_unit(div_half_away(a, b)),
            Shape::DeviationOf(_) => in_unit(deviation(n, a, b)),
            Shape::Formula(_, read) => read(sums),
            _ => of_unit(unit, a),
        }
    }

    fn read_multiset(&self, values: &Multiset, unit: Unit) -> Value {
        let n = values.size();
        let in_unit = |number: Option<i128>| number.map_or(nobody(), |n| of_unit(unit, n));
        match self {
            Shape::MedianOf(_) if n == 0 => nobody(),
            Shape::MedianOf(_) => {
                let middle = |rank| values.at(rank).map(i128::from);
                let pair = middle((n - 1) / 2).zip(middle(n / 2));
                in_unit(pair.and_then(|(low, high)| div_half_away(low + high, 2)))
            }
            Shape::QuantileOf(_, percent) => {
                let rank = percent_up(n, *percent).max(1) - 1;
                in_unit(values.at(rank).map(i128::from))
            }
            Shape::TopShareOf(_, percent) => {
                share(values.sum_of_largest(percent_up(n, *percent)), values.sum_of_largest(n))
            }
            _ => of_unit(unit, values.largest().map_or(0, i128::from)),
        }
    }

    fn read_classes(&self, classes: &Classes) -> Vec<Reading> {
        let count = |parameter: String, class| {
            let value = of_unit(Unit::Securities, classes.of(class).of[0]);
            Reading { parameter: Some(parameter), value, judged: None }
        };
        let largest = classes.iter().next_back().map_or(0, |(class, _)| class);
        match self {
            Shape::CountPerClass(_, names) => {
                (0..).zip(*names).map(|(class, name)| count((*name).to_owned(), class)).collect()
            }
            Shape::SharePerStep(_) => {
                let rate = |parameter: String, sums: &Sums| Reading {
                    parameter: Some(parameter),
                    value: share(sums.of[0], sums.of[1]),
                    judged: Some(sums.cells),
                };
                let mut all = Sums::default();
                let mut readings = Vec::new();
                for (class, sums) in classes.iter() {
                    all.merge(&sums);
                    readings.push(rate(class.to_string(), &sums));
                }
                readings.push(rate("all".to_owned(), &all));
                readings
            }
            _ => (1..=largest).map(|class| count(class.to_string(), class)).collect(),
        }
    }

    fn read_ranked(&self, ranked: &Ranked, unjudged: u64, unit: Unit) -> Vec<Reading> {
        let n = ranked.len();
        let known = mostly_known(n as u64, unjudged);
        let mean = |parameter: Option<String>, from: usize, to: usize, enough: usize| {
            let sum: i128 = ranked.values(from, to).map(i128::from).sum();
            let value = match div_half_away(sum, (to - from) as i128) {
                _ if !known => unknown("no_share_capital"),
                Some(mean) if n >= enough => of_unit(unit, mean),
                _ => unknown("population_too_small"),
            };
            Reading {
                parameter,
                value,
                judged: Some(if n >= enough { (to - from) as u64 } else { 0 }),
            }
        };
        match self {
            Shape::MeanOfSmallest(_, wanted) => vec![mean(None, 0, n.min(*wanted), *wanted)],
            _ => (1..=10)
                .map(|i| mean(Some(i.to_string()), n * (i - 1) / 10, n * i / 10, 10))
                .collect(),
        }
    }
}

/// Whether at least nine tenths of a population are judged.
fn mostly_known(judged: u64, unjudged: u64) -> bool {
    judged * 10 >= (judged + unjudged) * 9
}

/// A figure that cannot be known, and why.
pub(crate) fn unknown(reason: &str) -> Value {
    Value::Unknown { reason: reason.to_owned() }
}

fn nobody() -> Value {
    unknown("empty_population")
}

/// A share; unknown where the whole is nothing.
pub(crate) fn share(part: i128, whole: i128) -> Value {
    match (i64::try_from(part), i64::try_from(whole)) {
        (_, Ok(0)) => nobody(),
        (Ok(part), Ok(whole)) => Value::Share { part, whole },
        _ => unknown("out_of_range"),
    }
}

/// An integer as a value of a unit.
pub(crate) fn of_unit(unit: Unit, number: i128) -> Value {
    let Ok(number) = i64::try_from(number) else { return unknown("out_of_range") };
    match unit {
        Unit::Securities | Unit::Sessions => Value::Count { count: number },
        Unit::Fen => Value::Money { fen: Fen(number) },
        Unit::Ppb => Value::Return { ppb: Return(number) },
        Unit::Share => Value::Share { part: number, whole: 1 },
        Unit::Yuan => fupan_market::Price::from_units(number)
            .map_or(unknown("out_of_range"), |price| Value::Price { price }),
        Unit::Points => Value::Points { units: number },
        Unit::Ppm => Value::Ratio { ppm: number },
    }
}
