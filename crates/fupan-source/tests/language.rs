//! Whatever is wrong with a recipe or a file is said in Chinese too, without a sentence that nobody
//! translated.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fupan_market::{InLanguage, Wording, english_in};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};

const OPTIONS: ReadOptions = ReadOptions { as_of: None, partial: Partial::Refused };

const PARTIAL: ReadOptions = ReadOptions { as_of: None, partial: Partial::Accepted };

/// Fails where the Chinese of a message holds English of ours.
#[track_caller]
fn is_chinese(told: &Wording) {
    assert!(told.zh.chars().any(|c| ('一'..='鿿').contains(&c)), "{told:?}");
    assert_eq!(english_in(&told.zh), None, "{}", told.zh);
}

const RECIPE: &str = r#"
description = "d"
source = "mine"
format = "csv"
[[table]]
table = "daily_bar"
[table.columns]
symbol = "s"
session = "d"
open = { column = "o", unit = "yuan" }
high = { column = "h", unit = "yuan" }
low = { column = "l", unit = "yuan" }
close = { column = "c", unit = "yuan" }
prev_close = { column = "p", unit = "yuan", optional = true }
volume = { column = "v", unit = "shares" }
turnover = { column = "m", unit = "yuan", optional = true }
"#;

fn recipe() -> Recipe {
    Recipe::from_toml("mine", RECIPE).unwrap()
}

#[test]
fn every_fault_of_a_recipe() {
    recipe();
    for (was, is) in [
        ("source = \"mine\"", "source = \" \""),
        ("source = \"mine\"", ""),
        ("source =", "sauce ="),
        ("\"csv\"", "\"xls\""),
        ("\"csv\"", "[]"),
        ("\"csv\"", "[\"csv\", \"tdx-day\"]"),
        ("\"csv\"", "3"),
        ("\"csv\"", "\"csv\"\ndelimiter = \"x\""),
        ("\"csv\"", "\"csv\"\nencoding = \"latin1\""),
        ("\"daily_bar\"", "\"daily_bars\""),
        ("symbol =", "simbol ="),
        ("symbol = \"s\"\n", ""),
        ("symbol = \"s\"", "symbol = { column = \"s\", optional = true }"),
        ("symbol = \"s\"", "symbol = { column = \"s\", unit = \"yuan\" }"),
        ("symbol = \"s\"", "symbol = { column = \"s\", style = \"bear\" }"),
        ("symbol = \"s\"", "symbol = { column = \"s\", zone = \"UTC\" }"),
        ("symbol = \"s\"", "symbol = { column = \"s\", minus = \"t\" }"),
        ("symbol = \"s\"", "symbol = { from = \"name\" }"),
        ("symbol = \"s\"", "symbol = { from = \"file-name\", minus = \"t\" }"),
        ("symbol = \"s\"", "symbol = { constant = \"x\", column = \"s\" }"),
        ("session = \"d\"", "session = { column = \"d\", style = \"epoch\" }"),
        ("session = \"d\"", "session = { column = \"d\", zone = \"CET\" }"),
        (
            "session = \"d\"",
            "session = { column = \"d\", style = \"epoch-s\", zone = \"Asia/Shanghai\" }",
        ),
        ("{ column = \"v\", unit = \"shares\" }", "{ constant = \"3\", unit = \"shares\" }"),
        ("{ column = \"v\", unit = \"shares\" }", "\"v\""),
        ("\"shares\"", "\"barrels\""),
        ("unit = \"shares\"", "unit = \"shares\", decimals = 2"),
        ("unit = \"shares\"", "unit = \"shares\", style = \"bare-stock\""),
        ("column = \"o\", unit = \"yuan\"", "column = \"o\", unit = \"yuan\", decimals = 5"),
        ("column = \"o\", unit", "column = \"o\", units"),
        ("[table.columns]", "[table.columns"),
    ] {
        let text = RECIPE.replacen(was, is, 1);
        assert_ne!(text, RECIPE, "{was}");
        match Recipe::from_toml("mine", &text) {
            Err(error @ SourceError::BadRecipe { .. }) => is_chinese(&error.wording()),
            other => panic!("{is}: {other:?}"),
        }
    }
    let span = "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n[[table]]\n\
                table = \"quote\"\n[table.columns]\n\
                span = { constant = \"soon\", unit = \"seconds\" }\n";
    let time = span.replace("span = { constant = \"soon\"", "time = { column = \"t\"");
    let name = "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n[[table]]\n\
                table = \"security\"\n[table.columns]\nname = { from = \"file-name\" }\n";
    for text in [
        span,
        &time,
        name,
        "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n\
                                     table = []\n",
    ] {
        is_chinese(&Recipe::from_toml("mine", text).unwrap_err().wording());
    }
    is_chinese(&Recipe::named("tushare-dayly").unwrap_err().wording());
}

const HEADER: &str = "s,d,o,h,l,c,p,v,m\n";

/// Sound rows of the four sessions from 2026-01-05 on, of so many securities.
fn rows(securities: usize, scale: i64) -> String {
    let mut text = HEADER.to_owned();
    for security in 0..securities {
        for day in 5..9 {
            let (prev, shares) = (10 + day - 5, 10_000);
            let close = prev + 1;
            let money = shares * close * scale;
            writeln!(
                text,
                "{:06}.SH,2026010{day},{close},{close},{prev},{close},{prev},{shares},{money}",
                600_001 + security
            )
            .unwrap();
        }
    }
    text
}

fn refused(recipe: &Recipe, path: &Path) -> Wording {
    read(recipe, path, &OPTIONS, &NoProgress).unwrap_err().wording()
}

/// A file in a folder of its own.
struct File(tempfile::TempDir);

impl File {
    fn new() -> File {
        File(tempfile::tempdir().unwrap())
    }

    fn with(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// Whatever is said of a file, whether it is refused, read in part, or of no recipe.
#[track_caller]
fn all_is_chinese(bytes: &[u8]) {
    let file = File::new();
    let path = file.with("bars.csv", bytes);
    if let Err(error) = read(&recipe(), &path, &OPTIONS, &NoProgress) {
        is_chinese(&error.wording());
    }
    if let Ok(import) = read(&recipe(), &path, &PARTIAL, &NoProgress) {
        for finding in &import.findings {
            is_chinese(&finding.detail);
            assert_eq!(english_in(&finding.hint.zh), None, "{:?}", finding.hint);
        }
    }
    if let Err(error) = recognise(&path) {
        is_chinese(&error.wording());
    }
}

#[test]
fn every_file_of_another_kind() {
    for bytes in [
        &b""[..],
        b"\x1f\x8b\x08\0\0\0",
        b"PK\x03\x04\0\0",
        b"\xd0\xcf\x11\xe0\0\0",
        b"s,d\0\0",
        b"\n\n\n",
        b"PAR1\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07",
        b"code,date,opn\n600001,20260105,10\n",
        HEADER.as_bytes(),
        b"s,d,o,h,l,c,p,v,v\n",
        b"s,d,o,h,l,c,p,v,m\ncaf\xe9 na\xefve r\xe9sum\xe9 \xfcber\n",
    ] {
        all_is_chinese(bytes);
    }
}

#[test]
fn every_fault_of_rows() {
    let sound = rows(3, 1);
    let file = File::new();
    read(&recipe(), &file.with("bars.csv", sound.as_bytes()), &OPTIONS, &NoProgress).unwrap();
    for scale in [10, 37, 100, 10_000] {
        all_is_chinese(rows(3, scale).as_bytes());
    }
    for (was, is) in [
        (",10,10000", ",1,10000"),
        (",12,12,11,12,11,", ",24,24,22,24,22,"),
        (",11,11,10,11,10,", ",10,10,9,10,9,"),
        ("202601", "01/2026/"),
        ("20260105", "2026-01-05 16:00:00"),
        ("20260105", "20260103"),
        ("20260105", "20990105"),
        ("600001.SH", "777777.SH"),
        ("600001.SH", "1"),
        (",10000,", ",many,"),
        (",10000,", ","),
        (",10000,", ",10,000,"),
        ("600002.SH", "\"600002.SH"),
        ("60000", "51000"),
    ] {
        assert!(sound.contains(was), "{was}");
        all_is_chinese(sound.replace(was, is).as_bytes());
    }
    let two_in_one = format!("{sound}{}", HEADER.replace("s,d", "d,s"));
    let again = format!("{sound}{}", &sound.replace(",13,", ",12,")[HEADER.len()..]);
    for text in [two_in_one, again] {
        all_is_chinese(text.as_bytes());
    }
}

#[test]
fn every_recipe_for_another_file() {
    let (sound, file) = (rows(3, 1), File::new());
    let path = file.with("bars.csv", sound.as_bytes());
    let said = |said: &str, text: &str| {
        let recipe = RECIPE.replace("format = \"csv\"", &format!("format = \"csv\"\n{said}"));
        refused(&Recipe::from_toml("mine", &recipe).unwrap(), &file.with("x.csv", text.as_bytes()))
    };
    is_chinese(&said("encoding = \"gbk\"", &sound.replace("20260105", "二零二六年一月五日")));
    is_chinese(&said("delimiter = \";\"", &sound));
    is_chinese(&said("delimiter = \" \"\nmerge_delimiters = true", &sound));
    is_chinese(&said("refuse_titles = [\"前复权\"]", &format!("茅台 日线 前复权\n{sound}")));
    let builtin =
        |name: &str, path: &Path| is_chinese(&refused(&Recipe::named(name).unwrap(), path));
    builtin("tushare-daily", Path::new("no-such.csv"));
    for name in ["qlib-bin", "index-parquet", "security-list"] {
        builtin(name, &path);
    }
    builtin("tdx-day", &file.with("sh600519.day", &[7; 40]));
    let folder = tempfile::tempdir().unwrap();
    for name in ["tdx-day", "qlib-bin", "tushare-daily"] {
        builtin(name, folder.path());
    }
    for name in ["tdx-base", "tdx-names", "tdx-minutes", "tdx-five-minutes"] {
        builtin(name, folder.path());
    }
    for (name, recipe, bytes) in [
        ("base.dbf", "tdx-base", &[0; 40][..]),
        ("base.dbf", "tdx-base", &[3; 9]),
        ("base.dbf", "tdx-base", &[3; 400]),
        ("list.tnf", "tdx-names", &[0; 50]),
        ("szm.tnf", "tdx-names", &[0; 50]),
        ("sh600001.lc5", "tdx-five-minutes", &[7; 40]),
    ] {
        builtin(recipe, &file.with(name, bytes));
    }
    for inside in ["features/sh600519", "calendars"] {
        std::fs::create_dir_all(folder.path().join(inside)).unwrap();
    }
    let field = folder.path().join("features/sh600519/close.day.bin");
    std::fs::write(&field, [0; 8]).unwrap();
    builtin("qlib-bin", folder.path());
    std::fs::remove_file(&field).unwrap();
    std::fs::write(folder.path().join("calendars/day.txt"), "2026-01-05\n").unwrap();
    builtin("qlib-bin", folder.path());
}

/// Middle prices and turnovers that are out of the question, and one board in other units.
#[test]
fn every_fault_of_units_in_a_whole_market() {
    let folder = tempfile::tempdir().unwrap();
    for (price, shares, star_shares) in [
        (1_i64, 100_000_i64, 100_000),
        (100, 100_000, 100_000),
        (10, 100, 100),
        (10, 900_000_000, 900_000_000),
        (10, 1_000_000, 100_000_000),
        (10, 1_000_000, 10_000),
    ] {
        let mut text = HEADER.to_owned();
        for number in 0..300 {
            let (code, shares) = match number {
                0..250 => (600_000 + number, shares),
                _ => (688_000 + number, star_shares),
            };
            let money = shares * price;
            writeln!(
                text,
                "{code}.SH,20260105,{price},{price},{price},{price},{price},{shares},{money}"
            )
            .unwrap();
        }
        let path = folder.path().join("bars.csv");
        std::fs::write(&path, text).unwrap();
        is_chinese(&refused(&recipe(), &path));
    }
}
