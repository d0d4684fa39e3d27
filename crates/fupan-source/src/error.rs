//! Why a file could not be imported at all. What is wrong with single rows is a finding instead.

use std::path::PathBuf;

use fupan_market::Finding;
use thiserror::Error;

/// An import that did not take place. Nothing of the file is kept.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The file or folder cannot be opened or read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// The file's bytes break its own format: truncated, or changed on the way.
    #[error("{} is damaged: {reason}; fetch it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        reason: String,
    },
    /// The file is of another kind than the recipe reads.
    #[error("{} is not what the recipe `{recipe}` reads: {reason}", path.display())]
    WrongFormat {
        /// The file or folder.
        path: PathBuf,
        /// The recipe.
        recipe: String,
        /// What was expected and what was found.
        reason: String,
    },
    /// The file lacks columns that the recipe reads.
    #[error("{} has no column {}; it has {}{hint}",
             path.display(), listed(missing), listed(columns))]
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
    #[error("{}: column `{column}` is of type {found}, which cannot be read as {expected}",
             path.display())]
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
    #[error("{}: the units of recipe `{recipe}` do not fit this file: {evidence}; {remedy}",
             path.display())]
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
    #[error("{}: {evidence}; {remedy}", path.display())]
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
        path.display(), reasons(findings)
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
    #[error("{}: no recipe fits it: {reason}", path.display())]
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
    #[error("{} does not say of which date it speaks, nor does its name: give --as-of with the \
             date, such as 2026-05-28", path.display())]
    AsOfNeeded {
        /// The file.
        path: PathBuf,
    },
    /// The file is larger than an import may be.
    #[error("{} is too large for one import ({found}, at most {limit}): split it, for instance \
             by year", path.display())]
    TooLarge {
        /// The file or folder.
        path: PathBuf,
        /// Its size.
        found: String,
        /// What is allowed.
        limit: String,
    },
    /// The file holds no row that could be kept.
    #[error("{} holds no row for the recipe `{recipe}`: {reason}", path.display())]
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

/// Findings as one clause: what, where, and what to do.
fn reasons(findings: &[Finding]) -> String {
    let reasons: Vec<String> = findings
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref();
            let row = place.and_then(|place| place.row).map(|row| format!(", first in row {row}"));
            let column = place.and_then(|place| place.column.as_ref());
            let column = column.map(|column| format!(", column `{column}`"));
            let hint = match finding.hint.en.as_str() {
                "" => String::new(),
                hint => format!(". {hint}"),
            };
            let (row, column) = (row.unwrap_or_default(), column.unwrap_or_default());
            format!("{} ({}{row}{column}){hint}", finding.detail.en, finding.count)
        })
        .collect();
    reasons.join("; ")
}

/// Names in backticks, separated by commas; a file may have many, and long ones.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 60;
    let short = |name: &String| match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &name[..end]),
        None => format!("`{name}`"),
    };
    let mut text: Vec<String> = names.iter().take(SHOWN).map(short).collect();
    if names.len() > SHOWN {
        text.push(format!("and {} more", names.len() - SHOWN));
    }
    if text.is_empty() { "none".to_owned() } else { text.join(", ") }
}
