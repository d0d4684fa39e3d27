//! What single securities returned in the sessions before one.

use std::collections::HashMap;

use crate::{Return, SessionDate, Symbol};

/// A security's day of an earlier session, as far as the mean return of a group needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PastDay {
    /// It did not trade, or the data lack it.
    #[default]
    Idle,
    /// It traded, and its previous close is not known.
    Unpriced,
    /// It traded, and this was its return.
    Returned(Return),
}

/// The days of A-shares in the sessions just before one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastReturns {
    sessions: Vec<SessionDate>,
    symbols: Vec<Symbol>,
    /// By security and then by session.
    days: Vec<PastDay>,
}

impl PastReturns {
    /// The days of securities that traded in some sessions, in any order. `sessions` follow each
    /// other in the calendar, earliest first; days of other sessions are left out. A security counts
    /// under the symbol that its days come with.
    pub fn of(
        sessions: Vec<SessionDate>,
        days: impl IntoIterator<Item = (SessionDate, Symbol, PastDay)>,
    ) -> PastReturns {
        let mut past = PastReturns { sessions, ..PastReturns::default() };
        let mut known: HashMap<Symbol, usize> = HashMap::new();
        for (session, symbol, day) in days {
            let Ok(place) = past.sessions.binary_search(&session) else { continue };
            let row = *known.entry(symbol).or_insert_with(|| past.add(symbol));
            past.set(row, place, day);
        }
        past
    }

    /// Adds a security that has not traded yet, and returns its row.
    fn add(&mut self, symbol: Symbol) -> usize {
        self.symbols.push(symbol);
        self.days.resize(self.symbols.len() * self.sessions.len(), PastDay::Idle);
        self.symbols.len() - 1
    }

    fn set(&mut self, row: usize, place: usize, day: PastDay) {
        let at = row * self.sessions.len() + place;
        self.days[at] = day;
    }

    /// The sessions, earliest first.
    pub fn sessions(&self) -> &[SessionDate] {
        &self.sessions
    }

    /// The securities that traded in one of the sessions, each with its days in their order.
    pub fn securities(&self) -> impl Iterator<Item = (Symbol, &[PastDay])> {
        let days = self.days.chunks(self.sessions.len().max(1));
        self.symbols.iter().copied().zip(days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_by_security_in_the_order_of_sessions() {
        let on = |text: &str| text.parse::<SessionDate>().unwrap();
        let symbol = |text: &str| text.parse::<Symbol>().unwrap();
        let sessions = vec![on("2026-02-10"), on("2026-02-11")];
        let returned = PastDay::Returned(Return(7));
        let past = PastReturns::of(
            sessions.clone(),
            [
                (on("2026-02-11"), symbol("600000.SH"), returned),
                (on("2026-02-11"), symbol("000001.SZ"), PastDay::Unpriced),
                (on("2026-02-10"), symbol("600000.SH"), PastDay::Unpriced),
                (on("2026-02-09"), symbol("600004.SH"), returned),
            ],
        );
        assert_eq!(past.sessions(), sessions);
        let told: Vec<_> = past.securities().collect();
        assert_eq!(
            told,
            [
                (symbol("600000.SH"), &[PastDay::Unpriced, returned][..]),
                (symbol("000001.SZ"), &[PastDay::Idle, PastDay::Unpriced][..]),
            ]
        );
        assert_eq!(PastReturns::default().securities().count(), 0);
    }
}
