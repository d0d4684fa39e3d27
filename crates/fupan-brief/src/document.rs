//! A brief as a value, independent of the format it is exported to.

use std::collections::BTreeSet;

use fupan_fact::{AsOf, FactKey, Scope};
use fupan_market::{FindingKind, GroupId, SessionDate, Symbol};
use serde::Serialize;

use crate::{Format, Language};

/// A run of inlines: a sentence, a caption, a cell.
pub type Inlines = Vec<Inline>;

/// The smallest piece of a brief. Numbers occur in the variants that name where they come from,
/// never in [`Inline::Text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Inline {
    /// Words from a template; holds no digit.
    Text(String),
    /// A figure.
    Fact(FactKey, Format),
    /// The name of a security or an index, from the facts.
    Name(Symbol),
    /// The name of an index in a sentence, as the press has it.
    Press(Symbol),
    /// The Chinese name of a share beside its English one.
    Chinese(Symbol),
    /// The code of a share beside its name.
    Code(Symbol),
    /// The name of a market, board or price-limit class.
    Scope(#[serde(serialize_with = "as_text")] Scope),
    /// The name of a group of shares within a sentence.
    Group(#[serde(serialize_with = "as_text")] GroupId),
    /// The parameter of a measure: a rung of the ladder, a bin of the distribution.
    Parameter(FactKey),
    /// The number in a measure's name: the sessions of an average, the parts of a percentile.
    Window(FactKey),
    /// A session's date, in full with the day of the week.
    Date(SessionDate),
    /// A session's date, in full without the day of the week.
    Day(SessionDate),
    /// A session's date, month and day only.
    ShortDate(SessionDate),
    /// The instant the facts speak of.
    Instant(#[serde(serialize_with = "as_text")] AsOf),
    /// How many rows or securities a finding concerns, by its index in the facts' findings.
    FindingCount(usize),
    /// Words quoted from the data, such as a finding's subject; untrusted.
    Quoted(String),
}

/// A whole brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The language it is written in.
    pub language: Language,
    /// The session it reviews.
    pub session: SessionDate,
    /// The instant it is about.
    #[serde(serialize_with = "as_text")]
    pub as_of: AsOf,
    /// The line above the headline: what kind of page this is.
    pub kicker: Inlines,
    /// The headline.
    pub headline: Inlines,
    /// The predicate that justifies the headline's wording, with its facts.
    pub headline_basis: Option<Grounds>,
    /// One or two sentences under the headline.
    pub deck: Inlines,
    /// Date and market.
    pub dateline: Inlines,
    /// What a reader must know before the first figure, in one line under the headline: that data
    /// are simulated or lack a part of the market. Empty if neither is so.
    pub first: Inlines,
    /// The line that all notes unfold from; empty without notes.
    pub summary: Inlines,
    /// The notes in full, gravest first.
    pub notes: Vec<Note>,
    /// The indices shown above the text.
    pub hero: Vec<HeroIndex>,
    /// The market in figures, shown under the indices.
    pub tiles: Vec<Tile>,
    /// What matters most, most salient first.
    pub takeaways: Vec<Takeaway>,
    /// Pictures of the whole market, shown before the body.
    pub overview: Vec<Picture>,
    /// The body.
    pub sections: Vec<Section>,
    /// Sources, coverage and findings.
    pub data_note: DataNote,
    /// The statement that this is no advice.
    pub disclaimer: Inlines,
    /// The program that made the page; the version is quoted words.
    pub footer: Inlines,
}

/// The definition of a qualitative word, with its thresholds: `advance_share/all-a < 0.45`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Predicate {
    /// Its identifier, such as `divergence_up`.
    pub id: String,
    /// Its terms, over the keys' measures and scopes. All of them must hold.
    pub formula: String,
}

/// Why a qualitative word was used: which predicate held, and over which facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grounds {
    /// The predicate.
    pub predicate: Predicate,
    /// The facts it was evaluated on.
    pub keys: Vec<FactKey>,
}

/// A statement above the body of the brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// An identifier for styling and tests, such as `simulated`.
    pub id: String,
    /// The statement.
    pub text: Inlines,
}

/// One index of the strip above the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeroIndex {
    /// The index.
    pub symbol: Symbol,
    /// Level, if known.
    pub level: Option<Inline>,
    /// Change in percent.
    pub change: Inline,
    /// Change in points, if known.
    pub points: Option<Inline>,
}

/// A figure or two of the market with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tile {
    /// Identifier, such as `breadth`.
    pub id: String,
    /// The name.
    pub label: Inlines,
    /// The figures.
    pub text: Inlines,
    /// What stands under them; may be empty.
    pub more: Inlines,
}

/// A key takeaway: one of the most important observations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Takeaway {
    /// The observation's identifier.
    pub id: String,
    /// The sentence.
    pub text: Inlines,
    /// How much it matters, 0 to 1,000.
    pub salience: u32,
    /// What justifies its wording.
    pub basis: Grounds,
}

/// A part of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Identifier and anchor, such as `breadth`.
    pub id: String,
    /// The heading.
    pub heading: Inlines,
    /// Text, tables and pictures in reading order.
    pub blocks: Vec<Block>,
    /// What justifies the words of its text; empty where no word needs it.
    pub grounds: Vec<Grounds>,
}

/// A block of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Inlines),
    /// A short list of sentences.
    List(Vec<Inlines>),
    /// A table.
    Table(TableBlock),
    /// A picture.
    Figure(Picture),
}

/// A table. Its first column heads the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableBlock {
    /// Identifier and anchor.
    pub id: String,
    /// What it shows.
    pub caption: Inlines,
    /// Column headings, the first one above the row headings.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// A column heading and how its cells are set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The heading.
    pub label: Inlines,
    /// The side cells are aligned to.
    pub align: Align,
}

/// The side a column is aligned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Words.
    Start,
    /// Figures.
    End,
}

/// A table's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The row heading.
    pub head: Inlines,
    /// One cell per column after the first.
    pub cells: Vec<Inlines>,
}

/// A picture drawn from facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Identifier and anchor.
    pub id: String,
    /// How it is drawn.
    pub kind: PictureKind,
    /// What it shows.
    pub caption: Inlines,
    /// The marks, in drawing order.
    pub marks: Vec<PictureMark>,
}

/// How a picture is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    /// Bars from a zero line to both sides, one per row.
    Diverging,
    /// Upright bars, one per bin of the return distribution.
    Distribution,
    /// Upright bars, one per session; the last one is the session reviewed.
    History,
    /// Cells that tile a rectangle, coloured by their figures.
    Treemap {
        /// What the size of each mark's cell shows, in the marks' order.
        areas: Vec<CellArea>,
    },
    /// Boxes in layers from upstream to downstream, coloured by their figures.
    Layers {
        /// The layers, which the marks fill one after the other.
        layers: Vec<PictureLayer>,
        /// What flows from one mark to another.
        flows: Vec<PictureFlow>,
    },
}

/// The figure that the size of a cell shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellArea {
    /// The figure: a part of a whole that all cells have in common, or an amount.
    pub key: FactKey,
    /// How it is printed.
    pub format: Format,
}

/// A layer of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureLayer {
    /// What it is called.
    pub name: Inlines,
    /// How many of the marks are in it.
    pub marks: usize,
}

/// A flow in a picture, by the places of its marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureFlow {
    /// Where it comes from.
    pub from: usize,
    /// Where it goes to.
    pub to: usize,
    /// What flows.
    pub what: Inlines,
}

/// One mark of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureMark {
    /// Its label.
    pub label: Inlines,
    /// The figure it draws.
    pub key: FactKey,
    /// How the figure is printed next to the mark.
    pub format: Format,
}

/// The note on the data: where the figures come from and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataNote {
    /// The heading.
    pub heading: Inlines,
    /// Statements about the data as a whole.
    pub paragraphs: Vec<Inlines>,
    /// Each input: table, source, digest.
    pub sources: Vec<Source>,
    /// Figures that cover only part of their population.
    pub coverage: Option<TableBlock>,
    /// Findings about the data.
    pub findings: Vec<FindingNote>,
    /// Figures that the brief looked for and that are not known.
    pub unknown: Vec<UnknownFigure>,
}

/// A piece of stored data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Source {
    /// The store's table.
    pub table: String,
    /// The source's name.
    pub source: String,
    /// The digest of the import.
    pub digest: String,
}

/// A finding in the brief's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingNote {
    /// Its kind.
    pub kind: FindingKind,
    /// What it means for the reader.
    pub text: Inlines,
    /// What was seen, in the brief's language.
    pub detail: String,
    /// What can be done, in the brief's language.
    pub hint: String,
}

/// A figure that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownFigure {
    /// Which one.
    pub key: FactKey,
    /// Its name.
    pub label: String,
    /// Why, as an identifier; `None` if the facts have no such key.
    pub reason: Option<String>,
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

impl Document {
    /// Every run of inlines, in reading order.
    pub fn runs(&self) -> Vec<&Inlines> {
        let mut runs = vec![&self.kicker, &self.headline, &self.deck, &self.dateline, &self.first];
        runs.push(&self.summary);
        runs.extend(self.notes.iter().map(|note| &note.text));
        runs.extend(self.tiles.iter().flat_map(|tile| [&tile.label, &tile.text, &tile.more]));
        runs.extend(self.takeaways.iter().map(|takeaway| &takeaway.text));
        runs.extend(self.overview.iter().flat_map(Picture::runs));
        for section in &self.sections {
            runs.push(&section.heading);
            for block in &section.blocks {
                match block {
                    Block::Paragraph(text) => runs.push(text),
                    Block::List(items) => runs.extend(items),
                    Block::Table(table) => runs.extend(table.runs()),
                    Block::Figure(figure) => runs.extend(figure.runs()),
                }
            }
        }
        runs.push(&self.data_note.heading);
        runs.extend(&self.data_note.paragraphs);
        runs.extend(self.data_note.coverage.iter().flat_map(TableBlock::runs));
        runs.extend(self.data_note.findings.iter().map(|finding| &finding.text));
        runs.extend([&self.disclaimer, &self.footer]);
        runs
    }

    /// What justifies the words of the brief, in reading order.
    pub fn grounds(&self) -> impl Iterator<Item = &Grounds> {
        let takeaways = self.takeaways.iter().map(|takeaway| &takeaway.basis);
        let sections = self.sections.iter().flat_map(|section| &section.grounds);
        self.headline_basis.iter().chain(takeaways).chain(sections)
    }

    /// Every picture, in reading order.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        let of_sections = blocks.filter_map(|block| match block {
            Block::Figure(picture) => Some(picture),
            Block::Paragraph(_) | Block::List(_) | Block::Table(_) => None,
        });
        self.overview.iter().chain(of_sections)
    }

    /// Every fact that the brief prints, draws or bases a word on.
    pub fn cited(&self) -> BTreeSet<&FactKey> {
        let mut keys: BTreeSet<&FactKey> = BTreeSet::new();
        fn of_inline(inline: &Inline) -> Option<&FactKey> {
            match inline {
                Inline::Fact(key, _) => Some(key),
                _ => None,
            }
        }
        keys.extend(self.runs().into_iter().flatten().filter_map(of_inline));
        for index in &self.hero {
            let shown = index.level.iter().chain([&index.change]).chain(&index.points);
            keys.extend(shown.filter_map(of_inline));
        }
        keys.extend(self.pictures().flat_map(Picture::keys));
        keys.extend(self.grounds().flat_map(|grounds| &grounds.keys));
        keys
    }
}

impl Picture {
    fn runs(&self) -> Vec<&Inlines> {
        let mut runs = vec![&self.caption];
        if let PictureKind::Layers { layers, flows } = &self.kind {
            runs.extend(layers.iter().map(|layer| &layer.name));
            runs.extend(flows.iter().map(|flow| &flow.what));
        }
        runs.extend(self.marks.iter().map(|mark| &mark.label));
        runs
    }

    /// The facts that it draws.
    fn keys(&self) -> impl Iterator<Item = &FactKey> {
        let areas: &[CellArea] = match &self.kind {
            PictureKind::Treemap { areas } => areas,
            _ => &[],
        };
        self.marks.iter().map(|mark| &mark.key).chain(areas.iter().map(|area| &area.key))
    }
}

impl TableBlock {
    fn runs(&self) -> Vec<&Inlines> {
        let mut runs = vec![&self.caption];
        runs.extend(self.columns.iter().map(|column| &column.label));
        for row in &self.rows {
            runs.push(&row.head);
            runs.extend(&row.cells);
        }
        runs
    }
}
