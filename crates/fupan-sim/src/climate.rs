//! What moves all securities of a session together.

use fupan_market::Board;

use crate::names::INDUSTRIES;
use crate::noise::{Noise, Stream};

/// One session's common forces. Returns are in millionths.
#[derive(Clone, Debug)]
pub(crate) struct Weather {
    /// The return of a security of average size and beta.
    pub market_ppm: i64,
    /// Added at the largest size rank of a board, subtracted at the smallest.
    pub size_ppm: i64,
    /// Added to the large securities of a board, in [`Board::ALL`]'s order.
    pub board_ppm: [i64; 4],
    /// Added to the securities of an industry.
    pub industry_ppm: [i64; INDUSTRIES.len()],
    /// Turnover relative to its usual level.
    pub turnover_permille: i64,
    /// How eager buyers are to seal limit-ups, relative to the usual.
    pub seal_permille: i64,
    /// How likely a security is to sink to its limit-down, relative to the usual.
    pub sink_permille: i64,
}

#[derive(Clone, Copy)]
struct Regime {
    drift_ppm: i64,
    spread_ppm: i64,
    size_ppm: i64,
    turnover_permille: i64,
    seal_permille: i64,
    sink_permille: i64,
}

const RALLY: Regime = Regime {
    drift_ppm: 3_800,
    spread_ppm: 9_000,
    size_ppm: 0,
    turnover_permille: 1_300,
    seal_permille: 1_350,
    sink_permille: 350,
};
const CALM: Regime = Regime {
    drift_ppm: -200,
    spread_ppm: 6_500,
    size_ppm: -500,
    turnover_permille: 950,
    seal_permille: 1_000,
    sink_permille: 800,
};
/// Few large securities carry the indices while most securities fall.
const NARROW: Regime = Regime {
    drift_ppm: -1_500,
    spread_ppm: 5_000,
    size_ppm: 5_000,
    turnover_permille: 1_050,
    seal_permille: 900,
    sink_permille: 1_300,
};
const SLUMP: Regime = Regime {
    drift_ppm: -5_500,
    spread_ppm: 10_000,
    size_ppm: 1_000,
    turnover_permille: 850,
    seal_permille: 650,
    sink_permille: 3_000,
};

/// The weather of every session of a plan. The last one is scripted, not drawn: the large ChiNext
/// securities rise while most of the market falls, on more turnover.
pub(crate) fn forecast(seed: u64, sessions: usize) -> Vec<Weather> {
    let mut noise = Noise::new(seed, Stream::Climate);
    let mut industry = [0_i64; INDUSTRIES.len()];
    let mut level = 1_000;
    let (mut regime, mut left) = (CALM, 8);
    let mut weather = Vec::with_capacity(sessions);
    for _ in 0..sessions {
        if left == 0 {
            regime = noise.pick(&[RALLY, CALM, CALM, NARROW, SLUMP, RALLY]);
            left = noise.between(4, 18);
        }
        left -= 1;
        for push in &mut industry {
            // A third of an industry's push lasts into the next session.
            *push = *push / 3 + noise.bell(7_000);
        }
        level += (regime.turnover_permille - level) / 5 + noise.bell(45);
        weather.push(drawn(regime, industry, level, &mut noise));
    }
    for run_up in weather.iter_mut().rev().take(4) {
        run_up.seal_permille = run_up.seal_permille.max(1_100);
    }
    let before = weather.len().checked_sub(2).map(|i| weather[i].turnover_permille);
    if let Some(last) = weather.last_mut() {
        diverge(last, before.unwrap_or(1_000));
    }
    weather
}

fn drawn(
    regime: Regime,
    industry_ppm: [i64; INDUSTRIES.len()],
    level: i64,
    noise: &mut Noise,
) -> Weather {
    let mut market_ppm = regime.drift_ppm + noise.bell(regime.spread_ppm);
    if noise.happens(12_000) {
        market_ppm -= 28_000;
    } else if noise.happens(12_000) {
        market_ppm += 24_000;
    }
    let swing = 1_000 + market_ppm / 40;
    Weather {
        market_ppm,
        size_ppm: regime.size_ppm + noise.bell(3_500),
        board_ppm: Board::ALL.map(|board| match board {
            Board::Main => noise.bell(2_000),
            _ => noise.bell(6_000),
        }),
        industry_ppm,
        turnover_permille: (level + market_ppm.abs() / 150).clamp(500, 2_500),
        seal_permille: (regime.seal_permille * swing / 1_000 + noise.bell(150)).clamp(250, 2_500),
        sink_permille: (regime.sink_permille * (2_000 - swing) / 1_000).clamp(150, 6_000),
    }
}

fn diverge(last: &mut Weather, turnover_before_permille: i64) {
    last.market_ppm = -6_500;
    last.size_ppm = 4_500;
    last.board_ppm = [500, 11_000, 4_000, -4_000];
    for push in &mut last.industry_ppm {
        *push /= 2;
    }
    last.turnover_permille = turnover_before_permille * 1_120 / 1_000;
    last.seal_permille = 1_600;
    last.sink_permille = 900;
}
