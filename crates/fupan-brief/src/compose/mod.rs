//! Facts become a document.

mod data_note;
mod figures;
mod notes;
mod past;
mod prose;
mod tables;

use fupan_fact::{AsOf, FactSet, Scope};
use fupan_market::{SecurityKind, Symbol};

use crate::document::{Block, Document, HeroIndex, Inline, Inlines, Section};
use crate::text::Args;
use crate::view::View;
use crate::{Format, Language, observations};

/// The indices on the board, in the order they are shown.
const BOARD: [&str; 9] = [
    "000001.SH",
    "399001.SZ",
    "399006.SZ",
    "000688.SH",
    "000680.SH",
    "000300.SH",
    "000905.SH",
    "000852.SH",
    "899050.BJ",
];

/// What these are called where the facts do not name them, as where their bars are missing.
const BOARD_NAMES: [(&str, &str); 9] = [
    ("SSE Composite", "上证指数"),
    ("SZSE Component", "深证成指"),
    ("ChiNext Index", "创业板指"),
    ("STAR 50", "科创50"),
    ("STAR Composite", "科创综指"),
    ("CSI 300", "沪深300"),
    ("CSI 500", "中证500"),
    ("CSI 1000", "中证1000"),
    ("BSE 50", "北证50"),
];

/// The name of an index of the board.
pub(crate) fn board_name(symbol: Symbol, language: Language) -> Option<&'static str> {
    let printed = symbol.to_string();
    let (_, (en, zh)) = BOARD.iter().zip(BOARD_NAMES).find(|(text, _)| **text == printed)?;
    Some(match language {
        Language::Zh => zh,
        Language::En => en,
    })
}

/// The indices a headline may lead with.
pub(crate) const PRESS: [&str; 3] = ["000001.SH", "399001.SZ", "399006.SZ"];

/// The indices of the strip and of the takeaway.
pub(crate) const WATCHED: [&str; 4] = ["000001.SH", "399001.SZ", "399006.SZ", "000688.SH"];

/// Writes the brief of a review.
///
/// Total: what is not known is left out of the text and named in the note on the data; a set
/// without any fact still makes a brief, which says so.
pub fn compose(facts: &FactSet, language: Language) -> Document {
    let view = View::new(facts, language);
    let (headline, headline_basis) = match observations::headline(&view) {
        Some((headline, basis)) => (headline, Some(basis)),
        None => (plain_headline(&view), None),
    };
    let takeaways = observations::takeaways(&view);
    let deck = prose::deck(&view);
    let sections = sections(&view);
    let hero = hero(&view);
    let notes = notes::notes(&view);
    let first = notes::first(&view, &notes);
    // Last, because writing is what finds out which figures are missing.
    let data_note = data_note::data_note(&view);
    Document {
        language,
        session: facts.session,
        as_of: view.as_of,
        kicker: view.text.run("kicker"),
        headline,
        headline_basis,
        deck,
        dateline: dateline(&view),
        first,
        notes,
        hero,
        takeaways,
        sections,
        data_note,
        disclaimer: view.text.run("disclaimer"),
        footer: footer(&view),
    }
}

/// Indices whose return is known, in board order; others after them by symbol.
pub(crate) fn indices_on_board(view: &View<'_>) -> Vec<Symbol> {
    let known = |symbol: &Symbol| view.value("index_return", Scope::Security(*symbol)).is_some();
    let mut symbols: Vec<Symbol> = BOARD.iter().filter_map(|text| text.parse().ok()).collect();
    let others = view.facts.facts.keys().filter(|key| key.measure.name() == "index_return");
    for key in others {
        if let Scope::Security(symbol) = &key.scope
            && symbol.kind() == SecurityKind::Index
            && !symbols.contains(symbol)
        {
            symbols.push(*symbol);
        }
    }
    symbols.retain(known);
    symbols
}

/// "ChiNext +1.32 %".
pub(crate) fn index_move(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let key = view.key("index_return", Scope::Security(symbol));
    view.sentence_with("index-move", &[("move", key, Format::Magnitude)], |args| {
        args.run("index", vec![Inline::Name(symbol)])
    })
}

/// A headline without an index: breadth alone, or the statement that there is nothing to tell.
fn plain_headline(view: &View<'_>) -> Inlines {
    let key = |measure| view.key(measure, Scope::AllA);
    let breadth = [
        ("advances", key("advances"), Format::Plain),
        ("declines", key("declines"), Format::Plain),
    ];
    view.sentence("headline-breadth-only", &breadth)
        .unwrap_or_else(|| view.text.run("headline-nothing"))
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

fn hero(view: &View<'_>) -> Vec<HeroIndex> {
    let shown = |measure, symbol, format| {
        let key = view.key(measure, Scope::Security(symbol));
        view.known(&key).map(|_| Inline::Fact(key, format))
    };
    let watched = indices_on_board(view);
    let watched = watched.into_iter().filter(|s| WATCHED.contains(&s.to_string().as_str()));
    watched
        .filter_map(|symbol| {
            Some(HeroIndex {
                symbol,
                level: shown("index_close", symbol, Format::Plain),
                change: shown("index_return", symbol, Format::Change)?,
                points: shown("index_points", symbol, Format::Change),
            })
        })
        .collect()
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
                text(prose::main_indices(view)),
                text(prose::other_indices(view)),
                figure(figures::indices(view)),
                table(tables::indices(view)),
                text(prose::contributions(view)),
                figure(figures::contributions(view)),
            ],
        ),
        section(
            "breadth",
            vec![
                text(prose::breadth(view)),
                text(prose::returns(view)),
                figure(figures::distribution(view)),
                table(tables::breadth(view)),
            ],
        ),
        section(
            "turnover",
            vec![
                text(prose::turnover(view)),
                text(prose::concentration(view)),
                figure(figures::turnover(view)),
                table(tables::turnover(view)),
            ],
        ),
        section(
            "limit-board",
            vec![
                text(prose::limit_board(view)),
                text(prose::streaks(view)),
                text(prose::prior_limit_ups(view)),
                figure(figures::ladder(view)),
                table(tables::ladder(view)),
                table(tables::limit_board(view)),
            ],
        ),
        section(
            "size-and-highs",
            vec![text(prose::highs(view)), text(prose::size(view)), figure(figures::size(view))],
        ),
        section("past", vec![text(past::averages(view)), text(past::percentiles(view))]),
    ];
    all.into_iter().flatten().collect()
}
