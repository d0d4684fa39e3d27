//! The answers of a session as they came: a file to which they are appended, and which is synced
//! before anything is said to have come.
//!
//! A file is one stream of zstd. A sweep is a line of JSON, which names its answers with their
//! lengths, then their bytes, then a line with the digest of both. Successive answers are almost
//! alike, and the window spans several of them. A process that dies leaves a file whose end is torn:
//! what was synced is there. Nobody appends to the file of another process: each begins its own.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fupan_market::SessionDate;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zstd::stream::read::Decoder;
use zstd::stream::write::Encoder;

use crate::Error;

/// Bytes of a line of JSON.
const HEAD_MAX: u64 = 1 << 20;

/// Bytes of the answers of one sweep.
const SWEEP_MAX: u64 = 256 << 20;

/// The window, as a power of two: the answers of some sweeps of the whole market.
const WINDOW_LOG: u32 = 23;

/// Answers, by the names of their requests.
pub(super) type Answers = Vec<(String, Arc<[u8]>)>;

/// What one round of requests has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sweep {
    /// When the last answer had come.
    pub at: Timestamp,
    /// The name of the dataset that was asked.
    pub dataset: String,
    /// Whether all of it came.
    pub whole: bool,
    /// What came.
    pub answers: Answers,
}

/// A sweep without its answers.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    at: Timestamp,
    dataset: String,
    whole: bool,
    answers: Vec<(String, u64)>,
}

/// A file that is written.
pub(super) struct AnswerLog {
    path: PathBuf,
    encoder: Encoder<'static, File>,
}

/// The folder of a session's files in a store's.
fn folder(store: &Path, session: SessionDate) -> PathBuf {
    store.join("watch").join(session.to_string())
}

/// How the name of a file ends whose quotes are in the store.
const FOLDED: &str = "folded.zst";

/// How the name of another file ends.
const OPEN: &str = "open.zst";

/// The files of a session whose quotes are not in the store, in their order, and the number of the
/// next file.
pub(super) fn unfolded(store: &Path, session: SessionDate) -> Result<(Vec<PathBuf>, u32), Error> {
    let folder = folder(store, session);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 1)),
        entries => entries.map_err(fault("read", &folder))?,
    };
    let (mut open, mut next) = (Vec::new(), 1);
    for entry in entries {
        let path = entry.map_err(fault("read", &folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((number, end)) = name.split_once('.') else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        next = next.max(number + 1);
        if end == OPEN {
            open.push((number, path));
        }
    }
    open.sort();
    Ok((open.into_iter().map(|(_, path)| path).collect(), next))
}

/// Gives a file the name of those whose quotes are in the store.
pub(super) fn mark_folded(path: &Path) -> Result<(), Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().replace(OPEN, FOLDED);
    fs::rename(path, path.with_file_name(name)).map_err(fault("write", path))
}

impl AnswerLog {
    /// Begins a file.
    pub fn begin(store: &Path, session: SessionDate) -> Result<AnswerLog, Error> {
        let (_, number) = unfolded(store, session)?;
        let folder = folder(store, session);
        fs::create_dir_all(&folder).map_err(fault("write", &folder))?;
        let path = folder.join(format!("{number:04}.{OPEN}"));
        let begun = (|| {
            let file = File::create_new(&path)?;
            if cfg!(unix) {
                // A name lasts once its folder is written, too. Windows does not open folders.
                File::open(&folder)?.sync_all()?;
            }
            let mut encoder = Encoder::new(file, 1)?;
            encoder.long_distance_matching(true)?;
            encoder.window_log(WINDOW_LOG)?;
            Ok(encoder)
        })();
        let encoder = begun.map_err(fault("write", &path))?;
        Ok(AnswerLog { path, encoder })
    }

    /// Appends a sweep. When it returns, the sweep outlasts a power cut.
    pub fn append(&mut self, sweep: &Sweep) -> Result<(), Error> {
        let head = Head {
            at: sweep.at,
            dataset: sweep.dataset.clone(),
            whole: sweep.whole,
            answers: sweep.answers.iter().map(|(n, b)| (n.clone(), b.len() as u64)).collect(),
        };
        let appended = (|| {
            let head = serde_json::to_vec(&head)?;
            self.encoder.write_all(&head)?;
            self.encoder.write_all(b"\n")?;
            for (_, bytes) in &sweep.answers {
                self.encoder.write_all(bytes)?;
            }
            let digest = digest(&head, &sweep.answers);
            self.encoder.write_all(format!("\n{digest}\n").as_bytes())?;
            self.encoder.flush()?;
            self.encoder.get_ref().sync_data()
        })();
        appended.map_err(fault("write", &self.path))
    }

    /// Ends the file, and returns its path.
    pub fn end(self) -> Result<PathBuf, Error> {
        let AnswerLog { path, encoder } = self;
        let ended = encoder.finish().and_then(|file| file.sync_all());
        ended.map_err(fault("write", &path))?;
        Ok(path)
    }
}

fn digest(head: &[u8], answers: &[(String, Arc<[u8]>)]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(head);
    for (_, bytes) in answers {
        hasher.update(bytes);
    }
    hasher.finalize().to_hex().to_string()
}

fn fault(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.display().to_string();
    move |source| Error::Io { action, path, source }
}

/// A file that is read, sweep by sweep, up to where it is torn.
pub(super) struct AnswerReader {
    path: PathBuf,
    decoder: BufReader<Decoder<'static, BufReader<File>>>,
    /// Why the rest of the file is not read, if it is no longer what was written.
    damage: Option<io::Error>,
}

impl AnswerReader {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<AnswerReader, Error> {
        let opened = File::open(path).and_then(|file| {
            let mut decoder = Decoder::new(file)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Ok(BufReader::new(decoder))
        });
        let decoder = opened.map_err(fault("read", path))?;
        Ok(AnswerReader { path: path.to_owned(), decoder, damage: None })
    }

    /// The next sweep; `None` after the last one that is whole, or before one that is not what was
    /// written: nothing is read beyond it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next(&mut self) -> Result<Option<Sweep>, Error> {
        if self.damage.is_some() {
            return Ok(None);
        }
        match self.sweep() {
            Ok(sweep) => Ok(sweep),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            // What the system does not say, the decoder or the digest does.
            Err(error) if error.raw_os_error().is_none() => {
                self.damage = Some(error);
                Ok(None)
            }
            Err(error) => Err(fault("read", &self.path)(error)),
        }
    }

    /// Whether the rest of the file is no longer what was written.
    pub fn is_damaged(&self) -> bool {
        self.damage.is_some()
    }

    fn sweep(&mut self) -> io::Result<Option<Sweep>> {
        let mut head = Vec::new();
        if (&mut self.decoder).take(HEAD_MAX).read_until(b'\n', &mut head)? == 0 {
            return Ok(None);
        }
        if head.pop() != Some(b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let told: Head = serde_json::from_slice(&head).map_err(damaged)?;
        let bytes = told.answers.iter().try_fold(0_u64, |sum, (_, bytes)| sum.checked_add(*bytes));
        if bytes.is_none_or(|bytes| bytes > SWEEP_MAX) {
            return Err(damaged("its answers are too long"));
        }
        let mut answers = Answers::with_capacity(told.answers.len());
        for (name, length) in told.answers {
            let mut bytes = Vec::new();
            (&mut self.decoder).take(length).read_to_end(&mut bytes)?;
            if bytes.len() as u64 != length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            answers.push((name, bytes.into()));
        }
        let mut tail = [0; 66];
        self.decoder.read_exact(&mut tail)?;
        if tail != format!("\n{}\n", digest(&head, &answers)).as_bytes() {
            return Err(damaged("its digest is another one"));
        }
        Ok(Some(Sweep { at: told.at, dataset: told.dataset, whole: told.whole, answers }))
    }
}

fn damaged(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;

    use super::*;

    fn sweep(number: u8, whole: bool) -> Sweep {
        let answer = |name: &str, byte: u8| (name.to_owned(), vec![byte; 5_000].into());
        Sweep {
            at: Timestamp::from_second(1_800_000_000 + i64::from(number)).unwrap(),
            dataset: "tencent-shares-now".to_owned(),
            whole,
            answers: vec![answer("quotes-0001", number), answer("quotes-0002", b'\n')],
        }
    }

    fn all(path: &Path) -> Vec<Sweep> {
        let mut reader = AnswerReader::open(path).unwrap();
        std::iter::from_fn(|| reader.next().unwrap()).collect()
    }

    fn session() -> SessionDate {
        "2026-02-12".parse().unwrap()
    }

    #[test]
    fn what_is_appended_is_read_also_while_the_file_is_open() {
        let store = tempfile::tempdir().unwrap();
        let mut log = AnswerLog::begin(store.path(), session()).unwrap();
        let sweeps = [sweep(1, true), sweep(2, false), sweep(3, true)];
        for (count, sweep) in sweeps.iter().enumerate() {
            log.append(sweep).unwrap();
            assert_eq!(all(&log.path), sweeps[..=count]);
        }
        let path = log.end().unwrap();
        assert_eq!(all(&path), sweeps);
        assert_eq!(unfolded(store.path(), session()).unwrap(), (vec![path.clone()], 2));
        mark_folded(&path).unwrap();
        assert_eq!(unfolded(store.path(), session()).unwrap(), (Vec::new(), 2));
    }

    /// Wherever a file is torn, the sweeps before the tear are read and nothing else.
    #[test]
    fn a_torn_file_is_read_up_to_the_tear() {
        let store = tempfile::tempdir().unwrap();
        let mut log = AnswerLog::begin(store.path(), session()).unwrap();
        let sweeps = [sweep(1, true), sweep(2, true), sweep(3, true)];
        let mut lengths = Vec::new();
        for sweep in &sweeps {
            log.append(sweep).unwrap();
            lengths.push(fs::metadata(&log.path).unwrap().len());
        }
        let whole = fs::read(&log.path).unwrap();
        let path = store.path().join("torn");
        for length in 0..whole.len() as u64 {
            fs::write(&path, &whole[..usize::try_from(length).unwrap()]).unwrap();
            let least = lengths.iter().filter(|synced| **synced <= length).count();
            let read = all(&path);
            assert!(read.len() >= least && sweeps.starts_with(&read), "{length}");
        }
    }

    #[test]
    fn a_sweep_that_is_not_what_was_written_is_not_read() {
        let store = tempfile::tempdir().unwrap();
        let mut log = AnswerLog::begin(store.path(), session()).unwrap();
        let sweeps = [sweep(1, true), sweep(3, true)];
        sweeps.iter().for_each(|sweep| log.append(sweep).unwrap());
        let path = log.end().unwrap();
        let text = zstd::decode_all(File::open(&path).unwrap()).unwrap();
        let at = text.iter().position(|byte| *byte == 3).unwrap();
        let mut other = text.clone();
        other[at] = 2;
        let file = OpenOptions::new().write(true).truncate(true).open(&path).unwrap();
        zstd::stream::copy_encode(&other[..], file, 1).unwrap();
        let mut reader = AnswerReader::open(&path).unwrap();
        assert_eq!(reader.next().unwrap().as_ref(), Some(&sweeps[0]));
        assert!(!reader.is_damaged());
        assert_eq!((reader.next().unwrap(), reader.is_damaged()), (None, true));
        // Bytes that are no stream at all.
        fs::write(&path, [7; 400]).unwrap();
        let mut reader = AnswerReader::open(&path).unwrap();
        assert_eq!((reader.next().unwrap(), reader.is_damaged()), (None, true));
    }
}
