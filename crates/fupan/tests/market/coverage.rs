//! How much of a session the data hold is judged, and said.

use fupan::{
    Basis, Calendar, FactKey, FactSet, Market, MeasureId, Scope, SessionDate, SourceChoice, Store,
    Value, sample,
};
use fupan_market::{DailyBar, Exchange, FindingKind, Symbol};
use fupan_table::{Table, daily_bar_batch, daily_bar_rows};

/// The small sample in a store, of its bars those that are kept.
fn store(keep: impl Fn(Symbol, &DailyBar) -> bool) -> (tempfile::TempDir, Market) {
    let folder = tempfile::tempdir().unwrap();
    let mut import = sample::small().imports().unwrap().remove(0);
    for (table, batch) in &mut import.batches {
        if *table == Table::DailyBar {
            let rows = daily_bar_rows(batch).unwrap().into_iter();
            let kept: Vec<(Symbol, DailyBar)> =
                rows.filter(|(symbol, bar)| keep(*symbol, bar)).collect();
            *batch = daily_bar_batch(kept).unwrap();
        }
    }
    Store::open_or_create(folder.path()).unwrap().append(&import).unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, Market::Store { store, choice: SourceChoice::Best })
}

fn last() -> SessionDate {
    Market::Sample(sample::small()).sessions().unwrap().1
}

fn fact<'a>(facts: &'a FactSet, measure: &'static str, scope: Scope) -> &'a fupan::Fact {
    facts.get(&FactKey::at_close(MeasureId::new(measure), scope, facts.session)).unwrap()
}

fn partial(facts: &FactSet) -> Vec<(&str, u64)> {
    let of_kind = facts.findings.iter().filter(|f| f.kind == FindingKind::PartialSession);
    of_kind.map(|finding| (finding.subject.as_str(), finding.count)).collect()
}

#[test]
fn a_session_of_which_half_is_missing_is_partial() {
    let last = last();
    let (_folder, market) = store(|symbol, bar| {
        bar.session < last || symbol.exchange() != Exchange::Sse || symbol.code() % 3 > 0
    });
    let facts = fupan::review(&market, Some(last)).unwrap();
    let advances = |scope| &fact(&facts, "advances", scope).provenance;
    let (sse, szse) =
        (advances(Scope::Exchange(Exchange::Sse)), advances(Scope::Exchange(Exchange::Szse)));
    assert_eq!((sse.basis, szse.basis), (Basis::Partial, Basis::Exact));
    assert!(sse.coverage.unjudged * 2 > sse.coverage.judged / 2, "{:?}", sse.coverage);
    assert_eq!(advances(Scope::AllA).basis, Basis::Partial);
    assert_eq!(szse.coverage.unjudged, 0);
    assert_eq!(partial(&facts), [("sse", sse.coverage.unjudged)]);
    let suspended = &fact(&facts, "suspended", Scope::AllA).value;
    assert_eq!(*suspended, Value::Unknown { reason: "session_partial".to_owned() });
    let brief = fupan::brief(&facts, fupan::Language::En);
    assert!(fupan::export::markdown(&brief, &facts).contains("A-shares are in the data"));
}

#[test]
fn a_whole_session_is_exact() {
    let (_folder, market) = store(|_, _| true);
    let facts = fupan::review(&market, None).unwrap();
    assert_eq!(facts.session, last());
    assert_eq!(fact(&facts, "advances", Scope::AllA).provenance.basis, Basis::Exact);
    assert_eq!(partial(&facts), []);
}

#[test]
fn without_a_date_the_last_whole_session_is_reviewed() {
    let last = last();
    let before = Calendar::builtin().back(last, 1).unwrap().unwrap();
    let (_folder, market) =
        store(|symbol, bar| bar.session < last || symbol.code().is_multiple_of(50));
    let facts = fupan::review(&market, None).unwrap();
    assert_eq!(facts.session, before);
    assert_eq!(partial(&facts), [(last.to_string().as_str(), 1)]);
    assert_eq!(fupan::review(&market, Some(last)).unwrap().session, last);
}

#[test]
fn a_list_says_who_should_be_there() {
    let last = last();
    // One session alone: only the names say that more is listed.
    let (_folder, market) =
        store(|symbol, bar| bar.session == last && !symbol.code().is_multiple_of(4));
    let facts = fupan::review(&market, Some(last)).unwrap();
    let advances = &fact(&facts, "advances", Scope::AllA).provenance;
    assert_eq!(advances.basis, Basis::Partial);
    assert!(advances.coverage.unjudged > 50, "{:?}", advances.coverage);
}

#[test]
fn a_handful_of_stocks_is_judged_against_evidence_alone() {
    let (_folder, market) =
        store(|symbol, _| symbol.exchange() == Exchange::Sse && symbol.code().is_multiple_of(40));
    let facts = fupan::review(&market, None).unwrap();
    // The lists name hundreds, so the exchange is partial; what is there is judged.
    let sse = fact(&facts, "traded", Scope::Exchange(Exchange::Sse));
    assert!(matches!(sse.value, Value::Count { count } if count > 0), "{sse:?}");
}
