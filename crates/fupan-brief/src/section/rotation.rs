//! Rotation: what the best themes returned in the sessions before, and how the order changed.

use std::collections::BTreeSet;

use fupan_fact::{FactKey, Scope, Value};
use fupan_market::{GroupId, SessionDate};

use crate::document::{Align, Column, Inline, Inlines, Row, TableBlock};
use crate::format::Format::{Change, Percentile, Plain};
use crate::section::ranked::{name, within};
use crate::section::themes;
use crate::view::View;

/// The best themes of the session that the table shows.
const SHOWN: usize = 10;

/// Themes named as those most often among the best, and the fewest sessions for that: three times
/// as many as a tenth of twenty.
const NAMED: usize = 3;
const OFTEN_SESSIONS: i64 = 6;

/// A theme takes much of the turnover by its own measure if its share of it, of at least the first of
/// these thousandths, was no higher in the second of them of the last sessions.
const MUCH_SHARE: i64 = 20;
const MUCH_PLACE: i64 = 950;

/// From this rank correlation on, either way, in parts per million, two orders are alike or reversed.
const ALIKE_PPM: i64 = 300_000;

/// Which themes were among the best most often, how much the order changed, and how far themes lie
/// apart.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    view.paragraph(vec![stayed(view), order(view), apart(view), crowded(view)])
}

/// The themes that take a larger part of the turnover than nearly always in their own past.
fn crowded(view: &View<'_>) -> Option<Inlines> {
    let (_, ranked) = themes::ranked(view)?;
    let key = |measure, id: &GroupId| view.key(measure, Scope::Group(id.clone()));
    let thousandths = |key: &FactKey| match view.known(key)?.value {
        Value::Share { part, whole } if whole > 0 => {
            Some(i64::try_from(i128::from(part) * 1000 / i128::from(whole)).ok()?)
        }
        _ => None,
    };
    let much = ranked.groups.iter().filter_map(|id| {
        let (share, place) = (key("turnover_share", id), key("turnover_share_percentile_250", id));
        let is_much = thousandths(&share)? >= MUCH_SHARE && thousandths(&place)? >= MUCH_PLACE;
        is_much.then_some((view.known(&share)?.value.to_f64()?, id, share, place))
    });
    let mut much: Vec<_> = much.collect();
    much.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let window = vec![Inline::Window(much.first()?.3.clone())];
    let named = much.into_iter().take(NAMED).filter_map(|(_, id, share, place)| {
        let figures = [("share", share, Plain), ("place", place, Percentile)];
        view.sentence_with("rotation-share", &figures, |args| args.run("theme", within(id)))
    });
    let named = view.text.join(named.collect(), "between-names", "before-last-name");
    view.sentence_with("rotation-crowded", &[], |args| {
        args.run("themes", named).run("window", window)
    })
}

/// The themes that were among the best tenth most often; nothing if none was often.
fn stayed(view: &View<'_>) -> Option<Inlines> {
    let (_, ranked) = themes::ranked(view)?;
    let days = |id: &GroupId| view.count("top_tenth_20", Scope::Group(id.clone()));
    let often = ranked.groups.iter().filter_map(|id| Some((days(id)?, id)));
    let mut often: Vec<(i64, &GroupId)> = often.filter(|(n, _)| *n >= OFTEN_SESSIONS).collect();
    // The sort is stable: of equal ones the better one of the session comes first.
    often.sort_by_key(|(n, _)| -n);
    let (_, first) = often.first()?;
    let key = |id: &GroupId| view.key("top_tenth_20", Scope::Group(id.clone()));
    let named = often.iter().take(NAMED).filter_map(|(_, id)| {
        view.sentence_with("rotation-days", &[("days", key(id), Plain)], |args| {
            args.run("theme", within(id))
        })
    });
    let named = view.text.join(named.collect(), "between-names", "before-last-name");
    let window = vec![Inline::Window(key(first))];
    view.sentence_with("rotation-stayed", &[], |args| {
        args.run("themes", named).run("window", window)
    })
}

/// How alike the order of the themes is to that of the session before.
fn order(view: &View<'_>) -> Option<Inlines> {
    let key = view.key("theme_rotation_1", Scope::AllA);
    let Value::Ratio { ppm } = view.known(&key)?.value else { return None };
    let how = match ppm {
        ALIKE_PPM.. => "alike",
        ppm if ppm <= -ALIKE_PPM => "reversed",
        _ => "changed",
    };
    view.sentence_with("rotation-order", &[("correlation", key, Plain)], |args| {
        args.choice("how", how)
    })
}

/// How far the themes' returns lie apart.
fn apart(view: &View<'_>) -> Option<Inlines> {
    let key = view.key("theme_dispersion", Scope::AllA);
    view.known(&key)?;
    view.sentence("rotation-apart", &[("dispersion", key, Plain)])
}

/// The returns of the session's best themes in the sessions before it and in the session itself;
/// `None` if no earlier one is known.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    let (_, ranked) = themes::ranked(view)?;
    let shown = &ranked.groups[..ranked.groups.len().min(SHOWN)];
    let key = |id: &GroupId, session| FactKey { session, ..ranked.key(view, id) };
    let sessions = sessions(view, ranked.measure);
    if sessions.len() < 2 {
        return None;
    }
    let first = Column { label: view.text.run("column-theme"), align: Align::Start };
    let columns = sessions
        .iter()
        .map(|session| Column { label: vec![Inline::ShortDate(*session)], align: Align::End });
    let row = |id: &GroupId| {
        let cell = |session: &SessionDate| {
            let key = key(id, *session);
            view.known(&key).map(|_| vec![Inline::Fact(key, Change)]).unwrap_or_default()
        };
        Row { head: name(id), cells: sessions.iter().map(cell).collect() }
    };
    Some(TableBlock {
        id: "table-rotation".to_owned(),
        caption: view.text.run("table-rotation"),
        columns: std::iter::once(first).chain(columns).collect(),
        rows: shown.iter().map(row).collect(),
    })
}

/// The sessions of which groups have a figure, earliest first.
fn sessions(view: &View<'_>, measure: &str) -> Vec<SessionDate> {
    let of_groups = view
        .facts
        .facts
        .keys()
        .filter(|key| matches!(key.scope, Scope::Group(_)) && key.measure.name() == measure);
    let sessions: BTreeSet<SessionDate> = of_groups.map(|key| key.session).collect();
    sessions.into_iter().collect()
}
