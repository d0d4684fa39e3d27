//! The list of what vendors can be asked for.

use std::collections::BTreeSet;

use fupan_source::Recipe;
use fupan_source::vendor::{Dated, Extent, Naming, datasets};

use crate::answering::*;

#[test]
fn every_dataset_can_be_asked_for_and_imported() {
    let names: Vec<&str> = datasets().iter().map(|dataset| dataset.name).collect();
    assert!(names.is_sorted() && names.len() > 20, "{names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for dataset in datasets() {
        let about = dataset.about();
        assert!(about.en.len() > 10, "{}", dataset.name);
        is_chinese(&about);
        assert!(dataset.name.starts_with(&format!("{}-", dataset.source)), "{}", dataset.name);
        let recipe = Recipe::builtin_text(dataset.recipe).unwrap();
        for table in dataset.tables {
            let table = format!("table = \"{}\"", table.name());
            assert!(recipe.contains(&table), "{}: {table}", dataset.name);
        }
        let wanted: &[&str] = match dataset.naming {
            Naming::Unneeded => &[],
            Naming::Symbols => &["600001.SH"],
            Naming::Indices => &["000001.SH"],
        };
        let request = of_session(dataset.name, wanted).next().unwrap();
        assert_eq!(request.source, dataset.source, "{}", dataset.name);
        assert_eq!(request.secrets, Vec::from_iter(dataset.secret), "{}", dataset.name);
        // A list without a date is one that no session is asked of, and the other way round.
        let by_asking = dataset.dated == Dated::ByAsking;
        assert!(!by_asking || dataset.extent == Extent::Known, "{}", dataset.name);
        assert_eq!(
            by_asking,
            recipe.contains("from = \"file-name\" }\nname")
                || recipe.contains("observed_on = { from = \"file-name\" }"),
            "{}",
            dataset.name
        );
    }
}

/// A list of everything is asked for with no word of a session; a range in its own days.
#[test]
fn requests_name_what_is_asked_for() {
    for (name, within) in [
        ("tushare-list", "list_status"),
        ("tushare-names", "20260211"),
        ("tushare-fund-daily", "20260212"),
        ("aktools-bars", "20260211"),
        ("eastmoney-bars", "20260211"),
        ("eastmoney-concepts", "m:90 t:3"),
        ("eastmoney-shares", "m:0 t:6,m:0 t:80,m:1 t:2,m:1 t:23,m:0 t:81 s:2048"),
        ("sina-shares", "list=sh600001"),
        ("tencent-shares", "q=sh600001"),
    ] {
        let dataset = datasets().iter().find(|dataset| dataset.name == name).unwrap();
        let from = if dataset.extent == Extent::Range { "2026-02-11" } else { SESSION };
        let wanted: &[&str] = match dataset.naming {
            Naming::Symbols => &["600001.SH"],
            _ => &[],
        };
        let request = ask(name, &asked(from, SESSION, wanted)).next().unwrap();
        assert!(format!("{request:?}").contains(within), "{request:?}");
    }
}

#[test]
fn the_page_of_sources_tells_of_every_dataset() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sources.md");
    let page = std::fs::read_to_string(page).unwrap();
    for dataset in datasets() {
        let row = page.lines().find(|line| line.contains(&format!("`{}`", dataset.name)));
        let row = row.unwrap_or_else(|| panic!("{} is not on the page", dataset.name));
        assert!(row.contains(&format!("`{}`", dataset.recipe)), "{row}");
        assert_eq!(row.contains("TUSHARE_TOKEN"), dataset.secret.is_some(), "{row}");
        for table in dataset.tables {
            assert!(row.contains(&format!("`{}`", table.name())), "{row}");
        }
    }
}
