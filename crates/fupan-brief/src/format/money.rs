//! Amounts of money, in the unit that a reader of the language expects.

use fupan_fact::number::steps;

use super::{Precision, rounded};
use crate::Language;

/// A unit of money: its name, and how many powers of ten of a yuan it is.
type MoneyUnit = (&'static str, u32);

/// The units of money in a language, smallest first.
const fn units(language: Language) -> [MoneyUnit; 4] {
    match language {
        Language::Zh => [("元", 0), ("万元", 4), ("亿元", 8), ("万亿元", 12)],
        Language::En => {
            [(" yuan", 0), (" million yuan", 6), (" billion yuan", 9), (" trillion yuan", 12)]
        }
    }
}

/// From how many 亿 on Chinese desks write no decimals.
const WHOLE_YI: i128 = 100;

/// An amount for a sentence: `2.14 trillion yuan`, `2.14万亿元`.
pub(super) fn money(fen: i128, precision: Precision, language: Language) -> String {
    let (text, name) = in_unit(fen, precision, language);
    format!("{text}{}", name.replace(' ', "\u{a0}"))
}

/// An amount for a line in a terminal: `CNY 2.14 tn`, `2.14万亿元`.
pub(super) fn compact(fen: i128, language: Language) -> String {
    let (text, name) = in_unit(fen, Precision::Full, language);
    let (sign, size) = match text.strip_prefix('\u{2212}') {
        Some(size) => ("\u{2212}", size),
        None => ("", text.as_str()),
    };
    let short = match name.split_whitespace().next() {
        Some("million") => "\u{a0}mn",
        Some("billion") => "\u{a0}bn",
        Some("trillion") => "\u{a0}tn",
        _ => "",
    };
    match language {
        Language::Zh => format!("{text}{name}"),
        Language::En => format!("{sign}CNY\u{a0}{size}{short}"),
    }
}

/// An amount for a column whose heading names the unit: billions of yuan, or 亿元.
pub(super) fn column(fen: i128, precision: Precision, language: Language) -> String {
    let power = match language {
        Language::Zh => 8,
        Language::En => 9,
    };
    let (unit, fen) = (100 * 10_i128.pow(power), worth(fen, precision));
    let whole = steps(fen, unit, 0);
    let decimals = match (precision, language) {
        (Precision::Estimate, _) => decimals(fen, unit, precision),
        (Precision::Full, Language::Zh) if whole >= WHOLE_YI => 0,
        (Precision::Full, _) => 1,
    };
    rounded(fen, unit, decimals)
}

/// An amount in the largest unit in which it is at least one after rounding, so that 9,999.95亿 is
/// 1.00万亿元 and not 10,000亿元; with the unit's name.
fn in_unit(fen: i128, precision: Precision, language: Language) -> (String, &'static str) {
    let (units, fen) = (units(language), worth(fen, precision));
    let place = units.iter().rposition(|(_, power)| fen.abs() >= 100 * 10_i128.pow(*power));
    let mut place = place.unwrap_or(0);
    let decimals_at = |place: usize| match place {
        0 | 3 => 2,
        _ if units[place].1 == 8 && steps(fen, 100 * 10_i128.pow(8), 0) >= WHOLE_YI => 0,
        _ => decimals(fen, 100 * 10_i128.pow(units[place].1), precision),
    };
    // Rounding can lift an amount into the next unit, but not by two units.
    if let Some((_, next)) = units.get(place + 1) {
        let (_, power) = units[place];
        let decimals = decimals_at(place);
        if steps(fen, 100 * 10_i128.pow(power), decimals) >= 10_i128.pow(next - power + decimals) {
            place += 1;
        }
    }
    let (name, power) = units[place];
    (rounded(fen, 100 * 10_i128.pow(power), decimals_at(place)), name)
}

/// Decimals of an amount: fewer the longer its integer part is after rounding.
fn decimals(fen: i128, unit: i128, precision: Precision) -> u32 {
    match precision {
        _ if steps(fen, unit, 2) < 1_000 => 2,
        Precision::Full if steps(fen, unit, 1) < 10_000 => 1,
        Precision::Estimate if steps(fen, unit, 1) < 1_000 => 1,
        _ => 0,
    }
}

/// An amount as precise as it is: an estimate ends in zeros after its third digit.
fn worth(fen: i128, precision: Precision) -> i128 {
    let size = fen.abs();
    if precision == Precision::Full || size < 1_000 {
        return fen;
    }
    let surplus = 10_i128.pow(size.ilog10() - 2);
    steps(size, surplus, 0) * surplus * fen.signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_changes_its_unit_after_rounding() {
        for (yuan_hundredths, zh, en) in [
            (999_999, "9999.99元", "CNY9,999.99"),
            (1_000_000, "1.00万元", "CNY10,000.00"),
            (9_994_999, "9.99万元", "CNY99,949.99"),
            (9_995_000, "10.0万元", "CNY99,950.00"),
            (99_999_999, "100.0万元", "CNY999,999.99"),
            (100_000_000, "100.0万元", "CNY1.00 mn"),
            (999_499_999, "999.5万元", "CNY9.99 mn"),
            (999_500_000, "999.5万元", "CNY10.0 mn"),
            (999_949_999, "999.9万元", "CNY10.0 mn"),
            (999_950_000, "1000万元", "CNY10.0 mn"),
            (9_999_499_999, "9999万元", "CNY100.0 mn"),
            (9_999_500_000, "1.00亿元", "CNY100.0 mn"),
            (9_999_999_000, "1.00亿元", "CNY100.0 mn"),
            (10_000_000_000, "1.00亿元", "CNY100.0 mn"),
            (99_949_999_999, "9.99亿元", "CNY999.5 mn"),
            (99_950_000_000, "10.0亿元", "CNY999.5 mn"),
            (99_994_999_999, "10.0亿元", "CNY999.9 mn"),
            (99_995_000_000, "10.0亿元", "CNY1.00 bn"),
            (99_999_999_999, "10.0亿元", "CNY1.00 bn"),
            (99_994_999_999_999, "9999亿元", "CNY999.9 bn"),
            (99_995_000_000_000, "1.00万亿元", "CNY1.00 tn"),
            (99_999_500_000_000, "1.00万亿元", "CNY1.00 tn"),
            (100_000_000_000_000, "1.00万亿元", "CNY1.00 tn"),
            (100_500_000_000_000, "1.01万亿元", "CNY1.01 tn"),
        ] {
            for (fen, sign) in [(yuan_hundredths, ""), (-yuan_hundredths, "−")] {
                let of = |text: String| text.replace([',', '\u{a0}'], "");
                assert_eq!(of(money(fen, Precision::Full, Language::Zh)), format!("{sign}{zh}"));
                let en = format!("{sign}{}", en.replace([',', ' '], ""));
                assert_eq!(of(compact(fen, Language::En)), en);
            }
        }
    }

    #[test]
    fn an_amount_is_told_in_words() {
        let of = |fen, language| money(fen, Precision::Full, language).replace('\u{a0}', " ");
        for (fen, en) in [
            (214_321_234_567_890, "2.14 trillion yuan"),
            (89_660_000_000_000, "896.6 billion yuan"),
            (-15_750_000_000_000, "\u{2212}157.5 billion yuan"),
            (1_234_500, "12,345.00 yuan"),
        ] {
            assert_eq!(of(fen, Language::En), en);
        }
    }

    /// An estimate has three digits, whatever its unit.
    #[test]
    fn an_estimate_has_three_digits() {
        for (fen, zh, en, bn) in [
            (214_321_234_567_890, "2.14万亿元", "2.14 trillion yuan", "2,140"),
            (89_660_000_000_000, "8,970亿元", "897 billion yuan", "897"),
            (15_798_000_000_000, "1,580亿元", "158 billion yuan", "158"),
            (-1_579_000_000_000, "\u{2212}158亿元", "\u{2212}15.8 billion yuan", "\u{2212}15.8"),
            (99_960_000_000_000, "1.00万亿元", "1.00 trillion yuan", "1,000"),
            (99_960_000_000, "10.0亿元", "1.00 billion yuan", "1.00"),
        ] {
            let of = |language| money(fen, Precision::Estimate, language).replace('\u{a0}', " ");
            assert_eq!([of(Language::Zh), of(Language::En)], [zh, en]);
            assert_eq!(column(fen, Precision::Estimate, Language::En), bn);
        }
        assert_eq!(column(896_600_000_000, Precision::Full, Language::En), "9.0");
        assert_eq!(column(89_660_000_000_000, Precision::Full, Language::Zh), "8,966");
        assert_eq!(column(7_874_000_000_000, Precision::Full, Language::Zh), "787");
        assert_eq!(money(7_874_000_000_000, Precision::Full, Language::Zh), "787亿元");
    }
}
