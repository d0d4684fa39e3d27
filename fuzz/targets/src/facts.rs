//! Facts as text: keys, and sets of facts as JSON.

use fupan_brief::export::{HtmlOptions, html, json, markdown, summary};
use fupan_brief::{Language, MarketColours, compose};
use fupan_fact::{AsOf, FactKey, FactSet, MeasureId, Scope, Value};

/// A key, and each of its parts, prints as text that reads as the same.
pub fn fact_key(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match text.parse::<FactKey>() {
        Ok(key) => {
            assert_eq!(key.to_string().parse(), Ok(key.clone()), "{text:?}");
            let told = serde_json::to_string(&key).expect("a key is a string");
            assert_eq!(serde_json::from_str::<FactKey>(&told).ok(), Some(key), "{text:?}");
        }
        Err(error) => assert!(error.to_string().len() < 2 * text.len() + 1_000, "{error}"),
    }
    if let Ok(measure) = text.parse::<MeasureId>() {
        assert_eq!(measure.to_string(), text);
    }
    if let Ok(scope) = text.parse::<Scope>() {
        assert_eq!(scope.to_string().parse(), Ok(scope), "{text:?}");
    }
    if let Ok(as_of) = text.parse::<AsOf>() {
        assert_eq!(as_of.to_string().parse(), Ok(as_of), "{text:?}");
    }
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let told = serde_json::to_string(&value).expect("a value is JSON");
        assert_eq!(serde_json::from_str::<Value>(&told).ok(), Some(value), "{text:?}");
    }
}

/// A set of facts as JSON comes back as it was, and a brief can be made of it, in both languages
/// and every form.
pub fn fact_set(bytes: &[u8]) {
    let Ok(facts) = serde_json::from_slice::<FactSet>(bytes) else { return };
    let told = serde_json::to_vec(&facts).expect("facts are JSON");
    let again: FactSet = serde_json::from_slice(&told).expect("written by the writer");
    assert!(again == facts, "facts differ after a round");
    for language in [Language::Zh, Language::En] {
        let document = compose(&facts, language);
        let _ = markdown(&document, &facts);
        let _ = summary(&document, &facts);
        let page = html(&document, &facts, &HtmlOptions { colours: MarketColours::RedUp });
        assert_eq!(page.matches("</script>").count(), 2, "text of a fact ended a script");
        let told = json(&document, &facts);
        serde_json::from_str::<serde_json::Value>(&told).expect("the export is JSON");
    }
}
