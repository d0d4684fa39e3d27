//! Wrong imports: refused where they disagree, replaced, and taken out again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fupan_market::{DailyBar, SessionDate, Symbol, TurnoverBasis};
use fupan_store::{
    Appended, Differing, ImportRecord, SourceChoice, Store, StoreError, Thoroughness,
};
use fupan_table::{Import, ImportId, Table, daily_bar_batch};

use crate::made;

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&dir.path().join("store")).unwrap();
    (dir, store)
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// An import of some bars, each from a seed.
fn bars(file: &str, rows: &[(&str, &str, i64)]) -> Import {
    let bar = |(who, day, seed): &(&str, &str, i64)| {
        let who = made::symbol(who);
        (who, made::bar(who, made::date(day), TurnoverBasis::Reported, *seed))
    };
    let batch = daily_bar_batch(rows.iter().map(bar)).unwrap();
    made::import("a", file, vec![(Table::DailyBar, batch)])
}

/// The bars of a session, as the store gives them.
fn held(store: &Store, session: &str) -> Vec<(Symbol, DailyBar)> {
    let loaded = store.history(made::date(session), 0, &SourceChoice::Best).unwrap();
    let securities = loaded.history.securities.into_iter();
    securities.flat_map(|s| s.bars.into_iter().map(move |bar| (s.listing.symbol, bar))).collect()
}

/// The bars of some rows.
fn of(rows: &[(&str, &str, i64)]) -> Vec<(Symbol, DailyBar)> {
    let mut bars: Vec<_> = rows
        .iter()
        .map(|(who, day, seed)| {
            let who = made::symbol(who);
            (who, made::bar(who, made::date(day), TurnoverBasis::Reported, *seed))
        })
        .collect();
    bars.sort_by_key(|(who, bar)| (*who, bar.session));
    bars
}

fn ids(store: &Store) -> Vec<String> {
    store.imports().unwrap().into_iter().map(|record| record.file).collect()
}

const A: &str = "600519.SH";
const B: &str = "000001.SZ";
const C: &str = "300750.SZ";
const DAY: &str = "2026-02-12";
const BEFORE: &str = "2026-02-11";

#[test]
fn rows_that_differ_from_an_earlier_import_are_refused_with_what_differs() {
    let (_dir, store) = store();
    store.append(&bars("midday", &[(A, DAY, 1), (B, DAY, 1)])).unwrap();
    let later = bars("close", &[(A, DAY, 2), (B, DAY, 1), (C, DAY, 1)]);
    let error = store.append(&later).unwrap_err();
    let StoreError::Differs(found) = &error else { panic!("{error:?}") };
    assert_eq!((found.rows, found.earlier.len()), (1, 1));
    assert_eq!(found.earlier[0].file, "midday");
    let told = error.to_string();
    for said in ["`close` was not imported", "1 rows", DAY, "600519.SH", " → ", "--replace", "drop"]
    {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert_eq!(ids(&store), ["midday"]);
    assert_eq!(held(&store, DAY), of(&[(A, DAY, 1), (B, DAY, 1)]));
    // Nothing of it was written, so nothing waits to be completed.
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().incomplete.is_empty());
}

#[test]
fn equal_rows_and_another_source_come_in() {
    let (_dir, store) = store();
    store.append(&bars("one", &[(A, BEFORE, 1), (A, DAY, 1)])).unwrap();
    store.append(&bars("two", &[(A, DAY, 1), (B, DAY, 1)])).unwrap();
    let other = Import { source: "b".to_owned(), ..bars("three", &[(A, DAY, 5)]) };
    store.append(&other).unwrap();
    let named = SourceChoice::Named("a".to_owned());
    let loaded = store.history(made::date(DAY), 1, &named).unwrap();
    let bars: usize = loaded.history.securities.iter().map(|s| s.bars.len()).sum();
    assert_eq!(bars, 3);
    assert!(loaded.findings.iter().all(|f| !f.detail.en.contains("more than once")));
}

#[test]
fn a_corrected_file_takes_the_place_of_the_wrong_one() {
    let (_dir, store) = store();
    let midday = bars("midday", &[(A, DAY, 1), (B, DAY, 1)]);
    store.append_at(&midday, at(100), Differing::Refuse).unwrap();
    let close = bars("close", &[(A, DAY, 2), (B, DAY, 2), (C, DAY, 2)]);
    let done = store.append_at(&close, at(200), Differing::Replace).unwrap();
    let Appended::Added { replaced, .. } = done else { panic!("{done:?}") };
    assert_eq!((replaced[0].file.as_str(), replaced[0].rows_that_differ), ("midday", 2));
    assert_eq!((replaced[0].rows_kept, replaced[0].rows_lost), (0, 0));
    assert_eq!(held(&store, DAY), of(&[(A, DAY, 2), (B, DAY, 2), (C, DAY, 2)]));
    let records = store.imports().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].replaces, replaced);
    let time = |record: &ImportRecord| record.imported_at.unwrap().as_second();
    assert_eq!(
        (time(&records[0]), records[0].replaces[0].imported_at.unwrap().as_second()),
        (200, 100)
    );
    assert_eq!(records[0].span, Some((made::date(DAY), made::date(DAY))));
    // The wrong file does not slip back in.
    assert!(matches!(store.append(&midday).unwrap_err(), StoreError::Differs(_)));
    assert_eq!(store.append(&close).unwrap(), Appended::AlreadyPresent);
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().is_sound());
}

#[test]
fn a_correction_of_some_rows_leaves_the_others() {
    let (_dir, store) = store();
    let mut all: Vec<(&str, String, i64)> = Vec::new();
    for session in made::sessions("2026-01-05", DAY) {
        all.extend([A, B, C].map(|who| (who, session.to_string(), 1)));
    }
    let rows: Vec<(&str, &str, i64)> = all.iter().map(|(w, d, s)| (*w, d.as_str(), *s)).collect();
    let mut year = bars("year", &rows);
    year.batches.extend(made::names("a", made::date(DAY), "甲", 1).batches);
    store.append(&year).unwrap();
    let fix = bars("fix", &[(A, DAY, 9)]);
    let done = store.append_at(&fix, at(1), Differing::Replace).unwrap();
    let Appended::Added { replaced, .. } = done else { panic!("{done:?}") };
    assert_eq!(replaced[0].rows_kept, replaced[0].rows - 1);
    assert_eq!(held(&store, DAY), of(&[(A, DAY, 9), (B, DAY, 1), (C, DAY, 1)]));
    assert_eq!(held(&store, BEFORE), of(&[(A, BEFORE, 1), (B, BEFORE, 1), (C, BEFORE, 1)]));
    let loaded = store.history(made::date(DAY), 0, &SourceChoice::Best).unwrap();
    assert!(loaded.history.securities.iter().all(|s| s.listing.names.len() == 1));
    assert!(loaded.findings.iter().all(|f| !f.detail.en.contains("more than once")));
    let records = store.imports().unwrap();
    let rest = records.iter().find(|record| record.replaced_by.is_some()).unwrap();
    assert_eq!((rest.file.as_str(), &rest.replaced_by), ("year", &Some(fix.id.clone())));
    assert_eq!(Some(&rest.id.0), replaced[0].rest.as_ref());
    assert_eq!(rest.rows["daily_bar"], rows.len() as u64 - 1);
    assert_eq!(rest.rows["security"], 6);
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().is_sound());
}

#[test]
fn what_a_withdrawn_file_alone_held_goes_with_it() {
    let (_dir, store) = store();
    let sessions = made::sessions("2026-01-05", DAY);
    let wrong =
        made::bars("a", "wrong", &made::SYMBOLS, &sessions[..20], TurnoverBasis::Reported, 1);
    store.append(&wrong).unwrap();
    // The same sessions again, one security less in the last of them.
    let right: Vec<(Symbol, DailyBar)> = made::SYMBOLS
        .iter()
        .map(|text| made::symbol(text))
        .flat_map(|who| sessions[..20].iter().map(move |day| (who, *day)))
        .filter(|row| *row != (made::symbol(A), sessions[19]))
        .map(|(who, day)| (who, made::bar(who, day, TurnoverBasis::Reported, 2)))
        .collect();
    let right =
        made::import("a", "right", vec![(Table::DailyBar, daily_bar_batch(right).unwrap())]);
    let done = store.append_at(&right, at(1), Differing::Replace).unwrap();
    let Appended::Added { replaced, .. } = done else { panic!("{done:?}") };
    assert_eq!((replaced[0].rows_lost, replaced[0].rows_kept), (1, 0));
    assert_eq!(held(&store, &sessions[19].to_string()).len(), made::SYMBOLS.len() - 1);
}

#[test]
fn a_dropped_import_is_gone_and_may_come_back() {
    let (_dir, store) = store();
    let (one, two) = (bars("one", &[(A, BEFORE, 1)]), bars("two", &[(A, DAY, 1)]));
    store.append(&one).unwrap();
    store.append(&two).unwrap();
    let id = store.import_named(&two.id.0[..8]).unwrap();
    assert_eq!(id, two.id);
    store.drop_imports(&[id]).unwrap();
    assert_eq!(ids(&store), ["one"]);
    assert_eq!(store.sessions().unwrap(), Some((made::date(BEFORE), made::date(BEFORE))));
    let count = |store: &Store| {
        let batches = store.sql("SELECT count(*) AS n FROM daily_bar").unwrap();
        arrow::util::pretty::pretty_format_batches(&batches).unwrap().to_string()
    };
    assert!(count(&store).contains("| 1 |"), "{}", count(&store));
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().incomplete.is_empty());
    let other = bars("other", &[(A, DAY, 7)]);
    store.append(&other).unwrap();
    store.drop_imports(std::slice::from_ref(&other.id)).unwrap();
    assert!(matches!(store.append(&two).unwrap(), Appended::Added { .. }));
    assert_eq!(held(&store, DAY), of(&[(A, DAY, 1)]));
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().is_sound());
}

#[test]
fn an_id_must_name_one_import() {
    let (_dir, store) = store();
    let with =
        |id: &str, day: &str| Import { id: ImportId(id.to_owned()), ..bars(id, &[(A, day, 1)]) };
    store.append(&with("abc1", BEFORE)).unwrap();
    store.append(&with("abc2", DAY)).unwrap();
    assert_eq!(store.import_named("abc2").unwrap().0, "abc2");
    let error = store.import_named("abc").unwrap_err();
    assert!(error.to_string().contains("abc1, abc2") && error.is_usage(), "{error}");
    for none in ["abd", ""] {
        let error = store.import_named(none).unwrap_err();
        assert!(error.to_string().contains("fupan imports") && error.is_usage(), "{error}");
    }
}

/// Whatever was refused or replaced in which order: the same files give the same history.
#[test]
fn the_same_imports_give_the_same_history() {
    let sessions: Vec<SessionDate> = made::sessions("2026-01-05", DAY);
    let all =
        |seed| made::bars("a", "all", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, seed);
    let fix = bars("fix", &[(A, DAY, 9)]);
    let load = |imports: &[(&Import, Differing)]| {
        let (_dir, store) = store();
        for (import, differing) in imports {
            let _refused = store.append_at(import, at(7), *differing);
        }
        store.history(made::date(DAY), 20, &SourceChoice::Best).unwrap()
    };
    let expected = load(&[(&all(1), Differing::Refuse), (&fix, Differing::Replace)]);
    let again = load(&[
        (&all(1), Differing::Refuse),
        (&fix, Differing::Refuse),
        (&fix, Differing::Replace),
        (&all(1), Differing::Refuse),
    ]);
    assert_eq!(expected, again);
}
