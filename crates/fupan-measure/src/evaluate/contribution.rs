//! What each member of an index did to it, in points.

use std::cmp::Reverse;

use fupan_fact::{Unit, Value};
use fupan_market::{Exchange, IndexBasket, Price, Rulebook, SecurityDay, Symbol};

use crate::measure::statistic::Contribution;
use crate::session::index::IndexView;
use crate::session::window::MarketSession;
use crate::total::arithmetic::div_half_away;
use crate::total::segment::risk_warned;
use crate::total::value::{mostly_known, of_unit, unknown};

/// How many members are reported that lifted the index most, and how many that weighed on it most.
const TOLD: usize = 10;

/// What the members of an index did in a session.
pub(crate) struct Contributions {
    pub(crate) index: Symbol,
    prev_close: Option<Price>,
    /// The index's change, in units of points.
    pub(crate) points: Option<i128>,
    /// What the members were worth at the previous close, in units that the changes share.
    cap: i128,
    /// The change of what they are worth by member, the largest first.
    pub(crate) changes: Vec<(i128, Symbol)>,
    /// Members of which it is not known.
    pub(crate) unknown: Vec<Symbol>,
    /// Whether the members are weighed by published weights, and not by share capital.
    pub(crate) by_weights: bool,
    /// Whether an ex-rights day of a member may go unnoticed since the list of its weight: a previous
    /// close is not reported.
    pub(crate) derived: bool,
}

impl Contributions {
    /// The contributions in a session to the SSE Composite, whose members the rules name, and to the
    /// indices that have a basket; of those that the data have.
    pub(crate) fn of(market: &MarketSession, rulebook: &Rulebook) -> Vec<Contributions> {
        let is_composite =
            |view: &&IndexView| (view.symbol.exchange(), view.symbol.code()) == (Exchange::Sse, 1);
        let composite = market.indices.iter().find(is_composite);
        let mut all: Vec<Contributions> = composite
            .map(|view| Contributions::of_composite(view, market, rulebook))
            .into_iter()
            .collect();
        for view in market.indices.iter().filter(|view| !is_composite(view)) {
            let basket = market.baskets.iter().find(|basket| basket.index == view.symbol);
            let of_basket = |basket| Contributions::of_basket(view, basket, market, rulebook);
            all.extend(basket.map(of_basket));
        }
        all
    }

    fn new(view: &IndexView) -> Contributions {
        let points = view.prev_close.map(|prev| view.close.units() - prev.units());
        Contributions {
            index: view.symbol,
            prev_close: view.prev_close,
            points: points.map(i128::from),
            cap: 0,
            changes: Vec::new(),
            unknown: Vec::new(),
            by_weights: false,
            derived: false,
        }
    }

    fn of_composite(
        view: &IndexView,
        market: &MarketSession,
        rulebook: &Rulebook,
    ) -> Contributions {
        let rules = rulebook.on(market.session);
        let is_member = |day: &&SecurityDay| {
            rules.in_sse_composite(day.symbol, day.board, risk_warned(day), day.listed_on)
        };
        let mut contributions = Contributions::new(view);
        for day in market.days.iter().filter(is_member) {
            let known = day.shares.zip(day.prev_close).map(|(shares, prev_close)| {
                let (float, prev_close) =
                    (i128::from(shares.float), i128::from(prev_close.units()));
                let last = day.traded.map_or(prev_close, |traded| i128::from(traded.last.units()));
                (float * prev_close, float * (last - prev_close))
            });
            contributions.add(day.symbol, known);
        }
        contributions.sorted()
    }

    fn of_basket(
        view: &IndexView,
        basket: &IndexBasket,
        market: &MarketSession,
        rulebook: &Rulebook,
    ) -> Contributions {
        let mut contributions = Contributions::new(view);
        // Up to the list, nothing needs to be known of ex-rights days.
        let calendar = rulebook.calendar();
        let on = calendar.on_or_before(basket.observed_on);
        let list_number = on.and_then(|on| calendar.number(on)).unwrap_or(0);
        let goes_unnoticed = |day: &SecurityDay| {
            day.has_derived_prev_close() || day.carried.derived.is_some_and(|of| of > list_number)
        };
        for (symbol, shares) in &basket.shares {
            let place = market.days.binary_search_by_key(symbol, |day| day.symbol);
            let day = place.ok().map(|place| &market.days[place]);
            let known = day.and_then(|day| {
                let last_close = day.carried.last_close?;
                let worth = shares.times(last_close.units())?;
                let Some(traded) = day.traded else { return Some((worth, 0)) };
                let prev_close = day.prev_close?;
                let gap_is_stated = day.carried.gap_is_stated();
                let change = shares
                    .on_day(last_close, prev_close, gap_is_stated)?
                    .times(traded.last.units() - prev_close.units())?;
                Some((worth, change))
            });
            contributions.add(*symbol, known);
            contributions.derived |= day.is_some_and(goes_unnoticed);
        }
        contributions.by_weights = true;
        contributions.unknown.extend(&basket.unknown);
        contributions.sorted()
    }

    /// Adds a member: what it was worth, and the change of that, if both are known.
    fn add(&mut self, symbol: Symbol, known: Option<(i128, i128)>) {
        let sum = known.and_then(|(worth, _)| self.cap.checked_add(worth));
        match known.zip(sum) {
            Some(((_, change), sum)) => {
                self.cap = sum;
                self.changes.push((change, symbol));
            }
            None => self.unknown.push(symbol),
        }
    }

    fn sorted(mut self) -> Contributions {
        self.changes.sort_unstable_by_key(|(change, symbol)| (Reverse(*change), *symbol));
        self
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
            Contribution::OfGroup(_) | Contribution::Ungrouped => return Vec::new(),
        };
        vec![(self.index, value)]
    }

    fn total(&self) -> Result<i128, Value> {
        let mut changes = self.changes.iter().map(|(change, _)| *change);
        let sum = changes.try_fold(0_i128, i128::checked_add);
        self.points_of(sum.ok_or_else(|| unknown("out_of_range"))?)
    }

    /// The members that moved the index most, either way, and the asked ones, with their points.
    fn members(&self, is_asked: impl Fn(Symbol) -> bool) -> Vec<(Symbol, Value)> {
        let members = self.changes.iter().enumerate().filter_map(|(place, (change, symbol))| {
            if !self.moved_most(place) && !is_asked(*symbol) {
                return None;
            }
            Some((*symbol, of_unit(Unit::Points, self.points_of(*change).ok()?)))
        });
        members.collect()
    }

    /// The members that moved the index most, either way.
    pub(crate) fn movers(&self) -> impl Iterator<Item = Symbol> + '_ {
        let members = self.changes.iter().enumerate();
        members.filter(|(place, _)| self.moved_most(*place)).map(|(_, (_, symbol))| *symbol)
    }

    /// Whether the member at a place is one of those that moved the index most.
    fn moved_most(&self, place: usize) -> bool {
        let (change, _) = self.changes[place];
        let last = self.changes.len().saturating_sub(TOLD);
        place < TOLD && change > 0 || place >= last && change < 0
    }

    /// A change of what members are worth, in units of the index's points.
    pub(crate) fn points_of(&self, change: i128) -> Result<i128, Value> {
        if !mostly_known(self.known(), self.unknown.len() as u64) {
            let reason = if self.by_weights { "no_weights" } else { "no_share_capital" };
            return Err(unknown(reason));
        }
        let prev_close = self.prev_close.ok_or_else(|| unknown("no_prev_close"))?;
        let product = i128::from(prev_close.units()).checked_mul(change);
        let product = product.ok_or_else(|| unknown("out_of_range"))?;
        div_half_away(product, self.cap).ok_or_else(|| unknown("empty_population"))
    }
}
