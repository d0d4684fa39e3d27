//! What single securities returned in the sessions before one: from the derived tables if they are
//! up to date, else from a walk of the window.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::{
    Codes, MarketHistory, PastDay, PastReturns, Price, Return, SessionDate, Symbol,
};
use fupan_measure::{History, Keep, sql};
use fupan_store::{DerivedRows, SourceChoice, Store};
use fupan_table::Derived;

use crate::data::WINDOW_SESSIONS;
use crate::{Error, Market};

/// A security's day under its last code.
type Day = (SessionDate, Symbol, PastDay);

impl Market {
    /// The returns of single securities in the sessions before `session` that figures of groups look
    /// back on, from the derived tables.
    pub(crate) fn kept_returns(&self, session: SessionDate) -> Result<Arc<PastReturns>, Error> {
        let sessions = self.looked_back_on(session)?;
        let days = match (self, sessions.first(), sessions.last()) {
            (Market::Store { store, choice: SourceChoice::Best }, Some(from), Some(to)) => {
                kept_days(store, (*from, *to))?
            }
            _ => Vec::new(),
        };
        Ok(Arc::new(PastReturns::of(sessions, days)))
    }

    /// The same from a walk of the window of a history.
    pub(crate) fn walked_returns(
        &self,
        history: &MarketHistory,
    ) -> Result<Arc<PastReturns>, Error> {
        let mut sessions = self.looked_back_on(history.session)?;
        sessions.retain(|session| history.from <= *session);
        let days = match (sessions.first(), sessions.last()) {
            (Some(from), Some(to)) => self.days_walked(history, *from, *to),
            _ => Vec::new(),
        };
        Ok(Arc::new(PastReturns::of(sessions, days)))
    }

    /// The sessions of the data before one that figures of groups look back on, earliest first.
    fn looked_back_on(&self, session: SessionDate) -> Result<Vec<SessionDate>, Error> {
        let (first, _) = self.sessions()?;
        let back = self.calendar().back(session, sql::RECENT_SESSIONS - 1)?;
        let from = back.map_or(first, |back| back.max(first));
        let sessions = self.calendar().between(from, session).iter().copied();
        Ok(sessions.filter(|before| *before < session).collect())
    }

    fn days_walked(&self, history: &MarketHistory, from: SessionDate, to: SessionDate) -> Vec<Day> {
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
        let traded = days.filter_map(|day| {
            day.traded?;
            let returned = day.day_return().map_or(PastDay::Unpriced, PastDay::Returned);
            let symbol = last_codes.get(&day.symbol).copied().unwrap_or(day.symbol);
            Some((day.session, symbol, returned))
        });
        traded.collect()
    }
}

/// Securities' days from the derived tables.
fn kept_days(store: &Store, (from, to): (SessionDate, SessionDate)) -> Result<Vec<Day>, Error> {
    let columns = &["session", "symbol", "prev_close", "close"];
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
        let prices =
            |name: &str| column(name)?.as_primitive_opt::<Int32Type>().ok_or_else(unreadable);
        let (prev, close) = (prices("prev_close")?, prices("close")?);
        let price = |column: &Int32Array, row: usize| {
            column.is_valid(row).then(|| Price::from_raw(column.value(row))).flatten()
        };
        for row in 0..batch.num_rows() {
            let Some(last) = price(close, row) else { continue };
            let Some(session) = SessionDate::from_epoch_days(sessions.value(row)) else { continue };
            let text = symbols.value(row);
            let symbol = known.entry(text).or_insert_with(|| last_code(text, &codes));
            let Some(symbol) = *symbol else { continue };
            let returned = price(prev, row).and_then(|prev| Return::between(prev, last));
            let day = returned.map_or(PastDay::Unpriced, PastDay::Returned);
            days.push((session, symbol, day));
        }
    }
    Ok(days)
}

fn last_code(text: &str, codes: &Codes) -> Option<Symbol> {
    Some(codes.last(text.parse().ok()?))
}
