//! The review of one session.

use std::sync::Arc;

use fupan_fact::{FactSet, InputRef, SessionNote};
use fupan_market::{GroupId, GroupsPast, Rulebook, SessionDate, Symbol};
use fupan_measure::sql::{self, PERCENTILE_SESSIONS};
use fupan_measure::{Selection, review_kept};

use crate::closes::kept_closes;
use crate::data::{Loaded, SIMULATED};
use crate::fact_table::Filter;
use crate::kept::facts::{self, AcrossSessions};
use crate::kept::group_rows;
use crate::kept::session::Kept;
use crate::{Error, Market, agreement, baskets, funds, own_past, past_returns};

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
/// with all facts of `securities`, and the returns of indices from the closes of the sessions `since`
/// on. A group may be given by its name instead of its code: `sw2.半导体`; a security by any of its
/// codes.
///
/// # Errors
/// As for [`review`].
pub fn review_asked(
    market: &Market,
    session: Option<SessionDate>,
    groups: &[GroupId],
    securities: &[Symbol],
    since: &[SessionDate],
) -> Result<FactSet, Error> {
    let mut selection = Selection::review().with_returns_since(since.to_vec());
    if !groups.is_empty() {
        selection = selection.with_groups(market.named_groups(groups)?);
    }
    if !securities.is_empty() {
        let on = market.session(session)?;
        selection = selection.with_securities(market.codes_on(securities, on)?);
    }
    review_selected(market, session, &selection)
}

/// The facts of a session that a filter admits, from its review.
pub(crate) fn review_filtered(
    market: &Market,
    session: SessionDate,
    filter: &Filter,
) -> Result<FactSet, Error> {
    let mut selection = filter.selection().in_review().with_returns_since(filter.since());
    let groups = filter.groups();
    if !groups.is_empty() {
        selection = selection.with_groups(market.named_groups(&groups)?);
    }
    let securities = filter.securities();
    if !securities.is_empty() {
        selection = selection.with_securities(market.codes_on(&securities, session)?);
    }
    let mut set = review_selected(market, Some(session), &selection)?;
    set.facts.retain(|key, _| key.session == session && filter.admits(key));
    Ok(set)
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
    let Loaded { history, inputs, findings, sources } = loaded;
    if let Market::Store { store, .. } = market {
        facts.findings.extend(agreement::findings(store, &history, &sources)?);
    }
    // Giving a market's memory back takes as long as a tenth of the review.
    rayon::spawn(move || drop(history));
    facts.findings.extend(findings);
    facts.findings.extend(market.later_in_part(asked, session)?);
    facts.findings.sort();
    note_simulated(&mut facts, &inputs);
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
    let (kept, of_groups) = rayon::join(
        || market.kept(session),
        || match looks_back {
            true => {
                group_rows::history(market, market.sessions_before(session, PERCENTILE_SESSIONS)?)
            }
            false => Ok(None),
        },
    );
    Ok(match kept? {
        Some(Kept { mut loaded, data_from, past }) => {
            let from = baskets::needed_from(market, &loaded.history);
            let days = match (market, from, market.calendar().back(session, 1)?) {
                (Market::Store { store, .. }, Some(from), Some(to)) if from <= to => {
                    kept_closes(store, (from, to))?
                }
                _ => Vec::new(),
            };
            loaded.history.baskets = baskets::baskets(market, &loaded.history, &days)?;
            if let Some(history) = of_groups? {
                loaded.history.groups_past = GroupsPast::Kept(Arc::new(history));
            }
            if selection.looks_at_own_past() {
                let window = own_past::window(market, session)?;
                loaded.history.own_past = own_past::own_past(market, &window, selection)?;
            }
            funds::add(market, selection, &mut loaded)?;
            let Loaded { history, inputs, .. } = &loaded;
            let facts = review_kept(history, data_from, past, selection, rulebook, inputs);
            (facts, loaded)
        }
        None => from_window(market, session, selection, rulebook)?,
    })
}

/// [`worked_out`] from a window of bars, where the derived tables do not hold the session.
fn from_window(
    market: &Market,
    session: SessionDate,
    selection: &Selection,
    rulebook: &Rulebook,
) -> Result<(FactSet, Loaded), Error> {
    let looks_back = selection.looks_at_groups_past();
    let mut loaded = market.load(session)?;
    let mut recent = match looks_back {
        true => market.sessions_before(session, sql::RECENT_SESSIONS)?,
        false => Vec::new(),
    };
    recent.retain(|session| loaded.history.from <= *session);
    let baskets_from = baskets::needed_from(market, &loaded.history);
    let from = recent.first().copied().into_iter().chain(baskets_from).min();
    let days = match (from, market.calendar().back(session, 1)?) {
        (Some(from), Some(to)) => market.walked_closes(&loaded.history, (from, to)),
        _ => Vec::new(),
    };
    loaded.history.baskets = baskets::baskets(market, &loaded.history, &days)?;
    if looks_back {
        let returns = past_returns::past_returns(recent, &days);
        loaded.history.groups_past = GroupsPast::Returns(Arc::new(returns));
    }
    if selection.looks_at_own_past() {
        let past = own_past::own_past(market, &loaded.history, selection)?;
        loaded.history.own_past = past;
    }
    funds::add(market, selection, &mut loaded)?;
    let Loaded { history, inputs, .. } = &loaded;
    let facts = fupan_measure::review(history, selection, rulebook, inputs);
    Ok((facts, loaded))
}

/// Marks facts that are computed from simulated data; every page of theirs must say so.
pub(crate) fn note_simulated(facts: &mut FactSet, inputs: &[InputRef]) {
    if inputs.iter().any(|input| input.source == SIMULATED) {
        facts.notes.push(SessionNote::Simulated);
    }
}
