//! What lists say of securities: who they are, their shares, and their industries.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use fupan_market::{Groups, ListedSpan};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::read::securities::{Capital, Securities};
use crate::read::{code_changes, industries};

/// The files of lists that readers see, each table's by source and import.
pub(crate) struct ListFiles {
    pub securities: Vec<DataFile>,
    pub capital: Vec<DataFile>,
    pub industries: Vec<DataFile>,
    pub changes: Vec<DataFile>,
}

/// What they hold.
#[derive(Debug)]
pub(crate) struct Lists {
    /// The files it was read from.
    read_from: Vec<PathBuf>,
    pub securities: Securities,
    pub capital: Capital,
    pub listed: Vec<ListedSpan>,
    pub groups: Arc<Groups>,
    /// Which files of industries name one.
    pub industries_used: Vec<bool>,
    /// Which files of securities name one.
    pub securities_used: Vec<bool>,
}

/// What lists say, as it was last read.
#[derive(Debug, Default)]
pub(crate) struct ListCache(Mutex<Option<Arc<Lists>>>);

impl ListCache {
    /// What lists say in some files. Every range of a walk asks for the same.
    pub fn read(&self, files: &ListFiles) -> Result<Arc<Lists>, StoreError> {
        let held = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = held().as_ref().filter(|lists| lists.is_of(files)) {
            return Ok(Arc::clone(lists));
        }
        // Not under the lock: who reads on several threads may be given another's work meanwhile,
        // which may ask for the lists too.
        let lists = Arc::new(Lists::read(files)?);
        *held() = Some(Arc::clone(&lists));
        Ok(lists)
    }
}

impl ListFiles {
    pub(crate) fn of(
        files: &dyn Fn(Table) -> Result<Vec<DataFile>, StoreError>,
    ) -> Result<ListFiles, StoreError> {
        Ok(ListFiles {
            securities: files(Table::Security)?,
            capital: files(Table::ShareCapital)?,
            industries: files(Table::Industry)?,
            changes: files(Table::CodeChange)?,
        })
    }

    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        let all = [&self.securities, &self.capital, &self.industries, &self.changes];
        all.into_iter().flatten().map(|file| &file.path)
    }
}

impl Lists {
    fn read(files: &ListFiles) -> Result<Lists, StoreError> {
        let codes = code_changes::codes(&files.changes)?;
        let (securities, (capital, industries)) = rayon::join(
            || Securities::read(&files.securities, &codes),
            || {
                rayon::join(
                    || Capital::read(&files.capital, &codes),
                    || industries::read(&files.industries, &files.securities, &codes),
                )
            },
        );
        let (securities, capital, industries) = (securities?, capital?, industries?);
        Ok(Lists {
            read_from: files.paths().cloned().collect(),
            listed: securities.spans(),
            securities,
            capital,
            groups: Arc::new(industries.groups),
            industries_used: industries.lists_used,
            securities_used: industries.securities_used,
        })
    }

    /// Whether these are the files that it was read from.
    fn is_of(&self, files: &ListFiles) -> bool {
        self.read_from.iter().eq(files.paths())
    }
}
