//! `fupan import`: the reader's files, into the store.

use fupan::{Appended, Imported, ReadOptions, Store};
use serde_json::json;

use crate::arguments::{Common, Import};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Import) -> anyhow::Result<Answer> {
    let recipe = fupan::recipe(&asked.recipe)?;
    let folder = place::store_folder(common);
    let store = Store::open_or_create(&folder).map_err(fupan::Error::from)?;
    let options = ReadOptions { as_of: asked.as_of };
    for path in &asked.paths {
        let name = path
            .file_name()
            .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let started = std::time::Instant::now();
        let bar = progress::Rows::new(&name);
        let imported = fupan::import(&store, &recipe, path, &options, &bar);
        bar.finish();
        let imported = imported?;
        let seconds = started.elapsed().as_secs_f64();
        if asked.json {
            terminal::print(&as_json(&imported).to_string())?;
        } else {
            terminal::print(&as_text(&imported, seconds))?;
        }
    }
    if !asked.json {
        terminal::print(&format!("→ {}", folder.display()))?;
    }
    Ok(Answer::Yes)
}

fn as_text(imported: &Imported, seconds: f64) -> String {
    let read = fupan::series::grouped(i64::try_from(imported.rows_read).unwrap_or(i64::MAX));
    let done = match &imported.appended {
        Appended::Added { rows, .. } => {
            let rows = fupan::series::grouped(i64::try_from(*rows).unwrap_or(i64::MAX));
            let speed = imported.rows_read as f64 / seconds.max(1e-9) / 1e6;
            format!("{read} rows read, {rows} stored in {seconds:.1} s ({speed:.1} M rows/s)")
        }
        Appended::AlreadyPresent => "already in the store; nothing changed".to_owned(),
    };
    let mut text = format!("✓ {}: {done}", imported.file);
    let language = place::interface();
    for finding in &imported.findings {
        text.push_str(&format!("\n  · {}", finding.detail.in_language(language)));
        if let Some(place) = &finding.place {
            let row = place.row.map(|row| format!(", row {row}")).unwrap_or_default();
            let column =
                place.column.as_ref().map(|name| format!(", column {name}")).unwrap_or_default();
            text.push_str(&format!(" [first: {}{row}{column}]", place.file));
        }
        if !finding.hint.is_empty() {
            text.push_str(&format!("\n    {}", finding.hint.in_language(language)));
        }
    }
    text
}

fn as_json(imported: &Imported) -> serde_json::Value {
    let stored = match &imported.appended {
        Appended::Added { rows, .. } => json!({"state": "added", "rows": rows}),
        Appended::AlreadyPresent => json!({"state": "already_present"}),
    };
    json!({
        "file": imported.file,
        "rows_read": imported.rows_read,
        "stored": stored,
        "findings": imported.findings,
    })
}
