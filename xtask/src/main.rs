//! Tasks of the workspace: `cargo xtask tidy`, `bench`, `check-score`, `compare`, `damage`, `fuzz` and `mutants`.

mod bench;
mod check_score;
mod compare;
mod damage;
mod fuzz;
mod mutants;
mod tidy;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask tidy                 check the invariants that a program can check
cargo xtask bench history [--peers] [--growth] [--store DIR]
                                 time import, backfill and facts over 25 generated years or a
                                 store of your own, next to Polars and DuckDB
cargo xtask bench import --data DIR [--store DIR]
                                 time the import of the yearly bars in DIR, in a release build
cargo xtask bench review --store DIR --date DATE [--runs N]
                                 time `fupan review`, from process start to HTML
cargo xtask check-score --fupan FILE --store DIR [--half working|held]
                                 score `fupan check` by the sentences of spec/check
cargo xtask compare --before PROGRAM --after PROGRAM [--store DIR [--store-before DIR] DATE ...]
                                 review the sample, and sessions of a store, by two builds; list
                                 what differs in the JSON
cargo xtask fuzz [--seconds N] [TARGET ...]
                                 fuzz each target for a while (60 s), one after another
cargo xtask damage [--seeds N]   damage files at random; what is imported must be right, refused
                                 or marked
cargo xtask mutants [WORD ...]   make known mistakes in a copy; the test of each must fail";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("tidy") => tidy::run(),
        Some("bench") => bench::run(&arguments[1..]),
        Some("check-score") => check_score::run(&arguments[1..]),
        Some("compare") => compare::run(&arguments[1..]),
        Some("damage") => damage::run(&arguments[1..]),
        Some("fuzz") => fuzz::run(&arguments[1..]),
        Some("mutants") => mutants::run(&arguments[1..]),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}
