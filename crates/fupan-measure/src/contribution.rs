//! Who moved the SSE Composite, in points.
//!
//! The index moves by what its members' capitalisation gains or loses. A member's part of that is
//! its contribution, and what the contributions do not explain is published beside them: the
//! index counts shares that the data do not hold (`docs/decisions/0012-who-moved-the-index.md`).

use fupan_fact::{Unit, Value};
use fupan_market::{Exchange, Price, Rulebook, SecurityDay, Symbol};

use crate::arithmetic::div_half_away;
use crate::cell::Mark;
use crate::index::IndexView;
use crate::market::MarketSession;
use crate::measure::{Measure, Members, Population, RestsOn, Sql, Text, text};
use crate::scope::{Scopes, risk_warned};
use crate::shape::{Shape, mostly_known, of_unit, unknown};

/// How many members that lifted the index most are told of, and how many that weighed on it most.
const TOLD: usize = 10;

/// A figure of what the members of an index did to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contribution {
    /// One member's points.
    Member,
    /// How many members there are.
    Members,
    /// The points of all members.
    Total,
    /// The points of the index that those do not explain.
    Residual,
}

const POPULATION: Population = Population::all(
    Mark::Listed,
    text(
        "上交所A股中按当日规则计入上证指数者，停牌者在内",
        "A-shares of the SSE that the rules of the date count in the SSE Composite, suspended \
         ones too",
    ),
);

const fn of_members(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    contribution: Contribution,
    sql: Sql,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        population: POPULATION,
        unit,
        version: 1,
        scopes: Scopes::Indices,
        rests_on: RestsOn::IndicesAndShares,
        members: Members::Counted,
        shape: Shape::Contribution(contribution),
        sql,
    }
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_members(
        "index_member_count",
        text("指数成份股数", "Index members"),
        text(
            "按当日规则计入指数、流通股本与昨收价已知的股票只数",
            "Shares that the rules of the date count in the index, with known tradable shares and \
             a previous close.",
        ),
        Unit::Securities,
        Contribution::Members,
        Sql::Index("member_count"),
    ),
    of_members(
        "index_member_points",
        text("成份股贡献点数合计", "Points of all members"),
        text(
            "指数前收盘点位乘以全部成份股流通A股市值的变动率；股本已知者不足九成则不给出",
            "The index's previous close times the change in its members' capitalisation by \
             tradable A-shares; not told where shares are known for under nine tenths.",
        ),
        Unit::Points,
        Contribution::Total,
        Sql::Index("member_points"),
    ),
    of_members(
        "index_residual",
        text("成份股未能解释的点数", "Points not explained by members"),
        text(
            "指数涨跌点数减去成份股贡献点数合计：限售股、B股、股本变动、除息与成份规则的出入",
            "The index's change less the points of all members: locked shares, B-shares, changes \
             of capital, dividends, and what the member rules leave out.",
        ),
        Unit::Points,
        Contribution::Residual,
        Sql::Index("residual"),
    ),
    Measure {
        scopes: Scopes::Securities,
        ..of_members(
            "index_contribution:000001.SH",
            text("对上证指数的贡献点数", "Contribution to the SSE Composite"),
            text(
                "指数前收盘点位乘以该股流通A股市值的变动与全部成份股市值之比；给出贡献最大与拖累最大的各十只",
                "The index's previous close times the change of the share's capitalisation by \
                 tradable A-shares over that of all members; told of the ten that lifted the \
                 index most and the ten that weighed on it most.",
            ),
            Unit::Points,
            Contribution::Member,
            Sql::Contribution("points"),
        )
    },
];

/// What the members of the SSE Composite did in a session.
pub(crate) struct Contributions {
    pub(crate) index: Symbol,
    prev_close: Option<Price>,
    /// The index's change, in units of points.
    points: Option<i128>,
    /// Capitalisation of the members at the previous close, in ten-thousandths of a yuan.
    cap: i128,
    /// Its change by member, the largest first.
    changes: Vec<(i128, Symbol)>,
    /// Members whose capitalisation is not known.
    pub(crate) unknown: u64,
}

impl Contributions {
    /// Of a session; `None` where the data lack the index.
    pub(crate) fn of(market: &MarketSession) -> Option<Contributions> {
        let is_composite =
            |symbol: Symbol| (symbol.exchange(), symbol.code()) == (Exchange::Sse, 1);
        let view: &IndexView = market.indices.iter().find(|view| is_composite(view.symbol))?;
        let rules = Rulebook::builtin().on(market.session);
        let is_member = |day: &&SecurityDay| {
            rules.in_sse_composite(day.symbol, day.board, risk_warned(day), day.listed_on)
        };
        let points = view.prev_close.map(|prev| view.close.units() - prev.units());
        let mut contributions = Contributions {
            index: view.symbol,
            prev_close: view.prev_close,
            points: points.map(i128::from),
            cap: 0,
            changes: Vec::new(),
            unknown: 0,
        };
        for day in market.days.iter().filter(is_member) {
            let Some((shares, prev_close)) = day.shares.zip(day.prev_close) else {
                contributions.unknown += 1;
                continue;
            };
            let (float, prev_close) = (i128::from(shares.float), i128::from(prev_close.units()));
            let last = day.traded.map_or(prev_close, |traded| i128::from(traded.last.units()));
            contributions.cap += float * prev_close;
            contributions.changes.push((float * (last - prev_close), day.symbol));
        }
        contributions.changes.sort_unstable_by_key(|(change, symbol)| (-change, *symbol));
        Some(contributions)
    }

    /// Members whose capitalisation is known.
    pub(crate) fn known(&self) -> u64 {
        self.changes.len() as u64
    }

    /// A figure, with whom it is about.
    pub(crate) fn figures(&self, of: Contribution) -> Vec<(Symbol, Value)> {
        let in_points = |points: Result<i128, Value>| {
            points.map_or_else(|unknown| unknown, |points| of_unit(Unit::Points, points))
        };
        let value = match of {
            Contribution::Member => return self.movers(),
            Contribution::Members => of_unit(Unit::Securities, self.known().into()),
            Contribution::Total => in_points(self.total()),
            Contribution::Residual => in_points(self.total().and_then(|total| {
                self.points.map(|points| points - total).ok_or_else(|| unknown("no_prev_close"))
            })),
        };
        vec![(self.index, value)]
    }

    fn total(&self) -> Result<i128, Value> {
        self.points_of(self.changes.iter().map(|(change, _)| change).sum())
    }

    /// The members that moved the index most, either way, with their points.
    fn movers(&self) -> Vec<(Symbol, Value)> {
        let (up, down) = (self.changes.iter(), self.changes.iter().rev());
        let up = up.take_while(|(change, _)| *change > 0).take(TOLD);
        let down = down.take_while(|(change, _)| *change < 0).take(TOLD);
        let told = up.chain(down).filter_map(|(change, symbol)| {
            Some((*symbol, of_unit(Unit::Points, self.points_of(*change).ok()?)))
        });
        told.collect()
    }

    fn points_of(&self, change: i128) -> Result<i128, Value> {
        if !mostly_known(self.known(), self.unknown) {
            return Err(unknown("no_share_capital"));
        }
        let prev_close = self.prev_close.ok_or_else(|| unknown("no_prev_close"))?;
        div_half_away(i128::from(prev_close.units()) * change, self.cap)
            .ok_or_else(|| unknown("empty_population"))
    }
}
