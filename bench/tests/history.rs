//! The history benchmark's files and its comparison with peers.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use arrow::datatypes::DataType;
use fupan_bench::history::{Figures, generate};
use fupan_sim::MarketPlan;
use parquet::arrow::ArrowWriter;
use parquet::file::reader::{FileReader, SerializedFileReader};

fn rows(path: &Path) -> usize {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    reader.metadata().file_metadata().num_rows() as usize
}

#[test]
fn a_generated_history_is_cut_by_year_and_before_its_last_session() {
    let folder = tempfile::tempdir().unwrap();
    let plan = MarketPlan {
        securities: 60,
        sessions: 250,
        last_session: "2025-03-31".parse().unwrap(),
        ..MarketPlan::default()
    };
    let history = generate::write(&plan, folder.path()).unwrap();
    let names: Vec<String> = history
        .years
        .files
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["bars-2024.parquet", "bars-2025.parquet"]);
    assert_eq!(history.sessions, 249);
    assert_eq!(history.years.files.iter().map(|path| rows(path)).sum::<usize>(), history.rows);
    let recipes: Vec<String> = history
        .last_day
        .iter()
        .map(|day| day.recipe.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(recipes, ["bars", "indices", "names", "shares"]);
    let last = rows(&history.last_day[0].files[0]);
    assert!((50..=61).contains(&last), "{last} rows of the last session");
}

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// Measures of two sessions, day 10 and day 11; one figure is unknown.
fn figures(path: &Path) -> Figures {
    let rows = [
        (10, "advances", None, "securities", Some(7)),
        (11, "advances", None, "securities", Some(8)),
        (10, "median", None, "ppb", Some(500_000_001)),
        (11, "median", None, "ppb", None),
        (10, "ladder", Some("2"), "securities", Some(2)),
        (11, "ladder", Some("2"), "securities", Some(3)),
        (10, "above_ma20", None, "share", Some(40)),
    ];
    write(
        path,
        vec![
            ("session", Arc::new(Date32Array::from_iter_values(rows.map(|row| row.0)))),
            ("measure", Arc::new(StringArray::from_iter_values(rows.map(|row| row.1)))),
            ("parameter", Arc::new(StringArray::from_iter(rows.map(|row| row.2)))),
            ("unit", Arc::new(StringArray::from_iter_values(rows.map(|row| row.3)))),
            ("value", Arc::new(Int64Array::from_iter(rows.map(|row| row.4)))),
        ],
    );
    Figures::read(path).unwrap()
}

#[test]
fn cells_that_both_have_are_compared_to_the_step_that_they_are_rounded_to() {
    let folder = tempfile::tempdir().unwrap();
    let ours = figures(&folder.path().join("ours.parquet"));
    assert_eq!(ours.sessions("advances"), 2);
    let peer = folder.path().join("peer.parquet");
    let with_peer = |advances: [i64; 2], medians: [f64; 2], above: i64| {
        write(
            &peer,
            vec![
                ("date", Arc::new(Date32Array::from(vec![10, 11]))),
                ("advances", Arc::new(Int64Array::from(advances.to_vec()))),
                ("median", Arc::new(Float64Array::from(medians.to_vec()))),
                ("ladder:2", Arc::new(Int64Array::from(vec![Some(2), None]))),
                ("above_ma20", Arc::new(Int64Array::from(vec![Some(above), None]))),
            ],
        );
        ours.compare(&peer).unwrap()
    };
    let alike = with_peer([7, 8], [0.500_000_000_1, 0.1], 40);
    assert_eq!((alike.cells, alike.alone, alike.ties, alike.wrong), (5, [1, 1], 0, vec![]));
    let other = with_peer([7, 9], [0.499_999_999_9, 0.1], 42);
    assert_eq!(
        other.wrong,
        [
            "advances 1970-01-12: 8, not 9",
            "median 1970-01-11: 500000001, not 0.4999999999",
            "above_ma20 1970-01-11: 40, not 42",
        ]
    );
    // A price that equals an average falls on either side.
    let tie = with_peer([7, 8], [0.500_000_000_1, 0.1], 39);
    assert_eq!((tie.ties, tie.wrong), (1, vec![]));
    write(
        &peer,
        vec![
            ("date", Arc::new(Date32Array::from(vec![10]))),
            ("advances", new_null_array(&DataType::Int64, 1)),
        ],
    );
    assert!(ours.compare(&peer).is_err(), "nothing in common is no agreement");
}
