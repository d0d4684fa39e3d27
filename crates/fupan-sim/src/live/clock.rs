//! The instants of a session, and how its trading is spread over them.

use std::sync::LazyLock;

/// Seconds between two snapshots.
pub(super) const STEP: u32 = 3;

const fn at(hour: u32, minute: u32) -> u32 {
    hour * 3_600 + minute * 60
}

/// When the quotes of the last session are cleared.
pub(super) const CLEARED: u32 = at(9, 0);
/// When the opening auction is decided.
pub(super) const OPENING_AUCTION: u32 = at(9, 25);
/// When the closing auction is decided.
pub(super) const CLOSING_AUCTION: u32 = at(15, 0);

const MORNING: (u32, u32) = (at(9, 30), at(11, 30));
const AFTERNOON: (u32, u32) = (at(13, 0), at(14, 57));

const fn steps((from, to): (u32, u32)) -> u32 {
    (to - from) / STEP + 1
}

/// The place of the first instant of the afternoon.
const NOON: u32 = 1 + steps(MORNING);
/// The place of the last instant before the closing auction.
const BEFORE_CLOSE: u32 = NOON + steps(AFTERNOON) - 1;
/// The place of the closing auction: the last instant.
pub(super) const LAST: u32 = BEFORE_CLOSE + 1;

/// The place of the last instant that is not after a second; `None` before the opening auction.
pub(super) fn place(second: u32) -> Option<u32> {
    let within = |(from, to): (u32, u32), first: u32| first + (second.min(to) - from) / STEP;
    Some(match second {
        ..OPENING_AUCTION => return None,
        CLOSING_AUCTION.. => LAST,
        _ if second >= AFTERNOON.0 => within(AFTERNOON, NOON),
        _ if second >= MORNING.0 => within(MORNING, 1),
        _ => 0,
    })
}

/// The second of an instant.
pub(super) fn second(place: u32) -> u32 {
    match place {
        0 => OPENING_AUCTION,
        LAST.. => CLOSING_AUCTION,
        NOON.. => AFTERNOON.0 + (place - NOON) * STEP,
        _ => MORNING.0 + (place - 1) * STEP,
    }
}

/// The whole of the trading between the auctions.
pub(super) const WHOLE: u64 = 1 << 30;

/// Of the trading between the auctions, how much is done by each instant, out of [`WHOLE`]: much
/// after the opening and before the close, little around noon.
static DONE: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let steps = u64::from(BEFORE_CLOSE);
    let weight = |step: u64| {
        // A valley at two thirds of the session.
        let away = (3 * step).abs_diff(2 * steps) * 1_000 / (2 * steps);
        400 + 2_000 * away * away / 1_000_000 + 1_400 * 60 / (60 + step)
    };
    let all: u64 = (1..=steps).map(weight).sum();
    let mut sum = 0;
    let done = |step: u64| {
        sum += if step == 0 { 0 } else { weight(step) };
        sum * WHOLE / all
    };
    (0..=steps).map(done).collect()
});

/// How much of the trading between the auctions is done by an instant.
pub(super) fn done(place: u32) -> u64 {
    DONE.get(place as usize).copied().unwrap_or(WHOLE)
}

/// Every instant of a session at which quotes can change, in seconds after midnight.
pub fn instants() -> impl Iterator<Item = u32> {
    (0..=LAST).map(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_every_three_seconds_of_trading() {
        let all: Vec<u32> = instants().collect();
        assert!(all.is_sorted_by(|a, b| a < b));
        assert_eq!(all.len(), 1 + 2_401 + 2_341 + 1);
        assert_eq!((all[0], all[1], all[2]), (at(9, 25), at(9, 30), at(9, 30) + 3));
        assert!(all.contains(&at(11, 30)) && all.contains(&at(13, 0)) && all.contains(&at(14, 57)));
        for (number, instant) in all.iter().enumerate() {
            assert_eq!(place(*instant), Some(number as u32));
        }
        assert_eq!(place(at(9, 25) - 1), None);
        assert_eq!(place(at(12, 0)).map(second), Some(at(11, 30)));
        assert_eq!(place(at(14, 59)).map(second), Some(at(14, 57)));
        assert_eq!(place(at(20, 0)).map(second), Some(at(15, 0)));
    }

    #[test]
    fn trading_is_spread_over_the_whole_session() {
        assert_eq!((done(0), done(BEFORE_CLOSE), done(LAST)), (0, WHOLE, WHOLE));
        assert!((0..BEFORE_CLOSE).all(|place| done(place) < done(place + 1)));
        let share = |from, to| (done(to) - done(from)) * 1_000 / WHOLE;
        // The first half hour, the half hour after noon, and the last.
        assert!((200..330).contains(&share(1, 601)), "{}", share(1, 601));
        assert!(share(NOON, NOON + 600) < share(BEFORE_CLOSE - 600, BEFORE_CLOSE));
    }
}
