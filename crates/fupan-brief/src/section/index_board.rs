//! The tracked indices: which, in what order, and how they moved.

use fupan_fact::word::FigureName;
use fupan_fact::{MeasureId, Scope};
use fupan_market::{SecurityKind, Symbol, TRACKED_INDICES, TrackedIndex};

use crate::Format;
use crate::degree::degree;
use crate::document::{Inline, Inlines};
use crate::view::View;

/// The indices a headline may lead with.
pub(crate) const PRESS: [&str; 3] = ["000001.SH", "399001.SZ", "399006.SZ"];

/// The indices named after a city, with the article in English.
pub(crate) const OF_A_CITY: [&str; 2] = ["000001.SH", "399001.SZ"];

/// Fewest sessions of rises or falls in a row that are reported.
pub(crate) const RUN_SESSIONS: u64 = 3;

/// The indices shown in the strip and named in the takeaway.
pub(crate) const WATCHED: [&str; 4] = ["000001.SH", "399001.SZ", "399006.SZ", "000688.SH"];

/// Indices with a known return, in the order of `TRACKED_INDICES`, then any others.
pub(crate) fn indices_on_board(view: &View<'_>) -> Vec<Symbol> {
    let known = |symbol: &Symbol| view.value("index_return", Scope::Security(*symbol)).is_some();
    let mut symbols: Vec<Symbol> = TRACKED_INDICES.map(TrackedIndex::symbol).to_vec();
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

/// An index in a sentence: "the Shanghai Composite".
pub(crate) fn named(view: &View<'_>, symbol: Symbol) -> Inlines {
    let article = view.text.words("article-index");
    let mut run = Inlines::new();
    let of_a_city = OF_A_CITY.contains(&symbol.to_string().as_str());
    if of_a_city && view.facts.names.contains_key(&symbol) && !article.is_empty() {
        run.push(Inline::Text(article));
    }
    run.push(Inline::Press(symbol));
    run
}

/// The SSE Composite, whose members' contributions are known.
pub(crate) fn composite() -> Option<Symbol> {
    Symbol::new(fupan_market::Exchange::Sse, 1).ok()
}

/// The return of an index, as conditions name it.
pub(crate) fn return_of(symbol: Symbol) -> FigureName {
    FigureName { measure: "index_return", scope: Scope::Security(symbol) }
}

/// "ChiNext climbed 1.32%".
pub(crate) fn index_move(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let degree = degree(view, &return_of(symbol))?.word;
    let key = view.key("index_return", Scope::Security(symbol));
    view.sentence_with("index-move", &[("move", key, Format::Magnitude)], |args| {
        args.run("index", named(view, symbol)).choice("degree", degree)
    })
}

/// "the Shanghai Composite edged up 0.05% to 4,134.02, its fourth straight gain, closing above 4,000";
/// without what is not known or did not happen.
pub(crate) fn index_level(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let mut told = index_move(view, symbol)?;
    let scope = Scope::Security(symbol);
    let level = [("level", view.key("index_close", scope.clone()), Format::Plain)];
    let degree = degree(view, &return_of(symbol))?.word;
    let at = view.sentence_with("index-at", &level, |args| args.choice("degree", degree));
    told.extend(at.into_iter().flatten());
    let run = view.key("index_gain_streak", scope.clone());
    let sessions = view.count("index_gain_streak", scope).unwrap_or(0);
    let long = sessions.unsigned_abs() >= RUN_SESSIONS;
    let run = long.then(|| view.sentence("index-run", &[("streak", run, Format::Ordinal)]));
    told.extend(run.flatten().into_iter().flatten());
    told.extend(round_level(view, symbol).into_iter().flatten());
    Some(told)
}

/// Points between the round levels that are worth a clause: the major ones.
const MAJOR: u32 = 1_000;

/// ", closing above 4,000", if the index crossed a major round level.
fn round_level(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let ways = [("index-gained", "index_level_gained"), ("index-lost", "index_level_lost")];
    ways.into_iter().find_map(|(id, measure)| {
        let key = view.key_of(MeasureId::with(measure, MAJOR), Scope::Security(symbol));
        // Most sessions cross none.
        view.known(&key)?;
        view.sentence(id, &[("round", key, Format::Floor)])
    })
}

pub(crate) fn press(view: &View<'_>) -> Vec<Symbol> {
    let listed = |symbol: &Symbol| PRESS.contains(&symbol.to_string().as_str());
    indices_on_board(view).into_iter().filter(listed).collect()
}

/// The index that moved most among those a headline may lead with, or among all if none of those is
/// known.
pub(crate) fn lead_index(view: &View<'_>) -> Option<Symbol> {
    let most = |symbols: Vec<Symbol>| {
        symbols.into_iter().rev().max_by_key(|symbol| {
            let value = view.value("index_return", Scope::Security(*symbol));
            (value.and_then(|value| value.to_f64()).unwrap_or(0.0).abs() * 1e9) as i64
        })
    };
    let moved = indices_on_board(view);
    let press: Vec<Symbol> =
        moved.iter().copied().filter(|s| PRESS.contains(&s.to_string().as_str())).collect();
    if press.is_empty() { most(moved) } else { most(press) }
}
