//! Which securities a review names though they are at no limit.

use fupan_fact::FactSet;
use fupan_market::{Fen, PriceLimit, SecurityDay, Turnover, TurnoverBasis, Unknown, Unlimited};

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
    let large = vec![
        of(20, 990, LARGE * 100 / 99 + 1),
        of(21, 1_010, LARGE),
        of(22, 1_000, LARGE),
        of(23, 990, LARGE),
    ];
    // Small ones that moved more.
    let small = (30..50).map(|n| closing(&code(n), if n % 2 == 0 { 1_050 } else { 950 }));
    let set = market(large.into_iter().chain(small).collect());
    let named = [20, 21, 22, 23].map(|n| is_named(&set, &code(n)));
    assert_eq!(named, [true, true, false, false]);
}

/// The ten that rose most and the ten that fell most, of those that closed at no limit; of equal ones
/// the first. One without a limit is named beside them, as is one whose limit is not known not.
#[test]
fn the_best_and_the_worst_inside_their_limits_are_named() {
    let rising = (20..31).map(|n| closing(&code(n), 1_090 - n as i64));
    let falling = (40..51).map(|n| closing(&code(n), 910 + n as i64));
    let unmoved = closing(&code(60), 1_000);
    let sealed = [closing(&code(61), 1_100), closing(&code(62), 900)];
    let with_limit =
        |n: usize, last: i64, limit: PriceLimit| SecurityDay { limit, ..closing(&code(n), last) };
    let free = PriceLimit::Unlimited(Unlimited::NewListing);
    let unknown = PriceLimit::Unknown(Unknown::NoStatus);
    let others = [
        with_limit(63, 3_000, free),
        with_limit(64, 500, free),
        with_limit(65, 1_000, free),
        with_limit(66, 1_099, unknown),
    ];
    let days = rising.chain(falling).chain([unmoved]).chain(sealed).chain(others);
    let set = market(days.collect());
    let named = |from: usize, to: usize| -> Vec<usize> {
        (from..=to).filter(|n| is_named(&set, &code(*n))).collect()
    };
    assert_eq!(named(20, 30), (20..30).collect::<Vec<_>>(), "the eleventh is not named");
    assert_eq!(named(40, 50), (40..50).collect::<Vec<_>>());
    // Those at a limit are reported in any case.
    assert_eq!(named(60, 66), [61, 62, 63, 64]);
    let free: Vec<String> =
        set.members[&key("unlimited_count/all-a")].iter().map(ToString::to_string).collect();
    assert_eq!(free, [code(63), code(64), code(65)]);
}
