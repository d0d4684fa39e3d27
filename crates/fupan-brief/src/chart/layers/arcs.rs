//! Boxes below each other, upstream first, with flows as arcs beside them.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{Chained, LINE, PAD, SMALL, TYPE, Towards, head, lines_of, text_lines};
use crate::chart::letters::width_at;
use crate::chart::{at, steps};
use crate::document::PictureFlow;

const WIDTH: f64 = 354.0;
const BOX: f64 = 256.0;
const GAP: f64 = 5.0;
/// Above a layer's name, and between it and its boxes.
const BEFORE: f64 = 12.0;
const AFTER: f64 = 6.0;

/// How far the shortest arcs reach.
const NEAREST: f64 = 14.0;

/// A box: its top and height, and the lines of its name.
struct Placed {
    top: f64,
    height: f64,
    lines: Vec<String>,
}

/// The width that a name may take beside the widest figure.
fn room(figures: &[String]) -> f64 {
    let widest = figures.iter().map(|figure| width_at(figure, TYPE)).fold(0.0, f64::max);
    BOX - 3.0 * PAD - widest
}

pub(super) fn drawn(chain: Chained<'_>) -> (f64, Markup) {
    let marks = &chain.canvas.figure.marks;
    let figures: Vec<String> = marks.iter().map(|mark| chain.canvas.figure_text(mark)).collect();
    let room = room(&figures);
    let mut y = 0.0;
    let (mut boxes, mut heads) = (Vec::new(), Vec::new());
    for (layer, range) in chain.layers.iter().zip(chain.marks_of_layers()) {
        let lines = lines_of(&chain.layer_name(layer), SMALL, BOX);
        y += if heads.is_empty() { 0.0 } else { BEFORE };
        heads.push((y + 11.0, lines.clone()));
        y += LINE * lines.len() as f64 + AFTER;
        for place in range {
            let lines = lines_of(&chain.canvas.label(&marks[place]), TYPE, room);
            let height = LINE * lines.len() as f64 + 2.0 * PAD - 2.0;
            boxes.push(Placed { top: y, height, lines });
            y += height + GAP;
        }
    }
    let (below, legend) = steps::legend(chain.canvas, y + 10.0, WIDTH);
    let drawn = html! {
        @for (y, lines) in &heads { (text_lines("label", lines, (0.0, *y), SMALL)) }
        @for (place, flow) in chain.flows.iter().enumerate() {
            (chain.flow(flow, arc(&boxes, chain.flows, place)))
        }
        @for end in chain.flows.iter().map(|flow| flow.to).collect::<BTreeSet<_>>() {
            (head((BOX, boxes[end].enters()), Towards::Left))
        }
        @for ((mark, placed), figure) in marks.iter().zip(&boxes).zip(&figures) {
            (chain.canvas.cell_mark(mark, html! {
                rect x="0" y=(at(placed.top)) width=(at(BOX)) height=(at(placed.height)) rx="3" {}
                (text_lines("", &placed.lines, (PAD, placed.top + PAD + 10.0), TYPE))
                text class="strong" x=(at(BOX - PAD)) y=(at(placed.top + PAD + 10.0)) font-size=(TYPE)
                    text-anchor="end" { (figure) }
            }))
        }
        (legend)
    };
    (below, drawn)
}

impl Placed {
    /// Where flows leave the box, and where they enter it.
    fn leaves(&self) -> f64 {
        self.top + self.height * 0.72
    }

    fn enters(&self) -> f64 {
        self.top + self.height * 0.28
    }
}

/// An arc from a box to another, farther out than those of boxes that are less far apart.
fn arc(boxes: &[Placed], flows: &[PictureFlow], place: usize) -> Markup {
    let apart = |place: usize| (flows[place].from.abs_diff(flows[place].to), place);
    let nearer = (0..flows.len()).filter(|other| apart(*other) < apart(place)).count();
    let most = flows.len().saturating_sub(1).max(1) as f64;
    let reach = NEAREST + (WIDTH - BOX - 2.0 - NEAREST) * nearer as f64 / most;
    // A curve reaches three quarters of the way to its control points.
    let out = at(BOX + reach / 0.75);
    let flow = &flows[place];
    let (from, to) = (at(boxes[flow.from].leaves()), at(boxes[flow.to].enters()));
    let d = format!("M{BOX} {from}C{out} {from} {out} {to} {} {to}", at(BOX + 5.0));
    html! { path class="hit" d=(d) {} path d=(d) {} }
}

/// No line of a name is wider than what a figure leaves of its box.
#[cfg(test)]
pub(super) fn names_fit(chain: Chained<'_>) {
    let room = room(&["\u{2212}10.00%".to_owned()]);
    let marks = &chain.canvas.figure.marks;
    for line in marks.iter().flat_map(|mark| lines_of(&chain.canvas.label(mark), TYPE, room)) {
        assert!(width_at(&line, TYPE) <= room, "{line}");
    }
}
