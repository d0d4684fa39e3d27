//! How a value is printed.

use fupan_fact::number::{self, steps};
use fupan_fact::{AsOf, Basis, Fact, Value};
use fupan_market::{Finding, FindingKind, Price, Return};
use serde::Serialize;

mod money;
mod ordinal;

use money::{column, compact, money};
use ordinal::{ordinal, ordinal_figures};

use crate::Language;

/// How a figure is printed. The exact value is shown next to it where there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The usual form of its kind: a count with separators, money in 亿 or bn, a share in percent.
    Plain,
    /// A change, always with its sign.
    Change,
    /// The size of a change, without a sign: the words around it state the direction.
    Magnitude,
    /// The size of a difference between two percentages, in percentage points.
    Gap,
    /// The same with its sign and without its unit, which the column's heading names.
    GapColumn,
    /// The size of a percentage to one decimal, for headlines and comparisons.
    Tenths,
    /// A count as an ordinal.
    Ordinal,
    /// A count of a thousand or more, down to the hundred: the words around it say "more than". Points
    /// without decimals: the words around them say that it is a round level.
    Floor,
    /// The size of a change of an amount, in per cent; of an estimate, to the whole per cent.
    Rate,
    /// The same with its sign.
    RateChange,
    /// An amount of money without its unit, which the column's heading names.
    Column,
    /// The same with its sign.
    ChangeColumn,
    /// Of a share, the part: a count.
    Part,
    /// Of a share, the whole: a count.
    Whole,
    /// A share as a percentile: "72nd" in English.
    Percentile,
    /// How many members of the population the figure judged.
    Judged,
    /// The population of the figure: those judged, and those that could not be.
    Population,
    /// How many it could not judge.
    Unjudged,
}

/// Which way a figure points, for colour and arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Above zero.
    Up,
    /// Below zero.
    Down,
    /// Zero.
    Flat,
}

impl Tone {
    /// `up`, `down` or `flat`.
    pub const fn id(self) -> &'static str {
        match self {
            Tone::Up => "up",
            Tone::Down => "down",
            Tone::Flat => "flat",
        }
    }

    /// The arrow shown next to the colour; empty for zero.
    pub const fn arrow(self) -> &'static str {
        match self {
            Tone::Up => "▲",
            Tone::Down => "▼",
            Tone::Flat => "",
        }
    }
}

/// Printed for an unknown value.
pub(crate) const UNKNOWN: &str = "—";

/// Whether a figure is an estimate. One with the basis *partial* may be an estimate too.
pub(crate) fn is_estimated(fact: &Fact) -> bool {
    let found = |finding: &Finding| finding.kind == FindingKind::EstimatedTurnover;
    match fact.provenance.basis {
        Basis::Estimated => true,
        Basis::Partial => fact.provenance.findings.iter().any(found),
        Basis::Exact | Basis::Derived | Basis::Restated | Basis::None => false,
    }
}

/// Whether a figure printed in a format is an estimate that its sentence or column must mark: an
/// amount or a percentage; a count, a rank, a percentile or a coverage never is.
pub(crate) fn is_marked(fact: &Fact, format: Format) -> bool {
    let of_coverage = matches!(format, Format::Judged | Format::Population | Format::Unjudged);
    let counted = matches!(fact.value, Value::Count { .. } | Value::Unknown { .. });
    let of_coverage = of_coverage || matches!(format, Format::Part | Format::Whole);
    let counted = counted || format == Format::Percentile;
    !of_coverage && !counted && is_estimated(fact)
}

/// The printed figure. What it is an estimate of, its sentence or its column says.
pub(crate) fn display(fact: &Fact, format: Format, language: Language) -> String {
    let coverage = fact.provenance.coverage;
    match format {
        Format::Judged => count(coverage.judged.into(), language),
        Format::Population => {
            count(i128::from(coverage.judged) + i128::from(coverage.unjudged), language)
        }
        Format::Unjudged => count(coverage.unjudged.into(), language),
        _ => {
            let precision = match is_estimated(fact) {
                true => Precision::Estimate,
                false => Precision::Full,
            };
            number(&fact.value, (format, precision), language)
        }
    }
}

/// How many digits a figure is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precision {
    /// All that are usual.
    Full,
    /// Three of an amount, whole per cents of its change.
    Estimate,
}

/// A value for a line in a terminal: plain spaces, a return always with its sign, a share with its
/// two integers, an unknown value with its reason.
pub fn worded(value: &Value, language: Language) -> String {
    let zh = language == Language::Zh;
    let text = match value {
        Value::Unknown { reason } => {
            let reason = fupan_fact::reason(reason);
            let reason = reason.in_language(language);
            return if zh {
                format!("不详（{reason}）")
            } else {
                format!("unknown ({reason})")
            };
        }
        Value::Share { part, whole } => {
            let [part, whole] = [*part, *whole].map(|part| count(part.into(), language));
            let share = number(value, (Format::Plain, Precision::Full), language);
            if zh {
                format!("{share}（{part}/{whole}）")
            } else {
                format!("{share} ({part} of {whole})")
            }
        }
        Value::Return { .. } => number(value, (Format::Change, Precision::Full), language),
        Value::Money { fen } => of_language(compact(i128::from(fen.0), language), language),
        _ => number(value, (Format::Plain, Precision::Full), language),
    };
    text.replace('\u{a0}', " ").replace('\u{2212}', "-")
}

/// The sign of a value that can have a direction.
pub(crate) fn tone(value: &Value) -> Option<Tone> {
    let number = match value {
        Value::Return { ppb } => ppb.0,
        Value::Points { units } => *units,
        Value::Money { fen } => fen.0,
        Value::Count { count } => *count,
        Value::Ratio { ppm } => *ppm,
        Value::Share { .. }
        | Value::Price { .. }
        | Value::Time { .. }
        | Value::Flag { .. }
        | Value::Unknown { .. } => {
            return None;
        }
    };
    Some(match number {
        0 => Tone::Flat,
        n if n > 0 => Tone::Up,
        _ => Tone::Down,
    })
}

/// The exact value with its unit, for a reader who wants to check it.
pub(crate) fn exact(value: &Value, language: Language) -> String {
    let zh = language == Language::Zh;
    match value {
        Value::Count { count } => grouped(i128::from(*count)),
        Value::Money { fen } => {
            let yuan = fixed(i128::from(fen.0), 100, 2);
            if zh { format!("{yuan}元") } else { format!("CNY\u{a0}{yuan}") }
        }
        Value::Return { ppb } => {
            let parts = i128::from(Return::PARTS);
            percent(&fixed(i128::from(ppb.0) * 100, parts, 7))
        }
        Value::Share { part, whole } => {
            format!("{} / {}", grouped(i128::from(*part)), grouped(i128::from(*whole)))
        }
        Value::Price { price } => {
            let yuan = price.to_string();
            if zh { format!("{yuan}元") } else { format!("CNY\u{a0}{yuan}") }
        }
        Value::Points { units } => fixed(i128::from(*units), i128::from(Price::UNITS), 4),
        Value::Ratio { ppm } => fixed(i128::from(*ppm), 1_000_000, 6),
        Value::Time { second } => AsOf::Instant(*second).to_string(),
        Value::Flag { holds } => flag(*holds, language).to_owned(),
        Value::Unknown { .. } => UNKNOWN.to_owned(),
    }
}

/// Yes or no.
fn flag(holds: bool, language: Language) -> &'static str {
    match (holds, language) {
        (true, Language::Zh) => "是",
        (false, Language::Zh) => "否",
        (true, Language::En) => "yes",
        (false, Language::En) => "no",
    }
}

/// The value for programs: a plain number in its natural unit, or a quotient; the reason if it is
/// unknown.
pub(crate) fn machine(value: &Value) -> String {
    match value {
        Value::Share { .. } => number::exact(value),
        Value::Price { price } => price.to_string(),
        Value::Time { second } => AsOf::Instant(*second).to_string(),
        Value::Unknown { reason } => format!("unknown:{reason}"),
        _ => number::decimal(value),
    }
}

/// The part or the whole of a share, for programs.
pub(crate) fn part_or_whole(value: &Value, format: Format) -> String {
    match (value, format) {
        (Value::Share { part, .. }, Format::Part) => part.to_string(),
        (Value::Share { whole, .. }, Format::Whole) => whole.to_string(),
        _ => machine(value),
    }
}

/// A printed number as the language groups its digits: Chinese desks write none of them apart.
fn of_language(grouped: String, language: Language) -> String {
    match language {
        Language::Zh => grouped.replace(',', ""),
        Language::En => grouped,
    }
}

fn count(number: i128, language: Language) -> String {
    of_language(grouped(number), language)
}

fn number(value: &Value, how: (Format, Precision), language: Language) -> String {
    of_language(number_grouped(value, how, language), language)
}

fn number_grouped(
    value: &Value,
    (format, precision): (Format, Precision),
    language: Language,
) -> String {
    match value {
        Value::Count { count } => match format {
            Format::Ordinal => ordinal(count.unsigned_abs(), language),
            Format::Floor => grouped(floor(*count).into()),
            _ => signed(i128::from(*count), format, grouped),
        },
        Value::Money { fen } => signed(i128::from(fen.0), format, |fen| match format {
            Format::Column | Format::ChangeColumn => column(fen, precision, language),
            _ => money(fen, precision, language),
        }),
        Value::Return { ppb } => signed(i128::from(ppb.0), format, |ppb| {
            let (parts, decimals) = (i128::from(Return::PARTS), decimals(format, precision));
            let number = rounded(ppb * 100, parts, decimals);
            match (format, language) {
                (Format::GapColumn, _) => number,
                (Format::Gap, Language::Zh) => format!("{number}个百分点"),
                (Format::Gap, Language::En) => format!("{number}\u{a0}percentage points"),
                _ => percent(&number),
            }
        }),
        Value::Share { whole: 0, .. } | Value::Unknown { .. } => UNKNOWN.to_owned(),
        Value::Share { part, .. } if format == Format::Part => grouped((*part).into()),
        Value::Share { whole, .. } if format == Format::Whole => grouped((*whole).into()),
        Value::Share { part, whole }
            if (format, language) == (Format::Percentile, Language::En) =>
        {
            let place = steps(i128::from(*part) * 100, i128::from(*whole), 0);
            // The lowest of many is in the first, as nothing is below all of itself.
            ordinal_figures(place.max(1).try_into().unwrap_or(u64::MAX))
        }
        Value::Share { part, whole } => {
            let (part, whole) = (i128::from(*part), i128::from(*whole));
            percent(&rounded(part * 100, whole, decimals(format, precision)))
        }
        Value::Price { price } => price.to_string(),
        Value::Points { units } if format == Format::Floor => {
            fixed(i128::from(*units), i128::from(Price::UNITS), 0)
        }
        Value::Points { units } => {
            signed(i128::from(*units), format, |n| rounded(n, i128::from(Price::UNITS), 2))
        }
        Value::Ratio { ppm } => signed(i128::from(*ppm), format, |n| rounded(n, 1_000_000, 2)),
        Value::Time { second } => AsOf::Instant(*second).to_string(),
        Value::Flag { holds } => flag(*holds, language).to_owned(),
    }
}

/// A count of a thousand or more without its last two digits.
pub(crate) fn floor(count: i64) -> i64 {
    if count < 1_000 { count } else { count - count % 100 }
}

/// Decimals of a percentage.
fn decimals(format: Format, precision: Precision) -> u32 {
    match (format, precision) {
        (Format::Tenths | Format::Percentile, _) => 1,
        (Format::Rate | Format::RateChange, Precision::Estimate) => 0,
        _ => 2,
    }
}

/// Applies the format's sign. `print` receives the number and writes the minus itself.
fn signed(number: i128, format: Format, print: impl Fn(i128) -> String) -> String {
    match format {
        Format::Magnitude | Format::Gap | Format::Tenths | Format::Rate => print(number.abs()),
        Format::Change | Format::GapColumn | Format::RateChange | Format::ChangeColumn
            if number > 0 =>
        {
            format!("+{}", print(number))
        }
        _ => print(number),
    }
}

fn percent(number: &str) -> String {
    format!("{number}%")
}

/// `numerator / denominator` to `decimals` places, half away from zero. More places, up to seven,
/// if a nonzero number would print as zero.
fn rounded(numerator: i128, denominator: i128, decimals: u32) -> String {
    let vanishes = |places: u32| {
        numerator != 0 && numerator.abs() * 10_i128.pow(places) * 2 < denominator.abs()
    };
    let places = (decimals..=7).find(|places| !vanishes(*places)).unwrap_or(7);
    fixed(numerator, denominator, places)
}

/// `numerator / denominator` to exactly `decimals` places, half away from zero.
fn fixed(numerator: i128, denominator: i128, decimals: u32) -> String {
    typeset(&number::quotient(numerator, denominator, decimals))
}

/// A whole number with thousands separators and a true minus sign.
fn grouped(number: i128) -> String {
    typeset(&number.to_string())
}

/// Typesets a plain number for a page.
fn typeset(plain: &str) -> String {
    number::grouped(plain).replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fupan_market::Fen;

    #[track_caller]
    fn check(value: Value, format: Format, zh: &str, en: &str) {
        let full = (format, Precision::Full);
        assert_eq!(number(&value, full, Language::Zh), zh);
        let plain = number(&value, full, Language::En).replace('\u{a0}', " ");
        assert_eq!(plain, en);
    }

    #[test]
    fn numbers_print_as_a_desk_writes_them() {
        let ret = |ppb| Value::Return { ppb: Return(ppb) };
        let money = |fen| Value::Money { fen: Fen(fen) };
        check(Value::Count { count: 3279 }, Format::Plain, "3279", "3,279");
        check(Value::Count { count: -3 }, Format::Magnitude, "3", "3");
        check(Value::Count { count: -4 }, Format::Ordinal, "4", "fourth");
        check(Value::Count { count: 3279 }, Format::Floor, "3200", "3,200");
        check(Value::Count { count: 999 }, Format::Floor, "999", "999");
        check(ret(13_200_000), Format::Change, "+1.32%", "+1.32%");
        check(ret(-450_000), Format::Change, "−0.05%", "−0.05%");
        check(ret(-450_000), Format::Magnitude, "0.05%", "0.05%");
        check(ret(30_000), Format::Change, "+0.003%", "+0.003%");
        check(ret(0), Format::Change, "0.00%", "0.00%");
        check(ret(99_995_000), Format::Plain, "10.00%", "10.00%");
        check(money(214_321_234_567_890), Format::Plain, "2.14万亿元", "2.14 trillion yuan");
        check(money(15_750_000_000_000), Format::Change, "+1575亿元", "+157.5 billion yuan");
        check(money(-15_750_000_000_000), Format::Change, "−1575亿元", "−157.5 billion yuan");
        check(money(1_234_500), Format::Plain, "1.23万元", "12,345.00 yuan");
        check(ret(18_200_000), Format::Gap, "1.82个百分点", "1.82 percentage points");
        check(ret(-18_200_000), Format::Gap, "1.82个百分点", "1.82 percentage points");
        check(ret(18_200_000), Format::GapColumn, "+1.82", "+1.82");
        check(ret(-18_200_000), Format::GapColumn, "−1.82", "−1.82");
        check(ret(-13_200_000), Format::Tenths, "1.3%", "1.3%");
        check(ret(-400_000), Format::Tenths, "0.04%", "0.04%");
        check(ret(79_800_000), Format::Rate, "7.98%", "7.98%");
        check(ret(79_800_000), Format::RateChange, "+7.98%", "+7.98%");
        check(money(89_660_000_000_000), Format::Column, "8966", "896.6");
        check(money(15_750_000_000_000), Format::ChangeColumn, "+1575", "+157.5");
        check(Value::Share { part: 181, whole: 250 }, Format::Percentile, "72.4%", "72nd");
        check(Value::Share { part: 1_031, whole: 5_000 }, Format::Part, "1031", "1,031");
        check(Value::Share { part: 1_031, whole: 5_000 }, Format::Whole, "5000", "5,000");
        check(Value::Share { part: 616, whole: 1000 }, Format::Tenths, "61.6%", "61.6%");
        check(Value::Share { part: 1, whole: 3 }, Format::Plain, "33.33%", "33.33%");
        check(Value::Share { part: 1, whole: 0 }, Format::Plain, "—", "—");
        check(Value::Points { units: 41_340_250 }, Format::Plain, "4134.03", "4,134.03");
        check(Value::Points { units: 40_000_000 }, Format::Floor, "4000", "4,000");
        check(Value::Ratio { ppm: 1_254_000 }, Format::Plain, "1.25", "1.25");
        check(Value::Ratio { ppm: 1_254_000 }, Format::Change, "+1.25", "+1.25");
        check(Value::Points { units: -41_340_250 }, Format::Magnitude, "4134.03", "4,134.03");
        let price = Price::from_fen(123_450).unwrap();
        check(Value::Price { price }, Format::Change, "1234.50", "1234.50");
        check(Value::Time { second: 41_400 }, Format::Plain, "11:30:00", "11:30:00");
    }

    /// One more decimal than vanishes, up to seven.
    #[test]
    fn a_number_that_is_not_zero_does_not_print_as_zero() {
        for (numerator, denominator, decimals, printed) in [
            (50_000, 1_000_000_000 / 100, 2, "0.01"),
            (49_999, 1_000_000_000 / 100, 2, "0.005"),
            (5_000, 1_000_000_000 / 100, 2, "0.001"),
            (4_999, 1_000_000_000 / 100, 2, "0.0005"),
            (-4_999, 1_000_000_000 / 100, 2, "−0.0005"),
            (0, 7, 2, "0.00"),
            (1, 3, 0, "0.3"),
            (1, 2, 0, "1"),
            (-3, -2, 1, "1.5"),
            (1, 20_000_000, 2, "0.0000001"),
            (1, 20_000_001, 2, "0.0000000"),
        ] {
            let text = rounded(numerator, denominator, decimals);
            assert_eq!(text, printed, "{numerator} / {denominator}");
        }
    }

    #[test]
    fn a_figure_is_printed_as_its_format_says() {
        let mut fact = Fact {
            key: "advances/all-a/2026-02-12/close".parse().unwrap(),
            value: Value::Count { count: -1_234 },
            provenance: fupan_fact::Provenance {
                inputs: [].into(),
                coverage: fupan_fact::Coverage { judged: 5_432, unjudged: 1_003 },
                basis: Basis::Exact,
                rulebook: fupan_market::RulebookVersion("test".into()),
                measure_version: 1,
                findings: Vec::new(),
            },
        };
        for (format, printed) in [
            (Format::Plain, "−1,234"),
            (Format::Change, "−1,234"),
            (Format::Magnitude, "1,234"),
            (Format::Judged, "5,432"),
            (Format::Population, "6,435"),
            (Format::Unjudged, "1,003"),
        ] {
            assert_eq!(display(&fact, format, Language::En), printed, "{format:?}");
        }
        // A count is never marked, nor what is not known, nor how many were judged.
        fact.provenance.basis = Basis::Estimated;
        for format in [Format::Plain, Format::Judged] {
            assert!(!is_marked(&fact, format));
        }
        fact.value = Value::Return { ppb: Return(79_800_000) };
        assert!(is_marked(&fact, Format::Plain) && !is_marked(&fact, Format::Judged));
        assert_eq!(display(&fact, Format::Rate, Language::En), "8%");
        assert_eq!(display(&fact, Format::RateChange, Language::Zh), "+8%");
        assert_eq!(display(&fact, Format::Change, Language::Zh), "+7.98%");
        fact.value = Value::Unknown { reason: "no_data".to_owned() };
        assert!(!is_marked(&fact, Format::Plain));
        assert_eq!(display(&fact, Format::Plain, Language::Zh), "—");
        for basis in Basis::ALL {
            fact.provenance.basis = basis;
            assert_eq!(is_estimated(&fact), basis == Basis::Estimated, "{basis:?}");
        }
    }

    #[test]
    fn a_value_has_a_direction_or_none() {
        for sign in [-1, 0, 1] {
            let (tone, id, arrow) = match sign {
                -1 => (Tone::Down, "down", "▼"),
                0 => (Tone::Flat, "flat", ""),
                _ => (Tone::Up, "up", "▲"),
            };
            assert_eq!((tone.id(), tone.arrow()), (id, arrow));
            for value in [
                Value::Return { ppb: Return(sign) },
                Value::Points { units: sign },
                Value::Money { fen: Fen(sign) },
                Value::Count { count: sign },
                Value::Ratio { ppm: sign },
            ] {
                assert_eq!(super::tone(&value), Some(tone), "{value:?}");
            }
        }
        for value in [
            Value::Share { part: 1, whole: 2 },
            Value::Price { price: Price::from_fen(1).unwrap() },
            Value::Time { second: 1 },
            Value::Unknown { reason: "no_data".to_owned() },
        ] {
            assert_eq!(super::tone(&value), None, "{value:?}");
        }
    }

    #[test]
    fn values_are_told_in_words() {
        let unknown = Value::Unknown { reason: "no_prev_close".to_owned() };
        assert_eq!(worded(&unknown, Language::Zh), "不详（缺前收盘价）");
        assert_eq!(worded(&unknown, Language::En), "unknown (no previous close)");
        let share = Value::Share { part: 2_335, whole: 5_461 };
        assert_eq!(worded(&share, Language::En), "42.76% (2,335 of 5,461)");
        assert_eq!(worded(&share, Language::Zh), "42.76%（2335/5461）");
        let ret = Value::Return { ppb: Return(-13_200_000) };
        assert_eq!(worded(&ret, Language::En), "-1.32%");
        let turnover = Value::Money { fen: Fen(241_889_000_000_000) };
        assert_eq!(worded(&turnover, Language::Zh), "2.42万亿元");
    }

    #[test]
    fn exact_values_lose_nothing() {
        let value = Value::Money { fen: Fen(214_321_234_567_890) };
        assert_eq!(exact(&value, Language::Zh), "2,143,212,345,678.90元");
        assert_eq!(machine(&value), "2143212345678.90");
        let value = Value::Return { ppb: Return(-13_200_001) };
        assert_eq!(exact(&value, Language::Zh), "−1.3200001%");
        assert_eq!(machine(&value), "-0.013200001");
        let unknown = Value::Unknown { reason: "no_data".to_owned() };
        for (value, zh, en, for_programs) in [
            (Value::Count { count: -5_473 }, "−5,473", "−5,473", "-5473"),
            (Value::Money { fen: Fen(-123_450) }, "−1,234.50元", "CNY −1,234.50", "-1234.50"),
            (
                Value::Share { part: 2_335, whole: 5_461 },
                "2,335 / 5,461",
                "2,335 / 5,461",
                "2335/5461",
            ),
            (
                Value::Price { price: Price::from_fen(1_230).unwrap() },
                "12.30元",
                "CNY 12.30",
                "12.30",
            ),
            (Value::Points { units: 41_340_250 }, "4,134.0250", "4,134.0250", "4134.0250"),
            (Value::Ratio { ppm: 1_254_000 }, "1.254000", "1.254000", "1.254000"),
            (Value::Time { second: 34_200 }, "09:30:00", "09:30:00", "09:30:00"),
            (unknown, "—", "—", "unknown:no_data"),
        ] {
            assert_eq!(exact(&value, Language::Zh), zh);
            assert_eq!(exact(&value, Language::En).replace('\u{a0}', " "), en);
            assert_eq!(machine(&value), for_programs);
        }
    }

    #[test]
    fn extreme_integers_do_not_overflow() {
        for number in [i64::MIN, i64::MAX, -1, 0, 1] {
            for value in [
                Value::Count { count: number },
                Value::Money { fen: Fen(number) },
                Value::Return { ppb: Return(number) },
                Value::Points { units: number },
                Value::Ratio { ppm: number },
                Value::Share { part: number, whole: i64::MIN },
            ] {
                for language in [Language::Zh, Language::En] {
                    assert!(
                        !super::number(&value, (Format::Change, Precision::Full), language)
                            .is_empty()
                    );
                    assert!(!exact(&value, language).is_empty() && !machine(&value).is_empty());
                }
            }
        }
    }
}
