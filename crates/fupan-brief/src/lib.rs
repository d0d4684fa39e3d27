//! Composes a brief from facts and exports it.
//!
//! [`compose`] turns a [`FactSet`] into a [`Document`]: headline, takeaways, body, tables,
//! pictures and a note on the data. [`export`] sets a document as HTML, Markdown or JSON.
//!
//! Two things hold throughout. A number in a document is a [`document::Inline`] that names the
//! fact it prints; the templates in `text/` hold no digit. And a qualitative word rests on a
//! [`Predicate`] whose formula and thresholds the document carries.

mod chart;
mod compose;
pub mod document;
pub mod export;
mod format;
mod observations;
mod palette;
mod predicate;
mod render;
mod text;
mod view;

use serde::{Deserialize, Serialize};

pub use compose::compose;
pub use document::Document;
pub use format::{Format, Tone};
pub use fupan_fact::FactSet;
pub use palette::MarketColours;
pub use predicate::Predicate;

/// The language a brief is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language tag of HTML and JSON.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Zh => "zh-CN",
            Language::En => "en",
        }
    }
}
