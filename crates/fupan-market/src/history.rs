//! What a store hands to the measures: one session with the past that its figures need.

use crate::{Board, DailyBar, Fen, Listing, Price, SessionDate, Shares, Symbol};

/// One session and the sessions before it, security by security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketHistory {
    /// The session in question: the last of the window.
    pub session: SessionDate,
    /// First session of the window. Nothing earlier was read.
    pub from: SessionDate,
    /// A-shares, by symbol.
    pub securities: Vec<SecurityHistory>,
    /// Indices, by symbol.
    pub indices: Vec<IndexHistory>,
}

/// One security's bars inside the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityHistory {
    /// Who it is.
    pub listing: Listing,
    /// Its board.
    pub board: Board,
    /// Share capital, where known: every observation, earliest first.
    pub shares: Vec<Shares>,
    /// Its bars, earliest first, one per session at most.
    pub bars: Vec<DailyBar>,
}

/// One index's bars inside the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexHistory {
    /// The index.
    pub symbol: Symbol,
    /// Its bars, earliest first, one per session at most.
    pub bars: Vec<IndexBar>,
}

/// One session of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexBar {
    /// The session.
    pub session: SessionDate,
    /// First level.
    pub open: Price,
    /// Highest level.
    pub high: Price,
    /// Lowest level.
    pub low: Price,
    /// Last level.
    pub close: Price,
    /// Turnover as the publisher states it, where it does. For the SZSE Component some vendors
    /// state the whole exchange, so it is not the turnover of the members.
    pub turnover: Option<Fen>,
}
