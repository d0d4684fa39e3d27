//! The tape: quotes of many securities as they arrive, and every session so far.

use std::hint::black_box;

use crate::quote::{Place, SealWalk, State, put_in_order};
use crate::{Arrival, Price, Quote, Seals, SessionFold, Traded};

/// Many securities' sessions so far, built from quotes that arrive in any order.
///
/// At every moment, each is the session that [`SessionFold`] builds from the same quotes. A quote
/// that comes after all others of its security is added at once. For one that comes late, twice or
/// corrected, the security's quotes are sorted again.
///
/// A tape may forget quotes that arrived long ago. They are kept in two generations: a
/// [rotation](Tape::rotate) drops the older one and keeps only the state after it. A quote that
/// belongs among the forgotten ones is [`Arrival::TooLate`]; if none does, forgetting changes
/// nothing.
///
/// Each session has a value of the caller's next to it, so that one memory access reads both.
#[derive(Clone, Debug)]
pub struct Tape<T> {
    securities: Vec<Taped<T>>,
    pasts: Vec<Past>,
    older: Log,
    younger: Log,
    /// Quotes that are being sorted.
    at_hand: Vec<Quote>,
}

/// The state that the next quote of a security needs.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Taped<T> {
    now: State,
    /// The highest place of a quote; `None` before the first.
    latest: Option<Place>,
    /// The lowest of the watched prices.
    watched_from: Price,
    /// Whether one of the watched prices is sealed now.
    any_sealed: bool,
    /// Its last quote in the younger generation.
    last: Option<u32>,
    beside: T,
}

/// State that only a late quote, a seal or a rotation needs.
#[derive(Clone, Debug, Default)]
struct Past {
    /// Its last quote in the older generation.
    last_older: Option<u32>,
    /// The last forgotten place, and the state after it.
    forgotten: (Option<Place>, Checkpoint),
    /// The last place of the older generation, and the state after it.
    between: (Option<Place>, Checkpoint),
    /// One for each watched price; as of now.
    seals: Vec<SealWalk>,
    /// Whether a seal was ever seen; until then all walks are as at the start.
    seal_seen: bool,
}

#[derive(Clone, Debug, Default)]
struct Checkpoint {
    state: State,
    seals: Vec<SealWalk>,
}

/// Quotes in the order of arrival.
#[derive(Clone, Debug, Default)]
struct Log(Vec<(Quote, Link)>);

/// How a quote of the log relates to its security's others.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// The security's quote that arrived before it.
    before: Option<u32>,
    /// Whether its place is after all that had arrived.
    in_order: bool,
}

impl<T> Default for Tape<T> {
    fn default() -> Tape<T> {
        let (older, younger, at_hand) = Default::default();
        let (securities, pasts) = (Vec::new(), Vec::new());
        Tape { securities, pasts, older, younger, at_hand }
    }
}

impl<T> Tape<T> {
    /// Adds a security and the prices to watch for seals; returns its place.
    pub fn add(&mut self, watched: impl IntoIterator<Item = Price>, beside: T) -> usize {
        let mut seals: Vec<SealWalk> = watched.into_iter().map(SealWalk::new).collect();
        seals.sort_by_key(|walk| walk.up);
        seals.dedup_by_key(|walk| walk.up);
        let start = Checkpoint { state: State::default(), seals: seals.clone() };
        self.securities.push(Taped {
            now: State::default(),
            latest: None,
            watched_from: seals.first().map_or(Price::MAX, |walk| walk.up),
            any_sealed: false,
            last: None,
            beside,
        });
        let (forgotten, between) = ((None, start.clone()), (None, start));
        self.pasts.push(Past { seals, forgotten, between, ..Past::default() });
        self.securities.len() - 1
    }

    /// Forgets the quotes that had arrived by the rotation before this one.
    pub fn rotate(&mut self) {
        std::mem::swap(&mut self.older, &mut self.younger);
        self.younger.0.clear();
        for (taped, past) in self.securities.iter_mut().zip(&mut self.pasts) {
            std::mem::swap(&mut past.forgotten, &mut past.between);
            past.between.0 = taped.latest;
            past.between.1.state = taped.now;
            if past.seal_seen {
                past.between.1.seals.clone_from(&past.seals);
            }
            past.last_older = taped.last.take();
        }
    }

    /// Adds a quote of the security at a place.
    ///
    /// # Panics
    /// If no security has the place.
    #[inline]
    pub fn arrive(&mut self, place: usize, quote: &Quote) -> Arrival {
        let taped = &mut self.securities[place];
        let latest = Some(quote.place());
        if taped.latest >= latest {
            return self.arrive_late(place, quote);
        }
        taped.latest = latest;
        taped.last = self.younger.push(quote, Link { before: taped.last, in_order: true });
        if let Some(shown) = taped.now.take(quote) {
            let opens_near = shown.first && shown.open >= taped.watched_from;
            if taped.any_sealed || opens_near || shown.last >= taped.watched_from {
                let past = &mut self.pasts[place];
                past.seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
                taped.any_sealed = past.seals.iter().any(|walk| walk.sealed);
                past.seal_seen |= taped.any_sealed || opens_near;
            }
        }
        Arrival::Added
    }

    /// Prefetches what the next quote of the security at a place needs, so that it is in the cache
    /// when the quote arrives. `touch` reads the caller's value, which prefetches that too.
    ///
    /// # Panics
    /// If no security has the place.
    #[inline]
    pub fn fetch<R>(&self, place: usize, touch: impl FnOnce(&T) -> R) {
        let taped = &self.securities[place];
        black_box((taped.last, touch(&taped.beside)));
    }

    /// [`Tape::arrive`] for a quote that does not come after all others of its security.
    #[inline(never)]
    fn arrive_late(&mut self, place: usize, quote: &Quote) -> Arrival {
        let (taped, past) = (&mut self.securities[place], &mut self.pasts[place]);
        if past.forgotten.0 >= Some(quote.place()) {
            return Arrival::TooLate;
        }
        let quotes = &mut self.at_hand;
        quotes.clear();
        let older = self.older.back_from(past.last_older);
        let kept = self.younger.back_from(taped.last).chain(older);
        let unsealed = past.seals.iter().all(|walk| walk.seals.is_none());
        let start = gather(kept, quotes, Some(quote.place()).filter(|_| unsealed));
        // Some came late and are already in the state of the forgotten ones.
        quotes.retain(|quote| Some(quote.place()) > past.forgotten.0);
        let versions = || quotes.iter().filter(|known| known.place() == quote.place());
        if versions().any(|known| known.rank() >= quote.rank()) {
            return Arrival::Known;
        }
        let arrival = match versions().next() {
            Some(_) => Arrival::Corrected,
            None => Arrival::Added,
        };
        if quotes.len() >= SessionFold::QUOTES_MAX {
            return Arrival::Full;
        }
        let in_order = taped.latest < Some(quote.place());
        taped.latest = taped.latest.max(Some(quote.place()));
        taped.last = self.younger.push(quote, Link { before: taped.last, in_order });
        quotes.push(*quote);
        put_in_order(quotes);
        let (state, seals) = (&mut taped.now, &mut past.seals);
        match start {
            Some(start) => *state = start,
            None => {
                *state = past.forgotten.1.state;
                seals.clone_from(&past.forgotten.1.seals);
            }
        }
        let cut = quotes.partition_point(|quote| Some(quote.place()) <= past.between.0);
        take_all(state, seals, &quotes[..cut]);
        if Some(quote.place()) <= past.between.0 {
            past.between.1.state = *state;
            past.between.1.seals.clone_from(seals);
        }
        take_all(state, seals, &quotes[cut..]);
        taped.any_sealed = seals.iter().any(|walk| walk.sealed);
        past.seal_seen |= seals.iter().any(|walk| walk.seals.is_some());
        arrival
    }

    /// Trading so far of the security at a place; `None` if there was none.
    #[inline]
    pub fn traded(&self, place: usize) -> Option<Traded> {
        self.securities[place].now.traded
    }

    /// Trading so far, and the caller's value, of the security at a place.
    #[inline]
    pub fn session_mut(&mut self, place: usize) -> (&Option<Traded>, &mut T) {
        let taped = &mut self.securities[place];
        (&taped.now.traded, &mut taped.beside)
    }

    /// The caller's value of the security at a place.
    #[inline]
    pub fn beside(&self, place: usize) -> &T {
        &self.securities[place].beside
    }

    /// The callers' values of all securities, by place.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &T> {
        self.securities.iter().map(|taped| &taped.beside)
    }

    /// The seals of the security at a place, at a limit-up price; see [`SessionFold::seals`].
    /// `None` for a price that is not watched.
    pub fn seals(&self, place: usize, up: Price) -> Option<Seals> {
        self.pasts[place].seals.iter().find(|walk| walk.up == up).and_then(|walk| walk.seals)
    }
}

/// Adds quotes that are in order.
fn take_all(state: &mut State, seals: &mut [SealWalk], quotes: &[Quote]) {
    for quote in quotes {
        if let Some(shown) = state.take(quote) {
            seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
        }
    }
}

/// Collects a security's quotes, latest arrival first. With `before`, it stops at the first
/// snapshot with trade that is before that place, came in order and was not replaced by another
/// version. Such a snapshot comes after every quote that arrived before it, and contains all of
/// their trading. Then only the quotes after it are kept, and the session after the snapshot is
/// returned.
fn gather(
    kept: impl Iterator<Item = (Quote, bool)>,
    quotes: &mut Vec<Quote>,
    before: Option<Place>,
) -> Option<State> {
    for (quote, in_order) in kept {
        let (place, start) = (quote.place(), State::after_snapshot(&quote));
        let stands = || quotes.iter().all(|other| other.place() != place);
        if in_order && Some(place) < before && start.is_some() && stands() {
            quotes.retain(|other| other.place() > place);
            return start;
        }
        quotes.push(quote);
    }
    None
}

impl Log {
    #[inline]
    fn push(&mut self, quote: &Quote, link: Link) -> Option<u32> {
        let place = u32::try_from(self.0.len()).ok();
        self.0.push((*quote, link));
        place
    }

    /// A security's quotes, from one of them back, latest arrival first, and whether each came in
    /// order.
    fn back_from(&self, last: Option<u32>) -> impl Iterator<Item = (Quote, bool)> + '_ {
        let at = |place: u32| &self.0[place as usize];
        std::iter::successors(last.map(at), move |(_, link)| link.before.map(at))
            .map(|(quote, link)| (*quote, link.in_order))
    }
}
