//! A simulated session in quotes, delivered as a vendor delivers them on a bad day.

use std::collections::BTreeMap;

use fupan_market::{
    DailyBar, Fen, MarketHistory, Price, Quote, SessionDate, SessionFold, Span, Symbol, Traded,
    Turnover, TurnoverBasis,
};
use fupan_sim::{MarketPlan, SimulatedMarket};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What a vendor does to a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It arrives after all others.
    Late,
    /// It arrives twice.
    Duplicate,
    /// It arrives wrong, and later right as a revision.
    Corrected,
    /// It does not arrive.
    Missing,
    /// It changes places with another.
    OutOfOrder,
}

/// A session of a simulated market: its past, and its quotes as they were.
pub struct Quoted {
    pub history: MarketHistory,
    pub quotes: Vec<(Symbol, Quote)>,
}

/// What arrives, in order, and the quotes that never do.
pub struct Delivery {
    pub arrivals: Vec<(Symbol, Quote)>,
    pub missing: Vec<(Symbol, Quote)>,
}

pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end.max(1) as u64) as usize
    }

    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for place in (1..values.len()).rev() {
            values.swap(place, self.below(place + 1));
        }
    }
}

pub fn market(seed: u64, securities: u32, sessions: u32) -> SimulatedMarket {
    let plan = MarketPlan { seed, securities, sessions, ..MarketPlan::default() };
    SimulatedMarket::generate(&plan)
}

impl Quoted {
    /// Some session of a market.
    pub fn new(seed: u64, securities: u32, sessions: u32) -> Quoted {
        let market = market(seed, securities, sessions);
        let session = market.sessions()[3 + Dice::new(seed).below(sessions as usize - 3)];
        Quoted::of(market.history(sessions - 1), session, seed)
    }

    /// One session of a history, with what lies before it.
    pub fn of(mut history: MarketHistory, session: SessionDate, seed: u64) -> Quoted {
        history.session = session;
        for security in &mut history.securities {
            security.bars.retain(|bar| bar.session <= session);
        }
        history.securities.retain(|security| !security.bars.is_empty());
        for index in &mut history.indices {
            index.bars.retain(|bar| bar.session <= session);
        }
        let mut dice = Dice::new(seed);
        let mut quotes = Vec::new();
        for (place, security) in history.securities.iter().enumerate() {
            let Some(bar) = security.bars.last().filter(|bar| bar.session == history.session)
            else {
                continue;
            };
            let form = [Form::Bars, Form::Snapshots, Form::Ticks][place % 3];
            let symbol = security.listing.symbol;
            quotes.extend(quotes_of(bar, form, &mut dice).into_iter().map(|quote| (symbol, quote)));
        }
        quotes.sort_by_key(|(symbol, quote)| (quote.time, *symbol));
        Quoted { history, quotes }
    }

    pub fn session(&self) -> SessionDate {
        self.history.session
    }

    /// The quote as it was, whatever a delivery made of it.
    fn truth(&self, of: Symbol, told: &Quote) -> Quote {
        let same = |(symbol, quote): &&(Symbol, Quote)| {
            *symbol == of && (quote.time, quote.span) == (told.time, told.span)
        };
        self.quotes.iter().find(same).map_or(*told, |(_, quote)| *quote)
    }

    /// The quotes with some of each fault.
    pub fn deliver(&self, faults: &[Fault], per_kind: usize, dice: &mut Dice) -> Delivery {
        let mut arrivals = self.quotes.clone();
        let (mut missing, mut revision) = (Vec::new(), 0);
        for fault in faults {
            for _ in 0..per_kind.min(arrivals.len()) {
                let at = dice.below(arrivals.len());
                let (symbol, quote) = arrivals[at];
                match fault {
                    Fault::Late => arrivals[at..].rotate_left(1),
                    Fault::Duplicate => {
                        let again = at + dice.below(arrivals.len() - at + 1);
                        arrivals.insert(again, (symbol, quote));
                    }
                    Fault::Corrected => {
                        arrivals[at].1 = wrong(quote);
                        // A quote may be mended more than once.
                        revision += 1;
                        let right = Quote { revision, ..self.truth(symbol, &quote) };
                        arrivals.insert(dice.below(arrivals.len() + 1), (symbol, right));
                    }
                    Fault::Missing => missing.push(arrivals.remove(at)),
                    Fault::OutOfOrder => {
                        let other = dice.below(arrivals.len());
                        arrivals.swap(at, other);
                    }
                }
            }
        }
        Delivery { arrivals, missing }
    }
}

/// Quotes by symbol.
pub fn by_symbol(quotes: &[(Symbol, Quote)]) -> Vec<(Symbol, Vec<Quote>)> {
    let mut found: BTreeMap<Symbol, Vec<Quote>> = BTreeMap::new();
    for (symbol, quote) in quotes {
        found.entry(*symbol).or_default().push(*quote);
    }
    found.into_iter().collect()
}

/// Ten times the volume, at other prices, and past every extreme of the day.
fn wrong(quote: Quote) -> Quote {
    let twice = |price: Price| Price::from_units(price.units() * 2).unwrap_or(price);
    let traded = quote.traded.map(|t| Traded {
        open: twice(t.open),
        high: twice(t.high),
        low: t.low,
        last: twice(t.last),
        volume: t.volume * 10,
        turnover: t.turnover,
    });
    Quote { traded, ..quote }
}

#[derive(Clone, Copy)]
enum Form {
    Bars,
    Snapshots,
    Ticks,
}

const TIMES: [u32; 6] = [34_200, 35_100, 37_800, 41_400, 47_700, 54_000];

/// Quotes that add up to a bar: from its open over its low and high, in either order, to its last.
fn quotes_of(bar: &DailyBar, form: Form, dice: &mut Dice) -> Vec<Quote> {
    let quote = |place: usize, span, traded| Quote {
        time: TIMES[place],
        span,
        sequence: 0,
        revision: 0,
        traded,
    };
    let Some(day) = bar.traded.filter(|day| day.volume >= TIMES.len() as u64) else {
        return vec![quote(0, Span::SoFar, bar.traded)];
    };
    let between = |dice: &mut Dice| {
        let steps = (day.high.units() - day.low.units()) / Price::UNITS_PER_FEN;
        let fen = day.low.units() / Price::UNITS_PER_FEN + dice.below(steps as usize + 1) as i64;
        Price::from_fen(fen).unwrap_or(day.low)
    };
    let mut prices = [day.open, day.low, day.high, between(dice), between(dice), day.last];
    dice.shuffle(&mut prices[1..5]);
    let share = |whole: i64, place: usize| {
        let part = whole / TIMES.len() as i64;
        if place + 1 == TIMES.len() { whole - 5 * part } else { part }
    };
    let ticks: Vec<Quote> = (0..TIMES.len())
        .map(|place| {
            let price = prices[place];
            let fen = Fen(share(day.turnover.fen.0, place));
            let volume = share(day.volume.cast_signed(), place).unsigned_abs();
            let turnover = Turnover { fen, basis: TurnoverBasis::Reported };
            let traded =
                Traded { open: price, high: price, low: price, last: price, volume, turnover };
            let span = match form {
                Form::Bars => Span::Seconds(600),
                _ => Span::Seconds(0),
            };
            quote(place, span, Some(traded))
        })
        .collect();
    match form {
        Form::Bars | Form::Ticks => ticks,
        Form::Snapshots => (0..TIMES.len())
            .map(|place| {
                let traded = SessionFold::of(ticks[..=place].to_vec()).traded();
                quote(place, Span::SoFar, traded)
            })
            .collect(),
    }
}
