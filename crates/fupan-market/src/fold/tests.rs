//! Streaks, clusters, highs and doubtful limits, over sessions written as rows.

use proptest::prelude::*;

use super::*;
use crate::{Calendar, Fen, MovingAverage, NameOn, Turnover, TurnoverBasis, Unlimited};

fn on(date: &str) -> SessionDate {
    date.parse().unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn fen(fen: i64) -> Price {
    Price::from_fen(fen).unwrap()
}

fn traded(open: Price, high: Price, low: Price, last: Price) -> Traded {
    let turnover = Turnover { fen: Fen(1_000_000), basis: TurnoverBasis::Reported };
    Traded { open, high, low, last, volume: 1_000, turnover }
}

/// A bar at one price.
fn at(prev: i64, last: i64) -> Row {
    Row { prev: Some(prev), traded: Some((last, last, last)) }
}

/// A bar with high, low and last in fen.
fn bar(prev: i64, high: i64, low: i64, last: i64) -> Row {
    Row { prev: Some(prev), traded: Some((high, low, last)) }
}

const SUSPENDED: Row = Row { prev: None, traded: None };

#[derive(Clone, Copy, Debug)]
struct Row {
    prev: Option<i64>,
    traded: Option<(i64, i64, i64)>,
}

/// A listing long before any test, with the given names.
fn listing(names: &[(&str, &str)]) -> Listing {
    let names =
        names.iter().map(|(on, name)| NameOn { on: on.parse().unwrap(), name: (*name).into() });
    Listing {
        listed_on: Some(on("2001-01-05")),
        names: names.collect(),
        ..Listing::unknown("600519.SH".parse().unwrap())
    }
}

/// Named often enough before and after every session of 2024 and 2025 to be known as no ST.
fn ordinary() -> Listing {
    listing(&[
        ("2023-06-30", "大位"),
        ("2024-06-28", "大位"),
        ("2025-06-27", "大位"),
        ("2026-06-26", "大位"),
    ])
}

struct Scenario<'a> {
    listing: &'a Listing,
    board: Board,
    history_from: &'a str,
    from: &'a str,
}

impl<'a> Scenario<'a> {
    /// Main board, rows from 2025-03-03 on, data from long before.
    fn of(listing: &'a Listing) -> Scenario<'a> {
        Scenario { listing, board: Board::Main, history_from: "2001-01-02", from: "2025-03-03" }
    }

    fn days(&self, rows: &[Row]) -> Vec<SecurityDay> {
        let calendar = Calendar::builtin();
        let first = calendar.number(on(self.from)).unwrap();
        let from = on(self.history_from);
        let mut fold = SecurityFold::new(Rulebook::builtin(), self.listing, self.board, from);
        let mut passing = fold.clone();
        (first..)
            .zip(rows)
            .map(|(number, row)| {
                let bar = DailyBar {
                    session: calendar.session(number).unwrap(),
                    prev_close: row.prev.map(fen),
                    traded: row
                        .traded
                        .map(|(high, low, last)| traded(fen(last), fen(high), fen(low), fen(last))),
                };
                let day = fold.day(&bar, number);
                assert_eq!(day, fold.day(&bar, number), "looking at a day moves nothing");
                assert_eq!(day, passing.day(&bar, number), "advancing is closing the day");
                fold.close(&day);
                passing.advance(&bar, number);
                day
            })
            .collect()
    }

    fn streaks(&self, rows: &[Row]) -> Vec<Option<u16>> {
        self.days(rows).iter().map(SecurityDay::limit_up_streak).collect()
    }
}

#[test]
fn a_streak_counts_sealed_days_and_ends_with_the_first_unsealed() {
    let listing = ordinary();
    let rows = [
        at(1000, 1000),
        at(1000, 1100),
        bar(1100, 1210, 1150, 1210),
        bar(1210, 1331, 1200, 1330),
        at(1330, 1463),
    ];
    let expected = [Some(0), Some(1), Some(2), Some(0), Some(1)];
    assert_eq!(Scenario::of(&listing).streaks(&rows), expected);
}

#[test]
fn a_suspension_does_not_end_a_streak_and_is_counted_as_a_gap() {
    let listing = ordinary();
    let rows = [at(1000, 1000), at(1000, 1100), SUSPENDED, SUSPENDED, SUSPENDED, at(1100, 1210)];
    let days = Scenario::of(&listing).days(&rows);
    assert_eq!(days[3].limit_up_streak(), Some(1));
    assert_eq!(days[3].limit_up_touch(), None);
    assert_eq!(days[5].limit_up_streak(), Some(2));
    assert_eq!(days[5].carried.gap_sessions, 3);
    assert_eq!(days[1].carried.gap_sessions, 0);
}

#[test]
fn a_streak_the_data_begin_inside_is_unknown() {
    let listing = ordinary();
    let scenario = Scenario { history_from: "2025-03-03", ..Scenario::of(&listing) };
    let rows = [at(1000, 1100), at(1100, 1210), at(1210, 1210), at(1210, 1331)];
    assert_eq!(scenario.streaks(&rows), [None, None, Some(0), Some(1)]);
}

#[test]
fn unlimited_days_count_zero() {
    let listing = Listing { listed_on: Some(on("2025-03-03")), ..ordinary() };
    let scenario = Scenario { board: Board::ChiNext, ..Scenario::of(&listing) };
    let rows = [
        at(1000, 1200),
        at(1200, 1440),
        at(1440, 1728),
        at(1728, 2074),
        at(2074, 2489),
        at(2489, 2987),
        at(2987, 3584),
    ];
    let days = scenario.days(&rows);
    let new = PriceLimit::Unlimited(Unlimited::NewListing);
    assert_eq!(days[4].limit, new);
    assert_ne!(days[5].limit, new);
    let streaks: Vec<_> = days.iter().map(SecurityDay::limit_up_streak).collect();
    assert_eq!(streaks, [0, 0, 0, 0, 0, 1, 2].map(Some));
    assert_eq!(band_percent(&days[4]), None);
    assert_eq!(band_percent(&days[5]), Some(20));
}

#[test]
fn a_first_day_of_the_issue_price_regime_is_sealed_at_44_percent() {
    let listing =
        Listing { listed_on: Some(on("2017-03-01")), ..listing(&[("2017-03-01", "新")]) };
    let scenario = Scenario { from: "2017-03-01", ..Scenario::of(&listing) };
    let days = scenario.days(&[at(1000, 1440), at(1440, 1584)]);
    assert_eq!(days[0].limit_up_touch(), Some(Touch::Sealed));
    assert_eq!(band_percent(&days[0]), None);
    assert_eq!(days[1].limit_up_streak(), Some(2));
}

#[test]
fn st_taken_off_in_the_middle_of_a_streak_widens_the_band() {
    let listing = listing(&[
        ("2025-03-03", "ST大位"),
        ("2025-03-04", "ST大位"),
        ("2025-03-05", "大位"),
        ("2025-03-06", "大位"),
    ]);
    let rows = [at(1000, 1000), at(1000, 1050), at(1050, 1155), at(1155, 1213)];
    let days = Scenario::of(&listing).days(&rows);
    let percents: Vec<_> = days.iter().map(band_percent).collect();
    assert_eq!(percents, [Some(5), Some(5), Some(10), Some(10)]);
    let streaks: Vec<_> = days.iter().map(SecurityDay::limit_up_streak).collect();
    assert_eq!(streaks, [Some(0), Some(1), Some(2), Some(0)]);
}

#[test]
fn an_unknown_status_is_decided_by_prices_where_they_can() {
    let hint = |name| listing(&[("2026-05-28", name)]);
    let nameless = listing(&[]);
    let ten = (PriceLimit::Limited { up: fen(1100), down: fen(900) }, LimitBasis::ShownByPrices);
    let (st, plain) = (hint("ST大位"), hint("大位"));
    for listing in [&st, &plain, &nameless] {
        // Beyond the narrower band, and short of it on both sides.
        for row in [bar(1000, 1051, 990, 1040), bar(1000, 1049, 951, 1000), at(1000, 1100)] {
            let day = Scenario::of(listing).days(&[row])[0];
            assert_eq!((day.limit, day.limit_basis), ten, "{row:?}");
        }
    }
    // At the narrower limit the name decides, or nothing does.
    let row = bar(1000, 1050, 990, 1050);
    let five = PriceLimit::Limited { up: fen(1050), down: fen(950) };
    for (listing, limit, basis, streak) in [
        (&st, five, LimitBasis::NearestName, Some(1)),
        (&plain, ten.0, LimitBasis::NearestName, Some(0)),
        (&nameless, PriceLimit::Unknown(Unknown::NoStatus), LimitBasis::Undetermined, None),
    ] {
        let day = Scenario::of(listing).days(&[at(1000, 1000), row])[1];
        assert_eq!((day.limit, day.limit_basis, day.limit_up_streak()), (limit, basis, streak));
    }
    let day = Scenario::of(&st).days(&[row])[0];
    assert_eq!(band_percent(&day), Some(5));
    let day = Scenario::of(&nameless).days(&[at(1000, 1000), row, at(1050, 1050)])[2];
    assert_eq!(day.carried.streak, None);
    assert_eq!(day.limit_up_streak(), Some(0));
}

#[test]
fn without_a_reference_price_the_limit_is_unknown_until_there_is_one() {
    let listing = ordinary();
    let none = |last| Row { prev: None, traded: Some((last, last, last)) };
    let days = Scenario::of(&listing).days(&[none(1000), none(1100), none(1210)]);
    assert_eq!(days[0].limit, PriceLimit::Unknown(Unknown::NoPrevClose));
    assert_eq!(days[0].limit_basis, LimitBasis::Undetermined);
    assert_eq!(days[1].prev_close, Some(fen(1000)));
    assert_eq!(days[1].prev_close_basis, PrevCloseBasis::Derived);
    // The unknown first day may have been sealed too.
    assert_eq!(days[2].limit_up_streak(), None);
}

#[test]
fn first_days_without_limits_need_no_reference_price() {
    let none = |last| Row { prev: None, traded: Some((last, last, last)) };
    let new = PriceLimit::Unlimited(Unlimited::NewListing);
    for (board, window) in
        [(Board::Main, 5), (Board::ChiNext, 5), (Board::Star, 5), (Board::Bse, 1)]
    {
        let listing = Listing { listed_on: Some(on("2025-03-03")), ..ordinary() };
        let scenario = Scenario { board, history_from: "2025-01-02", ..Scenario::of(&listing) };
        let mut rows = vec![none(4500)];
        rows.extend((1..window).map(|_| at(4500, 4500)));
        let up = if board == Board::Main { 4950 } else { 5400 };
        rows.push(at(4500, if board == Board::Bse { 5850 } else { up }));
        let days = scenario.days(&rows);
        for day in &days[..window] {
            assert_eq!((day.limit, day.limit_basis), (new, LimitBasis::Rules), "{board:?}");
        }
        assert_eq!(days[window].limit_up_streak(), Some(1), "{board:?}");
        // No listing date is stated, but its rows begin inside the data.
        let listing = Listing { listed_on: None, ..ordinary() };
        let scenario = Scenario { board, history_from: "2025-01-02", ..Scenario::of(&listing) };
        let day = scenario.days(&rows)[0];
        assert_eq!((day.limit, day.limit_basis), (new, LimitBasis::NearestName), "{board:?}");
    }
    // If the issue price limits the first day, it decides without a reference price too.
    let listing = listing(&[("2017-03-01", "新")]);
    let listing = Listing { listed_on: Some(on("2017-03-01")), ..listing };
    let scenario = Scenario { from: "2017-03-01", ..Scenario::of(&listing) };
    let unknown = PriceLimit::Unknown(Unknown::NoIssuePrice);
    assert_eq!(scenario.days(&[none(1440)])[0].limit, unknown);
    let listing = Listing { issue_price: Some(fen(1000)), ..listing };
    let scenario = Scenario { from: "2017-03-01", ..Scenario::of(&listing) };
    assert_eq!(scenario.days(&[none(1440)])[0].limit_up_touch(), Some(Touch::Sealed));
}

/// Some vendors name a new share, with its issue price, in the sessions before its first one.
#[test]
fn rows_before_the_first_trade_hide_no_new_listing() {
    let listing = Listing { listed_on: None, ..ordinary() };
    let unnamed = Row { prev: Some(2260), traded: None };
    let rows = [
        unnamed,
        unnamed,
        bar(2260, 26442, 20340, 21670),
        bar(21670, 22180, 22000, 22180),
        at(22180, 17903),
        at(17903, 17903),
        at(17903, 17903),
        at(17903, 21484),
    ];
    let new = PriceLimit::Unlimited(Unlimited::NewListing);
    for history_from in ["2025-01-02", "2025-03-03"] {
        let board = Board::ChiNext;
        let scenario = Scenario { board, history_from, ..Scenario::of(&listing) };
        let days = scenario.days(&rows);
        for day in &days[2..7] {
            assert_eq!(day.limit, new, "{history_from} {}", day.session);
            assert_eq!(day.listed_on, Some(on("2025-03-05")), "{history_from}");
        }
        assert_eq!(days[2].carried.first_seen, None, "{history_from}");
        assert_eq!(days[7].limit_up_streak(), Some(1), "{history_from}");
    }
}

#[test]
fn prices_overrule_a_name() {
    let warned = listing(&[("2025-02-28", "*ST大位"), ("2025-06-30", "*ST大位")]);
    let s_share = listing(&[("2025-02-28", "S大位"), ("2025-06-30", "S大位")]);
    for (listing, shown) in [(&warned, RiskWarning::Yes), (&s_share, RiskWarning::No)] {
        let scenario = Scenario::of(listing);
        // Sealed at the limit of the wider band, and below the narrower one.
        let days = scenario.days(&[at(1000, 1000), at(1000, 1100), bar(1100, 1100, 1040, 1050)]);
        assert_eq!(days[0].limit_basis, LimitBasis::Rules);
        assert_eq!(band_percent(&days[0]), Some(5));
        for day in &days[1..] {
            assert_eq!(day.limit_basis, LimitBasis::ShownByPrices);
            assert_eq!(band_percent(day), Some(10));
            let Status { risk_warning, basis, s_share, .. } = day.status;
            assert_eq!(risk_warning, RiskWarning::No);
            assert_eq!((basis, s_share), (crate::StatusBasis::Disproved, false));
            assert_eq!(day.status.nearest_risk_warning, shown);
        }
        assert_eq!(days[1].limit_up_touch(), Some(Touch::Sealed));
        assert_eq!(days[1].limit_up_streak(), Some(1));
        // Prices beyond both bands prove neither.
        let day = scenario.days(&[at(1000, 1101)])[0];
        let outside = PriceLimit::Unknown(Unknown::OutsideEveryBand);
        assert_eq!((day.limit, day.limit_basis), (outside, LimitBasis::Undetermined));
        assert_eq!(day.status.risk_warning == RiskWarning::No, shown == RiskWarning::No);
    }
}

#[test]
fn a_day_outside_every_band_has_no_known_limit() {
    let outside = PriceLimit::Unknown(Unknown::OutsideEveryBand);
    let (known, hint) = (ordinary(), listing(&[("2026-05-28", "ST大位")]));
    let nameless = listing(&[]);
    for listing in [&known, &hint, &nameless] {
        for row in [at(1000, 5880), bar(1000, 1101, 990, 1000), bar(1000, 1010, 899, 950)] {
            let day = Scenario::of(listing).days(&[row])[0];
            assert_eq!((day.limit, day.limit_basis), (outside, LimitBasis::Undetermined));
            // The source stated the previous close, so it stays.
            assert_eq!(day.prev_close, Some(fen(1000)));
        }
        let scenario = Scenario { board: Board::ChiNext, ..Scenario::of(listing) };
        assert_eq!(scenario.days(&[at(1000, 1201)])[0].limit, outside);
    }
    let days = Scenario::of(&known).days(&[at(1000, 1000), at(1000, 5880), at(5880, 6468)]);
    let streaks: Vec<_> = days.iter().map(SecurityDay::limit_up_streak).collect();
    assert_eq!(streaks, [Some(0), None, None]);
}

#[test]
fn a_streak_goes_on_under_a_new_code() {
    let former =
        crate::FormerCode { symbol: "600518.SH".parse().unwrap(), until: on("2025-03-06") };
    let listing = Listing { former: vec![former], ..ordinary() };
    let rows = [at(1000, 1000), at(1000, 1100), at(1100, 1210), at(1210, 1331), at(1331, 1464)];
    let days = Scenario::of(&listing).days(&rows);
    let codes: Vec<String> = days.iter().map(|day| day.symbol.to_string()).collect();
    let [old, new] = ["600518.SH", "600519.SH"];
    assert_eq!(codes, [old, old, old, new, new]);
    assert_eq!(days[4].limit_up_streak(), Some(4));
}

#[test]
fn rows_that_begin_with_new_codes_are_of_no_new_listing() {
    let listing = Listing { listed_on: None, ..ordinary() };
    let begin = |board, from| Scenario { board, from, ..Scenario::of(&listing) };
    let rows = [at(1000, 1300), at(1300, 1690), at(1690, 1690)];
    let days = begin(Board::Bse, "2025-10-09").days(&rows);
    assert_eq!(days[0].limit_up_touch(), Some(Touch::Sealed));
    assert_eq!(days[0].listed_on, None);
    let streaks: Vec<_> = days.iter().map(SecurityDay::limit_up_streak).collect();
    assert_eq!(streaks, [None, None, Some(0)]);
    // On another day, and elsewhere, they are.
    let day = begin(Board::Bse, "2025-10-10").days(&[at(1000, 1250)])[0];
    assert_eq!(day.limit, PriceLimit::Unlimited(Unlimited::NewListing));
    let day = begin(Board::Star, "2025-10-09").days(&[at(1000, 1150)])[0];
    assert_eq!(day.limit, PriceLimit::Unlimited(Unlimited::NewListing));
}

/// Ten for ten, without a reference price of the day.
#[test]
fn a_previous_close_that_no_source_gives_may_be_ruled_out() {
    let listing = ordinary();
    let none = |last| Row { prev: None, traded: Some((last, last, last)) };
    let low = Row { prev: None, traded: Some((2000, 1790, 1900)) };
    for row in [none(1020), none(1100), low] {
        let days = Scenario::of(&listing).days(&[at(2000, 2000), row, none(row.traded.unwrap().2)]);
        assert_eq!(days[1].prev_close, None, "{row:?}");
        assert_eq!((days[1].day_return(), days[1].limit_up_streak()), (None, None), "{row:?}");
        assert_eq!(days[2].day_return(), Some(crate::Return(0)));
        assert_eq!(days[2].limit_up_streak(), Some(0));
    }
    // Inside the band it is kept.
    let days = Scenario::of(&listing).days(&[at(2000, 2000), none(1800), none(1980)]);
    assert_eq!(days[1].limit_down_touch(), Some(Touch::Sealed));
    assert_eq!(days[2].limit_up_streak(), Some(1));
}

#[test]
fn an_inferred_listing_is_new_unless_its_prices_say_it_is_not() {
    let names = [("2025-02-28", "大位"), ("2025-03-31", "大位")];
    let listing = Listing { listed_on: None, ..listing(&names) };
    let scenario = Scenario { history_from: "2025-01-02", ..Scenario::of(&listing) };
    let new = PriceLimit::Unlimited(Unlimited::NewListing);
    let days = scenario.days(&[at(1000, 1720), bar(1720, 1800, 1700, 1750)]);
    assert_eq!((days[0].limit, days[1].limit), (new, new));
    assert_eq!(days[0].limit_basis, LimitBasis::ShownByPrices);
    assert_eq!(days[0].limit_up_streak(), Some(0));
    // A reference price of zero is none: there is no band to be sealed at.
    assert_eq!(scenario.days(&[at(0, 1)])[0].limit, new);
    // Resumed after a suspension without rows, and sealed.
    let day = scenario.days(&[at(1000, 1100)])[0];
    assert_eq!(day.limit_up_touch(), Some(Touch::Sealed));
    assert_eq!(day.limit_basis, LimitBasis::NearestName);
    // In the data from their beginning: nothing is inferred.
    let scenario = Scenario { history_from: "2025-03-03", ..scenario };
    assert_eq!(band_percent(&scenario.days(&[at(1000, 1000)])[0]), Some(10));
}

#[test]
fn a_delisting_period_of_unknown_beginning_is_seen_by_its_prices() {
    let listing = listing(&[("2025-02-28", "*ST大位"), ("2025-03-05", "退市大位")]);
    let first = PriceLimit::Unlimited(Unlimited::DelistingPeriod);
    // 2025-03-03 is the first session, named only two sessions later.
    let rows = [at(100, 40), at(40, 36), at(36, 35), at(35, 32)];
    let days = Scenario::of(&listing).days(&rows);
    assert_eq!(days[0].limit, first);
    assert_eq!(days[1].limit_down_touch(), Some(Touch::Sealed));
    assert_eq!(days[2].limit, first);
    assert_eq!(band_percent(&days[3]), Some(10));
    // A known first session is unlimited, whatever its prices.
    let known = self::listing(&[("2025-02-28", "*ST大位"), ("2025-03-03", "退市大位")]);
    let days = Scenario::of(&known).days(&[at(100, 95), at(95, 86)]);
    assert_eq!((days[0].limit, days[0].limit_basis), (first, LimitBasis::Rules));
    assert_eq!(days[1].limit_down_touch(), Some(Touch::Sealed));
}

#[test]
fn a_cluster_spans_unsealed_days_and_suspensions_and_ends_after_four_unsealed_days() {
    let listing = ordinary();
    let flat = at(1100, 1100);
    let seal = |prev: i64| at(prev, (prev * 110 + 50) / 100);
    let spanned = |days: &[SecurityDay]| -> Vec<Option<(u32, u16)>> {
        let spans =
            |day: &SecurityDay, c: Cluster| (day.session_number - c.first_session + 1, c.boards);
        days.iter().map(|day| day.limit_up_cluster().map(|c| spans(day, c))).collect()
    };
    let rows = [at(1000, 1000), seal(1000), flat, flat, flat, seal(1100), flat];
    let expected =
        [None, Some((1, 1)), Some((2, 1)), Some((3, 1)), Some((4, 1)), Some((5, 2)), Some((6, 2))];
    assert_eq!(spanned(&Scenario::of(&listing).days(&rows)), expected);
    let rows = [seal(1000), flat, flat, flat, flat, seal(1100)];
    assert_eq!(spanned(&Scenario::of(&listing).days(&rows))[5], Some((1, 1)));
    let mut rows = vec![at(1000, 1000), seal(1000)];
    rows.extend([SUSPENDED; 10]);
    rows.push(seal(1100));
    let days = Scenario::of(&listing).days(&rows);
    assert_eq!(spanned(&days)[12], Some((12, 2)));
    assert_eq!(days[12].limit_up_streak(), Some(2));
}

/// `n` bars at one price.
fn flat(n: usize, price: i64) -> Vec<Row> {
    vec![at(price, price); n]
}

#[test]
fn a_streak_goes_on_over_an_ex_rights_day() {
    let listing = ordinary();
    let rows = [at(1000, 1000), at(1000, 1100), at(550, 605)];
    assert_eq!(Scenario::of(&listing).streaks(&rows), [Some(0), Some(1), Some(2)]);
}

#[test]
fn touches_and_returns() {
    let listing = ordinary();
    let days = Scenario::of(&listing).days(&[bar(1000, 1100, 900, 1000), bar(1000, 950, 900, 900)]);
    assert_eq!(days[0].limit_up_touch(), Some(Touch::Broken));
    assert_eq!(days[0].limit_down_touch(), Some(Touch::Broken));
    assert_eq!(days[1].limit_up_touch(), Some(Touch::None));
    assert_eq!(days[1].limit_down_touch(), Some(Touch::Sealed));
    assert_eq!(days[1].day_return(), Some(crate::Return(-100_000_000)));
    assert_eq!(price("9.00"), days[1].traded.unwrap().last);
}

#[derive(Clone, Debug)]
enum Event {
    Trade(i64),
    Suspend,
    ExRights(i64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (-9_i64..=9).prop_map(Event::Trade),
        1 => Just(Event::Suspend),
        1 => (40_i64..=99).prop_map(Event::ExRights),
    ]
}

/// Rows of a random walk, with highs and lows away from the closes.
fn walk(events: &[Event]) -> Vec<Row> {
    let mut last = 5_000;
    events
        .iter()
        .map(|event| {
            let (prev, row_traded) = match event {
                Event::Suspend => return SUSPENDED,
                Event::Trade(percent) => (last, *percent),
                Event::ExRights(percent) => ((last * percent / 100).max(200), 1),
            };
            let close = (prev * (100 + row_traded) / 100).max(200);
            last = close;
            let high = close.max(prev) + close % 13 * 40;
            let low = (close.min(prev) - close % 11 * 40).max(1);
            Row { prev: Some(prev), traded: Some((high, low, close)) }
        })
        .collect()
}

/// This lets `advance` skip the limit of a session.
#[test]
fn no_limit_up_lies_less_than_three_percent_above_the_previous_close() {
    for session in ["2013-01-04", "2021-11-15", "2026-07-06"] {
        let rules = Rulebook::builtin().on(on(session));
        for board in Board::ALL {
            for risk_warning in [RiskWarning::No, RiskWarning::Yes] {
                let listing = ordinary();
                let fold = SecurityFold::new(Rulebook::builtin(), &listing, board, on(session));
                let known = fold.statuses.on(on(session));
                let status = Status { risk_warning, ..known };
                for prev_close in (1..=30_000).map(fen) {
                    let limit = rules.ordinary_limit(board, &status, prev_close);
                    if let PriceLimit::Limited { up, .. } = limit {
                        assert!(!below_any_limit_up(prev_close, up), "{prev_close} {up}");
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Streaks match a recount from the end, row by row; a cluster never has fewer boards.
    #[test]
    fn streaks_are_recounted(events in proptest::collection::vec(event(), 1..60), seals in any::<u64>()) {
        let listing = ordinary();
        let mut last = 1_000;
        let rows: Vec<Row> = events.iter().enumerate().map(|(i, event)| {
            let prev = match event {
                Event::Suspend => return SUSPENDED,
                Event::Trade(_) => last,
                Event::ExRights(percent) => (last * percent / 100).max(100),
            };
            let close = if seals >> i & 1 == 1 { (prev * 110 + 50) / 100 } else { prev };
            last = if close > 100_000 { 1_000 } else { close };
            at(prev, close)
        }).collect();
        let scenario = Scenario { history_from: "2025-03-03", ..Scenario::of(&listing) };
        let days = scenario.days(&rows);
        for end in 0..days.len() {
            let own = rows[..=end].iter().rev().filter_map(|row| Some((row.prev?, row.traded?.2)));
            let sealed = own.take_while(|(prev, close)| close > prev).count();
            let whole = rows[..=end].iter().all(|row| row.traded.is_none_or(|t| Some(t.2) != row.prev));
            let expected = (!whole).then_some(sealed as u16);
            prop_assert_eq!(days[end].limit_up_streak(), expected);
            if let (Some(cluster), Some(streak)) = (days[end].limit_up_cluster(), expected) {
                prop_assert!(cluster.boards >= streak);
            }
        }
    }
}

mod missing;
mod past;

/// The band, in percent, whose limit prices a day has: 5, 10, 20 or 30. `None` on a day without a
/// limit, with an undetermined one, or with one around the issue price.
fn band_percent(day: &SecurityDay) -> Option<u8> {
    let (PriceLimit::Limited { .. }, Some(prev_close)) = (day.limit, day.prev_close) else {
        return None;
    };
    let rules = Rulebook::builtin().on(day.session);
    let mut bands = [RiskWarning::No, RiskWarning::Yes].into_iter();
    let under = |warning| rules.band_under(day.board, &day.status, warning);
    let known = match day.status.risk_warning {
        RiskWarning::Unknown => bands.filter_map(under).find(|b| b.limit(prev_close) == day.limit),
        known => {
            bands.find(|w| *w == known).and_then(under).filter(|b| b.limit(prev_close) == day.limit)
        }
    };
    known.map(|band| band.percent)
}
