//! What a brief says of themes: the headline's clause, the takeaway, the stocks that stand for a
//! theme, and what is left out.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

#[expect(dead_code, reason = "other tests need more of it")]
mod fixture;

use fixture::{full, ppb};
use fupan_brief::{Language, compose, export};
use fupan_fact::{Basis, FactKey, FactSet, MeasureId, Scope};

fn key(set: &FactSet, measure: &'static str, scope: &str) -> FactKey {
    FactKey::at_close(MeasureId::new(measure), scope.parse().unwrap(), set.session)
}

/// The full brief with other returns of the lead index, and of the best and the worst theme.
fn with(index: i64, best: i64, worst: i64) -> FactSet {
    let mut set = full(Basis::Exact);
    for (measure, scope, value) in [
        ("index_return", "399006.SZ", index),
        ("equal_weight_return", "list-concept.液冷服务器", best),
        ("equal_weight_return", "list-concept.光模块", 0),
        ("equal_weight_return", "list-concept.乳业", worst),
    ] {
        let key = key(&set, measure, scope);
        set.facts.get_mut(&key).unwrap().value = ppb(value);
    }
    set
}

fn page(set: &FactSet, language: Language) -> String {
    export::markdown(&compose(set, language), set).replace('\u{a0}', " ")
}

fn headline(set: &FactSet, language: Language) -> String {
    page(set, language).lines().next().unwrap().to_owned()
}

#[test]
fn the_headline_names_the_theme_that_moved_with_the_index() {
    let has = |set: &FactSet| {
        ["液冷服务器领涨", "乳业领跌"].map(|words| headline(set, Language::Zh).contains(words))
    };
    let (up, down) = (31_000_000, -31_000_000);
    assert_eq!(has(&with(up, 20_000_000, -5_000_000)), [true, false]);
    assert_eq!(has(&with(up, 19_999_999, -25_000_000)), [false, false]);
    assert_eq!(has(&with(down, 25_000_000, -20_000_000)), [false, true]);
    assert_eq!(has(&with(down, 25_000_000, -19_999_999)), [false, false]);
    let english = headline(&with(up, 30_000_000, 0), Language::En);
    assert!(english.contains(" with liquid-cooled servers in the lead"), "{english}");
}

#[test]
fn the_takeaway_needs_three_points_between_the_ends() {
    let has = |best: i64, worst: i64| {
        let document = compose(&with(1_000_000, best, worst), Language::Zh);
        document.takeaways.iter().any(|takeaway| takeaway.id == "themes_apart")
    };
    assert!(has(25_000_000, -5_000_000) && !has(24_999_999, -5_000_000));
}

#[test]
fn a_theme_is_told_by_its_limit_ups_and_shown_once_with_those_like_it() {
    let set = full(Basis::Exact);
    let text = page(&set, Language::Zh);
    // The longest run first, then the most traded; three of four are named.
    let told = "光模块的海岳股份（4连板）、中原电气（3连板）、北辰算力等";
    assert!(text.contains(told), "{text}");
    assert!(text.contains("乳业的"), "{text}");
    let table = text.split("涨幅居前与居后的题材").nth(2).unwrap();
    assert!(table.contains("| 液冷服务器（另有液冷概念） |"), "{table}");
    assert!(!table.contains("| 液冷概念 |"), "{table}");
    assert!(text.contains("题材成份取自2026年1月9日的名单。"), "{text}");
}

#[test]
fn a_list_of_after_the_session_is_said_to_be_so_and_without_one_nothing_is() {
    let mut set = full(Basis::Exact);
    set.themes.as_mut().unwrap().seen_on.1 = "2026-03-02".parse().unwrap();
    let text = page(&set, Language::Zh);
    assert!(text.contains("2026年1月9日至2026年3月2日的名单，晚于当日"), "{text}");
    set.themes = None;
    let text = page(&set, Language::Zh);
    assert!(!text.contains("题材"), "{text}");
    let industries = text.split("## 行业").nth(1).unwrap().split("## ").next().unwrap();
    assert!(!industries.contains("液冷"), "{industries}");
}

#[test]
fn a_chain_is_told_from_upstream_to_downstream() {
    let mut set = full(Basis::Exact);
    for (segment, zh, moved, many) in [
        ("robots", "机器人", 4_000_000, 9),
        ("foundry", "晶圆代工", 12_000_000, 4),
        ("optics", "光模块", 25_000_000, 12),
        ("fibre", "光纤", -7_000_000, 5),
    ] {
        let scope = format!("ai-compute-chain.{segment}");
        let id = scope.parse().unwrap();
        set.groups.insert(id, fupan_fact::Name { zh: zh.to_owned(), en: None });
        let like = set.get(&key(&set, "equal_weight_return", "sw1.801080")).unwrap().clone();
        for (measure, value) in [
            ("equal_weight_return", ppb(moved)),
            ("advances", fixture::count(many)),
            ("declines", fixture::count(0)),
        ] {
            let key = key(&set, measure, &scope);
            set.insert(fupan_fact::Fact { key, value, ..like.clone() });
        }
    }
    let text = page(&set, Language::Zh);
    // Four stocks are too few to be named for.
    assert!(
        text.contains("AI算力成份五只以上的环节中，光模块（+2.50%）领先，光纤（−0.70%）居后。"),
        "{text}"
    );
    let table = text.split("AI算力：自上游至下游").nth(1).unwrap();
    let places: Vec<usize> = ["晶圆代工", "光模块", "光纤", "机器人"]
        .iter()
        .map(|name| table.find(name).unwrap())
        .collect();
    assert!(places.is_sorted(), "{table}");
    let industries = text.split("## 行业").nth(1).unwrap().split("## ").next().unwrap();
    assert!(!industries.contains("晶圆代工"), "{industries}");
    let Scope::Group(id) = "ai-compute-chain.optics".parse().unwrap() else { panic!("a group") };
    assert!(id.is_chain());
}
