//! A document as GitHub Markdown.
//!
//! Figures are in the text in readable form, without marks, so that the text can be pasted; a list at
//! the end has the key and the exact value of each.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fupan_fact::{FactKey, FactSet};

use crate::document::{
    Align, Block, CellArea, Grounds, Inline, Inlines, Picture, PictureFlow, PictureKind,
    PictureLayer, TableBlock,
};
use crate::text::Text;
use crate::{Document, Language, format, render, subject};

/// The document as GitHub Markdown, with the key of every figure at the end. Text from data is
/// escaped.
pub fn markdown(document: &Document, facts: &FactSet) -> String {
    let text = Text::new(document.language, document.as_of);
    let mut page = Page {
        facts,
        language: document.language,
        text: &text,
        seen: BTreeSet::new(),
        order: Vec::new(),
        out: String::new(),
    };
    page.head(document);
    for picture in &document.overview {
        page.figure(picture);
    }
    for section in &document.sections {
        let heading = page.run(&section.heading);
        page.paragraph(&format!("## {heading}"));
        for block in &section.blocks {
            match block {
                Block::Paragraph(run) => page.run_paragraph(run),
                Block::List(items) => page.list(items),
                Block::Table(table) => page.table(table),
                Block::Figure(figure) => page.figure(figure),
            }
        }
    }
    page.data_note(document);
    page.paragraph("---");
    let disclaimer = page.run(&document.disclaimer);
    page.paragraph(&format!("**{disclaimer}**"));
    page.run_paragraph(&document.footer);
    page.keys(document);
    page.out
}

struct Page<'a> {
    facts: &'a FactSet,
    language: Language,
    text: &'a Text,
    /// The keys of the figures printed so far, and in which order.
    seen: BTreeSet<FactKey>,
    order: Vec<FactKey>,
    out: String,
}

impl Page<'_> {
    fn head(&mut self, document: &Document) {
        let headline = self.run(&document.headline);
        self.paragraph(&format!("# {headline}"));
        if !document.deck.is_empty() {
            self.run_paragraph(&document.deck);
        }
        if !document.first.is_empty() {
            let first = self.run(&document.first);
            self.paragraph(&format!("> {first}"));
        }
        let (kicker, dateline) = (self.run(&document.kicker), self.run(&document.dateline));
        self.paragraph(&format!("{kicker} · {dateline}"));
        if document.takeaways.is_empty() {
            return;
        }
        self.paragraph(&format!("## {}", self.text.words("page-takeaways")));
        for (place, takeaway) in document.takeaways.iter().enumerate() {
            let words = self.run(&takeaway.text);
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(self.out, "{}. {words}", place + 1);
        }
        self.out.push('\n');
    }

    fn data_note(&mut self, document: &Document) {
        let note = &document.data_note;
        let heading = self.run(&note.heading);
        self.paragraph(&format!("## {heading}"));
        for paragraph in &note.paragraphs {
            self.run_paragraph(paragraph);
        }
        self.paragraph(&self.text.words("page-keys"));
        for note in &document.notes {
            let note = self.run(&note.text);
            self.paragraph(&note);
        }
        for finding in &note.findings {
            let words = self.run(&finding.text);
            let _ = writeln!(self.out, "- {words} {}", escape(&finding.detail));
        }
        if !note.findings.is_empty() {
            self.out.push('\n');
        }
        if let Some(coverage) = &note.coverage {
            self.table(coverage);
        }
        if !note.unknown.is_empty() {
            self.paragraph(&format!("### {}", self.text.words("page-unknown")));
            for figure in &note.unknown {
                let words =
                    |reason| fupan_fact::reason(reason).in_language(self.language).to_owned();
                let reason = figure.reason.as_deref().map(|r| format!(" · {}", escape(&words(r))));
                let (label, reason) = (escape(&figure.label), reason.unwrap_or_default());
                let _ = writeln!(self.out, "- {label} `{}`{reason}", figure.key);
            }
            self.out.push('\n');
        }
    }

    fn list(&mut self, items: &[Inlines]) {
        for item in items {
            let words = self.run(item);
            let _ = writeln!(self.out, "- {words}");
        }
        self.out.push('\n');
    }

    fn figure(&mut self, figure: &Picture) {
        let caption = self.run(&figure.caption);
        self.paragraph(&format!("**{caption}**"));
        let none: &[CellArea] = &[];
        let areas = match &figure.kind {
            PictureKind::Layers { layers, flows } => return self.layers(figure, layers, flows),
            PictureKind::Treemap { areas } => areas,
            _ => none,
        };
        let column = |id, align| (self.text.words(id), align);
        let mut columns = vec![column("column-mark", Align::Start)];
        columns.push(column("column-value", Align::End));
        if !areas.is_empty() {
            columns.push(column("column-area", Align::End));
        }
        let mut rows: Vec<Vec<String>> = Vec::new();
        for (place, mark) in figure.marks.iter().enumerate() {
            let mut row = vec![self.run(&mark.label)];
            row.push(self.inline(&Inline::Fact(mark.key.clone(), mark.format)));
            if let Some(area) = areas.get(place) {
                row.push(self.inline(&Inline::Fact(area.key.clone(), area.format)));
            }
            rows.push(row);
        }
        self.grid(&columns, &rows);
    }

    /// A chain: a row a segment, with its layer and where what it makes goes to.
    fn layers(&mut self, figure: &Picture, layers: &[PictureLayer], flows: &[PictureFlow]) {
        let column = |id, align| (self.text.words(id), align);
        let columns = [
            column("column-layer", Align::Start),
            column("column-mark", Align::Start),
            column("column-value", Align::End),
            column("column-flows-to", Align::Start),
        ];
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut places = 0..figure.marks.len();
        for layer in layers {
            for place in places.by_ref().take(layer.marks) {
                let mark = &figure.marks[place];
                let to = flows.iter().filter(|flow| flow.from == place);
                let to = to.map(|flow| figure.marks[flow.to].label.clone()).collect();
                let to = self.text.join(to, "between-names", "before-last-name");
                let figure = Inline::Fact(mark.key.clone(), mark.format);
                let row = [&layer.name, &mark.label].map(|run| self.run(run));
                let [layer, segment] = row;
                rows.push(vec![layer, segment, self.inline(&figure), self.run(&to)]);
            }
        }
        self.grid(&columns, &rows);
    }

    fn table(&mut self, table: &TableBlock) {
        let caption = self.run(&table.caption);
        self.paragraph(&format!("**{caption}**"));
        let columns: Vec<(String, Align)> =
            table.columns.iter().map(|column| (self.run(&column.label), column.align)).collect();
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| {
                std::iter::once(&row.head).chain(&row.cells).map(|cell| self.run(cell)).collect()
            })
            .collect();
        self.grid(&columns, &rows);
    }

    fn grid(&mut self, columns: &[(String, Align)], rows: &[Vec<String>]) {
        let labels: Vec<&str> = columns.iter().map(|(label, _)| label.as_str()).collect();
        let rule: Vec<&str> = columns
            .iter()
            .map(|(_, align)| if *align == Align::End { "---:" } else { ":---" })
            .collect();
        let _ = writeln!(self.out, "| {} |", labels.join(" | "));
        let _ = writeln!(self.out, "| {} |", rule.join(" | "));
        for row in rows {
            let _ = writeln!(self.out, "| {} |", row.join(" | "));
        }
        self.out.push('\n');
    }

    /// The words that a program judged, and the key of every figure in the order of the text.
    fn keys(&mut self, document: &Document) {
        self.paragraph(&format!("### {}", self.text.words("page-facts")));
        for Grounds { predicate, .. } in document.grounds() {
            let formula = predicate.formula.replace('`', "'");
            let _ = writeln!(self.out, "- `{}`: `{formula}`", predicate.id.replace('`', "'"));
        }
        for key in &self.order {
            let exact = self.facts.get(key).map(|fact| format::exact(&fact.value, self.language));
            let exact = exact.unwrap_or_else(|| format::UNKNOWN.to_owned());
            let label = escape(&super::measure_label(key, self.facts, self.language));
            let scope = escape(&render::scope_label(&key.scope, self.facts, self.language));
            let _ = writeln!(self.out, "- {label} · {scope} · {exact} · `fupan explain {key}`");
        }
        if document.data_note.sources.is_empty() {
            return;
        }
        self.out.push('\n');
        self.paragraph(&format!("### {}", self.text.words("page-sources")));
        for source in &document.data_note.sources {
            let table = escape(&subject::table(self.text, &source.table));
            let name = escape(&source.source);
            let _ =
                writeln!(self.out, "- {table} · {name} · `{}`", source.digest.replace('`', "'"));
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn run_paragraph(&mut self, run: &Inlines) {
        let text = self.run(run);
        self.paragraph(&text);
    }

    fn run(&mut self, run: &Inlines) -> String {
        run.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&mut self, inline: &Inline) -> String {
        let words = render::plain(inline, self.facts, self.language);
        match inline {
            Inline::Fact(key, _) => {
                if self.seen.insert(key.clone()) {
                    self.order.push(key.clone());
                }
                words
            }
            _ => escape(&words),
        }
    }
}

/// Escapes text from data, so that Markdown and HTML show it as it is, on one line.
fn escape(text: &str) -> String {
    let text = fupan_market::shown(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}
