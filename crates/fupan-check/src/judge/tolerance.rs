//! When a stated number fits a figure.

use crate::report::{Comparator, Decimal};

/// How a stated number is held against a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tolerance {
    /// One unit of the last written digit.
    pub step: Decimal,
    /// Whether digits may be cut and not rounded: levels, amounts.
    pub may_be_cut: bool,
    /// Whether it is a count: “fewer than” has no end below.
    pub is_count: bool,
    /// What the figure itself may be off by, in thousandths of it: estimates.
    pub estimate: i128,
}

/// How a number stands to a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Fits,
    /// The figure is known too roughly to say.
    Open,
    Misses,
}

/// Whether a stated number fits a figure, both with their signs.
pub(super) fn fit(
    stated: Decimal,
    comparator: Comparator,
    figure: Decimal,
    tolerance: Tolerance,
) -> Option<Fit> {
    let fits = |figure: Decimal| fits(stated, comparator, figure, tolerance);
    if fits(figure)? {
        return Some(Fit::Fits);
    }
    let opposite = stated.is_negative() != figure.is_negative() && !stated.is_zero();
    if tolerance.estimate == 0 || opposite {
        return Some(Fit::Misses);
    }
    let off = |thousandths: i128| figure.times(Decimal::new(1_000 + thousandths, 3));
    // Within the estimate the number may be right; within twice it, nobody can say.
    for (reach, fit) in [(tolerance.estimate, Fit::Fits), (3 * tolerance.estimate, Fit::Open)] {
        let (low, high) = (off(-reach)?, off(reach)?);
        let between = stated.abs() >= low.abs() && stated.abs() <= high.abs();
        if fits(low)? || fits(high)? || comparator == Comparator::Equal && between {
            return Some(fit);
        }
    }
    Some(Fit::Misses)
}

fn fits(
    stated: Decimal,
    comparator: Comparator,
    figure: Decimal,
    tolerance: Tolerance,
) -> Option<bool> {
    let opposite =
        !stated.is_zero() && !figure.is_zero() && stated.is_negative() != figure.is_negative();
    if opposite {
        return Some(false);
    }
    let (stated, figure) = (stated.abs(), figure.abs());
    let twice = |number: Decimal| number.plus(number);
    let away = stated.minus(figure)?.abs();
    let rounded = twice(away)? <= tolerance.step;
    let percent_of = |percent: i128| stated.times(Decimal::new(percent, 2));
    Some(match comparator {
        Comparator::Equal | Comparator::Is => {
            let cut =
                tolerance.may_be_cut && figure >= stated && figure.minus(stated)? < tolerance.step;
            rounded || cut
        }
        Comparator::About => rounded || away <= percent_of(1)?,
        Comparator::Above | Comparator::AtLeast => figure >= stated,
        Comparator::Below if tolerance.is_count => figure < stated,
        Comparator::Below => figure < stated && figure >= percent_of(85)?,
        Comparator::AtMost => figure <= stated,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(stated: &str, comparator: Comparator, figure: &str, step: &str) -> Fit {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let tolerance =
            Tolerance { step: number(step), may_be_cut: false, is_count: false, estimate: 0 };
        fit(number(stated), comparator, number(figure), tolerance).unwrap()
    }

    #[test]
    fn a_number_fits_by_its_own_digits_and_words() {
        use Comparator::{About, Above, Below, Equal};
        assert_eq!(says("1.3", About, "1.32", "0.1"), Fit::Fits);
        assert_eq!(says("1.32", Equal, "1.3249", "0.01"), Fit::Fits);
        assert_eq!(says("1.32", Equal, "1.326", "0.01"), Fit::Misses);
        assert_eq!(says("3200", Above, "3279", "100"), Fit::Fits);
        assert_eq!(says("3300", Above, "3279", "100"), Fit::Misses);
        assert_eq!(says("13", Below, "13.4", "1"), Fit::Misses);
        assert_eq!(says("13", Below, "12.6", "1"), Fit::Fits);
        assert_eq!(says("13", Below, "9", "1"), Fit::Misses);
        assert_eq!(says("-1.3", Equal, "1.3", "0.1"), Fit::Misses);
        assert_eq!(says("-4", Above, "-4.5", "1"), Fit::Fits);
    }
}
