//! A document as GitHub Markdown.
use fupan_fact::FactSet;

use crate::Document;

/// stub
pub fn markdown(_document: &Document, _facts: &FactSet) -> String {
    String::new()
}
