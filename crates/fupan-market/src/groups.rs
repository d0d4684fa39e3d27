//! The classifications of the market, gathered from what sources state.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{
    Definitions, Group, GroupId, GroupKind, GroupList, Grouped, Member, Membership, SessionDate,
    Symbol,
};

/// The classifications of the market.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// By scheme.
    lists: BTreeMap<Arc<str>, GroupList>,
    definitions: Definitions,
}

impl Groups {
    /// Builds the classifications from what sources state, in any order. A group takes its latest
    /// name; of several on one date, the first in sort order.
    pub fn of(said: impl IntoIterator<Item = Grouped>) -> Groups {
        let mut by_id: BTreeMap<GroupId, Vec<Grouped>> = BTreeMap::new();
        for one in said.into_iter().filter(|one| !one.members.is_empty()) {
            by_id.entry(one.group.id.clone()).or_default().push(one);
        }
        let mut lists: BTreeMap<Arc<str>, GroupList> = BTreeMap::new();
        for (id, said) in by_id {
            let kind = said[0].kind;
            let list = lists.entry(Arc::clone(&id.scheme)).or_insert_with(|| GroupList::of(kind));
            let latest = |one: &&Grouped| {
                let last = one.members.iter().map(|member| member.seen_on).max();
                (Reverse(last), Arc::clone(&one.group.name))
            };
            let named = said.iter().min_by_key(latest);
            let name = named.map_or_else(|| "".into(), |one| Arc::clone(&one.group.name));
            let group = list.groups.len();
            list.groups.push(Group { id, name });
            list.members.reserve(said.iter().map(|one| one.members.len()).sum());
            list.members.extend(said.iter().flat_map(|one| &one.members).map(|member| {
                let Membership { symbol, seen_on, since, until } = *member;
                Member { symbol, seen_on, group, since, until }
            }));
        }
        for list in lists.values_mut() {
            list.members.sort_unstable();
            list.members.dedup();
        }
        Groups { lists, definitions: Definitions::default() }
    }

    /// The same classifications, with statements that a security is in no group of a scheme's list.
    pub fn with_nowhere(
        mut self,
        stated: impl IntoIterator<Item = (Arc<str>, Symbol, SessionDate)>,
    ) -> Groups {
        for (scheme, symbol, seen_on) in stated {
            if let Some(list) = self.lists.get_mut(&scheme) {
                list.nowhere.push((symbol, seen_on));
            }
        }
        for list in self.lists.values_mut() {
            list.nowhere.sort_unstable();
            list.nowhere.dedup();
        }
        self
    }

    /// The same classifications, with a reader's chains and concepts that are no themes.
    pub fn with(self, definitions: Definitions) -> Groups {
        Groups { definitions, ..self }
    }

    /// The chains, and the concepts that are no themes.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// Adds a list under the scheme of its groups, in place of any that is there. A list without
    /// groups adds nothing.
    pub fn insert(&mut self, list: GroupList) {
        if let Some(group) = list.groups.first() {
            self.lists.insert(Arc::clone(&group.id.scheme), list);
        }
    }

    /// All classifications, by scheme.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &GroupList)> {
        self.lists.iter().map(|(scheme, list)| (&**scheme, list))
    }

    /// A classification.
    pub fn list(&self, scheme: &str) -> Option<&GroupList> {
        self.lists.get(scheme)
    }

    /// The lists of a kind. A single group is not a classification.
    fn of_kind(&self, kind: GroupKind) -> impl Iterator<Item = &GroupList> {
        self.lists.values().filter(move |list| list.kind == kind && list.groups.len() > 1)
    }

    /// The classification that a review uses for industries: among those that cover nearly as many
    /// securities as any, the one with the fewest groups.
    pub fn industries(&self) -> Option<&GroupList> {
        let lists = || self.of_kind(GroupKind::Industry);
        let named = |list: &GroupList| list.members.chunk_by(|a, b| a.symbol == b.symbol).count();
        let most = lists().map(named).max()?;
        let wide = lists().filter(|list| named(list) * 10 >= most * 9);
        wide.min_by_key(|list| list.groups.len())
    }

    /// The list that a review uses for themes: of the lists of concepts, the one with the most
    /// memberships; of several, the first by scheme.
    pub fn themes(&self) -> Option<&GroupList> {
        self.of_kind(GroupKind::Concept).min_by_key(|list| Reverse(list.members.len()))
    }

    /// The group with an identifier. A name that only one group has may replace its code.
    pub fn find(&self, id: &GroupId) -> Option<&Group> {
        let groups = &self.list(id.scheme())?.groups;
        if let Ok(place) = groups.binary_search_by(|group| group.id.cmp(id)) {
            return Some(&groups[place]);
        }
        let mut named = groups.iter().filter(|group| *group.name == *id.code());
        named.next().filter(|_| named.next().is_none())
    }
}
