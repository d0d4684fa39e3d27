//! Vendors' answers, as they send them and as they send them when something is wrong. Every value is
//! made up, in the vendors' shapes.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

mod answering;
mod eastmoney;
mod quotes;
mod tushare;
