//! Figures of single securities.

use fupan_fact::{Basis, Coverage, LARGE_COMPANY, Scope, Unit, Value};
use fupan_market::{Price, PriceLimit, Return, SecurityDay, Symbol, Touch};

use crate::catalogue::intraday::SURGE;
use crate::catalogue::security::STREAK_AT_LEAST;
use crate::evaluate::contribution::Contributions;
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, findings};
use crate::measure::{Measure, Needs, RankedBy, Reported};
use crate::total::value::{mostly_known, of_unit, unknown};

/// Which single securities have figures beyond those that every session reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SelectedSecurities {
    /// None.
    Reported,
    /// These have all figures, sorted.
    Asked(Vec<Symbol>),
    /// All of them have all figures.
    Every,
}

/// The most traded securities that a review names, and of the others as many a list.
const NAMED: usize = 10;

/// The securities that a review names although they are at no limit, sorted: the most traded, the
/// largest at a 250-session or all-time high, the large ones that rose and fell most, those that rose
/// and fell most without closing at a limit, those that moved most on a day without one, those that
/// surged and that slumped since the lunch break, and the members that moved an index most.
pub(crate) fn named<'c>(
    days: &[SecurityDay],
    contributions: impl Iterator<Item = &'c Contributions>,
) -> Vec<Symbol> {
    use fupan_market::{ExtremeBasis::Closing, Lookback};
    let traded = || days.iter().filter_map(|day| Some((day, day.traded?)));
    let mut named: Vec<Symbol> = Vec::new();
    let mut take = |mut ordered: Vec<(i128, Symbol)>| {
        ordered.sort_unstable_by_key(|(number, symbol)| (-number, *symbol));
        named.extend(ordered.iter().take(NAMED).map(|(_, symbol)| *symbol));
    };
    take(traded().map(|(day, of)| (of.turnover.fen.0.into(), day.symbol)).collect());
    for lookback in [Lookback::Sessions250, Lookback::AllTime] {
        let at_high = traded().filter(|(day, _)| day.new_high(lookback, Closing) == Some(true));
        take(at_high.filter_map(|(day, _)| Some((value(day)?, day.symbol))).collect());
    }
    let is_large = |day: &SecurityDay| value(day).is_some_and(|it| it >= LARGE_COMPANY.0.into());
    let mut take_moved = |is_of: &dyn Fn(&SecurityDay) -> bool, size: fn(i128) -> i128| {
        let of = traded().filter(|(day, _)| is_of(day));
        let moved = of.filter_map(|(day, _)| Some((size(day.day_return()?.0.into()), day.symbol)));
        take(moved.filter(|(ppb, _)| *ppb > 0).collect());
    };
    for its_way in [|ppb| ppb, |ppb: i128| -ppb] {
        take_moved(&is_large, its_way);
        take_moved(&is_inside_limits, its_way);
    }
    take_moved(&|day| matches!(day.limit, PriceLimit::Unlimited(_)), i128::abs);
    for its_way in [|ppb| ppb, |ppb: i128| -ppb] {
        let since = traded().filter_map(|(day, _)| Some((day.afternoon_return()?, day.symbol)));
        let moved = since.map(|(Return(ppb), symbol)| (its_way(ppb.into()), symbol));
        take(moved.filter(|(ppb, _)| *ppb >= i128::from(SURGE)).collect());
    }
    named.extend(contributions.flat_map(Contributions::movers));
    named.sort_unstable();
    named.dedup();
    named
}

/// Whether a security traded under a limit and closed at none.
fn is_inside_limits(day: &SecurityDay) -> bool {
    let touches = [day.limit_up_touch(), day.limit_down_touch()];
    matches!(day.limit, PriceLimit::Limited { .. }) && !touches.contains(&Some(Touch::Sealed))
}

/// Market value of all shares at the last price, in fen.
fn value(day: &SecurityDay) -> Option<i128> {
    let (shares, last) = (day.shares?.total, day.traded?.last.units());
    Some(i128::from(shares) * i128::from(last) / i128::from(Price::UNITS_PER_FEN))
}

impl Evaluation<'_> {
    /// Whether a security has a measure's figure though it may be at no limit.
    pub(super) fn is_asked(&self, measure: &Measure, symbol: Symbol) -> bool {
        let is_named = || measure.is_of_named() && self.named.binary_search(&symbol).is_ok();
        match self.selection.securities() {
            SelectedSecurities::Reported => is_named(),
            SelectedSecurities::Asked(asked) => asked.binary_search(&symbol).is_ok() || is_named(),
            SelectedSecurities::Every => true,
        }
    }

    /// Whether nobody but the reported securities has a measure's figure.
    pub(super) fn nobody_asks(&self, measure: &Measure) -> bool {
        let is_named = measure.is_of_named() && !self.named.is_empty();
        *self.selection.securities() == SelectedSecurities::Reported && !is_named
    }

    pub(super) fn add_securities(
        &mut self,
        measure: &Measure,
        reported: Reported,
        read: fn(&SecurityDay) -> Option<Value>,
    ) {
        if reported == Reported::OnRequest && self.nobody_asks(measure) {
            return;
        }
        let market = self.market;
        for day in &market.days {
            if reported.admits(day) || self.is_asked(measure, day.symbol) {
                let Some(value) = read(day) else { continue };
                self.add_security(measure, day, value);
            }
        }
    }

    /// What only quotes show of single securities.
    pub(super) fn add_intraday(
        &mut self,
        measure: &Measure,
        read: fn(&SecurityDay) -> Option<Value>,
    ) {
        let market = self.market;
        for day in &market.days {
            let Some(value) = read(day) else { continue };
            self.add_security(measure, day, value);
        }
    }

    /// The places of the securities that are asked for.
    pub(super) fn add_ranks(&mut self, measure: &Measure, by: RankedBy) {
        if self.nobody_asks(measure) {
            return;
        }
        let market = self.market;
        let number = |day: &SecurityDay| match by {
            RankedBy::Turnover => Some(day.traded?.turnover.fen.0.into()),
            RankedBy::Return => Some(day.day_return()?.0.into()),
            RankedBy::MarketValue => {
                let last = day.traded?.last.units();
                Some(i128::from(day.shares?.total) * i128::from(last))
            }
        };
        let traded = || market.days.iter().filter(|day| day.traded.is_some());
        let mut numbers: Vec<i128> = traded().filter_map(number).collect();
        numbers.sort_unstable();
        let unknown_too = (traded().count() - numbers.len()) as u64;
        let is_known =
            by != RankedBy::MarketValue || mostly_known(numbers.len() as u64, unknown_too);
        for day in traded() {
            if !self.is_asked(measure, day.symbol) {
                continue;
            }
            let larger = |number| numbers.len() - numbers.partition_point(|other| *other <= number);
            let value = match number(day) {
                Some(number) if is_known => of_unit(Unit::Rank, larger(number) as i128 + 1),
                Some(_) => unknown("no_share_capital"),
                None if by == RankedBy::Return => unknown("no_prev_close"),
                None => unknown("no_share_capital"),
            };
            self.add_security(measure, day, value);
        }
    }

    fn add_security(&mut self, measure: &Measure, day: &SecurityDay, value: Value) {
        let known = !matches!(value, Value::Unknown { .. });
        let scope = Scope::Security(day.symbol);
        let estimated = measure.needs.has(Needs::TURNOVER) && findings::has_estimated_turnover(day);
        let mut said = self.of_turnover(estimated.into(), &scope);
        let of_other_day = match measure.needs.has(Needs::SHARES) {
            true => findings::share_date(&self.counted_dates, day),
            false => None,
        };
        let is_of_other_day = of_other_day.is_some();
        said.extend(of_other_day.filter(|_| self.selection.with_review()));
        let draft = Draft {
            key: self.key(measure, None, scope),
            value,
            coverage: Coverage { judged: u64::from(known), unjudged: u64::from(!known) },
            findings: said,
            basis: basis(estimated || is_of_other_day)
                .max(derived_basis(measure.of_prev_close() && day.has_derived_prev_close()))
                .max(match measure.id == STREAK_AT_LEAST && day.limit_up_streak().is_none() {
                    true => Basis::Partial,
                    false => Basis::Exact,
                }),
        };
        self.emit(measure, draft);
    }
}
