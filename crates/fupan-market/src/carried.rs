//! What earlier sessions left a security.

use crate::{Extreme, PastComparison, PastPrices, Price, SessionDate};

/// What a security brings into a session from earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Limit-up streak after its last traded day: 0 when that day was not sealed, `None` when a
    /// day's limit could not be determined, or the data begin inside a possible streak.
    pub streak: Option<u16>,
    /// What that streak is at least: itself where it is known.
    pub streak_at_least: u16,
    /// Exchange sessions without trade between its last traded day and this one.
    pub gap_sessions: u16,
    /// Those of them of which a row says that it did not trade.
    pub idle_sessions: u16,
    /// The last session before this one, by its number, that is missing from its data.
    pub missing: Option<u32>,
    /// The last session before this one, by its number, in which it traded on a reference price that
    /// its source did not give: the last close took its place, and an ex-rights day is not seen.
    pub derived: Option<u32>,
    /// The running limit-up cluster.
    pub cluster: Option<Cluster>,
    /// Whether it is known if and since when a cluster runs.
    pub cluster_known: bool,
    /// Traded days since it was last sealed.
    pub unsealed_days: u8,
    /// Its last traded close; `None` before its first traded day.
    pub last_close: Option<Price>,
    /// The first session in which it traded, as far as the data show; `None` where that is this
    /// one or none.
    pub first_seen: Option<SessionDate>,
    /// Its prices, on the session's level.
    pub past: PastPrices,
    /// How the session stood among them, where the answers were kept and `past` was not.
    pub stood: Option<PastComparison>,
}

/// A run of limit-up days that allows unsealed days in between ("N days, M boards").
///
/// It ends after [`Cluster::GAP_DAYS`] days in a row on which the security traded and was not
/// sealed. Suspended sessions do not end it, as they do not end a streak, so that a cluster never
/// has fewer boards than the streak inside it.
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
    /// Traded days without a sealed limit-up, in a row, that end a cluster.
    pub const GAP_DAYS: u8 = 4;
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
    pub stood: Option<PastComparison>,
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
