//! Counts of stocks and of sessions, and numbers without a unit.

use crate::extract::figure::crossing;
use crate::extract::made::{Made, made};
use crate::extract::scene::{Scene, direction_of};
use crate::extract::when::moment;
use crate::extract::whose::{Of, of};
use crate::lexicon::Term;
use crate::report::{ClaimKind, ClaimUnit, Decimal};
use crate::stated::{Ask, Direction, NoFact};
use crate::subjects::Subject;
use crate::token::{Border, Number, Sign, Unit};

pub(super) fn stocks(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let comma = scene.within(place, Border::Comma);
    let population = scene.population(place);
    let value = number.numeral.value;
    let near = |terms: &[Term]| {
        let behind = (place + 1..comma.end).find(|at| scene.tokens[*at].any(terms));
        let before = (comma.start..place).rev().find(|at| scene.tokens[*at].any(terms));
        behind.or(before)
    };
    // A count of a theme's shares is of the theme.
    let end = |at: Option<usize>| {
        at.filter(|at| *at > place && scene.number_free(place, *at)).unwrap_or(place)
    };
    let count =
        |ask, at| Some(Made { end: end(at), ..made(ask, ClaimUnit::Stocks, value, number, place) });
    let group = scene.tokens[comma.start..place].iter().rev().find_map(|token| match &token.sign {
        Sign::Subject(subjects) if subjects.iter().all(|one| matches!(one, Subject::Group(_))) => {
            Some(subjects.clone())
        }
        _ => None,
    });
    if let Some(group) = group
        && let Some(at) = near(&[Term::LimitUp, Term::LimitDown])
    {
        let up = scene.tokens[at].has(Term::LimitUp);
        return count(Ask::GroupLimitCount(group, up), Some(at));
    }
    if scene.has(comma.clone(), Term::Trading) {
        return None;
    }
    let opened = near(&[Term::OpenedLimit]);
    if opened.is_some() {
        return count(Ask::BrokenCount(population), opened);
    }
    if near(&[Term::Streak]).is_some() {
        return None;
    }
    let down = near(&[Term::LimitDown]);
    let up = near(&[Term::LimitUp]);
    let closer = |one: Option<usize>, other: Option<usize>| match (one, other) {
        (Some(one), Some(other)) => one.abs_diff(place) < other.abs_diff(place),
        (Some(_), None) => true,
        _ => false,
    };
    if down.is_some() || up.is_some() {
        let is_up = closer(up, down);
        let at = if is_up { up } else { down };
        return count(Ask::LimitCount(population, is_up), at);
    }
    if let Some(at) = near(&[Term::NewHigh, Term::NewLow]) {
        return count(Ask::NewHighs(population, scene.tokens[at].has(Term::NewHigh)), Some(at));
    }
    if scene.has(comma.clone(), Term::Turnover) {
        return count(Ask::TenBillionCount(population), None);
    }
    const MOVES: &[Term] =
        &[Term::Rise, Term::Fall, Term::Flat, Term::Advances, Term::Declines, Term::UnchangedCount];
    let at = near(MOVES)?;
    let token = &scene.tokens[at];
    let direction = match direction_of(token) {
        Some(direction) => direction,
        None if token.has(Term::Advances) => Direction::Up,
        None if token.has(Term::Declines) => Direction::Down,
        None => Direction::Flat,
    };
    count(Ask::Breadth(population, direction), Some(at))
}

pub(super) fn streak(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let value = number.numeral.value;
    let ask = match of(scene, place) {
        Some(Of::Securities(list)) => Ask::SecurityStreak(*list.last()?),
        Some(Of::Nobody(why, name)) => Ask::Unjudged(ClaimKind::SecurityStreak, name, why),
        _ if scene.has(0..scene.tokens.len(), Term::HighestStreak) => Ask::HighestStreak,
        _ => return None,
    };
    Some(made(ask, ClaimUnit::Sessions, value, number, place))
}

pub(super) fn run(scene: &Scene<'_>, place: usize, number: Number, up: bool) -> Option<Made> {
    let value = if up { number.numeral.value } else { number.numeral.value.negated() };
    let comma = scene.within(place, Border::Comma);
    let clause =
        &scene.text[scene.tokens[comma.start].bytes.start..scene.tokens[comma.end - 1].bytes.end];
    let ended = ["结束", "止步", "终结", "ending", "snapped", "ended"];
    if ended.iter().any(|word| clause.contains(word)) {
        return None;
    }
    let own = &scene.text[scene.tokens[place].bytes.clone()];
    let candles = own.contains(['阳', '阴', '陽', '陰']);
    let ask = match of(scene, place)? {
        Of::Index(index) if candles => {
            Ask::Unjudged(ClaimKind::IndexRun, index.to_string(), NoFact::Candles)
        }
        Of::Index(index) => Ask::IndexRun { index, up },
        Of::Nobody(why, name) => Ask::Unjudged(ClaimKind::IndexRun, name, why),
        _ => return None,
    };
    Some(made(ask, ClaimUnit::Sessions, value, number, place))
}

/// A number of sessions: of limit-ups in a row, or of rises or falls.
pub(super) fn sessions(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let comma = scene.within(place, Border::Comma);
    let value = number.numeral.value;
    let limits = scene.any(comma.clone(), &[Term::LimitUp, Term::Streak]);
    let in_a_row = {
        let text = &scene.text
            [scene.tokens[comma.start].bytes.start..scene.tokens[comma.end - 1].bytes.end];
        let lower = text.to_lowercase();
        [
            "连续",
            "連續",
            "straight",
            "consecutive",
            "in a row",
            "streak",
            "run",
            "running",
            "th day",
            "second day",
            "third day",
            "fifth day",
        ]
        .iter()
        .any(|word| lower.contains(word))
    };
    if !in_a_row {
        return None;
    }
    match of(scene, place)? {
        Of::Securities(list) if limits => {
            let end = (place + 1..comma.end)
                .take(2)
                .find(|at| scene.tokens[*at].any(&[Term::LimitUp, Term::Streak]))
                .unwrap_or(place);
            let ask = Ask::SecurityStreak(*list.last()?);
            Some(Made { end, ..made(ask, ClaimUnit::Sessions, value, number, place) })
        }
        Of::Index(index) => {
            let words =
                comma.clone().find(|at| scene.tokens[*at].any(&[Term::RunUp, Term::RunDown]));
            let up = match words {
                Some(at) => scene.tokens[at].has(Term::RunUp),
                None => scene.direction(place)? == Direction::Up,
            };
            let value = if up { value } else { value.negated() };
            let end = words.filter(|at| *at > place).unwrap_or(place);
            let ask = Ask::IndexRun { index, up };
            Some(Made { end, ..made(ask, ClaimUnit::Sessions, value, number, place) })
        }
        _ => None,
    }
}

/// A number without a unit: a level or a price behind 报, “at” or “to”; a count before “fell”.
pub(super) fn bare(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let comma = scene.within(place, Border::Comma);
    let numeral = number.numeral;
    let before = (place > comma.start).then(|| place - 1);
    let level = before.is_some_and(|at| {
        scene.tokens[at].any(&[Term::Level, Term::Open, Term::High, Term::Low])
            && scene.is_near(at, place, 3)
    });
    let crossed = before.is_some_and(|at| {
        scene.tokens[at].any(&[Term::CrossedUp, Term::CrossedDown]) && scene.is_near(at, place, 3)
    });
    let counts = [Term::LimitUp, Term::LimitDown];
    let counted =
        before.is_some_and(|at| scene.tokens[at].any(&counts) && scene.is_near(at, place, 1));
    if counted && numeral.value.scale() == 0 && scene.subjects(place).is_none() {
        return stocks(scene, place, number);
    }
    let counted = numeral.value.scale() == 0
        && numeral.value >= Decimal::new(5, 0)
        && scene.tokens.get(place + 1).is_some_and(|next| {
            scene.is_near(
                place,
                place + 1,
                if next.any(&[Term::LimitUp, Term::LimitDown]) { 12 } else { 6 },
            ) && (direction_of(next).is_some()
                || next.any(&[Term::LimitUp, Term::LimitDown, Term::Advances, Term::Declines]))
        })
        && scene.tokens.iter().enumerate().any(|(at, token)| {
            at != place && scene.number(at).is_some_and(|other| other.unit == Unit::Stocks)
                || token.any(&[Term::Advances, Term::Declines, Term::TwoExchanges])
        });
    if counted
        && !numeral.words
        && before.is_none_or(|at| !scene.tokens[at].is_subject() || !scene.is_near(at, place, 1))
    {
        return stocks(scene, place, number);
    }
    match of(scene, place)? {
        Of::Index(index) if numeral.value >= Decimal::new(400, 0) => {
            if let Some(made) = crossing(scene, place, number, index) {
                return Some(made);
            }
            let exact = numeral.value.scale() == 2 || level || crossed;
            let ask = Ask::IndexLevel(index, moment(scene, place));
            exact.then(|| made(ask, ClaimUnit::Points, numeral.value, number, place))
        }
        Of::Securities(list) if level && !numeral.words => {
            let ask = Ask::SecurityPrice(*list.last()?, moment(scene, place));
            Some(made(ask, ClaimUnit::Cny, numeral.value, number, place))
        }
        _ => None,
    }
}
