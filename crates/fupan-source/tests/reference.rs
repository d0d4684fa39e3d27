//! What docs/recipes.md lists is what recipes may say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;
use std::path::Path;

use fupan_source::Recipe;
use fupan_table::Table;

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/recipes.md");
    std::fs::read_to_string(page).unwrap()
}

#[track_caller]
fn holds(part: &str) {
    assert!(page().contains(part), "docs/recipes.md is stale; it should hold\n\n{part}");
}

#[test]
fn the_page_lists_every_recipe() {
    let mut table = "| recipe | reads |\n|---|---|\n".to_owned();
    for recipe in Recipe::builtin_names().into_iter().filter_map(Recipe::builtin) {
        let _ = writeln!(table, "| `{}` | {} |", recipe.name(), recipe.description().en);
    }
    holds(&format!("\n{table}\n"));
}

#[test]
fn every_recipe_can_be_copied_and_changed() {
    for name in Recipe::builtin_names() {
        let text = Recipe::builtin_text(name).unwrap();
        let copy = Recipe::from_toml(name, text).unwrap();
        assert_eq!(copy.description().en, Recipe::builtin(name).unwrap().description().en);
    }
    assert_eq!(Recipe::builtin_text("mine"), None);
}

#[test]
fn the_page_lists_the_columns_of_every_table() {
    let mut table = "| table | columns |\n|---|---|\n".to_owned();
    for known in Table::ALL {
        let schema = known.schema();
        let columns: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let _ = writeln!(table, "| `{}` | `{}` |", known.name(), columns.join("`, `"));
    }
    holds(&format!("\n{table}\n"));
}

#[test]
fn the_page_lists_the_units_of_every_column() {
    for (said, table, column) in [
        ("Prices", "daily_bar", "close"),
        ("Index points", "index_bar", "close"),
        ("Shares", "daily_bar", "volume"),
        ("Those of a fund", "fund_bar", "volume"),
        ("Money", "daily_bar", "turnover"),
        ("A quote's span", "quote", "span"),
        ("An index member's weight", "index_weight", "weight"),
    ] {
        holds(&format!(" {said}: `{}`.", units(table, column).join("`, `")));
    }
}

/// The units that a column may have, as the refusal of a recipe without one lists them.
fn units(table: &str, column: &str) -> Vec<String> {
    let text = format!(
        "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n\n[[table]]\ntable = \"{table}\"\n\
         [table.columns]\n{column} = {{ column = \"c\" }}\n"
    );
    let told = Recipe::from_toml("mine", &text).unwrap_err().to_string();
    let listed = told.split("write the unit: ").nth(1).unwrap_or_else(|| panic!("{told}"));
    listed.lines().next().unwrap_or_default().split(", ").map(str::to_owned).collect()
}
