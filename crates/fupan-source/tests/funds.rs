//! Funds in files that hold shares too: they fill a table of their own, in thousandths of a yuan, and
//! no A-share's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fs;
use std::path::Path;

use fupan_market::{FindingKind, InLanguage as _};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, daily_bar_rows, fund_bar_rows};

fn import(recipe: &str, path: &Path, partial: Partial) -> Result<Import, SourceError> {
    let options = ReadOptions { as_of: None, partial };
    read(&Recipe::builtin(recipe).unwrap(), path, &options, &NoProgress)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// The bars of a table: session, symbol, close, previous close, volume and turnover.
fn bars(import: &Import, table: Table) -> Vec<String> {
    let Some((_, batch)) = import.batches.iter().find(|(of, _)| *of == table) else {
        return Vec::new();
    };
    let rows = match table {
        Table::FundBar => fund_bar_rows(batch).unwrap(),
        _ => daily_bar_rows(batch).unwrap(),
    };
    let told = rows.iter().map(|(symbol, bar)| {
        let prev = bar.prev_close.map_or("-".to_owned(), |prev| prev.to_string());
        let traded = bar.traded.as_ref().map_or("-".to_owned(), |traded| {
            format!("{} {prev} {} {}", traded.last, traded.volume, traded.turnover.fen.0)
        });
        format!("{} {symbol} {traded}", bar.session)
    });
    told.collect()
}

/// How many rows the finding is about that begins with some words.
fn said(import: &Import, begins: &str) -> Option<u64> {
    let found = import.findings.iter().find(|finding| finding.detail.en.starts_with(begins));
    found.map(|finding| finding.count)
}

/// A record of a `.day` file, with the prices as they are stored.
fn record(date: u32, prices: [u32; 4], yuan: f32, volume: u32) -> Vec<u8> {
    let words = [date, prices[0], prices[1], prices[2], prices[3], yuan.to_bits(), volume, 0];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Shanghai's fund has its volume in lots, Shenzhen's in shares; the turnover tells.
#[test]
fn a_terminals_folder_holds_funds_in_thousandths() {
    let folder = tempfile::tempdir().unwrap();
    let share = record(20_260_109, [1000, 1020, 990, 1010], 10_100_000.0, 1_000_000);
    write(folder.path(), "sh/lday/sh600001.day", &share);
    let in_lots = record(20_260_109, [4001, 4025, 3998, 4017], 4_010_000.0, 10_000);
    write(folder.path(), "sh/lday/sh510300.day", &in_lots);
    let in_shares = record(20_260_109, [1500, 1512, 1498, 1507], 1_505_000.0, 1_000_000);
    write(folder.path(), "sz/lday/sz159915.day", &in_shares);
    // A bond and a B-share are in no table.
    write(folder.path(), "sh/lday/sh113001.day", &in_lots);
    write(folder.path(), "sh/lday/sh900901.day", &in_lots);
    let import = import("tdx-day", folder.path(), Partial::Refused).unwrap();
    assert_eq!(bars(&import, Table::DailyBar), ["2026-01-09 600001.SH 10.10 - 1000000 1010000000"]);
    assert_eq!(
        bars(&import, Table::FundBar),
        [
            "2026-01-09 159915.SZ 1.507 - 1000000 150500000",
            "2026-01-09 510300.SH 4.017 - 1000000 401000000",
        ]
    );
    assert_eq!((import.rows_read, import.rows_left_out, import.rows_not_covered), (5, 0, 2));
    assert_eq!(said(&import, "The volume of funds is in lots"), Some(1));
    assert_eq!(said(&import, "Rows of funds with trades have no previous close"), Some(2));
    assert_eq!(said(&import, "Rows with trades have no previous close"), Some(1));
}

#[test]
fn a_volume_whose_unit_nothing_tells_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let bars_of = [
        record(20_260_108, [4001, 4025, 3998, 4017], 0.0, 10_000),
        record(20_260_109, [4001, 4025, 3998, 4017], 4_010_000.0, 10_000),
    ];
    write(folder.path(), "sh510300.day", &bars_of.concat());
    let import = import("tdx-day", folder.path(), Partial::Refused).unwrap();
    assert_eq!(bars(&import, Table::FundBar).len(), 1);
    assert_eq!(said(&import, "Funds have a volume without turnover"), Some(1));
}

/// Prices that are ten times too high or too low are refused, whatever the volume is in.
#[test]
fn a_price_that_is_ten_times_wrong_is_refused() {
    for prices in [[40_010, 40_250, 39_980, 40_170], [400, 402, 399, 401]] {
        for volume in [10_000, 1_000_000] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), "sh510300.day", &record(20_260_109, prices, 4_010_000.0, volume));
            let refused = import("tdx-day", folder.path(), Partial::Accepted).unwrap_err();
            assert!(matches!(refused, SourceError::WrongUnits { .. }), "{refused:?}");
            let told = refused.wording();
            assert!(told.en.contains("1 of 1 traded rows of funds"), "{}", told.en);
            assert!(told.zh.contains("有成交的基金记录"), "{}", told.zh);
        }
    }
    const FUND: &str = "description = 'd'\nsource = 's'\nformat = 'csv'\n[[table]]\n\
        table = 'fund_bar'\n[table.columns]\nsymbol = 'code'\nsession = 'date'\n\
        open = { column = 'o', unit = 'fen' }\nhigh = { column = 'h', unit = 'fen' }\n\
        low = { column = 'l', unit = 'fen' }\nclose = { column = 'c', unit = 'fen' }\n\
        volume = { column = 'v', unit = 'shares' }\nturnover = { column = 'a', unit = 'yuan' }\n";
    let folder = tempfile::tempdir().unwrap();
    let file = "code,date,o,h,l,c,v,a\n510300.SH,2026-01-09,4001,4025,3998,4017,1000000,4010000\n";
    let path = write(folder.path(), "funds.csv", file.as_bytes());
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    let text = FUND.replace('\'', "\"");
    let mine = Recipe::from_toml("mine", &text).unwrap();
    let refused = read(&mine, &path, &options, &NoProgress).unwrap_err().wording();
    assert!(refused.en.contains("set the unit of the prices to `yuan/1000`"), "{}", refused.en);
    let right = Recipe::from_toml("mine", &text.replace("\"fen\"", "\"yuan/1000\"")).unwrap();
    let import = read(&right, &path, &options, &NoProgress).unwrap();
    assert_eq!(bars(&import, Table::FundBar), ["2026-01-09 510300.SH 4.017 - 1000000 401000000"]);
    // Without turnover nothing would show it.
    let without = text.replace("turnover = { column = \"a\", unit = \"yuan\" }\n", "");
    let refused = Recipe::from_toml("mine", &without).unwrap_err().wording();
    assert!(refused.en.contains("table `fund_bar` needs `turnover`"), "{}", refused.en);
}

const TUSHARE: &str = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n";

#[test]
fn a_file_of_shares_and_funds_fills_both_tables() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!(
        "{TUSHARE}600001.SH,20260109,10.00,10.20,9.90,10.10,10.00,10000,10100\n\
         510300.SH,20260109,4.001,4.025,3.998,4.017,4.002,10000,4010\n\
         508000.SH,20260109,,,,,2.345,0,0\n\
         113001.SH,20260109,110.1,110.2,110.0,110.1,110.0,1000,11010\n"
    );
    let path = write(folder.path(), "day_20260109.csv", file.as_bytes());
    let import = import("tushare-daily", &path, Partial::Refused).unwrap();
    assert_eq!(
        bars(&import, Table::DailyBar),
        ["2026-01-09 600001.SH 10.10 10.00 1000000 1010000000"]
    );
    assert_eq!(
        bars(&import, Table::FundBar),
        ["2026-01-09 508000.SH -", "2026-01-09 510300.SH 4.017 4.002 1000000 401000000"]
    );
    assert_eq!((import.rows_left_out, import.rows_not_covered), (0, 1));
}

#[test]
fn a_file_of_funds_alone_is_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("{TUSHARE}510300.SH,20260109,4.001,4.025,3.998,4.017,4.002,10000,4010\n");
    let path = write(folder.path(), "fund_daily.csv", file.as_bytes());
    assert_eq!(recognise(&path).unwrap().recipe.name(), "tushare-daily");
    let import = import("tushare-daily", &path, Partial::Refused).unwrap();
    assert!(bars(&import, Table::DailyBar).is_empty());
    assert_eq!(bars(&import, Table::FundBar).len(), 1);

    let baostock = "date,code,open,high,low,close,preclose,volume,amount,adjustflag\n\
                    2026-01-09,sh.510300,4.001,4.025,3.998,4.017,4.002,1000000,4010000,3\n";
    let path = write(folder.path(), "sh.510300.csv", baostock.as_bytes());
    assert_eq!(recognise(&path).unwrap().recipe.name(), "baostock-daily");
}

/// A fund's row that is lost cannot be one that an A-share lacks.
#[test]
fn a_lost_row_of_a_fund_is_not_one_of_a_share() {
    let folder = tempfile::tempdir().unwrap();
    let row =
        |code: &str, high: &str| format!("{code},20260109,4.00,{high},3.99,4.01,4.00,10000,4010\n");
    let of = |bad: &str| {
        let file =
            format!("{TUSHARE}{}{}{}", row("600001.SH", "4.02"), row("510300.SH", "4.02"), bad);
        let path = write(folder.path(), "day.csv", file.as_bytes());
        import("tushare-daily", &path, Partial::Accepted).unwrap()
    };
    let fund = of(&row("510500.SH", "3.00"));
    assert_eq!((fund.rows_left_out, fund.lost.len()), (1, 0), "{:?}", fund.lost);
    let share = of(&row("600002.SH", "3.00"));
    assert_eq!((share.rows_left_out, share.lost.len()), (1, 1));
}

#[test]
fn prices_of_funds_that_are_rounded_to_fen_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = |last: &str| {
        let rows = (0..60)
            .map(|n| format!("510{n:03}.SH,20260109,4.00,4.02,3.99,4.01{last},4.00,10000,4010\n"));
        let file = format!("{TUSHARE}{}", rows.collect::<String>());
        let path = write(folder.path(), "funds.csv", file.as_bytes());
        import("tushare-daily", &path, Partial::Accepted).unwrap()
    };
    assert_eq!(said(&file(""), "All prices of 60 rows of funds are whole fen"), Some(60));
    assert_eq!(said(&file("1"), "All prices of"), None);
    let found = file("");
    assert!(found.findings.iter().any(|finding| finding.kind == FindingKind::SuspectUnits));
}

/// The day after a payout: the change counts from a price below the close before.
#[test]
fn a_vendors_file_of_one_fund_is_recognised() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/510300.csv");
    assert_eq!(recognise(&fixture).unwrap().recipe.name(), "akshare-fund-em");
    let import = import("akshare-fund-em", &fixture, Partial::Refused).unwrap();
    assert_eq!(
        bars(&import, Table::FundBar),
        [
            "2026-02-11 510300.SH 4.017 4.002 1000000 401200000",
            "2026-02-12 510300.SH 3.962 3.956 2000000 791400000",
        ]
    );
}
