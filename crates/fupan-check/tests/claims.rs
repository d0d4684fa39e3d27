//! What sentences claim: the kind, whom it is about, the value and how it is stated.

#![expect(clippy::unwrap_used, reason = "a text that cannot be read fails its test")]

use fupan_check::{Article, Stated, StatedValue, Subject, Subjects, statements};

fn subjects() -> Subjects {
    let security =
        |name: &str, symbol: &str| (name.to_owned(), Subject::Security(symbol.parse().unwrap()));
    let group = |name: &str, id: &str| (name.to_owned(), Subject::Group(id.parse().unwrap()));
    Subjects::new([
        security("贵州茅台", "600519.SH"),
        security("Kweichow Moutai", "600519.SH"),
        security("宁德时代", "300750.SZ"),
        security("天孚通信", "300394.SZ"),
        security("中金黄金", "600489.SH"),
        group("宁德时代", "made.battery"),
        group("煤炭", "made.coal"),
        group("coal", "made.coal"),
    ])
}

/// Each claim on a line: its text, kind, value and comparator, and what it is of.
fn read(text: &str) -> Vec<String> {
    let article = Article::read(text.as_bytes(), Some("a.txt")).unwrap();
    let line = |(range, claim): (std::ops::Range<u32>, Stated)| {
        let value = match claim.value {
            StatedValue::Number { value, .. } => value.shortest().to_string(),
            StatedValue::Holds(holds) => holds.to_string(),
        };
        let kind = claim.ask.kind().id();
        format!("{} | {kind} | {} {value}", article.slice(range), claim.comparator.id())
    };
    statements(&article, &subjects()).into_iter().map(line).collect()
}

#[test]
fn figures_of_indices_and_shares_are_read_in_chinese() {
    assert_eq!(
        read("沪指收涨0.05%，报4134.02点；创业板指涨超1%，盘中一度跌0.3%。"),
        [
            "沪指收涨0.05% | index_return | = 0.05",
            "报4134.02点 | index_level | = 4134.02",
            "创业板指涨超1% | index_return | > 1",
            "盘中一度跌0.3% | index_low | = -0.3",
        ]
    );
    assert_eq!(
        read("贵州茅台跌1.18%，收报1486.6元；天孚通信涨近14%。"),
        [
            "贵州茅台跌1.18% | security_return | = -1.18",
            "收报1486.6元 | security_price | = 1486.6",
            "天孚通信涨近14% | security_return | < 14",
        ]
    );
    assert_eq!(
        read("两市成交2.14万亿元，较前一日放量1575亿；逾三千只个股下跌，70股涨停。"),
        [
            "两市成交2.14万亿元 | market_turnover | = 2140000000000",
            "较前一日放量1575亿 | turnover_change | = 157500000000",
            "逾三千只个股下跌 | breadth | > 3000",
            "70股涨停 | limit_count | = 70",
        ]
    );
}

#[test]
fn the_same_is_read_in_english() {
    assert_eq!(
        read(
            "ChiNext climbed about 1.3%, the Shanghai Composite 0.05%; Moutai's 1.18% fall took it to 1,486.60 yuan."
        ),
        [
            "ChiNext climbed about 1.3% | index_return | ~ 1.3",
            "Shanghai Composite 0.05% | index_return | = 0.05",
            "Moutai's 1.18% fall | security_return | = -1.18",
            "took it to 1,486.60 yuan | security_price | = 1486.6",
        ]
    );
    assert_eq!(
        read("The Shanghai Composite closed above 4,000 after opening 1.2% lower."),
        [
            "Shanghai Composite closed above 4,000 | index_crossing | is true",
            "opening 1.2% lower | index_open | = -1.2",
        ]
    );
}

#[test]
fn a_shared_bound_is_a_claim_of_each_and_a_list_of_limits_too() {
    assert_eq!(
        read("贵州茅台、宁德时代均跌超2%；天孚通信、中金黄金涨停，贵州茅台未能涨停。"),
        [
            "贵州茅台 | security_return | > -2",
            "宁德时代均跌超2% | security_return | > -2",
            "天孚通信 | security_limit | is true",
            "中金黄金涨停 | security_limit | is true",
            "贵州茅台未能涨停 | security_limit | is false",
        ]
    );
}

/// A company's name with 概念 behind it is the group's; a name and another's code are nobody's.
#[test]
fn subjects_are_who_the_sentence_makes_them() {
    assert_eq!(
        read("宁德时代概念走强，宁德时代涨1%，煤炭领跌。"),
        [
            "宁德时代概念走强 | group_move | is true",
            "宁德时代涨1% | security_return | = 1",
            "煤炭领跌 | group_move | is true",
        ]
    );
    let article = Article::read("贵州茅台（300750）涨1%".as_bytes(), None).unwrap();
    let stated = statements(&article, &subjects());
    assert!(format!("{:?}", stated[0].1.ask).contains("NameAndCode"), "{stated:?}");
}

#[test]
fn forecasts_names_of_products_and_plans_are_no_claims() {
    for text in [
        "1.6T optical modules and H20 chips are in demand, and GPT-5 is out.",
        "预计贵州茅台明年营收增长15%。",
        "公司拟投资30亿元建设新厂，电话010-12345678。",
        "The index could rise 5% next year.",
        "董事长现年62岁，2019年加入公司。",
    ] {
        assert_eq!(read(text), [""; 0], "{text}");
    }
}

/// What another paragraph spoke of is not what a new one is about; a highest of nobody is nobody's.
#[test]
fn nothing_is_carried_where_a_new_noun_stands() {
    assert_eq!(
        read("ChiNext rose 1%.\n\nServers and grid equipment saw gains and multiple new highs."),
        ["ChiNext rose 1% | index_return | = 1"]
    );
    assert_eq!(
        read("贵州茅台涨1%。创历史新高。"),
        ["贵州茅台涨1% | security_return | = 1", "创历史新高 | security_extreme | is true"]
    );
}

/// Turnover in dollars is seen, and needs a rate.
#[test]
fn turnover_in_another_currency_is_not_lost() {
    assert_eq!(
        read("两市成交3000亿美元。"),
        ["两市成交3000亿美元 | market_turnover | = 300000000000"]
    );
}

/// The midday break is said once and holds for the text.
#[test]
fn a_text_of_the_midday_break_is_of_it_as_a_whole() {
    let article = Article::read("午评：沪指涨1%。创业板指涨2%。".as_bytes(), None).unwrap();
    let stated = statements(&article, &subjects());
    assert!(stated.len() == 2 && stated.iter().all(|(_, claim)| claim.half_day), "{stated:?}");
}
