//! The catalogue of measures: a session in, facts out.
//!
//! A security's day becomes a [`Cell`]: all that measures count or sum of it. Cells add up to
//! [`Totals`], which form a commutative group. A [`Measure`] declares how its figure is read from
//! totals. So one declaration runs in batch ([`Totals::of`]), live ([`Live`]) and in parts
//! ([`Totals::merge`]), and the three agree to the last digit. [`review`] evaluates the whole
//! [`catalogue`] for one session.
//!
//! Totals are integers and sets of integers. A quotient is rounded once, when it is read.

mod catalogue;
mod evaluate;
mod live;
mod measure;
mod session;
pub mod sql;
mod total;

use fupan_fact::{FactSet, InputRef};
use fupan_market::{MarketHistory, Rulebook, SessionDate};

pub use catalogue::across::RANKED;
pub use catalogue::catalogue;
pub use catalogue::index::returns_since;
pub use evaluate::across::{
    FigureHistory, FigureValue, Series, across, across_kept, across_measures, word_of,
};
pub use evaluate::group_days::{GroupSums, mean_return};
pub use evaluate::scopes::ScopeFigure;
pub use evaluate::selection::Selection;
pub use evaluate::{
    evaluate, evaluate_at, evaluate_selected, evaluate_totals, is_of_every_session,
};
pub use live::Live;
pub use measure::comparison::Comparison;
pub use measure::figure::{CalendarFigure, OwnFigure, OwnSpan};
pub use measure::statistic::{Across, Contribution, OfGroup, Statistic};
pub use measure::{
    Kind, Measure, Members, Needs, Population, RankedBy, Reported, Rotation, SharesMeasure, Sql,
    Text,
};
pub use session::fund::{FUND_SESSIONS, FundReference, FundView};
pub use session::held::ExpectedRows;
pub use session::history::History;
pub use session::index::{Beyond, Crossing, IndexFold, IndexView, PastCloses, ToDate};
pub use session::own_past::own_past;
pub use session::pre_open::{IndexMoment, Instant, PreOpen, QuoteCoverage};
pub use session::turnover::{SegmentTurnover, SessionTurnover};
pub use session::walk::WALK_VERSION;
pub use session::walked::{Keep, WalkedSession};
pub use session::window::MarketSession;
pub use total::cell::{Cell, Mark, Marks, Sum};
pub use total::segment::{Scopes, Segment, risk_warned};
pub use total::sorted::Number;
pub use total::totals::{PartTotals, Totals};

/// The selected facts of a history's last session; [`Selection::review`] selects all.
///
/// `inputs` names the stored data the history was read from, for the facts' provenance. If the
/// history's session is not in the calendar, the result has no facts and a finding that says so.
pub fn review(
    history: &MarketHistory,
    selection: &Selection,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    let market = MarketSession::fold(history, rulebook);
    review_of(market, history, selection, rulebook, inputs)
}

/// [`review`] from securities' days that were kept; see [`MarketSession::of_kept`].
pub fn review_kept(
    history: &MarketHistory,
    data_from: SessionDate,
    past: Vec<SessionTurnover>,
    selection: &Selection,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    let market = MarketSession::of_kept(history, data_from, past, rulebook);
    review_of(market, history, selection, rulebook, inputs)
}

fn review_of(
    market: Option<MarketSession>,
    history: &MarketHistory,
    selection: &Selection,
    rulebook: &Rulebook,
    inputs: &[InputRef],
) -> FactSet {
    match market {
        Some(market) => {
            let mut facts = evaluate::evaluate_selected(&market, selection, rulebook, inputs);
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
