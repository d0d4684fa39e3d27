//! Figures out of the table `fact`, as they were kept.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{Fact, FactKey, FactSet, MeasureId, Scope};
use fupan_market::{Rulebook, RulebookVersion, SessionDate, Wording};
use fupan_measure::{FigureHistory, Series, catalogue};
use fupan_store::{DerivedRows, SourceChoice, Store};
use fupan_table::Derived;

use crate::fact_table::Filter;
use crate::kept::{fact_rows, freshness};
use crate::{Error, Market};

/// The facts kept of some sessions of one year.
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
pub(crate) fn insert(set: &mut FactSet, fact: Fact) {
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
    Of(FigureHistory),
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
        && store.stale_from(&freshness::made_by())?.is_none_or(|stale| stale > session)
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
) -> Result<Option<FigureHistory>, Error> {
    let Market::Store { store, choice: SourceChoice::Best } = market else { return Ok(None) };
    let (first, _) = market.sessions()?;
    let stale = store.stale_from(&freshness::made_by())?;
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
    Ok(Some(FigureHistory::of(figures)))
}

/// The scope that figures across sessions are told of.
const ALL_A: &str = "all-a";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Calendar, backfill, review, sample};

    /// What a review reads of figures across sessions is what it would work out.
    #[test]
    fn kept_figures_across_sessions_are_those_of_the_past() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
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
