//! Brings what is missing into the store: what a TDX terminal's folder has gained since the last time,
//! and what vendors answer.
//!
//! Every part of the folder is one step, and a step that fails leaves the others alone. What was taken
//! is written down in the store's folder after the rows are in the store: a process that dies between
//! them reads the same rows again, and finds the same import.

mod closures;
mod held;
mod network;
mod state;
mod tdx;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fupan_market::{SessionDate, Wording};
use fupan_source::Progress;
use fupan_store::Store;

pub use closures::{ClosuresDone, closures_due};
pub use network::{FRESH_LISTS, FetchDone, FetchStep, NETWORK_SOURCES, due_lists, missing};
pub use tdx::TdxFolder;

use crate::update::state::State;
use crate::{Error, Imported};

/// One part of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateStep {
    /// What it is, such as "days".
    pub what: Wording,
    /// The recipe that reads it.
    pub recipe: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    take: Take,
}

/// How a step decides what is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Take {
    /// Records after those that were taken.
    Records,
    /// Rows that say something else than the last ones of their securities; all rows now and then.
    News,
    /// The whole list, if it has changed and the last one is some days old.
    List,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub enum Updated {
    /// Rows are in the store.
    Imported {
        /// What was imported.
        imported: Box<Imported>,
        /// Files whose earlier records were not those taken before, so that all of theirs were.
        rewritten: Vec<String>,
    },
    /// Nothing is new.
    Unchanged,
    /// There is something new, and none of it became a row; why.
    NoRow(Wording),
    /// It has changed, and is taken with the next change on or after a day.
    Waits(SessionDate),
}

/// A step with what became of it.
#[derive(Clone, Debug)]
pub struct StepDone {
    /// What became of it.
    pub updated: Updated,
    /// Files that were written before the close of their last day, whose records of it wait for the
    /// terminal to write them again; and that day.
    pub unfinished: (u64, Option<SessionDate>),
}

/// An update of a store, which no other runs beside.
#[derive(Debug)]
pub struct Update<'s> {
    store: &'s Store,
    at: SystemTime,
    state: State,
    /// Held while it lives.
    _lock: File,
}

impl<'s> Update<'s> {
    /// Begins an update at a time.
    ///
    /// # Errors
    /// [`Error::Updating`] if another one of the store is running. Also if its folder cannot be
    /// written, or what is written down there cannot be read.
    pub fn begin(store: &'s Store, at: SystemTime) -> Result<Update<'s>, Error> {
        let lock = state::lock(store.dir())?;
        Ok(Update { store, at, state: State::read(store.dir())?, _lock: lock })
    }

    /// Takes a step.
    ///
    /// # Errors
    /// If its files cannot be read, or the store cannot be written; what was taken before stays.
    pub fn take(&mut self, step: &UpdateStep, progress: &dyn Progress) -> Result<StepDone, Error> {
        match step.take {
            Take::Records => tdx::take_records(self, step, progress),
            Take::News => tdx::take_news(self, step, progress),
            Take::List => tdx::take_list(self, step, progress),
        }
    }

    /// Writes down what was taken.
    fn write_down(&self) -> Result<(), Error> {
        self.state.write(self.store.dir())
    }
}

/// A path as the key of what was taken of it.
fn key_of(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.to_string_lossy().into_owned()
}
