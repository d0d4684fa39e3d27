//! The simulated market: everything generated, and how to read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_market::{
    Calendar, DailyBar, Fen, Group, GroupId, GroupKind, Grouped, Groups, GroupsPast, IndexHistory,
    IndexList, IndexLists, MarketHistory, Membership, Price, Rulebook, SecurityHistory,
    SessionDate, Shares, Symbol, Traded, Turnover, TurnoverBasis,
};
use rayon::prelude::*;

use crate::intent::Intent;
use crate::life::Life;
use crate::plan::MarketPlan;
use crate::roster::roster;
use crate::walk::{Capital, SimBar, Walk};
use crate::{climate, index};

/// A simulated market: every security's sessions, the indices, and what was intended.
#[derive(Clone, Debug)]
pub struct SimulatedMarket {
    pub(crate) plan: MarketPlan,
    pub(crate) dates: Vec<SessionDate>,
    /// By symbol.
    pub(crate) lives: Vec<Life>,
    /// By symbol.
    pub(crate) indices: Vec<IndexHistory>,
}

/// The source name of its rows in a store.
pub(crate) const SOURCE: &str = "simulated";

/// What the simulator intended for one session of one security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The intended session.
    pub intent: Intent,
    /// The limit-up streak after the session.
    pub limit_up_streak: u16,
}

impl SimulatedMarket {
    /// Generates the market of a plan.
    ///
    /// Prices come from the seed, their limits from [`Rulebook::builtin`], and the sessions from
    /// [`Calendar::builtin`]. A plan of more than four years is of a growing market: boards open on
    /// their day, and listings follow the rules of their board. In a shorter one every board exists
    /// from the first session, whatever its date, and securities do not trade under rules that the
    /// rulebook does not know.
    pub fn generate(plan: &MarketPlan) -> SimulatedMarket {
        let calendar = Calendar::builtin();
        let dates = plan.dates(calendar);
        if dates.is_empty() {
            let (lives, indices) = (Vec::new(), Vec::new());
            return SimulatedMarket { plan: plan.clone(), dates, lives, indices };
        }
        let weather = climate::forecast(plan.seed, dates.len());
        let seats = roster(plan, &dates, calendar);
        let rulebook = Rulebook::builtin();
        let mut lives: Vec<Life> = seats
            .into_par_iter()
            .flat_map_iter(|seat| {
                let walked = Walk::new(plan.seed, rulebook, &dates, &weather, &seat).run();
                Life::of(seat, walked, &dates)
            })
            .collect();
        lives.sort_by_key(|life| life.listing.symbol);
        let indices = index::histories(&plan.indices, &lives, &dates);
        SimulatedMarket { plan: plan.clone(), dates, lives, indices }
    }

    /// The plan it was made from.
    pub fn plan(&self) -> &MarketPlan {
        &self.plan
    }

    /// Its sessions, earliest first.
    pub fn sessions(&self) -> &[SessionDate] {
        &self.dates
    }

    /// The last session with up to `sessions_before` sessions before it, as a store would return
    /// it. Securities without a row in that window are left out; index bars go back to the first.
    pub fn history(&self, sessions_before: u32) -> MarketHistory {
        let first = self.dates.len().saturating_sub(sessions_before as usize + 1);
        let from = self.dates.get(first).copied().unwrap_or(self.plan.last_session);
        let session = self.dates.last().copied().unwrap_or(self.plan.last_session);
        let securities = self
            .lives
            .par_iter()
            .filter_map(|life| {
                let skipped = life.bars.partition_point(|bar| usize::from(bar.session) < first);
                let bars: Vec<DailyBar> =
                    life.bars[skipped..].iter().map(|bar| self.daily_bar(bar)).collect();
                (!bars.is_empty()).then(|| SecurityHistory {
                    listing: life.listing.clone(),
                    board: life.board,
                    shares: self.shares(life),
                    before: None,
                    bars,
                })
            })
            .collect();
        let indices = self
            .indices
            .iter()
            .map(|history| IndexHistory { symbol: history.symbol, bars: history.bars.clone() })
            .collect();
        let (listed, lost, groups) = (Vec::new(), Vec::new(), self.groups());
        MarketHistory {
            session,
            from,
            securities,
            indices,
            listed,
            lost,
            groups,
            index_lists: Arc::new(IndexLists::of(self.index_lists())),
            baskets: Vec::new(),
            groups_past: GroupsPast::Unread,
            own_past: None,
            funds: Vec::new(),
        }
    }

    /// The weights of indices that are published, each at the end of a month.
    pub(crate) fn index_lists(&self) -> Vec<IndexList> {
        index::weights(&self.plan.indices, &self.lives, &self.dates)
    }

    /// The industries and the concepts of its securities, observed on the dates of each security's
    /// names.
    pub fn groups(&self) -> Arc<Groups> {
        let of_life = |life: &Life| {
            let symbol = life.listing.symbol;
            let on = |seen_on| Membership { symbol, seen_on, since: None, until: None };
            let members: Vec<Membership> =
                life.listing.names.iter().map(|name| on(name.on)).collect();
            let industry = life.industry_name();
            let id = GroupId::of_level(SOURCE, 1, None, &industry);
            let industry = (GroupKind::Industry, id, industry);
            let concepts = life.concept_names().map(|name| {
                (
                    GroupKind::Concept,
                    GroupId::of_kind(SOURCE, GroupKind::Concept, None, &name),
                    name,
                )
            });
            let named: Vec<_> = std::iter::once(industry).chain(concepts).collect();
            named.into_iter().filter_map(move |(kind, id, name)| {
                let group = Group { id: id.ok()?, name: name.into() };
                Some(Grouped { kind, group, members: members.clone() })
            })
        };
        Arc::new(Groups::of(self.lives.iter().flat_map(of_life)))
    }

    /// What was intended, by session and symbol.
    pub fn truth(&self) -> impl Iterator<Item = (SessionDate, Symbol, Truth)> + '_ {
        self.lives.iter().flat_map(move |life| {
            life.bars.iter().map(move |bar| {
                let limit_up_streak = u16::from(bar.streak);
                let truth = Truth { intent: bar.intent, limit_up_streak };
                (self.date(bar), life.listing.symbol, truth)
            })
        })
    }

    /// How often each intent occurs in a session; `None` counts the whole market's sessions.
    pub fn intents(&self, session: Option<SessionDate>) -> BTreeMap<Intent, u64> {
        let mut counts = BTreeMap::new();
        for life in &self.lives {
            for bar in &life.bars {
                if session.is_none_or(|session| session == self.date(bar)) {
                    *counts.entry(bar.intent).or_default() += 1;
                }
            }
        }
        counts
    }

    /// A BLAKE3 digest, in hex, of every row: equal if and only if the markets are equal.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for life in &self.lives {
            hasher.update(life.described().as_bytes());
            let mut bytes = Vec::with_capacity(life.bars.len() * 40);
            for bar in &life.bars {
                bytes.extend(bar.session.to_le_bytes());
                bytes.extend([bar.intent as u8, bar.streak]);
                for price in [bar.prev_close, bar.open, bar.high, bar.low, bar.close] {
                    bytes.extend(price.to_le_bytes());
                }
                bytes.extend(bar.volume.to_le_bytes());
                bytes.extend(bar.turnover_fen.to_le_bytes());
            }
            hasher.update(&bytes);
        }
        for history in &self.indices {
            hasher.update(history.symbol.to_string().as_bytes());
            for bar in &history.bars {
                for level in [bar.open, bar.high, bar.low, bar.close] {
                    hasher.update(&level.raw().to_le_bytes());
                }
            }
        }
        hasher.finalize().to_hex().to_string()
    }

    pub(crate) fn date(&self, bar: &SimBar) -> SessionDate {
        self.dates[usize::from(bar.session)]
    }

    pub(crate) fn daily_bar(&self, bar: &SimBar) -> DailyBar {
        let price = |fen: i32| Price::from_fen(i64::from(fen)).ok();
        let traded = || {
            Some(Traded {
                open: price(bar.open)?,
                high: price(bar.high)?,
                low: price(bar.low)?,
                last: price(bar.close)?,
                volume: bar.volume,
                turnover: Turnover { fen: Fen(bar.turnover_fen), basis: TurnoverBasis::Reported },
            })
        };
        DailyBar {
            session: self.date(bar),
            prev_close: price(bar.prev_close),
            traded: if bar.volume > 0 { traded() } else { None },
        }
    }

    /// A security's share capital at its first session, at every change, and at its last.
    pub(crate) fn shares(&self, life: &Life) -> Vec<Shares> {
        let dated = |capital: &Capital, session: usize| Shares {
            total: capital.total,
            float: capital.float,
            on: self.dates[session],
        };
        let mut shares: Vec<Shares> = life.capital.iter().map(|c| dated(c, c.session)).collect();
        if let (Some(capital), Some(bar)) = (life.capital.last(), life.bars.last()) {
            let last = usize::from(bar.session);
            if capital.session < last {
                shares.push(dated(capital, last));
            }
        }
        shares
    }
}
