//! The live benchmark on a small session: it must be what it is said to be, and live must be batch.

use fupan_bench::live::GeneratedMarket;
use fupan_bench::live::session::SessionPlan;
use fupan_measure::{Live, Mark};

const PLAN: SessionPlan = SessionPlan { securities: 240, updates: 240 * 1_200, seed: 7 };

#[test]
fn what_is_live_is_the_batch_of_all_quotes_so_far() {
    let market = GeneratedMarket::generate(PLAN).unwrap();
    assert_eq!(market.session.instants.len(), 1_200);
    assert!(market.prove(12).unwrap() >= 12);
}

#[test]
fn a_replay_ends_alike_and_counts_what_arrived() {
    let market = GeneratedMarket::generate(PLAN).unwrap();
    let [one, other] = [(); 2].map(|()| market.replay(Live::new(&market.opening)));
    assert_eq!(one.digest(), other.digest());
    assert_eq!(one.readings, 1_200);
    let again = GeneratedMarket::generate(PLAN).unwrap();
    assert_eq!(again.session.arrivals, market.session.arrivals);
    let (_, arrived) = market.latencies();
    // Late copies may still be under way at the end; each snapshot arrives once beside them.
    let all = arrived.added + arrived.corrected + arrived.known + arrived.refused;
    assert_eq!(all, market.session.arrivals.len());
    assert!(arrived.added <= PLAN.updates && arrived.added > PLAN.updates * 99 / 100);
    assert!(arrived.corrected > 0 && arrived.known > 0);
    assert_eq!(arrived.refused, 0);
}

#[test]
fn the_session_has_in_it_what_live_figures_must_get_right() {
    let market = GeneratedMarket::generate(PLAN).unwrap();
    let replay = market.replay(Live::new(&market.opening));
    for mark in [
        Mark::Suspended,
        Mark::Up,
        Mark::Down,
        Mark::TouchedUp,
        Mark::WindowKnown,
        Mark::WindowUnknown,
        Mark::Above20,
        Mark::Cohort,
        Mark::CapUnknown,
        Mark::SizeKnown,
    ] {
        assert!(replay.count(mark) > 0, "{mark:?}");
    }
}
