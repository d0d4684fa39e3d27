//! Securities' closes and reference prices, session by session: from the derived tables if they are up
//! to date, else from a walk of the window.

use std::collections::HashMap;

use arrow::array::{Array as _, AsArray as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::{MarketHistory, Price, SessionDate, Symbol};
use fupan_measure::{History, Keep};
use fupan_store::{DerivedRows, Store};
use fupan_table::Derived;

use crate::data::WINDOW_SESSIONS;
use crate::{Error, Market};

/// What a security's day says about its price.
pub(crate) struct ClosingDay {
    pub session: SessionDate,
    /// Under its last code.
    pub symbol: Symbol,
    /// The close of the day it last traded before.
    pub last_close: Option<Price>,
    /// The reference price of the day.
    pub prev_close: Option<Price>,
    /// The day's close; `None` without trade.
    pub close: Option<Price>,
    /// Whether rows state that it did not trade in each session since it last did.
    pub gap_is_stated: bool,
}

/// Securities' days in `from..=to` from the derived tables, in the order of sessions.
pub(crate) fn kept_closes(
    store: &Store,
    (from, to): (SessionDate, SessionDate),
) -> Result<Vec<ClosingDay>, Error> {
    let columns = &[
        "session",
        "symbol",
        "prev_close",
        "close",
        "last_close",
        "gap_sessions",
        "idle_sessions",
    ];
    let rows = DerivedRows { from, to, scope: None, measures: &[], columns };
    let (codes, batches) = (store.codes()?, store.read_derived(Derived::SecurityDay, &rows)?);
    // The same codes come back session after session.
    let mut known: HashMap<&str, Option<Symbol>> = HashMap::new();
    let mut days = Vec::new();
    for batch in &batches {
        let unreadable = || Error::unreadable(Derived::SecurityDay);
        let column = |name: &str| batch.column_by_name(name).ok_or_else(unreadable);
        let sessions =
            column("session")?.as_primitive_opt::<Date32Type>().ok_or_else(unreadable)?;
        let symbols = column("symbol")?.as_string_opt::<i32>().ok_or_else(unreadable)?;
        let number =
            |name: &str| column(name)?.as_primitive_opt::<Int32Type>().ok_or_else(unreadable);
        let (prev, close, last) = (number("prev_close")?, number("close")?, number("last_close")?);
        let (gap, idle) = (number("gap_sessions")?, number("idle_sessions")?);
        let price = |column: &Int32Array, row: usize| {
            column.is_valid(row).then(|| Price::from_raw(column.value(row))).flatten()
        };
        for row in 0..batch.num_rows() {
            let Some(session) = SessionDate::from_epoch_days(sessions.value(row)) else { continue };
            let text = symbols.value(row);
            let last_code = || Some(codes.last(text.parse().ok()?));
            let Some(symbol) = *known.entry(text).or_insert_with(last_code) else { continue };
            if session < from || to < session {
                continue;
            }
            days.push(ClosingDay {
                session,
                symbol,
                last_close: price(last, row),
                prev_close: price(prev, row),
                close: price(close, row),
                gap_is_stated: gap.value(row) <= idle.value(row),
            });
        }
    }
    days.sort_by_key(|day| day.session);
    Ok(days)
}

impl Market {
    /// The same from a walk of the bars of a history, of all its securities.
    pub(crate) fn walked_closes(
        &self,
        history: &MarketHistory,
        (from, to): (SessionDate, SessionDate),
    ) -> Vec<ClosingDay> {
        let mut walk = History::new(self.rulebook(), history.from, WINDOW_SESSIONS);
        if let Ok(Some(before)) = self.calendar().back(from, 1)
            && before >= history.from
        {
            walk.pass(history, history.from, before);
        }
        let walked = walk.walk(history, from, to, Keep::Days);
        let codes = history.securities.iter().flat_map(|security| {
            let listing = &security.listing;
            [from, to].map(|on| (listing.symbol_on(on), listing.symbol))
        });
        let last_codes: HashMap<Symbol, Symbol> = codes.collect();
        let days = walked.iter().flat_map(|session| &session.market.days);
        let days = days.map(|day| ClosingDay {
            session: day.session,
            symbol: last_codes.get(&day.symbol).copied().unwrap_or(day.symbol),
            last_close: day.carried.last_close,
            prev_close: day.prev_close,
            close: day.traded.map(|traded| traded.last),
            gap_is_stated: day.carried.gap_is_stated(),
        });
        days.collect()
    }
}
