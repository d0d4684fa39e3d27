//! Sentences and clauses of a block, in Chinese and English.

use std::ops::Range;

use super::normal::is_wide;
use super::{BlockKind, TextBlock};

/// The most characters of a sentence. What is longer is no sentence, and is divided.
pub const LONGEST_SENTENCE: usize = 1_000;

/// A sentence of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// Which block it is of, in [`super::Article::blocks`].
    pub number: usize,
    /// The block.
    pub block: &'a TextBlock,
    /// Its bytes in the block's text, without spaces at its ends.
    pub bytes: Range<usize>,
}

/// A part of a sentence between commas, semicolons, colons and enumeration commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its bytes in the sentence's text, without its mark and without spaces at its ends.
    pub bytes: Range<usize>,
    /// The mark after it; none at the end of the sentence.
    pub mark: Option<char>,
}

impl<'a> Sentence<'a> {
    /// The readable text.
    pub fn text(&self) -> &'a str {
        &self.block.text()[self.bytes.clone()]
    }

    /// Whether it is of a heading or the title.
    pub fn is_headline(&self) -> bool {
        self.block.is_headline()
    }

    /// Whether it is within a quotation that is set as a block.
    pub fn is_quoted(&self) -> bool {
        self.block.is_quoted()
    }

    /// What its block is.
    pub fn kind(&self) -> BlockKind {
        self.block.kind()
    }

    /// Where bytes of the sentence's text are in the file, in Unicode scalar values.
    pub fn file_range(&self, bytes: Range<usize>) -> Range<u32> {
        let start = self.bytes.start;
        self.block.file_range(start + bytes.start..start + bytes.end)
    }

    /// The parts of the sentence. A comma between digits divides nothing, nor does a colon.
    pub fn clauses(&self) -> Vec<Clause> {
        let text = self.text();
        let mut clauses = Vec::new();
        let mut start = 0;
        for (at, mark) in text.char_indices() {
            let end = at + mark.len_utf8();
            let divides = match mark {
                '，' | '、' | '；' | '：' | '﹐' => true,
                ',' | ';' | ':' => !is_between_digits(text, at, end),
                _ => false,
            };
            if divides {
                clauses.extend(clause(text, start..at, Some(mark)));
                start = end;
            }
        }
        clauses.extend(clause(text, start..text.len(), None));
        clauses
    }
}

fn clause(text: &str, bytes: Range<usize>, mark: Option<char>) -> Option<Clause> {
    let bytes = trimmed(text, bytes);
    (!bytes.is_empty()).then_some(Clause { bytes, mark })
}

fn is_between_digits(text: &str, start: usize, end: usize) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    is_digit(text[..start].chars().next_back()) && is_digit(text[end..].chars().next())
}

fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let part = &text[bytes.clone()];
    let start = bytes.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// The sentences of a block.
pub(super) fn of(number: usize, block: &TextBlock) -> Vec<Sentence<'_>> {
    let text = block.text();
    let mut sentences = Vec::new();
    let mut add = |bytes: Range<usize>| {
        for bytes in parts(text, trimmed(text, bytes)) {
            if text[bytes.clone()].chars().any(char::is_alphanumeric) {
                sentences.push(Sentence { number, block, bytes });
            }
        }
    };
    let mut start = 0;
    let mut skip_to = 0;
    for (at, mark) in text.char_indices() {
        if at < skip_to || !is_end_mark(mark) {
            continue;
        }
        let end = closed(text, at + mark.len_utf8());
        if ends(text, start, at, mark, end) {
            add(start..end);
            start = end;
        }
        skip_to = end;
    }
    add(start..text.len());
    sentences
}

fn is_end_mark(mark: char) -> bool {
    matches!(mark, '。' | '！' | '？' | '…' | '.' | '!' | '?' | '\n' | '｡')
}

/// The byte after further end marks, and after quotes and brackets that close.
fn closed(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let marks = rest.trim_start_matches(['。', '！', '？', '…', '.', '!', '?', '｡']);
    let closing = ['”', '’', '」', '』', '"', '\'', ')', '）', ']', '】', '》', '〉'];
    from + rest.len() - marks.trim_start_matches(closing).len()
}

/// Whether a mark at a byte ends the sentence that began at `start`. `end` is the byte after the
/// marks and brackets that follow.
fn ends(text: &str, start: usize, at: usize, mark: char, end: usize) -> bool {
    let next = text[end..].chars().next();
    match mark {
        '\n' | '。' | '！' | '？' | '｡' => true,
        // An ellipsis within a sentence: 他说……然后.
        '…' => next.is_none_or(|c| c == ' ' || c == '\n' || is_wide(c)) && end > at + 3,
        _ if next.is_some_and(|c| c != ' ' && c != '\n' && !is_wide(c)) => false,
        '!' | '?' => true,
        _ => full_stop_ends(text, start, at, end),
    }
}

/// Words after which a full stop never ends a sentence.
const BEFORE_A_NAME: [&str; 28] = [
    "no", "nos", "vs", "mr", "mrs", "ms", "dr", "st", "prof", "gen", "sen", "rep", "gov", "approx",
    "avg", "est", "cf", "fig", "vol", "eg", "ie", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
];

/// Words whose full stop may end a sentence too.
const SHORTENED: [&str; 14] =
    ["inc", "ltd", "co", "corp", "plc", "etc", "pct", "bn", "mn", "mln", "bln", "pts", "jr", "sr"];

/// Words that begin a sentence, and seldom a name.
const BEGINNINGS: [&str; 30] = [
    "A",
    "After",
    "Also",
    "An",
    "Analysts",
    "And",
    "As",
    "At",
    "Both",
    "But",
    "By",
    "For",
    "From",
    "He",
    "However",
    "In",
    "It",
    "Its",
    "Meanwhile",
    "On",
    "Shares",
    "She",
    "That",
    "The",
    "They",
    "This",
    "Trading",
    "Turnover",
    "We",
    "While",
];

fn full_stop_ends(text: &str, start: usize, at: usize, end: usize) -> bool {
    let before = &text[start..at];
    let rest = text[end..].trim_start();
    if rest.starts_with(|c: char| c.is_lowercase()) {
        return false;
    }
    // Several dots are an ellipsis.
    if text[at + 1..].starts_with('.') {
        return true;
    }
    let word_start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let word = &before[word_start
        .map_or(0, |byte| byte + before[byte..].chars().next().map_or(1, char::len_utf8))..];
    // The number of an item: `1. `, `2.`, also in brackets.
    if before.trim() == word && !word.is_empty() && word.len() <= 2 && is_number_or_letter(word) {
        return false;
    }
    let plain: String = word.chars().filter(|c| *c != '.').collect::<String>().to_lowercase();
    if BEFORE_A_NAME.contains(&&*plain) {
        return false;
    }
    let next: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let begins = rest.is_empty()
        || !rest.starts_with(|c: char| c.is_ascii())
        || BEGINNINGS.contains(&&*next);
    let is_initial = word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase());
    let is_dotted = word.contains('.') && word.chars().all(|c| c == '.' || c.is_ascii_alphabetic());
    if is_initial || is_dotted || SHORTENED.contains(&&*plain) {
        return begins;
    }
    true
}

fn is_number_or_letter(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) || (word.len() == 1 && word.is_ascii())
}

/// A sentence, or pieces of what is too long for one: divided at the last comma or space that keeps
/// a piece short enough, else anywhere.
fn parts(text: &str, bytes: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = bytes.start;
    while start < bytes.end {
        let rest = &text[start..bytes.end];
        let length = match rest.char_indices().nth(LONGEST_SENTENCE) {
            None => rest.len(),
            Some((most, _)) => {
                let piece = &rest[..most];
                let divided = piece.rfind(['，', '；', '、', ',', ';', ' ', '：']);
                let after =
                    divided.map(|at| at + piece[at..].chars().next().map_or(1, char::len_utf8));
                after.filter(|at| *at < most).unwrap_or(most)
            }
        };
        let part = trimmed(text, start..start + length);
        if !part.is_empty() {
            parts.push(part);
        }
        start += length;
    }
    parts
}
