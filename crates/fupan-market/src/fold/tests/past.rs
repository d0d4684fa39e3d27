//! What a fold keeps of earlier prices: extremes, averages, and what came before the data.

use super::*;
use crate::ExtremeBasis::{Closing, Intraday};
use crate::Lookback::{AllTime, Sessions250, Weeks52};
use crate::{AdjustedPrice, Extreme};

#[test]
fn a_new_high_is_strictly_higher_and_asks_for_200_traded_sessions() {
    let listing = ordinary();
    let scenario = Scenario { from: "2024-01-02", ..Scenario::of(&listing) };
    let last = |mut rows: Vec<Row>, row: Row| {
        rows.push(row);
        *scenario.days(&rows).last().unwrap()
    };
    assert_eq!(last(flat(200, 1000), at(1000, 1001)).new_high(Sessions250, Closing), Some(true));
    assert_eq!(last(flat(200, 1000), at(1000, 1000)).new_high(Sessions250, Closing), Some(false));
    assert_eq!(last(flat(200, 1000), at(1000, 999)).new_low(Sessions250, Closing), Some(true));
    assert_eq!(last(flat(200, 1000), at(1000, 1000)).new_low(Sessions250, Closing), Some(false));
    assert_eq!(last(flat(199, 1000), at(1000, 1001)).new_high(Sessions250, Closing), None);
    assert_eq!(last(flat(200, 1000), SUSPENDED).new_high(Sessions250, Closing), None);
    // 250 sessions back counts, 251 does not.
    let peak =
        |after: usize| [vec![at(1000, 1050), at(1050, 1000)], flat(after - 1, 1000)].concat();
    assert_eq!(last(peak(249), at(1000, 1049)).new_high(Sessions250, Closing), Some(false));
    assert_eq!(last(peak(250), at(1000, 1049)).new_high(Sessions250, Closing), Some(true));
    // Suspended sessions use up the window.
    let gap = [flat(201, 1000), vec![SUSPENDED; 51]].concat();
    assert_eq!(last(gap, at(1000, 1001)).new_high(Sessions250, Closing), None);
    let gap = [flat(201, 1000), vec![SUSPENDED; 50]].concat();
    assert_eq!(last(gap, at(1000, 1001)).new_high(Sessions250, Closing), Some(true));
}

#[test]
fn an_intraday_high_compares_highs_with_highs() {
    let listing = ordinary();
    let scenario = Scenario { from: "2024-01-02", ..Scenario::of(&listing) };
    // Closes at 10.00 with highs of 10.30 and lows of 9.80.
    let wide =
        |high: i64, low: i64, last: i64| Row { prev: Some(1000), traded: Some((high, low, last)) };
    let last = |row: Row| {
        let rows = [vec![wide(1030, 980, 1000); 200], vec![row]].concat();
        *scenario.days(&rows).last().unwrap()
    };
    let high = |day: SecurityDay, basis| day.new_high(Sessions250, basis);
    let low = |day: SecurityDay, basis| day.new_low(Sessions250, basis);
    // The close alone is higher than all closes; the high is no higher than the highs.
    let day = last(wide(1030, 990, 1010));
    assert_eq!((high(day, Closing), high(day, Intraday)), (Some(true), Some(false)));
    let day = last(wide(1031, 990, 1000));
    assert_eq!((high(day, Closing), high(day, Intraday)), (Some(false), Some(true)));
    let day = last(wide(1000, 980, 999));
    assert_eq!((low(day, Closing), low(day, Intraday)), (Some(true), Some(false)));
    let day = last(wide(1000, 979, 1000));
    assert_eq!((low(day, Closing), low(day, Intraday)), (Some(false), Some(true)));
    // Highs are rebased as closes are: half of 10.30 is 5.15.
    let halved = |high: i64| last(Row { prev: Some(500), traded: Some((high, 500, 500)) });
    assert_eq!(high(halved(515), Intraday), Some(false));
    assert_eq!(high(halved(516), Intraday), Some(true));
    assert_eq!(high(last(SUSPENDED), Intraday), None);
}

#[test]
fn a_high_of_all_time_asks_for_the_whole_past() {
    // Listed inside the data: nothing came before.
    let listing = Listing { listed_on: Some(on("2024-01-02")), ..ordinary() };
    let scenario =
        Scenario { from: "2024-01-02", history_from: "2023-01-03", ..Scenario::of(&listing) };
    let rise = [flat(300, 1000), vec![at(1000, 1001), at(1001, 1001)]].concat();
    let days = scenario.days(&rise);
    assert_eq!(days[300].new_high(AllTime, Closing), Some(true));
    assert_eq!(days[301].new_high(AllTime, Closing), Some(false));
    assert_eq!(days[300].carried.past.extreme(AllTime).unwrap().sessions_traded, 300);
    // Listed inside the data, but its first day is missing.
    let late = Listing { listed_on: Some(on("2023-12-29")), ..ordinary() };
    let scenario =
        Scenario { from: "2024-01-02", history_from: "2023-01-03", ..Scenario::of(&late) };
    assert_eq!(scenario.days(&rise)[300].new_high(AllTime, Closing), None);
    // Listed before: the data do not show it; `know_before` may set it.
    let listing = ordinary();
    let scenario =
        Scenario { from: "2024-01-02", history_from: "2020-01-02", ..Scenario::of(&listing) };
    assert_eq!(scenario.days(&rise)[300].new_high(AllTime, Closing), None);
    let rulebook = Rulebook::builtin();
    let mut fold = SecurityFold::new(rulebook, &listing, Board::Main, on("2024-01-02"));
    let number = |date: &str| Calendar::builtin().number(on(date)).unwrap();
    let bar = |date: &str, prev, last| DailyBar {
        session: on(date),
        prev_close: Some(fen(prev)),
        traded: Some(traded(fen(last), fen(last), fen(last), fen(last))),
    };
    let [high_close, low_close, high, low] =
        [1500, 400, 1600, 300].map(|p| AdjustedPrice::today(fen(p)));
    let ever = Extreme { high_close, low_close, high, low, sessions_traded: 2000 };
    let before = Before {
        last_traded: None,
        ever: Some(ever),
        first_seen: None,
        stood: None,
        missing: None,
        derived: None,
    };
    fold.know_before(&before);
    let day = fold.day(&bar("2024-01-02", 1000, 1000), number("2024-01-02"));
    assert_eq!(day.carried.past.extreme(AllTime), before.ever, "before the first day of the data");
    fold.advance(&bar("2024-01-02", 1000, 1000), number("2024-01-02"));
    // An ex-rights day halves every price of the past.
    let day = fold.day(&bar("2024-01-03", 500, 751), number("2024-01-03"));
    assert_eq!(
        (day.new_high(AllTime, Closing), day.new_low(AllTime, Closing)),
        (Some(true), Some(false))
    );
    let day = fold.day(&bar("2024-01-03", 500, 199), number("2024-01-03"));
    assert_eq!(
        (day.new_high(AllTime, Closing), day.new_low(AllTime, Closing)),
        (Some(false), Some(true))
    );
    let day = fold.day(&bar("2024-01-03", 500, 750), number("2024-01-03"));
    assert_eq!(day.new_high(AllTime, Closing), Some(false));
    // Highs of 16.00 and lows of 3.00, halved too.
    for (last, high, low) in [(801, true, false), (800, false, false), (150, false, false)] {
        let day = fold.day(&bar("2024-01-03", 500, last), number("2024-01-03"));
        let beyond = (day.new_high(AllTime, Intraday), day.new_low(AllTime, Intraday));
        assert_eq!(beyond, (Some(high), Some(low)), "{last}");
    }
    let day = fold.day(&bar("2024-01-03", 500, 149), number("2024-01-03"));
    assert_eq!(day.new_low(AllTime, Intraday), Some(true));
}

#[test]
fn a_day_comes_again_from_what_it_brought() {
    let listing = ordinary();
    let rows = [at(1000, 1100), at(1100, 1210), SUSPENDED, at(605, 665), at(665, 700)];
    let scenario = Scenario { from: "2024-01-02", ..Scenario::of(&listing) };
    let from = on(scenario.history_from);
    for (day, row) in scenario.days(&rows).iter().zip(rows) {
        let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, from);
        fold.know_before(&day.brought());
        let traded =
            row.traded.map(|(high, low, last)| traded(fen(last), fen(high), fen(low), fen(last)));
        let bar = DailyBar { session: day.session, prev_close: row.prev.map(fen), traded };
        let mut again = fold.day(&bar, day.session_number);
        assert_eq!(again.brought(), Before { ever: None, ..day.brought() });
        (again.carried.past, again.carried.stood) = (day.carried.past, None);
        assert_eq!(again, *day);
    }
}

#[test]
fn what_came_before_the_data_goes_on_in_them() {
    let listing = ordinary();
    let before = [at(1000, 1100), at(1100, 1210), SUSPENDED];
    let after = [at(1210, 1331), at(1331, 1331), at(1331, 1464)];
    let scenario = Scenario { from: "2024-01-02", ..Scenario::of(&listing) };
    let whole = scenario.days(&[before.as_slice(), after.as_slice()].concat());
    let first = whole[3];
    let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, first.session);
    fold.know_before(&Before { stood: None, ..first.brought() });
    for (expected, row) in whole[3..].iter().zip(after) {
        let traded = row.traded.map(|(_, _, last)| {
            let last = fen(last);
            traded(last, last, last, last)
        });
        let prev_close = row.prev.map(fen);
        let bar = DailyBar { session: expected.session, prev_close, traded };
        let day = fold.day(&bar, expected.session_number);
        assert_eq!(day.limit_up_streak(), expected.limit_up_streak());
        assert_eq!(day.limit_up_cluster(), expected.limit_up_cluster());
        assert_eq!(day.carried.gap_sessions, expected.carried.gap_sessions);
        assert_eq!(day.carried.past.extreme(AllTime), expected.carried.past.extreme(AllTime));
        fold.close(&day);
    }
    assert_eq!(whole[5].limit_up_cluster().unwrap().boards, 4);
}

#[test]
fn opening_a_session_changes_none_of_its_days() {
    let listing = ordinary();
    let mut fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, on("2001-01-02"));
    let first = Calendar::builtin().number(on("2024-01-02")).unwrap();
    for (number, row) in (first..).zip(flat(210, 1000)) {
        let session = Calendar::builtin().session(number).unwrap();
        let (_, _, last) = row.traded.unwrap();
        let traded = Some(traded(fen(last), fen(last), fen(last), fen(last)));
        fold.advance(&DailyBar { session, prev_close: Some(fen(1000)), traded }, number);
    }
    let number = first + 210;
    let session = Calendar::builtin().session(number).unwrap();
    let traded = Some(traded(fen(721), fen(721), fen(721), fen(721)));
    let bar = DailyBar { session, prev_close: Some(fen(720)), traded };
    let before = fold.day(&bar, number);
    fold.open(number, bar.prev_close);
    assert_eq!(fold.day(&bar, number), before);
    fold.open(number, bar.prev_close);
    assert_eq!(fold.day(&bar, number), before);
    assert_eq!(before.new_high(Sessions250, Closing), Some(true));
}

#[test]
fn an_ex_rights_day_rebases_earlier_closes() {
    let listing = ordinary();
    let scenario = Scenario { from: "2024-01-02", ..Scenario::of(&listing) };
    // 10.00 becomes 7.20: a close of 7.21 is a new high, also on a later day.
    let rows = [flat(210, 1000), vec![at(720, 721)]].concat();
    assert_eq!(scenario.days(&rows)[210].new_high(Sessions250, Closing), Some(true));
    let rows = [flat(210, 1000), vec![at(720, 719), at(719, 720), at(720, 721)]].concat();
    let days = scenario.days(&rows);
    assert_eq!(days[210].new_low(Sessions250, Closing), Some(true));
    assert_eq!(days[211].new_high(Sessions250, Closing), Some(false));
    assert_eq!(days[212].new_high(Sessions250, Closing), Some(true));
    assert_eq!(
        days[211].carried.past.extreme(Sessions250).unwrap().high_close,
        AdjustedPrice::today(fen(720))
    );
    // Also where the ex-rights day falls into a suspension.
    let rows = [flat(210, 1000), vec![SUSPENDED, at(720, 721)]].concat();
    assert_eq!(scenario.days(&rows)[211].new_high(Sessions250, Closing), Some(true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Extremes and averages match those computed from every price kept.
    #[test]
    fn what_is_kept_of_past_prices_is_what_all_of_them_say(
        events in proptest::collection::vec(event(), 260..640),
        // Some were suspended for longer than any look back.
        gap in prop_oneof![2 => Just(0_usize), 1 => 250_usize..600],
        place in any::<prop::sample::Index>(),
    ) {
        let listing = ordinary();
        let (mut events, place) = (events.clone(), place.index(events.len()));
        events.splice(place..place, (0..gap).map(|_| Event::Suspend));
        let rows = walk(&events);
        let scenario = Scenario { from: "2021-01-04", history_from: "2020-01-02", ..Scenario::of(&listing) };
        let days = scenario.days(&rows);
        // High, low and close.
        let mut kept: Vec<(SecurityDay, [AdjustedPrice; 3])> = Vec::new();
        let mut last: Option<i64> = None;
        for (day, row) in days.iter().zip(&rows) {
            let (Some((high, low, close)), Some(prev)) = (row.traded, row.prev) else { continue };
            let rebase = last.map_or(Rebase::NONE, |last| Rebase::between(fen(last), fen(prev)));
            for (_, past) in &mut kept {
                *past = past.map(|price| rebase.apply(price));
            }
            let of = |inside: &dyn Fn(&SecurityDay) -> bool| {
                let inside: Vec<_> =
                    kept.iter().filter(|(past, _)| inside(past)).map(|(_, prices)| prices).collect();
                let all = |price: usize| inside.iter().map(move |prices| prices[price]);
                Some(Extreme {
                    high_close: all(2).max()?,
                    low_close: all(2).min()?,
                    high: all(0).max()?,
                    low: all(1).min()?,
                    sessions_traded: inside.len() as u32,
                })
            };
            let past = day.carried.past;
            let number = day.session_number;
            let year = day.session.epoch_days() - 364;
            prop_assert_eq!(
                past.extreme(Sessions250),
                of(&|past| past.session_number + 250 >= number)
            );
            prop_assert_eq!(
                past.extreme(Weeks52),
                of(&|past| past.session.epoch_days() >= year)
            );
            prop_assert_eq!(past.extreme(AllTime), None, "the data begin after the listing");
            for average in MovingAverage::ALL {
                let n = average.days();
                let others = kept.len().checked_sub(n - 1).map(|first| &kept[first..]);
                let near = |past: &SecurityDay| past.session_number + 250 >= number;
                let sum = others
                    .filter(|others| others.iter().all(|(past, _)| near(past)))
                    .map(|others| others.iter().map(|(_, [.., close])| close.billionths()));
                let last = AdjustedPrice::today(fen(close)).billionths();
                let above = sum.map(|others| last * n as i64 > others.sum::<i64>() + last);
                prop_assert_eq!(day.above_average(average), above, "{:?}", average);
            }
            kept.push((*day, [high, low, close].map(|price| AdjustedPrice::today(fen(price)))));
            last = Some(close);
        }
    }

    /// One ex-rights day: comparing with an adjusted close equals comparing fractions.
    #[test]
    fn adjusted_prices_compare_as_fractions(
        high in 1_i64..3_000_000, last in 1_i64..100_000, prev in 1_i64..100_000, today in 1_i64..3_000_000,
    ) {
        let (exact, ours) = (
            (i128::from(today) * i128::from(last)).cmp(&(i128::from(high) * i128::from(prev))),
            AdjustedPrice::today(fen(today))
                .cmp(&Rebase::between(fen(last), fen(prev)).apply(AdjustedPrice::today(fen(high)))),
        );
        prop_assert_eq!(ours, exact);
    }
}
