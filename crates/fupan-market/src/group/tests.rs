use super::*;
use crate::Groups;

fn row(source: &str, code: &str, symbol: &str, seen_on: &str) -> Grouped {
    Grouped {
        kind: GroupKind::Industry,
        group: Group {
            id: GroupId::of_level(source, 1, Some(code), "").unwrap(),
            name: format!("{code} by name").into(),
        },
        members: vec![Membership {
            symbol: symbol.parse().unwrap(),
            seen_on: seen_on.parse().unwrap(),
            since: None,
            until: None,
        }],
    }
}

#[test]
fn a_group_is_printed_as_it_is_read() {
    for text in ["sw1.801080", "tushare1.银行", "ths-concept.885957", "sw2.IT服务Ⅱ"] {
        let id: GroupId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
    }
    for text in [
        "600519.SH",
        "sh.600519",
        "SH600519",
        "sse.600519",
        "sw.1",
        "sw1.",
        "sw1.a b",
        "sw1.a/b",
        "sw1.a.b",
        "sw1.a\u{7}b",
        "szse.600519",
        "bse.600519",
        "1sw.801080",
        "-sw1.801080",
        "Sw1.801080",
        "s w1.801080",
        "sw1",
        "",
    ] {
        assert!(text.parse::<GroupId>().is_err(), "{text}");
    }
}

#[test]
fn a_source_and_its_code_make_a_word() {
    let of = |source: &str, code: Option<&str>, name: &str| {
        GroupId::of_level(source, 2, code, name).map(|id| id.to_string())
    };
    for (source, code, name, id) in [
        ("sw", Some("801081.SI"), "半导体", "sw2.801081"),
        ("My Vendor", Some("油气 / 开采"), "", "my-vendor2.油气-开采"),
        ("a.b+c", None, "银行", "a-b-c2.银行"),
        // No source's industries are lost because of its name.
        ("10jqka", None, "银行", "list-10jqka2.银行"),
        ("x", None, "银行", "list-x2.银行"),
        ("同花顺", None, "银行", "同花顺2.银行"),
        // A name is not a code: what follows a dot in it counts.
        ("sw", None, "No.1 钢", "sw2.No-1-钢"),
        ("sw", Some(".SI"), "钢铁", "sw2.钢铁"),
    ] {
        assert_eq!(of(source, code, name).as_deref(), Ok(id), "{source} {code:?}");
        assert_eq!(id.parse::<GroupId>().unwrap().to_string(), id);
    }
    assert!(of("sw", Some(" . "), "/").is_err());
}

#[test]
fn what_is_seen_of_a_security_holds_until_the_next_and_the_first_before_itself() {
    let groups = Groups::of([
        row("sw", "a", "600519.SH", "2026-01-05"),
        row("sw", "b", "600519.SH", "2026-02-05"),
    ]);
    let list = groups.list("sw1").unwrap();
    let code = |session: &str| {
        let session: SessionDate = session.parse().unwrap();
        let member = list.of_symbol("600519.SH".parse().unwrap(), session).next().unwrap();
        (list.groups[member.group].id.code().to_owned(), member.is_of_later(session))
    };
    assert_eq!(code("2025-12-31"), ("a".to_owned(), true));
    assert_eq!(code("2026-01-05"), ("a".to_owned(), false));
    assert_eq!(code("2026-02-04"), ("a".to_owned(), false));
    assert_eq!(code("2026-02-05"), ("b".to_owned(), false));
    assert!(groups.list("sw2").is_none());
}

#[test]
fn a_group_is_found_by_its_code_and_by_its_name() {
    let mut named = row("sw", "801080.SI", "600519.SH", "2026-01-05");
    named.group.name = "电子".into();
    let groups = Groups::of([named, row("sw", "801780.SI", "600000.SH", "2026-01-05")]);
    for text in ["sw1.801080", "sw1.电子"] {
        let found = groups.find(&text.parse().unwrap()).unwrap();
        assert_eq!(found.id.to_string(), "sw1.801080");
    }
    for text in ["sw1.801081", "sw2.801080", "sw1.银行"] {
        assert_eq!(groups.find(&text.parse().unwrap()), None, "{text}");
    }
    // An ambiguous name is not guessed.
    let called = |code: &str| {
        let mut row = row("sw", code, "600519.SH", "2026-01-05");
        row.group.name = "其他".into();
        row
    };
    let groups = Groups::of([called("1"), called("2")]);
    assert_eq!(groups.find(&"sw1.其他".parse().unwrap()), None);
    assert!(groups.find(&"sw1.2".parse().unwrap()).is_some());
}

#[test]
fn industries_are_the_coarsest_that_name_nearly_all() {
    let day = "2026-01-05";
    let symbols: Vec<String> = (600_000..600_020).map(|n| format!("{n}.SH")).collect();
    let mut rows = Vec::new();
    for (i, symbol) in symbols.iter().enumerate() {
        rows.push(row("coarse", ["a", "b"][i % 2], symbol, day));
        rows.push(row("fine", ["a", "b", "c"][i % 3], symbol, day));
        rows.push(row("whole", "all", symbol, day));
    }
    rows.push(row("few", "a", &symbols[0], day));
    rows.push(row("few", "b", &symbols[1], day));
    let groups = Groups::of(rows);
    let industries = groups.industries().unwrap();
    assert_eq!(industries.groups[0].id.scheme(), "coarse1");
    assert_eq!(industries.members.len(), 20);
    assert!(Groups::default().industries().is_none());
}

#[test]
fn a_list_of_nine_in_ten_securities_is_as_wide_as_any() {
    let industries = |of_coarse: usize, of_fine: usize| {
        let rows = |source: &'static str, codes: &'static [&'static str], count: usize| {
            (0..count).map(move |i| {
                let symbol = format!("{}.SH", 600_000 + i);
                row(source, codes[i % codes.len()], &symbol, "2026-01-05")
            })
        };
        let coarse = rows("coarse", &["a", "b"], of_coarse);
        let groups = Groups::of(coarse.chain(rows("fine", &["a", "b", "c"], of_fine)));
        groups.industries().unwrap().groups[0].id.scheme().to_owned()
    };
    assert_eq!(industries(18, 20), "coarse1");
    assert_eq!(industries(17, 20), "fine1");
    assert_eq!(industries(20, 3), "coarse1");
}

#[test]
fn themes_are_the_list_of_concepts_with_the_most_memberships() {
    let concept = |source: &str, name: &str, symbol: &str| Grouped {
        kind: GroupKind::Concept,
        group: Group {
            id: GroupId::of_kind(source, GroupKind::Concept, None, name).unwrap(),
            name: name.into(),
        },
        ..row("sw", "1", symbol, "2026-01-05")
    };
    let day: SessionDate = "2026-01-05".parse().unwrap();
    let industry = |code: &str, n: u32| row("sw", code, &format!("{n}.SH"), "2026-01-05");
    let groups = Groups::of([
        concept("ths", "存储芯片", "600519.SH"),
        concept("ths", "液冷服务器", "600519.SH"),
        concept("ths", "液冷服务器", "600520.SH"),
        concept("em", "存储芯片", "600519.SH"),
        concept("em", "光刻机", "600519.SH"),
        concept("one", "all", "600519.SH"),
        industry("1", 600_519),
        industry("2", 600_520),
        industry("2", 600_521),
        industry("2", 600_522),
    ]);
    let themes = groups.themes().unwrap();
    assert_eq!(themes.groups[0].id.to_string(), "ths-concept.存储芯片");
    // A security may be in several concepts, and concepts are no industries.
    let of = themes.of_symbol("600519.SH".parse().unwrap(), day);
    assert_eq!(of.count(), 2);
    assert_eq!(groups.industries().unwrap().groups[0].id.scheme(), "sw1");
    assert!(Groups::of([concept("one", "all", "600519.SH")]).themes().is_none());
    // A list of styles is none of themes, however long.
    let styles = ["融资融券", "大盘股"].map(|name| {
        let mut style = concept("tdx", name, "600519.SH");
        style.kind = GroupKind::Style;
        style.group.id = GroupId::of_kind("tdx", GroupKind::Style, None, name).unwrap();
        style
    });
    assert!(Groups::of(styles).themes().is_none());
    assert_eq!(
        GroupKind::ALL.map(|kind| GroupKind::named(kind.word())),
        [Some(GroupKind::Industry), Some(GroupKind::Concept), Some(GroupKind::Style), None]
    );
    assert_eq!(GroupKind::named("theme"), None);
}

#[test]
fn a_group_has_an_english_name_without_chinese_in_it() {
    assert_eq!(english_group_name("电子"), Some("Electronics"));
    assert_eq!(english_group_name("共封装光学(CPO)"), Some("Co-packaged optics"));
    assert_eq!(english_group_name("虚构行业"), None);
    let lines = NAMES.lines().count();
    let mut names: Vec<(&str, &str)> =
        NAMES.lines().filter_map(|line| line.split_once('\t')).collect();
    assert_eq!(names.len(), lines);
    for (zh, en) in &names {
        assert!(!zh.is_empty() && en.is_ascii() && !en.trim().is_empty(), "{zh} {en}");
    }
    names.dedup_by_key(|(zh, _)| *zh);
    assert_eq!(names.len(), lines);
}

#[test]
fn a_name_within_a_sentence_keeps_the_capitals_of_proper_nouns_only() {
    for (name, within) in [
        ("Co-packaged optics", "co-packaged optics"),
        ("Liquid-cooled servers", "liquid-cooled servers"),
        ("Huawei Ascend", "Huawei Ascend"),
        ("Tesla-linked", "Tesla-linked"),
        ("Alzheimer's disease", "Alzheimer's disease"),
        ("AI phones", "AI phones"),
        ("PCBs", "PCBs"),
        ("3D printing", "3D printing"),
        ("Wi-Fi 6", "Wi-Fi 6"),
        ("F5G fibre broadband", "F5G fibre broadband"),
        ("E", "E"),
        ("", ""),
    ] {
        assert_eq!(group_name_in_sentence(name), within, "{name}");
    }
}

#[test]
fn a_group_has_its_latest_name() {
    let named = |day: &str, name: &str| {
        let mut row = row("sw", "801080", "600519.SH", day);
        row.group.name = name.into();
        row
    };
    let empty = Grouped { members: Vec::new(), ..named("2026-03-05", "空") };
    let (old, new) = (named("2026-01-05", "电子"), named("2026-02-05", "电气"));
    let also = named("2026-02-05", "丙");
    for said in [vec![old.clone(), new.clone(), empty.clone()], vec![new.clone(), old.clone()]] {
        let groups = Groups::of(said);
        let list = groups.list("sw1").unwrap();
        assert_eq!((list.groups.len(), list.members.len()), (1, 2));
        assert_eq!(&*list.groups[0].name, "电气");
    }
    // Of two names on one date, the first in order.
    let groups = Groups::of([new, also.clone(), also]);
    assert_eq!(&*groups.list("sw1").unwrap().groups[0].name, "丙");
    assert_eq!(groups.list("sw1").unwrap().members.len(), 1);
    assert!(Groups::of([empty]).list("sw1").is_none());
}

#[test]
fn a_security_has_its_own_memberships_only() {
    let day = "2026-01-05";
    let rows = ["600001.SH", "600002.SH", "600003.SH"].map(|symbol| row("sw", "a", symbol, day));
    let groups = Groups::of(rows);
    let list = groups.list("sw1").unwrap();
    let session: SessionDate = day.parse().unwrap();
    for (symbol, count) in
        [("600000.SH", 0), ("600001.SH", 1), ("600002.SH", 1), ("600003.SH", 1), ("600004.SH", 0)]
    {
        let own = list.of_symbol(symbol.parse().unwrap(), session);
        let own: Vec<String> = own.map(|member| member.symbol.to_string()).collect();
        assert_eq!(own, vec![symbol; count]);
    }
}

#[test]
fn a_security_is_in_a_group_from_its_first_day_to_before_its_last() {
    let mut one = row("sw", "a", "600519.SH", "2026-01-05");
    one.members[0].since = "2026-01-06".parse().ok();
    one.members[0].until = "2026-01-08".parse().ok();
    let groups = Groups::of([one]);
    let held = |session: &str| {
        let session: SessionDate = session.parse().unwrap();
        let list = groups.list("sw1").unwrap();
        list.of_symbol("600519.SH".parse().unwrap(), session).count()
    };
    let days = ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"];
    assert_eq!(days.map(held), [0, 1, 1, 0]);
}

#[test]
fn a_security_that_a_list_has_in_no_group_left_those_that_it_was_in() {
    let [first, second, third] = ["2026-01-05", "2026-01-12", "2026-01-19"];
    let day = |text: &str| -> SessionDate { text.parse().unwrap() };
    let symbol: Symbol = "600519.SH".parse().unwrap();
    let other: Symbol = "600520.SH".parse().unwrap();
    let groups = Groups::of([
        row("sw", "a", "600519.SH", first),
        row("sw", "b", "600519.SH", third),
        row("sw", "a", "600520.SH", first),
    ]);
    let stated = |scheme: &str, symbol, on: &str| (Arc::from(scheme), symbol, day(on));
    // A scheme without a list has none to add to.
    let none = [stated("sw1", symbol, second), stated("sw2", symbol, second)];
    let groups = groups.with_nowhere([none[0].clone(), none[0].clone(), none[1].clone()]);
    let list = groups.list("sw1").unwrap();
    assert_eq!(list.nowhere, [(symbol, day(second))]);
    let of =
        |symbol, on: &str| list.of_symbol(symbol, day(on)).map(|m| m.group).collect::<Vec<_>>();
    for (on, groups, spoken) in [
        ("2026-01-02", vec![0], first),
        ("2026-01-05", vec![0], first),
        ("2026-01-12", vec![], second),
        ("2026-01-16", vec![], second),
        ("2026-01-19", vec![1], third),
    ] {
        assert_eq!(
            (of(symbol, on), list.spoken_of(symbol, day(on))),
            (groups, Some(day(spoken))),
            "{on}"
        );
        assert_eq!(of(other, on), [0], "{on}");
    }
    assert_eq!(list.spoken_of("600521.SH".parse().unwrap(), day(first)), None);
}
