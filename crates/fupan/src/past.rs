//! Every session of the data, in order: the same figures as a review's, from one walk through all
//! of it.

use fupan_fact::FactSet;
use fupan_market::{Calendar, Rulebook, SessionDate};
use fupan_measure::{History, MarketSession, Past, Series};
use fupan_store::{DerivedRows, ExchangeRead, Loaded, SourceChoice};
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
    let figures = figures_before(market, from, Reach::Whole)?;
    walk_days(market, from, to, figures, &mut |walked| match walked {
        Walked::Session(_, facts) => tell(facts),
        Walked::Read(_) => Ok(()),
        Walked::Passed(sessions) => {
            passed(sessions);
            Ok(())
        }
    })
}

/// How far back figures are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To the beginning of the data.
    Whole,
    /// As far as the figures of one session look back.
    Needed,
}

/// The figures of the sessions before one, from the derived tables; `None` where those do not
/// hold what working them out now would give.
pub(crate) fn figures_before(
    market: &Market,
    session: SessionDate,
    reach: Reach,
) -> Result<Option<Past>, Error> {
    let Market::Store { store, choice: SourceChoice::Best } = market else { return Ok(None) };
    let (first, _) = market.sessions()?;
    let stale = store.stale_from(&backfill::made_by())?;
    if stale.is_some_and(|stale| stale < session) {
        return Ok(None);
    }
    let since = match reach {
        Reach::Whole => first,
        Reach::Needed => SessionDate::new(session.date().year() - Past::YEARS, 1, 1)
            .map_or(first, |january| january.max(first)),
    };
    let names: Vec<&str> = Past::measures().collect();
    let mut figures: Vec<Series> = Vec::new();
    let mut read = |from, to, measures: &[&str], wanted: &dyn Fn(&str) -> bool| {
        let columns = &derived::FACT_ROW;
        let rows = DerivedRows { from, to, scope: Some(ALL_A), measures, columns };
        for batch in store.read_derived(Derived::Fact, &rows)? {
            for (measure, mut series) in derived::figures(&batch, ALL_A, wanted).unwrap_or_default()
            {
                series.retain(|(on, _)| from <= *on && *on <= to && *on < session);
                figures.push((measure, series));
            }
        }
        Ok::<_, Error>(())
    };
    read(since, session, &names, &Past::wants)?;
    let year_before = SessionDate::new(since.date().year() - 1, 12, 31);
    if let Ok(before) = year_before
        && before >= first
    {
        read(first, before, &[Past::EVER], &|measure| measure == Past::EVER)?;
    }
    Ok(Some(Past::of(figures)))
}

/// The scope that figures across sessions are told of.
const ALL_A: &str = "all-a";

/// What [`walk_days`] gives, stretch by stretch.
pub(crate) enum Walked<'a> {
    /// Where the bars of the stretch's sessions come from.
    Read(&'a [ExchangeRead]),
    /// A session with its securities' days, and its facts.
    Session(&'a MarketSession, FactSet),
    /// So many sessions of the stretch lie behind.
    Passed(usize),
}

/// [`walk`], with the securities' days of each session, and with figures across sessions where
/// those before `from` are given.
pub(crate) fn walk_days(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    mut figures: Option<Past>,
    tell: &mut dyn FnMut(Walked<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let rulebook = Rulebook::builtin();
    let version = rulebook.version();
    let calendar = Calendar::builtin();
    stretches(market, to, &mut |reads, markets, sessions| {
        tell(Walked::Read(reads))?;
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
            tell(Walked::Session(market, set))?;
        }
        tell(Walked::Passed(sessions))
    })
}

/// Takes a stretch: where its bars come from, its sessions with trade, and how many all are.
type TellStretch<'a> =
    &'a mut dyn FnMut(&[ExchangeRead], Vec<MarketSession>, usize) -> Result<(), Error>;

/// Walks through the data stretch by stretch, up to a session.
fn stretches(market: &Market, to: SessionDate, tell: TellStretch<'_>) -> Result<(), Error> {
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
        let read: Loaded;
        let (bars, reads) = match (&whole, market) {
            (Some(whole), _) => (whole, &[][..]),
            (None, Market::Store { store, choice }) => {
                // The first sessions see the index bars before them, as a review does.
                let back = calendar.back(*from, WINDOW_SESSIONS)?;
                let indices_from = match back {
                    Some(back) if *from == first => back,
                    _ => *from,
                };
                read = store.stretch(*from, *to, indices_from, choice)?;
                (&read.history, read.reads.as_slice())
            }
            (None, Market::Sample(_)) => unreachable!("a sample is there whole"),
        };
        tell(reads, history.walk(bars, *from, *to), stretch.len())?;
    }
    Ok(())
}
