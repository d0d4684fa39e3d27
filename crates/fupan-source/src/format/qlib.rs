//! Qlib folders: `calendars/day.txt` and `features/<symbol>/<field>.day.bin`.
//!
//! A field is a sequence of little-endian 32-bit floats. The first is the calendar index of the
//! first value; NaN means no value. Prices are stored multiplied by a factor that grows with every
//! ex-rights day; the frame has them divided by it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use fupan_market::Wording;

use crate::files::{Payload, content};
use crate::frame::{Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

/// Most bytes of one field or of the calendar: a million values.
const FILE_BYTES_MAX: u64 = 4 << 20;

const PRICES: [&str; 4] = ["open", "high", "low", "close"];

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let calendar_path = payload.path.join("calendars").join("day.txt");
    if !payload.files.contains(&calendar_path) {
        let reason = Wording::new(
            "it has no calendars/day.txt; name the folder above it",
            "其中没有`calendars/day.txt`；请给出它的上一级文件夹",
        );
        return Err(payload.wrong_format(recipe, reason));
    }
    let calendar = content(&calendar_path, FILE_BYTES_MAX)?;
    let calendar = String::from_utf8_lossy(&calendar);
    let calendar: Vec<&str> = calendar.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let mut folders: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for file in payload.files.iter().filter(|file| **file != calendar_path) {
        if let Some(folder) = file.parent() {
            folders.entry(folder).or_default().push(file);
        }
    }
    if folders.is_empty() {
        let reason = Wording::new(
            "it has no features/<symbol>/<field>.day.bin",
            "其中没有`features/<代码>/<字段>.day.bin`",
        );
        return Err(payload.wrong_format(recipe, reason));
    }
    progress.expect(None);
    for (folder, files) in folders {
        let mut fields = BTreeMap::new();
        for file in files {
            let name = file.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
            let name = name.trim_end_matches(".day.bin").to_owned();
            fields.insert(name, Values::read(&content(file, FILE_BYTES_MAX)?));
        }
        let batch = batch(&fields, &calendar).map_err(|error| SourceError::Damaged {
            path: folder.to_owned(),
            reason: Wording::of_library("Arrow库", &error),
        })?;
        let subject = folder.file_name().map_or(String::new(), |n| n.to_string_lossy().into());
        let frame = Frame {
            file: folder.to_string_lossy().into(),
            subject: subject.into(),
            rows_before: 0,
            batch,
            places: None,
            faults: Vec::new(),
        };
        if take(frame).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// The values of one field, from calendar index `start` on.
#[derive(Clone, Debug, Default)]
struct Values {
    start: usize,
    values: Vec<f32>,
}

impl Values {
    /// Reads a field's bytes; if the start is not a valid index, the field has no values.
    fn read(bytes: &[u8]) -> Values {
        let mut floats = bytes.chunks_exact(4).map(|four| {
            let mut word = [0; 4];
            word.copy_from_slice(four);
            f32::from_le_bytes(word)
        });
        match floats.next() {
            // Whole numbers up to 2^24 are exact in a float; no calendar is longer.
            Some(start) if (0.0..16_777_216.0).contains(&start) && start.fract() == 0.0 => {
                Values { start: start as usize, values: floats.collect() }
            }
            _ => Values::default(),
        }
    }

    fn at(&self, place: usize) -> Option<f64> {
        let value = *self.values.get(place.checked_sub(self.start)?)?;
        (!value.is_nan()).then_some(f64::from(value))
    }

    fn end(&self) -> usize {
        self.start + self.values.len()
    }
}

/// The rows of one symbol. Values beyond the calendar have no date: one row without a date
/// represents all of them.
fn batch(fields: &BTreeMap<String, Values>, calendar: &[&str]) -> Result<RecordBatch, ArrowError> {
    let filled = || fields.values().filter(|field| !field.values.is_empty());
    let start = filled().map(|f| f.start).min().unwrap_or(0).min(calendar.len());
    let end = filled().map(Values::end).max().unwrap_or(0).min(calendar.len() + 1).max(start);
    let mut date = StringBuilder::new();
    for place in start..end {
        date.append_option(calendar.get(place));
    }
    let mut columns: Vec<(&str, DataType, ArrayRef)> =
        vec![("date", DataType::Utf8, Arc::new(date.finish()))];
    let factor = fields.get("factor");
    for (name, field) in fields.iter().filter(|(name, _)| *name != "date") {
        let price = PRICES.contains(&name.as_str());
        let mut builder = Float64Builder::with_capacity(end - start);
        for place in start..end {
            let value = field.at(place);
            builder.append_option(if price { unadjusted(value, factor, place) } else { value });
        }
        columns.push((name, DataType::Float64, Arc::new(builder.finish())));
    }
    if let Some(volume) = fields.get("volume") {
        let mut builder = Float64Builder::with_capacity(end - start);
        for place in start..end {
            let factor = factor.map_or(Some(1.0), |factor| factor.at(place));
            builder.append_option(volume.at(place).zip(factor).map(|(v, f)| (v * f).round()));
        }
        columns.push(("volume_times_factor", DataType::Float64, Arc::new(builder.finish())));
    }
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns
        .into_iter()
        .map(|(name, kind, array)| (Field::new(name, kind, true), array))
        .unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

/// A price divided by its factor; `None` if the factor is missing on that day.
fn unadjusted(value: Option<f64>, factor: Option<&Values>, place: usize) -> Option<f64> {
    let Some(factor) = factor else { return value };
    let factor = factor.at(place).filter(|factor| *factor > 0.0)?;
    value.map(|value| value / factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Float64Type;
    use proptest::prelude::*;

    fn bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    #[test]
    fn prices_are_divided_by_the_factor() {
        let fields = BTreeMap::from([
            ("close".to_owned(), Values::read(&bytes(&[1.0, 20.0, f32::NAN, 22.0]))),
            ("factor".to_owned(), Values::read(&bytes(&[1.0, 2.0, 2.0, 2.0]))),
            ("volume".to_owned(), Values::read(&bytes(&[1.0, 100.0, 0.0, 300.0]))),
        ]);
        let batch = batch(&fields, &["2026-01-05", "2026-01-06", "2026-01-07"]).unwrap();
        assert_eq!(batch.num_rows(), 3);
        let close = batch.column_by_name("close").unwrap().as_primitive::<Float64Type>();
        assert_eq!((close.value(0), close.is_null(1), close.value(2)), (10.0, true, 11.0));
        assert!(batch.column(0).is_null(2), "the third value lies beyond the calendar");
        let whole = batch.column_by_name("volume_times_factor").unwrap();
        assert_eq!(whole.as_primitive::<Float64Type>().value(2), 600.0);
    }

    #[test]
    fn a_field_begins_at_a_whole_number_of_the_calendar() {
        let read = |start: f32| {
            let values = Values::read(&bytes(&[start, 5.0, f32::NAN, 7.0]));
            (values.end(), (0..6).map(|place| values.at(place)).collect::<Vec<_>>())
        };
        let none = None;
        assert_eq!(read(0.0), (3, vec![Some(5.0), none, Some(7.0), none, none, none]));
        assert_eq!(read(2.0), (5, vec![none, none, Some(5.0), none, Some(7.0), none]));
        for wrong in [-1.0, 0.5, 16_777_216.0, f32::NAN, f32::INFINITY] {
            assert_eq!(read(wrong), (0, vec![None; 6]), "{wrong}");
        }
        assert_eq!(Values::read(&[0; 3]).end(), 0);
    }

    #[test]
    fn a_price_without_a_factor_above_zero_is_none() {
        let factor = Values { start: 1, values: vec![2.0, 0.0, -1.0, f32::NAN] };
        let price = |place| unadjusted(Some(7.0), Some(&factor), place);
        assert_eq!([0, 1, 2, 3, 4, 5].map(price), [None, Some(3.5), None, None, None, None]);
        assert_eq!((unadjusted(Some(7.0), None, 0), unadjusted(None, None, 0)), (Some(7.0), None));
        assert_eq!(unadjusted(None, Some(&factor), 1), None);
    }

    /// Rows from the first value of any field to the last, and one for all beyond the calendar.
    #[test]
    fn fields_may_begin_and_end_on_different_days() {
        let field = |start: f32, values: &[f32]| Values::read(&bytes(&[&[start], values].concat()));
        let rows = |open: Values, volume: Values| {
            let fields = BTreeMap::from([("open".to_owned(), open), ("volume".to_owned(), volume)]);
            let batch = batch(&fields, &["a", "b", "c", "d"]).unwrap();
            let dates = batch.column(0).as_string::<i32>();
            let column =
                |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
            let value =
                |name: &str, row| column(name).is_valid(row).then(|| column(name).value(row));
            let row = |row| {
                let date = dates.is_valid(row).then(|| dates.value(row).to_owned());
                (date, value("open", row), value("volume_times_factor", row))
            };
            (0..batch.num_rows()).map(row).collect::<Vec<_>>()
        };
        let on = |date: &str| Some(date.to_owned());
        assert_eq!(
            rows(field(1.0, &[5.0]), field(2.0, &[7.4, 8.0])),
            [(on("b"), Some(5.0), None), (on("c"), None, Some(7.0)), (on("d"), None, Some(8.0)),]
        );
        assert_eq!(
            rows(field(3.0, &[5.0, 6.0, 7.0]), Values::default()),
            [(on("d"), Some(5.0), None), (None, Some(6.0), None)]
        );
        assert_eq!(rows(field(9.0, &[5.0]), Values::default()), [(None, None, None)]);
        assert_eq!(rows(Values::default(), Values::default()), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(
            close in proptest::collection::vec(any::<u8>(), 0..200),
            factor in proptest::collection::vec(any::<u8>(), 0..200),
            start in any::<f32>(),
        ) {
            let mut close_bytes = start.to_le_bytes().to_vec();
            close_bytes.extend(close);
            let fields = BTreeMap::from([
                ("close".to_owned(), Values::read(&close_bytes)),
                ("factor".to_owned(), Values::read(&factor)),
                ("volume".to_owned(), Values::read(&factor)),
            ]);
            let batch = batch(&fields, &["2026-01-05", "2026-01-06"]).unwrap();
            prop_assert!(batch.num_rows() <= 3);
        }
    }
}
