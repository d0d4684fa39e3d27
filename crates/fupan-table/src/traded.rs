//! The columns of `daily_bar`, `fund_bar` and `quote` that record trading.

use arrow::array::{Array as _, Int32Array, Int64Array, RecordBatch};
use fupan_market::{DailyBar, Fen, Price, SessionDate, Traded, Turnover, TurnoverBasis};

use crate::error::typed;
use crate::{Table, TableError};

/// The columns of a batch that record trading. Whoever reads stored rows, reads their trading here.
#[derive(Clone, Debug)]
pub struct TradedColumns {
    table: Table,
    /// Open, high, low and last price.
    prices: [(&'static str, Int32Array); 4],
    volume: Int64Array,
    turnover: Int64Array,
}

/// The columns of a batch of daily bars, apart from its key: of `daily_bar` or `fund_bar`.
#[derive(Clone, Debug)]
pub struct DailyBarColumns {
    traded: TradedColumns,
    prev_close: Int32Array,
}

impl TradedColumns {
    /// The columns of a batch of `daily_bar`, `fund_bar` or `quote`.
    ///
    /// # Errors
    /// If a column is missing or of another type.
    pub fn of(table: Table, batch: &RecordBatch) -> Result<TradedColumns, TableError> {
        let last = if table == Table::Quote { "last" } else { "close" };
        let price = |name| {
            let prices = typed::<Int32Array>(table, batch, name)?;
            Ok::<_, TableError>((name, prices.clone()))
        };
        Ok(TradedColumns {
            table,
            prices: [price("open")?, price("high")?, price("low")?, price(last)?],
            volume: typed::<Int64Array>(table, batch, "volume")?.clone(),
            turnover: typed::<Int64Array>(table, batch, "turnover")?.clone(),
        })
    }

    /// The trading of a row; `None` if its volume is zero. A turnover that is not there is estimated
    /// from the prices.
    ///
    /// # Errors
    /// If the volume is missing or negative, or the row has a volume and a price is missing or not
    /// a price.
    #[inline]
    pub fn get(&self, row: usize) -> Result<Option<Traded>, TableError> {
        let volume = match self.volume.is_valid(row) {
            true => self.volume.value(row),
            false => return Err(bad(self.table, "volume", row, None)),
        };
        let Ok(volume) = u64::try_from(volume) else {
            return Err(bad(self.table, "volume", row, Some(volume)));
        };
        if volume == 0 {
            return Ok(None);
        }
        let price = |place: usize| {
            let (name, prices) = &self.prices[place];
            price(self.table, name, prices, row)?.ok_or_else(|| bad(self.table, name, row, None))
        };
        let (open, high, low, last) = (price(0)?, price(1)?, price(2)?, price(3)?);
        let turnover = match self.turnover.is_valid(row) {
            true => Turnover { fen: Fen(self.turnover.value(row)), basis: TurnoverBasis::Reported },
            false => Turnover::estimated(volume, open, high, low, last),
        };
        Ok(Some(Traded { open, high, low, last, volume, turnover }))
    }

    /// Whether a row has a volume.
    #[inline]
    pub fn has_volume(&self, row: usize) -> bool {
        self.volume.is_valid(row) && self.volume.value(row) > 0
    }

    /// Whether a row's turnover comes from its source.
    #[inline]
    pub fn reports_turnover(&self, row: usize) -> bool {
        self.turnover.is_valid(row)
    }
}

impl DailyBarColumns {
    /// The columns of a `daily_bar` batch.
    ///
    /// # Errors
    /// If a column is missing or of another type.
    pub fn of(batch: &RecordBatch) -> Result<DailyBarColumns, TableError> {
        DailyBarColumns::of_table(Table::DailyBar, batch)
    }

    /// The columns of a batch of a table of daily bars, `daily_bar` or `fund_bar`.
    ///
    /// # Errors
    /// As for [`DailyBarColumns::of`].
    pub fn of_table(table: Table, batch: &RecordBatch) -> Result<DailyBarColumns, TableError> {
        let traded = TradedColumns::of(table, batch)?;
        let prev_close = typed::<Int32Array>(table, batch, "prev_close")?.clone();
        Ok(DailyBarColumns { traded, prev_close })
    }

    /// The bar in a row, which is of `session`.
    ///
    /// # Errors
    /// As for [`TradedColumns::get`]; and if the previous close is not a price.
    #[inline]
    pub fn bar(&self, row: usize, session: SessionDate) -> Result<DailyBar, TableError> {
        let prev_close = price(self.traded.table, "prev_close", &self.prev_close, row)?;
        Ok(DailyBar { session, prev_close, traded: self.traded.get(row)? })
    }

    /// The columns that record trading.
    pub fn traded(&self) -> &TradedColumns {
        &self.traded
    }
}

/// The price in a row, if there is one.
#[inline]
fn price(
    table: Table,
    column: &'static str,
    prices: &Int32Array,
    row: usize,
) -> Result<Option<Price>, TableError> {
    if prices.is_null(row) {
        return Ok(None);
    }
    let raw = prices.value(row);
    Price::from_raw(raw).map(Some).ok_or_else(|| bad(table, column, row, Some(raw.into())))
}

#[cold]
fn bad(table: Table, column: &'static str, row: usize, value: Option<i64>) -> TableError {
    let value = value.map_or_else(|| "null".to_owned(), |value| value.to_string());
    TableError::Value { table: table.name(), column, row, value }
}
