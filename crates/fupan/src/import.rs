//! The reader's files, into the store.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::SystemTime;

use fupan_market::{Finding, Wording};
use fupan_source::{Progress, ReadOptions, Recipe, Recognised};
use fupan_store::{Appended, Differing, Store};
use fupan_table::Import;

use crate::Error;

/// What became of one file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The file's name.
    pub file: String,
    /// The recipe that it was read by.
    pub recipe: String,
    /// How it was recognised to be laid out; empty where there was nothing to recognise.
    pub layout: Wording,
    /// Rows read from it.
    pub rows_read: u64,
    /// Of them, rows lost: they belong into the store and are not in it.
    pub rows_left_out: u64,
    /// Of them, rows of kinds that no table holds.
    pub rows_not_covered: u64,
    /// What the store did with them.
    pub appended: Appended,
    /// What was found wrong or missing in it.
    pub findings: Vec<Finding>,
}

/// Reads one file (or folder, for formats that are folders) and appends it to the store. The
/// import is all there or not at all; doing it twice changes nothing.
///
/// # Errors
/// Where the file cannot be read by the recipe, or the store cannot be written.
pub fn import(
    store: &Store,
    recipe: &Recipe,
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Imported, Error> {
    let import = fupan_source::read(recipe, path, options, progress)?;
    let appended = store.append(&import)?;
    Ok(imported(import, appended))
}

/// [`import`], at a time that is noted, and with a say on rows that an earlier import of the same
/// source holds with other values.
///
/// # Errors
/// As for [`import`].
pub fn import_at(
    store: &Store,
    recipe: &Recipe,
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
    (at, differing): (SystemTime, Differing),
) -> Result<Imported, Error> {
    let import = fupan_source::read(recipe, path, options, progress)?;
    let appended = store.append_at(&import, at, differing)?;
    Ok(imported(import, appended))
}

fn imported(import: Import, appended: Appended) -> Imported {
    Imported {
        file: import.file,
        recipe: import.recipe,
        layout: import.layout,
        rows_read: import.rows_read,
        rows_left_out: import.rows_left_out,
        rows_not_covered: import.rows_not_covered,
        appended,
        findings: import.findings,
    }
}

/// Finds the built-in recipe that reads a file or folder.
///
/// # Errors
/// Where none fits, several fit as well, or the file cannot be opened.
pub fn recognise(path: &Path) -> Result<Recognised, Error> {
    Ok(fupan_source::recognise(path)?)
}

/// The recipe with a name, or the one in a TOML file of the reader's own.
///
/// # Errors
/// Where neither a built-in recipe nor a readable file has that name, or the file is no recipe.
pub fn recipe(name_or_path: &str) -> Result<Recipe, Error> {
    if !name_or_path.ends_with(".toml") {
        return Ok(Recipe::named(name_or_path)?);
    }
    let text = small_text(name_or_path)?;
    let stem = Path::new(name_or_path).file_stem().and_then(|s| s.to_str()).unwrap_or("recipe");
    Ok(Recipe::from_toml(stem, &text)?)
}

/// The text of a file that no recipe is longer than.
fn small_text(path: &str) -> Result<String, Error> {
    const MOST: u64 = 1 << 20;
    let unreadable = |source| Error::Io { action: "read", path: path.to_owned(), source };
    let unfit = |en, zh| Error::Unfit { path: path.to_owned(), reason: Wording::new(en, zh) };
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes));
    if read.map_err(unreadable)? as u64 > MOST {
        return Err(unfit(
            "longer than 1 MiB, which no recipe is; is it the file to import?",
            "它超过1 MiB，而配方没有这么长；这是要导入的文件吗？",
        ));
    }
    String::from_utf8(bytes).map_err(|_| unfit("it is not text in UTF-8", "它不是UTF-8编码的文本"))
}
