//! EastMoney's concepts as JSON, in the shapes that readers have, and in those that the site sends
//! when it does not want to answer. All of it is made up.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::path::Path;

use fupan_market::{Finding, InLanguage as _, SessionDate, english_in};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, group_member_rows};
use proptest::prelude::*;

fn of_path(path: &Path, partial: Partial) -> Result<Import, SourceError> {
    let on: SessionDate = "2026-03-31".parse().unwrap();
    let options = ReadOptions { as_of: Some(on), partial };
    let import = read(&Recipe::named("em-concepts").unwrap(), path, &options, &NoProgress);
    let panicked = |error: &SourceError| error.to_string().contains("cannot be decoded");
    assert!(!import.as_ref().is_err_and(panicked), "{import:?}");
    import
}

/// Reads some files as one import: a single one by itself, several as a folder.
fn imported(files: &[(&str, &[u8])], partial: Partial) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    match files {
        [(name, _)] => of_path(&folder.path().join(name), partial),
        _ => of_path(folder.path(), partial),
    }
}

fn whole(files: &[(&str, &str)]) -> Import {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, text)| (*n, text.as_bytes())).collect();
    imported(&files, Partial::Refused).unwrap()
}

/// Symbol, code and name of each member.
fn members(import: &Import) -> Vec<String> {
    let rows = import.batches.iter().flat_map(|(_, batch)| group_member_rows(batch).unwrap());
    let told = rows.map(|row| {
        assert_eq!(row.kind, "concept");
        format!("{} {} {}", row.symbol, row.code.as_deref().unwrap_or("-"), row.name)
    });
    told.collect()
}

fn found<'i>(import: &'i Import, words: &str) -> Option<&'i Finding> {
    import.findings.iter().find(|finding| finding.detail.en.contains(words))
}

const CODED: [&str; 3] =
    ["000002.SZ BK0002 液冷", "600001.SH BK0001 光模块", "600001.SH BK0002 液冷"];
const NAMED: [&str; 3] = ["000002.SZ - 液冷", "600001.SH - 光模块", "600001.SH - 液冷"];

#[test]
fn a_map_of_boards_is_read_whatever_its_shape() {
    for text in [
        r#"{"BK0001": {"name": "光模块", "members": ["600001"]},
            "BK0002": {"name": "液冷", "members": [{"f12": "600001", "f14": "甲"}, {"f12": "000002"}]}}"#,
        r#"[{"code": "BK0001", "name": "光模块", "stocks": ["600001"]},
            {"code": "BK0002", "name": "液冷", "stocks": ["600001", 2]}]"#,
        r#"{"names": {"BK0001": "光模块", "BK0002": "液冷"}, "BK0001": ["600001"],
            "BK0002": ["600001", "000002"]}"#,
        r#"{"boards": [{"f12": "BK0001", "f14": "光模块"}, {"f12": "BK0002", "f14": "液冷"}],
            "600001": ["BK0001", "BK0002"], "000002": ["BK0002"], "000003": []}"#,
        r#"{"BK0001": {"title": "光模块", "list": {"0": {"code": "600001"}}},
            "BK0002": {"title": "液冷", "list": {"0": {"code": "600001"}, "1": {"code": "000002"}}}}"#,
    ] {
        assert_eq!(members(&whole(&[("20260331.json", text)])), CODED, "{text}");
    }
    let by_name = r#"{"光模块": ["600001"], "液冷": ["600001", "000002"]}"#;
    assert_eq!(members(&whole(&[("a.json", by_name)])), NAMED);
    let turned = r#"{"600001": ["光模块", "液冷"], "000002": ["液冷"]}"#;
    assert_eq!(members(&whole(&[("a.json", turned)])), NAMED);
}

#[test]
fn names_may_stand_in_another_file_of_the_folder() {
    let map = ("map.json", r#"{"600001": ["BK0001", "BK0002"], "000002": ["BK0002"]}"#);
    let flow = (
        "flow.json",
        r#"[{"index_code": "BK0001", "index_name": "光模块", "days": {"stock_name": "600009"}},
            {"index_code": "BK0002", "index_name": "液冷"}]"#,
    );
    assert_eq!(members(&whole(&[map, flow])), CODED);
    let list = r#"{"rc":0,"data":{"total":9,"diff":[{"f12":"BK0001","f14":"光模块"},{"f12":"BK0002","f14":"液冷"}]}}"#;
    assert_eq!(members(&whole(&[map, ("list.json", list)])), CODED);
    // Without names the codes stand for them, which is said.
    let bare = whole(&[map]);
    assert_eq!(members(&bare)[0], "000002.SZ BK0002 BK0002");
    let told = found(&bare, "a code and no name").unwrap();
    assert_eq!(told.count, 2);
    assert!(told.hint.en.contains("f12 and f14"), "{told:?}");
}

#[test]
fn answers_of_the_site_are_of_the_board_that_their_file_names() {
    let of = |text: &str| members(&whole(&[("液冷.json", text)]));
    let plain = r#"{"rc":0,"data":{"total":2,"diff":[{"f12":"600001"},{"f12":"000002"}]}}"#;
    let expected = ["000002.SZ - 液冷", "600001.SH - 液冷"];
    assert_eq!(of(plain), expected);
    assert_eq!(of(&format!("jQuery1124_17({plain});")), expected);
    assert_eq!(of(&format!("{{\"savedAt\": 1, \"payload\": {plain}}}")), expected);
    let by_place = r#"{"data":{"total":2,"diff":{"0":{"f12":"600001"},"1":{"f12":"000002"}}}}"#;
    assert_eq!(of(by_place), expected);
    let page = |code: &str| format!(r#"{{"data":{{"total":2,"diff":[{{"f12":"{code}"}}]}}}}"#);
    assert_eq!(of(&format!("[{},{}]", page("600001"), page("000002"))), expected);
    // The same bytes under another name are another board's.
    let ids = ["液冷.json", "光模块.json"].map(|name| whole(&[(name, plain)]).id);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn an_answer_that_was_cut_short_is_refused_or_said() {
    let cut = r#"{"data":{"total":300,"diff":[{"f12":"600001"},{"f12":"000002"}]}}"#.as_bytes();
    let told = imported(&[("液冷.json", cut)], Partial::Refused).unwrap_err();
    assert!(matches!(told, SourceError::TooMuchLost { lost: 298, of: 300, .. }), "{told}");
    let told = told.wording();
    assert!(
        told.en.contains("液冷: 2 / 300") && told.en.contains("fetch every page"),
        "{}",
        told.en
    );
    assert_eq!(english_in(&told.zh.replace("partial", "")), None, "{}", told.zh);
    let import = imported(&[("液冷.json", cut)], Partial::Accepted).unwrap();
    assert_eq!((members(&import).len(), import.rows_left_out), (2, 298));
}

#[test]
fn names_that_are_not_one_boards_are_told_apart() {
    let text = r#"{"BK0001": {"name": "液冷", "members": ["600001"]},
                   "BK0002": {"name": "液冷", "members": ["000002"]}}"#;
    let import = whole(&[("a.json", text)]);
    assert_eq!(members(&import), ["000002.SZ BK0002 液冷 BK0002", "600001.SH BK0001 液冷 BK0001"]);
    assert!(found(&import, "Two boards have one name").is_some(), "{:?}", import.findings);
    let two = r#"{"names": [{"f12": "BK0001", "f14": "液冷"}, {"f12": "BK0001", "f14": "冷板"}],
                  "BK0001": ["600001"]}"#;
    let import = whole(&[("a.json", two)]);
    assert_eq!(members(&import), ["600001.SH BK0001 冷板"]);
    assert!(found(&import, "A board has two names").is_some(), "{:?}", import.findings);
}

#[test]
fn what_the_site_sends_in_place_of_an_answer_is_refused() {
    let refused = |bytes: &[u8]| imported(&[("液冷.json", bytes)], Partial::Refused).unwrap_err();
    let lines = "甲".repeat(30);
    let (gbk, ..) = encoding_rs::SHIFT_JIS.encode("ｶｷｸｹｺ日本語の板");
    for (bytes, words) in [
        ("<!DOCTYPE html><html>302</html>".as_bytes(), "it is a web page, not JSON"),
        (br#"{"rc":102,"rt":1,"data":null}"#, "has no data (rc 102)"),
        (br#"{"rc":0,"data":{"total":3}}"#, "no list `diff`"),
        (br#"{"rc":0,"data":{"total":0,"diff":[]}}"#, "none of their members"),
        (br#"[{"f12":"BK0001","f14":"x"}]"#, "none of their members"),
        (b"{\"BK0001\": [\"600001\"", "damaged"),
        (b"jQuery1({\"BK0001\": [\"600001\"]", "damaged"),
        (b"12", "neither a list nor an object"),
        (b"", "the file is empty"),
        (b"PK\x03\x04zip", "ZIP"),
        (lines.as_bytes(), "damaged"),
        (&gbk, "液冷.json"),
        (br#"{"BK0001": ["ABC", "DEF"]}"#, "Symbols are malformed"),
    ] {
        let told = refused(bytes).wording();
        assert!(told.en.contains(words), "{told:?}");
        assert!(!told.zh.is_empty(), "{told:?}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(refused(deep.as_bytes()), SourceError::Damaged { .. }));
    let large = [b"{}".to_vec(), vec![b' '; 8 << 20]].concat();
    assert!(matches!(refused(&large), SourceError::TooLarge { .. }));
}

#[test]
fn other_encodings_are_read_and_entries_without_a_code_are_lost_aloud() {
    let text = r#"{"光模块": ["600001"], "液冷": ["600001", "000002"]}"#;
    let (gbk, ..) = encoding_rs::GB18030.encode(text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [format!("\u{feff}{text}").as_bytes(), &*gbk, &utf16] {
        assert_eq!(members(&imported(&[("a.json", bytes)], Partial::Refused).unwrap()), NAMED);
    }
    let holes = br#"{"BK1": {"name": "x", "members": ["600001", null, {"f14": "?"}, true]}}"#;
    let told = imported(&[("a.json", holes)], Partial::Refused).unwrap_err();
    assert!(matches!(told, SourceError::TooMuchLost { lost: 3, of: 4, .. }), "{told}");
}

proptest! {
    #[test]
    fn no_json_makes_the_reader_panic(
        text in r#"(\{|\[|"BK1":|"f12":|"data":|"diff":|"600001"|"members":|,|\]|\}|null|1|"x":){0,30}"#
    ) {
        let _ = imported(&[("a.json", text.as_bytes())], Partial::Accepted);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = imported(&[("a.json", &bytes)], Partial::Accepted);
    }
}
