//! Delimited text, with a bound on the length of a record.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns_of;
use crate::files::Payload;
use crate::frame::{FRAME_BYTES, FRAME_ROWS, Frame, Take};
use crate::recipe::{Delimiters, Encoding, Recipe, TextFormat};
use crate::{Progress, SourceError};

/// Longest record in bytes: an unbalanced quotation mark would otherwise take in the whole file.
const RECORD_BYTES_MAX: usize = 1 << 20;

/// Most fields of a record.
const RECORD_FIELDS_MAX: usize = 4096;

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let unreadable = |reason| SourceError::Unreadable { path: payload.path.clone(), reason };
    let file = File::open(&payload.path).map_err(unreadable)?;
    progress.expect(None);
    let mut records = Records::new(file, recipe.text);
    let names = match records.next_record() {
        Ok(true) => records.header(),
        Ok(false) => {
            return Err(payload.wrong_format(recipe, "the file has no header".to_owned()));
        }
        Err(fault) => return Err(fault.into_error(payload)),
    };
    let wanted = columns_of(recipe, &payload.path, &names)?;
    let places: Vec<usize> =
        wanted.iter().filter_map(|column| names.iter().position(|name| name == column)).collect();
    let fields: Vec<Field> =
        wanted.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
    let mut rows = Rows { schema: Arc::new(Schema::new(fields)), places, columns: Vec::new() };
    rows.begin();
    let mut rows_before = 0;
    loop {
        let (mut count, mut bytes) = (0, 0);
        while count < FRAME_ROWS && bytes < FRAME_BYTES {
            match records.next_record() {
                Ok(true) => bytes += rows.append(&records),
                Ok(false) => break,
                Err(fault) => return Err(fault.into_error(payload)),
            }
            count += 1;
        }
        if count == 0 {
            return Ok(());
        }
        let batch = rows.finish().map_err(|error| SourceError::Damaged {
            path: payload.path.clone(),
            reason: error.to_string(),
        })?;
        let frame = Frame {
            file: payload.shown.clone(),
            subject: payload.subject.clone(),
            rows_before,
            batch,
            faults: Vec::new(),
        };
        if take(frame).is_break() {
            return Ok(());
        }
        rows_before += count as u64;
    }
}

/// Columns under construction.
struct Rows {
    schema: Arc<Schema>,
    /// For each column, its place in a record.
    places: Vec<usize>,
    columns: Vec<StringBuilder>,
}

impl Rows {
    fn begin(&mut self) {
        self.columns = self.places.iter().map(|_| StringBuilder::new()).collect();
    }

    /// Appends the current record; answers the bytes that it took.
    fn append<R: Read>(&mut self, records: &Records<R>) -> usize {
        let mut bytes = 0;
        for (column, place) in self.columns.iter_mut().zip(&self.places) {
            let field = records.field(*place);
            bytes += field.as_ref().map_or(0, |field| field.len());
            column.append_option(field);
        }
        bytes
    }

    fn finish(&mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let columns: Vec<ArrayRef> =
            self.columns.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef).collect();
        let batch = if columns.is_empty() {
            RecordBatch::new_empty(self.schema.clone())
        } else {
            RecordBatch::try_new(self.schema.clone(), columns)?
        };
        Ok(batch)
    }
}

/// What stops the reading of text.
enum Fault {
    Io(std::io::Error),
    Long(u64),
}

impl Fault {
    fn into_error(self, payload: &Payload) -> SourceError {
        match self {
            Fault::Io(reason) => SourceError::Unreadable { path: payload.path.clone(), reason },
            Fault::Long(record) => SourceError::Damaged {
                path: payload.path.clone(),
                reason: format!(
                    "record {record} is longer than {RECORD_BYTES_MAX} bytes or has more than \
                     {RECORD_FIELDS_MAX} fields; perhaps a quotation mark is not closed"
                ),
            },
        }
    }
}

/// A reader of records.
struct Records<R> {
    input: R,
    parser: Reader,
    format: TextFormat,
    buffer: Vec<u8>,
    /// Unread bytes of the buffer.
    unread: std::ops::Range<usize>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    /// Fields of the current record as ranges of `fields`.
    spans: Vec<std::ops::Range<usize>>,
    records: u64,
    at_start: bool,
}

impl<R: Read> Records<R> {
    fn new(input: R, format: TextFormat) -> Records<R> {
        Records {
            input,
            parser: ReaderBuilder::new().delimiter(format.delimiter).build(),
            format,
            buffer: vec![0; 1 << 16],
            unread: 0..0,
            fields: vec![0; RECORD_BYTES_MAX],
            ends: vec![0; RECORD_FIELDS_MAX],
            spans: Vec::new(),
            records: 0,
            at_start: true,
        }
    }

    /// Reads one record; `false` at the end.
    fn next_record(&mut self) -> Result<bool, Fault> {
        let (mut bytes, mut ends) = (0, 0);
        loop {
            if self.unread.is_empty() {
                self.fill().map_err(Fault::Io)?;
            }
            let (result, read, written, ended) = self.parser.read_record(
                &self.buffer[self.unread.clone()],
                &mut self.fields[bytes..],
                &mut self.ends[ends..],
            );
            self.unread.start += read;
            bytes += written;
            ends += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(Fault::Long(self.records));
                }
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::Record => {
                    self.cut(ends);
                    self.records += 1;
                    return Ok(true);
                }
            }
        }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        let mut length = 0;
        // The mark must be seen whole, and a reader may give single bytes.
        let least = if self.at_start { 3 } else { 1 };
        while length < least {
            match self.input.read(&mut self.buffer[length..]) {
                Ok(0) => break,
                Ok(n) => length += n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let mark = self.at_start && self.buffer[..length].starts_with(b"\xEF\xBB\xBF");
        self.at_start = false;
        self.unread = if mark { 3..length } else { 0..length };
        Ok(())
    }

    fn cut(&mut self, ends: usize) {
        self.spans.clear();
        let mut start = 0;
        for end in &self.ends[..ends] {
            let blank = start == *end;
            if !(blank && self.format.delimiters == Delimiters::Runs) {
                self.spans.push(start..*end);
            }
            start = *end;
        }
    }

    fn header(&self) -> Vec<String> {
        (0..self.spans.len())
            .map(|place| self.field(place).unwrap_or_default().trim().to_owned())
            .collect()
    }

    /// The text of a field of the current record; `None` where the record is shorter.
    fn field(&self, place: usize) -> Option<Cow<'_, str>> {
        let bytes = &self.fields[self.spans.get(place)?.clone()];
        Some(match self.format.encoding {
            Encoding::Utf8 => String::from_utf8_lossy(bytes),
            // No byte of a two-byte character is a delimiter, a quotation mark or a line end, so
            // fields can be decoded one by one.
            Encoding::Gbk => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: TextFormat =
        TextFormat { delimiter: b',', delimiters: Delimiters::Each, encoding: Encoding::Utf8 };

    fn all(bytes: &[u8], format: TextFormat) -> Vec<Vec<String>> {
        let mut records = Records::new(bytes, format);
        let mut out = Vec::new();
        while let Ok(true) = records.next_record() {
            out.push(records.header());
        }
        out
    }

    #[test]
    fn marks_quotes_runs_and_gbk() {
        let rows = all(b"\xEF\xBB\xBFa,b\r\n1,\"x,y\"\n2\n", COMMA);
        assert_eq!(rows, vec![vec!["a", "b"], vec!["1", "x,y"], vec!["2"]]);
        let runs = TextFormat { delimiter: b'\t', delimiters: Delimiters::Runs, ..COMMA };
        let rows = all("代码\t\t    名称\t\t\nSH600000\t浦发\t-1%\t\n".as_bytes(), runs);
        assert_eq!(rows, vec![vec!["代码", "名称"], vec!["SH600000", "浦发", "-1%"]]);
        let gbk = TextFormat { encoding: Encoding::Gbk, ..COMMA };
        let (bytes, ..) = encoding_rs::GBK.encode("名称,平安银行\n");
        assert_eq!(all(&bytes, gbk), vec![vec!["名称", "平安银行"]]);
    }

    #[test]
    fn an_open_quotation_mark_is_refused() {
        let mut bytes = b"a,b\n\"".to_vec();
        bytes.resize(3 << 20, b'x');
        let mut records = Records::new(bytes.as_slice(), COMMA);
        assert!(matches!(records.next_record(), Ok(true)));
        assert!(matches!(records.next_record(), Err(Fault::Long(1))));
    }

    #[test]
    fn long_records_fill_a_frame_before_many_of_them_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.csv");
        let record = format!("20260212,{}\n", "x".repeat(900_000));
        std::fs::write(&path, format!("date,market\n{}", record.repeat(40))).unwrap();
        let text = "description = 'd'\nsource = 's'\nformat = 'csv'\n[[table]]\n\
                    table = 'margin'\n[table.columns]\nsession = 'date'\nmarket = 'market'\n";
        let recipe = Recipe::from_toml("long", text).unwrap();
        let payload = Payload::open(&recipe, &path).unwrap();
        let mut frames = Vec::new();
        read(&recipe, &payload, &crate::NoProgress, &mut |frame| {
            frames.push((frame.rows_before, frame.batch.num_rows()));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(frames, [(0, 19), (19, 19), (38, 2)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = all(&bytes, COMMA);
            let _ = all(&bytes, TextFormat { encoding: Encoding::Gbk, ..COMMA });
        }

        #[test]
        fn fields_come_back(rows in proptest::collection::vec(
            proptest::collection::vec("[a-z0-9]{1,6}", 3), 1..20)
        ) {
            let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
            prop_assert_eq!(all(text.as_bytes(), COMMA), rows);
        }
    }
}
