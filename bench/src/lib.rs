//! Benchmarks on tables of daily bars: the project's fold over a whole history, beside Polars and
//! DuckDB doing the same work.

pub mod bars;
pub mod fold;
pub mod generate;
pub mod history;
pub mod outcome;
pub mod table;
