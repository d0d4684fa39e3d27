//! Mistakes that a count over a market is likely to make, each with the test that catches it.
//! `cargo xtask mutants` makes every one of them and sees that its test fails.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod market;

use fupan_market::{PriceLimit, SecurityDay, Unlimited};
use fupan_measure::{Cell, Mark, Segment, Sum, Totals};
use market::bar_day;

/// A main-board day in fen: previous close 10.00, and the prices.
fn day(symbol: &str, prices: Option<[i64; 4]>) -> SecurityDay {
    bar_day(symbol, "平安", Some(1_000), prices)
}

fn count(totals: &Totals, mark: Mark) -> u64 {
    Segment::all().map(|segment| totals.part(segment).count(mark)).sum()
}

fn counted(days: &[SecurityDay], mark: Mark) -> u64 {
    count(&Totals::of_days(days), mark)
}

const SEALED: [i64; 4] = [1_000, 1_100, 1_000, 1_100];

#[test]
fn a_broken_limit_up_is_not_counted_as_sealed() {
    let days = [day("600000.SH", Some([1_000, 1_100, 1_000, 1_099]))];
    assert_eq!((counted(&days, Mark::SealedUp), counted(&days, Mark::BrokenUp)), (0, 1));
}

#[test]
fn a_day_without_a_limit_is_not_counted_as_limited() {
    let mut new = day("600000.SH", Some(SEALED));
    new.limit = PriceLimit::Unlimited(Unlimited::NewListing);
    assert_eq!((counted(&[new], Mark::Limited), counted(&[new], Mark::Unlimited)), (0, 1));
    assert_eq!(counted(&[new], Mark::SealedUp), 0);
}

#[test]
fn a_suspended_share_is_not_counted_as_unchanged() {
    let days = [day("600000.SH", None)];
    assert_eq!((counted(&days, Mark::Flat), counted(&days, Mark::Suspended)), (0, 1));
}

#[test]
fn a_rise_of_less_than_a_part_is_still_a_rise() {
    let mut day = day("600000.SH", Some([1_000; 4]));
    day.prev_close = Some(fupan_market::Price::from_units(2_147_483_000).unwrap());
    if let Some(traded) = &mut day.traded {
        traded.last = fupan_market::Price::from_units(2_147_483_001).unwrap();
        traded.high = traded.last;
    }
    assert_eq!((counted(&[day], Mark::Up), counted(&[day], Mark::Flat)), (1, 0));
}

#[test]
fn a_cohort_is_of_the_session_before_not_of_the_last_traded_day() {
    let mut back = day("600000.SH", Some(SEALED));
    back.carried.streak = Some(2);
    assert_eq!(counted(&[back], Mark::Cohort), 1);
    back.carried.gap_sessions = 1;
    assert_eq!(counted(&[back], Mark::Cohort), 0);
}

/// Totals of a day with one in its place that comes after it.
fn replaced(old: SecurityDay, new: SecurityDay) -> Totals {
    let mut totals = Totals::of_days(&[old, day("600001.SH", Some(SEALED))]);
    totals.replace(&Cell::of(&old), &Cell::of(&new));
    totals
}

#[test]
fn what_is_replaced_is_not_counted_any_more() {
    let (sealed, open) =
        (day("600000.SH", Some(SEALED)), day("600000.SH", Some([1_000, 1_001, 1_000, 1_001])));
    assert_eq!(count(&replaced(sealed, open), Mark::SealedUp), 1);
    assert_eq!(count(&replaced(open, sealed), Mark::SealedUp), 2);
    assert_eq!(count(&replaced(sealed, sealed), Mark::SealedUp), 2);
}

#[test]
fn a_risk_warning_that_comes_moves_a_share_to_its_own_segment() {
    let warned = bar_day("600000.SH", "ST平安", Some(1_000), Some([1_000, 1_050, 1_000, 1_050]));
    let totals = replaced(day("600000.SH", Some(SEALED)), warned);
    let sealed: Vec<u64> = Segment::all()
        .map(|segment| totals.part(segment).count(Mark::SealedUp))
        .filter(|count| *count > 0)
        .collect();
    assert_eq!(sealed, [1, 1]);
}

#[test]
fn merged_parts_keep_their_ladders() {
    let sealed = |symbol: &str, before: u16| {
        let mut day = day(symbol, Some(SEALED));
        day.carried.streak = Some(before);
        Totals::of_days(&[day])
    };
    let mut merged = sealed("600000.SH", 0);
    merged.merge(&sealed("600001.SH", 1));
    merged.merge(&sealed("600002.SH", 1));
    let ladder: Vec<(u16, u32)> =
        Segment::all().flat_map(|s| merged.part(s).ladder().collect::<Vec<_>>()).collect();
    assert_eq!(ladder, [(1, 1), (2, 2)]);
}

#[test]
fn turnover_is_summed_once_each() {
    let days = [day("600000.SH", Some(SEALED)), day("600001.SH", Some(SEALED))];
    let totals = Totals::of_days(&days);
    let sum: i128 = Segment::all().map(|s| totals.part(s).sum(Sum::Turnover)).sum();
    assert_eq!(sum, 2 * 1_100_000);
}
