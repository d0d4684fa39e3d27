//! The groups of a session that have figures over its last sessions, as SQL reads them.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use fupan_fact::{Fact, FactKey, Scope};
use fupan_market::GroupId;
use fupan_measure::{Kind, Rotation, catalogue};

use crate::Error;

/// A group with figures over sessions, and whether it has a place among others of its kind.
pub(crate) struct ToldGroup {
    id: GroupId,
    is_placed: bool,
}

/// The figure of groups over sessions that a key names, if it names one.
fn rotation(key: &FactKey) -> Option<Rotation> {
    let name = key.measure.name();
    catalogue().iter().find_map(|measure| match measure.kind {
        Kind::Rotation { rotation, .. } if measure.name() == name => Some(rotation),
        _ => None,
    })
}

/// Whether a figure rests on what groups returned in the last sessions.
pub(crate) fn looks_back(key: &FactKey) -> bool {
    rotation(key).is_some()
}

/// The groups that have such figures among some facts.
pub(crate) fn of<'f>(facts: impl IntoIterator<Item = &'f Fact>) -> Vec<ToldGroup> {
    let (mut told, mut placed) = (BTreeSet::new(), BTreeSet::new());
    for fact in facts {
        let Scope::Group(id) = &fact.key.scope else { continue };
        match rotation(&fact.key) {
            Some(Rotation::Return(_)) => told.insert(id.clone()),
            Some(Rotation::Place(_)) => placed.insert(id.clone()),
            _ => false,
        };
    }
    let told = told.into_iter();
    told.map(|id| ToldGroup { is_placed: placed.contains(&id), id }).collect()
}

/// Their identifiers.
pub(crate) fn ids(told: &[ToldGroup]) -> Vec<GroupId> {
    told.iter().map(|group| group.id.clone()).collect()
}

/// The rows of `told_group`.
pub(crate) fn batch(told: &[ToldGroup]) -> Result<RecordBatch, Error> {
    let kind = |group: &ToldGroup| match (group.is_placed, group.id.is_concept()) {
        (true, true) => Some("theme"),
        (true, false) => Some("industry"),
        (false, _) => None,
    };
    let subjects: StringArray = told.iter().map(|group| Some(group.id.to_string())).collect();
    let kinds: StringArray = told.iter().map(kind).collect();
    let columns =
        [("subject", Arc::new(subjects) as ArrayRef), ("kind", Arc::new(kinds) as ArrayRef)];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, of)| (name, of, true)))
        .map_err(Error::table)
}
