//! A simulated exchange that obeys the rulebook, seeded.
//!
//! A [`MarketPlan`] sets how large the market is and when it ends. [`SimulatedMarket::generate`]
//! lists securities on every board, walks each through its sessions, and computes the indices from
//! them. Everything that measures look for occurs: seals and broken seals, streaks, one-price and
//! T-shaped days, days from floor to ceiling, risk warnings that come and go, listings, delisting
//! periods, halts, ex-rights days and a change of code.
//!
//! Nothing in it is a real company: every name carries the mark 模拟 ("simulated"), and prices,
//! shares and levels are invented.
//!
//! [`SimulatedMarket::live`] shows one of its sessions while it runs, in snapshots and in vendors'
//! answers at any second.
//!
//! ```
//! use fupan_sim::{MarketPlan, SimulatedMarket};
//!
//! let plan = MarketPlan { securities: 100, sessions: 30, ..MarketPlan::default() };
//! let market = SimulatedMarket::generate(&plan);
//! let history = market.history(20);
//! assert_eq!(history.session.to_string(), "2026-11-20");
//! assert_eq!(history.indices.len(), 9);
//! ```

mod climate;
pub mod faults;
mod import;
mod index;
mod intent;
mod life;
pub mod live;
mod market;
mod names;
mod noise;
mod plan;
mod roster;
mod tdx;
mod walk;

pub use intent::Intent;
pub use live::LiveDay;
pub use market::{SimulatedMarket, Truth};
pub use plan::MarketPlan;
pub use tdx::FolderFiles;
