//! Blocks of readable text, and how they are put together from pieces of a file.

use std::ops::Range;

use fupan_market::is_hidden;

use super::normal::{is_line_end, is_wide, normal};
use super::{Remark, RemarkKind};

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// The title in the head of a page, which a browser shows above it.
    Title,
    /// A heading.
    Heading {
        /// From 1, the highest, to 6.
        level: u8,
    },
    /// A paragraph, or a part of one.
    Paragraph,
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell {
        /// Which table of the file, from 0.
        table: u32,
        /// Which row, from 0.
        row: u32,
        /// Which column, from 0; a cell over several columns is in the first.
        column: u32,
        /// Whether it heads its row or column.
        is_header: bool,
    },
    /// The caption of a table or figure.
    Caption,
    /// A line of text that keeps its lines, such as code.
    Preformatted,
    /// A line of the data at the head of a Markdown file: `date: 2026-02-12`.
    Metadata,
}

/// A block of readable text. Its characters know their places in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextBlock {
    kind: BlockKind,
    is_quoted: bool,
    text: String,
    /// The place of each character, in Unicode scalar values of the file's text.
    places: Vec<u32>,
    /// How many characters of the file stand for a character, where it is not one.
    lengths: Vec<(u32, u32)>,
    /// The byte in `text` at which every 64th character begins.
    marks: Vec<u32>,
}

/// The most blocks of an article. What has more is a table of data, or made to take memory.
pub const MOST_BLOCKS: usize = 500_000;

/// Every so many characters a block notes the byte, so that a byte's character is found at once.
const MARK: usize = 64;

impl TextBlock {
    /// What the block is.
    pub fn kind(&self) -> BlockKind {
        self.kind
    }

    /// Whether the block is within a quotation.
    pub fn is_quoted(&self) -> bool {
        self.is_quoted
    }

    /// Whether the block is a heading or the title.
    pub fn is_headline(&self) -> bool {
        matches!(self.kind, BlockKind::Title | BlockKind::Heading { .. })
    }

    /// The readable text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of each character of the text in the file, in Unicode scalar values. They increase.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// Where bytes of the readable text are in the file: from the place of the first character to
    /// the end of the last, in Unicode scalar values. Bytes within a character count as it.
    pub fn file_range(&self, bytes: Range<usize>) -> Range<u32> {
        let Some(first) = self.places.get(self.character(bytes.start)) else {
            let end = self.end_of(self.places.len().saturating_sub(1));
            return end..end;
        };
        if bytes.is_empty() {
            return *first..*first;
        }
        *first..self.end_of(self.character(bytes.end - 1))
    }

    /// Which bytes of the readable text are from these places of the file, as a range; empty where
    /// none are.
    pub fn text_range(&self, places: Range<u32>) -> Range<usize> {
        let first = self.places.partition_point(|place| *place < places.start);
        // A character reference that reaches into the range counts.
        let first = match first.checked_sub(1) {
            Some(before) if self.end_of(before) > places.start => before,
            _ => first,
        };
        let end = self.places.partition_point(|place| *place < places.end).max(first);
        self.byte(first)..self.byte(end)
    }

    /// The number of the character at a byte of the text.
    fn character(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let mark = self.marks.partition_point(|mark| *mark as usize <= byte).saturating_sub(1);
        let from = self.marks.get(mark).map_or(0, |mark| *mark as usize);
        let starts = self.text[from..].char_indices().map(|(start, _)| from + start);
        let before = starts.skip(1).take_while(|start| *start <= byte).count();
        let at_end = usize::from(byte == self.text.len() && !self.text.is_empty());
        mark * MARK + before + at_end
    }

    /// The byte at which a character of the text begins.
    fn byte(&self, character: usize) -> usize {
        let Some(from) = self.marks.get(character / MARK) else { return self.text.len() };
        let from = *from as usize;
        let mut starts = self.text[from..].char_indices();
        starts.nth(character % MARK).map_or(self.text.len(), |(start, _)| from + start)
    }

    /// The place after a character.
    fn end_of(&self, character: usize) -> u32 {
        let Some(place) = self.places.get(character) else { return 0 };
        let number = u32::try_from(character).unwrap_or(u32::MAX);
        let long = self.lengths.binary_search_by_key(&number, |(number, _)| *number);
        place + long.map_or(1, |at| self.lengths[at].1)
    }
}

/// What a block that begins now would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub kind: BlockKind,
    pub is_quoted: bool,
    /// Whether a page shows what is in it.
    pub is_hidden: bool,
}

impl Setting {
    pub const PARAGRAPH: Setting =
        Setting { kind: BlockKind::Paragraph, is_quoted: false, is_hidden: false };
}

/// White space that has been read and not written: where it is, and whether a line ends in it.
#[derive(Clone, Copy, Debug)]
struct Space {
    at: usize,
    ends_line: bool,
}

/// Puts blocks together. Places are bytes of the file's text until the end.
#[derive(Debug, Default)]
pub(super) struct Builder {
    done: Vec<TextBlock>,
    text: String,
    places: Vec<u32>,
    lengths: Vec<(u32, u32)>,
    space: Option<Space>,
    /// The next byte of the file that has not been used.
    next: usize,
    hidden_characters: Seen,
    hidden_text: Seen,
    is_full: bool,
}

/// How many there are, and the byte of the first.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    count: u32,
    first: usize,
}

impl Seen {
    fn add(&mut self, at: usize) {
        if self.count == 0 {
            self.first = at;
        }
        self.count = self.count.saturating_add(1);
    }
}

impl Builder {
    /// Adds a piece of the file's text, as it is.
    pub fn text(&mut self, setting: Setting, piece: &str, at: usize) {
        for (offset, character) in piece.char_indices() {
            self.character(setting, character, at + offset, character.len_utf8());
        }
    }

    /// Adds a character that stands at a byte of the file and takes some bytes there.
    pub fn character(&mut self, setting: Setting, character: char, at: usize, bytes: usize) {
        // Places only ever increase.
        if at < self.next {
            return;
        }
        let plain = normal(character);
        if plain == ' ' {
            self.pause(at, is_line_end(character));
            return;
        }
        if is_hidden(plain) {
            self.hidden_characters.add(at);
            return;
        }
        if setting.is_hidden {
            self.hidden_text.add(at);
            return;
        }
        self.write_space(plain);
        self.push(plain, at);
        if bytes != character.len_utf8() {
            let number = u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX);
            self.lengths.push((number, u32::try_from(bytes).unwrap_or(u32::MAX)));
        }
    }

    /// A space, if text comes before and after it.
    pub fn pause(&mut self, at: usize, ends_line: bool) {
        if at < self.next || self.text.is_empty() {
            return;
        }
        let space = self.space.get_or_insert(Space { at, ends_line });
        space.ends_line |= ends_line;
    }

    /// A line break that is written in the file.
    pub fn break_line(&mut self, setting: Setting, at: usize) {
        if !setting.is_hidden && at >= self.next && !self.text.is_empty() {
            self.space = None;
            if !self.text.ends_with('\n') {
                self.push('\n', at);
            }
        }
    }

    /// Ends the block, if there is one.
    pub fn end_block(&mut self, setting: Setting) {
        self.space = None;
        if self.text.ends_with('\n') {
            self.text.pop();
            self.places.pop();
        }
        if self.text.is_empty() {
            return;
        }
        if self.done.len() == MOST_BLOCKS {
            self.is_full = true;
            self.text.clear();
            self.places.clear();
            self.lengths.clear();
            return;
        }
        self.done.push(TextBlock {
            kind: setting.kind,
            is_quoted: setting.is_quoted,
            text: std::mem::take(&mut self.text),
            places: std::mem::take(&mut self.places),
            lengths: std::mem::take(&mut self.lengths),
            marks: Vec::new(),
        });
    }

    /// Whether the block has no text yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether there are more blocks than an article may have.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    fn write_space(&mut self, next: char) {
        let Some(space) = self.space.take() else { return };
        let before = self.text.chars().next_back();
        let joins = space.ends_line && is_wide(next) && before.is_some_and(is_wide);
        if before != Some('\n') && !joins {
            self.push(' ', space.at);
        }
    }

    fn push(&mut self, character: char, at: usize) {
        self.text.push(character);
        self.places.push(u32::try_from(at).unwrap_or(u32::MAX));
        self.next = at + 1;
    }

    /// The number of characters of the file, the blocks with places in characters, and the remarks.
    pub fn placed(self, file: &str) -> (u32, Vec<TextBlock>, Vec<Remark>) {
        let mut blocks = self.done;
        let mut counter = Counter { file, byte: 0, characters: 0 };
        for block in &mut blocks {
            let mut long = block.lengths.iter_mut().peekable();
            for (number, place) in (0_u32..).zip(&mut block.places) {
                let byte = *place as usize;
                *place = counter.at(byte);
                if let Some((_, length)) = long.next_if(|(at, _)| *at == number) {
                    let end = Counter { ..counter }.at(byte + *length as usize);
                    *length = end - *place;
                }
            }
            block.marks = marks(&block.text);
        }
        let mut remarks = Vec::new();
        for (seen, kind) in [
            (self.hidden_characters, RemarkKind::HiddenCharacters),
            (self.hidden_text, RemarkKind::HiddenText),
        ] {
            if seen.count > 0 {
                let first = Counter { file, byte: 0, characters: 0 }.at(seen.first);
                remarks.push(Remark { kind, count: seen.count, first });
            }
        }
        (counter.at(file.len()), blocks, remarks)
    }
}

/// Counts the characters before bytes of a text, in one walk.
#[derive(Clone, Copy)]
struct Counter<'a> {
    file: &'a str,
    byte: usize,
    characters: u32,
}

impl Counter<'_> {
    /// The number of characters that begin before a byte, which is not before the last one.
    fn at(&mut self, byte: usize) -> u32 {
        let byte = byte.min(self.file.len());
        if byte > self.byte {
            let passed = &self.file.as_bytes()[self.byte..byte];
            let starts = passed.iter().filter(|byte| (**byte as i8) >= -0x40).count();
            self.characters += u32::try_from(starts).unwrap_or(u32::MAX);
            self.byte = byte;
        }
        self.characters
    }
}

fn marks(text: &str) -> Vec<u32> {
    let starts = text.char_indices().step_by(MARK);
    starts.map(|(start, _)| u32::try_from(start).unwrap_or(u32::MAX)).collect()
}
