//! Documents as HTML, Markdown and JSON.

mod html;
mod json;
mod markdown;

pub use html::{HtmlOptions, html};
pub use json::json;
pub use markdown::markdown;

use fupan_fact::{FactKey, FactSet};

use crate::Language;

/// A measure's label in a language; its identifier where the facts hold no text for it.
fn measure_label(key: &FactKey, facts: &FactSet, language: Language) -> String {
    match (facts.measures.get(key.measure.name()), language) {
        (Some(text), Language::Zh) => text.label_zh.clone(),
        (Some(text), Language::En) => text.label_en.clone(),
        (None, _) => key.measure.name().to_owned(),
    }
}
