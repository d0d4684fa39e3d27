//! What a channel's markup consists of, and how its size is measured.

use fupan_brief::MarketColours;
use serde_json::Value;

use crate::line::{Ink, LineKind, Run};

/// Some text in a channel's markup, and how much of the channel's limit it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Set {
    pub text: String,
    pub size: usize,
}

/// What heads a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'a> {
    /// What the whole is and of when.
    pub label: &'a str,
    /// The most important line of the whole.
    pub headline: &'a str,
    /// Which part of how many this is, if there are several.
    pub number: Option<(usize, usize)>,
}

impl Head<'_> {
    /// The label with the number of the part.
    pub fn title(&self) -> String {
        match self.number {
            Some((place, of)) => format!("{} ({place}/{of})", self.label),
            None => self.label.to_owned(),
        }
    }
}

/// A channel's markup.
pub(crate) trait Dialect {
    /// How much a message may hold, in the unit of the channel.
    fn limit(&self) -> usize;

    /// How much of it is taken before the first line.
    fn overhead(&self, head: &Head<'_>) -> usize;

    /// A line in the channel's markup.
    fn line(&self, kind: LineKind, runs: &[Run]) -> Set;

    /// What separates a line from the one below it.
    fn gap(&self, above: LineKind, below: LineKind) -> Set;

    /// The text of a message, with its head where the text has one.
    fn text(&self, head: &Head<'_>, lines: &str) -> String;

    /// The JSON of a message with such a text.
    fn json(&self, head: &Head<'_>, text: &str) -> Value;
}

/// The bytes that a text takes in JSON, without its quotes.
pub(crate) fn json_bytes(text: &str) -> usize {
    // As serde_json writes: quotes, backslashes and control characters are escaped.
    let escaped = |character: char| match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => character.len_utf8(),
    };
    text.chars().map(escaped).sum()
}

/// The colours of a channel for what rises and what falls, by the reader's habit: red and green,
/// green and red, or two that everybody tells apart.
pub(crate) fn colour(
    ink: Ink,
    colours: MarketColours,
    [red, green]: [&'static str; 2],
    [orange, blue]: [&'static str; 2],
) -> Option<&'static str> {
    let [up, down] = match colours {
        MarketColours::RedUp => [red, green],
        MarketColours::GreenUp => [green, red],
        MarketColours::ColourBlind => [orange, blue],
    };
    match ink {
        Ink::Up => Some(up),
        Ink::Down => Some(down),
        Ink::Plain | Ink::Strong => None,
    }
}

/// The full-width form of a printing ASCII character: it looks alike and is no markup anywhere.
pub(crate) fn lookalike(character: char) -> char {
    match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xfee0).unwrap_or(character),
        _ => character,
    }
}

/// Text that a channel without escapes shows as it is: what could be markup is replaced by its
/// full-width form. `marks` are those that may be markup anywhere; an underscore within a word of
/// Latin letters, such as a key, is none.
pub(crate) fn disarmed(text: &str, marks: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    let is_letter = |character: char| character.is_ascii_alphanumeric();
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let rest = &text[at..];
        let within = is_letter(before) && rest[character.len_utf8()..].starts_with(is_letter);
        let is_mark = match character {
            '&' => is_entity(rest),
            '_' => marks.contains(&'_') && !within,
            _ => marks.contains(&character),
        };
        out.push(if is_mark { lookalike(character) } else { character });
        before = character;
    }
    out
}

/// Whether a text starts with what reads as a character reference of HTML.
fn is_entity(text: &str) -> bool {
    let name = text[1..].split_once(';').map_or("", |(name, _)| name);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '#';
    !name.is_empty() && name.chars().all(is_part)
}

/// Which character at the start of a line would make it a heading, a quotation or a list; by its
/// place in bytes.
pub(crate) fn opener(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    if matches!(first, '#' | '>' | '-' | '+' | '*' | '=' | '|' | '~' | '_' | '`') {
        return Some(0);
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let after = line[digits..].chars().next();
    (digits > 0 && matches!(after, Some('.' | ')'))).then_some(digits)
}

/// A line without what would open a block of Markdown: that character is set in another way.
pub(crate) fn unopened(line: &str, set: impl Fn(char) -> String) -> String {
    let Some(at) = opener(line) else { return line.to_owned() };
    let character = line[at..].chars().next().unwrap_or(' ');
    // A number such as `4.5` opens nothing.
    let after = line[at + character.len_utf8()..].chars().next();
    if at > 0 && after.is_some_and(|c| !c.is_whitespace()) {
        return line.to_owned();
    }
    [&line[..at], &set(character), &line[at + character.len_utf8()..]].concat()
}

/// Runs without space at the start of the line, where it would be markup, nor at the end of what is
/// bold, which would not be.
pub(crate) fn trimmed(runs: &[Run]) -> Vec<Run> {
    let mut kept: Vec<Run> = Vec::new();
    for run in runs {
        let text = if kept.is_empty() { run.text.trim_start() } else { run.text.as_str() };
        let end = match run.ink {
            Ink::Strong => text.trim_end().len(),
            _ => text.len(),
        };
        let (text, space) = text.split_at(end);
        for (text, ink) in [(text, run.ink), (space, Ink::Plain)] {
            if !text.is_empty() {
                kept.push(Run::new(text, ink));
            }
        }
    }
    kept
}
