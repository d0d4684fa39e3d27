//! What is pushed: a brief in an edition, or an alert.

use fupan_brief::export::{self, Outline, OutlineBlock, OutlinePart, OutlineRole};
use fupan_brief::export::{OutlineRow, Piece};
use fupan_brief::{Document, FactSet, Language};
use serde_json::Value;

use crate::alert::{Alert, label};
use crate::webhook;

/// How much of a brief is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// What fits a glance: headline, indices and figures of the day, takeaways, what to watch,
    /// the first rows of each table, said as such, and the notes on the data.
    Short,
    /// Everything that the brief says, pictures as rows of figures. Only the keys and digests by
    /// which figures are traced stay in the brief.
    Full,
}

/// Rows of each table in the short edition.
pub const ROWS_SHORT: usize = 3;

/// A text to push, independent of the channel.
#[derive(Clone, Debug, PartialEq)]
pub struct PushMessage {
    /// What it is and of when, such as `A股复盘 2026-02-12 收盘`. It heads the parts of a long text.
    pub label: String,
    /// Its most important line, as plain text.
    pub headline: String,
    /// The text.
    pub outline: Outline,
    /// The same for a program: what a webhook is sent.
    pub data: Value,
}

impl PushMessage {
    /// A brief: of a whole session, or of an instant in it, such as a midday edition.
    pub fn brief(document: &Document, facts: &FactSet, edition: Edition) -> PushMessage {
        let whole = export::outline(document, facts);
        let data = webhook::brief(document, facts, &whole);
        let outline = match edition {
            Edition::Full => full(whole),
            Edition::Short => short(whole),
        };
        let kind = match outline.language {
            Language::Zh => "A股复盘",
            Language::En => "A-shares",
        };
        PushMessage {
            label: label(kind, outline.language, outline.session, outline.as_of),
            headline: headline(&outline),
            data,
            outline,
        }
    }

    /// An alert.
    pub fn alert(alert: &Alert) -> PushMessage {
        let outline = alert.outline();
        PushMessage {
            label: alert.label(),
            headline: headline(&outline),
            data: webhook::alert(alert, &outline),
            outline,
        }
    }
}

fn headline(outline: &Outline) -> String {
    let blocks = outline.parts.iter().flat_map(|part| &part.blocks);
    let mut headlines = blocks.filter_map(|block| match block {
        OutlineBlock::Headline(run) => Some(crate::line::text(run)),
        _ => None,
    });
    headlines.next().unwrap_or_default()
}

/// The full edition of an outline: what is to be watched comes before the pictures, which are long
/// as text.
fn full(mut outline: Outline) -> Outline {
    let place = |role| outline.parts.iter().position(|part| part.role == role);
    let (overview, watch) = (place(OutlineRole::Overview), place(OutlineRole::Watch));
    if let (Some(overview), Some(watch)) = (overview, watch)
        && overview < watch
    {
        outline.parts[overview..=watch].rotate_left(1);
    }
    outline
}

/// The short edition of an outline.
fn short(outline: Outline) -> Outline {
    let language = outline.language;
    let mut parts: Vec<OutlinePart> = Vec::new();
    for part in outline.parts {
        match part.role {
            OutlineRole::Opening
            | OutlineRole::Takeaways
            | OutlineRole::Watch
            | OutlineRole::Notes => parts.push(part),
            OutlineRole::Body => parts.extend(tables_of(part, language)),
            OutlineRole::Closing => {
                let mut blocks = vec![OutlineBlock::Fine(vec![words(left_out(language))])];
                blocks.extend(part.blocks);
                parts.push(OutlinePart { blocks, ..part });
            }
            OutlineRole::Overview | OutlineRole::Data => {}
        }
    }
    Outline { parts, ..outline }
}

/// The first rows of a part's tables; `None` if it has none.
fn tables_of(part: OutlinePart, language: Language) -> Option<OutlinePart> {
    let tables = part.blocks.into_iter().filter_map(|block| match block {
        OutlineBlock::Table(table) if !table.pictured => Some(table),
        _ => None,
    });
    let blocks: Vec<OutlineBlock> = tables
        .map(|mut table| {
            let heads = |row: &OutlineRow| row.cells.iter().all(Vec::is_empty);
            let rows = table.rows.iter().enumerate().filter(|(_, row)| !heads(row));
            let rows: Vec<usize> = rows.map(|(place, _)| place).collect();
            let all = rows.len();
            if let Some(last) = rows.get(ROWS_SHORT - 1).filter(|_| all > ROWS_SHORT) {
                table.rows.truncate(last + 1);
                table.caption.push(words(first_rows(all, language)));
            }
            OutlineBlock::Table(table)
        })
        .collect();
    (!blocks.is_empty()).then_some(OutlinePart { blocks, ..part })
}

fn first_rows(all: usize, language: Language) -> String {
    match language {
        Language::Zh => format!("（前{ROWS_SHORT}行，共{all}行）"),
        Language::En => format!(" (first {ROWS_SHORT} of {all} rows)"),
    }
}

fn left_out(language: Language) -> String {
    match language {
        Language::Zh => "简版。完整版另有各节文字、表格其余各行、图中数字，以及数据的覆盖与异常。".to_owned(),
        Language::En => "Short edition. The full one has the text of the sections, all rows of \
                         the tables, the figures of the pictures, and what is covered and found in the data."
            .to_owned(),
    }
}

fn words(text: String) -> Piece {
    Piece { text, tone: None }
}
