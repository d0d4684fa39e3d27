//! What every measure declares, line by line: a version, a unit or a population that changes is seen
//! here, and wants a reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;

use expect_test::expect_file;
use fupan_measure::{Mark, Measure, Sql, catalogue};

fn declared(measure: &Measure) -> String {
    let Measure {
        id, label, population, unit, version, scopes, needs, members, shape, sql, ..
    } = measure;
    let mark = |mark: Option<Mark>| mark.map_or("-".to_owned(), |mark| format!("{mark:?}"));
    let (judged, unjudged, by_name) =
        (population.judged, mark(population.unjudged), mark(population.by_name));
    let mut text = format!("{id}, version {version}: {} · {}\n", label.en, label.zh);
    writeln!(text, "  {unit:?} of {scopes:?}, needs {needs:?}, members {members:?}").unwrap();
    writeln!(text, "  judged {judged:?}, unjudged {unjudged}, by name {by_name}").unwrap();
    writeln!(text, "  {}", population.text.en).unwrap();
    // A formula prints as the address of its function.
    let shape = format!("{shape:?}");
    writeln!(text, "  {}", shape.split("(0x").next().unwrap()).unwrap();
    writeln!(text, "  {sql:?}").unwrap();
    text
}

#[test]
fn what_measures_declare_is_written_down() {
    let all: String = catalogue().iter().copied().map(declared).collect();
    expect_file!["./catalogue.txt"].assert_eq(&all);
}

/// Where a measure is evaluated, with the industries where it is for those too.
#[test]
fn scopes_are_described_with_the_industries() {
    let of = |id: &str| catalogue().iter().find(|m| m.id == id).unwrap().described_scopes();
    let market = "all-a, sse-szse, sse, szse, bse, main, chinext, star";
    assert_eq!(of("advance_share"), market);
    assert_eq!(of("advances"), format!("{market}, industry"));
    assert_eq!(of("turnover_share"), "industry");
    let board = "all-a, main, chinext, star, bse-board, band-10, band-20, band-30, band-st";
    assert_eq!(of("limit_up_count"), format!("{board}, industry"));
    assert_eq!(of("limit_down_count"), board);
    assert_eq!(of("percentile_250"), "all-a");
    assert_eq!(of("index_close"), "index");
    assert_eq!(of("last_price"), "security");
}

/// A parameter may stand in the part or in the whole.
#[test]
fn a_parameter_is_found_wherever_it_stands() {
    let (open, closed) = ("sum(:parameter)", "sum(parameter)");
    for pair in [Sql::Share, Sql::RankedShare, Sql::AcrossShare, Sql::QuotedShare] {
        assert!(pair(open, closed).has_parameter() && pair(closed, open).has_parameter());
        assert!(!pair(closed, closed).has_parameter());
    }
    for one in [
        Sql::Aggregate,
        Sql::Ranked,
        Sql::Security,
        Sql::Turnover,
        Sql::Index,
        Sql::Contribution,
        Sql::Across,
        Sql::Seal,
        Sql::Quoted,
    ] {
        assert!(one(open).has_parameter() && !one(closed).has_parameter());
    }
}
