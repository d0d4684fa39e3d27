//! What a webhook of the reader's own is sent: JSON for a program.

use fupan_brief::export::{self, Outline, OutlineBlock, OutlineRole};
use fupan_brief::{Document, FactSet, worded};
use fupan_fact::FactKey;
use fupan_market::shown;
use serde_json::{Value, json};

use crate::alert::Alert;
use crate::line::text;

/// Which form the JSON has.
const SCHEMA: &str = "fupan/push/1";

/// A brief: title, session, headline, takeaways, every fact that it cites, and its Markdown.
pub(crate) fn brief(document: &Document, facts: &FactSet, outline: &Outline) -> Value {
    let told = |role: OutlineRole| {
        let parts = outline.parts.iter().filter(move |part| part.role == role);
        parts.flat_map(|part| &part.blocks)
    };
    let headline = told(OutlineRole::Opening).find_map(|block| match block {
        OutlineBlock::Headline(run) => Some(text(run)),
        _ => None,
    });
    let kicker = told(OutlineRole::Opening).find_map(|block| match block {
        OutlineBlock::Fine(run) => Some(text(run)),
        _ => None,
    });
    let takeaways = told(OutlineRole::Takeaways).filter_map(|block| match block {
        OutlineBlock::Numbered(_, run) => Some(text(run)),
        _ => None,
    });
    let cited = document.cited().into_iter();
    let cited: Vec<Value> = cited
        .filter_map(|key| facts.get(key))
        .map(|fact| of_fact(&fact.key, &fact.value, outline))
        .collect();
    json!({
        "schema": SCHEMA,
        "kind": "brief",
        "language": outline.language.tag(),
        "session": outline.session.to_string(),
        "as_of": outline.as_of.to_string(),
        "title": kicker,
        "headline": headline,
        "takeaways": takeaways.collect::<Vec<String>>(),
        "facts": cited,
        "markdown": export::markdown(document, facts),
    })
}

/// An alert: title, session, instant, sentence, facts.
pub(crate) fn alert(alert: &Alert, outline: &Outline) -> Value {
    let facts = alert.facts.iter().map(|fact| {
        let mut told = of_fact(&fact.key, &fact.value, outline);
        told["label"] = json!(shown(&fact.label));
        told
    });
    json!({
        "schema": SCHEMA,
        "kind": "alert",
        "language": outline.language.tag(),
        "session": outline.session.to_string(),
        "as_of": outline.as_of.to_string(),
        "title": shown(&alert.title),
        "sentence": fupan_market::shown_lines(&alert.sentence),
        "facts": facts.collect::<Vec<Value>>(),
    })
}

fn of_fact(key: &FactKey, value: &fupan_fact::Value, outline: &Outline) -> Value {
    json!({
        "key": key.to_string(),
        "value": value,
        "text": worded(value, outline.language),
    })
}
