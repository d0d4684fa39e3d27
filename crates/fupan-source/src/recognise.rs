//! Finds the recipe that reads a file.

use std::path::Path;

use fupan_market::Wording;
use fupan_table::Table;

use crate::SourceError;
use crate::files::{Payload, has_extension};
use crate::recipe::{Format, Recipe, Recognition};

/// The recipe that reads a file, and the columns it was recognised by.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The recipe.
    pub recipe: Recipe,
    /// The columns of the file that it reads; empty for formats without names.
    pub columns: Vec<String>,
}

/// Finds the built-in recipe that reads a file or folder: the one whose columns the file has. Of
/// several, the one that reads the most columns.
///
/// # Errors
/// [`SourceError::NoRecipe`] if none fits, or if several fit equally well. If the file cannot be
/// opened, the error of opening it.
pub fn recognise(path: &Path) -> Result<Recognised, SourceError> {
    let mut fitting: Vec<(usize, Recognised)> = Vec::new();
    // Among recipes that cannot read the rows, the one that reads the most columns.
    let mut near: Option<(usize, &Recipe, Wording)> = None;
    let mut unreadable = None;
    let told = |recipe: &&Recipe| {
        recipe.recognised == Recognition::ByColumns && recipe.defines().is_none()
    };
    for recipe in Recipe::all_builtin().iter().filter(told) {
        match columns(recipe, path) {
            Ok(Fit::Rows(columns)) => {
                let of_file = recipe.read_from(&columns);
                let recognised = Recognised { recipe: recipe.clone(), columns: of_file };
                fitting.push((recognised.columns.len(), recognised));
            }
            Ok(Fit::Columns(columns, fault)) => {
                let of_file = recipe.read_from(&columns).len();
                if near.as_ref().is_none_or(|(most, ..)| *most < of_file) {
                    near = Some((of_file, recipe, fault));
                }
            }
            Ok(Fit::No) => {}
            Err(error @ SourceError::Unreadable { .. }) => return Err(error),
            Err(error) => unreadable = Some(error),
        }
    }
    let most = fitting.iter().map(|(columns, _)| *columns).max();
    let mut best = fitting.into_iter().filter(|(columns, _)| Some(*columns) == most);
    match (best.next(), best.next()) {
        (Some((_, recognised)), None) => Ok(recognised),
        (Some((_, first)), Some((_, second))) => {
            let others = best.map(|(_, other)| other.recipe.name().to_owned());
            let mut names = vec![first.recipe.name().to_owned(), second.recipe.name().to_owned()];
            names.extend(others);
            Err(SourceError::NoRecipe { path: path.to_owned(), reason: several(&names) })
        }
        (None, _) => Err(no_recipe(path, unreadable, near)),
    }
}

/// How well a recipe fits a file.
enum Fit {
    /// The recipe reads another kind of file.
    No,
    /// The recipe reads the columns but not the first rows.
    Columns(Vec<String>, Wording),
    /// The recipe reads the first rows.
    Rows(Vec<String>),
}

/// How well a recipe fits the first file at a path.
fn columns(recipe: &Recipe, path: &Path) -> Result<Fit, SourceError> {
    let binary = match recipe.formats.first() {
        Some(Format::TdxDay) => Some("day"),
        Some(Format::QlibBin) => Some("bin"),
        Some(Format::TdxBlock) => Some("dat"),
        Some(Format::TdxBase) => Some("dbf"),
        Some(Format::TdxNames) => Some("tnf"),
        Some(Format::TdxMinutes) => Some("lc1"),
        Some(Format::TdxFiveMinutes) => Some("lc5"),
        _ => None,
    };
    if !recipe.fits_name(path) {
        return Ok(Fit::No);
    }
    let payload = match Payload::undigested(recipe, path) {
        Ok(payload) => payload,
        Err(SourceError::WrongFormat { .. }) => return Ok(Fit::No),
        Err(error) => return Err(error),
    };
    let Some(member) = payload.members().next() else { return Ok(Fit::No) };
    // A terminal's folder that holds days is one of days, whatever bars of minutes it holds too.
    let of_minutes =
        matches!(recipe.formats.first(), Some(Format::TdxMinutes | Format::TdxFiveMinutes));
    if of_minutes && payload.is_folder() && holds_days(path) {
        return Ok(Fit::No);
    }
    if let Some(extension) = binary {
        let has = has_extension(&member.path, extension)
            && match recipe.formats.first() {
                Some(Format::TdxBlock) => crate::format::tdx_block::is_one(&member),
                Some(Format::TdxBase) => crate::format::tdx_base::is_one(&member.path),
                _ => true,
            };
        return Ok(if has { Fit::Rows(Vec::new()) } else { Fit::No });
    }
    match crate::format::columns_fitting(recipe, &member) {
        Ok(columns) => Ok(match crate::first_rows_fault(recipe, &payload)? {
            Some(fault) => Fit::Columns(columns, fault),
            None => Fit::Rows(columns),
        }),
        Err(SourceError::WrongFormat { .. } | SourceError::MissingColumns { .. }) => Ok(Fit::No),
        Err(error) => Err(error),
    }
}

/// Whether a folder holds day files of a terminal.
fn holds_days(path: &Path) -> bool {
    let mut recipes = Recipe::all_builtin().iter();
    let days = recipes.find(|recipe| recipe.formats.first() == Some(&Format::TdxDay));
    days.is_some_and(|days| Payload::undigested(days, path).is_ok())
}

/// The reason when several recipes fit equally well.
fn several(names: &[String]) -> Wording {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let first = &names[0];
    Wording::new(
        format!(
            "its columns match {}; choose one: fupan import {first} FILE",
            quoted.join(" and ")
        ),
        format!("它的列同时符合{}；请指明用哪一个：`fupan import {first} 文件`", quoted.join("和")),
    )
}

fn no_recipe(
    path: &Path,
    unreadable: Option<SourceError>,
    near: Option<(usize, &Recipe, Wording)>,
) -> SourceError {
    if let Some(error) = unreadable {
        return error;
    }
    if let Some((_, recipe, fault)) = near {
        let name = recipe.name();
        let fault = [fault.en.trim_end_matches('.'), fault.zh.trim_end_matches('。')];
        let reason = Wording::new(
            format!(
                "its columns match `{name}`, which cannot read its rows: {}; `fupan recipes \
                 {name}` prints that recipe as a starting point for your own",
                fault[0]
            ),
            format!(
                "它的列符合`{name}`，但该配方读不了它的行：{}；`fupan recipes {name}`输出该配方，\
                 可改写成自己的配方",
                fault[1]
            ),
        );
        return SourceError::NoRecipe { path: path.to_owned(), reason };
    }
    // The daily-bar recipe's error lists the columns that the file has.
    let daily = Recipe::all_builtin()
        .iter()
        .find(|recipe| recipe.tables.iter().any(|t| t.table == Table::DailyBar));
    let found = daily.and_then(|recipe| {
        let payload = Payload::undigested(recipe, path).ok()?;
        let member = payload.members().next()?;
        crate::format::columns_fitting(recipe, &member).err()
    });
    let columns = match found {
        Some(SourceError::MissingColumns { columns, .. }) => {
            let shown: Vec<String> = columns.iter().take(40).map(|c| format!("`{c}`")).collect();
            Wording::new(
                format!("it has the columns {}", shown.join(", ")),
                format!("它的列是{}", shown.join("、")),
            )
        }
        Some(SourceError::WrongFormat { reason, .. }) => reason,
        _ => Wording::new("it has no columns that a recipe reads", "它没有任何配方所读的列"),
    };
    SourceError::NoRecipe {
        path: path.to_owned(),
        reason: Wording::new(
            format!(
                "{}; `fupan recipes` lists the recipes, and `fupan recipes NAME` prints one as a \
                 starting point for your own",
                columns.en
            ),
            format!(
                "{}；`fupan recipes`列出全部配方，`fupan recipes 名称`输出其中一个，可改写成自己的配方",
                columns.zh
            ),
        ),
    }
}
