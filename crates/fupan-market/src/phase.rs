//! Trading phases of a session.

use crate::{Board, Exchange, SessionDate};

/// A trading phase of stocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before 09:15 and after the last phase of the day.
    Closed,
    /// 09:15 to 09:25: orders gather for the opening price (no cancelling from 09:20).
    OpeningCallAuction,
    /// 09:25 to 09:30: the opening price is known, orders wait.
    OpeningHold,
    /// 09:30 to 11:30.
    MorningContinuous,
    /// 11:30 to 13:00.
    LunchBreak,
    /// 13:00 to 14:57, or to 15:00 if there is no closing call auction.
    AfternoonContinuous,
    /// 14:57 to 15:00: orders gather for the closing price, no cancelling.
    ClosingCallAuction,
    /// 15:00 to 15:05, if trading at the closing price follows.
    ClosingHold,
    /// 15:05 to 15:30: trading at the closing price.
    AfterHoursFixedPrice,
}

impl Phase {
    /// Whether orders can trade in this phase as soon as they arrive.
    pub const fn is_continuous(self) -> bool {
        matches!(self, Phase::MorningContinuous | Phase::AfternoonContinuous)
    }
}

/// The phase of a stock's trading at a second of the day, Shanghai time, counted from midnight.
///
/// `date` must be a session; [`Calendar`](crate::Calendar) says whether it is one. Halts of single
/// securities are not phases. The two sessions that the market-wide circuit breaker ended early are
/// closed from [`ended_early`] on.
pub fn phase_at(exchange: Exchange, board: Board, date: SessionDate, second: u32) -> Phase {
    if ended_early(date).is_some_and(|end| second >= end) {
        return Phase::Closed;
    }
    let continuous_until =
        if has_closing_auction(exchange, board, date) { at(14, 57) } else { at(15, 0) };
    let after_hours = has_after_hours(board, date);
    match second {
        s if s < at(9, 15) => Phase::Closed,
        s if s < at(9, 25) => Phase::OpeningCallAuction,
        s if s < at(9, 30) => Phase::OpeningHold,
        s if s < at(11, 30) => Phase::MorningContinuous,
        s if s < at(13, 0) => Phase::LunchBreak,
        s if s < continuous_until => Phase::AfternoonContinuous,
        s if s < at(15, 0) => Phase::ClosingCallAuction,
        s if s < at(15, 5) && after_hours => Phase::ClosingHold,
        s if s < at(15, 30) && after_hours => Phase::AfterHoursFixedPrice,
        _ => Phase::Closed,
    }
}

/// The end of the morning's trading, in seconds after midnight.
pub const MORNING_ENDS: u32 = at(11, 30);

/// Seconds after the end of a phase within which feeds may stamp its last trades.
pub const LATE_SECONDS: u32 = 30;

/// The instant whose prices are current at a second of a session: the second itself while stocks
/// trade, the end of the last trading before it in the lunch break and after the close. `None`
/// before 09:25, when there is no price yet.
///
/// Trading at the closing price after the session does not count here: it moves no price, and daily
/// bars mostly leave its volume out.
pub fn standing_at(date: SessionDate, second: u32) -> Option<u32> {
    let close = ended_early(date).unwrap_or(at(15, 0));
    match second.min(close) {
        s if s < at(9, 25) => None,
        s if (MORNING_ENDS..at(13, 0)).contains(&s) => Some(MORNING_ENDS),
        s => Some(s),
    }
}

/// Whether a stock can have traded in the `span` seconds up to `second` of the day. For a bar, the
/// phase of its last second decides. For a tick (`span` 0), a trade stamped a little after its
/// phase counts too.
pub fn can_trade(
    exchange: Exchange,
    board: Board,
    date: SessionDate,
    second: u32,
    span: u32,
) -> bool {
    // The end of a phase belongs to it: a bar of 11:30 is of the morning.
    let seconds = [second, second.saturating_sub(1), second.saturating_sub(LATE_SECONDS)];
    let of = if span == 0 { &seconds[..] } else { &seconds[1..2] };
    of.iter().any(|second| {
        let phase = phase_at(exchange, board, date, *second);
        !matches!(phase, Phase::Closed | Phase::LunchBreak | Phase::ClosingHold)
    })
}

/// The second of the day, known to the minute, at which the market-wide circuit breaker ended a
/// session: 2016-01-04 and 2016-01-07. These are the only truncated sessions of A-shares.
pub fn ended_early(date: SessionDate) -> Option<u32> {
    if date == on(2016, 1, 4) {
        Some(at(13, 33))
    } else if date == on(2016, 1, 7) {
        Some(at(9, 59))
    } else {
        None
    }
}

/// SZSE since 2006-07-01, SSE's main board since 2018-08-20, STAR and BSE from their beginning.
fn has_closing_auction(exchange: Exchange, board: Board, date: SessionDate) -> bool {
    match (exchange, board) {
        (Exchange::Szse, _) => date >= on(2006, 7, 1),
        (Exchange::Sse, Board::Star) | (Exchange::Bse, _) => true,
        (Exchange::Sse, _) => date >= on(2018, 8, 20),
    }
}

/// STAR since 2019-07-22, ChiNext since 2020-08-24, the main boards since 2026-07-06; for BSE no
/// start has been announced.
fn has_after_hours(board: Board, date: SessionDate) -> bool {
    match board {
        Board::Star => date >= on(2019, 7, 22),
        Board::ChiNext => date >= on(2020, 8, 24),
        Board::Main => date >= on(2026, 7, 6),
        Board::Bse => false,
    }
}

const fn at(hour: u32, minute: u32) -> u32 {
    hour * 3600 + minute * 60
}

fn on(year: i16, month: i8, day: i8) -> SessionDate {
    SessionDate::from(jiff::civil::date(year, month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(exchange: Exchange, board: Board, date: &str, clock: &str) -> Phase {
        let parts: Vec<u32> = clock.split(':').map(|part| part.parse().unwrap()).collect();
        let second = parts[0] * 3600 + parts[1] * 60 + parts.get(2).copied().unwrap_or(0);
        phase_at(exchange, board, date.parse().unwrap(), second)
    }

    #[test]
    fn a_session_of_today() {
        use Phase::*;
        for (clock, expected) in [
            ("00:00", Closed),
            ("09:14:59", Closed),
            ("09:15", OpeningCallAuction),
            ("09:25", OpeningHold),
            ("09:30", MorningContinuous),
            ("11:29:59", MorningContinuous),
            ("11:30", LunchBreak),
            ("13:00", AfternoonContinuous),
            ("14:56:59", AfternoonContinuous),
            ("14:57", ClosingCallAuction),
            ("15:00", ClosingHold),
            ("15:05", AfterHoursFixedPrice),
            ("15:30", Closed),
        ] {
            assert_eq!(phase(Exchange::Sse, Board::Main, "2026-07-06", clock), expected, "{clock}");
        }
    }

    #[test]
    fn each_phase_begins_with_its_first_second() {
        use Phase::*;
        let begins = [
            (at(9, 15), OpeningCallAuction),
            (at(9, 25), OpeningHold),
            (at(9, 30), MorningContinuous),
            (at(11, 30), LunchBreak),
            (at(13, 0), AfternoonContinuous),
            (at(14, 57), ClosingCallAuction),
            (at(15, 0), ClosingHold),
            (at(15, 5), AfterHoursFixedPrice),
            (at(15, 30), Closed),
        ];
        let date = "2026-07-06".parse().unwrap();
        let at_second = |second| phase_at(Exchange::Sse, Board::Star, date, second);
        let mut before = Closed;
        for (second, phase) in begins {
            assert_eq!((at_second(second - 1), at_second(second)), (before, phase), "{second}");
            before = phase;
        }
        let continuous = [MorningContinuous, AfternoonContinuous];
        for (_, phase) in begins {
            assert_eq!(phase.is_continuous(), continuous.contains(&phase), "{phase:?}");
        }
    }

    #[test]
    fn trades_are_stamped_up_to_half_a_minute_late() {
        let can = |date: &str, clock: u32, span| {
            can_trade(Exchange::Szse, Board::ChiNext, date.parse().unwrap(), clock, span)
        };
        for (clock, span, expected) in [
            (at(11, 30) + 29, 0, true),
            (at(11, 30) + 30, 0, false),
            (at(11, 30) + 1, 1, false),
            (at(9, 15) - 1, 0, false),
            (at(9, 15), 0, true),
            (at(9, 15), 1, false),
            (at(9, 15) + 1, 1, true),
            (at(13, 0), 60, false),
            (at(13, 0) + 1, 1, true),
            (at(15, 0), 1, true),
            (at(15, 5), 0, true),
            (at(15, 5) - 1, 0, false),
            (at(15, 30), 60, true),
            (at(15, 30) + 29, 0, true),
            (at(15, 30) + 30, 0, false),
            (0, 0, false),
            (5, 900, false),
        ] {
            assert_eq!(can("2026-02-12", clock, span), expected, "{clock} {span}");
        }
        // The circuit breaker ended the session.
        assert!(can("2016-01-07", at(9, 59), 60) && !can("2016-01-07", at(10, 0), 60));
        assert!(can("2016-01-07", at(9, 59) + 29, 0) && !can("2016-01-07", at(9, 59) + 30, 0));
    }

    #[test]
    fn prices_stand_where_trading_stopped() {
        let date = "2026-02-12".parse().unwrap();
        for (second, expected) in [
            (at(9, 24), None),
            (at(9, 25), Some(at(9, 25))),
            (at(11, 29) + 59, Some(at(11, 29) + 59)),
            (at(11, 30), Some(at(11, 30))),
            (at(12, 59), Some(at(11, 30))),
            (at(13, 0), Some(at(13, 0))),
            (at(15, 0), Some(at(15, 0))),
            (at(20, 0), Some(at(15, 0))),
        ] {
            assert_eq!(standing_at(date, second), expected, "{second}");
        }
        let [first, second, third] = ["2016-01-04", "2016-01-07", "2016-01-08"]
            .map(|date| date.parse::<SessionDate>().unwrap());
        assert_eq!(
            [first, second, third].map(ended_early),
            [Some(at(13, 33)), Some(at(9, 59)), None]
        );
        assert_eq!(standing_at(first, at(14, 0)), Some(at(13, 33)));
        assert_eq!(standing_at(second, at(9, 58)), Some(at(9, 58)));
        assert_eq!(standing_at(second, at(12, 0)), Some(at(9, 59)));
        assert_eq!(standing_at(third, at(14, 0)), Some(at(14, 0)));
    }

    #[test]
    fn trades_lie_in_phases() {
        let can = |clock: u32, span| {
            can_trade(Exchange::Sse, Board::Main, "2026-02-12".parse().unwrap(), clock, span)
        };
        for (clock, span, expected) in [
            (at(9, 14), 60, false),
            (at(9, 25), 0, true),
            (at(9, 45), 900, true),
            (at(11, 30), 900, true),
            (at(11, 30) + 2, 0, true),
            (at(11, 31), 60, false),
            (at(11, 31), 0, false),
            (at(12, 0), 900, false),
            (at(13, 0), 0, true),
            (at(13, 15), 900, true),
            (at(15, 0), 60, true),
            (at(15, 0) + 3, 0, true),
            (at(15, 1), 60, false),
            (at(15, 15), 900, false),
        ] {
            assert_eq!(can(clock, span), expected, "{clock} {span}");
        }
    }

    #[test]
    fn the_timetable_changes_on_its_dates() {
        use Board::*;
        use Exchange::*;
        for (exchange, board, date, clock, expected) in [
            (Sse, Main, "2018-08-17", "14:58", Phase::AfternoonContinuous),
            (Sse, Main, "2018-08-20", "14:58", Phase::ClosingCallAuction),
            (Szse, Main, "2006-06-30", "14:58", Phase::AfternoonContinuous),
            (Szse, Main, "2006-07-03", "14:58", Phase::ClosingCallAuction),
            (Sse, Star, "2019-07-22", "15:10", Phase::AfterHoursFixedPrice),
            (Szse, ChiNext, "2020-08-21", "15:10", Phase::Closed),
            (Szse, ChiNext, "2020-08-24", "15:10", Phase::AfterHoursFixedPrice),
            (Szse, Main, "2026-07-03", "15:10", Phase::Closed),
            (Szse, Main, "2026-07-06", "15:10", Phase::AfterHoursFixedPrice),
            (Exchange::Bse, Board::Bse, "2026-07-06", "15:10", Phase::Closed),
            (Exchange::Bse, Board::Bse, "2021-11-15", "14:58", Phase::ClosingCallAuction),
            (Sse, Main, "2016-01-04", "13:32", Phase::AfternoonContinuous),
            (Sse, Main, "2016-01-04", "13:33", Phase::Closed),
            (Szse, ChiNext, "2016-01-07", "10:00", Phase::Closed),
            (Szse, ChiNext, "2016-01-08", "10:00", Phase::MorningContinuous),
        ] {
            assert_eq!(phase(exchange, board, date, clock), expected, "{date} {clock}");
        }
    }
}
