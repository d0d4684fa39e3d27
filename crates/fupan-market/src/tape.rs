//! The tape: quotes of many securities as they arrive, and every session so far.

use std::hint::black_box;

use crate::quote::{Place, SealWalk, State, put_in_order};
use crate::{Arrival, Price, Quote, Seals, SessionFold, Traded};

/// Many securities' sessions so far, out of quotes that arrive in any order.
///
/// Each is the session that [`SessionFold`] makes of the same quotes, at every moment. A quote that
/// comes after all others of its security is taken in at once; for one that comes late, twice or
/// corrected, the security's quotes are put in order again.
///
/// A tape may forget quotes that arrived long ago. They are kept in two generations: at a
/// [turn](Tape::turn) the older goes, and what it left is remembered. A quote that belongs among
/// those forgotten is [`Arrival::TooLate`]; where none is, forgetting changes nothing.
///
/// Each session has something of the caller's beside it, so that one look into memory finds both.
#[derive(Clone, Debug)]
pub struct Tape<T> {
    securities: Vec<Taped<T>>,
    pasts: Vec<Past>,
    older: Log,
    younger: Log,
    /// Quotes that are being put in order.
    at_hand: Vec<Quote>,
}

/// What the next quote of a security meets.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Taped<T> {
    now: State,
    /// The last place of a quote; `None` before the first.
    latest: Option<Place>,
    /// The lowest of the watched prices.
    watched_from: Price,
    /// Whether one of the watched prices is sealed now.
    any_sealed: bool,
    /// Its last quote of the younger generation.
    last: Option<u32>,
    beside: T,
}

/// What only a late quote, a seal or a turn asks for.
#[derive(Clone, Debug, Default)]
struct Past {
    /// Its last quote of the older generation.
    last_older: Option<u32>,
    /// The last place forgotten, and how it was after it.
    forgotten: (Option<Place>, Checkpoint),
    /// The last place of the older generation, and how it was after it.
    between: (Option<Place>, Checkpoint),
    /// One for each price that is watched; as of now.
    seals: Vec<SealWalk>,
    /// Whether a seal was ever seen; until then all are as at the start.
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

/// How a quote of the log stands to its security's others.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// The one that arrived before it.
    before: Option<u32>,
    /// Whether it came after all that had arrived, by place.
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
    /// Adds a security, and which prices to watch for seals; returns its place.
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

    /// Forgets the quotes that had arrived by the turn before this one.
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

    /// Takes in a quote of the security at a place.
    ///
    /// # Panics
    /// Where no security has the place.
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

    /// What the next quote of the security at a place meets is read from memory, so that it is
    /// there when the quote arrives; so is what `touch` reads of what lies beside.
    ///
    /// # Panics
    /// Where no security has the place.
    #[inline]
    pub fn fetch<R>(&self, place: usize, touch: impl FnOnce(&T) -> R) {
        let taped = &self.securities[place];
        black_box((taped.last, touch(&taped.beside)));
    }

    /// [`Tape::arrive`] of a quote that does not come after all others of its security.
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
        // Some came late and are part of what is remembered of those forgotten.
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

    /// Trading so far of the security at a place; `None` where there was none.
    #[inline]
    pub fn traded(&self, place: usize) -> Option<Traded> {
        self.securities[place].now.traded
    }

    /// The same, with what lies beside.
    #[inline]
    pub fn session_mut(&mut self, place: usize) -> (&Option<Traded>, &mut T) {
        let taped = &mut self.securities[place];
        (&taped.now.traded, &mut taped.beside)
    }

    /// What lies beside the session of the security at a place.
    #[inline]
    pub fn beside(&self, place: usize) -> &T {
        &self.securities[place].beside
    }

    /// What lies beside all, by place.
    pub fn all(&self) -> impl ExactSizeIterator<Item = &T> {
        self.securities.iter().map(|taped| &taped.beside)
    }

    /// What the quotes of the security at a place tell of a limit-up price; see
    /// [`SessionFold::seals`]. Of a price that is not watched nothing is told.
    pub fn seals(&self, place: usize, up: Price) -> Option<Seals> {
        self.pasts[place].seals.iter().find(|walk| walk.up == up).and_then(|walk| walk.seals)
    }
}

/// Takes in quotes that are in order.
fn take_all(state: &mut State, seals: &mut [SealWalk], quotes: &[Quote]) {
    for quote in quotes {
        if let Some(shown) = state.take(quote) {
            seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
        }
    }
}

/// Gathers a security's quotes, latest arrival first. Where the session before a place does, only
/// those from some quote before the place on, with the session after that quote: all that arrived
/// before a quote that came in order stand before it, and a snapshot with trade that no other
/// version replaced is all there is to know of trading.
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

    /// A security's quotes from one of them on, latest arrival first, and whether they came in
    /// order.
    fn back_from(&self, last: Option<u32>) -> impl Iterator<Item = (Quote, bool)> + '_ {
        let at = |place: u32| &self.0[place as usize];
        std::iter::successors(last.map(at), move |(_, link)| link.before.map(at))
            .map(|(quote, link)| (*quote, link.in_order))
    }
}
