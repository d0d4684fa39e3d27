//! Text without markup: paragraphs by lines.

use super::BlockKind;
use super::blocks::{Builder, Setting};
use super::normal::{is_han, is_line_end, is_wide};

/// A line at least this wide, in columns, may go on in the next.
const WRAPPED_AT: usize = 56;

/// A first line at most this wide is a title.
const TITLE_WITHIN: usize = 90;

/// Reads a text. A line is a block, unless it looks like one that an editor wrapped: it is long, has
/// no end of a sentence, and the next is no item of a list.
pub(super) fn read(file: &str) -> Builder {
    let mut builder = Builder::default();
    let mut lines = Lines { file, at: 0 }.peekable();
    let mut is_first = true;
    let mut setting = Setting::PARAGRAPH;
    while let Some((at, line)) = lines.next() {
        if builder.is_empty() {
            setting.kind = kind(line);
        }
        if is_first && !line.trim().is_empty() {
            is_first = false;
            let is_alone = lines.peek().is_some() && is_title(line);
            if is_alone && setting.kind == BlockKind::Paragraph {
                setting.kind = BlockKind::Heading { level: 1 };
            }
        }
        builder.text(setting, line, at);
        let goes_on = setting.kind == BlockKind::Paragraph || setting.kind == BlockKind::Item;
        let next = lines.peek().map(|(_, next)| *next);
        if goes_on && next.is_some_and(|next| is_wrapped(line, next)) {
            builder.pause(at + line.len(), true);
        } else {
            builder.end_block(setting);
        }
    }
    builder.end_block(setting);
    builder
}

/// The lines of a text with the bytes at which they begin, without their ends.
struct Lines<'a> {
    file: &'a str,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.file.get(self.at..).filter(|rest| !rest.is_empty())?;
        let at = self.at;
        match rest.char_indices().find(|(_, character)| is_line_end(*character)) {
            Some((end, character)) => {
                self.at += end + character.len_utf8();
                Some((at, &rest[..end]))
            }
            None => {
                self.at = self.file.len();
                Some((at, rest))
            }
        }
    }
}

fn kind(line: &str) -> BlockKind {
    if is_item(line) { BlockKind::Item } else { BlockKind::Paragraph }
}

/// Whether a line begins as an item of a list does: `1. `, `- `, `（2）`, `三、`.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let Some(first) = line.chars().next() else { return false };
    let rest = &line[first.len_utf8()..];
    if matches!(first, '-' | '*' | '+' | '–') {
        return rest.starts_with([' ', '\t']);
    }
    if matches!(first, '•' | '·' | '●' | '■' | '◆' | '▪' | '○' | '□' | '①'..='⑳')
    {
        return true;
    }
    let open = matches!(first, '(' | '（');
    let line = if open { rest } else { line };
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let number = line.find(|c| !is_number(c)).unwrap_or(line.len());
    let mut after = line[number..].chars();
    let is_short = number > 0 && line[..number].chars().count() <= 3;
    is_short
        && match after.next() {
            Some(')' | '）') => true,
            Some('、') => !open,
            Some('.' | '．') => !open && !after.next().is_some_and(|c| c.is_ascii_digit()),
            _ => false,
        }
}

/// Columns of a line in a terminal, as far as it matters here.
fn columns(line: &str) -> usize {
    line.chars().take(2 * TITLE_WITHIN).map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Whether a text ends as a sentence does.
fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(['”', '’', '」', '』', '"', '\'', ')', '）', '】']);
    line.ends_with(['。', '！', '？', '；', '…', '.', '!', '?', ':', '：', ';'])
}

fn is_title(line: &str) -> bool {
    !ends_sentence(line) && columns(line.trim()) <= TITLE_WITHIN
}

/// Whether a line goes on in the next.
fn is_wrapped(line: &str, next: &str) -> bool {
    let starts_anew = next.trim().is_empty()
        || is_item(next)
        // Chinese paragraphs begin with two wide spaces.
        || next.starts_with(['\u{3000}', '\t']);
    let has_words = line.chars().any(|c| is_han(c) || c.is_alphabetic());
    !starts_anew && has_words && !ends_sentence(line) && columns(line) >= WRAPPED_AT
}
