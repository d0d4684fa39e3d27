//! Prices, amounts of money and returns, as integers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A price in ten-thousandths of a yuan, or an index level in ten-thousandths of a point.
///
/// The range is that of an `i32`: up to 214,748.3647. A price is never negative; zero occurs
/// only in raw vendor rows and never in a traded bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Price(i32);

/// Why a text or a number is not a price.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PriceError {
    /// The text is not a plain decimal number with at most four decimals.
    #[error("`{0}` is not a price: write a plain decimal such as 12.34")]
    NotADecimal(String),
    /// The number is negative, not finite, or above 214,748.3647.
    #[error("`{0}` is outside the range of prices, 0 to 214748.3647")]
    OutOfRange(String),
}

impl Price {
    /// Units in one yuan (or one index point).
    pub const UNITS: i64 = 10_000;
    /// Units in one fen, the tick of A-shares.
    pub const UNITS_PER_FEN: i64 = 100;
    /// The highest price there can be.
    pub const MAX: Price = Price(i32::MAX);

    /// A price from ten-thousandths of a yuan as stored; `None` if they are negative.
    #[inline]
    pub const fn from_raw(units: i32) -> Option<Price> {
        if units >= 0 { Some(Price(units)) } else { None }
    }

    /// A price from ten-thousandths of a yuan.
    #[inline]
    pub fn from_units(units: i64) -> Result<Price, PriceError> {
        match i32::try_from(units) {
            Ok(units) if units >= 0 => Ok(Price(units)),
            _ => Err(PriceError::OutOfRange(units.to_string())),
        }
    }

    /// A price from whole fen (0.01 yuan).
    pub fn from_fen(fen: i64) -> Result<Price, PriceError> {
        fen.checked_mul(Price::UNITS_PER_FEN)
            .ok_or_else(|| PriceError::OutOfRange(fen.to_string()))
            .and_then(Price::from_units)
    }

    /// The nearest price to a vendor's float, in whole steps of `step_units`.
    ///
    /// Vendors publish 10.05 as the nearest double; rounding to the step of the instrument (100 for
    /// A-shares) recovers the exact price. This is the only conversion from floats to prices.
    pub fn from_vendor_float(value: f64, step_units: i64) -> Result<Price, PriceError> {
        let out_of_range = || PriceError::OutOfRange(value.to_string());
        if !value.is_finite() || value < 0.0 || value > f64::from(i32::MAX) / 10_000.0 {
            return Err(out_of_range());
        }
        let steps = (value * Price::UNITS as f64 / step_units as f64).round() as i64;
        Price::from_units(steps * step_units)
    }

    /// Ten-thousandths of a yuan.
    pub const fn units(self) -> i64 {
        self.0 as i64
    }

    /// Ten-thousandths of a yuan, as stored.
    pub const fn raw(self) -> i32 {
        self.0
    }

    /// Whole fen; `None` if the price is not a multiple of one fen.
    pub const fn fen(self) -> Option<i64> {
        if self.units() % Price::UNITS_PER_FEN == 0 {
            Some(self.units() / Price::UNITS_PER_FEN)
        } else {
            None
        }
    }

    /// Yuan as a float, for drawing only.
    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / Price::UNITS as f64
    }
}

impl fmt::Display for Price {
    /// Two decimals, or as many of four as are needed: `12.30`, `0.125`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.units() / Price::UNITS, self.units() % Price::UNITS);
        let text = format!("{rest:04}");
        let decimals = text.trim_end_matches('0').len().max(2);
        write!(f, "{whole}.{}", &text[..decimals])
    }
}

impl FromStr for Price {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Price, PriceError> {
        let bad = || PriceError::NotADecimal(text.to_owned());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 4 {
            return Err(bad());
        }
        let out_of_range = |_| PriceError::OutOfRange(text.to_owned());
        let whole: i64 = whole.parse().map_err(out_of_range)?;
        let rest: i64 = format!("{decimals:0<4}").parse().map_err(|_| bad())?;
        whole
            .checked_mul(Price::UNITS)
            .and_then(|units| units.checked_add(rest))
            .and_then(|units| Price::from_units(units).ok())
            .ok_or_else(|| PriceError::OutOfRange(text.to_owned()))
    }
}

/// An amount of money in fen (0.01 yuan). Totals of a whole market fit with room to spare:
/// a session of four trillion yuan is 4·10¹⁴ fen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl fmt::Display for Fen {
    /// Yuan with two decimals: `1234.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// A return in parts per billion of the previous close: 1 % is 10,000,000.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Return(pub i64);

impl Return {
    /// Parts in a whole.
    pub const PARTS: i64 = 1_000_000_000;

    /// `last / prev_close − 1`, rounded half away from zero to one part per billion; `None` if
    /// `prev_close` is zero.
    pub fn between(prev_close: Price, last: Price) -> Option<Return> {
        let (prev, last) = (prev_close.units(), last.units());
        if prev == 0 {
            return None;
        }
        // Prices are below 2³¹ units, so a billion times their difference fits an i64.
        let (parts, half) = ((last - prev) * Return::PARTS, prev / 2);
        Some(Return(if parts >= 0 { (parts + half) / prev } else { (parts - half) / prev }))
    }
}

/// A price carried across ex-rights days, in billionths of a yuan of *today's* price level.
///
/// On an ex-rights day every earlier price is multiplied by `prev_close / last close` and rounded
/// half up once, so that earlier prices compare with today's without floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdjustedPrice(i64);

impl AdjustedPrice {
    const PER_UNIT: i64 = 100_000;
    /// Nine million yuan, far above any price: sums of hundreds stay inside an `i64`.
    const MAX: i64 = 1 << 53;

    /// Today's price, unadjusted.
    #[inline]
    pub const fn today(price: Price) -> AdjustedPrice {
        AdjustedPrice(price.units() * AdjustedPrice::PER_UNIT)
    }

    /// A price in billionths of a yuan.
    #[inline]
    pub const fn from_billionths(billionths: i64) -> AdjustedPrice {
        AdjustedPrice(billionths)
    }

    /// Billionths of a yuan.
    #[inline]
    pub const fn billionths(self) -> i64 {
        self.0
    }
}

/// The conversion from the price level of one session to that of a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebase {
    numerator: i64,
    denominator: i64,
}

impl Rebase {
    /// No conversion.
    pub const NONE: Rebase = Rebase { numerator: 1, denominator: 1 };

    /// The conversion of an ex-rights day, on which the exchange's reference `prev_close` replaced
    /// `last_close`. `Rebase::NONE` if either is zero.
    #[inline]
    pub fn between(last_close: Price, prev_close: Price) -> Rebase {
        let (last, prev) = (last_close.units(), prev_close.units());
        if last == prev || last == 0 || prev == 0 {
            return Rebase::NONE;
        }
        // Whole fen leave room for the product in an `i64`.
        let per_fen = Price::UNITS_PER_FEN;
        if last % per_fen == 0 && prev % per_fen == 0 {
            Rebase { numerator: prev / per_fen, denominator: last / per_fen }
        } else {
            Rebase { numerator: prev, denominator: last }
        }
    }

    /// Whether prices stay as they are.
    #[inline]
    pub const fn is_none(self) -> bool {
        self.numerator == self.denominator
    }

    /// A price on the later level, rounded half up.
    #[inline]
    pub fn apply(self, price: AdjustedPrice) -> AdjustedPrice {
        AdjustedPrice(self.billionths(price.0))
    }

    /// [`Rebase::apply`] on billionths of a yuan.
    #[inline]
    pub(crate) fn billionths(self, price: i64) -> i64 {
        if self.is_none() {
            return price;
        }
        let half = self.denominator / 2;
        let exact = match price.checked_mul(self.numerator).and_then(|p| p.checked_add(half)) {
            Some(product) => product / self.denominator,
            None => {
                let product = i128::from(price) * i128::from(self.numerator) + i128::from(half);
                i64::try_from(product / i128::from(self.denominator)).unwrap_or(i64::MAX)
            }
        };
        exact.min(AdjustedPrice::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    #[test]
    fn prices_print_with_two_decimals_or_as_many_as_needed() {
        for (text, printed) in [
            ("12.3", "12.30"),
            ("0.125", "0.125"),
            ("7", "7.00"),
            ("0.0001", "0.0001"),
            ("007.10", "7.10"),
            ("214748.3647", "214748.3647"),
            ("0", "0.00"),
        ] {
            assert_eq!(price(text).to_string(), printed);
        }
    }

    #[test]
    fn texts_that_are_no_prices_are_refused() {
        for text in
            ["", ".", ".5", "-1", "+1", "1e3", "1,000", "1.23456", "NaN", "１", " 1", "1.2.3"]
        {
            assert_eq!(text.parse::<Price>(), Err(PriceError::NotADecimal(text.to_owned())));
        }
        for text in ["214748.3648", "99999999999999999999"] {
            assert_eq!(text.parse::<Price>(), Err(PriceError::OutOfRange(text.to_owned())));
        }
        assert!(Price::from_units(-1).is_err());
        assert!(Price::from_fen(i64::MAX).is_err());
    }

    #[test]
    fn every_price_in_fen_comes_back_from_a_float() {
        for fen in 0..3_000_000 {
            let value = fen as f64 / 100.0;
            assert_eq!(Price::from_vendor_float(value, 100), Price::from_fen(fen));
            let single = f64::from(fen as f32 / 100.0);
            if fen < 100_000 {
                assert_eq!(Price::from_vendor_float(single, 100), Price::from_fen(fen));
            }
        }
        for value in [f64::NAN, f64::INFINITY, -0.01, 1e6, 1e12, 1e300] {
            let refused = Err(PriceError::OutOfRange(value.to_string()));
            assert_eq!(Price::from_vendor_float(value, 100), refused);
        }
    }

    #[test]
    fn a_float_is_a_price_up_to_the_highest() {
        assert_eq!(Price::from_vendor_float(2_147_483_647.0 / 10_000.0, 1), Ok(Price::MAX));
        assert_eq!(Price::from_vendor_float(0.0, 100), Ok(Price(0)));
        for value in [2_147_483_648.0 / 10_000.0, 214_749.0, -1e-9] {
            assert!(Price::from_vendor_float(value, 1).is_err(), "{value}");
        }
        // To the nearest step.
        assert_eq!(Price::from_vendor_float(10.0549, 100), Price::from_fen(1_005));
        assert_eq!(Price::from_vendor_float(10.0551, 100), Price::from_fen(1_006));
    }

    #[test]
    fn an_amount_is_printed_in_yuan() {
        for (fen, printed) in
            [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_450, "1234.50"), (-100, "-1.00")]
        {
            assert_eq!(Fen(fen).to_string(), printed);
        }
        assert_eq!(Fen(i64::MIN).to_string(), "-92233720368547758.08");
        assert_eq!(price("12.3456").to_f64(), 12.3456);
        assert_eq!((price("12.34").fen(), price("12.345").fen()), (Some(1_234), None));
        assert_eq!((Price::from_raw(-1), Price::from_raw(0)), (None, Some(Price(0))));
    }

    /// Nothing is compared with a price beyond nine million yuan.
    #[test]
    fn a_rebased_price_is_bounded() {
        let most = AdjustedPrice::from_billionths(AdjustedPrice::MAX);
        let doubled = Rebase::between(price("1"), price("2"));
        assert_eq!(doubled.apply(most), most);
        assert_eq!(doubled.apply(AdjustedPrice::from_billionths(AdjustedPrice::MAX / 2)), most);
        assert_eq!(doubled.apply(AdjustedPrice::from_billionths(5)).billionths(), 10);
        for (last, prev) in [("0", "1"), ("1", "0"), ("3", "3")] {
            assert!(Rebase::between(price(last), price(prev)).is_none(), "{last} {prev}");
        }
        // Half a billionth is rounded up.
        let thirds = Rebase::between(price("2"), price("1"));
        assert_eq!(thirds.apply(AdjustedPrice::from_billionths(5)).billionths(), 3);
    }

    /// The product of the highest prices does not fit 64 bits.
    #[test]
    fn the_highest_prices_are_rebased_exactly() {
        let half = Rebase::between(price("214748.3646"), price("107374.1823"));
        let rebased = half.apply(AdjustedPrice::today(price("200000.0000")));
        assert_eq!(rebased, AdjustedPrice::today(price("100000.0000")));
    }

    #[test]
    fn returns_round_half_away_from_zero() {
        for (prev, last, parts) in [
            ("10.00", "11.00", 100_000_000),
            ("10.00", "9.00", -100_000_000),
            ("3.00", "4.00", 333_333_333),
            ("3.00", "5.00", 666_666_667),
            ("3.00", "1.00", -666_666_667),
            ("0.0001", "214748.3647", 2_147_483_646_000_000_000),
            ("6.4000", "6.4001", 15_625),
        ] {
            assert_eq!(
                Return::between(price(prev), price(last)),
                Some(Return(parts)),
                "{prev} {last}"
            );
        }
        // One unit of two billion is half a part per billion.
        let half = Return::between(Price(2_000_000_000), Price(2_000_000_001));
        assert_eq!(half, Some(Return(1)));
        let half = Return::between(Price(2_000_000_000), Price(1_999_999_999));
        assert_eq!(half, Some(Return(-1)));
        assert_eq!(Return::between(price("0"), price("1")), None);
    }

    proptest! {
        #[test]
        fn prices_round_trip(units in 0..=i64::from(i32::MAX)) {
            let price = Price::from_units(units).unwrap();
            prop_assert_eq!(price.to_string().parse(), Ok(price));
            prop_assert_eq!(i64::from(price.raw()), price.units());
            prop_assert_eq!(price.fen().is_some(), units % 100 == 0);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<Price>();
        }

        /// `r` is the whole number nearest to the exact quotient: twice the distance is at most 1.
        #[test]
        fn returns_are_nearest(prev in 1..=i32::MAX, last in 0..=i32::MAX) {
            let found = i128::from(Return::between(Price(prev), Price(last)).unwrap().0);
            let exact = (i128::from(last) - i128::from(prev)) * 1_000_000_000;
            let error = 2 * (found * i128::from(prev) - exact);
            prop_assert!(error.abs() <= i128::from(prev));
            // On a tie, away from zero.
            if error.abs() == i128::from(prev) {
                prop_assert!(found.abs() * i128::from(prev) > exact.abs());
            }
        }

        #[test]
        fn rebasing_keeps_the_order(
            a in 1_i32..10_000_000, b in 1_i32..10_000_000,
            last in 1_i32..10_000_000, prev in 1_i32..10_000_000,
        ) {
            let [a, b] = [a, b].map(|p| AdjustedPrice::today(Price(p)));
            let [x, y] = [a, b].map(|p| Rebase::between(Price(last), Price(prev)).apply(p));
            let (lower, higher) = if a <= b { (x, y) } else { (y, x) };
            prop_assert!(lower <= higher);
            prop_assert_eq!(Rebase::between(Price(last), Price(last)).apply(a), a);
        }

        /// The last close becomes the reference price, whether or not both are whole fen.
        #[test]
        fn rebasing_the_last_close_gives_the_reference_price(
            last in 1_i32..10_000_000, prev in 1_i32..10_000_000, whole in any::<[bool; 2]>(),
        ) {
            let fen = |units: i32, whole: bool| Price(if whole { units * 100 } else { units });
            let (last, prev) = (fen(last, whole[0]), fen(prev, whole[1]));
            let rebased = Rebase::between(last, prev).apply(AdjustedPrice::today(last));
            prop_assert_eq!(rebased, AdjustedPrice::today(prev));
        }
    }
}
