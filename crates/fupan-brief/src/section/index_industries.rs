//! What industries did to the SSE Composite, in points.

use std::cmp::Reverse;

use fupan_fact::{FactKey, MeasureId, Scope, Value};
use fupan_market::GroupId;

use crate::Format;
use crate::document::{Align, Column, Inline, Inlines, Row, TableBlock};
use crate::format::Format::{Change, Magnitude, Plain};
use crate::section::index_board::{composite, named};
use crate::section::ranked::{name, within};
use crate::view::View;

/// Industries at each end named in the text, and listed in the table.
const NAMED: usize = 3;
const LISTED: usize = 5;

/// The columns of the table: heading, measure and format.
const FIGURES: [(&str, &str, Format); 2] =
    [("points", "index_group_points", Change), ("index-members", "index_group_members", Plain)];

/// The industries that lifted the index, the one that lifted it most first, and those that weighed on
/// it, the heaviest first.
struct Ends {
    up: Vec<GroupId>,
    down: Vec<GroupId>,
}

fn key(view: &View<'_>, measure: &'static str, id: &GroupId) -> Option<FactKey> {
    Some(view.key_of(MeasureId::with(measure, composite()?), Scope::Group(id.clone())))
}

fn ends(view: &View<'_>, of_each: usize) -> Ends {
    let points = |id: &GroupId| match view.known(&key(view, "index_group_points", id)?)?.value {
        Value::Points { units } => Some((units, id.clone())),
        _ => None,
    };
    let mut all: Vec<(i64, GroupId)> = view.facts.groups.keys().filter_map(points).collect();
    all.sort_by_key(|(units, id)| (Reverse(*units), id.clone()));
    let up = all.iter().filter(|(units, _)| *units > 0);
    let down = all.iter().rev().filter(|(units, _)| *units < 0);
    Ends {
        up: up.take(of_each).map(|(_, id)| id.clone()).collect(),
        down: down.take(of_each).map(|(_, id)| id.clone()).collect(),
    }
}

/// "electronics (12.30 points) and coal (1.20)".
fn list(view: &View<'_>, ids: &[GroupId]) -> Inlines {
    let moved = ids.iter().filter_map(|id| {
        let figures = [("points", key(view, "index_group_points", id)?, Magnitude)];
        view.sentence_with("mover", &figures, |args| args.run("name", within(id)))
    });
    view.text.join(moved.collect(), "between-names", "before-last-name")
}

/// Which industries lifted the index most, and which weighed on it most.
pub(crate) fn paragraph(view: &View<'_>) -> Option<Inlines> {
    let Ends { up, down } = ends(view, NAMED);
    let ways = match (up.is_empty(), down.is_empty()) {
        (false, false) => "both",
        (false, true) => "up",
        (true, false) => "down",
        (true, true) => return None,
    };
    let index = named(view, composite()?);
    let (lifted, weighed) = (list(view, &up), list(view, &down));
    let told = view.sentence_with("index-industries", &[], |args| {
        args.run("index", index).choice("ways", ways).run("up", lifted).run("down", weighed)
    });
    view.paragraph(vec![told])
}

/// The industries that did most to the index, either way.
pub(crate) fn table(view: &View<'_>) -> Option<TableBlock> {
    let Ends { up, down } = ends(view, LISTED);
    let shown: Vec<GroupId> = up.into_iter().chain(down.into_iter().rev()).collect();
    if shown.is_empty() {
        return None;
    }
    let first = Column { label: view.text.run("column-industry"), align: Align::Start };
    let columns = FIGURES.iter().map(|(id, measure, format)| {
        let figures = shown.iter().filter_map(|group| Some((key(view, measure, group)?, *format)));
        Column { label: view.heading(id, &figures.collect::<Vec<_>>()), align: Align::End }
    });
    let row = |id: &GroupId| {
        let cells = FIGURES.iter().filter_map(|(_, measure, format)| {
            Some(vec![Inline::Fact(key(view, measure, id)?, *format)])
        });
        Row { head: name(id), cells: cells.collect() }
    };
    Some(TableBlock {
        id: "table-index-industries".to_owned(),
        caption: view.text.run("table-index-industries"),
        columns: std::iter::once(first).chain(columns).collect(),
        rows: shown.iter().map(row).collect(),
    })
}
