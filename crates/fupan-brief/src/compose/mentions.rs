//! Companies in English text: the Chinese name and the code where a reader meets them first.
//!
//! A name is introduced once, at its first mention in running text: *Dawei Technology (大位科技,
//! 600589.SH)*. In tables and pictures, which readers open one by one, every name has its code.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::FactSet;
use fupan_market::Symbol;

use crate::company::is_han;
use crate::document::{Block, Document, Inline, Inlines, TableBlock};
use crate::{Language, render};

/// What stands beside the name of a company.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// At the first mention, the Chinese name and the code.
    Introduction,
    /// The code.
    Code,
}

/// Introduces every company of an English document. The notes come last: a page folds them, or has
/// them at its end. The headline names companies without more.
pub(super) fn introduce(document: &mut Document, facts: &FactSet) {
    if document.language != Language::En {
        return;
    }
    let mut mentions = Mentions { facts, met: BTreeSet::new(), alike: alike(document, facts) };
    for run in [&mut document.deck, &mut document.first] {
        mentions.text(run);
    }
    document.takeaways.iter_mut().for_each(|takeaway| mentions.text(&mut takeaway.text));
    for block in document.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        match block {
            Block::Paragraph(text) => mentions.text(text),
            Block::List(items) => items.iter_mut().for_each(|text| mentions.text(text)),
            Block::Table(table) => mentions.table(table),
            Block::Figure(figure) => {
                figure.marks.iter_mut().for_each(|mark| mentions.cell(&mut mark.label));
            }
        }
    }
    let note = &mut document.data_note;
    note.paragraphs.iter_mut().for_each(|text| mentions.text(text));
    document.notes.iter_mut().for_each(|note| mentions.text(&mut note.text));
    note.findings.iter_mut().for_each(|finding| mentions.text(&mut finding.text));
    note.coverage.iter_mut().for_each(|table| mentions.table(table));
}

/// English names that more than one company of the document has: romanised ones may be alike.
fn alike(document: &Document, facts: &FactSet) -> BTreeSet<String> {
    let mut companies: BTreeMap<String, BTreeSet<Symbol>> = BTreeMap::new();
    for inline in document.runs().into_iter().flatten() {
        if let Inline::Name(symbol) = inline {
            let name = render::name(*symbol, facts, Language::En);
            companies.entry(name).or_default().insert(*symbol);
        }
    }
    companies.retain(|_, symbols| symbols.len() > 1);
    companies.into_keys().collect()
}

struct Mentions<'a> {
    facts: &'a FactSet,
    /// Companies introduced so far.
    met: BTreeSet<Symbol>,
    /// Names that do not tell one company, which the code follows wherever they stand.
    alike: BTreeSet<String>,
}

impl Mentions<'_> {
    fn text(&mut self, run: &mut Inlines) {
        self.complete(run, Beside::Introduction);
    }

    fn table(&mut self, table: &mut TableBlock) {
        for row in &mut table.rows {
            std::iter::once(&mut row.head).chain(&mut row.cells).for_each(|cell| self.cell(cell));
        }
    }

    fn cell(&mut self, run: &mut Inlines) {
        self.complete(run, Beside::Code);
    }

    /// Adds to every name of a run what stands beside it. A figure in brackets after a name goes
    /// into the same brackets.
    fn complete(&mut self, run: &mut Inlines, beside: Beside) {
        let mut completed = Inlines::with_capacity(run.len());
        let mut rest = std::mem::take(run).into_iter().peekable();
        while let Some(inline) = rest.next() {
            let added = match inline {
                Inline::Name(symbol) => self.added(symbol, beside),
                _ => Inlines::new(),
            };
            completed.push(inline);
            if added.is_empty() {
                continue;
            }
            for (place, inline) in added.into_iter().enumerate() {
                // Neither bracket nor code goes to the next line alone; both do in a narrow table.
                let before = match (place, beside) {
                    (0, Beside::Introduction) => "\u{a0}(",
                    (0, Beside::Code) => " (",
                    _ => ",\u{a0}",
                };
                completed.extend([Inline::Text(before.to_owned()), inline]);
            }
            let bracket = |inline: &Inline| matches!(inline, Inline::Text(words) if words == " (");
            let after = match rest.next_if(bracket) {
                Some(bracket) if !matches!(rest.peek(), Some(Inline::Fact(..))) => {
                    completed.push(Inline::Text(")".to_owned()));
                    completed.push(bracket);
                    continue;
                }
                Some(_) => "; ",
                None => ")",
            };
            completed.push(Inline::Text(after.to_owned()));
        }
        *run = completed;
    }

    fn added(&mut self, symbol: Symbol, beside: Beside) -> Inlines {
        if !render::is_company(symbol, self.facts) {
            return Inlines::new();
        }
        let name = render::name(symbol, self.facts, Language::En);
        let first = beside == Beside::Introduction && self.met.insert(symbol);
        if beside == Beside::Introduction && !first && !self.alike.contains(&name) {
            return Inlines::new();
        }
        let chinese = first && render::chinese_name(symbol, self.facts).contains(is_han);
        let chinese = chinese.then_some(Inline::Chinese(symbol));
        // A company whose name cannot be romanised has its code for a name.
        let code = (name != symbol.to_string()).then_some(Inline::Code(symbol));
        chinese.into_iter().chain(code).collect()
    }
}
