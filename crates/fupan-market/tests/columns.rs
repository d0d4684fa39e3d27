//! Columns of one security's past: where they are not in order, and where only whole numbers of
//! hundreds of digits decide.

use fupan_market::{ColumnFold, DayMarks, OutOfOrder, SecurityColumns};

fn marks(
    sessions: &[u16],
    closes: &[i32],
    prev_closes: &[i32],
) -> Result<Vec<DayMarks>, OutOfOrder> {
    let mut marks = vec![DayMarks::TRADED; closes.len()];
    let columns = SecurityColumns { sessions, closes, prev_closes };
    ColumnFold::default().fold(columns, &mut marks)?;
    Ok(marks)
}

#[test]
fn the_row_that_is_out_of_order_is_named() {
    for (sessions, row) in
        [(&[5, 5][..], 1), (&[5, 4, 6, 7], 1), (&[1, 2, 3, 3, 4], 3), (&[1, 2, 3, 4, 2], 4)]
    {
        let closes = vec![1_000; sessions.len()];
        let error = marks(sessions, &closes, &closes).unwrap_err();
        assert_eq!(error, OutOfOrder { row }, "{sessions:?}");
    }
}

/// A share that closes at its previous close every day, each of which is an ex-rights day: on one
/// level all closes are equal, though no number of 128 bits holds their sum. A fen more on the
/// last day is above the average, a fen less is not.
#[test]
fn a_fen_above_the_average_is_seen_through_two_hundred_ex_rights_days() {
    let days: usize = 300;
    let sessions: Vec<u16> = (0..days as u16).collect();
    let prev_closes: Vec<i32> =
        (0..days).map(|day| if day % 2 == 0 { 7_999_993 } else { 5_000_011 }).collect();
    for change in [-1, 0, 1] {
        let mut closes = prev_closes.clone();
        closes[days - 1] += change;
        let marks = marks(&sessions, &closes, &prev_closes).unwrap();
        for average in [DayMarks::ABOVE_MA20, DayMarks::ABOVE_MA50, DayMarks::ABOVE_MA200] {
            let above: Vec<usize> = (0..days).filter(|day| marks[*day].has(average)).collect();
            assert_eq!(above, if change > 0 { vec![days - 1] } else { vec![] }, "{change}");
        }
        let last = marks[days - 1];
        assert_eq!(
            (last.has(DayMarks::NEW_HIGH), last.has(DayMarks::NEW_LOW)),
            (change > 0, change < 0)
        );
    }
}
