//! Rules: the word an observation says, its text, and how much it matters.
//!
//! What a word means is defined in [`fupan_fact::word`]. A rule adds the template, the figures the
//! template prints and the salience.

use fupan_fact::{FactKey, MeasureId, Scope, Value, Word};

use crate::document::{Grounds, Inline, Inlines, Takeaway};
use crate::format::Format::Plain;
use crate::predicate::judge;
use crate::view;
use crate::view::View;

/// A rule: a word, the text if it holds, and how much it matters.
pub(crate) struct Rule {
    /// The word's identifier. The template is `takeaway-` followed by it, with hyphens.
    pub(crate) id: &'static str,
    pub(crate) figures: Vec<view::Figure>,
    /// What the template prints besides: names, or a clause over figures that may not be known.
    pub(crate) runs: Vec<(&'static str, Inlines)>,
    /// Salience without the size of the move.
    pub(crate) base: u32,
    /// The figure whose size adds to salience, and the size that adds all of [`SWAY`].
    pub(crate) sway: Option<(FactKey, f64)>,
}

/// The most names that a sentence gives.
pub(crate) const NAMES_OF_A_SENTENCE: usize = 4;

/// The most that the size of a move adds to salience.
pub(crate) const SWAY: f64 = 200.0;

/// Fewest sessions since a word last held that are reported.
const LAST_HELD_SESSIONS: i64 = 20;

/// What is said of how long a word has held: the end of a template's identifier, and the figure. For
/// how many sessions in a row; if this is the first, when it last held, if that is `least` sessions
/// ago or more.
pub(crate) fn lasting(
    word: &'static str,
    least: i64,
    view: &View<'_>,
) -> Option<(&'static str, FactKey)> {
    let figure = |measure: &'static str| {
        let key = view.key_of(MeasureId::with(measure, word), Scope::AllA);
        match view.known(&key).map(|fact| &fact.value) {
            Some(Value::Count { count }) => Some((*count, key)),
            _ => None,
        }
    };
    match figure("word_sessions")? {
        (0, _) => None,
        (1, _) => {
            let (since, key) = figure("word_last_held")?;
            (since >= least).then_some(("last-held", key))
        }
        (_, key) => Some(("sessions", key)),
    }
}

pub(crate) fn take(rule: Rule, view: &View<'_>) -> Option<Takeaway> {
    let (predicate, mut keys) = judge(rule.id, Word::of_id(rule.id)?.terms, view)?;
    if rule.figures.iter().any(|(_, key, _)| view.known(key).is_none()) {
        return None;
    }
    let template = format!("takeaway-{}", rule.id.replace('_', "-"));
    let told = rule.runs.iter().flat_map(|(_, run)| run).filter_map(|inline| match inline {
        Inline::Fact(key, _) => Some(key.clone()),
        _ => None,
    });
    keys.extend(rule.figures.iter().map(|(_, key, _)| key.clone()).chain(told));
    let text = view.sentence_with(&template, &rule.figures, |args| {
        rule.runs.into_iter().fold(args, |args, (name, run)| args.run(name, run))
    })?;
    let lasting = lasting(rule.id, LAST_HELD_SESSIONS, view).and_then(|(id, key)| {
        keys.push(key.clone());
        let figures = [("sessions", key, Plain)];
        view.sentence_with(&format!("word-{id}"), &figures, |args| args.choice("word", rule.id))
    });
    keys.dedup();
    let text = view.paragraph(vec![Some(text), lasting])?;
    let size =
        rule.sway.and_then(|(key, full)| Some(view.known(&key)?.value.to_f64()?.abs() / full));
    let salience = rule.base + (size.unwrap_or(0.0).min(1.0) * SWAY) as u32;
    Some(Takeaway { id: rule.id.to_owned(), text, salience, basis: Grounds { predicate, keys } })
}
