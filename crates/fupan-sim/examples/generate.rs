//! Generates the default market and prints its size, its time and what occurs in it.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::collections::BTreeMap;
use std::time::Instant;

use fupan_market::{MarketHistory, Return, Symbol};
use fupan_sim::{MarketPlan, SimulatedMarket};

fn main() {
    let start = Instant::now();
    let market = SimulatedMarket::generate(&MarketPlan::default());
    println!("generated in {:?}", start.elapsed());
    let start = Instant::now();
    let history = market.history(299);
    println!("history in {:?}", start.elapsed());
    peak_memory();
    let start = Instant::now();
    let imports = market.imports().map(|imports| imports[0].rows_read);
    println!("imports in {:?}: {imports:?} rows", start.elapsed());
    println!("digest {}", market.digest());
    peak_memory();
    println!("{} securities", history.securities.len());
    println!("\nall sessions: {:?}", market.intents(None));
    println!("last session: {:?}", market.intents(Some(history.session)));
    ladder(&market, &history);
    indices(&history);
    sessions(&market, &history);
}

/// Linux tells a process its peak memory; elsewhere the line is left out.
fn peak_memory() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
}

fn ladder(market: &SimulatedMarket, history: &MarketHistory) {
    let mut ladder: BTreeMap<u16, Vec<Symbol>> = BTreeMap::new();
    let mut longest: BTreeMap<u16, u32> = BTreeMap::new();
    for (session, symbol, truth) in market.truth() {
        if truth.intent.seals_up() {
            *longest.entry(truth.limit_up_streak).or_default() += 1;
            if session == history.session {
                ladder.entry(truth.limit_up_streak).or_default().push(symbol);
            }
        }
    }
    println!("\nstreaks: {longest:?}");
    for (streak, symbols) in ladder.iter().rev().filter(|(streak, _)| **streak > 1) {
        println!("{streak}: {symbols:?}");
    }
}

fn indices(history: &MarketHistory) {
    println!();
    for index in &history.indices {
        let [.., before, last] = index.bars.as_slice() else { continue };
        let gain = Return::between(before.close, last.close).map_or(0, |r| r.0 / 100_000);
        let levels = index.bars.iter().map(|bar| bar.close);
        let (low, high) = (levels.clone().min(), levels.max());
        println!("{} {} {gain} bp, closes {low:?} to {high:?}", index.symbol, last.close);
    }
}

/// One line for each session, from the truth: advances, declines, seals, turnover.
fn sessions(market: &SimulatedMarket, history: &MarketHistory) {
    println!("\nsession advances declines median_bp up broken down turnover_1e8");
    for session in market.sessions().iter().step_by(10).chain([&history.session]) {
        let mut returns = Vec::new();
        let mut turnover = 0;
        for bar in history.securities.iter().flat_map(|s| &s.bars) {
            let (true, Some(traded), Some(prev)) =
                (bar.session == *session, bar.traded, bar.prev_close)
            else {
                continue;
            };
            returns.extend(Return::between(prev, traded.last).map(|r| r.0));
            turnover += traded.turnover.fen.0;
        }
        returns.sort_unstable();
        let intents = market.intents(Some(*session));
        let of = |pick: fn(fupan_sim::Intent) -> bool| -> u64 {
            intents.iter().filter(|(i, _)| pick(**i)).map(|(_, n)| *n).sum()
        };
        println!(
            "{session} {} {} {} {} {} {} {}",
            returns.iter().filter(|r| **r > 0).count(),
            returns.iter().filter(|r| **r < 0).count(),
            returns.get(returns.len() / 2).map_or(0, |r| r / 100_000),
            of(fupan_sim::Intent::seals_up),
            of(fupan_sim::Intent::breaks_up),
            of(fupan_sim::Intent::seals_down),
            turnover / 10_000_000_000,
        );
    }
}
