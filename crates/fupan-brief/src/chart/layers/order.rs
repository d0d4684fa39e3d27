//! In which order the boxes of each layer stand, so that few flows cross.

use std::collections::BTreeMap;

use crate::document::PictureFlow;

/// What stands in a layer: a box, or a lane through which flows to a box of a later layer pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    /// A mark, by its place.
    Box(usize),
    /// The way to a mark.
    Lane(usize),
}

/// Stops in each layer from top to bottom, and the steps between them.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) layers: Vec<Vec<Stop>>,
    /// Steps from a layer to the next, each once.
    steps: Vec<Vec<(Stop, Stop)>>,
    /// Flows within a layer.
    within: Vec<(usize, usize)>,
    /// The layer of each mark.
    pub(super) layer_of: Vec<usize>,
}

/// How often the order is gone over.
const ROUNDS: usize = 12;

impl Grid {
    /// Boxes in the order of the marks, and lanes below them.
    fn new(marks: &[std::ops::Range<usize>], flows: &[PictureFlow]) -> Grid {
        let mut layer_of = Vec::new();
        for (layer, range) in marks.iter().enumerate() {
            layer_of.extend(range.clone().map(|_| layer));
        }
        let boxes = |range: &std::ops::Range<usize>| range.clone().map(Stop::Box).collect();
        let mut layers: Vec<Vec<Stop>> = marks.iter().map(boxes).collect();
        let mut steps = vec![Vec::new(); marks.len()];
        let mut within = Vec::new();
        for flow in flows {
            let (from, to) = (layer_of[flow.from], layer_of[flow.to]);
            if from == to {
                within.push((flow.from, flow.to));
                continue;
            }
            let mut last = Stop::Box(flow.from);
            for layer in from + 1..=to {
                let next = if layer == to { Stop::Box(flow.to) } else { Stop::Lane(flow.to) };
                if !layers[layer].contains(&next) {
                    layers[layer].push(next);
                }
                if !steps[layer - 1].contains(&(last, next)) {
                    steps[layer - 1].push((last, next));
                }
                last = next;
            }
        }
        Grid { layers, steps, within, layer_of }
    }

    /// Stops in an order with few crossings.
    pub(super) fn untangled(marks: &[std::ops::Range<usize>], flows: &[PictureFlow]) -> Grid {
        let mut grid = Grid::new(marks, flows);
        grid.untangle();
        grid
    }

    /// Sorts by what each stop is joined to, then exchanges neighbours as long as that helps.
    fn untangle(&mut self) {
        let mut best = (self.tangles(), self.layers.clone());
        for round in 0..ROUNDS {
            let count = self.layers.len();
            for turn in 0..count {
                let layer = if round % 2 == 0 { turn } else { count - 1 - turn };
                self.sort(layer);
            }
            self.exchange();
            let tangles = self.tangles();
            if tangles < best.0 {
                best = (tangles, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    fn sort(&mut self, layer: usize) {
        let places = self.places();
        let centre = |stop: &Stop| {
            let beside: Vec<usize> =
                self.joined(layer, *stop).map(|other| places[&other].1).collect();
            let own = places[&(layer, *stop)].1;
            match beside.len() {
                0 => own,
                many => beside.iter().sum::<usize>() / many,
            }
        };
        let mut stops = self.layers[layer].clone();
        stops.sort_by_key(centre);
        self.layers[layer] = stops;
    }

    fn exchange(&mut self) {
        let mut tangles = self.tangles();
        for _ in 0..ROUNDS {
            let before = tangles;
            for layer in 0..self.layers.len() {
                for place in 1..self.layers[layer].len() {
                    self.layers[layer].swap(place - 1, place);
                    let now = self.tangles();
                    if now < tangles {
                        tangles = now;
                    } else {
                        self.layers[layer].swap(place - 1, place);
                    }
                }
            }
            if tangles == before {
                return;
            }
        }
    }

    /// Each stop of each layer with its place, and that in thousandths of the layer.
    fn places(&self) -> BTreeMap<(usize, Stop), (usize, usize)> {
        let of = |(layer, stops): (usize, &Vec<Stop>)| {
            let many = stops.len();
            let one = move |(place, stop): (usize, &Stop)| {
                ((layer, *stop), (place, (2 * place + 1) * 500 / many.max(1)))
            };
            stops.iter().enumerate().map(one).collect::<Vec<_>>()
        };
        self.layers.iter().enumerate().flat_map(of).collect()
    }

    /// The stops of the layers beside a layer that steps join to one of its own.
    pub(super) fn joined(
        &self,
        layer: usize,
        stop: Stop,
    ) -> impl Iterator<Item = (usize, Stop)> + '_ {
        let to = self.steps[layer].iter().filter(move |(from, _)| *from == stop);
        let to = to.map(move |(_, to)| (layer + 1, *to));
        let before = layer.checked_sub(1).map(|before| (before, &self.steps[before]));
        let from = before.into_iter().flat_map(move |(before, steps)| {
            let steps = steps.iter().filter(move |(_, to)| *to == stop);
            steps.map(move |(from, _)| (before, *from))
        });
        to.chain(from)
    }

    /// How many pairs of steps cross, and how many boxes a flow within a layer passes.
    fn tangles(&self) -> usize {
        let places = self.places();
        let mut tangles = 0;
        for (layer, steps) in self.steps.iter().enumerate() {
            let place = |(from, to): &(Stop, Stop)| {
                (places[&(layer, *from)].0, places[&(layer + 1, *to)].0)
            };
            let ends: Vec<(usize, usize)> = steps.iter().map(place).collect();
            for (one, (from, to)) in ends.iter().enumerate() {
                let crosses = |other: &&(usize, usize)| {
                    (other.0 < *from && other.1 > *to) || (other.0 > *from && other.1 < *to)
                };
                tangles += ends[one + 1..].iter().filter(crosses).count();
            }
        }
        for (from, to) in &self.within {
            let of = |mark: usize| places[&(self.layer_of[mark], Stop::Box(mark))].0;
            tangles += 2 * (of(*from).abs_diff(of(*to)) - 1);
        }
        tangles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(layers: &[usize], flows: &[(usize, usize)]) -> [Grid; 2] {
        let mut from = 0;
        let ranges: Vec<std::ops::Range<usize>> = layers
            .iter()
            .map(|many| {
                from += many;
                from - many..from
            })
            .collect();
        let flow = |&(from, to): &(usize, usize)| PictureFlow { from, to, what: Vec::new() };
        let flows: Vec<PictureFlow> = flows.iter().map(flow).collect();
        [Grid::new(&ranges, &flows), Grid::untangled(&ranges, &flows)]
    }

    #[test]
    fn flows_that_need_not_cross_do_not() {
        let [before, after] = grid(&[3, 3], &[(0, 5), (1, 4), (2, 3)]);
        assert_eq!((before.tangles(), after.tangles()), (3, 0));
        // The first and the last of a layer of three are joined within it.
        let [before, after] = grid(&[3], &[(0, 2)]);
        assert_eq!((before.tangles(), after.tangles()), (2, 0));
        // Each of two crosses the other's way whatever the order.
        let [_, after] = grid(&[2, 2], &[(0, 2), (0, 3), (1, 2), (1, 3)]);
        assert_eq!(after.tangles(), 1);
    }

    #[test]
    fn flows_to_one_target_share_a_lane() {
        let [_, after] = grid(&[2, 1, 1], &[(0, 3), (1, 3), (0, 2)]);
        assert_eq!(after.layers[1].len(), 2);
        assert!(after.layers[1].contains(&Stop::Lane(3)));
        let beside: Vec<(usize, Stop)> = after.joined(1, Stop::Lane(3)).collect();
        assert_eq!(beside.len(), 3);
    }
}
