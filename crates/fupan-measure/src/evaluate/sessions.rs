//! Facts of a session that a walk came to, and of one at an instant inside it.

use std::sync::Arc;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{Calendar, MarketHistory, Rulebook, RulebookVersion, SecurityDay};

use crate::evaluate::selection::Selection;
use crate::evaluate::{Counted, evaluate_as_of, evaluate_at, name_securities};
use crate::session::held::Expected;
use crate::session::pre_open::{Instant, PreOpen};
use crate::session::turnover::SessionTurnover;
use crate::session::walked::WalkedSession;
use crate::session::window::MarketSession;
use crate::total::cell::Cell;
use crate::total::totals::Totals;

impl WalkedSession {
    /// The facts of the session that are selected; as for [`evaluate`](crate::evaluate). Where days
    /// are not kept, the selection may not [need them](Selection::needs_days).
    ///
    /// # Panics
    /// Where it does.
    pub fn facts(
        &self,
        selection: &Selection,
        calendar: &Calendar,
        rulebook: &RulebookVersion,
        inputs: &[InputRef],
    ) -> FactSet {
        let has_days = self.market.days.len() == self.cells.len();
        assert!(has_days || !selection.needs_days(), "days that a figure needs are kept");
        let WalkedSession { market, cells, totals, share_dates, .. } = self;
        let counted = Counted { instant: None, cells, totals, share_dates: *share_dates };
        evaluate_as_of(market, &counted, selection, calendar, rulebook, inputs)
    }
}

impl PreOpen {
    /// Every fact of the session at a second of it, in the words of `history`, which is the
    /// opening's. `days` are by symbol, `cells` and `totals` theirs; `before` is the turnover of
    /// the previous session at the same second, where it is known.
    pub fn facts(
        &self,
        history: &MarketHistory,
        mut days: Vec<SecurityDay>,
        totals: Option<&Totals>,
        before: Option<SessionTurnover>,
        second: u32,
        inputs: &[InputRef],
    ) -> FactSet {
        // Quotes come by their securities' last codes.
        days.sort_unstable_by_key(|day| day.symbol);
        let instant = Instant { second, coverage: self.coverage(&days) };
        let cells: Vec<Cell> = days.iter().map(Cell::of).collect();
        let summed;
        let totals = match totals {
            Some(totals) => totals,
            None => {
                summed = Totals::of(&cells);
                &summed
            }
        };
        let past = before.into_iter().collect();
        let market = MarketSession {
            session: self.session,
            days,
            past,
            indices: Vec::new(),
            expected: Expected::default(),
            groups: Arc::clone(&history.groups),
        };
        let (calendar, rules) = (Calendar::builtin(), Rulebook::builtin().version());
        let mut facts = evaluate_at(&market, &instant, &cells, totals, calendar, &rules, inputs);
        name_securities(&mut facts, history);
        facts
    }
}
