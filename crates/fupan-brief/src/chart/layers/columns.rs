//! Layers side by side, upstream on the left.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use maud::{Markup, html};

use super::order::{Grid, Stop};
use super::{Chained, LINE, PAD, SMALL, TYPE, Towards, head, lines_of, text_lines};
use crate::chart::{at, steps};
use crate::document::PictureFlow;

const WIDTH: f64 = 984.0;
const WIDEST_BOX: f64 = 176.0;
const NARROWEST_GUTTER: f64 = 30.0;
/// Between two boxes, and on either side of a lane.
const GAP: f64 = 15.0;
const LANE: f64 = 5.0;

/// Where everything is.
struct Plan {
    grid: Grid,
    /// The left edge of each layer.
    lefts: Vec<f64>,
    box_width: f64,
    /// The lines of each mark's name.
    names: Vec<Vec<String>>,
    /// The top and the height of each stop.
    stops: BTreeMap<(usize, Stop), (f64, f64)>,
    /// The lines of each layer's name.
    heads: Vec<Vec<String>>,
    /// Where the layers' names end, and the boxes.
    top: f64,
    bottom: f64,
}

pub(super) fn drawn(chain: Chained<'_>) -> (f64, Markup) {
    let plan = Plan::new(chain);
    let (below, legend) = steps::legend(chain.canvas, plan.bottom + 18.0, WIDTH);
    let marks = &chain.canvas.figure.marks;
    let drawn = html! {
        @for (lines, left) in plan.heads.iter().zip(&plan.lefts) {
            (text_lines("label", lines, (*left, plan.top - LINE * (lines.len() as f64 - 1.0)), SMALL))
        }
        @for flow in chain.flows { (chain.flow(flow, plan.flow(flow))) }
        (plan.heads_of(chain.flows))
        @for (place, mark) in marks.iter().enumerate() {
            @let (x, y, height) = plan.of(place);
            @let lines = &plan.names[place];
            (chain.canvas.cell_mark(mark, html! {
                rect x=(at(x)) y=(at(y)) width=(at(plan.box_width)) height=(at(height)) rx="3" {}
                (text_lines("", lines, (x + PAD, y + PAD + 10.0), TYPE))
                text class="strong" x=(at(x + PAD)) y=(at(y + PAD + 10.0 + LINE * lines.len() as f64))
                    font-size=(TYPE) { (chain.canvas.figure_text(mark)) }
            }))
        }
        (legend)
    };
    (below, drawn)
}

impl Plan {
    fn new(chain: Chained<'_>) -> Plan {
        let ranges = chain.marks_of_layers();
        let grid = Grid::untangled(&ranges, chain.flows);
        let gutters = ranges.len().saturating_sub(1).max(1) as f64;
        let many = ranges.len().max(1) as f64;
        let box_width = ((WIDTH - gutters * NARROWEST_GUTTER) / many).min(WIDEST_BOX);
        let step = (WIDTH - box_width) / gutters;
        let lefts: Vec<f64> = (0..ranges.len()).map(|layer| step * layer as f64).collect();
        let name = |mark| lines_of(&chain.canvas.label(mark), TYPE, box_width - 2.0 * PAD);
        let names: Vec<Vec<String>> = chain.canvas.figure.marks.iter().map(name).collect();
        let layer_name = |layer| lines_of(&chain.layer_name(layer), SMALL, box_width + 8.0);
        let heads: Vec<Vec<String>> = chain.layers.iter().map(layer_name).collect();
        let rows = heads.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let top = rows * LINE;
        let stops = BTreeMap::new();
        let mut plan = Plan { grid, lefts, box_width, names, stops, heads, top, bottom: top };
        plan.place();
        plan
    }

    fn height(&self, stop: Stop) -> f64 {
        match stop {
            Stop::Box(mark) => 2.0 * PAD + LINE * (self.names[mark].len() + 1) as f64 - 2.0,
            Stop::Lane(_) => LANE,
        }
    }

    /// Stacks the stops of each layer, and then moves them towards those that they are joined to.
    fn place(&mut self) {
        let tall = |stops: &Vec<Stop>| {
            stops.iter().map(|stop| self.height(*stop) + GAP).sum::<f64>() - GAP
        };
        let tallest = self.grid.layers.iter().map(tall).fold(0.0, f64::max);
        let (top, layers) = (self.top + 12.0, self.grid.layers.clone());
        let starts: Vec<f64> =
            layers.iter().map(|stops| top + (tallest - tall(stops)) / 2.0).collect();
        for (layer, stops) in layers.iter().enumerate() {
            let mut y = starts[layer];
            for stop in stops {
                let height = self.height(*stop);
                self.stops.insert((layer, *stop), (y, height));
                y += height + GAP;
            }
        }
        for round in 0..16 {
            for turn in 0..layers.len() {
                let layer = if round % 2 == 0 { turn } else { layers.len() - 1 - turn };
                self.settle(layer, &layers[layer], (top, top + tallest));
            }
        }
        self.bottom = top + tallest;
    }

    /// Moves a layer's stops as near as can be to the middle of what they are joined to, in their
    /// order and with their gaps.
    fn settle(&mut self, layer: usize, stops: &[Stop], (top, bottom): (f64, f64)) {
        let middle = |key: &(usize, Stop)| self.stops[key].0 + self.stops[key].1 / 2.0;
        // Groups of stops that touch: the sum of their wishes for the group's top, how many, and
        // the height of the group.
        let mut groups: Vec<(f64, f64, f64, usize)> = Vec::new();
        for stop in stops {
            let height = self.height(*stop);
            let beside: Vec<f64> = self.grid.joined(layer, *stop).map(|key| middle(&key)).collect();
            let wish = match beside.len() {
                0 => self.stops[&(layer, *stop)].0,
                many => beside.iter().sum::<f64>() / many as f64 - height / 2.0,
            };
            groups.push((wish, 1.0, height, 1));
            while let [.., one, two] = groups.as_slice() {
                let (one, two) = (*one, *two);
                if one.0 / one.1 + one.2 + GAP <= two.0 / two.1 {
                    break;
                }
                groups.truncate(groups.len() - 2);
                let wishes = one.0 + two.0 - two.1 * (one.2 + GAP);
                groups.push((wishes, one.1 + two.1, one.2 + GAP + two.2, one.3 + two.3));
            }
        }
        let mut rest = stops.iter();
        let mut from = top;
        for (place, (wishes, weight, _, many)) in groups.iter().enumerate() {
            let below: f64 = groups[place..].iter().map(|group| group.2 + GAP).sum();
            let mut y = (wishes / weight).min(bottom + GAP - below).max(from);
            for stop in rest.by_ref().take(*many) {
                let height = self.height(*stop);
                self.stops.insert((layer, *stop), (y, height));
                y += height + GAP;
            }
            from = y;
        }
    }

    /// The upper left corner of a box, and its height.
    fn of(&self, mark: usize) -> (f64, f64, f64) {
        let layer = self.grid.layer_of[mark];
        let (y, height) = self.stops[&(layer, Stop::Box(mark))];
        (self.lefts[layer], y, height)
    }

    /// How a flow within a layer leads: straight if its boxes are next to each other.
    fn within(&self, flow: &PictureFlow) -> Within {
        let stops = &self.grid.layers[self.grid.layer_of[flow.from]];
        let place = |mark| stops.iter().position(|stop| *stop == Stop::Box(mark)).unwrap_or(0);
        let (from, to) = (place(flow.from), place(flow.to));
        let down = from < to;
        match from.abs_diff(to) {
            1 => Within::Straight { down },
            _ => Within::Around { down },
        }
    }

    fn flow(&self, flow: &PictureFlow) -> Markup {
        let (from, to) = (self.grid.layer_of[flow.from], self.grid.layer_of[flow.to]);
        let d = if from == to { self.line_within(flow) } else { self.line_to_the_right(flow) };
        html! { path class="hit" d=(d) {} path d=(d) {} }
    }

    fn line_to_the_right(&self, flow: &PictureFlow) -> String {
        let (from, to) = (self.grid.layer_of[flow.from], self.grid.layer_of[flow.to]);
        let middle = |layer: usize, stop: Stop| {
            let (y, height) = self.stops[&(layer, stop)];
            y + height / 2.0
        };
        let mut y = middle(from, Stop::Box(flow.from));
        let mut x = self.lefts[from] + self.box_width;
        let mut d = format!("M{} {}", at(x), at(y));
        for layer in from + 1..=to {
            let stop = if layer == to { Stop::Box(flow.to) } else { Stop::Lane(flow.to) };
            let (next_x, next_y) = (self.lefts[layer], middle(layer, stop));
            let end = if layer == to { next_x - 5.0 } else { next_x };
            let half = at((x + end) / 2.0);
            // Writing to a string cannot fail, here and below.
            let _ = write!(d, "C{half} {} {half} {} {} {}", at(y), at(next_y), at(end), at(next_y));
            if layer < to {
                let _ = write!(d, "H{}", at(next_x + self.box_width));
            }
            (x, y) = (next_x + self.box_width, next_y);
        }
        d
    }

    fn line_within(&self, flow: &PictureFlow) -> String {
        let (start, end, _) = self.ends_within(flow);
        match self.within(flow) {
            Within::Straight { .. } => {
                format!("M{} {}L{} {}", at(start.0), at(start.1), at(end.0), at(end.1))
            }
            Within::Around { .. } => {
                let out = at(start.0 + 24.0);
                let (sy, ey) = (at(start.1), at(end.1));
                format!("M{} {sy}C{out} {sy} {out} {ey} {} {ey}", at(start.0), at(end.0 + 5.0))
            }
        }
    }

    /// Where a flow within a layer begins and ends, and where its arrow points.
    fn ends_within(&self, flow: &PictureFlow) -> ((f64, f64), (f64, f64), Towards) {
        let ((x, from, from_height), (_, to, to_height)) = (self.of(flow.from), self.of(flow.to));
        let (middle, right) = (x + self.box_width / 2.0, x + self.box_width);
        match self.within(flow) {
            Within::Straight { down: true } => {
                ((middle, from + from_height), (middle, to), Towards::Down)
            }
            Within::Straight { down: false } => {
                ((middle, from), (middle, to + to_height), Towards::Up)
            }
            Within::Around { down } => {
                let (leaves, enters) = if down { (0.78, 0.22) } else { (0.22, 0.78) };
                let from = (right, from + from_height * leaves);
                (from, (right, to + to_height * enters), Towards::Left)
            }
        }
    }

    /// Heads of arrows, one where several flows end.
    fn heads_of(&self, flows: &[PictureFlow]) -> Markup {
        let layer_of = |mark: usize| self.grid.layer_of[mark];
        let from_left = flows.iter().filter(|flow| layer_of(flow.from) != layer_of(flow.to));
        let entered: BTreeSet<usize> = from_left.map(|flow| flow.to).collect();
        html! {
            @for mark in entered {
                @let (x, y, height) = self.of(mark);
                (head((x, y + height / 2.0), Towards::Right))
            }
            @for flow in flows.iter().filter(|flow| layer_of(flow.from) == layer_of(flow.to)) {
                @let (_, end, towards) = self.ends_within(flow);
                (head(end, towards))
            }
        }
    }
}

/// The way of a flow within a layer.
enum Within {
    Straight { down: bool },
    Around { down: bool },
}

/// No line of a name is wider than its box.
#[cfg(test)]
pub(super) fn names_fit(chain: Chained<'_>) {
    let plan = Plan::new(chain);
    for line in plan.names.iter().flatten() {
        let width = crate::chart::letters::width_at(line, TYPE);
        assert!(width <= plan.box_width - 2.0 * PAD, "{line}: {width}");
    }
    for line in plan.heads.iter().flatten() {
        let width = crate::chart::letters::width_at(line, SMALL);
        assert!(width <= plan.box_width + 8.0, "{line}: {width}");
    }
}

/// The stops of a layer are below each other with their gaps, and none is outside the picture.
#[cfg(test)]
pub(super) fn boxes_keep_apart(chain: Chained<'_>) {
    let plan = Plan::new(chain);
    for (layer, stops) in plan.grid.layers.iter().enumerate() {
        let mut below = plan.top;
        for stop in stops {
            let (y, height) = plan.stops[&(layer, *stop)];
            assert!(y >= below && y + height <= plan.bottom + 0.001, "{stop:?} at {y}");
            below = y + height + GAP - 0.001;
        }
    }
    let right = plan.lefts.iter().map(|left| left + plan.box_width).fold(0.0, f64::max);
    assert!((right - WIDTH).abs() < 0.001, "{right}");
    for two in plan.lefts.windows(2) {
        assert!(two[1] - two[0] >= plan.box_width + NARROWEST_GUTTER - 0.001);
    }
}
