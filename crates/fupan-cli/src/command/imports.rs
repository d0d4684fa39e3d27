//! `fupan imports`: lists what was imported, and what each import replaced.

use fupan::sheet::Csv;
use fupan::{ImportRecord, Language, Replaced, Store, Wording};
use serde_json::json;

use crate::arguments::{Common, ImportsArgs, TableFormat};
use crate::{Answer, place, terminal};

/// Characters of an id that are shown.
const ID_SHOWN: usize = 12;

pub fn run(common: &Common, asked: &ImportsArgs) -> anyhow::Result<Answer> {
    let store = Store::open(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let mut records = store.imports().map_err(fupan::Error::from)?;
    records.sort_by_key(|record| (record.imported_at, record.file.clone(), record.id.clone()));
    match asked.format {
        TableFormat::Table => terminal::print_table(&as_table(&records, place::interface()))?,
        TableFormat::Csv => terminal::print_csv(&as_csv(&records, Csv::Sheet)?, Csv::Sheet)?,
        TableFormat::CsvRaw => terminal::print_csv(&as_csv(&records, Csv::Raw)?, Csv::Raw)?,
        TableFormat::Json => terminal::print_json(&as_json(&records))?,
    }
    Ok(Answer::Yes)
}

/// The part of an id that is shown.
pub(super) fn short(id: &str) -> &str {
    id.get(..ID_SHOWN).unwrap_or(id)
}

/// What happened to an import that was replaced.
pub(super) fn replacement(old: &Replaced) -> Wording {
    let (file, id) = (&old.file, short(&old.id));
    let lost = match old.rows_lost {
        0 => Wording::none(),
        lost => Wording::new(
            format!(" {lost} of its rows are not in the new file and were removed with it."),
            format!("其中{lost}行新文件没有，一并撤出。"),
        ),
    };
    match &old.rest {
        None => Wording::new(
            format!("Replaces {file} (import {id}, {} rows).{}", old.rows, lost.en),
            format!("取代{file}（导入{id}，{}行）。{}", old.rows, lost.zh),
        ),
        Some(rest) => Wording::new(
            format!(
                "Replaces {} rows of {file} (import {id}); its other {} rows stay, as import {}.",
                old.rows - old.rows_kept,
                old.rows_kept,
                short(rest)
            ),
            format!(
                "取代{file}（导入{id}）中的{}行；其余{}行保留，编号为{}。",
                old.rows - old.rows_kept,
                old.rows_kept,
                short(rest)
            ),
        ),
    }
}

/// One line of the list.
struct Line {
    id: String,
    imported_at: String,
    file: String,
    source: String,
    recipe: String,
    rows_read: Option<u64>,
    rows: u64,
    rows_left_out: Option<u64>,
    span: [String; 2],
    state: Wording,
}

/// The imports, each followed by those it replaced.
fn lines(records: &[ImportRecord]) -> Vec<Line> {
    let mut lines = Vec::new();
    for record in records {
        let state = match &record.replaced_by {
            None => Wording::none(),
            Some(by) => Wording::new(
                format!("remainder; other rows were replaced by {}", short(&by.0)),
                format!("余下部分；其他行已由{}取代", short(&by.0)),
            ),
        };
        let day = |day: Option<fupan::SessionDate>| day.map(|d| d.to_string()).unwrap_or_default();
        lines.push(Line {
            id: record.id.0.clone(),
            imported_at: record.imported_at_in_shanghai().unwrap_or_default(),
            file: record.file.clone(),
            source: record.source.clone(),
            recipe: record.recipe.clone(),
            rows_read: Some(record.rows_read),
            rows: record.rows.values().sum(),
            rows_left_out: record.rows_left_out,
            span: [day(record.span.map(|(a, _)| a)), day(record.span.map(|(_, b)| b))],
            state,
        });
        lines.extend(record.replaces.iter().map(|old| replaced(record, old)));
    }
    lines
}

fn replaced(by: &ImportRecord, old: &Replaced) -> Line {
    let id = short(&by.id.0);
    Line {
        id: old.id.clone(),
        imported_at: old.imported_at_in_shanghai().unwrap_or_default(),
        file: old.file.clone(),
        source: by.source.clone(),
        recipe: old.recipe.clone(),
        rows_read: None,
        rows: 0,
        rows_left_out: None,
        span: Default::default(),
        state: match &old.rest {
            None => Wording::new(format!("replaced by {id}"), format!("已由{id}取代")),
            Some(rest) => Wording::new(
                format!("partly replaced by {id}; remainder {}", short(rest)),
                format!("部分由{id}取代；余下为{}", short(rest)),
            ),
        },
    }
}

fn as_table(records: &[ImportRecord], language: Language) -> String {
    let header = match language {
        Language::En => [
            "id", "imported", "file", "source", "recipe", "rows", "left out", "from", "to", "state",
        ],
        Language::Zh => {
            ["编号", "导入时间", "文件", "来源", "配方", "行数", "舍弃", "自", "至", "状态"]
        }
    };
    let mut table = terminal::table(&header);
    let count = |rows: Option<u64>| match rows {
        Some(rows) => fupan::fact_table::grouped(i64::try_from(rows).unwrap_or(i64::MAX)),
        None => "–".to_owned(),
    };
    for line in lines(records) {
        let [from, to] = line.span;
        table.add_row([
            terminal::text(short(&line.id)),
            terminal::text(line.imported_at),
            terminal::text(line.file),
            terminal::text(line.source),
            terminal::text(line.recipe),
            terminal::number(count(Some(line.rows))),
            terminal::number(count(line.rows_left_out)),
            terminal::text(from),
            terminal::text(to),
            terminal::text(line.state.in_language(language)),
        ]);
    }
    table.to_string()
}

fn as_csv(records: &[ImportRecord], written: Csv) -> anyhow::Result<String> {
    let mut rows = fupan::QueryRows {
        columns: [
            "import_id",
            "imported_at",
            "file",
            "source",
            "recipe",
            "rows_read",
            "rows",
            "rows_left_out",
            "from",
            "to",
            "state",
        ]
        .map(str::to_owned)
        .to_vec(),
        numeric: vec![false; 11],
        rows: Vec::new(),
    };
    for line in lines(records) {
        let [from, to] = line.span;
        let count = |rows: Option<u64>| rows.map(|rows| rows.to_string());
        rows.rows.push(vec![
            Some(line.id),
            Some(line.imported_at),
            Some(line.file),
            Some(line.source),
            Some(line.recipe),
            count(line.rows_read),
            count(Some(line.rows)),
            count(line.rows_left_out),
            Some(from),
            Some(to),
            Some(line.state.en),
        ]);
    }
    Ok(rows.to_csv(written)?)
}

fn as_json(records: &[ImportRecord]) -> serde_json::Value {
    let of = |record: &ImportRecord| {
        json!({
            "import_id": record.id.0,
            "imported_at": record.imported_at,
            "file": record.file,
            "digest": record.digest,
            "source": record.source,
            "recipe": record.recipe,
            "rows_read": record.rows_read,
            "rows_left_out": record.rows_left_out,
            "lost": record.lost,
            "rows_not_covered": record.rows_not_covered,
            "rows": record.rows,
            "from": record.span.map(|(from, _)| from),
            "to": record.span.map(|(_, to)| to),
            "replaces": record.replaces,
            "replaced_by": record.replaced_by.as_ref().map(|id| &id.0),
            "findings": record.findings,
        })
    };
    records.iter().map(of).collect()
}
