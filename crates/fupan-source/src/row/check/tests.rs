//! What each table requires of a row: at each threshold, and just beyond it.

use fupan_market::FindingKind;

use super::*;

/// One row of a table, by the names of its columns; the others are empty.
fn cells(table: Table, given: &[(&str, i64)]) -> Vec<Vec<Cell>> {
    let schema = table.schema();
    let mut cells = vec![vec![None]; schema.fields().len()];
    for (name, value) in given {
        cells[schema.index_of(name).unwrap()][0] = Some(*value);
    }
    cells
}

/// What a check says of a row, and the row after it: its columns that hold a value.
fn checked(table: Table, given: &[(&str, i64)]) -> (Checked, Vec<(String, i64)>) {
    let mut cells = cells(table, given);
    let said = row(table, &mut cells, 0);
    let schema = table.schema();
    let held = schema
        .fields()
        .iter()
        .zip(&cells)
        .filter_map(|(field, cells)| cells[0].map(|value| (field.name().clone(), value)));
    (said, held.collect())
}

fn said(table: Table, given: &[(&str, i64)]) -> Checked {
    checked(table, given).0
}

/// A row with some of its values changed.
fn with<'n>(row: &[(&'n str, i64)], changes: &[(&'n str, i64)]) -> Vec<(&'n str, i64)> {
    let kept = row.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).copied().collect()
}

const BAR: [(&str, i64); 7] = [
    ("open", 100_000),
    ("high", 110_000),
    ("low", 90_000),
    ("close", 105_000),
    ("prev_close", 101_000),
    ("volume", 5_000),
    ("turnover", 5_000_000),
];

const QUOTE: [(&str, i64); 6] = [
    ("open", 100_000),
    ("high", 110_000),
    ("low", 90_000),
    ("last", 105_000),
    ("volume", 5_000),
    ("turnover", 5_000_000),
];

#[test]
fn a_price_lies_between_low_and_high_and_stands_for_none_from_99999_yuan_on() {
    for (table, row, last) in
        [(Table::DailyBar, &BAR[..], "close"), (Table::Quote, &QUOTE[..], "last")]
    {
        assert_eq!(said(table, row), Ok(()));
        for price in ["open", last, "low"] {
            assert_eq!(
                said(table, &with(row, &[(price, 110_000)])).err(),
                match price {
                    "low" => Some((topics::DISORDERED, "low")),
                    _ => None,
                }
            );
            let above = said(table, &with(row, &[(price, 110_001)]));
            assert_eq!(above, Err((topics::DISORDERED, "high")), "{price}");
        }
        for price in ["open", last] {
            assert_eq!(said(table, &with(row, &[(price, 90_000)])), Ok(()), "{price}");
            let below = said(table, &with(row, &[(price, 89_999)]));
            assert_eq!(below, Err((topics::DISORDERED, "low")), "{price}");
        }
        for price in ["open", "high", "low", last] {
            let none = said(table, &with(row, &[(price, 0)]));
            assert_eq!(none, Err((topics::NO_PRICE, last)), "{price}");
            let dear: Vec<(&str, i64)> = with(
                row,
                &[("open", 999_989_999), ("high", 999_989_999), ("low", 1), (last, 999_989_999)],
            );
            assert_eq!(said(table, &dear), Ok(()));
            let sentinel = said(table, &with(&dear, &[(price, 999_990_000)]));
            assert_eq!(sentinel, Err((topics::SENTINEL, last)), "{price}");
        }
    }
}

#[test]
fn zero_stands_for_a_value_that_is_not_stated() {
    let held = |table, row: &[(&str, i64)]| {
        let (said, held) = checked(table, row);
        assert_eq!(said, Ok(()));
        held.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    let row = with(&BAR, &[("prev_close", 0), ("turnover", 0)]);
    assert_eq!(held(Table::DailyBar, &row), ["open", "high", "low", "close", "volume"]);
    assert_eq!(held(Table::DailyBar, &BAR).len(), 7);
    let row = with(&QUOTE, &[("turnover", 0)]);
    assert_eq!(held(Table::Quote, &row), ["open", "high", "low", "last", "volume"]);
    let row = with(&BAR, &[("prev_close", 1), ("turnover", 1)]);
    assert_eq!(held(Table::DailyBar, &row).len(), 7);
}

/// A bar without volume holds nothing but its previous close, if nothing in it speaks of trade.
#[test]
fn a_bar_without_volume_is_untraded_unless_it_speaks_of_trade() {
    let flat = |price: i64| [("open", price), ("high", price), ("low", price), ("close", price)];
    let untraded = |given: &[(&str, i64)]| match checked(Table::DailyBar, given) {
        (Ok(()), held) => Some(held),
        (Err(why), _) => {
            assert_eq!(why, (topics::CONTRADICTED, "volume"), "{given:?}");
            None
        }
    };
    let nothing = Some(vec![("volume".to_owned(), 0)]);
    let with_prev =
        |prev: i64| Some(vec![("prev_close".to_owned(), prev), ("volume".to_owned(), 0)]);
    assert_eq!(untraded(&[]), nothing);
    assert_eq!(untraded(&[("volume", 0), ("turnover", 0)]), nothing);
    assert_eq!(untraded(&[("turnover", 1)]), None);
    assert_eq!(untraded(&with(&flat(101_000), &[("turnover", 1), ("prev_close", 101_000)])), None);
    assert_eq!(untraded(&with(&flat(0), &[("prev_close", 101_000)])), with_prev(101_000));
    assert_eq!(untraded(&flat(101_000)), nothing);
    assert_eq!(untraded(&with(&flat(101_000), &[("prev_close", 101_000)])), with_prev(101_000));
    assert_eq!(untraded(&with(&flat(101_000), &[("prev_close", 101_001)])), None);
    assert_eq!(untraded(&with(&flat(101_000), &[("prev_close", 0)])), nothing);
    for price in ["open", "high", "low", "close"] {
        let moved = with(&flat(101_000), &[(price, 101_001), ("prev_close", 101_000)]);
        assert_eq!(untraded(&moved), None, "{price}");
    }
    // The close alone repeats a close of some day before an ex-rights day.
    assert_eq!(untraded(&[("close", 102_000), ("prev_close", 101_000)]), with_prev(101_000));
}

/// Before the first trade a quote's last price is the previous close.
#[test]
fn a_quote_without_volume_is_untraded_unless_it_speaks_of_trade() {
    let untraded = |given: &[(&str, i64)]| {
        let (said, held) = checked(Table::Quote, given);
        let nothing = held == [("volume".to_owned(), 0)];
        assert_eq!(said.is_ok(), nothing, "{given:?} {held:?}");
        nothing
    };
    assert!(untraded(&[]));
    assert!(untraded(&[("last", 101_000), ("volume", 0), ("turnover", 0)]));
    assert!(untraded(&[("open", 0), ("high", 0), ("low", 0), ("last", 101_000)]));
    let flat = [("open", 99_000), ("high", 99_000), ("low", 99_000), ("last", 101_000)];
    assert!(untraded(&flat));
    assert!(!untraded(&with(&flat, &[("turnover", 1)])));
    for price in ["open", "high", "low"] {
        assert!(!untraded(&with(&flat, &[(price, 99_001)])), "{price}");
    }
}

/// One part in five thousand of an index's high or low is rounding.
#[test]
fn prices_of_an_index_may_be_rounded_apart() {
    let row = [
        ("open", 50_000_000),
        ("high", 50_000_000),
        ("low", 50_000_000),
        ("close", 50_000_000),
        ("turnover", 1),
    ];
    let table = Table::IndexBar;
    assert_eq!(said(table, &row), Ok(()));
    for price in ["open", "close"] {
        assert_eq!(said(table, &with(&row, &[(price, 50_010_000)])), Ok(()), "{price}");
        assert_eq!(said(table, &with(&row, &[(price, 49_990_000)])), Ok(()), "{price}");
        let above = said(table, &with(&row, &[(price, 50_010_001)]));
        assert_eq!(above, Err((topics::DISORDERED, "high")), "{price}");
        let below = said(table, &with(&row, &[(price, 49_989_999)]));
        assert_eq!(below, Err((topics::DISORDERED, "low")), "{price}");
    }
    for price in ["open", "high", "low", "close"] {
        let none = said(table, &with(&row, &[(price, 0)]));
        assert_eq!(none, Err((topics::NO_PRICE, "close")), "{price}");
        let sentinel = said(table, &with(&row, &[(price, 999_990_000)]));
        assert_eq!(sentinel, Err((topics::SENTINEL, "close")), "{price}");
    }
    let dear = [("open", 999_989_999), ("high", 999_989_999), ("low", 999_989_999)];
    let dear = with(&with(&row, &dear), &[("close", 999_989_999)]);
    assert_eq!(said(table, &dear), Ok(()));
    let turnover = |fen: i64| checked(table, &with(&row, &[("turnover", fen)])).1.len();
    assert_eq!([0, 1, -1].map(turnover), [4, 5, 4]);
}

#[test]
fn floating_shares_are_some_of_the_shares() {
    let table = Table::ShareCapital;
    for (total, float, expected) in [
        (10, 10, Ok(())),
        (10, 9, Ok(())),
        (10, 11, Err((topics::FLOAT_ABOVE_TOTAL, "float_shares"))),
        (10, 0, Err((topics::NO_SHARES, "total_shares"))),
        (0, 0, Err((topics::NO_SHARES, "total_shares"))),
        (0, 10, Err((topics::NO_SHARES, "total_shares"))),
    ] {
        let row = [("total_shares", total), ("float_shares", float)];
        assert_eq!(said(table, &row), expected, "{total} {float}");
    }
    assert_eq!(said(table, &[("total_shares", 10)]), Ok(()));
}

#[test]
fn only_bars_and_quotes_with_volume_claim_trade() {
    for table in Table::ALL {
        let volume = |shares: i64| match table {
            Table::DailyBar | Table::Quote => cells(table, &[("volume", shares)]),
            _ => cells(table, &[]),
        };
        let claims = [1, 0].map(|shares| has_trade(table, &volume(shares), 0));
        let expected = match table {
            Table::DailyBar | Table::Quote => [true, false],
            Table::IndexBar | Table::IndexQuote | Table::Margin => [true, true],
            _ => [false, false],
        };
        assert_eq!(claims, expected, "{}", table.name());
    }
    assert!(!has_trade(Table::DailyBar, &cells(Table::DailyBar, &[]), 0));
}

/// An index at a time of a session, without its key.
const LEVELS: [(&str, i64); 6] = [
    ("time", 36_000),
    ("open", 40_000_000),
    ("high", 41_000_000),
    ("low", 39_000_000),
    ("last", 40_500_000),
    ("turnover", 5_000_000),
];

#[test]
fn a_level_of_an_index_comes_with_all_of_its_range_or_none() {
    let table = Table::IndexQuote;
    let held = |row: &[(&str, i64)]| {
        let (said, held) = checked(table, row);
        said.map(|()| held.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(held(&LEVELS), Ok("time open high low last turnover".to_owned()));
    for lacking in ["open", "high", "low"] {
        let row = with(&LEVELS, &[(lacking, 0), ("turnover", 0)]);
        assert_eq!(held(&row), Ok("time last".to_owned()), "{lacking}");
    }
    for (changed, expected) in [
        (("last", 0), (topics::NO_LEVEL, "last")),
        (("last", 999_990_000), (topics::SENTINEL, "last")),
        (("last", 42_000_000), (topics::DISORDERED, "high")),
        (("open", 38_000_000), (topics::DISORDERED, "low")),
        (("time", 9 * 3_600 + 15 * 60 - 1), (topics::NO_TRADING, "time")),
    ] {
        assert_eq!(held(&with(&LEVELS, &[changed])), Err(expected), "{changed:?}");
    }
    let none = with(&LEVELS, &[("open", 0), ("high", 0), ("low", 0)]);
    assert_eq!(held(&none), Err((topics::NO_LEVEL_YET, "last")), "the last is the close before");
}

#[test]
fn a_snapshot_is_of_the_session_from_the_opening_auction_on() {
    let table = Table::Quote;
    let holds = |symbol: &str, given: &[(&str, i64)]| {
        trading_hours(&cells(table, given), 0, symbol.parse().unwrap())
    };
    let at = |clock: [i64; 3]| clock[0] * 3_600 + clock[1] * 60 + clock[2];
    let none = Err((topics::NO_TRADING, "time"));
    for (clock, span, expected) in [
        ([9, 15, 0], None, Ok(())),
        ([9, 14, 59], None, none),
        ([0, 0, 0], None, none),
        ([12, 0, 0], None, Ok(())),
        ([20, 0, 0], None, Ok(())),
        ([9, 45, 0], Some(900), Ok(())),
        ([12, 0, 0], Some(900), none),
        ([12, 0, 0], Some(0), none),
        ([9, 30, 0], Some(0), Ok(())),
    ] {
        let mut given = vec![("session", 20_496), ("time", at(clock))];
        given.extend(span.map(|span| ("span", span)));
        assert_eq!(holds("600519.SH", &given), expected, "{clock:?} {span:?}");
    }
    let empty = Err((topics::EMPTY, "time"));
    assert_eq!(holds("600519.SH", &[("session", 20_496)]), empty);
    assert_eq!(holds("600519.SH", &[("time", 36_000)]), empty);
    assert_eq!(holds("000001.SH", &[("session", 20_496), ("time", 36_000)]), empty);
}

#[test]
fn a_day_without_a_session_is_told_from_one_that_is_not_announced() {
    let calendar = Calendar::builtin();
    let day = |date: &str| date.parse::<SessionDate>().unwrap().epoch_days();
    let mut sessions = Sessions::of(calendar);
    let symbol = |text: &str| Some(text.parse::<Symbol>().unwrap());
    for (date, of, fault) in [
        ("2026-02-12", None, None),
        ("2026-02-14", None, Some(topics::NOT_A_SESSION)),
        ("2021-11-12", symbol("920002.BJ"), Some(topics::BEFORE_BSE)),
        ("2021-11-15", symbol("920002.BJ"), None),
        ("2021-11-12", symbol("600519.SH"), None),
        ("1990-12-18", symbol("600519.SH"), Some(topics::OUT_OF_CALENDAR)),
        ("1989-12-29", None, Some(topics::OUT_OF_CALENDAR)),
        ("2029-01-01", None, Some(topics::OUT_OF_CALENDAR)),
    ] {
        assert_eq!(sessions.fault(day(date), of), fault, "{date}");
        assert_eq!(sessions.fault(day(date), of), fault, "{date} again");
    }
    assert_eq!(sessions.fault(i32::MAX, None), Some(topics::OUT_OF_CALENDAR));
    assert_eq!(sessions.unannounced(), None, "such a date is a mistyped one");
    for (date, first) in [
        ("2028-12-29", "2028-12-29"),
        ("2027-03-01", "2027-03-01"),
        ("2027-03-02", "2027-03-01"),
        ("1989-12-29", "2027-03-01"),
    ] {
        assert_eq!(sessions.fault(day(date), None), Some(topics::OUT_OF_CALENDAR));
        let told = sessions.unannounced().unwrap().to_string();
        assert!(told.starts_with(first), "{date}: {told}");
    }
}

#[test]
fn values_missing_from_traded_bars_are_counted() {
    let at = At { file: "bars.csv", row: 3, column: Some("amount") };
    let (mut units, mut lacking) = (Units::default(), Lacking::default());
    let mut add = |row: &[(&str, i64)]| {
        let table = cells(Table::DailyBar, row);
        let symbol = "600519.SH".parse().unwrap();
        weigh(&table, 0, symbol, &mut units, &mut lacking, at).unwrap();
        (lacking.traded, lacking.turnover, lacking.prev_close)
    };
    let without = |name: &str| -> Vec<(&str, i64)> {
        BAR.into_iter().filter(|(known, _)| *known != name).collect()
    };
    assert_eq!(add(&BAR), (1, 0, 0));
    assert_eq!(add(&without("turnover")), (2, 1, 0));
    assert_eq!(add(&without("prev_close")), (3, 1, 1));
    assert_eq!(add(&without("turnover")), (4, 2, 1));
    // A bar without trade lacks nothing.
    assert_eq!(add(&without("high")), (4, 2, 1));
    let mut findings = Findings::default();
    note_lacking(Table::DailyBar, &lacking, "bars.csv", &mut findings);
    let told: Vec<(FindingKind, u64)> =
        findings.finish().iter().map(|finding| (finding.kind, finding.count)).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(FindingKind::EstimatedTurnover, 2)), "{told:?}");
    assert!(told.contains(&(FindingKind::DerivedPrevClose, 1)), "{told:?}");
    let mut findings = Findings::default();
    let none = Lacking { traded: 9, ..Lacking::default() };
    note_lacking(Table::DailyBar, &none, "bars.csv", &mut findings);
    assert_eq!(findings.finish(), []);
}

/// A turnover far outside the row's prices belongs to another row.
#[test]
fn bars_and_quotes_are_weighed_with_their_own_columns() {
    let at = At { file: "f.csv", row: 3, column: None };
    let symbol = "600519.SH".parse().unwrap();
    let bar = |row: &[(&str, i64)]| {
        let cells = cells(Table::DailyBar, row);
        weigh(&cells, 0, symbol, &mut Units::default(), &mut Lacking::default(), at)
    };
    let quote = |row: &[(&str, i64)]| {
        let cells = cells(Table::Quote, row);
        weigh_quote(&cells, 0, symbol, &mut Units::default(), at)
    };
    let astray = Err((topics::TURNOVER_ASTRAY, "turnover"));
    let outsized = Err((topics::OUTSIZED, "volume"));
    assert_eq!((bar(&BAR), quote(&QUOTE)), (Ok(()), Ok(())));
    let other = ("turnover", 50_000_000);
    assert_eq!((bar(&with(&BAR, &[other])), quote(&with(&QUOTE, &[other]))), (astray, astray));
    let large = [("volume", 1 << 40), ("turnover", 1 << 50)];
    assert_eq!((bar(&with(&BAR, &large)), quote(&with(&QUOTE, &large))), (outsized, outsized));
    let no_trade = [("volume", 5_000), ("turnover", 1)];
    assert_eq!((bar(&no_trade), quote(&no_trade)), (Ok(()), Ok(())));
}
