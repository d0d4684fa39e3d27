//! What every measure declares, line by line: a version, a unit or a population that changes is seen
//! here, and wants a reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;

use expect_test::expect_file;
use fupan_measure::{Kind, Mark, Measure, SharesMeasure, catalogue};

fn declared(measure: &Measure) -> String {
    let Measure { id, label, unit, version, needs, kind, .. } = measure;
    let scopes = measure.described_scopes();
    let mut text = format!("{id}, version {version}: {} · {}\n", label.en, label.zh);
    writeln!(text, "  {unit:?} of {scopes}, needs {needs:?}").unwrap();
    writeln!(text, "  {}", measure.population().en).unwrap();
    let computed = match kind {
        Kind::Shares(SharesMeasure { population, members, statistic, .. }) => {
            let mark = |mark: Option<Mark>| mark.map_or("-".to_owned(), |mark| format!("{mark:?}"));
            let (judged, unjudged, by_name) =
                (population.judged, mark(population.unjudged), mark(population.by_name));
            writeln!(text, "  judged {judged:?}, unjudged {unjudged}, by name {by_name}").unwrap();
            writeln!(text, "  members {members:?}").unwrap();
            // A formula prints as the address of its function.
            format!("{statistic:?}").split("(0x").next().unwrap().to_owned()
        }
        Kind::Turnover { comparison, .. } => format!("turnover: {comparison:?}"),
        Kind::Across { across, .. } => format!("across: {across:?}"),
        Kind::Index { .. } => "index".to_owned(),
        Kind::Contribution { contribution, .. } => format!("contribution: {contribution:?}"),
        Kind::Security { .. } => "security".to_owned(),
        Kind::Seal { .. } => "seal".to_owned(),
        Kind::Coverage { .. } => "quote coverage".to_owned(),
    };
    writeln!(text, "  {computed}").unwrap();
    writeln!(text, "  {:?}", measure.sql()).unwrap();
    text
}

#[test]
fn what_measures_declare_is_written_down() {
    let all: String = catalogue().iter().copied().map(declared).collect();
    expect_file!["./catalogue.txt"].assert_eq(&all);
}
