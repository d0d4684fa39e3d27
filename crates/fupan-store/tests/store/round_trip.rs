//! What goes in comes out, whatever the order of importing.

use std::collections::BTreeMap;

use fupan_market::{Calendar, DailyBar, FindingKind, SessionDate, Symbol, TurnoverBasis};
use fupan_store::{Appended, Problem, SourceChoice, Store, StoreError, Thoroughness};
use fupan_table::{SecurityRow, Table, daily_bar_batch, security_batch};
use proptest::prelude::*;

use crate::made;

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(&dir.path().join("store")).unwrap();
    (dir, store)
}

#[test]
fn history_gives_back_the_rows_of_the_window() {
    let (_dir, store) = store();
    let sessions = made::sessions("2025-12-01", "2026-02-12");
    let import = made::bars("made", "bars", &made::SYMBOLS, &sessions, TurnoverBasis::Estimated, 1);
    let rows = (made::SYMBOLS.len() * sessions.len()) as u64;
    assert_eq!(
        store.append(&import).unwrap(),
        Appended::Added { rows, files: 2, replaced: Vec::new() }
    );
    assert_eq!(store.append(&import).unwrap(), Appended::AlreadyPresent);

    let session = made::date("2026-02-11");
    let loaded = store.history(session, 20, &SourceChoice::Best).unwrap();
    let from = Calendar::builtin().back(session, 20).unwrap().unwrap();
    assert_eq!((loaded.history.from, loaded.history.session), (from, session));
    assert_eq!(loaded.history.securities.len(), made::SYMBOLS.len());
    for security in &loaded.history.securities {
        let who = security.listing.symbol;
        let expected: Vec<DailyBar> = sessions
            .iter()
            .filter(|day| **day >= from && **day <= session)
            .map(|day| made::bar(who, *day, TurnoverBasis::Estimated, 1))
            .collect();
        assert_eq!(expected.len(), 21);
        assert_eq!(security.bars, expected, "{who}");
    }
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    assert_eq!(loaded.inputs.len(), 1);
    assert_eq!(loaded.inputs[0].digest, import.digest);
    let range = store.sessions().unwrap().unwrap();
    assert_eq!(range, (sessions[0], made::date("2026-02-12")));
}

#[test]
fn the_order_of_importing_does_not_matter() {
    let sessions = made::sessions("2026-01-05", "2026-02-12");
    let half = sessions.len() / 2;
    let imports = [
        made::bars("a", "one", &made::SYMBOLS, &sessions, TurnoverBasis::Estimated, 1),
        // The same source again, with the same values in half of the sessions.
        made::bars("a", "two", &made::SYMBOLS[..3], &sessions[half..], TurnoverBasis::Estimated, 1),
        made::bars("b", "one", &made::SYMBOLS, &sessions[half..], TurnoverBasis::Reported, 3),
        made::names("n", made::date("2026-01-09"), "甲", 100),
        made::names("m", made::date("2026-03-02"), "乙", 200),
        made::index("i", &sessions, None),
        made::index("j", &sessions[half..], Some(fupan_market::Fen(5))),
    ];
    let load = |order: &[usize], choice: &SourceChoice| {
        let (_dir, store) = store();
        for index in order {
            store.append(&imports[*index]).unwrap();
        }
        store.history(made::date("2026-02-12"), 25, choice).unwrap()
    };
    for choice in [SourceChoice::Best, SourceChoice::Named("a".to_owned())] {
        let forwards = load(&[0, 1, 2, 3, 4, 5, 6], &choice);
        assert_eq!(forwards, load(&[6, 5, 4, 3, 2, 1, 0], &choice));
        assert_eq!(forwards, load(&[2, 0, 5, 1, 6, 4, 3], &choice));
        let conflict =
            forwards.findings.iter().any(|found| found.kind == FindingKind::SourceConflict);
        assert!(!conflict, "{:?}", forwards.findings);
    }
}

#[test]
fn names_and_shares_come_with_their_dates() {
    let (_dir, store) = store();
    let sessions = made::sessions("2026-02-02", "2026-02-12");
    let day = made::date("2026-02-10");
    store
        .append(&made::bars("a", "bars", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1))
        .unwrap();
    for (on, name, shares) in
        [("2026-02-11", "later", 3), ("2026-01-05", "first", 1), ("2026-02-03", "second", 2)]
    {
        store.append(&made::names("n", made::date(on), name, shares)).unwrap();
    }
    let loaded = store.history(day, 3, &SourceChoice::Best).unwrap();
    let security = &loaded.history.securities[0];
    let floats: Vec<u64> = security.shares.iter().map(|shares| shares.float).collect();
    assert_eq!(floats, [1, 2, 3]);
    let names: Vec<&str> = security.listing.names.iter().map(|name| name.name.as_str()).collect();
    assert_eq!(names, ["first", "second", "later"]);
    assert_eq!(security.listing.listed_on, Some(made::date("2001-08-27")));
    assert_eq!(loaded.inputs.len(), 1 + 3 + 1, "{:?}", loaded.inputs);
}

#[test]
fn a_share_is_not_listed_on_the_date_of_a_list_without_it() {
    let list = |source: &str, on: &str, names: &[&str]| {
        let rows = names.iter().map(|text| SecurityRow {
            symbol: made::symbol(text),
            observed_on: made::date(on),
            name: Some("甲".to_owned()),
            listed_on: None,
            delisted_on: None,
            issue_price: None,
            industry: None,
        });
        let batch = security_batch(rows).unwrap();
        made::import(source, &format!("{source}-{on}"), vec![(Table::Security, batch)])
    };
    let (_dir, store) = store();
    let sessions = made::sessions("2026-02-02", "2026-02-12");
    let bars = made::bars("a", "bars", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1);
    // The newcomer is first named by the last list.
    let [old, .., newcomer] = made::SYMBOLS;
    let star = made::SYMBOLS[3];
    let from = |symbol: &str, lists: &[fupan_table::Import]| {
        store.append(&bars).unwrap();
        for list in lists {
            store.append(list).unwrap();
        }
        let loaded = store.history(made::date("2026-02-12"), 5, &SourceChoice::Best).unwrap();
        let span = loaded.history.listed.iter().find(|span| span.symbol == made::symbol(symbol));
        span.unwrap().from.to_string()
    };
    let all = list("n", "2026-02-10", &[old, star, newcomer]);
    assert_eq!(from(newcomer, &[all]), "2026-01-10", "near the first list");
    // A list of a part of the exchange, another exchange's, and another source's say nothing of it.
    let small = [
        list("n", "2026-02-04", &[old]),
        list("n", "2026-02-05", &["000001.SZ", "300750.SZ"]),
        list("m", "2026-02-06", &[old, star]),
    ];
    assert_eq!(from(newcomer, &small), "2026-01-10");
    let before = list("n", "2026-02-03", &[old, star]);
    assert_eq!(from(newcomer, &[before]), "2026-02-04", "the day after the list without it");
    assert_eq!(from(star, &[]), "2026-01-03");
    let long_ago = list("n", "2025-12-01", &[old, newcomer]);
    assert_eq!(from(star, &[long_ago]), "2026-01-03");
}

#[test]
fn imports_are_listed_with_their_findings() {
    let (_dir, store) = store();
    let import = made::names("n", made::date("2026-01-05"), "甲", 1);
    store.append(&import).unwrap();
    let records = store.imports().unwrap();
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!((&record.id, &record.digest), (&import.id, &import.digest));
    assert_eq!((&record.source, &record.recipe), (&import.source, &import.recipe));
    assert_eq!((&record.file, record.rows_read), (&import.file, 12));
    assert_eq!(record.findings, import.findings);
    let rows = [("security".to_owned(), 6), ("share_capital".to_owned(), 6)];
    assert_eq!(record.rows, BTreeMap::from(rows));
}

#[test]
fn a_session_that_is_not_there_is_refused_with_the_range() {
    let (_dir, store) = store();
    let error = store.history(made::date("2026-02-12"), 5, &SourceChoice::Best).unwrap_err();
    assert!(matches!(error, StoreError::Empty(_)), "{error}");
    let sessions = made::sessions("2026-02-02", "2026-02-06");
    store
        .append(&made::bars("a", "bars", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1))
        .unwrap();
    let error = store.history(made::date("2026-02-12"), 5, &SourceChoice::Best).unwrap_err();
    assert!(error.to_string().contains("2026-02-02 to 2026-02-06"), "{error}");
    let named = SourceChoice::Named("b".to_owned());
    let error = store.history(made::date("2026-02-06"), 5, &named).unwrap_err();
    assert!(error.to_string().contains("`b`"), "{error}");
    let error = store.history(made::date("2026-02-07"), 5, &SourceChoice::Best).unwrap_err();
    assert!(matches!(error, StoreError::Calendar(_)), "{error}");
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let (_dir, store) = store();
    let sessions = made::sessions("2026-01-05", "2026-02-12");
    let imports: Vec<_> = sessions
        .iter()
        .take(12)
        .map(|day| {
            let file = day.to_string();
            made::bars("a", &file, &made::SYMBOLS, &[*day], TurnoverBasis::Reported, 1)
        })
        .collect();
    std::thread::scope(|scope| {
        for part in imports.chunks(4) {
            let dir = store.dir();
            scope.spawn(move || {
                let own = Store::open(dir).unwrap();
                for import in part {
                    assert!(matches!(own.append(import).unwrap(), Appended::Added { .. }));
                }
            });
        }
    });
    let loaded = store.history(sessions[11], 11, &SourceChoice::Best).unwrap();
    assert!(loaded.history.securities.iter().all(|security| security.bars.len() == 12));
    assert_eq!(loaded.inputs.len(), 12);
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().is_sound());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Any rows, in any order and any split into files, come out sorted and complete.
    #[test]
    fn rows_survive(
        rows in prop::collection::btree_map((0..6usize, 0..20usize), any::<u8>(), 1..80),
        split in 1..4usize,
    ) {
        let (_dir, store) = store();
        let sessions = made::sessions("2026-01-05", "2026-02-12");
        let rows: Vec<(Symbol, DailyBar)> = rows
            .into_iter()
            .map(|((who, day), seed)| {
                let who = made::symbol(made::SYMBOLS[who]);
                (who, made::bar(who, sessions[day], TurnoverBasis::Reported, i64::from(seed)))
            })
            .collect();
        for part in 0..split {
            let own = rows.iter().skip(part).step_by(split).rev().copied();
            let batch = daily_bar_batch(own).unwrap();
            let import =
                made::import("a", &part.to_string(), vec![(Table::DailyBar, batch)]);
            store.append(&import).unwrap();
        }
        let last = rows.iter().map(|(_, bar)| bar.session).max().unwrap();
        let loaded = store.history(last, 30, &SourceChoice::Best).unwrap();
        let mut expected: BTreeMap<(Symbol, SessionDate), DailyBar> = BTreeMap::new();
        expected.extend(rows.iter().map(|(who, bar)| ((*who, bar.session), *bar)));
        let mut got = BTreeMap::new();
        for security in &loaded.history.securities {
            prop_assert!(security.bars.is_sorted_by(|a, b| a.session < b.session));
            got.extend(
                security.bars.iter().map(|bar| ((security.listing.symbol, bar.session), *bar)),
            );
        }
        prop_assert_eq!(got, expected);
    }
}

#[test]
fn names_of_one_date_that_disagree_are_found() {
    let (_dir, store) = store();
    let on = made::date("2026-02-11");
    let conflicts = || -> Vec<u64> {
        let found = store.doctor(Thoroughness::Bytes, "made up").unwrap().problems;
        let of_names = |problem: &&Problem| problem.subject == "security";
        found.iter().filter(of_names).map(|problem| problem.count).collect()
    };
    store.append(&made::names("n", on, "*ST甲", 1)).unwrap();
    store.append(&made::names("m", on, "＊ＳＴ甲", 1)).unwrap();
    assert_eq!(conflicts(), Vec::<u64>::new());
    store.append(&made::names("o", on, "甲", 1)).unwrap();
    assert_eq!(conflicts(), [6]);
}
