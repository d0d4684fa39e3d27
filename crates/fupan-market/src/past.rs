//! A security's past prices on one price level: their extremes, and sums of closes.
//!
//! There are two kinds of window, which differ if a security was suspended: extremes are taken over
//! exchange *sessions*, averages over the security's own *traded days*.

use crate::{AdjustedPrice, Price, Rebase, Traded};

/// Exchange sessions over which highs and lows are taken.
pub(crate) const WINDOW_SESSIONS: usize = 250;

/// The moving averages kept, in traded days, the present one included.
const AVERAGES: [usize; 3] = [20, 50, 200];

/// Closes kept for the longest average: a power of two, so that indexing is cheap.
const RING: usize = 256;

/// How far back a new high or a new low looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lookback {
    /// The 250 exchange sessions before.
    Sessions250,
    /// The 52 weeks (364 days) before.
    Weeks52,
    /// All sessions since the security was listed.
    AllTime,
}

impl Lookback {
    /// All look backs.
    pub const ALL: [Lookback; 3] = [Lookback::Sessions250, Lookback::Weeks52, Lookback::AllTime];
}

/// Which prices a new high or a new low compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExtremeBasis {
    /// The last price with earlier closes.
    Closing,
    /// The session's high with earlier highs, its low with earlier lows.
    Intraday,
}

impl ExtremeBasis {
    /// Both bases.
    pub const ALL: [ExtremeBasis; 2] = [ExtremeBasis::Closing, ExtremeBasis::Intraday];
}

/// The highest and lowest of some sessions' adjusted prices, on the price level of the day they are
/// compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extreme {
    /// Highest close.
    pub high_close: AdjustedPrice,
    /// Lowest close.
    pub low_close: AdjustedPrice,
    /// Highest price of all.
    pub high: AdjustedPrice,
    /// Lowest price of all.
    pub low: AdjustedPrice,
    /// Sessions in which the security traded.
    pub sessions_traded: u32,
}

impl Extreme {
    /// Traded sessions that a new high or low requires.
    pub const MIN_HISTORY: u32 = 200;

    /// Whether a day with this trading goes strictly above all of it, and strictly below; `None`
    /// with fewer than [`Extreme::MIN_HISTORY`] traded sessions.
    fn exceeded(&self, basis: ExtremeBasis, traded: &Traded) -> [Option<bool>; 2] {
        let today = AdjustedPrice::today;
        let [above, below] = match basis {
            ExtremeBasis::Closing => {
                [today(traded.last) > self.high_close, today(traded.last) < self.low_close]
            }
            ExtremeBasis::Intraday => {
                [today(traded.high) > self.high, today(traded.low) < self.low]
            }
        };
        let judged = self.sessions_traded >= Extreme::MIN_HISTORY;
        [judged.then_some(above), judged.then_some(below)]
    }
}

/// A moving average of adjusted closes, the day's own included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MovingAverage {
    /// Over 20 traded days.
    Of20,
    /// Over 50 traded days.
    Of50,
    /// Over 200 traded days.
    Of200,
}

impl MovingAverage {
    /// All averages kept.
    pub const ALL: [MovingAverage; 3] =
        [MovingAverage::Of20, MovingAverage::Of50, MovingAverage::Of200];

    /// Traded days, the present one included.
    pub const fn days(self) -> usize {
        AVERAGES[self as usize]
    }
}

/// A security's earlier prices, as its day needs them, on that day's price level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastPrices {
    /// By [`Lookback`]. `None` if the security traded in none of its sessions; for all time, also
    /// if the fold did not see the security's whole past.
    pub extremes: [Option<Extreme>; 3],
    /// The sums of the last 19, 49 and 199 closes, in billionths of a yuan: what a
    /// [`MovingAverage`] needs in addition to the day's own close. `None` if the 250 sessions
    /// before hold fewer: an average of older closes says nothing about the present.
    pub sums: [Option<i64>; 3],
}

/// How a day compares with the security's earlier prices: the results of [`PastPrices`], without
/// the prices. Each is `None` if it was not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PastComparison {
    /// By [`ExtremeBasis`], then by [`Lookback`]: whether it is a new high, and a new low.
    pub beyond: [[[Option<bool>; 2]; 3]; 2],
    /// Whether the last price is above each [`MovingAverage`], in their order.
    pub above: [Option<bool>; 3],
}

impl PastPrices {
    /// For a security without any known past price.
    pub const NONE: PastPrices = PastPrices { extremes: [None; 3], sums: [None; 3] };

    /// The extremes of a look back.
    pub fn extreme(&self, lookback: Lookback) -> Option<Extreme> {
        self.extremes[lookback as usize]
    }

    /// Whether a day with this trading makes a new high, and a new low: strictly beyond all of the
    /// look back. `None` with fewer than [`Extreme::MIN_HISTORY`] traded sessions in it.
    pub fn beyond(
        &self,
        lookback: Lookback,
        basis: ExtremeBasis,
        traded: &Traded,
    ) -> [Option<bool>; 2] {
        self.extreme(lookback).map_or([None; 2], |past| past.exceeded(basis, traded))
    }

    /// Whether `last` is strictly above the moving average that ends with it; `None` if the
    /// security has not traded on enough days.
    pub fn above(&self, average: MovingAverage, last: Price) -> Option<bool> {
        // last > (sum + last) / n  ⇔  last × (n − 1) > sum
        let sum = self.sums[average as usize]?;
        let others = average.days() as i64 - 1;
        Some(AdjustedPrice::today(last).billionths() * others > sum)
    }
}

/// The prices of one security up to some traded day, on that day's price level.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    /// Single days; `None` until one is added. A session whose results were kept needs none, and
    /// allocates nothing.
    days: Option<Box<Days>>,
    ever: Option<Range>,
    /// Number of the last missing session; nothing from before it is kept.
    missing: Option<u32>,
}

/// The days of about a year.
///
/// Sessions are cut into blocks of 250 by their number. A window of 250 sessions is then the end of
/// one block and the beginning of the next, so its extremes take two look-ups: one into the earlier
/// block's extremes from each place to its end, one into the later block's so far.
#[derive(Clone, Debug)]
struct Days {
    /// The block that `here` holds.
    block: u32,
    /// The block's sessions by place: one day each, or none.
    here: [Range; WINDOW_SESSIONS],
    here_so_far: Range,
    /// Of the block before: the extremes from each place to its end.
    before: [Range; WINDOW_SESSIONS],
    /// Whether the block before holds anything.
    has_before: bool,
    /// The last traded closes, by traded day.
    recent: [i64; RING],
    /// Their sessions' numbers.
    recent_sessions: [u32; RING],
    traded_days: usize,
    sums: [i64; 3],
}

/// Extremes of a run of sessions, in billionths of a yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    high_close: i64,
    low_close: i64,
    high: i64,
    low: i64,
    count: u32,
}

impl Range {
    const EMPTY: Range = Range {
        high_close: i64::MIN,
        low_close: i64::MAX,
        high: i64::MIN,
        low: i64::MAX,
        count: 0,
    };

    /// The range of one day.
    fn day(traded: &Traded) -> Range {
        let [close, high, low] = [traded.last, traded.high, traded.low]
            .map(|price| AdjustedPrice::today(price).billionths());
        Range { high_close: close, low_close: close, high, low, count: 1 }
    }

    fn and(self, other: Range) -> Range {
        Range {
            high_close: self.high_close.max(other.high_close),
            low_close: self.low_close.min(other.low_close),
            high: self.high.max(other.high),
            low: self.low.min(other.low),
            count: self.count + other.count,
        }
    }

    fn of(ranges: &[Range]) -> Range {
        ranges.iter().fold(Range::EMPTY, |all, range| all.and(*range))
    }

    /// Converts ranges to another price level. Neighbouring ranges share most extremes, which are
    /// computed once.
    fn rebase(ranges: &mut [Range], rebase: Rebase) {
        let mut done = [(0, 0); 4];
        for range in ranges.iter_mut().filter(|range| range.count > 0) {
            let prices =
                [&mut range.high_close, &mut range.low_close, &mut range.high, &mut range.low];
            for (price, done) in prices.into_iter().zip(&mut done) {
                if done.0 != *price {
                    *done = (*price, rebase.billionths(*price));
                }
                *price = done.1;
            }
        }
    }

    fn extreme(self) -> Option<Extreme> {
        (self.count > 0).then(|| Extreme {
            high_close: AdjustedPrice::from_billionths(self.high_close),
            low_close: AdjustedPrice::from_billionths(self.low_close),
            high: AdjustedPrice::from_billionths(self.high),
            low: AdjustedPrice::from_billionths(self.low),
            sessions_traded: self.count,
        })
    }
}

impl Past {
    /// A past before the first day. `whole`: the fold will see every day there ever was.
    pub(crate) fn new(whole: bool) -> Past {
        Past { days: None, ever: whole.then_some(Range::EMPTY), missing: None }
    }

    /// Sets the extremes of all time, of which the fold sees only the last days.
    pub(crate) fn set_ever(&mut self, ever: Extreme) {
        self.ever = Some(Range {
            high_close: ever.high_close.billionths(),
            low_close: ever.low_close.billionths(),
            high: ever.high.billionths(),
            low: ever.low.billionths(),
            count: ever.sessions_traded,
        });
    }

    /// If nothing is kept yet, records that what follows is not the whole past.
    pub(crate) fn begin_late(&mut self) {
        self.ever = self.ever.filter(|ever| ever.count > 0);
    }

    /// Forgets everything before a missing session: how the price and the price level changed in
    /// it is not known.
    pub(crate) fn forget(&mut self, missing: u32) {
        *self = Past { days: None, ever: None, missing: Some(missing) };
    }

    /// The past prices for the session with a number; `year_from` is the first session of the 52
    /// weeks before it.
    #[inline]
    pub(crate) fn prices(&self, number: u32, year_from: u32) -> PastPrices {
        let ever = self.ever.and_then(Range::extreme);
        let Some(days) = &self.days else {
            return PastPrices { extremes: [None, None, ever], ..PastPrices::NONE };
        };
        let window_from = number.saturating_sub(WINDOW_SESSIONS as u32);
        // A window with a missing session has no extremes.
        let whole = |from: u32| self.missing.is_none_or(|missing| missing < from).then_some(from);
        let since = |from: u32| days.between(from, number).extreme();
        let window = whole(window_from).and_then(since);
        let year = whole(year_from.max(window_from)).and_then(since);
        PastPrices { extremes: [window, year, ever], sums: days.sums_from(window_from) }
    }

    /// Converts every price to the level after an ex-rights day.
    pub(crate) fn rebase(&mut self, rebase: Rebase) {
        if rebase.is_none() {
            return;
        }
        if let Some(days) = &mut self.days {
            days.rebase(rebase);
        }
        if let Some(ever) = &mut self.ever {
            Range::rebase(std::slice::from_mut(ever), rebase);
        }
    }

    /// Adds a later session's day, on the present level.
    #[inline]
    pub(crate) fn remember(&mut self, number: u32, traded: &Traded) {
        let day = Range::day(traded);
        self.days.get_or_insert_with(Days::none).remember(number, day);
        if let Some(ever) = &mut self.ever {
            *ever = ever.and(day);
        }
    }
}

impl Days {
    #[cold]
    fn none() -> Box<Days> {
        Box::new(Days {
            block: 0,
            here: [Range::EMPTY; WINDOW_SESSIONS],
            here_so_far: Range::EMPTY,
            before: [Range::EMPTY; WINDOW_SESSIONS],
            has_before: false,
            recent: [0; RING],
            recent_sessions: [0; RING],
            traded_days: 0,
            sums: [0; 3],
        })
    }

    /// The sums for the averages; `None` unless an average's days are all in sessions from `from`
    /// on.
    #[inline]
    fn sums_from(&self, from: u32) -> [Option<i64>; 3] {
        std::array::from_fn(|i| {
            let oldest = (self.traded_days + 1).checked_sub(AVERAGES[i])?;
            (self.recent_sessions[oldest % RING] >= from).then_some(self.sums[i])
        })
    }

    /// The extremes of the sessions from `from` up to and excluding `until`, at most 250 of them.
    /// `until` comes after every session added.
    #[inline]
    fn between(&self, from: u32, until: u32) -> Range {
        let (block, place) = place_of(from);
        if until <= from || block > self.block {
            return Range::EMPTY;
        }
        if block == self.block {
            return if place == 0 { self.here_so_far } else { Range::of(&self.here[place..]) };
        }
        let before = if block + 1 == self.block { self.before[place] } else { Range::EMPTY };
        before.and(self.here_so_far)
    }

    fn rebase(&mut self, rebase: Rebase) {
        Range::rebase(&mut self.here, rebase);
        Range::rebase(std::slice::from_mut(&mut self.here_so_far), rebase);
        if self.has_before {
            Range::rebase(&mut self.before, rebase);
        }
        let kept = self.traded_days.min(RING);
        for back in 1..=kept {
            let close = &mut self.recent[(self.traded_days - back) % RING];
            *close = rebase.billionths(*close);
        }
        for (sum, average) in self.sums.iter_mut().zip(AVERAGES) {
            let days = kept.min(average - 1);
            *sum = (1..=days).map(|back| self.recent[(self.traded_days - back) % RING]).sum();
        }
    }

    #[inline]
    fn remember(&mut self, number: u32, day: Range) {
        let (block, place) = place_of(number);
        if block != self.block {
            self.turn(block);
        }
        self.here[place] = day;
        self.here_so_far = self.here_so_far.and(day);
        let close = day.high_close;
        for (sum, average) in self.sums.iter_mut().zip(AVERAGES) {
            let oldest = match self.traded_days.checked_sub(average - 1) {
                Some(oldest) => self.recent[oldest % RING],
                None => 0,
            };
            *sum += close - oldest;
        }
        self.recent[self.traded_days % RING] = close;
        self.recent_sessions[self.traded_days % RING] = number;
        self.traded_days += 1;
    }

    /// Starts a later block.
    #[cold]
    fn turn(&mut self, block: u32) {
        self.has_before = block == self.block + 1 && self.here_so_far.count > 0;
        if self.has_before {
            let mut range = Range::EMPTY;
            for (before, day) in self.before.iter_mut().zip(&self.here).rev() {
                range = day.and(range);
                *before = range;
            }
        } else {
            self.before = [Range::EMPTY; WINDOW_SESSIONS];
        }
        self.here = [Range::EMPTY; WINDOW_SESSIONS];
        self.here_so_far = Range::EMPTY;
        self.block = block;
    }
}

#[inline]
fn place_of(number: u32) -> (u32, usize) {
    let block = number / WINDOW_SESSIONS as u32;
    (block, (number % WINDOW_SESSIONS as u32) as usize)
}
