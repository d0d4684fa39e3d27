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

mod catalogue;
mod evaluate;
mod live;
mod measure;
mod session;
pub mod sql;
mod total;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{Calendar, MarketHistory, Rulebook, SessionDate};

pub use catalogue::across::RANKED;
pub use catalogue::catalogue;
pub use evaluate::across::{Figure, FigureHistory, Series, across, across_kept, across_measures};
pub use evaluate::scopes::ScopeFigure;
pub use evaluate::selection::Selection;
pub use evaluate::{evaluate, evaluate_at, evaluate_totals};
pub use live::Live;
pub use measure::comparison::Comparison;
pub use measure::statistic::{Across, Contribution, Statistic};
pub use measure::{Measure, Members, Needs, Population, Sql, Text};
pub use session::held::Expected;
pub use session::history::History;
pub use session::index::{IndexFold, IndexView, Period};
pub use session::pre_open::{Instant, PreOpen, QuoteCoverage};
pub use session::turnover::{SegmentTurnover, SessionTurnover};
pub use session::walk::WALK_VERSION;
pub use session::walked::{Keep, WalkedSession};
pub use session::window::MarketSession;
pub use total::cell::{Cell, Mark, Marks, Sum};
pub use total::segment::{Scopes, Segment, band_of, risk_warned};
pub use total::sorted::Number;
pub use total::totals::{PartTotals, Totals};

/// The facts of a history's last session that are selected; [`Selection::review`] is all.
///
/// `inputs` names the stored data the history was read from, for the facts' provenance. A history
/// whose session is not one of the calendar yields no facts and a finding that says so.
pub fn review(
    history: &MarketHistory,
    selection: &Selection,
    rulebook: &Rulebook,
    calendar: &Calendar,
    inputs: &[InputRef],
) -> FactSet {
    let market = MarketSession::fold(history, rulebook, calendar);
    review_of(market, history, selection, rulebook, calendar, inputs)
}

/// [`review`] of a session whose securities' days were kept; as for [`MarketSession::of_kept`].
pub fn review_kept(
    history: &MarketHistory,
    data_from: SessionDate,
    past: Vec<SessionTurnover>,
    selection: &Selection,
    rulebook: &Rulebook,
    calendar: &Calendar,
    inputs: &[InputRef],
) -> FactSet {
    let market = MarketSession::of_kept(history, data_from, past, rulebook, calendar);
    review_of(market, history, selection, rulebook, calendar, inputs)
}

fn review_of(
    market: Option<MarketSession>,
    history: &MarketHistory,
    selection: &Selection,
    rulebook: &Rulebook,
    calendar: &Calendar,
    inputs: &[InputRef],
) -> FactSet {
    match market {
        Some(market) => {
            let version = rulebook.version();
            let mut facts =
                evaluate::evaluate_selected(&market, selection, calendar, &version, inputs);
            evaluate::name_securities(&mut facts, history);
            facts
        }
        None => {
            let mut facts = FactSet::new(history.session);
            facts.findings.push(evaluate::findings::not_a_session(history.session));
            facts
        }
    }
}
