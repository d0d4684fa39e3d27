//! The session compared with its own past. If no past is stored, the section is empty and its
//! figures do not count as missing.

use fupan_fact::{MeasureId, Scope, Value};

use crate::document::{Inline, Inlines};
use crate::format::Format::{Percentile, Plain};
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

/// Percentiles over the last 250 sessions, and since when turnover was not higher.
pub(crate) fn percentiles(view: &View<'_>) -> Option<Inlines> {
    let ranked = |of: &str| view.key_of(MeasureId::with("percentile_250", of), Scope::AllA);
    let window = vec![Inline::Window(ranked("turnover"))];
    let figures = [
        ("turnover", ranked("turnover"), Percentile),
        ("advances", ranked("advances"), Percentile),
        ("limit_ups", ranked("limit_up_count"), Percentile),
    ];
    let since = view.key("turnover_high_since_sessions", Scope::AllA);
    let high = matches!(
        view.known(&since).map(|fact| &fact.value),
        Some(Value::Count { count }) if *count >= HIGH_SINCE_SESSIONS
    );
    view.paragraph(vec![
        where_known(view, "percentiles", &figures, |args| args.run("window", window)),
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
