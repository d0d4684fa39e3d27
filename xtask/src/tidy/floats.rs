//! No float holds a price, volume, turnover or return. Floats are allowed in listed places only.

use std::collections::BTreeSet;

use super::source::{Named, Source};

/// Crates whose figures are integers, from a vendor's file to a fact.
const WHOLE: [&str; 9] = [
    "fupan-market",
    "fupan-table",
    "fupan-fact",
    "fupan-source",
    "fupan-store",
    "fupan-measure",
    "fupan-sim",
    "fupan-check",
    "fupan",
];

/// A function or type that may use floats.
pub(super) struct Door {
    pub file: &'static str,
    pub item: &'static str,
    pub reason: &'static str,
}

const fn door(file: &'static str, item: &'static str, reason: &'static str) -> Door {
    Door { file, item, reason }
}

const VENDORS: &str = "a vendor's float, on its way to a whole number";
const GUESSED: &str = "how many powers of ten a unit is off, for a message";
const AS_VENDORS: &str = "a whole number as a vendor's float, in a simulated file";
const DRAWN: &str = "a number for drawing, which nothing adds up";

/// Every place where floats are allowed. An entry that uses none is a breach.
pub(super) const DOORS: [Door; 22] = [
    door("crates/fupan-market/src/price.rs", "from_vendor_float", VENDORS),
    door("crates/fupan-market/src/price.rs", "to_f64", DRAWN),
    door("crates/fupan-fact/src/value.rs", "to_f64", DRAWN),
    door("crates/fupan-source/src/row/cells.rs", "numbers", VENDORS),
    door("crates/fupan-source/src/spelling/decimal.rs", "float", VENDORS),
    door("crates/fupan-source/src/spelling/decimal.rs", "text", VENDORS),
    door("crates/fupan-source/src/format/tdx.rs", "records", VENDORS),
    door("crates/fupan-source/src/format/tdx_gbbq.rs", "numbers", VENDORS),
    door("crates/fupan-source/src/format/tdx_minutes.rs", "volume", VENDORS),
    door("crates/fupan-source/src/format/tdx_minutes.rs", "in_fen", VENDORS),
    door("crates/fupan-source/src/format/tdx_minutes.rs", "batch", VENDORS),
    door("crates/fupan-source/src/format/workbook/cells.rs", "Value", VENDORS),
    door("crates/fupan-source/src/format/workbook/cells.rs", "unpacked", VENDORS),
    door("crates/fupan-source/src/format/workbook/cells.rs", "double", VENDORS),
    door("crates/fupan-source/src/format/qlib.rs", "Values", VENDORS),
    door("crates/fupan-source/src/format/qlib.rs", "read", VENDORS),
    door("crates/fupan-source/src/format/qlib.rs", "at", VENDORS),
    door("crates/fupan-source/src/format/qlib.rs", "batch", VENDORS),
    door("crates/fupan-source/src/format/qlib.rs", "unadjusted", VENDORS),
    door("crates/fupan-source/src/row/units.rs", "power_place", GUESSED),
    door("crates/fupan-sim/src/tdx.rs", "record", AS_VENDORS),
    door("crates/fupan-sim/src/tdx.rs", "gbbq", AS_VENDORS),
];

/// Floats in other places, and entries without floats.
pub(super) fn breaches(sources: &[Source], doors: &[Door]) -> Vec<String> {
    let mut breaches = BTreeSet::new();
    let mut used = BTreeSet::new();
    let is_whole = |folder: &str| WHOLE.iter().any(|name| folder == format!("crates/{name}"));
    for source in sources.iter().filter(|source| source.is_shipped()) {
        if !source.within_crate().is_some_and(|(folder, _)| is_whole(folder)) {
            continue;
        }
        for path in source.paths.iter().filter(|path| !path.place.is_test && is_float(path)) {
            let item = &path.place.item;
            if doors.iter().any(|door| door.file == source.file && door.item == item) {
                used.insert((&*source.file, &**item));
                continue;
            }
            breaches.insert(format!(
                "{}: a float in `{item}`; no float holds a price, volume, turnover or return. A \
                 vendor's float becomes a price by `Price::from_vendor_float`; where it is \
                 something else, name the door and the reason in xtask/src/tidy/floats.rs",
                source.at(path.place.line),
            ));
        }
    }
    for door in doors.iter().filter(|door| !used.contains(&(door.file, door.item))) {
        breaches.insert(format!(
            "{}: no float in `{}` any more ({}); take the door out of xtask/src/tidy/floats.rs",
            door.file, door.item, door.reason
        ));
    }
    breaches.into_iter().collect()
}

fn is_float(path: &Named) -> bool {
    path.segments.iter().any(|word| word == "f32" || word == "f64")
        || path.segments.first().is_some_and(|word| is_float_literal(word))
}

fn is_float_literal(literal: &str) -> bool {
    let is_decimal =
        literal.starts_with(|c: char| c.is_ascii_digit()) && !literal.starts_with("0x");
    let digits = literal.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    is_decimal && (digits.starts_with(['.', 'e', 'E', 'f']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOOR: Door = door("crates/fupan-market/src/price.rs", "from_vendor_float", VENDORS);

    fn of(file: &str, text: &str) -> Vec<String> {
        let sources = [Source::read(file, text).unwrap()];
        let at_home = |door: &Door| door.file == file;
        breaches(&sources, if at_home(&DOOR) { &[DOOR] } else { &[] })
    }

    #[test]
    fn a_float_outside_the_doors_is_seen() {
        for text in [
            "struct Bar { close: f64 }",
            "fn mean(sum: i64) -> i64 { (sum as f32) as i64 }",
            "fn half(sum: i64) -> i64 { scaled(sum, 0.5) }",
            "fn ten() -> i64 { 10_f64.powi(2) as i64 }",
            "const BILLION: i64 = 1e9 as i64;",
        ] {
            let told = of("crates/fupan-measure/src/total.rs", text);
            assert_eq!(told.len(), 1, "{text}: {told:?}");
            assert!(told[0].starts_with("crates/fupan-measure/src/total.rs:1: a float in `"));
        }
    }

    #[test]
    fn whole_numbers_tests_words_and_other_crates_may() {
        for text in [
            "fn first(pair: ((u8, u8), u8)) -> u8 { pair.0.1 + 0xfe + 1usize as u8 }",
            "//! No f64 here.\nconst A: &str = \"f64 1.5\"; const B: &[u8] = &[1..2, 3];",
            "#[cfg(test)]\nmod tests { const A: f64 = 0.5; }",
            "#[test]\nfn a() { let _ = 0.5; }",
        ] {
            assert_eq!(of("crates/fupan-measure/src/total.rs", text), [""; 0], "{text}");
        }
        for file in ["crates/fupan-brief/src/chart/bars.rs", "crates/fupan-measure/tests/laws.rs"] {
            assert_eq!(of(file, "const A: f64 = 0.5;"), [""; 0]);
        }
    }

    #[test]
    fn a_door_is_one_function_and_is_closed_behind_the_last_float() {
        let through = "impl Price { fn from_vendor_float(value: f64) -> i64 { value as i64 } }";
        assert_eq!(of(DOOR.file, through), [""; 0]);
        let beside = format!("{through} fn beside(value: f64) {{}}");
        assert!(of(DOOR.file, &beside)[0].contains("a float in `beside`"));
        assert!(of(DOOR.file, "")[0].contains("no float in `from_vendor_float` any more"));
    }
}
