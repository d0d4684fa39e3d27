//! Lists of indices' members and their weights, in the shapes that publishers give them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use fupan_market::FindingKind;
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read, recognise};
use fupan_table::{Import, Table, index_weight_rows};

const OPTIONS: ReadOptions = ReadOptions { as_of: None, partial: Partial::Refused };

/// Imports a text by the recipe that it is recognised for, which must be the one named.
fn of(recipe: &str, text: &str) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list_20260430.csv");
    std::fs::write(&path, text).unwrap();
    let known = Recipe::builtin(recipe).unwrap();
    if let Ok(recognised) = recognise(&path) {
        assert_eq!(recognised.recipe.name(), recipe);
    }
    read(&known, &path, &OPTIONS, &NoProgress)
}

/// Date, index, symbol and weight of each row.
fn told(import: &Import) -> Vec<String> {
    let (table, batch) = &import.batches[0];
    assert_eq!((*table, import.batches.len()), (Table::IndexWeight, 1));
    let rows = index_weight_rows(batch).unwrap();
    rows.iter()
        .map(|row| format!("{} {} {} {:?}", row.observed_on, row.index, row.symbol, row.weight))
        .collect()
}

/// Kind and English detail of each finding.
fn said(import: &Import) -> Vec<(FindingKind, &str)> {
    import.findings.iter().map(|finding| (finding.kind, finding.detail.en.as_str())).collect()
}

const HEAD: &str = "date,index_code,index_name,ts_code,con_name,weight\n";

#[test]
fn weights_are_exact_in_a_ten_thousandth_of_a_percent() {
    let text = format!(
        "{HEAD}20260430,000300,甲指,000001.SZ,甲,60.425\n20260430,000300,甲指,600002.SH,乙,39.5750\n\
         20260430,399006,乙指,300001.SZ,丙,100\n"
    );
    let import = of("index-weights", &text).unwrap();
    assert_eq!(
        told(&import),
        [
            "2026-04-30 000300.SH 000001.SZ Some(604250)",
            "2026-04-30 399006.SZ 300001.SZ Some(1000000)",
            "2026-04-30 000300.SH 600002.SH Some(395750)",
        ]
    );
    assert_eq!(said(&import), []);
}

#[test]
fn a_stock_may_be_in_two_indices_and_in_one_only_once() {
    let rows = "20260430,000300,甲指,600002.SH,乙,100\n20260430,000016,乙指,600002.SH,乙,100\n";
    let import = of("index-weights", &format!("{HEAD}{rows}{rows}")).unwrap();
    assert_eq!(told(&import).len(), 2);
    assert!(said(&import)[0].1.contains("repeated with the same values"));
    let other = "20260430,000300,甲指,600002.SH,乙,99\n";
    let refused = of("index-weights", &format!("{HEAD}{rows}{other}")).unwrap_err().to_string();
    assert!(refused.contains("repeated with other values"), "{refused}");
}

#[test]
fn what_does_not_add_up_is_said() {
    let list = |weights: [&str; 3]| {
        let mut text = HEAD.to_owned();
        for (place, weight) in weights.iter().enumerate() {
            text += &format!("20260430,000300,甲指,60000{place}.SH,甲,{weight}\n");
        }
        of("index-weights", &text)
    };
    assert_eq!(said(&list(["33.333", "33.333", "33.333"]).unwrap()), []);
    let import = list(["33.333", "33.333", "20.001"]).unwrap();
    let findings = said(&import);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].1.contains("do not add up"), "{findings:?}");
    assert!(findings[0].1.ends_with("000300.SH 2026-04-30 86.6670 %"), "{findings:?}");
    // Some members without a weight.
    let import = list(["50", "--", "50"]).unwrap();
    assert!(said(&import)[0].1.contains("some members only"), "{:?}", said(&import));
    // Fractions read as percent, and percent beyond the whole.
    let refused = list(["0.333", "0.333", "0.334"]).unwrap_err().to_string();
    assert!(refused.contains("add up to 1.0000 %") && refused.contains("fraction"), "{refused}");
    let refused = list(["33", "133", "34"]).unwrap_err().to_string();
    assert!(refused.contains("more than 100 %"), "{refused}");
    let refused = list(["33", "-1", "68"]).unwrap_err().to_string();
    assert!(refused.contains("could not be read"), "{refused}");
}

#[test]
fn an_index_is_one_of_an_exchange_and_a_member_a_stock() {
    let row = |index: &str, symbol: &str| {
        let sound = "20260430,000300,甲指,600002.SH,乙,100\n";
        of("index-weights", &format!("{HEAD}{sound}20260430,{index},乙指,{symbol},乙,100\n"))
    };
    for index in ["931643", "H30374", "300", "600519", "000300.SH", ""] {
        let refused = row(index, "600003.SH").unwrap_err().to_string();
        assert!(refused.contains("an index of Shanghai"), "{index}: {refused}");
    }
    for index in ["000016", "399001", "899050", "980017"] {
        assert_eq!(told(&row(index, "600003.SH").unwrap()).len(), 2, "{index}");
    }
    let refused = row("000016", "999999.XX").unwrap_err().to_string();
    assert!(refused.contains("malformed"), "{refused}");
    let own = "index,symbol\n000300.SH,600001.SH\n600519.SH,600001.SH\n";
    let refused = of("index-members", own).unwrap_err().to_string();
    assert!(refused.contains("an index of Shanghai"), "{refused}");
    // A B-share is a member that the tables do not hold.
    let import = row("000016", "900901.SH").unwrap();
    assert_eq!((told(&import).len(), import.rows_not_covered), (1, 1));
}

#[test]
fn tushare_and_own_lists_are_recognised() {
    let import = of(
        "tushare-index-weight",
        "index_code,con_code,trade_date,weight\n399300.SZ,600001.SH,20260430,60.1234\n\
         399300.SZ,000001.SZ,20260430,39.8766\n",
    )
    .unwrap();
    assert_eq!(told(&import)[1], "2026-04-30 000300.SH 600001.SH Some(601234)");
    let own = "index,symbol\n000300.SH,600001.SH\n000300.SH,000001.SZ\n";
    let import = of("index-members", own).unwrap();
    assert_eq!(told(&import)[0], "2026-04-30 000300.SH 000001.SZ None");
    assert_eq!(said(&import), []);
    let own = "index,symbol,weight\n000300.SH,600001.SH,25\n000300.SH,000001.SZ,75\n";
    assert_eq!(
        told(&of("index-members", own).unwrap())[0],
        "2026-04-30 000300.SH 000001.SZ Some(750000)"
    );
}

#[test]
fn fractions_are_read_where_the_recipe_says_so() {
    let text = Recipe::builtin_text("index-members").unwrap();
    let recipe = Recipe::from_toml("mine", &text.replace("percent\"", "fraction\"")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list_20260430.csv");
    std::fs::write(
        &path,
        "index,symbol,weight\n000300.SH,600001.SH,0.604257\n000300.SH,600002.SH,0.395743\n",
    )
    .unwrap();
    let import = read(&recipe, &path, &OPTIONS, &NoProgress).unwrap();
    assert_eq!(told(&import)[0], "2026-04-30 000300.SH 600001.SH Some(604257)");
}

#[test]
fn the_shenzhen_code_of_an_index_of_both_exchanges_is_that_of_shanghai() {
    let text = format!(
        "{HEAD}20260430,399300,甲指,000001.SZ,甲,60\n20260430,399300,甲指,600002.SH,乙,40\n"
    );
    let import = of("index-weights", &text).unwrap();
    let expected = [
        "2026-04-30 000300.SH 000001.SZ Some(600000)",
        "2026-04-30 000300.SH 600002.SH Some(400000)",
    ];
    assert_eq!(told(&import), expected);
    let [(_, told)] = said(&import)[..] else { panic!("{:?}", import.findings) };
    assert!(told.contains("399300.SZ → 000300.SH"), "{told}");
    assert_eq!(import.findings[0].count, 2);
    // Bars stay under their own code, and what that means is said.
    let bars = "date,code,open,high,low,close,amount\n2026-04-30,sz399300,1,2,1,2,5\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bars.csv");
    std::fs::write(&path, bars).unwrap();
    let recipe = "description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n[[table]]\ntable = \"index_bar\"\n\
        [table.columns]\nsession = \"date\"\nsymbol = \"code\"\nopen = { column = \"open\", unit = \"point\" }\n\
        high = { column = \"high\", unit = \"point\" }\nlow = { column = \"low\", unit = \"point\" }\n\
        close = { column = \"close\", unit = \"point\" }\n";
    let recipe = Recipe::from_toml("mine", recipe).unwrap();
    let import = read(&recipe, &path, &OPTIONS, &NoProgress).unwrap();
    let [(_, told)] = said(&import)[..] else { panic!("{:?}", import.findings) };
    assert!(told.contains("by its Shanghai code: 399300.SZ"), "{told}");
}
