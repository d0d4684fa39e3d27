//! When a note stands above the figures, and which counts a text leaves out.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use fixture::{Builder, count, yi};
use fupan_brief::document::Inline;
use fupan_brief::{FactSet, Language, compose};
use fupan_fact::{Basis, SessionNote, Value};
use fupan_market::{Finding, FindingKind, SessionDate, Wording};

/// The notes of a set, except that parts of a review are missing: these sets hold little.
fn notes(set: &FactSet) -> Vec<String> {
    let notes = compose(set, Language::En).notes;
    notes.into_iter().map(|note| note.id).filter(|id| id != "missing_parts").collect()
}

fn of(figures: &[(&str, &str, Value)]) -> FactSet {
    let mut builder = Builder::new();
    for (measure, scope, value) in figures {
        builder.put(measure, scope, value.clone());
    }
    builder.set
}

fn finding(kind: FindingKind, subject: &str) -> Finding {
    let words = Wording::new("There is none.", "缺。");
    let subject = subject.to_owned();
    Finding { kind, count: 1, subject, detail: words.clone(), hint: words, place: None }
}

fn with(mut set: FactSet, findings: &[(FindingKind, &str)]) -> FactSet {
    set.findings.extend(findings.iter().map(|(kind, subject)| finding(*kind, subject)));
    set
}

#[test]
fn a_set_without_faults_has_no_note() {
    assert_eq!(notes(&of(&[])), [""; 0]);
    let mut simulated = of(&[]);
    simulated.notes.push(SessionNote::Simulated);
    assert_eq!(notes(&simulated), ["simulated"]);
    assert_eq!(notes(&fixture::full(Basis::Exact)), ["unknown_status"]);
    assert_eq!(notes(&fixture::poor())[0], "simulated");
}

#[test]
fn limits_that_are_not_known_are_noted_if_there_are_some() {
    let undetermined = |number| of(&[("limit_undetermined_count", "all-a", count(number))]);
    assert_eq!(notes(&undetermined(0)), [""; 0]);
    for number in [1, 2] {
        assert_eq!(notes(&undetermined(number)), ["unknown_status"], "{number}");
    }
    for kind in [FindingKind::UnknownStatus, FindingKind::UnknownLimit] {
        assert_eq!(notes(&with(undetermined(0), &[(kind, "")])), ["unknown_status"], "{kind:?}");
    }
}

#[test]
fn a_part_of_an_exchange_is_noted() {
    let breadth = || of(&[("advances", "all-a", count(2_018))]);
    let partial = FindingKind::PartialSession;
    assert_eq!(notes(&with(breadth(), &[(partial, "sse")])), ["partial_session"]);
    for (kind, subject) in [
        (partial, "all-a"),
        (partial, ""),
        (partial, "600519.SH"),
        (FindingKind::UnreadableField, "sse"),
    ] {
        assert_eq!(notes(&with(breadth(), &[(kind, subject)])), [""; 0], "{kind:?} {subject}");
    }
}

#[test]
fn an_exchange_without_trade_is_noted_if_others_traded() {
    let traded = |numbers: [Option<i64>; 3]| {
        let exchanges = ["sse", "szse", "bse"].into_iter().zip(numbers);
        let figures: Vec<_> = exchanges
            .filter_map(|(exchange, number)| Some(("traded", exchange, count(number?))))
            .collect();
        notes(&of(&figures)).iter().filter(|id| *id == "missing_exchange").count()
    };
    for (numbers, missing) in [
        ([Some(1), Some(2), Some(1)], 0),
        ([Some(1), Some(0), Some(2)], 1),
        ([Some(1), None, None], 2),
        ([Some(0), Some(0), Some(0)], 0),
        ([None, None, None], 0),
    ] {
        assert_eq!(traded(numbers), missing, "{numbers:?}");
    }
}

#[test]
fn missing_data_are_noted_once_and_by_name_where_they_have_one() {
    let told = |subjects: &[&str]| {
        let found: Vec<_> =
            subjects.iter().map(|subject| (FindingKind::MissingData, *subject)).collect();
        let document = compose(&with(of(&[]), &found), Language::En);
        let note = document.notes.into_iter().find(|note| note.id == "missing_data");
        note.map(|note| {
            note.text.iter().filter(|inline| matches!(inline, Inline::Scope(_))).count()
        })
    };
    assert_eq!(told(&[]), None);
    assert_eq!(told(&[""]), None);
    assert_eq!(told(&["szse"]), Some(1));
    assert_eq!(told(&["szse", "", "bse", "szse"]), Some(2));
    // An identifier means nothing to a reader; that something is missing does.
    assert_eq!(told(&["some_table"]), Some(0));
}

#[test]
fn an_estimate_is_noted_if_it_is_of_the_sessions_own_turnover() {
    let estimated = |measure: &str, back: i32, basis: Basis| {
        let mut builder = Builder::new();
        let session = SessionDate::from_epoch_days(fixture::session().epoch_days() - back).unwrap();
        builder.put_on(session, measure, "all-a", yi(9));
        builder.set.facts.values_mut().for_each(|fact| fact.provenance.basis = basis);
        notes(&builder.set)
    };
    assert_eq!(estimated("turnover", 0, Basis::Estimated), ["estimated"]);
    assert_eq!(estimated("turnover", 0, Basis::Exact), [""; 0]);
    assert_eq!(estimated("turnover", 1, Basis::Estimated), [""; 0]);
    assert_eq!(estimated("turnover_prev", 0, Basis::Estimated), [""; 0]);
}

/// Whether a figure of all shares is printed anywhere.
fn is_told(set: &FactSet, measure: &str) -> bool {
    let document = compose(set, Language::En);
    document.runs().into_iter().flatten().any(|inline| match inline {
        Inline::Fact(key, _) => {
            key.measure.to_string() == measure && key.scope.to_string() == "all-a"
        }
        _ => false,
    })
}

#[test]
fn what_happened_to_nobody_is_not_told() {
    for measure in [
        "floor_to_ceiling_count",
        "ceiling_to_floor_count",
        "limit_undetermined_count",
        "suspended",
        "unjudged_count",
    ] {
        for (number, expected) in [(0, false), (1, true), (2, true)] {
            let mut set = fixture::full(Basis::Exact);
            for fact in set.facts.values_mut().filter(|fact| fact.key.measure.name() == measure) {
                fact.value = count(number);
            }
            assert_eq!(is_told(&set, measure), expected, "{measure} {number}");
        }
    }
    // Of two shapes one is enough.
    for (one, tee, expected) in [(0, 0, false), (1, 0, true), (0, 1, true)] {
        let mut set = fixture::full(Basis::Exact);
        for fact in set.facts.values_mut() {
            match fact.key.measure.name() {
                "one_price_limit_up_count" => fact.value = count(one),
                "t_shaped_limit_up_count" => fact.value = count(tee),
                _ => {}
            }
        }
        assert_eq!(is_told(&set, "t_shaped_limit_up_count"), expected, "{one} {tee}");
    }
}
