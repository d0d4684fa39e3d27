//! What can go wrong between data and brief.

use fupan_fact::{FactKey, KeyError};
use fupan_fetch::FetchError;
use fupan_market::{CalendarError, ClosuresError, InLanguage, SessionDate, Symbol, Wording};
use fupan_push::PushError;
use fupan_source::SourceError;
use fupan_store::StoreError;
use fupan_table::Derived;
use thiserror::Error;

/// Why a command has no answer. Each message says what went wrong, where, and what to do next.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The date is not a session, or the calendar does not know it.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The text is not a fact key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Rows could not be laid out as a table.
    #[error(transparent)]
    Layout(#[from] fupan_table::TableError),
    /// The store holds no bars.
    #[error(
        "the store holds no daily bars yet; import some with `fupan import RECIPE PATH…`, or try \
         `fupan review --sample` first"
    )]
    NoBars,
    /// The instant comes before the session's first price.
    #[error(
        "at {at} the session of {session} has no price yet: the opening auction ends at 09:25; \
         choose a later instant, or the previous session"
    )]
    BeforeOpen {
        /// The session.
        session: SessionDate,
        /// The instant.
        at: fupan_fact::AsOf,
    },
    /// The data has no instants.
    #[error(
        "the simulated sample has only daily bars, no intraday instants: import quotes into a \
         store, for example with `fupan import bars-15m FILE`"
    )]
    NoInstants,
    /// The session is not in the data.
    #[error("{session} is not in the data, which covers {first} to {last}")]
    OutsideData {
        /// The session asked for.
        session: SessionDate,
        /// First session of the data.
        first: SessionDate,
        /// Last session of the data.
        last: SessionDate,
    },
    /// No fact has the key.
    #[error("no figure has the key {key}: {}", because.en)]
    NoFact {
        /// The key asked for.
        key: Box<FactKey>,
        /// Why there is none, and which key may have been meant.
        because: Box<Wording>,
    },
    /// No security, or more than one, has the name.
    #[error(
        "{} named {name}; give its code, such as 600519.SH{}",
        if found.is_empty() { "no security in the data is" } else { "several securities were" },
        listed(found, ", ", ": ")
    )]
    NotOneNamed {
        /// The name asked for.
        name: String,
        /// The securities that have it.
        found: Vec<Symbol>,
    },
    /// A file of closures is not valid.
    #[error("the closures in {path} cannot be used: {reason}")]
    Closures {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: ClosuresError,
    },
    /// The calendar was read before the store's own years were added.
    #[error("the calendar was in use before the years of this store were added to it")]
    CalendarInUse,
    /// A path could not be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// The operation: `read`, `write` or `lock`.
        action: &'static str,
        /// The path.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// A file exists but is not of the kind needed.
    #[error("cannot read {path}: {}", reason.en)]
    Unfit {
        /// The path.
        path: String,
        /// What it is, or is not.
        reason: Wording,
    },
    /// A vendor could not be asked, or its answers could not be kept.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A message could not be set for a channel.
    #[error(transparent)]
    Push(#[from] PushError),
    /// A dataset does not have what is asked for.
    #[error("`{dataset}` cannot be asked: {}", reason.en)]
    NotOffered {
        /// The dataset.
        dataset: &'static str,
        /// Why not.
        reason: Wording,
    },
    /// What a vendor answered cannot follow on what the store has.
    #[error("`{dataset}` is not stored: {}", reason.en)]
    NotCredible {
        /// The dataset.
        dataset: &'static str,
        /// Why not.
        reason: Wording,
    },
    /// No source has the name.
    #[error("there is no source `{name}`; there are eastmoney, tencent, sina, tushare and aktools")]
    UnknownSource {
        /// The name.
        name: String,
    },
    /// A list that no update keeps fresh.
    #[error(
        "no list `{name}` is kept fresh; there are eastmoney-concepts, tushare-index-weight, \
         tushare-industries and tushare-list"
    )]
    UnknownList {
        /// The name.
        name: String,
    },
    /// Another update of the store is running.
    #[error("another update of {store} is running; wait for it to end")]
    Updating {
        /// The store's folder.
        store: String,
    },
    /// The store is followed by another watch.
    #[error("another watch of {store} is running; stop it, or let it go on")]
    Watching {
        /// The store's folder.
        store: String,
    },
    /// A source that has no snapshots of the whole market.
    #[error("`{name}` cannot be followed; there are eastmoney, sina and tencent")]
    NotFollowed {
        /// The name.
        name: String,
    },
    /// A table could not be written.
    #[error("cannot write the table: {}", .0.en)]
    Table(Wording),
    /// A derived table holds rows that no backfill wrote.
    #[error(
        "the derived table `{table}` is damaged: {}; delete its folder in `tables` of the store \
         and run `fupan backfill`; no data is lost",
        detail.en
    )]
    DerivedDamaged {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        detail: Wording,
    },
}

/// What kind of thing went wrong, for exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request makes no sense as written: a wrong date, key, recipe or query.
    Usage,
    /// Data is missing, damaged, or cannot be read or written.
    Data,
}

impl Error {
    /// The error for a derived table whose rows do not match its schema.
    pub(crate) fn unreadable(table: Derived) -> Error {
        let detail = Wording::new(
            "its columns or values are not what a backfill writes",
            "其列或值不是`fupan backfill`所写的",
        );
        Error::DerivedDamaged { table: table.name(), detail }
    }

    /// An error from Arrow or another library that writes tables.
    pub(crate) fn table(error: impl std::fmt::Display) -> Error {
        Error::Table(Wording::of_library("表格库", &error))
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Calendar(_)
            | Error::Key(_)
            | Error::NoFact { .. }
            | Error::NotOneNamed { .. }
            | Error::Closures { .. }
            | Error::NotOffered { .. }
            | Error::UnknownSource { .. }
            | Error::NotFollowed { .. }
            | Error::UnknownList { .. }
            | Error::BeforeOpen { .. } => ErrorKind::Usage,
            Error::Source(
                SourceError::MissingColumns { .. }
                | SourceError::WrongFormat { .. }
                | SourceError::WrongType { .. }
                | SourceError::WrongUnits { .. }
                | SourceError::Contradiction { .. }
                | SourceError::NoRecipe { .. }
                | SourceError::BadRecipe { .. }
                | SourceError::AsOfNeeded { .. }
                | SourceError::Unannounced { .. }
                | SourceError::UnknownRecipe { .. },
            ) => ErrorKind::Usage,
            Error::Store(error) if error.is_usage() => ErrorKind::Usage,
            _ => ErrorKind::Data,
        }
    }
}

/// Securities after an opening, or nothing.
fn listed(found: &[Symbol], between: &str, opening: &str) -> String {
    match found {
        [] => String::new(),
        found => {
            let symbols: Vec<String> = found.iter().map(ToString::to_string).collect();
            format!("{opening}{}", symbols.join(between))
        }
    }
}

impl InLanguage for Error {
    fn wording(&self) -> Wording {
        let zh = match self {
            Error::Store(error) => error.wording().zh,
            Error::Source(error) => error.wording().zh,
            Error::Calendar(error) => error.wording().zh,
            Error::Key(error) => error.wording().zh,
            Error::Layout(error) => error.wording().zh,
            Error::NoBars => "数据库里还没有日线：请用`fupan import 配方 文件`导入，或用\
                              `fupan review --sample`先看示例"
                .to_owned(),
            Error::BeforeOpen { session, at } => format!(
                "{session}在{at}还没有价格：集合竞价于09:25结束；请给出更晚的时刻，或前一个交易日"
            ),
            Error::NoInstants => "示例行情只有日线，没有盘中时刻：请把报价导入数据库，例如\
                                  `fupan import bars-15m 文件`"
                .to_owned(),
            Error::OutsideData { session, first, last } => {
                format!("数据中没有{session}，现有{first}至{last}")
            }
            Error::NoFact { key, because } => format!("没有指标`{key}`：{}", because.zh),
            Error::NotOneNamed { name, found } => format!(
                "数据中{}名为{name}的证券；请给出代码，例如`600519.SH`{}",
                if found.is_empty() { "没有" } else { "有多只" },
                listed(found, "、", "：")
            ),
            Error::Closures { path, reason } => {
                format!("{path}中的休市日不能使用：{}", reason.wording().zh)
            }
            Error::CalendarInUse => "交易日历在加入本数据库的年份之前已被使用".to_owned(),
            Error::Io { action, path, source } => {
                let action = match *action {
                    "read" => "读取",
                    "lock" => "锁定",
                    _ => "写入",
                };
                format!("无法{action}{path}：{}", Wording::of_system(source).zh)
            }
            Error::Unfit { path, reason } => format!("无法读取{path}：{}", reason.zh),
            Error::Fetch(error) => return error.wording(),
            Error::Push(error) => return error.wording(),
            Error::NotOffered { dataset, reason } => format!("`{dataset}`无法请求：{}", reason.zh),
            Error::NotCredible { dataset, reason } => format!("`{dataset}`未存入：{}", reason.zh),
            Error::UnknownSource { name } => format!(
                "没有名为`{name}`的数据来源；可用的有eastmoney、tencent、sina、tushare和aktools"
            ),
            Error::UnknownList { name } => format!(
                "没有可以定期更新的列表`{name}`；可用的有eastmoney-concepts、tushare-index-weight、\
                 tushare-industries和tushare-list"
            ),
            Error::Updating { store } => format!("{store}正在被另一个进程更新；请等它结束"),
            Error::Watching { store } => {
                format!("{store}正在被另一个`watch`盯盘；请先停止它，或让它继续")
            }
            Error::NotFollowed { name } => {
                format!("`{name}`不能用来盯盘；可用的有eastmoney、sina和tencent")
            }
            Error::Table(reason) => format!("表格无法写出：{}", reason.zh),
            Error::DerivedDamaged { table, detail } => format!(
                "派生表`{table}`已损坏：{}；请删除数据库`tables`中它的文件夹，再运行\
                 `fupan backfill`，不会丢失数据",
                detail.zh
            ),
        };
        Wording::new(self.to_string(), zh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each variant. A new variant without an entry here does not compile.
    fn every_error() -> Vec<Error> {
        let day: SessionDate = "2026-02-12".parse().unwrap();
        let key: FactKey = "advances/all-a/2026-02-12/close".parse().unwrap();
        let not_a_session = || CalendarError::NotASession { date: day, previous: day, next: day };
        let because = Box::new(Wording::new("no such figure", "没有这个指标"));
        vec![
            Error::Store(StoreError::Calendar(not_a_session())),
            Error::Source(SourceError::AsOfNeeded { path: "list.csv".into() }),
            Error::Calendar(not_a_session()),
            Error::Key("a/b".parse::<FactKey>().unwrap_err()),
            Error::Layout(fupan_table::TableError::Column {
                table: "quote",
                column: "time",
                expected: "Int32".to_owned(),
            }),
            Error::NoBars,
            Error::BeforeOpen { session: day, at: fupan_fact::AsOf::Instant(34_200) },
            Error::NoInstants,
            Error::OutsideData { session: day, first: day, last: day },
            Error::NoFact { key: Box::new(key), because },
            Error::NotOneNamed { name: "贵州茅台".to_owned(), found: Vec::new() },
            Error::NotOneNamed {
                name: "平安".to_owned(),
                found: vec!["000001.SZ".parse().unwrap(), "601318.SH".parse().unwrap()],
            },
            Error::Closures { path: "2027.txt".to_owned(), reason: ClosuresError::Empty },
            Error::CalendarInUse,
            Error::Io {
                action: "write",
                path: "brief.html".to_owned(),
                source: std::io::ErrorKind::NotFound.into(),
            },
            Error::Updating { store: "/data/store".to_owned() },
            Error::UnknownList { name: "wind-list".to_owned() },
            Error::Watching { store: "/data/store".to_owned() },
            Error::NotFollowed { name: "tushare".to_owned() },
            Error::NotOffered { dataset: "sina-shares", reason: Wording::new("none", "无") },
            Error::NotCredible { dataset: "sina-shares", reason: Wording::new("none", "无") },
            Error::UnknownSource { name: "wind".to_owned() },
            Error::table("it went quite wrong"),
            Error::Unfit {
                path: "mine.toml".to_owned(),
                reason: Wording::new("it is no text", "它不是文本"),
            },
            Error::unreadable(Derived::Fact),
        ]
    }

    #[test]
    fn every_error_is_said_in_both_languages() {
        for error in every_error() {
            let told = error.wording();
            assert_eq!(told.en, error.to_string());
            assert!(told.zh.chars().any(|c| ('一'..='鿿').contains(&c)), "{error:?}");
            assert_eq!(fupan_market::english_in(&told.zh), None, "{}", told.zh);
        }
    }
}
