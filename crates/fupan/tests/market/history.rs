//! History tells of every session what a review of it tells.

use std::collections::BTreeMap;

use fupan::{
    Calendar, Fact, FactKey, FactSet, Market, SessionDate, is_of_every_session, sample, sessions,
};

/// What is compared: everything but inputs and findings, which history does not carry, and what
/// reaches further back than a review's window, which a review has where it is kept (`backfill.rs`),
/// and figures of a review alone.
fn told(set: &FactSet, session: SessionDate) -> BTreeMap<FactKey, Fact> {
    let inside = |key: &FactKey| !key.measure.name().ends_with("_all_time");
    let own = set.facts.values().filter(|fact| {
        fact.key.session == session && inside(&fact.key) && is_of_every_session(set, &fact.key)
    });
    own.map(|fact| {
        let mut fact = fact.clone();
        fact.provenance.inputs = [].into();
        fact.provenance.findings.clear();
        (fact.key.clone(), fact)
    })
    .collect()
}

#[test]
fn history_tells_what_reviews_tell() {
    let market = Market::Sample(sample::small());
    let (first, last) = market.sessions().unwrap();
    let mut sessions = Vec::new();
    let mut emit = |set: FactSet| {
        let session = set.session;
        sessions.push(session);
        let review = fupan::review(&market, Some(session)).unwrap();
        assert!(set.facts.values().all(|fact| fact.provenance.findings.is_empty()));
        let (history, review) = (told(&set, session), told(&review, session));
        let differing: Vec<_> =
            review.iter().filter(|(key, fact)| history.get(key) != Some(fact)).take(3).collect();
        assert!(differing.is_empty(), "{session}: {differing:#?}");
        assert_eq!(history.len(), review.len(), "{session}");
        Ok(())
    };
    sessions::walk(&market, first, last, &mut |_| (), &mut emit).unwrap();
    assert_eq!(sessions, Calendar::builtin().between(first, last));
}
