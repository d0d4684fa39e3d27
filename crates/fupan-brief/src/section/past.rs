//! The session compared with its own past. If no past is stored, the section is empty and its
//! figures do not count as missing.

use fupan_fact::{Scope, Value};

use crate::document::{Inline, Inlines};
use crate::format::Format::Plain;
use crate::section::said::{Window, place_of, places};
use crate::text::Args;
use crate::view;
use crate::view::View;

/// Fewest sessions since a higher turnover that are reported.
const HIGH_SINCE_SESSIONS: i64 = 20;

/// Shares of securities above their averages.
pub(crate) fn averages(view: &View<'_>) -> Option<Inlines> {
    let averages = ["above_ma20", "above_ma50", "above_ma200"];
    let [short, middle, long] = averages.map(|measure| view.key(measure, Scope::AllA));
    let windows = [&short, &middle, &long].map(|key| vec![Inline::Window(key.clone())]);
    let figures = [("short", short, Plain), ("middle", middle, Plain), ("long", long, Plain)];
    let told = where_known(view, "above-averages", &figures, |args| {
        let [short, middle, long] = windows;
        args.run("short_window", short).run("middle_window", middle).run("long_window", long)
    });
    view.paragraph(vec![told])
}

/// The figures whose places in the last 250 sessions are told, where the kind of session has not told
/// them; one of which it tells the share in place of the count.
const RANKED: [(&str, &str, &str); 3] = [
    ("of-turnover", "turnover", "turnover"),
    ("of-advances", "advances", "advance_share"),
    ("of-limit-ups", "limit_up_count", "limit_up_count"),
];

/// Percentiles over the last 250 sessions, and since when turnover was not higher.
pub(crate) fn percentiles(view: &View<'_>) -> Option<Inlines> {
    let new = RANKED.iter().filter(|(_, _, as_told)| !view.has_told(&place_of(view, as_told)));
    let new: Vec<(&str, &str)> = new.map(|(name, measure, _)| (*name, *measure)).collect();
    let ranked = places(view, &Window::default(), &new).and_then(|places| {
        view.sentence_with("percentiles", &[], |args| args.run("places", places))
    });
    let since = view.key("turnover_high_since_sessions", Scope::AllA);
    let high = matches!(
        view.known(&since).map(|fact| &fact.value),
        Some(Value::Count { count }) if *count >= HIGH_SINCE_SESSIONS
    );
    view.paragraph(vec![
        ranked,
        high.then(|| view.sentence("turnover-high-since", &[("sessions", since, Plain)])).flatten(),
    ])
}

fn where_known<'a>(
    view: &View<'a>,
    id: &str,
    figures: &[view::Figure],
    more: impl FnOnce(Args<'a>) -> Args<'a>,
) -> Option<Inlines> {
    let known = figures.iter().all(|(_, key, _)| view.known(key).is_some());
    known.then(|| view.sentence_with(id, figures, more)).flatten()
}
