//! Where a review's data comes from.

use std::collections::BTreeMap;

use fupan_fact::InputRef;
use fupan_market::{
    Before, Calendar, Exchange, ExchangeRows, Finding, FindingKind, GroupId, Holes, MarketHistory,
    SessionDate, Symbol, Wording,
};
use fupan_measure::SessionTurnover;
use fupan_sim::SimulatedMarket;
use fupan_store::{DerivedRows, KeptPast, SourceChoice, Store};
use fupan_table::{BROUGHT, Derived};

use crate::series::Filter;
use crate::{Error, backfill, derived};

/// Sessions before the reviewed one that a review reads: 250 for highs and lows, and some more
/// for streaks that a suspension stretches.
pub(crate) const WINDOW_SESSIONS: u32 = 270;

/// Sessions before the last one that say how many rows a session has.
const LATELY_SESSIONS: u32 = Holes::NEIGHBOURS;

/// The source that simulated rows carry.
pub(crate) const SIMULATED: &str = "simulated";

/// Where a review's data comes from.
pub enum Market {
    /// A store on disk.
    Store {
        /// The store.
        store: Store,
        /// Which source to use where several hold the same session.
        choice: SourceChoice,
    },
    /// The simulated exchange.
    Sample(Box<SimulatedMarket>),
}

/// One session with its past, and what the data's keeper says about it.
pub(crate) struct Loaded {
    pub history: MarketHistory,
    pub inputs: Vec<InputRef>,
    pub findings: Vec<Finding>,
}

impl Market {
    /// First and last session of the data.
    ///
    /// # Errors
    /// [`Error::NoBars`] where there are none, [`Error::Store`] where the store cannot be read.
    pub fn sessions(&self) -> Result<(SessionDate, SessionDate), Error> {
        match self {
            Market::Store { store, .. } => store.sessions()?.ok_or(Error::NoBars),
            Market::Sample(market) => {
                let sessions = market.sessions();
                sessions.first().copied().zip(sessions.last().copied()).ok_or(Error::NoBars)
            }
        }
    }

    /// The groups of shares with some identifiers, which may have names in place of codes. Those
    /// that the data do not know stay as they are.
    pub(crate) fn named_groups(&self, ids: &[GroupId]) -> Result<Vec<GroupId>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let groups = match self {
            Market::Store { store, .. } => store.groups()?,
            Market::Sample(market) => market.groups(),
        };
        let found = |id: &GroupId| groups.find(id).map_or_else(|| id.clone(), |g| g.id.clone());
        Ok(ids.iter().map(found).collect())
    }

    /// A filter with the codes of groups of shares in place of their names, as far as the data know
    /// them.
    ///
    /// # Errors
    /// Where the data cannot be read.
    pub fn with_group_codes(&self, filter: Filter) -> Result<Filter, Error> {
        let ids = filter.groups();
        let named = self.named_groups(&ids)?;
        let code = |scope: String| {
            let place = ids.iter().position(|id| id.to_string() == scope);
            place.map_or(scope, |place| named[place].to_string())
        };
        Ok(Filter { scopes: filter.scopes.into_iter().map(code).collect(), ..filter })
    }

    /// The session asked for, or the last one of the data that is there as a whole.
    ///
    /// # Errors
    /// A date that is no session, lies outside the calendar or outside the data.
    pub fn session(&self, asked: Option<SessionDate>) -> Result<SessionDate, Error> {
        let calendar = Calendar::builtin();
        if let Some(date) = asked {
            calendar.number(date)?;
        }
        let (first, last) = self.sessions()?;
        let session = match asked {
            Some(session) => session,
            None => self.last_whole(first, last)?,
        };
        if session < first || session > last {
            return Err(Error::OutsideData { session, first, last });
        }
        Ok(session)
    }

    /// The last session of which no exchange lacks most of what it had in the sessions before; the
    /// last of all, where there is none.
    fn last_whole(&self, first: SessionDate, last: SessionDate) -> Result<SessionDate, Error> {
        let Market::Store { store, choice } = self else { return Ok(last) };
        let calendar = Calendar::builtin();
        let back = calendar.back(last, 2 * LATELY_SESSIONS)?.map_or(first, |back| back.max(first));
        let lately = store.stretch(back, last, last, choice)?.history;
        let sessions = calendar.between(back, last);
        let mut rows = vec![ExchangeRows::default(); sessions.len()];
        for security in &lately.securities {
            let exchange = security.listing.symbol.exchange() as usize;
            for bar in &security.bars {
                if let Ok(place) = sessions.binary_search(&bar.session) {
                    rows[place][exchange] += 1;
                }
            }
        }
        let (mut holes, mut whole) = (Holes::default(), None);
        let mut seen = [false; 3];
        for (session, rows) in sessions.iter().zip(&rows) {
            let number = calendar.number(*session)?;
            holes.add(number, *session, *rows);
            let is_hole = |exchange: Exchange| {
                let hole = holes.before(exchange, number + 1);
                seen[exchange as usize] && hole.is_some_and(|hole| hole.number == number)
            };
            if rows.iter().any(|rows| *rows > 0) && !Exchange::ALL.into_iter().any(is_hole) {
                whole = Some(*session);
            }
            seen = std::array::from_fn(|place| seen[place] || rows[place] > 0);
        }
        Ok(whole.unwrap_or(last))
    }

    /// What is said where the session was not asked for and a later one is there in part.
    pub(crate) fn later_in_part(
        &self,
        asked: Option<SessionDate>,
        session: SessionDate,
    ) -> Result<Option<Finding>, Error> {
        let (_, last) = self.sessions()?;
        Ok((asked.is_none() && session < last).then(|| Finding {
            kind: FindingKind::PartialSession,
            count: 1,
            subject: last.to_string(),
            detail: Wording::new(
                format!(
                    "{last} is in the data in part only; this is {session}, the last session that \
                     is there as a whole."
                ),
                format!("{last}的数据不完整；此处为数据完整的最近一个交易日{session}。"),
            ),
            hint: Wording::new(
                "Import the rest of the session, or ask for its date.",
                "请导入该日其余行情，或指定该日期。",
            ),
            place: None,
        }))
    }

    /// The first session of the past that a review of a session sees.
    pub(crate) fn past_from(&self, session: SessionDate) -> Result<SessionDate, Error> {
        let (first, _) = self.sessions()?;
        let back = Calendar::builtin().back(session, WINDOW_SESSIONS)?;
        let from = back.map_or(first, |back| back.max(first));
        Ok(match self {
            Market::Store { store, choice } if knows_before(store, choice, from)? => first,
            _ => from,
        })
    }

    pub(crate) fn load(&self, session: SessionDate) -> Result<Loaded, Error> {
        match self {
            Market::Store { store, choice } => {
                let mut loaded = store.history(session, WINDOW_SESSIONS, choice)?;
                know_before(store, choice, &mut loaded.history)?;
                Ok(Loaded::from(loaded))
            }
            Market::Sample(market) => Ok(Loaded {
                history: until(market.history(u32::MAX), session),
                inputs: vec![InputRef {
                    table: "daily_bar".to_owned(),
                    source: SIMULATED.to_owned(),
                    digest: market.digest(),
                }],
                findings: Vec::new(),
            }),
        }
    }
}

/// A session of which the derived tables keep what its securities brought into it.
pub(crate) struct Kept {
    /// The session's own bars; every security's `before` is what it brought into the session.
    pub loaded: Loaded,
    /// The first session of the data.
    pub data_from: SessionDate,
    /// Turnover of the sessions of the window before.
    pub past: Vec<SessionTurnover>,
}

impl Market {
    /// A session out of the derived tables and its own bars, so that no window need be read;
    /// `None` where they do not keep it as it would be worked out now.
    pub(crate) fn kept(&self, session: SessionDate) -> Result<Option<Kept>, Error> {
        let Market::Store { store, choice } = self else { return Ok(None) };
        let calendar = Calendar::builtin();
        if !knows_before(store, choice, session)? {
            return Ok(None);
        }
        let (data_from, _) = self.sessions()?;
        let back = calendar.back(session, WINDOW_SESSIONS)?;
        let from = back.map_or(data_from, |back| back.max(data_from));

        let columns = [&BROUGHT[..], &derived::FLAGS].concat();
        let mut brought = brought_into(store, session, Derived::SecurityDay, &columns)?;
        let symbols: Vec<Symbol> = brought.keys().copied().collect();
        let mut turnovers: BTreeMap<SessionDate, SessionTurnover> = BTreeMap::new();
        let mut reads = Vec::new();
        let rows = DerivedRows { from, to: session, scope: None, measures: &[], columns: &[] };
        for batch in store.read_derived(Derived::SessionTurnover, &rows)? {
            let sessions = derived::session_turnovers(&batch)
                .ok_or_else(|| Error::unreadable(Derived::SessionTurnover))?;
            for (sum, given) in sessions {
                if from <= sum.session && sum.session < session {
                    reads.extend(given);
                    turnovers.insert(sum.session, sum);
                }
            }
        }
        let past = KeptPast { from, reads: &reads, symbols: &symbols };
        let loaded = store.session_with(&past, session, choice)?;
        if brought.is_empty() || loaded.sources_used.is_empty() {
            return Ok(None);
        }
        let mut loaded = Loaded::from(loaded);
        bring(&mut loaded.history, &mut brought);
        let sessions = calendar.between(from, session);
        let past = sessions
            .iter()
            .filter(|before| **before < session)
            .map(|on| turnovers.remove(on).unwrap_or_else(|| SessionTurnover::new(*on)))
            .collect();
        Ok(Some(Kept { loaded, data_from, past }))
    }
}

/// Leaves a session the securities listed in it, and tells each what it brought.
fn bring(history: &mut MarketHistory, brought: &mut BTreeMap<Symbol, Before>) {
    history.securities.retain_mut(|security| {
        security.before = brought.remove(&security.listing.symbol);
        security.before.is_some()
    });
}

/// Whether the derived tables know what came before a window.
pub(crate) fn knows_before(
    store: &Store,
    choice: &SourceChoice,
    from: SessionDate,
) -> Result<bool, Error> {
    let stale = store.stale_from(&backfill::made_by())?;
    Ok(*choice == SourceChoice::Best && stale.is_none_or(|stale| stale > from))
}

/// Tells the securities of a window what came before it, as far as the derived tables know.
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

/// What securities brought into a session, by their last codes, as far as a derived table knows:
/// the listed ones, or those away. With the flags among the columns, also how they stood in it.
pub(crate) fn brought_into(
    store: &Store,
    session: SessionDate,
    table: Derived,
    columns: &[&str],
) -> Result<BTreeMap<Symbol, Before>, Error> {
    let (number, codes) = (Calendar::builtin().number(session)?, store.codes()?);
    let rows = DerivedRows { from: session, to: session, scope: None, measures: &[], columns };
    let mut brought = BTreeMap::new();
    for batch in store.read_derived(table, &rows)? {
        let rows = derived::before_rows(&batch, session, number)
            .ok_or_else(|| Error::unreadable(table))?;
        brought.extend(rows.into_iter().map(|(code, before)| (codes.last(code), before)));
    }
    Ok(brought)
}

impl From<fupan_store::Loaded> for Loaded {
    fn from(loaded: fupan_store::Loaded) -> Loaded {
        let inputs = loaded
            .inputs
            .into_iter()
            .map(|i| InputRef { table: i.table, source: i.source, digest: i.digest })
            .collect();
        Loaded { history: loaded.history, inputs, findings: loaded.findings }
    }
}

/// A history as it was at the end of one of its sessions, with the window that a review of it
/// sees.
fn until(mut history: MarketHistory, session: SessionDate) -> MarketHistory {
    let back = Calendar::builtin().back(session, WINDOW_SESSIONS).ok().flatten();
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
