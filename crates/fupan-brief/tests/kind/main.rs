//! What kind of session it was, and what to watch: which words are said of which figures, and what is
//! left out.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod facts;
#[expect(dead_code, reason = "other tests need more of it")]
#[path = "../fixture/mod.rs"]
mod fixture;
mod read;
#[expect(dead_code, reason = "other tests need more of it")]
#[path = "../sets/mod.rs"]
mod sets;
mod watch;

use fupan_brief::document::Section;
use fupan_brief::{Document, FactSet, Language, compose};
use fupan_fact::{Basis, FactKey, Value};

use fixture::{Builder, count, ppb};
use sets::*;

fn part<'d>(document: &'d Document, id: &str) -> Option<&'d Section> {
    document.sections.iter().find(|section| section.id == id)
}

/// The predicates of the session's kind.
fn said(set: &FactSet) -> Vec<String> {
    let document = compose(set, Language::En);
    let grounds = part(&document, "kind").map_or(Vec::new(), |section| section.grounds.clone());
    grounds.into_iter().map(|grounds| grounds.predicate.id).collect()
}

/// The lines under a heading, as Markdown without marks.
fn lines(set: &FactSet, language: Language, heading: &str) -> Vec<String> {
    let text = unmarked(set, language);
    let Some((_, rest)) = text.split_once(&format!("\n## {heading}\n")) else { return Vec::new() };
    let own = rest.split("\n## ").next().unwrap_or_default();
    own.lines().filter(|line| !line.is_empty()).map(|line| line.replace('\u{a0}', " ")).collect()
}

fn kind_of(set: &FactSet, language: Language) -> String {
    let heading = match language {
        Language::Zh => "行情性质",
        Language::En => "What kind of session",
    };
    lines(set, language, heading).join("\n")
}

fn watched(set: &FactSet, language: Language) -> Vec<String> {
    let heading = match language {
        Language::Zh => "下一交易日观察点",
        Language::En => "What to watch next session",
    };
    lines(set, language, heading)
}

/// The place of figures in 250 sessions, in thousandths.
fn places(of: &[(&str, i64)]) -> FactSet {
    let mut builder = Builder::new();
    for (measure, part) in of {
        let share = Value::Share { part: *part, whole: 1_000 };
        builder.put(&format!("percentile_250:{measure}"), "all-a", share);
    }
    builder.set
}

fn run_of(word: &str, sessions: i64, since: i64) -> FactSet {
    facts(&[
        (&format!("word_sessions:{word}"), "all-a", count(sessions)),
        (&format!("word_last_held:{word}"), "all-a", count(since)),
    ])
}

fn weighted(cap: i64, equal: i64) -> FactSet {
    facts(&[("cap_weight_return", "all-a", ppb(cap)), ("equal_weight_return", "all-a", ppb(equal))])
}

/// A day on which nothing stands out.
fn calm() -> FactSet {
    together([
        session(-2_000_000, 48_000, -1_000_000),
        turnover(-40_000_000, 40),
        places(&[("turnover", 550), ("return_dispersion", 300), ("limit_up_count", 470)]),
    ])
}

/// The leading theme with its limit-ups, and those of the market.
fn theme(ups: i64, all: i64) -> FactSet {
    let mut builder = Builder::new();
    let names = [("液冷服务器", 31_000_000), ("乳业", -12_000_000)];
    for (code, moved) in names {
        let scope = format!("list-concept.{code}");
        let en = fupan_market::english_group_name(code).map(str::to_owned);
        let name = fupan_fact::Name { zh: code.to_owned(), en };
        builder.set.groups.insert(scope.parse().unwrap(), name);
        builder.put("equal_weight_return", &scope, ppb(moved));
        builder.put("limit_up_count", &scope, count(ups));
        builder.put("advances", &scope, count(40));
        builder.put("declines", &scope, count(6));
    }
    builder.put("limit_up_count", "all-a", count(all));
    let mut set = builder.set;
    set.themes = fixture::full(Basis::Exact).themes;
    set
}

#[test]
fn the_direction_is_told_by_breadth_and_the_index() {
    let apart = |best, worst| industries(best, worst);
    let cases = [
        // (index, advance share, median, expected)
        (5_000_000, 70_000, 1, "session_broad_rise"),
        (5_000_000, 69_999, 1, "session_up"),
        (-5_000_000, 30_000, -1, "session_broad_fall"),
        (-5_000_000, 30_001, -1, "session_down"),
        (5_000_000, 44_999, -1, "session_index_up"),
        (5_000_000, 20_000, -1, "session_index_up"),
        (5_000_000, 20_000, 0, "session_broad_fall"),
        (5_000_000, 44_999, 0, "session_down"),
        (5_000_000, 45_000, -1, "session_even"),
        (-5_000_000, 55_001, 1, "session_index_down"),
        (-5_000_000, 55_000, 1, "session_even"),
        (0, 60_000, 1, "session_up"),
    ];
    for (index, share, median, expected) in cases {
        let found = said(&session(index, share, median));
        assert_eq!(found, [expected], "{index} {share} {median}");
    }
    for (best, worst, expected) in [
        (15_000_000, -15_000_000, "session_rotation"),
        (14_999_999, -15_000_000, "session_even"),
        (15_000_000, -14_999_999, "session_even"),
    ] {
        let set = together([session(5_000_000, 50_000, 1), apart(best, worst)]);
        assert_eq!(said(&set), [expected], "{best} {worst}");
    }
    let apart_by = |place| {
        let set = together([session(5_000_000, 50_000, 1), apart(15_000_000, -15_000_000)]);
        said(&together([set, places(&[("return_dispersion", place)])]))
    };
    assert_eq!(apart_by(500), ["session_rotation"]);
    assert_eq!(apart_by(499), ["session_even"], "stocks were closer together than usual");
    let one_way = together([session(5_000_000, 60_000, 1), apart(20_000_000, -20_000_000)]);
    assert_eq!(said(&one_way), ["session_up"]);
    assert!(said(&indices(&[(SSE, 4_000_000)])).is_empty(), "an index alone is no kind of session");
}

#[test]
fn large_companies_carry_hold_up_or_lag() {
    for (cap, equal, expected) in [
        (4_000_000, 1_000_000, &["weights_carried"][..]),
        (4_000_000, 1_000_001, &[]),
        (0, -3_000_000, &["weights_held_up"]),
        (-1_000_000, -4_000_000, &["weights_held_up"]),
        (-4_000_000, -1_000_000, &["weights_lagged"]),
        (1_000_000, 3_999_999, &[]),
    ] {
        assert_eq!(said(&weighted(cap, equal)), expected, "{cap} {equal}");
    }
    // Where a takeaway says the same of size, the index is set against the typical share instead.
    let told = |gap: i64, index: i64| {
        let gap = facts(&[("index_breadth_gap", SSE, ppb(gap))]);
        let size = deciles(-5_000_000, 5_000_000);
        said(&together([weighted(4_000_000, 0), size, gap, indices(&[(SSE, index)])]))
    };
    assert_eq!(told(5_000_000, 1), ["index_ahead"]);
    assert_eq!(told(5_000_000, 0), ["index_held_up"]);
    assert_eq!(told(-5_000_000, 1), ["index_behind"]);
    assert_eq!(told(-5_000_000, -1), ["index_fell_further"]);
    assert!(told(4_999_999, 1).is_empty() && told(-4_999_999, 1).is_empty());
    let unknown = facts(&[("index_breadth_gap", SSE, ppb(9_000_000))]);
    assert!(said(&unknown).is_empty(), "whether it rose is not known");
}

#[test]
fn money_is_set_against_price() {
    let with = |index: i64, rate: i64, place: i64, average: i64| {
        let change = against_average(turnover(rate, 9), average);
        said(&together([indices(&[(SSE, index)]), change, places(&[("turnover", place)])]))
    };
    let of = |index, rate, place| with(index, rate, place, 0);
    assert!(with(1, 0, 800, -1).is_empty(), "high of its year, low of its month");
    assert!(with(1, 0, 200, 1).is_empty());
    for (index, rate, place, expected) in [
        (1, 50_000_000, 500, &["rise_on_more"][..]),
        (1, -50_000_000, 500, &["rise_on_less"]),
        (-1, 50_000_000, 500, &["fall_on_more"]),
        (-1, -50_000_000, 500, &["fall_on_less"]),
        (0, 50_000_000, 500, &[]),
        (1, 49_999_999, 500, &[]),
        (1, 49_999_999, 800, &["steady_and_high"]),
        (1, -49_999_999, 799, &[]),
        (1, -49_999_999, 200, &["steady_and_low"]),
    ] {
        assert_eq!(of(index, rate, place), expected, "{index} {rate} {place}");
    }
}

#[test]
fn the_limit_boards_temper_is_told_by_its_past() {
    for (figures, expected) in [
        (&[("limit_up_count", 50), ("limit_down_count", 800)][..], "board_freezing"),
        (&[("limit_up_count", 50), ("limit_down_count", 799)], "board_cold"),
        (&[("limit_up_count", 51), ("limit_down_count", 800)], "board_cold"),
        (&[("limit_up_count", 950), ("seal_rate", 500)], "board_climax"),
        (&[("limit_up_count", 949), ("seal_rate", 500)], "board_hot"),
        (&[("limit_up_count", 950), ("seal_rate", 499)], "board_hot"),
        (&[("limit_up_count", 800)], "board_hot"),
        (&[("promotion_rate:all", 200), ("prior_limit_up_return", 200)], "board_ebbing"),
        (&[("promotion_rate:all", 800), ("prior_limit_up_return", 800)], "board_warming"),
        (&[("limit_up_broken_count", 500), ("seal_rate", 100)], "board_unsteady"),
    ] {
        assert_eq!(said(&places(figures)), [expected], "{figures:?}");
    }
    for figures in [
        &[("limit_up_count", 799)][..],
        &[("limit_up_count", 201)],
        &[("promotion_rate:all", 200), ("prior_limit_up_return", 201)],
        &[("promotion_rate:all", 799), ("prior_limit_up_return", 800)],
        &[("limit_up_broken_count", 499), ("seal_rate", 100)],
        &[("seal_rate", 50)],
    ] {
        assert!(said(&places(figures)).is_empty(), "{figures:?}");
    }
}

#[test]
fn a_lead_is_told_once_and_a_theme_only_with_a_good_part_of_the_limit_ups() {
    // The takeaway says it already.
    assert!(said(&prior(24_000_000)).is_empty());
    // Here six others leave it no room.
    let full = fixture::full(Basis::Exact);
    assert!(said(&full).contains(&"prior_limit_ups_gain".to_owned()));
    let has_theme = |ups, all| said(&theme(ups, all)).contains(&"theme_leads_limit_ups".to_owned());
    assert!(has_theme(5, 50) && has_theme(7, 70));
    assert!(!has_theme(5, 51) && !has_theme(4, 20));
}

fn ahead(gap: i64, index: i64) -> FactSet {
    let gap = facts(&[("index_breadth_gap", SSE, ppb(gap))]);
    together([gap, indices(&[(SSE, index)])])
}

fn tails() -> FactSet {
    facts(&[("return_p10", "all-a", ppb(-28_000_000)), ("return_p90", "all-a", ppb(29_500_000))])
}

/// A limit board that no takeaway tells.
fn board_of(ups: i64, downs: i64, seal: i64) -> FactSet {
    facts(&[
        ("limit_up_count", "all-a", count(ups)),
        ("limit_down_count", "all-a", count(downs)),
        ("seal_rate", "all-a", share(seal)),
    ])
}

fn cohort_of(promoted: i64, mean: i64) -> FactSet {
    facts(&[
        ("promotion_rate:all", "all-a", share(promoted)),
        ("prior_limit_up_return", "all-a", ppb(mean)),
    ])
}

/// A day on which nothing stands out, without a past.
fn calm_in_itself() -> FactSet {
    together([
        session(-2_000_000, 48_000, -1_000_000),
        turnover(-40_000_000, 40),
        against_average(facts(&[]), 30_000_000),
        board_of(50, 4, 70_000),
    ])
}

/// Where the past is not known, a session's own figures judge.
#[test]
fn without_a_past_a_session_is_judged_by_itself() {
    let first = |set: &FactSet| said(set).first().cloned().unwrap_or_default();
    assert_eq!(first(&calm_in_itself()), "session_ordinary");
    let with = |change| first(&together([calm_in_itself(), change]));
    for change in [
        against_average(facts(&[]), 100_000_001),
        against_average(facts(&[]), -100_000_001),
        board_of(80, 4, 70_000),
        board_of(29, 4, 70_000),
        places(&[("turnover", 900)]),
        places(&[("limit_up_count", 900)]),
    ] {
        assert_eq!(with(change), "session_even");
    }
    let mut bare = calm_in_itself();
    forget(&mut bare, "turnover_vs_ma20", "sse-szse");
    assert_eq!(first(&bare), "session_even", "neither is known");
    for (set, expected) in [
        (board_of(30, 31, 50_000), "board_freezing"),
        (board_of(31, 40, 50_000), ""),
        (board_of(30, 30, 50_000), ""),
        (board_of(100, 2, 80_000), "board_climax"),
        (board_of(99, 2, 80_000), ""),
        (board_of(100, 2, 79_999), ""),
        (cohort_of(15_000, -1), "board_ebbing"),
        (cohort_of(15_001, -1), ""),
        (cohort_of(15_000, 0), ""),
        (cohort_of(35_000, 20_000_000), "board_warming"),
        (cohort_of(34_999, 19_999_999), ""),
        (together([cohort_of(35_000, 20_000_000), places(&[("promotion_rate:all", 500)])]), ""),
    ] {
        let found = said(&set);
        let board = found.iter().find(|id| id.starts_with("board_"));
        assert_eq!(board.map_or("", String::as_str), expected, "{found:?}");
    }
}

/// A calm day has one sentence, and each of its conditions is needed for it.
#[test]
fn a_calm_day_reads_calm() {
    assert_eq!(said(&calm()), ["session_ordinary"]);
    let index = |moved| session(moved, 48_000, -1_000_000);
    let place = |of: &str, part| places(&[(of, part)]);
    for (change, ordinary) in [
        (index(10_000_000), true),
        (index(10_000_001), false),
        (index(-10_000_001), false),
        (session(0, 60_000, 0), true),
        (session(0, 60_001, 0), false),
        (session(0, 39_999, 0), false),
        (turnover(49_999_999, 9), true),
        (turnover(50_000_000, 9), false),
        (turnover(-50_000_000, 9), false),
        (place("turnover", 800), true),
        (place("turnover", 801), false),
        (place("turnover", 199), false),
        (place("limit_up_count", 801), false),
        (place("limit_up_count", 199), false),
        (place("return_dispersion", 801), false),
        (place("return_dispersion", 199), false),
    ] {
        let changed: Vec<FactKey> = change.facts.keys().cloned().collect();
        let found = said(&together([calm(), change]));
        let is = found.first().is_some_and(|id| id == "session_ordinary");
        assert_eq!(is, ordinary, "{changed:?}: {found:?}");
    }
}
