//! `fupan import`: the reader's files, into the store.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fupan::{Appended, Differing, Imported, Partial, ReadOptions, Recipe, Store, series};
use serde_json::json;

use crate::arguments::{Common, Import, UsageError};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Import) -> anyhow::Result<Answer> {
    let (recipe, paths) = parts(asked)?;
    let folder = place::store_folder(common);
    let store = Store::open_or_create(&folder).map_err(fupan::Error::from)?;
    let partial = if asked.partial { Partial::Accepted } else { Partial::Refused };
    let options = ReadOptions { as_of: asked.as_of, partial };
    let differing = if asked.replace { Differing::Replace } else { Differing::Refuse };
    let mut failures: Vec<(&PathBuf, anyhow::Error)> = Vec::new();
    for path in paths {
        let started = std::time::Instant::now();
        match one(&store, recipe.as_ref(), path, &options, differing) {
            Ok((imported, found)) => {
                let seconds = started.elapsed().as_secs_f64();
                let text = match asked.json {
                    true => as_json(&imported).to_string(),
                    false => as_text(&imported, found.as_deref(), seconds),
                };
                terminal::print(&text)?;
            }
            Err(error) if paths.len() == 1 => return Err(error),
            Err(error) => {
                let text = match asked.json {
                    true => {
                        json!({"file": file_name(path), "error": format!("{error:#}")}).to_string()
                    }
                    false => format!("✗ {}: {error:#}", file_name(path)),
                };
                terminal::print(&text)?;
                failures.push((path, error));
            }
        }
    }
    if !asked.json {
        terminal::print(&format!("→ {}", folder.display()))?;
    }
    match failures.pop() {
        None => Ok(Answer::Yes),
        Some((_, last)) => {
            let (failed, all) = (failures.len() + 1, paths.len());
            Err(last.context(format!(
                "{failed} of {all} files could not be imported, {} were; the last that failed",
                all - failed
            )))
        }
    }
}

/// The recipe that was named, if one was, and the paths.
fn parts(asked: &Import) -> anyhow::Result<(Option<Recipe>, &[PathBuf])> {
    let Some((first, rest)) = asked.what.split_first() else {
        return Ok((None, &[]));
    };
    let name = first.to_string_lossy();
    let is_recipe = name.ends_with(".toml") || Recipe::builtin(&name).is_some();
    let names_nothing = !first.exists() && !rest.is_empty();
    if !is_recipe && !names_nothing {
        return Ok((None, &asked.what));
    }
    let recipe = fupan::recipe(&name)?;
    match rest {
        [] => {
            let text = format!("name the files to import: fupan import {name} FILE…");
            Err(UsageError(text).into())
        }
        paths => Ok((Some(recipe), paths)),
    }
}

/// Imports one file; also returns why its recipe was taken, where none was named.
fn one(
    store: &Store,
    recipe: Option<&Recipe>,
    path: &Path,
    options: &ReadOptions,
    differing: Differing,
) -> anyhow::Result<(Imported, Option<String>)> {
    let (recipe, found) = match recipe {
        Some(recipe) => (recipe.clone(), None),
        None => {
            let found = fupan::recognise(path)?;
            let columns: Vec<&str> = found.columns.iter().take(6).map(String::as_str).collect();
            let more = if found.columns.len() > 6 { ", …" } else { "" };
            let by = match columns.as_slice() {
                [] => String::new(),
                columns => format!(" ({}{more})", columns.join(", ")),
            };
            let name = found.recipe.name().to_owned();
            (found.recipe, Some(format!("{name}{by}")))
        }
    };
    let bar = progress::Rows::new(&file_name(path));
    let arrival = (SystemTime::now(), differing);
    let imported = fupan::import_at(store, &recipe, path, options, &bar, arrival);
    bar.finish();
    Ok((imported?, found))
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| path.display().to_string())
}

fn as_text(imported: &Imported, found: Option<&str>, seconds: f64) -> String {
    let grouped = |rows: u64| series::grouped(i64::try_from(rows).unwrap_or(i64::MAX));
    let (read, lost) = (grouped(imported.rows_read), imported.rows_left_out);
    let done = match &imported.appended {
        Appended::Added { rows, .. } => {
            let speed = imported.rows_read as f64 / seconds.max(1e-9) / 1e6;
            let stored = grouped(*rows);
            let left_out = match lost {
                0 => String::new(),
                lost => format!(", {} LEFT OUT", grouped(lost)),
            };
            format!(
                "{read} rows read{left_out}, {stored} stored in {seconds:.1} s ({speed:.1} M rows/s)"
            )
        }
        Appended::AlreadyPresent => "already in the store; nothing changed".to_owned(),
    };
    let mark = if lost == 0 { "✓" } else { "!" };
    let mut text = format!("{mark} {}: {done}", imported.file);
    let language = place::language(None);
    if let Some(found) = found {
        text.push_str(&format!("\n  · recipe {found}"));
    }
    if !imported.layout.is_empty() {
        text.push_str(&format!("\n  · {}", imported.layout.in_language(language)));
    }
    if let Appended::Added { replaced, .. } = &imported.appended {
        for old in replaced {
            let told = super::imports::replacement(old);
            text.push_str(&format!("\n  · {}", told.in_language(language)));
        }
    }
    for finding in &imported.findings {
        text.push_str(&format!("\n  · {}", finding.detail.in_language(language)));
        text.push_str(&format!(" [{}×", finding.count));
        if let Some(place) = &finding.place {
            let row = place.row.map(|row| format!(", row {row}")).unwrap_or_default();
            let column =
                place.column.as_ref().map(|name| format!(", column {name}")).unwrap_or_default();
            text.push_str(&format!(", first: {}{row}{column}", place.file));
        }
        text.push(']');
        if !finding.hint.is_empty() {
            text.push_str(&format!("\n    {}", finding.hint.in_language(language)));
        }
    }
    text
}

fn as_json(imported: &Imported) -> serde_json::Value {
    let stored = match &imported.appended {
        Appended::Added { rows, replaced, .. } => {
            json!({"state": "added", "rows": rows, "replaced": replaced})
        }
        Appended::AlreadyPresent => json!({"state": "already_present"}),
    };
    json!({
        "file": imported.file,
        "recipe": imported.recipe,
        "layout": imported.layout,
        "rows_read": imported.rows_read,
        "rows_left_out": imported.rows_left_out,
        "rows_not_covered": imported.rows_not_covered,
        "stored": stored,
        "findings": imported.findings,
    })
}
