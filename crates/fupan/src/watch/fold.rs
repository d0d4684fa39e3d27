//! Moves the quotes of a file of answers into the store.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use arrow::array::RecordBatch;
use fupan_market::{Codes, Quote, SessionDate, Symbol, Wording};
use fupan_store::{Appended, Differing, SortedEnd, Store};
use fupan_table::{Import, ImportId, Table, index_quote_batch, quote_batch};

use crate::Error;
use crate::instant::indices::IndexLevels;
use crate::watch::SOURCE;
use crate::watch::log::AnswerReader;
use crate::watch::sweep::{self, Answered, Latest};
use crate::watch::tally::Tally;

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
    let import = head(path, id(session, &digest), &digest);
    let mut ordered = Ordered::begin(path, session, latest.clone(), codes, BATCH)?;
    ordered.first = ordered.more();
    let appended = match ordered.first {
        Some(_) => store.append_sorted(&import, Table::Quote, ordered, Ordered::end, at)?,
        None => {
            let SortedEnd { other, rows_left_out, findings, .. } = ordered.end()?;
            // Sweeps that are torn or empty leave nothing to append.
            let Some(levels) = other else { return Ok(0) };
            let rows_read = levels.1.num_rows() as u64 + rows_left_out;
            let batches = vec![levels];
            let import = Import { batches, rows_read, rows_left_out, findings, ..import };
            store.append_at(&import, at, Differing::Refuse)?
        }
    };
    Ok(match appended {
        Appended::Added { rows, .. } => rows,
        Appended::AlreadyPresent => 0,
    })
}

/// Whether the quotes of a file are in the store.
pub(super) fn is_folded(store: &Store, session: SessionDate, path: &Path) -> Result<bool, Error> {
    let ImportId(id) = id(session, &digest(path)?);
    Ok(store.import_ids()?.contains(&id))
}

fn id(session: SessionDate, digest: &str) -> ImportId {
    let seed = format!("{digest} {SOURCE} {session}");
    ImportId(blake3::hash(seed.as_bytes()).to_hex().to_string())
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
    /// Rows of a batch.
    batch: usize,
    /// The first batch, once it was looked for.
    first: Option<Result<RecordBatch, Error>>,
    /// The quotes that may still come after others.
    waiting: BinaryHeap<Reverse<Keyed>>,
    /// The highest time so far, and that of the last quote that was handed on.
    highest: u32,
    handed: u32,
    ended: bool,
    /// Quotes that came after later ones were handed on.
    stragglers: Vec<(SessionDate, Symbol, Quote)>,
    levels: IndexLevels,
    tally: Tally,
}

impl<'a> Ordered<'a> {
    fn begin(
        path: &Path,
        session: SessionDate,
        latest: Latest,
        codes: &'a Codes,
        batch: usize,
    ) -> Result<Ordered<'a>, Error> {
        Ok(Ordered {
            reader: AnswerReader::open(path)?,
            session,
            latest,
            codes,
            batch,
            first: None,
            waiting: BinaryHeap::new(),
            highest: 0,
            handed: 0,
            ended: false,
            stragglers: Vec::new(),
            levels: IndexLevels::none(session),
            tally: Tally::default(),
        })
    }

    /// Reads sweeps until a batch can be handed on, or there are no more.
    fn fill(&mut self) -> Result<(), Error> {
        while !self.ended && self.ready() < self.batch {
            let Some(sweep) = self.reader.next()? else {
                self.ended = true;
                break;
            };
            let swept = sweep::read(&sweep, self.session, self.codes)?;
            self.tally.add(&sweep, &swept);
            for (symbol, quote) in &swept.levels {
                self.levels.take(SOURCE, *symbol, quote);
            }
            for (symbol, quote) in swept.quotes {
                let quote = match self.latest.take(symbol, &quote) {
                    Answered::New(quote) => quote,
                    Answered::Same => continue,
                    Answered::Older => {
                        self.tally.older += 1;
                        continue;
                    }
                };
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

    /// What is known once there are no more batches.
    fn end(mut self) -> Result<SortedEnd, Error> {
        self.tally.damaged = u64::from(self.reader.is_damaged());
        let late = match self.stragglers.is_empty() {
            true => None,
            false => Some(quote_batch(self.stragglers)?),
        };
        let other = match self.levels.rows() {
            levels if levels.is_empty() => None,
            levels => Some((Table::IndexQuote, index_quote_batch(levels)?)),
        };
        let (rows_left_out, findings) = (self.tally.lost, self.tally.findings());
        Ok(SortedEnd { late, other, rows_left_out, findings })
    }

    /// The next batch.
    fn more(&mut self) -> Option<Result<RecordBatch, Error>> {
        if let Err(error) = self.fill() {
            self.ended = true;
            return Some(Err(error));
        }
        let mut rows = Vec::new();
        while rows.len() < self.batch
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

impl Iterator for Ordered<'_> {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Result<RecordBatch, Error>> {
        self.first.take().or_else(|| self.more())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Array as _;
    use fupan_store::SourceChoice;

    use super::*;
    use crate::watch::log::{AnswerLog, Sweep};

    /// A sweep of Tencent's with shares at times of the day, each of which says something new.
    fn sweep(number: u64, rows: &[(u32, &str)]) -> Sweep {
        let line = |(code, time): &(u32, &str)| {
            let lots = 100 + number;
            let empty = "~".repeat(24);
            let turnover = lots * 100 * 10;
            format!(
                "v_sh{code}=\"1~A~{code}~10.00~10.00~10.00~{lots}{empty}20260212{time}~~~10.00~10.00~\
                 10.00/{lots}/{turnover}~{lots}~1~~~~\";\n"
            )
        };
        let text: String = rows.iter().map(line).collect();
        Sweep {
            at: jiff::Timestamp::UNIX_EPOCH,
            dataset: "tencent-shares-now".to_owned(),
            whole: number != 2,
            answers: vec![("quotes-0001".to_owned(), Arc::from(text.as_bytes()))],
        }
    }

    /// Quotes that come long after later ones are in the same import, and what is wrong with the
    /// answers is said with it.
    #[test]
    fn quotes_out_of_their_order_are_kept_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_or_create(folder.path()).unwrap();
        let session: SessionDate = "2026-02-12".parse().unwrap();
        let mut log = AnswerLog::begin(folder.path(), session).unwrap();
        let sweeps = [
            sweep(1, &[(600_001, "100000"), (600_002, "100003")]),
            sweep(2, &[(600_001, "101000"), (600_002, "101003")]),
            sweep(3, &[(600_001, "101500"), (600_003, "095900")]),
            sweep(4, &[(600_001, "101200"), (600_003, "101501")]),
        ];
        sweeps.iter().for_each(|sweep| log.append(sweep).unwrap());
        let path = log.end().unwrap();
        let codes = store.codes().unwrap();
        let mut ordered = Ordered::begin(&path, session, Latest::default(), &codes, 1).unwrap();
        let batches: Vec<RecordBatch> = ordered.by_ref().map(Result::unwrap).collect();
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 6);
        let late = ordered.end().unwrap();
        assert_eq!(late.late.map(|late| late.column(0).len()), Some(1));
        let told: Vec<u64> = late.findings.iter().map(|finding| finding.count).collect();
        assert_eq!(told, [1, 1], "one sweep was not whole, one quote was older");

        assert!(!is_folded(&store, session, &path).unwrap());
        let at = SystemTime::UNIX_EPOCH;
        let none = Latest::default();
        let rows = || fold(&store, session, &path, &none, &codes, at).unwrap();
        assert_eq!((rows(), rows()), (7, 0));
        assert!(is_folded(&store, session, &path).unwrap());
        let mut quotes = store.quotes(session, u32::MAX, &SourceChoice::Best).unwrap();
        let mut read = 0;
        while quotes.peek().unwrap().is_some() {
            read += quotes.next_second().unwrap().len();
        }
        assert_eq!(read, 7);
    }
}
