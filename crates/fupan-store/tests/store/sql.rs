//! Questions in SQL.

use arrow::util::pretty::pretty_format_batches;
use fupan_market::TurnoverBasis;
use fupan_store::{Kept, SqlStep, Store, StoreError};

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

/// A step that a query joins and reads nothing of is left out only if it has one row per key.
#[test]
fn a_step_with_a_key_is_run_only_if_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    let step =
        |name, query: &str, key| SqlStep { name, query: query.to_owned(), kept: Kept::Always, key };
    let asked = |question: &str, key: &'static [&'static str]| {
        let days = step("day", "SELECT number FROM calendar WHERE number < 3", &[]);
        let fails = "SELECT number, number / (number - number) AS share FROM calendar";
        let steps = [days, step("fails", fails, key)];
        store.workbench().unwrap().answer(&steps, question).map(|batches| batches[0].num_rows())
    };
    let unread = "SELECT d.number FROM day d LEFT JOIN fails f ON f.number = d.number";
    assert_eq!(asked(unread, &["number"]).unwrap(), 3);
    let read = unread.replace("d.number FROM", "d.number, f.share FROM");
    for (question, key) in
        [(read.as_str(), &["number"][..]), (&unread.replace("f.number", "f.share"), &["number"])]
    {
        let error = asked(question, key).unwrap_err();
        assert!(matches!(error, StoreError::Sql(_)), "{question}: {error:?}");
    }
    // Without a key it is run; of its columns only the joined one.
    let twice = step("twice", "SELECT 1 AS one UNION ALL SELECT 1", &[]);
    let question = "SELECT d.number FROM day d LEFT JOIN twice t ON t.one = d.number";
    let days = step("day", "SELECT number FROM calendar WHERE number < 3", &[]);
    let batches = store.workbench().unwrap().answer(&[days, twice], question).unwrap();
    assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), 4);
}
