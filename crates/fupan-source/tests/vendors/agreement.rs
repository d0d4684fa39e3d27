//! One session, as each vendor would answer: whatever the road, the rows are the same.

use std::path::PathBuf;

use fupan_source::{Partial, recognise};
use fupan_table::Table;

use crate::answering::*;

fn answers(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/answers").join(name)
}

const SHARES: [&str; 5] = [
    "2026-02-12|000001.SZ|110000|111000|108000|109000|110500|5000000|5470000000",
    "2026-02-12|300001.SZ|50000|55000|49500|54500|50000|4000000|2100000000",
    "2026-02-12|600001.SH|101000|106000|99000|105000|100000|1200000|1236000000",
    "2026-02-12|688001.SH|200000|210000|195000|204000|200000|800000|1624000000",
    "2026-02-12|920001.BJ|80000|84000|79000|83000|80500|300000|246000000",
];

const SUSPENDED: &str = "2026-02-12|600002.SH|||||72000|0|";

const INDEX: &str = "2026-02-12|000001.SH|30101000|30602000|29900000|30505000|5200000000000";

#[test]
fn every_vendor_gives_the_same_days() {
    for (recipe, folder, suspended, index) in [
        ("em-list", "em-list", true, false),
        ("em-list", "em-indices", false, true),
        ("em-bars", "em-bars", false, true),
        ("tencent", "tencent", true, true),
        ("sina", "sina", true, true),
        ("tushare-daily", "tushare-daily", false, false),
        ("tushare-index-daily", "tushare-index-daily", false, true),
        ("akshare-hist-em", "aktools", false, false),
    ] {
        let import = imported(recipe, &answers(folder), Partial::Refused).unwrap();
        let bars = rows(&import, Table::DailyBar);
        let (still, traded): (Vec<&String>, Vec<&String>) =
            bars.iter().partition(|bar| bar.ends_with("|0|"));
        if folder.contains("ind") {
            assert!(bars.is_empty(), "{folder}");
        } else {
            assert_eq!(traded, SHARES.iter().collect::<Vec<_>>(), "{folder}");
        }
        assert_eq!(still, if suspended { vec![SUSPENDED] } else { vec![] }, "{folder}");
        let of_index = rows(&import, Table::IndexBar);
        assert_eq!(of_index, if index { vec![INDEX] } else { vec![] }, "{folder}");
        assert_eq!(import.rows_left_out, 0, "{folder}");
    }
}

#[test]
fn answers_are_recognised_by_what_they_have() {
    for (name, recipe) in [
        ("em-list", "em-list"),
        ("em-list/spot-0001.json", "em-list"),
        ("em-indices/indices.json", "em-list"),
        ("em-bars", "em-bars"),
        ("tencent/quotes-0002.txt", "tencent"),
        ("sina", "sina"),
        ("tushare-daily", "tushare-daily"),
        ("tushare-index-daily", "tushare-index-daily"),
        ("aktools", "akshare-hist-em"),
    ] {
        let recognised = recognise(&answers(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(recognised.recipe.name(), recipe, "{name}");
    }
    // Names alone are none.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    std::fs::write(&file, r#"{"data":{"total":1,"diff":[{"f12":"600001","f13":1}]}}"#).unwrap();
    recognise(&file).unwrap_err();
}

#[test]
fn every_vendor_gives_the_same_quotes_and_names() {
    let quotes = |recipe: &str, folder: &str| {
        rows(&imported(recipe, &answers(folder), Partial::Refused).unwrap(), Table::Quote)
    };
    let of_list = quotes("em-list-quotes", "em-list");
    assert_eq!(of_list.len(), 6);
    assert!(of_list[0].starts_with("2026-02-12|000001.SZ|54003|"), "{}", of_list[0]);
    for (recipe, folder) in [("tencent-quotes", "tencent"), ("sina-quotes", "sina")] {
        assert_eq!(quotes(recipe, folder), of_list, "{folder}");
    }
    let names = |recipe: &str, folder: &str| -> Vec<String> {
        let import = imported(recipe, &answers(folder), Partial::Refused).unwrap();
        let named = |row: String| row.split('|').take(3).collect::<Vec<_>>().join("|");
        rows(&import, Table::Security).into_iter().map(named).collect()
    };
    let of_list = names("em-list", "em-list");
    assert_eq!((of_list.len(), &*of_list[0]), (6, "000001.SZ|2026-02-12|丙三"));
    for folder in ["tencent", "sina"] {
        assert_eq!(names(folder, folder), of_list, "{folder}");
    }
}
