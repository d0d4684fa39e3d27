//! Questions in SQL.

use arrow::util::pretty::pretty_format_batches;
use fupan_market::TurnoverBasis;
use fupan_store::{Store, StoreError};

use crate::made;

#[track_caller]
fn answer(store: &Store, query: &str) -> String {
    let batches = store.sql(query).unwrap();
    pretty_format_batches(&batches).unwrap().to_string()
}

#[test]
fn tables_and_the_calendar_answer() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    assert!(answer(&store, "SELECT count(*) FROM daily_bar").contains(" 0 "));
    let sessions = made::sessions("2026-02-09", "2026-02-12");
    let import = made::bars("made", "bars", &made::SYMBOLS, &sessions, TurnoverBasis::Reported, 1);
    store.append(&import).unwrap();
    let query = "SELECT count(*) AS n, min(source) AS source, count(DISTINCT b.session) AS days
        FROM daily_bar b JOIN calendar c ON b.session = c.session
        WHERE b.session >= DATE '2026-02-10'";
    let shown = answer(&store, query);
    assert!(shown.contains("| 18 | made   | 3    |"), "{shown}");
    let shown = answer(&store, "SELECT file, rows FROM import");
    assert!(shown.contains("| bars | {\"daily_bar\":24} |"), "{shown}");
    let empty = store.sql("SELECT symbol FROM daily_bar WHERE volume < 0").unwrap();
    assert_eq!(empty[0].schema().field(0).name(), "symbol");
}

#[test]
fn what_would_change_something_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    let target = dir.path().join("out.csv");
    for query in [
        "CREATE TABLE t AS SELECT 1".to_owned(),
        "DROP TABLE daily_bar".to_owned(),
        "INSERT INTO calendar VALUES (DATE '2026-01-01', 1)".to_owned(),
        "DELETE FROM daily_bar".to_owned(),
        "SET datafusion.execution.batch_size = 1".to_owned(),
        format!("COPY (SELECT 1) TO '{}'", target.display()),
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'".to_owned(),
        "SELECT * FROM '/etc/passwd'".to_owned(),
        "SELEC 1".to_owned(),
    ] {
        let error = store.sql(&query).unwrap_err();
        assert!(matches!(error, StoreError::Sql(_)), "{query}: {error:?}");
    }
    assert!(!target.exists());
}
