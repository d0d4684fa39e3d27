//! History tells of every session what a review of it tells, from rows as a vendor left them.

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_market::{
    Before, DailyBar, GroupsPast, IndexHistory, MarketHistory, PriceLimit, Rulebook, SecurityDay,
    SecurityHistory, SessionDate, Symbol, Unlimited,
};
use fupan_measure::{
    History, Keep, MarketSession, Selection, WalkedSession, evaluate, is_of_every_session,
};
use fupan_sim::SimulatedMarket;
use fupan_sim::faults::inject;
use proptest::prelude::*;

use crate::quoted::{Dice, market};

/// The market's history out of a delivery, of each row the last that came; some reference prices
/// are taken away.
fn delivered(market: &SimulatedMarket, per_kind: u32, dice: &mut Dice) -> MarketHistory {
    let sessions = market.sessions().len() as u32;
    let mut history = market.history(sessions - 1);
    let mut rows: BTreeMap<Symbol, BTreeMap<SessionDate, DailyBar>> = BTreeMap::new();
    for (symbol, mut bar) in inject(market, sessions, per_kind, dice.below(1 << 30) as u64).rows {
        if dice.below(40) == 0 {
            bar.prev_close = None;
        }
        rows.entry(symbol).or_default().insert(bar.session, bar);
    }
    lose_sessions(market, &mut rows, dice);
    for security in &mut history.securities {
        let bars = rows.remove(&security.listing.symbol).unwrap_or_default();
        security.bars = bars.into_values().collect();
    }
    history.securities.retain(|security| !security.bars.is_empty());
    history
}

/// Takes sessions away from some exchanges, as a whole or but for a few stray rows.
fn lose_sessions(
    market: &SimulatedMarket,
    rows: &mut BTreeMap<Symbol, BTreeMap<SessionDate, DailyBar>>,
    dice: &mut Dice,
) {
    for _ in 0..dice.below(4) {
        let lost = market.sessions()[dice.below(market.sessions().len())];
        let (exchange, stray) = (dice.below(4), dice.below(3));
        for (place, (symbol, bars)) in rows.iter_mut().enumerate() {
            if symbol.exchange() as usize != exchange && place >= stray {
                bars.remove(&lost);
            }
        }
    }
}

/// The part of a history that lies in some sessions, as a store hands it out.
fn part(history: &MarketHistory, from: SessionDate, to: SessionDate) -> MarketHistory {
    let inside = |on: SessionDate| from <= on && on <= to;
    let securities = history.securities.iter().filter_map(|security| {
        let bars: Vec<DailyBar> =
            security.bars.iter().filter(|bar| inside(bar.session)).copied().collect();
        (!bars.is_empty()).then(|| SecurityHistory { bars, ..security.clone() })
    });
    // Of indices the first part tells all that came before it too.
    let earliest = if from == history.from { None } else { Some(from) };
    let told = |on: SessionDate| Some(on) >= earliest && on <= to;
    let indices = history.indices.iter().map(|index| IndexHistory {
        symbol: index.symbol,
        bars: index.bars.iter().filter(|bar| told(bar.session)).copied().collect(),
    });
    MarketHistory {
        session: to,
        from,
        securities: securities.collect(),
        indices: indices.collect(),
        listed: history.listed.clone(),
        lost: history.lost.clone(),
        groups: Arc::clone(&history.groups),
        index_lists: Arc::clone(&history.index_lists),
        baskets: Vec::new(),
        groups_past: GroupsPast::Unread,
        own_past: None,
        funds: Vec::new(),
    }
}

/// Every session of a history, walked at once.
pub fn walked(history: &MarketHistory, sessions: &[SessionDate]) -> Vec<MarketSession> {
    let mut walk = History::new(Rulebook::builtin(), history.from, 10_000);
    let walked = walk.walk(history, sessions[0], sessions[sessions.len() - 1], Keep::Days);
    walked.into_iter().map(|walked| walked.market).collect()
}

/// A session without its days has the figures that it has with them, and that a review of its days
/// has.
fn same_figures(totals: &WalkedSession, days: &WalkedSession) -> Result<(), TestCaseError> {
    let of = |walked: &WalkedSession, selection: &Selection| {
        walked.facts(selection, Rulebook::builtin(), &[])
    };
    let of_totals = Selection::of(|m| !m.is_of_days(), |_| true).with_review_groups();
    let [without, with] = [totals, days].map(|walked| of(walked, &of_totals));
    prop_assert!(totals.market.days.is_empty());
    prop_assert!(without == with, "{}", without.session);
    // A walk words no findings.
    let mut review = evaluate(&days.market, Rulebook::builtin(), &[]);
    review.facts.values_mut().for_each(|fact| fact.provenance.findings.clear());
    let all = of(days, &Selection::figures().with_review_groups());
    prop_assert!(without.facts.len() > 100 && all.facts.len() > without.facts.len());
    let own = review.facts.iter().filter(|(key, _)| is_of_every_session(&review, key));
    for (told, walked) in own.zip(&all.facts) {
        prop_assert_eq!(told, walked);
    }
    prop_assert!(without.facts.iter().all(|(key, fact)| review.get(key) == Some(fact)));
    Ok(())
}

/// The days of a session out of what its securities brought into it and its own bars.
fn of_kept(
    history: &MarketHistory,
    brought: &BTreeMap<Symbol, Before>,
    told: &MarketSession,
    data_from: SessionDate,
) -> Vec<SecurityDay> {
    let mut kept = history.clone();
    kept.from = told.session;
    kept.securities.retain(|security| brought.contains_key(&security.listing.symbol));
    for security in &mut kept.securities {
        security.bars.retain(|bar| bar.session == told.session);
        security.before = brought.get(&security.listing.symbol).copied();
    }
    let rulebook = Rulebook::builtin();
    let past = told.past.clone();
    let market = MarketSession::of_kept(&kept, data_from, past, rulebook);
    market.map(|market| market.days).unwrap_or_default()
}

/// Walks a history in ranges, goes past some of them, and compares each session walked with its
/// review; the sessions' days.
fn compared(
    history: &MarketHistory,
    sessions: &[SessionDate],
    passed_of_ten: usize,
    dice: &mut Dice,
) -> Result<Vec<MarketSession>, TestCaseError> {
    let rulebook = Rulebook::builtin();
    let mut walk = History::new(rulebook, history.from, 10_000);
    let mut walked = Vec::new();
    let mut left = sessions;
    while let (Some(from), false) = (left.first(), left.is_empty()) {
        let length = 1 + dice.below(left.len().min(20));
        let to = left[length - 1];
        let bars = part(history, *from, to);
        match dice.below(10) < passed_of_ten {
            true => walk.pass(&bars, *from, to),
            false => {
                let at_once = walk.clone().walk(&bars, *from, to, Keep::Totals);
                let kept = walk.walk(&bars, *from, to, Keep::Days);
                prop_assert_eq!(at_once.len(), kept.len());
                for (totals, days) in at_once.iter().zip(&kept) {
                    same_figures(totals, days)?;
                }
                walked.extend(kept.into_iter().map(|walked| walked.market));
            }
        }
        left = &left[length..];
    }
    for told in &walked {
        let review = part(history, history.from, told.session);
        let kept = told.days.iter().map(|day| (day.symbol, day.brought())).collect();
        let again = of_kept(&review, &kept, told, history.from);
        let other = told.days.iter().zip(&again).find(|(told, kept)| {
            told.limit_up_streak() != kept.limit_up_streak()
                || told.standing() != kept.standing()
                || told.limit_up_cluster() != kept.limit_up_cluster()
                || told.prev_close != kept.prev_close
                || told.carried.missing != kept.carried.missing
        });
        prop_assert!(other.is_none(), "kept, {}: {:#?}", told.session, other);
        let review = MarketSession::fold(&review, rulebook);
        let review = review.ok_or_else(|| TestCaseError::fail("a session"))?;
        let other = told.days.iter().zip(&review.days).find(|(told, review)| told != review);
        prop_assert!(other.is_none(), "{}: {:#?}", told.session, other);
        prop_assert_eq!(told.days.len(), review.days.len(), "{}", told.session);
        prop_assert!(told.past == review.past, "{}", told.session);
        prop_assert!(told.indices == review.indices, "{}", told.session);
    }
    Ok(walked)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn history_is_batch_for_every_session(
        seed: u64, securities in 5_u32..60, sessions in 2_u32..50, per_kind in 0_u32..12,
        passed_of_ten in 0_usize..7,
    ) {
        let market = market(seed, securities, sessions);
        let mut dice = Dice::new(seed);
        let history = delivered(&market, per_kind, &mut dice);
        compared(&history, market.sessions(), passed_of_ten, &mut dice)?;
    }
}

/// History is batch where it is hardest, and those days occur.
#[test]
fn history_is_batch_on_the_days_that_are_hard() {
    let market = market(3, 700, 120);
    let history = market.history(119);
    let walked = compared(&history, market.sessions(), 0, &mut Dice::new(3)).unwrap();
    let mut days: BTreeMap<Symbol, Vec<SecurityDay>> = BTreeMap::new();
    for day in walked.iter().flat_map(|market| &market.days) {
        days.entry(day.symbol).or_default().push(*day);
    }
    let count = |holds: fn(&[SecurityDay]) -> bool| days.values().filter(|d| holds(d)).count();
    let warned = |day: &SecurityDay| day.status.risk_warning;
    let found = [
        (
            "a streak goes on over a suspension",
            count(|days| {
                days.iter().any(|day| {
                    day.traded.is_some()
                        && day.carried.gap_sessions > 0
                        && day.carried.streak > Some(0)
                        && day.limit_up_streak() > day.carried.streak
                })
            }),
        ),
        ("a risk warning comes or goes", {
            let changes = |days: &Vec<SecurityDay>| {
                days.windows(2).any(|two| warned(&two[0]) != warned(&two[1]))
            };
            days.values().filter(|days| changes(days)).count()
        }),
        (
            "a first day",
            count(|days| days[0].limit == PriceLimit::Unlimited(Unlimited::NewListing)),
        ),
        ("an ex-rights day", {
            count(|days| days.iter().any(|day| day.carried.last_close > day.prev_close))
        }),
        ("a code that changed", usize::from(days.keys().any(|s| s.to_string() == "302001.SZ"))),
        ("a delisting period", {
            count(|days| days.iter().any(|day| day.status.delisting_since == Some(day.session)))
        }),
    ];
    for (what, times) in found {
        assert!(times > 0, "{what} does not occur: {found:?}");
    }
}
