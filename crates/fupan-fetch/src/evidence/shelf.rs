//! A folder of kept answers.
//!
//! An answer's file is written first, and then a line of the journal that makes it count. The
//! manifest takes in the journal when the dataset is whole, and whenever the folder is opened. So
//! the cost of an answer does not grow with their number, and a crash at any moment leaves every
//! answer that counts.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use fupan_market::Wording;
use serde_json::json;

use super::manifest::{JournalLine, KeptAnswer, Manifest, ending};
use crate::disk::{self, Lasting};
use crate::error::FetchError;
use crate::reply::Reply;

const MANIFEST: &str = "manifest.json";
const JOURNAL: &str = "manifest.journal";
const LOCK: &str = "lock";
const REFUSED: &str = "refused";

/// Bytes of a manifest or journal: a hundred thousand answers with long requests.
const MANIFEST_MAX: u64 = 512 << 20;

/// Refused answers that are kept in one folder.
const REFUSED_MAX: usize = 32;

/// A folder of answers that this process alone writes to, until it is dropped.
#[derive(Debug)]
pub(crate) struct Shelf {
    folder: PathBuf,
    pub manifest: Manifest,
    /// Whether the manifest's file says what `manifest` says, but for the journal.
    is_written: bool,
    _lock: File,
}

impl Shelf {
    /// Opens a folder, which is made if it is not there.
    ///
    /// # Errors
    /// If another process has it, it holds answers of another source, or it cannot be read.
    pub fn open(folder: &Path, source: &'static str) -> Result<Shelf, FetchError> {
        std::fs::create_dir_all(folder).map_err(FetchError::disk(folder))?;
        let path = folder.join(LOCK);
        let lock = disk::open_lock(&path).map_err(FetchError::disk(&path))?;
        lock.try_lock().map_err(|fault| match fault {
            TryLockError::WouldBlock => FetchError::InUse { folder: folder.to_owned() },
            TryLockError::Error(reason) => FetchError::Disk { path, reason },
        })?;
        let (manifest, is_written) = match read_manifest(folder)? {
            Some(manifest) => (manifest, true),
            None => (Manifest::new(source), false),
        };
        let folder = folder.to_owned();
        if manifest.source != source {
            let held = manifest.source;
            return Err(FetchError::OtherSource { folder, source, held });
        }
        let mut shelf = Shelf { folder, manifest, is_written, _lock: lock };
        shelf.take_in_journal()?;
        Ok(shelf)
    }

    /// The last line may have been cut by a crash, so nothing is added after it.
    fn take_in_journal(&mut self) -> Result<(), FetchError> {
        let path = self.folder.join(JOURNAL);
        let read = disk::read(&path, MANIFEST_MAX).map_err(FetchError::disk(&path))?;
        let Some(journal) = read.filter(|journal| !journal.is_empty()) else { return Ok(()) };
        if self.manifest.whole {
            // It holds all of it: before a line was added, it would have said that it is not whole.
            return disk::remove(&path).map_err(FetchError::disk(&path));
        }
        for line in journal.split(|byte| *byte == b'\n') {
            let Ok(line) = serde_json::from_slice::<JournalLine>(line) else { continue };
            if line.answer.is_of(&line.name) {
                self.manifest.answers.insert(line.name, line.answer);
            }
        }
        self.write_manifest()
    }

    /// Writes the manifest, which then holds all that the journal held.
    fn write_manifest(&mut self) -> Result<(), FetchError> {
        let path = self.folder.join(MANIFEST);
        let text = serde_json::to_vec_pretty(&self.manifest).map_err(Into::into);
        text.and_then(|text| disk::write(&path, &text, Lasting::PowerCut))
            .map_err(FetchError::disk(&path))?;
        self.is_written = true;
        let journal = self.folder.join(JOURNAL);
        disk::remove(&journal).map_err(FetchError::disk(&journal))
    }

    /// The bytes of a kept answer; `None` if there are none or they are not as they were.
    pub fn read(&self, answer: &KeptAnswer) -> Result<Option<Vec<u8>>, FetchError> {
        let path = self.folder.join(&answer.file);
        let bytes = disk::read(&path, answer.bytes).map_err(FetchError::disk(&path))?;
        Ok(bytes.filter(|bytes| answer.has(bytes)))
    }

    /// Keeps an answer. Once this is done, it is there whatever happens.
    pub fn keep(&mut self, name: &str, answer: KeptAnswer, bytes: &[u8]) -> Result<(), FetchError> {
        self.begin()?;
        let path = self.folder.join(&answer.file);
        disk::write(&path, bytes, Lasting::PowerCut).map_err(FetchError::disk(&path))?;
        self.count(name, answer)
    }

    /// Makes an answer count whose file is there.
    pub fn count(&mut self, name: &str, answer: KeptAnswer) -> Result<(), FetchError> {
        self.begin()?;
        let line = JournalLine { name: name.to_owned(), answer };
        let path = self.folder.join(JOURNAL);
        let text = serde_json::to_string(&line).map_err(Into::into);
        text.and_then(|text| disk::append(&path, &format!("{text}\n")))
            .map_err(FetchError::disk(&path))?;
        let (name, file) = (line.name, line.answer.file.clone());
        let before = self.manifest.answers.insert(name, line.answer);
        match before.filter(|before| before.file != file) {
            Some(before) => self.remove(&before.file),
            None => Ok(()),
        }
    }

    /// Before anything changes, the folder says that it is not whole.
    fn begin(&mut self) -> Result<(), FetchError> {
        if self.manifest.whole || !self.is_written {
            self.manifest.whole = false;
            self.write_manifest()?;
        }
        Ok(())
    }

    /// Says that the answers of these names, in this order, are the whole dataset; others are
    /// dropped.
    pub fn finish(&mut self, order: Vec<String>) -> Result<(), FetchError> {
        if self.manifest.whole && self.manifest.order == order {
            return Ok(());
        }
        self.begin()?;
        let part: BTreeSet<&String> = order.iter().collect();
        let names = self.manifest.answers.keys();
        let other: Vec<String> = names.filter(|name| !part.contains(name)).cloned().collect();
        for name in other {
            if let Some(dropped) = self.manifest.answers.remove(&name) {
                self.remove(&dropped.file)?;
            }
        }
        self.manifest.order = order;
        self.manifest.whole = true;
        self.write_manifest()
    }

    /// Takes the word of no answer any more: the next fetch asks for all of them again. The files
    /// stay for looking into until it does.
    pub fn distrust(&mut self) -> Result<(), FetchError> {
        if self.manifest.answers.is_empty() {
            return Ok(());
        }
        self.begin()?;
        self.manifest.order.clear();
        for answer in self.manifest.answers.values_mut() {
            // No request is nothing, so that none is answered by it.
            answer.request = serde_json::Value::Null;
        }
        self.write_manifest()
    }

    fn remove(&self, file: &str) -> Result<(), FetchError> {
        let path = self.folder.join(file);
        disk::remove(&path).map_err(FetchError::disk(&path))
    }

    /// Keeps a refused answer for looking into, apart from the others: its first bytes, and what is
    /// wrong with it. `None` if there are many already.
    pub fn keep_refused(
        &self,
        name: &str,
        request: &serde_json::Value,
        reply: &Reply,
        (reason, most): (&Wording, usize),
    ) -> Result<Option<PathBuf>, FetchError> {
        let folder = self.folder.join(REFUSED);
        std::fs::create_dir_all(&folder).map_err(FetchError::disk(&folder))?;
        let told = folder.join(format!("{name}.refusal.json"));
        let is_there = told.try_exists().map_err(FetchError::disk(&told))?;
        let files = std::fs::read_dir(&folder).map_err(FetchError::disk(&folder))?;
        if !is_there && files.count() >= 2 * REFUSED_MAX {
            return Ok(None);
        }
        let kept = &reply.body[..reply.body.len().min(most)];
        let path = folder.join(format!("{name}.{}", ending(reply.media_type.as_deref())));
        disk::write(&path, kept, Lasting::Process).map_err(FetchError::disk(&path))?;
        let text = json!({
            "file": path.file_name().map(|name| name.to_string_lossy()),
            "at": reply.at,
            "reason": reason,
            "status": reply.status,
            "media_type": reply.media_type,
            "bytes": reply.body.len(),
            "bytes_kept": kept.len(),
            "request": request,
        });
        disk::write(&told, text.to_string().as_bytes(), Lasting::Process)
            .map_err(FetchError::disk(&told))?;
        Ok(Some(path))
    }
}

fn read_manifest(folder: &Path) -> Result<Option<Manifest>, FetchError> {
    let path = folder.join(MANIFEST);
    let text = disk::read(&path, MANIFEST_MAX).map_err(FetchError::disk(&path))?;
    Ok(text.and_then(|text| Manifest::read(&text)))
}

/// The whole dataset in a folder: its manifest; `None` if it is not whole or not there. Whether the
/// files are as they were is checked as they are read.
///
/// # Errors
/// If the manifest cannot be read.
pub fn whole_dataset(folder: &Path) -> Result<Option<Manifest>, FetchError> {
    Ok(read_manifest(folder)?.filter(|manifest| manifest.whole))
}

/// The bytes of an answer of a dataset, if they are as they were kept.
///
/// # Errors
/// If its file cannot be read, or is damaged.
pub fn kept_bytes(folder: &Path, answer: &KeptAnswer) -> Result<Vec<u8>, FetchError> {
    let path = folder.join(&answer.file);
    let in_folder = answer.file.split_once('.').is_some_and(|(stem, _)| answer.is_of(stem));
    let bytes = match in_folder {
        true => disk::read(&path, answer.bytes).map_err(FetchError::disk(&path))?,
        false => None,
    };
    bytes
        .filter(|bytes| answer.has(bytes))
        .ok_or_else(|| FetchError::Disk { path, reason: std::io::ErrorKind::InvalidData.into() })
}
