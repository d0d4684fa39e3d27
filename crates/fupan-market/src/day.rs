//! One security's session so far, and what follows from its bar and its past.

use crate::{
    Before, Board, Carried, Cluster, ExtremeBasis, LastTraded, Lookback, MovingAverage,
    PastComparison, Price, PriceLimit, Return, Seals, SessionDate, Shares, Status, Symbol, Traded,
};

/// How the price limit of a day is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitBasis {
    /// From the rules and a known status.
    Rules,
    /// The status is unknown (or the day is only inferred to be a first one), but the day's prices
    /// allow only this class: they went beyond the narrower band, or touched neither band's limits.
    /// Or names imply a narrower band, and prices beyond it disprove them.
    ShownByPrices,
    /// The status is unknown and matters; the nearest dated name decided. Or a day that is only
    /// inferred to be a first one ended or turned at an ordinary limit, and counts as an ordinary
    /// day. Or such a day has no previous close to test the inference against.
    NearestName,
    /// Not determined.
    Undetermined,
}

/// One security's session so far. Holds everything a measure may read about a security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityDay {
    /// The security.
    pub symbol: Symbol,
    /// Its board on that day.
    pub board: Board,
    /// The session.
    pub session: SessionDate,
    /// The session's number in the calendar.
    pub session_number: u32,
    /// Its first session: as stated, else as first seen, unless that is the first of the data.
    pub listed_on: Option<SessionDate>,
    /// Its special treatment on that day.
    pub status: Status,
    /// The reference price. `None` if neither the source nor an earlier close supplies one. Also
    /// `None` if the day's prices are outside every band around an earlier close: that was not the
    /// reference price, but probably the close before an ex-rights day.
    pub prev_close: Option<Price>,
    /// Whether `prev_close` comes from the source or is the last traded close.
    pub prev_close_basis: PrevCloseBasis,
    /// The price limit.
    pub limit: PriceLimit,
    /// How the limit is known.
    pub limit_basis: LimitBasis,
    /// Trading; `None` if suspended or otherwise without trade.
    pub traded: Option<Traded>,
    /// Whether the source has a row for it in the session.
    pub has_row: bool,
    /// Share capital nearest to the session, if known.
    pub shares: Option<Shares>,
    /// What quotes show at its limit-up price; `None` if it was not seen sealed, or no quotes were
    /// read.
    pub seals: Option<Seals>,
    /// The last price of the morning, as quotes showed it at 11:30. `None` before the afternoon,
    /// without trade in the morning, or if no quotes were read.
    pub morning: Option<Price>,
    /// The state carried from earlier sessions.
    pub carried: Carried,
}

/// How a previous close is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrevCloseBasis {
    /// The source states it.
    Reported,
    /// The last traded close; an ex-rights day would go unnoticed.
    Derived,
}

/// Whether a close is too low to be a limit-up under any rule: less than 3 % above a previous close
/// of at least 0.10 yuan. From that price on, the lowest limit-up is 3.45 % above: 0.30 after 0.29
/// in a band of 5 %. Below it, the BSE's rounding can produce a limit-up that is no rise.
#[inline]
pub(crate) fn below_any_limit_up(prev_close: Price, last: Price) -> bool {
    prev_close.units() >= Price::UNITS / 10 && last.units() * 100 < prev_close.units() * 103
}

/// Whether a day's prices are inside every band around a previous close: within 3 % of it. The
/// previous close must be at least 0.10 yuan. The narrowest band is 5 %, and a limit is rounded by
/// half a tick.
#[inline]
pub(crate) fn inside_any_band(prev_close: Price, traded: &Traded) -> bool {
    prev_close.units() >= Price::UNITS / 10
        && traded.high.units() * 100 <= prev_close.units() * 103
        && traded.low.units() * 100 >= prev_close.units() * 97
}

/// How a day traded against one of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touch {
    /// Never reached.
    None,
    /// Reached, but the last price is not the limit.
    Broken,
    /// The last price is the limit.
    Sealed,
}

impl SecurityDay {
    /// Whether its return rests on a previous close taken from the last traded close.
    pub fn has_derived_prev_close(&self) -> bool {
        self.traded.is_some()
            && self.prev_close.is_some()
            && self.prev_close_basis == PrevCloseBasis::Derived
    }

    /// The day's return; `None` without trade or reference price.
    pub fn day_return(&self) -> Option<Return> {
        Return::between(self.prev_close?, self.traded?.last)
    }

    /// The last price over that of the morning, minus one; `None` if [`SecurityDay::morning`] is.
    pub fn afternoon_return(&self) -> Option<Return> {
        Return::between(self.morning?, self.traded?.last)
    }

    /// How the day traded against its limit-up price; `None` without trade or a limit.
    pub fn limit_up_touch(&self) -> Option<Touch> {
        let (traded, PriceLimit::Limited { up, .. }) = (self.traded?, self.limit) else {
            return None;
        };
        Some(if traded.last == up {
            Touch::Sealed
        } else if traded.high == up {
            Touch::Broken
        } else {
            Touch::None
        })
    }

    /// How the day traded against its limit-down price; `None` without trade or a limit.
    pub fn limit_down_touch(&self) -> Option<Touch> {
        let (traded, PriceLimit::Limited { down, .. }) = (self.traded?, self.limit) else {
            return None;
        };
        Some(if traded.last == down {
            Touch::Sealed
        } else if traded.low == down {
            Touch::Broken
        } else {
            Touch::None
        })
    }

    /// Consecutive sealed limit-ups over the security's own traded days, this one included.
    ///
    /// A suspension does not end a streak; a day without a limit has streak 0. A day that rose by
    /// less than any limit-up can is not sealed, whatever its limit. `None` if the limit of this
    /// day, or of an earlier day of the streak, is undetermined. Also `None` if every day since the
    /// first of the data, or since a session missing from them, was sealed: the streak may have
    /// begun before.
    pub fn limit_up_streak(&self) -> Option<u16> {
        if self.traded.is_none() {
            return self.carried.streak;
        }
        match (self.limit, self.limit_up_touch()) {
            (PriceLimit::Unlimited(_), _) => Some(0),
            (_, Some(Touch::Sealed)) => self.carried.streak.map(|n| n.saturating_add(1)),
            (_, Some(_)) => Some(0),
            (_, None) if self.rose_too_little() => Some(0),
            (_, None) => None,
        }
    }

    /// Lower bound of the streak: the sealed days that are known to follow each other up to this
    /// one. Equal to the streak if that is known.
    pub fn limit_up_streak_at_least(&self) -> u16 {
        let carried = self.carried.streak_at_least;
        match (self.traded, self.limit_up_touch()) {
            (None, _) => carried,
            (Some(_), Some(Touch::Sealed)) => carried.saturating_add(1),
            (Some(_), _) => 0,
        }
    }

    /// Whether the previous session is missing from the security's data.
    pub fn misses_session_before(&self) -> bool {
        self.carried.missing.is_some_and(|missing| missing + 1 == self.session_number)
    }

    fn rose_too_little(&self) -> bool {
        let closes = self.prev_close.zip(self.traded.map(|traded| traded.last));
        closes.is_some_and(|(prev_close, last)| below_any_limit_up(prev_close, last))
    }

    /// The limit-up cluster ("N days, M boards") as of this day: the running one, including this
    /// day if sealed, or a new one. `None` if none runs or that is not known: see
    /// [`Carried::cluster_known`].
    ///
    /// N counts the days from `first_session` to this session, both included; M is `boards`.
    pub fn limit_up_cluster(&self) -> Option<Cluster> {
        let running = self.carried.cluster;
        if self.limit_up_touch() != Some(Touch::Sealed) || !self.carried.cluster_known {
            return running;
        }
        let number = self.session_number;
        let (first_session, boards) = running.map_or((number, 0), |c| (c.first_session, c.boards));
        Some(Cluster {
            first_session,
            last_sealed_session: number,
            boards: boards.saturating_add(1),
        })
    }

    /// The state carried into the day, and how the day compares with past prices. A fold started
    /// from it returns the same day, except for [`Carried::past`].
    pub fn brought(&self) -> Before {
        let carried = &self.carried;
        Before {
            last_traded: carried.last_close.map(|close| LastTraded {
                session_number: self.session_number - 1 - u32::from(carried.gap_sessions),
                close,
                streak: carried.streak,
                streak_at_least: carried.streak_at_least,
                cluster: carried.cluster,
                cluster_known: carried.cluster_known,
                idle_sessions: carried.idle_sessions,
                unsealed_days: carried.unsealed_days,
            }),
            ever: carried.past.extreme(Lookback::AllTime),
            first_seen: carried.first_seen,
            stood: Some(self.standing()),
            missing: carried.missing,
            derived: carried.derived,
        }
    }

    /// How the session compares with the security's earlier prices.
    pub fn standing(&self) -> PastComparison {
        self.carried.stood.unwrap_or_else(|| PastComparison {
            beyond: ExtremeBasis::ALL
                .map(|basis| Lookback::ALL.map(|lookback| self.beyond(lookback, basis))),
            above: MovingAverage::ALL.map(|average| self.above_average(average)),
        })
    }

    /// Whether the session is a new high of the look back: its last price strictly above every
    /// close, or its high strictly above every high. `None` without trade, with fewer than
    /// [`Extreme::MIN_HISTORY`](crate::Extreme::MIN_HISTORY) traded sessions in the look back, or,
    /// for all time, if the whole past is not known.
    pub fn new_high(&self, lookback: Lookback, basis: ExtremeBasis) -> Option<bool> {
        self.beyond(lookback, basis)[0]
    }

    /// Whether the session is a new low of the look back: its last price strictly below every
    /// close, or its low strictly below every low. `None` as for [`SecurityDay::new_high`].
    pub fn new_low(&self, lookback: Lookback, basis: ExtremeBasis) -> Option<bool> {
        self.beyond(lookback, basis)[1]
    }

    #[inline]
    fn beyond(&self, lookback: Lookback, basis: ExtremeBasis) -> [Option<bool>; 2] {
        match (self.carried.stood, &self.traded) {
            (Some(stood), _) => stood.beyond[basis as usize][lookback as usize],
            (None, Some(traded)) => self.carried.past.beyond(lookback, basis, traded),
            (None, None) => [None; 2],
        }
    }

    /// Whether the last price is strictly above a moving average of the security's own traded days,
    /// this one included; `None` without trade or with too few of them.
    pub fn above_average(&self, average: MovingAverage) -> Option<bool> {
        match self.carried.stood {
            Some(stood) => stood.above[average as usize],
            None => self.carried.past.above(average, self.traded?.last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fen, Turnover, TurnoverBasis};

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    #[test]
    fn a_close_less_than_three_percent_up_is_below_any_limit_up() {
        for (prev_close, last, below) in [
            ("10.00", "10.29", true),
            ("10.00", "10.2999", true),
            ("10.00", "10.30", false),
            ("10.00", "11.00", false),
            ("10.00", "9.00", true),
            ("0.10", "0.10", true),
            ("0.10", "0.1029", true),
            ("0.10", "0.11", false),
            ("0.0999", "0.09", false),
        ] {
            let found = below_any_limit_up(price(prev_close), price(last));
            assert_eq!(found, below, "{prev_close} {last}");
        }
    }

    #[test]
    fn prices_within_three_percent_are_inside_any_band() {
        let inside = |prev_close: &str, high: &str, low: &str| {
            let [high, low] = [high, low].map(price);
            let turnover = Turnover { fen: Fen(1), basis: TurnoverBasis::Reported };
            let traded = Traded { open: high, high, low, last: low, volume: 1, turnover };
            inside_any_band(price(prev_close), &traded)
        };
        for (prev_close, high, low, expected) in [
            ("10.00", "10.30", "9.70", true),
            ("10.00", "10.3001", "9.70", false),
            ("10.00", "10.30", "9.6999", false),
            ("10.00", "10.00", "10.00", true),
            ("0.10", "0.10", "0.10", true),
            ("0.0999", "0.0999", "0.0999", false),
        ] {
            assert_eq!(inside(prev_close, high, low), expected, "{prev_close} {high} {low}");
        }
    }
}
