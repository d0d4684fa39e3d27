//! Rows of small files: which are kept, and what is said of the others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

use arrow::util::display::array_value_to_string;
use fupan_source::{NoProgress, Partial, ReadOptions, Recipe, SourceError, read};
use fupan_table::{Import, Table};

/// A recipe of CSV files with these tables, in single quotes.
fn recipe(tables: &str) -> Recipe {
    let text = format!("description = 'd'\nsource = 'mine'\nformat = 'csv'\n{tables}");
    Recipe::from_toml("mine", &text.replace('\'', "\"")).unwrap()
}

fn try_take(recipe: &Recipe, text: &str) -> Result<Import, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file_20260212.csv");
    std::fs::write(&path, text).unwrap();
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    read(recipe, &path, &options, &NoProgress)
}

fn take(recipe: &Recipe, text: &str) -> Import {
    try_take(recipe, text).unwrap()
}

/// The rows of a table, their values separated by spaces; a missing one is a dash.
fn rows(import: &Import, table: Table) -> Vec<String> {
    let batch = &import.batches.iter().find(|(of, _)| *of == table).unwrap().1;
    let row = |row: usize| {
        let shown = batch.columns().iter().map(|column| match column.is_null(row) {
            true => "-".to_owned(),
            false => array_value_to_string(column, row).unwrap(),
        });
        shown.collect::<Vec<_>>().join(" ")
    };
    (0..batch.num_rows()).map(row).collect()
}

/// What is said: the number of rows, the first row, the column, and the examples.
fn said(import: &Import, begins: &str) -> Vec<(u64, u64, String, String)> {
    let findings = import.findings.iter().filter(|f| f.detail.en.starts_with(begins));
    let told = findings.map(|finding| {
        let place = finding.place.clone().unwrap();
        let examples = finding.detail.en.split_once(": ").map_or("", |(_, examples)| examples);
        let column = place.column.unwrap_or_default();
        (finding.count, place.row.unwrap_or(0), column, examples.to_owned())
    });
    told.collect()
}

fn one(count: u64, row: u64, column: &str, examples: &str) -> Vec<(u64, u64, String, String)> {
    vec![(count, row, column.to_owned(), examples.to_owned())]
}

const BARS: &str = "[[table]]\ntable = 'daily_bar'\n[table.columns]\nsymbol = 'code'\n\
                    session = 'date'\nopen = { column = 'open', unit = 'yuan' }\n\
                    high = { column = 'high', unit = 'yuan' }\n\
                    low = { column = 'low', unit = 'yuan' }\n\
                    close = { column = 'close', unit = 'yuan' }\n\
                    volume = { column = 'volume', unit = 'shares' }\n";

const TURNOVER: &str = "turnover = { column = 'amount', unit = 'yuan' }\n";

#[test]
fn a_former_code_is_another_one_of_the_same_board() {
    let columns = "[[table]]\ntable = 'code_change'\n[table.columns]\nsession = 'on'\n\
                   symbol = 'new'\n";
    let by_column = recipe(&format!("{columns}old_symbol = 'old'\n"));
    let file = "on,new,old\n20251009,920001.BJ,830001.BJ\n20251009,600519.SH,600519.SH\n\
                20251009,600519.SH,300750.SZ\n20251009,600519.SH,600000.SH\n\
                20251009,600001.SH,x\n20251009,y,600000.SH\n";
    let import = take(&by_column, file);
    let kept =
        ["2025-10-09 600519.SH 600000.SH", "2025-10-09 920001.BJ 830001.BJ"].map(str::to_owned);
    assert_eq!(rows(&import, Table::CodeChange), kept);
    let changes = said(&import, "The old and new codes");
    assert_eq!(changes, one(2, 2, "old", "600519.SH 600519.SH, 300750.SZ 600519.SH"));
    assert_eq!((import.rows_read, import.rows_left_out, import.rows_not_covered), (6, 2, 2));
    let unknown = said(&import, "Symbols are malformed");
    assert_eq!(unknown, one(2, 6, "new", "y, x"));
    let constant = recipe(&format!("{columns}old_symbol = {{ constant = '830001.BJ' }}\n"));
    let file = "on,new\n20251009,920001.BJ\n20251009,830001.BJ\n20251009,600519.SH\n20251009,y\n";
    let import = take(&constant, file);
    assert_eq!(rows(&import, Table::CodeChange), ["2025-10-09 920001.BJ 830001.BJ"]);
    let changes = said(&import, "The old and new codes");
    assert_eq!(changes, one(2, 2, "", "830001.BJ 830001.BJ, 830001.BJ 600519.SH"));
    let unknown = recipe(&format!("{columns}old_symbol = {{ constant = 'x' }}\n"));
    let error = try_take(&unknown, file).unwrap_err().to_string();
    assert!(error.contains("4 of its rows: Symbols are malformed"), "{error}");
}

#[test]
fn a_symbol_that_no_table_holds_is_said_once() {
    let security = "[[table]]\ntable = 'security'\n[table.columns]\nsymbol = 'code'\n\
                    observed_on = 'date'\n";
    let index = "[[table]]\ntable = 'index_bar'\n[table.columns]\nsymbol = 'code'\n\
                 session = 'date'\nopen = { column = 'open', unit = 'point' }\n\
                 high = { column = 'high', unit = 'point' }\n\
                 low = { column = 'low', unit = 'point' }\n\
                 close = { column = 'close', unit = 'point' }\n";
    let codes = ["600519.SH", "000001.SH", "113050.SH", "900901.SH", "858", "x", "510300.SH"];
    let of = |code| format!("{code},20260212,10,10,10,10,100\n");
    let file = format!("code,date,open,high,low,close,volume\n{}", codes.map(of).concat());
    let import = take(&recipe(&format!("{BARS}{security}")), &file);
    assert_eq!(rows(&import, Table::DailyBar).len(), 1);
    assert_eq!(rows(&import, Table::Security).len(), 1);
    assert_eq!((import.rows_left_out, import.rows_not_covered), (2, 4));
    let others = "Securities that the recipe's tables do not hold";
    let kinds: Vec<(&str, u64)> = import
        .findings
        .iter()
        .filter(|finding| finding.detail.en.starts_with(others))
        .map(|finding| (finding.subject.as_str(), finding.count))
        .collect();
    assert_eq!(kinds, [("B-shares", 1), ("bonds", 1), ("funds", 1), ("indices", 1)]);
    assert_eq!(said(&import, "Symbols are malformed"), one(1, 6, "code", "x"));
    assert_eq!(said(&import, "Codes have lost their leading zeros"), one(1, 5, "code", "858"));
    let import = take(&recipe(&format!("{BARS}{index}")), &file);
    assert_eq!((import.rows_left_out, import.rows_not_covered), (2, 3));
    assert_eq!(rows(&import, Table::IndexBar).len(), 1);
}

#[test]
fn a_value_that_cannot_be_read_costs_its_row_only_where_it_is_needed() {
    let import = take(
        &recipe(&format!("{BARS}{TURNOVER}")),
        "code,date,open,high,low,close,volume,amount\n\
         600001.SH,20260212,10,10,10,10,100,1000\n\
         600002.SH,20260212,10,10,10,10,100,much\n\
         600003.SH,20260212,10,10,10,10,many,1000\n\
         600004.SH,20260212,10,214748.37,10,10,100,1000\n\
         600005.SH,later,10,10,10,10,100,1000\n\
         x,20260212,10,10,10,10,many,much\n\
         600006.SH,,10,10,10,10,100,1000\n",
    );
    let day = "2026-02-12";
    let prices = "100000 100000 100000 100000 -";
    assert_eq!(
        rows(&import, Table::DailyBar),
        [format!("{day} 600001.SH {prices} 100 100000"), format!("{day} 600002.SH {prices} 100 -")]
    );
    assert_eq!(import.rows_left_out, 5);
    let lost = said(&import, "Values could not be read and their rows");
    assert_eq!(lost, one(1, 3, "volume", "many"));
    let mut values = said(&import, "Values could not be read and were");
    values.sort();
    let of_price = one(1, 4, "high", "2147483700");
    let of_turnover = one(1, 2, "amount", "much");
    assert_eq!(values, [of_turnover, of_price].concat());
    assert_eq!(said(&import, "Dates could not be read"), one(1, 5, "date", "later"));
    assert_eq!(said(&import, "Rows with trades lack a price").len(), 1);
    assert_eq!(said(&import, "Rows lack a required value"), one(1, 7, "date", "600006.SH"));
    assert_eq!(said(&import, "Symbols are malformed"), one(1, 6, "code", "x"));
}

#[test]
fn a_number_is_read_up_to_the_largest_that_its_column_holds() {
    let import = take(
        &recipe(
            "[[table]]\ntable = 'quote'\n[table.columns]\nsymbol = 'code'\nsession = 'date'\n\
             time = 'time'\nopen = { column = 'p', unit = 'yuan' }\n\
             high = { column = 'p', unit = 'yuan' }\nlow = { column = 'p', unit = 'yuan' }\n\
             last = { column = 'p', unit = 'yuan' }\n\
             volume = { column = 'v', unit = 'shares' }\n\
             revision = { column = 'r', unit = 'number' }\n",
        ),
        "code,date,time,p,v,r\n600001.SH,20260212,93000,10,100,2147483647\n\
         600001.SH,20260212,93100,10,100,2147483648\n600001.SH,20260212,later,10,100,1\n",
    );
    let revisions = rows(&import, Table::Quote);
    let prices = "100000 100000 100000 100000 100 -";
    assert_eq!(
        revisions,
        [
            format!("2026-02-12 600001.SH 34200 - - 2147483647 {prices}"),
            format!("2026-02-12 600001.SH 34260 - - - {prices}"),
        ]
    );
    let values = said(&import, "Values could not be read and were");
    assert_eq!(values, one(1, 2, "r", "2147483648"));
    let lost = said(&import, "Values could not be read and their rows");
    assert_eq!(lost, one(1, 3, "time", "later"));
}

#[test]
fn a_text_of_damaged_or_too_many_characters_is_left_out() {
    let list = recipe(
        "[[table]]\ntable = 'security'\n[table.columns]\nsymbol = 'code'\n\
         observed_on = { from = 'file-name' }\nname = 'name'\nlisted_on = 'listed'\n",
    );
    let (most, more) = ("甲".repeat(200), "乙".repeat(201));
    let damaged = "丙\u{FFFD}";
    let file = format!(
        "code,name,listed\n600001.SH,{most},20260101\n600002.SH,{more},0\n\
         600003.SH,{damaged},later\n600004.SH,--,--\nx,{damaged},later\n600005.SH, '丁,\n"
    );
    let import = take(&list, &file);
    assert_eq!(
        rows(&import, Table::Security),
        [
            format!("600001.SH 2026-02-12 {most} 2026-01-01 - - -"),
            "600002.SH 2026-02-12 - - - - -".to_owned(),
            "600003.SH 2026-02-12 - - - - -".to_owned(),
            "600004.SH 2026-02-12 - - - - -".to_owned(),
            "600005.SH 2026-02-12 丁 - - - -".to_owned(),
        ]
    );
    let mut values = said(&import, "Values could not be read and were");
    values.sort_by_key(|(count, ..)| *count);
    let names = one(2, 2, "name", &format!("{}, {damaged}", "乙".repeat(60)));
    assert_eq!(values, [one(1, 3, "listed", "later"), names].concat());
}

#[test]
fn a_difference_of_two_columns_is_a_value_only_where_it_is_one() {
    let bars =
        format!("{BARS}prev_close = {{ column = 'close', minus = 'change', unit = 'yuan' }}\n");
    let import = take(
        &recipe(&bars),
        "code,date,open,high,low,close,change,volume\n\
         600001.SH,20260212,10,10,10,10,0.5,100\n600002.SH,20260212,10,10,10,10,-0.5,100\n\
         600003.SH,20260212,10,10,10,10,,100\n600004.SH,20260212,10,10,10,10,11,100\n\
         600005.SH,20260212,10,10,10,10,10,100\n600006.SH,20260212,10,10,10,10,9.99,100\n",
    );
    let prev_closes: Vec<String> = rows(&import, Table::DailyBar)
        .iter()
        .map(|row| row.split(' ').nth(6).unwrap().to_owned())
        .collect();
    assert_eq!(prev_closes, ["95000", "105000", "-", "-", "-", "100"]);
}

#[test]
fn rounded_numbers_are_said_with_their_column() {
    let import = take(
        &recipe(&format!("{BARS}{TURNOVER}")),
        "code,date,open,high,low,close,volume,amount\n\
         600001.SH,20260212,10,10,10,10,100,1000\n600002.SH,20260212,10,10,10,10,1万,10万\n\
         600003.SH,20260212,10,10,10,10,1e4,100000\n",
    );
    let mut rounded = said(&import, "Values are written in 万");
    rounded.sort();
    assert_eq!(rounded, [one(1, 1, "amount", ""), one(2, 1, "volume", "")].concat());
    assert_eq!(import.rows_left_out, 0);
}

#[test]
fn a_demand_is_of_the_plain_text() {
    let demand = format!("{BARS}[table.demand]\nadjust = ['3', 'none']\n");
    let with = |adjust: &str| format!("600001.SH,20260212,10,10,10,10,100,{adjust}\n");
    let file = |adjust: &str| {
        let header = "code,date,open,high,low,close,volume,adjust";
        format!("{header}\n{}x{}", with(adjust), with(adjust))
    };
    for adjust in ["3", "3.0", " '3 ", "none"] {
        let import = take(&recipe(&demand), &file(adjust));
        assert_eq!(rows(&import, Table::DailyBar).len(), 1, "{adjust}");
        assert_eq!(said(&import, "Rows have a different value"), [], "{adjust}");
    }
    for adjust in ["2", "", "3.00", "None"] {
        let error = try_take(&recipe(&demand), &file(adjust)).unwrap_err().to_string();
        assert!(error.contains("1 of its rows"), "{adjust}: {error}");
    }
    let mixed = file("3") + &with("2").replace("600001", "600002");
    let refused = said(&take(&recipe(&demand), &mixed), "Rows have a different value");
    assert_eq!(refused, one(1, 3, "adjust", "adjust = 2"));
}

/// Rows about something else are not covered, whatever their codes are, and no loss.
#[test]
fn rows_about_something_else_are_not_covered() {
    let only = format!("{BARS}[table.only]\nkind = ['stock']\n");
    let row = |code: &str, kind: &str| format!("{code},20260212,10,10,10,10,100,{kind}\n");
    let header = "code,date,open,high,low,close,volume,kind\n";
    let file = header.to_owned() + &row("600001.SH", "stock") + &row("none", "fund");
    let import = try_take(&recipe(&only), &file).unwrap();
    assert_eq!(rows(&import, Table::DailyBar).len(), 1);
    assert_eq!((import.rows_not_covered, import.rows_left_out), (1, 0));
    assert_eq!(said(&import, "Rows about something else"), one(1, 2, "kind", "kind = fund"));
    let two = format!(
        "{only}[[table]]\ntable = \"security\"\n[table.columns]\nsymbol = \"code\"\n\
                       observed_on = \"date\"\n"
    );
    let whole = format!("description = \"d\"\nsource = \"s\"\nformat = \"csv\"\n{two}");
    let error = Recipe::from_toml("mine", &whole).unwrap_err().to_string();
    assert!(error.contains("`only` is for a recipe of one table"), "{error}");
}

/// Turnover of minutes where that of the session so far belongs is refused: no row of it is right.
#[test]
fn turnover_so_far_that_falls_is_refused() {
    let recipe = Recipe::builtin("index-minutes").unwrap();
    let file = |fen: [&str; 3]| {
        let mut text = "session,symbol,kind,time,price,amount_cumulative\n".to_owned();
        for (minute, yuan) in (31..).zip(fen) {
            text += &format!("2026-02-12,399001,index,2026-02-12 09:{minute},14500,{yuan}\n");
        }
        // Another index, which is sound.
        text + "2026-02-12,000001,index,2026-02-12 09:31,4100,500\n"
    };
    let sound = try_take(&recipe, &file(["100", "", "100"])).unwrap();
    assert_eq!(sound.batches[0].1.num_rows(), 4);
    // Digits that a vendor rounded another way are no fall.
    assert!(try_take(&recipe, &file(["1000000", "2000000", "1999999"])).is_ok());
    let only = file(["100", "300", "200"]).lines().take(4).collect::<Vec<_>>().join("\n");
    let refused = try_take(&recipe, &only).unwrap_err().to_string();
    assert!(refused.contains("3 of its rows: Turnover falls within a session"), "{refused}");
    let partly = take(&recipe, &file(["100", "300", "200"]));
    assert_eq!(partly.batches[0].1.num_rows(), 1);
    assert_eq!(partly.rows_left_out, 3);
    let said = partly.findings.iter().find(|finding| finding.subject == "turnover").unwrap();
    assert!(said.count == 3 && said.detail.en.contains("399001.SZ on 2026-02-12"), "{said:?}");
}

/// A record that is no row is told by its number among the rows, in whichever part of the file.
#[test]
fn a_broken_record_is_told_by_its_number() {
    let mut file = "code,date,open,high,low,close,volume\n".to_owned();
    let days = ["20260210", "20260211", "20260212"];
    for (row, (day, n)) in days.iter().flat_map(|day| (0..4_000).map(move |n| (day, n))).enumerate()
    {
        let code = [600, 601, 603, 605][n / 1_000] * 1_000 + n % 1_000;
        match row + 1 {
            3_000 | 11_000 | 11_001 => file += &format!("{code}.SH,{day}\n"),
            _ => file += &format!("{code}.SH,{day},10,10,10,10,1000000\n"),
        }
    }
    let import = take(&recipe(BARS), &file);
    let fewer = said(&import, "Records have fewer fields");
    assert_eq!(
        fewer.iter().map(|(count, row, ..)| (*count, *row)).collect::<Vec<_>>(),
        [(3, 3_000)]
    );
    assert_eq!((import.rows_read, import.rows_left_out), (12_000, 3));
    // The first bad row after those lost before it keeps its number too.
    let wrong = file.replacen("600010.SH,20260212,10,10", "600010.SH,20260212,10,9", 1);
    let disordered = said(&take(&recipe(BARS), &wrong), "The high is below");
    assert_eq!(disordered, one(1, 8_011, "high", "600010.SH 2026-02-12"));
}

#[test]
fn a_column_that_is_not_read_may_be_named_twice() {
    let file = "code,date,open,high,low,close,volume,note,note\n\
                600001.SH,20260212,10,10,10,10,100,a,b\n";
    assert_eq!(rows(&take(&recipe(BARS), file), Table::DailyBar).len(), 1);
    let error = try_take(&recipe(BARS), &file.replacen("note", "open", 1)).unwrap_err().to_string();
    assert!(error.contains("names `open` twice"), "{error}");
}

/// A row of one column may hold any text; only a whole header is one.
#[test]
fn a_code_that_is_the_name_of_a_column_begins_no_other_file() {
    let list = recipe(
        "[[table]]\ntable = 'security'\n[table.columns]\nsymbol = 'code'\n\
         observed_on = { from = 'file-name' }\n",
    );
    let import = take(&list, "code,name\n600001.SH,甲\nname,乙\n600002.SH,丙\n");
    assert_eq!(rows(&import, Table::Security).len(), 2);
    assert_eq!(said(&import, "Symbols are malformed"), one(1, 2, "code", "name"));
}

/// Rows and values that cannot be read, of the rows that belong in the store.
#[test]
fn a_file_is_refused_if_more_than_one_row_in_a_hundred_is_lost() {
    let recipe = recipe(&format!("{BARS}{TURNOVER}"));
    let is_read = |sound: u32, lost: u32, values: u32, not_covered: u32| {
        let mut file = "code,date,open,high,low,close,volume,amount\n".to_owned();
        let of =
            |code: String, amount: &str| format!("{code},20260212,10,10,10,10,1000000,{amount}\n");
        (0..sound).for_each(|n| file += &of(format!("{}.SH", 600_000 + n), "10000000"));
        (0..values).for_each(|n| file += &of(format!("{}.SH", 601_000 + n), "much"));
        (0..lost).for_each(|_| file += &of("x".to_owned(), ""));
        (0..not_covered).for_each(|n| file += &of(format!("{}.SH", 510_000 + n), ""));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bars.csv");
        std::fs::write(&path, file).unwrap();
        let options = ReadOptions { as_of: None, partial: Partial::Refused };
        match read(&recipe, &path, &options, &NoProgress) {
            Ok(_) => true,
            Err(SourceError::TooMuchLost { lost: said, of, .. }) => {
                assert_eq!(
                    (said, of),
                    (u64::from(lost + values), u64::from(sound + lost + values))
                );
                false
            }
            Err(other) => panic!("{other}"),
        }
    };
    for (sound, lost, values, not_covered, expected) in [
        (99, 1, 0, 0, true),
        (98, 1, 0, 0, false),
        (198, 2, 0, 0, true),
        (197, 2, 0, 0, false),
        (99, 0, 1, 0, true),
        (98, 0, 1, 0, false),
        (99, 1, 0, 40, true),
        (98, 1, 0, 40, false),
        (150, 1, 1, 0, false),
    ] {
        let read = is_read(sound, lost, values, not_covered);
        assert_eq!(read, expected, "{sound} {lost} {values} {not_covered}");
    }
}
