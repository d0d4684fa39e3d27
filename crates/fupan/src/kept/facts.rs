//! Reads stored figures from the table `fact`.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{Fact, FactKey, FactSet, MeasureId, Scope};
use fupan_market::{RulebookVersion, SessionDate, Wording};
use fupan_measure::{FigureHistory, Series, catalogue};
use fupan_store::{DerivedRows, SourceChoice, Store};
use fupan_table::Derived;

use crate::fact_table::Filter;
use crate::kept::{fact_rows, freshness};
use crate::{Error, Market};

/// The stored facts of some sessions of one year.
pub(crate) fn kept_year(
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
    let rulebook = store.rulebook().version();
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

/// The error for a fact that the table must hold once, and holds twice or not.
pub(crate) fn not_once(key: &FactKey) -> Error {
    let detail = Wording::new(
        format!("{key} should be in it once, but is missing or duplicated"),
        format!("`{key}`应当出现一次，实际缺失或重复"),
    );
    Error::DerivedDamaged { table: Derived::Fact.name(), detail }
}

/// Adds a fact, and its measure's text if the set lacks it.
pub(crate) fn insert(set: &mut FactSet, fact: Fact) {
    let name = fact.key.measure.name();
    if !set.measures.contains_key(name)
        && let Some(measure) = catalogue().iter().find(|measure| measure.name() == name)
    {
        set.measures.insert(name.to_owned(), measure.text());
    }
    set.insert(fact);
}

/// The figures across sessions of one session, or what is needed to compute them.
pub(crate) enum AcrossSessions {
    /// They are stored.
    Kept(Vec<Fact>),
    /// They must be computed from these figures of the sessions before.
    Of(FigureHistory),
    /// The derived tables are out of date or not in use, so they are unknown.
    Unknown,
}

/// The figures across sessions of one session, from the derived tables.
pub(crate) fn across_sessions(
    market: &Market,
    session: SessionDate,
    rulebook: &RulebookVersion,
) -> Result<AcrossSessions, Error> {
    if let Market::Store { store, choice: SourceChoice::Best } = market
        && store
            .stale_from(&freshness::made_by(store.rulebook()))?
            .is_none_or(|stale| stale > session)
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
    /// As far as the figures of one session need.
    Needed,
}

/// The figures of the sessions before `session`, from the derived tables. `None` if the tables are
/// out of date for them or not in use.
pub(crate) fn figures_before(
    market: &Market,
    session: SessionDate,
    reach: Reach,
) -> Result<Option<FigureHistory>, Error> {
    let Market::Store { store, choice: SourceChoice::Best } = market else { return Ok(None) };
    let (first, _) = market.sessions()?;
    let stale = store.stale_from(&freshness::made_by(store.rulebook()))?;
    if stale.is_some_and(|stale| stale < session) {
        return Ok(None);
    }
    let since = match reach {
        Reach::Whole => first,
        Reach::Needed => SessionDate::new(session.date().year() - FigureHistory::YEARS, 1, 1)
            .map_or(first, |january| january.max(first)),
    };
    let names: Vec<&str> = FigureHistory::measures().collect();
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
    read(since, session, &names, &FigureHistory::wants)?;
    let year_before = SessionDate::new(since.date().year() - 1, 12, 31);
    if let Ok(before) = year_before
        && before >= first
    {
        read(first, before, &[FigureHistory::EVER], &|measure| measure == FigureHistory::EVER)?;
    }
    Ok(Some(FigureHistory::of(figures, market.calendar())))
}

/// The scope of figures across sessions.
const ALL_A: &str = "all-a";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{backfill, review, sample};

    /// The stored figures across sessions that a review reads equal those it would compute.
    #[test]
    fn kept_figures_across_sessions_are_those_of_the_past() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let (first, last) = market.sessions().unwrap();
        let sessions = market.calendar().between(first, last);
        let version = market.rulebook().version();
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
            // A figure that the table lost, or holds twice, is an error.
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
