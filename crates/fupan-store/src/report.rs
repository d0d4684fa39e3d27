//! What a store holds, and whether it is sound.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use fupan_market::{Codes, DailyBar, Finding, FindingKind, Renamed, SessionDate, Symbol, Wording};
use fupan_table::Table;
use serde::Serialize;

use crate::bars::{self, Window};
use crate::log::{DataFile, TableLog};
use crate::{SourceChoice, Store, StoreError, code_changes, listing, record};

/// What a store holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreReport {
    /// Its tables, those without rows left out.
    pub tables: Vec<TableReport>,
    /// Complete imports.
    pub imports: u64,
    /// Imports that a process left incomplete; their rows are not shown. Importing the same file
    /// again completes them.
    pub incomplete: Vec<String>,
    /// Files that tables list and that are not there, or not of the listed size.
    pub damaged: Vec<PathBuf>,
    /// Files that no table lists; they are not read and may be deleted.
    pub orphans: Vec<PathBuf>,
    /// Rows that imports or sources hold with different values.
    pub conflicts: Vec<Finding>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// Its name.
    pub table: String,
    /// Its Delta version.
    pub version: u64,
    /// Its sources.
    pub sources: Vec<SourceReport>,
}

/// What a table holds of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// The source's name.
    pub source: String,
    /// Complete imports.
    pub imports: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// First session, in tables that have sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<SessionDate>,
    /// Last session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<SessionDate>,
}

impl StoreReport {
    /// Whether every import is complete and every file in its place. Conflicts and orphans do
    /// not make a store unsound.
    pub fn is_sound(&self) -> bool {
        self.incomplete.is_empty() && self.damaged.is_empty()
    }
}

impl fmt::Display for StoreReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "imports     {}", self.imports)?;
        for table in &self.tables {
            for source in &table.sources {
                write!(
                    f,
                    "{:<13} {:<16} {:>11} rows {:>5} imports {:>5} MB",
                    table.table,
                    source.source,
                    source.rows,
                    source.imports,
                    source.bytes.div_ceil(1_000_000)
                )?;
                match (source.first, source.last) {
                    (Some(first), Some(last)) => writeln!(f, "  {first} to {last}")?,
                    _ => writeln!(f)?,
                }
            }
        }
        for id in &self.incomplete {
            writeln!(f, "incomplete  import {id}: import the same file again")?;
        }
        for path in &self.damaged {
            writeln!(f, "damaged     {}: restore it from a copy", path.display())?;
        }
        for path in &self.orphans {
            writeln!(f, "not used    {}: may be deleted", path.display())?;
        }
        for finding in &self.conflicts {
            writeln!(f, "conflict    {} {}", finding.detail.en, finding.hint.en)?;
        }
        let state = if self.is_sound() { "sound" } else { "not sound" };
        write!(f, "the store is {state}")
    }
}

pub(crate) fn doctor(store: &Store) -> Result<StoreReport, StoreError> {
    let digests = store.visible()?;
    let mut report = StoreReport {
        tables: Vec::new(),
        imports: digests.len() as u64,
        incomplete: Vec::new(),
        damaged: Vec::new(),
        orphans: Vec::new(),
        conflicts: Vec::new(),
    };
    let mut incomplete = BTreeSet::new();
    for name in Table::ALL.map(Table::name).into_iter().chain([record::TABLE]) {
        let dir = store.table_dir(name);
        let log = TableLog::read(&dir)?;
        let listed: BTreeSet<&Path> = log.files.iter().map(|file| file.path.as_path()).collect();
        report.orphans.extend(parquet_files(&dir)?.into_iter().filter(|p| !listed.contains(&**p)));
        for file in &log.files {
            if fs::metadata(&file.path).map_or(true, |found| found.len() != file.bytes) {
                report.damaged.push(file.path.clone());
            }
        }
        let (shown, hidden): (Vec<_>, Vec<_>) =
            log.files.into_iter().partition(|file| digests.contains_key(&file.import_id));
        incomplete.extend(hidden.into_iter().map(|file| file.import_id));
        if let Some(version) = log.version.filter(|_| name != record::TABLE) {
            report.tables.push(TableReport {
                table: name.to_owned(),
                version,
                sources: sources(shown),
            });
        }
    }
    report.incomplete = incomplete.into_iter().collect();
    if report.damaged.is_empty() {
        let changes = store.files_among(Table::CodeChange, &digests)?;
        let codes = code_changes::codes(&changes)?;
        let refused = codes.refused(&code_changes::listed(&changes)?);
        report.conflicts = conflicts(&store.files_among(Table::DailyBar, &digests)?, &codes)?;
        let securities = store.files_among(Table::Security, &digests)?;
        let found = listing::status_conflicts(&securities, &codes)?;
        report.conflicts.extend(status_conflicts(&found));
        report.conflicts.extend(refused_changes(&refused));
    }
    Ok(report)
}

fn sources(files: Vec<DataFile>) -> Vec<SourceReport> {
    let mut by_source: BTreeMap<String, (BTreeSet<String>, SourceReport)> = BTreeMap::new();
    for file in files {
        let (imports, report) = by_source.entry(file.source.clone()).or_insert_with(|| {
            let source = file.source.clone();
            let report =
                SourceReport { source, imports: 0, rows: 0, bytes: 0, first: None, last: None };
            (BTreeSet::new(), report)
        });
        imports.insert(file.import_id);
        report.rows += file.rows.unwrap_or_default();
        report.bytes += file.bytes;
        if let Some((first, last)) = file.sessions {
            let (first, last) =
                (SessionDate::from_epoch_days(first), SessionDate::from_epoch_days(last));
            report.first = report.first.into_iter().chain(first).min();
            report.last = report.last.max(last);
        }
    }
    by_source
        .into_values()
        .map(|(imports, report)| SourceReport { imports: imports.len() as u64, ..report })
        .collect()
}

/// Sessions at the end of what two sources have in common, over which they are compared.
const COMPARED_DAYS: i32 = 30;

/// How many conflicting names a finding gives before it only counts.
const NAMED: usize = 20;

/// Changes of codes that are not believed.
fn refused_changes(refused: &[Renamed]) -> Option<Finding> {
    if refused.is_empty() {
        return None;
    }
    let count = refused.len();
    let named: Vec<String> =
        refused.iter().take(NAMED).map(|change| format!("{} {}", change.old, change.new)).collect();
    let (en, zh) = if count > NAMED { (", …", "等") } else { ("", "") };
    Some(Finding {
        kind: FindingKind::SourceConflict,
        count: count as u64,
        subject: Table::CodeChange.name().to_owned(),
        detail: Wording::new(
            format!(
                "{count} changes of codes contradict each other or the rules, and are not used: \
                 {}{en}.",
                named.join(", ")
            ),
            format!("{count}条代码变更互相矛盾或与规则矛盾，未采用：{}{zh}。", named.join("、")),
        ),
        hint: Wording::new(
            "Import one list in which every code has one successor.",
            "请导入每个代码只有一个新代码的对照表。",
        ),
        place: None,
    })
}

/// Names of one date that disagree on a status.
fn status_conflicts(found: &[(Symbol, SessionDate)]) -> Option<Finding> {
    if found.is_empty() {
        return None;
    }
    let count = found.len();
    let named: Vec<String> =
        found.iter().take(NAMED).map(|(symbol, on)| format!("{symbol} {on}")).collect();
    let (en, zh) = if count > NAMED { (", …", "等") } else { ("", "") };
    Some(Finding {
        kind: FindingKind::StatusConflict,
        count: count as u64,
        subject: Table::Security.name().to_owned(),
        detail: Wording::new(
            format!(
                "The names of one date disagree on the risk warning (ST) or another status, or \
                 do not say, {count} times: {}{en}.",
                named.join(", ")
            ),
            format!(
                "同一日期的简称在风险警示（ST）等状态上互相矛盾或无法辨认，共{count}处：{}{zh}。",
                named.join("、")
            ),
        ),
        hint: Wording::new(
            "On these dates the status counts as unknown.",
            "这些日期的状态按不详处理。",
        ),
        place: None,
    })
}

/// Rows of daily bars that are held with different values.
fn conflicts(files: &[DataFile], codes: &Codes) -> Result<Vec<Finding>, StoreError> {
    let by_source: Vec<(&str, Vec<DataFile>)> = files
        .chunk_by(|a, b| a.source == b.source)
        .map(|files| (files[0].source.as_str(), files.to_vec()))
        .collect();
    let mut found = Vec::new();
    for (index, (source, own)) in by_source.iter().enumerate() {
        found.extend(among_imports(source, own, codes)?);
        for (other, others) in &by_source[index + 1..] {
            let Some((first, last)) = common(span(own), span(others)) else { continue };
            let Some(window) = window(first.max(last - COMPARED_DAYS), last) else { continue };
            let (a, b) = (read(own, &window, codes)?, read(others, &window, codes)?);
            let count = a.iter().filter(|(key, bar)| b.get(key).is_some_and(|o| !same(bar, o)));
            found.extend(finding(
                count.count() as u64,
                &Wording::new(
                    format!("`{source}` and `{other}`"),
                    format!("`{source}`与`{other}`"),
                ),
                &window,
            ));
        }
    }
    Ok(found)
}

/// Rows that imports of one source hold with different values.
fn among_imports(
    source: &str,
    files: &[DataFile],
    codes: &Codes,
) -> Result<Option<Finding>, StoreError> {
    let mut overlap = None::<(i32, i32)>;
    for (index, file) in files.iter().enumerate() {
        for other in files[index + 1..].iter().filter(|o| o.import_id != file.import_id) {
            if let Some((first, last)) = common(file.sessions, other.sessions) {
                let (least, greatest) = overlap.unwrap_or((first, last));
                overlap = Some((least.min(first), greatest.max(last)));
            }
        }
    }
    let Some(window) = overlap.and_then(|(first, last)| window(first, last)) else {
        return Ok(None);
    };
    let conflicts = bars::read(files, &window, &SourceChoice::Best, codes)?.conflicts();
    let holders =
        Wording::new(format!("Imports of `{source}`"), format!("来源`{source}`的几次导入"));
    Ok(finding(conflicts, &holders, &window))
}

fn finding(count: u64, holders: &Wording, window: &Window) -> Option<Finding> {
    (count > 0).then(|| Finding {
        kind: FindingKind::SourceConflict,
        count,
        subject: Table::DailyBar.name().to_owned(),
        detail: Wording::new(
            format!(
                "{} hold {count} daily bars between {} and {} with different prices or volumes.",
                holders.en, window.from, window.to
            ),
            format!(
                "{}至{}之间，{}有{count}条日线的价格或成交量不同。",
                window.from, window.to, holders.zh
            ),
        ),
        hint: Wording::new("A review names the source it used.", "复盘会写明所用的来源。"),
        place: None,
    })
}

/// Whether two sources mean the same: reference price and turnover may be missing in one.
fn same(a: &DailyBar, b: &DailyBar) -> bool {
    let traded = |bar: &DailyBar| bar.traded.map(|t| (t.open, t.high, t.low, t.last, t.volume));
    let agree = a.prev_close.zip(b.prev_close).is_none_or(|(a, b)| a == b);
    agree && traded(a) == traded(b)
}

fn read(
    files: &[DataFile],
    window: &Window,
    codes: &Codes,
) -> Result<BTreeMap<(Symbol, SessionDate), DailyBar>, StoreError> {
    let bars = bars::read(files, window, &SourceChoice::Best, codes)?;
    let securities = bars.securities.into_iter();
    Ok(securities
        .flat_map(|(symbol, bars)| bars.into_iter().map(move |bar| ((symbol, bar.session), bar)))
        .collect())
}

fn window(first: i32, last: i32) -> Option<Window> {
    Some(Window::new(SessionDate::from_epoch_days(first)?, SessionDate::from_epoch_days(last)?))
}

fn span(files: &[DataFile]) -> Option<(i32, i32)> {
    let ranges = || files.iter().filter_map(|file| file.sessions);
    ranges().map(|(first, _)| first).min().zip(ranges().map(|(_, last)| last).max())
}

fn common(a: Option<(i32, i32)>, b: Option<(i32, i32)>) -> Option<(i32, i32)> {
    let ((first, last), (from, to)) = (a?, b?);
    let range = (first.max(from), last.min(to));
    (range.0 <= range.1).then_some(range)
}

fn parquet_files(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(dir, error)),
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "parquet"))
        .collect();
    found.sort();
    Ok(found)
}
