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

/// A figure of what groups of shares returned in the last sessions, the session itself included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A group's return over some sessions.
    Return(usize),
    /// A group's place among those of its kind by that return.
    Place(usize),
    /// In how many sessions it was among the best tenth.
    TopTenth,
    /// How high a group's return stands among its own of the sessions before. Known only of groups
    /// whose days were kept.
    ReturnPercentile,
    /// The same of its share of turnover.
    SharePercentile,
    /// Its share of turnover less that of the session before, where that was kept.
    ShareChange,
    /// How far the themes' returns of the session lie apart.
    Dispersion,
    /// How alike the order of the themes is to that of some sessions before.
    Correlation(usize),
}

impl Rotation {
    /// Whether it is a figure of each group, and not of all themes.
    pub const fn is_of_groups(self) -> bool {
        !matches!(self, Rotation::Dispersion | Rotation::Correlation(_))
    }

    /// Whether it is known only of groups whose days were kept.
    pub const fn is_of_kept_days(self) -> bool {
        matches!(
            self,
            Rotation::ReturnPercentile | Rotation::SharePercentile | Rotation::ShareChange
        )
    }
}
