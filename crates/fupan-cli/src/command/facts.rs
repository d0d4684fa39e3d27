//! `fupan facts`: prints figures, one a row.

use std::path::Path;

use fupan::fact_table::{self, FactWriter, Filter, Form};
use fupan::{Error, FactSet, Language, Market, Scope, SessionDate, sessions, shown_name};

use crate::arguments::{Common, FactFormat, FactsArgs, UsageError};
use crate::{Answer, place, progress, terminal};

pub fn run(common: &Common, asked: &FactsArgs) -> anyhow::Result<Answer> {
    if asked.first.zip(asked.last).is_some_and(|(first, last)| first > last) {
        return Err(UsageError::new("--from is after --to", "--from晚于--to").into());
    }
    let market = place::market(common, &asked.from)?;
    let scopes = asked.scopes.iter().map(ToString::to_string).collect();
    let filter = Filter { measures: asked.measures.clone(), scopes };
    let filter = market.with_group_codes(filter)?;
    let (filter, renamed) = market.with_every_code(filter)?;
    for note in &renamed {
        eprintln!("fupan: {}", note.in_language(place::interface()));
    }
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
            let table = as_table(&sets);
            if asked.output == Path::new("-") {
                terminal::print_table(&table)?;
            } else {
                terminal::write(&asked.output, (table + "\n").as_bytes())?;
            }
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

/// Calls `emit` with the facts asked for, session by session.
fn each(
    market: &Market,
    asked: &FactsArgs,
    filter: &Filter,
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some((from, to)) = range(market, asked)? else {
        let (groups, securities) = (filter.groups(), filter.securities());
        let mut set =
            fupan::review_asked(market, asked.date, &groups, &securities, &filter.since())?;
        terminal::name_later_session(&set);
        // Turnover of the sessions before belongs to those sessions' own reviews.
        let session = set.session;
        set.facts.retain(|key, _| key.session == session && filter.admits(key));
        return emit(set);
    };
    let bar = progress::sessions(market.calendar().between(from, to).len());
    let mut progress = |behind: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(behind as u64);
    };
    let told = sessions::facts(market, from, to, filter, &mut progress, emit);
    bar.finish_and_clear();
    told
}

/// Finding nothing is a usage error.
fn found(filter: &Filter, facts: u64) -> Result<(), UsageError> {
    if facts > 0 {
        return Ok(());
    }
    let names: Vec<&str> =
        filter.measures.iter().chain(&filter.scopes).map(String::as_str).collect();
    if names.is_empty() {
        return Err(UsageError::new(
            "the data have no session between these dates",
            "这两个日期之间，数据中没有交易日",
        ));
    }
    Err(UsageError::new(
        format!(
            "no figure matches {}; without --scope, figures of single stocks are those of stocks \
             that reached a limit, moved an index most or are named in a review; run `fupan facts` \
             without --measure and --scope to see all",
            names.join(", ")
        ),
        format!(
            "没有与{}相符的指标；不带--scope时，个股指标只列触及涨跌停、对指数贡献最大或复盘点名的股票；\
             不带--measure和--scope运行`fupan facts`可见全部",
            names.join("、")
        ),
    ))
}

/// The range of sessions asked for; `None` for one session.
fn range(market: &Market, asked: &FactsArgs) -> Result<Option<(SessionDate, SessionDate)>, Error> {
    if asked.first.is_none() && asked.last.is_none() {
        return Ok(None);
    }
    let (first, last) = market.sessions()?;
    let from = asked.first.unwrap_or(first).max(first);
    let to = asked.last.unwrap_or(last).min(last);
    Ok(Some((from, to)))
}

/// A figure's label, with the name of its group if it has one.
fn group_label(set: &FactSet, scope: &Scope, label: &str) -> String {
    let name = match scope {
        Scope::Group(id) => set.groups.get(id),
        _ => None,
    };
    name.map_or_else(|| label.to_owned(), |name| format!("{label} · {}", shown_name(&name.zh)))
}

fn as_table(sets: &[FactSet]) -> String {
    let language = place::interface();
    let header = [("key", "指标键"), ("value", "数值"), ("label", "指标"), ("basis", "依据")];
    let mut table = terminal::table(&header.map(|(en, zh)| terminal::word(en, zh)));
    for set in sets {
        for fact in set.facts.values() {
            let label =
                set.measures.get(fact.key.measure.name()).map_or("", |text| match language {
                    Language::Zh => &text.label_zh,
                    Language::En => &text.label_en,
                });
            table.add_row([
                terminal::text(&fact.key),
                terminal::number(fact_table::worded(&fact.value, language)),
                terminal::text(group_label(set, &fact.key.scope, label)),
                terminal::text(terminal::basis(fact.provenance.basis)),
            ]);
        }
    }
    table.to_string()
}
