//! Recipes: what each column of a file means.

mod builtin;
mod fault;
mod formats;
mod parse;
pub(crate) mod units;

use std::path::Path;
use std::sync::LazyLock;

use fupan_market::{DefinitionKind, SecurityKind, Wording};
use fupan_table::Table;

use crate::SourceError;
use crate::spelling::civil::{Clock, Zone};
use crate::spelling::decimal::Scale;
use crate::vendor::layout::Layout;

/// A declaration of how one vendor's files fill the store's tables.
///
/// A recipe is a small TOML text. A file that no built-in recipe fits needs a recipe, not code:
///
/// ```toml
/// description = "One line about the files"
/// description_zh = "同一句话的中文"   # optional; no part of what the recipe is
/// source = "my-vendor"          # rows of two sources are never mixed
/// format = "csv"                # or "parquet", "workbook" (.xls), "json", "tdx-day", "tdx-block",
///                               # "tdx-industry", "tdx-base", "tdx-names", "tdx-minutes",
///                               # "tdx-five-minutes", "qlib-bin", "em-boards", "em-list", "em-bars",
///                               # "tencent-quotes", "sina-quotes", "tushare", "chain", "not-themes",
///                               # or several of the first four: ["parquet", "csv"]
/// encoding = "gbk"              # csv only; recognised unless told
/// delimiter = "\t"              # csv only; recognised unless told
/// merge_delimiters = true       # csv only; a run of delimiters counts as one
/// refuse_titles = ["前复权"]     # csv only; words that no line above the header may hold
/// file_names = ["block_gn"]      # only files of such a name, without extension, are recognised
/// answers = "tushare"           # the same table in answers of the vendor too: tushare, or objects for
///                               # lists of objects; no part of what the recipe is
/// recognise = false             # columns too common to take a file for one of this recipe's
///
/// [[table]]                     # one section for each table that the file fills
/// table = "daily_bar"           # daily_bar, index_bar, fund_bar, security, share_capital, margin, quote,
///                               # index_quote, code_change, industry, group_member, index_weight, definition
/// optional = true               # leave the table out where its columns are missing
///
/// [table.columns]
/// symbol = "ts_code"            # short for { column = "ts_code" }
/// session = "trade_date"
/// open = { column = "open", unit = "yuan" }
/// volume = { column = "vol", unit = "lots" }
/// turnover = { column = "amount", unit = "thousand-yuan", optional = true }
///
/// [table.demand]                # rows with other values in these columns are left out
/// adjustflag = ["3"]
///
/// [table.only]                  # rows with other values in these columns are about something else;
///                               # for recipes of one table
/// kind = ["index"]
/// ```
///
/// **Where a value comes from**: `column = "..."` in the file; `from = "file-name"` (a symbol or a
/// date in the file's name, or a group's name, which is all of it but the extension; with `column`
/// too, the name is used if the column is missing);
/// `column = "close", minus = "change"` is the difference of two columns; `constant = "..."`.
/// [`ReadOptions::as_of`] overrides a date `from = "file-name"`.
///
/// **Units** (`unit`), by what the table's column holds:
/// - price: `yuan`, `fen`, `yuan/1000`, `point`, `point/100`; `decimals = 3` rounds to that many
///   decimals of a yuan or point (by default 2 for yuan and fen, 3 for thousandths and for funds, 4
///   for points);
/// - shares: `shares`, `lots` (of 100), `lots-star-shares` (lots, but single shares for STAR
///   stocks, as Tencent publishes), `ten-thousand-shares`; in `fund_bar` also `shares-or-lots`,
///   whichever of the two fits the row's turnover;
/// - money: `fen`, `yuan`, `thousand-yuan`, `ten-thousand-yuan`, `hundred-million-yuan`;
/// - the weight of an index member: `percent`, `fraction` (of one);
/// - a quote's span: `seconds`, usually a `constant`; without a span, rows are snapshots. Rows of
///   `index_quote` always are, so that their turnover is that of the session so far.
///
/// **Symbols** (`style`): by default every notation that [`Symbol`] reads; `bare-stock` for a
/// stock's six digits (6 is Shanghai, 0 and 3 Shenzhen, 4, 8 and 92 Beijing), `bare-stock-padded`
/// for the same with leading zeros cut off; `bare-bse` for six digits of Beijing; `bare-index` for six
/// digits of an index (000 is Shanghai, 399, 970 and 980 Shenzhen, 899 Beijing).
///
/// **Dates** are recognised: a date type, `2026-05-28`, `2026/5/28`, `20260528`, `2026年5月28日`, a
/// spreadsheet's day number. `style = "epoch-s"` (or `-ms`, `-us`, `-ns`) reads counts since 1970.
/// Values that name their zone are converted to Shanghai time; `zone = "UTC"` sets the zone of
/// those that name none.
///
/// **Times** of day are Shanghai time: a time or timestamp type, `09:45`, `09:45:00`, either after
/// a date, or a number such as 94500; `style` and `zone` as for dates.
///
/// **Lists in one cell** (`split = ";"`): a text column whose cells name several values makes a row
/// of each, as with the concepts of a stock. Brackets around the list are dropped; an empty cell
/// makes no row.
///
/// **Numbers** may have thousands separators, full-width digits, and a trailing 万 or 亿.
///
/// **Fixed rules**: zero or missing volume means *not traded*, unless the row's prices or turnover
/// contradict it. A previous close, a listing date or a share count of zero means *not stated*.
/// Stocks go to `daily_bar`, `quote`, `security` and `share_capital`, indices to `index_bar` and
/// `index_quote`, funds to `fund_bar`; other securities are left out and counted. In `index_weight` the `symbol` is a stock, `index_symbol` the
/// index that it is a member of.
///
/// [`ReadOptions::as_of`]: crate::ReadOptions::as_of
/// [`Symbol`]: fupan_market::Symbol
#[derive(Clone, Debug)]
pub struct Recipe {
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) description: Wording,
    pub(crate) formats: Vec<Format>,
    /// How the same table is laid out in the answers of its vendor, if they are read too.
    pub(crate) answers: Option<Layout>,
    pub(crate) recognised: Recognition,
    /// The names, without extension, of the files that are recognised; any if empty.
    pub(crate) file_names: Vec<String>,
    pub(crate) text: TextFormat,
    pub(crate) tables: Vec<TableRecipe>,
    /// The recipe's content in canonical form, without comments.
    pub(crate) canonical: String,
}

/// How a recipe is chosen for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recognition {
    /// By the file's columns, without being named.
    ByColumns,
    /// Only by name: its columns are too common to identify a file.
    ByName,
}

/// How bytes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Parquet,
    Csv,
    /// An Excel workbook of 97–2003 (`.xls`).
    Workbook,
    Json,
    TdxDay,
    TdxBlock,
    TdxIndustry,
    /// Share capital in a file of dBASE.
    TdxBase,
    /// An exchange's list of securities.
    TdxNames,
    /// Bars of one minute.
    TdxMinutes,
    /// Bars of five minutes.
    TdxFiveMinutes,
    QlibBin,
    /// EastMoney's boards as JSON.
    EmBoards,
    /// Answers of a vendor's interface.
    Answers(Layout),
    /// A text that is one definition.
    Definition(DefinitionKind),
}

/// What a recipe sets of the layout of text files; the rest is recognised.
#[derive(Clone, Debug)]
pub(crate) struct TextFormat {
    pub delimiter: Option<u8>,
    pub delimiters: Delimiters,
    pub encoding: Option<Encoding>,
    /// Words that no line above the header may hold.
    pub refused_titles: Vec<String>,
}

impl TextFormat {
    /// How rows are cut, if the recipe says so.
    pub fn cut(&self) -> Option<Cut> {
        let delimiters = self.delimiters;
        match (self.delimiter, delimiters) {
            (Some(delimiter), _) => Some(Cut { delimiter, delimiters }),
            (None, Delimiters::Runs) => Some(Cut { delimiter: b',', delimiters }),
            (None, Delimiters::Each) => None,
        }
    }

    /// The line above the header that contains a word refused by the recipe.
    pub fn refused_title<'l>(&self, title: &'l [String]) -> Option<&'l str> {
        let refused = |line: &&String| self.refused_titles.iter().any(|word| line.contains(word));
        title.iter().find(refused).map(|line| line.trim())
    }
}

/// How records are cut into fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub delimiter: u8,
    pub delimiters: Delimiters,
}

/// What several delimiters in a row mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiters {
    /// Empty fields between them.
    Each,
    /// One delimiter.
    Runs,
}

/// Text encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Gbk,
}

/// Whether a file may lack a column or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// How a file fills one table.
#[derive(Clone, Debug)]
pub(crate) struct TableRecipe {
    pub table: Table,
    pub presence: Presence,
    pub columns: Vec<ColumnRecipe>,
    /// Columns of the file whose rows are filtered by value.
    pub demands: Vec<Demand>,
}

/// A column of the file, and its values whose rows are read.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    pub column: String,
    pub values: Vec<String>,
    pub others: Others,
}

/// What the rows with other values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// Rows that the table should have and cannot take.
    Lost,
    /// Rows about something else.
    NotCovered,
}

/// How one column of a table is filled.
#[derive(Clone, Debug)]
pub(crate) struct ColumnRecipe {
    /// The column's place in the table's schema.
    pub field: usize,
    pub from: From,
    pub presence: Presence,
    pub meaning: Meaning,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Column(String),
    /// The number of one column minus that of another.
    Difference {
        column: String,
        minus: String,
    },
    ColumnOrFileName(String),
    FileName,
    Constant(String),
}

/// What a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Date(Clock),
    /// Seconds after midnight, Shanghai time.
    Time(Clock),
    Symbol(SymbolStyle),
    /// A number; the unit's name is kept for messages.
    Number {
        scale: Scale,
        unit: &'static str,
    },
    Text,
    /// Several texts in one cell, with this character between them; each makes a row.
    Texts(char),
}

/// How symbols are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SymbolStyle {
    Any,
    BareStock,
    /// As `BareStock`, but with leading zeros cut off, as spreadsheets do.
    BareStockPadded,
    BareBse,
    BareIndex,
}

impl Recipe {
    /// The names of the built-in recipes, in alphabetical order.
    pub fn builtin_names() -> Vec<&'static str> {
        builtin::TEXTS.iter().map(|(name, _)| *name).collect()
    }

    /// The built-in recipe with a name.
    pub fn builtin(name: &str) -> Option<Recipe> {
        Recipe::all_builtin().iter().find(|recipe| recipe.name == name).cloned()
    }

    /// The built-in recipes, read once.
    pub(crate) fn all_builtin() -> &'static [Recipe] {
        static ALL: LazyLock<Vec<Recipe>> = LazyLock::new(|| {
            let texts = builtin::TEXTS.iter();
            texts.filter_map(|(name, text)| Recipe::from_toml(name, text).ok()).collect()
        });
        &ALL
    }

    /// The text of the built-in recipe with a name, as a start for the user's own.
    pub fn builtin_text(name: &str) -> Option<&'static str> {
        builtin::TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// The built-in recipe with a name.
    ///
    /// # Errors
    /// [`SourceError::UnknownRecipe`], which lists the known names.
    pub fn named(name: &str) -> Result<Recipe, SourceError> {
        Recipe::builtin(name).ok_or_else(|| SourceError::UnknownRecipe {
            name: name.to_owned(),
            known: Recipe::builtin_names().into_iter().map(str::to_owned).collect(),
        })
    }

    /// Parses a recipe from its TOML text; `name` is what it will be called.
    ///
    /// # Errors
    /// [`SourceError::BadRecipe`] with the line and what is allowed there.
    pub fn from_toml(name: &str, text: &str) -> Result<Recipe, SourceError> {
        parse::recipe(name, text)
    }

    /// The recipe's name, such as `tushare-daily`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The source that its rows belong to.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// One line about the files it reads. Without a `description_zh`, both languages have the same
    /// text.
    pub fn description(&self) -> &Wording {
        &self.description
    }

    /// The kind of definition that its files are, if they are one.
    pub(crate) fn defines(&self) -> Option<DefinitionKind> {
        self.formats.iter().find_map(|format| match format {
            Format::Definition(kind) => Some(*kind),
            _ => None,
        })
    }

    /// Whether a date comes from the file's name or the caller.
    pub(crate) fn reads_date_outside(&self) -> bool {
        self.reads_name(|meaning| matches!(meaning, Meaning::Date(_)))
    }

    /// Whether a symbol or a group's name comes from the file's name.
    pub(crate) fn reads_word_in_name(&self) -> bool {
        self.formats.contains(&Format::EmBoards)
            || self.reads_name(|meaning| matches!(meaning, Meaning::Symbol(_) | Meaning::Text))
    }

    /// Whether a file with this name may be recognised as one of the recipe's.
    pub(crate) fn fits_name(&self, path: &Path) -> bool {
        let stem = path.file_stem().unwrap_or_default();
        self.file_names.is_empty()
            || self.file_names.iter().any(|name| stem.eq_ignore_ascii_case(name))
    }

    /// Whether a file with these columns has every one that the recipe requires.
    pub(crate) fn fits_columns(&self, names: &[String]) -> bool {
        let required = self.tables.iter().filter(|table| table.presence == Presence::Required);
        let mut wanted = required.flat_map(|table| {
            let columns = table.columns.iter().filter(|column| {
                column.presence == Presence::Required
                    && !matches!(column.from, From::ColumnOrFileName(_))
            });
            let demanded = table.demands.iter().map(|demand| demand.column.as_str());
            columns.flat_map(|column| column.from.columns()).chain(demanded)
        });
        self.formats.iter().any(|format| {
            matches!(format, Format::Parquet | Format::Csv | Format::Workbook | Format::Json)
        }) && wanted.all(|name| names.iter().any(|n| n == name))
    }

    /// The file's column that holds the session of daily bars or quotes, and its time zone.
    pub(crate) fn session_column(&self) -> Option<(&str, Zone)> {
        let bars = |table: &&TableRecipe| matches!(table.table, Table::DailyBar | Table::Quote);
        let table = self.tables.iter().find(bars)?;
        table.columns.iter().find_map(|column| match column.meaning {
            Meaning::Date(clock) => Some((column.from.column()?, clock.zone)),
            _ => None,
        })
    }

    /// Those of a file's columns that the recipe reads.
    pub(crate) fn read_from(&self, names: &[String]) -> Vec<String> {
        let reads = |name: &&String| {
            let mut tables = self.tables.iter();
            tables.any(|table| {
                let mut columns = table.columns.iter().flat_map(|column| column.from.columns());
                columns.any(|column| column == *name)
                    || table.demands.iter().any(|demand| demand.column == **name)
            })
        };
        names.iter().filter(reads).cloned().collect()
    }

    /// Whether a table is filled from a column of the file.
    pub(crate) fn reads(&self, name: &str) -> bool {
        let mut columns = self.tables.iter().flat_map(|table| &table.columns);
        columns.any(|column| column.from.columns().any(|column| column == name))
    }

    fn reads_name(&self, of: fn(Meaning) -> bool) -> bool {
        self.tables.iter().flat_map(|table| &table.columns).any(|column| {
            of(column.meaning) && matches!(column.from, From::FileName | From::ColumnOrFileName(_))
        })
    }

    /// The first of the recipe's tables that holds a kind of security.
    pub(crate) fn taker(&self, kind: SecurityKind) -> Option<Table> {
        self.tables.iter().map(|t| t.table).find(|table| takes(*table, kind))
    }
}

/// Whether a table holds a kind of security.
pub(crate) fn takes(table: Table, kind: SecurityKind) -> bool {
    match table {
        Table::DailyBar
        | Table::Security
        | Table::ShareCapital
        | Table::Quote
        | Table::CodeChange
        | Table::Industry
        | Table::GroupMember
        | Table::IndexWeight => {
            matches!(kind, SecurityKind::Stock(_))
        }
        Table::IndexBar | Table::IndexQuote => matches!(kind, SecurityKind::Index),
        Table::FundBar => matches!(kind, SecurityKind::Fund),
        Table::Margin | Table::Definition => false,
    }
}

impl From {
    /// The file's column that the value comes from; the first, if it comes from two.
    pub fn column(&self) -> Option<&str> {
        match self {
            From::Column(column)
            | From::ColumnOrFileName(column)
            | From::Difference { column, .. } => Some(column),
            From::FileName | From::Constant(_) => None,
        }
    }

    /// The file's columns that the value comes from.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let minus = match self {
            From::Difference { minus, .. } => Some(minus.as_str()),
            _ => None,
        };
        self.column().into_iter().chain(minus)
    }
}

#[cfg(test)]
mod tests;
