//! A number that a figure is compared with, as readers write it: `50`, `2.5%`, `1.2万亿`, `10:30`.

use std::cmp::Ordering;
use std::fmt;

use fupan_brief::{Language, worded};
use fupan_fact::{AsOf, Unit, Value, number};

use crate::alert::refusal::AlertRuleError;

/// A share or a return is kept in parts of this.
const PARTS: i64 = 1_000_000_000;

/// More decimals than any unit has.
const DECIMALS_MAX: usize = 12;

/// More digits than any number has that fits.
const DIGITS_MAX: usize = 24;

/// A number in the smallest step of its unit; a share in parts per billion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Threshold {
    unit: Unit,
    steps: i64,
    /// As its reader wrote it; `None` if it was computed.
    written: Option<String>,
}

/// What is written behind a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    Percent,
    /// A large number, such as 亿.
    Large,
    Money,
    Points,
}

/// Suffixes with the power of ten that they stand for, longer ones first.
const SUFFIXES: [(&str, Suffix, i32); 14] = [
    ("万亿", Suffix::Large, 12),
    ("trillion", Suffix::Large, 12),
    ("tn", Suffix::Large, 12),
    ("亿", Suffix::Large, 8),
    ("billion", Suffix::Large, 9),
    ("bn", Suffix::Large, 9),
    ("万", Suffix::Large, 4),
    ("million", Suffix::Large, 6),
    ("mn", Suffix::Large, 6),
    ("%", Suffix::Percent, -2),
    ("元", Suffix::Money, 0),
    ("yuan", Suffix::Money, 0),
    ("点", Suffix::Points, 0),
    ("points", Suffix::Points, 0),
];

impl Threshold {
    /// Reads a number for figures of a unit.
    ///
    /// # Errors
    /// If it is none, if what is written behind it does not fit the unit, if it is finer than the
    /// unit's smallest step, or if it is too large.
    pub(super) fn read(text: &str, unit: Unit) -> Result<Threshold, AlertRuleError> {
        let written: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let narrow: String = written.chars().map(narrow).collect();
        let steps = match unit {
            Unit::Time => second(&narrow),
            _ => decimal(&narrow, unit),
        };
        steps
            .and_then(|steps| Threshold::of(unit, steps))
            .map(|read| Threshold { written: Some(written.clone()), ..read })
            .ok_or_else(|| refused(&written, unit))
    }

    /// A number that nobody wrote; `None` if the unit has no such value.
    pub(super) fn of(unit: Unit, steps: i64) -> Option<Threshold> {
        let read = Threshold { unit, steps, written: None };
        read.value().map(|_| read)
    }

    /// The unit of the figures that it is compared with.
    pub(super) fn unit(&self) -> Unit {
        self.unit
    }

    /// How a value compares with it, exactly; `None` if it is unknown or of another unit.
    pub(super) fn against(&self, value: &Value) -> Option<Ordering> {
        let (figure, whole) = value.integers()?;
        // A value of another unit is not what its integers make in this one.
        if Value::of_integers(self.unit, figure, whole).as_ref() != Some(value) {
            return None;
        }
        let (scale, whole) = match whole {
            Some(whole) if whole > 0 => (PARTS, whole),
            Some(_) => return None,
            None => (1, 1),
        };
        let [figure, scale, steps, whole] = [figure, scale, self.steps, whole].map(i128::from);
        Some((figure * scale).cmp(&(steps * whole)))
    }

    /// How a number compares with it, as it would be read in its unit.
    pub(super) fn of_same_unit(&self, text: &str) -> Option<Ordering> {
        Threshold::read(text, self.unit).ok().map(|read| read.order(self))
    }

    /// How it compares with another of its unit.
    pub(super) fn order(&self, other: &Threshold) -> Ordering {
        self.steps.cmp(&other.steps)
    }

    /// The value `back` the way that `outward` does not point, from the first one that is beyond
    /// this one: a twentieth of it, at least what [`least_step`] says.
    pub(super) fn back(&self, outward: Ordering, is_met_at_it: bool) -> Threshold {
        let least = least_step(self.unit);
        let back = match self.unit {
            Unit::Time => least,
            _ => (self.steps.saturating_abs() / 20).max(least),
        };
        let edge = i64::from(!is_met_at_it);
        let steps = match outward {
            Ordering::Less => self.steps.saturating_sub(edge).saturating_add(back),
            _ => self.steps.saturating_add(edge).saturating_sub(back),
        };
        // A share beyond all or nothing would never come.
        let steps = match self.unit {
            Unit::Share if (0..=PARTS).contains(&self.steps) => steps.clamp(0, PARTS),
            Unit::Flag => steps.clamp(0, 1),
            Unit::Time | Unit::Yuan => steps.max(0),
            _ => steps,
        };
        Threshold { unit: self.unit, steps, written: None }
    }

    /// In words: as it was written, else as figures of its unit are printed.
    pub(super) fn said(&self, language: Language) -> String {
        match (&self.written, self.unit) {
            (Some(written), _) => written.clone(),
            (None, Unit::Share | Unit::Ppb) => self.plain(),
            (None, _) => {
                self.value().map_or_else(|| self.plain(), |value| worded(&value, language))
            }
        }
    }

    /// As it can be read again.
    fn plain(&self) -> String {
        let decimal = |per, decimals, suffix: &str| {
            let text = number::quotient(self.steps.into(), per, decimals);
            let text = match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.'),
                false => &text,
            };
            format!("{text}{suffix}")
        };
        match self.unit {
            Unit::Fen => decimal(100, 2, "元"),
            Unit::Share | Unit::Ppb => decimal(10_000_000, 7, "%"),
            Unit::Yuan | Unit::Points => decimal(10_000, 4, ""),
            Unit::Ppm => decimal(1_000_000, 6, ""),
            Unit::Time => {
                u32::try_from(self.steps).map(AsOf::Instant).unwrap_or(AsOf::Close).to_string()
            }
            _ => self.steps.to_string(),
        }
    }

    fn value(&self) -> Option<Value> {
        let whole = (self.unit == Unit::Share).then_some(PARTS);
        Value::of_integers(self.unit, self.steps, whole)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Some(written) => f.write_str(written),
            None => f.write_str(&self.plain()),
        }
    }
}

/// The least way back before a condition is armed again, in the smallest step of a unit: one of
/// what is counted, a thousandth of a share or a return, 10,000 yuan, 0.01 yuan of a price, 0.01 of
/// a point or of a ratio, a minute.
const fn least_step(unit: Unit) -> i64 {
    match unit {
        Unit::Securities
        | Unit::Sessions
        | Unit::Times
        | Unit::Shares
        | Unit::Flag
        | Unit::Rank => 1,
        Unit::Fen | Unit::Share | Unit::Ppb => 1_000_000,
        Unit::Yuan | Unit::Points => 100,
        Unit::Ppm => 10_000,
        Unit::Time => 60,
    }
}

/// The narrow form of the wide signs and digits that Chinese keyboards write.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' => '-',
        _ => c,
    }
}

/// A time as seconds after midnight: `10:30`, `9:45`, `14:30:15`.
fn second(text: &str) -> Option<i64> {
    let text = match text.find(':') {
        Some(1) => format!("0{text}"),
        _ => text.to_owned(),
    };
    match text.parse() {
        Ok(AsOf::Instant(second)) => Some(second.into()),
        _ => None,
    }
}

/// A number with its suffix in the smallest step of a unit.
fn decimal(text: &str, unit: Unit) -> Option<i64> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => (-1, size.trim_start()),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end =
        size.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(size.len());
    let (digits, behind) = size.split_at(end);
    let (whole, decimals) = match digits.split_once('.') {
        Some((whole, decimals)) if is_digits(decimals) => (whole, decimals),
        Some(_) => return None,
        None => (digits, ""),
    };
    let whole = ungrouped(whole)?;
    if decimals.len() > DECIMALS_MAX || whole.len() + decimals.len() > DIGITS_MAX {
        return None;
    }
    let number: i128 = format!("{whole}{decimals}").parse().ok()?;
    let (suffix, power) = suffix(behind.trim())?;
    let power = power + scale(unit, suffix, number == 0)? - decimals.len() as i32;
    let ten = |power: i32| 10_i128.checked_pow(power.unsigned_abs());
    let steps = match power {
        ..0 => Some(number).filter(|number| number % ten(power).unwrap_or(1) == 0)? / ten(power)?,
        _ => number.checked_mul(ten(power)?)?,
    };
    i64::try_from(sign * steps).ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits of a whole number, whose commas must stand before groups of three.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next().filter(|first| is_digits(first))?;
    let mut whole = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.len() > 3 || !is_digits(group) {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

/// What stands behind a number, and its power of ten.
fn suffix(text: &str) -> Option<(Suffix, i32)> {
    let lower = text.to_lowercase();
    if lower.is_empty() {
        return Some((Suffix::None, 0));
    }
    let known = |text: &str| SUFFIXES.into_iter().find(|(word, ..)| *word == text);
    if let Some((_, suffix, power)) = known(&lower) {
        return Some((suffix, power));
    }
    // 亿元, bn yuan.
    let large = lower.strip_suffix('元').or_else(|| lower.strip_suffix("yuan"))?;
    let (_, suffix, power) = known(large.trim())?;
    (suffix == Suffix::Large).then_some((Suffix::Money, power))
}

/// The power of ten from what is written to the smallest step of a unit; `None` if the suffix does
/// not fit. Zero is zero in every unit.
fn scale(unit: Unit, suffix: Suffix, is_zero: bool) -> Option<i32> {
    let of_large = matches!(suffix, Suffix::Large | Suffix::Money);
    let of_plain = suffix == Suffix::None;
    match unit {
        Unit::Securities | Unit::Sessions | Unit::Times | Unit::Rank | Unit::Flag => {
            of_plain.then_some(0)
        }
        Unit::Shares => (of_plain || suffix == Suffix::Large).then_some(0),
        Unit::Fen => (of_large || of_plain && is_zero).then_some(2),
        Unit::Ppb | Unit::Share => (suffix == Suffix::Percent || of_plain && is_zero).then_some(9),
        Unit::Yuan => (of_plain || suffix == Suffix::Money).then_some(4),
        Unit::Points => (of_plain || suffix == Suffix::Points).then_some(4),
        Unit::Ppm => of_plain.then_some(6),
        Unit::Time => None,
    }
}

fn refused(written: &str, unit: Unit) -> AlertRuleError {
    let (en, zh) = match unit {
        Unit::Securities | Unit::Sessions | Unit::Times | Unit::Rank => {
            ("a whole number, such as `50`", "整数，例如`50`")
        }
        Unit::Shares => {
            ("a number of shares, such as `500000` or `50万`", "股数，例如`500000`或`50万`")
        }
        Unit::Fen => (
            "an amount of money with its unit, such as `300亿`, `1.2万亿` or `300bn`",
            "带单位的金额，例如`300亿`、`1.2万亿`或`300bn`",
        ),
        Unit::Ppb | Unit::Share => (
            "a percentage of at most seven decimals, such as `2.5%`",
            "百分数（至多七位小数），例如`2.5%`",
        ),
        Unit::Yuan => (
            "a price in yuan of at most four decimals, such as `12.34`",
            "以元计的价格（至多四位小数），例如`12.34`",
        ),
        Unit::Points => (
            "index points of at most four decimals, such as `4000`",
            "指数点位（至多四位小数），例如`4000`",
        ),
        Unit::Ppm => (
            "a plain number of at most six decimals, such as `1.25`",
            "数值（至多六位小数），例如`1.25`",
        ),
        Unit::Time => ("a time of day, such as `10:30`", "时刻，例如`10:30`"),
        Unit::Flag => ("`1` for yes or `0` for no", "`1`（是）或`0`（否）"),
    };
    AlertRuleError::new(
        format!("`{written}` does not fit the figure: write {en}"),
        format!("`{written}`与该指标的单位不符：请写{zh}"),
    )
}

#[cfg(test)]
mod tests {
    use fupan_market::{Fen, Price, Return};

    use super::*;

    fn steps(text: &str, unit: Unit) -> Option<i64> {
        Threshold::read(text, unit).ok().map(|read| read.steps)
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, unit, expected) in [
            ("50", Unit::Securities, 50),
            ("1,250", Unit::Securities, 1_250),
            ("５０", Unit::Securities, 50),
            ("-3", Unit::Sessions, -3),
            ("2.5%", Unit::Ppb, 25_000_000),
            ("−2.5％", Unit::Ppb, -25_000_000),
            ("0.0000001%", Unit::Ppb, 1),
            ("60 %", Unit::Share, 600_000_000),
            ("0", Unit::Ppb, 0),
            ("1.2万亿", Unit::Fen, 120_000_000_000_000),
            ("300亿", Unit::Fen, 3_000_000_000_000),
            ("300亿元", Unit::Fen, 3_000_000_000_000),
            ("300bn", Unit::Fen, 30_000_000_000_000),
            ("300 BN yuan", Unit::Fen, 30_000_000_000_000),
            ("0.01元", Unit::Fen, 1),
            ("0", Unit::Fen, 0),
            ("12.34", Unit::Yuan, 123_400),
            ("12.34元", Unit::Yuan, 123_400),
            ("4,000点", Unit::Points, 40_000_000),
            ("0.85", Unit::Ppm, 850_000),
            ("10:30", Unit::Time, 37_800),
            ("9：45", Unit::Time, 35_100),
            ("14:30:15", Unit::Time, 52_215),
            ("1", Unit::Flag, 1),
            ("50万", Unit::Shares, 500_000),
        ] {
            assert_eq!(steps(text, unit), Some(expected), "{text}");
            let read = Threshold::read(text, unit).unwrap();
            assert_eq!(Threshold::read(&read.to_string(), unit), Ok(read.clone()), "{text}");
            assert_eq!(steps(&read.plain(), unit), Some(expected), "{text}: {}", read.plain());
        }
    }

    #[test]
    fn what_does_not_fit_the_unit_is_refused_with_an_example() {
        for (text, unit) in [
            ("50%", Unit::Securities),
            ("50.5", Unit::Securities),
            ("", Unit::Securities),
            ("many", Unit::Securities),
            ("1,25", Unit::Securities),
            ("1234,567", Unit::Securities),
            ("--5", Unit::Securities),
            ("99999999999999999999", Unit::Securities),
            ("0.05", Unit::Ppb),
            ("2.5", Unit::Share),
            ("0.00000001%", Unit::Ppb),
            ("300", Unit::Fen),
            ("300%", Unit::Fen),
            ("0.001元", Unit::Fen),
            ("300亿亿", Unit::Fen),
            ("99999万亿", Unit::Fen),
            ("-1", Unit::Yuan),
            ("300亿", Unit::Points),
            ("50", Unit::Time),
            ("25:00", Unit::Time),
            ("close", Unit::Time),
            ("10:30", Unit::Securities),
            ("2", Unit::Flag),
            ("1.", Unit::Ppm),
            (".5", Unit::Ppm),
            ("1.2.3", Unit::Ppm),
        ] {
            let told = Threshold::read(text, unit).unwrap_err();
            assert!(told.to_string().contains("write "), "{text}: {told}");
        }
    }

    #[test]
    fn values_compare_exactly() {
        let read = |text, unit| Threshold::read(text, unit).unwrap();
        let third = read("33.3333333%", Unit::Share);
        assert_eq!(third.against(&Value::Share { part: 1, whole: 3 }), Some(Ordering::Greater));
        let half = read("50%", Unit::Share);
        let nearly = i64::MAX / 2;
        for (part, whole, expected) in [
            (nearly, i64::MAX, Some(Ordering::Less)),
            (nearly + 1, i64::MAX, Some(Ordering::Greater)),
            (2, 4, Some(Ordering::Equal)),
            (-1, -2, None),
        ] {
            assert_eq!(half.against(&Value::Share { part, whole }), expected);
        }
        let fifty = read("50", Unit::Securities);
        assert_eq!(fifty.against(&Value::Count { count: 51 }), Some(Ordering::Greater));
        for other in [
            Value::Money { fen: Fen(51) },
            Value::Return { ppb: Return(51) },
            Value::Price { price: Price::from_fen(51).unwrap() },
            Value::Unknown { reason: "no_data".to_owned() },
        ] {
            assert_eq!(fifty.against(&other), None, "{other:?}");
        }
    }

    #[test]
    fn the_way_back_is_a_twentieth_and_at_least_a_step() {
        use Ordering::{Greater, Less};
        for (text, unit, outward, is_met_at_it, expected) in [
            ("50", Unit::Securities, Greater, false, "49"),
            ("50", Unit::Securities, Greater, true, "48"),
            ("200", Unit::Securities, Greater, true, "190"),
            ("0", Unit::Securities, Greater, false, "0"),
            ("1", Unit::Securities, Greater, true, "0"),
            ("1", Unit::Securities, Less, false, "1"),
            ("5%", Unit::Ppb, Greater, true, "4.75%"),
            ("-5%", Unit::Ppb, Less, true, "-4.75%"),
            ("0", Unit::Ppb, Greater, true, "-0.1%"),
            ("98%", Unit::Share, Less, true, "100%"),
            ("0", Unit::Share, Greater, false, "0%"),
            ("300亿", Unit::Fen, Greater, true, "28500000000元"),
            ("0", Unit::Fen, Greater, true, "-10000元"),
            ("10:30", Unit::Time, Less, true, "10:31:00"),
            ("1", Unit::Flag, Greater, true, "0"),
            ("0", Unit::Yuan, Greater, true, "0"),
        ] {
            let read = Threshold::read(text, unit).unwrap();
            assert_eq!(read.back(outward, is_met_at_it).to_string(), expected, "{text}");
        }
    }
}
