//! Times appending and reading on a made-up market: `cargo run -p fupan-store --example
//! measure_store [FOLDER]`. Fourteen years, 3,500 stocks: about 11.9 million daily bars.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement that people read")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use fupan_market::{Calendar, SessionDate, Wording};
use fupan_store::{SourceChoice, Store, Thoroughness};
use fupan_table::{Import, ImportId, Table};

const STOCKS: usize = 3500;

fn year(sessions: &[SessionDate], symbols: &[String]) -> RecordBatch {
    let rows = sessions.len() * symbols.len();
    // Security by security, as many publishers have it.
    let who = |row: usize| row / sessions.len();
    let day = |row: usize| sessions[row % sessions.len()].epoch_days();
    let mix = |row: usize| (who(row) as i64 * 7919 + i64::from(day(row)) * 104_729) % 9973;
    let price = |step: i32| -> ArrayRef {
        Arc::new(Int32Array::from_iter_values((0..rows).map(|row| {
            100 * (1000 + (who(row) as i32 % 400) * 10 + (mix(row) % 97) as i32 + step)
        })))
    };
    let session = Date32Array::from_iter_values((0..rows).map(day));
    let symbol = StringArray::from_iter_values((0..rows).map(|row| symbols[who(row)].as_str()));
    let volume = Int64Array::from_iter_values((0..rows).map(|row| 100 * mix(row) * 131));
    let turnover = Int64Array::new_null(rows);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(session),
        Arc::new(symbol),
        price(2),
        price(9),
        price(0),
        price(5),
        price(3),
        Arc::new(volume),
        Arc::new(turnover),
    ];
    RecordBatch::try_new(Table::DailyBar.schema(), columns).unwrap()
}

fn main() {
    let folder = std::env::args_os().nth(1).map_or_else(|| "store-measured".into(), PathBuf::from);
    let store = Store::open_or_create(&folder).unwrap();
    let symbols: Vec<String> = (0..STOCKS)
        .map(|n| if n < 1750 { format!("{:06}.SH", 600_000 + n) } else { format!("{n:06}.SZ") })
        .collect();
    let (mut rows, mut seconds) = (0_u64, 0.0);
    for number in 2012..2026 {
        let first = SessionDate::new(number, 1, 1).unwrap();
        let last = SessionDate::new(number, 12, 31).unwrap();
        let batch = year(Calendar::builtin().between(first, last), &symbols);
        let import = Import {
            id: ImportId(format!("made-{number}")),
            source: "made".to_owned(),
            recipe: "made".to_owned(),
            file: format!("{number}.parquet"),
            digest: format!("{number}"),
            rows_read: batch.num_rows() as u64,
            rows_left_out: 0,
            lost: Vec::new(),
            rows_not_covered: 0,
            layout: Wording::none(),
            batches: vec![(Table::DailyBar, batch)],
            findings: Vec::new(),
        };
        let start = Instant::now();
        store.append(&import).unwrap();
        seconds += start.elapsed().as_secs_f64();
        rows += import.rows_read;
    }
    println!("append: {rows} rows in {seconds:.2} s, {:.2} M rows/s", rows as f64 / seconds / 1e6);
    for _ in 0..5 {
        let start = Instant::now();
        let store = Store::open(&folder).unwrap();
        let session = store.sessions().unwrap().unwrap().1;
        let loaded = store.history(session, 259, &SourceChoice::Best).unwrap();
        let bars: usize = loaded.history.securities.iter().map(|s| s.bars.len()).sum();
        println!("open + history: {bars} bars in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    }
    let start = Instant::now();
    store.sql("SELECT count(*), sum(volume) FROM daily_bar WHERE session = '2025-12-31'").unwrap();
    println!("sql, one session: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    store.doctor(Thoroughness::Bytes, "made up").unwrap();
    println!("doctor: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
}
