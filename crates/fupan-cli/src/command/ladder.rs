//! `fupan ladder`: who sealed the limit, and for how many sessions running.

use fupan::{FactKey, FactSet, MeasureId, Return, Scope, Symbol, Value, series};
use serde_json::json;

use crate::arguments::{Common, Ladder, TableFormat};
use crate::{Answer, place, terminal};

/// One sealed security.
struct Rung {
    streak: i64,
    /// Whether the streak may be longer: what came before is not known.
    at_least: bool,
    symbol: Symbol,
    name: String,
    price: String,
    day_return: Option<Return>,
    turnover: String,
    cluster: Option<(i64, i64)>,
}

pub fn run(common: &Common, asked: &Ladder) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let facts = fupan::review(&market, asked.date)?;
    terminal::name_later_session(&facts);
    let rungs = rungs(&facts, i64::from(asked.rung));
    let text = match asked.format {
        TableFormat::Table => as_table(&facts, &rungs),
        TableFormat::Csv => as_csv(&facts, &rungs),
        TableFormat::Json => serde_json::to_string_pretty(&as_json(&facts, &rungs))?,
    };
    terminal::print(&text)?;
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
    let of = |measure: &str| {
        let scope = Scope::Security(symbol);
        facts
            .get(&FactKey::at_close(MeasureId::new(measure), scope, facts.session))
            .map(|fact| fact.value.clone())
    };
    let count = |measure: &str| match of(measure) {
        Some(Value::Count { count }) => Some(count),
        _ => None,
    };
    let readable = |measure: &str| of(measure).map(|v| series::readable(&v)).unwrap_or_default();
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
    let mut table =
        terminal::table(&["连板", "代码", "名称", "收盘", "涨幅", "成交额", "几天几板"]);
    for rung in rungs {
        table.add_row([
            terminal::number(streak(rung)),
            terminal::text(rung.symbol),
            terminal::text(&rung.name),
            terminal::number(&rung.price),
            terminal::signed(percent(rung.day_return), rung.day_return.map_or(0, |r| r.0)),
            terminal::number(&rung.turnover),
            terminal::text(cluster(rung)),
        ]);
    }
    format!("{}  涨停梯队 · limit-up ladder ({})\n{table}", facts.session, rungs.len())
}

/// "≥2" where it may be longer.
fn streak(rung: &Rung) -> String {
    format!("{}{}", if rung.at_least { "≥" } else { "" }, rung.streak)
}

fn cluster(rung: &Rung) -> String {
    match rung.cluster {
        Some((days, boards)) if boards > rung.streak => format!("{days}天{boards}板"),
        _ => String::new(),
    }
}

fn percent(value: Option<Return>) -> String {
    value.map(|ppb| series::readable(&Value::Return { ppb })).unwrap_or_default()
}

fn as_csv(facts: &FactSet, rungs: &[Rung]) -> String {
    let mut text = "trade_date,ts_code,name,limit_times,close,pct_chg,at_least\n".to_owned();
    for rung in rungs {
        let pct = rung.day_return.map(|r| format!("{:.4}", r.0 as f64 / 1e7)).unwrap_or_default();
        let name = rung.name.replace(['"', ',', '\n', '\r'], " ");
        text.push_str(&format!(
            "{},{},{name},{},{},{pct},{}\n",
            facts.session, rung.symbol, rung.streak, rung.price, rung.at_least
        ));
    }
    text
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
