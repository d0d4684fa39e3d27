//! Each headline, and every sentence as it is read.

use expect_test::expect_file;
use fupan_brief::document::Grounds;
use fupan_brief::{Document, FactSet, Language, Predicate, compose};

use fupan_fact::{AsOf, FactKey};

use crate::fixture::{self, Builder, count};
use crate::sets::*;

fn ids(document: &Document) -> Vec<&str> {
    document.takeaways.iter().map(|takeaway| takeaway.id.as_str()).collect()
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
        members(20_000, &[31_000, 4_000, -18_000, -7_000, -9_000]),
        members(-20_000, &[6_000, 4_000, -18_000, -7_000]),
        boards(31_300, 47_200, 61_600),
        boards(61_600, 47_200, 31_300),
        deciles(-7_700_000, 7_000_000),
        deciles(9_000_000, 0),
        against_average(turnover(80_000_000, 2), -180_000_000),
        against_average(turnover(80_000_000, 2), 180_000_000),
        against_average(turnover(-80_000_000, 2), -180_000_000),
        against_average(turnover(20_000_000, 2), 0),
        warned(limits(30, 4, 70_000), 9, 2),
        apart(6, 4),
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
        let golden = format!("../golden/sentences-{}.txt", language.tag());
        expect_file![golden].assert_eq(&text);
    }
}

/// Its words from the headline to the note on the data, without tables and pictures.
fn prose(set: &FactSet, language: Language) -> String {
    let markdown = unmarked(set, language);
    let end = ["\n## 数据说明", "\n## About the data"].iter().find_map(|end| markdown.find(end));
    let lines = markdown[..end.unwrap()].lines();
    let read = lines.filter(|line| !line.is_empty() && !line.starts_with(['|', '*']));
    read.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn a_brief_is_read_in_both_languages() {
    let set = fixture::full(fupan_fact::Basis::Exact);
    for language in [Language::Zh, Language::En] {
        let golden = format!("../golden/brief-{}.md", language.tag());
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
        "ST stocks included, 1 stock closed at the upper limit and 1 hit it but did not hold it",
        "1 stock could not be classified.",
        "No limit price could be determined for 1 stock:",
        "counts of limit-ups and limit-downs leave it out.",
    ] {
        assert!(markdown.contains(sentence), "{sentence}\n{markdown}");
    }
    let none = facts(&[("limit_up_count", "all-a", count(0))]);
    let markdown = unmarked(&none, Language::En);
    assert!(markdown.contains("0 stocks closed at the upper limit."), "{markdown}");
}

/// The same figures in the middle of a session: nothing has closed yet.
#[test]
fn a_brief_of_an_instant_is_read_in_both_languages() {
    let mut set = fixture::full(fupan_fact::Basis::Exact);
    let session = set.session;
    let noon = |mut key: FactKey| {
        if key.session == session {
            key.as_of = AsOf::Instant(41_400);
        }
        key
    };
    for mut fact in std::mem::take(&mut set.facts).into_values() {
        fact.key = noon(fact.key);
        set.insert(fact);
    }
    let members = std::mem::take(&mut set.members).into_iter();
    set.members = members.map(|(key, members)| (noon(key), members)).collect();
    for language in [Language::Zh, Language::En] {
        let golden = format!("../golden/instant-{}.md", language.tag());
        let text = prose(&set, language);
        expect_file![golden].assert_eq(&text);
    }
}
