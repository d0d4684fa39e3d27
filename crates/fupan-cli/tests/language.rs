//! Everything that the program says is in the language asked for: commands that go well and
//! commands that go wrong, with `--lang zh` and with `FUPAN_LANG=zh`. Each test runs the real
//! binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::path::PathBuf;
use std::process::{Command, Output};

use fupan::english_in;
use tempfile::TempDir;

/// A folder with files, and a store to come.
struct Desk(TempDir);

const BARS: &str = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount
600001.SH,20260105,10.00,11.00,10.00,11.00,10.00,1000,1050.000
600002.SH,20260105,10.00,10.20,9.90,10.10,10.00,1000,1005.000
600001.SH,20260106,11.00,11.20,10.90,11.10,11.00,1000,1105.000
600002.SH,20260106,10.10,11.11,10.10,11.11,10.10,1000,1060.000
777777.SH,20260106,1.00,1.00,1.00,1.00,1.00,10,1.0
";

const QUOTES: &str = "datetime,symbol,open,high,low,close,volume,amount
2026-01-06 09:45:00,600001,11.00,11.20,10.90,11.10,100,1105
2026-01-06 10:00:00,600002,10.10,11.11,10.10,11.11,100,1060
";

const RECIPE: &str = "description = \"d\"\nsource = \"mine\"\nformat = \"csv\"\n\
                      [[table]]\ntable = \"daily_bar\"\n[table.columns]\nsymbol = \"ts_code\"\n";

impl Desk {
    fn empty() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        for (name, text) in [
            ("bars.csv", BARS.to_owned()),
            ("close.csv", BARS.replace(",11.11,10.10,1000", ",11.00,10.10,1000")),
            ("units.csv", BARS.replace("0.000\n", "00.000\n").replace("5.000\n", "50.000\n")),
            ("quotes.csv", QUOTES.to_owned()),
            ("other.csv", "weight,height\n1,2\n".to_owned()),
            ("empty.csv", String::new()),
            ("zip.csv", "PK\u{3}\u{4}".to_owned()),
            ("names.csv", "ts_code,name,list_date\n600001.SH,甲,20100104\n".to_owned()),
            ("future.csv", BARS.replace("202601", "202701")),
            ("lost.csv", BARS.replace("600002.SH", "60000x.SH")),
            ("short.toml", RECIPE.to_owned()),
            ("wrong.toml", RECIPE.replace("source", "sauce")),
            ("long.toml", "# 配方很短\n".repeat(90_000)),
            ("closures.txt", "2027-01-01\nnever\n".to_owned()),
            ("half.txt", "2027-01-01\n".to_owned()),
        ] {
            std::fs::write(desk.path(name), text).unwrap();
        }
        std::fs::write(desk.path("damaged.parquet"), b"PAR1 and no more than that").unwrap();
        desk
    }

    /// Two securities over two sessions, the second with quotes.
    fn with_bars() -> Desk {
        let desk = Desk::empty();
        for arguments in [["import", "bars.csv"], ["import", "quotes.csv"]] {
            let output = desk.run(&[("FUPAN_LANG", "zh")], &arguments);
            assert!(output.status.success(), "{}", said(&output));
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        for name in ["REPORT_LANGUAGE", "FUPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        command.env("FUPAN_STORE", self.path("store"));
        command.envs(variables.iter().copied());
        command.args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    /// Runs a command in Chinese and returns what it says.
    fn says(&self, arguments: &[&str]) -> String {
        said(&self.run(&[("FUPAN_LANG", "zh")], arguments))
    }
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[track_caller]
fn is_chinese(arguments: &[&str], told: &str) {
    assert_eq!(fault(told), None, "{arguments:?}: {told}");
}

/// What of a text is not Chinese.
fn fault(told: &str) -> Option<String> {
    if !told.chars().any(|c| ('一'..='鿿').contains(&c)) || told.contains("panicked") {
        return Some("all of it".to_owned());
    }
    // Identifiers that are not quoted; paths may hold them.
    let unquoted: String = told.split('`').step_by(2).collect();
    let raw = ["daily_bar", "limit_up_", "XSHG", "securities", "all-a,"]
        .into_iter()
        .find(|raw| unquoted.matches(raw).count() > unquoted.matches(&format!("/{raw}")).count());
    english_in(told).or(raw.map(str::to_owned))
}

#[test]
fn what_goes_wrong() {
    let desk = Desk::with_bars();
    std::fs::create_dir(desk.path("folder-1")).unwrap();
    let mut wrong = Vec::new();
    for (arguments, words) in [
        (&["import", "nowhere.csv"][..], "没有这个文件或文件夹"),
        (&["import", "tushare-daily", "other.csv"], "`ts_code`、"),
        (&["import", "other.csv"], "没有适用的配方"),
        (&["import", "empty.csv"], "文件是空的"),
        (&["import", "zip.csv"], "ZIP压缩包"),
        (&["import", "damaged.parquet"], "Parquet库报告"),
        (&["import", "tushare-daily", "units.csv"], "单位与该文件不符"),
        (&["import", "tushare-daily", "future.csv"], "fupan calendar add"),
        (&["import", "tushare-daily", "lost.csv"], "无法导入"),
        (&["import", "names.csv"], "--as-of"),
        (&["import", "close.csv"], "收盘价11.11 → 11.00"),
        (&["import", "tushare-daily", "folder-1"], "没有它能读的文件"),
        (&["import", "qlib-bin", "bars.csv"], "文件夹"),
        (&["import", "tushare-dayly", "bars.csv"], "是否指`tushare-daily`"),
        (&["import", "tushare-daily"], "请写出要导入的文件"),
        (&["import", "short.toml", "bars.csv"], "必须有`session`"),
        (&["import", "wrong.toml", "bars.csv"], "不认识`sauce`"),
        (&["import", "long.toml", "bars.csv"], "1 MiB"),
        (&["import", "nothing.toml", "bars.csv"], "没有这个文件或文件夹"),
        (&["import", "other.csv", "nowhere.csv"], "2个文件中有2个未能导入"),
        (&["calendar", "add", "closures.txt"], "第2行"),
        (&["calendar", "add", "half.txt"], "休市的工作日"),
        (&["calendar", "add", "folder-1"], "1 MiB"),
        (&["recipes", "nothing"], "没有配方`nothing`"),
        (&["drop", "zzz"], "没有编号"),
        (&["doctor", "--store", "folder-1"], "不是数据库"),
        (&["sql", "DROP TABLE daily_bars"], "会改动数据"),
        (&["sql", "SELECT nothing FROM quote"], "查询引擎报告"),
        (&["review", "2026-02-17"], "不是交易日"),
        (&["review", "2026-03-03"], "数据中没有"),
        (&["review", "2026-01-05", "--at", "10:00"], "没有2026-01-05的盘中报价"),
        (&["review", "2026-01-06", "--at", "09:20"], "集合竞价"),
        (&["review", "--output", "nowhere/brief.html"], "无法写入"),
        (&["replay", "--from", "11:00", "--to", "10:00"], "--from晚于--to"),
        (&["audit", "--from", "2026-02-02"], "其间没有所指的交易日"),
        (&["facts", "--measure", "nothing"], "没有与nothing相符的指标"),
        (&["explain", "advances/sh600001/2026-01-06/close"], "统计范围"),
        (&["explain", "advances/nowhere/2026-01-06/close"], "不是统计范围"),
        (&["measures", "nothing"], "没有指标`nothing`"),
        (&["reviw"], "是否指`review`"),
        (&["review", "--formta", "md"], "没有参数`--formta`"),
        (&["review", "--format", "doc"], "可写的值：`html`"),
        (&["review", "--format", "png", "--browser", "nowhere"], "不是可以运行的程序"),
        (&["review", "--format", "pdf", "--image", "whole"], "请加上`--format png`"),
        (&["review", "12/02/2026"], "不是日期"),
        (&["review", "--at", "25:00"], "请写时刻"),
        (&["drop"], "还要写`<ID>...`"),
        (&[], "之后要写命令"),
    ] {
        let told = desk.says(arguments);
        if !told.contains(words) || !told.contains("fupan: ") {
            wrong.push(format!("{arguments:?} does not say {words}: {told}"));
        }
        wrong.extend(fault(&told).map(|fault| format!("{arguments:?} says {fault}: {told}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_goes_well() {
    let desk = Desk::empty();
    for (arguments, words) in [
        (&["import", "bars.csv"][..], "读取5行，存入4行"),
        (&["import", "tushare-daily", "bars.csv"], "没有改动"),
        (&["import", "close.csv", "--replace"], "取代bars.csv"),
        (&["import", "lost.csv", "--partial", "--replace"], "未导入"),
        (&["import", "quotes.csv"], "配方`bars-15m`"),
        (&["imports"], "已由"),
        (&["recipes"], "所读内容"),
        (&["calendar"], "休市"),
        (&["doctor"], "数据库"),
        (&["backfill"], "个数字"),
        (&["backfill"], "一致"),
        (&["audit", "2026-01-05"], "与SQL一致"),
        (&["replay", "2026-01-06"], "涨停"),
    ] {
        let told = desk.says(arguments);
        is_chinese(arguments, &told);
        assert!(told.contains(words), "{arguments:?}: {told}");
        assert!(!told.contains("fupan: "), "{arguments:?} went wrong: {told}");
    }
    let imports = desk.run(&[], &["imports", "--format", "json"]);
    let imports: serde_json::Value = serde_json::from_slice(&imports.stdout).unwrap();
    let id = imports[0]["import_id"].as_str().unwrap();
    assert!(desk.says(&["drop", id]).contains("已撤出数据库"));
}

#[test]
fn the_argument_decides_over_the_variables() {
    let desk = Desk::empty();
    let english = [("FUPAN_LANG", "en"), ("REPORT_LANGUAGE", "en")];
    for arguments in [
        &["calendar", "--lang", "zh"][..],
        &["--lang", "zh_CN.UTF-8", "import", "other.csv"],
        &["import", "--lang=zh", "--wrong"],
        &["review", "--sample", "--output", "-", "--format", "md", "--lang", "zh", "--at", "x"],
        &["review", "2026-02-17", "--lang", "zh"],
    ] {
        is_chinese(arguments, &said(&desk.run(&english, arguments)));
    }
    let chinese = [("FUPAN_LANG", "zh"), ("REPORT_LANGUAGE", "zh")];
    for arguments in [
        &["calendar", "--lang", "en"][..],
        &["import", "--lang", "en", "other.csv"],
        &["reviw", "--lang", "en"],
    ] {
        let told = said(&desk.run(&chinese, arguments));
        assert!(!told.chars().any(|c| ('一'..='鿿').contains(&c)), "{arguments:?}: {told}");
    }
}
