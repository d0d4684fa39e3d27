//! A session of the simulated market while it runs: its snapshots, and what vendors tell of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

mod conversations;
mod snapshots;

use fupan_sim::{LiveDay, MarketPlan, SimulatedMarket};

/// 09:25:00, 10:00:00, 11:31:00, 14:57:00 and 15:01:00.
const OPENING: u32 = 9 * 3_600 + 25 * 60;
const MORNING: u32 = 10 * 3_600;
const NOON: u32 = 11 * 3_600 + 31 * 60;
const LAST_TRADES: u32 = 14 * 3_600 + 57 * 60;
const CLOSED: u32 = 15 * 3_600 + 60;

fn market(seed: u64, securities: u32, sessions: u32) -> SimulatedMarket {
    SimulatedMarket::generate(&MarketPlan { seed, securities, sessions, ..MarketPlan::default() })
}

/// The last session of a market.
fn last_day(market: &SimulatedMarket) -> LiveDay {
    market.live(*market.sessions().last().unwrap())
}
