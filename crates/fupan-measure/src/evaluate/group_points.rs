//! What the groups of a classification did to an index, in points.
//!
//! The points of the groups and of the members in no group add up to those of all members, to the last
//! digit: sums of changes are rounded one upon another, in the order of the groups' identifiers and the
//! members in no group last. So a group's points differ from its own rounded sum by one
//! ten-thousandth at most.

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_fact::{Basis, Coverage, Scope, Unit, Value};
use fupan_market::{GroupKind, GroupList, SessionDate, Symbol};

use crate::evaluate::contribution::Contributions;
use crate::evaluate::groups::SelectedGroups;
use crate::evaluate::{Draft, Evaluation, partial_basis};
use crate::measure::Measure;
use crate::measure::statistic::{Contribution, OfGroup};
use crate::total::value::{of_unit, unknown};

/// The members of an index in one group of a classification, or in none of it.
struct GroupPoints {
    /// Its place in the list; `None` of those in no group.
    group: Option<usize>,
    /// What they did to the index, in units of points.
    points: i128,
    /// Those of which it is known, the one that lifted the index most first.
    members: Vec<Symbol>,
    /// How many there are of which it is not known.
    unknown: u64,
}

/// The members of an index by groups, in the order of their identifiers, those in no group last; `None`
/// if the points of all are not known. A member that the list names in several groups counts in the
/// first.
fn by_group(
    contributions: &Contributions,
    list: &GroupList,
    session: SessionDate,
) -> Option<Vec<GroupPoints>> {
    // Members in no group come last.
    let place = |symbol: Symbol| {
        let groups = list.of_symbol(symbol, session).map(|member| member.group);
        groups.min().unwrap_or(list.groups.len())
    };
    let mut parts: BTreeMap<usize, (i128, Vec<Symbol>, u64)> = BTreeMap::new();
    for (change, symbol) in &contributions.changes {
        let (sum, members, _) = parts.entry(place(*symbol)).or_default();
        *sum = sum.checked_add(*change)?;
        members.push(*symbol);
    }
    for symbol in &contributions.unknown {
        parts.entry(place(*symbol)).or_default().2 += 1;
    }
    parts.entry(list.groups.len()).or_default();
    let (mut reached, mut before) = (0_i128, 0);
    let groups = parts.into_iter().map(|(group, (sum, members, unknown))| {
        reached = reached.checked_add(sum)?;
        let points = contributions.points_of(reached).ok()?;
        let of_group = points - before;
        before = points;
        let group = (group < list.groups.len()).then_some(group);
        Some(GroupPoints { group, points: of_group, members, unknown })
    });
    groups.collect()
}

impl GroupPoints {
    fn value(&self, of: OfGroup, contributions: &Contributions) -> Value {
        match (of, contributions.points) {
            (OfGroup::Points, _) => of_unit(Unit::Points, self.points),
            (OfGroup::Members, _) => of_unit(Unit::Securities, self.members.len() as i128),
            (OfGroup::Share, Some(0)) => unknown("index_unchanged"),
            (OfGroup::Share, None) => unknown("no_prev_close"),
            (OfGroup::Share, Some(whole)) => {
                match (i64::try_from(self.points), i64::try_from(whole)) {
                    (Ok(part), Ok(whole)) => Value::Share { part, whole },
                    _ => unknown("out_of_range"),
                }
            }
        }
    }

    fn coverage(&self) -> Coverage {
        Coverage { judged: self.members.len() as u64, unjudged: self.unknown }
    }
}

impl Evaluation<'_> {
    /// Adds what the selected groups of classifications did to the indices whose members' points are
    /// known, or what the members did that are in none. A security is in one industry, so that
    /// industries divide an index; concepts overlap and do not.
    pub(super) fn add_groups_of_indices(&mut self, measure: &Measure, of: Contribution) {
        let all = std::mem::take(&mut self.contributions);
        let groups = Arc::clone(&self.market.groups);
        let mut schemes: Vec<String> =
            self.groups.views.iter().map(|view| view.id().scheme().to_owned()).collect();
        schemes.dedup();
        for scheme in schemes {
            let industries = groups.list(&scheme).filter(|list| list.kind == GroupKind::Industry);
            let Some(list) = industries else { continue };
            for contributions in &all {
                self.add_groups_of_index(measure, of, contributions, list);
            }
        }
        self.contributions = all;
    }

    fn add_groups_of_index(
        &mut self,
        measure: &Measure,
        of: Contribution,
        contributions: &Contributions,
        list: &GroupList,
    ) {
        let Some(parts) = by_group(contributions, list, self.market.session) else { return };
        let scheme = list.groups[0].id.scheme();
        let (findings, basis) = self.of_contributions(measure, contributions);
        let inputs = match contributions.by_weights {
            true => self.inputs.by_weights(),
            false => self.inputs.for_measure(measure),
        };
        let inputs = self.inputs.with_lists(inputs, scheme, None);
        let partial =
            self.groups.views.iter().any(|view| view.id().scheme() == scheme && view.is_partial);
        for part in parts {
            let (key, value, later) = match (of, part.group) {
                (Contribution::OfGroup(of), Some(group)) => {
                    let id = &list.groups[group].id;
                    // Of a group none of whose shares trade in the session nothing is said.
                    let view = self.groups.views.iter().find(|view| view.id() == id);
                    let Some(view) = view.filter(|_| self.has_traded(&part.members)) else {
                        continue;
                    };
                    let index = contributions.index.to_string();
                    let key = self.key(measure, Some(&index), view.scope.clone());
                    (key, part.value(of, contributions), view.is_of_later)
                }
                (Contribution::Ungrouped, None)
                    if *self.selection.groups() == SelectedGroups::OfReview =>
                {
                    let index = Scope::Security(contributions.index);
                    let key = self.key(measure, Some(scheme), index);
                    (key, part.value(OfGroup::Points, contributions), false)
                }
                _ => continue,
            };
            let restated = if later { Basis::Restated } else { Basis::Exact };
            let basis = basis.max(restated).max(partial_basis(partial));
            let coverage = part.coverage();
            if self.lists_members(of) {
                self.set.members.insert(key.clone(), part.members);
            }
            let draft = Draft { key, value, coverage, findings: findings.clone(), basis };
            self.emit_with(measure, draft, Arc::clone(&inputs));
        }
    }

    /// Whether the members that a figure rests on are listed with it: where an index or groups are asked
    /// for. In a review they would be thousands of names that few look at.
    fn lists_members(&self, of: Contribution) -> bool {
        let is_asked = self.selection.index().is_some()
            || *self.selection.groups() != SelectedGroups::OfReview;
        let of_members = Contribution::OfGroup(OfGroup::Members);
        is_asked && [of_members, Contribution::OfGroup(OfGroup::Points)].contains(&of)
    }

    /// Whether one of some securities traded.
    fn has_traded(&self, symbols: &[Symbol]) -> bool {
        let days = &self.market.days;
        let day = |symbol: &Symbol| days.binary_search_by_key(symbol, |day| day.symbol).ok();
        symbols.iter().filter_map(day).any(|place| days[place].traded.is_some())
    }
}
