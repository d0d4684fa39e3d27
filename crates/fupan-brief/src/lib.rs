//! Composes a brief from facts and exports it.
//!
//! [`compose`] turns a [`FactSet`] into a [`Document`]: headline, takeaways, body, tables,
//! pictures and a note on the data. [`export`] sets a document as HTML, Markdown or JSON.
//!
//! Two rules hold throughout. A number in a document is a [`document::Inline`] that names the fact
//! it prints; the templates in `text/` have no digits. A qualitative word is justified by a
//! [`Predicate`] whose formula and thresholds are in the document.

mod chart;
mod company;
mod compose;
mod degree;
pub mod document;
pub mod export;
mod format;
mod palette;
mod predicate;
mod render;
mod section;
mod subject;
mod takeaways;
mod text;
mod view;

pub use company::established_names;
pub use compose::compose;
pub use document::{Document, Predicate};
pub use format::{Format, Tone, worded};
pub use fupan_fact::FactSet;
pub use fupan_market::Language;
pub use palette::MarketColours;
pub use render::scope_label;
