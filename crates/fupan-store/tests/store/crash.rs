//! A process that is killed while it appends.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use fupan_market::TurnoverBasis;
use fupan_store::{Appended, Differing, SourceChoice, Store, Thoroughness};

use crate::made;

const FOLDER: &str = "FUPAN_STORE_CRASH_FOLDER";
const KILLS: u64 = 25;
const IMPORTS: usize = 400;

/// The import with a number: bars of one session, and names.
fn import(number: usize) -> fupan_table::Import {
    let sessions = made::sessions("2024-01-02", "2026-02-12");
    let day = sessions[number];
    let mut import = made::bars(
        "made",
        &format!("{number}"),
        &made::SYMBOLS,
        &[day],
        TurnoverBasis::Reported,
        1,
    );
    import.batches.extend(made::names("made", day, "甲", 1).batches);
    import
}

/// Not a test of its own: what the killed process does.
#[test]
fn append_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = Store::open_or_create(Path::new(&folder)).unwrap();
    for number in 0..IMPORTS {
        store.append(&import(number)).unwrap();
    }
}

#[test]
fn a_killed_process_leaves_imports_whole_or_invisible() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("store");
    let mut wait = 7_u64;
    for _ in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::append_until_killed"])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait = wait.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(20 + (wait >> 33) % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        // The first kill may come before there is a store.
        let Ok(store) = Store::open(&folder) else { continue };
        check(&store);
    }
    let store = Store::open_or_create(&folder).unwrap();
    let visible = store.imports().unwrap().len();
    eprintln!("{visible} imports were complete after {KILLS} kills");
    let next = import(visible);
    assert!(matches!(store.append(&next).unwrap(), Appended::Added { .. }));
    assert_eq!(store.append(&next).unwrap(), Appended::AlreadyPresent);
    check(&store);
    assert!(store.doctor(Thoroughness::Bytes, "made up").unwrap().incomplete.is_empty());
}

/// Every visible import has all its rows in all its tables, and nothing else is seen.
#[track_caller]
fn check(store: &Store) {
    let imports = store.imports().unwrap();
    for record in &imports {
        let tables: Vec<(&str, u64)> =
            record.rows.iter().map(|(table, rows)| (table.as_str(), *rows)).collect();
        assert_eq!(tables, [("daily_bar", 6), ("security", 6), ("share_capital", 6)]);
    }
    let report = store.doctor(Thoroughness::Bytes, "made up").unwrap();
    assert!(report.damaged.is_empty(), "{report}");
    for table in &report.tables {
        let rows: u64 = table.sources.iter().map(|source| source.rows).sum();
        assert_eq!(rows, imports.len() as u64 * 6, "{}", table.table);
    }
    if let Some((_, last)) = store.sessions().unwrap() {
        let before = (imports.len() - 1) as u32;
        let loaded = store.history(last, before, &SourceChoice::Best).unwrap();
        let bars: usize = loaded.history.securities.iter().map(|s| s.bars.len()).sum();
        assert_eq!(bars, imports.len() * 6);
        assert!(loaded.history.securities.iter().all(|s| s.listing.names.len() == imports.len()));
    }
}

const MEND_FOLDER: &str = "FUPAN_STORE_MEND_FOLDER";

/// The bars of a session, as a file first had them or as it was corrected.
fn version(number: usize, seed: i64) -> fupan_table::Import {
    let day = made::sessions("2024-01-02", "2026-02-12")[number];
    let file = format!("{number}-{seed}");
    made::bars("made", &file, &made::SYMBOLS, &[day], TurnoverBasis::Reported, seed)
}

/// Not a test of its own: what the killed process does.
#[test]
fn mend_until_killed() {
    let Some(folder) = std::env::var_os(MEND_FOLDER) else { return };
    let store = Store::open_or_create(Path::new(&folder)).unwrap();
    for number in 0..IMPORTS {
        let [wrong, right] = [1, 2].map(|seed| version(number, seed));
        store.append_at(&wrong, std::time::UNIX_EPOCH, Differing::Replace).unwrap();
        store.append_at(&right, std::time::UNIX_EPOCH, Differing::Replace).unwrap();
        if number % 3 == 0 {
            store.drop_imports(&[right.id]).unwrap();
        }
    }
}

/// A session is there as it was first or as it was corrected, never in part and never twice.
#[test]
fn a_killed_process_leaves_the_old_rows_or_the_new_ones() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("store");
    let mut wait = 11_u64;
    let mut seen = 0;
    for _ in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::mend_until_killed"])
            .env(MEND_FOLDER, &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait = wait.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(20 + (wait >> 33) % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        let Ok(store) = Store::open(&folder) else { continue };
        let Some((_, last)) = store.sessions().unwrap() else { continue };
        let loaded = store.history(last, 500, &SourceChoice::Best).unwrap();
        let files: Vec<String> = store.imports().unwrap().into_iter().map(|r| r.file).collect();
        assert!(!loaded.findings.iter().any(|f| f.subject == "daily_bar"), "rows held twice");
        for security in &loaded.history.securities {
            let who = security.listing.symbol;
            assert_eq!(security.bars.len(), files.len(), "{who}: {files:?}");
            for bar in &security.bars {
                let of = |seed| made::bar(who, bar.session, TurnoverBasis::Reported, seed);
                assert!(*bar == of(1) || *bar == of(2), "{who} {}", bar.session);
            }
        }
        seen = seen.max(files.len());
    }
    assert!(seen > 0, "some import was whole");
}
