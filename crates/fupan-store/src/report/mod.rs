//! Reports what a store holds, whether it is sound, and how to mend it.

mod text;

pub(crate) mod compare;
pub(crate) mod disagree;
pub(crate) mod gaps;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fupan_market::{Calendar, Exchange, Finding, InLanguage, SessionDate, Wording};
use fupan_table::{Derived, Table};
use rayon::prelude::*;
use serde::Serialize;

use crate::append::mend;
use crate::delta::log::{DataFile, TableLog};
use crate::delta::{IMPORTS, Tables, encode, scan};
use crate::error::short;
use crate::read::securities::Securities;
use crate::read::{code_changes, definitions};
use crate::record::ImportRecord;
use crate::report::gaps::{Gap, Rows};
use crate::{StoreError, derived, record};

/// How thoroughly a store is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thoroughness {
    /// Every byte is read.
    Bytes,
    /// Only logs and sizes are read: gaps in sessions and disagreements between sources are not
    /// found.
    Quick,
}

/// What a store holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreReport {
    /// Its tables, except those without rows.
    pub tables: Vec<TableReport>,
    /// Complete imports.
    pub imports: u64,
    /// Imports with rows that are not visible, because a process died before completing them.
    pub incomplete: Vec<String>,
    /// Files that tables list but that are missing, or do not hold what was written.
    pub damaged: Vec<PathBuf>,
    /// Files whose bytes matched the digest recorded when they were written.
    pub verified: u64,
    /// Files that an earlier version wrote without a digest; they were only read.
    pub without_digest: u64,
    /// Files that no table lists; they are not read.
    pub orphans: Vec<PathBuf>,
    /// Row counts of the last sessions.
    pub last_sessions: Vec<SessionRows>,
    /// What is wrong, and how to mend it.
    pub problems: Vec<Problem>,
}

/// Row counts of one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionRows {
    /// The session.
    pub session: SessionDate,
    /// Rows by exchange, except those without.
    pub rows: BTreeMap<&'static str, u64>,
}

/// One problem of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The kind of problem.
    pub kind: ProblemKind,
    /// Whether it may make figures wrong.
    pub changes_figures: bool,
    /// The number of files, sessions or rows affected.
    pub count: u64,
    /// A table, an exchange, an import, a file.
    pub subject: String,
    /// What is wrong, in one sentence.
    pub detail: Wording,
    /// How to mend it.
    pub mend: Wording,
}

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A file is missing, or does not hold what was written.
    Damaged,
    /// A derived table cannot be read, or does not hold what was written.
    DerivedDamaged,
    /// A process died during an import.
    Incomplete,
    /// Sessions of an exchange have no rows, or too few.
    Gap,
    /// Rows are held with different values.
    Conflict,
    /// A definition of the reader names what the store does not know.
    Unheard,
    /// Derived tables may differ from what computing them now would produce.
    DerivedStale,
    /// Files that no table lists.
    Unlisted,
}

/// The report on one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// Its name.
    pub table: String,
    /// Its Delta version.
    pub version: u64,
    /// Its sources.
    pub sources: Vec<SourceReport>,
}

/// The rows of one source in a table.
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
    /// Whether no problem changes figures.
    pub fn is_sound(&self) -> bool {
        self.problems.iter().all(|problem| !problem.changes_figures)
    }
}

/// Number of last sessions whose row counts are reported.
const LAST_SESSIONS: usize = 5;

pub(crate) fn doctor(
    tables: &Tables,
    thoroughness: Thoroughness,
    made_by: &str,
) -> Result<StoreReport, StoreError> {
    let visible = tables.visible()?;
    let mut report = StoreReport {
        tables: Vec::new(),
        imports: visible.len() as u64,
        incomplete: Vec::new(),
        damaged: Vec::new(),
        verified: 0,
        without_digest: 0,
        orphans: mend::unlisted(tables)?,
        last_sessions: Vec::new(),
        problems: Vec::new(),
    };
    let mut incomplete = BTreeSet::new();
    let records: BTreeMap<String, ImportRecord> = match record::all(tables) {
        Ok(records) => records.into_iter().map(|record| (record.id.0.clone(), record)).collect(),
        // The files of the table itself are checked below.
        Err(_) => BTreeMap::new(),
    };
    for name in Table::ALL.map(Table::name).into_iter().chain([IMPORTS]) {
        let log = TableLog::read(&tables.table_dir(name))?;
        report.look_at(&log.files, thoroughness, &|file, why| damaged(name, file, why, &records));
        let (shown, hidden): (Vec<_>, Vec<_>) =
            log.files.into_iter().partition(|file| visible.contains_key(&file.import_id));
        incomplete.extend(hidden.into_iter().map(|file| file.import_id));
        if let Some(version) = log.version.filter(|_| name != IMPORTS) {
            let sources = sources(shown);
            report.tables.push(TableReport { table: name.to_owned(), version, sources });
        }
    }
    report.incomplete = incomplete.into_iter().collect();
    let unfinished = report.incomplete.iter().map(|id| unfinished(id)).collect::<Vec<_>>();
    report.problems.extend(unfinished);
    for table in Derived::ALL {
        let dir = tables.table_dir(table.name());
        let files = TableLog::read(&dir)?.files;
        report.look_at(&files, thoroughness, &|_, why| derived_damaged(table, &dir, why));
    }
    if report.damaged.is_empty() && thoroughness == Thoroughness::Bytes {
        report.look_at_rows(tables)?;
    }
    if derived::was_made(tables)?
        && let Some(from) = derived::stale_from(tables, made_by)?
    {
        report.problems.push(stale(from));
    }
    if !report.orphans.is_empty() {
        report.problems.push(unlisted(&report.orphans));
    }
    report.problems.sort_by_key(|problem| (!problem.changes_figures, problem.kind));
    Ok(report)
}

/// The fault of a file.
#[derive(Clone, Debug)]
enum Fault {
    Missing,
    Size { listed: u64, found: u64 },
    Content,
    Rows { listed: u64, found: u64 },
    Unreadable(Wording),
}

impl Fault {
    fn wording(&self) -> Wording {
        match self {
            Fault::Missing => Wording::new("it is not there", "文件不存在"),
            Fault::Size { listed, found } => Wording::new(
                format!("it has {found} bytes but was written with {listed}"),
                format!("现有{found}字节，写入时为{listed}字节"),
            ),
            Fault::Content => {
                Wording::new("its content is not what was written", "内容与写入时不同")
            }
            Fault::Rows { listed, found } => Wording::new(
                format!("it has {found} rows but the table lists {listed}"),
                format!("现有{found}行，表中登记为{listed}行"),
            ),
            Fault::Unreadable(why) => Wording::new(
                format!("it cannot be read: {}", why.en),
                format!("无法读取：{}", why.zh),
            ),
        }
    }
}

impl StoreReport {
    /// Checks files against their table's log.
    fn look_at(
        &mut self,
        files: &[DataFile],
        thoroughness: Thoroughness,
        problem: &dyn Fn(&DataFile, &Wording) -> Problem,
    ) {
        let faults: Vec<Option<Fault>> =
            files.par_iter().map(|file| fault(file, thoroughness)).collect();
        for (file, fault) in files.iter().zip(faults) {
            if let Some(fault) = fault {
                self.damaged.push(file.path.clone());
                self.problems.push(problem(file, &fault.wording()));
            } else if thoroughness == Thoroughness::Bytes {
                match file.content {
                    Some(_) => self.verified += 1,
                    None => self.without_digest += 1,
                }
            }
        }
    }

    /// Finds sessions that lack rows, and rows that are held with different values.
    fn look_at_rows(&mut self, tables: &Tables) -> Result<(), StoreError> {
        let (rows, conflicts) = gaps::rows(tables)?;
        self.last_sessions = last_sessions(&rows, tables.calendar());
        self.problems.extend(gaps::gaps(&rows, tables.calendar()).iter().map(gap));
        if conflicts > 0 {
            self.problems.push(twice(conflicts));
        }
        let changes = tables.files(Table::CodeChange)?;
        let codes = code_changes::codes(&changes, tables.rulebook())?;
        let securities = Securities::read(&tables.files(Table::Security)?, &codes)?;
        self.problems.extend(disagree::names(&securities.status_conflicts()));
        let refused = codes.refused(&code_changes::listed(&changes)?);
        self.problems.extend(disagree::code_changes(&refused));
        self.problems.extend(definitions::of(tables)?.findings.iter().map(definition));
        for found in compare::sources(&tables.files(Table::DailyBar)?, &codes)? {
            self.problems.push(Problem {
                kind: ProblemKind::Conflict,
                changes_figures: true,
                count: found.prices + found.amounts,
                subject: Table::DailyBar.name().to_owned(),
                detail: found.detail(),
                mend: Wording::new(
                    "A review uses one of them and names it; `--source NAME` chooses. Remove a \
                     wrong import with `fupan drop ID` (`fupan imports` lists the ids).",
                    "复盘只用其中之一并写明来源，可用`--source 名称`指定。错误的一次导入可用\
                     `fupan drop 编号`撤出（编号见`fupan imports`）。",
                ),
            });
        }
        Ok(())
    }
}

/// A definition that is not used, or that two sources have.
fn definition(found: &Finding) -> Problem {
    Problem {
        kind: ProblemKind::Conflict,
        changes_figures: true,
        count: found.count,
        subject: found.subject.clone(),
        detail: found.detail.clone(),
        mend: found.hint.clone(),
    }
}

fn fault(file: &DataFile, thoroughness: Thoroughness) -> Option<Fault> {
    let Ok(found) = fs::metadata(&file.path) else { return Some(Fault::Missing) };
    if found.len() != file.bytes {
        return Some(Fault::Size { listed: file.bytes, found: found.len() });
    }
    if thoroughness == Thoroughness::Quick {
        return None;
    }
    if let Some(content) = &file.content {
        match encode::digest(&file.path) {
            Ok(digest) if digest == *content => {}
            Ok(_) => return Some(Fault::Content),
            Err(error) => return Some(Fault::Unreadable(error.wording())),
        }
    }
    let rows = match file.content {
        Some(_) => scan::Opened::open(&file.path).map(|opened| opened.rows()),
        // Its digest was not recorded: it must be readable from end to end.
        None => scan::whole(&file.path)
            .map(|batches| batches.iter().map(|batch| batch.num_rows() as u64).sum()),
    };
    match (rows, file.rows) {
        (Err(error), _) => Some(Fault::Unreadable(error.wording())),
        (Ok(found), Some(listed)) if found != listed => Some(Fault::Rows { listed, found }),
        _ => None,
    }
}

fn damaged(
    table: &str,
    file: &DataFile,
    why: &Wording,
    records: &BTreeMap<String, ImportRecord>,
) -> Problem {
    let path = file.path.display();
    let id = short(&file.import_id);
    let mend = match records.get(&file.import_id) {
        Some(record) if table != IMPORTS => Wording::new(
            format!(
                "Run `fupan drop {id}`, then `fupan import {} {}`; or restore the file from a \
                 backup.",
                record.recipe, record.file
            ),
            format!(
                "先运行`fupan drop {id}`，再运行`fupan import {} {}`；或从备份恢复该文件。",
                record.recipe, record.file
            ),
        ),
        _ => Wording::new(
            format!(
                "Restore it from a backup, or run `fupan drop {id}` and import its file \
                     again."
            ),
            format!("请从备份恢复，或运行`fupan drop {id}`后重新导入。"),
        ),
    };
    Problem {
        kind: ProblemKind::Damaged,
        changes_figures: true,
        count: 1,
        subject: table.to_owned(),
        detail: Wording::new(
            format!("{path} is damaged: {}.", why.en),
            format!("{path}已损坏：{}。", why.zh),
        ),
        mend,
    }
}

fn derived_damaged(table: Derived, dir: &Path, why: &Wording) -> Problem {
    let (name, dir) = (table.name(), dir.display());
    Problem {
        kind: ProblemKind::DerivedDamaged,
        changes_figures: true,
        count: 1,
        subject: name.to_owned(),
        detail: Wording::new(
            format!("A file of the derived table `{name}` is damaged: {}.", why.en),
            format!("派生表`{name}`有文件损坏：{}。", why.zh),
        ),
        mend: Wording::new(
            format!("Delete the folder {dir} and run `fupan backfill`; no data is lost."),
            format!("请删除文件夹{dir}，再运行`fupan backfill`；不会丢失数据。"),
        ),
    }
}

fn unfinished(id: &str) -> Problem {
    let id = short(id);
    Problem {
        kind: ProblemKind::Incomplete,
        changes_figures: false,
        count: 1,
        subject: id.to_owned(),
        detail: Wording::new(
            format!("The import {id} was interrupted; its rows are not shown."),
            format!("导入{id}中途中断，其数据不显示。"),
        ),
        mend: Wording::new(
            format!("Import the same file again, or run `fupan drop {id}`."),
            format!("请重新导入同一文件，或运行`fupan drop {id}`。"),
        ),
    }
}

fn gap(gap: &Gap) -> Problem {
    let label = gap.exchange.label();
    let (first, last, sessions) = (gap.first, gap.last, gap.sessions);
    let (en, zh) = match first == last {
        true => (format!("on {first}"), format!("{first}")),
        false => (
            format!("on {sessions} sessions from {first} to {last}"),
            format!("{first}至{last}共{sessions}个交易日"),
        ),
    };
    let usual = gap.usual.map(|usual| {
        Wording::new(
            format!(" (neighbouring sessions have about {usual})"),
            format!("（前后约{usual}行）"),
        )
    });
    let usual = usual.unwrap_or_else(Wording::none);
    let detail = match gap.rows {
        0 => Wording::new(
            format!("{} has no rows {en}{}.", label.en, usual.en),
            format!("{}{zh}无数据{}。", label.zh, usual.zh),
        ),
        rows => Wording::new(
            format!("{} has few rows {en}: {rows}{}.", label.en, usual.en),
            format!("{}{zh}数据偏少：{rows}行{}。", label.zh, usual.zh),
        ),
    };
    Problem {
        kind: ProblemKind::Gap,
        changes_figures: true,
        count: sessions,
        subject: gap.exchange.mic().to_owned(),
        detail,
        mend: Wording::new(
            "Import a file with these sessions: `fupan import RECIPE FILE`.",
            "请导入含这些交易日的文件：`fupan import 配方 文件`。",
        ),
    }
}

/// A problem for rows that imports of one source hold with different values; newer versions refuse
/// them.
fn twice(count: u64) -> Problem {
    Problem {
        kind: ProblemKind::Conflict,
        changes_figures: true,
        count,
        subject: Table::DailyBar.name().to_owned(),
        detail: Wording::new(
            format!(
                "{count} daily bars are in two imports of one source with different values; the \
                 import with the smaller id is used."
            ),
            format!("有{count}条日线由同一来源的两次导入给出不同数值；以编号较小者为准。"),
        ),
        mend: Wording::new(
            "Remove the wrong import with `fupan drop ID` (`fupan imports` lists the ids).",
            "请用`fupan drop 编号`撤出错误的一次导入（编号见`fupan imports`）。",
        ),
    }
}

fn stale(from: SessionDate) -> Problem {
    Problem {
        kind: ProblemKind::DerivedStale,
        changes_figures: false,
        count: 1,
        subject: Derived::Fact.name().to_owned(),
        detail: Wording::new(
            format!(
                "The derived tables are out of date from {from} on; reviews recompute those \
                 sessions, `fupan sql` still shows the old values."
            ),
            format!("派生表自{from}起已过时；复盘会重新计算，`fupan sql`显示的仍是旧值。"),
        ),
        mend: Wording::new("Run `fupan backfill`.", "请运行`fupan backfill`。"),
    }
}

fn unlisted(orphans: &[PathBuf]) -> Problem {
    let count = orphans.len() as u64;
    let first = orphans.first().map(|path| path.display().to_string()).unwrap_or_default();
    Problem {
        kind: ProblemKind::Unlisted,
        changes_figures: false,
        count,
        subject: first.clone(),
        detail: Wording::new(
            format!("{count} files belong to no table and are not read; the first is {first}."),
            format!("有{count}个文件不属于任何表，不会被读取；第一个是{first}。"),
        ),
        mend: Wording::new(
            "`fupan backfill` removes those that the store wrote; others may be deleted.",
            "`fupan backfill`会清除数据库自己写下的；其余可以删除。",
        ),
    }
}

fn last_sessions(rows: &Rows, calendar: &Calendar) -> Vec<SessionRows> {
    let days = || rows.keys().map(|(session, _)| *session);
    let Some((first, last)) = days().min().zip(days().max()) else { return Vec::new() };
    let sessions = calendar.between(first, last);
    let of = |session: &SessionDate| SessionRows {
        session: *session,
        rows: Exchange::ALL
            .into_iter()
            .filter_map(|exchange| Some((exchange.mic(), *rows.get(&(*session, exchange))?)))
            .collect(),
    };
    sessions[sessions.len().saturating_sub(LAST_SESSIONS)..].iter().map(of).collect()
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
