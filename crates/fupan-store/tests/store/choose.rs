//! Which source a review reads.

use fupan_market::{Exchange, TurnoverBasis};
use fupan_store::{SourceChoice, Store};

use crate::made;

#[test]
fn each_exchange_and_session_has_its_own_best_source() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path()).unwrap();
    let sessions = made::sessions("2026-02-02", "2026-02-12");
    let last = sessions[sessions.len() - 1];
    let stocks = &made::SYMBOLS[..4];
    let beijing = &made::SYMBOLS[4..5];
    for import in [
        made::bars("long", "1", stocks, &sessions, TurnoverBasis::Estimated, 1),
        made::bars("day", "1", stocks, &[last], TurnoverBasis::Reported, 2),
        made::bars("north", "1", beijing, &sessions, TurnoverBasis::Reported, 3),
    ] {
        store.append(&import).unwrap();
    }
    let loaded = store.history(last, 5, &SourceChoice::Best).unwrap();
    let used: Vec<(Exchange, &str)> =
        loaded.sources_used.iter().map(|used| (used.exchange, used.source.as_str())).collect();
    assert_eq!(used, [(Exchange::Sse, "day"), (Exchange::Szse, "day"), (Exchange::Bse, "north")]);
    assert!(loaded.sources_left.iter().all(|left| left.source == "long"));
    for security in &loaded.history.securities {
        let who = security.listing.symbol;
        assert_eq!(security.bars.len(), 6, "{who}");
        let (seed, basis, before) = match who.exchange() {
            Exchange::Bse => (3, TurnoverBasis::Reported, 3),
            _ => (2, TurnoverBasis::Reported, 1),
        };
        assert_eq!(security.bars[5], made::bar(who, last, basis, seed));
        let basis = match before {
            1 => TurnoverBasis::Estimated,
            _ => TurnoverBasis::Reported,
        };
        let session = security.bars[0].session;
        assert_eq!(security.bars[0], made::bar(who, session, basis, before));
    }
    let named = SourceChoice::Named("day".to_owned());
    let loaded = store.history(last, 5, &named).unwrap();
    assert!(loaded.history.securities.iter().all(|security| security.bars.len() == 1));
    let missing: u64 = loaded.findings.iter().map(|finding| finding.count).sum();
    assert_eq!(missing, 2 * 5, "{:?}", loaded.findings);
}
