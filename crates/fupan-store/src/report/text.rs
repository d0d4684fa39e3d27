//! A store's report as text.

use std::fmt::{self, Write as _};

use fupan_market::{Exchange, Language};
use fupan_table::Table;

use super::{SourceReport, StoreReport};

impl StoreReport {
    /// The report as text.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text, language);
        text
    }

    fn write(&self, out: &mut String, language: Language) -> fmt::Result {
        let say = |en: &'static str, zh: &'static str| match language {
            Language::En => en,
            Language::Zh => zh,
        };
        writeln!(out, "{}  {}", say("imports    ", "导入       "), self.imports)?;
        for table in &self.tables {
            for source in &table.sources {
                out.push_str(&match language {
                    Language::En => table_en(&table.table, source),
                    Language::Zh => table_zh(&table.table, source),
                });
                match (source.first, source.last) {
                    (Some(first), Some(last)) => {
                        writeln!(out, "  {first} {} {last}", say("to", "至"))?;
                    }
                    _ => writeln!(out)?,
                }
            }
        }
        for last in &self.last_sessions {
            let rows: Vec<String> = last
                .rows
                .iter()
                .map(|(mic, rows)| match language {
                    Language::En => format!("{mic} {rows}"),
                    Language::Zh => format!("{}{rows}行", exchange_zh(mic)),
                })
                .collect();
            writeln!(
                out,
                "{}  {}  {}",
                say("session    ", "交易日     "),
                last.session,
                rows.join("  ")
            )?;
        }
        for problem in &self.problems {
            let mark = if problem.changes_figures { "✗" } else { "·" };
            writeln!(out, "{mark} {}", problem.detail.in_language(language))?;
            writeln!(out, "    → {}", problem.mend.in_language(language))?;
        }
        let state = match self.is_sound() {
            true => say("the store is sound", "数据库完好"),
            false => say("the store is not sound", "数据库有问题"),
        };
        write!(out, "{state}")
    }
}

fn table_en(table: &str, source: &SourceReport) -> String {
    format!(
        "{table:<13} {:<16} {:>11} rows {:>5} imports {:>5} MB",
        source.source,
        source.rows,
        source.imports,
        megabytes(source)
    )
}

fn table_zh(table: &str, source: &SourceReport) -> String {
    let name = Table::named(table).map_or_else(|| table.to_owned(), |table| table.label().zh);
    format!(
        "{name}{:fill$} {:<16} {:>11}行 {:>5}次导入 {:>5} MB",
        "",
        source.source,
        source.rows,
        source.imports,
        megabytes(source),
        // A Han character is two columns wide.
        fill = 13_usize.saturating_sub(2 * name.chars().count()),
    )
}

fn megabytes(source: &SourceReport) -> u64 {
    source.bytes.div_ceil(1_000_000)
}

/// The Chinese name of the exchange with a market identifier code.
fn exchange_zh(mic: &str) -> String {
    let known = Exchange::ALL.into_iter().find(|exchange| exchange.mic() == mic);
    known.map_or_else(|| mic.to_owned(), |exchange| exchange.label().zh)
}

impl fmt::Display for StoreReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}
