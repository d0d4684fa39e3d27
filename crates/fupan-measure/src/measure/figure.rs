//! Figures that a declaration names, and one file of `evaluate/` computes.

/// A figure of a security that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnFigure {
    /// Its return over a span of sessions.
    Return(OwnSpan),
    /// Its turnover against the mean of so many of its traded days before.
    TurnoverVersusMean(usize),
    /// Its return minus the equal-weight return of its industry.
    OverIndustry,
}

/// Sessions up to the one reviewed, which is the last of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnSpan {
    /// So many.
    Sessions(u32),
    /// Those of the month.
    Month,
    /// Those of the year.
    Year,
    /// Those from a date that the reader names.
    Since,
}

/// Where a session lies in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarFigure {
    /// Whether it is the first of each period.
    FirstOf,
    /// Whether it is the last of each period.
    LastOf,
    /// How many sessions are left before a long closure, if few are.
    SessionsBeforeBreak,
    /// Whether it is the first after a long closure.
    FirstAfterBreak,
}
