//! The cells of a workbook's stream (BIFF 8): records of a type, a length and data.

/// Types of records.
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const ENCRYPTED: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const SHARED_TEXTS: u16 = 0x00FC;
const CONTINUED: u16 = 0x003C;
const SHARED_TEXT: u16 = 0x00FD;
const TEXT: u16 = 0x0204;
const NUMBER: u16 = 0x0203;
const PACKED: u16 = 0x027E;
const PACKED_SEVERAL: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;
const FORMULA_TEXT: u16 = 0x0207;

/// The version of the format that is read.
const VERSION: u16 = 0x0600;

/// The cells of a workbook's first sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The texts that cells refer to.
    pub texts: Vec<String>,
    /// By row and column, both from zero.
    pub cells: Vec<(u16, u16, Value)>,
}

/// The value of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// Its place in the sheet's texts.
    Text(usize),
    Number(f64),
}

/// Why a workbook cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Damaged,
    Encrypted,
    /// Written by a program before Excel 97.
    Old,
    NoSheet,
}

impl Sheet {
    /// Reads the first worksheet of a workbook's stream. Memory stays within a small multiple of
    /// the stream: each text and each cell takes bytes of its own in it.
    pub fn of(stream: &[u8]) -> Result<Sheet, Fault> {
        let mut sheet = Sheet::default();
        let mut start = None;
        let mut records = Records { bytes: stream };
        let first = records.next().ok_or(Fault::Damaged)?;
        if first.kind != BOF || half(first.data, 0) != Some(VERSION) {
            return Err(if first.kind == BOF { Fault::Old } else { Fault::Damaged });
        }
        while let Some(record) = records.next() {
            match record.kind {
                EOF => break,
                ENCRYPTED => return Err(Fault::Encrypted),
                SHEET if start.is_none() => start = of_worksheet(record.data),
                SHARED_TEXTS => {
                    let mut parts = vec![record.data];
                    while let Some(more) = records.next_of(CONTINUED) {
                        parts.push(more);
                    }
                    sheet.texts = shared_texts(&parts).ok_or(Fault::Damaged)?;
                }
                _ => {}
            }
        }
        let start = start.ok_or(Fault::NoSheet)?;
        let bytes = stream.get(start..).ok_or(Fault::Damaged)?;
        sheet.fill(Records { bytes }).ok_or(Fault::Damaged)?;
        // Of two values of one cell the later one counts.
        sheet.cells.sort_by_key(|(row, column, _)| (*row, *column));
        sheet.cells.reverse();
        sheet.cells.dedup_by_key(|(row, column, _)| (*row, *column));
        sheet.cells.reverse();
        Ok(sheet)
    }

    /// Takes the cells of a sheet's records; `None` if they are damaged or do not end.
    fn fill(&mut self, mut records: Records<'_>) -> Option<()> {
        records.next().filter(|first| first.kind == BOF)?;
        // Charts inside the sheet have records of their own.
        let mut depth = 0;
        let mut formula = None;
        loop {
            let Record { kind, data } = records.next()?;
            match kind {
                BOF => depth += 1,
                EOF if depth == 0 => return Some(()),
                EOF => depth -= 1,
                _ if depth > 0 => {}
                SHARED_TEXT => {
                    let text = word(data, 6)? as usize;
                    self.texts.get(text)?;
                    self.put(data, Value::Text(text))?;
                }
                TEXT => {
                    let text = short_text(data.get(6..)?)?;
                    self.put_text(data, text)?;
                }
                NUMBER => self.put(data, Value::Number(double(data, 6)?))?,
                PACKED => self.put(data, Value::Number(unpacked(word(data, 6)?)))?,
                PACKED_SEVERAL => self.put_several(data)?,
                FORMULA => match data.get(6..14)? {
                    [0, .., 0xFF, 0xFF] => formula = data.get(..4),
                    [.., 0xFF, 0xFF] => {}
                    _ => self.put(data, Value::Number(double(data, 6)?))?,
                },
                FORMULA_TEXT => {
                    if let Some(place) = formula.take() {
                        self.put_text(place, short_text(data)?)?;
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds a cell whose record starts with its row and column.
    fn put(&mut self, data: &[u8], value: Value) -> Option<()> {
        self.cells.push((half(data, 0)?, half(data, 2)?, value));
        Some(())
    }

    fn put_text(&mut self, data: &[u8], text: String) -> Option<()> {
        self.texts.push(text);
        self.put(data, Value::Text(self.texts.len() - 1))
    }

    /// Adds the numbers of neighbouring cells: the row, the first column, a style and a number each,
    /// the last column.
    fn put_several(&mut self, data: &[u8]) -> Option<()> {
        let (row, first) = (half(data, 0)?, half(data, 2)?);
        let numbers = data.get(4..data.len().checked_sub(2)?)?.as_chunks::<6>().0;
        for (column, number) in (first..).zip(numbers) {
            self.cells.push((row, column, Value::Number(unpacked(word(number, 2)?))));
        }
        Some(())
    }
}

/// A record of a stream.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

/// The records of a stream from a place on.
struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, length) = (half(self.bytes, 0)?, half(self.bytes, 2)?);
        let data = self.bytes.get(4..4 + usize::from(length))?;
        self.bytes = &self.bytes[4 + data.len()..];
        Some(Record { kind, data })
    }

    /// The data of the next record if it is of a kind.
    fn next_of(&mut self, kind: u16) -> Option<&'a [u8]> {
        let mut ahead = Records { bytes: self.bytes };
        let record = ahead.next().filter(|record| record.kind == kind)?;
        self.bytes = ahead.bytes;
        Some(record.data)
    }
}

/// Where a sheet's records start, if it is a worksheet and not a chart or macros.
fn of_worksheet(data: &[u8]) -> Option<usize> {
    (data.get(5) == Some(&0)).then(|| word(data, 0).map(|at| at as usize))?
}

/// A text with its length before it.
fn short_text(data: &[u8]) -> Option<String> {
    let mut parts = Parts { parts: &[data], bytes: &[] };
    let (length, flags) = (parts.half()?, parts.byte()?);
    parts.text(length, flags & 1 > 0)
}

/// The texts that cells share. A text may go on in the next record.
fn shared_texts(parts: &[&[u8]]) -> Option<Vec<String>> {
    let mut parts = Parts { parts, bytes: &[] };
    let (_uses, count) = (parts.word()?, parts.word()?);
    let mut texts = Vec::new();
    // The count is no measure of what to allocate: a text takes three bytes or more.
    for _ in 0..count {
        let (length, flags) = (parts.half()?, parts.byte()?);
        let styled = if flags & 8 > 0 { usize::from(parts.half()?) * 4 } else { 0 };
        let spoken = if flags & 4 > 0 { parts.word()? as usize } else { 0 };
        texts.push(parts.text(length, flags & 1 > 0)?);
        parts.skip(styled.checked_add(spoken)?)?;
    }
    Some(texts)
}

/// Bytes that go on from one record to the next.
struct Parts<'a> {
    /// The records not yet begun.
    parts: &'a [&'a [u8]],
    bytes: &'a [u8],
}

impl Parts<'_> {
    /// Goes on to the next record that has bytes, if this one has none left; returns whether it did.
    fn turn(&mut self) -> Option<bool> {
        let mut turned = false;
        while self.bytes.is_empty() {
            let (first, rest) = self.parts.split_first()?;
            (self.bytes, self.parts) = (first, rest);
            turned = true;
        }
        Some(turned)
    }

    fn byte(&mut self) -> Option<u8> {
        self.turn()?;
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn half(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn word(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            self.turn()?;
            let here = bytes.min(self.bytes.len());
            self.bytes = &self.bytes[here..];
            bytes -= here;
        }
        Some(())
    }

    /// A text of so many characters, of one byte or two. Where it goes on in another record, that
    /// says anew of how many.
    fn text(&mut self, length: u16, mut wide: bool) -> Option<String> {
        let mut units = Vec::new();
        for _ in 0..length {
            if self.turn()? && !units.is_empty() {
                wide = self.byte()? & 1 > 0;
            }
            units.push(if wide { self.half()? } else { u16::from(self.byte()?) });
        }
        Some(String::from_utf16_lossy(&units))
    }
}

/// A number packed into 32 bits: a whole number or the upper half of a double, perhaps in hundredths.
fn unpacked(packed: u32) -> f64 {
    let number = match packed & 2 {
        0 => f64::from_bits(u64::from(packed & !3) << 32),
        _ => f64::from(packed.cast_signed() >> 2),
    };
    if packed & 1 > 0 { number / 100.0 } else { number }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

fn double(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|eight| f64::from_le_bytes(*eight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_are_whole_or_halves_of_doubles_or_hundredths() {
        let whole = |n: i32| (n << 2).cast_unsigned() | 2;
        let upper = |n: f64| (n.to_bits() >> 32) as u32 & !3;
        for (packed, number) in [
            (whole(5), 5.0),
            (whole(-5), -5.0),
            (whole(123) | 1, 1.23),
            (upper(1.5), 1.5),
            (upper(150.0) | 1, 1.5),
        ] {
            assert_eq!(unpacked(packed), number, "{packed:x}");
        }
    }

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    /// A workbook with one worksheet of these records, after a chart sheet.
    fn workbook(records: &[Vec<u8>]) -> Vec<u8> {
        let begin = record(BOF, &[0, 6, 5, 0]);
        let sheet = |start: u32, kind: u8| {
            record(SHEET, &[&start.to_le_bytes()[..], &[0, kind, 1, 0, b'a']].concat())
        };
        let globals =
            |start| [begin.clone(), sheet(0, 2), sheet(start, 0), record(EOF, &[])].concat();
        let start = u32::try_from(globals(0).len()).unwrap();
        [globals(start), begin.clone(), records.concat(), record(EOF, &[])].concat()
    }

    /// A cell's record: row, column, a style and what else it holds.
    fn cell(kind: u16, (row, column): (u8, u8), more: &[u8]) -> Vec<u8> {
        record(kind, &[&[row, 0, column, 0, 15, 0], more].concat())
    }

    /// Row, column and text of each cell.
    fn told(records: &[Vec<u8>]) -> Result<Vec<(u16, u16, String)>, Fault> {
        let sheet = Sheet::of(&workbook(records))?;
        let text = |value: &Value| match value {
            Value::Text(text) => sheet.texts[*text].clone(),
            Value::Number(number) => number.to_string(),
        };
        Ok(sheet.cells.iter().map(|(row, column, value)| (*row, *column, text(value))).collect())
    }

    #[test]
    fn every_kind_of_cell_is_read_in_the_order_of_rows() {
        let whole = |n: u8| [n << 2 | 2, 0, 0, 0];
        let several =
            [&[0, 0, 3, 0][..], &[15, 0], &whole(7), &[15, 0], &whole(8), &[4, 0]].concat();
        let text = [2, 0, 0, b'a', b'b'];
        let formula = |result: [u8; 8]| [&result[..], &[0; 6]].concat();
        let records = [
            cell(NUMBER, (2, 0), &0.425_f64.to_le_bytes()),
            cell(PACKED, (1, 1), &whole(5)),
            cell(TEXT, (0, 0), &text),
            record(PACKED_SEVERAL, &several),
            cell(FORMULA, (1, 0), &formula(1.5_f64.to_le_bytes())),
            // A formula with a text, which stands in a record of its own; one with an error.
            cell(FORMULA, (1, 2), &formula([0, 0, 0, 0, 0, 0, 0xFF, 0xFF])),
            record(FORMULA_TEXT, &text),
            cell(FORMULA, (1, 3), &formula([2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF])),
            // A chart inside the sheet has cells of its own.
            record(BOF, &[0, 6, 0x20, 0]),
            cell(PACKED, (0, 0), &whole(9)),
            record(EOF, &[]),
            // A cell that is written twice has its later value.
            cell(PACKED, (1, 1), &whole(6)),
        ];
        let cells: Vec<(u16, u16, String)> = [
            (0, 0, "ab"),
            (0, 3, "7"),
            (0, 4, "8"),
            (1, 0, "1.5"),
            (1, 1, "6"),
            (1, 2, "ab"),
            (2, 0, "0.425"),
        ]
        .map(|(row, column, text)| (row, column, text.to_owned()))
        .to_vec();
        assert_eq!(told(&records), Ok(cells));
    }

    #[test]
    fn a_record_that_lacks_bytes_or_refers_to_nothing_is_damage() {
        for records in [
            vec![cell(NUMBER, (0, 0), &[0; 7])],
            vec![cell(PACKED, (0, 0), &[0; 3])],
            vec![cell(SHARED_TEXT, (0, 0), &[0; 4])],
            vec![cell(TEXT, (0, 0), &[2, 0, 0, b'a'])],
            vec![cell(FORMULA, (0, 0), &[0; 7])],
            vec![record(PACKED_SEVERAL, &[0, 0, 0, 0, 1])],
            vec![record(BOF, &[0, 6, 0x20, 0])],
        ] {
            assert_eq!(told(&records), Err(Fault::Damaged), "{records:?}");
        }
        let sound = workbook(&[]);
        assert!(Sheet::of(&sound).is_ok());
        for length in 0..sound.len() {
            assert!(Sheet::of(&sound[..length]).is_err(), "{length}");
        }
        let chart = [record(BOF, &[0, 6, 5, 0]), record(EOF, &[])].concat();
        assert_eq!(Sheet::of(&chart).err(), Some(Fault::NoSheet));
    }

    #[test]
    fn a_text_goes_on_in_the_next_record_with_characters_of_another_width() {
        let head = [2, 0, 0, 0, 2, 0, 0, 0];
        let start = [&head[..], &[4, 0, 0, b'a', b'b']].concat();
        // The rest of the first text in wide characters; then a text with a style and a phonetic.
        let rest = [1, 0xE5, 0x4E, b'd', 0, 1, 0, 12, 1, 0, 2, 0, 0, 0, b'x', 9, 9, 9, 9, 8, 8];
        let texts = |parts: &[&[u8]]| shared_texts(parts);
        assert_eq!(texts(&[&start, &rest]).unwrap(), ["ab以d", "x"]);
        assert_eq!(texts(&[&start, &rest[..rest.len() - 1]]), None);
        assert_eq!(texts(&[&start]), None);
        // A count that the bytes do not bear out allocates nothing.
        assert_eq!(texts(&[&[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]]), None);
    }
}
