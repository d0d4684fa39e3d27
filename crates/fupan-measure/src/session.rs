//! One session's figures from the days of all its securities.
//!
//! [`Totals`](crate::Totals) are kept while cells come and go; here a session of a long history
//! stands complete, and its columns are counted, summed and ranked.
//! All sums are integers.

use fupan_market::DayMarks;

use crate::arithmetic::percent_up;

/// Parts in a whole, for returns in [`SessionColumns`]: a power of two, so that bringing a
/// quotient to it keeps every bit that fits. A mean of returns can be far smaller than any of
/// them, and parts per billion would not leave it nine digits.
pub const PARTS: f64 = (1_u64 << 55) as f64;

/// A return must stay below this many times the previous close, to fit an `i64` of [`PARTS`].
pub const RETURN_BELOW: i64 = 256;

/// Securities beyond this count are not provided for: squares of returns would overflow.
pub const SECURITIES_MAX: usize = u16::MAX as usize;

/// Securities in the micro-cap return.
const MICRO_CAPS: usize = 400;

/// A security that traded in a session, in few bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TradedDay {
    /// From the lowest bit: close, previous close, streak.
    prices: u64,
    /// From the lowest bit: turnover, marks but for [`DayMarks::TRADED`], which holds of all.
    turnover: u64,
    float_shares: i64,
}

impl TradedDay {
    /// Prices are from 1 to this, in fen.
    pub const PRICE_MAX: i32 = (1 << Self::PRICE_BITS) - 1;
    /// Turnovers are from 0 to this, in fen.
    pub const TURNOVER_MAX: i64 = (1 << Self::TURNOVER_BITS) - 1;

    const PRICE_BITS: u32 = 24;
    const TURNOVER_BITS: u32 = 53;

    /// A day with close and previous close from 1 to [`TradedDay::PRICE_MAX`], the close below
    /// [`RETURN_BELOW`] times the previous one, and turnover from 0 to
    /// [`TradedDay::TURNOVER_MAX`], all in fen: two words, which with its float shares are the
    /// day.
    #[inline]
    pub fn words(close: i32, prev_close: i32, turnover: i64, marks: DayMarks) -> [u64; 2] {
        let streak = u64::from(marks.streak());
        let kinds = u64::from(marks.bits() >> 1 & KINDS_BUT_TRADED);
        let price = |price: i32| (price & Self::PRICE_MAX) as u64;
        [
            price(close) | price(prev_close) << Self::PRICE_BITS | streak << (2 * Self::PRICE_BITS),
            (turnover & Self::TURNOVER_MAX) as u64 | kinds << Self::TURNOVER_BITS,
        ]
    }

    /// The day of two words and float shares, from 0; times previous close they are below 2⁶².
    #[inline]
    pub const fn of([prices, turnover]: [u64; 2], float_shares: i64) -> TradedDay {
        TradedDay { prices, turnover, float_shares }
    }

    #[inline]
    const fn close(self) -> i32 {
        self.prices as i32 & Self::PRICE_MAX
    }

    #[inline]
    const fn prev_close(self) -> i32 {
        (self.prices >> Self::PRICE_BITS) as i32 & Self::PRICE_MAX
    }

    #[inline]
    const fn streak(self) -> u16 {
        (self.prices >> (2 * Self::PRICE_BITS)) as u16
    }

    #[inline]
    const fn turnover(self) -> i64 {
        (self.turnover & Self::TURNOVER_MAX as u64) as i64
    }

    /// The marks but for the lowest.
    #[inline]
    const fn kinds(self) -> u64 {
        self.turnover >> Self::TURNOVER_BITS
    }
}

/// The marks' bits without the lowest, which is [`DayMarks::TRADED`].
const KINDS_BUT_TRADED: u32 = (1 << (DayMarks::KINDS - 1)) - 1;

/// The figures of a session. A share or a return is `None` where nothing traded that it could be
/// the share or the return of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionFigures {
    /// Securities by mark, in the order of the marks' bits; the first is all that traded.
    pub counts: [u32; DayMarks::KINDS],
    /// The highest limit-up streak; zero without a limit-up.
    pub max_streak: u16,
    /// Limit-ups with a streak of two or more.
    pub streak_2_up: u32,
    /// Limit-ups with a streak of three or more.
    pub streak_3_up: u32,
    /// Turnover in fen.
    pub turnover_fen: i128,
    /// Share of turnover in the top 5 % of securities by turnover, their number rounded up.
    pub top5_share: Option<f64>,
    /// Sum of squared shares of turnover.
    pub hhi: Option<f64>,
    /// Mean return.
    pub equal_weight_return: Option<f64>,
    /// Mean return, weighted by float shares times previous close.
    pub cap_weight_return: Option<f64>,
    /// Median return.
    pub median_return: Option<f64>,
    /// Population standard deviation of returns.
    pub dispersion: Option<f64>,
    /// Mean return of the 400 smallest by float shares times previous close, ties by code.
    pub micro_cap_return: Option<f64>,
    /// Mean return of the previous session's limit-ups.
    pub prior_limit_up_return: Option<f64>,
}

impl SessionFigures {
    /// How many securities a mark holds of.
    pub fn count(&self, mark: DayMarks) -> u32 {
        self.counts[mark.bits().trailing_zeros() as usize]
    }
}

/// Reads sessions' figures off their columns; keeps its working space between them.
#[derive(Clone, Debug, Default)]
pub struct SessionReader {
    /// Returns in [`PARTS`].
    returns: Vec<i64>,
    /// Market values in fen.
    caps: Vec<i64>,
    /// Turnovers in fen.
    turnovers: Vec<i64>,
    ranks: Ranks,
}

/// What a session's days add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    turnover: i128,
    turnover_squares: u128,
    returned: i128,
    prior_returned: i128,
    cap: i128,
    /// Float shares × (close − previous close).
    gained: i128,
}

/// Days added up at a time: before a byte of [`Lanes`] might overflow.
const BLOCK: usize = 255;

impl SessionReader {
    /// The figures of a session, from the securities that traded in it, in order of their codes.
    pub fn figures(&mut self, days: &[TradedDay]) -> SessionFigures {
        let mut figures = SessionFigures::default();
        let sums = self.read(days, &mut figures);
        self.turnover(&sums, &mut figures);
        self.returns(&sums, &mut figures);
        self.caps(&sums, &mut figures);
        figures
    }

    /// The counts, the sums, and the columns to rank. A block of days is passed over three times,
    /// in a core's own cache: each pass needs few enough registers.
    fn read(&mut self, days: &[TradedDay], figures: &mut SessionFigures) -> Sums {
        let mut sums = Sums::default();
        for column in [&mut self.returns, &mut self.caps, &mut self.turnovers] {
            column.resize(days.len(), 0);
        }
        figures.counts[0] = days.len() as u32;
        let columns = self.returns.chunks_mut(BLOCK).zip(self.caps.chunks_mut(BLOCK));
        let columns = columns.zip(self.turnovers.chunks_mut(BLOCK));
        for (days, ((returns, caps), turnovers)) in days.chunks(BLOCK).zip(columns) {
            let mut lanes = Lanes::default();
            for (day, turnover) in days.iter().zip(turnovers.iter_mut()) {
                lanes.add(day.kinds());
                *turnover = day.turnover();
                sums.turnover_squares += square(*turnover);
            }
            lanes.count(&mut figures.counts[1..]);
            sums.turnover += sum(turnovers);
            for (day, parts) in days.iter().zip(returns.iter_mut()) {
                *parts = return_parts(day.close(), day.prev_close());
                let prior = day.kinds() >> PRIOR_SHIFT & 1;
                // Few days are of a streak, or follow one.
                if u64::from(day.streak()) | prior != 0 {
                    let streak = day.streak();
                    figures.max_streak = figures.max_streak.max(streak);
                    figures.streak_2_up += u32::from(streak >= 2);
                    figures.streak_3_up += u32::from(streak >= 3);
                    sums.prior_returned += i128::from(*parts * prior as i64);
                }
            }
            sums.returned += sum(returns);
            for (day, cap) in days.iter().zip(caps.iter_mut()) {
                let (close, prev_close) = (day.close(), day.prev_close());
                *cap = day.float_shares * i64::from(prev_close);
                sums.gained += i128::from(day.float_shares) * i128::from(close - prev_close);
            }
            sums.cap += sum(caps);
        }
        sums
    }

    fn turnover(&mut self, sums: &Sums, figures: &mut SessionFigures) {
        let turnovers = &self.turnovers;
        let total = sums.turnover;
        figures.turnover_fen = total;
        if total == 0 {
            return;
        }
        figures.hhi = Some(sums.turnover_squares as f64 / (total as f64 * total as f64));
        let n = turnovers.len();
        let top = percent_up(n as u64, 5) as usize;
        let (least, above) = self.ranks.nth(turnovers, n - top);
        figures.top5_share = Some((i128::from(least) + sum(above)) as f64 / total as f64);
    }

    fn returns(&mut self, sums: &Sums, figures: &mut SessionFigures) {
        let returns = &self.returns;
        let n = returns.len();
        if n == 0 {
            return;
        }
        figures.equal_weight_return = Some(mean(sums.returned, n));
        figures.dispersion = Some(deviation(returns, sums.returned));
        let priors = figures.count(DayMarks::PRIOR_LIMIT_UP) as usize;
        figures.prior_limit_up_return = (priors > 0).then(|| mean(sums.prior_returned, priors));
        let (lower, above) = self.ranks.nth(returns, (n - 1) / 2);
        let upper = if n.is_multiple_of(2) { above.iter().min() } else { None };
        let upper = upper.copied().unwrap_or(lower);
        figures.median_return = Some(mean(i128::from(lower) + i128::from(upper), 2));
    }

    fn caps(&mut self, sums: &Sums, figures: &mut SessionFigures) {
        // The previous close cancels: cap × return = shares × (close − previous close).
        let weighted = sums.gained as f64 / sums.cap as f64;
        figures.cap_weight_return = (sums.cap > 0).then_some(weighted);
        if self.caps.len() <= MICRO_CAPS {
            figures.micro_cap_return = figures.equal_weight_return;
            return;
        }
        let (largest, _) = self.ranks.nth(&self.caps, MICRO_CAPS - 1);
        let columns = || self.caps.iter().zip(&self.returns);
        let below = self.caps.iter().filter(|cap| **cap < largest).count();
        let mut parts =
            sum_of(columns().map(|(cap, parts)| if *cap < largest { *parts } else { 0 }));
        // Days are in order of code, so the first of equals are those with the lowest codes.
        let equals = columns().filter(|(cap, _)| **cap == largest).take(MICRO_CAPS - below);
        parts += equals.map(|(_, returned)| i128::from(*returned)).sum::<i128>();
        figures.micro_cap_return = Some(mean(parts, MICRO_CAPS));
    }
}

/// Where [`DayMarks::PRIOR_LIMIT_UP`] stands among a day's kinds.
const PRIOR_SHIFT: u32 = DayMarks::PRIOR_LIMIT_UP.bits().trailing_zeros() - 1;

/// Counts of marks, side by side in the bytes of two words.
#[derive(Clone, Copy, Debug, Default)]
struct Lanes([u64; 2]);

impl Lanes {
    /// Marks in a word. Multiplied by [`Lanes::APART`], seven bits never meet.
    const IN_WORD: usize = 7;
    const APART: u64 = 0x0002_0408_1020_4081;
    const LOWEST: u64 = 0x0101_0101_0101_0101;

    #[inline]
    fn add(&mut self, kinds: u64) {
        for (word, lanes) in self.0.iter_mut().enumerate() {
            let kinds = kinds >> (word * Self::IN_WORD) & ((1 << Self::IN_WORD) - 1);
            *lanes += (kinds * Self::APART) & Self::LOWEST;
        }
    }

    fn count(self, counts: &mut [u32]) {
        for (kind, count) in counts.iter_mut().enumerate() {
            let word = self.0[kind / Self::IN_WORD];
            *count += (word >> (kind % Self::IN_WORD * 8) & 0xff) as u32;
        }
    }
}

/// Order statistics of a session's numbers.
#[derive(Clone, Debug, Default)]
struct Ranks {
    sample: Vec<i64>,
    /// The numbers near the rank that is asked for.
    near: Vec<i64>,
}

impl Ranks {
    const SAMPLE: usize = 256;
    /// A rank estimated from the sample is off by less than this many places of the sample but
    /// in one case of hundreds: three standard deviations of 256 coins.
    const SLACK: usize = 24;

    /// The number with `rank` numbers before it in rising order, and in any order numbers after
    /// it: all of them where they are few, else at least the next one.
    ///
    /// A sample tells between which numbers the wanted one should lie, so that one pass
    /// without branches leaves few to select from. `after` of a rank in the last sixth or so is
    /// complete, since then no upper bound is set.
    fn nth(&mut self, numbers: &[i64], rank: usize) -> (i64, &[i64]) {
        let n = numbers.len();
        let mut below = self.pick(numbers, rank);
        let until = below + self.near.len();
        let found = below <= rank && (rank + 2 <= until || until == n);
        if !found {
            below = 0;
            self.near.clear();
            self.near.extend_from_slice(numbers);
        }
        let (_, number, after) = self.near.select_nth_unstable(rank - below);
        (*number, after)
    }

    /// Picks the numbers near a rank; how many lie below them.
    fn pick(&mut self, numbers: &[i64], rank: usize) -> usize {
        let n = numbers.len();
        self.sample.clear();
        self.sample.extend(numbers.iter().step_by(n.div_ceil(Self::SAMPLE)));
        let place = rank * self.sample.len() / n;
        let (low, high) =
            bounds(&mut self.sample, place.checked_sub(Self::SLACK), place + Self::SLACK);
        self.near.resize(n, 0);
        match (low, high) {
            (None, None) => {
                self.near.copy_from_slice(numbers);
                0
            }
            (None, Some(high)) => {
                self.keep(numbers, |number| number <= high);
                0
            }
            (Some(low), None) => {
                self.keep(numbers, |number| number >= low);
                n - self.near.len()
            }
            (Some(low), Some(high)) => {
                let mut below = 0;
                let span = high.abs_diff(low);
                self.keep(numbers, |number| {
                    below += usize::from(number < low);
                    number.wrapping_sub(low) as u64 <= span
                });
                below
            }
        }
    }

    /// Picks numbers without branches.
    #[inline]
    fn keep(&mut self, numbers: &[i64], mut wanted: impl FnMut(i64) -> bool) {
        let mut picked = 0;
        for (at, number) in numbers.iter().enumerate() {
            // Never more than have been looked at, which the compiler does not know.
            self.near[picked.min(at)] = *number;
            picked += usize::from(wanted(*number));
        }
        self.near.truncate(picked);
    }
}

/// The numbers of a sample that stand at two places of its rising order, where there are such.
fn bounds(sample: &mut [i64], low: Option<usize>, high: usize) -> (Option<i64>, Option<i64>) {
    let mut rest = (0, sample);
    let mut at = |place: usize| {
        let (passed, numbers) = std::mem::take(&mut rest);
        let found = place - passed < numbers.len();
        if !found {
            return None;
        }
        let (_, number, above) = numbers.select_nth_unstable(place - passed);
        rest = (place + 1, above);
        Some(*number)
    };
    (low.and_then(&mut at), at(high))
}

/// A return in [`PARTS`]: the quotient of two integers, rounded once to 53 bits, and where it is
/// small once more to a part.
#[inline]
fn return_parts(close: i32, prev_close: i32) -> i64 {
    let quotient = f64::from(close - prev_close) / f64::from(prev_close);
    let parts = quotient * PARTS;
    (parts + 0.5_f64.copysign(parts)) as i64
}

fn mean(parts: i128, n: usize) -> f64 {
    parts as f64 / (n as f64 * PARTS)
}

/// The sum of at most [`SECURITIES_MAX`] numbers, which cannot overflow.
fn sum(numbers: &[i64]) -> i128 {
    sum_of(numbers.iter().copied())
}

/// [`sum`], in two halves that the compiler can keep side by side in wide registers.
#[inline]
fn sum_of(numbers: impl Iterator<Item = i64>) -> i128 {
    const HALF: u32 = 32;
    let (mut high, mut low) = (0_i64, 0_i64);
    for number in numbers {
        high += number >> HALF;
        low += number & ((1 << HALF) - 1);
    }
    (i128::from(high) << HALF) + i128::from(low)
}

#[inline]
fn square(number: i64) -> u128 {
    let size = u128::from(number.unsigned_abs());
    size * size
}

/// The population standard deviation of returns in [`PARTS`] with a sum.
fn deviation(returns: &[i64], total: i128) -> f64 {
    // Deviations from the nearest part to the mean, at 2^-48 of a whole: below 2^56 each, so
    // that the squares of [`SECURITIES_MAX`] of them stay inside a `u128`.
    const COARSER: u32 = 7;
    let n = returns.len() as i128;
    let centre = (total / n) as i64;
    let squares: u128 =
        returns.iter().map(|parts| square(parts.saturating_sub(centre) >> COARSER)).sum();
    let scale = PARTS / f64::from(1 << COARSER);
    (squares as f64 / n as f64).sqrt() / scale
}

#[cfg(test)]
mod tests {
    use fupan_market::{Band, LimitRule, Rounding};

    use super::*;

    #[test]
    fn ranks_are_those_of_a_sorted_column() {
        let mut state = 1_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        let mut ranks = Ranks::default();
        for n in [1, 2, 3, 255, 256, 257, 1_000, 5_000] {
            for spread in [1, 2, 50, 1 << 30] {
                let mut numbers: Vec<i64> = (0..n).map(|_| next(spread) as i64).collect();
                if spread == 50 {
                    // A sorted column, and an outlier that the sample meets or misses.
                    numbers.sort_unstable();
                    numbers[n / 2] = i64::MAX;
                }
                let mut sorted = numbers.clone();
                sorted.sort_unstable();
                for rank in [0, 1, 399, n / 20, (n - 1) / 2, n / 2, n - n.div_ceil(20), n - 1] {
                    let rank = rank.min(n - 1);
                    let (found, after) = ranks.nth(&numbers, rank);
                    assert_eq!(found, sorted[rank], "{n} {spread} {rank}");
                    assert_eq!(after.iter().min(), sorted[rank + 1..].first());
                    if rank == n - n.div_ceil(20) {
                        assert_eq!(sum(after), sum(&sorted[rank + 1..]), "{n} {spread}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_day_is_kept_whole() {
        let limits = LimitRule::of(Band { percent: 10, rounding: Rounding::HalfUp });
        let highest = TradedDay::PRICE_MAX;
        for (close, prev) in [(1, 1), (110, 100), (90, 100), (highest, highest), (1, highest)] {
            let marks = DayMarks::of_prices(limits, close, close, prev);
            for turnover in [0, 1, TradedDay::TURNOVER_MAX] {
                let day = TradedDay::of(TradedDay::words(close, prev, turnover, marks), 7);
                assert_eq!((day.close(), day.prev_close()), (close, prev));
                assert_eq!(day.turnover(), turnover);
                assert_eq!(day.kinds() << 1 | 1, u64::from(marks.bits()));
                assert_eq!(day.streak(), 0);
            }
        }
    }

    #[test]
    fn every_mark_is_counted_beyond_a_byte() {
        for kind in 1..DayMarks::KINDS {
            let mut counts = [0; DayMarks::KINDS - 1];
            for days in [255, 255, 90] {
                let mut lanes = Lanes::default();
                (0..days).for_each(|_| lanes.add(1 << (kind - 1)));
                lanes.count(&mut counts);
            }
            for (other, count) in (1..).zip(counts) {
                assert_eq!(count, if other == kind { 600 } else { 0 }, "{kind} {other}");
            }
        }
        let mut lanes = Lanes::default();
        (0..255).for_each(|_| lanes.add(u64::from(KINDS_BUT_TRADED)));
        let mut counts = [0; DayMarks::KINDS - 1];
        lanes.count(&mut counts);
        assert_eq!(counts, [255; DayMarks::KINDS - 1]);
    }

    #[test]
    fn sums_of_extremes_do_not_overflow() {
        for number in [i64::MIN, -1, 0, 1, i64::MAX] {
            assert_eq!(sum(&[number; 5]), 5 * i128::from(number));
        }
    }

    #[test]
    fn deviation_of_one_two_three_four_percent() {
        let returns = [101, 102, 103, 104].map(|close| return_parts(close, 100));
        let found = deviation(&returns, sum(&returns));
        assert!((found - 0.000_125_f64.sqrt()).abs() < 1e-15, "{found}");
    }

    #[test]
    fn the_largest_returns_are_held() {
        let highest = 2_000_000;
        let low = highest / RETURN_BELOW as i32 + 1;
        let returns = [return_parts(highest, low), return_parts(1, 2_000_000)];
        let exact = f64::from(highest - low) / f64::from(low);
        assert!((returns[0] as f64 / PARTS - exact).abs() < 1e-12);
        assert!(deviation(&returns, sum(&returns)) > 100.0);
    }
}
