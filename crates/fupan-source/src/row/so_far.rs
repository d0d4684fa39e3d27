//! Turnover of a session so far only grows.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Date32Type, Int64Type};
use fupan_market::{Finding, FindingKind, Place, SessionDate, Wording};

use crate::finding::Findings;

/// A fall by less than this part of turnover is one of rounding: a vendor that writes a moment twice may
/// do so with other last digits.
const ROUNDING: i64 = 1_000;

/// The rows of `index_quote`, in order, without the sessions of indices in which turnover falls: it is
/// then that of single minutes, or of another day, and no row shows which.
pub(crate) fn growing(batch: RecordBatch, file: &str, findings: &mut Findings) -> RecordBatch {
    let column = |name: &str| batch.column_by_name(name);
    let (Some(days), Some(names), Some(turnover)) = (
        column("session").and_then(|days| days.as_primitive_opt::<Date32Type>()),
        column("symbol").and_then(|names| names.as_string_opt::<i32>()),
        column("turnover").and_then(|turnover| turnover.as_primitive_opt::<Int64Type>()),
    ) else {
        return batch;
    };
    let key = |row: usize| (days.value(row), names.value(row));
    let (mut last, mut falling) = (BTreeMap::new(), BTreeSet::new());
    for row in (0..batch.num_rows()).filter(|row| turnover.is_valid(*row)) {
        let now = turnover.value(row);
        if last.insert(key(row), now).is_some_and(|before: i64| now < before - before / ROUNDING) {
            falling.insert(key(row));
        }
    }
    let Some((day, name)) = falling.first() else { return batch };
    let sound: BooleanArray =
        (0..batch.num_rows()).map(|row| Some(!falling.contains(&key(row)))).collect();
    let day = SessionDate::from_epoch_days(*day).map(|day| day.to_string()).unwrap_or_default();
    findings.lose(Finding {
        kind: FindingKind::InconsistentPrices,
        count: sound.false_count() as u64,
        subject: "turnover".to_owned(),
        detail: Wording::new(
            format!(
                "Turnover falls within a session, so that it is not that of the session so far; rows \
                 of such sessions were left out, as of {name} on {day}"
            ),
            format!("成交额在一个交易日内减少，可见不是当日累计；这些交易日的行未导入，如{day}的{name}"),
        ),
        hint: Wording::new(
            "Map a column of the turnover since the open, or leave the turnover out of the recipe.",
            "请改用开盘以来累计成交额的列，或在配方中不写成交额。",
        ),
        place: Some(Place { file: file.to_owned(), row: None, column: None }),
    });
    filter_record_batch(&batch, &sound).unwrap_or(batch)
}
