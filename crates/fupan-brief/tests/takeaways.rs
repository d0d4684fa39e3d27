//! Each observation that a brief opens with: at its threshold, just below and just above it, and in
//! what order.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;
mod sentences;
mod sets;

use expect_test::expect;
use fixture::{Builder, count};
use fupan_brief::document::Block;
use fupan_brief::{Document, FactSet, Language, compose};
use sets::*;

fn ids(document: &Document) -> Vec<&str> {
    document.takeaways.iter().map(|takeaway| takeaway.id.as_str()).collect()
}

/// The identifiers of a set's takeaways, joined by a space.
fn said(facts: &FactSet) -> String {
    ids(&compose(facts, Language::En)).join(" ")
}

/// Holds each case against the identifiers that its facts say.
#[track_caller]
fn hold<T: std::fmt::Debug + Copy>(cases: &[(T, &str)], set: impl Fn(T) -> FactSet) {
    for (case, expected) in cases {
        assert_eq!(said(&set(*case)), *expected, "{case:?}");
    }
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

#[test]
fn members_are_told_if_they_pulled_both_ways() {
    for (points, moves, expected) in [
        (20_000, &[20_000, -1][..], "one_member"),
        (20_000, &[19_999, -1], "members_opposed"),
        (20_000, &[20_000, 0], ""),
        (20_000, &[20_000], ""),
        (-20_000, &[1, -20_000], "one_member"),
        (-20_000, &[1, -19_999], "members_opposed"),
        (-20_000, &[-20_000], ""),
        (0, &[1, -1], "one_member"),
    ] {
        assert_eq!(said(&members(points, moves)), expected, "{points} {moves:?}");
    }
}

#[test]
fn boards_and_sizes_move_apart_at_their_thresholds() {
    for (star, expected) in [(46_300, "boards_apart"), (46_299, "")] {
        assert_eq!(said(&boards(31_300, 40_000, star)), expected, "{star}");
    }
    for (small, large, expected) in [
        (-2_000_000, 3_000_000, "large_caps_lead"),
        (-2_000_000, 2_999_999, ""),
        (3_000_000, -2_000_000, "small_caps_lead"),
        (2_999_999, -2_000_000, ""),
    ] {
        assert_eq!(said(&deciles(small, large)), expected, "{small} {large}");
    }
}

/// A longest run that is known, and shorter, is told before that of shares under risk warning.
#[test]
fn the_longest_run_outside_risk_warning_comes_first() {
    let told =
        |set: &FactSet| opening(set, Language::En)["takeaways"][0].as_str().unwrap().to_owned();
    let outside = "The longest run outside ST stocks is 4 consecutive limit-ups: ChiNext;";
    assert!(told(&apart(6, 4)).starts_with(outside));
    let plain = "The longest run is 6 consecutive limit-ups";
    // No run of its own, or as long a one.
    for outside in [0, 1, 6] {
        assert!(told(&apart(6, outside)).starts_with(plain), "{outside}");
    }
    let mut set = apart(6, 4);
    forget(&mut set, "max_streak", "band-20");
    assert!(told(&set).starts_with(plain));
    // Of a class that nobody is in, there is nothing to know.
    let named = |key: &fupan_fact::FactKey| key.to_string().starts_with("max_streak/band-20");
    let key = set.facts.keys().find(|key| named(key)).unwrap().clone();
    let coverage = &mut set.facts.get_mut(&key).unwrap().provenance.coverage;
    (coverage.judged, coverage.unjudged) = (0, 0);
    assert!(told(&set).starts_with(outside));
}

#[test]
fn industries_move_apart_from_three_per_cent_on() {
    hold(
        &[(-9_999_999, ""), (-10_000_000, "industries_apart"), (-30_000_000, "industries_apart")],
        |worst| industries(20_000_000, worst),
    );
    let opening = opening(&industries(20_000_000, -10_000_000), Language::En);
    let sentence = "Industries moved far apart, from electronics at +2.00% to banks at -1.00%.";
    assert_eq!(opening["takeaways"][0], sentence.replace(" -1", " \u{2212}1"));
}

/// Where the weighted return of one is not known, all are ranked by that of equal weights.
#[test]
fn industries_are_ranked_by_one_return() {
    let mut set = industries(20_000_000, -10_000_000);
    let paragraph = |set: &FactSet| unmarked(set, Language::En);
    let led = "the leaders among industries in which most stocks rose were";
    assert!(paragraph(&set).contains(&format!("{led} electronics")), "{}", paragraph(&set));
    // Electronics led by a few large stocks alone, and nothing else rose.
    let mut alone = set.clone();
    turn(&mut alone, "sw1.801080");
    assert!(!paragraph(&alone).contains(led), "{}", paragraph(&alone));
    forget(&mut set, "cap_weight_return", "sw1.801780");
    ["sw1.801080", "sw1.801780"].into_iter().for_each(|group| turn(&mut set, group));
    let text = paragraph(&set);
    let banks = format!("With stocks weighted equally, {led} banks");
    assert!(text.contains(&banks), "{text}");
}

/// Exchanges how many stocks of a group rose and how many fell.
fn turn(set: &mut FactSet, group: &str) {
    let scope: fupan_fact::Scope = group.parse().unwrap();
    let of = |set: &FactSet, name: &str| {
        let is_it = |key: &&fupan_fact::FactKey| key.measure.name() == name && key.scope == scope;
        set.facts.keys().find(is_it).unwrap().clone()
    };
    let (up, down) = (of(set, "advances"), of(set, "declines"));
    let [rose, fell] = [&up, &down].map(|key| set.facts[key].value.clone());
    set.facts.get_mut(&up).unwrap().value = fell;
    set.facts.get_mut(&down).unwrap().value = rose;
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
        (0, 0, 300),
        (15_000_000, 3_000_000, 400),
        (3_000_000, -15_000_000, 400),
        (-30_000_000, -1_000_000, 500),
        (90_000_000, 0, 500),
    ] {
        let set = indices(&[(SSE, one), (SZSE, other)]);
        assert_eq!(salience(&set), [expected], "{one} {other}");
    }
    assert_eq!(salience(&concentration(60_000)), [410]);
}

#[test]
fn takeaways_stand_in_the_order_of_salience_and_are_six() {
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
    expect![
        "narrow limit_ups_lead micro_caps_lead turnover_steady prior_limit_ups_gain highs_lead"
    ]
    .assert_eq(&said(&quiet));
    assert_eq!(salience(&quiet), [690, 560, 480, 480, 466, 450]);
    let lively = set(-1_000_000, 149_000_000);
    expect![
        "turnover_expanding narrow limit_ups_lead micro_caps_lead prior_limit_ups_gain highs_lead"
    ]
    .assert_eq(&said(&lively));
}
