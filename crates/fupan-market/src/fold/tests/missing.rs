//! Sessions that are missing from the data.

use super::*;
use crate::{ExtremeBasis, Lookback};

/// The days of rows of successive sessions. `None` is a session without a row, `GONE` one that is
/// missing for the whole exchange.
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
        let traded =
            row.traded.map(|(high, low, last)| traded(fen(last), fen(high), fen(low), fen(last)));
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
    let scenario = days(&rows, &[2]);
    let expected = [(Some(0), 0), (Some(1), 1), (None, 1), (None, 2), (Some(0), 0), (Some(1), 1)];
    assert_eq!(streaks(&scenario), expected);
    assert!(scenario[2].misses_session_before() && !scenario[3].misses_session_before());
    // The cluster may have begun in the hole, and four unsealed days end whatever runs.
    assert_eq!(scenario.iter().map(boards).collect::<Vec<_>>()[2..], [None; 4]);
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
    let scenario = days(&rows, &[205]);
    let high = |day: &SecurityDay| day.new_high(Lookback::Sessions250, ExtremeBasis::Closing);
    let of = |place: usize| {
        scenario
            .iter()
            .find(|d| d.session_number == place as u32 + scenario[0].session_number)
            .unwrap()
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
