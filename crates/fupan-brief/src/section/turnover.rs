//! Turnover, compared with the sessions before, and its concentration.

use fupan_fact::word::Operand::Figure;
use fupan_fact::word::{FigureName, Term, less};
use fupan_fact::{AsOf, FactKey, MeasureId, Scope, Value};

use crate::Format;
use crate::document::{Inline, Inlines, Picture, PictureKind, PictureMark, TableBlock};
use crate::format::Format::{ChangeColumn, Column, Judged, Magnitude, Plain, Rate, RateChange};
use crate::format::{Tone, tone};
use crate::predicate::judge;
use crate::section::rule::Rule;
use crate::section::table::{MARKETS, by_scope, figure};
use crate::view;
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
    let [short, long] = ["turnover_vs_ma5", "turnover_vs_ma20"].map(key);
    let windows = [&short, &long].map(|key| vec![Inline::Window(key.clone())]);
    let figures = [("short", short, Rate), ("long", long, Rate)];
    let averages = view.sentence_with("turnover-averages", &figures, |args| {
        let [short, long] = windows;
        args.run("short_window", short).run("long_window", long)
    });
    view.paragraph(vec![changed, averages, at_a_level(view), whole])
}

/// Trillions of yuan, the most first, and fewest sessions in a row with as much that are reported.
const TRILLIONS: [(&str, &str); 3] = [("3", "three"), ("2", "two"), ("1", "one")];
const LEVEL_SESSIONS: i64 = 3;

/// For how many sessions in a row turnover has been at a number of trillions or above, the highest
/// number with enough of them.
fn at_a_level(view: &View<'_>) -> Option<Inlines> {
    TRILLIONS.into_iter().find_map(|(number, trillions)| {
        let id = MeasureId::with("turnover_above_sessions", number);
        let key = view.key_of(id, Scope::AllA);
        match view.known(&key)?.value {
            Value::Count { count } if count >= LEVEL_SESSIONS => {
                view.sentence_with("turnover-level", &[("sessions", key, Plain)], |args| {
                    args.choice("trillions", trillions)
                })
            }
            _ => None,
        }
    })
}

/// How concentrated turnover was.
pub(crate) fn concentration(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let top = key("top5_turnover_share");
    let percent = vec![Inline::Window(top.clone())];
    let top = view.sentence_with("turnover-top", &[("share", top, Plain)], |args| {
        args.run("percent", percent)
    });
    view.paragraph(vec![top, large(view), volume(view)])
}

/// The shares that traded ten billion yuan or more, where there are any.
fn large(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    view.count("ten_billion_turnover_count", Scope::AllA).filter(|count| *count > 0)?;
    let figures = [
        ("count", key("ten_billion_turnover_count"), Plain),
        ("share", key("ten_billion_turnover_share"), Plain),
    ];
    view.sentence("turnover-large", &figures)
}

/// The part of the volume that was in rising shares, against their part of the shares that moved.
fn volume(view: &View<'_>) -> Option<Inlines> {
    let of = |measure| FigureName { measure, scope: Scope::AllA };
    let [volume, shares] = ["up_volume_share", "advance_share"].map(of);
    let words = [
        ("more", less(Figure(shares.clone()), Figure(volume.clone()))),
        ("less", less(Figure(volume), Figure(shares))),
    ];
    let holds = |term: &Term| judge("volume", std::slice::from_ref(term), view).is_some();
    let held = words.into_iter().find(|(_, term)| holds(term));
    let way = held.map_or("same", |(way, _)| way);
    let key = |measure| view.key(measure, Scope::AllA);
    let figures =
        [("volume", key("up_volume_share"), Plain), ("share", key("advance_share"), Plain)];
    view.sentence_with("turnover-up-volume", &figures, |args| args.choice("way", way))
}

/// Sessions of the turnover picture before the one reviewed.
const SESSIONS_BEFORE: usize = 20;

/// Turnover of the sessions before this one that is known, earliest first.
pub(crate) fn earlier(view: &View<'_>) -> Vec<FactKey> {
    let today = view.key("turnover", Scope::SseSzse);
    let series = view.facts.facts.keys().filter(|key| {
        let same = key.measure == today.measure && key.scope == today.scope;
        let before = key.session < today.session && key.as_of == AsOf::Close;
        same && before && view.known(key).is_some()
    });
    let mut keys: Vec<FactKey> = series.cloned().collect();
    keys.sort_by_key(|key| key.session);
    keys
}

/// Turnover of the session and the sessions before it.
pub(crate) fn picture(view: &View<'_>) -> Option<Picture> {
    let today = view.key("turnover", Scope::SseSzse);
    view.known(&today)?;
    let mut keys = earlier(view);
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

/// A clause that sets turnover against its mean: "but stayed 18% below" after a rise, "and was 18%
/// below" after a fall; nothing if the mean is not known.
fn against_average(view: &View<'_>) -> Inlines {
    let key = |measure| view.key(measure, Scope::SseSzse);
    let (long, rate) = (key("turnover_vs_ma20"), key("turnover_change_rate"));
    let tone = |key: &FactKey| view.known(key).and_then(|fact| tone(&fact.value));
    let turn = match (tone(&rate), tone(&long)) {
        (_, None) => return Inlines::new(),
        (Some(Tone::Up), Some(Tone::Down)) | (Some(Tone::Down), Some(Tone::Up)) => "opposite",
        _ => "same",
    };
    let window = vec![Inline::Window(long.clone())];
    let clause = view.sentence_with("turnover-average", &[("long", long, Rate)], |args| {
        args.run("window", window).choice("turn", turn)
    });
    clause.unwrap_or_default()
}

pub(crate) fn takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::SseSzse);
    let rule = |id, base, more: Option<view::Figure>| {
        let mut figures = vec![
            ("turnover", key("turnover"), Plain),
            ("change", key("turnover_change"), Magnitude),
            ("rate", key("turnover_change_rate"), Rate),
        ];
        figures.extend(more);
        let runs = vec![("average", against_average(view))];
        Rule { id, figures, runs, base, sway: Some((key("turnover_change_rate"), 0.15)) }
    };
    let window = ("window", key("turnover_rank_in_window"), Judged);
    vec![
        rule("turnover_highest", 620, Some(window)),
        rule("turnover_expanding", 560, None),
        rule("turnover_shrinking", 560, None),
        rule("turnover_steady", 480, None),
    ]
}

pub(crate) fn concentration_takeaways(view: &View<'_>) -> Vec<Rule> {
    let share = view.key("top5_turnover_share", Scope::AllA);
    vec![Rule {
        id: "turnover_concentrated",
        runs: vec![("percent", vec![Inline::Window(share.clone())])],
        figures: vec![("share", share, Plain)],
        base: 410,
        sway: None,
    }]
}
