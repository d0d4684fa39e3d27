//! Securities' closes and reference prices, session by session, from the derived tables.

use std::collections::HashMap;

use arrow::array::{Array as _, AsArray as _, Int32Array};
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::{Codes, Price, SessionDate, Symbol};
use fupan_store::{DerivedRows, Store};
use fupan_table::Derived;

use crate::Error;

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
}

/// Securities' days in `from..=to`, in the order of sessions.
pub(crate) fn closing_days(
    store: &Store,
    codes: &Codes,
    (from, to): (SessionDate, SessionDate),
) -> Result<Vec<ClosingDay>, Error> {
    let columns = &["session", "symbol", "prev_close", "close", "last_close"];
    let rows = DerivedRows { from, to, scope: None, measures: &[], columns };
    let batches = store.read_derived(Derived::SecurityDay, &rows)?;
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
        let (prev, close, last) = (prices("prev_close")?, prices("close")?, prices("last_close")?);
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
            });
        }
    }
    days.sort_by_key(|day| day.session);
    Ok(days)
}
