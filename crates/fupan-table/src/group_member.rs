//! `group_member`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, Int32Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field};
use fupan_market::{SessionDate, Symbol};

use crate::index_weight::part;
use crate::industry::{seen, span, who};
use crate::read::{Dates, Smalls, Symbols, Texts};
use crate::{Null, Table, TableError, column};

/// The columns of the table.
pub(crate) fn fields() -> Vec<Field> {
    let text = |name, null| column(name, DataType::Utf8, null, "text");
    let texts = [text("kind", Null::No), text("code", Null::Yes), text("name", Null::No)];
    let weight = column("weight", DataType::Int32, Null::Yes, "0.0001 %");
    [who(), seen()].into_iter().chain(texts).chain(span()).chain([weight]).collect()
}

/// A source's statement that a security is in a group, as observed on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMemberRow {
    /// The security.
    pub symbol: Symbol,
    /// The date of the source's statement.
    pub observed_on: SessionDate,
    /// The kind of the list, a word of [`GroupKind`](fupan_market::GroupKind).
    pub kind: String,
    /// The group's code in the list, if given.
    pub code: Option<String>,
    /// The group's name in the list.
    pub name: String,
    /// First day in it, if given.
    pub since: Option<SessionDate>,
    /// First day no longer in it, if given.
    pub until: Option<SessionDate>,
    /// Its weight in millionths of the group (0.0001 %), at most
    /// [`WHOLE_INDEX`](fupan_market::WHOLE_INDEX), if given.
    pub weight: Option<u32>,
}

/// A batch of `group_member`.
///
/// # Errors
/// [`TableError::Value`] if a weight is more than the whole group; [`TableError::Arrow`] if Arrow
/// refuses the batch.
pub fn group_member_batch(
    rows: impl IntoIterator<Item = GroupMemberRow>,
) -> Result<RecordBatch, TableError> {
    let [mut symbol, mut kind, mut code, mut name]: [StringBuilder; 4] = Default::default();
    let [mut observed_on, mut since, mut until]: [Date32Builder; 3] = Default::default();
    let mut weight = Int32Builder::new();
    for (place, row) in rows.into_iter().enumerate() {
        symbol.append_value(row.symbol.to_string());
        observed_on.append_value(row.observed_on.epoch_days());
        kind.append_value(row.kind);
        code.append_option(row.code);
        name.append_value(row.name);
        since.append_option(row.since.map(SessionDate::epoch_days));
        until.append_option(row.until.map(SessionDate::epoch_days));
        let stored = part(Table::GroupMember, place, row.weight)?;
        weight.append_option(stored.and_then(|weight| i32::try_from(weight).ok()));
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(symbol.finish()),
        Arc::new(observed_on.finish()),
        Arc::new(kind.finish()),
        Arc::new(code.finish()),
        Arc::new(name.finish()),
        Arc::new(since.finish()),
        Arc::new(until.finish()),
        Arc::new(weight.finish()),
    ];
    Ok(RecordBatch::try_new(Table::GroupMember.schema(), columns)?)
}

/// The rows of a `group_member` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn group_member_rows(batch: &RecordBatch) -> Result<Vec<GroupMemberRow>, TableError> {
    const TABLE: Table = Table::GroupMember;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let texts = |name| Texts::of(TABLE, batch, name);
    let (kind, code, name) = (texts("kind")?, texts("code")?, texts("name")?);
    let dates = |name| Dates::of(TABLE, batch, name);
    let (observed_on, since, until) = (dates("observed_on")?, dates("since")?, dates("until")?);
    let weight = Smalls::of(TABLE, batch, "weight")?;
    (0..batch.num_rows())
        .map(|row| {
            Ok(GroupMemberRow {
                symbol: symbol.required(row)?,
                observed_on: observed_on.required(row)?,
                kind: kind.required(row)?.to_owned(),
                code: code.get(row).map(str::to_owned),
                name: name.required(row)?.to_owned(),
                since: since.get(row)?,
                until: until.get(row)?,
                weight: part(TABLE, row, weight.get(row)?)?,
            })
        })
        .collect()
}
