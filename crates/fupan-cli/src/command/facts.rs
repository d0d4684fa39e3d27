//! `fupan facts`: figures, one a row.

use fupan::series::{self, Filter};
use fupan::{Calendar, Error, FactSet, Market, SessionDate, past};

use crate::arguments::{Common, FactFormat, Facts, UsageError};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Facts) -> anyhow::Result<Answer> {
    let market = place::market(common, &asked.from)?;
    let filter = Filter { measures: asked.measures.clone(), scopes: asked.scopes.clone() };
    let mut sets = Vec::new();
    let mut keep = |mut set: FactSet| {
        // Turnover of the sessions before belongs to their own reviews.
        let session = set.session;
        set.facts.retain(|key, fact| key.session == session && filter.admits(fact));
        set.members.clear();
        set.findings.clear();
        sets.push(set);
        Ok(())
    };
    match range(&market, asked)? {
        None => keep(fupan::review(&market, asked.date)?)?,
        Some((from, to)) => {
            let first = market.sessions()?.0;
            let bar = progress::sessions(Calendar::builtin().between(first, to).len());
            let walked =
                past::walk(&market, from, to, &mut |passed| bar.inc(passed as u64), &mut keep);
            bar.finish_and_clear();
            walked?;
        }
    }
    if sets.iter().all(|set| set.facts.is_empty()) {
        let names = asked.measures.iter().chain(&asked.scopes).cloned().collect::<Vec<_>>();
        let told = format!(
            "no figure matches {}; run `fupan facts` without --measure and --scope to see all",
            names.join(", ")
        );
        return Err(UsageError(told).into());
    }
    let text = match asked.format {
        FactFormat::Csv => series::csv(&sets, &filter)?.into_bytes(),
        FactFormat::Json => (series::json(&sets, &filter)? + "\n").into_bytes(),
        FactFormat::Table => (as_table(&sets) + "\n").into_bytes(),
        FactFormat::Parquet => series::parquet(&sets, &filter)?,
    };
    terminal::write(&asked.output, &text)?;
    Ok(Answer::Yes)
}

/// The range of sessions asked for; `None` where it is one session.
fn range(market: &Market, asked: &Facts) -> Result<Option<(SessionDate, SessionDate)>, Error> {
    if asked.first.is_none() && asked.last.is_none() {
        return Ok(None);
    }
    let (first, last) = market.sessions()?;
    let from = asked.first.unwrap_or(first).max(first);
    let to = asked.last.unwrap_or(last).min(last);
    Ok(Some((from, to)))
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
