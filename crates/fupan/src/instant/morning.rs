//! The last prices of the morning, which figures of the afternoon start from.

use std::collections::BTreeMap;

use fupan_market::{MORNING_ENDS, Price, SecurityDay, SessionDate, Symbol};

use crate::instant::reads_until;

/// The last prices of the morning, by the code of the session; none before the afternoon.
#[derive(Debug, Default)]
pub(crate) struct Morning(Option<BTreeMap<Symbol, Price>>);

impl Morning {
    /// Keeps the last prices of the session so far, if quotes of the afternoon are `next` and none
    /// came before them.
    pub(crate) fn end(
        &mut self,
        (session, next): (SessionDate, u32),
        so_far: impl FnOnce() -> Vec<SecurityDay>,
    ) {
        if self.0.is_none() && next > reads_until(session, MORNING_ENDS) {
            let last = |day: SecurityDay| Some((day.symbol, day.traded?.last));
            self.0 = Some(so_far().into_iter().filter_map(last).collect());
        }
    }

    /// Sets the last price of the morning in each day.
    pub(crate) fn mark(&self, days: &mut [SecurityDay]) {
        let Some(last) = &self.0 else { return };
        for day in days {
            day.morning = last.get(&day.symbol).copied();
        }
    }
}
