//! Facts of a session reached by a walk, and of a session at an instant inside it.

use std::sync::Arc;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{GroupsPast, MarketHistory, Rulebook, SecurityDay};

use crate::evaluate::selection::Selection;
use crate::evaluate::{Counted, evaluate_as_of, evaluate_at, name_securities};
use crate::session::held::ExpectedRows;
use crate::session::index::PastCloses;
use crate::session::pre_open::{IndexMoment, Instant, PreOpen};
use crate::session::turnover::SessionTurnover;
use crate::session::walked::WalkedSession;
use crate::session::window::MarketSession;
use crate::total::cell::Cell;
use crate::total::totals::Totals;

impl WalkedSession {
    /// The selected facts of the session, as for [`evaluate`](crate::evaluate). If days are not
    /// kept, the selection must not [need them](Selection::needs_days).
    ///
    /// # Panics
    /// If it does.
    pub fn facts(
        &self,
        selection: &Selection,
        rulebook: &Rulebook,
        inputs: &[InputRef],
    ) -> FactSet {
        let has_days = self.market.days.len() == self.cells.len();
        assert!(has_days || !selection.needs_days(), "days that a figure needs are kept");
        let WalkedSession { market, cells, totals, share_dates, .. } = self;
        let counted = Counted { instant: None, cells, totals, share_dates: *share_dates };
        evaluate_as_of(market, &counted, selection, rulebook, inputs)
    }
}

impl PreOpen {
    /// Every fact of the session at a second of it. `history` is the one this state was built from;
    /// it supplies names. `days` are by symbol, `cells` and `totals` theirs; `before` is the
    /// turnover of the previous session at the same second, if known; `indices` are as they were at
    /// the second.
    pub fn facts(
        &self,
        history: &MarketHistory,
        mut days: Vec<SecurityDay>,
        totals: Option<&Totals>,
        before: Option<SessionTurnover>,
        (second, indices): (u32, &IndexMoment),
        inputs: &[InputRef],
    ) -> FactSet {
        // Quotes are sorted by their securities' last codes.
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
            indices: self.indices_at(indices),
            past_closes: PastCloses::default(),
            expected: ExpectedRows::default(),
            groups: Arc::clone(&history.groups),
            baskets: Vec::new(),
            groups_past: GroupsPast::Unread,
            own_past: None,
            funds: Vec::new(),
        };
        let mut facts = evaluate_at(&market, &instant, &cells, totals, self.rulebook, inputs);
        name_securities(&mut facts, history);
        facts
    }
}
