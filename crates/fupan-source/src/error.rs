//! Why a file could not be imported at all. What is wrong with single rows is a finding instead.

use std::path::{Path, PathBuf};

use fupan_market::{CalendarError, Finding, InLanguage, Language, Wording, shown};
use thiserror::Error;

/// An import that did not take place. Nothing of the file is kept.
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
    /// The file's bytes break its own format: truncated, or changed on the way.
    #[error("{} is damaged: {reason}; fetch it again", at(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        reason: String,
    },
    /// The file is of another kind than the recipe reads.
    #[error("{} is not what the recipe `{recipe}` reads: {reason}", at(path))]
    WrongFormat {
        /// The file or folder.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// What was expected and what was found.
        reason: String,
    },
    /// The file lacks columns that the recipe reads.
    #[error("{} has no column {}; it has {}{hint}", at(path), listed(missing), listed(columns))]
    MissingColumns {
        /// The file.
        path: PathBuf,
        /// The recipe's columns that the file lacks.
        missing: Vec<String>,
        /// The columns the file has.
        columns: Vec<String>,
        /// The nearest names and the recipes that fit, as a clause to append; may be empty.
        hint: String,
    },
    /// A column holds a type that cannot be read as what the recipe says it is.
    #[error(
        "{}: column `{column}` is of type {found}, which cannot be read as {expected}",
        at(path)
    )]
    WrongType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What the recipe says it is.
        expected: &'static str,
    },
    /// Most rows contradict the units that the recipe declares; importing them would spoil every
    /// figure.
    #[error(
        "{}: the units of recipe `{recipe}` do not fit this file: {evidence}; {remedy}",
        at(path)
    )]
    WrongUnits {
        /// The file.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// What was counted.
        evidence: String,
        /// What to change in the recipe.
        remedy: String,
    },
    /// The rows speak against each other, so that a column cannot be what the recipe says it is.
    #[error("{}: {evidence}; {remedy}", at(path))]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// What was counted.
        evidence: String,
        /// What to look at.
        remedy: String,
    },
    /// More rows would be left out than a file may lose unsaid.
    #[error(
        "{}: {lost} of {of} rows cannot be imported: {}; nothing was stored. Mend the file or the \
         recipe, or import what is left with --partial",
        at(path),
        reasons(findings, Language::En)
    )]
    TooMuchLost {
        /// The file or folder.
        path: PathBuf,
        /// Rows and values that would be left out.
        lost: u64,
        /// Rows that belong into the store.
        of: u64,
        /// Why, the commonest reason first.
        findings: Vec<Finding>,
    },
    /// No recipe fits a file.
    #[error("{}: no recipe fits it: {reason}", at(path))]
    NoRecipe {
        /// The file.
        path: PathBuf,
        /// What was found, and what to do.
        reason: String,
    },
    /// A recipe's text breaks the recipe language.
    #[error("recipe `{recipe}`, line {line}: {reason}")]
    BadRecipe {
        /// The recipe.
        recipe: String,
        /// The line, counted from one.
        line: usize,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The file does not say of which date it speaks.
    #[error(
        "{} does not say of which date it speaks, nor does its name: give --as-of with the \
             date, such as 2026-05-28",
        at(path)
    )]
    AsOfNeeded {
        /// The file.
        path: PathBuf,
    },
    /// Rows are of a year whose closures the calendar does not know, so nobody can say which of
    /// its days are sessions.
    #[error("{} was not imported: {why}", at(path))]
    Unannounced {
        /// The file or folder.
        path: PathBuf,
        /// The first such day, and what to do.
        why: CalendarError,
    },
    /// The file is larger than an import may be.
    #[error(
        "{} is too large for one import ({found}, at most {limit}): split it, for instance \
             by year",
        at(path)
    )]
    TooLarge {
        /// The file or folder.
        path: PathBuf,
        /// Its size.
        found: String,
        /// What is allowed.
        limit: String,
    },
    /// The file holds no row that could be kept.
    #[error("{} holds no row for the recipe `{recipe}`: {reason}", at(path))]
    Nothing {
        /// The file or folder.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// The commonest reason.
        reason: String,
    },
    /// No built-in recipe has the name.
    #[error(
        "there is no recipe `{name}`{}; built in are {}",
        crate::nearest::did_you_mean(name, known),
        listed(known)
    )]
    UnknownRecipe {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
}

impl InLanguage for SourceError {
    fn wording(&self) -> Wording {
        Wording::new(self.to_string(), self.chinese())
    }
}

/// A path as it can be printed.
fn at(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

impl SourceError {
    fn chinese(&self) -> String {
        match self {
            SourceError::Unreadable { path, reason } => {
                format!("无法读取{}：{reason}", at(path))
            }
            SourceError::Damaged { path, reason } => {
                format!("{}已损坏：{reason}；请重新获取该文件", at(path))
            }
            SourceError::WrongFormat { path, recipe, reason } => {
                format!("{}不是配方`{recipe}`所读的格式：{reason}", at(path))
            }
            SourceError::MissingColumns { path, missing, columns, hint } => format!(
                "{}没有{}列；现有的列为{}{hint}",
                at(path),
                listed_zh(missing),
                listed_zh(columns)
            ),
            SourceError::WrongType { path, column, found, expected } => {
                format!("{}：`{column}`列的类型是{found}，不能读作{expected}", at(path))
            }
            SourceError::WrongUnits { path, recipe, evidence, remedy } => {
                format!("{}：配方`{recipe}`的单位与该文件不符：{evidence}；{remedy}", at(path))
            }
            SourceError::Contradiction { path, evidence, remedy } => {
                format!("{}：{evidence}；{remedy}", at(path))
            }
            SourceError::TooMuchLost { path, lost, of, findings } => format!(
                "{}：{of}行中有{lost}行无法导入：{}；没有存入任何数据。请修改文件或配方，或用--partial\
                 导入其余部分",
                at(path),
                reasons(findings, Language::Zh)
            ),
            SourceError::NoRecipe { path, reason } => {
                format!("{}：没有适用的配方：{reason}", at(path))
            }
            SourceError::BadRecipe { recipe, line, reason } => {
                format!("配方`{recipe}`第{line}行：{reason}")
            }
            SourceError::AsOfNeeded { path } => format!(
                "{}及其文件名都没有说明所指的日期：请用--as-of给出日期，例如2026-05-28",
                at(path)
            ),
            SourceError::Unannounced { path, why } => {
                format!("{}未导入：{}", at(path), why.wording().zh)
            }
            SourceError::TooLarge { path, found, limit } => format!(
                "{}太大，不能一次导入（{found}，上限{limit}）：请拆开导入，例如按年",
                at(path)
            ),
            SourceError::Nothing { path, recipe, reason } => {
                format!("{}没有配方`{recipe}`能用的行：{reason}", at(path))
            }
            SourceError::UnknownRecipe { name, known } => {
                let nearest = crate::nearest::nearest(name, known.iter().map(String::as_str));
                let meant = nearest.map(|name| format!("；是否指`{name}`？")).unwrap_or_default();
                format!("没有配方`{name}`{meant}；内置的有{}", listed_zh(known))
            }
        }
    }
}

/// Names and their characters that a message holds at most.
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
            let hint = match (finding.hint.in_language(language), zh) {
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

/// Names in backticks, separated by commas; a file may have many, and long ones.
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

/// A name out of a file, short and safe to print.
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

    /// One of each variant; adding one without its words does not compile, see `chinese`.
    fn every_error() -> Vec<SourceError> {
        let (path, recipe) = (PathBuf::from("日线\u{1b}.csv"), "mine".to_owned());
        let reason = "x".to_owned();
        vec![
            SourceError::Unreadable {
                path: path.clone(),
                reason: std::io::ErrorKind::NotFound.into(),
            },
            SourceError::Damaged { path: path.clone(), reason: reason.clone() },
            SourceError::WrongFormat {
                path: path.clone(),
                recipe: recipe.clone(),
                reason: reason.clone(),
            },
            SourceError::MissingColumns {
                path: path.clone(),
                missing: vec!["close".to_owned()],
                columns: vec!["a\u{202e}".to_owned(); 70],
                hint: String::new(),
            },
            SourceError::WrongType {
                path: path.clone(),
                column: "close".to_owned(),
                found: "Utf8".to_owned(),
                expected: "a number",
            },
            SourceError::WrongUnits {
                path: path.clone(),
                recipe: recipe.clone(),
                evidence: reason.clone(),
                remedy: reason.clone(),
            },
            SourceError::Contradiction {
                path: path.clone(),
                evidence: reason.clone(),
                remedy: reason.clone(),
            },
            SourceError::TooMuchLost {
                path: path.clone(),
                lost: 3,
                of: 9,
                findings: vec![finding()],
            },
            SourceError::NoRecipe { path: path.clone(), reason: reason.clone() },
            SourceError::BadRecipe { recipe: recipe.clone(), line: 3, reason: reason.clone() },
            SourceError::AsOfNeeded { path: path.clone() },
            SourceError::Unannounced {
                path: path.clone(),
                why: fupan_market::Calendar::builtin()
                    .number(fupan_market::SessionDate::new(2099, 1, 5).unwrap())
                    .unwrap_err(),
            },
            SourceError::TooLarge {
                path: path.clone(),
                found: reason.clone(),
                limit: reason.clone(),
            },
            SourceError::Nothing { path, recipe, reason },
            SourceError::UnknownRecipe { name: "mien".to_owned(), known: vec!["mine".to_owned()] },
        ]
    }

    #[test]
    fn every_error_is_said_in_both_languages_and_safely() {
        for error in every_error() {
            let told = error.wording();
            assert_eq!(told.en, error.to_string());
            assert!(told.zh.chars().any(|c| ('一'..='鿿').contains(&c)), "{}", told.zh);
            for text in [&told.en, &told.zh] {
                assert!(!text.chars().any(fupan_market::is_hidden), "{text:?}");
            }
        }
    }
}
