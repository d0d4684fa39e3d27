//! A session that is followed instant by instant, from its past on.

use std::collections::{BTreeMap, BTreeSet};

use fupan_fact::{FactSet, InputRef};
use fupan_market::{
    Finding, IndexQuote, Listing, MarketHistory, Quote, SecurityDay, SessionDate, Symbol, Touch,
};
use fupan_measure::{Live, Mark, PreOpen, Segment, Sum};

use crate::data::Loaded;
use crate::instant::indices::IndexLevels;
use crate::instant::morning::Morning;
use crate::instant::{Before, gaps};
use crate::review::note_simulated;
use crate::{Error, Market, instant};

/// A session as far as its quotes have come. Figures are kept live: only what changed is removed and
/// added.
pub(crate) struct Followed {
    /// The past, of which names and groups are needed on.
    loaded: Loaded,
    listed: Vec<Symbol>,
    opening: PreOpen,
    before: Option<Before>,
    live: Live,
    second: u32,
    /// Seconds that have quotes.
    instants: BTreeSet<u32>,
    morning: Morning,
    levels: IndexLevels,
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

impl Followed {
    /// A session before its first quote; `levels` are those of its indices.
    ///
    /// # Errors
    /// As for [`review_at`](crate::review_at).
    pub fn open(
        market: &Market,
        session: SessionDate,
        levels: IndexLevels,
    ) -> Result<Followed, Error> {
        let mut loaded = instant::history(market, session)?;
        let opening = instant::opening(&loaded, market.rulebook())?;
        let before = Before::of(market, session)?;
        let live = Live::new(&opening);
        let listed = listed(&loaded.history);
        // The states of securities are in the opening; a year of bars is most of the memory.
        loaded.history.securities.iter_mut().for_each(|security| security.bars = Vec::new());
        loaded.history.indices = Vec::new();
        Ok(Followed {
            loaded,
            listed,
            opening,
            before,
            live,
            second: 0,
            instants: BTreeSet::new(),
            morning: Morning::default(),
            levels,
            unknown: BTreeSet::new(),
        })
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.opening.session()
    }

    /// The instant last taken; 0 before the first.
    pub fn second(&self) -> u32 {
        self.second
    }

    /// The securities that are listed in the session and have bars before it, by their codes in it.
    pub fn listed(&self) -> &[Symbol] {
        &self.listed
    }

    /// Takes a level of an index in, which is in the figures of instants from its time on; returns
    /// whether it says something new.
    pub fn take_level(&mut self, source: &str, symbol: Symbol, quote: &IndexQuote) -> bool {
        self.levels.take(source, symbol, quote)
    }

    /// Whether a level of an index is known.
    pub fn has_levels(&self) -> bool {
        !self.levels.is_empty()
    }

    /// Takes the quotes of an instant, those of a security in their order, by its last code. Quotes
    /// that came before the previous instant are not needed again.
    pub fn take(&mut self, second: u32, quotes: &[(Symbol, Quote)]) -> Step {
        self.morning.end((self.session(), second), || self.live.days());
        self.live.rotate();
        let mut before: BTreeMap<Symbol, Option<SecurityDay>> = BTreeMap::new();
        for (symbol, quote) in quotes {
            self.instants.insert(quote.time);
            // A security without a past is in no figure.
            let Some(place) = self.live.place(*symbol) else {
                self.unknown.insert(*symbol);
                continue;
            };
            before.entry(*symbol).or_insert_with(|| self.live.day(place));
            self.live.arrive(place, quote);
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
        self.told(changed, sealed, opened)
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

    /// Every fact of the instant last taken, from the live totals. `quoted` are the inputs of the
    /// quotes, and `of_quotes` what must be known of them.
    ///
    /// # Errors
    /// If the quotes of the previous session cannot be read.
    pub fn facts(
        &mut self,
        quoted: impl Iterator<Item = InputRef>,
        of_quotes: Vec<Finding>,
    ) -> Result<FactSet, Error> {
        let inputs =
            instant::inputs(&self.loaded.inputs, quoted, self.before.as_ref(), &self.levels);
        let mut days = self.live.days();
        self.morning.mark(&mut days);
        let known = days.iter().map(|day| day.symbol).collect();
        let second = self.second;
        let before =
            self.before.as_mut().map(|before| before.turnover(&known, second)).transpose()?;
        let (totals, history) = (Some(self.live.totals()), &self.loaded.history);
        let at = (second, &self.levels.moment(second));
        let mut facts = self.opening.facts(history, days, totals, before, at, &inputs);
        facts.findings.extend(instant::findings(&self.loaded, of_quotes, &self.unknown));
        facts.findings.extend(gaps::finding(self.session(), self.instants.iter().copied(), second));
        facts.findings.extend(self.levels.findings(second));
        facts.findings.sort();
        note_simulated(&mut facts, &inputs);
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

fn listed(history: &MarketHistory) -> Vec<Symbol> {
    let session = history.session;
    let is_listed = |listing: &Listing| {
        let begun = listing.listed_on.is_none_or(|first| first <= session);
        begun && listing.delisted_on.is_none_or(|last| last > session)
    };
    let securities = history.securities.iter().filter(|security| !security.bars.is_empty());
    let listed = securities.filter(|security| is_listed(&security.listing));
    let mut symbols: Vec<Symbol> =
        listed.map(|security| security.listing.symbol_on(session)).collect();
    symbols.sort();
    symbols
}

fn is_sealed(day: &SecurityDay) -> bool {
    day.limit_up_touch() == Some(Touch::Sealed)
}
