//! A reader's own definitions: what is read whole, and what is refused with the place and the way out.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::path::PathBuf;

use fupan_market::{Chain, InLanguage as _, NotThemes, english_in};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, definition_rows};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, recipe: &str, bytes: &[u8]) -> Result<Import, SourceError> {
        let path = self.file("mine.txt", bytes);
        let options = ReadOptions { as_of: None, partial: Partial::Refused };
        read(&Recipe::named(recipe).unwrap(), &path, &options, &NoProgress)
    }
}

#[test]
fn a_definition_is_stored_as_its_text() {
    let desk = Desk::new();
    let chain = Chain::builtin()[1].text();
    let import = desk.read("chain", chain.as_bytes()).unwrap();
    let [(Table::Definition, batch)] = &*import.batches else { panic!("{import:?}") };
    let rows = definition_rows(batch).unwrap();
    let [row] = &*rows else { panic!("{rows:?}") };
    assert_eq!((&*row.kind, &*row.name), ("chain", "photovoltaics"));
    assert_eq!(Chain::parse(&row.text).unwrap().text(), chain);
    assert_eq!((import.rows_read, import.rows_left_out), (1, 0));
    assert_eq!(import.source, "own-chains");

    let list = "# 注\n甲概念\n乙概念\n";
    let (gbk, ..) = encoding_rs::GB18030.encode(list);
    let marked = format!("\u{feff}{list}");
    for (bytes, layout) in [(list.as_bytes(), ""), (marked.as_bytes(), ""), (&gbk, "GBK text")] {
        let import = desk.read("not-themes", bytes).unwrap();
        let rows = definition_rows(&import.batches[0].1).unwrap();
        assert_eq!((&*rows[0].name, &*rows[0].text), ("not-themes", list));
        assert_eq!(import.layout.en, layout);
    }
}

#[test]
fn what_is_no_definition_is_refused_with_its_place() {
    let desk = Desk::new();
    let chain = Chain::builtin()[1].text();
    let broken = chain.replacen("to = \"topcon-cells\"", "to = \"topcon-cell\"", 1);
    assert!(broken != chain);
    let long = "x".repeat(NotThemes::BYTES_MAX + 1);
    for (recipe, bytes, en, zh) in [
        ("chain", broken.as_bytes(), "`topcon-cell`, which is no segment: did you mean", "是否指"),
        ("chain", b"<html></html>", "mine.txt cannot be used: line 1", "第1行"),
        ("chain", b"PAR1\0\0", "not text", "不属于文本"),
        ("chain", b"", "the file is empty", "文件是空的"),
        ("not-themes", "甲,乙".as_bytes(), "line 1 holds several names", "第1行含有几个名称"),
        ("not-themes", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", "Excel", "Excel"),
        ("not-themes", long.as_bytes(), "too large", "太大"),
    ] {
        let told = desk.read(recipe, bytes).unwrap_err().wording();
        assert!(told.en.contains(en) && told.zh.contains(zh), "{told:?}");
        assert_eq!(english_in(&told.zh.replace("Excel", "")), None, "{}", told.zh);
    }
    // A few damaged bytes of a text that is UTF-8 for the rest.
    let mut bytes = "甲概念\n".to_owned().into_bytes();
    (0..40).for_each(|n| bytes.extend(format!("概念{n}号\n").bytes()));
    bytes.extend(b"\xE4\xB8\n");
    let told = desk.read("not-themes", &bytes).unwrap_err().to_string();
    assert!(told.contains("bytes that are not text"), "{told}");
    let folder = desk.0.path();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let told = read(&Recipe::named("chain").unwrap(), folder, &options, &NoProgress).unwrap_err();
    assert!(told.to_string().contains("name the file itself"), "{told}");
}

#[test]
fn a_table_is_not_taken_for_a_definition_nor_a_definition_for_a_table() {
    let desk = Desk::new();
    let path = desk.file("a.toml", Chain::builtin()[1].text().as_bytes());
    assert!(matches!(recognise(&path), Err(SourceError::NoRecipe { .. })));
    let of = |format: &str, table: &str| {
        let text = Recipe::builtin_text("not-themes").unwrap();
        let text = text.replace("format = \"not-themes\"", &format!("format = \"{format}\""));
        Recipe::from_toml("mine", &text.replace("\"definition\"", &format!("\"{table}\"")))
    };
    assert!(of("chain", "definition").is_ok());
    let told = of("csv", "definition").unwrap_err().to_string();
    assert!(told.contains("line 7") && told.contains("fill the table"), "{told}");
}
