//! `fupan import`: imports the reader's files into the store.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::{Instant, SystemTime};

use fupan::{
    Appended, Differing, Finding, FindingKind, Imported, Partial, Place, ReadOptions, Recipe,
    Store, Unstored, Wording, fact_table, shown_json,
};
use serde_json::json;

use crate::arguments::{Common, ImportArgs, UsageError};
use crate::{Answer, place, progress, terminal};

/// Most rows that wait in memory to be stored while the next file is read. A file of more is stored
/// first.
const WAITING_ROWS: usize = 8_000_000;

pub fn run(common: &Common, asked: &ImportArgs) -> anyhow::Result<Answer> {
    let (recipe, paths) = parts(asked)?;
    let folder = place::store_folder(common);
    let store = Store::open_or_create(&folder).map_err(fupan::Error::from)?;
    let partial = if asked.partial { Partial::Accepted } else { Partial::Refused };
    let options = ReadOptions { as_of: asked.as_of, partial };
    let bars = progress::Files::new();
    let (mut failures, mut printed) = thread::scope(|scope| {
        let (send, ready) = mpsc::sync_channel(0);
        let (bars, recipe, options) = (&bars, recipe.as_ref(), &options);
        scope.spawn(move || read_all(paths, recipe, options, bars, &send));
        store_all(&store, asked, paths.len() == 1, &ready, bars)
    });
    if !asked.json && printed.is_ok() {
        printed = terminal::print(&format!("→ {}", folder.display()));
    }
    match failures.pop() {
        None => Ok(printed.map(|()| Answer::Yes)?),
        Some(only) if paths.len() == 1 => Err(only),
        Some(last) => {
            let (failed, all) = (failures.len() + 1, paths.len());
            let done = all - failed;
            Err(last.context(terminal::say(
                format!(
                    "{failed} of {all} files could not be imported, {done} were; the last failure"
                ),
                format!("{all}个文件中有{failed}个未能导入，{done}个已导入；最后一个失败的原因"),
            )))
        }
    }
}

/// A file that was read.
struct ReadFile {
    unstored: Unstored,
    /// Why its recipe was chosen, if none was named.
    found: Option<String>,
}

/// A file's path with its rows, or with the reason why it could not be read; or nothing, which is
/// received once the file before it is stored.
type Ready<'a> = Option<(&'a Path, anyhow::Result<ReadFile>)>;

/// Reads the files one after another, and sends each as soon as the one before is stored.
fn read_all<'a>(
    paths: &'a [PathBuf],
    recipe: Option<&Recipe>,
    options: &ReadOptions,
    bars: &progress::Files,
    send: &SyncSender<Ready<'a>>,
) {
    for path in paths {
        let read = read(recipe, path, options, bars);
        let is_long = read.as_ref().is_ok_and(|read| read.unstored.rows() > WAITING_ROWS);
        // Nobody receives any more only if storing came to an unforeseen end.
        if send.send(Some((path, read))).is_err() || (is_long && send.send(None).is_err()) {
            return;
        }
    }
}

fn read(
    recipe: Option<&Recipe>,
    path: &Path,
    options: &ReadOptions,
    bars: &progress::Files,
) -> anyhow::Result<ReadFile> {
    let (recipe, found) = match recipe {
        Some(recipe) => (recipe.clone(), None),
        None => {
            let found = fupan::recognise(path)?;
            let columns: Vec<&str> = found.columns.iter().take(6).map(String::as_str).collect();
            let more = found.columns.len() > 6;
            let why = why(found.recipe.name(), &columns, more);
            (found.recipe, Some(why))
        }
    };
    let bar = bars.rows_of(&file_name(path));
    let unstored = Unstored::read(&recipe, path, options, &bar);
    bar.finish();
    Ok(ReadFile { unstored: unstored?, found })
}

/// Stores the files in their order and prints what became of each; returns why some could not be
/// imported, and whether all was printed. The reason of an only file is not printed. Every file is
/// imported even where nobody reads what is printed.
fn store_all<'a>(
    store: &Store,
    asked: &ImportArgs,
    is_only: bool,
    ready: &Receiver<Ready<'a>>,
    bars: &progress::Files,
) -> (Vec<anyhow::Error>, io::Result<()>) {
    let differing = if asked.replace { Differing::Replace } else { Differing::Refuse };
    let (mut failures, mut printed) = (Vec::new(), Ok(()));
    let mut before = Instant::now();
    for (path, read) in ready.iter().flatten() {
        let stored = read.and_then(|ReadFile { unstored, found }| {
            Ok((unstored.append(store, SystemTime::now(), differing)?, found))
        });
        let text = match &stored {
            Ok((imported, _)) if asked.json => {
                shown_json(&as_json(imported).to_string()).into_owned()
            }
            Ok((imported, found)) => {
                as_text(imported, found.as_deref(), before.elapsed().as_secs_f64())
            }
            Err(_) if is_only => String::new(),
            Err(error) if asked.json => {
                let told = json!({"file": file_name(path), "error": crate::told(error)});
                shown_json(&told.to_string()).into_owned()
            }
            Err(error) => {
                let colon = terminal::word(": ", "：");
                format!("✗ {}{colon}{}", file_name(path), crate::told(error))
            }
        };
        before = Instant::now();
        if printed.is_ok() && !text.is_empty() {
            printed = bars.print(&text);
        }
        failures.extend(stored.err());
    }
    (failures, printed)
}

/// Splits the arguments into the recipe, if one was named, and the paths.
fn parts(asked: &ImportArgs) -> anyhow::Result<(Option<Recipe>, &[PathBuf])> {
    let Some((first, rest)) = asked.what.split_first() else {
        return Ok((None, &[]));
    };
    let name = first.to_string_lossy();
    let is_recipe = name.ends_with(".toml") || Recipe::builtin(&name).is_some();
    let names_nothing = !first.exists() && !rest.is_empty();
    if !is_recipe && !names_nothing {
        return Ok((None, &asked.what));
    }
    if name.ends_with(".toml")
        && let Some(told) = super::definitions::is_chain(first)
    {
        return Err(told.into());
    }
    let recipe = fupan::recipe(&name)?;
    match rest {
        [] => Err(UsageError::new(
            format!("name the files to import: fupan import {name} FILE…"),
            format!("请写出要导入的文件：`fupan import {name} 文件…`"),
        )
        .into()),
        paths => Ok((Some(recipe), paths)),
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| path.display().to_string())
}

pub(super) fn as_text(imported: &Imported, found: Option<&str>, seconds: f64) -> String {
    let ahead = imported.findings.iter().any(|found| found.kind == FindingKind::AheadOfTime);
    let mark = if imported.rows_left_out == 0 && !ahead { "✓" } else { "!" };
    let done = done(imported, seconds);
    let colon = terminal::word(": ", "：");
    let mut text = format!("{mark} {}{colon}{done}", imported.file);
    let language = place::interface();
    if let Some(found) = found {
        text.push_str(&format!("\n  · {found}"));
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
        text.push_str(&counted(finding));
        if !finding.hint.is_empty() {
            text.push_str(&format!("\n    {}", finding.hint.in_language(language)));
        }
    }
    text
}

/// Fewest rows for which a speed is printed; below it, opening the file takes most of the time.
const ROWS_WORTH_A_SPEED: u64 = 100_000;

/// What happened to the rows of a file.
fn done(imported: &Imported, seconds: f64) -> String {
    let Appended::Added { rows, .. } = &imported.appended else {
        let told = ("already in the store; nothing changed", "数据库中已有；没有改动");
        return terminal::word(told.0, told.1).to_owned();
    };
    let grouped = |rows: u64| fact_table::grouped(i64::try_from(rows).unwrap_or(i64::MAX));
    let (read, stored) = (grouped(imported.rows_read), grouped(*rows));
    let left_out = match imported.rows_left_out {
        0 => String::new(),
        lost => {
            let lost = grouped(lost);
            terminal::say(format!(", {lost} LEFT OUT"), format!("，未导入{lost}行"))
        }
    };
    let (speed_en, speed_zh) = match imported.rows_read {
        read if read >= ROWS_WORTH_A_SPEED => {
            let millions = read as f64 / seconds.max(1e-9) / 1e6;
            let ten_thousands = millions * 100.0;
            (format!(" ({millions:.1} M rows/s)"), format!("（每秒{ten_thousands:.1}万行）"))
        }
        _ => (String::new(), String::new()),
    };
    let rows = if imported.rows_read == 1 { "row" } else { "rows" };
    terminal::say(
        format!("{read} {rows} read{left_out}, {stored} stored in {seconds:.1} s{speed_en}"),
        format!("读取{read}行{left_out}，存入{stored}行，用时{seconds:.1}秒{speed_zh}"),
    )
}

/// The recipe that was chosen, and the columns by which it was recognised.
fn why(recipe: &str, columns: &[&str], more: bool) -> String {
    if columns.is_empty() {
        return terminal::say(format!("recipe {recipe}"), format!("配方`{recipe}`"));
    }
    let (en, zh) = if more { (", …", "等列") } else { ("", "各列") };
    terminal::say(
        format!("recipe {recipe} ({}{en})", columns.join(", ")),
        format!("配方`{recipe}`（文件有`{}`{zh}）", columns.join("`、`")),
    )
}

/// How often a finding occurs, and where first.
fn counted(finding: &Finding) -> String {
    let count = finding.count;
    let Some(Place { file, row, column }) = &finding.place else {
        return terminal::say(format!(" [{count}×]"), format!("（{count}次）"));
    };
    let row = row.map(|row| Wording::new(format!(", row {row}"), format!("第{row}行")));
    let row = row.unwrap_or_else(Wording::none);
    let column =
        column.as_ref().map(|name| Wording::new(format!(", column {name}"), format!("`{name}`列")));
    let column = column.unwrap_or_else(Wording::none);
    terminal::say(
        format!(" [{count}×, first: {file}{}{}]", row.en, column.en),
        format!("（{count}次，首见于{file}{}{}）", row.zh, column.zh),
    )
}

pub(super) fn as_json(imported: &Imported) -> serde_json::Value {
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
