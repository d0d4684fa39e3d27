//! Lists as JSON, lists of industries, and groups named by their files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::path::{Path, PathBuf};

use fupan_market::SessionDate;
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, group_member_rows, security_rows};
use proptest::prelude::*;

fn of_path(recipe: &Recipe, path: &Path) -> Result<Import, SourceError> {
    let on: SessionDate = "2026-07-10".parse().unwrap();
    let options = ReadOptions { as_of: Some(on), partial: Partial::Refused };
    let import = read(recipe, path, &options, &NoProgress);
    // That is what the program says of a panic.
    let panicked = |error: &SourceError| error.to_string().contains("cannot be decoded");
    assert!(!import.as_ref().is_err_and(panicked), "{import:?}");
    import
}

fn imported(recipe: &Recipe, name: &str, text: &[u8]) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    of_path(recipe, &path)
}

fn builtin(name: &str) -> Recipe {
    Recipe::builtin(name).unwrap()
}

/// Symbol, name and industry of each security.
fn securities(import: &Import) -> Vec<String> {
    let (table, batch) = &import.batches[0];
    assert_eq!((*table, import.batches.len()), (Table::Security, 1));
    let rows = security_rows(batch).unwrap();
    let word = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
    rows.iter()
        .map(|row| format!("{} {} {}", row.symbol, word(&row.name), word(&row.industry)))
        .collect()
}

/// Symbol and group of each member.
fn members(import: &Import) -> Vec<String> {
    let rows = import.batches.iter().flat_map(|(_, batch)| group_member_rows(batch).unwrap());
    rows.map(|row| format!("{} {} {}", row.symbol, row.kind, row.name)).collect()
}

#[test]
fn an_object_of_objects_is_a_table_of_their_keys() {
    let text = "\u{FEFF} {\"600001\": {\"name\": \"甲股份\", \"industry\": \"J66货币金融服务\"},
                 \"000002\": {\"industry\": \"C39计算机、通信和其他电子设备制造业\", \"more\": [1]},
                 \"300003\": {\"name\": \"丙股份\", \"industry\": null}}";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("industry_map.json");
    std::fs::write(&path, text).unwrap();
    assert_eq!(recognise(&path).unwrap().recipe.name(), "csrc-industry");
    let import = of_path(&builtin("csrc-industry"), &path).unwrap();
    assert_eq!(
        securities(&import),
        [
            "000002.SZ - C39计算机、通信和其他电子设备制造业",
            "300003.SZ 丙股份 -",
            "600001.SH 甲股份 J66货币金融服务",
        ]
    );
}

/// A recipe of groups in JSON.
fn groups(symbol: &str, name: &str) -> Recipe {
    let text = format!(
        "description = \"d\"\nsource = \"s\"\nformat = \"json\"\n[[table]]\n\
         table = \"group_member\"\n[table.columns]\n\
         symbol = {{ column = \"{symbol}\", style = \"bare-stock\" }}\n\
         observed_on = {{ from = \"file-name\" }}\nkind = {{ constant = \"concept\" }}\n\
         name = \"{name}\"\n"
    );
    Recipe::from_toml("mine", &text).unwrap()
}

#[test]
fn each_value_of_a_list_under_a_key_is_a_row() {
    let of = |recipe: &Recipe, text: &str| {
        members(&imported(recipe, "a.json", text.as_bytes()).unwrap())
    };
    let map =
        r#"{"600001": ["光模块", "液冷"], "000002": [], "000003": ["液冷"], "000004": "光模块"}"#;
    let expected = [
        "000003.SZ concept 液冷",
        "000004.SZ concept 光模块",
        "600001.SH concept 光模块",
        "600001.SH concept 液冷",
    ];
    assert_eq!(of(&groups("key", "item"), map), expected);
    let turned = r#"{"光模块": ["600001", "000004"], "液冷": ["600001", "000003"]}"#;
    assert_eq!(of(&groups("item", "key"), turned), expected);
    let list = r#"[{"code": 600001, "board": "光模块"}, {"code": "000004", "board": "光模块"}]"#;
    assert_eq!(of(&groups("code", "board"), list), [expected[1], expected[2]]);
    let boards = r#"{"光模块": [{"code": "600001"}, {"code": "000004", "x": {}}]}"#;
    assert_eq!(of(&groups("code", "key"), boards), [expected[1], expected[2]]);
}

#[test]
fn what_is_no_such_json_is_refused() {
    let recipe = groups("key", "item");
    let refused = |text: &[u8]| imported(&recipe, "a.json", text).unwrap_err();
    for damaged in ["{\"600001\": [\"a\"", "{\"600001\" [\"a\"]}", "[1, 2", "{} {}"] {
        let error = refused(damaged.as_bytes());
        assert!(matches!(error, SourceError::Damaged { .. }), "{damaged}: {error}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(refused(deep.as_bytes()), SourceError::Damaged { .. }));
    assert!(refused(b"600001,a").to_string().contains("does not start like JSON"));
    for other in ["{}", "[]", "[1, 2]", "{\"a\": {\"b\": 1}}"] {
        let error = refused(other.as_bytes());
        assert!(matches!(error, SourceError::MissingColumns { .. }), "{other}: {error}");
    }
    let large = [b"{}".to_vec(), vec![b' '; 8 << 20]].concat();
    assert!(matches!(refused(&large), SourceError::TooLarge { .. }));
    assert!(refused(b"{\"6000011\": [\"a\"]}").to_string().contains("malformed"));
    // A text that starts with a brace is none.
    let text = "group,symbol\n{光模块},300001.SZ\n";
    assert!(imported(&builtin("groups-csv"), "a.csv", text.as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn hostile_bytes_are_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes =
            r#"{"600001": ["光模块", 1.5e300], "000002": {"item": -1}, "3": [[]], "4": null}"#
                .as_bytes()
                .to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = imported(&groups("key", "item"), "a.json", &bytes);
    }
}

#[test]
fn baostocks_industries_are_recognised_and_may_be_blank() {
    let text = "updateDate,code,code_name,industry,industryClassification\n\
                2026-07-06,sh.600001,甲股份,J66货币金融服务,证监会行业分类\n\
                2026-07-06,sz.000002,乙股份,,证监会行业分类\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stock_industry.csv");
    std::fs::write(&path, text).unwrap();
    assert_eq!(recognise(&path).unwrap().recipe.name(), "baostock-industry");
    let import = of_path(&builtin("baostock-industry"), &path).unwrap();
    assert_eq!(securities(&import), ["000002.SZ 乙股份 -", "600001.SH 甲股份 J66货币金融服务"]);
    let rows = security_rows(&import.batches[0].1).unwrap();
    assert_eq!(rows[0].observed_on.to_string(), "2026-07-06");
}

#[test]
fn a_file_of_a_folder_names_the_group_of_its_members() {
    let recipe = builtin("akshare-concept-em");
    let folder = tempfile::tempdir().unwrap();
    let head = "序号,代码,名称,最新价,涨跌幅\n";
    for (name, rows) in [
        ("光模块.csv", "1,300001,丙股份,10,1\n2,600001,甲股份,20,2\n"),
        ("液冷.csv", "1,600001,甲股份,20,2\n"),
    ] {
        std::fs::write(folder.path().join(name), format!("{head}{rows}")).unwrap();
    }
    let import = of_path(&recipe, folder.path()).unwrap();
    assert_eq!(
        members(&import),
        ["300001.SZ concept 光模块", "600001.SH concept 光模块", "600001.SH concept 液冷"]
    );
    // The same rows in a file of another name are another import.
    let of = |name: &str| {
        let text = format!("{head}1,600001,甲股份,20,2\n");
        imported(&recipe, name, text.as_bytes()).unwrap()
    };
    assert_eq!(of("液冷.csv").id, of("液冷.csv").id);
    assert_ne!(of("液冷.csv").id, of("光模块.csv").id);
    assert_eq!(members(&of("光模块.csv")), ["600001.SH concept 光模块"]);
}

#[test]
fn kept_lists_are_read() {
    let root = std::env::var_os("FUPAN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let root = root.join("data");
    if !root.exists() {
        println!("skipped: ../shared is not there");
        return;
    }
    let path = root.join("industry_csrc_202607/industry_map.json");
    let recipe = recognise(&path).unwrap().recipe;
    assert_eq!(recipe.name(), "csrc-industry");
    let import = of_path(&recipe, &path).unwrap();
    let all = securities(&import);
    assert_eq!((all.len(), import.rows_left_out), (5_200, 0), "{:?}", import.findings);
    assert!(all.contains(&"600000.SH 浦发银行 J66货币金融服务".to_owned()));
    // Concepts by code, without names.
    let path = root.join("themes_em_202503/stock_concept_map.json");
    let import = of_path(&groups("key", "item"), &path).unwrap();
    assert_eq!((members(&import).len(), import.rows_left_out), (32_823, 0));
}
