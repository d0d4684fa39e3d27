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

/// Files of installed fonts for a language.
#[cfg(target_os = "linux")]
fn fonts(language: &str) -> Option<Vec<PathBuf>> {
    let list = Command::new("fc-list").args(["-f", "%{file}\n", language]).output().ok()?;
    Some(String::from_utf8(list.stdout).ok()?.lines().map(PathBuf::from).collect())
}

/// On Linux a file says which fonts there are. Here it names one that has no Chinese characters.
#[cfg(target_os = "linux")]
#[test]
fn a_picture_without_a_chinese_font_is_not_passed_over_in_silence() {
    let (Some(chinese), Some(latin)) = (fonts(":lang=zh"), fonts(":lang=en")) else {
        eprintln!("skipped: fc-list, which lists fonts, is not installed");
        return;
    };
    let Some(font) = latin.iter().find(|font| !chinese.contains(font)) else {
        eprintln!("skipped: no font without Chinese characters is installed");
        return;
    };
    let (desk, poor) = (Desk::new(), tempfile::tempdir().unwrap());
    std::fs::copy(font, poor.path().join("font")).unwrap();
    let list = poor.path().join("fonts.conf");
    let text = format!("<fontconfig><dir>{}</dir></fontconfig>", poor.path().display());
    std::fs::write(&list, text).unwrap();
    for (language, words) in
        [("zh", "文件中的汉字都是方框"), ("en", "Chinese characters are boxes")]
    {
        let mut command = desk.review(&format!("--lang {language} --format png"));
        let Some(output) = drawn({
            command.env("FONTCONFIG_FILE", &list);
            command
        }) else {
            return;
        };
        assert!(told(&output).contains(words), "{}", told(&output));
        assert_eq!(desk.files().len(), 1, "the picture is written all the same");
        std::fs::remove_file(desk.path(&desk.files()[0])).unwrap();
    }
    let output = drawn(desk.review("--lang en --format pdf")).unwrap();
    let missing = told(&output).contains("Chinese characters are boxes");
    assert_eq!(missing, chinese.is_empty(), "{}", told(&output));
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
