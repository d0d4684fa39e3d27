//! Turnover compared with that of earlier sessions.

use fupan_fact::{Basis, Coverage, FactKey, Scope};

use crate::catalogue::turnover::PAST_SESSIONS;
use crate::evaluate::{Draft, Evaluation, basis};
use crate::measure::Measure;
use crate::measure::comparison::{Compared, Comparison};
use crate::total::segment::Scopes;
use crate::total::value::{no_data, of_unit};

impl Evaluation<'_> {
    pub(super) fn add_comparison(&mut self, measure: &Measure, comparison: Comparison) {
        let asked = |(_, scope): &(usize, &Scope)| self.selection.has_scope(scope);
        for (_, scope) in Scopes::Market.of_shares().filter(asked) {
            let compared = match (self.instant, comparison) {
                // At an instant, the past holds only the session before.
                (Some(_), Comparison::Rank) => Compared::too_short(),
                _ => comparison.compare(&self.today, &self.past, scope),
            };
            let estimated = u64::from(self.today.of(scope).estimated) + compared.estimated;
            let (_, held) = self.held.of_scope(scope, &self.bands);
            let sessions = self.market.past.len();
            let first = sessions.saturating_sub(comparison.lookback(sessions));
            let earlier = (first..sessions).map(|place| self.basis_of_past(place, scope));
            let held = earlier.fold(held, Basis::max);
            let draft = Draft {
                key: self.key(measure, None, scope.clone()),
                value: if self.scopes.has_data(scope) { compared.value } else { no_data() },
                coverage: Coverage { judged: compared.sessions, unjudged: 0 },
                findings: self.of_turnover(estimated, scope),
                basis: basis(estimated > 0).max(held),
            };
            self.emit(measure, draft);
        }
    }

    /// The basis of an earlier session's turnover, by its place.
    pub(super) fn basis_of_past(&self, place: usize, scope: &Scope) -> Basis {
        match self.past.is_thin(place, scope) {
            true => Basis::Partial,
            false => self.market.expected.basis_of(self.market.past[place].session),
        }
    }

    pub(super) fn add_past_turnover(&mut self, measure: &Measure) {
        let past = &self.market.past;
        for (place, session) in
            past.iter().enumerate().skip(past.len().saturating_sub(PAST_SESSIONS))
        {
            for scope in [Scope::AllA, Scope::SseSzse] {
                let Some((_, sum)) = self.past.of_scope(&scope).nth(place) else { continue };
                if sum.traded == 0 {
                    continue;
                }
                let key =
                    FactKey { session: session.session, ..self.key(measure, None, scope.clone()) };
                let draft = Draft {
                    key,
                    value: of_unit(measure.unit, sum.fen),
                    coverage: Coverage { judged: u64::from(sum.traded), unjudged: 0 },
                    findings: self.of_turnover(sum.estimated.into(), &scope),
                    // What is missing now was probably missing then.
                    basis: basis(sum.estimated > 0)
                        .max(self.basis_of_past(place, &scope))
                        .max(self.held.of_scope(&scope, &self.bands).1),
                };
                self.emit(measure, draft);
            }
        }
    }
}
