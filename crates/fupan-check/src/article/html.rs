//! HTML: the tokens of a page, each with its place.

use std::convert::Infallible;

use html5gum::emitters::Emitter;
use html5gum::{Error, State, Tokenizer};

use super::blocks::Builder;
use super::elements::{Attributes, Elements};

/// The longest name and value of an attribute that are looked at, in bytes.
const LONGEST_ATTRIBUTE: usize = 4_096;

/// Reads a page.
pub(super) fn read(file: &str) -> Builder {
    let mut elements = Elements::default();
    fragment(&mut elements, file, &[(0, 0)]);
    elements.finish()
}

/// Reads a piece of HTML. `origins` tells where in the file bytes of the piece come from: from the
/// first number on, they stand in the file from the second on.
pub(super) fn fragment(elements: &mut Elements, piece: &str, origins: &[(usize, usize)]) {
    // Line ends of one byte, so that the tokenizer leaves no byte out.
    let mut bytes = piece.as_bytes().to_vec();
    for at in 0..bytes.len() {
        if bytes[at] == b'\r' {
            bytes[at] = if bytes.get(at + 1) == Some(&b'\n') { b' ' } else { b'\n' };
        }
    }
    let reader = Reader {
        elements,
        bytes: &bytes,
        origins,
        origin: 0,
        position: 0,
        done: 0,
        run: Run::default(),
        tag: Tag::default(),
        last_start: Vec::new(),
    };
    let Ok(()) = Tokenizer::new_with_emitter(&bytes, reader).finish();
}

/// Text without a break in it: what it reads, and where it is in the piece.
#[derive(Default)]
struct Run {
    text: Vec<u8>,
    pieces: Vec<Piece>,
}

/// A part of a run.
struct Piece {
    /// Bytes of it in the run.
    length: usize,
    /// Where it stands, and how many bytes it takes there.
    at: usize,
    taken: usize,
    /// Whether it stands there as it is.
    is_verbatim: bool,
}

/// Where a text stands, how many bytes it takes there, and whether it stands there as it is.
struct Place {
    at: usize,
    taken: usize,
    is_verbatim: bool,
}

#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    is_end: bool,
    attributes: Attributes,
    attribute: Vec<u8>,
    value: Vec<u8>,
}

struct Reader<'a> {
    elements: &'a mut Elements,
    bytes: &'a [u8],
    origins: &'a [(usize, usize)],
    /// Which of the origins is the last that was used.
    origin: usize,
    /// The byte that the tokenizer reads next.
    position: usize,
    /// The byte after the last token.
    done: usize,
    run: Run,
    tag: Tag,
    last_start: Vec<u8>,
}

impl Reader<'_> {
    /// Where a byte of the piece stands in the file. Bytes are asked for in order.
    fn origin(&mut self, at: usize) -> usize {
        while self.origins.get(self.origin + 1).is_some_and(|(from, _)| *from <= at) {
            self.origin += 1;
        }
        self.origins.get(self.origin).map_or(at, |(from, to)| to + at.saturating_sub(*from))
    }

    /// Where text stands that ends at the tokenizer's position. Before it there may be markup that
    /// makes no token, such as `</>`.
    fn place_of(&self, text: &[u8]) -> Place {
        let (mut done, length) = (self.done, text.len());
        // Its `<` is not the text's, which may be one too: `</>&lt;`.
        while self.bytes.get(done..).is_some_and(|rest| rest.starts_with(b"</>"))
            && self.position > done + 3
            && !text.starts_with(b"</")
        {
            done += 3;
        }
        let stands_at = |at: usize| self.bytes.get(at..at + length) == Some(text);
        let verbatim = |at| Place { at, taken: length, is_verbatim: true };
        let is_reference = self.bytes.get(done) == Some(&b'&') && self.position > done + length;
        if !is_reference && stands_at(done) {
            return verbatim(done);
        }
        let before = self.position.saturating_sub(length);
        if !is_reference && before > done && stands_at(before) {
            return verbatim(before);
        }
        let passed = self.bytes.get(done..self.position).unwrap_or_default();
        let start = passed.iter().rposition(|byte| *byte == b'&').unwrap_or(0);
        Place { at: done + start, taken: (passed.len() - start).max(1), is_verbatim: false }
    }

    /// Everything up to here has been read.
    fn pass(&mut self) {
        self.done = self.done.max(self.position);
    }

    fn flush_text(&mut self) {
        let run = std::mem::take(&mut self.run);
        let mut start = 0;
        for piece in &run.pieces {
            let text = &run.text[start..start + piece.length];
            start += piece.length;
            // A piece is cut at characters, except where the tokenizer hands on single bytes; those
            // were put together in `emit_string`.
            let text = String::from_utf8_lossy(text);
            if piece.is_verbatim {
                self.verbatim(&text, piece.at);
            } else {
                self.reference(&text, piece.at, piece.taken);
            }
        }
    }

    /// Text that stands in the piece as it is, which may go on in another part of the file.
    fn verbatim(&mut self, text: &str, at: usize) {
        let mut start = 0;
        while start < text.len() {
            let place = self.origin(at + start);
            let next = self.origins.get(self.origin + 1).map_or(usize::MAX, |(from, _)| *from);
            let mut end = next.saturating_sub(at).clamp(start + 1, text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            self.elements.text(&text[start..end], place);
            start = end;
        }
    }

    /// A character reference: its first character has its place and length, a second one the place
    /// after, which is within the reference too.
    fn reference(&mut self, text: &str, at: usize, taken: usize) {
        let place = self.origin(at);
        let passed = self.bytes.get(at..at + taken).unwrap_or_default();
        let most = if passed.is_ascii() { taken } else { 1 };
        for (number, character) in text.chars().enumerate().take(most) {
            self.elements.character(character, place + number, taken - number);
        }
    }

    fn end_attribute(&mut self) {
        let (name, value) = (&self.tag.attribute, &self.tag.value);
        let attributes = &mut self.tag.attributes;
        match name.as_slice() {
            b"hidden" => attributes.is_hidden = true,
            b"open" => attributes.is_open = true,
            b"style" => attributes.is_hidden |= hides(value),
            b"colspan" => {
                let columns = std::str::from_utf8(value).ok().and_then(|v| v.trim().parse().ok());
                attributes.columns = columns.filter(|columns| (1..=1_000).contains(columns));
            }
            _ => {}
        }
        self.tag.attribute.clear();
        self.tag.value.clear();
    }
}

/// Whether a style keeps an element from being shown.
fn hides(style: &[u8]) -> bool {
    let style = String::from_utf8_lossy(style).to_ascii_lowercase();
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(property, value)| {
        let value = value.trim().trim_end_matches("!important").trim_end();
        matches!(
            (property.trim(), value),
            ("display", "none")
                | ("visibility", "hidden" | "collapse")
                | ("opacity", "0" | "0.0" | "0%")
                | ("font-size", "0" | "0px" | "0em" | "0pt")
        )
    })
}

/// How the tokenizer goes on after a start tag. Its own table lacks elements.
fn state_after(name: &[u8]) -> Option<State> {
    Some(match name {
        b"textarea" | b"title" => State::RcData,
        b"plaintext" => State::PlainText,
        b"script" => State::ScriptData,
        b"style" | b"iframe" | b"xmp" | b"noembed" | b"noframes" | b"noscript" => State::RawText,
        _ => return None,
    })
}

/// Adds to a text of at most so many bytes.
fn extend(text: &mut Vec<u8>, more: &[u8]) {
    let left = LONGEST_ATTRIBUTE.saturating_sub(text.len());
    text.extend_from_slice(&more[..more.len().min(left)]);
}

impl Emitter for Reader<'_> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start = last_start_tag.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.flush_text();
    }

    fn emit_error(&mut self, _error: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, text: &[u8]) {
        if text.is_empty() || self.elements.is_skipping() {
            self.pass();
            return;
        }
        let Place { at, taken, is_verbatim } = self.place_of(text);
        let length = text.len();
        self.done = at + taken;
        self.run.text.extend_from_slice(text);
        match self.run.pieces.last_mut() {
            Some(last) if is_verbatim && last.is_verbatim && last.at + last.length == at => {
                last.length += length;
                last.taken += length;
            }
            _ => self.run.pieces.push(Piece { length, at, taken, is_verbatim }),
        }
    }

    fn init_start_tag(&mut self) {
        self.tag = Tag::default();
    }

    fn init_end_tag(&mut self) {
        self.tag = Tag { is_end: true, ..Tag::default() };
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        self.flush_text();
        let tag = std::mem::take(&mut self.tag);
        let at = self.origin(self.done);
        self.pass();
        if tag.is_end {
            self.elements.end(&tag.name, at);
            return None;
        }
        self.elements.start(&tag.name, tag.attributes, at);
        let state = state_after(&tag.name);
        self.last_start = tag.name;
        state
    }

    fn emit_current_comment(&mut self) {
        self.flush_text();
        self.pass();
    }

    fn emit_current_doctype(&mut self) {
        self.flush_text();
        self.pass();
    }

    fn set_self_closing(&mut self) {
        self.tag.attributes.is_closed = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, name: &[u8]) {
        extend(&mut self.tag.name, name);
    }

    fn push_comment(&mut self, _text: &[u8]) {}

    fn push_doctype_name(&mut self, _name: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.end_attribute();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        extend(&mut self.tag.attribute, name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        extend(&mut self.tag.value, value);
    }

    fn set_doctype_public_identifier(&mut self, _value: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _value: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _value: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _value: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.is_end && !self.tag.name.is_empty() && self.tag.name == self.last_start
    }

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }
}
