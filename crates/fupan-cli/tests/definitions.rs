//! A reader's own chains and own list of what is no theme, and lists that disagree. Each test runs the
//! real binary.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

use std::process::{Command, Output};

use tempfile::TempDir;

/// Twenty-four securities over three sessions, with a THS table of two concepts of twelve.
fn desk() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut bars = "ts_code,trade_date,open,high,low,close,pre_close,vol,amount\n".to_owned();
    for n in 0..24 {
        let close = if n < 12 { 11.0 } else { 9.5 };
        bars += &format!("6000{n:02}.SH,20260105,10,10,10,10,10,10,10\n");
        bars += &format!("6000{n:02}.SH,20260106,{close},{close},{close},{close},10,10,{close}\n");
        bars +=
            &format!("6000{n:02}.SH,20260107,{close},{close},{close},{close},{close},10,{close}\n");
    }
    std::fs::write(folder.path().join("bars.csv"), bars).unwrap();
    let list = |n: usize| if n < 12 { "液冷服务器" } else { "乳业" };
    write_list(&folder, "Table-20260105.txt", |n| format!("【{};融资融券】", list(n)));
    ok(&folder, &["import", "tushare-daily", "bars.csv"]);
    ok(&folder, &["import", "Table-20260105.txt"]);
    folder
}

fn write_list(folder: &TempDir, name: &str, concepts: impl Fn(usize) -> String) {
    let mut list = "代码\t名称\t所属行业\t所属概念\n".to_owned();
    for n in 0..24 {
        list += &format!("SH6000{n:02}\t股份{n}\t银行\t{}\n", concepts(n));
    }
    std::fs::write(folder.path().join(name), list).unwrap();
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    for name in ["REPORT_LANGUAGE", "FUPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.env("FUPAN_STORE", folder.path().join("store"));
    command.args(arguments).current_dir(folder.path()).output().unwrap()
}

fn ok(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let said = [&output.stderr[..], &output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{arguments:?}: {} {said}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says that has no answer, and its exit code.
fn fails(folder: &TempDir, arguments: &[&str]) -> (String, Option<i32>) {
    let output = run(folder, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    let said = [&output.stdout[..], &output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.code())
}

const MINE: &str = r#"
id = "mine"
named_on = "2026-01-05"
name = { zh = "乳品链", en = "Dairy chain" }
[[layer]]
number = 1
zh = "上游"
en = "Upstream"
[[layer]]
number = 2
zh = "下游"
en = "Downstream"
[[segment]]
id = "farms"
layer = 1
zh = "牧场"
en = "Farms"
securities = [{ symbol = "600000.SH", zh = "股份零养牛", en = "Share zero keeps cows" }]
[[segment]]
id = "milk"
layer = 2
zh = "乳制品"
en = "Milk"
groups = ["乳业"]
[[edge]]
from = "farms"
to = "milk"
zh = "生鲜乳"
en = "raw milk"
"#;

fn write(folder: &TempDir, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).unwrap();
}

#[test]
fn an_own_chain_is_shown_written_up_explained_and_audited() {
    let desk = desk();
    write(&desk, "mine.toml", MINE);
    let checked = ok(&desk, &["chain", "--check", "mine.toml"]);
    assert!(checked.contains("✓ mine (Dairy chain): 2 segments, 2 layers, 1 edges"), "{checked}");
    assert!(!ok(&desk, &["chain", "2026-01-06"]).contains("Dairy"));
    let (said, _) = fails(&desk, &["import", "mine.toml"]);
    assert!(said.contains("is an industry chain, not a recipe: fupan import chain"), "{said}");
    ok(&desk, &["import", "chain", "mine.toml"]);

    let chain = ok(&desk, &["chain", "2026-01-06"]);
    let own = chain.find("Dairy chain").unwrap();
    assert!(own < chain.find("AI compute").unwrap(), "{chain}");
    let csv = ok(&desk, &["chain", "2026-01-06", "--format", "csv"]);
    for row in [
        "2026-01-06,mine-chain.farms,Farms,100000000,",
        "2026-01-06,mine-chain.milk,Milk,-50000000,",
    ] {
        assert!(csv.lines().any(|line| line.starts_with(row)), "{csv}");
    }
    let brief = ok(&desk, &["review", "2026-01-06", "--format", "md", "--output", "-"]);
    assert!(brief.contains("Dairy chain") && brief.contains("Farms"), "{brief}");
    let page = ok(&desk, &["review", "2026-01-06", "--lang", "zh", "--output", "-"]);
    assert!(page.contains("乳品链") && page.contains("生鲜乳"));

    let key = "equal_weight_return/mine-chain.milk/2026-01-06/close";
    let told = ok(&desk, &["explain", key]);
    assert!(told.contains("own-chains") && told.contains("乳制品"), "{told}");
    let told = ok(
        &desk,
        &["explain", "equal_weight_return/ai-compute-chain.liquid-cooling/2026-01-06/close"],
    );
    assert!(!told.contains("own-chains"), "{told}");
    let audit = ok(&desk, &["audit", "2026-01-06"]);
    assert!(audit.contains(" 0 differ, 0 have no twin"), "{audit}");
    let stock = ok(&desk, &["stock", "600000", "2026-01-06"]);
    assert!(stock.contains("Farms"), "{stock}");
    assert!(ok(&desk, &["doctor"]).contains("definition"));
}

#[test]
fn an_edited_chain_is_refused_then_replaces_and_is_taken_out() {
    let desk = desk();
    write(&desk, "mine.toml", MINE);
    ok(&desk, &["import", "chain", "mine.toml"]);
    write(&desk, "mine.toml", &MINE.replace("Dairy chain", "Milk chain"));
    let (said, _) = fails(&desk, &["import", "chain", "mine.toml"]);
    assert!(said.contains("--replace") && said.contains("Milk chain"), "{said}");
    ok(&desk, &["import", "chain", "mine.toml", "--replace"]);
    let chain = ok(&desk, &["chain", "2026-01-06"]);
    assert!(chain.contains("Milk chain") && !chain.contains("Dairy chain"), "{chain}");
    let imports = ok(&desk, &["imports", "--format", "csv"]);
    let id = imports.lines().find(|line| line.contains("own-chains")).unwrap();
    ok(&desk, &["drop", id.split(',').next().unwrap()]);
    assert!(!ok(&desk, &["chain", "2026-01-06"]).contains("Milk chain"));
    // One with the identifier of a built-in chain takes its place.
    let own = MINE.replace("id = \"mine\"", "id = \"ai-compute\"");
    write(&desk, "own.toml", &own);
    ok(&desk, &["import", "chain", "own.toml"]);
    let csv = ok(&desk, &["chain", "2026-01-06", "--format", "csv"]);
    assert!(csv.contains("ai-compute-chain.milk") && !csv.contains("liquid-cooling"), "{csv}");
    assert_eq!(ok(&desk, &["chain", "--print", "ai-compute"]).trim(), own.trim());
}

#[test]
fn what_is_wrong_with_a_chain_is_said_with_its_place() {
    let desk = desk();
    for (old, new, en, zh) in [
        ("to = \"milk\"", "to = \"silk\"", "did you mean `milk`?", "是否指`milk`？"),
        (
            "from = \"farms\"\nto = \"milk\"",
            "from = \"milk\"\nto = \"milk\"",
            "edges lead in a circle",
            "成环",
        ),
        ("id = \"farms\"", "id = \"milk\"", "segment `milk` occurs twice", "出现了两次"),
        ("600000.SH", "600000.XX", "`600000.XX`", "`600000.XX`"),
        ("layer = 2\n", "layer = two\n", "line ", "行"),
    ] {
        assert!(MINE.contains(old));
        write(&desk, "bad.toml", &MINE.replace(old, new));
        for command in [&["import", "chain", "bad.toml"][..], &["chain", "--check", "bad.toml"]] {
            let (said, _) = fails(&desk, command);
            assert!(said.contains("bad.toml cannot be used") && said.contains(en), "{said}");
            let (said, _) = fails(&desk, &[command, &["--lang", "zh"]].concat());
            assert!(said.contains("bad.toml不能使用") && said.contains(zh), "{said}");
        }
    }
    // What the store does not know is no fault of the text: it is said, and the chain is imported.
    let strange =
        MINE.replace("[\"乳业\"]", "[\"乳业类\", \"奶酪\"]").replace("600000.SH", "600999.SH");
    write(&desk, "strange.toml", &strange);
    let (said, code) = fails(&desk, &["chain", "--check", "strange.toml"]);
    assert_eq!(code, Some(1), "{said}");
    for words in
        ["`乳业类`", "did you mean `乳业`?", "`奶酪`", "neither a name nor a bar", "600999.SH (`"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    // Without a store the text is checked all the same, and it is said that nothing else is.
    let alone = ok(&desk, &["--store", "none", "chain", "--check", "strange.toml"]);
    assert!(alone.contains("were not checked"), "{alone}");
    fails(&desk, &["--store", "none", "chain", "--check", "bad.toml"]);
    // A store without any security says so once, of all that are named.
    let named = "{ symbol = \"600001.SH\", zh = \"甲\", en = \"A\" }, { symbol = \"600000.SH\"";
    write(&desk, "two.toml", &MINE.replace("{ symbol = \"600000.SH\"", named));
    let fresh = ok(&desk, &["--store", "fresh", "import", "chain", "two.toml"]);
    assert!(fresh.contains("name 2 securities"), "{fresh}");
    assert_eq!(fresh.matches("neither a name nor a bar").count(), 1, "{fresh}");
    let imported = ok(&desk, &["import", "chain", "strange.toml"]);
    assert!(imported.contains("did you mean `乳业`?"), "{imported}");
    let (said, code) = fails(&desk, &["chain", "--print", "nobody"]);
    assert!(
        said.contains("there are mine, ai-compute, photovoltaics") && code == Some(2),
        "{said}"
    );
}

#[test]
fn an_own_list_says_what_is_no_theme() {
    let desk = desk();
    let builtin = ok(&desk, &["themes", "--left-out"]);
    assert!(builtin.contains("融资融券"), "{builtin}");
    assert!(ok(&desk, &["themes", "2026-01-06"]).contains("Dairy"));
    write(&desk, "mine.txt", "# 不看\n乳业\n奶粉\n");
    let imported = ok(&desk, &["import", "not-themes", "mine.txt"]);
    assert!(
        imported.contains("1 of its 2 names are of no group") && imported.contains("`奶粉`"),
        "{imported}"
    );
    let themes = ok(&desk, &["themes", "2026-01-06"]);
    assert!(!themes.contains("Dairy") && themes.contains("Margin-eligible"), "{themes}");
    assert_eq!(ok(&desk, &["themes", "--left-out"]).trim(), "# 不看\n乳业\n奶粉");
    let told =
        ok(&desk, &["explain", "equal_weight_return/ths-concept.液冷服务器/2026-01-06/close"]);
    assert!(told.contains("own-not-themes"), "{told}");
    let audit = ok(&desk, &["audit", "2026-01-06"]);
    assert!(audit.contains(" 0 differ, 0 have no twin"), "{audit}");
    write(&desk, "mine.txt", "乳业，奶粉\n");
    let (said, _) = fails(&desk, &["import", "not-themes", "mine.txt"]);
    assert!(said.contains("line 1 holds several names"), "{said}");
}

#[test]
fn two_lists_of_one_date_that_contradict_each_other_are_not_united() {
    let desk = desk();
    let advances = |name: &str, on: &str| {
        let scope = format!("ths-concept.{name}");
        let measure = ["--measure", "equal_weight_return", "--format", "json"];
        ok(&desk, &[&["facts", on, "--scope", &scope][..], &measure].concat())
    };
    let before = advances("乳业", "2026-01-06");
    assert!(before.contains("-50000000"), "{before}");
    // The first security is in another concept now, on the same date.
    let moved = |n: usize| match n {
        0 => "【乳业;融资融券】".to_owned(),
        n if n < 12 => "【液冷服务器;融资融券】".to_owned(),
        _ => "【乳业;融资融券】".to_owned(),
    };
    std::fs::create_dir(desk.path().join("again")).unwrap();
    write_list(&desk, "again/Table-20260105.txt", moved);
    let (said, _) = fails(&desk, &["import", "ths-table", "again/Table-20260105.txt"]);
    assert!(said.contains("listed → not listed") && said.contains("--replace"), "{said}");
    ok(&desk, &["import", "ths-table", "again/Table-20260105.txt", "--replace"]);
    assert!(!advances("乳业", "2026-01-06").contains("-50000000"));
    let audit = ok(&desk, &["audit", "2026-01-06"]);
    assert!(audit.contains(" 0 differ, 0 have no twin"), "{audit}");

    // A file for each group may complete another; one that names other members is said.
    write(&desk, "a_20260105.csv", "group,symbol\n甲,600000.SH\n甲,600001.SH\n");
    write(&desk, "b_20260105.csv", "group,symbol\n乙,600000.SH\n乙,600002.SH\n");
    write(&desk, "c_20260105.csv", "group,symbol\n甲,600001.SH\n甲,600003.SH\n甲,600998.SH\n");
    ok(&desk, &["import", "groups-csv", "a_20260105.csv", "b_20260105.csv"]);
    let said = ok(&desk, &["import", "groups-csv", "c_20260105.csv"]);
    assert!(said.contains("Groups have other members") && said.contains("甲 +2 −1"), "{said}");
    assert!(said.contains("600998.SH"), "{said}");
    let members = |name: &str| {
        let sql = format!("SELECT DISTINCT symbol FROM group_member WHERE name = '{name}'");
        ok(&desk, &["sql", "--format", "csv", &sql]).lines().skip(1).count()
    };
    assert_eq!((members("甲"), members("乙")), (4, 2));
    write(&desk, "d_20260105.csv", "group,symbol\n甲,600001.SH\n甲,600004.SH\n");
    ok(&desk, &["import", "groups-csv", "d_20260105.csv", "--replace"]);
    assert_eq!((members("甲"), members("乙")), (2, 2));
}

#[test]
fn a_security_leaves_its_concepts_by_a_later_list_that_is_whole() {
    let desk = desk();
    let list = |n: usize| if n < 12 { "【液冷服务器】" } else { "【乳业】" };
    // One empty cell in twenty-four may not have been loaded.
    write_list(&desk, "Table-20260106.txt", |n| (if n == 0 { "--" } else { list(n) }).to_owned());
    let said = ok(&desk, &["import", "Table-20260106.txt"]);
    assert!(said.contains("Rows name no group"), "{said}");
    let count = |on: &str| {
        let csv = ok(
            &desk,
            &[
                "facts",
                on,
                "--scope",
                "ths-concept.液冷服务器",
                "--measure",
                "advances",
                "--measure",
                "unchanged",
                "--format",
                "csv",
            ],
        );
        csv.lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(1)?.parse::<i64>().ok())
            .sum::<i64>()
    };
    assert_eq!((count("2026-01-06"), count("2026-01-07")), (12, 12));
    // In a list of a hundred rows one empty cell is a statement.
    let mut whole = "代码\t名称\t所属行业\t所属概念\n".to_owned();
    for n in 0..24 {
        whole += &format!("SH6000{n:02}\t股份{n}\t银行\t{}\n", if n == 0 { "--" } else { list(n) });
    }
    for n in 100..200 {
        whole += &format!("SH600{n}\t股份{n}\t银行\t【其他】\n");
    }
    write(&desk, "Table-20260107.txt", &whole);
    let said = ok(&desk, &["import", "Table-20260107.txt"]);
    assert!(said.contains("in no group; what an earlier list says"), "{said}");
    assert_eq!((count("2026-01-06"), count("2026-01-07")), (12, 11));
    let audit = ok(&desk, &["audit", "2026-01-07"]);
    assert!(audit.contains(" 0 differ, 0 have no twin"), "{audit}");
}
