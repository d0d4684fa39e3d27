//! A session reached by a walk through history.

use std::sync::Arc;

use fupan_market::{Exchange, GroupsPast, MarketHistory, SecurityDay, SessionDate, Symbol};

use crate::session::held::ExpectedRows;
use crate::session::index::PastCloses;
use crate::session::share_dates::ShareDates;
use crate::session::window::MarketSession;
use crate::total::cell::{Cell, Mark};
use crate::total::totals::Totals;

/// Whether a walk keeps the days of a session's securities, or only their totals. Days are large:
/// moving them is most of the cost that a walk without them saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Keep days and totals.
    Days,
    /// Keep totals only.
    Totals,
}

/// A session reached by a walk through history, with its securities' totals.
#[derive(Clone, Debug)]
pub struct WalkedSession {
    /// The session; `days` is empty if days are not kept.
    pub market: MarketSession,
    /// If days are kept and the session is a month's first: the securities seen before that have no
    /// day in it, each with its carried-over state.
    pub away: Vec<SecurityDay>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) totals: Totals,
    pub(crate) share_dates: ShareDates,
}

/// Some of the securities in one session of a walk.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    session: SessionDate,
    /// Whether the session is the first of a month.
    pub(crate) begins_month: bool,
    days: Vec<SecurityDay>,
    pub(crate) away: Vec<SecurityDay>,
    cells: Vec<Cell>,
    /// By exchange.
    share_dates: [ShareDates; 3],
    /// By exchange: whether one of its securities has no row.
    rowless: [bool; 3],
}

impl Part {
    /// A part without securities yet; `securities` is its capacity.
    pub(crate) fn new(
        previous: SessionDate,
        session: SessionDate,
        securities: usize,
        keep: Keep,
    ) -> Part {
        let month = |session: SessionDate| {
            let date = session.date();
            (date.year(), date.month())
        };
        Part {
            session,
            begins_month: month(previous) != month(session),
            away: Vec::new(),
            days: Vec::with_capacity(if keep == Keep::Days { securities } else { 0 }),
            cells: Vec::with_capacity(securities),
            share_dates: [ShareDates::new(previous, session); 3],
            rowless: [false; 3],
        }
    }

    pub(crate) fn add(&mut self, day: SecurityDay, keep: Keep) {
        let exchange = day.symbol.exchange();
        if !exchange.is_open_in(self.session) {
            return;
        }
        self.cells.push(Cell::of(&day));
        self.share_dates[exchange as usize].add(&day);
        self.rowless[exchange as usize] |= !day.has_row;
        if keep == Keep::Days {
            self.days.push(day);
        }
    }
}

impl WalkedSession {
    /// A session from its parts.
    pub(crate) fn of(
        range: &MarketHistory,
        session: SessionDate,
        parts: Vec<Part>,
    ) -> Option<WalkedSession> {
        let mut days = Vec::with_capacity(parts.iter().map(|part| part.days.len()).sum());
        let mut cells: Vec<Cell> =
            Vec::with_capacity(parts.iter().map(|part| part.cells.len()).sum());
        let begins_month = parts.first().is_some_and(|part| part.begins_month);
        let mut away = Vec::new();
        let mut rowless = [false; 3];
        let mut share_dates: Vec<[ShareDates; 3]> = Vec::with_capacity(parts.len());
        for part in parts {
            days.extend(part.days);
            away.extend(part.away);
            cells.extend(part.cells);
            rowless = std::array::from_fn(|place| rowless[place] || part.rowless[place]);
            share_dates.push(part.share_dates);
        }
        // Securities are sorted by their last codes, days by the codes of the session.
        days.sort_unstable_by_key(|day: &SecurityDay| day.symbol);
        cells.sort_unstable_by_key(|cell| cell.symbol);
        let trades = Exchange::ALL.map(|exchange| {
            cells.iter().any(|c| c.symbol.exchange() == exchange && c.marks.has(Mark::Traded))
        });
        let has_trade = |symbol: Symbol| trades[symbol.exchange() as usize];
        // Drop exchanges without any trade: one whose data is missing would look suspended as a
        // whole.
        cells.retain(|cell| has_trade(cell.symbol));
        let without_trade = days.extract_if(.., |day| !has_trade(day.symbol));
        if begins_month {
            away.extend(without_trade);
        } else {
            without_trade.for_each(drop);
        }
        away.sort_unstable_by_key(|day: &SecurityDay| day.symbol);
        if cells.is_empty() {
            return None;
        }
        let rowless = std::array::from_fn(|place| rowless[place] && trades[place]);
        let is_here =
            |symbol: Symbol| cells.binary_search_by_key(&symbol, |cell| cell.symbol).is_ok();
        let expected = ExpectedRows::of(range, session, is_here, rowless);
        let groups = Arc::clone(&range.groups);
        let (past, indices, baskets) = (Vec::new(), Vec::new(), Vec::new());
        let market = MarketSession {
            session,
            days,
            past,
            indices,
            past_closes: PastCloses::default(),
            expected,
            groups,
            baskets,
            groups_past: GroupsPast::Unread,
            own_past: None,
            funds: Vec::new(),
        };
        let totals = Totals::of(&cells);
        let of_traded = |dates: [ShareDates; 3]| dates.into_iter().zip(trades);
        let share_dates = share_dates.into_iter().flat_map(of_traded);
        let share_dates = share_dates.filter_map(|(dates, trades)| trades.then_some(dates));
        let share_dates = share_dates.reduce(ShareDates::merge)?;
        Some(WalkedSession { market, away, cells, totals, share_dates })
    }
}
