//! Whose figure a number is, and figures of which there are no facts.

use fupan_market::Symbol;

use crate::extract::made::{Made, made, signed};
use crate::extract::scene::{Scene, direction_of};
use crate::lexicon::Term;
use crate::report::{ClaimKind, ClaimUnit};
use crate::stated::{Ask, NoFact};
use crate::subjects::Subject;
use crate::token::{Border, Number, Sign, Token};

/// Who a number is of.
pub(super) enum Of {
    Index(Symbol),
    Securities(Vec<Symbol>),
    Group(Vec<Subject>),
    Nobody(NoFact, String),
}

pub(super) fn of(scene: &Scene<'_>, place: usize) -> Option<Of> {
    let comma = scene.within(place, Border::Comma);
    let others = |range: std::ops::Range<usize>| {
        const OTHERS: [(Term, NoFact); 3] = [
            (Term::OtherMarket, NoFact::OtherMarket),
            (Term::Currency, NoFact::Currency),
            (Term::Fund, NoFact::Fund),
        ];
        scene.tokens[range].iter().rev().find_map(|token| {
            let (_, why) = OTHERS.into_iter().find(|(term, _)| token.has(*term))?;
            Some((token.bytes.start, Of::Nobody(why, scene.text[token.bytes.clone()].to_owned())))
        })
    };
    let other = others(comma.start..place);
    let subjects = scene.subjects(place);
    let is_later = |start: usize| {
        subjects
            .as_ref()
            .is_none_or(|(_, list)| list.last().is_none_or(|last| last.bytes.start < start))
    };
    if let Some((start, other)) = other
        && is_later(start)
    {
        return Some(other);
    }
    if let Some(one) = former(scene, place) {
        return named(scene, &[one]);
    }
    if is_of_stranger(scene, place) {
        let name = "";
        return Some(Of::Nobody(NoFact::Stranger, name.to_owned()));
    }
    let Some((_, list)) = subjects else {
        return match scene.carried_subject() {
            Some(Subject::Index(index)) => Some(Of::Index(index)),
            Some(Subject::Security(symbol)) => Some(Of::Securities(vec![symbol])),
            _ => None,
        };
    };
    // Respectively: the subject that has the number's place.
    if let Some(one) = respective(scene, place, &list) {
        return named(scene, &[one]);
    }
    named(scene, &list)
}

/// 前者, “the latter”: the first or second of the two subjects before.
fn former<'t>(scene: &'t Scene<'_>, place: usize) -> Option<&'t Token> {
    let comma = scene.within(place, Border::Comma);
    let at = (comma.start..place)
        .rev()
        .find(|at| scene.tokens[*at].any(&[Term::Former, Term::Latter]))?;
    let mut before = scene.tokens[..at].iter().filter(|token| token.is_subject());
    if scene.tokens[at].has(Term::Former) { before.next() } else { before.nth(1) }
}

/// Whether an English clause begins with a name that nobody has: “Moore Threads jumped 5%”. What it
/// says is not of the subject before.
fn is_of_stranger(scene: &Scene<'_>, place: usize) -> bool {
    let comma = scene.within(place, Border::Comma);
    let list = scene.within(place, Border::List);
    if scene.tokens[list.start..place].iter().any(Token::is_subject) {
        return false;
    }
    let head = |first: usize| {
        let from = first.checked_sub(1).map_or(0, |border| scene.tokens[border].bytes.end);
        let to = scene.tokens[first..=place].first().map_or(from, |token| token.bytes.start);
        scene.text.get(from..to).unwrap_or("").trim()
    };
    const FUNCTION: [&str; 24] = [
        "It", "Its", "The", "A", "An", "In", "On", "At", "That", "This", "They", "And", "But",
        "By", "For", "From", "To", "With", "Up", "Down", "Still", "Shares", "Both", "Only",
    ];
    // “and the micro-cap index slipped 1%”: an index, and none that is known.
    let own = head(list.start).to_lowercase();
    let mut own = own.split(|c: char| !c.is_ascii_alphabetic());
    if own.any(|word| ["index", "gauge", "basket", "etf"].contains(&word)) {
        return true;
    }
    if comma.start == 0 || scene.tokens[comma.start..place].iter().any(Token::is_subject) {
        return false;
    }
    let mut words = head(comma.start).split_whitespace();
    words.next().is_some_and(|word| {
        word.starts_with(|c: char| c.is_ascii_uppercase()) && !FUNCTION.contains(&word)
    })
}

pub(super) fn named(scene: &Scene<'_>, list: &[&Token]) -> Option<Of> {
    let last = list.last()?;
    let text = || scene.text[last.bytes.clone()].to_owned();
    match &last.sign {
        Sign::UnknownIndex => Some(Of::Nobody(NoFact::NoIndex, text())),
        Sign::Disagreeing => Some(Of::Nobody(NoFact::NameAndCode, text())),
        Sign::Subject(subjects) => match subjects.as_slice() {
            [Subject::Index(index)] => Some(Of::Index(*index)),
            [Subject::Security(_)] => {
                let securities = list.iter().filter_map(|token| match &token.sign {
                    Sign::Subject(subjects) => match subjects.as_slice() {
                        [Subject::Security(symbol)] => Some(*symbol),
                        _ => None,
                    },
                    _ => None,
                });
                Some(Of::Securities(securities.collect()))
            }
            [Subject::Group(_), ..] => Some(Of::Group(subjects.clone())),
            _ => Some(Of::Nobody(NoFact::Ambiguous, text())),
        },
        _ => None,
    }
}

/// The subject of a list that a number belongs to, where the sentence says 分别 or “respectively”.
pub(super) fn respective<'t>(
    scene: &Scene<'_>,
    place: usize,
    list: &[&'t Token],
) -> Option<&'t Token> {
    let clause = scene.within(place, Border::Clause);
    if list.len() < 2 || !scene.has(clause.clone(), Term::Respectively) {
        return None;
    }
    let last = list.last()?.bytes.end;
    let numbers = (clause.start..place)
        .filter(|at| scene.tokens[*at].bytes.start >= last && scene.number(*at).is_some());
    list.get(numbers.count()).copied()
}

pub(super) fn kind_of(why: NoFact) -> ClaimKind {
    match why {
        NoFact::OtherMarket => ClaimKind::OtherMarket,
        NoFact::Flow => ClaimKind::Flow,
        NoFact::Margin => ClaimKind::Margin,
        NoFact::Valuation => ClaimKind::Valuation,
        NoFact::Fund => ClaimKind::Fund,
        NoFact::Currency => ClaimKind::Currency,
        NoFact::Weights => ClaimKind::GroupMove,
        NoFact::NoIndex => ClaimKind::IndexReturn,
        NoFact::Candles => ClaimKind::IndexRun,
        NoFact::NameAndCode | NoFact::Ambiguous | NoFact::Stranger => ClaimKind::SecurityReturn,
    }
}

/// Figures of which there are no facts, whoever they are of.
pub(super) fn unjudged(
    scene: &Scene<'_>,
    place: usize,
    number: Number,
    unit: ClaimUnit,
) -> Option<Made> {
    let comma = scene.within(place, Border::Comma);
    const KINDS: [(Term, NoFact); 3] = [
        (Term::Flow, NoFact::Flow),
        (Term::Margin, NoFact::Margin),
        (Term::Valuation, NoFact::Valuation),
    ];
    let before = scene.clause_before(place);
    let found = KINDS.into_iter().find(|(term, _)| {
        scene.has(comma.clone(), *term)
            || *term == Term::Valuation
                && before.clone().is_some_and(|before| scene.has(before, *term))
                && !comma.clone().any(|at| direction_of(&scene.tokens[at]).is_some())
    });
    let (_, why) = found?;
    let subject = scene.subjects(place).map(|(_, list)| list[list.len() - 1].bytes.clone());
    let name = subject.map(|bytes| scene.text[bytes].to_owned()).unwrap_or_default();
    let clause = &scene.text
        [scene.tokens[comma.start].bytes.start..scene.tokens[comma.end - 1].bytes.end]
        .to_lowercase();
    let out = ["流出", "净卖", "淨賣", "outflow", "net sold", "net sell", "净减"];
    let value = match why {
        NoFact::Flow if out.iter().any(|word| clause.contains(word)) => {
            number.numeral.value.negated()
        }
        NoFact::Flow | NoFact::Valuation => number.numeral.value,
        _ => signed(scene, place, number).unwrap_or(number.numeral.value),
    };
    Some(made(Ask::Unjudged(kind_of(why), name, why), unit, value, number, place))
}
