//! What a store passes to the measures: one session with the past that its figures need.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Before, Board, DailyBar, Exchange, Groups, GroupsPast, IndexBar, IndexBasket, IndexLists,
    Listing, OwnPast, SessionDate, Shares, Symbol,
};

/// One session and the sessions before it, security by security.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketHistory {
    /// The session itself: the last of the window.
    pub session: SessionDate,
    /// First session of the window. Nothing earlier was read for securities.
    pub from: SessionDate,
    /// A-shares, by symbol.
    pub securities: Vec<SecurityHistory>,
    /// Indices, by symbol.
    pub indices: Vec<IndexHistory>,
    /// A-shares in lists, by symbol, with or without bars.
    pub listed: Vec<ListedSpan>,
    /// Rows of daily bars that were lost by the imports the others come from.
    pub lost: Vec<LostRows>,
    /// Industries of securities, from lists.
    pub groups: Arc<Groups>,
    /// Members of indices and their weights, from lists.
    pub index_lists: Arc<IndexLists>,
    /// What the indices with published weights are made of at the start of the session, if it was
    /// worked out.
    pub baskets: Vec<IndexBasket>,
    /// What figures of groups look back on.
    pub groups_past: GroupsPast,
    /// What the securities that are asked for did in the sessions before, if it was read.
    pub own_past: Option<Arc<OwnPast>>,
    /// The funds that are asked for, by symbol. They are no A-shares, and nothing counts them.
    pub funds: Vec<FundHistory>,
}

impl MarketHistory {
    /// The bars of some securities from `from` to `session`, without indices and lists.
    pub fn of(
        session: SessionDate,
        from: SessionDate,
        securities: Vec<SecurityHistory>,
    ) -> MarketHistory {
        MarketHistory {
            session,
            from,
            securities,
            indices: Vec::new(),
            listed: Vec::new(),
            lost: Vec::new(),
            groups: Arc::default(),
            index_lists: Arc::default(),
            baskets: Vec::new(),
            groups_past: GroupsPast::Unread,
            own_past: None,
            funds: Vec::new(),
        }
    }
}

/// Rows of one session and exchange that an import lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LostRows {
    /// The session; `None` if unknown, so it may be any session of the import.
    pub session: Option<SessionDate>,
    /// The exchange; `None` if unknown.
    pub exchange: Option<Exchange>,
    /// The security; `None` if the rows do not say, or if there are too many to name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<Symbol>,
    /// How many rows.
    pub rows: u64,
}

/// The days on which a security is listed, according to lists.
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
    /// Its identity and names.
    pub listing: Listing,
    /// Its board.
    pub board: Board,
    /// Share capital, if known: every observation, earliest first.
    pub shares: Vec<Shares>,
    /// The state from before the window, if known.
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

/// One fund's bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundHistory {
    /// The fund.
    pub symbol: Symbol,
    /// Its bars up to the session, earliest first, one per session at most.
    pub bars: Vec<DailyBar>,
    /// The digests of the files that they come from, ascending.
    pub files: Arc<[String]>,
}
