//! Figures of the funds that are asked for.

use fupan_fact::{Coverage, Scope, Unit, Value};
use fupan_market::TurnoverBasis;

use crate::catalogue::fund::FUND_PREV_CLOSE;
use crate::evaluate::{Draft, Evaluation, basis, derived_basis, findings};
use crate::measure::Measure;
use crate::session::fund::{FundReference, FundView};

impl Evaluation<'_> {
    pub(super) fn add_funds(&mut self, measure: &Measure, read: fn(&FundView) -> Value) {
        let (market, selection) = (self.market, self.selection);
        for fund in market.funds.iter().filter(|fund| selection.asks_for(fund.symbol)) {
            let value = read(fund);
            let scope = Scope::Security(fund.symbol);
            let known = u64::from(!matches!(value, Value::Unknown { .. }));
            let on_reference = measure.unit == Unit::Ppb || measure.id == FUND_PREV_CLOSE;
            let derived = on_reference && matches!(fund.reference, FundReference::Derived(_));
            let of_turnover = measure.unit == Unit::Fen;
            let estimated = of_turnover && fund.traded.turnover.basis == TurnoverBasis::Estimated;
            let mut said = findings::estimated_turnover(estimated.into(), &scope);
            said.extend(derived.then(|| findings::derived_reference(fund.symbol)));
            let draft = Draft {
                key: self.key(measure, None, scope),
                value,
                coverage: Coverage { judged: known, unjudged: 1 - known },
                findings: said,
                basis: basis(estimated).max(derived_basis(derived)),
            };
            let inputs = self.inputs.of_files(measure, &fund.files);
            self.emit_with(measure, draft, inputs);
        }
    }
}
