//! The folder of the sources' states.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::disk::{self, Lasting};
use crate::error::FetchError;
use crate::settings::Pace;
use crate::source_state::SourceState;

const STATE_MAX: u64 = 4 << 20;

/// The folder in which a store keeps what it knows of each source. All of its threads and processes
/// share it; a lock on a file makes them take turns.
#[derive(Clone, Debug)]
pub(crate) struct States {
    folder: PathBuf,
}

impl States {
    /// Uses a folder, which is made if it is not there.
    pub fn open(folder: &Path) -> Result<States, FetchError> {
        std::fs::create_dir_all(folder).map_err(FetchError::disk(folder))?;
        Ok(States { folder: folder.to_owned() })
    }

    /// Reads a source's state, changes it, and writes it again.
    pub fn change<T>(
        &self,
        source: &str,
        pace: &Pace,
        now: Timestamp,
        change: impl FnOnce(&mut SourceState) -> T,
    ) -> Result<T, FetchError> {
        let lock = self.folder.join(format!("{source}.lock"));
        let locked = disk::open_lock(&lock).map_err(FetchError::disk(&lock))?;
        // The system lets go of it when the process ends, however it does.
        locked.lock().map_err(FetchError::disk(&lock))?;
        let path = self.folder.join(format!("{source}.json"));
        let was_there = path.try_exists().map_err(FetchError::disk(&path))?;
        let bytes = disk::read(&path, STATE_MAX).map_err(FetchError::disk(&path))?;
        let mut state = match bytes {
            None if !was_there => SourceState::default(),
            bytes => bytes
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                .unwrap_or_else(|| SourceState::unreadable(pace, now)),
        };
        let before = state.clone();
        let changed = change(&mut state);
        if state != before {
            let text = serde_json::to_string(&state).map_err(|e| e.into());
            text.and_then(|text| disk::write(&path, text.as_bytes(), Lasting::Process))
                .map_err(FetchError::disk(&path))?;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::source_state::{Leave, Outcome, Turn};
    use std::time::Duration;

    fn now() -> Timestamp {
        "2026-02-12T07:05:00Z".parse().unwrap()
    }

    #[test]
    fn all_who_share_the_folder_share_the_budget() {
        let folder = tempfile::tempdir().unwrap();
        let pace =
            Pace { per_minute: NonZeroU32::new(25).unwrap(), gap: Duration::ZERO, ..Pace::usual() };
        let slots: Vec<Timestamp> = std::thread::scope(|scope| {
            let ask = || {
                // Each has its own files, as another process has.
                let states = States::open(folder.path()).unwrap();
                let leave =
                    |state: &mut SourceState| state.leave(Turn::New, &pace, Duration::ZERO, now());
                let ask = || match states.change("a", &pace, now(), leave).unwrap() {
                    Leave::At(at) => at,
                    other => panic!("{other:?}"),
                };
                (0..25).map(|_| ask()).collect::<Vec<_>>()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        for place in 0..4 {
            let at = now() + Duration::from_secs(61 * place);
            assert_eq!(slots.iter().filter(|slot| **slot == at).count(), 25);
        }
    }

    #[test]
    fn a_state_that_cannot_be_read_is_a_budget_used_up() {
        let endless = " ".repeat(5 << 20);
        for damaged in ["", "{\"sent\":", "[]", "{\"sent\":[\"x\"]}", &endless] {
            let folder = tempfile::tempdir().unwrap();
            let states = States::open(folder.path()).unwrap();
            let leave = |state: &mut SourceState| {
                state.leave(Turn::New, &Pace::usual(), Duration::ZERO, now())
            };
            let first = states.change("a", &Pace::usual(), now(), leave).unwrap();
            assert_eq!(first, Leave::At(now()));
            std::fs::write(folder.path().join("a.json"), damaged).unwrap();
            let next = states.change("a", &Pace::usual(), now(), leave).unwrap();
            assert_eq!(next, Leave::At(now() + Duration::from_secs(61)), "{}", damaged.len());
        }
    }

    #[test]
    fn a_rest_outlasts_the_one_who_noted_it() {
        let folder = tempfile::tempdir().unwrap();
        let pace = Pace { failures: NonZeroU32::MIN, ..Pace::usual() };
        let states = States::open(folder.path()).unwrap();
        let fail = |state: &mut SourceState| state.note(Outcome::Failed, &pace, now());
        states.change("a", &pace, now(), fail).unwrap();
        drop(states);
        let states = States::open(folder.path()).unwrap();
        let resting = |state: &mut SourceState| state.shut(now());
        let until = states.change("a", &pace, now(), resting).unwrap();
        assert_eq!(until, Some(now() + pace.rest));
        assert_eq!(states.change("b", &pace, now(), resting).unwrap(), None);
    }
}
