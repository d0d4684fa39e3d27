//! Long breaks of the exchanges.

use serde::{Deserialize, Serialize};

use crate::{Calendar, SessionDate};

/// A long break of the exchanges, as a session next to it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongBreak {
    /// On which side of the break the session is.
    pub place: BreakPlace,
    /// The holiday that the break is for.
    pub holiday: Holiday,
}

/// Where a session is, next to a long break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakPlace {
    /// The last session before the break.
    Last,
    /// The last session but one before it.
    LastButOne,
    /// The first session after it.
    First,
}

/// A holiday with a long break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// The new year of the lunar calendar.
    LunarNewYear,
    /// 1 May.
    LabourDay,
    /// 1 October.
    NationalDay,
}

/// Fewest days from the last session before a break to the first after it. A long weekend has fewer.
const LONG: i32 = 6;

impl Calendar {
    /// The long break that a session is next to; `None` if there is none, and where the calendar
    /// does not reach.
    pub fn long_break(&self, session: SessionDate) -> Option<LongBreak> {
        let number = self.number(session).ok()?;
        let after = |before: u32| {
            holiday_between(self.session(before)?, self.session(before.checked_add(1)?)?)
        };
        let places = [
            (BreakPlace::Last, Some(number)),
            (BreakPlace::LastButOne, number.checked_add(1)),
            (BreakPlace::First, number.checked_sub(1)),
        ];
        let found = |(place, before): (BreakPlace, Option<u32>)| {
            Some(LongBreak { place, holiday: after(before?)? })
        };
        places.into_iter().find_map(found)
    }
}

/// The holiday of a long break between two sessions that follow each other.
fn holiday_between(last: SessionDate, first: SessionDate) -> Option<Holiday> {
    let days = last.epoch_days()..first.epoch_days();
    if first.epoch_days() - last.epoch_days() < LONG {
        return None;
    }
    let has = |month: i8, day: i8| {
        let holiday = SessionDate::new(first.date().year(), month, day).ok();
        holiday.is_some_and(|on| days.contains(&on.epoch_days()))
    };
    match first.date().month() {
        _ if has(10, 1) => Some(Holiday::NationalDay),
        _ if has(5, 1) => Some(Holiday::LabourDay),
        // The lunar year begins between 21 January and 20 February.
        1..=3 => Some(Holiday::LunarNewYear),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_next_to_a_long_break() {
        use BreakPlace::{First, Last, LastButOne};
        use Holiday::{LabourDay, LunarNewYear, NationalDay};
        let calendar = Calendar::builtin();
        let told = |session| calendar.long_break(session).map(|it| (it.place, it.holiday));
        for (session, expected) in [
            ("2026-02-11", None),
            ("2026-02-12", Some((LastButOne, LunarNewYear))),
            ("2026-02-13", Some((Last, LunarNewYear))),
            ("2026-02-24", Some((First, LunarNewYear))),
            ("2026-02-25", None),
            ("2025-04-30", Some((Last, LabourDay))),
            ("2025-05-06", Some((First, LabourDay))),
            ("2024-09-30", Some((Last, NationalDay))),
            // Four days off around New Year, and three in spring.
            ("2025-12-31", None),
            ("2026-01-05", None),
            ("2026-04-03", None),
            ("2026-02-14", None),
        ] {
            assert_eq!(told(session.parse().unwrap()), expected, "{session}");
        }
        // The first session of all, and the last that the calendar knows.
        let ends = [calendar.session(0), calendar.iter().next_back()];
        assert_eq!(ends.map(|session| session.and_then(told)), [None; 2]);
    }

    /// Every break of a week or more has a holiday. One a day shorter may be another holiday's.
    #[test]
    fn every_break_of_a_week_has_a_holiday() {
        let sessions: Vec<SessionDate> = Calendar::builtin().iter().collect();
        for pair in sessions.windows(2) {
            let named = holiday_between(pair[0], pair[1]).is_some();
            match pair[1].epoch_days() - pair[0].epoch_days() {
                ..LONG => assert!(!named, "{pair:?}"),
                LONG => {}
                _ => assert!(named, "{pair:?}"),
            }
        }
    }
}
