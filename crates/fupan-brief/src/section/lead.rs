//! The top of a brief: the headline, the line under it and the strip of indices.

use std::collections::BTreeSet;

use fupan_fact::word::Operand::{Figure, Thousandths, Times};
use fupan_fact::word::{FigureName, Term, at_most, less};
use fupan_fact::{FactKey, MeasureId, Scope, Value};

use fupan_market::Symbol;

use crate::degree::{degree, portion, together};
use crate::document::{Grounds, HeroIndex, Inline, Inlines};
use crate::format::Format::{Floor, Magnitude, Plain, Tenths};
use crate::predicate::{ZERO, judge};
use crate::section::index_board::{
    OF_A_CITY, PRESS, WATCHED, index_level, indices_on_board, lead_index, press, return_of,
};
use crate::section::themes;
use crate::text::Args;
use crate::view;
use crate::view::View;
use crate::{Format, Language};

/// A headline: its identifier, what must hold, and the figures that it prints or may print.
type Rule = (&'static str, Vec<Term>, Vec<view::Figure>);

/// The headlines, the most telling first.
fn rules(view: &View<'_>, lead: Symbol) -> [Rule; 8] {
    let count = |way: &'static str| {
        let format = match view.language {
            Language::Zh => Floor,
            Language::En => Plain,
        };
        vec![(way, view.key(way, Scope::AllA), format)]
    };
    let of_lead = || return_of(lead);
    let of_all = |measure| Figure(FigureName { measure, scope: Scope::AllA });
    let (up, down) = (|| less(ZERO, Figure(of_lead())), || less(Figure(of_lead()), ZERO));
    let (median, share) = (|| of_all("median_return"), || of_all("advance_share"));
    let both = ["advances", "declines"].map(|way| (way, view.key(way, Scope::AllA), Plain));
    [
        ("divergence_up", vec![up(), less(median(), ZERO)], count("declines")),
        ("divergence_down", vec![down(), less(ZERO, median())], count("advances")),
        ("broad_advance", vec![up(), at_most(Thousandths(700), share())], count("advances")),
        ("broad_decline", vec![down(), at_most(share(), Thousandths(300))], count("declines")),
        ("leaning_up", vec![up(), less(Thousandths(550), share())], count("advances")),
        ("leaning_down", vec![down(), less(share(), Thousandths(450))], count("declines")),
        ("mixed", vec![at_most(ZERO, share())], both.to_vec()),
        ("index_only", vec![at_most(ZERO, Times(0, of_lead()))], Vec::new()),
    ]
}

/// The headline, with the predicate that justifies it.
pub(crate) fn headline(view: &View<'_>) -> Option<(Inlines, Grounds)> {
    let lead = lead_index(view)?;
    let degree = degree(view, &return_of(lead))?;
    let held = |(id, terms, figures): Rule| {
        judge(id, &terms, view)?;
        let known = figures.iter().all(|(_, key, _)| view.known(key).is_some());
        known.then_some((id, terms, figures))
    };
    let (id, mut terms, figures) = rules(view, lead).into_iter().find_map(held)?;
    let format = match view.language {
        Language::Zh => Magnitude,
        Language::En => Tenths,
    };
    let moved = ("move", view.key("index_return", Scope::Security(lead)), format);
    let verb = view.sentence_with("headline-move", std::slice::from_ref(&moved), |args| {
        args.choice("degree", degree.word)
    })?;
    terms.extend(degree.terms);
    let mut moved_with = verb;
    if let Some((clause, held)) = themes::headline(view, return_of(lead)) {
        moved_with.extend(clause);
        let new: Vec<Term> = held.into_iter().filter(|term| !terms.contains(term)).collect();
        terms.extend(new);
    }
    // What only one language says stands on conditions of its own.
    let portion = match (view.language, figures.as_slice()) {
        (Language::En, [(way, ..)]) => portion(view, way),
        _ => None,
    };
    let all: Vec<FigureName> = press(view).into_iter().map(return_of).collect();
    let together = match view.language {
        Language::Zh if all.len() == PRESS.len() => together(view, &all),
        _ => None,
    };
    let words = portion.as_ref().map_or("", |portion| portion.word);
    let said = view.text.say("portion", &Args::new(view.facts).choice("portion", words));
    let way = together.as_ref().map_or("apart", |together| together.word);
    let ahead = view.text.say("headline-together", &Args::new(view.facts).choice("together", way));
    let market = view.text.say(
        "headline-market",
        &Args::new(view.facts).choice("market", if is_of_two(view) { "two" } else { "all" }),
    );
    let city = OF_A_CITY.contains(&lead.to_string().as_str());
    let text =
        view.sentence_with(&format!("headline-{}", id.replace('_', "-")), &figures, |args| {
            args.run("index", vec![Inline::Press(lead)])
                .run("moved", moved_with)
                .run("portion", said)
                .choice("told", if words.is_empty() { "none" } else { "portion" })
                .choice("place", if city { "named" } else { "unnamed" })
                .run("together", ahead)
                .run("market", market)
        })?;
    terms.extend([portion, together].into_iter().flatten().flat_map(|judged| judged.terms));
    let (predicate, mut keys) = judge(id, &terms, view)?;
    keys.extend(figures.into_iter().map(|(_, key, _)| key).chain([moved.1]));
    let mut seen = BTreeSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    Some((text, Grounds { predicate, keys }))
}

/// Whether all A-shares that traded are those of Shanghai and Shenzhen: the data may lack Beijing.
fn is_of_two(view: &View<'_>) -> bool {
    let traded = |scope| view.count("traded", scope);
    traded(Scope::AllA).is_some_and(|all| traded(Scope::SseSzse) == Some(all))
}

/// A headline without an index: breadth alone, or a statement that nothing is known.
pub(crate) fn plain_headline(view: &View<'_>) -> Inlines {
    let key = |measure| view.key(measure, Scope::AllA);
    let breadth = [
        ("advances", key("advances"), Format::Plain),
        ("declines", key("declines"), Format::Plain),
    ];
    view.sentence("headline-breadth-only", &breadth)
        .unwrap_or_else(|| view.text.run("headline-nothing"))
}

/// The line under the headline: the main indices, then turnover.
pub(crate) fn deck(view: &View<'_>) -> Inlines {
    let moves: Vec<Inlines> =
        press(view).into_iter().filter_map(|symbol| index_level(view, symbol)).collect();
    let moves = view.text.join(moves, "between-levels", "before-last-level");
    let key = |measure| view.key(measure, Scope::SseSzse);
    let indices = (!moves.is_empty())
        .then(|| view.sentence_with("deck-indices", &[], |args| args.run("moves", moves)));
    let turnover = view
        .sentence(
            "deck-turnover",
            &[("turnover", key("turnover"), Plain), ("change", key("turnover_change"), Magnitude)],
        )
        .or_else(|| view.sentence("deck-turnover-alone", &[("turnover", key("turnover"), Plain)]));
    view.paragraph(vec![indices.flatten(), turnover, calendar(view)]).unwrap_or_default()
}

/// Where the session lies in the calendar, if that is notable: next to a long closure, else at an end
/// of the year.
fn calendar(view: &View<'_>) -> Option<Inlines> {
    const HOLIDAYS: [&str; 4] = ["lunar-new-year", "labour-day", "national-day", "new-year"];
    let of = |measure: &str| {
        let keys = view.facts.facts.keys().filter(move |key| key.measure.name() == measure);
        let mut keys = keys.filter(|key| key.session == view.facts.session);
        let key = keys.find(|key| view.known(key).is_some())?;
        let id = key.measure.parameter()?;
        let holiday = HOLIDAYS.into_iter().find(|holiday| *holiday == id).unwrap_or("other");
        Some((holiday, &view.known(key)?.value))
    };
    let is_at = |end: &'static str| {
        let key = FactKey { measure: MeasureId::with(end, "year"), ..view.key(end, Scope::AllA) };
        matches!(view.known(&key)?.value, Value::Flag { holds: true }).then_some("year")
    };
    let left = |value: &Value| match value {
        Value::Count { count: 1 } => Some("last"),
        Value::Count { count: 2 } => Some("last-but-one"),
        Value::Count { count: 3 } => Some("last-but-two"),
        _ => None,
    };
    let (holiday, place) = None
        .or_else(|| of("sessions_before_break").and_then(|(id, value)| Some((id, left(value)?))))
        .or_else(|| of("first_after_break").map(|(id, _)| (id, "first")))
        .or_else(|| is_at("first_session_of").map(|id| (id, "year-first")))
        .or_else(|| is_at("last_session_of").map(|id| (id, "year-last")))?;
    let args = Args::new(view.facts).choice("holiday", holiday).choice("place", place);
    Some(view.text.say("deck-calendar", &args))
}

pub(crate) fn hero(view: &View<'_>) -> Vec<HeroIndex> {
    let shown = |measure, symbol, format| {
        let key = view.key(measure, Scope::Security(symbol));
        view.known(&key).map(|_| Inline::Fact(key, format))
    };
    let watched = indices_on_board(view);
    let watched = watched.into_iter().filter(|s| WATCHED.contains(&s.to_string().as_str()));
    watched
        .filter_map(|symbol| {
            Some(HeroIndex {
                symbol,
                level: shown("index_close", symbol, Format::Plain),
                change: shown("index_return", symbol, Format::Change)?,
                points: shown("index_points", symbol, Format::Change),
            })
        })
        .collect()
}
