//! Statements with a number.

use fupan_fact::{AsOf, Basis, Fact, FactKey, MeasureId, Scope, Value};
use fupan_market::{Board, Exchange, SessionDate, Symbol, Wording};

use crate::judge::tolerance::{Fit, Tolerance, fit};
use crate::judge::{FactBook, Judged};
use crate::report::{ClaimUnit, ClaimValue, Comparator, Decimal, Verdict};
use crate::stated::{Ask, Direction, Moment, Period, Population, Stated};
use crate::subjects::Subject;

/// A figure that a statement may mean.
struct Meant {
    measure: MeasureId,
    scope: Scope,
    /// What to say if it is this one and not the first.
    note: Wording,
}

/// Judges a number.
pub(super) fn judge(
    stated: &Stated,
    (value, step): (Decimal, Decimal),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Judged {
    if let Ask::SecurityReturn(list, moment, period) = &stated.ask
        && list.len() > 1
    {
        return all_of(stated, list, (*moment, *period), (value, step), session, book);
    }
    if let Ask::IndexReturn(index, at @ (Moment::High | Moment::Low), _) = &stated.ask {
        return extreme_return(stated, (*index, *at), (value, step), session, book);
    }
    let meant = meant(&stated.ask, session, book);
    if meant.is_empty() {
        let why = Wording::new("no figure is about this", "没有相应的指标");
        return Judged::unknown(why);
    }
    let mut first: Option<(FactKey, Decimal, Fit)> = None;
    let mut absent = None;
    for one in &meant {
        let Some(fact) = book.fact(&one.measure, &one.scope, session) else {
            absent.get_or_insert(one);
            continue;
        };
        let Some(figure) = in_unit(&fact.value, stated.unit) else {
            continue;
        };
        let tolerance = Tolerance {
            step,
            may_be_cut: matches!(stated.unit, ClaimUnit::Points | ClaimUnit::Cny),
            is_count: stated.unit == ClaimUnit::Stocks,
            estimate: estimate_of(&fact, &stated.ask),
        };
        let Some(fit) = fit(value, stated.comparator, figure, tolerance) else { continue };
        let floor = matches!(stated.comparator, Comparator::Above | Comparator::AtLeast);
        if fit == Fit::Fits && !floor && lacks_beijing(stated, book) {
            first = Some((fact.key.clone(), figure, Fit::Open));
            continue;
        }
        if fit == Fit::Fits {
            return Judged {
                verdict: Verdict::Supported,
                note: if first.is_some() { one.note.clone() } else { Wording::none() },
                right: None,
                fact: Some(fact.key.clone()),
                why: says(&fact.key, figure, stated.unit),
            };
        }
        if first.as_ref().is_none_or(|(_, _, other)| fit < *other) {
            first = Some((fact.key.clone(), figure, fit));
        }
    }
    let Some((key, figure, fit)) = first else {
        let named = absent.map(|one| format!("{}/{}/{session}", one.measure, one.scope));
        return Judged::unknown(not_there(named.as_deref().unwrap_or_default()));
    };
    if fit == Fit::Open || lacks_beijing(stated, book) {
        let mut unknown = Judged::unknown(Wording::new(
            format!("the data cannot tell: {}", says(&key, figure, stated.unit).en),
            format!("数据不足以判断：{}", says(&key, figure, stated.unit).zh),
        ));
        unknown.fact = Some(key);
        return unknown;
    }
    Judged {
        verdict: Verdict::Contradicted,
        note: Wording::none(),
        right: Some(ClaimValue::Number(shown(figure, stated.unit))),
        why: says(&key, figure, stated.unit),
        fact: Some(key),
    }
}

/// How far an index was from its previous close at its highest or lowest: the quotient of two figures.
fn extreme_return(
    stated: &Stated,
    (index, at): (Symbol, Moment),
    (value, step): (Decimal, Decimal),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Judged {
    let measure = if at == Moment::High { "index_high" } else { "index_low" };
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
    (moment, period): (Moment, Period),
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
    population == Population::Three && opened && !book.has_beijing()
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

/// The figures that a statement may mean, the likeliest first.
fn meant(ask: &Ask, session: SessionDate, book: &mut dyn FactBook) -> Vec<Meant> {
    let of = |measure: &'static str, symbol: Symbol| {
        vec![Meant {
            measure: MeasureId::new(measure),
            scope: Scope::Security(symbol),
            note: Wording::none(),
        }]
    };
    match ask {
        Ask::IndexReturn(index, moment, period) => {
            index_return(*index, *moment, *period, session, book)
        }
        Ask::IndexPoints(index, Moment::Last) => of("index_points", *index),
        Ask::IndexPoints(..) => Vec::new(),
        Ask::IndexLevel(index, moment) => {
            let measure = match moment {
                Moment::Last => "index_close",
                Moment::Open => "index_open",
                Moment::High => "index_high",
                Moment::Low => "index_low",
            };
            of(measure, *index)
        }
        Ask::IndexRun { index, .. } => of("index_gain_streak", *index),
        Ask::SecurityReturn(list, moment, period) => {
            let Some(security) = list.first() else { return Vec::new() };
            let measure = match (moment, period) {
                (Moment::Last, Period::Session) => "security_return",
                (Moment::Open, Period::Session) => "open_return",
                (Moment::High, Period::Session) => "high_return",
                (Moment::Low, Period::Session) => "low_return",
                (_, Period::Month) => "security_return_month",
                (_, Period::Year) => "security_return_year",
                (_, Period::Week | Period::Quarter) => return Vec::new(),
            };
            of(measure, *security)
        }
        Ask::SecurityPrice(security, moment) => {
            let measure = match moment {
                Moment::Last => "last_price",
                Moment::Open => "open_price",
                Moment::High => "high_price",
                Moment::Low => "low_price",
            };
            of(measure, *security)
        }
        Ask::SecurityStreak(security) => of("limit_up_streak", *security),
        Ask::SecurityTurnover(security) => of("turnover_of", *security),
        Ask::SecurityMarketValue(security) => {
            let float = Wording::new("float market value", "流通市值");
            let mut both = of("market_value", *security);
            both.extend(of("float_market_value", *security));
            both[1].note = float;
            both
        }
        Ask::Breadth(population, direction) => {
            let measure = match direction {
                Direction::Up => "advances",
                Direction::Down => "declines",
                Direction::Flat => "unchanged",
            };
            over(measure, *population)
        }
        Ask::LimitCount(population, true) => over("limit_up_count", *population),
        Ask::LimitCount(population, false) => over("limit_down_count", *population),
        Ask::GroupLimitCount(subjects, up) => {
            let measure = if *up { "limit_up_count" } else { "limit_down_count" };
            let groups = subjects.iter().filter_map(|subject| match subject {
                Subject::Group(group) => Some(Scope::Group(group.clone())),
                _ => None,
            });
            let of =
                |scope| Meant { measure: MeasureId::new(measure), scope, note: Wording::none() };
            groups.map(of).collect()
        }
        Ask::BrokenCount(population) => over("limit_up_broken_count", *population),
        Ask::SealRate(population) => over("seal_rate", *population),
        Ask::HighestStreak => over("max_streak", Population::Unnamed),
        Ask::Turnover(population) => over("turnover", *population),
        Ask::TurnoverChange(population) => over("turnover_change", *population),
        Ask::MedianReturn(population) => over("median_return", *population),
        Ask::MeanReturn(population) => over("equal_weight_return", *population),
        Ask::NewHighs(population, high) => {
            let ids = match high {
                true => [
                    "new_high_250",
                    "new_high_52w",
                    "intraday_new_high_250",
                    "intraday_new_high_52w",
                ],
                false => {
                    ["new_low_250", "new_low_52w", "intraday_new_low_250", "intraday_new_low_52w"]
                }
            };
            ids.into_iter().flat_map(|id| over(id, *population)).collect()
        }
        Ask::TenBillionCount(population) => over("ten_billion_turnover_count", *population),
        _ => Vec::new(),
    }
}

fn index_return(
    index: Symbol,
    moment: Moment,
    period: Period,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Vec<Meant> {
    let measure = match (moment, period) {
        (Moment::Last, Period::Session) => MeasureId::new("index_return"),
        (Moment::Open, _) => MeasureId::new("index_gap"),
        (Moment::High | Moment::Low, _) => return Vec::new(),
        (_, Period::Month) => MeasureId::new("index_month_to_date"),
        (_, Period::Year) => MeasureId::new("index_year_to_date"),
        (_, Period::Week | Period::Quarter) => {
            let Some(base) = base_of(period, session, book) else { return Vec::new() };
            MeasureId::with("index_return_since", base)
        }
    };
    vec![Meant { measure, scope: Scope::Security(index), note: Wording::none() }]
}

/// The last session before the week or the quarter of a session.
pub(super) fn base_of(
    period: Period,
    session: SessionDate,
    book: &dyn FactBook,
) -> Option<SessionDate> {
    let date = session.date();
    let days = match period {
        Period::Week => i32::from(date.weekday().to_monday_zero_offset()),
        Period::Quarter => {
            let first = SessionDate::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok()?;
            session.epoch_days() - first.epoch_days()
        }
        _ => return None,
    };
    let before = SessionDate::from_epoch_days(session.epoch_days() - days - 1)?;
    book.calendar().on_or_before(before).ok()
}

/// A figure over the sets of shares that a text may mean.
pub(super) fn population_scopes(population: Population) -> Vec<(Scope, Wording)> {
    let two = (Scope::SseSzse, Wording::new("of Shanghai and Shenzhen", "沪深两市"));
    let three = (Scope::AllA, Wording::new("of the three exchanges", "沪深京三市"));
    let only = |scope| vec![(scope, Wording::none())];
    match population {
        Population::Unnamed | Population::Two => vec![two, three],
        Population::Three => vec![three, two],
        Population::Shanghai => only(Scope::Exchange(Exchange::Sse)),
        Population::Shenzhen => only(Scope::Exchange(Exchange::Szse)),
        Population::ChiNext => only(Scope::Board(Board::ChiNext)),
        Population::Star => only(Scope::Board(Board::Star)),
        Population::Main => only(Scope::Board(Board::Main)),
    }
}

fn over(measure: &'static str, population: Population) -> Vec<Meant> {
    let meant = |(scope, note)| Meant { measure: MeasureId::new(measure), scope, note };
    population_scopes(population).into_iter().map(meant).collect()
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

fn says(key: &FactKey, figure: Decimal, unit: ClaimUnit) -> Wording {
    let figure = shown(figure, unit).grouped();
    let unit = unit.id();
    let at = match key.as_of {
        AsOf::Close => key.session.to_string(),
        at => format!("{} {at}", key.session),
    };
    Wording::new(
        format!("{} of {} on {at} is {figure} {unit}", key.measure, key.scope),
        format!("{at}的{}（{}）为{figure} {unit}", key.measure, key.scope),
    )
}

pub(super) fn not_there(figure: &str) -> Wording {
    Wording::new(format!("the data have no {figure}"), format!("数据中没有{figure}"))
}
