//! The exchanges' calendar.

mod breaks;
mod closures;

use std::sync::OnceLock;

use thiserror::Error;

pub use breaks::{CalendarPeriod, Holiday};
pub use closures::{ClosedYear, ClosuresError};

use crate::{Exchange, InLanguage, SessionDate, Wording};

impl Exchange {
    /// The first session of an exchange that is younger than the data may be; else `None`.
    pub fn first_session(self) -> Option<SessionDate> {
        match self {
            Exchange::Sse | Exchange::Szse => None,
            Exchange::Bse => Some(SessionDate::from(jiff::civil::date(2021, 11, 15))),
        }
    }

    /// Whether the exchange has opened by a session. Before that, the codes it has today were
    /// traded elsewhere, under other rules.
    pub fn is_open_in(self, session: SessionDate) -> bool {
        self.first_session().is_none_or(|first| first <= session)
    }
}

/// The sessions of SSE and SZSE (and BSE since 2021-11-15), which share one calendar.
///
/// It covers every weekday closure from 1990-12-19, the first session of SSE, to the end of the
/// last year the exchanges have announced. It refuses to answer for any other date: a guessed
/// session would shift every streak and every window of 250 sessions.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Every session, earliest first.
    sessions: Vec<SessionDate>,
    /// For each day since the first: the number of sessions on or before it.
    sessions_until: Vec<u32>,
    /// Days from 1970-01-01 to the first session.
    first_day: i32,
    /// For each session: the number of the first session of the 52 weeks before it.
    year_from: Vec<u32>,
}

/// Why the calendar has no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The date is a weekend day or a closure.
    #[error("{date} is not a session; the last one before it is {previous}, the next {next}")]
    NotASession {
        /// The requested date.
        date: SessionDate,
        /// The last session before it.
        previous: SessionDate,
        /// The next session after it.
        next: SessionDate,
    },
    /// The date is outside the years that the calendar covers.
    #[error("{date} lies outside the calendar, which knows {first} to {last}{}", remedy(*date, *last))]
    OutOfRange {
        /// The requested date.
        date: SessionDate,
        /// First date of the calendar.
        first: SessionDate,
        /// Last date of the calendar.
        last: SessionDate,
    },
}

fn remedy(date: SessionDate, last: SessionDate) -> &'static str {
    if date > last {
        ": the exchanges announce a year's closures at the end of the year before; add them with \
         `fupan calendar add FILE`, a text file with one closed date a line, or update fupan"
    } else {
        ": use a later date"
    }
}

impl InLanguage for CalendarError {
    fn wording(&self) -> Wording {
        let zh = match self {
            CalendarError::NotASession { date, previous, next } => {
                format!("{date}不是交易日；前一个交易日是{previous}，后一个是{next}")
            }
            CalendarError::OutOfRange { date, first, last } if date > last => format!(
                "{date}超出交易日历，日历现有{first}至{last}：交易所在上一年年底公布全年休市安排；\
                 请用`fupan calendar add 文件`添加（文本文件，每行一个休市日期），或更新fupan"
            ),
            CalendarError::OutOfRange { date, first, last } => {
                format!("{date}超出交易日历，日历现有{first}至{last}：请用更晚的日期")
            }
        };
        Wording::new(self.to_string(), zh)
    }
}

/// The calendar of this process, fixed on first use.
static CURRENT: OnceLock<Calendar> = OnceLock::new();

const BUILTIN: &str = include_str!("closures.txt");

impl Calendar {
    /// The calendar of this process: the built-in one, 1990-12-19 to 2026-12-31, with the years
    /// that [`Calendar::install`] added.
    ///
    /// # Panics
    /// Never: a test checks that the built-in closures are well formed.
    pub fn builtin() -> &'static Calendar {
        CURRENT.get_or_init(|| Calendar::with_years(&[]).expect("closures.txt is well formed"))
    }

    /// Makes `calendar` the calendar of this process. Call it once, before anything reads the
    /// calendar. Returns whether it took effect, so that figures of one process never rest on two
    /// calendars.
    #[must_use = "a calendar that came too late is not the one in use"]
    pub fn install(calendar: Calendar) -> bool {
        CURRENT.set(calendar).is_ok()
    }

    /// The built-in calendar, extended by further years.
    ///
    /// # Errors
    /// [`ClosuresError::Gap`] if a year does not follow the one before it.
    pub fn with_years(years: &[ClosedYear]) -> Result<Calendar, ClosuresError> {
        let mut text = BUILTIN.to_owned();
        let mut last = BUILTIN.lines().last().and_then(|line| line.get(..4)?.parse().ok());
        for year in years {
            let expected = last.map_or(year.year, |last: i16| last + 1);
            if year.year != expected {
                return Err(ClosuresError::Gap { year: year.year, expected });
            }
            last = Some(year.year);
            text.push_str(&year.to_string());
            text.push('\n');
        }
        Calendar::from_closures(&text)
            .map_err(|reason| ClosuresError::Unreadable { line: 0, text: reason })
    }

    /// The closed weekdays of a year that the calendar covers in full; `None` for any other year.
    pub fn closed_in(&self, year: i16) -> Option<ClosedYear> {
        let (first, last) = (self.first().date().year(), self.last().date().year());
        if !(first < year && year <= last) {
            return None;
        }
        let from = SessionDate::new(year, 1, 1).ok()?.epoch_days();
        let to = SessionDate::new(year, 12, 31).ok()?.epoch_days();
        let days = (from..=to).filter_map(SessionDate::from_epoch_days);
        let sessions =
            self.between(SessionDate::from_epoch_days(from)?, SessionDate::from_epoch_days(to)?);
        let closed = days.filter(|day| !is_weekend(*day) && sessions.binary_search(day).is_err());
        Some(ClosedYear { year, closed: closed.collect() })
    }

    /// First session of the calendar.
    pub fn first(&self) -> SessionDate {
        self.sessions[0]
    }

    /// Last date of the calendar: the last session of its last year.
    pub fn last(&self) -> SessionDate {
        self.sessions[self.sessions.len() - 1]
    }

    /// The number of a session, counted from zero at the calendar's first.
    ///
    /// # Errors
    /// [`CalendarError::NotASession`] on a weekend or closure, with the sessions around it;
    /// [`CalendarError::OutOfRange`] outside the years covered.
    pub fn number(&self, date: SessionDate) -> Result<u32, CalendarError> {
        let index = self.last_until(date)?;
        if self.sessions[index] == date {
            return Ok(index as u32);
        }
        Err(CalendarError::NotASession {
            date,
            previous: self.sessions[index],
            next: self.sessions[index + 1],
        })
    }

    /// Whether the exchanges are open on a date.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] outside the years covered.
    pub fn is_session(&self, date: SessionDate) -> Result<bool, CalendarError> {
        Ok(self.sessions[self.last_until(date)?] == date)
    }

    /// The session with a number.
    pub fn session(&self, number: u32) -> Option<SessionDate> {
        self.sessions.get(number as usize).copied()
    }

    /// The number of the first session of the 52 weeks (364 days) before a session. Zero for a
    /// session before the calendar's second year, and for an unknown one.
    pub fn year_before(&self, number: u32) -> u32 {
        self.year_from.get(number as usize).copied().unwrap_or(0)
    }

    /// The last session on or before a date.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] outside the years covered.
    pub fn on_or_before(&self, date: SessionDate) -> Result<SessionDate, CalendarError> {
        Ok(self.sessions[self.last_until(date)?])
    }

    /// The first session on or after a date.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] outside the years covered.
    pub fn on_or_after(&self, date: SessionDate) -> Result<SessionDate, CalendarError> {
        let index = self.last_until(date)?;
        let session = self.sessions[index];
        Ok(if session == date { session } else { self.sessions[index + 1] })
    }

    /// The session `n` sessions before `date` (itself a session); `None` before the first.
    ///
    /// # Errors
    /// As [`Calendar::number`].
    pub fn back(&self, date: SessionDate, n: u32) -> Result<Option<SessionDate>, CalendarError> {
        Ok(self.number(date)?.checked_sub(n).and_then(|number| self.session(number)))
    }

    /// The sessions from one date to another, both included, earliest first; empty if `to` is
    /// before `from`. A date outside the calendar sets no bound.
    pub fn between(&self, from: SessionDate, to: SessionDate) -> &[SessionDate] {
        let start = self.sessions.partition_point(|session| *session < from);
        let end = self.sessions.partition_point(|session| *session <= to);
        &self.sessions[start.min(end)..end]
    }

    /// Every session, earliest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SessionDate> + ExactSizeIterator + '_ {
        self.sessions.iter().copied()
    }

    /// The number of sessions from `from` to `to`, both included: the ordinal of `to` when `from`
    /// counts as the first. `None` if `to` is before `from` or either is outside the calendar.
    pub fn ordinal(&self, from: SessionDate, to: SessionDate) -> Option<u32> {
        if to < from {
            return None;
        }
        let until = self.last_until(to).ok()?;
        let start = self.last_until(from).ok()?;
        let before = if self.sessions[start] == from { start } else { start + 1 };
        Some((until + 1 - before) as u32)
    }

    /// Index of the last session on or before a date.
    fn last_until(&self, date: SessionDate) -> Result<usize, CalendarError> {
        usize::try_from(date.epoch_days() - self.first_day)
            .ok()
            .and_then(|day| self.sessions_until.get(day))
            .map(|count| *count as usize - 1)
            .ok_or_else(|| CalendarError::OutOfRange {
                date,
                first: self.first(),
                last: self.last(),
            })
    }

    /// Reads lines `YEAR: MM-DD MM-DD …`; `#` starts a comment line. Years must follow each
    /// other.
    ///
    /// # Errors
    /// The line that does not fit.
    pub fn from_closures(text: &str) -> Result<Calendar, String> {
        let first = SessionDate::from(jiff::civil::date(1990, 12, 19));
        let mut closed = std::collections::BTreeSet::new();
        let mut year = 1990_i16;
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let bad = || format!("unreadable line `{line}`");
            let (head, days) = line.split_once(':').ok_or_else(bad)?;
            year += 1;
            if head.parse() != Ok(year) {
                return Err(format!("expected the year {year} at `{line}`"));
            }
            for day in days.split_whitespace() {
                let date: SessionDate = format!("{head}-{day}").parse().map_err(|_| bad())?;
                if is_weekend(date) || !closed.insert(date) {
                    return Err(format!("{date} is a weekend day or occurs twice"));
                }
            }
        }
        let end = SessionDate::from(jiff::civil::date(year, 12, 31));
        let (mut sessions, mut sessions_until) = (Vec::new(), Vec::new());
        for day in first.epoch_days()..=end.epoch_days() {
            let date = SessionDate::from_epoch_days(day).ok_or("a date out of range")?;
            if !is_weekend(date) && !closed.contains(&date) {
                sessions.push(date);
            }
            sessions_until.push(sessions.len() as u32);
        }
        // The calendar ends with a session, so that every date inside it has a next one.
        let last = sessions.last().ok_or("no session")?;
        sessions_until.truncate((last.epoch_days() - first.epoch_days()) as usize + 1);
        let year_from = sessions
            .iter()
            .map(|session| {
                let start = session.epoch_days() - 364;
                sessions.partition_point(|session| session.epoch_days() < start) as u32
            })
            .collect();
        Ok(Calendar { sessions, sessions_until, first_day: first.epoch_days(), year_from })
    }
}

fn is_weekend(date: SessionDate) -> bool {
    use jiff::civil::Weekday;
    matches!(date.date().weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(date: &str) -> SessionDate {
        date.parse().unwrap()
    }

    #[test]
    fn sessions_per_year_are_those_of_the_exchanges() {
        let calendar = Calendar::builtin();
        let counts = [244, 244, 244, 243, 244, 243, 243, 242, 242, 242, 243, 242];
        for (year, count) in (2015_i16..).zip(counts) {
            let from = SessionDate::new(year, 1, 1).unwrap();
            let to = SessionDate::new(year, 12, 31).unwrap();
            assert_eq!(calendar.between(from, to).len(), count, "{year}");
        }
        assert_eq!(calendar.first(), on("1990-12-19"));
        assert_eq!(calendar.last(), on("2026-12-31"));
    }

    #[test]
    fn closures_are_those_of_the_shared_list() {
        let path = crate::test_support::shared("rules/xshg_weekday_closures.csv");
        let Some(path) = path else { return };
        let text = std::fs::read_to_string(path).unwrap();
        let listed: Vec<SessionDate> = text.lines().skip(1).map(on).collect();
        let calendar = Calendar::builtin();
        let (first, last) = (on("1991-01-01").epoch_days(), on("2026-12-31").epoch_days());
        let ours: Vec<SessionDate> = (first..=last)
            .map(|day| SessionDate::from_epoch_days(day).unwrap())
            .filter(|date| !is_weekend(*date) && !calendar.is_session(*date).unwrap())
            .collect();
        assert_eq!(ours, listed);
    }

    #[test]
    fn special_days() {
        let calendar = Calendar::builtin();
        for (date, open) in [
            ("1990-12-19", true),
            ("2015-09-03", false),
            ("2015-09-04", false),
            ("2020-01-31", false),
            ("2020-02-03", true),
            ("2024-02-09", false),
            ("2024-02-04", false),
            ("2026-02-14", false),
            ("2026-02-24", true),
            ("2026-07-06", true),
            ("2026-12-31", true),
        ] {
            assert_eq!(calendar.is_session(on(date)), Ok(open), "{date}");
        }
    }

    #[test]
    fn a_closure_names_the_sessions_around_it() {
        let error = Calendar::builtin().number(on("2026-02-18")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2026-02-18 is not a session; the last one before it is 2026-02-13, the next 2026-02-24"
        );
    }

    #[test]
    fn outside_its_years_the_calendar_refuses_and_says_what_to_do() {
        let calendar = Calendar::builtin();
        let late = on("2027-01-04");
        for error in [
            calendar.number(late).unwrap_err(),
            calendar.on_or_before(late).unwrap_err(),
            calendar.on_or_after(late).unwrap_err(),
            calendar.back(late, 1).unwrap_err(),
        ] {
            assert!(matches!(error, CalendarError::OutOfRange { .. }));
            assert!(error.to_string().contains("update fupan"), "{error}");
        }
        assert!(calendar.number(on("1990-12-18")).is_err());
    }

    #[test]
    fn an_exchange_is_open_from_its_first_session_on() {
        for exchange in [Exchange::Sse, Exchange::Szse] {
            assert_eq!(exchange.first_session(), None);
            assert!(exchange.is_open_in(on("1990-12-19")));
        }
        assert_eq!(Exchange::Bse.first_session(), Some(on("2021-11-15")));
        let open =
            ["2021-11-12", "2021-11-15", "2021-11-16"].map(|d| Exchange::Bse.is_open_in(on(d)));
        assert_eq!(open, [false, true, true]);
    }

    #[test]
    fn a_year_before_a_session_are_52_weeks() {
        let calendar = Calendar::builtin();
        let before = |date: &str| {
            let number = calendar.number(on(date)).unwrap();
            calendar.session(calendar.year_before(number)).unwrap().to_string()
        };
        // 364 days before is a session, or the first session behind is taken.
        assert_eq!(before("2026-02-12"), "2025-02-13");
        assert_eq!(before("2026-01-30"), "2025-02-05");
        assert_eq!(before("1991-12-18"), "1990-12-19");
        assert_eq!(before("1991-01-02"), "1990-12-19");
        let last = calendar.number(calendar.last()).unwrap();
        assert_eq!(calendar.year_before(last + 1), 0);
        assert_eq!(
            (calendar.session(last), calendar.session(last + 1)),
            (Some(calendar.last()), None)
        );
    }

    #[test]
    fn what_lies_between_two_dates_is_counted_with_both() {
        let calendar = Calendar::builtin();
        let count = |from: &str, to: &str| calendar.between(on(from), on(to)).len();
        assert_eq!(count("2026-02-12", "2026-02-12"), 1);
        assert_eq!(count("2026-02-14", "2026-02-23"), 0);
        assert_eq!(count("2026-02-13", "2026-02-24"), 2);
        assert_eq!(count("2026-02-24", "2026-02-13"), 0);
        assert_eq!(
            calendar.between(on("1900-01-01"), on("2100-01-01")).len(),
            calendar.iter().len()
        );
        let ordinal = |from: &str, to: &str| calendar.ordinal(on(from), on(to));
        assert_eq!(ordinal("2026-02-12", "2026-02-12"), Some(1));
        assert_eq!(ordinal("2026-02-13", "2026-02-24"), Some(2));
        assert_eq!(ordinal("2026-02-14", "2026-02-24"), Some(1));
        assert_eq!(ordinal("2026-02-14", "2026-02-23"), Some(0));
        assert_eq!(ordinal("2026-02-24", "2026-02-13"), None);
        assert_eq!(ordinal("1990-12-18", "2026-02-13"), None);
        assert_eq!(ordinal("2026-02-13", "2027-01-04"), None);
    }

    #[test]
    fn a_date_before_the_calendar_asks_for_a_later_one() {
        let told = Calendar::builtin().number(on("1990-12-18")).unwrap_err().wording();
        assert!(told.en.ends_with("1990-12-19 to 2026-12-31: use a later date"), "{}", told.en);
        assert!(told.zh.ends_with("1990-12-19至2026-12-31：请用更晚的日期"), "{}", told.zh);
        let told = Calendar::builtin().number(on("2027-01-01")).unwrap_err().wording();
        assert!(told.zh.contains("fupan calendar add"), "{}", told.zh);
    }

    #[test]
    fn back_counts_sessions() {
        let calendar = Calendar::builtin();
        assert_eq!(calendar.back(on("2026-02-24"), 1), Ok(Some(on("2026-02-13"))));
        assert_eq!(calendar.back(on("2026-02-24"), 0), Ok(Some(on("2026-02-24"))));
        assert_eq!(calendar.back(on("1990-12-20"), 2), Ok(None));
        assert!(calendar.back(on("2026-02-14"), 1).is_err());
    }

    #[test]
    fn broken_files_are_refused() {
        for text in ["1991 02-15", "1992: 01-01", "1991: 02-30", "1991: 02-15 02-15", "1991: 02-16"]
        {
            assert!(Calendar::from_closures(text).is_err(), "{text}");
        }
        let calendar = Calendar::from_closures("# so far\n\n1991: 01-01 12-31\n").unwrap();
        assert_eq!((calendar.first(), calendar.last()), (on("1990-12-19"), on("1991-12-30")));
        assert!(calendar.number(on("1991-12-31")).is_err());
    }

    proptest! {
        #[test]
        fn number_and_session_are_inverse(number in 0_u32..8_700) {
            let calendar = Calendar::builtin();
            let session = calendar.session(number).unwrap();
            prop_assert_eq!(calendar.number(session), Ok(number));
        }

        #[test]
        fn ordinal_is_the_length_of_between(a in 7_700_i32..20_800, length in 0_i32..400) {
            let calendar = Calendar::builtin();
            let from = SessionDate::from_epoch_days(a).unwrap();
            let to = SessionDate::from_epoch_days((a + length).min(20_818)).unwrap();
            let ordinal = calendar.ordinal(from, to).unwrap();
            prop_assert_eq!(ordinal as usize, calendar.between(from, to).len());
        }

        #[test]
        fn on_or_before_and_on_or_after_meet_on_sessions(a in 7_700_i32..20_800) {
            let calendar = Calendar::builtin();
            let date = SessionDate::from_epoch_days(a).unwrap();
            let (before, after) =
                (calendar.on_or_before(date).unwrap(), calendar.on_or_after(date).unwrap());
            prop_assert!(before <= date && date <= after);
            prop_assert_eq!(before == after, calendar.is_session(date).unwrap());
            prop_assert!(calendar.between(before, after).len() <= 2);
        }
    }
}
