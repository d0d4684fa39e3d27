//! What indices with published weights are made of at the start of a session.
//!
//! A list of weights says what an index is made of at the close of its day. From then to the session,
//! only ex-rights days change that.

use std::collections::BTreeMap;

use fupan_market::{
    BasketShares, Codes, IndexBasket, IndexList, MarketHistory, SessionDate, Symbol,
    TRACKED_INDICES,
};

use crate::closes::ClosingDay;
use crate::{Error, Market};

/// Days for which published weights are carried forward: publishers state them at the end of each
/// month, and members change with the half-year.
const CARRIED_DAYS: i32 = 45;

/// The session from which the days of the members are needed: the first of a list that holds at the
/// start of the session of `history`, or the one before it. `None` if none holds.
pub(crate) fn needed_from(market: &Market, history: &MarketHistory) -> Option<SessionDate> {
    let first = holding(history).iter().map(|list| list.observed_on).min()?;
    // The weights of a day without a session are those of the close before it.
    market.calendar().on_or_before(first).ok()
}

/// The baskets of the tracked indices at the start of the session of `history`. `days` are those of
/// the sessions before it from [`needed_from`] on, in their order.
pub(crate) fn baskets(
    market: &Market,
    history: &MarketHistory,
    days: &[ClosingDay],
) -> Result<Vec<IndexBasket>, Error> {
    let codes = match market {
        Market::Store { store, .. } => store.codes()?,
        Market::Sample(_) => Codes::default(),
    };
    let lists = holding(history).into_iter();
    Ok(lists.map(|list| basket(list, days, &codes, history.session)).collect())
}

/// The lists of weights that hold at the start of a session, of the indices that a review follows.
fn holding(history: &MarketHistory) -> Vec<&IndexList> {
    let session = history.session;
    let lists = TRACKED_INDICES.iter().filter_map(|index| {
        let list = history.index_lists.weights_before(index.symbol(), session)?;
        let age = session.epoch_days() - list.observed_on.epoch_days();
        (0 < age && age <= CARRIED_DAYS).then_some(list)
    });
    lists.collect()
}

/// The shares of a list's members at the start of a session. `days` are in the order of sessions.
fn basket(
    list: &IndexList,
    days: &[ClosingDay],
    codes: &Codes,
    session: SessionDate,
) -> IndexBasket {
    let mut shares: BTreeMap<Symbol, Option<BasketShares>> = BTreeMap::new();
    for day in days {
        let Some(weight) = list.member(day.symbol).and_then(|member| member.weight) else {
            continue;
        };
        if day.session <= list.observed_on {
            let close = day.close.or(day.last_close);
            let bought = close.and_then(|close| BasketShares::of_weight(weight, close));
            shares.insert(day.symbol, bought);
        } else if let (Some(known), Some(_), Some(last), Some(prev)) =
            (shares.get_mut(&day.symbol), day.close, day.last_close, day.prev_close)
        {
            *known = known.and_then(|known| known.on_day(last, prev, day.gap_is_stated));
        }
    }
    let mut basket = IndexBasket {
        index: list.index,
        observed_on: list.observed_on,
        shares: Vec::new(),
        unknown: Vec::new(),
    };
    for member in &list.members {
        let symbol = codes.on(member.symbol, session);
        match shares.get(&member.symbol).copied().flatten() {
            Some(known) => basket.shares.push((symbol, known)),
            None => basket.unknown.push(symbol),
        }
    }
    basket.shares.sort_unstable();
    basket
}

#[cfg(test)]
mod tests {
    use fupan_fact::{FactKey, MeasureId, Scope, Value};

    use std::sync::Arc;

    use super::*;
    use crate::closes::kept_closes;
    use crate::{Store, backfill, review, sample};

    fn points(market: &Market, session: SessionDate, measure: &'static str) -> i64 {
        let set = review(market, Some(session)).unwrap();
        let scope = Scope::Security("000300.SH".parse().unwrap());
        match set.get(&FactKey::at_close(MeasureId::new(measure), scope, session)).unwrap().value {
            Value::Points { units } => units,
            ref other => panic!("{measure} of {session}: {other:?}"),
        }
    }

    /// The simulated index is made of its members, so that they explain it but for dividends and for
    /// the rounding of the published weights.
    #[test]
    fn members_explain_the_index_that_is_made_of_them() {
        let market = Market::Sample(sample::small());
        let (first, last) = market.sessions().unwrap();
        let sessions = market.calendar().between(first, last);
        let lately = &sessions[sessions.len() - 30..];
        let mut left: Vec<i64> =
            lately.iter().map(|on| points(&market, *on, "index_residual").abs()).collect();
        left.sort_unstable();
        // In points; the level is some thousands.
        assert!(left[left.len() / 2] <= 5_000, "{left:?}");
        let moved: i64 = lately.iter().map(|on| points(&market, *on, "index_points").abs()).sum();
        assert!(left.iter().sum::<i64>() * 20 <= moved, "{left:?} of {moved}");
    }

    /// Days that were kept and days that are walked give the same shares.
    #[test]
    fn kept_days_and_walked_days_carry_a_list_alike() {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let (first, last) = market.sessions().unwrap();
        let sessions = market.calendar().between(first, last);
        for session in sessions.iter().rev().take(60).step_by(7) {
            let history = market.load(*session).unwrap().history;
            let from = needed_from(&market, &history).unwrap();
            let span = (from, market.calendar().back(*session, 1).unwrap().unwrap());
            let Market::Store { store, .. } = &market else { panic!("a store") };
            let kept = baskets(&market, &history, &kept_closes(store, span).unwrap()).unwrap();
            let walked = market.walked_closes(&history, span);
            let walked = baskets(&market, &history, &walked).unwrap();
            assert_eq!(kept, walked, "{session}");
            assert!(
                kept.iter()
                    .all(|basket| basket.observed_on < *session && !basket.shares.is_empty())
            );
            assert!(!kept.is_empty(), "{session}");
        }
    }

    #[test]
    fn a_list_holds_from_the_day_after_it_for_forty_five_days() {
        let market = sample::small();
        let mut history = market.history(60);
        let lists = history.index_lists.of_index("000300.SH".parse().unwrap()).to_vec();
        let newest = lists.last().unwrap().observed_on;
        history.index_lists =
            Arc::new(fupan_market::IndexLists::of([lists.last().unwrap().clone()]));
        for (days, holds) in [(0, false), (1, true), (45, true), (46, false)] {
            history.session = SessionDate::from_epoch_days(newest.epoch_days() + days).unwrap();
            assert_eq!(!holding(&history).is_empty(), holds, "{days} days later");
        }
    }
}
