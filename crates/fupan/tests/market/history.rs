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

/// Over a range of sessions, figures that only a review has are those of each session's review.
#[test]
fn figures_of_reviews_are_there_for_every_session_of_a_range() {
    let folder = tempfile::tempdir().unwrap();
    let market = sample::stored(&sample::small(), folder.path()).unwrap();
    fupan::backfill(fupan::Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
    let (_, last) = market.sessions().unwrap();
    let from = market.calendar().back(last, 3).unwrap().unwrap();
    let review = fupan::review(&market, Some(last)).unwrap();
    let security = review.facts.keys().find_map(|key| match key.scope {
        fupan::Scope::Security(symbol) if key.measure.name() == "turnover_rank_of" => Some(symbol),
        _ => None,
    });
    let security = security.unwrap();
    let of_groups = ["group_return_percentile_250", "theme_rank_20"];
    for (measures, scopes) in [
        (&of_groups[..], Vec::new()),
        (&["theme_dispersion"], vec!["all-a".to_owned()]),
        (&["security_return_20"], vec![security.to_string()]),
    ] {
        let measures = measures.iter().map(|name| (*name).to_owned()).collect();
        let filter = fupan::fact_table::Filter { measures, scopes };
        let (mut found, mut passed) = (Vec::new(), Vec::new());
        let mut progress = |behind, of| passed.push((behind, of));
        let mut emit = |set: FactSet| {
            let review =
                fupan::review_asked(&market, Some(set.session), &[], &[security], &[]).unwrap();
            let its = |(key, fact): (&FactKey, &Fact)| (key.clone(), fact.value.clone());
            let admitted = review
                .facts
                .iter()
                .filter(|(key, _)| key.session == set.session && filter.admits(key));
            let own: Vec<_> = set.facts.iter().map(its).collect();
            assert_eq!(own, admitted.map(its).collect::<Vec<_>>(), "{}", set.session);
            found.push((set.session, own.len()));
            Ok(())
        };
        sessions::facts(&market, from, last, &filter, &mut progress, &mut emit).unwrap();
        let sessions = market.calendar().between(from, last);
        assert_eq!(found.iter().map(|(on, _)| *on).collect::<Vec<_>>(), sessions);
        assert!(found.iter().all(|(_, figures)| *figures > 0), "{found:?}");
        assert_eq!(passed.last(), Some(&(4, 4)));
    }
}
