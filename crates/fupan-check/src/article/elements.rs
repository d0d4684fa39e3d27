//! The elements that are open at a place of a file, and the blocks that they make.

use std::collections::HashMap;

use super::BlockKind;
use super::blocks::{Builder, Setting};

/// What an element does to the text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of a line.
    Inline,
    /// Raised or lowered text: it is apart from what stands beside it.
    Apart,
    /// Blocks of its own.
    Block,
    /// Nothing of it is read.
    Skipped,
    /// It has no content.
    Void,
}

pub(super) fn role(name: &[u8]) -> Role {
    match name {
        b"script" | b"style" | b"template" | b"noscript" | b"svg" | b"iframe" | b"object"
        | b"audio" | b"video" | b"canvas" | b"textarea" | b"select" | b"datalist" | b"noembed"
        | b"noframes" | b"xmp" | b"rt" | b"rp" | b"dialog" => Role::Skipped,
        b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link"
        | b"meta" | b"source" | b"track" | b"wbr" | b"param" | b"frame" | b"keygen" => Role::Void,
        b"sup" | b"sub" => Role::Apart,
        b"address" | b"article" | b"aside" | b"blockquote" | b"body" | b"button" | b"caption"
        | b"center" | b"dd" | b"details" | b"dir" | b"div" | b"dl" | b"dt" | b"fieldset"
        | b"figcaption" | b"figure" | b"footer" | b"form" | b"h1" | b"h2" | b"h3" | b"h4"
        | b"h5" | b"h6" | b"head" | b"header" | b"hgroup" | b"html" | b"legend" | b"li"
        | b"listing" | b"main" | b"menu" | b"metadata" | b"nav" | b"ol" | b"option" | b"p"
        | b"plaintext" | b"pre" | b"search" | b"section" | b"summary" | b"table" | b"tbody"
        | b"td" | b"tfoot" | b"th" | b"thead" | b"title" | b"tr" | b"ul" => Role::Block,
        _ => Role::Inline,
    }
}

/// Whether a start tag ends the picture that it is in, as the standard has it.
fn ends_picture(name: &[u8]) -> bool {
    matches!(
        name,
        b"blockquote"
            | b"body"
            | b"center"
            | b"dd"
            | b"div"
            | b"dl"
            | b"dt"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"head"
            | b"hr"
            | b"img"
            | b"li"
            | b"menu"
            | b"ol"
            | b"p"
            | b"pre"
            | b"span"
            | b"strong"
            | b"table"
            | b"ul"
    )
}

/// What the attributes of a tag mean for its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    /// `hidden`, or a style that hides.
    pub is_hidden: bool,
    /// `open`, by which a dialog is shown.
    pub is_open: bool,
    /// Whether the tag closes itself, which counts in pictures only.
    pub is_closed: bool,
    /// Columns of a cell, where it is not one.
    pub columns: Option<u32>,
}

/// How far down a tag looks for the element that it ends. Deeper nesting than this is read, but an
/// end tag that is out of place may end nothing.
const SEARCHED: usize = 256;

/// How many names of elements are told apart.
const NAMES: u32 = 4_096;

#[derive(Clone, Copy, Debug)]
struct Open {
    /// The number of the element's name.
    name: u32,
    role: Role,
    setting: Setting,
}

/// Where the next cell of a table is.
#[derive(Clone, Copy, Debug)]
struct Table {
    number: u32,
    rows: u32,
    columns: u32,
}

/// The open elements. Their ends are found as a browser finds them where a page is in order;
/// elsewhere (an end tag across others) an element may end sooner or later than in a browser.
#[derive(Debug, Default)]
pub(super) struct Elements {
    builder: Builder,
    open: Vec<Open>,
    names: HashMap<Box<[u8]>, u32>,
    /// How many elements are open, by the number of their name.
    counts: Vec<u32>,
    tables: Vec<Table>,
    tables_seen: u32,
}

impl Elements {
    /// The blocks, once everything has been read.
    pub fn finish(mut self) -> Builder {
        let setting = self.setting();
        self.builder.end_block(setting);
        self.builder
    }

    /// Whether what is read now is left out without a remark.
    pub fn is_skipping(&self) -> bool {
        self.open.last().is_some_and(|open| open.role == Role::Skipped)
    }

    /// Adds text as it stands at a byte of the file.
    pub fn text(&mut self, piece: &str, at: usize) {
        if self.is_skipping() {
            return;
        }
        let setting = self.setting();
        if setting.kind != BlockKind::Preformatted && setting.kind != BlockKind::Metadata {
            self.builder.text(setting, piece, at);
            return;
        }
        let mut start = at;
        for line in piece.split_inclusive('\n') {
            self.builder.text(setting, line, start);
            start += line.len();
            if line.ends_with('\n') {
                self.builder.end_block(setting);
            }
        }
    }

    /// Adds a character that takes some bytes of the file.
    pub fn character(&mut self, character: char, at: usize, bytes: usize) {
        if !self.is_skipping() {
            let setting = self.setting();
            self.builder.character(setting, character, at, bytes);
        }
    }

    /// White space at a byte of the file.
    pub fn pause(&mut self, at: usize, ends_line: bool) {
        if !self.is_skipping() {
            self.builder.pause(at, ends_line);
        }
    }

    /// A start tag at a byte of the file.
    pub fn start(&mut self, name: &[u8], attributes: Attributes, at: usize) {
        let role = role(name);
        if self.is_skipping() && ends_picture(name) {
            self.leave_picture();
        }
        if self.is_skipping() {
            // What is within a skipped element is known too, so that its end tags end it.
            if role != Role::Void && !attributes.is_closed {
                self.push(name, Role::Skipped, attributes);
            }
            return;
        }
        match role {
            Role::Void => {
                let setting = self.setting();
                match name {
                    b"br" => self.builder.break_line(setting, at),
                    b"hr" => self.start_block(name),
                    _ => {}
                }
                return;
            }
            Role::Apart => self.builder.pause(at, false),
            Role::Block => self.start_block(name),
            Role::Inline => {}
            Role::Skipped if name == b"dialog" && attributes.is_open => {
                self.start_block(name);
                self.push(name, Role::Block, attributes);
                return;
            }
            Role::Skipped => {}
        }
        self.push(name, role, attributes);
    }

    /// An end tag at a byte of the file.
    pub fn end(&mut self, name: &[u8], at: usize) {
        let Some(number) = self.names.get(name).copied().filter(|n| self.count(*n) > 0) else {
            let setting = self.setting();
            match name {
                b"br" => self.builder.break_line(setting, at),
                b"p" => self.builder.end_block(setting),
                _ => {}
            }
            return;
        };
        let role = role(name);
        if role == Role::Apart {
            self.pause(at, false);
        }
        let is_of_table =
            matches!(name, b"table" | b"tbody" | b"thead" | b"tfoot" | b"tr" | b"td" | b"th");
        let stops: &[&[u8]] = match role {
            Role::Block if !is_of_table => &[b"td", b"th", b"caption", b"table"],
            Role::Block if name != b"table" => &[b"table"],
            _ => &[],
        };
        let stops: Vec<u32> =
            stops.iter().filter_map(|stop| self.names.get(*stop).copied()).collect();
        let is_inline = matches!(role, Role::Inline | Role::Apart);
        // Without anything that stops it the search finds one, and closes all that it has passed.
        let searched = if stops.is_empty() && !is_inline { usize::MAX } else { SEARCHED };
        let mut found = None;
        for (depth, open) in self.open.iter().enumerate().rev().take(searched) {
            if open.name == number {
                found = Some(depth);
                break;
            }
            if stops.contains(&open.name) || (is_inline && open.role == Role::Block) {
                break;
            }
        }
        if let Some(depth) = found {
            self.close_to(depth);
        }
    }

    fn setting(&self) -> Setting {
        self.open.last().map_or(Setting::PARAGRAPH, |open| open.setting)
    }

    fn count(&self, name: u32) -> u32 {
        self.counts.get(name as usize).copied().unwrap_or(0)
    }

    fn number(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        // Names beyond these count as one.
        let number = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        if number >= NAMES {
            return NAMES - 1;
        }
        self.names.insert(name.into(), number);
        self.counts.push(0);
        number
    }

    /// Ends what a block's start tag ends: the block of text before it, and elements whose end tag
    /// may be left out.
    fn start_block(&mut self, name: &[u8]) {
        let setting = self.setting();
        self.builder.end_block(setting);
        match name {
            b"li" => self.close_open(&[b"li"], &[b"ul", b"ol", b"menu", b"dir"]),
            b"dt" | b"dd" => self.close_open(&[b"dt", b"dd"], &[b"dl"]),
            b"td" | b"th" => self.close_open(&[b"td", b"th"], &[b"tr", b"table"]),
            b"tr" => self.close_open(&[b"tr"], &[b"table", b"tbody", b"thead", b"tfoot"]),
            b"tbody" | b"thead" | b"tfoot" => {
                self.close_open(&[b"tbody", b"thead", b"tfoot", b"caption"], &[b"table"]);
            }
            b"option" => self.close_open(&[b"option"], &[b"select"]),
            b"body" => self.close_open(&[b"head"], &[]),
            b"title" | b"head" | b"html" => {}
            _ => self.close_open(&[b"p"], &[b"td", b"th", b"caption", b"table", b"button"]),
        }
    }

    /// Closes the nearest of some elements unless one of others is nearer.
    fn close_open(&mut self, names: &[&[u8]], stops: &[&[u8]]) {
        let numbers = |names: &[&[u8]]| -> Vec<u32> {
            names.iter().filter_map(|name| self.names.get(*name).copied()).collect()
        };
        let (names, stops) = (numbers(names), numbers(stops));
        if names.iter().all(|name| self.count(*name) == 0) {
            return;
        }
        for (depth, open) in self.open.iter().enumerate().rev().take(SEARCHED) {
            if names.contains(&open.name) {
                self.close_to(depth);
                return;
            }
            if stops.contains(&open.name) {
                return;
            }
        }
    }

    fn push(&mut self, name: &[u8], role: Role, attributes: Attributes) {
        let number = self.number(name);
        let outer = self.setting();
        let mut setting = outer;
        setting.is_hidden |= attributes.is_hidden;
        setting.is_quoted |= name == b"blockquote";
        setting.kind = match name {
            b"title" => BlockKind::Title,
            [b'h', level @ b'1'..=b'6'] => BlockKind::Heading { level: level - b'0' },
            b"li" | b"dt" | b"dd" => BlockKind::Item,
            b"caption" | b"figcaption" => BlockKind::Caption,
            b"pre" | b"listing" | b"plaintext" => BlockKind::Preformatted,
            b"metadata" => BlockKind::Metadata,
            b"td" | b"th" => self.cell(name == b"th", attributes.columns.unwrap_or(1)),
            _ => outer.kind,
        };
        match name {
            b"table" => {
                self.tables.push(Table { number: self.tables_seen, rows: 0, columns: 0 });
                self.tables_seen += 1;
            }
            b"tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows += 1;
                    table.columns = 0;
                }
            }
            _ => {}
        }
        self.open.push(Open { name: number, role, setting });
        if let Some(count) = self.counts.get_mut(number as usize) {
            *count += 1;
        }
    }

    /// The next cell of the innermost table; a paragraph where there is none.
    fn cell(&mut self, is_header: bool, columns: u32) -> BlockKind {
        let Some(table) = self.tables.last_mut() else { return BlockKind::Paragraph };
        let column = table.columns;
        table.columns = table.columns.saturating_add(columns);
        let row = table.rows.saturating_sub(1);
        BlockKind::Cell { table: table.number, row, column, is_header }
    }

    /// Closes elements until so many are open.
    fn close_to(&mut self, depth: usize) {
        let table = self.names.get(&b"table"[..]).copied();
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else { return };
            if let Some(count) = self.counts.get_mut(open.name as usize) {
                *count -= 1;
            }
            if open.role == Role::Block {
                self.builder.end_block(open.setting);
            }
            if Some(open.name) == table {
                self.tables.pop();
            }
        }
    }

    /// Ends pictures within which a block begins, as a browser does.
    fn leave_picture(&mut self) {
        let svg = self.names.get(&b"svg"[..]).copied();
        while let Some(svg) = svg.filter(|svg| self.is_skipping() && self.count(*svg) > 0) {
            let open = self.open.iter().enumerate().rev().take(SEARCHED);
            let found = open.into_iter().find(|(_, open)| open.name == svg).map(|(depth, _)| depth);
            let Some(depth) = found else { return };
            self.close_to(depth);
        }
    }
}
