//! Groups of shares by their return: which led and which lagged.

use std::cmp::Reverse;

use fupan_fact::{FactKey, Scope, Value};
use fupan_market::GroupId;

use crate::Format;
use crate::document::{Align, Column, Inline, Inlines, Row};
use crate::format::Format::Change;
use crate::section::table::Figures;
use crate::view::View;

/// Groups with a known return, best first, and the measure used.
pub(crate) struct Ranked {
    pub(crate) measure: &'static str,
    pub(crate) groups: Vec<GroupId>,
}

impl Ranked {
    /// The groups in which shares traded: by cap-weighted return if every one has it, else by
    /// equal-weighted return. `None` if there are fewer than two, and so no best and worst.
    pub(crate) fn by_cap<'g>(
        view: &View<'_>,
        ids: impl Iterator<Item = &'g GroupId>,
    ) -> Option<Ranked> {
        let traded: Vec<&GroupId> =
            ids.filter(|id| return_of(view, "equal_weight_return", id).is_some()).collect();
        let is_weighted = |id: &&GroupId| return_of(view, "cap_weight_return", id).is_some();
        let measure = match traded.iter().all(is_weighted) {
            true => "cap_weight_return",
            false => "equal_weight_return",
        };
        Ranked::by(view, measure, traded.into_iter())
    }

    /// The groups by a measure; `None` if fewer than two have a figure.
    pub(crate) fn by<'g>(
        view: &View<'_>,
        measure: &'static str,
        ids: impl Iterator<Item = &'g GroupId>,
    ) -> Option<Ranked> {
        let known = ids.filter_map(|id| Some((return_of(view, measure, id)?, id.clone())));
        let mut known: Vec<(i64, GroupId)> = known.collect();
        known.sort_by_key(|(moved, id)| (Reverse(*moved), id.clone()));
        let groups: Vec<GroupId> = known.into_iter().map(|(_, id)| id).collect();
        (groups.len() > 1).then_some(Ranked { measure, groups })
    }

    pub(crate) fn key(&self, view: &View<'_>, id: &GroupId) -> FactKey {
        view.key(self.measure, Scope::Group(id.clone()))
    }

    /// The best and the worst `of_each`, without overlap.
    pub(crate) fn ends(&self, of_each: usize) -> (&[GroupId], &[GroupId]) {
        let of_each = of_each.min(self.groups.len() / 2);
        (&self.groups[..of_each], &self.groups[self.groups.len() - of_each..])
    }

    /// "Electronics (+1.20%), Steel (+0.80%)".
    pub(crate) fn moves<'g>(
        &self,
        view: &View<'_>,
        groups: impl IntoIterator<Item = &'g GroupId>,
    ) -> Inlines {
        let moves = groups.into_iter().filter_map(|id| {
            let figures = [("move", self.key(view, id), Change)];
            view.sentence_with("group-move", &figures, |args| args.run("group", within(id)))
        });
        view.text.join(moves.collect(), "between-names", "before-last-name")
    }
}

fn return_of(view: &View<'_>, measure: &'static str, id: &GroupId) -> Option<i64> {
    match view.value(measure, Scope::Group(id.clone())) {
        Some(Value::Return { ppb }) => Some(ppb.0),
        _ => None,
    }
}

/// A group's name.
pub(crate) fn name(id: &GroupId) -> Inlines {
    vec![Inline::Scope(Scope::Group(id.clone()))]
}

/// A group's name within a sentence.
pub(crate) fn within(id: &GroupId) -> Inlines {
    vec![Inline::Group(id.clone())]
}

/// The columns and rows of a table of groups: a head, and the figures that at least one has.
pub(crate) fn figures_of(
    view: &View<'_>,
    head: &str,
    shown: &[&GroupId],
    figures: &Figures,
) -> (Vec<Column>, Vec<Row>) {
    let key = |measure: &str, id: &GroupId| view.key(measure, Scope::Group(id.clone()));
    let is_known = |(_, measure, _): &&(&str, &str, Format)| {
        shown.iter().any(|id| view.known(&key(measure, id)).is_some())
    };
    let figures: Vec<_> = figures.iter().filter(is_known).collect();
    let first = Column { label: view.text.run(head), align: Align::Start };
    let columns = figures.iter().map(|(id, measure, format)| {
        let figures = shown.iter().map(|group| (key(measure, group), *format));
        Column { label: view.heading(id, &figures.collect::<Vec<_>>()), align: Align::End }
    });
    let cells = |id: &GroupId| {
        let cell = |(_, measure, format): &&(&str, &str, Format)| {
            vec![Inline::Fact(key(measure, id), *format)]
        };
        figures.iter().map(cell).collect()
    };
    let rows = shown.iter().map(|id| Row { head: name(id), cells: cells(id) });
    (std::iter::once(first).chain(columns).collect(), rows.collect())
}
