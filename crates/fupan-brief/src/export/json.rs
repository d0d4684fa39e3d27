//! A document as JSON, schema `fupan/brief/1`.

use std::collections::BTreeMap;

use fupan_fact::{Fact, FactSet, Name, SessionNote};
use fupan_market::{Language, SecurityKind, SessionDate, Symbol, shown_json};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Document, company, render};

/// The document with its facts, deterministic to the byte.
///
/// `document` holds the brief's structure, with a figure as `{"kind": "fact", "of": [key,
/// format]}`. `facts` holds the facts it cites with their provenance, by key. `text` holds the
/// headline, takeaways and notes as plain text, for programs that need no structure.
pub fn json(document: &Document, facts: &FactSet) -> String {
    let cited: BTreeMap<String, &Fact> = document
        .cited()
        .into_iter()
        .filter_map(|key| Some((key.to_string(), facts.get(key)?)))
        .collect();
    let plain = |run| Value::from(render::plain_run(run, facts, document.language));
    let mut text = Map::new();
    text.insert("headline".to_owned(), plain(&document.headline));
    text.insert("deck".to_owned(), plain(&document.deck));
    let takeaways = document.takeaways.iter().map(|takeaway| plain(&takeaway.text)).collect();
    text.insert("takeaways".to_owned(), Value::Array(takeaways));
    text.insert("first".to_owned(), plain(&document.first));
    let notes = document.notes.iter().map(|note| plain(&note.text)).collect();
    text.insert("notes".to_owned(), Value::Array(notes));
    text.insert("disclaimer".to_owned(), plain(&document.disclaimer));
    let names: BTreeMap<String, Name> = facts
        .names
        .iter()
        .map(|(symbol, name)| (symbol.to_string(), named(*symbol, name, document.language)))
        .collect();
    let whole = Whole {
        schema: "fupan/brief/1",
        language: document.language.tag(),
        session: document.session,
        as_of: document.as_of.to_string(),
        notes: &facts.notes,
        text,
        document,
        facts: cited,
        names,
    };
    let json = serde_json::to_string_pretty(&whole).unwrap_or_else(|_| "{}".to_owned()) + "\n";
    shown_json(&json).into_owned()
}

/// The JSON object, key by key.
#[derive(Serialize)]
struct Whole<'a> {
    schema: &'static str,
    language: &'static str,
    session: SessionDate,
    as_of: String,
    notes: &'a [SessionNote],
    text: Map<String, Value>,
    document: &'a Document,
    facts: BTreeMap<String, &'a Fact>,
    names: BTreeMap<String, Name>,
}

/// A name as the facts have it; in an English document with the English name that it prints.
fn named(symbol: Symbol, name: &Name, language: Language) -> Name {
    let share = symbol.kind() != SecurityKind::Index;
    let printed = (language == Language::En && share).then(|| company::english(symbol, name));
    Name { zh: name.zh.clone(), en: name.en.clone().or(printed) }
}
