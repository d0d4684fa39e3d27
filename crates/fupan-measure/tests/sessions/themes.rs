//! Themes: the groups of a list of concepts that a review shows.

use std::sync::Arc;

use fupan_fact::{Basis, FactKey, FactSet, Scope, Value};
use fupan_market::{
    Definition, DefinitionKind, Definitions, Group, GroupId, GroupKind, Grouped, Groups,
    Membership, Own, Rulebook, SecurityDay,
};
use fupan_measure::{MarketSession, evaluate};

use crate::{date, of_days, of_shares};

fn symbol(n: usize) -> String {
    format!("600{n:03}.SH")
}

/// A concept of the securities at these places, in a list of a day.
fn concept(name: &str, seen_on: &str, members: impl IntoIterator<Item = usize>) -> Grouped {
    let id = GroupId::of_kind("ths", GroupKind::Concept, None, name).unwrap();
    let member = |n: usize| Membership {
        symbol: symbol(n).parse().unwrap(),
        seen_on: date(seen_on),
        since: None,
        until: None,
    };
    Grouped {
        kind: GroupKind::Concept,
        group: Group { id, name: name.into() },
        members: members.into_iter().map(member).collect(),
    }
}

/// A hundred shares: the first forty rose by one per cent, the others fell by one.
fn market(concepts: impl IntoIterator<Item = Grouped>) -> MarketSession {
    let last = |n: usize| if n < 40 { 1_010 } else { 990 };
    let mut days: Vec<SecurityDay> =
        (0..100).map(|n| of_shares(&symbol(n), last(n), 900, 900)).collect();
    // Without a share of each other exchange, figures are partial.
    days.extend(["000001.SZ", "920001.BJ"].map(|other| of_shares(other, 1_000, 900, 900)));
    let mut market = of_days(days);
    market.groups = Arc::new(Groups::of(concepts));
    market
}

/// A review with these concepts, and one that is no theme and names every share of Shanghai.
fn reviewed(concepts: impl IntoIterator<Item = Grouped>) -> FactSet {
    reviewed_with(0, concepts)
}

/// The same, with the first `later` shares named in a list of after the session only.
fn reviewed_with(later: usize, concepts: impl IntoIterator<Item = Grouped>) -> FactSet {
    let all = [
        concept("融资融券", "2026-01-09", later..100),
        concept("融资融券", "2026-03-02", 0..later),
    ];
    evaluate(&market(concepts.into_iter().chain(all)), Rulebook::builtin(), &[])
}

fn theme(name: &str) -> Scope {
    format!("ths-concept.{name}").parse().unwrap()
}

fn fact<'a>(set: &'a FactSet, measure: &'static str, name: &str) -> Option<&'a fupan_fact::Fact> {
    let id = fupan_fact::MeasureId::new(measure);
    set.get(&FactKey::at_close(id, theme(name), set.session))
}

fn count(set: &FactSet, measure: &'static str, name: &str) -> Option<i64> {
    match fact(set, measure, name)?.value {
        Value::Count { count } => Some(count),
        _ => None,
    }
}

/// An industry is told of the securities that the facts mention, a theme is not one.
#[test]
fn the_industry_of_each_security_mentioned_is_told() {
    let id = |name: &str| GroupId::of_kind("sw", GroupKind::Industry, None, name).unwrap();
    let industry = |name: &str, from: usize, to: usize| Grouped {
        kind: GroupKind::Industry,
        group: Group { id: id(name), name: name.into() },
        members: concept(name, "2026-01-09", from..to).members,
    };
    let theme = concept("液冷", "2026-01-09", 0..100);
    let set = reviewed([theme, industry("银行", 0, 30), industry("钢铁", 30, 50)]);
    let of = |n: usize| set.industries.get(&symbol(n).parse().unwrap()).cloned();
    // Of those that rose alike the first ten are named, and of those that fell.
    assert_eq!([9, 10, 40].map(of), [Some(id("银行")), None, Some(id("钢铁"))]);
    assert!(set.industries.values().all(|of| set.groups.contains_key(of)));
}

#[test]
fn a_security_counts_in_every_theme_that_it_is_in() {
    let set =
        reviewed([concept("光模块", "2026-01-09", 0..30), concept("液冷", "2026-01-09", 20..60)]);
    assert_eq!(count(&set, "advances", "光模块"), Some(30));
    assert_eq!(count(&set, "advances", "液冷"), Some(20));
    assert_eq!(count(&set, "declines", "液冷"), Some(20));
    let Some(Value::Return { ppb }) = fact(&set, "equal_weight_return", "液冷").map(|f| &f.value)
    else {
        panic!("a return")
    };
    assert_eq!(ppb.0, 0);
    let themes = set.themes.as_ref().unwrap();
    assert_eq!((themes.scheme.as_str(), themes.small, themes.no_themes), ("ths-concept", 0, 1));
    assert_eq!(themes.seen_on, (date("2026-01-09"), date("2026-01-09")));
    assert_eq!(fact(&set, "advances", "液冷").unwrap().provenance.basis, Basis::Exact);
    assert_eq!(set.groups.len(), 2);
}

#[test]
fn few_members_and_what_is_no_theme_are_left_out_and_counted() {
    let set = reviewed([
        concept("十只", "2026-01-09", 0..10),
        concept("九只", "2026-01-09", 0..9),
        concept("沪股通", "2026-01-09", 0..80),
    ]);
    assert_eq!(count(&set, "advances", "十只"), Some(10));
    for name in ["九只", "融资融券", "沪股通"] {
        assert_eq!(count(&set, "advances", name), None, "{name}");
    }
    let themes = set.themes.as_ref().unwrap();
    assert_eq!((themes.small, themes.no_themes), (1, 2));
}

#[test]
fn groups_that_share_most_members_are_shown_once() {
    let alike = |concepts: Vec<Grouped>| {
        let set = reviewed(concepts);
        let said = |(of, others): (&GroupId, &Vec<GroupId>)| {
            let others: Vec<&str> = others.iter().map(GroupId::code).collect();
            format!("{}: {}", of.code(), others.join(" "))
        };
        set.themes.unwrap().alike.iter().map(said).collect::<Vec<_>>()
    };
    let on = "2026-01-09";
    // Twenty of twenty-five together are four in five, twenty of twenty-six are fewer.
    let like = |n: usize| vec![concept("大", on, 0..25), concept("小", on, n..20 + n)];
    assert_eq!(alike(like(5)), ["大: 小"]);
    assert_eq!(alike(like(6)), [""; 0]);
    // Of two that are the same, the first by name.
    assert_eq!(alike(vec![concept("乙", on, 0..20), concept("丙", on, 0..20)]), ["丙: 乙"]);
    // The largest of those that a group is like.
    let three = vec![
        concept("a", on, 0..25),
        concept("b", on, 50..73),
        concept("c", on, 2..25),
        concept("d", on, 0..21),
    ];
    assert_eq!(alike(three), ["a: c d"]);
}

#[test]
fn a_list_of_a_later_day_is_restated() {
    let set = reviewed_with(
        30,
        [concept("光模块", "2026-03-02", 0..30), concept("液冷", "2026-01-09", 60..80)],
    );
    let basis = |name: &str| fact(&set, "advances", name).unwrap().provenance.basis;
    assert_eq!((basis("光模块"), basis("液冷")), (Basis::Restated, Basis::Exact));
    let themes = set.themes.as_ref().unwrap();
    assert_eq!(themes.seen_on, (date("2026-01-09"), date("2026-03-02")));
    // Securities in no concept are not missing from the list, and no industry is.
    assert!(set.findings.iter().all(|finding| finding.subject != "industry"));
}

#[test]
fn without_a_list_of_concepts_there_are_no_themes() {
    assert_eq!(evaluate(&market([]), Rulebook::builtin(), &[]).themes, None);
    let small = [concept("甲", "2026-01-09", 0..3), concept("乙", "2026-01-09", 0..3)];
    assert_eq!(reviewed(small).themes, None);
}

/// A chain's segments are resolved from the list of the themes: in any of its groups, without those
/// of others, or in all of several.
#[test]
fn segments_of_a_chain_are_groups_of_the_list_of_themes() {
    let on = "2026-01-09";
    let set = reviewed_with(
        10,
        [
            concept("模拟稀有金属", "2026-03-02", 0..20),
            concept("模拟储能", on, 10..30),
            concept("模拟液冷", on, 20..60),
            concept("模拟机器人", on, 30..50),
            concept("模拟新能源车", on, 45..70),
        ],
    );
    let segment = |segment: &str, measure: &'static str| {
        let scope: Scope = format!("simulated-compute-chain.{segment}").parse().unwrap();
        let id = fupan_fact::MeasureId::new(measure);
        let fact = set.get(&FactKey::at_close(id, scope, set.session))?;
        match fact.value {
            Value::Count { count } => Some((count, fact.provenance.basis)),
            _ => None,
        }
    };
    // What a later list says of those that an earlier one names does not count.
    assert_eq!(segment("metals", "advances"), Some((10, Basis::Restated)));
    // Of the forty in it ten are in what is left out.
    assert_eq!(segment("cooling", "advances"), Some((10, Basis::Exact)));
    assert_eq!(segment("cooling", "declines"), Some((20, Basis::Exact)));
    assert_eq!(segment("cars", "declines"), Some((5, Basis::Exact)));
    assert_eq!(segment("computing", "advances"), None);
    // Themes are not ranked with segments, and no other chain has a group in the list.
    assert!(set.groups.keys().all(|id| !id.to_string().starts_with("ai-compute")));
    let name = &set.groups[&"simulated-compute-chain.metals".parse().unwrap()];
    assert_eq!(name.en.as_deref(), Some("Simulated rare metals"));
}

#[test]
fn securities_that_a_list_of_the_market_leaves_out_make_it_partial() {
    let with = |named: std::ops::Range<usize>| {
        let concepts =
            [concept("光模块", "2026-01-09", 0..12), concept("融资融券", "2026-01-09", named)];
        let set = evaluate(&market(concepts), Rulebook::builtin(), &[]);
        let basis = fact(&set, "advances", "光模块").unwrap().provenance.basis;
        let said = set.findings.iter().find(|finding| finding.subject == "group_member");
        (basis, set.themes.as_ref().unwrap().unlisted, said.map_or(0, |finding| finding.count))
    };
    // Two of another exchange are in none.
    assert_eq!(with(0..100), (Basis::Exact, 2, 2));
    assert_eq!(with(0..80), (Basis::Partial, 22, 22));
    assert_eq!(with(0..51), (Basis::Partial, 51, 51));
    // A list that names fewer than half is one of chosen groups.
    assert_eq!(with(0..50), (Basis::Exact, 0, 0));
}

/// A reader's own definition, as imported with a file of a digest.
fn own(kind: DefinitionKind, text: &str, digest: &str) -> Own<Definition> {
    let of = Definition::parse(kind, text).unwrap();
    Own { of, source: "mine".to_owned(), digest: digest.to_owned() }
}

const OWN_CHAIN: &str = "id = \"own\"\nnamed_on = \"2026-01-09\"\n\
    name = { zh = \"自家链\", en = \"Own chain\" }\n\
    [[layer]]\nnumber = 1\nzh = \"层\"\nen = \"Layer\"\n\
    [[segment]]\nid = \"named\"\nlayer = 1\nzh = \"点名\"\nen = \"Named\"\n\
    securities = [{ symbol = \"600001.SH\", zh = \"甲\", en = \"A\" }]\n\
    [[segment]]\nid = \"listed\"\nlayer = 1\nzh = \"名单\"\nen = \"Listed\"\ngroups = [\"甲概念\"]\n";

/// The digests of definitions that a figure rests on.
fn defined_by(set: &FactSet, scope: &str) -> Vec<String> {
    let key = format!("advances/{scope}/2026-02-12/close").parse().unwrap();
    let inputs = &set.get(&key).unwrap_or_else(|| panic!("{key}")).provenance.inputs;
    let own = inputs.iter().filter(|input| input.table == "definition");
    own.map(|input| input.digest.clone()).collect()
}

#[test]
fn own_chains_and_what_is_no_theme_for_their_reader_are_those_of_the_data() {
    let concepts = [
        concept("甲概念", "2026-01-09", 0..20),
        concept("乙概念", "2026-01-09", 20..60),
        concept("模拟算力", "2026-01-09", 10..30),
    ];
    let mut market = market(concepts);
    let definitions = Definitions::of([
        own(DefinitionKind::Chain, OWN_CHAIN, "c"),
        own(DefinitionKind::NotThemes, "乙概念\n", "n"),
    ]);
    market.groups = Arc::new(Groups::clone(&market.groups).with(definitions));
    let set = evaluate(&market, Rulebook::builtin(), &[]);
    let count = |scope: &str| {
        let key = format!("advances/{scope}/2026-02-12/close").parse().unwrap();
        set.get(&key).map(|fact| fact.value.clone())
    };
    assert_eq!(count("own-chain.listed"), Some(Value::Count { count: 20 }));
    // A named security is one whatever a list says.
    assert_eq!(count("own-chain.named"), Some(Value::Count { count: 1 }));
    assert_eq!((count("ths-concept.乙概念"), set.themes.as_ref().unwrap().no_themes), (None, 1));
    let name = &set.groups[&"own-chain.listed".parse().unwrap()];
    assert_eq!((name.zh.as_str(), name.en.as_deref()), ("名单", Some("Listed")));
    // What each figure rests on, and no more.
    assert_eq!(defined_by(&set, "own-chain.listed"), ["c"]);
    assert_eq!(defined_by(&set, "ths-concept.甲概念"), ["n"]);
    assert_eq!(defined_by(&set, "simulated-compute-chain.computing"), [""; 0]);
    // The chain goes with the facts, as its text.
    let ids: Vec<&str> = set.chains().map(|chain| chain.id()).collect();
    assert_eq!(ids, ["own", "ai-compute", "photovoltaics", "simulated-compute"]);
    assert_eq!(set.own_chains[0].text(), OWN_CHAIN);
}

#[test]
fn an_own_chain_of_named_securities_needs_no_list() {
    let mut market = market([]);
    let definitions = Definitions::of([own(DefinitionKind::Chain, OWN_CHAIN, "c")]);
    market.groups = Arc::new(Groups::default().with(definitions));
    let set = evaluate(&market, Rulebook::builtin(), &[]);
    let of = |segment: &str| {
        let key = format!("advances/own-chain.{segment}/2026-02-12/close").parse().unwrap();
        set.get(&key).map(|fact| fact.value.clone())
    };
    assert_eq!((of("named"), of("listed")), (Some(Value::Count { count: 1 }), None));
    let said = set.findings.iter().any(|finding| finding.detail.en.contains("`甲概念`"));
    assert!(said, "{:?}", set.findings);
}

#[test]
fn a_security_that_the_list_has_in_no_group_is_not_one_of_which_nothing_is_known() {
    let all = || concept("甲概念", "2026-01-09", 0..90);
    let nobody = evaluate(
        &market([all(), concept("乙概念", "2026-01-09", 0..40)]),
        Rulebook::builtin(),
        &[],
    );
    let mut told = market([all(), concept("乙概念", "2026-01-09", 0..40)]);
    let stated = (90..100)
        .chain(0..10)
        .map(|n| (Arc::from("ths-concept"), symbol(n).parse().unwrap(), date("2026-02-02")));
    told.groups = Arc::new(Groups::clone(&told.groups).with_nowhere(stated));
    let told = evaluate(&told, Rulebook::builtin(), &[]);
    let unlisted = |set: &FactSet| set.themes.as_ref().unwrap().unlisted;
    // Two shares of other exchanges are in no list.
    assert_eq!((unlisted(&nobody), unlisted(&told)), (12, 2));
    let traded = |set: &FactSet| {
        let of = |measure: &str| {
            let key = format!("{measure}/ths-concept.甲概念/2026-02-12/close").parse().unwrap();
            match set.get(&key).map(|fact| &fact.value) {
                Some(Value::Count { count }) => *count,
                other => panic!("{other:?}"),
            }
        };
        of("advances") + of("declines")
    };
    assert_eq!((traded(&nobody), traded(&told)), (90, 80));
}
