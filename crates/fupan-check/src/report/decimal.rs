//! Exact decimal numbers.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use thiserror::Error;

/// An exact decimal number: an integer and how many of its digits are decimals. Trailing zeros are
/// kept (`1.30` has two decimals) and compare as if they were not there.
///
/// It is written as a plain number, also in JSON, where it is a JSON number of all its digits.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

/// A text that is no plain decimal number, or one of too many digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a plain decimal number of at most 38 digits")]
pub struct DecimalError;

/// The most decimals: more digits than an `i128` holds would always be zeros.
const DECIMALS: u8 = 38;

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { mantissa: 0, scale: 0 };

    /// The number `mantissa / 10^scale`. Decimals beyond 38 are cut.
    pub const fn new(mantissa: i128, scale: u8) -> Decimal {
        let mut number = Decimal { mantissa, scale };
        while number.scale > DECIMALS {
            number.mantissa /= 10;
            number.scale -= 1;
        }
        number
    }

    /// All digits, as an integer.
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many of the digits are decimals.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Its size without its sign.
    #[must_use]
    pub const fn abs(self) -> Decimal {
        Decimal { mantissa: self.mantissa.saturating_abs(), scale: self.scale }
    }

    /// With the other sign.
    #[must_use]
    pub const fn negated(self) -> Decimal {
        Decimal { mantissa: self.mantissa.saturating_neg(), scale: self.scale }
    }

    /// Rounded to at most so many decimals, half away from zero.
    #[must_use]
    pub fn rounded(self, decimals: u8) -> Decimal {
        let Some(cut) = self.scale.checked_sub(decimals).filter(|cut| *cut > 0) else {
            return self;
        };
        // One of these is at most 10^38, which an i128 holds.
        let unit = 10_i128.pow(u32::from(cut));
        let (whole, rest) = (self.mantissa / unit, self.mantissa % unit);
        let up = i128::from(rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2));
        Decimal { mantissa: whole + up * rest.signum(), scale: decimals }
    }

    /// Times ten to a power, exactly; `None` if it has too many digits.
    pub fn shifted(self, power: i16) -> Option<Decimal> {
        let scale = i16::from(self.scale).checked_sub(power)?;
        if let Ok(scale) = u8::try_from(scale) {
            return (scale <= DECIMALS).then_some(Decimal { mantissa: self.mantissa, scale });
        }
        let factor = 10_i128.checked_pow(u32::from(scale.unsigned_abs()))?;
        Some(Decimal { mantissa: self.mantissa.checked_mul(factor)?, scale: 0 })
    }

    /// The sum; `None` if it has too many digits.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let mantissa = self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?;
        Some(Decimal { mantissa, scale })
    }

    /// The difference; `None` if it has too many digits.
    pub fn minus(self, other: Decimal) -> Option<Decimal> {
        self.plus(other.negated())
    }

    /// The product; `None` if it has too many digits.
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.checked_add(other.scale).filter(|scale| *scale <= DECIMALS)?;
        Some(Decimal { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale })
    }

    /// `numerator / denominator` with so many decimals, rounded half away from zero; `None` if the
    /// denominator is zero or there are too many digits.
    pub fn quotient(numerator: i128, denominator: i128, decimals: u8) -> Option<Decimal> {
        let numerator = numerator.checked_mul(10_i128.checked_pow(u32::from(decimals))?)?;
        let whole = numerator.checked_div(denominator)?;
        let rest = numerator.checked_rem(denominator)?;
        let up = rest.unsigned_abs() >= denominator.unsigned_abs().div_ceil(2);
        let sign = rest.signum() * denominator.signum();
        let mantissa = whole.checked_add(i128::from(up) * sign)?;
        (decimals <= DECIMALS).then_some(Decimal { mantissa, scale: decimals })
    }

    /// Without zeros at the end of its decimals.
    #[must_use]
    pub const fn shortest(self) -> Decimal {
        let mut number = self;
        while number.scale > 0 && number.mantissa % 10 == 0 {
            number.mantissa /= 10;
            number.scale -= 1;
        }
        number
    }

    /// With thousands separators: `-1,234.50`.
    pub fn grouped(self) -> String {
        fupan_fact::number::grouped(&self.to_string())
    }

    /// The mantissa that it has with so many decimals, at least its own.
    fn at_scale(self, scale: u8) -> Option<i128> {
        let more = scale.checked_sub(self.scale)?;
        self.mantissa.checked_mul(10_i128.checked_pow(u32::from(more))?)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs();
        let scale = usize::from(self.scale);
        let mut text = format!("{digits:0>width$}", width = scale + 1);
        if scale > 0 {
            text.insert(text.len() - scale, '.');
        }
        f.pad_integral(self.mantissa >= 0, "", &text)
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads ASCII digits with an optional sign, point, and commas between groups of three digits:
    /// `-1,234.50`, `+.5`, `4134`.
    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        let (negative, size) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, decimals) = size.split_once('.').unwrap_or((size, ""));
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let mut groups = groups.peekable();
        let is_grouped = groups.peek().is_some();
        if is_grouped && !((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)) {
            return Err(DecimalError);
        }
        let scale = u8::try_from(decimals.len()).ok().filter(|scale| *scale <= DECIMALS);
        let scale = scale.ok_or(DecimalError)?;
        let mut mantissa = 0_i128;
        let mut is_empty = true;
        for byte in whole.bytes().filter(|byte| *byte != b',').chain(decimals.bytes()) {
            if !byte.is_ascii_digit() {
                return Err(DecimalError);
            }
            is_empty = false;
            let more =
                mantissa.checked_mul(10).and_then(|m| m.checked_add(i128::from(byte - b'0')));
            mantissa = more.ok_or(DecimalError)?;
        }
        if is_empty {
            return Err(DecimalError);
        }
        Ok(Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Decimal {
        Decimal { mantissa: i128::from(number), scale: 0 }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.at_scale(scale), other.at_scale(scale)) {
            (Some(one), Some(two)) => one.cmp(&two),
            // What does not fit is larger than all that does, and only one of two lacks decimals.
            (None, _) => self.mantissa.cmp(&0),
            (_, None) => 0.cmp(&other.mantissa),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let shortest = self.shortest();
        (shortest.mantissa, shortest.scale).hash(state);
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = RawValue::from_string(self.to_string());
        number.map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// Reads a JSON number without an exponent.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let number = Box::<RawValue>::deserialize(deserializer)?;
        number.get().parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn a_number_prints_as_it_is_read() {
        for text in ["0", "1.30", "-0.05", "4134.02", "-12", "0.000", "1234567890123.4567"] {
            assert_eq!(of(text).to_string(), text);
            assert_eq!(serde_json::to_string(&of(text)).expect("a number"), text);
            assert_eq!(serde_json::from_str::<Decimal>(text).expect("a number"), of(text));
        }
        for (text, printed) in [("+.5", "0.5"), ("1,234.50", "1234.50"), ("007.", "7"), ("-0", "0")]
        {
            assert_eq!(of(text).to_string(), printed);
        }
        for text in ["", "-", ".", "1,23", "1234,567", ",123", "1e3", "１", "1.2.3", "--1", "1.-2"]
        {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError), "{text}");
        }
        assert_eq!("9".repeat(39).parse::<Decimal>(), Err(DecimalError));
        assert_eq!(format!("0.{}", "0".repeat(39)).parse::<Decimal>(), Err(DecimalError));
        assert_eq!(of(&"9".repeat(38)).to_string(), "9".repeat(38));
    }

    #[test]
    fn numbers_compare_by_what_they_are() {
        let largest = Decimal::new(i128::MAX, 0);
        let ordered = [
            largest.negated(),
            of("-1.31"),
            of("-1.3"),
            of("0"),
            of("0.0001"),
            of("1.3"),
            of("2"),
            largest,
        ];
        for (place, one) in ordered.iter().enumerate() {
            for (other_place, other) in ordered.iter().enumerate() {
                assert_eq!(one.cmp(other), place.cmp(&other_place), "{one} {other}");
            }
        }
        assert_eq!(of("1.30"), of("1.3"));
        assert!(largest > Decimal::new(i128::MAX, 5));
    }

    #[test]
    fn numbers_are_rounded_half_away_from_zero() {
        for (number, decimals, rounded) in [
            ("1.25", 1, "1.3"),
            ("-1.25", 1, "-1.3"),
            ("1.249", 1, "1.2"),
            ("0.5", 0, "1"),
            ("-0.49", 0, "0"),
            ("1.2", 4, "1.2"),
            ("9.99", 1, "10.0"),
        ] {
            assert_eq!(of(number).rounded(decimals).to_string(), rounded);
        }
        for (numerator, denominator, decimals, text) in [
            (2, 3, 2, "0.67"),
            (-2, 3, 2, "-0.67"),
            (1, -2, 0, "-1"),
            (1, 4, 1, "0.3"),
            (0, -3, 1, "0.0"),
        ] {
            let quotient = Decimal::quotient(numerator, denominator, decimals);
            assert_eq!(quotient.expect("a number").to_string(), text);
        }
        assert_eq!(Decimal::quotient(1, 0, 2), None);
    }

    #[test]
    fn arithmetic_is_exact_or_none() {
        assert_eq!(of("1.25").plus(of("-0.5")).expect("fits").to_string(), "0.75");
        assert_eq!(of("1").minus(of("0.001")).expect("fits").to_string(), "0.999");
        assert_eq!(of("1.5").times(of("-2.0")).expect("fits").to_string(), "-3.00");
        assert_eq!(of("2.13").shifted(12).expect("fits").to_string(), "2130000000000");
        assert_eq!(of("2.13").shifted(1).expect("fits").to_string(), "21.3");
        assert_eq!(of("213").shifted(-4).expect("fits").to_string(), "0.0213");
        let largest = Decimal::new(i128::MAX, 0);
        assert_eq!(largest.plus(of("1")), None);
        assert_eq!(largest.times(of("2")), None);
        assert_eq!(largest.shifted(1), None);
        assert_eq!(largest.shifted(i16::MIN), None);
        assert_eq!(Decimal::new(123, u8::MAX), Decimal::ZERO);
        assert_eq!(of("-1234.50").grouped(), "-1,234.50");
        assert_eq!(of("1.500").shortest().to_string(), "1.5");
    }
}
