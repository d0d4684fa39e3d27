//! Indices, and which members moved them.

use fupan_fact::word::Operand::{Difference, Thousandths};
use fupan_fact::word::{FigureName, at_most, less};
use fupan_fact::{Scope, Value};
use fupan_market::Symbol;

use crate::document::{Grounds, Inline, Inlines, TableBlock, Takeaway};
use crate::format::Format::{Change, GapColumn, Judged, Magnitude, Plain};
use crate::predicate::judge;
use crate::section::index_board::{
    PRESS, RUN_SESSIONS, WATCHED, composite, index_move, indices_on_board, named, press,
};
use crate::section::rule::SWAY;
use crate::section::table::by_scope;
use crate::view::View;

/// Closing highs, and the longest run among the indices whose runs the deck does not tell.
pub(crate) fn runs_and_highs(view: &View<'_>) -> Option<Inlines> {
    let listed = indices_on_board(view);
    if let (true, Some(composite)) = (press(view).is_empty(), composite()) {
        view.miss(&view.key("index_return", Scope::Security(composite)));
    }
    let told = |symbol: &Symbol| PRESS.contains(&symbol.to_string().as_str());
    let others: Vec<Symbol> = listed.iter().copied().filter(|symbol| !told(symbol)).collect();
    let run = longest_run(view, &others).and_then(|symbol| run_of_sessions(view, symbol));
    view.paragraph(vec![highest_closes(view, &listed), run])
}

/// The index with the longest run in one direction; of several, the first.
fn longest_run(view: &View<'_>, symbols: &[Symbol]) -> Option<Symbol> {
    let length = |symbol: &&Symbol| {
        let streak = view.count("index_gain_streak", Scope::Security(**symbol));
        streak.unwrap_or(0).unsigned_abs()
    };
    symbols.iter().rev().max_by_key(length).copied()
}

/// "STAR 50 has risen for four sessions".
fn run_of_sessions(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let scope = Scope::Security(symbol);
    let streak = view.count("index_gain_streak", scope.clone())?;
    (streak.unsigned_abs() >= RUN_SESSIONS).then_some(())?;
    let figures = [("streak", view.key("index_gain_streak", scope), Magnitude)];
    let name = named(view, symbol);
    view.sentence_with("index-streak", &figures, |args| args.run("index", name))
}

/// Fewest sessions without a higher close that are reported.
pub(crate) const HIGH_SINCE_SESSIONS: i64 = 20;

/// Fewest sessions of an index's past for which its highest close is reported.
const RECORD_SESSIONS: u64 = 250;

/// Which of the watched indices closed at a high.
fn highest_closes(view: &View<'_>, symbols: &[Symbol]) -> Option<Inlines> {
    let watched = symbols.iter().filter(|symbol| WATCHED.contains(&symbol.to_string().as_str()));
    let highs: Vec<Inlines> = watched.filter_map(|symbol| high_since(view, *symbol)).collect();
    if highs.is_empty() {
        return None;
    }
    let list = view.text.join(highs, "between-levels", "before-last-level");
    view.sentence_with("highest-closes", &[], |args| args.run("highs", list))
}

/// "the highest close since the eighth of October", or the highest close of the index's data.
fn high_since(view: &View<'_>, symbol: Symbol) -> Option<Inlines> {
    let key = view.key("index_high_since_sessions", Scope::Security(symbol));
    let fact = view.facts.get(&key)?;
    let name = named(view, symbol);
    let (id, figure, date) = match &fact.value {
        Value::Count { count } if *count >= HIGH_SINCE_SESSIONS => {
            let date = *view.facts.since.get(&key)?;
            ("index-high", ("since", key, Plain), vec![Inline::Day(date)])
        }
        Value::Unknown { reason } if reason == "no_higher_close" => {
            (fact.provenance.coverage.judged >= RECORD_SESSIONS).then_some(())?;
            let close = view.key("index_close", Scope::Security(symbol));
            ("index-record", ("sessions", close, Judged), Inlines::new())
        }
        _ => return None,
    };
    view.sentence_with(id, &[figure], |args| args.run("index", name).run("date", date))
}

/// The indices the first paragraph did not name.
pub(crate) fn other_indices(view: &View<'_>) -> Option<Inlines> {
    let others = indices_on_board(view);
    let others = others.into_iter().filter(|s| !PRESS.contains(&s.to_string().as_str()));
    let moves: Vec<Inlines> = others.filter_map(|symbol| index_move(view, symbol)).collect();
    if moves.is_empty() {
        return None;
    }
    let list = view.text.join(moves, "between-moves", "before-last-move");
    view.sentence_with("other-indices", &[], |args| args.run("moves", list))
}

/// Every index with a known return.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    let scopes: Vec<Scope> = indices_on_board(view).into_iter().map(Scope::Security).collect();
    by_scope(
        view,
        ("indices", "column-index"),
        &scopes,
        &[
            ("close", "index_close", Plain),
            ("change", "index_return", Change),
            ("points", "index_points", Change),
            ("gap", "index_breadth_gap", GapColumn),
            ("month", "index_month_to_date", Change),
            ("year", "index_year_to_date", Change),
        ],
    )
}

/// Salience of the indices: the deck and the tiles have told them.
const INDICES: u32 = 300;

pub(crate) fn takeaway(view: &View<'_>) -> Option<Takeaway> {
    let mut ranked: Vec<Symbol> = indices_on_board(view)
        .into_iter()
        .filter(|symbol| WATCHED.contains(&symbol.to_string().as_str()))
        .collect();
    let key = |symbol: Symbol| view.key("index_return", Scope::Security(symbol));
    ranked.sort_by(|a, b| {
        let value = |s: &Symbol| view.known(&key(*s)).and_then(|fact| fact.value.to_f64());
        value(b).partial_cmp(&value(a)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let (best, worst) = (*ranked.first()?, *ranked.last()?);
    let of = |symbol| FigureName { measure: "index_return", scope: Scope::Security(symbol) };
    let spread = || Difference(of(best), of(worst));
    let rules = [
        ("indices_apart", vec![at_most(Thousandths(10), spread())]),
        ("indices_together", vec![less(spread(), Thousandths(10))]),
    ];
    let (predicate, _) = rules.into_iter().find_map(|(id, terms)| judge(id, &terms, view))?;
    let moves: Vec<Inlines> =
        ranked.iter().filter_map(|symbol| index_move(view, *symbol)).collect();
    let list = view.text.join(moves, "between-moves", "before-last-move");
    let template = format!("takeaway-{}", predicate.id.replace('_', "-"));
    let best_name = vec![crate::document::Inline::Name(best)];
    let text =
        view.sentence_with(&template, &[], |args| args.run("moves", list).run("best", best_name));
    let text = view.paragraph(vec![text])?;
    let size = view
        .known(&key(best))?
        .value
        .to_f64()?
        .abs()
        .max(view.known(&key(worst)).and_then(|fact| fact.value.to_f64()).unwrap_or(0.0).abs());
    let salience = INDICES + ((size / 0.03).min(1.0) * SWAY) as u32;
    let keys = ranked.into_iter().map(key).collect();
    Some(Takeaway { id: predicate.id.clone(), text, salience, basis: Grounds { predicate, keys } })
}
