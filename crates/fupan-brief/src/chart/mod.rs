//! Pictures: SVG drawn from facts. Every mark carries the key of the fact it draws and a title.
//!
//! Floats are allowed here, for positions on the page only. Colours are CSS classes, so that the
//! page decides what up and down look like in its scheme.

mod bars;
mod columns;
mod layers;
mod letters;
mod steps;
mod treemap;

use fupan_fact::{FactKey, FactSet, Value};
use maud::{Markup, html};

use crate::document::{CellArea, Inline, Picture, PictureKind, PictureLayer, PictureMark};
use crate::{Language, format, render};

/// Width of a picture beside text in its own units; at the width a page gives it, its text is
/// between 11 and 15 pixels high.
const WIDTH: f64 = 440.0;

/// What a picture is drawn from.
#[derive(Clone, Copy)]
struct Canvas<'a> {
    figure: &'a Picture,
    facts: &'a FactSet,
    language: Language,
}

/// For which width a picture is drawn whose layout depends on it.
#[derive(Clone, Copy)]
enum Width {
    /// The text's width on a large screen and on paper.
    Page,
    /// The text's width on a phone.
    Phone,
}

/// Whether a picture takes the whole width of the page, and not a column beside text.
pub(crate) fn is_wide(figure: &Picture) -> bool {
    matches!(figure.kind, PictureKind::Treemap { .. } | PictureKind::Layers { .. })
}

/// The picture; a wide one twice, of which the page shows the one that suits its width.
pub(crate) fn svg(figure: &Picture, facts: &FactSet, language: Language) -> Markup {
    let canvas = Canvas { figure, facts, language };
    let one = |drawn| element(canvas, "", WIDTH, drawn);
    let two = |drawn: &dyn Fn(Width) -> (f64, Markup)| {
        html! {
            (element(canvas, "page-wide", 984.0, drawn(Width::Page)))
            (element(canvas, "phone-wide", 354.0, drawn(Width::Phone)))
        }
    };
    match &figure.kind {
        PictureKind::Diverging => one(bars::diverging(canvas)),
        PictureKind::Distribution => one(columns::distribution(canvas)),
        PictureKind::History => one(columns::history(canvas)),
        PictureKind::Treemap { .. } => two(&|width| treemap::treemap(canvas, width)),
        PictureKind::Layers { layers, flows } => {
            two(&|width| layers::layers(canvas, (layers, flows), width))
        }
    }
}

fn element(canvas: Canvas<'_>, class: &str, width: f64, (height, marks): (f64, Markup)) -> Markup {
    let view_box = format!("0 0 {width} {height}");
    let caption = render::plain_run(&canvas.figure.caption, canvas.facts, canvas.language);
    html! {
        svg xmlns="http://www.w3.org/2000/svg"
            class={ "chart " (canvas.figure.id) @if !class.is_empty() { " " (class) } }
            viewBox=(view_box) role="img" aria-label=(canvas.description()) {
            @if !class.is_empty() { title { (caption) } }
            (marks)
        }
    }
}

impl<'a> Canvas<'a> {
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

    /// What the size of a mark's cell shows.
    fn area(self, mark: &PictureMark) -> Option<&'a CellArea> {
        let PictureKind::Treemap { areas } = &self.figure.kind else { return None };
        let is_it = |(other, _): &(&PictureMark, &CellArea)| std::ptr::eq(*other, mark);
        self.figure.marks.iter().zip(areas).find(is_it).map(|(_, area)| area)
    }

    /// The size of a mark's cell, in units that all of them have in common.
    fn weight(self, mark: &PictureMark) -> u64 {
        let fact = self.area(mark).and_then(|area| self.facts.get(&area.key));
        let weight = match fact.map(|fact| &fact.value) {
            Some(Value::Share { part, .. }) => *part,
            Some(Value::Money { fen }) => fen.0,
            _ => 0,
        };
        weight.try_into().unwrap_or(0)
    }

    /// The caption and every mark in words, for a reader who cannot see the picture.
    fn description(self) -> String {
        let titles: Vec<String> = self.figure.marks.iter().map(|mark| self.title(mark)).collect();
        let list = match &self.figure.kind {
            PictureKind::Layers { layers, .. } => self.by_layer(layers, &titles),
            _ => titles,
        };
        let caption = render::plain_run(&self.figure.caption, self.facts, self.language);
        let (colon, comma) = match self.language {
            Language::Zh => ("：", "；"),
            Language::En => (": ", "; "),
        };
        format!("{caption}{colon}{}", list.join(comma))
    }

    /// The titles of each layer's marks after its name.
    fn by_layer(self, layers: &[PictureLayer], titles: &[String]) -> Vec<String> {
        let (open, comma, close) = match self.language {
            Language::Zh => ("（", "，", "）"),
            Language::En => (" (", ", ", ")"),
        };
        let mut rest = titles.iter();
        let told = |layer: &PictureLayer| {
            let name = render::plain_run(&layer.name, self.facts, self.language);
            let marks: Vec<&str> = rest.by_ref().take(layer.marks).map(String::as_str).collect();
            format!("{name}{open}{}{close}", marks.join(comma))
        };
        layers.iter().map(told).collect()
    }

    /// A mark in words.
    fn title(self, mark: &PictureMark) -> String {
        let colon = if self.language == Language::Zh { "：" } else { ": " };
        let area = self.area(mark).map(|area| {
            let figure = render::figure(&area.key, area.format, self.facts, self.language);
            match (self.language, area.key.measure.name()) {
                (Language::Zh, "turnover_share") => format!("，占成交额{figure}"),
                (Language::Zh, _) => format!("，成交额{figure}"),
                (Language::En, "turnover_share") => format!(", {figure} of turnover"),
                (Language::En, _) => format!(", turnover {figure}"),
            }
        });
        let area = area.unwrap_or_default();
        format!("{}{colon}{}{area}", self.label(mark), self.figure_text(mark))
    }

    /// A mark that is filled with the colour of its figure's size.
    fn cell_mark(self, mark: &PictureMark, shapes: Markup) -> Markup {
        let step = steps::class(self.facts.get(&mark.key).map(|fact| &fact.value));
        html! {
            g class={ "mark cell " (step) } data-fact=(mark.key) {
                title { (self.title(mark)) }
                (shapes)
            }
        }
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
