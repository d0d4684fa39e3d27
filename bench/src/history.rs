//! The history benchmark: a table of daily bars in, a table of sessions out.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;

use crate::bars::Bars;
use crate::table::Table;
use crate::{fold, outcome};

/// One run from the Parquet file to the finished table, and what it took.
pub struct Run {
    /// The finished table.
    pub sessions: RecordBatch,
    /// Rows of the table of bars.
    pub rows: usize,
    /// Securities in it.
    pub securities: usize,
    /// Reading and decoding, with the marks of each day's own prices.
    pub decode: Duration,
    /// Folding each security, which is done between decoding: the cores' time of it, shared out.
    pub fold: Duration,
    /// The sessions' totals.
    pub totals: Duration,
    /// All of it, opening and writing included.
    pub all: Duration,
}

/// Runs once, writing the table of sessions where a path is given.
///
/// # Errors
/// Where the file is not a sound table of the shape, or the result cannot be written.
pub fn run(bars: &Path, out: Option<&Path>) -> Result<Run> {
    let started = Instant::now();
    keep_freed_memory();
    let table = Table::open(bars)?;
    let about = || format!("{}", bars.display());
    let bars = Bars::read(&table).with_context(about)?;
    let folded = started.elapsed();
    let figures = fold::figures(&bars);
    let sessions = outcome::batch(&bars.dates, &figures)?;
    if let Some(out) = out {
        outcome::write(out, &sessions)?;
    }
    let all = started.elapsed();
    Ok(Run {
        sessions,
        rows: table.rows(),
        securities: bars.securities,
        decode: folded.saturating_sub(bars.folding),
        fold: bars.folding,
        totals: all - folded,
        all,
    })
}

/// Frees a block larger than any page of a usual file. Allocators that learn from it, as glibc's
/// does, keep what is freed later for the next page; without it each page's memory would go back
/// to the system and be fetched anew, zeroed.
fn keep_freed_memory() {
    const BLOCK: usize = 3 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(BLOCK)));
}
