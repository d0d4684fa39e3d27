//! How far an index moved and how many stocks went with it, as words: conditions like those of
//! [`fupan_fact::word`], over any figure.

use fupan_fact::Scope;
use fupan_fact::word::Operand::{Figure, Thousandths, Times};
use fupan_fact::word::{FigureName, Term, at_most, less};

use crate::predicate::{ZERO, judge};
use crate::view::View;

/// A word that a template chooses by, and what holds of the facts.
pub(crate) struct Judged {
    pub(crate) word: &'static str,
    pub(crate) terms: Vec<Term>,
}

/// The first of some words that holds.
fn first(words: Vec<Judged>, view: &View<'_>) -> Option<Judged> {
    words.into_iter().find(|judged| judge(judged.word, &judged.terms, view).is_some())
}

/// From which sizes on a move is more than slight, strong and great, in thousandths.
const STEPS: [i64; 3] = [1, 10, 30];

/// The degree of a return: `flat`, or `up` or `down`, alone or with `_slight`, `_strong`, `_great`.
pub(crate) fn degree(view: &View<'_>, figure: &FigureName) -> Option<Judged> {
    let of = || Figure(figure.clone());
    let [plain, strong, great] = STEPS;
    // At least `from` up, and less than `below` up; the same downwards.
    let rise = |from, below: Option<i64>| {
        let mut terms = vec![at_most(Thousandths(from), of())];
        terms.extend(below.map(|below| less(of(), Thousandths(below))));
        terms
    };
    let fall = |from: i64, below: Option<i64>| {
        let mut terms = vec![at_most(of(), Thousandths(-from))];
        terms.extend(below.map(|below| less(Thousandths(-below), of())));
        terms
    };
    let slight = |up: bool| match up {
        true => vec![less(ZERO, of()), less(of(), Thousandths(plain))],
        false => vec![less(of(), ZERO), less(Thousandths(-plain), of())],
    };
    let word = |word, terms| Judged { word, terms };
    let words = vec![
        word("up_great", rise(great, None)),
        word("up_strong", rise(strong, Some(great))),
        word("up", rise(plain, Some(strong))),
        word("up_slight", slight(true)),
        word("down_great", fall(great, None)),
        word("down_strong", fall(strong, Some(great))),
        word("down", fall(plain, Some(strong))),
        word("down_slight", slight(false)),
        word("flat", vec![at_most(ZERO, of()), at_most(of(), ZERO)]),
    ];
    first(words, view)
}

/// Portions with names of their own, in thousandths: said of a share within ten thousandths of one,
/// else as "more than" the next one below.
const PORTIONS: [(&str, &str, i64); 6] = [
    ("nine_in_ten", "over_nine_in_ten", 900),
    ("four_in_five", "over_four_in_five", 800),
    ("three_in_four", "over_three_in_four", 750),
    ("two_in_three", "over_two_in_three", 667),
    ("three_in_five", "over_three_in_five", 600),
    ("half", "over_half", 500),
];

/// How far a share may be from a portion that it is called.
const NEAR: i64 = 10;

/// Which portion of the A-shares that traded a count is; `None` below a half.
pub(crate) fn portion(view: &View<'_>, measure: &'static str) -> Option<Judged> {
    let all = |measure| FigureName { measure, scope: Scope::AllA };
    let count = || Times(1000, all(measure));
    let of = |thousandths| Times(thousandths, all("traded"));
    let words = PORTIONS.into_iter().flat_map(|(near, over, portion)| {
        let above = Judged { word: over, terms: vec![less(of(portion + NEAR), count())] };
        let around =
            vec![at_most(of(portion - NEAR), count()), at_most(count(), of(portion + NEAR))];
        [above, Judged { word: near, terms: around }]
    });
    first(words.collect(), view)
}

/// Whether the indices all rose or all fell: `up`, `down`, else `apart`.
pub(crate) fn together(view: &View<'_>, figures: &[FigureName]) -> Option<Judged> {
    let all = |term: fn(FigureName) -> Term| figures.iter().cloned().map(term).collect();
    let words = vec![
        Judged { word: "up", terms: all(|figure| less(ZERO, Figure(figure))) },
        Judged { word: "down", terms: all(|figure| less(Figure(figure), ZERO)) },
    ];
    (figures.len() > 1).then(|| first(words, view)).flatten()
}
