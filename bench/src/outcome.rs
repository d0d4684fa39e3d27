//! The finished table of sessions: written, read, digested, compared.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use arrow::array::{Array, ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch};
use arrow::compute::concat_batches;
use fupan_market::DayMarks;
use fupan_measure::SessionFigures;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// How far apart two figures that are no counts may be, against the larger.
const RELATIVE: f64 = 1e-9;

/// A column's name, and what it tells of a session.
type Named<T> = (&'static str, fn(&SessionFigures) -> T);

/// The counts of the table, with the names they are written under.
const COUNTS: [Named<u32>; 14] = [
    ("advances", |f| f.count(DayMarks::ADVANCE)),
    ("declines", |f| f.count(DayMarks::DECLINE)),
    ("unchanged", |f| {
        f.count(DayMarks::TRADED) - f.count(DayMarks::ADVANCE) - f.count(DayMarks::DECLINE)
    }),
    ("limit_ups", |f| f.count(DayMarks::LIMIT_UP)),
    ("limit_downs", |f| f.count(DayMarks::LIMIT_DOWN)),
    ("broken", |f| f.count(DayMarks::BROKEN)),
    ("max_streak", |f| u32::from(f.max_streak)),
    ("streak_2_up", |f| f.streak_2_up),
    ("streak_3_up", |f| f.streak_3_up),
    ("new_high_250", |f| f.count(DayMarks::NEW_HIGH)),
    ("new_low_250", |f| f.count(DayMarks::NEW_LOW)),
    ("above_ma20", |f| f.count(DayMarks::ABOVE_MA20)),
    ("above_ma50", |f| f.count(DayMarks::ABOVE_MA50)),
    ("above_ma200", |f| f.count(DayMarks::ABOVE_MA200)),
];

/// The figures that are no counts.
const FIGURES: [Named<Option<f64>>; 9] = [
    ("turnover", |f| Some(f.turnover_fen as f64 / 100.0)),
    ("top5_share", |f| f.top5_share),
    ("hhi", |f| f.hhi),
    ("equal_weight_return", |f| f.equal_weight_return),
    ("cap_weight_return", |f| f.cap_weight_return),
    ("median_return", |f| f.median_return),
    ("dispersion", |f| f.dispersion),
    ("micro_cap_return", |f| f.micro_cap_return),
    ("prior_limit_up_return", |f| f.prior_limit_up_return),
];

/// The table of sessions.
pub fn batch(dates: &[i32], figures: &[SessionFigures]) -> Result<RecordBatch> {
    let mut columns: Vec<(&str, ArrayRef)> =
        vec![("date", Arc::new(Int32Array::from(dates.to_vec())))];
    for (name, read) in COUNTS {
        let counts: Vec<i32> =
            figures.iter().map(|f| i32::try_from(read(f))).collect::<Result<_, _>>()?;
        columns.push((name, Arc::new(Int32Array::from(counts))));
    }
    for (name, read) in FIGURES {
        let column: Float64Array = figures.iter().map(read).collect();
        columns.push((name, Arc::new(column)));
    }
    Ok(RecordBatch::try_from_iter(columns)?)
}

/// Writes a table of sessions.
pub fn write(path: &Path, batch: &RecordBatch) -> Result<()> {
    let file = File::create(path).with_context(|| format!("{}", path.display()))?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None)?;
    writer.write(batch)?;
    writer.close()?;
    Ok(())
}

/// Reads a table of sessions, whoever wrote it.
pub fn read(path: &Path) -> Result<RecordBatch> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    let schema = batches.first().context("no rows")?.schema();
    Ok(concat_batches(&schema, &batches)?)
}

/// The digest of a table's values: BLAKE3 of each row's cells, left to right, dates and counts as
/// eight bytes, figures as the eight bytes of the float, little-endian, each after a byte that
/// is 1, or 0 alone for none. It does not depend on how the table is encoded in its file.
pub fn digest(batch: &RecordBatch) -> Result<String> {
    let columns: Vec<Cells> = batch.columns().iter().map(cells).collect::<Result<_>>()?;
    let mut hasher = blake3::Hasher::new();
    for row in 0..batch.num_rows() {
        for column in &columns {
            let bytes = match column {
                Cells::Whole(whole) => whole[row].map(i64::to_le_bytes),
                Cells::Figure(figures) => figures[row].map(f64::to_le_bytes),
            };
            match bytes {
                Some(bytes) => hasher.update(&[1]).update(&bytes),
                None => hasher.update(&[0]),
            };
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// A column's cells.
enum Cells {
    Whole(Vec<Option<i64>>),
    Figure(Vec<Option<f64>>),
}

fn cells(array: &ArrayRef) -> Result<Cells> {
    let any = array.as_any();
    if let Some(array) = any.downcast_ref::<Int32Array>() {
        Ok(Cells::Whole(array.iter().map(|cell| cell.map(i64::from)).collect()))
    } else if let Some(array) = any.downcast_ref::<Int64Array>() {
        Ok(Cells::Whole(array.iter().collect()))
    } else if let Some(array) = any.downcast_ref::<Float64Array>() {
        Ok(Cells::Figure(array.iter().collect()))
    } else {
        bail!("a column of {}", array.data_type())
    }
}

/// How another's table differs from ours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Cells compared.
    pub cells: usize,
    /// Cells that differ by more than is allowed: column, date, ours, theirs.
    pub wrong: Vec<String>,
    /// The largest relative distance of figures that are no counts.
    pub largest: f64,
}

/// Compares tables of sessions: dates and counts exactly, figures to 1e-9 of the larger.
///
/// # Errors
/// Where the other table's columns or dates are not ours.
pub fn compare(ours: &RecordBatch, theirs: &RecordBatch) -> Result<Difference> {
    let mut difference = Difference::default();
    let dates = match cells(ours.column(0))? {
        Cells::Whole(dates) => dates,
        Cells::Figure(_) => bail!("dates are no floats"),
    };
    ensure!(
        ours.num_rows() == theirs.num_rows(),
        "{} sessions against {}",
        ours.num_rows(),
        theirs.num_rows()
    );
    for (field, column) in ours.schema().fields().iter().zip(ours.columns()) {
        let name = field.name();
        let other = theirs.column_by_name(name).with_context(|| format!("no column `{name}`"))?;
        let pairs: Vec<(String, String, f64)> = match (cells(column)?, cells(other)?) {
            (Cells::Whole(a), Cells::Whole(b)) => {
                let apart = |a, b| if a == b { 0.0 } else { f64::INFINITY };
                let told = |cell: Option<i64>| format!("{cell:?}");
                a.iter().zip(&b).map(|(a, b)| (told(*a), told(*b), apart(a, b))).collect()
            }
            (Cells::Figure(a), Cells::Figure(b)) => {
                let told = |cell: Option<f64>| format!("{cell:?}");
                a.iter().zip(&b).map(|(a, b)| (told(*a), told(*b), distance(*a, *b))).collect()
            }
            _ => bail!("column `{name}` is of another type"),
        };
        for (row, (ours, theirs, apart)) in pairs.into_iter().enumerate() {
            difference.cells += 1;
            if apart > RELATIVE {
                let date = dates[row].unwrap_or_default();
                difference.wrong.push(format!("{name} {date}: {ours}, not {theirs}"));
            } else {
                difference.largest = difference.largest.max(apart);
            }
        }
    }
    Ok(difference)
}

fn distance(ours: Option<f64>, theirs: Option<f64>) -> f64 {
    match (ours, theirs) {
        (None, None) => 0.0,
        (Some(a), Some(b)) if a == b => 0.0,
        (Some(a), Some(b)) if a.is_finite() && b.is_finite() => {
            (a - b).abs() / a.abs().max(b.abs())
        }
        _ => f64::INFINITY,
    }
}
