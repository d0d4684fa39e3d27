//! The simulated market as a TDX terminal keeps it on the disk.
//!
//! What the layout cannot hold is as in a real folder: turnover is a float, a day without trade has no
//! record, and of ex-rights days the terminal knows what was paid out, not the reference price.

use std::collections::BTreeMap;

use blowfish::BlowfishLE;
use blowfish::cipher::{Block, BlockCipherEncrypt, KeyInit};
use encoding_rs::GBK;
use fupan_market::{Exchange, Price, SessionDate, Symbol};

use crate::life::Life;
use crate::market::SimulatedMarket;

/// The key of `gbbq`.
const KEY: &[u8] = b"770303770222";

/// Bytes of a security in a list of names, and where its name starts.
const LISTED: usize = 314;
const NAME_AT: usize = 23;

/// What a holder of ten shares is paid on a day.
struct Payment {
    symbol: Symbol,
    day: u32,
    /// Of one share.
    fen: i32,
}

/// The files of a folder, by their paths in it.
pub type FolderFiles = BTreeMap<String, Vec<u8>>;

impl SimulatedMarket {
    /// The folder of a terminal whose data end with a session: `vipdoc` with the days of shares and
    /// indices, and in `T0002/hq_cache` what was paid out and the lists of names.
    pub fn tdx_folder(&self, last: SessionDate) -> FolderFiles {
        let (mut files, mut paid) = (FolderFiles::new(), Vec::new());
        let mut add = |symbol, days: Vec<u8>| {
            if !days.is_empty() {
                files.insert(path_of(symbol), days);
            }
        };
        for life in &self.lives {
            add(life.listing.symbol, self.days(life, last, &mut paid));
        }
        for index in &self.indices {
            let bars = index.bars.iter().filter(|bar| bar.session <= last);
            let days = bars.flat_map(|bar| {
                let prices = [bar.open, bar.high, bar.low, bar.close].map(hundredths);
                record(bar.session, prices, bar.turnover.map_or(0, |fen| fen.0), 0)
            });
            add(index.symbol, days.collect());
        }
        files.insert("T0002/hq_cache/gbbq".to_owned(), gbbq(&paid));
        for exchange in Exchange::ALL {
            let path = format!("T0002/hq_cache/{}m.tnf", named(exchange));
            files.insert(path, self.names(exchange, last));
        }
        files
    }

    /// The records of a share, and what makes its reference prices other than the closes before.
    fn days(&self, life: &Life, last: SessionDate, paid: &mut Vec<Payment>) -> Vec<u8> {
        let (mut days, mut close) = (Vec::new(), None);
        let bars = life.bars.iter().filter(|bar| bar.volume > 0 && self.date(bar) <= last);
        for bar in bars {
            let session = self.date(bar);
            if let Some(close) = close.filter(|close| *close != bar.prev_close) {
                let fen = close - bar.prev_close;
                paid.push(Payment { symbol: life.listing.symbol, day: day(session), fen });
            }
            let fen = [bar.open, bar.high, bar.low, bar.close].map(|fen| fen.unsigned_abs());
            days.extend(record(session, fen, bar.turnover_fen, bar.volume));
            close = Some(bar.close);
        }
        days
    }

    /// An exchange's list of names as of a session.
    fn names(&self, exchange: Exchange, last: SessionDate) -> Vec<u8> {
        let mut file = b"127.0.0.1".to_vec();
        file.resize(42, 0);
        file.extend(day(last).to_le_bytes());
        file.extend(160_000_u32.to_le_bytes());
        let own = self.lives.iter().filter(|life| {
            let traded = life.bars.first().is_some_and(|bar| self.date(bar) <= last);
            life.listing.symbol.exchange() == exchange && traded
        });
        for life in own {
            let start = file.len();
            file.extend(digits(life.listing.symbol).as_bytes());
            file.resize(start + NAME_AT, 0);
            file.extend(GBK.encode(life.listing.name_on(last).unwrap_or_default()).0.iter());
            file.resize(start + LISTED, 0);
        }
        file
    }
}

/// The exchange in names of files and folders.
fn named(exchange: Exchange) -> String {
    exchange.suffix().to_lowercase()
}

fn digits(symbol: Symbol) -> String {
    format!("{:06}", symbol.code())
}

/// A level of an index in hundredths, as terminals keep it.
fn hundredths(level: Price) -> u32 {
    u32::try_from((level.raw() + 50) / 100).unwrap_or(u32::MAX)
}

/// A day as 20260212.
fn day(session: SessionDate) -> u32 {
    let date = session.date();
    u32::from(date.year().unsigned_abs()) * 10_000
        + u32::from(date.month().unsigned_abs()) * 100
        + u32::from(date.day().unsigned_abs())
}

/// A record of a day: open, high, low and close in hundredths, turnover in fen, shares.
fn record(session: SessionDate, prices: [u32; 4], turnover: i64, shares: u64) -> Vec<u8> {
    // A volume beyond 32 bits is kept in hundreds, with the rest in the mark.
    let (volume, mark) = match u32::try_from(shares) {
        Ok(shares) => (shares, 0x0001_0000),
        Err(_) => ((shares / 100) as u32, 0xC364_0000 | (shares % 100) as u32),
    };
    let [open, high, low, close] = prices;
    let yuan = turnover as f32 / 100.0;
    let words = [day(session), open, high, low, close, yuan.to_bits(), volume, mark];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Where the days of a security are.
fn path_of(symbol: Symbol) -> String {
    let exchange = named(symbol.exchange());
    format!("vipdoc/{exchange}/lday/{exchange}{}.day", digits(symbol))
}

/// What was paid, as the terminal's enciphered file.
fn gbbq(paid: &[Payment]) -> Vec<u8> {
    let mut file = (paid.len() as u32).to_le_bytes().to_vec();
    let Ok(cipher) = BlowfishLE::new_from_slice(KEY) else { return file };
    for Payment { symbol, day, fen } in paid {
        let exchange = match symbol.exchange() {
            Exchange::Szse => 0,
            Exchange::Sse => 1,
            Exchange::Bse => 2,
        };
        let mut record = vec![exchange];
        record.extend(digits(*symbol).as_bytes());
        record.push(0);
        record.extend(day.to_le_bytes());
        record.push(1);
        [*fen as f32 / 10.0, 0.0, 0.0, 0.0]
            .iter()
            .for_each(|number| record.extend(number.to_le_bytes()));
        for block in record[..24].chunks_exact_mut(8) {
            let mut own = Block::<BlowfishLE>::default();
            own.copy_from_slice(block);
            cipher.encrypt_block(&mut own);
            block.copy_from_slice(&own);
        }
        file.extend(record);
    }
    file
}
