//! A table's Delta log, read directly.
//!
//! A review reads a few small JSON files, which takes a millisecond; building a full Delta snapshot
//! takes far longer. Only the Delta library writes commits (`commit`). Of a long log the beginning
//! is kept in one file (`kept_log`).

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use fupan_market::{SessionDate, Wording};
use serde::Deserialize;

use crate::StoreError;
use crate::delta::kept_log::{COMMITS_BEYOND, KeptLog, commit_path};

/// The log's tag for the BLAKE3 digest of a file's bytes.
pub(crate) const DIGEST_TAG: &str = "fupan.blake3";

/// The files of one version of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TableLog {
    /// The last commit; `None` if the table does not exist yet.
    pub version: Option<u64>,
    /// Live files, by path.
    pub files: Vec<DataFile>,
    /// Files that are no longer live.
    pub gone: Vec<DataFile>,
    /// Application ids of committed transactions, with the last number of each.
    pub transactions: BTreeMap<String, i64>,
}

/// One live file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataFile {
    /// Its path as written in the log.
    pub name: String,
    /// Its path on disk.
    pub path: PathBuf,
    /// The source of its rows.
    pub source: String,
    /// The import of its rows.
    pub import_id: String,
    /// The digest of the imported file; only in the table `import`.
    pub digest: String,
    /// The year of its rows; only in derived tables.
    pub year: String,
    /// Number of rows, if the log states it.
    pub rows: Option<u64>,
    /// First and last session, if the log states them.
    pub sessions: Option<(i32, i32)>,
    /// First and last date of observation, if the log states them.
    pub observed: Option<(i32, i32)>,
    /// First and last symbol, if the log states them.
    pub symbols: Option<(String, String)>,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 digest of the bytes, in hex; `None` if an earlier version wrote the file.
    pub content: Option<String>,
    /// Its partition values, by column.
    pub partition_values: HashMap<String, Option<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    add: Option<AddLine>,
    remove: Option<RemoveLine>,
    txn: Option<TxnLine>,
    protocol: Option<ProtocolLine>,
}

impl Line {
    /// Whether it says something that a reader of the log needs.
    fn is_kept(&self) -> bool {
        let Line { add, remove, txn, protocol } = self;
        add.is_some() || remove.is_some() || txn.is_some() || protocol.is_some()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddLine {
    path: String,
    partition_values: HashMap<String, Option<String>>,
    size: u64,
    #[serde(default)]
    tags: Option<BTreeMap<String, Option<String>>>,
    stats: Option<String>,
    deletion_vector: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct RemoveLine {
    path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TxnLine {
    app_id: String,
    version: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProtocolLine {
    min_reader_version: u32,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Stats {
    num_records: Option<u64>,
    min_values: KeyStat,
    max_values: KeyStat,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeyStat {
    session: Option<String>,
    observed_on: Option<String>,
    symbol: Option<String>,
}

impl TableLog {
    /// Whether its last commit exists and no later one does. Commits are numbered consecutively and
    /// never removed, except for a derived table that was deleted.
    pub(crate) fn is_latest(&self, table_dir: &Path) -> bool {
        let log_dir = table_dir.join("_delta_log");
        let exists = |version: u64| commit_path(&log_dir, version).exists();
        self.version.is_none_or(exists) && !exists(self.version.map_or(0, |version| version + 1))
    }

    /// Reads the latest version of the table in a folder, commit by commit; empty if there is none.
    pub(crate) fn read(table_dir: &Path) -> Result<TableLog, StoreError> {
        TableLog::read_on(table_dir, None)
    }

    /// [`TableLog::read`], with the first commits from what is kept of them.
    pub(crate) fn read_on(table_dir: &Path, kept: Option<KeptLog>) -> Result<TableLog, StoreError> {
        Ok(Reading::of(table_dir, kept)?.log())
    }

    /// Keeps the log of a table in one file, if many of its commits are not in it yet.
    pub(crate) fn keep(table_dir: &Path, path: &Path) -> Result<(), StoreError> {
        let log_dir = table_dir.join("_delta_log");
        let kept = KeptLog::read(path, &log_dir);
        let next = kept.as_ref().map_or(0, |kept| kept.version + 1);
        if !commit_path(&log_dir, next + COMMITS_BEYOND - 1).exists() {
            return Ok(());
        }
        match Reading::of(table_dir, kept)?.kept {
            Some(kept) => kept.write(path, &log_dir),
            None => Ok(()),
        }
    }
}

struct Reading<'a> {
    table_dir: &'a Path,
    files: BTreeMap<String, DataFile>,
    gone: BTreeMap<String, DataFile>,
    log: TableLog,
    /// What may be kept of the commits read.
    kept: Option<KeptLog>,
}

impl Reading<'_> {
    /// Reads a table's log: what is kept of it, then the commits after that.
    fn of(table_dir: &Path, kept: Option<KeptLog>) -> Result<Reading<'_>, StoreError> {
        let log_dir = table_dir.join("_delta_log");
        let commits = commits(&log_dir)?;
        let (files, gone) = (BTreeMap::new(), BTreeMap::new());
        let mut reading = Reading { table_dir, files, gone, log: TableLog::default(), kept: None };
        if let Some(kept) = kept.filter(|kept| commits.last() >= Some(&kept.version)) {
            for line in kept.lines.lines() {
                reading.apply(read_line(line, &log_dir)?)?;
            }
            reading.log.version = Some(kept.version);
            reading.kept = Some(kept);
        }
        for (expected, version) in commits.iter().enumerate() {
            if *version != expected as u64 {
                let detail = Wording::new(
                    format!("commit {expected} is missing"),
                    format!("缺少第{expected}次提交"),
                );
                return Err(StoreError::Damaged { path: log_dir, detail });
            }
            if reading.log.version >= Some(*version) {
                continue;
            }
            let path = commit_path(&log_dir, *version);
            let text = fs::read_to_string(&path).map_err(|error| StoreError::io(&path, error))?;
            let none = KeptLog { version: 0, lines: String::new() };
            let mut kept = reading.kept.take().unwrap_or(none);
            for text in text.lines().filter(|line| !line.trim().is_empty()) {
                let line = read_line(text, &path)?;
                if line.is_kept() {
                    kept.lines.push_str(text);
                    kept.lines.push('\n');
                }
                reading.apply(line)?;
            }
            reading.log.version = Some(*version);
            reading.kept = Some(KeptLog { version: *version, ..kept });
        }
        Ok(reading)
    }

    fn log(self) -> TableLog {
        TableLog {
            files: self.files.into_values().collect(),
            gone: self.gone.into_values().collect(),
            ..self.log
        }
    }

    fn apply(&mut self, line: Line) -> Result<(), StoreError> {
        if let Some(protocol) = line.protocol
            && protocol.min_reader_version > 1
        {
            let version = protocol.min_reader_version;
            return Err(self.unsupported(Wording::new(
                format!("reader version {version}"),
                format!("第{version}版读取协议"),
            )));
        }
        if let Some(txn) = line.txn {
            self.log.transactions.insert(txn.app_id, txn.version);
        }
        if let Some(remove) = line.remove
            && let Some(file) = self.files.remove(&remove.path)
        {
            self.gone.insert(remove.path, file);
        }
        if let Some(add) = line.add {
            if add.deletion_vector.is_some() {
                return Err(self.unsupported(Wording::new("deletion vectors", "删除向量")));
            }
            let file = self.data_file(&add)?;
            self.gone.remove(&add.path);
            self.files.insert(add.path, file);
        }
        Ok(())
    }

    fn data_file(&self, add: &AddLine) -> Result<DataFile, StoreError> {
        let damaged =
            |detail: Wording| StoreError::Damaged { path: self.table_dir.to_path_buf(), detail };
        let partition = |name: &str| match add.partition_values.get(name) {
            Some(Some(value)) => value.clone(),
            _ => String::new(),
        };
        let stats: Stats = match &add.stats {
            Some(text) => serde_json::from_str(text).map_err(|error| {
                let Wording { en, zh } = Wording::of_library("JSON库", &error);
                damaged(Wording::new(
                    format!("statistics of {}: {en}", add.path),
                    format!("{}的统计信息：{zh}", add.path),
                ))
            })?,
            None => Stats::default(),
        };
        let day = |text: Option<String>| {
            text.and_then(|text| text.parse::<SessionDate>().ok()).map(SessionDate::epoch_days)
        };
        Ok(DataFile {
            name: add.path.clone(),
            path: resolve(self.table_dir, &add.path)
                .ok_or_else(|| damaged(not_local(&add.path)))?,
            source: partition("source"),
            import_id: partition("import_id"),
            digest: partition("digest"),
            year: partition("year"),
            rows: stats.num_records,
            sessions: day(stats.min_values.session).zip(day(stats.max_values.session)),
            observed: day(stats.min_values.observed_on).zip(day(stats.max_values.observed_on)),
            symbols: stats.min_values.symbol.zip(stats.max_values.symbol),
            bytes: add.size,
            content: add.tags.as_ref().and_then(|tags| tags.get(DIGEST_TAG).cloned().flatten()),
            partition_values: add.partition_values.clone(),
        })
    }

    fn unsupported(&self, feature: Wording) -> StoreError {
        let table = self.table_dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        StoreError::Unsupported { table, feature }
    }
}

/// A line of a log, which was read from `path`.
fn read_line(line: &str, path: &Path) -> Result<Line, StoreError> {
    serde_json::from_str(line).map_err(|error| {
        let detail = Wording::of_library("JSON库", &error);
        StoreError::Damaged { path: path.to_path_buf(), detail }
    })
}

fn not_local(path: &str) -> Wording {
    Wording::new(format!("{path} is not a local path"), format!("{path}不是本机路径"))
}

/// The path of a file named in the log; the log holds URI references.
fn resolve(table_dir: &Path, name: &str) -> Option<PathBuf> {
    if !name.contains('%') && !name.contains(':') {
        return Some(table_dir.join(name));
    }
    let base = url::Url::from_directory_path(table_dir).ok()?;
    base.join(name).ok()?.to_file_path().ok()
}

/// The versions of the commits in a log folder, ascending.
fn commits(log_dir: &Path) -> Result<Vec<u64>, StoreError> {
    let entries = match fs::read_dir(log_dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(log_dir, error)),
    };
    let mut versions = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| StoreError::io(log_dir, error))?;
        let name = entry.file_name();
        let version = name.to_str().and_then(|name| name.strip_suffix(".json"));
        if let Some(version) = version.filter(|v| v.len() == 20).and_then(|v| v.parse().ok()) {
            versions.push(version);
        }
    }
    versions.sort_unstable();
    Ok(versions)
}
