//! The date of a trading session.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{InLanguage, Wording};

/// The date of a session, or a date that data refer to. Prints as `2026-02-12`.
///
/// A `SessionDate` is a calendar date; [`Calendar`](crate::Calendar) says whether the exchange is
/// open on it. It is stored as a count of days, because millions of them are compared and few are
/// printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionDate(i32);

/// The text is not a date in one of the accepted forms.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a date: write 2026-02-12 or 20260212")]
pub struct SessionDateError(pub String);

impl InLanguage for SessionDateError {
    fn wording(&self) -> Wording {
        let zh = format!("`{}`不是日期：请写作2026-02-12或20260212", self.0);
        Wording::new(self.to_string(), zh)
    }
}

impl SessionDate {
    /// A date from year, month and day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<SessionDate, SessionDateError> {
        Date::new(year, month, day)
            .map(SessionDate::from)
            .map_err(|_| SessionDateError(format!("{year}-{month:02}-{day:02}")))
    }

    /// The date as jiff's civil date.
    pub const fn date(self) -> Date {
        let (year, month, day) = civil(self.0);
        Date::constant(year as i16, month as i8, day as i8)
    }

    /// Days since 1970-01-01, as Arrow's `Date32` counts them.
    pub const fn epoch_days(self) -> i32 {
        self.0
    }

    /// The date `days` after 1970-01-01; `None` outside the years −9999 to 9999.
    pub fn from_epoch_days(days: i32) -> Option<SessionDate> {
        const FIRST: i32 = days_from_civil(-9999, 1, 1);
        const LAST: i32 = days_from_civil(9999, 12, 31);
        (FIRST..=LAST).contains(&days).then_some(SessionDate(days))
    }
}

/// Days since 1970-01-01 of a date. Years are counted from March, so that the leap day is their
/// last: the lengths of the months before it then follow `(153 m + 2) / 5`.
const fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let months_from_march = (month + 9) % 12;
    let day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970
}

/// Year, month and day of a count of days since 1970-01-01: the inverse of [`days_from_civil`].
const fn civil(days: i32) -> (i32, i32, i32) {
    let days = days + DAYS_TO_1970;
    let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
    let month = if months_from_march < 10 { months_from_march + 3 } else { months_from_march - 9 };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Days of 400 years, after which the calendar repeats.
const DAYS_PER_ERA: i32 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i32 = 719_468;

impl From<Date> for SessionDate {
    fn from(date: Date) -> SessionDate {
        let (year, month, day) = (date.year(), date.month(), date.day());
        SessionDate(days_from_civil(year.into(), month.into(), day.into()))
    }
}

impl fmt::Display for SessionDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.date(), f)
    }
}

impl fmt::Debug for SessionDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for SessionDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<SessionDate, D::Error> {
        Date::deserialize(deserializer).map(SessionDate::from)
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

    #[test]
    fn a_date_lies_in_the_years_of_four_digits() {
        for (text, inside) in [("9999-12-31", 1), ("-009999-01-01", -1)] {
            let date = SessionDate::from(text.parse::<Date>().unwrap());
            let last = date.epoch_days();
            assert_eq!(SessionDate::from_epoch_days(last), Some(date));
            assert_eq!(SessionDate::from_epoch_days(last + inside), None);
        }
        for (year, month, day, text) in [(2026, 2, 30, "2026-02-30"), (2026, 13, 1, "2026-13-01")] {
            let error = SessionDate::new(year, month, day).unwrap_err();
            assert_eq!(error, SessionDateError(text.to_owned()));
            assert!(error.wording().zh.starts_with(&format!("`{text}`不是日期")));
        }
    }

    #[test]
    fn every_day_of_eight_hundred_years_is_the_common_calendars() {
        let mut date = jiff::civil::date(1600, 1, 1);
        let first = SessionDate::from(date).epoch_days();
        for days in first..first + 2 * DAYS_PER_ERA {
            assert_eq!(SessionDate::from(date).epoch_days(), days);
            assert_eq!(SessionDate::from_epoch_days(days).unwrap().date(), date);
            date = date.tomorrow().unwrap();
        }
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
