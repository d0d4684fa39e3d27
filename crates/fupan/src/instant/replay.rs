//! Plays a stored session instant by instant.

use fupan_fact::FactSet;
use fupan_market::{Quote, SessionDate, Symbol, standing_at};
use fupan_store::QuoteReader;

use crate::instant::followed::{Followed, Step};
use crate::instant::indices::IndexLevels;
use crate::{Error, Market, instant};

/// A stored session, played from its first quote to its last.
///
/// Quotes are taken in instant by instant. After each one the figures equal those of
/// [`review_at`](crate::review_at). They are kept live: only what changed is removed and added.
pub struct Replay {
    followed: Followed,
    quotes: QuoteReader,
    /// The quotes of the instant at hand.
    at_hand: Vec<(Symbol, Quote)>,
}

impl Replay {
    /// Opens a session before its first quote.
    ///
    /// # Errors
    /// As for [`review_at`](crate::review_at).
    pub fn open(market: &Market, session: Option<SessionDate>) -> Result<Replay, Error> {
        let session = instant::asked(market, session)?;
        let quotes = instant::quotes(market, session, u32::MAX)?;
        let levels = IndexLevels::of(market, session)?;
        let followed = Followed::open(market, session, levels)?;
        Ok(Replay { followed, quotes, at_hand: Vec::new() })
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.followed.session()
    }

    /// Seconds of the session that have quotes, an upper bound on its instants.
    pub fn seconds(&self) -> usize {
        self.quotes.instants().count()
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
        self.at_hand.clear();
        // Quotes stamped a few seconds late belong to the instant.
        while self.next_second()? == Some(second) {
            self.at_hand.extend_from_slice(self.quotes.next_second()?);
        }
        Ok(Some(self.followed.take(second, &self.at_hand)))
    }

    /// Every fact of the instant last processed, from the live totals.
    ///
    /// # Errors
    /// If the quotes of the previous session cannot be read.
    pub fn facts(&mut self) -> Result<FactSet, Error> {
        self.followed.facts(instant::of_quotes(&self.quotes), self.quotes.findings())
    }

    /// A security's name in the session, if a list has one.
    pub fn name(&self, symbol: Symbol) -> Option<&str> {
        self.followed.name(symbol)
    }
}
