//! What a store hands to the measures: one session with the past that its figures need.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Before, Board, DailyBar, Exchange, Groups, IndexBar, Listing, SessionDate, Shares, Symbol,
};

/// One session and the sessions before it, security by security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketHistory {
    /// The session in question: the last of the window.
    pub session: SessionDate,
    /// First session of the window. Of securities nothing earlier was read.
    pub from: SessionDate,
    /// A-shares, by symbol.
    pub securities: Vec<SecurityHistory>,
    /// Indices, by symbol.
    pub indices: Vec<IndexHistory>,
    /// A-shares that lists name, by symbol, whether or not they have bars.
    pub listed: Vec<ListedSpan>,
    /// Rows of daily bars that the imports which gave the others lost.
    pub lost: Vec<LostRows>,
    /// What lists say of securities' industries.
    pub groups: Arc<Groups>,
}

/// Rows of one session and exchange that an import lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LostRows {
    /// The session; `None` where it cannot be told, so that it may be any of the import's.
    pub session: Option<SessionDate>,
    /// The exchange; `None` where it cannot be told.
    pub exchange: Option<Exchange>,
    /// The security; `None` where the rows do not say, or where they are too many to name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<Symbol>,
    /// How many.
    pub rows: u64,
}

/// When lists call a security listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedSpan {
    /// The security.
    pub symbol: Symbol,
    /// The first day: that of its listing, or one near the first list that names it.
    pub from: SessionDate,
    /// The last day: the one before its delisting, or one near the last list that names it.
    pub to: SessionDate,
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
    /// What came before the window, where that is known.
    pub before: Option<Before>,
    /// Its bars, earliest first, one per session at most.
    pub bars: Vec<DailyBar>,
}

/// One index's bars inside the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexHistory {
    /// The index.
    pub symbol: Symbol,
    /// Its bars, earliest first, one per session at most; some may lie before the window.
    pub bars: Vec<IndexBar>,
}
