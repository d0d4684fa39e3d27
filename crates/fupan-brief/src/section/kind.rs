//! What kind of session it was: in which direction and how broadly the market moved, what carried
//! it, and what money did. What stands out is said, with its place in the session's own past; if
//! nothing does, that the session was ordinary.

use fupan_fact::word::Operand::{Difference, Figure, Thousandths, Whole};
use fupan_fact::word::{FigureName, Operand, Term, at_most, less};
use fupan_fact::{AsOf, Scope};

use crate::document::{Inline, Inlines};
use crate::format::Format::{Change, Gap, Magnitude, Percentile, Plain, Rate};
use crate::format::{Tone, tone};
use crate::predicate::ZERO;
use crate::section::index_board::{composite, index_move, lead_index, named, return_of};
use crate::section::ranked::{Ranked, within};
use crate::section::said::{Above, Said, all, place_of, places, said};
use crate::section::{industries, temper, themes};
use crate::view;
use crate::view::View;

/// What kind of session it was; nothing while it lasts.
pub(crate) fn sentences(view: &View<'_>, above: &Above<'_>) -> Vec<Said> {
    if view.as_of != AsOf::Close {
        return Vec::new();
    }
    let direction = ordinary(view, above).or_else(|| direction(view, above));
    let told = [
        direction,
        weights(view, above).or_else(|| index_ahead(view, above)),
        money(view, above),
        temper::limit_board(view, above),
        temper::lead(view, above),
        temper::theme(view, above),
    ];
    told.into_iter().flatten().collect()
}

/// That nothing stood out, with what shows it: where a figure's past is not known, figures of the
/// session itself. Nothing is said if neither is.
fn ordinary(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    let lead = lead_index(view)?;
    let within = |low: Operand, figure: FigureName, high: Operand| {
        [at_most(low, Figure(figure.clone())), at_most(Figure(figure), high)]
    };
    let parts = |low, figure, high| within(Thousandths(low), figure, Thousandths(high));
    let has_past = |measure| view.known(&place_of(view, measure)).is_some();
    let average = FigureName { measure: "turnover_vs_ma20", scope: Scope::SseSzse };
    let mut terms = [
        parts(-10, return_of(lead), 10),
        parts(400, all("advance_share"), 600),
        match has_past("turnover") {
            true => parts(200, all("percentile_250:turnover"), 800),
            false => parts(-100, average, 100),
        },
        match has_past("limit_up_count") {
            true => parts(200, all("percentile_250:limit_up_count"), 800),
            false => within(Whole(30), all("limit_up_count"), Whole(79)),
        },
    ]
    .concat();
    if has_past("return_dispersion") {
        terms.extend(parts(200, all("percentile_250:return_dispersion"), 800));
    }
    terms.extend(steady());
    said(view, above, ("session_ordinary", &terms), || {
        let moved = index_move(view, lead)?;
        let figures = [("share", view.key("advance_share", Scope::AllA), Plain)];
        let past = [("of-turnover", "turnover"), ("of-limit-ups", "limit_up_count")];
        let places = places(view, above.window(), &past);
        let told = if places.is_some() { "past" } else { "nothing" };
        view.sentence_with("kind-ordinary", &figures, |args| {
            args.run("moved", moved).choice("told", told).run("places", places.unwrap_or_default())
        })
    })
}

/// A direction: its predicate, what must hold, the figure whose place shows it, and the word of
/// breadth it goes with.
type Direction = (&'static str, Vec<Term>, (&'static str, &'static str), &'static str);

const RISING: (&str, &str) = ("of-advance-share", "advance_share");

/// The directions, the clearest first. An index leads one only if there is an index.
fn directions(view: &View<'_>) -> Vec<Direction> {
    let share = || Figure(all("advance_share"));
    let median = || Figure(all("median_return"));
    let mut directions: Vec<Direction> = Vec::new();
    if let Some(lead) = lead_index(view) {
        let index = || Figure(return_of(lead));
        let up = vec![less(ZERO, index()), less(median(), ZERO), less(share(), Thousandths(450))];
        let down = vec![less(index(), ZERO), less(ZERO, median()), less(Thousandths(550), share())];
        directions.push(("session_index_up", up, RISING, "narrow"));
        directions.push(("session_index_down", down, RISING, "wide"));
    }
    let (most, few) = (at_most(Thousandths(700), share()), at_most(share(), Thousandths(300)));
    directions.push(("session_broad_rise", vec![most], RISING, "broad_advance"));
    directions.push(("session_broad_fall", vec![few], RISING, "broad_decline"));
    let even = || vec![at_most(Thousandths(450), share()), at_most(share(), Thousandths(550))];
    if let Some((_, apart)) = rotation(view) {
        let mut terms: Vec<Term> = even().into_iter().chain(apart).collect();
        let spread = ("of-dispersion", "return_dispersion");
        if view.known(&place_of(view, "return_dispersion")).is_some() {
            let spread = Figure(all("percentile_250:return_dispersion"));
            terms.push(at_most(Thousandths(500), spread));
        }
        directions.push(("session_rotation", terms, spread, "mixed"));
    }
    directions.extend([
        ("session_up", vec![less(Thousandths(550), share())], RISING, "wide"),
        ("session_down", vec![less(share(), Thousandths(450))], RISING, "narrow"),
        ("session_even", even(), RISING, "mixed"),
    ]);
    directions
}

/// The best and the worst industry, and the condition that both went far, each its way; of themes,
/// of which there are many, if there are no industries.
fn rotation(view: &View<'_>) -> Option<(Ranked, [Term; 2])> {
    let (ranked, far) = match industries::ranked(view) {
        Some(ranked) => (ranked, 15),
        None => (themes::ranked(view)?.1, 25),
    };
    let of = |place: usize| {
        let scope = Scope::Group(ranked.groups.get(place)?.clone());
        Some(Figure(FigureName { measure: ranked.measure, scope }))
    };
    let (best, worst) = (of(0)?, of(ranked.groups.len() - 1)?);
    Some((ranked, [at_most(Thousandths(far), best), at_most(worst, Thousandths(-far))]))
}

/// Which way the market went, and how much of it.
fn direction(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    directions(view).into_iter().find_map(|(id, terms, figure, word)| {
        let told = said(view, above, (id, &terms), || {
            let place = places(view, above.window(), &[figure]).or_else(|| extent(view, above, id));
            let place = place.and_then(|place| {
                view.sentence_with("after-colon", &[], |args| args.run("told", place))
            });
            let ends = match id {
                "session_rotation" => rotation(view).map(|(ranked, _)| ranked.groups),
                _ => None,
            };
            let ends = ends.unwrap_or_default();
            let name = |group: Option<&_>| group.map(within).unwrap_or_default();
            let (best, worst) = (name(ends.first()), name(ends.last()));
            let index = lead_index(view).map(|lead| named(view, lead)).unwrap_or_default();
            let template = id.replace("session_", "kind-").replace('_', "-");
            view.sentence_with(&template, &[], |args| {
                let args = args.run("place", place.unwrap_or_default()).run("index", index);
                args.run("best", best).run("worst", worst)
            })
        });
        Some(told?.lasting(view, word, above))
    })
}

/// How far the market went, where the past of its breadth is not known: the index against the typical
/// share, else the ends of the returns, else breadth itself, whichever nothing above has told.
fn extent(view: &View<'_>, above: &Above<'_>, id: &str) -> Option<Inlines> {
    let key = |measure| view.key(measure, Scope::AllA);
    let new = |figures: &[view::Figure]| {
        figures.iter().all(|(_, key, _)| view.known(key).is_some() && !above.has(key))
    };
    let by_index = lead_index(view).filter(|_| id.starts_with("session_index"));
    let gap = by_index.and_then(|lead| {
        let figures = [("gap", view.key("index_breadth_gap", Scope::Security(lead)), Gap)];
        let told = || {
            view.sentence_with("extent-gap", &figures, |args| args.run("index", named(view, lead)))
        };
        new(&figures).then(told).flatten()
    });
    let tails = [("low", key("return_p10"), Change), ("high", key("return_p90"), Change)];
    let share = [("share", key("advance_share"), Plain)];
    let told = |id: &str, figures: &[view::Figure]| {
        new(figures).then(|| view.sentence(id, figures)).flatten()
    };
    gap.or_else(|| told("extent-tails", &tails)).or_else(|| told("extent-share", &share))
}

/// Large companies against all of them: how far the two means must be apart, in thousandths.
const WEIGHTS_APART: i64 = 3;

/// Whether large companies carried the market, held it up or lagged it.
fn weights(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    if ["large_caps_lead", "small_caps_lead", "micro_caps_lag", "micro_caps_lead"]
        .iter()
        .any(|word| above.says(word))
    {
        // The same was said of the largest and the smallest.
        return None;
    }
    let (cap, equal) = (all("cap_weight_return"), all("equal_weight_return"));
    let ahead = || at_most(Thousandths(WEIGHTS_APART), Difference(cap.clone(), equal.clone()));
    let behind = at_most(Thousandths(WEIGHTS_APART), Difference(equal.clone(), cap.clone()));
    let ways = [
        ("weights_carried", vec![ahead(), less(ZERO, Figure(cap.clone()))]),
        ("weights_held_up", vec![ahead(), at_most(Figure(cap.clone()), ZERO)]),
        ("weights_lagged", vec![behind]),
    ];
    let key = |measure| view.key(measure, Scope::AllA);
    let figures = [
        ("cap", key("cap_weight_return"), Magnitude),
        ("equal", key("equal_weight_return"), Magnitude),
    ];
    ways.into_iter().find_map(|(id, terms)| {
        said(view, above, (id, &terms), || {
            view.sentence_with("kind-weights", &figures, |args| args.choice("way", id))
        })
    })
}

/// Whether the SSE Composite left the typical share behind, where the weights are not said.
fn index_ahead(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    let symbol = composite()?;
    let scope = Scope::Security(symbol);
    let gap = FigureName { measure: "index_breadth_gap", scope: scope.clone() };
    let key = view.key("index_breadth_gap", scope);
    if above.has_measure("index_breadth_gap") {
        return None;
    }
    let rose = || less(ZERO, Figure(return_of(symbol)));
    let not_rose = || at_most(Figure(return_of(symbol)), ZERO);
    let ahead = || at_most(Thousandths(5), Figure(gap.clone()));
    let behind = || at_most(Figure(gap.clone()), Thousandths(-5));
    let ways = [
        ("index_ahead", vec![ahead(), rose()]),
        ("index_held_up", vec![ahead(), not_rose()]),
        ("index_behind", vec![behind(), rose()]),
        ("index_fell_further", vec![behind(), not_rose()]),
    ];
    ways.into_iter().find_map(|(id, terms)| {
        said(view, above, (id, &terms), || {
            view.sentence_with("kind-index-gap", &[("gap", key.clone(), Gap)], |args| {
                args.run("index", named(view, symbol)).choice("way", id)
            })
        })
    })
}

/// The change of turnover.
fn rate() -> Operand {
    Figure(FigureName { measure: "turnover_change_rate", scope: Scope::SseSzse })
}

/// That turnover hardly changed.
fn steady() -> [Term; 2] {
    [less(Thousandths(-50), rate()), less(rate(), Thousandths(50))]
}

/// Money against price: an index with turnover that grew or shrank, or turnover that hardly changed
/// and is unusual.
fn money(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    let lead = lead_index(view)?;
    let index = || Figure(return_of(lead));
    let place = || Figure(all("percentile_250:turnover"));
    let (rose, fell) = (|| less(ZERO, index()), || less(index(), ZERO));
    let more = || at_most(Thousandths(50), rate());
    let fewer = || at_most(rate(), Thousandths(-50));
    let average = || Figure(FigureName { measure: "turnover_vs_ma20", scope: Scope::SseSzse });
    let at = |ends: [Term; 2]| steady().into_iter().chain(ends).collect();
    let high = [at_most(Thousandths(800), place()), at_most(ZERO, average())];
    let low = [at_most(place(), Thousandths(200)), at_most(average(), ZERO)];
    let ways: [(&str, Vec<Term>, &str); 6] = [
        ("rise_on_more", vec![rose(), more()], "turnover_expanding"),
        ("rise_on_less", vec![rose(), fewer()], "turnover_shrinking"),
        ("fall_on_more", vec![fell(), more()], "turnover_expanding"),
        ("fall_on_less", vec![fell(), fewer()], "turnover_shrinking"),
        ("steady_and_high", at(high), "turnover_steady"),
        ("steady_and_low", at(low), "turnover_steady"),
    ];
    ways.into_iter().find_map(|(id, terms, word)| {
        let told = said(view, above, (id, &terms), || {
            let name = named(view, lead);
            let more: Vec<Inlines> = [against_average(view, above), turnover_place(view, above)]
                .into_iter()
                .flatten()
                .collect();
            let told = if more.is_empty() { "nothing" } else { "more" };
            let more = view.text.join(more, "between-places", "before-last-place");
            view.sentence_with("kind-money", &[], |args| {
                args.run("index", name).choice("way", id).choice("told", told).run("more", more)
            })
        })?;
        // That little changed is no news, however long it has been so.
        let news = word != "turnover_steady";
        Some(if news { told.lasting(view, word, above) } else { told })
    })
}

/// A clause with turnover against its mean, if nothing above has it.
fn against_average(view: &View<'_>, above: &Above<'_>) -> Option<Inlines> {
    let long = view.key("turnover_vs_ma20", Scope::SseSzse);
    let level = view.known(&long).and_then(|fact| tone(&fact.value)) == Some(Tone::Flat);
    if view.known(&long).is_none() || above.has(&long) || level {
        return None;
    }
    let window = vec![Inline::Window(long.clone())];
    let figures: [view::Figure; 1] = [("long", long, Rate)];
    view.sentence_with("money-average", &figures, |args| args.run("window", window))
}

/// A clause with the place of turnover in its past.
fn turnover_place(view: &View<'_>, above: &Above<'_>) -> Option<Inlines> {
    let place = place_of(view, "turnover");
    if view.known(&place).is_none() || above.has(&place) {
        return None;
    }
    let window = vec![Inline::Window(place.clone())];
    let figures: [view::Figure; 1] = [("place", place, Percentile)];
    let once = above.window().once();
    view.sentence_with("money-place", &figures, |args| {
        args.run("window", window).choice("order", once)
    })
}
