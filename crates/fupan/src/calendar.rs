//! Years that a store adds to the built-in calendar of the exchanges.
//!
//! They are in `calendar.txt` in the store's folder: readable lines of closures, each year with the
//! name and digest of the file it came from.

use std::fs;
use std::path::{Path, PathBuf};

use fupan_market::{Calendar, ClosedYear, ClosuresError, Wording, shown};
use fupan_store::Store;

use crate::Error;

/// The file's name in the store's folder.
const FILE: &str = "calendar.txt";

/// Largest file of closures, in bytes. A lifetime of closures takes a few kilobytes.
const BYTES_MAX: u64 = 1 << 20;

/// A year that the store added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnYear {
    /// Its closures.
    pub closed: ClosedYear,
    /// The file they came from, with its digest.
    pub from: String,
}

/// The sessions that this process knows: the built-in years, and those that [`install`] added.
pub fn known() -> &'static Calendar {
    Calendar::builtin()
}

/// The years that a store added, earliest first. Empty if it added none or is not a store.
///
/// # Errors
/// [`Error::Io`], [`Error::Unfit`] or [`Error::Closures`] if the file exists and cannot be used.
pub fn own_years(store: &Path) -> Result<Vec<OwnYear>, Error> {
    let path = store.join(FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = read(&path)?;
    let closures = |reason| closures_error(&path, reason);
    let provenance = |year: i16| {
        let begins = format!("# {year} from ");
        text.lines().find_map(|line| line.strip_prefix(&begins)).unwrap_or_default().to_owned()
    };
    if text.lines().all(|line| line.is_empty() || line.starts_with('#')) {
        return Ok(Vec::new());
    }
    let years = ClosedYear::read(&text).map_err(closures)?;
    let own = |closed: ClosedYear| OwnYear { from: provenance(closed.year), closed };
    Ok(years.into_iter().map(own).collect())
}

/// Sets this process's calendar to the built-in one plus the store's own years. Call it before
/// anything reads the calendar.
///
/// # Errors
/// As [`own_years`]; [`Error::CalendarInUse`] if the calendar has been read already.
pub fn install(store: &Path) -> Result<(), Error> {
    let own = own_years(store)?;
    if own.is_empty() {
        return Ok(());
    }
    let calendar = together(&own).map_err(|reason| closures_error(&store.join(FILE), reason))?;
    if Calendar::install(calendar) { Ok(()) } else { Err(Error::CalendarInUse) }
}

/// The built-in calendar with a store's own years. For a year that both have, the built-in one is
/// used.
fn together(own: &[OwnYear]) -> Result<Calendar, ClosuresError> {
    let built_in = Calendar::with_years(&[])?;
    let last = built_in.last().date().year();
    let later = own.iter().map(|own| &own.closed).filter(|closed| closed.year > last);
    Calendar::with_years(&later.cloned().collect::<Vec<_>>())
}

/// Adds the years of a file of closures to a store, creating the store if the folder is none.
/// Returns the years that were not known before.
///
/// # Errors
/// [`Error::Closures`] if the file does not hold whole years that follow the calendar's last, or
/// changes the closures of a known year of which the store has sessions.
pub fn add(store: &Path, file: &Path) -> Result<Vec<ClosedYear>, Error> {
    add_text(store, file, &read(file)?)
}

/// The same with the text of a file, or of a folder of answers.
pub(crate) fn add_text(store: &Path, file: &Path, text: &str) -> Result<Vec<ClosedYear>, Error> {
    let closures = |reason| closures_error(file, reason);
    let years = ClosedYear::read(text).map_err(closures)?;
    let mut own = own_years(store)?;
    let known = together(&own).map_err(|reason| closures_error(&store.join(FILE), reason))?;
    let opened = Store::open_or_create(store)?;
    let held = opened.sessions()?.map(|(_, last)| last.date().year());
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let digest = blake3::hash(text.as_bytes()).to_hex();
    let from = format!("{}, blake3 {digest}", shown(&name));
    let mut added = Vec::new();
    for closed in years {
        match known.closed_in(closed.year) {
            Some(same) if same == closed => continue,
            Some(_) => {
                let own_year = own.iter().any(|own| own.closed.year == closed.year);
                if !own_year || held.is_some_and(|held| held >= closed.year) {
                    return Err(closures(ClosuresError::Known { year: closed.year }));
                }
                own.retain(|own| own.closed.year != closed.year);
            }
            None => {}
        }
        own.push(OwnYear { closed: closed.clone(), from: from.clone() });
        added.push(closed);
    }
    own.sort_by_key(|own| own.closed.year);
    together(&own).map_err(closures)?;
    if !added.is_empty() {
        write(&store.join(FILE), &own)?;
    }
    Ok(added)
}

fn closures_error(path: &Path, reason: ClosuresError) -> Error {
    Error::Closures { path: shown(&path.display().to_string()).into_owned(), reason }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = shown(&path.display().to_string()).into_owned();
    move |source| Error::Io { action, path, source }
}

fn read(path: &Path) -> Result<String, Error> {
    let about = fs::metadata(path).map_err(failed("read", path))?;
    if !about.is_file() || about.len() > BYTES_MAX {
        return Err(Error::Unfit {
            path: shown(&path.display().to_string()).into_owned(),
            reason: Wording::new(
                "it is not a regular file of at most 1 MiB",
                "它不是1 MiB以内的普通文件",
            ),
        });
    }
    fs::read_to_string(path).map_err(failed("read", path))
}

/// Writes to a temporary file and renames it, so that a full disk leaves an older file whole.
fn write(path: &Path, own: &[OwnYear]) -> Result<(), Error> {
    let mut text = "# Closures of further years, written by `fupan calendar add`.\n".to_owned();
    for OwnYear { closed, from } in own {
        text.push_str(&format!("# {} from {from}\n{closed}\n", closed.year));
    }
    let partial: PathBuf = path.with_extension("partial");
    fs::write(&partial, text).map_err(failed("write", path))?;
    fs::rename(&partial, path).map_err(failed("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An invented year, not the exchanges' closures.
    const INVENTED: &str =
        "2027-01-01\n2027-02-05 to 2027-02-11\n2027-04-05\n2027-10-01 to 2027-10-07\n";

    #[test]
    fn a_year_is_added_once_and_kept_with_its_origin() {
        let folder = tempfile::tempdir().unwrap();
        let (store, file) = (folder.path().join("store"), folder.path().join("2027.txt"));
        fs::write(&file, INVENTED).unwrap();
        assert_eq!(own_years(&store).unwrap(), []);
        let added = add(&store, &file).unwrap();
        assert_eq!(added.len(), 1);
        let own = own_years(&store).unwrap();
        assert_eq!(own[0].closed, added[0]);
        assert!(own[0].from.starts_with("2027.txt, blake3 "), "{}", own[0].from);
        assert_eq!(together(&own).unwrap().last().to_string(), "2027-12-31");
        assert_eq!(add(&store, &file).unwrap(), [], "known already");
        fs::write(&file, INVENTED.replace("2027-04-05", "2027-04-06")).unwrap();
        assert_eq!(add(&store, &file).unwrap().len(), 1, "no session rests on it yet");
        assert_eq!(own_years(&store).unwrap().len(), 1);
    }

    #[test]
    fn what_cannot_be_added_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (store, file) = (folder.path().join("store"), folder.path().join("c.txt"));
        for text in [
            "2027-01-01\n",
            &INVENTED.replace("2027", "2028"),
            &INVENTED.replace("2027", "2026"),
            "x\n",
        ] {
            fs::write(&file, text).unwrap();
            assert!(matches!(add(&store, &file), Err(Error::Closures { .. })), "{text}");
            assert!(!store.join(FILE).exists());
        }
        assert!(matches!(add(&store, folder.path()), Err(Error::Unfit { .. })));
    }
}
