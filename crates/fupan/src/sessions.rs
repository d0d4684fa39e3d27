//! Every session of the data in order, in one walk: the same figures as a review of each session.

use std::sync::mpsc;

use fupan_fact::FactSet;
use fupan_market::{MarketHistory, SessionDate};
use fupan_measure::{FigureHistory, History, Keep, Selection, WalkedSession};
use fupan_store::{ExchangeRead, Loaded, SourceChoice, StoreError};
use rayon::prelude::*;

use crate::data::WINDOW_SESSIONS;
use crate::fact_table::Filter;
use crate::funds::FundsInRange;
use crate::kept::facts::{Reach, figures_before, insert, kept_year};
use crate::kept::freshness;
use crate::review::review_filtered;
use crate::{Error, Market};

/// Sessions held in memory at a time.
const RANGE_SESSIONS: usize = 60;

/// Walks the data from its first session to `to`, and calls `emit` with the facts of each session
/// from `from` on, in order.
///
/// They are the facts of [`review`](crate::review), without inputs and without findings. Figures
/// across sessions are included if those before `from` are stored. After each range, calls `passed`
/// with the number of its sessions.
///
/// # Errors
/// Data that cannot be read, and any error of `emit`.
pub fn walk(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    passed: &mut dyn FnMut(usize),
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let selection = Selection::figures().with_review_groups();
    walk_some(market, (from, to), &selection, passed, emit)
}

/// [`walk`] for the selected facts.
fn walk_some(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    selection: &Selection,
    passed: &mut dyn FnMut(usize),
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let figures = match selection.looks_back() {
        true => figures_before(market, from, Reach::Whole)?,
        false => None,
    };
    walk_days(market, (from, to), selection, figures, &|_| (), &mut |walked| match walked {
        Walked::Session((), facts) => emit(facts),
        Walked::Read(_) => Ok(()),
        Walked::Passed(sessions) => {
            passed(sessions);
            Ok(())
        }
    })
}

/// Calls `emit` with the facts of each session in `from..=to` that a filter admits, in order. They
/// come from the derived tables if those are up to date, otherwise from a walk. Facts of groups are
/// those of the groups that the filter names, or of the industries if a measure is of groups only.
///
/// They are the facts of [`review`](crate::review), without inputs and without findings; figures that
/// only a review has come with both, from the review of each session. Calls
/// `progress(done, total)`, both in sessions.
///
/// # Errors
/// Data that cannot be read, and any error of `emit`.
pub fn facts(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    filter: &Filter,
    progress: &mut dyn FnMut(usize, usize),
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    if filter.is_of_reviews() {
        return reviewed(market, (from, to), filter, progress, emit);
    }
    let calendar = market.calendar();
    if let Market::Store { store, choice: SourceChoice::Best } = market
        && !filter.is_computed()
        && store.stale_from(&freshness::made_by(store.rulebook()))?.is_none_or(|stale| stale > to)
    {
        let sessions = calendar.between(from, to);
        for year in sessions.chunk_by(|a, b| a.date().year() == b.date().year()) {
            kept_year(store, year, filter)?.into_iter().try_for_each(&mut *emit)?;
            let behind = sessions.partition_point(|session| Some(session) <= year.last());
            progress(behind, sessions.len());
        }
        return Ok(());
    }
    let (first, _) = market.sessions()?;
    let all = calendar.between(first, to).len();
    let mut behind = 0;
    let mut passed = |sessions: usize| {
        behind += sessions;
        progress(behind, all);
    };
    let selection = filter.selection();
    let funds = FundsInRange::read(market, &selection, (from, to))?;
    walk_some(market, (from, to), &selection, &mut passed, &mut |mut set| {
        let session = set.session;
        if let Some(funds) = &funds {
            set.facts.extend(funds.facts(market, session)?.facts);
        }
        set.facts.retain(|key, _| filter.admits(key));
        let mut told = FactSet { groups: set.groups, ..FactSet::new(session) };
        set.facts.into_values().for_each(|fact| insert(&mut told, fact));
        if told.facts.is_empty() { Ok(()) } else { emit(told) }
    })
}

/// [`facts`] of figures that only a review has: each session is reviewed.
fn reviewed(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    filter: &Filter,
    progress: &mut dyn FnMut(usize, usize),
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let sessions = market.calendar().between(from, to);
    for (behind, session) in sessions.iter().enumerate() {
        match review_filtered(market, *session, filter) {
            // The data lack the session.
            Err(Error::Store(StoreError::NoSession { .. })) => {}
            set => {
                let set = set?;
                if !set.facts.is_empty() {
                    emit(set)?;
                }
            }
        }
        progress(behind + 1, sessions.len());
    }
    Ok(())
}

/// What [`walk_days`] emits for each range.
#[expect(clippy::large_enum_variant, reason = "one exists at a time, and none is kept")]
pub(crate) enum Walked<'a, T> {
    /// The sources of the bars in the range.
    Read(&'a [ExchangeRead]),
    /// The result of `make` for a session, and its facts.
    Session(T, FactSet),
    /// This many more sessions have been walked.
    Passed(usize),
}

/// [`walk`] for the selected facts, with the result of `make` for each session. Sessions are
/// evaluated in parallel, and have their days only if the selection needs them. Figures across
/// sessions are included if `figures` holds those before `from`.
pub(crate) fn walk_days<T: Send>(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    selection: &Selection,
    mut figures: Option<FigureHistory>,
    make: &(dyn Fn(&WalkedSession) -> T + Sync),
    emit: &mut dyn FnMut(Walked<'_, T>) -> Result<(), Error>,
) -> Result<(), Error> {
    let rulebook = market.rulebook();
    let keep = if selection.needs_days() { Keep::Days } else { Keep::Totals };
    ranges(market, (from, to), keep, &mut |reads, asked, sessions| {
        emit(Walked::Read(reads))?;
        let evaluate = |walked: &WalkedSession| walked.facts(selection, rulebook, &[]);
        // A session's days are dropped as soon as it is evaluated.
        let sets: Vec<(T, FactSet)> =
            asked.into_par_iter().map(|walked| (make(&walked), evaluate(&walked))).collect();
        for (made, mut set) in sets {
            if let Some(past) = &mut figures {
                fupan_measure::across(&mut set, past);
                past.push_set(&set);
            }
            emit(Walked::Session(made, set))?;
        }
        emit(Walked::Passed(sessions))
    })
}

/// Called for each range with the sources of its bars, its sessions with trade, and the number of
/// all its sessions.
type EmitRange<'a> =
    &'a mut dyn FnMut(&[ExchangeRead], Vec<WalkedSession>, usize) -> Result<(), Error>;

/// Advances state through the data before `from`, then walks `from..=to`, range by range. If the
/// derived tables hold the securities' states a window before `from`, earlier data is not read.
fn ranges(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    keep: Keep,
    emit: EmitRange<'_>,
) -> Result<(), Error> {
    let calendar = market.calendar();
    let (first, _) = market.sessions()?;
    let begun = market.begun_before(from)?;
    let begin = begun.as_ref().map_or(first, |begun| begun.from);
    let mut history = History::new(market.rulebook(), begin, WINDOW_SESSIONS);
    if let Some(begun) = begun {
        history.know(&begun.securities, &begun.lately);
    }
    let skipped = calendar.between(first, begin).len().saturating_sub(1);
    if skipped > 0 {
        emit(&[], Vec::new(), skipped)?;
    }
    let sessions = calendar.between(begin, to);
    let (before, asked) = sessions.split_at(sessions.partition_point(|session| *session < from));
    let ranges = before.chunks(RANGE_SESSIONS).chain(asked.chunks(RANGE_SESSIONS));
    let mut walk = |bars: &MarketHistory, reads: &[ExchangeRead], range: &[SessionDate]| {
        let (Some(start), Some(end)) = (range.first(), range.last()) else { return Ok(()) };
        let walked = if *end < from {
            history.pass(bars, *start, *end);
            Vec::new()
        } else {
            history.walk(bars, *start, *end, keep)
        };
        emit(reads, walked, range.len())
    };
    let (store, choice) = match market {
        Market::Sample(market) => {
            let whole = market.history(u32::MAX);
            return ranges.into_iter().try_for_each(|range| walk(&whole, &[], range));
        }
        Market::Store { store, choice } => (store, choice),
    };
    std::thread::scope(|scope| {
        // The next range is read while this one is evaluated.
        let (send, read) = mpsc::sync_channel(0);
        scope.spawn(move || {
            for range in ranges {
                let (Some(start), Some(end)) = (range.first(), range.last()) else { continue };
                // Of indices the first range includes all earlier bars, as in a review.
                let indices_from = if *start == begin { calendar.first() } else { *start };
                let loaded = store.range(*start, *end, indices_from, choice);
                // Without a receiver the walk has stopped and returns the error.
                if send.send((range, loaded)).is_err() {
                    return;
                }
            }
        });
        for (range, loaded) in read {
            let Loaded { history, reads, .. } = loaded?;
            walk(&history, &reads, range)?;
        }
        Ok(())
    })
}
