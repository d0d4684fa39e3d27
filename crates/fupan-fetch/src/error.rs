//! Why something is not fetched.

use std::error::Error;
use std::fmt::{Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

use fupan_market::{InLanguage, Wording, shown};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::fault::FetchFault;

/// A fetch that failed. It holds no secret.
#[derive(Debug)]
pub enum FetchError {
    /// A variable that a request needs is not set.
    NoVariable {
        /// The source.
        source: &'static str,
        /// The variable.
        variable: &'static str,
    },
    /// A variable holds what cannot be used where it belongs.
    BadVariable {
        /// The source; empty for a variable that all sources share.
        source: &'static str,
        /// The variable.
        variable: &'static str,
        /// What is wrong; without the value.
        reason: Wording,
    },
    /// A setting that cannot be used.
    BadSetting {
        /// Its name.
        setting: &'static str,
        /// What is wrong.
        reason: Wording,
    },
    /// A request that cannot be sent: a mistake of this program.
    BadRequest {
        /// The source.
        source: &'static str,
        /// The request's name.
        name: String,
        /// What is wrong.
        reason: Wording,
    },
    /// No answer that can be kept.
    Unanswered {
        /// The source.
        source: &'static str,
        /// The request's name.
        name: String,
        /// How often it was tried.
        attempts: u32,
        /// What was wrong last.
        fault: FetchFault,
        /// The refused answer, if it was kept for looking into.
        kept: Option<Box<Path>>,
    },
    /// The answer is one that asking again does not change.
    Never {
        /// The source.
        source: &'static str,
        /// The request's name.
        name: String,
        /// What is wrong, and what to do.
        reason: Wording,
        /// The refused answer, if it was kept for looking into.
        kept: Option<Box<Path>>,
    },
    /// The source failed too often and is left alone, or asked to be.
    Resting {
        /// The source.
        source: &'static str,
        /// Until when.
        until: Timestamp,
        /// What was wrong last, if that was in this fetch.
        fault: Option<FetchFault>,
    },
    /// So many are waiting to ask the source that it would take too long.
    Queue {
        /// The source.
        source: &'static str,
        /// When it would be our turn.
        until: Timestamp,
    },
    /// Another process fetches into the folder.
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds answers of another source.
    OtherSource {
        /// The folder.
        folder: PathBuf,
        /// The source that is asked.
        source: &'static str,
        /// The source of the answers.
        held: String,
    },
    /// A conversation does not come to an end.
    Endless {
        /// The source.
        source: &'static str,
        /// The request that it asks once more, or that is one too many.
        name: String,
    },
    /// A file or folder cannot be read or written.
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        reason: io::Error,
    },
}

impl FetchError {
    /// An error of a file or folder.
    pub(crate) fn disk(path: &Path) -> impl FnOnce(io::Error) -> FetchError {
        let path = path.to_owned();
        move |reason| FetchError::Disk { path, reason }
    }

    /// The source, if it is about one.
    pub fn of_source(&self) -> Option<&'static str> {
        match self {
            FetchError::BadVariable { source: "", .. }
            | FetchError::BadSetting { .. }
            | FetchError::InUse { .. }
            | FetchError::Disk { .. } => None,
            FetchError::NoVariable { source, .. }
            | FetchError::BadVariable { source, .. }
            | FetchError::BadRequest { source, .. }
            | FetchError::Unanswered { source, .. }
            | FetchError::Never { source, .. }
            | FetchError::Resting { source, .. }
            | FetchError::Queue { source, .. }
            | FetchError::OtherSource { source, .. }
            | FetchError::Endless { source, .. } => Some(source),
        }
    }
}

impl InLanguage for FetchError {
    fn wording(&self) -> Wording {
        match self {
            FetchError::NoVariable { source, variable } => Wording::new(
                format!("{source}: the environment has no {variable}; set it"),
                format!("{source}：没有设置环境变量{variable}；请先设置"),
            ),
            FetchError::BadVariable { source, variable, reason } => {
                bad_variable(source, variable, reason)
            }
            FetchError::BadSetting { setting, reason } => Wording::new(
                format!("the setting {setting} cannot be used: {}", reason.en),
                format!("设置{setting}无法使用：{}", reason.zh),
            ),
            FetchError::BadRequest { source, name, reason } => bad_request(source, name, reason),
            FetchError::Unanswered { source, name, attempts, fault, kept } => {
                unanswered(source, name, *attempts, fault, kept.as_deref())
            }
            FetchError::Never { source, name, reason, kept } => {
                let kept = kept_at(kept.as_deref());
                Wording::new(
                    format!("{source}: `{}`: {}{}", shown(name), reason.en, kept.en),
                    format!("{source}：`{}`：{}{}", shown(name), reason.zh, kept.zh),
                )
            }
            FetchError::Resting { source, until, fault } => resting(source, *until, fault.as_ref()),
            FetchError::Queue { source, until } => Wording::new(
                format!(
                    "{source}: so many requests are waiting that it is our turn only at {}; try \
                     again then",
                    at(*until)
                ),
                format!("{source}：排队的请求太多，{}才轮到；请到时再试", at(*until)),
            ),
            FetchError::InUse { folder } => Wording::new(
                format!("another fupan is fetching into {}; wait until it is done", path(folder)),
                format!("另一个fupan正在往`{}`里取数据；请等它完成", path(folder)),
            ),
            FetchError::OtherSource { folder, source, held } => Wording::new(
                format!(
                    "{source}: {} holds answers of {}; give another folder",
                    path(folder),
                    shown(held)
                ),
                format!("{source}：`{}`里是`{}`的回答；请换一个文件夹", path(folder), shown(held)),
            ),
            FetchError::Endless { source, name } => Wording::new(
                format!(
                    "{source}: it does not come to an end: at `{}` everything was there already, or \
                     there were too many requests; please report this",
                    shown(name)
                ),
                format!(
                    "{source}：请求没有尽头：到`{}`时该取的已取过，或请求太多；请报告这个问题",
                    shown(name)
                ),
            ),
            FetchError::Disk { path: at, reason } => {
                let said = Wording::of_system(reason);
                Wording::new(
                    format!("cannot read or write {}: {}", path(at), said.en),
                    format!("无法读写`{}`：{}", path(at), said.zh),
                )
            }
        }
    }
}

fn bad_variable(source: &str, variable: &str, reason: &Wording) -> Wording {
    let (of, zh_of) = match source {
        "" => (String::new(), String::new()),
        _ => (format!("{source}: "), format!("{source}：")),
    };
    Wording::new(
        format!("{of}the variable {variable} cannot be used: {}", reason.en),
        format!("{zh_of}环境变量{variable}无法使用：{}", reason.zh),
    )
}

fn bad_request(source: &str, name: &str, reason: &Wording) -> Wording {
    let name = shown(name);
    Wording::new(
        format!(
            "{source}: `{name}` is a request that cannot be sent: {}; please report this",
            reason.en
        ),
        format!("{source}：请求`{name}`无法发送：{}；请报告这个问题", reason.zh),
    )
}

fn unanswered(
    source: &str,
    name: &str,
    attempts: u32,
    fault: &FetchFault,
    kept: Option<&Path>,
) -> Wording {
    let (why, kept) = (fault.wording(), kept_at(kept));
    let (then, zh_then) = match fault.is_passing() {
        true => ("; try again later", "；请稍后再试"),
        false => ("", ""),
    };
    let (tries, zh_tries) = match attempts {
        0 | 1 => (String::new(), String::new()),
        _ => (format!(" after {attempts} attempts"), format!("试了{attempts}次，")),
    };
    Wording::new(
        format!("{source}: `{}` has no answer{tries}: {}{then}{}", shown(name), why.en, kept.en),
        format!(
            "{source}：`{}`{zh_tries}没有得到回答：{}{zh_then}{}",
            shown(name),
            why.zh,
            kept.zh
        ),
    )
}

fn resting(source: &str, until: Timestamp, fault: Option<&FetchFault>) -> Wording {
    let last = fault.map_or(Wording::none(), |fault| {
        let said = fault.wording();
        Wording::new(format!(" (last: {})", said.en), format!("（最近一次：{}）", said.zh))
    });
    let until = at(until);
    Wording::new(
        format!(
            "{source}: it failed too often or asked to wait, and is left alone until {until}{}; \
             other sources still work",
            last.en
        ),
        format!("{source}：多次失败或要求等待，{until}之前不再请求{}；其他来源照常", last.zh),
    )
}

fn kept_at(kept: Option<&Path>) -> Wording {
    kept.map_or(Wording::none(), |kept| {
        Wording::new(
            format!("; the answer is kept in {}", path(kept)),
            format!("；该回答保存在`{}`", path(kept)),
        )
    })
}

fn path(path: &Path) -> String {
    shown(&path.to_string_lossy()).into_owned()
}

/// A moment in the time of Shanghai, which is fixed: it has no summer time.
fn at(moment: Timestamp) -> String {
    let shanghai = TimeZone::fixed(jiff::tz::offset(8));
    moment.to_zoned(shanghai).strftime("%F %T +08:00").to_string()
}

impl Display for FetchError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.wording().en)
    }
}

impl Error for FetchError {}
