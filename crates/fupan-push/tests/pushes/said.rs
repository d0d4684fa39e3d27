//! What a text says, told without the code that sets it.

use fupan_brief::Language;
use fupan_brief::export::{Outline, OutlineBlock, OutlineTable, Piece};

fn words(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// All words of an outline in order, block by block. Of tables: the caption, the heading of an only
/// column of figures; in each row its head and each cell after the heading of its column.
pub fn blocks(outline: &Outline) -> Vec<String> {
    let mut said = Vec::new();
    for part in &outline.parts {
        said.push(words(&part.heading));
        for block in &part.blocks {
            match block {
                OutlineBlock::Headline(run)
                | OutlineBlock::Warning(run)
                | OutlineBlock::Paragraph(run)
                | OutlineBlock::Bullet(run)
                | OutlineBlock::Fine(run) => said.push(words(run)),
                // A place without words is not shown.
                OutlineBlock::Numbered(_, run) if words(run).trim().is_empty() => {}
                OutlineBlock::Numbered(at, run) => said.push(format!("{at}.{}", words(run))),
                OutlineBlock::Table(table) => table_said(table, &mut said),
            }
        }
    }
    said.iter().map(|block| bare(block)).collect()
}

/// All words of an outline in order.
pub fn said(outline: &Outline) -> String {
    blocks(outline).concat()
}

fn table_said(table: &OutlineTable, said: &mut Vec<String>) {
    let single = table.columns.len() == 2;
    let mut caption = words(&table.caption);
    if single && !table.pictured {
        caption.push_str(&words(&table.columns[1]));
    }
    said.push(caption);
    for row in &table.rows {
        let mut told = words(&row.head);
        for (at, cell) in row.cells.iter().enumerate() {
            let drawn = table.pictured && at == 0;
            if let (Some(column), false) = (table.columns.get(at + 1), cell.is_empty())
                && !single
                && !drawn
            {
                told.push_str(&words(column));
            }
            told.push_str(&words(cell));
        }
        said.push(told);
    }
}

/// Text without what only sets it: space, colons and points between a label and its value, the
/// marks of lists. Characters that a channel cannot show are as their wide forms stand for them.
pub fn bare(text: &str) -> String {
    let narrow = |character: char| match u32::from(character) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap(),
        _ => character,
    };
    let kept =
        |character: &char| !character.is_whitespace() && !matches!(character, ':' | '·' | '•');
    text.chars().map(narrow).filter(kept).collect()
}

/// What follows a heading that a part repeats.
pub fn continued(language: Language) -> &'static str {
    match language {
        Language::Zh => "（续）",
        Language::En => "(continued)",
    }
}
