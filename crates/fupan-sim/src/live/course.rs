//! How one security's session went: what its snapshot is at each instant.

use super::clock::{self, LAST, WHOLE};
use super::path::{ALL, Auctions, Path, Reached};
use super::shape::Range;
use crate::intent::Intent;
use crate::noise::{Noise, at};

/// Trading so far, in the units of the session's prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SoFar {
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub last: i64,
    pub volume: u64,
    pub turnover_fen: i64,
}

/// A session with trade, and what is to be known of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub intent: Intent,
    pub range: Range,
    pub volume: u64,
    pub turnover_fen: i64,
    /// The shares by which volume grows, and the fewest of a trade.
    pub lot: u64,
    pub least: u64,
}

/// The course of a session with trade.
#[derive(Clone, Debug)]
pub(super) struct Course {
    session: Session,
    /// `None` if only the closing auction traded.
    path: Option<Path>,
    auctions: Auctions,
    seed: u64,
    /// The place of the first instant with trade.
    first: u32,
    /// One instant in so many has a change.
    pace: u32,
    /// How much earlier than usual it trades, in thousandths.
    haste: i64,
}

/// One in so many securities has no trade in the opening auction.
const LATE_ONE_IN: i64 = 25;

impl Course {
    /// The course of a share.
    pub fn of(session: Session, mut noise: Noise) -> Course {
        let Session { intent, range, volume, turnover_fen, lot, least } = session;
        let seed = noise.next();
        let late = noise.between(1, LATE_ONE_IN) == 1 && range.open != range.close;
        let first = if late { noise.between(1, 300) as u32 } else { 0 };
        let least_part = (ALL * i128::from(least)).div_euclid(i128::from(volume.max(1))) + 1;
        let drawn = |permille: i64| ALL * i128::from(permille) / 1_000;
        let mut auctions = Auctions {
            opening: if late { 0 } else { drawn(noise.between(4, 30)) },
            closing: drawn(noise.between(5, 25)),
        };
        let average = 2 * i128::from(turnover_fen) * ALL / i128::from(volume.max(1));
        let mut path = None;
        for _ in 0..8 {
            auctions.opening = auctions.opening.max(least_part);
            path = Path::of(intent, range, auctions, average, &mut noise);
            if path.is_some() {
                break;
            }
            auctions = Auctions { opening: auctions.opening / 4, closing: auctions.closing / 4 };
        }
        // One change takes some lots at least; fifty million yuan a session are changes throughout.
        let by_money = 5_000_000_000 / turnover_fen.max(1);
        let lots = (volume / lot.max(100)).max(1);
        let by_lots = u64::from(LAST) * 2 / lots;
        let pace = by_money.unsigned_abs().max(by_lots).clamp(1, 400) as u32;
        let sealed = intent.seals_up() || intent.seals_down();
        let haste = if sealed { noise.between(200, 900) } else { noise.between(-500, 500) };
        let first = if path.is_some() { first } else { LAST };
        Course { session, path, auctions, seed, first, pace, haste }
    }

    /// The course of an index, which changes at nearly every instant.
    pub fn of_index(range: Range, volume: u64, turnover_fen: i64, mut noise: Noise) -> Course {
        let intent = Intent::Inside;
        let session = Session { intent, range, volume, turnover_fen, lot: 100, least: 100 };
        let auctions = Auctions { opening: ALL / 100, closing: ALL / 100 };
        let Range { open, high, low, close } = range;
        let average = ALL * i128::from(open + high + low + close) / 2;
        let path = Path::of(intent, range, auctions, average, &mut noise);
        let first = if path.is_some() { 0 } else { LAST };
        Course { session, path, auctions, seed: noise.next(), first, pace: 1, haste: 0 }
    }

    /// The last instant up to one at which it changed.
    pub fn changed(&self, place: u32) -> u32 {
        if place >= LAST || place <= self.first {
            return place;
        }
        let mut run = place / self.pace;
        loop {
            let chance = at(self.seed, u64::from(run));
            // Somewhere in a run of instants; in one run of sixteen not at all.
            let instant = run * self.pace + (chance % u64::from(self.pace)) as u32;
            if instant <= place && chance >> 60 != 0 {
                return instant.max(self.first);
            }
            match run.checked_sub(1) {
                Some(before) if before * self.pace + self.pace > self.first => run = before,
                _ => return self.first,
            }
        }
    }

    /// Trading up to an instant; `None` if there was none.
    pub fn so_far(&self, place: u32) -> Option<SoFar> {
        let Session { range, volume, turnover_fen, .. } = self.session;
        let Range { open, high, low, close } = range;
        if place >= LAST {
            return Some(SoFar { open, high, low, last: close, volume, turnover_fen });
        }
        let path = self.path.as_ref().filter(|_| place >= self.first)?;
        let shares = self.volume(place);
        let all = i128::from(volume);
        let part = i128::from(shares) * ALL / all;
        let Reached { high, low, last, area } = path.reached(part, at(!self.seed, shares));
        // What the path lacks of the day's turnover, or has too much.
        let missing = i128::from(turnover_fen) - all * path.area() / (2 * ALL);
        let fen = (all * area / (2 * ALL) + missing * part / ALL) as i64;
        // Rounding does not take the average price out of the range.
        let of_all = |price: i64| price.saturating_mul(shares.cast_signed());
        let fen = fen.clamp(of_all(low), of_all(high));
        Some(SoFar { open, high, low, last, volume: shares, turnover_fen: fen })
    }

    /// The share of an index in its whole turnover at an instant.
    pub fn of_index_so_far(&self, place: u32) -> Option<SoFar> {
        let so_far = self.so_far(place)?;
        let Session { volume, turnover_fen, .. } = self.session;
        let all = i128::from(volume.max(1));
        let fen = (i128::from(turnover_fen) * i128::from(so_far.volume) / all) as i64;
        Some(SoFar { turnover_fen: fen, ..so_far })
    }

    /// Shares traded up to an instant before the closing auction.
    fn volume(&self, place: u32) -> u64 {
        let Session { volume, lot, least, .. } = self.session;
        let Auctions { opening, closing } = self.auctions;
        let part = match place {
            _ if place == self.first => opening,
            _ => {
                let since = self.hasty(clock::done(self.first));
                let (before, now) =
                    (self.hasty(clock::done(place - 1)), self.hasty(clock::done(place)));
                // A little later than the instant's own share, by chance.
                let late =
                    (now - before) * i128::from(at(self.seed, u64::MAX - u64::from(place)) % 900);
                let (done, all) = ((now - since) * 1_000 - late, (WHOLE_PART - since) * 1_000);
                opening + (ALL - opening - closing) * done.max(0) / all.max(1)
            }
        };
        let shares = (i128::from(volume) * part / ALL) as u64;
        (shares / lot * lot).max(least).min(volume)
    }

    /// The usual share of trading, moved by the security's haste.
    fn hasty(&self, done: u64) -> i128 {
        let done = i128::from(done);
        done + i128::from(self.haste) * done * (WHOLE_PART - done) / WHOLE_PART / 1_000
    }
}

const WHOLE_PART: i128 = WHOLE as i128;
