//! Companies in English: by an English name, with the Chinese one at the first mention.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use fupan_brief::document::{Block, Inline};
use fupan_brief::{Document, FactSet, Language, MarketColours, compose, export};
use fupan_fact::{Basis, Name};
use fupan_market::Symbol;

const OPTIONS: export::HtmlOptions = export::HtmlOptions { colours: MarketColours::RedUp };

fn symbol(code: &str) -> Symbol {
    code.parse().unwrap()
}

/// The fixture with other names for some of its companies.
fn renamed(names: &[(&str, &str, Option<&str>)]) -> FactSet {
    let mut facts = fixture::full(Basis::Exact);
    for (code, zh, en) in names {
        let name = Name { zh: (*zh).to_owned(), en: en.map(str::to_owned) };
        facts.names.insert(symbol(code), name);
    }
    facts
}

/// A page in Markdown with plain spaces.
fn markdown(facts: &FactSet, language: Language) -> String {
    export::markdown(&compose(facts, language), facts).replace('\u{a0}', " ")
}

fn html(facts: &FactSet, language: Language) -> String {
    export::html(&compose(facts, language), facts, &OPTIONS).replace('\u{a0}', " ")
}

/// A page's running text: its lines that are neither of a table nor of the list of keys.
fn prose(page: &str) -> String {
    let lines = page.lines().filter(|line| !line.starts_with('|') && !line.contains("`fupan "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_company_is_introduced_once() {
    let facts = fixture::full(Basis::Exact);
    let page = markdown(&facts, Language::En);
    let text = prose(&page);
    for name in ["Jinsui Foods (金穗食品, 600100.SH", "Yuandong Bank (远东银行, 601991.SH"]
    {
        assert_eq!(text.matches(name).count(), 1, "{name}: {text}");
    }
    let first = "Changchuan Petrochemical (长川石化, 601990.SH) lifted the Shanghai Composite";
    assert!(text.contains(first), "{text}");
    // A figure in brackets shares them with the code.
    assert!(text.contains("Yuandong Bank (远东银行, 601991.SH; 1.87 points) and "), "{text}");
    assert!(text.contains("Jinsui Foods (金穗食品, 600100.SH; 5 in a row), "), "{text}");
    // In a table every name has its code and no other.
    assert!(page.contains("| Changchuan Petrochemical (601990.SH) | +3.12 |"), "{page}");
    assert!(page.contains(" (600101.SH; 4 in a row)"), "{page}");
    for line in page.lines().filter(|line| line.starts_with('|') && line.contains(".SH)")) {
        for chinese in ["长川石化", "金穗食品", "海岳股份"] {
            assert!(!line.contains(chinese), "{line}");
        }
    }
}

#[test]
fn a_page_in_html_introduces_as_one_in_markdown_does() {
    let facts = fixture::full(Basis::Exact);
    let page = html(&facts, Language::En);
    let name = "<span class=\"name\" lang=\"zh-Hans\" title=\"金穗食品 600100.SH\">\
                <span lang=\"en\">Jinsui Foods</span></span>";
    let introduction = format!("{name} (<span lang=\"zh-Hans\">金穗食品</span>, 600100.SH; ");
    assert_eq!(page.matches(&introduction).count(), 1);
    assert_eq!(page.matches("<span lang=\"zh-Hans\">金穗食品</span>").count(), 1);
    // Every other mention has its Chinese in the title.
    assert!(page.matches(name).count() > 1);
    // An index has its symbol there as before.
    assert!(page.contains("<span class=\"name\" title=\"000001.SH\">Shanghai Composite</span>"));
    let chinese = html(&facts, Language::Zh);
    assert!(chinese.contains("<span class=\"name\" title=\"600100.SH\">金穗食品</span>"));
    assert!(!chinese.contains("zh-Hans") && !chinese.contains("Jinsui"));
}

#[test]
fn the_first_lines_and_the_text_for_programs_introduce_too() {
    let facts = fixture::full(Basis::Exact);
    let document = compose(&facts, Language::En);
    let summary = export::summary(&document, &facts).replace('\u{a0}', " ");
    assert!(summary.contains("• Changchuan Petrochemical (长川石化, 601990.SH) lifted"));
    let json = export::json(&document, &facts).replace('\u{a0}', " ");
    assert!(json.contains("Changchuan Petrochemical (长川石化, 601990.SH) lifted"));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["names"]["600100.SH"]["en"], "Jinsui Foods");
    assert_eq!(json["names"]["600100.SH"]["zh"], "金穗食品");
    let chinese = export::json(&compose(&facts, Language::Zh), &facts);
    let chinese: serde_json::Value = serde_json::from_str(&chinese).unwrap();
    assert!(chinese["names"]["600100.SH"].get("en").is_none());
}

#[test]
fn what_adds_nothing_is_left_out() {
    let facts = renamed(&[
        ("601990.SH", "ABC", None),
        ("601991.SH", "ア", None),
        ("601992.SH", "某银行", Some("Some Bank")),
    ]);
    let text = prose(&markdown(&facts, Language::En));
    // A name that is Latin already, one that cannot be read, one that the facts give.
    assert!(text.contains("ABC (601990.SH) lifted"), "{text}");
    assert!(text.contains("601991.SH (1.87 points)"), "{text}");
    assert!(text.contains("Some Bank (某银行, 601992.SH; 1.23 points)"), "{text}");
    let mut unnamed = fixture::full(Basis::Exact);
    unnamed.names.remove(&symbol("601990.SH"));
    assert!(prose(&markdown(&unnamed, Language::En)).contains("1. 601990.SH lifted"));
}

/// Two companies whose names are alike in Latin letters are told apart wherever they stand.
#[test]
fn names_that_are_alike_keep_their_codes() {
    let second = "with them it is 5: Jinsui Foods";
    let alone = ("600100.SH", "金穗食品", None);
    let mut names = vec![alone];
    // The fixture uses a few names over and over; here every other company has one of its own.
    let facts = fixture::full(Basis::Exact);
    let others: Vec<String> = facts.names.keys().map(Symbol::to_string).collect();
    names.extend(
        others.iter().filter(|code| *code != "600100.SH").map(|code| (code.as_str(), "某某", None)),
    );
    let text = prose(&markdown(&renamed(&names), Language::En));
    assert!(text.contains(&format!("{second}.")), "{text}");
    for name in names.iter_mut().filter(|(code, ..)| *code == "600101.SH") {
        name.1 = "金遂食品";
    }
    let text = prose(&markdown(&renamed(&names), Language::En));
    assert!(text.contains(&format!("{second} (600100.SH).")), "{text}");
}

/// What a name hides or would do to a page is escaped in both its names, and stays text.
#[test]
fn hostile_names_are_escaped() {
    let mut facts = fixture::poor();
    for name in facts.names.values_mut().filter(|name| name.en.is_none()) {
        name.zh = "N甲<b>\u{202e}\u{1b}[31m|乙".to_owned();
    }
    for page in [html(&facts, Language::En), markdown(&facts, Language::En)] {
        assert!(!page.contains("<b>") && !page.contains(['\u{202e}', '\u{1b}']));
        assert!(page.contains("Jia&lt;b&gt;") && page.contains("N甲&lt;b&gt;"));
    }
    let text = prose(&markdown(&facts, Language::En));
    assert!(text.contains("Jia&lt;b&gt;\\\\u{202e}\\\\u{1b}\\[31m\\|Yi (N甲&lt;b&gt;"), "{text}");
}

/// A theme after the last of several names is not said of that one alone.
#[test]
fn words_after_a_list_stay_outside_the_brackets() {
    let text = prose(&markdown(&fixture::full(Basis::Exact), Language::En));
    assert!(text.contains("Hualan Optoelectronics (华澜光电, 600119.SH) in liquid-cooled servers"));
}

/// Whatever is said beside a name is a name's, a code's or a figure's own inline: none is text.
#[test]
fn words_hold_no_code() {
    fn words(document: &Document) -> impl Iterator<Item = &String> {
        document.runs().into_iter().flatten().filter_map(|inline| match inline {
            Inline::Text(words) => Some(words),
            _ => None,
        })
    }
    let facts = fixture::full(Basis::Exact);
    let document = compose(&facts, Language::En);
    assert!(!words(&document).any(|words| words.contains(|c: char| c.is_ascii_digit())));
    let picture =
        document.sections.iter().flat_map(|section| &section.blocks).find_map(
            |block| match block {
                Block::Figure(picture) if picture.id == "figure-contributions" => Some(picture),
                _ => None,
            },
        );
    let label = &picture.unwrap().marks[0].label;
    assert!(label.contains(&Inline::Code(symbol("601990.SH"))), "{label:?}");
    let chinese = compose(&facts, Language::Zh);
    let added = |inline: &Inline| matches!(inline, Inline::Chinese(_) | Inline::Code(_));
    assert!(!chinese.runs().into_iter().flatten().any(added));
}
