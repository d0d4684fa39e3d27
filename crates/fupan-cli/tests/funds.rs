//! The page of a fund, from the files of a terminal to what is printed. Each test runs the real binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

struct Desk(TempDir);

/// A record of a `.day` file, with the prices as they are stored.
fn record(date: u32, close: u32, yuan: f32, volume: u32) -> Vec<u8> {
    let words =
        [date, close - 10, close + 20, close - 20, close, yuan.to_bits(), volume, 0x0001_0000];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn write(folder: &Path, name: &str, days: &[(u32, u32)], per_price: f32) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let days = days.iter().map(|(date, close)| {
        record(*date, *close, *close as f32 / per_price * 1_000_000.0, 1_000_000)
    });
    fs::write(path, days.collect::<Vec<_>>().concat()).unwrap();
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let folder = desk.0.path().join("vipdoc");
        let share = [(20_260_107, 1_000), (20_260_108, 1_010), (20_260_109, 1_020)];
        write(&folder, "sh/lday/sh600001.day", &share, 100.0);
        let fund = [(20_260_107, 4_000), (20_260_108, 4_040), (20_260_109, 4_000)];
        write(&folder, "sh/lday/sh510300.day", &fund, 1_000.0);
        write(&folder, "sz/lday/sz159915.day", &fund[..2], 1_000.0);
        desk
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        command.arg("--store").arg(self.0.path().join("store")).current_dir(self.0.path());
        command.env_remove("REPORT_LANGUAGE").env_remove("FUPAN_LANG").env("LC_ALL", "C");
        command.args(arguments).output().unwrap()
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], words: &str) {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_terminals_folder_gives_a_fund_its_page() {
    let desk = Desk::new();
    let imported = desk.ok(&["import", "tdx-day", "vipdoc"]);
    assert!(imported.contains("8 stored"), "{imported}");
    assert!(imported.contains("Rows of funds with trades"), "{imported}");
    let page = desk.ok(&["stock", "510300.SH"]);
    for part in [
        "2026-01-09  510300.SH fund",
        "Fund's close",
        "CNY 4.00 mn",
        "-0.99",
        "derived",
        "states no previous close",
        "3 traded sessions from 2026-01-07 to 2026-01-09",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let chinese = desk.ok(&["stock", "510300", "2026-01-08", "--lang", "zh"]);
    for part in ["510300.SH 场内基金", "基金涨跌幅", "+1.00%", "4.04"] {
        assert!(chinese.contains(part), "{part}: {chinese}");
    }
    let rows = desk.ok(&["stock", "sz159915", "2026-01-08", "--format", "csv"]);
    assert!(rows.contains("fund_close/159915.SZ/2026-01-08/close"), "{rows}");
    let json = desk.ok(&["stock", "sz159915", "2026-01-08", "--format", "json"]);
    assert!(json.contains("fund_amplitude"), "{json}");
    desk.refused(&["stock", "159915.SZ", "2026-01-09"], "did not trade on 2026-01-09");
    desk.refused(&["stock", "510300.SH", "--since", "2026-01-07"], "--since is for shares");
}

#[test]
fn figures_of_a_fund_are_asked_for_by_key_and_checked_in_sql() {
    let desk = Desk::new();
    desk.ok(&["import", "tdx-day", "vipdoc"]);
    let told = desk.ok(&["explain", "fund_return/510300.SH/2026-01-08/close"]);
    assert!(
        told.contains("derived:") && told.contains("SQL over the stored tables gives the same"),
        "{told}"
    );
    desk.refused(&["explain", "fund_close/159915.SZ/2026-01-09/close"], "did not trade");
    desk.refused(&["explain", "last_price/510300.SH/2026-01-09/close"], "no figure of funds");
    desk.refused(&["explain", "fund_close/600001.SH/2026-01-09/close"], "is no fund");
    let scope = ["facts", "--scope", "510300.SH", "--measure", "fund_close", "--format", "csv"];
    let one = desk.ok(&scope);
    assert!(one.contains("fund_close/510300.SH/2026-01-09/close"), "{one}");
    let range = [&scope[..], &["--from", "2026-01-07"]].concat();
    let all = desk.ok(&range);
    assert_eq!(all.lines().count(), 4, "{all}");
    // The one share is all that is counted.
    let counted = desk.ok(&["facts", "--measure", "traded", "--scope", "all-a"]);
    assert!(counted.contains("traded/all-a/2026-01-09/close"), "{counted}");
    let json = desk.ok(&["facts", "--measure", "traded", "--scope", "all-a", "--format", "json"]);
    assert!(json.contains("\"count\":1"), "{json}");
    let audit = desk.ok(&["audit", "2026-01-09"]);
    assert!(audit.contains('0'), "{audit}");
}
