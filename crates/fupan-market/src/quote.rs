//! Quotes: a security's trading at an instant inside a session.

use std::cmp::Reverse;

use crate::{Fen, Price, Traded, Turnover, TurnoverBasis};

/// The part of a session that a quote covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// The seconds up to the quote's time: a bar. A tick is a bar of zero seconds.
    Seconds(u32),
    /// The whole session so far: a snapshot.
    SoFar,
}

/// One quote of one security. Bars of any length, ticks and snapshots are quotes alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Seconds after midnight, Shanghai time. For a bar, the end of its interval.
    pub time: u32,
    /// The part of the session that it covers.
    pub span: Span,
    /// Its place among quotes of one time and span, as the source numbers them; 0 if the source
    /// does not.
    pub sequence: u64,
    /// 0 for the first publication, higher for corrections.
    pub revision: u32,
    /// Trading in the span; `None` if there was none.
    pub traded: Option<Traded>,
}

/// What happened to a quote that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It was new.
    Added,
    /// It replaced an earlier version.
    Corrected,
    /// It, or a version of higher rank, was already known.
    Known,
    /// The session holds [`SessionFold::QUOTES_MAX`] quotes and accepts no more.
    Full,
    /// It belongs among forgotten quotes and was left out; see [`Tape`](crate::Tape).
    TooLate,
}

/// What quotes, but not daily bars, show of a security's limit-up price.
///
/// A security is sealed when its last price is the limit-up price. Times are those of quotes: the
/// end of the bar, or the moment of the snapshot or tick, that showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seals {
    /// When it was first seen sealed, in seconds after midnight.
    pub first: u32,
    /// When it was last seen to become sealed: since then it stayed so, or was left.
    pub last: u32,
    /// How often a sealed price was left, as far as the quotes show.
    pub opened: u32,
}

/// One security's session so far, built from its quotes.
///
/// Quotes may arrive late, twice, corrected and in any order: the session depends only on the set
/// of them. They are kept by time. At one time longer bars come before shorter ones and bars before
/// snapshots; then the source's own numbers decide. Of several versions of one quote, the one with
/// the highest revision is used; of those, the one with the most volume, then with the highest
/// turnover, last, high, low and open price.
///
/// - A bar or tick adds its volume, turnover and prices. One that begins before the end of what is
///   already known adds only its prices: how much of its volume is new is not known.
/// - A snapshot replaces what is known. One without trade, after trade, is skipped: trades are not
///   undone.
#[derive(Clone, Debug, Default)]
pub struct SessionFold {
    /// Sorted by place, one per place.
    quotes: Vec<Quote>,
    state: State,
    /// How many of the quotes are in the state and the seals.
    taken: usize,
    seals: Vec<SealWalk>,
}

/// The session after some of its quotes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct State {
    pub(crate) traded: Option<Traded>,
    /// The time up to which trading is known.
    covered: u32,
}

/// What a quote showed that was not known before it.
pub(crate) struct Shown {
    pub(crate) last: Price,
    /// The lowest price since the previous quote; `None` if the quote does not show it.
    low: Option<Price>,
    pub(crate) open: Price,
    /// Whether no trade was known before.
    pub(crate) first: bool,
}

/// Finds the seals at one limit-up price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealWalk {
    pub(crate) up: Price,
    pub(crate) sealed: bool,
    pub(crate) seals: Option<Seals>,
}

/// The sort key that [`Quote::place`] returns.
pub(crate) type Place = (u32, bool, Reverse<u32>, u64);

impl Quote {
    /// The sort key of quotes: time; longer bars before shorter ones, bars before snapshots; then
    /// the source's own number. Versions of one quote have the same place.
    #[inline]
    pub fn place(&self) -> Place {
        let (so_far, seconds) = match self.span {
            Span::Seconds(seconds) => (false, seconds),
            Span::SoFar => (true, 0),
        };
        (self.time, so_far, Reverse(seconds), self.sequence)
    }

    /// The rank among versions of one quote; the highest is used.
    pub fn rank(&self) -> impl Ord + use<> {
        let traded = self.traded.map(|t| {
            let prices = [t.last, t.high, t.low, t.open];
            (t.volume, t.turnover.fen.0, t.turnover.basis, prices)
        });
        (self.revision, traded)
    }

    /// The second at which the quote's span begins; 0 for a snapshot.
    fn begins(&self) -> u32 {
        match self.span {
            Span::Seconds(seconds) => self.time.saturating_sub(seconds),
            Span::SoFar => 0,
        }
    }
}

impl SessionFold {
    /// The most quotes that one security's session holds. A busy session has some 5,000 snapshots
    /// or 200,000 ticks.
    pub const QUOTES_MAX: usize = 1 << 20;

    /// The session of some quotes; those beyond [`SessionFold::QUOTES_MAX`] are dropped, latest
    /// first.
    pub fn of(mut quotes: Vec<Quote>) -> SessionFold {
        put_in_order(&mut quotes);
        quotes.truncate(SessionFold::QUOTES_MAX);
        SessionFold { quotes, ..SessionFold::default() }
    }

    /// The quotes in use, by time.
    pub fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// Trading so far; `None` if there was none.
    pub fn traded(&mut self) -> Option<Traded> {
        for quote in &self.quotes[self.taken..] {
            if let Some(shown) = self.state.take(quote) {
                self.seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
            }
        }
        self.taken = self.quotes.len();
        self.state.traded
    }

    /// The seals at a limit-up price; `None` if the security was not seen sealed at it. An open at
    /// the limit is a seal: it is the price of the opening auction.
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

/// One security's session so far, from quotes that come once each and sorted by place. Returns what
/// [`SessionFold`] returns for the same quotes, without keeping them.
#[derive(Clone, Debug, Default)]
pub struct QuoteWalk {
    state: State,
    seals: Vec<SealWalk>,
    quotes: usize,
}

impl QuoteWalk {
    /// A walk before the first quote, which finds seals at the `watched` limit-up prices.
    pub fn watching(watched: impl IntoIterator<Item = Price>) -> QuoteWalk {
        let seals = watched.into_iter().map(SealWalk::new).collect();
        QuoteWalk { seals, ..QuoteWalk::default() }
    }

    /// Adds the next quote. Those beyond [`SessionFold::QUOTES_MAX`] are dropped.
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

    /// Trading so far; `None` if there was none.
    pub fn traded(&self) -> Option<Traded> {
        self.state.traded
    }

    /// The seals at a watched price; `None` if the security was not seen sealed at it, or the price
    /// is not watched.
    pub fn seals(&self, up: Price) -> Option<Seals> {
        self.seals.iter().find(|walk| walk.up == up)?.seals
    }
}

/// Sorts quotes by place and keeps the version of highest rank at each place.
pub(crate) fn put_in_order(quotes: &mut Vec<Quote>) {
    quotes.sort_by_key(|quote| (quote.place(), Reverse(quote.rank())));
    quotes.dedup_by_key(|quote| quote.place());
}

impl State {
    /// The session after a snapshot with trade, whatever came before it; `None` for any other
    /// quote.
    pub(crate) fn after_snapshot(quote: &Quote) -> Option<State> {
        let told = quote.span == Span::SoFar && quote.traded.is_some();
        told.then_some(State { traded: quote.traded, covered: quote.time })
    }

    /// Adds the next quote; returns what it showed, if it showed trading.
    #[inline]
    pub(crate) fn take(&mut self, quote: &Quote) -> Option<Shown> {
        let known_low = self.traded.as_ref().map(|known| known.low);
        let first = known_low.is_none();
        let so_far = quote.span == Span::SoFar;
        if so_far && !first && quote.traded.is_none() {
            return None;
        }
        let whole = so_far || first || quote.begins() >= self.covered;
        // A bar whose volume is not counted leaves `covered` as it is, so later shorter bars may
        // count.
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

/// Joins known trading with that of a bar after it; `whole` says whether the bar's volume counts.
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
