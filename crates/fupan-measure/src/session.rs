//! One session's figures from the columns of all its securities.
//!
//! [`Totals`](crate::Totals) are kept while cells come and go; here a session of a long history
//! stands complete, and each of its columns is counted, summed and ranked in one pass.
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

/// The securities that traded in one session, in order of their codes.
#[derive(Clone, Debug, Default)]
pub struct SessionColumns<'a> {
    /// What holds of each.
    pub marks: &'a [DayMarks],
    /// Closes in fen, above zero.
    pub closes: &'a [i32],
    /// Previous closes in fen, above zero; the close is below [`RETURN_BELOW`] times as high.
    pub prev_closes: &'a [i32],
    /// Turnovers in fen, from 0 to 2⁵³.
    pub turnovers: &'a [i64],
    /// Float shares from 0; times previous close they stay below 2⁶².
    pub float_shares: &'a [i64],
}

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
    ranked: Vec<i64>,
}

impl SessionReader {
    /// The figures of one session.
    pub fn figures(&mut self, session: &SessionColumns<'_>) -> SessionFigures {
        let streaks = |at_least: u16| {
            session.marks.iter().map(|mark| u32::from(mark.streak() >= at_least)).sum()
        };
        let mut figures = SessionFigures {
            counts: std::array::from_fn(|kind| {
                session.marks.iter().map(|mark| mark.bits() >> kind & 1).sum()
            }),
            max_streak: session.marks.iter().map(|mark| mark.streak()).max().unwrap_or(0),
            streak_2_up: streaks(2),
            streak_3_up: streaks(3),
            ..SessionFigures::default()
        };
        self.turnover(session.turnovers, &mut figures);
        self.returns.clear();
        self.returns.extend(
            session.closes.iter().zip(session.prev_closes).map(|(c, p)| return_parts(*c, *p)),
        );
        self.returns(session, &mut figures);
        self.caps(session, &mut figures);
        figures
    }

    fn turnover(&mut self, turnovers: &[i64], figures: &mut SessionFigures) {
        let total = sum(turnovers);
        figures.turnover_fen = total;
        if total == 0 {
            return;
        }
        let squares: u128 = turnovers.iter().map(|t| u128::from(t.unsigned_abs()).pow(2)).sum();
        figures.hhi = Some(squares as f64 / (total as f64 * total as f64));
        let top = percent_up(turnovers.len() as u64, 5) as usize;
        let rest = turnovers.len() - top;
        self.ranked.clear();
        self.ranked.extend_from_slice(turnovers);
        let (_, least, above) = self.ranked.select_nth_unstable(rest);
        let top = i128::from(*least) + sum(above);
        figures.top5_share = Some(top as f64 / total as f64);
    }

    fn returns(&mut self, session: &SessionColumns<'_>, figures: &mut SessionFigures) {
        let returns = &self.returns;
        let n = returns.len();
        if n == 0 {
            return;
        }
        let total = sum(returns);
        figures.equal_weight_return = Some(mean(total, n));
        figures.dispersion = Some(deviation(returns, total));
        let prior = session.marks.iter().zip(returns).filter(|(mark, _)| {
            mark.has(DayMarks::PRIOR_LIMIT_UP)
        });
        let prior_total = prior.map(|(_, parts)| i128::from(*parts)).sum();
        let priors = figures.count(DayMarks::PRIOR_LIMIT_UP) as usize;
        figures.prior_limit_up_return = (priors > 0).then(|| mean(prior_total, priors));
        self.ranked.clear();
        self.ranked.extend_from_slice(returns);
        let (below, middle, _) = self.ranked.select_nth_unstable(n / 2);
        let middle = i128::from(*middle);
        figures.median_return = Some(match below.iter().max() {
            Some(lower) if n % 2 == 0 => mean(middle + i128::from(*lower), 2),
            _ => mean(middle, 1),
        });
    }

    fn caps(&mut self, session: &SessionColumns<'_>, figures: &mut SessionFigures) {
        self.caps.clear();
        let shares = session.float_shares.iter();
        self.caps.extend(shares.zip(session.prev_closes).map(|(s, p)| s * i64::from(*p)));
        let total = sum(&self.caps);
        let moves = session.closes.iter().zip(session.prev_closes).map(|(c, p)| c - p);
        // The previous close cancels: cap × return = shares × (close − previous close).
        let gained: i128 = session
            .float_shares
            .iter()
            .zip(moves)
            .map(|(s, moved)| i128::from(*s) * i128::from(moved))
            .sum();
        figures.cap_weight_return = (total > 0).then(|| gained as f64 / total as f64);
        let n = self.caps.len();
        if n == 0 {
            return;
        }
        if n <= MICRO_CAPS {
            figures.micro_cap_return = figures.equal_weight_return;
            return;
        }
        self.ranked.clear();
        self.ranked.extend_from_slice(&self.caps);
        let largest = *self.ranked.select_nth_unstable(MICRO_CAPS - 1).1;
        let below = self.caps.iter().filter(|cap| **cap < largest).count();
        // Columns are in order of code, so the first of equals are those with the lowest codes.
        let mut equals = MICRO_CAPS - below;
        let mut parts = 0_i128;
        for (cap, returned) in self.caps.iter().zip(&self.returns) {
            if *cap < largest || *cap == largest && equals > 0 {
                equals -= usize::from(*cap == largest);
                parts += i128::from(*returned);
            }
        }
        figures.micro_cap_return = Some(mean(parts, MICRO_CAPS));
    }
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

/// A sum that cannot overflow, in two halves that the compiler can keep side by side in wide
/// registers.
fn sum(numbers: &[i64]) -> i128 {
    const HALF: u32 = 32;
    let mut total = 0_i128;
    for block in numbers.chunks(1 << 30) {
        let (mut high, mut low) = (0_i64, 0_i64);
        for number in block {
            high += number >> HALF;
            low += number & ((1 << HALF) - 1);
        }
        total += (i128::from(high) << HALF) + i128::from(low);
    }
    total
}

/// The population standard deviation of returns in [`PARTS`] with a sum.
fn deviation(returns: &[i64], total: i128) -> f64 {
    // Deviations from the nearest part to the mean, at 2^-48 of a whole: below 2^56 each, so
    // that the squares of [`SECURITIES_MAX`] of them stay inside a `u128`.
    const COARSER: u32 = 7;
    let n = returns.len() as i128;
    let centre = (total / n) as i64;
    let squares: u128 = returns
        .iter()
        .map(|parts| u128::from((parts.saturating_sub(centre) >> COARSER).unsigned_abs()).pow(2))
        .sum();
    let scale = PARTS / f64::from(1 << COARSER);
    (squares as f64 / n as f64).sqrt() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

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
