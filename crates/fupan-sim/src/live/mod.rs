//! A session of the simulated market as it is seen while it runs: snapshots of the day so far.
//!
//! A day's bar says where its prices went, and the intent behind it in which order. From both, and
//! the seed, comes one path for each security: it opens in the opening auction at 09:25, changes at
//! instants three seconds apart ([`instants`]), and with the closing auction at 15:00 is the bar,
//! exactly. Nothing is kept for an instant: a snapshot is computed when it is asked for.
//!
//! Prices are whole fen and inside the range reached so far; volume and turnover never fall, and the
//! average price they make stays in that range. A security that ends at its limit price is seen
//! there from some instant on, and may leave it and come back before. Suspended ones have no trade;
//! some securities have none before the first minutes, and those that trade little change seldom.
//!
//! [`LiveDay::answer`] tells the same as vendors do.
//!
//! Indices have such paths too, from their own bars: between the open and the close they do not
//! follow the paths of their members.
//!
//! ```
//! use fupan_sim::{MarketPlan, SimulatedMarket};
//!
//! let plan = MarketPlan { securities: 100, sessions: 30, ..MarketPlan::default() };
//! let day = SimulatedMarket::generate(&plan).live(plan.last_session);
//! let symbol = day.symbols().next().unwrap();
//! let half_past_ten = 10 * 3_600 + 30 * 60;
//! let quote = day.snapshot(symbol, half_past_ten).unwrap();
//! assert!(quote.time <= half_past_ten && quote.traded.is_some());
//! let answer = day.answer("https://qt.gtimg.cn/q=sh000001,sz000001", half_past_ten);
//! assert!(answer.unwrap().starts_with(b"v_sh000001=\""));
//! ```

mod answers;
mod clock;
mod course;
mod path;
mod shape;
mod written;

use encoding_rs::GBK;
use fupan_market::{
    Board, Calendar, Fen, IndexHistory, Price, Quote, SessionDate, Span, Symbol, Traded, Turnover,
    TurnoverBasis,
};
use rayon::prelude::*;

pub use clock::instants;

use crate::life::Life;
use crate::market::SimulatedMarket;
use crate::names::MARK;
use crate::noise::{Noise, Stream};
use crate::walk::SimBar;
use clock::{CLEARED, OPENING_AUCTION};
use course::{Course, Session, SoFar};
use shape::Range;

/// A session of a simulated market, to be seen at any second of it.
#[derive(Clone, Debug)]
pub struct LiveDay {
    session: SessionDate,
    before: SessionDate,
    /// By symbol.
    shares: Vec<Share>,
    /// By symbol.
    indices: Vec<Index>,
    /// The name of every index.
    name_of_indices: Name,
    /// The places of the shares by code, as EastMoney lists them.
    by_code: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Share {
    symbol: Symbol,
    name: Name,
    prev_close: Option<Price>,
    listed_on: Option<SessionDate>,
    /// `None` if it does not trade in the session.
    course: Option<Course>,
}

/// A name, and its bytes in GBK: to encode it takes longer than the rest of an answer.
#[derive(Clone, Debug)]
struct Name {
    text: String,
    gbk: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Index {
    symbol: Symbol,
    /// In 0.0001 points, as all its levels.
    prev_close: i64,
    course: Course,
}

impl SimulatedMarket {
    /// A session as it is seen while it runs. Empty if the market does not have the session.
    pub fn live(&self, session: SessionDate) -> LiveDay {
        let number = self.dates.binary_search(&session).ok();
        let share = |life: &Life| {
            let number = number?;
            let place = life.bars.binary_search_by_key(&number, |bar| usize::from(bar.session));
            Some(self.live_share(life, &life.bars[place.ok()?]))
        };
        let shares: Vec<Share> = self.lives.par_iter().filter_map(share).collect();
        let index = |history: &IndexHistory| {
            let place = history.bars.binary_search_by_key(&session, |bar| bar.session).ok()?;
            let bar = &history.bars[place];
            let before = place.checked_sub(1).map_or(bar.open, |before| history.bars[before].close);
            let range = Range {
                open: bar.open.units(),
                high: bar.high.units(),
                low: bar.low.units(),
                close: bar.close.units(),
            };
            let fen = bar.turnover.map_or(0, |fen| fen.0);
            // The shares of an index cost ten yuan on average.
            let volume = (fen / 1_000 / 100 * 100).max(100).unsigned_abs();
            let noise = Noise::new(self.plan.seed, stream(history.symbol, session));
            let course = Course::of_index(range, volume, fen, noise);
            Some(Index { symbol: history.symbol, prev_close: before.units(), course })
        };
        let indices = self.indices.iter().filter_map(index).collect();
        let mut by_code: Vec<u32> = (0..shares.len() as u32).collect();
        by_code.sort_by_key(|place| shares[*place as usize].symbol.code());
        let name_of_indices = Name::of(format!("{MARK}指数"));
        let before = session_before(session);
        LiveDay { session, before, shares, indices, name_of_indices, by_code }
    }

    fn live_share(&self, life: &Life, bar: &SimBar) -> Share {
        let session = self.date(bar);
        let listing = &life.listing;
        let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(i64::from);
        let (lot, least) = match life.board {
            Board::Main | Board::ChiNext => (100, 100),
            Board::Star => (1, 200),
            Board::Bse => (1, 100),
        };
        let day = Session {
            intent: bar.intent,
            range: Range { open, high, low, close },
            volume: bar.volume,
            turnover_fen: bar.turnover_fen,
            lot,
            least,
        };
        let noise = || Noise::new(self.plan.seed, stream(listing.symbol, session));
        Share {
            symbol: listing.symbol,
            name: Name::of(listing.name_on(session).unwrap_or_default().to_owned()),
            prev_close: Price::from_fen(i64::from(bar.prev_close)).ok(),
            listed_on: listing.listed_on,
            course: (bar.volume > 0).then(|| Course::of(day, noise())),
        }
    }
}

impl LiveDay {
    /// The session.
    pub fn session(&self) -> SessionDate {
        self.session
    }

    /// Its shares, in order.
    pub fn symbols(&self) -> impl ExactSizeIterator<Item = Symbol> + '_ {
        self.shares.iter().map(|share| share.symbol)
    }

    /// Its indices, in order.
    pub fn index_symbols(&self) -> impl ExactSizeIterator<Item = Symbol> + '_ {
        self.indices.iter().map(|index| index.symbol)
    }

    /// A share's reference price of the session.
    pub fn prev_close(&self, symbol: Symbol) -> Option<Price> {
        self.share(symbol)?.prev_close
    }

    /// A share's last snapshot at a second after midnight: the day so far, as of the last instant at
    /// which it changed.
    ///
    /// Before its first trade a snapshot has none: as of 09:00, and from the opening auction on as
    /// of 09:25, but for a suspended share, which stays as it was at 09:00. `None` before 09:00, and
    /// for a share that the session does not have.
    pub fn snapshot(&self, symbol: Symbol, second: u32) -> Option<Quote> {
        self.share(symbol)?.snapshot(second)
    }

    /// The last snapshots of all shares at a second, in order of [`LiveDay::symbols`]; empty before
    /// 09:00.
    pub fn snapshots(&self, second: u32) -> impl Iterator<Item = (Symbol, Quote)> + '_ {
        let shares = self.shares.iter();
        shares.filter_map(move |share| Some((share.symbol, share.snapshot(second)?)))
    }

    fn share(&self, symbol: Symbol) -> Option<&Share> {
        let place = self.shares.binary_search_by_key(&symbol, |share| share.symbol);
        place.ok().map(|place| &self.shares[place])
    }

    fn index(&self, symbol: Symbol) -> Option<&Index> {
        let place = self.indices.binary_search_by_key(&symbol, |index| index.symbol);
        place.ok().map(|place| &self.indices[place])
    }
}

impl Name {
    fn of(text: String) -> Name {
        let gbk = GBK.encode(&text).0.into_owned();
        Name { text, gbk }
    }
}

impl Share {
    fn snapshot(&self, second: u32) -> Option<Quote> {
        let (time, so_far) = seen(self.course.as_ref(), second, Course::so_far)?;
        let traded = so_far.and_then(|so_far| {
            let price = |fen: i64| Price::from_fen(fen).ok();
            Some(Traded {
                open: price(so_far.open)?,
                high: price(so_far.high)?,
                low: price(so_far.low)?,
                last: price(so_far.last)?,
                volume: so_far.volume,
                turnover: Turnover {
                    fen: Fen(so_far.turnover_fen),
                    basis: TurnoverBasis::Reported,
                },
            })
        });
        Some(Quote { time, span: Span::SoFar, sequence: 0, revision: 0, traded })
    }
}

/// When a course last changed by a second, and its trading then; `None` before the session's day
/// begins for vendors.
fn seen(
    course: Option<&Course>,
    second: u32,
    so_far: fn(&Course, u32) -> Option<SoFar>,
) -> Option<(u32, Option<SoFar>)> {
    let place = clock::place(second);
    let Some((course, place)) = course.zip(place) else {
        return (second >= CLEARED).then_some((CLEARED, None));
    };
    let changed = course.changed(place);
    let told = so_far(course, changed);
    let time = if told.is_some() { clock::second(changed) } else { OPENING_AUCTION };
    Some((time, told))
}

/// The random stream of a security's session.
fn stream(symbol: Symbol, session: SessionDate) -> Stream {
    let exchange = symbol.exchange() as u32;
    Stream::Live { day: session.epoch_days(), security: exchange * 1_000_000 + symbol.code() }
}

/// The session before one, or the date itself if none is known.
fn session_before(session: SessionDate) -> SessionDate {
    let calendar = Calendar::builtin();
    let number = calendar.number(session).ok().and_then(|number| number.checked_sub(1));
    number.and_then(|number| calendar.session(number)).unwrap_or(session)
}
