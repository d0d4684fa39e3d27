//! Which securities a review names though they are at no limit.

use fupan_fact::{FactSet, Scope};
use fupan_market::{Fen, SecurityDay, Turnover, TurnoverBasis};

use crate::{closing, code, facts, key, of_days, of_shares};

/// Shares at 10 yuan that make a company worth 100 billion yuan.
const LARGE: u64 = 10_000_000_000;

fn with_turnover(mut day: SecurityDay, yuan: i64) -> SecurityDay {
    let turnover = Turnover { fen: Fen(100 * yuan), basis: TurnoverBasis::Reported };
    day.traded.as_mut().unwrap().turnover = turnover;
    day
}

/// Eleven small shares, the first the most traded, and others that hardly traded.
fn market(others: Vec<SecurityDay>) -> FactSet {
    let small =
        (0..11_usize).map(|n| with_turnover(closing(&code(n), 1_000), 1_000_000 - n as i64));
    let others = others.into_iter().map(|day| with_turnover(day, 1));
    facts(&of_days(small.chain(others).collect()))
}

fn is_named(set: &FactSet, symbol: &str) -> bool {
    set.get(&key(&format!("security_return/{symbol}"))).is_some()
}

#[test]
fn the_ten_most_traded_are_named_and_no_eleventh() {
    let set = market(Vec::new());
    let named: Vec<bool> = (0..11).map(|n| is_named(&set, &code(n))).collect();
    assert_eq!(named.iter().filter(|named| **named).count(), 10);
    assert!(!named[10], "the least traded of them");
    let ranks = set.facts.keys().filter(|key| key.measure.name() == "turnover_rank_of");
    assert_eq!(ranks.count(), 10);
}

#[test]
fn a_large_company_that_moved_is_named_from_the_threshold_on() {
    // At 9.90 and 10.10 yuan; the third did not move, the last is a share too small.
    let of = |n: usize, last: i64, shares: u64| of_shares(&code(n), last, shares, shares);
    let set = market(vec![
        of(20, 990, LARGE * 100 / 99 + 1),
        of(21, 1_010, LARGE),
        of(22, 1_000, LARGE),
        of(23, 990, LARGE),
    ]);
    let named = [20, 21, 22, 23].map(|n| is_named(&set, &code(n)));
    assert_eq!(named, [true, true, false, false]);
}

#[test]
fn of_those_named_a_review_has_five_figures() {
    let set = market(Vec::new());
    let scope = Scope::Security(code(0).parse().unwrap());
    let own = set.facts.keys().filter(|key| key.scope == scope);
    let names: Vec<&str> = own.map(|key| key.measure.name()).collect();
    let expected =
        ["last_price", "market_value", "security_return", "turnover_of", "turnover_rank_of"];
    assert_eq!(names, expected);
}
