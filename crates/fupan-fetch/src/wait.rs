//! How long to wait before the next attempt.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::settings::Pace;

/// What a vendor asks for beyond this is not believed: a day.
pub(crate) const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3600);

/// What `Retry-After` asks for: seconds, or a date of HTTP. `None` if it is neither.
pub(crate) fn asked(retry_after: &str, now: Timestamp) -> Option<Duration> {
    let text = retry_after.trim();
    let asked = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            LONGEST_ASKED
        }
        Err(_) => {
            let date = DateTimeParser::new().parse_timestamp(text).ok()?;
            between(now, date)
        }
    };
    Some(asked.min(LONGEST_ASKED))
}

/// From one moment to another; nothing if that is earlier.
pub(crate) fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// A moment some time after another.
pub(crate) fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// How long to wait after a failed attempt; `failed` counts from 1. By chance up to a bound that
/// doubles from attempt to attempt, so that many who failed together do not come back together;
/// after what the vendor asks for, if it asks.
pub(crate) fn backoff(pace: &Pace, failed: u32, asked: Option<Duration>, draw: u64) -> Duration {
    let doubled = 2_u32.saturating_pow(failed.saturating_sub(1).min(31));
    let most = pace.first_wait.saturating_mul(doubled).min(pace.longest_wait);
    let most = if asked.is_some() { pace.first_wait.min(most) } else { most };
    // Five hundred years are enough; more would not fit.
    let steps = most.as_nanos().min(u128::from(u64::MAX)) + 1;
    let chance = (u128::from(draw) * steps) >> 64;
    let by_chance = Duration::from_nanos(u64::try_from(chance).unwrap_or(u64::MAX));
    asked.unwrap_or_default().saturating_add(by_chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-02-12T07:05:00Z".parse().unwrap()
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Thu, 12 Feb 2026 07:06:30 GMT", Some(90)),
            ("Thu, 12 Feb 2026 07:04:00 GMT", Some(0)),
            ("Mon, 01 Jan 2035 00:00:00 GMT", Some(24 * 3600)),
            ("99999999999999999999999", Some(24 * 3600)),
            ("100000", Some(24 * 3600)),
            ("", None),
            ("soon", None),
            ("-5", None),
            ("Thu, 32 Feb 2026 07:06:30 GMT", None),
        ] {
            assert_eq!(asked(text, now()), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn waits_double_up_to_a_bound_and_spread_from_nothing() {
        let pace = Pace {
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(5),
            ..Pace::usual()
        };
        let most = |failed| backoff(&pace, failed, None, u64::MAX).as_secs_f64();
        let waits = [1, 2, 3, 4, 40, u32::MAX].map(most);
        assert_eq!(waits, [1.0, 2.0, 4.0, 5.0, 5.0, 5.0]);
        assert_eq!(backoff(&pace, 3, None, 0), Duration::ZERO);
        let endless = Pace { first_wait: Duration::MAX, longest_wait: Duration::MAX, ..pace };
        assert_eq!(backoff(&endless, 9, None, u64::MAX), Duration::from_nanos(u64::MAX));
        assert_eq!(backoff(&pace, 3, None, 1 << 63), Duration::from_secs(2));
    }

    #[test]
    fn what_the_vendor_asks_for_is_waited_for_and_a_little_more() {
        let pace = Pace { first_wait: Duration::from_secs(1), ..Pace::usual() };
        let asked = Some(Duration::from_secs(60));
        assert_eq!(backoff(&pace, 1, asked, 0), Duration::from_secs(60));
        assert_eq!(backoff(&pace, 4, asked, u64::MAX), Duration::from_secs(61));
    }
}
