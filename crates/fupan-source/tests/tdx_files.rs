//! What else is in a TDX terminal's folder: share capital, names, bars of minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod shared;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use encoding_rs::GBK;
use fupan_market::{Finding, Quote, SessionDate, Symbol};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, daily_bar_rows, quote_rows, security_rows, share_capital_rows};
use proptest::prelude::*;

use shared::shared;

fn of_path(path: &Path, recipe: &str) -> Result<Import, SourceError> {
    let as_of = Some("2026-01-09".parse().unwrap());
    let options = ReadOptions { as_of, partial: Partial::Refused };
    let import = read(&Recipe::builtin(recipe).unwrap(), path, &options, &NoProgress);
    // That is what the program says of a panic.
    let panicked = |error: &SourceError| error.to_string().contains("cannot be decoded");
    assert!(!import.as_ref().is_err_and(panicked), "{import:?}");
    import
}

fn imported(name: &str, recipe: &str, bytes: &[u8]) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    of_path(&path, recipe)
}

fn said<'a>(import: &'a Import, words: &str) -> Option<&'a Finding> {
    import.findings.iter().find(|finding| finding.detail.en.contains(words))
}

/// A fixture, which holds these bytes; `UPDATE_EXPECT=1` writes it.
fn fixture(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tdx").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    assert!(fs::read(&path).unwrap() == bytes, "UPDATE_EXPECT=1 writes {}", path.display());
    path
}

/// The fields of a `base.dbf`, with their types and lengths.
const FIELDS: [(&str, u8, usize); 7] = [
    ("SC", b'C', 1),
    ("GPDM", b'C', 6),
    ("GXRQ", b'N', 8),
    ("ZGB", b'N', 14),
    ("HY", b'C', 4),
    ("LTAG", b'N', 14),
    ("SSDATE", b'C', 8),
];

/// A `base.dbf` of these records: exchange, code, report, all shares, A-shares that trade, first day.
fn base(records: &[[&str; 6]]) -> Vec<u8> {
    let length = 1 + FIELDS.iter().map(|(.., length)| length).sum::<usize>();
    let header = 32 + 32 * FIELDS.len() + 1;
    let mut file = vec![3, 126, 1, 5];
    file.extend(u32::try_from(records.len()).unwrap().to_le_bytes());
    file.extend(u16::try_from(header).unwrap().to_le_bytes());
    file.extend(u16::try_from(length).unwrap().to_le_bytes());
    file.resize(32, 0);
    for (name, kind, length) in FIELDS {
        let start = file.len();
        file.extend(name.as_bytes());
        file.resize(start + 11, 0);
        file.push(kind);
        file.resize(start + 16, 0);
        file.push(u8::try_from(length).unwrap());
        file.resize(start + 32, 0);
    }
    file.push(0x0D);
    for [exchange, code, report, total, float, listed] in records {
        file.push(b' ');
        for (field, text) in
            FIELDS.iter().zip([exchange, code, report, total, &"银行", float, listed])
        {
            let text = GBK.encode(text).0;
            let blanks = vec![b' '; field.2 - text.len()];
            file.extend([&blanks, &text[..]].concat());
        }
    }
    file.push(0x1A);
    file
}

const CAPITAL: [[&str; 6]; 6] = [
    ["0", "000001", "20251030", "125619.78", "125619.78", "19910403"],
    ["1", "600001", "20251231", "25001098.00", "959365.75", "0"],
    ["2", "920001", "0", "1234.50", "1000.00", "20241231"],
    // A delisted share, a fund, a B-share.
    ["0", "000003", "0", "0.00", "0.00", "0"],
    ["0", "160001", "0", "20000.00", "20000.00", "20060102"],
    ["1", "900901", "20251030", "136767.34", "29337.05", "19920221"],
];

fn shares(import: &Import) -> Vec<String> {
    let (_, batch) =
        import.batches.iter().find(|(table, _)| *table == Table::ShareCapital).unwrap();
    let rows = share_capital_rows(batch).unwrap();
    let told = rows.iter().map(|row| {
        format!("{} {} {} {}", row.observed_on, row.symbol, row.total_shares, row.float_shares)
    });
    told.collect()
}

fn listed(import: &Import) -> Vec<String> {
    let (_, batch) = import.batches.iter().find(|(table, _)| *table == Table::Security).unwrap();
    let text = |date: Option<SessionDate>| date.map_or("-".to_owned(), |date| date.to_string());
    let rows = security_rows(batch).unwrap();
    let told = rows.iter().map(|row| {
        let name = row.name.as_deref().unwrap_or("-");
        format!("{} {} {name} {}", row.observed_on, row.symbol, text(row.listed_on))
    });
    told.collect()
}

#[test]
fn share_capital_is_in_ten_thousands() {
    let path = fixture("T0002/hq_cache/base.dbf", &base(&CAPITAL));
    assert_eq!(recognise(&path).unwrap().recipe.name(), "tdx-base");
    let import = of_path(&path, "tdx-base").unwrap();
    assert_eq!(
        shares(&import),
        [
            "2026-01-09 000001.SZ 1256197800 1256197800",
            "2026-01-09 600001.SH 250010980000 9593657500",
            "2026-01-09 920001.BJ 12345000 10000000",
        ]
    );
    assert_eq!(
        listed(&import),
        [
            "2026-01-09 000001.SZ - 1991-04-03",
            "2026-01-09 600001.SH - -",
            "2026-01-09 920001.BJ - 2024-12-31",
        ]
    );
    assert_eq!((import.rows_read, import.rows_not_covered, import.rows_left_out), (5, 2, 0));
    assert_eq!(said(&import, "have no shares").unwrap().count, 1);
    assert!(said(&import, "newest report is of: 20251231").is_some());
    // The file's own date is not that of its records.
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let undated = read(&Recipe::builtin("tdx-base").unwrap(), &path, &options, &NoProgress);
    assert!(matches!(undated, Err(SourceError::AsOfNeeded { .. })), "{undated:?}");
    let refused = of_path(path.parent().unwrap(), "tdx-base").unwrap_err().to_string();
    assert!(refused.contains("name the file itself"), "{refused}");
}

#[test]
fn a_damaged_base_is_refused() {
    let refused = |bytes: &[u8]| imported("base.dbf", "tdx-base", bytes).unwrap_err().to_string();
    let whole = base(&CAPITAL);
    // The mark at the end may be missing.
    assert!(imported("base.dbf", "tdx-base", &whole[..whole.len() - 1]).is_ok());
    for cut in 0..whole.len() - 1 {
        refused(&whole[..cut]);
    }
    assert!(refused(&whole[..whole.len() - 2]).contains("claims 6 records and holds 5"));
    assert!(refused(&whole[..8]).contains("header is cut off"));
    assert!(refused(&[0; 500]).contains("does not start like"));
    assert!(refused(&[3; 500]).contains("has no field SC"));
    let mut over = whole.clone();
    over[7] = 0xFF;
    assert!(refused(&over).contains("and holds 6"));
    // A record too short for its fields, or of nothing.
    for length in [0, 1, 30] {
        let mut short = whole.clone();
        (short[10], short[11]) = (length, 0);
        assert!(refused(&short).contains("has no field"), "{length}");
    }
    // What is no number; with every row lost, nothing is left.
    let wrong = base(&[["0", "000001", "0", "many", "few", "0"]]);
    assert!(refused(&wrong).contains("could not be read"), "{}", refused(&wrong));
    // A deleted record is none.
    let mut deleted = base(&CAPITAL[..2]);
    deleted[32 + 32 * FIELDS.len() + 1] = b'*';
    let import = imported("base.dbf", "tdx-base", &deleted).unwrap();
    assert_eq!(shares(&import), ["2026-01-09 600001.SH 250010980000 9593657500"]);
}

/// A list of securities as an older terminal has it.
fn names(day: i32, securities: &[(&str, &str)]) -> Vec<u8> {
    list(day, securities, (23, 314))
}

/// A list whose records have their names at a place, and are so long.
fn list(day: i32, securities: &[(&str, &str)], (name_at, length): (usize, usize)) -> Vec<u8> {
    let mut file = b"127.0.0.1".to_vec();
    file.resize(42, 0);
    file.extend(day.to_le_bytes());
    file.extend(85_009_u32.to_le_bytes());
    for (code, name) in securities {
        let start = file.len();
        file.extend(code.as_bytes());
        file.resize(start + name_at, 0);
        file.extend(GBK.encode(name).0.iter());
        file.resize(start + length, 0);
    }
    file
}

const LIST: [(&str, &str); 6] = [
    ("395001", "主板Ａ股"),
    ("000001", "甲 科Ａ"),
    ("300001", "*ST乙丙"),
    ("399001", "深证成指"),
    ("159001", "货币基金"),
    ("200001", "甲科Ｂ"),
];

#[test]
fn names_are_of_the_day_in_the_header() {
    let path = fixture("T0002/hq_cache/szm.tnf", &names(20_260_109, &LIST));
    assert_eq!(recognise(&path).unwrap().recipe.name(), "tdx-names");
    // Whatever day is asked for.
    let import = of_path(&path, "tdx-names").unwrap();
    assert_eq!(
        listed(&import),
        ["2026-01-09 000001.SZ 甲 科Ａ -", "2026-01-09 300001.SZ *ST乙丙 -"]
    );
    assert_eq!((import.rows_read, import.rows_left_out), (2, 0));
    let skipped = said(&import, "not those of stocks").unwrap();
    assert_eq!((skipped.count, skipped.detail.en.ends_with(": 395001, …")), (4, true));
    // The exchange is that of the file's name.
    let of_shanghai = names(20_260_108, &[("000001", "上证指数"), ("600001", "甲钢")]);
    let import = imported("SHM.TNF", "tdx-names", &of_shanghai).unwrap();
    assert_eq!(listed(&import), ["2026-01-08 600001.SH 甲钢 -"]);
    let of_today = list(20_260_109, &[("920001", "甲机"), ("899050", "北证50")], (31, 360));
    let import = imported("bjs.tnf", "tdx-names", &of_today).unwrap();
    assert_eq!(listed(&import), ["2026-01-09 920001.BJ 甲机 -"]);
    // Records of one length under a name of the other.
    let refused = imported("bjm.tnf", "tdx-names", &of_today).unwrap_err().to_string();
    assert!(refused.contains("are not of 314 bytes"), "{refused}");
}

#[test]
fn a_list_of_another_shape_is_refused() {
    let refused =
        |name: &str, bytes: &[u8]| imported(name, "tdx-names", bytes).unwrap_err().to_string();
    let whole = names(20_260_109, &LIST);
    assert!(refused("list.tnf", &whole).contains("its exchange is not known"));
    for day in [0, -1, 20_261_301, 18_990_101] {
        assert!(refused("szm.tnf", &names(day, &LIST)).contains("header has no date"), "{day}");
    }
    for cut in [0, 41, 45, 49] {
        assert!(refused("szm.tnf", &whole[..cut]).contains("header has no date"), "{cut}");
    }
    for cut in [51, 100, 363, whole.len() - 1] {
        assert!(refused("szm.tnf", &whole[..cut]).contains("are not of 314 bytes"), "{cut}");
    }
    assert!(refused("szm.tnf", &whole[..50]).contains("no rows"));
    // A name cut within a character.
    let mut cut = names(20_260_109, &LIST[1..2]);
    cut[50 + 23 + 1] = 0;
    assert!(refused("szm.tnf", &cut).contains("could not be read"), "{}", refused("szm.tnf", &cut));
}

/// A bar of a day, `hhmm`, four prices in fen, and lots.
type Bar = (u32, u32, [u32; 4], u32);

/// Bars as terminals write them; of older ones, prices are whole numbers.
fn bars(floats: bool, bars: &[Bar]) -> Vec<u8> {
    let mut file = Vec::new();
    for (date, time, fen, lots) in bars {
        let word = (date / 10_000 - 2004) * 2048 + date % 10_000;
        file.extend(u16::try_from(word).unwrap().to_le_bytes());
        file.extend(u16::try_from(time / 100 * 60 + time % 100).unwrap().to_le_bytes());
        for price in fen {
            file.extend(match floats {
                true => (*price as f32 / 100.0).to_le_bytes(),
                false => price.to_le_bytes(),
            });
        }
        let yuan = fen[3] as f32 / 100.0 * (lots * 100) as f32;
        file.extend(yuan.to_le_bytes());
        file.extend((lots * 100).to_le_bytes());
        file.extend([0; 4]);
    }
    file
}

const MINUTES: [Bar; 4] = [
    (20_260_109, 935, [1_000, 1_005, 999, 1_003], 100),
    (20_260_109, 1_130, [1_003, 1_003, 1_001, 1_002], 50),
    (20_260_109, 1_305, [1_002, 1_010, 1_002, 1_009], 70),
    (20_260_109, 1_500, [1_009, 1_009, 1_008, 1_008], 200),
];

fn quotes(import: &Import) -> Vec<(SessionDate, Symbol, Quote)> {
    let (table, batch) = &import.batches[0];
    assert_eq!((*table, import.batches.len()), (Table::Quote, 1));
    quote_rows(batch).unwrap()
}

fn told(import: &Import) -> Vec<String> {
    let told = quotes(import).into_iter().map(|(session, symbol, quote)| {
        let (t, time) = (quote.traded.unwrap(), quote.time);
        let prices = format!("{} {} {} {}", t.open, t.high, t.low, t.last);
        let time = format!("{:02}:{:02} {:?}", time / 3_600, time / 60 % 60, quote.span);
        format!("{session} {symbol} {time} {prices} {} {}", t.volume, t.turnover.fen.0)
    });
    told.collect()
}

#[test]
fn a_bar_of_minutes_is_known_by_its_end() {
    let path = fixture("vipdoc/sh/fzline/sh600001.lc5", &bars(true, &MINUTES));
    assert_eq!(recognise(&path).unwrap().recipe.name(), "tdx-five-minutes");
    let import = of_path(&path, "tdx-five-minutes").unwrap();
    let expected = [
        "2026-01-09 600001.SH 09:35 Seconds(300) 10.00 10.05 9.99 10.03 10000 10030000",
        "2026-01-09 600001.SH 11:30 Seconds(300) 10.03 10.03 10.01 10.02 5000 5010000",
        "2026-01-09 600001.SH 13:05 Seconds(300) 10.02 10.10 10.02 10.09 7000 7063000",
        "2026-01-09 600001.SH 15:00 Seconds(300) 10.09 10.09 10.08 10.08 20000 20160000",
    ];
    assert_eq!(told(&import), expected);
    assert_eq!((import.source.as_str(), import.findings.len()), ("tdx-5m", 0));
    // Whole numbers, in a folder with files of other kinds.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sh600001.5"), bars(false, &MINUTES)).unwrap();
    fs::write(folder.path().join("sh600001.day"), [0; 32]).unwrap();
    fs::write(folder.path().join("sh600001.lc1"), [0; 32]).unwrap();
    assert_eq!(told(&of_path(folder.path(), "tdx-five-minutes").unwrap()), expected);
    let import = imported("sh600001.LC1", "tdx-minutes", &bars(true, &MINUTES)).unwrap();
    assert!(told(&import)[0].contains(" 09:35 Seconds(60) 10.00 "), "{:?}", told(&import));
    assert_eq!(import.source, "tdx-1m");
    // With days beside them, a folder is one of days.
    assert_eq!(recognise(folder.path()).unwrap().recipe.name(), "tdx-day");
    fs::remove_file(folder.path().join("sh600001.day")).unwrap();
    // `.5` might be anything, so that it is read only if the recipe is named.
    assert_eq!(recognise(folder.path()).unwrap().recipe.name(), "tdx-minutes");
    fs::remove_file(folder.path().join("sh600001.lc1")).unwrap();
    assert!(recognise(folder.path()).is_err());
    // A dozen bars show of how many minutes they are.
    let afternoon = |minutes: std::ops::Range<u32>, step| -> Vec<Bar> {
        let bar = |minute| (20_260_109, 1_300 + minute, [1_000; 4], 100);
        minutes.step_by(step).map(bar).collect()
    };
    let of = |recipe: &str, made: &[Bar]| imported("sh600001.lc1", recipe, &bars(true, made));
    let (fives, ones) = (afternoon(5..60, 5), afternoon(1..13, 1));
    let twelve: Vec<Bar> = fives.iter().copied().chain([MINUTES[3]]).collect();
    assert_eq!((fives.len(), twelve.len()), (11, 12));
    assert!(of("tdx-minutes", &fives).is_ok() && of("tdx-five-minutes", &twelve).is_ok());
    assert!(of("tdx-minutes", &ones).is_ok());
    for (recipe, made) in [("tdx-minutes", &twelve), ("tdx-five-minutes", &ones)] {
        let refused = of(recipe, made).unwrap_err();
        assert!(matches!(refused, SourceError::WrongFormat { .. }), "{refused}");
    }
    // An index has no quotes.
    let refused = imported("sh000001.lc5", "tdx-five-minutes", &bars(true, &MINUTES)).unwrap_err();
    assert!(matches!(refused, SourceError::Nothing { .. }), "{refused}");
}

#[test]
fn the_last_bar_of_the_morning_may_be_stamped_thirteen() {
    let with = |replaced: &[(u32, u32)]| {
        let mut all = MINUTES.to_vec();
        for (from, to) in replaced {
            for bar in all.iter_mut().filter(|bar| bar.1 == *from) {
                bar.1 = *to;
            }
        }
        let mut next = all.clone();
        next.iter_mut().for_each(|bar| bar.0 = 20_260_112);
        let options = ReadOptions { as_of: None, partial: Partial::Accepted };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sh600001.lc5");
        fs::write(&path, bars(true, &[MINUTES.to_vec(), next].concat())).unwrap();
        read(&Recipe::builtin("tdx-five-minutes").unwrap(), &path, &options, &NoProgress).unwrap()
    };
    let stamped = with(&[(1_130, 1_300)]);
    assert_eq!(told(&stamped), told(&with(&[])));
    let finding = said(&stamped, "stamped 13:00").unwrap();
    assert!(finding.count == 1 && finding.detail.en.ends_with(": 20260112"), "{finding:?}");
    assert_eq!(finding.place.as_ref().unwrap().row, Some(6));
    // With a bar of 11:30 that day, one of 13:00 is none.
    let both = with(&[(1_305, 1_300)]);
    assert_eq!((told(&both).len(), both.rows_left_out), (7, 1));
    assert!(said(&both, "stamped 13:00").is_none());
}

/// Bars with a volume of nothing: four prices in fen, and turnover in yuan.
fn odd(fen: [u32; 4], yuan: f32) -> Vec<u8> {
    let mut file = bars(true, &[MINUTES[0], (20_260_109, 940, fen, 0)]);
    file[32 + 20..32 + 24].copy_from_slice(&yuan.to_le_bytes());
    file
}

#[test]
fn the_shares_of_less_than_a_lot_are_told_where_only_one_number_fits() {
    let volume = |fen: [u32; 4], yuan: f32| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sh600001.lc5");
        fs::write(&path, odd(fen, yuan)).unwrap();
        let options = ReadOptions { as_of: None, partial: Partial::Accepted };
        let recipe = Recipe::builtin("tdx-five-minutes").unwrap();
        let import = read(&recipe, &path, &options, &NoProgress).unwrap();
        let (_, _, quote) = quotes(&import).into_iter().find(|(.., quote)| quote.time == 34_800)?;
        let told = said(&import, "less than a lot").map(|finding| finding.count);
        assert_eq!(told, quote.traded.map(|_| 1));
        Some(quote.traded.map(|traded| (traded.volume, traded.turnover.fen.0)))
    };
    // 32 × 35.39 = 1,132.48; 9 × 35.74 = 321.66; 8 × 35.73 = 285.84.
    assert_eq!(volume([3_539; 4], 1_132.0), Some(Some((32, 113_200))));
    assert_eq!(volume([3_574; 4], 321.0), Some(Some((9, 32_100))));
    assert_eq!(volume([3_573; 4], 286.0), Some(Some((8, 28_600))));
    // 80 × 37.71 = 3,016.80.
    assert_eq!(volume([3_771; 4], 3_018.0), Some(Some((80, 301_800))));
    // No trade.
    assert_eq!(volume([3_539; 4], 0.0), Some(None));
    // No number fits, several do, a lot or more, and several prices: the row is lost.
    assert_eq!(volume([3_539; 4], 1_150.0), None);
    assert_eq!(volume([90; 4], 27.0), None);
    assert_eq!(volume([1_000; 4], 1_000.0), None);
    assert_eq!(volume([3_539, 3_540, 3_539, 3_539], 1_132.0), None);
}

#[test]
fn damaged_bars_are_lost_and_counted() {
    let whole = bars(true, &MINUTES);
    let accepted = |bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sh600001.lc5");
        fs::write(&path, bytes).unwrap();
        let options = ReadOptions { as_of: None, partial: Partial::Accepted };
        read(&Recipe::builtin("tdx-five-minutes").unwrap(), &path, &options, &NoProgress)
    };
    for cut in 33..64 {
        let import = accepted(&whole[..cut]).unwrap();
        let place = said(&import, "does not end with a whole record").unwrap().place.clone();
        assert_eq!((told(&import).len(), place.unwrap().row), (1, Some(2)), "{cut}");
    }
    for bytes in [&[][..], &[0; 31], &[0; 320], &[0xFF; 320]] {
        assert!(accepted(bytes).is_err(), "{bytes:?}");
    }
    // No such day, no such minute, no price.
    for (at, bytes) in [(0, [0xFF, 0xFF]), (2, [0xFF, 0xFF]), (6, [0xFF, 0x7F])] {
        let mut wrong = whole.clone();
        wrong[at..at + 2].copy_from_slice(&bytes);
        let import = accepted(&wrong).unwrap();
        assert_eq!((told(&import).len(), import.rows_left_out), (3, 1), "{at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn hostile_bytes_are_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        for (name, recipe, mut bytes) in [
            ("base.dbf", "tdx-base", base(&CAPITAL)),
            ("szm.tnf", "tdx-names", names(20_260_109, &LIST)),
            ("sh600001.lc5", "tdx-five-minutes", bars(true, &MINUTES)),
            ("sh600001.5", "tdx-five-minutes", bars(false, &MINUTES)),
        ] {
            for (place, byte) in &changes {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let _ = imported(name, recipe, &bytes);
        }
    }
}

fn print(import: &Import) {
    for (table, batch) in &import.batches {
        println!("    {}: {} rows", table.name(), batch.num_rows());
    }
    println!("    read {}, left out {}", import.rows_read, import.rows_left_out);
    for finding in &import.findings {
        println!("    {:?} {}× {}", finding.kind, finding.count, finding.detail.en);
    }
}

/// Share capital as companies published it.
#[test]
fn the_capital_of_a_terminal_is_read() {
    let Some(path) = shared("fixtures/tdx_fixtures/ginkgo_hq_cache_2022/base.dbf") else { return };
    let import = of_path(&path, "tdx-base").unwrap();
    print(&import);
    let all = shares(&import);
    // Kweichow Moutai had 1,256,197,800 shares, all of which traded.
    assert!(all.contains(&"2026-01-09 600519.SH 1256197800 1256197800".to_owned()));
    // China Construction Bank 250,010,977,486, here with the seven digits of a float.
    assert!(all.iter().any(|row| row.contains("601939.SH 250010980000 9593657500")));
    let listed = listed(&import);
    assert!(listed.contains(&"2026-01-09 600519.SH - 2001-08-27".to_owned()));
    assert!(all.len() > 4_000 && listed.len() == all.len(), "{}", all.len());
}

#[test]
fn the_names_of_a_terminal_are_read() {
    let Some(path) = shared("fixtures/tdx_fixtures/ginkgo_hq_cache_2022/szm.tnf") else { return };
    let import = of_path(&path, "tdx-names").unwrap();
    print(&import);
    let all = listed(&import);
    for row in ["000001.SZ 平安银行", "300750.SZ 宁德时代", "000002.SZ 万 科Ａ"] {
        assert!(all.contains(&format!("2020-10-30 {row} -")), "{row}");
    }
    assert!(all.len() > 2_200, "{}", all.len());
}

/// The bars of a day add up to the exchange's day, but for the odd shares of each bar.
#[test]
fn the_minutes_of_a_terminal_add_up() {
    let (Some(vipdoc), Some(daily)) = (
        shared("fixtures/tdx_fixtures/mootdx/vipdoc/sh"),
        shared("daily_bars/stock_daily_2021.parquet"),
    ) else {
        return;
    };
    let one = of_path(&vipdoc.join("minline/sh688001.lc1"), "tdx-minutes").unwrap();
    let five = of_path(&vipdoc.join("fzline/sh688001.lc5"), "tdx-five-minutes").unwrap();
    print(&one);
    print(&five);
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    let recipe = Recipe::builtin("daily-bars").unwrap();
    let daily = read(&recipe, &daily, &options, &NoProgress).unwrap();
    let (_, batch) = &daily.batches[0];
    let of_day: BTreeMap<SessionDate, _> = daily_bar_rows(batch)
        .unwrap()
        .into_iter()
        .filter(|(symbol, _)| symbol.to_string() == "688001.SH")
        .map(|(_, bar)| (bar.session, bar.traded.unwrap()))
        .collect();
    for (import, bars, sessions) in [(&one, 240, 12), (&five, 48, 3)] {
        let mut by_day: BTreeMap<SessionDate, Vec<Quote>> = BTreeMap::new();
        for (session, _, quote) in quotes(import) {
            by_day.entry(session).or_default().push(quote);
        }
        assert_eq!(by_day.len(), sessions);
        for (session, quotes) in by_day {
            assert_eq!(quotes.len(), bars, "{session}");
            let traded: Vec<_> = quotes.iter().filter_map(|quote| quote.traded).collect();
            let day = &of_day[&session];
            let volume: u64 = traded.iter().map(|t| t.volume).sum();
            // Bars of less than a lot are part of the lots of later ones.
            let odd: u64 = traded.iter().map(|t| t.volume % 100).sum();
            println!("{session} {bars} bars: {volume} of {} shares, {odd} odd", day.volume);
            assert!((volume - odd).abs_diff(day.volume) < 100, "{session}: {volume} {odd}");
            let high = traded.iter().map(|t| t.high).max();
            let low = traded.iter().map(|t| t.low).min();
            let ends = (traded.first().map(|t| t.open), traded.last().map(|t| t.last));
            assert_eq!((high, low), (Some(day.high), Some(day.low)), "{session}");
            assert_eq!(ends, (Some(day.open), Some(day.last)), "{session}");
        }
    }
}
