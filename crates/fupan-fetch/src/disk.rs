//! Files that are there whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Whether what is written must outlast a power cut, or only the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lasting {
    PowerCut,
    Process,
}

/// Opens a file that is there to be locked; what it holds has no meaning.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).write(true).truncate(false).open(path)
}

/// Writes a file so that a reader finds the old bytes or the new ones. The caller holds a lock, so
/// nobody else writes the same file.
pub(crate) fn write(path: &Path, bytes: &[u8], lasting: Lasting) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    step()?;
    let mut file = File::create(&part)?;
    step()?;
    file.write_all(bytes)?;
    step()?;
    if lasting == Lasting::PowerCut {
        file.sync_all()?;
    }
    drop(file);
    step()?;
    std::fs::rename(&part, path)?;
    step()?;
    if lasting == Lasting::PowerCut {
        sync_folder(path)?;
    }
    Ok(())
}

/// Adds a line to a file.
pub(crate) fn append(path: &Path, line: &str) -> io::Result<()> {
    step()?;
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let is_new = file.metadata()?.len() == 0;
    step()?;
    file.write_all(line.as_bytes())?;
    step()?;
    file.sync_all()?;
    if is_new { sync_folder(path) } else { Ok(()) }
}

/// Deletes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    step()?;
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The bytes of a file of at most `most` bytes; `None` if it is not there or is longer.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most))
}

/// A name in a folder lasts once the folder is written too. Windows does not open folders.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "tests let it fail")]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use faults::step;

/// Lets a write fail at a chosen step, as a full disk or a crash would.
#[cfg(test)]
pub(crate) mod faults {
    use std::cell::Cell;
    use std::io;

    thread_local! {
        static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    }

    /// The step after so many fails, and all later ones.
    pub fn after(steps: Option<u32>) {
        LEFT.set(steps);
    }

    pub fn step() -> io::Result<()> {
        match LEFT.get() {
            Some(0) => Err(io::ErrorKind::StorageFull.into()),
            left => {
                LEFT.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }
}
