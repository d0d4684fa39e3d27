//! Sessions missing from an exchange's data, as opposed to suspensions.
//!
//! A source may leave out the rows of suspended securities. So a security without a row counts as
//! suspended, as long as its exchange has the session. If the exchange has no rows of a session, or
//! fewer than half of what it had in one of the sessions before, the session is a hole: a security
//! without a row in it may have traded, and nothing is known across it.
//!
//! If an import is known to have lost rows of a session, a security without a row in it may have
//! been in one of those. The session is then missing for that security too.

use std::collections::BTreeMap;

use crate::{Calendar, Exchange, LostRows, SessionDate, Symbol};

/// Rows of each exchange in a session, by `Exchange as usize`.
pub type ExchangeRows = [u32; 3];

/// A session missing from an exchange's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hole {
    /// The session's number.
    pub number: u32,
    /// The session.
    pub session: SessionDate,
}

/// The holes of each exchange, found session by session.
#[derive(Clone, Debug, Default)]
pub struct Holes {
    found: [Vec<Hole>; 3],
    /// Sessions with lost rows that name no security, by exchange.
    lost: [Vec<Hole>; 3],
    /// Sessions with lost rows, by security.
    lost_of: BTreeMap<Symbol, Vec<Hole>>,
    /// The recent sessions that show how many rows the next one should have.
    neighbours: Vec<(u32, ExchangeRows)>,
}

impl Holes {
    /// The number of earlier sessions that show how many rows a session should have.
    pub const NEIGHBOURS: u32 = 20;

    /// Adds the rows of a session, which comes after those added before. Sessions without rows must
    /// be added too. A session without rows is a hole, whatever came before it.
    pub fn add(&mut self, number: u32, session: SessionDate, rows: ExchangeRows) {
        self.neighbours.retain(|(before, _)| before + Holes::NEIGHBOURS >= number);
        for exchange in Exchange::ALL {
            let place = exchange as usize;
            let usual = self.usual(exchange);
            if rows[place] == 0 || is_thin(rows[place], usual) {
                self.found[place].push(Hole { number, session });
            }
        }
        self.neighbours.push((number, rows));
    }

    /// The most rows that an exchange had in one of the recent sessions.
    fn usual(&self, exchange: Exchange) -> u32 {
        let rows = self.neighbours.iter().map(|(_, rows)| rows[exchange as usize]);
        rows.max().unwrap_or(0)
    }

    /// Adds the rows that imports lost in some sessions, which come after those added before.
    pub fn lose(&mut self, lost: &[LostRows], sessions: &[(u32, SessionDate)]) {
        let mut rows: Vec<&LostRows> = lost.iter().collect();
        rows.sort_unstable();
        let of = |session: Option<SessionDate>| {
            let from = rows.partition_point(|row| row.session < session);
            let to = rows.partition_point(|row| row.session <= session);
            rows[from..to].iter()
        };
        for (number, session) in sessions {
            let hole = Hole { number: *number, session: *session };
            for row in of(Some(*session)).chain(of(None)) {
                self.lose_row(hole, row);
            }
        }
    }

    fn lose_row(&mut self, hole: Hole, row: &LostRows) {
        let add = |holes: &mut Vec<Hole>| {
            if holes.last() != Some(&hole) {
                holes.push(hole);
            }
        };
        match (row.symbol, row.exchange) {
            (Some(symbol), _) => add(self.lost_of.entry(symbol).or_default()),
            (None, Some(exchange)) => add(&mut self.lost[exchange as usize]),
            (None, None) => self.lost.iter_mut().for_each(add),
        }
    }

    /// The last hole of an exchange before a session number.
    #[inline]
    pub fn before(&self, exchange: Exchange, number: u32) -> Option<Hole> {
        last_before(&self.found[exchange as usize], number)
    }

    /// The last session before a number in which a row of the security may be lost.
    #[inline]
    pub fn lost_before(&self, symbol: Symbol, number: u32) -> Option<Hole> {
        let of_any = last_before(&self.lost[symbol.exchange() as usize], number);
        if self.lost_of.is_empty() {
            return of_any;
        }
        let own = self.lost_of.get(&symbol).and_then(|lost| last_before(lost, number));
        of_any.max(own)
    }
}

/// The last of some holes, in order, before a session number.
#[inline]
fn last_before(holes: &[Hole], number: u32) -> Option<Hole> {
    let last = holes.last()?;
    if last.number < number {
        return Some(*last);
    }
    let place = holes.partition_point(|hole| hole.number < number);
    holes.get(place.checked_sub(1)?).copied()
}

/// Whether there are fewer than half of the usual rows.
const fn is_thin(rows: u32, usual: u32) -> bool {
    (rows as u64) * 2 < usual as u64
}

/// A session missing from an exchange's data, for a reader who can import it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The exchange.
    pub exchange: Exchange,
    /// The session.
    pub session: SessionDate,
    /// The exchange's rows in the session: none, or far fewer than usual.
    pub rows: u32,
    /// The most rows that the exchange had in one of the twenty sessions before it, or before the
    /// run of missing sessions that it belongs to.
    pub usual: u32,
}

/// The sessions of a calendar that are missing from the data: for each exchange, from its first
/// session with rows to the last session with rows of any exchange. `counts` are the rows of the
/// sessions that have some, by session.
pub fn session_gaps(counts: &[(SessionDate, ExchangeRows)], calendar: &Calendar) -> Vec<Gap> {
    let (Some((first, _)), Some((last, _))) = (counts.first(), counts.last()) else {
        return Vec::new();
    };
    let rows_of = |session: SessionDate| {
        let place = counts.binary_search_by_key(&session, |(on, _)| *on);
        place.map_or([0; 3], |place| counts[place].1)
    };
    let (mut holes, mut gaps) = (Holes::default(), Vec::new());
    let mut known: ExchangeRows = [0; 3];
    for session in calendar.between(*first, *last) {
        let Ok(number) = calendar.number(*session) else { continue };
        let rows = rows_of(*session);
        holes.add(number, *session, rows);
        for exchange in Exchange::ALL {
            let place = exchange as usize;
            let is_hole = holes.found[place].last().is_some_and(|hole| hole.number == number);
            if is_hole && known[place] > 0 {
                let usual = holes.usual(exchange).max(known[place]);
                gaps.push(Gap { exchange, session: *session, rows: rows[place], usual });
            } else if !is_hole {
                known[place] = rows[place];
            }
        }
    }
    gaps.sort_unstable();
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(date: &str) -> SessionDate {
        date.parse().unwrap()
    }

    /// The holes of the SSE among sessions from 2026-02-02 on with these numbers of rows.
    fn holes(rows: &[u32]) -> Vec<usize> {
        let calendar = Calendar::builtin();
        let first = calendar.number(on("2026-02-02")).unwrap();
        let mut holes = Holes::default();
        for (place, rows) in rows.iter().enumerate() {
            let number = first + place as u32;
            holes.add(number, calendar.session(number).unwrap(), [*rows, 1, 1]);
        }
        holes.found[0].iter().map(|hole| (hole.number - first) as usize).collect()
    }

    #[test]
    fn a_session_without_rows_or_with_far_fewer_is_a_hole() {
        assert_eq!(holes(&[2_300, 0, 2_301, 1, 2_300]), [1, 3]);
        // Whatever came before it.
        assert_eq!(holes(&[0, 0, 2_300]), [0, 1]);
        // A day with four in ten suspended is not a hole, even if their rows are left out.
        assert_eq!(holes(&[1_000, 600, 990]), [0_usize; 0]);
        // One stray session with many rows does not make holes for ever.
        let mut rows = vec![5_000];
        rows.extend([8; 25]);
        assert_eq!(holes(&rows), (1..=20).collect::<Vec<_>>());
    }

    #[test]
    fn the_last_hole_before_a_session_is_found() {
        let calendar = Calendar::builtin();
        let first = calendar.number(on("2026-02-02")).unwrap();
        let mut holes = Holes::default();
        for (place, rows) in [9, 0, 9, 9, 0, 9].into_iter().enumerate() {
            let number = first + place as u32;
            holes.add(number, calendar.session(number).unwrap(), [rows, 9, 9]);
        }
        let before =
            |place: u32| holes.before(Exchange::Sse, first + place).map(|hole| hole.number - first);
        assert_eq!(
            [0, 1, 2, 4, 5, 9].map(before),
            [None, None, Some(1), Some(1), Some(4), Some(4)]
        );
        assert_eq!(holes.before(Exchange::Szse, first + 9), None);
    }

    #[test]
    fn lost_rows_are_of_the_security_that_they_name_or_of_any_of_the_exchange() {
        let calendar = Calendar::builtin();
        let first = calendar.number(on("2026-02-02")).unwrap();
        let sessions: Vec<(u32, SessionDate)> =
            (first..first + 6).map(|n| (n, calendar.session(n).unwrap())).collect();
        let named = |place: usize, symbol: &str| LostRows {
            session: Some(sessions[place].1),
            exchange: None,
            symbol: Some(symbol.parse().unwrap()),
            rows: 1,
        };
        let unnamed = |session, exchange| LostRows { session, exchange, symbol: None, rows: 2 };
        let lost = [
            named(3, "600000.SH"),
            named(1, "600000.SH"),
            unnamed(Some(sessions[2].1), Some(Exchange::Szse)),
        ];
        let mut holes = Holes::default();
        holes.lose(&lost, &sessions);
        let before_in = |holes: &Holes, symbol: &str, place: u32| {
            let hole = holes.lost_before(symbol.parse().unwrap(), first + place);
            hole.map(|hole| hole.number - first)
        };
        let before = |symbol: &str, place: u32| before_in(&holes, symbol, place);
        assert_eq!(
            [1, 2, 3, 4, 5].map(|place| before("600000.SH", place)),
            [None, Some(1), Some(1), Some(3), Some(3)]
        );
        assert_eq!([2, 3, 4].map(|place| before("000001.SZ", place)), [None, Some(2), Some(2)]);
        assert_eq!(before("600001.SH", 5), None);
        assert_eq!(holes.before(Exchange::Sse, first + 5), None);
        // Neither session nor exchange is known: it may be any.
        holes.lose(&[unnamed(None, None)], &sessions[4..]);
        assert_eq!(before_in(&holes, "600001.SH", 5), Some(4));
        assert_eq!(before_in(&holes, "600000.SH", 6), Some(5));
    }

    #[test]
    fn gaps_begin_with_the_first_rows_of_an_exchange() {
        let counts = [
            (on("2026-02-02"), [2_300, 0, 0]),
            (on("2026-02-03"), [2_300, 2_800, 0]),
            (on("2026-02-05"), [2_301, 1, 0]),
            (on("2026-02-06"), [2_301, 0, 0]),
        ];
        let gaps = session_gaps(&counts, Calendar::builtin());
        let told: Vec<(Exchange, String, u32, u32)> = gaps
            .iter()
            .map(|gap| (gap.exchange, gap.session.to_string(), gap.rows, gap.usual))
            .collect();
        let (sse, szse) = (Exchange::Sse, Exchange::Szse);
        assert_eq!(
            told,
            [
                (sse, "2026-02-04".to_owned(), 0, 2_300),
                (szse, "2026-02-04".to_owned(), 0, 2_800),
                (szse, "2026-02-05".to_owned(), 1, 2_800),
                (szse, "2026-02-06".to_owned(), 0, 2_800),
            ]
        );
        assert_eq!(session_gaps(&[], Calendar::builtin()), []);
    }
}
