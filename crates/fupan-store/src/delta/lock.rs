//! The lock that allows one writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::StoreError;

/// What a writer is doing; recorded for those that wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// An import is added or removed: takes a moment.
    Import,
    /// The derived tables are computed: takes minutes, for which nobody waits.
    Backfill,
}

impl Work {
    const fn word(self) -> &'static str {
        match self {
            Work::Import => "import",
            Work::Backfill => "backfill",
        }
    }
}

/// The lock for writing to a store. It is released when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    /// `None` on network file systems without locks; Delta's commits stay atomic without it.
    file: Option<File>,
}

impl Lock {
    /// Whether the lock actually keeps other writers out.
    pub(crate) fn is_kept(&self) -> bool {
        self.file.is_some()
    }
}

/// Interval at which waiting writers retry.
const WAIT: Duration = Duration::from_millis(20);

/// Waits for other writers of the store, but not for a backfill.
pub(crate) fn take(dir: &Path, work: Work) -> Result<Lock, StoreError> {
    let path = dir.join("fupan-store.lock");
    let failed = |error| StoreError::io(&path, error);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&path).map_err(failed)?;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if holder_is(&path, Work::Backfill) => {
                return Err(StoreError::Busy(dir.to_path_buf()));
            }
            Err(TryLockError::WouldBlock) => thread::sleep(WAIT),
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
                return Ok(Lock { file: None });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    let note = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(work.word().as_bytes())
    };
    note(&mut file).map_err(failed)?;
    Ok(Lock { file: Some(file) })
}

/// Whether the holder of the lock recorded this work. If the note cannot be read, the work is
/// assumed to be an import.
fn holder_is(path: &Path, work: Work) -> bool {
    let mut said = String::new();
    let read = File::open(path).and_then(|file| file.take(32).read_to_string(&mut said));
    read.is_ok() && said == work.word()
}
