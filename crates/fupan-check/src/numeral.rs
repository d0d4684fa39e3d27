//! Numbers in texts: digits with separators, magnitudes, and numerals in words.

use crate::report::Decimal;

/// A number in a text, by its bytes, with its magnitude in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numeral {
    pub start: usize,
    pub end: usize,
    pub value: Decimal,
    /// One unit of its last written digit.
    pub step: Decimal,
    /// Whether a plus or minus sign is written.
    pub signed: bool,
    /// Whether a magnitude such as 亿 or billion is written.
    pub large: bool,
    /// Whether it is written in words.
    pub words: bool,
}

/// Magnitudes behind digits, as powers of ten.
const MAGNITUDES: [(&str, i16); 17] = [
    ("万亿", 12),
    ("萬億", 12),
    ("百亿", 10),
    ("千亿", 11),
    ("兆", 12),
    ("亿", 8),
    ("億", 8),
    ("万", 4),
    ("萬", 4),
    ("千", 3),
    ("trillion", 12),
    ("billion", 9),
    ("million", 6),
    ("thousand", 3),
    ("tn", 12),
    ("bn", 9),
    ("mn", 6),
];

/// The numbers of a text, in order.
pub(crate) fn numerals(text: &str) -> Vec<Numeral> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let numeral = match next {
            '0'..='9' => digits(text, at),
            _ if han_digit(next).is_some() || is_han_unit(next) => han(text, at),
            _ if next.is_ascii_alphabetic() && is_start(text, at) => english(text, at),
            _ => None,
        };
        match numeral {
            Some(numeral) => {
                at = numeral.end.max(at + 1);
                found.push(numeral);
            }
            // The rest of a word is no number of its own.
            None if next.is_ascii_alphanumeric() => {
                let rest = text[at..].find(|c: char| !c.is_ascii_alphanumeric());
                at = rest.map_or(text.len(), |rest| at + rest);
            }
            None => at += next.len_utf8(),
        }
    }
    found
}

fn is_start(text: &str, at: usize) -> bool {
    !text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Digits with separators and decimals, a sign before and a magnitude behind; `None` within a name
/// such as `H20` or `1.6T`.
fn digits(text: &str, at: usize) -> Option<Numeral> {
    let bytes = text.as_bytes();
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphabetic() || c == '.') {
        return None;
    }
    let (mut end, mut plain, mut scale, mut decimals) = (at, String::new(), 0_u8, false);
    while let Some(byte) = bytes.get(end) {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => {
                plain.push(char::from(*byte));
                scale += u8::from(decimals);
            }
            // Thousands: three digits, and then no more.
            b',' if !decimals && (1..4).all(|ahead| digit(end + ahead)) && !digit(end + 4) => {}
            b'.' if !decimals && digit(end + 1) => decimals = true,
            _ => break,
        }
        if plain.len() > 24 {
            return None;
        }
        end += 1;
    }
    let mut value: i128 = plain.parse().ok()?;
    let sign = (before == Some('-') || before == Some('+')).then(|| &text[..at - 1]);
    // A hyphen between words or digits is no sign.
    let signed = sign
        .is_some_and(|head| !head.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric()));
    if signed && before == Some('-') {
        value = -value;
    }
    let start = if signed { at - 1 } else { at };
    let (power, tail) = magnitude(text, end);
    // Letters right behind digits make a name of them.
    let behind = text[tail..].chars().next();
    let is_name = tail == end && behind.is_some_and(|c| c.is_ascii_alphabetic()) && {
        let word: String = text[tail..].chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        !matches!(
            word.to_lowercase().as_str(),
            "cm" | "pct" | "th" | "st" | "nd" | "rd" | "pts" | "am" | "pm"
        )
    };
    if is_name || text[tail..].starts_with('-') && tail == end && is_word_behind(text, tail + 1) {
        return None;
    }
    let number = Decimal::new(value, scale);
    Some(Numeral {
        start,
        end: tail,
        value: number.shifted(power)?,
        step: Decimal::new(1, scale).shifted(power)?,
        signed,
        large: power > 0,
        words: false,
    })
}

/// Whether a hyphen leads to a word other than a unit, as in `5-nanometre`.
fn is_word_behind(text: &str, at: usize) -> bool {
    let word: String = text[at..].chars().take_while(|c| c.is_ascii_alphabetic()).collect();
    let word = word.to_lowercase();
    !word.is_empty()
        && !["percent", "point", "points", "month", "year", "day", "session", "week", "yuan"]
            .contains(&word.as_str())
}

/// The magnitude behind a number, and where it ends.
fn magnitude(text: &str, at: usize) -> (i16, usize) {
    let spaced = at + text[at..].len() - text[at..].trim_start_matches(' ').len();
    for (word, power) in MAGNITUDES {
        let from = if word.is_ascii() { spaced } else { at };
        let Some(head) = text.get(from..from + word.len()) else { continue };
        if !head.eq_ignore_ascii_case(word) {
            continue;
        }
        let end = from + word.len();
        let whole = !word.is_ascii()
            || !text[end..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        if whole {
            return (power, end);
        }
    }
    (0, at)
}

fn han_digit(c: char) -> Option<i128> {
    "零一二三四五六七八九".chars().position(|digit| digit == c).map(|value| value as i128).or(
        match c {
            '〇' => Some(0),
            '两' | '兩' => Some(2),
            _ => None,
        },
    )
}

fn is_han_unit(c: char) -> bool {
    matches!(c, '十' | '百' | '千' | '万' | '萬')
}

/// Chinese numerals: 三, 十二, 三千, 两万亿, 百, 一百二十.
fn han(text: &str, at: usize) -> Option<Numeral> {
    let (mut total, mut part, mut digit, mut end) = (0_i128, 0_i128, None, at);
    let mut least = 1;
    for (place, c) in text[at..].char_indices().take(12) {
        let next = at + place + c.len_utf8();
        if let Some(value) = han_digit(c) {
            if digit.is_some() {
                break;
            }
            (digit, least) = (Some(value), 1);
        } else if is_han_unit(c) {
            let unit = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1_000,
                _ => 10_000,
            };
            match unit {
                10_000 => {
                    total = (total + part + digit.unwrap_or(i128::from(part == 0))) * unit;
                    part = 0;
                }
                _ => part += digit.unwrap_or(1) * unit,
            }
            (digit, least) = (None, unit);
        } else {
            break;
        }
        end = next;
    }
    let value = total + part + digit.unwrap_or(0);
    if end == at {
        return None;
    }
    let (power, tail) = magnitude(text, end);
    Some(Numeral {
        start: at,
        end: tail,
        value: Decimal::new(value, 0).shifted(power)?,
        step: Decimal::new(least, 0).shifted(power)?,
        signed: false,
        large: power > 0 || value >= 10_000,
        words: true,
    })
}

const WORDS: [(&str, i128); 46] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("thousand", 1_000),
    ("dozen", 12),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("a hundred", 100),
    ("a thousand", 1_000),
    ("a dozen", 12),
    ("one hundred", 100),
    ("one thousand", 1_000),
];

/// English numerals: four, fifth, a thousand, three hundred.
fn english(text: &str, at: usize) -> Option<Numeral> {
    let lower = |from: usize, len: usize| text.get(from..from + len).map(str::to_ascii_lowercase);
    let word_at = |from: usize| {
        WORDS
            .iter()
            .filter(|(word, _)| lower(from, word.len()).is_some_and(|head| head == *word))
            .filter(|(word, _)| {
                let behind = text[from + word.len()..].chars().next();
                !behind.is_some_and(|c| c.is_ascii_alphanumeric())
            })
            .max_by_key(|(word, _)| word.len())
    };
    let (word, mut value) = word_at(at).copied()?;
    let mut end = at + word.len();
    while text[end..].starts_with([' ', '-'])
        && let Some((next, factor)) = word_at(end + 1)
    {
        match factor {
            100 | 1_000 => value *= factor,
            1..10 if value >= 20 && value % 10 == 0 => value += factor,
            _ => break,
        }
        end += 1 + next.len();
    }
    let (power, tail) = magnitude(text, end);
    Some(Numeral {
        start: at,
        end: tail,
        value: Decimal::new(value, 0).shifted(power)?,
        step: Decimal::new(1, 0).shifted(power)?,
        signed: false,
        large: power > 3,
        words: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        numerals(text)
            .iter()
            .map(|n| format!("{} {}", &text[n.start..n.end], n.value.shortest()))
            .collect()
    }

    #[test]
    fn numbers_are_read_with_their_magnitudes() {
        assert_eq!(read("沪指报4134.02点，涨0.05%"), ["4134.02 4134.02", "0.05 0.05"]);
        assert_eq!(read("成交2.14万亿元"), ["2.14万亿 2140000000000"]);
        assert_eq!(read("turnover of 2.14 trillion yuan"), ["2.14 trillion 2140000000000"]);
        assert_eq!(read("fell 1,234.50, to 3,155"), ["1,234.50 1234.5", "3,155 3155"]);
        assert_eq!(read("逾三千只"), ["三千 3000"]);
        assert_eq!(read("两万亿"), ["两万亿 2000000000000"]);
        assert_eq!(read("近百股"), ["百 100"]);
        assert_eq!(read("一百二十家"), ["一百二十 120"]);
        assert_eq!(
            read("a thousand shares, twenty-one names"),
            ["a thousand 1000", "twenty-one 21"]
        );
        assert_eq!(read("-0.52%，+1.36%"), ["-0.52 -0.52", "+1.36 1.36"]);
        assert_eq!(read("20CM涨停"), ["20 20"]);
    }

    #[test]
    fn names_are_no_numbers() {
        assert_eq!(read("1.6T optical modules, H20, GPT-5o, 5nm"), [""; 0]);
        assert_eq!(read("RTX5090"), [""; 0]);
    }
}
