//! A session's price as a function of the volume traded so far.
//!
//! Between two turns the price goes straight, so turnover is a sum of trapezoids: it rises with
//! volume, and its average never leaves the prices reached. How much is traded between two turns is
//! set so that the whole day's turnover comes out.

use super::shape::{Range, Stretch, between_auctions};
use crate::intent::Intent;
use crate::noise::Noise;

/// The whole volume of a session.
pub(super) const ALL: i128 = 1 << 40;

/// A stretch of the path.
#[derive(Clone, Copy, Debug)]
struct Leg {
    /// The part of the volume at its end, out of [`ALL`].
    end: i128,
    from: i32,
    to: i32,
    /// The lowest and the highest price before it, and at its start.
    low: i32,
    high: i32,
    /// Twice the sum of price × volume up to its start.
    area: i128,
}

/// The prices of a session by volume.
#[derive(Clone, Debug)]
pub(super) struct Path {
    legs: Vec<Leg>,
    /// How far a price strays from the straight way.
    stray: i64,
    /// Twice the sum of price × volume.
    area: i128,
}

/// The prices after a part of the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub high: i64,
    pub low: i64,
    pub last: i64,
    /// Twice the sum of price × volume so far, volume out of [`ALL`].
    pub area: i128,
}

/// The parts of the volume that the two auctions take, out of [`ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Auctions {
    pub opening: i128,
    pub closing: i128,
}

impl Path {
    /// The path of a session with this average price, given as twice the sum of price × volume.
    /// `None` if no path through its prices has it.
    pub fn of(
        intent: Intent,
        range: Range,
        auctions: Auctions,
        average: i128,
        noise: &mut Noise,
    ) -> Option<Path> {
        let Range { open, high, low, close } = range;
        let middle = between_auctions(intent, range, noise);
        let Auctions { opening, closing } = auctions;
        let between = ALL - opening - closing;
        let wanted = average - opening * i128::from(2 * open) - closing * i128::from(2 * close);
        let (least, most) = (between * i128::from(2 * low), between * i128::from(2 * high));
        // Rounding of the average is no contradiction.
        let rounding = ALL / 50;
        if between <= 0 || wanted < least - rounding || wanted > most + rounding {
            return None;
        }
        let shares = shares(&middle, between, wanted);
        let first = Stretch { weight: 0, from: open, to: open };
        let last = Stretch { weight: 0, from: close, to: close };
        let stretches = std::iter::once((first, opening))
            .chain(middle.into_iter().zip(shares))
            .chain([(last, closing)]);
        Some(Path::through(stretches, (high - low) / 60 + 1))
    }

    fn through(stretches: impl Iterator<Item = (Stretch, i128)>, stray: i64) -> Path {
        let mut path = Path { legs: Vec::new(), stray, area: 0 };
        let (mut end, mut low, mut high) = (0, i32::MAX, i32::MIN);
        for (Stretch { from, to, .. }, share) in stretches {
            let (from, to) = (from as i32, to as i32);
            (low, high) = (low.min(from), high.max(from));
            end += share;
            path.legs.push(Leg { end, from, to, low, high, area: path.area });
            path.area += share * (i128::from(from) + i128::from(to));
            (low, high) = (low.min(to), high.max(to));
        }
        path
    }

    /// Twice the sum of price × volume of the whole session.
    pub fn area(&self) -> i128 {
        self.area
    }

    /// The prices after a part of the volume, out of [`ALL`]; `chance` strays.
    pub fn reached(&self, part: i128, chance: u64) -> Reached {
        let place = self.legs.partition_point(|leg| leg.end < part).min(self.legs.len() - 1);
        let leg = &self.legs[place];
        let start = place.checked_sub(1).map_or(0, |before| self.legs[before].end);
        let (done, width) = (part - start, (leg.end - start).max(1));
        let (from, to) = (i64::from(leg.from), i64::from(leg.to));
        let (low, high) = (i64::from(leg.low), i64::from(leg.high));
        let turned = i128::from(to - from) * done;
        let area = leg.area + 2 * i128::from(from) * done + turned * done / width;
        if from == to {
            return Reached { high, low, last: from, area };
        }
        let straight = from + (turned / width) as i64;
        let span = 2 * self.stray.unsigned_abs() + 1;
        let strayed =
            straight - self.stray + ((u128::from(chance) * u128::from(span)) >> 64) as i64;
        let (least, most) = (from.min(to), from.max(to));
        // The turns themselves are where a stretch ends, not on the way.
        let last = match most - least {
            ..2 => strayed.clamp(least, most),
            _ => strayed.clamp(least + 1, most - 1),
        };
        match to > from {
            true => Reached { high: high.max(to.min(straight + self.stray)), low, last, area },
            false => Reached { high, low: low.min(to.max(straight - self.stray)), last, area },
        }
    }
}

/// How much is traded in each stretch: by its weight, and more in the dear ones or in the cheap ones,
/// so that the sum of price × volume is what is wanted.
fn shares(stretches: &[Stretch], all: i128, wanted: i128) -> Vec<i128> {
    const ONE: i128 = 1 << 30;
    let weight = |stretch: &Stretch| i128::from(stretch.weight.max(1));
    let price = |stretch: &Stretch| i128::from(stretch.from + stretch.to);
    let sum = |some: &dyn Fn(&Stretch) -> bool| {
        let some = stretches.iter().filter(|stretch| some(stretch));
        some.fold((0, 0), |(w, area), s| (w + weight(s), area + weight(s) * price(s)))
    };
    let (weights, area) = sum(&|_| true);
    let usual = all * area / weights.max(1);
    let dearer = wanted > usual;
    let apart = |stretch: &Stretch| match dearer {
        true => price(stretch) * all >= wanted,
        false => price(stretch) * all <= wanted,
    };
    let extreme = |stretch: &Stretch| {
        let all = stretches.iter().map(&price);
        let limit = if dearer { all.max() } else { all.min() };
        Some(price(stretch)) == limit
    };
    let chosen: &dyn Fn(&Stretch) -> bool =
        if stretches.iter().any(apart) { &apart } else { &extreme };
    let (chosen_weights, chosen_area) = sum(chosen);
    let far = all * chosen_area / chosen_weights.max(1);
    let tilt = match far - usual {
        0 => 0,
        way => ((wanted - usual) * ONE / way).clamp(0, ONE),
    };
    let tilted = |stretch: &Stretch| {
        let own = (ONE - tilt) * weight(stretch) * chosen_weights;
        let more = if chosen(stretch) { tilt * weight(stretch) * weights } else { 0 };
        own + more
    };
    let whole: i128 = stretches.iter().map(tilted).sum();
    let (mut reached, mut given) = (0, 0);
    let share = |stretch: &Stretch| {
        reached += tilted(stretch);
        let until = all * reached / whole.max(1);
        let share = until - given;
        given = until;
        share
    };
    stretches.iter().map(share).collect()
}
