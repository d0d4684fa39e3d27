//! `fupan backfill`: the figures of every session, worked out and kept.

use serde_json::json;

use crate::arguments::{Backfill, Common, TextFormat};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Backfill) -> anyhow::Result<Answer> {
    let store = place::store(common)?;
    let bar = progress::sessions(2);
    let done = fupan::backfill(store, &mut |passed, of| {
        bar.set_length(of as u64);
        bar.set_position(passed as u64);
    });
    bar.finish_and_clear();
    let done = done?;
    let text = match (asked.format, done.from) {
        (TextFormat::Json, from) => serde_json::to_string_pretty(&json!({
            "from": from,
            "sessions": done.sessions,
            "facts": done.facts,
            "years_changed": done.years_changed,
        }))?,
        (TextFormat::Text, None) => "Every figure is up to date with what is imported.".to_owned(),
        (TextFormat::Text, Some(from)) => {
            let years: Vec<String> = done.years_changed.iter().map(i16::to_string).collect();
            let changed =
                if years.is_empty() { "nothing changed".to_owned() } else { years.join(", ") };
            format!(
                "{} figures of {} sessions from {from} on; years that changed: {changed}",
                fupan::series::grouped(i64::try_from(done.facts).unwrap_or(i64::MAX)),
                fupan::series::grouped(i64::try_from(done.sessions).unwrap_or(i64::MAX)),
            )
        }
    };
    terminal::print(&text)?;
    Ok(Answer::Yes)
}
