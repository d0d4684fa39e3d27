//! Judges conditions on a session's facts.

use fupan_fact::word::{FigureName, Operand, Term, figures_of, formula};
use fupan_fact::{FactKey, MeasureId};

use crate::document::Predicate;
use crate::view::View;

/// Zero.
pub(crate) const ZERO: Operand = Operand::Whole(0);

/// The predicate and its keys if every term holds; `None` if one does not or is unknown.
pub(crate) fn judge(
    id: &str,
    terms: &[Term],
    view: &View<'_>,
) -> Option<(Predicate, Vec<FactKey>)> {
    let key = |FigureName { measure, scope }: &FigureName| {
        let measure = match measure.split_once(':') {
            Some((name, parameter)) => MeasureId::with(name, parameter),
            None => MeasureId::new(*measure),
        };
        view.key_of(measure, scope.clone())
    };
    let value = |figure: &FigureName| view.known(&key(figure)).map(|fact| &fact.value);
    if !terms.iter().all(|term| term.holds(&value) == Some(true)) {
        return None;
    }
    let keys = figures_of(terms).into_iter().map(key).collect();
    Some((Predicate { id: id.to_owned(), formula: formula(terms) }, keys))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use fupan_fact::word::{at_most, less};
    use fupan_fact::{Basis, Coverage, Fact, FactSet, Provenance, Scope, Value};
    use fupan_market::{RulebookVersion, SessionDate};

    fn named(measure: &'static str) -> FigureName {
        FigureName { measure, scope: Scope::AllA }
    }

    #[test]
    fn a_predicate_names_the_figures_of_all_its_terms_and_holds_if_each_term_does() {
        let session = SessionDate::new(2026, 2, 12).unwrap();
        let key = |measure| FactKey::at_close(MeasureId::new(measure), Scope::AllA, session);
        let mut set = FactSet::new(session);
        for measure in ["low", "a", "b"] {
            set.insert(Fact {
                key: key(measure),
                value: Value::Count { count: 1 },
                provenance: Provenance {
                    inputs: [].into(),
                    coverage: Coverage { judged: 1, unjudged: 0 },
                    basis: Basis::Exact,
                    rulebook: RulebookVersion("test".into()),
                    measure_version: 1,
                    findings: Vec::new(),
                },
            });
        }
        let view = View::new(&set, Language::En);
        let terms = [
            less(ZERO, Operand::Figure(named("a"))),
            at_most(Operand::Difference(named("a"), named("b")), ZERO),
            less(Operand::Times(2, named("low")), Operand::Figure(named("a"))),
        ];
        assert!(judge("all", &terms, &view).is_none(), "the third term does not hold");
        let (predicate, keys) = judge("two", &terms[..2], &view).unwrap();
        assert_eq!(predicate.formula, "0 < a/all-a and (a/all-a - b/all-a) <= 0");
        assert_eq!((predicate.id.as_str(), keys), ("two", vec![key("a"), key("b")]));
        assert!(judge("none", &[less(ZERO, Operand::Figure(named("c")))], &view).is_none());
    }
}
