//! Levels of indices as they are now, and answers that are read from memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fupan_source::vendor::{datasets, index_levels};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, read_answers};

use crate::answering::is_chinese;

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/answers").join(folder);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|e| e == "json" || e == "txt"))
        .filter(|path| !path.ends_with("manifest.json"))
        .collect();
    paths.sort();
    paths
}

fn answers(folder: &str) -> Vec<(String, Arc<[u8]>)> {
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap().into())
    };
    fixtures(folder).into_iter().map(named).collect()
}

#[test]
fn levels_are_read_from_answers_of_shares_and_of_indices() {
    let text = "v_sh000001=\"1~上证指数~000001~4134.02~4131.99~4130.50~1~0~0~0~0~0~0~0~0~0~0~0~0~0~0~\
                0~0~0~0~0~0~0~0~~20260212113003~2.03~0.05~4140.00~4120.11~4134.02/1/710480000000~1~\
                71048000~0.5\";\nv_sh600001=\"1~甲~600001~10.10~10.00~10.00~100~0~0~0~0~0~0~0~0~0~0~0~0~\
                0~0~0~0~0~0~0~0~0~0~~20260212113000~0.1~1~10.2~10.0~10.10/100/101000~100~10~0.5\";\n";
    let (bytes, ..) = encoding_rs::GBK.encode(text);
    let levels = index_levels("tencent-shares-now", &bytes).unwrap();
    let [index] = levels[..] else { panic!("{levels:?}") };
    assert_eq!(index.symbol.to_string(), "000001.SH");
    assert_eq!((index.last.units(), index.prev_close.units()), (41_340_200, 41_319_900));
    assert_eq!(index.second, 11 * 3600 + 30 * 60 + 3);
    assert_eq!(index.turnover.map(|fen| fen.0), Some(71_048_000_000_000));
    assert_eq!(index.change().unwrap().0, 491_289);

    let mut found = 0;
    for (_, bytes) in answers("em-indices") {
        found += index_levels("eastmoney-indices-now", &bytes).unwrap().len();
    }
    assert_eq!(found, 1);
    for (_, bytes) in answers("em-list") {
        assert_eq!(index_levels("eastmoney-shares-now", &bytes).unwrap(), []);
    }
    for (dataset, bytes) in
        [("tushare-daily", &b"{}"[..]), ("nobody", b""), ("sina-shares-now", b"<html>")]
    {
        is_chinese(&index_levels(dataset, bytes).unwrap_err());
    }
    assert!(datasets().iter().any(|dataset| dataset.name == "eastmoney-indices-now"));
}

/// From memory or from a folder, it is the same import.
#[test]
fn answers_in_memory_are_read_as_a_folder_of_them_is() {
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    for (folder, recipe) in
        [("tencent", "tencent-quotes"), ("sina", "sina-quotes"), ("em-list", "em-list-quotes")]
    {
        let recipe = Recipe::named(recipe).unwrap();
        let copy = tempfile::tempdir().unwrap();
        let held = answers(folder);
        for (name, bytes) in &held {
            std::fs::write(copy.path().join(name), bytes).unwrap();
        }
        let of_folder = read(&recipe, copy.path(), &options, &NoProgress).unwrap();
        let mut backwards = held.clone();
        backwards.reverse();
        for held in [&held, &backwards] {
            let of_memory = read_answers(&recipe, "answers", held, &options).unwrap();
            assert_eq!((&of_memory.id, &of_memory.digest), (&of_folder.id, &of_folder.digest));
            assert_eq!(of_memory.batches, of_folder.batches);
            assert_eq!(of_memory.rows_read, of_folder.rows_read);
        }
    }
    let bars = Recipe::named("daily-bars").unwrap();
    let refused = read_answers(&bars, "answers", &answers("sina"), &options).unwrap_err();
    assert!(matches!(refused, SourceError::WrongFormat { .. }), "{refused}");
}
