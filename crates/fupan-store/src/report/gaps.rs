//! Counts the rows of each exchange and session, and finds sessions with missing rows.

use std::collections::BTreeMap;

use fupan_market::{Calendar, Exchange, SessionDate};
use fupan_table::Table;

use crate::delta::Tables;
use crate::read::daily_bars::Window;
use crate::read::{code_changes, daily_bars};
use crate::{SourceChoice, StoreError};

/// Rows of daily bars by session and exchange, of the source that a review uses.
pub(crate) type Rows = BTreeMap<(SessionDate, Exchange), u64>;

/// Consecutive sessions of an exchange that lack rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub exchange: Exchange,
    pub first: SessionDate,
    pub last: SessionDate,
    pub sessions: u64,
    /// Rows of the session with the fewest; zero if the sessions are missing entirely.
    pub rows: u64,
    /// The usual number of rows around, if known.
    pub usual: Option<u64>,
}

/// Sessions before and after one that it is compared with.
const AROUND: usize = 10;

/// The rows of each session and exchange, and the number of rows left out because another import of
/// the same source holds other values. Reads a year at a time.
pub(crate) fn rows(tables: &Tables) -> Result<(Rows, u64), StoreError> {
    let (mut rows, mut conflicts) = (Rows::new(), 0);
    let Some((first, last)) = tables.sessions()? else { return Ok((rows, conflicts)) };
    let (files, codes) = (tables.files(Table::DailyBar)?, code_changes::of(tables)?);
    for year in first.date().year()..=last.date().year() {
        let (Ok(january), Ok(december)) =
            (SessionDate::new(year, 1, 1), SessionDate::new(year, 12, 31))
        else {
            continue;
        };
        let window = Window::new(january.max(first), december.min(last));
        let read = daily_bars::read(&files, &window, &SourceChoice::Best, &codes)?;
        conflicts += read.conflicts();
        for session in tables.calendar().between(window.from, window.to) {
            for exchange in Exchange::ALL {
                if let Some(source) = read.held.chosen(&window, *session, exchange) {
                    let tally = read.held.tally(&window, source, *session, exchange);
                    rows.insert((*session, exchange), u64::from(tally.rows));
                }
            }
        }
    }
    Ok((rows, conflicts))
}

/// Sessions of an exchange after its first with no rows, or under half the usual number around.
pub(crate) fn gaps(rows: &Rows, calendar: &Calendar) -> Vec<Gap> {
    let days = || rows.keys().map(|(session, _)| *session);
    let Some((first, last)) = days().min().zip(days().max()) else { return Vec::new() };
    let sessions = calendar.between(first, last);
    let mut gaps = Vec::new();
    for exchange in Exchange::ALL {
        let count = |session: &SessionDate| rows.get(&(*session, exchange)).copied().unwrap_or(0);
        let counts: Vec<u64> = sessions.iter().map(count).collect();
        let Some(begin) = counts.iter().position(|rows| *rows > 0) else { continue };
        let mut open = None::<Gap>;
        for place in begin..counts.len() {
            let (rows, usual) = (counts[place], usual(&counts, place));
            let is_thin = usual.is_some_and(|usual| rows * 2 < usual);
            if rows > 0 && !is_thin {
                gaps.extend(open.take());
                continue;
            }
            let here = sessions[place];
            open = match open.filter(|gap| (gap.rows == 0) == (rows == 0)) {
                Some(gap) => Some(Gap {
                    last: here,
                    sessions: gap.sessions + 1,
                    rows: gap.rows.min(rows),
                    usual: gap.usual.max(usual),
                    ..gap
                }),
                None => {
                    gaps.extend(open.take());
                    Some(Gap { exchange, first: here, last: here, sessions: 1, rows, usual })
                }
            };
        }
        gaps.extend(open);
    }
    gaps
}

/// The median rows of the sessions around one, among those that have rows.
fn usual(counts: &[u64], place: usize) -> Option<u64> {
    let around = place.saturating_sub(AROUND)..(place + AROUND + 1).min(counts.len());
    let others = around.filter(|other| *other != place).map(|other| counts[other]);
    let mut held: Vec<u64> = others.filter(|rows| *rows > 0).collect();
    held.sort_unstable();
    held.get(held.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(exchange: Exchange, counts: &[u64]) -> Rows {
        let first: SessionDate = "2026-01-05".parse().unwrap();
        let last: SessionDate = "2026-03-31".parse().unwrap();
        let sessions = Calendar::builtin().between(first, last);
        let held = sessions.iter().zip(counts).filter(|(_, rows)| **rows > 0);
        held.map(|(session, rows)| ((*session, exchange), *rows)).collect()
    }

    fn found(rows: &Rows) -> Vec<(Exchange, u64, u64, Option<u64>)> {
        gaps(rows, Calendar::builtin())
            .into_iter()
            .map(|gap| (gap.exchange, gap.sessions, gap.rows, gap.usual))
            .collect()
    }

    #[test]
    fn missing_and_thin_sessions_are_gaps() {
        let sse = Exchange::Sse;
        assert_eq!(found(&rows(sse, &[100; 30])), []);
        let mut counts = vec![100; 30];
        counts[12] = 0;
        counts[13] = 0;
        assert_eq!(found(&rows(sse, &counts)), [(sse, 2, 0, Some(100))]);
        counts[13] = 49;
        let thin = [(sse, 1, 0, Some(100)), (sse, 1, 49, Some(100))];
        assert_eq!(found(&rows(sse, &counts)), thin);
        counts[13] = 50;
        assert_eq!(found(&rows(sse, &counts)), thin[..1]);
    }

    #[test]
    fn a_session_before_the_first_is_no_gap_and_one_after_the_last_is() {
        let mut both = rows(Exchange::Sse, &[100; 30]);
        let mut north = vec![0; 30];
        north[10..20].fill(20);
        both.extend(rows(Exchange::Bse, &north));
        assert_eq!(found(&both), [(Exchange::Bse, 10, 0, Some(20))]);
    }

    #[test]
    fn a_market_that_grows_is_whole() {
        let counts: Vec<u64> = (0..40).map(|session| 20 + session * 2).collect();
        assert_eq!(found(&rows(Exchange::Szse, &counts)), []);
    }
}
