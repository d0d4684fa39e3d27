//! `fupan sql`: a reader's own question.

use fupan::{Rows, Store};

use crate::arguments::{Common, Sql, TableFormat};
use crate::{Answer, place, terminal};

pub fn run(common: &Common, asked: &Sql) -> anyhow::Result<Answer> {
    let store = Store::open(&place::store_folder(common)).map_err(fupan::Error::from)?;
    let rows = fupan::query(&store, &asked.query)?;
    let text = match asked.format {
        TableFormat::Table => as_table(&rows),
        TableFormat::Csv => rows.to_csv()?,
        TableFormat::Json => rows.to_json()?,
    };
    terminal::print(&text)?;
    Ok(Answer::Yes)
}

fn as_table(rows: &Rows) -> String {
    let header: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
    let mut table = terminal::table(&header);
    for row in &rows.rows {
        table.add_row(row.iter().zip(&rows.numeric).map(|(cell, numeric)| {
            let text = cell.as_deref().unwrap_or("∅");
            if *numeric { terminal::number(text) } else { terminal::text(text) }
        }));
    }
    format!("{table}\n{} rows", rows.rows.len())
}
