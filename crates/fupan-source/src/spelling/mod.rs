//! How vendors and spreadsheets spell texts and numbers.

pub(crate) mod civil;
pub(crate) mod decimal;

use std::borrow::Cow;

/// A cell's text without spreadsheet artefacts: surrounding space, and the marks that keep a number
/// a text (`="000001"`, `'000001`).
pub(crate) fn plain(text: &str) -> &str {
    let text = text.trim_matches(is_space);
    if let Some(quoted) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return quoted.trim_matches(is_space);
    }
    text.strip_prefix('\'').unwrap_or(text).trim_matches(is_space)
}

/// White space, and zero-width marks that files contain.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}')
}

/// Whether a plain text is one that vendors write for a missing value.
pub(crate) fn is_blank(text: &str) -> bool {
    if text.len() > 12 {
        return false;
    }
    matches!(
        text,
        "" | "-"
            | "--"
            | "---"
            | "－"
            | "－－"
            | "—"
            | "——"
            | "–"
            | "nan"
            | "NaN"
            | "NAN"
            | "null"
            | "NULL"
            | "Null"
            | "None"
            | "none"
            | "NONE"
            | "N/A"
            | "n/a"
            | "#N/A"
            | "NA"
            | "NaT"
            | "<NA>"
            | "\\N"
            | "停牌"
            | "暂停交易"
            | "无"
    )
}

/// Converts full-width letters, digits and signs to half width; returns any other text unchanged.
pub(crate) fn half_width(text: &str) -> Cow<'_, str> {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{2212}' => '-',
        '。' => '.',
        other => other,
    };
    match text.chars().any(|c| narrow(c) != c) {
        true => Cow::Owned(text.chars().map(narrow).collect()),
        false => Cow::Borrowed(text),
    }
}

/// A number as written: its digits in plain form, and the power of ten of a trailing 万 or 亿.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written<'a> {
    pub digits: Cow<'a, str>,
    pub power: u32,
}

impl Written<'_> {
    /// Whether it is written in larger units (万, 亿, a power of ten as in `1.2E+08`), so that the
    /// lower digits are lost.
    pub fn is_rounded(&self) -> bool {
        self.power > 0 || self.digits.contains(['e', 'E'])
    }
}

/// Reads a number as written; `None` if thousands separators do not separate groups of three
/// digits.
pub(crate) fn number(text: &str) -> Option<Written<'_>> {
    let ordinary = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
    if text.bytes().all(ordinary) {
        return Some(Written { digits: Cow::Borrowed(text), power: 0 });
    }
    let text = half_width(text);
    const MAGNITUDES: [(&str, u32); 3] = [("万亿", 12), ("亿", 8), ("万", 4)];
    let behind = MAGNITUDES.iter().find_map(|(word, power)| {
        text.strip_suffix(word).map(|digits| (digits.trim_end().to_owned(), *power))
    });
    let (digits, power) = behind.unwrap_or_else(|| (text.trim().to_owned(), 0));
    if !digits.contains(',') {
        return Some(Written { digits: Cow::Owned(digits), power });
    }
    grouped(&digits).then(|| Written { digits: Cow::Owned(digits.replace(',', "")), power })
}

/// Whether commas separate groups of three digits: `1,500.00`, `-12,345,678`.
fn grouped(digits: &str) -> bool {
    let body = digits.trim_start_matches(['-', '+']);
    let (whole, decimals) = body.split_once('.').unwrap_or((body, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    matches!(first.len(), 1..=3)
        && all_digits(first)
        && all_digits(decimals)
        && groups.all(|group| group.len() == 3 && all_digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, u32)> {
        number(text).map(|written| (written.digits.into_owned(), written.power))
    }

    #[test]
    fn marks_of_spreadsheets_are_taken_off() {
        for text in ["000001", "=\"000001\"", "'000001", " 000001\u{3000}", "\u{FEFF}000001"] {
            assert_eq!(plain(text), "000001", "{text:?}");
        }
        for mark in ['\u{FEFF}', '\u{200B}', '\u{200E}', '\u{200F}', '\u{A0}', '\t'] {
            assert_eq!(plain(&format!("{mark}1{mark}2{mark}")), format!("1{mark}2"), "{mark:?}");
        }
        assert_eq!((plain("=\" 1 \""), plain("' 1")), ("1", "1"));
        for text in ["=HYPERLINK(1)", "=\"1", "1'", "\"1\""] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn numbers_are_read_in_the_spellings_of_vendors() {
        let plainly = |digits: &str| Some((digits.to_owned(), 0));
        assert_eq!(read("1500.00"), plainly("1500.00"));
        assert_eq!(read("1,500.00"), plainly("1500.00"));
        assert_eq!(read("-12,345,678"), plainly("-12345678"));
        assert_eq!(read("－０．５３"), plainly("-0.53"));
        assert_eq!(read("−0.53"), plainly("-0.53"));
        assert_eq!(read("12500.00万"), Some(("12500.00".to_owned(), 4)));
        assert_eq!(read("1.25亿"), Some(("1.25".to_owned(), 8)));
        assert_eq!(read("2.14 万亿"), Some(("2.14".to_owned(), 12)));
        for (text, rounded) in [("2.0E+04", true), ("1.2e9", true), ("3万", true), ("20000", false)]
        {
            assert_eq!(number(text).unwrap().is_rounded(), rounded, "{text}");
        }
        assert_eq!(read("+1,500"), plainly("+1500"));
        assert_eq!(read("1,500,000.25"), plainly("1500000.25"));
        assert_eq!(read("１，５００。２５　"), plainly("1500.25"));
        assert_eq!(read("1,500万"), Some(("1500".to_owned(), 4)));
        assert_eq!((read("一百"), read("~5")), (plainly("一百"), plainly("~5")));
        for wrong in ["1500,000", "1,,500", "1,5a0", "1,500.2a", "a,500", "1,500万", ""] {
            assert!(!grouped(wrong), "{wrong}");
        }
        for wrong in ["1,50", "1500,00", ",500", "1,500,00", "1.500,00", "12,345.6,7"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_nothing() {
        for text in ["", "--", "None", "停牌", "－", "#N/A", "NaN", "暂停交易", "——", "无"]
        {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["0", "0.00", "ST", "无锡银行", "暂停交易。", "none of it", "----"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
