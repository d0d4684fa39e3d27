//! Funds that are traded on an exchange: a session of one, with the price that its change counts from.

use std::sync::Arc;

use fupan_market::{Calendar, DailyBar, FundHistory, Price, SessionDate, Symbol, Traded};

/// Sessions before one within which the last traded close of a fund is looked for.
pub const FUND_SESSIONS: u32 = 60;

/// The price that a fund's change counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FundReference {
    /// The previous close that the source states.
    Stated(Price),
    /// The last traded close: the source states none, so a day on which the fund paid out or split
    /// goes unnoticed.
    Derived(Price),
    /// It is not known, for this reason.
    Unknown(&'static str),
}

impl FundReference {
    /// The price, or the reason why there is none.
    pub(crate) fn known(self) -> Result<Price, &'static str> {
        match self {
            FundReference::Stated(price) | FundReference::Derived(price) => Ok(price),
            FundReference::Unknown(reason) => Err(reason),
        }
    }
}

/// One fund in a session in which it traded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundView {
    /// The fund.
    pub symbol: Symbol,
    /// Its trading.
    pub traded: Traded,
    /// The price that its change counts from.
    pub reference: FundReference,
    /// The digests of the files that its bars come from.
    pub files: Arc<[String]>,
}

impl FundView {
    /// The fund in a session, from its bars up to that session; `None` if it did not trade in it or has
    /// no bar.
    pub fn of(fund: &FundHistory, session: SessionDate, calendar: &Calendar) -> Option<FundView> {
        let place = fund.bars.binary_search_by_key(&session, |bar| bar.session).ok()?;
        let bar = fund.bars[place];
        let traded = bar.traded?;
        let reference = match bar.prev_close {
            Some(stated) => FundReference::Stated(stated),
            None => derived(&fund.bars[..place], calendar.number(session).ok()?, &traded, calendar),
        };
        Some(FundView { symbol: fund.symbol, traded, reference, files: Arc::clone(&fund.files) })
    }
}

/// The last traded close before a session, if the fund has a bar in each session since.
fn derived(
    before: &[DailyBar],
    session: u32,
    traded: &Traded,
    calendar: &Calendar,
) -> FundReference {
    let mut follows = session;
    for bar in before.iter().rev() {
        let Ok(number) = calendar.number(bar.session) else { continue };
        if session - number > FUND_SESSIONS {
            break;
        }
        if number + 1 != follows {
            return FundReference::Unknown("session_missing");
        }
        follows = number;
        if let Some(last) = bar.traded.map(|traded| traded.last) {
            return match is_possible(last, traded) {
                true => FundReference::Derived(last),
                false => FundReference::Unknown("no_prev_close"),
            };
        }
    }
    FundReference::Unknown("no_prev_close")
}

/// Whether a session's prices may follow a close: no fund may leave a fifth of its reference price, to
/// the nearest thousandth. Beyond it, that was not the reference price.
fn is_possible(close: Price, traded: &Traded) -> bool {
    const HALF_A_TICK: i64 = Price::UNITS / 2_000;
    let (close, low, high) = (close.units(), traded.low.units(), traded.high.units());
    (high - HALF_A_TICK) * 5 <= close * 6 && (low + HALF_A_TICK) * 5 >= close * 4
}

#[cfg(test)]
mod tests {
    use fupan_market::Turnover;

    use super::*;

    fn price(thousandths: i64) -> Price {
        Price::from_units(thousandths * 10).unwrap()
    }

    fn bar(session: &str, prev: Option<i64>, traded: Option<[i64; 3]>) -> DailyBar {
        let traded = traded.map(|prices| {
            let [low, high, last] = prices.map(price);
            let turnover = Turnover::estimated(100, last, high, low, last);
            Traded { open: last, high, low, last, volume: 100, turnover }
        });
        DailyBar { session: session.parse().unwrap(), prev_close: prev.map(price), traded }
    }

    fn reference(bars: Vec<DailyBar>) -> Option<FundReference> {
        let symbol = "510300.SH".parse().unwrap();
        let fund = FundHistory { symbol, bars, files: Arc::default() };
        let session = "2026-02-12".parse().unwrap();
        FundView::of(&fund, session, Calendar::builtin()).map(|view| view.reference)
    }

    const FLAT: Option<[i64; 3]> = Some([4_000, 4_000, 4_000]);

    #[test]
    fn a_stated_previous_close_stands() {
        let before = bar("2026-02-11", None, FLAT);
        let stated = bar("2026-02-12", Some(3_990), FLAT);
        assert_eq!(reference(vec![before, stated]), Some(FundReference::Stated(price(3_990))));
        assert_eq!(reference(vec![before, bar("2026-02-12", Some(3_990), None)]), None);
        assert_eq!(reference(vec![before]), None);
    }

    #[test]
    fn without_one_the_last_traded_close_serves_where_no_session_is_missing() {
        let today = bar("2026-02-12", None, FLAT);
        let unknown = |reason| Some(FundReference::Unknown(reason));
        let derived = Some(FundReference::Derived(price(4_000)));
        assert_eq!(reference(vec![today]), unknown("no_prev_close"));
        assert_eq!(reference(vec![bar("2026-02-11", None, FLAT), today]), derived);
        let suspended = bar("2026-02-11", None, None);
        assert_eq!(reference(vec![bar("2026-02-10", None, FLAT), suspended, today]), derived);
        assert_eq!(reference(vec![suspended, today]), unknown("no_prev_close"));
        assert_eq!(
            reference(vec![bar("2026-02-10", None, FLAT), today]),
            unknown("session_missing")
        );
        assert_eq!(
            reference(vec![bar("2026-02-09", None, FLAT), suspended, today]),
            unknown("session_missing")
        );
    }

    #[test]
    fn a_close_that_the_days_prices_rule_out_is_none() {
        let before = bar("2026-02-11", None, Some([1_003, 1_003, 1_003]));
        let of = |prices: [i64; 3]| {
            let today = bar("2026-02-12", None, Some(prices));
            matches!(reference(vec![before, today]), Some(FundReference::Derived(_)))
        };
        // A fifth of 1.003 yuan is 0.2006.
        assert!(of([1_000, 1_204, 1_204]) && !of([1_000, 1_205, 1_000]));
        assert!(of([802, 1_000, 1_000]) && !of([801, 1_000, 1_000]));
    }

    #[test]
    fn sixty_sessions_back_is_far_enough() {
        let calendar = Calendar::builtin();
        let session: SessionDate = "2026-02-12".parse().unwrap();
        let of = |back: u32| {
            let from = calendar.back(session, back).unwrap().unwrap();
            let days = calendar.between(from, session);
            let traded = |on: &SessionDate| (*on == from || *on == session).then_some([4_000; 3]);
            let bars = days.iter().map(|on| bar(&on.to_string(), None, traded(on)));
            reference(bars.collect())
        };
        assert_eq!(of(FUND_SESSIONS), Some(FundReference::Derived(price(4_000))));
        assert_eq!(of(FUND_SESSIONS + 1), Some(FundReference::Unknown("no_prev_close")));
    }
}
