//! Industry lists whose rows speak against one another.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table, industry_rows};

/// The columns of `sw-industry` that say which industry: a code and a name a level.
const LEVELS: [&str; 6] = ["l1_code", "l1_name", "l2_code", "l2_name", "l3_code", "l3_name"];

/// Eight stocks in two industries, four within them, and eight within those.
fn rows() -> Vec<[String; 6]> {
    (0..8)
        .map(|stock| {
            let (first, second, third) = (stock / 4, stock / 2, stock);
            [
                format!("8010{first}0.SI"),
                format!("一级{}", ["甲", "乙"][first]),
                format!("8020{second}1.SI"),
                format!("二级{}Ⅱ", ["子", "丑", "寅", "卯"][second]),
                format!("8030{third}2.SI"),
                format!("三级{third}Ⅲ"),
            ]
        })
        .collect()
}

/// The list with its columns under `heads`, and further rows.
fn list(heads: [&str; 6], further: &[String]) -> Result<Import, SourceError> {
    let mut text = format!("ts_code,{},in_date,out_date\n", heads.join(","));
    for (stock, levels) in rows().iter().enumerate() {
        text += &format!("60000{stock}.SH,{},20210101,\n", levels.join(","));
    }
    text.extend(further.iter().cloned());
    read_text(&text)
}

fn read_text(text: &str) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sw_members_20260528.csv");
    std::fs::write(&path, text).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Refused };
    read(&Recipe::builtin("sw-industry").unwrap(), &path, &options, &NoProgress)
}

fn kept(import: &Import) -> usize {
    let batch = &import.batches.iter().find(|(table, _)| *table == Table::Industry).unwrap().1;
    industry_rows(batch).unwrap().len()
}

#[test]
fn a_list_with_any_two_columns_exchanged_is_refused() {
    assert_eq!(kept(&list(LEVELS, &[]).unwrap()), 8);
    for one in 0..LEVELS.len() {
        for other in 0..one {
            let mut heads = LEVELS;
            heads.swap(one, other);
            let refused = list(heads, &[]).unwrap_err();
            assert!(
                matches!(refused, SourceError::TooMuchLost { .. } | SourceError::Nothing { .. }),
                "{heads:?}: {refused}"
            );
        }
    }
}

#[test]
fn a_list_with_two_levels_exchanged_is_refused() {
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let mut heads = LEVELS;
        heads.swap(2 * one, 2 * other);
        heads.swap(2 * one + 1, 2 * other + 1);
        let refused = list(heads, &[]).unwrap_err();
        assert!(
            refused.to_string().contains("a different parent industry"),
            "{heads:?}: {refused}"
        );
    }
}

/// Two hundred stocks of the first industry: one bad row among them is less than one in a hundred.
fn many() -> Vec<String> {
    let levels = rows()[0].join(",");
    (0..200).map(|stock| format!("600{:03}.SH,{levels},20210101,\n", 100 + stock)).collect()
}

#[test]
fn a_row_that_contradicts_the_others_is_left_out_and_said() {
    let [code, ..] = rows()[0].clone();
    let [_, _, second_code, second_name, ..] = rows()[0].clone();
    let [other_code, other_name, ..] = rows()[7].clone();
    let cases = [
        (format!("{code},别名,,,,"), "has a different name", "l1_code"),
        (
            format!("{other_code},{other_name},{second_code},{second_name},,"),
            "parent industry",
            "l2_name",
        ),
        (format!("{code},{code},,,,"), "are codes", "l1_name"),
        ("C39,C39,,,,".to_owned(), "are codes", "l1_name"),
        ("８０１０１０,８０１０１０,,,,".to_owned(), "are codes", "l1_name"),
    ];
    for (levels, said, column) in cases {
        let mut further = many();
        further.push(format!("601999.SH,{levels},20210101,\n"));
        let import = list(LEVELS, &further).unwrap();
        assert_eq!(kept(&import), 208, "{levels}");
        let finding = import
            .findings
            .iter()
            .find(|finding| finding.detail.en.contains(said))
            .unwrap_or_else(|| panic!("{levels}: {:?}", import.findings));
        assert_eq!(finding.count, 1);
        let place = finding.place.as_ref().unwrap();
        assert_eq!((place.row, place.column.as_deref()), (Some(209), Some(column)));
    }
}

#[test]
fn names_with_one_digit_and_former_names_are_read() {
    let [code, ..] = rows()[0].clone();
    let further = [
        "601998.SH,801770.SI,5G,,,,,20210101,\n".to_owned(),
        // Left before the list's date, when its industry was called otherwise.
        format!("601999.SH,{code},旧名,,,,,20100101,20200101\n"),
    ];
    assert_eq!(kept(&list(LEVELS, &further).unwrap()), 10);
}

/// Else every security would have left its industry long ago, and none would have one.
#[test]
fn a_list_with_its_two_dates_exchanged_is_refused() {
    let mut text = format!("ts_code,{},out_date,in_date\n", LEVELS.join(","));
    for (stock, levels) in rows().iter().enumerate() {
        text += &format!("60000{stock}.SH,{},20210101,\n", levels.join(","));
    }
    let refused = read_text(&text).unwrap_err().to_string();
    assert!(refused.contains("both dates may be swapped"), "{refused}");
}

#[test]
fn a_list_with_one_column_a_row_lower_is_refused() {
    for column in 0..LEVELS.len() {
        let mut text = format!("ts_code,{},in_date,out_date\n", LEVELS.join(","));
        let all = rows();
        for stock in 0..40 {
            // Five stocks in each of the finest industries.
            let (here, before) = (&all[stock / 5], &all[stock.saturating_sub(1) / 5]);
            let mut levels = here.clone();
            levels[column] = before[column].clone();
            text += &format!("6000{stock:02}.SH,{},20210101,\n", levels.join(","));
        }
        let refused = read_text(&text).unwrap_err();
        assert!(matches!(refused, SourceError::TooMuchLost { .. }), "{column}: {refused}");
    }
}
