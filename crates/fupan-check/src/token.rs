//! A sentence as a list of what has a meaning in it: subjects, numbers with units, words, borders.

use std::ops::Range;

use crate::lexicon::{Lexicon, Meaning, Term, Terms};
use crate::numeral::{Numeral, numerals};
use crate::report::ClaimUnit;
use crate::subjects::{Subject, Subjects};

/// What a part of a sentence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A subject, or several that share a name.
    Subject(Vec<Subject>),
    /// An index of which there are no figures.
    UnknownIndex,
    /// A name and a code of another security behind it.
    Disagreeing,
    Number(Number),
    Words(Terms),
    Border(Border),
}

/// What divides a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Border {
    /// Items of a list: 、 and “and”.
    List,
    Comma,
    /// Semicolons, colons, and words such as “while”.
    Clause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub numeral: Numeral,
    pub unit: Unit,
}

/// What a number counts, by the word or sign at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unit {
    None,
    Percent,
    PercentagePoints,
    Points,
    Money(ClaimUnit),
    Stocks,
    /// Consecutive limit-ups: 连板, 板.
    Boards,
    /// Consecutive rises or falls: 连涨, 连阴.
    Runs {
        up: bool,
    },
    Sessions,
    Times,
    /// A part of a date, a time, a rank, lots, years: nothing that is judged by its number.
    Other,
    /// A tenth: 成.
    Tenths,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub bytes: Range<usize>,
    pub sign: Sign,
}

impl Token {
    pub fn has(&self, term: Term) -> bool {
        matches!(self.sign, Sign::Words(terms) if terms.has(term))
    }

    pub fn any(&self, terms: &[Term]) -> bool {
        matches!(self.sign, Sign::Words(own) if own.any(terms))
    }

    pub fn is_subject(&self) -> bool {
        matches!(self.sign, Sign::Subject(_) | Sign::UnknownIndex | Sign::Disagreeing)
    }
}

/// Units behind a number, the longer ones first where one begins another.
const UNITS: &[(&str, Unit)] = &[
    ("个百分点", Unit::PercentagePoints),
    ("個百分點", Unit::PercentagePoints),
    ("percentage points", Unit::PercentagePoints),
    ("percentage point", Unit::PercentagePoints),
    ("%", Unit::Percent),
    ("percent", Unit::Percent),
    ("per cent", Unit::Percent),
    ("pct", Unit::Percent),
    ("点钟", Unit::Other),
    ("点半", Unit::Other),
    ("点关口", Unit::Points),
    ("点", Unit::Points),
    ("點", Unit::Points),
    ("关", Unit::Points),
    ("關", Unit::Points),
    ("points", Unit::Points),
    ("point", Unit::Points),
    ("-point", Unit::Points),
    ("pts", Unit::Points),
    ("元人民币", Unit::Money(ClaimUnit::Cny)),
    ("人民币", Unit::Money(ClaimUnit::Cny)),
    ("港元", Unit::Money(ClaimUnit::Hkd)),
    ("美元", Unit::Money(ClaimUnit::Usd)),
    ("元", Unit::Money(ClaimUnit::Cny)),
    ("yuan", Unit::Money(ClaimUnit::Cny)),
    ("CNY", Unit::Money(ClaimUnit::Cny)),
    ("RMB", Unit::Money(ClaimUnit::Cny)),
    ("renminbi", Unit::Money(ClaimUnit::Cny)),
    ("HKD", Unit::Money(ClaimUnit::Hkd)),
    ("dollars", Unit::Money(ClaimUnit::Usd)),
    ("只个股", Unit::Stocks),
    ("只", Unit::Stocks),
    ("隻", Unit::Stocks),
    ("檔", Unit::Stocks),
    ("家", Unit::Stocks),
    ("个股", Unit::Stocks),
    ("股", Unit::Stocks),
    ("支", Unit::Stocks),
    ("stocks", Unit::Stocks),
    ("shares", Unit::Stocks),
    ("names", Unit::Stocks),
    ("companies", Unit::Stocks),
    ("issues", Unit::Stocks),
    ("A-shares", Unit::Stocks),
    ("counters", Unit::Stocks),
    ("stocks", Unit::Stocks),
    ("连板", Unit::Boards),
    ("連板", Unit::Boards),
    ("连涨停", Unit::Boards),
    ("板", Unit::Boards),
    ("连涨", Unit::Runs { up: true }),
    ("連漲", Unit::Runs { up: true }),
    ("连升", Unit::Runs { up: true }),
    ("连阳", Unit::Runs { up: true }),
    ("連陽", Unit::Runs { up: true }),
    ("连红", Unit::Runs { up: true }),
    ("连跌", Unit::Runs { up: false }),
    ("連跌", Unit::Runs { up: false }),
    ("连阴", Unit::Runs { up: false }),
    ("連陰", Unit::Runs { up: false }),
    ("个交易日", Unit::Sessions),
    ("个交易天", Unit::Sessions),
    ("交易日", Unit::Sessions),
    ("日连", Unit::Sessions),
    ("天", Unit::Sessions),
    ("sessions", Unit::Sessions),
    ("session", Unit::Sessions),
    ("days", Unit::Sessions),
    ("day", Unit::Sessions),
    ("straight", Unit::Sessions),
    ("consecutive", Unit::Sessions),
    ("trading days", Unit::Sessions),
    ("trading day", Unit::Sessions),
    ("倍", Unit::Times),
    ("times", Unit::Times),
    ("成", Unit::Tenths),
    ("年", Unit::Other),
    ("月", Unit::Other),
    ("日", Unit::Other),
    ("号", Unit::Other),
    ("时", Unit::Other),
    ("分", Unit::Other),
    ("岁", Unit::Other),
    ("手", Unit::Other),
    ("周", Unit::Other),
    ("个", Unit::Other),
    ("名", Unit::Other),
    ("位", Unit::Other),
    ("CM", Unit::Other),
    ("厘米", Unit::Other),
    ("months", Unit::Other),
    ("month", Unit::Other),
    ("-month", Unit::Other),
    ("-year", Unit::Other),
    ("years", Unit::Other),
    ("year", Unit::Other),
    ("weeks", Unit::Other),
    ("week", Unit::Other),
    ("-week", Unit::Other),
    ("-day", Unit::Other),
    ("-session", Unit::Other),
    ("lots", Unit::Other),
    ("a.m", Unit::Other),
    ("am", Unit::Other),
    ("p.m", Unit::Other),
    ("pm", Unit::Other),
];

/// What stands behind the name of a group that is also a company's: 宁德时代概念.
const GROUP_WORDS: &[&str] = &["概念", "板块", "板塊", "产业链", "族群"];

/// Whether an English name is followed by what makes it one of a group: “coal stocks”, not “coal”.
fn is_group_in_english(behind: &str) -> bool {
    const NOUNS: [&str; 14] = [
        "stocks",
        "shares",
        "names",
        "sector",
        "sectors",
        "industry",
        "industries",
        "makers",
        "concept",
        "concepts",
        "theme",
        "themes",
        "plays",
        "companies",
    ];
    let next: String = behind.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
    behind.starts_with(' ') && NOUNS.contains(&next.to_lowercase().as_str())
}

/// Words that begin a clause of their own.
const CLAUSES: &[&str] = &[
    "while", "but", "whereas", "although", "though", "yet", "as", "when", "after", "before",
    "with", "which", "even as", "despite",
];
const LISTS: &[&str] = &["and", "和", "与", "及", "以及", "、", "&"];

/// The tokens of a sentence, in order, none over another.
pub(crate) fn tokens(text: &str, subjects: &Subjects) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for hit in Lexicon::builtin().find(text) {
        let sign = match hit.meaning {
            Meaning::Terms(terms) => Sign::Words(terms),
            Meaning::Index(symbol) => Sign::Subject(vec![Subject::Index(symbol)]),
            Meaning::UnknownIndex => Sign::UnknownIndex,
        };
        found.push(Token { bytes: hit.start..hit.end, sign });
    }
    for name in subjects.find(text) {
        let latin = text[name.start..name.end].is_ascii();
        let only_groups = name.subjects.iter().all(|one| matches!(one, Subject::Group(_)));
        if latin && only_groups && !is_group_in_english(&text[name.end..]) {
            continue;
        }
        let of_group = GROUP_WORDS.iter().any(|word| text[name.end..].starts_with(word));
        let is_security = |one: &&Subject| matches!(one, Subject::Security(_));
        let own: Vec<Subject> =
            name.subjects.iter().filter(|one| is_security(one) != of_group).cloned().collect();
        let sign = Sign::Subject(if own.is_empty() { name.subjects.to_vec() } else { own });
        found.push(Token { bytes: name.start..name.end, sign });
    }
    for numeral in numerals(text) {
        if let Some(token) = code(text, numeral, subjects) {
            found.push(token);
            continue;
        }
        let (unit, end) = unit(text, &numeral);
        let start = numeral.start;
        found.push(Token { bytes: start..end, sign: Sign::Number(Number { numeral, unit }) });
    }
    borders(text, &mut found);
    // The longer of two at one place; a name before a word of the same length.
    found.sort_by_key(|token| {
        let rank = u8::from(!token.is_subject());
        (token.bytes.start, std::cmp::Reverse(token.bytes.len()), rank)
    });
    let mut kept: Vec<Token> = Vec::with_capacity(found.len());
    for token in found {
        match kept.last() {
            Some(last) if token.bytes.start < last.bytes.end => {}
            _ => kept.push(token),
        }
    }
    with_codes(text, kept)
}

/// A code of six digits, with or without its exchange.
fn code(text: &str, numeral: Numeral, subjects: &Subjects) -> Option<Token> {
    let digits = text.get(numeral.start..numeral.end)?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let of_code = subjects.of_code(digits.parse().ok()?);
    let mut end = numeral.end;
    for suffix in [".SH", ".SZ", ".BJ", ".SS"] {
        if text[end..].get(..3).is_some_and(|tail| tail.eq_ignore_ascii_case(suffix)) {
            end += 3;
            break;
        }
    }
    let named: Vec<Subject> = of_code.iter().copied().map(Subject::Security).collect();
    (!named.is_empty()).then_some(Token { bytes: numeral.start..end, sign: Sign::Subject(named) })
}

/// The unit at a number, and where it ends. `5连板`, `¥28.42`, `2.1%`.
fn unit(text: &str, numeral: &Numeral) -> (Unit, usize) {
    let before = text[..numeral.start].trim_end();
    let money = [
        ("HK$", ClaimUnit::Hkd),
        ("HKD", ClaimUnit::Hkd),
        ("US$", ClaimUnit::Usd),
        ("$", ClaimUnit::Usd),
        ("¥", ClaimUnit::Cny),
        ("￥", ClaimUnit::Cny),
        ("CNY", ClaimUnit::Cny),
        ("RMB", ClaimUnit::Cny),
    ];
    if let Some((_, unit)) = money.iter().find(|(sign, _)| before.ends_with(sign)) {
        return (Unit::Money(*unit), numeral.end);
    }
    let mut behind = numeral.end;
    // 70多只, 三千余股, 2,000-odd stocks.
    for more in ["多", "余", "餘", "来", "-odd", " or so"] {
        if text[behind..].starts_with(more) {
            behind += more.len();
            break;
        }
    }
    let spaced = behind + text[behind..].len() - text[behind..].trim_start_matches(' ').len();
    let best = UNITS
        .iter()
        .filter(|(word, _)| {
            let from = if word.is_ascii() && !word.starts_with('-') { spaced } else { behind };
            text[from..].get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
                && (!word.is_ascii()
                    || !word.ends_with(|c: char| c.is_ascii_alphabetic())
                    || !text[from + word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
        })
        .max_by_key(|(word, _)| word.len());
    match best {
        Some((word, unit)) => {
            let from = if word.is_ascii() && !word.starts_with('-') { spaced } else { behind };
            (*unit, from + word.len())
        }
        None if numeral.large => (Unit::Money(ClaimUnit::Cny), behind),
        None => (Unit::None, behind),
    }
}

fn borders(text: &str, found: &mut Vec<Token>) {
    let mut add = |bytes: Range<usize>, border| {
        found.push(Token { bytes, sign: Sign::Border(border) });
    };
    for (at, mark) in text.char_indices() {
        let end = at + mark.len_utf8();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let between = digit(text[..at].chars().next_back()) && digit(text[end..].chars().next());
        match mark {
            '，' | '﹐' => add(at..end, Border::Comma),
            ',' if !between => add(at..end, Border::Comma),
            '；' | '：' | '—' | '。' | '！' | '？' => add(at..end, Border::Clause),
            ';' => add(at..end, Border::Clause),
            ':' if !between => add(at..end, Border::Clause),
            _ => {}
        }
    }
    for (words, border) in [(LISTS, Border::List), (CLAUSES, Border::Clause)] {
        for word in words {
            let mut from = 0;
            while let Some(at) = text[from..].find(word) {
                let (start, end) = (from + at, from + at + word.len());
                if crate::lexicon::is_word(text, start, end) {
                    add(start..end, border);
                }
                from = end;
            }
        }
    }
}

/// Joins a name and the code in brackets behind it: one subject if they agree.
fn with_codes(text: &str, tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let between = joined.last().map(|last| text[last.bytes.end..token.bytes.start].trim());
        let adjacent = matches!(between, Some("" | "(" | "（" | "[" | ", "));
        let Some(last) = joined.last_mut().filter(|_| adjacent) else {
            joined.push(token);
            continue;
        };
        match (&last.sign, &token.sign) {
            (Sign::Subject(name), Sign::Subject(code))
                if between != Some("") || shares(name, code) =>
            {
                let both: Vec<Subject> =
                    name.iter().filter(|one| code.contains(one)).cloned().collect();
                let is_security =
                    |all: &[Subject]| all.iter().all(|one| matches!(one, Subject::Security(_)));
                if both.is_empty() && !(is_security(name) && is_security(code)) {
                    joined.push(token);
                    continue;
                }
                last.sign = match both.is_empty() {
                    true => Sign::Disagreeing,
                    false => Sign::Subject(both),
                };
                last.bytes.end = token.bytes.end;
            }
            _ => joined.push(token),
        }
    }
    joined
}

fn shares(one: &[Subject], other: &[Subject]) -> bool {
    one.iter().any(|subject| other.contains(subject))
}
