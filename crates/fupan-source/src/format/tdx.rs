//! TDX `.day` files: records of 32 bytes, little endian.
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..4 | u32 | the date as 20260212 |
//! | 4..20 | 4 × u32 | open, high, low, close in hundredths |
//! | 20..24 | f32 | turnover in yuan |
//! | 24..28 | u32 | volume in shares |
//! | 28..32 | u32 | reserved, or `0xC36400xx` |
//!
//! The reserved word `0xC36400xx` means that the volume is the stored one times 100, plus `xx`.
//!
//! No previous close is in the file. On ex-rights days the column `reference` holds the reference
//! price in fen, if the terminal's `gbbq` is where its `vipdoc` is.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, Int32Builder, Int64Array, Int64Builder, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::error::ArrowError;
use fupan_market::{Calendar, FindingKind, InLanguage as _, SecurityKind, Symbol, Wording, shown};

use super::ex_rights::{References, written};
use super::tdx_gbbq::Actions;
use super::tdx_sessions::Downloaded;
use crate::files::{Payload, content, stem};
use crate::finding::{Cost, Said, Topic};
use crate::frame::{Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

/// Bytes of a record.
pub(super) const RECORD: usize = 32;

/// Most bytes of one file: 200 years of days are 1.6 MB.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The day of a record, as 20260212.
pub(super) fn day(record: &[u8]) -> i32 {
    record.first_chunk().map_or(0, |four| i32::from_le_bytes(*four))
}

/// Marks a volume that does not fit 32 bits and was stored in hundreds.
const OVERFLOW: u32 = 0xC364_0000;

const PARTIAL: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "The file does not end with a whole record of 32 bytes; the rest was left out",
        zh: "文件末尾不是完整的32字节记录，多出的部分未导入",
    },
    hint: Said { en: "Download the file again.", zh: "请重新下载该文件。" },
    cost: Cost::Lost,
};

const NO_ACTIONS: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "TDX's gbbq could not be used, so that the reference prices of ex-rights days are not \
             known",
        zh: "通达信的gbbq无法使用，因此除权除息参考价无从得知",
    },
    hint: Said {
        en: "Let the terminal update its data, and import again.",
        zh: "请在通达信终端更新数据后重新导入。",
    },
    cost: Cost::Kept,
};

/// The recipe's column of reference prices.
const REFERENCE: &str = "reference";

/// Returns which file the reference prices of ex-rights days rest on, if there is one.
pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    calendar: &Calendar,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    progress.expect(Some(expected(payload)));
    let (mut actions, mut layout) = (None, Wording::none());
    if let Some((found, frame)) = actions_beside(recipe, payload) {
        layout = found.as_ref().map_or(layout, |found| rests_on(&frame.file, found));
        if !frame.faults.is_empty() && take(frame).is_break() {
            return Ok(layout);
        }
        actions = found;
    }
    let mut downloaded = Downloaded::of(&payload.files, calendar);
    for path in &payload.files {
        let Some(range) = payload.records_of(path, usize::MAX) else { continue };
        let bytes = content(path, FILE_BYTES_MAX)?;
        let actions = actions.as_ref().map(|actions| (actions, &mut downloaded));
        let frame =
            frame(path, (&bytes, range), actions).map_err(|error| SourceError::Damaged {
                path: path.clone(),
                reason: Wording::of_library("Arrow库", &error),
            })?;
        if take(frame).is_break() {
            break;
        }
    }
    Ok(layout)
}

fn rests_on(path: &str, actions: &Actions) -> Wording {
    let (path, newest) = (shown(path), written(actions.newest));
    Wording::new(
        format!("ex-rights days by {path}, whose newest record is of {newest}"),
        format!("除权除息日依据{path}，其最新记录日期为{newest}"),
    )
}

/// The corporate actions beside the files, if the recipe asks for reference prices and there are
/// any; and a frame without rows that says what is wrong with them.
fn actions_beside(recipe: &Recipe, payload: &Payload) -> Option<(Option<Actions>, Frame)> {
    let path = payload.beside.as_ref().filter(|_| recipe.reads(REFERENCE))?;
    let (actions, faults) = match Actions::read(path) {
        Ok(mut actions) => {
            let faults = std::mem::take(&mut actions.faults);
            (Some(actions), faults)
        }
        Err(error) => {
            let example = error.wording();
            (None, vec![Fault { topic: NO_ACTIONS, rows: 1, place: 1, day: None, example }])
        }
    };
    let frame = Frame {
        file: path.to_string_lossy().into(),
        subject: stem(path).into(),
        rows_before: 0,
        batch: RecordBatch::new_empty(Arc::new(Schema::empty())),
        places: None,
        faults,
    };
    Some((actions, frame))
}

/// The records that will be read.
pub(super) fn expected(payload: &Payload) -> u64 {
    let records = |path: &PathBuf| {
        let bytes = path.metadata().ok()?.len();
        let records = usize::try_from(bytes).ok()? / RECORD;
        payload.records_of(path, records).map(|range| range.len() as u64)
    };
    payload.files.iter().filter_map(records).sum()
}

/// The wanted records of one file. Its other records are read too: references rest on the close
/// before.
fn frame(
    path: &Path,
    (bytes, wanted): (&[u8], Range<usize>),
    actions: Option<(&Actions, &mut Downloaded<'_>)>,
) -> Result<Frame, ArrowError> {
    let mut faults: Vec<Fault> = over(bytes, wanted.start).into_iter().collect();
    let subject = stem(path);
    let mut batch = records(bytes)?;
    let wanted = wanted.start.min(batch.num_rows())..wanted.end.min(batch.num_rows());
    if let (Some((actions, downloaded)), Ok(symbol)) = (actions, subject.parse::<Symbol>())
        && matches!(symbol.kind(), SecurityKind::Stock(_))
    {
        let references = References::of(
            symbol,
            (&batch, &wanted),
            (actions.of(symbol), actions.newest),
            downloaded,
        );
        batch = with(&batch, REFERENCE, Arc::new(Int64Array::from(references.fen)))?;
        faults.extend(references.faults);
    }
    Ok(Frame {
        file: path.to_string_lossy().into(),
        subject: subject.into(),
        rows_before: wanted.start as u64,
        batch: batch.slice(wanted.start, wanted.len()),
        places: None,
        faults,
    })
}

/// What is over after the last whole record of a file, for a frame that starts at one of its records.
pub(super) fn over(bytes: &[u8], start: usize) -> Option<Fault> {
    let over = bytes.len() % RECORD;
    let place = (bytes.len() / RECORD - start) as u64 + 1;
    let example = Wording::new(format!("{over} bytes"), format!("{over}字节"));
    (over > 0).then_some(Fault { topic: PARTIAL, rows: 1, place, day: None, example })
}

/// A batch with one more column.
fn with(batch: &RecordBatch, name: &str, column: ArrayRef) -> Result<RecordBatch, ArrowError> {
    let field = Arc::new(Field::new(name, column.data_type().clone(), true));
    let schema = batch.schema();
    let fields: Vec<FieldRef> = schema.fields().iter().cloned().chain([field]).collect();
    let columns = batch.columns().iter().cloned().chain([column]).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// The complete records in a file's bytes, under the column names that recipes use.
pub(crate) fn records(bytes: &[u8]) -> Result<RecordBatch, ArrowError> {
    let rows = bytes.chunks_exact(RECORD).len();
    let mut date = Int32Builder::with_capacity(rows);
    let mut prices: [Int64Builder; 4] = std::array::from_fn(|_| Int64Builder::with_capacity(rows));
    let mut amount = Float64Builder::with_capacity(rows);
    let mut volume = Int64Builder::with_capacity(rows);
    for record in bytes.chunks_exact(RECORD) {
        let word = |at: usize| {
            let mut four = [0; 4];
            four.copy_from_slice(&record[at..at + 4]);
            u32::from_le_bytes(four)
        };
        date.append_value(i32::try_from(word(0)).unwrap_or(i32::MAX));
        for (place, builder) in prices.iter_mut().enumerate() {
            builder.append_value(i64::from(word(4 + 4 * place)));
        }
        amount.append_value(f64::from(f32::from_bits(word(20))));
        let (stored, reserved) = (i64::from(word(24)), word(28));
        let overflow = reserved & 0xFFFF_FF00 == OVERFLOW;
        volume.append_value(if overflow {
            stored * 100 + i64::from(reserved & 0xFF)
        } else {
            stored
        });
    }
    let mut columns: Vec<(&str, DataType, ArrayRef)> =
        vec![("date", DataType::Int32, Arc::new(date.finish()))];
    for (name, mut builder) in ["open", "high", "low", "close"].into_iter().zip(prices) {
        columns.push((name, DataType::Int64, Arc::new(builder.finish())));
    }
    columns.push(("amount", DataType::Float64, Arc::new(amount.finish())));
    columns.push(("volume", DataType::Int64, Arc::new(volume.finish())));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns
        .into_iter()
        .map(|(name, kind, array)| (Field::new(name, kind, true), array))
        .unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::AsArray;
    use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
    use proptest::prelude::*;

    /// Writes a record as a terminal does; volumes beyond 32 bits use the overflow form.
    fn write(date: u32, prices: [u32; 4], amount: f32, volume: u64) -> [u8; RECORD] {
        let (stored, reserved) = match u32::try_from(volume) {
            Ok(volume) => (volume, 0x0001_0000),
            Err(_) => ((volume / 100) as u32, OVERFLOW | (volume % 100) as u32),
        };
        let words =
            [date, prices[0], prices[1], prices[2], prices[3], amount.to_bits(), stored, reserved];
        let mut record = [0; RECORD];
        for (place, word) in words.into_iter().enumerate() {
            record[4 * place..4 * place + 4].copy_from_slice(&word.to_le_bytes());
        }
        record
    }

    #[test]
    fn what_is_left_of_a_record_is_said_with_its_place() {
        let record = write(20_260_212, [1, 2, 3, 4], 5.0, 6);
        let fault = |bytes: usize| {
            let bytes: Vec<u8> = record.iter().copied().cycle().take(bytes).collect();
            let frame = frame(Path::new("sh600519.day"), (&bytes, 0..usize::MAX), None).unwrap();
            let [fault] = frame.faults.as_slice() else { return None };
            Some((fault.place, fault.rows, fault.example.en.clone()))
        };
        assert_eq!([0, 32, 96].map(fault), [None, None, None]);
        assert_eq!(fault(1), Some((1, 1, "1 bytes".to_owned())));
        assert_eq!(fault(95), Some((3, 1, "31 bytes".to_owned())));
        // Only the mark of the overflow, whatever its last byte, means hundreds.
        for (reserved, volume) in [
            (0xC364_0000_u32, 700),
            (0xC364_0063, 799),
            (0xC365_0000, 7),
            (0xC364_0100, 7),
            (0x0001_0000, 7),
            (0xFFFF_FFFF, 7),
        ] {
            let mut record = record;
            record[24..28].copy_from_slice(&7_u32.to_le_bytes());
            record[28..].copy_from_slice(&reserved.to_le_bytes());
            let batch = records(&record).unwrap();
            assert_eq!(
                batch.column(6).as_primitive::<Int64Type>().value(0),
                volume,
                "{reserved:x}"
            );
        }
    }

    proptest! {
        #[test]
        fn records_come_back(rows in proptest::collection::vec(
            (19_900_101_u32..21_001_231, any::<[u32; 4]>(), 0.0_f32..1e12, 0_u64..400_000_000_000),
            0..40,
        )) {
            let written = rows.iter().flat_map(|(d, p, a, v)| write(*d, *p, *a, *v));
            let bytes: Vec<u8> = written.collect();
            let batch = records(&bytes).unwrap();
            prop_assert_eq!(batch.num_rows(), rows.len());
            for (at, (date, prices, amount, volume)) in rows.iter().enumerate() {
                let int = |column: usize| {
                    batch.column(column).as_primitive::<Int64Type>().value(at)
                };
                let dates = batch.column(0).as_primitive::<Int32Type>();
                prop_assert_eq!(dates.value(at) as u32, *date);
                for (column, price) in prices.iter().enumerate() {
                    prop_assert_eq!(int(1 + column), i64::from(*price));
                }
                let amounts = batch.column(5).as_primitive::<Float64Type>();
                prop_assert_eq!(amounts.value(at), f64::from(*amount));
                prop_assert_eq!(int(6), *volume as i64);
            }
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let frame = frame(Path::new("sh600519.day"), (&bytes, 0..usize::MAX), None).unwrap();
            prop_assert_eq!(frame.batch.num_rows(), bytes.len() / RECORD);
            prop_assert_eq!(frame.faults.len(), usize::from(bytes.len() % RECORD > 0));
        }
    }
}
