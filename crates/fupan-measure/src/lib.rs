//! The catalogue of measures: a session in, facts out.
//!
//! A measure is a *projection* of one security's day to a cell and a *total* of such cells that
//! is a commutative group ([`Total`]). One declaration ([`Measure`]) is run in batch
//! ([`Totals::of`]), live ([`Live`]) and in parts ([`Totals::merge`]), and the three agree to the
//! last digit. [`review`] evaluates the whole [`catalogue`] for one session.
//!
//! Totals are integers and sets of integers. Where a figure is a quotient it is rounded once, on
//! reading.

mod arithmetic;
mod breadth;
mod catalogue;
mod column;
mod evaluate;
mod extremes;
mod findings;
mod index;
mod ladder;
mod limit_board;
mod market;
mod measure;
mod returns;
mod scope;
mod security;
mod series;
mod shape;
mod size;
pub mod sql;
mod total;
mod turnover;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{Calendar, MarketHistory, Rulebook};

pub use catalogue::catalogue;
pub use column::{Live, Totals};
pub use evaluate::{evaluate, evaluate_totals};
pub use index::{BOARD, IndexView};
pub use market::MarketSession;
pub use measure::{Measure, Members, RestsOn, Sql, Text};
pub use scope::{Scopes, band_of};
pub use series::{Comparison, SegmentTurnover, SessionTurnover};
pub use shape::{Judged, Project, Shape};
pub use total::{Classes, Multiset, Ranked, RankedCell, Sums, Total};

/// Every fact of a history's last session.
///
/// `inputs` names the stored data the history was read from, for the facts' provenance. A history
/// whose session is not one of the calendar yields no facts and a finding that says so.
pub fn review(
    history: &MarketHistory,
    rulebook: &Rulebook,
    calendar: &Calendar,
    inputs: &[InputRef],
) -> FactSet {
    match MarketSession::fold(history, rulebook, calendar) {
        Some(market) => {
            let mut facts = evaluate(&market, calendar, &rulebook.version(), inputs);
            evaluate::name_securities(&mut facts, history);
            facts
        }
        None => {
            let mut facts = FactSet::new(history.session);
            facts.findings.push(findings::not_a_session(history.session));
            facts
        }
    }
}
