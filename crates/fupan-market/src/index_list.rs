//! Members of indices and their weights, from dated lists.

use std::cmp::Reverse;

use crate::{SessionDate, Symbol};

/// The weight of a whole index. Weights are whole millionths of their index, that is 0.0001 %:
/// publishers state percent with three or four decimals.
pub const WHOLE_INDEX: u32 = 1_000_000;

/// How many half steps of rounding a sum of weights may be off for the root of each weight: the
/// error of one is 0.58 of a half step, so that five standard deviations are allowed for.
const STEPS_OFF: u32 = 3;

/// A member of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexMember {
    /// The security, under its last code.
    pub symbol: Symbol,
    /// Its weight in millionths of the index; `None` if the list names members only.
    pub weight: Option<u32>,
}

/// The members of an index, as one list of one date states them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexList {
    /// The index.
    pub index: Symbol,
    /// The date of the list. Its weights are those after the close of that day.
    pub observed_on: SessionDate,
    /// The members, by symbol, each once.
    pub members: Vec<IndexMember>,
}

/// The lists of indices, each index's earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexLists {
    lists: Vec<IndexList>,
}

impl IndexList {
    /// Whether it states the weight of every member.
    pub fn is_weighted(&self) -> bool {
        !self.members.is_empty() && self.members.iter().all(|member| member.weight.is_some())
    }

    /// The sum of the weights that it states, in millionths of the index; near [`WHOLE_INDEX`] if
    /// the list is complete.
    pub fn weight_sum(&self) -> u64 {
        self.members.iter().filter_map(|member| member.weight).map(u64::from).sum()
    }

    /// Whether the stated weights add up to the whole index, as far as rounding lets them.
    pub fn is_whole(&self) -> bool {
        are_whole(self.members.iter().filter_map(|member| member.weight))
    }

    /// The member with a symbol.
    pub fn member(&self, symbol: Symbol) -> Option<&IndexMember> {
        let place = self.members.binary_search_by_key(&symbol, |member| member.symbol).ok()?;
        Some(&self.members[place])
    }

    /// Whether the list is of a later day than a session, so that the index may have had other
    /// members or weights then.
    pub fn is_of_later(&self, session: SessionDate) -> bool {
        self.observed_on > session
    }

    /// What decides between two lists of one index and date: weights that are whole, weights, then more
    /// members.
    fn rank(&self) -> (bool, bool, usize) {
        (self.is_weighted() && self.is_whole(), self.is_weighted(), self.members.len())
    }
}

/// Whether weights add up to the whole of an index or a group, as far as rounding lets them.
///
/// Errors of rounding add up as a random walk does: to a few times half a step, times the root of the
/// count. The step is that of the coarsest decimals in which every weight can be written.
pub fn are_whole(weights: impl Iterator<Item = u32> + Clone) -> bool {
    let steps = [1_000, 100, 10];
    let step = steps.into_iter().find(|step| weights.clone().all(|weight| weight % step == 0));
    let (sum, count) =
        weights.fold((0, 0), |(sum, n), weight| (sum + u64::from(weight), n + 1_u64));
    let off = sum.abs_diff(u64::from(WHOLE_INDEX));
    let most = u64::from(STEPS_OFF * step.unwrap_or(1));
    (2 * off).saturating_pow(2) <= most * most * count
}

impl IndexLists {
    /// Gathers lists in any order. Of several of one index and date the one with weights is kept, those
    /// that add up first, else the one with more members, else the first.
    pub fn of(lists: impl IntoIterator<Item = IndexList>) -> IndexLists {
        let mut lists: Vec<IndexList> = lists.into_iter().collect();
        for list in &mut lists {
            list.members.sort_unstable();
            list.members.dedup_by_key(|member| member.symbol);
        }
        lists.retain(|list| !list.members.is_empty());
        lists.sort_by_key(|list| (list.index, list.observed_on, Reverse(list.rank())));
        lists.dedup_by_key(|list| (list.index, list.observed_on));
        IndexLists { lists }
    }

    /// The list of an index's members that holds in a session: the latest by then, else the first
    /// afterwards (see [`IndexList::is_of_later`]).
    pub fn members(&self, index: Symbol, session: SessionDate) -> Option<&IndexList> {
        self.holding(index, session, |_| true)
    }

    /// As [`members`](IndexLists::members), among the lists that state weights.
    pub fn weights(&self, index: Symbol, session: SessionDate) -> Option<&IndexList> {
        self.holding(index, session, IndexList::is_weighted)
    }

    /// The list that held at the open of a session: the latest of a day before it that states the
    /// weight of every member and is whole. A session's return weighs its members by the close before
    /// it; of a part of the members, each would weigh too much.
    pub fn weights_before(&self, index: Symbol, session: SessionDate) -> Option<&IndexList> {
        let holds =
            |list: &IndexList| list.observed_on < session && list.is_weighted() && list.is_whole();
        self.of_index(index).iter().rfind(|list| holds(list))
    }

    /// The indices that have a list, ascending.
    pub fn indices(&self) -> impl Iterator<Item = Symbol> {
        self.lists.chunk_by(|a, b| a.index == b.index).map(|lists| lists[0].index)
    }

    /// All lists of an index, earliest first.
    pub fn of_index(&self, index: Symbol) -> &[IndexList] {
        let first = self.lists.partition_point(|list| list.index < index);
        let rest = &self.lists[first..];
        &rest[..rest.partition_point(|list| list.index == index)]
    }

    fn holding(
        &self,
        index: Symbol,
        session: SessionDate,
        wanted: impl Fn(&IndexList) -> bool,
    ) -> Option<&IndexList> {
        let of_index = || self.of_index(index).iter().filter(|list| wanted(list));
        let by_then = of_index().rfind(|list| !list.is_of_later(session));
        by_then.or_else(|| of_index().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(text: &str) -> Symbol {
        text.parse().unwrap()
    }

    fn day(text: &str) -> SessionDate {
        text.parse().unwrap()
    }

    fn list(index: &str, on: &str, members: &[(&str, Option<u32>)]) -> IndexList {
        let member = |(who, weight): &(&str, Option<u32>)| IndexMember {
            symbol: symbol(who),
            weight: *weight,
        };
        let members = members.iter().map(member).collect();
        IndexList { index: symbol(index), observed_on: day(on), members }
    }

    const A: &str = "600001.SH";
    const B: &str = "000002.SZ";
    const INDEX: &str = "000300.SH";

    #[test]
    fn the_latest_list_by_a_session_holds_and_else_the_first_after_it() {
        let lists = IndexLists::of([
            list(INDEX, "2026-05-29", &[(B, None), (A, None)]),
            list(INDEX, "2026-04-30", &[(A, Some(600_000)), (B, Some(400_000))]),
            list("000016.SH", "2026-01-30", &[(A, Some(WHOLE_INDEX))]),
            list(INDEX, "2026-06-30", &[(A, Some(WHOLE_INDEX))]),
            list("000010.SH", "2026-06-30", &[]),
        ]);
        let indices: Vec<String> = lists.indices().map(|index| index.to_string()).collect();
        assert_eq!(indices, ["000016.SH", INDEX]);
        let on = |list: Option<&IndexList>| list.map(|list| list.observed_on.to_string());
        for (session, members, weights, before) in [
            ("2026-04-01", "2026-04-30", "2026-04-30", None),
            ("2026-04-30", "2026-04-30", "2026-04-30", None),
            ("2026-05-29", "2026-05-29", "2026-04-30", Some("2026-04-30")),
            ("2026-06-30", "2026-06-30", "2026-06-30", Some("2026-04-30")),
            ("2026-07-01", "2026-06-30", "2026-06-30", Some("2026-06-30")),
        ] {
            let (index, session) = (symbol(INDEX), day(session));
            let found = [
                on(lists.members(index, session)),
                on(lists.weights(index, session)),
                on(lists.weights_before(index, session)),
            ];
            let expected = [Some(members), Some(weights), before].map(|on| on.map(str::to_owned));
            assert_eq!(found, expected, "{session}");
        }
        assert_eq!(lists.weights(symbol("000905.SH"), day("2026-06-30")), None);
        let first = lists.weights(symbol(INDEX), day("2026-04-01")).unwrap();
        assert!(first.is_of_later(day("2026-04-29")) && !first.is_of_later(day("2026-04-30")));
        assert_eq!(first.weight_sum(), u64::from(WHOLE_INDEX));
        // By symbol, whatever their order in the list.
        assert_eq!(first.members[0].symbol, symbol(A));
        assert_eq!(first.member(symbol(B)).unwrap().weight, Some(400_000));
        assert_eq!(first.member(symbol("600009.SH")), None);
    }

    #[test]
    fn weights_add_up_to_the_whole_as_far_as_they_are_rounded() {
        let of = |weights: &[u32]| {
            let symbol = |n: usize| symbol(&format!("{:06}.SH", 600_000 + n));
            let member = |(n, weight): (usize, &u32)| IndexMember {
                symbol: symbol(n),
                weight: Some(*weight),
            };
            let members = weights.iter().enumerate().map(member).collect();
            IndexList {
                index: super::tests::symbol(INDEX),
                observed_on: day("2026-04-30"),
                members,
            }
        };
        // Three of a third each, with one to three decimals of a percent.
        assert!(of(&[333_000, 333_000, 333_000]).is_whole());
        assert!(of(&[333_300, 333_300, 333_300]).is_whole());
        assert!(of(&[333_330, 333_330, 333_330]).is_whole());
        assert!(of(&[333_333, 333_333, 333_334]).is_whole());
        // With three decimals, 0.03 % of a hundred members is more than rounding.
        let hundred = |last: u32| {
            let mut weights = vec![10_010; 99];
            weights.push(last);
            of(&weights)
        };
        let exact = WHOLE_INDEX - 99 * 10_010;
        for (off, whole) in [(0, true), (150, true), (160, false), (300, false)] {
            assert_eq!(hundred(exact + off).is_whole(), whole, "{off}");
            assert_eq!(hundred(exact - off).is_whole(), whole, "-{off}");
        }
        assert!(!of(&[]).is_whole());
        assert!(!of(&[400_000, 300_000]).is_whole());
    }

    #[test]
    fn a_part_of_a_list_weighs_no_session() {
        let half = |on| list(INDEX, on, &[(A, Some(600_000))]);
        let whole = |on| list(INDEX, on, &[(A, Some(600_000)), (B, Some(400_000))]);
        let lists = IndexLists::of([whole("2026-03-31"), half("2026-04-30")]);
        let (index, session) = (symbol(INDEX), day("2026-05-06"));
        assert_eq!(lists.weights_before(index, session), Some(&whole("2026-03-31")));
        assert_eq!(lists.weights(index, session), Some(&half("2026-04-30")));
        // Of two of one day the whole one counts, though a longer one is there.
        let three = [(A, Some(1)), (B, Some(1)), ("600003.SH", Some(1))];
        let both = IndexLists::of([list(INDEX, "2026-04-30", &three), whole("2026-04-30")]);
        assert_eq!(both.weights_before(index, session), Some(&whole("2026-04-30")));
    }

    #[test]
    fn of_two_lists_of_a_day_weights_win_and_then_members() {
        let bare = || list(INDEX, "2026-04-30", &[(A, None), (B, None)]);
        let half = || list(INDEX, "2026-04-30", &[(A, Some(1)), (B, None), ("600003.SH", None)]);
        let weighted = || list(INDEX, "2026-04-30", &[(A, Some(WHOLE_INDEX))]);
        let kept = |lists: [IndexList; 3]| {
            let lists = IndexLists::of(lists);
            lists.of_index(symbol(INDEX)).iter().map(|list| list.members.len()).collect::<Vec<_>>()
        };
        assert_eq!(kept([bare(), half(), weighted()]), [1]);
        assert_eq!(kept([weighted(), half(), bare()]), [1]);
        assert_eq!(kept([bare(), half(), bare()]), [3]);
        assert!(!half().is_weighted());
    }
}
