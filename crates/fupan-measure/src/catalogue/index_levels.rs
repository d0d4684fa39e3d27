//! Round levels that an index crossed.
//!
//! Which levels are round is a convention of this program, and no rule of an exchange: multiples of 100
//! points from 1,000 points on; those of 1,000 are the major ones. An index is at or above a level, or
//! under it; it crosses the level where the session changes that.

use fupan_fact::{Unit, Value};
use fupan_market::{LevelRange, Price};

use crate::measure::{Kind, Measure, Needs, Text, text};
use crate::session::index::{Crossing, IndexView};
use crate::total::value::{of_unit, unknown};

const LEVELS: Text = text(
    "1000点及以上的整百点位（另有整千点位），为本程序的约定",
    "multiples of 100 points (and of 1,000) from 1,000 points on, a convention of this program",
);

const GAINED: Text = text("指数收盘站上的整数关口", "Round level that the index closed above");
const GAINED_MEANS: Text = text(
    "前收盘点位低于、最后点位不低于的最高整数关口，参数为关口的间隔点数；没有则不给出",
    "The highest round level that the previous close was below and the last level is not; the parameter \
     is the number of points between levels. No value if there is none.",
);
const LOST: Text = text("指数收盘跌破的整数关口", "Round level that the index closed below");
const LOST_MEANS: Text = text(
    "前收盘点位不低于、最后点位低于的最低整数关口，参数为关口的间隔点数；没有则不给出",
    "The lowest round level that the previous close was not below and the last level is; the parameter \
     is the number of points between levels. No value if there is none.",
);
const TOUCHED: Text =
    text("指数盘中触及的整数关口", "Round level that the index rose to in the session");
const TOUCHED_MEANS: Text = text(
    "前收盘点位低于、最高点位不低于的最高整数关口，参数为关口的间隔点数；没有则不给出",
    "The highest round level that the previous close was below and the session's high was not; the \
     parameter is the number of points between levels. No value if there is none.",
);
const BROKEN: Text =
    text("指数盘中跌破的整数关口", "Round level that the index fell below in the session");
const BROKEN_MEANS: Text = text(
    "前收盘点位不低于、最低点位低于的最低整数关口，参数为关口的间隔点数；没有则不给出",
    "The lowest round level that the previous close was not below and the session's low was; the \
     parameter is the number of points between levels. No value if there is none.",
);

const fn crossed(
    id: &'static str,
    label: Text,
    definition: Text,
    column: &'static str,
    read: fn(&IndexView) -> Value,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit: Unit::Points,
        version: 1,
        needs: Needs::INDICES,
        kind: Kind::Index { population: LEVELS, read, column },
    }
}

/// The same for the highest or the lowest level of the session.
fn touched(index: &IndexView, level: fn(LevelRange) -> Price, way: (Crossing, i64)) -> Value {
    match index.range {
        Some(range) => value(index, level(range), way),
        None => unknown("no_range"),
    }
}

fn value(index: &IndexView, level: Price, way: (Crossing, i64)) -> Value {
    let Some(prev_close) = index.prev_close else { return unknown("no_prev_close") };
    match IndexView::round_level(prev_close, level, way) {
        Some(round) => of_unit(Unit::Points, round.units().into()),
        None => unknown("no_level_crossed"),
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    crossed("index_level_gained:100", GAINED, GAINED_MEANS, "gained_100", |index| {
        value(index, index.close, (Crossing::Gained, 100))
    }),
    crossed("index_level_gained:1000", GAINED, GAINED_MEANS, "gained_1000", |index| {
        value(index, index.close, (Crossing::Gained, 1_000))
    }),
    crossed("index_level_lost:100", LOST, LOST_MEANS, "lost_100", |index| {
        value(index, index.close, (Crossing::Lost, 100))
    }),
    crossed("index_level_lost:1000", LOST, LOST_MEANS, "lost_1000", |index| {
        value(index, index.close, (Crossing::Lost, 1_000))
    }),
    crossed("index_intraday_level_gained:100", TOUCHED, TOUCHED_MEANS, "touched_100", |index| {
        touched(index, |range| range.high, (Crossing::Gained, 100))
    }),
    crossed("index_intraday_level_gained:1000", TOUCHED, TOUCHED_MEANS, "touched_1000", |index| {
        touched(index, |range| range.high, (Crossing::Gained, 1_000))
    }),
    crossed("index_intraday_level_lost:100", BROKEN, BROKEN_MEANS, "broken_100", |index| {
        touched(index, |range| range.low, (Crossing::Lost, 100))
    }),
    crossed("index_intraday_level_lost:1000", BROKEN, BROKEN_MEANS, "broken_1000", |index| {
        touched(index, |range| range.low, (Crossing::Lost, 1_000))
    }),
];
