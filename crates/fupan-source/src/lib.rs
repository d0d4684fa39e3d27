//! Payload bytes to rows and findings.
//!
//! [`read`] reads one file or folder by a [`Recipe`] into the batches of one
//! [`Import`](fupan_table::Import). What is wrong with single rows (a bad date, a high below the
//! close, a symbol of nobody) becomes a [`Finding`](fupan_market::Finding) with its place, and
//! the row is left out; what is wrong with the file as a whole (a missing column, a truncated
//! file, units that do not fit) is a [`SourceError`], and nothing of it is kept.
//!
//! The way of a value: a *format* (`format/`) reads bytes into frames of columns under the
//! file's own names; a *filler* (`fill.rs`) reads their cells as the recipe says, checks each
//! row (`check.rs`) and keeps the sound ones; at the end the rows are put in the order of the
//! table's key (`order.rs`) and the units are judged (`units.rs`).

mod cells;
mod check;
mod decimal;
mod error;
mod files;
mod fill;
mod findings;
mod format;
mod frame;
mod nearest;
mod order;
mod progress;
mod recipe;
mod symbols;
mod topics;
mod units;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use fupan_market::{SessionDate, Wording};
use fupan_table::{Import, ImportId};

pub use error::SourceError;
pub use progress::{NoProgress, Progress};
pub use recipe::Recipe;

use cells::DateMemo;
use check::{Lacking, Sessions};
use files::Payload;
use fill::{Filler, Shared};
use findings::Findings;
use frame::Frame;
use symbols::{Symbols, Texts};
use units::{Units, Verdict};

/// Most rows of one import; they are held in memory until they are put in order.
const ROWS_MAX: u64 = 60_000_000;

/// Frames that wait between the thread that decodes and the one that checks.
const FRAMES_WAITING: usize = 4;

/// What a reader says about a file beyond its recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// The date that a list or snapshot speaks of; where `None`, the date in the file's name.
    pub as_of: Option<SessionDate>,
}

/// Reads a file (or, for `tdx-day` and `qlib-bin`, a folder) by a recipe.
///
/// Batches are in the schema of their table, sorted by date and then by symbol as text, each key
/// once. The import's id is the digest of the bytes, of the recipe's content, and of the file
/// name and date where the recipe reads them.
///
/// # Errors
/// See [`SourceError`]; nothing is kept of a file that fails.
pub fn read(
    recipe: &Recipe,
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Import, SourceError> {
    let payload = Payload::open(recipe, path)?;
    let as_of = as_of(recipe, &payload, options)?;
    let mut shared = Shared {
        symbols: Symbols::default(),
        texts: Texts::default(),
        dates: DateMemo::default(),
        sessions: Sessions::default(),
        findings: Findings::default(),
        units: Units::default(),
        lacking: Lacking::default(),
        as_of,
    };
    let mut fillers: Vec<Filler<'_>> =
        recipe.tables.iter().map(|table| Filler::new(recipe, table)).collect();
    let rows_read = fill(recipe, &payload, progress, &mut fillers, &mut shared)?;
    finish(recipe, payload, rows_read, fillers, shared)
}

/// The date that the recipe wants from outside the file, where it wants one.
fn as_of(
    recipe: &Recipe,
    payload: &Payload,
    options: &ReadOptions,
) -> Result<Option<SessionDate>, SourceError> {
    if !recipe.reads_date_outside() {
        return Ok(None);
    }
    match options.as_of.or_else(|| files::date_in_name(&payload.name())) {
        Some(date) => Ok(Some(date)),
        None => Err(SourceError::AsOfNeeded { path: payload.path.clone() }),
    }
}

/// The name of the thread that a file is decoded on. A panic there is a file that its format's
/// library cannot read, and becomes [`SourceError::Damaged`]; a program may leave it unsaid.
pub const DECODER: &str = "fupan-decoder";

/// Decodes on one thread and checks on this one; answers the rows read.
fn fill(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    fillers: &mut [Filler<'_>],
    shared: &mut Shared,
) -> Result<u64, SourceError> {
    thread::scope(|scope| {
        let (send, frames) = mpsc::sync_channel::<Frame>(FRAMES_WAITING);
        let decode = move || {
            format::read(recipe, payload, progress, &mut |frame| match send.send(frame) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            })
        };
        let decoder =
            thread::Builder::new()
                .name(DECODER.to_owned())
                .spawn_scoped(scope, decode)
                .map_err(|reason| SourceError::Unreadable { path: payload.path.clone(), reason })?;
        let mut rows_read = 0;
        let mut outcome = Ok(());
        for frame in &frames {
            let rows = frame.batch.num_rows() as u64;
            rows_read += rows;
            outcome = take_frame(&frame, rows_read, payload, fillers, shared);
            if outcome.is_err() {
                break;
            }
            progress.advance(rows);
        }
        // Without a receiver the decoder stops at its next frame.
        drop(frames);
        match decoder.join() {
            Ok(decoded) => outcome.and(decoded).map(|()| rows_read),
            // A decoder that panics has met bytes its author did not expect.
            Err(_) => Err(SourceError::Damaged {
                path: payload.path.clone(),
                reason: "its content cannot be decoded".to_owned(),
            }),
        }
    })
}

fn take_frame(
    frame: &Frame,
    rows_read: u64,
    payload: &Payload,
    fillers: &mut [Filler<'_>],
    shared: &mut Shared,
) -> Result<(), SourceError> {
    if rows_read > ROWS_MAX {
        return Err(SourceError::TooLarge {
            path: payload.path.clone(),
            found: format!("more than {ROWS_MAX} rows"),
            limit: format!("{ROWS_MAX} rows"),
        });
    }
    for (topic, example) in &frame.faults {
        let row = frame.rows_before + frame.batch.num_rows() as u64;
        let at = findings::At { file: &frame.file, row, column: None };
        shared.findings.note(*topic, "", at, || example.clone());
    }
    for filler in fillers {
        filler.push(frame, shared)?;
    }
    Ok(())
}

/// Judges the units, orders the rows and gathers what was found.
fn finish(
    recipe: &Recipe,
    payload: Payload,
    rows_read: u64,
    fillers: Vec<Filler<'_>>,
    mut shared: Shared,
) -> Result<Import, SourceError> {
    if let Some(why) = shared.sessions.unannounced() {
        return Err(SourceError::Unannounced { path: payload.path, why });
    }
    match shared.units.verdict(recipe, &payload.shown) {
        Verdict::Fit(findings) => findings.into_iter().for_each(|f| shared.findings.add(f)),
        Verdict::Wrong { evidence, remedy } => {
            return Err(SourceError::WrongUnits {
                path: payload.path,
                recipe: recipe.name.clone(),
                evidence,
                remedy,
            });
        }
    }
    check::note_lacking(&shared.lacking, &payload.shown, &mut shared.findings);
    let mut batches = Vec::new();
    for filler in fillers.into_iter().filter(|filler| filler.rows() > 0) {
        let unordered = filler.finish(&shared);
        let table = unordered.table;
        let batch = unordered.order(&shared.texts, &payload.shown, &mut shared.findings).map_err(
            |error| SourceError::Damaged { path: payload.path.clone(), reason: error.to_string() },
        )?;
        batches.push((table, batch));
    }
    if batches.is_empty() {
        let none = || "the file has no rows".to_owned();
        return Err(SourceError::Nothing {
            reason: shared.findings.commonest().unwrap_or_else(none),
            path: payload.path,
            recipe: recipe.name.clone(),
        });
    }
    let (digest, id) = identify(recipe, &payload, shared.as_of);
    Ok(Import {
        id,
        source: recipe.source.clone(),
        recipe: recipe.name.clone(),
        file: payload.name(),
        digest,
        batches,
        rows_read,
        rows_left_out: 0,
        rows_not_covered: 0,
        layout: Wording::none(),
        findings: shared.findings.finish(),
    })
}

/// The digest of the bytes, and of the bytes with the way they were read.
fn identify(recipe: &Recipe, payload: &Payload, as_of: Option<SessionDate>) -> (String, ImportId) {
    let digest = payload.hasher.finalize().to_hex().to_string();
    let mut hasher = payload.hasher.clone();
    hasher.update(b"\0recipe\0");
    hasher.update(recipe.name.as_bytes());
    hasher.update(b"\0");
    hasher.update(recipe.canonical.as_bytes());
    if let Some(date) = as_of {
        hasher.update(format!("\0as of\0{date}").as_bytes());
    }
    if recipe.reads_symbol_in_name() {
        hasher.update(format!("\0name\0{}", payload.subject).as_bytes());
    }
    (digest, ImportId(hasher.finalize().to_hex().to_string()))
}
