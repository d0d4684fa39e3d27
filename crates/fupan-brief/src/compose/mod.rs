//! Turns facts into a document.

mod data_note;
mod mentions;
mod notes;

use fupan_fact::{AsOf, FactSet};

use crate::document::{Block, Document, Inline, Inlines, Section};
use crate::section::{
    breadth, chain, highs_and_size, indices, industries, lead, limit_board, movers, past, themes,
    tiles, turnover,
};
use crate::text::Args;
use crate::view::View;
use crate::{Language, takeaways};

/// Writes the brief of a review.
///
/// Never fails: unknown figures are left out of the text and named in the note on the data. A set
/// without facts still makes a brief, which says so.
pub fn compose(facts: &FactSet, language: Language) -> Document {
    let view = View::new(facts, language);
    let (headline, headline_basis) = match lead::headline(&view) {
        Some((headline, basis)) => (headline, Some(basis)),
        None => (lead::plain_headline(&view), None),
    };
    let takeaways = takeaways::takeaways(&view);
    let deck = lead::deck(&view);
    let sections = sections(&view);
    let hero = lead::hero(&view);
    let tiles = tiles::tiles(&view);
    let notes = notes::notes(&view);
    let first = notes::first(&view, &notes);
    let summary = notes::summary(&view, &notes);
    // This comes last: composing the text records which figures are missing.
    let data_note = data_note::data_note(&view);
    let mut document = Document {
        language,
        session: facts.session,
        as_of: view.as_of,
        kicker: view.text.run("kicker"),
        headline,
        headline_basis,
        deck,
        dateline: dateline(&view),
        first,
        summary,
        notes,
        hero,
        tiles,
        takeaways,
        sections,
        data_note,
        disclaimer: view.text.run("disclaimer"),
        footer: footer(&view),
    };
    mentions::introduce(&mut document, facts);
    document
}

fn dateline(view: &View<'_>) -> Inlines {
    let id = match view.as_of {
        AsOf::Close => "dateline-close",
        AsOf::Instant(_) => "dateline-instant",
    };
    let args = Args::new(view.facts)
        .run("date", vec![Inline::Date(view.facts.session)])
        .run("time", vec![Inline::Instant(view.as_of)]);
    view.text.say(id, &args)
}

fn footer(view: &View<'_>) -> Inlines {
    let version = vec![Inline::Quoted(env!("CARGO_PKG_VERSION").to_owned())];
    view.text.say("footer", &Args::new(view.facts).run("version", version))
}

fn sections(view: &View<'_>) -> Vec<Section> {
    let section = |id: &str, blocks: Vec<Option<Block>>| {
        let blocks: Vec<Block> = blocks.into_iter().flatten().collect();
        let heading = view.text.run(&format!("heading-{id}"));
        (!blocks.is_empty()).then(|| Section { id: id.to_owned(), heading, blocks })
    };
    let text = |run: Option<Inlines>| run.map(Block::Paragraph);
    let table = |table: Option<_>| table.map(Block::Table);
    let figure = |figure: Option<_>| figure.map(Block::Figure);
    let all = [
        section(
            "indices",
            vec![
                text(indices::runs_and_highs(view)),
                text(indices::other_indices(view)),
                text(movers::explained(view)),
                table(indices::table(view)),
                figure(movers::picture(view)),
            ],
        ),
        section(
            "breadth",
            vec![
                text(breadth::paragraph(view)),
                text(breadth::returns(view)),
                figure(breadth::distribution(view)),
                table(breadth::table(view)),
            ],
        ),
        section(
            "themes",
            vec![
                text(themes::paragraph(view)),
                text(themes::leaders(view)),
                figure(themes::picture(view)),
                table(themes::table(view)),
            ],
        ),
        section(
            "chain",
            std::iter::once(text(chain::paragraph(view)))
                .chain(chain::tables(view).into_iter().map(|block| table(Some(block))))
                .collect(),
        ),
        section(
            "industries",
            vec![
                text(industries::paragraph(view)),
                figure(industries::picture(view)),
                table(industries::table(view)),
            ],
        ),
        section(
            "limit-board",
            vec![
                text(limit_board::paragraph(view)),
                text(limit_board::streaks(view)),
                text(limit_board::prior_limit_ups(view)),
                table(limit_board::ladder_table(view)),
                table(limit_board::touched_table(view)),
                table(limit_board::table(view)),
            ],
        ),
        section(
            "turnover",
            vec![
                text(turnover::paragraph(view)),
                text(turnover::concentration(view)),
                figure(turnover::picture(view)),
                table(turnover::table(view)),
            ],
        ),
        section(
            "size-and-highs",
            vec![
                text(highs_and_size::highs(view)),
                text(highs_and_size::size(view)),
                figure(highs_and_size::size_picture(view)),
            ],
        ),
        section("past", vec![text(past::averages(view)), text(past::percentiles(view))]),
    ];
    all.into_iter().flatten().collect()
}
