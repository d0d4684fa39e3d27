//! What is missing since the last session, asked of vendors over the network.
//!
//! A vendor's answers are kept in the store's folder, and imported from there by a recipe. The
//! reader's sources are asked in their order: the next one only where the one before has failed, or
//! cannot have the session.

use std::path::{Path, PathBuf};

use fupan_fetch::{FetchProgress, Fetcher, Freshness};
use fupan_market::{Calendar, SecurityKind, SessionDate, Symbol, Wording};
use fupan_source::vendor::{Dataset, Dated, Extent, Naming, Wanted};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe};
use fupan_store::{Appended, Differing, Store};
use fupan_table::Import;
use jiff::Timestamp;

use crate::Error;
use crate::import::Unstored;
use crate::query::query;
use crate::shanghai::{day_in_shanghai, moment_in_shanghai};
use crate::update::held::hold_to_before;
use crate::update::{Update, Updated};

/// What is asked for: what it is, and the datasets that have it, by source.
type Role = ((&'static str, &'static str), Table, &'static [(&'static str, &'static str)]);

/// The table whose last session shows what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    DailyBar,
    IndexBar,
    ShareCapital,
    Margin,
}

const ROLES: [Role; 5] = [
    (
        ("days", "日线"),
        Table::DailyBar,
        &[
            ("eastmoney", "eastmoney-shares"),
            ("tencent", "tencent-shares"),
            ("sina", "sina-shares"),
            ("tushare", "tushare-daily"),
            ("aktools", "aktools-bars"),
        ],
    ),
    (
        ("indices", "指数"),
        Table::IndexBar,
        &[
            ("eastmoney", "eastmoney-indices"),
            ("tencent", "tencent-indices"),
            ("sina", "sina-indices"),
            ("tushare", "tushare-index-daily"),
            ("aktools", "aktools-indices"),
        ],
    ),
    (("share capital", "股本"), Table::ShareCapital, &[("tushare", "tushare-shares")]),
    (("names", "证券名称"), Table::DailyBar, &[("tushare", "tushare-names")]),
    (("margin balances", "两融余额"), Table::Margin, &[("tushare", "tushare-margin")]),
];

/// The sources that can be asked, by name.
pub const NETWORK_SOURCES: [&str; 5] = ["eastmoney", "tencent", "sina", "tushare", "aktools"];

/// When a session's bars are final, in seconds after midnight: what is traded at a fixed price after
/// the close counts.
const FINAL: u32 = 15 * 3600 + 30 * 60;

/// When the exchanges have published the margin balances of the session before, in seconds after
/// midnight.
const MARGIN_PUBLISHED: u32 = 9 * 3600 + 30 * 60;

/// Something that is missing, and who may have it.
#[derive(Clone, Debug)]
pub struct FetchStep {
    /// What it is, such as "days".
    pub what: Wording,
    /// The first session.
    pub from: SessionDate,
    /// The last session.
    pub to: SessionDate,
    /// In the order in which they are asked; none if no source of the reader's has past sessions.
    pub datasets: Vec<&'static Dataset>,
    symbols: Vec<Symbol>,
}

/// What became of it.
#[derive(Debug)]
pub struct FetchDone {
    /// The dataset that has it; `None` if none has.
    pub used: Option<&'static Dataset>,
    /// What was done with its rows.
    pub updated: Updated,
    /// What its answers say of themselves.
    pub remarks: Vec<Wording>,
    /// The datasets that were asked before and failed, and why.
    pub failed: Vec<(&'static Dataset, Error)>,
}

/// The last session that is over at a time.
fn last_over(calendar: &Calendar, at: Timestamp) -> Result<SessionDate, Error> {
    let (today, second) = match moment_in_shanghai(at) {
        Some(moment) => moment,
        None => (calendar.first(), 0),
    };
    let last = calendar.on_or_before(today)?;
    if last == today && second < FINAL {
        return Ok(calendar.back(last, 1)?.unwrap_or(last));
    }
    Ok(last)
}

/// The last session whose margin balances are published at a time: on the morning of the next one.
fn last_published(calendar: &Calendar, at: Timestamp) -> Result<SessionDate, Error> {
    let (today, second) = moment_in_shanghai(at).unwrap_or((calendar.first(), 0));
    let last = calendar.on_or_before(today)?;
    let back = 1 + u32::from(last == today && second < MARGIN_PUBLISHED);
    Ok(calendar.back(last, back)?.unwrap_or(calendar.first()))
}

/// What is missing up to the last session that is over, from a session on (that after the last one
/// there is, if none is named; of an empty store, the last one alone).
///
/// # Errors
/// If the store cannot be read, the calendar ends, or a source is none.
pub fn missing(
    store: &Store,
    sources: &[String],
    from: Option<SessionDate>,
    at: Timestamp,
) -> Result<Vec<FetchStep>, Error> {
    if let Some(other) = sources.iter().find(|one| !NETWORK_SOURCES.contains(&one.as_str())) {
        return Err(Error::UnknownSource { name: other.clone() });
    }
    let calendar = store.rulebook().calendar();
    let (over, published) = (last_over(calendar, at)?, last_published(calendar, at)?);
    let symbols = shares(store)?;
    let mut steps = Vec::new();
    for ((en, zh), table, datasets) in ROLES {
        let of_source = |source: &String| {
            datasets
                .iter()
                .find(|(name, _)| name == source)
                .and_then(|(_, name)| Dataset::named(name))
        };
        let datasets: Vec<&'static Dataset> = sources.iter().filter_map(of_source).collect();
        if datasets.is_empty() {
            continue;
        }
        let to = if table == Table::Margin { published } else { over };
        let (first, last) = match from {
            Some(from) => (from, None),
            None => {
                let last = last_session(store, table)?;
                (last.unwrap_or(to), last)
            }
        };
        let sessions = calendar.between(first, to).iter().copied();
        let sessions: Vec<SessionDate> =
            sessions.filter(|on| last.is_none_or(|l| l < *on)).collect();
        let step = |from, to, datasets| {
            let (what, symbols) = (Wording::new(en, zh), symbols.clone());
            FetchStep { what, from, to, datasets, symbols }
        };
        let whole = datasets.iter().all(|dataset| dataset.extent == Extent::Range);
        if let (true, Some(first), Some(last)) = (whole, sessions.first(), sessions.last()) {
            steps.push(step(*first, *last, datasets));
            continue;
        }
        for session in sessions {
            let has =
                |dataset: &&&'static Dataset| dataset.extent != Extent::Latest || session == to;
            steps.push(step(session, session, datasets.iter().filter(has).copied().collect()));
        }
    }
    Ok(steps)
}

/// The lists that an update keeps fresh if they are named, and after how many days each is asked for
/// again. They take a request a second for minutes, or are published once a month.
pub const FRESH_LISTS: [(&str, i32); 4] = [
    ("eastmoney-concepts", 7),
    ("tushare-index-weight", 28),
    ("tushare-industries", 28),
    ("tushare-list", 7),
];

/// How far back the weights of an index are asked for at first, in days: they are published by month.
const WEIGHTS_BACK: i32 = 40;

/// The lists among some that are due at a time: the store has none of their source, or only older ones.
///
/// # Errors
/// If the store cannot be read, or a name is none of [`FRESH_LISTS`].
pub fn due_lists(store: &Store, names: &[String], at: Timestamp) -> Result<Vec<FetchStep>, Error> {
    let mut steps = Vec::new();
    let Some((today, _)) = moment_in_shanghai(at) else { return Ok(steps) };
    for name in names {
        let known = FRESH_LISTS.iter().find(|(known, _)| known == name);
        let found = known.and_then(|(name, days)| Some((Dataset::named(name)?, *days)));
        let Some((dataset, days)) = found else {
            return Err(Error::UnknownList { name: name.clone() });
        };
        let Some(table) = dataset.tables.first() else { continue };
        let source = Recipe::named(dataset.recipe)?.source().to_owned();
        let last = last_list(store, table.name(), &source)?;
        let age = |last: SessionDate| today.epoch_days() - last.epoch_days();
        if last.is_some_and(|last| age(last) < days) {
            continue;
        }
        let from = match (dataset.extent, last) {
            (Extent::Range, Some(last)) => day_after(last, 1),
            (Extent::Range, None) => day_after(today, -WEIGHTS_BACK),
            _ => today,
        };
        let (what, symbols) = (dataset.about(), Vec::new());
        steps.push(FetchStep { what, from, to: today, datasets: vec![dataset], symbols });
    }
    Ok(steps)
}

fn day_after(day: SessionDate, days: i32) -> SessionDate {
    SessionDate::from_epoch_days(day.epoch_days() + days).unwrap_or(day)
}

/// The day of the last list of a source; `None` if there is none.
fn last_list(store: &Store, table: &str, source: &str) -> Result<Option<SessionDate>, Error> {
    // Both are names of this program's own.
    let last = format!(
        "SELECT CAST(max(observed_on) AS VARCHAR) AS last FROM {table} WHERE source = '{source}'"
    );
    let row = query(store, &last)?.rows.into_iter().next();
    Ok(row.and_then(|row| row.into_iter().next()?).and_then(|text| text.parse().ok()))
}

/// The A-shares that the store knows.
fn shares(store: &Store) -> Result<Vec<Symbol>, Error> {
    let rows = query(store, "SELECT DISTINCT symbol FROM security ORDER BY symbol")?.rows;
    let symbols = rows.into_iter().filter_map(|row| row.into_iter().next()??.parse().ok());
    Ok(symbols.filter(|symbol: &Symbol| matches!(symbol.kind(), SecurityKind::Stock(_))).collect())
}

/// The last session of a table; `None` if it has no rows.
fn last_session(store: &Store, table: Table) -> Result<Option<SessionDate>, Error> {
    let (table, column) = match table {
        Table::DailyBar => return Ok(store.sessions()?.map(|(_, last)| last)),
        Table::IndexBar => ("index_bar", "session"),
        Table::ShareCapital => ("share_capital", "observed_on"),
        Table::Margin => ("margin", "session"),
    };
    let last = format!("SELECT CAST(max({column}) AS VARCHAR) AS last FROM {table}");
    let row = query(store, &last)?.rows.into_iter().next();
    Ok(row.and_then(|row| row.into_iter().next()?).and_then(|text| text.parse().ok()))
}

impl Update<'_> {
    /// Where answers are kept: a folder for each dataset, in it one for each span of sessions.
    fn evidence(&self, dataset: &Dataset, step: &FetchStep, asked_on: SessionDate) -> PathBuf {
        let span = match dataset.extent {
            Extent::Known => asked_on.to_string(),
            _ if step.from == step.to => step.to.to_string(),
            _ => format!("{}-to-{}", step.from, step.to),
        };
        self.evidence_of(dataset.name, &span)
    }

    /// A folder of kept answers.
    pub(super) fn evidence_of(&self, dataset: &str, span: &str) -> PathBuf {
        self.store.dir().join("evidence").join(dataset).join(span)
    }

    /// The folder in which the sources' budgets and rests are kept.
    pub fn states_of_sources(&self) -> PathBuf {
        self.store.dir().join("evidence").join("sources")
    }

    /// Asks for what is missing, one dataset after the other until one has it, and imports it. Rows
    /// take the place of those that an earlier answer of the same source had for the same session.
    ///
    /// # Errors
    /// If the store cannot be written. A dataset that fails is among [`FetchDone::failed`].
    pub fn fetch(
        &mut self,
        step: &FetchStep,
        fetcher: &Fetcher,
        progress: &dyn FetchProgress,
    ) -> Result<FetchDone, Error> {
        let mut done = FetchDone {
            used: None,
            updated: Updated::Unchanged,
            remarks: Vec::new(),
            failed: Vec::new(),
        };
        for dataset in step.datasets.iter().copied() {
            match self.asked(dataset, step, fetcher, progress) {
                Ok((updated, remarks)) => {
                    (done.used, done.updated, done.remarks) = (Some(dataset), updated, remarks);
                    break;
                }
                Err(error @ Error::Store(_)) => return Err(error),
                Err(error) => done.failed.push((dataset, error)),
            }
        }
        Ok(done)
    }

    fn asked(
        &self,
        dataset: &'static Dataset,
        step: &FetchStep,
        fetcher: &Fetcher,
        progress: &dyn FetchProgress,
    ) -> Result<(Updated, Vec<Wording>), Error> {
        let calendar = self.store.rulebook().calendar();
        let asked_on = day_in_shanghai(self.at).unwrap_or(step.to);
        let symbols = match dataset.naming {
            Naming::Symbols => step.symbols.clone(),
            Naming::Unneeded | Naming::Indices => Vec::new(),
        };
        let wanted = Wanted { from: step.from, to: step.to, symbols, calendar };
        let refused = |reason| Error::NotOffered { dataset: dataset.name, reason };
        let mut conversation = dataset.ask(&wanted).map_err(refused)?;
        let folder = self.evidence(dataset, step, asked_on);
        let gathered =
            fetcher.fetch(conversation.as_mut(), &folder, Freshness::AsKept, progress)?;
        if gathered.is_none() {
            return Ok((Updated::Unchanged, Vec::new()));
        }
        let as_of = (dataset.dated == Dated::ByAsking).then_some(asked_on);
        let read = self.read(dataset, step, &folder, as_of);
        let (import, said) = match read {
            Ok(read) => read,
            Err(error @ Error::Store(_)) => return Err(error),
            Err(error) => {
                // What cannot be used is asked for again the next time, and not read for ever.
                fetcher.distrust(&folder, dataset.source)?;
                return Err(error);
            }
        };
        let imported = Unstored::of(import).append(self.store, self.at, Differing::Replace)?;
        let updated = match imported.appended {
            Appended::AlreadyPresent => Updated::Unchanged,
            Appended::Added { .. } => {
                Updated::Imported { imported: Box::new(imported), rewritten: Vec::new() }
            }
        };
        Ok((updated, conversation.remarks().into_iter().chain(said).collect()))
    }

    /// The rows of a dataset's answers, and what is to be said of them. Days are read whole or not at
    /// all: counts of a part of a market are no figures, and another source may have all of it.
    fn read(
        &self,
        dataset: &'static Dataset,
        step: &FetchStep,
        folder: &Path,
        as_of: Option<SessionDate>,
    ) -> Result<(Import, Option<Wording>), Error> {
        let partial = match dataset.tables.contains(&fupan_table::Table::DailyBar) {
            true => Partial::Refused,
            false => Partial::Accepted,
        };
        let recipe = Recipe::named(dataset.recipe)?;
        let import =
            fupan_source::read(&recipe, folder, &ReadOptions { as_of, partial }, &NoProgress)?;
        let said = hold_to_before(self.store, &import, dataset.name, step.from)?;
        Ok((import, said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_over_half_an_hour_after_the_close() {
        let calendar = Calendar::builtin();
        let over = |at: &str| {
            let at: Timestamp = at.parse().unwrap();
            last_over(calendar, at).unwrap().to_string()
        };
        assert_eq!(over("2026-02-12T15:29:59+08:00"), "2026-02-11");
        assert_eq!(over("2026-02-12T15:30:00+08:00"), "2026-02-12");
        assert_eq!(over("2026-02-13T00:00:00+08:00"), "2026-02-12");
        // A weekend.
        assert_eq!(over("2026-02-08T12:00:00+08:00"), "2026-02-06");
    }

    #[test]
    fn margin_balances_come_on_the_next_morning() {
        let calendar = Calendar::builtin();
        let published = |at: &str| {
            let at: Timestamp = at.parse().unwrap();
            last_published(calendar, at).unwrap().to_string()
        };
        assert_eq!(published("2026-02-12T09:29:59+08:00"), "2026-02-10");
        assert_eq!(published("2026-02-12T09:30:00+08:00"), "2026-02-11");
        // A weekend: Friday's come on Monday.
        assert_eq!(published("2026-02-08T12:00:00+08:00"), "2026-02-05");
        assert_eq!(published("2026-02-09T09:30:00+08:00"), "2026-02-06");
    }
}
