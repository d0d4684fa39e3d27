//! Imports the reader's files into the store.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::SystemTime;

use arrow::array::AsArray as _;
use arrow::datatypes::Date32Type;
use fupan_market::{Finding, FindingKind, Place, SessionDate, Wording};
use fupan_source::{Progress, ReadOptions, Recipe, Recognised};
use fupan_store::{Appended, Differing, Store};
use fupan_table::Import;

use crate::shanghai::day_in_shanghai;
use crate::{Error, lists, own};

/// The result of importing one file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The file's name.
    pub file: String,
    /// The recipe it was read by.
    pub recipe: String,
    /// The layout that was recognised; empty if there was nothing to recognise.
    pub layout: Wording,
    /// Rows read from it.
    pub rows_read: u64,
    /// Of them, rows lost: they belong in the store and are not in it.
    pub rows_left_out: u64,
    /// Of them, rows of kinds that no table holds.
    pub rows_not_covered: u64,
    /// What the store did with them.
    pub appended: Appended,
    /// What is wrong with the file or missing from it.
    pub findings: Vec<Finding>,
}

/// Reads one file (or folder, for formats that are folders) and appends it to the store. The import
/// is all there or not at all; repeating it changes nothing.
///
/// # Errors
/// If the file cannot be read by the recipe, or the store cannot be written.
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

/// A file whose rows are read and not yet in the store. While it is appended, another thread may
/// read the next one.
#[derive(Clone, Debug)]
pub struct Unstored(Import);

impl Unstored {
    /// Rows that were read elsewhere.
    pub(crate) fn of(import: Import) -> Unstored {
        Unstored(import)
    }

    /// Reads one file, or folder.
    ///
    /// # Errors
    /// If the file cannot be read by the recipe.
    pub fn read(
        recipe: &Recipe,
        path: &Path,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<Unstored, Error> {
        Ok(Unstored(fupan_source::read(recipe, path, options, progress)?))
    }

    /// Rows that it holds in memory.
    pub fn rows(&self) -> usize {
        self.0.batches.iter().map(|(_, batch)| batch.num_rows()).sum()
    }

    /// Appends it to the store with the time of the import. `differing` says what to do about rows
    /// that an earlier import of the same source holds with other values.
    ///
    /// # Errors
    /// If the store cannot be written, or holds what contradicts it.
    pub fn append(
        self,
        store: &Store,
        at: SystemTime,
        differing: Differing,
    ) -> Result<Imported, Error> {
        let Unstored(mut import) = self;
        let ahead = ahead_of_time(&import, at);
        import.findings.extend(ahead);
        let of_definitions = own::of_import(store, &import)?;
        import.findings.extend(of_definitions);
        // With --replace, there are no two lists afterwards.
        let of_lists = lists::of_import(store, &import, differing)?;
        let appended = store.append_at(&import, at, differing)?;
        if matches!(appended, Appended::Added { .. }) {
            import.findings.extend(of_lists);
        }
        Ok(imported(import, appended))
    }
}

/// A finding if rows are of days that are still in the future in Shanghai at the time of the
/// import. Nobody can have traded on them. The clock is as likely to be wrong as the file, so the
/// rows are kept and reported.
fn ahead_of_time(import: &Import, at: SystemTime) -> Option<Finding> {
    let today = day_in_shanghai(at)?.epoch_days();
    let sessions = import.batches.iter().filter_map(|(_, batch)| batch.column_by_name("session"));
    let days = sessions.filter_map(|column| column.as_primitive_opt::<Date32Type>());
    let (mut count, mut last) = (0, today);
    for day in days.flat_map(|days| days.values()).filter(|day| **day > today) {
        (count, last) = (count + 1, last.max(*day));
    }
    let [today, last] = [today, last].map(SessionDate::from_epoch_days);
    let (today, last) = (today?, last?);
    (count > 0).then(|| Finding {
        kind: FindingKind::AheadOfTime,
        count,
        subject: last.to_string(),
        detail: Wording::new(
            format!("Some rows are dated after today, up to {last}; today is {today} in Shanghai"),
            format!("有的行日期晚于今天，最晚为{last}，而上海今天是{today}"),
        ),
        hint: Wording::new(
            "Check the file's dates and this machine's clock; `fupan drop` removes the import.",
            "请核对文件中的日期和本机时钟；`fupan drop`可以取出这次导入。",
        ),
        place: Some(Place { file: import.file.clone(), row: None, column: None }),
    })
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
/// If no recipe fits, several fit equally well, or the file cannot be opened.
pub fn recognise(path: &Path) -> Result<Recognised, Error> {
    Ok(fupan_source::recognise(path)?)
}

/// The recipe of that name, or the one in the reader's own TOML file.
///
/// # Errors
/// If neither a built-in recipe nor a readable file has that name, or the file is not a recipe.
pub fn recipe(name_or_path: &str) -> Result<Recipe, Error> {
    if !name_or_path.ends_with(".toml") {
        return Ok(Recipe::named(name_or_path)?);
    }
    let text = small_text(name_or_path)?;
    let stem = Path::new(name_or_path).file_stem().and_then(|s| s.to_str()).unwrap_or("recipe");
    Ok(Recipe::from_toml(stem, &text)?)
}

/// Reads a text file of at most 1 MiB, which is longer than any recipe.
fn small_text(path: &str) -> Result<String, Error> {
    const MOST: u64 = 1 << 20;
    let unreadable = |source| Error::Io { action: "read", path: path.to_owned(), source };
    let unfit = |en, zh| Error::Unfit { path: path.to_owned(), reason: Wording::new(en, zh) };
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes));
    if read.map_err(unreadable)? as u64 > MOST {
        return Err(unfit(
            "it is longer than 1 MiB, which no recipe is; is it the file to import?",
            "它超过1 MiB，而配方没有这么长；这是要导入的文件吗？",
        ));
    }
    String::from_utf8(bytes).map_err(|_| unfit("it is not text in UTF-8", "它不是UTF-8编码的文本"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sample;

    #[test]
    fn rows_of_days_to_come_are_said() {
        let import = sample::small().imports().unwrap().remove(0);
        let last: SessionDate = "2026-11-20".parse().unwrap();
        // Midnight in Shanghai, and the second before it.
        let midnight = u64::try_from(last.epoch_days()).unwrap() * 86_400 - 8 * 3600;
        let at = |second| SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        assert_eq!(ahead_of_time(&import, at(midnight)), None);
        let found = ahead_of_time(&import, at(midnight - 1)).unwrap();
        assert_eq!((found.kind, found.subject.as_str()), (FindingKind::AheadOfTime, "2026-11-20"));
        let of_day = |batch: &arrow::array::RecordBatch| {
            let column = batch.column_by_name("session")?;
            let days = column.as_primitive::<Date32Type>().values();
            Some(days.iter().filter(|day| **day == last.epoch_days()).count() as u64)
        };
        let rows: u64 = import.batches.iter().filter_map(|(_, batch)| of_day(batch)).sum();
        assert_eq!(found.count, rows);
    }
}
