//! Levels of indices as they are now, and answers that are read from memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fupan_market::{IndexQuote, Price, SessionDate, Symbol};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, read_answers};
use fupan_table::{Table, index_quote_rows};

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

fn levels(recipe: &str, answers: &[(String, Arc<[u8]>)]) -> Vec<(SessionDate, Symbol, IndexQuote)> {
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    let import =
        read_answers(&Recipe::named(recipe).unwrap(), "answers", answers, &options).unwrap();
    let batches = import.batches.iter().filter(|(table, _)| *table == Table::IndexQuote);
    batches.flat_map(|(_, batch)| index_quote_rows(batch).unwrap()).collect()
}

#[test]
fn levels_are_read_from_answers_of_shares_and_of_indices() {
    let text = "v_sh000001=\"1~上证指数~000001~4134.02~4131.99~4130.50~1~0~0~0~0~0~0~0~0~0~0~0~0~0~0~\
                0~0~0~0~0~0~0~0~~20260212113003~2.03~0.05~4140.00~4120.11~4134.02/1/710480000000~1~\
                71048000~0.5\";\nv_sh600001=\"1~甲~600001~10.10~10.00~10.00~100~0~0~0~0~0~0~0~0~0~0~0~0~\
                0~0~0~0~0~0~0~0~0~0~~20260212113000~0.1~1~10.2~10.0~10.10/100/101000~100~10~0.5\";\n";
    let (bytes, ..) = encoding_rs::GBK.encode(text);
    let read = levels("tencent-quotes", &[("quotes-0001".to_owned(), bytes.as_ref().into())]);
    let [(session, index, quote)] = read[..] else { panic!("{read:?}") };
    assert_eq!((session.to_string(), index.to_string()), ("2026-02-12".into(), "000001.SH".into()));
    assert_eq!(quote.time, 11 * 3600 + 30 * 60 + 3);
    assert_eq!(quote.last.units(), 41_340_200);
    let range = quote.range.map(|range| [range.open, range.high, range.low].map(Price::units));
    assert_eq!(range, Some([41_305_000, 41_400_000, 41_201_100]));
    assert_eq!(quote.turnover.map(|fen| fen.0), Some(71_048_000_000_000));

    assert_eq!(levels("em-list-quotes", &answers("em-indices")).len(), 1);
    assert_eq!(levels("em-list-quotes", &answers("em-list")), []);
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
