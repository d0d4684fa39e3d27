//! Moves the quotes of a file of answers into the store.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use arrow::array::RecordBatch;
use fupan_market::{Codes, Quote, SessionDate, Symbol, Wording};
use fupan_store::{Appended, Store};
use fupan_table::{Import, ImportId, Table, quote_batch};

use crate::Error;
use crate::watch::SOURCE;
use crate::watch::log::AnswerReader;
use crate::watch::sweep::{self, Answered, Latest};

/// Rows of a batch.
const BATCH: usize = 32 * 1024;

/// Quotes are put in order of time as long as none is this many seconds older than another that came
/// before it.
const DISORDER: u32 = 120;

/// Moves the quotes of a file into the store; `latest` is as it was before the file was begun. A file
/// whose quotes are in the store already changes nothing. Returns how many rows there are.
pub(super) fn fold(
    store: &Store,
    session: SessionDate,
    path: &Path,
    latest: &Latest,
    codes: &Codes,
    at: SystemTime,
) -> Result<u64, Error> {
    let digest = digest(path)?;
    let id = |part: &str| {
        let seed = format!("{digest} {SOURCE} {session} {part}");
        ImportId(blake3::hash(seed.as_bytes()).to_hex().to_string())
    };
    let mut ordered = Ordered::begin(path, session, latest.clone(), codes)?;
    let mut import = head(path, id("in order"), &digest);
    // Sweeps that are torn or empty leave nothing to append.
    let Some(first) = ordered.next() else { return Ok(0) };
    let batches = std::iter::once(first).chain(&mut ordered);
    let appended = store.append_sorted::<Error>(&import, Table::Quote, batches, at)?;
    let mut rows = match appended {
        Appended::Added { rows, .. } => rows,
        Appended::AlreadyPresent => return Ok(0),
    };
    if !ordered.stragglers.is_empty() {
        let batch = quote_batch(std::mem::take(&mut ordered.stragglers))?;
        rows += batch.num_rows() as u64;
        import.id = id("stragglers");
        import.batches = vec![(Table::Quote, batch)];
        store.append_at(&import, at, fupan_store::Differing::Refuse)?;
    }
    Ok(rows)
}

fn digest(path: &Path) -> Result<String, Error> {
    let hashed = File::open(path).and_then(|file| {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(file)?;
        Ok(hasher.finalize().to_hex().to_string())
    });
    let path = path.display().to_string();
    hashed.map_err(|source| Error::Io { action: "read", path, source })
}

fn head(path: &Path, id: ImportId, digest: &str) -> Import {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = name.split('.').next().unwrap_or_default();
    Import {
        id,
        source: SOURCE.to_owned(),
        recipe: SOURCE.to_owned(),
        file: format!("watch/{folder}/{number}"),
        digest: digest.to_owned(),
        batches: Vec::new(),
        rows_read: 0,
        rows_left_out: 0,
        lost: Vec::new(),
        rows_not_covered: 0,
        layout: Wording::none(),
        findings: Vec::new(),
    }
}

/// A quote in the order of the table's key.
#[derive(Debug, PartialEq, Eq)]
struct Keyed {
    symbol: Symbol,
    quote: Quote,
}

impl Keyed {
    /// Symbols are in the order of their texts.
    fn key(&self) -> (u32, u32, &'static str, u64) {
        let Keyed { symbol, quote } = self;
        (quote.time, symbol.code(), symbol.exchange().suffix(), quote.sequence)
    }
}

impl Ord for Keyed {
    fn cmp(&self, other: &Keyed) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Keyed) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The new quotes of a file in the order of the table's key, batch by batch.
struct Ordered<'a> {
    reader: AnswerReader,
    session: SessionDate,
    latest: Latest,
    codes: &'a Codes,
    /// The quotes that may still come after others.
    waiting: BinaryHeap<Reverse<Keyed>>,
    /// The highest time so far, and that of the last quote that was handed on.
    highest: u32,
    handed: u32,
    ended: bool,
    /// Quotes that came after later ones were handed on.
    stragglers: Vec<(SessionDate, Symbol, Quote)>,
}

impl<'a> Ordered<'a> {
    fn begin(
        path: &Path,
        session: SessionDate,
        latest: Latest,
        codes: &'a Codes,
    ) -> Result<Ordered<'a>, Error> {
        Ok(Ordered {
            reader: AnswerReader::open(path)?,
            session,
            latest,
            codes,
            waiting: BinaryHeap::new(),
            highest: 0,
            handed: 0,
            ended: false,
            stragglers: Vec::new(),
        })
    }

    /// Reads sweeps until a batch can be handed on, or there are no more.
    fn fill(&mut self) -> Result<(), Error> {
        while !self.ended && self.ready() < BATCH {
            let Some(sweep) = self.reader.next()? else {
                self.ended = true;
                break;
            };
            for (symbol, quote) in sweep::read(&sweep, self.session, self.codes)?.quotes {
                let Answered::New(quote) = self.latest.take(symbol, &quote) else { continue };
                if quote.time < self.handed {
                    self.stragglers.push((self.session, symbol, quote));
                    continue;
                }
                self.highest = self.highest.max(quote.time);
                self.waiting.push(Reverse(Keyed { symbol, quote }));
            }
        }
        Ok(())
    }

    /// About how many quotes can be handed on.
    fn ready(&self) -> usize {
        let oldest = self.waiting.peek().map_or(u32::MAX, |Reverse(first)| first.quote.time);
        if oldest.saturating_add(DISORDER) < self.highest { self.waiting.len() } else { 0 }
    }
}

impl Iterator for Ordered<'_> {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Result<RecordBatch, Error>> {
        if let Err(error) = self.fill() {
            self.ended = true;
            return Some(Err(error));
        }
        let mut rows = Vec::new();
        while rows.len() < BATCH
            && let Some(Reverse(first)) = self.waiting.peek()
            && (self.ended || first.quote.time.saturating_add(DISORDER) < self.highest)
        {
            let Some(Reverse(first)) = self.waiting.pop() else { break };
            self.handed = first.quote.time;
            rows.push((self.session, first.symbol, first.quote));
        }
        (!rows.is_empty()).then(|| quote_batch(rows).map_err(Error::from))
    }
}
