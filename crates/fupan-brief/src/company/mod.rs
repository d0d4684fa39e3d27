//! English names of companies.
//!
//! A share's English name is the one that the facts give; else the one that the company or the
//! wires use, if `company_names.tsv` has it; else one made from the Chinese name.

mod marks;
mod romanise;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fupan_fact::Name;
use fupan_market::{Symbol, shown_name};

use marks::Marked;

/// A company's name as it is listed, and its English name.
struct Entry {
    listed: &'static str,
    english: &'static str,
}

/// Companies with an established English name, by symbol.
static NAMES: LazyLock<BTreeMap<Symbol, Entry>> = LazyLock::new(|| {
    let rows = include_str!("../company_names.tsv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let symbol = cells.next()?.parse().ok()?;
        Some((symbol, Entry { listed: cells.next()?, english: cells.next()? }))
    })
    .collect()
});

/// The companies with an established English name.
pub fn established_names() -> impl Iterator<Item = (Symbol, &'static str)> {
    NAMES.iter().map(|(symbol, entry)| (*symbol, entry.english))
}

/// The English name of a share; its code if its Chinese name cannot be romanised.
pub(crate) fn english(symbol: Symbol, name: &Name) -> String {
    if let Some(en) = &name.en {
        return shown_name(en);
    }
    let zh = shown_name(&name.zh);
    let marked = marks::split(&zh);
    let english = match established(symbol, &marked) {
        Some(english) => Some(english.to_owned()),
        None => romanise::romanise(marked.name, marked.of_day),
    };
    match english {
        Some(english) if !english.is_empty() => format!("{}{english}", marked.status),
        _ => symbol.to_string(),
    }
}

/// The name in the list, as long as the company has the name that the list knows: codes are
/// used again by other companies. Beside a mark the exchange leaves characters out.
fn established(symbol: Symbol, marked: &Marked<'_>) -> Option<&'static str> {
    let entry = NAMES.get(&symbol)?;
    let listed = marks::split(entry.listed).name;
    let shortened =
        (marked.of_day || !marked.status.is_empty()) && is_short_for(marked.name, listed);
    (listed == marked.name || shortened).then_some(entry.english)
}

/// Whether at least two characters of a name, in their order, are the short one.
fn is_short_for(short: &str, name: &str) -> bool {
    let mut characters = name.chars();
    short.chars().count() > 1 && short.chars().all(|one| characters.any(|other| other == one))
}

/// Whether a character is a Chinese one.
pub(crate) fn is_han(character: char) -> bool {
    matches!(u32::from(character), 0x3005..=0x3007 | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever a source calls a company, its English name is Latin, can be seen and is not
        /// empty.
        #[test]
        fn any_name_is_readable(zh in r"(\*?ST|XD|N)?[\u{4e00}-\u{9fff}A-Z\u{ff21}-\u{ff3a} 科技股份银行\PC]{0,8}(-U|Ａ)?") {
            let printed = of("600589.SH", &zh);
            let latin = |c: char| u32::from(c) < 0x2e80 && !fupan_market::is_hidden(c);
            prop_assert!(!printed.trim().is_empty() && printed.chars().all(latin), "{printed}");
        }
    }

    fn of(symbol: &str, zh: &str) -> String {
        let name = Name { zh: zh.to_owned(), en: None };
        english(symbol.parse().unwrap(), &name)
    }

    #[test]
    fn the_list_is_well_formed() {
        let rows: Vec<&str> = include_str!("../company_names.tsv").lines().skip(1).collect();
        assert_eq!(NAMES.len(), rows.len(), "a symbol does not parse or is there twice");
        let mut seen = BTreeSet::new();
        for row in rows {
            let cells: Vec<&str> = row.split('\t').collect();
            let [symbol, listed, english] = cells[..] else { panic!("{row}") };
            assert!(symbol.parse::<Symbol>().is_ok(), "{row}");
            assert!(listed.chars().any(is_han) && listed.trim() == listed, "{row}");
            assert_eq!(shown_name(listed), listed, "{row}");
            assert!(english.is_ascii() && english.trim() == english, "{row}");
            assert!(english.chars().any(|c| c.is_ascii_alphabetic()), "{row}");
            assert!(seen.insert(english) || listed == "贝特瑞", "{english} is there twice");
            assert_eq!(of(symbol, listed), english);
        }
    }

    #[test]
    fn an_established_name_is_used_as_long_as_the_company_has_it() {
        for (symbol, zh, en) in [
            ("601857.SH", "中国石油", "PetroChina"),
            ("688158.SH", "优刻得-W", "UCloud"),
            ("000002.SZ", "万  科Ａ", "Vanke"),
            ("000002.SZ", "*ST万科", "*ST Vanke"),
            // Beside a mark of the day, the exchange cuts the name.
            ("600519.SH", "XD贵州茅", "Kweichow Moutai"),
            ("688795.SH", "C摩尔-U", "Moore Threads"),
            ("600745.SH", "*ST闻泰", "*ST Wingtech"),
            ("300212.SZ", "*ST易录", "*ST E-Hualu"),
            ("300212.SZ", "*ST录易", "*ST Luyi"),
            ("600519.SH", "贵州茅", "Guizhoumao"),
            ("600519.SH", "XD贵", "Gui"),
            // Another company has come to the code, or the name to another code.
            ("601857.SH", "虚构科技", "Xugou Technology"),
            ("600589.SH", "中国石油", "China Petroleum"),
        ] {
            assert_eq!(of(symbol, zh), en, "{symbol} {zh}");
        }
    }

    #[test]
    fn the_name_of_the_facts_goes_before_all_others() {
        let name = Name { zh: "中国石油".to_owned(), en: Some("Ｏil  Co\u{202e}".to_owned()) };
        assert_eq!(english("601857.SH".parse().unwrap(), &name), "Oil Co\\u{202e}");
    }

    #[test]
    fn a_name_that_cannot_be_read_gives_way_to_the_code() {
        for zh in ["", "　", "ア科技", "甲\u{2ceb0}科技"] {
            assert_eq!(of("600589.SH", zh), "600589.SH", "{zh}");
        }
    }
}
