//! Pages of the reference that the program prints are committed as it prints them.

use std::path::Path;
use std::process::Command;

#[test]
fn the_page_of_measures_is_what_the_program_prints() {
    let printed = Command::new(env!("CARGO_BIN_EXE_fupan"))
        .args(["measures", "--format", "md"])
        .output()
        .unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/measures.md");
    let committed = std::fs::read_to_string(page).unwrap();
    assert!(
        String::from_utf8(printed.stdout).unwrap() == committed,
        "docs/measures.md is stale: cargo run -- measures --format md > docs/measures.md"
    );
}

/// A measure of words is described with the words that it counts.
#[test]
fn a_measure_of_words_lists_them() {
    let printed = |measure: &str, format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_fupan"))
            .args(["measures", measure, "--format", format])
            .env("FUPAN_LANG", "en")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for format in ["table", "json", "md"] {
        let text = printed("word_sessions", format);
        assert!(text.contains("advance_share/all-a < "), "{format}: {text}");
        assert!(!printed("advances", format).contains("advance_share/all-a"), "{format}");
    }
}
