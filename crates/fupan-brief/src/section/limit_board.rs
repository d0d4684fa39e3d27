//! The limit board: which securities were sealed, for how long, and how the previous session's did.

use std::cmp::Reverse;

use fupan_fact::{BandClass, FactKey, MeasureId, Scope, Value};
use fupan_market::{GroupId, Symbol};

use crate::document::{Inline, Inlines, TableBlock};
use crate::format::Format::{Magnitude, Part, Plain, Whole};
use crate::section::industries;
use crate::section::listed::{classes_table, listed, names_table};
use crate::section::ranked::within;
use crate::section::rule::{NAMES_OF_A_SENTENCE, Rule};
use crate::section::table::by_scope;
use crate::text::Args;
use crate::view::View;

/// The limit board in numbers.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let some = |measure| view.count(measure, Scope::AllA).is_some_and(|count| count > 0);
    let when = |measure: &'static str, id: &str| {
        some(measure).then(|| view.sentence(id, &[("count", key(measure), Plain)])).flatten()
    };
    let sealed = view.sentence(
        "limit-sealed",
        &[
            ("ups", key("limit_up_count"), Plain),
            ("broken", key("limit_up_broken_count"), Plain),
            ("seal", key("seal_rate"), Plain),
        ],
    );
    // If no security touched a limit there is no seal rate; the count alone is printed.
    let sealed = sealed
        .or_else(|| view.sentence("limit-sealed-alone", &[("ups", key("limit_up_count"), Plain)]));
    let shapes = (some("one_price_limit_up_count") || some("t_shaped_limit_up_count")).then(|| {
        view.sentence(
            "limit-shapes",
            &[
                ("one", key("one_price_limit_up_count"), Plain),
                ("tee", key("t_shaped_limit_up_count"), Plain),
            ],
        )
    });
    let down = view.sentence(
        "limit-down",
        &[
            ("downs", key("limit_down_count"), Plain),
            ("reopened", key("limit_down_reopened_count"), Plain),
        ],
    );
    view.paragraph(vec![
        sealed,
        shapes.flatten(),
        down,
        when("floor_to_ceiling_count", "limit-floor-to-ceiling"),
        when("ceiling_to_floor_count", "limit-ceiling-to-floor"),
        when("limit_undetermined_count", "limit-undetermined"),
    ])
}

/// Fewest limit-ups of an industry that are said, and the most industries that are.
const OF_INDUSTRY: i64 = 3;
const INDUSTRIES: usize = 3;

/// The industries with the most limit-ups, and with the most limit-downs.
pub(crate) fn by_industry(view: &View<'_>) -> Option<Inlines> {
    let told = |id: &str, measure: &'static str| {
        let most = with_most(view, measure);
        let one = |group: &GroupId| {
            let figures = [("count", view.key(measure, Scope::Group(group.clone())), Plain)];
            view.sentence_with("group-count", &figures, |args| args.run("group", within(group)))
        };
        let runs: Vec<Inlines> = most.iter().filter_map(one).collect();
        let groups = view.text.join(runs, "between-names", "before-last-name");
        (!most.is_empty()).then_some(())?;
        view.sentence_with(id, &[], |args| args.run("groups", groups).number("n", most.len()))
    };
    view.paragraph(vec![
        told("limit-up-industries", "limit_up_count"),
        told("limit-down-industries", "limit_down_count"),
    ])
}

/// The industries that have more of a count than any other, those with the most first. Of several
/// that are equal either all are said or none.
fn with_most(view: &View<'_>, measure: &'static str) -> Vec<GroupId> {
    let counted = industries::all(view).filter_map(|id| {
        let count = view.count(measure, Scope::Group(id.clone()))?;
        (count >= OF_INDUSTRY).then_some((Reverse(count), id.clone()))
    });
    let mut counted: Vec<(Reverse<i64>, GroupId)> = counted.collect();
    counted.sort();
    if let Some((next, _)) = counted.get(INDUSTRIES).cloned() {
        counted.retain(|(count, _)| *count < next);
    }
    counted.into_iter().map(|(_, id)| id).collect()
}

/// The ladder: its top rung, and how many climbed.
pub(crate) fn streaks(view: &View<'_>) -> Option<Inlines> {
    let long = view.count("max_streak", Scope::AllA).is_some_and(|streak| streak >= 2);
    let top = long.then(|| {
        let longest = longest_runs(view)?;
        view.sentence_with("streak-top", &[], |args| args.run("longest", longest))
    });
    let rate = |parameter: &str| -> FactKey {
        view.key_of(MeasureId::with("promotion_rate", parameter), Scope::AllA)
    };
    let told = |id: &str, parameter: &str, more: Inlines| {
        let key = rate(parameter);
        view.known(&key)?;
        let figures =
            [("rate", key.clone(), Plain), ("part", key.clone(), Part), ("whole", key, Whole)];
        view.sentence_with(id, &figures, |args| args.run("more", more))
    };
    let all = told("streak-promotion", "all", suspended(view));
    let resumed = all.as_ref().and_then(|_| resumed(view));
    let first = told("streak-promotion-first", "1", Inlines::new());
    let further = told("streak-promotion-further", "from-2", Inlines::new());
    view.paragraph(vec![top.flatten(), all, first, further, resumed])
}

/// A clause with how many of the previous session's limit-ups did not trade; nothing if all did.
fn suspended(view: &View<'_>) -> Inlines {
    let key = view.key_of(MeasureId::with("promotion_suspended", "all"), Scope::AllA);
    match view.known(&key).map(|fact| &fact.value) {
        Some(Value::Count { count }) if *count > 0 => {}
        _ => return Inlines::new(),
    }
    view.sentence("streak-suspended", &[("suspended", key, Plain)]).unwrap_or_default()
}

/// The limit-ups that the ladder counts and promotion does not: their runs are from before a
/// suspension. Nothing if there are none.
fn resumed(view: &View<'_>) -> Option<Inlines> {
    let key = view.key("limit_up_resumed_count", Scope::AllA);
    let names = view.facts.members.get(&key).filter(|names| !names.is_empty())?;
    let names = view.first_names(names, NAMES_OF_A_SENTENCE);
    view.sentence_with("streak-resumed", &[("count", key, Plain)], |args| args.run("names", names))
}

/// How the previous session's limit-ups fared.
pub(crate) fn prior_limit_ups(view: &View<'_>) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    view.paragraph(vec![view.sentence(
        "prior-return",
        &[
            ("open", key("prior_limit_up_open_premium"), Magnitude),
            ("mean", key("prior_limit_up_return"), Magnitude),
            ("positive", key("prior_limit_up_positive_share"), Plain),
        ],
    )])
}

/// The measure of rungs whose streaks may be longer.
pub(crate) const AT_LEAST: &str = "limit_up_ladder_at_least";

/// The ladder's rungs that hold a security, highest first. A rung of streaks that may be longer
/// comes after the rung itself.
pub(crate) fn rungs(view: &View<'_>) -> Vec<FactKey> {
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
            // The count is unknown, but some members are certain.
            _ => view.facts.members.contains_key(&fact.key),
        })
        .map(|fact| fact.key.clone())
        .collect();
    rungs.sort_by_key(|key| (Reverse(height(key)), key.measure.name() == AT_LEAST));
    rungs
}

/// The ladder with names, highest rung first.
pub(crate) fn ladder_table(view: &View<'_>) -> Option<TableBlock> {
    let rows = rungs(view).into_iter().map(|key| listed(view, rung_label(view, &key), key));
    names_table(view, "ladder", "rung", rows.collect())
}

/// The stocks at the lower limit and those that did not hold the upper one, by name.
pub(crate) fn touched_table(view: &View<'_>) -> Option<TableBlock> {
    let classes = [("downs", "limit_down_count"), ("broken", "limit_up_broken_count")];
    classes_table(view, "touched", &classes)
}

/// "4 in a row": the number is the measure's parameter.
pub(crate) fn rung_label(view: &View<'_>, key: &FactKey) -> Inlines {
    let id = match (key.measure.name(), key.measure.parameter()) {
        (AT_LEAST, _) => "rung-at-least",
        (_, Some("1")) => "rung-first",
        _ => "rung",
    };
    view.text.say(id, &Args::new(view.facts).run("rung", vec![Inline::Parameter(key.clone())]))
}

/// The limit board by price-limit class and board.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    let scopes = [
        Scope::AllA,
        Scope::Band(BandClass::Ten),
        Scope::Band(BandClass::Twenty),
        Scope::Band(BandClass::Thirty),
        Scope::Band(BandClass::RiskWarning),
    ];
    by_scope(
        view,
        ("limit-board", "column-class"),
        &scopes,
        &[
            ("ups", "limit_up_count", Plain),
            ("broken", "limit_up_broken_count", Plain),
            ("seal", "seal_rate", Plain),
            ("one-price", "one_price_limit_up_count", Plain),
            ("downs", "limit_down_count", Plain),
            ("highest", "max_streak", Plain),
        ],
    )
}

/// A clause with how many of the limit-ups and limit-downs are under risk warning; nothing if none
/// is, or if that is not known.
fn warned(view: &View<'_>) -> Inlines {
    let scope = || Scope::Band(BandClass::RiskWarning);
    let counts = ["limit_up_count", "limit_down_count"].map(|of| view.count(of, scope()));
    match counts {
        [Some(ups), Some(downs)] if ups + downs > 0 => {}
        _ => return Inlines::new(),
    }
    let key = |measure| view.key(measure, scope());
    let figures =
        [("ups", key("limit_up_count"), Plain), ("downs", key("limit_down_count"), Plain)];
    view.sentence("limit-warned", &figures).unwrap_or_default()
}

pub(crate) fn takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let rule = |id, base| Rule {
        id,
        figures: vec![
            ("ups", key("limit_up_count"), Plain),
            ("downs", key("limit_down_count"), Plain),
            ("broken", key("limit_up_broken_count"), Plain),
            ("seal", key("seal_rate"), Plain),
        ],
        runs: vec![("warned", warned(view))],
        base,
        sway: Some((key("limit_up_count"), 150.0)),
    };
    vec![
        rule("limit_downs_lead", 640),
        rule("limit_board_hot", 560),
        rule("seals_weak", 540),
        rule("limit_ups_lead", 480),
    ]
}

pub(crate) fn streak_takeaways(view: &View<'_>) -> Vec<Rule> {
    let max = view.key("max_streak", Scope::AllA);
    let Some(longest) = longest_runs(view) else { return Vec::new() };
    vec![Rule {
        id: "long_streak",
        figures: vec![("streak", max.clone(), Plain)],
        runs: vec![("longest", longest)],
        base: 420,
        sway: Some((max, 10.0)),
    }]
}

/// The longest run of limit-ups with its names; the longest outside risk warning first, if it is
/// shorter.
fn longest_runs(view: &View<'_>) -> Option<Inlines> {
    let all = view.count("max_streak", Scope::AllA)?;
    let names = rung_of(view, all);
    if names.is_empty() {
        return None;
    }
    let key = view.key("max_streak", Scope::AllA);
    let named = |names: &[Symbol]| view.first_names(names, NAMES_OF_A_SENTENCE);
    let apart = longest_unwarned(view).filter(|(_, run)| (2..all).contains(run));
    let apart = apart.and_then(|(outside, run)| {
        let warned = warned_limit_ups(view)?;
        let mut others = rung_of(view, run);
        others.retain(|symbol| !warned.contains(symbol));
        let figures = [("streak", key.clone(), Plain), ("outside", outside, Plain)];
        let told = || {
            view.sentence_with("longest-runs-apart", &figures, |args| {
                args.run("names", named(&names)).run("others", named(&others))
            })
        };
        (!others.is_empty()).then(told).flatten()
    });
    apart.or_else(|| {
        view.sentence_with("longest-run", &[("streak", key, Plain)], |args| {
            args.run("names", named(&names))
        })
    })
}

/// The longest run outside risk warning and its figure: that of the class with the longest. `None`
/// if that of a class is not known.
pub(crate) fn longest_unwarned(view: &View<'_>) -> Option<(FactKey, i64)> {
    let bands = [BandClass::Ten, BandClass::Twenty, BandClass::Thirty].map(Scope::Band);
    // Nobody is in a class whose market the data lack.
    let has_anyone = |band: &Scope| {
        let fact = view.facts.get(&view.key("max_streak", band.clone()))?;
        let coverage = fact.provenance.coverage;
        (coverage.judged + coverage.unjudged > 0).then_some(())
    };
    let present = bands.into_iter().filter(|band| has_anyone(band).is_some());
    let runs: Option<Vec<(FactKey, i64)>> = present
        .map(|band| Some((view.key("max_streak", band.clone()), view.count("max_streak", band)?)))
        .collect();
    runs?.into_iter().rev().max_by_key(|(_, run)| *run)
}

/// The limit-ups under risk warning; `None` if they are not listed.
fn warned_limit_ups<'a>(view: &View<'a>) -> Option<&'a [Symbol]> {
    let key = view.key("limit_up_count", Scope::Band(BandClass::RiskWarning));
    view.facts.members.get(&key).map(Vec::as_slice)
}

/// The securities on a rung of the ladder.
fn rung_of(view: &View<'_>, run: i64) -> Vec<Symbol> {
    let rung = MeasureId::with("limit_up_ladder", run);
    view.facts.members.get(&view.key_of(rung, Scope::AllA)).cloned().unwrap_or_default()
}

pub(crate) fn prior_limit_up_takeaways(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let mean = key("prior_limit_up_return");
    let rule = |id| Rule {
        id,
        figures: vec![
            ("mean", mean.clone(), Magnitude),
            ("positive", key("prior_limit_up_positive_share"), Plain),
        ],
        runs: Vec::new(),
        base: 400,
        sway: Some((mean.clone(), 0.06)),
    };
    vec![rule("prior_limit_ups_gain"), rule("prior_limit_ups_lose")]
}
