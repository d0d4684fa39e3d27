//! The limit board: which securities were sealed, for how long, and how the previous session's did.

use fupan_fact::{BandClass, FactKey, MeasureId, Scope, Value};
use fupan_market::Symbol;

use crate::document::{Align, Column, Inline, Inlines, Row, TableBlock};
use crate::format::Format::{Magnitude, Part, Plain, Whole};
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
    view.paragraph(vec![top.flatten(), all, resumed, first, further])
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
    rungs.sort_by_key(|key| (std::cmp::Reverse(height(key)), key.measure.name() == AT_LEAST));
    rungs
}

/// Most names listed for a rung or a class.
const NAMES_LISTED: usize = 100;

/// The price-limit classes whose stocks have a flag after their names.
const FLAGS: [(BandClass, &str); 2] = [(BandClass::Twenty, "†"), (BandClass::Thirty, "‡")];

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

/// A table of the members of some counts, by name.
pub(crate) fn classes_table(
    view: &View<'_>,
    id: &str,
    classes: &[(&str, &str)],
) -> Option<TableBlock> {
    let rows = classes.iter().filter_map(|(head, measure)| {
        let key = view.key(measure, Scope::AllA);
        view.facts.members.get(&key).filter(|members| !members.is_empty())?;
        Some(listed(view, view.text.run(&format!("column-{head}")), key))
    });
    names_table(view, id, "class", rows.collect())
}

/// A row of a count and its members.
fn listed(view: &View<'_>, head: Inlines, key: FactKey) -> Row {
    let names = names_of(view, &key);
    Row { head, cells: vec![vec![Inline::Fact(key, Plain)], names] }
}

fn names_table(view: &View<'_>, id: &str, head: &str, rows: Vec<Row>) -> Option<TableBlock> {
    if rows.is_empty() {
        return None;
    }
    let column = |id: &str, align| Column { label: view.text.run(&format!("column-{id}")), align };
    let mut caption = view.text.run(&format!("table-{id}"));
    let names: Inlines = rows.iter().flat_map(|row| &row.cells).flatten().cloned().collect();
    for (band, flag) in FLAGS {
        if names.contains(&Inline::Text(flag.to_owned())) {
            let args = Args::new(view.facts)
                .run("flag", vec![Inline::Text(flag.to_owned())])
                .run("band", vec![Inline::Scope(Scope::Band(band))]);
            caption.extend(view.text.say("table-flag", &args));
        }
    }
    Some(TableBlock {
        id: format!("table-{id}"),
        caption,
        columns: vec![
            column(head, Align::Start),
            column("count", Align::End),
            column("names", Align::Start),
        ],
        rows,
    })
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

/// The members of a count, most traded first, each with the flag of its class.
fn names_of(view: &View<'_>, key: &FactKey) -> Inlines {
    let mut symbols: Vec<Symbol> = view.facts.members.get(key).cloned().unwrap_or_default();
    symbols.sort_by_key(|symbol| {
        let traded = match view.value("turnover_of", Scope::Security(*symbol)) {
            Some(Value::Money { fen }) => fen.0,
            _ => 0,
        };
        (std::cmp::Reverse(traded), *symbol)
    });
    let flag = |symbol: &Symbol| {
        let of = ["limit_up_count", "limit_down_count", "limit_up_broken_count"];
        let is_in = |band: BandClass| {
            let keys = of.map(|measure| view.key(measure, Scope::Band(band)));
            let lists = keys.into_iter().filter_map(|key| view.facts.members.get(&key));
            lists.into_iter().any(|list| list.contains(symbol))
        };
        FLAGS.into_iter().find(|(band, _)| is_in(*band)).map(|(_, flag)| flag)
    };
    let shown = symbols.iter().take(NAMES_LISTED).map(|symbol| {
        let flag = flag(symbol).map(|flag| Inline::Text(flag.to_owned()));
        std::iter::once(Inline::Name(*symbol)).chain(flag).collect()
    });
    let mut names = view.text.join(shown.collect(), "between-names", "before-last-name");
    if symbols.len() > NAMES_LISTED {
        names.extend(view.text.run("and-others"));
    }
    names
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
    let present = bands
        .into_iter()
        .filter(|band| view.facts.get(&view.key("max_streak", band.clone())).is_some());
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
