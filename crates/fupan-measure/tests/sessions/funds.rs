//! Funds beside shares: they are counted nowhere.

use std::sync::Arc;

use fupan_fact::{FactKey, InputRef, Scope};
use fupan_market::{DailyBar, FundHistory, MarketHistory, Rulebook, Symbol};
use fupan_measure::{Selection, review};

use crate::{made, market};

/// A market with a fund whose prices, volume and turnover would stand out anywhere.
fn with_fund(fund: Symbol) -> [MarketHistory; 2] {
    let plain = made::market();
    let mut traded = market::traded([900_000, 990_000, 800_000, 980_000]);
    traded.volume = 900_000_000;
    let bar = DailyBar { session: plain.session, prev_close: None, traded: Some(traded) };
    let files = Arc::from(["fund_bar".to_owned()]);
    let funds = vec![FundHistory { symbol: fund, bars: vec![bar], files }];
    [plain.clone(), MarketHistory { funds, ..plain }]
}

#[test]
fn a_fund_changes_no_figure_of_shares() {
    let fund: Symbol = "510300.SH".parse().unwrap();
    let [plain, with] = with_fund(fund);
    let input = |table: &str| InputRef {
        table: table.to_owned(),
        source: "a".to_owned(),
        digest: table.to_owned(),
    };
    let inputs = ["daily_bar", "fund_bar", "index_bar"].map(input);
    let told = |history: &MarketHistory, selection: &Selection| {
        review(history, selection, Rulebook::builtin(), &inputs)
    };
    // Nobody asks for it: nothing is different, even if its bars were read.
    assert_eq!(told(&plain, &Selection::review()), told(&with, &Selection::review()));

    let is_of_fund = |key: &FactKey| key.scope == Scope::Security(fund);
    let asked = Selection::review().with_securities(vec![fund, "600003.SH".parse().unwrap()]);
    assert_eq!(asked.funds(), [fund]);
    let (without, mut set) = (told(&plain, &asked), told(&with, &asked));
    let own: Vec<_> = set.facts.extract_if(.., |key, _| is_of_fund(key)).collect();
    assert_eq!(own.len(), 10);
    for (_, fact) in &own {
        let tables: Vec<&str> =
            fact.provenance.inputs.iter().map(|input| input.table.as_str()).collect();
        assert_eq!(tables, ["fund_bar"], "{}", fact.key);
    }
    assert_eq!(set.facts, without.facts);
    assert_eq!((set.findings, set.members), (without.findings, without.members));
    for fact in without.facts.values() {
        let rests_on_funds = |input: &InputRef| input.table == "fund_bar";
        assert!(!fact.provenance.inputs.iter().any(rests_on_funds), "{}", fact.key);
    }
}

/// The figures of a fund are the same alone and in a review.
#[test]
fn a_fund_alone_has_the_figures_that_a_review_has() {
    let fund: Symbol = "510300.SH".parse().unwrap();
    let [_, with] = with_fund(fund);
    let alone = MarketHistory {
        funds: with.funds.clone(),
        ..MarketHistory::of(with.session, with.session, Vec::new())
    };
    let told = |history: &MarketHistory, selection: Selection| {
        let mut set = review(history, &selection, Rulebook::builtin(), &[]);
        set.facts.retain(|key, _| key.scope == Scope::Security(fund));
        set.facts
    };
    let own = told(&alone, Selection::of_funds(vec![fund]));
    assert_eq!(own.len(), 10);
    assert_eq!(own, told(&with, Selection::review().with_securities(vec![fund])));
}
