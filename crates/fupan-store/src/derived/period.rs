//! The periods of sessions whose derived rows share one file.

use std::fmt;
use std::str::FromStr;

use fupan_market::SessionDate;

/// A year, or a month of the last year. A day's update thus writes one month, and a long past needs
/// few files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    /// The month; `None` for a whole year.
    month: Option<i8>,
}

impl Period {
    /// A whole year.
    pub fn year(year: i16) -> Period {
        Period { year, month: None }
    }

    /// The month of a session.
    pub(crate) fn month(session: SessionDate) -> Period {
        Period { year: session.date().year(), month: Some(session.date().month()) }
    }

    /// The year of the period.
    pub fn of_year(self) -> i16 {
        self.year
    }

    /// Whether a session is in it.
    pub fn holds(self, session: SessionDate) -> bool {
        session.date().year() == self.year
            && self.month.is_none_or(|month| session.date().month() == month)
    }

    /// Its first day, as a session's date; `None` if outside the range of dates.
    pub(crate) fn first_day(self) -> Option<SessionDate> {
        SessionDate::new(self.year, self.month.unwrap_or(1), 1).ok()
    }

    /// Whether the two periods share a day.
    pub(crate) fn meets(self, other: Period) -> bool {
        self.year == other.year
            && (self.month.is_none() || other.month.is_none() || self.month == other.month)
    }

    /// The period of a file, from its name; if another program named it, the year.
    pub(crate) fn of_file(name: &str, year: &str) -> Option<Period> {
        let named = name.strip_prefix("month-").and_then(|rest| rest.get(..7));
        named.and_then(|month| month.parse().ok()).or_else(|| year.parse().ok())
    }

    /// The name of the file that holds its rows, given their digest.
    pub(crate) fn file_name(self, digest: &str) -> String {
        let kind = if self.month.is_some() { "month" } else { "year" };
        format!("{kind}-{self}-{}.parquet", &digest[..32])
    }
}

impl fmt::Display for Period {
    /// Written as `2025` or `2026-05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            None => write!(f, "{}", self.year),
            Some(month) => write!(f, "{}-{month:02}", self.year),
        }
    }
}

/// The error for a text that is not a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPeriod;

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Period, NoPeriod> {
        let (year, month) = match text.split_once('-') {
            Some((year, month)) => (year, Some(month)),
            None => (text, None),
        };
        let year = year.parse().map_err(|_| NoPeriod)?;
        let month = match month.map(str::parse) {
            None => None,
            Some(Ok(month @ 1..=12)) => Some(month),
            Some(_) => return Err(NoPeriod),
        };
        Ok(Period { year, month })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_and_its_months_meet() {
        let (year, may, june) = (period("2026"), period("2026-05"), period("2026-06"));
        assert!(year.meets(may) && may.meets(year) && may.meets(may));
        assert!(!may.meets(june) && !may.meets(period("2025-05")) && !year.meets(period("2025")));
        assert!(may.holds("2026-05-29".parse().unwrap()));
        assert!(!may.holds("2026-06-01".parse().unwrap()));
        assert!(year.holds("2026-06-01".parse().unwrap()));
    }

    #[test]
    fn a_file_says_of_which_period_it_is() {
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef";
        for text in ["2025", "2026-05", "2026-12"] {
            let name = period(text).file_name(digest);
            assert_eq!(Period::of_file(&name, &text[..4]), Some(period(text)), "{name}");
        }
        assert_eq!(Period::of_file("part-0.parquet", "2025"), Some(period("2025")));
        assert_eq!(Period::of_file("month-2026-13-x.parquet", "2026"), Some(period("2026")));
        assert_eq!(Period::of_file("month-x", "x"), None);
        for text in ["", "2026-", "2026-00", "2026-13", "x-01"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
