//! TDX's `base.dbf` (`T0002/hq_cache/base.dbf`): share capital and listing dates, a dBASE III file.
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..1 | u8 | 3, dBASE III without memo |
//! | 1..4 | 3 × u8 | a date of the file, which terminals do not keep up to date |
//! | 4..8 | u32 | the number of records, little endian |
//! | 8..10 | u16 | bytes of the header |
//! | 10..12 | u16 | bytes of a record |
//! | 32.. | 32 each | the fields: name in 11 bytes padded with zeros, type, 4 bytes, length, 15 bytes |
//! | | u8 | 13, the end of the fields |
//!
//! A record is a byte (a space, or `*` if it is deleted) and the fields' texts one after another:
//!
//! | field | becomes | holds |
//! |---|---|---|
//! | `SC`, `GPDM` | `symbol` | the exchange (0 Shenzhen, 1 Shanghai, 2 Beijing) and six digits |
//! | `ZGB` | `total` | all shares, in ten thousands |
//! | `LTAG` | `float` | A-shares that trade, in ten thousands |
//! | `SSDATE` | `listed` | the first day of trading as 20260212, or 0 |
//! | `GXRQ` | `updated` | the day of the last report as 20260212, or 0 |
//!
//! Numbers come from floats of seven digits. `GXRQ` is the day of a report and not of the shares:
//! in a file of November 2020, 110 of 4,080 shares have a capital that came into force only after
//! it, up to a week. So the file does not say of which day it is.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use fupan_market::{FindingKind, Wording};

use crate::files::{Payload, content};
use crate::finding::{Cost, Said, Topic, as_it_is};
use crate::frame::{FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

/// The first byte of a file of dBASE III without memo.
const VERSION: u8 = 3;

const HEADER: usize = 32;
const FIELD: usize = 32;
const FIELD_NAME: usize = 11;
const FIELD_LENGTH: usize = 16;

/// Ends the list of fields.
const END: u8 = 0x0D;

/// Most bytes of the file: terminals have some 3 MB.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// The columns of a frame.
const COLUMNS: [&str; 5] = ["symbol", "total", "float", "listed", "updated"];

const WITHOUT_SHARES: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Records have no shares, as of companies that are delisted or not yet listed; they were \
             skipped",
        zh: "记录没有股本，多为已退市或尚未上市的公司，已跳过",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

const NEWEST: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "The file does not say of which day it is; its newest report is of",
        zh: "文件没有写明日期；其中最新的财务更新日期为",
    },
    hint: Said {
        en: "The date given by --as-of should be the day on which the terminal last updated it.",
        zh: "--as-of给出的日期应为通达信终端最后更新该文件的日期。",
    },
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
        let shown = || Path::new(member.shown.as_ref()).to_owned();
        let damaged = |reason| SourceError::Damaged { path: shown(), reason };
        if bytes.first() != Some(&VERSION) {
            let reason = Wording::new(
                "it does not start like a dBASE III file",
                "开头不是dBASE III文件的样子",
            );
            return Err(member.wrong_format(recipe, reason));
        }
        let layout = Layout::of(&bytes).map_err(damaged)?;
        progress.expect(Some(layout.records.len() as u64));
        let mut faults: Vec<Fault> = layout.newest().into_iter().collect();
        let mut rows_before = 0;
        for records in layout.records.chunks(FRAME_ROWS) {
            let (batch, places, bare) = layout
                .batch(records)
                .map_err(|error| damaged(Wording::of_library("Arrow库", &error)))?;
            faults.extend(bare);
            let frame = Frame {
                file: member.shown.clone(),
                subject: member.subject.clone(),
                rows_before,
                batch,
                places: Some(places),
                faults: std::mem::take(&mut faults),
            };
            rows_before += records.len() as u64;
            if take(frame).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Whether a file starts like one of dBASE III with the fields that are read.
pub(crate) fn is_one(path: &Path) -> bool {
    content(path, FILE_BYTES_MAX).is_ok_and(|bytes| Layout::of(&bytes).is_ok())
}

/// Where the fields are, and the records.
struct Layout<'a> {
    /// Places in a record, in the order of `FIELDS`.
    fields: [(usize, usize); FIELDS.len()],
    records: Vec<&'a [u8]>,
}

const FIELDS: [&str; 6] = ["SC", "GPDM", "ZGB", "LTAG", "SSDATE", "GXRQ"];

impl<'a> Layout<'a> {
    /// The layout that a file's header describes; an error if the file is not that long, or lacks a
    /// field.
    fn of(bytes: &'a [u8]) -> Result<Layout<'a>, Wording> {
        let short = |at: usize| bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two));
        let count =
            bytes.get(4..).and_then(<[u8]>::first_chunk).map(|four| u32::from_le_bytes(*four));
        let (Some(count), Some(header), Some(length)) = (count, short(8), short(10)) else {
            return Err(Wording::new("its header is cut off", "文件头不完整"));
        };
        let (header, length) = (usize::from(header), usize::from(length));
        let described = bytes.get(HEADER..header).unwrap_or_default();
        let mut found = [None; FIELDS.len()];
        let mut at = 1;
        for field in described.chunks_exact(FIELD).take_while(|field| field[0] != END) {
            let name = field[..FIELD_NAME].split(|byte| *byte == 0).next().unwrap_or_default();
            let end = at + usize::from(field[FIELD_LENGTH]);
            if let Some(place) = FIELDS.iter().position(|known| known.as_bytes() == name) {
                found[place] = Some((at, end)).filter(|(_, end)| *end <= length);
            }
            at = end;
        }
        let mut fields = [(0, 0); FIELDS.len()];
        for ((field, found), name) in fields.iter_mut().zip(found).zip(FIELDS) {
            *field = found.ok_or_else(|| {
                Wording::new(format!("it has no field {name}"), format!("没有字段{name}"))
            })?;
        }
        let rest = bytes.get(header..).unwrap_or_default();
        // The fields lie in a record, so that it is not empty. An end mark may follow.
        let records: Vec<&[u8]> = rest.chunks_exact(length).collect();
        let claimed = usize::try_from(count).unwrap_or(usize::MAX);
        if claimed > records.len() {
            let found = records.len();
            return Err(Wording::new(
                format!("it claims {claimed} records and holds {found}"),
                format!("文件写明有{claimed}条记录，实有{found}条"),
            ));
        }
        Ok(Layout { fields, records: records.into_iter().take(claimed).collect() })
    }

    /// The texts of a record, in the order of `FIELDS`; what is no ASCII cannot be read.
    fn texts(&self, record: &'a [u8]) -> [&'a str; FIELDS.len()] {
        self.fields
            .map(|(start, end)| std::str::from_utf8(&record[start..end]).unwrap_or("?").trim())
    }

    /// The newest report's day.
    fn newest(&self) -> Option<Fault> {
        let days = self.records.iter().map(|record| self.texts(record)[5]);
        let newest = days.filter(|day| day.len() == 8).max()?;
        let example = as_it_is(newest.to_owned());
        Some(Fault { topic: NEWEST, rows: 1, place: 1, day: None, example })
    }

    /// The columns of the records that are not deleted and have shares, the place of each, and how
    /// many have none.
    fn batch(
        &self,
        records: &[&'a [u8]],
    ) -> Result<(RecordBatch, Vec<u64>, Option<Fault>), ArrowError> {
        let mut columns: [StringBuilder; COLUMNS.len()] = Default::default();
        let (mut places, mut bare) = (Vec::new(), None);
        for (place, record) in (1..).zip(records) {
            if record[0] == b'*' {
                continue;
            }
            let [exchange, code, total, float, listed, updated] = self.texts(record);
            if is_zero(total) && is_zero(float) {
                let fault = bare.get_or_insert_with(|| {
                    let example = as_it_is(code.to_owned());
                    Fault { topic: WITHOUT_SHARES, rows: 0, place, day: None, example }
                });
                fault.rows += 1;
                continue;
            }
            let exchange = match exchange {
                "0" => "sz",
                "1" => "sh",
                "2" => "bj",
                other => other,
            };
            places.push(place);
            let [symbols, totals, floats, listeds, updateds] = &mut columns;
            symbols.append_value(format!("{exchange}{code}"));
            totals.append_value(total);
            floats.append_value(float);
            for (column, day) in [(listeds, listed), (updateds, updated)] {
                column.append_option(Some(day).filter(|day| !is_zero(day)));
            }
        }
        let fields = COLUMNS.map(|name| Field::new(name, DataType::Utf8, true)).to_vec();
        let arrays = columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef);
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays.collect())?;
        Ok((batch, places, bare))
    }
}

/// Whether a number is zero or not stated.
fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}
