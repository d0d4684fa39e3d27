//! Markdown: CommonMark with tables, task lists, footnotes and data at the head.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::blocks::Builder;
use super::elements::{Attributes, Elements};
use super::html::fragment;
use super::plain;

/// The deepest nesting of quotations and lists that is read as such.
const DEEPEST: usize = 100;

/// Reads a Markdown file.
pub(super) fn read(file: &str) -> Builder {
    // The parser takes time for each level at each line.
    if file.lines().any(|line| depth(line) > DEEPEST) {
        return plain::read(file);
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut reader = Reader { file, elements: Elements::default(), html: None, is_head: false };
    for (event, range) in Parser::new_ext(file, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.elements.finish()
}

struct Reader<'a> {
    file: &'a str,
    elements: Elements,
    /// A block of HTML that is being read, and where in the file its bytes come from.
    html: Option<(String, Vec<(usize, usize)>)>,
    /// Whether cells are of a table's head.
    is_head: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(text) => self.aligned(&text, self.within_ticks(range)),
            Event::Html(text) => match &mut self.html {
                Some((html, origins)) => {
                    origins.push((html.len(), range.start));
                    html.push_str(&text);
                }
                None => fragment(&mut self.elements, &text, &[(0, range.start)]),
            },
            Event::InlineHtml(text) => {
                fragment(&mut self.elements, &text, &[(0, range.start)]);
            }
            Event::SoftBreak => self.elements.pause(range.start, true),
            Event::HardBreak => self.open(b"br", range.start),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {
                self.elements.pause(range.start, false);
            }
            Event::Rule => self.open(b"hr", range.start),
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn open(&mut self, name: &[u8], at: usize) {
        self.elements.start(name, Attributes::default(), at);
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let at = range.start;
        match tag {
            Tag::HtmlBlock => self.html = Some((String::new(), Vec::new())),
            Tag::Image { .. } => self.open(b"object", at),
            Tag::TableHead => {
                self.is_head = true;
                self.open(b"tr", at);
            }
            Tag::TableCell => self.open(if self.is_head { b"th" } else { b"td" }, at),
            // A mark that is no emphasis: `*ST` before the name of a share, `~` before a number.
            Tag::Emphasis if self.is_star_of_name(at) => self.elements.character('*', at, 1),
            Tag::Strikethrough if !self.file[at..].starts_with("~~") => {
                self.elements.character('~', at, 1);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.open(b"pre", at);
            }
            tag => {
                if let Some(name) = element(&tag.to_end()) {
                    self.open(name, at);
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        let last = range.end.saturating_sub(1);
        match tag {
            TagEnd::HtmlBlock => {
                if let Some((html, origins)) = self.html.take() {
                    fragment(&mut self.elements, &html, &origins);
                }
            }
            TagEnd::Image => self.elements.end(b"object", last),
            TagEnd::TableHead => {
                self.is_head = false;
                self.elements.end(b"tr", last);
            }
            TagEnd::TableCell => {
                self.elements.end(if self.is_head { b"th" } else { b"td" }, last);
            }
            TagEnd::Emphasis if self.is_star_of_name(last) => {
                self.elements.character('*', last, 1);
            }
            TagEnd::Strikethrough if !self.file[..range.end].ends_with("~~") => {
                self.elements.character('~', last, 1);
            }
            TagEnd::CodeBlock => self.elements.end(b"pre", last),
            tag => {
                if let Some(name) = element(&tag) {
                    self.elements.end(name, last);
                }
            }
        }
    }

    /// Whether a byte of the file is the star of `*ST`.
    fn is_star_of_name(&self, at: usize) -> bool {
        self.file.get(at..).is_some_and(|rest| rest.starts_with("*ST"))
    }

    /// The text of a part of the file, which is that part, or what an entity there stands for.
    fn text(&mut self, text: &str, range: Range<usize>) {
        let Some(written) = self.file.get(range.clone()) else { return };
        if written == text {
            self.elements.text(text, range.start);
        } else if written.starts_with('&') && written.ends_with(';') {
            for (number, character) in text.chars().enumerate().take(range.len()) {
                self.elements.character(character, range.start + number, range.len() - number);
            }
        } else {
            self.aligned(text, range);
        }
    }

    /// The part of a code span between its ticks.
    fn within_ticks(&self, range: Range<usize>) -> Range<usize> {
        let written = self.file.get(range.clone()).unwrap_or_default();
        let ticks = written.len() - written.trim_start_matches('`').len();
        if written.len() < 2 * ticks {
            return range;
        }
        range.start + ticks..range.end - ticks
    }

    /// Text whose characters stand in a part of the file in this order, with others between them.
    fn aligned(&mut self, text: &str, range: Range<usize>) {
        let Some(written) = self.file.get(range.clone()) else { return };
        let mut rest = written.char_indices();
        for character in text.chars() {
            let is_it = |(_, found): &(usize, char)| {
                *found == character || (character == ' ' && matches!(found, '\n' | '\r' | '\t'))
            };
            let Some((offset, found)) = rest.find(is_it) else { return };
            self.elements.character(found, range.start + offset, found.len_utf8());
        }
    }
}

/// How many quotations and lists a line may be within: the marks that it begins with, each followed
/// by a space or one for a quotation, and half of the spaces.
fn depth(line: &str) -> usize {
    let (mut marks, mut spaces) = (0, 0);
    let bytes = line.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b' ' => spaces += 1,
            b'\t' => spaces += 4,
            b'>' => marks += 1,
            b'-' | b'+' | b'*' | b'.' | b')' => {
                marks += usize::from(bytes.get(at + 1).is_some_and(|b| b" \t".contains(b)));
            }
            b'0'..=b'9' => {}
            _ => break,
        }
    }
    if marks == 0 { 0 } else { marks + spaces / 2 }
}

/// The element that a part of a Markdown file is.
fn element(tag: &TagEnd) -> Option<&'static [u8]> {
    Some(match tag {
        TagEnd::Paragraph => b"p",
        TagEnd::Heading(level) => match *level as u8 {
            1 => b"h1",
            2 => b"h2",
            3 => b"h3",
            4 => b"h4",
            5 => b"h5",
            _ => b"h6",
        },
        TagEnd::BlockQuote(_) => b"blockquote",
        TagEnd::List(true) => b"ol",
        TagEnd::List(false) => b"ul",
        TagEnd::Item => b"li",
        TagEnd::FootnoteDefinition => b"div",
        TagEnd::Table => b"table",
        TagEnd::TableRow => b"tr",
        TagEnd::MetadataBlock(_) => b"metadata",
        _ => return None,
    })
}
