//! `fupan doctor`: how the store is, and what to do next.

use fupan::{Calendar, Store};
use serde_json::json;

use crate::arguments::{Common, Doctor, TextFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &Doctor) -> anyhow::Result<Answer> {
    let folder = place::store_folder(common);
    let store = Store::open(&folder).map_err(fupan::Error::from)?;
    let report = store.doctor().map_err(fupan::Error::from)?;
    let calendar_ends = Calendar::builtin().last();
    match asked.format {
        TextFormat::Text => terminal::print(&format!(
            "store       {}\ncalendar    knows sessions to {calendar_ends}\n{report}",
            folder.display()
        ))?,
        TextFormat::Json => terminal::print_json(&json!({
            "store": folder.display().to_string(),
            "calendar_ends": calendar_ends,
            "report": report,
        }))?,
    }
    Ok(if report.is_sound() { Answer::Yes } else { Answer::No })
}
