//! What sources state about one session: a security's bar, its shares, an index's bar.

use serde::{Deserialize, Serialize};

use crate::{Fen, Price, SessionDate};

/// How a turnover is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnoverBasis {
    /// The source states it.
    Reported,
    /// Volume times the mean of open, high, low and last: within about 0.3 % for a market and
    /// 2 % for a stock.
    Estimated,
}

/// Money that changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnover {
    /// The amount.
    pub fen: Fen,
    /// How it is known.
    pub basis: TurnoverBasis,
}

/// One security's trading in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traded {
    /// First price.
    pub open: Price,
    /// Highest price.
    pub high: Price,
    /// Lowest price.
    pub low: Price,
    /// Last price; at the close, the closing price.
    pub last: Price,
    /// Shares; never zero.
    pub volume: u64,
    /// Money.
    pub turnover: Turnover,
}

impl Turnover {
    /// The estimate for a bar whose source states no turnover:
    /// `volume × (open + high + low + last) / 4`, rounded down to the fen.
    pub fn estimated(volume: u64, open: Price, high: Price, low: Price, last: Price) -> Turnover {
        let sum = open.units() + high.units() + low.units() + last.units();
        let (sum, parts) = (sum.unsigned_abs(), 4 * Price::UNITS_PER_FEN.unsigned_abs());
        let fen = match volume.checked_mul(sum) {
            Some(product) => i64::try_from(product / parts),
            None => i64::try_from(u128::from(volume) * u128::from(sum) / u128::from(parts)),
        };
        Turnover { fen: Fen(fen.unwrap_or(i64::MAX)), basis: TurnoverBasis::Estimated }
    }
}

/// One session of a security, as a source states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyBar {
    /// The session.
    pub session: SessionDate,
    /// The exchange's reference price of the day (after ex-rights adjustment), if the source states
    /// it.
    pub prev_close: Option<Price>,
    /// `None`: the security is listed and did not trade.
    pub traded: Option<Traded>,
}

/// Share capital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// All shares.
    pub total: u64,
    /// Shares that trade freely.
    pub float: u64,
    /// The date of the source's statement.
    pub on: SessionDate,
}

/// One session of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexBar {
    /// The session.
    pub session: SessionDate,
    /// First level.
    pub open: Price,
    /// Highest level.
    pub high: Price,
    /// Lowest level.
    pub low: Price,
    /// Last level.
    pub close: Price,
    /// Turnover as the publisher states it, if it does. For the SZSE Component some vendors state
    /// the turnover of the whole exchange, not of the members.
    pub turnover: Option<Fen>,
}

/// The levels between which an index moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelRange {
    /// First level.
    pub open: Price,
    /// Highest level.
    pub high: Price,
    /// Lowest level.
    pub low: Price,
}

/// An index at a time inside a session: all of the session up to then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexQuote {
    /// Seconds after midnight, Shanghai time.
    pub time: u32,
    /// Its level.
    pub last: Price,
    /// Where it moved up to then, if the source states all of it.
    pub range: Option<LevelRange>,
    /// Turnover up to then as the publisher states it, if it does; see [`IndexBar::turnover`].
    pub turnover: Option<Fen>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Volume times the mean of four prices, rounded down to the fen.
        #[test]
        fn an_estimate_is_volume_times_the_mean_price(
            volume in prop_oneof![0_u64..1_000_000_000, any::<u64>()],
            units in prop::array::uniform4(0_i32..=i32::MAX),
        ) {
            let [open, high, low, last] = units.map(|units| Price::from_raw(units).unwrap());
            let estimate = Turnover::estimated(volume, open, high, low, last);
            let sum: u128 = units.iter().map(|units| u128::from(units.unsigned_abs())).sum();
            let fen = u128::from(volume) * sum / 4 / 100;
            prop_assert_eq!(estimate.fen, Fen(i64::try_from(fen).unwrap_or(i64::MAX)));
            prop_assert_eq!(estimate.basis, TurnoverBasis::Estimated);
        }
    }
}
