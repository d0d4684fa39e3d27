//! What can go wrong with a store, and what the user can do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use fupan_market::{CalendarError, InLanguage, SessionDate, Wording, shown};
use fupan_table::{Table, TableError};
use thiserror::Error;

/// Why a store operation failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder holds no store.
    #[error(
        "{} is not a store: create one with `fupan import RECIPE PATH…`, name another folder with \
         --store, or try `fupan review --sample` first",
        at(.0)
    )]
    NotAStore(PathBuf),
    /// A newer fupan wrote the store.
    #[error(
        "the store {} has format {found} and this fupan reads up to {readable}: \
         install fupan {needs} or later",
        at(dir)
    )]
    NewerStore {
        /// The store's folder.
        dir: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this version reads.
        readable: u32,
        /// The first fupan version that reads it.
        needs: String,
    },
    /// A file of the store does not have the expected content.
    #[error(
        "{} is damaged: {}; restore it from a backup, or import into a new store",
        at(path),
        detail.en
    )]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        detail: Wording,
    },
    /// Another program added a feature to a table that this version does not read.
    #[error(
        "table `{table}` uses {}, which this fupan does not read; another program changed it: \
         restore the table from a backup",
        feature.en
    )]
    Unsupported {
        /// The table.
        table: String,
        /// The feature.
        feature: Wording,
    },
    /// The store holds no bars.
    #[error("the store {} holds no daily bars yet: run `fupan import` first", at(.0))]
    Empty(PathBuf),
    /// The store has no bars of the requested session.
    #[error(
        "the store has no daily bars of {session}{}; it holds {first} to {last}: choose a session \
         in that range, or import this one",
        of_source(source_name.as_deref())
    )]
    NoSession {
        /// The requested session.
        session: SessionDate,
        /// The requested source, if one was named.
        source_name: Option<String>,
        /// First session in the store.
        first: SessionDate,
        /// Last session in the store.
        last: SessionDate,
    },
    /// The store has no quotes of the requested session.
    #[error(
        "the store has no quotes of {session}, so nothing is known about instants inside it{}: \
         import some, for example with `fupan import bars-15m FILE`",
        between(*held)
    )]
    NoQuotes {
        /// The requested session.
        session: SessionDate,
        /// First and last session of the quotes in the store, if there are any.
        held: Option<(SessionDate, SessionDate)>,
    },
    /// The quotes of the session begin after the requested instant.
    #[error(
        "the store's quotes of {session} begin at {first}, after {until}: choose a later instant, \
         or import finer quotes"
    )]
    NoQuotesYet {
        /// The requested session.
        session: SessionDate,
        /// The requested instant.
        until: String,
        /// The first instant of the quotes.
        first: String,
    },
    /// The date is not a session.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The file system refuses writes.
    #[error("cannot write {}: {source}; make the folder writable, or use another store", at(path))]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The disk is full.
    #[error(
        "no space left for {}; nothing was changed: free some space and run the import again",
        at(path)
    )]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Any other file system error.
    #[error("{}: {source}", at(path))]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// An import's rows do not fit the table.
    #[error("import `{import}` does not fit table `{table}`: {}", detail.en)]
    Rows {
        /// The import.
        import: String,
        /// The table.
        table: &'static str,
        /// What does not fit.
        detail: Wording,
    },
    /// An earlier import of the same source holds rows with other values.
    #[error("{0}")]
    Differs(Box<Difference>),
    /// No import has an id with this prefix.
    #[error("no import has an id that begins with `{0}`: `fupan imports` lists them")]
    NoImport(String),
    /// Several imports have ids with this prefix.
    #[error("several imports have ids that begin with `{prefix}`: {}", ids.join(", "))]
    ManyImports {
        /// The requested prefix.
        prefix: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Another process is computing the derived tables.
    #[error(
        "another `fupan backfill` is running on the store {}; nothing was changed: wait until it \
         finishes, then run this again",
        at(.0)
    )]
    Busy(PathBuf),
    /// The time of an import cannot be represented.
    #[error("the system's clock is wrong: {0}; set it and run the import again")]
    Clock(String),
    /// A Parquet file could not be read or written.
    #[error("{}: {source}", at(path))]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The Parquet library's error.
        source: parquet::errors::ParquetError,
    },
    /// The Delta library failed.
    #[error("table {}: {source}", at(path))]
    Delta {
        /// The table's folder.
        path: PathBuf,
        /// The Delta library's error.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// The query is not valid, or would do more than read.
    #[error("{}", .0.en)]
    Sql(Wording),
    /// The query needs more memory than it may use.
    #[error(
        "the query needs more memory than it may use (half of this machine's): select fewer rows \
         or columns with WHERE or LIMIT, or query one part at a time ({0})"
    )]
    TooLarge(String),
}

/// How an import differs from earlier ones of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The import's file.
    pub file: String,
    /// The source.
    pub source: String,
    /// The tables.
    pub tables: Vec<String>,
    /// Rows that differ.
    pub rows: u64,
    /// First and last day of the rows that differ.
    pub days: Option<(SessionDate, SessionDate)>,
    /// The earlier imports.
    pub earlier: Vec<EarlierImport>,
    /// The first rows that differ: symbol, date, and what changes.
    pub examples: Vec<Wording>,
}

/// An earlier import that holds rows with other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierImport {
    /// Its id.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Rows that differ.
    pub rows: u64,
}

/// Characters of an id that are shown.
pub(crate) const ID_SHOWN: usize = 12;

/// The shown prefix of an id.
pub(crate) fn short(id: &str) -> &str {
    id.get(..ID_SHOWN).unwrap_or(id)
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = match self.days {
            Some((first, last)) if first == last => format!(" of {first}"),
            Some((first, last)) => format!(" between {first} and {last}"),
            None => String::new(),
        };
        let earlier: Vec<String> = self
            .earlier
            .iter()
            .map(|e| format!("{} (import {}, {} rows)", e.file, short(&e.id), e.rows))
            .collect();
        writeln!(
            f,
            "`{}` was not imported: {} rows of `{}`{days} are already in the store from the same \
             source, `{}`, with different values, from {}",
            self.file,
            self.rows,
            self.tables.join("`, `"),
            self.source,
            earlier.join(", ")
        )?;
        for example in &self.examples {
            writeln!(f, "  {}", example.en)?;
        }
        let ids: Vec<&str> = self.earlier.iter().map(|e| short(&e.id)).collect();
        write!(
            f,
            "if the new file is right, import it with --replace, or run `fupan drop {}` first; to \
             keep both, give the recipe another `source`",
            ids.join(" ")
        )
    }
}

impl Difference {
    fn chinese(&self) -> String {
        let days = match self.days {
            Some((first, last)) if first == last => format!("{first}的"),
            Some((first, last)) => format!("{first}至{last}之间的"),
            None => String::new(),
        };
        let earlier =
            |e: &EarlierImport| format!("{}（导入{}，{}行）", shown(&e.file), short(&e.id), e.rows);
        let earlier: Vec<String> = self.earlier.iter().map(earlier).collect();
        let tables: Vec<String> = self.tables.iter().map(|name| labelled(name)).collect();
        let mut text = format!(
            "`{}`未导入：数据库中同一来源`{}`已有{}中{days}{}行，数值不同，来自{}\n",
            shown(&self.file),
            self.source,
            tables.join("、"),
            self.rows,
            earlier.join("、")
        );
        for example in &self.examples {
            text.push_str(&format!("  {}\n", example.zh));
        }
        let ids: Vec<&str> = self.earlier.iter().map(|e| short(&e.id)).collect();
        text.push_str(&format!(
            "若新文件正确，请用--replace导入，或先运行`fupan drop {}`；若两者都要保留，请在配方中改用\
             另一个`source`",
            ids.join(" ")
        ));
        text
    }
}

impl InLanguage for StoreError {
    fn wording(&self) -> Wording {
        Wording::new(self.to_string(), self.chinese())
    }
}

/// A path in printable form.
fn at(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

impl StoreError {
    fn chinese(&self) -> String {
        match self {
            StoreError::NotAStore(dir) => format!(
                "{}不是数据库：请用`fupan import 配方 文件`新建，或用--store指定另一个文件夹，也可用\
                 `fupan review --sample`先看示例",
                at(dir)
            ),
            StoreError::NewerStore { dir, found, readable, needs } => format!(
                "数据库{}的格式为{found}，本版fupan最多读到{readable}：请安装fupan {needs}或更新版本",
                at(dir)
            ),
            StoreError::Damaged { path, detail } => {
                format!("{}已损坏：{}；请从备份恢复，或导入到新的数据库", at(path), detail.zh)
            }
            StoreError::Unsupported { table, feature } => format!(
                "`{table}`表使用了{}，本版fupan不能读取；它被其他程序改动过：请从备份恢复该表",
                feature.zh
            ),
            StoreError::Empty(dir) => {
                format!("数据库{}里还没有日线：请先用`fupan import`导入", at(dir))
            }
            StoreError::NoSession { session, source_name, first, last } => {
                let source = source_name.as_ref().map(|name| format!("来源`{name}`的"));
                format!(
                    "数据库没有{session}{}日线，现有{first}至{last}：请选择其间的交易日，或导入该日",
                    source.unwrap_or_default()
                )
            }
            StoreError::NoQuotes { session, held } => {
                let held = held.map(|(first, last)| format!("；现有报价在{first}至{last}之间"));
                format!(
                    "数据库没有{session}的盘中报价，无法得知其盘中情况{}：请先导入，例如\
                     `fupan import bars-15m 文件`",
                    held.unwrap_or_default()
                )
            }
            StoreError::NoQuotesYet { session, until, first } => format!(
                "{session}的报价从{first}开始，晚于{until}：请给出更晚的时刻，或导入更细的报价"
            ),
            StoreError::Calendar(error) => error.wording().zh,
            StoreError::Rows { import, table, detail } => {
                format!("导入`{import}`与`{table}`表不符：{}", detail.zh)
            }
            StoreError::Sql(reason) => format!("查询有误：{}", reason.zh),
            StoreError::Differs(difference) => difference.chinese(),
            StoreError::NoImport(prefix) => {
                format!("没有编号以`{prefix}`开头的导入：`fupan imports`列出全部导入")
            }
            StoreError::ManyImports { prefix, ids } => {
                format!("不止一次导入的编号以`{prefix}`开头：{}", ids.join("、"))
            }
            StoreError::Busy(dir) => format!(
                "另一个`fupan backfill`正在处理数据库{}，没有改动任何数据：请等它完成后再运行",
                at(dir)
            ),
            StoreError::TooLarge(reason) => format!(
                "查询需要的内存超过上限（本机内存的一半）：请用WHERE或LIMIT减少行或列，或分次查询\
                 （{}）",
                Wording::of_library("查询引擎", reason).zh
            ),
            StoreError::Clock(_)
            | StoreError::ReadOnly { .. }
            | StoreError::DiskFull { .. }
            | StoreError::Io { .. }
            | StoreError::Parquet { .. }
            | StoreError::Delta { .. } => self.fault_in_chinese(),
        }
    }

    /// A system or library error, with what can be done about it.
    fn fault_in_chinese(&self) -> String {
        match self {
            StoreError::ReadOnly { path, source } => {
                let why = Wording::of_system(source).zh;
                format!("无法写入{}：{why}；请使该文件夹可写，或换用其他数据库", at(path))
            }
            StoreError::Clock(reason) => {
                let reason = Wording::of_library("时间库", reason).zh;
                format!("系统时钟有误：{reason}；请校准后重新导入")
            }
            StoreError::DiskFull { path, .. } => {
                format!(
                    "磁盘空间不足，无法写入{}；没有改动任何数据：请腾出空间后重新导入",
                    at(path)
                )
            }
            StoreError::Parquet { path, source } => {
                format!("{}无法读写：{}", at(path), Wording::of_library("Parquet库", source).zh)
            }
            StoreError::Delta { path, source } => {
                format!("数据表{}无法读写：{}", at(path), Wording::of_library("Delta库", source).zh)
            }
            StoreError::Io { path, source } => {
                format!("{}无法读写：{}", at(path), Wording::of_system(source).zh)
            }
            _ => String::new(),
        }
    }
}

/// A table's name in Chinese.
fn labelled(table: &str) -> String {
    Table::named(table).map_or_else(|| format!("`{table}`"), |table| table.label().zh)
}

fn of_source(source: Option<&str>) -> String {
    source.map(|name| format!(" from source `{name}`")).unwrap_or_default()
}

fn between(held: Option<(SessionDate, SessionDate)>) -> String {
    held.map(|(first, last)| format!("; it holds quotes between {first} and {last}"))
        .unwrap_or_default()
}

impl StoreError {
    /// Whether the request itself cannot be met, as opposed to a fault of the data or the machine.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            StoreError::NoSession { .. }
                | StoreError::Calendar(_)
                | StoreError::Sql(_)
                | StoreError::TooLarge(_)
                | StoreError::NoImport(_)
                | StoreError::ManyImports { .. }
        )
    }

    /// An I/O error at a path, classified by what the user can do about it.
    pub(crate) fn io(path: &Path, source: io::Error) -> StoreError {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                StoreError::DiskFull { path, source }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path, source }
            }
            _ => StoreError::Io { path, source },
        }
    }

    /// A stored row or column that its table does not allow.
    pub(crate) fn unlike(path: &Path, error: &TableError) -> StoreError {
        StoreError::Damaged { path: path.to_path_buf(), detail: error.wording() }
    }

    /// A Parquet error at a path; an I/O error inside it is classified as such.
    pub(crate) fn parquet(path: &Path, source: parquet::errors::ParquetError) -> StoreError {
        match io_kind(&source) {
            Some(kind) if kind != io::ErrorKind::UnexpectedEof => {
                StoreError::io(path, io::Error::new(kind, source))
            }
            _ => StoreError::Parquet { path: path.to_path_buf(), source },
        }
    }

    /// A Delta error in a table's folder; an I/O error inside it is classified as such.
    pub(crate) fn delta(path: &Path, source: deltalake_core::DeltaTableError) -> StoreError {
        match io_kind(&source) {
            Some(kind) => StoreError::io(path, io::Error::new(kind, source)),
            None => StoreError::Delta { path: path.to_path_buf(), source: Box::new(source) },
        }
    }
}

/// The kind of the first I/O error in an error's chain of causes.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        if let Some(parquet::errors::ParquetError::External(inner)) = error.downcast_ref()
            && let Some(io) = inner.downcast_ref::<io::Error>()
        {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each variant. Adding a variant without its wording does not compile; see `chinese`.
    fn every_error() -> Vec<StoreError> {
        let path = PathBuf::from("store\u{1b}[2J");
        let day = SessionDate::from_epoch_days(20_496).unwrap();
        let (detail, words) = ("x".to_owned(), || Wording::new("no such thing", "没有"));
        let said = "it went quite wrong".to_owned();
        let io = || io::Error::from(io::ErrorKind::PermissionDenied);
        vec![
            StoreError::NotAStore(path.clone()),
            StoreError::NewerStore {
                dir: path.clone(),
                found: 9,
                readable: 1,
                needs: detail.clone(),
            },
            StoreError::Damaged { path: path.clone(), detail: words() },
            StoreError::Unsupported { table: detail.clone(), feature: words() },
            StoreError::Empty(path.clone()),
            StoreError::NoSession {
                session: day,
                source_name: Some(detail.clone()),
                first: day,
                last: day,
            },
            StoreError::NoQuotes { session: day, held: Some((day, day)) },
            StoreError::NoQuotesYet { session: day, until: detail.clone(), first: detail.clone() },
            StoreError::Calendar(CalendarError::NotASession {
                date: day,
                previous: day,
                next: day,
            }),
            StoreError::ReadOnly { path: path.clone(), source: io() },
            StoreError::DiskFull { path: path.clone(), source: io() },
            StoreError::Io { path: path.clone(), source: io() },
            StoreError::Rows { import: detail.clone(), table: "quote", detail: words() },
            StoreError::Parquet {
                path: path.clone(),
                source: parquet::errors::ParquetError::General(said.clone()),
            },
            StoreError::Delta {
                path,
                source: Box::new(deltalake_core::DeltaTableError::Generic(said.clone())),
            },
            StoreError::Sql(words()),
            StoreError::Differs(Box::new(Difference {
                file: detail.clone(),
                source: detail.clone(),
                tables: vec![detail.clone(), "daily_bar".to_owned()],
                rows: 2,
                days: Some((day, day)),
                earlier: vec![EarlierImport { id: detail.clone(), file: detail.clone(), rows: 2 }],
                examples: vec![words()],
            })),
            StoreError::NoImport(detail.clone()),
            StoreError::ManyImports { prefix: detail.clone(), ids: vec![detail.clone()] },
            StoreError::Busy("store".into()),
            StoreError::Clock(said.clone()),
            StoreError::TooLarge(said),
        ]
    }

    #[test]
    fn every_error_is_said_in_both_languages_and_safely() {
        for error in every_error() {
            let told = error.wording();
            assert_eq!(told.en, error.to_string());
            assert!(told.zh.chars().any(|c| ('一'..='鿿').contains(&c)), "{error:?}");
            assert_eq!(fupan_market::english_in(&told.zh), None, "{}", told.zh);
            for text in [&told.en, &told.zh] {
                let hidden = |c: char| c != '\n' && fupan_market::is_hidden(c);
                assert!(!text.chars().any(hidden), "{text:?}");
            }
        }
    }
}
