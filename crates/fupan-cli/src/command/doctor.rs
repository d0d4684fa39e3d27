//! `fupan doctor`: reports the state of the store and what to do next.

use fupan::{Language, Store, Thoroughness};
use serde_json::json;

use crate::arguments::{Common, DoctorArgs, TextFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &DoctorArgs) -> anyhow::Result<Answer> {
    let folder = place::store_folder(common);
    let store = Store::open(&folder).map_err(fupan::Error::from)?;
    let thoroughness = if asked.quick { Thoroughness::Quick } else { Thoroughness::Bytes };
    let report = fupan::doctor(&store, thoroughness)?;
    let language = place::interface();
    let calendar_ends = store.rulebook().calendar().last();
    match asked.format {
        TextFormat::Text => {
            let (folder, report) = (folder.display(), report.text(language));
            terminal::print(&match language {
                Language::En => format!(
                    "store        {folder}\ncalendar     knows sessions to {calendar_ends}\n{report}"
                ),
                Language::Zh => {
                    format!(
                        "数据库       {folder}\n日历         已知交易日至{calendar_ends}\n{report}"
                    )
                }
            })?;
        }
        TextFormat::Json => terminal::print_json(&json!({
            "store": folder.display().to_string(),
            "calendar_ends": calendar_ends,
            "sound": report.is_sound(),
            "report": report,
        }))?,
    }
    Ok(if report.is_sound() { Answer::Yes } else { Answer::No })
}
