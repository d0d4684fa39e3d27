//! A security's session before its first trade: what trading does not change, and how prices choose
//! among limits.

use crate::{
    LimitBasis, PrevCloseBasis, Price, PriceLimit, RiskWarning, SecurityDay, Status, StatusBasis,
    Traded, Unknown,
};

/// A security's session before its first trade.
///
/// Everything that follows from earlier sessions and the rules is already computed. Still open are
/// the trading and, if the status is unknown, which of a few limits applies.
#[derive(Clone, Debug)]
pub struct DayBuilder {
    day: SecurityDay,
    limits: DayLimits,
}

impl DayBuilder {
    #[inline]
    pub(crate) fn new(day: SecurityDay, limits: DayLimits) -> DayBuilder {
        DayBuilder { day, limits }
    }

    /// Builds the security's day from the session's trading. Prices may disprove the status that a
    /// name implies, and a previous close that no source states.
    #[inline]
    pub fn day(&self, traded: Option<Traded>) -> SecurityDay {
        let mut day = self.day;
        let Some(prices) = &traded else { return day };
        (day.limit, day.limit_basis) = self.limits.of(Some(prices));
        if self.limits.ordinary.rules_out_a_warning(day.limit, prices) {
            day.status = without_warning(&day.status);
        }
        if day.limit == PriceLimit::Unknown(Unknown::OutsideEveryBand)
            && day.prev_close_basis == PrevCloseBasis::Derived
        {
            day.prev_close = None;
        }
        day.traded = traded;
        day
    }

    /// The day without trade.
    #[inline]
    pub fn untraded(&self) -> &SecurityDay {
        &self.day
    }

    /// Every limit that the session's prices may select, each at least once.
    pub fn limits(&self) -> impl Iterator<Item = PriceLimit> + use<> {
        let first = self.limits.first.as_ref().map(|first| first.limit);
        let ordinary = match self.limits.ordinary {
            StatusLimit::Settled(limit, _) => [limit; 2],
            StatusLimit::Named { named, plain } => [plain, named],
            StatusLimit::Open { plain, warned, .. } => [plain, warned],
        };
        ordinary.into_iter().chain(first)
    }
}

/// The limits that a session's prices select from.
#[derive(Clone, Debug)]
pub(crate) struct DayLimits {
    /// The limit if the session is not a first one.
    pub(crate) ordinary: StatusLimit,
    /// The limit if the session is a first one; `None` if it cannot be.
    pub(crate) first: Option<FirstLimit>,
}

/// The limit of a session that may be a first one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstLimit {
    pub(crate) limit: PriceLimit,
    /// Whether the session is more likely a first one than not.
    pub(crate) likelier: bool,
}

/// A limit, as far as the status decides it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StatusLimit {
    /// The status is known, or does not matter.
    Settled(PriceLimit, LimitBasis),
    /// The names imply a narrower band.
    Named {
        /// The limit that follows from the names.
        named: PriceLimit,
        /// The limit of a security without special treatment.
        plain: PriceLimit,
    },
    /// It is not known whether there is a risk warning, and it matters.
    Open {
        /// The limit without one.
        plain: PriceLimit,
        /// The limit with one.
        warned: PriceLimit,
        /// What the nearest name implies.
        nearest: RiskWarning,
    },
}

/// How far a day's prices went, relative to a pair of limits.
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
    /// The limit of a day with this trading, and how it is known. If the day went beyond the limit,
    /// the limit is unknown: the prices are wrong, or the day had no limit and no source says so.
    #[inline]
    pub(crate) fn of(&self, traded: Option<&Traded>) -> (PriceLimit, LimitBasis) {
        let decided = self.decided(traded);
        match (decided.0, traded) {
            (PriceLimit::Limited { up, down }, Some(traded))
                if Reach::of(traded, up, down) == Reach::Beyond =>
            {
                (PriceLimit::Unknown(Unknown::OutsideEveryBand), LimitBasis::Undetermined)
            }
            _ => decided,
        }
    }

    #[inline]
    fn decided(&self, traded: Option<&Traded>) -> (PriceLimit, LimitBasis) {
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

    /// Whether the prices prove the wider of two bands: one is beyond the narrower, none beyond the
    /// wider.
    #[inline]
    fn narrower_left_for_wider(&self, traded: Option<&Traded>) -> bool {
        let (narrow, wide) = match *self {
            StatusLimit::Settled(..) => return false,
            StatusLimit::Named { named, plain } => (named, plain),
            StatusLimit::Open { plain, warned, .. } => (warned, plain),
        };
        let left = |limit, traded| match limit {
            PriceLimit::Limited { up, down } => Reach::of(traded, up, down) == Reach::Beyond,
            PriceLimit::Unlimited(_) | PriceLimit::Unknown(_) => false,
        };
        traded.is_some_and(|traded| left(narrow, traded) && !left(wide, traded))
    }

    /// Whether the prices of a day with this `limit` prove that there is no risk warning.
    #[inline]
    fn rules_out_a_warning(&self, limit: PriceLimit, traded: &Traded) -> bool {
        let plain = match *self {
            StatusLimit::Settled(..) => return false,
            StatusLimit::Named { plain, .. } | StatusLimit::Open { plain, .. } => plain,
        };
        plain == limit && self.narrower_left_for_wider(Some(traded))
    }

    /// The limit of a day with this trading. If the risk warning is unknown and matters, a price
    /// beyond the narrower band proves the wider one, and a day strictly inside the narrower band
    /// is classed alike under both. Otherwise the nearest name decides.
    #[inline]
    fn of(&self, traded: Option<&Traded>) -> (PriceLimit, LimitBasis) {
        let (plain, warned, nearest) = match *self {
            StatusLimit::Settled(limit, basis) => return (limit, basis),
            StatusLimit::Named { named, plain } => {
                return match self.narrower_left_for_wider(traded) {
                    true => with_basis(plain, LimitBasis::ShownByPrices),
                    false => with_basis(named, LimitBasis::Rules),
                };
            }
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

/// The status after prices have shown that there is no risk warning, whatever the names say.
fn without_warning(status: &Status) -> Status {
    let basis = match status.basis {
        StatusBasis::Observed | StatusBasis::Bracketed => StatusBasis::Disproved,
        _ => StatusBasis::ShownByPrices,
    };
    Status { risk_warning: RiskWarning::No, s_share: false, basis, ..*status }
}

fn with_basis(limit: PriceLimit, basis: LimitBasis) -> (PriceLimit, LimitBasis) {
    match limit {
        PriceLimit::Unknown(_) => (limit, LimitBasis::Undetermined),
        _ => (limit, basis),
    }
}
