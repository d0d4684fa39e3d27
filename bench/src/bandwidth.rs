//! Memory bandwidth of the machine, to compare the times of a columnar fold with.

use std::hint::black_box;
use std::time::Instant;

use rayon::prelude::*;

/// Bytes per second, read in order by all cores from more memory than the caches hold.
pub fn read() -> f64 {
    const NUMBERS: usize = 32 << 20;
    let numbers = vec![1_u64; NUMBERS];
    let once = || {
        let started = Instant::now();
        let chunks = numbers.par_chunks(NUMBERS / 64);
        black_box(chunks.map(|chunk| chunk.iter().sum::<u64>()).sum::<u64>());
        size_of_val(numbers.as_slice()) as f64 / started.elapsed().as_secs_f64()
    };
    (0..4).map(|_| once()).fold(0.0, f64::max)
}
