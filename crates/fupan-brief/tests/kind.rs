//! What kind of session it was, and what to watch: which words are said of which figures, and what is
//! left out.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

#[expect(dead_code, reason = "other tests need more of it")]
mod fixture;
#[expect(dead_code, reason = "other tests need more of it")]
mod sets;

use std::collections::BTreeSet;

use expect_test::expect_file;
use fupan_brief::document::{Block, Inline, Section};
use fupan_brief::{Document, FactSet, Language, compose};
use fupan_fact::word::FigureName;
use fupan_fact::{AsOf, Basis, FactKey, Value, Word};
use fupan_market::{Calendar, SessionDate};
use proptest::prelude::*;

use fixture::{Builder, count, ppb, yi};
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
        (&[("limit_up_count", 100), ("limit_down_count", 800)][..], "board_freezing"),
        (&[("limit_up_count", 100), ("limit_down_count", 799)], "board_cold"),
        (&[("limit_up_count", 900), ("seal_rate", 500)], "board_climax"),
        (&[("limit_up_count", 900), ("seal_rate", 499)], "board_hot"),
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

fn fixture_tails() -> FactSet {
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

/// The figures that the two sections print or rest on.
fn cited(set: &FactSet) -> BTreeSet<FactKey> {
    let document = compose(set, Language::En);
    let sections = ["kind", "watch"].into_iter().filter_map(|id| part(&document, id));
    let of = |section: &Section| -> Vec<FactKey> {
        let words = section.grounds.iter().flat_map(|grounds| grounds.keys.clone());
        words.chain(texts(section).into_iter().flat_map(|text| printed(text))).collect()
    };
    let keys: BTreeSet<FactKey> = sections.flat_map(of).collect();
    assert!(!keys.is_empty());
    keys
}

fn texts(section: &Section) -> Vec<&[Inline]> {
    fn of(block: &Block) -> Vec<&[Inline]> {
        match block {
            Block::Paragraph(text) => vec![text],
            Block::List(items) => items.iter().map(Vec::as_slice).collect(),
            _ => panic!("only text"),
        }
    }
    section.blocks.iter().flat_map(of).collect()
}

/// Without a figure, the sentences that need it are left out; none says something else.
#[test]
fn what_is_not_known_leaves_sentences_out() {
    let full = together([fixture::full(Basis::Exact), calm(), theme(7, 70)]);
    for set in [fixture::full(Basis::Exact), calm(), full] {
        let before: BTreeSet<String> = said(&set).into_iter().collect();
        for key in cited(&set) {
            let mut poorer = set.clone();
            poorer.facts.get_mut(&key).unwrap().value =
                Value::Unknown { reason: "no_data".to_owned() };
            justified(&poorer);
            let after: BTreeSet<String> = said(&poorer).into_iter().collect();
            let new: Vec<&String> = after.difference(&before).collect();
            // A direction is judged by less if the rest is not known; a sentence takes the place of
            // a takeaway that is not there.
            let allowed = ["session_", "weights_", "index_", "prior_limit_ups_", "board_", "rise_"];
            assert!(
                new.iter().all(|id| allowed.iter().any(|start| id.starts_with(start))),
                "{key}: {new:?}"
            );
        }
    }
}

fn printed(text: &[Inline]) -> impl Iterator<Item = FactKey> {
    text.iter().filter_map(|inline| match inline {
        Inline::Fact(key, _) => Some(key.clone()),
        _ => None,
    })
}

/// Every figure of the two sections is a known fact, and every word holds of its figures.
fn justified(set: &FactSet) {
    for language in [Language::Zh, Language::En] {
        let document = compose(set, language);
        for section in ["kind", "watch"].into_iter().filter_map(|id| part(&document, id)) {
            for key in texts(section).into_iter().flat_map(printed) {
                let fact = set.get(&key).unwrap_or_else(|| panic!("{key} is no fact"));
                assert!(!matches!(fact.value, Value::Unknown { .. }), "{key} is not known");
            }
            for grounds in &section.grounds {
                assert!(!grounds.keys.is_empty());
                for key in &grounds.keys {
                    let known = set.get(key).is_some_and(|fact| {
                        !matches!(fact.value, Value::Unknown { .. } | Value::Share { whole: 0, .. })
                    });
                    assert!(known, "{} rests on {key}", grounds.predicate.id);
                }
                word_holds(set, &grounds.predicate.id);
            }
        }
    }
}

/// A word that is counted must hold as it is counted.
fn word_holds(set: &FactSet, id: &str) {
    let Some(word) = Word::of_id(id) else { return };
    let value = |figure: &FigureName| {
        let key = format!("{}/{}/{}/close", figure.measure, figure.scope, set.session);
        set.get(&key.parse().unwrap()).map(|fact| &fact.value)
    };
    assert_eq!(word.holds(&value), Some(true), "{id}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_known_the_sections_rest_on_facts(
        keep in 0.2..1.0_f64,
        picks in prop::collection::vec((0.0..1.0_f64, -1_000_i64..1_000), 64..128),
    ) {
        let mut set = together([fixture::full(Basis::Exact), theme(7, 70)]);
        let mut place = 0;
        set.facts.retain(|_, fact| {
            let (stay, number) = picks[place * 7 % picks.len()];
            place += 1;
            match &mut fact.value {
                Value::Return { ppb } => ppb.0 = number * 40_000,
                Value::Share { part, whole } => {
                    (*part, *whole) = ((number + 1_000) / 2, 1_000);
                }
                _ => {}
            }
            stay < keep
        });
        justified(&set);
        let document = compose(&set, Language::En);
        let items = part(&document, "watch").map(|section| match &section.blocks[..] {
            [Block::List(items)] => items.len(),
            other => panic!("{other:?}"),
        });
        prop_assert!(items.is_none_or(|items| (2..=4).contains(&items)));
        let kinds = part(&document, "kind").map_or(0, |section| section.grounds.len());
        prop_assert!(kinds <= 6);
    }
}

/// What the section tells, the paragraphs after it do not tell again.
#[test]
fn sections_do_not_repeat_what_the_kind_of_session_told() {
    let set = fixture::full(Basis::Exact);
    let document = compose(&set, Language::En);
    let figures = |section: &Section| -> Vec<BTreeSet<FactKey>> {
        let texts = section.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        });
        texts.map(|text| printed(text).collect()).collect()
    };
    let told: BTreeSet<FactKey> =
        figures(part(&document, "kind").unwrap()).into_iter().flatten().collect();
    assert!(told.len() >= 4, "{told:?}");
    let place = |key: &&FactKey| key.measure.name() == "percentile_250";
    let later = document.sections.iter().filter(|section| section.id != "kind");
    for again in later.flat_map(figures).flatten() {
        assert!(!told.contains(&again) || !place(&&again), "{again} is told twice");
    }
    // Without it they are.
    let mut bare = set;
    bare.facts.retain(|key, _| key.measure.name() != "index_return");
    let text = unmarked(&bare, Language::En);
    assert!(text.contains(
        "\nTurnover stood in the 72nd percentile of the past 250 sessions and limit-ups"
    ));
}

#[test]
fn a_session_that_lasts_has_no_kind_yet() {
    let mut set = fixture::full(Basis::Exact);
    let session = set.session;
    for mut fact in std::mem::take(&mut set.facts).into_values() {
        if fact.key.session == session {
            fact.key.as_of = AsOf::Instant(41_400);
        }
        set.insert(fact);
    }
    let document = compose(&set, Language::En);
    assert!(part(&document, "kind").is_none() && part(&document, "watch").is_none());
    assert!(part(&document, "breadth").is_some());
}

fn index(streak: i64, since: Option<u32>) -> FactSet {
    let mut builder = Builder::new();
    builder.name(SSE, "上证指数", Some("SSE Composite"));
    builder.put("index_return", SSE, ppb(if streak < 0 { -4_000_000 } else { 4_000_000 }));
    builder.put("index_close", SSE, Value::Points { units: 41_340_200 });
    builder.put("index_gain_streak", SSE, count(streak));
    if let Some(since) = since {
        builder.put_since("index_high_since_sessions", SSE, since);
    }
    builder.set
}

/// Turnover of sessions before, latest first, then of the session itself.
fn history(before: impl Fn(u32) -> Option<i64>, today: i64) -> FactSet {
    let mut builder = Builder::new();
    for back in 1..=20 {
        let session = Calendar::builtin().back(fixture::session(), back).unwrap().unwrap();
        if let Some(amount) = before(back) {
            builder.put_on(session, "turnover", "sse-szse", yi(amount));
        }
    }
    builder.put("turnover", "sse-szse", yi(today));
    builder.set
}

fn promoted(part: i64, whole: i64, ups: i64) -> FactSet {
    facts(&[
        ("promotion_rate:all", "all-a", Value::Share { part, whole }),
        ("limit_up_count", "all-a", count(ups)),
    ])
}

fn streak_of(run: i64) -> FactSet {
    facts(&[("max_streak", "all-a", count(run))])
}

#[test]
fn conditions_are_figures_of_this_session_to_pass() {
    let two = |set: FactSet| watched(&together([set, promoted(16, 58, 71)]), Language::En);
    let run = |streak, since| two(together([index(streak, since), streak_of(6)]))[0].clone();
    for (streak, since, expected) in [
        (
            4,
            None,
            "- A close of the Shanghai Composite at 4,134.02 or lower would end its run of 4 gains.",
        ),
        (
            -3,
            None,
            "- A close of the Shanghai Composite at 4,134.02 or higher would end its run of 3 losses.",
        ),
        (
            2,
            Some(20),
            "- A close of the Shanghai Composite above 4,134.02 would again be its highest since ",
        ),
        (2, Some(19), "- If more than 27.59% of this session’s 71 limit-ups"),
    ] {
        let told = run(streak, since);
        assert!(told.starts_with(expected), "{told}");
    }
    let flat = |_| Some(20_000);
    let peak = |back| Some(if back == 7 { 26_000 } else { 20_000 });
    let least = "- Turnover in Shanghai and Shenzhen below 1.90 trillion yuan, this session’s, would \
                 be less than in any of the previous 20 sessions.";
    for (set, expected) in [
        (history(peak, 21_000), Some("above 2.60 trillion yuan, that of 3 Feb,")),
        (history(flat, 21_000), Some("above 2.10 trillion yuan, this session’s,")),
        (history(peak, 19_000), Some(&least[2..])),
        // The oldest of the twenty drops out with the next session.
        (
            history(|back| Some(if back == 20 { 30_000 } else { 20_000 }), 21_000),
            Some("above 2.10"),
        ),
        (history(|back| (back != 19).then_some(20_000), 21_000), None),
        (history(|back| (back != 20).then_some(20_000), 21_000), Some("above 2.10")),
    ] {
        let told = two(set);
        match expected {
            Some(expected) => assert!(told[0].contains(expected), "{told:?}"),
            None => assert!(told.is_empty(), "one condition alone is no list: {told:?}"),
        }
    }
    let mut partial = history(peak, 21_000);
    let day: SessionDate = "2026-02-03".parse().unwrap();
    let of_day = partial.facts.values_mut().find(|fact| fact.key.session == day).unwrap();
    of_day.provenance.basis = Basis::Partial;
    assert!(two(partial).is_empty(), "a part of a session's turnover is no threshold");
}

#[test]
fn what_cannot_be_passed_is_no_condition() {
    let told = |part, whole, ups, run| {
        watched(&together([promoted(part, whole, ups), streak_of(run)]), Language::En).len()
    };
    assert_eq!(told(16, 58, 71, 3), 2);
    assert_eq!(told(58, 58, 71, 3), 0, "no rate is higher than all");
    assert_eq!(told(16, 58, 0, 3), 0, "nothing was sealed");
    assert_eq!(told(16, 58, 71, 2), 0, "no run to speak of");
}

/// Every sentence as it is read.
#[test]
fn each_kind_of_session_is_read() {
    let dispersed = places(&[("return_dispersion", 860)]);
    let shares = |part| places(&[("advance_share", part)]);
    let board = |ups, held, downs| {
        places(&[("limit_up_count", ups), ("seal_rate", held), ("limit_down_count", downs)])
    };
    let cohort = |promoted, followed| {
        places(&[("promotion_rate:all", promoted), ("prior_limit_up_return", followed)])
    };
    let of = |index, share, median| session(index, share, median);
    let rotating = || together([of(5_000_000, 50_000, 1), industries(18_000_000, -17_000_000)]);
    let crowded = |mean: i64| {
        let mut set = fixture::full(Basis::Exact);
        let key = format!("prior_limit_up_return/all-a/{}/close", set.session).parse().unwrap();
        set.facts.get_mut(&key).unwrap().value = ppb(mean);
        set
    };
    let cases = vec![
        calm(),
        together([of(9_000_000, 82_000, 1), shares(968), run_of("broad_advance", 1, 9)]),
        together([of(-9_000_000, 12_000, -1), shares(24), run_of("broad_decline", 1, 12)]),
        together([of(5_000_000, 40_000, -1), shares(344), run_of("narrow", 1, 7)]),
        together([of(-5_000_000, 60_000, 1), shares(601)]),
        together([rotating(), dispersed.clone()]),
        rotating(),
        together([of(5_000_000, 60_000, 1), shares(640), run_of("wide", 1, 6)]),
        together([of(-5_000_000, 40_000, -1), run_of("narrow", 1, 4)]),
        together([of(5_000_000, 50_000, 1), run_of("mixed", 1, 8)]),
        weighted(4_000_000, -1_000_000),
        weighted(-1_000_000, -4_000_000),
        weighted(-4_000_000, -1_000_000),
        ahead(7_100_000, 4_000_000),
        ahead(7_100_000, -4_000_000),
        ahead(-7_100_000, 4_000_000),
        ahead(-7_100_000, -4_000_000),
        together([
            indices(&[(SSE, 9_000_000)]),
            turnover(80_000_000, 9),
            places(&[("turnover", 910)]),
        ]),
        together([indices(&[(SSE, 9_000_000)]), turnover(-80_000_000, 9)]),
        together([
            indices(&[(SSE, -9_000_000)]),
            turnover(80_000_000, 9),
            run_of("turnover_expanding", 1, 8),
        ]),
        together([indices(&[(SSE, -9_000_000)]), turnover(-80_000_000, 9)]),
        together([
            indices(&[(SSE, 1)]),
            against_average(turnover(10_000_000, 9), 60_000_000),
            places(&[("turnover", 930)]),
        ]),
        together([
            indices(&[(SSE, 1)]),
            against_average(turnover(10_000_000, 9), -60_000_000),
            places(&[("turnover", 90)]),
        ]),
        board(40, 300, 900),
        board(950, 700, 100),
        cohort(120, 60),
        cohort(880, 940),
        places(&[("limit_up_broken_count", 700), ("seal_rate", 60), ("limit_up_count", 600)]),
        board(820, 300, 400),
        board(150, 300, 400),
        crowded(24_000_000),
        crowded(-24_000_000),
        theme(9, 71),
        // Where no past is known.
        calm_in_itself(),
        together([of(5_000_000, 40_000, -1), fixture_tails()]),
        together([of(5_000_000, 40_000, -1), ahead(4_400_000, 5_000_000)]),
        together([of(9_000_000, 82_000, 1), fixture_tails()]),
        board_of(12, 40, 50_000),
        board_of(130, 2, 90_000),
        cohort_of(12_000, -21_000_000),
        cohort_of(41_000, 31_000_000),
    ];
    for language in [Language::Zh, Language::En] {
        let text: String = cases
            .iter()
            .map(|set| format!("{}\n  {}\n", kind_of(set, language), said(set).join(" ")))
            .collect();
        let golden = format!("golden/kind-{}.txt", language.tag());
        expect_file![golden].assert_eq(&text);
    }
    for (streak, zh) in [(4, "4连涨"), (-4, "4连跌")] {
        let set = together([index(streak, None), promoted(16, 58, 71)]);
        assert!(watched(&set, Language::Zh)[0].contains(zh));
    }
}

/// A sentence says since when, unless a takeaway did.
#[test]
fn how_long_a_word_has_held_is_said_once() {
    for (run, since, told) in [
        (3, 40, "sessions in a row"),
        (1, 20, "It was last so"),
        (1, 19, "Decliners last led 19 sessions ago."),
        (1, 5, "Decliners last led 5 sessions ago."),
    ] {
        let set = together([session(-5_000_000, 40_000, -1), run_of("narrow", run, since)]);
        let text = unmarked(&set, Language::En);
        let body = text.split("\n## About the data").next().unwrap();
        let number = if run > 1 { run } else { since };
        assert!(body.contains(told), "{body}");
        let figure = [format!(" {number} sessions ago"), format!(" {number} sessions in a row")];
        let times: usize = figure.iter().map(|figure| body.matches(figure.as_str()).count()).sum();
        assert_eq!(times, 1, "{body}");
    }
    let set = together([session(-5_000_000, 40_000, -1), run_of("narrow", 1, 4)]);
    assert!(!unmarked(&set, Language::En).contains("sessions ago"));
}
