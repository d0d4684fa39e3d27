//! TDX's block files and industries: members are read, and hostile bytes are an error.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::path::{Path, PathBuf};

use encoding_rs::GBK;
use fupan_market::SessionDate;
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, group_member_rows, industry_rows};
use proptest::prelude::*;

/// The bytes of a file with these blocks, each with a name, a claimed count and its codes.
fn file(blocks: &[(&str, u16, &[&str])]) -> Vec<u8> {
    let mut bytes = b"Registry ver:1.0 (1999-9-28)".to_vec();
    bytes.resize(384, 0);
    bytes.extend(u16::try_from(blocks.len()).unwrap().to_le_bytes());
    for (name, count, codes) in blocks {
        let mut block = GBK.encode(name).0.into_owned();
        block.resize(9, 0);
        block.extend(count.to_le_bytes());
        block.extend(2_u16.to_le_bytes());
        for code in *codes {
            block.extend(code.as_bytes());
            block.push(0);
        }
        block.resize(2_813, 0);
        bytes.extend(block);
    }
    bytes
}

fn imported(name: &str, recipe: &str, bytes: &[u8]) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    of_path(&path, recipe)
}

fn of_path(path: &Path, recipe: &str) -> Result<Import, SourceError> {
    let on: SessionDate = "2026-01-09".parse().unwrap();
    let options = ReadOptions { as_of: Some(on), partial: Partial::Refused };
    let import = read(&Recipe::builtin(recipe).unwrap(), path, &options, &NoProgress);
    // That is what the program says of a panic.
    let panicked = |error: &SourceError| error.to_string().contains("cannot be decoded");
    assert!(!import.as_ref().is_err_and(panicked), "{import:?}");
    import
}

fn told(import: &Import) -> Vec<String> {
    let (table, batch) = &import.batches[0];
    assert_eq!((*table, import.batches.len()), (Table::GroupMember, 1));
    let rows = group_member_rows(batch).unwrap();
    rows.iter()
        .map(|row| format!("{} {} {} {}", row.observed_on, row.symbol, row.kind, row.name))
        .collect()
}

#[test]
fn each_member_of_a_block_is_a_row() {
    let bytes = file(&[
        ("光模块", 2, &["300001", "600001"]),
        ("重点沪指", 0, &[]),
        ("四个汉字", 3, &["000002", "830001", "900901"]),
    ]);
    let import = imported("block_gn.dat", "tdx-block-gn", &bytes).unwrap();
    assert_eq!(
        told(&import),
        [
            "2026-01-09 000002.SZ concept 四个汉字",
            "2026-01-09 300001.SZ concept 光模块",
            "2026-01-09 600001.SH concept 光模块",
            "2026-01-09 830001.BJ concept 四个汉字",
        ]
    );
    // The B-share is counted.
    assert_eq!((import.rows_read, import.rows_not_covered, import.rows_left_out), (5, 1, 0));
    let import = imported("block_fg.dat", "tdx-block-fg", &bytes).unwrap();
    assert!(told(&import)[0].ends_with(" style 四个汉字"));
}

#[test]
fn a_file_is_known_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = file(&[("光模块", 1, &["300001"])]);
    let known = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        recognise(&path).map(|found| found.recipe.name().to_owned()).ok()
    };
    assert_eq!(known("block_gn.dat").as_deref(), Some("tdx-block-gn"));
    assert_eq!(known("BLOCK_FG.DAT").as_deref(), Some("tdx-block-fg"));
    assert_eq!(known("block_zs.dat").as_deref(), Some("tdx-block-zs"));
    for name in ["spblock.dat", "block_gn.bin", "block.dat"] {
        assert_eq!(known(name), None, "{name}");
    }
    std::fs::write(folder.path().join("block_gn.dat"), b"something else").unwrap();
    assert!(recognise(&folder.path().join("block_gn.dat")).is_err());
    let refused = of_path(folder.path(), "tdx-block-gn").unwrap_err().to_string();
    assert!(refused.contains("name the file"), "{refused}");
}

#[test]
fn a_full_block_may_lack_members() {
    let codes: Vec<String> = (0..400).map(|n| format!("{:06}", 600_000 + n)).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let said = |count: u16| {
        let bytes = file(&[("融资融券", count, &codes)]);
        let import = imported("block_fg.dat", "tdx-block-fg", &bytes).unwrap();
        let details = import.findings.iter().map(|finding| finding.detail.en.clone());
        (told(&import).len(), details.collect::<Vec<_>>())
    };
    assert_eq!(said(399), (399, Vec::new()));
    let (members, findings) = said(400);
    assert_eq!((members, findings.len()), (400, 1));
    assert!(findings[0].ends_with("may be missing: 融资融券"), "{findings:?}");
}

#[test]
fn a_file_of_another_size_than_it_claims_is_damaged() {
    let sound = file(&[("光模块", 1, &["300001"]), ("液冷", 1, &["600001"])]);
    let refused = |bytes: &[u8]| {
        let error = imported("block_gn.dat", "tdx-block-gn", bytes).unwrap_err();
        (matches!(error, SourceError::Damaged { .. }), error.to_string())
    };
    for length in [384, 386, 387, sound.len() - 2_813, sound.len() - 1] {
        assert!(refused(&sound[..length]).0, "{length}");
    }
    assert!(refused(&[&sound[..], &[0]].concat()).1.contains("holds 2 and 1 bytes"));
    let (damaged, said) = refused(&file(&[("光模块", 401, &["300001"])]));
    assert!(damaged && said.contains("`光模块` claims 401 members"), "{said}");
    let other = imported("block_gn.dat", "tdx-block-gn", &[0; 4_000]).unwrap_err();
    assert!(matches!(other, SourceError::WrongFormat { .. }), "{other}");
    // A count beyond the codes: what is no code is lost, and the file is refused for it.
    assert!(refused(&file(&[("光模块", 3, &["300001"])])).1.contains("malformed"));
    // A name that is cut within a character.
    let mut bytes = file(&[("光模块", 1, &["300001"])]);
    bytes[386 + 5] = 0;
    assert!(refused(&bytes).1.contains("could not be read"), "{}", refused(&bytes).1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn hostile_bytes_are_read_or_refused(
        changes in proptest::collection::vec((0_usize..800, any::<u8>()), 1..20),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = file(&[("光模块", 2, &["300001", "600001"]), ("液冷", 1, &["600001"])]);
        for (place, byte) in changes {
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = imported("block_gn.dat", "tdx-block-gn", &bytes);
    }
}

#[test]
fn the_blocks_of_terminals_are_read() {
    let root = std::env::var_os("FUPAN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let root = root.join("data/fixtures/tdx_fixtures");
    if !root.exists() {
        println!("skipped: ../shared is not there");
        return;
    }
    for (folder, name, members) in [
        ("mootdx/T0002/hq_cache", "gn", 18_859),
        ("mootdx/T0002/hq_cache", "fg", 17_101),
        ("mootdx/T0002/hq_cache", "zs", 9_027),
        ("ginkgo_hq_cache_2022", "gn", 12_963),
        ("ginkgo_hq_cache_2022", "fg", 14_589),
        ("ginkgo_hq_cache_2022", "zs", 8_072),
    ] {
        let path = root.join(folder).join(format!("block_{name}.dat"));
        let recipe = recognise(&path).unwrap().recipe;
        assert_eq!(recipe.name(), format!("tdx-block-{name}"));
        let import = of_path(&path, recipe.name()).unwrap();
        assert_eq!(told(&import).len(), members, "{folder} {name}");
    }
}

/// A folder as a terminal has it, with these lines and names.
fn terminal(lines: &str, names: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("T0002/hq_cache");
    std::fs::create_dir_all(&cache).unwrap();
    std::fs::write(cache.join("tdxhy.cfg"), lines).unwrap();
    std::fs::write(folder.path().join("incon.dat"), GBK.encode(names).0).unwrap();
    std::fs::write(folder.path().join("other.dat"), [0; 9]).unwrap();
    folder
}

/// Symbol, and code and name of each level.
fn industries(import: &Import) -> Vec<String> {
    let (table, batch) = &import.batches[0];
    assert_eq!((*table, import.batches.len()), (Table::Industry, 1));
    let level = |(code, name): &(Option<String>, Option<String>)| {
        format!(" {}={}", code.as_deref().unwrap_or("-"), name.as_deref().unwrap_or("-"))
    };
    let rows = industry_rows(batch).unwrap();
    let told = rows.iter().map(|row| {
        let levels: String = row.levels.iter().map(level).collect();
        format!("{}{levels}", row.symbol)
    });
    told.collect()
}

const NAMES: &str = "#ZJHHY\nT10|别的\n######\n#TDXNHY\nT10|金融\nT1001|银行\nT11|建筑\nT1102|房地产\n\
                     T110201|全国地产\n######\n#SWHY\nT1001|又一个\n";

#[test]
fn an_industry_has_the_names_of_its_levels() {
    let lines = "0|000001|T1001|||X500102\n0|000002|T110201|||\n1|600003|T10||\n2|920001|T1102|\n\
                 1|900953||||\n\n";
    let folder = terminal(lines, NAMES);
    let import = of_path(folder.path(), "tdx-industry").unwrap();
    assert_eq!(
        industries(&import),
        [
            "000001.SZ T10=金融 T1001=银行 -=-",
            "000002.SZ T11=建筑 T1102=房地产 T110201=全国地产",
            "600003.SH T10=金融 -=- -=-",
            "920001.BJ T11=建筑 T1102=房地产 -=-",
        ]
    );
    assert_eq!((import.rows_read, import.rows_not_covered, import.rows_left_out), (5, 1, 0));
}

#[test]
fn a_terminals_folder_without_its_files_or_with_other_lines_is_refused() {
    let refused = |path: &Path| of_path(path, "tdx-industry").unwrap_err().to_string();
    let folder = terminal("0|000001|T1001\n", NAMES);
    let names = folder.path().join("incon.dat");
    assert!(refused(&names).contains("name the folder"));
    std::fs::copy(&names, folder.path().join("T0002/incon.dat")).unwrap();
    assert!(refused(folder.path()).contains("several files incon.dat"));
    std::fs::remove_file(folder.path().join("T0002/incon.dat")).unwrap();
    std::fs::remove_file(&names).unwrap();
    assert!(refused(folder.path()).contains("no incon.dat"));
    for (lines, topic) in [
        ("0|000001\n0|000002|T1001\n", "fewer fields"),
        ("0|000001|T99\n0|000002|T1001\n", "lack a required value"),
        ("3|000001|T1001\n0|000002|T1001\n", "malformed"),
        ("0|000001|中中中中\n0|000002|T1001\n", "lack a required value"),
    ] {
        let said = refused(terminal(lines, NAMES).path());
        assert!(said.contains(topic), "{lines}: {said}");
    }
}

#[test]
fn the_industries_of_a_terminal_are_read() {
    let root = std::env::var_os("FUPAN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data/fixtures/tdx_fixtures/mootdx");
    if !path.exists() {
        println!("skipped: ../shared is not there");
        return;
    }
    let import = of_path(&path, "tdx-industry").unwrap();
    let all = industries(&import);
    assert!(all.contains(&"000001.SZ T10=金融 T1001=银行 -=-".to_owned()), "{:?}", &all[..3]);
    assert_eq!((all.len(), import.rows_left_out), (4_814, 3), "{:?}", import.findings);
}
