//! Claims of numbers: each number is one of the kind that its unit makes it.

use crate::extract::amount::money;
use crate::extract::count::{bare, run, sessions, stocks, streak};
use crate::extract::figure::{percent, points};
use crate::extract::made::comparator;
use crate::extract::scene::Scene;
use crate::extract::whose::{respective, unjudged};
use crate::lexicon::Term;
use crate::report::ClaimUnit;
use crate::stated::{Ask, Stated, StatedValue};
use crate::subjects::Subject;
use crate::token::{Border, Number, Sign, Unit};

/// The claims of all numbers of a sentence.
pub(super) fn claims(scene: &mut Scene<'_>) -> Vec<Stated> {
    let mut stated = Vec::new();
    for place in 0..scene.tokens.len() {
        let Some(number) = scene.number(place).filter(|_| !scene.used[place]) else { continue };
        if is_forecast(scene, place) || is_sum(scene, place) {
            continue;
        }
        if let Some(claim) = of_number(scene, place, number) {
            scene.used[place] = true;
            stated.extend(each(scene, place, claim));
        }
    }
    stated
}

/// A bound that several subjects share is a claim of each: 甲、乙均涨超5%.
pub(super) fn each(scene: &Scene<'_>, place: usize, claim: Stated) -> Vec<Stated> {
    let list = match scene.subjects(place) {
        Some((_, list)) if list.len() > 1 => list,
        _ => return vec![claim],
    };
    if respective(scene, place, &list).is_some() {
        return vec![claim];
    }
    // In English each item of a list may have its own figure: only what “and” joins is shared.
    let mut stated = Vec::new();
    for (number, token) in list.iter().enumerate() {
        let Sign::Subject(subjects) = &token.sign else { continue };
        let ask = match (&claim.ask, subjects.as_slice()) {
            (Ask::SecurityReturn(_, moment, period), [Subject::Security(symbol)]) => {
                Ask::SecurityReturn(vec![*symbol], *moment, *period)
            }
            (Ask::SecurityStreak(_), [Subject::Security(symbol)]) => Ask::SecurityStreak(*symbol),
            (Ask::IndexReturn(_, moment, period), [Subject::Index(index)]) => {
                Ask::IndexReturn(*index, *moment, *period)
            }
            _ => return vec![claim],
        };
        let last = number + 1 == list.len();
        let bytes = if last {
            token.bytes.start.min(claim.bytes.end)..claim.bytes.end
        } else {
            token.bytes.clone()
        };
        stated.push(Stated { ask, bytes, ..claim.clone() });
    }
    stated
}

fn of_number(scene: &Scene<'_>, place: usize, number: Number) -> Option<Stated> {
    let made = match number.unit {
        Unit::Percent => percent(scene, place, number),
        Unit::Points => points(scene, place, number),
        Unit::Money(unit) => money(scene, place, number, unit),
        Unit::Stocks => stocks(scene, place, number),
        Unit::Boards => streak(scene, place, number),
        Unit::Runs { up } => run(scene, place, number, up),
        Unit::Sessions => sessions(scene, place, number),
        Unit::Times => unjudged(scene, place, number, ClaimUnit::Times),
        Unit::None => bare(scene, place, number),
        Unit::PercentagePoints | Unit::Other | Unit::Tenths => None,
    }?;
    let comma = scene.within(place, Border::Comma);
    Some(Stated {
        bytes: scene.span(place, made.end),
        comparator: made.comparator.unwrap_or_else(|| comparator(scene, place)),
        // A change is from the day before, and of the day.
        day_before: scene.has(comma.clone(), Term::DayBefore)
            && !matches!(made.ask, Ask::TurnoverChange(_)),
        half_day: false,
        value: match made.ask {
            Ask::IndexCrossing { .. } => {
                StatedValue::Holds(!scene.has(comma.start..place, Term::Not))
            }
            _ => StatedValue::Number { value: made.value, step: made.step },
        },
        unit: made.unit,
        ask: made.ask,
    })
}

/// Whether a figure adds up days or securities: 两日累计, 合计.
fn is_sum(scene: &Scene<'_>, place: usize) -> bool {
    let comma = scene.within(place, Border::Comma);
    let from = scene.tokens[comma.start].bytes.start;
    let before = &scene.text[from..scene.tokens[place].bytes.start];
    let days = ["两日", "三日", "兩日", "四日", "五日", "two-day", "three-day", "two days"];
    days.iter().any(|word| before.contains(word))
        || before.contains("合计") && !scene.any(comma.start..place, &[Term::TwoExchanges])
}

/// Whether a clause speaks of what may come.
fn is_forecast(scene: &Scene<'_>, place: usize) -> bool {
    let clause = scene.within(place, Border::Clause);
    scene.has(clause.start..place, Term::Forecast)
}
