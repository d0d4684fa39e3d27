//! Byte layouts: each reads a file or folder into frames.

mod csv;
mod parquet;
mod qlib;
mod tdx;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::files::Payload;
use crate::frame::Take;
use crate::nearest::nearest;
use crate::recipe::{Format, Presence, Recipe};
use crate::{Progress, SourceError};

/// Reads a payload by its recipe's format and hands on its frames.
pub(crate) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    match format_of(recipe, payload)? {
        Format::Parquet => parquet::read(recipe, payload, progress, take),
        Format::Csv => csv::read(recipe, payload, progress, take),
        Format::TdxDay => tdx::read(payload, progress, take),
        Format::QlibBin => qlib::read(recipe, payload, progress, take),
    }
}

/// The format to read by, told from the file's first bytes where the recipe reads several.
fn format_of(recipe: &Recipe, payload: &Payload) -> Result<Format, SourceError> {
    let columnar = |f: &Format| matches!(f, Format::Parquet | Format::Csv);
    let Some(first) = recipe.formats.first().copied() else {
        return Err(payload.wrong_format(recipe, "the recipe names no format".to_owned()));
    };
    if !columnar(&first) {
        return Ok(first);
    }
    let head = first_bytes(&payload.path)?;
    let found = match head.as_slice() {
        [] => return Err(payload.wrong_format(recipe, "the file is empty".to_owned())),
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        _ => Format::Csv,
    };
    if recipe.formats.contains(&found) {
        return match refusal(found, &head) {
            Some(reason) => Err(payload.wrong_format(recipe, reason.to_owned())),
            None => Ok(found),
        };
    }
    let reason = match (found, refusal(found, &head)) {
        (_, Some(reason)) => reason,
        (Format::Parquet, None) => "it is a Parquet file, and the recipe reads CSV",
        (_, None) => "it does not begin as a Parquet file does",
    };
    Err(payload.wrong_format(recipe, reason.to_owned()))
}

/// Why bytes that are taken for text are none.
fn refusal(found: Format, head: &[u8]) -> Option<&'static str> {
    match head {
        _ if found == Format::Parquet => None,
        [0x1F, 0x8B, ..] => Some("it is compressed with gzip; unpack it first"),
        [b'P', b'K', 3, 4, ..] => {
            Some("it is a ZIP archive or an Excel workbook; unpack it or save it as CSV")
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("it is UTF-16 text; save it as UTF-8"),
        _ if head.contains(&0) => Some("it holds bytes that are not text"),
        _ => None,
    }
}

fn first_bytes(path: &Path) -> Result<Vec<u8>, SourceError> {
    let unreadable = |reason| SourceError::Unreadable { path: path.to_owned(), reason };
    let mut head = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(4096).read_to_end(&mut head).map_err(unreadable)?;
    Ok(head)
}

/// Checks that a file has the columns a recipe reads, and answers those of them that it has.
fn columns_of<'r>(
    recipe: &'r Recipe,
    path: &Path,
    names: &[String],
) -> Result<Vec<&'r str>, SourceError> {
    let has = |column: &str| names.iter().any(|name| name == column);
    let mut missing: Vec<&str> = Vec::new();
    let mut wanted: Vec<&str> = Vec::new();
    for table in &recipe.tables {
        for column in &table.columns {
            let Some(name) = column.from.column() else { continue };
            let named = if has(name) { &mut wanted } else { &mut missing };
            let excused = !has(name)
                && (column.presence == Presence::Optional
                    || table.presence == Presence::Optional
                    || matches!(column.from, crate::recipe::From::ColumnOrFileName(_)));
            if !excused && !named.contains(&name) {
                named.push(name);
            }
        }
    }
    if missing.is_empty() {
        return Ok(wanted);
    }
    Err(SourceError::MissingColumns {
        path: path.to_owned(),
        hint: hint(recipe, &missing, names),
        missing: missing.into_iter().map(str::to_owned).collect(),
        columns: names.to_vec(),
    })
}

/// The nearest names, and the built-in recipes that would fit.
fn hint(recipe: &Recipe, missing: &[&str], names: &[String]) -> String {
    let mut text = String::new();
    for column in missing {
        if let Some(near) = nearest(column, names.iter().map(String::as_str)) {
            text.push_str(&format!("; for `{column}` did you mean `{near}`?"));
        }
    }
    let fits = |other: &Recipe| {
        other.name != recipe.name
            && other.tables.iter().filter(|t| t.presence == Presence::Required).all(|table| {
                table
                    .columns
                    .iter()
                    .filter(|c| c.presence == Presence::Required)
                    .filter_map(|c| c.from.column())
                    .all(|name| names.iter().any(|n| n == name))
            })
            && other.formats.iter().any(|f| matches!(f, Format::Parquet | Format::Csv))
    };
    let fitting: Vec<String> = Recipe::all_builtin()
        .iter()
        .filter(|other| fits(other))
        .map(|other| format!("`{}`", other.name))
        .collect();
    if !fitting.is_empty() {
        text.push_str(&format!("; the file has the columns of recipe {}", fitting.join(" or ")));
    }
    text
}
