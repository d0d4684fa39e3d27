//! A generated market: years of daily bars, the same on every machine for the same seed.
//!
//! It is not a picture of a real market, but contains what the figures must get right: limits hit,
//! held and broken, streaks, one-price days, first days without a limit, suspensions with and
//! without rows, ex-rights days, new highs, ties.

use fupan_market::{Band, Price, PriceLimit, Rounding};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct DaysPlan {
    /// How many securities.
    pub securities: u32,
    /// The seed, which selects one of the markets.
    pub seed: u64,
}

/// Bars of one security, column by column: dates as yyyymmdd, prices in fen, volumes in shares,
/// amounts in yuan. Boards are 0 with limits of 10 %, 1 of 20 %, 2 of 30 %.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub code: Vec<i32>,
    pub board: Vec<i8>,
    pub date: Vec<i32>,
    pub open: Vec<i32>,
    pub high: Vec<i32>,
    pub low: Vec<i32>,
    pub close: Vec<i32>,
    pub pre_close: Vec<i32>,
    pub volume: Vec<i64>,
    pub amount: Vec<f64>,
    pub float_shares: Vec<i64>,
}

/// The sessions of this many years from 2001 on: weekdays without some holidays.
pub fn sessions(years: u32) -> Vec<i32> {
    let mut dates = Vec::new();
    // 1 January 2001 was a Monday.
    let mut weekday = 0;
    for year in 2001..2001 + years as i32 {
        for month in 1..=12 {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let days = match month {
                2 => 28 + i32::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            for day in 1..=days {
                let holiday = matches!(
                    (month, day),
                    (1, 1) | (2, 10..=16) | (4, 5) | (5, 1..=3) | (10, 1..=7)
                );
                if weekday < 5 && !holiday {
                    dates.push(year * 10_000 + month * 100 + day);
                }
                weekday = (weekday + 1) % 7;
            }
        }
    }
    dates
}

/// The market's own move of each session, in parts per million.
pub(crate) fn climate(seed: u64, sessions: usize) -> Vec<i64> {
    let mut noise = Noise::new(seed, 0);
    (0..sessions)
        .map(|_| if noise.happens(20_000) { noise.bell(35_000) } else { noise.bell(9_000) })
        .collect()
}

/// The fixed properties of a security.
struct Security {
    code: i32,
    board: i8,
    band: Band,
    first: usize,
    beta_percent: i64,
    sigma_ppm: i64,
    price: i64,
    shares: i64,
}

impl Security {
    fn born(plan: DaysPlan, index: u32, sessions: usize, noise: &mut Noise) -> Security {
        let percent = index as usize * 100 / plan.securities.max(1) as usize;
        let (board, code, band) = match percent {
            0..57 => (0, 1000 + index, Band { percent: 10, rounding: Rounding::HalfUp }),
            57..95 => (1, 300_000 + index, Band { percent: 20, rounding: Rounding::HalfUp }),
            _ => (2, 830_000 + index, Band { percent: 30, rounding: Rounding::Inward }),
        };
        let earliest = match board {
            0 if noise.happens(800_000) => -(sessions as i64),
            0 => 0,
            1 => sessions as i64 / 5,
            _ => sessions as i64 * 4 / 5,
        };
        let latest = if earliest < 0 { 0 } else { sessions as i64 - 1 };
        Security {
            code: code as i32,
            board,
            band,
            first: noise.between(earliest, latest).max(0) as usize,
            beta_percent: noise.between(60, 140),
            sigma_ppm: noise.between(12_000, 28_000),
            price: noise.between(300, 4_000),
            shares: noise.between(20, 2_000) * noise.between(1_000_000, 5_000_000),
        }
    }
}

/// A security's bars.
pub fn security(plan: DaysPlan, index: u32, dates: &[i32], climate: &[i64]) -> Columns {
    let mut noise = Noise::new(plan.seed, 1 + u64::from(index));
    let born = Security::born(plan, index, dates.len(), &mut noise);
    let mut columns = Columns::default();
    let (mut last, mut shares, mut sealed, mut suspended) = (born.price, born.shares, false, 0);
    let mut told = false;
    for (session, date) in dates.iter().enumerate().skip(born.first) {
        if suspended == 0 && noise.happens(3_000) {
            let long = noise.happens(100_000);
            suspended = if long { noise.between(60, 200) } else { noise.between(1, 20) };
            told = noise.happens(500_000);
        }
        if suspended > 0 {
            suspended -= 1;
            if told {
                columns.push(&born, *date, [last; 4], last, 0, 0, shares);
            }
            continue;
        }
        let mut pre_close = last;
        if noise.happens(4_200) {
            (pre_close, shares) = ex_rights(last, shares, &mut noise);
        }
        if noise.happens(1_500) {
            shares += shares / noise.between(5, 30);
        }
        let first = session == born.first;
        let prices = prices(&born, pre_close, climate[session], sealed, first, &mut noise);
        let (up, _) = limits(born.band, pre_close);
        sealed = prices[3] == up;
        let lots = 1 + shares / 100 / noise.between(40, 400) / noise.between(1, 12);
        let [_, high, low, close] = prices;
        let volume = lots * 100;
        // The average price lies between the extremes; in fen exactly.
        let turnover_fen = volume * (high + low + 2 * close) / 4;
        columns.push(&born, *date, prices, pre_close, volume, turnover_fen, shares);
        last = close;
    }
    columns
}

impl Columns {
    #[expect(clippy::too_many_arguments, reason = "a row has as many columns")]
    fn push(
        &mut self,
        security: &Security,
        date: i32,
        [open, high, low, close]: [i64; 4],
        pre_close: i64,
        volume: i64,
        turnover_fen: i64,
        shares: i64,
    ) {
        self.code.push(security.code);
        self.board.push(security.board);
        self.date.push(date);
        self.open.push(open as i32);
        self.high.push(high as i32);
        self.low.push(low as i32);
        self.close.push(close as i32);
        self.pre_close.push(pre_close as i32);
        self.volume.push(volume);
        self.amount.push(turnover_fen as f64 / 100.0);
        self.float_shares.push(shares);
    }
}

/// Limit-up and limit-down around a reference price, in fen.
pub(crate) fn limits(band: Band, pre_close: i64) -> (i64, i64) {
    let limit = Price::from_fen(pre_close).map(|price| band.limit(price));
    match limit {
        Ok(PriceLimit::Limited { up, down }) => match (up.fen(), down.fen()) {
            (Some(up), Some(down)) => (up, down),
            _ => (pre_close, pre_close),
        },
        _ => (pre_close, pre_close),
    }
}

/// A reference price and share count after a dividend, a bonus issue or a consolidation.
fn ex_rights(last: i64, shares: i64, noise: &mut Noise) -> (i64, i64) {
    match noise.between(0, 99) {
        0..82 => ((last * (1_000 - noise.between(3, 40)) / 1_000).max(1), shares),
        82..99 => {
            let bonus = noise.between(1, 10);
            ((last * 10 / (10 + bonus)).max(1), shares * (10 + bonus) / 10)
        }
        _ => (last * 2, (shares / 2).max(1)),
    }
}

/// Open, high, low and close.
fn prices(
    born: &Security,
    pre_close: i64,
    market_ppm: i64,
    sealed: bool,
    first: bool,
    noise: &mut Noise,
) -> [i64; 4] {
    let (up, down) = limits(born.band, pre_close);
    // A newcomer's first day has no limit.
    let (up, down) = if first { (pre_close * 3, 1) } else { (up, down) };
    // Splits and dividends lower prices, and expensive shares move little: prices neither vanish
    // nor run away.
    let drift = match pre_close {
        ..200 => 1_500,
        200..20_000 => 250,
        _ => -12_000,
    };
    let mut move_ppm = drift + market_ppm * born.beta_percent / 100 + noise.bell(born.sigma_ppm);
    if noise.happens(12_000) || sealed && noise.happens(400_000) {
        move_ppm = noise.between(60_000, 400_000);
    } else if noise.happens(4_000) {
        move_ppm = -noise.between(60_000, 400_000);
    }
    let moved = pre_close * move_ppm;
    let close = (pre_close + (moved + 500_000).div_euclid(1_000_000)).clamp(down, up);
    if close == up && noise.happens(100_000) {
        return [up; 4];
    }
    let sway = |noise: &mut Noise| (pre_close * noise.bell(9_000).abs() / 1_000_000).max(0);
    let open = (pre_close + (close - pre_close) * noise.between(-20, 80) / 100).clamp(down, up);
    let mut high = (open.max(close) + sway(noise)).min(up);
    let low = (open.min(close) - sway(noise)).max(down);
    if noise.happens(6_000) {
        high = up;
    }
    [open, high, low, close]
}

/// Random integers: a cipher starts each stream, and a counter continues from there.
pub(crate) struct Noise {
    state: u64,
}

impl Noise {
    pub(crate) fn new(seed: u64, stream: u64) -> Noise {
        let mut cipher = ChaCha8Rng::seed_from_u64(seed);
        cipher.set_stream(stream);
        Noise { state: cipher.next_u64() }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u128::from(high.abs_diff(low)) + 1;
        low + ((u128::from(self.next()) * span) >> 64) as i64
    }

    pub(crate) fn happens(&mut self, chances_ppm: i64) -> bool {
        self.between(0, 999_999) < chances_ppm
    }

    /// Bell-shaped around zero with standard deviation `sigma`: the sum of four uniform numbers.
    fn bell(&mut self, sigma: i64) -> i64 {
        let reach = sigma * 866 / 1_000;
        (0..4).map(|_| self.between(-reach, reach)).sum()
    }
}
