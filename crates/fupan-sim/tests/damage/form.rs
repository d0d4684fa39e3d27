//! The formats in which the damaged table is handed over.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use parquet::arrow::ArrowWriter;

use crate::harm::{Dice, Harm};

/// A format that a recipe reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Text,
    Parquet,
}

impl Form {
    pub const ALL: [Form; 2] = [Form::Text, Form::Parquet];

    /// The format for a seed and a harm: what befalls lines and delimiters befalls text.
    pub fn of(seed: u64, harm: Harm) -> Form {
        let shape = [Harm::Quote, Harm::CutLine, Harm::Delimiter, Harm::FieldGone];
        let of_text = [Harm::Recoded, Harm::Framed];
        match seed % 4 {
            3 if !shape.contains(&harm) && !of_text.contains(&harm) => Form::Parquet,
            _ => Form::Text,
        }
    }

    pub fn file_name(self) -> &'static str {
        match self {
            Form::Text => "bars.csv",
            Form::Parquet => "bars.parquet",
        }
    }

    /// The file of a table, damaged.
    pub fn damaged(self, table: &str, harm: Harm, dice: &mut Dice) -> Vec<u8> {
        match (self, harm) {
            (Form::Text, _) => harm.inflict(table, dice),
            (Form::Parquet, Harm::Byte) => {
                let mut bytes = parquet(table);
                // What is changed among the values is another value; this is about the rest.
                let footer = usize::try_from(footer_bytes(&bytes)).unwrap();
                let at = bytes.len() - 1 - dice.below(footer + 8);
                bytes[at] ^= 1 << dice.below(8);
                bytes
            }
            (Form::Parquet, Harm::CutEnd) => {
                let mut bytes = parquet(table);
                bytes.truncate(1 + dice.below(bytes.len() - 1));
                bytes
            }
            (Form::Parquet, _) => {
                let text = String::from_utf8(harm.inflict(table, dice)).unwrap();
                parquet(&text)
            }
        }
    }
}

/// The length of a Parquet file's metadata, which stands before its last eight bytes.
fn footer_bytes(file: &[u8]) -> u32 {
    let at = file.len() - 8;
    u32::from_le_bytes(file[at..at + 4].try_into().unwrap())
}

/// A table of text as a data frame writes it: dates and numbers are such where all of a column are.
pub fn parquet(text: &str) -> Vec<u8> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let columns = header.iter().enumerate().map(|(place, name)| {
        let cells: Vec<&str> = rows.iter().map(|row| row[place]).collect();
        (*name, column(&cells))
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

fn column(cells: &[&str]) -> ArrayRef {
    dates(cells)
        .or_else(|| moments(cells, "%Y-%m-%dT%H:%M:%SZ", Some("UTC")))
        .or_else(|| moments(cells, "%Y-%m-%d %H:%M:%S", None))
        .or_else(|| numbers(cells))
        .unwrap_or_else(|| Arc::new(StringArray::from(cells.to_vec())))
}

fn dates(cells: &[&str]) -> Option<ArrayRef> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let day = |cell: &&str| {
        let date: Date = (cell.len() == 10).then(|| cell.parse().ok())??;
        Some(date.since((jiff::Unit::Day, epoch)).unwrap().get_days())
    };
    let days: Option<Vec<i32>> = cells.iter().map(day).collect();
    Some(Arc::new(Date32Array::from(days?)))
}

fn moments(cells: &[&str], spelling: &str, zone: Option<&str>) -> Option<ArrayRef> {
    let moment = |cell: &&str| {
        let civil = DateTime::strptime(spelling, cell).ok()?;
        Some(civil.to_zoned(TimeZone::UTC).unwrap().timestamp().as_microsecond())
    };
    let moments: Option<Vec<i64>> = cells.iter().map(moment).collect();
    Some(Arc::new(TimestampMicrosecondArray::from(moments?).with_timezone_opt(zone)))
}

fn numbers(cells: &[&str]) -> Option<ArrayRef> {
    let number = |cell: &&str| match cell.is_empty() {
        true => Some(None),
        false => cell.parse::<f64>().ok().map(Some),
    };
    let numbers: Option<Vec<Option<f64>>> = cells.iter().map(number).collect();
    Some(Arc::new(Float64Array::from(numbers?)))
}
