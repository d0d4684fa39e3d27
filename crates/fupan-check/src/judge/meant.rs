//! Which figures a statement may mean.

use fupan_fact::{MeasureId, Scope};
use fupan_market::{Board, Calendar, Exchange, SessionDate, Symbol, Wording};

use crate::judge::FactBook;
use crate::stated::{Ask, Direction, NamedPopulation, PriceMoment, ReturnPeriod};
use crate::subjects::Subject;

/// A figure that a statement may mean.
pub(super) struct Meant {
    pub measure: MeasureId,
    pub scope: Scope,
    /// What to say if it is this one and not the first.
    pub note: Wording,
}

/// The figures that a statement may mean, the likeliest first.
pub(super) fn meant(ask: &Ask, session: SessionDate, book: &mut dyn FactBook) -> Vec<Meant> {
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
        Ask::IndexPoints(index, PriceMoment::Last) => of("index_points", *index),
        Ask::IndexPoints(..) => Vec::new(),
        Ask::IndexLevel(index, moment) => {
            let measure = match moment {
                PriceMoment::Last => "index_close",
                PriceMoment::Open => "index_open",
                PriceMoment::High => "index_high",
                PriceMoment::Low => "index_low",
            };
            of(measure, *index)
        }
        Ask::IndexRun { index, .. } => of("index_gain_streak", *index),
        Ask::SecurityReturn(list, moment, period) => {
            let Some(security) = list.first() else { return Vec::new() };
            let measure = match (moment, period) {
                (PriceMoment::Last, ReturnPeriod::Session) => "security_return",
                (PriceMoment::Open, ReturnPeriod::Session) => "open_return",
                (PriceMoment::High, ReturnPeriod::Session) => "high_return",
                (PriceMoment::Low, ReturnPeriod::Session) => "low_return",
                (_, ReturnPeriod::Month) => "security_return_month",
                (_, ReturnPeriod::Year) => "security_return_year",
                (_, ReturnPeriod::Week | ReturnPeriod::Quarter) => return Vec::new(),
            };
            of(measure, *security)
        }
        Ask::SecurityPrice(security, moment) => {
            let measure = match moment {
                PriceMoment::Last => "last_price",
                PriceMoment::Open => "open_price",
                PriceMoment::High => "high_price",
                PriceMoment::Low => "low_price",
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
        other => of_market(other),
    }
}

/// The figures of the market and of groups that a statement may mean.
fn of_market(ask: &Ask) -> Vec<Meant> {
    match ask {
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
        Ask::HighestStreak => over("max_streak", NamedPopulation::Unnamed),
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
    moment: PriceMoment,
    period: ReturnPeriod,
    session: SessionDate,
    book: &mut dyn FactBook,
) -> Vec<Meant> {
    let measure = match (moment, period) {
        (PriceMoment::Last, ReturnPeriod::Session) => MeasureId::new("index_return"),
        (PriceMoment::Open, _) => MeasureId::new("index_gap"),
        (PriceMoment::High | PriceMoment::Low, _) => return Vec::new(),
        (_, ReturnPeriod::Month) => MeasureId::new("index_month_to_date"),
        (_, ReturnPeriod::Year) => MeasureId::new("index_year_to_date"),
        (_, ReturnPeriod::Week | ReturnPeriod::Quarter) => {
            let Some(base) = base_of(period, session, book.calendar()) else { return Vec::new() };
            MeasureId::with("index_return_since", base)
        }
    };
    vec![Meant { measure, scope: Scope::Security(index), note: Wording::none() }]
}

/// The last session before the week or the quarter of a session, from whose close a return over it is;
/// `None` for other times, whose returns have measures of their own.
pub fn base_of(
    period: ReturnPeriod,
    session: SessionDate,
    calendar: &Calendar,
) -> Option<SessionDate> {
    let date = session.date();
    let days = match period {
        ReturnPeriod::Week => i32::from(date.weekday().to_monday_zero_offset()),
        ReturnPeriod::Quarter => {
            let first = SessionDate::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok()?;
            session.epoch_days() - first.epoch_days()
        }
        _ => return None,
    };
    let before = SessionDate::from_epoch_days(session.epoch_days() - days - 1)?;
    calendar.on_or_before(before).ok()
}

/// A figure over the sets of shares that a text may mean.
pub(super) fn population_scopes(population: NamedPopulation) -> Vec<(Scope, Wording)> {
    let two = (Scope::SseSzse, Wording::new("of Shanghai and Shenzhen", "沪深两市"));
    let three = (Scope::AllA, Wording::new("of the three exchanges", "沪深京三市"));
    let only = |scope| vec![(scope, Wording::none())];
    match population {
        NamedPopulation::Unnamed | NamedPopulation::Two => vec![two, three],
        NamedPopulation::Three => vec![three, two],
        NamedPopulation::Shanghai => only(Scope::Exchange(Exchange::Sse)),
        NamedPopulation::Shenzhen => only(Scope::Exchange(Exchange::Szse)),
        NamedPopulation::ChiNext => only(Scope::Board(Board::ChiNext)),
        NamedPopulation::Star => only(Scope::Board(Board::Star)),
        NamedPopulation::Main => only(Scope::Board(Board::Main)),
    }
}

fn over(measure: &'static str, population: NamedPopulation) -> Vec<Meant> {
    let meant = |(scope, note)| Meant { measure: MeasureId::new(measure), scope, note };
    population_scopes(population).into_iter().map(meant).collect()
}
