//! What single securities returned in the sessions before one.

use fupan_market::{PastDay, PastReturns, Return, SessionDate};

use crate::closes::ClosingDay;
use crate::{Error, Market};

impl Market {
    /// The sessions of the data before `session` that, with it, make `sessions`; earliest first.
    pub(crate) fn sessions_before(
        &self,
        session: SessionDate,
        sessions: u32,
    ) -> Result<Vec<SessionDate>, Error> {
        let (first, _) = self.sessions()?;
        let back = self.calendar().back(session, sessions - 1)?;
        let from = back.map_or(first, |back| back.max(first));
        let sessions = self.calendar().between(from, session).iter().copied();
        Ok(sessions.filter(|before| *before < session).collect())
    }
}

/// What single securities returned in some sessions, from their days in those and maybe others.
pub(crate) fn past_returns(sessions: Vec<SessionDate>, days: &[ClosingDay]) -> PastReturns {
    let traded = days.iter().filter_map(|day| {
        let last = day.close?;
        let returned = day.prev_close.and_then(|prev| Return::between(prev, last));
        let returned = returned.map_or(PastDay::Unpriced, PastDay::Returned);
        Some((day.session, day.symbol, returned))
    });
    PastReturns::of(sessions, traded)
}

#[cfg(test)]
mod tests {
    use fupan_fact::{FactKey, FactSet, Scope};

    use fupan_store::{SourceChoice, Store};

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
