//! Reads of a TDX terminal's folder what it has gained since it was last read.
//!
//! A terminal appends a record to each of some thousand files a session, and now and then writes a
//! file anew. What was taken of a file before is known by how many records it had and a digest of
//! them, together with the corporate actions that they rest on: if that still holds, only the records
//! after them are new; if not, all of them are.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fupan_market::{SessionDate, Symbol, Wording};
use fupan_table::Import;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::files::{Payload, content, stem};
use crate::format::tdx_gbbq::Actions;
use crate::format::{TDX_FILE_BYTES_MAX, TDX_RECORD, day_of_record};
use crate::recipe::{Format, Recipe};
use crate::{Partial, Progress, ReadOptions, SourceError, read_payload};

/// What was taken of the files of a folder so far, by their paths in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Taken(BTreeMap<String, TakenRecords>);

impl Taken {
    /// How many files it knows.
    pub fn files(&self) -> usize {
        self.0.len()
    }
}

/// What was taken of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TakenRecords {
    records: u64,
    /// The digest of the records, and of the corporate actions up to the last of them.
    digest: String,
}

/// What a folder has gained.
#[derive(Debug)]
pub struct Grown {
    /// The new rows; `None` if there are none that a table holds.
    pub import: Option<Import>,
    /// What is taken of the folder, once the rows are in the store.
    pub taken: Taken,
    /// Files whose records are not those taken before, so that all of them are new; by path in the
    /// folder.
    pub rewritten: Vec<String>,
    /// Files that were written before the close of their last day, whose record of that day is left
    /// for the next time, and that day.
    pub unfinished: (u64, Option<SessionDate>),
    /// Why none of the new records became a row, if there were any.
    pub nothing: Option<Wording>,
}

/// Reads what a folder of `.day` or of minute files has gained since `taken`. Rows that cannot be read
/// are left out and reported. An import of the same records has the same id.
///
/// # Errors
/// See [`SourceError`]; of a recipe of other files [`SourceError::WrongFormat`].
pub fn read_grown(
    recipe: &Recipe,
    folder: &Path,
    taken: &Taken,
    progress: &dyn Progress,
) -> Result<Grown, SourceError> {
    let mut payload = Payload::undigested(recipe, folder)?;
    let is_of_records = matches!(
        recipe.formats.first(),
        Some(Format::TdxDay | Format::TdxMinutes | Format::TdxFiveMinutes)
    );
    if !is_of_records || !payload.is_folder() {
        let reason = Wording::new(
            "only a folder of a TDX terminal's records grows from session to session",
            "只有通达信的行情记录文件夹会随交易日增长",
        );
        return Err(payload.wrong_format(recipe, reason));
    }
    let actions = payload.beside.as_deref().and_then(|path| Actions::read(path).ok());
    let looked = |path: &PathBuf| Looked::at(path, recipe, actions.as_ref(), &payload, taken);
    let looked: Vec<Looked> = payload.files.par_iter().map(looked).collect::<Result<_, _>>()?;

    let mut grown = Grown {
        import: None,
        taken: Taken::default(),
        rewritten: Vec::new(),
        unfinished: (0, None),
        nothing: None,
    };
    let mut taking = BTreeMap::new();
    for (path, looked) in payload.files.iter().zip(looked) {
        if let Some(day) = looked.unfinished {
            grown.unfinished = (grown.unfinished.0 + 1, grown.unfinished.1.max(Some(day)));
        }
        if looked.rewritten {
            grown.rewritten.push(looked.name.clone());
        }
        if !looked.new.is_empty() {
            payload.hasher.update(&(looked.name.len() as u64).to_le_bytes());
            payload.hasher.update(looked.name.as_bytes());
            payload.hasher.update(&looked.new.start.to_le_bytes());
            payload.hasher.update(&looked.new.end.to_le_bytes());
            payload.hasher.update(looked.digest_of_new.as_bytes());
            taking.insert(path.clone(), looked.new);
        }
        grown.taken.0.insert(looked.name, looked.taken);
    }
    if taking.is_empty() {
        return Ok(grown);
    }
    payload.digest_beside()?;
    payload.taking = Some(taking);
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    match read_payload(recipe, payload, &options, progress) {
        Ok(import) => grown.import = Some(import),
        // New records of bonds alone, or of another kind that no table holds.
        Err(SourceError::Nothing { reason, .. }) => grown.nothing = Some(reason),
        Err(error) => return Err(error),
    }
    Ok(grown)
}

/// One file, held against what was taken of it.
struct Looked {
    name: String,
    taken: TakenRecords,
    new: Range<u64>,
    digest_of_new: blake3::Hash,
    rewritten: bool,
    unfinished: Option<SessionDate>,
}

impl Looked {
    fn at(
        path: &Path,
        recipe: &Recipe,
        actions: Option<&Actions>,
        payload: &Payload,
        taken: &Taken,
    ) -> Result<Looked, SourceError> {
        let bytes = content(path, TDX_FILE_BYTES_MAX)?;
        let records: Vec<&[u8]> = bytes.chunks_exact(TDX_RECORD).collect();
        let day = |record: &&[u8]| day_of_record(recipe, record);
        let open = open_day(path);
        let finished = match open {
            Some(open) => {
                records.iter().rposition(|record| day(record) < open).map_or(0, |r| r + 1)
            }
            None => records.len(),
        };
        let symbol = stem(path).parse::<Symbol>().ok();
        let events = actions.zip(symbol).map_or(&[][..], |(actions, symbol)| actions.of(symbol));
        let digest = |upto: usize| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&bytes[..upto * TDX_RECORD]);
            let last = upto.checked_sub(1).map_or(0, |last| day(&records[last]));
            for event in events.iter().filter(|event| event.date <= last) {
                event.numbers().iter().for_each(|number| {
                    hasher.update(&number.to_le_bytes());
                });
            }
            hasher.finalize().to_hex().to_string()
        };
        let name = payload.name_of(path);
        let before = taken.0.get(&name);
        let known = before.and_then(|before| usize::try_from(before.records).ok());
        let known = known
            .filter(|known| *known <= finished)
            .filter(|known| before.is_some_and(|before| before.digest == digest(*known)));
        let start = known.unwrap_or(0);
        Ok(Looked {
            taken: TakenRecords { records: finished as u64, digest: digest(finished) },
            new: start as u64..finished as u64,
            digest_of_new: blake3::hash(&bytes[start * TDX_RECORD..finished * TDX_RECORD]),
            rewritten: before.is_some() && known.is_none(),
            unfinished: (finished < records.len()).then(|| date(open?)).flatten(),
            name,
        })
    }
}

/// A day as 20260212.
fn date(day: i32) -> Option<SessionDate> {
    day.to_string().parse().ok()
}

/// The day in Shanghai on which a file was written before its close, as 20260212: its record of that
/// day is of a session that was still running. `None` if it was written after the close, or if the
/// system does not know when.
fn open_day(path: &Path) -> Option<i32> {
    let written = fs::metadata(path).ok()?.modified().ok()?;
    day_before_close(written)
}

fn day_before_close(written: SystemTime) -> Option<i32> {
    // Shanghai has been at UTC+8 all year since 1991; both exchanges close at 15:00.
    const AHEAD: Duration = Duration::from_secs(8 * 3600);
    const CLOSE: u64 = 15 * 3600;
    const DAY: u64 = 86_400;
    let seconds = (written + AHEAD).duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    if seconds % DAY >= CLOSE {
        return None;
    }
    let day = SessionDate::from_epoch_days(i32::try_from(seconds / DAY).ok()?)?;
    day.to_string().replace('-', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_open_until_three_in_the_afternoon_in_shanghai() {
        let noon = 1_770_868_800; // 2026-02-12 12:00 in Shanghai
        let at =
            |seconds: u64| day_before_close(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(noon), Some(20_260_212));
        assert_eq!(at(noon + 3 * 3600 - 1), Some(20_260_212));
        assert_eq!(at(noon + 3 * 3600), None);
        assert_eq!(at(noon + 12 * 3600 - 1), None);
        assert_eq!(at(noon + 12 * 3600), Some(20_260_213));
    }
}
