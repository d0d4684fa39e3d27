//! The dates of the share capital that a session's securities use.

use fupan_market::{Calendar, SecurityDay, SessionDate};

use crate::session::window::MarketSession;

/// Share capital dated outside the session and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareDates {
    previous: SessionDate,
    session: SessionDate,
    pub(crate) securities: usize,
    /// The earliest and the latest of the dates.
    pub(crate) span: Option<(SessionDate, SessionDate)>,
}

impl ShareDates {
    /// No securities yet.
    pub(crate) fn new(previous: SessionDate, session: SessionDate) -> ShareDates {
        ShareDates { previous, session, securities: 0, span: None }
    }

    /// The dates for a session's securities.
    pub(crate) fn of(market: &MarketSession, calendar: &Calendar) -> ShareDates {
        let session = market.session;
        let previous = calendar.back(session, 1).ok().flatten().unwrap_or(session);
        let mut dates = ShareDates::new(previous, session);
        market.days.iter().for_each(|day| dates.add(day));
        dates
    }

    #[inline]
    pub(crate) fn add(&mut self, day: &SecurityDay) {
        if let Some(on) = day.shares.map(|shares| shares.on)
            && (on > self.session || on < self.previous)
        {
            self.securities += 1;
            let (first, last) = self.span.unwrap_or((on, on));
            self.span = Some((first.min(on), last.max(on)));
        }
    }

    /// The date for one security of the session.
    pub(crate) fn of_one(&self, day: &SecurityDay) -> ShareDates {
        let mut dates = ShareDates::new(self.previous, self.session);
        dates.add(day);
        dates
    }

    /// Adds the dates for other securities of the session.
    pub(crate) fn merge(self, other: ShareDates) -> ShareDates {
        let span = match (self.span, other.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (span, None) | (None, span) => span,
        };
        ShareDates { securities: self.securities + other.securities, span, ..self }
    }
}
