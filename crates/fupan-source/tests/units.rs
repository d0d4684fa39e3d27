//! What rows say of a file's units, and how far a vendor's rounding may go: at each threshold.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use std::fmt::Write as _;

use fupan_market::{Finding, FindingKind};
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::Import;

const OPTIONS: ReadOptions = ReadOptions { as_of: None, partial: Partial::Accepted };

/// A row of daily bars: symbol, low, high, close and previous close in fen, shares, turnover in
/// fen.
struct Row {
    symbol: String,
    low: i64,
    high: i64,
    close: i64,
    prev_close: i64,
    shares: i64,
    turnover: i64,
}

/// A sound row of a share at so many fen.
fn at(symbol: String, fen: i64) -> Row {
    let (shares, turnover) = (4_000_000, 4_000_000 * fen);
    Row { symbol, low: fen, high: fen, close: fen, prev_close: fen, shares, turnover }
}

/// So many sound shares of Shanghai at 10 yuan.
fn sound(shares: usize) -> Vec<Row> {
    (0..shares).map(|code| at(format!("600{code:03}.SH"), 1_000)).collect()
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn take(recipe: &Recipe, name: &str, text: &str) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    read(recipe, &path, &OPTIONS, &NoProgress)
}

fn read_rows(rows: &[Row]) -> Result<Import, SourceError> {
    read_days(&[("20260212", rows)])
}

/// Reads the rows of several days.
fn read_days(days: &[(&str, &[Row])]) -> Result<Import, SourceError> {
    let recipe = "description = \"d\"\nsource = \"mine\"\nformat = \"csv\"\n[[table]]\n\
                  table = \"daily_bar\"\n[table.columns]\nsymbol = \"s\"\nsession = \"d\"\n\
                  open = { column = \"o\", unit = \"yuan\" }\n\
                  high = { column = \"h\", unit = \"yuan\" }\n\
                  low = { column = \"l\", unit = \"yuan\" }\n\
                  close = { column = \"c\", unit = \"yuan\" }\n\
                  prev_close = { column = \"p\", unit = \"yuan\" }\n\
                  volume = { column = \"v\", unit = \"shares\" }\n\
                  turnover = { column = \"t\", unit = \"yuan\" }\n";
    let mut text = "s,d,o,h,l,c,p,v,t\n".to_owned();
    let rows = days.iter().flat_map(|(day, rows)| rows.iter().map(move |row| (day, row)));
    for (day, row) in rows {
        let [low, high, close, prev, turnover] =
            [row.low, row.high, row.close, row.prev_close, row.turnover].map(yuan);
        let (symbol, shares) = (&row.symbol, row.shares);
        writeln!(text, "{symbol},{day},{close},{high},{low},{close},{prev},{shares},{turnover}")
            .unwrap();
    }
    take(&Recipe::from_toml("mine", recipe).unwrap(), "bars.csv", &text)
}

/// How many rows a finding on units counts; zero without one.
fn suspect(rows: &[Row]) -> u64 {
    let import = read_rows(rows).unwrap();
    let findings: Vec<&Finding> =
        import.findings.iter().filter(|f| f.kind == FindingKind::SuspectUnits).collect();
    assert!(findings.len() <= 1, "{findings:?}");
    findings.first().map_or(0, |finding| finding.count)
}

fn refused(rows: &[Row]) -> String {
    match read_rows(rows) {
        Err(SourceError::WrongUnits { evidence, .. }) => evidence.en,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sound_file_has_no_finding() {
    for shares in [1, 30, 250] {
        assert_eq!(read_rows(&sound(shares)).unwrap().findings, [], "{shares}");
    }
}

#[test]
fn a_close_more_than_half_away_from_the_previous_one_is_a_jump() {
    let jump = |prev_close: i64, close: i64| {
        let mut rows = sound(10);
        rows[3] = Row { prev_close, ..at("600003.SH".to_owned(), close) };
        suspect(&rows)
    };
    for (prev_close, close, expected) in [
        (1_000, 1_500, 0),
        (1_000, 1_501, 1),
        (1_000, 667, 0),
        (1_000, 666, 1),
        (1_000, 2_900, 1),
        (1_000, 340, 1),
        (1_500, 1_000, 0),
    ] {
        assert_eq!(jump(prev_close, close), expected, "{prev_close} {close}");
    }
}

#[test]
fn previous_closes_that_are_the_closes_are_said_from_twenty_rows_on() {
    let still = |rows: usize, unmoved: usize| {
        let mut rows = sound(rows);
        rows.iter_mut().for_each(|row| (row.low, row.high) = (990, 1_010));
        rows[unmoved..].iter_mut().for_each(|row| row.prev_close = 995);
        let findings = read_rows(&rows).unwrap().findings;
        let said = findings.iter().find(|finding| finding.detail.en.contains("equals the close"));
        said.map_or(0, |finding| finding.count)
    };
    assert_eq!(still(20, 15), 15);
    assert_eq!(still(20, 14), 0);
    assert_eq!(still(19, 19), 0);
    assert_eq!(still(300, 300), 300);
    // Shares that stood still all session are unchanged.
    assert!(read_rows(&sound(40)).unwrap().findings.is_empty());
}

#[test]
fn jumps_are_told_above_one_in_twenty_and_refused_above_one_in_two() {
    let jumps = |rows: usize, jumps: usize| {
        let mut rows = sound(rows);
        rows[..jumps].iter_mut().for_each(|row| row.prev_close = 500);
        rows
    };
    assert_eq!(suspect(&jumps(20, 1)), 0);
    assert_eq!(suspect(&jumps(19, 1)), 1);
    assert_eq!(suspect(&jumps(20, 2)), 2);
    assert_eq!(suspect(&jumps(20, 10)), 10);
    assert!(refused(&jumps(20, 11)).contains("on 11 of 20"));
}

/// 100 shares of rounded volume, one per cent, and a yuan of rounded turnover.
#[test]
fn turnover_by_volume_has_so_much_slack() {
    let average = |turnover: i64| {
        let mut rows = sound(10);
        rows[3] = Row { shares: 200, turnover, ..at("600003.SH".to_owned(), 1_000) };
        suspect(&rows)
    };
    for (turnover, expected) in [
        (200_000, 0),
        // At least 10 yuan times 100 shares less one per cent, less a yuan.
        (98_900, 0),
        (98_899, 1),
        // At most 10 yuan times 300 shares and one per cent, and a yuan.
        (303_100, 0),
        (303_101, 1),
    ] {
        assert_eq!(average(turnover), expected, "{turnover}");
    }
}

/// Block trades move an average by less than a third up or a quarter down.
#[test]
fn turnover_of_another_share_is_left_out() {
    let kept = |turnover: i64| {
        let mut rows = sound(10);
        rows[3] = Row { shares: 200, turnover, ..at("600003.SH".to_owned(), 1_000) };
        let import = read_rows(&rows).unwrap();
        import.rows_read - import.rows_left_out
    };
    for (turnover, expected) in [
        // Three quarters of 10 yuan times 100 shares, less a yuan.
        (74_900, 10),
        (74_899, 9),
        // Four thirds of 10 yuan times 300 shares, and a yuan.
        (400_100, 10),
        (400_101, 9),
    ] {
        assert_eq!(kept(turnover), expected, "{turnover}");
    }
}

#[test]
fn a_power_of_ten_is_said_only_where_most_rows_are_apart_by_it() {
    let times = |factors: [i64; 4]| {
        let mut rows = sound(4);
        rows.iter_mut().zip(factors).for_each(|(row, factor)| row.turnover *= factor);
        refused(&rows)
    };
    assert!(times([1_000; 4]).contains("by a factor of about 1000"));
    assert!(times([1_000, 1_000, 1_000, 3]).contains("by a factor of about 1000"));
    assert!(!times([3; 4]).contains("factor"));
    assert!(!times([1_000, 1_000, 3, 3]).contains("factor"));
    assert!(!times([3_000_000; 4]).contains("factor"));
}

#[test]
fn the_middle_share_costs_two_yuan_to_forty_five() {
    let all = |fen: i64| -> Vec<Row> {
        (0..250).map(|code| at(format!("600{code:03}.SH"), fen)).collect()
    };
    for fen in [200, 4_499] {
        read_rows(&all(fen)).unwrap();
    }
    assert!(refused(&all(199)).contains("250 of 250 traded rows have a close under 2 yuan"));
    assert!(refused(&all(4_500)).contains("a close of 45 yuan or more"));
    // Half of them say nothing, and neither do fewer than 200.
    let mut half = sound(250);
    half[..125].iter_mut().for_each(|row| *row = at(row.symbol.clone(), 199));
    read_rows(&half).unwrap();
    half[125] = at("600125.SH".to_owned(), 199);
    assert!(refused(&half).contains("126 of 250"));
    read_rows(&all(199)[..199]).unwrap();
}

#[test]
fn shares_of_beijing_say_nothing_of_the_middle_one() {
    let mut rows = sound(200);
    rows.extend((0..300).map(|code| at(format!("920{code:03}.BJ"), 150)));
    assert_eq!(read_rows(&rows).unwrap().findings, []);
}

#[test]
fn quotes_are_weighed_for_units() {
    let recipe = |unit: &str| {
        let text = format!(
            "description = \"d\"\nsource = \"mine\"\nformat = \"csv\"\n[[table]]\n\
             table = \"quote\"\n[table.columns]\nsymbol = \"s\"\nsession = \"d\"\n\
             time = \"t\"\nopen = {{ column = \"p\", unit = \"yuan\" }}\n\
             high = {{ column = \"p\", unit = \"yuan\" }}\n\
             low = {{ column = \"p\", unit = \"yuan\" }}\n\
             last = {{ column = \"p\", unit = \"yuan\" }}\n\
             volume = {{ column = \"v\", unit = \"{unit}\" }}\n\
             turnover = {{ column = \"m\", unit = \"yuan\" }}\n"
        );
        Recipe::from_toml("mine", &text).unwrap()
    };
    let rows = "s,d,t,p,v,m\n600001.SH,20260212,93500,10,5000,50000\n\
                600001.SH,20260212,94000,10,9000,90000\n600002.SH,20260212,94000,20,800,16000\n";
    let right = take(&recipe("shares"), "quotes.csv", rows).unwrap();
    assert_eq!(right.findings.iter().find(|f| f.kind == FindingKind::SuspectUnits), None);
    match take(&recipe("lots"), "quotes.csv", rows) {
        Err(SourceError::WrongUnits { evidence, remedy, .. }) => {
            assert!(evidence.en.contains("on 3 of 3 traded rows"), "{evidence:?}");
            assert!(remedy.en.contains("`shares` instead of `lots`"), "{remedy:?}");
        }
        other => panic!("{other:?}"),
    }
}

/// One part in five thousand of the high or the low.
#[test]
fn prices_of_an_index_may_be_rounded_apart() {
    let recipe = Recipe::named("index-csv").unwrap();
    let left_out = |row: &str| {
        let sound = "2026-02-11,4000.00,4010.00,3990.00,4000.00";
        let rows = format!("date,open,high,low,close\n{sound}\n2026-02-12,{row}\n");
        match take(&recipe, "sh000001.csv", &rows) {
            Ok(import) => import
                .findings
                .iter()
                .filter(|finding| finding.kind == FindingKind::InconsistentPrices)
                .map(|finding| finding.count)
                .sum::<u64>(),
            Err(error) => panic!("{row}: {error}"),
        }
    };
    for (row, expected) in [
        ("4000.00,4010.00,3990.00,4000.00", 0),
        // The high and the low may be 1.0000 away of 5,000.
        ("4000.00,5000.00,3990.00,5001.00", 0),
        ("4000.00,5000.00,3990.00,5001.0001", 1),
        ("5001.00,5000.00,3990.00,4000.00", 0),
        ("5000.00,5100.00,5000.00,4999.00", 0),
        ("5000.00,5100.00,5000.00,4998.9999", 1),
    ] {
        assert_eq!(left_out(row), expected, "{row}");
    }
}

/// Volume and turnover of one day both in other units: no row contradicts itself.
#[test]
fn one_session_in_other_units_is_refused() {
    let times = |times: i64| -> Vec<Row> {
        let more = |row: Row| Row {
            shares: row.shares / 100 * times,
            turnover: row.turnover / 100 * times,
            ..row
        };
        sound(60).into_iter().map(more).collect()
    };
    let (usual, tenfold, hundredfold) = (times(1), times(10), times(100));
    let week = |middle| [("20260210", &usual[..]), ("20260211", middle), ("20260212", &usual)];
    let import = read_days(&week(&tenfold)).unwrap();
    assert_eq!(import.batches[0].1.num_rows(), 180);
    let Err(SourceError::WrongUnits { evidence, .. }) = read_days(&week(&hundredfold)) else {
        panic!("a day in other units was read")
    };
    let expected = "2026-02-11 trades about 128 times more than that of 2026-02-10";
    assert!(evidence.en.ends_with(expected), "{}", evidence.en);
    // A file may hold sessions years apart, in which the market has changed.
    read_days(&[("20160215", &usual), ("20260212", &hundredfold)]).unwrap();
}
