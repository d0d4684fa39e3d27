//! Indices: folds their bars into the state of a session.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_market::{
    Calendar, Fen, IndexBar, IndexHistory, IndexQuote, LevelRange, Price, Return, SessionDate,
    Symbol,
};

/// One index in a session, compared with its earlier sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexView {
    /// The index.
    pub symbol: Symbol,
    /// Where it moved; `None` if the source states levels alone, as some do inside a session.
    pub range: Option<LevelRange>,
    /// Its last level.
    pub close: Price,
    /// Its turnover, as the publisher states it.
    pub turnover: Option<Fen>,
    /// That of the previous session, inside a session up to the same time.
    pub prev_turnover: Option<Fen>,
    /// The close of the previous session; `None` if the data lack that session.
    pub prev_close: Option<Price>,
    /// How many sessions in a row it gained (positive) or lost (negative), up to this one; `None`
    /// without a previous close.
    pub gain_streak: Option<i32>,
    /// Sessions since a level strictly beyond the session's, by [`Beyond::ALL`]; `None` if the data
    /// hold none.
    pub since: [Option<u32>; Beyond::ALL.len()],
    /// The last close before each of [`ToDate::ALL`]; `None` if the data lack that session.
    pub before: [Option<Price>; ToDate::ALL.len()],
    /// How many sessions of it the data hold, this one included.
    pub sessions: u64,
    /// The median return of all A-shares in the session, in parts per billion, if known.
    pub median_return: Option<i64>,
}

/// What an index's earlier sessions are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// A higher close.
    HigherClose,
    /// A lower close.
    LowerClose,
    /// A higher high.
    HigherHigh,
    /// A lower low.
    LowerLow,
}

impl Beyond {
    /// Every search.
    pub const ALL: [Beyond; 4] =
        [Beyond::HigherClose, Beyond::LowerClose, Beyond::HigherHigh, Beyond::LowerLow];

    /// The level that is compared, so that beyond is larger; `None` if it is not known.
    fn level(self, close: Price, range: Option<LevelRange>) -> Option<i64> {
        match self {
            Beyond::HigherClose => Some(close.units()),
            Beyond::LowerClose => Some(-close.units()),
            Beyond::HigherHigh => range.map(|range| range.high.units()),
            Beyond::LowerLow => range.map(|range| -range.low.units()),
        }
    }
}

/// A period of the calendar whose return up to a session is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToDate {
    /// The calendar month.
    Month,
    /// The calendar year.
    Year,
}

impl ToDate {
    /// Every period.
    pub const ALL: [ToDate; 2] = [ToDate::Month, ToDate::Year];

    /// Whether two months, counted from the year 0 on, lie in the same period.
    fn holds_both(self, one: i32, other: i32) -> bool {
        match self {
            ToDate::Month => one == other,
            ToDate::Year => one.div_euclid(12) == other.div_euclid(12),
        }
    }
}

/// A way across a round level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// From under it to it or above.
    Gained,
    /// From it or above to under it.
    Lost,
}

/// The lowest round level, in points. Round levels are multiples of a number of points.
const LOWEST_ROUND: i64 = 1_000;

impl IndexView {
    /// The farthest multiple of so many points that was crossed from the previous close to a level of
    /// the session; `None` if there is none from 1,000 points on.
    pub(crate) fn round_level(
        prev_close: Price,
        level: Price,
        (crossing, points): (Crossing, i64),
    ) -> Option<Price> {
        let step = points * Price::UNITS;
        let lowest = LOWEST_ROUND * Price::UNITS;
        let reached = level.units().div_euclid(step) * step;
        let round = match crossing {
            Crossing::Gained => Some(reached).filter(|round| *round > prev_close.units()),
            Crossing::Lost => {
                Some((reached + step).max(lowest)).filter(|round| *round <= prev_close.units())
            }
        };
        round.filter(|round| *round >= lowest).and_then(|round| Price::from_units(round).ok())
    }

    pub(crate) fn index_return(&self) -> Option<i64> {
        self.over_prev_close(self.close)
    }

    /// A level over the previous close, minus one.
    pub(crate) fn over_prev_close(&self, level: Price) -> Option<i64> {
        Return::between(self.prev_close?, level).map(|r| r.0)
    }

    /// Sessions since a level beyond the session's.
    pub(crate) fn since(&self, beyond: Beyond) -> Option<u32> {
        self.since[beyond as usize]
    }

    pub(crate) fn return_to_date(&self, period: ToDate) -> Option<i64> {
        Return::between(self.before[period as usize]?, self.close).map(|r| r.0)
    }
}

/// The closes of the tracked indices in the sessions of the data, for figures that are asked for. A walk
/// through history has none.
#[derive(Clone, Debug, Default)]
pub struct PastCloses {
    /// By index: sessions and closes, the earliest first.
    closes: Arc<BTreeMap<Symbol, Vec<(SessionDate, Price)>>>,
}

impl PastCloses {
    /// The closes of some indices. Bars on dates that are not sessions are skipped.
    pub fn of<'i>(
        indices: impl IntoIterator<Item = &'i IndexHistory>,
        calendar: &Calendar,
    ) -> PastCloses {
        let closes = indices.into_iter().map(|index| {
            let bars = index.bars.iter().filter(|bar| calendar.number(bar.session).is_ok());
            (index.symbol, bars.map(|bar| (bar.session, bar.close)).collect())
        });
        PastCloses { closes: Arc::new(closes.collect()) }
    }

    /// Whether the closes of an index were read.
    pub(crate) fn has(&self, index: Symbol) -> bool {
        self.closes.contains_key(&index)
    }

    /// The closes of an index before a session, the earliest first.
    pub(crate) fn before(&self, index: Symbol, session: SessionDate) -> &[(SessionDate, Price)] {
        let closes = self.closes.get(&index).map_or(&[][..], Vec::as_slice);
        &closes[..closes.partition_point(|(on, _)| *on < session)]
    }

    /// The close of an index in a session.
    pub(crate) fn on(&self, index: Symbol, session: SessionDate) -> Option<Price> {
        let closes = self.closes.get(&index)?;
        let place = closes.binary_search_by_key(&session, |(on, _)| *on).ok()?;
        Some(closes[place].1)
    }
}

/// One index's past, ready for its next session. Bars must come earliest first.
#[derive(Clone, Debug)]
pub struct IndexFold {
    symbol: Symbol,
    last: Option<Last>,
    sessions: u64,
    gain_streak: i32,
    /// By search, the sessions whose level no later one has reached, with that level; levels descend.
    peaks: [Vec<(u32, i64)>; Beyond::ALL.len()],
    before: [Option<Price>; ToDate::ALL.len()],
}

/// The last session of an index.
#[derive(Clone, Copy, Debug)]
struct Last {
    number: u32,
    month: i32,
    close: Price,
    turnover: Option<Fen>,
}

/// What of an index is compared with its past.
#[derive(Clone, Copy, Debug)]
struct Levels {
    close: Price,
    range: Option<LevelRange>,
    turnover: Option<Fen>,
}

impl IndexFold {
    /// An empty fold, before its first bar.
    pub fn new(symbol: Symbol) -> IndexFold {
        let before = [None; ToDate::ALL.len()];
        let peaks = Default::default();
        IndexFold { symbol, last: None, sessions: 0, gain_streak: 0, peaks, before }
    }

    /// The index.
    pub(crate) fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// Advances to a session by its bar; `number` is the session's [`Calendar::number`].
    pub fn step(&mut self, number: u32, bar: &IndexBar) -> IndexView {
        let IndexBar { open, high, low, close, turnover, session } = *bar;
        let range = Some(LevelRange { open, high, low });
        self.advance(number, session, Levels { close, range, turnover })
    }

    /// The index at a time inside the next session.
    pub(crate) fn inside(
        &self,
        number: u32,
        session: SessionDate,
        quote: &IndexQuote,
    ) -> IndexView {
        let IndexQuote { last, range, turnover, .. } = *quote;
        self.clone().advance(number, session, Levels { close: last, range, turnover })
    }

    fn advance(&mut self, number: u32, session: SessionDate, levels: Levels) -> IndexView {
        let Levels { close, range, turnover } = levels;
        let date = session.date();
        let month = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        let before = self.last.filter(|last| last.number + 1 == number);
        let prev_close = before.map(|last| last.close);
        self.gain_streak = match prev_close.map(|prev| close.cmp(&prev)) {
            Some(Ordering::Greater) => self.gain_streak.max(0) + 1,
            Some(Ordering::Less) => self.gain_streak.min(0) - 1,
            Some(Ordering::Equal) | None => 0,
        };
        for period in ToDate::ALL {
            if self.last.is_none_or(|last| !period.holds_both(last.month, month)) {
                self.before[period as usize] = prev_close;
            }
        }
        let since = Beyond::ALL.map(|beyond| {
            let level = beyond.level(close, range)?;
            let peaks = &mut self.peaks[beyond as usize];
            while peaks.pop_if(|(_, peak)| *peak <= level).is_some() {}
            let since = peaks.last().map(|(peak, _)| number - peak);
            peaks.push((number, level));
            since
        });
        self.last = Some(Last { number, month, close, turnover });
        self.sessions += 1;
        IndexView {
            symbol: self.symbol,
            range,
            close,
            turnover,
            prev_turnover: before.and_then(|last| last.turnover),
            prev_close,
            gain_streak: prev_close.map(|_| self.gain_streak),
            since,
            before: self.before,
            sessions: self.sessions,
            median_return: None,
        }
    }

    /// The past of an index up to before a session. Bars on dates that are not sessions are skipped.
    pub(crate) fn before(
        index: &IndexHistory,
        session: SessionDate,
        calendar: &Calendar,
    ) -> IndexFold {
        let mut fold = IndexFold::new(index.symbol);
        let before = index.bars.partition_point(|bar| bar.session < session);
        for bar in &index.bars[..before] {
            if let Ok(number) = calendar.number(bar.session) {
                fold.step(number, bar);
            }
        }
        fold
    }

    /// The index in a session, from its bars up to that session; `None` if it has no bar in it.
    /// Bars on dates that are not sessions are skipped.
    pub(crate) fn view(
        index: &IndexHistory,
        session: SessionDate,
        calendar: &Calendar,
    ) -> Option<IndexView> {
        let place = index.bars.binary_search_by_key(&session, |bar| bar.session).ok()?;
        let number = calendar.number(session).ok()?;
        let mut fold = IndexFold::before(index, session, calendar);
        Some(fold.step(number, &index.bars[place]))
    }
}
