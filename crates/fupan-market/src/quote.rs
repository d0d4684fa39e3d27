//! Quotes: what a security's trading looked like at an instant inside a session.

use std::cmp::Reverse;

use crate::{Fen, Price, Traded, Turnover, TurnoverBasis};

/// What part of a session a quote speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// The seconds that end with the quote's time: a bar. A tick is a bar of zero seconds.
    Seconds(u32),
    /// All of the session so far: a snapshot.
    SoFar,
}

/// One quote of one security. Bars of any length, ticks and snapshots are quotes alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Seconds after midnight, Shanghai time. For a bar the end of its interval.
    pub time: u32,
    /// What it speaks of.
    pub span: Span,
    /// Its place among quotes of one time and span, as the source numbers them; 0 where it does
    /// not.
    pub sequence: u64,
    /// 0 for what was first published, higher for corrections.
    pub revision: u32,
    /// Trading in the span; `None` where there was none.
    pub traded: Option<Traded>,
}

/// What became of a quote that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It was not known yet.
    Added,
    /// It took the place of an earlier version.
    Corrected,
    /// It, or a version that comes before it in rank, was known.
    Known,
    /// The session holds [`SessionFold::QUOTES_MAX`] quotes and takes no more.
    Full,
    /// It lies among quotes that are forgotten, and was left out; see [`Tape`](crate::Tape).
    TooLate,
}

/// What quotes tell of a security's limit-up price, and a daily bar does not.
///
/// A security is sealed when its last price is the limit-up price. Times are those of quotes: the
/// end of the bar, or the moment of the snapshot or tick, that showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seals {
    /// When it was first seen sealed, in seconds after midnight.
    pub first: u32,
    /// When it was last seen to come to be sealed: since then it stayed so, or was left.
    pub last: u32,
    /// How often a sealed price was left, as far as the quotes show it.
    pub opened: u32,
}

/// One security's session so far, out of its quotes.
///
/// Quotes may arrive late, twice, corrected and in any order: the session depends on the set of
/// them alone. They are kept by time; at one time longer bars stand before shorter ones, bars
/// before snapshots, and then the source's own numbers count. Of several versions of one quote the
/// one with the highest revision stands, of those the one with most volume, then with the highest
/// turnover, last, high, low and open price.
///
/// - A bar or tick adds its volume and turnover, and its prices. One that begins before the end of
///   what is known already adds its prices only: how much of its volume is new cannot be told.
/// - A snapshot replaces what is known. One without trade, after trade, is passed over: trades are
///   not undone.
#[derive(Clone, Debug, Default)]
pub struct SessionFold {
    /// By place, each place once.
    quotes: Vec<Quote>,
    state: State,
    /// How many of the quotes the state and the seals have taken in.
    taken: usize,
    seals: Vec<SealWalk>,
}

/// The session after some of its quotes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    pub(crate) traded: Option<Traded>,
    /// The end of what is known.
    covered: u32,
}

/// What a quote showed that was not known before it.
pub(crate) struct Shown {
    pub(crate) last: Price,
    /// The lowest price since the quote before; `None` where the quote does not tell.
    low: Option<Price>,
    pub(crate) open: Price,
    /// Whether no trade was known before.
    pub(crate) first: bool,
}

/// The search for seals at one limit-up price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealWalk {
    pub(crate) up: Price,
    pub(crate) sealed: bool,
    pub(crate) seals: Option<Seals>,
}

/// What [`Quote::place`] puts in order.
pub(crate) type Place = (u32, bool, Reverse<u32>, u64);

impl Quote {
    /// What puts quotes in order: its time; longer bars before shorter ones, bars before
    /// snapshots; then the source's own number. Versions of one quote have the same place.
    #[inline]
    pub fn place(&self) -> Place {
        let (so_far, seconds) = match self.span {
            Span::Seconds(seconds) => (false, seconds),
            Span::SoFar => (true, 0),
        };
        (self.time, so_far, Reverse(seconds), self.sequence)
    }

    /// What decides between versions of one quote; the highest stands.
    pub fn rank(&self) -> impl Ord + use<> {
        let traded = self.traded.map(|t| {
            let prices = [t.last, t.high, t.low, t.open];
            (t.volume, t.turnover.fen.0, t.turnover.basis, prices)
        });
        (self.revision, traded)
    }

    /// Where a bar or tick begins.
    fn begins(&self) -> u32 {
        match self.span {
            Span::Seconds(seconds) => self.time.saturating_sub(seconds),
            Span::SoFar => 0,
        }
    }
}

impl SessionFold {
    /// Quotes that one security's session holds at most. A busy session has some 5,000 snapshots
    /// or 200,000 ticks.
    pub const QUOTES_MAX: usize = 1 << 20;

    /// The session of some quotes; those beyond [`SessionFold::QUOTES_MAX`] are left out, latest
    /// first.
    pub fn of(mut quotes: Vec<Quote>) -> SessionFold {
        put_in_order(&mut quotes);
        quotes.truncate(SessionFold::QUOTES_MAX);
        SessionFold { quotes, ..SessionFold::default() }
    }

    /// The quotes that stand, by time.
    pub fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// Trading so far; `None` where there was none.
    pub fn traded(&mut self) -> Option<Traded> {
        for quote in &self.quotes[self.taken..] {
            if let Some(shown) = self.state.take(quote) {
                self.seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
            }
        }
        self.taken = self.quotes.len();
        self.state.traded
    }

    /// What the quotes tell of a limit-up price; `None` where the security was not seen sealed at
    /// it. An open at the limit is a seal: it is the price of the opening auction.
    pub fn seals(&mut self, up: Price) -> Option<Seals> {
        self.traded();
        if let Some(walk) = self.seals.iter().find(|walk| walk.up == up) {
            return walk.seals;
        }
        let (mut walk, mut state) = (SealWalk::new(up), State::default());
        for quote in &self.quotes {
            if let Some(shown) = state.take(quote) {
                walk.take(&shown, quote.time);
            }
        }
        self.seals.push(walk);
        walk.seals
    }
}

/// One security's session so far, out of quotes that come once each and by place: what
/// [`SessionFold`] tells of the same quotes, without keeping them.
#[derive(Clone, Debug, Default)]
pub struct QuoteWalk {
    state: State,
    seals: Vec<SealWalk>,
    quotes: usize,
}

impl QuoteWalk {
    /// Before the first quote; seals will be asked for at `watched` limit-up prices.
    pub fn watching(watched: impl IntoIterator<Item = Price>) -> QuoteWalk {
        let seals = watched.into_iter().map(SealWalk::new).collect();
        QuoteWalk { seals, ..QuoteWalk::default() }
    }

    /// Takes in the next quote. Those beyond [`SessionFold::QUOTES_MAX`] are left out.
    #[inline]
    pub fn take(&mut self, quote: &Quote) {
        if self.quotes == SessionFold::QUOTES_MAX {
            return;
        }
        self.quotes += 1;
        if let Some(shown) = self.state.take(quote) {
            self.seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
        }
    }

    /// Trading so far; `None` where there was none.
    pub fn traded(&self) -> Option<Traded> {
        self.state.traded
    }

    /// What the quotes tell of a watched price; `None` where the security was not seen sealed at
    /// it.
    pub fn seals(&self, up: Price) -> Option<Seals> {
        self.seals.iter().find(|walk| walk.up == up)?.seals
    }
}

/// Puts quotes by place, of each place the version that stands.
pub(crate) fn put_in_order(quotes: &mut Vec<Quote>) {
    quotes.sort_by_key(|quote| (quote.place(), Reverse(quote.rank())));
    quotes.dedup_by_key(|quote| quote.place());
}

impl State {
    /// The session after a snapshot with trade, whatever came before it.
    pub(crate) fn after_snapshot(quote: &Quote) -> Option<State> {
        let told = quote.span == Span::SoFar && quote.traded.is_some();
        told.then_some(State { traded: quote.traded, covered: quote.time })
    }

    /// Takes in the next quote; tells what it showed, if it showed trading.
    #[inline]
    pub(crate) fn take(&mut self, quote: &Quote) -> Option<Shown> {
        let known_low = self.traded.as_ref().map(|known| known.low);
        let first = known_low.is_none();
        let so_far = quote.span == Span::SoFar;
        if so_far && !first && quote.traded.is_none() {
            return None;
        }
        let whole = so_far || first || quote.begins() >= self.covered;
        // What is not counted leaves room for the shorter bars behind it.
        if whole {
            self.covered = self.covered.max(quote.time);
        }
        let new = quote.traded.as_ref()?;
        let low = match known_low {
            Some(known) if so_far => Some(new.low).filter(|low| *low < known),
            Some(_) if !whole => None,
            _ => Some(new.low),
        };
        match &mut self.traded {
            Some(known) if !so_far => *known = joined(known, new, whole),
            known => *known = quote.traded,
        }
        Some(Shown { last: new.last, low, open: new.open, first })
    }
}

/// Trading, and the trading of a bar after it, of which the volume counts or not.
fn joined(known: &Traded, bar: &Traded, whole: bool) -> Traded {
    let (volume, turnover) = if whole {
        let estimated = [known, bar].iter().any(|t| t.turnover.basis == TurnoverBasis::Estimated);
        let turnover = Turnover {
            fen: Fen(known.turnover.fen.0.saturating_add(bar.turnover.fen.0)),
            basis: if estimated { TurnoverBasis::Estimated } else { TurnoverBasis::Reported },
        };
        (known.volume.saturating_add(bar.volume), turnover)
    } else {
        (known.volume, known.turnover)
    };
    Traded {
        open: known.open,
        high: known.high.max(bar.high),
        low: known.low.min(bar.low),
        last: bar.last,
        volume,
        turnover,
    }
}

impl SealWalk {
    pub(crate) fn new(up: Price) -> SealWalk {
        SealWalk { up, sealed: false, seals: None }
    }

    pub(crate) fn take(&mut self, shown: &Shown, time: u32) {
        let at = |price: Price| price == self.up;
        let was_sealed = if shown.first { at(shown.open) } else { self.sealed };
        let is_sealed = at(shown.last);
        self.sealed = is_sealed;
        if !was_sealed && !is_sealed {
            return;
        }
        let seals = self.seals.get_or_insert(Seals { first: time, last: time, opened: 0 });
        let left = was_sealed && (!is_sealed || shown.low.is_some_and(|low| low < self.up));
        seals.opened += u32::from(left);
        if is_sealed && (left || shown.first || !was_sealed) {
            seals.last = time;
        }
    }
}

#[cfg(test)]
mod tests;
