//! Which built-in recipe reads a file, and what is said where none does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use fupan_source::{Recognised, SourceError, recognise};

fn found(name: &str, text: &str) -> Result<Recognised, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    recognise(&path)
}

fn told(text: &str) -> String {
    found("list_20260212.csv", text).unwrap_err().to_string()
}

/// A header of these columns, and one row that holds the same text in all of them.
fn table(columns: &str, value: &str) -> String {
    let row = vec![value; columns.split(',').count()].join(",");
    format!("{columns}\n{row}\n")
}

const CHANGE: &str = "first_session,new_symbol,old_symbol";
const SPOT: &str = "ts_code,session,open,high,low,close,pre_close,vol,amount,name";

#[test]
fn a_file_is_read_by_the_recipe_that_reads_the_most_of_its_columns() {
    let row = "600519.SH,2026-02-12,10,10,10,10,10,100,100000,贵州茅台";
    let recognised = found("spot.csv", &format!("{SPOT}\n{row}\n")).unwrap();
    assert_eq!(recognised.recipe.name(), "em-spot");
    assert_eq!(recognised.columns.join(","), SPOT);
    // Only the columns that it reads.
    let more = format!("{SPOT},area\n{row},贵州\n");
    assert_eq!(found("spot.csv", &more).unwrap().columns.join(","), SPOT);
    let change = format!("{CHANGE}\n2025-10-09,920001.BJ,830001.BJ\n");
    assert_eq!(found("change.csv", &change).unwrap().recipe.name(), "code-change");
}

#[test]
fn recipes_that_read_as_many_columns_are_both_named() {
    let both = "first_session,new_symbol,old_symbol,ts_code,name,list_date\n\
                2025-10-09,920001.BJ,830001.BJ,600519.SH,贵州茅台,2001-08-27\n";
    let error = told(both);
    assert!(error.contains("match `code-change` and `security-list`; choose one"), "{error}");
    assert!(error.contains("fupan import code-change FILE"), "{error}");
}

/// Of the recipes whose columns a file has and whose rows it has not, the one of the most columns
/// is named; of as many, the first.
#[test]
fn where_the_columns_fit_and_the_rows_do_not_the_nearest_recipe_is_named() {
    for (columns, recipe) in [
        (CHANGE.to_owned(), "code-change"),
        (format!("{CHANGE},{SPOT}"), "em-spot"),
        (format!("{CHANGE},ts_code,name"), "code-change"),
        (format!("{CHANGE},ts_code,name,list_date"), "code-change"),
        (format!("{CHANGE},ts_code,name,list_date,industry"), "security-list"),
        ("ts_code,name".to_owned(), "security-list"),
    ] {
        let error = told(&table(&columns, "x"));
        let said = format!("columns match `{recipe}`, which cannot read its rows: 1 of its rows: ");
        assert!(error.contains(&said), "{columns}: {error}");
        assert!(error.contains(&format!("fupan recipes {recipe}")), "{error}");
    }
    let error = told(&format!("{CHANGE}\n"));
    assert!(error.contains("cannot read its rows: it has no rows;"), "{error}");
}

#[test]
fn a_file_of_no_recipe_says_which_columns_it_has() {
    let error = told("weight,height\n1,2\n");
    assert!(error.contains("it has the columns `weight`, `height`;"), "{error}");
    let many = (0..50).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    let error = told(&table(&many, "1"));
    assert!(error.contains("`c39`") && !error.contains("`c40`"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let missing = recognise(&folder.path().join("missing.csv")).unwrap_err();
    assert!(matches!(missing, SourceError::Unreadable { .. }), "{missing}");
    assert!(recognise(folder.path()).is_err());
}

#[test]
fn a_binary_file_is_told_by_its_extension() {
    let record: String = "\0".repeat(32);
    let recipe = |name: &str| found(name, &record).map(|found| found.recipe.name().to_owned());
    assert_eq!(recipe("sh600519.day").unwrap(), "tdx-day");
    assert_eq!(recipe("sh600519.DAY").unwrap(), "tdx-day");
    assert!(recipe("sh600519.dat").is_err());
}
