//! Questions that the import asks of a recipe.

use fupan_market::Symbol;

use super::*;

fn builtin(name: &str) -> Recipe {
    Recipe::builtin(name).unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_recipe_may_say_how_rows_are_cut() {
    let cut = |lines: &str| {
        let text = Recipe::builtin_text("security-list").unwrap();
        let text = text.replacen("source =", &format!("{lines}\nsource ="), 1);
        let cut = Recipe::from_toml("mine", &text).unwrap().text.cut();
        cut.map(|cut| (cut.delimiter, cut.delimiters))
    };
    assert_eq!(cut(""), None);
    assert_eq!(cut("merge_delimiters = false"), None);
    assert_eq!(cut("merge_delimiters = true"), Some((b',', Delimiters::Runs)));
    assert_eq!(cut("delimiter = \";\""), Some((b';', Delimiters::Each)));
    let both = "delimiter = \" \"\nmerge_delimiters = true";
    assert_eq!(cut(both), Some((b' ', Delimiters::Runs)));
}

#[test]
fn a_title_is_refused_by_a_word_in_it() {
    let text = TextFormat {
        delimiter: None,
        delimiters: Delimiters::Each,
        encoding: None,
        refused_titles: names(&["前复权", "后复权"]),
    };
    let title = names(&["茅台", " 日线 后复权 ", "不复权"]);
    assert_eq!(text.refused_title(&title), Some("日线 后复权"));
    assert_eq!(text.refused_title(&title[..1]), None);
}

#[test]
fn a_recipe_says_what_it_takes_from_the_name_of_a_file() {
    for (name, date, symbol) in [
        ("security-list", true, false),
        ("sw-industry", true, false),
        ("tushare-daily", false, false),
        ("index-csv", false, true),
        ("tdx-day", false, true),
        ("star50-csv", false, false),
        ("akshare-concept-em", true, true),
    ] {
        let recipe = builtin(name);
        let reads = (recipe.reads_date_outside(), recipe.reads_word_in_name());
        assert_eq!(reads, (date, symbol), "{name}");
    }
}

#[test]
fn the_session_of_bars_and_quotes_is_in_a_column_or_in_none() {
    for (name, column) in [
        ("tushare-daily", Some("trade_date")),
        ("bars-15m", Some("datetime")),
        ("akshare-spot-em", None),
        ("index-csv", None),
        ("margin-csv", None),
    ] {
        assert_eq!(builtin(name).session_column().map(|(column, _)| column), column, "{name}");
    }
}

#[test]
fn a_file_fits_if_it_has_every_column_that_is_required() {
    let whole = |name: &str, columns: &[&str]| {
        let recipe = builtin(name);
        assert!(recipe.fits_columns(&names(columns)), "{name}");
        for (place, column) in columns.iter().enumerate() {
            let mut without = names(columns);
            without.remove(place);
            assert!(!recipe.fits_columns(&without), "{name} {column}");
        }
        let mut more = names(columns);
        more.push("further".to_owned());
        assert!(recipe.fits_columns(&more), "{name}");
    };
    let bars = ["ts_code", "trade_date", "open", "high", "low", "close", "vol", "amount"];
    whole("tushare-daily", &bars);
    whole("index-csv", &["date", "open", "high", "low", "close"]);
    whole(
        "baostock-daily",
        &[
            "code",
            "date",
            "open",
            "high",
            "low",
            "close",
            "preclose",
            "volume",
            "amount",
            "adjustflag",
        ],
    );
    whole(
        "akshare-hist-em",
        &["股票代码", "日期", "开盘", "最高", "最低", "收盘", "涨跌额", "成交量", "成交额"],
    );
    // A binary format has no columns to be recognised by.
    let columns = names(&["date", "open", "high", "low", "close", "volume", "amount"]);
    assert!(!builtin("tdx-day").fits_columns(&columns));
    assert!(!builtin("qlib-bin").fits_columns(&columns));
}

#[test]
fn the_columns_that_a_recipe_reads_are_those_it_names() {
    let of = |name: &str, columns: &[&str]| builtin(name).read_from(&names(columns));
    let read = of("baostock-daily", &["date", "turn", "adjustflag", "code", "isST"]);
    assert_eq!(read, ["date", "adjustflag", "code"]);
    assert_eq!(of("akshare-hist-em", &["振幅", "收盘", "涨跌额"]), ["收盘", "涨跌额"]);
    assert_eq!(of("tushare-daily", &["industry", "area"]), ["industry"]);
}

#[test]
fn a_kind_of_security_goes_to_the_first_table_that_holds_it() {
    let kind = |symbol: &str| symbol.parse::<Symbol>().unwrap().kind();
    let [stock, index, fund] = ["600519.SH", "000001.SH", "510300.SH"].map(kind);
    for table in Table::ALL {
        let of_indices = matches!(table, Table::IndexBar | Table::IndexQuote);
        let of_others = matches!(table, Table::FundBar | Table::Margin | Table::Definition);
        assert_eq!(takes(table, stock), !of_indices && !of_others, "{}", table.name());
        assert_eq!(takes(table, index), of_indices, "{}", table.name());
        assert_eq!(takes(table, fund), table == Table::FundBar, "{}", table.name());
    }
    let tdx = builtin("tdx-day");
    assert_eq!(tdx.taker(stock), Some(Table::DailyBar));
    assert_eq!(tdx.taker(index), Some(Table::IndexBar));
    assert_eq!(tdx.taker(fund), Some(Table::FundBar));
    assert_eq!(builtin("share-list").taker(fund), None);
    assert_eq!(builtin("share-list").taker(stock), Some(Table::ShareCapital));
    assert_eq!(builtin("margin-csv").taker(stock), None);
    assert_eq!(builtin("tencent-quotes").taker(index), Some(Table::IndexQuote));
}

#[test]
fn a_value_comes_from_one_column_two_or_none() {
    let of = |from: From| {
        let columns: Vec<String> = from.columns().map(str::to_owned).collect();
        (from.column().map(str::to_owned), columns)
    };
    let (a, b) = ("a".to_owned(), "b".to_owned());
    let one = (Some(a.clone()), vec![a.clone()]);
    assert_eq!(of(From::Column(a.clone())), one);
    assert_eq!(of(From::ColumnOrFileName(a.clone())), one);
    let two = From::Difference { column: a.clone(), minus: b.clone() };
    assert_eq!(of(two), (Some(a.clone()), vec![a.clone(), b]));
    for none in [From::FileName, From::Constant(a)] {
        assert_eq!(of(none), (None, Vec::new()));
    }
}
