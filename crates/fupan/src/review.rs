//! The review of one session.

use std::sync::Arc;

use fupan_fact::{FactSet, InputRef, SessionNote};
use fupan_market::{GroupId, MarketHistory, Rulebook, SessionDate, Symbol};
use fupan_measure::{Selection, review_kept};
use fupan_store::SourceChoice;

use crate::closes::{ClosingDay, kept_closes};
use crate::data::{Loaded, SIMULATED};
use crate::kept::facts::{self, AcrossSessions};
use crate::kept::session::Kept;
use crate::{Error, Market, baskets, own_past, past_returns};

/// All facts of a session: the one asked for, or the last complete one of the data.
///
/// The same data gives the same facts, byte for byte, in whatever order it was imported.
///
/// # Errors
/// A date that is not a session, or that is outside the calendar or the data; a store that cannot
/// be read.
pub fn review(market: &Market, session: Option<SessionDate>) -> Result<FactSet, Error> {
    review_selected(market, session, &Selection::review())
}

/// [`review`], with the facts of `groups`, if any, in place of those of industries and themes, and
/// with all facts of `securities`. A group may be given by its name instead of its code:
/// `sw2.半导体`; a security by any of its codes.
///
/// # Errors
/// As for [`review`].
pub fn review_asked(
    market: &Market,
    session: Option<SessionDate>,
    groups: &[GroupId],
    securities: &[Symbol],
) -> Result<FactSet, Error> {
    review_since(market, session, (groups, securities), None)
}

/// [`review_asked`], with the returns of `securities` since a date.
pub(crate) fn review_since(
    market: &Market,
    session: Option<SessionDate>,
    (groups, securities): (&[GroupId], &[Symbol]),
    since: Option<SessionDate>,
) -> Result<FactSet, Error> {
    let mut selection = Selection::review();
    if let Some(since) = since {
        selection = selection.with_since(since);
    }
    if !groups.is_empty() {
        selection = selection.with_groups(market.named_groups(groups)?);
    }
    if !securities.is_empty() {
        let on = market.session(session)?;
        selection = selection.with_securities(market.codes_on(securities, on)?);
    }
    review_selected(market, session, &selection)
}

/// [`review`] for a selection.
pub(crate) fn review_selected(
    market: &Market,
    session: Option<SessionDate>,
    selection: &Selection,
) -> Result<FactSet, Error> {
    let asked = session;
    let session = market.session(asked)?;
    let rulebook = market.rulebook();
    let (worked_out, across) = rayon::join(
        || worked_out(market, session, selection, rulebook),
        || facts::across_sessions(market, session, &rulebook.version()),
    );
    let (mut facts, loaded) = worked_out?;
    match across? {
        AcrossSessions::Kept(kept) => {
            fupan_measure::across_kept(&mut facts, kept).map_err(|key| facts::not_once(&key))?;
        }
        AcrossSessions::Of(past) => fupan_measure::across(&mut facts, &past),
        AcrossSessions::Unknown => {}
    }
    facts.findings.extend(loaded.findings);
    facts.findings.extend(market.later_in_part(asked, session)?);
    facts.findings.sort();
    note_simulated(&mut facts, &loaded.inputs);
    Ok(facts)
}

/// The facts of a session that need no figures of earlier sessions, and the data they were read
/// from.
fn worked_out(
    market: &Market,
    session: SessionDate,
    selection: &Selection,
    rulebook: &Rulebook,
) -> Result<(FactSet, Loaded), Error> {
    let looks_back = selection.looks_at_groups_past();
    let looked_back_on = match looks_back {
        true => past_returns::looked_back_on(market, session)?,
        false => Vec::new(),
    };
    let (kept, recent) = rayon::join(
        || market.kept(session),
        || match (market, looked_back_on.first(), looked_back_on.last()) {
            (Market::Store { store, choice: SourceChoice::Best }, Some(from), Some(to)) => {
                kept_closes(store, (*from, *to))
            }
            _ => Ok(Vec::new()),
        },
    );
    Ok(match kept? {
        Some(Kept { mut loaded, data_from, past }) => {
            let recent = recent?;
            let baskets_from = baskets::needed_from(market, &loaded.history);
            let until = looked_back_on.first().copied().unwrap_or(session);
            let mut days = match (market, baskets_from, market.calendar().back(until, 1)?) {
                (Market::Store { store, .. }, Some(from), Some(to)) if from <= to => {
                    kept_closes(store, (from, to))?
                }
                _ => Vec::new(),
            };
            days.extend(recent);
            let looked_back_on = looks_back.then_some(looked_back_on);
            know_past(market, &mut loaded.history, looked_back_on, &days)?;
            if selection.looks_at_own_past() {
                let window = market.load(session)?.history;
                loaded.history.own_past = own_past::own_past(market, &window, selection)?;
            }
            let Loaded { history, inputs, .. } = &loaded;
            let facts = review_kept(history, data_from, past, selection, rulebook, inputs);
            (facts, loaded)
        }
        None => {
            let mut loaded = market.load(session)?;
            let mut looked_back_on = looked_back_on;
            looked_back_on.retain(|session| loaded.history.from <= *session);
            let baskets_from = baskets::needed_from(market, &loaded.history);
            let from = looked_back_on.first().copied().into_iter().chain(baskets_from).min();
            let days = match (from, market.calendar().back(session, 1)?) {
                (Some(from), Some(to)) => market.walked_closes(&loaded.history, (from, to)),
                _ => Vec::new(),
            };
            let looked_back_on = looks_back.then_some(looked_back_on);
            know_past(market, &mut loaded.history, looked_back_on, &days)?;
            if selection.looks_at_own_past() {
                let past = own_past::own_past(market, &loaded.history, selection)?;
                loaded.history.own_past = past;
            }
            let Loaded { history, inputs, .. } = &loaded;
            (fupan_measure::review(history, selection, rulebook, inputs), loaded)
        }
    })
}

/// Adds to a history what figures of a review alone need of the sessions before: the baskets of
/// indices, and the returns that groups look back on, if any are.
fn know_past(
    market: &Market,
    history: &mut MarketHistory,
    looked_back_on: Option<Vec<SessionDate>>,
    days: &[ClosingDay],
) -> Result<(), Error> {
    history.baskets = baskets::baskets(market, history, days)?;
    let returns = looked_back_on.map(|sessions| past_returns::past_returns(sessions, days));
    history.past_returns = returns.map(Arc::new);
    Ok(())
}

/// Marks facts that are computed from simulated data; every page of theirs must say so.
pub(crate) fn note_simulated(facts: &mut FactSet, inputs: &[InputRef]) {
    if inputs.iter().any(|input| input.source == SIMULATED) {
        facts.notes.push(SessionNote::Simulated);
    }
}
