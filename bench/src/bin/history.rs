//! The benchmarks' command.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use fupan_bench::generate::{self, Layout, Plan};
use fupan_bench::peers::{Environment, PEERS, finished};
use fupan_bench::table::Table;
use fupan_bench::{bandwidth, half, history, outcome};
use parquet::basic::Compression;

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
    /// One run, told as JSON
    #[command(hide = true)]
    HistoryOnce {
        #[arg(long)]
        bars: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Args)]
struct History {
    /// The table of daily bars, in Parquet; generated where it is missing
    #[arg(long, required_unless_present = "generate")]
    bars: Option<PathBuf>,
    /// Where to write the table of sessions, in Parquet
    #[arg(long, required_unless_present = "generate")]
    out: Option<PathBuf>,
    /// How often to run, in a process of its own each time; the fastest counts
    #[arg(long, default_value_t = 5)]
    runs: u32,
    /// Run Polars and DuckDB on the table too, and compare results
    #[arg(long)]
    peers: bool,
    /// How often each of them runs; the fastest counts
    #[arg(long, default_value_t = 2)]
    peer_runs: u32,
    /// Run on the first half of the history too
    #[arg(long)]
    growth: bool,
    /// Generate a table here and end, where no table is given to run on
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
    codec: Compression,
    /// Rows in a row group of what is generated
    #[arg(long, default_value_t = 262_144)]
    row_group: usize,
}

fn codec(name: &str) -> Result<Compression, String> {
    Layout::codec(name).ok_or_else(|| "one of zstd, snappy, lz4, none".to_owned())
}

fn main() -> Result<()> {
    match Arguments::parse().which {
        Which::History(history) => history.run(),
        Which::HistoryOnce { bars, out } => once(&bars, &out),
    }
}

/// What one run took, as the process that made it tells.
struct Took {
    rows: u64,
    securities: u64,
    sessions: u64,
    seconds: f64,
    decode: f64,
    fold: f64,
    totals: f64,
    peak_kib: u64,
}

fn once(bars: &Path, out: &Path) -> Result<()> {
    let run = history::run(bars, Some(out))?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let peak: u64 = peak.split_whitespace().next().map_or(Ok(0), str::parse)?;
    let told = serde_json::json!({
        "rows": run.rows,
        "securities": run.securities,
        "sessions": run.sessions.num_rows(),
        "seconds": run.all.as_secs_f64(),
        "decode": run.decode.as_secs_f64(),
        "fold": run.fold.as_secs_f64(),
        "totals": run.totals.as_secs_f64(),
        "peak_kib": peak,
    });
    writeln!(std::io::stdout().lock(), "{told}")?;
    Ok(())
}

impl Took {
    fn told(text: &str) -> Result<Took> {
        let told: serde_json::Value = serde_json::from_str(text)?;
        let whole = |name: &str| told[name].as_u64().with_context(|| name.to_owned());
        let real = |name: &str| told[name].as_f64().with_context(|| name.to_owned());
        Ok(Took {
            rows: whole("rows")?,
            securities: whole("securities")?,
            sessions: whole("sessions")?,
            seconds: real("seconds")?,
            decode: real("decode")?,
            fold: real("fold")?,
            totals: real("totals")?,
            peak_kib: whole("peak_kib")?,
        })
    }

    /// The fastest of several runs.
    fn fastest(bars: &Path, out: &Path, runs: u32) -> Result<Took> {
        let mut fastest: Option<Took> = None;
        for _ in 0..runs.max(1) {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("history-once").arg("--bars").arg(bars).arg("--out").arg(out);
            with_huge_pages(&mut command);
            let took = Took::told(&finished(&mut command)?)?;
            if fastest.as_ref().is_none_or(|fastest| took.seconds < fastest.seconds) {
                fastest = Some(took);
            }
        }
        fastest.context("no run")
    }
}

impl History {
    fn run(&self) -> Result<()> {
        let mut told = std::io::stdout().lock();
        if let Some(path) = &self.generate {
            self.generate(path, &mut told)?;
        }
        let Some(bars) = &self.bars else { return Ok(()) };
        let out = self.out.as_ref().context("--out TABLE.parquet: where to write the sessions")?;
        if !bars.exists() {
            self.generate(bars, &mut told)?;
        }
        let layout = Table::open(bars)?.layout();
        writeln!(told, "{}: {layout}", bars.display())?;
        writeln!(
            told,
            "{} cores, load {}, memory read at {:.1} GB/s",
            std::thread::available_parallelism()?,
            load(),
            bandwidth::read() / 1e9
        )?;
        let ours = Took::fastest(bars, out, self.runs)?;
        writeln!(
            told,
            "{} securities, {} sessions, {} rows\n\
             fupan: {:.3} s (decode {:.3}, fold {:.3}, totals {:.3}), {:.1} M rows/s, peak {} MB; \
             fastest of {}",
            ours.securities,
            ours.sessions,
            ours.rows,
            ours.seconds,
            ours.decode,
            ours.fold,
            ours.totals,
            ours.rows as f64 / ours.seconds / 1e6,
            ours.peak_kib >> 10,
            self.runs.max(1)
        )?;
        let sessions = outcome::read(out)?;
        writeln!(told, "BLAKE3 of the sessions: {}", outcome::digest(&sessions)?)?;
        if self.growth {
            self.growth(bars, &ours, &mut told)?;
        }
        if self.peers { self.peers(bars, out, &ours, &mut told) } else { Ok(()) }
    }

    fn generate(&self, path: &Path, told: &mut impl Write) -> Result<()> {
        let plan = Plan { securities: self.securities, years: self.years, seed: self.seed };
        let layout = Layout { compression: self.codec, row_group_rows: self.row_group };
        let started = Instant::now();
        let rows = generate::write(path, plan, layout)?;
        writeln!(
            told,
            "generated {}: {rows} rows in {:.0} s",
            path.display(),
            started.elapsed().as_secs_f64()
        )?;
        Ok(())
    }

    fn growth(&self, bars: &Path, whole: &Took, told: &mut impl Write) -> Result<()> {
        let folder = scratch()?;
        let half = folder.join("half.parquet");
        half::write(bars, &half)?;
        let took = Took::fastest(&half, &folder.join("half.sessions.parquet"), self.runs)?;
        std::fs::remove_file(&half)?;
        writeln!(
            told,
            "half the history ({} sessions, {} rows): {:.3} s; the whole costs {:.2} times as much",
            took.sessions,
            took.rows,
            took.seconds,
            whole.seconds / took.seconds
        )?;
        Ok(())
    }

    fn peers(&self, bars: &Path, out: &Path, ours: &Took, told: &mut impl Write) -> Result<()> {
        let environment = Environment::make(&scratch()?)?;
        let sessions = outcome::read(out)?;
        let mut wrong = 0;
        for peer in PEERS {
            let mut run = environment.run(peer, bars)?;
            for _ in 1..self.peer_runs {
                let again = environment.run(peer, bars)?;
                if again.seconds < run.seconds {
                    run = again;
                }
            }
            let difference = outcome::compare(&sessions, &outcome::read(&run.sessions)?)?;
            writeln!(
                told,
                "{} {}: {:.3} s, peak {} MB; fastest of {}; fupan is {:.1} times as fast; of {} \
                 cells {} differ, the others by at most {:.1e}",
                peer.name,
                run.version,
                run.seconds,
                run.peak_kib >> 10,
                self.peer_runs.max(1),
                run.seconds / ours.seconds,
                difference.cells,
                difference.wrong.len(),
                difference.largest
            )?;
            for cell in difference.wrong.iter().take(10) {
                writeln!(told, "  {cell}")?;
            }
            wrong += difference.wrong.len();
        }
        if wrong > 0 {
            bail!("{wrong} cells differ from a peer's");
        }
        Ok(())
    }
}

/// Lets a run have its memory in huge pages, where the system gives them to those who ask and the
/// allocator is glibc's. What the environment says already stays.
fn with_huge_pages(command: &mut Command) {
    const NAME: &str = "GLIBC_TUNABLES";
    if std::env::var_os(NAME).is_none() {
        command.env(NAME, "glibc.malloc.hugetlb=1");
    }
}

/// A folder for what the benchmark makes, beside the builds.
fn scratch() -> Result<PathBuf> {
    let binary = std::env::current_exe()?;
    let target = binary.ancestors().nth(2).context("the program lies in no target folder")?;
    let folder = target.join("bench-history");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The load averages of the machine, where it tells them.
fn load() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}
