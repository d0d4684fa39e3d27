//! The file or folder of an import: its members, its digest, and the symbol or date in its name.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fupan_market::{SessionDate, Wording};
use tempfile::TempPath;

use crate::SourceError;
use crate::recipe::{Format, Recipe};

/// Most bytes of one import.
const BYTES_MAX: u64 = 4 << 30;

/// Most files of one folder.
const FILES_MAX: usize = 200_000;

/// Most nested folders.
const DEPTH_MAX: usize = 8;

/// What is imported.
#[derive(Debug)]
pub(crate) struct Payload {
    /// The file or folder.
    pub path: PathBuf,
    /// The path as the user gave it.
    pub shown: Arc<str>,
    /// The name without its extension, such as `sh600519`.
    pub subject: Arc<str>,
    /// The files that the format reads, in the order of their names.
    pub files: Vec<PathBuf>,
    /// Another file of the terminal that their rows depend on: TDX's `gbbq`.
    pub beside: Option<PathBuf>,
    /// The records of each file to read, if not all of them are; other files are left.
    pub taking: Option<BTreeMap<PathBuf, Range<u64>>>,
    /// The digest of all bytes so far.
    pub hasher: blake3::Hasher,
    kind: Kind,
    /// A copy of a pipe's content, since a pipe can be read only once.
    spool: Option<TempPath>,
    /// The bytes of each file, if they are in memory and not on a disk.
    held: Option<Vec<Arc<[u8]>>>,
}

/// What is at the path of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Pipe,
    Folder,
}

/// One file of a payload.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Where its bytes are.
    pub path: PathBuf,
    /// The path as the user knows it.
    pub shown: Arc<str>,
    /// Its name without its extension.
    pub subject: Arc<str>,
    /// Its bytes, if they are in memory.
    held: Option<Arc<[u8]>>,
}

impl Member {
    /// Its whole content; an error if it is longer than `bytes_max`.
    pub fn content(&self, bytes_max: u64) -> Result<Arc<[u8]>, SourceError> {
        match &self.held {
            None => Ok(content(&self.path, bytes_max)?.into()),
            Some(bytes) if bytes.len() as u64 > bytes_max => {
                Err(too_many_bytes(&self.path, more_than(bytes_max), bytes_max))
            }
            Some(bytes) => Ok(Arc::clone(bytes)),
        }
    }

    /// The error for a file that is not what the recipe reads.
    pub fn wrong_format(&self, recipe: &Recipe, reason: Wording) -> SourceError {
        let path = PathBuf::from(self.shown.as_ref());
        SourceError::WrongFormat { path, recipe: recipe.name.clone(), reason }
    }
}

impl Payload {
    /// Finds the files that the recipe reads at a path, and digests them.
    pub fn open(recipe: &Recipe, path: &Path) -> Result<Payload, SourceError> {
        let mut payload = Payload::undigested(recipe, path)?;
        payload.digest(FILES_MAX, BYTES_MAX)?;
        Ok(payload)
    }

    /// Finds the files that the recipe reads at a path.
    pub fn undigested(recipe: &Recipe, path: &Path) -> Result<Payload, SourceError> {
        let unreadable = |reason| SourceError::Unreadable { path: path.to_owned(), reason };
        let found = fs::metadata(path).map_err(unreadable)?;
        let kind = match (found.is_dir(), found.is_file()) {
            (true, _) => Kind::Folder,
            (false, true) => Kind::File,
            (false, false) => Kind::Pipe,
        };
        let mut payload = Payload {
            path: path.to_owned(),
            shown: path.to_string_lossy().into(),
            subject: stem(path).into(),
            files: Vec::new(),
            beside: None,
            taking: None,
            hasher: blake3::Hasher::new(),
            kind,
            spool: None,
            held: None,
        };
        let first = recipe.formats.first().copied();
        if first == Some(Format::TdxDay) && kind != Kind::Pipe {
            payload.beside = actions_of(path);
        }
        if kind == Kind::Folder {
            if let Some(reason) = first.and_then(itself) {
                return Err(payload.wrong_format(recipe, reason));
            }
            let wanted: fn(&Path) -> bool = match first {
                Some(Format::TdxDay) => |file| has_extension(file, "day"),
                Some(Format::TdxMinutes) => is_of_minutes,
                Some(Format::TdxFiveMinutes) => is_of_five_minutes,
                Some(Format::QlibBin) => is_qlib,
                Some(Format::TdxIndustry) => is_of_tdx_industries,
                Some(Format::Answers(_)) => is_answer,
                _ => is_table,
            };
            collect(path, wanted, DEPTH_MAX, FILES_MAX, &mut payload.files).map_err(unreadable)?;
            payload.files.sort();
            if payload.files.is_empty() {
                let reason = Wording::new(
                    "the folder has no file that it can read",
                    "文件夹里没有它能读的文件",
                );
                return Err(payload.wrong_format(recipe, reason));
            }
        } else if kind == Kind::Pipe {
            let spool = spooled(path, BYTES_MAX)?;
            payload.files.push(spool.to_path_buf());
            payload.spool = Some(spool);
        } else if first == Some(Format::TdxIndustry) {
            let reason = Wording::new(
                "name the folder that contains `incon.dat` and `tdxhy.cfg`",
                "请给出其中有`incon.dat`和`tdxhy.cfg`的文件夹",
            );
            return Err(payload.wrong_format(recipe, reason));
        } else if first == Some(Format::QlibBin) {
            let reason = Wording::new(
                "name the folder that contains `calendars` and `features`",
                "请给出其中有`calendars`和`features`的文件夹",
            );
            return Err(payload.wrong_format(recipe, reason));
        } else {
            payload.files.push(path.to_owned());
        }
        Ok(payload)
    }

    /// Files in memory, as if they were those of a folder, and digests them.
    pub fn in_memory(name: &str, files: &[(String, Arc<[u8]>)]) -> Payload {
        let mut files: Vec<&(String, Arc<[u8]>)> = files.iter().collect();
        files.sort_by(|one, other| one.0.cmp(&other.0));
        let mut hasher = blake3::Hasher::new();
        for (name, bytes) in &files {
            digest_head(&mut hasher, name, bytes.len() as u64);
            hasher.update(bytes);
        }
        Payload {
            path: PathBuf::from(name),
            shown: name.into(),
            subject: stem(Path::new(name)).into(),
            files: files.iter().map(|(file, _)| Path::new(name).join(file)).collect(),
            beside: None,
            taking: None,
            hasher,
            kind: Kind::Folder,
            spool: None,
            held: Some(files.into_iter().map(|(_, bytes)| Arc::clone(bytes)).collect()),
        }
    }

    /// The file's or folder's own name.
    pub fn name(&self) -> String {
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| self.shown.to_string())
    }

    /// Whether it is a folder of files.
    pub fn is_folder(&self) -> bool {
        self.kind == Kind::Folder
    }

    /// The files, each with its name as the user knows it.
    pub fn members(&self) -> impl Iterator<Item = Member> + '_ {
        self.files.iter().enumerate().map(|(place, path)| match self.kind {
            Kind::Folder => Member {
                path: path.clone(),
                shown: path.to_string_lossy().into(),
                subject: stem(path).into(),
                held: self.held.as_ref().map(|held| Arc::clone(&held[place])),
            },
            Kind::File | Kind::Pipe => Member {
                path: path.clone(),
                shown: self.shown.clone(),
                subject: self.subject.clone(),
                held: None,
            },
        })
    }

    /// The error for a path that is not what the recipe reads.
    pub fn wrong_format(&self, recipe: &Recipe, reason: Wording) -> SourceError {
        SourceError::WrongFormat { path: self.path.clone(), recipe: recipe.name.clone(), reason }
    }

    /// Digests the bytes of every file; for a folder, also each file's path in it. An error if there
    /// are `files_max` files, or more than `bytes_max` bytes.
    fn digest(&mut self, files_max: usize, bytes_max: u64) -> Result<(), SourceError> {
        let folder = self.is_folder();
        if self.files.len() >= files_max {
            return Err(SourceError::TooLarge {
                path: self.path.clone(),
                found: Box::new(Wording::new(
                    format!("{} files or more", self.files.len()),
                    format!("{}个文件或更多", self.files.len()),
                )),
                limit: Box::new(Wording::new(
                    format!("{files_max} files"),
                    format!("{files_max}个文件"),
                )),
            });
        }
        let mut total = 0;
        for path in &self.files {
            let unreadable = |reason| SourceError::Unreadable { path: path.clone(), reason };
            let file = File::open(path).map_err(unreadable)?;
            let size = file.metadata().map_err(unreadable)?.len();
            total += size;
            if total > bytes_max {
                let found =
                    Wording::new(format!("{total} bytes or more"), format!("{total}字节或更多"));
                return Err(too_many_bytes(&self.path, found, bytes_max));
            }
            if folder {
                let name = self.name_of(path);
                digest_head(&mut self.hasher, &name, size);
            }
            // A file may grow while it is read; the limit still applies.
            self.hasher.update_reader(file.take(bytes_max)).map_err(unreadable)?;
        }
        self.digest_beside()
    }

    /// Digests the file that the rows depend on, if there is one.
    pub fn digest_beside(&mut self) -> Result<(), SourceError> {
        if let Some(path) = &self.beside {
            let unreadable = |reason| SourceError::Unreadable { path: path.clone(), reason };
            let file = File::open(path).map_err(unreadable)?;
            self.hasher.update(b"\0beside\0");
            self.hasher.update_reader(file.take(BYTES_MAX)).map_err(unreadable)?;
        }
        Ok(())
    }

    /// A file's path in the folder, with `/` between its parts.
    pub fn name_of(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.path).unwrap_or(path).to_string_lossy();
        inside.replace('\\', "/")
    }

    /// Which of a file's records are to be read; `None` if none are.
    pub fn records_of(&self, path: &Path, records: usize) -> Option<Range<usize>> {
        let Some(taking) = &self.taking else { return Some(0..records) };
        let within = |at: u64| usize::try_from(at).map_or(records, |at| at.min(records));
        taking.get(path).map(|range| within(range.start)..within(range.end))
    }
}

/// What is digested of a folder's file before its bytes.
fn digest_head(hasher: &mut blake3::Hasher, name: &str, size: u64) {
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name.as_bytes());
    hasher.update(&size.to_le_bytes());
}

/// What to name in place of a folder, if a format is of a single file.
fn itself(format: Format) -> Option<Wording> {
    match format {
        Format::TdxBlock => Some(Wording::new(
            "name the file of blocks itself, such as block_gn.dat",
            "请给出板块文件本身，如block_gn.dat",
        )),
        Format::TdxBase => {
            Some(Wording::new("name the file itself, base.dbf", "请给出文件本身：base.dbf"))
        }
        Format::TdxNames => {
            Some(Wording::new("name the file itself, such as szm.tnf", "请给出文件本身，如szm.tnf"))
        }
        _ => None,
    }
}

/// The corporate actions of the TDX terminal whose folder a path is, or in whose `vipdoc` it is.
fn actions_of(path: &Path) -> Option<PathBuf> {
    let spellings = [std::path::absolute(path), fs::canonicalize(path)];
    spellings.into_iter().flatten().find_map(|path| {
        let parents = path.ancestors().filter(|folder| is_named(folder, "vipdoc"));
        let terminals = std::iter::once(path.as_path()).chain(parents.filter_map(Path::parent));
        let mut found = terminals.map(|folder| folder.join(TDX_ACTIONS));
        found.find(|path| path.is_file())
    })
}

/// Copies the content of a pipe or device to a temporary file; an error if it is longer than
/// `bytes_max`.
fn spooled(path: &Path, bytes_max: u64) -> Result<TempPath, SourceError> {
    let unreadable = |reason| SourceError::Unreadable { path: path.to_owned(), reason };
    let mut spool = tempfile::NamedTempFile::new().map_err(unreadable)?;
    let mut pipe = File::open(path).map_err(unreadable)?.take(bytes_max + 1);
    let bytes = std::io::copy(&mut pipe, &mut spool).map_err(unreadable)?;
    if bytes > bytes_max {
        return Err(too_many_bytes(path, more_than(bytes_max), bytes_max));
    }
    Ok(spool.into_temp_path())
}

fn more_than(bytes: u64) -> Wording {
    Wording::new(format!("more than {bytes} bytes"), format!("超过{bytes}字节"))
}

fn too_many_bytes(path: &Path, found: Wording, most: u64) -> SourceError {
    let limit = Wording::new(format!("{most} bytes"), format!("{most}字节"));
    SourceError::TooLarge { path: path.to_owned(), found: Box::new(found), limit: Box::new(limit) }
}

/// A file's whole content; an error if it is longer than `bytes_max`.
pub(crate) fn content(path: &Path, bytes_max: u64) -> Result<Vec<u8>, SourceError> {
    let unreadable = |reason| SourceError::Unreadable { path: path.to_owned(), reason };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > bytes_max {
        return Err(too_many_bytes(path, more_than(bytes_max), bytes_max));
    }
    Ok(bytes)
}

/// The date in a file's name: the first run of eight digits that is a date, or else of six that is
/// a year and month, read as the month's last day.
pub(crate) fn date_in_name(name: &str) -> Option<SessionDate> {
    let runs = || name.split(|c: char| !c.is_ascii_digit());
    let sound = |date: &SessionDate| (1990..2100).contains(&date.date().year());
    let day = runs().filter(|run| run.len() == 8).filter_map(|run| run.parse().ok()).find(sound);
    let month_end = |run: &str| {
        let first: SessionDate = format!("{run}01").parse().ok()?;
        Some(SessionDate::from(first.date().last_of_month()))
    };
    day.or_else(|| runs().filter(|run| run.len() == 6).filter_map(month_end).find(sound))
}

/// A path's last component without its extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned())
}

/// Whether a path has an extension, in any case.
pub(crate) fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

/// Whether a file in a folder of tables is read: text and Parquet.
fn is_table(path: &Path) -> bool {
    ["csv", "txt", "tsv", "xls", "json", "parquet"]
        .iter()
        .any(|extension| has_extension(path, extension))
        && !is_named(path, MANIFEST)
}

/// Whether a file in a folder is the answer of a vendor.
fn is_answer(path: &Path) -> bool {
    ["json", "txt"].iter().any(|extension| has_extension(path, extension))
        && !is_named(path, MANIFEST)
}

/// Beside the answers of a vendor: what was asked for and when. No row is read from it, and it is no
/// part of the digest.
const MANIFEST: &str = "manifest.json";

/// The folder beside it with answers that were refused.
const REFUSED: &str = "refused";

/// Whether a file in a TDX folder has bars of one minute.
fn is_of_minutes(path: &Path) -> bool {
    ["lc1", "1", "01"].iter().any(|extension| has_extension(path, extension))
}

/// Whether a file in a TDX folder has bars of five minutes.
fn is_of_five_minutes(path: &Path) -> bool {
    ["lc5", "5"].iter().any(|extension| has_extension(path, extension))
}

/// Whether a file in a Qlib folder is read: the calendar and the daily fields.
fn is_qlib(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.ends_with(".day.bin") || path.ends_with("calendars/day.txt")
}

/// Whether a file in TDX's folder is read for its industries.
fn is_of_tdx_industries(path: &Path) -> bool {
    TDX_INDUSTRIES.iter().any(|name| is_named(path, name))
}

/// The files of TDX's industries: a line for each security, and the names of the codes.
pub(crate) const TDX_INDUSTRIES: [&str; 2] = ["tdxhy.cfg", "incon.dat"];

/// TDX's file of corporate actions, in the terminal's folder.
const TDX_ACTIONS: &str = "T0002/hq_cache/gbbq";

/// Whether a path's last component is a name, in any case.
pub(crate) fn is_named(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// Collects the wanted files below a folder, at most `most` of them. Links to folders are not
/// followed: they could form a loop.
fn collect(
    folder: &Path,
    wanted: fn(&Path) -> bool,
    depth: usize,
    most: usize,
    found: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        // What a vendor answered and was refused stands beside what was kept.
        let is_refused = is_named(&path, REFUSED) && folder.join(MANIFEST).is_file();
        if kind.is_dir() && depth > 0 && !is_refused {
            collect(&path, wanted, depth - 1, most, found)?;
        } else if !kind.is_dir() && path.is_file() && wanted(&path) {
            found.push(path);
        }
        if found.len() >= most {
            return Ok(());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
