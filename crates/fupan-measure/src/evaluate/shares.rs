//! Figures of sets of shares and of groups of them, read from their totals.

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_fact::{Basis, Coverage, FactKey, Scope, Value};
use fupan_market::Symbol;

use crate::evaluate::scopes::ScopeFigure;
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, findings, partial_basis};
use crate::measure::statistic::Statistic;
use crate::measure::{Measure, Members, Needs, SharesMeasure};
use crate::total::cell::{Cell, Mark};
use crate::total::segment::Segment;
use crate::total::sorted::{Columns, Ordered};
use crate::total::totals::PartTotals;

impl Evaluation<'_> {
    pub(super) fn add_shares(&mut self, measure: &Measure, shares: &SharesMeasure) {
        self.add_totals(measure, shares);
        if measure.is_of_groups() {
            self.add_groups(measure, shares);
        }
        if shares.members == Members::Listed && self.selection.with_review() {
            self.list_members(measure, shares);
        }
    }

    fn add_totals(&mut self, measure: &Measure, shares: &SharesMeasure) {
        for figure in self.scopes.figures(measure, |scope| self.selection.has_scope(scope)) {
            let ScopeFigure { parameter, scope, value, coverage, .. } = figure;
            let figure = (parameter, value, coverage);
            let totals = self.scopes.totals(scope);
            let draft = self.draft(measure, shares, (scope, totals), figure);
            self.emit(measure, draft);
        }
    }

    /// The figures of groups of shares.
    fn add_groups(&mut self, measure: &Measure, shares: &SharesMeasure) {
        let columns = Columns::default();
        let ordered = Ordered::new(&columns, [false; Segment::COUNT]);
        let groups = std::mem::take(&mut self.groups);
        let mut inputs = None;
        for view in &groups.views {
            let of = self.inputs_of_group(measure, view, &mut inputs);
            let mut figures = Vec::new();
            let totals = (&view.totals, &ordered);
            self.scopes.read_totals(shares, measure.unit, totals, |parameter, value, coverage| {
                figures.push((parameter, value, coverage));
            });
            for figure in figures {
                let totals = (&view.scope, &view.totals);
                let mut draft = self.draft(measure, shares, totals, figure);
                if view.is_of_later {
                    draft.basis = draft.basis.max(Basis::Restated);
                }
                draft.basis = draft.basis.max(partial_basis(view.is_partial));
                self.emit_with(measure, draft, Arc::clone(&of));
            }
        }
        self.groups = groups;
    }

    /// A figure read from a set of shares' totals, with its coverage, findings and basis.
    fn draft(
        &self,
        measure: &Measure,
        SharesMeasure { population, statistic, .. }: &SharesMeasure,
        (scope, totals): (&Scope, &PartTotals),
        (parameter, value, coverage): (Option<String>, Value, Coverage),
    ) -> Draft {
        let mut findings = Vec::new();
        let mut estimated = false;
        if measure.needs.has(Needs::TURNOVER) {
            let estimates = totals.count(Mark::Estimated);
            findings.extend(self.of_turnover(estimates, scope));
            estimated |= estimates > 0;
        }
        if measure.needs.has(Needs::LIMITS) && self.selection.with_review() {
            let by_name = population.by_name.map_or(0, |mark| totals.count(mark));
            findings.extend(findings::uncertain_limits(by_name, coverage.unjudged, scope));
        }
        if measure.needs.has(Needs::SHARES) {
            findings.extend(self.of_shares());
            estimated |= self.share_dates.is_some();
        }
        let judged = partial_basis(population.is_judged_in_part(coverage, totals));
        let (missing, held) = self.held.of_scope(scope, &self.bands);
        let coverage = Coverage { unjudged: coverage.unjudged + missing, ..coverage };
        let derived_past = population.derived_past();
        let of_trading_alone = matches!(population.judged, Mark::Listed | Mark::Traded);
        let rests_on_prev_close = !measure.needs.has(Needs::TURNOVER) && !of_trading_alone;
        let derived = rests_on_prev_close && totals.count(Mark::PrevDerived) > 0
            || derived_past.is_some_and(|mark| totals.count(mark) > 0);
        // A lower bound counts only what is known.
        let bound = match statistic {
            Statistic::OpenLadder => Basis::Partial,
            _ => Basis::Exact,
        };
        let basis = basis(estimated).max(held).max(derived_basis(derived)).max(bound).max(judged);
        let key = self.key(measure, parameter.as_deref(), scope.clone());
        Draft { key, value, coverage, findings, basis }
    }

    /// Lists a count's members for every scope; the rungs of a ladder are listed for the whole
    /// market only.
    fn list_members(&mut self, measure: &Measure, shares: &SharesMeasure) {
        let SharesMeasure { statistic, scopes, .. } = shares;
        let members: Vec<(&Cell, Option<u16>)> = self
            .cells
            .iter()
            .filter_map(|cell| statistic.member(cell).map(|class| (cell, class)))
            .collect();
        let mut lists: BTreeMap<FactKey, Vec<Symbol>> = BTreeMap::new();
        for (place, scope) in scopes.of_shares() {
            if matches!(statistic, Statistic::Ladder) && *scope != Scope::AllA {
                continue;
            }
            let held = |(cell, _): &&(&Cell, _)| self.scopes.holds(place, cell.segment);
            for (cell, class) in members.iter().filter(held) {
                let class = class.map(|class| class.to_string());
                let key = self.key(measure, class.as_deref(), scope.clone());
                lists.entry(key).or_default().push(cell.symbol);
            }
        }
        for view in self.groups.views.iter().filter(|_| measure.is_of_groups()) {
            let cells = view.cells.iter().map(|place| &self.cells[*place]);
            for cell in cells.filter(|cell| statistic.member(cell) == Some(None)) {
                let key = self.key(measure, None, view.scope.clone());
                lists.entry(key).or_default().push(cell.symbol);
            }
        }
        self.set.members.extend(lists);
    }
}
