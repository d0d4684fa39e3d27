//! Random integers from a seed, the same on every platform.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of random integers.
///
/// ChaCha8 starts every stream independently, and a SplitMix64 counter continues from there: a
/// security draws some ten numbers per session, and an unoptimised cipher would take longer than
/// everything else together.
#[derive(Clone, Debug)]
pub(crate) struct Noise {
    state: u64,
}

/// Which stream of a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    Climate,
    Roster,
    Security(u32),
    Faults,
    /// How a security's session went: the day, and the security.
    Live {
        day: i32,
        security: u32,
    },
}

impl Noise {
    pub(crate) fn new(seed: u64, stream: Stream) -> Noise {
        let mut cipher = ChaCha8Rng::seed_from_u64(seed);
        cipher.set_stream(match stream {
            Stream::Climate => 1,
            Stream::Roster => 2,
            Stream::Faults => 3,
            Stream::Security(index) => (1 << 32) + u64::from(index),
            Stream::Live { day, security } => {
                (1 << 63) + (u64::from(day.unsigned_abs()) << 32) + u64::from(security)
            }
        });
        Noise { state: cipher.next_u64() }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mixed(self.state)
    }

    /// A number from `low` to `high`, both included; `low` if the range is empty.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        let span = u128::from(high.abs_diff(low)) + 1;
        let offset = (u128::from(self.next()) * span) >> 64;
        low + offset as i64
    }

    /// Whether an event with this many chances in a million happens.
    pub(crate) fn happens(&mut self, chances_ppm: i64) -> bool {
        self.between(0, 999_999) < chances_ppm
    }

    /// A bell-shaped number around zero with standard deviation `sigma`: the sum of four uniform
    /// numbers, so it never leaves ±3.46 sigma.
    pub(crate) fn bell(&mut self, sigma: i64) -> i64 {
        let bits = self.next();
        let sum: i64 = (0..4).map(|i| ((bits >> (16 * i)) & 0xffff) as i64 - 0x8000).sum();
        // The sum's standard deviation is 2 × 65536 / √12 = 37837.
        sum * sigma / 37_837
    }

    /// One item of a slice, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.between(0, items.len() as i64 - 1) as usize]
    }
}

/// The step of a SplitMix64 counter.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The number that SplitMix64 makes of its counter.
fn mixed(counter: u64) -> u64 {
    let mut z = counter;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The random number at a place of a seed's sequence, in any order.
pub(crate) fn at(seed: u64, place: u64) -> u64 {
    mixed(seed.wrapping_add(place.wrapping_mul(STEP)))
}

/// The value of a rising table of `(permille, value)` at a place, interpolated linearly.
pub(crate) fn interpolate(table: &[(i64, i64)], permille: i64) -> i64 {
    let upper = table.partition_point(|(place, _)| *place <= permille);
    let (Some(low), Some(high)) =
        (upper.checked_sub(1).and_then(|i| table.get(i)), table.get(upper))
    else {
        return if upper == 0 { table[0].1 } else { table[table.len() - 1].1 };
    };
    low.1 + (high.1 - low.1) * (permille - low.0) / (high.0 - low.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_pinned() {
        let mut first = Noise::new(7, Stream::Security(0));
        let mut again = Noise::new(7, Stream::Security(0));
        let mut other = Noise::new(7, Stream::Security(1));
        let numbers: Vec<i64> = (0..4).map(|_| first.between(0, 999)).collect();
        assert_eq!(numbers, (0..4).map(|_| again.between(0, 999)).collect::<Vec<_>>());
        assert_ne!(numbers, (0..4).map(|_| other.between(0, 999)).collect::<Vec<_>>());
    }

    #[test]
    fn a_bell_has_the_spread_it_is_asked_for() {
        let mut noise = Noise::new(1, Stream::Climate);
        let draws: Vec<i64> = (0..20_000).map(|_| noise.bell(10_000)).collect();
        let mean = draws.iter().sum::<i64>() / 20_000;
        let variance = draws.iter().map(|x| x * x).sum::<i64>() / 20_000;
        assert!(mean.abs() < 300, "{mean}");
        assert!((95_000_000..105_000_000).contains(&variance), "{variance}");
    }

    #[test]
    fn a_table_is_read_between_its_points() {
        let table = [(0, 10), (500, 20), (1000, 100)];
        assert_eq!(interpolate(&table, 0), 10);
        assert_eq!(interpolate(&table, 250), 15);
        assert_eq!(interpolate(&table, 1000), 100);
    }
}
