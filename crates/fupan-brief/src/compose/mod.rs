//! Turns facts into a document.

mod data_note;
mod mentions;
mod notes;

use fupan_fact::{AsOf, FactSet};

use crate::document::{Block, Document, Inline, Inlines, Picture, Section, TableBlock};
use crate::section::said::Above;
use crate::section::{
    breadth, chain, highs_and_size, index_industries, indices, industries, kind, lead, limit_board,
    movers, named, past, rotation, themes, tiles, turnover, watch,
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
    let (overview, other_chains) = overview(&view);
    let sections = sections(&view, &Above::of(&takeaways, &deck), other_chains);
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
        overview,
        sections,
        data_note,
        disclaimer: view.text.run("disclaimer"),
        footer: footer(&view),
    };
    mentions::introduce(&mut document, facts);
    document
}

/// The date of the session with its instant.
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

/// The industries and the first chain in pictures; pictures of the other chains stand with their
/// tables.
fn overview(view: &View<'_>) -> (Vec<Picture>, Vec<Picture>) {
    let mut chains = chain::pictures(view).into_iter();
    let overview = industries::treemap(view).into_iter().chain(chains.next()).collect();
    (overview, chains.collect())
}

fn sections(view: &View<'_>, above: &Above<'_>, chains: Vec<Picture>) -> Vec<Section> {
    let kind = kind(view, above);
    let watch = watch::conditions(view).map(Block::List);
    let opening = [kind, section(view, "watch", vec![watch])];
    // What the opening has told, the paragraphs after it leave out.
    let opening: Vec<Section> = opening.into_iter().flatten().collect();
    let (market, parts) = rayon::join(|| of_the_market(view, chains), || of_its_parts(view));
    let rest = market.into_iter().chain(parts).flatten();
    opening.into_iter().chain(rest).collect()
}

/// What kind of session it was, with what justifies its words.
fn kind(view: &View<'_>, above: &Above<'_>) -> Option<Section> {
    let said = kind::sentences(view, above);
    let (sentences, grounds): (Vec<_>, Vec<_>) =
        said.into_iter().map(|said| (said.text, said.grounds)).unzip();
    let sentences = sentences.into_iter().flatten().map(Some).collect();
    let paragraph = view.paragraph(sentences)?;
    view.tell(&paragraph);
    let section = section(view, "kind", vec![text(Some(paragraph))])?;
    Some(Section { grounds, ..section })
}

/// A section of the blocks that there are; `None` if there are none.
fn section(view: &View<'_>, id: &str, blocks: Vec<Option<Block>>) -> Option<Section> {
    let blocks: Vec<Block> = blocks.into_iter().flatten().collect();
    let heading = view.text.run(&format!("heading-{id}"));
    (!blocks.is_empty()).then(|| Section {
        id: id.to_owned(),
        heading,
        blocks,
        grounds: Vec::new(),
    })
}

fn text(run: Option<Inlines>) -> Option<Block> {
    run.map(Block::Paragraph)
}

fn table(table: Option<TableBlock>) -> Option<Block> {
    table.map(Block::Table)
}

fn figure(figure: Option<Picture>) -> Option<Block> {
    figure.map(Block::Figure)
}

/// What the whole market did, and which groups of it led.
fn of_the_market(view: &View<'_>, chains: Vec<Picture>) -> [Option<Section>; 5] {
    let indices = vec![
        text(indices::runs_and_highs(view)),
        text(indices::other_indices(view)),
        text(movers::explained(view)),
        text(index_industries::paragraph(view)),
        table(indices::table(view)),
        figure(movers::picture(view)),
        table(movers::table(view)),
        table(index_industries::table(view)),
    ];
    let [best, worst] = named::best_and_worst_tables(view);
    let [surged, slumped] = named::afternoon_tables(view);
    let breadth = vec![
        text(breadth::paragraph(view)),
        text(breadth::returns(view)),
        text(named::large_movers(view)),
        text(named::without_limit(view)),
        text(named::afternoon(view)),
        figure(breadth::distribution(view)),
        table(breadth::table(view)),
        table(best),
        table(worst),
        table(surged),
        table(slumped),
    ];
    let themes = vec![
        text(themes::paragraph(view)),
        text(themes::leaders(view)),
        figure(themes::picture(view)),
        table(themes::table(view)),
        text(rotation::paragraph(view)),
        table(rotation::table(view)),
    ];
    let pictures = chains.into_iter().map(|picture| figure(Some(picture)));
    let tables = chain::tables(view).into_iter().map(|block| table(Some(block)));
    let told = std::iter::once(text(chain::paragraph(view)));
    let chains = told.chain(pictures).chain(tables).collect();
    let industries = vec![
        text(industries::paragraph(view)),
        figure(industries::picture(view)),
        table(industries::table(view)),
    ];
    [
        section(view, "indices", indices),
        section(view, "breadth", breadth),
        section(view, "themes", themes),
        section(view, "chain", chains),
        section(view, "industries", industries),
    ]
}

/// The limit board, money, size, and the session against its past.
fn of_its_parts(view: &View<'_>) -> [Option<Section>; 4] {
    let limit_board = vec![
        text(limit_board::paragraph(view)),
        text(limit_board::streaks(view)),
        text(limit_board::prior_limit_ups(view)),
        text(limit_board::by_industry(view)),
        table(limit_board::ladder_table(view)),
        table(limit_board::touched_table(view)),
        table(limit_board::table(view)),
    ];
    let turnover = vec![
        text(turnover::paragraph(view)),
        text(turnover::concentration(view)),
        figure(turnover::picture(view)),
        table(named::most_traded_table(view)),
        table(turnover::table(view)),
    ];
    let size_and_highs = vec![
        text(highs_and_size::highs(view)),
        text(named::at_highs(view)),
        text(highs_and_size::size(view)),
        figure(highs_and_size::size_picture(view)),
        table(highs_and_size::records(view)),
    ];
    let past = vec![text(past::averages(view)), text(past::percentiles(view))];
    [
        section(view, "limit-board", limit_board),
        section(view, "turnover", turnover),
        section(view, "size-and-highs", size_and_highs),
        section(view, "past", past),
    ]
}
