//! Figures of single securities.

use fupan_fact::{Basis, Coverage, Scope, Value};
use fupan_market::SecurityDay;

use crate::catalogue::security::STREAK_AT_LEAST;
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, findings};
use crate::measure::{Measure, Needs};
use crate::total::cell::derived_prev_close;

impl Evaluation<'_> {
    pub(super) fn add_securities(
        &mut self,
        measure: &Measure,
        read: fn(&SecurityDay) -> Option<Value>,
    ) {
        let market = self.market;
        for day in &market.days {
            let Some(value) = read(day) else { continue };
            let known = !matches!(value, Value::Unknown { .. });
            let scope = Scope::Security(day.symbol);
            let estimated =
                measure.needs.has(Needs::TURNOVER) && findings::has_estimated_turnover(day);
            let draft = Draft {
                key: self.key(measure, None, scope.clone()),
                value,
                coverage: Coverage { judged: u64::from(known), unjudged: u64::from(!known) },
                findings: self.of_turnover(estimated.into(), &scope),
                basis: basis(estimated)
                    .max(derived_basis(measure.of_prev_close() && derived_prev_close(day)))
                    .max(match measure.id == STREAK_AT_LEAST && day.limit_up_streak().is_none() {
                        true => Basis::Partial,
                        false => Basis::Exact,
                    }),
            };
            self.emit(measure, draft);
        }
    }
}
