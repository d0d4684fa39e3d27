//! The dateline: the session, the instant, and the long break that the session is next to.

use fupan_fact::AsOf;
use fupan_market::{Calendar, SessionDate};

use crate::document::{Inline, Inlines};
use crate::text::Args;
use crate::view::View;

/// The date of the session with its instant, and whether a long break comes next or has just ended.
pub(super) fn dateline(view: &View<'_>) -> Inlines {
    let id = match view.as_of {
        AsOf::Close => "dateline-close",
        AsOf::Instant(_) => "dateline-instant",
    };
    let args = Args::new(view.facts)
        .run("date", vec![Inline::Date(view.facts.session)])
        .run("time", vec![Inline::Instant(view.as_of)]);
    let mut dateline = view.text.say(id, &args);
    if let Some((place, holiday)) = next_to(view.facts.session) {
        let args = Args::new(view.facts).choice("place", place).choice("holiday", holiday);
        dateline.extend(view.text.say("dateline-break", &args));
    }
    dateline
}

/// Fewest days from the last session before a break to the first after it. A long weekend has fewer.
const LONG: i32 = 6;

/// Where a session is next to a long break, and the holiday of the break. `None` beyond the calendar.
fn next_to(session: SessionDate) -> Option<(&'static str, &'static str)> {
    let calendar = Calendar::builtin();
    let number = calendar.number(session).ok()?;
    let holiday = |before: u32| {
        holiday_between(calendar.session(before)?, calendar.session(before.checked_add(1)?)?)
    };
    let places = [
        ("last", Some(number)),
        ("last_but_one", number.checked_add(1)),
        ("first", number.checked_sub(1)),
    ];
    places.into_iter().find_map(|(place, before)| Some((place, holiday(before?)?)))
}

/// The holiday of a long break between two sessions that follow each other.
fn holiday_between(last: SessionDate, first: SessionDate) -> Option<&'static str> {
    let days = last.epoch_days()..first.epoch_days();
    if first.epoch_days() - last.epoch_days() < LONG {
        return None;
    }
    let has = |month: i8, day: i8| {
        let holiday = SessionDate::new(first.date().year(), month, day).ok();
        holiday.is_some_and(|on| days.contains(&on.epoch_days()))
    };
    match first.date().month() {
        _ if has(10, 1) => Some("national_day"),
        _ if has(5, 1) => Some("labour_day"),
        // The lunar year begins between 21 January and 20 February.
        1..=3 => Some("lunar_new_year"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_next_to_a_long_break() {
        for (session, expected) in [
            ("2026-02-11", None),
            ("2026-02-12", Some(("last_but_one", "lunar_new_year"))),
            ("2026-02-13", Some(("last", "lunar_new_year"))),
            ("2026-02-24", Some(("first", "lunar_new_year"))),
            ("2026-02-25", None),
            ("2025-04-30", Some(("last", "labour_day"))),
            ("2025-05-06", Some(("first", "labour_day"))),
            ("2024-09-30", Some(("last", "national_day"))),
            // Four days off around New Year, and three in spring.
            ("2025-12-31", None),
            ("2026-01-05", None),
            ("2026-04-03", None),
            ("2026-02-14", None),
        ] {
            assert_eq!(next_to(session.parse().unwrap()), expected, "{session}");
        }
        // The first session of all, and the last that the calendar knows.
        let calendar = Calendar::builtin();
        let ends = [calendar.session(0), calendar.iter().next_back()];
        assert_eq!(ends.map(|session| session.and_then(next_to)), [None; 2]);
    }

    /// Every break of a week or more has a holiday. One a day shorter may be another holiday's.
    #[test]
    fn every_break_of_more_than_a_week_has_a_holiday() {
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
