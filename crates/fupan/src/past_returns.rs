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
    use crate::{audit, backfill, review, sample, sessions};

    /// The groups' figures over sessions, and their returns in earlier ones.
    fn over_sessions(set: &FactSet) -> Vec<(&FactKey, &fupan_fact::Fact)> {
        let is_one = |key: &FactKey| {
            let name = key.measure.name();
            let is_earlier = key.session != set.session && matches!(key.scope, Scope::Group(_));
            let is_own_past = name.contains("percentile");
            is_earlier
                || !is_own_past && (name.starts_with("group_return") || name.starts_with("theme_"))
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

    /// Where a group stands in its own past is worked out of the figures of its own reviews, if they
    /// were kept.
    #[test]
    fn a_group_is_ranked_among_its_own_earlier_figures() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        let (first, last) = market.sessions().unwrap();
        let key = |measure: &str, group: &str, session: SessionDate| -> FactKey {
            format!("{measure}/{group}/{session}/close").parse().unwrap()
        };
        let walked = review(&market, Some(last)).unwrap();
        let group = walked.facts.keys().find_map(|key| match &key.scope {
            Scope::Group(group) if key.measure.name() == "turnover_share" => {
                Some(group.to_string())
            }
            _ => None,
        });
        let group = group.unwrap();
        let percentile = ["group_return_percentile_250", "turnover_share_percentile_250"];
        assert!(percentile.iter().all(|name| walked.get(&key(name, &group, last)).is_none()));

        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let market = Market::Store {
            store: Store::open(folder.path()).unwrap(),
            choice: SourceChoice::Best,
        };
        let kept = review(&market, Some(last)).unwrap();
        for (name, of) in percentile.into_iter().zip(["equal_weight_return", "turnover_share"]) {
            let sessions = market.calendar().between(first, last);
            let lately = &sessions[sessions.len() - 250..];
            let mut figures = Vec::new();
            sessions::walk(&market, lately[0], last, &mut |_| (), &mut |set| {
                let figure = set.get(&key(of, &group, set.session)).map(|fact| fact.value.clone());
                figures.extend(figure.and_then(|value| value.integers()));
                Ok(())
            })
            .unwrap();
            let (number, of) = *figures.last().unwrap();
            let lower = figures.iter().filter(|(other, whole)| {
                i128::from(*other) * i128::from(of.unwrap_or(1))
                    <= i128::from(number) * i128::from(whole.unwrap_or(1))
            });
            let (part, whole) = (lower.count() as i64, figures.len() as i64);
            let value = &kept.get(&key(name, &group, last)).unwrap().value;
            assert_eq!(*value, fupan_fact::Value::Share { part, whole }, "{name} of {group}");
        }
        assert_eq!(audit(&market, last).unwrap().differences, []);
    }
}
