//! Benchmarks on tables of daily bars: the project's fold over a whole history, beside Polars and
//! DuckDB doing the same work.

pub mod bandwidth;
pub mod bars;
pub mod fold;
pub mod generate;
pub mod half;
pub mod history;
pub mod live_session;
pub mod outcome;
pub mod peers;
pub mod table;
