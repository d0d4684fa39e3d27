//! Mistakes that a program about limits and streaks is likely to make, each with the test that
//! catches it. `cargo xtask mutants` makes every one of them and sees that its test fails.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use fupan_market::ExtremeBasis::{Closing, Intraday};
use fupan_market::Lookback::Sessions250;
use fupan_market::{
    Arrival, Band, Board, Calendar, DailyBar, Fen, Listing, MovingAverage, NameOn, Price,
    PriceLimit, Quote, Return, Rounding, Rulebook, SecurityDay, SecurityFold, SessionDate,
    SessionFold, Span, Symbol, Tape, Touch, Traded, Turnover, TurnoverBasis, Unlimited,
};

fn on(date: &str) -> SessionDate {
    date.parse().unwrap()
}

fn fen(fen: i64) -> Price {
    Price::from_fen(fen).unwrap()
}

fn limits(percent: u8, rounding: Rounding, prev_close: i64) -> PriceLimit {
    Band { percent, rounding }.limit(fen(prev_close))
}

fn limited(up: i64, down: i64) -> PriceLimit {
    PriceLimit::Limited { up: fen(up), down: fen(down) }
}

/// A day's row in fen: previous close; high, low and last.
type Row = (i64, Option<[i64; 3]>);

const HALT: Row = (0, None);

fn traded([high, low, last]: [i64; 3], volume: u64) -> Traded {
    let turnover =
        Turnover { fen: Fen(last * volume.cast_signed()), basis: TurnoverBasis::Reported };
    Traded { open: fen(last), high: fen(high), low: fen(low), last: fen(last), volume, turnover }
}

/// A day on which it traded at one price, in fen.
fn at(prev_close: i64, last: i64) -> Row {
    (prev_close, Some([last; 3]))
}

fn listing(symbol: &str, listed_on: &str, name: &str) -> Listing {
    let symbol: Symbol = symbol.parse().unwrap();
    let names = ["2024-01-02", "2025-03-03", "2025-12-31"]
        .map(|date| NameOn { on: on(date), name: name.to_owned() });
    Listing { listed_on: Some(on(listed_on)), names: names.to_vec(), ..Listing::unknown(symbol) }
}

fn days(listing: &Listing, board: Board, rows: &[Row]) -> Vec<SecurityDay> {
    let calendar = Calendar::builtin();
    let first = calendar.number(on("2025-03-03")).unwrap();
    let mut fold = SecurityFold::new(Rulebook::builtin(), listing, board, on("2001-01-02"));
    (first..)
        .zip(rows)
        .map(|(number, (prev_close, prices))| {
            let bar = DailyBar {
                session: calendar.session(number).unwrap(),
                prev_close: (*prev_close > 0).then(|| fen(*prev_close)),
                traded: prices.map(|prices| traded(prices, 1_000)),
            };
            let day = fold.day(&bar, number);
            fold.close(&day);
            day
        })
        .collect()
}

fn old(rows: &[Row]) -> Vec<SecurityDay> {
    days(&listing("600519.SH", "2001-01-05", "甲"), Board::Main, rows)
}

fn streaks(days: &[SecurityDay]) -> Vec<Option<u16>> {
    days.iter().map(SecurityDay::limit_up_streak).collect()
}

#[test]
fn limits_are_rounded_half_up_not_cut() {
    assert_eq!(limits(10, Rounding::HalfUp, 1_005), limited(1_106, 905));
}

#[test]
fn limits_in_beijing_are_cut_not_rounded() {
    assert_eq!(limits(30, Rounding::Inward, 182), limited(236, 128));
}

#[test]
fn a_limit_lies_a_tick_away_at_least() {
    assert_eq!(limits(10, Rounding::HalfUp, 4), limited(5, 3));
}

#[test]
fn a_risk_warning_has_its_own_band() {
    let warned =
        days(&listing("600519.SH", "2001-01-05", "ST甲"), Board::Main, &[at(1_000, 1_050)]);
    assert_eq!(warned[0].limit, limited(1_050, 950));
}

#[test]
fn the_last_of_the_first_sessions_has_no_limit_and_the_next_has_one() {
    let new = listing("300001.SZ", "2025-03-03", "新");
    let found = days(&new, Board::ChiNext, &[at(1_000, 1_000); 6]);
    assert_eq!(found[4].limit, PriceLimit::Unlimited(Unlimited::NewListing));
    assert_eq!(found[5].limit, limited(1_200, 800));
}

#[test]
fn days_without_a_limit_are_no_limit_ups() {
    let new = listing("300001.SZ", "2025-03-03", "新");
    let rows = [at(1_000, 1_200), at(1_200, 1_440), at(1_440, 1_728)];
    let found = days(&new, Board::ChiNext, &rows);
    assert_eq!(streaks(&found), [Some(0); 3]);
    assert!(found.iter().all(|day| day.limit_up_touch().is_none()));
}

#[test]
fn a_touch_is_no_seal() {
    let found = old(&[at(1_000, 1_000), (1_000, Some([1_100, 1_000, 1_099]))]);
    assert_eq!(found[1].limit_up_touch(), Some(Touch::Broken));
    assert_eq!(found[1].limit_up_streak(), Some(0));
}

#[test]
fn a_suspension_does_not_reset_a_streak() {
    let found = old(&[at(1_000, 1_000), at(1_000, 1_100), HALT, HALT, at(1_100, 1_210)]);
    assert_eq!(streaks(&found), [0, 1, 1, 1, 2].map(Some));
}

#[test]
fn an_unsealed_day_does_reset_a_streak() {
    let found = old(&[at(1_000, 1_000), at(1_000, 1_100), at(1_100, 1_200), at(1_200, 1_320)]);
    assert_eq!(streaks(&found), [0, 1, 0, 1].map(Some));
}

#[test]
fn highs_are_over_adjusted_closes() {
    // Half of 10.00 is 5.00 on the new level, so that 5.01 is a new high.
    let mut rows = vec![at(1_000, 1_000); 220];
    rows.push(at(500, 501));
    rows.push(at(501, 502));
    let found = old(&rows);
    assert_eq!(found[220].new_high(Sessions250, Closing), Some(true), "on the ex-rights day");
    assert_eq!(found[221].new_high(Sessions250, Closing), Some(true), "and after it");
    assert_eq!(found[221].above_average(MovingAverage::Of20), Some(true));
}

#[test]
fn highs_are_over_sessions_and_no_more_than_250() {
    let mut rows = vec![at(1_000, 1_050), at(1_050, 1_000)];
    rows.extend(vec![at(1_000, 1_000); 208]);
    rows.extend([HALT; 41]);
    rows.push(at(1_000, 1_040));
    // The high of 10.50 lies 251 sessions back, though it traded on few of them.
    assert_eq!(old(&rows)[251].new_high(Sessions250, Closing), Some(true));
}

#[test]
fn an_intraday_high_is_above_highs_not_closes() {
    let day = |high, low| (1_000, Some([high, low, 1_000]));
    let mut rows = vec![day(1_050, 950); 220];
    rows.extend([day(1_040, 960), day(1_051, 949)]);
    let found = old(&rows);
    let beyond = |day: &SecurityDay, basis| {
        [day.new_high(Sessions250, basis), day.new_low(Sessions250, basis)].map(Option::unwrap)
    };
    assert_eq!(beyond(&found[220], Intraday), [false; 2]);
    assert_eq!(beyond(&found[221], Intraday), [true; 2]);
    assert_eq!(beyond(&found[221], Closing), [false; 2]);
}

#[test]
fn returns_are_rounded_not_cut() {
    assert_eq!(Return::between(fen(300), fen(500)), Some(Return(666_666_667)));
}

const QUARTER: u32 = 900;

fn bar(time: u32, span: u32, last: i64, volume: u64) -> Quote {
    let traded = Some(traded([last; 3], volume));
    Quote { time, span: Span::Seconds(span), sequence: 0, revision: 0, traded }
}

/// Volume and last price in fen.
fn told(traded: Option<Traded>) -> (u64, i64) {
    let traded = traded.unwrap();
    (traded.volume, traded.last.fen().unwrap())
}

/// What quotes come to that are looked at all at once.
fn batch(quotes: &[Quote]) -> (u64, i64) {
    told(SessionFold::of(quotes.to_vec()).traded())
}

/// What quotes come to that are looked at after each arrival, and what became of the last.
fn live(quotes: &[Quote]) -> ((u64, i64), Arrival) {
    let mut tape = Tape::default();
    let place = tape.add([], ());
    let mut arrival = Arrival::Known;
    for quote in quotes {
        arrival = tape.arrive(place, quote);
    }
    (told(tape.traded(place)), arrival)
}

#[test]
fn a_quote_that_arrives_twice_is_not_counted_twice() {
    for quote in [bar(35_100, QUARTER, 1_000, 100), bar(35_100, 0, 1_000, 100)] {
        assert_eq!(live(&[quote, quote]), ((100, 1_000), Arrival::Known));
        assert_eq!(batch(&[quote, quote]), (100, 1_000));
    }
}

#[test]
fn a_correction_is_not_ignored() {
    let (wrong, right) = (bar(35_100, QUARTER, 2_000, 1_000), bar(35_100, QUARTER, 1_000, 100));
    let right = Quote { revision: 1, ..right };
    assert_eq!(live(&[wrong, right]), ((100, 1_000), Arrival::Corrected));
    assert_eq!(live(&[right, wrong]), ((100, 1_000), Arrival::Known));
    assert_eq!(batch(&[wrong, right]), (100, 1_000));
}

#[test]
fn a_late_quote_is_not_left_out_nor_the_last_price() {
    let (early, late) = (bar(35_100, QUARTER, 1_000, 200), bar(36_000, QUARTER, 1_010, 100));
    assert_eq!(live(&[late, early]), ((300, 1_010), Arrival::Added));
    assert_eq!(batch(&[late, early]), (300, 1_010));
}

#[test]
fn bars_over_each_other_are_not_counted_twice() {
    let bars = [bar(35_100, QUARTER, 1_000, 100), bar(35_400, QUARTER, 1_005, 100)];
    assert_eq!((batch(&bars), live(&bars).0), ((100, 1_005), (100, 1_005)));
}

#[test]
fn a_snapshot_is_not_added_to_what_is_known() {
    let snapshot = |time, volume| Quote { span: Span::SoFar, ..bar(time, 0, 1_000, volume) };
    let snapshots = [snapshot(35_100, 100), snapshot(35_103, 150)];
    assert_eq!((batch(&snapshots), live(&snapshots).0), ((150, 1_000), (150, 1_000)));
}

#[test]
fn a_changed_code_is_one_security() {
    let (old, new) = ("300114.SZ".parse().unwrap(), "302132.SZ".parse().unwrap());
    let rules = Rulebook::builtin();
    assert_eq!(rules.symbol_on(old, on("2025-02-17")), new);
    assert_eq!(rules.symbol_on(new, on("2025-02-14")), old);
}
