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
    /// It lies among quotes that are forgotten, and was left out; see [`SessionFold::keeping`].
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
#[derive(Clone, Debug)]
pub struct SessionFold {
    /// The latest time of a quote.
    latest: u32,
    /// When to forget again; never, at [`u32::MAX`].
    forgets_at: u32,
    /// The session after the first `taken` quotes that are kept.
    now: State,
    /// The lowest of the watched prices.
    watched_from: Price,
    /// Whether one of the watched prices is sealed now.
    any_sealed: bool,
    taken: usize,
    /// By place, each place once.
    quotes: Vec<Quote>,
    /// One for each price that is watched; as of now.
    seals: Vec<SealWalk>,
    /// Where quotes are forgotten: how it was when the oldest of those kept came.
    past: Option<Box<Past>>,
}

/// The session after some of its quotes.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    traded: Option<Traded>,
    /// The end of what is known.
    covered: u32,
}

/// What a quote showed that was not known before it.
struct Shown {
    last: Price,
    /// The lowest price since the quote before; `None` where the quote does not tell.
    low: Option<Price>,
    open: Price,
    /// Whether no trade was known before.
    first: bool,
}

/// The search for seals at one limit-up price.
#[derive(Clone, Copy, Debug)]
struct SealWalk {
    up: Price,
    sealed: bool,
    seals: Option<Seals>,
}

/// What is left of quotes that are forgotten.
///
/// Quotes are forgotten a generation at a time: those kept are an older generation and a younger
/// one, and when the younger spans the seconds asked for, the older one goes.
#[derive(Clone, Debug, Default)]
struct Past {
    seconds: u32,
    /// The last place forgotten.
    until: Option<Place>,
    /// After the quotes forgotten.
    before: Checkpoint,
    /// How many quotes the older generation has.
    older: usize,
    /// After the older generation.
    between: Checkpoint,
}

#[derive(Clone, Debug, Default)]
struct Checkpoint {
    state: State,
    seals: Vec<SealWalk>,
}

/// What orders quotes; a version of a quote has the same place.
type Place = (u32, bool, Reverse<u32>, u64);

impl Quote {
    #[inline]
    fn place(&self) -> Place {
        let (so_far, seconds) = match self.span {
            Span::Seconds(seconds) => (false, seconds),
            Span::SoFar => (true, 0),
        };
        (self.time, so_far, Reverse(seconds), self.sequence)
    }

    /// What decides between versions; the highest stands.
    fn rank(&self) -> impl Ord + use<> {
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

impl Default for SessionFold {
    fn default() -> SessionFold {
        SessionFold {
            latest: 0,
            forgets_at: u32::MAX,
            now: State::default(),
            watched_from: Price::MAX,
            any_sealed: false,
            taken: 0,
            quotes: Vec::new(),
            seals: Vec::new(),
            past: None,
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
        quotes.sort_by_key(|quote| (quote.place(), Reverse(quote.rank())));
        quotes.dedup_by_key(|quote| quote.place());
        quotes.truncate(SessionFold::QUOTES_MAX);
        let latest = quotes.last().map_or(0, |quote| quote.time);
        SessionFold { quotes, latest, ..SessionFold::default() }
    }

    /// A session without quotes yet that watches for seals at some prices, so that
    /// [`SessionFold::seals`] of them asks no quote again.
    pub fn watching(prices: impl IntoIterator<Item = Price>) -> SessionFold {
        let mut fold = SessionFold::default();
        for up in prices {
            if fold.seals.iter().all(|walk| walk.up != up) {
                fold.watch(SealWalk::new(up));
            }
        }
        fold
    }

    /// The same, forgetting quotes so many seconds older than the latest, some later than others:
    /// a session costs no more memory than that time's quotes. What arrives among those forgotten
    /// is [`Arrival::TooLate`]; without such quotes the session is the same as one that keeps all.
    ///
    /// # Panics
    /// Where quotes have arrived already.
    pub fn keeping(mut self, seconds: u32) -> SessionFold {
        assert!(self.quotes.is_empty(), "quotes have arrived already");
        let start = Checkpoint { state: State::default(), seals: self.seals.clone() };
        let past = Past { seconds, before: start.clone(), between: start, ..Past::default() };
        self.past = Some(Box::new(past));
        self.forgets_at = 0;
        self
    }

    /// Takes in a quote.
    #[inline]
    pub fn arrive(&mut self, quote: Quote) -> Arrival {
        let in_order = quote.time > self.latest && self.taken == self.quotes.len();
        if !in_order || quote.time >= self.forgets_at || self.quotes.len() >= Self::QUOTES_MAX {
            return self.arrive_anyhow(quote);
        }
        self.latest = quote.time;
        self.quotes.push(quote);
        self.take(&quote);
        Arrival::Added
    }

    /// [`SessionFold::arrive`] of a quote that may come late.
    #[inline(never)]
    fn arrive_anyhow(&mut self, quote: Quote) -> Arrival {
        let place = quote.place();
        if self.past.as_ref().is_some_and(|past| past.until >= Some(place)) {
            return Arrival::TooLate;
        }
        let at = match self.quotes.last() {
            Some(last) if last.place() >= place => {
                self.quotes.partition_point(|known| known.place() < place)
            }
            _ => self.quotes.len(),
        };
        let known = self.quotes.get(at).filter(|known| known.place() == place);
        let arrival = match known {
            Some(known) if known.rank() >= quote.rank() => return Arrival::Known,
            Some(_) => {
                self.quotes[at] = quote;
                Arrival::Corrected
            }
            None if self.quotes.len() >= SessionFold::QUOTES_MAX => return Arrival::Full,
            None => {
                self.quotes.insert(at, quote);
                Arrival::Added
            }
        };
        self.latest = self.latest.max(quote.time);
        // What was taken in before a late quote is taken in again.
        if at < self.taken {
            self.go_back(at, arrival);
        }
        if self.past.is_some() {
            self.take_all();
            if self.latest >= self.forgets_at {
                self.forget();
            }
        }
        arrival
    }

    /// Goes back to before a quote that has just been put in, with what came after still to be
    /// taken in.
    fn go_back(&mut self, at: usize, arrival: Arrival) {
        let Some(past) = &mut self.past else {
            (self.now, self.any_sealed) = (State::default(), false);
            self.seals.iter_mut().for_each(|walk| *walk = SealWalk::new(walk.up));
            self.taken = 0;
            return;
        };
        if at < past.older {
            past.older += usize::from(arrival == Arrival::Added);
            let Checkpoint { state, seals } = &mut past.between;
            (*state, *seals) = (past.before.state, past.before.seals.clone());
            for quote in &self.quotes[..past.older] {
                if let Some(shown) = state.take(quote) {
                    seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
                }
            }
        }
        self.now = past.between.state;
        self.seals.clone_from(&past.between.seals);
        self.any_sealed = self.seals.iter().any(|walk| walk.sealed);
        self.taken = past.older;
    }

    /// Forgets the older generation of quotes, and begins a new one.
    fn forget(&mut self) {
        let Some(past) = &mut self.past else { return };
        if let Some(last) = past.older.checked_sub(1) {
            past.until = Some(self.quotes[last].place());
        }
        self.quotes.drain(..past.older);
        std::mem::swap(&mut past.before, &mut past.between);
        past.between.state = self.now;
        past.between.seals.clone_from(&self.seals);
        past.older = self.quotes.len();
        self.taken = self.quotes.len();
        self.forgets_at = self.latest.saturating_add(past.seconds.max(1));
    }

    /// Takes in the next of the quotes.
    #[inline]
    fn take(&mut self, quote: &Quote) {
        self.taken += 1;
        let Some(shown) = self.now.take(quote) else { return };
        let opens_near = shown.first && shown.open >= self.watched_from;
        let near = opens_near || shown.last >= self.watched_from;
        if self.any_sealed || near {
            self.seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
            self.any_sealed = self.seals.iter().any(|walk| walk.sealed);
        }
    }

    fn take_all(&mut self) {
        while let Some(quote) = self.quotes.get(self.taken).copied() {
            self.take(&quote);
        }
    }

    fn watch(&mut self, walk: SealWalk) {
        self.watched_from = self.watched_from.min(walk.up);
        self.any_sealed |= walk.sealed;
        self.seals.push(walk);
    }

    /// The quotes that stand and are kept, by time.
    pub fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// Trading so far; `None` where there was none.
    #[inline]
    pub fn traded(&mut self) -> Option<Traded> {
        if self.taken < self.quotes.len() {
            self.take_all();
        }
        self.now.traded
    }

    /// Trading so far, where [`SessionFold::traded`] was asked after the last quote arrived.
    #[inline]
    pub fn so_far(&self) -> Option<Traded> {
        debug_assert_eq!(self.taken, self.quotes.len(), "quotes that are not taken in");
        self.now.traded
    }

    /// [`SessionFold::seals`] of a price that is watched, where [`SessionFold::traded`] was asked
    /// after the last quote arrived.
    pub fn watched(&self, up: Price) -> Option<Seals> {
        debug_assert_eq!(self.taken, self.quotes.len(), "quotes that are not taken in");
        self.seals.iter().find(|walk| walk.up == up).and_then(|walk| walk.seals)
    }

    /// Trading up to a second of the day, that second included, as far as the quotes that are
    /// kept tell.
    pub fn traded_until(&self, second: u32) -> Option<Traded> {
        let mut state = match &self.past {
            Some(past) if past.until.is_none_or(|(time, ..)| time <= second) => past.before.state,
            _ => State::default(),
        };
        let until = self.quotes.partition_point(|quote| quote.time <= second);
        for quote in &self.quotes[..until] {
            state.take(quote);
        }
        state.traded
    }

    /// Turnover of the morning: up to 11:30, with the seconds by which feeds stamp it late.
    pub fn half_day_turnover(&self) -> Option<Turnover> {
        self.traded_until(crate::phase::MORNING_ENDS + crate::phase::LATE_SECONDS)
            .map(|traded| traded.turnover)
    }

    /// What the quotes tell of a limit-up price; `None` where the security was not seen sealed at
    /// it. An open at the limit is a seal: it is the price of the opening auction.
    ///
    /// Where quotes are forgotten, of a price that was not watched nothing is told.
    pub fn seals(&mut self, up: Price) -> Option<Seals> {
        self.take_all();
        if let Some(walk) = self.seals.iter().find(|walk| walk.up == up) {
            return walk.seals;
        }
        if self.past.is_some() {
            return None;
        }
        let (mut walk, mut state) = (SealWalk::new(up), State::default());
        for quote in &self.quotes {
            if let Some(shown) = state.take(quote) {
                walk.take(&shown, quote.time);
            }
        }
        self.watch(walk);
        walk.seals
    }
}

impl State {
    /// Takes in the next quote; tells what it showed, if it showed trading.
    #[inline]
    fn take(&mut self, quote: &Quote) -> Option<Shown> {
        let known = self.traded;
        let so_far = quote.span == Span::SoFar;
        if so_far && known.is_some() && quote.traded.is_none() {
            return None;
        }
        let whole = so_far || known.is_none() || quote.begins() >= self.covered;
        // What is not counted leaves room for the shorter bars behind it.
        if whole {
            self.covered = self.covered.max(quote.time);
        }
        let new = quote.traded?;
        let low = match (quote.span, known) {
            (Span::SoFar, Some(known)) => Some(new.low).filter(|low| *low < known.low),
            (Span::Seconds(_), Some(_)) if !whole => None,
            _ => Some(new.low),
        };
        self.traded = Some(match (quote.span, known) {
            (Span::SoFar, _) | (_, None) => new,
            (Span::Seconds(_), Some(known)) => joined(&known, &new, whole),
        });
        Some(Shown { last: new.last, low, open: new.open, first: known.is_none() })
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
    fn new(up: Price) -> SealWalk {
        SealWalk { up, sealed: false, seals: None }
    }

    fn take(&mut self, shown: &Shown, time: u32) {
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
