//! Industries divide the points of an index.

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_fact::{FactKey, FactSet, Scope, Value};
use fupan_market::{
    BasketShares, Group, GroupId, GroupKind, Grouped, Groups, IndexBasket, Membership, Rulebook,
};
use fupan_measure::{MarketSession, Selection, evaluate_selected};
use proptest::prelude::*;

use crate::market::{fen, session};
use crate::{code, facts, of_days, of_shares, value, with_indices};

const INDICES: [&str; 2] = ["000001.SH", "000300.SH"];

/// A member: its last price in fen, its shares, its weight, and its industries.
type Made = (i64, u64, u32, Vec<usize>);

fn market(made: &[Made]) -> MarketSession {
    let days = made.iter().enumerate();
    let days = days.map(|(n, (last, shares, ..))| of_shares(&code(n), *last, *shares, *shares));
    let mut market = with_indices(of_days(days.collect()), ["3987.6543", "4012.3456"]);
    for day in &mut market.days {
        day.carried.last_close = day.prev_close;
    }
    let groups = made.iter().enumerate().flat_map(|(n, (.., groups))| {
        groups.iter().map(move |group| {
            let name = format!("8010{group}");
            let id = GroupId::of_level("sw", 1, Some(&name), &name).unwrap();
            let member = Membership {
                symbol: code(n).parse().unwrap(),
                seen_on: session(),
                since: None,
                until: None,
            };
            Grouped {
                kind: GroupKind::Industry,
                group: Group { id, name: name.as_str().into() },
                members: vec![member],
            }
        })
    });
    market.groups = Arc::new(Groups::of(groups));
    let shares = made.iter().enumerate().filter(|(_, (_, _, weight, _))| *weight > 0);
    let shares = shares.map(|(n, (_, _, weight, _))| {
        (code(n).parse().unwrap(), BasketShares::of_weight(*weight, fen(1_000)).unwrap())
    });
    market.baskets = vec![IndexBasket {
        index: INDICES[1].parse().unwrap(),
        observed_on: "2026-01-30".parse().unwrap(),
        shares: shares.collect(),
        unknown: Vec::new(),
    }];
    market
}

fn number(value: &Value) -> i64 {
    value.integers().unwrap().0
}

/// A measure's figures of the groups, by group.
fn of_groups(set: &FactSet, measure: &str) -> BTreeMap<String, i64> {
    let own = set.facts.values().filter(|fact| fact.key.measure.to_string() == measure);
    own.map(|fact| (fact.key.scope.to_string(), number(&fact.value))).collect()
}

/// The points and members of an index by its industry, each rounded alone, and of those in none.
fn alone(set: &FactSet, made: &[Made], index: &str) -> BTreeMap<Option<usize>, (f64, i64)> {
    let weight = |(_, shares, weight, _): &Made| match index {
        "000001.SH" => *shares as f64,
        _ => f64::from(*weight),
    };
    let all: f64 = made.iter().map(weight).sum();
    let before = number(value(set, &format!("index_close/{index}")))
        - number(value(set, &format!("index_points/{index}")));
    let mut by_group: BTreeMap<Option<usize>, (f64, i64)> = BTreeMap::new();
    for one in made.iter().filter(|one| weight(one) > 0.0) {
        let part = by_group.entry(one.3.iter().min().copied()).or_default();
        part.0 += before as f64 * weight(one) / all * (one.0 - 1_000) as f64 / 1_000.0;
        part.1 += 1;
    }
    by_group
}

fn some_members() -> impl Strategy<Value = Vec<Made>> {
    let groups = prop_oneof![
        2 => Just(Vec::new()),
        8 => (10_usize..16).prop_map(|group| vec![group]),
        1 => (10_usize..16, 10_usize..16).prop_map(|(one, other)| vec![one, other]),
    ];
    let one = (905_i64..1_100, 1_u64..100_000, prop_oneof![Just(0_u32), 1_u32..90_000], groups);
    prop::collection::vec(one, 2..60)
}

proptest! {
    /// The points of all industries and of the members in none are those of all members, to the last
    /// digit, and each industry's are its own but for one digit.
    #[test]
    fn industries_add_up_to_the_points_of_all_members(made in some_members()) {
        let set = facts(&market(&made));
        let groups = made.iter().flat_map(|one| one.3.iter());
        let has_groups = groups.collect::<std::collections::BTreeSet<_>>().len() > 1;
        for index in INDICES {
            let by_measure = |name: &str| of_groups(&set, &format!("{name}:{index}"));
            let (points, members) =
                (by_measure("index_group_points"), by_measure("index_group_members"));
            let total = value(&set, &format!("index_member_points/{index}"));
            if !has_groups || matches!(total, Value::Unknown { .. }) {
                prop_assert!(points.is_empty());
                continue;
            }
            let rest = number(value(&set, &format!("index_ungrouped_points:sw1/{index}")));
            prop_assert_eq!(points.values().sum::<i64>() + rest, number(total));
            let alone = alone(&set, &made, index);
            for (group, (near, count)) in &alone {
                let told = match group {
                    Some(group) => {
                        let group = format!("sw1.8010{group}");
                        prop_assert_eq!(members[&group], *count, "{} of {}", group, index);
                        points[&group]
                    }
                    None => rest,
                };
                prop_assert!((told as f64 - near).abs() <= 1.001, "{told} near {near} of {index}");
            }
            let told = alone.keys().flatten().count();
            prop_assert_eq!((points.len(), members.len()), (told, told));
        }
    }
}

/// Members are listed by what they did to the index where it is asked for, and not in a review.
#[test]
fn the_member_that_moved_an_industry_most_is_listed_first() {
    let of = |last| (last, 100, 1_000, vec![11]);
    let made = [of(1_010), of(990), of(1_050), (1_000, 100, 1_000, vec![12])];
    let market = market(&made);
    let index = Selection::of_index("000300.SH".parse().unwrap());
    let set = evaluate_selected(&market, &index, Rulebook::builtin(), &[]);
    let of_group = |(key, members): (&FactKey, &Vec<fupan_market::Symbol>)| {
        let is_it = key.measure.to_string() == "index_group_members:000300.SH";
        let group = matches!(&key.scope, Scope::Group(id) if id.code() == "801011");
        (is_it && group).then(|| members.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let listed: Vec<String> = set.members.iter().find_map(of_group).unwrap();
    assert_eq!(listed, [code(2), code(0), code(1)]);
    let lists = |key: &FactKey| key.measure.name().starts_with("index_group");
    assert!(!facts(&market).members.keys().any(lists));
}
