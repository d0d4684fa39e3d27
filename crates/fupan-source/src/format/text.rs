//! Delimited text: the rows, and the lines between them that are not rows.

mod layout;
mod records;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use fupan_market::Wording;

use super::columns_of;
use crate::files::{Member, Payload};
use crate::finding::{Topic, as_it_is, topics};
use crate::frame::{FRAME_BYTES, FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::spelling::civil;
use crate::spelling::civil::Zone;
use crate::{Progress, SourceError, spelling};
use layout::Layout;
use records::{RECORD_BYTES_MAX, RECORD_FIELDS_MAX, Records};

/// A text file as a whole, of at most so many bytes, and its encoding in words.
pub(super) fn whole(
    recipe: &Recipe,
    member: &Member,
    most: usize,
) -> Result<(String, Wording), SourceError> {
    // Whether it is too long is told before it is decoded.
    crate::files::content(&member.path, most as u64)?;
    let shown = Path::new(member.shown.as_ref());
    let unreadable = |reason| SourceError::Unreadable { path: shown.to_owned(), reason };
    let encoding = layout::encoding(recipe, &member.path).map_err(unreadable)?;
    let encoding = encoding.map_err(|reason| member.wrong_format(recipe, reason))?;
    let mut bytes = Vec::new();
    let mut decoded = layout::open(&member.path, encoding).map_err(unreadable)?;
    decoded.read_to_end(&mut bytes).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok((text, layout::encoded(encoding)))
}

/// Reads one text file of a payload and passes its frames on; returns the layout that was
/// recognised. `take` returns `Break` when it wants no more frames.
pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    member: &Member,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    let shown = Path::new(member.shown.as_ref());
    let layout = Layout::of(recipe, &member.path, shown)?;
    if let Some(refused) = recipe.text.refused_title(&layout.title) {
        let reason = Wording::new(
            format!("the line `{refused}` above its header has content that the recipe refuses"),
            format!("表头上方的`{refused}`一行写着配方不收的内容"),
        );
        return Err(member.wrong_format(recipe, reason));
    }
    if !payload.is_folder() {
        progress.expect(None);
    }
    let unreadable = |reason| SourceError::Unreadable { path: shown.to_owned(), reason };
    let mut text = BufReader::new(layout::open(&member.path, layout.encoding).map_err(unreadable)?);
    for _ in 0..=layout.title.len() {
        skip_line(&mut text).map_err(unreadable)?;
    }
    let mut rows = Rows::new(recipe, shown, &layout, Records::new(text, layout.cut))?;
    let mut rows_before = 0;
    loop {
        let Taken { batch, places, faults, seen } = rows.next_frame(shown)?;
        if seen == 0 && faults.is_empty() {
            return Ok(layout.wording());
        }
        let frame = Frame {
            file: member.shown.clone(),
            subject: member.subject.clone(),
            rows_before,
            batch,
            places,
            faults,
        };
        if take(frame).is_break() {
            return Ok(layout.wording());
        }
        rows_before += seen;
    }
}

/// The columns of a text file; an error if the recipe does not read it.
pub(super) fn fits(recipe: &Recipe, path: &Path) -> Result<Vec<String>, SourceError> {
    Layout::of(recipe, path, path).map(|layout| layout.names)
}

/// Skips a line, whatever ends it.
fn skip_line(text: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let bytes = text.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            let length = bytes.len();
            text.consume(length);
            continue;
        };
        let carriage_return = bytes[end] == b'\r';
        text.consume(end + 1);
        if carriage_return && text.fill_buf()?.first() == Some(&b'\n') {
            text.consume(1);
        }
        return Ok(());
    }
}

/// The rows of one file.
struct Rows<'a, R> {
    records: Records<R>,
    names: &'a [String],
    schema: Arc<Schema>,
    /// For each column, its index in a record.
    columns: Vec<usize>,
    /// The index of the session in a record, and its time zone.
    session: Option<(usize, Zone)>,
    ended: bool,
    /// Whether the last record was a row.
    ends_in_a_row: bool,
}

/// Rows of one frame, and the faults between them.
struct Taken {
    batch: RecordBatch,
    /// The rows' places among those seen, if some were left out.
    places: Option<Vec<u64>>,
    /// What is wrong with those left out.
    faults: Vec<Fault>,
    /// Rows seen.
    seen: u64,
}

/// What a record is.
enum Record {
    Row,
    /// Skipped: blank, or a line that is not a row.
    Passed(Option<Topic>),
    /// Lost, with the topic and the number of rows.
    Lost(Topic, u64),
    /// A header with other columns: a second file starts here.
    OtherHeader,
}

impl<'a, R: Read> Rows<'a, R> {
    fn new(
        recipe: &Recipe,
        shown: &Path,
        layout: &'a Layout,
        records: Records<R>,
    ) -> Result<Rows<'a, R>, SourceError> {
        let wanted = columns_of(recipe, shown, &layout.names)?;
        let place = |column: &&str| layout.names.iter().position(|name| name == column);
        let columns = wanted.iter().filter_map(place).collect();
        let fields: Vec<Field> =
            wanted.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let session = recipe.session_column().and_then(|(column, zone)| {
            let place = layout.names.iter().position(|name| name == column)?;
            Some((place, zone))
        });
        Ok(Rows {
            records,
            names: &layout.names,
            schema,
            columns,
            session,
            ended: false,
            ends_in_a_row: false,
        })
    }

    /// Reads rows up to the next full frame, or to the end.
    fn next_frame(&mut self, shown: &Path) -> Result<Taken, SourceError> {
        let mut builders: Vec<StringBuilder> =
            self.columns.iter().map(|_| StringBuilder::new()).collect();
        let (mut places, mut faults, mut seen, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
        // Of broken records: the fault's place, and the date as it is written.
        let mut dates: Vec<(usize, String)> = Vec::new();
        while places.len() + faults.len() < FRAME_ROWS && bytes < FRAME_BYTES && !self.ended {
            let broken = |fault| into_error(fault, shown);
            if !self.records.next_record().map_err(broken)? {
                self.ended = true;
                if self.ends_in_a_row && !self.records.ended_with_a_line() {
                    faults.push(Fault {
                        topic: topics::NO_LINE_END,
                        rows: 1,
                        place: seen,
                        day: None,
                        example: Wording::none(),
                    });
                }
                break;
            }
            let record = self.judge();
            self.ends_in_a_row = matches!(record, Record::Row);
            match record {
                Record::Row => {
                    seen += 1;
                    places.push(seen);
                    for (builder, place) in builders.iter_mut().zip(&self.columns) {
                        let field = self.records.field(*place);
                        bytes += field.map_or(0, str::len);
                        builder.append_option(field);
                    }
                }
                Record::Passed(None) => {}
                Record::Passed(Some(topic)) => {
                    let (place, example) = (seen + 1, as_it_is(self.example()));
                    faults.push(Fault { topic, rows: 1, place, day: None, example });
                }
                Record::Lost(topic, rows) => {
                    let (place, example) = (seen + 1, as_it_is(self.example()));
                    if let Some(date) = self.date().filter(|_| rows == 1) {
                        dates.push((faults.len(), date));
                    }
                    faults.push(Fault { topic, rows, place, day: None, example });
                    seen += rows;
                }
                Record::OtherHeader => {
                    let reason = two_in_one(&self.example());
                    return Err(SourceError::Damaged { path: shown.to_owned(), reason });
                }
            }
        }
        let rows = places.len();
        let columns: Vec<ArrayRef> =
            builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
            .map_err(|error| SourceError::Damaged {
                path: shown.to_owned(),
                reason: Wording::of_library("Arrow库", &error),
            })?;
        self.date_faults(&batch, &dates, &mut faults);
        let places = (seen != rows as u64).then_some(places);
        Ok(Taken { batch, places, faults, seen })
    }

    /// Sets the days of broken records, from their dates as they are written.
    fn date_faults(&self, batch: &RecordBatch, dates: &[(usize, String)], faults: &mut [Fault]) {
        if let Some((session, zone)) = self.session
            && let Some(column) = self.columns.iter().position(|column| *column == session)
            && let Some(row) = batch.column(column).as_string::<i32>().iter().flatten().last()
        {
            for (fault, date) in dates {
                faults[*fault].day = whole_day(date, row, zone);
            }
        }
    }

    /// Classifies the current record.
    fn judge(&mut self) -> Record {
        let lines = self.records.lines();
        if lines > 1 {
            return Record::Lost(topics::OPEN_QUOTE, lines);
        }
        self.records.forget_blanks_behind(self.names.len());
        if self.records.is_blank() {
            return Record::Passed(None);
        }
        if self.records.len() == self.names.len() {
            if self.records.texts().eq(self.names.iter().map(String::as_str)) {
                return Record::Passed(Some(topics::HEADER_AGAIN));
            }
            let is_name = |place: &usize| {
                let field = self.records.field(*place).unwrap_or_default().trim();
                self.names.iter().any(|name| name == field && !name.is_empty())
            };
            if self.columns.len() > 1 && self.columns.iter().all(is_name) {
                return Record::OtherHeader;
            }
            return Record::Row;
        }
        if self.is_remark() {
            return Record::Passed(Some(topics::FOOTER));
        }
        let fewer = self.records.len() < self.names.len();
        Record::Lost(if fewer { topics::FEWER_FIELDS } else { topics::MORE_FIELDS }, 1)
    }

    /// Whether the record is a remark such as vendors put below their rows.
    fn is_remark(&self) -> bool {
        let mut texts = self.records.texts().filter(|text| !text.is_empty());
        let (Some(first), None) = (texts.next(), texts.next()) else { return false };
        const MARKS: [&str; 9] =
            ["#", "数据来源", "来源", "注:", "注：", "备注", "说明", "Source", "source"];
        MARKS.iter().any(|mark| first.starts_with(mark))
    }

    /// The date of the current record as it is written, if its field is there and not the last.
    fn date(&self) -> Option<String> {
        let (place, _) = self.session?;
        let is_last = place + 1 >= self.records.len();
        self.records.field(place).filter(|_| !is_last).map(str::to_owned)
    }

    /// The beginning of the current record.
    fn example(&self) -> String {
        let mut text = String::new();
        for field in self.records.texts().take(8) {
            if !text.is_empty() {
                text.push(',');
            }
            text.extend(field.chars().take(40));
        }
        text.replace(['\n', '\r'], " ")
    }
}

/// The day of a broken record's date, if that is surely complete: written as a row's date is, and
/// with one digit more no other day. A stray delimiter may have cut it, as `2026-11-2` from
/// `2026-11-20`.
fn whole_day(date: &str, of_row: &str, zone: Zone) -> Option<i32> {
    let [date, of_row] = [date, of_row].map(spelling::plain);
    let day = |text: &str| civil::of_text(text, zone).ok().map(|civil| civil.day);
    let read = day(date)?;
    let is_cut = |digit: char| day(&format!("{date}{digit}")).is_some_and(|longer| longer != read);
    (pattern(date) == pattern(of_row) && !('0'..='9').any(is_cut)).then_some(read)
}

/// How a date is written: how many digits, and what follows them. A month, a day or an hour may
/// have one or two.
fn pattern(date: &str) -> Vec<(usize, Option<char>)> {
    let pieces = date.split_inclusive(|c: char| !c.is_ascii_digit());
    let piece = |piece: &str| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        (digits.max(2), piece.chars().last().filter(|c| !c.is_ascii_digit()))
    };
    pieces.map(piece).collect()
}

fn two_in_one(header: &str) -> Wording {
    Wording::new(
        format!("another header appears among its rows (`{header}`): it is two files in one"),
        format!("数据行中又有一个表头（`{header}`）：这是两个文件拼成的"),
    )
}

fn into_error(fault: records::Fault, shown: &Path) -> SourceError {
    match fault {
        records::Fault::Io(reason) => SourceError::Unreadable { path: shown.to_owned(), reason },
        records::Fault::Long(record) => SourceError::Damaged {
            path: shown.to_owned(),
            reason: Wording::new(
                format!(
                    "record {record} is longer than {RECORD_BYTES_MAX} bytes or has more than \
                     {RECORD_FIELDS_MAX} fields; perhaps a quotation mark is not closed"
                ),
                format!(
                    "第{record}条记录长于{RECORD_BYTES_MAX}字节，或多于{RECORD_FIELDS_MAX}个字段；可能有\
                     引号没有闭合"
                ),
            ),
        },
    }
}
