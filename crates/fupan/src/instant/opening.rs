//! A session before its first quote.
//!
//! The sessions before it are read some at a time: a year of bars of all securities takes more memory
//! than the states that they lead to.

use std::collections::BTreeSet;

use fupan_market::{SessionDate, Symbol};
use fupan_measure::{History, PreOpen};
use fupan_store::{KeptPast, SourceChoice, Store, StoreError};

use crate::data::{Loaded, WINDOW_SESSIONS};
use crate::kept::session::know_before;
use crate::{Error, Market, instant};

/// Sessions held in memory at a time.
const RANGE_SESSIONS: usize = 45;

/// The states of all securities at the start of a session, with the inputs and findings of the window
/// before it; in the history are the bars of the last session that has some.
pub(crate) fn read(market: &Market, session: SessionDate) -> Result<(Loaded, PreOpen), Error> {
    let (store, choice) = instant::store(market)?;
    let calendar = market.calendar();
    let (first, _) = market.sessions()?;
    let last = last_with_bars(store, session, choice)?;
    let from = calendar.back(session, WINDOW_SESSIONS)?.map_or(first, |back| back.max(first));
    let before = calendar.between(from, session);
    let before = &before[..before.partition_point(|on| *on < session)];
    let mut walk = History::new(market.rulebook(), from, 0);
    let (mut symbols, mut reads) = (BTreeSet::<Symbol>::new(), Vec::new());
    for range in before.chunks(RANGE_SESSIONS) {
        let (start, end) = (range[0], range[range.len() - 1]);
        let mut loaded = store.range(start, end, start, choice)?;
        if start == from {
            know_before(store, choice, &mut loaded.history)?;
        }
        walk.pass(&loaded.history, start, end);
        symbols.extend(loaded.history.securities.iter().map(|security| security.listing.symbol));
        reads.extend(loaded.reads);
    }
    reads.retain(|read| read.session < last);
    let past = KeptPast { from, reads, symbols: symbols.into_iter().collect() };
    let (loaded, ()) = store.range_with((last, last), choice, || Ok::<_, Error>((past, ())))?;
    let mut loaded = Loaded::from(loaded);
    loaded.history.session = session;
    let opening = PreOpen::after(walk, &loaded.history).ok_or(Error::NoBars)?;
    Ok((loaded, opening))
}

/// The session, or the one before if it has no daily bars yet.
fn last_with_bars(
    store: &Store,
    session: SessionDate,
    choice: &SourceChoice,
) -> Result<SessionDate, Error> {
    let nothing = match store.history(session, 0, choice) {
        Ok(_) => return Ok(session),
        Err(error @ StoreError::NoSession { .. }) => error,
        Err(error) => return Err(error.into()),
    };
    let Some(before) = store.rulebook().calendar().back(session, 1)? else {
        return Err(nothing.into());
    };
    store.history(before, 0, choice)?;
    Ok(before)
}
