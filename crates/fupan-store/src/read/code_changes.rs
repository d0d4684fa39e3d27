//! Which codes are one security, from the rules and all sources' `code_change` rows.

use arrow::array::Array as _;
use arrow::datatypes::Date32Type;
use fupan_market::{Codes, Renamed, Rulebook, SessionDate};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::scan::Group;
use crate::delta::{Tables, scan};

/// The changes that the rules know, and those that imports hold.
pub(crate) fn of(tables: &Tables) -> Result<Codes, StoreError> {
    codes(&tables.files(Table::CodeChange)?)
}

/// The changes that the rules know, and those in some files.
pub(crate) fn codes(files: &[DataFile]) -> Result<Codes, StoreError> {
    let known = Rulebook::builtin().codes();
    if files.is_empty() {
        return Ok(known.clone());
    }
    Ok(Codes::of(known.changes(), &listed(files)?))
}

/// The changes in some files.
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
