//! From which factor on a board or a session is in other units, and how that is said.

use proptest::prelude::*;

use super::*;

const MAIN: &str = "600519.SH";
const CHINEXT: &str = "300750.SZ";
const STAR: &str = "688981.SH";
const BEIJING: &str = "920002.BJ";

/// 2026-02-12, a Thursday.
const THURSDAY: i32 = 20_496;

/// Rows of each symbol and day: how many, and the power of two of what each trades.
fn of(rows: &[(&str, i32, usize, u32)]) -> Traded {
    let mut traded = Traded::default();
    for (symbol, day, rows, power) in rows {
        let symbol = symbol.parse().unwrap();
        (0..*rows).for_each(|_| traded.add(symbol, Some(*day), 1 << power));
    }
    traded
}

fn of_boards(boards: &[(&str, usize, u32)]) -> Traded {
    of(&boards.iter().map(|(symbol, rows, power)| (*symbol, 0, *rows, *power)).collect::<Vec<_>>())
}

#[test]
fn a_board_is_apart_from_thirty_two_times_the_others_on() {
    let apart = |boards: &[(&str, usize, u32)]| of_boards(boards).furthest_board(ROWS_MIN);
    for (place, symbol) in [(1, CHINEXT), (2, STAR)] {
        for (power, expected) in [
            (10, None),
            (14, None),
            (15, Some((place, 5))),
            (17, Some((place, 7))),
            (6, None),
            // Of the two, the larger is likelier to be in small units.
            (5, Some((0, 5))),
        ] {
            assert_eq!(apart(&[(MAIN, 30, 10), (symbol, 20, power)]), expected, "{symbol} {power}");
        }
    }
    // Beijing's shares trade much less than the others.
    for (power, expected) in
        [(11, None), (10, Some((3, -10))), (20, None), (24, None), (25, Some((3, 5)))]
    {
        assert_eq!(apart(&[(MAIN, 30, 20), (BEIJING, 20, power)]), expected, "{power}");
    }
    // They are not among the others that a board is compared with.
    assert_eq!(apart(&[(MAIN, 20, 20), (STAR, 20, 20), (BEIJING, 90, 12)]), None);
    // Each side needs enough rows.
    for (main, star, expected) in
        [(20, 20, Some((2, 5))), (19, 20, None), (20, 19, None), (0, 90, None)]
    {
        assert_eq!(apart(&[(MAIN, main, 10), (STAR, star, 15)]), expected, "{main} {star}");
    }
}

#[test]
fn of_three_boards_the_one_that_is_apart_from_both_is_named() {
    for rows in [20, 21, 300] {
        for (place, symbol) in [(0, MAIN), (1, CHINEXT), (2, STAR)] {
            for (power, apart) in [(25, 5), (27, 7), (15, -5), (13, -7)] {
                let boards = [MAIN, CHINEXT, STAR].map(|board| {
                    let own = if board == symbol { (rows, power) } else { (20, 20) };
                    (board, own.0, own.1)
                });
                let found = of_boards(&boards).furthest_board(ROWS_MIN);
                assert_eq!(found, Some((place, apart)), "{symbol} {rows} {power}");
            }
        }
    }
    // Between two that are apart, one in the middle is near enough to neither.
    let three = of_boards(&[(MAIN, 20, 20), (CHINEXT, 20, 26), (STAR, 20, 34)]);
    assert_eq!(three.furthest_board(ROWS_MIN), Some((2, 8)));
    let between = of_boards(&[(MAIN, 20, 20), (CHINEXT, 20, 24), (STAR, 20, 28)]);
    assert_eq!(between.furthest_board(ROWS_MIN), None);
}

#[test]
fn boards_apart_are_said_with_the_factor_between_them() {
    let (evidence, remedy) =
        of_boards(&[(MAIN, 20, 14), (STAR, 20, 20)]).board_apart("`vol`").unwrap();
    assert_eq!(evidence.en, "the median STAR row trades about 64 times more than the others");
    assert_eq!(evidence.zh, "科创板居中一行的成交约为其他板块的64倍");
    assert!(remedy.en.starts_with("`vol` may be in shares for one board"), "{}", remedy.en);
    let finding = of_boards(&[(MAIN, 3, 20), (BEIJING, 2, 10)]).few_rows_apart("f").unwrap();
    assert_eq!((finding.kind, finding.count), (FindingKind::SuspectUnits, 2));
    assert_eq!(
        finding.detail.en,
        "The median Beijing row trades about 1024 times less than the others"
    );
    assert_eq!(finding.detail.zh, "其他板块居中一行的成交约为北交所的1024倍");
    assert_eq!(of_boards(&[(MAIN, 3, 14), (STAR, 1, 20)]).few_rows_apart("f"), None);
}

#[test]
fn a_session_is_apart_from_thirty_two_times_the_one_before_on() {
    let apart = |rows: &[(&str, i32, usize, u32)]| of(rows).first_session_apart();
    let found = |board: usize, before: i32, day: i32, powers: i32| {
        Some(SessionApart { board, before, day, powers })
    };
    let (mon, tue, wed) = (THURSDAY + 4, THURSDAY + 5, THURSDAY + 6);
    for (power, expected) in [
        (20, None),
        (24, None),
        (25, found(0, mon, tue, 5)),
        (16, None),
        (15, found(0, mon, tue, -5)),
    ] {
        let rows = [(MAIN, tue, 30, power), (MAIN, mon, 30, 20)];
        assert_eq!(apart(&rows), expected, "{power}");
    }
    // The first is named, and each board is compared with itself.
    let rows = [(STAR, mon, 20, 20), (STAR, tue, 20, 26), (STAR, wed, 20, 20)];
    assert_eq!(apart(&rows), found(2, mon, tue, 6));
    assert_eq!(apart(&[(STAR, mon, 20, 26), (MAIN, tue, 20, 20), (STAR, wed, 20, 26)]), None);
    // A session of few rows is passed over.
    assert_eq!(apart(&[(MAIN, mon, 20, 20), (MAIN, tue, 19, 27), (MAIN, wed, 20, 20)]), None);
    assert_eq!(
        apart(&[(MAIN, mon, 20, 20), (MAIN, tue, 19, 27), (MAIN, wed, 20, 25)]),
        found(0, mon, wed, 5)
    );
    // Across months in which the file has nothing, the market may have changed.
    let later = |days: i32| apart(&[(MAIN, mon, 20, 20), (MAIN, mon + days, 20, 26)]);
    assert_eq!(later(31), None);
    assert_eq!(later(30), found(0, mon, mon + 30, 6));
    // Rows that cover no whole session are no evidence.
    let mut quotes = of(&[(MAIN, mon, 20, 20)]);
    (0..20).for_each(|_| quotes.add(MAIN.parse().unwrap(), None, 1 << 30));
    assert_eq!(quotes.first_session_apart(), None);
}

#[test]
fn sessions_apart_are_said_with_both_dates() {
    let of_powers = |first: u32, next: u32| {
        let rows = [(MAIN, THURSDAY, 20, first), (MAIN, THURSDAY + 1, 20, next)];
        of(&rows).session_apart("`vol`").unwrap()
    };
    let (evidence, remedy) = of_powers(20, 26);
    assert_eq!(
        evidence.en,
        "the median main-board row of 2026-02-13 trades about 64 times more than that of 2026-02-12"
    );
    assert_eq!(evidence.zh, "主板2026-02-13居中一行的成交约为2026-02-12的64倍");
    assert!(remedy.en.starts_with("`vol` may be in another unit from 2026-02-13 on"), "{remedy:?}");
    assert!(remedy.zh.starts_with("`vol`可能自2026-02-13起"), "{remedy:?}");
    let (evidence, _) = of_powers(26, 20);
    assert_eq!(
        evidence.en,
        "the median main-board row of 2026-02-13 trades about 64 times less than that of 2026-02-12"
    );
    assert_eq!(evidence.zh, "主板2026-02-12居中一行的成交约为2026-02-13的64倍");
}

proptest! {
    /// The power of two at or below the lower of the middle values.
    #[test]
    fn the_middle_of_sizes_is_that_of_the_values(
        values in prop::collection::vec((0_i128..1_i128 << 63, 0_u32..63), 1..40),
    ) {
        let mut values: Vec<i128> = values.into_iter().map(|(value, less)| value >> less).collect();
        let mut sizes = Sizes::default();
        values.iter().for_each(|value| sizes.add(*value));
        values.sort_unstable();
        let middle = values[(values.len() - 1) / 2].max(1);
        prop_assert_eq!(sizes.middle(), middle.ilog2() as i32);
    }
}
