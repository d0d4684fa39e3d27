//! Why a file could not be imported as a whole. Faults of single rows are findings instead.

use std::path::{Path, PathBuf};

use fupan_market::{CalendarError, Finding, InLanguage, Language, Wording, shown};
use thiserror::Error;

use crate::finding::Said;
use crate::nearest::did_you_mean;

/// An import that failed. Nothing of the file is kept.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The file or folder cannot be opened or read.
    #[error("cannot read {}: {reason}", at(path))]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// The file's bytes break its own format: truncated, or changed in transfer.
    #[error("{} is damaged: {}; fetch it again", at(path), reason.en)]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: Wording,
    },
    /// The file is not of the kind that the recipe reads.
    #[error("{} is not in the format that the recipe `{recipe}` reads: {}", at(path), reason.en)]
    WrongFormat {
        /// The file or folder.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// What was expected and what was found.
        reason: Wording,
    },
    /// The file lacks columns that the recipe reads.
    #[error(
        "{} has no column {}; it has {}{}",
        at(path),
        listed(missing),
        listed(columns),
        hint.en
    )]
    MissingColumns {
        /// The file.
        path: PathBuf,
        /// The recipe's columns that the file lacks.
        missing: Vec<String>,
        /// The columns the file has.
        columns: Vec<String>,
        /// The nearest names and the recipes that fit, as a clause to append; may be empty.
        hint: Box<Wording>,
    },
    /// A column's type cannot be read as what the recipe declares.
    #[error(
        "{}: column `{column}` is of type {found}, which cannot be read as {}",
        at(path),
        expected.said().en
    )]
    WrongType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type, as Arrow names it.
        found: String,
        /// What the recipe declares it to be.
        expected: Expected,
    },
    /// Most rows contradict the units that the recipe declares; importing them would corrupt every
    /// figure.
    #[error(
        "{}: the units of recipe `{recipe}` do not fit this file: {}; {}",
        at(path),
        evidence.en,
        remedy.en
    )]
    WrongUnits {
        /// The file.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// What was counted.
        evidence: Box<Wording>,
        /// What to change in the recipe.
        remedy: Box<Wording>,
    },
    /// The rows contradict each other, so a column cannot be what the recipe declares.
    #[error("{}: {}; {}", at(path), evidence.en, remedy.en)]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// What was counted.
        evidence: Box<Wording>,
        /// What to check.
        remedy: Box<Wording>,
    },
    /// More rows would be left out than may be lost without the caller's consent.
    #[error(
        "{}: {lost} of {of} rows cannot be imported: {}; nothing was stored. Correct the file or \
         the recipe, or import the rest with --partial",
        at(path),
        reasons(findings, Language::En)
    )]
    TooMuchLost {
        /// The file or folder.
        path: PathBuf,
        /// Rows and values that would be left out.
        lost: u64,
        /// Rows that belong in the store.
        of: u64,
        /// Why, the commonest reason first.
        findings: Vec<Finding>,
    },
    /// No recipe fits a file.
    #[error("{}: no recipe fits it: {}", at(path), reason.en)]
    NoRecipe {
        /// The file.
        path: PathBuf,
        /// What was found, and what to do.
        reason: Wording,
    },
    /// A file's text is not the definition that the recipe reads.
    #[error("{} cannot be used: {}", at(path), reason.en)]
    BadDefinition {
        /// The file.
        path: PathBuf,
        /// What is wrong, where, and what to write.
        reason: Wording,
    },
    /// A recipe's text breaks the recipe language.
    #[error("recipe `{recipe}`, line {line}: {}", reason.en)]
    BadRecipe {
        /// The recipe.
        recipe: String,
        /// The line, counted from one.
        line: usize,
        /// What is wrong, and what is allowed.
        reason: Wording,
    },
    /// The recipe needs a date that neither the file nor its name states.
    #[error(
        "neither {} nor its name states the date it is for: give the date with --as-of, for \
         example 2026-05-28",
        at(path)
    )]
    AsOfNeeded {
        /// The file.
        path: PathBuf,
    },
    /// Rows are of a year whose closures the calendar does not know yet, so its sessions are
    /// unknown.
    #[error("{} was not imported: {why}", at(path))]
    Unannounced {
        /// The file or folder.
        path: PathBuf,
        /// The first such day, and what to do.
        why: CalendarError,
    },
    /// The file is larger than an import may be.
    #[error(
        "{} is too large for one import ({}, at most {}): split it, for example by year",
        at(path),
        found.en,
        limit.en
    )]
    TooLarge {
        /// The file or folder.
        path: PathBuf,
        /// Its size.
        found: Box<Wording>,
        /// What is allowed.
        limit: Box<Wording>,
    },
    /// No row of the file could be kept.
    #[error("{} has no row that the recipe `{recipe}` can use: {}", at(path), reason.en)]
    Nothing {
        /// The file or folder.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// The commonest reason.
        reason: Wording,
    },
    /// No built-in recipe has the name.
    #[error(
        "there is no recipe `{name}`{}; the built-in ones are {}",
        did_you_mean(name, known.iter().map(String::as_str)).en,
        listed(known)
    )]
    UnknownRecipe {
        /// The requested name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
}

/// What a recipe declares a column to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Text.
    Text,
    /// A security.
    Symbol,
    /// A price, a count, an amount.
    Number,
    /// A date.
    Date,
    /// A time of day.
    Time,
}

impl Expected {
    fn said(self) -> Said {
        match self {
            Expected::Text => Said { en: "a text", zh: "文本" },
            Expected::Symbol => Said { en: "a symbol", zh: "证券代码" },
            Expected::Number => Said { en: "a number", zh: "数字" },
            Expected::Date => Said { en: "a date", zh: "日期" },
            Expected::Time => Said { en: "a time of day", zh: "时刻" },
        }
    }
}

impl InLanguage for SourceError {
    fn wording(&self) -> Wording {
        Wording::new(self.to_string(), self.chinese())
    }
}

/// A path in printable form.
fn at(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

impl SourceError {
    fn chinese(&self) -> String {
        match self {
            SourceError::Unreadable { path, reason } => {
                format!("无法读取{}：{}", at(path), Wording::of_system(reason).zh)
            }
            SourceError::Damaged { path, reason } => {
                format!("{}已损坏：{}；请重新获取该文件", at(path), reason.zh)
            }
            SourceError::WrongFormat { path, recipe, reason } => {
                format!("{}不是配方`{recipe}`所读的格式：{}", at(path), reason.zh)
            }
            SourceError::MissingColumns { path, missing, columns, hint } => format!(
                "{}没有{}列；现有的列为{}{}",
                at(path),
                listed_zh(missing),
                listed_zh(columns),
                hint.zh
            ),
            SourceError::WrongType { path, column, found, expected } => {
                let expected = expected.said().zh;
                format!("{}：`{column}`列的类型是`{found}`，不能读作{expected}", at(path))
            }
            SourceError::WrongUnits { path, recipe, evidence, remedy } => format!(
                "{}：配方`{recipe}`的单位与该文件不符：{}；{}",
                at(path),
                evidence.zh,
                remedy.zh
            ),
            SourceError::Contradiction { path, evidence, remedy } => {
                format!("{}：{}；{}", at(path), evidence.zh, remedy.zh)
            }
            SourceError::TooMuchLost { path, lost, of, findings } => format!(
                "{}：{of}行中有{lost}行无法导入：{}；没有存入任何数据。请修改文件或配方，或用--partial\
                 导入其余部分",
                at(path),
                reasons(findings, Language::Zh)
            ),
            SourceError::NoRecipe { path, reason } => {
                format!("{}：没有适用的配方：{}", at(path), reason.zh)
            }
            SourceError::BadDefinition { path, reason } => {
                format!("{}不能使用：{}", at(path), reason.zh)
            }
            SourceError::BadRecipe { recipe, line, reason } => {
                format!("配方`{recipe}`第{line}行：{}", reason.zh)
            }
            SourceError::AsOfNeeded { path } => format!(
                "{}及其文件名都没有说明所指的日期：请用--as-of给出日期，例如2026-05-28",
                at(path)
            ),
            SourceError::Unannounced { path, why } => {
                format!("{}未导入：{}", at(path), why.wording().zh)
            }
            SourceError::TooLarge { path, found, limit } => format!(
                "{}太大，不能一次导入（{}，上限{}）：请拆开导入，例如按年",
                at(path),
                found.zh,
                limit.zh
            ),
            SourceError::Nothing { path, recipe, reason } => {
                format!("{}没有配方`{recipe}`能用的行：{}", at(path), reason.zh)
            }
            SourceError::UnknownRecipe { name, known } => {
                let meant = did_you_mean(name, known.iter().map(String::as_str)).zh;
                format!("没有配方`{name}`{meant}；内置的有{}", listed_zh(known))
            }
        }
    }
}

/// Most names in a message, and most characters of a name.
const SHOWN: usize = 60;

/// Findings as one clause: what, where, and what to do.
fn reasons(findings: &[Finding], language: Language) -> String {
    let zh = language == Language::Zh;
    let reasons: Vec<String> = findings
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref();
            let row = place.and_then(|place| place.row);
            let column = place.and_then(|place| place.column.as_ref()).map(|name| shown(name));
            let (detail, count) = (finding.detail.in_language(language), finding.count);
            // A list of reasons goes on behind a hint's full stop.
            let hint = finding.hint.in_language(language).trim_end_matches(['.', '。']);
            let hint = match (hint, zh) {
                ("", _) => String::new(),
                (hint, true) => format!("。{hint}"),
                (hint, false) => format!(". {hint}"),
            };
            let mut place = String::new();
            if let Some(row) = row {
                place += &if zh {
                    format!("，首见于第{row}行")
                } else {
                    format!(", first in row {row}")
                };
            }
            if let Some(column) = column {
                place +=
                    &if zh { format!("，`{column}`列") } else { format!(", column `{column}`") };
            }
            if zh {
                format!("{detail}（{count}{place}）{hint}")
            } else {
                format!("{detail} ({count}{place}){hint}")
            }
        })
        .collect();
    reasons.join(if zh { "；" } else { "; " })
}

/// Names in backticks, separated by commas. A file may have many names, and long ones.
fn listed(names: &[String]) -> String {
    let mut text: Vec<String> = names.iter().take(SHOWN).map(|name| quoted(name)).collect();
    if names.len() > SHOWN {
        text.push(format!("and {} more", names.len() - SHOWN));
    }
    if text.is_empty() { "none".to_owned() } else { text.join(", ") }
}

fn listed_zh(names: &[String]) -> String {
    let text: Vec<String> = names.iter().take(SHOWN).map(|name| quoted(name)).collect();
    match names.len().saturating_sub(SHOWN) {
        _ if names.is_empty() => "（无）".to_owned(),
        0 => text.join("、"),
        more => format!("{}等（另有{more}个）", text.join("、")),
    }
}

/// A name from a file, shortened and safe to print.
fn quoted(name: &str) -> String {
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", shown(&name[..end])),
        None => format!("`{}`", shown(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        Finding {
            kind: fupan_market::FindingKind::UnreadableField,
            count: 3,
            subject: String::new(),
            detail: Wording::new("Not a number", "不是数字"),
            hint: Wording::new("Look.", "请核对。"),
            place: Some(fupan_market::Place {
                file: "x".to_owned(),
                row: Some(2),
                column: Some("量\u{1b}".to_owned()),
            }),
        }
    }

    /// One of each variant. Adding a variant without its wording does not compile; see `chinese`.
    fn every_error() -> Vec<SourceError> {
        let (path, recipe) = (PathBuf::from("日线\u{1b}.csv"), "mine".to_owned());
        let reason = || Wording::new("it holds none", "其中没有");
        let boxed = || Box::new(reason());
        vec![
            SourceError::Unreadable {
                path: path.clone(),
                reason: std::io::ErrorKind::NotFound.into(),
            },
            SourceError::Damaged { path: path.clone(), reason: reason() },
            SourceError::WrongFormat {
                path: path.clone(),
                recipe: recipe.clone(),
                reason: reason(),
            },
            SourceError::MissingColumns {
                path: path.clone(),
                missing: vec!["close".to_owned()],
                columns: vec!["a\u{202e}".to_owned(); 70],
                hint: boxed(),
            },
            SourceError::WrongType {
                path: path.clone(),
                column: "close".to_owned(),
                found: "Timestamp(Nanosecond, None)".to_owned(),
                expected: Expected::Number,
            },
            SourceError::WrongUnits {
                path: path.clone(),
                recipe: recipe.clone(),
                evidence: boxed(),
                remedy: boxed(),
            },
            SourceError::Contradiction { path: path.clone(), evidence: boxed(), remedy: boxed() },
            SourceError::BadDefinition { path: path.clone(), reason: reason() },
            SourceError::TooMuchLost {
                path: path.clone(),
                lost: 3,
                of: 9,
                findings: vec![finding()],
            },
            SourceError::NoRecipe { path: path.clone(), reason: reason() },
            SourceError::BadRecipe { recipe: recipe.clone(), line: 3, reason: reason() },
            SourceError::AsOfNeeded { path: path.clone() },
            SourceError::Unannounced {
                path: path.clone(),
                why: fupan_market::Calendar::builtin()
                    .number(fupan_market::SessionDate::new(2099, 1, 5).unwrap())
                    .unwrap_err(),
            },
            SourceError::TooLarge { path: path.clone(), found: boxed(), limit: boxed() },
            SourceError::Nothing { path, recipe, reason: reason() },
            SourceError::UnknownRecipe { name: "mien".to_owned(), known: vec!["mine".to_owned()] },
        ]
    }

    #[test]
    fn names_are_listed_in_either_language_and_the_rest_of_many_is_counted() {
        let names = |n: usize| (0..n).map(|n| format!("c{n}")).collect::<Vec<_>>();
        assert_eq!((listed(&[]), listed_zh(&[])), ("none".to_owned(), "（无）".to_owned()));
        assert_eq!((&*listed(&names(2)), &*listed_zh(&names(2))), ("`c0`, `c1`", "`c0`、`c1`"));
        assert!(listed(&names(SHOWN)).ends_with(", `c59`"));
        assert!(listed_zh(&names(SHOWN)).ends_with("、`c59`"));
        assert!(listed(&names(SHOWN + 2)).ends_with(", `c59`, and 2 more"));
        assert!(listed_zh(&names(SHOWN + 2)).ends_with("、`c59`等（另有2个）"));
    }

    #[test]
    fn a_long_name_is_cut() {
        let name = "列".repeat(SHOWN);
        assert_eq!(quoted(&name), format!("`{name}`"));
        assert_eq!(quoted(&format!("{name}价")), format!("`{name}…`"));
    }

    #[test]
    fn a_reason_says_how_often_where_and_what_to_do() {
        let place = |row, column: Option<&str>| {
            let column = column.map(str::to_owned);
            Some(fupan_market::Place { file: "x".to_owned(), row, column })
        };
        let whole = Finding { place: place(Some(2), Some("量")), ..finding() };
        let bare = Finding { place: None, hint: Wording::none(), ..finding() };
        let of_file = Finding { place: place(None, None), ..finding() };
        for (finding, en, zh) in [
            (
                &whole,
                "Not a number (3, first in row 2, column `量`). Look",
                "不是数字（3，首见于第2行，`量`列）。请核对",
            ),
            (&bare, "Not a number (3)", "不是数字（3）"),
            (&of_file, "Not a number (3). Look", "不是数字（3）。请核对"),
        ] {
            let one = std::slice::from_ref(finding);
            assert_eq!(
                (reasons(one, Language::En), reasons(one, Language::Zh)),
                (en.into(), zh.into())
            );
        }
        let two = reasons(&[bare, of_file], Language::En);
        assert_eq!(two, "Not a number (3); Not a number (3). Look");
    }

    #[test]
    fn every_error_is_said_in_both_languages_and_safely() {
        for error in every_error() {
            let told = error.wording();
            assert_eq!(told.en, error.to_string());
            assert!(told.zh.chars().any(|c| ('一'..='鿿').contains(&c)), "{}", told.zh);
            assert_eq!(fupan_market::english_in(&told.zh), None, "{}", told.zh);
            for text in [&told.en, &told.zh] {
                assert!(!text.chars().any(fupan_market::is_hidden), "{text:?}");
            }
        }
    }
}
