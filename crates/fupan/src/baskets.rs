//! What indices with published weights are made of at the start of a session.
//!
//! A list of weights says what an index is worth at the close of its day. From then to the session,
//! the members' ex-rights days are read: from the derived tables if they are up to date, else from a
//! walk of the members' bars.

use std::collections::BTreeMap;

use arrow::array::{Array as _, AsArray as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::{
    BasketShares, Codes, IndexBasket, IndexList, MarketHistory, Price, SessionDate, Symbol,
    TRACKED_INDICES,
};
use fupan_measure::{History, Keep};
use fupan_store::{DerivedRows, SourceChoice, Store};
use fupan_table::Derived;

use crate::data::WINDOW_SESSIONS;
use crate::{Error, Market};

/// Days for which published weights are carried forward: publishers state them at the end of each
/// month, and members change with the half-year.
const CARRIED_DAYS: i32 = 45;

/// What a member's day says about its shares.
struct MemberDay {
    session: SessionDate,
    /// Under its last code.
    symbol: Symbol,
    last_close: Option<Price>,
    prev_close: Option<Price>,
    close: Option<Price>,
}

impl Market {
    /// The baskets of the tracked indices at the start of the session of `history`. `kept` says that
    /// the derived tables hold the days before it.
    pub(crate) fn baskets(
        &self,
        history: &MarketHistory,
        kept: bool,
    ) -> Result<Vec<IndexBasket>, Error> {
        let lists = holding(history);
        let Some(first) = lists.iter().map(|list| list.observed_on).min() else {
            return Ok(Vec::new());
        };
        let calendar = self.calendar();
        // The weights of a day without a session are those of the close before it.
        let (Ok(base), Some(last)) =
            (calendar.on_or_before(first), calendar.back(history.session, 1)?)
        else {
            return Ok(Vec::new());
        };
        let codes = match self {
            Market::Store { store, .. } => store.codes()?,
            Market::Sample(_) => Codes::default(),
        };
        let days = match self {
            Market::Store { store, choice: SourceChoice::Best } if kept => {
                kept_days(store, &codes, (base, last))?
            }
            _ => self.walked_days(history, &lists, (base, last)),
        };
        Ok(lists.into_iter().map(|list| basket(list, &days, &codes, history.session)).collect())
    }

    /// The members' days from a walk of their bars.
    fn walked_days(
        &self,
        history: &MarketHistory,
        lists: &[&IndexList],
        (base, last): (SessionDate, SessionDate),
    ) -> Vec<MemberDay> {
        let is_member = |symbol| lists.iter().any(|list| list.member(symbol).is_some());
        let of_members = history.securities.iter();
        let of_members = of_members.filter(|security| is_member(security.listing.symbol));
        let members =
            MarketHistory { securities: of_members.cloned().collect(), ..history.clone() };
        let from = history.from.min(base);
        let mut walk = History::new(self.rulebook(), from, WINDOW_SESSIONS);
        if let Ok(Some(before)) = self.calendar().back(base, 1)
            && before >= from
        {
            walk.pass(&members, from, before);
        }
        let walked = walk.walk(&members, base, last, Keep::Days);
        let last_code = |symbol| {
            let of = members.securities.iter().find(|security| {
                security.listing.symbol_on(last) == symbol || security.listing.symbol == symbol
            });
            of.map_or(symbol, |security| security.listing.symbol)
        };
        let days = walked.iter().flat_map(|session| &session.market.days);
        let days = days.map(|day| MemberDay {
            session: day.session,
            symbol: last_code(day.symbol),
            last_close: day.carried.last_close,
            prev_close: day.prev_close,
            close: day.traded.map(|traded| traded.last),
        });
        days.collect()
    }
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
    days: &[MemberDay],
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
            *known = known.and_then(|known| known.after(last, prev));
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

/// Securities' days from the derived tables, in the order of sessions.
fn kept_days(
    store: &Store,
    codes: &Codes,
    (from, to): (SessionDate, SessionDate),
) -> Result<Vec<MemberDay>, Error> {
    let columns = &["session", "symbol", "prev_close", "close", "last_close"];
    let rows = DerivedRows { from, to, scope: None, measures: &[], columns };
    let mut days = Vec::new();
    for batch in store.read_derived(Derived::SecurityDay, &rows)? {
        let unreadable = || Error::unreadable(Derived::SecurityDay);
        let column = |name: &str| batch.column_by_name(name).ok_or_else(unreadable);
        let sessions =
            column("session")?.as_primitive_opt::<Date32Type>().ok_or_else(unreadable)?;
        let symbols = column("symbol")?.as_string_opt::<i32>().ok_or_else(unreadable)?;
        let prices =
            |name: &str| column(name)?.as_primitive_opt::<Int32Type>().ok_or_else(unreadable);
        let (prev, close, last) = (prices("prev_close")?, prices("close")?, prices("last_close")?);
        let price = |column: &Int32Array, row: usize| {
            column.is_valid(row).then(|| Price::from_raw(column.value(row))).flatten()
        };
        for row in 0..batch.num_rows() {
            let Some(session) = SessionDate::from_epoch_days(sessions.value(row)) else { continue };
            let Ok(symbol) = symbols.value(row).parse::<Symbol>() else { continue };
            if session < from || to < session {
                continue;
            }
            days.push(MemberDay {
                session,
                symbol: codes.last(symbol),
                last_close: price(last, row),
                prev_close: price(prev, row),
                close: price(close, row),
            });
        }
    }
    days.sort_by_key(|day| day.session);
    Ok(days)
}
