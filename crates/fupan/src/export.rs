//! A brief as a file: HTML, Markdown, JSON.

use fupan_brief::{Document, export};
use fupan_fact::FactSet;

pub use fupan_brief::export::{HtmlOptions, PageExtent};

/// One self-contained HTML page: no network, light and dark, narrow and wide, printable.
pub fn html(brief: &Document, facts: &FactSet) -> String {
    export::html(brief, facts, &HtmlOptions { colours: fupan_brief::MarketColours::RedUp })
}

/// One self-contained HTML page in the reader's colours.
pub fn html_with(brief: &Document, facts: &FactSet, options: &HtmlOptions) -> String {
    export::html(brief, facts, options)
}

/// A page to make a picture or a printed file of; [`fupan_brief::export::still`] says what it tells
/// about itself.
pub fn still(
    brief: &Document,
    facts: &FactSet,
    options: &HtmlOptions,
    extent: PageExtent,
) -> String {
    export::still(brief, facts, options, extent)
}

/// Markdown, with the keys of all figures listed at the end.
pub fn markdown(brief: &Document, facts: &FactSet) -> String {
    export::markdown(brief, facts)
}

/// JSON: the document with fact keys, and the facts with values and provenance.
pub fn json(brief: &Document, facts: &FactSet) -> String {
    export::json(brief, facts)
}

/// Notes, headline and takeaways as plain text, for a terminal.
pub fn summary(brief: &Document, facts: &FactSet) -> String {
    export::summary(brief, facts)
}
