//! A TDX terminal's folder: its parts, and what is new in each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use fupan_market::{SessionDate, Wording};
use fupan_source::{Partial, Progress, ReadOptions, Recipe, read_grown};
use fupan_store::{Appended, Differing, Store};
use fupan_table::Import;

use crate::Error;
use crate::import::Unstored;
use crate::shanghai::day_in_shanghai;
use crate::update::state::{OfFile, OfFolder};
use crate::update::{StepDone, Take, Update, UpdateStep, Updated, key_of};

/// The folder of a TDX terminal, with `vipdoc` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TdxFolder(PathBuf);

/// A part of the folder: its recipe, where it is (in newer and in older terminals), what it is, and how
/// it is taken.
type Part = (&'static str, &'static [&'static str], (&'static str, &'static str), Take);

/// The parts of every folder. Other exchanges' days (`vipdoc/ds`) have other layouts, and no table.
const PARTS: [Part; 10] = [
    ("tdx-day", &["vipdoc/sh/lday"], ("days, Shanghai", "日线（上海）"), Take::Records),
    ("tdx-day", &["vipdoc/sz/lday"], ("days, Shenzhen", "日线（深圳）"), Take::Records),
    ("tdx-day", &["vipdoc/bj/lday"], ("days, Beijing", "日线（北京）"), Take::Records),
    (
        "tdx-names",
        &["T0002/hq_cache/shs.tnf", "T0002/hq_cache/shm.tnf"],
        ("names, Shanghai", "证券名称（上海）"),
        Take::News,
    ),
    (
        "tdx-names",
        &["T0002/hq_cache/szs.tnf", "T0002/hq_cache/szm.tnf"],
        ("names, Shenzhen", "证券名称（深圳）"),
        Take::News,
    ),
    (
        "tdx-names",
        &["T0002/hq_cache/bjs.tnf", "T0002/hq_cache/bjm.tnf"],
        ("names, Beijing", "证券名称（北京）"),
        Take::News,
    ),
    ("tdx-base", &["T0002/hq_cache/base.dbf"], ("share capital", "股本"), Take::News),
    ("tdx-block-gn", &["T0002/hq_cache/block_gn.dat"], ("concepts", "概念板块"), Take::List),
    ("tdx-block-fg", &["T0002/hq_cache/block_fg.dat"], ("styles", "风格板块"), Take::List),
    ("tdx-block-zs", &["T0002/hq_cache/block_zs.dat"], ("index blocks", "指数板块"), Take::List),
];

/// Years of these are ten times as much as all else.
const MINUTES: [Part; 6] = [
    (
        "tdx-five-minutes",
        &["vipdoc/sh/fzline"],
        ("five-minute bars, Shanghai", "5分钟线（上海）"),
        Take::Records,
    ),
    (
        "tdx-five-minutes",
        &["vipdoc/sz/fzline"],
        ("five-minute bars, Shenzhen", "5分钟线（深圳）"),
        Take::Records,
    ),
    (
        "tdx-five-minutes",
        &["vipdoc/bj/fzline"],
        ("five-minute bars, Beijing", "5分钟线（北京）"),
        Take::Records,
    ),
    (
        "tdx-minutes",
        &["vipdoc/sh/minline"],
        ("one-minute bars, Shanghai", "1分钟线（上海）"),
        Take::Records,
    ),
    (
        "tdx-minutes",
        &["vipdoc/sz/minline"],
        ("one-minute bars, Shenzhen", "1分钟线（深圳）"),
        Take::Records,
    ),
    (
        "tdx-minutes",
        &["vipdoc/bj/minline"],
        ("one-minute bars, Beijing", "1分钟线（北京）"),
        Take::Records,
    ),
];

/// Days after which all rows of a list of securities are taken again: a list shows who is listed for a
/// month.
const WHOLE_EVERY: i32 = 14;

/// Days between two lists of groups: each of them is read by every review.
const GROUPS_EVERY: i32 = 7;

impl TdxFolder {
    /// The folder of a terminal: the one that `vipdoc` is in, or `vipdoc` itself, or one below it.
    ///
    /// # Errors
    /// [`Error::Unfit`] if there is no `vipdoc`.
    pub fn find(path: &Path) -> Result<TdxFolder, Error> {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let is_root =
            |folder: &&Path| child(folder, "vipdoc").is_some_and(|vipdoc| vipdoc.is_dir());
        match absolute.ancestors().take(4).find(is_root) {
            Some(root) => Ok(TdxFolder(root.to_owned())),
            None => Err(Error::Unfit {
                path: path.display().to_string(),
                reason: Wording::new(
                    "there is no folder `vipdoc` in it; name the folder in which the TDX terminal is \
                     installed",
                    "其中没有`vipdoc`文件夹；请给出通达信终端的安装文件夹",
                ),
            }),
        }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The steps for the parts that are there; bars of minutes come last, if they are asked for.
    pub fn steps(&self, minutes: bool) -> Vec<UpdateStep> {
        let parts = PARTS.into_iter().chain(MINUTES.into_iter().filter(|_| minutes));
        let step = |(recipe, places, (en, zh), take): Part| {
            let at = |place: &&str| {
                let names = place.split('/');
                names.into_iter().try_fold(self.0.clone(), |folder, name| child(&folder, name))
            };
            let path = places.iter().find_map(at)?;
            Some(UpdateStep { what: Wording::new(en, zh), recipe, path, take })
        };
        parts.filter_map(step).collect()
    }
}

/// A file or folder with a name, in any case: terminals differ, and so do file systems.
fn child(folder: &Path, name: &str) -> Option<PathBuf> {
    let exact = folder.join(name);
    if exact.exists() {
        return Some(exact);
    }
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let mut found = entries.filter(|entry| entry.file_name().eq_ignore_ascii_case(name));
    found.next().map(|entry| entry.path())
}

/// Whether all imports that were taken of a folder or file are still in the store.
fn are_there(store: &Store, imports: &BTreeSet<String>) -> Result<bool, Error> {
    let records = store.imports()?;
    let there: BTreeSet<&String> = records.iter().map(|record| &record.id.0).collect();
    Ok(imports.iter().all(|id| there.contains(id)))
}

/// Takes the records that a folder has gained. The terminal corrects its own records, so they replace
/// those of its earlier imports.
pub(super) fn take_records(
    update: &mut Update<'_>,
    step: &UpdateStep,
    progress: &dyn Progress,
) -> Result<StepDone, Error> {
    let recipe = Recipe::named(step.recipe)?;
    let key = format!("{} {}", step.recipe, key_of(&step.path));
    let mut known = update.state.folders.remove(&key).unwrap_or_default();
    if !are_there(update.store, &known.imports)? {
        known = OfFolder::default();
    }
    let grown = read_grown(&recipe, &step.path, &known.taken, progress)?;
    let unfinished = grown.unfinished;
    known.taken = grown.taken;
    let updated = match (grown.import, grown.nothing) {
        (Some(import), _) => stored(update, import, grown.rewritten, &mut known.imports)?,
        (None, Some(reason)) => Updated::NoRow(reason),
        (None, None) => Updated::Unchanged,
    };
    update.state.folders.insert(key, known);
    update.write_down()?;
    Ok(StepDone { updated, unfinished })
}

/// Puts rows into the store and the import among those of its folder or file. An update that died
/// before it was written down left them there. Where rows take the place of others, what is left of
/// the earlier import goes on under another id.
fn stored(
    update: &mut Update<'_>,
    import: Import,
    rewritten: Vec<String>,
    own: &mut BTreeSet<String>,
) -> Result<Updated, Error> {
    let id = import.id.0.clone();
    let imported = Unstored::of(import).append(update.store, update.at, Differing::Replace)?;
    own.insert(id.clone());
    let Appended::Added { replaced, .. } = &imported.appended else {
        return Ok(Updated::Unchanged);
    };
    let folders = update.state.folders.values_mut().map(|of| &mut of.imports);
    let files = update.state.files.values_mut().map(|of| &mut of.imports);
    for imports in folders.chain(files).chain([own]) {
        for old in replaced {
            if imports.remove(&old.id) {
                imports.extend(old.rest.iter().cloned().chain([id.clone()]));
            }
        }
    }
    Ok(Updated::Imported { imported: Box::new(imported), rewritten })
}

/// A file's digest, and the day in Shanghai on which it was written.
fn looked_at(path: &Path) -> Result<(String, SessionDate), Error> {
    let io = |source| Error::Io { action: "read", path: path.display().to_string(), source };
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path).map_err(io)?).map_err(io)?;
    let written = fs::metadata(path).and_then(|metadata| metadata.modified()).map_err(io)?;
    let day = day_in_shanghai(written).ok_or_else(|| Error::Unfit {
        path: path.display().to_string(),
        reason: Wording::new("the time of its last change is no date", "其修改时间不是一个日期"),
    })?;
    Ok((hasher.finalize().to_hex().to_string(), day))
}

/// Reads a file as of the day on which it was written.
fn read_file(step: &UpdateStep, on: SessionDate, progress: &dyn Progress) -> Result<Import, Error> {
    let options = ReadOptions { as_of: Some(on), partial: Partial::Accepted };
    Ok(fupan_source::read(&Recipe::named(step.recipe)?, &step.path, &options, progress)?)
}

/// Nothing is new.
const UNCHANGED: StepDone = StepDone { updated: Updated::Unchanged, unfinished: (0, None) };

/// A file that is read whole, what was taken of it before, and the day on which it was written; `None`
/// if it is as it was taken.
fn changed(update: &Update<'_>, step: &UpdateStep) -> Result<Option<(OfFile, SessionDate)>, Error> {
    let (digest, day) = looked_at(&step.path)?;
    let known = update.state.files.get(&key_of(&step.path)).cloned().unwrap_or_default();
    if !are_there(update.store, &known.imports)? {
        return Ok(Some((OfFile { digest, ..OfFile::default() }, day)));
    }
    Ok((known.digest != digest).then_some((OfFile { digest, ..known }, day)))
}

/// Takes of a list of securities the rows that are new or say something else than before, and all of
/// them now and then.
pub(super) fn take_news(
    update: &mut Update<'_>,
    step: &UpdateStep,
    progress: &dyn Progress,
) -> Result<StepDone, Error> {
    let Some((mut of, day)) = changed(update, step)? else { return Ok(UNCHANGED) };
    let mut import = read_file(step, day, progress)?;
    let is_whole = of.whole_on.is_none_or(|on| day.epoch_days() - on.epoch_days() >= WHOLE_EVERY);
    let mut rows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (table, batch) in &mut import.batches {
        let said = said(batch)?;
        let before = of.rows.get(table.name());
        if !is_whole {
            let is_news = |(symbol, text): &(String, String)| {
                before.and_then(|before| before.get(symbol)) != Some(text)
            };
            let news: BooleanArray = said.iter().map(|row| Some(is_news(row))).collect();
            *batch = filter_record_batch(batch, &news).map_err(unlike)?;
        }
        rows.insert(table.name().to_owned(), said.into_iter().collect());
    }
    import.batches.retain(|(_, batch)| batch.num_rows() > 0);
    of.rows = rows;
    if is_whole {
        of.whole_on = Some(day);
    }
    let updated = match import.batches.is_empty() {
        true => Updated::Unchanged,
        false => stored(update, import, Vec::new(), &mut of.imports)?,
    };
    update.state.files.insert(key_of(&step.path), of);
    update.write_down()?;
    Ok(StepDone { updated, ..UNCHANGED })
}

/// Each row's symbol, and all else that it says but the day.
fn said(batch: &RecordBatch) -> Result<Vec<(String, String)>, Error> {
    let options = FormatOptions::new();
    let named = batch.schema();
    let symbol = batch.column_by_name("symbol").and_then(|column| column.as_string_opt::<i32>());
    let Some(symbol) = symbol else { return Ok(Vec::new()) };
    let rest = named.fields().iter().zip(batch.columns());
    let rest =
        rest.filter(|(field, _)| !["symbol", "observed_on"].contains(&field.name().as_str()));
    let rest: Vec<ArrayFormatter<'_>> = rest
        .map(|(_, column)| ArrayFormatter::try_new(column, &options))
        .collect::<Result<_, _>>()
        .map_err(unlike)?;
    let row = |row: usize| {
        let text: Vec<String> = rest.iter().map(|column| column.value(row).to_string()).collect();
        (symbol.value(row).to_owned(), text.join("\u{1f}"))
    };
    Ok((0..symbol.len()).map(row).collect())
}

fn unlike(error: arrow::error::ArrowError) -> Error {
    Error::Table(Wording::of_library("Arrow库", &error))
}

/// Takes a list of groups, if it has changed and the last one is old enough.
pub(super) fn take_list(
    update: &mut Update<'_>,
    step: &UpdateStep,
    progress: &dyn Progress,
) -> Result<StepDone, Error> {
    let Some((mut of, day)) = changed(update, step)? else { return Ok(UNCHANGED) };
    let next = |on: SessionDate| SessionDate::from_epoch_days(on.epoch_days() + GROUPS_EVERY);
    if let Some(next) = of.whole_on.and_then(next).filter(|next| day < *next) {
        return Ok(StepDone { updated: Updated::Waits(next), ..UNCHANGED });
    }
    let import = read_file(step, day, progress)?;
    let updated = stored(update, import, Vec::new(), &mut of.imports)?;
    of.whole_on = Some(day);
    update.state.files.insert(key_of(&step.path), of);
    update.write_down()?;
    Ok(StepDone { updated, ..UNCHANGED })
}
