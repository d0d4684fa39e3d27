//! Measures of indices.

use fupan_fact::{Unit, Value};
use fupan_market::{Exchange, IndexBar, Price, Return, Symbol};

use crate::cell::Mark;
use crate::measure::{Measure, Members, Population, RestsOn, Sql, text};
use crate::scope::Scopes;
use crate::shape::{Shape, of_unit, unknown};

/// The indices of the board, in its order: exchange, code, English name, Chinese name.
pub const BOARD: [(Exchange, u32, &str, &str); 9] = [
    (Exchange::Sse, 1, "SSE Composite", "上证指数"),
    (Exchange::Szse, 399_001, "SZSE Component", "深证成指"),
    (Exchange::Szse, 399_006, "ChiNext", "创业板指"),
    (Exchange::Sse, 688, "STAR 50", "科创50"),
    (Exchange::Sse, 680, "STAR Composite", "科创综指"),
    (Exchange::Sse, 300, "CSI 300", "沪深300"),
    (Exchange::Sse, 905, "CSI 500", "中证500"),
    (Exchange::Sse, 852, "CSI 1000", "中证1000"),
    (Exchange::Bse, 899_050, "BSE 50", "北证50"),
];

/// One index up to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexView {
    /// The index.
    pub symbol: Symbol,
    /// Its bars with their sessions' numbers, earliest first; the last is the session's.
    pub bars: Vec<(u32, IndexBar)>,
    /// The median return of all A-shares in the session, in parts per billion, where known.
    pub median_return: Option<i64>,
}

impl IndexView {
    fn last(&self) -> Option<(u32, IndexBar)> {
        self.bars.last().copied()
    }

    /// The close of the previous session; `None` where the index has no bar of it.
    fn prev_close(&self) -> Option<Price> {
        let (number, _) = self.last()?;
        let (before, bar) = *self.bars.get(self.bars.len().checked_sub(2)?)?;
        (before + 1 == number).then_some(bar.close)
    }

    fn index_return(&self) -> Option<i64> {
        Return::between(self.prev_close()?, self.last()?.1.close).map(|r| r.0)
    }

    /// Sessions since a strictly higher close.
    fn high_since(&self) -> Option<u32> {
        let (number, last) = self.last()?;
        let higher = self.bars.iter().rev().find(|(_, bar)| bar.close > last.close)?;
        Some(number - higher.0)
    }

    /// The signed number of sessions in a row with a gain, or with a loss, up to this one.
    fn gain_streak(&self) -> Option<i128> {
        self.prev_close()?;
        let mut streak = 0_i128;
        for pair in self.bars.windows(2).rev() {
            let step = match pair[1].1.close.cmp(&pair[0].1.close) {
                std::cmp::Ordering::Greater => 1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Less => -1,
            };
            if step == 0 || step * streak < 0 || pair[0].0 + 1 != pair[1].0 {
                break;
            }
            streak += step;
        }
        Some(streak)
    }
}

fn told(unit: Unit, number: Option<i128>, reason: &str) -> Value {
    number.map_or(unknown(reason), |number| of_unit(unit, number))
}

const POPULATION: Population = Population::all(
    Mark::Listed,
    text("该指数窗口内的交易日", "the index's sessions in the window"),
);

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "index_close",
        label: text("指数收盘", "Index close"),
        definition: text("指数当日最后点位", "The index's last level of the session."),
        population: POPULATION,
        unit: Unit::Points,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::Indices,
        members: Members::Counted,
        shape: Shape::Index(|index| {
            told(Unit::Points, index.last().map(|(_, bar)| i128::from(bar.close.units())), "no_bar")
        }),
        sql: Sql::Index("close"),
    },
    Measure {
        id: "index_return",
        label: text("指数涨跌幅", "Index return"),
        definition: text(
            "最后点位除以前一交易日收盘点位再减一",
            "The last level over the previous session's close, minus one.",
        ),
        population: POPULATION,
        unit: Unit::Ppb,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::Indices,
        members: Members::Counted,
        shape: Shape::Index(|index| {
            told(Unit::Ppb, index.index_return().map(i128::from), "no_prev_close")
        }),
        sql: Sql::Index("ret"),
    },
    Measure {
        id: "index_points",
        label: text("指数涨跌点数", "Index change in points"),
        definition: text(
            "最后点位减去前一交易日收盘点位",
            "The last level minus the previous session's close.",
        ),
        population: POPULATION,
        unit: Unit::Points,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::Indices,
        members: Members::Counted,
        shape: Shape::Index(|index| {
            let change = index.last().zip(index.prev_close());
            let units = change.map(|((_, bar), prev)| bar.close.units() - prev.units());
            told(Unit::Points, units.map(i128::from), "no_prev_close")
        }),
        sql: Sql::Index("points"),
    },
    Measure {
        id: "index_gain_streak",
        label: text("指数连涨连跌天数", "Index gain streak"),
        definition: text(
            "截至当日连续上涨的交易日数；连续下跌记为负数，平盘为零",
            "Sessions in a row with a gain up to this one; losses count as negative, an unchanged \
             session as zero.",
        ),
        population: POPULATION,
        unit: Unit::Sessions,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::Indices,
        members: Members::Counted,
        shape: Shape::Index(|index| told(Unit::Sessions, index.gain_streak(), "no_prev_close")),
        sql: Sql::Index("gain_streak"),
    },
    Measure {
        id: "index_high_since_sessions",
        label: text("指数创多少日新高", "Sessions since a higher index close"),
        definition: text(
            "距上一次收盘点位严格高于当日的交易日数；窗口内无更高收盘则不给出",
            "Sessions since the last strictly higher close; not told where the window holds none.",
        ),
        population: POPULATION,
        unit: Unit::Sessions,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::Indices,
        members: Members::Counted,
        shape: Shape::Index(|index| {
            told(Unit::Sessions, index.high_since().map(i128::from), "not_in_window")
        }),
        sql: Sql::Index("high_since"),
    },
    Measure {
        id: "index_breadth_gap",
        label: text("指数与个股中位数之差", "Index-to-median gap"),
        definition: text(
            "指数涨跌幅减去全部A股涨跌幅中位数",
            "The index's return minus the median return of all A-shares.",
        ),
        population: Population::all(
            Mark::Listed,
            text(
                "指数；当日有成交且有昨收价的全部A股",
                "the index, and all A-shares that traded and have a previous close",
            ),
        ),
        unit: Unit::Ppb,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::IndicesAndPrices,
        members: Members::Counted,
        shape: Shape::Index(|index| {
            let pair = index.index_return().zip(index.median_return);
            told(Unit::Ppb, pair.map(|(index, median)| i128::from(index - median)), "no_prev_close")
        }),
        sql: Sql::Index("breadth_gap"),
    },
];
