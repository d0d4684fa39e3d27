//! The page of an index, and what industries did to it. Each test runs the real binary on the simulated
//! market.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::process::{Command, Output};

fn run(arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    for name in ["REPORT_LANGUAGE", "FUPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    let folder = tempfile::tempdir().unwrap();
    command.env("FUPAN_STORE", folder.path().join("store"));
    command.args(arguments.split_whitespace()).arg("--sample").output().unwrap()
}

fn ok(arguments: &str) -> String {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The ten-thousandths of a point of a value in JSON.
fn units(value: &serde_json::Value) -> i64 {
    value["units"].as_i64().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn industries_add_up_to_the_points_of_all_members() {
    for index in ["000001.SH", "000300.SH"] {
        let text = ok(&format!("movers --index {index} --by industries --format json"));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let industries = json["industries"].as_array().unwrap();
        assert!(industries.len() > 5, "{text}");
        let sum: i64 = industries.iter().map(|industry| units(&industry["points"])).sum();
        assert_eq!(sum + units(&json["in_no_industry"]), units(&json["explained"]), "{index}");
        let residual = units(&json["points"]) - units(&json["explained"]);
        assert_eq!(residual, units(&json["residual"]));
        for industry in industries {
            // The member named did most of it, the way that the industry went.
            let (all, lead) = (units(&industry["points"]), units(&industry["lead"]["points"]));
            assert!(all == 0 || all.signum() * lead > 0, "{industry}");
        }
    }
    let table = ok("movers --by industries --lang zh");
    assert!(table.contains("主要来自") && table.contains("等于全部成份股的贡献"), "{table}");
    let csv = ok("movers --by industries --format csv-raw");
    assert!(csv.contains("index_group_points,index_group_share,index_group_members"), "{csv}");
}

#[test]
fn an_index_has_a_page_with_its_return_since_a_day() {
    // 2026-10-03 is in a holiday: the session before it is of September.
    let page = ok("stock 000300.SH --since 2026-10-03 --lang en");
    for part in ["CSI 300", "Index return since a session · 2026-09-30", "20 sessions from", "▁"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("--index 000300.SH --by industries"), "{page}");
    assert_eq!(ok("stock 沪深300 --format csv"), ok("stock 000300.SH --format csv"));
    let rows = ok("stock 000300.SH --since 2026-09-30 --format csv");
    assert!(rows.contains("\nindex_return_since:2026-09-30/000300.SH/"), "{rows}");
    let closes = rows.lines().filter(|row| row.starts_with("index_close/000300.SH/"));
    assert_eq!(closes.count(), 20);
}

#[test]
fn a_return_since_a_day_that_is_not_before_is_refused() {
    for (arguments, word) in [
        ("stock 000300.SH 2026-11-20 --since 2026-11-20", "is not before the session"),
        ("stock 399999.SZ", "none of the indices"),
    ] {
        let output = run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.contains(word), "{arguments}: {said}");
    }
}
