//! What to simulate.

use fupan_market::{Calendar, CalendarError, Exchange, SessionDate, Symbol};

/// The indices that the simulation can compute, in the order of the tracked indices.
pub(crate) const INDICES: [(Exchange, u32); 9] = [
    (Exchange::Sse, 1),
    (Exchange::Szse, 399_001),
    (Exchange::Szse, 399_006),
    (Exchange::Sse, 688),
    (Exchange::Sse, 680),
    (Exchange::Sse, 300),
    (Exchange::Sse, 905),
    (Exchange::Sse, 852),
    (Exchange::Bse, 899_050),
];

/// What to simulate. The same plan yields the same market, byte for byte, on every platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketPlan {
    /// The seed of everything random.
    pub seed: u64,
    /// A-shares, at most [`MarketPlan::SECURITIES_MAX`]; the boards keep their proportions.
    pub securities: u32,
    /// Sessions of the exchange, ending with `last_session`.
    pub sessions: u32,
    /// The last session; if the exchange is closed on that date, the session before it.
    pub last_session: SessionDate,
    /// The indices to publish. Those without members in the simulation are left out.
    pub indices: Vec<Symbol>,
}

impl MarketPlan {
    /// The most A-shares that the code ranges and invented names can keep apart.
    pub const SECURITIES_MAX: u32 = 9_900;

    /// The dates of the plan, earliest first.
    pub(crate) fn dates(&self, calendar: &Calendar) -> Vec<SessionDate> {
        let last = match calendar.number(self.last_session) {
            Ok(number) => Some(number),
            Err(CalendarError::NotASession { previous, .. }) => calendar.number(previous).ok(),
            Err(CalendarError::OutOfRange { last, .. }) => {
                calendar.on_or_before(last).and_then(|date| calendar.number(date)).ok()
            }
        };
        let Some(last) = last else { return Vec::new() };
        let first = (last + 1).saturating_sub(self.sessions);
        (first..=last).filter_map(|number| calendar.session(number)).collect()
    }
}

/// The market of `fupan review --sample`: about the size of the A-share market, over somewhat more
/// than a year, with every tracked index.
impl Default for MarketPlan {
    fn default() -> MarketPlan {
        MarketPlan {
            seed: 20_261_120,
            securities: 5_500,
            sessions: 300,
            last_session: jiff::civil::date(2026, 11, 20).into(),
            indices: INDICES.iter().filter_map(|(of, code)| Symbol::new(*of, *code).ok()).collect(),
        }
    }
}
