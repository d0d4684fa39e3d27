//! One security's session so far, and what its bar and its past say about it.

use crate::{
    Before, Board, Carried, Cluster, ExtremeBasis, LastTraded, Lookback, MovingAverage,
    PastComparison, Price, PriceLimit, Return, RiskWarning, Rulebook, Seals, SessionDate, Shares,
    Status, Symbol, Traded,
};

/// How the price limit of a day is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitBasis {
    /// From the rules and a known status.
    Rules,
    /// The status is unknown (or that the day is a first one is only inferred), but the day's
    /// prices allow only this class: they went beyond the narrower band, or touched neither
    /// band's limits. Or names say that the band is narrower, and prices beyond it prove that it
    /// is not.
    ShownByPrices,
    /// The status is unknown and matters; the nearest dated name decided. Or a day that is only
    /// inferred to be a first one ended or turned at an ordinary limit, and was taken for an
    /// ordinary day; or it has no previous close that could speak against it.
    NearestName,
    /// Not determined.
    Undetermined,
}

/// One security's session so far. Everything a measure may ask of a security is here.
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
    /// Its first session: as stated, else as seen, unless that is the first of the data.
    pub listed_on: Option<SessionDate>,
    /// Its special treatment on that day.
    pub status: Status,
    /// The reference price; `None` where neither the source nor an earlier close gives one, and
    /// where the day's prices lie outside every band around an earlier close: that was not the
    /// reference price, but probably the close before an ex-rights day.
    pub prev_close: Option<Price>,
    /// Whether the source gave `prev_close` or it is the last traded close.
    pub prev_close_basis: PrevCloseBasis,
    /// The price limit.
    pub limit: PriceLimit,
    /// How the limit is known.
    pub limit_basis: LimitBasis,
    /// Trading; `None`: suspended or otherwise without trade.
    pub traded: Option<Traded>,
    /// Whether the source has a row of it in the session.
    pub has_row: bool,
    /// Share capital nearest to the session, where known.
    pub shares: Option<Shares>,
    /// What quotes tell of its limit-up price; `None` where it was not seen sealed, or no quotes
    /// were looked at.
    pub seals: Option<Seals>,
    /// What earlier sessions left.
    pub carried: Carried,
}

/// How a previous close is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrevCloseBasis {
    /// The source gives it.
    Reported,
    /// The last traded close; an ex-rights day would not be seen.
    Derived,
}

/// Whether a close is too low to be a limit-up under any rule: less than 3 % above a previous
/// close of at least 0.10 yuan. The lowest limit-up from there on is 3.45 % above it: 0.30 after
/// 0.29 in a band of 5 %. Below, the BSE's rounding leaves limits that are no rise at all.
#[inline]
pub(crate) fn below_any_limit_up(prev_close: Price, last: Price) -> bool {
    prev_close.units() >= Price::UNITS / 10 && last.units() * 100 < prev_close.units() * 103
}

/// Whether a day's prices lie inside every band around a previous close: within 3 % of it, which
/// must be at least 0.10 yuan. The narrowest band is 5 %, and a limit is rounded by half a tick.
#[inline]
pub(crate) fn inside_any_band(prev_close: Price, traded: &Traded) -> bool {
    prev_close.units() >= Price::UNITS / 10
        && traded.high.units() * 100 <= prev_close.units() * 103
        && traded.low.units() * 100 >= prev_close.units() * 97
}

/// Where a price stood against one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touch {
    /// Never reached.
    None,
    /// Reached, and left by the last price.
    Broken,
    /// The last price is the limit.
    Sealed,
}

impl SecurityDay {
    /// The day's return; `None` without trade or reference price.
    pub fn day_return(&self) -> Option<Return> {
        Return::between(self.prev_close?, self.traded?.last)
    }

    /// How the day stood against its limit-up price; `None` without trade or a limit.
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

    /// How the day stood against its limit-down price; `None` without trade or a limit.
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
    /// A suspension does not end a streak; a day without a limit has streak 0. `None` where the
    /// limit of this day, or of an earlier day of the streak, is undetermined, and where every
    /// day since the first of the data, or since a session that they lack, was sealed, so that the
    /// streak may have begun before it.
    /// A day that rose by less than any limit-up can is not sealed, whatever its limit.
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

    /// What the streak is at least: the sealed days that are known to follow each other up to this
    /// one. It is the streak itself where that is known.
    pub fn limit_up_streak_at_least(&self) -> u16 {
        let carried = self.carried.streak_at_least;
        match (self.traded, self.limit_up_touch()) {
            (None, _) => carried,
            (Some(_), Some(Touch::Sealed)) => carried.saturating_add(1),
            (Some(_), _) => 0,
        }
    }

    /// Whether the session before is missing from the security's data.
    pub fn misses_session_before(&self) -> bool {
        self.carried.missing.is_some_and(|missing| missing + 1 == self.session_number)
    }

    fn rose_too_little(&self) -> bool {
        let closes = self.prev_close.zip(self.traded.map(|traded| traded.last));
        closes.is_some_and(|(prev_close, last)| below_any_limit_up(prev_close, last))
    }

    /// The limit-up cluster ("N days, M boards") as of this day: the running one with this day in
    /// it if sealed, or a new one; `None` where none runs, and where that is not known: see
    /// [`Carried::cluster_known`].
    ///
    /// `first_session` to this session, both included, are its N days; `boards` its M.
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

    /// The band, in percent, that the day's limit prices come from: 5, 10, 20 or 30.
    ///
    /// `None` on days without a limit or with an undetermined one, and on a first day limited by
    /// the issue price. Where the risk warning is unknown it is the band whose limits the day was
    /// given.
    pub fn band_percent(&self) -> Option<u8> {
        let (PriceLimit::Limited { .. }, Some(prev_close)) = (self.limit, self.prev_close) else {
            return None;
        };
        let rules = Rulebook::builtin().on(self.session);
        let said = match self.status.risk_warning {
            RiskWarning::Yes => [RiskWarning::Yes, RiskWarning::Yes],
            RiskWarning::No => [RiskWarning::No, RiskWarning::No],
            RiskWarning::Unknown => [RiskWarning::No, RiskWarning::Yes],
        };
        said.into_iter()
            .filter_map(|warning| rules.band_under(self.board, &self.status, warning))
            .find(|band| band.limit(prev_close) == self.limit)
            .map(|band| band.percent)
    }

    /// What the security brought into the day, and how it stood at its end: with it a fold gives
    /// the same day again, but for [`Carried::past`].
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

    /// How the session stands among the security's earlier prices.
    pub fn standing(&self) -> PastComparison {
        self.carried.stood.unwrap_or_else(|| PastComparison {
            beyond: ExtremeBasis::ALL
                .map(|basis| Lookback::ALL.map(|lookback| self.beyond(lookback, basis))),
            above: MovingAverage::ALL.map(|average| self.above_average(average)),
        })
    }

    /// Whether the session is a new high: its last price strictly above every close, or its high
    /// strictly above every high, of the look back. `None` without trade or with under
    /// [`Extreme::MIN_HISTORY`](crate::Extreme::MIN_HISTORY) traded sessions in it, and of all
    /// time where the whole past is not known.
    pub fn new_high(&self, lookback: Lookback, basis: ExtremeBasis) -> Option<bool> {
        self.beyond(lookback, basis)[0]
    }

    /// Whether the session is a new low: its last price strictly below every close, or its low
    /// strictly below every low, of the look back. `None` as for [`SecurityDay::new_high`].
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

    /// Whether the last price lies strictly above a moving average of the security's own traded
    /// days, this one included; `None` without trade or with too few of them.
    pub fn above_average(&self, average: MovingAverage) -> Option<bool> {
        match self.carried.stood {
            Some(stood) => stood.above[average as usize],
            None => self.carried.past.above(average, self.traded?.last),
        }
    }
}
