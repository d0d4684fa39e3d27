//! What is worth saying about a session, and when.
//!
//! This is the only place where a fact becomes a qualitative word. Each rule names its predicate
//! (terms with thresholds, judged exactly), the template that tells it, the figures the template
//! prints and how much the observation matters.

use fupan_fact::{FactKey, Scope};
use fupan_market::Symbol;

use crate::document::{Basis, Inlines, Takeaway};
use crate::format::Format::{Change, Magnitude, Plain};
use crate::predicate::Operand::{Difference, Figure, Thousandths, Times, Whole};
use crate::predicate::{Term, ZERO, at_most, judge, less};
use crate::view::{self, View};

/// The most takeaways a brief opens with.
const MOST: usize = 5;

/// A rule: what must hold, what is then said, and how much it matters.
struct Rule {
    /// Identifier of the predicate; the template is `takeaway-` and it with hyphens.
    id: &'static str,
    terms: Vec<Term>,
    figures: Vec<view::Figure>,
    /// Salience whatever the size of the move.
    base: u32,
    /// The figure whose size adds to salience, and the size that adds all of [`SWAY`].
    sway: Option<(FactKey, f64)>,
}

/// What the size of a move can add to salience.
const SWAY: f64 = 200.0;

/// The takeaways: of each group the first rule that holds, most salient first.
pub(crate) fn takeaways(view: &View<'_>) -> Vec<Takeaway> {
    let groups =
        [breadth(view), turnover(view), limit_board(view), streak(view), highs(view), size(view)];
    let held = groups.into_iter().chain([concentration(view), prior_limit_ups(view)]);
    let mut takeaways: Vec<Takeaway> =
        held.filter_map(|rules| rules.into_iter().find_map(|rule| take(rule, view))).collect();
    takeaways.extend(indices(view));
    takeaways.sort_by(|a, b| b.salience.cmp(&a.salience).then_with(|| a.id.cmp(&b.id)));
    takeaways.truncate(MOST);
    takeaways
}

fn take(rule: Rule, view: &View<'_>) -> Option<Takeaway> {
    let (predicate, mut keys) = judge(rule.id, &rule.terms, view)?;
    if rule.figures.iter().any(|(_, key, _)| view.known(key).is_none()) {
        return None;
    }
    let template = format!("takeaway-{}", rule.id.replace('_', "-"));
    let named = match rule.id {
        "long_streak" => view.names(&highest_rung(view)),
        _ => Inlines::new(),
    };
    let text = view.sentence_with(&template, &rule.figures, |args| args.run("names", named))?;
    keys.extend(rule.figures.into_iter().map(|(_, key, _)| key));
    keys.dedup();
    let size =
        rule.sway.and_then(|(key, full)| Some(view.known(&key)?.value.to_f64()?.abs() / full));
    let salience = rule.base + (size.unwrap_or(0.0).min(1.0) * SWAY) as u32;
    Some(Takeaway { id: rule.id.to_owned(), text, salience, basis: Basis { predicate, keys } })
}

/// The index that moved most among the three that the press leads with, or among all.
pub(crate) fn lead_index(view: &View<'_>) -> Option<Symbol> {
    let most = |symbols: Vec<Symbol>| {
        symbols.into_iter().rev().max_by_key(|symbol| {
            let value = view.value("index_return", Scope::Security(*symbol));
            (value.and_then(|value| value.to_f64()).unwrap_or(0.0).abs() * 1e9) as i64
        })
    };
    let moved = crate::compose::indices_on_board(view);
    let press: Vec<Symbol> = moved
        .iter()
        .copied()
        .filter(|s| crate::compose::PRESS.contains(&s.to_string().as_str()))
        .collect();
    if press.is_empty() { most(moved) } else { most(press) }
}

/// The headline's template, with the predicate it rests on.
pub(crate) fn headline(view: &View<'_>) -> Option<(Inlines, Basis)> {
    let lead = lead_index(view)?;
    let index_return = view.key("index_return", Scope::Security(lead));
    let figures = |way: &'static str| {
        vec![("move", index_return.clone(), Magnitude), (way, view.key(way, Scope::AllA), Plain)]
    };
    let up = || less(ZERO, Figure(index_return.clone()));
    let down = || less(Figure(index_return.clone()), ZERO);
    let median = || Figure(view.key("median_return", Scope::AllA));
    let share = || Figure(view.key("advance_share", Scope::AllA));
    let both = || {
        let mut all = figures("advances");
        all.push(("declines", view.key("declines", Scope::AllA), Plain));
        all
    };
    let rules: [(&str, Vec<Term>, Vec<view::Figure>); 8] = [
        ("divergence_up", vec![up(), less(median(), ZERO)], figures("declines")),
        ("divergence_down", vec![down(), less(ZERO, median())], figures("advances")),
        ("broad_advance", vec![up(), at_most(Thousandths(700), share())], figures("advances")),
        ("broad_decline", vec![down(), at_most(share(), Thousandths(300))], figures("declines")),
        ("leaning_up", vec![up(), less(Thousandths(550), share())], both()),
        ("leaning_down", vec![down(), less(share(), Thousandths(450))], both()),
        ("mixed", vec![at_most(ZERO, share())], both()),
        (
            "index_only",
            vec![at_most(ZERO, Times(0, index_return.clone()))],
            vec![("move", index_return.clone(), Magnitude)],
        ),
    ];
    rules.into_iter().find_map(|(id, terms, figures)| {
        let (predicate, mut keys) = judge(id, &terms, view)?;
        if figures.iter().any(|(_, key, _)| view.known(key).is_none()) {
            return None;
        }
        let template = format!("headline-{}", id.replace('_', "-"));
        let name = vec![crate::document::Inline::Name(lead)];
        let text = view.sentence_with(&template, &figures, |args| args.run("index", name))?;
        keys.extend(figures.into_iter().map(|(_, key, _)| key));
        keys.dedup();
        Some((text, Basis { predicate, keys }))
    })
}

fn indices(view: &View<'_>) -> Option<Takeaway> {
    let mut ranked: Vec<Symbol> = crate::compose::indices_on_board(view)
        .into_iter()
        .filter(|symbol| crate::compose::WATCHED.contains(&symbol.to_string().as_str()))
        .collect();
    let key = |symbol: Symbol| view.key("index_return", Scope::Security(symbol));
    ranked.sort_by(|a, b| {
        let value = |s: &Symbol| view.known(&key(*s)).and_then(|fact| fact.value.to_f64());
        value(b).partial_cmp(&value(a)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let (best, worst) = (*ranked.first()?, *ranked.last()?);
    let spread = || Difference(key(best), key(worst));
    let rules = [
        ("indices_apart", vec![at_most(Thousandths(10), spread())]),
        ("indices_together", vec![less(spread(), Thousandths(10))]),
    ];
    let (predicate, _) = rules.into_iter().find_map(|(id, terms)| judge(id, &terms, view))?;
    let moves: Vec<Inlines> =
        ranked.iter().filter_map(|symbol| crate::compose::index_move(view, *symbol)).collect();
    let list = view.text.join(moves, "between-moves", "before-last-move");
    let template = format!("takeaway-{}", predicate.id.replace('_', "-"));
    let best_name = vec![crate::document::Inline::Name(best)];
    let text =
        view.sentence_with(&template, &[], |args| args.run("moves", list).run("best", best_name))?;
    let size = view
        .known(&key(best))?
        .value
        .to_f64()?
        .abs()
        .max(view.known(&key(worst)).and_then(|fact| fact.value.to_f64()).unwrap_or(0.0).abs());
    let salience = 640 + ((size / 0.03).min(1.0) * SWAY) as u32;
    let keys = ranked.into_iter().map(key).collect();
    Some(Takeaway { id: predicate.id.clone(), text, salience, basis: Basis { predicate, keys } })
}

fn breadth(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let share = || Figure(key("advance_share"));
    let figures = || {
        vec![
            ("advances", key("advances"), Plain),
            ("declines", key("declines"), Plain),
            ("share", key("advance_share"), Plain),
            ("median", key("median_return"), Change),
        ]
    };
    let rule = |id, terms, base| Rule {
        id,
        terms,
        figures: figures(),
        base,
        sway: Some((key("median_return"), 0.02)),
    };
    vec![
        rule("broad_advance", vec![at_most(Thousandths(700), share())], 700),
        rule("broad_decline", vec![at_most(share(), Thousandths(300))], 700),
        rule("narrow", vec![less(share(), Thousandths(450))], 690),
        rule("wide", vec![less(Thousandths(550), share())], 650),
        rule(
            "mixed",
            vec![at_most(Thousandths(450), share()), at_most(share(), Thousandths(550))],
            600,
        ),
    ]
}

fn turnover(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::SseSzse);
    let rate = || Figure(key("turnover_change_rate"));
    let rule = |id, terms, base| Rule {
        id,
        terms,
        figures: vec![
            ("turnover", key("turnover"), Plain),
            ("change", key("turnover_change"), Magnitude),
            ("rate", key("turnover_change_rate"), Change),
        ],
        base,
        sway: Some((key("turnover_change_rate"), 0.15)),
    };
    let highest = Rule {
        id: "turnover_highest",
        terms: vec![at_most(Figure(key("turnover_rank_in_window")), Whole(1)), less(ZERO, rate())],
        figures: vec![
            ("turnover", key("turnover"), Plain),
            ("change", key("turnover_change"), Magnitude),
            ("rate", key("turnover_change_rate"), Change),
            ("window", key("turnover_rank_in_window"), crate::Format::Judged),
        ],
        base: 620,
        sway: Some((key("turnover_change_rate"), 0.15)),
    };
    vec![
        highest,
        rule("turnover_expanding", vec![at_most(Thousandths(50), rate())], 560),
        rule("turnover_shrinking", vec![at_most(rate(), Thousandths(-50))], 560),
        rule(
            "turnover_steady",
            vec![less(Thousandths(-50), rate()), less(rate(), Thousandths(50))],
            480,
        ),
    ]
}

fn limit_board(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let (ups, downs) = (|| Figure(key("limit_up_count")), || Figure(key("limit_down_count")));
    let seal = || Figure(key("seal_rate"));
    let rule = |id, terms, base| Rule {
        id,
        terms,
        figures: vec![
            ("ups", key("limit_up_count"), Plain),
            ("downs", key("limit_down_count"), Plain),
            ("broken", key("limit_up_broken_count"), Plain),
            ("seal", key("seal_rate"), Plain),
        ],
        base,
        sway: Some((key("limit_up_count"), 150.0)),
    };
    vec![
        rule("limit_downs_lead", vec![less(ups(), downs())], 640),
        rule(
            "limit_board_hot",
            vec![at_most(Whole(80), ups()), at_most(Thousandths(750), seal())],
            560,
        ),
        rule("seals_weak", vec![at_most(Whole(20), ups()), less(seal(), Thousandths(600))], 540),
        rule("limit_ups_lead", vec![less(downs(), ups())], 480),
    ]
}

fn streak(view: &View<'_>) -> Vec<Rule> {
    let max = view.key("max_streak", Scope::AllA);
    if highest_rung(view).is_empty() {
        return Vec::new();
    }
    vec![Rule {
        id: "long_streak",
        terms: vec![at_most(Whole(4), Figure(max.clone()))],
        figures: vec![("streak", max.clone(), Plain)],
        base: 420,
        sway: Some((max, 10.0)),
    }]
}

/// The securities on the ladder's highest rung, at most three.
pub(crate) fn highest_rung(view: &View<'_>) -> Vec<Symbol> {
    let Some(max) = view.count("max_streak", Scope::AllA) else { return Vec::new() };
    let rung = fupan_fact::MeasureId::with("limit_up_ladder", max);
    let members = view.facts.members.get(&view.key_of(rung, Scope::AllA));
    members.map(|symbols| symbols.iter().copied().take(3).collect()).unwrap_or_default()
}

fn highs(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let (high, low) = (key("new_high_250"), key("new_low_250"));
    let rule = |id, terms| Rule {
        id,
        terms,
        figures: vec![("highs", high.clone(), Plain), ("lows", low.clone(), Plain)],
        base: 430,
        sway: Some((high.clone(), 400.0)),
    };
    vec![
        rule(
            "highs_lead",
            vec![
                less(Times(2, low.clone()), Figure(high.clone())),
                at_most(Whole(20), Figure(high.clone())),
            ],
        ),
        rule(
            "lows_lead",
            vec![
                less(Times(2, high.clone()), Figure(low.clone())),
                at_most(Whole(20), Figure(low.clone())),
            ],
        ),
    ]
}

fn size(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let (micro, cap) = (key("micro_cap_return"), key("cap_weight_return"));
    let gap = || Difference(micro.clone(), cap.clone());
    let rule = |id, term| Rule {
        id,
        terms: vec![term],
        figures: vec![("micro", micro.clone(), Change), ("cap", cap.clone(), Change)],
        base: 440,
        sway: Some((micro.clone(), 0.03)),
    };
    vec![
        rule("micro_caps_lag", at_most(gap(), Thousandths(-5))),
        rule("micro_caps_lead", at_most(Thousandths(5), gap())),
    ]
}

fn concentration(view: &View<'_>) -> Vec<Rule> {
    let share = view.key("top5_turnover_share", Scope::AllA);
    vec![Rule {
        id: "turnover_concentrated",
        terms: vec![at_most(Thousandths(450), Figure(share.clone()))],
        figures: vec![("share", share.clone(), Plain)],
        base: 410,
        sway: None,
    }]
}

fn prior_limit_ups(view: &View<'_>) -> Vec<Rule> {
    let key = |measure| view.key(measure, Scope::AllA);
    let mean = key("prior_limit_up_return");
    let rule = |id, term| Rule {
        id,
        terms: vec![term],
        figures: vec![
            ("mean", mean.clone(), Change),
            ("positive", key("prior_limit_up_positive_share"), Plain),
        ],
        base: 400,
        sway: Some((mean.clone(), 0.06)),
    };
    vec![
        rule("prior_limit_ups_gain", at_most(Thousandths(20), Figure(mean.clone()))),
        rule("prior_limit_ups_lose", at_most(Figure(mean.clone()), Thousandths(-10))),
    ]
}
