//! Values as exact text: the one place where an integer becomes a printed number.

use fupan_market::{Price, Return};

use crate::Value;

/// A value as exact text: an integer in the unit's smallest step, or `part/whole`. Empty if the
/// value is unknown.
pub fn exact(value: &Value) -> String {
    match value.integers() {
        Some((part, Some(whole))) => format!("{part}/{whole}"),
        Some((number, None)) => number.to_string(),
        None => String::new(),
    }
}

/// A value as a decimal number in its natural unit (yuan, points, a fraction of one), for programs
/// to parse. A time is in seconds after midnight; an unknown value is empty. Every value is exact
/// except a share, which is rounded to nine decimals, half away from zero.
pub fn decimal(value: &Value) -> String {
    let of = |number: i64, denominator: i64, decimals| {
        quotient(i128::from(number), i128::from(denominator), decimals)
    };
    match value {
        Value::Count { count } => count.to_string(),
        Value::Money { fen } => fen.to_string(),
        Value::Return { ppb } => of(ppb.0, Return::PARTS, 9),
        Value::Share { whole: 0, .. } | Value::Unknown { .. } => String::new(),
        Value::Share { part, whole } => of(*part, *whole, 9),
        Value::Price { price } => of(price.units(), Price::UNITS, 4),
        Value::Points { units } => of(*units, Price::UNITS, 4),
        Value::Ratio { ppm } => of(*ppm, 1_000_000, 6),
        Value::Time { second } => second.to_string(),
        Value::Flag { holds } => i64::from(*holds).to_string(),
    }
}

/// The absolute value of `numerator / denominator` in units of the last of `decimals` decimals,
/// rounded half away from zero. A denominator of zero counts as one.
pub fn steps(numerator: i128, denominator: i128, decimals: u32) -> i128 {
    let (numerator, denominator) = (numerator.abs(), denominator.abs().max(1));
    (numerator * 10_i128.pow(decimals) * 2 + denominator) / (2 * denominator)
}

/// `numerator / denominator` with `decimals` decimals, rounded half away from zero: `-1234.50`.
pub fn quotient(numerator: i128, denominator: i128, decimals: u32) -> String {
    let negative = (numerator < 0) != (denominator < 0);
    let scale = 10_i128.pow(decimals);
    let steps = steps(numerator, denominator, decimals);
    let sign = if negative && steps != 0 { "-" } else { "" };
    match decimals {
        0 => format!("{sign}{steps}"),
        _ => format!("{sign}{}.{:0w$}", steps / scale, steps % scale, w = decimals as usize),
    }
}

/// A number with thousands separators: `-1234.50` becomes `-1,234.50`.
pub fn grouped(number: &str) -> String {
    let (sign, size) = number.strip_prefix('-').map_or(("", number), |size| ("-", size));
    let whole = size.find('.').unwrap_or(size.len());
    let mut text = String::with_capacity(number.len() + whole / 3 + 1);
    text.push_str(sign);
    for (place, digit) in size[..whole].chars().enumerate() {
        if place > 0 && (whole - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(&size[whole..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [
            ("0", "0"),
            ("7", "7"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-5473", "-5,473"),
            ("1234567", "1,234,567"),
            ("-1234567.8901", "-1,234,567.8901"),
            ("123.4567", "123.4567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn the_exact_text_is_the_integers() {
        for (value, text) in [
            (Value::Share { part: -2_335, whole: 5_461 }, "-2335/5461"),
            (Value::Money { fen: fupan_market::Fen(-5) }, "-5"),
            (Value::Return { ppb: Return(12_500_000) }, "12500000"),
            (Value::Unknown { reason: "no_data".to_owned() }, ""),
        ] {
            assert_eq!(exact(&value), text);
        }
    }

    #[test]
    fn a_quotient_has_the_sign_of_its_two_numbers() {
        for (numerator, denominator, decimals, text) in [
            (1, 2, 0, "1"),
            (-5, 2, 0, "-3"),
            (7, 3, 1, "2.3"),
            (7, -3, 1, "-2.3"),
            (-7, 3, 1, "-2.3"),
            (-7, -3, 1, "2.3"),
            (0, -3, 1, "0.0"),
            (5, 0, 0, "5"),
            (-5, 0, 1, "-5.0"),
        ] {
            assert_eq!(quotient(numerator, denominator, decimals), text);
        }
    }

    #[test]
    fn a_decimal_is_the_value_as_a_number() {
        use fupan_market::Fen;
        for (value, text) in [
            (Value::Share { part: 2_335, whole: 5_461 }, "0.427577367"),
            (Value::Share { part: 1, whole: 3 }, "0.333333333"),
            (Value::Share { part: 2, whole: 3 }, "0.666666667"),
            (Value::Share { part: 1, whole: 2_000_000_000 }, "0.000000001"),
            (Value::Share { part: -1, whole: 2_000_000_000 }, "-0.000000001"),
            (Value::Share { part: -1, whole: 3_000_000_000 }, "0.000000000"),
            (Value::Share { part: 0, whole: 7 }, "0.000000000"),
            (Value::Share { part: i64::MAX, whole: 1 }, "9223372036854775807.000000000"),
            (Value::Money { fen: Fen(-5) }, "-0.05"),
            (Value::Return { ppb: Return(-13_200_001) }, "-0.013200001"),
            (Value::Points { units: 41_340_250 }, "4134.0250"),
            (Value::Ratio { ppm: 1_254_000 }, "1.254000"),
            (Value::Count { count: -3 }, "-3"),
            (Value::Time { second: 34_200 }, "34200"),
            (Value::Unknown { reason: "no_data".to_owned() }, ""),
        ] {
            assert_eq!(decimal(&value), text);
        }
    }
}
