//! Wrong input, as a user would give it: one clear message (what, where, what to do), the right
//! exit code, and nothing lost. Each test runs the real binary.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops at a surprise, and says when it is skipped"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const USAGE: i32 = 2;
const DATA: i32 = 3;

/// A folder with a store of a few sessions, and room for files.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn empty() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    /// A desk whose store holds three securities over four sessions of invented bars.
    fn with_bars() -> Desk {
        let desk = Desk::empty();
        let file = desk.write("bars.csv", &bars(1.0));
        desk.ok(&["import", "tushare-daily", file.to_str().unwrap()]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, arguments: &[&str]) -> Output {
        fupan(&self.path("store")).args(arguments).current_dir(self.folder.path()).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail with a code and a message that holds all the words.
    fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let output = self.run(arguments);
        expect_failure(&output, code, words);
    }

    /// The bars in the store, as text: what must not be lost.
    fn bars(&self) -> String {
        self.ok(&["sql", "--format", "csv", "SELECT * FROM daily_bar ORDER BY session, symbol"])
    }
}

fn fupan(store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.arg("--store").arg(store).env_remove("FUPAN_STORE").env_remove("REPORT_LANGUAGE");
    command
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn expect_failure(output: &Output, code: i32, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not said in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    assert!(said.matches("(os error").count() <= 1, "the cause is told once: {said}");
    assert!(said.trim().lines().count() <= 12, "one clear message, not {said}");
}

/// Invented bars in Tushare's shape; `scale` multiplies the turnover, to get its unit wrong.
fn bars(scale: f64) -> String {
    let mut text = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n".to_owned();
    for (day, session) in ["20260105", "20260106", "20260107", "20260108"].iter().enumerate() {
        for (row, symbol) in ["600001.SH", "000002.SZ", "300003.SZ"].iter().enumerate() {
            let prev = 10.0 + row as f64 + day as f64 * 0.1;
            let (open, high, low, close) = (prev, prev + 0.2, prev - 0.1, prev + 0.1);
            let lots = 1000.0 * (row + 1) as f64;
            let amount = lots * 100.0 * (prev + 0.05) / 1000.0 * scale;
            text.push_str(&format!(
                "{symbol},{session},{open:.2},{high:.2},{low:.2},{close:.2},{prev:.2},{lots},{amount:.3}\n"
            ));
        }
    }
    text
}

#[test]
fn an_unknown_recipe_lists_the_ones_there_are() {
    let desk = Desk::with_bars();
    let before = desk.bars();
    desk.fails(
        &["import", "tushare-dayly", "bars.csv"],
        USAGE,
        &["tushare-dayly", "tushare-daily"],
    );
    assert_eq!(desk.bars(), before);
}

#[test]
fn a_recipe_for_another_file_names_the_missing_column() {
    let desk = Desk::with_bars();
    let before = desk.bars();
    desk.write("other.csv", "date,code,price\n2026-01-05,600001,10.00\n");
    desk.fails(&["import", "tushare-daily", "other.csv"], USAGE, &["other.csv", "ts_code", "code"]);
    assert_eq!(desk.bars(), before);
}

#[test]
fn a_recipe_that_is_no_recipe_says_where() {
    let desk = Desk::with_bars();
    desk.write(
        "mine.toml",
        "source = \"mine\"\nformat = \"csv\"\n[[tabel]]\ntable = \"daily_bar\"\n",
    );
    desk.fails(&["import", "mine.toml", "bars.csv"], USAGE, &["mine", "tabel"]);
}

#[test]
fn a_file_that_its_library_panics_on_is_refused_in_words() {
    let desk = Desk::with_bars();
    let broken =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/parquet/broke_definition_levels");
    std::fs::copy(broken, desk.path("broken.parquet")).unwrap();
    let output = desk.run(&["import", "index-parquet", "broken.parquet"]);
    expect_failure(&output, DATA, &["broken.parquet is damaged", "cannot be decoded"]);
    assert!(!said(&output).contains("panicked"), "{}", said(&output));
}

#[test]
fn a_recipe_without_end_is_not_read() {
    let desk = Desk::with_bars();
    desk.write("mine.toml", &"# 配方很短\n".repeat(90_000));
    desk.fails(&["import", "mine.toml", "bars.csv"], DATA, &["mine.toml", "1 MiB"]);
}

#[test]
fn a_truncated_parquet_is_refused_whole() {
    let desk = Desk::with_bars();
    let before = desk.bars();
    let mut bytes = b"PAR1".to_vec();
    bytes.extend(std::iter::repeat_n(7, 4_000));
    std::fs::write(desk.path("bars.parquet"), bytes).unwrap();
    desk.fails(
        &["import", "daily-bars", "bars.parquet"],
        DATA,
        &["bars.parquet", "damaged", "fetch it again"],
    );
    assert_eq!(desk.bars(), before);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let desk = Desk::with_bars();
    desk.fails(&["import", "tushare-daily", "nowhere.csv"], DATA, &["nowhere.csv"]);
}

#[test]
fn a_turnover_ten_times_too_large_is_refused_with_the_reason() {
    let desk = Desk::with_bars();
    let before = desk.bars();
    desk.write("wrong.csv", &bars(10.0));
    desk.fails(
        &["import", "tushare-daily", "wrong.csv"],
        USAGE,
        &["wrong.csv", "units", "Turnover", "10"],
    );
    assert_eq!(desk.bars(), before);
}

#[test]
fn a_holiday_is_not_a_session_and_the_neighbours_are_named() {
    let desk = Desk::with_bars();
    desk.fails(&["review", "2026-02-17"], USAGE, &["2026-02-17", "2026-02-13", "2026-02-24"]);
}

#[test]
fn a_date_outside_the_data_tells_its_range() {
    let desk = Desk::with_bars();
    desk.fails(&["review", "2026-03-03"], DATA, &["2026-03-03", "2026-01-05", "2026-01-08"]);
}

#[test]
fn a_date_after_the_calendar_is_refused_not_guessed() {
    let desk = Desk::with_bars();
    desk.fails(&["review", "2027-01-05"], USAGE, &["2027-01-05", "2026-12-31"]);
}

#[test]
fn a_date_that_is_no_date_says_how_to_write_one() {
    let desk = Desk::with_bars();
    desk.fails(&["review", "12/02/2026"], USAGE, &["12/02/2026", "2026-02-12"]);
}

#[test]
fn an_unknown_symbol_in_a_key_is_an_error_with_a_suggestion() {
    let desk = Desk::with_bars();
    desk.fails(
        &["explain", "limit_up_streak/600001.SZ/2026-01-08/close"],
        USAGE,
        &["600001.SZ", "600001.SH"],
    );
    desk.fails(
        &["explain", "advence/all-a/2026-01-08/close"],
        USAGE,
        &["did you mean", "advances/all-a"],
    );
}

#[test]
fn an_unknown_symbol_in_a_file_is_left_out_with_its_place() {
    let desk = Desk::empty();
    let mut text = bars(1.0);
    text.push_str("777777.SH,20260105,1.00,1.00,1.00,1.00,1.00,10,1.0\n");
    desk.write("bars.csv", &text);
    let told = desk.ok(&["import", "tushare-daily", "bars.csv"]);
    assert!(told.contains("777777.SH") && told.contains("row 13"), "{told}");
    assert!(!desk.bars().contains("777777"));
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let desk = Desk::with_bars();
    let marker = desk.path("store").join("fupan-store.json");
    let text = std::fs::read_to_string(&marker).unwrap();
    let newer = text.replacen(": 1", ": 999", 1);
    assert_ne!(text, newer);
    std::fs::write(&marker, &newer).unwrap();
    desk.fails(&["review"], DATA, &["format 999", "install fupan"]);
    desk.fails(&["import", "tushare-daily", "bars.csv"], DATA, &["format 999", "install fupan"]);
    assert_eq!(std::fs::read_to_string(&marker).unwrap(), newer);
}

#[test]
fn a_folder_that_is_no_store_says_how_to_make_one() {
    let desk = Desk::empty();
    desk.fails(&["review"], DATA, &["fupan import", "--sample"]);
}

/// Runs the binary with a small file system of its own mounted on a folder; `None`, said, where
/// the system does not let us.
fn on_mount(desk: &Desk, options: &str, arguments: &str) -> Option<Output> {
    let mounted = desk.path("mounted");
    std::fs::create_dir_all(&mounted).unwrap();
    let script = format!(
        "mount -t tmpfs -o {options} tmpfs '{0}' || exit 99; exec '{1}' {arguments}",
        mounted.display(),
        env!("CARGO_BIN_EXE_fupan"),
    );
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &script])
        .current_dir(desk.folder.path())
        .output();
    match output {
        Ok(output) if output.status.code() != Some(99) && !said(&output).contains("unshare:") => {
            Some(output)
        }
        _ => {
            println!("skipped: this system does not let a test mount a folder");
            None
        }
    }
}

#[test]
fn a_full_disk_is_named_and_the_store_keeps_what_it_had() {
    let desk = Desk::empty();
    desk.write("bars.csv", &bars(1.0));
    let arguments = "--store mounted/store import tushare-daily bars.csv";
    let Some(output) = on_mount(&desk, "size=16k", arguments) else { return };
    expect_failure(&output, DATA, &["mounted", "no space left", "free some space"]);
}

#[test]
fn a_read_only_folder_is_named() {
    let desk = Desk::empty();
    desk.write("bars.csv", &bars(1.0));
    let arguments = "--store mounted/store import tushare-daily bars.csv";
    let Some(output) = on_mount(&desk, "ro", arguments) else { return };
    expect_failure(&output, DATA, &["mounted", "write"]);
}

#[test]
fn a_range_without_sessions_is_named() {
    let desk = Desk::with_bars();
    let range = |from, to| ["facts", "--from", from, "--to", to];
    desk.fails(&range("2026-01-08", "2026-01-05"), USAGE, &["--from is after --to"]);
    desk.fails(&range("2026-01-10", "2026-01-11"), USAGE, &["no session between"]);
    desk.ok(&range("2026-01-05", "2026-01-08"));
}

#[test]
fn a_brief_that_cannot_be_written_leaves_the_old_one() {
    let desk = Desk::with_bars();
    std::fs::create_dir(desk.path("taken")).unwrap();
    let cause = "No such file or directory (os error 2)";
    for command in ["review", "facts"] {
        let path = "taken/none/brief.html";
        desk.fails(&[command, "--output", path], DATA, &[path, cause]);
    }
    desk.ok(&["review", "--output", "brief.html"]);
    let before = std::fs::read(desk.path("brief.html")).unwrap();
    desk.fails(&["review", "2026-02-17", "--output", "brief.html"], USAGE, &["2026-02-17"]);
    assert_eq!(std::fs::read(desk.path("brief.html")).unwrap(), before);
}

#[test]
fn a_query_that_would_change_the_store_is_refused() {
    let desk = Desk::with_bars();
    let before = desk.bars();
    for query in [
        "DROP TABLE daily_bar",
        "DELETE FROM daily_bar",
        "CREATE TABLE t AS SELECT 1",
        "COPY daily_bar TO 'out.csv'",
        "INSERT INTO daily_bar SELECT * FROM daily_bar",
    ] {
        desk.fails(&["sql", query], USAGE, &["only questions are answered"]);
    }
    desk.fails(&["sql", "SELECT nothing FROM daily_bar"], USAGE, &["nothing"]);
    assert_eq!(desk.bars(), before);
    assert!(!desk.path("out.csv").exists());
}

#[test]
fn importing_twice_changes_nothing() {
    let desk = Desk::with_bars();
    let before = desk.bars();
    let told = desk.ok(&["import", "tushare-daily", "bars.csv"]);
    assert!(told.contains("already"), "{told}");
    assert_eq!(desk.bars(), before);
}

#[test]
fn two_reviews_give_the_same_bytes() {
    let desk = Desk::with_bars();
    for format in ["html", "md", "json"] {
        let once = desk.ok(&["review", "--format", format, "--lang", "zh", "--output", "-"]);
        let twice = desk.ok(&["review", "--format", format, "--lang", "zh", "--output", "-"]);
        assert_eq!(once, twice);
        assert!(once.contains("2026"), "{format}");
    }
}

#[test]
fn the_order_of_imports_does_not_change_a_brief() {
    let text = bars(1.0);
    let (header, rows) = text.split_once('\n').unwrap();
    let (early, late): (Vec<&str>, Vec<&str>) =
        rows.lines().partition(|row| row.contains("20260105") || row.contains("20260106"));
    let names = "ts_code,name,list_date\n600001.SH,甲,20100104\n000002.SZ,乙,20100104\n";
    let desks = [Desk::empty(), Desk::empty()];
    for (desk, order) in desks.iter().zip([[0, 1, 2], [2, 1, 0]]) {
        desk.write("early.csv", &format!("{header}\n{}\n", early.join("\n")));
        desk.write("late.csv", &format!("{header}\n{}\n", late.join("\n")));
        desk.write("names_20260108.csv", names);
        for place in order {
            let (recipe, file) = [
                ("tushare-daily", "early.csv"),
                ("tushare-daily", "late.csv"),
                ("security-list", "names_20260108.csv"),
            ][place];
            desk.ok(&["import", recipe, file]);
        }
    }
    let [one, other] = desks.map(|desk| desk.ok(&["review", "--format", "json", "--output", "-"]));
    assert_eq!(one, other);
}
