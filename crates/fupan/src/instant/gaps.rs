//! Times of a session without quotes.

use fupan_fact::AsOf;
use fupan_market::{Finding, FindingKind, MORNING_ENDS, SessionDate, Wording, standing_at};

/// A time without quotes is said if it is this many times as long as the time between quotes usually
/// is.
const TIMES_USUAL: u32 = 4;

/// And at least this many seconds.
const SHORTEST: u32 = 180;

/// When continuous trading begins, in seconds after midnight.
const MORNING_BEGINS: u32 = 9 * 3600 + 1800;

/// When the afternoon begins, in seconds after midnight.
const AFTERNOON_BEGINS: u32 = 13 * 3600;

/// A finding if there are times up to an instant of which no quote tells; `instants` are the seconds
/// that have quotes, ascending. What happened in such a time shows in the next quotes, but for when
/// it happened: seals that came and went are not known.
pub(crate) fn finding(
    session: SessionDate,
    instants: impl Iterator<Item = u32>,
    second: u32,
) -> Option<Finding> {
    let mut seen: Vec<u32> = instants.filter_map(|time| standing_at(session, time)).collect();
    seen.retain(|time| *time <= second);
    seen.dedup();
    let mut steps: Vec<u32> = seen.windows(2).map(|two| traded_between(two[0], two[1])).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2).copied()?;
    let least = (usual * TIMES_USUAL).max(SHORTEST);
    seen.push(second);
    let mut gaps = seen.windows(2).filter(|two| traded_between(two[0], two[1]) > least);
    let first = gaps.next()?;
    let count = 1 + gaps.count() as u64;
    let [from, to] = [first[0], first[1]].map(|second| AsOf::Instant(second).to_string());
    let (more, zh_more) = match count {
        1 => (String::new(), String::new()),
        _ => (format!(", the first of {count} such times"), format!("（共{count}段，此为第一段）")),
    };
    Some(Finding {
        kind: FindingKind::MissingData,
        count,
        subject: "quote".to_owned(),
        detail: Wording::new(
            format!(
                "There are no quotes between {from} and {to}{more}; seals that came and went then are \
                 not known."
            ),
            format!("{from}至{to}之间没有盘中行情{zh_more}；其间封板又打开的情况不得而知。"),
        ),
        hint: Wording::new(
            "Import quotes of that time from another source, if there are any.",
            "如有其他来源的这段行情，请导入。",
        ),
        place: None,
    })
}

/// Seconds of trading between two instants: the lunch break is none, nor is the time from the opening
/// auction to the first trades after it.
pub(crate) fn traded_between(from: u32, to: u32) -> u32 {
    let [from, to] = [from, to].map(|second| second.max(MORNING_BEGINS));
    let before_noon = MORNING_ENDS.min(to).saturating_sub(from.min(MORNING_ENDS));
    before_noon + to.saturating_sub(from.max(AFTERNOON_BEGINS).min(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(hour: u32, minute: u32) -> u32 {
        hour * 3600 + minute * 60
    }

    fn said(instants: &[u32], second: u32) -> Option<(u64, String)> {
        let session = "2026-02-12".parse().unwrap();
        finding(session, instants.iter().copied(), second).map(|f| (f.count, f.detail.en))
    }

    #[test]
    fn trading_is_counted_without_the_break() {
        for (from, to, seconds) in [
            (at(10, 0), at(10, 1), 60),
            (at(11, 29), at(13, 1), 120),
            (at(11, 30), at(13, 0), 0),
            (at(13, 0), at(13, 5), 300),
            (at(9, 25), at(9, 29), 0),
            (at(9, 25), at(15, 0), 4 * 3600),
        ] {
            assert_eq!(traded_between(from, to), seconds, "{from} {to}");
        }
    }

    #[test]
    fn a_time_without_quotes_is_said_and_the_usual_pace_is_none() {
        let minutes: Vec<u32> = (0..60).map(|minute| at(10, 0) + minute * 60).collect();
        assert_eq!(said(&minutes, at(10, 59)), None);
        // Over the lunch break.
        let noon: Vec<u32> = (0..30).map(|m| at(11, 1) + m * 60).chain([at(13, 1)]).collect();
        assert_eq!(said(&noon, at(13, 1)), None);
        // Four minutes at a pace of one.
        let mut gap = minutes.clone();
        gap.retain(|time| !(at(10, 21)..at(10, 25)).contains(time));
        let (count, words) = said(&gap, at(10, 59)).unwrap();
        assert!(count == 1 && words.contains("10:20:00 and 10:25:00"), "{words}");
        // Before it, nothing is known of it; within it, the last quotes are old.
        assert_eq!(said(&gap, at(10, 20)), None);
        assert!(said(&gap, at(10, 24) + 30).unwrap().1.contains("10:20:00 and 10:24:30"));
        // Bars of a quarter of an hour have no gaps.
        assert_eq!(said(&[at(9, 45), at(10, 0), at(10, 15), at(10, 30)], at(10, 30)), None);
    }
}
