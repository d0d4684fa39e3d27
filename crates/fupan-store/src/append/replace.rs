//! Decides what a new import replaces of the earlier ones of its source.
//!
//! The store never settles rows of one source that disagree: the new import is refused, or the
//! caller asks it to replace the earlier rows. If the new import holds at least nine tenths of an
//! earlier one's rows, and rows of every day of the others, the earlier one is removed as a whole,
//! so that nothing is left over from a file that was withdrawn. Otherwise only the rows with the
//! same keys are removed. The rest stays as an import with an id of its own, so that readers see
//! both changes in one commit.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use fupan_market::Wording;
use fupan_table::{Import, ImportId, Table};

use crate::append::differ::{Compared, Incoming};
use crate::append::{Differing, Rows};
use crate::delta::log::DataFile;
use crate::delta::{Tables, dates};
use crate::error::{Difference, EarlierImport};
use crate::record::{ImportRecord, Replaced};
use crate::{StoreError, append, record};

/// The imports to replace, and the rows of them that stay.
#[derive(Default)]
pub(crate) struct Plan {
    /// The imports that are removed.
    pub replaced: Vec<Replaced>,
    /// The rows of them that stay.
    pub rests: Vec<Rest>,
}

/// The rows of an import that stay.
pub(crate) struct Rest {
    pub record: ImportRecord,
    pub rows: Rows,
}

/// Compares an import with the earlier ones of its source.
///
/// Quotes of shares and of indices are compared only if they are to be replaced: a rule chooses between
/// two versions by their content.
pub(crate) fn plan(
    tables: &Tables,
    import: &Import,
    rows: &Rows,
    differing: Differing,
) -> Result<Plan, StoreError> {
    let visible = tables.visible()?;
    let mut incoming = BTreeMap::new();
    let mut found: BTreeMap<String, Vec<(Table, Compared)>> = BTreeMap::new();
    for (table, batches) in rows {
        let is_quoted = matches!(table, Table::Quote | Table::IndexQuote);
        if is_quoted && differing == Differing::Refuse {
            continue;
        }
        let mut own =
            Incoming::new(*table, batches, differing).map_err(|error| StoreError::Rows {
                import: import.file.clone(),
                table: table.name(),
                detail: Wording::of_library("Arrow库", &error),
            })?;
        for file in tables.files_among(*table, &visible)? {
            if file.source != import.source || !own.may_meet(&file) {
                continue;
            }
            let compared = own.compare(&file)?;
            if compared.differing > 0 {
                found.entry(file.import_id.clone()).or_default().push((*table, compared));
            }
        }
        incoming.insert(*table, own);
    }
    if found.is_empty() {
        return Ok(Plan::default());
    }
    let records = record::all(tables)?;
    let records: BTreeMap<&str, &ImportRecord> =
        records.iter().map(|record| (record.id.0.as_str(), record)).collect();
    match differing {
        Differing::Refuse => Err(refusal(import, &found, &records)),
        Differing::Replace => {
            let mut plan = Plan::default();
            for (id, compared) in &found {
                let Some(record) = records.get(id.as_str()) else { continue };
                let differing = compared.iter().map(|(_, compared)| compared.differing).sum();
                plan.replace(tables, import, record, differing, &mut incoming)?;
            }
            Ok(plan)
        }
    }
}

/// The error with the reasons why an import is refused.
fn refusal(
    import: &Import,
    found: &BTreeMap<String, Vec<(Table, Compared)>>,
    records: &BTreeMap<&str, &ImportRecord>,
) -> StoreError {
    let all = || found.values().flatten();
    let days = all().filter_map(|(_, compared)| compared.days);
    let days = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let tables: BTreeSet<&str> = all().map(|(table, _)| table.name()).collect();
    let earlier = found.iter().map(|(id, compared)| EarlierImport {
        id: id.clone(),
        file: records.get(id.as_str()).map(|record| record.file.clone()).unwrap_or_default(),
        rows: compared.iter().map(|(_, compared)| compared.differing).sum(),
    });
    StoreError::Differs(Box::new(Difference {
        file: import.file.clone(),
        source: import.source.clone(),
        tables: tables.into_iter().map(str::to_owned).collect(),
        rows: all().map(|(_, compared)| compared.differing).sum(),
        days: days.and_then(dates),
        earlier: earlier.collect(),
        examples: all().flat_map(|(_, c)| c.examples.iter().cloned()).take(3).collect(),
    }))
}

impl Plan {
    /// Adds the replacement of one earlier import.
    fn replace(
        &mut self,
        tables: &Tables,
        import: &Import,
        record: &ImportRecord,
        rows_that_differ: u64,
        incoming: &mut BTreeMap<Table, Incoming>,
    ) -> Result<(), StoreError> {
        let (mut rows, mut lost) = (Rows::new(), 0);
        for table in Table::ALL {
            let of_import = |file: &DataFile| file.import_id == record.id.0;
            for file in tables.log(table.name())?.files.iter().filter(|file| of_import(file)) {
                let (kept, gone) = staying(table, file, incoming)?;
                lost += gone;
                if let Some(kept) = kept {
                    rows.entry(table).or_default().push(kept);
                }
            }
        }
        let kept = append::counted(&rows);
        let rows_kept = kept.values().sum();
        let seed = format!("rest of {} without {}", record.id, import.id);
        let rest = ImportId(blake3::hash(seed.as_bytes()).to_hex().to_string());
        self.replaced.push(Replaced {
            id: record.id.0.clone(),
            file: record.file.clone(),
            recipe: record.recipe.clone(),
            imported_at: record.imported_at,
            rows: record.rows.values().sum(),
            rows_that_differ,
            rows_lost: lost,
            rows_kept,
            rest: (rows_kept > 0).then(|| rest.0.clone()),
        });
        if rows_kept > 0 {
            let record = ImportRecord {
                id: rest,
                rows: kept,
                replaced_by: Some(import.id.clone()),
                ..record.clone()
            };
            self.rests.push(Rest { record, rows });
        }
        Ok(())
    }
}

/// The rows of a file that stay, and the number removed that the new import does not hold.
fn staying(
    table: Table,
    file: &DataFile,
    incoming: &mut BTreeMap<Table, Incoming>,
) -> Result<(Option<RecordBatch>, u64), StoreError> {
    let rest = match incoming.get_mut(&table) {
        Some(incoming) => incoming.rest(file)?,
        None => Incoming::whole(table, file)?,
    };
    let (left, all) = (rest.rows.num_rows() as u64, rest.of);
    if left == 0 {
        return Ok((None, 0));
    }
    if rest.within_days && left * 10 <= all {
        return Ok((None, left));
    }
    Ok((Some(rest.rows), 0))
}
