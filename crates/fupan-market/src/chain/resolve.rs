//! Who is in the segments of a chain in a session.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Chain, ChainSegment};
use crate::{Group, GroupKind, GroupList, InLanguage, Member, SessionDate, Symbol, Wording};

/// The members of a chain's segments in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainMembers {
    /// Every segment as a group, its name in Chinese, and its members.
    ///
    /// A member has no `since` and no `until`: it is for this session only. Its `seen_on` is the
    /// latest date of all that it rests on.
    pub list: GroupList,
    /// The groups that the chain names and no list has under any spelling, in the order of the
    /// segments.
    pub missing: Vec<MissingGroup>,
}

/// How a segment uses a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupUse {
    /// Its securities are members.
    AnyOf,
    /// Those of its securities that other groups hold too are members.
    AllOf,
    /// Its securities are no members.
    Except,
}

/// A group that a segment names and no list has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingGroup {
    /// The segment's identifier.
    pub segment: Arc<str>,
    /// The group's name.
    pub name: Arc<str>,
    /// How the segment uses it.
    pub used: GroupUse,
}

impl InLanguage for MissingGroup {
    fn wording(&self) -> Wording {
        let MissingGroup { segment, name, used } = self;
        let (en, zh) = match used {
            GroupUse::AnyOf => ("its securities are not counted", "其中的证券没有计入"),
            GroupUse::AllOf => {
                ("what it was to narrow down is not counted", "由它限定的证券没有计入")
            }
            GroupUse::Except => {
                ("the securities it was to leave out are counted", "本应由它排除的证券计入在内")
            }
        };
        Wording::new(
            format!("no list has the group `{name}` of the segment `{segment}`: {en}"),
            format!("没有名单含有环节`{segment}`的概念`{name}`：{zh}"),
        )
    }
}

/// The names of a chain's groups, every spelling of one with the same number.
type Numbers<'a> = BTreeMap<&'a str, usize>;

/// The groups that a security is in, by number, with the latest date of a statement.
type Held = BTreeMap<usize, SessionDate>;

impl Chain {
    /// The members of its segments in a session, from lists of concepts.
    ///
    /// A list's memberships are those of [`GroupList::of_symbol`]: last observed by the session,
    /// else first afterwards. A group that several lists have holds the securities of each. A
    /// named security is a member whatever the lists say, on [`Chain::named_on`]. A security
    /// counts once in a segment.
    pub fn resolve<'a>(
        &self,
        lists: impl IntoIterator<Item = &'a GroupList>,
        session: SessionDate,
    ) -> ChainMembers {
        let numbers = self.numbers();
        let mut found = vec![false; numbers.len()];
        let mut held: BTreeMap<Symbol, Held> = BTreeMap::new();
        for list in lists {
            let of_group: Vec<Option<usize>> =
                list.groups.iter().map(|group| numbers.get(&*group.name).copied()).collect();
            of_group.iter().flatten().for_each(|number| found[*number] = true);
            for own in list.members.chunk_by(|a, b| a.symbol == b.symbol) {
                let symbol = own[0].symbol;
                for member in list.of_symbol(symbol, session) {
                    let Some(number) = of_group[member.group] else { continue };
                    latest(held.entry(symbol).or_default(), number, member.seen_on);
                }
            }
        }
        ChainMembers {
            list: self.members(&numbers, &held),
            missing: self.missing(&numbers, &found),
        }
    }

    fn numbers(&self) -> Numbers<'_> {
        let mut numbers = Numbers::new();
        for (name, _) in self.segments.iter().flat_map(ChainSegment::names) {
            let number = numbers.len();
            if numbers.contains_key(name) {
                continue;
            }
            self.spellings(name).for_each(|spelling| {
                numbers.insert(spelling, number);
            });
        }
        numbers
    }

    fn members(&self, numbers: &Numbers<'_>, held: &BTreeMap<Symbol, Held>) -> GroupList {
        let mut segments: Vec<&ChainSegment> = self.segments.iter().collect();
        segments.sort_by(|a, b| a.group.cmp(&b.group));
        let mut seen: BTreeMap<Symbol, Held> = BTreeMap::new();
        for (place, segment) in segments.iter().enumerate() {
            for (symbol, held) in held {
                if let Some(seen_on) = segment.held_since(numbers, held) {
                    latest(seen.entry(*symbol).or_default(), place, seen_on);
                }
            }
            for (named, named_on) in segment.securities.iter().zip(self.named_on.iter().cycle()) {
                latest(seen.entry(named.symbol).or_default(), place, *named_on);
            }
        }
        let mut members: Vec<Member> = seen
            .into_iter()
            .flat_map(|(symbol, places)| {
                places.into_iter().map(move |(group, seen_on)| Member {
                    symbol,
                    seen_on,
                    group,
                    since: None,
                    until: None,
                })
            })
            .collect();
        members.sort_unstable();
        let group = |segment: &&ChainSegment| Group {
            id: segment.group.clone(),
            name: segment.name.zh.as_str().into(),
        };
        GroupList {
            kind: GroupKind::Chain,
            groups: segments.iter().map(group).collect(),
            members,
            nowhere: Vec::new(),
        }
    }

    fn missing(&self, numbers: &Numbers<'_>, found: &[bool]) -> Vec<MissingGroup> {
        let mut missing: Vec<MissingGroup> = Vec::new();
        for segment in &self.segments {
            for (name, used) in segment.names().filter(|(name, _)| !found[numbers[name]]) {
                let one = MissingGroup { segment: segment.id().into(), name: name.into(), used };
                if !missing.contains(&one) {
                    missing.push(one);
                }
            }
        }
        missing
    }
}

impl ChainSegment {
    /// The latest date of the statements by which a security in some groups is in the segment;
    /// `None` if it is not.
    fn held_since(&self, numbers: &Numbers<'_>, held: &Held) -> Option<SessionDate> {
        let in_group = |name: &Arc<str>| held.get(&numbers[&**name]).copied();
        if self.except.iter().any(|name| in_group(name).is_some()) {
            return None;
        }
        let in_all = |set: &Vec<Arc<str>>| {
            let dates: Option<Vec<SessionDate>> = set.iter().map(in_group).collect();
            dates.and_then(|dates| dates.into_iter().max())
        };
        self.groups.iter().filter_map(in_group).chain(self.all_of.iter().filter_map(in_all)).max()
    }
}

/// Keeps the latest date of a number.
fn latest(held: &mut Held, number: usize, seen_on: SessionDate) {
    let date = held.entry(number).or_insert(seen_on);
    *date = seen_on.max(*date);
}
