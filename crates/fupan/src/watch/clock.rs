//! When a session is asked for, and who follows it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use fupan_market::{Board, Exchange, Phase, SessionDate, ended_early, phase_at};

use crate::Error;

/// The file whose lock a watch holds.
const LOCK: &str = "fupan-watch.lock";

/// Seconds after the end of trading within which vendors' answers settle.
const SETTLES: u32 = 45;

/// What a watch does at a time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchTime {
    /// It asks, at its pace.
    Asks,
    /// It waits until a second of the day: nothing trades.
    WaitsUntil(u32),
    /// The session is over.
    Over,
}

/// What a watch does at a second of the day of a session: it asks from the end of the opening auction
/// to the break, and from the afternoon to the close, each with the seconds that answers need to
/// settle.
pub fn watch_time(session: SessionDate, second: u32) -> WatchTime {
    const fn at(hour: u32, minute: u32) -> u32 {
        hour * 3600 + minute * 60
    }
    let close = ended_early(session).unwrap_or(at(15, 0));
    match second {
        s if s >= close + SETTLES => WatchTime::Over,
        s if s < at(9, 25) => WatchTime::WaitsUntil(at(9, 25)),
        s if (at(11, 30) + SETTLES..at(13, 0)).contains(&s) => WatchTime::WaitsUntil(at(13, 0)),
        _ => WatchTime::Asks,
    }
}

/// The phase of trading on the main board at a second of the day of a session.
pub fn main_board_phase(session: SessionDate, second: u32) -> Phase {
    phase_at(Exchange::Sse, Board::Main, session, second)
}

/// Takes the lock of the watch of a store.
pub(super) fn lock(store: &Path) -> Result<File, Error> {
    let path = store.join(LOCK);
    let shown = || path.display().to_string();
    let io = |source| Error::Io { action: "lock", path: shown(), source };
    let file =
        OpenOptions::new().create(true).write(true).truncate(false).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Watching { store: store.display().to_string() })
        }
        Err(TryLockError::Error(source)) => Err(io(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_while_something_trades() {
        let session = "2026-02-12".parse().unwrap();
        let at = |clock: &str| {
            let parts: Vec<u32> = clock.split(':').map(|part| part.parse().unwrap()).collect();
            watch_time(session, parts[0] * 3600 + parts[1] * 60 + parts[2])
        };
        for (clock, expected) in [
            ("08:00:00", WatchTime::WaitsUntil(9 * 3600 + 25 * 60)),
            ("09:25:00", WatchTime::Asks),
            ("11:30:44", WatchTime::Asks),
            ("11:30:45", WatchTime::WaitsUntil(13 * 3600)),
            ("12:59:59", WatchTime::WaitsUntil(13 * 3600)),
            ("13:00:00", WatchTime::Asks),
            ("15:00:44", WatchTime::Asks),
            ("15:00:45", WatchTime::Over),
        ] {
            assert_eq!(at(clock), expected, "{clock}");
        }
        let short: SessionDate = "2016-01-07".parse().unwrap();
        assert_eq!(watch_time(short, 10 * 3600), WatchTime::Over);
    }
}
