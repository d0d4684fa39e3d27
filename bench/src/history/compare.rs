//! Compares the program's figures with those of a peer, cell by cell.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// How far a peer's floats may be off on their own, in a figure's smallest steps.
const NOISE: f64 = 1e-3;

/// One figure of the program: its number or its part, in the smallest steps of its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Figure {
    value: i64,
    unit: String,
}

/// Figures by measure, named with its parameter, and by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures(HashMap<(String, i32), Figure>);

/// How a peer's figures differ from the program's.
#[derive(Clone, Debug, Default)]
pub struct CellDifference {
    /// Cells that both have.
    pub cells: usize,
    /// Cells that only the program has, or only the peer.
    pub alone: [usize; 2],
    /// Counts of securities above an average that differ by one: levels of past prices are rounded
    /// to a billionth of a yuan, so a price that equals an average may fall on either side of it.
    pub ties: usize,
    /// Other cells that differ: the cell and both values.
    pub wrong: Vec<String>,
}

impl Figures {
    /// Reads what `fupan facts --format parquet` wrote. Unknown figures are left out.
    ///
    /// # Errors
    /// If the file is not such a table.
    pub fn read(path: &Path) -> Result<Figures> {
        let rows = read(path)?;
        let text = |name: &str| -> Result<Vec<Option<String>>> {
            let column = rows.column_by_name(name).with_context(|| format!("no column {name}"))?;
            let column = arrow::compute::cast(column, &DataType::Utf8)?;
            let texts = column.as_string::<i32>();
            Ok(texts.iter().map(|text| text.map(str::to_owned)).collect())
        };
        let sessions = rows.column_by_name("session").context("no column session")?;
        let sessions = sessions.as_primitive::<Date32Type>();
        let values = rows.column_by_name("value").context("no column value")?;
        let values = values.as_primitive::<Int64Type>();
        let (measures, parameters, units) = (text("measure")?, text("parameter")?, text("unit")?);
        let mut figures = HashMap::with_capacity(rows.num_rows());
        for row in 0..rows.num_rows() {
            let (Some(measure), false) = (&measures[row], values.is_null(row)) else { continue };
            let name = match &parameters[row] {
                Some(parameter) => format!("{measure}:{parameter}"),
                None => measure.clone(),
            };
            let unit = units[row].clone().unwrap_or_default();
            let figure = Figure { value: values.value(row), unit };
            figures.insert((name, sessions.value(row)), figure);
        }
        Ok(Figures(figures))
    }

    /// How many sessions have a figure of a measure.
    pub fn sessions(&self, measure: &str) -> usize {
        self.0.keys().filter(|(name, _)| name == measure).count()
    }

    /// Compares with a peer's table of sessions. It has one column per measure: counts are
    /// integers, other figures are floats in the plain number of their unit.
    ///
    /// # Errors
    /// If the table has no dates.
    pub fn compare(&self, path: &Path) -> Result<CellDifference> {
        let peer = read(path)?;
        let dates = peer.column_by_name("date").context("no column date")?;
        let dates = arrow::compute::cast(dates, &DataType::Date32)?;
        let dates = dates.as_primitive::<Date32Type>();
        let mut difference = CellDifference::default();
        for (field, column) in peer.schema().fields().iter().zip(peer.columns()) {
            if field.name() == "date" {
                continue;
            }
            let numbers = arrow::compute::cast(column, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            for row in 0..peer.num_rows() {
                let ours = self.0.get(&(field.name().clone(), dates.value(row)));
                let theirs = numbers.is_valid(row).then(|| numbers.value(row));
                let (ours, theirs) = match (ours, theirs) {
                    (Some(ours), Some(theirs)) => (ours, theirs),
                    (ours, theirs) => {
                        difference.alone[0] += usize::from(ours.is_some());
                        difference.alone[1] += usize::from(theirs.is_some());
                        continue;
                    }
                };
                difference.cells += 1;
                let (step, apart) = match ours.unit.as_str() {
                    // Returns are rounded to a billionth, and so are figures computed from returns.
                    "ppb" => (1e9, 0.5 + 0.5 + NOISE),
                    "ppm" => (1e6, 0.5 + NOISE),
                    _ => (1.0, 0.0),
                };
                let off = (theirs * step - ours.value as f64).abs();
                if off > apart && off <= 1.0 && field.name().starts_with("above_ma") {
                    difference.ties += 1;
                } else if off > apart {
                    let (name, day) = (field.name(), dates.value(row));
                    let day = fupan_market::SessionDate::from_epoch_days(day);
                    let day = day.map_or_else(String::new, |day| day.to_string());
                    difference.wrong.push(format!("{name} {day}: {}, not {theirs}", ours.value));
                }
            }
        }
        ensure!(difference.cells > 0, "no cell in common with {}", path.display());
        Ok(difference)
    }
}

fn read(path: &Path) -> Result<RecordBatch> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    let schema = batches.first().context("no rows")?.schema();
    Ok(concat_batches(&schema, &batches)?)
}
