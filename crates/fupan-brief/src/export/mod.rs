//! Documents as HTML, Markdown, JSON, and as an outline for other forms.

mod html;
mod json;
mod markdown;
mod outline;
mod summary;

pub use html::{HtmlOptions, PageExtent, html, still};
pub use json::json;
pub use markdown::markdown;
pub use outline::{
    Outline, OutlineBlock, OutlinePart, OutlineRole, OutlineRow, OutlineTable, Piece, outline,
};
pub use summary::summary;

use fupan_fact::{FactKey, FactSet};

use crate::{Language, render};

/// A measure's label in a language; its identifier if the facts have no text for it.
fn measure_label(key: &FactKey, facts: &FactSet, language: Language) -> String {
    match (facts.measures.get(key.measure.name()), language) {
        (Some(text), Language::Zh) => render::visible(&text.label_zh),
        (Some(text), Language::En) => render::visible(&text.label_en),
        (None, _) => key.measure.name().to_owned(),
    }
}
