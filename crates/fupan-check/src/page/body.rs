//! The article's blocks as they are.

use maud::{Markup, PreEscaped, html};

use super::language::lang;
use super::marks::Marks;
use super::say;
use crate::article::{Article, BlockKind, TextBlock};

/// The most empty cells before one: a cell's column is as the file has it.
const MOST_EMPTY: u32 = 64;

/// Blocks that are shown together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Single,
    List,
    Table(u32),
    Lines,
}

/// The article.
pub(super) fn article(article: &Article, marks: &Marks<'_>) -> Markup {
    let quotations = article.blocks().chunk_by(|a, b| a.is_quoted() == b.is_quoted());
    html! {
        @for blocks in quotations {
            @if blocks[0].is_quoted() {
                blockquote { (runs(blocks, marks)) }
            } @else {
                (runs(blocks, marks))
            }
        }
    }
}

fn run(block: &TextBlock) -> Run {
    match block.kind() {
        BlockKind::Item => Run::List,
        BlockKind::Cell { table, .. } => Run::Table(table),
        BlockKind::Preformatted | BlockKind::Metadata => Run::Lines,
        BlockKind::Title
        | BlockKind::Heading { .. }
        | BlockKind::Paragraph
        | BlockKind::Caption => Run::Single,
    }
}

fn runs(blocks: &[TextBlock], marks: &Marks<'_>) -> Markup {
    html! {
        @for blocks in blocks.chunk_by(|a, b| run(a) == run(b) && run(a) != Run::Single) {
            @match run(&blocks[0]) {
                Run::List => ul {
                    @for item in blocks {
                        li lang=(lang(item.text())) dir="auto" class=[numbered(item)] {
                            (marks.text(item))
                        }
                    }
                },
                Run::Table(_) => div class="scroll" tabindex="0" role="group"
                    aria-label=(say(marks.language, "Table", "表格")) { (table(blocks, marks)) },
                Run::Lines => div class="lines" {
                    @for line in blocks {
                        p lang=(lang(line.text())) dir="auto" { (marks.text(line)) }
                    }
                },
                Run::Single => (single(&blocks[0], marks)),
            }
        }
    }
}

fn single(block: &TextBlock, marks: &Marks<'_>) -> Markup {
    let (language, text) = (lang(block.text()), marks.text(block));
    match block.kind() {
        // The page has a heading above these.
        BlockKind::Heading { level } => {
            let name = format!("h{}", level.saturating_add(1).min(6));
            html! {
                (PreEscaped(format!("<{name} lang=\"{language}\" dir=\"auto\">")))
                (text)
                (PreEscaped(format!("</{name}>")))
            }
        }
        BlockKind::Title => html! {
            p class="title" {
                span class="label" { (say(marks.language, "Page title", "网页标题")) }
                bdi lang=(language) { (text) }
            }
        },
        BlockKind::Caption => html! { p class="caption" lang=(language) dir="auto" { (text) } },
        _ => html! { p lang=(language) dir="auto" { (text) } },
    }
}

/// An item that has its own number or mark needs no other.
fn numbered(item: &TextBlock) -> Option<&'static str> {
    let first = item.text().chars().next()?;
    let is_mark = "-–*+•·●■◆▪○□(（①②③④⑤⑥⑦⑧⑨⑩".contains(first);
    let has_number = item.text().split(['.', '、', ')', '）', ' ']).next().is_some_and(|word| {
        word.len() <= 6
            && !word.is_empty()
            && word.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
    });
    (is_mark || has_number).then_some("numbered")
}

/// A table of its cells. The cells of one row stand beside each other.
fn table(blocks: &[TextBlock], marks: &Marks<'_>) -> Markup {
    let place = |block: &TextBlock| match block.kind() {
        BlockKind::Cell { row, column, is_header, .. } => (row, column, is_header),
        _ => (0, 0, false),
    };
    html! {
        table {
            @for row in blocks.chunk_by(|a, b| place(a).0 == place(b).0) {
                tr {
                    @for (number, cell) in row.chunk_by(|a, b| place(a) == place(b)).enumerate() {
                        @let (_, column, is_header) = place(&cell[0]);
                        @let before = match number {
                            0 => 0,
                            _ => next_column(row, &cell[0], place),
                        };
                        @for _ in 0..column.saturating_sub(before).min(MOST_EMPTY) { td {} }
                        @if is_header {
                            th lang=(lang(cell[0].text())) dir="auto" { (blocks_of(cell, marks)) }
                        } @else {
                            td lang=(lang(cell[0].text())) dir="auto" { (blocks_of(cell, marks)) }
                        }
                    }
                }
            }
        }
    }
}

/// The column after the last one before a cell of a row.
fn next_column(
    row: &[TextBlock],
    cell: &TextBlock,
    place: impl Fn(&TextBlock) -> (u32, u32, bool),
) -> u32 {
    let column = place(cell).1;
    let before = row.iter().map(|other| place(other).1).filter(|other| *other < column);
    before.max().map_or(0, |last| last + 1)
}

fn blocks_of(cell: &[TextBlock], marks: &Marks<'_>) -> Markup {
    html! {
        @for (number, block) in cell.iter().enumerate() {
            @if number > 0 { br; }
            (marks.text(block))
        }
    }
}
