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

    #[test]
    fn a_deviation_is_rounded_half_up() {
        for (values, expected) in [
            (&[7][..], 0),
            (&[1, 2], 1),
            (&[1, 3], 1),
            (&[-1, 2], 2),
            (&[0, 0, 1], 0),
            (&[0, 0, 3], 1),
            (&[5, 5, 5], 0),
        ] {
            let squares = values.iter().map(|v: &i128| v * v).sum();
            let of = deviation(values.len() as i128, values.iter().sum(), squares);
            assert_eq!(of, Some(expected), "{values:?}");
        }
    }

    #[test]
    fn a_percentage_of_members_is_rounded_up() {
        for (n, percent, expected) in
            [(0, 5, 0), (1, 5, 1), (20, 5, 1), (21, 5, 2), (40, 5, 2), (10, 10, 1), (11, 90, 10)]
        {
            assert_eq!(percent_up(n, percent), expected, "{n} {percent}");
        }
    }
}
