//! Every session of the data, in order: the same figures as a review's, from one walk through all
//! of it.

use std::sync::mpsc;

use fupan_fact::FactSet;
use fupan_market::{Calendar, MarketHistory, Rulebook, SessionDate};
use fupan_measure::{FigureHistory, History, Keep, Selection, WalkedSession};
use fupan_store::{ExchangeRead, Loaded, SourceChoice};
use rayon::prelude::*;

use crate::data::WINDOW_SESSIONS;
use crate::fact_table::Filter;
use crate::kept::facts::{Reach, figures_before, insert, kept_year};
use crate::kept::freshness;
use crate::{Error, Market};

/// Sessions that are held in memory at a time.
const RANGE_SESSIONS: usize = 60;

/// Walks through the data from its first session to `to`, and gives the facts of each session
/// from `from` on to `emit`, in order.
///
/// They are the facts of [`review`](crate::review), without inputs and without what is said about
/// the data as a whole. Figures across sessions are among them where those before `from` are
/// kept. `passed` is told how many sessions lie behind after each range.
///
/// # Errors
/// Data that cannot be read, and what `emit` returns.
pub fn walk(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    passed: &mut dyn FnMut(usize),
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let selection = Selection::figures().with_industries();
    walk_some(market, (from, to), &selection, passed, emit)
}

/// [`walk`], with the facts that are selected.
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

/// Gives the facts of each session from one to another that a filter admits to `emit`, in order,
/// out of the derived tables where those hold them, else by walking. Of groups of shares those that
/// the filter names are told, or the industries where a measure is of nothing else.
///
/// They are the facts of [`review`](crate::review), without inputs and without findings.
/// `progress` is told how many sessions lie behind, and of how many.
///
/// # Errors
/// Data that cannot be read, and what `emit` returns.
pub fn facts(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    filter: &Filter,
    progress: &mut dyn FnMut(usize, usize),
    emit: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let calendar = Calendar::builtin();
    if let Market::Store { store, choice: SourceChoice::Best } = market
        && !filter.is_of_groups()
        && store.stale_from(&freshness::made_by())?.is_none_or(|stale| stale > to)
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
    walk_some(market, (from, to), &filter.selection(), &mut passed, &mut |mut set| {
        let session = set.session;
        set.facts.retain(|key, _| filter.admits(key));
        set.facts.values_mut().for_each(|fact| fact.provenance.findings.clear());
        let mut told = FactSet { groups: set.groups, ..FactSet::new(session) };
        set.facts.into_values().for_each(|fact| insert(&mut told, fact));
        if told.facts.is_empty() { Ok(()) } else { emit(told) }
    })
}

/// What [`walk_days`] gives, range by range.
pub(crate) enum Walked<'a, T> {
    /// Where the bars of the range's sessions come from.
    Read(&'a [ExchangeRead]),
    /// What is made of a session, and its facts.
    Session(T, FactSet),
    /// So many sessions of the range lie behind.
    Passed(usize),
}

/// [`walk`] of the facts that are selected, with what is made of each session, several of them at a
/// time; sessions have their days where the selection needs them. Figures across sessions
/// are among the facts where those before `from` are given.
pub(crate) fn walk_days<T: Send>(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    selection: &Selection,
    mut figures: Option<FigureHistory>,
    make: &(dyn Fn(&WalkedSession) -> T + Sync),
    emit: &mut dyn FnMut(Walked<'_, T>) -> Result<(), Error>,
) -> Result<(), Error> {
    let rulebook = Rulebook::builtin();
    let version = rulebook.version();
    let calendar = Calendar::builtin();
    let keep = if selection.needs_days() { Keep::Days } else { Keep::Totals };
    ranges(market, (from, to), keep, &mut |reads, asked, sessions| {
        emit(Walked::Read(reads))?;
        let evaluate = |walked: &WalkedSession| walked.facts(selection, calendar, &version, &[]);
        // A session's days go as soon as it is worked out.
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

/// Takes a range: where its bars come from, its sessions with trade, and how many all are.
type EmitRange<'a> =
    &'a mut dyn FnMut(&[ExchangeRead], Vec<WalkedSession>, usize) -> Result<(), Error>;

/// Goes past the data before `from`, and walks from there up to `to`, range by range. Where the
/// derived tables know what securities brought into the window before `from`, the data before that
/// window is not read.
fn ranges(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    keep: Keep,
    emit: EmitRange<'_>,
) -> Result<(), Error> {
    let calendar = Calendar::builtin();
    let (first, _) = market.sessions()?;
    let begun = market.begun_before(from)?;
    let begin = begun.as_ref().map_or(first, |begun| begun.from);
    let mut history = History::new(Rulebook::builtin(), calendar, begin, WINDOW_SESSIONS);
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
        // A range is read while the one before it is worked out.
        let (send, read) = mpsc::sync_channel(0);
        scope.spawn(move || {
            for range in ranges {
                let (Some(start), Some(end)) = (range.first(), range.last()) else { continue };
                // Of indices all that came before the first session is seen, as in a review.
                let indices_from = if *start == begin { calendar.first() } else { *start };
                let loaded = store.range(*start, *end, indices_from, choice);
                // Without a receiver the walk has stopped, and says why.
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
