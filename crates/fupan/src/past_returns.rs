//! What single securities returned in the sessions before one: from the derived tables if they are
//! up to date, else from a walk of the window.

use std::collections::HashMap;
use std::sync::Arc;

use fupan_market::{MarketHistory, PastDay, PastReturns, Return, SessionDate, Symbol};
use fupan_measure::{History, Keep, sql};
use fupan_store::{SourceChoice, Store};

use crate::data::WINDOW_SESSIONS;
use crate::kept::closes::closing_days;
use crate::{Error, Market};

/// A security's day under its last code.
type Day = (SessionDate, Symbol, PastDay);

impl Market {
    /// The returns of single securities in the sessions before `session` that figures of groups look
    /// back on, from the derived tables.
    pub(crate) fn kept_returns(&self, session: SessionDate) -> Result<Arc<PastReturns>, Error> {
        let sessions = self.looked_back_on(session)?;
        let days = match (self, sessions.first(), sessions.last()) {
            (Market::Store { store, choice: SourceChoice::Best }, Some(from), Some(to)) => {
                kept_days(store, (*from, *to))?
            }
            _ => Vec::new(),
        };
        Ok(Arc::new(PastReturns::of(sessions, days)))
    }

    /// The same from a walk of the window of a history.
    pub(crate) fn walked_returns(
        &self,
        history: &MarketHistory,
    ) -> Result<Arc<PastReturns>, Error> {
        let mut sessions = self.looked_back_on(history.session)?;
        sessions.retain(|session| history.from <= *session);
        let days = match (sessions.first(), sessions.last()) {
            (Some(from), Some(to)) => self.days_walked(history, *from, *to),
            _ => Vec::new(),
        };
        Ok(Arc::new(PastReturns::of(sessions, days)))
    }

    /// The sessions of the data before one that figures of groups look back on, earliest first.
    fn looked_back_on(&self, session: SessionDate) -> Result<Vec<SessionDate>, Error> {
        let (first, _) = self.sessions()?;
        let back = self.calendar().back(session, sql::RECENT_SESSIONS - 1)?;
        let from = back.map_or(first, |back| back.max(first));
        let sessions = self.calendar().between(from, session).iter().copied();
        Ok(sessions.filter(|before| *before < session).collect())
    }

    fn days_walked(&self, history: &MarketHistory, from: SessionDate, to: SessionDate) -> Vec<Day> {
        let mut walk = History::new(self.rulebook(), history.from, WINDOW_SESSIONS);
        if let Ok(Some(before)) = self.calendar().back(from, 1)
            && before >= history.from
        {
            walk.pass(history, history.from, before);
        }
        let walked = walk.walk(history, from, to, Keep::Days);
        let codes = history.securities.iter().flat_map(|security| {
            let listing = &security.listing;
            [from, to].map(|on| (listing.symbol_on(on), listing.symbol))
        });
        let last_codes: HashMap<Symbol, Symbol> = codes.collect();
        let days = walked.iter().flat_map(|session| &session.market.days);
        let traded = days.filter_map(|day| {
            day.traded?;
            let returned = day.day_return().map_or(PastDay::Unpriced, PastDay::Returned);
            let symbol = last_codes.get(&day.symbol).copied().unwrap_or(day.symbol);
            Some((day.session, symbol, returned))
        });
        traded.collect()
    }
}

/// Securities' days from the derived tables.
fn kept_days(store: &Store, sessions: (SessionDate, SessionDate)) -> Result<Vec<Day>, Error> {
    let days = closing_days(store, &store.codes()?, sessions)?.into_iter();
    let traded = days.filter_map(|day| {
        let last = day.close?;
        let returned = day.prev_close.and_then(|prev| Return::between(prev, last));
        let returned = returned.map_or(PastDay::Unpriced, PastDay::Returned);
        Some((day.session, day.symbol, returned))
    });
    Ok(traded.collect())
}

#[cfg(test)]
mod tests {
    use fupan_fact::{FactKey, FactSet, Scope};

    use super::*;
    use crate::{audit, backfill, review, sample};

    /// The groups' figures over sessions, and their returns in earlier ones.
    fn over_sessions(set: &FactSet) -> Vec<(&FactKey, &fupan_fact::Fact)> {
        let is_one = |key: &FactKey| {
            let name = key.measure.name();
            let is_earlier = key.session != set.session && matches!(key.scope, Scope::Group(_));
            is_earlier || name.starts_with("group_return") || name.starts_with("theme_")
        };
        set.facts.iter().filter(|(key, _)| is_one(key)).collect()
    }

    /// A store with derived tables and one without give the same figures; those of an earlier session
    /// are its own review's, and SQL agrees.
    #[test]
    fn earlier_returns_of_groups_are_those_of_their_own_reviews() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        let (_, last) = market.sessions().unwrap();
        let walked = review(&market, Some(last)).unwrap();
        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let market = Market::Store {
            store: Store::open(folder.path()).unwrap(),
            choice: SourceChoice::Best,
        };
        let kept = review(&market, Some(last)).unwrap();
        assert_eq!(over_sessions(&walked), over_sessions(&kept));

        let figures = over_sessions(&kept);
        let earlier = figures.iter().filter(|(key, _)| key.session != last);
        let earlier: Vec<_> = earlier.collect();
        let sessions: std::collections::BTreeSet<SessionDate> =
            earlier.iter().map(|(key, _)| key.session).collect();
        assert_eq!(sessions.len(), 9);
        for session in sessions {
            let own = review(&market, Some(session)).unwrap();
            let of_session = earlier.iter().filter(|(key, _)| key.session == session);
            for (key, fact) in of_session {
                let its = own.get(key).unwrap_or_else(|| panic!("no {key}"));
                assert_eq!(fact.value, its.value, "{key}");
                assert_eq!(fact.provenance.coverage, its.provenance.coverage, "{key}");
            }
        }
        let named = |name: &str| figures.iter().any(|(key, _)| key.measure.name() == name);
        for measure in ["group_return_5", "group_return_20", "theme_rank_1", "theme_rotation_5"] {
            assert!(named(measure), "{measure}");
        }
        let audit = audit(&market, last).unwrap();
        assert_eq!(audit.differences, []);
    }
}
