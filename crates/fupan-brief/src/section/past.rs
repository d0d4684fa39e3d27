//! The session compared with its own past. If no past is stored, the section is empty and its
//! figures do not count as missing.

use fupan_fact::{FactKey, MeasureId, Scope, Value};

use crate::document::Inlines;
use crate::format::Format::Plain;
use crate::view::View;

/// Fewest sessions since a higher turnover that are reported.
const HIGH_SINCE_SESSIONS: i64 = 20;

/// Shares of securities above their averages, and all-time highs and lows of the close.
pub(crate) fn averages(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let above = [
        ("short", key("above_ma20"), Plain),
        ("middle", key("above_ma50"), Plain),
        ("long", key("above_ma200"), Plain),
    ];
    let ever =
        [("highs", key("new_high_all_time"), Plain), ("lows", key("new_low_all_time"), Plain)];
    view.paragraph(vec![
        where_known(view, "above-averages", &above),
        where_known(view, "all-time", &ever),
    ])
}

/// Percentiles over the last 250 sessions, and since when turnover was not higher.
pub(crate) fn percentiles(view: &View<'_>) -> Option<Inlines> {
    let ranked = |of: &str| view.key_of(MeasureId::with("percentile_250", of), Scope::AllA);
    let figures = [
        ("turnover", ranked("turnover"), Plain),
        ("advances", ranked("advances"), Plain),
        ("limit_ups", ranked("limit_up_count"), Plain),
    ];
    let since = view.key("turnover_high_since_sessions", Scope::AllA);
    let high = matches!(
        view.known(&since).map(|fact| &fact.value),
        Some(Value::Count { count }) if *count >= HIGH_SINCE_SESSIONS
    );
    view.paragraph(vec![
        where_known(view, "percentiles", &figures),
        high.then(|| view.sentence("turnover-high-since", &[("sessions", since, Plain)])).flatten(),
    ])
}

fn where_known(
    view: &View<'_>,
    id: &str,
    figures: &[(&'static str, FactKey, crate::Format)],
) -> Option<Inlines> {
    let known = figures.iter().all(|(_, key, _)| view.known(key).is_some());
    known.then(|| view.sentence(id, figures)).flatten()
}
