//! A session as the measures see it, folded from the bars of a window.

use std::sync::Arc;

use fupan_market::{
    Calendar, Exchange, ExchangeRows, Groups, GroupsPast, Holes, IndexBasket, IndexHistory,
    MarketHistory, OwnPast, Rulebook, SecurityDay, SecurityHistory, SessionDate, TrackedIndex,
};

use rayon::prelude::*;

use crate::session::fund::FundView;
use crate::session::held::ExpectedRows;
use crate::session::index::{IndexFold, IndexView, PastCloses};
use crate::session::turnover::SessionTurnover;
use crate::session::walk::{SecurityWalk, bar_counts};

/// One session, with the past that its measures need.
#[derive(Clone, Debug)]
pub struct MarketSession {
    /// The session.
    pub session: SessionDate,
    /// Every listed A-share's day, suspended ones included.
    pub days: Vec<SecurityDay>,
    /// Turnover of the sessions before, earliest first.
    pub past: Vec<SessionTurnover>,
    /// Tracked indices with a bar in the session.
    pub indices: Vec<IndexView>,
    /// The closes of the tracked indices, if they were read.
    pub past_closes: PastCloses,
    /// What lists and imports say should be among `days` and is not.
    pub expected: ExpectedRows,
    /// Which securities are in which industry.
    pub groups: Arc<Groups>,
    /// What the indices with published weights are made of at the start of the session.
    pub baskets: Vec<IndexBasket>,
    /// What figures of groups look back on.
    pub groups_past: GroupsPast,
    /// What the securities that are asked for did in the sessions before, if it was read.
    pub own_past: Option<Arc<OwnPast>>,
    /// Funds that are asked for and traded in the session. No figure of A-shares counts them.
    pub funds: Vec<FundView>,
}

impl MarketSession {
    /// Folds a history; `None` if its last session is not in the calendar.
    pub fn fold(history: &MarketHistory, rulebook: &Rulebook) -> Option<MarketSession> {
        let window = Window::of(history, rulebook.calendar())?;
        let holes = window.holes(history);
        let parts = history
            .securities
            .par_iter()
            .with_min_len(64)
            .filter(|security| window.knows(security.listing.symbol.exchange()))
            .fold(
                || Part::empty(&window),
                |mut part, security| {
                    part.add(security, rulebook, &window, &holes);
                    part
                },
            )
            .reduce(|| Part::empty(&window), Part::merge);
        Some(MarketSession::of_days(history, rulebook, parts.days, parts.past))
    }

    /// A session from kept state. Every listed security's `before` is its carried-over state (see
    /// [`SecurityDay::brought`]), and the bars of `history` are the session's own. The data begin
    /// in `data_from`, and `past` is the turnover of the sessions before. `None` if the session is
    /// not in the calendar.
    ///
    /// A listed security without a bar gets a day without trade.
    pub fn of_kept(
        history: &MarketHistory,
        data_from: SessionDate,
        past: Vec<SessionTurnover>,
        rulebook: &Rulebook,
    ) -> Option<MarketSession> {
        let window = Window::of(history, rulebook.calendar())?;
        let number = window.session_number();
        let days = history
            .securities
            .par_iter()
            .with_min_len(64)
            .filter(|security| window.knows(security.listing.symbol.exchange()))
            .filter_map(|security| {
                let bar = security.bars.last().filter(|bar| bar.session == history.session);
                SecurityWalk::new(security, rulebook, data_from).day(bar, history.session, number)
            })
            .collect();
        Some(MarketSession::of_days(history, rulebook, days, past))
    }

    /// A session from its securities' days, in any order.
    fn of_days(
        history: &MarketHistory,
        rulebook: &Rulebook,
        mut days: Vec<SecurityDay>,
        past: Vec<SessionTurnover>,
    ) -> MarketSession {
        // Securities are sorted by their last codes, days by the codes of the session.
        days.sort_unstable_by_key(|day| day.symbol);
        drop_exchanges_without_trade(&mut days);
        MarketSession {
            expected: ExpectedRows::beside(history, history.session, &days),
            session: history.session,
            days,
            past,
            indices: indices(history, rulebook.calendar()),
            past_closes: PastCloses::of(tracked(history), rulebook.calendar()),
            groups: Arc::clone(&history.groups),
            baskets: history.baskets.clone(),
            groups_past: history.groups_past.clone(),
            own_past: history.own_past.clone(),
            funds: funds(history, rulebook.calendar()),
        }
    }
}

fn tracked(history: &MarketHistory) -> impl Iterator<Item = &IndexHistory> {
    history.indices.iter().filter(|index| TrackedIndex::of(index.symbol).is_some())
}

/// The tracked indices with a bar in the session.
fn indices(history: &MarketHistory, calendar: &Calendar) -> Vec<IndexView> {
    let tracked = tracked(history);
    tracked.filter_map(|index| IndexFold::view(index, history.session, calendar)).collect()
}

/// The funds that traded in the session.
fn funds(history: &MarketHistory, calendar: &Calendar) -> Vec<FundView> {
    let view = |fund| FundView::of(fund, history.session, calendar);
    history.funds.iter().filter_map(view).collect()
}

/// Drops exchanges without any trade: one whose data is missing would look suspended as a whole.
pub(crate) fn drop_exchanges_without_trade(days: &mut Vec<SecurityDay>) {
    let trades =
        Exchange::ALL.map(|e| days.iter().any(|d| d.symbol.exchange() == e && d.traded.is_some()));
    days.retain(|day| trades[day.symbol.exchange() as usize]);
}

/// Adds a security's rows to the rows of its exchange, session by session. `place` maps a session
/// to its index in `rows`.
pub(crate) fn count_rows(
    security: &SecurityHistory,
    place: impl Fn(SessionDate) -> Option<usize>,
    rows: &mut [ExchangeRows],
) {
    let exchange = security.listing.symbol.exchange() as usize;
    let counted = security.bars.iter().filter(|bar| bar_counts(&security.listing, bar.session));
    for place in counted.filter_map(|bar| place(bar.session)) {
        rows[place][exchange] += 1;
    }
}

/// Adds up the rows of the same sessions.
pub(crate) fn add_rows(mut rows: Vec<ExchangeRows>, other: Vec<ExchangeRows>) -> Vec<ExchangeRows> {
    for (rows, other) in rows.iter_mut().flatten().zip(other.iter().flatten()) {
        *rows += other;
    }
    rows
}

/// The sessions of a window.
pub(crate) struct Window {
    sessions: Vec<SessionDate>,
    pub(crate) from: SessionDate,
    pub(crate) first_number: u32,
}

impl Window {
    pub(crate) fn of(history: &MarketHistory, calendar: &Calendar) -> Option<Window> {
        let last = calendar.number(history.session).ok()?;
        let first = calendar.on_or_before(history.from.min(history.session)).ok();
        let first_number =
            first.and_then(|first| calendar.number(first).ok()).map_or(0, |n| n.min(last));
        let sessions = (first_number..=last).map_while(|n| calendar.session(n)).collect();
        Some(Window { sessions, from: history.from, first_number })
    }

    pub(crate) fn session_number(&self) -> u32 {
        self.first_number + self.sessions.len() as u32 - 1
    }

    fn session(&self) -> SessionDate {
        self.sessions[self.sessions.len() - 1]
    }

    /// The sessions before the last one that the data of an exchange lack.
    pub(crate) fn holes(&self, history: &MarketHistory) -> Holes {
        let before = &self.sessions[..self.sessions.len() - 1];
        let empty = || vec![ExchangeRows::default(); before.len()];
        let rows = history
            .securities
            .par_iter()
            .with_min_len(64)
            .filter(|security| self.knows(security.listing.symbol.exchange()))
            .fold(empty, |mut rows, security| {
                count_rows(security, |session| before.binary_search(&session).ok(), &mut rows);
                rows
            })
            .reduce(empty, add_rows);
        let mut holes = Holes::default();
        for ((number, session), rows) in (self.first_number..).zip(before).zip(rows) {
            holes.add(number, *session, rows);
        }
        let numbered: Vec<_> = (self.first_number..).zip(before.iter().copied()).collect();
        holes.lose(&history.lost, &numbered);
        holes
    }

    /// Whether the exchange has opened by the session.
    pub(crate) fn knows(&self, exchange: Exchange) -> bool {
        exchange.is_open_in(self.session())
    }

    /// The bars on sessions of the window, each with its session's place in it.
    pub(crate) fn places<'a, B>(
        &'a self,
        bars: &'a [B],
        session: impl Fn(&B) -> SessionDate + 'a,
    ) -> impl Iterator<Item = (usize, &'a B)> + 'a {
        let mut place = 0;
        bars.iter().filter_map(move |bar| {
            let date = session(bar);
            while self.sessions.get(place).is_some_and(|s| *s < date) {
                place += 1;
            }
            (self.sessions.get(place) == Some(&date)).then_some((place, bar))
        })
    }
}

/// The days and past turnover of some of the securities.
struct Part {
    days: Vec<SecurityDay>,
    past: Vec<SessionTurnover>,
}

impl Part {
    fn empty(window: &Window) -> Part {
        let before = &window.sessions[..window.sessions.len() - 1];
        let past = before.iter().map(|session| SessionTurnover::new(*session)).collect();
        Part { days: Vec::new(), past }
    }

    fn merge(mut self, other: Part) -> Part {
        self.days.extend(other.days);
        for (session, other) in self.past.iter_mut().zip(&other.past) {
            session.merge(other);
        }
        self
    }

    /// Folds one security up to the session.
    fn add(
        &mut self,
        security: &SecurityHistory,
        rulebook: &Rulebook,
        window: &Window,
        holes: &Holes,
    ) {
        let mut walk = SecurityWalk::new(security, rulebook, window.from);
        let mut today = None;
        for (place, bar) in window.places(&security.bars, |bar| bar.session) {
            if place + 1 == window.sessions.len() {
                today = Some(bar);
                break;
            }
            if let Some(turnover) = walk.pass(bar, window.first_number + place as u32, holes) {
                self.past[place].segment_mut(walk.segment).add(turnover);
            }
        }
        walk.reach(window.session_number(), holes);
        self.days.extend(walk.day(today, window.session(), window.session_number()));
    }
}
