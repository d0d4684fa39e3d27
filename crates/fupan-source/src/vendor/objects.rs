//! Lists of objects: `[{"代码": "600001", "最新价": 10.5}, …]`, as AKTools answers.
//!
//! AKTools is the face that AKShare has over HTTP on the reader's own machine
//! (`GET /api/public/NAME?PARAMETER=VALUE`); it answers with the rows of the data frame as objects,
//! and with `{"error": "…"}` where the function failed.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::answered::{Unfit, json, quoted};
use super::page::{Page, Row};

/// Most columns of an answer: a table has few; more are those of something else.
pub(crate) const COLUMNS_MAX: usize = 1_000;

pub(crate) fn page(bytes: &[u8]) -> Result<Page, Unfit> {
    let value = json(bytes)?;
    let rows = match &value {
        Value::Array(rows) => rows,
        Value::Object(object) => return Err(refused(object)),
        _ => return Err(no_rows()),
    };
    let (mut columns, mut known): (Vec<String>, HashSet<&str>) = (Vec::new(), HashSet::new());
    for row in rows {
        let Some(object) = row.as_object() else { return Err(no_rows()) };
        columns.extend(object.keys().filter(|name| known.insert(name)).cloned());
        if columns.len() > COLUMNS_MAX {
            return Err(no_rows());
        }
    }
    let row = |row: &Value| Row {
        cells: columns.iter().map(|name| scalar(row.get(name)?)).collect(),
        key: String::new(),
        at: None,
        traded: false,
    };
    let rows = rows.iter().map(row).collect();
    Ok(Page { columns, rows, ..Page::default() })
}

/// A text or a number as text; `None` if it is missing or a list.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn refused(object: &Map<String, Value>) -> Unfit {
    let said = ["error", "detail", "message", "msg"].iter().find_map(|name| object.get(*name));
    match said.map(|said| scalar(said).unwrap_or_else(|| said.to_string())) {
        Some(said) => {
            let said = quoted(&said);
            Unfit::again(
                format!("the vendor answers with an error: “{said}”"),
                format!("对方报错：“{said}”"),
            )
        }
        None => no_rows(),
    }
}

fn no_rows() -> Unfit {
    Unfit::never("the answer is no list of rows", "应答不是由各行组成的列表")
}
