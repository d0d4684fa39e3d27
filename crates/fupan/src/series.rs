//! Facts as tables, one fact a row.

use std::collections::BTreeMap;

use fupan_fact::{Basis, Fact, FactSet, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value as Json, json};

use crate::{Error, derived};

/// Which facts to list. An empty list lets all through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Measure names, with or without parameter: `limit_up_count`, `limit_up_ladder:4`.
    pub measures: Vec<String>,
    /// Scopes: `all-a`, `600589.SH`.
    pub scopes: Vec<String>,
}

impl Filter {
    /// Whether a fact is asked for.
    pub fn admits(&self, fact: &Fact) -> bool {
        let measure = &fact.key.measure;
        let named = |wanted: &String| wanted == measure.name() || *wanted == measure.to_string();
        (self.measures.is_empty() || self.measures.iter().any(named))
            && (self.scopes.is_empty() || self.scopes.contains(&fact.key.scope.to_string()))
    }
}

/// The columns of the CSV form, in order.
pub const COLUMNS: [&str; 11] = [
    "key",
    "value",
    "unit",
    "session",
    "measure",
    "scope",
    "basis",
    "judged",
    "unjudged",
    "measure_version",
    "label",
];

/// Facts as CSV with a header. `value` is exact: an integer in the unit's smallest step (fen,
/// parts per billion, ten-thousandths of a yuan or point), `part/whole` for a share, empty where
/// it is unknown.
///
/// # Errors
/// [`Error::Table`] where a row cannot be written.
pub fn csv<'a>(
    sets: impl IntoIterator<Item = &'a FactSet>,
    filter: &Filter,
) -> Result<String, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Table(error.to_string());
    writer.write_record(COLUMNS).map_err(failed)?;
    for set in sets {
        for fact in set.facts.values().filter(|fact| filter.admits(fact)) {
            writer.write_record(row(set, fact)).map_err(failed)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| Error::Table(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| Error::Table(error.to_string()))
}

fn row(set: &FactSet, fact: &Fact) -> [String; 11] {
    let text = set.measures.get(fact.key.measure.name());
    [
        fact.key.to_string(),
        exact(&fact.value),
        text.map_or("", |text| text.unit.id()).to_owned(),
        fact.key.session.to_string(),
        fact.key.measure.to_string(),
        fact.key.scope.to_string(),
        match fact.provenance.basis {
            Basis::Exact => "exact".to_owned(),
            Basis::Estimated => "estimated".to_owned(),
        },
        fact.provenance.coverage.judged.to_string(),
        fact.provenance.coverage.unjudged.to_string(),
        fact.provenance.measure_version.to_string(),
        text.map(|text| text.label_en.clone()).unwrap_or_default(),
    ]
}

/// Facts as a JSON array, one object a fact, with provenance.
///
/// # Errors
/// [`Error::Table`] where a fact cannot be written.
pub fn json<'a>(
    sets: impl IntoIterator<Item = &'a FactSet>,
    filter: &Filter,
) -> Result<String, Error> {
    let mut rows = Vec::new();
    for set in sets {
        for fact in set.facts.values().filter(|fact| filter.admits(fact)) {
            rows.push(serde_json::to_value(fact).map_err(|error| Error::Table(error.to_string()))?);
        }
    }
    serde_json::to_string_pretty(&Json::Array(rows))
        .map_err(|error| Error::Table(error.to_string()))
}

/// Facts as a Parquet file with the columns of the table `fact`, for programs that read columns.
/// What each measure means, its unit and its population are in the file's metadata, under
/// `fupan:measures`, as JSON by name.
///
/// # Errors
/// [`Error::Table`] where a row cannot be written.
pub fn parquet<'a>(
    sets: impl IntoIterator<Item = &'a FactSet>,
    filter: &Filter,
) -> Result<Vec<u8>, Error> {
    let mut rows = Vec::new();
    let mut measures = BTreeMap::new();
    for set in sets {
        for fact in set.facts.values().filter(|fact| filter.admits(fact)) {
            let Some(text) = set.measures.get(fact.key.measure.name()) else { continue };
            measures.entry(fact.key.measure.name()).or_insert(text);
            rows.push((fact, text.unit));
        }
    }
    let batch = derived::fact_batch(rows)?;
    let told = serde_json::to_string(&measures).map_err(|e| Error::Table(e.to_string()))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("fupan {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(vec![KeyValue::new("fupan:measures".to_owned(), told)]))
        .build();
    let failed = |error: parquet::errors::ParquetError| Error::Table(error.to_string());
    let mut writer =
        ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.into_inner().map_err(failed)
}

/// A value as its exact text; empty where it is unknown.
pub fn exact(value: &Value) -> String {
    match value.integers() {
        Some((part, Some(whole))) => format!("{part}/{whole}"),
        Some((number, None)) => number.to_string(),
        None => String::new(),
    }
}

/// A value as a person reads it in a terminal: `2,107`, `+1.32 %`, `CNY 2.4189 tn`.
pub fn readable(value: &Value) -> String {
    match value {
        Value::Count { count } => grouped(*count),
        Value::Money { fen } => money(fen.0),
        Value::Return { ppb } => format!("{:+.2} %", ppb.0 as f64 / 1e7),
        Value::Share { part, whole } => {
            format!(
                "{:.2} % ({} of {})",
                *part as f64 / *whole as f64 * 100.0,
                grouped(*part),
                grouped(*whole)
            )
        }
        Value::Price { price } => price.to_string(),
        Value::Points { units } => format!("{:.2}", *units as f64 / 1e4),
        Value::Ratio { ppm } => format!("{:.4}", *ppm as f64 / 1e6),
        Value::Time { second } => fupan_fact::AsOf::Instant(*second).to_string(),
        Value::Unknown { reason } => format!("unknown ({reason})"),
    }
}

fn money(fen: i64) -> String {
    let yuan = fen as f64 / 100.0;
    match yuan.abs() {
        tn if tn >= 1e12 => format!("CNY {:.4} tn", yuan / 1e12),
        bn if bn >= 1e9 => format!("CNY {:.2} bn", yuan / 1e9),
        _ => format!("CNY {:.2} m", yuan / 1e6),
    }
}

/// An integer with separators between thousands.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A fact with its label and readable value, as one JSON object for programs.
pub fn object(set: &FactSet, fact: &Fact) -> Json {
    let text = set.measures.get(fact.key.measure.name());
    json!({
        "key": fact.key.to_string(),
        "label_zh": text.map(|t| t.label_zh.as_str()),
        "label_en": text.map(|t| t.label_en.as_str()),
        "value": fact.value,
        "exact": exact(&fact.value),
        "unit": text.map(|t| t.unit.id()),
        "provenance": fact.provenance,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [
            (0, "0"),
            (7, "7"),
            (999, "999"),
            (1000, "1,000"),
            (-5473, "-5,473"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
