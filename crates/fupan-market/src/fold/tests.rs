//! Streaks, clusters, highs and doubtful limits over sessions told as rows.

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

/// A listing long before any test, named as given.
fn listing(names: &[(&str, &str)]) -> Listing {
    let names =
        names.iter().map(|(on, name)| NameOn { on: on.parse().unwrap(), name: (*name).into() });
    Listing {
        listed_on: Some(on("2001-01-05")),
        names: names.collect(),
        ..Listing::unknown("600519.SH".parse().unwrap())
    }
}

/// Named before and after every session of 2024 and 2025 often enough to be no ST.
fn ordinary() -> Listing {
    listing(&[
        ("2023-06-30", "大位"),
        ("2024-06-28", "大位"),
        ("2025-06-27", "大位"),
        ("2026-06-26", "大位"),
    ])
}

struct Told<'a> {
    listing: &'a Listing,
    board: Board,
    history_from: &'a str,
    from: &'a str,
}

impl<'a> Told<'a> {
    /// Main board, rows from 2025-03-03 on, data from long before.
    fn of(listing: &'a Listing) -> Told<'a> {
        Told { listing, board: Board::Main, history_from: "2001-01-02", from: "2025-03-03" }
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
    assert_eq!(Told::of(&listing).streaks(&rows), expected);
}

#[test]
fn a_suspension_does_not_end_a_streak_and_is_counted_as_a_gap() {
    let listing = ordinary();
    let rows = [at(1000, 1000), at(1000, 1100), SUSPENDED, SUSPENDED, SUSPENDED, at(1100, 1210)];
    let days = Told::of(&listing).days(&rows);
    assert_eq!(days[3].limit_up_streak(), Some(1));
    assert_eq!(days[3].limit_up_touch(), None);
    assert_eq!(days[5].limit_up_streak(), Some(2));
    assert_eq!(days[5].carried.gap_sessions, 3);
    assert_eq!(days[1].carried.gap_sessions, 0);
}

#[test]
fn a_streak_the_data_begin_inside_is_unknown() {
    let listing = ordinary();
    let told = Told { history_from: "2025-03-03", ..Told::of(&listing) };
    let rows = [at(1000, 1100), at(1100, 1210), at(1210, 1210), at(1210, 1331)];
    assert_eq!(told.streaks(&rows), [None, None, Some(0), Some(1)]);
}

#[test]
fn unlimited_days_count_zero() {
    let listing = Listing { listed_on: Some(on("2025-03-03")), ..ordinary() };
    let told = Told { board: Board::ChiNext, ..Told::of(&listing) };
    let rows = [
        at(1000, 1200),
        at(1200, 1440),
        at(1440, 1728),
        at(1728, 2074),
        at(2074, 2489),
        at(2489, 2987),
        at(2987, 3584),
    ];
    let days = told.days(&rows);
    let new = PriceLimit::Unlimited(Unlimited::NewListing);
    assert_eq!(days[4].limit, new);
    assert_ne!(days[5].limit, new);
    let streaks: Vec<_> = days.iter().map(SecurityDay::limit_up_streak).collect();
    assert_eq!(streaks, [0, 0, 0, 0, 0, 1, 2].map(Some));
    assert_eq!(days[4].band_percent(), None);
    assert_eq!(days[5].band_percent(), Some(20));
}

#[test]
fn a_first_day_of_the_issue_price_regime_is_sealed_at_44_percent() {
    let listing =
        Listing { listed_on: Some(on("2017-03-01")), ..listing(&[("2017-03-01", "新")]) };
    let told = Told { from: "2017-03-01", ..Told::of(&listing) };
    let days = told.days(&[at(1000, 1440), at(1440, 1584)]);
    assert_eq!(days[0].limit_up_touch(), Some(Touch::Sealed));
    assert_eq!(days[0].band_percent(), None);
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
    let days = Told::of(&listing).days(&rows);
    let percents: Vec<_> = days.iter().map(SecurityDay::band_percent).collect();
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
            let day = Told::of(listing).days(&[row])[0];
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
        let day = Told::of(listing).days(&[at(1000, 1000), row])[1];
        assert_eq!((day.limit, day.limit_basis, day.limit_up_streak()), (limit, basis, streak));
    }
    let day = Told::of(&st).days(&[row])[0];
    assert_eq!(day.band_percent(), Some(5));
    let day = Told::of(&nameless).days(&[at(1000, 1000), row, at(1050, 1050)])[2];
    assert_eq!(day.carried.streak, None);
    assert_eq!(day.limit_up_streak(), Some(0));
}

#[test]
fn without_a_reference_price_the_limit_is_unknown_until_there_is_one() {
    let listing = ordinary();
    let none = |last| Row { prev: None, traded: Some((last, last, last)) };
    let days = Told::of(&listing).days(&[none(1000), none(1100), none(1210)]);
    assert_eq!(days[0].limit, PriceLimit::Unknown(Unknown::NoPrevClose));
    assert_eq!(days[0].limit_basis, LimitBasis::Undetermined);
    assert_eq!(days[1].prev_close, Some(fen(1000)));
    assert_eq!(days[1].prev_close_basis, PrevCloseBasis::Derived);
    // The unknown first day may have been sealed too.
    assert_eq!(days[2].limit_up_streak(), None);
}

#[test]
fn an_inferred_listing_is_new_unless_its_prices_say_it_is_not() {
    let names = [("2025-02-28", "大位"), ("2025-03-31", "大位")];
    let listing = Listing { listed_on: None, ..listing(&names) };
    let told = Told { history_from: "2025-01-02", ..Told::of(&listing) };
    let new = PriceLimit::Unlimited(Unlimited::NewListing);
    let days = told.days(&[at(1000, 1720), bar(1720, 1800, 1700, 1750)]);
    assert_eq!((days[0].limit, days[1].limit), (new, new));
    assert_eq!(days[0].limit_basis, LimitBasis::ShownByPrices);
    assert_eq!(days[0].limit_up_streak(), Some(0));
    // Resumed after a suspension without rows, and sealed.
    let day = told.days(&[at(1000, 1100)])[0];
    assert_eq!(day.limit_up_touch(), Some(Touch::Sealed));
    assert_eq!(day.limit_basis, LimitBasis::NearestName);
    // In the data from their beginning: nothing is inferred.
    let told = Told { history_from: "2025-03-03", ..told };
    assert_eq!(told.days(&[at(1000, 1000)])[0].band_percent(), Some(10));
}

#[test]
fn a_delisting_period_of_unknown_beginning_is_seen_by_its_prices() {
    let listing = listing(&[("2025-02-28", "*ST大位"), ("2025-03-05", "退市大位")]);
    let first = PriceLimit::Unlimited(Unlimited::DelistingPeriod);
    // 2025-03-03 is the first session, named only two sessions later.
    let rows = [at(100, 40), at(40, 36), at(36, 35), at(35, 32)];
    let days = Told::of(&listing).days(&rows);
    assert_eq!(days[0].limit, first);
    assert_eq!(days[1].limit_down_touch(), Some(Touch::Sealed));
    assert_eq!(days[2].limit, first);
    assert_eq!(days[3].band_percent(), Some(10));
    // A beginning that is known is unlimited whatever the prices are.
    let known = self::listing(&[("2025-02-28", "*ST大位"), ("2025-03-03", "退市大位")]);
    let days = Told::of(&known).days(&[at(100, 95), at(95, 86)]);
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
    assert_eq!(spanned(&Told::of(&listing).days(&rows)), expected);
    let rows = [seal(1000), flat, flat, flat, flat, seal(1100)];
    assert_eq!(spanned(&Told::of(&listing).days(&rows))[5], Some((1, 1)));
    let mut rows = vec![at(1000, 1000), seal(1000)];
    rows.extend([SUSPENDED; 10]);
    rows.push(seal(1100));
    let days = Told::of(&listing).days(&rows);
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
    assert_eq!(Told::of(&listing).streaks(&rows), [Some(0), Some(1), Some(2)]);
}

#[test]
fn touches_and_returns() {
    let listing = ordinary();
    let days = Told::of(&listing).days(&[bar(1000, 1100, 900, 1000), bar(1000, 950, 900, 900)]);
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

/// What lets a fold pass over a session without asking for its limit.
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

    /// A streak recounted from the end, row by row; a cluster never has fewer boards.
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
        let told = Told { history_from: "2025-03-03", ..Told::of(&listing) };
        let days = told.days(&rows);
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

mod past;

mod missing {
    use super::*;
    use crate::{ExtremeBasis, Lookback};

    /// The days of some rows of successive sessions; `None` is a session of which there is no row,
    /// `GONE` one that the whole exchange lacks.
    fn days(rows: &[Option<Row>], gone: &[usize]) -> Vec<SecurityDay> {
        let (listing, calendar) = (ordinary(), Calendar::builtin());
        let first = calendar.number(on("2024-01-02")).unwrap();
        let from = on("2001-01-02");
        let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, from);
        let mut passing = fold.clone();
        let mut days = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let number = first + place as u32;
            let session = calendar.session(number).unwrap();
            if gone.contains(&place) {
                fold.miss(Hole { number, session });
                passing.miss(Hole { number, session });
            }
            let Some(row) = row else { continue };
            let traded = row
                .traded
                .map(|(high, low, last)| traded(fen(last), fen(high), fen(low), fen(last)));
            let bar = DailyBar { session, prev_close: row.prev.map(fen), traded };
            let day = fold.day(&bar, number);
            assert_eq!(day, passing.day(&bar, number), "advancing is closing the day");
            let mut again = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, from);
            again.know_before(&day.brought());
            let mut again = again.day(&bar, number);
            assert_eq!(again.brought(), day.brought(), "what is brought comes back");
            (again.carried.past, again.carried.stood) = (day.carried.past, None);
            assert_eq!(again, day);
            let mut opened = fold.clone();
            opened.open(number, bar.prev_close);
            assert_eq!(opened.day(&bar, number), day, "opening changes no day");
            fold.close(&day);
            passing.advance(&bar, number);
            days.push(day);
        }
        days
    }

    fn streaks(days: &[SecurityDay]) -> Vec<(Option<u16>, u16)> {
        let of = |day: &SecurityDay| (day.limit_up_streak(), day.limit_up_streak_at_least());
        days.iter().map(of).collect()
    }

    fn boards(day: &SecurityDay) -> Option<u16> {
        day.limit_up_cluster().map(|cluster| cluster.boards)
    }

    #[test]
    fn a_streak_seen_after_a_hole_is_a_lower_bound() {
        let rows = [
            Some(at(1000, 1000)),
            Some(at(1000, 1100)),
            None,
            Some(at(1080, 1188)),
            Some(at(1188, 1307)),
            Some(at(1307, 1300)),
            Some(at(1300, 1430)),
        ];
        let told = days(&rows, &[2]);
        let expected =
            [(Some(0), 0), (Some(1), 1), (None, 1), (None, 2), (Some(0), 0), (Some(1), 1)];
        assert_eq!(streaks(&told), expected);
        assert!(told[2].misses_session_before() && !told[3].misses_session_before());
        // The cluster may have begun in the hole, and four unsealed days end whatever runs.
        assert_eq!(told.iter().map(boards).collect::<Vec<_>>()[2..], [None; 4]);
        let mut rows = rows.to_vec();
        rows.extend([Some(at(1430, 1430)); 4]);
        rows.push(Some(at(1430, 1573)));
        assert_eq!(boards(days(&rows, &[2]).last().unwrap()), Some(1));
    }

    #[test]
    fn nothing_is_said_of_prices_across_a_hole() {
        let mut rows = vec![Some(at(1000, 1000)); 460];
        rows[205] = None;
        rows[456] = Some(at(1000, 1001));
        let told = days(&rows, &[205]);
        let high = |day: &SecurityDay| day.new_high(Lookback::Sessions250, ExtremeBasis::Closing);
        let of = |place: usize| {
            told.iter().find(|d| d.session_number == place as u32 + told[0].session_number).unwrap()
        };
        assert_eq!(high(of(204)), Some(false));
        assert_eq!(high(of(206)), None);
        assert_eq!(high(of(455)), None, "the hole is the first of 250 sessions");
        assert_eq!(high(of(456)), Some(true), "and here it lies before them");
        assert_eq!(of(206).above_average(MovingAverage::Of20), None);
        assert_eq!(of(224).above_average(MovingAverage::Of20), None);
        assert_eq!(of(225).above_average(MovingAverage::Of20), Some(false));
    }

    #[test]
    fn a_reference_price_that_is_not_the_last_close_speaks_for_a_missing_bar() {
        let before = [Some(at(1000, 1000)), Some(at(1000, 1100))];
        let streak = |between: Option<Row>, after: Row| {
            let rows = [&before[..], &[between, Some(after)]].concat();
            streaks(&days(&rows, &[])).last().copied().unwrap()
        };
        // It was suspended, or its bar is missing: only the price can say.
        assert_eq!(streak(None, at(1100, 1210)), (Some(2), 2));
        assert_eq!(streak(None, at(1080, 1188)), (None, 1));
        assert_eq!(streak(None, at(1210, 1331)), (None, 1));
        assert_eq!(streak(None, at(1210, 1210)), (Some(0), 0));
        // A row says that it was suspended: an ex-rights day.
        assert_eq!(streak(Some(SUSPENDED), at(1080, 1188)), (Some(2), 2));
    }

    #[test]
    fn a_close_across_a_hole_is_no_previous_close() {
        let none = |last| Some(Row { prev: None, traded: Some((last, last, last)) });
        let rows = [none(1000), none(1010), None, none(1100), none(1110)];
        let closes = |gone: &[usize]| -> Vec<Option<Price>> {
            days(&rows, gone).iter().map(|day| day.prev_close).collect()
        };
        assert_eq!(closes(&[]), [None, Some(fen(1000)), Some(fen(1010)), Some(fen(1100))]);
        assert_eq!(closes(&[2]), [None, Some(fen(1000)), None, Some(fen(1100))]);
    }

    #[test]
    fn a_hole_before_the_listing_is_none_of_its_own() {
        let listing = Listing { listed_on: Some(on("2025-03-05")), ..ordinary() };
        let calendar = Calendar::builtin();
        let first = calendar.number(on("2025-03-03")).unwrap();
        let streak = |gone: u32| {
            let from = on("2001-01-02");
            let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, from);
            let number = first + gone;
            fold.miss(Hole { number, session: calendar.session(number).unwrap() });
            let session = on("2025-03-10");
            let bar = DailyBar { session, prev_close: None, traded: None };
            fold.day(&bar, first + 5).carried.streak
        };
        assert_eq!((streak(1), streak(2)), (Some(0), None));
    }
}
