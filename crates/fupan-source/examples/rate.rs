//! Reads files by a recipe and prints rows per second: `rate RECIPE PATH...`.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};

const OPTIONS: ReadOptions = ReadOptions { as_of: None, partial: Partial::Accepted };

fn main() -> Result<(), SourceError> {
    let mut arguments = std::env::args().skip(1);
    let recipe = Recipe::named(&arguments.next().unwrap_or_default())?;
    let mut out = std::io::stdout();
    let (begun, mut rows) = (Instant::now(), 0);
    for path in arguments {
        let import = read(&recipe, Path::new(&path), &OPTIONS, &NoProgress)?;
        rows += import.rows_read;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = rows as f64 / seconds / 1e6;
    // A closed pipe is no reason to fail.
    let _ = writeln!(out, "{rows} rows in {seconds:.2} s, {rate:.2} million rows a second");
    Ok(())
}
