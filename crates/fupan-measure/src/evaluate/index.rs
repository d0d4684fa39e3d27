//! Figures of indices, and of what their members did to them.

use std::sync::Arc;

use fupan_fact::{Basis, Coverage, FactKey, MeasureId, Scope, Value};
use fupan_market::{Finding, Return, Symbol, TRACKED_INDICES};

use crate::catalogue::index::{INDEX_CLOSE, SINCE};
use crate::evaluate::contribution::Contributions;
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, partial_basis};
use crate::measure::statistic::Contribution;
use crate::measure::{Measure, Needs};
use crate::session::held::are_many;
use crate::session::index::IndexView;
use crate::total::cell::Mark;
use crate::total::value::{of_unit, unknown};

/// Sessions whose closes are reported of an index that is asked for, this one included.
const LATELY_SESSIONS: usize = 20;

impl Evaluation<'_> {
    pub(super) fn add_indices(&mut self, measure: &Measure, read: fn(&IndexView) -> Value) {
        let median_return = self.median_return();
        for tracked in TRACKED_INDICES {
            let Some(index) = self.market.indices.iter().find(|i| tracked.is(i.symbol)) else {
                continue;
            };
            let view = IndexView { median_return, ..*index };
            let key = self.key(measure, None, Scope::Security(index.symbol));
            if let Some((_, beyond)) = SINCE.iter().find(|(id, _)| *id == measure.id)
                && let Some(back) = view.since(*beyond)
                && let Ok(Some(then)) = self.rulebook.calendar().back(self.market.session, back)
            {
                self.set.since.insert(key.clone(), then);
            }
            let draft = Draft {
                key,
                value: read(&view),
                coverage: Coverage { judged: view.sessions, unjudged: 0 },
                findings: Vec::new(),
                basis: self.of_market(measure.needs),
            };
            self.emit(measure, draft);
        }
    }

    /// The returns of the tracked indices since the sessions that are asked for.
    pub(super) fn add_indices_since(&mut self, measure: &Measure) {
        let (market, selection) = (self.market, self.selection);
        let asked = selection.since().iter().filter(|since| **since < market.session);
        for since in asked {
            for index in market.indices.iter().filter(|i| market.past_closes.has(i.symbol)) {
                let value = match market.past_closes.on(index.symbol, *since) {
                    Some(close) => Return::between(close, index.close)
                        .map_or_else(|| unknown("out_of_range"), |ppb| Value::Return { ppb }),
                    None => unknown("no_close_then"),
                };
                let index = Scope::Security(index.symbol);
                let key = self.key(measure, Some(&since.to_string()), index);
                self.set.since.insert(key.clone(), *since);
                let coverage = Coverage { judged: 1, unjudged: 0 };
                let (findings, basis) = (Vec::new(), Basis::Exact);
                self.emit(measure, Draft { key, value, coverage, findings, basis });
            }
        }
    }

    /// The closes of an index in the sessions before.
    pub(super) fn add_past_closes(&mut self, index: Symbol) {
        let before = self.market.past_closes.before(index, self.market.session);
        let first = before.len().saturating_sub(LATELY_SESSIONS - 1);
        for (place, (session, close)) in before.iter().enumerate().skip(first) {
            let own = self.key(&INDEX_CLOSE, None, Scope::Security(index));
            let draft = Draft {
                key: FactKey { session: *session, ..own },
                value: of_unit(INDEX_CLOSE.unit, close.units().into()),
                coverage: Coverage { judged: place as u64 + 1, unjudged: 0 },
                findings: Vec::new(),
                basis: Basis::Exact,
            };
            self.emit(&INDEX_CLOSE, draft);
        }
    }

    /// The basis that an index figure takes over from all A-shares if it rests on their prices.
    fn of_market(&self, needs: Needs) -> Basis {
        if needs == Needs::INDICES {
            return Basis::Exact;
        }
        let totals = self.scopes.totals(&Scope::AllA);
        let (_, held) = self.held.of_scope(&Scope::AllA, &self.bands);
        let [unpriced, priced] = [Mark::Unpriced, Mark::Priced].map(|mark| totals.count(mark));
        let priced = partial_basis(are_many(unpriced, priced));
        held.max(derived_basis(totals.count(Mark::PrevDerived) > 0)).max(priced)
    }

    fn median_return(&self) -> Option<i64> {
        let key = FactKey {
            as_of: self.as_of(),
            ..FactKey::at_close(MeasureId::new("median_return"), Scope::AllA, self.market.session)
        };
        match self.set.get(&key)?.value {
            Value::Return { ppb } => Some(ppb.0),
            _ => None,
        }
    }

    /// What a reader must know about the weights of an index's members, and the basis of what rests on
    /// them. Weights are published; those of the SSE Composite rest on share capital.
    pub(super) fn of_contributions(
        &self,
        measure: &Measure,
        contributions: &Contributions,
    ) -> (Vec<Finding>, Basis) {
        match contributions.by_weights {
            true => {
                let derived = derived_basis(contributions.derived);
                (Vec::new(), derived.max(partial_basis(!contributions.unknown.is_empty())))
            }
            false => {
                let of_shares = basis(self.share_dates.is_some());
                (self.of_shares(), of_shares.max(self.of_market(measure.needs)))
            }
        }
    }

    pub(super) fn add_contributions(&mut self, measure: &Measure, of: Contribution) {
        if matches!(of, Contribution::OfGroup(_) | Contribution::Ungrouped) {
            self.add_groups_of_indices(measure, of);
            return;
        }
        let index = measure.id.split_once(':').map(|(_, index)| index);
        let mut drafts = Vec::new();
        for contributions in &self.contributions {
            if index.is_some_and(|index| index != contributions.index.to_string()) {
                continue;
            }
            let unjudged = contributions.unknown.len() as u64;
            let coverage = Coverage { judged: contributions.known(), unjudged };
            let (findings, basis) = self.of_contributions(measure, contributions);
            let is_asked = |symbol| self.is_asked(measure, symbol);
            drafts.extend(contributions.figures(of, is_asked).into_iter().map(
                |(symbol, value)| {
                    let key = self.key(measure, None, Scope::Security(symbol));
                    let draft = Draft { key, value, coverage, findings: findings.clone(), basis };
                    (draft, contributions.by_weights)
                },
            ));
        }
        for (draft, by_weights) in drafts {
            let inputs = match by_weights {
                true => self.inputs.by_weights(),
                false => self.inputs.for_measure(measure),
            };
            let inputs = Arc::clone(inputs);
            self.emit_with(measure, draft, inputs);
        }
    }
}
