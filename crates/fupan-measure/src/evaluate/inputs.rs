//! The stored data that a figure rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fupan_fact::InputRef;
use fupan_market::{Definitions, GroupId, GroupKind, Own};

use crate::catalogue::catalogue;
use crate::measure::{Measure, Needs};

/// The inputs that measures rest on, by what they need.
pub(crate) struct InputsByNeed {
    by_need: BTreeMap<Needs, Arc<[InputRef]>>,
    /// Inputs that may assign securities to groups.
    lists: Vec<InputRef>,
}

/// The tables that hold the data a measure needs. Quotes are inputs at instants only; then
/// figures of indices rest on those of indices, and all others on those of shares.
fn tables(needs: Needs) -> Vec<&'static str> {
    [
        (Needs::PRICES, &["daily_bar", "quote"][..]),
        (Needs::TURNOVER, &["daily_bar", "quote"]),
        (Needs::LIMITS, &["daily_bar", "quote", "security"]),
        (Needs::SHARES, &["daily_bar", "quote", "security", "share_capital"]),
        (Needs::INDICES, &["index_bar", "index_quote"]),
        (Needs::WEIGHTS, &["daily_bar", "index_weight"]),
        (Needs::FUNDS, &["fund_bar"]),
    ]
    .into_iter()
    .filter(|(need, _)| needs.has(*need))
    .flat_map(|(_, tables)| tables.iter().copied())
    .collect()
}

/// The reader's definition that figures of a group rest on: of a segment its chain, of a concept the
/// list of those that are no themes.
pub(crate) fn defined_by(definitions: &Definitions, group: &GroupId) -> Option<InputRef> {
    fn input<T>(own: &Own<T>) -> InputRef {
        let table = "definition".to_owned();
        InputRef { table, source: own.source.clone(), digest: own.digest.clone() }
    }
    match (group.is_chain(), group.is_concept()) {
        (true, _) => definitions.own_chain(group.scheme()).map(input),
        (_, true) => definitions.own_not_themes().map(input),
        _ => None,
    }
}

impl InputsByNeed {
    pub(crate) fn of(inputs: &[InputRef]) -> InputsByNeed {
        let of_tables = |tables: &[&str]| {
            let mut some: Vec<InputRef> =
                inputs.iter().filter(|i| tables.contains(&i.table.as_str())).cloned().collect();
            some.sort();
            some.dedup();
            some
        };
        let needs: BTreeSet<Needs> = catalogue().iter().map(|measure| measure.needs).collect();
        InputsByNeed {
            by_need: needs
                .into_iter()
                .map(|needs| (needs, of_tables(&tables(needs)).into()))
                .collect(),
            lists: of_tables(&["industry", "group_member", "security"]),
        }
    }

    /// Those of a measure's inputs that are among some files.
    pub(crate) fn of_files(&self, measure: &Measure, files: &[String]) -> Arc<[InputRef]> {
        let is_one = |input: &&InputRef| files.contains(&input.digest);
        self.for_measure(measure).iter().filter(is_one).cloned().collect()
    }

    /// The inputs of a measure's figures of the groups of a classification, which a reader's
    /// definition may have a part in.
    pub(crate) fn with_groups(
        &self,
        measure: &Measure,
        scheme: &str,
        defined: Option<InputRef>,
    ) -> Arc<[InputRef]> {
        self.with_lists(self.for_measure(measure), scheme, defined)
    }

    /// Inputs, and those of the groups of a classification.
    pub(crate) fn with_lists(
        &self,
        inputs: &[InputRef],
        scheme: &str,
        defined: Option<InputRef>,
    ) -> Arc<[InputRef]> {
        let is_its = |input: &&InputRef| {
            let of_level = |level| GroupId::of_level(&input.source, level, None, "any").ok();
            let of_kind = |kind| GroupId::of_kind(&input.source, kind, None, "any").ok();
            let ids: Vec<GroupId> = match input.table.as_str() {
                "group_member" => GroupKind::ALL.into_iter().filter_map(of_kind).collect(),
                _ => (1..=GroupId::LEVELS).filter_map(of_level).collect(),
            };
            ids.iter().any(|id| id.scheme() == scheme)
        };
        let lists = self.lists.iter().filter(is_its);
        let mut all: Vec<InputRef> = inputs.iter().chain(lists).chain(&defined).cloned().collect();
        all.sort();
        all.dedup();
        all.into()
    }

    /// The inputs of figures about an index whose members are weighed by published weights.
    pub(crate) fn by_weights(&self) -> &Arc<[InputRef]> {
        &self.by_need[&Needs::INDICES.and(Needs::WEIGHTS)]
    }

    pub(crate) fn for_measure(&self, measure: &Measure) -> &Arc<[InputRef]> {
        &self.by_need[&measure.needs]
    }
}
