//! `fupan sql`: runs a reader's own SQL query.

use fupan::sheet::Csv;
use fupan::{Language, QueryRows, Store};

use crate::arguments::{Common, SqlArgs, TableFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &SqlArgs) -> anyhow::Result<Answer> {
    let store = Store::open(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let rows = fupan::query(&store, &asked.query)?;
    match asked.format {
        TableFormat::Table => terminal::print_table(&as_table(&rows))?,
        TableFormat::Csv => terminal::print_csv(&rows.to_csv(Csv::Sheet)?, Csv::Sheet)?,
        TableFormat::CsvRaw => terminal::print_csv(&rows.to_csv(Csv::Raw)?, Csv::Raw)?,
        TableFormat::Json => terminal::print_json(&rows.to_json())?,
    }
    Ok(Answer::Yes)
}

fn as_table(rows: &QueryRows) -> String {
    let header: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
    let mut table = terminal::table(&header);
    for row in &rows.rows {
        table.add_row(row.iter().zip(&rows.numeric).map(|(cell, numeric)| {
            let text = cell.as_deref().unwrap_or("∅");
            if *numeric { terminal::number(text) } else { terminal::text(text) }
        }));
    }
    let count = fupan::fact_table::counted(rows.rows.len());
    match (place::interface(), rows.rows.len()) {
        (Language::Zh, _) => format!("{table}\n{count}行"),
        (Language::En, 1) => format!("{table}\n{count} row"),
        (Language::En, _) => format!("{table}\n{count} rows"),
    }
}
