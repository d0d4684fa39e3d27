//! The recipe language: TOML text to a checked [`Recipe`].

use std::collections::BTreeMap;

use arrow::datatypes::{DataType, Field};
use fupan_market::Wording;
use fupan_table::Table;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use toml::Spanned;

use super::fault::Fault;
use super::formats::{Formats, answers, formats};
use super::units;
use super::{
    ColumnRecipe, Delimiters, Demand, Encoding, Format, From, Meaning, Others, Presence, Recipe,
    Recognition, SymbolStyle, TableRecipe, TextFormat,
};
use crate::SourceError;
use crate::nearest::did_you_mean;
use crate::spelling::civil::{Clock, Style, Zone};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipeText {
    description: String,
    description_zh: Option<String>,
    source: Spanned<String>,
    format: Spanned<Formats>,
    delimiter: Option<Spanned<String>>,
    encoding: Option<Spanned<String>>,
    merge_delimiters: Option<bool>,
    refuse_titles: Option<Vec<String>>,
    file_names: Option<Vec<String>>,
    recognise: Option<bool>,
    answers: Option<Spanned<String>>,
    table: Vec<TableText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableText {
    table: Spanned<String>,
    optional: Option<bool>,
    columns: BTreeMap<Spanned<String>, Spanned<ColumnText>>,
    demand: Option<BTreeMap<String, Vec<String>>>,
    only: Option<BTreeMap<String, Vec<String>>>,
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
    split: Option<String>,
    optional: Option<bool>,
}

/// A column is a name or a table of fields. Written by hand because an untagged enum would lose the
/// message and the line.
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

/// Checks a recipe's text; see [`Recipe`] for the language.
pub(super) fn recipe(name: &str, text: &str) -> Result<Recipe, SourceError> {
    let bad = |fault: Fault| SourceError::BadRecipe {
        recipe: name.to_owned(),
        line: line_at(text, fault.offset),
        reason: fault.reason,
    };
    let from_toml = |error: toml::de::Error| bad(Fault::of_toml(&error));
    let parsed: RecipeText = toml::from_str(text).map_err(from_toml)?;
    let mut value: toml::Table = toml::from_str(text).map_err(from_toml)?;
    // A Chinese description is not part of a recipe's identity.
    value.remove("description_zh");
    // Nor is it that the vendor's own answers are read too: their bytes have digests of their own.
    value.remove("answers");
    let mut canonical = String::new();
    spell(&toml::Value::Table(value), &mut canonical);

    let formats = formats(&parsed.format).map_err(bad)?;
    let answers = parsed.answers.as_ref().map(answers).transpose().map_err(bad)?;
    let text_format = text_format(&parsed).map_err(bad)?;
    if parsed.source.get_ref().trim().is_empty() {
        let offset = parsed.source.span().start;
        let reason = Wording::new("`source` is empty", "`source`是空的");
        return Err(bad(Fault { offset, reason }));
    }
    let mut tables = Vec::new();
    for table in &parsed.table {
        tables.push(table_recipe(table).map_err(bad)?);
    }
    if tables.is_empty() {
        let reason = Wording::new("no [[table]] section", "没有`[[table]]`一节");
        return Err(bad(Fault { offset: 0, reason }));
    }
    // A row that is none of one table's may be another's.
    if let (Some(table), true) = (parsed.table.iter().find(|t| t.only.is_some()), tables.len() > 1)
    {
        let reason = Wording::new(
            "`only` is for a recipe of one table; write a recipe for each",
            "只有一张表的配方才能写`only`；请为每张表各写一个配方",
        );
        return Err(bad(Fault { offset: table.table.span().start, reason }));
    }
    let defines = formats.iter().any(|format| matches!(format, Format::Definition(_)));
    let of_rows =
        |table: &TableText| Table::named(table.table.get_ref()) != Some(Table::Definition);
    if let Some(table) = parsed.table.iter().find(|table| of_rows(table) == defines) {
        let reason = Wording::new(
            "the formats chain and not-themes fill the table `definition`, and no other does",
            "格式`chain`和`not-themes`只填`definition`表，该表也只能由它们填写",
        );
        return Err(bad(Fault { offset: table.table.span().start, reason }));
    }
    Ok(Recipe {
        name: name.to_owned(),
        source: parsed.source.into_inner(),
        description: {
            let zh = parsed.description_zh.unwrap_or_else(|| parsed.description.clone());
            Wording::new(parsed.description, zh)
        },
        formats,
        answers,
        recognised: match parsed.recognise {
            Some(false) => Recognition::ByName,
            Some(true) | None => Recognition::ByColumns,
        },
        file_names: parsed.file_names.unwrap_or_default(),
        text: text_format,
        tables,
        canonical,
    })
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// Writes equal content in one spelling: keys sorted, no comments, no layout.
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

fn text_format(text: &RecipeText) -> Result<TextFormat, Fault> {
    let delimiter = match &text.delimiter {
        None => None,
        Some(given) => match given.get_ref().as_bytes() {
            [one] if matches!(one, b',' | b'\t' | b';' | b' ' | b'|') => Some(*one),
            _ => {
                let reason = Wording::new(
                    "a delimiter is one of , ; | tab and space",
                    "分隔符只能是`,`、`;`、`|`、制表符或空格",
                );
                return Err(Fault { offset: given.span().start, reason });
            }
        },
    };
    let encoding = match &text.encoding {
        None => None,
        Some(given) => match given.get_ref().as_str() {
            "utf-8" => Some(Encoding::Utf8),
            "gbk" | "gb18030" => Some(Encoding::Gbk),
            other => {
                let reason = Wording::new(
                    format!("no encoding `{other}`; write utf-8 or gbk"),
                    format!("没有编码`{other}`；请写`utf-8`或`gbk`"),
                );
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
        return Err(fault(no_table(text.table.get_ref())));
    };
    let schema = table.schema();
    let mut columns = Vec::new();
    for (name, given) in &text.columns {
        let Some((field, definition)) = schema.column_with_name(name.get_ref()) else {
            return Err(Fault {
                offset: name.span().start,
                reason: no_column(table, name.get_ref()),
            });
        };
        let column = column_recipe(table, field, definition, &given.get_ref().fields)
            .map_err(|reason| Fault { offset: given.span().start, reason })?;
        let is_text = column.meaning == Meaning::Text && column.from == From::FileName;
        if is_text && (table, name.get_ref().as_str()) != (Table::GroupMember, "name") {
            let reason = Wording::new(
                "a file name can only provide a symbol, a date or a group's name, not other text",
                "文件名只能给出代码、日期或分组名称，不能给出其他文本",
            );
            return Err(Fault { offset: given.span().start, reason });
        }
        columns.push(column);
    }
    columns.sort_by_key(|column| column.field);
    for (field, definition) in schema.fields().iter().enumerate() {
        let price_of_bar = matches!(table, Table::DailyBar | Table::FundBar | Table::Quote)
            && matches!(definition.name().as_str(), "open" | "high" | "low" | "close" | "last");
        // Without turnover nothing shows that a fund's price is ten times too high.
        let evidence = table == Table::FundBar && definition.name() == "turnover";
        let needed = !definition.is_nullable() || price_of_bar || evidence;
        let mapped = columns.iter().find(|column| column.field == field);
        match mapped {
            None if needed => {
                let (table, column) = (table.name(), definition.name());
                return Err(fault(Wording::new(
                    format!("table `{table}` needs `{column}`"),
                    format!("`{table}`表必须有`{column}`"),
                )));
            }
            Some(column) if needed && column.presence == Presence::Optional => {
                let column = definition.name();
                return Err(fault(Wording::new(
                    format!("`{column}` cannot be optional"),
                    format!("`{column}`不能写`optional`"),
                )));
            }
            _ => {}
        }
    }
    let told = [(&text.demand, Others::Lost), (&text.only, Others::NotCovered)];
    let demands = told.into_iter().flat_map(|(demands, others)| {
        demands.iter().flatten().map(move |(column, values)| {
            let (column, values) = (column.clone(), values.clone());
            Demand { column, values, others }
        })
    });
    Ok(TableRecipe {
        table,
        presence: presence(text.optional),
        columns,
        demands: demands.collect(),
    })
}

fn no_table(name: &str) -> Wording {
    let known = Table::ALL.map(Table::name);
    Wording::new(
        format!("no table `{name}`; write {}", known.join(", ")),
        format!("没有`{name}`表；请写`{}`之一", known.join("`、`")),
    )
}

fn no_column(table: Table, name: &str) -> Wording {
    let schema = table.schema();
    let hint = did_you_mean(name, schema.fields().iter().map(|field| field.name().as_str()));
    let table = table.name();
    Wording::new(
        format!("table `{table}` has no column `{name}`{}", hint.en),
        format!("`{table}`表没有`{name}`列{}", hint.zh),
    )
}

fn presence(optional: Option<bool>) -> Presence {
    match optional {
        Some(true) => Presence::Optional,
        Some(false) | None => Presence::Required,
    }
}

fn column_recipe(
    table: Table,
    field: usize,
    definition: &Field,
    text: &ColumnFields,
) -> Result<ColumnRecipe, Wording> {
    let from = match (&text.column, text.from.as_deref(), &text.constant) {
        (Some(column), None, None) => match &text.minus {
            None => From::Column(column.clone()),
            Some(minus) => From::Difference { column: column.clone(), minus: minus.clone() },
        },
        (Some(column), Some("file-name"), None) => From::ColumnOrFileName(column.clone()),
        (None, Some("file-name"), None) => From::FileName,
        (None, None, Some(constant)) => From::Constant(constant.clone()),
        (_, Some(other), None) => {
            return Err(Wording::new(
                format!("no `from` of `{other}`; write from = \"file-name\""),
                format!("`from`不能是`{other}`；请写`from = \"file-name\"`"),
            ));
        }
        _ => {
            return Err(Wording::new(
                "write one of `column`, `from` and `constant`",
                "请写`column`、`from`、`constant`三者之一",
            ));
        }
    };
    let meaning = meaning(table, definition, text)?;
    let whole = |text: &str| text.parse::<i32>().is_ok_and(|number| number >= 0);
    match (&from, meaning) {
        // A value that is the same in every row is not in every vendor's file.
        (From::Constant(text), Meaning::Number { unit: "seconds" | "number", .. })
            if whole(text) => {}
        (From::Constant(text), Meaning::Number { unit: "seconds" | "number", .. }) => {
            let column = definition.name();
            return Err(Wording::new(
                format!("`{text}` is not a whole number of {column}"),
                format!("`{text}`不是`{column}`列要的整数"),
            ));
        }
        (From::Constant(_) | From::FileName, Meaning::Number { .. } | Meaning::Time(_)) => {
            return Err(Wording::new(
                "a number or a time can only come from a column",
                "数字和时刻只能取自某一列",
            ));
        }
        (From::Difference { .. }, Meaning::Number { .. }) => {}
        (From::Difference { .. }, _) => {
            return Err(Wording::new("only a number can have a `minus`", "只有数字可以写`minus`"));
        }
        _ if text.minus.is_some() => {
            return Err(Wording::new("`minus` needs `column`", "`minus`要与`column`同写"));
        }
        _ => {}
    }
    Ok(ColumnRecipe { field, from, presence: presence(text.optional), meaning })
}

fn meaning(table: Table, definition: &Field, text: &ColumnFields) -> Result<Meaning, Wording> {
    let unit = definition.metadata().get("unit").map_or("", String::as_str);
    let number = !matches!(definition.data_type(), DataType::Date32 | DataType::Utf8);
    if !number && text.unit.is_some() {
        let column = definition.name();
        return Err(Wording::new(format!("`{column}` has no unit"), format!("`{column}`没有单位")));
    }
    let moment =
        definition.data_type() == &DataType::Date32 || unit == "seconds after midnight, Shanghai";
    if text.style.is_some() && unit != "canonical symbol" && !moment {
        return Err(Wording::new(
            "only a symbol, a date or a time can have a `style`",
            "只有代码、日期和时刻可以写`style`",
        ));
    }
    if text.zone.is_some() && !moment {
        return Err(Wording::new(
            "only a date or a time can have a `zone`",
            "只有日期和时刻可以写`zone`",
        ));
    }
    if text.decimals.is_some() && !matches!(unit, "0.0001 CNY" | "0.0001 point") {
        return Err(Wording::new(
            "only a price or an index level can have `decimals`",
            "只有价格和指数点位可以写`decimals`",
        ));
    }
    if text.split.is_some() && (unit != "text" || text.column.is_none()) {
        return Err(Wording::new(
            "only a text from a column can have a `split`",
            "只有取自某一列的文本可以写`split`",
        ));
    }
    match (definition.data_type(), unit) {
        (DataType::Date32, _) => Ok(Meaning::Date(clock(text)?)),
        (DataType::Utf8, "canonical symbol") => match text.style.as_deref() {
            None => Ok(Meaning::Symbol(SymbolStyle::Any)),
            Some("bare-stock") => Ok(Meaning::Symbol(SymbolStyle::BareStock)),
            Some("bare-stock-padded") => Ok(Meaning::Symbol(SymbolStyle::BareStockPadded)),
            Some("bare-bse") => Ok(Meaning::Symbol(SymbolStyle::BareBse)),
            Some("bare-index") => Ok(Meaning::Symbol(SymbolStyle::BareIndex)),
            Some(other) => Err(Wording::new(
                format!(
                    "no style `{other}`; write bare-stock, bare-stock-padded, bare-bse or bare-index"
                ),
                format!(
                    "没有写法`{other}`；请写`bare-stock`、`bare-stock-padded`、`bare-bse`或`bare-index`"
                ),
            )),
        },
        (DataType::Utf8, _) => match text.split.as_deref().map(|split| (split, split.chars())) {
            None => Ok(Meaning::Text),
            Some((_, mut chars)) if chars.clone().count() == 1 => {
                Ok(chars.next().map_or(Meaning::Text, Meaning::Texts))
            }
            Some((split, _)) => Err(Wording::new(
                format!("`{split}` is not one character to split at"),
                format!("`split`要写一个字符，不能是`{split}`"),
            )),
        },
        (_, "seconds after midnight, Shanghai") if text.unit.is_none() => {
            Ok(Meaning::Time(clock(text)?))
        }
        (_, "seconds after midnight, Shanghai") => {
            Err(Wording::new("a time has no unit", "时刻没有单位"))
        }
        (_, table_unit) => units::scale(table, table_unit, text.unit.as_deref(), text.decimals),
    }
}

/// The time zone and style of a column of dates or times.
fn clock(text: &ColumnFields) -> Result<Clock, Wording> {
    let style = match text.style.as_deref() {
        None => Style::Written,
        Some("epoch-s") => Style::Epoch { per_second: 1 },
        Some("epoch-ms") => Style::Epoch { per_second: 1_000 },
        Some("epoch-us") => Style::Epoch { per_second: 1_000_000 },
        Some("epoch-ns") => Style::Epoch { per_second: 1_000_000_000 },
        Some(other) => {
            return Err(Wording::new(
                format!("no style `{other}` here; write epoch-s, epoch-ms, epoch-us or epoch-ns"),
                format!("这里没有写法`{other}`；请写`epoch-s`、`epoch-ms`、`epoch-us`或`epoch-ns`"),
            ));
        }
    };
    let zone = match text.zone.as_deref() {
        None => Zone::Unsaid,
        Some("Asia/Shanghai") => Zone::Shanghai,
        Some("UTC") => Zone::Universal,
        Some(other) => {
            return Err(Wording::new(
                format!("no zone `{other}`; write UTC or Asia/Shanghai"),
                format!("没有时区`{other}`；请写`UTC`或`Asia/Shanghai`"),
            ));
        }
    };
    if style != Style::Written && zone == Zone::Shanghai {
        return Err(Wording::new("counts since 1970 are in UTC", "自1970年起的计数以世界时为准"));
    }
    Ok(Clock { zone, style })
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
            Err(SourceError::BadRecipe { line, reason, .. }) => (line, reason.en),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_builtin_recipe_parses() {
        for name in Recipe::builtin_names() {
            Recipe::named(name).unwrap();
            let (_, text) = super::super::builtin::TEXTS.iter().find(|(n, _)| *n == name).unwrap();
            let told = recipe(name, text).unwrap().description;
            assert!(!told.zh.is_empty() && told.zh != told.en, "{name}: {told:?}");
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
        let chinese = recipe("mine", &format!("description_zh = \"说明\"\n{GOOD}")).unwrap();
        assert_eq!((plain, "说明"), (chinese.canonical, chinese.description.zh.as_str()));
    }
}
