//! Rules: the condition for an observation, its text, and how much it matters.
//!
//! This is the only place where a fact becomes a qualitative word. Each rule names its predicate
//! (terms with thresholds, evaluated exactly), its template, the figures the template prints and
//! its salience.

use fupan_fact::FactKey;
use fupan_market::Symbol;

use crate::document::{Basis, Takeaway};
use crate::predicate::{Term, judge};
use crate::view;
use crate::view::View;

/// A rule: a condition, the text if it holds, and how much it matters.
pub(crate) struct Rule {
    /// Identifier of the predicate. The template is `takeaway-` followed by it, with hyphens.
    pub(crate) id: &'static str,
    pub(crate) terms: Vec<Term>,
    pub(crate) figures: Vec<view::Figure>,
    /// Salience without the size of the move.
    pub(crate) base: u32,
    /// The figure whose size adds to salience, and the size that adds all of [`SWAY`].
    pub(crate) sway: Option<(FactKey, f64)>,
}

/// The most names that a sentence gives.
pub(crate) const NAMES_OF_A_SENTENCE: usize = 3;

/// The most that the size of a move adds to salience.
pub(crate) const SWAY: f64 = 200.0;

pub(crate) fn take(rule: Rule, names: &[Symbol], view: &View<'_>) -> Option<Takeaway> {
    let (predicate, mut keys) = judge(rule.id, &rule.terms, view)?;
    if rule.figures.iter().any(|(_, key, _)| view.known(key).is_none()) {
        return None;
    }
    let template = format!("takeaway-{}", rule.id.replace('_', "-"));
    let named = view.first_names(names, NAMES_OF_A_SENTENCE);
    let text = view.sentence_with(&template, &rule.figures, |args| args.run("names", named))?;
    keys.extend(rule.figures.into_iter().map(|(_, key, _)| key));
    keys.dedup();
    let size =
        rule.sway.and_then(|(key, full)| Some(view.known(&key)?.value.to_f64()?.abs() / full));
    let salience = rule.base + (size.unwrap_or(0.0).min(1.0) * SWAY) as u32;
    Some(Takeaway { id: rule.id.to_owned(), text, salience, basis: Basis { predicate, keys } })
}
