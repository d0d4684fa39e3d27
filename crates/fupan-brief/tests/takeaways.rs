//! Each headline and each sentence that a brief opens with: at its threshold, just below and just
//! above it, in what order, and in which words.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use expect_test::{expect, expect_file};
use fixture::{Builder, count, ppb, yi};
use fupan_brief::document::{Block, Grounds};
use fupan_brief::{Document, FactSet, Language, Predicate, compose, export};
use fupan_fact::{FactKey, MeasureId, Scope, Value};

const SSE: &str = "000001.SH";
const SZSE: &str = "399001.SZ";
const CHINEXT: &str = "399006.SZ";
const STAR: &str = "000688.SH";

/// A share in parts of a hundred thousand.
fn share(part: i64) -> Value {
    Value::Share { part, whole: 100_000 }
}

fn facts(figures: &[(&str, &str, Value)]) -> FactSet {
    let mut builder = Builder::new();
    for (symbol, zh, en) in [
        (SSE, "上证指数", "SSE Composite"),
        (SZSE, "深证成指", "SZSE Component"),
        (CHINEXT, "创业板指", "ChiNext"),
        (STAR, "科创50", "STAR 50"),
    ] {
        builder.name(symbol, zh, Some(en));
    }
    for (measure, scope, value) in figures {
        builder.put(measure, scope, value.clone());
    }
    builder.set
}

fn ids(document: &Document) -> Vec<&str> {
    document.takeaways.iter().map(|takeaway| takeaway.id.as_str()).collect()
}

/// The identifiers of a set's takeaways, joined by a space.
fn said(facts: &FactSet) -> String {
    ids(&compose(facts, Language::En)).join(" ")
}

/// What a program reads of a brief's opening: headline, deck, takeaways, notes.
fn opening(facts: &FactSet, language: Language) -> serde_json::Value {
    let json = export::json(&compose(facts, language), facts);
    let whole: serde_json::Value = serde_json::from_str(&json).unwrap();
    whole["text"].clone()
}

/// Holds each case against the identifiers that its facts say.
#[track_caller]
fn hold<T: std::fmt::Debug + Copy>(cases: &[(T, &str)], set: impl Fn(T) -> FactSet) {
    for (case, expected) in cases {
        assert_eq!(said(&set(*case)), *expected, "{case:?}");
    }
}

fn breadth(part: i64, median: i64) -> FactSet {
    facts(&[
        ("advances", "all-a", count(part / 20)),
        ("declines", "all-a", count((100_000 - part) / 20)),
        ("advance_share", "all-a", share(part)),
        ("median_return", "all-a", ppb(median)),
    ])
}

fn turnover(rate: i64, rank: i64) -> FactSet {
    facts(&[
        ("turnover", "sse-szse", yi(21_000)),
        ("turnover_change", "sse-szse", yi(rate / 50_000)),
        ("turnover_change_rate", "sse-szse", ppb(rate)),
        ("turnover_rank_in_window", "sse-szse", count(rank)),
    ])
}

fn limits(ups: i64, downs: i64, seal: i64) -> FactSet {
    facts(&[
        ("limit_up_count", "all-a", count(ups)),
        ("limit_down_count", "all-a", count(downs)),
        ("limit_up_broken_count", "all-a", count(7)),
        ("seal_rate", "all-a", share(seal)),
    ])
}

fn highs(high: i64, low: i64) -> FactSet {
    facts(&[("new_high_250", "all-a", count(high)), ("new_low_250", "all-a", count(low))])
}

fn size(micro: i64, cap: i64) -> FactSet {
    facts(&[("micro_cap_return", "all-a", ppb(micro)), ("cap_weight_return", "all-a", ppb(cap))])
}

fn concentration(part: i64) -> FactSet {
    facts(&[("top5_turnover_share", "all-a", share(part))])
}

fn prior(mean: i64) -> FactSet {
    facts(&[
        ("prior_limit_up_return", "all-a", ppb(mean)),
        ("prior_limit_up_positive_share", "all-a", share(40_000)),
    ])
}

fn streak(rung: i64) -> FactSet {
    let mut set = facts(&[("max_streak", "all-a", count(rung))]);
    let key = FactKey::at_close(MeasureId::with("limit_up_ladder", rung), Scope::AllA, set.session);
    set.members.insert(key, vec![SZSE.parse().unwrap(), CHINEXT.parse().unwrap()]);
    set
}

fn indices(moves: &[(&str, i64)]) -> FactSet {
    let figures: Vec<_> =
        moves.iter().map(|(symbol, change)| ("index_return", *symbol, ppb(*change))).collect();
    facts(&figures)
}

/// An index, the advance share and the median: what a headline looks at.
fn session(index: i64, part: i64, median: i64) -> FactSet {
    facts(&[
        ("index_return", SSE, ppb(index)),
        ("advances", "all-a", count(part / 20)),
        ("declines", "all-a", count((100_000 - part) / 20)),
        ("advance_share", "all-a", share(part)),
        ("median_return", "all-a", ppb(median)),
    ])
}

#[test]
fn breadth_is_told_by_the_advance_share() {
    let cases = [
        (100_000, "broad_advance"),
        (70_000, "broad_advance"),
        (69_999, "wide"),
        (55_001, "wide"),
        (55_000, "mixed"),
        (50_000, "mixed"),
        (45_000, "mixed"),
        (44_999, "narrow"),
        (30_001, "narrow"),
        (30_000, "broad_decline"),
        (0, "broad_decline"),
    ];
    hold(&cases, |part| breadth(part, 1_000_000));
    hold(&cases, |part| breadth(part, -1_000_000));
}

#[test]
fn turnover_is_told_by_its_change() {
    let cases = [
        (150_000_000, "turnover_expanding"),
        (50_000_000, "turnover_expanding"),
        (49_999_999, "turnover_steady"),
        (0, "turnover_steady"),
        (-49_999_999, "turnover_steady"),
        (-50_000_000, "turnover_shrinking"),
        (-150_000_000, "turnover_shrinking"),
    ];
    hold(&cases, |rate| turnover(rate, 2));
    // The highest of the window, where it also rose.
    let highest = [
        (150_000_000, "turnover_highest"),
        (1, "turnover_highest"),
        (0, "turnover_steady"),
        (-1, "turnover_steady"),
        (-50_000_000, "turnover_shrinking"),
    ];
    hold(&highest, |rate| turnover(rate, 1));
}

#[test]
fn the_limit_board_is_told_by_counts_and_seals() {
    let cases = [
        ((10, 11, 90_000), "limit_downs_lead"),
        ((100, 101, 90_000), "limit_downs_lead"),
        ((10, 10, 90_000), ""),
        ((11, 10, 90_000), "limit_ups_lead"),
        ((80, 5, 75_000), "limit_board_hot"),
        ((80, 5, 74_999), "limit_ups_lead"),
        ((79, 5, 75_000), "limit_ups_lead"),
        ((80, 80, 75_000), "limit_board_hot"),
        ((20, 5, 59_999), "seals_weak"),
        ((20, 5, 60_000), "limit_ups_lead"),
        ((19, 5, 59_999), "limit_ups_lead"),
        ((80, 5, 59_999), "seals_weak"),
    ];
    hold(&cases, |(ups, downs, seal)| limits(ups, downs, seal));
}

#[test]
fn a_long_streak_is_told_from_four_on() {
    hold(&[(3, ""), (4, "long_streak"), (9, "long_streak")], streak);
    // Without the names there is nothing to tell.
    assert_eq!(said(&facts(&[("max_streak", "all-a", count(9))])), "");
}

#[test]
fn highs_lead_lows_or_lows_highs() {
    let cases = [
        ((20, 9), "highs_lead"),
        ((20, 10), ""),
        ((21, 10), "highs_lead"),
        ((19, 0), ""),
        ((9, 20), "lows_lead"),
        ((10, 20), ""),
        ((10, 21), "lows_lead"),
        ((0, 19), ""),
        ((30, 30), ""),
        ((0, 0), ""),
    ];
    hold(&cases, |(high, low)| highs(high, low));
}

#[test]
fn micro_caps_lead_or_lag_the_market() {
    let cases = [
        ((5_000_000, 0), "micro_caps_lead"),
        ((4_999_999, 0), ""),
        ((-5_000_000, 0), "micro_caps_lag"),
        ((-4_999_999, 0), ""),
        // By the gap, whatever the signs.
        ((-20_000_000, -25_000_000), "micro_caps_lead"),
        ((20_000_000, 25_000_000), "micro_caps_lag"),
        ((20_000_000, 20_000_000), ""),
    ];
    hold(&cases, |(micro, cap)| size(micro, cap));
}

#[test]
fn concentration_and_prior_limit_ups_have_thresholds() {
    hold(&[(45_000, "turnover_concentrated"), (44_999, "")], concentration);
    let cases = [
        (20_000_000, "prior_limit_ups_gain"),
        (19_999_999, ""),
        (0, ""),
        (-9_999_999, ""),
        (-10_000_000, "prior_limit_ups_lose"),
    ];
    hold(&cases, prior);
}

#[test]
fn indices_move_apart_from_one_per_cent_on() {
    let cases = [
        ((10_000_000, 0), "indices_apart"),
        ((9_999_999, 0), "indices_together"),
        ((5_000_000, -5_000_000), "indices_apart"),
        ((-5_000_000, 4_999_999), "indices_together"),
        ((-30_000_000, -20_000_000), "indices_apart"),
        ((-30_000_000, -29_000_000), "indices_together"),
    ];
    hold(&cases, |(one, other)| indices(&[(SSE, one), (SZSE, other)]));
}

/// Two industries with some returns weighted, and the same of equal weights turned about.
fn industries(best: i64, worst: i64) -> FactSet {
    let mut builder = Builder::new();
    fixture::industry(&mut builder, ("801080", "电子"), (best, worst), 3);
    fixture::industry(&mut builder, ("801780", "银行"), (worst, best), 0);
    builder.set
}

#[test]
fn industries_move_apart_from_three_per_cent_on() {
    hold(
        &[(-9_999_999, ""), (-10_000_000, "industries_apart"), (-30_000_000, "industries_apart")],
        |worst| industries(20_000_000, worst),
    );
    let opening = opening(&industries(20_000_000, -10_000_000), Language::En);
    let sentence = "Industries moved far apart: Electronics led at +2.00% and Banks was \
                    last at -1.00%.";
    assert_eq!(opening["takeaways"][0], sentence.replace(" -1", " \u{2212}1"));
}

/// Where the weighted return of one is not known, all are ranked by that of equal weights.
#[test]
fn industries_are_ranked_by_one_return() {
    let mut set = industries(20_000_000, -10_000_000);
    let paragraph = |set: &FactSet| unmarked(set, Language::En);
    assert!(paragraph(&set).contains("the leaders were Electronics"), "{}", paragraph(&set));
    forget(&mut set, "cap_weight_return", "sw1.801780");
    let text = paragraph(&set);
    assert!(text.contains("With stocks weighted equally, the leaders were Banks"), "{text}");
}

#[test]
fn very_many_industries_are_shown_by_their_ends() {
    let of = |many: i64| {
        let mut builder = Builder::new();
        for n in 0..many {
            let (code, name) = (format!("{}", 800_000 + n), format!("行业{n}"));
            fixture::industry(&mut builder, (&code, &name), (n * 1_000, 0), 0);
        }
        let document = compose(&builder.set, Language::Zh);
        let section = document.sections.iter().find(|s| s.id == "industries").unwrap().clone();
        let rows = section.blocks.iter().find_map(|block| match block {
            Block::Table(table) => Some((table.rows.len(), table.caption.clone())),
            _ => None,
        });
        let drawn = section.blocks.iter().find_map(|block| match block {
            Block::Figure(figure) => Some(figure.marks.len()),
            _ => None,
        });
        (rows.unwrap(), drawn.unwrap())
    };
    let ((all, caption), drawn) = of(40);
    assert_eq!((all, drawn), (40, 10));
    let ((ends, other), _) = of(41);
    assert_eq!(ends, 20);
    assert_ne!(caption, other);
    assert_eq!((of(3).0.0, of(3).1), (3, 2));
}

#[test]
fn what_is_not_known_says_nothing() {
    for (measure, scope) in
        [("advance_share", "all-a"), ("median_return", "all-a"), ("declines", "all-a")]
    {
        let mut set = breadth(20_000, -9_000_000);
        forget(&mut set, measure, scope);
        assert_eq!(said(&set), "", "{measure}");
    }
    let mut set = turnover(150_000_000, 1);
    forget(&mut set, "turnover_rank_in_window", "sse-szse");
    assert_eq!(said(&set), "turnover_expanding");
    forget(&mut set, "turnover_change_rate", "sse-szse");
    assert_eq!(said(&set), "");
}

fn forget(set: &mut FactSet, measure: &str, scope: &str) {
    let key =
        FactKey::at_close(measure.parse().unwrap(), scope.parse::<Scope>().unwrap(), set.session);
    let fact = set.facts.get_mut(&key).unwrap();
    fact.value = Value::Unknown { reason: "no_data".to_owned() };
}

#[test]
fn the_headline_is_told_by_the_index_and_the_market() {
    let cases = [
        // (index, advance share, median)
        ((1, 90_000, -1), "divergence_up"),
        ((1, 90_000, 0), "broad_advance"),
        ((-1, 10_000, 1), "divergence_down"),
        ((-1, 10_000, 0), "broad_decline"),
        ((5_000_000, 70_000, 1), "broad_advance"),
        ((5_000_000, 69_999, 1), "leaning_up"),
        ((5_000_000, 55_001, 1), "leaning_up"),
        ((5_000_000, 55_000, 1), "mixed"),
        ((5_000_000, 20_000, 1), "mixed"),
        ((-5_000_000, 30_000, -1), "broad_decline"),
        ((-5_000_000, 30_001, -1), "leaning_down"),
        ((-5_000_000, 44_999, -1), "leaning_down"),
        ((-5_000_000, 45_000, -1), "mixed"),
        ((-5_000_000, 80_000, -1), "mixed"),
        ((0, 90_000, 1), "mixed"),
        ((0, 10_000, -1), "mixed"),
    ];
    let of = |set: &FactSet| compose(set, Language::En).headline_basis.map(|b| b.predicate.id);
    for ((index, part, median), expected) in cases {
        let set = session(index, part, median);
        assert_eq!(of(&set).as_deref(), Some(expected), "{index} {part} {median}");
    }
    assert_eq!(of(&indices(&[(SSE, -1)])).as_deref(), Some("index_only"));
    assert_eq!(of(&breadth(80_000, 1)), None);
}

#[test]
fn the_index_that_moved_most_leads_on_a_rising_and_on_a_falling_day() {
    let lead = |moves: &[(&str, i64)]| {
        let headline = opening(&indices(moves), Language::En)["headline"].clone();
        headline.as_str().unwrap().to_owned()
    };
    let rising = [(SSE, 5_000_000), (SZSE, 9_000_000), (CHINEXT, 20_000_000)];
    assert_eq!(lead(&rising), "China’s ChiNext climbs 2.0%");
    let falling = [(SSE, -5_000_000), (SZSE, -30_000_000), (CHINEXT, -9_000_000)];
    assert_eq!(lead(&falling), "Shenzhen Component tumbles 3.0%");
    let apart = [(SSE, -20_000_000), (SZSE, 5_000_000), (CHINEXT, 19_000_000)];
    assert_eq!(lead(&apart), "Shanghai Composite slides 2.0%");
    // Of two that moved as far the first in the press's order, and STAR only where it is alone.
    let equal = [(SSE, 10_000_000), (SZSE, -10_000_000), (STAR, 50_000_000)];
    assert_eq!(lead(&equal), "Shanghai Composite climbs 1.0%");
    assert_eq!(lead(&[(STAR, 50_000_000)]), "China’s STAR 50 jumps 5.0%");
    assert_eq!(lead(&[(SSE, 0)]), "Shanghai Composite ends flat");
}

/// The verb follows the size of the move, the portion the share of those that traded.
#[test]
fn a_headline_grades_the_move_and_the_portion() {
    let of = |index: i64, declines: i64, language| {
        let mut set = session(index, 40_000, -1_000_000);
        let mut more = Builder::new();
        more.put("declines", "all-a", count(declines));
        more.put("traded", "all-a", count(5_000));
        set.facts.extend(more.set.facts);
        opening(&set, language)["headline"].as_str().unwrap().to_owned()
    };
    for (index, en, zh) in [
        (1, "edges up", "微涨"),
        (999_999, "edges up", "微涨"),
        (1_000_000, "rises", "涨"),
        (9_999_999, "rises", "涨"),
        (10_000_000, "climbs", "涨"),
        (29_999_999, "climbs", "涨"),
        (30_000_000, "jumps", "大涨"),
        (-999_999, "edges down", "微跌"),
        (-1_000_000, "falls", "跌"),
        (-10_000_000, "slides", "跌"),
        (-30_000_000, "tumbles", "大跌"),
    ] {
        let told = of(index, 2_000, Language::En);
        assert!(told.starts_with(&format!("Shanghai Composite {en} ")), "{index}: {told}");
        let told = of(index, 2_000, Language::Zh);
        assert!(
            told.starts_with(&format!("沪指{zh}0"))
                || told.starts_with(&format!("沪指{zh}1"))
                || told.starts_with(&format!("沪指{zh}3")),
            "{index}: {told}"
        );
    }
    for (declines, en, zh) in [
        (2_449, "the typical A‑share falls", "超2400只"),
        (2_450, "about half of A‑shares fall", "超2400只"),
        (2_550, "about half of A‑shares fall", "超2500只"),
        (2_551, "more than half of A‑shares fall", "超2500只"),
        (2_950, "three in five A‑shares fall", "超2900只"),
        (3_000, "three in five A‑shares fall", "场3000只"),
        (3_051, "more than three in five A‑shares fall", "超3000只"),
        (4_551, "more than nine in ten A‑shares fall", "超4500只"),
        (900, "the typical A‑share falls", "场900只"),
        (987, "the typical A‑share falls", "场987只"),
    ] {
        let told = of(1_000_000, declines, Language::En);
        assert!(told.ends_with(&format!(", but {en}")), "{declines}: {told}");
        assert!(of(1_000_000, declines, Language::Zh).contains(zh), "{declines}");
    }
}

/// Only where all three indices went one way are they said to have gone together.
#[test]
fn three_indices_rise_together_only_if_all_do() {
    for (moves, zh) in [
        (&[(SSE, 1), (SZSE, 2), (CHINEXT, 3)][..], "三大指数集体收涨，"),
        (&[(SSE, -1), (SZSE, -2), (CHINEXT, -3)], "三大指数集体收跌，"),
        (&[(SSE, 0), (SZSE, 2), (CHINEXT, 3)], "创业板指"),
        (&[(SSE, -1), (SZSE, 2), (CHINEXT, 3)], "创业板指"),
        (&[(SZSE, 2), (CHINEXT, 3)], "创业板指"),
    ] {
        let set = indices(moves);
        let headline = opening(&set, Language::Zh)["headline"].clone();
        assert!(headline.as_str().unwrap().starts_with(zh), "{headline}");
        let basis = compose(&set, Language::Zh).headline_basis.unwrap();
        assert_eq!(basis.keys.len(), if zh.starts_with('三') { 3 } else { 1 });
    }
}

fn salience(set: &FactSet) -> Vec<u32> {
    compose(set, Language::En).takeaways.iter().map(|takeaway| takeaway.salience).collect()
}

#[test]
fn the_size_of_a_move_adds_to_salience_and_its_sign_does_not() {
    for (median, expected) in [
        (0, 690),
        (1_000_000, 700),
        (-10_000_000, 790),
        (20_000_000, 890),
        (-20_000_000, 890),
        (-90_000_000, 890),
    ] {
        assert_eq!(salience(&breadth(40_000, median)), [expected], "{median}");
    }
    for (one, other, expected) in [
        (0, 0, 640),
        (15_000_000, 3_000_000, 740),
        (3_000_000, -15_000_000, 740),
        (-30_000_000, -1_000_000, 840),
        (90_000_000, 0, 840),
    ] {
        let set = indices(&[(SSE, one), (SZSE, other)]);
        assert_eq!(salience(&set), [expected], "{one} {other}");
    }
    assert_eq!(salience(&concentration(60_000)), [410]);
}

/// The facts of several sets in one.
fn together(sets: impl IntoIterator<Item = FactSet>) -> FactSet {
    let mut all = facts(&[]);
    for set in sets {
        all.facts.extend(set.facts);
        all.members.extend(set.members);
        all.measures.extend(set.measures);
    }
    all
}

#[test]
fn takeaways_stand_in_the_order_of_salience_and_are_five() {
    let set = |median, rate| {
        together([
            breadth(40_000, median),
            turnover(rate, 2),
            limits(60, 5, 70_000),
            highs(40, 5),
            size(6_000_000, 0),
            concentration(46_000),
            prior(20_000_000),
            indices(&[(SSE, 3_000_000), (SZSE, 2_000_000)]),
        ])
    };
    let quiet = set(0, 0);
    expect!["narrow indices_together limit_ups_lead micro_caps_lead turnover_steady"]
        .assert_eq(&said(&quiet));
    assert_eq!(salience(&quiet), [690, 660, 560, 480, 480]);
    let lively = set(-1_000_000, 149_000_000);
    expect!["turnover_expanding narrow indices_together limit_ups_lead micro_caps_lead"]
        .assert_eq(&said(&lively));
}

/// A set for each rule that can speak.
fn each_takeaway() -> Vec<FactSet> {
    vec![
        breadth(75_000, 9_000_000),
        breadth(25_000, -9_000_000),
        breadth(40_000, -2_000_000),
        breadth(60_000, 2_000_000),
        breadth(50_000, 0),
        turnover(80_000_000, 1),
        turnover(80_000_000, 2),
        turnover(-80_000_000, 2),
        turnover(20_000_000, 2),
        turnover(-20_000_000, 2),
        turnover(0, 2),
        limits(12, 40, 50_000),
        limits(90, 3, 80_000),
        limits(30, 4, 50_000),
        limits(30, 4, 70_000),
        streak(7),
        highs(60, 12),
        highs(12, 60),
        size(-12_000_000, 3_000_000),
        size(12_000_000, -3_000_000),
        concentration(45_120),
        prior(24_000_000),
        prior(-24_000_000),
        indices(&[(SSE, 2_000_000), (SZSE, -9_000_000), (CHINEXT, 14_000_000), (STAR, 0)]),
        indices(&[(SSE, -2_000_000), (SZSE, -9_000_000)]),
    ]
}

fn each_headline() -> Vec<FactSet> {
    vec![
        session(4_000_000, 40_000, -2_000_000),
        session(-4_000_000, 60_000, 2_000_000),
        session(4_000_000, 80_000, 2_000_000),
        session(-4_000_000, 20_000, -2_000_000),
        session(4_000_000, 60_000, 2_000_000),
        session(-4_000_000, 40_000, -2_000_000),
        session(4_000_000, 50_000, 0),
        session(-4_000_000, 50_000, 0),
        session(0, 50_000, 0),
        indices(&[(SSE, 4_000_000)]),
        indices(&[(SSE, -4_000_000)]),
        indices(&[(SSE, 0)]),
        breadth(40_000, 0),
        facts(&[]),
    ]
}

/// Every headline and every takeaway as it is read, with its predicate and its salience.
#[test]
fn every_sentence_is_read() {
    for language in [Language::Zh, Language::En] {
        let mut text = String::new();
        for set in each_headline() {
            let basis = compose(&set, language).headline_basis;
            let headline = opening(&set, language)["headline"].clone();
            text += &format!("# {}\n", headline.as_str().unwrap());
            text += &basis.map_or(String::new(), |Grounds { predicate, .. }| {
                format!("  {}: {}\n", predicate.id, predicate.formula)
            });
        }
        for set in each_takeaway() {
            let document = compose(&set, language);
            assert_eq!(document.takeaways.len(), 1, "{:?}", ids(&document));
            let takeaway = &document.takeaways[0];
            let sentence = opening(&set, language)["takeaways"][0].clone();
            let Predicate { id, formula } = &takeaway.basis.predicate;
            assert_eq!(*id, takeaway.id);
            let head = format!("  {} {id}: {formula}", takeaway.salience);
            text += &format!("{}\n{head}\n", sentence.as_str().unwrap());
        }
        let golden = format!("./golden/sentences-{}.txt", language.tag());
        expect_file![golden].assert_eq(&text);
    }
}

/// A brief as Markdown without the marks of its footnotes.
fn unmarked(set: &FactSet, language: Language) -> String {
    let markdown = export::markdown(&compose(set, language), set);
    let mut parts = markdown.split("[^");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |text, part| text + part.split_once(']').unwrap().1)
}

/// Its words from the headline to the note on the data, without tables and pictures.
fn prose(set: &FactSet, language: Language) -> String {
    let markdown = unmarked(set, language);
    let from = markdown.find("\n# ").unwrap() + 1;
    let end = ["\n## 数据说明", "\n## About the data"].iter().find_map(|end| markdown.find(end));
    let lines = markdown[from..end.unwrap()].lines();
    let read = lines.filter(|line| !line.is_empty() && !line.starts_with(['|', '*']));
    read.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn a_brief_is_read_in_both_languages() {
    let set = fixture::full(fupan_fact::Basis::Exact);
    for language in [Language::Zh, Language::En] {
        let golden = format!("./golden/brief-{}.md", language.tag());
        expect_file![golden].assert_eq(&prose(&set, language));
    }
    // On estimates the same words, and the marks.
    let estimated = prose(&fixture::poor(), Language::En);
    let deck = estimated.lines().nth(1).unwrap();
    assert!(deck.contains("came to about "), "{deck}");
}

#[test]
fn one_is_singular_in_english() {
    let set = facts(&[
        ("traded", "all-a", count(3)),
        ("advances", "all-a", count(1)),
        ("declines", "all-a", count(1)),
        ("unchanged", "all-a", count(1)),
        ("unjudged_count", "all-a", count(1)),
        ("limit_up_count", "all-a", count(1)),
        ("limit_up_broken_count", "all-a", count(1)),
        ("seal_rate", "all-a", share(50_000)),
        ("limit_down_count", "all-a", count(1)),
        ("limit_down_reopened_count", "all-a", count(1)),
        ("limit_undetermined_count", "all-a", count(1)),
    ]);
    let markdown = unmarked(&set, Language::En);
    for sentence in [
        "Another 1 had no previous close on record and is not counted as moved.",
        "In all, 1 stock ended at the limit-up price and 1 touched it and fell back",
        "1 stock could not be classified.",
        "No limit price could be determined for 1 stock:",
        "counts of limit-ups and limit-downs leave it out.",
    ] {
        assert!(markdown.contains(sentence), "{sentence}\n{markdown}");
    }
    let none = facts(&[("limit_up_count", "all-a", count(0))]);
    let markdown = unmarked(&none, Language::En);
    assert!(markdown.contains("0 stocks ended at the limit-up price."), "{markdown}");
}
