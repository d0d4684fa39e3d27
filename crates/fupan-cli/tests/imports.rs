//! Wrong imports, as a user would mend them. Each test runs the real binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::process::{Command, Output};

use tempfile::TempDir;

struct Desk(TempDir);

const MIDDAY: &str = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount
600001.SH,20260107,10.00,10.20,9.90,10.10,10.00,1000,1005.000
000002.SZ,20260107,20.00,20.20,19.90,20.10,20.00,1000,2005.000
";

const CLOSE: &str = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount
600001.SH,20260107,10.00,11.00,9.90,11.00,10.00,3000,3150.000
000002.SZ,20260107,20.00,20.20,19.90,20.10,20.00,1000,2005.000
";

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        std::fs::write(desk.0.path().join("午间.csv"), MIDDAY).unwrap();
        std::fs::write(desk.0.path().join("收盘.csv"), CLOSE).unwrap();
        desk
    }

    fn run(&self, arguments: &[&str], locale: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        command.arg("--store").arg(self.0.path().join("store")).current_dir(self.0.path());
        command.env_remove("REPORT_LANGUAGE").env("LC_ALL", locale).args(arguments);
        command.output().unwrap()
    }

    #[track_caller]
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, "C");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn import(&self, file: &str) -> String {
        self.ok(&["import", "tushare-daily", file])
    }

    fn imports(&self) -> Vec<serde_json::Value> {
        serde_json::from_str(&self.ok(&["imports", "--format", "json"])).unwrap()
    }

    fn limit_ups(&self) -> String {
        self.ok(&["facts", "--measure", "limit_up_count", "--scope", "all-a", "--format", "csv"])
    }
}

#[test]
fn the_closing_file_takes_the_place_of_the_midday_one() {
    let desk = Desk::new();
    desk.import("午间.csv");
    let refused = desk.run(&["import", "tushare-daily", "收盘.csv"], "C");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{said}");
    for word in ["1 rows", "600001.SH 2026-01-07", "close 10.10 → 11.00", "--replace", "fupan drop"]
    {
        assert!(said.contains(word), "`{word}` is not said in: {said}");
    }
    let told = desk.ok(&["import", "tushare-daily", "--replace", "收盘.csv"]);
    assert!(told.contains("Replaces 午间.csv"), "{told}");
    assert!(desk.limit_ups().contains(",1,"), "{}", desk.limit_ups());
    let [close] = &*desk.imports() else { panic!("one import stands") };
    assert_eq!(close["file"], "收盘.csv");
    assert!(close["imported_at"].as_str().unwrap().starts_with("20"), "{close}");
    assert_eq!(close["replaces"][0]["file"], "午间.csv");
    let table = desk.ok(&["imports"]);
    let id = &close["import_id"].as_str().unwrap()[..12];
    assert!(table.contains(&format!("replaced by {id}")), "{table}");
    let widths: std::collections::BTreeSet<usize> =
        table.lines().map(unicode_width::UnicodeWidthStr::width).collect();
    assert!(widths.len() <= 2, "the columns line up: {table}");
    let zh = desk.run(&["imports"], "zh_CN.UTF-8");
    assert!(String::from_utf8_lossy(&zh.stdout).contains("导入时间"));
    let csv = desk.ok(&["imports", "--format", "csv"]);
    assert!(csv.starts_with("import_id,imported_at,file,"), "{csv}");
    assert_eq!(csv.lines().count(), 3);
}

#[test]
fn a_dropped_import_is_gone() {
    let desk = Desk::new();
    desk.import("午间.csv");
    let id = desk.imports()[0]["import_id"].as_str().unwrap()[..9].to_owned();
    let wrong = desk.run(&["drop", "zzz"], "C");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("fupan imports"));
    let told = desk.ok(&["drop", &id]);
    assert!(told.contains("午间.csv") && told.contains(&id), "{told}");
    assert_eq!(desk.imports().len(), 0);
    desk.import("收盘.csv");
    assert_eq!(desk.imports().len(), 1);
    let doctor = desk.ok(&["doctor"]);
    assert!(doctor.contains("the store is sound"), "{doctor}");
}

#[test]
fn doctor_answers_no_where_figures_are_wrong() {
    let desk = Desk::new();
    desk.import("午间.csv");
    let folder = desk.0.path().join("store/tables/daily_bar");
    let part = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "parquet"))
        .unwrap();
    let mut bytes = std::fs::read(&part).unwrap();
    bytes[12] ^= 1;
    std::fs::write(&part, bytes).unwrap();
    let english = desk.run(&["doctor"], "C");
    let said = String::from_utf8_lossy(&english.stdout);
    assert_eq!(english.status.code(), Some(1), "{said}");
    assert!(said.contains("fupan drop") && said.contains("not sound"), "{said}");
    let chinese = desk.run(&["doctor"], "zh_CN.UTF-8");
    let said = String::from_utf8_lossy(&chinese.stdout);
    assert!(said.contains("已损坏") && said.contains("数据库有问题"), "{said}");
    let json = desk.run(&["doctor", "--format", "json"], "C");
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["sound"], false);
    assert_eq!(json["report"]["problems"][0]["kind"], "damaged");
    let quick = desk.run(&["doctor", "--quick"], "C");
    assert!(quick.status.success(), "a quick look reads no data");
}

#[test]
fn a_bad_file_in_the_middle_stops_nothing_and_every_file_is_accounted_for() {
    let desk = Desk::new();
    std::fs::write(desk.0.path().join("空.csv"), "").unwrap();
    let next = CLOSE.replace("20260107", "20260108");
    std::fs::write(desk.0.path().join("次日.csv"), next).unwrap();
    let batch = ["import", "tushare-daily", "收盘.csv", "空.csv", "次日.csv"];
    let output = desk.run(&batch, "C");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stdout).unwrap();
    for line in ["✓ 收盘.csv: 2 rows", "✗ 空.csv: ", "✓ 次日.csv: 2 rows"] {
        assert!(told.contains(line), "`{line}` is not said in: {told}");
    }
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("1 of 3 files could not be imported, 2 were"), "{said}");
    assert!(said.contains("空.csv") && said.contains("the file is empty"), "{said}");
    let files: Vec<String> =
        desk.imports().iter().map(|one| one["file"].as_str().unwrap().to_owned()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files.contains(&"次日.csv".to_owned()), "{files:?}");
}

/// As with `fupan import … | head -1`: what is printed goes nowhere, and no file is left out for it.
#[test]
fn every_file_is_imported_where_nobody_reads_what_is_printed() {
    let desk = Desk::new();
    std::fs::write(desk.0.path().join("空.csv"), "").unwrap();
    let next = CLOSE.replace("20260107", "20260108");
    std::fs::write(desk.0.path().join("次日.csv"), next).unwrap();
    let import = |files: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        command.arg("--store").arg(desk.0.path().join("store")).current_dir(desk.0.path());
        command.env("LC_ALL", "C").args(["import", "tushare-daily"]).args(files);
        command.stdout(writer).stderr(std::process::Stdio::null()).status().unwrap().code()
    };
    assert_eq!(import(&["收盘.csv", "次日.csv"]), Some(0));
    assert_eq!(desk.imports().len(), 2);
    assert_eq!(import(&["空.csv", "收盘.csv"]), Some(2), "a failure is one all the same");
}
