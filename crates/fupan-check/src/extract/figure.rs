//! Numbers in per cent and points.

use fupan_market::Symbol;

use crate::extract::made::{Made, made, signed};
use crate::extract::scene::{Scene, direction_of};
use crate::extract::when::{moment, period};
use crate::extract::whose::{Of, kind_of, of, unjudged};
use crate::lexicon::Term;
use crate::report::{ClaimKind, ClaimUnit, Comparator, Decimal};
use crate::stated::{Ask, NoFact};
use crate::token::{Border, Number, Unit};

pub(super) fn percent(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let comma = scene.within(place, Border::Comma);
    if let Some(made) = unjudged(scene, place, number, ClaimUnit::Percent) {
        return Some(made);
    }
    // 20%涨停 and “its 10% daily limit” name the limit.
    let limits = [Term::LimitUp, Term::LimitDown, Term::LimitWord];
    let behind = scene
        .tokens
        .get(place + 1)
        .is_some_and(|next| next.any(&limits) && scene.is_near(place, place + 1, 6));
    // 网宿科技跌停，跌幅20%: the size of the limit is a return like any other.
    if behind {
        return None;
    }
    let population = scene.population(place);
    let of_market = [
        (Term::SealRate, Ask::SealRate(population)),
        (Term::Median, Ask::MedianReturn(population)),
        (Term::Mean, Ask::MeanReturn(population)),
    ];
    let value = signed(scene, place, number);
    let around = |term| if term == Term::SealRate { comma.clone() } else { comma.start..place };
    if let Some((term, ask)) =
        of_market.into_iter().find(|(term, _)| scene.has(around(*term), *term))
    {
        // A rate has no direction.
        let value = value.filter(|_| term != Term::SealRate).unwrap_or(number.numeral.value);
        return Some(made(ask, ClaimUnit::Percent, value, number, place));
    }
    let (value, moment, period) = (value?, moment(scene, place), period(scene, place));
    let ask = match of(scene, place)? {
        Of::Index(index) => Ask::IndexReturn(index, moment, period),
        Of::Securities(list) => Ask::SecurityReturn(list, moment, period),
        Of::Group(group) => {
            let name = group.first().map(|one| format!("{one:?}")).unwrap_or_default();
            Ask::Unjudged(ClaimKind::GroupMove, name, NoFact::Weights)
        }
        Of::Nobody(why, name) => Ask::Unjudged(kind_of(why), name, why),
    };
    let tail = period_end(scene, place);
    Some(Made { end: tail, ..made(ask, ClaimUnit::Percent, value, number, place) })
}

/// The last token of a number's claim: with its direction behind it, or “for the week”.
fn period_end(scene: &Scene<'_>, place: usize) -> usize {
    let Some(next) = scene.tokens.get(place + 1) else { return place };
    let joins = direction_of(next).is_some() && scene.is_near(place, place + 1, 9)
        || next.any(&[Term::ForWeek, Term::ForMonth, Term::ForYear, Term::ForQuarter])
            && scene.is_near(place, place + 1, 2);
    place + usize::from(joins)
}

pub(super) fn points(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let index = match of(scene, place)? {
        Of::Index(index) => index,
        Of::Nobody(why, name) => {
            let ask = Ask::Unjudged(kind_of(why), name, why);
            return Some(made(ask, ClaimUnit::Points, number.numeral.value, number, place));
        }
        _ => return None,
    };
    if let Some(made) = crossing(scene, place, number, index) {
        return Some(made);
    }
    let at = moment(scene, place);
    // 涨84.06点 is a change; 报3995点, or a number of the size of a level, is a level.
    if number.numeral.value.abs() >= Decimal::new(400, 0) {
        let ask = Ask::IndexLevel(index, at);
        return Some(made(ask, ClaimUnit::Points, number.numeral.value, number, place));
    }
    let value = signed(scene, place, number).unwrap_or(number.numeral.value);
    Some(made(Ask::IndexPoints(index, at), ClaimUnit::Points, value, number, place))
}

/// A level that an index crossed: 站上4000点, “back above 4,000”.
pub(super) fn crossing(
    scene: &Scene<'_>,
    place: usize,
    number: Number,
    index: Symbol,
) -> Option<Made> {
    let comma = scene.within(place, Border::Comma);
    let verb = (comma.start..place).rev().find(|at| {
        scene.tokens[*at].any(&[Term::CrossedUp, Term::CrossedDown]) && scene.is_near(*at, place, 6)
    })?;
    let round = number.numeral.value.scale() == 0
        || number.numeral.value.rounded(0) == number.numeral.value;
    if !round {
        return None;
    }
    let level = number.numeral.value;
    let is_year = number.unit == Unit::None
        && (Decimal::new(1990, 0)..=Decimal::new(2100, 0)).contains(&level)
        && !level.mantissa().rem_euclid(100).eq(&0);
    if is_year || number.numeral.large {
        return None;
    }
    let up = scene.tokens[verb].has(Term::CrossedUp);
    let intraday = scene.any(comma.clone(), &[Term::Intraday, Term::Touched]);
    let ask = Ask::IndexCrossing { index, level: number.numeral.value, up, intraday };
    Some(Made {
        comparator: Some(Comparator::Is),
        ..made(ask, ClaimUnit::Bool, Decimal::new(1, 0), number, place)
    })
}
