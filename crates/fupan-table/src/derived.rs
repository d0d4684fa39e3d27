//! Tables computed from the others; they may be deleted and rebuilt.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::{Null, column};

/// A table that is a function of the imports and of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Derived {
    /// Every figure of every session: one row per fact.
    Fact,
    /// One row per listed A-share and session: its limits, how it traded against them, its streak,
    /// and how it compares with its past prices.
    SecurityDay,
    /// One row per A-share that has traded before and is not listed in a month's first session, or
    /// is not shown by the data to be listed: the state it carries into that session. A walk
    /// through the sessions may start there.
    Away,
    /// One row per exchange, board and session: the turnover, and which imports the exchange's rows
    /// of the session come from.
    SessionTurnover,
    /// One row per session and group of a list, or segment of a chain, in which a security traded:
    /// what the members of the day did. Later sessions look back on it.
    GroupSession,
}

impl Derived {
    /// All derived tables.
    pub const ALL: [Derived; 5] = [
        Derived::Fact,
        Derived::SecurityDay,
        Derived::Away,
        Derived::SessionTurnover,
        Derived::GroupSession,
    ];

    /// The name in the store and in SQL.
    pub const fn name(self) -> &'static str {
        match self {
            Derived::Fact => "fact",
            Derived::SecurityDay => "security_day",
            Derived::Away => "away",
            Derived::SessionTurnover => "session_turnover",
            Derived::GroupSession => "group_session",
        }
    }

    /// The columns that identify a row, in sort order.
    pub const fn key(self) -> &'static [&'static str] {
        match self {
            Derived::Fact => &["scope", "measure", "parameter", "session", "as_of"],
            Derived::SecurityDay | Derived::Away => &["session", "symbol"],
            Derived::SessionTurnover => &["session", "exchange", "board"],
            Derived::GroupSession => &["session", "group"],
        }
    }

    /// The schema, without the store's own column `year`.
    pub fn schema(self) -> SchemaRef {
        let text = |name, null| column(name, DataType::Utf8, null, "text");
        let session = || column("session", DataType::Date32, Null::No, "date");
        let count = |name, null| column(name, DataType::Int64, null, "count");
        let fields = match self {
            Derived::Fact => vec![
                session(),
                text("measure", Null::No),
                text("parameter", Null::Yes),
                text("scope", Null::No),
                text("as_of", Null::No),
                text("unit", Null::No),
                column("value", DataType::Int64, Null::Yes, "smallest step of the unit; a part"),
                column("whole", DataType::Int64, Null::Yes, "of a share: what it is a part of"),
                text("unknown", Null::Yes),
                text("basis", Null::No),
                count("judged", Null::No),
                count("unjudged", Null::No),
                column("measure_version", DataType::Int32, Null::No, "version"),
            ],
            Derived::SecurityDay => security_day(),
            Derived::Away => {
                let mut fields = security_day();
                fields.retain(|field| BROUGHT.contains(&field.name().as_str()));
                fields
            }
            Derived::SessionTurnover => vec![
                session(),
                text("exchange", Null::No),
                text("board", Null::No),
                column("turnover", DataType::Int64, Null::No, "0.01 CNY"),
                count("traded", Null::No),
                count("estimated", Null::No),
                column("import_ids", DataType::Utf8, Null::No, "of the exchange, by spaces"),
                column("conflicts", DataType::Int64, Null::No, "rows of the exchange"),
            ],
            Derived::GroupSession => vec![
                session(),
                text("group", Null::No),
                column("priced", DataType::Int32, Null::No, "members with a return"),
                column("unpriced", DataType::Int32, Null::No, "members that traded without one"),
                column("returns", DataType::Int64, Null::No, "0.000000001, summed over members"),
                column("turnover", DataType::Int64, Null::No, "0.01 CNY"),
                column("estimated", DataType::Int32, Null::No, "members with estimated turnover"),
                column("restated", DataType::Boolean, Null::No, "yes or no"),
            ],
        };
        Arc::new(Schema::new(fields))
    }
}

/// The columns of [`Derived::SecurityDay`] that record the state a security carries into a session:
/// all columns of [`Derived::Away`].
pub const BROUGHT: [&str; 20] = [
    "session",
    "symbol",
    "gap_sessions",
    "idle_sessions",
    "missing_session",
    "derived_session",
    "last_close",
    "carried_streak",
    "carried_at_least",
    "cluster_known",
    "cluster_first",
    "cluster_last",
    "cluster_boards",
    "unsealed_days",
    "high_close_ever",
    "low_close_ever",
    "high_ever",
    "low_ever",
    "days_traded_ever",
    "first_seen",
];

fn security_day() -> Vec<Field> {
    let text = |name, null| column(name, DataType::Utf8, null, "text");
    let price = |name| column(name, DataType::Int32, Null::Yes, "0.0001 CNY");
    let adjusted =
        |name| column(name, DataType::Int64, Null::Yes, "0.000000001 CNY, on the session's level");
    let flag = |name, null| column(name, DataType::Boolean, null, "yes or no");
    vec![
        column("session", DataType::Date32, Null::No, "date"),
        text("symbol", Null::No),
        text("board", Null::No),
        flag("traded", Null::No),
        price("prev_close"),
        price("close"),
        text("limit_kind", Null::No),
        text("limit_basis", Null::No),
        price("limit_up"),
        price("limit_down"),
        text("limit_up_touch", Null::Yes),
        text("limit_down_touch", Null::Yes),
        flag("risk_warning", Null::Yes),
        column("limit_up_streak", DataType::Int32, Null::Yes, "traded days"),
        column("limit_up_streak_at_least", DataType::Int32, Null::No, "traded days"),
        column("gap_sessions", DataType::Int32, Null::No, "sessions"),
        column("idle_sessions", DataType::Int32, Null::No, "sessions"),
        column("missing_session", DataType::Int32, Null::Yes, "number of the session"),
        column("derived_session", DataType::Int32, Null::Yes, "number of the session"),
        price("last_close"),
        column("carried_streak", DataType::Int32, Null::Yes, "traded days"),
        column("carried_at_least", DataType::Int32, Null::No, "traded days"),
        flag("cluster_known", Null::No),
        column("cluster_first", DataType::Int32, Null::Yes, "number of the session"),
        column("cluster_last", DataType::Int32, Null::Yes, "number of the session"),
        column("cluster_boards", DataType::Int32, Null::Yes, "sealed days"),
        column("unsealed_days", DataType::Int32, Null::No, "traded days"),
        flag("new_high_250", Null::Yes),
        flag("new_low_250", Null::Yes),
        flag("new_high_52w", Null::Yes),
        flag("new_low_52w", Null::Yes),
        flag("new_high_all_time", Null::Yes),
        flag("new_low_all_time", Null::Yes),
        flag("intraday_new_high_250", Null::Yes),
        flag("intraday_new_low_250", Null::Yes),
        flag("intraday_new_high_52w", Null::Yes),
        flag("intraday_new_low_52w", Null::Yes),
        flag("intraday_new_high_all_time", Null::Yes),
        flag("intraday_new_low_all_time", Null::Yes),
        flag("above_ma20", Null::Yes),
        flag("above_ma50", Null::Yes),
        flag("above_ma200", Null::Yes),
        adjusted("high_close_ever"),
        adjusted("low_close_ever"),
        adjusted("high_ever"),
        adjusted("low_ever"),
        column("days_traded_ever", DataType::Int64, Null::Yes, "traded days"),
        column("first_seen", DataType::Date32, Null::Yes, "date"),
    ]
}
