//! Lists of groups such as concepts, in the shapes that readers have them in.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{GroupMemberRow, Import, Table, group_member_rows, security_rows};

fn imported(recipe: &Recipe, text: &str) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list_20260109.txt");
    std::fs::write(&path, text).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    read(recipe, &path, &options, &NoProgress)
}

fn of(name: &str, text: &str) -> Result<Import, SourceError> {
    imported(&Recipe::builtin(name).unwrap(), text)
}

fn members(import: &Import) -> Vec<GroupMemberRow> {
    let of_groups = import.batches.iter().filter(|(table, _)| *table == Table::GroupMember);
    of_groups.flat_map(|(_, batch)| group_member_rows(batch).unwrap()).collect()
}

/// Symbol, kind and name of each member.
fn told(import: &Import) -> Vec<String> {
    let told = |row: &GroupMemberRow| format!("{} {} {}", row.symbol, row.kind, row.name);
    members(import).iter().map(told).collect()
}

/// The stock table of the THS terminal: its heads, and rows of made-up securities.
fn ths(rows: &[(&str, &str, &str, &str)]) -> String {
    let mut text = "代码\t\t    名称\t\t所属行业\t\t所属概念\t\t\n".to_owned();
    for (symbol, name, industry, concepts) in rows {
        text += &format!("{symbol}\t{name}\t\t{industry}\t\t{concepts}\t\t\n");
    }
    text
}

#[test]
fn each_concept_in_a_cell_is_a_row() {
    let text = ths(&[
        ("SH600001", "甲股份", "银行", "【跨境支付(CIPS);信托概念】"),
        ("SZ000002", "乙股份", "半导体", "【存储芯片】"),
        ("SZ300003", "丙股份", "半导体", "--"),
        ("SZ000004", "丁股份", "--", "【WiFi 6; 存储芯片 ;;】"),
    ]);
    let import = of("ths-table", &text).unwrap();
    assert_eq!(
        told(&import),
        [
            "000002.SZ concept 存储芯片",
            "000004.SZ concept WiFi 6",
            "000004.SZ concept 存储芯片",
            "600001.SH concept 信托概念",
            "600001.SH concept 跨境支付(CIPS)",
            "000002.SZ industry 半导体",
            "300003.SZ industry 半导体",
            "600001.SH industry 银行",
        ]
    );
    assert!(members(&import).iter().all(|row| row.observed_on.to_string() == "2026-01-09"));
    let names = import.batches.iter().find(|(table, _)| *table == Table::Security).unwrap();
    assert_eq!(security_rows(&names.1).unwrap().len(), 4);
    // A cell without a concept may not have been loaded by the terminal.
    let named: Vec<(u64, &str)> =
        import.findings.iter().map(|f| (f.count, f.detail.en.as_str())).collect();
    let (concepts, industries) = (named.iter(), named.iter());
    assert!(concepts.filter(|(_, said)| said.contains("300003.SZ")).count() == 1, "{named:?}");
    assert!(industries.filter(|(_, said)| said.contains("000004.SZ")).count() == 1, "{named:?}");
    // A line of the file is one row, however many concepts it names.
    assert_eq!((import.rows_read, import.rows_left_out), (4, 0));
}

#[test]
fn a_table_without_concepts_is_read_for_its_names() {
    let import = of("ths-table", "代码\t名称\nSH600001\t甲股份\nSZ000002\t乙股份\n").unwrap();
    assert_eq!(told(&import), [""; 0]);
    assert_eq!(import.rows_read, 2);
}

#[test]
fn a_list_that_no_security_can_have_loses_its_row() {
    let many: Vec<String> = (0..201).map(|n| format!("概念{n}")).collect();
    let with = |concepts: &str| {
        let mut rows = vec![("SH600001", "甲股份", "银行", "【存储芯片】"); 101];
        rows[0].3 = concepts;
        let symbols: Vec<String> = (0..101).map(|n| format!("SH6{n:05}")).collect();
        for (row, symbol) in rows.iter_mut().zip(&symbols) {
            row.0 = symbol;
        }
        of("ths-table", &ths(&rows))
    };
    assert_eq!(members(&with(&many[..200].join(";")).unwrap()).len(), 100 + 200 + 101);
    let import = with(&many.join(";")).unwrap();
    assert_eq!((members(&import).len(), import.rows_left_out), (100 + 101, 1));
    // A part that is no text is left out alone, and the finding shows it.
    let import = with(&format!("存储芯片;{}", "长".repeat(201))).unwrap();
    assert_eq!((members(&import).len(), import.rows_left_out), (101 + 101, 0));
    let said = |import: &Import| import.findings.iter().any(|f| f.subject == "所属概念");
    assert!(said(&import), "{:?}", import.findings);
}

#[test]
fn own_groups_are_recognised_and_dated() {
    let text = "group,symbol,from,to\n\
                光模块,300001.SZ,2025-01-02,\n\
                光模块,600001.SH,2025-01-02,2025-06-03\n\
                液冷,600001.SH,,\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine_20260109.csv");
    std::fs::write(&path, text).unwrap();
    assert_eq!(recognise(&path).unwrap().recipe.name(), "groups-csv");
    let import = of("groups-csv", text).unwrap();
    assert_eq!(told(&import).len(), 3);
    let until = |name: &str| {
        let all = members(&import);
        let row = all.iter().find(|row| row.symbol.to_string() == name && row.name == "光模块");
        row.unwrap().until.map(|day| day.to_string())
    };
    assert_eq!(until("600001.SH").as_deref(), Some("2025-06-03"));
    assert_eq!(until("300001.SZ"), None);
    for (row, topic) in [
        ("光模块,600002.SH,2025-06-03,2025-06-03", "leave"),
        ("光模块,600002.SH,,2025-06-03", "leave"),
        (",600002.SH,,", "lack a required value"),
        ("光模块,999999.XX,,", "ymbols"),
    ] {
        let refused = of("groups-csv", &format!("{text}{row}\n")).unwrap_err().to_string();
        assert!(refused.contains(topic), "{row}: {refused}");
    }
}

#[test]
fn a_group_is_of_a_known_kind_and_a_code_has_one_name() {
    let recipe = |kind: &str| {
        let text = "description = \"mine\"\nsource = \"mine\"\nformat = \"csv\"\n[[table]]\n\
                    table = \"group_member\"\n[table.columns]\nsymbol = \"symbol\"\n\
                    observed_on = { from = \"file-name\" }\ncode = \"code\"\nname = \"name\"\n";
        Recipe::from_toml("mine", &format!("{text}kind = {{ constant = \"{kind}\" }}\n")).unwrap()
    };
    let text = "symbol,code,name\n600001.SH,BK1,光模块\n600002.SH,BK1,光模块\n";
    assert_eq!(members(&imported(&recipe("concept"), text).unwrap()).len(), 2);
    let refused = imported(&recipe("theme"), text).unwrap_err().to_string();
    assert!(refused.contains("no known kind"), "{refused}");
    let renamed = format!("{text}600003.SH,BK1,液冷\n");
    let refused = imported(&recipe("concept"), &renamed).unwrap_err().to_string();
    assert!(refused.contains("a different name"), "{refused}");
}

#[test]
fn a_split_is_one_character_of_a_text_column() {
    let fault = |column: &str| {
        let text = format!(
            "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n[[table]]\n\
             table = \"group_member\"\n[table.columns]\nsymbol = \"symbol\"\n\
             observed_on = {{ from = \"file-name\" }}\nkind = {{ constant = \"concept\" }}\n{column}\n"
        );
        Recipe::from_toml("mine", &text).err().map(|error| error.to_string())
    };
    let name = |split: &str| format!("name = {{ column = \"n\", split = \"{split}\" }}");
    assert_eq!(fault(&name(";")), None);
    assert_eq!(fault(&name("、")), None);
    for split in ["", "; "] {
        assert!(fault(&name(split)).unwrap().contains("one character"));
    }
    let constant = "name = { constant = \"a;b\", split = \";\" }";
    assert!(fault(constant).unwrap().contains("only a text from a column"));
    let of_day = "name = \"n\"\nsince = { column = \"d\", split = \";\" }";
    assert!(fault(of_day).unwrap().contains("only a text from a column"));
}

#[test]
fn a_table_with_its_industries_and_concepts_exchanged_is_refused() {
    let rows: Vec<(String, &str)> =
        (0..40).map(|n| (format!("SH6000{n:02}"), ["银行", "半导体"][n % 2])).collect();
    let table = |heads: &str| {
        let mut text = format!("代码\t名称\t{heads}\n");
        for (symbol, industry) in &rows {
            text += &format!("{symbol}\t甲股份\t{industry}\t【存储芯片;先进封装】\n");
        }
        of("ths-table", &text)
    };
    assert_eq!(members(&table("所属行业\t所属概念").unwrap()).len(), 40 * 3);
    let refused = table("所属概念\t所属行业").unwrap_err().to_string();
    assert!(refused.contains("a second industry"), "{refused}");
}

#[test]
fn a_list_separated_in_another_way_is_no_group() {
    let with = |concepts: &str| of("ths-table", &ths(&[("SH600001", "甲股份", "银行", concepts)]));
    // The full-width form of the separator is the separator.
    for concepts in ["【存储芯片;先进封装】", "【存储芯片；先进封装】"] {
        assert_eq!(members(&with(concepts).unwrap()).len(), 3, "{concepts}");
    }
    for concepts in ["【存储芯片、先进封装】", "存储芯片,先进封装", "存储芯片|先进封装"]
    {
        let refused = with(concepts).unwrap_err().to_string();
        assert!(refused.contains("could not be read"), "{concepts}: {refused}");
    }
    // A stroke may be part of a name.
    assert_eq!(members(&with("【DRG/DIP】").unwrap()).len(), 2);
}

/// Finds a finding by its words.
fn says(import: &Import, words: &str) -> Option<u64> {
    import.findings.iter().find(|f| f.detail.en.contains(words)).map(|f| f.count)
}

#[test]
fn an_empty_cell_says_something_only_in_a_list_that_is_evidently_whole() {
    let with = |empty: usize, all: usize| {
        let symbols: Vec<String> = (0..all).map(|n| format!("SH6{n:05}")).collect();
        let rows: Vec<_> = symbols
            .iter()
            .enumerate()
            .map(|(n, symbol)| {
                (&**symbol, "甲股份", "银行", if n < empty { "--" } else { "【存储芯片;液冷】" })
            })
            .collect();
        let import = of("ths-table", &ths(&rows)).unwrap();
        let nameless = members(&import).iter().filter(|row| row.name.is_empty()).count();
        (nameless, says(&import, "in no group;"), says(&import, "Rows name no group"))
    };
    assert_eq!(with(2, 100), (2, Some(2), None));
    assert_eq!(with(3, 100), (0, None, Some(3)));
    assert_eq!(with(1, 49), (0, None, Some(1)));
    assert_eq!(with(0, 100), (0, None, None));
}

#[test]
fn a_member_is_in_a_group_once_at_a_time() {
    let with = |spans: &[(&str, &str)]| {
        let mut text = "group,symbol,from,to\n".to_owned();
        for (from, to) in spans {
            text += &format!("甲,600001.SH,{from},{to}\n");
        }
        // Enough sound rows for the rest to be imported.
        for n in 2..300 {
            text += &format!("乙,6{n:05}.SH,,\n");
        }
        let import = of("groups-csv", &text).unwrap();
        let kept = members(&import).iter().filter(|row| row.name == "甲").count();
        (kept, says(&import, "twice at a time"), import.rows_left_out)
    };
    let once = [("2025-01-06", "2025-06-03"), ("2025-06-03", "2025-09-01"), ("2025-10-09", "")];
    assert_eq!(with(&once), (3, None, 0));
    for twice in [
        [("2025-01-06", "2025-06-03"), ("2025-06-02", "2025-09-01")],
        [("2025-01-06", "2025-06-03"), ("2024-01-02", "2025-01-07")],
        [("2025-01-06", ""), ("2025-06-03", "2025-09-01")],
        [("", ""), ("2025-06-03", "")],
    ] {
        assert_eq!(with(&twice), (1, Some(1), 1), "{twice:?}");
    }
    // The same row again is one row.
    assert_eq!(with(&[once[0], once[0]]), (1, None, 0));
}

#[test]
fn weights_of_groups_are_kept_and_judged_as_a_whole() {
    let with = |rows: &str| of("groups-csv", &format!("group,symbol,weight,from,to\n{rows}"));
    let two = "甲,600001.SH,60,,\n甲,000002.SZ,40,,\n";
    let import = with(two).unwrap();
    let weights: Vec<Option<u32>> = members(&import).iter().map(|row| row.weight).collect();
    assert_eq!((weights, &*import.findings), (vec![Some(400_000), Some(600_000)], &[][..]));
    // Those who left by the day of the list do not count.
    let left = "甲,600003.SH,30,2024-01-02,2025-01-06\n";
    assert_eq!(with(&format!("{two}{left}")).unwrap().findings, []);
    let astray = with("甲,600001.SH,60,,\n甲,000002.SZ,30,,\n").unwrap();
    let said = &astray.findings[0];
    assert!(said.detail.en.contains("甲 2026-01-09 90.0000 %"), "{said:?}");
    assert_eq!(said.subject, "group_member");
    let partial = with("甲,600001.SH,60,,\n甲,000002.SZ,,,\n").unwrap();
    assert_eq!(says(&partial, "for some members only"), Some(1));
    assert_eq!(with("甲,600001.SH,,,\n甲,000002.SZ,,,\n").unwrap().findings, []);
    let fractions = with("甲,600001.SH,0.6,,\n甲,000002.SZ,0.4,,\n").unwrap_err().to_string();
    assert!(fractions.contains("unit = \"fraction\""), "{fractions}");
    let above = with("甲,600001.SH,160,,\n").unwrap_err().to_string();
    assert!(above.contains("100 %"), "{above}");
}
