//! Where a walk through the sessions may begin. It need not be the first session of the data if the
//! derived tables know every security's state at a later one.

use std::collections::BTreeMap;

use fupan_market::{Before, Calendar, Holes, MarketHistory, SecurityHistory, SessionDate, Symbol};
use fupan_store::{KeptPast, SourceChoice, Store};
use fupan_table::{BROUGHT, Derived};

use crate::data::WINDOW_SESSIONS;
use crate::kept::session::{brought_into, knows_before};
use crate::{Error, Market};

/// Where a walk may begin.
pub(crate) struct Begun {
    /// The session.
    pub from: SessionDate,
    /// Every security that had traded before, with its state at the start of the session.
    pub securities: Vec<SecurityHistory>,
    /// The sessions before it, from which the usual number of rows is judged.
    pub lately: MarketHistory,
}

/// Months that are tried for a first session with data.
const MONTHS: usize = 3;

impl Market {
    /// Where a walk to `session` may begin, later than at the first session of the data: the first
    /// session of a month, at least a window before it. `None` if the derived tables do not hold
    /// the securities' state at one.
    pub(crate) fn begun_before(&self, session: SessionDate) -> Result<Option<Begun>, Error> {
        let Market::Store { store, choice } = self else { return Ok(None) };
        let (calendar, (first, _)) = (self.calendar(), self.sessions()?);
        let Some(last) = calendar.between(first, session).last() else { return Ok(None) };
        let Some(window) = calendar.back(*last, WINDOW_SESSIONS)? else { return Ok(None) };
        if window <= first || !knows_before(store, choice, window)? {
            return Ok(None);
        }
        let months = calendar.between(first, window);
        let months = months.chunk_by(|a, b| a.date().month() == b.date().month()).rev();
        for from in months.take(MONTHS).filter_map(<[SessionDate]>::first) {
            if *from == first {
                break;
            }
            let mut brought = brought_into(store, *from, Derived::Away, &BROUGHT)?;
            let listed = brought_into(store, *from, Derived::SecurityDay, &BROUGHT)?;
            if !listed.is_empty() {
                brought.extend(listed);
                let securities = known(store, choice, *from, brought)?;
                let lately = lately(store, choice, (first, *from), calendar)?;
                return Ok(Some(Begun { from: *from, securities, lately }));
            }
        }
        Ok(None)
    }
}

/// The sessions before `session` from which its usual number of rows is judged, none before
/// `first`.
fn lately(
    store: &Store,
    choice: &SourceChoice,
    (first, session): (SessionDate, SessionDate),
    calendar: &Calendar,
) -> Result<MarketHistory, Error> {
    let back = |sessions| Ok::<_, Error>(calendar.back(session, sessions)?.unwrap_or(first));
    let (from, to) = (back(Holes::NEIGHBOURS)?.max(first), back(1)?);
    Ok(store.range(from, to, from, choice)?.history)
}

/// Securities with their state at the start of a session.
fn known(
    store: &Store,
    choice: &SourceChoice,
    session: SessionDate,
    mut brought: BTreeMap<Symbol, Before>,
) -> Result<Vec<SecurityHistory>, Error> {
    let symbols: Vec<Symbol> = brought.keys().copied().collect();
    let kept = KeptPast { from: session, reads: Vec::new(), symbols };
    let (loaded, ()) = store.session_with(session, choice, || Ok::<_, Error>((kept, ())))?;
    let mut securities = loaded.history.securities;
    securities.retain_mut(|security| {
        security.before = brought.remove(&security.listing.symbol);
        security.before.is_some()
    });
    Ok(securities)
}
