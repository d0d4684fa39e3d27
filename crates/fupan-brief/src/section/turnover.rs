//! Turnover, compared with the sessions before, and its concentration.

use fupan_fact::{AsOf, FactKey, Scope};

use crate::Format;
use crate::document::{Inline, Inlines, Picture, PictureKind, PictureMark, TableBlock};
use crate::format::Format::{ChangeColumn, Column, Judged, Magnitude, Plain, Rate, RateChange};
use crate::section::rule::Rule;
use crate::section::table::{MARKETS, by_scope, figure};
use crate::view::View;

/// Turnover of the two exchanges against its past.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::SseSzse);
    let changed = view
        .sentence(
            "turnover-change",
            &[
                ("turnover", key("turnover"), Plain),
                ("change", key("turnover_change"), Magnitude),
                ("rate", key("turnover_change_rate"), Rate),
            ],
        )
        .or_else(|| view.sentence("turnover-alone", &[("turnover", key("turnover"), Plain)]));
    let whole = view.sentence("turnover-all", &[("all", view.key("turnover", Scope::AllA), Plain)]);
    let averages = view.sentence(
        "turnover-averages",
        &[("short", key("turnover_vs_ma5"), Rate), ("long", key("turnover_vs_ma20"), Rate)],
    );
    let rank = view.sentence(
        "turnover-rank",
        &[
            ("rank", key("turnover_rank_in_window"), Plain),
            ("window", key("turnover_rank_in_window"), Judged),
        ],
    );
    view.paragraph(vec![changed, averages, rank, whole])
}

/// How concentrated turnover was.
pub(crate) fn concentration(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    view.paragraph(vec![
        view.sentence("turnover-top", &[("share", key("top5_turnover_share"), Plain)]),
        view.sentence("turnover-up-volume", &[("share", key("up_volume_share"), Plain)]),
    ])
}

/// Sessions of the turnover picture before the one reviewed.
const SESSIONS_BEFORE: usize = 20;

/// Turnover of the session and the sessions before it.
pub(crate) fn picture(view: &View<'_>) -> Option<Picture> {
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
    let marks = keys.into_iter().map(|key| PictureMark {
        label: vec![Inline::ShortDate(key.session)],
        key,
        format: Format::Plain,
    });
    figure(view, "turnover", PictureKind::History, marks.collect())
}

/// Turnover by market.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    by_scope(
        view,
        ("turnover", "column-market"),
        &MARKETS,
        &[
            ("turnover", "turnover", Column),
            ("turnover-change", "turnover_change", ChangeColumn),
            ("turnover-rate", "turnover_change_rate", RateChange),
            ("turnover-long", "turnover_vs_ma20", RateChange),
        ],
    )
}

pub(crate) fn takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::SseSzse);
    let rule = |id, base| Rule {
        id,
        figures: vec![
            ("turnover", key("turnover"), Plain),
            ("change", key("turnover_change"), Magnitude),
            ("rate", key("turnover_change_rate"), Rate),
        ],
        base,
        sway: Some((key("turnover_change_rate"), 0.15)),
    };
    let highest = Rule {
        id: "turnover_highest",
        figures: vec![
            ("turnover", key("turnover"), Plain),
            ("change", key("turnover_change"), Magnitude),
            ("rate", key("turnover_change_rate"), Rate),
            ("window", key("turnover_rank_in_window"), crate::Format::Judged),
        ],
        base: 620,
        sway: Some((key("turnover_change_rate"), 0.15)),
    };
    vec![
        highest,
        rule("turnover_expanding", 560),
        rule("turnover_shrinking", 560),
        rule("turnover_steady", 480),
    ]
}

pub(crate) fn concentration_takeaways(view: &View<'_>) -> Vec<Rule> {
    let share = view.key("top5_turnover_share", Scope::AllA);
    vec![Rule {
        id: "turnover_concentrated",
        figures: vec![("share", share, Plain)],
        base: 410,
        sway: None,
    }]
}
