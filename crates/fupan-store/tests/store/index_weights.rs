//! Lists of indices' members: which holds in a session, and what is said of lists that disagree.

use fupan_market::{Finding, IndexList, SessionDate, TurnoverBasis, WHOLE_INDEX};
use fupan_store::{Loaded, SourceChoice, Store};
use fupan_table::{Import, IndexWeightRow, SecurityRow, Table, index_weight_batch, security_batch};

use crate::made::{SYMBOLS, bars, date, import, sessions, symbol};

const INDEX: &str = "000300.SH";

/// An import of a list of one index and date; without weights if they are `None`.
fn list(source: &str, on: &str, members: &[(&str, Option<u32>)]) -> Import {
    let rows = members.iter().map(|(who, weight)| IndexWeightRow {
        symbol: symbol(who),
        observed_on: date(on),
        index: symbol(INDEX),
        weight: *weight,
    });
    let batch = index_weight_batch(rows).unwrap();
    import(source, &format!("{on} {}", members.len()), vec![(Table::IndexWeight, batch)])
}

/// A store with bars of some sessions and these lists.
fn store(folder: &std::path::Path, lists: &[Import]) -> Store {
    let store = Store::open_or_create(&folder.join("store")).unwrap();
    let days = sessions("2026-02-02", "2026-02-12");
    store.append(&bars("vendor", "bars", &SYMBOLS, &days, TurnoverBasis::Reported, 1)).unwrap();
    for list in lists {
        store.append(list).unwrap();
    }
    store
}

fn on(store: &Store, session: &str) -> Loaded {
    store.history(date(session), 3, &SourceChoice::Best).unwrap()
}

fn said(loaded: &Loaded) -> Vec<&Finding> {
    loaded.findings.iter().filter(|finding| finding.subject == "index_weight").collect()
}

#[test]
fn a_session_has_the_lists_that_hold_in_it() {
    let [a, b, c] = [SYMBOLS[0], SYMBOLS[1], SYMBOLS[2]];
    let folder = tempfile::tempdir().unwrap();
    let store = store(
        folder.path(),
        &[
            list("csi", "2026-02-05", &[(a, Some(600_000)), (b, Some(400_000))]),
            list("csi", "2026-02-10", &[(a, Some(WHOLE_INDEX))]),
            list("own", "2026-02-11", &[(a, None), (b, None), (c, None)]),
        ],
    );
    let held = |session: &str| {
        let lists = on(&store, session).history.index_lists;
        let day = |list: &IndexList| list.observed_on.to_string();
        let session: SessionDate = date(session);
        let index = symbol(INDEX);
        (
            lists.members(index, session).map(day).unwrap(),
            lists.weights(index, session).map(day).unwrap(),
            lists.weights(index, session).unwrap().is_of_later(session),
        )
    };
    let told =
        |members: &str, weights: &str, later| (members.to_owned(), weights.to_owned(), later);
    assert_eq!(held("2026-02-04"), told("2026-02-05", "2026-02-05", true));
    assert_eq!(held("2026-02-05"), told("2026-02-05", "2026-02-05", false));
    assert_eq!(held("2026-02-10"), told("2026-02-10", "2026-02-10", false));
    assert_eq!(held("2026-02-12"), told("2026-02-11", "2026-02-10", false));
    let loaded = on(&store, "2026-02-12");
    assert!(said(&loaded).is_empty(), "{:?}", said(&loaded));
    // Where they come from is among the inputs.
    let inputs = loaded.inputs.iter().filter(|input| input.table == "index_weight");
    assert_eq!(inputs.count(), 3);
    let members = &loaded.history.index_lists.of_index(symbol(INDEX))[0].members;
    assert_eq!(members.iter().map(|m| m.weight).sum::<Option<u32>>(), Some(WHOLE_INDEX));
}

#[test]
fn lists_of_two_sources_that_disagree_are_said_in_their_sessions() {
    let [a, b, c] = [SYMBOLS[0], SYMBOLS[1], SYMBOLS[2]];
    let weighted = |first| [(a, Some(first)), (b, Some(WHOLE_INDEX - first))];
    for (other, disagrees) in [
        (&weighted(600_000)[..], false),
        (&weighted(600_010), false),
        (&weighted(600_011), true),
        (&[(a, None), (b, None)], false),
        (&[(a, None), (c, None)], true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let lists = [
            list("csi", "2026-02-05", &weighted(600_000)),
            list("vendor", "2026-02-05", other),
            list("csi", "2026-02-10", &weighted(500_000)),
        ];
        let store = store(folder.path(), &lists);
        let loaded = on(&store, "2026-02-09");
        assert_eq!(said(&loaded).len(), usize::from(disagrees), "{other:?}");
        assert!(said(&on(&store, "2026-02-10")).is_empty(), "{other:?}");
        let held = loaded.history.index_lists.weights(symbol(INDEX), date("2026-02-09")).cloned();
        assert_eq!(held.unwrap().members.len(), 2);
    }
}

#[test]
fn a_source_does_not_give_two_weights_of_one_member_and_date() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[list("csi", "2026-02-05", &[(SYMBOLS[0], Some(600_000))])]);
    let other = list("csi", "2026-02-05", &[(SYMBOLS[0], Some(500_000)), (SYMBOLS[1], Some(1))]);
    let refused = store.append(&other).unwrap_err().to_string();
    assert!(refused.contains("weight 60.0000 % → 50.0000 %"), "{refused}");
    assert!(refused.contains(INDEX), "{refused}");
}

/// Of a part of the members each would weigh too much.
#[test]
fn a_list_that_is_cut_off_is_said_and_weighs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[list("csi", "2026-02-05", &[(SYMBOLS[0], Some(523_620))])]);
    let loaded = on(&store, "2026-02-12");
    let said = said(&loaded);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].detail.en.contains("add up to 52.3620 %"), "{said:?}");
    assert!(said[0].detail.zh.contains("52.3620%"), "{said:?}");
    let lists = &loaded.history.index_lists;
    assert_eq!(lists.weights_before(symbol(INDEX), date("2026-02-12")), None);
}

#[test]
fn a_member_that_was_not_yet_listed_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let members = [(SYMBOLS[0], Some(600_000)), (SYMBOLS[1], Some(400_000))];
    let store = store(folder.path(), &[list("csi", "2026-02-05", &members)]);
    let listed = |who: &str, on: &str| SecurityRow {
        symbol: symbol(who),
        observed_on: date("2026-02-12"),
        name: None,
        listed_on: Some(date(on)),
        delisted_on: None,
        issue_price: None,
        industry: None,
    };
    let rows = [listed(SYMBOLS[0], "2026-02-05"), listed(SYMBOLS[1], "2026-02-06")];
    let batch = security_batch(rows).unwrap();
    store.append(&import("lists", "listed", vec![(Table::Security, batch)])).unwrap();
    let loaded = on(&store, "2026-02-12");
    let said = said(&loaded);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].count, 1);
    assert!(said[0].detail.en.contains(SYMBOLS[1]), "{said:?}");
}
