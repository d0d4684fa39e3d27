//! TDX's own industries: `T0002/hq_cache/tdxhy.cfg` has a line for each security, and `incon.dat`
//! the names of the codes in it.
//!
//! A line of `tdxhy.cfg` is `0|000001|T1001|…`: the exchange (0 Shenzhen, 1 Shanghai, 2 Beijing),
//! six digits, the industry. `incon.dat` is GBK text in sections; that of `#TDXNHY` has lines such as
//! `T1001|银行`. A code of 7 characters is an industry of the third level, its first 5 are that of
//! the second, its first 3 that of the first.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use encoding_rs::GBK;
use fupan_market::Wording;
use fupan_table::INDUSTRY_LEVELS;

use crate::files::{Payload, TDX_INDUSTRIES, content, is_named};
use crate::finding::{as_it_is, topics};
use crate::frame::{FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

/// The section of the names.
const SECTION: &str = "#TDXNHY";

/// Characters of a code up to each level.
const LEVELS: [usize; 3] = [3, 5, 7];

/// Most bytes of either file: they have some 0.1 MB.
const FILE_BYTES_MAX: u64 = 8 << 20;

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let [lines, names] = TDX_INDUSTRIES.map(|name| the_one(recipe, payload, name));
    let (lines, names) = (lines?, content(names?, FILE_BYTES_MAX)?);
    let names = GBK.decode_without_bom_handling(&names).0;
    let names = section(&names);
    let text = content(lines, FILE_BYTES_MAX)?;
    let text = GBK.decode_without_bom_handling(&text).0;
    let text: Vec<&str> = text.lines().collect();
    progress.expect(Some(text.len() as u64));
    for (place, lines_of_frame) in text.chunks(FRAME_ROWS).enumerate() {
        let (batch, places, faults) =
            frame(lines_of_frame, &names).map_err(|error| SourceError::Damaged {
                path: lines.clone(),
                reason: Wording::of_library("Arrow库", &error),
            })?;
        let frame = Frame {
            file: lines.to_string_lossy().into(),
            subject: payload.subject.clone(),
            rows_before: (place * FRAME_ROWS) as u64,
            batch,
            places: Some(places),
            faults,
        };
        if take(frame).is_break() {
            break;
        }
    }
    Ok(())
}

/// The only file of a name.
fn the_one<'p>(
    recipe: &Recipe,
    payload: &'p Payload,
    name: &str,
) -> Result<&'p PathBuf, SourceError> {
    let mut files = payload.files.iter().filter(|path| is_named(path, name));
    match (files.next(), files.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => {
            let reason =
                Wording::new(format!("the folder has no {name}"), format!("文件夹里没有{name}"));
            Err(payload.wrong_format(recipe, reason))
        }
        (Some(_), Some(_)) => {
            let reason = Wording::new(
                format!("the folder has several files {name}"),
                format!("文件夹里有多个{name}"),
            );
            Err(payload.wrong_format(recipe, reason))
        }
    }
}

/// The names by code.
fn section(text: &str) -> HashMap<&str, &str> {
    let lines = text.lines().map(str::trim_end).skip_while(|line| *line != SECTION).skip(1);
    let own = lines.take_while(|line| !line.starts_with('#'));
    own.filter_map(|line| line.split_once('|')).map(|(code, name)| (code, name.trim())).collect()
}

/// A batch of lines, the place of each row, and the lines that are none.
fn frame(
    lines: &[&str],
    names: &HashMap<&str, &str>,
) -> Result<(RecordBatch, Vec<u64>, Vec<Fault>), arrow::error::ArrowError> {
    let mut symbols = StringBuilder::new();
    let mut levels: [StringBuilder; 2 * LEVELS.len()] = Default::default();
    let (mut places, mut faults) = (Vec::new(), Vec::new());
    for (place, line) in (1..).zip(lines) {
        let mut fields = line.split('|');
        let (Some(exchange), Some(code), Some(industry)) =
            (fields.next(), fields.next(), fields.next())
        else {
            if !line.trim().is_empty() {
                let example = as_it_is(line.chars().take(40).collect());
                let topic = topics::FEWER_FIELDS;
                faults.push(Fault { topic, rows: 1, place, day: None, example });
            }
            continue;
        };
        places.push(place);
        let exchange = match exchange {
            "0" => "sz",
            "1" => "sh",
            "2" => "bj",
            other => other,
        };
        symbols.append_value(format!("{exchange}{code}"));
        for (level, length) in LEVELS.into_iter().enumerate() {
            let code = industry.get(..length);
            levels[2 * level].append_option(code);
            levels[2 * level + 1].append_option(code.and_then(|code| names.get(code)));
        }
    }
    let columns = ["symbol"].into_iter().chain(INDUSTRY_LEVELS.into_iter().flatten());
    let fields: Vec<Field> = columns.map(|name| Field::new(name, DataType::Utf8, true)).collect();
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(symbols.finish())];
    arrays.extend(levels.iter_mut().map(|level| Arc::new(level.finish()) as ArrayRef));
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
    Ok((batch, places, faults))
}
