//! The exchanges' calendar.

use thiserror::Error;

use crate::SessionDate;

/// The sessions of SSE and SZSE (and BSE since 2021-11-15), which share one calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    sessions: Vec<SessionDate>,
}

/// Why the calendar has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The date is a weekend day or a closure.
    #[error("{date} is not a session; the last one before it is {previous}, the next {next}")]
    NotASession {
        /// The date asked for.
        date: SessionDate,
        /// The last session before it.
        previous: SessionDate,
        /// The next session after it.
        next: SessionDate,
    },
    /// The date lies outside the years the calendar knows.
    #[error("{date} lies outside the calendar, which knows {first} to {last}")]
    OutOfRange {
        /// The date asked for.
        date: SessionDate,
        /// First date of the calendar.
        first: SessionDate,
        /// Last date of the calendar.
        last: SessionDate,
    },
}

impl Calendar {
    /// The built-in calendar.
    pub fn builtin() -> &'static Calendar {
        unimplemented!()
    }

    /// The number of a session, counted from zero at the calendar's first.
    pub fn number(&self, _date: SessionDate) -> Result<u32, CalendarError> {
        unimplemented!()
    }

    /// The session with a number.
    pub fn session(&self, number: u32) -> Option<SessionDate> {
        self.sessions.get(number as usize).copied()
    }

    /// The last session on or before a date.
    pub fn on_or_before(&self, _date: SessionDate) -> Result<SessionDate, CalendarError> {
        unimplemented!()
    }

    /// The session `n` sessions before `date` (itself a session); `None` before the first.
    pub fn back(&self, _date: SessionDate, _n: u32) -> Result<Option<SessionDate>, CalendarError> {
        unimplemented!()
    }
}
