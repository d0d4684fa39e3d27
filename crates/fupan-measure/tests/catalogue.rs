//! What every measure declares, line by line: a version, a unit or a population that changes is seen
//! here, and wants a reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;

use expect_test::expect_file;
use fupan_measure::{Kind, Mark, Measure, SharesMeasure, Sql, catalogue};

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
        Kind::Rotation { rotation, .. } => format!("rotation: {rotation:?}"),
        Kind::Index { .. } => "index".to_owned(),
        Kind::IndexSince { .. } => "index since".to_owned(),
        Kind::Contribution { contribution, .. } => format!("contribution: {contribution:?}"),
        Kind::Security { reported, .. } => format!("security: {reported:?}"),
        Kind::Rank { by, .. } => format!("rank: {by:?}"),
        Kind::OwnPast { figure, .. } => format!("of its own past: {figure:?}"),
        Kind::Fund { .. } => "fund".to_owned(),
        Kind::Intraday { step, .. } => format!("inside a session: {step}"),
        Kind::Calendar { figure, .. } => format!("calendar: {figure:?}"),
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

/// Where a measure is evaluated, with the industries where it is for those too.
#[test]
fn scopes_are_described_with_the_industries() {
    let of = |id: &str| catalogue().iter().find(|m| m.id == id).unwrap().described_scopes();
    let market = "all-a, sse-szse, sse, szse, bse, main, chinext, star";
    assert_eq!(of("advance_share"), market);
    assert_eq!(of("advances"), format!("{market}, industry, theme"));
    assert_eq!(of("turnover_share"), "industry, theme");
    let board = "all-a, main, chinext, star, bse-board, band-10, band-20, band-30, band-st";
    assert_eq!(of("limit_up_count"), format!("{board}, industry, theme"));
    assert_eq!(of("limit_down_count"), format!("{board}, industry, theme"));
    assert_eq!(of("seal_rate"), board);
    assert_eq!(of("percentile_250"), "all-a");
    assert_eq!(of("group_return_5"), "industry, theme, chain segment");
    assert_eq!(of("theme_rank_5"), "industry, theme");
    assert_eq!(of("theme_rotation_1"), "all-a");
    assert_eq!(of("index_close"), "index");
    assert_eq!(of("last_price"), "security");
}

/// A parameter may stand in the part or in the whole.
#[test]
fn a_parameter_is_found_wherever_it_stands() {
    let (open, closed) = ("sum(:parameter)", "sum(parameter)");
    let share = Sql::Share;
    assert!(share(open, closed).has_parameter() && share(closed, open).has_parameter());
    assert!(!share(closed, closed).has_parameter());
    assert!(Sql::Value(open).has_parameter() && !Sql::Value(closed).has_parameter());
}
