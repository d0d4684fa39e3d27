//! Exact division, roots and order statistics on integers.

/// `numerator / denominator`, rounded half away from zero; `None` if the denominator is zero.
pub(crate) fn div_half_away(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let negative = (numerator < 0) != (denominator < 0);
    let (n, d) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let quotient = (n + d / 2) / d;
    let quotient = i128::try_from(quotient).ok()?;
    Some(if negative { -quotient } else { quotient })
}

/// The population standard deviation of `n` integers, from their sum and sum of squares, rounded
/// half up; `None` if `n` is zero.
///
/// It is `√(n·Σx² − (Σx)²) / n`. The root is taken of four times the radicand, so one integer
/// division rounds exactly.
pub(crate) fn deviation(n: i128, sum: i128, squares: i128) -> Option<i128> {
    let radicand = n.checked_mul(squares)?.checked_sub(sum.checked_mul(sum)?)?;
    let twice_root = u128::try_from(radicand.checked_mul(4)?).ok()?.isqrt();
    let twice_root = i128::try_from(twice_root).ok()?;
    if n == 0 { None } else { Some((twice_root + n) / (2 * n)) }
}

/// How many members are `percent` of a population of `n`, rounded up.
pub(crate) fn percent_up(n: u64, percent: u64) -> u64 {
    (n * percent).div_ceil(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (n, d, expected) in [(5, 2, 3), (-5, 2, -3), (5, -2, -3), (4, 3, 1), (-4, 3, -1)] {
            assert_eq!(div_half_away(n, d), Some(expected), "{n}/{d}");
        }
        assert_eq!(div_half_away(1, 0), None);
    }

    #[test]
    fn deviation_of_one_two_three_four() {
        // Variance 1.25; in thousandths the root is 1118.03…
        let values = [1000, 2000, 3000, 4000];
        let squares = values.iter().map(|v: &i128| v * v).sum();
        assert_eq!(deviation(4, values.iter().sum(), squares), Some(1118));
        assert_eq!(deviation(0, 0, 0), None);
    }
}
