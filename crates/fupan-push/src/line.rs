//! An outline as lines that read well on a phone: tables become rows of labels and values.

use fupan_brief::export::{Outline, OutlineBlock, OutlineTable, Piece};
use fupan_brief::{Language, Tone};

/// How some words are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// As they are.
    Plain,
    /// Bold.
    Strong,
    /// In the colour of what rises.
    Up,
    /// In the colour of what falls.
    Down,
}

/// Some words that are set alike; without any markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub text: String,
    pub ink: Ink,
}

impl Run {
    pub fn new(text: impl Into<String>, ink: Ink) -> Run {
        Run { text: text.into(), ink }
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// The number of a part among the parts.
    Label,
    Headline,
    Warning,
    /// The heading of a part of the outline.
    Heading,
    /// The caption of a table.
    Caption,
    Paragraph,
    /// With its place in a list.
    Numbered(usize),
    Bullet,
    /// A row of a table, with the direction of its first figure that has one.
    Row(Option<Tone>),
    Fine,
    /// What did not fit into the part before.
    Rest,
}

/// A line of text, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub kind: LineKind,
    pub runs: Vec<Run>,
    /// The part of the outline, from 0.
    pub part: usize,
    /// The table of the part, from 0.
    pub table: Option<usize>,
}

impl Line {
    /// Whether it announces the lines below it.
    pub fn announces(&self) -> bool {
        matches!(self.kind, LineKind::Heading | LineKind::Caption)
    }
}

/// The lines of an outline, in its order.
pub(crate) fn lines(outline: &Outline) -> Vec<Line> {
    let mut lines = Vec::new();
    for (place, part) in outline.parts.iter().enumerate() {
        let mut told = Told { part: place, language: outline.language, lines: &mut lines };
        if !part.heading.is_empty() {
            told.line(LineKind::Heading, plain(&part.heading), None);
        }
        for (table, block) in part.blocks.iter().enumerate() {
            match block {
                OutlineBlock::Headline(run) => told.line(LineKind::Headline, plain(run), None),
                OutlineBlock::Warning(run) => told.line(LineKind::Warning, inked(run), None),
                OutlineBlock::Paragraph(run) => told.line(LineKind::Paragraph, inked(run), None),
                OutlineBlock::Numbered(at, run) => {
                    told.line(LineKind::Numbered(*at), inked(run), None);
                }
                OutlineBlock::Bullet(run) => told.line(LineKind::Bullet, inked(run), None),
                OutlineBlock::Fine(run) => told.line(LineKind::Fine, plain(run), None),
                OutlineBlock::Table(of) => told.table(table, of),
            }
        }
    }
    lines
}

struct Told<'a> {
    part: usize,
    language: Language,
    lines: &'a mut Vec<Line>,
}

impl Told<'_> {
    /// Adds a line, with one space where there are several; a line without words is none.
    fn line(&mut self, kind: LineKind, runs: Vec<Run>, table: Option<usize>) {
        let mut kept: Vec<Run> = Vec::new();
        let mut after_space = true;
        for Run { text, ink } in runs {
            let squeezed = text.chars().filter(|character| {
                let doubled = after_space && character.is_whitespace();
                after_space = character.is_whitespace();
                !doubled
            });
            let text: String = squeezed.collect();
            match kept.last_mut() {
                Some(last) if last.ink == ink => last.text.push_str(&text),
                _ if text.is_empty() => {}
                _ => kept.push(Run { text, ink }),
            }
        }
        if !kept.is_empty() {
            self.lines.push(Line { kind, runs: kept, part: self.part, table });
        }
    }

    /// The heading of the first column is left out: the caption says what the rows are. The only
    /// column of figures has its heading in the caption; the figure that a picture draws needs none.
    fn table(&mut self, place: usize, table: &OutlineTable) {
        let colon = if self.language == Language::Zh { "：" } else { ": " };
        let only = table.columns.len() == 2;
        let mut caption = plain(&table.caption);
        if let ([_, heading], false) = (table.columns.as_slice(), table.pictured) {
            caption.push(Run::new([colon, &text(heading)].concat(), Ink::Plain));
        }
        self.line(LineKind::Caption, caption, Some(place));
        for row in &table.rows {
            let mut runs = vec![Run::new(text(&row.head), Ink::Strong)];
            let mut before = colon;
            for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                runs.push(Run::new(before, Ink::Plain));
                let is_drawn = table.pictured && at == 0;
                if let Some(heading) = table.columns.get(at + 1).filter(|_| !only && !is_drawn) {
                    runs.push(Run::new(format!("{} ", text(heading)), Ink::Plain));
                }
                runs.extend(inked(cell));
                before = " · ";
            }
            let tone = row.cells.iter().flatten().find_map(|piece| piece.tone);
            self.line(LineKind::Row(tone), runs, Some(place));
        }
    }
}

/// The words of pieces.
pub(crate) fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

fn plain(pieces: &[Piece]) -> Vec<Run> {
    let text = text(pieces);
    if text.is_empty() { Vec::new() } else { vec![Run::new(text, Ink::Plain)] }
}

fn inked(pieces: &[Piece]) -> Vec<Run> {
    let ink = |tone| match tone {
        Some(Tone::Up) => Ink::Up,
        Some(Tone::Down) => Ink::Down,
        Some(Tone::Flat) | None => Ink::Plain,
    };
    pieces.iter().map(|piece| Run::new(piece.text.clone(), ink(piece.tone))).collect()
}
