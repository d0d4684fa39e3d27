//! `fupan drop`: removes imports from the store.

use std::collections::BTreeMap;

use fupan::{ImportId, ImportRecord, Language, Store, shown_json};
use serde_json::json;

use super::imports::short;
use crate::arguments::{Common, DropArgs, TextFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &DropArgs) -> anyhow::Result<Answer> {
    let store = Store::open(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let named = asked.ids.iter().map(|prefix| store.import_named(prefix));
    let ids: Vec<ImportId> = named.collect::<Result<_, _>>().map_err(fupan::Error::from)?;
    let records = store.imports().map_err(fupan::Error::from)?;
    let records: BTreeMap<&ImportId, &ImportRecord> =
        records.iter().map(|record| (&record.id, record)).collect();
    store.drop_imports(&ids).map_err(fupan::Error::from)?;
    let text = match asked.format {
        TextFormat::Json => shown_json(&serde_json::to_string_pretty(&json!({ "dropped": ids
            .iter()
            .map(|id| json!({
                "import_id": id.0,
                "file": records.get(id).map(|record| &record.file),
                "rows": records.get(id).map(|record| record.rows.values().sum::<u64>()),
            }))
            .collect::<Vec<_>>()
        }))?)
        .into_owned(),
        TextFormat::Text => {
            let language = place::interface();
            let line = |id| as_text(id, records.get(id).copied(), language);
            ids.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    };
    terminal::print(&text)?;
    Ok(Answer::Yes)
}

fn as_text(id: &ImportId, record: Option<&ImportRecord>, language: Language) -> String {
    let id = short(&id.0);
    let Some(record) = record else {
        return match language {
            Language::En => format!("✓ the remains of import {id} were removed from the store"),
            Language::Zh => format!("✓ 导入{id}的残余已撤出数据库"),
        };
    };
    let rows: u64 = record.rows.values().sum();
    let rows = fupan::fact_table::grouped(i64::try_from(rows).unwrap_or(i64::MAX));
    match language {
        Language::En => {
            format!("✓ {}: import {id} was removed from the store, {rows} rows", record.file)
        }
        Language::Zh => format!("✓ {}：导入{id}已撤出数据库，共{rows}行", record.file),
    }
}
