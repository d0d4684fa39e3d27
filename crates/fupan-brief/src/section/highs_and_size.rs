//! New highs and lows, and returns by size.

use fupan_fact::word::Operand::{Difference, Thousandths};
use fupan_fact::word::{FigureName, at_most};
use fupan_fact::{FactKey, MeasureId, Scope};

use crate::Format;
use crate::document::{
    Grounds, Inline, Inlines, Picture, PictureKind, PictureMark, TableBlock, Takeaway,
};
use crate::format::Format::{Judged, Magnitude, Plain};
use crate::predicate::judge;
use crate::section::listed::classes_table;
use crate::section::rule::{Rule, SWAY};
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
    let ever = [
        ("highs", key("new_high_all_time"), Plain),
        ("lows", key("new_low_all_time"), Plain),
        ("judged", key("new_high_all_time"), Judged),
    ];
    // Without a long past there is no such figure, and none is missed.
    let known = ever.iter().all(|(_, key, _)| view.known(key).is_some());
    view.paragraph(vec![
        view.sentence("highs-lows", &closing),
        known.then(|| view.sentence("all-time", &ever)).flatten(),
    ])
}

/// The stocks at a record, by name.
pub(crate) fn records(view: &View<'_>) -> Option<TableBlock> {
    let classes = [("record-highs", "new_high_all_time"), ("record-lows", "new_low_all_time")];
    classes_table(view, "records", &classes)
}

/// Small against large securities.
pub(crate) fn size(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let decile = |n: u8| view.key_of(MeasureId::with("size_decile_return", n), Scope::AllA);
    view.paragraph(vec![
        view.sentence(
            "size-micro",
            &[
                ("micro", key("micro_cap_return"), Magnitude),
                ("members", key("micro_cap_return"), Judged),
            ],
        ),
        view.sentence(
            "size-deciles",
            &[("small", decile(1), Magnitude), ("large", decile(10), Magnitude)],
        ),
    ])
}

/// "Group 2": the number is the measure's parameter; the first and the last have words.
fn group_label(view: &View<'_>, key: &FactKey) -> Inlines {
    let place = match key.measure.parameter() {
        Some("1") => "smallest",
        Some("10") => "largest",
        _ => "between",
    };
    let group = vec![Inline::Parameter(key.clone())];
    let args = Args::new(view.facts).run("group", group).choice("place", place);
    view.text.say("size-group", &args)
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
        runs: Vec::new(),
        base: 430,
        sway: Some((high.clone(), 400.0)),
    };
    vec![rule("highs_lead"), rule("lows_lead")]
}

/// A takeaway if the largest tenth and the smallest moved apart.
pub(crate) fn deciles_takeaway(view: &View<'_>) -> Option<Takeaway> {
    let of = |measure| FigureName { measure, scope: Scope::AllA };
    let (small, large) = (of("size_decile_return:1"), of("size_decile_return:10"));
    let rules = [
        ("large_caps_lead", Difference(large.clone(), small.clone())),
        ("small_caps_lead", Difference(small, large)),
    ];
    let (predicate, keys) =
        rules.into_iter().find_map(|(id, gap)| judge(id, &[at_most(Thousandths(5), gap)], view))?;
    let decile = |n: u8| view.key_of(MeasureId::with("size_decile_return", n), Scope::AllA);
    let figures = [("small", decile(1), Magnitude), ("large", decile(10), Magnitude)];
    let template = format!("takeaway-{}", predicate.id.replace('_', "-"));
    let text = view.paragraph(vec![view.sentence(&template, &figures)])?;
    let size = |key: &FactKey| view.known(key).and_then(|fact| fact.value.to_f64()).unwrap_or(0.0);
    let gap = keys.iter().map(size).reduce(|a, b| (a - b).abs()).unwrap_or(0.0);
    let salience = 460 + ((gap / 0.03).min(1.0) * SWAY) as u32;
    Some(Takeaway { id: predicate.id.clone(), text, salience, basis: Grounds { predicate, keys } })
}

pub(crate) fn size_takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let (micro, cap) = (key("micro_cap_return"), key("cap_weight_return"));
    let rule = |id| Rule {
        id,
        figures: vec![("micro", micro.clone(), Magnitude), ("cap", cap.clone(), Magnitude)],
        runs: Vec::new(),
        base: 440,
        sway: Some((micro.clone(), 0.03)),
    };
    vec![rule("micro_caps_lag"), rule("micro_caps_lead")]
}
