//! The fold of a table's history against slow arithmetic on rational numbers.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod reference;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch};
use arrow::compute::{concat_batches, nullif};
use arrow::datatypes::DataType;
use fupan_bench::generate::{self, Columns, Layout, Plan};
use fupan_bench::{history, outcome};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{WriterProperties, WriterVersion};
use reference::Bar;

const PLAN: Plan = Plan { securities: 60, years: 2, seed: 7 };

/// A small market with more ex-rights days, ties and suspensions than the generator's own.
fn market() -> Vec<Vec<Bar>> {
    let dates = generate::sessions(PLAN.years);
    let climate = vec![400; dates.len()];
    (0..PLAN.securities)
        .map(|index| {
            let columns = generate::security(PLAN, index, &dates, &climate);
            let mut bars = Bar::rows(&columns);
            provoke(index, &mut bars);
            bars
        })
        .collect()
}

/// Adds what random days seldom show.
fn provoke(index: u32, bars: &mut [Bar]) {
    match index % 6 {
        // Closes that come back to each other, so that highs, lows and averages are ties, also
        // across ex-rights days that divide evenly, and others that do not.
        0 => walk(
            bars,
            |day| [1000, 1010, 1000, 990][day % 4],
            |day| (day % 90 == 89).then_some((1, if day % 4 == 3 { 2 } else { 3 })),
        ),
        // A price that never moves, but for its levels: every average is a tie.
        1 => walk(bars, |_| 1200, |day| (day % 70 == 69).then_some((3, 4))),
        // One tick from the floor of prices, where limits are ticks apart.
        2 => walk(bars, |day| [3, 4, 5, 4, 3, 2, 1, 2][day % 8], |_| None),
        // Limit-ups held through suspensions.
        3 => {
            let mut last = bars[0].pre_close;
            for (day, bar) in bars.iter_mut().enumerate() {
                bar.volume = if day % 5 == 2 { 0 } else { 100 };
                bar.pre_close = last;
                let up = reference::limits(bar.board, last).0;
                let sealed = day % 13 < 6 && up < 3_000;
                let fallen = (last * 7 / 8).max(1);
                bar.close = if sealed { up } else { fallen };
                bar.high = if day % 3 == 0 { up } else { bar.close.max(last) };
                if bar.volume > 0 {
                    last = bar.close;
                } else {
                    bar.close = last;
                }
            }
        }
        // A peak that later closes do not reach: they are new highs from the very session on in
        // which it leaves the window.
        4 => {
            bars.iter_mut().for_each(|bar| bar.volume = 100);
            walk(bars, |day| if day == 30 { 5_000 } else { 1_000 + day as i32 }, |_| None);
        }
        _ => {}
    }
}

/// Lets closes follow a shape, with ex-rights steps `numerator / denominator` of the last close.
fn walk(
    bars: &mut [Bar],
    shape: impl Fn(usize) -> i32,
    step: impl Fn(usize) -> Option<(i32, i32)>,
) {
    let (mut last, mut level) = (shape(0), (1_i64, 1_i64));
    for (day, bar) in bars.iter_mut().filter(|bar| bar.volume > 0).enumerate() {
        bar.pre_close = last;
        if let Some((numerator, denominator)) = step(day) {
            let prev = (last * numerator / denominator).max(1);
            level = (level.0 * i64::from(prev), level.1 * i64::from(last));
            // Back to the first level before prices vanish.
            if level.1 / level.0 > 20 {
                level = (1, 1);
            }
            bar.pre_close = prev;
        }
        let close = i64::from(shape(day)) * level.0 / level.1;
        bar.close = (close as i32).max(1);
        bar.high = bar.close.max(bar.pre_close);
        last = bar.close;
    }
}

fn batch(market: &[Vec<Bar>]) -> RecordBatch {
    let mut columns = Columns::default();
    market.iter().flatten().for_each(|bar| bar.push(&mut columns));
    columns.batch().unwrap()
}

fn write(path: &Path, batch: &RecordBatch, properties: WriterProperties) {
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn rows_at_most(rows: usize) -> WriterProperties {
    WriterProperties::builder().set_max_row_group_row_count(Some(rows)).build()
}

#[test]
fn every_figure_is_that_of_rational_arithmetic() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.parquet");
    let market = market();
    write(&file, &batch(&market), rows_at_most(10_000));
    let ours = history::run(&file, None).unwrap().sessions;
    let expected = reference::sessions(&market);
    let difference = outcome::compare(&ours, &expected).unwrap();
    assert_eq!(difference.wrong, Vec::<String>::new());
    assert!(difference.largest < 1e-12, "{}", difference.largest);
    assert_eq!(difference.cells, ours.num_rows() * ours.num_columns());
    // What the market was made for is in it.
    for (column, least) in [
        ("limit_downs", 100),
        ("broken", 300),
        ("max_streak", 5),
        ("streak_3_up", 100),
        ("new_high_250", 100),
        ("new_low_250", 15),
        ("unchanged", 2000),
        ("above_ma200", 1000),
    ] {
        let counts = ours.column_by_name(column).unwrap();
        let counts = counts.as_any().downcast_ref::<Int32Array>().unwrap();
        let found: i32 = match column {
            "max_streak" => counts.values().iter().copied().max().unwrap(),
            _ => counts.values().iter().sum(),
        };
        assert!(found >= least, "{column}: {found}");
    }
}

#[test]
fn the_smallest_and_the_most_traded_of_a_wide_session_are_told_apart() {
    let plan = Plan { securities: 700, years: 1, seed: 11 };
    let dates = generate::sessions(plan.years);
    let climate = vec![0; dates.len()];
    let market: Vec<Vec<Bar>> = (0..plan.securities)
        .map(|index| {
            let columns = generate::security(plan, index, &dates, &climate);
            let mut bars = Bar::rows(&columns);
            bars.retain(|bar| bar.date >= dates[dates.len() - 6]);
            for bar in bars.iter_mut().filter(|_| index % 3 != 0) {
                // Market values that are equal for many, around the four hundredth.
                bar.pre_close = [500, 1_000][index as usize % 2];
                bar.close = bar.pre_close + index as i32 % 40 - 20;
                bar.high = bar.close;
                bar.float_shares = 1_000_000_000 / i64::from(bar.pre_close);
            }
            bars
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.parquet");
    write(&file, &batch(&market), rows_at_most(1_000));
    let ours = history::run(&file, None).unwrap().sessions;
    let difference = outcome::compare(&ours, &reference::sessions(&market)).unwrap();
    assert_eq!(difference.wrong, Vec::<String>::new());
    assert_eq!(difference.cells, 6 * ours.num_columns());
}

#[test]
fn the_file_s_layout_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.parquet");
    let batch = batch(&market());
    write(&file, &batch, rows_at_most(usize::MAX >> 1));
    let expected = outcome::digest(&history::run(&file, None).unwrap().sessions).unwrap();
    for codec in ["zstd", "snappy", "lz4", "none"] {
        for (rows, dictionary) in [(1, true), (97, true), (5_000, false)] {
            if rows == 1 && codec != "none" {
                continue;
            }
            for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
                let properties = WriterProperties::builder()
                    .set_compression(Layout::codec(codec).unwrap())
                    .set_max_row_group_row_count(Some(rows))
                    .set_data_page_row_count_limit(61)
                    .set_write_batch_size(17)
                    .set_dictionary_enabled(dictionary)
                    .set_writer_version(version)
                    .build();
                let few = batch.slice(0, if rows == 1 { 1_500 } else { batch.num_rows() });
                write(&file, &few, properties);
                let found = history::run(&file, None).unwrap().sessions;
                if rows > 1 {
                    let digest = outcome::digest(&found).unwrap();
                    assert_eq!(digest, expected, "{codec} {rows} {version:?}");
                }
            }
        }
    }
}

#[test]
fn rows_that_did_not_trade_may_be_null() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.parquet");
    let batch = batch(&market());
    write(&file, &batch, rows_at_most(5_000));
    let expected = outcome::digest(&history::run(&file, None).unwrap().sessions).unwrap();
    let volume = batch.column_by_name("volume").unwrap().as_any();
    let volume = volume.downcast_ref::<Int64Array>().unwrap();
    let untraded = arrow::array::BooleanArray::from_unary(volume, |volume| volume == 0);
    assert!(untraded.true_count() > 1_000);
    let columns = batch.columns().iter().enumerate().map(|(place, column)| {
        if place < 3 { Arc::clone(column) } else { nullif(column, &untraded).unwrap() }
    });
    let nulled = RecordBatch::try_new(batch.schema(), columns.collect()).unwrap();
    for rows in [777, 100_000] {
        write(&file, &nulled, rows_at_most(rows));
        let found = outcome::digest(&history::run(&file, None).unwrap().sessions).unwrap();
        assert_eq!(found, expected);
    }
}

/// What a run says of a table with one column put in another's place.
fn refusal(column: &str, values: Option<ArrayRef>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.parquet");
    let batch = batch(&market()[4..6]);
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).filter_map(|(field, old)| {
        let new = if field.name() == column { values.clone()? } else { Arc::clone(old) };
        Some((field.name().clone(), new.slice(0, 100), true))
    });
    let columns: Vec<_> = columns.collect();
    let changed = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    write(&file, &changed, rows_at_most(64));
    match history::run(&file, None) {
        Ok(_) => panic!("a table with another `{column}` was taken"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn wrong_shapes_are_refused_with_what_is_expected() {
    let ints = |value: i32| -> ArrayRef { Arc::new(Int32Array::from(vec![value; 100])) };
    let longs = |value: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![value; 100])) };
    let floats = |value: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![value; 100])) };
    let dates = arrow::compute::cast(&ints(9_000), &DataType::Date32).unwrap();
    for (column, values, said) in [
        ("low", None, "no column `low`"),
        ("close", Some(floats(10.0)), "column `close` is DOUBLE; it must be i32"),
        ("volume", Some(ints(1)), "column `volume` is INT32; it must be i64"),
        ("date", Some(dates), "column `date` is INT32 (Date); it must be i32"),
        ("date", Some(ints(20_261_301)), "date 20261301"),
        ("date", Some(ints(20_260_105)), "dates of a security do not rise"),
        ("board", Some(ints(3)), "a board that is none of 0, 1 and 2"),
        ("close", Some(ints(0)), "close 0"),
        ("pre_close", Some(ints(-5)), "pre_close -5"),
        ("high", Some(ints(i32::MAX)), "high 2147483647"),
        ("high", Some(ints(1 << 24)), "high 16777216"),
        ("close", Some(ints(0x00ff_ffff)), "close 16777215"),
        ("amount", Some(floats(f64::NAN)), "an amount that is null"),
        ("amount", Some(floats(1e300)), "an amount that is null"),
        ("float_shares", Some(longs(-1)), "float_shares -1"),
        ("float_shares", Some(longs(i64::MAX)), "float_shares 9223372036854775807"),
    ] {
        let told = refusal(column, values);
        assert!(told.contains(said), "{column}: {told}");
    }
    let falling = Int32Array::from_iter_values((0..100).rev());
    assert!(refusal("code", Some(Arc::new(falling))).contains("not sorted by code"));
}

#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bars.parquet");
    write(&file, &batch(&market()[..2]), rows_at_most(300));
    let whole = std::fs::read(&file).unwrap();
    // Wherever bytes are lost or changed, a run ends, and never in a panic.
    for cut in [0, 4, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&file, &whole[..cut]).unwrap();
        assert!(history::run(&file, None).is_err(), "cut at {cut}");
    }
    for place in (0..whole.len()).step_by(97) {
        let mut changed = whole.clone();
        changed[place] ^= 0x55;
        std::fs::write(&file, &changed).unwrap();
        let _ = history::run(&file, None);
    }
}

#[test]
fn comparing_finds_a_wrong_count_and_a_wrong_figure() {
    let expected = reference::sessions(&market()[..12]);
    let one = |column: &str, cell: ArrayRef| {
        let row = expected.slice(300, 1);
        let schema = row.schema();
        let columns = schema.fields().iter().zip(row.columns()).map(|(field, old)| {
            let new = if field.name() == column { Arc::clone(&cell) } else { Arc::clone(old) };
            (field.name().clone(), new, true)
        });
        let changed: Vec<_> = columns.collect();
        outcome::compare(&row, &RecordBatch::try_from_iter_with_nullable(changed).unwrap())
            .unwrap()
            .wrong
            .len()
    };
    let hhi = expected.column_by_name("hhi").unwrap().as_any();
    let hhi = hhi.downcast_ref::<Float64Array>().unwrap().value(300);
    assert_eq!(one("hhi", Arc::new(Float64Array::from(vec![hhi * (1.0 + 1e-10)]))), 0);
    assert_eq!(one("hhi", Arc::new(Float64Array::from(vec![hhi * (1.0 + 3e-9)]))), 1);
    assert_eq!(one("hhi", Arc::new(Float64Array::from(vec![None]))), 1);
    assert_eq!(one("advances", Arc::new(Int32Array::from(vec![-1]))), 1);
    let schema = expected.schema();
    let twice = concat_batches(&schema, [&expected, &expected]).unwrap();
    assert!(outcome::compare(&expected, &twice).is_err());
}
