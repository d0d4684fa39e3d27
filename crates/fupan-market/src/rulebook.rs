//! The dated rules of price limits and of index membership.

use std::sync::{Arc, LazyLock};

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use crate::{Board, Calendar, Codes, Exchange, Price, RiskWarning, SessionDate, Status, Symbol};

mod load;
#[cfg(test)]
mod tests;

/// The prices that the rules allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceLimit {
    /// Between two prices, both included.
    Limited {
        /// The limit-up price.
        up: Price,
        /// The limit-down price.
        down: Price,
    },
    /// Any price.
    Unlimited(Unlimited),
    /// Not determined; never guessed.
    Unknown(Unknown),
}

/// Why a day has no price limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unlimited {
    /// A day of the window after listing.
    NewListing,
    /// The first day of the delisting period.
    DelistingPeriod,
    /// The rules of the time had no limit.
    BeforeLimits,
}

/// Why a limit is not determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unknown {
    /// No reference price.
    NoPrevClose,
    /// The risk-warning status is not known and the day's prices do not decide.
    NoStatus,
    /// The first day's limit depends on an issue price that is not known.
    NoIssuePrice,
    /// The rules of that market and time are not modelled.
    NotModelled,
    /// The day's prices are outside every band that the security could have: they or the previous
    /// close are wrong, or the day had no limit for a reason that no data state.
    OutsideEveryBand,
}

/// The version of the rules a figure was computed under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct RulebookVersion(pub Arc<str>);

impl From<String> for RulebookVersion {
    fn from(version: String) -> RulebookVersion {
        RulebookVersion(version.into())
    }
}

impl From<RulebookVersion> for String {
    fn from(version: RulebookVersion) -> String {
        version.0.as_ref().to_owned()
    }
}

/// How a limit price is rounded to the tick of 0.01 yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half up, and at least one tick away from the reference price (SSE, SZSE).
    HalfUp,
    /// Towards the reference price: the upper limit down, the lower limit up (BSE).
    Inward,
}

/// The distance that a price may move from its reference price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Band {
    /// Percent of the reference price: 5, 10, 20 or 30.
    pub percent: u8,
    /// How limit prices are rounded to the tick.
    pub rounding: Rounding,
}

/// The treatment that decides a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Treatment {
    Plain,
    RiskWarning,
    SShare,
    Delisting,
}

/// A rule and the dates on which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Dated<T> {
    from: SessionDate,
    until: Option<SessionDate>,
    rule: T,
}

/// The rule of the first sessions after listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FirstSessions {
    sessions: u32,
    /// Limits in percent of the issue price (up, down); `None`: unlimited.
    issue_price_percent: Option<(i64, i64)>,
}

/// The membership rule of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Membership {
    /// Whether shares under risk warning are members.
    risk_warning: bool,
    enters_after: EntersAfter,
}

/// When a new listing becomes a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EntersAfter {
    Sessions(u32),
    Years(u8),
}

/// The dated rules of one board, latest row first.
#[derive(Clone, Debug, Default)]
struct BoardRules {
    bands: [Vec<Dated<Band>>; 4],
    unlimited: Vec<Dated<()>>,
    first_sessions: Vec<Dated<FirstSessions>>,
    delisting_first_session: Vec<Dated<()>>,
    sse_composite: Vec<Dated<Membership>>,
    recoded: Vec<SessionDate>,
}

/// The dated rules.
#[derive(Clone, Debug)]
pub struct Rulebook {
    boards: [BoardRules; 4],
    codes: Codes,
    version: Arc<str>,
    calendar: &'static Calendar,
}

static BUILTIN: LazyLock<Rulebook> = LazyLock::new(|| {
    load::rulebook(include_str!("rules.toml")).expect("rules.toml is well formed")
});

impl Rulebook {
    /// The built-in rules.
    pub fn builtin() -> &'static Rulebook {
        &BUILTIN
    }

    /// Parses rules from a text in the form of `rules.toml`.
    ///
    /// # Errors
    /// What cannot be read, or which rows contradict each other.
    pub fn from_toml(text: &str) -> Result<Rulebook, String> {
        load::rulebook(text)
    }

    /// The calendar that the rules count sessions by, for everything that uses the rules.
    pub fn calendar(&self) -> &'static Calendar {
        self.calendar
    }

    /// The version: the date of the rules' last revision and a digest of their text, so that it
    /// changes whenever a rule does.
    pub fn version(&self) -> RulebookVersion {
        RulebookVersion(Arc::clone(&self.version))
    }

    /// The rules of one date.
    pub fn on(&self, date: SessionDate) -> DayRules<'_> {
        DayRules { rulebook: self, date }
    }

    /// Every known change of a security's code.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Whether every older code of a board changed on a session.
    pub fn recoded_on(&self, board: Board, session: SessionDate) -> bool {
        self.boards[board as usize].recoded.contains(&session)
    }

    /// The code a security trades under on a date, given any of its codes.
    pub fn symbol_on(&self, symbol: Symbol, date: SessionDate) -> Symbol {
        self.codes.on(symbol, date)
    }

    /// The price limit of a security on a session.
    ///
    /// `issue_price` is the base of the first day's limit if the rules of the date say so;
    /// `listed_on` is the first session, known or inferred; `prev_close` is the exchange's
    /// reference price of the day. The first rule that applies decides. The first session of the
    /// delisting period and the first sessions after listing come first; they need no reference
    /// price if they have no limit. Then follow: no reference price (or one of zero), S-share, risk
    /// warning, board. An unknown risk warning yields [`Unknown::NoStatus`] only if it matters.
    pub fn price_limit(
        &self,
        issue_price: Option<Price>,
        board: Board,
        listed_on: Option<SessionDate>,
        status: &Status,
        session: SessionDate,
        prev_close: Option<Price>,
    ) -> PriceLimit {
        let prev_close = prev_close.filter(|price| price.units() > 0);
        let first =
            self.first_session_limit(issue_price, board, listed_on, status, session, prev_close);
        if let Some(limit) = first {
            return limit;
        }
        let Some(prev_close) = prev_close else {
            return PriceLimit::Unknown(Unknown::NoPrevClose);
        };
        // Before its listing in Beijing a security trades on NEEQ, under other rules.
        if board == Board::Bse && listed_on.is_some_and(|listed_on| session < listed_on) {
            return PriceLimit::Unknown(Unknown::NotModelled);
        }
        self.on(session).ordinary_limit(board, status, prev_close)
    }

    /// The limit of a session that is the first of a delisting period or one of the first after
    /// listing; `None` on any other.
    pub(crate) fn first_session_limit(
        &self,
        issue_price: Option<Price>,
        board: Board,
        listed_on: Option<SessionDate>,
        status: &Status,
        session: SessionDate,
        prev_close: Option<Price>,
    ) -> Option<PriceLimit> {
        let rules = &self.boards[board as usize];
        if status.delisting_since == Some(session)
            && holding(&rules.delisting_first_session, session).is_some()
        {
            return Some(PriceLimit::Unlimited(Unlimited::DelistingPeriod));
        }
        let first = self.first_sessions(rules, listed_on, session)?;
        Some(match first.issue_price_percent {
            None => PriceLimit::Unlimited(Unlimited::NewListing),
            Some((up, down)) => first_day_limit(issue_price.or(prev_close), up, down),
        })
    }

    /// The rule of the first sessions after listing, if `session` is one of them.
    fn first_sessions(
        &self,
        rules: &BoardRules,
        listed_on: Option<SessionDate>,
        session: SessionDate,
    ) -> Option<FirstSessions> {
        let listed_on = listed_on.filter(|listed_on| *listed_on <= session)?;
        let rule = holding(&rules.first_sessions, listed_on)?;
        // No closure is nearly as long as a month, so most days need no look at the calendar.
        let days = i64::from(session.epoch_days()) - i64::from(listed_on.epoch_days());
        if days > 30 + 2 * i64::from(rule.sessions) {
            return None;
        }
        (self.calendar.ordinal(listed_on, session)? <= rule.sessions).then_some(rule)
    }
}

/// The rules of one date.
#[derive(Clone, Copy, Debug)]
pub struct DayRules<'a> {
    rulebook: &'a Rulebook,
    date: SessionDate,
}

impl DayRules<'_> {
    /// The band of a board and status, apart from first sessions after listing and delisting.
    /// `None` if the date had no limit, if the rules are not modelled, and if the risk warning is
    /// unknown and matters.
    pub fn band(&self, board: Board, status: &Status) -> Option<Band> {
        match status.risk_warning {
            RiskWarning::Unknown => {
                let plain = self.band_under(board, status, RiskWarning::No);
                let warned = self.band_under(board, status, RiskWarning::Yes);
                plain.filter(|_| plain == warned)
            }
            known => self.band_under(board, status, known),
        }
    }

    /// The band under the given risk warning, whatever `status` says of it.
    pub(crate) fn band_under(
        &self,
        board: Board,
        status: &Status,
        risk_warning: RiskWarning,
    ) -> Option<Band> {
        let rules = &self.rulebook.boards[board as usize];
        let of = |treatment| holding(&rules.bands[treatment as usize], self.date);
        if status.delisting_since.is_some_and(|since| since <= self.date) {
            return of(Treatment::Delisting);
        }
        let warned = risk_warning == RiskWarning::Yes;
        match (status.s_share, warned) {
            (false, false) => of(Treatment::Plain),
            (false, true) => of(Treatment::RiskWarning),
            (true, false) => of(Treatment::SShare),
            (true, true) => [of(Treatment::SShare)?, of(Treatment::RiskWarning)?]
                .into_iter()
                .min_by_key(|band| band.percent),
        }
    }

    /// Whether the SSE Composite includes a share. `warned`: the share is under risk warning.
    /// `listed_on` is its first session; `None` counts as listed long before.
    pub fn in_sse_composite(
        &self,
        symbol: Symbol,
        board: Board,
        warned: bool,
        listed_on: Option<SessionDate>,
    ) -> bool {
        if symbol.exchange() != Exchange::Sse {
            return false;
        }
        let rules = &self.rulebook.boards[board as usize].sse_composite;
        let Some(rule) = holding(rules, self.date) else { return false };
        let entered = listed_on.is_none_or(|listed_on| match rule.enters_after {
            EntersAfter::Sessions(sessions) => {
                let ordinal = self.rulebook.calendar.ordinal(listed_on, self.date);
                self.date >= listed_on && ordinal.is_none_or(|ordinal| ordinal > sessions)
            }
            // Most shares were listed many years before, which needs no look at the calendar.
            EntersAfter::Years(years)
                if self.date.epoch_days() - listed_on.epoch_days() > 366 * i32::from(years) =>
            {
                true
            }
            EntersAfter::Years(years) => {
                let entry = listed_on.date().checked_add(i64::from(years).years());
                entry.is_ok_and(|entry| self.date.date() >= entry)
            }
        });
        entered && (rule.risk_warning || !warned)
    }

    /// The price limit of a session that is neither one of the first after listing nor the first
    /// of a delisting period.
    pub fn ordinary_limit(&self, board: Board, status: &Status, prev_close: Price) -> PriceLimit {
        if let Some(band) = self.band(board, status) {
            return band.limit(prev_close);
        }
        let rules = &self.rulebook.boards[board as usize];
        if holding(&rules.unlimited, self.date).is_some() {
            PriceLimit::Unlimited(Unlimited::BeforeLimits)
        } else if self.band_under(board, status, RiskWarning::No).is_some() {
            PriceLimit::Unknown(Unknown::NoStatus)
        } else {
            PriceLimit::Unknown(Unknown::NotModelled)
        }
    }
}

impl Band {
    /// The limit prices around a reference price.
    ///
    /// Integers only: with `c` in ten-thousandths of a yuan and ticks of 100 of them,
    /// `c × (100 ± percent)` over 10,000 is the exact limit in ticks. [`PriceLimit::Unknown`] if
    /// the limit is above the largest price.
    pub fn limit(self, prev_close: Price) -> PriceLimit {
        const PER_TICK: i64 = 100 * Price::UNITS_PER_FEN;
        let units = prev_close.units();
        let percent = i64::from(self.percent);
        let (up, down) = (units * (100 + percent), units * (100 - percent));
        let (up, down) = match self.rounding {
            Rounding::HalfUp => {
                let half_up = |exact: i64| (exact + PER_TICK / 2) / PER_TICK;
                let next_up = units / Price::UNITS_PER_FEN + 1;
                let next_down = (units - 1) / Price::UNITS_PER_FEN;
                (half_up(up).max(next_up), half_up(down).min(next_down))
            }
            Rounding::Inward => (up / PER_TICK, (down + PER_TICK - 1) / PER_TICK),
        };
        limited(up, down.max(1))
    }
}

/// The limits of a first day, in percent of the issue price, rounded half up.
fn first_day_limit(issue_price: Option<Price>, up_percent: i64, down_percent: i64) -> PriceLimit {
    const PER_TICK: i64 = 100 * Price::UNITS_PER_FEN;
    let Some(issue_price) = issue_price.filter(|price| price.units() > 0) else {
        return PriceLimit::Unknown(Unknown::NoIssuePrice);
    };
    let ticks = |percent| (issue_price.units() * percent + PER_TICK / 2) / PER_TICK;
    limited(ticks(up_percent), ticks(down_percent).max(1))
}

fn limited(up_fen: i64, down_fen: i64) -> PriceLimit {
    match (Price::from_fen(up_fen), Price::from_fen(down_fen)) {
        (Ok(up), Ok(down)) => PriceLimit::Limited { up, down },
        _ => PriceLimit::Unknown(Unknown::NotModelled),
    }
}

/// The rule that holds on a date, in rows ordered latest first.
fn holding<T: Copy>(rows: &[Dated<T>], date: SessionDate) -> Option<T> {
    let row = rows.iter().find(|row| row.from <= date)?;
    row.until.is_none_or(|until| date <= until).then_some(row.rule)
}
