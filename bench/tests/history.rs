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

/// Three measures of two sessions; one figure is unknown.
fn figures(path: &Path) -> Figures {
    let texts = |texts: [&str; 6]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let values = [Some(7), Some(8), Some(500_000_001), None, Some(2), Some(3)];
    let parameters = [None, None, None, None, Some("2"), Some("2")];
    let count = "securities";
    write(
        path,
        vec![
            ("session", Arc::new(Date32Array::from(vec![10, 11, 10, 11, 10, 11]))),
            ("measure", texts(["advances", "advances", "median", "median", "ladder", "ladder"])),
            ("parameter", Arc::new(StringArray::from(parameters.to_vec()))),
            ("unit", texts([count, count, "ppb", "ppb", count, count])),
            ("value", Arc::new(Int64Array::from(values.to_vec()))),
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
    let write_peer = |advances: [i64; 2], medians: [f64; 2]| {
        write(
            &peer,
            vec![
                ("date", Arc::new(Date32Array::from(vec![10, 11]))),
                ("advances", Arc::new(Int64Array::from(advances.to_vec()))),
                ("median", Arc::new(Float64Array::from(medians.to_vec()))),
                ("ladder:2", Arc::new(Int64Array::from(vec![Some(2), None]))),
            ],
        );
        ours.compare(&peer).unwrap()
    };
    let alike = write_peer([7, 8], [0.500_000_000_6, 0.1]);
    assert_eq!((alike.cells, alike.alone, alike.wrong), (4, [1, 1], vec![]));
    let other = write_peer([7, 9], [0.500_000_000_4, 0.1]);
    assert_eq!(
        other.wrong,
        ["advances 1970-01-12: 8, not 9", "median 1970-01-11: 500000001, not 0.5000000004"]
    );
    write(
        &peer,
        vec![
            ("date", Arc::new(Date32Array::from(vec![10]))),
            ("advances", new_null_array(&DataType::Int64, 1)),
        ],
    );
    assert!(ours.compare(&peer).is_err(), "nothing in common is no agreement");
}
