//! What a store hands to the measures: one session with the past that its figures need.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Board, Cluster, DailyBar, Exchange, Extreme, Fen, Groups, Listing, Price, SessionDate, Shares,
    Standing, Symbol,
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

/// What a security brings into a window from before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// The session it was last traded in, by its number; its close; its streak then, `None` where
    /// unknown; its running limit-up cluster, and the traded days since that was last sealed.
    /// `None` where it was never traded.
    pub last_traded: Option<LastTraded>,
    /// Its extremes of all time, on the price level of the window's first session; `None` where
    /// they are not known.
    pub ever: Option<Extreme>,
    /// The first session in which it traded, as far as the data show; `None` where that is not
    /// known to lie before the window.
    pub first_seen: Option<SessionDate>,
    /// Where the window is one session that is over: how it stood.
    pub stood: Option<Standing>,
    /// The last session before the window, by its number, that is missing from the security's
    /// data.
    pub missing: Option<u32>,
    /// The last session before the window, by its number, in which it traded on a reference price
    /// that its source did not give.
    pub derived: Option<u32>,
}

/// The day a security was last traded on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastTraded {
    /// The session's number.
    pub session_number: u32,
    /// The close.
    pub close: Price,
    /// The limit-up streak; `None` where unknown.
    pub streak: Option<u16>,
    /// What the streak is at least.
    pub streak_at_least: u16,
    /// The running limit-up cluster.
    pub cluster: Option<Cluster>,
    /// Whether it is known if and since when one runs.
    pub cluster_known: bool,
    /// Sessions since then of which a row says that it did not trade.
    pub idle_sessions: u16,
    /// Traded days since it was last sealed.
    pub unsealed_days: u8,
}

/// One index's bars inside the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexHistory {
    /// The index.
    pub symbol: Symbol,
    /// Its bars, earliest first, one per session at most; some may lie before the window.
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
