//! What holds of a security's day, as bits, and what of it the day's own prices decide.

use crate::{Band, Price, Rounding};

/// What holds of a security in one session; in the upper half, its limit-up streak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct DayMarks(pub(crate) u32);

impl DayMarks {
    /// Traded: the other marks hold of traded days only.
    pub const TRADED: DayMarks = DayMarks(1);
    /// Closed above the previous close.
    pub const ADVANCE: DayMarks = DayMarks(1 << 1);
    /// Closed below the previous close.
    pub const DECLINE: DayMarks = DayMarks(1 << 2);
    /// Closed at the limit-up price.
    pub const LIMIT_UP: DayMarks = DayMarks(1 << 3);
    /// Closed at the limit-down price.
    pub const LIMIT_DOWN: DayMarks = DayMarks(1 << 4);
    /// Reached the limit-up price and closed below it.
    pub const BROKEN: DayMarks = DayMarks(1 << 5);
    /// Closed above every close of the 250 sessions before.
    pub const NEW_HIGH: DayMarks = DayMarks(1 << 6);
    /// Closed below every close of the 250 sessions before.
    pub const NEW_LOW: DayMarks = DayMarks(1 << 7);
    /// Closed above its average of 20 traded days.
    pub const ABOVE_MA20: DayMarks = DayMarks(1 << 8);
    /// Closed above its average of 50 traded days.
    pub const ABOVE_MA50: DayMarks = DayMarks(1 << 9);
    /// Closed above its average of 200 traded days.
    pub const ABOVE_MA200: DayMarks = DayMarks(1 << 10);
    /// Was limit-up in the previous session.
    pub const PRIOR_LIMIT_UP: DayMarks = DayMarks(1 << 11);

    /// How many kinds of mark there are: they are the lowest bits.
    pub const KINDS: usize = 12;

    pub(crate) const STREAK_SHIFT: u32 = 16;

    /// The marks as bits, the streak in the upper half.
    #[inline]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether a mark holds.
    #[inline]
    pub const fn has(self, mark: DayMarks) -> bool {
        self.0 & mark.0 != 0
    }

    /// Traded days in a row, this one included, that closed limit-up; 65,535 stands for more.
    #[inline]
    pub const fn streak(self) -> u16 {
        (self.0 >> DayMarks::STREAK_SHIFT) as u16
    }

    #[inline]
    pub(crate) const fn only_if(self, holds: bool) -> u32 {
        // Arithmetic, so that columns of it are computed without branches.
        self.0 * holds as u32
    }

    /// The marks that a traded day's own prices decide, in fen: `high` and `close` against the
    /// limit-up and limit-down price around `prev_close`. All prices are above zero.
    #[inline]
    pub fn of_prices(limits: LimitRule, high: i32, close: i32, prev_close: i32) -> DayMarks {
        let (up, down) = limits.around(prev_close);
        DayMarks(
            DayMarks::TRADED.0
                | DayMarks::ADVANCE.only_if(close > prev_close)
                | DayMarks::DECLINE.only_if(close < prev_close)
                | DayMarks::LIMIT_UP.only_if(close == up)
                | DayMarks::LIMIT_DOWN.only_if(close == down)
                | DayMarks::BROKEN.only_if((high == up) & (close < up)),
        )
    }
}

/// A band's limit prices in whole fen, without branches: [`Band::limit`] for columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitRule {
    percent: u32,
    /// Hundredths of a fen added before cutting: 50 rounds half up, 0 and 99 round inward.
    add_up: u32,
    add_down: u32,
    /// The least distance from the reference price.
    ticks: i32,
}

impl LimitRule {
    /// The rule of a band.
    pub const fn of(band: Band) -> LimitRule {
        let percent = band.percent as u32;
        match band.rounding {
            Rounding::HalfUp => LimitRule { percent, add_up: 50, add_down: 50, ticks: 1 },
            Rounding::Inward => LimitRule { percent, add_up: 0, add_down: 99, ticks: 0 },
        }
    }

    /// The highest price, in fen, whose limits are told exactly; it is that of a [`Price`].
    pub const MAX_FEN: i32 = i32::MAX / Price::UNITS_PER_FEN as i32;

    /// The limit-up and the limit-down price around a reference price from 1 to
    /// [`LimitRule::MAX_FEN`], in fen.
    #[inline]
    pub const fn around(self, prev_close: i32) -> (i32, i32) {
        let prev = prev_close as u32;
        let up = ((prev * (100 + self.percent) + self.add_up) / 100) as i32;
        let down = ((prev * (100 - self.percent) + self.add_down) / 100) as i32;
        let (next_up, next_down) = (prev_close + self.ticks, prev_close - self.ticks);
        let up = if up > next_up { up } else { next_up };
        let down = if down < next_down { down } else { next_down };
        (up, if down > 1 { down } else { 1 })
    }
}

impl LimitRule {
    /// The marks that days' own prices decide: [`DayMarks::of_prices`] of each. Prices in fen are
    /// from 1 to [`LimitRule::MAX_FEN`]; days of other prices get marks without a meaning.
    ///
    /// All slices are of one length.
    pub fn mark(self, highs: &[i32], closes: &[i32], prev_closes: &[i32], marks: &mut [DayMarks]) {
        /// For now: a price is near a limit.
        const NEAR: u32 = 1 << 31;
        // Few days come near a limit, and limit prices of all the others need not be known. A
        // limit lies within a fen of the band's exact price, which floats tell to one part in
        // millions; the band is made narrower by one part in a hundred thousand.
        let (rise, fall) = (100.0 + self.percent as f32, 100.0 - self.percent as f32);
        let (rise, fall) = (rise * 0.009_999_9, fall * 0.010_000_1);
        let prices = highs.iter().zip(closes).zip(prev_closes);
        for (found, ((high, close), prev)) in marks.iter_mut().zip(prices) {
            let above = close > prev;
            let below = close < prev;
            let highest = if high > close { *high } else { *close } as f32;
            let prev = *prev as f32;
            let near = (highest + 1.5 >= prev * rise) | (*close as f32 - 1.5 <= prev * fall);
            *found = DayMarks(
                DayMarks::TRADED.0
                    | DayMarks::ADVANCE.only_if(above)
                    | DayMarks::DECLINE.only_if(below)
                    | (NEAR * u32::from(near)),
            );
        }
        let prices = highs.iter().zip(closes).zip(prev_closes);
        for (found, ((high, close), prev)) in marks.iter_mut().zip(prices) {
            if found.0 & NEAR != 0 {
                let prev = (*prev).clamp(1, LimitRule::MAX_FEN);
                *found = DayMarks::of_prices(self, *high, *close, prev);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PriceLimit;

    #[test]
    fn marks_of_columns_are_those_of_each_day() {
        let mut prevs: Vec<i32> = (1..3_000).collect();
        prevs.extend((1..24).flat_map(|bit| (-2..3).map(move |by| (1 << bit) + by + 2)));
        prevs.extend([16_777_214, 16_777_215, LimitRule::MAX_FEN / 13 * 10]);
        for (percent, rounding) in [
            (5, Rounding::HalfUp),
            (10, Rounding::HalfUp),
            (20, Rounding::HalfUp),
            (30, Rounding::Inward),
        ] {
            let rule = LimitRule::of(Band { percent, rounding });
            let (mut highs, mut closes, mut prev_closes) = (vec![], vec![], vec![]);
            for prev in &prevs {
                let (up, down) = rule.around(*prev);
                for close in [1, down - 1, down, down + 1, *prev, up - 1, up, up + 1, prev * 2] {
                    for high in [close, up - 1, up, up + 1] {
                        highs.push(high.clamp(1, LimitRule::MAX_FEN));
                        closes.push(close.clamp(1, LimitRule::MAX_FEN));
                        prev_closes.push(*prev);
                    }
                }
            }
            let mut marks = vec![DayMarks::default(); highs.len()];
            rule.mark(&highs, &closes, &prev_closes, &mut marks);
            for (day, found) in marks.into_iter().enumerate() {
                let (high, close, prev) = (highs[day], closes[day], prev_closes[day]);
                let expected = DayMarks::of_prices(rule, high, close, prev);
                assert_eq!(found, expected, "{percent} {high} {close} {prev}");
            }
        }
    }

    #[test]
    fn limits_in_fen_are_those_of_the_band() {
        for (percent, rounding) in [
            (5, Rounding::HalfUp),
            (10, Rounding::HalfUp),
            (20, Rounding::HalfUp),
            (30, Rounding::Inward),
        ] {
            let band = Band { percent, rounding };
            let last = LimitRule::MAX_FEN / 13 * 10;
            for prev in (1..200_000).chain(last - 1000..last) {
                let (up, down) = LimitRule::of(band).around(prev);
                let [prev, up, down] = [prev, up, down].map(|p| Price::from_fen(p.into()).unwrap());
                assert_eq!(band.limit(prev), PriceLimit::Limited { up, down }, "{prev} {band:?}");
            }
        }
    }
}
