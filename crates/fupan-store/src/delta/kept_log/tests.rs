//! A kept beginning of a log gives the log, and one that does not fit is not used.

use proptest::prelude::*;

use super::*;
use crate::delta::log::TableLog;

/// A table's folder with so many commits: files come, some go and some come again.
struct Table(tempfile::TempDir);

impl Table {
    fn new(commits: &[(u8, bool)]) -> Table {
        let table = Table(tempfile::tempdir().unwrap());
        fs::create_dir_all(table.log_dir()).unwrap();
        for (version, (file, goes)) in commits.iter().enumerate() {
            table.commit(version as u64, *file, *goes);
        }
        table
    }

    fn commit(&self, version: u64, file: u8, goes: bool) {
        let mut lines = vec![
            format!(r#"{{"commitInfo":{{"timestamp":{version}}}}}"#),
            format!(r#"{{"txn":{{"appId":"import:{file}","version":{version}}}}}"#),
        ];
        if version == 0 {
            lines.push(r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#.to_owned());
        }
        let path = format!(r#""path":"{file}.parquet","#);
        lines.push(match goes {
            true => format!(r#"{{"remove":{{{path}"dataChange":true}}}}"#),
            false => format!(
                r#"{{"add":{{{path}"partitionValues":{{"source":"s","import_id":"{file}"}},"size":{version}}}}}"#
            ),
        });
        fs::write(commit_path(&self.log_dir(), version), lines.join("\n")).unwrap();
    }

    fn log_dir(&self) -> PathBuf {
        self.0.path().join("_delta_log")
    }

    fn kept_path(&self) -> PathBuf {
        path(self.0.path(), "t")
    }

    fn keep(&self) {
        TableLog::keep(self.0.path(), &self.kept_path()).unwrap();
    }

    fn kept(&self) -> Option<KeptLog> {
        KeptLog::read(&self.kept_path(), &self.log_dir())
    }

    fn read_all(&self) -> TableLog {
        TableLog::read(self.0.path()).unwrap()
    }

    fn read_on(&self) -> Result<TableLog, StoreError> {
        TableLog::read_on(self.0.path(), self.kept())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The log is the same with and without what is kept of it, whenever it was kept.
    #[test]
    fn the_log_is_the_same_with_what_is_kept(
        commits in prop::collection::vec((0_u8..20, any::<bool>()), 60..220),
        kept_at in prop::collection::vec(0_usize..220, 0..4),
    ) {
        let table = Table::new(&[]);
        for (version, (file, goes)) in commits.iter().enumerate() {
            table.commit(version as u64, *file, *goes);
            if kept_at.contains(&version) {
                table.keep();
            }
        }
        prop_assert_eq!(table.read_on().unwrap(), table.read_all());
        table.keep();
        prop_assert_eq!(table.read_on().unwrap(), table.read_all());
    }
}

fn of_commits(commits: usize) -> Table {
    Table::new(&vec![(1, false); commits])
}

#[test]
fn a_log_is_kept_from_so_many_commits_on_and_read_from_there() {
    let few = of_commits(COMMITS_BEYOND as usize - 1);
    few.keep();
    assert_eq!(few.kept(), None);
    let table = of_commits(COMMITS_BEYOND as usize);
    table.keep();
    assert_eq!(table.kept().map(|kept| kept.version), Some(COMMITS_BEYOND - 1));
    // It is kept again when as many more have come.
    let more = |until: u64| {
        (COMMITS_BEYOND..until).for_each(|version| table.commit(version, 2, false));
        table.keep();
        table.kept().map(|kept| kept.version)
    };
    assert_eq!(more(2 * COMMITS_BEYOND - 1), Some(COMMITS_BEYOND - 1));
    assert_eq!(more(2 * COMMITS_BEYOND), Some(2 * COMMITS_BEYOND - 1));
    // Commits that are kept are not read.
    let all = table.read_all();
    fs::write(commit_path(&table.log_dir(), 3), "damage").unwrap();
    assert_eq!(table.read_on().unwrap(), all);
    assert!(TableLog::read(table.0.path()).is_err());
}

#[test]
fn what_does_not_fit_the_log_is_not_used() {
    let kept = || {
        let table = of_commits(COMMITS_BEYOND as usize);
        table.keep();
        table
    };
    // The table was made again.
    let table = kept();
    table.commit(COMMITS_BEYOND - 1, 7, false);
    assert_eq!(table.kept(), None);
    // The last kept commit is not there.
    let table = kept();
    fs::remove_file(commit_path(&table.log_dir(), COMMITS_BEYOND - 1)).unwrap();
    assert_eq!(table.kept(), None);
    // What is kept was changed, in its lines or before them.
    for (from, to) in [("1.parquet", "2.parquet"), ("\"version\":63", "\"version\":62")] {
        let table = kept();
        let text = fs::read_to_string(table.kept_path()).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(table.kept_path(), text.replacen(from, to, 1)).unwrap();
        assert_eq!(table.kept(), None, "{from}");
    }
    // A commit that is missing is an error as before.
    let table = kept();
    fs::remove_file(commit_path(&table.log_dir(), 5)).unwrap();
    let missing = table.read_on().unwrap_err().to_string();
    assert!(missing.contains("commit 5 is missing"), "{missing}");
}
