//! A generated session: every security's past, and its snapshots as a feed would deliver them.
//!
//! Every security has a snapshot every three seconds, in an order that changes from instant to
//! instant. Some are late, some come twice, and some are wrong and corrected later.

use anyhow::{Context, Result};
use fupan_market::{
    Band, Board, Calendar, DailyBar, Exchange, Fen, Listing, MarketHistory, NameOn, Price, Quote,
    Rounding, SecurityHistory, SessionDate, Shares, Span, Symbol, Traded, Turnover, TurnoverBasis,
};

use super::days::{self, Noise};

/// The session that is generated.
const SESSION: &str = "2026-02-12";

/// Seconds between two snapshots of a security.
pub const SECONDS: u32 = 3;

/// The most seconds by which a snapshot is late.
pub const LATE: u32 = 30;

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct SessionPlan {
    /// How many securities.
    pub securities: u32,
    /// How many snapshots, of all securities together; late copies and corrections come on top.
    pub updates: usize,
    /// The seed, which selects one of the sessions.
    pub seed: u64,
}

/// A session's past, and what arrives in it.
#[derive(Clone, Debug)]
pub struct Session {
    /// The past.
    pub history: MarketHistory,
    /// Securities by the number that arrivals name.
    pub symbols: Vec<Symbol>,
    /// What arrives, in order.
    pub arrivals: Vec<(u32, Quote)>,
    /// For each instant, the time that its snapshots carry and the index at which its arrivals end.
    pub instants: Vec<(u32, usize)>,
}

impl Session {
    /// Generates a session.
    ///
    /// # Errors
    /// If the plan asks for more securities than there are codes.
    pub fn generate(plan: SessionPlan) -> Result<Session> {
        let session: SessionDate = SESSION.parse().context("a date")?;
        let past = Past::of(plan, session)?;
        let securities: Vec<SecurityHistory> =
            (0..plan.securities).map(|index| past.security(index)).collect::<Result<_>>()?;
        let mut feed = Feed::new(plan, &securities);
        let instants = (plan.updates / plan.securities.max(1) as usize).max(1);
        let mut ends = Vec::with_capacity(instants);
        for (instant, second) in seconds().take(instants).enumerate() {
            feed.instant(instant as u32, second);
            ends.push((second, feed.arrivals.len()));
        }
        let symbols = securities.iter().map(|security| security.listing.symbol).collect();
        let mut history = MarketHistory::of(session, past.from(), securities);
        history.securities.sort_by_key(|security| security.listing.symbol);
        Ok(Session { history, symbols, arrivals: feed.arrivals, instants: ends })
    }
}

/// The times of snapshots: of the morning, then of the afternoon.
fn seconds() -> impl Iterator<Item = u32> {
    let half = |from: u32| (1..=2 * 3600 / SECONDS).map(move |step| from + step * SECONDS);
    half(9 * 3600 + 1800).chain(half(13 * 3600))
}

/// The sessions before, and what all securities share.
struct Past {
    plan: days::DaysPlan,
    session: SessionDate,
    dates: Vec<i32>,
    climate: Vec<i64>,
    sessions: Vec<SessionDate>,
}

impl Past {
    fn of(plan: SessionPlan, session: SessionDate) -> Result<Past> {
        let years = 2;
        let dates = days::sessions(years);
        let calendar = Calendar::builtin();
        let number = calendar.number(session)?;
        let first = number - dates.len() as u32;
        let sessions = (first..number).filter_map(|number| calendar.session(number)).collect();
        Ok(Past {
            plan: days::DaysPlan { securities: plan.securities, seed: plan.seed },
            session,
            climate: days::climate(plan.seed, dates.len()),
            dates,
            sessions,
        })
    }

    fn from(&self) -> SessionDate {
        self.sessions.first().copied().unwrap_or(self.session)
    }

    /// A security with its bars. The last bar is the session's and holds the reference price.
    fn security(&self, index: u32) -> Result<SecurityHistory> {
        let mut noise = Noise::new(self.plan.seed, 1 << 40 | u64::from(index));
        let columns = days::security(self.plan, index, &self.dates, &self.climate);
        let board = columns.board.first().copied().unwrap_or_default();
        let symbol = symbol(board, index)?;
        let fen = |fen: i32| Price::from_fen(fen.into());
        let mut bars = Vec::new();
        for row in 0..columns.date.len() {
            let Ok(place) = self.dates.binary_search(&columns.date[row]) else { continue };
            let volume = columns.volume[row].cast_unsigned();
            let turnover = (columns.amount[row] * 100.0).round() as i64;
            let reported = Turnover { fen: Fen(turnover), basis: TurnoverBasis::Reported };
            let traded = Traded {
                open: fen(columns.open[row])?,
                high: fen(columns.high[row])?,
                low: fen(columns.low[row])?,
                last: fen(columns.close[row])?,
                volume,
                turnover: reported,
            };
            bars.push(DailyBar {
                session: self.sessions[place],
                prev_close: Some(fen(columns.pre_close[row])?),
                traded: (volume > 0).then_some(traded),
            });
        }
        let last = columns.close.last().copied().unwrap_or(1_000);
        let ex_rights = noise.happens(5_000);
        let reference = if ex_rights { (last * 97 / 100).max(1) } else { last };
        // If the source states no reference price, the last close is used.
        let told = ex_rights || noise.happens(990_000);
        let prev_close = if told { Some(fen(reference)?) } else { None };
        bars.push(DailyBar { session: self.session, prev_close, traded: None });
        let float = columns.float_shares.last().copied().unwrap_or(10_000_000).cast_unsigned();
        let shares = Shares { total: float + float / 3, float, on: self.from() };
        Ok(SecurityHistory {
            listing: self.listing(symbol, bars[0].session, &mut noise)?,
            board: symbol.board().context("a stock")?,
            shares: if noise.happens(970_000) { vec![shares] } else { Vec::new() },
            before: None,
            bars,
        })
    }

    /// Most names are dated on the session. Some are old, so that prices must decide the limit, and
    /// some shares have no name.
    fn listing(&self, symbol: Symbol, first: SessionDate, noise: &mut Noise) -> Result<Listing> {
        let name = if noise.happens(30_000) { "ST平安" } else { "平安" };
        let on = |on: SessionDate| vec![NameOn { on, name: name.to_owned() }];
        let names = match noise.between(0, 99) {
            0..94 => on(self.session),
            94..99 => on("2024-03-01".parse()?),
            _ => Vec::new(),
        };
        let long_ago: SessionDate = "2015-01-05".parse()?;
        let listed_on = if first > self.from() { first } else { long_ago };
        let listed_on = noise.happens(980_000).then_some(listed_on);
        Ok(Listing { listed_on, names, ..Listing::unknown(symbol) })
    }
}

/// A symbol on one of the generator's boards: 0 with limits of 10 %, 1 of 20 %, 2 of 30 %.
fn symbol(board: i8, index: u32) -> Result<Symbol> {
    let (half, odd) = (index / 2, index % 2 == 1);
    let (exchange, code) = match (board, odd) {
        (0, true) if half < 2_000 => (Exchange::Sse, 600_000 + half),
        (0, true) => (Exchange::Sse, 603_000 + half - 2_000),
        (0, false) => (Exchange::Szse, 1 + half),
        (1, true) => (Exchange::Sse, 688_000 + half % 2_000),
        (1, false) => (Exchange::Szse, 300_000 + half),
        (_, odd) => (Exchange::Bse, 920_000 + 2 * (half % 500) + u32::from(odd)),
    };
    Ok(Symbol::new(exchange, code)?)
}

/// One security's trading so far, prices in fen.
struct Ticker {
    up: i64,
    down: i64,
    /// Chances in a million that a snapshot shows trade.
    busy: i64,
    lot: i64,
    drift: i64,
    last: i64,
    /// Open, high and low; `None` before the first trade.
    range: Option<[i64; 3]>,
    volume: i64,
    turnover: i64,
    noise: Noise,
}

impl Ticker {
    fn of(security: &SecurityHistory, seed: u64, index: usize) -> Ticker {
        let mut noise = Noise::new(seed, 1 << 41 | index as u64);
        let told = security.bars.last().and_then(|bar| bar.prev_close);
        let traded = security.bars.iter().rev().find_map(|bar| bar.traded);
        let prev = told.or(traded.map(|traded| traded.last)).and_then(Price::fen).unwrap_or(1_000);
        let band = match security.board {
            Board::Main => Band { percent: 10, rounding: Rounding::HalfUp },
            Board::ChiNext | Board::Star => Band { percent: 20, rounding: Rounding::HalfUp },
            Board::Bse => Band { percent: 30, rounding: Rounding::Inward },
        };
        let (up, down) = days::limits(band, prev);
        // Some are suspended; a few are carried to a limit.
        let busy = if noise.happens(5_000) { 0 } else { noise.between(150_000, 950_000) };
        let drift = match noise.between(0, 99) {
            0..3 => noise.between(40_000, 90_000),
            3..5 => -noise.between(40_000, 90_000),
            _ => noise.between(-6_000, 6_000),
        };
        let lot = 100 * noise.between(1, 60);
        let (last, range, volume, turnover) = (prev, None, 0, 0);
        Ticker { up, down, busy, lot, drift, last, range, volume, turnover, noise }
    }

    /// Advances by three seconds.
    fn pass(&mut self) {
        let Ticker { noise, up, down, .. } = self;
        if !noise.happens(self.busy) {
            return;
        }
        let at_limit = self.last == *up || self.last == *down;
        let mut sway = 0;
        if noise.happens(if at_limit { 8_000 } else { 330_000 }) {
            let tick = 1 + self.last / 2_500;
            let upwards = noise.happens(500_000 + self.drift);
            let step = tick * noise.between(1, 2);
            self.last = (self.last + if upwards { step } else { -step }).clamp(*down, *up);
            sway = i64::from(noise.happens(20_000)) * tick;
        }
        let lots = noise.between(1, 8) * self.lot;
        self.volume += lots;
        self.turnover += lots * self.last;
        let last = self.last;
        let [_, high, low] = self.range.get_or_insert([last; 3]);
        *high = (*high).max((last + sway).min(*up));
        *low = (*low).min((last - sway).max(*down));
    }

    fn traded(&self) -> Option<Traded> {
        let fen = |fen: i64| Price::from_raw(i32::try_from(fen * Price::UNITS_PER_FEN).ok()?);
        let [open, high, low] = self.range?;
        Some(Traded {
            open: fen(open)?,
            high: fen(high)?,
            low: fen(low)?,
            last: fen(self.last)?,
            volume: self.volume.cast_unsigned(),
            turnover: Turnover { fen: Fen(self.turnover), basis: TurnoverBasis::Reported },
        })
    }

    /// What a feed that misread the last trade delivers: a price above the day's high.
    fn misread(&self) -> Option<Traded> {
        let traded = self.traded()?;
        let high = Price::from_raw(traded.high.raw() + traded.high.raw() / 50)?;
        Some(Traded { high, last: high, ..traded })
    }
}

/// Collects what the securities' tickers deliver.
struct Feed {
    tickers: Vec<Ticker>,
    arrivals: Vec<(u32, Quote)>,
    /// Late snapshots, by the instant in which they arrive.
    late: Vec<Vec<(u32, Quote)>>,
    noise: Noise,
}

impl Feed {
    fn new(plan: SessionPlan, securities: &[SecurityHistory]) -> Feed {
        let of = |(index, security)| Ticker::of(security, plan.seed, index);
        Feed {
            tickers: securities.iter().enumerate().map(of).collect(),
            arrivals: Vec::with_capacity(plan.updates + plan.updates / 64),
            late: vec![Vec::new(); 1 + (LATE / SECONDS) as usize],
            noise: Noise::new(plan.seed, 1 << 42),
        }
    }

    fn instant(&mut self, instant: u32, time: u32) {
        let count = self.tickers.len();
        let slots = self.late.len();
        let mut arrived = std::mem::take(&mut self.late[instant as usize % slots]);
        self.arrivals.append(&mut arrived);
        let start = self.noise.between(0, count as i64 - 1) as usize;
        let stride = stride(count, self.noise.between(count as i64 / 3, count as i64) as usize);
        for step in 0..count {
            let place = (start + step * stride) % count;
            let ticker = &mut self.tickers[place];
            ticker.pass();
            let quote = Quote {
                time,
                span: Span::SoFar,
                sequence: 0,
                revision: 0,
                traded: ticker.traded(),
            };
            let place = place as u32;
            match ticker.noise.between(0, 999) {
                0..8 => self.later(instant, place, quote),
                8..12 => {
                    self.arrivals.push((place, quote));
                    self.later(instant, place, quote);
                }
                12..14 => {
                    let wrong = Quote { traded: ticker.misread(), ..quote };
                    self.arrivals.push((place, wrong));
                    self.later(instant, place, Quote { revision: 1, ..quote });
                }
                _ => self.arrivals.push((place, quote)),
            }
        }
    }

    fn later(&mut self, instant: u32, place: u32, quote: Quote) {
        let slots = self.late.len() as i64;
        // Never its own instant's slot, which is being emptied.
        let delay = self.noise.between(1, slots - 1);
        let slot = (i64::from(instant) + delay) % slots;
        self.late[slot as usize].push((place, quote));
    }
}

/// A step that visits all `count` places, about as long as `wanted`.
fn stride(count: usize, wanted: usize) -> usize {
    let common = |mut a: usize, mut b: usize| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (wanted.max(1)..).find(|stride| common(*stride, count) == 1).unwrap_or(1)
}
