//! The first day on which groups may change after lists of groups have changed.
//!
//! What a list says of a security applies from its date to that of the next one that names it; what
//! the first says applies to all days before, too.

use std::collections::{BTreeMap, BTreeSet};

use fupan_market::{Chain, Codes, GroupId, GroupList, Groups, Member, SessionDate, Symbol};
use fupan_table::Table;

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::read::{definitions, groups};

/// What may differ: everything from a day on, and securities from their first row on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    pub from: Option<SessionDate>,
    pub whole: BTreeSet<Symbol>,
}

/// The files of lists, by table.
pub(crate) type Files<'a> = &'a dyn Fn(Table) -> Vec<DataFile>;

/// What may differ between two states of the lists.
pub(crate) fn changed(
    before: Files<'_>,
    after: Files<'_>,
    codes: &Codes,
) -> Result<Changed, StoreError> {
    let read = |files_of: Files<'_>| {
        let files = [Table::Industry, Table::GroupMember, Table::Security].map(files_of);
        let lists = groups::read([&files[0], &files[1], &files[2]], codes)?;
        let files = files_of(Table::Definition);
        let own = definitions::read(&files, &vec![String::new(); files.len()])?;
        Ok::<_, StoreError>(lists.groups.with(own.definitions))
    };
    Ok(between(&read(before)?, &read(after)?))
}

fn between(before: &Groups, after: &Groups) -> Changed {
    let mut changed = Changed::default();
    let schemes: BTreeSet<&str> =
        before.lists().chain(after.lists()).map(|(scheme, _)| scheme).collect();
    for scheme in schemes {
        changed.add_list(before.list(scheme), after.list(scheme));
    }
    let themes = |groups: &Groups| groups.themes().and_then(|list| list.groups.first().cloned());
    let scheme = |groups: &Groups| themes(groups).map(|group| group.id.scheme().to_owned());
    let chains =
        |groups: &Groups| -> Vec<Chain> { groups.definitions().chains().cloned().collect() };
    let (were, are) = (chains(before), chains(after));
    if scheme(before) != scheme(after) || were != are {
        // The segments of chains are resolved from another list, or otherwise.
        let lists = [before.themes(), after.themes()].into_iter().flatten();
        changed.whole.extend(lists.flat_map(|list| &list.members).map(|member| member.symbol));
        let others = were.iter().filter(|chain| !are.contains(chain));
        let others = others.chain(are.iter().filter(|chain| !were.contains(chain)));
        let segments = others.flat_map(Chain::segments);
        let named = segments.flat_map(|segment| &segment.securities);
        changed.whole.extend(named.map(|named| named.symbol));
    }
    changed
}

/// What a list says of a security: by date, the groups by identifier, each with its first day and the
/// first day after.
type Said<'a> =
    BTreeMap<SessionDate, BTreeSet<(&'a GroupId, Option<SessionDate>, Option<SessionDate>)>>;

impl Changed {
    fn add_list(&mut self, before: Option<&GroupList>, after: Option<&GroupList>) {
        let (was, is) = (said(before), said(after));
        let symbols: BTreeSet<Symbol> = was.keys().chain(is.keys()).copied().collect();
        let none = Said::new();
        for symbol in symbols {
            let (was, is) = (was.get(&symbol).unwrap_or(&none), is.get(&symbol).unwrap_or(&none));
            let dates: BTreeSet<&SessionDate> = was.keys().chain(is.keys()).collect();
            let mut dates = dates.into_iter().enumerate();
            match dates.find(|(_, on)| was.get(on) != is.get(on)) {
                None => {}
                Some((0, _)) => {
                    self.whole.insert(symbol);
                }
                Some((_, on)) => {
                    self.from = Some(self.from.map_or(*on, |from| from.min(*on)));
                }
            }
        }
        // Segments of chains take groups by their names.
        let named = |list: &GroupList, id: &GroupId| {
            let place = list.groups.binary_search_by(|group| group.id.cmp(id)).ok()?;
            Some(list.groups[place].name.clone())
        };
        let (Some(before), Some(after)) = (before, after) else { return };
        let renamed = |member: &&Member| {
            let id = &before.groups[member.group].id;
            named(after, id).is_some_and(|name| Some(name) != named(before, id))
        };
        self.whole.extend(before.members.iter().filter(renamed).map(|member| member.symbol));
    }
}

/// What a list says, by security.
fn said(list: Option<&GroupList>) -> BTreeMap<Symbol, Said<'_>> {
    let mut said: BTreeMap<Symbol, Said<'_>> = BTreeMap::new();
    if let Some(list) = list {
        for (symbol, seen_on) in &list.nowhere {
            said.entry(*symbol).or_default().entry(*seen_on).or_default();
        }
        for member in &list.members {
            let on_date = said.entry(member.symbol).or_default().entry(member.seen_on).or_default();
            on_date.insert((&list.groups[member.group].id, member.since, member.until));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use fupan_market::{Group, GroupKind, Grouped, Membership};

    use super::*;

    fn on(text: &str) -> SessionDate {
        text.parse().unwrap()
    }

    /// Lists of concepts: a group's code, its name, a security and a date a row.
    fn lists(rows: &[(&str, &str, &str, &str)]) -> Groups {
        Groups::of(rows.iter().map(|(source, name, symbol, seen_on)| {
            let (source, code) = source.split_once('.').unwrap();
            let id = GroupId::of_kind(source, GroupKind::Concept, Some(code), name).unwrap();
            let symbol = symbol.parse().unwrap();
            let members =
                vec![Membership { symbol, seen_on: on(seen_on), since: None, until: None }];
            Grouped { kind: GroupKind::Concept, group: Group { id, name: (*name).into() }, members }
        }))
    }

    fn changed(from: Option<&str>, whole: &[&str]) -> Changed {
        let whole = whole.iter().map(|symbol| symbol.parse().unwrap()).collect();
        Changed { from: from.map(on), whole }
    }

    const FIRST: [(&str, &str, &str, &str); 3] = [
        ("ths.1", "甲", "600000.SH", "2026-01-05"),
        ("ths.2", "乙", "600000.SH", "2026-01-05"),
        ("ths.1", "甲", "600004.SH", "2026-01-05"),
    ];

    #[test]
    fn a_later_list_changes_the_days_from_its_own_on() {
        let before = lists(&FIRST);
        assert_eq!(between(&before, &before), Changed::default());
        let later = [("ths.1", "甲", "600000.SH", "2026-02-02")];
        let after = lists(&[&FIRST[..], &later].concat());
        assert_eq!(between(&before, &after), changed(Some("2026-02-02"), &[]));
        assert_eq!(between(&after, &before), changed(Some("2026-02-02"), &[]));
    }

    #[test]
    fn what_is_said_first_reaches_over_all_days() {
        let before = lists(&FIRST);
        let new = [("ths.2", "乙", "600006.SH", "2026-02-02")];
        let after = lists(&[&FIRST[..], &new].concat());
        assert_eq!(between(&before, &after), changed(None, &["600006.SH"]));
        let earlier = [("ths.2", "乙", "600004.SH", "2025-12-01")];
        let after = lists(&[&FIRST[..], &earlier].concat());
        assert_eq!(between(&before, &after), changed(None, &["600004.SH"]));
        assert_eq!(
            between(&Groups::default(), &before),
            changed(None, &["600000.SH", "600004.SH"])
        );
    }

    #[test]
    fn a_new_name_or_another_list_of_themes_counts() {
        let before = lists(&FIRST);
        let renamed = FIRST.map(|(id, name, symbol, seen_on)| {
            (id, if name == "乙" { "丙" } else { name }, symbol, seen_on)
        });
        assert_eq!(between(&before, &lists(&renamed)), changed(None, &["600000.SH"]));
        let other = ["1", "2"].into_iter().flat_map(|code| {
            let symbols = ["600000.SH", "600006.SH"].into_iter();
            symbols.map(move |symbol| (code, symbol))
        });
        let other: Vec<_> = other
            .map(|(code, symbol)| {
                let id = if code == "1" { "em.1" } else { "em.2" };
                (id, if code == "1" { "丁" } else { "戊" }, symbol, "2026-01-05")
            })
            .collect();
        let after = lists(&[&FIRST[..], &other].concat());
        let all = changed(None, &["600000.SH", "600004.SH", "600006.SH"]);
        assert_eq!(between(&before, &after), all);
    }
}
