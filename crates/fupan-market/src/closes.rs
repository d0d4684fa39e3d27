//! A security's past closes on one price level: their extremes and their sums.
//!
//! Two windows, which differ where a security was suspended: extremes are taken over exchange
//! *sessions*, averages over the security's own *traded days*.

use crate::{AdjustedPrice, Price, Rebase};

/// Exchange sessions over which highs and lows are taken.
pub(crate) const WINDOW_SESSIONS: usize = 250;

/// The moving averages kept, in traded days, the present one included.
const AVERAGES: [usize; 3] = [20, 50, 200];

/// Closes kept for the longest average: a power of two, so that places are cheap.
const RING: usize = 256;

/// No close.
const NONE: i64 = -1;

/// The highest and lowest of some adjusted closes, on the price level of the day they were asked
/// for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extreme {
    /// Highest close.
    pub high_close: AdjustedPrice,
    /// Lowest close.
    pub low_close: AdjustedPrice,
    /// Sessions in which the security traded.
    pub sessions_traded: u32,
}

/// A moving average of adjusted closes that a day belongs to.
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
    /// All that are kept.
    pub const ALL: [MovingAverage; 3] =
        [MovingAverage::Of20, MovingAverage::Of50, MovingAverage::Of200];

    /// Traded days, the present one included.
    pub const fn days(self) -> usize {
        AVERAGES[self as usize]
    }
}

/// What a day may ask of a security's earlier closes, on that day's price level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastCloses {
    /// Of the 250 exchange sessions before; `None` where it traded in none of them.
    pub window: Option<Extreme>,
    /// Of the 52 weeks (364 days) before; `None` where it did not trade in them.
    pub year: Option<Extreme>,
    /// Of all time; `None` where the fold did not see the security's whole past.
    pub ever: Option<Extreme>,
    /// The sums of the last 19, 49 and 199 closes, in billionths of a yuan: what a
    /// [`MovingAverage`] needs beside the day's own. `None` where there are fewer in the 250
    /// sessions before: an average of what lies further back says nothing of the present.
    pub sums: [Option<i64>; 3],
}

/// How a day's close stood among the security's earlier ones: the answers that [`PastCloses`]
/// gave, without the closes. Each is `None` where that was not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Above all, and below all, of the 250 exchange sessions before.
    pub beyond_250: [Option<bool>; 2],
    /// Above all, and below all, of the 52 weeks before.
    pub beyond_52w: [Option<bool>; 2],
    /// Above all, and below all, of all time.
    pub beyond_all: [Option<bool>; 2],
    /// Above each [`MovingAverage`], in their order.
    pub above: [Option<bool>; 3],
}

impl PastCloses {
    /// Of a security of whose past no close is known.
    pub const NONE: PastCloses =
        PastCloses { window: None, year: None, ever: None, sums: [None; 3] };

    /// Whether `last` lies strictly above the moving average that it is the last close of; `None`
    /// where the security has not traded on enough days.
    pub fn above(&self, average: MovingAverage, last: Price) -> Option<bool> {
        // last > (sum + last) / n  ⇔  last × (n − 1) > sum
        let sum = self.sums[average as usize]?;
        let others = average.days() as i64 - 1;
        Some(AdjustedPrice::today(last).billionths() * others > sum)
    }
}

/// The closes of one security up to some traded day, on that day's price level.
///
/// Sessions are cut into blocks of 250 by their number. A window of 250 sessions is then the end
/// of one block and the beginning of the next, so that its extremes are two look-ups: one into
/// the earlier block's extremes from each place to its end, one into the later block's so far.
#[derive(Clone, Debug)]
pub(crate) struct Closes {
    /// The block that `here` holds.
    block: u32,
    /// Closes of the block by place.
    here: [i64; WINDOW_SESSIONS],
    here_so_far: Range,
    /// For the block before, from each place to its end.
    before: [Range; WINDOW_SESSIONS],
    /// Whether the block before holds anything.
    has_before: bool,
    /// The last traded closes, by traded day.
    recent: [i64; RING],
    /// Their sessions' numbers.
    recent_sessions: [u32; RING],
    traded_days: usize,
    sums: [i64; 3],
    ever: Option<Range>,
}

/// Extremes of a run of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    high: i64,
    low: i64,
    count: u32,
}

impl Range {
    const EMPTY: Range = Range { high: i64::MIN, low: i64::MAX, count: 0 };

    fn with(self, close: i64) -> Range {
        Range { high: self.high.max(close), low: self.low.min(close), count: self.count + 1 }
    }

    fn and(self, other: Range) -> Range {
        Range {
            high: self.high.max(other.high),
            low: self.low.min(other.low),
            count: self.count + other.count,
        }
    }

    fn of(closes: &[i64]) -> Range {
        closes.iter().filter(|close| **close != NONE).fold(Range::EMPTY, |r, close| r.with(*close))
    }

    fn rebase(&mut self, rebase: Rebase) {
        if self.count > 0 {
            self.high = rebase.billionths(self.high);
            self.low = rebase.billionths(self.low);
        }
    }

    fn extreme(self) -> Option<Extreme> {
        (self.count > 0).then(|| Extreme {
            high_close: AdjustedPrice::from_billionths(self.high),
            low_close: AdjustedPrice::from_billionths(self.low),
            sessions_traded: self.count,
        })
    }
}

impl Closes {
    /// Before the first close. `whole`: the fold will see every close there ever was.
    pub(crate) fn new(whole: bool) -> Closes {
        Closes {
            block: 0,
            here: [NONE; WINDOW_SESSIONS],
            here_so_far: Range::EMPTY,
            before: [Range::EMPTY; WINDOW_SESSIONS],
            has_before: false,
            recent: [0; RING],
            recent_sessions: [0; RING],
            traded_days: 0,
            sums: [0; 3],
            ever: whole.then_some(Range::EMPTY),
        }
    }

    /// Gives the closes of all time, of which the fold has seen only the last.
    pub(crate) fn set_ever(&mut self, ever: Extreme) {
        self.ever = Some(Range {
            high: ever.high_close.billionths(),
            low: ever.low_close.billionths(),
            count: ever.sessions_traded,
        });
    }

    /// Where nothing is remembered yet: what will be is not the whole past.
    pub(crate) fn begin_late(&mut self) {
        self.ever = self.ever.filter(|ever| ever.count > 0);
    }

    /// What the session with a number may ask; `year_from` is the first session of the 52 weeks
    /// before it.
    #[inline]
    pub(crate) fn past(&self, number: u32, year_from: u32) -> PastCloses {
        let window_from = number.saturating_sub(WINDOW_SESSIONS as u32);
        PastCloses {
            window: self.between(window_from, number).extreme(),
            year: self.between(year_from.max(window_from), number).extreme(),
            ever: self.ever.and_then(Range::extreme),
            sums: std::array::from_fn(|i| {
                let oldest = (self.traded_days + 1).checked_sub(AVERAGES[i])?;
                (self.recent_sessions[oldest % RING] >= window_from).then_some(self.sums[i])
            }),
        }
    }

    /// The closes of the sessions from `from` until before `until`, at most 250 of them, of which
    /// the last come after every session remembered.
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

    /// Brings every close onto the level after an ex-rights day.
    pub(crate) fn rebase(&mut self, rebase: Rebase) {
        if rebase.is_none() {
            return;
        }
        for close in self.here.iter_mut().filter(|close| **close != NONE) {
            *close = rebase.billionths(*close);
        }
        self.here_so_far.rebase(rebase);
        if self.has_before {
            self.before.iter_mut().for_each(|range| range.rebase(rebase));
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
        if let Some(ever) = &mut self.ever {
            ever.rebase(rebase);
        }
    }

    /// Takes in the close of a later session, on the present level.
    #[inline]
    pub(crate) fn remember(&mut self, number: u32, close: AdjustedPrice) {
        let close = close.billionths();
        let (block, place) = place_of(number);
        if block != self.block {
            self.turn(block);
        }
        self.here[place] = close;
        self.here_so_far = self.here_so_far.with(close);
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
        if let Some(ever) = &mut self.ever {
            *ever = ever.with(close);
        }
    }

    /// Begins a later block.
    #[cold]
    fn turn(&mut self, block: u32) {
        self.has_before = block == self.block + 1 && self.here_so_far.count > 0;
        if self.has_before {
            let mut range = Range::EMPTY;
            for (before, close) in self.before.iter_mut().zip(&self.here).rev() {
                range = if *close == NONE { range } else { range.with(*close) };
                *before = range;
            }
        } else {
            self.before = [Range::EMPTY; WINDOW_SESSIONS];
        }
        self.here = [NONE; WINDOW_SESSIONS];
        self.here_so_far = Range::EMPTY;
        self.block = block;
    }
}

#[inline]
fn place_of(number: u32) -> (u32, usize) {
    let block = number / WINDOW_SESSIONS as u32;
    (block, (number % WINDOW_SESSIONS as u32) as usize)
}
