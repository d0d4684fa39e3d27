//! The turns that a session's price takes, by what the session was meant to be.

use crate::intent::Intent;
use crate::noise::Noise;

/// A stretch of trading from one price to another, with its usual part of the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub weight: i64,
    pub from: i64,
    pub to: i64,
}

/// The prices of a session that its turns must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
}

/// The volume at a turn, as a weight.
const TURN: i64 = 8;

/// A path under construction.
struct Sketch<'n> {
    noise: &'n mut Noise,
    at: i64,
    stretches: Vec<Stretch>,
}

/// The stretches between the auctions, from the opening price on. The last price, at which the
/// closing auction begins, is close to the closing price; at a sealed price it is that.
pub(super) fn between_auctions(intent: Intent, range: Range, noise: &mut Noise) -> Vec<Stretch> {
    let Range { open, high, low, close } = range;
    let mut sketch = Sketch { noise, at: open, stretches: Vec::new() };
    if high == low {
        sketch.stay(1_000);
        return sketch.stretches;
    }
    match intent {
        Intent::LimitUpOnePrice | Intent::LimitUpTShaped | Intent::LimitUpClimb => {
            sketch.seals(high, low);
        }
        Intent::LimitDownOnePrice | Intent::LimitDownSlide => sketch.seals(low, high),
        Intent::LimitUpBroken => sketch.breaks(high, low, close),
        Intent::LimitDownReopened => sketch.breaks(low, high, close),
        Intent::FloorToCeiling => sketch.crosses(low, high),
        Intent::CeilingToFloor => sketch.crosses(high, low),
        Intent::Inside | Intent::Unlimited | Intent::Suspended => {
            let high_first = sketch.noise.happens(500_000);
            let (one, other) = if high_first { (high, low) } else { (low, high) };
            sketch.turn(one);
            sketch.turn(other);
            sketch.end_near(close, low, high);
        }
    }
    sketch.stretches
}

impl Sketch<'_> {
    fn go(&mut self, to: i64, weight: i64) {
        if to != self.at {
            self.stretches.push(Stretch { weight, from: self.at, to });
            self.at = to;
        }
    }

    fn stay(&mut self, weight: i64) {
        self.stretches.push(Stretch { weight, from: self.at, to: self.at });
    }

    /// To a price, with some moves back on the way.
    fn swing(&mut self, to: i64) {
        let way = to - self.at;
        if way.abs() >= 8 {
            for _ in 0..self.noise.between(0, 2) {
                let left = to - self.at;
                let ahead = self.at + left * self.noise.between(25, 65) / 100;
                let back = ahead - (ahead - self.at) * self.noise.between(20, 80) / 100;
                let (out, home) = (self.noise.between(20, 120), self.noise.between(20, 120));
                self.go(ahead, out);
                self.go(back, home);
            }
        }
        let rest = self.noise.between(60, 260);
        self.go(to, rest);
    }

    /// To the highest or the lowest price of the session.
    fn turn(&mut self, to: i64) {
        self.swing(to);
        self.stay(TURN);
    }

    /// A price that was left for a moment, or for longer.
    fn opens(&mut self, limit: i64, other: i64) {
        let away = (other - limit) * self.noise.between(5, 80) / 100;
        let away = if away == 0 { (other - limit).signum() } else { away };
        self.swing(limit + away);
        self.swing(limit);
    }

    /// Ends sealed at a limit price, after the price at the other end.
    fn seals(&mut self, limit: i64, other: i64) {
        if self.at == limit {
            let first = self.noise.between(40, 300);
            self.stay(first);
        }
        self.turn(other);
        self.swing(limit);
        let mut left = self.noise.between(0, 5) - 2;
        while left > 0 {
            let sealed = self.noise.between(20, 200);
            self.stay(sealed);
            self.opens(limit, other);
            left -= 1;
        }
        let sealed = self.noise.between(40, 500);
        self.stay(sealed);
    }

    /// Reaches a limit price, and ends elsewhere.
    fn breaks(&mut self, limit: i64, other: i64, close: i64) {
        let other_first = self.noise.happens(500_000);
        if other_first {
            self.turn(other);
        }
        self.swing(limit);
        let sealed = self.noise.between(TURN, 250);
        self.stay(sealed);
        if self.noise.happens(300_000) {
            self.opens(limit, other);
            self.stay(TURN);
        }
        if !other_first {
            self.turn(other);
        }
        // Not at the limit before the last auction.
        let (low, high) = (limit.min(other), limit.max(other));
        match limit == high {
            true => self.end_near(close, low, (high - 1).max(low)),
            false => self.end_near(close, (low + 1).min(high), high),
        }
    }

    /// From one limit price to the other.
    fn crosses(&mut self, first: i64, limit: i64) {
        self.swing(first);
        let sealed = self.noise.between(TURN, 200);
        self.stay(sealed);
        self.swing(limit);
        let sealed = self.noise.between(40, 300);
        self.stay(sealed);
    }

    /// To a price about the close.
    fn end_near(&mut self, close: i64, low: i64, high: i64) {
        let reach = (close / 1_000).max(1);
        let near = close + self.noise.between(-reach, reach);
        self.swing(near.clamp(low, high.max(low)));
    }
}
