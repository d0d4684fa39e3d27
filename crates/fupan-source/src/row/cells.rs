//! Converts Arrow columns of whatever type a vendor chose to the integers that tables hold.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, Float32Array, Float64Array, Int32Array, Int64Array,
    StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Float32Type, Float64Type, Int32Type, Int64Type, Time32SecondType,
    TimeUnit, TimestampSecondType,
};
use fupan_market::Wording;

use crate::finding::as_it_is;
use crate::spelling;
use crate::spelling::civil;
use crate::spelling::civil::{Civil, Clock, Fault, Style, Zone};
use crate::spelling::decimal::Scale;

/// One value of a column: absent, or an integer (a scaled number, days since 1970-01-01, or the
/// number of an interned text).
pub(crate) type Cell = Option<i64>;

/// The column's type cannot be read as what the recipe declares.
#[derive(Debug)]
pub(crate) struct Mismatch;

/// Parses a number written in plain text; one in larger units adds one to `rounded`.
fn written(scale: Scale, text: &str, rounded: &mut u64) -> Option<i64> {
    let written = spelling::number(text)?;
    *rounded += u64::from(written.is_rounded());
    Scale { power: scale.power + written.power, ..scale }.text(&written.digits)
}

/// Reads a column of numbers. Calls `bad(row, text)` for each value that is not a number or is less
/// than `least`; `rounded` counts those written in larger units.
pub(crate) fn numbers(
    array: &ArrayRef,
    scale: Scale,
    least: i64,
    out: &mut Vec<Cell>,
    rounded: &mut u64,
    mut bad: impl FnMut(usize, String),
) -> Result<(), Mismatch> {
    out.clear();
    let mut checked = |row: usize, value: Option<i64>, shown: &dyn Fn() -> String| {
        let value = value.filter(|v| *v >= least);
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
                let text = v.map(spelling::plain).filter(|text| !spelling::is_blank(text))?;
                checked(row, written(scale, text, rounded), &|| text.to_owned())
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
            return numbers(&array, scale, least, out, rounded, bad);
        }
    }
    Ok(())
}

/// The type to cast a column of numbers to, if its own type is not read directly.
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

/// Texts of dates and times already read: a file has few distinct ones, repeated often.
#[derive(Debug, Default)]
pub(crate) struct DateMemo {
    texts: HashMap<(Zone, Box<str>), Result<Civil, Fault>>,
}

impl DateMemo {
    /// Distinct texts after which the memo stops growing.
    const MOST: usize = 200_000;

    /// Bytes of the longest text that is remembered; no date with a time of day is longer.
    const LONGEST: usize = 64;

    /// The moment written in a plain text, in the exchanges' time.
    pub fn read(&mut self, text: &str, zone: Zone) -> Result<Civil, Fault> {
        if text.len() > DateMemo::LONGEST {
            return Err(Fault::Unreadable);
        }
        let key = (zone, Box::from(text));
        if let Some(known) = self.texts.get(&key) {
            return *known;
        }
        let read = civil::of_text(text, zone);
        if self.texts.len() < DateMemo::MOST {
            self.texts.insert(key, read);
        }
        read
    }
}

/// Reads a column of moments in the exchanges' time; a text of zero means none. Calls `bad` for
/// each value that is not a moment, with the reason.
fn moments(
    array: &ArrayRef,
    clock: Clock,
    memo: &mut DateMemo,
    mut bad: impl FnMut(usize, Wording, Fault),
) -> Result<Vec<Option<Civil>>, Mismatch> {
    let mut judged = |row: usize, read: Result<Civil, Fault>, shown: &dyn Fn() -> Wording| {
        read.map_err(|fault| bad(row, shown(), fault)).ok()
    };
    if let Style::Epoch { per_second } = clock.style {
        let array = integers(array)?;
        let moment = |(row, count): (usize, Option<i64>)| {
            let count = count?;
            let read = civil::of_instant(count.div_euclid(per_second)).ok_or(Fault::Unreadable);
            judged(row, read, &|| as_it_is(count.to_string()))
        };
        return Ok(array.iter().enumerate().map(moment).collect());
    }
    match array.data_type() {
        DataType::Date32 => {
            let array = array.as_primitive::<Date32Type>();
            let moment = |(row, day): (usize, Option<i32>)| {
                let day = day?;
                // Years of four digits, as texts are read: 0000-01-01 to 9999-12-31.
                let sound = (-719_528..=2_932_896).contains(&day);
                let read =
                    if sound { Ok(Civil { day, second: None }) } else { Err(Fault::Unreadable) };
                judged(row, read, &|| Wording::new(format!("day {day}"), format!("第{day}天")))
            };
            Ok(array.iter().enumerate().map(moment).collect())
        }
        DataType::Date64 => {
            let array = cast(array, &DataType::Date32).map_err(|_| Mismatch)?;
            moments(&array, clock, memo, bad)
        }
        DataType::Timestamp(_, zone) => {
            // If the type has a zone, its numbers are UTC, whatever the zone's name.
            let universal = zone.is_some();
            let seconds = DataType::Timestamp(TimeUnit::Second, None);
            let array = cast(array, &seconds).map_err(|_| Mismatch)?;
            let array = array.as_primitive::<TimestampSecondType>();
            let moment = |(row, second): (usize, Option<i64>)| {
                let second = second?;
                let read = match universal {
                    true => civil::of_instant(second).ok_or(Fault::Unreadable),
                    false => civil::of_clock(second, clock.zone),
                };
                judged(row, read, &|| since_1970(second))
            };
            Ok(array.iter().enumerate().map(moment).collect())
        }
        DataType::Utf8 => {
            let array: &StringArray = array.as_string();
            Ok(spoken_moments(array, clock, memo, &mut judged))
        }
        DataType::Float64 | DataType::Float32 => {
            let array = integers(array)?;
            let array: ArrayRef = Arc::new(array);
            moments(&array, clock, memo, bad)
        }
        DataType::Boolean => Err(Mismatch),
        _ => {
            let array = cast(array, &DataType::Utf8).map_err(|_| Mismatch)?;
            moments(&array, clock, memo, bad)
        }
    }
}

fn since_1970(second: i64) -> Wording {
    Wording::new(format!("{second} seconds since 1970"), format!("自1970年起第{second}秒"))
}

/// Receives a row, its parsed value, and the value as written in the file; returns the value if
/// sound.
type Judge<'a> = dyn FnMut(usize, Result<Civil, Fault>, &dyn Fn() -> Wording) -> Option<Civil> + 'a;

/// The moments of a column of texts; a run of equal texts is parsed once. `judged` returns what to
/// keep.
fn spoken_moments(
    array: &StringArray,
    clock: Clock,
    memo: &mut DateMemo,
    judged: &mut Judge<'_>,
) -> Vec<Option<Civil>> {
    let mut last: Option<(&str, Result<Civil, Fault>)> = None;
    let mut read_all = Vec::with_capacity(array.len());
    for (row, text) in array.iter().enumerate() {
        let text = text.map(spelling::plain);
        let text = text.filter(|text| !spelling::is_blank(text) && *text != "0");
        read_all.push(text.and_then(|text| {
            let read = match last {
                Some((known, read)) if known == text => read,
                _ => memo.read(text, clock.zone),
            };
            last = Some((text, read));
            judged(row, read, &|| as_it_is(text.to_owned()))
        }));
    }
    read_all
}

/// A column of whole numbers, whatever its type.
fn integers(array: &ArrayRef) -> Result<Int64Array, Mismatch> {
    match array.data_type() {
        DataType::Boolean | DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
            Err(Mismatch)
        }
        _ => {
            let array = cast(array, &DataType::Int64).map_err(|_| Mismatch)?;
            Ok(array.as_primitive::<Int64Type>().clone())
        }
    }
}

/// Reads a column of dates to days since 1970-01-01.
pub(crate) fn dates(
    array: &ArrayRef,
    clock: Clock,
    memo: &mut DateMemo,
    out: &mut Vec<Cell>,
    bad: impl FnMut(usize, Wording, Fault),
) -> Result<(), Mismatch> {
    out.clear();
    let read = moments(array, clock, memo, bad)?;
    out.extend(read.into_iter().map(|moment| moment.map(|moment| i64::from(moment.day))));
    Ok(())
}

/// Reads a column of times of day, alone or after dates, to seconds after midnight.
pub(crate) fn times(
    array: &ArrayRef,
    clock: Clock,
    memo: &mut DateMemo,
    out: &mut Vec<Cell>,
    mut bad: impl FnMut(usize, Wording, Fault),
) -> Result<(), Mismatch> {
    out.clear();
    match array.data_type() {
        DataType::Time32(_) | DataType::Time64(_) => {
            let array = cast(array, &DataType::Time32(TimeUnit::Second)).map_err(|_| Mismatch)?;
            let array = array.as_primitive::<Time32SecondType>();
            out.extend(array.iter().map(|second| second.map(i64::from)));
        }
        DataType::Timestamp(..) => {
            let read = moments(array, clock, memo, bad)?;
            out.extend(read.into_iter().map(|moment| moment?.second));
        }
        _ if clock.style != Style::Written => {
            let read = moments(array, clock, memo, bad)?;
            out.extend(read.into_iter().map(|moment| moment?.second));
        }
        DataType::Utf8 => {
            let array: &StringArray = array.as_string();
            out.extend(array.iter().enumerate().map(|(row, text)| {
                let text = text.map(spelling::plain).filter(|text| !spelling::is_blank(text))?;
                let second = civil::time_of(&spelling::half_width(text));
                if second.is_some() {
                    return second;
                }
                match memo.read(text, clock.zone) {
                    Ok(Civil { second: Some(second), .. }) => Some(second),
                    Ok(_) => {
                        bad(row, as_it_is(text.to_owned()), Fault::Unreadable);
                        None
                    }
                    Err(fault) => {
                        bad(row, as_it_is(text.to_owned()), fault);
                        None
                    }
                }
            }));
        }
        DataType::Date32 | DataType::Date64 | DataType::Boolean => return Err(Mismatch),
        _ => {
            let array = cast(array, &DataType::Utf8).map_err(|_| Mismatch)?;
            return times(&array, clock, memo, out, bad);
        }
    }
    Ok(())
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
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64 => cast(array, &DataType::Utf8).map_err(|_| Mismatch)?,
        _ => return Err(Mismatch),
    };
    Ok(array.as_string::<i32>().clone())
}

/// A text without spreadsheet artefacts; `None` if it is blank.
pub(crate) fn spoken(text: &str) -> Option<&str> {
    Some(spelling::plain(text)).filter(|text| !spelling::is_blank(text))
}

#[cfg(test)]
mod tests;
