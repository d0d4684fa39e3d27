//! Follows a running session: asks vendors for the whole market at a pace, keeps every answer, and keeps
//! all figures current.
//!
//! A [`Watch`] owns the session. Each [`poll`](Watch::poll) is one round of requests, a sweep. Its
//! answers are in a synced file before a figure knows of them; the file's quotes move into the store
//! when trading pauses and when the session is over. A process that dies leaves its file, and the next
//! watch goes on from it.
//!
//! The quotes of a watch are one source, `watch`, whichever vendors answered: a snapshot says all of a
//! security's session so far, so that one vendor can go on where another has failed.

mod clock;
mod fold;
mod log;
mod sweep;
mod tally;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::time::SystemTime;

use fupan_fact::{FactSet, InputRef};
use fupan_fetch::{FetchProgress, Fetcher};
use fupan_market::{Codes, Quote, SessionDate, Symbol, TRACKED_INDICES, standing_at};
use fupan_source::vendor::{Dataset, Naming, Wanted};
use fupan_store::{SourceChoice, Store, StoreError};
use fupan_table::Table;
use jiff::Timestamp;

use crate::instant::followed::{Followed, Step};
use crate::instant::indices::IndexLevels;
use crate::watch::log::{AnswerLog, AnswerReader, Answers, Sweep};
use crate::watch::sweep::{Answered, Latest};
use crate::watch::tally::Tally;
use crate::{Error, Market, instant};

pub use clock::{WatchTime, main_board_phase, watch_time};

/// The source of the quotes of a watch.
pub(crate) const SOURCE: &str = "watch";

/// The sources that can be followed, by name, with their datasets: all A-shares as they are now, and
/// indices where those do not come with the shares.
const FOLLOWED: [(&str, &str, Option<&str>); 3] = [
    ("eastmoney", "eastmoney-shares-now", Some("eastmoney-indices-now")),
    ("sina", "sina-shares-now", None),
    ("tencent", "tencent-shares-now", None),
];

/// A running session.
pub struct Watch<'m> {
    store: &'m Store,
    followed: Followed,
    sources: Vec<Followable>,
    /// What is asked of sources that must be told.
    symbols: Vec<Symbol>,
    latest: Latest,
    codes: Codes,
    /// The instant of the figures before the round of requests at hand.
    shown: Option<u32>,
    log: Option<OpenLog>,
    tally: Tally,
    /// Held while it lives.
    _lock: File,
}

/// A source that is asked.
struct Followable {
    shares: &'static Dataset,
    indices: Option<&'static Dataset>,
    /// Securities that it does not know: asking for them once more takes a request and a wait each
    /// round.
    unknown: BTreeSet<Symbol>,
}

/// The file at hand, and the last quotes before it was begun.
struct OpenLog {
    log: AnswerLog,
    before: Latest,
}

/// What a round of requests has brought.
#[derive(Debug)]
pub struct Poll {
    /// When it was over.
    pub at: Timestamp,
    /// The dataset that all came of; `None` if no source had all.
    pub used: Option<&'static Dataset>,
    /// The datasets of which not all came, and why.
    pub failed: Vec<(&'static Dataset, Error)>,
    /// Securities with an answer.
    pub answered: u64,
    /// Of them, those that say something new.
    pub new: u64,
    /// The market at the instant of the last quote; `None` if no quote is new.
    pub step: Option<Step>,
    /// If new quotes are of a time before an instant that was shown already: the first such time. The
    /// figures of instants from then on, as they were shown, did not know them.
    pub revises: Option<u32>,
}

impl<'m> Watch<'m> {
    /// Begins to follow a session, or goes on where another watch of the same store has stopped: its
    /// answers are read, and their quotes moved into the store. `sources` are asked in their order.
    ///
    /// # Errors
    /// [`Error::Watching`] if the store is followed already; [`Error::NotFollowed`]; if there are no
    /// daily bars before the session; if files cannot be read or written.
    pub fn begin(
        market: &'m Market,
        session: SessionDate,
        sources: &[String],
        at: Timestamp,
    ) -> Result<Watch<'m>, Error> {
        market.calendar().number(session)?;
        let (store, _) = instant::store(market)?;
        let lock = clock::lock(store.dir())?;
        let levels = IndexLevels::read(store, session, &|source| source == SOURCE)?;
        let followed = Followed::open(market, session, levels)?;
        let mut symbols = followed.listed().to_vec();
        symbols.extend(TRACKED_INDICES.iter().map(|index| index.symbol()));
        let mut watch = Watch {
            store,
            followed,
            sources: sources.iter().map(|name| followable(name)).collect::<Result<_, _>>()?,
            symbols,
            latest: Latest::default(),
            codes: store.codes()?,
            shown: None,
            log: None,
            tally: Tally::default(),
            _lock: lock,
        };
        watch.go_on(at)?;
        Ok(watch)
    }

    /// Takes in what earlier watches of the session have brought.
    fn go_on(&mut self, at: Timestamp) -> Result<(), Error> {
        let session = self.session();
        match self.store.quotes(session, u32::MAX, &SourceChoice::Named(SOURCE.to_owned())) {
            Ok(mut quotes) if quotes.sources_used().iter().all(|of| of.source == SOURCE) => {
                let mut at_hand = Vec::new();
                while quotes.peek()?.is_some() {
                    at_hand.clear();
                    at_hand.extend_from_slice(quotes.next_second()?);
                    at_hand.iter().for_each(|(symbol, quote)| self.latest.know(*symbol, quote));
                    self.show(&at_hand);
                }
            }
            Ok(_) | Err(StoreError::NoQuotes { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        for path in log::unfolded(self.store.dir(), session)?.0 {
            // A process may have died before it gave the file its other name.
            if fold::is_folded(self.store, session, &path)? {
                log::mark_folded(&path)?;
                continue;
            }
            let before = self.latest.clone();
            let mut reader = AnswerReader::open(&path)?;
            while let Some(sweep) = reader.next()? {
                self.take(&sweep)?;
            }
            self.tally.damaged += u64::from(reader.is_damaged());
            self.fold(&path, &before, at)?;
        }
        Ok(())
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.followed.session()
    }

    /// The instant that the figures are of, in seconds after midnight; `None` before the first quote.
    pub fn second(&self) -> Option<u32> {
        Some(self.followed.second()).filter(|second| *second > 0)
    }

    /// How many A-shares are listed.
    pub fn listed(&self) -> usize {
        self.symbols.iter().filter(|symbol| symbol.board().is_some()).count()
    }

    /// A security's name in the session, if a list has one.
    pub fn name(&self, symbol: Symbol) -> Option<&str> {
        self.followed.name(symbol)
    }

    /// Asks for the whole market once: the first source, and the next one if not all came. When it
    /// returns, every answer is on the disk.
    ///
    /// # Errors
    /// If the answers cannot be kept. What a source fails with is in [`Poll::failed`].
    pub fn poll(&mut self, fetcher: &Fetcher, progress: &dyn FetchProgress) -> Result<Poll, Error> {
        let mut poll = Poll {
            at: fetcher.now(),
            used: None,
            failed: Vec::new(),
            answered: 0,
            new: 0,
            step: None,
            revises: None,
        };
        self.shown = self.second();
        for place in 0..self.sources.len() {
            let shares = self.sources[place].shares;
            let heard = self.hear(place, fetcher, progress, &mut poll)?;
            match heard {
                Ok(()) => {
                    poll.used = Some(shares);
                    break;
                }
                Err(error) => poll.failed.push((shares, error)),
            }
        }
        poll.at = fetcher.now();
        Ok(poll)
    }

    /// Asks one source. The outer error is of the disk, the inner one of the source.
    fn hear(
        &mut self,
        place: usize,
        fetcher: &Fetcher,
        progress: &dyn FetchProgress,
        poll: &mut Poll,
    ) -> Result<Result<(), Error>, Error> {
        let Followable { shares, indices, .. } = self.sources[place];
        let asked = self.asked(place);
        let (answers, heard, unknown) = self.ask(shares, asked, fetcher, progress);
        self.sources[place].unknown.extend(unknown);
        if heard.is_ok() {
            self.tally.unknown = self.sources[place].unknown.len() as u64;
        }
        if !answers.is_empty() {
            let (at, dataset, whole) = (fetcher.now(), shares.name.to_owned(), heard.is_ok());
            self.keep(&Sweep { at, dataset, whole, answers }, poll)?;
        }
        if let Some(dataset) = indices.filter(|_| heard.is_ok()) {
            // Without levels of indices, everything else goes on.
            let (answers, heard, _) = self.ask(dataset, Vec::new(), fetcher, progress);
            if !answers.is_empty() {
                let (at, whole) = (fetcher.now(), heard.is_ok());
                let dataset = dataset.name.to_owned();
                self.keep(&Sweep { at, dataset, whole, answers }, poll)?;
            }
            poll.failed.extend(heard.err().map(|error| (dataset, error)));
        }
        Ok(heard)
    }

    /// The securities that a source is asked for: those that it may know, if it must be told.
    fn asked(&self, place: usize) -> Vec<Symbol> {
        let Followable { shares, unknown, .. } = &self.sources[place];
        match shares.naming {
            Naming::Symbols => {
                self.symbols.iter().filter(|symbol| !unknown.contains(symbol)).copied().collect()
            }
            Naming::Unneeded | Naming::Indices => Vec::new(),
        }
    }

    /// The answers that came, how that ended, and the securities that the vendor does not know.
    fn ask(
        &self,
        dataset: &'static Dataset,
        symbols: Vec<Symbol>,
        fetcher: &Fetcher,
        progress: &dyn FetchProgress,
    ) -> (Answers, Result<(), Error>, Vec<Symbol>) {
        let session = self.session();
        let calendar = self.store.rulebook().calendar();
        let wanted = Wanted { from: session, to: session, symbols, calendar };
        let mut answers = Answers::new();
        let mut conversation = match dataset.ask(&wanted) {
            Ok(conversation) => conversation,
            Err(reason) => {
                let refused = Error::NotOffered { dataset: dataset.name, reason };
                return (answers, Err(refused), Vec::new());
            }
        };
        let heard = fetcher.hear(conversation.as_mut(), progress, &mut |name, reply| {
            answers.push((name.to_owned(), reply.body.into()));
        });
        (answers, heard.map_err(Error::from), conversation.unknown().to_vec())
    }

    /// Puts a sweep on the disk, and then into the figures.
    fn keep(&mut self, sweep: &Sweep, poll: &mut Poll) -> Result<(), Error> {
        let log = match &mut self.log {
            Some(open) => &mut open.log,
            None => {
                let log = AnswerLog::begin(self.store.dir(), self.session())?;
                &mut self.log.insert(OpenLog { log, before: self.latest.clone() }).log
            }
        };
        log.append(sweep)?;
        let taken = self.take(sweep)?;
        poll.answered = poll.answered.max(taken.answered);
        poll.new += taken.new;
        poll.revises = [poll.revises, taken.revises].into_iter().flatten().min();
        poll.step = match (poll.step.take(), taken.step) {
            (Some(first), Some(second)) => Some(joined(first, second)),
            (first, second) => second.or(first),
        };
        Ok(())
    }

    /// Takes the quotes of a sweep into the figures.
    fn take(&mut self, sweep: &Sweep) -> Result<Taken, Error> {
        let session = self.session();
        let swept = sweep::read(sweep, session, &self.codes)?;
        self.tally.add(sweep, &swept);
        let mut taken = Taken { answered: swept.quotes.len() as u64, ..Taken::default() };
        let followed = &mut self.followed;
        let levels = swept.levels.iter();
        let levels: Vec<u32> = levels
            .filter(|(symbol, quote)| followed.take_level(SOURCE, *symbol, quote))
            .map(|(_, quote)| quote.time)
            .collect();
        let mut new = Vec::new();
        for (symbol, quote) in &swept.quotes {
            match self.latest.take(*symbol, quote) {
                Answered::New(quote) => new.push((*symbol, quote)),
                Answered::Same => {}
                Answered::Older => self.tally.older += 1,
            }
        }
        taken.new = new.len() as u64;
        let of_earlier = new.iter().map(|(_, quote)| quote.time).chain(levels);
        let of_earlier = of_earlier.filter(|time| self.shown.is_some_and(|shown| *time <= shown));
        taken.revises = of_earlier.min();
        taken.step = self.show(&new);
        Ok(taken)
    }

    /// Brings the figures to the instant of the last of some quotes; later ones belong to no instant.
    fn show(&mut self, new: &[(Symbol, Quote)]) -> Option<Step> {
        let session = self.session();
        let stands = |quote: &Quote| {
            let second = standing_at(session, quote.time)?;
            (quote.time <= instant::reads_until(session, second)).then_some(second)
        };
        let of_instants: Vec<(Symbol, Quote)> =
            new.iter().filter(|(_, quote)| stands(quote).is_some()).copied().collect();
        let second = of_instants.iter().filter_map(|(_, quote)| stands(quote)).max()?;
        Some(self.followed.take(second.max(self.followed.second()), &of_instants))
    }

    /// Every fact of the instant at hand. The quotes are an input by how many sweeps there were: they
    /// have a digest once the store has them.
    ///
    /// # Errors
    /// If there is no quote yet, or the quotes of the previous session cannot be read.
    pub fn facts(&mut self) -> Result<FactSet, Error> {
        if self.second().is_none() {
            let session = self.session();
            let held = None;
            return Err(StoreError::NoQuotes { session, held }.into());
        }
        let sweeps = self.tally.sweeps;
        let input = |table: Table| InputRef {
            table: table.name().to_owned(),
            source: SOURCE.to_owned(),
            digest: format!("{sweeps} sweeps"),
        };
        let levels = self.followed.has_levels().then(|| input(Table::IndexQuote));
        let quoted = std::iter::once(input(Table::Quote)).chain(levels);
        self.followed.facts(quoted, self.tally.findings())
    }

    /// Moves what was kept so far into the store. Returns how many quotes there are.
    ///
    /// # Errors
    /// If the store cannot be written: what was kept stays, and the next watch moves it.
    pub fn settle(&mut self, at: Timestamp) -> Result<u64, Error> {
        let Some(OpenLog { log, before }) = self.log.take() else { return Ok(0) };
        let path = log.end()?;
        // Who is not known may be from now on.
        self.sources.iter_mut().for_each(|source| source.unknown.clear());
        self.fold(&path, &before, at)
    }

    fn fold(&self, path: &std::path::Path, before: &Latest, at: Timestamp) -> Result<u64, Error> {
        let at = SystemTime::from(at);
        let rows = fold::fold(self.store, self.session(), path, before, &self.codes, at)?;
        log::mark_folded(path)?;
        Ok(rows)
    }

    /// The folder in which the sources' budgets and rests are kept.
    pub fn states_of_sources(&self) -> PathBuf {
        self.store.dir().join("evidence").join("sources")
    }
}

/// What became of a sweep.
#[derive(Debug, Default)]
struct Taken {
    answered: u64,
    new: u64,
    revises: Option<u32>,
    step: Option<Step>,
}

/// Two steps as one.
fn joined(first: Step, second: Step) -> Step {
    let both = |first: &[Symbol], second: &[Symbol], gone: &[Symbol]| {
        let mut all: Vec<Symbol> =
            first.iter().filter(|one| !gone.contains(one)).chain(second).copied().collect();
        all.sort();
        all.dedup();
        all
    };
    Step {
        changed: first.changed + second.changed,
        sealed: both(&first.sealed, &second.sealed, &second.opened),
        opened: both(&first.opened, &second.opened, &second.sealed),
        ..second
    }
}

fn followable(name: &str) -> Result<Followable, Error> {
    let found = FOLLOWED.iter().find(|(source, ..)| *source == name);
    let dataset = |name: &str| Dataset::named(name);
    let found = found.and_then(|(_, shares, indices)| {
        Some(Followable {
            shares: dataset(shares)?,
            indices: indices.and_then(dataset),
            unknown: BTreeSet::new(),
        })
    });
    found.ok_or_else(|| Error::NotFollowed { name: name.to_owned() })
}

/// The sources that can be followed.
pub fn followed_sources() -> impl Iterator<Item = &'static str> {
    FOLLOWED.iter().map(|(name, ..)| *name)
}
