//! Benchmarks: the project's fold over a whole history of daily bars and over a session's snapshots,
//! beside other engines doing the same work.

pub mod bandwidth;
pub mod bars;
pub mod fold;
pub mod generate;
pub mod half;
pub mod history;
pub mod live;
pub mod live_peers;
pub mod live_session;
pub mod outcome;
pub mod peers;
pub mod table;
