//! State that a security carries from earlier sessions.

use crate::{Extreme, PastComparison, PastPrices, Price, SessionDate};

/// The state that a security carries into a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Limit-up streak after its last traded day: 0 if that day was not sealed. `None` if a day's
    /// limit could not be determined, or the data begin inside a possible streak.
    pub streak: Option<u16>,
    /// Lower bound of that streak; equal to it if it is known.
    pub streak_at_least: u16,
    /// Exchange sessions without trade between its last traded day and this one.
    pub gap_sessions: u16,
    /// Of those, the sessions with a row stating that it did not trade.
    pub idle_sessions: u16,
    /// Number of the last session before this one that is missing from its data.
    pub missing: Option<u32>,
    /// Number of the last session before this one in which it traded without a reference price from
    /// its source: the last close was used instead, and an ex-rights day goes unnoticed.
    pub derived: Option<u32>,
    /// The running limit-up cluster.
    pub cluster: Option<Cluster>,
    /// Whether it is known if a cluster runs, and since when.
    pub cluster_known: bool,
    /// Traded days since it was last sealed.
    pub unsealed_days: u8,
    /// Its last traded close; `None` before its first traded day.
    pub last_close: Option<Price>,
    /// The first session in which it traded, as far as the data show; `None` if that is this
    /// session or it has not traded before.
    pub first_seen: Option<SessionDate>,
    /// Its past prices, on the session's price level.
    pub past: PastPrices,
    /// How the session compares with them, if the results were kept and `past` was not.
    pub stood: Option<PastComparison>,
}

impl Carried {
    /// Whether rows state that it did not trade in each of the sessions since it last did: none of
    /// them may be one that the data lack.
    pub fn gap_is_stated(&self) -> bool {
        self.gap_sessions <= self.idle_sessions
    }
}

/// A run of limit-up days that allows unsealed days in between ("N days, M boards").
///
/// It ends after [`Cluster::GAP_DAYS`] traded days in a row that were not sealed. Suspended
/// sessions do not end it, as they do not end a streak, so a cluster never has fewer boards than
/// the streak inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Number of the first sealed session ([`Calendar::number`](crate::Calendar::number)).
    pub first_session: u32,
    /// Number of the last sealed session.
    pub last_sealed_session: u32,
    /// Sealed days so far.
    pub boards: u16,
}

impl Cluster {
    /// Traded days in a row without a sealed limit-up that end a cluster.
    pub const GAP_DAYS: u8 = 4;
}

/// The state that a security carries into a window from before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Its last traded day and the state after it; `None` if it was never traded.
    pub last_traded: Option<LastTraded>,
    /// Its extremes of all time, on the price level of the window's first session; `None` if
    /// unknown.
    pub ever: Option<Extreme>,
    /// The first session in which it traded, as far as the data show; `None` if that is not known
    /// to be before the window.
    pub first_seen: Option<SessionDate>,
    /// If the window is one finished session: how it compares with past prices.
    pub stood: Option<PastComparison>,
    /// Number of the last session before the window that is missing from the security's data.
    pub missing: Option<u32>,
    /// Number of the last session before the window in which it traded without a reference price
    /// from its source.
    pub derived: Option<u32>,
}

/// A security's last traded day, and the state after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastTraded {
    /// The session's number.
    pub session_number: u32,
    /// The close.
    pub close: Price,
    /// The limit-up streak; `None` if unknown.
    pub streak: Option<u16>,
    /// Lower bound of the streak.
    pub streak_at_least: u16,
    /// The running limit-up cluster.
    pub cluster: Option<Cluster>,
    /// Whether it is known if one runs, and since when.
    pub cluster_known: bool,
    /// Sessions since then with a row stating that it did not trade.
    pub idle_sessions: u16,
    /// Traded days since it was last sealed.
    pub unsealed_days: u8,
}
