//! Claims of numbers.

use fupan_market::Symbol;

use crate::extract::scene::{Scene, direction_of};
use crate::lexicon::Term;
use crate::report::{ClaimKind, ClaimUnit, Comparator, Decimal};
use crate::stated::{Ask, Direction, Moment, NoFact, Period, Stated, StatedValue};
use crate::subjects::Subject;
use crate::token::{Border, Number, Sign, Token, Unit};

/// The claims of all numbers of a sentence.
pub(super) fn claims(scene: &mut Scene<'_>) -> Vec<Stated> {
    let mut stated = Vec::new();
    for place in 0..scene.tokens.len() {
        let Some(number) = scene.number(place).filter(|_| !scene.used[place]) else { continue };
        if is_forecast(scene, place) {
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
fn each(scene: &Scene<'_>, place: usize, claim: Stated) -> Vec<Stated> {
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

/// What stands at a number and makes it a claim.
struct Made {
    ask: Ask,
    unit: ClaimUnit,
    value: Decimal,
    step: Decimal,
    /// The last token of the claim.
    end: usize,
    comparator: Option<Comparator>,
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
        Unit::Times => valuation(scene, place, number),
        Unit::None => bare(scene, place, number),
        Unit::Tenths => tenths(scene, place, number),
        Unit::PercentagePoints | Unit::Other => None,
    }?;
    let comma = scene.within(place, Border::Comma);
    Some(Stated {
        bytes: scene.span(place, made.end),
        comparator: made.comparator.unwrap_or_else(|| comparator(scene, place)),
        day_before: scene.has(comma, Term::DayBefore),
        value: StatedValue::Number { value: made.value, step: made.step },
        unit: made.unit,
        ask: made.ask,
    })
}

/// How the words at a number qualify it.
fn comparator(scene: &Scene<'_>, place: usize) -> Comparator {
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

/// Whether a clause speaks of what may come.
fn is_forecast(scene: &Scene<'_>, place: usize) -> bool {
    let clause = scene.within(place, Border::Clause);
    scene.has(clause.start..place, Term::Forecast)
}

/// The number with the sign of its direction, or its own.
fn signed(scene: &Scene<'_>, place: usize, number: Number) -> Option<Decimal> {
    let value = number.numeral.value;
    if number.numeral.signed {
        return Some(value);
    }
    match scene.direction(place)? {
        Direction::Up | Direction::Flat => Some(value),
        Direction::Down => Some(value.negated()),
    }
}

fn made(ask: Ask, unit: ClaimUnit, value: Decimal, number: Number, end: usize) -> Made {
    Made { ask, unit, value, step: number.numeral.step, end, comparator: None }
}

/// Who a number is of.
enum Of {
    Index(Symbol),
    Securities(Vec<Symbol>),
    Group(Vec<Subject>),
    Nobody(NoFact, String),
}

fn of(scene: &Scene<'_>, place: usize) -> Option<Of> {
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
    if scene.tokens[list.start..place].iter().any(Token::is_subject)
        || scene.tokens[comma.start..place].iter().any(Token::is_subject)
    {
        return false;
    }
    let from = match comma.start.checked_sub(1) {
        Some(border) => scene.tokens[border].bytes.end,
        None => return false,
    };
    let to = scene.tokens[comma.start..=place].first().map_or(from, |token| token.bytes.start);
    let head = scene.text.get(from..to).unwrap_or("").trim();
    const FUNCTION: [&str; 24] = [
        "It", "Its", "The", "A", "An", "In", "On", "At", "That", "This", "They", "And", "But",
        "By", "For", "From", "To", "With", "Up", "Down", "Still", "Shares", "Both", "Only",
    ];
    let mut words = head.split_whitespace();
    words.next().is_some_and(|word| {
        word.starts_with(|c: char| c.is_ascii_uppercase()) && !FUNCTION.contains(&word)
    })
}

fn named(scene: &Scene<'_>, list: &[&Token]) -> Option<Of> {
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
fn respective<'t>(scene: &Scene<'_>, place: usize, list: &[&'t Token]) -> Option<&'t Token> {
    let clause = scene.within(place, Border::Clause);
    if list.len() < 2 || !scene.has(clause.clone(), Term::Respectively) {
        return None;
    }
    let last = list.last()?.bytes.end;
    let numbers = (clause.start..place)
        .filter(|at| scene.tokens[*at].bytes.start >= last && scene.number(*at).is_some());
    list.get(numbers.count()).copied()
}

fn moment(scene: &Scene<'_>, place: usize) -> Moment {
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
    match (open, extreme) {
        (Some(open), extreme) if extreme.is_none_or(|extreme| extreme < open) => Moment::Open,
        (_, Some(at)) => {
            let token = &scene.tokens[comma.start + at];
            match (token.has(Term::High), token.has(Term::Low), scene.direction(place)) {
                (true, _, _) => Moment::High,
                (_, true, _) => Moment::Low,
                (_, _, Some(Direction::Down)) => Moment::Low,
                _ => Moment::High,
            }
        }
        _ => Moment::Last,
    }
}

fn period(scene: &Scene<'_>, place: usize) -> Period {
    let comma = scene.within(place, Border::Comma);
    const PERIODS: [(Term, Period); 4] = [
        (Term::ForWeek, Period::Week),
        (Term::ForMonth, Period::Month),
        (Term::ForQuarter, Period::Quarter),
        (Term::ForYear, Period::Year),
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
fn carried_period(scene: &Scene<'_>, place: usize) -> Period {
    let comma = scene.within(place, Border::Comma);
    let Some(before) = scene.clause_before(place) else { return Period::Session };
    let index = |range: std::ops::Range<usize>| scene.tokens[range].iter().any(Token::is_subject);
    let whole = ["全年", "over the year", "wrapped up", "in 20", "for 20"];
    let from = scene.tokens.get(before.start).map_or(0, |token| token.bytes.start);
    let text = &scene.text[..scene.tokens[place].bytes.start].to_lowercase();
    let says = text.get(from..).is_some_and(|part| whole.iter().any(|word| part.contains(word)))
        || text.contains("全年");
    let here = scene.has(comma.clone(), Term::ForYear);
    if says && !here && index(comma) && index(before) { Period::Year } else { Period::Session }
}

fn percent(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
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
    if scene.has(comma.clone(), Term::SealRate) {
        let ask = Ask::SealRate(population);
        return Some(made(ask, ClaimUnit::Percent, number.numeral.value, number, place));
    }
    let value = signed(scene, place, number);
    if scene.has(comma.start..place, Term::Median) {
        let ask = Ask::MedianReturn(population);
        return Some(made(
            ask,
            ClaimUnit::Percent,
            value.unwrap_or(number.numeral.value),
            number,
            place,
        ));
    }
    if scene.has(comma.start..place, Term::Mean) && scene.subjects(place).is_none_or(|_| true) {
        let ask = Ask::MeanReturn(population);
        return Some(made(
            ask,
            ClaimUnit::Percent,
            value.unwrap_or(number.numeral.value),
            number,
            place,
        ));
    }
    let moment = moment(scene, place);
    let value = match (value, moment) {
        (Some(value), _) => value,
        (None, _) => return None,
    };
    let period = period(scene, place);
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

fn kind_of(why: NoFact) -> ClaimKind {
    match why {
        NoFact::OtherMarket => ClaimKind::OtherMarket,
        NoFact::Flow => ClaimKind::Flow,
        NoFact::Margin => ClaimKind::Margin,
        NoFact::Valuation => ClaimKind::Valuation,
        NoFact::Fund => ClaimKind::Fund,
        NoFact::Currency => ClaimKind::Currency,
        NoFact::Weights => ClaimKind::GroupMove,
        NoFact::NoIndex => ClaimKind::IndexReturn,
        NoFact::NameAndCode | NoFact::Ambiguous | NoFact::Stranger => ClaimKind::SecurityReturn,
    }
}

/// Figures of which there are no facts, whoever they are of.
fn unjudged(scene: &Scene<'_>, place: usize, number: Number, unit: ClaimUnit) -> Option<Made> {
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

fn points(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
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
    let near = (place > 0).then(|| &scene.tokens[place - 1]);
    let change = near.is_some_and(|token| direction_of(token).is_some() && !token.has(Term::Level));
    let is_level = number.numeral.value.abs() >= Decimal::new(400, 0) || !change;
    if is_level {
        let ask = Ask::IndexLevel(index, at);
        return Some(made(ask, ClaimUnit::Points, number.numeral.value, number, place));
    }
    let value = signed(scene, place, number)?;
    Some(made(Ask::IndexPoints(index, at), ClaimUnit::Points, value, number, place))
}

/// A level that an index crossed: 站上4000点, “back above 4,000”.
fn crossing(scene: &Scene<'_>, place: usize, number: Number, index: Symbol) -> Option<Made> {
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
    let intraday = scene.any(comma.start..place, &[Term::Intraday, Term::Touched]);
    let ask = Ask::IndexCrossing { index, level: number.numeral.value, up, intraday };
    Some(Made {
        comparator: Some(Comparator::Is),
        ..made(ask, ClaimUnit::Bool, Decimal::new(1, 0), number, place)
    })
}

fn money(scene: &Scene<'_>, place: usize, number: Number, unit: ClaimUnit) -> Option<Made> {
    if let Some(made) = unjudged(scene, place, number, unit) {
        return Some(made);
    }
    let comma = scene.within(place, Border::Comma);
    let large = number.numeral.value.abs() >= Decimal::new(10_000_000, 0);
    if !large {
        return price(scene, place, number, unit);
    }
    let value = number.numeral.value;
    let here = comma.start..scene.tokens.len().min(place + 3);
    let own = scene.tokens[comma.start..place].iter().rposition(Token::is_subject);
    let clause = scene.within(place, Border::Clause);
    let of_whom = of(scene, place);
    if scene.has(clause.clone(), Term::MarketValue)
        && let Some(Of::Securities(list)) = &of_whom
    {
        return Some(made(Ask::SecurityMarketValue(*list.last()?), unit, value, number, place));
    }
    if unit != ClaimUnit::Cny {
        return match of_whom {
            Some(Of::Nobody(why, name)) => {
                Some(made(Ask::Unjudged(kind_of(why), name, why), unit, value, number, place))
            }
            _ => None,
        };
    }
    if scene.any(clause.clone(), &[Term::Trading]) || is_other_currency(scene, place) {
        return None;
    }
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
    let _ = here;
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
    compared && !to
        || changed
        || near.is_some_and(|at| {
            !to && scene.tokens[at].any(&[Term::MoreTurnover, Term::LessTurnover])
                && scene.is_near(at, place, 2)
        })
}

fn price(scene: &Scene<'_>, place: usize, number: Number, unit: ClaimUnit) -> Option<Made> {
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

fn stocks(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
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
    let down = near(&[Term::LimitDown]);
    let up = near(&[Term::LimitUp, Term::Streak]);
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

fn streak(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    let value = number.numeral.value;
    let ask = match of(scene, place) {
        Some(Of::Securities(list)) => Ask::SecurityStreak(*list.last()?),
        Some(Of::Nobody(why, name)) => Ask::Unjudged(ClaimKind::SecurityStreak, name, why),
        _ if scene.has(0..scene.tokens.len(), Term::HighestStreak) => Ask::HighestStreak,
        _ => return None,
    };
    Some(made(ask, ClaimUnit::Sessions, value, number, place))
}

fn run(scene: &Scene<'_>, place: usize, number: Number, up: bool) -> Option<Made> {
    let value = if up { number.numeral.value } else { number.numeral.value.negated() };
    let ask = match of(scene, place)? {
        Of::Index(index) => Ask::IndexRun { index, up },
        Of::Nobody(why, name) => Ask::Unjudged(ClaimKind::IndexRun, name, why),
        _ => return None,
    };
    Some(made(ask, ClaimUnit::Sessions, value, number, place))
}

/// A number of sessions: of limit-ups in a row, or of rises or falls.
fn sessions(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
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

fn valuation(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
    unjudged(scene, place, number, ClaimUnit::Times)
}

/// A number without a unit: a level or a price behind 报, “at” or “to”; a count before “fell”.
fn bare(scene: &Scene<'_>, place: usize, number: Number) -> Option<Made> {
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

/// 两成个股上涨: a share of all stocks.
fn tenths(_: &Scene<'_>, _: usize, _: Number) -> Option<Made> {
    None
}
