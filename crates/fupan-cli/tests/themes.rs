//! `fupan themes`: what led and what lagged, from lists as readers have them. Each test runs the
//! real binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::process::{Command, Output};

use tempfile::TempDir;

/// Twenty-four securities over two sessions: the first twelve rise by ten per cent, the others fall
/// by five; with a THS table that names two concepts of twelve, one of three, and one that is no
/// theme.
fn desk() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut bars = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n".to_owned();
    let mut list = "代码\t名称\t所属行业\t所属概念\n".to_owned();
    for n in 0..24 {
        let close = if n < 12 { 11.0 } else { 9.5 };
        bars += &format!("6000{n:02}.SH,20260105,10,10,10,10,10,10,10\n");
        bars += &format!("6000{n:02}.SH,20260106,{close},{close},{close},{close},10,10,{close}\n");
        let concept = if n < 12 { "液冷服务器" } else { "乳业" };
        let few = if n < 3 { ";光刻机" } else { "" };
        list += &format!("SH6000{n:02}\t股份{n}\t银行\t【{concept}{few};融资融券】\n");
    }
    std::fs::write(folder.path().join("bars.csv"), bars).unwrap();
    std::fs::write(folder.path().join("Table-20260105.txt"), list).unwrap();
    ok(&folder, &["import", "tushare-daily", "bars.csv"]);
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    for name in ["REPORT_LANGUAGE", "FUPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.env("FUPAN_STORE", folder.path().join("store"));
    command.args(arguments).current_dir(folder.path()).output().unwrap()
}

fn ok(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn themes_are_listed_best_first_with_what_is_left_out() {
    let desk = desk();
    ok(&desk, &["import", "Table-20260105.txt"]);
    let table = ok(&desk, &["themes"]);
    let line = |name: &str| table.lines().find(|line| line.contains(name));
    let (best, worst) = (line("Liquid-cooled servers").unwrap(), line("Dairy").unwrap());
    assert!(best.contains("+10.00%") && worst.contains("-5.00%"), "{table}");
    assert!(table.find(best).unwrap() < table.find(worst).unwrap(), "{table}");
    assert!(line("光刻机").is_none() && line("融资融券").is_none(), "{table}");
    assert!(table.contains("on 2026-01-05. Not shown: 1 groups"), "{table}");
    assert!(table.contains("1 that are no themes"), "{table}");
    let chinese = ok(&desk, &["themes", "--lang", "zh"]);
    assert!(chinese.contains("液冷服务器") && !chinese.contains("Liquid"), "{chinese}");

    let csv = ok(&desk, &["themes", "2026-01-06", "--format", "csv"]);
    let row = "2026-01-06,ths-concept.乳业,Dairy,-50000000,,,,0,12,0,0,";
    assert!(csv.lines().any(|line| line.starts_with(row)), "{csv}");
    let json: serde_json::Value =
        serde_json::from_str(&ok(&desk, &["themes", "--format", "json"])).unwrap();
    assert_eq!(json["list"]["small"], 1);
    assert_eq!(json["groups"][0]["group"], "ths-concept.液冷服务器");
    assert_eq!(json["groups"].as_array().unwrap().len(), 2);

    let one =
        ok(&desk, &["facts", "2026-01-06", "--scope", "ths-concept.光刻机", "--format", "csv"]);
    assert!(one.contains("advances/ths-concept.光刻机/2026-01-06/close,3,"), "{one}");
    let audit = ok(&desk, &["audit", "2026-01-06"]);
    assert!(audit.contains(" 0 differ, 0 have no twin"), "{audit}");
}

#[test]
fn without_a_list_the_answer_says_what_to_import() {
    let desk = desk();
    for (arguments, word) in [
        (&["themes"][..], "fupan import ths-table"),
        (&["themes", "--of", "industries"], "sw-industry"),
    ] {
        let output = run(&desk, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(run(&desk, &["chain"]).status.code(), Some(2));
    ok(&desk, &["import", "Table-20260105.txt"]);
    let chain = ok(&desk, &["chain", "--lang", "zh"]);
    let place = |name: &str| chain.find(name).unwrap_or_else(|| panic!("{name}: {chain}"));
    assert!(place("AI算力") < place("互连、散热与供电") && chain.contains("  液冷"), "{chain}");
    let csv = ok(&desk, &["chain", "--format", "csv"]);
    let row = "2026-01-06,ai-compute-chain.liquid-cooling,Liquid cooling,100000000,,,,12,0,";
    assert!(csv.lines().any(|line| line.starts_with(row)), "{csv}");
    let output = run(&desk, &["themes", "--of", "industries"]);
    // One industry is no classification.
    assert_eq!(output.status.code(), Some(2));
    let none = run(&desk, &["themes", "--top", "0"]);
    assert_eq!(none.status.code(), Some(2));
}
