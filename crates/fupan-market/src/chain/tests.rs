//! Chains read from texts, and who is in them.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;

use super::*;
use crate::test_support::shared;
use crate::{
    Group, GroupKind, GroupList, Grouped, Groups, InLanguage, Membership, SymbolError, english_in,
};

/// A chain of two segments and an edge.
const SMALL: &str = r#"
id = "small-chain"
named_on = "2026-01-09"
name = { zh = "小链", en = "Small chain" }

[[layer]]
number = 2
zh = "下游"
en = "Downstream"

[[layer]]
number = 1
zh = "上游"
en = "Upstream"

[[segment]]
id = "servers"
layer = 2
zh = "服务器"
en = "Servers"
groups = ["液冷服务器"]
all_of = [["数据中心", "信创"]]
except = ["算力租赁"]

[[segment]]
id = "foundry"
layer = 1
zh = "晶圆代工"
en = "Foundries"
securities = [{ symbol = "688981.SH", zh = "中芯国际从事晶圆代工", en = "SMIC is a foundry" }]

[[segment]]
id = "memory"
layer = 1
zh = "存储芯片"
en = "Memory"
groups = ["存储芯片"]

[[edge]]
from = "foundry"
to = "servers"
zh = "处理器"
en = "Processors"

[[edge]]
from = "foundry"
to = "memory"
zh = "晶圆"
en = "Wafers"

[also_called]
"液冷服务器" = ["液冷概念"]
"#;

fn on(date: &str) -> SessionDate {
    date.parse().unwrap()
}

fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

fn small() -> Chain {
    Chain::parse(SMALL).unwrap()
}

#[test]
fn a_chain_is_what_its_text_says() {
    let chain = small();
    assert_eq!((chain.id(), chain.scheme().as_str()), ("small-chain", "small-chain-chain"));
    assert_eq!(chain.name(), &Wording::new("Small chain", "小链"));
    assert_eq!(chain.named_on(), Some(on("2026-01-09")));
    let numbers: Vec<u8> = chain.layers().iter().map(|layer| layer.number).collect();
    assert_eq!((numbers, chain.layers()[0].name.zh.as_str()), (vec![1, 2], "上游"));
    // Upstream first, and in a layer as written.
    let ids: Vec<&str> = chain.segments().iter().map(ChainSegment::id).collect();
    assert_eq!(ids, ["foundry", "memory", "servers"]);
    let foundry = chain.segment("foundry").unwrap();
    assert_eq!(foundry.group.to_string(), "small-chain-chain.foundry");
    assert!(foundry.group.is_chain() && !foundry.group.is_concept());
    assert_eq!(foundry.securities[0].symbol, symbol("688981.SH"));
    assert_eq!(foundry.securities[0].evidence.en, "SMIC is a foundry");
    let servers = chain.segment("servers").unwrap();
    let names: Vec<(&str, GroupUse)> = servers.names().collect();
    let expected = [
        ("液冷服务器", GroupUse::AnyOf),
        ("数据中心", GroupUse::AllOf),
        ("信创", GroupUse::AllOf),
        ("算力租赁", GroupUse::Except),
    ];
    assert_eq!(names, expected);
    let flows: Vec<(&str, &str, &str)> = chain
        .edges()
        .iter()
        .map(|edge| {
            let id = |place: usize| chain.segments()[place].id();
            (id(edge.from), id(edge.to), edge.evidence.en.as_str())
        })
        .collect();
    let expected = [("foundry", "memory", "Wafers"), ("foundry", "servers", "Processors")];
    assert_eq!(flows, expected);
    let spelled: Vec<&str> = chain.spellings("液冷服务器").collect();
    assert_eq!(spelled, ["液冷服务器", "液冷概念"]);
    assert!(chain.segment("server").is_none());
}

/// The error of the small chain with every occurrence of a text replaced.
fn refused(old: &str, new: &str) -> ChainError {
    assert!(SMALL.contains(old), "{old}");
    match Chain::parse(&SMALL.replace(old, new)) {
        Err(error) => error,
        Ok(_) => panic!("{old} → {new} is a chain"),
    }
}

fn of_segment(segment: &str, fault: SegmentFault) -> ChainError {
    ChainError::Segment { segment: segment.to_owned(), fault }
}

fn of_edge(from: &str, to: &str, fault: EdgeFault) -> ChainError {
    ChainError::Edge { from: from.to_owned(), to: to.to_owned(), fault }
}

fn spelling(name: &str, fault: SpellingFault) -> ChainError {
    ChainError::Spelling { name: name.to_owned(), fault }
}

const TO_SERVERS: &str = "from = \"foundry\"\nto = \"servers\"";
const SMIC: &str =
    r#"{ symbol = "688981.SH", zh = "中芯国际从事晶圆代工", en = "SMIC is a foundry" }"#;

fn refusals_of_segments() -> Vec<(&'static str, String, ChainError)> {
    let twice = |name: &str| SegmentFault::GroupTwice(name.to_owned());
    let of = |old, new: &str, segment, fault| (old, new.to_owned(), of_segment(segment, fault));
    let smic = symbol("688981.SH");
    let malformed = |text: &str| SegmentFault::Symbol(text.parse::<Symbol>().unwrap_err());
    vec![
        of("id = \"memory\"", "id = \"Memory\"", "Memory", SegmentFault::Id),
        of("id = \"memory\"", "id = \"a--b\"", "a--b", SegmentFault::Id),
        of("id = \"memory\"", "id = \"m\"", "m", SegmentFault::Id),
        of("id = \"memory\"", "id = \"9m\"", "9m", SegmentFault::Id),
        of("id = \"memory\"", "id = \"foundry\"", "foundry", SegmentFault::Twice),
        of("en = \"Memory\"", "en = \" \"", "memory", SegmentFault::NoName),
        of("zh = \"存储芯片\"", "zh = \"\"", "memory", SegmentFault::NoName),
        of("layer = 2", "layer = 3", "servers", SegmentFault::NoLayer(3)),
        of("groups = [\"存储芯片\"]", "", "memory", SegmentFault::NoMembers),
        of("groups = [\"存储芯片\"]", "except = [\"信创\"]", "memory", SegmentFault::NoMembers),
        of("[\"存储芯片\"]", "[\"\"]", "memory", SegmentFault::EmptyGroup),
        of("[\"存储芯片\"]", "[\"信创\", \"信创 \"]", "memory", twice("信创")),
        of("\"信创\"]", "\"数据中心\"]", "servers", twice("数据中心")),
        of("[\"算力租赁\"]", "[\"液冷服务器\"]", "servers", twice("液冷服务器")),
        of("[\"算力租赁\"]", "[\"信创\"]", "servers", twice("信创")),
        of("[\"数据中心\", \"信创\"]", "[\"数据中心\"]", "servers", SegmentFault::NotSeveral),
        of("[\"数据中心\", \"信创\"]", "[]", "servers", SegmentFault::NotSeveral),
        of("688981.SH", "688981.XX", "foundry", malformed("688981.XX")),
        of("688981.SH", "988981.SH", "foundry", malformed("988981.SH")),
        of("SMIC is a foundry", "", "foundry", SegmentFault::NoEvidence(smic)),
        of("688981.SH", "000300.SH", "foundry", SegmentFault::NoShare(symbol("000300.SH"))),
        of(SMIC, &format!("{SMIC}, {SMIC}"), "foundry", SegmentFault::SecurityTwice(smic)),
        // The same security in another notation.
        of(
            SMIC,
            &format!("{SMIC}, {}", SMIC.replace("688981.SH", "sh688981")),
            "foundry",
            SegmentFault::SecurityTwice(smic),
        ),
    ]
}

fn refusals_of_edges() -> Vec<(&'static str, String, ChainError)> {
    let of = |new: &str, fault| {
        let ends: Vec<&str> = new.split('"').collect();
        (TO_SERVERS, new.to_owned(), of_edge(ends[1], ends[3], fault))
    };
    let none = |named: &str, meant: Option<&str>| EdgeFault::NoSegment {
        named: named.to_owned(),
        meant: meant.map(str::to_owned),
    };
    let cycle = |ids: &[&str]| ChainError::Cycle(ids.iter().map(|id| (*id).to_owned()).collect());
    vec![
        of("from = \"foundry\"\nto = \"server\"", none("server", Some("servers"))),
        of("from = \"quartz-mines\"\nto = \"servers\"", none("quartz-mines", None)),
        of("from = \"servers\"\nto = \"foundry\"", EdgeFault::Upstream(2, 1)),
        of("from = \"foundry\"\nto = \"memory\"", EdgeFault::Twice),
        (
            "en = \"Processors\"",
            "en = \"\"".to_owned(),
            of_edge("foundry", "servers", EdgeFault::NoEvidence),
        ),
        (
            TO_SERVERS,
            "from = \"memory\"\nto = \"foundry\"".to_owned(),
            cycle(&["foundry", "memory", "foundry"]),
        ),
        (TO_SERVERS, "from = \"memory\"\nto = \"memory\"".to_owned(), cycle(&["memory", "memory"])),
    ]
}

fn refusals_of_the_rest() -> Vec<(&'static str, String, ChainError)> {
    let of = |old, new: &str, error| (old, new.to_owned(), error);
    let layer = |number, fault| ChainError::Layer { number, fault };
    let date = "9 January".parse::<SessionDate>().unwrap_err();
    vec![
        of("id = \"small-chain\"", "id = \"小链\"", ChainError::Id("小链".to_owned())),
        of("en = \"Small chain\"", "en = \"\"", ChainError::NoName),
        of(
            "en = \"Memory\"",
            &format!("en = \"{}\"", "M".repeat(41)),
            ChainError::LongName("M".repeat(41)),
        ),
        of("named_on = \"2026-01-09\"", "", ChainError::NoDate),
        of(
            "en = \"Wafers\"",
            "en = \"Wa\\u202efers\"",
            ChainError::Hidden("Wa\\u{202e}fers".into()),
        ),
        of("\"信创\"]", "\"信创\u{200b}\"]", ChainError::Hidden("信创\\u{200b}".into())),
        of("2026-01-09", "9 January", ChainError::Date(date)),
        of("zh = \"上游\"", "zh = \"\"", layer(1, LayerFault::NoName)),
        of("number = 2", "number = 1", layer(1, LayerFault::Twice)),
        of("\"液冷服务器\" =", "\"液冷\" =", spelling("液冷", SpellingFault::Unused)),
        of("[\"液冷概念\"]", "[\" \"]", spelling("液冷服务器", SpellingFault::Empty)),
        of("[\"液冷概念\"]", "[\"信创\"]", spelling("信创", SpellingFault::Twice)),
        of("[\"液冷概念\"]", "[\"甲\", \"甲\"]", spelling("甲", SpellingFault::Twice)),
    ]
}

#[test]
fn what_is_no_chain_is_refused_in_both_languages() {
    let cases = [refusals_of_segments(), refusals_of_edges(), refusals_of_the_rest()].concat();
    for (old, new, error) in cases {
        let told = refused(old, &new);
        assert_eq!(told, error, "{old} → {new}");
        let said = told.wording();
        assert_eq!(told.to_string(), said.en);
        assert_eq!(english_in(&said.zh), None, "{}", said.zh);
        assert!(said.zh.contains(|c: char| !c.is_ascii()), "{}", said.zh);
        assert!(said.en.contains(": ") || said.en.contains('?'), "no way out: {}", said.en);
    }
    let told = refused("688981.SH", "688981.XX").to_string();
    assert!(told.starts_with("segment `foundry` names no security: `688981.XX`"), "{told}");
    assert!(matches!(
        refused("688981.SH", "688981.XX"),
        ChainError::Segment { fault: SegmentFault::Symbol(SymbolError::Malformed(_)), .. }
    ));
}

#[test]
fn a_text_that_has_another_form_is_refused_with_its_line() {
    for (old, new, wrong) in [
        ("layer = 2", "layer = two", "layer = two"),
        ("layer = 2", "layer = 0", "layer = 0"),
        ("layer = 2", "layer = 2\nlevel = 2", "level = 2"),
        ("groups = [\"存储芯片\"]", "groups = \"存储芯片\"", "groups = \"存储芯片\""),
    ] {
        let line = SMALL.replace(old, new).lines().position(|text| text == wrong).unwrap() + 1;
        let told = refused(old, new);
        let ChainError::Unreadable { line: found, .. } = &told else { panic!("{told:?}") };
        assert_eq!(*found, line, "{new}: {told}");
        assert!(told.to_string().starts_with(&format!("line {line}: ")), "{told}");
        assert_eq!(english_in(&told.wording().zh), None);
    }
    assert!(matches!(Chain::parse(""), Err(ChainError::Unreadable { .. })));
    let none = "id = \"none\"\nname = { zh = \"无\", en = \"None\" }\nlayer = []\nsegment = []";
    assert_eq!(Chain::parse(none), Err(ChainError::NoSegments));
}

#[test]
fn a_text_that_is_too_large_is_refused() {
    let told = |text: &str| match Chain::parse(text) {
        Err(ChainError::TooLarge(limit)) => limit,
        other => panic!("{other:?}"),
    };
    let padded = |bytes: usize| format!("{SMALL}#{}", "x".repeat(bytes - SMALL.len() - 1));
    assert!(Chain::parse(&padded(Chain::BYTES_MAX)).is_ok());
    assert_eq!(told(&padded((1 << 20) + 1)), SizeLimit::Bytes((1 << 20) + 1));

    let with_segments = |more: usize| {
        let of = |n| {
            format!(
                "[[segment]]\nid = \"s{n}x\"\nlayer = 1\nzh = \"甲\"\nen = \"A\"\ngroups = [\"甲\"]\n"
            )
        };
        SMALL.replacen(
            "[also_called]",
            &((0..more).map(of).collect::<String>() + "[also_called]"),
            1,
        )
    };
    assert_eq!(Chain::parse(&with_segments(197)).unwrap().segments().len(), 200);
    assert_eq!(told(&with_segments(198)), SizeLimit::Segments(201));

    let with_securities = |count: u32| {
        let of = |n: u32| {
            let code =
                if n < 3_000 { format!("{}.SH", 600_000 + n) } else { format!("{:06}.SZ", n) };
            format!("{{ symbol = \"{code}\", zh = \"甲\", en = \"A\" }},")
        };
        SMALL.replace(SMIC, &(0..count).map(of).collect::<String>())
    };
    let most = Chain::parse(&with_securities(5_000));
    assert!(!matches!(most, Err(ChainError::TooLarge(_))), "{most:?}");
    assert_eq!(told(&with_securities(5_001)), SizeLimit::Securities(5_001));
    for limit in [SizeLimit::Bytes(9), SizeLimit::Segments(9), SizeLimit::Securities(9)] {
        let said = ChainError::TooLarge(limit).wording();
        assert!(said.en.contains('9') && english_in(&said.zh).is_none(), "{said:?}");
    }
}

/// A list of concepts of one source: each group's name, the security, the date and the last day.
fn concepts(source: &str, rows: &[(&str, &str, &str)]) -> GroupList {
    let said = rows.iter().map(|(name, security, date)| Grouped {
        kind: GroupKind::Concept,
        group: Group {
            id: crate::GroupId::of_kind(source, GroupKind::Concept, None, name).unwrap(),
            name: (*name).into(),
        },
        members: vec![Membership {
            symbol: symbol(security),
            seen_on: on(date),
            since: None,
            until: None,
        }],
    });
    Groups::of(said).list(&format!("{source}-concept")).unwrap().clone()
}

/// The members of a segment, with the dates that they rest on.
fn members(found: &ChainMembers, segment: &str) -> Vec<(String, String)> {
    let list = &found.list;
    let place = list.groups.iter().position(|group| group.id.code() == segment).unwrap();
    let own = list.members.iter().filter(|member| member.group == place);
    own.map(|member| (member.symbol.to_string(), member.seen_on.to_string())).collect()
}

fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(symbol, date)| ((*symbol).to_owned(), (*date).to_owned())).collect()
}

#[test]
fn a_segment_is_a_union_of_groups_and_of_what_groups_share_without_others() {
    let day = "2026-01-05";
    let list = concepts(
        "ths",
        &[
            ("液冷服务器", "600001.SH", day),
            ("液冷服务器", "600002.SH", day),
            ("算力租赁", "600002.SH", day),
            ("数据中心", "600003.SH", day),
            ("数据中心", "600004.SH", day),
            ("信创", "600004.SH", day),
            // In both ways a member, and counted once.
            ("液冷服务器", "600005.SH", day),
            ("数据中心", "600005.SH", day),
            ("信创", "600005.SH", day),
            ("信创", "600006.SH", day),
            ("数据中心", "600007.SH", day),
            ("信创", "600007.SH", day),
            ("算力租赁", "600007.SH", day),
            ("白酒", "600519.SH", day),
        ],
    );
    let found = small().resolve([&list], on("2026-01-09"));
    let servers = rows(&[("600001.SH", day), ("600004.SH", day), ("600005.SH", day)]);
    assert_eq!(members(&found, "servers"), servers);
    assert_eq!(members(&found, "foundry"), rows(&[("688981.SH", "2026-01-09")]));
    assert_eq!(members(&found, "memory"), []);
    // A segment without members is a group all the same; groups are in order.
    let ids: Vec<String> = found.list.groups.iter().map(|group| group.id.to_string()).collect();
    let expected = ["foundry", "memory", "servers"].map(|id| format!("small-chain-chain.{id}"));
    assert_eq!(ids, expected);
    assert_eq!((found.list.kind, &*found.list.groups[2].name), (GroupKind::Chain, "服务器"));
    assert!(found.list.members.iter().all(|one| one.since.is_none() && one.until.is_none()));
    assert!(found.list.members.is_sorted());
    // The list answers for the session as any other does.
    let own = found.list.of_symbol(symbol("600005.SH"), on("2026-01-09"));
    assert_eq!(own.count(), 1);
    let missing: Vec<(&str, &str)> =
        found.missing.iter().map(|one| (&*one.segment, &*one.name)).collect();
    assert_eq!(missing, [("memory", "存储芯片")]);
}

#[test]
fn memberships_are_those_of_the_session_and_later_ones_say_so() {
    let list = concepts(
        "ths",
        &[
            ("存储芯片", "600001.SH", "2026-01-05"),
            // It left memory with the list of February.
            ("液冷服务器", "600001.SH", "2026-02-05"),
            ("存储芯片", "600002.SH", "2026-02-05"),
        ],
    );
    let of =
        |session: &str, segment: &str| members(&small().resolve([&list], on(session)), segment);
    let [early, late] = ["2026-01-05", "2026-02-05"];
    assert_eq!(of("2025-12-31", "memory"), rows(&[("600001.SH", early), ("600002.SH", late)]));
    assert_eq!(of("2026-02-04", "memory"), rows(&[("600001.SH", early), ("600002.SH", late)]));
    assert_eq!(of("2026-02-05", "memory"), rows(&[("600002.SH", late)]));
    assert_eq!(of("2026-02-04", "servers"), []);
    assert_eq!(of("2026-02-05", "servers"), rows(&[("600001.SH", late)]));
    let found = small().resolve([&list], on("2026-01-08"));
    let later = |member: &crate::Member| member.is_of_later(on("2026-01-08"));
    let later: Vec<String> =
        found.list.members.iter().filter(|m| later(m)).map(|m| m.symbol.to_string()).collect();
    assert_eq!(later, ["600002.SH", "688981.SH"]);
}

#[test]
fn a_member_rests_on_the_latest_of_its_statements() {
    let ths = concepts(
        "ths",
        &[
            ("数据中心", "600001.SH", "2026-01-05"),
            ("存储芯片", "600002.SH", "2026-01-08"),
            ("存储芯片", "688981.SH", "2026-01-05"),
            ("信创", "600004.SH", "2026-01-05"),
        ],
    );
    let em = concepts(
        "em",
        &[
            ("信创", "600001.SH", "2026-01-07"),
            ("存储芯片", "600002.SH", "2026-01-06"),
            ("液冷概念", "600003.SH", "2026-01-06"),
        ],
    );
    for lists in [[&ths, &em], [&em, &ths]] {
        let found = small().resolve(lists, on("2026-01-09"));
        // What two lists share counts; a group that one of them spells otherwise is found.
        let servers = rows(&[("600001.SH", "2026-01-07"), ("600003.SH", "2026-01-06")]);
        assert_eq!(members(&found, "servers"), servers);
        let memory = rows(&[("600002.SH", "2026-01-08"), ("688981.SH", "2026-01-05")]);
        assert_eq!(members(&found, "memory"), memory);
        // Two segments that rest on statements of different dates: neither hides the other.
        let own = found.list.of_symbol(symbol("688981.SH"), on("2026-01-09"));
        let segments: Vec<&str> =
            own.map(|member| found.list.groups[member.group].id.code()).collect();
        assert_eq!(segments, ["memory", "foundry"]);
        let missing: Vec<&str> = found.missing.iter().map(|one| &*one.name).collect();
        assert_eq!(missing, ["算力租赁"]);
    }
}

#[test]
fn a_named_security_that_a_list_has_too_is_one_member_of_the_later_date() {
    let text = SMALL.replace("securities = [", "groups = [\"芯片概念\"]\nsecurities = [");
    let chain = Chain::parse(&text).unwrap();
    for (seen_on, rests_on) in [("2026-01-05", "2026-01-09"), ("2026-02-05", "2026-02-05")] {
        let list = concepts("ths", &[("芯片概念", "688981.SH", seen_on)]);
        let found = chain.resolve(Some(&list), on("2026-03-02"));
        assert_eq!(members(&found, "foundry"), rows(&[("688981.SH", rests_on)]));
    }
}

#[test]
fn without_a_list_only_named_securities_are_members_and_every_group_is_missing() {
    let found = small().resolve(None, on("2026-01-09"));
    assert_eq!(found.list.members.len(), 1);
    let used: Vec<(&str, GroupUse)> =
        found.missing.iter().map(|one| (&*one.name, one.used)).collect();
    let expected = [
        ("存储芯片", GroupUse::AnyOf),
        ("液冷服务器", GroupUse::AnyOf),
        ("数据中心", GroupUse::AllOf),
        ("信创", GroupUse::AllOf),
        ("算力租赁", GroupUse::Except),
    ];
    assert_eq!(used, expected);
    for one in &found.missing {
        let said = one.wording();
        assert!(said.en.contains(&*one.name) && said.zh.contains(&*one.name));
        assert_eq!(english_in(&said.zh), None, "{}", said.zh);
    }
}

#[test]
fn a_chain_is_neither_industries_nor_themes() {
    let day = "2026-01-05";
    let list = concepts("ths", &[("存储芯片", "600001.SH", day), ("信创", "600002.SH", day)]);
    let mut groups = Groups::default();
    groups.insert(small().resolve([&list], on(day)).list);
    assert!(groups.industries().is_none() && groups.themes().is_none());
    let chain = groups.list(&small().scheme()).unwrap();
    assert_eq!((chain.kind, chain.kind.word()), (GroupKind::Chain, "chain"));
    for text in ["small-chain-chain.memory", "small-chain-chain.存储芯片"] {
        let found = groups.find(&text.parse().unwrap()).unwrap();
        assert_eq!(found.id.code(), "memory");
    }
    // Another session's takes its place, and nothing that of no group.
    groups.insert(small().resolve(None, on(day)).list);
    groups.insert(GroupList {
        kind: GroupKind::Chain,
        groups: vec![],
        members: vec![],
        nowhere: vec![],
    });
    assert_eq!(groups.list("small-chain-chain").unwrap().members.len(), 1);
    // Beside a longer chain, the list of concepts is still that of themes.
    groups.insert(list);
    assert_eq!(groups.themes().unwrap().groups[0].id.scheme(), "ths-concept");
}

#[test]
fn builtin_chains_are_well_formed() {
    let chains = Chain::builtin();
    let ids: Vec<&str> = chains.iter().map(Chain::id).collect();
    assert_eq!(ids, ["ai-compute", "photovoltaics", "simulated-compute"]);
    for chain in chains {
        // Every segment is joined to another, and every layer has one.
        let joined: BTreeSet<usize> =
            chain.edges().iter().flat_map(|edge| [edge.from, edge.to]).collect();
        assert_eq!(joined.len(), chain.segments().len(), "{}", chain.id());
        for layer in chain.layers() {
            assert!(chain.segments().iter().any(|segment| segment.layer == layer.number));
        }
        // A list's securities are shares; so are the named ones.
        for named in chain.segments().iter().flat_map(|segment| &segment.securities) {
            assert!(named.symbol.board().is_some(), "{}", named.symbol);
        }
        for text in chain.segments().iter().map(|segment| &segment.name) {
            assert_eq!(english_in(&text.zh), None);
        }
    }
}

/// The names of groups in 【】, separated by semicolons, anywhere in a text.
fn bracketed(text: &str) -> BTreeSet<String> {
    let lists = text.split('【').skip(1).filter_map(|rest| rest.split('】').next());
    lists.flat_map(|list| list.split(';')).map(|name| name.trim().to_owned()).collect()
}

/// The values of `index_name` in a text of JSON.
fn index_names(text: &str) -> BTreeSet<String> {
    let values = text.split("\"index_name\":").skip(1);
    values.filter_map(|rest| rest.split('"').nth(1)).map(str::to_owned).collect()
}

#[test]
fn every_group_of_a_builtin_chain_is_in_a_list() {
    let files =
        ["data/ths_202601/Table-20260109.txt", "data/themes_em_202503/concept_capital_flow.json"];
    let [Some(ths), Some(em)] = files.map(shared) else { return };
    let [ths, em] = [ths, em].map(|path| fs::read_to_string(path).unwrap());
    let (ths, em) = (bracketed(&ths), index_names(&em));
    assert!(ths.len() > 300 && em.len() > 300, "{} {}", ths.len(), em.len());
    // The simulated market has a list of its own.
    for chain in Chain::builtin().iter().filter(|chain| chain.id() != "simulated-compute") {
        for (name, _) in chain.segments().iter().flat_map(ChainSegment::names) {
            for spelling in chain.spellings(name) {
                assert!(ths.contains(spelling) || em.contains(spelling), "{spelling}");
            }
        }
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in any::<String>()) {
        let _ = Chain::parse(&text);
    }

    #[test]
    fn parsing_a_damaged_chain_never_panics(
        at in 0..SMALL.len(),
        length in 0_usize..40,
        with in "[\\PC\n]{0,12}",
    ) {
        let start = (0..=at).rev().find(|place| SMALL.is_char_boundary(*place)).unwrap_or(0);
        let end = (start + length..=SMALL.len()).find(|place| SMALL.is_char_boundary(*place));
        let end = end.unwrap_or(SMALL.len());
        let text = format!("{}{with}{}", &SMALL[..start], &SMALL[end..]);
        if let Err(error) = Chain::parse(&text) {
            let said = error.wording();
            prop_assert!(!said.en.is_empty() && !said.zh.is_empty());
        }
    }
}
