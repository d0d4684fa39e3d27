//! A security's session before its first trade: what trading does not move, and how prices choose
//! among limits.

use crate::{LimitBasis, Price, PriceLimit, RiskWarning, SecurityDay, Traded, Unknown};

/// A security's session before its first trade.
///
/// All that earlier sessions and the rules say of it is worked out; what is open is its trading,
/// and with it, where the status is not known, which of a few limits holds.
#[derive(Clone, Debug)]
pub struct OpenDay {
    day: SecurityDay,
    limits: DayLimits,
}

impl OpenDay {
    #[inline]
    pub(crate) fn new(day: SecurityDay, limits: DayLimits) -> OpenDay {
        OpenDay { day, limits }
    }

    /// The security's day with the session's trading.
    #[inline]
    pub fn day(&self, traded: Option<Traded>) -> SecurityDay {
        let mut day = self.day;
        if traded.is_some() {
            day.traded = traded;
            (day.limit, day.limit_basis) = self.limits.of(traded.as_ref());
        }
        day
    }

    /// The day without trade.
    #[inline]
    pub fn untraded(&self) -> &SecurityDay {
        &self.day
    }

    /// Every limit that the session's prices may lead to, each at least once.
    pub fn limits(&self) -> impl Iterator<Item = PriceLimit> + use<> {
        let first = self.limits.first.as_ref().map(|first| first.limit);
        let ordinary = match self.limits.ordinary {
            StatusLimit::Settled(limit, _) => [limit; 2],
            StatusLimit::Open { plain, warned, .. } => [plain, warned],
        };
        ordinary.into_iter().chain(first)
    }
}

/// The limits that a session's prices choose from.
#[derive(Clone, Debug)]
pub(crate) struct DayLimits {
    /// Of a session that is not a first one.
    pub(crate) ordinary: StatusLimit,
    /// Of a first one, where it may be one.
    pub(crate) first: Option<FirstLimit>,
}

/// The limit of a session that may be a first one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstLimit {
    pub(crate) limit: PriceLimit,
    /// Whether it is likelier to be one than not.
    pub(crate) likelier: bool,
}

/// A limit under a status.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StatusLimit {
    /// The status is known, or does not matter.
    Settled(PriceLimit, LimitBasis),
    /// Whether there is a risk warning is not known, and matters.
    Open {
        /// The limit without one.
        plain: PriceLimit,
        /// The limit with one.
        warned: PriceLimit,
        /// What the nearest name says.
        nearest: RiskWarning,
    },
}

/// How far a day's prices went, against a pair of limits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Past one of them.
    Beyond,
    /// To one of them.
    At,
    /// To neither.
    Inside,
}

impl Reach {
    fn of(traded: &Traded, up: Price, down: Price) -> Reach {
        if traded.high > up || traded.low < down {
            Reach::Beyond
        } else if traded.high == up || traded.low == down {
            Reach::At
        } else {
            Reach::Inside
        }
    }
}

impl DayLimits {
    /// One limit, whatever the prices.
    pub(crate) fn settled(limit: PriceLimit, basis: LimitBasis) -> DayLimits {
        DayLimits { ordinary: StatusLimit::settled(limit, basis), first: None }
    }

    /// The limit of a day that traded so, and how it is known.
    #[inline]
    pub(crate) fn of(&self, traded: Option<&Traded>) -> (PriceLimit, LimitBasis) {
        let ordinary = self.ordinary.of(traded);
        let Some(first) = &self.first else { return ordinary };
        match (ordinary.0, traded) {
            (PriceLimit::Limited { up, down }, Some(traded)) => match Reach::of(traded, up, down) {
                Reach::Beyond => (first.limit, LimitBasis::ShownByPrices),
                Reach::At => (ordinary.0, LimitBasis::NearestName),
                Reach::Inside if first.likelier => (first.limit, LimitBasis::ShownByPrices),
                Reach::Inside => ordinary,
            },
            _ if first.likelier => with_basis(first.limit, LimitBasis::NearestName),
            _ => ordinary,
        }
    }
}

impl StatusLimit {
    pub(crate) fn settled(limit: PriceLimit, basis: LimitBasis) -> StatusLimit {
        let (limit, basis) = with_basis(limit, basis);
        StatusLimit::Settled(limit, basis)
    }

    /// Where the risk warning is unknown and matters: a price beyond the narrower band proves the
    /// wider one, and a day that reached neither limit of the narrower and did not leave it is
    /// classed alike under both. Otherwise the nearest name decides.
    #[inline]
    fn of(&self, traded: Option<&Traded>) -> (PriceLimit, LimitBasis) {
        let (plain, warned, nearest) = match *self {
            StatusLimit::Settled(limit, basis) => return (limit, basis),
            StatusLimit::Open { plain, warned, nearest } => (plain, warned, nearest),
        };
        if let (PriceLimit::Limited { up, down }, Some(traded)) = (warned, traded)
            && Reach::of(traded, up, down) != Reach::At
        {
            return with_basis(plain, LimitBasis::ShownByPrices);
        }
        match nearest {
            RiskWarning::Yes => with_basis(warned, LimitBasis::NearestName),
            RiskWarning::No => with_basis(plain, LimitBasis::NearestName),
            RiskWarning::Unknown => {
                (PriceLimit::Unknown(Unknown::NoStatus), LimitBasis::Undetermined)
            }
        }
    }
}

fn with_basis(limit: PriceLimit, basis: LimitBasis) -> (PriceLimit, LimitBasis) {
    match limit {
        PriceLimit::Unknown(_) => (limit, LimitBasis::Undetermined),
        _ => (limit, basis),
    }
}
