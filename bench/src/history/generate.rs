//! A generated history as a vendor's files: bars by year, dated names, share capital, indices.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch,
};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Date32Type, Int32Type};
use fupan_market::SessionDate;
use fupan_sim::{MarketPlan, SimulatedMarket};
use fupan_table::Table;
use parquet::arrow::ArrowWriter;

/// A recipe's file, and its text.
const RECIPES: [(&str, &str); 4] = [
    ("bars.toml", include_str!("../../recipes/bars.toml")),
    ("indices.toml", include_str!("../../recipes/indices.toml")),
    ("names.toml", include_str!("../../recipes/names.toml")),
    ("shares.toml", include_str!("../../recipes/shares.toml")),
];

/// Files that one recipe reads.
#[derive(Clone, Debug)]
pub struct RecipeFiles {
    /// The recipe's file.
    pub recipe: PathBuf,
    /// What it reads.
    pub files: Vec<PathBuf>,
}

/// The files of a history.
#[derive(Clone, Debug)]
pub struct HistoryFiles {
    /// Bars up to the last session but one, one file per year.
    pub years: RecipeFiles,
    /// Dated names, share capital and indices of those sessions.
    pub lists: Vec<RecipeFiles>,
    /// The bars, names, shares and index levels of the last session.
    pub last_day: Vec<RecipeFiles>,
    /// Rows of daily bars in the years.
    pub rows: usize,
    /// Sessions in them.
    pub sessions: usize,
}

/// Generates a market and writes it into a folder.
///
/// # Errors
/// If a file cannot be written, or the market is too short.
pub fn write(plan: &MarketPlan, folder: &Path) -> Result<HistoryFiles> {
    std::fs::create_dir_all(folder)?;
    for (name, text) in RECIPES {
        std::fs::write(folder.join(name), text)?;
    }
    let market = SimulatedMarket::generate(plan);
    let last = *market.sessions().last().context("a market without sessions")?;
    let sessions = market.sessions().len() - 1;
    let mut imports = market.imports()?;
    let batches = imports.pop().context("one import")?.batches;
    drop(market);
    let delivery = |recipe: &str, files: Vec<PathBuf>| RecipeFiles {
        recipe: folder.join(format!("{recipe}.toml")),
        files,
    };
    let (mut lists, mut last_day) = (Vec::new(), Vec::new());
    let mut bars = Years { folder, open: None, files: Vec::new(), rows: 0 };
    // Concepts, weights of indices and definitions are no part of what the engines are compared on.
    let is_compared = |table: &Table| {
        !matches!(table, Table::GroupMember | Table::IndexWeight | Table::Definition)
    };
    for (table, batch) in batches.into_iter().filter(|(table, _)| is_compared(table)) {
        let rows = vendor(table, &batch)?;
        let (before, on_day) = cut(&rows, last)?;
        let name = match table {
            Table::DailyBar => "bars",
            Table::IndexBar => "indices",
            Table::Security => "names",
            Table::ShareCapital => "shares",
            _ => continue,
        };
        if table == Table::DailyBar {
            bars.write(&before)?;
        } else {
            let file = folder.join(format!("{name}.parquet"));
            whole(&file, &before)?;
            lists.push(delivery(name, vec![file]));
        }
        if on_day.num_rows() > 0 {
            let file = folder.join(format!("{name}-of-{last}.parquet"));
            whole(&file, &on_day)?;
            last_day.push(delivery(name, vec![file]));
        }
    }
    let (files, rows) = bars.finish()?;
    let years = delivery("bars", files);
    Ok(HistoryFiles { years, lists, last_day, rows, sessions })
}

/// A table's rows in the columns of its recipe.
fn vendor(table: Table, batch: &RecordBatch) -> Result<RecordBatch> {
    let column = |name: &str| -> Result<ArrayRef> {
        Ok(Arc::clone(batch.column_by_name(name).with_context(|| name.to_owned())?))
    };
    let fen = |name: &str| -> Result<ArrayRef> {
        let prices = column(name)?;
        let fen: Int32Array = prices.as_primitive::<Int32Type>().unary(|units| units / 100);
        Ok(Arc::new(fen))
    };
    let points = |name: &str| -> Result<ArrayRef> {
        let levels = column(name)?;
        let points: Float64Array =
            levels.as_primitive::<Int32Type>().unary(|units| f64::from(units) / 10_000.0);
        Ok(Arc::new(points))
    };
    let columns: Vec<(&str, ArrayRef)> = match table {
        Table::DailyBar => vec![
            ("date", column("session")?),
            ("symbol", column("symbol")?),
            ("open", fen("open")?),
            ("high", fen("high")?),
            ("low", fen("low")?),
            ("close", fen("close")?),
            ("pre_close", fen("prev_close")?),
            ("volume", column("volume")?),
            ("amount", column("turnover")?),
        ],
        Table::IndexBar => vec![
            ("date", column("session")?),
            ("symbol", column("symbol")?),
            ("open", points("open")?),
            ("high", points("high")?),
            ("low", points("low")?),
            ("close", points("close")?),
            ("amount", column("turnover")?),
        ],
        Table::Security => vec![
            ("date", column("observed_on")?),
            ("symbol", column("symbol")?),
            ("name", column("name")?),
            ("listed_on", column("listed_on")?),
            ("delisted_on", column("delisted_on")?),
            ("issue_price", fen("issue_price")?),
            ("industry", column("industry")?),
        ],
        _ => vec![
            ("date", column("observed_on")?),
            ("symbol", column("symbol")?),
            ("total_shares", column("total_shares")?),
            ("float_shares", column("float_shares")?),
        ],
    };
    Ok(RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))?)
}

/// The dates of a vendor's rows.
fn dates(rows: &RecordBatch) -> Result<Date32Array> {
    let dates = rows.column_by_name("date").context("no dates")?;
    Ok(dates.as_primitive_opt::<Date32Type>().context("dates of another type")?.clone())
}

/// Splits rows into those before a session and those of it.
fn cut(rows: &RecordBatch, last: SessionDate) -> Result<(RecordBatch, RecordBatch)> {
    let dates = dates(rows)?;
    let of = |keep: &dyn Fn(i32) -> bool| -> Result<RecordBatch> {
        let kept: BooleanArray = dates.values().iter().map(|day| Some(keep(*day))).collect();
        Ok(filter_record_batch(rows, &kept)?)
    };
    Ok((of(&|day| day < last.epoch_days())?, of(&|day| day == last.epoch_days())?))
}

/// Writes a file of one batch.
fn whole(path: &Path, batch: &RecordBatch) -> Result<()> {
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), None)?;
    writer.write(batch)?;
    writer.close()?;
    Ok(())
}

/// Writes bars, sorted by date, into one file per year.
struct Years<'a> {
    folder: &'a Path,
    open: Option<(i16, ArrowWriter<File>)>,
    files: Vec<PathBuf>,
    rows: usize,
}

impl Years<'_> {
    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let dates = dates(batch)?;
        let mut from = 0;
        while from < batch.num_rows() {
            let year = year_of(dates.value(from))?;
            let length = dates.values()[from..].iter();
            let length = length.take_while(|day| year_of(**day).is_ok_and(|of| of == year)).count();
            let part = batch.slice(from, length);
            if self.open.as_ref().is_none_or(|(open, _)| *open != year) {
                self.close()?;
                let path = self.folder.join(format!("bars-{year}.parquet"));
                let writer = ArrowWriter::try_new(File::create(&path)?, batch.schema(), None)?;
                self.files.push(path);
                self.open = Some((year, writer));
            }
            if let Some((_, writer)) = &mut self.open {
                writer.write(&part)?;
            }
            self.rows += length;
            from += length;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        if let Some((_, writer)) = self.open.take() {
            writer.close()?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<PathBuf>, usize)> {
        self.close()?;
        Ok((self.files, self.rows))
    }
}

fn year_of(day: i32) -> Result<i16> {
    let date = SessionDate::from_epoch_days(day).context("a date out of range")?;
    Ok(date.date().year())
}

/// Writes the folder of a TDX terminal whose data are those of a market up to a session.
///
/// # Errors
/// If a file cannot be written.
pub fn write_terminal(market: &SimulatedMarket, folder: &Path, last: SessionDate) -> Result<()> {
    for (name, bytes) in market.tdx_folder(last) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
