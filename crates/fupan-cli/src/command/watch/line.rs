//! A round of requests as a line of text, or of JSON.

use std::collections::BTreeMap;

use fupan::push::Alert;
use fupan::{AsOf, FactKey, Value, fact_table, shown_json};
use serde_json::{Value as Json, json};

use crate::command::watch::board::{EventKind, WatchBoard};
use crate::command::watch::follow::Round;
use crate::{place, terminal};

/// The values that were printed last, by measure and scope.
#[derive(Default)]
pub struct Changed(BTreeMap<String, Value>);

/// The figures that changed since the last line, as one object.
pub fn json(round: &Round, changed: &mut Changed, measures: &[String]) -> String {
    let mut figures = serde_json::Map::new();
    for facts in round.facts.iter() {
        let wanted = |key: &FactKey| {
            key.session == facts.session
                && (measures.is_empty() || measures.iter().any(|one| one == key.measure.name()))
        };
        for fact in facts.facts.values().filter(|fact| wanted(&fact.key)) {
            let name = format!("{}/{}", fact.key.measure.name(), fact.key.scope);
            if changed.0.get(&name) != Some(&fact.value) {
                figures.insert(name.clone(), json!(fact.value));
                changed.0.insert(name, fact.value.clone());
            }
        }
    }
    let failed = round.poll.failed.iter().map(|(dataset, error)| {
        json!({"dataset": dataset.name, "error": fupan::InLanguage::wording(error)})
    });
    let told = json!({
        "at": round.poll.at.to_string(),
        "instant": round.second.map(|second| AsOf::Instant(second).to_string()),
        "dataset": round.poll.used.map(|dataset| dataset.name),
        "answered": round.poll.answered,
        "listed": round.listed,
        "new": round.poll.new,
        "revises": round.poll.revises.map(|second| AsOf::Instant(second).to_string()),
        "failed": failed.collect::<Vec<Json>>(),
        "sealed": round.poll.step.as_ref().map(|step| symbols(&step.sealed)),
        "opened": round.poll.step.as_ref().map(|step| symbols(&step.opened)),
        "changed": figures,
    });
    shown_json(&told.to_string()).into_owned()
}

fn symbols(symbols: &[fupan::Symbol]) -> Vec<String> {
    symbols.iter().map(ToString::to_string).collect()
}

/// An alert as one object.
pub fn alert_json(alert: &Alert) -> String {
    let keys: Vec<String> = alert.facts.iter().map(|fact| fact.key.to_string()).collect();
    let told = json!({
        "alert": alert.title,
        "sentence": alert.sentence,
        "instant": alert.as_of.to_string(),
        "facts": keys,
    });
    shown_json(&told.to_string()).into_owned()
}

/// What a round brought, as a line or several; `None` if there is nothing to say.
pub fn text(board: &WatchBoard, round: &Round) -> Option<String> {
    let language = place::interface();
    let value = |value: &Option<Value>| {
        value.as_ref().map_or_else(|| "—".to_owned(), |value| fact_table::worded(value, language))
    };
    let mut lines = Vec::new();
    for why in &board.failed {
        lines.push(format!("  ✗ {why}"));
    }
    if let Some(second) = board.second {
        let [up, down, flat] = &board.breadth;
        let [limit_up, broken, _, limit_down] = &board.limits;
        let [turnover, _, change] = &board.turnover;
        let (up, down, flat) = (value(up), value(down), value(flat));
        let (limit_up, broken, limit_down) = (value(limit_up), value(broken), value(limit_down));
        let (turnover, change) = (value(turnover), value(change));
        lines.insert(
            0,
            terminal::say(
                format!(
                    "{}  up {up}  down {down}  flat {flat}  limit-up {limit_up} (broken {broken})  \
                     limit-down {limit_down}  {turnover} ({change})  {}/{}",
                    AsOf::Instant(second),
                    board.answered,
                    board.listed
                ),
                format!(
                    "{}  涨{up}  跌{down}  平{flat}  涨停{limit_up}（炸板{broken}）  跌停{limit_down}  \
                     {turnover}（{change}）  {}/{}",
                    AsOf::Instant(second),
                    board.answered,
                    board.listed
                ),
            ),
        );
    }
    let now = round.poll.step.as_ref().map(|step| step.second);
    let of_round = |kind: EventKind| {
        let events = board.events.iter().filter(move |event| event.kind == kind);
        let names = events.filter(|event| Some(event.second) == now).map(|e| e.name.as_str());
        names.collect::<Vec<_>>()
    };
    for (kind, en, zh) in
        [(EventKind::Sealed, "sealed", "封板"), (EventKind::Opened, "opened", "开板")]
    {
        let names = of_round(kind);
        if !names.is_empty() {
            let (all, more) = (names.len(), names.len().saturating_sub(12));
            let shown = names[..all - more].join(terminal::word(", ", "、"));
            let rest = match more {
                0 => String::new(),
                more => terminal::say(format!(" and {more} more"), format!("等{all}只")),
            };
            let what = terminal::say(format!("{en}: "), format!("{zh}："));
            lines.push(format!("          {what}{}{rest}", fupan::shown(&shown)));
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}
