//! The whole of a market by both roads.

use fupan::{Market, sample};

#[test]
fn every_figure_of_every_session_agrees_with_its_sql_twin() {
    let market = Market::Sample(sample::small());
    let (first, last) = market.sessions().unwrap();
    let audit = fupan::audit_sessions(&market, first, last, &mut |_, _| ()).unwrap();
    assert_eq!(audit.differences, []);
    assert_eq!(audit.without_twin, 0);
    assert_eq!(audit.sessions, 300);
    assert!(audit.agreed > 100 * audit.sessions, "only {} figures have twins", audit.agreed);
}

#[test]
fn explain_shows_the_sql_of_a_figure() {
    let market = Market::Sample(sample::small());
    let (_, last) = market.sessions().unwrap();
    let key = format!("advances/all-a/{last}/close").parse().unwrap();
    let explanation = fupan::explain(&market, &key).unwrap();
    let fupan::Twin::Agrees { sql } = explanation.twin else { panic!("{:?}", explanation.twin) };
    assert!(sql.contains("close > prev_close"), "{sql}");
}
