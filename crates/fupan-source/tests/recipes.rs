//! What a recipe may say, and what is said of a recipe that says something else.

use fupan_source::{Recipe, SourceError};

/// The columns that each table needs, in single quotes.
const BARS: [(&str, &str); 7] = [
    ("symbol", "'s'"),
    ("session", "'d'"),
    ("open", "{ column = 'o', unit = 'yuan' }"),
    ("high", "{ column = 'h', unit = 'yuan' }"),
    ("low", "{ column = 'l', unit = 'yuan' }"),
    ("close", "{ column = 'c', unit = 'yuan' }"),
    ("volume", "{ column = 'v', unit = 'shares' }"),
];

const QUOTES: [(&str, &str); 8] = [
    ("symbol", "'s'"),
    ("session", "'d'"),
    ("time", "'t'"),
    ("open", "{ column = 'o', unit = 'yuan' }"),
    ("high", "{ column = 'h', unit = 'yuan' }"),
    ("low", "{ column = 'l', unit = 'yuan' }"),
    ("last", "{ column = 'c', unit = 'yuan' }"),
    ("volume", "{ column = 'v', unit = 'shares' }"),
];

const FUND_BARS: [(&str, &str); 8] = [
    ("symbol", "'s'"),
    ("session", "'d'"),
    ("open", "{ column = 'o', unit = 'yuan' }"),
    ("high", "{ column = 'h', unit = 'yuan' }"),
    ("low", "{ column = 'l', unit = 'yuan' }"),
    ("close", "{ column = 'c', unit = 'yuan' }"),
    ("volume", "{ column = 'v', unit = 'lots' }"),
    ("turnover", "{ column = 'a', unit = 'yuan' }"),
];

const INDICES: [(&str, &str); 6] = [
    ("symbol", "'s'"),
    ("session", "'d'"),
    ("open", "{ column = 'o', unit = 'point' }"),
    ("high", "{ column = 'h', unit = 'point' }"),
    ("low", "{ column = 'l', unit = 'point' }"),
    ("close", "{ column = 'c', unit = 'point' }"),
];

const SECURITIES: [(&str, &str); 2] =
    [("symbol", "'s'"), ("observed_on", "{ from = 'file-name' }")];

fn needed(table: &str) -> &'static [(&'static str, &'static str)] {
    match table {
        "daily_bar" => &BARS,
        "fund_bar" => &FUND_BARS,
        "quote" => &QUOTES,
        "index_bar" => &INDICES,
        _ => &SECURITIES,
    }
}

/// What is wrong with a recipe of these lines before its tables; empty if nothing is.
fn fault(head: &str, table: &str, columns: &[(&str, &str)]) -> String {
    let columns: String =
        columns.iter().map(|(name, column)| format!("{name} = {column}\n")).collect();
    let text = format!(
        "description = 'd'\nsource = 'mine'\n{head}\n[[table]]\ntable = '{table}'\n\
         [table.columns]\n{columns}"
    );
    match Recipe::from_toml("mine", &text.replace('\'', "\"")) {
        Ok(_) => String::new(),
        Err(SourceError::BadRecipe { reason, .. }) => reason.en,
        Err(other) => panic!("{other}"),
    }
}

/// What is wrong with a recipe that says this of one column.
fn of_column(table: &str, name: &str, column: &str) -> String {
    let mut columns = needed(table).to_vec();
    columns.retain(|(known, _)| *known != name);
    columns.push((name, column));
    fault("format = 'csv'", table, &columns)
}

#[track_caller]
fn allowed(table: &str, name: &str, columns: &[&str]) {
    for column in columns {
        assert_eq!(of_column(table, name, column), "", "{name} = {column}");
    }
}

#[track_caller]
fn refused(table: &str, name: &str, columns: &[&str], why: &str) {
    for column in columns {
        let told = of_column(table, name, column);
        assert!(told.contains(why), "{name} = {column}: {told:?}");
    }
}

#[test]
fn each_table_needs_its_columns() {
    for table in ["daily_bar", "quote", "index_bar", "security"] {
        let columns = needed(table);
        assert_eq!(fault("format = 'csv'", table, columns), "");
        for (name, column) in columns {
            let without: Vec<(&str, &str)> =
                columns.iter().copied().filter(|(known, _)| known != name).collect();
            let told = fault("format = 'csv'", table, &without);
            assert_eq!(told, format!("table `{table}` needs `{name}`"));
            let optional = match column.strip_suffix(" }") {
                Some(column) => format!("{column}, optional = true }}"),
                None => format!("{{ column = {column}, optional = true }}"),
            };
            let told = of_column(table, name, &optional);
            assert_eq!(told, format!("`{name}` cannot be optional"), "{table}");
            let present = optional.replace("true", "false");
            allowed(table, name, &[&present]);
        }
    }
    allowed("daily_bar", "prev_close", &["{ column = 'p', unit = 'yuan', optional = true }"]);
    allowed("security", "issue_price", &["{ column = 'p', unit = 'yuan', optional = true }"]);
}

#[test]
fn a_unit_is_one_of_its_column() {
    let of = |unit: &str| format!("{{ column = 'x', unit = '{unit}' }}");
    let (prices, points) = (["yuan", "fen", "yuan/1000"], ["point", "point/100"]);
    let shares = ["shares", "lots", "lots-star-shares", "ten-thousand-shares"];
    let money = ["fen", "yuan", "thousand-yuan", "ten-thousand-yuan", "hundred-million-yuan"];
    for (table, name, units) in [
        ("daily_bar", "open", &prices[..]),
        ("security", "issue_price", &prices),
        ("index_bar", "close", &points),
        ("daily_bar", "volume", &shares),
        ("quote", "turnover", &money),
        ("fund_bar", "close", &prices),
        ("fund_bar", "volume", &["shares", "lots", "shares-or-lots"]),
        ("quote", "span", &["seconds"]),
        ("quote", "revision", &["number"]),
        ("quote", "sequence", &["number"]),
    ] {
        for unit in prices.iter().chain(&points).chain(&shares).chain(&money).chain(&["seconds"]) {
            let told = of_column(table, name, &of(unit));
            match units.contains(unit) {
                true => assert_eq!(told, "", "{name} {unit}"),
                false => {
                    let why = format!("no unit `{unit}` here; write {}", units.join(", "));
                    assert_eq!(told, why, "{name}");
                }
            }
        }
        let why = format!("write the unit: {}", units.join(", "));
        refused(table, name, &["{ column = 'x' }", "'x'"], &why);
    }
    for (table, name) in [("daily_bar", "symbol"), ("quote", "session"), ("security", "name")] {
        refused(table, name, &[&of("yuan")], &format!("`{name}` has no unit"));
    }
    refused("quote", "time", &[&of("seconds")], "a time has no unit");
}

#[test]
fn only_prices_and_levels_have_decimals() {
    let of = |unit: &str, decimals: u32| {
        format!("{{ column = 'x', unit = '{unit}', decimals = {decimals} }}")
    };
    for decimals in 0..=4 {
        allowed("daily_bar", "open", &[&of("yuan", decimals), &of("fen", decimals)]);
        allowed("index_bar", "open", &[&of("point", decimals)]);
    }
    refused("daily_bar", "open", &[&of("yuan", 5)], "a price has at most 4 decimals");
    let why = "only a price or an index level can have `decimals`";
    refused("daily_bar", "volume", &[&of("shares", 2)], why);
    refused("daily_bar", "turnover", &[&of("yuan", 2)], why);
}

#[test]
fn a_style_and_a_zone_are_of_symbols_dates_and_times() {
    let of = |further: &str| format!("{{ column = 'x', {further} }}");
    for style in ["bare-stock", "bare-stock-padded", "bare-bse"] {
        let styled = of(&format!("style = '{style}'"));
        allowed("daily_bar", "symbol", &[&styled]);
        refused("daily_bar", "session", &[&styled], "here; write epoch-s, epoch-ms");
        refused("quote", "time", &[&styled], "here; write epoch-s, epoch-ms");
    }
    for style in ["epoch-s", "epoch-ms", "epoch-us", "epoch-ns"] {
        let styled = of(&format!("style = '{style}'"));
        let universal = of(&format!("style = '{style}', zone = 'UTC'"));
        let shanghai = of(&format!("style = '{style}', zone = 'Asia/Shanghai'"));
        for name in ["session", "time"] {
            allowed("quote", name, &[&styled, &universal]);
            refused("quote", name, &[&shanghai], "counts since 1970 are in UTC");
        }
        refused("quote", "symbol", &[&styled], "; write bare-stock, bare-stock-padded");
        let why = "only a symbol, a date or a time can have a `style`";
        refused("security", "name", &[&styled], why);
        refused("quote", "volume", &[&of(&format!("unit = 'shares', style = '{style}'"))], why);
    }
    for zone in ["UTC", "Asia/Shanghai"] {
        let zoned = of(&format!("zone = '{zone}'"));
        allowed("quote", "session", &[&zoned]);
        allowed("quote", "time", &[&zoned]);
        let why = "only a date or a time can have a `zone`";
        refused("quote", "symbol", &[&zoned], why);
        refused("quote", "volume", &[&of(&format!("unit = 'shares', zone = '{zone}'"))], why);
    }
    refused("quote", "time", &[&of("zone = 'CET'")], "no zone `CET`; write UTC or Asia/Shanghai");
}

#[test]
fn a_value_comes_from_one_place() {
    allowed("security", "symbol", &["{ from = 'file-name' }", "{ constant = '600519.SH' }"]);
    allowed("security", "symbol", &["{ column = 's', from = 'file-name' }"]);
    allowed("security", "name", &["'n'", "{ constant = '茅台' }"]);
    let one_of = "write one of `column`, `from` and `constant`";
    for column in [
        "{}",
        "{ column = 's', constant = '600519.SH' }",
        "{ from = 'file-name', constant = '600519.SH' }",
        "{ column = 's', from = 'file-name', constant = '600519.SH' }",
        "{ minus = 's' }",
    ] {
        refused("security", "symbol", &[column], one_of);
    }
    let why = "no `from` of `name`; write from = \"file-name\"";
    refused("security", "symbol", &["{ from = 'name' }", "{ column = 's', from = 'name' }"], why);
    let why = "a file name can only provide a symbol, a date or a group's name, not other text";
    refused("security", "name", &["{ from = 'file-name' }"], why);
    refused("security", "symbol", &["3"], "a column's name, or { column");
}

#[test]
fn only_numbers_are_differences_and_only_of_columns() {
    allowed("daily_bar", "prev_close", &["{ column = 'c', minus = 'x', unit = 'yuan' }"]);
    let why = "only a number can have a `minus`";
    refused("daily_bar", "session", &["{ column = 'd', minus = 'x' }"], why);
    refused("quote", "time", &["{ column = 't', minus = 'x' }"], why);
    let why = "`minus` needs `column`";
    refused("daily_bar", "symbol", &["{ from = 'file-name', minus = 'x' }"], why);
}

#[test]
fn a_number_is_constant_only_where_it_may_be_the_same_in_every_row() {
    let of = |number: &str, unit: &str| format!("{{ constant = '{number}', unit = '{unit}' }}");
    for number in ["0", "900", "2147483647"] {
        allowed("quote", "span", &[&of(number, "seconds")]);
        allowed("quote", "revision", &[&of(number, "number")]);
    }
    for number in ["-1", "2147483648", "soon", "", "1.5", "1e3"] {
        let why = format!("`{number}` is not a whole number of span");
        refused("quote", "span", &[&of(number, "seconds")], &why);
    }
    let why = "a number or a time can only come from a column";
    refused("quote", "volume", &[&of("3", "shares")], why);
    refused("quote", "open", &["{ from = 'file-name', unit = 'yuan' }"], why);
    refused("quote", "time", &["{ constant = '09:30' }", "{ from = 'file-name' }"], why);
}

#[test]
fn a_file_has_a_format_a_delimiter_and_an_encoding() {
    let head = |head: &str| fault(head, "security", &SECURITIES);
    for format in ["'csv'", "'parquet'", "'tdx-day'", "'qlib-bin'", "['csv']", "['csv', 'parquet']"]
    {
        assert_eq!(head(&format!("format = {format}")), "", "{format}");
    }
    for (format, why) in [
        ("'xls'", "no format `xls`"),
        ("[]", "no format"),
        ("['csv', 'tdx-day']", "only parquet, csv, workbook and json can be combined"),
        ("['qlib-bin', 'tdx-day']", "only parquet, csv, workbook and json can be combined"),
    ] {
        let told = head(&format!("format = {format}"));
        assert!(told.starts_with(why), "{format}: {told}");
    }
    let csv = |further: &str| head(&format!("format = 'csv'\n{further}"));
    for delimiter in [",", ";", "\\t", "|", " "] {
        assert_eq!(csv(&format!("delimiter = '{delimiter}'")), "", "{delimiter}");
    }
    for delimiter in ["x", "", ",,", "，"] {
        let told = csv(&format!("delimiter = '{delimiter}'"));
        assert_eq!(told, "a delimiter is one of , ; | tab and space", "{delimiter}");
    }
    for encoding in ["utf-8", "gbk", "gb18030"] {
        assert_eq!(csv(&format!("encoding = '{encoding}'")), "", "{encoding}");
    }
    assert_eq!(csv("encoding = 'latin1'"), "no encoding `latin1`; write utf-8 or gbk");
}

#[test]
fn a_builtin_recipe_is_known_by_its_name_and_its_text() {
    let names = Recipe::builtin_names();
    assert!(names.is_sorted() && names.len() > 20, "{names:?}");
    for name in names {
        let recipe = Recipe::builtin(name).unwrap();
        assert_eq!(recipe.name(), name);
        let text = Recipe::builtin_text(name).unwrap();
        let source = format!("source = \"{}\"", recipe.source());
        assert!(text.contains(&source), "{name}: {source}");
        assert_eq!(Recipe::from_toml(name, text).unwrap().description(), recipe.description());
        assert!(text.contains(&recipe.description().zh), "{name}");
    }
    assert!(Recipe::builtin("tushare").is_none() && Recipe::builtin_text("tushare").is_none());
    let told = Recipe::named("tushare-dayly").unwrap_err().to_string();
    assert!(told.contains("did you mean `tushare-daily`?"), "{told}");
}
