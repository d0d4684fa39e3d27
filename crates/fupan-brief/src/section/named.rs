//! The stocks that a session is remembered by, by rules: the most traded, the largest at a high, and
//! the large companies that moved most.

use std::cmp::Reverse;

use fupan_fact::{Scope, Value};
use fupan_market::{SecurityKind, Symbol};

use crate::document::{Align, Column, Inline, Inlines, Row, TableBlock};
use crate::format::Format::{Change, Plain};
use crate::view::View;

/// Stocks named in a sentence.
const NAMED: usize = 3;

/// Stocks in the table of the most traded.
const TRADED: usize = 10;

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
fn moves(view: &View<'_>, symbols: &[Symbol]) -> Inlines {
    let one = |symbol: &Symbol| {
        let figures = [("move", view.key("security_return", Scope::Security(*symbol)), Change)];
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
    let moves = moves(view, symbols);
    view.sentence_with(id, &[], |args| args.run("moves", moves))
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
    let (mut up, mut down): (Vec<_>, Vec<_>) =
        large.filter(|(moved, _)| *moved != 0).partition(|(moved, _)| *moved > 0);
    up.sort_unstable_by_key(|(moved, symbol)| (Reverse(*moved), *symbol));
    down.sort_unstable();
    let symbols = |moved: Vec<(i64, Symbol)>| moved.into_iter().map(|(_, s)| s).collect::<Vec<_>>();
    let (up, down) = (symbols(up), symbols(down));
    let both = || {
        let (rose, fell) = (moves(view, &up), moves(view, &down));
        view.sentence_with("large-movers", &[], |args| args.run("rose", rose).run("fell", fell))
    };
    let sentence = match (up.is_empty(), down.is_empty()) {
        (false, false) => both(),
        (false, true) => told(view, "large-rose", &up),
        (true, _) => told(view, "large-fell", &down),
    };
    view.paragraph(vec![sentence])
}

/// The most traded stocks, the most traded first.
fn most_traded(view: &View<'_>) -> Vec<Symbol> {
    let ranked = having(view, "turnover_rank_of").filter_map(|symbol| {
        let Some(Value::Count { count }) = view.value("turnover_rank_of", Scope::Security(symbol))
        else {
            return None;
        };
        (*count <= TRADED as i64).then_some((*count, symbol))
    });
    let mut ranked: Vec<(i64, Symbol)> = ranked.collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, symbol)| symbol).collect()
}

/// The most traded stocks with their turnover, return and market value.
pub(crate) fn most_traded_table(view: &View<'_>) -> Option<TableBlock> {
    let symbols = most_traded(view);
    if symbols.is_empty() {
        return None;
    }
    let figures = [
        ("turnover", "turnover_of", Plain),
        ("return", "security_return", Change),
        ("market-value", "market_value", Plain),
    ];
    let key = |measure: &str, symbol: Symbol| view.key(measure, Scope::Security(symbol));
    let columns = figures.iter().map(|(id, measure, format)| {
        let of: Vec<_> = symbols.iter().map(|symbol| (key(measure, *symbol), *format)).collect();
        Column { label: view.heading(&format!("stock-{id}"), &of), align: Align::End }
    });
    let first = Column { label: view.text.run("column-stock"), align: Align::Start };
    let columns = std::iter::once(first).chain(columns).collect();
    let rows = symbols.iter().map(|symbol| Row {
        head: vec![Inline::Name(*symbol)],
        cells: figures
            .iter()
            .map(|(_, measure, format)| match view.known(&key(measure, *symbol)) {
                Some(fact) => vec![Inline::Fact(fact.key.clone(), *format)],
                None => Inlines::new(),
            })
            .collect(),
    });
    Some(TableBlock {
        id: "table-most-traded".to_owned(),
        caption: view.text.run("table-most-traded"),
        columns,
        rows: rows.collect(),
    })
}
