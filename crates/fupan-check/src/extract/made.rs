//! What a number states: its value with the sign of its direction, and how words qualify it.

use crate::extract::scene::Scene;
use crate::lexicon::Term;
use crate::report::{ClaimUnit, Comparator, Decimal};
use crate::stated::{Ask, Direction};
use crate::token::{Number, Sign, Token};

/// What stands at a number and makes it a claim.
pub(super) struct Made {
    pub ask: Ask,
    pub unit: ClaimUnit,
    pub value: Decimal,
    pub step: Decimal,
    /// The last token of the claim.
    pub end: usize,
    pub comparator: Option<Comparator>,
}

pub(super) fn made(ask: Ask, unit: ClaimUnit, value: Decimal, number: Number, end: usize) -> Made {
    Made { ask, unit, value, step: number.numeral.step, end, comparator: None }
}

/// The number with the sign of its direction, or its own.
pub(super) fn signed(scene: &Scene<'_>, place: usize, number: Number) -> Option<Decimal> {
    let value = number.numeral.value;
    if number.numeral.signed {
        return Some(value);
    }
    match scene.direction(place)? {
        Direction::Up | Direction::Flat => Some(value),
        Direction::Down => Some(value.negated()),
    }
}

/// How the words at a number qualify it.
pub(super) fn comparator(scene: &Scene<'_>, place: usize) -> Comparator {
    let numeral = match scene.tokens[place].sign {
        Sign::Number(number) => number.numeral,
        _ => return Comparator::Equal,
    };
    let tail = &scene.text[numeral.end..scene.tokens[place].bytes.end];
    if ["多", "余", "餘", "-odd"].iter().any(|more| tail.starts_with(more)) {
        return Comparator::Above;
    }
    const HEDGES: [(Term, Comparator); 5] = [
        (Term::HedgeBelow, Comparator::Below),
        (Term::HedgeAbove, Comparator::Above),
        (Term::HedgeAbout, Comparator::About),
        (Term::HedgeAtLeast, Comparator::AtLeast),
        (Term::HedgeAtMost, Comparator::AtMost),
    ];
    let said = |token: &Token| HEDGES.into_iter().find(|(term, _)| token.has(*term)).map(|h| h.1);
    for before in (place.saturating_sub(2)..place).rev() {
        if !scene.is_near(before, before + 1, 3) {
            break;
        }
        if let Some(comparator) = said(&scene.tokens[before]) {
            return comparator;
        }
        if matches!(scene.tokens[before].sign, Sign::Border(_) | Sign::Number(_)) {
            break;
        }
    }
    const BEHIND: [&str; 6] = ["左右", "上下", "以上", "以下", "or more", "or so"];
    let rest = scene.text[scene.tokens[place].bytes.end..].trim_start();
    match BEHIND.iter().position(|word| rest.starts_with(word)) {
        Some(0 | 1 | 5) => Comparator::About,
        Some(2 | 4) => Comparator::AtLeast,
        Some(3) => Comparator::AtMost,
        _ => Comparator::Equal,
    }
}
