//! What single securities did in the sessions before one, for figures of their own.

use std::collections::BTreeMap;

use crate::{Return, Symbol, Turnover};

/// A day on which a security traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnDay {
    /// The session's number ([`Calendar::number`](crate::Calendar::number)).
    pub number: u32,
    /// The last price over the previous close, minus one; `None` without a previous close.
    pub returned: Option<Return>,
    /// The turnover; `None` if it was not read.
    pub turnover: Option<Turnover>,
}

/// The days on which a security traded before a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnDays {
    /// Whether it traded before the first of them, or before the session if there are none.
    pub traded_before: bool,
    /// Earliest first.
    pub days: Vec<OwnDay>,
}

impl OwnDays {
    /// Whether it traded before the session with a number.
    pub fn traded_before(&self, number: u32) -> bool {
        self.traded_before || self.days.first().is_some_and(|day| day.number < number)
    }

    /// The days from the session with a number on.
    pub fn since(&self, number: u32) -> &[OwnDay] {
        &self.days[self.days.partition_point(|day| day.number < number)..]
    }
}

/// The past of some securities before a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnPast {
    /// The number of the first session that was read.
    pub from: u32,
    /// By the code of the session.
    pub securities: BTreeMap<Symbol, OwnDays>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_from_a_session_on() {
        let day = |number| OwnDay { number, returned: None, turnover: None };
        let own = OwnDays { traded_before: false, days: vec![day(3), day(5)] };
        assert_eq!([3, 4, 5, 6].map(|from| own.since(from).len()), [2, 1, 1, 0]);
        assert_eq!([3, 4].map(|from| own.traded_before(from)), [false, true]);
        assert!(OwnDays { traded_before: true, ..own }.traded_before(0));
        assert!(!OwnDays::default().traded_before(9));
    }
}
