//! What leaves the program: text from files is shown and never obeyed, symbols and languages are
//! read as people write them, and the calendar can be carried on. Each test runs the real binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with a store, and room for files.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn empty() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    /// Two sessions: on the second, three of four securities are sealed, and their names are
    /// hostile.
    fn hostile() -> Desk {
        let desk = Desk::empty();
        desk.write("bars.csv", BARS);
        let names = format!(
            "ts_code,name,list_date\n600001.SH,\"=HYPERLINK(\"\"http://e/\"\",\"\"a,b\"\")\",20100104\n\
             000002.SZ,甲{ESC}]0;owned\u{7}\u{202e}乙,20100104\n600003.SH,丙\u{2028}丁,20100104\n\
             600004.SH,戊　 Ａ,20100104\n"
        );
        desk.write("names_20260106.csv", &names);
        desk.ok(&["import", "tushare-daily", "bars.csv"]);
        desk.ok(&["import", "security-list", "names_20260106.csv"]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        for name in ["REPORT_LANGUAGE", "FUPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        command.env("FUPAN_STORE", self.path("store"));
        command.envs(variables.iter().copied());
        command.args(arguments).current_dir(self.folder.path()).output().unwrap()
    }

    fn ok_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> String {
        let output = self.run_with(variables, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        self.ok_with(&[], arguments)
    }

    fn fails(&self, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String) {
        let output = self.run_with(variables, arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

const ESC: char = '\u{1b}';

const BARS: &str = "\
ts_code,trade_date,open,high,low,close,pre_close,vol,amount
600001.SH,20260105,10.00,10.10,9.90,10.00,10.00,1000,1000.0
000002.SZ,20260105,10.00,10.10,9.90,10.00,10.00,1000,1000.0
600003.SH,20260105,10.00,10.10,9.90,10.00,10.00,1000,1000.0
600004.SH,20260105,10.00,10.10,9.90,10.00,10.00,1000,1000.0
600001.SH,20260106,10.50,11.00,10.50,11.00,10.00,1000,1080.0
000002.SZ,20260106,10.50,11.00,10.50,11.00,10.00,1000,1080.0
600003.SH,20260106,10.50,11.00,10.50,11.00,10.00,1000,1080.0
600004.SH,20260106,10.00,10.10,9.90,10.05,10.00,1000,1000.0
";

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Nothing that a terminal obeys or an eye misses, but line breaks.
#[track_caller]
fn assert_safe(text: &str) {
    let hidden = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    });
    assert_eq!(hidden, None, "{text:?}");
}

#[test]
fn hostile_names_reach_no_terminal_and_break_no_table() {
    let desk = Desk::hostile();
    let names = "SELECT symbol, name FROM security ORDER BY symbol";
    for arguments in [
        &["ladder"][..],
        &["ladder", "--format", "csv"],
        &["ladder", "--format", "json"],
        &["sql", names],
        &["sql", "--format", "csv", names],
        &["sql", "--format", "json", names],
        &["explain", "limit_up_count/all-a/2026-01-06/close"],
        &["explain", "limit_up_count/all-a/2026-01-06/close", "--format", "json"],
        &["facts", "--format", "json"],
        &["review", "--output", "-", "--format", "md"],
        &["review", "--output", "-", "--format", "json"],
        &["review", "--output", "-", "--format", "html"],
        &["review", "--output", "brief.html", "--lang", "zh"],
    ] {
        assert_safe(&desk.ok(arguments));
    }
    let table = desk.ok(&["sql", names]);
    assert_eq!(table.lines().count(), 2 + 4 + 1, "one line a row:\n{table}");
    assert!(table.contains("甲\\u{1b}]0;owned\\u{7}\\u{202e}乙"), "{table}");
    let json: String = desk.ok(&["sql", "--format", "json", names]);
    assert!(json.contains("甲\\u001b]0;owned\\u0007\\u202e乙"), "{json}");
}

#[test]
fn a_hostile_file_is_named_safely() {
    let desk = Desk::empty();
    let name = format!("bars{ESC}[2J\u{202e}.csv");
    desk.write(&name, "a,b\n");
    let (code, told) = desk.fails(&[], &["import", "tushare-daily", &name]);
    assert_eq!(code, 2, "{told}");
    assert_safe(&told);
    assert!(told.contains("bars\\u{1b}[2J\\u{202e}.csv"), "{told}");
    desk.write("cut.csv", &format!("ts{ESC}c,b\n1,2\n"));
    let (_, told) = desk.fails(&[], &["import", "tushare-daily", "cut.csv"]);
    assert_safe(&told);
    desk.write(&name, BARS);
    assert_safe(&desk.ok(&["import", "tushare-daily", &name]));
}

#[test]
fn csv_for_a_spreadsheet_holds_no_formula_and_raw_csv_holds_the_text() {
    let desk = Desk::hostile();
    let guarded = "\"'=HYPERLINK(\"\"http://e/\"\",\"\"a,b\"\")\"";
    let raw = "\"=HYPERLINK(\"\"http://e/\"\",\"\"a,b\"\")\"";
    let query = "SELECT name, -1.5 AS n, '-1.5' AS t, '@x' AS u FROM security ORDER BY symbol";
    let sheet = desk.ok(&["sql", "--format", "csv", query]);
    assert!(sheet.contains(&format!("{guarded},-1.5,-1.5,'@x")), "{sheet}");
    assert_eq!(sheet.lines().count(), 5, "{sheet}");
    let exact = desk.ok(&["sql", "--format", "csv-raw", query]);
    assert!(exact.contains(&format!("{raw},-1.5,-1.5,@x")), "{exact}");
    assert!(exact.contains("丙\u{2028}丁") && exact.contains(ESC), "{exact}");
    let broken = "SELECT 'a' || chr(10) || 'b' AS x";
    assert_eq!(desk.ok(&["sql", broken]).lines().count(), 4);
    assert_eq!(desk.ok(&["sql", "--format", "csv", broken]), "x\na\\u{a}b\n");
    assert_eq!(desk.ok(&["sql", "--format", "csv-raw", broken]), "x\n\"a\nb\"\n");
    let ladder = desk.ok(&["ladder", "--format", "csv"]);
    assert!(
        ladder.contains(&format!("2026-01-06,600001.SH,{guarded},1,11.00,10.0000")),
        "{ladder}"
    );
    assert!(desk.ok(&["ladder", "--format", "csv-raw"]).contains(raw));
}

#[test]
fn names_are_shown_without_their_padding_and_kept_as_they_are() {
    let desk = Desk::hostile();
    desk.write(
        "more.csv",
        &BARS
            .replace(
                "10.00,10.10,9.90,10.05,10.00,1000,1000.0",
                "10.50,11.00,10.50,11.00,10.00,1000,1080.0",
            )
            .replace("600004", "600005"),
    );
    desk.write("more_20260106.csv", "ts_code,name,list_date\n600005.SH,金 螳　螂Ａ,20100104\n");
    desk.ok(&["import", "tushare-daily", "more.csv"]);
    desk.ok(&["import", "security-list", "more_20260106.csv"]);
    assert!(desk.ok(&["ladder"]).contains("金螳螂A"));
    assert!(desk.ok(&["review", "--output", "-", "--format", "html"]).contains("金螳螂A"));
    let stored = desk.ok(&["sql", "SELECT name FROM security WHERE symbol = '600005.SH'"]);
    assert!(stored.contains("金 螳　螂Ａ"), "{stored}");
}

#[test]
fn a_terminal_table_has_one_rule() {
    let desk = Desk::hostile();
    let table = desk.ok(&["sql", "SELECT symbol FROM security ORDER BY symbol"]);
    let rules = table.lines().filter(|line| line.contains('─')).count();
    assert_eq!((rules, table.lines().position(|line| line.contains('─'))), (1, Some(1)), "{table}");
}

#[test]
fn a_symbol_is_read_in_every_notation_by_every_command() {
    let desk = Desk::hostile();
    for text in [
        "600001.SH",
        "600001.sh",
        "sh600001",
        "SH600001",
        "600001.XSHG",
        "SSE:600001",
        "1.600001",
        "sh.600001",
        "SH.600001",
        "SH#600001",
        "600001",
    ] {
        let told = desk.ok(&["facts", "--scope", text, "--measure", "limit_up_streak"]);
        assert!(told.contains("limit_up_streak/600001.SH/2026-01-06/close"), "{text}: {told}");
        let told = desk.ok(&["explain", &format!("limit_up_streak/{text}/2026-01-06/close")]);
        assert!(told.starts_with("limit_up_streak/600001.SH/"), "{text}: {told}");
    }
    for text in ["0.000002", "SZSE:000002", "000002.XSHE", "SZ#000002"] {
        let told = desk.ok(&["facts", "--scope", text, "--measure", "limit_up_streak"]);
        assert!(told.contains("limit_up_streak/000002.SZ/"), "{text}: {told}");
    }
    for arguments in
        [&["facts", "--scope", "000001"][..], &["explain", "last_price/000001/2026-01-06/close"]]
    {
        let (code, told) = desk.fails(&[], arguments);
        assert_eq!(code, 2);
        assert!(told.contains("000001.SH or 000001.SZ"), "{told}");
    }
}

#[test]
fn sql_is_asked_after_the_answer_and_only_where_it_is_wanted() {
    let desk = Desk::hostile();
    let key = "limit_up_count/all-a/2026-01-06/close";
    let told = desk.ok(&["explain", key]);
    let last = told.lines().last().unwrap();
    assert!(last.starts_with("cross-check") && last.contains("the same value"), "{told}");
    let alone = desk.ok(&["explain", key, "--no-cross-check"]);
    assert_eq!(told, format!("{alone}{last}\n"));
    let json = |arguments: &[&str]| -> serde_json::Value {
        let asked = [&["explain", key, "--format", "json"], arguments].concat();
        serde_json::from_str(&desk.ok(&asked)).unwrap()
    };
    assert_eq!(json(&[])["twin"]["agrees"], true);
    assert_eq!(json(&["--no-cross-check"]).get("twin"), None);
}

#[test]
fn a_security_without_the_figure_is_told_why_and_no_other_company() {
    let desk = Desk::hostile();
    let key = "limit_up_cluster_days/600004.SH/2026-01-06/close";
    let (code, told) = desk.fails(&[], &["explain", key]);
    assert_eq!(code, 2);
    assert!(told.contains("600004.SH") && told.contains("not known to have been sealed"), "{told}");
    assert!(!told.contains("did you mean") && !told.contains("600001.SH"), "{told}");
    let (_, told) = desk.fails(&[("FUPAN_LANG", "zh")], &["explain", key]);
    assert!(told.contains("当日未见涨停"), "{told}");
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let desk = Desk::hostile();
    let store = desk.path("store");
    let store = store.to_str().unwrap();
    let empty =
        [("REPORT_LANGUAGE", ""), ("FUPAN_LANG", ""), ("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")];
    let page = desk.ok_with(&empty, &["review", "--output", "-", "--format", "md"]);
    assert!(page.contains("收盘"), "{page}");
    let (code, told) =
        desk.fails(&[("FUPAN_STORE", ""), ("XDG_DATA_HOME", store), ("HOME", store)], &["doctor"]);
    assert_eq!(code, 3, "{told}");
    assert!(told.contains("is not a store"), "{told}");
}

#[test]
fn languages_are_read_as_locales_write_them_and_two_are_kept_apart() {
    let desk = Desk::hostile();
    let review = ["review", "--output", "-", "--format", "md"];
    for value in ["zh", "ZH", "zh_CN.UTF-8", "zh-Hans", "zh_TW.UTF-8"] {
        let asked = [&review[..], &["--lang", value]].concat();
        assert!(desk.ok(&asked).contains("收盘"), "{value}");
        let page = desk.ok_with(&[("REPORT_LANGUAGE", value), ("FUPAN_LANG", "en")], &review);
        assert!(page.contains("收盘"), "{value}");
    }
    for value in ["en", "en_GB", "C", "POSIX"] {
        let page = desk.ok_with(&[("REPORT_LANGUAGE", value), ("FUPAN_LANG", "zh")], &review);
        assert!(page.contains("at the close"), "{value}");
    }
    for (variables, word) in [
        (&[("FUPAN_LANG", "zh"), ("LANG", "en_US.UTF-8")][..], "交易日"),
        (&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")], "交易日"),
        (&[("LC_MESSAGES", "C"), ("LANG", "zh_CN.UTF-8")], "sessions"),
        (&[("LANG", "fr_FR.UTF-8")], "sessions"),
        (&[("REPORT_LANGUAGE", "zh")], "sessions"),
    ] {
        let told = desk.ok_with(variables, &["calendar"]);
        assert!(told.starts_with(word), "{variables:?}: {told}");
    }
    for variable in ["REPORT_LANGUAGE", "FUPAN_LANG"] {
        let (code, told) = desk.fails(&[(variable, "fr")], &review);
        assert_eq!(code, 2);
        assert!(told.contains(variable) && told.contains("write zh or en"), "{told}");
    }
}

#[test]
fn errors_are_in_the_language_of_the_interface() {
    let desk = Desk::hostile();
    for (arguments, words) in [
        (&["review", "2026-02-17"][..], "不是交易日"),
        (&["review", "2026-03-03"], "数据中没有2026-03-03"),
        (&["review", "2029-01-05"], "fupan calendar add"),
        (&["import", "tushare-dayly", "bars.csv"], "没有配方"),
        (&["import", "tushare-daily", "nowhere.csv"], "无法读取nowhere.csv"),
        (&["sql", "DROP TABLE daily_bar"], "查询有误"),
        (&["facts", "--from", "2026-01-08", "--to", "2026-01-05"], "--from晚于--to"),
        (&["facts", "--measure", "nothing"], "没有与nothing相符的指标"),
        (&["measures", "nothing"], "没有指标`nothing`"),
        (&["explain", "advance/all-a/2026-01-06/close"], "是否指advances/all-a/2026-01-06/close"),
    ] {
        let (code, told) = desk.fails(&[("FUPAN_LANG", "zh")], arguments);
        assert!(code == 2 || code == 3, "{told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let table = desk.ok_with(&[("FUPAN_LANG", "zh")], &["facts", "--measure", "advances"]);
    assert!(table.contains("指标键") && !table.contains("basis"), "{table}");
}

#[test]
fn facts_as_csv_have_a_decimal_beside_the_exact_value() {
    let desk = Desk::hostile();
    let told =
        desk.ok(&["facts", "--measure", "advance_share", "--scope", "ALL-A", "--format", "csv"]);
    let mut lines = told.lines();
    assert!(lines.next().unwrap().starts_with("key,value,decimal,unit,"), "{told}");
    assert!(lines.next().unwrap().contains(",4/4,1.000000000,share,"), "{told}");
}

/// An invented year: these are not the exchanges' closures.
const CLOSURES: &str = "# nobody announced these
2027-01-01
2027-02-05 to 2027-02-11
2027-04-05
2027-10-01 to 2027-10-07
";

#[test]
fn the_next_year_is_added_and_then_known() {
    let desk = Desk::hostile();
    desk.write("next.csv", &BARS.replace("20260105", "20270104").replace("20260106", "20270105"));
    let (code, told) = desk.fails(&[], &["import", "tushare-daily", "next.csv"]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("2027-01-04") && told.contains("fupan calendar add"), "{told}");
    desk.write("half.txt", "2027-01-01\n");
    let (code, told) = desk.fails(&[], &["calendar", "add", "half.txt"]);
    assert!(code == 2 && told.contains("closed weekdays"), "{told}");
    desk.write("closures.txt", CLOSURES);
    let told = desk.ok(&["calendar", "add", "closures.txt"]);
    assert!(told.contains("2027 added, 12 weekdays closed"), "{told}");
    assert!(desk.ok(&["import", "calendar", "closures.txt"]).contains("nothing changed"));
    let told = desk.ok(&["calendar"]);
    assert!(told.contains("to 2027-12-31") && told.contains("closures.txt, blake3 "), "{told}");
    desk.ok(&["import", "tushare-daily", "next.csv"]);
    assert!(desk.ok(&["review", "2027-01-05", "--output", "-", "--format", "md"]).contains("2027"));
    let (_, told) = desk.fails(&[], &["review", "2027-02-08"]);
    assert!(told.contains("the next 2027-02-12"), "{told}");
    desk.write("closures.txt", &CLOSURES.replace("2027-04-05", "2027-04-06"));
    let (code, told) = desk.fails(&[], &["calendar", "add", "closures.txt"]);
    assert!(code == 2 && told.contains("figures rest on them"), "{told}");
}
