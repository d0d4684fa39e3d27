//! The time of the exchanges.

use std::time::SystemTime;

use fupan_market::SessionDate;
use jiff::Timestamp;

/// Shanghai has been at UTC+8 all year since 1991.
const AHEAD: i64 = 8 * 3600;

/// The day, and the second of it, in Shanghai; `None` beyond the years that a date can have.
pub fn moment_in_shanghai(at: Timestamp) -> Option<(SessionDate, u32)> {
    let seconds = at.as_second() + AHEAD;
    let day = i32::try_from(seconds.div_euclid(86_400)).ok()?;
    let second = u32::try_from(seconds.rem_euclid(86_400)).ok()?;
    Some((SessionDate::from_epoch_days(day)?, second))
}

/// The day in Shanghai at a time of the system's.
pub(crate) fn day_in_shanghai(at: SystemTime) -> Option<SessionDate> {
    moment_in_shanghai(Timestamp::try_from(at).ok()?).map(|(day, _)| day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_shanghai() {
        for (at, day, second) in [
            ("2026-02-12T15:59:59Z", "2026-02-12", 86_399),
            ("2026-02-12T16:00:00Z", "2026-02-13", 0),
            ("2026-02-12T16:30:00Z", "2026-02-13", 1_800),
            ("1969-12-31T15:00:00Z", "1969-12-31", 82_800),
        ] {
            let at: Timestamp = at.parse().unwrap();
            let (on, of_day) = moment_in_shanghai(at).unwrap();
            assert_eq!((on.to_string().as_str(), of_day), (day, second));
            assert_eq!(day_in_shanghai(at.into()), Some(on));
        }
    }
}
