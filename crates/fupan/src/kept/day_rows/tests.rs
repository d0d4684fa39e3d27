//! Rows of the derived tables survive a round trip.

use fupan_market::{Calendar, DailyBar, Listing, Rulebook, SecurityFold};

use super::*;

/// Everything a day carries over, and its comparison with the past, survives the round trip.
#[test]
fn what_a_day_brought_comes_back() {
    let symbol: Symbol = "600000.SH".parse().unwrap();
    let session: SessionDate = "2026-02-12".parse().unwrap();
    let number = Calendar::builtin().number(session).unwrap();
    let listing = Listing::unknown(symbol);
    let fold = SecurityFold::new(Rulebook::builtin(), &listing, Board::Main, session);
    let mut day = fold.day(&DailyBar { session, prev_close: None, traded: None }, number);
    let [high_close, low_close, high, low] = [15, 4, 16, 3].map(AdjustedPrice::from_billionths);
    let ever = Extreme { high_close, low_close, high, low, sessions_traded: 2_000 };
    day.carried.past.extremes[Lookback::AllTime as usize] = Some(ever);
    // One answer is yes, one unknown, the rest no, so that a swap of columns shows.
    (day.carried.missing, day.carried.idle_sessions) = (Some(number - 3), 2);
    (day.carried.last_close, day.carried.gap_sessions) = (Price::from_fen(900).ok(), 4);
    (day.carried.streak, day.carried.streak_at_least) = (None, 5);
    for (yes, flag) in FLAGS.iter().enumerate() {
        let unknown = (yes + 4) % FLAGS.len();
        let answer = |at: usize| (at != unknown).then_some(at == yes);
        let stood = from_flags(std::array::from_fn(answer));
        day.carried.stood = Some(stood);
        let batch = security_day_batch(&[day]).unwrap();
        let told = batch.column_by_name(flag).unwrap().as_boolean();
        assert!(told.value(0), "{flag}");
        let rows = before_rows(&batch, session, number).unwrap();
        assert_eq!(rows, [(symbol, day.brought())]);
        assert_eq!(rows[0].1.stood, Some(stood));
        assert_eq!(rows[0].1.ever, Some(ever));
    }
    let new_high = PastComparison { beyond: [[[Some(true), None]; 3]; 2], above: [None; 3] };
    day.carried.stood = Some(new_high);
    let batch = security_day_batch(&[day]).unwrap();
    let yes = FLAGS.map(|flag| !batch.column_by_name(flag).unwrap().is_null(0));
    let highs = FLAGS.map(|flag| flag.contains("new_high"));
    assert_eq!(yes, highs);
}

/// Columns filled block by block equal those that Arrow collects, around the ends of words.
#[test]
fn a_column_of_any_length_is_the_one_arrow_collects() {
    for rows in [0, 1, 63, 64, 65, 128, 200] {
        for every in [1, 2, 3, 300] {
            let value = |row: i32| (row % every == 0).then_some(row);
            let (mut numbers, mut flags) =
                (Numbers::<Int32Type>::with_capacity(0), Flags::with_capacity(rows as usize));
            for block in (0..rows).collect::<Vec<i32>>().chunks(BLOCK) {
                numbers.push(block, |row| value(*row));
                flags.push(block, |row| value(*row).map(|row| row % 5 < 2));
            }
            let collected: Int32Array = (0..rows).map(value).collect();
            assert_eq!(*numbers.finish().as_primitive::<Int32Type>(), collected, "{rows} {every}");
            let collected: BooleanArray =
                (0..rows).map(|row| value(row).map(|row| row % 5 < 2)).collect();
            assert_eq!(*flags.finish().as_boolean(), collected, "{rows} {every}");
        }
    }
}
