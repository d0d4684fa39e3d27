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

/// Spearman's rank correlation of pairs, in parts per million, rounded half away from zero. Equal
/// numbers take the mean of their ranks. `None` if all numbers of a side are equal.
pub(crate) fn rank_correlation(pairs: &[(i128, i128)]) -> Option<i128> {
    let xs = twice_ranks(pairs.iter().map(|(x, _)| *x));
    let ys = twice_ranks(pairs.iter().map(|(_, y)| *y));
    let n = pairs.len() as i128;
    let moment = |a: &[i128], b: &[i128]| {
        let products: i128 = a.iter().zip(b).map(|(a, b)| a * b).sum();
        n * products - a.iter().sum::<i128>() * b.iter().sum::<i128>()
    };
    let (both, x, y) = (moment(&xs, &ys), moment(&xs, &xs), moment(&ys, &ys));
    // The root is taken of four times the square, so one halving rounds exactly.
    let twice = both.unsigned_abs().checked_mul(2_000_000)?;
    let square = twice.checked_mul(twice)?.checked_div((x * y).unsigned_abs())?;
    let parts = i128::try_from(square.isqrt().div_ceil(2)).ok()?;
    Some(if both < 0 { -parts } else { parts })
}

/// Twice the rank of each number, smallest first; equal ones take the mean of theirs.
fn twice_ranks(numbers: impl Iterator<Item = i128>) -> Vec<i128> {
    let numbers: Vec<i128> = numbers.collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let rank = |number: &i128| {
        let below = sorted.partition_point(|other| other < number);
        let upto = sorted.partition_point(|other| other <= number);
        (below + upto + 1) as i128
    };
    numbers.iter().map(rank).collect()
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
    fn ranks_correlate_from_the_same_order_to_its_reverse() {
        let of = |ys: [i128; 4]| {
            let pairs: Vec<(i128, i128)> = [1, 5, 7, 100].into_iter().zip(ys).collect();
            rank_correlation(&pairs)
        };
        assert_eq!(of([-4, 0, 1, 9]), Some(1_000_000));
        assert_eq!(of([9, 1, 0, -4]), Some(-1_000_000));
        // Two neighbours changed places: 1 - 6 * 2 / (4 * 15).
        assert_eq!(of([0, -4, 1, 9]), Some(800_000));
        // The ranks 1.5, 1.5, 3, 4 with 1, 2, 3, 4: the root of 0.9.
        assert_eq!(of([0, 0, 1, 9]), Some(948_683));
        assert_eq!(of([1, 1, 0, -5]), Some(-948_683));
        assert_eq!(of([3, 3, 3, 3]), None);
        assert_eq!(rank_correlation(&[]), None);
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
