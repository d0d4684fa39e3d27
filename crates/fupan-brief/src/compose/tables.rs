//! The tables.

use fupan_fact::{Band, FactKey, Scope, Value};
use fupan_market::{Board, Exchange, Symbol};

use super::{figures, indices_on_board};
use crate::Format;
use crate::document::{Align, Column, Inline, Inlines, Row, Table};
use crate::format::Format::{Change, Plain};
use crate::text::Args;
use crate::view::View;

/// Names shown for the ladder's lowest rung, where they are many.
const NAMES_OF_FIRST_RUNG: usize = 40;

type Figures = [(&'static str, &'static str, Format)];

/// A table of the same figures for several scopes; rows without any known figure are left out.
fn by_scope(
    view: &View<'_>,
    (id, head): (&str, &str),
    scopes: &[Scope],
    figures: &Figures,
) -> Option<Table> {
    let known = |scope: &Scope, (_, measure, _): &(&str, &str, Format)| {
        view.known(&view.key(measure, scope.clone())).is_some()
    };
    let shown: Vec<&(&str, &str, Format)> =
        figures.iter().filter(|figure| scopes.iter().any(|scope| known(scope, figure))).collect();
    let rows: Vec<Row> = scopes
        .iter()
        .filter(|scope| shown.iter().any(|figure| known(scope, figure)))
        .map(|scope| Row {
            head: match scope {
                Scope::Security(symbol) => vec![Inline::Name(*symbol)],
                scope => vec![Inline::Scope(scope.clone())],
            },
            cells: shown
                .iter()
                .map(|(_, measure, format)| {
                    vec![Inline::Fact(view.key(measure, scope.clone()), *format)]
                })
                .collect(),
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let first = Column { label: view.text.run(head), align: Align::Start };
    let columns = shown.iter().map(|(column, _, _)| Column {
        label: view.text.run(&format!("column-{column}")),
        align: Align::End,
    });
    Some(Table {
        id: format!("table-{id}"),
        caption: view.text.run(&format!("table-{id}")),
        columns: std::iter::once(first).chain(columns).collect(),
        rows,
    })
}

/// Every index on the board.
pub(super) fn indices(view: &View<'_>) -> Option<Table> {
    let scopes: Vec<Scope> = indices_on_board(view).into_iter().map(Scope::Security).collect();
    by_scope(
        view,
        ("indices", "column-index"),
        &scopes,
        &[
            ("close", "index_close", Plain),
            ("change", "index_return", Change),
            ("points", "index_points", Change),
            ("gap", "index_breadth_gap", Change),
            ("month", "index_month_to_date", Change),
            ("year", "index_year_to_date", Change),
        ],
    )
}

const MARKETS: [Scope; 8] = [
    Scope::AllA,
    Scope::SseSzse,
    Scope::Exchange(Exchange::Sse),
    Scope::Exchange(Exchange::Szse),
    Scope::Board(Board::Main),
    Scope::Board(Board::ChiNext),
    Scope::Board(Board::Star),
    Scope::Exchange(Exchange::Bse),
];

/// Breadth by market.
pub(super) fn breadth(view: &View<'_>) -> Option<Table> {
    by_scope(
        view,
        ("breadth", "column-market"),
        &MARKETS,
        &[
            ("advances", "advances", Plain),
            ("declines", "declines", Plain),
            ("unchanged", "unchanged", Plain),
            ("share", "advance_share", Plain),
            ("median", "median_return", Change),
            ("equal", "equal_weight_return", Change),
        ],
    )
}

/// Turnover by market.
pub(super) fn turnover(view: &View<'_>) -> Option<Table> {
    by_scope(
        view,
        ("turnover", "column-market"),
        &MARKETS,
        &[
            ("turnover", "turnover", Plain),
            ("turnover-change", "turnover_change", Change),
            ("turnover-rate", "turnover_change_rate", Change),
            ("turnover-long", "turnover_vs_ma20", Change),
        ],
    )
}

/// The limit board by price-limit class and board.
pub(super) fn limit_board(view: &View<'_>) -> Option<Table> {
    let scopes = [
        Scope::AllA,
        Scope::Band(Band::Ten),
        Scope::Band(Band::Twenty),
        Scope::Band(Band::Thirty),
        Scope::Band(Band::RiskWarning),
    ];
    by_scope(
        view,
        ("limit-board", "column-class"),
        &scopes,
        &[
            ("ups", "limit_up_count", Plain),
            ("broken", "limit_up_broken_count", Plain),
            ("seal", "seal_rate", Plain),
            ("one-price", "one_price_limit_up_count", Plain),
            ("downs", "limit_down_count", Plain),
            ("highest", "max_streak", Plain),
        ],
    )
}

/// The ladder with names, highest rung first.
pub(super) fn ladder(view: &View<'_>) -> Option<Table> {
    let rungs = figures::rungs(view);
    if rungs.is_empty() {
        return None;
    }
    let column = |id: &str, align| Column { label: view.text.run(&format!("column-{id}")), align };
    let rows = rungs
        .into_iter()
        .map(|key| Row {
            head: rung_label(view, &key),
            cells: vec![vec![Inline::Fact(key.clone(), Plain)], climbers(view, &key)],
        })
        .collect();
    Some(Table {
        id: "table-ladder".to_owned(),
        caption: view.text.run("table-ladder"),
        columns: vec![
            column("rung", Align::Start),
            column("count", Align::End),
            column("names", Align::Start),
        ],
        rows,
    })
}

/// "4 in a row": the rung's height is the measure's parameter.
pub(super) fn rung_label(view: &View<'_>, key: &FactKey) -> Inlines {
    let id = match (key.measure.name(), key.measure.parameter()) {
        (figures::AT_LEAST, _) => "rung-at-least",
        (_, Some("1")) => "rung-first",
        _ => "rung",
    };
    view.text.say(id, &Args::new(view.facts).run("rung", vec![Inline::Parameter(key.clone())]))
}

/// The securities on a rung, most traded first.
fn climbers(view: &View<'_>, key: &FactKey) -> Inlines {
    let mut symbols: Vec<Symbol> = view.facts.members.get(key).cloned().unwrap_or_default();
    symbols.sort_by_key(|symbol| {
        let traded = match view.value("turnover_of", Scope::Security(*symbol)) {
            Some(Value::Money { fen }) => fen.0,
            _ => 0,
        };
        (std::cmp::Reverse(traded), *symbol)
    });
    let more = symbols.len() > NAMES_OF_FIRST_RUNG;
    symbols.truncate(NAMES_OF_FIRST_RUNG);
    let mut names = view.names(&symbols);
    if more {
        names.extend(view.text.run("and-others"));
    }
    names
}
