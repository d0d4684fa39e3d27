//! Data from lists of securities: their names and dates, their shares, their groups, and the indices
//! that they are members of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use fupan_market::{Finding, Groups, ListedSpan, Rulebook};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::read::index_weights::IndexWeights;
use crate::read::securities::{Capital, Securities};
use crate::read::{code_changes, definitions, groups, index_weights};

/// The visible files of lists, each table's sorted by source and import.
pub(crate) struct ListFiles {
    pub securities: Vec<DataFile>,
    pub capital: Vec<DataFile>,
    pub industries: Vec<DataFile>,
    pub members: Vec<DataFile>,
    pub index_weights: Vec<DataFile>,
    pub changes: Vec<DataFile>,
    pub definitions: Vec<DataFile>,
    /// The digests of the imports of `definitions`.
    pub digests: Vec<String>,
}

/// The content of the lists.
#[derive(Debug)]
pub(crate) struct Lists {
    /// The files it was read from.
    read_from: Vec<PathBuf>,
    pub securities: Securities,
    pub capital: Capital,
    pub listed: Vec<ListedSpan>,
    pub groups: Arc<Groups>,
    /// Which `industry` files name an industry.
    pub industries_used: Vec<bool>,
    /// Which `group_member` files name a member.
    pub members_used: Vec<bool>,
    /// Which `security` files name an industry.
    pub securities_used: Vec<bool>,
    /// The members of indices.
    pub indices: IndexWeights,
    /// Which `definition` files gave a definition.
    pub definitions_used: Vec<bool>,
    /// What a reader must know about the definitions.
    pub of_definitions: Vec<Finding>,
}

/// The lists as last read.
#[derive(Debug, Default)]
pub(crate) struct ListCache(Mutex<Option<Arc<Lists>>>);

impl ListCache {
    /// Returns the lists in the given files, cached. Every range of a walk needs the same.
    pub fn read(&self, files: &ListFiles, rulebook: &Rulebook) -> Result<Arc<Lists>, StoreError> {
        let held = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = held().as_ref().filter(|lists| lists.is_of(files)) {
            return Ok(Arc::clone(lists));
        }
        // Not under the lock: a thread that waits for parallel reading may be given another task
        // meanwhile, which may need the lists too.
        let lists = Arc::new(Lists::read(files, rulebook)?);
        *held() = Some(Arc::clone(&lists));
        Ok(lists)
    }
}

impl ListFiles {
    /// The files of a table, by `files`; `visible` are the digests of the complete imports, by id.
    pub(crate) fn of(
        files: &dyn Fn(Table) -> Result<Vec<DataFile>, StoreError>,
        visible: &BTreeMap<String, String>,
    ) -> Result<ListFiles, StoreError> {
        let definitions = files(Table::Definition)?;
        let digest = |file: &DataFile| visible.get(&file.import_id).cloned().unwrap_or_default();
        Ok(ListFiles {
            digests: definitions.iter().map(digest).collect(),
            definitions,
            securities: files(Table::Security)?,
            capital: files(Table::ShareCapital)?,
            industries: files(Table::Industry)?,
            members: files(Table::GroupMember)?,
            index_weights: files(Table::IndexWeight)?,
            changes: files(Table::CodeChange)?,
        })
    }

    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        let Self { securities, capital, industries, members, index_weights, changes, .. } = self;
        let all =
            [securities, capital, industries, members, index_weights, changes, &self.definitions];
        all.into_iter().flatten().map(|file| &file.path)
    }
}

impl Lists {
    fn read(files: &ListFiles, rulebook: &Rulebook) -> Result<Lists, StoreError> {
        let codes = code_changes::codes(&files.changes, rulebook)?;
        let (securities, (capital, groups)) = rayon::join(
            || Securities::read(&files.securities, &codes),
            || {
                rayon::join(
                    || Capital::read(&files.capital, &codes),
                    || groups::read([&files.industries, &files.members, &files.securities], &codes),
                )
            },
        );
        let (securities, capital, groups) = (securities?, capital?, groups?);
        // A few lists of a few hundred rows.
        let indices = index_weights::read(&files.index_weights, &codes)?;
        let own = definitions::read(&files.definitions, &files.digests)?;
        Ok(Lists {
            read_from: files.paths().cloned().collect(),
            listed: securities.spans(),
            securities,
            capital,
            groups: Arc::new(groups.groups.with(own.definitions)),
            industries_used: groups.industries_used,
            members_used: groups.members_used,
            securities_used: groups.securities_used,
            indices,
            definitions_used: own.files_used,
            of_definitions: own.findings,
        })
    }

    /// Whether these are the files that it was read from.
    fn is_of(&self, files: &ListFiles) -> bool {
        self.read_from.iter().eq(files.paths())
    }
}
