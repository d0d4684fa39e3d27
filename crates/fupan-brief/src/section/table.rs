//! Tables of the same figures for several scopes, and pictures of some facts.

use fupan_fact::Scope;
use fupan_market::{Board, Exchange};

use crate::Format;
use crate::document::{Align, Column, Inline, Picture, PictureKind, PictureMark, Row, TableBlock};
use crate::view::View;

pub(crate) type Figures = [(&'static str, &'static str, Format)];

pub(crate) const MARKETS: [Scope; 8] = [
    Scope::AllA,
    Scope::SseSzse,
    Scope::Exchange(Exchange::Sse),
    Scope::Exchange(Exchange::Szse),
    Scope::Board(Board::Main),
    Scope::Board(Board::ChiNext),
    Scope::Board(Board::Star),
    Scope::Exchange(Exchange::Bse),
];

/// A table of the same figures for several scopes, without rows that have no known figure.
pub(crate) fn by_scope(
    view: &View<'_>,
    (id, head): (&str, &str),
    scopes: &[Scope],
    figures: &Figures,
) -> Option<TableBlock> {
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
    let columns = shown.iter().map(|(column, measure, format)| {
        let figures = scopes.iter().map(|scope| (view.key(measure, scope.clone()), *format));
        let label = view.heading(column, &figures.collect::<Vec<_>>());
        Column { label, align: Align::End }
    });
    Some(TableBlock {
        id: format!("table-{id}"),
        caption: view.text.run(&format!("table-{id}")),
        columns: std::iter::once(first).chain(columns).collect(),
        rows,
    })
}

pub(crate) fn figure(
    view: &View<'_>,
    id: &str,
    kind: PictureKind,
    marks: Vec<PictureMark>,
) -> Option<Picture> {
    let figures: Vec<_> = marks.iter().map(|mark| (mark.key.clone(), mark.format)).collect();
    let caption = view.caption(&format!("figure-{id}"), &figures);
    (!marks.is_empty()).then(|| Picture { id: format!("figure-{id}"), kind, caption, marks })
}
