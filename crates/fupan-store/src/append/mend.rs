//! Removes imports from the store.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fupan_table::{ImportId, Table};

use crate::delta::commit::Commit;
use crate::delta::lock::{Lock, Work};
use crate::delta::log::{DataFile, TableLog};
use crate::delta::{IMPORTS, Tables, lock};
use crate::{StoreError, append, record};

/// Drops imports: one commit hides them all, then their rows are removed from the tables. If a
/// process dies in between, the remaining rows are invisible; dropping the import again removes
/// them.
pub(crate) fn drop(tables: &Tables, ids: &[ImportId]) -> Result<(), StoreError> {
    let _lock = lock::take(tables.dir(), Work::Import)?;
    let ids: BTreeSet<&str> = ids.iter().map(|id| id.0.as_str()).collect();
    remove(tables, IMPORTS, &record::schema(), &record::PARTITIONS, &ids)?;
    clear(tables, &ids)
}

/// Removes the rows of hidden imports from the tables.
pub(crate) fn clear(tables: &Tables, ids: &BTreeSet<&str>) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    Table::ALL.into_iter().try_for_each(|table| {
        remove(tables, table.name(), &table.schema(), &append::PARTITIONS, ids)
    })
}

fn remove(
    tables: &Tables,
    table: &str,
    schema: &arrow::datatypes::Schema,
    partition_by: &[&str],
    ids: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    let dir = tables.table_dir(table);
    let log = tables.log(table)?;
    let of_ids = |file: &&DataFile| ids.contains(file.import_id.as_str());
    let removed: Vec<DataFile> = log.files.iter().filter(of_ids).cloned().collect();
    if removed.is_empty() {
        return Ok(());
    }
    let commit = Commit {
        table_dir: &dir,
        schema: &append::with_partitions(schema, partition_by),
        partition_by,
        transaction: None,
        added: Vec::new(),
        removed: &removed,
    };
    tables.runtime()?.block_on(commit.run())
}

/// The import whose id begins with `prefix`, complete or not.
pub(crate) fn named(tables: &Tables, prefix: &str) -> Result<ImportId, StoreError> {
    let mut ids: BTreeSet<String> = tables.visible()?.into_keys().collect();
    for table in Table::ALL {
        ids.extend(tables.log(table.name())?.files.iter().map(|file| file.import_id.clone()));
    }
    if let Some(id) = ids.get(prefix) {
        return Ok(ImportId(id.clone()));
    }
    let mut of_prefix: Vec<String> = match prefix {
        "" => Vec::new(),
        _ => ids.into_iter().filter(|id| id.starts_with(prefix)).collect(),
    };
    match (of_prefix.pop(), of_prefix.is_empty()) {
        (Some(id), true) => Ok(ImportId(id)),
        (None, _) => Err(StoreError::NoImport(prefix.to_owned())),
        (Some(last), false) => {
            of_prefix.push(last);
            Err(StoreError::ManyImports { prefix: prefix.to_owned(), ids: of_prefix })
        }
    }
}

/// Deletes the store's own files that no table lists any more: those replaced or dropped, and those
/// left by a writer that died. Readers still using them began before the last backfill.
pub(crate) fn sweep(tables: &Tables, lock: &Lock) -> Result<(), StoreError> {
    // Without a lock another process may be about to list the file.
    if !lock.is_kept() {
        return Ok(());
    }
    for path in unlisted(tables)?.into_iter().filter(|path| is_own(path)) {
        fs::remove_file(&path).map_err(|error| StoreError::io(&path, error))?;
    }
    Ok(())
}

/// Files in the tables' folders that no table lists.
pub(crate) fn unlisted(tables: &Tables) -> Result<Vec<std::path::PathBuf>, StoreError> {
    let imported = Table::ALL.map(Table::name).into_iter();
    let derived = fupan_table::Derived::ALL.map(fupan_table::Derived::name);
    let mut found = Vec::new();
    for table in imported.chain(derived).chain([IMPORTS]) {
        let dir = tables.table_dir(table);
        let log = TableLog::read(&dir)?;
        let listed: BTreeSet<&Path> = log.files.iter().map(|file| file.path.as_path()).collect();
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(StoreError::io(&dir, error)),
        };
        for entry in entries {
            let path = entry.map_err(|error| StoreError::io(&dir, error))?.path();
            let kind = path.extension().and_then(|extension| extension.to_str());
            if matches!(kind, Some("parquet" | "tmp")) && !listed.contains(path.as_path()) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file has a name of the store's own.
fn is_own(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    ["part-", "year-", "month-"].iter().any(|own| name.starts_with(own))
}
