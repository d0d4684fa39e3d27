//! Which codes belong to one security, from the rulebook and all sources' `code_change` rows.

use arrow::array::Array as _;
use arrow::datatypes::Date32Type;
use fupan_market::{Codes, Renamed, Rulebook, SessionDate};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan::Group;
use crate::delta::{Tables, scan};

/// The changes in the rulebook, and those imported.
pub(crate) fn of(tables: &Tables) -> Result<Codes, StoreError> {
    codes(&tables.files(Table::CodeChange)?, tables.rulebook())
}

/// The changes in the rulebook, and those in the given files.
pub(crate) fn codes(files: &[DataFile], rulebook: &Rulebook) -> Result<Codes, StoreError> {
    let known = rulebook.codes();
    if files.is_empty() {
        return Ok(known.clone());
    }
    Ok(Codes::of(known.changes(), &listed(files)?))
}

/// The changes in the given files.
pub(crate) fn listed(files: &[DataFile]) -> Result<Vec<Renamed>, StoreError> {
    Ok(scan::groups(files, None, &[], |group| changes(&group))?.concat())
}

fn changes(group: &Group) -> Result<Vec<Renamed>, StoreError> {
    let (keys, symbols) = group.symbols()?;
    let old = group.text("old_symbol")?;
    let on = group.numbers::<Date32Type>("session")?;
    let row = |row: usize| {
        Some(Renamed {
            on: SessionDate::from_epoch_days(on.value(row))?,
            old: old.is_valid(row).then(|| scan::symbol(old.value(row))).flatten()?,
            new: symbols[keys.key(row)?]?,
        })
    };
    Ok((0..group.batch.num_rows()).filter_map(row).collect())
}
