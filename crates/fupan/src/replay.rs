//! A stored session, instant by instant.

use fupan_fact::{FactSet, InputRef};
use fupan_market::{Quote, SecurityDay, SessionDate, Symbol, Touch, standing_at};
use fupan_measure::{Live, Mark, Opening, Segment, Sum};

use crate::instant::{self, Before};
use crate::market::Loaded;
use crate::review::note_simulated;
use crate::{Error, Market};

/// A stored session on its way from its first quote to its last.
///
/// Quotes are taken instant by instant; after each the figures are those of
/// [`review_at`](crate::review_at), kept live: only what changed is taken out and put in.
pub struct Replay {
    loaded: Loaded,
    opening: Opening,
    before: Option<Before>,
    inputs: Vec<InputRef>,
    findings: Vec<fupan_market::Finding>,
    /// By instant, then as they stand in the store.
    quotes: Vec<(u32, Symbol, Quote)>,
    next: usize,
    live: Live,
    second: u32,
}

/// The market at one instant, and what changed since the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Seconds after midnight, Shanghai time.
    pub second: u32,
    /// Securities with quotes so far.
    pub securities: u64,
    /// Securities whose day changed.
    pub changed: u64,
    /// Above the previous close.
    pub advances: u64,
    /// Below it.
    pub declines: u64,
    /// At it.
    pub unchanged: u64,
    /// Sealed at the limit-up price.
    pub limit_ups: u64,
    /// Were at the limit-up price and are below it.
    pub broken: u64,
    /// Sealed at the limit-down price.
    pub limit_downs: u64,
    /// Turnover so far, in fen.
    pub turnover_fen: i128,
    /// Sealed at limit-up now and not at the instant before.
    pub sealed: Vec<Symbol>,
    /// Sealed at limit-up at the instant before and not now.
    pub opened: Vec<Symbol>,
}

impl Replay {
    /// A session before its first quote.
    ///
    /// # Errors
    /// As for [`review_at`](crate::review_at).
    pub fn open(market: &Market, session: Option<SessionDate>) -> Result<Replay, Error> {
        let session = instant::asked(market, session)?;
        let found = instant::quotes(market, session, u32::MAX)?;
        let loaded = instant::history(market, session)?;
        let opening = instant::opening(&loaded)?;
        let before = Before::of(market, session)?;
        let mut quotes: Vec<(u32, Symbol, Quote)> = found
            .securities
            .iter()
            .flat_map(|(symbol, quotes)| quotes.iter().map(move |quote| (*symbol, *quote)))
            .filter_map(|(symbol, quote)| {
                let second = standing_at(session, quote.time)?;
                // Later ones belong to no instant of the session.
                let belongs = quote.time <= instant::reads_until(session, second);
                belongs.then_some((second, symbol, quote))
            })
            .collect();
        quotes.sort_by_key(|(second, symbol, _)| (*second, *symbol));
        let live = Live::new(&opening);
        Ok(Replay {
            inputs: instant::inputs(&loaded.inputs, &found, before.as_ref()),
            findings: instant::findings(&opening, &loaded, &found),
            loaded,
            opening,
            before,
            quotes,
            next: 0,
            live,
            second: 0,
        })
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.opening.session()
    }

    /// Instants at which something is quoted.
    pub fn instants(&self) -> usize {
        self.quotes.chunk_by(|a, b| a.0 == b.0).count()
    }

    /// The next instant's second; `None` after the last.
    pub fn next_second(&self) -> Option<u32> {
        self.quotes.get(self.next).map(|(second, ..)| *second)
    }

    /// Takes in the next instant; `None` after the last.
    pub fn step(&mut self) -> Option<Step> {
        let second = self.next_second()?;
        let (mut sealed, mut opened) = (Vec::new(), Vec::new());
        let mut changed = 0;
        // A store's quotes come in order, so that none is asked for again.
        self.live.turn();
        while self.next_second() == Some(second) {
            let symbol = self.quotes[self.next].1;
            // One without a past is in no figure.
            let place = self.live.place(symbol);
            let before = place.and_then(|place| self.live.day(place));
            while let Some((at, of, quote)) = self.quotes.get(self.next)
                && (*at, *of) == (second, symbol)
            {
                if let Some(place) = place {
                    self.live.arrive(place, quote);
                }
                self.next += 1;
            }
            let day = place.and_then(|place| self.live.day(place));
            let [was, is] = [&before, &day].map(|day| day.as_ref().is_some_and(is_sealed));
            changed += u64::from(before != day);
            if is && !was {
                sealed.push(symbol);
            } else if was && !is {
                opened.push(symbol);
            }
        }
        self.second = second;
        Some(self.told(changed, sealed, opened))
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

    /// Every fact of the instant last taken in, off the live totals.
    pub fn facts(&self) -> FactSet {
        let days = self.live.days();
        let known = days.iter().map(|day| day.symbol).collect();
        let (totals, history) = (Some(self.live.totals()), &self.loaded.history);
        let before = self.before.as_ref().map(|before| before.turnover(&known, self.second));
        let mut facts =
            self.opening.facts(history, days, totals, before, self.second, &self.inputs);
        facts.findings.extend(self.findings.iter().cloned());
        facts.findings.sort();
        note_simulated(&mut facts, &self.inputs);
        facts
    }

    /// What a security is called in the session, where a list says.
    pub fn name(&self, symbol: Symbol) -> Option<&str> {
        let securities = &self.loaded.history.securities;
        let place = securities.binary_search_by_key(&symbol, |s| s.listing.symbol).ok()?;
        securities[place].listing.name_on(self.session())
    }
}

fn is_sealed(day: &SecurityDay) -> bool {
    day.limit_up_touch() == Some(Touch::Sealed)
}
