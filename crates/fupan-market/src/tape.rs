//! The tape: quotes of many securities as they arrive, and every session so far.

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
#[derive(Clone, Debug, Default)]
pub struct Tape {
    securities: Vec<Taped>,
    pasts: Vec<Past>,
    generation: u32,
    older: Log,
    younger: Log,
}

/// What the next quote of a security meets.
#[derive(Clone, Debug)]
struct Taped {
    now: State,
    /// The last place of a quote; `None` before the first.
    latest: Option<Place>,
    /// The lowest of the watched prices.
    watched_from: Price,
    /// Whether one of the watched prices is sealed now.
    any_sealed: bool,
    /// The generation in which its last quote arrived.
    generation: u32,
    /// Its last quote of that generation.
    last: Option<u32>,
}

/// What only a late quote, a seal or a turn asks for.
#[derive(Clone, Debug, Default)]
struct Past {
    /// Its last quote of the generation before its own.
    last_older: Option<u32>,
    /// The last place forgotten, and how it was after it.
    forgotten: (Option<Place>, Checkpoint),
    /// The last place of the older generation, and how it was after it.
    between: (Option<Place>, Checkpoint),
    /// One for each price that is watched; as of now.
    seals: Vec<SealWalk>,
}

#[derive(Clone, Debug, Default)]
struct Checkpoint {
    state: State,
    seals: Vec<SealWalk>,
}

/// Quotes in the order of arrival, each with the place of its security's one before.
#[derive(Clone, Debug, Default)]
struct Log {
    quotes: Vec<Quote>,
    before: Vec<Option<u32>>,
}

impl Tape {
    /// Adds a security, and which prices to watch for seals; returns its place.
    pub fn add(&mut self, watched: impl IntoIterator<Item = Price>) -> usize {
        let mut seals: Vec<SealWalk> = watched.into_iter().map(SealWalk::new).collect();
        seals.sort_by_key(|walk| walk.up);
        seals.dedup_by_key(|walk| walk.up);
        let start = Checkpoint { state: State::default(), seals: seals.clone() };
        self.securities.push(Taped {
            now: State::default(),
            latest: None,
            watched_from: seals.first().map_or(Price::MAX, |walk| walk.up),
            any_sealed: false,
            generation: self.generation,
            last: None,
        });
        let (forgotten, between) = ((None, start.clone()), (None, start));
        self.pasts.push(Past { seals, forgotten, between, ..Past::default() });
        self.securities.len() - 1
    }

    /// Forgets the quotes that had arrived by the turn before this one.
    pub fn turn(&mut self) {
        self.generation += 1;
        std::mem::swap(&mut self.older, &mut self.younger);
        self.younger.quotes.clear();
        self.younger.before.clear();
    }

    /// Takes in a quote of the security at a place.
    ///
    /// # Panics
    /// Where no security has the place.
    #[inline]
    pub fn arrive(&mut self, place: usize, quote: &Quote) -> Arrival {
        let taped = &mut self.securities[place];
        let latest = Some(quote.place());
        if taped.latest >= latest || taped.generation != self.generation {
            return self.arrive_anyhow(place, quote);
        }
        taped.latest = latest;
        taped.last = self.younger.push(quote, taped.last);
        if let Some(shown) = taped.now.take(quote) {
            let opens_near = shown.first && shown.open >= taped.watched_from;
            if taped.any_sealed || opens_near || shown.last >= taped.watched_from {
                let seals = &mut self.pasts[place].seals;
                seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
                taped.any_sealed = seals.iter().any(|walk| walk.sealed);
            }
        }
        Arrival::Added
    }

    /// [`Tape::arrive`] of a quote that may be late, or the first of its generation.
    #[inline(never)]
    fn arrive_anyhow(&mut self, place: usize, quote: &Quote) -> Arrival {
        if self.securities[place].generation != self.generation {
            self.keep_up(place);
            return self.arrive(place, quote);
        }
        let (taped, past) = (&mut self.securities[place], &mut self.pasts[place]);
        if past.forgotten.0 >= Some(quote.place()) {
            return Arrival::TooLate;
        }
        let mut quotes: Vec<Quote> = self.younger.back_from(taped.last).collect();
        quotes.extend(self.older.back_from(past.last_older));
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
        taped.latest = taped.latest.max(Some(quote.place()));
        taped.last = self.younger.push(quote, taped.last);
        quotes.push(*quote);
        put_in_order(&mut quotes);
        let cut = quotes.partition_point(|quote| Some(quote.place()) <= past.between.0);
        let mut folded = past.forgotten.1.clone();
        folded.take(&quotes[..cut]);
        past.between.1.clone_from(&folded);
        folded.take(&quotes[cut..]);
        taped.any_sealed = folded.seals.iter().any(|walk| walk.sealed);
        (taped.now, past.seals) = (folded.state, folded.seals);
        arrival
    }

    /// Passes the turns since a security's last quote.
    fn keep_up(&mut self, place: usize) {
        let (taped, past) = (&mut self.securities[place], &mut self.pasts[place]);
        let now = Checkpoint { state: taped.now, seals: past.seals.clone() };
        past.forgotten = std::mem::replace(&mut past.between, (taped.latest, now));
        past.last_older = taped.last;
        // After more turns than one its quotes are gone.
        if self.generation - taped.generation > 1 {
            past.forgotten = past.between.clone();
            past.last_older = None;
        }
        (taped.last, taped.generation) = (None, self.generation);
    }

    /// Trading so far of the security at a place; `None` where there was none.
    #[inline]
    pub fn traded(&self, place: usize) -> Option<Traded> {
        self.securities[place].now.traded
    }

    /// Whether a quote of the security at a place has arrived.
    #[inline]
    pub fn is_quoted(&self, place: usize) -> bool {
        self.securities[place].latest.is_some()
    }

    /// What the quotes of the security at a place tell of a limit-up price; see
    /// [`SessionFold::seals`]. Of a price that is not watched nothing is told.
    pub fn seals(&self, place: usize, up: Price) -> Option<Seals> {
        self.pasts[place].seals.iter().find(|walk| walk.up == up).and_then(|walk| walk.seals)
    }
}

impl Checkpoint {
    fn take(&mut self, quotes: &[Quote]) {
        for quote in quotes {
            if let Some(shown) = self.state.take(quote) {
                self.seals.iter_mut().for_each(|walk| walk.take(&shown, quote.time));
            }
        }
    }
}

impl Log {
    #[inline]
    fn push(&mut self, quote: &Quote, before: Option<u32>) -> Option<u32> {
        let place = u32::try_from(self.quotes.len()).ok();
        self.quotes.push(*quote);
        self.before.push(before);
        place
    }

    /// A security's quotes, latest arrival first, from one of them on.
    fn back_from(&self, last: Option<u32>) -> impl Iterator<Item = Quote> + '_ {
        let step = |place: &u32| self.before[*place as usize];
        std::iter::successors(last, step).map(|place| self.quotes[place as usize])
    }
}
