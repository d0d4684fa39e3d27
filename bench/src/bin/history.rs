//! The history benchmark's command.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use fupan_bench::history::Benchmark;
use fupan_market::SessionDate;
use fupan_sim::MarketPlan;

#[derive(Parser)]
#[command(about = "Years of daily bars in, every figure of every session out")]
struct Arguments {
    /// The program, in a release build
    #[arg(long)]
    fupan: PathBuf,
    /// An existing store to use instead of a generated history; it is not changed
    #[arg(long)]
    store: Option<PathBuf>,
    /// A-shares to generate
    #[arg(long, default_value_t = 5550)]
    securities: u32,
    /// Sessions to generate; 25 years by default
    #[arg(long, default_value_t = 6060)]
    sessions: u32,
    /// The last session to generate
    #[arg(long, default_value = "2025-12-31")]
    until: SessionDate,
    /// The seed of what is generated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often each command runs; the fastest counts
    #[arg(long, default_value_t = 1)]
    runs: u32,
    /// Have Polars and DuckDB compute 24 measures from the same store, and compare every cell
    #[arg(long)]
    peers: bool,
    /// Compute half of the years too
    #[arg(long)]
    growth: bool,
    /// Folder for generated files [default: `bench-history` in the target folder]
    #[arg(long)]
    scratch: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let scratch = match arguments.scratch {
        Some(folder) => folder,
        None => {
            let binary = std::env::current_exe()?;
            let target = binary.ancestors().nth(2).context("the program is in no target folder")?;
            target.join("bench-history")
        }
    };
    let plan = MarketPlan {
        seed: arguments.seed,
        securities: arguments.securities,
        sessions: arguments.sessions,
        last_session: arguments.until,
        ..MarketPlan::default()
    };
    Benchmark {
        fupan: arguments.fupan,
        scratch,
        plan,
        store: arguments.store,
        runs: arguments.runs.max(1),
        peers: arguments.peers,
        growth: arguments.growth,
    }
    .run(&mut std::io::stdout().lock())
}
