//! The benchmarks' command.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use fupan_bench::generate::{self, Layout, Plan};
use fupan_bench::{history, outcome};

#[derive(Parser)]
#[command(about = "Benchmarks on tables of daily bars")]
struct Arguments {
    #[command(subcommand)]
    which: Which,
}

#[derive(Subcommand)]
enum Which {
    /// A table of daily bars in, a table of sessions out
    History(History),
}

#[derive(Args)]
struct History {
    /// The table of daily bars; generated where it is missing
    #[arg(long, required_unless_present = "generate")]
    bars: Option<PathBuf>,
    /// Where to write the table of sessions
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write a generated table here
    #[arg(long)]
    generate: Option<PathBuf>,
    /// Securities to generate
    #[arg(long, default_value_t = 5550)]
    securities: u32,
    /// Years to generate
    #[arg(long, default_value_t = 25)]
    years: u32,
    /// The seed of what is generated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The codec of what is generated: zstd, snappy, lz4 or none
    #[arg(long, default_value = "zstd", value_parser = codec)]
    codec: parquet::basic::Compression,
    /// Rows in a row group of what is generated
    #[arg(long, default_value_t = 262_144)]
    row_group: usize,
    /// How often to run; the fastest counts
    #[arg(long, default_value_t = 5)]
    runs: u32,
}

fn codec(name: &str) -> Result<parquet::basic::Compression, String> {
    Layout::codec(name).ok_or_else(|| "one of zstd, snappy, lz4, none".to_owned())
}

fn main() -> Result<()> {
    match Arguments::parse().which {
        Which::History(history) => run(&history),
    }
}

fn run(arguments: &History) -> Result<()> {
    let mut told = std::io::stdout().lock();
    let plan = Plan {
        securities: arguments.securities,
        years: arguments.years,
        seed: arguments.seed,
    };
    let layout =
        Layout { compression: arguments.codec, row_group_rows: arguments.row_group };
    if let Some(path) = &arguments.generate {
        let rows = generate::write(path, plan, layout)?;
        writeln!(told, "{}: {rows} rows", path.display())?;
    }
    let Some(bars) = &arguments.bars else { return Ok(()) };
    if !bars.exists() {
        let rows = generate::write(bars, plan, layout)?;
        writeln!(told, "{}: {rows} rows", bars.display())?;
    }
    for _ in 0..arguments.runs {
        let run = history::run(bars, arguments.out.as_deref())?;
        writeln!(
            told,
            "{} rows {} securities: {:.3} s (decode {:.3}, fold {:.3}, totals {:.3})",
            run.rows,
            run.securities,
            run.all.as_secs_f64(),
            run.decode.as_secs_f64(),
            run.fold.as_secs_f64(),
            run.totals.as_secs_f64()
        )?;
        writeln!(told, "{}", outcome::digest(&run.sessions)?)?;
    }
    let status = std::fs::read_to_string("/proc/self/status").context("memory")?;
    writeln!(told, "{:?}", status.lines().find(|l| l.starts_with("VmHWM")))?;
    Ok(())
}
