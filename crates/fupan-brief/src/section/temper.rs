//! The temper of the limit board, and whether what led goes on leading.

use fupan_fact::Scope;
use fupan_fact::word::Operand::{Figure, Thousandths, Times, Whole};
use fupan_fact::word::{FigureName, Term, at_most, less};
use fupan_fact::{FactKey, MeasureId, Word};

use crate::document::{Inline, Inlines};
use crate::format::Format::{Magnitude, Percentile, Plain};
use crate::predicate::ZERO;
use crate::section::ranked::within;
use crate::section::said::{Above, Said, all, place_of, places, said};
use crate::section::themes;
use crate::view::View;

const UPS: &str = "percentile_250:limit_up_count";
const DOWNS: &str = "percentile_250:limit_down_count";
const BROKEN: &str = "percentile_250:limit_up_broken_count";
const HELD: &str = "percentile_250:seal_rate";
const PROMOTED: &str = "percentile_250:promotion_rate:all";
const FOLLOWED: &str = "percentile_250:prior_limit_up_return";

/// The figures that show a temper: how many were at their limits, or how those of the session
/// before fared.
const BOARD: &[(&str, &str)] = &[
    ("of-limit-ups", "limit_up_count"),
    ("of-seal-rate", "seal_rate"),
    ("of-limit-downs", "limit_down_count"),
];
const COHORT: &[(&str, &str)] =
    &[("of-promotion", "promotion_rate:all"), ("of-followed", "prior_limit_up_return")];

/// A temper: its predicate, what must hold, and the figures that show it.
type Temper = (&'static str, Vec<Term>, &'static [(&'static str, &'static str)]);

/// The tempers, the most telling first.
fn tempers() -> [Temper; 7] {
    let high = |measure, from: i64| at_most(Thousandths(from), Figure(all(measure)));
    let low = |measure, to: i64| at_most(Figure(all(measure)), Thousandths(to));
    [
        ("board_freezing", vec![low(UPS, 50), high(DOWNS, 800)], BOARD),
        ("board_climax", vec![high(UPS, 950), high(HELD, 500)], BOARD),
        ("board_ebbing", vec![low(PROMOTED, 200), low(FOLLOWED, 200)], COHORT),
        ("board_warming", vec![high(PROMOTED, 800), high(FOLLOWED, 800)], COHORT),
        ("board_unsteady", vec![high(BROKEN, 500), low(HELD, 100)], BOARD),
        ("board_hot", vec![high(UPS, 800)], BOARD),
        ("board_cold", vec![low(UPS, 200)], BOARD),
    ]
}

/// The limit board's temper, if it is out of the ordinary.
pub(crate) fn limit_board(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    let by_past = tempers().into_iter().find_map(|(id, terms, figures)| {
        said(view, above, (id, &terms), || {
            let places = places(view, above.window(), figures)?;
            let places = view.sentence_with("temper-past", &[], |args| args.run("told", places))?;
            view.sentence_with("kind-temper", &[], |args| {
                args.choice("temper", id).run("places", places)
            })
        })
    });
    by_past.or_else(|| of_itself(view, above))
}

/// The same by the session's own figures, where their past is not known.
fn tempers_of_itself() -> [Temper; 4] {
    let figure = |measure| Figure(all(measure));
    let (ups, downs) = (|| figure("limit_up_count"), || figure("limit_down_count"));
    let (promoted, followed) =
        (|| figure("promotion_rate:all"), || figure("prior_limit_up_return"));
    let freezing = vec![at_most(ups(), Whole(30)), less(ups(), downs())];
    let climax = vec![at_most(Whole(100), ups()), at_most(Thousandths(800), figure("seal_rate"))];
    let ebbing = vec![at_most(promoted(), Thousandths(150)), less(followed(), ZERO)];
    let warming = vec![at_most(Thousandths(350), promoted()), at_most(Thousandths(20), followed())];
    [
        ("board_freezing", freezing, BOARD),
        ("board_climax", climax, BOARD),
        ("board_ebbing", ebbing, COHORT),
        ("board_warming", warming, COHORT),
    ]
}

/// The limit board's temper by its own figures, with those that nothing above has told.
fn of_itself(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    tempers_of_itself().into_iter().find_map(|(id, terms, figures)| {
        // Its past would have told.
        let has_past = |(_, measure): &(&str, &str)| view.known(&place_of(view, measure)).is_some();
        if figures.iter().any(has_past) {
            return None;
        }
        said(view, above, (id, &terms), || {
            let key = |measure| view.key(measure, Scope::AllA);
            let rate = view.key_of(MeasureId::with("promotion_rate", "all"), Scope::AllA);
            let (detail, figures) = match figures == COHORT {
                true => {
                    let mean = key("prior_limit_up_return");
                    ("temper-cohort", vec![("rate", rate, Plain), ("mean", mean, Magnitude)])
                }
                false => {
                    let (ups, downs) = (key("limit_up_count"), key("limit_down_count"));
                    ("temper-board", vec![("ups", ups, Plain), ("downs", downs, Plain)])
                }
            };
            let told = figures.iter().all(|(_, key, _)| above.has(key));
            let detail = match told {
                true => Inlines::new(),
                false => {
                    let figures = view.sentence(detail, &figures)?;
                    view.sentence_with("after-colon", &[], |args| args.run("told", figures))?
                }
            };
            view.sentence_with("kind-temper", &[], |args| {
                args.choice("temper", id).run("places", detail)
            })
        })
    })
}

/// Whether the session before's limit-ups went on, where no takeaway says so.
pub(crate) fn lead(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    ["prior_limit_ups_gain", "prior_limit_ups_lose"].into_iter().find_map(|word| {
        let mean = view.key("prior_limit_up_return", Scope::AllA);
        if above.says(word) || above.has(&mean) {
            return None;
        }
        let told = said(view, above, (word, Word::of_id(word)?.terms), || {
            let place = clause(view, above, place_of(view, "prior_limit_up_return"));
            view.sentence_with("kind-lead", &[("mean", mean, Magnitude)], |args| {
                args.choice("way", word).run("place", place)
            })
        });
        Some(told?.lasting(view, word, above))
    })
}

/// ", in the 72nd percentile of the past 250 sessions", if that is known and not told above.
fn clause(view: &View<'_>, above: &Above<'_>, place: FactKey) -> Inlines {
    if view.known(&place).is_none() || above.has(&place) {
        return Inlines::new();
    }
    let window = vec![Inline::Window(place.clone())];
    let once = above.window().once();
    let told = view.sentence_with("place-after", &[("place", place, Percentile)], |args| {
        args.run("window", window).choice("order", once)
    });
    told.unwrap_or_default()
}

/// Fewest limit-ups of a leading theme that are said, and of how many in all they must be one.
const THEME_LIMIT_UPS: i64 = 5;
const ONE_IN: i64 = 10;

/// The leading theme, if it has a good part of the limit-ups.
pub(crate) fn theme(view: &View<'_>, above: &Above<'_>) -> Option<Said> {
    let (_, ranked) = themes::ranked(view)?;
    let best = ranked.groups.first()?;
    let scope = || Scope::Group(best.clone());
    let ups = || FigureName { measure: "limit_up_count", scope: scope() };
    let terms = [
        at_most(Whole(THEME_LIMIT_UPS), Figure(ups())),
        at_most(Figure(all("limit_up_count")), Times(ONE_IN, ups())),
    ];
    said(view, above, ("theme_leads_limit_ups", &terms), || {
        let key = |measure| view.key(measure, scope());
        let figures = [
            ("ups", key("limit_up_count"), Plain),
            ("all", view.key("limit_up_count", Scope::AllA), Plain),
            ("advances", key("advances"), Plain),
            ("declines", key("declines"), Plain),
        ];
        view.sentence_with("kind-theme", &figures, |args| args.run("theme", within(best)))
    })
}
