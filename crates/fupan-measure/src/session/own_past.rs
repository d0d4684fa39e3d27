//! What single securities did in the sessions before one, from the bars of a window.

use std::collections::BTreeMap;

use fupan_market::{
    DailyBar, Holes, MarketHistory, OwnDay, OwnDays, OwnPast, Rulebook, SecurityHistory, Symbol,
};
use rayon::prelude::*;

use crate::evaluate::selection::Selection;
use crate::session::walk::SecurityWalk;
use crate::session::window::Window;

/// What the securities that a selection asks for did in the sessions of a history before its last
/// one. `None` if that is not in the calendar.
///
/// Their days are judged as a walk through the sessions judges them: a previous close that the day's
/// prices rule out is dropped.
pub fn own_past(
    history: &MarketHistory,
    selection: &Selection,
    rulebook: &Rulebook,
) -> Option<OwnPast> {
    let window = Window::of(history, rulebook.calendar())?;
    let holes = window.holes(history);
    let asked = |security: &&SecurityHistory| {
        selection.asks_for(security.listing.symbol_on(history.session))
            && window.knows(security.listing.symbol.exchange())
    };
    let days = |security: &SecurityHistory| {
        let symbol = security.listing.symbol_on(history.session);
        (symbol, own_days(security, rulebook, (&window, &holes)))
    };
    let securities: BTreeMap<Symbol, OwnDays> =
        history.securities.par_iter().filter(asked).map(days).collect();
    Some(OwnPast { from: window.first_number, securities })
}

/// The days of a security on which it traded before the last session of a window.
fn own_days(
    security: &SecurityHistory,
    rulebook: &Rulebook,
    (window, holes): (&Window, &Holes),
) -> OwnDays {
    let mut walk = SecurityWalk::new(security, rulebook, window.from);
    let mut own = OwnDays::default();
    let mut is_first = true;
    for (place, bar) in window.places(&security.bars, |bar| bar.session) {
        let number = window.first_number + place as u32;
        let is_last = number == window.session_number();
        let bar = if is_last { DailyBar { traded: None, ..*bar } } else { *bar };
        let Some(day) = walk.step(Some(&bar), bar.session, number, holes) else { continue };
        if std::mem::take(&mut is_first) {
            own.traded_before = day.carried.last_close.is_some();
        }
        if let Some(traded) = day.traded {
            let (returned, turnover) = (day.day_return(), Some(traded.turnover));
            own.days.push(OwnDay { number, returned, turnover });
        }
    }
    own
}
