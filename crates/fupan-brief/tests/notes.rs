//! When a note stands above the figures, and which counts a text leaves out.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use fixture::{Builder, count, yi};
use fupan_brief::document::Inline;
use fupan_brief::export::{self, HtmlOptions};
use fupan_brief::{FactSet, Format, Language, MarketColours, compose};
use fupan_fact::{Basis, Coverage, SessionNote, Value};
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
    let new = [(FindingKind::UnknownLimit, "new_listing")];
    assert_eq!(notes(&with(undetermined(0), &new)), [""; 0], "new listings have no limit");
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
    // Tables that a reader knows by another name.
    let words = |subject: &str| {
        let found = with(of(&[]), &[(FindingKind::MissingData, subject)]);
        export::markdown(&compose(&found, Language::En), &found)
    };
    for (subject, name) in [
        ("industry", "industry membership on the day"),
        ("share_capital", "share capital of the day"),
        ("code_change", "old and new codes"),
    ] {
        assert!(words(subject).contains(name), "{subject}");
        assert!(!words("some_table").contains(name));
    }
}

/// Where share capital is of other dates, a note has them in words.
#[test]
fn the_dates_of_share_capital_are_noted() {
    let found = with(of(&[]), &[(FindingKind::MissingData, "share_capital")]);
    assert_eq!(notes(&found), ["missing_data", "share_dates"]);
    for (language, words) in [(Language::En, "There is none."), (Language::Zh, "缺。")] {
        let note = compose(&found, language).notes.pop().unwrap();
        assert_eq!(note.text, [Inline::Quoted(words.to_owned())]);
    }
    assert_eq!(notes(&with(of(&[]), &[(FindingKind::MissingData, "industry")])), ["missing_data"]);
}

/// An index that no close of its data exceeds is at a record once they are long enough.
#[test]
fn a_record_close_is_named_where_the_data_reach_back_a_year() {
    let of_sessions = |sessions: u64| {
        let mut set = fixture::full(Basis::Exact);
        let key = format!("index_high_since_sessions/000001.SH/{}/close", set.session);
        let fact = set.facts.get_mut(&key.parse().unwrap()).unwrap();
        fact.value = Value::Unknown { reason: "no_higher_close".to_owned() };
        fact.provenance.coverage = Coverage { judged: sessions, unjudged: 0 };
        export::markdown(&compose(&set, Language::Zh), &set)
    };
    assert!(of_sessions(250).contains("沪指为有数据的"));
    assert!(!of_sessions(249).contains("沪指为有数据的"));
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

/// The ladder lists the rungs of all shares in the session that hold someone, the highest first.
#[test]
fn the_ladder_has_the_rungs_that_hold_a_share() {
    let mut builder = Builder::new();
    let unknown = || Value::Unknown { reason: "undetermined_limit".to_owned() };
    for (measure, scope, value) in [
        ("limit_up_ladder:2", "all-a", count(3)),
        ("limit_up_ladder:10", "all-a", count(1)),
        ("limit_up_ladder:3", "all-a", count(0)),
        ("limit_up_ladder:4", "all-a", unknown()),
        ("limit_up_ladder:5", "all-a", unknown()),
        ("limit_up_ladder:7", "band-10", count(2)),
        ("limit_up_ladder:all", "all-a", count(2)),
        ("limit_up_ladder_at_least:2", "all-a", count(1)),
        ("limit_up_count", "all-a", count(9)),
    ] {
        builder.put(measure, scope, value);
    }
    let yesterday = SessionDate::new(2026, 2, 11).unwrap();
    builder.put_on(yesterday, "limit_up_ladder:8", "all-a", count(2));
    let certain = builder.set.facts.keys().find(|key| key.measure.parameter() == Some("5"));
    let certain = certain.unwrap().clone();
    builder.set.members.insert(certain, vec!["600519.SH".parse().unwrap()]);
    let document = compose(&builder.set, Language::En);
    let tables = document.sections.iter().flat_map(|section| &section.blocks);
    let ladder = tables.filter_map(|block| match block {
        fupan_brief::document::Block::Table(table) if table.id == "table-ladder" => Some(table),
        _ => None,
    });
    let rungs: Vec<String> = ladder
        .flat_map(|table| &table.rows)
        .map(|row| match &row.cells[0][0] {
            Inline::Fact(key, _) => key.measure.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        rungs,
        [
            "limit_up_ladder:10",
            "limit_up_ladder:5",
            "limit_up_ladder:2",
            "limit_up_ladder_at_least:2"
        ]
    );
}

/// A picture that lacks one of its figures is left out, and the figure listed as not known.
#[test]
fn a_figure_that_is_looked_for_and_not_known_is_listed() {
    let mut facts = fixture::full(Basis::Exact);
    let listed = |facts: &FactSet| {
        let unknown = compose(facts, Language::En).data_note.unknown;
        unknown.into_iter().map(|figure| figure.key.to_string()).collect::<Vec<_>>()
    };
    let flat = format!("return_bin:flat/all-a/{}/close", facts.session);
    assert!(!listed(&facts).contains(&flat));
    facts.facts.remove(&flat.parse().unwrap()).unwrap();
    assert_eq!(listed(&facts).iter().filter(|key| **key == flat).count(), 1);
}

/// Where a page prints how many securities a figure is about, the same number stands in the markup.
#[test]
fn a_population_is_the_same_number_for_programs() {
    let mut facts = fixture::full(Basis::Exact);
    let key = format!("advances/all-a/{}/close", facts.session).parse().unwrap();
    let coverage = Coverage { judged: 1_815, unjudged: 3_385 };
    facts.facts.get_mut(&key).unwrap().provenance.coverage = coverage;
    let mut document = compose(&facts, Language::En);
    let formats = [Format::Population, Format::Judged, Format::Unjudged];
    document.deck = formats.map(|format| Inline::Fact(key.clone(), format)).to_vec();
    let html = export::html(&document, &facts, &HtmlOptions { colours: MarketColours::RedUp });
    for value in ["5200", "1815", "3385"] {
        assert!(html.contains(&format!("value=\"{value}\" data-fact=\"{key}\"")), "{value}");
    }
}

/// An index that no list of the house names is shown with the others, by its symbol.
#[test]
fn an_index_that_is_not_tracked_is_shown_too() {
    let ret = Value::Return { ppb: fupan_market::Return(12_300_000) };
    let shown = |symbol: &str| {
        let set = of(&[
            ("index_return", "000001.SH", ret.clone()),
            ("index_return", symbol, ret.clone()),
        ]);
        export::markdown(&compose(&set, Language::En), &set).contains(symbol)
    };
    assert!(shown("000010.SH"));
    assert!(!shown("600519.SH"), "a share is no index");
}
