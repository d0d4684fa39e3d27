//! Arrow columns of whatever type a vendor chose, to the integers that tables hold.

use std::collections::HashMap;

use arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Float32Array, Float64Array, Int32Array, Int64Array,
    StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Float32Type, Float64Type, Int32Type, Int64Type, Time32SecondType,
    TimeUnit, TimestampSecondType,
};
use fupan_market::SessionDate;

use crate::decimal::Scale;

/// One value of a column: absent, or an integer (a scaled number, days since 1970-01-01, or the
/// number of an interned text).
pub(crate) type Cell = Option<i64>;

/// The column's type cannot be read as what the recipe says.
#[derive(Debug)]
pub(crate) struct Mismatch;

/// Texts that vendors write where there is nothing.
fn is_blank(text: &str) -> bool {
    matches!(
        text,
        "" | "-" | "--" | "nan" | "NaN" | "NAN" | "null" | "NULL" | "None" | "N/A" | "NaT"
    )
}

/// Reads a column of numbers. `bad` hears of each value that is none.
pub(crate) fn numbers(
    array: &ArrayRef,
    scale: Scale,
    out: &mut Vec<Cell>,
    mut bad: impl FnMut(usize, String),
) -> Result<(), Mismatch> {
    out.clear();
    let mut checked = |row: usize, value: Option<i64>, shown: &dyn Fn() -> String| {
        let value = value.filter(|v| *v >= 0);
        if value.is_none() {
            bad(row, shown());
        }
        value
    };
    match array.data_type() {
        DataType::Int32 => {
            let array: &Int32Array = array.as_primitive::<Int32Type>();
            out.extend(array.iter().enumerate().map(|(row, v)| {
                v.and_then(|v| checked(row, scale.integer(i64::from(v)), &|| v.to_string()))
            }));
        }
        DataType::Int64 => {
            let array: &Int64Array = array.as_primitive::<Int64Type>();
            out.extend(
                array.iter().enumerate().map(|(row, v)| {
                    v.and_then(|v| checked(row, scale.integer(v), &|| v.to_string()))
                }),
            );
        }
        DataType::Float64 => {
            let array: &Float64Array = array.as_primitive::<Float64Type>();
            out.extend(array.iter().enumerate().map(|(row, v)| {
                v.filter(|v| !v.is_nan())
                    .and_then(|v| checked(row, scale.float(v), &|| v.to_string()))
            }));
        }
        DataType::Float32 => {
            let array: &Float32Array = array.as_primitive::<Float32Type>();
            out.extend(array.iter().enumerate().map(|(row, v)| {
                v.filter(|v| !v.is_nan())
                    .and_then(|v| checked(row, scale.float(f64::from(v)), &|| v.to_string()))
            }));
        }
        DataType::Utf8 => {
            let array: &StringArray = array.as_string();
            out.extend(array.iter().enumerate().map(|(row, v)| {
                v.map(str::trim)
                    .filter(|v| !is_blank(v))
                    .and_then(|v| checked(row, scale.text(v), &|| v.to_owned()))
            }));
        }
        DataType::Decimal128(_, decimals) => {
            let decimals = *decimals;
            let array: &Decimal128Array = array.as_primitive();
            out.extend(array.iter().enumerate().map(|(row, v)| {
                v.and_then(|v| checked(row, scale.decimal(v, decimals), &|| v.to_string()))
            }));
        }
        other => {
            let target = plain(other).ok_or(Mismatch)?;
            let array = cast(array, &target).map_err(|_| Mismatch)?;
            return numbers(&array, scale, out, bad);
        }
    }
    Ok(())
}

/// The type that a column of numbers is turned into where it has none that is read directly.
fn plain(found: &DataType) -> Option<DataType> {
    match found {
        DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => Some(DataType::Utf8),
        DataType::Int8
        | DataType::Int16
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Null => Some(DataType::Int64),
        _ => None,
    }
}

/// Dates already read, since a file repeats few dates often.
#[derive(Debug, Default)]
pub(crate) struct DateMemo {
    texts: HashMap<Box<str>, Option<i32>>,
}

impl DateMemo {
    /// Dates a file may spell in different ways before the memo stops growing.
    const MOST: usize = 200_000;

    /// Bytes of the longest text worth remembering; no date with a time of day behind it is longer.
    const LONGEST: usize = 64;

    /// Days since 1970-01-01 of a date in text; a time of day behind it is cut off.
    pub fn read(&mut self, text: &str) -> Option<i32> {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let date = match text.as_bytes().get(10) {
            Some(b' ' | b'T') if text.is_char_boundary(10) => &text[..10],
            _ => text,
        };
        // A list that went through a float column reads 20260528.0.
        let date = date.strip_suffix(".0").unwrap_or(date);
        let days = date.parse::<SessionDate>().ok().map(SessionDate::epoch_days);
        if self.texts.len() < DateMemo::MOST && text.len() <= DateMemo::LONGEST {
            self.texts.insert(text.into(), days);
        }
        days
    }
}

/// Reads a column of dates to days since 1970-01-01; zero means none.
pub(crate) fn dates(
    array: &ArrayRef,
    memo: &mut DateMemo,
    out: &mut Vec<Cell>,
    mut bad: impl FnMut(usize, String),
) -> Result<(), Mismatch> {
    out.clear();
    match array.data_type() {
        DataType::Date32 => {
            let array = array.as_primitive::<Date32Type>();
            out.extend(array.iter().enumerate().map(|(row, days)| {
                let days = days?;
                // Dates beyond the common calendar's four-digit years are rubbish.
                let sound = (-700_000..=2_900_000).contains(&days);
                if !sound {
                    bad(row, format!("day {days}"));
                }
                sound.then_some(i64::from(days))
            }));
        }
        DataType::Utf8 => {
            let array: &StringArray = array.as_string();
            let mut last: Option<(&str, Option<i32>)> = None;
            out.extend(array.iter().enumerate().map(|(row, text)| {
                let text = text.map(str::trim).filter(|t| !is_blank(t) && *t != "0")?;
                let days = match last {
                    Some((known, days)) if known == text => days,
                    _ => memo.read(text),
                };
                last = Some((text, days));
                if days.is_none() {
                    bad(row, text.to_owned());
                }
                days.map(i64::from)
            }));
        }
        DataType::Date64 | DataType::Timestamp(..) => {
            let array = cast(array, &DataType::Date32).map_err(|_| Mismatch)?;
            return dates(&array, memo, out, bad);
        }
        DataType::Float64 | DataType::Float32 => {
            let array = cast(array, &DataType::Int64).map_err(|_| Mismatch)?;
            return dates(&array, memo, out, bad);
        }
        _ => {
            let array = cast(array, &DataType::Utf8).map_err(|_| Mismatch)?;
            return dates(&array, memo, out, bad);
        }
    }
    Ok(())
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Shanghai's distance from universal time, in seconds; the same all year since 1992.
const SHANGHAI: i64 = 8 * 3_600;

/// Reads a column of times of day to seconds after midnight, Shanghai time.
pub(crate) fn times(
    array: &ArrayRef,
    out: &mut Vec<Cell>,
    mut bad: impl FnMut(usize, String),
) -> Result<(), Mismatch> {
    out.clear();
    match array.data_type() {
        DataType::Timestamp(_, zone) => {
            // With a zone the numbers are universal time, whatever the zone is called.
            let ahead = if zone.is_some() { SHANGHAI } else { 0 };
            let seconds = DataType::Timestamp(TimeUnit::Second, None);
            let array = cast(array, &seconds).map_err(|_| Mismatch)?;
            let array = array.as_primitive::<TimestampSecondType>();
            let of_day = |second: i64| second.saturating_add(ahead).rem_euclid(DAY);
            out.extend(array.iter().map(|second| second.map(of_day)));
        }
        DataType::Time32(_) | DataType::Time64(_) => {
            let array = cast(array, &DataType::Time32(TimeUnit::Second)).map_err(|_| Mismatch)?;
            let array = array.as_primitive::<Time32SecondType>();
            out.extend(array.iter().map(|second| second.map(i64::from)));
        }
        DataType::Utf8 => {
            let array: &StringArray = array.as_string();
            out.extend(array.iter().enumerate().map(|(row, text)| {
                let text = text.map(str::trim).filter(|text| !is_blank(text))?;
                let time = time(text);
                if time.is_none() {
                    bad(row, text.to_owned());
                }
                time
            }));
        }
        DataType::Date32 | DataType::Date64 | DataType::Boolean => return Err(Mismatch),
        _ => {
            let array = cast(array, &DataType::Utf8).map_err(|_| Mismatch)?;
            return times(&array, out, bad);
        }
    }
    Ok(())
}

/// Seconds after midnight of `09:45`, `09:45:00`, `2026-02-12 09:45:00.000`, `94500`.
fn time(text: &str) -> Option<i64> {
    let clock = text.rsplit([' ', 'T']).next()?;
    let clock = clock.split('.').next()?;
    let digits = |part: &str| {
        let sound = matches!(part.len(), 1..=2) && part.bytes().all(|b| b.is_ascii_digit());
        if sound { part.parse::<i64>().ok() } else { None }
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (digits(hour)?, digits(minute)?, 0),
        [hour, minute, second] => (digits(hour)?, digits(minute)?, digits(second)?),
        [number] if matches!(number.len(), 5..=6) && number.bytes().all(|b| b.is_ascii_digit()) => {
            let number: i64 = number.parse().ok()?;
            (number / 10_000, number / 100 % 100, number % 100)
        }
        _ => return None,
    };
    let sound = hour < 24 && minute < 60 && second < 60;
    sound.then_some(hour * 3_600 + minute * 60 + second)
}

/// A column of texts as a string array.
pub(crate) fn texts(array: &ArrayRef) -> Result<StringArray, Mismatch> {
    let array = match array.data_type() {
        DataType::Utf8 => array.clone(),
        DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Dictionary(..)
        | DataType::Null
        | DataType::Int32
        | DataType::Int64 => cast(array, &DataType::Utf8).map_err(|_| Mismatch)?,
        _ => return Err(Mismatch),
    };
    Ok(array.as_string::<i32>().clone())
}

/// A text without the space around it; `None` where there is nothing.
pub(crate) fn spoken(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !is_blank(text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, TimestampMicrosecondArray};

    use super::*;

    fn read(array: ArrayRef) -> (Vec<Cell>, usize) {
        let (mut out, mut bad) = (Vec::new(), 0);
        times(&array, &mut out, |_, _| bad += 1).unwrap();
        (out, bad)
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut memo = DateMemo::default();
        assert_eq!(memo.read("2026-02-12 09:45:00.000"), memo.read("20260212"));
        assert_eq!(
            memo.read(&format!("2026-02-12 {}", "0".repeat(1 << 20))),
            memo.read("20260212")
        );
        assert!(memo.texts.keys().map(|text| text.len()).sum::<usize>() < 64);
    }

    #[test]
    fn times_are_read_in_every_spelling() {
        let quarter = Some(9 * 3_600 + 45 * 60);
        let texts = ["09:45", "9:45:00", "2026-02-12 09:45:00", "2026-02-12T09:45:00.000", "94500"];
        assert_eq!(read(Arc::new(StringArray::from(texts.to_vec()))), (vec![quarter; 5], 0));
        assert_eq!(read(Arc::new(Int64Array::from(vec![94_500, 134_500]))).0[0], quarter);
        let wrong = ["24:00", "09:60", "0945", "later", "09:45:61", "1:2:3:4", "２:00", "-9:45"];
        assert_eq!(read(Arc::new(StringArray::from(wrong.to_vec()))), (vec![None; 8], 8));
        let micros = (20_496 * DAY + 9 * 3_600 + 45 * 60) * 1_000_000;
        let local = TimestampMicrosecondArray::from(vec![micros]);
        assert_eq!(read(Arc::new(local)).0, [quarter]);
        let universal = TimestampMicrosecondArray::from(vec![micros - SHANGHAI * 1_000_000]);
        assert_eq!(read(Arc::new(universal.with_timezone("UTC"))).0, [quarter]);
    }
}
