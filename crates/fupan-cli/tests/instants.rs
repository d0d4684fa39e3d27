//! Instants of a session as a user asks for them: the answer, or one clear message and the right
//! exit code. Each test runs the real binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::process::{Command, Output};

use tempfile::TempDir;

const USAGE: i32 = 2;
const DATA: i32 = 3;

/// A desk whose store holds three securities over four sessions of invented bars.
struct Desk(TempDir);

impl Desk {
    fn with_bars() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let mut bars = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n".to_owned();
        for session in ["20260105", "20260106", "20260107", "20260108"] {
            for symbol in ["600001.SH", "600002.SH", "300003.SZ"] {
                bars.push_str(&format!("{symbol},{session},10,11,9.9,10.5,10,1000,1050\n"));
            }
        }
        desk.import("tushare-daily", "bars.csv", &bars);
        desk
    }

    /// The same with quotes of the last session: 600001 seals at 10:00 and opens at 13:15.
    fn with_quotes() -> Desk {
        let desk = Desk::with_bars();
        let mut rows = "datetime,symbol,open,high,low,close,volume,amount\n".to_owned();
        for (time, price) in [("09:45", "10.20"), ("10:00", "11.00"), ("13:15", "10.90")] {
            rows.push_str(&format!(
                "2026-01-08 {time}:00,600001,{price},{price},{price},{price},100,{}\n",
                price.parse::<f64>().unwrap() * 100.0
            ));
            rows.push_str(&format!("2026-01-08 {time}:00,600002,9.9,9.9,9.9,9.9,100,990\n"));
        }
        desk.import("bars-15m", "quotes.csv", &rows);
        desk
    }

    fn import(&self, recipe: &str, file: &str, text: &str) {
        std::fs::write(self.0.path().join(file), text).unwrap();
        let output = self.run(&["import", recipe, file]);
        assert!(output.status.success(), "{output:?}");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fupan"))
            .arg("--store")
            .arg(self.0.path().join("store"))
            .env_remove("FUPAN_STORE")
            .env_remove("REPORT_LANGUAGE")
            .env("FUPAN_CONFIG", self.0.path().join("none.toml"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "`{word}` is not said in: {said}");
        }
    }
}

#[test]
fn a_store_without_quotes_says_what_to_import() {
    let desk = Desk::with_bars();
    let words = ["no quotes of 2026-01-08", "fupan import bars-15m FILE"];
    desk.fails(&["review", "2026-01-08", "--at", "11:30"], DATA, &words);
    desk.fails(&["replay", "2026-01-08"], DATA, &words);
}

#[test]
fn instants_outside_trading_have_clear_answers() {
    let desk = Desk::with_quotes();
    let at = |time: &str| {
        ["review", "2026-01-08", "--lang", "en", "--at"]
            .map(str::to_owned)
            .into_iter()
            .chain([time.to_owned()])
            .collect::<Vec<_>>()
    };
    let asked = |time: &str| {
        let arguments = at(time);
        desk.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    desk.fails(&["review", "2026-01-08", "--at", "09:20"], USAGE, &["no price yet", "09:25"]);
    desk.fails(&["review", "2026-01-08", "--at", "9:30"], DATA, &["begin at 09:45:00"]);
    desk.fails(&["review", "2026-01-10", "--at", "10:00"], USAGE, &["not a session"]);
    desk.fails(&["review", "2026-01-08", "--at", "25:00"], USAGE, &["11:30"]);
    desk.fails(&["review", "--sample", "--at", "10:00"], DATA, &["no intraday instants"]);
    let lunch = asked("12:15");
    assert!(lunch.contains("at 11:30 Shanghai time"), "{lunch}");
    assert!(lunch.contains("cover 2 of 3 A-shares"), "{lunch}");
    assert!(lunch.contains("fupan-2026-01-08-1130.en.html"), "{lunch}");
    assert!(asked("18:00").contains("at 15:00 Shanghai time"));
    assert!(asked("10:00:00").contains("at 10:00 Shanghai time"));
}

#[test]
fn a_replay_tells_who_seals_and_who_opens() {
    let desk = Desk::with_quotes();
    let lines = desk.ok(&["replay", "2026-01-08", "--json"]);
    let steps: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |step: &serde_json::Value, what: &str| step[what][0]["symbol"].clone();
    assert_eq!(steps.len(), 3);
    assert_eq!((&steps[0]["at"], &steps[0]["limit_ups"]), (&"09:45:00".into(), &0.into()));
    assert_eq!(
        (told(&steps[1], "sealed"), &steps[1]["limit_ups"]),
        ("600001.SH".into(), &1.into())
    );
    assert_eq!((told(&steps[2], "opened"), &steps[2]["broken"]), ("600001.SH".into(), &1.into()));
    assert_eq!(steps[2]["turnover_fen"], 321_000 + 297_000);
    let part = desk.run(&["replay", "2026-01-08", "--from", "09:50", "--to", "11:30"]);
    let text = String::from_utf8(part.stdout).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("sealed: 600001.SH"), "{text}");
    assert!(part.stderr.is_empty(), "a progress display where nobody looks");
    let fast = desk.ok(&["replay", "2026-01-08", "--speed", "1000000"]);
    assert_eq!(fast, desk.ok(&["replay", "2026-01-08"]));
    desk.fails(&["replay", "2026-01-08", "--speed", "0"], USAGE, &["above zero"]);
    desk.fails(&["replay", "2026-01-08", "--from", "15:00", "--to", "10:00"], USAGE, &["--from"]);
    desk.fails(&["replay", "2026-01-08", "--from", "14:00"], USAGE, &["no quotes between"]);
}

#[test]
fn the_second_road_exists_for_instants_too() {
    let desk = Desk::with_quotes();
    let text = desk.ok(&["explain", "times_opened/600001.SH/2026-01-08/13:15:00"]);
    assert!(text.contains("gives the same value"), "{text}");
}

/// What cannot be followed is said at once, whatever the day is.
#[test]
fn a_session_is_followed_from_sources_that_have_it() {
    let desk = Desk::with_bars();
    desk.fails(&["watch"], USAGE, &["no source is set up", "--source"]);
    desk.fails(&["watch", "--source", "tushare"], USAGE, &["`tushare` cannot be followed"]);
    desk.fails(&["watch", "--measure", "advances"], USAGE, &["--json"]);
    let rule = "[[alert]]\nwhen = \"limit_down_cont/all-a > 50\"\n";
    std::fs::write(desk.0.path().join("none.toml"), rule).unwrap();
    desk.fails(&["watch", "--source", "sina"], USAGE, &["limit_down_cont", "limit_down_count"]);
    desk.fails(&["update", "--list", "wind"], USAGE, &["no list `wind`", "tushare-list"]);
    assert_eq!(desk.ok(&["doctor", "--sources", "last"]), "2026-01-08: one source only\n");
}
