//! Byte layouts: each module reads a file or folder into frames.

mod answers;
mod em_boards;
mod ex_rights;
mod json;
mod parquet;
mod qlib;
mod tdx;
pub(crate) mod tdx_base;
pub(crate) mod tdx_block;
pub(crate) mod tdx_gbbq;
mod tdx_industry;
mod tdx_minutes;
mod tdx_names;
mod tdx_sessions;
mod text;
mod workbook;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use fupan_market::{Calendar, InLanguage, Wording, nearest};

use crate::files::{Member, Payload};
use crate::finding::{Said, topics};
use crate::frame::{Fault, Frame, Take};
use crate::recipe::{Format, Presence, Recipe};
use crate::{Progress, SourceError};

/// Reads a payload in its recipe's format and passes its frames to `take`; returns the layout
/// found.
pub(crate) fn read(
    recipe: &Recipe,
    payload: &Payload,
    calendar: &Calendar,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    match recipe.formats.first() {
        Some(Format::TdxDay) => tdx::read(recipe, payload, calendar, progress, take),
        Some(Format::TdxBlock) => {
            tdx_block::read(recipe, payload, progress, take).map(|()| Wording::none())
        }
        Some(Format::TdxBase) => {
            tdx_base::read(recipe, payload, progress, take).map(|()| Wording::none())
        }
        Some(Format::TdxNames) => {
            tdx_names::read(recipe, payload, progress, take).map(|()| Wording::none())
        }
        Some(Format::TdxMinutes | Format::TdxFiveMinutes) => {
            tdx_minutes::read(recipe, payload, progress, take).map(|()| Wording::none())
        }
        Some(Format::TdxIndustry) => {
            tdx_industry::read(recipe, payload, progress, take).map(|()| Wording::none())
        }
        Some(Format::EmBoards) => em_boards::read(recipe, payload, progress, take),
        Some(Format::Answers(layout)) => {
            answers::read(*layout, recipe, payload, progress, take).map(|()| Wording::none())
        }
        Some(Format::QlibBin) => {
            qlib::read(recipe, payload, progress, take).map(|()| Wording::none())
        }
        _ if let Some(layout) = answers::layout(recipe, payload)? => {
            answers::read(layout, recipe, payload, progress, take).map(|()| Wording::none())
        }
        _ if payload.is_folder() => read_folder(recipe, payload, progress, take),
        _ => match payload.members().next() {
            Some(member) => read_member(recipe, payload, &member, progress, take),
            None => Err(payload.wrong_format(recipe, Wording::new("there is no file", "没有文件"))),
        },
    }
}

/// Bytes of a record of a TDX file of days or minutes, and most bytes of such a file.
pub(crate) const TDX_RECORD: usize = tdx::RECORD;
pub(crate) const TDX_FILE_BYTES_MAX: u64 = tdx_minutes::FILE_BYTES_MAX;

/// The day of a record of a TDX file of days or minutes, as 20260212.
pub(crate) fn day_of_record(recipe: &Recipe, record: &[u8]) -> i32 {
    match recipe.formats.first() {
        Some(Format::TdxMinutes | Format::TdxFiveMinutes) => tdx_minutes::day(record),
        _ => tdx::day(record),
    }
}

/// A text file as a whole, and its encoding in words, which are empty for UTF-8.
pub(crate) fn whole_text(
    recipe: &Recipe,
    member: &Member,
    most: usize,
) -> Result<(String, Wording), SourceError> {
    match first_bytes(member)?.as_slice() {
        [] => Err(member.wrong_format(recipe, Wording::new("the file is empty", "文件是空的"))),
        head => {
            match refusal(if workbook::is_one(head) { Format::Workbook } else { Format::Csv }, head)
            {
                Some(reason) => Err(member.wrong_format(recipe, reason.wording())),
                None => text::whole(recipe, member, most),
            }
        }
    }
}

/// Reads every file of a folder of tables. A file that the recipe cannot read is left out and
/// noted; if none can be read, returns the first file's error.
fn read_folder(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    progress.expect(None);
    let mut layout = Wording::none();
    let (mut any_read, mut first_error) = (false, None);
    for member in payload.members() {
        let mut stopped = false;
        let mut pass = |frame: Frame| {
            let flow = take(frame);
            stopped = flow.is_break();
            flow
        };
        match read_member(recipe, payload, &member, progress, &mut pass) {
            Ok(found) => {
                any_read = true;
                if layout.is_empty() {
                    layout = found;
                }
            }
            Err(error) => {
                let example = error.wording();
                first_error.get_or_insert(error);
                let fault =
                    Fault { topic: topics::OTHER_FILE, rows: 1, place: 1, day: None, example };
                let frame = Frame {
                    file: member.shown.clone(),
                    subject: member.subject.clone(),
                    rows_before: 0,
                    batch: RecordBatch::new_empty(Arc::new(Schema::empty())),
                    places: None,
                    faults: vec![fault],
                };
                stopped = take(frame).is_break();
            }
        }
        if stopped {
            return Ok(layout);
        }
    }
    match first_error {
        Some(error) if !any_read => Err(error),
        _ => Ok(layout),
    }
}

/// Reads one file of rows, text or Parquet.
fn read_member(
    recipe: &Recipe,
    payload: &Payload,
    member: &Member,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    match format_of(recipe, member)? {
        Format::Parquet => {
            parquet::read(recipe, payload, member, progress, take).map(|()| Wording::none())
        }
        Format::Workbook => workbook::read(recipe, payload, member, progress, take),
        Format::Json => json::read(recipe, member, progress, take).map(|()| Wording::none()),
        _ => text::read(recipe, payload, member, progress, take),
    }
}

/// The columns of a file; an error if the recipe does not read it.
pub(crate) fn columns_fitting(
    recipe: &Recipe,
    member: &Member,
) -> Result<Vec<String>, SourceError> {
    if let Some(columns) = answers::fits(recipe, member)? {
        return Ok(columns);
    }
    match format_of(recipe, member)? {
        Format::Parquet => parquet::fits(recipe, &member.path),
        Format::Workbook => workbook::fits(recipe, member),
        Format::Json => json::fits(recipe, member),
        _ => text::fits(recipe, &member.path),
    }
}

/// The format of a file, determined from its first bytes if the recipe reads several.
fn format_of(recipe: &Recipe, member: &Member) -> Result<Format, SourceError> {
    let head = first_bytes(member)?;
    let found = match head.as_slice() {
        [] => {
            let reason = Wording::new("the file is empty", "文件是空的");
            return Err(member.wrong_format(recipe, reason));
        }
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        head if workbook::is_one(head) => Format::Workbook,
        // A text may start with a brace too.
        head if recipe.formats.contains(&Format::Json) && json::is_one(head) => Format::Json,
        _ => Format::Csv,
    };
    if recipe.formats.contains(&found) {
        return match refusal(found, &head).filter(|_| found != Format::Workbook) {
            Some(reason) => Err(member.wrong_format(recipe, reason.wording())),
            None => Ok(found),
        };
    }
    let reason = match (found, refusal(found, &head)) {
        (_, Some(reason)) => reason,
        (Format::Parquet, None) => Said {
            en: "it is a Parquet file, and the recipe reads CSV",
            zh: "这是Parquet文件，而配方读的是CSV",
        },
        (_, None) if recipe.formats == [Format::Json] => {
            Said { en: "it does not start like JSON", zh: "开头不是JSON的样子" }
        }
        (_, None) if recipe.formats == [Format::Workbook] => Said {
            en: "it does not start like an Excel workbook (.xls)",
            zh: "开头不是Excel工作簿（.xls）的样子",
        },
        (_, None) => Said {
            en: "it does not start like a Parquet file",
            zh: "开头不是Parquet文件的样子",
        },
    };
    Err(member.wrong_format(recipe, reason.wording()))
}

/// Why bytes expected to be text are not.
fn refusal(found: Format, head: &[u8]) -> Option<Said> {
    match head {
        _ if matches!(found, Format::Parquet | Format::Json) => None,
        _ if found == Format::Workbook => Some(Said {
            en: "it is an Excel workbook; save it as CSV",
            zh: "这是Excel工作簿；请另存为CSV",
        }),
        [0x1F, 0x8B, ..] => Some(Said {
            en: "it is compressed with gzip; unpack it first",
            zh: "这是gzip压缩文件；请先解压",
        }),
        [b'P', b'K', 3, 4, ..] => Some(Said {
            en: "it is a ZIP archive or an Excel workbook; unpack it or save it as CSV",
            zh: "这是ZIP压缩包或Excel工作簿；请先解压，或另存为CSV",
        }),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => None,
        _ if head.contains(&0) => Some(Said {
            en: "it has bytes that are not text",
            zh: "其中有不属于文本的字节",
        }),
        _ => None,
    }
}

fn first_bytes(member: &Member) -> Result<Vec<u8>, SourceError> {
    let path = Path::new(member.shown.as_ref());
    let unreadable = |reason| SourceError::Unreadable { path: path.to_owned(), reason };
    let mut head = Vec::new();
    let file = File::open(&member.path).map_err(unreadable)?;
    file.take(4096).read_to_end(&mut head).map_err(unreadable)?;
    Ok(head)
}

/// Checks that a file has the columns that a recipe requires; returns the recipe's columns that it
/// has.
fn columns_of<'r>(
    recipe: &'r Recipe,
    path: &Path,
    names: &[String],
) -> Result<Vec<&'r str>, SourceError> {
    let has = |column: &str| names.iter().any(|name| name == column);
    let mut missing: Vec<&str> = Vec::new();
    let mut wanted: Vec<&str> = Vec::new();
    for table in &recipe.tables {
        let of_columns = table.columns.iter().flat_map(|column| {
            let excused = column.presence == Presence::Optional
                || matches!(column.from, crate::recipe::From::ColumnOrFileName(_));
            column.from.columns().map(move |name| (name, excused))
        });
        let of_demands = table.demands.iter().map(|demand| (demand.column.as_str(), false));
        for (name, excused) in of_columns.chain(of_demands) {
            let named = if has(name) { &mut wanted } else { &mut missing };
            let excused = !has(name) && (excused || table.presence == Presence::Optional);
            if !excused && !named.contains(&name) {
                named.push(name);
            }
        }
    }
    if missing.is_empty() {
        return Ok(wanted);
    }
    Err(SourceError::MissingColumns {
        path: path.to_owned(),
        hint: Box::new(hint(recipe, &missing, names)),
        missing: missing.into_iter().map(str::to_owned).collect(),
        columns: names.to_vec(),
    })
}

/// The nearest names, and the built-in recipes that would fit.
fn hint(recipe: &Recipe, missing: &[&str], names: &[String]) -> Wording {
    let mut text = Wording::none();
    for column in missing {
        if let Some(near) = nearest(column, names.iter().map(String::as_str)) {
            text.en.push_str(&format!("; for `{column}` did you mean `{near}`?"));
            text.zh.push_str(&format!("（`{column}`是否指`{near}`？）"));
        }
    }
    let fitting: Vec<String> = Recipe::all_builtin()
        .iter()
        .filter(|other| other.name != recipe.name && other.fits_columns(names))
        .map(|other| format!("`{}`", other.name))
        .collect();
    if !fitting.is_empty() {
        text.en.push_str(&format!("; the file has the columns of recipe {}", fitting.join(" or ")));
        text.zh.push_str(&format!("；文件的列符合配方{}", fitting.join("或")));
    }
    text
}
