//! Pages of the fixture: as they were when somebody last looked at them, and written where they
//! can be looked at.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use expect_test::expect_file;
use fupan_brief::{FactSet, Language, MarketColours, compose, export};
use fupan_fact::Basis;

use export::PageExtent::{Overview, Whole};

/// A page without its style and script, an element a line.
fn elements(facts: &FactSet, language: Language) -> String {
    let options = export::HtmlOptions { colours: MarketColours::RedUp };
    let mut page = export::html(&compose(facts, language), facts, &options);
    for element in ["style", "script"] {
        let (open, close) = (format!("<{element}"), format!("</{element}>"));
        while let Some(from) = page.find(&open) {
            let to = from + page[from..].find(&close).unwrap() + close.len();
            page.replace_range(from..to, "");
        }
    }
    page.replace("><", ">\n<")
}

/// Every picture, table, note and word of a page. `UPDATE_EXPECT=1` writes them again; look at the
/// difference before you keep it.
#[test]
fn a_page_is_as_it_was_looked_at() {
    let full = fixture::full(Basis::Exact);
    expect_file!["golden/page-zh-CN.html"].assert_eq(&elements(&full, Language::Zh));
    let poor = fixture::poor();
    let text = export::markdown(&compose(&poor, Language::En), &poor);
    expect_file!["golden/page-en.md"].assert_eq(&text);
    for (facts, language) in [(&full, Language::Zh), (&poor, Language::En)] {
        let summary = export::summary(&compose(facts, language), facts);
        let file = format!("golden/summary-{}.txt", language.tag());
        expect_file![&file].assert_eq(&format!("{summary}\n"));
    }
}

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
            for (of, extent) in [("overview", Overview), ("whole", Whole)] {
                let still = export::still(&document, &facts, &options, extent);
                std::fs::write(folder.join(format!("{name}-{tag}-{of}.html")), still).unwrap();
            }
            let markdown = export::markdown(&document, &facts);
            std::fs::write(folder.join(format!("{name}-{tag}.md")), markdown).unwrap();
            let json = export::json(&document, &facts);
            std::fs::write(folder.join(format!("{name}-{tag}.json")), json).unwrap();
        }
    }
}

/// A picture has no use for what a pointer finds: no scripts of the page, no facts behind the
/// figures, and an overview says that it is one.
#[test]
fn a_still_page_holds_what_can_be_seen() {
    let facts = fixture::full(Basis::Exact);
    let options = export::HtmlOptions { colours: MarketColours::RedUp };
    for (language, overview) in [(Language::Zh, "本图为概览"), (Language::En, "An overview.")]
    {
        let document = compose(&facts, language);
        let screen = export::html(&document, &facts, &options);
        let [short, long] =
            [Overview, Whole].map(|extent| export::still(&document, &facts, &options, extent));
        for (page, of_screen) in [(&screen, true), (&short, false), (&long, false)] {
            assert_eq!(page.contains("id=\"fupan-facts\""), of_screen);
            assert_eq!(page.contains("class=\"hover\""), of_screen);
            assert_eq!(page.contains("setAttribute(\"data-height\""), !of_screen);
            assert!(page.contains("counter(page)"), "printed pages are numbered");
        }
        assert!(short.contains("class=\"still overview\"") && short.contains(overview));
        assert!(long.contains("class=\"still\"") && !long.contains(overview));
    }
}
