//! Indices computed from the simulated securities.

use fupan_market::{
    Board, Exchange, Fen, IndexBar, IndexHistory, IndexList, IndexMember, Price, SessionDate,
    Symbol,
};
use rayon::prelude::*;

use crate::life::Life;
use crate::plan::INDICES;
use crate::walk::SimBar;

/// How each index of [`INDICES`] is built, in their order.
#[derive(Clone, Copy, Debug)]
struct Recipe {
    /// The base level: invented, in points.
    base: i64,
    weight: Weight,
    universe: fn(&Life) -> bool,
    /// Ranks by capitalisation at the first session, for a full market of 5,500; half-open.
    ranks: (usize, usize),
}

#[derive(Clone, Copy, Debug)]
enum Weight {
    Total,
    Float,
}

const ALL_RANKS: (usize, usize) = (0, usize::MAX);

fn exchange(life: &Life) -> Exchange {
    life.listing.symbol.exchange()
}

const RECIPES: [Recipe; INDICES.len()] = [
    Recipe {
        base: 3_000,
        weight: Weight::Total,
        universe: |life| exchange(life) == Exchange::Sse,
        ranks: ALL_RANKS,
    },
    Recipe {
        base: 10_000,
        weight: Weight::Float,
        universe: |life| exchange(life) == Exchange::Szse,
        ranks: (0, 500),
    },
    Recipe {
        base: 2_000,
        weight: Weight::Float,
        universe: |life| life.board == Board::ChiNext,
        ranks: (0, 100),
    },
    Recipe {
        base: 1_000,
        weight: Weight::Float,
        universe: |life| life.board == Board::Star,
        ranks: (0, 50),
    },
    Recipe {
        base: 1_200,
        weight: Weight::Total,
        universe: |life| life.board == Board::Star,
        ranks: ALL_RANKS,
    },
    Recipe {
        base: 4_000,
        weight: Weight::Float,
        universe: |life| exchange(life) != Exchange::Bse,
        ranks: (0, 300),
    },
    Recipe {
        base: 6_000,
        weight: Weight::Float,
        universe: |life| exchange(life) != Exchange::Bse,
        ranks: (300, 800),
    },
    Recipe {
        base: 6_500,
        weight: Weight::Float,
        universe: |life| exchange(life) != Exchange::Bse,
        ranks: (800, 1_800),
    },
    Recipe {
        base: 1_100,
        weight: Weight::Float,
        universe: |life| exchange(life) == Exchange::Bse,
        ranks: (0, 50),
    },
];

/// The size of the market that the ranks refer to.
const FULL_MARKET: usize = 5_500;

/// The wanted indices, by symbol.
pub(crate) fn histories(
    wanted: &[Symbol],
    lives: &[Life],
    dates: &[SessionDate],
) -> Vec<IndexHistory> {
    let mut histories: Vec<IndexHistory> = INDICES
        .par_iter()
        .zip(&RECIPES)
        .filter_map(|((exchange, code), recipe)| {
            let symbol = Symbol::new(*exchange, *code).ok()?;
            let members = members(recipe, lives);
            (wanted.contains(&symbol) && !members.is_empty())
                .then(|| IndexHistory { symbol, bars: bars(recipe, &members, dates) })
        })
        .collect();
    histories.sort_by_key(|history| history.symbol);
    histories
}

/// The indices whose weights are published at the end of each month.
const PUBLISHED: [(Exchange, u32); 2] = [(Exchange::Sse, 300), (Exchange::Szse, 399_006)];

/// Months before the last session for whose ends weights are published.
const MONTHS_PUBLISHED: usize = 12;

/// The weights of the members of [`PUBLISHED`] at the close of the last session of each of the last
/// months, rounded to three decimals of a percent as publishers do.
pub(crate) fn weights(wanted: &[Symbol], lives: &[Life], dates: &[SessionDate]) -> Vec<IndexList> {
    let month = |date: &SessionDate| (date.date().year(), date.date().month());
    let ends = dates.windows(2).enumerate().filter(|(_, pair)| month(&pair[0]) != month(&pair[1]));
    let ends: Vec<usize> = ends.map(|(session, _)| session).collect();
    let published = &ends[ends.len().saturating_sub(MONTHS_PUBLISHED)..];
    let mut lists = Vec::new();
    for ((exchange, code), recipe) in INDICES.iter().zip(&RECIPES) {
        let Ok(index) = Symbol::new(*exchange, *code) else { continue };
        if !PUBLISHED.contains(&(*exchange, *code)) || !wanted.contains(&index) {
            continue;
        }
        let members = members(recipe, lives);
        lists.extend(published.iter().filter_map(|session| {
            let worth = |life: &&Life| {
                let bars = life.bars.partition_point(|bar| usize::from(bar.session) <= *session);
                let bar = &life.bars[bars.checked_sub(1)?];
                let shares = shares_on(recipe.weight, life, bar.session);
                Some((life.listing.symbol, i128::from(bar.close) * shares))
            };
            let worth: Vec<(Symbol, i128)> = members.iter().filter_map(worth).collect();
            let sum: i128 = worth.iter().map(|(_, worth)| worth).sum();
            // Thousandths of a percent are ten millionths.
            let weight = |worth: i128| {
                let thousandths = (2 * worth * 100_000 + sum) / (2 * sum);
                u32::try_from(10 * thousandths).ok()
            };
            let members = worth.iter().filter(|_| sum > 0);
            let members = members
                .map(|(symbol, worth)| IndexMember { symbol: *symbol, weight: weight(*worth) });
            let members: Vec<IndexMember> = members.collect();
            (!members.is_empty()).then(|| IndexList {
                index,
                observed_on: dates[*session],
                members,
            })
        }));
    }
    lists
}

/// The members: chosen once, at the first session, by capitalisation.
fn members<'a>(recipe: &Recipe, lives: &'a [Life]) -> Vec<&'a Life> {
    let capitalisation = |life: &Life| -> i128 {
        let (Some(bar), Some(capital)) = (life.bars.first(), life.capital.first()) else {
            return 0;
        };
        i128::from(bar.prev_close) * i128::from(capital.total)
    };
    let from_start = |life: &&Life| life.bars.first().is_some_and(|bar| bar.session == 0);
    let mut members: Vec<&Life> =
        lives.iter().filter(from_start).filter(|life| (recipe.universe)(life)).collect();
    members.sort_by_key(|life| (-capitalisation(life), life.listing.symbol));
    if recipe.ranks == ALL_RANKS {
        return members;
    }
    let rank = |full: usize| (full * lives.len()).div_ceil(FULL_MARKET).min(members.len());
    let (from, to) = (rank(recipe.ranks.0), rank(recipe.ranks.1));
    members[from..to].to_vec()
}

/// The members' capitalisation at five moments of a session, in fen.
#[derive(Clone, Copy, Default)]
struct Worth {
    /// Yesterday's close of today's members. Cash dividends are not deducted: a price index falls
    /// by them.
    before: i128,
    open: i128,
    high: i128,
    low: i128,
    close: i128,
    turnover_fen: i64,
}

fn bars(recipe: &Recipe, members: &[&Life], dates: &[SessionDate]) -> Vec<IndexBar> {
    let mut worth = vec![Worth::default(); dates.len()];
    for life in members {
        add(recipe.weight, life, &mut worth);
    }
    let mut level = recipe.base * Price::UNITS;
    let mut bars = Vec::with_capacity(dates.len());
    for (worth, session) in worth.iter().zip(dates) {
        if worth.before == 0 {
            continue;
        }
        let at = |value: i128| {
            let scaled = i128::from(level) * value;
            Price::from_units(((2 * scaled + worth.before) / (2 * worth.before)) as i64)
        };
        // The members do not peak together: take a third of the way.
        let top = worth.open.max(worth.close);
        let bottom = worth.open.min(worth.close);
        let high = top + (worth.high - top) / 3;
        let low = bottom - (bottom - worth.low) / 3;
        let (Ok(open), Ok(high), Ok(low), Ok(close)) =
            (at(worth.open), at(high), at(low), at(worth.close))
        else {
            continue;
        };
        level = close.units();
        let turnover = Some(Fen(worth.turnover_fen));
        bars.push(IndexBar { session: *session, open, high, low, close, turnover });
    }
    bars
}

/// A security's shares in a session that count in an index.
fn shares_on(weight: Weight, life: &Life, session: u16) -> i128 {
    let until = life.capital.partition_point(|c| c.session <= usize::from(session));
    until.checked_sub(1).map_or(0, |i| match weight {
        Weight::Total => i128::from(life.capital[i].total),
        Weight::Float => i128::from(life.capital[i].float),
    })
}

fn add(weight: Weight, life: &Life, worth: &mut [Worth]) {
    let mut before: Option<(&SimBar, i128)> = None;
    for bar in &life.bars {
        let shares = shares_on(weight, life, bar.session);
        let total = &mut worth[usize::from(bar.session)];
        total.before += match before {
            Some((last, shares)) => i128::from(last.close) * shares,
            None => i128::from(bar.prev_close) * shares,
        };
        total.open += i128::from(bar.open) * shares;
        total.high += i128::from(bar.high) * shares;
        total.low += i128::from(bar.low) * shares;
        total.close += i128::from(bar.close) * shares;
        total.turnover_fen += bar.turnover_fen;
        before = Some((bar, shares));
    }
}
