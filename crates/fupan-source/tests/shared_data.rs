//! Real files beside the workspace, read in place; skipped where they are not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]
#![expect(clippy::print_stdout, reason = "a skipped test says so; rates are read by people")]

mod shared;

use std::collections::BTreeMap;
use std::time::Instant;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table};

use shared::shared;

const NO_DATE: ReadOptions = ReadOptions { as_of: None, partial: Partial::Refused };

fn tried(recipe: &str, name: &str) -> Option<Result<Import, SourceError>> {
    let path = shared(name)?;
    let begun = Instant::now();
    let result = read(&Recipe::named(recipe).unwrap(), &path, &NO_DATE, &NoProgress);
    let seconds = begun.elapsed().as_secs_f64();
    match &result {
        Ok(import) => {
            let rate = import.rows_read as f64 / seconds / 1e6;
            println!("{recipe} {name}: {} rows, {rate:.2} M rows/s", import.rows_read);
            for (table, batch) in &import.batches {
                println!("    {}: {} rows", table.name(), batch.num_rows());
            }
            for finding in &import.findings {
                println!(
                    "    {:?} {}× [{}] {}",
                    finding.kind, finding.count, finding.subject, finding.detail.en
                );
            }
        }
        Err(error) => println!("{recipe} {name}: {error}"),
    }
    Some(result)
}

fn import(recipe: &str, name: &str) -> Option<Import> {
    tried(recipe, name).map(Result::unwrap)
}

fn batch(import: &Import, table: Table) -> &RecordBatch {
    &import.batches.iter().find(|(of, _)| *of == table).unwrap().1
}

/// Closes and volumes of one symbol by day since 1970-01-01.
fn closes(batch: &RecordBatch, symbol: &str) -> BTreeMap<i32, (i32, i64)> {
    let days = batch.column(0).as_primitive::<Date32Type>();
    let symbols = batch.column(1).as_string::<i32>();
    let close = batch.column_by_name("close").unwrap().as_primitive::<Int32Type>();
    let volume = batch.column_by_name("volume").unwrap().as_primitive::<Int64Type>();
    (0..batch.num_rows())
        .filter(|row| symbols.value(*row) == symbol && close.is_valid(*row))
        .map(|row| (days.value(row), (close.value(row), volume.value(row))))
        .collect()
}

#[test]
fn daily_bars_of_a_year() {
    let Some(import) = import("daily-bars", "daily_bars/stock_daily_2026.parquet") else { return };
    assert_eq!(import.rows_read, 414_934);
    assert_eq!(batch(&import, Table::DailyBar).num_rows(), 414_934);
    let days = batch(&import, Table::DailyBar).column(0).as_primitive::<Date32Type>();
    assert!(days.values().is_sorted());
}

#[test]
fn three_sources_agree_on_closes() {
    let Some(yearly) = import("daily-bars", "daily_bars/stock_daily_2026.parquet") else { return };
    let Some(qlib) = import("qlib-bin", "fixtures/qlib_bin_fixture") else { return };
    let Some(tdx) = import("tdx-day", "fixtures/tdx_fixtures/tdx-chronos") else { return };
    let yearly = batch(&yearly, Table::DailyBar);
    for symbol in ["600519.SH", "300750.SZ", "000001.SZ"] {
        let expected = closes(yearly, symbol);
        for (source, table) in [("qlib", &qlib), ("tdx", &tdx)] {
            let found = closes(batch(table, Table::DailyBar), symbol);
            let mut compared = 0;
            for (day, (close, volume)) in &expected {
                let Some((other, shares)) = found.get(day) else { continue };
                assert_eq!(other, close, "{source} {symbol} {day}");
                // A volume in a 32-bit float has seven digits.
                assert!(
                    (shares - volume).abs() <= volume / 1_000_000 + 1,
                    "{source} {symbol} {day}: {shares} {volume}"
                );
                compared += 1;
            }
            assert!(compared >= 40, "{source} {symbol}: {compared} sessions in common");
        }
    }
    let index = batch(&qlib, Table::IndexBar);
    assert!(index.num_rows() > 7_000);
}

#[test]
fn every_recipe_reads_its_file() {
    for (recipe, name, rows, least) in [
        ("bse-tushare", "bse_daily/bse_daily_tushare.parquet", 318_163, 230_000),
        ("tushare-daily", "tushare_20260415/daily.parquet", 5_484, 16_400),
        ("index-parquet", "index_daily/index_daily_major.parquet", 92_588, 92_000),
        ("index-csv", "index_daily/sh000688.csv", 1_537, 1_530),
        ("index-csv", "index_daily/sh000680.csv", 1_535, 1_530),
        ("index-baostock", "index_daily/baostock/sh000001.csv", 8_694, 5_000),
        ("star50-csv", "index_daily/star50_to_202606.csv", 1_571, 1_560),
        ("security-list", "securities/stock_basic_20260528.parquet", 5_524, 5_524),
        ("security-list", "tushare_20260415/stock_basic.csv", 5_448, 5_448),
        ("share-list", "securities/stock_metas_202605.parquet", 5_512, 11_000),
        ("ths-table", "ths_202601/Table-20260109.txt", 5_000, 5_000),
        ("ths-table", "ths_202601/Table-20260108.txt", 5_000, 5_000),
        ("margin-csv", "margin/margin.csv", 3_373, 3_300),
        ("bars-15m", "bars_15m/bars15m_selected_sessions.parquet", 527_376, 527_376),
    ] {
        let Some(path) = shared(name) else { return };
        let as_of = Some("2026-04-15".parse().unwrap());
        let options = if name.ends_with("stock_basic.csv") {
            ReadOptions { as_of, partial: Partial::Refused }
        } else {
            NO_DATE
        };
        let recipe = Recipe::named(recipe).unwrap();
        let begun = Instant::now();
        let import = read(&recipe, &path, &options, &NoProgress).unwrap();
        let rate = import.rows_read as f64 / begun.elapsed().as_secs_f64() / 1e6;
        println!("{} {name}: {} rows, {rate:.2} M rows/s", recipe.name(), import.rows_read);
        for finding in &import.findings {
            println!(
                "    {:?} {}× [{}] {}",
                finding.kind, finding.count, finding.subject, finding.detail.en
            );
        }
        let kept: usize = import.batches.iter().map(|(_, batch)| batch.num_rows()).sum();
        assert!(import.rows_read >= rows, "{name}: {} rows read", import.rows_read);
        assert!(kept >= least, "{name}: {kept} rows kept");
    }
}

#[test]
fn tdx_index_and_board_files() {
    let Some(import) =
        import("tdx-day", "fixtures/tdx_fixtures/mootdx/vipdoc/sh/lday/sh000001.day")
    else {
        return;
    };
    assert_eq!(import.batches.len(), 1);
    assert!(batch(&import, Table::IndexBar).num_rows() > 5_000);
    // A vendor's board has no symbol of an exchange.
    let board =
        tried("tdx-day", "fixtures/tdx_fixtures/mootdx/vipdoc/sh/lday/sh881478.day").unwrap();
    assert!(matches!(board, Err(SourceError::Nothing { .. })));
    // This file holds an index under a stock's code: its volume and turnover contradict its prices.
    let copied =
        tried("tdx-day", "fixtures/tdx_fixtures/mootdx/vipdoc/sh/lday/sh688001.day").unwrap();
    assert!(matches!(copied, Err(SourceError::WrongUnits { .. })));
}

#[test]
fn a_truncated_or_changed_parquet_is_refused_or_read_but_never_a_panic() {
    let Some(path) = shared("tushare_20260415/daily.parquet") else { return };
    let bytes = std::fs::read(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe::named("tushare-daily").unwrap();
    let file = folder.path().join("cut.parquet");
    for keep in [4, 100, bytes.len() / 2, bytes.len() - 9, bytes.len() - 1] {
        std::fs::write(&file, &bytes[..keep]).unwrap();
        let error = read(&recipe, &file, &NO_DATE, &NoProgress).unwrap_err();
        assert!(matches!(error, SourceError::Damaged { .. }), "{error}");
    }
    for at in (4..bytes.len()).step_by(bytes.len() / 150) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        std::fs::write(&file, &changed).unwrap();
        let _ = read(&recipe, &file, &NO_DATE, &NoProgress);
    }
}
