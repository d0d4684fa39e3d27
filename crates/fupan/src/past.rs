//! Every session of the data, in order: the same figures as a review's, from one walk through all
//! of it.

use std::collections::BTreeMap;

use fupan_fact::FactSet;
use fupan_market::{Calendar, MarketHistory, Rulebook, SessionDate};
use fupan_measure::{Figure, History, MarketSession, Past};
use fupan_store::{DerivedRows, SourceChoice};
use fupan_table::Derived;
use rayon::prelude::*;

use crate::market::WINDOW_SESSIONS;
use crate::{Error, Market, backfill, derived};

/// Sessions that are held in memory at a time.
const STRETCH_SESSIONS: u32 = 60;

/// Walks through the data from its first session to `to`, and gives the facts of each session
/// from `from` on to `tell`, in order.
///
/// They are the facts of [`review`](crate::review), without inputs and without what is said about
/// the data as a whole. Figures across sessions are among them where those before `from` are
/// kept. `passed` is told how many sessions lie behind after each stretch.
///
/// # Errors
/// Data that cannot be read, and what `tell` returns.
pub fn walk(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    passed: &mut dyn FnMut(usize),
    tell: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let figures = figures_before(market, from)?;
    walk_days(market, from, to, figures, passed, &mut |_, facts| tell(facts))
}

/// The figures of every session before one, from the derived tables; `None` where those do not
/// hold what working them out now would give.
pub(crate) fn figures_before(market: &Market, session: SessionDate) -> Result<Option<Past>, Error> {
    let Market::Store { store, choice: SourceChoice::Best } = market else { return Ok(None) };
    let (first, _) = market.sessions()?;
    let stale = store.stale_from(&backfill::made_by())?;
    if stale.is_some_and(|stale| stale < session) {
        return Ok(None);
    }
    let mut past = Past::default();
    let rows =
        DerivedRows { from: first, to: session, scope: Some(ALL_A), columns: &derived::FACT_ROW };
    let mut by_session: BTreeMap<SessionDate, Vec<(String, Figure)>> = BTreeMap::new();
    for batch in store.read_derived(Derived::Fact, &rows)? {
        let rows = derived::figures(&batch, ALL_A, &Past::wants).unwrap_or_default();
        for (on, measure, figure) in rows.into_iter().filter(|(on, ..)| *on < session) {
            by_session.entry(on).or_default().push((measure, figure));
        }
    }
    for (on, figures) in by_session {
        past.push(on, figures);
    }
    Ok(Some(past))
}

/// The scope that figures across sessions are told of.
const ALL_A: &str = "all-a";

/// What [`walk_days`] gives of each session: its securities' days, and its facts.
pub(crate) type TellDays<'a> = &'a mut dyn FnMut(&MarketSession, FactSet) -> Result<(), Error>;

/// [`walk`], with the securities' days of each session, and with figures across sessions where
/// those before `from` are given.
pub(crate) fn walk_days(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    mut figures: Option<Past>,
    passed: &mut dyn FnMut(usize),
    tell: TellDays<'_>,
) -> Result<(), Error> {
    let rulebook = Rulebook::builtin();
    let version = rulebook.version();
    let calendar = Calendar::builtin();
    stretches(market, to, &mut |markets, sessions| {
        let asked: Vec<MarketSession> =
            markets.into_iter().filter(|market| market.session >= from).collect();
        let sets: Vec<FactSet> = asked
            .par_iter()
            .map(|market| fupan_measure::evaluate(market, calendar, &version, &[]))
            .collect();
        for (market, mut set) in asked.iter().zip(sets) {
            if let Some(past) = &mut figures {
                fupan_measure::across(&mut set, past);
                past.push_set(&set);
            }
            tell(market, set)?;
        }
        passed(sessions);
        Ok(())
    })
}

/// Walks through the data stretch by stretch, up to a session.
fn stretches(
    market: &Market,
    to: SessionDate,
    tell: &mut dyn FnMut(Vec<MarketSession>, usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let calendar = Calendar::builtin();
    let (first, _) = market.sessions()?;
    let mut history = History::new(Rulebook::builtin(), calendar, first, WINDOW_SESSIONS);
    let sessions = calendar.between(first, to);
    let whole = match market {
        Market::Sample(market) => Some(market.history(u32::MAX)),
        Market::Store { .. } => None,
    };
    for stretch in sessions.chunks(STRETCH_SESSIONS as usize) {
        let (Some(from), Some(to)) = (stretch.first(), stretch.last()) else { continue };
        let read: MarketHistory;
        let bars = match (&whole, market) {
            (Some(whole), _) => whole,
            (None, Market::Store { store, choice }) => {
                // The first sessions see the index bars before them, as a review does.
                let back = calendar.back(*from, WINDOW_SESSIONS)?;
                let indices_from = match back {
                    Some(back) if *from == first => back,
                    _ => *from,
                };
                read = store.stretch(*from, *to, indices_from, choice)?.history;
                &read
            }
            (None, Market::Sample(_)) => unreachable!("a sample is there whole"),
        };
        tell(history.walk(bars, *from, *to), stretch.len())?;
    }
    Ok(())
}
