//! A document as JSON.
use fupan_fact::FactSet;

use crate::Document;

/// stub
pub fn json(_document: &Document, _facts: &FactSet) -> String {
    String::new()
}
