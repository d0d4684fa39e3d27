//! What a review of one session reads: its window of bars, or, once the session is stored, its own
//! bars and the derived tables.

use std::collections::BTreeMap;

use fupan_fact::InputRef;
use fupan_market::{Before, Calendar, MarketHistory, SessionDate, Symbol};
use fupan_measure::SessionTurnover;
use fupan_store::{DerivedRows, KeptPast, SourceChoice, Store};
use fupan_table::{BROUGHT, Derived};

use crate::data::{Loaded, SIMULATED, SourceUses, WINDOW_SESSIONS};
use crate::kept::{day_rows, freshness};
use crate::{Error, Market};

impl Market {
    /// The first session of the past that a review of `session` uses.
    pub(crate) fn past_from(&self, session: SessionDate) -> Result<SessionDate, Error> {
        let (first, _) = self.sessions()?;
        let back = self.calendar().back(session, WINDOW_SESSIONS)?;
        let from = back.map_or(first, |back| back.max(first));
        Ok(match self {
            Market::Store { store, choice } if knows_before(store, choice, from)? => first,
            _ => from,
        })
    }

    /// A session and the window of sessions before it.
    pub(crate) fn load(&self, session: SessionDate) -> Result<Loaded, Error> {
        self.load_back(session, WINDOW_SESSIONS)
    }

    /// A session and some sessions before it; of the simulated exchange, the window.
    pub(crate) fn load_back(
        &self,
        session: SessionDate,
        sessions_before: u32,
    ) -> Result<Loaded, Error> {
        match self {
            Market::Store { store, choice } => {
                let mut loaded = store.history(session, sessions_before, choice)?;
                know_before(store, choice, &mut loaded.history)?;
                Ok(Loaded::from(loaded))
            }
            Market::Sample(market) => Ok(Loaded {
                history: until(market.history(u32::MAX), session, self.calendar()),
                inputs: vec![InputRef {
                    table: "daily_bar".to_owned(),
                    source: SIMULATED.to_owned(),
                    digest: market.digest(),
                }],
                findings: Vec::new(),
                sources: SourceUses::default(),
            }),
        }
    }
}

/// A session for which the derived tables hold its securities' states at its start.
pub(crate) struct Kept {
    /// The session's own bars; every security's `before` is its state at the start of the session.
    pub loaded: Loaded,
    /// The first session of the data.
    pub data_from: SessionDate,
    /// Turnover of the window's sessions before it.
    pub past: Vec<SessionTurnover>,
}

/// What the derived tables hold of a session and the window before it.
struct Brought {
    /// The first session of the window.
    from: SessionDate,
    /// Every security's state at the start of the session, by last code.
    securities: BTreeMap<Symbol, Before>,
    /// Turnover of the window's sessions before it.
    turnovers: BTreeMap<SessionDate, SessionTurnover>,
}

impl Market {
    /// A session from the derived tables and its own bars, without reading a window. `None` if the
    /// tables do not hold it or are out of date.
    pub(crate) fn kept(&self, session: SessionDate) -> Result<Option<Kept>, Error> {
        let Market::Store { store, choice } = self else { return Ok(None) };
        if !knows_before(store, choice, session)? {
            return Ok(None);
        }
        let (data_from, _) = self.sessions()?;
        let back = self.calendar().back(session, WINDOW_SESSIONS)?;
        let from = back.map_or(data_from, |back| back.max(data_from));
        let past = || brought(store, (from, session));
        let (loaded, brought) = store.session_with(session, choice, past)?;
        let Brought { from, mut securities, mut turnovers } = brought;
        if securities.is_empty() || loaded.sources_used.is_empty() {
            return Ok(None);
        }
        let mut loaded = Loaded::from(loaded);
        bring(&mut loaded.history, &mut securities);
        let sessions = self.calendar().between(from, session);
        let past = sessions
            .iter()
            .filter(|before| **before < session)
            .map(|on| turnovers.remove(on).unwrap_or_else(|| SessionTurnover::new(*on)))
            .collect();
        Ok(Some(Kept { loaded, data_from, past }))
    }
}

/// What the derived tables hold of a session and the window before it, which begins with `from`.
fn brought(
    store: &Store,
    (from, session): (SessionDate, SessionDate),
) -> Result<(KeptPast, Brought), Error> {
    let columns = [&BROUGHT[..], &day_rows::FLAGS].concat();
    let securities = brought_into(store, session, Derived::SecurityDay, &columns)?;
    let mut turnovers: BTreeMap<SessionDate, SessionTurnover> = BTreeMap::new();
    let mut reads = Vec::new();
    let rows = DerivedRows { from, to: session, scope: None, measures: &[], columns: &[] };
    for batch in store.read_derived(Derived::SessionTurnover, &rows)? {
        let sessions = day_rows::session_turnovers(&batch)
            .ok_or_else(|| Error::unreadable(Derived::SessionTurnover))?;
        for (sum, given) in sessions {
            if from <= sum.session && sum.session < session {
                reads.extend(given);
                turnovers.insert(sum.session, sum);
            }
        }
    }
    let symbols = securities.keys().copied().collect();
    Ok((KeptPast { from, reads, symbols }, Brought { from, securities, turnovers }))
}

/// Drops the securities that have no stored state; attaches each other one's state.
fn bring(history: &mut MarketHistory, brought: &mut BTreeMap<Symbol, Before>) {
    history.securities.retain_mut(|security| {
        security.before = brought.remove(&security.listing.symbol);
        security.before.is_some()
    });
}

/// Whether the derived tables are in use and up to date for the session `from`.
pub(crate) fn knows_before(
    store: &Store,
    choice: &SourceChoice,
    from: SessionDate,
) -> Result<bool, Error> {
    let stale = store.stale_from(&freshness::made_by(store.rulebook()))?;
    Ok(*choice == SourceChoice::Best && stale.is_none_or(|stale| stale > from))
}

/// Attaches to each security of a window its state before the window, if the derived tables hold
/// it.
fn know_before(
    store: &Store,
    choice: &SourceChoice,
    history: &mut MarketHistory,
) -> Result<(), Error> {
    let from = history.from;
    if !knows_before(store, choice, from)? {
        return Ok(());
    }
    let mut brought = brought_into(store, from, Derived::SecurityDay, &BROUGHT)?;
    for security in &mut history.securities {
        security.before = brought.remove(&security.listing.symbol);
    }
    Ok(())
}

/// The securities' states at the start of a session, by last code: of the listed ones from
/// `security_day`, of the others from `away`. If the flags are among `columns`, also how the
/// session compared with the past.
pub(crate) fn brought_into(
    store: &Store,
    session: SessionDate,
    table: Derived,
    columns: &[&str],
) -> Result<BTreeMap<Symbol, Before>, Error> {
    let (number, codes) = (store.rulebook().calendar().number(session)?, store.codes()?);
    let rows = DerivedRows { from: session, to: session, scope: None, measures: &[], columns };
    let mut brought = BTreeMap::new();
    for batch in store.read_derived(table, &rows)? {
        let rows = day_rows::before_rows(&batch, session, number)
            .ok_or_else(|| Error::unreadable(table))?;
        brought.extend(rows.into_iter().map(|(code, before)| (codes.last(code), before)));
    }
    Ok(brought)
}

/// Cuts a history to the end of one of its sessions and the window that a review of it reads.
fn until(mut history: MarketHistory, session: SessionDate, calendar: &Calendar) -> MarketHistory {
    let back = calendar.back(session, WINDOW_SESSIONS).ok().flatten();
    let from = back.map_or(history.from, |from| from.max(history.from));
    (history.from, history.session) = (from, session);
    for security in &mut history.securities {
        security.bars.retain(|bar| bar.session >= from && bar.session <= session);
    }
    history.securities.retain(|security| !security.bars.is_empty());
    for index in &mut history.indices {
        index.bars.retain(|bar| bar.session <= session);
    }
    history
}
