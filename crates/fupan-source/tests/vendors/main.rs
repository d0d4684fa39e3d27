//! Vendors' answers, as they send them and as they send them when something is wrong. Every value is
//! made up, in the vendors' shapes.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod agreement;
mod aktools;
mod answering;
mod eastmoney;
mod eastmoney_series;
mod levels;
mod listing;
mod misfortune;
mod quotes;
mod recorded;
#[path = "../shared/mod.rs"]
mod shared;
mod tushare;
