//! `fupan replay`: plays a session, instant by instant.

use std::time::Duration;

use fupan::{AsOf, Replay, Step, Symbol, Value, fact_table, shown_json, shown_name};
use serde_json::json;

use crate::arguments::{Common, ReplayArgs, Speed, UsageError};
use crate::{Answer, place, progress, terminal};

/// The lunch break, in seconds after midnight.
const LUNCH: std::ops::Range<u32> = 11 * 3600 + 30 * 60..13 * 3600;

pub fn run(common: &Common, asked: &ReplayArgs) -> anyhow::Result<Answer> {
    let (first, last) = (asked.first.unwrap_or(0), asked.last.unwrap_or(u32::MAX));
    if first > last {
        return Err(UsageError::new("--from is after --to", "--from晚于--to").into());
    }
    let market = place::market(common, &asked.from)?;
    let mut replay = Replay::open(&market, asked.date)?;
    let bar = progress::instants(replay.seconds());
    let mut before = None;
    let mut printed = false;
    while let Some(second) = replay.next_second()?.filter(|second| *second <= last) {
        if second >= first {
            wait(before, second, asked.speed);
            before = Some(second);
        }
        let Some(step) = replay.step()? else { break };
        bar.inc(1);
        if second < first {
            continue;
        }
        let line = if asked.json {
            shown_json(&as_json(&replay, &step).to_string()).into_owned()
        } else {
            as_text(&replay, &step)
        };
        bar.suspend(|| terminal::print(&line))?;
        printed = true;
    }
    bar.finish_and_clear();
    if !printed {
        let session = replay.session();
        return Err(UsageError::new(
            format!("{session} has no quotes between these instants"),
            format!("{session}在这两个时刻之间没有报价"),
        )
        .into());
    }
    Ok(Answer::Yes)
}

/// Waits as long as the session took from one instant to the next, at the given speed and without
/// the lunch break.
fn wait(before: Option<u32>, second: u32, speed: Speed) {
    let (Some(before), Speed::Times(times)) = (before, speed) else { return };
    let lunch = second.min(LUNCH.end).saturating_sub(before.max(LUNCH.start));
    let seconds = f64::from((second - before).saturating_sub(lunch)) / times;
    // No session lasts more than a day.
    std::thread::sleep(Duration::from_secs_f64(seconds.min(86_400.0)));
}

fn as_text(replay: &Replay, step: &Step) -> String {
    let number = |count: u64| fact_table::grouped(i64::try_from(count).unwrap_or(i64::MAX));
    let fen = i64::try_from(step.turnover_fen).unwrap_or(i64::MAX);
    let turnover = fact_table::worded(&Value::Money { fen: fupan::Fen(fen) }, place::interface());
    let count = |en, zh, count: u64, width: usize| {
        format!("{} {:>width$}", terminal::word(en, zh), number(count))
    };
    let broken = format!(" ({} {})", terminal::word("broken", "炸板"), number(step.broken));
    let mut line = format!(
        "{}  {}  {}  {}  {}{broken}  {}  {turnover}",
        AsOf::Instant(step.second),
        count("up", "涨", step.advances, 5),
        count("down", "跌", step.declines, 5),
        count("flat", "平", step.unchanged, 4),
        count("limit-up", "涨停", step.limit_ups, 3),
        count("limit-down", "跌停", step.limit_downs, 3),
    );
    for (en, zh, symbols) in [("sealed", "封板", &step.sealed), ("opened", "开板", &step.opened)]
    {
        if !symbols.is_empty() {
            let names: Vec<String> = symbols.iter().map(|symbol| name(replay, *symbol)).collect();
            let what = terminal::say(format!("{en}: "), format!("{zh}："));
            line.push_str(&format!("\n          {what}{}", names.join(terminal::word(", ", "、"))));
        }
    }
    line
}

fn name(replay: &Replay, symbol: Symbol) -> String {
    match replay.name(symbol) {
        Some(name) => format!("{} {symbol}", shown_name(name)),
        None => symbol.to_string(),
    }
}

fn as_json(replay: &Replay, step: &Step) -> serde_json::Value {
    let named = |symbols: &[Symbol]| -> Vec<serde_json::Value> {
        let one =
            |symbol: &Symbol| json!({"symbol": symbol.to_string(), "name": replay.name(*symbol)});
        symbols.iter().map(one).collect()
    };
    json!({
        "session": replay.session().to_string(),
        "at": AsOf::Instant(step.second).to_string(),
        "securities": step.securities,
        "changed": step.changed,
        "advances": step.advances,
        "declines": step.declines,
        "unchanged": step.unchanged,
        "limit_ups": step.limit_ups,
        "broken": step.broken,
        "limit_downs": step.limit_downs,
        "turnover_fen": i64::try_from(step.turnover_fen).ok(),
        "sealed": named(&step.sealed),
        "opened": named(&step.opened),
    })
}
