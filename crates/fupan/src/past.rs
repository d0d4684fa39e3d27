//! Every session of the data, in order: the same figures as a review's, from one walk through all
//! of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;

use fupan_fact::{Fact, FactKey, FactSet, MeasureId, Scope};
use fupan_market::{Calendar, MarketHistory, Rulebook, RulebookVersion, SessionDate, Wording};
use fupan_measure::{History, Keep, Past, Selection, Series, WalkedSession, catalogue};
use fupan_store::{DerivedRows, ExchangeRead, Loaded, SourceChoice, Store};
use fupan_table::Derived;
use rayon::prelude::*;

use crate::market::WINDOW_SESSIONS;
use crate::series::Filter;
use crate::{Error, Market, backfill, fact_rows};

/// Sessions that are held in memory at a time.
const STRETCH_SESSIONS: usize = 60;

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
    let selection = Selection::figures().with_industries();
    walk_some(market, (from, to), &selection, passed, tell)
}

/// [`walk`], with the facts that are selected.
fn walk_some(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    selection: &Selection,
    passed: &mut dyn FnMut(usize),
    tell: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let figures = match selection.looks_back() {
        true => figures_before(market, from, Reach::Whole)?,
        false => None,
    };
    walk_days(market, (from, to), selection, figures, &|_| (), &mut |walked| match walked {
        Walked::Session((), facts) => tell(facts),
        Walked::Read(_) => Ok(()),
        Walked::Passed(sessions) => {
            passed(sessions);
            Ok(())
        }
    })
}

/// Gives the facts of each session from one to another that a filter admits to `tell`, in order,
/// out of the derived tables where those hold them, else by walking. Of groups of shares those that
/// the filter names are told, or the industries where a measure is of nothing else.
///
/// They are the facts of [`review`](crate::review), without inputs and without findings.
/// `progress` is told how many sessions lie behind, and of how many.
///
/// # Errors
/// Data that cannot be read, and what `tell` returns.
pub fn facts(
    market: &Market,
    from: SessionDate,
    to: SessionDate,
    filter: &Filter,
    progress: &mut dyn FnMut(usize, usize),
    tell: &mut dyn FnMut(FactSet) -> Result<(), Error>,
) -> Result<(), Error> {
    let calendar = Calendar::builtin();
    if let Market::Store { store, choice: SourceChoice::Best } = market
        && !filter.is_of_groups()
        && store.stale_from(&backfill::made_by())?.is_none_or(|stale| stale > to)
    {
        let sessions = calendar.between(from, to);
        for year in sessions.chunk_by(|a, b| a.date().year() == b.date().year()) {
            kept_year(store, year, filter)?.into_iter().try_for_each(&mut *tell)?;
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
        if told.facts.is_empty() { Ok(()) } else { tell(told) }
    })
}

/// The facts kept of some sessions of one year.
fn kept_year(
    store: &Store,
    sessions: &[SessionDate],
    filter: &Filter,
) -> Result<Vec<FactSet>, Error> {
    let (Some(from), Some(to)) = (sessions.first(), sessions.last()) else {
        return Ok(Vec::new());
    };
    let names: Vec<&str> =
        filter.measures.iter().map(|id| id.split(':').next().unwrap_or(id)).collect();
    let scope = match &*filter.scopes {
        [scope] => Some(scope.as_str()),
        _ => None,
    };
    let rows = DerivedRows { from: *from, to: *to, scope, measures: &names, columns: &[] };
    let rulebook = Rulebook::builtin().version();
    let mut sets: BTreeMap<SessionDate, FactSet> = BTreeMap::new();
    for batch in store.read_derived(Derived::Fact, &rows)? {
        let admits = |measure: &MeasureId, scope: &Scope| filter.admits_of(measure, scope);
        let facts = fact_rows::facts(&batch, &(*from..=*to), &rulebook, &admits)
            .ok_or_else(|| Error::unreadable(Derived::Fact))?;
        for fact in facts {
            let session = fact.key.session;
            let set = sets.entry(session).or_insert_with(|| FactSet::new(session));
            if set.facts.contains_key(&fact.key) {
                return Err(not_once(&fact.key));
            }
            insert(set, fact);
        }
    }
    Ok(sets.into_values().collect())
}

/// A fact that the table of facts should hold once, and holds twice or not at all.
pub(crate) fn not_once(key: &FactKey) -> Error {
    let detail = Wording::new(
        format!("{key} should be in it once, and is missing or there twice"),
        format!("`{key}`应当出现一次，实际缺失或重复"),
    );
    Error::DerivedDamaged { table: Derived::Fact.name(), detail }
}

/// Adds a fact, with what its measure is.
fn insert(set: &mut FactSet, fact: Fact) {
    let name = fact.key.measure.name();
    if !set.measures.contains_key(name)
        && let Some(measure) = catalogue().iter().find(|measure| measure.name() == name)
    {
        set.measures.insert(name.to_owned(), measure.text());
    }
    set.insert(fact);
}

/// What is known of the figures across sessions of one session.
pub(crate) enum AcrossSessions {
    /// They are kept.
    Kept(Vec<Fact>),
    /// They are to be worked out of the figures of the sessions before.
    Of(Past),
    /// The derived tables do not hold what working them out now would give.
    Unknown,
}

/// The figures across sessions of one session, from the derived tables.
pub(crate) fn across_sessions(
    market: &Market,
    session: SessionDate,
    rulebook: &RulebookVersion,
) -> Result<AcrossSessions, Error> {
    if let Market::Store { store, choice: SourceChoice::Best } = market
        && store.stale_from(&backfill::made_by())?.is_none_or(|stale| stale > session)
    {
        return Ok(AcrossSessions::Kept(kept_across(store, session, rulebook)?));
    }
    let past = figures_before(market, session, Reach::Needed)?;
    Ok(past.map_or(AcrossSessions::Unknown, AcrossSessions::Of))
}

fn kept_across(
    store: &Store,
    session: SessionDate,
    rulebook: &RulebookVersion,
) -> Result<Vec<Fact>, Error> {
    let names: BTreeSet<&str> = fupan_measure::across_measures().collect();
    let measures: Vec<&str> = names.iter().copied().collect();
    let scope = Some(ALL_A);
    let rows = DerivedRows { from: session, to: session, scope, measures: &measures, columns: &[] };
    let admits = |measure: &MeasureId, scope: &Scope| {
        *scope == Scope::AllA && names.contains(measure.name())
    };
    let mut kept = Vec::new();
    for batch in store.read_derived(Derived::Fact, &rows)? {
        let facts = fact_rows::facts(&batch, &(session..=session), rulebook, &admits);
        kept.extend(facts.ok_or_else(|| Error::unreadable(Derived::Fact))?);
    }
    Ok(kept)
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
        let columns = &fact_rows::FACT_ROW;
        let rows = DerivedRows { from, to, scope: Some(ALL_A), measures, columns };
        for batch in store.read_derived(Derived::Fact, &rows)? {
            let held = fact_rows::figures(&batch, ALL_A, wanted)
                .ok_or_else(|| Error::unreadable(Derived::Fact))?;
            for (measure, mut series) in held {
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
pub(crate) enum Walked<'a, T> {
    /// Where the bars of the stretch's sessions come from.
    Read(&'a [ExchangeRead]),
    /// What is made of a session, and its facts.
    Session(T, FactSet),
    /// So many sessions of the stretch lie behind.
    Passed(usize),
}

/// [`walk`] of the facts that are selected, with what is made of each session, several of them at a
/// time; sessions have their days where the selection needs them. Figures across sessions
/// are among the facts where those before `from` are given.
pub(crate) fn walk_days<T: Send>(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    selection: &Selection,
    mut figures: Option<Past>,
    make: &(dyn Fn(&WalkedSession) -> T + Sync),
    tell: &mut dyn FnMut(Walked<'_, T>) -> Result<(), Error>,
) -> Result<(), Error> {
    let rulebook = Rulebook::builtin();
    let version = rulebook.version();
    let calendar = Calendar::builtin();
    let keep = if selection.needs_days() { Keep::Days } else { Keep::Totals };
    stretches(market, (from, to), keep, &mut |reads, asked, sessions| {
        tell(Walked::Read(reads))?;
        let evaluate = |walked: &WalkedSession| walked.facts(selection, calendar, &version, &[]);
        // A session's days go as soon as it is worked out.
        let sets: Vec<(T, FactSet)> =
            asked.into_par_iter().map(|walked| (make(&walked), evaluate(&walked))).collect();
        for (made, mut set) in sets {
            if let Some(past) = &mut figures {
                fupan_measure::across(&mut set, past);
                past.push_set(&set);
            }
            tell(Walked::Session(made, set))?;
        }
        tell(Walked::Passed(sessions))
    })
}

/// Takes a stretch: where its bars come from, its sessions with trade, and how many all are.
type TellStretch<'a> =
    &'a mut dyn FnMut(&[ExchangeRead], Vec<WalkedSession>, usize) -> Result<(), Error>;

/// Goes past the data before `from`, and walks from there up to `to`, stretch by stretch. Where the
/// derived tables know what securities brought into the window before `from`, the data before that
/// window is not read.
fn stretches(
    market: &Market,
    (from, to): (SessionDate, SessionDate),
    keep: Keep,
    tell: TellStretch<'_>,
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
        tell(&[], Vec::new(), skipped)?;
    }
    let sessions = calendar.between(begin, to);
    let (before, asked) = sessions.split_at(sessions.partition_point(|session| *session < from));
    let stretches = before.chunks(STRETCH_SESSIONS).chain(asked.chunks(STRETCH_SESSIONS));
    let mut walk = |bars: &MarketHistory, reads: &[ExchangeRead], stretch: &[SessionDate]| {
        let (Some(start), Some(end)) = (stretch.first(), stretch.last()) else { return Ok(()) };
        let walked = if *end < from {
            history.pass(bars, *start, *end);
            Vec::new()
        } else {
            history.walk(bars, *start, *end, keep)
        };
        tell(reads, walked, stretch.len())
    };
    let (store, choice) = match market {
        Market::Sample(market) => {
            let whole = market.history(u32::MAX);
            return stretches.into_iter().try_for_each(|stretch| walk(&whole, &[], stretch));
        }
        Market::Store { store, choice } => (store, choice),
    };
    std::thread::scope(|scope| {
        // A stretch is read while the one before it is worked out.
        let (send, read) = mpsc::sync_channel(0);
        scope.spawn(move || {
            for stretch in stretches {
                let (Some(start), Some(end)) = (stretch.first(), stretch.last()) else { continue };
                // Of indices all that came before the first session is seen, as in a review.
                let indices_from = if *start == begin { calendar.first() } else { *start };
                let loaded = store.stretch(*start, *end, indices_from, choice);
                // Without a receiver the walk has stopped, and says why.
                if send.send((stretch, loaded)).is_err() {
                    return;
                }
            }
        });
        for (stretch, loaded) in read {
            let Loaded { history, reads, .. } = loaded?;
            walk(&history, &reads, stretch)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{review, sample};

    /// What a review reads of figures across sessions is what it would work out.
    #[test]
    fn kept_figures_across_sessions_are_those_of_the_past() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        backfill::backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let (first, last) = market.sessions().unwrap();
        let sessions = Calendar::builtin().between(first, last);
        let version = Rulebook::builtin().version();
        let mut of_percentiles = 0;
        for session in sessions.iter().skip(20).step_by(31).chain([&first, &last]) {
            let kept = across_sessions(&market, *session, &version).unwrap();
            let AcrossSessions::Kept(kept) = kept else { panic!("{session} is not kept") };
            let told = review(&market, Some(*session)).unwrap();
            let across: BTreeSet<&str> = fupan_measure::across_measures().collect();
            let mut set = told.clone();
            set.facts.retain(|key, _| !across.contains(key.measure.name()));
            assert_eq!(set.facts.len() + kept.len(), told.facts.len());
            let past = figures_before(&market, *session, Reach::Whole).unwrap().unwrap();
            let without = set.clone();
            fupan_measure::across(&mut set, &past);
            assert_eq!(set, told);
            // One that the table lost, or holds twice, is not passed over.
            let fails =
                |kept: Vec<Fact>| fupan_measure::across_kept(&mut without.clone(), kept).err();
            let key = kept[0].key.clone();
            assert_eq!(fails(kept[1..].to_vec()).as_ref(), Some(&key));
            assert_eq!(fails([&kept[..], &kept[..1]].concat()), Some(key));
            assert_eq!(fails(kept), None);
            of_percentiles += told
                .facts
                .values()
                .filter(|fact| fact.key.measure.name().starts_with("percentile"))
                .filter(|fact| !matches!(fact.value, fupan_fact::Value::Unknown { .. }))
                .count();
        }
        assert!(of_percentiles > 0, "nothing was ranked");
    }
}
