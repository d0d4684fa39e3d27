//! What every measure declares, line by line: a version, a unit or a population that changes is seen
//! here, and wants a reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;

use expect_test::expect_file;
use fupan_measure::{Mark, Measure, catalogue};

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
