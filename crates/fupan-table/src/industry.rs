//! `industry`: rows to and from Arrow.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field};
use fupan_market::{GroupId, SessionDate, Symbol};

use crate::read::{Dates, Symbols, Texts};
use crate::{Null, Table, TableError, column};

/// Levels that a classification may have.
const LEVELS: usize = GroupId::LEVELS;

/// The columns of each level, coarsest first: its code and its name.
pub const INDUSTRY_LEVELS: [[&str; 2]; LEVELS] =
    [["code_1", "name_1"], ["code_2", "name_2"], ["code_3", "name_3"]];

/// The columns of the table. Of the levels only the first one's name is required.
pub(crate) fn fields() -> Vec<Field> {
    let null = |name: &str| if name == INDUSTRY_LEVELS[0][1] { Null::No } else { Null::Yes };
    let levels = INDUSTRY_LEVELS.into_iter().flatten();
    [who(), seen()]
        .into_iter()
        .chain(levels.map(|name| column(name, DataType::Utf8, null(name), "text")))
        .chain(span())
        .collect()
}

/// The security that a row of a list is about.
pub(crate) fn who() -> Field {
    column("symbol", DataType::Utf8, Null::No, "canonical symbol")
}

/// The date of a list.
pub(crate) fn seen() -> Field {
    column("observed_on", DataType::Date32, Null::No, "date")
}

/// The first day of a membership and the first day after it.
pub(crate) fn span() -> [Field; 2] {
    ["since", "until"].map(|name| column(name, DataType::Date32, Null::Yes, "date"))
}

/// The industry of a security in its source's classification, as observed on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndustryRow {
    /// The security.
    pub symbol: Symbol,
    /// The date of the source's statement.
    pub observed_on: SessionDate,
    /// By level, coarsest first: the code, if given, and the name. The first level always has a
    /// name.
    pub levels: [(Option<String>, Option<String>); LEVELS],
    /// First day in it, if given.
    pub since: Option<SessionDate>,
    /// First day no longer in it, if given.
    pub until: Option<SessionDate>,
}

/// A batch of `industry`.
///
/// # Errors
/// [`TableError::Arrow`] if Arrow refuses the batch, as it does if the first level has no name.
pub fn industry_batch(
    rows: impl IntoIterator<Item = IndustryRow>,
) -> Result<RecordBatch, TableError> {
    let mut symbol = StringBuilder::new();
    let mut observed_on = Date32Builder::new();
    let mut texts: [StringBuilder; 2 * LEVELS] = Default::default();
    let [mut since, mut until] = [Date32Builder::new(), Date32Builder::new()];
    for row in rows {
        symbol.append_value(row.symbol.to_string());
        observed_on.append_value(row.observed_on.epoch_days());
        let levels = row.levels.into_iter().flat_map(|(code, name)| [code, name]);
        for (builder, text) in texts.iter_mut().zip(levels) {
            builder.append_option(text);
        }
        since.append_option(row.since.map(SessionDate::epoch_days));
        until.append_option(row.until.map(SessionDate::epoch_days));
    }
    let mut columns: Vec<ArrayRef> =
        vec![Arc::new(symbol.finish()), Arc::new(observed_on.finish())];
    columns.extend(texts.map(|mut texts| Arc::new(texts.finish()) as ArrayRef));
    columns.extend([since, until].map(|mut dates| Arc::new(dates.finish()) as ArrayRef));
    Ok(RecordBatch::try_new(Table::Industry.schema(), columns)?)
}

/// The rows of an `industry` batch.
///
/// # Errors
/// If a column is missing or a value is invalid.
pub fn industry_rows(batch: &RecordBatch) -> Result<Vec<IndustryRow>, TableError> {
    const TABLE: Table = Table::Industry;
    let symbol = Symbols::of(TABLE, batch, "symbol")?;
    let observed_on = Dates::of(TABLE, batch, "observed_on")?;
    let levels: Vec<(Texts<'_>, Texts<'_>)> = INDUSTRY_LEVELS
        .into_iter()
        .map(|[code, name]| Ok((Texts::of(TABLE, batch, code)?, Texts::of(TABLE, batch, name)?)))
        .collect::<Result<_, TableError>>()?;
    let since = Dates::of(TABLE, batch, "since")?;
    let until = Dates::of(TABLE, batch, "until")?;
    (0..batch.num_rows())
        .map(|row| {
            // The first level must have a name.
            levels[0].1.required(row)?;
            let level = |level: usize| {
                let (code, name) = &levels[level];
                (code.get(row).map(str::to_owned), name.get(row).map(str::to_owned))
            };
            Ok(IndustryRow {
                symbol: symbol.required(row)?,
                observed_on: observed_on.required(row)?,
                levels: std::array::from_fn(level),
                since: since.get(row)?,
                until: until.get(row)?,
            })
        })
        .collect()
}
