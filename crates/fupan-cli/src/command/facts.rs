//! `fupan facts`: figures, one a row.

use fupan::series::{self, FactWriter, Filter, Form};
use fupan::{Calendar, Error, FactSet, Market, SessionDate, past};

use crate::arguments::{Common, FactFormat, Facts, UsageError};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &Facts) -> anyhow::Result<Answer> {
    if asked.first.zip(asked.last).is_some_and(|(first, last)| first > last) {
        return Err(UsageError("--from lies after --to".to_owned()).into());
    }
    let market = place::market(common, &asked.from)?;
    let filter = Filter { measures: asked.measures.clone(), scopes: asked.scopes.clone() };
    let form = match asked.format {
        FactFormat::Csv => Form::Csv,
        FactFormat::Json => Form::Json,
        FactFormat::Parquet => Form::Parquet,
        FactFormat::Table => {
            let mut sets = Vec::new();
            each(&market, asked, &filter, &mut |set| {
                sets.push(set);
                Ok(())
            })?;
            found(&filter, sets.iter().map(|set| set.facts.len() as u64).sum())?;
            terminal::write(&asked.output, (as_table(&sets) + "\n").as_bytes())?;
            return Ok(Answer::Yes);
        }
    };
    terminal::write_with(&asked.output, |sink| {
        let mut writer = FactWriter::new(form, sink);
        each(&market, asked, &filter, &mut |set| writer.write(&set))?;
        found(&filter, writer.facts())?;
        writer.finish()?;
        Ok(())
    })?;
    Ok(Answer::Yes)
}

/// Takes the facts asked for, session by session.
fn each(
    market: &Market,
    asked: &Facts,
    filter: &Filter,
    tell: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some((from, to)) = range(market, asked)? else {
        let mut set = fupan::review(market, asked.date)?;
        terminal::name_later_session(&set);
        // Turnover of the sessions before belongs to their own reviews.
        let session = set.session;
        set.facts.retain(|key, _| key.session == session && filter.admits(key));
        return tell(set);
    };
    let bar = progress::sessions(Calendar::builtin().between(from, to).len());
    let mut progress = |behind: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(behind as u64);
    };
    let told = past::facts(market, from, to, filter, &mut progress, tell);
    bar.finish_and_clear();
    told
}

/// Nothing found is a wrong request.
fn found(filter: &Filter, facts: u64) -> Result<(), UsageError> {
    if facts > 0 {
        return Ok(());
    }
    let names: Vec<&str> =
        filter.measures.iter().chain(&filter.scopes).map(String::as_str).collect();
    if names.is_empty() {
        return Err(UsageError("the data have no session between these dates".to_owned()));
    }
    Err(UsageError(format!(
        "no figure matches {}; run `fupan facts` without --measure and --scope to see all",
        names.join(", ")
    )))
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
            let basis = fact.provenance.basis.id();
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
