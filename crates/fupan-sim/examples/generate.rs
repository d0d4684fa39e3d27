//! Generates the default market and prints its size, its time and what occurs in it.
#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::time::Instant;

use fupan_sim::{MarketPlan, SimulatedMarket};

fn main() {
    let start = Instant::now();
    let market = SimulatedMarket::generate(&MarketPlan::default());
    let generated = start.elapsed();
    let history = market.history(260);
    println!("generated in {generated:?}, history after {:?}", start.elapsed());
    println!("{}", market.digest());
    let rows: usize = history.securities.iter().map(|s| s.bars.len()).sum();
    println!("{} securities, {rows} rows in 261 sessions", history.securities.len());
    for (intent, count) in market.intents(None) {
        println!("{intent:?}: {count}");
    }
    println!("last session {}", history.session);
    for (intent, count) in market.intents(Some(history.session)) {
        println!("{intent:?}: {count}");
    }
}
