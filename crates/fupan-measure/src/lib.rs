//! The catalogue of measures: a session in, facts out.
//!
//! A security's day becomes a [`Cell`]: all that measures count or sum of it. Cells add up to
//! [`Totals`], which are a commutative group, and a [`Measure`] declares how its figure is read off
//! them. So one declaration runs in batch ([`Totals::of`]), live ([`Live`]) and in parts
//! ([`Totals::merge`]), and the three agree to the last digit. [`review`] evaluates the whole
//! [`catalogue`] for one session.
//!
//! Totals are integers and sets of integers. Where a figure is a quotient it is rounded once, on
//! reading.

mod across;
mod arithmetic;
mod breadth;
mod catalogue;
mod cell;
mod contribution;
mod evaluate;
mod extremes;
mod findings;
mod held;
mod history;
mod index;
mod instant;
mod ladder;
mod limit_board;
mod live;
mod market;
mod measure;
mod order;
mod returns;
mod scope;
mod seal;
mod security;
mod selection;
mod series;
mod shape;
mod size;
pub mod sql;
mod steady;
mod total;
mod turnover;
mod view;
mod walk;
mod walked;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{Calendar, MarketHistory, Rulebook, SessionDate};

pub use across::{Across, Figure, Past, RANKED, Series, across};
pub use catalogue::catalogue;
pub use cell::{Cell, Mark, Marks, Sum};
pub use contribution::Contribution;
pub use evaluate::{evaluate, evaluate_at, evaluate_totals};
pub use held::Expected;
pub use history::History;
pub use index::{BOARD, IndexFold, IndexView, Period};
pub use instant::{Instant, Opening, QuoteCoverage};
pub use live::Live;
pub use market::MarketSession;
pub use measure::{Measure, Members, Population, RestsOn, Sql, Text};
pub use scope::{Scopes, Segment, band_of, risk_warned};
pub use selection::Selection;
pub use series::{Comparison, SegmentTurnover, SessionTurnover};
pub use shape::{Number, Shape};
pub use total::{PartTotals, Totals};
pub use view::ScopeFigure;
pub use walk::WALK_VERSION;
pub use walked::{Keep, WalkedSession};

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
    review_of(MarketSession::fold(history, rulebook, calendar), history, rulebook, calendar, inputs)
}

/// [`review`] of a session whose securities' days were kept; as for [`MarketSession::of_kept`].
pub fn review_kept(
    history: &MarketHistory,
    data_from: SessionDate,
    past: Vec<SessionTurnover>,
    rulebook: &Rulebook,
    calendar: &Calendar,
    inputs: &[InputRef],
) -> FactSet {
    let market = MarketSession::of_kept(history, data_from, past, rulebook, calendar);
    review_of(market, history, rulebook, calendar, inputs)
}

fn review_of(
    market: Option<MarketSession>,
    history: &MarketHistory,
    rulebook: &Rulebook,
    calendar: &Calendar,
    inputs: &[InputRef],
) -> FactSet {
    match market {
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
