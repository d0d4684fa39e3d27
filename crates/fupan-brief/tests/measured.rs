//! Pages measured in a browser: no label is cut, overlaps another or runs into it, on a large screen
//! and on a phone. Skipped where there is no Chromium.
//!
//! `FUPAN_MEASURE` names a folder of further pages (`*.html`) and sets of facts (`*.json`).

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

mod fixture;
mod market;

use std::path::{Path, PathBuf};
use std::process::Command;

use fupan_brief::{FactSet, Language, MarketColours, compose, export};
use fupan_fact::Basis;

const MEASURE: &str = include_str!("measured/measure.js");

/// The widths of the frames that pages are measured in.
const WIDTHS: [u32; 3] = [1_100, 390, 360];

/// Pages measured by one browser.
const AT_ONCE: usize = 4;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The browser of this system, if it has one.
fn browser() -> Option<&'static str> {
    let runs = |name: &&str| {
        let version = Command::new(name).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    BROWSERS.into_iter().find(|name| runs(name))
}

fn page(facts: &FactSet, language: Language) -> String {
    let options = export::HtmlOptions { colours: MarketColours::RedUp };
    export::html(&compose(facts, language), facts, &options)
}

/// Pages with their names: of the facts given, in both languages.
fn pages(name: &str, facts: &FactSet) -> Vec<(String, String)> {
    let of = |language: Language| (format!("{name} {}", language.tag()), page(facts, language));
    [Language::Zh, Language::En].map(of).into()
}

/// The pages of a folder and of its sets of facts.
fn pages_of(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    let of = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = || std::fs::read_to_string(&path).unwrap();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("html") => vec![(name, text())],
            Some("json") => pages(&name, &serde_json::from_str(&text()).unwrap()),
            _ => Vec::new(),
        }
    };
    files.into_iter().flat_map(of).collect()
}

/// What a browser measured: a line a page and width, each followed by its faults.
fn measured(browser: &str, pages: &[(String, String)], folder: &Path) -> String {
    let quoted = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    let mut frames = String::new();
    for (name, page) in pages {
        for width in WIDTHS {
            frames += &format!(
                "<iframe title=\"{}\" style=\"width:{width}px;height:20000px;border:0\" \
                 srcdoc=\"{}\"></iframe>\n",
                quoted(name),
                quoted(page)
            );
        }
    }
    let file = folder.join("frames.html");
    let head = "<!doctype html><meta charset=\"utf-8\"><title>Pages</title>";
    std::fs::write(&file, format!("{head}<body>{frames}<script>{MEASURE}</script></body>"))
        .unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(["--virtual-time-budget=60000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    let lines =
        page.split_once("<pre id=\"measured\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    lines.unwrap_or_else(|| panic!("no measurement in {page}")).0.to_owned()
}

#[test]
fn no_label_is_cut_or_overlaps_another() {
    let Some(browser) = browser() else {
        println!("skipped: there is no Chromium to measure pages with");
        return;
    };
    let folder = std::env::temp_dir().join(format!("fupan-measured-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut all = pages("whole market", &market::whole());
    all.extend(pages("full", &fixture::full(Basis::Exact)));
    all.extend(pages("poor", &fixture::poor()));
    if let Some(more) = std::env::var_os("FUPAN_MEASURE") {
        all.extend(pages_of(Path::new(&more)));
    }
    let lines: Vec<String> =
        all.chunks(AT_ONCE).map(|pages| measured(browser, pages, &folder)).collect();
    let lines: Vec<&str> = lines.iter().flat_map(|lines| lines.lines()).collect();
    std::fs::remove_dir_all(&folder).unwrap();
    let (done, faults): (Vec<&str>, Vec<&str>) =
        lines.into_iter().partition(|line| line.starts_with("@ "));
    println!("measured {} pages at widths {WIDTHS:?}", all.len());
    // As it opens, and with everything unfolded.
    assert_eq!(done.len(), all.len() * WIDTHS.len() * 2, "a page was not measured");
    // "@ 812 390 full en": how many lines of text were seen.
    let texts = done.iter().map(|line| line.split(' ').nth(1).unwrap().parse::<usize>().unwrap());
    assert!(texts.min() > Some(100), "a page without text: {done:?}");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
