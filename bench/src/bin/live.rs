//! The live benchmark's command. It is a program of its own because it counts what it allocates.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use fupan_bench::bandwidth;
use fupan_bench::live::peers as live_peers;
use fupan_bench::live::session::SessionPlan;
use fupan_bench::live::{GeneratedMarket, TimedReplay};
use fupan_measure::Live;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

#[derive(Parser)]
#[command(about = "A session's snapshots in, every figure current")]
struct Arguments {
    /// Snapshots of all securities together, three seconds apart
    #[arg(long, default_value_t = 26_640_000)]
    updates: usize,
    /// How many securities
    #[arg(long, default_value_t = 5550)]
    securities: u32,
    /// The seed of the session
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often to replay; the fastest counts
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// At how many instants to compare with recomputed figures
    #[arg(long, default_value_t = 6)]
    proofs: usize,
    /// Have Polars and NumPy fold the same snapshots, and compare results
    #[arg(long)]
    peers: bool,
}

fn main() -> Result<()> {
    let Arguments { updates, securities, seed, runs, proofs, peers } = Arguments::parse();
    let mut told = std::io::stdout().lock();
    let mut market = GeneratedMarket::generate(SessionPlan { securities, updates, seed })?;
    let (count, instants) = (market.session.arrivals.len(), market.session.instants.len());
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    writeln!(
        told,
        "{} securities, {instants} instants, {count} arrivals; load {}, memory read at {:.1} GB/s",
        market.session.symbols.len(),
        load.split_whitespace().next().unwrap_or("unknown"),
        bandwidth::read() / 1e9
    )?;
    let input = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    let mut fastest: Option<TimedReplay> = None;
    for _ in 0..runs.max(1) {
        // The opening is part of the state, and is rebuilt for each run.
        market.opening = GeneratedMarket::open(&market.session)?;
        let replay = market.replay(Live::new(&market.opening));
        if fastest.as_ref().is_none_or(|fastest| replay.all < fastest.all) {
            fastest = Some(replay);
        }
    }
    let replay = fastest.context("no run")?;
    let state = ALLOCATED.peak_usage().saturating_sub(input);
    let seconds = replay.all.as_secs_f64();
    let processor = replay.processor.map_or(f64::NAN, |time| time.as_secs_f64());
    writeln!(
        told,
        "fupan, one thread: {seconds:.3} s ({processor:.3} s of processor), {:.2} M updates/s; of \
         it {:.3} s for {} readings of all {} figures; fastest of {}\n\
         state of the market, at most: {:.1} MB beyond the input\n\
         BLAKE3 of the last figures: {}",
        count as f64 / seconds / 1e6,
        replay.reading.as_secs_f64(),
        replay.readings,
        replay.figures.len(),
        runs.max(1),
        state as f64 / 1e6,
        replay.digest()
    )?;
    tell_latencies(&market, &mut told)?;
    let compared = market.prove(proofs)?;
    writeln!(
        told,
        "live = batch: days, totals, figures and facts are the same at {compared} instants"
    )?;
    if peers {
        live_peers::run(&market, &replay, &mut told)?;
    }
    Ok(())
}

/// Writes how long single steps took, and what became of the arrivals.
fn tell_latencies(market: &GeneratedMarket, told: &mut impl Write) -> Result<()> {
    let (latencies, arrived) = market.latencies();
    let [update, reading] = [latencies.update, latencies.reading];
    writeln!(
        told,
        "one update: median {} ns, worst but 0.1 % {} ns, worst {} ns (a look at the clock included)\n\
         one reading: median {} µs, worst but 0.1 % {} µs, worst {} µs\n\
         added {}, corrected {}, known {}, refused {}",
        update[0],
        update[1],
        update[2],
        reading[0] / 1000,
        reading[1] / 1000,
        reading[2] / 1000,
        arrived.added,
        arrived.corrected,
        arrived.known,
        arrived.refused
    )?;
    ensure!(arrived.refused == 0, "{} quotes were refused", arrived.refused);
    Ok(())
}
