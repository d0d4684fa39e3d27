//! Folds one security's bars, in time order, into its days.

use crate::codes::code_on;
use crate::day::{below_any_limit_up, inside_any_band};
use crate::day_builder::{DayBuilder, DayLimits, FirstLimit, StatusLimit};
use crate::listing::StatusHistory;
use crate::past::Past;
use crate::{
    Before, Board, Carried, Cluster, DailyBar, FormerCode, Hole, LimitBasis, Listing,
    PastComparison, PastPrices, PrevCloseBasis, Price, PriceLimit, Rebase, RiskWarning, Rulebook,
    SecurityDay, SessionDate, Shares, Status, Symbol, Touch, Traded, Unknown,
};

/// The state of one security, ready for its next session.
///
/// This is the only place where time order matters: bars go in earliest first, and each
/// [`SecurityFold::day`] uses exactly what was known before it. `day` does not change the fold, so
/// it can be called as often as a session's instants change; `close` advances past the session.
#[derive(Clone, Debug)]
pub struct SecurityFold<'a> {
    rulebook: &'a Rulebook,
    symbol: Symbol,
    former: Vec<FormerCode>,
    board: Board,
    listed_on: Option<SessionDate>,
    issue_price: Option<Price>,
    /// By date, earliest first.
    shares: Vec<Shares>,
    history_from: SessionDate,
    first_seen: Option<SessionDate>,
    last_traded: Option<LastTraded>,
    statuses: StatusHistory,
    streak: Option<u16>,
    streak_at_least: u16,
    cluster: Option<Cluster>,
    cluster_known: bool,
    /// Traded days since the cluster's last sealed one, or since clusters became unknown.
    unsealed_days: u8,
    /// Sessions since the last traded one with a row stating that it did not trade.
    idle_sessions: u16,
    /// Number of the last session missing from the data.
    missing: Option<u32>,
    /// Number of the last session whose reference price the source did not state.
    derived: Option<u32>,
    past: Past,
    stood: Option<PastComparison>,
}

#[derive(Clone, Copy, Debug)]
struct LastTraded {
    session_number: u32,
    close: Price,
    /// The price level of `past`: `close`, or the reference price that replaced it on an ex-rights
    /// day that has been opened. `None` if prices from before the data are on the level of the
    /// first session, whatever that is.
    level: Option<Price>,
}

impl<'a> SecurityFold<'a> {
    /// A fold before its first bar.
    ///
    /// `history_from` is the first session of the data. A security first seen later, without a
    /// stated listing date, is taken to be listed on the day it is first seen, unless its prices
    /// speak against it. One that was listed before has an unknown streak until its first day that
    /// is not sealed.
    pub fn new(
        rulebook: &'a Rulebook,
        listing: &Listing,
        board: Board,
        history_from: SessionDate,
    ) -> SecurityFold<'a> {
        let listed_inside = listing.listed_on.is_some_and(|on| on >= history_from);
        SecurityFold {
            rulebook,
            symbol: listing.symbol,
            former: listing.former.clone(),
            board,
            listed_on: listing.listed_on,
            issue_price: listing.issue_price,
            shares: Vec::new(),
            history_from,
            first_seen: None,
            last_traded: None,
            statuses: StatusHistory::of(listing),
            streak: listed_inside.then_some(0),
            streak_at_least: 0,
            cluster: None,
            cluster_known: listed_inside,
            unsealed_days: 0,
            idle_sessions: 0,
            missing: None,
            derived: None,
            past: Past::new(listed_inside),
            stood: None,
        }
    }

    /// Sets the security's share capital: every observation, earliest first.
    pub fn know_shares(&mut self, shares: &[Shares]) {
        self.shares.clear();
        self.shares.extend_from_slice(shares);
    }

    /// The share capital observed last on or before a session, else first after it.
    fn shares_on(&self, session: SessionDate) -> Option<Shares> {
        let after = self.shares.partition_point(|shares| shares.on <= session);
        self.shares.get(after.saturating_sub(1)).copied()
    }

    /// Sets the state from before the first bar. Call it before the fold sees any session.
    pub fn know_before(&mut self, before: &Before) {
        if let Some(missing) = before.missing {
            self.lose(missing);
        }
        if let Some(ever) = before.ever {
            self.past.set_ever(ever);
        }
        if let Some(last) = before.last_traded {
            self.first_seen = before.first_seen.or(Some(self.history_from));
            (self.streak, self.streak_at_least) = (last.streak, last.streak_at_least);
            (self.cluster, self.cluster_known) = (last.cluster, last.cluster_known);
            self.unsealed_days = last.unsealed_days;
            self.idle_sessions = last.idle_sessions;
            self.last_traded = Some(LastTraded {
                session_number: last.session_number,
                close: last.close,
                level: None,
            });
        }
        self.derived = before.derived;
        self.stood = before.stood;
    }

    /// Records that the next session has a row stating no trade.
    pub fn idle(&mut self) {
        if self.last_traded.is_some() {
            self.idle_sessions = self.idle_sessions.saturating_add(1);
        }
    }

    /// Records a session missing from the data: before the next one and after the last one in which
    /// the security traded. Nothing is known across it.
    pub fn miss(&mut self, hole: Hole) {
        let before_listing = self.listed_on.is_some_and(|on| on > hole.session);
        if !before_listing {
            self.lose(hole.number);
        }
    }

    fn lose(&mut self, number: u32) {
        if self.missing >= Some(number) {
            return;
        }
        self.missing = Some(number);
        (self.streak, self.streak_at_least) = (None, 0);
        (self.cluster, self.cluster_known, self.unsealed_days) = (None, false, 0);
        self.past.forget(number);
        if let Some(last) = &mut self.last_traded {
            last.level = None;
        }
    }

    /// Whether a reported reference price shows that bars are missing before a session: some
    /// sessions since the last traded one have no row, and the price is not the last close. It may
    /// still be an ex-rights day after a suspension; the data do not say which.
    fn misses_bars(&self, number: u32, reported: Option<Price>) -> bool {
        let (Some(last), Some(reported)) = (self.last_traded, reported) else { return false };
        let gap = number.saturating_sub(last.session_number + 1);
        gap > u32::from(self.idle_sessions)
            && reported != last.close
            && self.missing.is_none_or(|missing| missing < last.session_number)
    }

    /// Moves the past to the price level of the next session. This changes no result; the session's
    /// `day` calls are faster after an ex-rights day.
    pub fn open(&mut self, session_number: u32, prev_close: Option<Price>) {
        if self.misses_bars(session_number, prev_close) {
            self.lose(session_number - 1);
        }
        self.rebase(prev_close);
    }

    fn rebase(&mut self, prev_close: Option<Price>) {
        if let (Some(last), Some(prev_close)) = (&mut self.last_traded, prev_close) {
            if let Some(level) = last.level {
                self.past.rebase(Rebase::between(level, prev_close));
            }
            if prev_close.units() > 0 {
                last.level = Some(prev_close);
            }
        }
    }

    /// The security's session from `bar` and the state carried from earlier sessions.
    ///
    /// `session_number` is [`Calendar::number`](crate::Calendar::number) of `bar.session`.
    #[inline]
    pub fn day(&self, bar: &DailyBar, session_number: u32) -> SecurityDay {
        self.day_builder(bar.session, session_number, bar.prev_close).day(bar.traded)
    }

    /// The security's session before its first trade, ready for any trading. `prev_close` is the
    /// reference price, if the source states it.
    #[inline]
    pub fn day_builder(
        &self,
        session: SessionDate,
        session_number: u32,
        prev_close: Option<Price>,
    ) -> DayBuilder {
        let misses_bars = self.misses_bars(session_number, prev_close);
        let (prev_close, prev_close_basis) = match prev_close {
            Some(reported) => (Some(reported), PrevCloseBasis::Reported),
            None => (self.derived_prev_close(), PrevCloseBasis::Derived),
        };
        let status = self.statuses.on(session);
        let limits = self.limits(session, &status, prev_close);
        let (limit, limit_basis) = limits.of(None);
        let day = SecurityDay {
            symbol: code_on(self.symbol, &self.former, session),
            board: self.board,
            session,
            session_number,
            listed_on: self.listed_on.or(self.inferred_listing(session)),
            status,
            prev_close,
            prev_close_basis,
            limit,
            limit_basis,
            traded: None,
            has_row: true,
            shares: self.shares_on(session),
            seals: None,
            morning: None,
            carried: match misses_bars {
                true => self.carried_over_missing(session_number),
                false => self.carried(session, session_number, prev_close),
            },
        };
        DayBuilder::new(day, limits)
    }

    /// Advances past a session with a row: `day` becomes part of the carried state.
    pub fn close(&mut self, day: &SecurityDay) {
        let Some(traded) = day.traded else { return self.idle() };
        self.first_seen.get_or_insert(day.session);
        let reported = day.prev_close.filter(|_| day.prev_close_basis == PrevCloseBasis::Reported);
        self.open(day.session_number, reported);
        if reported.is_none() && day.prev_close.is_some() {
            self.derived = Some(day.session_number);
        }
        (self.streak, self.streak_at_least) =
            (day.limit_up_streak(), day.limit_up_streak_at_least());
        (self.cluster, self.cluster_known) = (day.limit_up_cluster(), day.carried.cluster_known);
        match day.limit_up_touch() {
            Some(Touch::Sealed) => self.unsealed_days = 0,
            _ => self.pass_unsealed(),
        }
        self.pass(day.session_number, day.prev_close, traded);
    }

    /// Counts a traded day that was not sealed.
    fn pass_unsealed(&mut self) {
        self.unsealed_days = self.unsealed_days.saturating_add(1);
        self.cluster_known |= self.unsealed_days >= Cluster::GAP_DAYS;
    }

    /// Advances past a session whose day is not read. Has the effect of `day` and then `close`,
    /// without computing what only a reader of the day needs. Most sessions rise too little to be
    /// sealed under any rule, and need no limit.
    pub fn advance(&mut self, bar: &DailyBar, session_number: u32) {
        let prev_close = bar.prev_close.or(self.derived_prev_close());
        match (bar.traded, prev_close) {
            (Some(traded), Some(prev_close))
                if below_any_limit_up(prev_close, traded.last)
                    && (bar.prev_close.is_some() || inside_any_band(prev_close, &traded)) =>
            {
                self.cluster_known |= self.comes_without_past(bar.session, session_number);
                self.first_seen.get_or_insert(bar.session);
                self.open(session_number, bar.prev_close);
                if bar.prev_close.is_none() {
                    self.derived = Some(session_number);
                }
                (self.streak, self.streak_at_least) = (Some(0), 0);
                self.cluster = self.running_cluster();
                self.pass_unsealed();
                self.pass(session_number, Some(prev_close), traded);
            }
            _ => {
                let day = self.day(bar, session_number);
                self.close(&day);
            }
        }
    }

    /// Adds a session's prices to the past.
    fn pass(&mut self, number: u32, prev_close: Option<Price>, traded: Traded) {
        // If the first day of a security listed inside the data is missing, its past is incomplete.
        if self.last_traded.is_none() && self.first_seen > self.listed_on {
            self.past.begin_late();
        }
        self.stood = None;
        self.idle_sessions = 0;
        self.rebase(prev_close);
        self.past.remember(number, &traded);
        self.last_traded = Some(LastTraded {
            session_number: number,
            close: traded.last,
            level: Some(traded.last),
        });
    }

    /// The last traded close, unless a session since then is missing.
    fn derived_prev_close(&self) -> Option<Price> {
        let last = self.last_traded?;
        self.missing.is_none_or(|missing| missing < last.session_number).then_some(last.close)
    }

    /// Whether a security whose listing is inferred from its first bar has no past in a session: it
    /// has no earlier bar, and the session before is not missing.
    fn comes_without_past(&self, session: SessionDate, number: u32) -> bool {
        self.first_seen.is_none()
            && self.listed_on.is_none()
            && session > self.history_from
            && !self.rulebook.recoded_on(self.board, session)
            && self.missing.is_none_or(|missing| missing + 1 < number)
    }

    fn running_cluster(&self) -> Option<Cluster> {
        self.cluster.filter(|_| self.unsealed_days < Cluster::GAP_DAYS)
    }

    /// The limits that the session's prices select from.
    fn limits(
        &self,
        session: SessionDate,
        status: &Status,
        prev_close: Option<Price>,
    ) -> DayLimits {
        let first = self.possible_first_session(status, session, prev_close);
        if first.is_some() {
            let rules = self.rulebook.on(session);
            let ordinary = by_status(status, |status| match prev_close {
                Some(price) if price.units() > 0 => rules.ordinary_limit(self.board, status, price),
                _ => PriceLimit::Unknown(Unknown::NoPrevClose),
            });
            return DayLimits { ordinary, first };
        }
        let (issued, listed, board) = (self.issue_price, self.listed_on, self.board);
        let ordinary = by_status(status, |status| {
            self.rulebook.price_limit(issued, board, listed, status, session, prev_close)
        });
        DayLimits { ordinary, first: None }
    }

    /// The inferred first session of a security without a stated one, if it is inside the data.
    fn inferred_listing(&self, session: SessionDate) -> Option<SessionDate> {
        let first_seen = self.first_seen.unwrap_or(session);
        let begins =
            first_seen > self.history_from && !self.rulebook.recoded_on(self.board, first_seen);
        (self.listed_on.is_none() && begins).then_some(first_seen)
    }

    /// The limit of a first session that this one may be without any source saying so: one of the
    /// first after an inferred listing, or the first of a delisting period that only later names
    /// show.
    fn possible_first_session(
        &self,
        status: &Status,
        session: SessionDate,
        prev_close: Option<Price>,
    ) -> Option<FirstLimit> {
        let inferred = self.inferred_listing(session);
        let delisting = self.statuses.delisting_may_begin_on(session, self.rulebook.calendar());
        if inferred.is_none() && !delisting {
            return None;
        }
        let marked = status.delisting_since == Some(session);
        let delisting_since = delisting.then_some(session);
        let status = Status { delisting_since, ..*status };
        let (issued, board) = (self.issue_price, self.board);
        let limit = self
            .rulebook
            .first_session_limit(issued, board, inferred, &status, session, prev_close)?;
        Some(FirstLimit { limit, likelier: marked || inferred.is_some() })
    }

    fn carried(
        &self,
        session: SessionDate,
        session_number: u32,
        prev_close: Option<Price>,
    ) -> Carried {
        let last = self.last_traded;
        let gap = last.map_or(0, |last| session_number.saturating_sub(last.session_number + 1));
        let without_past = self.comes_without_past(session, session_number);
        Carried {
            streak: self.streak.or(without_past.then_some(0)),
            streak_at_least: self.streak_at_least,
            gap_sessions: u16::try_from(gap).unwrap_or(u16::MAX),
            idle_sessions: self.idle_sessions,
            missing: self.missing,
            derived: self.derived,
            cluster: self.running_cluster(),
            cluster_known: self.cluster_known || without_past,
            unsealed_days: self.unsealed_days,
            last_close: last.map(|last| last.close),
            first_seen: self.first_seen,
            past: match self.stood {
                Some(_) => PastPrices::NONE,
                None => self.past_prices(session_number, prev_close),
            },
            stood: self.stood,
        }
    }

    /// The state carried into a session before which bars are missing.
    fn carried_over_missing(&self, session_number: u32) -> Carried {
        let last = self.last_traded;
        let gap = last.map_or(0, |last| session_number.saturating_sub(last.session_number + 1));
        Carried {
            streak: None,
            streak_at_least: 0,
            gap_sessions: u16::try_from(gap).unwrap_or(u16::MAX),
            idle_sessions: self.idle_sessions,
            missing: Some(session_number - 1),
            derived: self.derived,
            cluster: None,
            cluster_known: false,
            unsealed_days: 0,
            last_close: last.map(|last| last.close),
            first_seen: self.first_seen,
            past: PastPrices::NONE,
            stood: self.stood,
        }
    }

    fn past_prices(&self, session_number: u32, prev_close: Option<Price>) -> PastPrices {
        let year_from = self.rulebook.calendar().year_before(session_number);
        let level = self.last_traded.and_then(|last| last.level);
        let rebase = match (level, prev_close) {
            (Some(level), Some(prev_close)) => Rebase::between(level, prev_close),
            _ => Rebase::NONE,
        };
        if rebase.is_none() {
            return self.past.prices(session_number, year_from);
        }
        let mut past = self.past.clone();
        past.rebase(rebase);
        past.prices(session_number, year_from)
    }
}

/// The limit that `under` returns for a status. If the risk warning is unknown and matters, the
/// day's own prices may decide. If names imply a risk warning, prices may disprove them.
fn by_status(status: &Status, under: impl Fn(&Status) -> PriceLimit) -> StatusLimit {
    let plain = under(&Status { risk_warning: RiskWarning::No, s_share: false, ..*status });
    if status.risk_warning != RiskWarning::Unknown {
        let named = under(status);
        return match named == plain {
            true => StatusLimit::settled(named, LimitBasis::Rules),
            false => StatusLimit::Named { named, plain },
        };
    }
    let warned = under(&Status { risk_warning: RiskWarning::Yes, ..*status });
    if plain == warned {
        return StatusLimit::settled(plain, LimitBasis::Rules);
    }
    StatusLimit::Open { plain, warned, nearest: status.nearest_risk_warning }
}

#[cfg(test)]
mod tests;
