//! Words: what "narrow" or "shrinking turnover" means, as conditions on facts.
//!
//! A word holds in a session if each of its [`Term`]s does. Terms are data: the same value is
//! evaluated, exactly, and printed as a formula. Whoever says the word, and whoever counts how long
//! it has held, takes it from [`WORDS`].

use std::cmp::Ordering;
use std::fmt;

use fupan_market::{Price, Return};

use crate::{Scope, Value};
use Operand::{Difference, Figure, Thousandths, Times, Whole};

/// A word for the market as a whole.
#[derive(Debug)]
pub struct Word {
    /// Its identifier, such as `narrow`.
    pub id: &'static str,
    /// What must hold, all of it.
    pub terms: &'static [Term],
}

/// A figure of the session: a measure without parameter, and its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureName {
    /// The measure's name.
    pub measure: &'static str,
    /// The scope.
    pub scope: Scope,
}

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A figure.
    Figure(FigureName),
    /// The first figure less the second.
    Difference(FigureName, FigureName),
    /// A figure times an integer.
    Times(i64, FigureName),
    /// A share or a return, in thousandths.
    Thousandths(i64),
    /// A count.
    Whole(i64),
}

/// How two sides compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Left of the sign is smaller.
    Less,
    /// Left of the sign is smaller or equal.
    AtMost,
}

/// One comparison. Prints as `advance_share/all-a < 0.45`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The left side.
    pub left: Operand,
    /// The sign.
    pub sign: Sign,
    /// The right side.
    pub right: Operand,
}

/// `left < right`.
pub const fn less(left: Operand, right: Operand) -> Term {
    Term { left, sign: Sign::Less, right }
}

/// `left <= right`.
pub const fn at_most(left: Operand, right: Operand) -> Term {
    Term { left, sign: Sign::AtMost, right }
}

/// A figure of all A-shares.
const fn all(measure: &'static str) -> FigureName {
    FigureName { measure, scope: Scope::AllA }
}

/// A figure of the two big exchanges, whose turnover the press means.
const fn two(measure: &'static str) -> FigureName {
    FigureName { measure, scope: Scope::SseSzse }
}

/// The words.
pub static WORDS: [Word; 21] = [
    Word { id: "broad_advance", terms: &[at_most(Thousandths(700), Figure(all("advance_share")))] },
    Word { id: "broad_decline", terms: &[at_most(Figure(all("advance_share")), Thousandths(300))] },
    Word { id: "narrow", terms: &[less(Figure(all("advance_share")), Thousandths(450))] },
    Word { id: "wide", terms: &[less(Thousandths(550), Figure(all("advance_share")))] },
    Word {
        id: "mixed",
        terms: &[
            at_most(Thousandths(450), Figure(all("advance_share"))),
            at_most(Figure(all("advance_share")), Thousandths(550)),
        ],
    },
    Word {
        id: "turnover_highest",
        terms: &[
            at_most(Figure(two("turnover_rank_in_window")), Whole(1)),
            less(Whole(0), Figure(two("turnover_change_rate"))),
        ],
    },
    Word {
        id: "turnover_expanding",
        terms: &[at_most(Thousandths(50), Figure(two("turnover_change_rate")))],
    },
    Word {
        id: "turnover_shrinking",
        terms: &[at_most(Figure(two("turnover_change_rate")), Thousandths(-50))],
    },
    Word {
        id: "turnover_steady",
        terms: &[
            less(Thousandths(-50), Figure(two("turnover_change_rate"))),
            less(Figure(two("turnover_change_rate")), Thousandths(50)),
        ],
    },
    Word {
        id: "turnover_concentrated",
        terms: &[at_most(Thousandths(450), Figure(all("top5_turnover_share")))],
    },
    Word {
        id: "limit_downs_lead",
        terms: &[less(Figure(all("limit_up_count")), Figure(all("limit_down_count")))],
    },
    Word {
        id: "limit_board_hot",
        terms: &[
            at_most(Whole(80), Figure(all("limit_up_count"))),
            at_most(Thousandths(750), Figure(all("seal_rate"))),
        ],
    },
    Word {
        id: "seals_weak",
        terms: &[
            at_most(Whole(20), Figure(all("limit_up_count"))),
            less(Figure(all("seal_rate")), Thousandths(600)),
        ],
    },
    Word {
        id: "limit_ups_lead",
        terms: &[less(Figure(all("limit_down_count")), Figure(all("limit_up_count")))],
    },
    Word { id: "long_streak", terms: &[at_most(Whole(4), Figure(all("max_streak")))] },
    Word {
        id: "prior_limit_ups_gain",
        terms: &[at_most(Thousandths(20), Figure(all("prior_limit_up_return")))],
    },
    Word {
        id: "prior_limit_ups_lose",
        terms: &[at_most(Figure(all("prior_limit_up_return")), Thousandths(-10))],
    },
    Word {
        id: "highs_lead",
        terms: &[
            less(Times(2, all("new_low_250")), Figure(all("new_high_250"))),
            at_most(Whole(20), Figure(all("new_high_250"))),
        ],
    },
    Word {
        id: "lows_lead",
        terms: &[
            less(Times(2, all("new_high_250")), Figure(all("new_low_250"))),
            at_most(Whole(20), Figure(all("new_low_250"))),
        ],
    },
    Word {
        id: "micro_caps_lag",
        terms: &[at_most(
            Difference(all("micro_cap_return"), all("cap_weight_return")),
            Thousandths(-5),
        )],
    },
    Word {
        id: "micro_caps_lead",
        terms: &[at_most(
            Thousandths(5),
            Difference(all("micro_cap_return"), all("cap_weight_return")),
        )],
    },
];

impl Word {
    /// The word with an identifier.
    pub fn of_id(id: &str) -> Option<&'static Word> {
        WORDS.iter().find(|word| word.id == id)
    }

    /// Its terms in one line: `50 < 3 * a/all-a and b/all-a <= 0.70`.
    pub fn formula(&self) -> String {
        formula(self.terms)
    }

    /// Whether the word holds; `None` if a figure that could decide it is not known. `value` looks
    /// a figure up.
    pub fn holds<'a>(&self, value: &dyn Fn(&FigureName) -> Option<&'a Value>) -> Option<bool> {
        self.terms.iter().try_fold(true, |all, term| Some(all & term.holds(value)?))
    }
}

/// Terms in one line. All of them must hold.
pub fn formula(terms: &[Term]) -> String {
    let terms: Vec<String> = terms.iter().map(Term::to_string).collect();
    terms.join(" and ")
}

/// The figures in some terms, each once.
pub fn figures_of(terms: &[Term]) -> Vec<&FigureName> {
    let mut named: Vec<&FigureName> = Vec::new();
    for figure in terms.iter().flat_map(|term| term.left.named().chain(term.right.named())) {
        if !named.contains(&figure) {
            named.push(figure);
        }
    }
    named
}

/// An exact quotient with a positive denominator.
#[derive(Clone, Copy)]
struct Quotient {
    numerator: i128,
    denominator: i128,
}

impl Term {
    /// Whether the term holds; `None` if a figure is not known. `value` looks a figure up.
    pub fn holds<'a>(&self, value: &dyn Fn(&FigureName) -> Option<&'a Value>) -> Option<bool> {
        let (left, right) = (self.left.quotient(value)?, self.right.quotient(value)?);
        let left_product = left.numerator.checked_mul(right.denominator)?;
        let ordering = left_product.cmp(&right.numerator.checked_mul(left.denominator)?);
        Some(match self.sign {
            Sign::Less => ordering == Ordering::Less,
            Sign::AtMost => ordering != Ordering::Greater,
        })
    }
}

impl Operand {
    /// Its figures.
    fn named(&self) -> impl Iterator<Item = &FigureName> {
        let (first, second) = match self {
            Operand::Figure(figure) | Operand::Times(_, figure) => (Some(figure), None),
            Operand::Difference(left, right) => (Some(left), Some(right)),
            Operand::Thousandths(_) | Operand::Whole(_) => (None, None),
        };
        first.into_iter().chain(second)
    }

    fn quotient<'a>(&self, value: &dyn Fn(&FigureName) -> Option<&'a Value>) -> Option<Quotient> {
        let of = |figure: &FigureName| quotient(value(figure)?);
        match self {
            Operand::Figure(figure) => of(figure),
            Operand::Times(times, figure) => {
                let Quotient { numerator, denominator } = of(figure)?;
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
        Value::Share { .. } | Value::Time { .. } | Value::Flag { .. } | Value::Unknown { .. } => {
            return None;
        }
    };
    Some(Quotient { numerator: i128::from(numerator), denominator: i128::from(denominator) })
}

impl fmt::Display for FigureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.measure, self.scope)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Figure(figure) => write!(f, "{figure}"),
            Operand::Difference(left, right) => write!(f, "({left} - {right})"),
            Operand::Times(times, figure) => write!(f, "{times} * {figure}"),
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
        let sign = match self.sign {
            Sign::Less => "<",
            Sign::AtMost => "<=",
        };
        write!(f, "{} {sign} {}", self.left, self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fupan_market::Fen;

    fn holds(term: &Term, figures: &[(&str, Value)]) -> Option<bool> {
        term.holds(&|named| {
            let of = figures.iter().find(|(measure, _)| *measure == named.measure);
            of.map(|(_, value)| value)
        })
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
            let most_two = at_most(Figure(all("of")), Whole(2));
            let over = less(Whole(2), Figure(all("of")));
            for (number, expected) in [
                (2 * one - 1, (true, false)),
                (2 * one, (true, false)),
                (2 * one + 1, (false, true)),
            ] {
                let set = [("of", make(number))];
                let found = (holds(&most_two, &set), holds(&over, &set));
                assert_eq!(found, (Some(expected.0), Some(expected.1)), "{number} of {one}");
            }
        }
        let term = less(Thousandths(1_999), Figure(all("of")));
        assert_eq!(holds(&term, &[("of", Value::Price { price: of(19_991) })]), Some(true));
        assert_eq!(holds(&term, &[("of", Value::Price { price: of(19_990) })]), Some(false));
    }

    #[test]
    fn sides_are_exact_and_what_cannot_be_compared_does_not_hold() {
        let share = |part, whole| Value::Share { part, whole };
        let figure = |measure| Figure(all(measure));
        let both = [("one", share(1, 3)), ("other", share(333_333_333, 1_000_000_000))];
        assert_eq!(holds(&less(figure("other"), figure("one")), &both), Some(true));
        assert_eq!(holds(&less(figure("one"), figure("other")), &both), Some(false));
        let gap = || Difference(all("one"), all("other"));
        assert_eq!(holds(&less(Whole(0), gap()), &both), Some(true));
        assert_eq!(holds(&at_most(Times(3, all("one")), Whole(1)), &both), Some(true));
        assert_eq!(holds(&less(Times(3, all("one")), Whole(1)), &both), Some(false));
        for value in [
            share(1, 0),
            Value::Time { second: 3_600 },
            Value::Unknown { reason: "no_data".to_owned() },
        ] {
            assert_eq!(holds(&less(Whole(-9), figure("one")), &[("one", value)]), None);
        }
        assert_eq!(holds(&less(Whole(-9), figure("one")), &[]), None);
    }

    #[test]
    fn a_word_holds_if_all_its_terms_do() {
        let hot = Word::of_id("limit_board_hot").unwrap();
        assert_eq!(hot.formula(), "80 <= limit_up_count/all-a and 0.75 <= seal_rate/all-a");
        let named: Vec<String> = figures_of(hot.terms).iter().map(ToString::to_string).collect();
        assert_eq!(named, ["limit_up_count/all-a", "seal_rate/all-a"]);
        assert_eq!(figures_of(Word::of_id("mixed").unwrap().terms).len(), 1, "each once");
        let held = |ups: Option<i64>, part: i64| {
            let ups = ups.map(|count| Value::Count { count });
            let seal = Value::Share { part, whole: 4 };
            hot.holds(&|named| match named.measure {
                "limit_up_count" => ups.as_ref(),
                _ => Some(&seal),
            })
        };
        assert_eq!([held(Some(80), 3), held(Some(79), 3)], [Some(true), Some(false)]);
        assert_eq!([held(Some(80), 2), held(Some(79), 2)], [Some(false); 2]);
        assert_eq!([held(None, 3), held(None, 2)], [None, None]);
        assert!(Word::of_id("hot").is_none());
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
            let term = at_most(Figure(all("of")), Thousandths(number));
            assert_eq!(term.to_string(), format!("of/all-a <= {printed}"));
        }
        let term = less(Times(2, two("low")), Difference(all("a"), all("b")));
        assert_eq!(term.to_string(), "2 * low/sse-szse < (a/all-a - b/all-a)");
    }
}
