//! Records of delimited text, with limits on their length.

use std::io::Read;
use std::ops::Range;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::recipe::{Cut, Delimiters};

/// Longest record in bytes: an unbalanced quotation mark would otherwise swallow the whole file.
pub(super) const RECORD_BYTES_MAX: usize = 1 << 20;

/// Initial capacity of a record, in bytes.
const RECORD_BYTES: usize = 1 << 13;

/// Most fields of a record.
pub(super) const RECORD_FIELDS_MAX: usize = 4096;

/// Why reading text stopped.
#[derive(Debug)]
pub(super) enum Fault {
    Io(std::io::Error),
    /// The record with this number is longer than the limit.
    Long(u64),
}

/// Reads records from UTF-8.
pub(super) struct Records<R> {
    input: R,
    parser: Reader,
    delimiters: Delimiters,
    buffer: Vec<u8>,
    /// Unread bytes of the buffer.
    unread: Range<usize>,
    /// The last byte read.
    last_byte: u8,
    fields: Vec<u8>,
    ends: Vec<usize>,
    /// Fields of the current record as ranges of `fields`.
    spans: Vec<Range<usize>>,
    records: u64,
}

impl<R: Read> Records<R> {
    pub fn new(input: R, cut: Cut) -> Records<R> {
        Records {
            input,
            parser: ReaderBuilder::new().delimiter(cut.delimiter).build(),
            delimiters: cut.delimiters,
            buffer: vec![0; 1 << 16],
            unread: 0..0,
            last_byte: b'\n',
            fields: vec![0; RECORD_BYTES],
            ends: vec![0; RECORD_FIELDS_MAX],
            spans: Vec::new(),
            records: 0,
        }
    }

    /// Restarts on another input, as if it were the first.
    pub fn restart(&mut self, input: R) {
        self.input = input;
        self.parser.reset();
        self.unread = 0..0;
        self.last_byte = b'\n';
        self.spans.clear();
        self.records = 0;
    }

    /// Reads one record; `false` at the end.
    pub fn next_record(&mut self) -> Result<bool, Fault> {
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
                ReadRecordResult::OutputFull if self.fields.len() < RECORD_BYTES_MAX => {
                    self.fields.resize(2 * self.fields.len(), 0);
                }
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
        loop {
            match self.input.read(&mut self.buffer) {
                Ok(length) => {
                    self.unread = 0..length;
                    if let Some(last) = self.buffer[..length].last() {
                        self.last_byte = *last;
                    }
                    return Ok(());
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn cut(&mut self, ends: usize) {
        self.spans.clear();
        let mut start = 0;
        for end in &self.ends[..ends] {
            let blank = start == *end;
            if !(blank && self.delimiters == Delimiters::Runs) {
                self.spans.push(start..*end);
            }
            start = *end;
        }
    }

    /// Removes trailing blank fields beyond the first `most`, which delimiters at the end of lines
    /// leave.
    pub fn forget_blanks_behind(&mut self, most: usize) {
        while self.spans.len() > most && self.field_is_blank(self.spans.len() - 1) {
            self.spans.pop();
        }
    }

    fn field_is_blank(&self, place: usize) -> bool {
        self.fields[self.spans[place].clone()].trim_ascii().is_empty()
    }

    /// Whether every field of the record is blank.
    pub fn is_blank(&self) -> bool {
        (0..self.spans.len()).all(|place| self.field_is_blank(place))
    }

    /// Number of fields of the current record.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Number of lines of the file that the current record spans.
    pub fn lines(&self) -> u64 {
        let end = self.spans.last().map_or(0, |span| span.end);
        let text = &self.fields[..end];
        let breaks = text.iter().filter(|byte| **byte == b'\n').count() as u64;
        breaks + u64::from(text.last() != Some(&b'\n'))
    }

    /// The text of a field of the current record; `None` if the record is shorter.
    pub fn field(&self, place: usize) -> Option<&str> {
        let bytes = &self.fields[self.spans.get(place)?.clone()];
        // The input was decoded to UTF-8, and is cut at single-byte characters.
        Some(std::str::from_utf8(bytes).unwrap_or("\u{FFFD}"))
    }

    /// The fields of the current record, trimmed.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.field(place).unwrap_or_default().trim())
    }

    /// Whether the last byte read ends a line.
    pub fn ended_with_a_line(&self) -> bool {
        matches!(self.last_byte, b'\n' | b'\r')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: Cut = Cut { delimiter: b',', delimiters: Delimiters::Each };

    fn all(bytes: &[u8], cut: Cut) -> Vec<Vec<String>> {
        let mut records = Records::new(bytes, cut);
        let mut out = Vec::new();
        while let Ok(true) = records.next_record() {
            out.push(records.texts().map(str::to_owned).collect());
        }
        out
    }

    #[test]
    fn quotes_and_runs() {
        let rows = all(b"a,b\r\n1,\"x,y\"\n2\n", COMMA);
        assert_eq!(rows, vec![vec!["a", "b"], vec!["1", "x,y"], vec!["2"]]);
        let runs = Cut { delimiter: b'\t', delimiters: Delimiters::Runs };
        let rows = all("代码\t\t    名称\t\t\nSH600000\t浦发\t-1%\t\n".as_bytes(), runs);
        assert_eq!(rows, vec![vec!["代码", "名称"], vec!["SH600000", "浦发", "-1%"]]);
    }

    #[test]
    fn a_long_field_is_read_whole_and_the_next_input_by_itself() {
        let long = "x".repeat(RECORD_BYTES_MAX / 2);
        let text = format!("a,b\n1,{long}\n2,y\n");
        assert_eq!(all(text.as_bytes(), COMMA), [["a", "b"], ["1", &long], ["2", "y"]]);
        // What an earlier input left open does not affect the next.
        let mut records = Records::new(&b"1,\"x"[..], COMMA);
        assert!(matches!(records.next_record(), Ok(true)));
        records.restart(&b"2,y\"z\n"[..]);
        assert!(matches!(records.next_record(), Ok(true)));
        assert_eq!(records.texts().collect::<Vec<_>>(), ["2", "y\"z"]);
        assert!(records.ended_with_a_line());
    }

    #[test]
    fn an_open_quotation_mark_is_noticed() {
        let mut bytes = b"a,b\n\"".to_vec();
        bytes.resize(3 << 20, b'x');
        let mut records = Records::new(bytes.as_slice(), COMMA);
        assert!(matches!(records.next_record(), Ok(true)));
        assert!(matches!(records.next_record(), Err(Fault::Long(1))));
        let mut records = Records::new(&b"1,\"x\n2,y\n3,z\n"[..], COMMA);
        assert!(matches!(records.next_record(), Ok(true)));
        assert_eq!(records.lines(), 3);
    }

    #[test]
    fn a_record_holds_so_many_fields_and_bytes() {
        let long = |text: String| {
            let mut records = Records::new(text.as_bytes(), COMMA);
            records.next_record().map(|_| records.len()).ok()
        };
        let fields = |fields: usize| long(format!("{}\n", vec!["1"; fields].join(",")));
        assert_eq!(fields(RECORD_FIELDS_MAX), Some(RECORD_FIELDS_MAX));
        assert_eq!(fields(RECORD_FIELDS_MAX + 1), None);
        assert_eq!(long(format!("{}\n", "x".repeat(RECORD_BYTES_MAX - 1))), Some(1));
        assert_eq!(long(format!("{}\n", "x".repeat(RECORD_BYTES_MAX + 1))), None);
    }

    #[test]
    fn blank_fields_behind_the_last_are_forgotten() {
        let mut records = Records::new(&b"1,,3, ,\n , ,\n"[..], COMMA);
        assert!(matches!(records.next_record(), Ok(true)));
        records.forget_blanks_behind(4);
        assert_eq!(records.texts().collect::<Vec<_>>(), ["1", "", "3", ""]);
        assert_eq!((records.len(), records.is_blank(), records.lines()), (4, false, 1));
        records.forget_blanks_behind(2);
        assert_eq!((records.len(), records.field(2), records.field(3)), (3, Some("3"), None));
        assert!(matches!(records.next_record(), Ok(true)));
        assert!(records.is_blank() && records.ended_with_a_line());
        assert!(matches!(records.next_record(), Ok(false)));
    }

    /// Fails as it is told to, then reads on.
    struct Failing(Option<std::io::ErrorKind>, &'static [u8]);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.take() {
                Some(kind) => Err(kind.into()),
                None => self.1.read(buffer),
            }
        }
    }

    #[test]
    fn an_interruption_is_no_failure() {
        let read = |kind| {
            let mut records = Records::new(Failing(Some(kind), b"1,x\n"), COMMA);
            records.next_record().map(|_| records.texts().collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read(std::io::ErrorKind::Interrupted).unwrap(), "1 x");
        assert!(matches!(read(std::io::ErrorKind::UnexpectedEof), Err(Fault::Io(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = all(&bytes, COMMA);
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
