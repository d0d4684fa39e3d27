//! Articles about the sample market: written from its facts they hold, and a figure, a sign, a subject or
//! a limit that is changed is contradicted, there and nowhere else.

use fupan::check::{Article, Checker, Report, Verdict};
use fupan::{FactKey, FactSet, Market, MeasureId, Scope, Symbol, Value, review, sample};

fn value(facts: &FactSet, measure: &'static str, scope: Scope) -> Value {
    let key = FactKey::at_close(MeasureId::new(measure), scope, facts.session);
    facts.get(&key).unwrap_or_else(|| panic!("no {key}")).value.clone()
}

/// A return as newsrooms write it, in hundredths of a per cent.
fn hundredths(facts: &FactSet, symbol: &str) -> i64 {
    let symbol: Symbol = symbol.parse().unwrap();
    match value(facts, "index_return", Scope::Security(symbol)) {
        Value::Return { ppb } => ppb.0.signum() * ((ppb.0.abs() + 50_000) / 100_000),
        other => panic!("{other:?}"),
    }
}

fn count(facts: &FactSet, measure: &'static str) -> i64 {
    match value(facts, measure, Scope::AllA) {
        Value::Count { count } => count,
        other => panic!("{other:?}"),
    }
}

fn moved(hundredths: i64) -> String {
    let verb = if hundredths < 0 { "跌" } else { "涨" };
    format!("{verb}{}.{:02}%", hundredths.abs() / 100, hundredths.abs() % 100)
}

fn checked(checker: &Checker<'_>, facts: &FactSet, text: &str) -> Report {
    let article = Article::read(text.as_bytes(), Some("a.txt")).unwrap();
    checker.check("a.txt", &article, Some(facts.session)).unwrap()
}

fn verdicts(report: &Report) -> Vec<(String, Verdict)> {
    report.claims.iter().map(|claim| (claim.text.clone(), claim.verdict)).collect()
}

#[test]
fn a_text_written_from_facts_holds_and_one_changed_figure_does_not() {
    let market = Market::Sample(sample::small());
    let facts = review(&market, None).unwrap();
    let checker = Checker::new(&market).unwrap();
    let (sh, sz) = (hundredths(&facts, "000001.SH"), hundredths(&facts, "399001.SZ"));
    let (up, down) = (count(&facts, "advances"), count(&facts, "declines"));
    let sealed = count(&facts, "limit_up_count");
    let text = |sh: i64, sz: i64, up: i64, down: i64, sealed: i64| {
        format!(
            "收盘，沪指{}，深成指{}。沪深京三市{up}只个股上涨，{down}只下跌，{sealed}只个股涨停。",
            moved(sh),
            moved(sz)
        )
    };
    let report = checked(&checker, &facts, &text(sh, sz, up, down, sealed));
    let all = verdicts(&report);
    assert_eq!(all.len(), 5, "{all:?}");
    assert!(all.iter().all(|(_, verdict)| *verdict == Verdict::Supported), "{:#?}", report.claims);

    let changed = [
        text(sh + 7, sz, up, down, sealed),
        text(sh, -sz, up, down, sealed),
        text(sh, sz, up + 3, down, sealed),
        text(sh, sz, up, down - 2, sealed),
        text(sh, sz, up, down, sealed + 1),
    ];
    for (place, text) in changed.iter().enumerate() {
        let report = checked(&checker, &facts, text);
        for (at, claim) in report.claims.iter().enumerate() {
            let expected = if at == place { Verdict::Contradicted } else { Verdict::Supported };
            assert_eq!(claim.verdict, expected, "{text}: {claim:?}");
            assert_eq!(claim.right.is_some(), at == place, "{claim:?}");
        }
    }
}

/// Index moves alone find their session.
#[test]
fn a_text_without_a_date_is_of_the_session_that_its_moves_fit() {
    let market = Market::Sample(sample::small());
    let facts = review(&market, None).unwrap();
    let checker = Checker::new(&market).unwrap();
    let [sh, sz] = ["000001.SH", "399001.SZ"].map(|index| moved(hundredths(&facts, index)));
    let article = Article::read(format!("沪指{sh}，深成指{sz}。").as_bytes(), None).unwrap();
    let report = checker.check("-", &article, None).unwrap();
    assert_eq!(report.session, Some(facts.session), "{:?}", report.summary);
    let article = Article::read("沪指涨1%。".as_bytes(), None).unwrap();
    let report = checker.check("-", &article, None).unwrap();
    assert_eq!((report.session, report.counts().not_checkable), (None, 1));
}
