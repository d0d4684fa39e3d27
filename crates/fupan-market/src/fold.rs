//! Folding one security's bars, in time order, into its days.

use std::collections::VecDeque;

use crate::day::{Cluster, PrevCloseBasis, Shares};
use crate::{
    AdjustedPrice, Board, Carried, DailyBar, Extreme, LimitBasis, Listing, Price, PriceLimit,
    RiskWarning, Rulebook, SecurityDay, SessionDate, Status, Turnover, Unknown,
};

/// Exchange sessions over which highs and lows are taken.
const WINDOW_SESSIONS: u32 = 250;

/// Unsealed exchange sessions in a row that end a limit-up cluster.
const CLUSTER_GAP_SESSIONS: u32 = 4;

/// One security's past, ready for its next session.
///
/// This is the only place where time order matters: bars go in earliest first, and each
/// [`SecurityFold::day`] sees exactly what was known before it. `day` does not move the fold, so
/// a session can be looked at as often as its instants change; `close` moves past it.
#[derive(Clone, Debug)]
pub struct SecurityFold<'a> {
    rulebook: &'a Rulebook,
    listing: &'a Listing,
    board: Board,
    shares: Option<Shares>,
    history_from: SessionDate,
    first_seen: Option<SessionDate>,
    last_traded: Option<LastTraded>,
    streak: Option<u16>,
    cluster: Option<Cluster>,
    highs: VecDeque<(u32, AdjustedPrice)>,
    lows: VecDeque<(u32, AdjustedPrice)>,
    traded_sessions: VecDeque<u32>,
}

#[derive(Clone, Copy, Debug)]
struct LastTraded {
    session_number: u32,
    close: Price,
    turnover: Turnover,
}

impl<'a> SecurityFold<'a> {
    /// A fold before its first bar.
    ///
    /// `history_from` is the first session of the data: a security first seen later, whose
    /// listing date nobody states, is taken to be listed on the day it is first seen.
    pub fn new(
        rulebook: &'a Rulebook,
        listing: &'a Listing,
        board: Board,
        history_from: SessionDate,
    ) -> SecurityFold<'a> {
        SecurityFold {
            rulebook,
            listing,
            board,
            shares: None,
            history_from,
            first_seen: None,
            last_traded: None,
            streak: Some(0),
            cluster: None,
            highs: VecDeque::new(),
            lows: VecDeque::new(),
            traded_sessions: VecDeque::new(),
        }
    }

    /// The same fold with the security's share capital.
    pub fn with_shares(self, shares: Option<Shares>) -> SecurityFold<'a> {
        SecurityFold { shares, ..self }
    }

    /// The security's session as `bar` tells it, with all that earlier sessions left.
    ///
    /// `session_number` is [`Calendar::number`](crate::Calendar::number) of `bar.session`.
    pub fn day(&self, bar: &DailyBar, session_number: u32) -> SecurityDay {
        let (prev_close, prev_close_basis) = match (bar.prev_close, self.last_traded) {
            (Some(reported), _) => (Some(reported), PrevCloseBasis::Reported),
            (None, last) => (last.map(|last| last.close), PrevCloseBasis::Derived),
        };
        let status = self.listing.status_on(bar.session);
        let (limit, limit_basis) = self.limit(bar, &status, prev_close);
        SecurityDay {
            symbol: self.listing.symbol,
            board: self.board,
            session: bar.session,
            session_number,
            status,
            prev_close,
            prev_close_basis,
            limit,
            limit_basis,
            traded: bar.traded,
            shares: self.shares,
            carried: self.carried(session_number, prev_close),
        }
    }

    /// Moves past a session: `day` becomes part of what is carried.
    pub fn close(&mut self, day: &SecurityDay) {
        self.first_seen.get_or_insert(day.session);
        let Some(traded) = day.traded else { return };
        let number = day.session_number;
        self.rebase(day.prev_close);
        self.forget_before(number.saturating_add(1).saturating_sub(WINDOW_SESSIONS));
        self.remember(number, AdjustedPrice::today(traded.last));
        self.streak = day.limit_up_streak();
        self.cluster = self.cluster_after(day);
        self.last_traded = Some(LastTraded {
            session_number: number,
            close: traded.last,
            turnover: traded.turnover,
        });
    }

    /// The day's limit. Where the status is unknown, the day's own prices may still decide: a
    /// price beyond the narrower band proves the wider one, and a day that touched neither band
    /// is classed alike under both.
    fn limit(
        &self,
        bar: &DailyBar,
        status: &Status,
        prev_close: Option<Price>,
    ) -> (PriceLimit, LimitBasis) {
        let Some(prev_close) = prev_close else {
            return (PriceLimit::Unknown(Unknown::NoPrevClose), LimitBasis::Undetermined);
        };
        let listed_on = self.listed_on(bar.session);
        let under = |risk_warning| {
            let status = Status { risk_warning, ..*status };
            self.rulebook.price_limit(
                self.listing,
                self.board,
                listed_on,
                &status,
                bar.session,
                prev_close,
            )
        };
        if status.risk_warning != RiskWarning::Unknown {
            return with_basis(under(status.risk_warning), LimitBasis::Rules);
        }
        let (plain, warned) = (under(RiskWarning::No), under(RiskWarning::Yes));
        if plain == warned {
            return with_basis(plain, LimitBasis::Rules);
        }
        let (PriceLimit::Limited { up, down }, Some(traded)) = (warned, bar.traded) else {
            return with_basis(plain, LimitBasis::ShownByPrices);
        };
        let beyond = traded.high > up || traded.low < down;
        let touches = traded.high == up || traded.low == down;
        if beyond || !touches {
            return with_basis(plain, LimitBasis::ShownByPrices);
        }
        match status.nearest_risk_warning {
            RiskWarning::Yes => with_basis(warned, LimitBasis::NearestName),
            RiskWarning::No => with_basis(plain, LimitBasis::NearestName),
            RiskWarning::Unknown => {
                (PriceLimit::Unknown(Unknown::NoStatus), LimitBasis::Undetermined)
            }
        }
    }

    /// The listing date, or the first session the data shows, where that lies inside the data.
    fn listed_on(&self, session: SessionDate) -> Option<SessionDate> {
        self.listing.listed_on.or_else(|| {
            let seen = self.first_seen.unwrap_or(session);
            (seen > self.history_from).then_some(seen)
        })
    }

    fn carried(&self, session_number: u32, prev_close: Option<Price>) -> Carried {
        let last = self.last_traded;
        let gap = last.map_or(0, |last| session_number.saturating_sub(last.session_number + 1));
        Carried {
            streak: self.streak,
            gap_sessions: u16::try_from(gap).unwrap_or(u16::MAX),
            prev_turnover: last
                .filter(|last| last.session_number + 1 == session_number)
                .map(|last| last.turnover),
            cluster: self.cluster.filter(|cluster| runs(cluster, session_number)),
            extreme: self.extreme(session_number, prev_close),
        }
    }

    fn extreme(&self, session_number: u32, prev_close: Option<Price>) -> Option<Extreme> {
        let oldest = session_number.saturating_sub(WINDOW_SESSIONS);
        let last_close = self.last_traded?.close;
        let today = |price: AdjustedPrice| match prev_close {
            Some(prev_close) => price.rebased(last_close, prev_close),
            None => price,
        };
        let first_inside = |queue: &VecDeque<(u32, AdjustedPrice)>| {
            queue.iter().find(|(number, _)| *number >= oldest).map(|(_, price)| today(*price))
        };
        let before = self.traded_sessions.partition_point(|number| *number < oldest);
        let sessions = self.traded_sessions.len() - before;
        Some(Extreme {
            high_close: first_inside(&self.highs)?,
            low_close: first_inside(&self.lows)?,
            sessions_traded: u16::try_from(sessions).unwrap_or(u16::MAX),
        })
    }

    fn cluster_after(&self, day: &SecurityDay) -> Option<Cluster> {
        let number = day.session_number;
        let running = self.cluster.filter(|cluster| runs(cluster, number));
        if day.limit_up_touch() != Some(crate::day::Touch::Sealed) {
            return running;
        }
        let started = Cluster { first_session: number, last_sealed_session: number, boards: 0 };
        let cluster = running.unwrap_or(started);
        Some(Cluster { last_sealed_session: number, boards: cluster.boards + 1, ..cluster })
    }

    /// On an ex-rights day, brings every remembered price onto the new level.
    fn rebase(&mut self, prev_close: Option<Price>) {
        let (Some(last), Some(prev_close)) = (self.last_traded, prev_close) else { return };
        if last.close == prev_close {
            return;
        }
        for (_, price) in self.highs.iter_mut().chain(&mut self.lows) {
            *price = price.rebased(last.close, prev_close);
        }
    }

    fn forget_before(&mut self, oldest: u32) {
        for queue in [&mut self.highs, &mut self.lows] {
            while queue.front().is_some_and(|(number, _)| *number < oldest) {
                queue.pop_front();
            }
        }
        while self.traded_sessions.front().is_some_and(|number| *number < oldest) {
            self.traded_sessions.pop_front();
        }
    }

    /// Keeps both queues monotonic, so that their fronts are the extremes.
    fn remember(&mut self, number: u32, close: AdjustedPrice) {
        while self.highs.back().is_some_and(|(_, price)| *price <= close) {
            self.highs.pop_back();
        }
        self.highs.push_back((number, close));
        while self.lows.back().is_some_and(|(_, price)| *price >= close) {
            self.lows.pop_back();
        }
        self.lows.push_back((number, close));
        self.traded_sessions.push_back(number);
    }
}

fn with_basis(limit: PriceLimit, basis: LimitBasis) -> (PriceLimit, LimitBasis) {
    match limit {
        PriceLimit::Unknown(_) => (limit, LimitBasis::Undetermined),
        _ => (limit, basis),
    }
}

/// Whether a cluster still runs at a session: not yet `CLUSTER_GAP_SESSIONS` unsealed sessions.
fn runs(cluster: &Cluster, session_number: u32) -> bool {
    session_number.saturating_sub(cluster.last_sealed_session + 1) < CLUSTER_GAP_SESSIONS
}
