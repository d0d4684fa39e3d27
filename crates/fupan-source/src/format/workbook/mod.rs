//! Excel workbooks of 97–2003 (`.xls`): the rows of the first worksheet below its header.
//!
//! Our own reader, because a file from the internet must not make it allocate more than a small
//! multiple of the file (decision 27).

mod cells;
mod container;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use fupan_market::Wording;

use super::columns_of;
use crate::files::{Member, Payload, content};
use crate::finding::{as_it_is, topics};
use crate::frame::{FRAME_BYTES, FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};
use cells::{Sheet, Value};

/// Most bytes of a workbook: a list of all A-shares with ten columns has one or two million.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// Rows in which the header is sought.
const HEADER_ROWS: usize = 50;

/// Whether a file starts like a compound file.
pub(super) fn is_one(head: &[u8]) -> bool {
    head.starts_with(&container::SIGNATURE)
}

/// Reads the first sheet of a workbook and passes its rows on; returns where its header is.
pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    member: &Member,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    let shown = Path::new(member.shown.as_ref());
    let sheet = open(recipe, member)?;
    let table = Table::of(recipe, &sheet, shown)?;
    if !payload.is_folder() {
        progress.expect(Some(table.rows.len() as u64));
    }
    let mut rest = table.rows.as_slice();
    while !rest.is_empty() {
        let (batch, places, faults);
        (batch, places, faults, rest) = table.frame(rest).map_err(|error| {
            let reason = Wording::of_library("Arrow库", &error);
            SourceError::Damaged { path: shown.to_owned(), reason }
        })?;
        let frame = Frame {
            file: member.shown.clone(),
            subject: member.subject.clone(),
            rows_before: 0,
            batch,
            places: Some(places),
            faults,
        };
        if take(frame).is_break() {
            break;
        }
    }
    Ok(table.wording())
}

/// The columns of a workbook; an error if the recipe does not read it.
pub(super) fn fits(recipe: &Recipe, member: &Member) -> Result<Vec<String>, SourceError> {
    let sheet = open(recipe, member)?;
    Table::of(recipe, &sheet, Path::new(member.shown.as_ref())).map(|table| table.names)
}

fn open(recipe: &Recipe, member: &Member) -> Result<Sheet, SourceError> {
    let bytes = content(&member.path, FILE_BYTES_MAX)?;
    let damaged = || SourceError::Damaged {
        path: member.shown.as_ref().into(),
        reason: Wording::new(
            "it starts like an Excel workbook, but is cut off or damaged",
            "开头是Excel工作簿的样子，但不完整或已损坏",
        ),
    };
    let stream = container::stream(&bytes, "Workbook");
    let stream = stream.or_else(|| container::stream(&bytes, "Book")).ok_or_else(damaged)?;
    Sheet::of(&stream).map_err(|fault| {
        let refused = |en, zh| member.wrong_format(recipe, Wording::new(en, zh));
        match fault {
            cells::Fault::Damaged => damaged(),
            cells::Fault::Encrypted => {
                refused("the workbook has a password; save it as CSV", "工作簿有密码；请另存为CSV")
            }
            cells::Fault::Old => refused(
                "the workbook is of a program before Excel 97; save it as CSV",
                "工作簿由Excel 97以前的程序写成；请另存为CSV",
            ),
            cells::Fault::NoSheet => refused("the workbook has no sheet", "工作簿里没有工作表"),
        }
    })
}

/// The cells of one row.
type Cells<'a> = &'a [(u16, u16, Value)];

/// The rows of a sheet under a header.
struct Table<'a> {
    sheet: &'a Sheet,
    /// The header's row, from zero.
    header: u16,
    /// The names of all columns.
    names: Vec<String>,
    /// The sheet's column of each name that the recipe reads.
    wanted: Vec<(String, u16)>,
    /// The rows below the header.
    rows: Vec<Cells<'a>>,
}

impl<'a> Table<'a> {
    /// The first row that names every column that the recipe needs is the header.
    fn of(recipe: &Recipe, sheet: &'a Sheet, shown: &Path) -> Result<Table<'a>, SourceError> {
        let rows = || sheet.cells.chunk_by(|(a, ..), (b, ..)| a == b);
        let mut first = None;
        for (place, row) in rows().enumerate().take(HEADER_ROWS) {
            let named: Vec<(String, u16)> = row
                .iter()
                .filter_map(|(_, column, value)| match value {
                    Value::Text(text) => Some((sheet.texts[*text].trim().to_owned(), *column)),
                    Value::Number(_) => None,
                })
                .collect();
            let names: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
            let wanted = match columns_of(recipe, shown, &names) {
                Ok(wanted) => wanted,
                Err(error) => {
                    first.get_or_insert(error);
                    continue;
                }
            };
            if let Some(twice) = wanted.iter().find(|name| count(&names, name) > 1) {
                let reason = Wording::new(
                    format!("it has two columns `{twice}`"),
                    format!("有两列都叫`{twice}`"),
                );
                return Err(SourceError::WrongFormat {
                    path: shown.to_owned(),
                    recipe: recipe.name.clone(),
                    reason,
                });
            }
            let wanted = named.into_iter().filter(|(name, _)| wanted.contains(&name.as_str()));
            return Ok(Table {
                sheet,
                header: row[0].0,
                wanted: wanted.collect(),
                rows: rows().skip(place + 1).collect(),
                names,
            });
        }
        Err(first.unwrap_or_else(|| SourceError::WrongFormat {
            path: shown.to_owned(),
            recipe: recipe.name.clone(),
            reason: Wording::new("the first sheet is empty", "第一个工作表是空的"),
        }))
    }

    /// A batch of the first rows, their places below the header, the faults between them, and the
    /// rows after them.
    #[expect(clippy::type_complexity, reason = "used once")]
    fn frame<'r>(
        &self,
        rows: &'r [Cells<'a>],
    ) -> Result<(RecordBatch, Vec<u64>, Vec<Fault>, &'r [Cells<'a>]), arrow::error::ArrowError>
    {
        let mut builders: Vec<StringBuilder> =
            self.wanted.iter().map(|_| StringBuilder::new()).collect();
        let (mut places, mut faults, mut bytes, mut taken) = (Vec::new(), Vec::new(), 0, 0);
        for row in rows.iter().take(FRAME_ROWS) {
            if bytes >= FRAME_BYTES {
                break;
            }
            taken += 1;
            let place = u64::from(row[0].0 - self.header);
            // A row with one text in a table of several columns is a remark below it.
            if let ([(.., Value::Text(text))], true) = (row, self.wanted.len() > 1) {
                let example = self.sheet.texts[*text].chars().take(40).collect();
                let (topic, example) = (topics::FOOTER, as_it_is(example));
                faults.push(Fault { topic, rows: 1, place, day: None, example });
                continue;
            }
            places.push(place);
            for (builder, (_, column)) in builders.iter_mut().zip(&self.wanted) {
                let cell = row.binary_search_by_key(column, |(_, column, _)| *column);
                let text = cell.ok().map(|cell| self.text(row[cell].2));
                bytes += text.as_ref().map_or(0, String::len);
                builder.append_option(text);
            }
        }
        let fields = self.wanted.iter().map(|(name, _)| Field::new(name, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let columns: Vec<ArrayRef> =
            builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(places.len()));
        let batch = RecordBatch::try_new_with_options(schema, columns, &options)?;
        Ok((batch, places, faults, &rows[taken..]))
    }

    /// A value as a person would type it: a float's shortest decimals.
    fn text(&self, value: Value) -> String {
        match value {
            Value::Text(text) => self.sheet.texts[text].clone(),
            Value::Number(number) => number.to_string(),
        }
    }

    fn wording(&self) -> Wording {
        match self.header {
            0 => Wording::new("first sheet of a workbook", "工作簿的第一个工作表"),
            header => Wording::new(
                format!("first sheet of a workbook, header in row {}", header + 1),
                format!("工作簿的第一个工作表，表头在第{}行", header + 1),
            ),
        }
    }
}

fn count(names: &[String], name: &str) -> usize {
    names.iter().filter(|other| *other == name).count()
}
