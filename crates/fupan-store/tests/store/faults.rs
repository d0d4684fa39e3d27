//! Folders that are no stores, newer stores, damage, and places that cannot be written.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Int32Type, Int64Type};
use fupan_market::TurnoverBasis;
use fupan_store::{Appended, SourceChoice, Store, StoreError, Thoroughness};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::made;

fn import(file: &str) -> fupan_table::Import {
    let sessions = made::sessions("2026-01-05", "2026-02-12");
    made::bars("made", file, &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1)
}

#[test]
fn a_folder_without_a_store_is_refused_with_a_hint() {
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path().to_path_buf(), dir.path().join("absent")] {
        let error = Store::open(&path).unwrap_err();
        assert!(matches!(error, StoreError::NotAStore(_)), "{error:?}");
        assert!(error.to_string().contains("fupan import"), "{error}");
        assert!(!error.is_usage(), "the data is missing; the request may be right");
    }
}

#[test]
fn a_newer_store_names_the_version_it_needs() {
    let dir = tempfile::tempdir().unwrap();
    let marker = dir.path().join("fupan-store.json");
    fs::write(&marker, r#"{"format": 9, "needs_fupan": "7.1.0"}"#).unwrap();
    for error in
        [Store::open(dir.path()).unwrap_err(), Store::open_or_create(dir.path()).unwrap_err()]
    {
        assert!(matches!(error, StoreError::NewerStore { found: 9, .. }), "{error:?}");
        assert!(error.to_string().contains("7.1.0"), "{error}");
    }
    fs::write(&marker, "{").unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
}

#[test]
fn damage_is_named_by_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    store.append(&import("one")).unwrap();
    let day = made::date("2026-02-12");
    let table = store.dir().join("tables/daily_bar");
    let stray = table.join("stray.parquet");
    fs::write(&stray, "x").unwrap();
    let report = store.doctor(Thoroughness::Bytes, "made up").unwrap();
    assert_eq!((report.is_sound(), report.orphans), (true, vec![stray.clone()]));
    fs::remove_file(&stray).unwrap();
    let part = made::file_of(&store, "daily_bar");
    let whole = fs::read(&part).unwrap();
    fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    let name = part.file_name().unwrap().to_str().unwrap();
    let error = store.history(day, 5, &SourceChoice::Best).unwrap_err();
    assert!(error.to_string().contains(name), "{error}");
    assert_eq!(
        store.doctor(Thoroughness::Bytes, "made up").unwrap().damaged.as_slice(),
        std::slice::from_ref(&part)
    );
    fs::remove_file(&part).unwrap();
    let error = store.history(day, 5, &SourceChoice::Best).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
}

/// A row that another program has spoilt is not read as a day without trade.
#[test]
fn a_stored_row_that_its_table_does_not_allow_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    store.append(&import("one")).unwrap();
    let part = made::file_of(&store, "daily_bar");
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&part).unwrap()).unwrap();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let whole = concat_batches(batches[0].schema_ref(), &batches).unwrap();
    let negative = |column: &ArrayRef| -> ArrayRef {
        match column.as_primitive_opt::<Int64Type>() {
            Some(numbers) => Arc::new(numbers.unary::<_, Int64Type>(|number| -number)),
            None => Arc::new(column.as_primitive::<Int32Type>().unary::<_, Int32Type>(|n| -n)),
        }
    };
    for name in ["volume", "open", "close", "prev_close"] {
        let mut columns = whole.columns().to_vec();
        let place = whole.schema_ref().index_of(name).unwrap();
        columns[place] = negative(&columns[place]);
        let spoilt = RecordBatch::try_new(whole.schema(), columns).unwrap();
        let file = fs::File::create(&part).unwrap();
        let mut writer = ArrowWriter::try_new(file, whole.schema(), None).unwrap();
        writer.write(&spoilt).unwrap();
        writer.close().unwrap();
        let error = store.history(made::date("2026-02-12"), 5, &SourceChoice::Best).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        let said = error.to_string();
        assert!(said.contains(&format!("column `{name}` holds -")), "{said}");
        assert!(said.contains(part.file_name().unwrap().to_str().unwrap()), "{said}");
    }
}

#[test]
fn a_path_through_a_file_is_an_error_with_the_path() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = Store::open_or_create(&file.join("store")).unwrap_err();
    assert!(error.to_string().contains("store"), "{error}");
    let store = Store::open_or_create(&dir.path().join("store")).unwrap();
    fs::write(store.dir().join("tables"), "in the way").unwrap();
    let error = store.append(&import("one")).unwrap_err();
    assert!(error.to_string().contains("tables"), "{error}");
    fs::remove_file(store.dir().join("tables")).unwrap();
    assert!(matches!(store.append(&import("one")).unwrap(), Appended::Added { .. }));
}

#[test]
fn rows_without_meaning_are_refused_and_nothing_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    let good = import("one");
    let (table, batch) = good.batches[0].clone();
    let with = |name: &str, column: arrow::array::ArrayRef| {
        let mut columns = batch.columns().to_vec();
        columns[batch.schema().index_of(name).unwrap()] = column;
        let batch = arrow::array::RecordBatch::try_new(batch.schema(), columns).unwrap();
        fupan_table::Import { batches: vec![(table, batch)], ..good.clone() }
    };
    let rows = batch.num_rows();
    let symbols = arrow::array::StringArray::from(vec!["600519"; rows]);
    let volumes = arrow::array::Int64Array::from(vec![-1; rows]);
    let prices = arrow::array::Int32Array::new_null(rows);
    let absurd = arrow::array::Int64Array::from(vec![1_000_000_000_001; rows]);
    let dear = arrow::array::Int64Array::from(vec![100_000_000_000_001; rows]);
    let together = arrow::array::Int64Array::from(vec![90_000_000_000_000; rows]);
    let estimated = with("turnover", std::sync::Arc::new(arrow::array::Int64Array::new_null(rows)));
    let heavy = std::sync::Arc::new(arrow::array::Int64Array::from(vec![900_000_000_000; rows]));
    let mut columns = estimated.batches[0].1.columns().to_vec();
    columns[batch.schema().index_of("volume").unwrap()] = heavy;
    let heavy = arrow::array::RecordBatch::try_new(batch.schema(), columns).unwrap();
    let heavy = fupan_table::Import { batches: vec![(table, heavy)], ..good.clone() };
    for (import, said) in [
        (with("symbol", std::sync::Arc::new(symbols)), "symbol"),
        (with("volume", std::sync::Arc::new(volumes)), "negative"),
        (with("high", std::sync::Arc::new(prices)), "no `high`"),
        (with("volume", std::sync::Arc::new(absurd)), "row 0 (600519.SH on 2026-01-05)"),
        (with("turnover", std::sync::Arc::new(dear)), "a turnover of 1000000000000 yuan"),
        (heavy, "units are wrong"),
    ] {
        let error = store.append(&import).unwrap_err();
        assert!(matches!(error, StoreError::Rows { .. }), "{error:?}");
        assert!(error.to_string().contains(said), "{error}");
    }
    let many = with("turnover", std::sync::Arc::new(together));
    assert!(store.append(&many).is_ok(), "six securities stay within a session's bound");
    let id = many.id.clone();
    store.drop_imports(&[id]).unwrap();
    assert!(store.imports().unwrap().is_empty());
    assert!(matches!(store.append(&good).unwrap(), Appended::Added { .. }));
}

/// A small file system of its own, where the system lets this user mount one.
struct Mount(std::path::PathBuf);

impl Mount {
    fn new(path: &Path, options: &str) -> Option<Mount> {
        fs::create_dir_all(path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(path)
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: mounting is not allowed here");
        }
        mounted.then(|| Mount(path.to_path_buf()))
    }

    fn remount(&self, options: &str) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,{options}")])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(status.success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_loses_nothing_and_the_import_can_be_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::new(&dir.path().join("small"), "size=400k") else { return };
    let store = Store::open_or_create(&mount.0.join("store")).unwrap();
    let mut kept = 0;
    let error = loop {
        match store.append(&import(&format!("{kept}"))) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
    assert!(kept > 0);
    assert_eq!(store.imports().unwrap().len(), kept);
    assert!(store.history(made::date("2026-02-12"), 5, &SourceChoice::Best).is_ok());
    mount.remount("size=4m");
    let again = store.append(&import(&format!("{kept}"))).unwrap();
    assert!(matches!(again, Appended::Added { .. }));
    let report = store.doctor(Thoroughness::Bytes, "made up").unwrap();
    assert!(report.is_sound() && report.orphans.is_empty(), "{report}");
}

#[test]
fn a_read_only_store_answers_and_refuses_to_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::new(&dir.path().join("small"), "size=4m") else { return };
    let store = Store::open_or_create(&mount.0.join("store")).unwrap();
    store.append(&import("one")).unwrap();
    mount.remount("ro");
    let store = Store::open(store.dir()).unwrap();
    assert!(store.history(made::date("2026-02-12"), 5, &SourceChoice::Best).is_ok());
    let error = store.append(&import("two")).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    assert_eq!(store.imports().unwrap().len(), 1);
}
