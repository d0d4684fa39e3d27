//! Cells that tile a rectangle, each as large as a figure and coloured by another.

use maud::{Markup, html};

use super::letters::{width_at, wrapped};
use super::{Canvas, Width, at, steps};
use crate::document::PictureMark;

/// A rectangle in whole units of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tiled {
    x: u64,
    y: u64,
    width: u64,
    height: u64,
}

/// The room between a cell's edge and its text.
const PAD: f64 = 5.0;
/// The least type: a picture for a large screen is made smaller on paper, that for a phone is not.
const fn smallest(width: Width) -> f64 {
    match width {
        Width::Page => 11.0,
        Width::Phone => 10.0,
    }
}
/// The height of a line, in type sizes.
const LINE: f64 = 1.22;

/// The cells' rectangle.
const fn size(width: Width) -> (u64, u64) {
    match width {
        Width::Page => (984, 460),
        Width::Phone => (354, 620),
    }
}

/// The picture, with its legend under it.
pub(super) fn treemap(canvas: Canvas<'_>, shown_at: Width) -> (f64, Markup) {
    let (width, height) = size(shown_at);
    let marks = &canvas.figure.marks;
    let weights: Vec<u64> = marks.iter().map(|mark| canvas.weight(mark)).collect();
    let cells = squarified(&weights, width, height);
    let (below, legend) = steps::legend(canvas, height as f64 + 14.0, width as f64);
    let drawn = html! {
        @for (mark, cell) in marks.iter().zip(&cells) {
            (canvas.cell_mark(mark, html! {
                rect x=(cell.x) y=(cell.y) width=(cell.width) height=(cell.height) {}
                @if let Some(label) = label(canvas, mark, *cell, smallest(shown_at)) { (drawn_label(&label, *cell)) }
            }))
        }
        (legend)
    };
    (below, drawn)
}

/// What is written in a cell.
struct Label {
    size: f64,
    lines: Vec<String>,
    figure: Option<String>,
}

/// A cell's name and figure in the largest type that it has room for; its name alone if both have
/// none; nothing rather than a part of a name.
fn label(canvas: Canvas<'_>, mark: &PictureMark, cell: Tiled, smallest: f64) -> Option<Label> {
    let (name, figure) = (canvas.label(mark), canvas.figure_text(mark));
    let (width, height) = (cell.width as f64 - 2.0 * PAD, cell.height as f64 - 2.0 * PAD);
    let largest = ((width * height).sqrt() / 8.0).max(12.0);
    let fits = |size: f64, figure: Option<&String>| {
        let lines = wrapped(&name, size, width)?;
        let rows = (lines.len() + usize::from(figure.is_some())) as f64;
        let is_low = rows * size * LINE <= height + (LINE - 1.0) * size;
        let is_narrow = figure.is_none_or(|figure| width_at(figure, size) <= width);
        (is_low && is_narrow && lines.len() <= 3).then(|| Label {
            size,
            lines,
            figure: figure.cloned(),
        })
    };
    let sizes =
        [19.0, 17.0, 15.0, 14.0, 13.0, 12.0, 11.0].into_iter().filter(|size| *size <= largest);
    let mut sizes = sizes.chain([smallest]);
    sizes.find_map(|size| fits(size, Some(&figure))).or_else(|| fits(smallest, None))
}

fn drawn_label(label: &Label, cell: Tiled) -> Markup {
    let (x, step) = (cell.x as f64 + PAD, label.size * LINE);
    let first = cell.y as f64 + PAD + label.size * 0.86;
    html! {
        @for (row, line) in label.lines.iter().chain(&label.figure).enumerate() {
            text x=(at(x)) y=(at(first + step * row as f64)) font-size=(label.size) { (line) }
        }
    }
}

/// The width and height that cells come near to: names are wide.
const SHAPE: [u64; 2] = [3, 2];

/// Divides a rectangle among weights, in rows of cells that are as near to their shape as a greedy
/// choice makes them; larger weights come first, from the upper left. The cells are in the order of
/// the weights and tile the rectangle; that of a zero has no area.
///
/// Every edge is where the weights before it end, rounded to a whole unit.
fn squarified(weights: &[u64], width: u64, height: u64) -> Vec<Tiled> {
    let mut cells = vec![Tiled::default(); weights.len()];
    let mut order: Vec<usize> = (0..weights.len()).filter(|place| weights[*place] > 0).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(weights[*place]), *place));
    let mut left = Tiled { x: 0, y: 0, width, height };
    let mut rest = order.as_slice();
    while !rest.is_empty() {
        let sorted: Vec<u64> = rest.iter().map(|place| weights[*place]).collect();
        let [wide, high] = SHAPE;
        let runs = if left.width * high >= left.height * wide { Runs::Down } else { Runs::Across };
        let row = row_of(&sorted, left, runs);
        let sums = [sorted[..row].iter(), sorted.iter()].map(sum);
        let (thick, long) = match runs {
            Runs::Down => (left.width, left.height),
            Runs::Across => (left.height, left.width),
        };
        let thickness = part(thick, sums[0], sums[1]);
        let (mut before, mut start) = (0, 0);
        for (place, weight) in rest[..row].iter().zip(&sorted) {
            before += u128::from(*weight);
            let end = part(long, before, sums[0]);
            cells[*place] = match runs {
                Runs::Down => {
                    Tiled { y: left.y + start, width: thickness, height: end - start, ..left }
                }
                Runs::Across => {
                    Tiled { x: left.x + start, width: end - start, height: thickness, ..left }
                }
            };
            start = end;
        }
        match runs {
            Runs::Down => (left.x, left.width) = (left.x + thickness, left.width - thickness),
            Runs::Across => (left.y, left.height) = (left.y + thickness, left.height - thickness),
        }
        rest = &rest[row..];
    }
    cells
}

fn sum<'a>(weights: impl Iterator<Item = &'a u64>) -> u128 {
    weights.map(|weight| u128::from(*weight)).sum()
}

/// The part of a length that a part of a sum makes up, to the nearest unit.
fn part(length: u64, of: u128, sum: u128) -> u64 {
    let sum = sum.max(1);
    let length = (u128::from(length) * of * 2 + sum) / (sum * 2);
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Parts that weights are counted in for the choice of rows, so that products stay within their type.
const PARTS: u128 = 100_000;

/// How many of the weights, largest first, make the next row: as many as make its worst cell no
/// farther from the shape that cells should have.
fn row_of(sorted: &[u64], left: Tiled, runs: Runs) -> usize {
    let total = sum(sorted.iter()).max(1);
    let parts: Vec<u128> =
        sorted.iter().map(|weight| (u128::from(*weight) * PARTS / total).max(1)).collect();
    let [wide, high] = SHAPE.map(u128::from);
    let (side, wanted) = match runs {
        Runs::Down => (u128::from(left.height), (high, wide)),
        Runs::Across => (u128::from(left.width), (wide, high)),
    };
    let area = u128::from(left.width) * u128::from(left.height);
    let (mut count, mut worst) = (0, None);
    let mut row = 0;
    for last in &parts {
        row += last;
        // A cell of a part `p` is `side * p / row` long and `area * row / side` thick, in parts.
        let ratio = |p: u128| {
            let long = side * side * p * PARTS * wanted.1;
            let thick = area * row * row * wanted.0;
            if long >= thick { (long, thick.max(1)) } else { (thick, long.max(1)) }
        };
        let now = [parts[0], *last].map(ratio);
        let now = if is_less(now[0], now[1]) { now[1] } else { now[0] };
        if worst.is_some_and(|worst| is_less(worst, now)) {
            break;
        }
        (count, worst) = (count + 1, Some(now));
    }
    count
}

/// Which way a row of cells runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Down,
    Across,
}

/// Whether a fraction is less than another.
fn is_less(one: (u128, u128), other: (u128, u128)) -> bool {
    // The terms are below 10^18 in a picture of two thousand units, so that the products are below
    // 10^36.
    one.0 * other.1 < other.0 * one.1
}

#[cfg(test)]
mod tests {
    use fupan_fact::FactSet;
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Inline, Picture, PictureKind};
    use crate::{Format, Language};

    fn overlap(one: &Tiled, other: &Tiled) -> bool {
        let along = |a: u64, long: u64, b: u64, other: u64| a < b + other && b < a + long;
        along(one.x, one.width, other.x, other.width)
            && along(one.y, one.height, other.y, other.height)
    }

    proptest! {
        /// The cells fill the rectangle, none overlaps another, each is as large as its weight up to
        /// a unit at its edges, and a larger weight never has a much smaller cell.
        #[test]
        fn cells_tile_their_rectangle_in_proportion(
            weights in prop::collection::vec(prop_oneof![1 => Just(0), 9 => 1..4_000_000_000_000_000_u64], 1..120),
            (width, height) in prop_oneof![Just((984, 460)), Just((354, 620)), (1..2_000_u64, 1..2_000_u64)],
        ) {
            let cells = squarified(&weights, width, height);
            prop_assert_eq!(cells.len(), weights.len());
            let total = sum(weights.iter());
            let covered: u64 = cells.iter().map(|cell| cell.width * cell.height).sum();
            prop_assert_eq!(covered, if total == 0 { 0 } else { width * height });
            for (place, cell) in cells.iter().enumerate() {
                prop_assert!(cell.x + cell.width <= width && cell.y + cell.height <= height);
                let is_apart = |other: &Tiled| !overlap(cell, other);
                prop_assert!(cell.width * cell.height == 0 || cells[place + 1..].iter().all(is_apart));
                let exact = u128::from(weights[place]) * u128::from(width * height) / total.max(1);
                let (exact, drawn) = (exact as u64, cell.width * cell.height);
                // Each of the four edges is off by less than a unit, the row's start included.
                let off = 2 * (cell.width + cell.height) + 4;
                prop_assert!(exact.abs_diff(drawn) <= off, "{exact} drawn as {drawn}: {cell:?}");
            }
        }

        /// From the upper left, cells are in order of their weights.
        #[test]
        fn larger_cells_come_first(weights in prop::collection::vec(1..1_000_u64, 2..60)) {
            let mut sorted = weights.clone();
            sorted.sort_by_key(|weight| std::cmp::Reverse(*weight));
            let cells = squarified(&sorted, 1_968, 920);
            prop_assert_eq!((cells[0].x, cells[0].y), (0, 0));
            for two in cells.windows(2) {
                prop_assert!(two[1].x >= two[0].x || two[1].y >= two[0].y, "{two:?}");
            }
            // The same weights in another order have the same cells.
            let mut again = squarified(&weights, 1_968, 920);
            again.sort_by_key(|cell| (cell.x, cell.y));
            let mut cells = cells;
            cells.sort_by_key(|cell| (cell.x, cell.y));
            prop_assert_eq!(again, cells);
        }
    }

    /// Every line of a label is narrower than its cell, the lines are no higher together, and a label
    /// has the whole name or is not there.
    #[test]
    fn labels_fit_or_are_left_out() {
        let facts = FactSet::new("2026-02-12".parse().unwrap());
        let names = ["Construction and decoration", "Banks", "纺织服饰", "Non-bank financials"];
        let mark = |name: &str| PictureMark {
            label: vec![Inline::Quoted(name.to_owned())],
            key: "equal_weight_return/all-a/2026-02-12/close".parse().unwrap(),
            format: Format::Change,
        };
        let figure = Picture {
            id: String::new(),
            kind: PictureKind::Treemap { areas: Vec::new() },
            caption: Vec::new(),
            marks: names.map(mark).into(),
        };
        let canvas = Canvas { figure: &figure, facts: &facts, language: Language::En };
        let mut written = 0;
        for (width, height) in (1..50).flat_map(|w| (1..40).map(move |h| (w * 6, h * 5))) {
            let cell = Tiled { x: 0, y: 0, width, height };
            for (mark, name) in figure.marks.iter().zip(names) {
                let Some(label) = label(canvas, mark, cell, smallest(Width::Page)) else {
                    continue;
                };
                written += 1;
                for line in label.lines.iter().chain(&label.figure) {
                    assert!(width_at(line, label.size) <= width as f64 - 2.0 * PAD, "{line}");
                }
                let rows = (label.lines.len() + usize::from(label.figure.is_some())) as f64;
                let high = label.size * (1.0 + LINE * (rows - 1.0)) + 2.0 * PAD;
                assert!(high <= height as f64 + 0.001, "{high} in {height}");
                assert_eq!(label.lines.concat().replace(' ', ""), name.replace(' ', ""));
            }
        }
        assert!((2_000..7_000).contains(&written), "{written}");
    }

    #[test]
    fn cells_are_near_to_their_shape() {
        let weights: Vec<u64> = (1..=31).map(|n| 2_000 / n).collect();
        for (width, height) in [size(Width::Page), size(Width::Phone)] {
            let cells = squarified(&weights, width, height);
            let long = |cell: &&Tiled| {
                let (wide, high) = (cell.width * SHAPE[1], cell.height * SHAPE[0]);
                wide.max(high) * 10 > wide.min(high) * 25
            };
            assert_eq!(cells.iter().filter(long).count(), 0, "{cells:?}");
        }
        let two = squarified(&[1, 3], 100, 40);
        assert_eq!(two[1], Tiled { x: 0, y: 0, width: 75, height: 40 });
        assert_eq!(two[0], Tiled { x: 75, y: 0, width: 25, height: 40 });
    }
}
