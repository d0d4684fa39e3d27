//! The store's tables: their schemas, and rows to and from Arrow.
//!
//! A [`Table`]'s schema is a contract: other programs open the same files. Every column has a unit
//! in its metadata. The store adds the columns `source` and `import_id` to every stored row; they
//! are not part of these schemas.

mod code_change;
mod daily_bar;
mod definition;
mod derived;
mod error;
mod group_member;
mod import;
mod index_bar;
mod index_quote;
mod index_weight;
mod industry;
mod margin;
mod quote;
mod read;
mod security;
mod share_capital;
#[cfg(test)]
mod tests;
mod traded;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use fupan_market::Wording;

pub use code_change::{code_change_batch, code_change_rows};
pub use daily_bar::{daily_bar_batch, daily_bar_rows, fund_bar_batch, fund_bar_rows};
pub use definition::{DefinitionRow, definition_batch, definition_rows};
pub use derived::{BROUGHT, Derived};
pub use error::TableError;
pub use group_member::{GroupMemberRow, group_member_batch, group_member_rows};
pub use import::{Import, ImportId};
pub use index_bar::{index_bar_batch, index_bar_rows};
pub use index_quote::{index_quote_batch, index_quote_rows};
pub use index_weight::{IndexWeightRow, index_weight_batch, index_weight_rows};
pub use industry::{INDUSTRY_LEVELS, IndustryRow, industry_batch, industry_rows};
pub use margin::{MarginRow, margin_batch, margin_rows};
pub use quote::{QuoteColumns, quote_batch, quote_rows};
pub use security::{SecurityRow, security_batch, security_rows};
pub use share_capital::{ShareCapitalRow, share_capital_batch, share_capital_rows};
pub use traded::{DailyBarColumns, TradedColumns};

/// A table of the store that imports fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// A-shares, one row per security and session.
    DailyBar,
    /// Indices, one row per index and session.
    IndexBar,
    /// Funds that are traded on an exchange, one row per fund and session.
    FundBar,
    /// Identities of securities, one row per security and date of observation.
    Security,
    /// Share capital, one row per security and date of observation.
    ShareCapital,
    /// Margin balances, one row per market and session.
    Margin,
    /// Intraday quotes of A-shares: bars of an interval, ticks and snapshots.
    Quote,
    /// Indices at times of a session, one row per index and time.
    IndexQuote,
    /// Changes of securities' codes, one row per security and change.
    CodeChange,
    /// Industries of a classification, one row per security, date of observation and first day.
    Industry,
    /// Members of groups such as concepts, one row per security, group, date of observation and
    /// first day.
    GroupMember,
    /// Members of indices with their weights, one row per security, index and date of observation.
    IndexWeight,
    /// A reader's own definitions, such as industry chains, one row per kind and name.
    Definition,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 13] = [
        Table::DailyBar,
        Table::IndexBar,
        Table::FundBar,
        Table::Security,
        Table::ShareCapital,
        Table::Margin,
        Table::Quote,
        Table::IndexQuote,
        Table::CodeChange,
        Table::Industry,
        Table::GroupMember,
        Table::IndexWeight,
        Table::Definition,
    ];

    /// The name in the store, in SQL and in recipes.
    pub const fn name(self) -> &'static str {
        match self {
            Table::DailyBar => "daily_bar",
            Table::IndexBar => "index_bar",
            Table::FundBar => "fund_bar",
            Table::Security => "security",
            Table::ShareCapital => "share_capital",
            Table::Margin => "margin",
            Table::Quote => "quote",
            Table::IndexQuote => "index_quote",
            Table::CodeChange => "code_change",
            Table::Industry => "industry",
            Table::GroupMember => "group_member",
            Table::IndexWeight => "index_weight",
            Table::Definition => "definition",
        }
    }

    /// The label of its rows, for readers.
    pub fn label(self) -> Wording {
        match self {
            Table::DailyBar => Wording::new("daily bars", "日线"),
            Table::IndexBar => Wording::new("index bars", "指数日线"),
            Table::FundBar => Wording::new("fund bars", "基金日线"),
            Table::Security => Wording::new("security lists", "证券列表"),
            Table::ShareCapital => Wording::new("share capital", "股本"),
            Table::Margin => Wording::new("margin balances", "两融余额"),
            Table::Quote => Wording::new("quotes", "盘中报价"),
            Table::IndexQuote => Wording::new("index quotes", "指数盘中点位"),
            Table::CodeChange => Wording::new("code changes", "代码变更"),
            Table::Industry => Wording::new("industries", "行业分类"),
            Table::GroupMember => Wording::new("members of groups", "概念等分组成员"),
            Table::IndexWeight => Wording::new("index members and weights", "指数成份与权重"),
            Table::Definition => Wording::new("definitions of your own", "自定义产业链等"),
        }
    }

    /// The table with a name.
    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }

    /// The columns that identify a row within one source.
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Table::DailyBar | Table::IndexBar | Table::FundBar => &["session", "symbol"],
            Table::Security | Table::ShareCapital => &["symbol", "observed_on"],
            // One list may state several memberships of a security, each with its first day.
            Table::Industry => &["symbol", "observed_on", "since"],
            Table::GroupMember => &["symbol", "observed_on", "kind", "name", "since"],
            Table::IndexWeight => &["symbol", "observed_on", "index_symbol"],
            Table::Definition => &["kind", "name"],
            Table::Margin => &["session", "market"],
            Table::CodeChange => &["session", "symbol"],
            // Time before symbol, so that a session up to an instant is one contiguous range of
            // rows.
            Table::Quote => &["session", "time", "symbol", "span", "sequence", "revision"],
            Table::IndexQuote => &["session", "time", "symbol"],
        }
    }

    /// The schema, without the store's own columns.
    pub fn schema(self) -> SchemaRef {
        let symbol = || column("symbol", DataType::Utf8, Null::No, "canonical symbol");
        let session = || column("session", DataType::Date32, Null::No, "date");
        let price = |name| column(name, DataType::Int32, Null::Yes, "0.0001 CNY");
        let points = |name| column(name, DataType::Int32, Null::No, "0.0001 point");
        let shares = |name, null| column(name, DataType::Int64, null, "shares");
        let fen = |name| column(name, DataType::Int64, Null::Yes, "0.01 CNY");
        let date = |name, null| column(name, DataType::Date32, null, "date");
        let text = |name, null| column(name, DataType::Utf8, null, "text");
        let fields = match self {
            Table::DailyBar | Table::FundBar => vec![
                session(),
                symbol(),
                price("open"),
                price("high"),
                price("low"),
                price("close"),
                price("prev_close"),
                shares("volume", Null::No),
                fen("turnover"),
            ],
            Table::IndexBar => vec![
                session(),
                symbol(),
                points("open"),
                points("high"),
                points("low"),
                points("close"),
                fen("turnover"),
            ],
            Table::Security => vec![
                symbol(),
                date("observed_on", Null::No),
                text("name", Null::Yes),
                date("listed_on", Null::Yes),
                date("delisted_on", Null::Yes),
                price("issue_price"),
                text("industry", Null::Yes),
            ],
            Table::ShareCapital => vec![
                symbol(),
                date("observed_on", Null::No),
                shares("total_shares", Null::No),
                shares("float_shares", Null::No),
            ],
            Table::Margin => vec![
                session(),
                text("market", Null::No),
                fen("financing_balance"),
                fen("lending_balance"),
                fen("financing_buys"),
            ],
            Table::Quote => {
                let prices = ["open", "high", "low", "last"].map(price);
                let amounts = [shares("volume", Null::No), fen("turnover")];
                let key = [session(), symbol()].into_iter().chain(instant());
                key.chain(prices).chain(amounts).collect()
            }
            Table::IndexQuote => index_quote::fields(),
            Table::CodeChange => {
                vec![session(), symbol(), symbol().with_name("old_symbol")]
            }
            Table::Industry => industry::fields(),
            Table::GroupMember => group_member::fields(),
            Table::IndexWeight => index_weight::fields(),
            Table::Definition => definition::fields(),
        };
        Arc::new(Schema::new(fields))
    }
}

/// The columns that place a quote in its session.
fn instant() -> [Field; 4] {
    [
        column("time", DataType::Int32, Null::No, "seconds after midnight, Shanghai"),
        column("span", DataType::Int32, Null::Yes, "seconds"),
        column("sequence", DataType::Int64, Null::Yes, "number"),
        column("revision", DataType::Int32, Null::Yes, "number"),
    ]
}

#[derive(Clone, Copy)]
enum Null {
    Yes,
    No,
}

fn column(name: &str, data_type: DataType, null: Null, unit: &str) -> Field {
    Field::new(name, data_type, matches!(null, Null::Yes))
        .with_metadata([("unit".to_owned(), unit.to_owned())].into())
}
