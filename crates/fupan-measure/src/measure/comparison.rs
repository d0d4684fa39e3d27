//! Comparison of turnover with that of earlier sessions.

use fupan_fact::{Scope, Unit, Value};
use fupan_market::Exchange;

use crate::session::turnover::{SegmentTurnover, SessionTurnover};
use crate::total::arithmetic::div_half_away;
use crate::total::segment::Scopes;
use crate::total::value::{of_unit, unknown};

/// How many earlier sessions define the usual number of securities that trade.
const NEIGHBOURS: usize = 20;

/// The turnover of each scope in the earlier sessions, added up once.
pub(crate) struct ScopePast<'a> {
    sessions: &'a [SessionTurnover],
    /// By scope, then by session.
    sums: Vec<(&'static Scope, Vec<SegmentTurnover>)>,
}

impl<'a> ScopePast<'a> {
    /// `sessions` must be sorted, earliest first.
    pub(crate) fn of(sessions: &'a [SessionTurnover]) -> ScopePast<'a> {
        let scopes = Scopes::Market.of_shares().map(|(_, scope)| scope);
        let sums = scopes.map(|scope| (scope, sessions.iter().map(|s| s.of(scope)).collect()));
        ScopePast { sessions, sums: sums.collect() }
    }

    /// Each session with the scope's turnover in it; empty for a scope that is not compared.
    pub(crate) fn of_scope(
        &self,
        scope: &Scope,
    ) -> impl DoubleEndedIterator<Item = (&'a SessionTurnover, SegmentTurnover)> {
        self.sessions.iter().zip(self.sums(scope).iter().copied())
    }

    fn sums(&self, scope: &Scope) -> &[SegmentTurnover] {
        let found = self.sums.iter().find(|(of, _)| *of == scope);
        found.map_or(&[], |(_, sums)| sums)
    }

    /// Whether the session at this place is incomplete: fewer than half as many securities traded
    /// as in one of the sessions before it.
    pub(crate) fn is_thin(&self, place: usize, scope: &Scope) -> bool {
        let sums = self.sums(scope);
        let Some(of) = sums.get(place) else { return false };
        let before = sums[place.saturating_sub(NEIGHBOURS)..place].iter().map(|sum| sum.traded);
        of.traded * 2 < before.max().unwrap_or(0)
    }
}

/// How turnover is compared with earlier sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The previous session's turnover.
    Previous,
    /// The difference from the previous session.
    Change,
    /// The relative difference from the previous session.
    ChangeRate,
    /// The relative difference from the mean of this many sessions before.
    VersusMean(usize),
    /// The rank among all sessions of the window, 1 being the highest.
    Rank,
}

/// A comparison's value and what it rests on.
pub(crate) struct Compared {
    pub(crate) value: Value,
    /// Sessions used, the present one included.
    pub(crate) sessions: u64,
    /// Securities' past sessions whose turnover is estimated.
    pub(crate) estimated: u64,
}

impl Compared {
    /// The result if the past is too short.
    pub(crate) fn too_short() -> Compared {
        Compared { value: unknown("window_too_short"), sessions: 0, estimated: 0 }
    }
}

impl Comparison {
    /// How many past sessions it looks back on, given how many there are.
    pub(crate) fn lookback(self, sessions: usize) -> usize {
        match self {
            Comparison::Previous | Comparison::Change | Comparison::ChangeRate => 1,
            Comparison::VersusMean(sessions) => sessions,
            Comparison::Rank => sessions,
        }
    }

    /// Compares a scope's turnover with the past. A past session without trades on an exchange that
    /// trades in `today` is not comparable: its sum lacks that exchange.
    pub(crate) fn compare(
        self,
        today: &SessionTurnover,
        past: &ScopePast<'_>,
        scope: &Scope,
    ) -> Compared {
        let lookback = self.lookback(past.sessions.len());
        let Some(first) = past.sessions.len().checked_sub(lookback) else {
            return Compared::too_short();
        };
        let seen: Vec<SegmentTurnover> = past
            .of_scope(scope)
            .skip(first)
            .filter(|(session, _)| comparable(session, today, scope))
            .map(|(_, sum)| sum)
            .collect();
        if seen.len() < lookback && self != Comparison::Rank {
            return Compared { value: unknown("no_data_in_window"), sessions: 0, estimated: 0 };
        }
        let estimated = seen.iter().map(|s| u64::from(s.estimated)).sum();
        let sums: Vec<i128> = seen.iter().map(|s| s.fen).collect();
        let value = self.value(today.of(scope).fen, &sums);
        Compared { value, sessions: sums.len() as u64 + 1, estimated }
    }

    fn value(self, today: i128, past: &[i128]) -> Value {
        let sum: i128 = past.iter().sum();
        let n = past.len() as i128;
        match self {
            Comparison::Previous => of_unit(Unit::Fen, sum),
            Comparison::Change => of_unit(Unit::Fen, today - sum),
            Comparison::ChangeRate | Comparison::VersusMean(_) => {
                let parts = (today * n - sum) * 1_000_000_000;
                div_half_away(parts, sum).map_or(unknown("no_turnover"), |r| of_unit(Unit::Ppb, r))
            }
            Comparison::Rank => {
                let higher = past.iter().filter(|fen| **fen > today).count();
                of_unit(Unit::Sessions, higher as i128 + 1)
            }
        }
    }
}

/// Whether the same exchanges traded in both sessions, and with at least half as many securities
/// then as now: a session that is mostly missing is no basis for comparison. A sum across an
/// exchange's first session covers a different market; it is reported as it is.
fn comparable(past: &SessionTurnover, today: &SessionTurnover, scope: &Scope) -> bool {
    let (mut then, mut now) = (past.exchanges(scope), today.exchanges(scope));
    let of_bse = matches!(scope, Scope::Exchange(Exchange::Bse));
    if !of_bse && !Exchange::Bse.is_open_in(past.session) {
        then[Exchange::Bse as usize] = 0;
        now[Exchange::Bse as usize] = 0;
    }
    let alike =
        |(then, now): (u32, u32)| (then > 0) == (now > 0) && u64::from(then) * 2 >= u64::from(now);
    then != [0; 3] && then.into_iter().zip(now).all(alike)
}

#[cfg(test)]
mod tests {
    use fupan_fact::Unit;
    use fupan_market::{Board, Exchange, Symbol, Turnover, TurnoverBasis};

    use super::*;

    /// A session with this turnover, in fen, on each of some exchanges.
    fn of(session: &str, fen: i64, exchanges: &[Exchange]) -> SessionTurnover {
        let mut turnover = SessionTurnover::new(session.parse().unwrap());
        for exchange in exchanges {
            let (code, board) = match exchange {
                Exchange::Sse => (600_000, Board::Main),
                Exchange::Szse => (1, Board::Main),
                Exchange::Bse => (920_001, Board::Bse),
            };
            let symbol = Symbol::new(*exchange, code).unwrap();
            let fen = fupan_market::Fen(fen);
            turnover.add(symbol, board, Turnover { fen, basis: TurnoverBasis::Reported });
        }
        turnover
    }

    fn rank(today: i64, past: &[i64]) -> Value {
        let sessions = ["2026-02-09", "2026-02-10", "2026-02-11"].into_iter().zip(past);
        let past: Vec<SessionTurnover> =
            sessions.map(|(session, fen)| of(session, *fen, &[Exchange::Sse])).collect();
        let today = of("2026-02-12", today, &[Exchange::Sse]);
        Comparison::Rank.compare(&today, &ScopePast::of(&past), &Scope::AllA).value
    }

    #[test]
    fn an_equal_turnover_shares_the_better_rank() {
        for (today, expected) in [(40, 1), (30, 1), (29, 2), (20, 2), (19, 3), (10, 3), (9, 4)] {
            let value = Value::Count { count: expected };
            assert_eq!(rank(today, &[10, 30, 20]), value, "{today}");
        }
    }

    #[test]
    fn a_session_with_half_of_a_neighbours_securities_is_whole() {
        use Exchange::{Bse, Sse, Szse};
        let thin = |before: &[Exchange]| {
            let past = [of("2026-02-10", 5, before), of("2026-02-11", 5, &[Sse])];
            ScopePast::of(&past).is_thin(1, &Scope::AllA)
        };
        assert!(!thin(&[Sse, Szse]));
        assert!(thin(&[Sse, Szse, Bse]));
    }

    /// Before the BSE opened, nothing of it is missing; from its first session on it can be.
    #[test]
    fn the_bse_is_missed_from_its_opening_on() {
        use Exchange::{Bse, Sse, Szse};
        let previous = |then: SessionTurnover, today: SessionTurnover, scope: Scope| {
            Comparison::Previous.compare(&today, &ScopePast::of(&[then]), &scope).value
        };
        let known = |fen: i64| of_unit(Unit::Fen, fen.into());
        let all = &[Sse, Szse, Bse][..];
        let before = of("2021-11-12", 5, &[Sse, Szse]);
        assert_eq!(previous(before.clone(), of("2021-11-15", 5, all), Scope::AllA), known(10));
        let lacking = of("2021-11-15", 5, &[Sse, Szse]);
        let missing = unknown("no_data_in_window");
        assert_eq!(previous(lacking.clone(), of("2021-11-16", 5, all), Scope::AllA), missing);
        assert_eq!(previous(lacking, of("2021-11-16", 5, all), Scope::SseSzse), known(10));
        let whole = of("2021-11-15", 5, all);
        assert_eq!(previous(whole, of("2021-11-16", 5, all), Scope::AllA), known(15));
        let bse = Scope::Exchange(Bse);
        assert_eq!(previous(before, of("2021-11-15", 5, all), bse), missing);
    }

    #[test]
    fn a_session_is_compared_with_the_twenty_before_it() {
        use Exchange::{Bse, Sse, Szse};
        let thin = |gap: usize| {
            let mut past = vec![of("2026-01-05", 5, &[Sse, Szse, Bse])];
            past.extend((0..gap).map(|_| of("2026-02-10", 5, &[Sse])));
            ScopePast::of(&past).is_thin(gap, &Scope::AllA)
        };
        assert_eq!([1, 20, 21].map(thin), [true, true, false]);
        let past = [of("2026-02-10", 5, &[Sse])];
        let past = ScopePast::of(&past);
        assert!(!past.is_thin(0, &Scope::AllA) && !past.is_thin(1, &Scope::AllA));
    }

    /// A comparison's value, how many sessions it is of and how many of their turnovers are
    /// estimates.
    #[test]
    fn a_comparison_counts_its_sessions_and_their_estimates() {
        let session = |session: &str, fen: i64, basis: TurnoverBasis| {
            let mut turnover = of(session, fen, &[Exchange::Szse]);
            let symbol = "600000.SH".parse().unwrap();
            turnover.add(symbol, Board::Main, Turnover { fen: fupan_market::Fen(fen), basis });
            turnover
        };
        use TurnoverBasis::{Estimated, Reported};
        let past = [
            session("2026-02-09", 10, Estimated),
            session("2026-02-10", 25, Reported),
            session("2026-02-11", 20, Estimated),
        ];
        let today = session("2026-02-12", 30, Estimated);
        let compared = |comparison: Comparison| {
            let of = comparison.compare(&today, &ScopePast::of(&past), &Scope::AllA);
            (of.value, of.sessions, of.estimated)
        };
        let fen = |number| of_unit(Unit::Fen, number);
        assert_eq!(compared(Comparison::Previous), (fen(40), 2, 1));
        assert_eq!(compared(Comparison::Change), (fen(20), 2, 1));
        let rate = |ppb| of_unit(Unit::Ppb, ppb);
        assert_eq!(compared(Comparison::ChangeRate), (rate(500_000_000), 2, 1));
        // Of 60 over the mean of 50 and 40, and over that of 20, 50 and 40.
        assert_eq!(compared(Comparison::VersusMean(2)), (rate(333_333_333), 3, 1));
        assert_eq!(compared(Comparison::VersusMean(3)), (rate(636_363_636), 4, 2));
        assert_eq!(compared(Comparison::VersusMean(4)), (unknown("window_too_short"), 0, 0));
        assert_eq!(compared(Comparison::Rank), (of_unit(Unit::Sessions, 1), 4, 2));
        let nothing = [session("2026-02-11", 0, Reported)];
        let of_nothing =
            Comparison::ChangeRate.compare(&today, &ScopePast::of(&nothing), &Scope::AllA);
        assert_eq!(of_nothing.value, unknown("no_turnover"));
    }

    /// A board that did not trade is not compared with one that did, whatever else of its exchange
    /// traded.
    #[test]
    fn a_board_is_compared_with_itself() {
        let star = |turnover: &mut SessionTurnover| {
            let fen = fupan_market::Fen(7);
            let symbol = "688001.SH".parse().unwrap();
            turnover.add(symbol, Board::Star, Turnover { fen, basis: TurnoverBasis::Reported });
        };
        let (mut with, without) =
            (of("2026-02-11", 5, &[Exchange::Sse]), of("2026-02-11", 5, &[Exchange::Sse]));
        star(&mut with);
        let mut today = of("2026-02-12", 5, &[Exchange::Sse]);
        star(&mut today);
        let previous = |past: SessionTurnover| {
            let past = [past];
            let scope = Scope::Board(Board::Star);
            Comparison::Previous.compare(&today, &ScopePast::of(&past), &scope).value
        };
        assert_eq!(previous(with), of_unit(Unit::Fen, 7));
        assert_eq!(previous(without), unknown("no_data_in_window"));
    }

    /// Half as many securities are enough, on each exchange; one that has gone is not comparable
    /// either.
    #[test]
    fn a_session_with_half_of_todays_securities_is_compared_with() {
        let traded = |session: &str, sse: u32, szse: u32| {
            let mut turnover = SessionTurnover::new(session.parse().unwrap());
            for (exchange, traded) in [(Exchange::Sse, sse), (Exchange::Szse, szse)] {
                let of = SegmentTurnover { fen: 5, traded, estimated: 0 };
                turnover.add_board(exchange, Board::Main, &of);
            }
            turnover
        };
        let is_compared = |then: [u32; 2], now: [u32; 2]| {
            let past = [traded("2026-02-11", then[0], then[1])];
            let today = traded("2026-02-12", now[0], now[1]);
            comparable(&past[0], &today, &Scope::SseSzse)
        };
        for (then, now, expected) in [
            ([6, 6], [11, 11], true),
            ([5, 6], [11, 11], false),
            ([6, 5], [11, 11], false),
            ([30, 30], [11, 11], true),
            ([6, 0], [11, 11], false),
            ([6, 6], [11, 0], false),
            ([6, 0], [11, 0], true),
            ([0, 0], [0, 0], false),
        ] {
            assert_eq!(is_compared(then, now), expected, "{then:?} {now:?}");
        }
    }
}
