//! `fupan themes`: the themes of a session, or its industries, best first; and `fupan chain`: the
//! industry chains, from upstream to downstream.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use comfy_table::{Attribute, Cell};
use fupan::sheet::{self, Csv};
use fupan::{
    Chain, Error, FactKey, FactSet, GroupId, Layer, MeasureId, Name, Scope, Symbol, ThemeList,
    Value, fact_table, shown_name,
};
use serde_json::json;

use crate::arguments::{ChainArgs, Common, GroupsShown, TableFormat, ThemesArgs, UsageError};
use crate::{Answer, place, terminal};

/// The figures of a group that are shown, with the names of their columns.
const FIGURES: [(&str, &str, &str); 10] = [
    ("equal_weight_return", "return", "等权平均"),
    ("group_return_5", "5 days", "五日"),
    ("group_return_20", "20 days", "二十日"),
    ("cap_weight_return", "weighted", "流通加权"),
    ("advances", "up", "上涨"),
    ("declines", "down", "下跌"),
    ("limit_up_count", "limit-ups", "涨停"),
    ("limit_down_count", "limit-downs", "跌停"),
    ("new_high_250", "highs", "一年新高"),
    ("turnover_share", "turnover share", "成交占比"),
];

/// Further figures of a group, which a table has no room for.
const FURTHER: [&str; 7] = [
    "theme_rank_1",
    "theme_rank_5",
    "theme_rank_20",
    "top_tenth_20",
    "group_return_percentile_250",
    "turnover_share_percentile_250",
    "turnover_share_change",
];

/// The figures of a group, in the order of their columns.
fn measures() -> impl Iterator<Item = &'static str> {
    FIGURES.into_iter().map(|(measure, ..)| measure).chain(FURTHER)
}

/// Stocks named for a group.
const NAMED: usize = 3;

/// One group.
struct Row {
    id: GroupId,
    name: String,
    /// In the order of [`measures`].
    values: Vec<Option<Value>>,
    /// Stocks at their upper limit: the longest run first, then the most traded.
    limit_ups: Vec<Symbol>,
    /// Groups that share most members with it.
    also: Vec<GroupId>,
}

pub fn run(common: &Common, asked: &ThemesArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let facts = fupan::review(&market, asked.date)?;
    terminal::name_later_session(&facts);
    let rows = rows(&facts, asked.of);
    if rows.is_empty() {
        return Err(nothing(asked.of).into());
    }
    match asked.format {
        TableFormat::Table => {
            let ends = shortened(&rows, usize::from(asked.top));
            terminal::print_table(&as_table(&facts, &ends, rows.len(), asked.of))?;
        }
        TableFormat::Csv => {
            terminal::print_csv(&as_csv(&facts, rows.iter(), Csv::Sheet)?, Csv::Sheet)?
        }
        TableFormat::CsvRaw => {
            terminal::print_csv(&as_csv(&facts, rows.iter(), Csv::Raw)?, Csv::Raw)?
        }
        TableFormat::Json => terminal::print_json(&as_json(&facts, rows.iter()))?,
    }
    Ok(Answer::Yes)
}

/// The groups with a known return, best first; of those that share most members the largest.
fn rows(facts: &FactSet, of: GroupsShown) -> Vec<Row> {
    let is_theme = |id: &GroupId| facts.themes.as_ref().is_some_and(|list| list.has(id));
    let alike = facts.themes.iter().flat_map(|list| &list.alike);
    let again: BTreeSet<&GroupId> = alike.flat_map(|(_, others)| others).collect();
    let shown = facts.groups.iter().filter(|(id, _)| match of {
        GroupsShown::Themes => is_theme(id) && !again.contains(id),
        GroupsShown::Industries => !id.is_concept() && !id.is_chain(),
    });
    let mut rows: Vec<Row> = shown.filter_map(|(id, name)| row(facts, id, name)).collect();
    rows.sort_by_key(|row| (Reverse(moved(row)), row.id.clone()));
    rows
}

/// A group's figures; `None` if it has no known return.
fn row(facts: &FactSet, id: &GroupId, name: &Name) -> Option<Row> {
    let values: Vec<Option<Value>> = measures().map(|measure| known(facts, measure, id)).collect();
    values[0].as_ref()?;
    let also = facts.themes.as_ref().and_then(|list| list.alike.get(id));
    Some(Row {
        id: id.clone(),
        name: terminal::name(name),
        values,
        limit_ups: facts.leaders(&key(facts, "limit_up_count", Scope::Group(id.clone()))),
        also: also.cloned().unwrap_or_default(),
    })
}

/// A session's chains with the layer and the figures of their segments, from upstream to
/// downstream. Chains whose segments have no figures are left out.
fn chains(facts: &FactSet) -> Vec<(&Chain, Vec<(&Layer, Row)>)> {
    fn of<'f>(facts: &FactSet, chain: &'f Chain) -> Option<(&'f Chain, Vec<(&'f Layer, Row)>)> {
        let rows: Vec<(&Layer, Row)> = chain
            .segments()
            .iter()
            .filter_map(|segment| {
                let layer = chain.layers().iter().find(|layer| layer.number == segment.layer)?;
                let row = row(facts, &segment.group, facts.groups.get(&segment.group)?)?;
                Some((layer, row))
            })
            .collect();
        (!rows.is_empty()).then_some((chain, rows))
    }
    facts.chains().filter_map(|chain| of(facts, chain)).collect()
}

/// Runs `fupan chain`.
pub fn run_chain(common: &Common, asked: &ChainArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let facts = fupan::review(&market, asked.date)?;
    terminal::name_later_session(&facts);
    let chains = chains(&facts);
    if chains.is_empty() {
        return Err(nothing(GroupsShown::Themes).into());
    }
    let rows = || chains.iter().flat_map(|(_, rows)| rows).map(|(_, row)| row);
    match asked.format {
        TableFormat::Table => {
            let session = facts.session;
            let tables = chains.iter().map(|(chain, rows)| {
                let mut table = terminal::table(&header(terminal::word("segment", "环节")));
                let mut last = None;
                for (layer, row) in rows {
                    if last.replace(layer.number) != Some(layer.number) {
                        let name = layer.name.in_language(place::interface());
                        table.add_row([terminal::text(name).add_attribute(Attribute::Bold)]);
                    }
                    table.add_row(cells(&facts, row, "  "));
                }
                format!("{session}  {}\n{table}", chain.name().in_language(place::interface()))
            });
            terminal::print_table(&tables.collect::<Vec<_>>().join("\n\n"))?;
        }
        TableFormat::Csv => terminal::print_csv(&as_csv(&facts, rows(), Csv::Sheet)?, Csv::Sheet)?,
        TableFormat::CsvRaw => terminal::print_csv(&as_csv(&facts, rows(), Csv::Raw)?, Csv::Raw)?,
        TableFormat::Json => terminal::print_json(&as_json(&facts, rows()))?,
    }
    Ok(Answer::Yes)
}

fn key(facts: &FactSet, measure: &'static str, scope: Scope) -> FactKey {
    FactKey::at_close(MeasureId::new(measure), scope, facts.session)
}

fn known(facts: &FactSet, measure: &'static str, id: &GroupId) -> Option<Value> {
    let fact = facts.get(&key(facts, measure, Scope::Group(id.clone())))?;
    Some(fact.value.clone()).filter(|value| !matches!(value, Value::Unknown { .. }))
}

/// The mean return in parts per billion.
fn moved(row: &Row) -> i64 {
    match row.values[0] {
        Some(Value::Return { ppb }) => ppb.0,
        _ => 0,
    }
}

/// The best and the worst `top` of all, or all if there are no more.
fn shortened(rows: &[Row], top: usize) -> Vec<&Row> {
    match rows.len() > 2 * top {
        true => rows[..top].iter().chain(&rows[rows.len() - top..]).collect(),
        false => rows.iter().collect(),
    }
}

/// That the data have no such groups.
pub fn nothing(of: GroupsShown) -> UsageError {
    match of {
        GroupsShown::Themes => UsageError::new(
            "the store has no list of concepts for this session; import one, for example a THS \
             table: fupan import ths-table Table-20260109.txt, or your own: fupan import \
             groups-csv FILE",
            "数据中没有概念名单；请先导入，例如同花顺表格：`fupan import ths-table \
             Table-20260109.txt`，或自定义名单：`fupan import groups-csv FILE`",
        ),
        GroupsShown::Industries => UsageError::new(
            "the store has no industries for this session; import a list, for example: fupan \
             import sw-industry FILE",
            "数据中没有行业分类；请先导入，例如`fupan import sw-industry FILE`",
        ),
    }
}

/// The columns of a table of groups.
fn header(head: &str) -> Vec<&str> {
    let columns = FIGURES.map(|(_, en, zh)| terminal::word(en, zh));
    let last = terminal::word("limit-up stocks", "涨停股");
    std::iter::once(head).chain(columns).chain([last]).collect()
}

/// A group's row, its name after `indent`.
fn cells(facts: &FactSet, row: &Row, indent: &str) -> Vec<Cell> {
    let mut cells = vec![terminal::text(format!("{indent}{}", shown_name(&row.name)))];
    cells.extend(row.values.iter().take(FIGURES.len()).map(|value| match value {
        Some(value) => figure(value),
        None => terminal::text(""),
    }));
    let named = row.limit_ups.iter().take(NAMED).map(|symbol| terminal::security(facts, *symbol));
    let mut names = named.collect::<Vec<_>>().join(terminal::word(", ", "、"));
    if row.limit_ups.len() > NAMED {
        names.push_str(terminal::word(", …", "等"));
    }
    cells.push(terminal::text(names));
    cells
}

fn as_table(facts: &FactSet, rows: &[&Row], all: usize, of: GroupsShown) -> String {
    let head = match of {
        GroupsShown::Themes => terminal::word("theme", "题材"),
        GroupsShown::Industries => terminal::word("industry", "行业"),
    };
    let mut table = terminal::table(&header(head));
    for row in rows {
        table.add_row(cells(facts, row, ""));
    }
    let (session, shown) = (facts.session, rows.len());
    let title = match of {
        GroupsShown::Themes => terminal::say(
            format!("{session}  themes ({shown} of {all})"),
            format!("{session}  题材（{all}个中的{shown}个）"),
        ),
        GroupsShown::Industries => terminal::say(
            format!("{session}  industries ({shown} of {all})"),
            format!("{session}  行业（{all}个中的{shown}个）"),
        ),
    };
    let list = facts.themes.as_ref().filter(|_| of == GroupsShown::Themes).map(list_note);
    format!("{title}\n{table}\n{}", list.unwrap_or_default())
}

/// A figure as a cell. Of a share only the percentage is shown; other formats have both parts.
fn figure(value: &Value) -> Cell {
    let text = fact_table::worded(value, place::interface());
    match value {
        Value::Return { ppb } => terminal::signed(text, ppb.0),
        Value::Share { .. } => terminal::number(text.split([' ', '（']).next().unwrap_or_default()),
        _ => terminal::number(text),
    }
}

/// Which list the themes are from, and what of it is not shown.
fn list_note(list: &ThemeList) -> String {
    let ThemeList { scheme, seen_on: (first, last), small, no_themes, unlisted, alike } = list;
    let least = ThemeList::MEMBERS_MIN;
    let again: usize = alike.values().map(Vec::len).sum();
    let days = if first == last { first.to_string() } else { format!("{first} – {last}") };
    terminal::say(
        format!(
            "Members as listed by {scheme} on {days}. Not shown: {small} groups of which fewer \
             than {least} members traded, {no_themes} that are no themes, {again} that share most \
             members with one shown. Securities that traded and are in no group: {unlisted}."
        ),
        format!(
            "成份取自{scheme}在{days}的名单。未列入：{small}个成交成份股不足{least}只的分组，\
             {no_themes}个不属题材的分组，{again}个与已列题材成份大体相同的分组。有成交而不在任何分组的证券：{unlisted}只。"
        ),
    )
}

fn as_csv<'r>(
    facts: &FactSet,
    rows: impl Iterator<Item = &'r Row>,
    written: Csv,
) -> Result<String, Error> {
    let mut header = vec!["trade_date", "group", "name"];
    header.extend(measures());
    header.extend(["limit_up_members", "alike"]);
    let numeric: Vec<bool> =
        header.iter().map(|column| measures().any(|of| of == *column)).collect();
    let rows: Vec<Vec<String>> = rows
        .map(|row| {
            let mut cells = vec![facts.session.to_string(), row.id.to_string(), row.name.clone()];
            let exact = |value: &Option<Value>| value.as_ref().map(fact_table::exact);
            cells.extend(row.values.iter().map(|value| exact(value).unwrap_or_default()));
            let symbols = row.limit_ups.iter().map(ToString::to_string);
            cells.push(symbols.collect::<Vec<_>>().join(" "));
            let also = row.also.iter().map(ToString::to_string);
            cells.push(also.collect::<Vec<_>>().join(" "));
            cells
        })
        .collect();
    sheet::csv(&header, &numeric, rows.iter().map(|row| row.iter().map(String::as_str)), written)
}

fn as_json<'r>(facts: &FactSet, rows: impl Iterator<Item = &'r Row>) -> serde_json::Value {
    let row = |row: &Row| {
        let figures = measures().zip(&row.values);
        let figures: serde_json::Map<String, serde_json::Value> =
            figures.map(|(measure, value)| (measure.to_owned(), json!(value))).collect();
        json!({
            "group": row.id.to_string(),
            "name": row.name,
            "figures": figures,
            "limit_ups": row.limit_ups.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "alike": row.also.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    json!({
        "trade_date": facts.session.to_string(),
        "list": facts.themes,
        "groups": rows.map(row).collect::<Vec<_>>(),
    })
}
