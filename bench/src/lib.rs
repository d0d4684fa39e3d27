//! Benchmarks: what users run over a whole history and over a session's snapshots, next to other
//! engines doing the same work.

pub mod bandwidth;
pub mod history;
pub mod live;
pub mod peers;
