//! A document's first lines, for a terminal.

use fupan_fact::FactSet;

use crate::document::Document;
use crate::render::plain_run;

/// Dateline, headline, what must be known first, takeaways and notes as plain text, one a line.
pub fn summary(document: &Document, facts: &FactSet) -> String {
    let told = |run| plain_run(run, facts, document.language);
    let mut lines = vec![told(&document.dateline), String::new(), told(&document.headline)];
    if !document.first.is_empty() {
        lines.push(format!("! {}", told(&document.first)));
    }
    lines.extend(document.takeaways.iter().map(|takeaway| format!("• {}", told(&takeaway.text))));
    if !document.notes.is_empty() {
        lines.push(String::new());
        lines.extend(document.notes.iter().map(|note| format!("! {}", told(&note.text))));
    }
    lines.join("\n")
}
