//! The values of a column chunk, decoded straight into what is kept of them.
//!
//! Writers lay numbers out plain or by a dictionary unless they are told otherwise. Those two are
//! decoded here: what is kept of a value is made once for each entry of a dictionary instead of
//! once for each row, and rows without nulls carry no levels about. Pages are found and
//! decompressed by the parquet crate, which also decodes chunks of any other encoding.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};

/// A type of fixed width, as it lies in a plain page.
pub trait Plain: DataType<T: Copy> {
    /// The width in bytes.
    const BYTES: usize;

    /// A value from [`Plain::BYTES`] bytes.
    fn of(bytes: &[u8]) -> Self::T;
}

macro_rules! plain {
    ($name:ty, $number:ty) => {
        impl Plain for $name {
            const BYTES: usize = size_of::<$number>();

            #[inline]
            fn of(bytes: &[u8]) -> $number {
                let mut word = [0; size_of::<$number>()];
                word.copy_from_slice(bytes);
                <$number>::from_le_bytes(word)
            }
        }
    };
}

plain!(Int32Type, i32);
plain!(Int64Type, i64);
plain!(DoubleType, f64);

/// Whether all of a chunk's encodings are decoded here.
pub fn usual(mut encodings: impl Iterator<Item = Encoding>) -> bool {
    encodings.all(|encoding| {
        matches!(
            encoding,
            Encoding::PLAIN | Encoding::RLE | Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY
        )
    })
}

/// Values of a chunk, in order.
pub struct Values<T: Plain, V, K> {
    source: Source<T, V>,
    kept: Vec<V>,
    null: V,
    keep: K,
}

enum Source<T: Plain, V> {
    Pages(Pages<V>),
    Crate { reader: Box<ColumnReaderImpl<T>>, values: Vec<T::T>, levels: Vec<i16> },
}

impl<T: Plain, V: Copy, K: Fn(T::T) -> V> Values<T, V, K> {
    /// Values of a chunk of the [`usual`] encodings: `keep` makes what is kept of a value, and
    /// `null` is kept of a null.
    pub fn of_pages(pages: Box<dyn PageReader>, nullable: bool, null: V, keep: K) -> Self {
        let source = Source::Pages(Pages {
            pages,
            nullable,
            dictionary: Vec::new(),
            rows: 0,
            levels: Indices::default(),
            body: Body::Plain(Bytes::new()),
            picked: Vec::new(),
        });
        Values { source, kept: Vec::new(), null, keep }
    }

    /// Values of a chunk of any encoding.
    pub fn of_reader(reader: ColumnReaderImpl<T>, null: V, keep: K) -> Self {
        let reader = Box::new(reader);
        let source = Source::Crate { reader, values: Vec::new(), levels: Vec::new() };
        Values { source, kept: Vec::new(), null, keep }
    }

    /// Passes over values.
    ///
    /// # Errors
    /// Where the chunk has fewer, or is damaged.
    pub fn skip(&mut self, rows: usize) -> Result<()> {
        match &mut self.source {
            Source::Crate { reader, .. } => match reader.skip_records(rows)? {
                skipped if skipped == rows => Ok(()),
                _ => Err(fewer()),
            },
            Source::Pages(pages) => {
                let mut left = pages.skip_pages::<T>(rows, &self.keep)?;
                while left > 0 {
                    let some = left.min(SKIPPED_AT_A_TIME);
                    self.next(some)?;
                    left -= some;
                }
                Ok(())
            }
        }
    }

    /// The next so many values.
    ///
    /// # Errors
    /// Where the chunk has fewer, or is damaged.
    pub fn next(&mut self, rows: usize) -> Result<&[V]> {
        if self.kept.len() < rows {
            self.kept.resize(rows, self.null);
        }
        let kept = &mut self.kept[..rows];
        match &mut self.source {
            Source::Pages(pages) => pages.read::<T>(self.null, &self.keep, kept)?,
            Source::Crate { reader, values, levels } => {
                values.clear();
                levels.clear();
                let (read, _, _) = reader.read_records(rows, Some(levels), None, values)?;
                if read != rows {
                    return Err(fewer());
                }
                for (kept, value) in kept.iter_mut().zip(values.iter()) {
                    *kept = (self.keep)(*value);
                }
                spread(kept, values.len(), levels, self.null);
            }
        }
        Ok(kept)
    }
}

/// Values passed over are decoded so many at a time.
const SKIPPED_AT_A_TIME: usize = 8 * 1024;

fn fewer() -> ParquetError {
    ParquetError::EOF("fewer values than rows".to_owned())
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(format!("damaged page: {what}"))
}

/// Moves the first `present` values apart, last first, to make room for nulls.
fn spread<V: Copy, L: Copy + Into<i64>>(values: &mut [V], present: usize, levels: &[L], null: V) {
    let mut from = present;
    if from == values.len() {
        return;
    }
    for (row, level) in levels.iter().enumerate().take(values.len()).rev() {
        let present = (*level).into() > 0 && from > 0;
        from -= usize::from(present);
        values[row] = if present { values[from] } else { null };
    }
}

/// The pages of a chunk, and how far the present one has been read.
struct Pages<V> {
    pages: Box<dyn PageReader>,
    nullable: bool,
    dictionary: Vec<V>,
    /// Rows left in the page.
    rows: usize,
    /// Whether each row has a value, where the column is nullable.
    levels: Indices,
    body: Body,
    picked: Vec<u32>,
}

enum Body {
    Plain(Bytes),
    Dictionary(Indices),
}

impl<V: Copy> Pages<V> {
    fn read<T: Plain>(
        &mut self,
        null: V,
        keep: &impl Fn(T::T) -> V,
        mut kept: &mut [V],
    ) -> Result<()> {
        while !kept.is_empty() {
            if self.rows == 0 {
                let page = self.pages.get_next_page()?.ok_or_else(fewer)?;
                self.open::<T>(page, keep)?;
                continue;
            }
            let (here, rest) = kept.split_at_mut(self.rows.min(kept.len()));
            kept = rest;
            self.rows -= here.len();
            if !self.nullable || self.levels.repeat(1, here.len())? {
                self.values::<T>(keep, here)?;
            } else {
                let mut levels = vec![0; here.len()];
                self.levels.read(&mut levels)?;
                let present = levels.iter().filter(|level| **level > 0).count();
                self.values::<T>(keep, &mut here[..present])?;
                spread(here, present, &levels, null);
            }
        }
        Ok(())
    }

    /// The next values that are no nulls.
    fn values<T: Plain>(&mut self, keep: &impl Fn(T::T) -> V, kept: &mut [V]) -> Result<()> {
        match &mut self.body {
            Body::Plain(bytes) => {
                let length = kept.len() * T::BYTES;
                if length > bytes.len() {
                    return Err(fewer());
                }
                let plain = bytes.split_to(length);
                for (kept, value) in kept.iter_mut().zip(plain.chunks_exact(T::BYTES)) {
                    *kept = keep(T::of(value));
                }
            }
            Body::Dictionary(indices) => {
                let none = || damaged("no such dictionary entry");
                if let Some(index) = indices.repeated(kept.len())? {
                    kept.fill(*self.dictionary.get(index as usize).ok_or_else(none)?);
                    return Ok(());
                }
                if self.picked.len() < kept.len() {
                    self.picked.resize(kept.len(), 0);
                }
                let picked = &mut self.picked[..kept.len()];
                indices.read(picked)?;
                for (kept, index) in kept.iter_mut().zip(picked) {
                    *kept = *self.dictionary.get(*index as usize).ok_or_else(none)?;
                }
            }
        }
        Ok(())
    }

    /// Passes over whole pages; how many of the rows are left to pass over.
    fn skip_pages<T: Plain>(&mut self, rows: usize, keep: &impl Fn(T::T) -> V) -> Result<usize> {
        let mut left = rows;
        while self.rows == 0 && left > 0 {
            let next = self.pages.peek_next_page()?.ok_or_else(fewer)?;
            if next.is_dict {
                let page = self.pages.get_next_page()?.ok_or_else(fewer)?;
                self.open::<T>(page, keep)?;
                continue;
            }
            match next.num_rows.or(next.num_levels) {
                Some(in_page) if in_page <= left => {
                    self.pages.skip_next_page()?;
                    left -= in_page;
                }
                _ => break,
            }
        }
        Ok(left)
    }

    fn open<T: Plain>(&mut self, page: Page, keep: &impl Fn(T::T) -> V) -> Result<()> {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                let length = (num_values as usize).checked_mul(T::BYTES);
                let plain = length.and_then(|length| buf.get(..length));
                let plain = plain.ok_or_else(|| damaged("a dictionary cut short"))?;
                self.dictionary.clear();
                self.dictionary.extend(plain.chunks_exact(T::BYTES).map(|v| keep(T::of(v))));
                Ok(())
            }
            Page::DataPage { mut buf, num_values, encoding, def_level_encoding, .. } => {
                if self.nullable {
                    if def_level_encoding != Encoding::RLE {
                        return Err(damaged("an encoding that its chunk does not tell of"));
                    }
                    let length = buf.split_to(4.min(buf.len()));
                    let length = length.as_ref().try_into().map(u32::from_le_bytes);
                    let length = length.unwrap_or(u32::MAX) as usize;
                    self.levels(&mut buf, length)?;
                }
                self.body(buf, encoding, num_values)
            }
            Page::DataPageV2 {
                mut buf,
                num_values,
                encoding,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let repetition = rep_levels_byte_len as usize;
                if repetition > buf.len() {
                    return Err(damaged("levels beyond the page"));
                }
                let _ = buf.split_to(repetition);
                self.levels(&mut buf, def_levels_byte_len as usize)?;
                self.body(buf, encoding, num_values)
            }
        }
    }

    fn levels(&mut self, buf: &mut Bytes, length: usize) -> Result<()> {
        if length > buf.len() {
            return Err(damaged("levels beyond the page"));
        }
        self.levels = Indices::new(buf.split_to(length), 1)?;
        Ok(())
    }

    fn body(&mut self, mut buf: Bytes, encoding: Encoding, rows: u32) -> Result<()> {
        self.rows = rows as usize;
        let by_dictionary =
            matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY);
        self.body = if by_dictionary {
            // A page of nulls alone may have no body.
            let width = if buf.is_empty() { 0 } else { buf.split_to(1)[0] };
            Body::Dictionary(Indices::new(buf, width)?)
        } else if encoding == Encoding::PLAIN {
            Body::Plain(buf)
        } else {
            return Err(damaged("an encoding that its chunk does not tell of"));
        };
        Ok(())
    }
}

/// Small numbers as runs: of one number, or of numbers packed into so many bits each.
#[derive(Default)]
struct Indices {
    /// What follows the present run.
    rest: Bytes,
    width: u8,
    run: Run,
}

enum Run {
    One { number: u32, left: usize },
    Packed { bytes: Bytes, at: usize, end: usize },
}

impl Default for Run {
    fn default() -> Run {
        Run::One { number: 0, left: 0 }
    }
}

impl Run {
    fn left(&self) -> usize {
        match self {
            Run::One { left, .. } => *left,
            Run::Packed { at, end, .. } => end - at,
        }
    }
}

impl Indices {
    fn new(rest: Bytes, width: u8) -> Result<Indices> {
        if width > 32 {
            return Err(damaged("numbers of more than 32 bits"));
        }
        Ok(Indices { rest, width, run: Run::default() })
    }

    /// The next number, taken so many times, where the present run is of one number and has so
    /// many.
    fn repeated(&mut self, count: usize) -> Result<Option<u32>> {
        if count > 0 && self.run.left() == 0 {
            self.turn()?;
        }
        match &mut self.run {
            Run::One { number, left } if *left >= count => {
                *left -= count;
                Ok(Some(*number))
            }
            _ => Ok(None),
        }
    }

    /// Whether the next numbers are so many times this one; they are taken then.
    fn repeat(&mut self, wanted: u32, count: usize) -> Result<bool> {
        if count > 0 && self.run.left() == 0 {
            self.turn()?;
        }
        match &mut self.run {
            Run::One { number, left } if *number == wanted && *left >= count => {
                *left -= count;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The next numbers.
    fn read(&mut self, mut numbers: &mut [u32]) -> Result<()> {
        while !numbers.is_empty() {
            let left = self.run.left();
            if left == 0 {
                self.turn()?;
                continue;
            }
            let (here, rest) = numbers.split_at_mut(left.min(numbers.len()));
            numbers = rest;
            match &mut self.run {
                Run::One { number, left } => {
                    here.fill(*number);
                    *left -= here.len();
                }
                Run::Packed { bytes, at, .. } => {
                    unpack(bytes, self.width, *at, here);
                    *at += here.len();
                }
            }
        }
        Ok(())
    }

    /// Begins the next run.
    fn turn(&mut self) -> Result<()> {
        let mut header = 0_u64;
        let mut shift = 0;
        loop {
            let byte = *self.rest.first().ok_or_else(fewer)?;
            let _ = self.rest.split_to(1);
            header |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
            if shift > 28 {
                return Err(damaged("a run's length"));
            }
        }
        let length = (header >> 1) as usize;
        self.run = if header & 1 == 0 {
            let bytes = usize::from(self.width).div_ceil(8);
            if bytes > self.rest.len() {
                return Err(fewer());
            }
            let mut word = [0; 4];
            word[..bytes].copy_from_slice(&self.rest.split_to(bytes));
            Run::One { number: u32::from_le_bytes(word), left: length }
        } else {
            // The last run may end where its bytes do.
            let bytes = (length * usize::from(self.width)).min(self.rest.len());
            let held = match self.width {
                0 => length * 8,
                width => bytes * 8 / usize::from(width),
            };
            let end = held.min(length * 8);
            if end == 0 && length > 0 {
                return Err(fewer());
            }
            Run::Packed { bytes: self.rest.split_to(bytes), at: 0, end }
        };
        Ok(())
    }
}

/// Unpacks numbers of so many bits, from the number at a place on; all lie in the bytes.
fn unpack(bytes: &[u8], width: u8, at: usize, numbers: &mut [u32]) {
    // Eight numbers end where a byte does: these are unpacked together, by shifts that are
    // constants for each width.
    let odd = (at.wrapping_neg() % 8).min(numbers.len());
    let (first, numbers) = numbers.split_at_mut(odd);
    unpack_singly(bytes, width, at, first);
    let at = at + odd;
    let eights = EIGHTS[usize::from(width)];
    let done = eights(&bytes[at / 8 * usize::from(width)..], numbers);
    unpack_singly(bytes, width, at + done, &mut numbers[done..]);
}

fn unpack_singly(bytes: &[u8], width: u8, at: usize, numbers: &mut [u32]) {
    let width = usize::from(width);
    let mask = ((1_u64 << width) - 1) as u32;
    for (place, number) in numbers.iter_mut().enumerate() {
        let bit = (at + place) * width;
        let from = &bytes[(bit / 8).min(bytes.len())..];
        let mut word = [0; 8];
        let length = from.len().min(8);
        word[..length].copy_from_slice(&from[..length]);
        *number = (u64::from_le_bytes(word) >> (bit % 8)) as u32 & mask;
    }
}

/// Unpacks numbers eight by eight from the beginning of bytes, as long as a word can be read at
/// each; how many they were.
type Eights = fn(&[u8], &mut [u32]) -> usize;

fn eights<const WIDTH: usize>(bytes: &[u8], numbers: &mut [u32]) -> usize {
    let mask = ((1_u64 << WIDTH) - 1) as u32;
    let mut done = 0;
    for (eight, numbers) in numbers.chunks_exact_mut(8).enumerate() {
        let start = eight * WIDTH;
        let Some(bytes) = bytes.get(start..start + WIDTH + 8) else { break };
        for (place, number) in numbers.iter_mut().enumerate() {
            let bit = place * WIDTH;
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[bit / 8..bit / 8 + 8]);
            *number = (u64::from_le_bytes(word) >> (bit % 8)) as u32 & mask;
        }
        done += 8;
    }
    done
}

macro_rules! eights {
    ($($width:literal)*) => { [$(eights::<$width>),*] };
}

const EIGHTS: [Eights; 33] = eights!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
);

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers packed one after the other, lowest bit first.
    fn packed(width: u8, numbers: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; (numbers.len() * usize::from(width)).div_ceil(8)];
        for (place, number) in numbers.iter().enumerate() {
            for bit in 0..usize::from(width) {
                let at = place * usize::from(width) + bit;
                bytes[at / 8] |= ((number >> bit & 1) as u8) << (at % 8);
            }
        }
        bytes
    }

    #[test]
    fn numbers_of_every_width_are_unpacked_from_any_place() {
        for width in 0..=32_u8 {
            let mask = ((1_u64 << width) - 1) as u32;
            let numbers: Vec<u32> =
                (0..72_u32).map(|n| n.wrapping_mul(0x9e37_79b9).rotate_left(n) & mask).collect();
            let bytes = packed(width, &numbers);
            for at in 0..numbers.len() {
                for end in [at, at + 1, at + 9, at + 30, numbers.len()] {
                    let end = end.min(numbers.len());
                    let mut found = vec![u32::MAX; end.saturating_sub(at)];
                    unpack(&bytes, width, at, &mut found);
                    assert_eq!(found, numbers[at..end.max(at)], "{width} {at} {end}");
                }
            }
        }
    }

    #[test]
    fn runs_are_read_in_pieces_of_any_length() {
        // Five sevens, sixteen packed numbers, and three zeros of which two are asked for.
        let many: Vec<u32> = (0..16).map(|n| n * 5 % 8).collect();
        let mut bytes = vec![5 << 1, 7, 2 << 1 | 1];
        bytes.extend(packed(3, &many));
        bytes.extend([3 << 1, 0]);
        let all: Vec<u32> = [7; 5].into_iter().chain(many).chain([0; 2]).collect();
        for step in 1..=all.len() {
            let mut indices = Indices::new(Bytes::from(bytes.clone()), 3).unwrap();
            let mut found = vec![u32::MAX; all.len()];
            found.chunks_mut(step).for_each(|some| indices.read(some).unwrap());
            assert_eq!(found, all, "{step}");
        }
        let mut indices = Indices::new(Bytes::from(bytes), 3).unwrap();
        assert_eq!(indices.repeated(6).unwrap(), None);
        assert!(!indices.repeat(3, 2).unwrap());
        assert!(indices.repeat(7, 2).unwrap());
        assert_eq!(indices.repeated(3).unwrap(), Some(7));
        assert_eq!(indices.repeated(1).unwrap(), None);
    }

    #[test]
    fn indices_that_end_too_soon_are_errors() {
        for bytes in [&[][..], &[0xff; 3], &[0xff, 0xff, 0xff, 0xff, 0xff, 0x01], &[2], &[3]] {
            let mut indices = Indices::new(Bytes::copy_from_slice(bytes), 9).unwrap();
            assert!(indices.read(&mut [0]).is_err(), "{bytes:?}");
        }
        assert!(Indices::new(Bytes::new(), 33).is_err());
    }

    #[test]
    fn values_are_moved_apart_for_nulls() {
        let mut values = [1, 2, 3, 0, 0, 0];
        spread(&mut values, 3, &[0, 1, 1, 0, 1, 0_u32], -1);
        assert_eq!(values, [-1, 1, 2, -1, 3, -1]);
    }
}
