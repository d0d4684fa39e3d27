//! The stocks that a session is remembered by, by rules: the most traded, the largest at a high, the
//! large companies that moved most, and those that moved most without closing at a limit.

use std::cmp::Reverse;

use fupan_fact::{MeasureId, Scope, Value};
use fupan_market::{SecurityKind, Symbol};

use crate::Format;
use crate::document::{Align, Column, Inline, Inlines, Row, TableBlock};
use crate::format::Format::{Change, Plain};
use crate::section::ranked::name;
use crate::view::View;

/// Stocks named in a sentence.
const NAMED: usize = 3;

/// Stocks in a table.
const LISTED: usize = 10;

/// A stock's value of a measure as an integer in its unit's smallest step.
fn number(view: &View<'_>, measure: &str, symbol: Symbol) -> Option<i64> {
    let (number, _) = view.value(measure, Scope::Security(symbol))?.integers()?;
    Some(number)
}

/// The stocks that have a figure in the session.
fn having<'v>(view: &'v View<'_>, measure: &'static str) -> impl Iterator<Item = Symbol> + 'v {
    let of_session = move |key: &&fupan_fact::FactKey| {
        key.measure.name() == measure
            && (key.session, key.as_of) == (view.facts.session, view.as_of)
    };
    view.facts.facts.keys().filter(of_session).filter_map(|key| match key.scope {
        Scope::Security(symbol) if symbol.kind() != SecurityKind::Index => Some(symbol),
        _ => None,
    })
}

/// "A (+1.20%), B (−0.30%)".
fn moves(view: &View<'_>, measure: &str, symbols: &[Symbol]) -> Inlines {
    let one = |symbol: &Symbol| {
        let figures = [("move", view.key(measure, Scope::Security(*symbol)), Change)];
        view.sentence_with("stock-move", &figures, |args| {
            args.run("name", vec![Inline::Name(*symbol)])
        })
    };
    let runs = symbols.iter().take(NAMED).filter_map(one).collect();
    view.text.join(runs, "between-names", "before-last-name")
}

/// A sentence over the moves of some stocks; `None` without them.
fn told(view: &View<'_>, id: &str, symbols: &[Symbol]) -> Option<Inlines> {
    if symbols.is_empty() {
        return None;
    }
    let moves = moves(view, "security_return", symbols);
    view.sentence_with(id, &[], |args| args.run("moves", moves))
}

/// A sentence over the stocks that rose and those that fell most by a measure: the first of the
/// texts if there are both, else that of the one kind; `None` without either.
fn rose_and_fell(
    view: &View<'_>,
    [both, rose, fell]: [&str; 3],
    measure: &str,
    moved: &Ends,
) -> Option<Inlines> {
    let of = |symbols: &[Symbol]| moves(view, measure, symbols);
    match (moved.up.is_empty(), moved.down.is_empty()) {
        (false, false) => view.sentence_with(both, &[], |args| {
            args.run("rose", of(&moved.up)).run("fell", of(&moved.down))
        }),
        (false, true) => view.sentence_with(rose, &[], |args| args.run("moves", of(&moved.up))),
        (true, false) => view.sentence_with(fell, &[], |args| args.run("moves", of(&moved.down))),
        (true, true) => None,
    }
}

/// The stocks that rose, the best first, and those that fell, the worst first.
struct Ends {
    up: Vec<Symbol>,
    down: Vec<Symbol>,
}

impl Ends {
    fn of(moved: impl Iterator<Item = (i64, Symbol)>) -> Ends {
        let (mut up, mut down): (Vec<_>, Vec<_>) =
            moved.filter(|(moved, _)| *moved != 0).partition(|(moved, _)| *moved > 0);
        up.sort_unstable_by_key(|(moved, symbol)| (Reverse(*moved), *symbol));
        down.sort_unstable();
        let symbols = |moved: Vec<(i64, Symbol)>| moved.into_iter().map(|(_, s)| s).collect();
        Ends { up: symbols(up), down: symbols(down) }
    }
}

/// The largest companies among those at a one-year high, and at an all-time high.
pub(crate) fn at_highs(view: &View<'_>) -> Option<Inlines> {
    let largest = |measure: &str| {
        let key = view.key(measure, Scope::AllA);
        let members = view.facts.members.get(&key).map(Vec::as_slice).unwrap_or_default();
        let valued = members.iter().filter_map(|symbol| {
            number(view, "security_return", *symbol)?;
            Some((Reverse(number(view, "market_value", *symbol)?), *symbol))
        });
        let mut valued: Vec<(Reverse<i64>, Symbol)> = valued.collect();
        valued.sort_unstable();
        valued.into_iter().map(|(_, symbol)| symbol).collect::<Vec<_>>()
    };
    let (year, ever) = (largest("new_high_250"), largest("new_high_all_time"));
    view.paragraph(vec![
        told(view, "highs-largest", &year),
        told(view, "highs-largest-ever", &ever),
    ])
}

/// The large companies that rose and that fell most.
pub(crate) fn large_movers(view: &View<'_>) -> Option<Inlines> {
    let large = having(view, "market_value").filter_map(|symbol| {
        let is_large = number(view, "market_value", symbol)? >= fupan_fact::LARGE_COMPANY.0;
        let moved = number(view, "security_return", symbol)?;
        is_large.then_some((moved, symbol))
    });
    let texts = ["large-movers", "large-rose", "large-fell"];
    view.paragraph(vec![rose_and_fell(view, texts, "security_return", &Ends::of(large))])
}

/// The stocks that rose and that fell most since the lunch break.
fn since_the_break(view: &View<'_>) -> Ends {
    let moved = having(view, AFTERNOON.1);
    Ends::of(moved.filter_map(|symbol| Some((number(view, AFTERNOON.1, symbol)?, symbol))))
}

/// Those that surged and that slumped since the lunch break, where quotes show it.
pub(crate) fn afternoon(view: &View<'_>) -> Option<Inlines> {
    let texts = ["afternoon-movers", "afternoon-rose", "afternoon-fell"];
    view.paragraph(vec![rose_and_fell(view, texts, AFTERNOON.1, &since_the_break(view))])
}

/// The same in tables.
pub(crate) fn afternoon_tables(view: &View<'_>) -> [Option<TableBlock>; 2] {
    let Ends { mut up, mut down } = since_the_break(view);
    up.truncate(LISTED);
    down.truncate(LISTED);
    [("afternoon-best", up), ("afternoon-worst", down)]
        .map(|(id, of)| stocks_table(view, id, &of, &[AFTERNOON, RETURN, TURNOVER]))
}

/// The most traded stocks, the most traded first.
fn most_traded(view: &View<'_>) -> Vec<Symbol> {
    let ranked = having(view, "turnover_rank_of").filter_map(|symbol| {
        let Some(Value::Count { count }) = view.value("turnover_rank_of", Scope::Security(symbol))
        else {
            return None;
        };
        (*count <= LISTED as i64).then_some((*count, symbol))
    });
    let mut ranked: Vec<(i64, Symbol)> = ranked.collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, symbol)| symbol).collect()
}

/// The most traded stocks with their turnover, return and market value.
pub(crate) fn most_traded_table(view: &View<'_>) -> Option<TableBlock> {
    stocks_table(view, "most-traded", &most_traded(view), &[TURNOVER, RETURN, MARKET_VALUE])
}

/// Stocks that closed at no limit, or traded without one, by their return.
struct Moved {
    /// Under a limit, the best first.
    inside: Vec<(i64, Symbol)>,
    /// Without a limit, the largest move first.
    free: Vec<(i64, Symbol)>,
}

impl Moved {
    fn of(view: &View<'_>) -> Moved {
        let is_in = |measure: &str, symbol: &Symbol| {
            let list = view.facts.members.get(&view.key(measure, Scope::AllA));
            list.is_some_and(|members| members.contains(symbol))
        };
        let apart = ["limit_up_count", "limit_down_count", "limit_undetermined_count"];
        let moved = having(view, "security_return")
            .filter(|symbol| !apart.iter().any(|measure| is_in(measure, symbol)))
            .filter_map(|symbol| Some((number(view, "security_return", symbol)?, symbol)));
        let (mut free, mut inside): (Vec<_>, Vec<_>) =
            moved.partition(|(_, symbol)| is_in("unlimited_count", symbol));
        inside.sort_unstable_by_key(|(moved, symbol)| (Reverse(*moved), *symbol));
        free.sort_unstable_by_key(|(moved, symbol)| (Reverse(moved.abs()), *symbol));
        Moved { inside, free }
    }
}

/// The stocks that rose most and those that fell most without closing at a limit.
pub(crate) fn best_and_worst_tables(view: &View<'_>) -> [Option<TableBlock>; 2] {
    let Moved { inside, .. } = Moved::of(view);
    let best = inside.iter().filter(|(moved, _)| *moved > 0).take(LISTED);
    let worst = inside.iter().rev().filter(|(moved, _)| *moved < 0).take(LISTED);
    let symbols = |(_, symbol): &(i64, Symbol)| *symbol;
    let (best, worst): (Vec<_>, Vec<_>) =
        (best.map(symbols).collect(), worst.map(symbols).collect());
    [("best", best), ("worst", worst)]
        .map(|(id, of)| stocks_table(view, id, &of, &[RETURN, TURNOVER, MARKET_VALUE]))
}

/// The stocks that moved most on a day without a limit.
pub(crate) fn without_limit(view: &View<'_>) -> Option<Inlines> {
    let Moved { free, .. } = Moved::of(view);
    let symbols: Vec<Symbol> = free.into_iter().map(|(_, symbol)| symbol).collect();
    view.paragraph(vec![told(view, "without-limit", &symbols)])
}

/// A column of a table of stocks: its heading, its measure, and how it is printed.
pub(crate) type StockColumn = (&'static str, &'static str, Format);

pub(crate) const TURNOVER: StockColumn = ("turnover", "turnover_of", Plain);
pub(crate) const RETURN: StockColumn = ("return", "security_return", Change);
const AFTERNOON: StockColumn = ("afternoon", "afternoon_return", Change);
const MARKET_VALUE: StockColumn = ("market-value", "market_value", Plain);

/// A table of stocks with some figures, and the industry of each where one is known.
pub(crate) fn stocks_table(
    view: &View<'_>,
    id: &str,
    symbols: &[Symbol],
    figures: &[StockColumn],
) -> Option<TableBlock> {
    if symbols.is_empty() {
        return None;
    }
    let key = |measure: &'static str, symbol: Symbol| {
        let measure = match measure.split_once(':') {
            Some((name, parameter)) => MeasureId::with(name, parameter),
            None => MeasureId::new(measure),
        };
        view.key_of(measure, Scope::Security(symbol))
    };
    let is_known = |(_, measure, _): &&StockColumn| {
        symbols.iter().any(|symbol| view.known(&key(measure, *symbol)).is_some())
    };
    let figures: Vec<&StockColumn> = figures.iter().filter(is_known).collect();
    let industry = |symbol: &Symbol| view.facts.industries.get(symbol);
    let with_industry = symbols.iter().any(|symbol| industry(symbol).is_some());
    let start = |id: &str| Column { label: view.text.run(id), align: Align::Start };
    let columns = figures.iter().map(|(id, measure, format)| {
        let of: Vec<_> = symbols.iter().map(|symbol| (key(measure, *symbol), *format)).collect();
        Column { label: view.heading(&format!("stock-{id}"), &of), align: Align::End }
    });
    let last = with_industry.then(|| start("column-industry"));
    let columns = std::iter::once(start("column-stock")).chain(columns).chain(last).collect();
    let rows = symbols.iter().map(|symbol| {
        let figures = figures.iter().map(|(_, measure, format)| {
            let fact = view.known(&key(measure, *symbol));
            fact.map(|fact| vec![Inline::Fact(fact.key.clone(), *format)]).unwrap_or_default()
        });
        let last = with_industry.then(|| industry(symbol).map(name).unwrap_or_default());
        Row { head: vec![Inline::Name(*symbol)], cells: figures.chain(last).collect() }
    });
    Some(TableBlock {
        id: format!("table-{id}"),
        caption: view.text.run(&format!("table-{id}")),
        columns,
        rows: rows.collect(),
    })
}
