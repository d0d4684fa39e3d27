//! A document as plain pieces of text in reading order, for whoever sets it in a markup of their
//! own: nothing is escaped, and figures are printed.

use fupan_fact::{AsOf, FactSet};
use fupan_market::SessionDate;

use crate::document::{
    Block, CellArea, HeroIndex, Inline, Inlines, Picture, PictureFlow, PictureKind, PictureLayer,
    TableBlock, Tile,
};
use crate::text::{Args, Text};
use crate::{Document, Language, Tone, render};

/// Some words that are set alike. Never empty, and on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words as a reader sees them.
    pub text: String,
    /// The direction of a figure that colours it.
    pub tone: Option<Tone>,
}

/// A text in parts, from the most important to the small print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The language it is written in.
    pub language: Language,
    /// The session it is about.
    pub session: SessionDate,
    /// The instant it is about.
    pub as_of: AsOf,
    /// Which way the first index went, if there is one.
    pub tone: Option<Tone>,
    /// The parts in reading order.
    pub parts: Vec<OutlinePart>,
}

/// What a part is in the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutlineRole {
    /// Headline, what must be known first, indices, figures of the day.
    Opening,
    /// The key takeaways.
    Takeaways,
    /// What to watch next.
    Watch,
    /// Pictures of the whole market.
    Overview,
    /// A section of the body.
    Body,
    /// What a reader must know of the data, gravest first.
    Notes,
    /// Coverage, findings and unknown figures.
    Data,
    /// The disclaimer and which program wrote it.
    Closing,
}

/// A part of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlinePart {
    /// What it is.
    pub role: OutlineRole,
    /// Its heading; empty if it has none.
    pub heading: Vec<Piece>,
    /// What it consists of, in reading order.
    pub blocks: Vec<OutlineBlock>,
}

/// A block of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutlineBlock {
    /// The headline of the whole.
    Headline(Vec<Piece>),
    /// What must be known before the first figure.
    Warning(Vec<Piece>),
    /// A paragraph.
    Paragraph(Vec<Piece>),
    /// A line of a list in an order, with its place from 1.
    Numbered(usize, Vec<Piece>),
    /// A line of a list.
    Bullet(Vec<Piece>),
    /// A table, or a picture's figures as one.
    Table(OutlineTable),
    /// Small print.
    Fine(Vec<Piece>),
}

/// A table as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineTable {
    /// What it shows; empty if it has no caption.
    pub caption: Vec<Piece>,
    /// The headings of the columns, the one above the row heads first.
    pub columns: Vec<Vec<Piece>>,
    /// The rows.
    pub rows: Vec<OutlineRow>,
    /// Whether it holds what a picture draws.
    pub pictured: bool,
}

/// A row of a table. One whose cells are all empty heads the rows below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    /// What the row is about.
    pub head: Vec<Piece>,
    /// A cell for each column after the first.
    pub cells: Vec<Vec<Piece>>,
}

/// The whole text of a document in reading order: all that its Markdown says, and the indices and
/// figures of the day at its top. Left out are the keys and digests for tracing figures; the last
/// line says where to look for them.
pub fn outline(document: &Document, facts: &FactSet) -> Outline {
    let text = Text::new(document.language, document.as_of);
    let teller = Teller { facts, language: document.language, text: &text };
    let mut parts = vec![teller.opening(document)];
    parts.extend(teller.takeaways(document));
    if !document.overview.is_empty() {
        parts.push(OutlinePart {
            role: OutlineRole::Overview,
            heading: Vec::new(),
            blocks: document.overview.iter().map(|picture| teller.picture(picture)).collect(),
        });
    }
    for section in &document.sections {
        let role = match section.id.as_str() {
            "watch" => OutlineRole::Watch,
            _ => OutlineRole::Body,
        };
        let blocks = section.blocks.iter().flat_map(|block| teller.block(block)).collect();
        parts.push(OutlinePart { role, heading: teller.run(&section.heading), blocks });
    }
    if !document.notes.is_empty() {
        let notes = document.notes.iter();
        let notes = notes.map(|note| OutlineBlock::Bullet(teller.run(&note.text))).collect();
        let (role, heading) = (OutlineRole::Notes, teller.run(&document.summary));
        parts.push(OutlinePart { role, heading, blocks: notes });
    }
    let mut data = teller.data(document);
    // The notes may have been announced by the same words.
    if parts.last().is_some_and(|notes| notes.heading == data.heading) {
        data.heading.clear();
    }
    parts.push(data);
    // The page's footer speaks of the digests above it.
    let version = vec![Inline::Quoted(env!("CARGO_PKG_VERSION").to_owned())];
    let footer = text.say("footer-elsewhere", &Args::new(facts).run("version", version));
    let closing = [&document.disclaimer, &footer];
    let closing = closing.into_iter().filter(|run| !run.is_empty());
    parts.push(OutlinePart {
        role: OutlineRole::Closing,
        heading: Vec::new(),
        blocks: closing.map(|run| OutlineBlock::Fine(teller.run(run))).collect(),
    });
    let first = document.hero.first();
    Outline {
        language: document.language,
        session: document.session,
        as_of: document.as_of,
        tone: first.and_then(|index| teller.piece(&index.change)?.tone),
        parts,
    }
}

struct Teller<'a> {
    facts: &'a FactSet,
    language: Language,
    text: &'a Text,
}

impl Teller<'_> {
    fn opening(&self, document: &Document) -> OutlinePart {
        let mut kicker = self.run(&document.kicker);
        kicker.push(words(" · "));
        kicker.extend(self.run(&document.dateline));
        let mut blocks =
            vec![OutlineBlock::Headline(self.run(&document.headline)), OutlineBlock::Fine(kicker)];
        if !document.first.is_empty() {
            blocks.push(OutlineBlock::Warning(self.run(&document.first)));
        }
        if !document.deck.is_empty() {
            blocks.push(OutlineBlock::Paragraph(self.run(&document.deck)));
        }
        let rows = document.hero.iter().map(|index| self.index(index));
        let rows: Vec<OutlineRow> =
            rows.chain(document.tiles.iter().map(|tile| self.tile(tile))).collect();
        if !rows.is_empty() {
            let (caption, columns) = (Vec::new(), Vec::new());
            blocks.push(OutlineBlock::Table(OutlineTable {
                caption,
                columns,
                rows,
                pictured: false,
            }));
        }
        OutlinePart { role: OutlineRole::Opening, heading: Vec::new(), blocks }
    }

    fn index(&self, index: &HeroIndex) -> OutlineRow {
        let head = self.run(&vec![Inline::Name(index.symbol)]);
        let shown = index.level.iter().chain([&index.change]).chain(&index.points);
        let cells = shown.map(|inline| self.piece(inline).into_iter().collect()).collect();
        OutlineRow { head, cells }
    }

    fn tile(&self, tile: &Tile) -> OutlineRow {
        let cells = [&tile.text, &tile.more].into_iter().filter(|run| !run.is_empty());
        OutlineRow { head: self.run(&tile.label), cells: cells.map(|run| self.run(run)).collect() }
    }

    fn takeaways(&self, document: &Document) -> Option<OutlinePart> {
        let blocks = document.takeaways.iter().enumerate();
        let blocks = blocks
            .map(|(place, takeaway)| OutlineBlock::Numbered(place + 1, self.run(&takeaway.text)));
        (!document.takeaways.is_empty()).then(|| OutlinePart {
            role: OutlineRole::Takeaways,
            heading: vec![words(&self.text.words("page-takeaways"))],
            blocks: blocks.collect(),
        })
    }

    fn block(&self, block: &Block) -> Vec<OutlineBlock> {
        match block {
            Block::Paragraph(run) => vec![OutlineBlock::Paragraph(self.run(run))],
            Block::List(items) => {
                items.iter().map(|item| OutlineBlock::Bullet(self.run(item))).collect()
            }
            Block::Table(table) => vec![self.table(table)],
            Block::Figure(picture) => vec![self.picture(picture)],
        }
    }

    fn table(&self, table: &TableBlock) -> OutlineBlock {
        let rows = table.rows.iter().map(|row| OutlineRow {
            head: self.run(&row.head),
            cells: row.cells.iter().map(|cell| self.run(cell)).collect(),
        });
        OutlineBlock::Table(OutlineTable {
            caption: self.run(&table.caption),
            columns: table.columns.iter().map(|column| self.run(&column.label)).collect(),
            rows: rows.collect(),
            pictured: false,
        })
    }

    fn picture(&self, picture: &Picture) -> OutlineBlock {
        let column = |id: &str| vec![words(&self.text.words(id))];
        let mut columns = vec![column("column-mark"), column("column-value")];
        let none: &[CellArea] = &[];
        let areas = match &picture.kind {
            PictureKind::Layers { layers, flows } => return self.layers(picture, layers, flows),
            PictureKind::Treemap { areas } => areas,
            _ => none,
        };
        if !areas.is_empty() {
            columns.push(column("column-area"));
        }
        let rows = picture.marks.iter().enumerate().map(|(place, mark)| {
            let figure = Inline::Fact(mark.key.clone(), mark.format);
            let area = areas.get(place);
            let area = area.map(|area| Inline::Fact(area.key.clone(), area.format));
            let cells = std::iter::once(figure).chain(area).map(|cell| self.run(&vec![cell]));
            OutlineRow { head: self.run(&mark.label), cells: cells.collect() }
        });
        let (caption, rows) = (self.run(&picture.caption), rows.collect());
        OutlineBlock::Table(OutlineTable { caption, columns, rows, pictured: true })
    }

    /// A chain: the name of each layer, and below it a row a segment with where it leads to.
    fn layers(
        &self,
        picture: &Picture,
        layers: &[PictureLayer],
        flows: &[PictureFlow],
    ) -> OutlineBlock {
        let column = |id: &str| vec![words(&self.text.words(id))];
        let mut rows = Vec::new();
        let mut places = 0..picture.marks.len();
        for layer in layers {
            rows.push(OutlineRow { head: self.run(&layer.name), cells: Vec::new() });
            for place in places.by_ref().take(layer.marks) {
                let Some(mark) = picture.marks.get(place) else { continue };
                let to = flows.iter().filter(|flow| flow.from == place);
                let to = to.filter_map(|flow| Some(picture.marks.get(flow.to)?.label.clone()));
                let to = self.text.join(to.collect(), "between-names", "before-last-name");
                let figure = vec![Inline::Fact(mark.key.clone(), mark.format)];
                let cells = vec![self.run(&figure), self.run(&to)];
                rows.push(OutlineRow { head: self.run(&mark.label), cells });
            }
        }
        let columns = ["column-mark", "column-value", "column-flows-to"].map(column).to_vec();
        let caption = self.run(&picture.caption);
        OutlineBlock::Table(OutlineTable { caption, columns, rows, pictured: true })
    }

    fn data(&self, document: &Document) -> OutlinePart {
        let note = &document.data_note;
        let mut blocks: Vec<OutlineBlock> =
            note.paragraphs.iter().map(|run| OutlineBlock::Paragraph(self.run(run))).collect();
        for finding in &note.findings {
            let mut run = self.run(&finding.text);
            if !finding.detail.is_empty() {
                run.push(words(&format!(" {}", render::visible(&finding.detail))));
            }
            blocks.push(OutlineBlock::Bullet(run));
        }
        if let Some(coverage) = &note.coverage {
            blocks.push(self.table(coverage));
        }
        if !note.unknown.is_empty() {
            let reason = |id: &str| fupan_fact::reason(id).in_language(self.language).to_owned();
            let rows = note.unknown.iter().map(|figure| OutlineRow {
                head: vec![words(&render::visible(&figure.label))],
                cells: vec![
                    vec![words(&figure.key.to_string())],
                    figure.reason.iter().map(|id| words(&render::visible(&reason(id)))).collect(),
                ],
            });
            let caption = vec![words(&self.text.words("page-unknown"))];
            let (columns, rows) = (Vec::new(), rows.collect());
            blocks.push(OutlineBlock::Table(OutlineTable {
                caption,
                columns,
                rows,
                pictured: false,
            }));
        }
        OutlinePart { role: OutlineRole::Data, heading: self.run(&note.heading), blocks }
    }

    /// A run of inlines; neighbours without a tone are one piece.
    fn run(&self, run: &Inlines) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in run.iter().filter_map(|inline| self.piece(inline)) {
            match pieces.last_mut() {
                Some(last) if last.tone.is_none() && piece.tone.is_none() => {
                    last.text.push_str(&piece.text);
                }
                _ => pieces.push(piece),
            }
        }
        pieces
    }

    fn piece(&self, inline: &Inline) -> Option<Piece> {
        let text = render::plain(inline, self.facts, self.language);
        let tone = match inline {
            Inline::Fact(key, how) => {
                let fact = self.facts.get(key);
                fact.and_then(|fact| render::direction(key, *how, &fact.value))
            }
            _ => None,
        };
        (!text.is_empty()).then_some(Piece { text, tone })
    }
}

fn words(text: &str) -> Piece {
    Piece { text: text.to_owned(), tone: None }
}
