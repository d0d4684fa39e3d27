//! TDX's `gbbq` (`T0002/hq_cache/gbbq`): what companies paid out and how their shares changed,
//! little endian.
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..4 | u32 | the number of records |
//!
//! and then for each record 29 bytes, of which the first 24 are enciphered:
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..1 | u8 | the exchange: 0 Shenzhen, 1 Shanghai, 2 Beijing |
//! | 1..8 | text | six digits and a zero |
//! | 8..12 | u32 | the date as 20260212 |
//! | 12..13 | u8 | the category |
//! | 13..29 | 4 × f32 | four numbers, by category |
//!
//! In category 1, an ex-rights day, the numbers are, for ten shares: cash in yuan, the price of a
//! share of the rights issue, bonus shares, and shares of the rights issue. The others are changes
//! of the capital without a change of the price.
//!
//! The cipher is Blowfish on three blocks of eight bytes, whose halves are words of little endian.
//! Programs that read the file carry the cipher's state of 1,042 words, for example pytdx in its
//! `gbbq_reader.py`. Blowfish makes that state of a key in steps that can be undone one by one; what
//! comes out is the key below, and the state that it makes is theirs.

use std::collections::BTreeMap;
use std::path::Path;

use blowfish::BlowfishLE;
use blowfish::cipher::{Block, BlockCipherDecrypt, KeyInit};
use fupan_market::{Exchange, FindingKind, SecurityKind, SessionDate, Symbol, Wording};

use super::ex_rights::ExRights;
use crate::SourceError;
use crate::files::content;
use crate::finding::{Cost, Said, Topic, as_it_is};
use crate::frame::Fault;
use crate::spelling::decimal::Scale;

/// The key that the terminal enciphers with.
const KEY: &[u8] = b"770303770222";

const HEADER: usize = 4;
const RECORD: usize = 29;
const BLOCK: usize = 8;

/// Bytes of a record that are enciphered.
const ENCIPHERED: usize = 24;

/// The category of ex-rights days.
const EX_RIGHTS: u8 = 1;

/// Most bytes of the file: terminals have some 4 MB.
const FILE_BYTES_MAX: u64 = 32 << 20;

/// The file is no `gbbq` if more than one record in this many makes no sense.
const ONE_IN: usize = 100;

/// Numbers of ten shares, in millionths: no cash, bonus or price of a share has seven digits before
/// the point.
const MILLIONTHS: Scale = Scale { power: 6, step: 1 };
const MOST: i64 = 1_000_000 * 1_000_000;

const NONSENSE: Topic = Topic {
    kind: FindingKind::UnreadableField,
    what: Said {
        en: "Records of gbbq (TDX's corporate actions) make no sense and were left out",
        zh: "通达信股本变迁文件（gbbq）中有不合理的记录，未采用",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

/// The ex-rights days of all stocks.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    /// Those of a stock, each date once, in order.
    of: BTreeMap<Symbol, Vec<ExRights>>,
    /// The date of the newest record of any kind, as 20260212.
    pub newest: i32,
    /// Records that were left out.
    pub faults: Vec<Fault>,
}

/// One record.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Record {
    symbol: Option<Symbol>,
    date: i32,
    category: u8,
    /// The four numbers in millionths; `None` if one of them is none.
    numbers: Option<[i64; 4]>,
}

impl Actions {
    /// The ex-rights days of a stock.
    pub fn of(&self, symbol: Symbol) -> &[ExRights] {
        self.of.get(&symbol).map_or(&[], Vec::as_slice)
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Actions, SourceError> {
        let bytes = content(path, FILE_BYTES_MAX)?;
        let damaged = |reason| SourceError::Damaged { path: path.to_owned(), reason };
        Actions::of_bytes(&bytes).map_err(damaged)
    }

    /// Reads a file's bytes; an error if they are not as many as the records that it claims, or if
    /// many of these make no sense.
    fn of_bytes(bytes: &[u8]) -> Result<Actions, Wording> {
        let claimed = bytes.first_chunk::<HEADER>().map(|four| u32::from_le_bytes(*four));
        let rest = bytes.get(HEADER..).unwrap_or_default();
        let (records, over) = (rest.len() / RECORD, rest.len() % RECORD);
        if over > 0 || claimed.is_none_or(|claimed| usize::try_from(claimed) != Ok(records)) {
            let said = claimed.unwrap_or(0);
            return Err(Wording::new(
                format!("it claims {said} records and holds {records} and {over} bytes"),
                format!("文件写明有{said}条记录，实有{records}条又{over}字节"),
            ));
        }
        let Ok(cipher) = BlowfishLE::new_from_slice(KEY) else {
            return Err(Wording::new("it cannot be deciphered", "无法解密"));
        };
        let mut actions = Actions::default();
        let mut nonsense = 0;
        for (place, enciphered) in (1..).zip(rest.chunks_exact(RECORD)) {
            let mut record = [0; RECORD];
            record.copy_from_slice(enciphered);
            decipher(&cipher, &mut record);
            match sense(&record) {
                Some(record) => actions.take(record),
                None => {
                    nonsense += 1;
                    actions.fault(place);
                }
            }
        }
        if nonsense * ONE_IN > records {
            return Err(Wording::new(
                format!("{nonsense} of its {records} records make no sense"),
                format!("{records}条记录中有{nonsense}条不合理"),
            ));
        }
        for days in actions.of.values_mut() {
            ExRights::settle(days);
        }
        Ok(actions)
    }

    fn take(&mut self, record: Record) {
        self.newest = self.newest.max(record.date);
        let stock = record.symbol.filter(|who| matches!(who.kind(), SecurityKind::Stock(_)));
        let (Some(symbol), EX_RIGHTS, Some([cash, price, bonus, rights])) =
            (stock, record.category, record.numbers)
        else {
            return;
        };
        let date = record.date;
        let day = ExRights::of(date, cash, bonus, (rights, price));
        self.of.entry(symbol).or_default().push(day);
    }

    /// Counts a record that makes no sense; the first one has its place as an example.
    fn fault(&mut self, place: u64) {
        match self.faults.first_mut() {
            Some(fault) => fault.rows += 1,
            None => {
                let example = as_it_is(place.to_string());
                self.faults.push(Fault { topic: NONSENSE, rows: 1, place, day: None, example });
            }
        }
    }
}

fn decipher(cipher: &BlowfishLE, record: &mut [u8; RECORD]) {
    for block in record[..ENCIPHERED].chunks_exact_mut(BLOCK) {
        let mut own = Block::<BlowfishLE>::default();
        own.copy_from_slice(block);
        cipher.decrypt_block(&mut own);
        block.copy_from_slice(&own);
    }
}

/// A deciphered record; `None` if it makes no sense.
fn sense(record: &[u8; RECORD]) -> Option<Record> {
    let exchange = match record[0] {
        0 => Exchange::Szse,
        1 => Exchange::Sse,
        2 => Exchange::Bse,
        _ => return None,
    };
    let code = record[1..7].iter().try_fold(0_u32, |code, byte| {
        byte.is_ascii_digit().then(|| code * 10 + u32::from(byte - b'0'))
    })?;
    if record[7] != 0 {
        return None;
    }
    let date = i32::from_le_bytes(*record[8..].first_chunk()?);
    date.to_string().parse::<SessionDate>().ok()?;
    let category = record[12];
    let numbers = numbers(record);
    if category == EX_RIGHTS && numbers.is_none() {
        return None;
    }
    // A code in no known range is a security that no table holds.
    Some(Record { symbol: Symbol::new(exchange, code).ok(), date, category, numbers })
}

/// The four numbers in millionths, rounded from the shortest decimal that the float stands for.
fn numbers(record: &[u8; RECORD]) -> Option<[i64; 4]> {
    let mut numbers = [0; 4];
    for (number, bytes) in numbers.iter_mut().zip(record[13..].chunks_exact(4)) {
        let float = f32::from_le_bytes(*bytes.first_chunk()?);
        let scaled = MILLIONTHS.text(&float.to_string())?;
        *number = Some(scaled).filter(|scaled| (0..=MOST).contains(scaled))?;
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use blowfish::cipher::BlockCipherEncrypt;
    use proptest::prelude::*;

    use super::*;

    /// A record as the terminal writes it, enciphered.
    fn record(market: u8, code: &str, date: u32, category: u8, numbers: [f32; 4]) -> Vec<u8> {
        let mut plain = vec![market];
        plain.extend(code.as_bytes());
        plain.push(0);
        plain.extend(date.to_le_bytes());
        plain.push(category);
        numbers.iter().for_each(|number| plain.extend(number.to_le_bytes()));
        let cipher = BlowfishLE::new_from_slice(KEY).unwrap();
        for block in plain[..ENCIPHERED].chunks_exact_mut(BLOCK) {
            let mut own = Block::<BlowfishLE>::default();
            own.copy_from_slice(block);
            cipher.encrypt_block(&mut own);
            block.copy_from_slice(&own);
        }
        plain
    }

    fn file(records: &[Vec<u8>]) -> Vec<u8> {
        let count = u32::try_from(records.len()).unwrap();
        [count.to_le_bytes().to_vec(), records.concat()].concat()
    }

    fn ex(date: i32, cash: i64, price: i64, bonus: i64, rights: i64) -> ExRights {
        let [cash, price, bonus, rights] = [cash, price, bonus, rights].map(|n| n * 10_000);
        ExRights::of(date, cash, bonus, (rights, price))
    }

    /// What the state that other programs carry makes of a block of zeros.
    #[test]
    fn the_key_makes_the_state_that_other_programs_carry() {
        let cipher = BlowfishLE::new_from_slice(KEY).unwrap();
        let mut record = [0; RECORD];
        decipher(&cipher, &mut record);
        assert_eq!(record[..BLOCK], record[BLOCK..2 * BLOCK]);
        assert_eq!(record[..BLOCK], ZEROS);
        assert_eq!(record[ENCIPHERED..], [0; RECORD - ENCIPHERED]);
    }

    const ZEROS: [u8; BLOCK] = [234, 169, 203, 98, 28, 254, 212, 104];

    #[test]
    fn ex_rights_days_of_stocks_are_kept() {
        let read = Actions::of_bytes(&file(&[
            record(1, "600001", 20_260_213, 1, [1.5, 0.0, 3.0, 0.0]),
            record(1, "600001", 20_250_212, 1, [0.21, 4.69, 0.0, 2.5]),
            record(1, "600001", 20_260_301, 5, [1.0, f32::NAN, -3.0, 4.0]),
            record(0, "000001", 20_260_212, 1, [2.0, 0.0, 0.0, 0.0]),
            // A fund, an index, a code of no range, and Beijing.
            record(1, "510050", 20_260_212, 1, [0.5, 0.0, 0.0, 0.0]),
            record(1, "000001", 20_260_212, 1, [0.5, 0.0, 0.0, 0.0]),
            record(1, "999999", 20_260_212, 1, [0.5, 0.0, 0.0, 0.0]),
            record(2, "920001", 20_260_212, 1, [1.0, 0.0, 0.0, 0.0]),
        ]));
        let read = read.unwrap();
        let of = |symbol: &str| read.of(symbol.parse().unwrap()).to_vec();
        assert_eq!(
            of("600001.SH"),
            [ex(20_250_212, 21, 469, 0, 250), ex(20_260_213, 150, 0, 300, 0)]
        );
        assert_eq!(of("000001.SZ"), [ex(20_260_212, 200, 0, 0, 0)]);
        assert_eq!(of("920001.BJ"), [ex(20_260_212, 100, 0, 0, 0)]);
        assert_eq!((read.of.len(), of("600002.SH").len()), (3, 0));
        assert_eq!((read.newest, read.faults.len()), (20_260_301, 0));
    }

    #[test]
    fn records_without_sense_are_counted_and_many_are_refused() {
        let good = record(1, "600001", 20_260_213, 1, [1.5, 0.0, 3.0, 0.0]);
        let with = |bad: Vec<u8>, records: usize| {
            let mut all = vec![good.clone(); records - 1];
            all.insert(1, bad);
            Actions::of_bytes(&file(&all))
        };
        for bad in [
            record(3, "600001", 20_260_213, 1, [1.5, 0.0, 3.0, 0.0]),
            record(1, "60000x", 20_260_213, 1, [1.5, 0.0, 3.0, 0.0]),
            record(1, "600001", 20_260_230, 1, [1.5, 0.0, 3.0, 0.0]),
            record(1, "600001", 0, 2, [1.5, 0.0, 3.0, 0.0]),
            record(1, "600001", 20_260_213, 1, [f32::NAN, 0.0, 3.0, 0.0]),
            record(1, "600001", 20_260_213, 1, [f32::MAX, 0.0, 3.0, 0.0]),
            record(1, "600001", 20_260_213, 1, [1.5, 0.0, f32::INFINITY, 0.0]),
            record(1, "600001", 20_260_213, 1, [-1.5, 0.0, 3.0, 0.0]),
            record(1, "600001", 20_260_213, 1, [1.5, 0.0, 3.0, 1_000_001.0]),
            vec![0; RECORD],
            vec![7; RECORD],
        ] {
            let read = with(bad.clone(), 100).unwrap();
            let [fault] = read.faults.as_slice() else { panic!("{bad:?}") };
            assert_eq!((fault.rows, fault.place, read.newest), (1, 2, 20_260_213));
            let refused = with(bad, 99).unwrap_err().en;
            assert_eq!(refused, "1 of its 99 records make no sense");
        }
    }

    #[test]
    fn a_file_of_another_size_than_it_claims_is_refused() {
        let whole = file(&vec![record(1, "600001", 20_260_213, 1, [1.5, 0.0, 3.0, 0.0]); 3]);
        for cut in 0..whole.len() {
            let refused = Actions::of_bytes(&whole[..cut]).unwrap_err().en;
            assert!(refused.starts_with("it claims "), "{cut}: {refused}");
        }
        assert!(Actions::of_bytes(&[whole.clone(), vec![0]].concat()).is_err());
        let mut over = whole;
        over[3] = 0xFF;
        assert!(Actions::of_bytes(&over).is_err());
        assert_eq!(Actions::of_bytes(&[0; 4]).unwrap().newest, 0);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Actions::of_bytes(&bytes);
            let records = bytes.len() / RECORD;
            let count = u32::try_from(records).unwrap().to_le_bytes();
            let _ = Actions::of_bytes(&[&count, &bytes[..records * RECORD]].concat());
        }
    }
}
