//! Statements with a number.

use fupan_fact::{AsOf, Basis, Fact, FactKey, MeasureId, Scope, Value};
use fupan_market::{Exchange, Language, SessionDate, Symbol, Wording};

use crate::judge::meant::meant;
use crate::judge::tolerance::{Fit, Tolerance, fit};
use crate::judge::{FactBook, Judged};
use crate::report::{ClaimUnit, ClaimValue, Comparator, Decimal, Verdict};
use crate::stated::{Ask, NamedPopulation, PriceMoment, ReturnPeriod, Stated};

/// Judges a number.
pub(super) fn judge(
    stated: &Stated,
    (value, step): (Decimal, Decimal),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Judged {
    match &stated.ask {
        Ask::SecurityReturn(list, moment, period) if list.len() > 1 => {
            return all_of(stated, list, (*moment, *period), (value, step), session, book);
        }
        Ask::IndexReturn(index, at @ (PriceMoment::High | PriceMoment::Low), _) => {
            return extreme_return(stated, (*index, *at), (value, step), session, book);
        }
        _ => {}
    }
    let floor = matches!(stated.comparator, Comparator::Above | Comparator::AtLeast);
    let in_part = lacks_beijing(stated, book);
    let (mut nearest, mut absent): (Option<(FactKey, Decimal, Fit)>, _) = (None, None);
    for one in meant(&stated.ask, session, book) {
        let Some(fact) = book.fact(&one.measure, &one.scope, session) else {
            absent.get_or_insert(format!("{}/{}/{session}", one.measure, one.scope));
            continue;
        };
        let Some(figure) = in_unit(&fact.value, stated.unit) else { continue };
        let tolerance = Tolerance {
            step,
            may_be_cut: matches!(stated.unit, ClaimUnit::Points | ClaimUnit::Cny),
            is_count: stated.unit == ClaimUnit::Stocks,
            estimate: estimate_of(&fact, &stated.ask),
        };
        let Some(fit) = fit(value, stated.comparator, figure, tolerance) else { continue };
        if fit == Fit::Fits && (floor || !in_part) {
            return Judged {
                verdict: Verdict::Supported,
                note: if nearest.is_some() { one.note } else { Wording::none() },
                right: None,
                why: says(book, &fact.key, figure, stated.unit),
                fact: Some(fact.key),
            };
        }
        // Of a part of the shares no figure is right or wrong.
        let may_be = fit == Fit::Misses && with_beijing(stated, (value, step), figure, book);
        let fit = if in_part || may_be { Fit::Open } else { fit };
        if nearest.as_ref().is_none_or(|(_, _, other)| fit < *other) {
            nearest = Some((fact.key, figure, fit));
        }
    }
    match nearest {
        None => Judged::unknown(not_there(absent.as_deref().unwrap_or_default())),
        Some((key, figure, fit)) => missed(book, key, (figure, fit), stated.unit),
    }
}

/// What is said of a number that no figure fits.
fn missed(
    book: &mut dyn FactBook,
    key: FactKey,
    (figure, fit): (Decimal, Fit),
    unit: ClaimUnit,
) -> Judged {
    let said = says(book, &key, figure, unit);
    if fit == Fit::Open {
        let why = Wording::new(
            format!("the data cannot tell: {}", said.en),
            format!("数据不足以判断：{}", said.zh),
        );
        return Judged { fact: Some(key), ..Judged::unknown(why) };
    }
    Judged {
        verdict: Verdict::Contradicted,
        note: Wording::none(),
        right: Some(ClaimValue::Number(shown(figure, unit))),
        why: said,
        fact: Some(key),
    }
}

/// How far an index was from its previous close at its highest or lowest: the quotient of two figures.
fn extreme_return(
    stated: &Stated,
    (index, at): (Symbol, PriceMoment),
    (value, step): (Decimal, Decimal),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Judged {
    let measure = if at == PriceMoment::High { "index_high" } else { "index_low" };
    let scope = Scope::Security(index);
    let level = |book: &mut dyn FactBook, measure, on| {
        let fact = book.fact(&MeasureId::new(measure), &scope, on)?;
        Some((in_unit(&fact.value, ClaimUnit::Points)?, fact.key))
    };
    let before = book.calendar().back(session, 1).ok().flatten();
    let found = level(book, measure, session)
        .zip(before.and_then(|before| level(book, "index_close", before)));
    let change = found.and_then(|((at, key), (close, _))| {
        let change = at.minus(close)?.shifted(4)?.mantissa().checked_mul(100)?;
        Some((Decimal::quotient(change, close.shifted(4)?.mantissa(), 6)?, key))
    });
    let Some((figure, key)) = change else { return Judged::unknown(not_there(measure)) };
    let tolerance = Tolerance { step, may_be_cut: false, is_count: false, estimate: 0 };
    let fits = fit(value, stated.comparator, figure, tolerance) == Some(Fit::Fits);
    Judged {
        verdict: if fits { Verdict::Supported } else { Verdict::Contradicted },
        note: Wording::none(),
        right: (!fits).then(|| ClaimValue::Number(figure.rounded(2))),
        why: Wording::new(
            format!("{index} was {} % from its previous close", figure.rounded(2)),
            format!("{index}距前收盘{}%", figure.rounded(2)),
        ),
        fact: Some(key),
    }
}

/// A bound that several securities share: each must keep it.
fn all_of(
    stated: &Stated,
    list: &[Symbol],
    (moment, period): (PriceMoment, ReturnPeriod),
    number: (Decimal, Decimal),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Judged {
    let mut last = None;
    for security in list {
        let ask = Ask::SecurityReturn(vec![*security], moment, period);
        let judged = judge(&Stated { ask, ..stated.clone() }, number, session, book);
        if judged.verdict != Verdict::Supported {
            return judged;
        }
        last = Some(judged);
    }
    last.unwrap_or_else(|| Judged::unknown(Wording::none()))
}

/// Whether a figure is over three exchanges of which the data lack one.
fn lacks_beijing(stated: &Stated, book: &mut dyn FactBook) -> bool {
    let population = match &stated.ask {
        Ask::Breadth(population, _)
        | Ask::LimitCount(population, _)
        | Ask::BrokenCount(population)
        | Ask::NewHighs(population, _)
        | Ask::Turnover(population)
        | Ask::TurnoverChange(population)
        | Ask::TenBillionCount(population) => *population,
        _ => return false,
    };
    let opened = Exchange::Bse.is_open_in(book.session());
    population == NamedPopulation::Three && opened && !book.has_beijing()
}

/// Stocks that Beijing may add to a count: somewhat more than are listed there.
const BEIJING: i128 = 320;

/// Whether a count that names no population may be right with the shares of Beijing, which the data
/// lack.
fn with_beijing(
    stated: &Stated,
    (value, step): (Decimal, Decimal),
    figure: Decimal,
    book: &mut dyn FactBook,
) -> bool {
    let unnamed = matches!(
        &stated.ask,
        Ask::Breadth(NamedPopulation::Unnamed, _) | Ask::LimitCount(NamedPopulation::Unnamed, _)
    );
    let opened = Exchange::Bse.is_open_in(book.session());
    if !unnamed || !opened || book.has_beijing() {
        return false;
    }
    let most = figure.plus(Decimal::new(BEIJING, 0)).and_then(|most| most.plus(step));
    value > figure && most.is_some_and(|most| value <= most)
}

fn estimate_of(fact: &Fact, ask: &Ask) -> i128 {
    // Where a source states no turnover, volume times mean price stands for it; the change of two such
    // figures is as far off as they are, which is more of it.
    match (fact.provenance.basis == Basis::Estimated, ask) {
        (true, Ask::TurnoverChange(_)) => 80,
        (true, _) => 12,
        _ => 0,
    }
}

/// A figure as a number in a claim's unit.
pub(super) fn in_unit(value: &Value, unit: ClaimUnit) -> Option<Decimal> {
    Some(match (value, unit) {
        (Value::Return { ppb }, ClaimUnit::Percent) => Decimal::new(i128::from(ppb.0), 7),
        (Value::Share { part, whole }, ClaimUnit::Percent) => {
            Decimal::quotient(i128::from(*part) * 100, i128::from(*whole), 6)?
        }
        (Value::Points { units }, ClaimUnit::Points) => Decimal::new(i128::from(*units), 4),
        (Value::Price { price }, ClaimUnit::Cny | ClaimUnit::Points) => {
            Decimal::new(i128::from(price.units()), 4)
        }
        (Value::Money { fen }, ClaimUnit::Cny) => Decimal::new(i128::from(fen.0), 2),
        (Value::Count { count }, ClaimUnit::Stocks | ClaimUnit::Sessions) => {
            Decimal::new(i128::from(*count), 0)
        }
        _ => return None,
    })
}

/// A figure with the digits that are of use.
fn shown(figure: Decimal, unit: ClaimUnit) -> Decimal {
    match unit {
        ClaimUnit::Percent | ClaimUnit::Points | ClaimUnit::Cny => figure.rounded(2),
        _ => figure,
    }
}

/// A figure in words: what it is, its value, and its session.
fn says(book: &mut dyn FactBook, key: &FactKey, figure: Decimal, unit: ClaimUnit) -> Wording {
    let (named, figure) = (book.named(key), shown(figure, unit));
    let at = match key.as_of {
        AsOf::Close => key.session.to_string(),
        at => format!("{} {at}", key.session),
    };
    let [en, zh] = [Language::En, Language::Zh].map(|language| unit.worded(figure, language));
    Wording::new(format!("{}, {at}: {en}", named.en), format!("{at}{}：{zh}", named.zh))
}

pub(super) fn not_there(figure: &str) -> Wording {
    Wording::new(format!("the data have no {figure}"), format!("数据中没有{figure}"))
}
