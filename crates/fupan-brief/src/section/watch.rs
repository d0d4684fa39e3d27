//! What to watch: figures of this session that a figure of the next one would have to pass for a word
//! of this brief to change. Nothing is said of whether it will.

use fupan_fact::{AsOf, Basis, FactKey, MeasureId, Scope, Value};
use fupan_market::Symbol;

use crate::document::{Inline, Inlines};
use crate::format::Format::{Magnitude, Plain};
use crate::section::index_board::{RUN_SESSIONS, named, press};
use crate::section::indices::HIGH_SINCE_SESSIONS;
use crate::section::turnover;
use crate::view::View;

/// Fewest conditions of a list.
const FEWEST: usize = 2;

/// The conditions; none if there are too few for a list, or while the session lasts.
pub(crate) fn conditions(view: &View<'_>) -> Option<Vec<Inlines>> {
    if view.as_of != AsOf::Close {
        return None;
    }
    let told =
        [index_run(view).or_else(|| index_high(view)), turnover_of_sessions(view), promotion(view)];
    let told: Vec<Inlines> =
        told.into_iter().filter_map(|text| view.paragraph(vec![text])).collect();
    (told.len() >= FEWEST).then_some(told)
}

/// The close that would end the longest run of an index.
fn index_run(view: &View<'_>) -> Option<Inlines> {
    let run = |symbol: &Symbol| {
        let streak = view.count("index_gain_streak", Scope::Security(*symbol));
        streak.unwrap_or(0).unsigned_abs()
    };
    let indices = press(view);
    let symbol = *indices.iter().rev().max_by_key(|symbol| run(symbol))?;
    (run(&symbol) >= RUN_SESSIONS).then_some(())?;
    let key = |measure| view.key(measure, Scope::Security(symbol));
    let (level, streak) = (key("index_close"), key("index_gain_streak"));
    view.known(&level)?;
    let figures = [("level", level, Plain), ("streak", streak, Magnitude)];
    view.sentence_with("watch-index-run", &figures, |args| args.run("index", named(view, symbol)))
}

/// The close that would carry an index's high on.
fn index_high(view: &View<'_>) -> Option<Inlines> {
    let since = |symbol: &Symbol| view.key("index_high_since_sessions", Scope::Security(*symbol));
    let far = |symbol: &Symbol| match view.known(&since(symbol)).map(|fact| &fact.value) {
        Some(Value::Count { count }) => *count,
        _ => 0,
    };
    let indices = press(view);
    let symbol = *indices.iter().rev().max_by_key(|symbol| far(symbol))?;
    (far(&symbol) >= HIGH_SINCE_SESSIONS).then_some(())?;
    let date = *view.facts.since.get(&since(&symbol))?;
    let level = view.key("index_close", Scope::Security(symbol));
    view.known(&level)?;
    view.sentence_with("watch-index-high", &[("level", level, Plain)], |args| {
        args.run("index", named(view, symbol)).run("date", vec![Inline::Day(date)])
    })
}

/// Sessions that turnover is compared over: those of its average, which is known only if all are.
const SESSIONS: usize = 20;

/// The part of this session's turnover by which a threshold may be above it: a quarter.
const NEAR: i64 = 4;

/// The turnover that would be the most of the last sessions, if it is near; the least, if this
/// session's was.
fn turnover_of_sessions(view: &View<'_>) -> Option<Inlines> {
    let average = view.key("turnover_vs_ma20", Scope::SseSzse);
    view.known(&average)?;
    let before = turnover::earlier(view);
    // With the next session the first of them drops out.
    let first = before.len().checked_sub(SESSIONS)? + 1;
    let today = view.key("turnover", Scope::SseSzse);
    let amounts: Option<Vec<(i64, FactKey)>> = before[first..]
        .iter()
        .chain([&today])
        .map(|key| {
            // A part of a session's turnover is no measure of the whole.
            let fact = view.known(key).filter(|fact| fact.provenance.basis < Basis::Partial)?;
            match fact.value {
                Value::Money { fen } => Some((fen.0, key.clone())),
                _ => None,
            }
        })
        .collect();
    let amounts = amounts?;
    let (most, least) = (amounts.iter().max()?, amounts.iter().min()?);
    let of_today = amounts.last()?.0;
    let (id, key) = match least.1 == today {
        true => ("watch-turnover-least", least.1.clone()),
        // What lies further off than turnover moves in a day is nothing to watch.
        false if most.0 > of_today.saturating_add(of_today / NEAR) => return None,
        false => ("watch-turnover-most", most.1.clone()),
    };
    let whose = if key == today { "this" } else { "other" };
    let date = vec![Inline::ShortDate(key.session)];
    let window = vec![Inline::Window(average)];
    view.sentence_with(id, &[("turnover", key, Plain)], |args| {
        args.run("date", date).choice("whose", whose).run("window", window)
    })
}

/// The promotion rate that this session's limit-ups would have to pass.
fn promotion(view: &View<'_>) -> Option<Inlines> {
    let rate = view.key_of(MeasureId::with("promotion_rate", "all"), Scope::AllA);
    let ups = view.key("limit_up_count", Scope::AllA);
    let some = view.count("limit_up_count", Scope::AllA).is_some_and(|count| count > 0);
    // All of them were: no rate is higher.
    let full = |value: &Value| matches!(value, Value::Share { part, whole } if part >= whole);
    let passable = view.known(&rate).is_some_and(|fact| !full(&fact.value));
    let figures = [("rate", rate, Plain), ("ups", ups, Plain)];
    (some && passable).then(|| view.sentence("watch-promotion", &figures)).flatten()
}
