//! Reading typed columns of one table's batch, row by row.

use arrow::array::{Array, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use fupan_market::{Fen, Price, SessionDate, Symbol};

use crate::{Table, TableError};

/// A column of dates.
pub(crate) struct Dates<'a>(Column<'a, Date32Array>);

/// A column of symbols.
pub(crate) struct Symbols<'a>(Column<'a, StringArray>);

/// A column of text.
pub(crate) struct Texts<'a>(Column<'a, StringArray>);

/// A column of prices or index levels.
pub(crate) struct Prices<'a>(Column<'a, Int32Array>);

/// A column of integers.
pub(crate) struct Numbers<'a>(Column<'a, Int64Array>);

/// A column of small integers that are never negative.
pub(crate) struct Smalls<'a>(Column<'a, Int32Array>);

struct Column<'a, A> {
    table: Table,
    name: &'static str,
    array: &'a A,
}

impl<'a, A: Array + 'static> Column<'a, A> {
    fn of(table: Table, batch: &'a RecordBatch, name: &'static str) -> Result<Self, TableError> {
        Ok(Column { table, name, array: crate::error::typed(table, batch, name)? })
    }

    fn bad(&self, row: usize, value: impl ToString) -> TableError {
        TableError::Value {
            table: self.table.name(),
            column: self.name,
            row,
            value: value.to_string(),
        }
    }

    fn required<T>(&self, row: usize, value: Option<T>) -> Result<T, TableError> {
        value.ok_or_else(|| self.bad(row, "null"))
    }
}

macro_rules! opened {
    ($($name:ident),*) => {$(
        impl<'a> $name<'a> {
            pub(crate) fn of(
                table: Table,
                batch: &'a RecordBatch,
                name: &'static str,
            ) -> Result<Self, TableError> {
                Column::of(table, batch, name).map($name)
            }
        }
    )*};
}

opened!(Dates, Symbols, Texts, Prices, Numbers, Smalls);

impl Dates<'_> {
    pub(crate) fn get(&self, row: usize) -> Result<Option<SessionDate>, TableError> {
        if self.0.array.is_null(row) {
            return Ok(None);
        }
        let days = self.0.array.value(row);
        SessionDate::from_epoch_days(days).map(Some).ok_or_else(|| self.0.bad(row, days))
    }

    pub(crate) fn required(&self, row: usize) -> Result<SessionDate, TableError> {
        self.0.required(row, self.get(row)?)
    }
}

impl Symbols<'_> {
    pub(crate) fn required(&self, row: usize) -> Result<Symbol, TableError> {
        let text = self.0.array.is_valid(row).then(|| self.0.array.value(row));
        let text = self.0.required(row, text)?;
        text.parse().map_err(|_| self.0.bad(row, format!("`{text}`")))
    }
}

impl Texts<'_> {
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        self.0.array.is_valid(row).then(|| self.0.array.value(row))
    }

    pub(crate) fn required(&self, row: usize) -> Result<&str, TableError> {
        self.0.required(row, self.get(row))
    }
}

impl Prices<'_> {
    pub(crate) fn get(&self, row: usize) -> Result<Option<Price>, TableError> {
        if self.0.array.is_null(row) {
            return Ok(None);
        }
        let units = self.0.array.value(row);
        Price::from_units(i64::from(units)).map(Some).map_err(|_| self.0.bad(row, units))
    }

    pub(crate) fn required(&self, row: usize) -> Result<Price, TableError> {
        self.0.required(row, self.get(row)?)
    }
}

impl Numbers<'_> {
    pub(crate) fn get(&self, row: usize) -> Option<i64> {
        self.0.array.is_valid(row).then(|| self.0.array.value(row))
    }

    pub(crate) fn fen(&self, row: usize) -> Option<Fen> {
        self.get(row).map(Fen)
    }

    /// A count: null and negative numbers are errors.
    pub(crate) fn count(&self, row: usize) -> Result<u64, TableError> {
        let number = self.0.required(row, self.get(row))?;
        u64::try_from(number).map_err(|_| self.0.bad(row, number))
    }

    /// A count; null reads as 0.
    pub(crate) fn count_or_zero(&self, row: usize) -> Result<u64, TableError> {
        if self.get(row).is_none() { Ok(0) } else { self.count(row) }
    }
}

impl Smalls<'_> {
    pub(crate) fn get(&self, row: usize) -> Result<Option<u32>, TableError> {
        if self.0.array.is_null(row) {
            return Ok(None);
        }
        let number = self.0.array.value(row);
        u32::try_from(number).map(Some).map_err(|_| self.0.bad(row, number))
    }

    pub(crate) fn required(&self, row: usize) -> Result<u32, TableError> {
        self.0.required(row, self.get(row)?)
    }
}
