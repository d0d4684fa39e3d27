//! Small files in the vendors' layouts, with invented values, read by the built-in recipes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_market::{Finding, FindingKind, SessionDate};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, industry_rows};

/// Most fixtures hold rows that are left out on purpose.
const NO_DATE: ReadOptions = ReadOptions { as_of: None, partial: Partial::Accepted };

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn import(recipe: &str, name: &str) -> Result<Import, SourceError> {
    read(&Recipe::named(recipe)?, &fixture(name), &NO_DATE, &NoProgress)
}

fn batch(import: &Import, table: Table) -> &RecordBatch {
    &import.batches.iter().find(|(of, _)| *of == table).unwrap().1
}

fn found(import: &Import, kind: FindingKind) -> Vec<&Finding> {
    import.findings.iter().filter(|finding| finding.kind == kind).collect()
}

/// A batch as lines of text, one row each.
fn lines(batch: &RecordBatch) -> Vec<String> {
    let cell = |column: &dyn Array, row: usize| {
        if column.is_null(row) {
            return "-".to_owned();
        }
        if let Some(days) = column.as_primitive_opt::<Date32Type>() {
            return SessionDate::from_epoch_days(days.value(row)).unwrap().to_string();
        }
        if let Some(numbers) = column.as_primitive_opt::<Int32Type>() {
            return numbers.value(row).to_string();
        }
        if let Some(numbers) = column.as_primitive_opt::<Int64Type>() {
            return numbers.value(row).to_string();
        }
        column.as_string::<i32>().value(row).to_owned()
    };
    (0..batch.num_rows())
        .map(|row| {
            let cells: Vec<String> =
                batch.columns().iter().map(|column| cell(column.as_ref(), row)).collect();
            cells.join(" ")
        })
        .collect()
}

#[test]
fn tushare_daily_fills_three_tables_and_counts_what_it_leaves_out() {
    let import = import("tushare-daily", "tushare_daily_20260212.csv").unwrap();
    assert_eq!((import.rows_read, import.source.as_str()), (9, "tushare"));
    let daily = batch(&import, Table::DailyBar);
    assert_eq!(daily.schema(), Table::DailyBar.schema());
    assert_eq!(
        lines(daily),
        [
            "2026-02-12 000002.SZ 40000 42000 40000 42000 40000 50050 20520500",
            "2026-02-12 300003.SZ - - - - - 0 -",
            "2026-02-12 600001.SH 100000 105000 99000 104000 100000 100000 102000000",
            "2026-02-12 920005.BJ 80000 88000 80000 85000 81000 10000 8400000",
        ]
    );
    assert_eq!(
        lines(batch(&import, Table::ShareCapital))[1..3],
        ["600001.SH 2026-02-12 500000000 400005000", "688004.SH 2026-02-12 10000000 9000000"]
    );
    assert_eq!(lines(batch(&import, Table::Security))[0], "000002.SZ 2026-02-12 ST乙 - - - -");
    let unknown = found(&import, FindingKind::UnknownSymbol);
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    assert_eq!(unknown[0].place.as_ref().unwrap().row, Some(6));
    assert_eq!((unknown[1].subject.as_str(), unknown[1].count), ("B-shares", 1));
    let session = found(&import, FindingKind::NotASession)[0];
    assert!(session.detail.en.contains("600001.SH 2026-02-14"), "{session:?}");
    let prices = found(&import, FindingKind::InconsistentPrices)[0];
    assert_eq!(prices.place.as_ref().unwrap().row, Some(5));
    assert_eq!(prices.place.as_ref().unwrap().column.as_deref(), Some("high"));
    let duplicates = found(&import, FindingKind::DuplicateRow);
    assert_eq!(duplicates.len(), 3, "one for each table: {duplicates:?}");
    assert!(found(&import, FindingKind::EstimatedTurnover).is_empty());
}

#[test]
fn beijing_rows_before_the_exchange_are_left_out() {
    let import = import("bse-tushare", "bse_daily.csv").unwrap();
    assert_eq!(
        lines(batch(&import, Table::DailyBar)),
        [
            "2021-11-15 920005.BJ 50000 56000 49000 55000 - 123456 -",
            "2021-11-15 920006.BJ - - - - - 0 -",
        ]
    );
    let missing = found(&import, FindingKind::MissingData)[0];
    assert!(missing.count == 1 && missing.detail.en.contains("NEEQ"), "{missing:?}");
    assert_eq!(found(&import, FindingKind::DerivedPrevClose)[0].count, 1);
    assert_eq!(found(&import, FindingKind::EstimatedTurnover)[0].count, 1);
}

#[test]
fn bars_of_an_interval_become_quotes() {
    let import = import("bars-15m", "bars_15m.csv").unwrap();
    let quotes = batch(&import, Table::Quote);
    assert_eq!(quotes.schema(), Table::Quote.schema());
    assert_eq!(
        lines(quotes),
        [
            "2026-02-12 600001.SH 35100 900 - - 100000 105000 99000 104000 120000 123000000",
            "2026-02-12 600001.SH 36000 900 - - 104000 106000 104000 106000 60000 63000000",
            "2026-02-12 600001.SH 47700 900 - - - - - - 0 -",
            "2026-02-12 300002.SZ 48600 900 - - 205000 206000 205000 206000 5000 -",
        ]
    );
    let counted = |kind| found(&import, kind).iter().map(|finding| finding.count).sum::<u64>();
    assert_eq!(counted(FindingKind::DuplicateRow), 1);
    // A price that stands for none, a high below the open, and zeros with volume.
    assert_eq!(counted(FindingKind::InconsistentPrices), 3);
    let hours = found(&import, FindingKind::NotASession);
    assert!(
        hours.iter().any(|f| f.detail.en.contains("600001.SH 2026-02-12 11:45:00")),
        "{hours:?}"
    );
    assert!(hours.iter().any(|f| f.detail.en.contains("300002.SZ 2026-02-14")), "{hours:?}");
    assert_eq!(counted(FindingKind::UnknownSymbol), 1);
    assert_eq!(counted(FindingKind::UnreadableField), 1);
}

#[test]
fn snapshots_and_ticks_become_quotes_by_a_recipe_of_the_readers_own() {
    let recipe = |span: &str| {
        let text = format!(
            "description = \"d\"\nsource = \"mine\"\nformat = \"csv\"\n[[table]]\n\
             table = \"quote\"\n[table.columns]\nsymbol = \"s\"\nsession = \"d\"\n\
             time = \"t\"\n{span}open = {{ column = \"o\", unit = \"yuan\" }}\n\
             high = {{ column = \"h\", unit = \"yuan\" }}\n\
             low = {{ column = \"l\", unit = \"yuan\" }}\n\
             last = {{ column = \"c\", unit = \"yuan\" }}\n\
             volume = {{ column = \"v\", unit = \"shares\" }}\n\
             sequence = {{ column = \"n\", unit = \"number\" }}\n"
        );
        Recipe::from_toml("mine", &text)
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.csv");
    let rows = "s,d,t,o,h,l,c,v,n\n600001.SH,20260212,93000,9,9,9,9,100,2\n\
                600001.SH,20260212,93000,8,8,8,8,100,1\n\
                600001.SH,20260212,121000,8,9,8,9,200,3\n600001.SH,20260212,90000,8,8,8,8,9,4\n";
    std::fs::write(&file, rows).unwrap();
    let of = |span: &str| {
        let import = read(&recipe(span).unwrap(), &file, &NO_DATE, &NoProgress).unwrap();
        lines(batch(&import, Table::Quote))
    };
    // A snapshot speaks of the session so far in the lunch break too, not before the session.
    let snapshots = [
        "2026-02-12 600001.SH 34200 - 1 - 80000 80000 80000 80000 100 -",
        "2026-02-12 600001.SH 34200 - 2 - 90000 90000 90000 90000 100 -",
        "2026-02-12 600001.SH 43800 - 3 - 80000 90000 80000 90000 200 -",
    ];
    assert_eq!(of(""), snapshots);
    assert_eq!(of("span = { constant = \"0\", unit = \"seconds\" }\n").len(), 2);
    for (span, reason) in [
        ("span = { constant = \"-1\", unit = \"seconds\" }\n", "not a whole number"),
        ("span = { constant = \"soon\", unit = \"seconds\" }\n", "not a whole number"),
        ("span = { constant = \"1\", unit = \"yuan\" }\n", "no unit"),
    ] {
        let error = recipe(span).unwrap_err().to_string();
        assert!(error.contains(reason), "{span}: {error}");
    }
}

#[test]
fn indices_know_their_symbol_by_column_or_by_name() {
    let star = import("index-csv", "sh000688.csv").unwrap();
    assert_eq!(
        lines(batch(&star, Table::IndexBar)),
        [
            "2026-02-11 000688.SH 15001234 15120000 14990000 15105000 12345678912",
            "2026-02-12 000688.SH 15105000 15110000 14899999 14902500 22345678900",
        ]
    );
    let chinext = import("index-baostock", "sz399006.csv").unwrap();
    let expected = ["2026-02-12 399006.SZ 30000000 30201000 29900000 30105678 500000000012"];
    assert_eq!(lines(batch(&chinext, Table::IndexBar)), expected);
    assert_eq!(
        lines(batch(&import("index-csv", "sz399006.csv").unwrap(), Table::IndexBar)),
        expected
    );
}

#[test]
fn a_list_of_code_changes_is_read() {
    let changes = import("code-change", "code_changes.csv").unwrap();
    let right = ["2025-10-09 920301.BJ 830001.BJ", "2025-10-09 920302.BJ 430002.BJ"];
    assert_eq!(lines(batch(&changes, Table::CodeChange)), right);
    // A code that stays, and a move to another board, are no changes: none is lost.
    assert_eq!(found(&changes, FindingKind::UnknownSymbol)[0].count, 2);
    assert_eq!((changes.rows_left_out, changes.rows_not_covered), (1, 3));
    assert_eq!(found(&changes, FindingKind::NotASession)[0].count, 1);
    assert_eq!(found(&changes, FindingKind::UnreadableField)[0].count, 1);
    let mapping = import("bse-mapping", "bse_mapping.csv").unwrap();
    assert_eq!(lines(batch(&mapping, Table::CodeChange)), right);
}

#[test]
fn a_list_of_industries_has_three_levels() {
    let list = import("sw-industry", "sw_members_20260528.csv").unwrap();
    let rows = industry_rows(batch(&list, Table::Industry)).unwrap();
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            let level = |(code, name): &(Option<String>, Option<String>)| {
                format!("{}={}", code.as_deref().unwrap(), name.as_deref().unwrap())
            };
            let levels: Vec<String> = row.levels.iter().map(level).collect();
            let day = |day: Option<SessionDate>| day.map_or("-".to_owned(), |day| day.to_string());
            let (since, until) = (day(row.since), day(row.until));
            format!("{} {} {} {since} {until}", row.symbol, row.observed_on, levels.join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "000002.SZ 2026-05-28 990020.SI=虚构服务 990021.SI=虚构旅游Ⅱ 990022.SI=虚构景区Ⅲ \
             2021-07-30 2024-07-01",
            "000002.SZ 2026-05-28 990010.SI=虚构制造 990013.SI=虚构电机Ⅱ 990014.SI=虚构电机Ⅲ \
             2024-07-01 2026-01-01",
            "300003.SZ 2026-05-28 990020.SI=虚构服务 990021.SI=虚构旅游Ⅱ 990022.SI=虚构景区Ⅲ \
             2022-01-05 -",
            "600001.SH 2026-05-28 990010.SI=虚构制造 990011.SI=虚构机床Ⅱ 990012.SI=虚构数控Ⅲ \
             2021-07-30 -",
        ]
    );
    // A stock without an industry is lost, and one that left before it came; a B-share is none of
    // the table's.
    assert_eq!((list.rows_left_out, list.rows_not_covered), (2, 1));
}

#[test]
fn lists_speak_of_the_date_in_their_name() {
    let list = import("security-list", "stock_basic_20260528.csv").unwrap();
    assert_eq!(
        lines(batch(&list, Table::Security)),
        [
            "000002.SZ 2026-05-28 *ST乙 1991-01-29 - - -",
            "300003.SZ 2026-05-28 丙 - - - 软件",
            "600001.SH 2026-05-28 甲股份 2001-02-03 - - 银行",
        ]
    );
    assert_eq!(found(&list, FindingKind::UnreadableField)[0].count, 1);
    let shares = import("share-list", "stock_metas_202605.csv").unwrap();
    assert_eq!(
        lines(batch(&shares, Table::ShareCapital)),
        ["600001.SH 2026-05-31 500000000 400005000", "920005.BJ 2026-05-31 50000000 25000000"]
    );
    let table = import("ths-table", "Table-20260109.txt").unwrap();
    assert_eq!(
        lines(batch(&table, Table::Security)),
        [
            "000002.SZ 2026-01-09 ST乙 - - - -",
            "600001.SH 2026-01-09 甲股份 - - - -",
            "920005.BJ 2026-01-09 庚 - - - -",
        ]
    );
}

#[test]
fn a_list_without_a_date_asks_for_one_and_takes_it() {
    let text = r#"
description = "GBK names"
source = "mine"
format = "csv"
encoding = "gbk"
[[table]]
table = "security"
[table.columns]
symbol = "ts_code"
observed_on = { from = "file-name" }
name = "name"
"#;
    let recipe = Recipe::from_toml("mine", text).unwrap();
    let path = fixture("names_gbk.csv");
    let refused = read(&recipe, &path, &NO_DATE, &NoProgress).unwrap_err();
    assert!(
        matches!(refused, SourceError::AsOfNeeded { .. })
            && refused.to_string().contains("--as-of")
    );
    let options = |day: &str| ReadOptions { as_of: Some(day.parse().unwrap()), ..NO_DATE };
    let first = read(&recipe, &path, &options("2026-05-28"), &NoProgress).unwrap();
    assert_eq!(lines(batch(&first, Table::Security)), ["600001.SH 2026-05-28 甲股份 - - - -"]);
    let second = read(&recipe, &path, &options("2026-05-29"), &NoProgress).unwrap();
    assert_eq!(first.digest, second.digest);
    assert_ne!(first.id, second.id, "another date is another import");
}

#[test]
fn margin_balances_are_exact() {
    let import = import("margin-csv", "margin.csv").unwrap();
    assert_eq!(
        lines(batch(&import, Table::Margin)),
        [
            "2026-02-11 all-a 200001234567800 1505000000000 10002500000000",
            "2026-02-12 all-a 200105000000000 - 11000000000000",
        ]
    );
}

#[test]
fn a_wrong_recipe_names_columns_and_the_recipe_that_fits() {
    let error = import("tushare-daily", "bse_daily.csv").unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, SourceError::MissingColumns { .. }), "{text}");
    assert!(text.contains("`ts_code`") && text.contains("`volume`"), "{text}");
    assert!(text.contains("for `vol` did you mean `volume`"), "{text}");
    assert!(text.contains("recipe `bse-tushare`"), "{text}");
    let unknown = Recipe::named("tushare-dayly").unwrap_err().to_string();
    assert!(unknown.contains("did you mean `tushare-daily`") && unknown.contains("`tdx-day`"));
}

/// A Tushare file whose rows all share a unit error.
fn scaled(price: f64, lots: f64, thousand_yuan: f64) -> String {
    let mut text = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n".to_owned();
    for code in 0..50 {
        let (p, v) = (price * (10.0 + f64::from(code) / 10.0), lots * 5000.0);
        let amount = thousand_yuan * (10.0 + f64::from(code) / 10.0) * 500.0;
        let line = [p, p * 1.01, p * 0.99, p, p, v, amount].map(|n| format!("{n:.4}")).join(",");
        text.push_str(&format!("600{code:03}.SH,20260212,{line}\n"));
    }
    text
}

#[test]
fn wrong_units_are_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let tried = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        read(&Recipe::named("tushare-daily").unwrap(), &path, &NO_DATE, &NoProgress)
    };
    tried("right.csv", scaled(1.0, 1.0, 1.0)).unwrap();
    for (name, text, remedy) in [
        (
            "shares.csv",
            scaled(1.0, 100.0, 1.0),
            "set the unit of `vol` to `shares` instead of `lots`",
        ),
        ("yuan.csv", scaled(1.0, 1.0, 1000.0), "set the unit of `amount` to `yuan`"),
        ("fen.csv", scaled(100.0, 1.0, 1.0), "set the unit of the prices to `fen`"),
        ("tenfold.csv", scaled(10.0, 1.0, 1.0), "10 times too high"),
    ] {
        match tried(name, text) {
            Err(SourceError::WrongUnits { remedy: said, .. }) => {
                assert!(said.en.contains(remedy), "{name}: {said:?}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn other_kinds_of_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |recipe: &str, name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        read(&Recipe::named(recipe).unwrap(), &path, &NO_DATE, &NoProgress).unwrap_err().to_string()
    };
    assert!(refusal("index-csv", "a.csv", b"\x1F\x8B\x08").contains("gzip"));
    assert!(refusal("index-csv", "b.csv", b"").contains("empty"));
    assert!(refusal("index-csv", "c.csv", b"PAR1....PAR1").contains("Parquet"));
    assert!(refusal("index-csv", "d.csv", b"\xFF\xFEd\0").contains("no column"));
    let workbook = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    assert!(refusal("index-csv", "w.xls", workbook).contains("workbook"));
    assert!(refusal("daily-bars", "e.parquet", b"symbol,date\n").contains("does not start"));
    assert!(refusal("daily-bars", "f.parquet", b"PAR1").contains("damaged"));
    assert!(
        refusal("index-csv", "sh000001.csv", b"date,open,high,low,close\n").contains("no rows")
    );
    let recipe = Recipe::named("daily-bars").unwrap();
    let folder = read(&recipe, folder.path(), &NO_DATE, &NoProgress).unwrap_err();
    assert!(folder.to_string().contains("a.csv"), "{folder}");
    let absent = read(&recipe, Path::new("no-such.parquet"), &NO_DATE, &NoProgress).unwrap_err();
    assert!(matches!(absent, SourceError::Unreadable { .. }));
}

#[test]
fn the_same_bytes_read_in_the_same_way_are_the_same_import() {
    let first = import("margin-csv", "margin.csv").unwrap();
    let second = import("margin-csv", "margin.csv").unwrap();
    assert_eq!((&first.id, &first.digest), (&second.id, &second.digest));
    assert_eq!(first.batches, second.batches);
    assert_eq!(
        first.digest,
        blake3::hash(&std::fs::read(fixture("margin.csv")).unwrap()).to_hex().to_string()
    );
    assert_ne!(first.id.0, first.digest);
}

/// Writes a session of invented stocks in the layout of the yearly Parquet files; every seventh
/// did not trade.
fn write_yearly(path: &Path, price_times: i32, volume_by: i64) {
    let codes = 0..250_i32;
    let of = |f: &dyn Fn(i32) -> i32| Int32Array::from_iter_values(codes.clone().map(f));
    let close = |code: i32| (500 + 10 * code) * price_times;
    // A day without trade repeats the last close.
    let by = |code: i32, fen: i32| if code % 7 == 0 { 0 } else { fen };
    let day: SessionDate = "2026-02-12".parse().unwrap();
    let symbols =
        StringArray::from_iter_values(codes.clone().map(|c| format!("SZ{:06}", 300_000 + c)));
    let volumes: Int64Array = codes
        .clone()
        .map(|c| (c % 7 != 0).then(|| i64::from(c + 1) * 20_000 / volume_by))
        .collect();
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("symbol", Arc::new(symbols) as Arc<dyn Array>, true),
        ("date", Arc::new(Date32Array::from(vec![day.epoch_days(); 250])), true),
        ("open_fen", Arc::new(of(&close)), true),
        ("high_fen", Arc::new(of(&|c| close(c) + by(c, 10))), true),
        ("low_fen", Arc::new(of(&|c| close(c) - by(c, 10))), true),
        ("close_fen", Arc::new(of(&close)), true),
        ("pre_close_fen", Arc::new(of(&|c| close(c) - by(c, 5))), true),
        ("volume_shares", Arc::new(volumes), true),
    ])
    .unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn yearly_parquet_is_read_and_its_units_are_seen_without_turnover() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("year.parquet");
    let recipe = Recipe::named("daily-bars").unwrap();
    let tried = |price_times, volume_by| {
        write_yearly(&path, price_times, volume_by);
        read(&recipe, &path, &NO_DATE, &NoProgress)
    };
    let import = tried(1, 1).unwrap();
    let rows = lines(batch(&import, Table::DailyBar));
    assert_eq!(rows.len(), 250);
    assert_eq!(rows[0], "2026-02-12 300000.SZ - - - - 50000 0 -", "no volume is no trade");
    assert_eq!(rows[1], "2026-02-12 300001.SZ 51000 52000 50000 51000 50500 40000 -");
    assert_eq!(found(&import, FindingKind::EstimatedTurnover)[0].count, 214);
    for (price_times, volume_by, remedy) in [(100, 1, "unit to `yuan`"), (1, 100, "in lots")] {
        match tried(price_times, volume_by) {
            Err(SourceError::WrongUnits { remedy: said, .. }) => {
                assert!(said.en.contains(remedy), "{said:?}");
            }
            other => panic!("{remedy}: {other:?}"),
        }
    }
    write_yearly(&path, 1, 1);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
    let error = read(&recipe, &path, &NO_DATE, &NoProgress).unwrap_err();
    assert!(matches!(error, SourceError::Damaged { .. }), "{error}");
}

#[test]
fn the_files_that_people_have_are_read_by_the_recipes_that_ship() {
    let spot = import("akshare-spot-em", "spot_20260212.csv").unwrap();
    assert_eq!(
        lines(batch(&spot, Table::DailyBar)),
        [
            "2026-02-12 300003.SZ - - - - 200000 0 -",
            "2026-02-12 600001.SH 100000 105000 99000 104000 100000 100000 102000000",
            "2026-02-12 688004.SH 424700 487600 424700 487600 406300 243500 1151606300",
            "2026-02-12 920005.BJ 80000 88000 80000 85000 81000 10000 8400000",
        ]
    );
    assert_eq!((spot.rows_read, spot.rows_left_out, spot.rows_not_covered), (5, 0, 1));
    assert_eq!(lines(batch(&spot, Table::Security))[1], "600001.SH 2026-02-12 XD甲股份 - - - -");
    let hist = import("akshare-hist-em", "hist_600001.csv").unwrap();
    assert_eq!(
        lines(batch(&hist, Table::DailyBar)),
        [
            "2026-02-11 600001.SH 100000 102000 99000 101000 100000 90000 90800000",
            "2026-02-12 600001.SH 51000 52500 50000 52000 50500 200000 103000000",
        ]
    );
    let baostock = import("baostock-daily", "baostock_sh.600001.csv").unwrap();
    assert_eq!(
        lines(batch(&baostock, Table::DailyBar)),
        [
            "2026-02-11 600001.SH 100000 102000 99000 101000 100000 90000 90800000",
            "2026-02-12 600001.SH - - - - 101000 0 -",
        ]
    );
    let tdx = import("tdx-text", "SH#600001.txt").unwrap();
    assert_eq!(
        lines(batch(&tdx, Table::DailyBar)),
        [
            "2026-02-11 600001.SH 100000 102000 99000 101000 - 90000 90800000",
            "2026-02-12 600001.SH 101000 105000 100000 104000 - 100000 102000000",
        ]
    );
    assert_eq!(tdx.layout.en, "GBK text, header in line 2");
    assert_eq!((tdx.rows_read, tdx.rows_left_out), (2, 0));
    let table = import("em-table", "Table_20260212.xls").unwrap();
    assert_eq!(
        lines(batch(&table, Table::DailyBar)),
        [
            "2026-02-12 000002.SZ 40000 42000 40000 42000 40000 5010000 2052050000",
            "2026-02-12 300003.SZ - - - - 200000 0 -",
            "2026-02-12 600001.SH 100000 105000 99000 104000 100000 100000 102000000",
        ]
    );
    assert_eq!(table.layout.en, "GBK text, fields separated by tabs");
    assert_eq!(found(&table, FindingKind::SuspectUnits).len(), 2, "rounded values are said");
    let snapshots = import("em-spot", "snapshots_202602.csv").unwrap();
    assert_eq!(batch(&snapshots, Table::DailyBar).num_rows(), 3);
    assert_eq!(batch(&snapshots, Table::Security).num_rows(), 3);
}

#[test]
fn a_file_finds_its_recipe() {
    for (name, recipe) in [
        ("tushare_daily_20260212.csv", "tushare-daily"),
        ("bars_15m.csv", "bars-15m"),
        ("stock_metas_202605.csv", "share-list"),
        ("margin.csv", "margin-csv"),
        ("spot_20260212.csv", "akshare-spot-em"),
        ("hist_600001.csv", "akshare-hist-em"),
        ("baostock_sh.600001.csv", "baostock-daily"),
        ("SH#600001.txt", "tdx-text"),
        ("Table_20260212.xls", "em-table"),
        ("Table-20260109.txt", "ths-table"),
        ("snapshots_202602.csv", "em-spot"),
    ] {
        let found = recognise(&fixture(name)).unwrap();
        assert_eq!(found.recipe.name(), recipe, "{name}");
        assert!(!found.columns.is_empty(), "{name}");
    }
    let folder = tempfile::tempdir().unwrap();
    let year = folder.path().join("year.parquet");
    write_yearly(&year, 1, 1);
    let found = recognise(&year).unwrap();
    assert_eq!(found.recipe.name(), "daily-bars");
    assert!(found.columns.iter().any(|column| column == "close_fen"), "{:?}", found.columns);
    let other = folder.path().join("other.csv");
    std::fs::write(&other, "weight,height\n1,2\n").unwrap();
    let error = recognise(&other).unwrap_err().to_string();
    assert!(error.contains("`weight`, `height`") && error.contains("fupan recipes"), "{error}");
    // What cannot be read as a table at all says why.
    let latin = folder.path().join("latin.csv");
    let text: Vec<u8> = "Zürich Straße Müller\n".chars().map(|c| c as u8).collect();
    std::fs::write(&latin, text).unwrap();
    let error = recognise(&latin).unwrap_err().to_string();
    assert!(error.contains("neither UTF-8 nor GBK"), "{error}");
    // Where the columns are a recipe's and the rows are not, what is wrong with them.
    let fen = folder.path().join("fen.csv");
    let header = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount";
    std::fs::write(&fen, format!("{header}\n600001.SH,20260230,10,10,10,10,10,1000,1000\n"))
        .unwrap();
    let error = recognise(&fen).unwrap_err().to_string();
    assert!(error.contains("columns match `tushare-daily`"), "{error}");
    assert!(error.contains("20260230"), "{error}");
    // Columns that any table of prices has do not say whose prices, or in which units.
    assert!(recognise(&fixture("bse_daily.csv")).is_err());
}
