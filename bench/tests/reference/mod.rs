//! The definitions of docs/benchmarks.md, as slowly and plainly as they can be computed.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch};
use fupan_bench::generate::Columns;
use num_bigint::BigInt;

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    pub code: i32,
    pub board: i8,
    pub date: i32,
    pub high: i32,
    pub close: i32,
    pub pre_close: i32,
    pub volume: i64,
    pub fen: i64,
    pub float_shares: i64,
}

impl Bar {
    pub fn rows(columns: &Columns) -> Vec<Bar> {
        (0..columns.code.len())
            .map(|row| Bar {
                code: columns.code[row],
                board: columns.board[row],
                date: columns.date[row],
                high: columns.high[row],
                close: columns.close[row],
                pre_close: columns.pre_close[row],
                volume: columns.volume[row],
                fen: (columns.amount[row] * 100.0).round() as i64,
                float_shares: columns.float_shares[row],
            })
            .collect()
    }

    pub fn push(&self, columns: &mut Columns) {
        columns.code.push(self.code);
        columns.board.push(self.board);
        columns.date.push(self.date);
        columns.open.push(self.close);
        columns.high.push(self.high);
        columns.low.push(self.close);
        columns.close.push(self.close);
        columns.pre_close.push(self.pre_close);
        columns.volume.push(self.volume);
        columns.amount.push(self.fen as f64 / 100.0);
        columns.float_shares.push(self.float_shares);
    }
}

/// A rational number with a denominator above zero.
#[derive(Clone, Debug)]
struct Ratio(BigInt, BigInt);

impl Ratio {
    fn new(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Ratio {
        Ratio(numerator.into(), denominator.into())
    }

    fn plus(&self, other: &Ratio) -> Ratio {
        if self.1 == other.1 {
            return Ratio(&self.0 + &other.0, self.1.clone());
        }
        Ratio(&self.0 * &other.1 + &other.0 * &self.1, &self.1 * &other.1)
    }

    fn times(&self, other: &Ratio) -> Ratio {
        Ratio(&self.0 * &other.0, &self.1 * &other.1)
    }

    fn cmp(&self, other: &Ratio) -> std::cmp::Ordering {
        (&self.0 * &other.1).cmp(&(&other.0 * &self.1))
    }

    fn sum<'a>(ratios: impl IntoIterator<Item = &'a Ratio>) -> Ratio {
        ratios.into_iter().fold(Ratio::new(0, 1), |sum, ratio| sum.plus(ratio))
    }

    /// As a float, from 120 bits of the quotient.
    fn to_f64(&self) -> f64 {
        let shift = (self.1.bits() + 120).saturating_sub(self.0.bits());
        let quotient: BigInt = (&self.0 << shift) / &self.1;
        let digits: f64 = quotient.to_string().parse().unwrap();
        digits * 2_f64.powi(-i32::try_from(shift).unwrap())
    }

    fn mean(ratios: &[Ratio]) -> Option<f64> {
        let n = ratios.len();
        (n > 0).then(|| Ratio::sum(ratios).times(&Ratio::new(1, n)).to_f64())
    }
}

/// The limit-up and the limit-down price.
pub fn limits(board: i8, pre_close: i32) -> (i32, i32) {
    let exact = |percent: i32| Ratio::new(pre_close * percent, 100);
    let floor = |ratio: &Ratio| i32::try_from(&ratio.0 / &ratio.1).unwrap();
    let half_up = |percent: i32| floor(&exact(percent).plus(&Ratio::new(1, 2)));
    let (up, down) = match board {
        0 => (half_up(110).max(pre_close + 1), half_up(90).min(pre_close - 1)),
        1 => (half_up(120).max(pre_close + 1), half_up(80).min(pre_close - 1)),
        _ => {
            let down = (1..=pre_close).find(|p| Ratio::new(*p, 1).cmp(&exact(70)).is_ge());
            (floor(&exact(130)), down.unwrap())
        }
    };
    (up, down.max(1))
}

/// A traded day with all that its security's past decides.
struct Day {
    bar: Bar,
    session: usize,
    returned: Ratio,
    streak: i32,
    prior_limit_up: bool,
    new_high: bool,
    new_low: bool,
    above: [bool; 3],
}

/// The traded days of one security.
fn days(bars: &[Bar], dates: &[i32]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    // Closes on the level of the first day: each ex-rights step is undone.
    let mut adjusted: Vec<Ratio> = Vec::new();
    let mut level = Ratio::new(1, 1);
    for bar in bars.iter().filter(|bar| bar.volume > 0) {
        let session = dates.iter().position(|date| *date == bar.date).unwrap();
        let last = days.last();
        if let Some(last) = last.filter(|last| last.bar.close != bar.pre_close) {
            level = level.times(&Ratio::new(last.bar.close, bar.pre_close));
        }
        let close = level.times(&Ratio::new(bar.close, 1));
        let sealed = |bar: &Bar| bar.close == limits(bar.board, bar.pre_close).0;
        let window: Vec<&Ratio> = days
            .iter()
            .zip(&adjusted)
            .filter(|(day, _)| day.session + 250 >= session)
            .map(|(_, close)| close)
            .collect();
        let judged = window.len() >= 200;
        let above = [20, 50, 200].map(|n| {
            adjusted.len() + 1 >= n && {
                let before = Ratio::sum(&adjusted[adjusted.len() + 1 - n..]);
                let mean = before.plus(&close).times(&Ratio::new(1, n));
                close.cmp(&mean).is_gt()
            }
        });
        days.push(Day {
            bar: *bar,
            session,
            returned: Ratio::new(bar.close - bar.pre_close, bar.pre_close),
            streak: if sealed(bar) { last.map_or(0, |last| last.streak) + 1 } else { 0 },
            prior_limit_up: last.is_some_and(|l| l.session + 1 == session && l.streak > 0),
            new_high: judged && window.iter().all(|earlier| close.cmp(earlier).is_gt()),
            new_low: judged && window.iter().all(|earlier| close.cmp(earlier).is_lt()),
            above,
        });
        adjusted.push(close);
    }
    days
}

type Figure = fn(&[&Day]) -> Option<f64>;
type Holds = fn(&Day) -> bool;

/// The figures that are no counts, of a session's traded days.
const FIGURES: [(&str, Figure); 9] = [
    ("turnover", |days| Some(days.iter().map(|d| d.bar.fen).sum::<i64>() as f64 / 100.0)),
    ("top5_share", |days| {
        let mut fen: Vec<i64> = days.iter().map(|d| d.bar.fen).collect();
        fen.sort_unstable_by_key(|fen| std::cmp::Reverse(*fen));
        let top: i64 = fen.iter().take(days.len().div_ceil(20)).sum();
        let all: i64 = fen.iter().sum();
        (all > 0).then(|| Ratio::new(top, all).to_f64())
    }),
    ("hhi", |days| {
        let all: i64 = days.iter().map(|d| d.bar.fen).sum();
        let squares: BigInt = days.iter().map(|d| BigInt::from(d.bar.fen).pow(2)).sum();
        (all > 0).then(|| Ratio(squares, BigInt::from(all).pow(2)).to_f64())
    }),
    ("equal_weight_return", |days| Ratio::mean(&returns(days))),
    ("cap_weight_return", |days| {
        let cap = |day: &&Day| BigInt::from(day.bar.float_shares) * day.bar.pre_close;
        let weighted = days.iter().map(|d| Ratio(cap(d), BigInt::from(1)).times(&d.returned));
        let all: BigInt = days.iter().map(cap).sum();
        let all = Ratio(BigInt::from(1), all);
        (all.1 > BigInt::from(0))
            .then(|| Ratio::sum(&weighted.collect::<Vec<_>>()).times(&all).to_f64())
    }),
    ("median_return", |days| {
        let mut all = returns(days);
        all.sort_by(Ratio::cmp);
        let n = all.len();
        (n > 0).then(|| Ratio::mean(&all[(n - 1) / 2..=n / 2])).flatten()
    }),
    ("dispersion", |days| {
        let all = returns(days);
        let n = Ratio::new(1, all.len().max(1));
        let mean = Ratio::sum(&all).times(&n);
        let squares: Vec<Ratio> = all.iter().map(|r| r.times(r)).collect();
        let minus = Ratio(-&mean.0 * &mean.0, &mean.1 * &mean.1);
        let variance = Ratio::sum(&squares).times(&n).plus(&minus);
        (!all.is_empty()).then(|| variance.to_f64().sqrt())
    }),
    ("micro_cap_return", |days| {
        let mut days = days.to_vec();
        days.sort_by_key(|d| {
            (i128::from(d.bar.float_shares) * i128::from(d.bar.pre_close), d.bar.code)
        });
        days.truncate(400);
        Ratio::mean(&returns(&days))
    }),
    ("prior_limit_up_return", |days| {
        let prior: Vec<&Day> = days.iter().filter(|d| d.prior_limit_up).copied().collect();
        Ratio::mean(&returns(&prior))
    }),
];

/// The table of sessions.
pub fn sessions(market: &[Vec<Bar>]) -> RecordBatch {
    let dates: BTreeSet<i32> = market.iter().flatten().map(|bar| bar.date).collect();
    let dates: Vec<i32> = dates.into_iter().collect();
    let days: Vec<Day> = market.iter().flat_map(|bars| self::days(bars, &dates)).collect();
    let by_session = |session: usize| days.iter().filter(move |day| day.session == session);
    let counts: [(&str, Holds); 13] = [
        ("advances", |d| d.bar.close > d.bar.pre_close),
        ("declines", |d| d.bar.close < d.bar.pre_close),
        ("unchanged", |d| d.bar.close == d.bar.pre_close),
        ("limit_ups", |d| d.streak > 0),
        ("limit_downs", |d| d.bar.close == limits(d.bar.board, d.bar.pre_close).1),
        ("broken", |d| {
            let (up, _) = limits(d.bar.board, d.bar.pre_close);
            d.bar.high == up && d.bar.close < up
        }),
        ("streak_2_up", |d| d.streak >= 2),
        ("streak_3_up", |d| d.streak >= 3),
        ("new_high_250", |d| d.new_high),
        ("new_low_250", |d| d.new_low),
        ("above_ma20", |d| d.above[0]),
        ("above_ma50", |d| d.above[1]),
        ("above_ma200", |d| d.above[2]),
    ];
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    let whole = |count: &dyn Fn(usize) -> i32| -> ArrayRef {
        Arc::new((0..dates.len()).map(|s| Some(count(s))).collect::<Int32Array>())
    };
    columns.push(("date", whole(&|s| dates[s])));
    for (name, holds) in counts {
        let count = |s| i32::try_from(by_session(s).filter(|day| holds(day)).count()).unwrap();
        columns.push((name, whole(&count)));
    }
    let highest = |s| by_session(s).map(|day| day.streak).max().unwrap_or(0);
    columns.push(("max_streak", whole(&highest)));
    for (name, read) in FIGURES {
        let cells = (0..dates.len()).map(|s| read(&by_session(s).collect::<Vec<_>>()));
        columns.push((name, Arc::new(cells.collect::<Float64Array>())));
    }
    RecordBatch::try_from_iter(columns).unwrap()
}

fn returns(days: &[&Day]) -> Vec<Ratio> {
    days.iter().map(|day| day.returned.clone()).collect()
}
