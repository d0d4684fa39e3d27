//! The conditions of what to watch.

use fupan_brief::{FactSet, Language};
use fupan_fact::{Basis, Value};
use fupan_market::{Calendar, SessionDate};

use crate::fixture::{self, Builder, count, ppb, yi};
use crate::sets::*;
use crate::watched;

pub(crate) fn index(streak: i64, since: Option<u32>) -> FactSet {
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
    builder.put("turnover_vs_ma20", "sse-szse", ppb(30_000_000));
    builder.set
}

pub(crate) fn promoted(part: i64, whole: i64, ups: i64) -> FactSet {
    facts(&[
        ("promotion_rate:all", "all-a", Value::Share { part, whole }),
        ("limit_up_count", "all-a", count(ups)),
    ])
}

#[test]
fn conditions_are_figures_of_this_session_to_pass() {
    let two = |set: FactSet| watched(&together([set, promoted(16, 58, 71)]), Language::En);
    let flat = |_| Some(20_000);
    let run =
        |streak, since| two(together([index(streak, since), history(flat, 21_000)]))[0].clone();
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
        (2, Some(19), "- Turnover in Shanghai and Shenzhen above 2.10 trillion yuan"),
    ] {
        let told = run(streak, since);
        assert!(told.starts_with(expected), "{told}");
    }
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
        // A quarter above the session's is near, and what is more is not.
        (history(|back| Some(if back == 7 { 26_250 } else { 20_000 }), 21_000), Some("above 2.63")),
        (history(|back| Some(if back == 7 { 26_251 } else { 20_000 }), 21_000), None),
        (history(|back| (back != 20).then_some(20_000), 21_000), None),
    ] {
        let told = two(set);
        match expected {
            Some(expected) => assert!(told[0].contains(expected), "{told:?}"),
            None => assert!(told.is_empty(), "one condition alone is no list: {told:?}"),
        }
    }
    let mut short = history(peak, 21_000);
    forget(&mut short, "turnover_vs_ma20", "sse-szse");
    assert!(two(short).is_empty(), "sessions between may be missing");
    let mut partial = history(peak, 21_000);
    let day: SessionDate = "2026-02-03".parse().unwrap();
    let of_day = partial.facts.values_mut().find(|fact| fact.key.session == day).unwrap();
    of_day.provenance.basis = Basis::Partial;
    assert!(two(partial).is_empty(), "a part of a session's turnover is no threshold");
}

#[test]
fn what_cannot_be_passed_is_no_condition() {
    let turnover = || history(|_| Some(20_000), 21_000);
    let told = |part, whole, ups| {
        watched(&together([promoted(part, whole, ups), turnover()]), Language::En).len()
    };
    assert_eq!(told(16, 58, 71), 2);
    assert_eq!(told(58, 58, 71), 0, "no rate is higher than all");
    assert_eq!(told(16, 58, 0), 0, "nothing was sealed");
}
