//! Predicates over facts, as data: the same value is evaluated and printed as a formula.

use std::cmp::Ordering;
use std::fmt;

use fupan_fact::{FactKey, MeasureId, Scope, Value};
use fupan_market::{Price, Return};

use crate::document::Predicate;
use crate::view::View;

/// A side of a comparison.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    /// A figure.
    Figure(FactKey),
    /// The first figure less the second.
    Difference(FactKey, FactKey),
    /// A figure times an integer.
    Times(i64, FactKey),
    /// A share or a return, in thousandths.
    Thousandths(i64),
    /// A count.
    Whole(i64),
}

/// How two sides compare.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Comparison {
    /// Left of the sign is smaller.
    Less,
    /// Left of the sign is smaller or equal.
    AtMost,
}

/// One comparison.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub(crate) left: Operand,
    pub(crate) comparison: Comparison,
    pub(crate) right: Operand,
}

/// `left < right`.
pub(crate) fn less(left: Operand, right: Operand) -> Term {
    Term { left, comparison: Comparison::Less, right }
}

/// `left <= right`.
pub(crate) fn at_most(left: Operand, right: Operand) -> Term {
    Term { left, comparison: Comparison::AtMost, right }
}

/// Zero.
pub(crate) const ZERO: Operand = Operand::Whole(0);

/// An exact quotient with a positive denominator.
#[derive(Clone, Copy)]
struct Quotient {
    numerator: i128,
    denominator: i128,
}

impl Term {
    /// Whether the term holds; `None` if a figure is not known.
    fn holds(&self, view: &View<'_>) -> Option<bool> {
        let (left, right) = (self.left.quotient(view)?, self.right.quotient(view)?);
        let left_product = left.numerator.checked_mul(right.denominator)?;
        let ordering = left_product.cmp(&right.numerator.checked_mul(left.denominator)?);
        Some(match self.comparison {
            Comparison::Less => ordering == Ordering::Less,
            Comparison::AtMost => ordering != Ordering::Greater,
        })
    }
}

/// The predicate and its keys if every term holds; `None` if one does not or is unknown.
pub(crate) fn judge(
    id: &str,
    terms: &[Term],
    view: &View<'_>,
) -> Option<(Predicate, Vec<FactKey>)> {
    if !terms.iter().all(|term| term.holds(view) == Some(true)) {
        return None;
    }
    let formula: Vec<String> = terms.iter().map(Term::to_string).collect();
    let mut keys: Vec<FactKey> = Vec::new();
    for key in terms.iter().flat_map(|term| term.left.keys().into_iter().chain(term.right.keys())) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    Some((Predicate { id: id.to_owned(), formula: formula.join(" and ") }, keys))
}

impl Operand {
    fn keys(&self) -> Vec<&FactKey> {
        match self {
            Operand::Figure(key) | Operand::Times(_, key) => vec![key],
            Operand::Difference(left, right) => vec![left, right],
            Operand::Thousandths(_) | Operand::Whole(_) => Vec::new(),
        }
    }

    fn quotient(&self, view: &View<'_>) -> Option<Quotient> {
        let of = |key: &FactKey| quotient(&view.known(key)?.value);
        match self {
            Operand::Figure(key) => of(key),
            Operand::Times(times, key) => {
                let Quotient { numerator, denominator } = of(key)?;
                let numerator = numerator.checked_mul(i128::from(*times))?;
                Some(Quotient { numerator, denominator })
            }
            Operand::Difference(left, right) => {
                let (left, right) = (of(left)?, of(right)?);
                let numerator = left
                    .numerator
                    .checked_mul(right.denominator)?
                    .checked_sub(right.numerator.checked_mul(left.denominator)?)?;
                let denominator = left.denominator.checked_mul(right.denominator)?;
                Some(Quotient { numerator, denominator })
            }
            Operand::Thousandths(n) => {
                Some(Quotient { numerator: i128::from(*n), denominator: 1000 })
            }
            Operand::Whole(n) => Some(Quotient { numerator: i128::from(*n), denominator: 1 }),
        }
    }
}

fn quotient(value: &Value) -> Option<Quotient> {
    let (numerator, denominator) = match value {
        Value::Count { count } => (*count, 1),
        Value::Money { fen } => (fen.0, 100),
        Value::Return { ppb } => (ppb.0, Return::PARTS),
        Value::Share { part, whole } if *whole > 0 => (*part, *whole),
        Value::Price { price } => (price.units(), Price::UNITS),
        Value::Points { units } => (*units, Price::UNITS),
        Value::Ratio { ppm } => (*ppm, 1_000_000),
        Value::Share { .. } | Value::Time { .. } | Value::Unknown { .. } => return None,
    };
    Some(Quotient { numerator: i128::from(numerator), denominator: i128::from(denominator) })
}

fn short(measure: &MeasureId, scope: &Scope) -> String {
    format!("{measure}/{scope}")
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |key: &FactKey| short(&key.measure, &key.scope);
        match self {
            Operand::Figure(key) => f.write_str(&of(key)),
            Operand::Difference(left, right) => write!(f, "({} - {})", of(left), of(right)),
            Operand::Times(times, key) => write!(f, "{times} * {}", of(key)),
            Operand::Thousandths(n) => {
                let (sign, size) = (if *n < 0 { "-" } else { "" }, n.unsigned_abs());
                let decimals = format!("{:03}", size % 1000);
                write!(f, "{sign}{}.{:0<2}", size / 1000, decimals.trim_end_matches('0'))
            }
            Operand::Whole(n) => write!(f, "{n}"),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.comparison {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
        };
        write!(f, "{} {sign} {}", self.left, self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;
    use fupan_fact::{Basis, Coverage, Fact, FactSet, Provenance};
    use fupan_market::{Fen, RulebookVersion, SessionDate};

    fn key(measure: &str) -> FactKey {
        let session = SessionDate::new(2026, 2, 12).unwrap();
        FactKey::at_close(MeasureId::new(measure.to_owned()), Scope::AllA, session)
    }

    fn set(figures: &[(&str, Value)]) -> FactSet {
        let mut set = FactSet::new(SessionDate::new(2026, 2, 12).unwrap());
        for (measure, value) in figures {
            set.insert(Fact {
                key: key(measure),
                value: value.clone(),
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
        set
    }

    fn holds(term: &Term, set: &FactSet) -> Option<bool> {
        term.holds(&View::new(set, Language::En))
    }

    /// For each kind of value, two units equal 2, and one part more or less is noticed.
    #[test]
    fn a_figure_of_any_kind_is_compared_in_its_natural_unit() {
        let of = |units: i64| Price::from_units(units).unwrap();
        type Make = fn(i64) -> Value;
        let kinds: [(i64, Make); 6] = [
            (1, |count| Value::Count { count }),
            (100, |fen| Value::Money { fen: Fen(fen) }),
            (Return::PARTS, |ppb| Value::Return { ppb: Return(ppb) }),
            (7, |part| Value::Share { part, whole: 7 }),
            (Price::UNITS, |units| Value::Points { units }),
            (1_000_000, |ppm| Value::Ratio { ppm }),
        ];
        for (one, make) in kinds {
            let two = at_most(Operand::Figure(key("of")), Operand::Whole(2));
            let over = less(Operand::Whole(2), Operand::Figure(key("of")));
            for (number, expected) in [
                (2 * one - 1, (true, false)),
                (2 * one, (true, false)),
                (2 * one + 1, (false, true)),
            ] {
                let set = set(&[("of", make(number))]);
                let found = (holds(&two, &set), holds(&over, &set));
                assert_eq!(found, (Some(expected.0), Some(expected.1)), "{number} of {one}");
            }
        }
        let term = less(Operand::Thousandths(1_999), Operand::Figure(key("of")));
        assert_eq!(holds(&term, &set(&[("of", Value::Price { price: of(19_991) })])), Some(true));
        assert_eq!(holds(&term, &set(&[("of", Value::Price { price: of(19_990) })])), Some(false));
    }

    #[test]
    fn sides_are_exact_and_what_cannot_be_compared_does_not_hold() {
        let share = |part, whole| Value::Share { part, whole };
        let figure = |measure: &str| Operand::Figure(key(measure));
        let two = set(&[("one", share(1, 3)), ("other", share(333_333_333, 1_000_000_000))]);
        assert_eq!(holds(&less(figure("other"), figure("one")), &two), Some(true));
        assert_eq!(holds(&less(figure("one"), figure("other")), &two), Some(false));
        let gap = || Operand::Difference(key("one"), key("other"));
        assert_eq!(holds(&less(Operand::Whole(0), gap()), &two), Some(true));
        assert_eq!(
            holds(&at_most(Operand::Times(3, key("one")), Operand::Whole(1)), &two),
            Some(true)
        );
        assert_eq!(
            holds(&less(Operand::Times(3, key("one")), Operand::Whole(1)), &two),
            Some(false)
        );
        for value in [
            share(1, 0),
            Value::Time { second: 3_600 },
            Value::Unknown { reason: "no_data".to_owned() },
        ] {
            let set = set(&[("one", value)]);
            assert_eq!(holds(&less(Operand::Whole(-9), figure("one")), &set), None);
        }
        assert_eq!(holds(&less(Operand::Whole(-9), figure("one")), &set(&[])), None);
    }

    #[test]
    fn a_formula_is_printed_as_it_is_judged() {
        for (number, printed) in [
            (-50, "-0.05"),
            (50, "0.05"),
            (-5, "-0.005"),
            (450, "0.45"),
            (700, "0.70"),
            (-1_250, "-1.25"),
        ] {
            let term = at_most(Operand::Figure(key("of")), Operand::Thousandths(number));
            assert_eq!(term.to_string(), format!("of/all-a <= {printed}"));
        }
        let term = less(Operand::Times(2, key("low")), Operand::Difference(key("a"), key("b")));
        assert_eq!(term.to_string(), "2 * low/all-a < (a/all-a - b/all-a)");
        let terms = [less(ZERO, Operand::Figure(key("a"))), term];
        let set = set(&["low", "a", "b"].map(|of| (of, Value::Count { count: 1 })));
        let view = View::new(&set, Language::En);
        assert!(judge("both", &terms, &view).is_none(), "the second term does not hold");
        let (predicate, keys) = judge("first", &terms[..1], &view).unwrap();
        assert_eq!((predicate.formula.as_str(), keys), ("0 < a/all-a", vec![key("a")]));
    }
}
