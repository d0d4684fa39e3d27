//! Which facts each picture draws.

use fupan_fact::{AsOf, Fact, FactKey, MeasureId, Scope, Value};

use super::indices_on_board;
use crate::Format;
use crate::document::{Figure, FigureKind, Inline, Inlines, Mark};
use crate::text::Args;
use crate::view::View;

/// The bins of the return distribution, from the limit down to the limit up.
const BINS: [&str; 11] = [
    "down-limit",
    "down-over-7",
    "down-5-7",
    "down-3-5",
    "down-0-3",
    "flat",
    "up-0-3",
    "up-3-5",
    "up-5-7",
    "up-over-7",
    "up-limit",
];

/// Sessions of the turnover picture before the one reviewed.
const SESSIONS_BEFORE: usize = 20;

fn figure(view: &View<'_>, id: &str, kind: FigureKind, marks: Vec<Mark>) -> Option<Figure> {
    let caption = view.text.run(&format!("figure-{id}"));
    (!marks.is_empty()).then(|| Figure { id: format!("figure-{id}"), kind, caption, marks })
}

/// Index returns, both sides of zero.
pub(super) fn indices(view: &View<'_>) -> Option<Figure> {
    let marks = indices_on_board(view).into_iter().map(|symbol| Mark {
        label: vec![Inline::Name(symbol)],
        key: view.key("index_return", Scope::Security(symbol)),
        format: Format::Change,
    });
    figure(view, "indices", FigureKind::Diverging, marks.collect())
}

/// Members shown that lifted an index most, and that weighed on it most.
const MOVERS: usize = 5;

/// Who moved the SSE Composite, the largest gain first.
pub(super) fn contributions(view: &View<'_>) -> Option<Figure> {
    let points = |fact: &&Fact| match fact.value {
        Value::Points { units } => units,
        _ => 0,
    };
    let of_session = view.facts.facts.values().filter(|fact| {
        let same = (fact.key.session, fact.key.as_of) == (view.facts.session, view.as_of);
        same && fact.key.measure.name() == "index_contribution"
    });
    let (mut up, mut down): (Vec<&Fact>, Vec<&Fact>) = of_session.partition(|f| points(f) > 0);
    up.sort_by_key(|fact| std::cmp::Reverse(points(fact)));
    down.sort_by_key(|fact| std::cmp::Reverse(points(fact)));
    up.truncate(MOVERS);
    let shown = up.into_iter().chain(down.split_off(down.len().saturating_sub(MOVERS)));
    let marks = shown.filter_map(|fact| match fact.key.scope {
        Scope::Security(symbol) => Some(Mark {
            label: vec![Inline::Name(symbol)],
            key: fact.key.clone(),
            format: Format::Change,
        }),
        _ => None,
    });
    figure(view, "contributions", FigureKind::Diverging, marks.collect())
}

/// How many stocks rose or fell by how much.
pub(super) fn distribution(view: &View<'_>) -> Option<Figure> {
    let keys = BINS.map(|bin| view.key_of(MeasureId::with("return_bin", bin), Scope::AllA));
    let unknown: Vec<&FactKey> = keys.iter().filter(|key| view.known(key).is_none()).collect();
    if !unknown.is_empty() {
        unknown.into_iter().for_each(|key| view.miss(key));
        return None;
    }
    let marks = keys.into_iter().map(|key| Mark {
        label: vec![Inline::Parameter(key.clone())],
        key,
        format: Format::Plain,
    });
    figure(view, "distribution", FigureKind::Distribution, marks.collect())
}

/// Turnover of the session and the sessions before it.
pub(super) fn turnover(view: &View<'_>) -> Option<Figure> {
    let today = view.key("turnover", Scope::SseSzse);
    view.known(&today)?;
    let series = view.facts.facts.keys().filter(|key| {
        let same = key.measure == today.measure && key.scope == today.scope;
        let before = key.session < today.session && key.as_of == AsOf::Close;
        same && before && view.known(key).is_some()
    });
    let mut keys: Vec<FactKey> = series.cloned().collect();
    keys.sort_by_key(|key| key.session);
    let mut keys = keys.split_off(keys.len().saturating_sub(SESSIONS_BEFORE));
    if keys.len() < 2 {
        return None;
    }
    keys.push(today);
    let marks = keys.into_iter().map(|key| Mark {
        label: vec![Inline::ShortDate(key.session)],
        key,
        format: Format::Plain,
    });
    figure(view, "turnover", FigureKind::History, marks.collect())
}

/// The limit-up ladder, highest rung first.
pub(super) fn ladder(view: &View<'_>) -> Option<Figure> {
    let known = rungs(view).into_iter().filter(|key| view.known(key).is_some());
    let marks = known.map(|key| Mark {
        label: super::tables::rung_label(view, &key),
        key,
        format: Format::Plain,
    });
    figure(view, "ladder", FigureKind::Ladder, marks.collect())
}

/// The ladder's rungs that hold a security, highest first; one of streaks that may be longer comes
/// after the rung itself.
pub(super) fn rungs(view: &View<'_>) -> Vec<FactKey> {
    let height = |key: &FactKey| key.measure.parameter()?.parse::<u32>().ok();
    let mut rungs: Vec<FactKey> = view
        .facts
        .facts
        .values()
        .filter(|fact| matches!(fact.key.measure.name(), "limit_up_ladder" | AT_LEAST))
        .filter(|fact| fact.key.scope == Scope::AllA && fact.key.as_of == view.as_of)
        .filter(|fact| fact.key.session == view.facts.session && height(&fact.key).is_some())
        .filter(|fact| match fact.value {
            Value::Count { count } => count > 0,
            // How many there are is not known, but who is there for certain.
            _ => view.facts.members.contains_key(&fact.key),
        })
        .map(|fact| fact.key.clone())
        .collect();
    rungs.sort_by_key(|key| (std::cmp::Reverse(height(key)), key.measure.name() == AT_LEAST));
    rungs
}

/// The measure of streaks that may be longer.
pub(super) const AT_LEAST: &str = "limit_up_ladder_at_least";

/// "Group 1": the group's place is the measure's parameter.
fn group_label(view: &View<'_>, key: &FactKey) -> Inlines {
    let group = vec![Inline::Parameter(key.clone())];
    view.text.say("size-group", &Args::new(view.facts).run("group", group))
}

/// Mean return by size, smallest tenth first.
pub(super) fn size(view: &View<'_>) -> Option<Figure> {
    let keys = (1..=10)
        .map(|n: u8| view.key_of(MeasureId::with("size_decile_return", n), Scope::AllA))
        .filter(|key| view.known(key).is_some());
    let marks: Vec<Mark> = keys
        .map(|key| Mark { label: group_label(view, &key), key, format: Format::Change })
        .collect();
    if marks.len() < 2 {
        return None;
    }
    figure(view, "size", FigureKind::Diverging, marks)
}
