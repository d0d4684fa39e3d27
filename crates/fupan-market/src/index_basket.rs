//! The shares of its members that an index is made of, carried forward from published weights.

use crate::{Price, SessionDate, Symbol, WHOLE_INDEX};

/// How many shares of each member a basket holds that moves as its index does, as of the close before
/// a session.
///
/// A published weight fixes the shares at the close of its day: the weight over the price. Between
/// publications they change only where a member's shares do, on an ex-rights day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexBasket {
    /// The index.
    pub index: Symbol,
    /// The date of the weights.
    pub observed_on: SessionDate,
    /// The members with known shares, by symbol.
    pub shares: Vec<(Symbol, BasketShares)>,
    /// Members whose shares are not known: no price on the day of the weights.
    pub unknown: Vec<Symbol>,
}

/// Shares of one member in a basket worth [`WHOLE_INDEX`] on the day of the
/// weights, in parts of [`BasketShares::PARTS`] of a ten-thousandth of a yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BasketShares(i128);

impl BasketShares {
    /// Parts of a share. With them, what rounding loses is less than one in 10¹³ of a member.
    const PARTS: i128 = 10_i128.pow(20);

    /// The shares that a weight, in millionths of the index, buys at a price; `None` if the price is
    /// zero or the weight more than the whole.
    pub fn of_weight(weight: u32, close: Price) -> Option<BasketShares> {
        let close = i128::from(close.units());
        let is_sound = close > 0 && weight <= WHOLE_INDEX;
        is_sound.then(|| BasketShares(rounded(i128::from(weight) * Self::PARTS, close)))
    }

    /// The shares on a day that was traded, from its reference price and the last close before it:
    /// another price is that of an ex-rights day.
    ///
    /// `None` if that is not sure: rows do not state that it did not trade in the sessions between,
    /// so that its price may have moved in one that the data lack. Also `None` if the reference price
    /// is zero or the number too large.
    pub fn on_day(
        self,
        last_close: Price,
        prev_close: Price,
        gap_is_stated: bool,
    ) -> Option<BasketShares> {
        let (last, prev) = (i128::from(last_close.units()), i128::from(prev_close.units()));
        match last == prev {
            true => Some(self),
            false if prev == 0 || !gap_is_stated => None,
            false => Some(BasketShares(rounded(self.0.checked_mul(last)?, prev))),
        }
    }

    /// What they are worth at a price, or for a difference of prices, in ten-thousandths of a yuan;
    /// `None` if that is too large a number.
    pub fn times(self, units: i64) -> Option<i128> {
        self.0.checked_mul(i128::from(units))
    }
}

/// A quotient of numbers above zero, rounded half up.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    (numerator + denominator / 2) / denominator
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(text: &str) -> Price {
        text.parse().unwrap()
    }

    #[test]
    fn a_member_is_worth_its_weight_on_the_day_of_the_weights() {
        for (weight, close) in [(4_250, "11.23"), (62_000, "1415.30"), (1, "1999.99"), (30, "0.87")]
        {
            let shares = BasketShares::of_weight(weight, yuan(close)).unwrap();
            let worth = shares.times(yuan(close).units()).unwrap();
            let exact = i128::from(weight) * BasketShares::PARTS;
            assert!((worth - exact).abs() * 10_i128.pow(12) <= exact, "{weight} at {close}");
        }
        assert_eq!(BasketShares::of_weight(1, Price::from_units(0).unwrap()), None);
        assert_eq!(BasketShares::of_weight(WHOLE_INDEX + 1, yuan("1.00")), None);
    }

    #[test]
    fn an_ex_rights_day_changes_the_shares_and_not_their_worth() {
        let before = BasketShares::of_weight(4_250, yuan("20.00")).unwrap();
        let after = before.on_day(yuan("20.00"), yuan("10.00"), true).unwrap();
        assert_eq!(after.times(100_000), before.times(200_000));
        assert_eq!(before.on_day(yuan("20.00"), yuan("20.00"), false), Some(before));
        assert_eq!(before.on_day(yuan("20.00"), Price::from_units(0).unwrap(), true), None);
        // After a session that the data lack, another price is no sign of an ex-rights day.
        assert_eq!(before.on_day(yuan("20.00"), yuan("21.00"), false), None);
    }
}
