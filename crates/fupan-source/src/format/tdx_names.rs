//! TDX's lists of an exchange's securities (`T0002/hq_cache/szs.tnf`, of older terminals `szm.tnf`),
//! little endian.
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..40 | text | the server that sent the list |
//! | 40..42 | u16 | its port |
//! | 42..46 | u32 | the day on which it was sent, as 20260212 |
//! | 46..50 | u32 | the time, as 85009 |
//!
//! and then for each security 314 bytes in `shm`, `szm` and `bjm`, 360 in `shs`, `szs` and `bjs`:
//!
//! | of 314 | of 360 | type | holds |
//! |---|---|---|---|
//! | 0..6 | 0..6 | text | six digits |
//! | 23..68 | 31..76 | GBK | its name, ended by a zero |
//! | 276..280 | | f32 | the previous close, in yuan; not read, but it shows the day |
//!
//! The exchange is in the file's name. Of a list of 2020-10-30, 2,192 of 2,196 previous closes are
//! the exchange's of that session: the list is of the day in its header. Records of 360 bytes are
//! read as several programs do; no file of them has been seen here.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use encoding_rs::GBK;
use fupan_market::{Exchange, FindingKind, SecurityKind, SessionDate, Symbol, Wording};

use crate::files::{Payload, content};
use crate::finding::{Cost, Said, Topic, as_it_is};
use crate::frame::{FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

const HEADER: usize = 50;
const DAY: usize = 42;
const CODE: usize = 6;
const NAME: usize = 45;

/// What a file is by its name without extension.
#[derive(Clone, Copy, Debug)]
struct Kind {
    exchange: Exchange,
    /// Bytes of a record.
    record: usize,
    /// Where its name starts.
    name: usize,
}

/// Most bytes of one file: terminals have some 8 MB.
const FILE_BYTES_MAX: u64 = 64 << 20;

const NO_STOCKS: Topic = Topic {
    kind: FindingKind::UnknownSymbol,
    what: Said {
        en: "Codes that are not those of stocks were skipped",
        zh: "不是股票的代码，已跳过",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    for member in payload.members() {
        let bytes = content(&member.path, FILE_BYTES_MAX)?;
        let wrong = |reason| member.wrong_format(recipe, reason);
        let kind = Kind::of(&member.subject).ok_or_else(|| {
            wrong(Wording::new(
                "its name is not one such as szs.tnf or szm.tnf, so that its exchange is not known",
                "文件名不是szs.tnf、szm.tnf之类，无从得知交易所",
            ))
        })?;
        let day = day(&bytes)
            .ok_or_else(|| wrong(Wording::new("its header has no date", "文件头没有日期")))?;
        let rest = bytes.get(HEADER..).unwrap_or_default();
        let (record, over) = (kind.record, rest.len() % kind.record);
        if over > 0 {
            return Err(wrong(Wording::new(
                format!("its records are not of {record} bytes: {over} are left"),
                format!("记录不是每条{record}字节：余{over}字节"),
            )));
        }
        let securities: Vec<&[u8]> = rest.chunks_exact(record).collect();
        progress.expect(Some(securities.len() as u64));
        for (place, securities) in securities.chunks(FRAME_ROWS).enumerate() {
            let (batch, places, others) = batch(securities, kind, day).map_err(|error| {
                let path = Path::new(member.shown.as_ref()).to_owned();
                SourceError::Damaged { path, reason: Wording::of_library("Arrow库", &error) }
            })?;
            let frame = Frame {
                file: member.shown.clone(),
                subject: member.subject.clone(),
                rows_before: (place * FRAME_ROWS) as u64,
                batch,
                places: Some(places),
                faults: others.into_iter().collect(),
            };
            if take(frame).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        let exchanges = [("sh", Exchange::Sse), ("sz", Exchange::Szse), ("bj", Exchange::Bse)];
        let name = name.to_ascii_lowercase();
        exchanges.into_iter().find_map(|(word, exchange)| match name.strip_prefix(word)? {
            "m" => Some(Kind { exchange, record: 314, name: 23 }),
            "s" => Some(Kind { exchange, record: 360, name: 31 }),
            _ => None,
        })
    }
}

/// The day on which a list was sent, as 20260212; `None` if its header has none.
fn day(bytes: &[u8]) -> Option<i32> {
    let day = i32::from_le_bytes(*bytes.get(DAY..HEADER)?.first_chunk()?);
    let date: SessionDate = day.to_string().parse().ok()?;
    (1990..2100).contains(&date.date().year()).then_some(day)
}

/// The stocks among securities, the place of each, and how many are none.
fn batch(
    securities: &[&[u8]],
    kind: Kind,
    day: i32,
) -> Result<(RecordBatch, Vec<u64>, Option<Fault>), ArrowError> {
    let [mut symbols, mut names]: [StringBuilder; 2] = Default::default();
    let (mut places, mut others) = (Vec::new(), None::<Fault>);
    for (place, security) in (1..).zip(securities) {
        let code = String::from_utf8_lossy(&security[..CODE]);
        let number = code.parse().ok().filter(|_| code.bytes().all(|byte| byte.is_ascii_digit()));
        let symbol = number.and_then(|number| Symbol::new(kind.exchange, number).ok());
        let stock = symbol.filter(|who| matches!(who.kind(), SecurityKind::Stock(_)));
        let Some(stock) = stock else {
            let fault = others.get_or_insert_with(|| {
                let example = as_it_is(code.trim_end_matches('\0').to_owned());
                Fault { topic: NO_STOCKS, rows: 0, place, day: None, example }
            });
            fault.rows += 1;
            continue;
        };
        let name = &security[kind.name..kind.name + NAME];
        let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
        places.push(place);
        symbols.append_value(stock.to_string());
        names.append_value(GBK.decode_without_bom_handling(&name[..end]).0);
    }
    let of_text = |name| Field::new(name, DataType::Utf8, true);
    let fields =
        vec![of_text("symbol"), of_text("name"), Field::new("date", DataType::Int32, true)];
    let days = Int32Array::from(vec![day; places.len()]);
    let columns: Vec<ArrayRef> =
        vec![Arc::new(symbols.finish()), Arc::new(names.finish()), Arc::new(days)];
    Ok((RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?, places, others))
}
