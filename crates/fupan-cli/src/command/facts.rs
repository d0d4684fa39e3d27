//! `fupan facts`: figures, one a row.

use fupan::series::{self, Filter};
use fupan::{Calendar, Error, FactSet, Market, SessionDate};

use crate::arguments::{Common, Facts, TableFormat, UsageError};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Facts) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let filter = Filter { measures: asked.measures.clone(), scopes: asked.scopes.clone() };
    let sessions = sessions(&market, asked)?;
    let bar = progress::sessions(sessions.len());
    let mut sets = Vec::new();
    for session in sessions {
        let mut set = fupan::review(&market, Some(session))?;
        // Turnover of the sessions before belongs to their own reviews.
        set.facts.retain(|key, fact| key.session == session && filter.admits(fact));
        sets.push(set);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if sets.iter().all(|set| set.facts.is_empty()) {
        let names = asked.measures.iter().chain(&asked.scopes).cloned().collect::<Vec<_>>();
        let told = format!(
            "no figure matches {}; run `fupan facts` without --measure and --scope to see all",
            names.join(", ")
        );
        return Err(UsageError(told).into());
    }
    let text = match asked.format {
        TableFormat::Csv => series::csv(&sets, &filter)?,
        TableFormat::Json => series::json(&sets, &filter)?,
        TableFormat::Table => as_table(&sets),
    };
    terminal::print(&text)?;
    Ok(Answer::Yes)
}

fn sessions(market: &Market, asked: &Facts) -> Result<Vec<SessionDate>, Error> {
    if asked.first.is_none() && asked.last.is_none() {
        return Ok(vec![market.session(asked.date)?]);
    }
    let (first, last) = market.sessions()?;
    let from = asked.first.unwrap_or(first).max(first);
    let to = asked.last.unwrap_or(last).min(last);
    Ok(Calendar::builtin().between(from, to).to_vec())
}

fn as_table(sets: &[FactSet]) -> String {
    let mut table = terminal::table(&["key", "value", "label", "basis"]);
    for set in sets {
        for fact in set.facts.values() {
            let label = set.measures.get(fact.key.measure.name()).map_or("", |text| &text.label_zh);
            let basis = match fact.provenance.basis {
                fupan::Basis::Exact => "exact",
                fupan::Basis::Estimated => "estimated",
            };
            table.add_row([
                terminal::text(&fact.key),
                terminal::number(series::readable(&fact.value)),
                terminal::text(label),
                terminal::text(basis),
            ]);
        }
    }
    table.to_string()
}
