//! What industries did to an index, the round levels that indices crossed, and turnover at a level.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

#[expect(dead_code, reason = "other tests need more of it")]
mod fixture;

use fixture::{Builder, count, ppb};
use fupan_brief::{Language, compose, export};
use fupan_fact::{FactSet, Name, Value};

const COMPOSITE: &str = "000001.SH";

fn points(units: i64) -> Value {
    Value::Points { units }
}

fn markdown(set: &FactSet, language: Language) -> String {
    let text = export::markdown(&compose(set, language), set);
    // Without the marks of notes.
    let mut parts = text.split("[^");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |text, part| text + part.split_once(']').unwrap().1)
}

fn with_index() -> Builder {
    let mut builder = Builder::new();
    builder.name(COMPOSITE, "上证指数", Some("Shanghai Composite"));
    builder.put("index_return", COMPOSITE, ppb(-12_000_000));
    builder.put("index_close", COMPOSITE, points(39_900_000));
    builder
}

fn with_industries(moved: &[(&str, i64)]) -> FactSet {
    let mut builder = with_index();
    for (name, units) in moved {
        let scope = format!("sw1.{name}");
        let name = Name { zh: (*name).to_owned(), en: Some(format!("The {name}")) };
        builder.set.groups.insert(scope.parse().unwrap(), name);
        builder.put("index_group_points:000001.SH", &scope, points(*units));
        builder.put("index_group_points:000300.SH", &scope, points(1_000_000));
    }
    builder.set
}

#[test]
fn the_industries_are_told_that_moved_the_index_either_way() {
    let set = with_industries(&[
        ("A", 20_000),
        ("B", -93_000),
        ("C", 0),
        ("D", 30_000),
        ("E", 10_000),
        ("F", 5_000),
        ("G", -1_000),
    ]);
    let text = markdown(&set, Language::En);
    let told = "By industry, the D (3.00 points), the A (2.00 points) and the E (1.00 points) lifted \
                the Shanghai Composite most, and the B (9.30 points) and the G (0.10 points) weighed on \
                it most.";
    assert!(text.replace('\u{a0}', " ").contains(told), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| The ")).collect();
    let heads: Vec<&str> = rows.iter().map(|row| &row[6..7]).collect();
    assert_eq!(heads, ["D", "A", "E", "F", "G", "B"], "{text}");
}

#[test]
fn nothing_is_told_of_a_way_that_no_industry_took() {
    let of = |moved: &[(&str, i64)]| markdown(&with_industries(moved), Language::Zh);
    let up = of(&[("A", 20_000)]);
    assert!(up.contains("对沪指贡献居前的是A（2.00点）。") && !up.contains("拖累居前"), "{up}");
    let down = of(&[("A", -20_000)]);
    assert!(
        down.contains("对沪指拖累居前的是A（2.00点）。") && !down.contains("贡献居前"),
        "{down}"
    );
    assert!(!of(&[("A", 0)]).contains("分行业看"));
}

#[test]
fn a_major_level_that_the_index_crossed_is_told() {
    let of = |measure: &str, level: Value| {
        let mut builder = with_index();
        builder.put(measure, COMPOSITE, level);
        markdown(&builder.set, Language::En).replace('\u{a0}', " ")
    };
    let lost = of("index_level_lost:1000", points(40_000_000));
    assert!(lost.contains("to 3,990.00, closing below 4,000"), "{lost}");
    let gained = of("index_level_gained:1000", points(30_000_000));
    assert!(gained.contains("to 3,990.00, closing above 3,000"), "{gained}");
    let none = Value::Unknown { reason: "no_level_crossed".to_owned() };
    for (measure, level) in [
        ("index_level_gained:1000", none),
        ("index_level_gained:100", points(39_000_000)),
        ("index_intraday_level_lost:1000", points(39_000_000)),
    ] {
        let text = of(measure, level);
        assert!(!text.contains("closing above") && !text.contains("closing below"), "{text}");
    }
}

#[test]
fn turnover_is_told_of_the_highest_level_that_it_held_for_three_sessions() {
    let of = |runs: [i64; 3]| {
        let mut builder = with_index();
        builder.put(
            "turnover",
            "sse-szse",
            Value::Money { fen: fupan_market::Fen(310_000_000_000_000) },
        );
        for (trillions, sessions) in (1..).zip(runs) {
            builder.put(&format!("turnover_above_sessions:{trillions}"), "all-a", count(sessions));
        }
        markdown(&builder.set, Language::En)
    };
    let told = |runs| of(runs).split_once("Turnover has been ").map(|(_, rest)| rest.to_owned());
    let three = told([90, 40, 3]).unwrap();
    assert!(three.starts_with("three trillion yuan or more for 3 sessions in a row."), "{three}");
    let two = told([90, 40, 2]).unwrap();
    assert!(two.starts_with("two trillion yuan or more for 40 sessions in a row."), "{two}");
    assert_eq!(told([2, 1, 0]), None);
}
