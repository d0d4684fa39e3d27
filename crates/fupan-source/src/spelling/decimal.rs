//! Decimal text to scaled integers, without going through a float.

/// How a number of a file becomes an integer of a table: multiplied by a power of ten, then rounded
/// to whole steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    /// The power of ten from the file's unit to the table's.
    pub power: u32,
    /// Rounding step, in the table's unit.
    pub step: i64,
}

/// Most digits that are read; with the largest power of ten of a unit they fit an `i128`.
const MOST_DIGITS: u32 = 26;

impl Scale {
    /// Scales a whole number of the file; `None` if it does not fit.
    pub fn integer(self, value: i64) -> Option<i64> {
        value.checked_mul(10_i64.checked_pow(self.power)?)
    }

    /// Scales a vendor's float, rounded to the nearest decimal; `None` if it does not fit.
    pub fn float(self, value: f64) -> Option<i64> {
        let steps = (value * 10_f64.powi(self.power.cast_signed()) / self.step as f64).round();
        // Beyond 2^53 a float no longer counts single steps.
        (steps.abs() < 9_007_199_254_740_992.0).then(|| (steps as i64).checked_mul(self.step))?
    }

    /// Scales a number given as its digits, `decimals` of them after the point.
    fn digits(self, digits: i128, decimals: u32) -> Option<i64> {
        let value = digits.checked_mul(10_i128.checked_pow(self.power)?)?;
        let unit = 10_i128.checked_pow(decimals)?.checked_mul(i128::from(self.step))?;
        let (whole, rest) = (value / unit, value % unit);
        // Half away from zero, without a sum that might overflow.
        let away = if rest.abs() >= unit - unit / 2 { value.signum() } else { 0 };
        let steps = whole + away;
        i64::try_from(steps.checked_mul(i128::from(self.step))?).ok()
    }

    /// Scales a decimal of the file with a fixed number of decimals.
    pub fn decimal(self, value: i128, decimals: i8) -> Option<i64> {
        match u32::try_from(decimals) {
            Ok(decimals) => self.digits(value, decimals),
            Err(_) => self.digits(
                value.checked_mul(10_i128.checked_pow(u32::from(decimals.unsigned_abs()))?)?,
                0,
            ),
        }
    }

    /// Scales a decimal in text: `12.34`, `-0.5`, `1.2e9`. `None` if it is not a number or does not
    /// fit.
    pub fn text(self, text: &str) -> Option<i64> {
        let (negative, body) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let mut digits: i128 = 0;
        let mut decimals = None;
        let mut seen = false;
        for byte in body.bytes() {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    // Decimals beyond what an i128 holds cannot change a rounded value.
                    if decimals.is_some_and(|n| n >= MOST_DIGITS) {
                        continue;
                    }
                    if digits >= 10_i128.pow(MOST_DIGITS) {
                        match decimals {
                            Some(_) => continue,
                            None => return None,
                        }
                    }
                    digits = digits * 10 + i128::from(byte - b'0');
                    decimals = decimals.map(|n: u32| n + 1);
                }
                b'.' if decimals.is_none() => decimals = Some(0),
                b'e' | b'E' if seen => {
                    return text
                        .parse()
                        .ok()
                        .filter(|v: &f64| v.is_finite())
                        .and_then(|v| self.float(v));
                }
                _ => return None,
            }
        }
        let digits = if negative { -digits } else { digits };
        seen.then(|| self.digits(digits, decimals.unwrap_or(0)))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRICE: Scale = Scale { power: 4, step: 100 };

    #[test]
    fn decimals_become_exact() {
        assert_eq!(PRICE.text("10.05"), Some(100_500));
        assert_eq!(PRICE.text("10.054999"), Some(100_500));
        assert_eq!(PRICE.text("10.055"), Some(100_600));
        assert_eq!(PRICE.text("-0.5"), Some(-5_000));
        assert_eq!(PRICE.text("1e2"), Some(1_000_000));
        for bad in ["", "-", ".", "1.2.3", "abc", "e5", "1,000", "９"] {
            assert_eq!(PRICE.text(bad), None, "{bad}");
        }
        let money = Scale { power: 2, step: 1 };
        assert_eq!(money.text("1331673066130.8"), Some(133_167_306_613_080));
        assert_eq!(money.float(1.005e13), Some(1_005_000_000_000_000));
        assert_eq!(money.decimal(12_345, 3), Some(1_235));
        // A float counts single steps up to 2^53, which may itself be the next number rounded.
        let whole = Scale { power: 0, step: 1 };
        assert_eq!(whole.float(9_007_199_254_740_991.0), Some(9_007_199_254_740_991));
        assert_eq!(whole.float(9_007_199_254_740_992.0), None);
    }

    #[test]
    fn a_number_has_a_sign_a_point_and_an_exponent_at_most_once() {
        let fen = Scale { power: 2, step: 1 };
        for (text, number) in [
            ("+1.5", Some(150)),
            ("-1.5", Some(-150)),
            (".5", Some(50)),
            ("5.", Some(500)),
            ("1.5e3", Some(150_000)),
            ("1.5E3", Some(150_000)),
            ("-1.5e-1", Some(-15)),
            ("-0.005", Some(-1)),
            ("-0.0049", Some(0)),
            ("92233720368547758.07", Some(i64::MAX)),
            ("-92233720368547758.08", Some(i64::MIN)),
            ("92233720368547758.08", None),
            ("1e400", None),
            ("1e", None),
            ("1e2e3", None),
            ("--5", None),
            ("+-5", None),
            ("5-", None),
            ("1 5", None),
        ] {
            assert_eq!(fen.text(text), number, "{text}");
        }
        // However many digits there are.
        for digits in [20, 26, 27, 39, 60, 200] {
            assert_eq!(fen.text(&"9".repeat(digits)), None, "{digits}");
            let zeros = "0".repeat(digits);
            assert_eq!(fen.text(&format!("{zeros}7.{zeros}")), Some(700), "{digits}");
            assert_eq!(fen.text(&format!("7.00{}", "9".repeat(digits))), Some(701), "{digits}");
        }
    }

    #[test]
    fn a_whole_number_that_does_not_fit_is_none() {
        let scale = |power| Scale { power, step: 1 };
        assert_eq!(scale(2).integer(-3), Some(-300));
        assert_eq!(scale(18).integer(9), Some(9_000_000_000_000_000_000));
        assert_eq!((scale(18).integer(10), scale(19).integer(0)), (None, None));
        assert_eq!(scale(2).decimal(12, -2), Some(120_000));
        assert_eq!(scale(0).decimal(-15, 1), Some(-2));
    }

    #[test]
    fn what_is_next_to_nothing_is_zero() {
        let small = format!("0.{}1", "0".repeat(200));
        assert_eq!(PRICE.text(&small), Some(0));
        assert_eq!(PRICE.text(&format!("-{small}")), Some(0));
        assert_eq!(PRICE.text(&format!("0.005{}", "0".repeat(200))), Some(100));
        assert_eq!(PRICE.text(&format!("0.004{}", "9".repeat(200))), Some(0));
    }

    #[test]
    fn decimals_as_wide_as_they_can_be_do_not_fit() {
        let fen = Scale { power: 0, step: 1 };
        for value in [i128::MAX, i128::MIN, 10_i128.pow(38) - 1] {
            for decimals in [-38, -1, 0, 1, 38] {
                let found = fen.decimal(value, decimals);
                assert_eq!(found.is_some(), decimals == 38, "{value} {decimals}");
            }
        }
    }

    proptest! {
        #[test]
        fn text_and_float_agree(fen in 0_i64..2_000_000) {
            let text = format!("{}.{:02}", fen / 100, fen % 100);
            prop_assert_eq!(PRICE.text(&text), Some(fen * 100));
            prop_assert_eq!(PRICE.float(text.parse().unwrap()), Some(fen * 100));
        }

        /// A decimal times a power of ten, to the nearest step, half away from zero.
        #[test]
        fn decimals_are_rounded_to_the_nearest_step(
            digits in -1_000_000_000_i64..1_000_000_000,
            decimals in 0_u32..9,
            power in 0_u32..7,
            step in prop::sample::select(vec![1_i64, 10, 100, 10_000]),
        ) {
            let scale = Scale { power, step };
            let unit = 10_i128.pow(decimals) * i128::from(step);
            let value = i128::from(digits) * 10_i128.pow(power);
            let steps = (2 * value.abs() + unit) / (2 * unit) * value.signum();
            let expected = Some(i64::try_from(steps * i128::from(step)).unwrap());
            prop_assert_eq!(scale.decimal(i128::from(digits), decimals as i8), expected);
            let (sign, size) = (if digits < 0 { "-" } else { "" }, digits.unsigned_abs());
            let ten = 10_u64.pow(decimals);
            let rest = format!("{:0width$}", size % ten, width = decimals as usize);
            let text = match decimals {
                0 => format!("{sign}{size}"),
                _ => format!("{sign}{}.{rest}", size / ten),
            };
            prop_assert_eq!(scale.text(&text), expected);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,60}", power in 0_u32..12) {
            let _ = Scale { power, step: 1 }.text(&text);
        }
    }
}
