//! How much of the market the quotes of an instant cover.

use fupan_fact::{Coverage, Scope, Value};

use crate::evaluate::{Draft, Evaluation, basis};
use crate::measure::{Measure, Needs};
use crate::session::pre_open::QuoteCoverage;

impl Evaluation<'_> {
    pub(super) fn add_coverage(&mut self, measure: &Measure, read: fn(&QuoteCoverage) -> Value) {
        let Some(instant) = self.instant else { return };
        let coverage = &instant.coverage;
        let estimated = measure.needs.has(Needs::TURNOVER) && coverage.estimated;
        let draft = Draft {
            key: self.key(measure, None, Scope::AllA),
            value: read(coverage),
            coverage: Coverage { judged: coverage.of.unwrap_or(coverage.securities), unjudged: 0 },
            findings: Vec::new(),
            basis: basis(estimated),
        };
        self.emit(measure, draft);
    }
}
