//! What is wrong is found, named, and said how to mend.

use std::fs;

use fupan_market::{Language, TurnoverBasis};
use fupan_store::{Problem, ProblemKind, Store, StoreReport, Thoroughness};

use crate::made;

fn filled() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&dir.path().join("store")).unwrap();
    let sessions = made::sessions("2026-01-05", "2026-02-12");
    let all = made::bars("a", "all", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1);
    store.append(&all).unwrap();
    (dir, store)
}

fn look(store: &Store) -> StoreReport {
    store.doctor(Thoroughness::Bytes, "made up").unwrap()
}

#[track_caller]
fn only(report: &StoreReport, kind: ProblemKind) -> Problem {
    let [problem] = &*report.problems else { panic!("{report}") };
    assert_eq!(problem.kind, kind, "{report}");
    assert!(!problem.detail.zh.is_empty() && !problem.mend.zh.is_empty());
    problem.clone()
}

#[test]
fn a_whole_store_is_verified_to_the_last_byte() {
    let (_dir, store) = filled();
    let report = look(&store);
    assert!(report.is_sound() && report.problems.is_empty(), "{report}");
    assert_eq!((report.verified, report.without_digest), (2, 0));
    assert_eq!(report.last_sessions.len(), 5);
    assert_eq!(report.last_sessions[4].rows["XSHG"], 3);
    assert!(report.text(Language::Zh).contains("数据库完好"));
}

/// One bit anywhere in a file of any table, also where its size and its rows stay what they were.
#[test]
fn one_changed_bit_is_found() {
    let (_dir, store) = filled();
    for table in ["daily_bar", "import"] {
        let path = made::file_of(&store, table);
        let whole = fs::read(&path).unwrap();
        for place in [whole.len() / 3, whole.len() / 2] {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            fs::write(&path, &bytes).unwrap();
            let report = look(&store);
            assert_eq!(report.damaged, std::slice::from_ref(&path));
            let problem = only(&report, ProblemKind::Damaged);
            assert!(problem.changes_figures && !report.is_sound());
            assert!(problem.mend.en.contains("fupan drop"), "{report}");
            let quick = store.doctor(Thoroughness::Quick, "made up").unwrap();
            assert!(quick.is_sound(), "a quick look reads no bytes: {quick}");
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(look(&store).is_sound());
}

#[test]
fn a_damaged_import_can_be_dropped_and_imported_again() {
    let (_dir, store) = filled();
    let path = made::file_of(&store, "daily_bar");
    fs::write(&path, "x").unwrap();
    assert!(!look(&store).is_sound());
    let record = store.imports().unwrap().remove(0);
    store.drop_imports(&[record.id]).unwrap();
    let sessions = made::sessions("2026-01-05", "2026-02-12");
    let all = made::bars("a", "all", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1);
    store.append(&all).unwrap();
    assert!(look(&store).is_sound(), "{}", look(&store));
}

#[test]
fn missing_and_thin_sessions_are_named_with_their_exchange() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&dir.path().join("store")).unwrap();
    let sessions = made::sessions("2026-01-05", "2026-02-12");
    let hole = sessions[10];
    let but_one: Vec<_> = sessions.iter().copied().filter(|day| *day != hole).collect();
    let all = made::bars("a", "all", &made::SYMBOLS, &but_one, TurnoverBasis::Reported, 1);
    store.append(&all).unwrap();
    let shanghai = made::bars("a", "hole", &["600519.SH"], &[hole], TurnoverBasis::Reported, 1);
    store.append(&shanghai).unwrap();
    let report = look(&store);
    let gaps: Vec<(&str, u64, bool)> = report
        .problems
        .iter()
        .filter(|problem| problem.kind == ProblemKind::Gap)
        .map(|problem| (problem.subject.as_str(), problem.count, problem.detail.en.contains("few")))
        .collect();
    assert_eq!(gaps, [("XSHG", 1, true), ("XSHE", 1, false), ("BJSE", 1, false)], "{report}");
    assert!(report.problems.iter().all(|problem| problem.detail.en.contains(&hole.to_string())));
    assert!(!report.is_sound());
}

#[test]
fn sources_that_disagree_are_named_and_rounding_is_not() {
    let (_dir, store) = filled();
    let sessions = made::sessions("2026-02-02", "2026-02-12");
    let same = made::bars("b", "same", &made::SYMBOLS, &sessions, TurnoverBasis::Estimated, 1);
    store.append(&same).unwrap();
    assert!(look(&store).is_sound(), "{}", look(&store));
    let other = made::bars("c", "other", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 2);
    store.append(&other).unwrap();
    let report = look(&store);
    assert_eq!(report.problems.len(), 2, "{report}");
    assert!(report.problems.iter().all(|problem| problem.kind == ProblemKind::Conflict));
    assert!(report.problems[0].detail.en.contains("`a` and `c`"), "{report}");
}

#[test]
fn what_a_dropped_import_left_is_said_to_be_harmless() {
    let (_dir, store) = filled();
    let one = made::bars(
        "b",
        "one",
        &made::SYMBOLS[..1],
        &[made::date("2026-02-12")],
        TurnoverBasis::Reported,
        1,
    );
    store.append(&one).unwrap();
    store.drop_imports(&[one.id]).unwrap();
    let report = look(&store);
    assert_eq!(report.orphans.len(), 2);
    let problem = only(&report, ProblemKind::Unlisted);
    assert!(!problem.changes_figures && report.is_sound());
    assert!(problem.mend.en.contains("fupan backfill"));
}
