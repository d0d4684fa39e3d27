//! `fupan movers`: the members that moved an index, or the industries, in points.

use std::cmp::Reverse;

use fupan::sheet::{self, Csv};
use fupan::{
    Error, FactKey, FactSet, IndexMembers, Market, MeasureId, Scope, Symbol, Value, fact_table,
    shown_name,
};
use serde_json::json;

use crate::arguments::{Common, GroupsShown, MoversArgs, MoversShown, TableFormat, UsageError};
use crate::command::index_industries::{self, units};
use crate::command::themes;
use crate::{Answer, place, terminal};

/// The index that is shown if none is asked for.
const COMPOSITE: &str = "000001.SH";

/// The columns of CSV.
const COLUMNS: [&str; 6] =
    ["trade_date", "index_symbol", "symbol", "name", "index_contribution", "security_return"];

/// A member and what it did.
pub struct Mover {
    symbol: Symbol,
    name: String,
    pub points: Value,
    moved: Option<Value>,
}

pub fn run(common: &Common, asked: &MoversArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let index = match asked.index {
        Some(index) => index,
        None => COMPOSITE.parse()?,
    };
    if asked.by == MoversShown::Industries {
        return run_industries(&market, asked, index);
    }
    let facts = fupan::review(&market, asked.date)?;
    terminal::name_later_session(&facts);
    let movers = movers(&facts, index);
    if movers.is_empty() {
        return Err(nothing(&facts, index).into());
    }
    match asked.format {
        TableFormat::Table => terminal::print_table(&as_table(&facts, index, &movers))?,
        TableFormat::Csv => {
            terminal::print_csv(&as_csv(&facts, index, &movers, Csv::Sheet)?, Csv::Sheet)?
        }
        TableFormat::CsvRaw => {
            terminal::print_csv(&as_csv(&facts, index, &movers, Csv::Raw)?, Csv::Raw)?
        }
        TableFormat::Json => terminal::print_json(&as_json(&facts, index, &movers))?,
    }
    Ok(Answer::Yes)
}

fn run_industries(market: &Market, asked: &MoversArgs, index: Symbol) -> anyhow::Result<Answer> {
    let facts = fupan::review_index(market, asked.date, index, None, IndexMembers::All)?;
    terminal::name_later_session(&facts);
    if movers(&facts, index).is_empty() {
        return Err(nothing(&fupan::review(market, asked.date)?, index).into());
    }
    let rows = index_industries::industries(&facts, index);
    let Some(sums) = index_industries::sums(&facts, index, &rows) else {
        return Err(themes::nothing(GroupsShown::Industries).into());
    };
    match asked.format {
        TableFormat::Table => {
            let table = index_industries::as_table(&rows);
            terminal::print_table(&format!("{}\n{table}\n{sums}", title(&facts, index)))?;
        }
        TableFormat::Csv => {
            let csv = index_industries::as_csv(&facts, index, &rows, Csv::Sheet)?;
            terminal::print_csv(&csv, Csv::Sheet)?;
        }
        TableFormat::CsvRaw => {
            let csv = index_industries::as_csv(&facts, index, &rows, Csv::Raw)?;
            terminal::print_csv(&csv, Csv::Raw)?;
        }
        TableFormat::Json => {
            terminal::print_json(&index_industries::as_json(&facts, index, &rows))?;
        }
    }
    Ok(Answer::Yes)
}

fn known(facts: &FactSet, measure: MeasureId, symbol: Symbol) -> Option<Value> {
    let key = FactKey::at_close(measure, Scope::Security(symbol), facts.session);
    let value = facts.get(&key).map(|fact| fact.value.clone());
    value.filter(|value| !matches!(value, Value::Unknown { .. }))
}

/// The members that moved an index most, those that lifted it first.
pub fn movers(facts: &FactSet, index: Symbol) -> Vec<Mover> {
    let contribution = || MeasureId::with("index_contribution", index);
    let members = facts.facts.keys().filter_map(|key| match key.scope {
        Scope::Security(symbol)
            if key.session == facts.session && key.measure == contribution() =>
        {
            let name = facts.names.get(&symbol).map(|name| shown_name(&name.zh));
            Some(Mover {
                symbol,
                name: name.unwrap_or_default(),
                points: known(facts, contribution(), symbol)?,
                moved: known(facts, MeasureId::new("security_return"), symbol),
            })
        }
        _ => None,
    });
    let mut movers: Vec<Mover> = members.collect();
    movers.sort_by_key(|mover| (Reverse(units(&mover.points)), mover.symbol));
    movers
}

/// The indices whose members' points are known.
fn weighed(facts: &FactSet) -> Vec<String> {
    let of_count = facts.facts.keys().filter(|key| key.measure.name() == "index_member_points");
    of_count.map(|key| key.scope.to_string()).collect()
}

fn nothing(facts: &FactSet, index: Symbol) -> UsageError {
    let (session, others) = (facts.session, weighed(facts).join(", "));
    UsageError::new(
        format!(
            "what the members of {index} did on {session} is not known: it needs the index's bars \
             and, but for the SSE Composite, a list of its weights of the 45 days before; import \
             one with `fupan import index-weights FILE`{}",
            if others.is_empty() { String::new() } else { format!(". Known: {others}") }
        ),
        format!(
            "{session}的{index}成份股贡献不详：需要该指数的行情；上证指数以外，还需要此前45天内的权重表，\
             可用`fupan import index-weights 文件`导入{}",
            if others.is_empty() { String::new() } else { format!("。已知：{others}") }
        ),
    )
}

/// A table of some members.
pub fn table_of<'m>(movers: impl IntoIterator<Item = &'m Mover>) -> String {
    let header = [("stock", "个股"), ("code", "代码"), ("points", "点数"), ("return", "涨跌幅")];
    let mut table = terminal::table(&header.map(|(en, zh)| terminal::word(en, zh)));
    for mover in movers {
        let worded = |value: &Value| {
            terminal::signed(fact_table::worded(value, place::interface()), units(value))
        };
        table.add_row([
            terminal::text(&mover.name),
            terminal::text(mover.symbol),
            worded(&mover.points),
            mover.moved.as_ref().map_or_else(|| terminal::text(""), worded),
        ]);
    }
    table.to_string()
}

fn title(facts: &FactSet, index: Symbol) -> String {
    format!("{}  {}", facts.session, terminal::security(facts, index))
}

fn as_table(facts: &FactSet, index: Symbol, movers: &[Mover]) -> String {
    format!("{}\n{}\n{}", title(facts, index), table_of(movers), sums(facts, index))
}

/// How much of the index's move its members explain.
fn sums(facts: &FactSet, index: Symbol) -> String {
    let of = |measure: &'static str| match known(facts, MeasureId::new(measure), index) {
        Some(value) => fact_table::worded(&value, place::interface()),
        None => terminal::word("unknown", "不详").to_owned(),
    };
    let [points, members, explained, left] =
        ["index_points", "index_member_count", "index_member_points", "index_residual"].map(of);
    terminal::say(
        format!(
            "The index moved {points} points; its {members} members with known weights explain \
             {explained}, and {left} are left. Shown: the ten that lifted it most and the ten that \
             weighed on it most."
        ),
        format!(
            "指数变动{points}点，权重已知的{members}只成份股合计贡献{explained}点，未能解释{left}点。\
             所列为贡献最大与拖累最大的各十只。"
        ),
    )
}

fn as_csv(facts: &FactSet, index: Symbol, movers: &[Mover], written: Csv) -> Result<String, Error> {
    let numeric = [false, false, false, false, true, true];
    let rows: Vec<[String; 6]> = movers
        .iter()
        .map(|mover| {
            [
                facts.session.to_string(),
                index.to_string(),
                mover.symbol.to_string(),
                mover.name.clone(),
                fact_table::exact(&mover.points),
                mover.moved.as_ref().map(fact_table::exact).unwrap_or_default(),
            ]
        })
        .collect();
    sheet::csv(&COLUMNS, &numeric, rows.iter().map(|row| row.iter().map(String::as_str)), written)
}

fn as_json(facts: &FactSet, index: Symbol, movers: &[Mover]) -> serde_json::Value {
    let of = |measure: &'static str| known(facts, MeasureId::new(measure), index);
    let mover = |mover: &Mover| {
        json!({
            "symbol": mover.symbol.to_string(),
            "name": mover.name,
            "points": mover.points,
            "return": mover.moved,
        })
    };
    json!({
        "trade_date": facts.session.to_string(),
        "index": index.to_string(),
        "points": of("index_points"),
        "members": of("index_member_count"),
        "explained": of("index_member_points"),
        "residual": of("index_residual"),
        "movers": movers.iter().map(mover).collect::<Vec<_>>(),
    })
}
