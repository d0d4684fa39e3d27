//! JSON: a list of objects, or an object whose keys name the rows.
//!
//! `[{"a": 1}, …]` has the columns of its objects. `{"600001": {"a": 1}, …}` has a column `key` too;
//! of `{"600001": ["x", "y"], …}` each value is a row with the columns `key` and `item`.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use fupan_market::Wording;
use serde_json::Value;

use super::columns_of;
use crate::files::{Member, content};
use crate::frame::{FRAME_ROWS, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

/// Most bytes of one file: its values take up to thirty times as much memory.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// Rows whose fields are taken for the columns.
const SAMPLE: usize = 1_000;

/// The column of what names a row, and of a value that is no object.
const KEY: &str = "key";
const ITEM: &str = "item";

/// Whether a file starts like JSON.
pub(super) fn is_one(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

pub(super) fn read(
    recipe: &Recipe,
    member: &Member,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let shown = Path::new(member.shown.as_ref());
    let value = open(recipe, member)?;
    let rows = rows(&value);
    let names = names(&rows);
    let wanted = columns_of(recipe, shown, &names)?;
    progress.expect(Some(rows.len() as u64));
    for (place, rows) in rows.chunks(FRAME_ROWS).enumerate() {
        let column = |name: &&str| {
            let mut column = StringBuilder::new();
            rows.iter().for_each(|row| column.append_option(row.text(name)));
            Arc::new(column.finish()) as ArrayRef
        };
        let fields = wanted.iter().map(|name| Field::new(*name, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let columns = wanted.iter().map(column).collect();
        let batch = RecordBatch::try_new(schema, columns).map_err(|error| {
            let reason = Wording::of_library("Arrow库", &error);
            SourceError::Damaged { path: shown.to_owned(), reason }
        })?;
        let frame = Frame {
            file: member.shown.clone(),
            subject: member.subject.clone(),
            rows_before: (place * FRAME_ROWS) as u64,
            batch,
            places: None,
            faults: Vec::new(),
        };
        if take(frame).is_break() {
            break;
        }
    }
    Ok(())
}

/// The columns of a file; an error if the recipe does not read it.
pub(super) fn fits(recipe: &Recipe, member: &Member) -> Result<Vec<String>, SourceError> {
    let value = open(recipe, member)?;
    let names = names(&rows(&value));
    columns_of(recipe, Path::new(member.shown.as_ref()), &names)?;
    Ok(names)
}

fn open(recipe: &Recipe, member: &Member) -> Result<Value, SourceError> {
    let bytes = content(&member.path, FILE_BYTES_MAX)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| SourceError::Damaged {
        path: member.shown.as_ref().into(),
        reason: Wording::of_library("JSON库", &error),
    })?;
    match value {
        Value::Array(_) | Value::Object(_) => Ok(value),
        _ => {
            let reason =
                Wording::new("it is neither a list nor an object", "它既不是列表也不是对象");
            Err(member.wrong_format(recipe, reason))
        }
    }
}

/// A row: what names it, and its object or value.
struct Row<'a> {
    key: Option<&'a str>,
    value: &'a Value,
}

impl Row<'_> {
    /// The text of a column; `None` if it is null, missing, or itself a list or an object.
    fn text(&self, name: &str) -> Option<String> {
        let value = match (self.value, name) {
            (Value::Object(fields), name) if fields.contains_key(name) => &fields[name],
            (_, KEY) => return self.key.map(str::to_owned),
            (Value::Object(_), _) => return None,
            (value, ITEM) => value,
            _ => return None,
        };
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

fn rows(value: &Value) -> Vec<Row<'_>> {
    match value {
        Value::Array(list) => list.iter().map(|value| Row { key: None, value }).collect(),
        Value::Object(named) => named
            .iter()
            .flat_map(|(key, value)| {
                let several = match value {
                    Value::Array(list) => list.as_slice(),
                    one => std::slice::from_ref(one),
                };
                several.iter().map(move |value| Row { key: Some(key), value })
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The columns of the first rows.
fn names(rows: &[Row<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in rows.iter().take(SAMPLE) {
        let key = row.key.map(|_| KEY);
        let fields = match row.value {
            Value::Object(fields) => fields.keys().map(String::as_str).collect(),
            _ => vec![ITEM],
        };
        for name in key.into_iter().chain(fields) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        // A table has few columns; more are those of something else.
        if names.len() > SAMPLE {
            break;
        }
    }
    names
}
