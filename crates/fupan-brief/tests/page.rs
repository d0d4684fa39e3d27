//! Pages of the fixture, written where they can be looked at.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use fupan_brief::{Language, MarketColours, compose, export};
use fupan_fact::Basis;

#[test]
fn pages_are_written() {
    let folder = std::env::temp_dir().join("fupan-brief");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, facts) in [("full", fixture::full(Basis::Exact)), ("poor", fixture::poor())] {
        for language in [Language::Zh, Language::En] {
            let document = compose(&facts, language);
            let options = export::HtmlOptions { colours: MarketColours::RedUp };
            let tag = language.tag();
            let html = export::html(&document, &facts, &options);
            assert!(html.contains("fupan explain"));
            std::fs::write(folder.join(format!("{name}-{tag}.html")), html).unwrap();
            let markdown = export::markdown(&document, &facts);
            std::fs::write(folder.join(format!("{name}-{tag}.md")), markdown).unwrap();
            let json = export::json(&document, &facts);
            std::fs::write(folder.join(format!("{name}-{tag}.json")), json).unwrap();
        }
    }
}
