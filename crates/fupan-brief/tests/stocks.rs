//! Which stocks a brief names: the most traded, the largest at a high, the large ones that moved most,
//! and those that moved most inside their limits; and how lists of them are told by industry.

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

/// The stocks of [`STOCKS`], one of them at its limit and one without a limit.
fn with_limits() -> FactSet {
    let mut set = set(|_| true);
    let key =
        |measure: &'static str| FactKey::at_close(MeasureId::new(measure), Scope::AllA, session());
    let symbol = |symbol: &str| symbol.parse().unwrap();
    set.members.insert(key("limit_up_count"), vec![symbol("600104.SH")]);
    set.members.insert(key("unlimited_count"), vec![symbol("600105.SH")]);
    set
}

/// The rows of a table of a Markdown page, without those of its head.
fn rows<'p>(page: &'p str, caption: &str) -> Vec<&'p str> {
    let from = page.find(&format!("**{caption}**")).unwrap_or_else(|| panic!("{page}"));
    let lines = page[from..].lines().skip_while(|line| !line.starts_with('|'));
    lines.take_while(|line| line.starts_with('|')).skip(2).collect()
}

#[test]
fn the_best_and_the_worst_are_inside_their_limits() {
    let set = with_limits();
    let zh = page(&set, Language::Zh);
    let names = |caption: &str| -> Vec<String> {
        let named = rows(&zh, caption).into_iter().map(|row| {
            STOCKS.iter().find(|stock| row.contains(stock.1)).map_or("", |stock| stock.1).to_owned()
        });
        named.collect()
    };
    assert_eq!(names("涨幅居前的个股（不含涨停）"), ["东岭重工", "西原电子"]);
    assert_eq!(names("跌幅居前的个股（不含跌停）"), ["南河银行", "海湾运输"]);
    assert!(zh.contains("当日无涨跌幅限制的个股：中林药业（\u{2212}0.40%）。"), "{zh}");
    let en = page(&set, Language::En);
    assert_eq!(rows(&en, "Largest rises among stocks not at a limit").len(), 2);
    assert!(en.contains("Trading without a price limit that day: "), "{en}");
    let none = page(&self::set(|symbol| symbol == "600101.SH"), Language::En);
    assert!(!none.contains("Largest falls") && !none.contains("without a price limit"), "{none}");
}

/// With industries, lists are told by them and tables have a column of them.
#[test]
fn a_list_of_stocks_is_told_by_industry() {
    let mut set = with_limits();
    let ups = FactKey::at_close(MeasureId::new("limit_down_count"), Scope::AllA, session());
    let down =
        ["600101.SH", "600102.SH", "600103.SH", "600106.SH"].map(|code| code.parse().unwrap());
    set.members.insert(ups.clone(), down.to_vec());
    set.insert(fupan_fact::Fact {
        key: ups,
        value: count(4),
        ..set.facts.values().next().unwrap().clone()
    });
    let list = |page: &str, caption: &str| rows(page, caption)[0].to_owned();
    let flat = list(&page(&set, Language::Zh), "跌停与炸板");
    assert!(flat.contains("东岭重工、南河银行、西原电子、海湾运输"), "{flat}");
    for (code, id, zh, en) in [
        ("600101.SH", "sw1.801890", "机械设备", "Machinery"),
        ("600106.SH", "sw1.801890", "机械设备", "Machinery"),
        ("600102.SH", "sw1.801780", "银行", "Banks"),
    ] {
        let id: fupan_market::GroupId = id.parse().unwrap();
        let name = fupan_fact::Name { zh: zh.to_owned(), en: Some(en.to_owned()) };
        set.groups.insert(id.clone(), name);
        set.industries.insert(code.parse().unwrap(), id);
    }
    let zh = page(&set, Language::Zh);
    let told = list(&zh, "跌停与炸板");
    assert!(
        told.contains("机械设备：东岭重工、海湾运输；银行：南河银行；其他：西原电子"),
        "{told}"
    );
    let traded = rows(&zh, "成交额居前的个股");
    let last = |row: &str| row.trim_end_matches(" |").rsplit("| ").next().unwrap_or("").to_owned();
    assert_eq!(
        traded.iter().take(3).map(|row| last(row)).collect::<Vec<_>>(),
        ["机械设备", "银行", ""]
    );
}

/// Of a long list the names after the tenth are folded, with the industry that heads them.
#[test]
fn a_list_is_folded_after_ten_names_before_their_industry() {
    let folded = |of_first: usize| {
        let mut builder = Builder::new();
        let mut members = Vec::new();
        for n in 0..14 {
            let symbol = builder.name(&format!("6002{n:02}.SH"), &format!("东岭{n}"), None);
            let id = if n < of_first { "sw1.801890" } else { "sw1.801780" };
            builder.set.industries.insert(symbol, id.parse().unwrap());
            members.push(symbol);
        }
        for (id, zh) in [("sw1.801890", "机械设备"), ("sw1.801780", "银行")] {
            let name = fupan_fact::Name { zh: zh.to_owned(), en: None };
            builder.set.groups.insert(id.parse().unwrap(), name);
        }
        builder.put("limit_down_count", "all-a", count(14));
        let key = FactKey::at_close(MeasureId::new("limit_down_count"), Scope::AllA, session());
        builder.set.members.insert(key, members);
        let options = export::HtmlOptions { colours: fupan_brief::MarketColours::RedUp };
        let html = export::html(&compose(&builder.set, Language::Zh), &builder.set, &options);
        let (shown, rest) = html.split_once("<details class=\"names\">").unwrap();
        let shown = shown.rsplit("<td").next().unwrap();
        let rest = rest.split("</details>").next().unwrap();
        [shown, rest].map(|part| {
            let words = part.split('<').map(|tag| tag.split_once('>').map_or("", |(_, text)| text));
            words.collect::<String>().replace('\n', "")
        })
    };
    let [shown, rest] = folded(10);
    assert!(shown.ends_with("东岭9") && rest.contains("；银行：东岭10、"), "{shown} | {rest}");
    let [shown, rest] = folded(12);
    assert!(shown.ends_with("东岭9") && rest.contains("、东岭10、东岭11；银行：东岭12"), "{rest}");
}
