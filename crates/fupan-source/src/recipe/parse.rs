//! The recipe language: TOML text to a checked [`Recipe`].

use std::collections::BTreeMap;

use arrow::datatypes::{DataType, Field};
use fupan_table::Table;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use toml::Spanned;

use super::{
    ColumnRecipe, Delimiters, Demand, Encoding, Format, From, Meaning, Presence, Recipe,
    Recognition, SymbolStyle, TableRecipe, TextFormat,
};
use crate::SourceError;
use crate::civil::{Clock, Style, Zone};
use crate::decimal::Scale;
use crate::nearest::nearest;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipeText {
    description: String,
    source: Spanned<String>,
    format: Spanned<Formats>,
    delimiter: Option<Spanned<String>>,
    encoding: Option<Spanned<String>>,
    merge_delimiters: Option<bool>,
    refuse_titles: Option<Vec<String>>,
    recognise: Option<bool>,
    table: Vec<TableText>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Formats {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableText {
    table: Spanned<String>,
    optional: Option<bool>,
    columns: BTreeMap<Spanned<String>, Spanned<ColumnText>>,
    demand: Option<BTreeMap<String, Vec<String>>>,
}

#[derive(Clone, Default)]
struct ColumnText {
    fields: ColumnFields,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFields {
    column: Option<String>,
    minus: Option<String>,
    from: Option<String>,
    constant: Option<String>,
    unit: Option<String>,
    decimals: Option<u32>,
    style: Option<String>,
    zone: Option<String>,
    optional: Option<bool>,
}

/// A column is a name or a table of fields; written by hand because an untagged enum would lose
/// the message and the line.
impl<'de> Deserialize<'de> for ColumnText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<ColumnText, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = ColumnText;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a column's name, or { column = \"...\", unit = \"...\" }")
            }

            fn visit_str<E: serde::de::Error>(self, column: &str) -> Result<ColumnText, E> {
                let fields =
                    ColumnFields { column: Some(column.to_owned()), ..ColumnFields::default() };
                Ok(ColumnText { fields })
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                map: A,
            ) -> Result<ColumnText, A::Error> {
                let fields = ColumnFields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(ColumnText { fields })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The place of an error and its message.
struct Fault {
    offset: usize,
    reason: String,
}

/// Checks a recipe's text; see [`Recipe`] for the language.
pub(super) fn recipe(name: &str, text: &str) -> Result<Recipe, SourceError> {
    let bad = |fault: Fault| SourceError::BadRecipe {
        recipe: name.to_owned(),
        line: line_at(text, fault.offset),
        reason: fault.reason,
    };
    let from_toml = |error: toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        bad(Fault { offset, reason: error.message().trim().to_owned() })
    };
    let parsed: RecipeText = toml::from_str(text).map_err(from_toml)?;
    let value: toml::Table = toml::from_str(text).map_err(from_toml)?;
    let mut canonical = String::new();
    spell(&toml::Value::Table(value), &mut canonical);

    let formats = formats(&parsed.format).map_err(bad)?;
    let text_format = text_format(&parsed).map_err(bad)?;
    if parsed.source.get_ref().trim().is_empty() {
        let offset = parsed.source.span().start;
        return Err(bad(Fault { offset, reason: "`source` is empty".to_owned() }));
    }
    let mut tables = Vec::new();
    for table in &parsed.table {
        tables.push(table_recipe(table).map_err(bad)?);
    }
    if tables.is_empty() {
        return Err(bad(Fault { offset: 0, reason: "no [[table]] section".to_owned() }));
    }
    Ok(Recipe {
        name: name.to_owned(),
        source: parsed.source.into_inner(),
        description: parsed.description,
        formats,
        recognised: match parsed.recognise {
            Some(false) => Recognition::ByName,
            Some(true) | None => Recognition::ByColumns,
        },
        text: text_format,
        tables,
        canonical,
    })
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// One spelling for equal content: keys sorted, no comments, no layout.
fn spell(value: &toml::Value, out: &mut String) {
    match value {
        toml::Value::Table(table) => {
            let mut keys: Vec<&String> = table.keys().collect();
            keys.sort();
            out.push('{');
            for key in keys {
                out.push_str(&format!("{key:?}:"));
                spell(&table[key], out);
                out.push(',');
            }
            out.push('}');
        }
        toml::Value::Array(values) => {
            out.push('[');
            for value in values {
                spell(value, out);
                out.push(',');
            }
            out.push(']');
        }
        toml::Value::String(text) => out.push_str(&format!("{text:?}")),
        other => out.push_str(&other.to_string()),
    }
}

fn formats(text: &Spanned<Formats>) -> Result<Vec<Format>, Fault> {
    let names = match text.get_ref() {
        Formats::One(name) => std::slice::from_ref(name),
        Formats::Several(names) => names,
    };
    let fault = |reason| Fault { offset: text.span().start, reason };
    let formats: Result<Vec<Format>, Fault> = names
        .iter()
        .map(|name| match name.as_str() {
            "parquet" => Ok(Format::Parquet),
            "csv" => Ok(Format::Csv),
            "tdx-day" => Ok(Format::TdxDay),
            "qlib-bin" => Ok(Format::QlibBin),
            other => {
                Err(fault(format!("no format `{other}`; write parquet, csv, tdx-day or qlib-bin")))
            }
        })
        .collect();
    let formats = formats?;
    let columnar = |f: &Format| matches!(f, Format::Parquet | Format::Csv);
    match formats.len() {
        0 => Err(fault("no format".to_owned())),
        1 => Ok(formats),
        _ if formats.iter().all(columnar) => Ok(formats),
        _ => Err(fault("only parquet and csv can be given together".to_owned())),
    }
}

fn text_format(text: &RecipeText) -> Result<TextFormat, Fault> {
    let delimiter = match &text.delimiter {
        None => None,
        Some(given) => match given.get_ref().as_bytes() {
            [one] if matches!(one, b',' | b'\t' | b';' | b' ' | b'|') => Some(*one),
            _ => {
                let reason = "a delimiter is one of , ; | tab and space";
                return Err(Fault { offset: given.span().start, reason: reason.to_owned() });
            }
        },
    };
    let encoding = match &text.encoding {
        None => None,
        Some(given) => match given.get_ref().as_str() {
            "utf-8" => Some(Encoding::Utf8),
            "gbk" | "gb18030" => Some(Encoding::Gbk),
            other => {
                let reason = format!("no encoding `{other}`; write utf-8 or gbk");
                return Err(Fault { offset: given.span().start, reason });
            }
        },
    };
    let delimiters = match text.merge_delimiters {
        Some(true) => Delimiters::Runs,
        Some(false) | None => Delimiters::Each,
    };
    let refused_titles = text.refuse_titles.clone().unwrap_or_default();
    Ok(TextFormat { delimiter, delimiters, encoding, refused_titles })
}

fn table_recipe(text: &TableText) -> Result<TableRecipe, Fault> {
    let fault = |reason| Fault { offset: text.table.span().start, reason };
    let Some(table) = Table::named(text.table.get_ref()) else {
        let known: Vec<&str> = Table::ALL.into_iter().map(Table::name).collect();
        let reason = format!("no table `{}`; write {}", text.table.get_ref(), known.join(", "));
        return Err(fault(reason));
    };
    let schema = table.schema();
    let mut columns = Vec::new();
    for (name, given) in &text.columns {
        let Some((field, definition)) = schema.column_with_name(name.get_ref()) else {
            let names = schema.fields().iter().map(|f| f.name().as_str());
            let hint = nearest(name.get_ref(), names)
                .map_or(String::new(), |n| format!("; did you mean `{n}`?"));
            let (table, name_text) = (table.name(), name.get_ref());
            let reason = format!("table `{table}` has no column `{name_text}`{hint}");
            return Err(Fault { offset: name.span().start, reason });
        };
        let column = column_recipe(field, definition, &given.get_ref().fields)
            .map_err(|reason| Fault { offset: given.span().start, reason })?;
        columns.push(column);
    }
    columns.sort_by_key(|column| column.field);
    for (field, definition) in schema.fields().iter().enumerate() {
        let price_of_bar = matches!(table, Table::DailyBar | Table::Quote)
            && matches!(definition.name().as_str(), "open" | "high" | "low" | "close" | "last");
        let needed = !definition.is_nullable() || price_of_bar;
        let mapped = columns.iter().find(|column| column.field == field);
        match mapped {
            None if needed => {
                return Err(fault(format!(
                    "table `{}` needs `{}`",
                    table.name(),
                    definition.name()
                )));
            }
            Some(column) if needed && column.presence == Presence::Optional => {
                return Err(fault(format!("`{}` cannot be optional", definition.name())));
            }
            _ => {}
        }
    }
    let demands = text.demand.iter().flatten();
    let demands = demands.map(|(column, values)| {
        let (column, values) = (column.clone(), values.clone());
        Demand { column, values }
    });
    Ok(TableRecipe {
        table,
        presence: presence(text.optional),
        columns,
        demands: demands.collect(),
    })
}

fn presence(optional: Option<bool>) -> Presence {
    match optional {
        Some(true) => Presence::Optional,
        Some(false) | None => Presence::Required,
    }
}

fn column_recipe(
    field: usize,
    definition: &Field,
    text: &ColumnFields,
) -> Result<ColumnRecipe, String> {
    let from = match (&text.column, text.from.as_deref(), &text.constant) {
        (Some(column), None, None) => match &text.minus {
            None => From::Column(column.clone()),
            Some(minus) => From::Difference { column: column.clone(), minus: minus.clone() },
        },
        (Some(column), Some("file-name"), None) => From::ColumnOrFileName(column.clone()),
        (None, Some("file-name"), None) => From::FileName,
        (None, None, Some(constant)) => From::Constant(constant.clone()),
        (_, Some(other), None) if other != "file-name" => {
            return Err(format!("no `from` of `{other}`; write from = \"file-name\""));
        }
        _ => return Err("write one of `column`, `from` and `constant`".to_owned()),
    };
    let meaning = meaning(definition, text)?;
    let whole =
        |number: Option<i64>| number.is_some_and(|n| (0..=i64::from(i32::MAX)).contains(&n));
    match (&from, meaning) {
        // What does not differ from row to row is not in every vendor's file.
        (From::Constant(text), Meaning::Number { scale, unit: "seconds" | "number" })
            if whole(scale.text(text)) => {}
        (From::Constant(text), Meaning::Number { unit: "seconds" | "number", .. }) => {
            return Err(format!("`{text}` is not a whole number of {}", definition.name()));
        }
        (From::Constant(_) | From::FileName, Meaning::Number { .. } | Meaning::Time(_)) => {
            return Err("a number or a time comes from a column".to_owned());
        }
        (From::Difference { .. }, Meaning::Number { .. }) => {}
        (From::Difference { .. }, _) => return Err("only a number has a `minus`".to_owned()),
        _ if text.minus.is_some() => return Err("`minus` goes with `column`".to_owned()),
        _ => {}
    }
    if from == From::FileName && meaning == Meaning::Text {
        return Err("a file's name gives a symbol or a date, not a text".to_owned());
    }
    Ok(ColumnRecipe { field, from, presence: presence(text.optional), meaning })
}

fn meaning(definition: &Field, text: &ColumnFields) -> Result<Meaning, String> {
    let unit = definition.metadata().get("unit").map_or("", String::as_str);
    let number = !matches!(definition.data_type(), DataType::Date32 | DataType::Utf8);
    if !number && text.unit.is_some() {
        return Err(format!("`{}` has no unit", definition.name()));
    }
    let moment =
        definition.data_type() == &DataType::Date32 || unit == "seconds after midnight, Shanghai";
    if text.style.is_some() && unit != "canonical symbol" && !moment {
        return Err("only a symbol, a date or a time has a `style`".to_owned());
    }
    if text.zone.is_some() && !moment {
        return Err("only a date or a time has a `zone`".to_owned());
    }
    if text.decimals.is_some() && !matches!(unit, "0.0001 CNY" | "0.0001 point") {
        return Err("only a price or an index level has `decimals`".to_owned());
    }
    match (definition.data_type(), unit) {
        (DataType::Date32, _) => Ok(Meaning::Date(clock(text)?)),
        (DataType::Utf8, "canonical symbol") => match text.style.as_deref() {
            None => Ok(Meaning::Symbol(SymbolStyle::Any)),
            Some("bare-stock") => Ok(Meaning::Symbol(SymbolStyle::BareStock)),
            Some("bare-stock-padded") => Ok(Meaning::Symbol(SymbolStyle::BareStockPadded)),
            Some("bare-bse") => Ok(Meaning::Symbol(SymbolStyle::BareBse)),
            Some(other) => {
                Err(format!("no style `{other}`; write bare-stock, bare-stock-padded or bare-bse"))
            }
        },
        (DataType::Utf8, _) => Ok(Meaning::Text),
        (_, "seconds after midnight, Shanghai") if text.unit.is_none() => {
            Ok(Meaning::Time(clock(text)?))
        }
        (_, "seconds after midnight, Shanghai") => Err("a time has no unit".to_owned()),
        (_, table_unit) => scale(table_unit, text),
    }
}

/// By which clock a column of dates or times is written, and how.
fn clock(text: &ColumnFields) -> Result<Clock, String> {
    let style = match text.style.as_deref() {
        None => Style::Written,
        Some("epoch-s") => Style::Epoch { per_second: 1 },
        Some("epoch-ms") => Style::Epoch { per_second: 1_000 },
        Some("epoch-us") => Style::Epoch { per_second: 1_000_000 },
        Some("epoch-ns") => Style::Epoch { per_second: 1_000_000_000 },
        Some(other) => {
            return Err(format!(
                "no style `{other}` here; write epoch-s, epoch-ms, epoch-us or epoch-ns"
            ));
        }
    };
    let zone = match text.zone.as_deref() {
        None => Zone::Unsaid,
        Some("Asia/Shanghai") => Zone::Shanghai,
        Some("UTC") => Zone::Universal,
        Some(other) => return Err(format!("no zone `{other}`; write UTC or Asia/Shanghai")),
    };
    if style != Style::Written && zone == Zone::Shanghai {
        return Err("counts since 1970 are by the universal clock".to_owned());
    }
    Ok(Clock { zone, style })
}

/// Units by what a table's column holds: the unit's name, the power of ten to the table's unit,
/// and the decimals that values have unless told.
const PRICE_UNITS: &[(&str, u32, u32)] = &[("yuan", 4, 2), ("fen", 2, 2)];
const POINT_UNITS: &[(&str, u32, u32)] = &[("point", 4, 4), ("point/100", 2, 2)];
const SHARE_UNITS: &[(&str, u32, u32)] =
    &[("shares", 0, 0), ("lots", 2, 0), ("lots-star-shares", 2, 0), ("ten-thousand-shares", 4, 0)];
const MONEY_UNITS: &[(&str, u32, u32)] = &[
    ("fen", 0, 0),
    ("yuan", 2, 0),
    ("thousand-yuan", 5, 0),
    ("ten-thousand-yuan", 6, 0),
    ("hundred-million-yuan", 10, 0),
];

const SECOND_UNITS: &[(&str, u32, u32)] = &[("seconds", 0, 0)];
const NUMBER_UNITS: &[(&str, u32, u32)] = &[("number", 0, 0)];

fn scale(table_unit: &str, text: &ColumnFields) -> Result<Meaning, String> {
    let units = match table_unit {
        "0.0001 CNY" => PRICE_UNITS,
        "0.0001 point" => POINT_UNITS,
        "shares" => SHARE_UNITS,
        "seconds" => SECOND_UNITS,
        "number" => NUMBER_UNITS,
        _ => MONEY_UNITS,
    };
    let known = || units.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
    let Some(wanted) = text.unit.as_deref() else {
        return Err(format!("say the unit: {}", known()));
    };
    let Some((unit, power, decimals)) = units.iter().find(|(name, ..)| *name == wanted) else {
        return Err(format!("no unit `{wanted}` here; write {}", known()));
    };
    let decimals = text.decimals.unwrap_or(*decimals);
    let priced = matches!(table_unit, "0.0001 CNY" | "0.0001 point");
    let step = match (priced, decimals) {
        (false, _) => 1,
        (true, 0..=4) => 10_i64.pow(4 - decimals),
        (true, _) => return Err("a price has at most 4 decimals".to_owned()),
    };
    Ok(Meaning::Number { scale: Scale { power: *power, step }, unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
description = "d"
source = "s"
format = "csv"
[[table]]
table = "margin"
[table.columns]
session = "date"
market = { constant = "all-a" }
financing_balance = { column = "fin", unit = "yuan" }
"#;

    fn fails(text: &str) -> (usize, String) {
        match recipe("mine", text) {
            Err(SourceError::BadRecipe { line, reason, .. }) => (line, reason),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_builtin_recipe_parses() {
        for name in Recipe::builtin_names() {
            Recipe::named(name).unwrap();
            let (_, text) = super::super::builtin::TEXTS.iter().find(|(n, _)| *n == name).unwrap();
            recipe(name, text).unwrap();
        }
    }

    #[test]
    fn faults_name_the_line() {
        recipe("mine", GOOD).unwrap();
        let (line, reason) = fails(&GOOD.replace("\"yuan\"", "\"dollar\""));
        assert_eq!((line, reason.contains("no unit `dollar`")), (10, true), "{reason}");
        let (line, reason) = fails(&GOOD.replace("session =", "sesion ="));
        assert_eq!((line, reason.contains("did you mean `session`")), (8, true), "{reason}");
        let (line, reason) = fails(&GOOD.replace("unit =", "units ="));
        assert_eq!((line, reason.contains("units")), (10, true), "{reason}");
        let (line, reason) = fails(&GOOD.replace("market = { constant = \"all-a\" }\n", ""));
        assert_eq!((line, reason.contains("needs `market`")), (6, true), "{reason}");
        let (line, _) = fails(&GOOD.replace("\"csv\"", "\"xls\""));
        assert_eq!(line, 4);
        assert!(fails("x = [").1.len() > 3);
    }

    #[test]
    fn comments_do_not_change_what_a_recipe_is() {
        let plain = recipe("mine", GOOD).unwrap().canonical;
        assert_eq!(plain, recipe("mine", &format!("# a comment\n{GOOD}")).unwrap().canonical);
        assert_ne!(plain, recipe("mine", &GOOD.replace("yuan", "fen")).unwrap().canonical);
    }
}
