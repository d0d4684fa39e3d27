//! The whole of a market by both roads.

use std::path::Path;

use fupan::fact_table::Filter;
use fupan::{
    Calendar, Market, Scope, SessionDate, SourceChoice, Store, backfill, sample, sessions,
};
use fupan_market::{DailyBar, LostRows, Symbol};
use fupan_table::{Import, IndustryRow, Table, daily_bar_batch, daily_bar_rows, industry_batch};

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
    let twin = fupan::cross_check(&market, &explanation).unwrap();
    let fupan::CrossCheck::Agrees { sql } = twin else { panic!("{twin:?}") };
    assert!(sql.contains("close > prev_close"), "{sql}");
}

/// The small sample with a list of industries: the first two securities sealed in the last session
/// are in one, the third in another. Returns who was sealed.
fn with_industries(folder: &Path) -> Vec<String> {
    let store = sample::stored(&sample::small(), folder).unwrap();
    let (first, last) = store.sessions().unwrap();
    let list = |code: &str, name: &str, symbol: &str, seen_on: &str| IndustryRow {
        symbol: symbol.parse().unwrap(),
        observed_on: seen_on.parse().unwrap(),
        levels: [
            (Some(format!("{code}.SI")), Some(name.to_owned())),
            (None, Some("细类 甲/乙".to_owned())),
            (None, None),
        ],
        since: None,
        until: None,
    };
    let facts = fupan::review(&store, None).unwrap();
    let sealed = facts
        .members
        .iter()
        .find(|(key, _)| key.measure.name() == "limit_up_count" && key.scope == Scope::AllA);
    let sealed: Vec<String> = sealed.unwrap().1.iter().map(ToString::to_string).collect();
    let early = first.to_string();
    // One list says that the third came from one industry into the other in the last session.
    let left = IndustryRow { until: Some(last), ..list("801080", "电子", &sealed[2], &early) };
    let came = IndustryRow { since: Some(last), ..list("801780", "银行", &sealed[2], &early) };
    let rows = [
        list("801080", "电子", &sealed[0], &early),
        list("801080", "电子", &sealed[1], &early),
        left,
        came,
        // What is seen after the session is not believed of it where something was seen before.
        list("801780", "银行", &sealed[1], "2030-01-02"),
    ];
    let mut import = sample::small().imports().unwrap().remove(0);
    import.id = fupan::ImportId("industries".to_owned());
    import.source = "10 SW+".to_owned();
    import.batches = vec![(Table::Industry, industry_batch(rows).unwrap())];
    Store::open(folder).unwrap().append(&import).unwrap();
    sealed
}

/// An industry is a scope: named by its code or its name, explained with its members, and told over
/// time, where it is worked out.
#[test]
fn an_industry_is_explained_and_told_over_time() {
    let folder = tempfile::tempdir().unwrap();
    let sealed = with_industries(folder.path());
    let (_, last) = Market::Sample(sample::small()).sessions().unwrap();
    let reopened = Store::open(folder.path()).unwrap();
    let market = Market::Store { store: reopened, choice: SourceChoice::Best };
    let key = format!("limit_up_count/list-10-sw1.电子/{last}/close").parse().unwrap();
    let explanation = fupan::explain(&market, &key).unwrap();
    assert_eq!(explanation.fact.key.scope.to_string(), "list-10-sw1.801080");
    assert_eq!(explanation.group.as_ref().unwrap().zh, "电子");
    let members: Vec<String> =
        explanation.members.iter().map(|(symbol, _)| symbol.to_string()).collect();
    assert_eq!(members, sealed[..2]);
    let inputs: Vec<_> =
        explanation.fact.provenance.inputs.iter().map(|input| input.table.as_str()).collect();
    assert!(inputs.contains(&"industry"), "{inputs:?}");
    let twin = fupan::cross_check(&market, &explanation).unwrap();
    assert!(matches!(twin, fupan::CrossCheck::Agrees { .. }), "{twin:?}");

    // The second level, whose name holds a space and a slash; and a group that there is not.
    let level = |group: &str| format!("traded/{group}/{last}/close");
    let turnover = format!("turnover/list-10-sw2.细类-甲-乙/{last}/close").parse().unwrap();
    assert_eq!(fupan::explain(&market, &turnover).unwrap().fact.provenance.coverage.judged, 3);
    for (key, reason) in [
        (level("list-10-sw1.801080"), "not computed for industries"),
        (format!("turnover/list-10-sw1.999999/{last}/close"), "no list in the data"),
    ] {
        let error = fupan::explain(&market, &key.parse().unwrap()).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }

    // Over time: the same figure as a review's, whichever is asked.
    let scopes = vec!["list-10-sw1.银行".to_owned(), "list-10-sw1.电子".to_owned()];
    let filter = Filter { measures: vec!["turnover".to_owned()], scopes };
    let filter = market.with_group_codes(filter).unwrap();
    assert_eq!(filter.scopes, ["list-10-sw1.801780", "list-10-sw1.801080"]);
    let from = Calendar::builtin().back(last, 3).unwrap().unwrap();
    let mut told = Vec::new();
    sessions::facts(&market, from, last, &filter, &mut |_, _| (), &mut |set| {
        told.extend(set.facts.into_values());
        Ok(())
    })
    .unwrap();
    let judged: Vec<u64> = told.iter().map(|fact| fact.provenance.coverage.judged).collect();
    assert_eq!(judged, [3, 3, 3, 2, 1]);
    for session in [told[2].key.session, last] {
        let one = fupan::review_asked(&market, Some(session), &filter.groups(), &[], &[]).unwrap();
        for fact in told.iter().filter(|fact| fact.key.session == session) {
            assert_eq!(one.facts[&fact.key].value, fact.value);
        }
    }
    let before = fupan::explain(&market, &told[2].key).unwrap();
    let twin = fupan::cross_check(&market, &before).unwrap();
    assert!(matches!(twin, fupan::CrossCheck::Agrees { .. }), "{twin:?}");
}

/// The small sample without some sessions of some exchanges, all but a few stray rows of others,
/// and single rows of a few securities; some reference prices are not reported.
fn with_holes() -> Import {
    let mut import = sample::small().imports().unwrap().remove(0);
    let (first, last) = Market::Sample(sample::small()).sessions().unwrap();
    let sessions = Calendar::builtin().between(first, last);
    let place = |on: SessionDate| sessions.binary_search(&on).unwrap();
    let is_gone = |symbol: Symbol, bar: &DailyBar| {
        let (code, exchange) = (symbol.code() as usize, symbol.exchange() as usize);
        match place(bar.session) {
            40 | 180 | 292 => true,
            75 | 291 => exchange == 0,
            110 | 295 => !code.is_multiple_of(40),
            place => (code * 31 + place * 7) % 211 == 0,
        }
    };
    // Of a third of the single rows the import says whose they were, of a few sessions that rows
    // of some exchange or other are lost.
    let mut lost: Vec<LostRows> = Vec::new();
    for (table, batch) in &mut import.batches {
        if *table == Table::DailyBar {
            let rows = daily_bar_rows(batch).unwrap().into_iter();
            let mut is_kept = |symbol: Symbol, bar: &DailyBar| {
                let gone = is_gone(symbol, bar);
                let (session, exchange) = (Some(bar.session), Some(symbol.exchange()));
                match place(bar.session) {
                    100 | 200 | 250 | 290 if gone => {
                        lost.push(LostRows { session, exchange, symbol: None, rows: 1 });
                    }
                    place if gone && place.is_multiple_of(3) => {
                        lost.push(LostRows { session, exchange, symbol: Some(symbol), rows: 1 });
                    }
                    _ => {}
                }
                !gone
            };
            let kept = rows.filter(|(symbol, bar)| is_kept(*symbol, bar)).map(|(symbol, bar)| {
                let silent = (symbol.code() as usize + place(bar.session)).is_multiple_of(60);
                (symbol, DailyBar { prev_close: bar.prev_close.filter(|_| !silent), ..bar })
            });
            *batch = daily_bar_batch(kept.collect::<Vec<_>>()).unwrap();
        }
    }
    assert!(lost.iter().any(|lost| lost.symbol.is_none()), "no row of nobody is lost");
    import.lost = lost;
    import
}

/// The small market in a store that lacks the bars of one of its sessions, and those sessions.
fn lacking(
    hole: impl Fn(&[SessionDate]) -> usize,
) -> (tempfile::TempDir, Market, Vec<SessionDate>) {
    let mut import = sample::small().imports().unwrap().remove(0);
    let (first, last) = Market::Sample(sample::small()).sessions().unwrap();
    let sessions = Calendar::builtin().between(first, last).to_vec();
    let lost = sessions[hole(&sessions)];
    for (table, batch) in &mut import.batches {
        if *table == Table::DailyBar {
            let rows = daily_bar_rows(batch).unwrap().into_iter();
            let kept = rows.filter(|(_, bar)| bar.session != lost);
            *batch = daily_bar_batch(kept.collect::<Vec<_>>()).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    Store::open_or_create(folder.path()).unwrap().append(&import).unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, Market::Store { store, choice: SourceChoice::Best }, sessions)
}

/// A weight is not carried over a session that the data lack: prices moved in it, and that is no
/// ex-rights day. In both roads, with and without derived tables.
#[test]
fn a_weight_is_not_carried_over_a_hole() {
    let back = 5;
    let (folder, market, sessions) = lacking(|sessions| sessions.len() - 1 - back);
    let (before, last) = (sessions[sessions.len() - 2 - back], sessions[sessions.len() - 1]);
    let points = |market: &Market, session| {
        let facts = fupan::review(market, Some(session)).unwrap();
        let key = format!("index_member_points/000300.SH/{session}/close").parse().unwrap();
        facts.get(&key).unwrap().value.clone()
    };
    let unknown = fupan::Value::Unknown { reason: "no_weights".to_owned() };
    assert!(matches!(points(&market, before), fupan::Value::Points { .. }));
    assert_eq!(points(&market, last), unknown);
    for session in [before, last] {
        let audit = fupan::audit(&market, session).unwrap();
        assert_eq!((audit.differences, audit.without_twin), (Vec::new(), 0), "{session}");
    }
    backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
    assert_eq!(points(&market, last), unknown);
}

/// 52 weeks are fewer than 250 sessions: what is missing leaves their window first.
#[test]
fn a_hole_leaves_the_year_before_it_leaves_250_sessions() {
    let hole = 40;
    let (_folder, market, sessions) = lacking(|_| hole);
    // From when 52 weeks lie after the hole to when 250 sessions do.
    let (from, to) = (sessions[hole + 242], sessions[hole + 252]);
    let audit = fupan::audit_sessions(&market, from, to, &mut |_, _| ()).unwrap();
    assert_eq!(audit.differences, []);
    let facts = fupan::review(&market, Some(sessions[hole + 249])).unwrap();
    let judged = |measure: &'static str| {
        let key = fupan_fact::FactKey::at_close(
            fupan_fact::MeasureId::new(measure),
            fupan_fact::Scope::AllA,
            facts.session,
        );
        facts.get(&key).unwrap().provenance.coverage.judged
    };
    // Of 250 sessions only those are judged that were listed after the hole.
    let (sessions, year) = (judged("new_high_250"), judged("new_high_52w"));
    assert!(sessions < 10 && year > 100, "{sessions} and {year}");
}

#[test]
fn what_is_missing_is_missing_on_both_roads() {
    let folder = tempfile::tempdir().unwrap();
    Store::open_or_create(folder.path()).unwrap().append(&with_holes()).unwrap();
    let open = || Store::open(folder.path()).unwrap();
    let market = || Market::Store { store: open(), choice: SourceChoice::Best };
    let (first, last) = market().sessions().unwrap();
    let audit = fupan::audit_sessions(&market(), first, last, &mut |_, _| ()).unwrap();
    assert_eq!(audit.differences, []);
    backfill(open(), &mut |_, _| ()).unwrap();
    // With figures across sessions, and of one session by the other query of its past.
    let late = Calendar::builtin().back(last, 12).unwrap().unwrap();
    let audit = fupan::audit_sessions(&market(), late, last, &mut |_, _| ()).unwrap();
    assert_eq!(audit.differences, []);
    for back in [0, 3, 6] {
        let session = Calendar::builtin().back(last, back).unwrap().unwrap();
        assert_eq!(fupan::audit(&market(), session).unwrap().differences, [], "{session}");
    }
}
