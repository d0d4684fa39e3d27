//! An industry chain: boxes in layers from upstream to downstream, and what flows between them.
//!
//! On a page the layers stand side by side and flows lead to the right. On a phone the boxes stand
//! below each other and flows are arcs beside them.

mod arcs;
mod columns;
mod order;

use maud::{Markup, html};

use super::letters::wrapped;
use super::{Canvas, Width, at};
use crate::document::{PictureFlow, PictureLayer, PictureMark};
use crate::render;

/// The picture of a chain.
#[derive(Clone, Copy)]
pub(super) struct Chained<'a> {
    canvas: Canvas<'a>,
    layers: &'a [PictureLayer],
    flows: &'a [PictureFlow],
}

/// The room between a box's edge and its text.
const PAD: f64 = 6.0;
/// The type of names and figures, and of the layers' names.
const TYPE: f64 = 12.5;
const SMALL: f64 = 12.0;
const LINE: f64 = 15.5;

/// The picture, with its legend under it.
pub(super) fn layers(
    canvas: Canvas<'_>,
    (layers, flows): (&[PictureLayer], &[PictureFlow]),
    shown_at: Width,
) -> (f64, Markup) {
    let chain = Chained { canvas, layers, flows };
    match shown_at {
        Width::Page => columns::drawn(chain),
        Width::Phone => arcs::drawn(chain),
    }
}

impl<'a> Chained<'a> {
    /// The marks of each layer, by their places.
    fn marks_of_layers(self) -> Vec<std::ops::Range<usize>> {
        let mut from = 0;
        let range = |layer: &PictureLayer| {
            let range = from..from + layer.marks;
            from = range.end;
            range
        };
        self.layers.iter().map(range).collect()
    }

    fn layer_name(self, layer: &PictureLayer) -> String {
        render::plain_run(&layer.name, self.canvas.facts, self.canvas.language)
    }

    fn mark(self, place: usize) -> &'a PictureMark {
        &self.canvas.figure.marks[place]
    }

    /// A flow's lines with its title: from where to where, and what.
    fn flow(self, flow: &PictureFlow, lines: Markup) -> Markup {
        let label = |place| self.canvas.label(self.mark(place));
        let what = render::plain_run(&flow.what, self.canvas.facts, self.canvas.language);
        let title = format!("{} → {} · {what}", label(flow.from), label(flow.to));
        html! { g class="flow" { title { (title) } (lines) } }
    }
}

/// Text in lines of a width; a word that is wider has a line of its own.
fn lines_of(text: &str, size: f64, room: f64) -> Vec<String> {
    wrapped(text, size, room).unwrap_or_else(|| text.split(' ').map(str::to_owned).collect())
}

/// Lines of text, one below the other.
fn text_lines(class: &str, lines: &[String], (x, y): (f64, f64), size: f64) -> Markup {
    html! {
        @for (row, line) in lines.iter().enumerate() {
            text class=(class) x=(at(x)) y=(at(y + LINE * row as f64)) font-size=(size) { (line) }
        }
    }
}

/// The head of an arrow that ends at a point: to the right, or to the left if `back`.
fn head((x, y): (f64, f64), towards: Towards) -> Markup {
    let corners = match towards {
        Towards::Right => [(x - 7.0, y - 4.0), (x - 7.0, y + 4.0)],
        Towards::Left => [(x + 7.0, y - 4.0), (x + 7.0, y + 4.0)],
        Towards::Down => [(x - 4.0, y - 7.0), (x + 4.0, y - 7.0)],
        Towards::Up => [(x - 4.0, y + 7.0), (x + 4.0, y + 7.0)],
    };
    let [(ax, ay), (bx, by)] = corners;
    html! { path class="head" d={ "M" (at(ax)) " " (at(ay)) "L" (at(x)) " " (at(y)) "L" (at(bx)) " " (at(by)) "Z" } {} }
}

/// The side that an arrow points to.
#[derive(Clone, Copy)]
enum Towards {
    Right,
    Left,
    Down,
    Up,
}

#[cfg(test)]
mod tests {
    use fupan_fact::{AsOf, FactKey, FactSet, MeasureId, Scope};
    use fupan_market::{Chain, Wording};

    use super::*;
    use crate::document::{Inline, Picture, PictureKind};
    use crate::{Format, Language};

    /// A picture of a chain without figures.
    fn picture(chain: &Chain, language: Language) -> Picture {
        let told = |words: &Wording| vec![Inline::Quoted(words.in_language(language).to_owned())];
        let session = "2026-02-12".parse().unwrap();
        let mark = |segment: &fupan_market::ChainSegment| PictureMark {
            label: told(&segment.name),
            key: FactKey {
                measure: MeasureId::new("equal_weight_return"),
                scope: Scope::Group(segment.group.clone()),
                session,
                as_of: AsOf::Close,
            },
            format: Format::Change,
        };
        let of = |layer: &fupan_market::Layer| {
            chain.segments().iter().filter(|segment| segment.layer == layer.number).count()
        };
        let layers = chain.layers().iter();
        let layers = layers.map(|layer| PictureLayer { name: told(&layer.name), marks: of(layer) });
        let flows = chain.edges().iter();
        let flows = flows.map(|edge| PictureFlow {
            from: edge.from,
            to: edge.to,
            what: told(&edge.evidence),
        });
        Picture {
            id: "figure-chain".to_owned(),
            kind: PictureKind::Layers { layers: layers.collect(), flows: flows.collect() },
            caption: Vec::new(),
            marks: chain.segments().iter().map(mark).collect(),
        }
    }

    fn each(check: impl Fn(Chained<'_>)) {
        for chain in Chain::builtin() {
            for language in [Language::Zh, Language::En] {
                let figure = picture(chain, language);
                let facts = FactSet::new("2026-02-12".parse().unwrap());
                let canvas = Canvas { figure: &figure, facts: &facts, language };
                let PictureKind::Layers { layers, flows } = &figure.kind else { unreachable!() };
                check(Chained { canvas, layers, flows });
            }
        }
    }

    #[test]
    fn no_name_of_a_built_in_chain_is_wider_than_its_box() {
        each(columns::names_fit);
        each(arcs::names_fit);
    }

    #[test]
    fn boxes_keep_apart_and_in_their_layers() {
        each(columns::boxes_keep_apart);
    }

    /// Every flow is drawn in both pictures, with what flows.
    #[test]
    fn every_flow_is_drawn() {
        each(|chain| {
            for drawn in [columns::drawn(chain), arcs::drawn(chain)] {
                let svg = drawn.1.into_string();
                assert_eq!(svg.matches("<g class=\"flow\">").count(), chain.flows.len());
                assert_eq!(
                    svg.matches("<g class=\"mark cell none\"").count(),
                    chain.canvas.figure.marks.len()
                );
                assert!(svg.contains(" → ") && !svg.contains("NaN"));
            }
        });
    }
}
