//! Rows as a vendor delivers them on a bad day, with what was broken.
//!
//! For tests of import checks: every [`Fault`] names a row by its symbol and session, so a test can
//! check that the import found exactly these.

use std::fmt::Write;

use fupan_market::{Calendar, DailyBar, Fen, Price, SessionDate, Symbol, Traded};

use crate::market::SimulatedMarket;
use crate::noise::{Noise, Stream};

/// How a row is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The row comes after rows of later sessions.
    Late,
    /// The row comes twice, identical.
    Duplicate,
    /// The row comes twice: first wrong, then right.
    Corrected,
    /// The row is missing.
    Missing,
    /// Open, high and low are 0, by which the vendor means "missing".
    SentinelZero,
    /// The high is 99,999.99, by which the vendor means "none".
    SentinelHuge,
    /// Volume is a tenth of the true volume.
    VolumeByTen,
    /// Volume is in lots of 100 instead of shares.
    VolumeByHundred,
    /// The row is dated on a day the exchange is closed.
    NotASession,
    /// High and low are swapped.
    HighBelowLow,
    /// The last price lies beyond the limit-up price, and the high with it.
    LimitBreach,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [FaultKind; 11] = [
        FaultKind::Late,
        FaultKind::Duplicate,
        FaultKind::Corrected,
        FaultKind::Missing,
        FaultKind::SentinelZero,
        FaultKind::SentinelHuge,
        FaultKind::VolumeByTen,
        FaultKind::VolumeByHundred,
        FaultKind::NotASession,
        FaultKind::HighBelowLow,
        FaultKind::LimitBreach,
    ];
}

/// One broken row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// How it is broken.
    pub kind: FaultKind,
    /// The security.
    pub symbol: Symbol,
    /// The session the row is about, before any wrong date.
    pub session: SessionDate,
}

/// Rows in the order of delivery, and what is broken in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The rows as delivered. Prices may be zero or absurd; do not trust them.
    pub rows: Vec<(Symbol, DailyBar)>,
    /// What was broken, at most once per row.
    pub faults: Vec<Fault>,
}

/// The rows of a market's last `sessions` sessions, with `per_kind` faults of every kind in rows
/// that traded, all chosen by `seed`. There are fewer faults if there are not enough rows.
pub fn inject(market: &SimulatedMarket, sessions: u32, per_kind: u32, seed: u64) -> Delivery {
    let mut noise = Noise::new(seed, Stream::Faults);
    let mut rows = delivered(market, sessions);
    // Swapping high and low needs them to differ.
    let traded = |(_, bar): &(Symbol, DailyBar)| bar.traded.is_some_and(|t| t.low < t.high);
    let mut whole: Vec<usize> = (0..rows.len()).filter(|&i| traded(&rows[i])).collect();
    let mut faults = Vec::new();
    let mut gone = Vec::new();
    let mut repeated = Vec::new();
    for kind in FaultKind::ALL {
        for _ in 0..per_kind {
            if whole.is_empty() {
                break;
            }
            let chosen = whole.swap_remove(noise.between(0, whole.len() as i64 - 1) as usize);
            let (symbol, right) = rows[chosen];
            faults.push(Fault { kind, symbol, session: right.session });
            match kind {
                FaultKind::Missing => gone.push(chosen),
                FaultKind::Late => {
                    gone.push(chosen);
                    repeated.push((symbol, right));
                }
                FaultKind::Duplicate => repeated.push((symbol, right)),
                FaultKind::Corrected => {
                    rows[chosen].1 = broken(right, FaultKind::VolumeByTen);
                    repeated.push((symbol, right));
                }
                _ => rows[chosen].1 = broken(right, kind),
            }
        }
    }
    gone.sort_unstable();
    let mut place = 0;
    rows.retain(|_| {
        place += 1;
        gone.binary_search(&(place - 1)).is_err()
    });
    rows.extend(repeated);
    Delivery { rows, faults }
}

/// The rows as a table with a header, in the plainest form a vendor might choose: prices and
/// turnover in yuan, volume in shares, empty fields for missing values.
pub fn csv(rows: &[(Symbol, DailyBar)]) -> String {
    let mut text = String::from("date,symbol,open,high,low,close,prev_close,volume,turnover\n");
    for (symbol, bar) in rows {
        let yuan = |price: Option<Price>| price.map_or_else(String::new, |p| p.to_string());
        let of = |pick: fn(&Traded) -> Price| yuan(bar.traded.as_ref().map(pick));
        let volume = bar.traded.map_or(0, |t| t.volume);
        let Fen(fen) = bar.traded.map_or(Fen(0), |t| t.turnover.fen);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{symbol},{},{},{},{},{},{volume},{}.{:02}",
            bar.session,
            of(|t| t.open),
            of(|t| t.high),
            of(|t| t.low),
            of(|t| t.last),
            yuan(bar.prev_close),
            fen / 100,
            fen % 100,
        );
    }
    text
}

/// The right rows, by session and symbol.
fn delivered(market: &SimulatedMarket, sessions: u32) -> Vec<(Symbol, DailyBar)> {
    let history = market.history(sessions.saturating_sub(1));
    let mut rows: Vec<(Symbol, DailyBar)> = history
        .securities
        .iter()
        .flat_map(|security| security.bars.iter().map(|bar| (security.listing.symbol, *bar)))
        .collect();
    rows.sort_by_key(|(symbol, bar)| (bar.session, *symbol));
    rows
}

fn broken(bar: DailyBar, kind: FaultKind) -> DailyBar {
    let traded = bar.traded.map(|traded| broken_trade(bar, traded, kind));
    let session = match kind {
        FaultKind::NotASession => closed_day_after(bar.session),
        _ => bar.session,
    };
    DailyBar { session, traded, ..bar }
}

fn broken_trade(bar: DailyBar, traded: Traded, kind: FaultKind) -> Traded {
    let Traded { high, low, last, volume, .. } = traded;
    let price = |fen: i64, otherwise: Price| Price::from_fen(fen).unwrap_or(otherwise);
    match kind {
        FaultKind::SentinelZero => {
            let zero = price(0, low);
            Traded { open: zero, high: zero, low: zero, ..traded }
        }
        FaultKind::SentinelHuge => Traded { high: price(9_999_999, high), ..traded },
        FaultKind::VolumeByTen => Traded { volume: (volume / 10).max(1), ..traded },
        FaultKind::VolumeByHundred => Traded { volume: (volume / 100).max(1), ..traded },
        FaultKind::HighBelowLow => Traded { high: low, low: high, ..traded },
        FaultKind::LimitBreach => {
            // Half as much again lies beyond the widest band.
            let base = bar.prev_close.unwrap_or(last).units() / Price::UNITS_PER_FEN;
            let beyond = price(base * 3 / 2 + 1, last).max(high);
            Traded { last: beyond, high: beyond, ..traded }
        }
        _ => traded,
    }
}

/// The first day from `session` on that the exchange is closed.
fn closed_day_after(session: SessionDate) -> SessionDate {
    let calendar = Calendar::builtin();
    (1..15)
        .filter_map(|days| SessionDate::from_epoch_days(session.epoch_days() + days))
        .find(|date| calendar.number(*date).is_err())
        .unwrap_or(session)
}
