//! TDX's bars of one and of five minutes (`vipdoc/*/minline`, `vipdoc/*/fzline`): records of 32
//! bytes, little endian, a file for each security.
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..2 | u16 | the date: (year − 2004) × 2048 + month × 100 + day |
//! | 2..4 | u16 | the end of the bar, in minutes after midnight |
//! | 4..20 | 4 × f32 | open, high, low, close in yuan (`.lc1`, `.lc5`) |
//! | | 4 × u32 | the same in hundredths (`.1`, `.01`, `.5`, of older terminals) |
//! | 20..24 | f32 | turnover in yuan |
//! | 24..28 | u32 | volume in shares, in whole lots |
//! | 28..32 | u32 | reserved |
//!
//! Some terminals stamp the bar that ends at 11:30 with 13:00. No bar ends at 13:00, as nothing
//! trades from 11:30 to then; so where a day has a bar of 13:00 and none of 11:30, it is that one.
//!
//! Volumes are differences of whole lots, so that those of a day add up to its volume but for a lot.
//! A bar in which less than a lot was traded says 0 beside a turnover; if it has a single price, the
//! two tell its shares.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, Float32Builder, Int32Builder, Int64Array, RecordBatch,
    Time32SecondBuilder,
};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use fupan_market::{FindingKind, Wording};

use crate::files::{Payload, content, has_extension, stem};
use crate::finding::{Cost, Said, Topic, as_it_is};
use crate::format::tdx::{RECORD, expected, over};
use crate::frame::{Fault, Frame, Take};
use crate::recipe::{Format, Recipe};
use crate::spelling::decimal::Scale;
use crate::{Progress, SourceError};

/// Places in a record.
const PRICES: [usize; 4] = [4, 8, 12, 16];
const TURNOVER: usize = 20;
const VOLUME: usize = 24;

/// Most bytes of one file: ten years of minutes are 19 MB.
pub(super) const FILE_BYTES_MAX: u64 = 256 << 20;

/// Most records of a frame.
const FRAME_RECORDS: usize = 100_000;

/// The ends of the morning and of the break after it, in minutes after midnight.
const NOON: u16 = 11 * 60 + 30;
const AFTER_NOON: u16 = 13 * 60;

/// Fewest bars of a file that show whether they are of one minute or of five.
const TELLING: usize = 12;

const STAMPED: Topic = Topic {
    kind: FindingKind::SuspectUnits,
    what: Said {
        en: "Bars stamped 13:00 on days without one of 11:30 were taken for those of 11:30",
        zh: "标为13:00的K线，当日又没有11:30的，按11:30处理",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

const ODD: Topic = Topic {
    kind: FindingKind::SuspectUnits,
    what: Said {
        en: "Bars of less than a lot say a volume of 0; their shares were told from turnover and price",
        zh: "不足一手的K线写作成交量0，其股数由成交额和价格得出",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

/// How the prices of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prices {
    Floats,
    Hundredths,
}

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    progress.expect(Some(expected(payload)));
    for path in &payload.files {
        let Some(wanted) = payload.records_of(path, usize::MAX) else { continue };
        let bytes = content(path, FILE_BYTES_MAX)?;
        let floats = ["lc1", "lc5"].iter().any(|extension| has_extension(path, extension));
        let prices = if floats { Prices::Floats } else { Prices::Hundredths };
        let records: Vec<&[u8]> = bytes.chunks_exact(RECORD).collect();
        if let Some(reason) = other_length(recipe, &records) {
            let recipe = recipe.name.clone();
            return Err(SourceError::WrongFormat { path: path.clone(), recipe, reason });
        }
        let mut start = wanted.start.min(records.len());
        let records = &records[..wanted.end.min(records.len())];
        // An empty file has one frame too, so that what is over is said.
        loop {
            let end = end_of_frame(records, start);
            let mut frame = frame(path, &records[start..end], prices).map_err(|error| {
                let reason = Wording::of_library("Arrow库", &error);
                SourceError::Damaged { path: path.clone(), reason }
            })?;
            frame.rows_before = start as u64;
            if end == records.len() {
                frame.faults.extend(over(&bytes, start));
            }
            if take(frame).is_break() {
                return Ok(());
            }
            start = end;
            if start >= records.len() {
                break;
            }
        }
    }
    Ok(())
}

/// The date's word of a record, and its minute after midnight.
fn moment(record: &[u8]) -> (u16, u16) {
    let word = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
    (word(0), word(2))
}

/// The day of a record, as 20260212.
pub(super) fn day(record: &[u8]) -> i32 {
    let (date, _) = moment(record);
    let (year, of_year) = (i32::from(date / 2048) + 2004, i32::from(date % 2048));
    year * 10_000 + of_year
}

/// Why bars are not of the length that a recipe reads. Those of a minute come in every minute of the
/// day, traded or not; those of five end at multiples of five.
fn other_length(recipe: &Recipe, records: &[&[u8]]) -> Option<Wording> {
    let five = |record: &&[u8]| moment(record).1.is_multiple_of(5);
    match recipe.formats.first() {
        Some(Format::TdxFiveMinutes) if !records.iter().all(five) => Some(Wording::new(
            "its bars do not all end at multiples of five minutes; are they of one minute \
             (`tdx-minutes`)?",
            "K线时刻不都是5分钟的整数倍；是否为1分钟K线（`tdx-minutes`）？",
        )),
        Some(Format::TdxMinutes) if records.len() >= TELLING && records.iter().all(five) => {
            Some(Wording::new(
                "its bars all end at multiples of five minutes; are they of five minutes \
                 (`tdx-five-minutes`)?",
                "K线时刻都是5分钟的整数倍；是否为5分钟K线（`tdx-five-minutes`）？",
            ))
        }
        _ => None,
    }
}

/// Where a frame ends: after a whole day, unless a day has more records than a frame may.
fn end_of_frame(records: &[&[u8]], start: usize) -> usize {
    let most = (start + FRAME_RECORDS).min(records.len());
    if most == records.len() {
        return most;
    }
    let next = moment(records[most]).0;
    let whole = (start + 1..=most).rev().find(|at| moment(records[at - 1]).0 != next);
    whole.unwrap_or(most)
}

fn frame(path: &Path, records: &[&[u8]], prices: Prices) -> Result<Frame, ArrowError> {
    let mut faults = Vec::new();
    let mut minutes: Vec<u16> = records.iter().map(|record| moment(record).1).collect();
    let mut start = 0;
    for day in records.chunk_by(|a, b| moment(a).0 == moment(b).0) {
        let of_day = &mut minutes[start..start + day.len()];
        if of_day.contains(&AFTER_NOON) && !of_day.contains(&NOON) {
            let stamped = of_day.iter_mut().enumerate().filter(|(_, m)| **m == AFTER_NOON);
            for (place, minute) in stamped {
                *minute = NOON;
                let fault = faults.iter_mut().find(|fault: &&mut Fault| fault.topic == STAMPED);
                match fault {
                    Some(fault) => fault.rows += 1,
                    None => {
                        let place = (start + place) as u64 + 1;
                        let example = as_it_is(date(moment(day[0]).0).to_string());
                        faults.push(Fault { topic: STAMPED, rows: 1, place, day: None, example });
                    }
                }
            }
        }
        start += day.len();
    }
    let volumes: Vec<i64> = records.iter().map(|record| volume(record, prices)).collect();
    let odd = |(record, volume): &(&&[u8], &i64)| **volume > 0 && word(record, VOLUME) == 0;
    let rows = records.iter().zip(&volumes).filter(odd).count() as u64;
    if let Some(first) = records.iter().zip(&volumes).position(|pair| odd(&pair)) {
        let example = as_it_is(date(moment(records[first]).0).to_string());
        faults.push(Fault { topic: ODD, rows, place: first as u64 + 1, day: None, example });
    }
    Ok(Frame {
        file: path.to_string_lossy().into(),
        subject: stem(path).into(),
        rows_before: 0,
        batch: batch(records, (&minutes, &volumes), prices)?,
        places: None,
        faults,
    })
}

/// A record's word at a place.
fn word(record: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&record[at..at + 4]);
    u32::from_le_bytes(four)
}

/// The shares of a record. Where it says none beside a turnover, and has one price, the only number
/// below a lot whose turnover is within two yuan of it: turnovers are differences of sums in whole
/// yuan and seven digits.
fn volume(record: &[u8], prices: Prices) -> i64 {
    let said = i64::from(word(record, VOLUME));
    let [open, high, low, close] = PRICES.map(|at| word(record, at));
    if said > 0 || open != high || high != low || low != close {
        return said;
    }
    let fen = match prices {
        Prices::Floats => in_fen(f32::from_bits(close)),
        Prices::Hundredths => Some(i64::from(close)),
    };
    let turnover = in_fen(f32::from_bits(word(record, TURNOVER)));
    let (Some(fen @ 1..), Some(turnover @ 1..)) = (fen, turnover) else { return said };
    let fits = |shares: &i64| (shares * fen - turnover).abs() < 200;
    let mut fitting = (1..100).filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(shares), None) => shares,
        _ => said,
    }
}

/// A float of yuan in fen.
fn in_fen(yuan: f32) -> Option<i64> {
    Scale { power: 2, step: 1 }.float(f64::from(yuan))
}

/// The date in a word, as 20260212; of what is no date, a number that is none either.
fn date(word: u16) -> i32 {
    let (years, day) = (i32::from(word / 2048), i32::from(word % 2048));
    (2004 + years) * 10_000 + day
}

fn batch(
    records: &[&[u8]],
    (minutes, shares): (&[u16], &[i64]),
    prices: Prices,
) -> Result<RecordBatch, ArrowError> {
    let mut dates = Int32Builder::with_capacity(records.len());
    let mut times = Time32SecondBuilder::with_capacity(records.len());
    let mut floats: [Float32Builder; 5] = std::array::from_fn(|_| Float32Builder::new());
    let mut hundredths: [Decimal128Builder; 4] = std::array::from_fn(|_| Decimal128Builder::new());
    for (record, minute) in records.iter().zip(minutes) {
        dates.append_value(date(moment(record).0));
        // What is no minute of a day is no time.
        times.append_option((*minute < 24 * 60).then(|| i32::from(*minute) * 60));
        for (place, at) in PRICES.into_iter().enumerate() {
            let price = word(record, at);
            match prices {
                Prices::Floats => floats[place].append_value(f32::from_bits(price)),
                Prices::Hundredths => hundredths[place].append_value(i128::from(price)),
            }
        }
        floats[4].append_value(f32::from_bits(word(record, TURNOVER)));
    }
    let mut columns: Vec<(&str, ArrayRef)> =
        vec![("date", Arc::new(dates.finish())), ("time", Arc::new(times.finish()))];
    for (place, name) in ["open", "high", "low", "close"].into_iter().enumerate() {
        columns.push(match prices {
            Prices::Floats => (name, Arc::new(floats[place].finish())),
            Prices::Hundredths => {
                let decimals = hundredths[place].finish().with_precision_and_scale(12, 2)?;
                (name, Arc::new(decimals))
            }
        });
    }
    columns.push(("amount", Arc::new(floats[4].finish())));
    columns.push(("volume", Arc::new(Int64Array::from(shares.to_vec()))));
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns
        .into_iter()
        .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
        .unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
