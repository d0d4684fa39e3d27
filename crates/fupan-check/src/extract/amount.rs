//! Amounts of money.

use crate::extract::made::{Made, made, signed};
use crate::extract::scene::{Scene, direction_of};
use crate::extract::when::moment;
use crate::extract::whose::{Of, kind_of, of, unjudged};
use crate::lexicon::Term;
use crate::report::{ClaimKind, ClaimUnit, Comparator, Decimal};
use crate::stated::{Ask, NoFact};
use crate::token::{Border, Number, Token};

pub(super) fn money(
    scene: &Scene<'_>,
    place: usize,
    number: Number,
    unit: ClaimUnit,
) -> Option<Made> {
    if let Some(made) = unjudged(scene, place, number, unit) {
        return Some(made);
    }
    let large = number.numeral.value.abs() >= Decimal::new(10_000_000, 0);
    if !large {
        return price(scene, place, number, unit);
    }
    let value = number.numeral.value;
    let clause = scene.within(place, Border::Clause);
    let of_whom = of(scene, place);
    if scene.has(clause.clone(), Term::MarketValue)
        && !scene.has(clause.clone(), Term::AShares)
        && let Some(Of::Securities(list)) = &of_whom
    {
        return Some(made(Ask::SecurityMarketValue(*list.last()?), unit, value, number, place));
    }
    if unit != ClaimUnit::Cny {
        return match of_whom {
            Some(Of::Nobody(why, name)) => {
                Some(made(Ask::Unjudged(kind_of(why), name, why), unit, value, number, place))
            }
            // Turnover is in yuan: in another currency it needs a rate.
            _ if scene.has(clause, Term::Turnover) && !is_other_currency(scene, place) => {
                let why = NoFact::Currency;
                let ask = Ask::Unjudged(ClaimKind::MarketTurnover, "market".to_owned(), why);
                Some(made(ask, unit, value, number, place))
            }
            _ => None,
        };
    }
    if scene.any(clause.clone(), &[Term::Trading]) || is_other_currency(scene, place) {
        return None;
    }
    turnover(scene, place, number, of_whom)
}

/// A large amount in yuan: turnover of a share or of the market, or its change.
fn turnover(scene: &Scene<'_>, place: usize, number: Number, of_whom: Option<Of>) -> Option<Made> {
    let (comma, clause) = (scene.within(place, Border::Comma), scene.within(place, Border::Clause));
    let (value, unit) = (number.numeral.value, ClaimUnit::Cny);
    let own = scene.tokens[comma.start..place].iter().rposition(Token::is_subject);
    let speaks_of_turnover =
        scene.any(0..scene.tokens.len(), &[Term::Turnover, Term::MoreTurnover, Term::LessTurnover]);
    if !speaks_of_turnover {
        return match of_whom {
            Some(Of::Nobody(why, name)) if own.is_none() => {
                Some(made(Ask::Unjudged(kind_of(why), name, why), unit, value, number, place))
            }
            _ => None,
        };
    }
    if let Some(Of::Nobody(why, name)) = &of_whom
        && scene.any(comma.clone(), &[Term::OtherMarket, Term::Fund, Term::Currency])
    {
        let ask = Ask::Unjudged(kind_of(*why), name.clone(), *why);
        return Some(made(ask, unit, value, number, place));
    }
    let market = scene.any(
        clause.clone(),
        &[
            Term::TwoExchanges,
            Term::ThreeExchanges,
            Term::AShares,
            Term::ExchangeSh,
            Term::ExchangeSz,
        ],
    );
    // No share has traded a third of a trillion in a day.
    let of_market = value.abs() >= Decimal::new(330_000_000_000, 0);
    if let Some(Of::Securities(list)) = &of_whom
        && (own.is_some() || !market)
        && !of_market
    {
        return Some(made(Ask::SecurityTurnover(*list.last()?), unit, value, number, place));
    }
    let population = scene.population(place);
    if is_change(scene, place) {
        let value = signed(scene, place, number)?;
        return Some(made(Ask::TurnoverChange(population), unit, value, number, place));
    }
    let ask = Ask::Turnover(population);
    Some(made(ask, unit, value, number, place))
}

/// 约合3800亿美元: the same amount in another currency.
fn is_other_currency(scene: &Scene<'_>, place: usize) -> bool {
    let before = &scene.text[..scene.tokens[place].bytes.start];
    before.ends_with("约合") || before.ends_with("合") && !before.ends_with("联合")
}

/// Whether an amount is the change of turnover: 放量1575亿, “157.5 billion more than a day earlier”.
fn is_change(scene: &Scene<'_>, place: usize) -> bool {
    let comma = scene.within(place, Border::Comma);
    let compared = scene.has(comma.clone(), Term::Compared) || {
        let behind = &scene.text[scene.tokens[place].bytes.end..];
        behind.trim_start().starts_with("more than")
            || behind.trim_start().starts_with("less than a")
    };
    let near = (comma.start..place).rev().find(|at| direction_of(&scene.tokens[*at]).is_some());
    let to = near.is_some_and(|at| {
        let between = &scene.text[scene.tokens[at].bytes.end..scene.tokens[place].bytes.start];
        between.contains('至')
            || between.contains('到')
            || between.split(' ').any(|word| word == "to")
    });
    let shrinks = ["缩减", "减少", "增加", "放大", "萎缩"];
    let behind_comma =
        &scene.text[scene.tokens[comma.start].bytes.start..scene.tokens[place].bytes.start];
    let changed =
        shrinks.iter().any(|word| behind_comma.contains(word)) && !behind_comma.contains('至');
    let by = scene.text[..scene.tokens[place].bytes.start].trim_end();
    let by = [" by", " by about", " by some"].iter().any(|end| by.ends_with(end)) && near.is_some();
    by || compared && !to
        || changed
        || near.is_some_and(|at| {
            !to && scene.tokens[at].any(&[Term::MoreTurnover, Term::LessTurnover])
                && scene.is_near(at, place, 2)
        })
}

pub(super) fn price(
    scene: &Scene<'_>,
    place: usize,
    number: Number,
    unit: ClaimUnit,
) -> Option<Made> {
    let value = number.numeral.value;
    match of(scene, place)? {
        Of::Securities(list) if unit == ClaimUnit::Cny => {
            let ask = Ask::SecurityPrice(*list.last()?, moment(scene, place));
            let crossed = (place > 0).then(|| &scene.tokens[place - 1]);
            let comparator = match crossed {
                Some(token) if token.has(Term::CrossedUp) => Some(Comparator::AtLeast),
                Some(token) if token.has(Term::CrossedDown) => Some(Comparator::Below),
                _ => None,
            };
            Some(Made { comparator, ..made(ask, unit, value, number, place) })
        }
        Of::Nobody(why, name) => {
            Some(made(Ask::Unjudged(kind_of(why), name, why), unit, value, number, place))
        }
        _ => None,
    }
}
