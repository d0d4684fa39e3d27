//! Closures of several weekdays, and where a session lies in its week, month, quarter and year.

use crate::calendar::is_weekend;
use crate::{Calendar, SessionDate};

/// The public holiday of a long closure, told by the days that it includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// The Lunar New Year, which is between 21 January and 20 February.
    LunarNewYear,
    /// 1 May.
    LabourDay,
    /// 1 October.
    NationalDay,
    /// Another one.
    Other,
}

impl Holiday {
    /// The identifier in keys.
    pub const fn id(self) -> &'static str {
        match self {
            Holiday::NewYear => "new-year",
            Holiday::LunarNewYear => "lunar-new-year",
            Holiday::LabourDay => "labour-day",
            Holiday::NationalDay => "national-day",
            Holiday::Other => "other",
        }
    }

    /// The holiday of a closure that has some days. National Day comes first: the Mid-Autumn Festival
    /// may fall into the same closure.
    fn of(days: impl Iterator<Item = SessionDate> + Clone) -> Holiday {
        let has = |month: i8, day: i8| {
            days.clone().any(|on| (on.date().month(), on.date().day()) == (month, day))
        };
        let is_of_winter = |on: SessionDate| match (on.date().month(), on.date().day()) {
            (1, day) => day >= 21,
            (2, day) => day <= 20,
            _ => false,
        };
        match () {
            () if has(10, 1) => Holiday::NationalDay,
            () if has(5, 1) => Holiday::LabourDay,
            () if has(1, 1) => Holiday::NewYear,
            () if days.clone().any(is_of_winter) => Holiday::LunarNewYear,
            () => Holiday::Other,
        }
    }
}

/// A stretch of the calendar that a session may begin or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarPeriod {
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// A calendar year.
    Year,
}

impl CalendarPeriod {
    /// Every period, shortest first.
    pub const ALL: [CalendarPeriod; 4] = [
        CalendarPeriod::Week,
        CalendarPeriod::Month,
        CalendarPeriod::Quarter,
        CalendarPeriod::Year,
    ];

    /// The identifier in keys.
    pub const fn id(self) -> &'static str {
        match self {
            CalendarPeriod::Week => "week",
            CalendarPeriod::Month => "month",
            CalendarPeriod::Quarter => "quarter",
            CalendarPeriod::Year => "year",
        }
    }

    /// A number that two dates share if they are in the same period.
    fn number(self, on: SessionDate) -> i32 {
        let date = on.date();
        let (year, month) = (i32::from(date.year()), i32::from(date.month()));
        match self {
            // 1970-01-01 was a Thursday.
            CalendarPeriod::Week => (on.epoch_days() + 3).div_euclid(7),
            CalendarPeriod::Month => year * 12 + month,
            CalendarPeriod::Quarter => year * 4 + (month - 1) / 3,
            CalendarPeriod::Year => year,
        }
    }
}

impl Calendar {
    /// The fewest closed weekdays of a long closure.
    pub const BREAK_WEEKDAYS: usize = 3;

    /// The holiday of the closure after the session with a number, if that has at least
    /// [`Calendar::BREAK_WEEKDAYS`] weekdays. `None` also for the last session of the calendar.
    pub fn break_after(&self, number: u32) -> Option<Holiday> {
        let (last, next) = (self.session(number)?, self.session(number + 1)?);
        let days = last.epoch_days() + 1..next.epoch_days();
        let days = days.filter_map(SessionDate::from_epoch_days);
        let weekdays = days.clone().filter(|day| !is_weekend(*day)).count();
        (weekdays >= Calendar::BREAK_WEEKDAYS).then(|| Holiday::of(days))
    }

    /// Whether the session with a number is the first of a period; `None` for the first of the
    /// calendar.
    pub fn begins(&self, period: CalendarPeriod, number: u32) -> Option<bool> {
        let before = number.checked_sub(1).and_then(|before| self.session(before))?;
        Some(period.number(before) != period.number(self.session(number)?))
    }

    /// Whether the session with a number is the last of a period; `None` if that is not known. The
    /// calendar ends with a year, whose last week it does not know.
    pub fn ends(&self, period: CalendarPeriod, number: u32) -> Option<bool> {
        let session = self.session(number)?;
        match (self.session(number + 1), period) {
            (Some(next), _) => Some(period.number(next) != period.number(session)),
            (None, CalendarPeriod::Week) => None,
            (None, CalendarPeriod::Month | CalendarPeriod::Quarter | CalendarPeriod::Year) => {
                Some(true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(date: &str) -> u32 {
        Calendar::builtin().number(date.parse().unwrap()).unwrap()
    }

    #[test]
    fn long_closures_are_found_and_named() {
        let after = |date| Calendar::builtin().break_after(number(date));
        for (date, holiday) in [
            ("2026-02-13", Some(Holiday::LunarNewYear)),
            ("2026-02-12", None),
            // A weekend, and one weekday and two.
            ("2026-02-06", None),
            ("2026-04-03", None),
            ("2025-12-31", None),
            ("2026-04-30", Some(Holiday::LabourDay)),
            ("2026-09-30", Some(Holiday::NationalDay)),
            ("2026-09-24", None),
            ("2006-12-29", Some(Holiday::NewYear)),
            ("2010-06-11", Some(Holiday::Other)),
            // Of the year 1996 the closure ended on 1 March.
            ("1996-02-16", Some(Holiday::LunarNewYear)),
            ("2020-01-23", Some(Holiday::LunarNewYear)),
            ("2026-12-31", None),
        ] {
            assert_eq!(after(date), holiday, "{date}");
        }
    }

    /// Each year since 2008 has its three long closures, or more.
    #[test]
    fn each_year_has_a_lunar_new_year_and_a_national_day() {
        let calendar = Calendar::builtin();
        for year in 2008..=2026_i16 {
            let of_year = calendar.iter().enumerate().filter(|(_, on)| on.date().year() == year);
            let names: Vec<Holiday> =
                of_year.filter_map(|(number, _)| calendar.break_after(number as u32)).collect();
            for holiday in [Holiday::LunarNewYear, Holiday::NationalDay] {
                let times = names.iter().filter(|name| **name == holiday).count();
                assert_eq!(times, 1, "{year}: {names:?}");
            }
        }
    }

    #[test]
    fn sessions_begin_and_end_periods() {
        let calendar = Calendar::builtin();
        let first = |date, period| calendar.begins(period, number(date));
        let last = |date, period| calendar.ends(period, number(date));
        assert_eq!(first("2026-01-05", CalendarPeriod::Year), Some(true));
        assert_eq!(first("2026-01-06", CalendarPeriod::Year), Some(false));
        assert_eq!(first("2026-04-01", CalendarPeriod::Quarter), Some(true));
        assert_eq!(first("2026-03-02", CalendarPeriod::Quarter), Some(false));
        assert_eq!(first("2026-03-02", CalendarPeriod::Month), Some(true));
        // A week whose Monday is closed; and one after a week without sessions.
        assert_eq!(first("2026-04-07", CalendarPeriod::Week), Some(true));
        assert_eq!(first("2026-02-24", CalendarPeriod::Week), Some(true));
        assert_eq!(last("2026-02-13", CalendarPeriod::Week), Some(true));
        assert_eq!(last("2026-02-12", CalendarPeriod::Week), Some(false));
        assert_eq!(last("2025-12-31", CalendarPeriod::Year), Some(true));
        // The calendar knows nothing of the days before and after it.
        assert_eq!(calendar.begins(CalendarPeriod::Week, 0), None);
        let end = calendar.number(calendar.last()).unwrap();
        let at_end = CalendarPeriod::ALL.map(|period| calendar.ends(period, end));
        assert_eq!(at_end, [None, Some(true), Some(true), Some(true)]);
    }
}
