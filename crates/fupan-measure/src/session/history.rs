//! The market's whole past, walked security by security.

use std::collections::BTreeMap;

use fupan_market::{
    DailyBar, ExchangeRows, Holes, MarketHistory, Rulebook, SecurityHistory, SessionDate, Symbol,
    TrackedIndex,
};

use rayon::prelude::*;

use crate::session::index::{IndexFold, IndexView};
use crate::session::turnover::SessionTurnover;
use crate::session::walk::SecurityWalk;
use crate::session::walked::{Keep, Part, WalkedSession};
use crate::session::window::{add_rows, count_rows};

/// Every session of a market, in order, each as a review of it would see it.
///
/// The state that later sessions need is carried from one range of sessions to the next, so all of
/// history takes as much memory as one range.
#[derive(Clone, Debug)]
pub struct History<'a> {
    rulebook: &'a Rulebook,
    from: SessionDate,
    /// How many earlier sessions' turnover each session sees.
    window: usize,
    walks: BTreeMap<Symbol, SecurityWalk<'a>>,
    holes: Holes,
    turnovers: Vec<SessionTurnover>,
    indices: BTreeMap<Symbol, IndexFold>,
    next: u32,
}

impl<'a> History<'a> {
    /// The state before the first session of the data, `from`. Each session sees the turnover of
    /// the `window` sessions before it, as a review does.
    pub fn new(rulebook: &'a Rulebook, from: SessionDate, window: u32) -> History<'a> {
        History {
            rulebook,
            from,
            window: window as usize,
            walks: BTreeMap::new(),
            holes: Holes::default(),
            turnovers: Vec::new(),
            indices: BTreeMap::new(),
            next: 0,
        }
    }

    /// Loads each security's state before the first session walked, from its `before`; bars are not
    /// read. `lately` holds the sessions just before that one, enough to say how many rows it
    /// should have.
    pub fn know(&mut self, securities: &[SecurityHistory], lately: &MarketHistory) {
        for security in securities {
            let walk = SecurityWalk::new(security, self.rulebook, self.from);
            self.walks.insert(security.listing.symbol, walk);
        }
        let sessions = self.numbered(lately.from, lately.session);
        self.find_holes(lately, &sessions);
    }

    /// Walks the sessions `from..=to`, which come after every session walked before, over the bars
    /// in `range`. Sessions without a trade are left out.
    ///
    /// A security's listing is that of the range in which it first occurs.
    pub fn walk(
        &mut self,
        range: &MarketHistory,
        from: SessionDate,
        to: SessionDate,
        keep: Keep,
    ) -> Vec<WalkedSession> {
        let sessions = self.begin(range, from, to);
        let mut walked = self.walk_securities(range, &sessions, keep);
        for (walked, (number, session)) in walked.iter_mut().zip(&sessions) {
            let indices = self.index_views(range, *session, *number);
            let mut turnover = SessionTurnover::new(*session);
            if let Some(walked) = walked {
                let before = self.turnovers.len().saturating_sub(self.window);
                walked.market.past = self.turnovers[before..].to_vec();
                walked.market.indices = indices;
                turnover = SessionTurnover::of_totals(*session, &walked.totals);
            }
            self.turnovers.push(turnover);
        }
        self.forget();
        walked.into_iter().flatten().collect()
    }

    /// Advances state through `from..=to` as [`History::walk`] does, without building those days.
    pub fn pass(&mut self, range: &MarketHistory, from: SessionDate, to: SessionDate) {
        let sessions = self.begin(range, from, to);
        let empty = || -> Vec<SessionTurnover> {
            sessions.iter().map(|(_, session)| SessionTurnover::new(*session)).collect()
        };
        let bars = self.meet(range);
        self.find_holes(range, &sessions);
        let holes = &self.holes;
        let walks: Vec<_> = self.walks.iter_mut().collect();
        let turnovers = walks
            .into_par_iter()
            .with_min_len(64)
            .fold(empty, |mut turnovers, (symbol, walk)| {
                let bars = bars.get(symbol).map_or(&[][..], |security| &security.bars);
                let segment = walk.segment;
                on_sessions(bars, &sessions, |place, bar| {
                    let (number, _) = sessions[place];
                    if let Some(turnover) = bar.and_then(|bar| walk.pass(bar, number, holes)) {
                        turnovers[place].segment_mut(segment).add(turnover);
                    }
                });
                turnovers
            })
            .reduce(empty, |mut turnovers, other| {
                for (sum, other) in turnovers.iter_mut().zip(&other) {
                    sum.merge(other);
                }
                turnovers
            });
        self.turnovers.extend(turnovers);
        for (number, session) in &sessions {
            self.index_views(range, *session, *number);
        }
        self.forget();
    }

    /// Begins a range: returns its sessions that have not been walked yet, with their numbers.
    fn begin(
        &mut self,
        range: &MarketHistory,
        from: SessionDate,
        to: SessionDate,
    ) -> Vec<(u32, SessionDate)> {
        let mut sessions = self.numbered(from, to);
        sessions.retain(|(number, _)| *number >= self.next);
        if let Some((last, _)) = sessions.last() {
            self.next = last + 1;
            if self.indices.is_empty() {
                self.begin_indices(range, from);
            }
        }
        sessions
    }

    /// The sessions `from..=to`, with their numbers.
    fn numbered(&self, from: SessionDate, to: SessionDate) -> Vec<(u32, SessionDate)> {
        let numbered = |session: &SessionDate| {
            Some((self.rulebook.calendar().number(*session).ok()?, *session))
        };
        self.rulebook.calendar().between(from, to).iter().filter_map(numbered).collect()
    }

    /// Drops turnovers that no later session sees.
    fn forget(&mut self) {
        let outside = self.turnovers.len().saturating_sub(self.window);
        self.turnovers.drain(..outside);
    }

    /// The securities of a range by symbol. Each gets a walk, and its share capital is updated.
    fn meet<'s>(&mut self, range: &'s MarketHistory) -> BTreeMap<Symbol, &'s SecurityHistory> {
        let mut met = BTreeMap::new();
        for security in &range.securities {
            let symbol = security.listing.symbol;
            met.insert(symbol, security);
            let walk = self
                .walks
                .entry(symbol)
                .or_insert_with(|| SecurityWalk::new(security, self.rulebook, self.from));
            walk.know_shares(&security.shares);
        }
        met
    }

    /// Records the sessions of a range that the data of an exchange lack, and rows that imports
    /// lost.
    fn find_holes(&mut self, range: &MarketHistory, sessions: &[(u32, SessionDate)]) {
        let empty = || vec![ExchangeRows::default(); sessions.len()];
        let place =
            |on: SessionDate| sessions.binary_search_by_key(&on, |(_, session)| *session).ok();
        let rows = range
            .securities
            .par_iter()
            .with_min_len(64)
            .fold(empty, |mut rows, security| {
                count_rows(security, place, &mut rows);
                rows
            })
            .reduce(empty, add_rows);
        for ((number, session), rows) in sessions.iter().zip(rows) {
            self.holes.add(*number, *session, rows);
        }
        self.holes.lose(&range.lost, sessions);
    }

    fn walk_securities(
        &mut self,
        range: &MarketHistory,
        sessions: &[(u32, SessionDate)],
        keep: Keep,
    ) -> Vec<Option<WalkedSession>> {
        let bars = self.meet(range);
        self.find_holes(range, sessions);
        let holes = &self.holes;
        let previous: Vec<SessionDate> = sessions
            .iter()
            .map(|(_, on)| self.rulebook.calendar().back(*on, 1).ok().flatten().unwrap_or(*on))
            .collect();
        let mut walks: Vec<_> = self.walks.iter_mut().collect();
        // A day is large: move it only once, into its session.
        let at_a_time = walks.len().div_ceil(4 * rayon::current_num_threads()).max(1);
        let parts: Vec<Vec<Part>> = walks
            .par_chunks_mut(at_a_time)
            .map(|walks| {
                let mut parts: Vec<Part> = (sessions.iter().zip(&previous))
                    .map(|((_, session), previous)| {
                        Part::new(*previous, *session, walks.len(), keep)
                    })
                    .collect();
                for (symbol, walk) in walks {
                    let bars = bars.get(*symbol).map_or(&[][..], |security| &security.bars);
                    on_sessions(bars, sessions, |place, bar| {
                        let (number, session) = sessions[place];
                        let part = &mut parts[place];
                        if keep == Keep::Days && part.begins_month {
                            walk.reach(number, holes);
                            part.away.extend(walk.away(bar, session, number));
                        }
                        if let Some(day) = walk.step(bar, session, number, holes) {
                            part.add(day, keep);
                        }
                    });
                }
                parts
            })
            .collect();
        let mut of_session: Vec<Vec<Part>> = vec![Vec::new(); sessions.len()];
        for part in parts {
            of_session.iter_mut().zip(part).for_each(|(parts, part)| parts.push(part));
        }
        let sessions = sessions.par_iter().zip(of_session);
        sessions.map(|((_, session), parts)| WalkedSession::of(range, *session, parts)).collect()
    }

    /// Reads the index bars before the first session.
    fn begin_indices(&mut self, range: &MarketHistory, from: SessionDate) {
        for index in range.indices.iter().filter(|index| TrackedIndex::of(index.symbol).is_some()) {
            let fold = self.indices.entry(index.symbol).or_insert(IndexFold::new(index.symbol));
            for bar in index.bars.iter().filter(|bar| bar.session < from) {
                if let Ok(number) = self.rulebook.calendar().number(bar.session) {
                    fold.step(number, bar);
                }
            }
        }
    }

    /// The indices with a bar in a session, which must come after those already seen.
    fn index_views(
        &mut self,
        range: &MarketHistory,
        session: SessionDate,
        number: u32,
    ) -> Vec<IndexView> {
        let tracked = range.indices.iter().filter(|index| TrackedIndex::of(index.symbol).is_some());
        let of_session = tracked.filter_map(|index| {
            let place = index.bars.binary_search_by_key(&session, |bar| bar.session).ok()?;
            let fold = self.indices.entry(index.symbol).or_insert(IndexFold::new(index.symbol));
            Some(fold.step(number, &index.bars[place]))
        });
        of_session.collect()
    }
}

/// Calls `take` for each session in order, with its place among `sessions` and the bar in it.
fn on_sessions(
    bars: &[DailyBar],
    sessions: &[(u32, SessionDate)],
    mut take: impl FnMut(usize, Option<&DailyBar>),
) {
    let first = sessions.first().map(|(_, session)| *session);
    let mut next = bars.partition_point(|bar| Some(bar.session) < first);
    for (place, (_, session)) in sessions.iter().enumerate() {
        while bars.get(next).is_some_and(|bar| bar.session < *session) {
            next += 1;
        }
        take(place, bars.get(next).filter(|bar| bar.session == *session));
    }
}
