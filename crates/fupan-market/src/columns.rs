//! The whole past of one security at once, from columns of its daily bars.
//!
//! [`SecurityFold`](crate::SecurityFold) opens and closes one session after the other and judges
//! each by the rules of its date. Here a table of years is folded in one pass: each security's
//! rows, in time order, become [`DayMarks`], which a session's totals then count.
//!
//! Every mark is that of the exact rational numbers. Earlier closes are brought to the present
//! level in fixed point; where that is too coarse to decide, big integers do, which is rare.

use std::ops::Range;

use num_bigint::BigInt;

use crate::past::WINDOW_SESSIONS;
use crate::{DayMarks, LimitRule, MovingAverage};

/// Sessions of the window in which a security must have traded for a high or a low to be judged.
const TRADED_IN_WINDOW: u32 = 200;

/// Folds securities' columns, one security at a time; keeps its working space between them.
#[derive(Clone, Debug, Default)]
pub struct ColumnFold {
    /// Closes on one common level: the close times the level's multiplier.
    levelled: Vec<i64>,
    /// The day that the next two begin with.
    first: usize,
    /// Some of the same, in units that leave them [`CLOSE_BITS`].
    closes: Vec<i32>,
    /// Sums of `closes` before each day, modulo 2³²: differences over a window are exact.
    sums: Vec<i32>,
    /// Extremes of the block of sessions before, and of the windows of the present one's days.
    before: Extremes,
    past: Extremes,
    /// Whether the multiplier stayed where the fixed point is fine enough for [`COARSE`].
    fine: bool,
}

/// The columns of one security: a row for each session it traded in, earliest first.
#[derive(Clone, Copy, Debug)]
pub struct SecurityColumns<'a> {
    /// Numbers of the sessions, rising.
    pub sessions: &'a [u16],
    /// Closes in fen.
    pub closes: &'a [i32],
    /// Previous closes in fen.
    pub prev_closes: &'a [i32],
}

/// A row of a security does not come after the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder {
    /// Its place among the security's rows.
    pub row: usize,
}

/// The multiplier of the first level. An ex-rights day rounds the multiplier once, to half of
/// one part in it.
const LEVEL: i64 = 1 << 29;
const LEVEL_MIN: i64 = 1 << 24;
/// Levelled closes have at most so many bits, so that 200 of them, and what is near to their sum,
/// stay inside an `i32`.
const CLOSE_BITS: u32 = 23;
/// Days before a block that its averages look back to.
const LOOK_BACK: usize = MovingAverage::Of200.days() - 1;
/// Numbers closer than one part in 2^COARSE are compared exactly. A window of 250 sessions has at
/// most 250 ex-rights days, each of an error of half a part in LEVEL_MIN or more: 250 / 2^25 in
/// all, which is below 2^-17.
const COARSE: u32 = 15;

/// The places of the averages' marks.
const MA20: u32 = DayMarks::ABOVE_MA20.0.trailing_zeros();
const MA50: u32 = DayMarks::ABOVE_MA50.0.trailing_zeros();
const MA200: u32 = DayMarks::ABOVE_MA200.0.trailing_zeros();

/// Extremes of closes: of a block of sessions, from each session to the block's end, or of the
/// window of each of a block's days.
#[derive(Clone, Debug)]
struct Extremes {
    high: [i32; WINDOW_SESSIONS],
    low: [i32; WINDOW_SESSIONS],
    /// Sessions traded in.
    traded: [u32; WINDOW_SESSIONS],
}

impl Default for Extremes {
    fn default() -> Extremes {
        Extremes {
            high: [i32::MIN; WINDOW_SESSIONS],
            low: [i32::MAX; WINDOW_SESSIONS],
            traded: [0; WINDOW_SESSIONS],
        }
    }
}

impl Extremes {
    /// From each session of a block to its end, from the block's traded days.
    fn until_end(&mut self, first: usize, sessions: &[u16], closes: &[i32]) {
        let (mut high, mut low, mut traded) = (i32::MIN, i32::MAX, 0);
        let mut days = sessions.iter().zip(closes).rev().peekable();
        for place in (0..WINDOW_SESSIONS).rev() {
            let here = |day: &(&u16, &i32)| usize::from(*day.0) == first + place;
            if let Some((_, close)) = days.next_if(here) {
                (high, low, traded) = (high.max(*close), low.min(*close), traded + 1);
            }
            self.high[place] = high;
            self.low[place] = low;
            self.traded[place] = traded;
        }
    }

    /// Of the windows of a block's days: the end of the block before, and this block's days so
    /// far.
    fn windows(&mut self, before: &Extremes, first: usize, sessions: &[u16], closes: &[i32]) {
        let (mut high, mut low) = (i32::MIN, i32::MAX);
        for (day, (session, close)) in sessions.iter().zip(closes).enumerate() {
            let place = usize::from(*session) - first;
            self.high[day] = before.high[place].max(high);
            self.low[day] = before.low[place].min(low);
            self.traded[day] = before.traded[place] + day as u32;
            (high, low) = (high.max(*close), low.min(*close));
        }
    }
}

impl ColumnFold {
    /// Adds to `marks`, which hold what each day's own prices decide, all that the days before
    /// decide: streak, previous session's limit-up, new high and low, moving averages.
    ///
    /// All columns are of one length, and so is `marks`, without any streak. Closes and previous
    /// closes are from 1 to [`LimitRule::MAX_FEN`].
    ///
    /// # Errors
    /// Where the sessions do not rise.
    pub fn fold(
        &mut self,
        columns: SecurityColumns<'_>,
        marks: &mut [DayMarks],
    ) -> Result<(), OutOfOrder> {
        let rising = |all: bool, pair: &[u16]| all & (pair[0] < pair[1]);
        if !columns.sessions.windows(2).fold(true, rising) {
            let row = columns.sessions.windows(2).position(|pair| pair[0] >= pair[1]);
            let row = row.unwrap_or_default();
            return Err(OutOfOrder { row: row + 1 });
        }
        self.level(columns);
        // Block by block of sessions: what lies before a block, as far as its days look back, has
        // prices not far from theirs, so that few bits tell them apart.
        let (mut before, mut next_block) = (0..0, None);
        while before.end < marks.len() {
            let start = before.end;
            let block = usize::from(columns.sessions[start]) / WINDOW_SESSIONS;
            let end = (block + 1) * WINDOW_SESSIONS;
            let rest = &columns.sessions[start..marks.len().min(start + WINDOW_SESSIONS)];
            let days = start..start + rest.partition_point(|session| usize::from(*session) < end);
            if next_block != Some(block) {
                before = start..start;
            }
            next_block = Some(block + 1);
            self.narrow(before.start.min(start.saturating_sub(LOOK_BACK))..days.end);
            self.averages::<{ MovingAverage::Of20.days() }, MA20>(days.clone(), marks);
            self.averages::<{ MovingAverage::Of50.days() }, MA50>(days.clone(), marks);
            self.averages::<{ MovingAverage::Of200.days() }, MA200>(days.clone(), marks);
            self.extremes(columns.sessions, block, before, days.clone(), marks);
            before = days;
        }
        for (day, mark) in marks.iter_mut().enumerate() {
            let open = mark.0 >> DayMarks::STREAK_SHIFT;
            if open != 0 {
                mark.0 ^= open << DayMarks::STREAK_SHIFT;
                mark.0 |= decide(columns, day, open);
            }
        }
        streaks(columns.sessions, marks);
        Ok(())
    }

    /// The closes on one level, and the sums of these.
    fn level(&mut self, columns: SecurityColumns<'_>) {
        let days = columns.closes.len();
        self.levelled.resize(days, 0);
        self.fine = true;
        let mut multiplier = LEVEL;
        let mut last = columns.prev_closes.first().copied().unwrap_or_default();
        let prices = columns.closes.iter().zip(columns.prev_closes);
        for (levelled, (close, prev_close)) in self.levelled.iter_mut().zip(prices) {
            if *prev_close != last {
                let fine;
                (multiplier, fine) = stepped(multiplier, last, *prev_close);
                self.fine &= fine;
            }
            *levelled = multiplier * i64::from(*close);
            last = *close;
        }
    }

    /// Brings the closes of some days into units that leave them [`CLOSE_BITS`].
    fn narrow(&mut self, days: Range<usize>) {
        let levelled = &self.levelled[days.clone()];
        // The highest is below 2^23 units, or equal to it where it is rounded up.
        let bits = levelled.iter().fold(0, |bits, close| bits | close);
        let unit = (i64::BITS - bits.leading_zeros()).saturating_sub(CLOSE_BITS);
        let half = (1_i64 << unit) >> 1;
        self.first = days.start;
        self.closes.clear();
        self.closes.extend(levelled.iter().map(|close| ((close + half) >> unit) as i32));
        let mut sum = 0_i32;
        self.sums.clear();
        self.sums.push(sum);
        self.sums.extend(self.closes.iter().map(|close| {
            sum = sum.wrapping_add(*close);
            sum
        }));
    }

    /// Marks the days that closed above their average of so many days.
    fn averages<const DAYS: usize, const MARK: u32>(
        &self,
        days: Range<usize>,
        marks: &mut [DayMarks],
    ) {
        let days = days.start.max(DAYS - 1)..days.end;
        if days.is_empty() {
            return;
        }
        let first = days.start - self.first;
        let closes = self.closes[first..].iter();
        let (before, after) = (&self.sums[first + 1 - DAYS..], &self.sums[first + 1..]);
        let judge = self.judge(DAYS as i32);
        let marks = marks[days].iter_mut();
        for (((found, close), after), before) in marks.zip(closes).zip(after).zip(before) {
            let sum = after.wrapping_sub(*before);
            found.0 |= judge(close * DAYS as i32 - sum, sum, MARK);
        }
    }

    /// Judges differences of so many closes from a sum of them: a mark, where the difference is
    /// above zero; where it is too small against the sum to tell, the same mark in the upper
    /// half, where a streak will be.
    #[inline]
    fn judge(&self, closes: i32) -> impl Fn(i32, i32, u32) -> u32 + use<> {
        // Each close is rounded by half a unit, on both sides of the difference.
        let (units, coarse) = (closes + 1, u32::from(!self.fine));
        move |above, sum, mark| {
            // By signs alone, which every processor tells for many at a time.
            let near = (sum >> COARSE) + units;
            let (surely, surely_not) = (near.wrapping_sub(above), near.wrapping_add(above));
            let open = !(surely | surely_not) as u32 >> 31 | coarse;
            let above = surely as u32 >> 31 & !open;
            above << mark | open << (mark + DayMarks::STREAK_SHIFT)
        }
    }

    /// Marks the days of a block that closed above or below all of the window before them.
    ///
    /// Sessions are cut into blocks of 250, as [`Past`](crate::past::Past) does: a window
    /// is the end of one block and the beginning of the next.
    fn extremes(
        &mut self,
        sessions: &[u16],
        block: usize,
        before: Range<usize>,
        days: Range<usize>,
        marks: &mut [DayMarks],
    ) {
        const HIGH: u32 = DayMarks::NEW_HIGH.0.trailing_zeros();
        const LOW: u32 = DayMarks::NEW_LOW.0.trailing_zeros();
        let judge = self.judge(1);
        let first = block * WINDOW_SESSIONS;
        let narrow =
            |days: &Range<usize>| &self.closes[days.start - self.first..days.end - self.first];
        let earlier = narrow(&before);
        self.before.until_end(first.saturating_sub(WINDOW_SESSIONS), &sessions[before], earlier);
        let closes = narrow(&days);
        self.past.windows(&self.before, first, &sessions[days.clone()], closes);
        let Extremes { high, low, traded } = &self.past;
        let past = high.iter().zip(low).zip(traded);
        let days = marks[days].iter_mut().zip(closes);
        for ((mark, close), ((high, low), traded)) in days.zip(past) {
            // Where the window is empty, the difference means nothing.
            let found = judge(close.wrapping_sub(*high), *close, HIGH)
                | judge(low.wrapping_sub(*close), *close, LOW);
            mark.0 |= found & u32::from(*traded >= TRADED_IN_WINDOW).wrapping_neg();
        }
    }
}

/// The multiplier after an ex-rights day, on which `prev_close` took the place of `last`, and
/// whether it is fine enough for [`COARSE`].
#[cold]
fn stepped(multiplier: i64, last: i32, prev_close: i32) -> (i64, bool) {
    let (last, prev) = (i128::from(last), i128::from(prev_close));
    let stepped = (i128::from(multiplier) * last + prev / 2) / prev;
    // Beyond this range every day is decided exactly, so any multiplier will do.
    let range = LEVEL_MIN..=i64::MAX / 2 / i64::from(LimitRule::MAX_FEN);
    let held = i64::try_from(stepped).unwrap_or(i64::MAX).clamp(*range.start(), *range.end());
    (held, i128::from(held) == stepped)
}

/// Decides exactly what fixed point could not: the marks that are `open`.
#[cold]
fn decide(columns: SecurityColumns<'_>, day: usize, open: u32) -> u32 {
    let in_question = |mark: DayMarks| open & mark.0 != 0;
    let exact = Exact { columns };
    let mut decided = 0;
    for (average, mark) in MovingAverage::ALL.into_iter().zip([
        DayMarks::ABOVE_MA20,
        DayMarks::ABOVE_MA50,
        DayMarks::ABOVE_MA200,
    ]) {
        if in_question(mark) {
            decided |= mark.only_if(exact.above_mean(day, average.days()));
        }
    }
    if in_question(DayMarks::NEW_HIGH) || in_question(DayMarks::NEW_LOW) {
        let session = columns.sessions[day];
        let from = columns.sessions[..day]
            .partition_point(|earlier| earlier.saturating_add(WINDOW_SESSIONS as u16) < session);
        let (high, low) = exact.beyond_all(from, day);
        decided |= DayMarks::NEW_HIGH.only_if(high && in_question(DayMarks::NEW_HIGH));
        decided |= DayMarks::NEW_LOW.only_if(low && in_question(DayMarks::NEW_LOW));
    }
    decided
}

/// Comparisons of a security's closes as rational numbers.
struct Exact<'a> {
    columns: SecurityColumns<'a>,
}

impl Exact<'_> {
    fn close(&self, day: usize) -> i32 {
        self.columns.closes[day]
    }

    /// The ex-rights step into a day: previous close and the last close before it.
    fn step(&self, day: usize) -> Option<(i32, i32)> {
        let prev_close = self.columns.prev_closes[day];
        let last = self.close(day.checked_sub(1)?);
        (prev_close != last).then_some((prev_close, last))
    }

    /// Whether a close is strictly above the mean of the last `days` closes, its own included.
    fn above_mean(&self, day: usize, days: usize) -> bool {
        let sum = self.sum(day + 1 - days, day);
        let close = i128::from(self.close(day)) * days as i128;
        match sum.and_then(|(sum, scale)| Some(close.checked_mul(scale)? > sum)) {
            Some(above) => above,
            None => {
                let (sum, scale) = self.big_sum(day + 1 - days, day);
                scale * close > sum
            }
        }
    }

    /// The sum of the closes of days on the level of the last, as a numerator and a denominator.
    fn sum(&self, from: usize, to: usize) -> Option<(i128, i128)> {
        let (mut sum, mut scale) = (0_i128, 1_i128);
        for day in from..=to {
            if let Some((prev, last)) = self.step(day).filter(|_| day > from) {
                sum = sum.checked_mul(i128::from(prev))?;
                scale = scale.checked_mul(i128::from(last))?;
            }
            sum = sum.checked_add(scale.checked_mul(i128::from(self.close(day)))?)?;
        }
        Some((sum, scale))
    }

    fn big_sum(&self, from: usize, to: usize) -> (BigInt, BigInt) {
        let (mut sum, mut scale) = (BigInt::from(0), BigInt::from(1));
        for day in from..=to {
            if let Some((prev, last)) = self.step(day).filter(|_| day > from) {
                sum *= prev;
                scale *= last;
            }
            sum += &scale * self.close(day);
        }
        (sum, scale)
    }

    /// Whether a close is strictly above, and strictly below, every close from a day on.
    fn beyond_all(&self, from: usize, day: usize) -> (bool, bool) {
        let close = self.close(day);
        let (mut high, mut low) = (true, true);
        // The close on the level of an earlier day, as a numerator and a denominator.
        let mut small = Some((i128::from(close), 1_i128));
        let mut big = (BigInt::from(close), BigInt::from(1));
        for earlier in (from..day).rev() {
            if let Some((prev, last)) = self.step(earlier + 1) {
                small = small.and_then(|(numerator, denominator)| {
                    // Room for one more factor, the earlier close.
                    let room = |n: i128| n.checked_mul(i128::from(i32::MAX)).is_some();
                    let numerator = numerator.checked_mul(i128::from(last))?;
                    let denominator = denominator.checked_mul(i128::from(prev))?;
                    (room(numerator) && room(denominator)).then_some((numerator, denominator))
                });
                big.0 *= last;
                big.1 *= prev;
            }
            let order = match small {
                Some((n, d)) => n.cmp(&(d * i128::from(self.close(earlier)))),
                None => big.0.cmp(&(&big.1 * self.close(earlier))),
            };
            high &= order.is_gt();
            low &= order.is_lt();
            if !high && !low {
                break;
            }
        }
        (high, low)
    }
}

/// Adds the limit-up streaks and what the previous session's limit-up leaves.
fn streaks(sessions: &[u16], marks: &mut [DayMarks]) {
    let mut streak = 0_u32;
    // The session after the last sealed one, where the last traded day was sealed.
    let mut after_sealed = u32::MAX;
    for (mark, &session) in marks.iter_mut().zip(sessions) {
        let session = u32::from(session);
        if mark.has(DayMarks::LIMIT_UP) {
            streak = (streak + 1).min(0xffff);
            mark.0 |= streak << DayMarks::STREAK_SHIFT
                | DayMarks::PRIOR_LIMIT_UP.only_if(session == after_sealed);
            after_sealed = session + 1;
        } else if streak > 0 && mark.has(DayMarks::TRADED) {
            mark.0 |= DayMarks::PRIOR_LIMIT_UP.only_if(session == after_sealed);
            (streak, after_sealed) = (0, u32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Levels that leave the range of the fixed point: every day is decided exactly then.
    #[test]
    fn levels_beyond_fixed_point_are_decided_exactly() {
        for (last, reference) in [(2_000_000, 1_000), (1_000, 2_000_000)] {
            let days = 300;
            let sessions: Vec<u16> = (0..days).collect();
            let mut closes = Vec::new();
            let mut prev_closes = Vec::new();
            for day in 0..i32::from(days) {
                let ex_rights = (100..110).contains(&day);
                prev_closes.push(if ex_rights { reference } else { last });
                closes.push(if day == 99 || ex_rights { last } else { last - last / 1_000 });
            }
            let mut marks = vec![DayMarks::TRADED; closes.len()];
            let columns =
                SecurityColumns { sessions: &sessions, closes: &closes, prev_closes: &prev_closes };
            let mut fold = ColumnFold::default();
            fold.fold(columns, &mut marks).unwrap();
            assert!(!fold.fine);
            let exact = Exact { columns };
            for (day, found) in marks.iter().enumerate() {
                for (average, mark) in MovingAverage::ALL.into_iter().zip([
                    DayMarks::ABOVE_MA20,
                    DayMarks::ABOVE_MA50,
                    DayMarks::ABOVE_MA200,
                ]) {
                    let days = average.days();
                    let above = day + 1 >= days && exact.above_mean(day, days);
                    assert_eq!(found.has(mark), above, "{last} {day} {average:?}");
                }
                if day >= 200 {
                    let (high, low) = exact.beyond_all(day.saturating_sub(250), day);
                    assert_eq!(found.has(DayMarks::NEW_HIGH), high, "{last} {day}");
                    assert_eq!(found.has(DayMarks::NEW_LOW), low, "{last} {day}");
                }
            }
        }
    }

    /// Closes from a fen to the highest price within a window, ties, ex-rights days and long
    /// suspensions: units that tell some of them apart are too coarse for the others.
    #[test]
    fn closes_far_apart_are_told_exactly() {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        let (mut found, mut fine) = ([0; DayMarks::KINDS], 0);
        for round in 0..12_u64 {
            let (mut sessions, mut closes, mut prev_closes) = (vec![], vec![], vec![]);
            let (mut session, mut last) = (next(300) as u16, 1_000);
            while closes.len() < 1_100 {
                session += 1 + if next(400) == 0 { next(300) as u16 } else { 0 };
                let step = next(150) == 0;
                let prev = if step { (last * 2 / 3).max(1) } else { last };
                let close = match (round % 3, closes.len() % 100) {
                    (0, 50) => 16_000_000,
                    (0, 51) => 1,
                    (1, _) => 1_000 + next(3) as i32,
                    _ => (prev + next(201) as i32 - 100).max(1),
                };
                sessions.push(session);
                closes.push(close);
                prev_closes.push(prev);
                last = close;
            }
            let mut marks = vec![DayMarks::TRADED; closes.len()];
            let columns =
                SecurityColumns { sessions: &sessions, closes: &closes, prev_closes: &prev_closes };
            let mut fold = ColumnFold::default();
            fold.fold(columns, &mut marks).unwrap();
            fine += usize::from(fold.fine);
            let exact = Exact { columns };
            for (day, mark) in marks.iter().enumerate() {
                for (average, kind) in MovingAverage::ALL.into_iter().zip([
                    DayMarks::ABOVE_MA20,
                    DayMarks::ABOVE_MA50,
                    DayMarks::ABOVE_MA200,
                ]) {
                    let days = average.days();
                    let above = day + 1 >= days && exact.above_mean(day, days);
                    assert_eq!(mark.has(kind), above, "{round} {day} {average:?}");
                }
                let from = sessions.partition_point(|s| s + 250 < sessions[day]);
                let (high, low) = exact.beyond_all(from, day);
                let judged = day - from >= 200;
                assert_eq!(mark.has(DayMarks::NEW_HIGH), high && judged, "{round} {day}");
                assert_eq!(mark.has(DayMarks::NEW_LOW), low && judged, "{round} {day}");
                for (kind, found) in found.iter_mut().enumerate() {
                    *found += mark.bits() >> kind & 1;
                }
            }
        }
        assert!(found[6..11].iter().all(|found| *found > 10), "{found:?}");
        assert!(fine > 3, "fixed point decides in some rounds: {fine}");
    }
}
