//! What rows say of a file's units: at each threshold, and just beyond it.

use super::*;

/// A sound row of a share: 9 to 12 yuan, at 10 yuan, a million shares.
fn row(symbol: &str) -> Row {
    Row {
        symbol: symbol.parse().unwrap(),
        day: 20_496,
        high: 120_000,
        low: 90_000,
        close: 100_000,
        prev_close: None,
        volume: 1_000_000,
        turnover_fen: None,
        extent: Extent::Session,
    }
}

fn place() -> Place {
    Place { file: "f".to_owned(), row: Some(7), column: None }
}

fn weighed(rows: impl IntoIterator<Item = Row>) -> Units {
    let mut units = Units::default();
    rows.into_iter().for_each(|row| units.weigh(row, place).unwrap());
    units
}

/// A recipe of daily bars or quotes in the units of volume, turnover and price.
fn recipe(table: &str, [volume, turnover, price]: [&str; 3]) -> Recipe {
    let (last, time) = match table {
        "quote" => ("last", "time = \"time\"\n"),
        _ => ("close", ""),
    };
    let text = format!(
        "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n[[table]]\ntable = \"{table}\"\n\
         [table.columns]\nsymbol = \"code\"\nsession = \"date\"\n{time}\
         open = {{ column = \"o\", unit = \"{price}\" }}\n\
         high = {{ column = \"h\", unit = \"{price}\" }}\n\
         low = {{ column = \"l\", unit = \"{price}\" }}\n\
         {last} = {{ column = \"c\", unit = \"{price}\" }}\n\
         volume = {{ column = \"vol\", unit = \"{volume}\" }}\n\
         turnover = {{ column = \"amount\", unit = \"{turnover}\" }}\n"
    );
    Recipe::from_toml("mine", &text).unwrap()
}

const PRICED: [Table; 2] = [Table::DailyBar, Table::Quote];

const PLAIN: [&str; 3] = ["shares", "yuan", "yuan"];

/// Evidence and remedy of a file that is refused.
fn wrong(units: &Units, recipe: &Recipe) -> (Wording, Wording) {
    match units.verdict(recipe, &PRICED, "f") {
        Verdict::Wrong { evidence, remedy } => (evidence, remedy),
        Verdict::Fit(findings) => panic!("{findings:?}"),
    }
}

fn found(units: &Units) -> Vec<Finding> {
    match units.verdict(&recipe("daily_bar", PLAIN), &PRICED, "f") {
        Verdict::Fit(findings) => findings,
        Verdict::Wrong { evidence, .. } => panic!("{evidence:?}"),
    }
}

#[test]
fn a_row_trades_at_most_400_billion_yuan() {
    let trades = |volume: i64| {
        let row = Row { close: 10_000_000, volume, ..row("600519.SH") };
        Units::default().weigh(row, place)
    };
    assert_eq!(trades(400_000_000), Ok(()));
    assert_eq!(trades(400_000_001), Err((topics::OUTSIZED, "volume")));
}

/// 100 shares of rounded volume, one per cent, and a yuan of rounded turnover; a third up and a
/// quarter down for block trades.
#[test]
fn turnover_by_volume_lies_between_low_and_high_with_some_slack() {
    let at = |volume: i64, fen: i64| {
        let row = Row { volume, ..row("600519.SH") };
        (average_fits(row, fen), average_is_astray(row, fen))
    };
    let (fits, apart, astray) = ((true, false), (false, false), (false, true));
    for (volume, fen, expected) in [
        // 9 yuan × 900 shares = 8,100 yuan.
        (1_000, 801_800, fits),
        (1_000, 801_799, apart),
        (1_000, 607_400, apart),
        (1_000, 607_399, astray),
        // 12 yuan × 1,100 shares = 13,200 yuan.
        (1_000, 1_333_300, fits),
        (1_000, 1_333_301, apart),
        (1_000, 1_760_100, apart),
        (1_000, 1_760_101, astray),
        // So few shares that rounding explains any turnover below.
        (100, 1, fits),
        (40, 1, fits),
        // 12 yuan × 140 shares = 1,680 yuan.
        (40, 169_780, fits),
        (40, 169_781, apart),
    ] {
        assert_eq!(at(volume, fen), expected, "{volume} {fen}");
    }
}

#[test]
fn a_turnover_that_does_not_fit_is_counted_and_the_first_one_is_shown() {
    let with = |fen: i64| Row { turnover_fen: Some(fen), ..row("600519.SH") };
    let (sound, apart) = (with(1_000_000_000), with(1_300_000_000));
    let told = |rows: &[Row]| {
        let findings = found(&weighed(rows.iter().copied()));
        findings.first().map(|finding| (finding.count, finding.place.clone()))
    };
    assert_eq!(told(&[sound, sound]), None);
    assert_eq!(told(&[sound, apart]), Some((1, Some(place()))));
    assert_eq!(told(&[apart, sound, sound, apart]), Some((2, Some(place()))));
    let most = weighed([apart, sound, apart]);
    let (evidence, remedy) = wrong(&most, &recipe("daily_bar", PLAIN));
    assert_eq!(
        evidence.en,
        "Turnover divided by volume is outside the price range on 2 of 3 traded rows"
    );
    assert_eq!(evidence.zh, "3行有成交的记录中，2行的成交额除以成交量落在价格区间之外");
    assert_eq!(remedy.en, "check which columns hold volume and turnover");
    // A row of another share is refused, and counts as evidence.
    let mut units = weighed([sound]);
    for _ in 0..2 {
        assert_eq!(units.weigh(with(1), place), Err((topics::TURNOVER_ASTRAY, "turnover")));
    }
    assert!(wrong(&units, &recipe("daily_bar", PLAIN)).0.en.contains("on 2 of 3"));
}

/// Ten rows whose turnover by volume is 10 yuan times a power of ten.
fn apart_by(power: i32) -> Units {
    let mut units = Units::default();
    for _ in 0..10 {
        let (volume, fen) = match power {
            0.. => (1_000_000, 1_000_000_000 * 10_i64.pow(power.unsigned_abs())),
            _ => (1_000_000 * 10_i64.pow(power.unsigned_abs()), 1_000_000_000),
        };
        let row = Row { volume, turnover_fen: Some(fen), ..row("600519.SH") };
        // Only the evidence counts here.
        let _ = units.weigh(row, place);
    }
    units
}

#[test]
fn the_factor_by_which_most_rows_are_apart_is_said() {
    for (power, factor) in [
        (1, Some("10")),
        (2, Some("100")),
        (6, Some("1000000")),
        (7, None),
        (-1, Some("1/10")),
        (-4, Some("1/10000")),
        (-6, Some("1/1000000")),
        (-7, None),
    ] {
        let (evidence, _) = wrong(&apart_by(power), &recipe("daily_bar", PLAIN));
        let (en, zh) = match factor {
            Some(factor) => (
                format!("on 10 of 10 traded rows, mostly by a factor of about {factor}"),
                format!("落在价格区间之外，多数相差约{factor}倍"),
            ),
            None => ("on 10 of 10 traded rows".to_owned(), "落在价格区间之外".to_owned()),
        };
        assert!(evidence.en.ends_with(&en), "{power}: {}", evidence.en);
        assert!(evidence.zh.ends_with(&zh), "{power}: {}", evidence.zh);
    }
}

/// A ratio within a quarter of a power of ten is taken for it.
#[test]
fn a_ratio_is_filed_under_the_power_of_ten_that_it_is_near() {
    let nowhere = 2 * POWERS as usize + 1;
    // The middle of low and high is 10.5 yuan.
    for (fen, volume, expected) in [
        (1_050, 1, 6),
        (1_050 * 120 / 100, 1, 6),
        (1_050 * 130 / 100, 1, nowhere),
        (1_050 * 85 / 100, 1, 6),
        (1_050 * 75 / 100, 1, nowhere),
        (105_000, 1, 8),
        (105_000 * 79 / 100, 1, nowhere),
        (1_050, 1_000, 3),
        (1_050, 1_000_000, 0),
        (1_050, 10_000_000, nowhere),
        (1_050_000_000, 1, 12),
        (10_500_000_000, 1, nowhere),
    ] {
        let row = Row { volume, ..row("600519.SH") };
        assert_eq!(power_place(row, fen), expected, "{fen} / {volume}");
    }
}

#[test]
fn the_remedy_names_each_unit_that_would_make_the_rows_fit() {
    let set = |column: &str, unit: &str, now: &str| {
        format!("set the unit of {column} to `{unit}` instead of `{now}`")
    };
    let seem = |how: &str| {
        format!(
            "the prices seem to be 10 times too {how}: fund and B-share prices are often in \
             thousandths"
        )
    };
    for (table, units, power, ways) in [
        (
            "daily_bar",
            PLAIN,
            2,
            &[set("`vol`", "lots", "shares"), set("`amount`", "fen", "yuan")][..],
        ),
        ("daily_bar", PLAIN, -2, &[set("the prices", "fen", "yuan")]),
        ("quote", PLAIN, -2, &[set("the prices", "fen", "yuan")]),
        ("daily_bar", PLAIN, 4, &[set("`vol`", "ten-thousand-shares", "shares")]),
        ("daily_bar", PLAIN, -3, &[set("`amount`", "thousand-yuan", "yuan")]),
        ("daily_bar", PLAIN, -4, &[set("`amount`", "ten-thousand-yuan", "yuan")]),
        ("daily_bar", PLAIN, 1, &[seem("low")]),
        ("daily_bar", PLAIN, -1, &[seem("high")]),
        ("daily_bar", PLAIN, 5, &["check the units of the recipe".to_owned()]),
        ("daily_bar", ["lots", "thousand-yuan", "fen"], -2, &[set("`vol`", "shares", "lots")]),
        (
            "daily_bar",
            ["lots", "ten-thousand-yuan", "fen"],
            2,
            &[set("`vol`", "ten-thousand-shares", "lots"), set("the prices", "yuan", "fen")],
        ),
        (
            "quote",
            ["shares", "thousand-yuan", "yuan"],
            3,
            &[set("`amount`", "yuan", "thousand-yuan")],
        ),
        (
            "quote",
            ["shares", "ten-thousand-yuan", "yuan"],
            1,
            &[set("`amount`", "thousand-yuan", "ten-thousand-yuan"), seem("low")],
        ),
    ] {
        let (_, remedy) = wrong(&apart_by(power), &recipe(table, units));
        assert_eq!(remedy.en, ways.join(", or "), "{table} {units:?} {power}");
        assert_eq!(remedy.zh.split("，或者").count(), ways.len(), "{}", remedy.zh);
    }
    let (_, remedy) = wrong(&apart_by(-1), &recipe("daily_bar", PLAIN));
    assert!(remedy.zh.contains("偏高10倍"), "{}", remedy.zh);
}

/// Rows of one session, each symbol with its number and the power of two of its volume.
fn of_boards(boards: &[(&str, usize, u32)]) -> Units {
    let rows = boards.iter().flat_map(|(symbol, rows, power)| {
        std::iter::repeat_n(Row { volume: 1 << power, ..row(symbol) }, *rows)
    });
    weighed(rows)
}

#[test]
fn boards_or_sessions_apart_are_refused_or_said() {
    let (evidence, remedy) = wrong(
        &of_boards(&[("600519.SH", 20, 14), ("688981.SH", 20, 20)]),
        &recipe("daily_bar", PLAIN),
    );
    assert_eq!(evidence.en, "the median STAR row trades about 64 times more than the others");
    assert!(remedy.en.starts_with("`vol` may be in shares for one board"), "{}", remedy.en);
    let few = found(&of_boards(&[("600519.SH", 3, 20), ("920002.BJ", 2, 10)]));
    let [finding] = few.as_slice() else { panic!("{few:?}") };
    assert_eq!((finding.kind, finding.count), (FindingKind::SuspectUnits, 2));
    let sessions = |extent: Extent| {
        let mut units = of_boards(&[("600519.SH", 20, 14)]);
        let next = Row { day: 20_497, volume: 1 << 21, extent, ..row("600519.SH") };
        (0..20).for_each(|_| units.weigh(next, place).unwrap());
        units
    };
    let (evidence, remedy) = wrong(&sessions(Extent::Session), &recipe("daily_bar", PLAIN));
    assert!(evidence.en.starts_with("the median main-board row of 2026-02-13"), "{}", evidence.en);
    assert!(remedy.en.starts_with("`vol` may be in another unit from"), "{}", remedy.en);
    // Quotes of one day may have more to sum than those of another.
    assert_eq!(found(&sessions(Extent::Part)), []);
}

/// So many shares of Shanghai's main board, each with a row.
fn shares(count: u32, of: impl Fn(Row) -> Row) -> Units {
    weighed((0..count).map(|n| of(row(&format!("{}.SH", 600_000 + n)))))
}

#[test]
fn the_middle_share_tells_of_wrong_prices_and_volumes() {
    let told = |count: u32, of: fn(Row) -> Row| {
        let units = shares(count, of);
        let evidence = units.middle(&recipe("daily_bar", PLAIN).tables[0]);
        evidence.map(|(evidence, _)| evidence.en)
    };
    let all = |what: &str| Some(format!("200 of 200 traded rows have {what}"));
    assert_eq!(told(200, |row| row), None);
    assert_eq!(told(200, |row| Row { close: 20_000, ..row }), None);
    assert_eq!(told(200, |row| Row { close: 19_999, ..row }), all("a close under 2 yuan"));
    assert_eq!(told(199, |row| Row { close: 19_999, ..row }), None);
    assert_eq!(told(200, |row| Row { close: 449_999, ..row }), None);
    assert_eq!(told(200, |row| Row { close: 450_000, ..row }), all("a close of 45 yuan or more"));
    assert_eq!(told(200, |row| Row { volume: 200_000, ..row }), None);
    let little = all("less than 2 million yuan traded");
    assert_eq!(told(200, |row| Row { volume: 199_999, ..row }), little);
    assert_eq!(told(200, |row| Row { volume: 299_999_999, ..row }), None);
    let much = all("more than 3 billion yuan traded");
    assert_eq!(told(200, |row| Row { volume: 300_000_000, ..row }), much);
    // Part of a session may trade little or, in a file of many sessions, much.
    for volume in [199_999, 300_000_000] {
        let part = shares(200, |row| Row { volume, extent: Extent::Part, ..row });
        assert!(part.middle(&recipe("quote", PLAIN).tables[0]).is_none(), "{volume}");
    }
    // Prices and turnovers were others before 2010.
    assert_eq!(told(200, |row| Row { close: 19_999, day: 14_609, ..row }), None);
    let since = told(200, |row| Row { close: 19_999, day: 14_610, ..row });
    assert_eq!(since, all("a close under 2 yuan"));
}

/// Of the rows of many shares, more than half decide.
#[test]
fn half_of_the_rows_say_nothing_of_the_middle_share() {
    let table = &recipe("daily_bar", PLAIN).tables[0];
    for (low, high, little, much, told) in [
        (100, 100, 0, 0, None),
        (101, 99, 0, 0, Some("101 of 200")),
        (99, 101, 0, 0, Some("101 of 200")),
        (0, 0, 100, 100, None),
        (0, 0, 101, 99, Some("101 of 200")),
        (0, 0, 99, 101, Some("101 of 200")),
    ] {
        let rows = [(low, 19_999, 1_000_000), (high, 450_000, 1_000_000)]
            .into_iter()
            .chain([(little, 100_000, 199_999), (much, 100_000, 300_000_000)])
            .flat_map(|(rows, close, volume)| std::iter::repeat_n((close, volume), rows));
        let rows = rows.enumerate().map(|(n, (close, volume))| {
            let symbol = format!("{}.SH", 600_000 + n);
            Row { close, volume, ..row(&symbol) }
        });
        let evidence = weighed(rows).middle(table).map(|(evidence, _)| evidence.en);
        let begins =
            told.is_none_or(|told| evidence.as_deref().is_some_and(|e| e.starts_with(told)));
        assert!(begins && evidence.is_some() == told.is_some(), "{evidence:?} {told:?}");
    }
}

#[test]
fn the_remedy_for_the_middle_share_names_the_declared_unit() {
    let dear = shares(200, |row| Row { close: 450_000, ..row });
    for (table, unit, other) in
        [("daily_bar", "yuan", "fen"), ("quote", "yuan", "fen"), ("daily_bar", "fen", "yuan")]
    {
        let (_, remedy) = wrong(&dear, &recipe(table, ["shares", "yuan", unit]));
        assert!(remedy.en.contains(&format!("set their unit to `{other}`")), "{}", remedy.en);
        assert!(remedy.zh.contains(&format!("请把单位写作`{other}`")), "{}", remedy.zh);
    }
    let little = shares(200, |row| Row { volume: 199_999, ..row });
    let (_, remedy) = wrong(&little, &recipe("daily_bar", PLAIN));
    assert_eq!(remedy.en, "`vol` may be in lots, not in `shares`");
    let much = shares(200, |row| Row { volume: 300_000_000, ..row });
    let (_, remedy) = wrong(&much, &recipe("daily_bar", ["lots", "yuan", "yuan"]));
    assert_eq!(remedy.en, "`vol` may be in shares, not in `lots`");
    assert_eq!(remedy.zh, "`vol`可能以股计，而不是`lots`");
}

/// Only rows of whole sessions whose price moved are compared with their previous close.
#[test]
fn part_of_a_session_says_nothing_of_the_previous_close() {
    let same = |extent: Extent| {
        let row = Row { prev_close: Some(100_000), extent, ..row("600519.SH") };
        found(&weighed(std::iter::repeat_n(row, 30))).len()
    };
    assert_eq!((same(Extent::Session), same(Extent::Part)), (1, 0));
}
