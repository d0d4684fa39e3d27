//! What each member of the SSE Composite did to it, in points.

use fupan_fact::{Unit, Value};
use fupan_market::{Exchange, Price, Rulebook, SecurityDay, Symbol};

use crate::measure::statistic::Contribution;
use crate::session::index::IndexView;
use crate::session::window::MarketSession;
use crate::total::arithmetic::div_half_away;
use crate::total::segment::risk_warned;
use crate::total::value::{mostly_known, of_unit, unknown};

/// How many members are reported that lifted the index most, and how many that weighed on it most.
const TOLD: usize = 10;

/// What the members of the SSE Composite did in a session.
pub(crate) struct Contributions {
    pub(crate) index: Symbol,
    prev_close: Option<Price>,
    /// The index's change, in units of points.
    points: Option<i128>,
    /// Capitalisation of the members at the previous close, in ten-thousandths of a yuan.
    cap: i128,
    /// The change in capitalisation by member, the largest first.
    changes: Vec<(i128, Symbol)>,
    /// Members whose capitalisation is not known.
    pub(crate) unknown: u64,
}

impl Contributions {
    /// The contributions in a session; `None` if the data lack the index.
    pub(crate) fn of(market: &MarketSession, rulebook: &Rulebook) -> Option<Contributions> {
        let is_composite =
            |symbol: Symbol| (symbol.exchange(), symbol.code()) == (Exchange::Sse, 1);
        let view: &IndexView = market.indices.iter().find(|view| is_composite(view.symbol))?;
        let rules = rulebook.on(market.session);
        let is_member = |day: &&SecurityDay| {
            rules.in_sse_composite(day.symbol, day.board, risk_warned(day), day.listed_on)
        };
        let points = view.prev_close.map(|prev| view.close.units() - prev.units());
        let mut contributions = Contributions {
            index: view.symbol,
            prev_close: view.prev_close,
            points: points.map(i128::from),
            cap: 0,
            changes: Vec::new(),
            unknown: 0,
        };
        for day in market.days.iter().filter(is_member) {
            let Some((shares, prev_close)) = day.shares.zip(day.prev_close) else {
                contributions.unknown += 1;
                continue;
            };
            let (float, prev_close) = (i128::from(shares.float), i128::from(prev_close.units()));
            let last = day.traded.map_or(prev_close, |traded| i128::from(traded.last.units()));
            contributions.cap += float * prev_close;
            contributions.changes.push((float * (last - prev_close), day.symbol));
        }
        contributions.changes.sort_unstable_by_key(|(change, symbol)| (-change, *symbol));
        Some(contributions)
    }

    /// Members whose capitalisation is known.
    pub(crate) fn known(&self) -> u64 {
        self.changes.len() as u64
    }

    /// The values of a figure, each with the security or index it is about: of the members those
    /// that moved the index most, and the asked ones.
    pub(crate) fn figures(
        &self,
        of: Contribution,
        is_asked: impl Fn(Symbol) -> bool,
    ) -> Vec<(Symbol, Value)> {
        let in_points = |points: Result<i128, Value>| {
            points.map_or_else(|unknown| unknown, |points| of_unit(Unit::Points, points))
        };
        let value = match of {
            Contribution::Member => return self.members(is_asked),
            Contribution::Members => of_unit(Unit::Securities, self.known().into()),
            Contribution::Total => in_points(self.total()),
            Contribution::Residual => in_points(self.total().and_then(|total| {
                self.points.map(|points| points - total).ok_or_else(|| unknown("no_prev_close"))
            })),
        };
        vec![(self.index, value)]
    }

    fn total(&self) -> Result<i128, Value> {
        self.points_of(self.changes.iter().map(|(change, _)| change).sum())
    }

    /// The members that moved the index most, either way, and the asked ones, with their points.
    fn members(&self, is_asked: impl Fn(Symbol) -> bool) -> Vec<(Symbol, Value)> {
        let last = self.changes.len().saturating_sub(TOLD);
        let moved_most =
            |place: usize, change: i128| place < TOLD && change > 0 || place >= last && change < 0;
        let members = self.changes.iter().enumerate().filter_map(|(place, (change, symbol))| {
            if !moved_most(place, *change) && !is_asked(*symbol) {
                return None;
            }
            Some((*symbol, of_unit(Unit::Points, self.points_of(*change).ok()?)))
        });
        members.collect()
    }

    fn points_of(&self, change: i128) -> Result<i128, Value> {
        if !mostly_known(self.known(), self.unknown) {
            return Err(unknown("no_share_capital"));
        }
        let prev_close = self.prev_close.ok_or_else(|| unknown("no_prev_close"))?;
        div_half_away(i128::from(prev_close.units()) * change, self.cap)
            .ok_or_else(|| unknown("empty_population"))
    }
}
