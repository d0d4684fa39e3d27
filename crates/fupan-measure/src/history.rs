//! The market's whole past, walked security by security.

use std::collections::BTreeMap;

use fupan_market::{
    Calendar, DailyBar, Exchange, IndexBar, MarketHistory, Rulebook, SecurityDay, SecurityHistory,
    SessionDate, Symbol,
};
use rayon::prelude::*;

use crate::index::IndexView;
use crate::market::{MarketSession, drop_exchanges_without_trade};
use crate::series::{SessionTurnover, bse_opening};
use crate::walk::Walk;

/// Every session of a market, in order, each as a review of it would see it.
///
/// What a session needs of the past is carried from one stretch of sessions to the next, so that
/// all of history takes as much memory as one stretch.
#[derive(Clone, Debug)]
pub struct History<'a> {
    rulebook: &'a Rulebook,
    calendar: &'a Calendar,
    from: SessionDate,
    /// Sessions before each whose turnover and index bars it sees.
    window: usize,
    walks: BTreeMap<Symbol, Walk<'a>>,
    turnovers: Vec<SessionTurnover>,
    indices: BTreeMap<Symbol, Vec<(u32, IndexBar)>>,
    next: u32,
}

impl<'a> History<'a> {
    /// Before the first session of the data, `from`; each session sees the `window` sessions
    /// before it, as a review does.
    pub fn new(
        rulebook: &'a Rulebook,
        calendar: &'a Calendar,
        from: SessionDate,
        window: u32,
    ) -> History<'a> {
        History {
            rulebook,
            calendar,
            from,
            window: window as usize,
            walks: BTreeMap::new(),
            turnovers: Vec::new(),
            indices: BTreeMap::new(),
            next: 0,
        }
    }

    /// Walks on over the sessions `from..=to`, which come after every session walked before, by
    /// the bars in `stretch`. Sessions without a trade are left out.
    ///
    /// A security's listing is that of the stretch in which it first occurs.
    pub fn walk(
        &mut self,
        stretch: &MarketHistory,
        from: SessionDate,
        to: SessionDate,
    ) -> Vec<MarketSession> {
        let sessions: Vec<(u32, SessionDate)> = self
            .calendar
            .between(from, to)
            .iter()
            .filter_map(|session| Some((self.calendar.number(*session).ok()?, *session)))
            .filter(|(number, _)| *number >= self.next)
            .collect();
        let Some((last, _)) = sessions.last() else { return Vec::new() };
        self.next = last + 1;
        if self.indices.is_empty() {
            self.begin_indices(stretch, from);
        }
        let mut markets = self.walk_securities(stretch, &sessions);
        for (market, (number, _)) in markets.iter_mut().zip(&sessions) {
            let before = self.turnovers.len().saturating_sub(self.window);
            market.past = self.turnovers[before..].to_vec();
            self.turnovers.push(SessionTurnover::of_days(market.session, &market.days));
            self.add_index_bars(stretch, market.session, *number);
            market.indices = self.index_views(*number);
        }
        // What no later session sees is not kept.
        let outside = self.turnovers.len().saturating_sub(self.window);
        self.turnovers.drain(..outside);
        markets.retain(|market| !market.days.is_empty());
        markets
    }

    fn walk_securities(
        &mut self,
        stretch: &MarketHistory,
        sessions: &[(u32, SessionDate)],
    ) -> Vec<MarketSession> {
        let mut bars: BTreeMap<Symbol, &SecurityHistory> = BTreeMap::new();
        for security in &stretch.securities {
            let symbol = security.listing.symbol;
            bars.insert(symbol, security);
            let walk = self
                .walks
                .entry(symbol)
                .or_insert_with(|| Walk::new(security, self.rulebook, self.from));
            walk.know_shares(&security.shares);
        }
        let empty = || -> Vec<Vec<SecurityDay>> { vec![Vec::new(); sessions.len()] };
        let walks: Vec<_> = self.walks.iter_mut().collect();
        let days = walks
            .into_par_iter()
            .with_min_len(64)
            .fold(empty, |mut days, (symbol, walk)| {
                let bars = bars.get(symbol).map_or(&[][..], |security| &security.bars);
                walk_one(walk, bars, sessions, &mut days);
                days
            })
            .reduce(empty, |mut days, other| {
                for (days, other) in days.iter_mut().zip(other) {
                    days.extend(other);
                }
                days
            });
        let mut markets: Vec<MarketSession> = sessions
            .iter()
            .zip(days)
            .map(|((_, session), days)| MarketSession {
                session: *session,
                days,
                past: Vec::new(),
                indices: Vec::new(),
            })
            .collect();
        markets.par_iter_mut().for_each(|market| {
            market.days.retain(|day| {
                day.symbol.exchange() != Exchange::Bse || market.session >= bse_opening()
            });
            market.days.sort_unstable_by_key(|day| day.symbol);
            drop_exchanges_without_trade(&mut market.days);
        });
        markets
    }

    /// Takes in the index bars that lie before the first session.
    fn begin_indices(&mut self, stretch: &MarketHistory, from: SessionDate) {
        for index in &stretch.indices {
            let before = index.bars.iter().filter(|bar| bar.session < from);
            let numbered =
                before.filter_map(|bar| Some((self.calendar.number(bar.session).ok()?, *bar)));
            self.indices.insert(index.symbol, numbered.collect());
        }
    }

    fn add_index_bars(&mut self, stretch: &MarketHistory, session: SessionDate, number: u32) {
        for index in &stretch.indices {
            let place = index.bars.partition_point(|bar| bar.session < session);
            let Some(bar) = index.bars.get(place).filter(|bar| bar.session == session) else {
                continue;
            };
            let bars = self.indices.entry(index.symbol).or_default();
            bars.push((number, *bar));
            let oldest = number.saturating_sub(self.window as u32);
            let outside = bars.partition_point(|(number, _)| *number < oldest);
            bars.drain(..outside);
        }
    }

    /// The indices with a bar of a session, which is the last one added.
    fn index_views(&self, number: u32) -> Vec<IndexView> {
        let of_session = self
            .indices
            .iter()
            .filter(|(_, bars)| bars.last().is_some_and(|(last, _)| *last == number));
        of_session
            .map(|(symbol, bars)| IndexView {
                symbol: *symbol,
                bars: bars.clone(),
                median_return: None,
            })
            .collect()
    }
}

/// Takes one security through some sessions.
fn walk_one(
    walk: &mut Walk<'_>,
    bars: &[DailyBar],
    sessions: &[(u32, SessionDate)],
    days: &mut [Vec<SecurityDay>],
) {
    let first = sessions.first().map(|(_, session)| *session);
    let mut next = bars.partition_point(|bar| Some(bar.session) < first);
    for ((number, session), days) in sessions.iter().zip(days) {
        while bars.get(next).is_some_and(|bar| bar.session < *session) {
            next += 1;
        }
        let bar = bars.get(next).filter(|bar| bar.session == *session);
        days.extend(walk.step(bar, *session, *number));
    }
}
