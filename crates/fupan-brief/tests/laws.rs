//! What holds of every brief, whatever the facts.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod fixture;

use fupan_brief::document::Inline;
use fupan_brief::export::{self, HtmlOptions};
use fupan_brief::{Document, FactSet, Language, MarketColours, compose};
use fupan_fact::{Basis, Coverage, Value};
use fupan_market::{Fen, Return};
use proptest::prelude::*;

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];
const OPTIONS: HtmlOptions = HtmlOptions { colours: MarketColours::RedUp };

fn words(document: &Document) -> Vec<&str> {
    let inlines = document.runs().into_iter().flatten();
    inlines
        .filter_map(|inline| match inline {
            Inline::Text(words) => Some(words.as_str()),
            _ => None,
        })
        .collect()
}

fn holds_of(facts: &FactSet) {
    for language in LANGUAGES {
        let document = compose(facts, language);
        for words in words(&document) {
            assert!(!words.contains(|c: char| c.is_numeric()), "a number outside facts: {words}");
            assert!(!words.contains('⟦'), "no such template: {words}");
            assert!(!words.contains(['{', '}', '␣']), "template not filled: {words}");
            assert!(!words.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)), "{words}");
        }
        assert!(!document.headline.is_empty() && document.takeaways.len() <= 6);
        let ordered = document.takeaways.windows(2).all(|two| two[0].salience >= two[1].salience);
        assert!(ordered, "takeaways are not in order of salience");
        for takeaway in &document.takeaways {
            assert!(
                !takeaway.basis.keys.is_empty() && takeaway.basis.predicate.formula.contains('<')
            );
        }
        let html = export::html(&document, facts, &OPTIONS);
        assert_eq!(html.matches("</script>").count(), 2, "data ended a script");
        assert!(!html.contains('⟦'), "no such template on the page");
        assert!(!export::markdown(&document, facts).contains('⟦'));
        let json = export::json(&document, facts);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["schema"], "fupan/brief/1");
    }
}

#[test]
fn templates_hold_no_digit() {
    for entry in ["text/zh", "text/en"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(entry);
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            for (row, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
                let digit = line.contains(|c: char| c.is_numeric());
                assert!(!digit, "{}:{}: a digit in a template: {line}", path.display(), row + 1);
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_templates() {
    let ids = |language: &str| -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("text").join(language);
        let mut ids = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let heads = source.lines().filter(|line| line.starts_with(|c: char| c.is_alphabetic()));
            ids.extend(heads.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())));
        }
        ids.sort();
        ids
    };
    let (zh, en) = (ids("zh"), ids("en"));
    assert_eq!(zh, en);
    let mut distinct = zh.clone();
    distinct.dedup();
    assert_eq!(zh, distinct, "a template is there twice");
}

#[test]
fn whole_poor_and_empty_sets_make_briefs() {
    holds_of(&fixture::full(Basis::Exact));
    holds_of(&fixture::poor());
    let empty = FactSet::new(fixture::session());
    holds_of(&empty);
    let document = compose(&empty, Language::En);
    let ids: Vec<&str> = document.notes.iter().map(|note| note.id.as_str()).collect();
    assert_eq!(ids, ["missing_parts"]);
    assert!(document.sections.is_empty() && document.takeaways.is_empty());
}

#[test]
fn partial_data_is_said_first() {
    let document = compose(&fixture::poor(), Language::Zh);
    let ids: Vec<&str> = document.notes.iter().map(|note| note.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "simulated",
            "missing_exchange",
            "missing_data",
            "estimated",
            "unknown_status",
            "derived_prev_close",
            "source_conflict"
        ]
    );
    assert_eq!(document.data_note.findings.len(), fixture::findings().len());
}

/// A sentence with estimates says so once; a column and a picture with estimates say so above.
#[test]
fn estimates_are_marked_once_a_sentence_and_above_a_column() {
    for (facts, marks) in [(fixture::poor(), 1), (fixture::full(Basis::Exact), 0)] {
        for language in LANGUAGES {
            let (mark, column) = match language {
                Language::Zh => ("约", "估算"),
                Language::En => ("about ", ", est"),
            };
            let json = export::json(&compose(&facts, language), &facts);
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            let takeaways = json["text"]["takeaways"].as_array().unwrap();
            let told = |words: &str| {
                let said = takeaways.iter().filter_map(serde_json::Value::as_str);
                let found: Vec<&str> = said.filter(|said| said.contains(words)).collect();
                assert_eq!(found.len(), 1, "{words}: {takeaways:?}");
                found[0].matches(mark).count()
            };
            let (turnover, breadth) = match language {
                Language::Zh => ("成交额", "跌多涨少"),
                Language::En => ("Turnover", "Decliners"),
            };
            assert_eq!((told(turnover), told(breadth)), (marks, 0));
            let page = export::markdown(&compose(&facts, language), &facts);
            let heads: Vec<&str> = page
                .lines()
                .filter(|line| line.starts_with("| ") && !line.contains("---"))
                .collect();
            let marked = heads.iter().filter(|line| line.contains(column)).count();
            assert_eq!(marked > 0, marks > 0, "{heads:?}");
            let cells = page.lines().filter(|line| line.starts_with('|'));
            assert_eq!(cells.filter(|line| line.contains(mark)).count(), 0);
        }
    }
}

#[test]
fn divergence_makes_the_headline() {
    let facts = fixture::full(Basis::Exact);
    let document = compose(&facts, Language::En);
    let basis = document.headline_basis.unwrap();
    assert_eq!(basis.predicate.id, "divergence_up");
    let said = [
        "0 < index_return/399006.SZ",
        "median_return/all-a < 0",
        "0.01 <= index_return/399006.SZ",
        "index_return/399006.SZ < 0.03",
        "0.02 <= equal_weight_return/list-concept.液冷服务器",
        "590 * traded/all-a <= 1000 * declines/all-a",
        "1000 * declines/all-a <= 610 * traded/all-a",
    ];
    assert_eq!(basis.predicate.formula, said.join(" and "));
}

#[test]
fn hostile_names_stay_text() {
    let mut facts = fixture::full(Basis::Exact);
    let hostile = "</script><script>alert(1)</script>|`\u{202e}\u{e000}\"'{ $x }";
    for name in facts.names.values_mut() {
        name.zh = hostile.to_owned();
        name.en = None;
    }
    for text in facts.measures.values_mut() {
        text.label_zh = hostile.to_owned();
        text.definition_zh = hostile.to_owned();
    }
    for language in LANGUAGES {
        let document = compose(&facts, language);
        let html = export::html(&document, &facts, &OPTIONS);
        assert!(!html.contains("<script>alert"));
        assert!(!html.contains('\u{202e}'), "a name reorders the text around it");
        let markdown = export::markdown(&document, &facts);
        assert!(!markdown.contains("<script>") && !markdown.contains(">|`"));
    }
    holds_of(&facts);
}

#[test]
fn every_fact_on_the_page_has_a_card() {
    let facts = fixture::full(Basis::Exact);
    let html = export::html(&compose(&facts, Language::Zh), &facts, &OPTIONS);
    let island =
        html.split("id=\"fupan-facts\">").nth(1).unwrap().split("</script>").next().unwrap();
    let island: serde_json::Value = serde_json::from_str(island).unwrap();
    let shown: Vec<&str> =
        html.split("data-fact=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(shown.len() > 150, "only {} figures on the page", shown.len());
    for key in shown {
        assert!(island["facts"].get(key).is_some(), "{key} has no card");
    }
    let inputs: Vec<&str> =
        island["inputs"].as_array().unwrap().iter().filter_map(|input| input.as_str()).collect();
    let distinct: std::collections::BTreeSet<&str> = inputs.iter().copied().collect();
    assert!(distinct.len() == inputs.len() && distinct.len() > 1, "{inputs:?}");
    let source_and_digest =
        |input: &&&str| input.starts_with("sample · ") && input.ends_with(" · 9f86d081884c");
    assert_eq!(inputs.iter().filter(source_and_digest).count(), inputs.len(), "{inputs:?}");
    for (key, card) in island["facts"].as_object().unwrap() {
        let named = card["inputs"].as_array().unwrap().iter().map(|place| {
            let place = place.as_u64().and_then(|place| usize::try_from(place).ok()).unwrap();
            *inputs.get(place).unwrap_or_else(|| panic!("{key} names input {place}"))
        });
        let of_fact = facts.get(&key.parse().unwrap()).unwrap().provenance.inputs.len();
        assert_eq!(named.collect::<std::collections::BTreeSet<_>>().len(), of_fact, "{key}");
    }
}

#[test]
fn the_page_asks_the_network_for_nothing() {
    let facts = fixture::full(Basis::Exact);
    let html = export::html(&compose(&facts, Language::En), &facts, &OPTIONS);
    let html = html.replace("http://www.w3.org/2000/svg", "");
    for mark in ["http:", "https:", "//cdn", "url(", "@import", " src=", "<link"] {
        assert!(!html.contains(mark), "the page holds {mark}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Unknown { reason: "no_data".to_owned() }),
        any::<i64>().prop_map(|count| Value::Count { count }),
        (-3_i64..8).prop_map(|count| Value::Count { count }),
        any::<i64>().prop_map(|fen| Value::Money { fen: Fen(fen) }),
        any::<i64>().prop_map(|ppb| Value::Return { ppb: Return(ppb) }),
        (any::<i64>(), any::<i64>()).prop_map(|(part, whole)| Value::Share { part, whole }),
        any::<i64>().prop_map(|units| Value::Points { units }),
        any::<i64>().prop_map(|ppm| Value::Ratio { ppm }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_facts_make_a_brief(
        keep in 0.0..1.0_f64,
        change in 0.0..0.5_f64,
        picks in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64, any_value()), 64..128),
        names in any::<bool>(),
    ) {
        let mut facts = fixture::poor();
        let mut place = 0;
        facts.facts.retain(|_, fact| {
            let (stay, alter, value) = &picks[place * 7 % picks.len()];
            place += 1;
            if *alter < change {
                fact.value = value.clone();
                fact.provenance.coverage = Coverage { judged: 0, unjudged: u64::MAX };
            }
            *stay < keep
        });
        if !names {
            facts.names.clear();
            facts.members.clear();
            facts.measures.clear();
        }
        holds_of(&facts);
    }
}

/// A count of one takes the singular everywhere.
#[test]
fn one_is_singular() {
    let mut facts = fixture::full(Basis::Exact);
    for fact in facts.facts.values_mut() {
        if let Value::Count { count } = &mut fact.value {
            *count = 1;
            fact.provenance.coverage = Coverage { judged: 1, unjudged: 1 };
        }
    }
    let page = export::markdown(&compose(&facts, Language::En), &facts);
    let plain: String = strip_notes(&page);
    for wrong in [
        "1 stocks",
        "1 A-shares",
        "1 A‑shares",
        "1 sessions",
        "1 members",
        "1 are",
        "1 were",
        "1 limit-ups",
        "1 have",
        "1 stand ",
    ] {
        let place = plain.find(wrong);
        assert!(
            place.is_none(),
            "{wrong}: {}",
            place.map_or("", |p| &plain[p..]).chars().take(90).collect::<String>()
        );
    }
}

/// Markdown without the marks of its footnotes.
fn strip_notes(page: &str) -> String {
    let mut plain = String::new();
    for (place, part) in page.split("[^").enumerate() {
        plain.push_str(if place == 0 { part } else { part.split_once(']').map_or("", |p| p.1) });
    }
    plain
}

/// Nothing stands above the headline. Under it is one line of what no figure is read right without,
/// and all notes unfold under the takeaways.
#[test]
fn grave_notes_stand_under_the_headline_and_all_unfold_below_the_takeaways() {
    let facts = fixture::poor();
    for (language, simulated, partial, estimated) in [
        (Language::Zh, "模拟数据", "全市场数字不含北交所", "成交额为估算，另有数据说明"),
        (
            Language::En,
            "Simulated data",
            "leave Beijing out",
            "Turnover is estimated; more notes on the data",
        ),
    ] {
        let document = compose(&facts, language);
        let html = export::html(&document, &facts, &OPTIONS);
        let (above, below) = html.split_once("<h1>").unwrap();
        assert!(!above.contains("class=\"note"));
        let line = below.split_once("class=\"first\"").unwrap().1.split("</p>").next().unwrap();
        assert!(line.contains(simulated) && line.contains(partial), "{line}");
        let (before, notes) = below.split_once("<aside").unwrap();
        assert!(before.contains("id=\"takeaways\""));
        assert!(notes.split("</summary>").next().unwrap().ends_with(estimated));
        let notes = notes.split("</aside>").next().unwrap();
        assert_eq!(notes.matches("<p class=\"note ").count(), document.notes.len());
        assert_eq!(notes.matches("<details").count(), 1);
        let markdown = export::markdown(&document, &facts);
        assert!(markdown.starts_with("# "));
        let quoted: Vec<&str> = markdown.lines().filter(|line| line.starts_with("> ")).collect();
        assert_eq!(quoted.len(), 1);
        assert!(quoted[0].contains(simulated) && quoted[0].contains(partial), "{quoted:?}");
    }
    let whole = fixture::full(Basis::Exact);
    let mut document = compose(&whole, Language::Zh);
    assert!(document.first.is_empty());
    document.notes.clear();
    let html = export::html(&document, &whole, &OPTIONS);
    assert!(!html.contains("<aside") && !html.contains("class=\"first\""), "nothing to say");
}

/// Markdown is for pasting: no mark stands in the text, and each figure's key once at the end.
#[test]
fn markdown_has_its_keys_at_the_end() {
    let facts = fixture::full(Basis::Exact);
    for language in LANGUAGES {
        let document = compose(&facts, language);
        let page = export::markdown(&document, &facts);
        let (text, keys) = page.split_once("\n---\n").unwrap();
        assert!(!text.contains("[^") && !text.contains('`') && !text.contains("<sub>"), "{text}");
        for takeaway in &document.takeaways {
            assert!(keys.contains(&format!("`{}`", takeaway.basis.predicate.formula)));
            for key in &takeaway.basis.keys {
                assert!(keys.matches(&format!("`fupan explain {key}`")).count() <= 1, "{key}");
            }
        }
        let declines = format!("`fupan explain declines/all-a/{}/close`", facts.session);
        assert_eq!(keys.matches(&declines).count(), 1);
    }
}

/// Red and green are told in words where a reader may not expect them.
#[test]
fn the_colours_are_told() {
    let facts = fixture::full(Basis::Exact);
    for (colours, zh, en) in [
        (MarketColours::RedUp, "", "Red is up, green is down"),
        (MarketColours::GreenUp, "绿涨红跌。", "Green is up, red is down"),
        (MarketColours::ColourBlind, "橙涨蓝跌。", "Orange is up, blue is down"),
    ] {
        for (language, words) in [(Language::Zh, zh), (Language::En, en)] {
            let html = export::html(&compose(&facts, language), &facts, &HtmlOptions { colours });
            let legend = html.split_once("class=\"legend\">").map(|(_, rest)| rest);
            assert_eq!(legend.is_some_and(|rest| rest.starts_with(words)), !words.is_empty());
        }
    }
}

/// Identifiers of the program are no words of the brief.
#[test]
fn findings_are_told_without_identifiers() {
    use fupan_market::{Finding, FindingKind, Wording};
    let subjects = [
        "sse",
        "szse",
        "bse",
        "XSHG",
        "XSHE",
        "BJSE",
        "all-a",
        "000001.SH",
        "399006.SZ",
        "daily_bar",
        "index_bar",
        "share_capital",
        "risk_warning",
        "nearest_name",
        "undetermined",
        "new_listing",
        "2026-02-12",
        "some_new_word",
        "600519.SH",
    ];
    let mut facts = fixture::full(Basis::Exact);
    facts.names.retain(|symbol, _| symbol.to_string() == "600519.SH");
    facts.findings = subjects
        .iter()
        .flat_map(|subject| {
            [FindingKind::MissingData, FindingKind::UnknownStatus].map(|kind| Finding {
                kind,
                count: 2,
                subject: (*subject).to_owned(),
                detail: Wording::new("Seen.", "所见。"),
                hint: Wording::none(),
                place: None,
            })
        })
        .collect();
    for language in LANGUAGES {
        let document = compose(&facts, language);
        let page = export::markdown(&document, &facts);
        let notes = &page[page.find("##").unwrap()..];
        let data = &notes[notes.rfind("\n## ").unwrap()..notes.find("\n---").unwrap()];
        let head = page.split("\n## ").next().unwrap();
        for id in subjects.iter().filter(|subject| !subject.contains(|c: char| c.is_ascii_digit()))
        {
            for text in [head, data] {
                let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c)));
                let escaped = id.replace('_', "\\_");
                assert!(!text.contains(&escaped) || !id.contains('_'), "{id}: {text}");
                let plain = ["undetermined"].contains(id) && language == Language::En;
                assert!(plain || !words.into_iter().any(|word| word == *id), "{id}: {text}");
            }
        }
        assert!(data.contains(if language == Language::Zh {
            "上证指数"
        } else {
            "SSE Composite"
        }));
        assert!(data.contains(if language == Language::Zh { "北交所" } else { "Beijing" }));
    }
    let zh = compose(&facts, Language::Zh);
    let page = export::markdown(&zh, &facts);
    assert!(page.contains("所见。") && !page.contains("Seen."), "findings in the brief's language");
}

#[test]
fn names_are_printed_without_a_vendors_padding() {
    let mut facts = fixture::full(Basis::Exact);
    for name in facts.names.values_mut() {
        name.zh = "万  科Ａ".to_owned();
        name.en = None;
    }
    let document = compose(&facts, Language::Zh);
    for page in [export::html(&document, &facts, &OPTIONS), export::markdown(&document, &facts)] {
        assert!(page.contains("万科A") && !page.contains("万  科Ａ"));
    }
}
