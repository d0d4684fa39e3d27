//! Plays a stored session instant by instant.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{FactSet, InputRef};
use fupan_market::{SecurityDay, SessionDate, Symbol, Touch, standing_at};
use fupan_measure::{Live, Mark, PreOpen, Segment, Sum};
use fupan_store::QuoteReader;

use crate::data::Loaded;
use crate::instant::Before;
use crate::instant::morning::Morning;
use crate::review::note_simulated;
use crate::{Error, Market, instant};

/// A stored session, played from its first quote to its last.
///
/// Quotes are taken in instant by instant. After each one the figures equal those of
/// [`review_at`](crate::review_at). They are kept live: only what changed is removed and added.
pub struct Replay {
    loaded: Loaded,
    opening: PreOpen,
    before: Option<Before>,
    inputs: Vec<InputRef>,
    quotes: QuoteReader,
    live: Live,
    second: u32,
    morning: Morning,
    /// Securities with quotes so far but no past.
    unknown: BTreeSet<Symbol>,
}

/// The market at one instant, and what changed since the previous one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Seconds after midnight, Shanghai time.
    pub second: u32,
    /// Securities with quotes so far.
    pub securities: u64,
    /// Securities whose day changed.
    pub changed: u64,
    /// Securities above the previous close.
    pub advances: u64,
    /// Securities below it.
    pub declines: u64,
    /// Securities at it.
    pub unchanged: u64,
    /// Securities sealed at the limit-up price.
    pub limit_ups: u64,
    /// Securities that reached the limit-up price and are now below it.
    pub broken: u64,
    /// Securities sealed at the limit-down price.
    pub limit_downs: u64,
    /// Turnover so far, in fen.
    pub turnover_fen: i128,
    /// Sealed at limit-up now and not at the instant before.
    pub sealed: Vec<Symbol>,
    /// Sealed at limit-up at the instant before and not now.
    pub opened: Vec<Symbol>,
}

impl Replay {
    /// Opens a session before its first quote.
    ///
    /// # Errors
    /// As for [`review_at`](crate::review_at).
    pub fn open(market: &Market, session: Option<SessionDate>) -> Result<Replay, Error> {
        let session = instant::asked(market, session)?;
        let quotes = instant::quotes(market, session, u32::MAX)?;
        let loaded = instant::history(market, session)?;
        let opening = instant::opening(&loaded, market.rulebook())?;
        let before = Before::of(market, session)?;
        let live = Live::new(&opening);
        let inputs = instant::inputs(&loaded.inputs, &quotes, before.as_ref());
        Ok(Replay {
            loaded,
            opening,
            before,
            inputs,
            quotes,
            live,
            second: 0,
            morning: Morning::default(),
            unknown: BTreeSet::new(),
        })
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.opening.session()
    }

    /// Seconds of the session that have quotes, an upper bound on its instants.
    pub fn seconds(&self) -> usize {
        self.quotes.seconds()
    }

    /// The next instant's second; `None` after the last.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn next_second(&mut self) -> Result<Option<u32>, Error> {
        let session = self.session();
        while let Some(time) = self.quotes.peek()? {
            let standing = standing_at(session, time);
            // Later quotes belong to no instant of the session.
            if let Some(second) = standing
                && time <= instant::reads_until(session, second)
            {
                return Ok(Some(second));
            }
            self.quotes.next_second()?;
        }
        Ok(None)
    }

    /// Processes the next instant; `None` after the last.
    ///
    /// # Errors
    /// As for [`Replay::next_second`].
    pub fn step(&mut self) -> Result<Option<Step>, Error> {
        let Some(second) = self.next_second()? else { return Ok(None) };
        self.morning.end((self.session(), second), || self.live.days());
        // A store's quotes come in order, so older ones are not needed again.
        self.live.rotate();
        // Quotes stamped a few seconds late belong to the instant.
        let mut before: BTreeMap<Symbol, Option<SecurityDay>> = BTreeMap::new();
        while self.next_second()? == Some(second) {
            for (symbol, quote) in self.quotes.next_second()? {
                // A security without a past is in no figure.
                let Some(place) = self.live.place(*symbol) else {
                    self.unknown.insert(*symbol);
                    continue;
                };
                before.entry(*symbol).or_insert_with(|| self.live.day(place));
                self.live.arrive(place, quote);
            }
        }
        let (mut sealed, mut opened) = (Vec::new(), Vec::new());
        let mut changed = 0;
        for (symbol, before) in before {
            let day = self.live.place(symbol).and_then(|place| self.live.day(place));
            let [was, is] = [&before, &day].map(|day| day.as_ref().is_some_and(is_sealed));
            changed += u64::from(before != day);
            // The code in this session, if the security has had several.
            let symbol = day.as_ref().or(before.as_ref()).map_or(symbol, |day| day.symbol);
            if is && !was {
                sealed.push(symbol);
            } else if was && !is {
                opened.push(symbol);
            }
        }
        self.second = second;
        Ok(Some(self.told(changed, sealed, opened)))
    }

    fn told(&self, changed: u64, sealed: Vec<Symbol>, opened: Vec<Symbol>) -> Step {
        let parts = || Segment::all().map(|segment| self.live.totals().part(segment));
        let count = |mark: Mark| parts().map(|part| part.count(mark)).sum();
        Step {
            second: self.second,
            securities: count(Mark::Listed),
            changed,
            advances: count(Mark::Up),
            declines: count(Mark::Down),
            unchanged: count(Mark::Flat),
            limit_ups: count(Mark::SealedUp),
            broken: count(Mark::BrokenUp),
            limit_downs: count(Mark::SealedDown),
            turnover_fen: parts().map(|part| part.sum(Sum::Turnover)).sum(),
            sealed,
            opened,
        }
    }

    /// Every fact of the instant last processed, from the live totals.
    ///
    /// # Errors
    /// If the quotes of the previous session cannot be read.
    pub fn facts(&mut self) -> Result<FactSet, Error> {
        let mut days = self.live.days();
        self.morning.mark(&mut days);
        let known = days.iter().map(|day| day.symbol).collect();
        let second = self.second;
        let before =
            self.before.as_mut().map(|before| before.turnover(&known, second)).transpose()?;
        let (totals, history) = (Some(self.live.totals()), &self.loaded.history);
        let mut facts = self.opening.facts(history, days, totals, before, second, &self.inputs);
        facts.findings.extend(instant::findings(&self.loaded, &self.quotes, &self.unknown));
        facts.findings.sort();
        note_simulated(&mut facts, &self.inputs);
        Ok(facts)
    }

    /// A security's name in the session, if a list has one.
    pub fn name(&self, symbol: Symbol) -> Option<&str> {
        let session = self.session();
        let mut securities = self.loaded.history.securities.iter();
        let security = securities.find(|s| s.listing.symbol_on(session) == symbol)?;
        security.listing.name_on(session)
    }
}

fn is_sealed(day: &SecurityDay) -> bool {
    day.limit_up_touch() == Some(Touch::Sealed)
}
