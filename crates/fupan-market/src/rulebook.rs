//! The dated rules of price limits.

use serde::{Deserialize, Serialize};

use crate::{Board, Listing, Price, SessionDate, Status};

/// What the rules allow a price to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceLimit {
    /// Between two prices, both included.
    Limited {
        /// The limit-up price.
        up: Price,
        /// The limit-down price.
        down: Price,
    },
    /// Any price.
    Unlimited(Unlimited),
    /// Not determined; never guessed.
    Unknown(Unknown),
}

/// Why a day has no price limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unlimited {
    /// A day of the window after listing.
    NewListing,
    /// The first day of the delisting period.
    DelistingPeriod,
    /// The rules of the time knew no limit.
    BeforeLimits,
}

/// Why a limit is not determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unknown {
    /// No reference price.
    NoPrevClose,
    /// The risk-warning status is not known and the day's prices do not decide.
    NoStatus,
    /// The first day's limit hangs on an issue price that is not known.
    NoIssuePrice,
    /// The rules of that market and time are not modelled.
    NotModelled,
}

/// The version of the rules a figure was computed under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RulebookVersion(pub String);

/// The dated rules.
#[derive(Clone, Debug)]
pub struct Rulebook {}

impl Rulebook {
    /// The built-in rules.
    pub fn builtin() -> &'static Rulebook {
        unimplemented!()
    }

    /// The version: changes whenever a rule does.
    pub fn version(&self) -> RulebookVersion {
        unimplemented!()
    }

    /// The price limit of a security on a session.
    pub fn price_limit(
        &self,
        _listing: &Listing,
        _board: Board,
        _listed_on: Option<SessionDate>,
        _status: &Status,
        _session: SessionDate,
        _prev_close: Price,
    ) -> PriceLimit {
        unimplemented!()
    }
}
