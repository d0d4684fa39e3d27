//! Which stocks a brief names: the most traded, the largest at a high, the large ones that moved most.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

#[expect(dead_code, reason = "other tests need more of it")]
mod fixture;

use fixture::{Builder, count, ppb, session, yi};
use fupan_brief::{FactSet, Language, compose, export};
use fupan_fact::{FactKey, MeasureId, Scope};

/// Symbol, name, market value and turnover in 100 million yuan, return in hundredths of a percent.
const STOCKS: [(&str, &str, i64, i64, i64); 6] = [
    ("600101.SH", "东岭重工", 3_000, 90, 250),
    ("600102.SH", "南河银行", 9_000, 80, -310),
    ("600103.SH", "西原电子", 1_000, 70, 120),
    ("600104.SH", "北山能源", 999, 60, 900),
    ("600105.SH", "中林药业", 50, 50, -40),
    ("600106.SH", "海湾运输", 1_200, 40, -20),
];

fn set(of: impl Fn(&str) -> bool) -> FactSet {
    let mut builder = Builder::new();
    let mut members = Vec::new();
    for (place, (symbol, name, value, traded, moved)) in STOCKS.into_iter().enumerate() {
        if !of(symbol) {
            continue;
        }
        members.push(builder.name(symbol, name, None));
        builder.put("market_value", symbol, yi(value));
        builder.put("turnover_of", symbol, yi(traded));
        builder.put("security_return", symbol, ppb(moved * 100_000));
        builder.put("turnover_rank_of", symbol, count(place as i64 + 1));
    }
    builder.put("new_high_250", "all-a", count(members.len() as i64));
    let key = FactKey::at_close(MeasureId::new("new_high_250"), Scope::AllA, session());
    builder.set.members.insert(key, members);
    builder.set
}

fn page(set: &FactSet, language: Language) -> String {
    export::markdown(&compose(set, language), set).replace('\u{a0}', " ")
}

#[test]
fn large_companies_that_moved_most_are_named_from_the_threshold_on() {
    let all = page(&set(|_| true), Language::Zh);
    let expected = "总市值千亿元以上的公司中，涨幅居前的是东岭重工（+2.50%）和西原电子（+1.20%）；\
                    跌幅居前的是南河银行（-3.10%）和海湾运输（-0.20%）。";
    assert!(all.replace('\u{2212}', "-").replace('、', "和").contains(expected), "{all}");
    // 99.9 billion yuan is not a hundred.
    assert!(!all.lines().any(|line| line.contains("千亿元") && line.contains("北山能源")), "{all}");
    let up = page(&set(|symbol| symbol == "600101.SH"), Language::Zh);
    assert!(up.contains("涨幅居前的是东岭重工（+2.50%），无一下跌"), "{up}");
    let down = page(&set(|symbol| symbol == "600102.SH"), Language::En);
    assert!(down.contains("fell most; none rose"), "{down}");
    let small = page(&set(|symbol| symbol == "600105.SH"), Language::Zh);
    assert!(!small.contains("千亿元"), "{small}");
}

#[test]
fn the_largest_at_a_high_come_first_and_three_are_named() {
    let all = page(&set(|_| true), Language::Zh);
    let line = all.lines().find(|line| line.contains("市值居前")).unwrap();
    let places = ["南河银行", "东岭重工", "海湾运输"].map(|name| line.find(name).unwrap());
    assert!(places.is_sorted(), "{line}");
    assert!(!line.contains("西原电子"), "{line}");
}

#[test]
fn the_most_traded_are_a_table_in_their_order() {
    for language in [Language::Zh, Language::En] {
        let document = compose(&set(|symbol| symbol != "600103.SH"), language);
        let text = export::markdown(&document, &set(|symbol| symbol != "600103.SH"));
        let caption = match language {
            Language::Zh => "成交额居前的个股",
            Language::En => "Most traded stocks",
        };
        let from = text.find(caption).unwrap_or_else(|| panic!("{text}"));
        let rows = text[from..].lines().filter(|line| line.starts_with('|')).skip(2);
        assert_eq!(rows.take_while(|row| row.contains('%')).count(), 5, "{text}");
    }
    let none = page(&set(|_| false), Language::En);
    assert!(!none.contains("Most traded stocks"), "{none}");
}
