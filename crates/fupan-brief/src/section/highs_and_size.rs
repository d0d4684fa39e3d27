//! New highs and lows, and returns by size.

use fupan_fact::{FactKey, MeasureId, Scope};

use crate::Format;
use crate::document::{Inline, Inlines, Picture, PictureKind, PictureMark};
use crate::format::Format::{Change, Judged, Plain};
use crate::section::rule::Rule;
use crate::section::table::figure;
use crate::text::Args;
use crate::view::View;

/// New highs and lows.
pub(crate) fn highs(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let closing = [
        ("highs", key("new_high_250"), Plain),
        ("lows", key("new_low_250"), Plain),
        ("judged", key("new_high_250"), Judged),
    ];
    let intraday = [
        ("highs", key("intraday_new_high_250"), Plain),
        ("lows", key("intraday_new_low_250"), Plain),
    ];
    view.paragraph(vec![
        view.sentence("highs-lows", &closing),
        view.sentence("highs-lows-intraday", &intraday),
    ])
}

/// Small against large securities.
pub(crate) fn size(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let decile = |n: u8| view.key_of(MeasureId::with("size_decile_return", n), Scope::AllA);
    view.paragraph(vec![
        view.sentence("size-micro", &[("micro", key("micro_cap_return"), Change)]),
        view.sentence(
            "size-deciles",
            &[("small", decile(1), Change), ("large", decile(10), Change)],
        ),
    ])
}

/// "Group 1": the number is the measure's parameter.
fn group_label(view: &View<'_>, key: &FactKey) -> Inlines {
    let group = vec![Inline::Parameter(key.clone())];
    view.text.say("size-group", &Args::new(view.facts).run("group", group))
}

/// Mean return by size, smallest tenth first.
pub(crate) fn size_picture(view: &View<'_>) -> Option<Picture> {
    let keys = (1..=10)
        .map(|n: u8| view.key_of(MeasureId::with("size_decile_return", n), Scope::AllA))
        .filter(|key| view.known(key).is_some());
    let marks: Vec<PictureMark> = keys
        .map(|key| PictureMark { label: group_label(view, &key), key, format: Format::Change })
        .collect();
    if marks.len() < 2 {
        return None;
    }
    figure(view, "size", PictureKind::Diverging, marks)
}

pub(crate) fn highs_takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let (high, low) = (key("new_high_250"), key("new_low_250"));
    let rule = |id| Rule {
        id,
        figures: vec![("highs", high.clone(), Plain), ("lows", low.clone(), Plain)],
        base: 430,
        sway: Some((high.clone(), 400.0)),
    };
    vec![rule("highs_lead"), rule("lows_lead")]
}

pub(crate) fn size_takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let (micro, cap) = (key("micro_cap_return"), key("cap_weight_return"));
    let rule = |id| Rule {
        id,
        figures: vec![("micro", micro.clone(), Change), ("cap", cap.clone(), Change)],
        base: 440,
        sway: Some((micro.clone(), 0.03)),
    };
    vec![rule("micro_caps_lag"), rule("micro_caps_lead")]
}
