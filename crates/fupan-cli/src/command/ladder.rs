//! `fupan ladder`: the securities sealed at limit-up, and for how many sessions running.

use fupan::sheet::{self, Csv};
use fupan::{
    Error, FactKey, FactSet, MeasureId, Return, Scope, Symbol, Value, fact_table, shown_name,
};
use serde_json::json;

use crate::arguments::{Common, LadderArgs, TableFormat};
use crate::{Answer, place, terminal};

/// One sealed security.
struct Rung {
    streak: i64,
    /// Whether the streak may be longer, because earlier data is missing.
    at_least: bool,
    symbol: Symbol,
    name: String,
    price: String,
    day_return: Option<Return>,
    turnover: String,
    cluster: Option<(i64, i64)>,
}

pub fn run(common: &Common, asked: &LadderArgs) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let facts = fupan::review(&market, asked.date)?;
    terminal::name_later_session(&facts);
    let rungs = rungs(&facts, i64::from(asked.rung));
    match asked.format {
        TableFormat::Table => terminal::print_table(&as_table(&facts, &rungs))?,
        TableFormat::Csv => terminal::print_csv(&as_csv(&facts, &rungs, Csv::Sheet)?, Csv::Sheet)?,
        TableFormat::CsvRaw => terminal::print_csv(&as_csv(&facts, &rungs, Csv::Raw)?, Csv::Raw)?,
        TableFormat::Json => terminal::print_json(&as_json(&facts, &rungs))?,
    }
    Ok(Answer::Yes)
}

/// The sealed securities, highest streak first, then by symbol.
fn rungs(facts: &FactSet, lowest: i64) -> Vec<Rung> {
    let all = FactKey::at_close(MeasureId::new("limit_up_count"), Scope::AllA, facts.session);
    let mut rungs: Vec<Rung> = facts
        .members
        .get(&all)
        .into_iter()
        .flatten()
        .filter_map(|symbol| rung(facts, *symbol))
        .filter(|rung| rung.at_least || rung.streak >= lowest)
        .collect();
    rungs.sort_by_key(|rung| (-rung.streak, rung.symbol));
    rungs
}

fn rung(facts: &FactSet, symbol: Symbol) -> Option<Rung> {
    let of = |measure: &'static str| {
        let scope = Scope::Security(symbol);
        facts
            .get(&FactKey::at_close(MeasureId::new(measure), scope, facts.session))
            .map(|fact| fact.value.clone())
    };
    let count = |measure: &'static str| match of(measure) {
        Some(Value::Count { count }) => Some(count),
        _ => None,
    };
    let readable = |measure: &'static str| {
        of(measure).map(|value| fact_table::worded(&value, place::interface())).unwrap_or_default()
    };
    let streak = count("limit_up_streak");
    Some(Rung {
        streak: streak.or_else(|| count("limit_up_streak_at_least"))?,
        at_least: streak.is_none(),
        symbol,
        name: facts.names.get(&symbol).map(|name| name.zh.clone()).unwrap_or_default(),
        price: readable("last_price"),
        day_return: match of("security_return") {
            Some(Value::Return { ppb }) => Some(ppb),
            _ => None,
        },
        turnover: readable("turnover_of"),
        cluster: count("limit_up_cluster_days").zip(count("limit_up_cluster_boards")),
    })
}

fn as_table(facts: &FactSet, rungs: &[Rung]) -> String {
    let header = [
        ("boards", "连板"),
        ("symbol", "代码"),
        ("name", "名称"),
        ("close", "收盘"),
        ("change", "涨幅"),
        ("turnover", "成交额"),
        ("cluster", "几天几板"),
    ];
    let mut table = terminal::table(&header.map(|(en, zh)| terminal::word(en, zh)));
    for rung in rungs {
        table.add_row([
            terminal::number(streak(rung)),
            terminal::text(rung.symbol),
            terminal::text(shown_name(&rung.name)),
            terminal::number(&rung.price),
            terminal::signed(percent(rung.day_return), rung.day_return.map_or(0, |r| r.0)),
            terminal::number(&rung.turnover),
            terminal::text(cluster(rung)),
        ]);
    }
    let (session, count) = (facts.session, rungs.len());
    let title = terminal::say(
        format!("{session}  limit-up ladder ({count})"),
        format!("{session}  涨停梯队（{count}）"),
    );
    format!("{title}\n{table}")
}

/// The streak as text, `≥2` if it may be longer.
fn streak(rung: &Rung) -> String {
    format!("{}{}", if rung.at_least { "≥" } else { "" }, rung.streak)
}

fn cluster(rung: &Rung) -> String {
    match rung.cluster {
        Some((days, boards)) if boards > rung.streak => {
            terminal::say(format!("{boards} in {days} days"), format!("{days}天{boards}板"))
        }
        _ => String::new(),
    }
}

fn percent(value: Option<Return>) -> String {
    let told = |ppb| fact_table::worded(&Value::Return { ppb }, place::interface());
    value.map(told).unwrap_or_default()
}

fn as_csv(facts: &FactSet, rungs: &[Rung], written: Csv) -> Result<String, Error> {
    const HEADER: [&str; 7] =
        ["trade_date", "ts_code", "name", "limit_times", "close", "pct_chg", "at_least"];
    let numeric = HEADER.map(|column| matches!(column, "limit_times" | "close" | "pct_chg"));
    let row = |rung: &Rung| {
        let pct = rung.day_return.map(|r| format!("{:.4}", r.0 as f64 / 1e7)).unwrap_or_default();
        [
            facts.session.to_string(),
            rung.symbol.to_string(),
            rung.name.clone(),
            rung.streak.to_string(),
            rung.price.clone(),
            pct,
            rung.at_least.to_string(),
        ]
    };
    let rows: Vec<[String; 7]> = rungs.iter().map(row).collect();
    sheet::csv(&HEADER, &numeric, rows.iter().map(|row| row.iter().map(String::as_str)), written)
}

fn as_json(facts: &FactSet, rungs: &[Rung]) -> serde_json::Value {
    let rows: Vec<_> = rungs
        .iter()
        .map(|rung| {
            json!({
                "ts_code": rung.symbol.to_string(),
                "name": rung.name,
                "limit_times": rung.streak,
                "at_least": rung.at_least,
                "close": rung.price,
                "return_ppb": rung.day_return.map(|r| r.0),
                "cluster": rung.cluster.map(|(days, boards)| json!({"days": days, "boards": boards})),
            })
        })
        .collect();
    json!({"trade_date": facts.session.to_string(), "ladder": rows})
}
