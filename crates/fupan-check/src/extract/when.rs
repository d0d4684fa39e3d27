//! Which moment of the session, and which time, a number is of.

use crate::extract::scene::Scene;
use crate::lexicon::Term;
use crate::stated::{Direction, PriceMoment, ReturnPeriod};
use crate::token::{Border, Token};

pub(super) fn moment(scene: &Scene<'_>, place: usize) -> PriceMoment {
    let comma = scene.within(place, Border::Comma);
    let up_to = comma.start..place;
    let last = |terms: &[Term]| scene.tokens[up_to.clone()].iter().rposition(|t| t.any(terms));
    let mut open = last(&[Term::Open, Term::OpenUp, Term::OpenDown]);
    let mut extreme = last(&[Term::High, Term::Low, Term::Intraday]);
    // What closed is no longer what opened.
    if let Some(closed) = last(&[Term::Closing]) {
        open = open.filter(|open| *open > closed);
        extreme = extreme.filter(|extreme| *extreme > closed);
    }
    let behind = scene
        .tokens
        .get(place + 1)
        .is_some_and(|next| next.has(Term::Intraday) && scene.is_near(place, place + 1, 1));
    if behind && open.is_none() {
        let down = scene.direction(place) == Some(Direction::Down);
        return if down { PriceMoment::Low } else { PriceMoment::High };
    }
    match (open, extreme) {
        (Some(open), extreme) if extreme.is_none_or(|extreme| extreme < open) => PriceMoment::Open,
        (_, Some(at)) => {
            let token = &scene.tokens[comma.start + at];
            match (token.has(Term::High), token.has(Term::Low), scene.direction(place)) {
                (true, _, _) => PriceMoment::High,
                (_, true, _) => PriceMoment::Low,
                (_, _, Some(Direction::Down)) => PriceMoment::Low,
                _ => PriceMoment::High,
            }
        }
        _ => PriceMoment::Last,
    }
}

pub(super) fn period(scene: &Scene<'_>, place: usize) -> ReturnPeriod {
    let comma = scene.within(place, Border::Comma);
    const PERIODS: [(Term, ReturnPeriod); 4] = [
        (Term::ForWeek, ReturnPeriod::Week),
        (Term::ForMonth, ReturnPeriod::Month),
        (Term::ForQuarter, ReturnPeriod::Quarter),
        (Term::ForYear, ReturnPeriod::Year),
    ];
    let is_of_it = |at: usize| {
        let (from, to) = (at.min(place), at.max(place));
        // Behind a number a period belongs to it; before one, to the next.
        scene.number_free(from, to)
            && (at < place
                || !comma
                    .clone()
                    .any(|other| other > place && other < at && scene.number(other).is_some()))
    };
    let found = PERIODS
        .into_iter()
        .find(|(term, _)| comma.clone().any(|at| scene.tokens[at].has(*term) && is_of_it(at)));
    match found {
        Some((_, period)) => period,
        None => carried_period(scene, place),
    }
}

/// 全年涨18.41%，深成指涨29.87%: the year goes on for the subjects that follow.
fn carried_period(scene: &Scene<'_>, place: usize) -> ReturnPeriod {
    let comma = scene.within(place, Border::Comma);
    let Some(before) = scene.clause_before(place) else { return ReturnPeriod::Session };
    let index = |range: std::ops::Range<usize>| scene.tokens[range].iter().any(Token::is_subject);
    let text = scene.text[..scene.tokens[place].bytes.start].to_lowercase();
    let whole = ["全年", "over the year", "wrapped up", "in 20", "for 20"];
    let says = whole.iter().any(|word| text.contains(word));
    let here = scene.has(comma.clone(), Term::ForYear);
    if says && !here && index(comma) && index(before) {
        ReturnPeriod::Year
    } else {
        ReturnPeriod::Session
    }
}
