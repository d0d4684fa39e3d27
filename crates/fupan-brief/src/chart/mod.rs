//! Pictures: SVG drawn from facts. Every mark carries the key of the fact it draws and a title.
//!
//! Floats are allowed here, for positions on the page only. Colours are CSS classes, so that the
//! page decides what up and down look like in its scheme.

mod bars;
mod columns;

use fupan_fact::{FactKey, FactSet};
use maud::{Markup, html};

use crate::document::{Inline, Picture, PictureKind, PictureMark};
use crate::{Language, format, render};

/// Width of every picture in its own units; at the width a page gives it, its text is between
/// 11 and 15 pixels high.
const WIDTH: f64 = 440.0;

/// What a picture is drawn from.
#[derive(Clone, Copy)]
struct Canvas<'a> {
    figure: &'a Picture,
    facts: &'a FactSet,
    language: Language,
}

/// The picture.
pub(crate) fn svg(figure: &Picture, facts: &FactSet, language: Language) -> Markup {
    let canvas = Canvas { figure, facts, language };
    let (height, marks) = match figure.kind {
        PictureKind::Diverging => bars::diverging(canvas),
        PictureKind::Distribution => columns::distribution(canvas),
        PictureKind::History => columns::history(canvas),
    };
    let view_box = format!("0 0 {WIDTH} {height}");
    html! {
        svg xmlns="http://www.w3.org/2000/svg" class={ "chart " (figure.id) } viewBox=(view_box)
            role="img" aria-label=(canvas.description()) {
            (marks)
        }
    }
}

impl Canvas<'_> {
    fn value(self, key: &FactKey) -> f64 {
        self.facts.get(key).and_then(|fact| fact.value.to_f64()).unwrap_or(0.0)
    }

    fn label(self, mark: &PictureMark) -> String {
        render::plain_run(&mark.label, self.facts, self.language)
    }

    /// A label without the code beside a company's name.
    fn short_label(self, mark: &PictureMark) -> String {
        let name = |inline: &&Inline| matches!(inline, Inline::Name(_));
        match mark.label.iter().find(name) {
            Some(name) => render::plain(name, self.facts, self.language),
            None => self.label(mark),
        }
    }

    fn figure_text(self, mark: &PictureMark) -> String {
        render::figure(&mark.key, mark.format, self.facts, self.language)
    }

    /// `up`, `down` or `flat`, by the value's sign.
    fn tone(self, mark: &PictureMark) -> &'static str {
        let tone = self.facts.get(&mark.key).and_then(|fact| format::tone(&fact.value));
        tone.map_or("flat", format::Tone::id)
    }

    /// The largest absolute value among the marks; never zero, so that it can divide.
    fn greatest(self) -> f64 {
        let sizes = self.figure.marks.iter().map(|mark| self.value(&mark.key).abs());
        sizes.fold(f64::MIN_POSITIVE, f64::max)
    }

    /// The caption and every mark in words, for a reader who cannot see the picture.
    fn description(self) -> String {
        let marks = self.figure.marks.iter().map(|mark| self.title(mark));
        let list: Vec<String> = marks.collect();
        let caption = render::plain_run(&self.figure.caption, self.facts, self.language);
        let (colon, comma) = match self.language {
            Language::Zh => ("：", "；"),
            Language::En => (": ", "; "),
        };
        format!("{caption}{colon}{}", list.join(comma))
    }

    fn title(self, mark: &PictureMark) -> String {
        let colon = if self.language == Language::Zh { "：" } else { ": " };
        format!("{}{colon}{}", self.label(mark), self.figure_text(mark))
    }

    /// A mark: its shapes, with the fact's key and a title.
    fn mark(self, mark: &PictureMark, shapes: Markup) -> Markup {
        html! {
            g class="mark" data-fact=(mark.key) {
                title { (self.title(mark)) }
                (shapes)
            }
        }
    }
}

/// A coordinate, to a tenth.
fn at(number: f64) -> String {
    format!("{number:.1}")
}
