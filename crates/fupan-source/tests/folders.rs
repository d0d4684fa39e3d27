//! Folders in the binary formats of terminals and libraries: a TDX `vipdoc` and a Qlib dataset.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use fupan_source::{NoProgress, Partial, Progress, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table, daily_bar_rows, index_bar_rows};

fn import(recipe: &str, folder: &Path, partial: Partial) -> Result<Import, SourceError> {
    let options = ReadOptions { as_of: None, partial };
    read(&Recipe::builtin(recipe).unwrap(), folder, &options, &NoProgress)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The bars of an import: session, symbol, close and volume.
fn bars(import: &Import) -> Vec<String> {
    let batch = |wanted| import.batches.iter().find(|(table, _)| *table == wanted).map(|(_, b)| b);
    let stocks = batch(Table::DailyBar).map_or(Vec::new(), |batch| daily_bar_rows(batch).unwrap());
    let indices = batch(Table::IndexBar).map_or(Vec::new(), |batch| index_bar_rows(batch).unwrap());
    let stocks = stocks.iter().map(|(symbol, bar)| {
        let traded = bar.traded.as_ref().map(|traded| format!("{} {}", traded.last, traded.volume));
        format!("{} {symbol} {}", bar.session, traded.unwrap_or("-".to_owned()))
    });
    let indices =
        indices.iter().map(|(symbol, bar)| format!("{} {symbol} {}", bar.session, bar.close));
    stocks.chain(indices).collect()
}

/// A record of a `.day` file; prices in fen or hundredths of a point, volume in shares.
fn record(date: u32, prices: [u32; 4], yuan: f32, volume: u32, reserved: u32) -> Vec<u8> {
    let words =
        [date, prices[0], prices[1], prices[2], prices[3], yuan.to_bits(), volume, reserved];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// How many rows were expected, and how many came.
#[derive(Default)]
struct Counted {
    expected: AtomicU64,
    came: AtomicU64,
}

impl Progress for Counted {
    fn expect(&self, rows: Option<u64>) {
        self.expected.store(rows.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn advance(&self, rows: u64) {
        self.came.fetch_add(rows, Ordering::Relaxed);
    }
}

#[test]
fn a_terminals_folder_says_how_many_rows_will_come() {
    let folder = tempfile::tempdir().unwrap();
    let bar =
        |day: u32| record(20_260_100 + day, [1000, 1020, 990, 1010], 10_100_000.0, 1_000_000, 0);
    write(folder.path(), "sh/lday/sh600001.day", &[bar(7), bar(8), bar(9)].concat());
    write(folder.path(), "sz/lday/sz000002.day", &[bar(8), bar(9)].concat());
    let counted = Counted::default();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    read(&Recipe::builtin("tdx-day").unwrap(), folder.path(), &options, &counted).unwrap();
    let [expected, came] = [counted.expected, counted.came].map(AtomicU64::into_inner);
    assert_eq!((expected, came), (5, 5));
}

#[test]
fn a_terminals_folder_holds_stocks_and_indices() {
    let folder = tempfile::tempdir().unwrap();
    let first = record(20_260_108, [1000, 1020, 990, 1010], 10_100_000.0, 1_000_000, 0);
    let second = record(20_260_109, [1010, 1030, 1000, 1020], 10_200_000.0, 1_000_000, 0);
    write(folder.path(), "sh/lday/sh600001.day", &[first, second].concat());
    // A volume beyond 32 bits: hundreds, and what is left of them.
    let overflow = record(20_260_109, [100, 102, 99, 101], 4.5e9, 44_554_455, 0xC364_0000 | 44);
    write(folder.path(), "sz/lday/sz000002.day", &overflow);
    let index = record(20_260_109, [400_000, 410_000, 399_000, 405_012], 1.0e12, 0, 0);
    write(folder.path(), "sh/lday/sh000001.day", &index);
    write(folder.path(), "sh/lday/readme.txt", b"no bars");
    let import = import("tdx-day", folder.path(), Partial::Refused).unwrap();
    assert_eq!(
        bars(&import),
        [
            "2026-01-08 600001.SH 10.10 1000000",
            "2026-01-09 000002.SZ 1.01 4455445544",
            "2026-01-09 600001.SH 10.20 1000000",
            "2026-01-09 000001.SH 4050.12",
        ]
    );
}

/// A field of a Qlib folder: the place of its first value, then its values.
fn field(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A Qlib folder of one stock: two sessions, the second after an ex-rights day that doubled the
/// factor, and one without trade.
fn qlib() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "calendars/day.txt", b"2026-01-07\n2026-01-08\n2026-01-09\n");
    for (name, values) in [
        ("open", [0.0, 10.0, 20.0, f32::NAN]),
        ("high", [0.0, 11.0, 22.0, f32::NAN]),
        ("low", [0.0, 9.0, 18.0, f32::NAN]),
        ("close", [0.0, 10.0, 21.0, f32::NAN]),
        ("factor", [0.0, 1.0, 2.0, 2.0]),
        ("volume", [0.0, 300.0, 400.0, 0.0]),
    ] {
        write(folder.path(), &format!("features/sh600001/{name}.day.bin"), &field(&values));
    }
    folder
}

#[test]
fn a_qlib_folder_gives_prices_as_they_were_paid() {
    let folder = qlib();
    let import = import("qlib-bin", folder.path(), Partial::Refused).unwrap();
    assert_eq!(
        bars(&import),
        [
            "2026-01-07 600001.SH 10.00 300",
            "2026-01-08 600001.SH 10.50 400",
            "2026-01-09 600001.SH -",
        ]
    );
}

#[test]
fn a_qlib_folder_without_its_calendar_is_refused() {
    let folder = qlib();
    fs::remove_file(folder.path().join("calendars/day.txt")).unwrap();
    let refused = import("qlib-bin", folder.path(), Partial::Accepted).unwrap_err();
    assert!(refused.to_string().contains("has no calendars/day.txt"), "{refused}");
    // Nor is a folder of a part of the dataset the dataset.
    let part = qlib();
    let refused = import("qlib-bin", &part.path().join("features"), Partial::Accepted).unwrap_err();
    assert!(refused.to_string().contains("calendars/day.txt"), "{refused}");
}
