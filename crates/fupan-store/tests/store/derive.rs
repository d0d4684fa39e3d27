//! Derived tables: one writer at a time, and never other rows than those vouched for.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use fupan_market::{SessionDate, TurnoverBasis};
use fupan_store::{Appended, DerivedRows, ProblemKind, Store, StoreError, Thoroughness};
use fupan_table::{Derived, Table, security_batch, share_capital_batch};
use fupan_table::{SecurityRow, ShareCapitalRow};

use crate::made;

const BY: &str = "made up";

fn filled(from: &str, to: &str) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&dir.path().join("store")).unwrap();
    let sessions = made::sessions(from, to);
    let all = made::bars("a", "all", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1);
    store.append(&all).unwrap();
    (dir, store)
}

/// A row of a session, with a number.
fn row(session: &str, number: i64) -> RecordBatch {
    let text = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text])) };
    let count = |count: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![count])) };
    let day = made::date(session).epoch_days();
    let columns = vec![
        Arc::new(Date32Array::from(vec![day])) as ArrayRef,
        text("XSHG"),
        text("main"),
        count(number),
        count(1),
        count(0),
        text("a"),
        count(0),
    ];
    RecordBatch::try_new(Derived::SessionTurnover.schema(), columns).unwrap()
}

/// Works the years of a store out, each to one number.
fn derive(store: &Store, years: &[(i16, i64)]) -> Option<SessionDate> {
    let mut deriving = store.derive(BY).unwrap()?;
    let from = deriving.from();
    for (year, number) in years.iter().filter(|(year, _)| *year >= from.date().year()) {
        let day = format!("{year}-02-10");
        let period = deriving.period(made::date(&day));
        deriving.replace(Derived::SessionTurnover, period, &[row(&day, *number)]).unwrap();
    }
    deriving.finish(store.sessions().unwrap().unwrap().1).unwrap();
    Some(from)
}

/// The numbers kept.
fn kept(store: &Store) -> Vec<i64> {
    let rows = DerivedRows {
        from: made::date("2020-01-02"),
        to: made::date("2026-12-31"),
        scope: None,
        measures: &[],
        columns: &["turnover"],
    };
    let batches = store.read_derived(Derived::SessionTurnover, &rows).unwrap();
    let numbers = |batch: &RecordBatch| {
        let column = batch.column_by_name("turnover").unwrap();
        column.as_any().downcast_ref::<Int64Array>().unwrap().values().to_vec()
    };
    batches.iter().flat_map(numbers).collect()
}

fn files(store: &Store) -> Vec<PathBuf> {
    let folder = store.dir().join("tables/session_turnover");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|e| e == "parquet")).collect()
}

#[test]
fn an_import_during_a_backfill_is_refused_and_may_come_later() {
    let (_dir, store) = filled("2026-02-02", "2026-02-11");
    let next = made::bars(
        "a",
        "next",
        &made::SYMBOLS,
        &[made::date("2026-02-12")],
        TurnoverBasis::Reported,
        1,
    );
    let deriving = store.derive(BY).unwrap().unwrap();
    let other = Store::open(store.dir()).unwrap();
    for error in [
        other.append(&next).unwrap_err(),
        other.drop_imports(std::slice::from_ref(&next.id)).unwrap_err(),
        other.derive(BY).unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
        assert!(error.to_string().contains("wait"), "{error}");
    }
    drop(deriving);
    assert!(matches!(other.append(&next).unwrap(), Appended::Added { .. }));
}

#[test]
fn what_is_replaced_stays_for_its_readers_until_the_next_time() {
    let (_dir, store) = filled("2026-02-02", "2026-02-10");
    derive(&store, &[(2026, 1)]);
    let before = files(&store);
    let day = [made::date("2026-02-11")];
    let next = made::bars("a", "next", &made::SYMBOLS, &day, TurnoverBasis::Reported, 1);
    store.append(&next).unwrap();
    assert_eq!(derive(&store, &[(2026, 2)]), Some(made::date("2026-02-02")));
    assert_eq!(kept(&store), [2]);
    assert!(before.iter().all(|path| path.exists()), "a reader may still be at it");
    assert_eq!(files(&store).len(), 2);
    assert_eq!(derive(&store, &[]), None, "nothing changed");
    assert_eq!(files(&store).len(), 1);
    assert_eq!(kept(&store), [2]);
}

#[test]
fn a_broken_off_run_is_not_vouched_for() {
    let (_dir, store) = filled("2025-02-05", "2026-02-10");
    derive(&store, &[(2025, 1), (2026, 1)]);
    assert_eq!(store.stale_from(BY).unwrap(), None);
    let day = [made::date("2026-02-11")];
    let next = made::bars("a", "next", &made::SYMBOLS, &day, TurnoverBasis::Reported, 1);
    store.append(&next).unwrap();
    let mut deriving = store.derive(BY).unwrap().unwrap();
    let period = deriving.period(made::date("2026-02-10"));
    deriving.replace(Derived::SessionTurnover, period, &[row("2026-02-10", 7)]).unwrap();
    drop(deriving);
    assert_eq!(store.stale_from(BY).unwrap(), Some(made::date("2026-02-01")));
    assert_eq!(derive(&store, &[(2025, 1), (2026, 2)]), Some(made::date("2026-02-01")));
    assert_eq!(kept(&store), [1, 2]);
    assert_eq!(store.stale_from("other rules").unwrap(), Some(made::date("2025-02-05")));
}

/// A store whose last year goes on, each of its months worked out to one number.
fn derive_months(store: &Store, months: &[(&str, i64)]) -> Option<SessionDate> {
    let mut deriving = store.derive(BY).unwrap()?;
    let from = deriving.from();
    for (day, number) in months.iter().filter(|(day, _)| made::date(day) >= from) {
        let period = deriving.period(made::date(day));
        deriving.replace(Derived::SessionTurnover, period, &[row(day, *number)]).unwrap();
    }
    deriving.finish(store.sessions().unwrap().unwrap().1).unwrap();
    Some(from)
}

#[test]
fn a_day_is_an_update_of_its_month_until_the_year_is_over() {
    let (_dir, store) = filled("2024-11-04", "2025-12-30");
    let [year, november, december] = ["2024-11-04", "2025-11-03", "2025-12-30"];
    derive_months(&store, &[(year, 1), (november, 2), (december, 3)]);
    let add = |label: &str, day: &str| {
        let day = [made::date(day)];
        let bars = made::bars("a", label, &made::SYMBOLS, &day, TurnoverBasis::Reported, 1);
        store.append(&bars).unwrap();
        bars.id
    };
    let next = add("next", "2025-12-31");
    let months = [(november, 9), ("2025-12-31", 4)];
    assert_eq!(derive_months(&store, &months), Some(made::date("2025-12-01")));
    assert_eq!(kept(&store), [1, 2, 4]);

    // The year that is over keeps its months.
    let later = add("later", "2026-01-05");
    let new_year = [(december, 9), ("2026-01-05", 5)];
    assert_eq!(derive_months(&store, &new_year), Some(made::date("2026-01-01")));
    assert_eq!(derive_months(&store, &[]), None);
    assert_eq!(kept(&store), [1, 2, 4, 5]);
    assert_eq!(files(&store).len(), 4);

    // What of it is worked out again becomes one file.
    store.drop_imports(&[next]).unwrap();
    let whole = made::date("2025-01-01");
    assert_eq!(derive_months(&store, &[(december, 6), ("2026-01-05", 7)]), Some(whole));
    assert_eq!(kept(&store), [1, 6, 7]);

    // And has months again, once it is the last year again.
    store.drop_imports(&[later]).unwrap();
    assert_eq!(derive_months(&store, &[(november, 8), (december, 9)]), Some(whole));
    assert_eq!(kept(&store), [1, 8, 9]);
}

#[test]
fn years_that_no_import_speaks_of_any_more_go() {
    let (_dir, store) = filled("2026-02-02", "2026-02-10");
    let early = made::sessions("2025-02-05", "2025-02-12");
    let early = made::bars("a", "early", &made::SYMBOLS, &early, TurnoverBasis::Reported, 1);
    store.append(&early).unwrap();
    derive(&store, &[(2025, 1), (2026, 1)]);
    store.drop_imports(std::slice::from_ref(&early.id)).unwrap();
    assert_eq!(store.stale_from(BY).unwrap(), Some(made::date("2026-02-02")));
    derive(&store, &[(2026, 2)]);
    assert_eq!(kept(&store), [2]);
    let all = store.imports().unwrap().remove(0);
    store.drop_imports(&[all.id]).unwrap();
    assert!(store.derive(BY).unwrap().is_none());
    assert_eq!(kept(&store), [] as [i64; 0]);
}

#[test]
fn sessions_dropped_at_the_end_are_not_kept() {
    let (_dir, store) = filled("2026-02-02", "2026-02-10");
    let day = [made::date("2026-02-11")];
    let next = made::bars("a", "next", &made::SYMBOLS, &day, TurnoverBasis::Reported, 1);
    store.append(&next).unwrap();
    derive(&store, &[(2026, 1)]);
    store.drop_imports(std::slice::from_ref(&next.id)).unwrap();
    assert_eq!(store.stale_from(BY).unwrap(), Some(made::date("2026-02-10")));
    assert!(derive(&store, &[(2026, 2)]).is_some());
    assert_eq!(store.stale_from(BY).unwrap(), None);
}

/// Names and share capital of the symbols on a day, of one source.
fn list(file: &str, on: &str, names: &[(&str, &str)], float: u64) -> fupan_table::Import {
    let on = made::date(on);
    let security = names.iter().map(|(symbol, name)| SecurityRow {
        symbol: made::symbol(symbol),
        observed_on: on,
        name: Some((*name).to_owned()),
        listed_on: Some(made::date("2001-08-27")),
        delisted_on: None,
        issue_price: None,
        industry: None,
    });
    let capital = names.iter().map(|(symbol, _)| ShareCapitalRow {
        symbol: made::symbol(symbol),
        observed_on: on,
        total_shares: float * 2,
        float_shares: float,
    });
    made::import(
        "l",
        file,
        vec![
            (Table::Security, security_batch(security).unwrap()),
            (Table::ShareCapital, share_capital_batch(capital).unwrap()),
        ],
    )
}

/// A list of the day changes what is known since the list before, and no more.
#[test]
fn the_list_of_a_day_leaves_earlier_days_alone() {
    let (_dir, store) = filled("2025-02-05", "2026-02-12");
    let names = [("600519.SH", "甲"), ("000001.SZ", "乙")];
    store.append(&list("first", "2026-01-15", &names, 5)).unwrap();
    let years = [(2025, 1), (2026, 1)];
    derive(&store, &years);
    let stale_after = |list: &fupan_table::Import| {
        store.append(list).unwrap();
        let stale = store.stale_from(BY).unwrap().map(|day| day.to_string());
        store.drop_imports(std::slice::from_ref(&list.id)).unwrap();
        stale
    };
    let said = |day: &str| Some(day.to_owned());
    // Names since the day after the last list; shares from the day of the new one on.
    let same = list("same", "2026-02-10", &names, 5);
    assert_eq!(stale_after(&same), said("2026-01-16"));
    let warned = list("warned", "2026-02-10", &[("600519.SH", "ST甲")], 6);
    assert_eq!(stale_after(&warned), said("2026-01-16"));
    let before = list("before", "2025-12-01", &names, 5);
    assert_eq!(stale_after(&before), said("2025-02-05"), "the first name reaches over all days");
    // A security without rows changes nothing before it is listed; one with rows all its days.
    let newcomer = list("new", "2026-02-10", &[("603999.SH", "丙")], 5);
    assert_eq!(stale_after(&newcomer), said("2025-02-05"), "listed long ago, as far as is known");
    let traded = list("traded", "2026-02-10", &[("688981.SH", "丁")], 5);
    assert_eq!(stale_after(&traded), said("2025-02-05"));
    assert_eq!(store.stale_from(BY).unwrap(), None, "all of them are gone again");
}

/// What was known is compared with what is: a list that is dropped is a change like one that comes.
#[test]
fn a_dropped_list_is_stale_from_the_day_it_spoke_of() {
    let (_dir, store) = filled("2025-02-05", "2026-02-12");
    let names = [("600519.SH", "甲")];
    store.append(&list("first", "2026-01-15", &names, 5)).unwrap();
    let second = list("second", "2026-02-10", &names, 5);
    store.append(&second).unwrap();
    derive(&store, &[(2025, 1), (2026, 1)]);
    store.drop_imports(std::slice::from_ref(&second.id)).unwrap();
    assert_eq!(store.stale_from(BY).unwrap(), Some(made::date("2026-01-16")));
    let report = store.doctor(Thoroughness::Bytes, BY).unwrap();
    let stale = report.problems.iter().find(|p| p.kind == ProblemKind::DerivedStale).unwrap();
    assert!(stale.mend.en.contains("fupan backfill"), "{report}");
    assert!(report.is_sound(), "{report}");
}

#[test]
fn a_damaged_derived_table_is_found_and_made_again() {
    let (_dir, store) = filled("2026-02-02", "2026-02-12");
    derive(&store, &[(2026, 1)]);
    let path = files(&store).remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let report = store.doctor(Thoroughness::Bytes, BY).unwrap();
    assert_eq!(report.problems[0].kind, ProblemKind::DerivedDamaged, "{report}");
    assert!(!report.is_sound() && report.problems[0].mend.en.contains("fupan backfill"));
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert!(derive(&store, &[(2026, 1)]).is_some());
    assert!(store.doctor(Thoroughness::Bytes, BY).unwrap().problems.is_empty());
}
