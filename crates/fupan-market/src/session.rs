//! The date of a trading session.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A date on which, or about which, a session is spoken of. Prints as `2026-02-12`.
///
/// A `SessionDate` is a calendar date; whether the exchange is open on it is
/// [`Calendar`](crate::Calendar)'s to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionDate(Date);

/// The text is not a date in one of the accepted forms.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a date: write 2026-02-12 or 20260212")]
pub struct SessionDateError(pub String);

impl SessionDate {
    /// A date of the common calendar.
    pub fn new(year: i16, month: i8, day: i8) -> Result<SessionDate, SessionDateError> {
        Date::new(year, month, day)
            .map(SessionDate)
            .map_err(|_| SessionDateError(format!("{year}-{month:02}-{day:02}")))
    }

    /// The date as jiff's civil date.
    pub const fn date(self) -> Date {
        self.0
    }

    /// Days since 1970-01-01, as Arrow's `Date32` counts them.
    pub fn epoch_days(self) -> i32 {
        const EPOCH: Date = Date::constant(1970, 1, 1);
        self.0.duration_since(EPOCH).as_hours() as i32 / 24
    }

    /// The date `days` after 1970-01-01; `None` outside the years −9999 to 9999.
    pub fn from_epoch_days(days: i32) -> Option<SessionDate> {
        const EPOCH: Date = Date::constant(1970, 1, 1);
        let span = jiff::SignedDuration::from_hours(i64::from(days) * 24);
        EPOCH.checked_add(span).ok().map(SessionDate)
    }
}

impl From<Date> for SessionDate {
    fn from(date: Date) -> SessionDate {
        SessionDate(date)
    }
}

impl fmt::Display for SessionDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for SessionDate {
    type Err = SessionDateError;

    /// Reads `2026-02-12`, `20260212` and `2026/02/12`.
    fn from_str(text: &str) -> Result<SessionDate, SessionDateError> {
        let bad = || SessionDateError(text.to_owned());
        let digits: String = match text.len() {
            8 => text.to_owned(),
            10 => {
                let separator = text.as_bytes()[4];
                if !matches!(separator, b'-' | b'/') || text.as_bytes()[7] != separator {
                    return Err(bad());
                }
                text.chars().filter(char::is_ascii_digit).collect()
            }
            _ => return Err(bad()),
        };
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let year = digits[..4].parse().map_err(|_| bad())?;
        let month = digits[4..6].parse().map_err(|_| bad())?;
        let day = digits[6..].parse().map_err(|_| bad())?;
        SessionDate::new(year, month, day).map_err(|_| bad())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_forms_are_read_and_others_refused() {
        let expected = SessionDate::new(2026, 2, 12).unwrap();
        for text in ["2026-02-12", "20260212", "2026/02/12"] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "2026-2-12",
            "2026-02/12",
            "2026-02-30",
            "20261301",
            "12-02-2026",
            "2026.02.12",
            "２０２６0",
            "2026-02-1a",
            "202602123",
            "-0260212",
        ] {
            let error = text.parse::<SessionDate>().unwrap_err();
            assert!(error.to_string().contains("write 2026-02-12"), "{text}");
        }
    }

    #[test]
    fn epoch_days_are_those_of_arrow() {
        for (text, days) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2026-02-12", 20_496)]
        {
            assert_eq!(text.parse::<SessionDate>().unwrap().epoch_days(), days, "{text}");
        }
        assert_eq!(SessionDate::from_epoch_days(i32::MAX), None);
    }

    proptest! {
        #[test]
        fn dates_round_trip(days in -100_000_i32..100_000) {
            let date = SessionDate::from_epoch_days(days).unwrap();
            prop_assert_eq!(date.epoch_days(), days);
            prop_assert_eq!(date.to_string().parse(), Ok(date));
            prop_assert_eq!(date.to_string().replace('-', "").parse(), Ok(date));
            prop_assert!(SessionDate::from_epoch_days(days + 1).unwrap() > date);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<SessionDate>();
        }
    }
}
