//! A brief as a picture and as a printed file. Each test runs the real binary; those that draw need
//! a browser, and say that they were skipped where there is none.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder to write to.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn review(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        for name in ["REPORT_LANGUAGE", "FUPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        command.env("FUPAN_STORE", self.path("store")).env("TMPDIR", self.0.path());
        command.args(["review", "--sample"]).args(arguments.split_whitespace());
        command.current_dir(self.0.path());
        command
    }

    /// The names of the files written, without those of the store.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "store");
        names.sort();
        names
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The output of a review that draws; `None` if no browser is installed.
fn drawn(mut command: Command) -> Option<Output> {
    let output = command.output().unwrap();
    if told(&output).contains("neither Chromium, Chrome nor Edge was found") {
        eprintln!("skipped: no browser is installed to draw with");
        return None;
    }
    assert!(output.status.success(), "{}", told(&output));
    Some(output)
}

/// Width and height of a PNG.
fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "no PNG");
    let number = |from: usize| u32::from_be_bytes(png[from..from + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_picture_is_as_wide_as_it_should_be_and_as_tall_as_the_page() {
    let desk = Desk::new();
    let Some(_) = drawn(desk.review("--lang zh --format png")) else { return };
    let file = "fupan-2026-11-20.zh.png";
    assert_eq!(desk.files(), [file], "nothing else is left behind");
    let (width, overview) = size(&std::fs::read(desk.path(file)).unwrap());
    assert_eq!(width, 1080);
    assert!(overview > 2000, "{overview}");

    drawn(desk.review("--lang en --output Whole.PNG --image whole")).unwrap();
    let (width, whole) = size(&std::fs::read(desk.path("Whole.PNG")).unwrap());
    assert_eq!(width, 1080);
    assert!(whole > overview, "{whole} and {overview}");

    let piped = drawn(desk.review("--lang zh --format png --output -")).unwrap();
    assert_eq!(size(&piped.stdout), (1080, overview));
}

#[test]
fn a_printed_file_has_pages() {
    let desk = Desk::new();
    let Some(_) = drawn(desk.review("--lang en --output brief.pdf")) else { return };
    assert_eq!(desk.files(), ["brief.pdf"]);
    let pdf = std::fs::read(desk.path("brief.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.split("/Type").filter(|part| {
        let named = part.trim_start().strip_prefix("/Page");
        named.is_some_and(|rest| !rest.starts_with('s'))
    });
    assert!(pages.count() > 2, "a page each of several");
}

/// The library that browsers on Linux find fonts with reads which there are from a file.
#[cfg(target_os = "linux")]
#[test]
fn a_picture_without_a_chinese_font_is_not_passed_over_in_silence() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("store")).unwrap();
    std::fs::write(desk.path("store/fonts.conf"), "<fontconfig></fontconfig>").unwrap();
    for (language, words) in
        [("zh", "文件中的汉字都是方框"), ("en", "Chinese characters are boxes")]
    {
        let mut command = desk.review(&format!("--lang {language} --format png"));
        command.env("FONTCONFIG_FILE", desk.path("store/fonts.conf"));
        command.env("FUPAN_STORE", desk.path("store/of-fupan"));
        let Some(output) = drawn(command) else { return };
        assert!(told(&output).contains(words), "{}", told(&output));
    }
    let with_fonts = drawn(desk.review("--lang en --format png")).unwrap();
    let has_none = told(&with_fonts).contains("Chinese characters are boxes");
    let list = Command::new("fc-list").arg(":lang=zh").output();
    if let Some(list) = list.ok().filter(|list| list.status.success()) {
        assert_eq!(has_none, list.stdout.is_empty(), "{}", told(&with_fonts));
    }
}

#[test]
fn what_cannot_be_drawn_is_refused_before_the_work_begins() {
    let desk = Desk::new();
    for (arguments, code, en, zh) in [
        (
            "--format png --browser nowhere/chromium",
            3,
            "nowhere/chromium is no program that can be run",
            "`nowhere/chromium`不是可以运行的程序",
        ),
        ("--output a.pdf --browser .", 3, ". is no program", "`.`不是可以运行的程序"),
        ("--format pdf --image whole", 2, "add `--format png`", "请加上`--format png`"),
        ("--output a.html --image whole", 2, "add `--format png`", "请加上`--format png`"),
    ] {
        for (language, words) in [("en", en), ("zh", zh)] {
            let output = desk.review(&format!("{arguments} --lang {language}")).output().unwrap();
            assert_eq!(output.status.code(), Some(code), "{arguments}: {}", told(&output));
            assert!(told(&output).contains(words), "{arguments}: {}", told(&output));
        }
    }
    let mut variable = desk.review("--format png --lang en");
    let output = variable.env("FUPAN_BROWSER", "no-such-browser").output().unwrap();
    assert!(told(&output).contains("no-such-browser is no program"), "{}", told(&output));
    assert_eq!(desk.files(), [""; 0]);
}

#[test]
fn the_ending_of_the_file_is_its_format() {
    let desk = Desk::new();
    for (name, begins) in [
        ("a.html", "<!DOCTYPE html>"),
        ("a.HTM", "<!DOCTYPE html>"),
        ("a.md", "# "),
        ("a.json", "{"),
        ("a.txt", "<!DOCTYPE html>"),
        ("a.png --format md", "# "),
    ] {
        let output = desk.review(&format!("--lang en --output {name}")).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        let name = name.split(' ').next().unwrap();
        let text = std::fs::read_to_string(desk.path(name)).unwrap();
        assert!(text.starts_with(begins), "{name}: {}", &text[..40]);
    }
}
