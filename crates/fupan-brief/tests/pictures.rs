//! Pictures of a whole market.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

#[expect(dead_code, reason = "other tests need more of it")]
mod fixture;
mod market;

use fupan_brief::{FactSet, Language, MarketColours, compose, export};
use fupan_fact::Scope;

fn page(set: &FactSet, language: Language) -> String {
    let options = export::HtmlOptions { colours: MarketColours::RedUp };
    export::html(&compose(set, language), set, &options)
}

#[test]
fn pages_with_pictures_are_written() {
    let folder = std::env::temp_dir().join("fupan-brief");
    std::fs::create_dir_all(&folder).unwrap();
    for language in [Language::Zh, Language::En] {
        let file = folder.join(format!("whole-market-{}.html", language.tag()));
        std::fs::write(file, page(&market::whole(), language)).unwrap();
    }
}

/// The elements of a page's pictures that are drawn for a large screen.
fn drawn<'a>(page: &'a str, picture: &str) -> &'a str {
    let open =
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {picture} page-wide\"");
    let from = page.find(&open).unwrap_or_else(|| panic!("no {picture}"));
    page[from..].split("</svg>").next().unwrap()
}

#[test]
fn the_treemap_and_the_first_chain_stand_before_the_sections() {
    let set = market::whole();
    let document = compose(&set, Language::Zh);
    let ids: Vec<&str> = document.overview.iter().map(|picture| picture.id.as_str()).collect();
    assert_eq!(ids, ["figure-treemap", "figure-chain-ai-compute"]);
    let page = page(&set, Language::Zh);
    let places = ["id=\"takeaways\"", "id=\"figure-treemap\"", "id=\"figure-chain-ai-compute\""];
    let places: Vec<usize> = places.iter().map(|id| page.find(id).unwrap()).collect();
    let other = page.find("id=\"figure-chain-photovoltaics\"").unwrap();
    assert!(places.is_sorted() && places[2] < page.find("<section class=\"part\"").unwrap());
    assert!(page.find("id=\"h-chain\"").unwrap() < other);
}

#[test]
fn every_industry_has_a_cell_and_is_told_to_those_who_cannot_see_it() {
    let set = market::whole();
    for (language, told) in [
        (Language::Zh, ["电子：+3.42%，占成交额19.11%", "银行：0.00%，占成交额2.04%"]),
        (
            Language::En,
            ["Electronics: +3.42%, 19.11% of turnover", "Banks: 0.00%, 2.04% of turnover"],
        ),
    ] {
        let page = page(&set, language);
        let svg = drawn(&page, "figure-treemap");
        assert_eq!(svg.matches("data-fact=\"cap_weight_return/sw1.").count(), 31);
        let (open, _) = svg.split_once('>').unwrap();
        assert!(open.contains("role=\"img\" aria-label=\""), "{open}");
        for words in told {
            assert!(open.contains(words), "{open}");
            assert!(svg.contains(&format!("<title>{words}</title>")), "{words}");
        }
    }
}

/// Without industries there is no treemap, and without a chain no picture of one; an industry
/// whose turnover is not known has no cell, and is among the figures that are missing.
#[test]
fn what_is_not_known_is_not_drawn() {
    let mut set = market::whole();
    let key = "turnover_share/sw1.801010/2026-02-12/close".parse().unwrap();
    set.facts.remove(&key);
    let document = compose(&set, Language::En);
    assert_eq!(document.overview[0].marks.len(), 30);
    assert!(document.data_note.unknown.iter().any(|figure| figure.key == key));
    set.groups.clear();
    set.facts.retain(|key, _| !matches!(key.scope, Scope::Group(_)));
    assert!(compose(&set, Language::En).overview.is_empty());
    assert!(!page(&set, Language::En).contains("page-wide\""));
}

#[test]
fn a_chain_is_told_in_markdown_by_layer_with_where_it_leads() {
    let set = market::whole();
    let text = export::markdown(&compose(&set, Language::En), &set);
    let row = text.lines().find(|line| line.contains("| Optical fibre |")).unwrap();
    assert!(row.starts_with("| Boards, interconnects, cooling and power |"), "{row}");
    assert!(row.ends_with("| Data centres |"), "{row}");
    let page = page(&set, Language::En);
    let svg = drawn(&page, "figure-chain-ai-compute");
    assert!(svg.contains("Optical fibre → Data centres · Fibre that links racks, rooms and sites"));
}
