//! Statements that something holds.

use fupan_fact::{Fact, FactKey, MeasureId, Scope, Value};
use fupan_market::{GroupId, Return, SessionDate, Symbol, Wording};

use crate::judge::meant::population_scopes;
use crate::judge::measures::{in_unit, not_there};
use crate::judge::{FactBook, Judged};
use crate::report::{ClaimUnit, ClaimValue, Decimal, Verdict};
use crate::stated::{Ask, CalendarAsk, NamedPopulation, NoFact, Since, Stated};
use crate::subjects::Subject;

/// What facts say to a yes or no.
struct Answer {
    holds: Option<bool>,
    fact: Option<FactKey>,
    note: Wording,
    why: Wording,
}

/// Judges a yes or no; `says` is what the text says.
pub(super) fn judge(
    stated: &Stated,
    says: bool,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Judged {
    let answer = match &stated.ask {
        Ask::SecurityLimit { security, up, touched, percent } => {
            limit(*security, (*up, *touched, *percent), session, book)
        }
        Ask::IndexCrossing { index, level, up, intraday } => {
            crossing(*index, (*level, *up, *intraday), session, book)
        }
        Ask::IndexExtreme { index, high, since } => {
            index_extreme(*index, *high, *since, session, book)
        }
        Ask::SecurityExtreme { security, high, since } => {
            security_extreme(*security, *high, *since, session, book)
        }
        Ask::GroupMove(subjects, lead) => group(subjects, *lead, session, book),
        Ask::Comparison { ahead, behind } => comparison(*ahead, *behind, session, book),
        Ask::IndexDirection(index, up) => index_direction(*index, *up, session, book),
        Ask::TurnoverDirection(population, up) => turnover(*population, *up, session, book),
        Ask::IndicesDirection(up) => indices_direction(*up, session, book),
        Ask::SecurityDirection(security, up) => {
            moved(Scope::Security(*security), "security_return", *up, session, book)
        }
        Ask::TurnoverExtreme(high, since) => turnover_extreme(*high, *since, session, book),
        Ask::Broad(up) => broad(*up, session, book),
        Ask::Narrow => narrow(session, book),
        Ask::Calendar(ask) => calendar(*ask, session, book),
        _ => None,
    };
    let Some(Answer { holds, fact, note, why }) = answer else {
        return Judged::unknown(not_there(stated.ask.kind().id()));
    };
    let Some(holds) = holds else { return Judged { fact, ..Judged::unknown(why) } };
    let supported = holds == says;
    Judged {
        verdict: if supported { Verdict::Supported } else { Verdict::Contradicted },
        note,
        right: (!supported).then_some(ClaimValue::Holds(holds)),
        fact,
        why,
    }
}

fn figure(
    book: &mut dyn FactBook,
    measure: &'static str,
    scope: Scope,
    session: SessionDate,
) -> Option<Fact> {
    book.fact(&MeasureId::new(measure), &scope, session)
}

fn number(fact: &Fact, unit: ClaimUnit) -> Option<Decimal> {
    in_unit(&fact.value, unit)
}

fn flag(fact: &Fact) -> Option<bool> {
    match fact.value {
        Value::Flag { holds } => Some(holds),
        _ => None,
    }
}

fn limit(
    security: Symbol,
    (up, touched, percent): (bool, bool, Option<u8>),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let scope = Scope::Security(security);
    let price = |book: &mut dyn FactBook, measure| {
        number(&figure(book, measure, scope.clone(), session)?, ClaimUnit::Cny)
    };
    let last = figure(book, "last_price", scope.clone(), session)?;
    let close = number(&last, ClaimUnit::Cny)?;
    let limits = if up { "limit_up_price" } else { "limit_down_price" };
    let Some(at) = price(book, limits) else {
        return Some(Answer {
            holds: None,
            fact: Some(last.key),
            note: Wording::none(),
            why: Wording::new("its price limit is not known", "其涨跌停价未知"),
        });
    };
    let of_day = if up { "limit_up_touched" } else { "limit_down_touched" };
    let was_touched =
        figure(book, of_day, scope.clone(), session).and_then(|fact| flag(&fact)) == Some(true);
    let sealed = close == at;
    let band = price(book, "prev_close").and_then(|before| {
        let change = at.minus(before)?.abs();
        Decimal::quotient(change.shifted(4)?.mantissa() * 100, before.shifted(4)?.mantissa(), 0)
    });
    let other_band = match (percent, band) {
        (Some(said), Some(band)) => band != Decimal::new(i128::from(said), 0),
        _ => false,
    };
    let held = if touched { was_touched || sealed } else { sealed };
    let note = match () {
        () if other_band => Wording::new("of another limit", "涨跌幅限制不同"),
        () if !held && was_touched => Wording::new("touched but not sealed", "触及而未封住"),
        () => Wording::none(),
    };
    let why = Wording::new(
        format!(
            "{security} closed at {} on {session}; its limit was {}",
            close.shortest(),
            at.shortest()
        ),
        format!(
            "{session}，{security}收于{}，其{}为{}",
            close.shortest(),
            if up { "涨停价" } else { "跌停价" },
            at.shortest()
        ),
    );
    Some(Answer { holds: Some(held && !other_band), fact: Some(last.key), note, why })
}

fn crossing(
    index: Symbol,
    (level, up, intraday): (Decimal, bool, bool),
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let scope = Scope::Security(index);
    let last = figure(book, "index_close", scope.clone(), session)?;
    let close = number(&last, ClaimUnit::Points)?;
    let beyond = match (up, intraday) {
        (up, false) => {
            if up {
                close >= level
            } else {
                close < level
            }
        }
        (true, true) => {
            number(&figure(book, "index_high", scope, session)?, ClaimUnit::Points)? >= level
        }
        (false, true) => {
            number(&figure(book, "index_low", scope, session)?, ClaimUnit::Points)? < level
        }
    };
    let why = Wording::new(
        format!("{index} closed at {} on {session}", close.rounded(2)),
        format!("{session}，{index}收于{}", close.rounded(2)),
    );
    Some(Answer { holds: Some(beyond), fact: Some(last.key), note: Wording::none(), why })
}

fn index_extreme(
    index: Symbol,
    high: bool,
    since: Since,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let measures = match high {
        true => ["index_high_since_sessions", "index_intraday_high_since_sessions"],
        false => ["index_low_since_sessions", "index_intraday_low_since_sessions"],
    };
    let mut answer: Option<Answer> = None;
    for measure in measures {
        let Some(fact) = figure(book, measure, Scope::Security(index), session) else { continue };
        // The last session that was higher; none in the data.
        let higher = match &fact.value {
            Value::Count { count } => {
                let back = u32::try_from(*count).ok()?;
                book.calendar().back(session, back).ok().flatten()
            }
            _ => None,
        };
        let begins = book.returns(index).first().map(|(on, _)| *on);
        let holds = is_extreme(since, higher, begins, session);
        let why = match higher {
            Some(on) => Wording::new(
                format!("{index} was last {} on {on}", if high { "higher" } else { "lower" }),
                format!("{index}上一次{}于此是在{on}", if high { "高" } else { "低" }),
            ),
            None => Wording::new(
                format!("{index} was never {} in the data", if high { "higher" } else { "lower" }),
                format!("数据中{index}从未更{}", if high { "高" } else { "低" }),
            ),
        };
        let found = Answer { holds, fact: Some(fact.key), note: Wording::none(), why };
        if found.holds == Some(true) {
            return Some(found);
        }
        answer.get_or_insert(found);
    }
    answer
}

/// Whether something is the highest since a day, if it was last higher on `higher`; `None` if the data
/// do not go back so far.
fn is_extreme(
    since: Since,
    higher: Option<SessionDate>,
    begins: Option<SessionDate>,
    session: SessionDate,
) -> Option<bool> {
    let months_back = |months: u32| {
        let date = session.date();
        let total = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 - months as i32;
        let (year, month) = (i16::try_from(total.div_euclid(12)).ok()?, total.rem_euclid(12) + 1);
        SessionDate::new(year, i8::try_from(month).ok()?, date.day().min(28)).ok()
    };
    // The last day that the statement allows something higher on.
    let allowed = match since {
        Since::Ever => {
            return match higher {
                Some(_) => Some(false),
                // An index is older than its data may be.
                None => begins.is_none_or(|on| on.date().year() > 2010).then_some(true),
            };
        }
        Since::Months(months) => {
            let day = months_back(months)?;
            SessionDate::from_epoch_days(day.epoch_days() + 31)?
        }
        Since::ThisYear => SessionDate::new(session.date().year() - 1, 12, 31).ok()?,
        Since::Year => SessionDate::from_epoch_days(session.epoch_days() - 335)?,
        Since::Unsaid => SessionDate::from_epoch_days(session.epoch_days() - 20)?,
        Since::Date { year, month, day } => {
            let here = session.date();
            let month_or = month.unwrap_or(12);
            let year = match year {
                Some(year) => year,
                None if (month_or, day.unwrap_or(1)) > (here.month(), here.day()) => {
                    here.year() - 1
                }
                None => here.year(),
            };
            match day {
                Some(day) => SessionDate::new(year, month_or, day).ok()?,
                None => {
                    (28..32).rev().find_map(|day| SessionDate::new(year, month_or, day).ok())?
                }
            }
        }
    };
    match higher {
        Some(higher) => Some(higher <= allowed),
        None => match begins {
            Some(begins) if begins > allowed => None,
            _ => Some(true),
        },
    }
}

fn security_extreme(
    security: Symbol,
    high: bool,
    since: Since,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let all_time: &[&'static str] = match high {
        true => &["security_new_high_all_time", "security_intraday_high_all_time"],
        false => &["security_new_low_all_time", "security_intraday_low_all_time"],
    };
    let year: &[&'static str] = match high {
        true => &[
            "security_new_high_250",
            "security_intraday_high_250",
            "security_new_high_52w",
            "security_intraday_high_52w",
        ],
        false => &[
            "security_new_low_250",
            "security_intraday_low_250",
            "security_new_low_52w",
            "security_intraday_low_52w",
        ],
    };
    let measures: Vec<&'static str> = match since {
        Since::Ever => all_time.to_vec(),
        Since::Year | Since::ThisYear | Since::Unsaid => year.to_vec(),
        Since::Months(12) => year.to_vec(),
        Since::Months(_) | Since::Date { .. } => return None,
    };
    let mut answer = None;
    for measure in measures {
        let Some(fact) = figure(book, measure, Scope::Security(security), session) else {
            continue;
        };
        let Some(holds) = flag(&fact) else { continue };
        let why = Wording::new(
            format!("{measure} of {security} on {session}: {holds}"),
            format!("{session}，{security}的{measure}：{}", if holds { "是" } else { "否" }),
        );
        let found = Answer { holds: Some(holds), fact: Some(fact.key), note: Wording::none(), why };
        if holds {
            return Some(found);
        }
        answer.get_or_insert(found);
    }
    answer
}

/// How far from the market a group must be before a statement is called wrong, in parts per billion.
const CLEARLY: i64 = 3_000_000;

fn group(
    subjects: &[Subject],
    lead: bool,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let market = returned(&figure(book, "equal_weight_return", Scope::AllA, session)?)?;
    let groups: Vec<&GroupId> = subjects
        .iter()
        .filter_map(|subject| match subject {
            Subject::Group(group) => Some(group),
            _ => None,
        })
        .collect();
    let mut answer: Option<(i64, Answer)> = None;
    for group in groups {
        let Some(fact) = figure(book, "equal_weight_return", Scope::Group(group.clone()), session)
        else {
            continue;
        };
        let Some(own) = returned(&fact) else { continue };
        let ahead = if lead { own.0 - market.0 } else { market.0 - own.0 };
        let holds = match ahead {
            ahead if ahead > 0 => Some(true),
            ahead if ahead < -CLEARLY => Some(false),
            _ => None,
        };
        let percent = |ppb: Return| Decimal::new(i128::from(ppb.0), 7).rounded(2);
        let why = Wording::new(
            format!(
                "{group} moved {} %, all stocks {} % (equal weights)",
                percent(own),
                percent(market)
            ),
            format!("{group}等权涨跌{}%，全部个股{}%", percent(own), percent(market)),
        );
        let found = Answer { holds, fact: Some(fact.key), note: Wording::none(), why };
        if answer.as_ref().is_none_or(|(best, _)| ahead > *best) {
            answer = Some((ahead, found));
        }
    }
    answer.map(|(_, answer)| answer)
}

fn returned(fact: &Fact) -> Option<Return> {
    match fact.value {
        Value::Return { ppb } => Some(ppb),
        _ => None,
    }
}

fn comparison(
    ahead: Symbol,
    behind: Symbol,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let first = figure(book, "index_return", Scope::Security(ahead), session)?;
    let second = figure(book, "index_return", Scope::Security(behind), session)?;
    let (one, other) = (returned(&first)?, returned(&second)?);
    let percent = |ppb: Return| Decimal::new(i128::from(ppb.0), 7).rounded(2);
    let why = Wording::new(
        format!("{ahead} moved {} %, {behind} {} %", percent(one), percent(other)),
        format!("{ahead}涨跌{}%，{behind}{}%", percent(one), percent(other)),
    );
    Some(Answer { holds: Some(one > other), fact: Some(first.key), note: Wording::none(), why })
}

fn index_direction(
    index: Symbol,
    up: bool,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let fact = figure(book, "index_return", Scope::Security(index), session)?;
    let own = returned(&fact)?;
    let holds = if up { own.0 > 0 } else { own.0 < 0 };
    let percent = Decimal::new(i128::from(own.0), 7).rounded(2);
    let why = Wording::new(format!("{index} moved {percent} %"), format!("{index}涨跌{percent}%"));
    Some(Answer { holds: Some(holds), fact: Some(fact.key), note: Wording::none(), why })
}

/// The main indices, as the press means them: Shanghai, Shenzhen, ChiNext.
const MAIN: [&str; 3] = ["000001.SH", "399001.SZ", "399006.SZ"];

fn indices_direction(up: bool, session: SessionDate, book: &mut dyn FactBook) -> Option<Answer> {
    let mut last = None;
    for index in MAIN {
        let index: Symbol = index.parse().ok()?;
        let answer = index_direction(index, up, session, book)?;
        if answer.holds != Some(true) {
            return Some(answer);
        }
        last = Some(answer);
    }
    last
}

fn moved(
    scope: Scope,
    measure: &'static str,
    up: bool,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let fact = figure(book, measure, scope.clone(), session)?;
    let own = returned(&fact)?;
    let holds = if up { own.0 > 0 } else { own.0 < 0 };
    let percent = Decimal::new(i128::from(own.0), 7).rounded(2);
    let why = Wording::new(format!("{scope} moved {percent} %"), format!("{scope}涨跌{percent}%"));
    Some(Answer { holds: Some(holds), fact: Some(fact.key), note: Wording::none(), why })
}

/// Whether turnover is the highest since a time; of lows nothing is kept.
fn turnover_extreme(
    high: bool,
    since: Since,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    if !high {
        return None;
    }
    for (scope, _) in population_scopes(NamedPopulation::Two) {
        let measure = "turnover_high_since_sessions";
        let Some(fact) = figure(book, measure, scope, session) else { continue };
        let higher = match &fact.value {
            Value::Count { count } => {
                let back = u32::try_from(*count).ok()?;
                book.calendar().back(session, back).ok().flatten()
            }
            _ => None,
        };
        let why = match higher {
            Some(on) => Wording::new(
                format!("turnover was last higher on {on}"),
                format!("上一次更高的成交额是在{on}"),
            ),
            None => Wording::new("it was never higher in the data", "数据中从未更高"),
        };
        let holds = is_extreme(since, higher, None, session);
        return Some(Answer { holds, fact: Some(fact.key), note: Wording::none(), why });
    }
    None
}

fn turnover(
    population: NamedPopulation,
    up: bool,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Option<Answer> {
    let (scope, _) = population_scopes(population).into_iter().next()?;
    let fact = figure(book, "turnover_change", scope, session)?;
    let change = number(&fact, ClaimUnit::Cny)?;
    let holds = if up { !change.is_negative() } else { change.is_negative() };
    let why = Wording::new(
        format!("turnover changed by {} yuan", change.rounded(0).grouped()),
        format!("成交额变动{}元", change.rounded(0).grouped()),
    );
    Some(Answer { holds: Some(holds), fact: Some(fact.key), note: Wording::none(), why })
}

/// The share of stocks that rose, in per cent.
fn advance_share(session: SessionDate, book: &mut dyn FactBook) -> Option<(Decimal, FactKey)> {
    for (scope, _) in population_scopes(NamedPopulation::Two) {
        if let Some(fact) = figure(book, "advance_share", scope, session)
            && let Some(share) = number(&fact, ClaimUnit::Percent)
        {
            return Some((share, fact.key));
        }
    }
    None
}

fn broad(up: bool, session: SessionDate, book: &mut dyn FactBook) -> Option<Answer> {
    let (share, key) = advance_share(session, book)?;
    let own = if up { share } else { Decimal::new(100, 0).minus(share)? };
    let holds = match own {
        own if own >= Decimal::new(50, 0) => Some(true),
        _ => Some(false),
    };
    Some(Answer { holds, fact: Some(key), note: Wording::none(), why: rose(share) })
}

fn narrow(session: SessionDate, book: &mut dyn FactBook) -> Option<Answer> {
    let (share, key) = advance_share(session, book)?;
    let holds = (share < Decimal::new(45, 0))
        .then_some(true)
        .or_else(|| (share > Decimal::new(65, 0)).then_some(false));
    Some(Answer { holds, fact: Some(key), note: Wording::none(), why: rose(share) })
}

fn rose(share: Decimal) -> Wording {
    let share = share.rounded(1);
    Wording::new(format!("{share} % of the stocks rose"), format!("上涨个股占{share}%"))
}

fn calendar(ask: CalendarAsk, session: SessionDate, book: &mut dyn FactBook) -> Option<Answer> {
    let calendar = book.calendar();
    let number = calendar.number(session).ok()?;
    let before = number.checked_sub(1).and_then(|number| calendar.session(number))?;
    let after = calendar.session(number + 1);
    let month = |on: SessionDate| (on.date().year(), on.date().month());
    let gap = |from: SessionDate, to: SessionDate| to.epoch_days() - from.epoch_days();
    let holds = match ask {
        CalendarAsk::Weekday(day) => session.date().weekday().to_monday_zero_offset() == day,
        CalendarAsk::FirstOfWeek => gap(before, session) > 2,
        CalendarAsk::FirstOfMonth => month(before) != month(session),
        CalendarAsk::LastOfMonth => month(after?) != month(session),
        CalendarAsk::FirstOfYear => month(before).0 != month(session).0,
        CalendarAsk::LastOfYear => month(after?).0 != month(session).0,
        // Longer than a weekend.
        CalendarAsk::AfterBreak => gap(before, session) > 3,
        CalendarAsk::BeforeBreak => gap(session, after?) > 3,
    };
    let why = Wording::new(
        format!("the session before {session} was {before}"),
        format!("{session}的前一交易日是{before}"),
    );
    Some(Answer { holds: Some(holds), fact: None, note: Wording::none(), why })
}

/// The session before is not known.
pub(super) fn no_session() -> Wording {
    Wording::new("the session before is not in the calendar", "日历中没有前一交易日")
}

/// The text is of the midday break.
pub(super) fn no_quotes() -> Wording {
    Wording::new(
        "it is of the midday break, and figures of that instant are not held against it yet",
        "文章写的是午间休市时的情况，尚未与该时刻的数字核对",
    )
}

/// Why there is no fact.
pub(super) fn no_fact(why: NoFact) -> Wording {
    match why {
        NoFact::OtherMarket => Wording::new("no bars of that market", "没有该市场的行情"),
        NoFact::Flow => Wording::new("no series of flows", "没有资金流向数据"),
        NoFact::Margin => Wording::new("no series of margin balances", "没有两融数据"),
        NoFact::Valuation => Wording::new("no earnings or dividends", "没有盈利或分红数据"),
        NoFact::Fund => Wording::new("no bars of this fund", "没有该基金的行情"),
        NoFact::Currency => Wording::new("no series of currencies", "没有汇率数据"),
        NoFact::Weights => {
            Wording::new("it depends on how members are weighted", "取决于成份如何加权")
        }
        NoFact::NoIndex => Wording::new("no bars of this index", "没有该指数的行情"),
        NoFact::NameAndCode => Wording::new("the name and the code disagree", "名称与代码不一致"),
        NoFact::Candles => Wording::new("no figure counts candles", "没有按阴阳线计的指标"),
        NoFact::Stranger => Wording::new("the name is not known", "名称未知"),
        NoFact::Ambiguous => {
            Wording::new("several securities have this name", "有几只证券使用这一名称")
        }
    }
}
